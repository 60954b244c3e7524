from phextpaper.press.documents.markdown import Markdown, plain

TEXT = """# Title

First paragraph with *stress*, `code` and a [link](http://example.org/1).

## Part one

| A | B |
|---|--:|
| x | 1 |
| y | 2 |

- an item
- another

```python
print("no prose")
```

```
diagram 1 .. 3
```

### Below

Cited here [@jouppi2023; @zu2024], and again [@jouppi2023].

## Part two

Last.
"""


def test_every_part_is_found_at_its_line():
    """Headings, tables, fences and paragraphs carry the line where they stand."""
    text = Markdown(TEXT, "x.md")
    lines = TEXT.splitlines()
    assert [(h.level, h.text) for h in text.headings] == [(1, "Title"), (2, "Part one"), (3, "Below"), (2, "Part two")]
    for heading in text.headings:
        assert lines[heading.line - 1].lstrip("# ") == heading.text
    for fence in text.fences:
        assert lines[fence.line - 1] == fence.text.splitlines()[0]
    assert [fence.language for fence in text.fences] == ["python", ""]
    assert lines[text.tables[0].line - 1] == "| A | B |"


def test_tables_are_rows_of_plain_cells():
    """Heads, rows and columns come without marks."""
    table = Markdown(TEXT).table("A", "B")
    assert table.rows == (("x", "1"), ("y", "2")) and table.column("B") == ["1", "2"]
    assert Markdown(TEXT).table("B") is None


def test_a_section_ends_at_the_next_heading_as_high():
    """A part holds its own sub-parts and nothing after them."""
    part = Markdown(TEXT).section("Part one")
    assert "Cited here" in part.text and "Last." not in part.text
    assert Markdown(TEXT).section("Nowhere").text == ""


def test_citations_are_listed_once_in_order():
    """Keys come in the order of first use."""
    assert Markdown(TEXT).citations == ["jouppi2023", "zu2024"]


def test_plain_takes_marks_away():
    """Links, stress and code lose their marks; words with underscores keep them."""
    assert plain("a **b** `c` [d](e) snake_case_name") == "a b c d snake_case_name"
