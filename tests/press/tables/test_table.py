"""The shared table: one source, two forms, numbers under one another, marks where they belong and nowhere else."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.errors import PageError
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.quantity import CLOSE, MIDDLE, OPEN, Quantity
from phextpaper.press.tables.aligning import followed, padding
from phextpaper.press.tables.latex import latex, to_latex
from phextpaper.press.tables.markdown import escaped, to_markdown
from phextpaper.press.tables.table import NOT_REPORTED, Column, Table, cited, noted, of_frame

HOPS = Quantity("a_b.hops", 12.5, "hops", 1)
LINKS = Quantity("a_b.links", 16384, "links")
FACT = Quantity("facts.x", 3, "x", kind="cited", origin="dally2004, Table 1")
COLUMNS = (Column("Topology"), Column("Mean\ndistance", "hops", numbers=True), Column("Links", "count", numbers=True))
ROWS = (("A & B_1", str(HOPS), str(LINKS)), ("50 % | C", "8", cited(FACT)))


def made(**changes) -> Table:
    """A small table."""
    return Table(
        **{
            "number": 2,
            "caption": f"Two of {LINKS}",
            "columns": COLUMNS,
            "groups": (ROWS[:1], ROWS[1:]),
            "notes": (("Links", f" count {LINKS}."),),
        }
        | changes
    )


def test_the_markdown_names_every_number_where_it_stands():
    """Each print's line and column hold its text, in caption, cells and notes."""
    table = made().made("tables/table-2-x.md")
    lines = table.data.decode().splitlines()
    assert [place.id for place in table.prints] == ["a_b.links", "a_b.hops", "a_b.links", "facts.x", "a_b.links"]
    for place in table.prints:
        assert lines[place.line - 1][place.column - 1 :].startswith(place.text)


def test_the_markdown_reads_back_cell_by_cell():
    """Caption as heading, heads with units, the cells without what pads them, one paragraph of notes."""
    text = Markdown(made().made("t.md").data.decode())
    assert text.headings[0].text == "Table 2: Two of 16,384" and text.headings[0].line == 1
    assert text.tables[0].heads == ("Topology", "Mean distance (hops)", "Links (count)")
    assert text.tables[0].rows[0] == ("A & B\\_1", "12.5", "16,384") and text.tables[0].rows[1][1:] == (
        "8",
        "3 [@dally2004]",
    )
    assert len(text.paragraphs) == 1 and text.paragraphs[0][1].startswith("Notes on Table 2. Links count 16,384.")


def test_every_line_of_the_markdown_table_is_as_long_as_the_others():
    """So the raw text shows the table too."""
    lines = [line for line in made().made("t.md").data.decode().splitlines() if line.startswith("|")]
    assert len({len(line) for line in lines}) == 1 and len(lines) == 4


def test_no_mark_leaks_into_the_latex():
    """Nor does any identifier."""
    tex = made().made("tables/table-2-x.md").also["tables/table-2-x.tex"].decode()
    assert not {OPEN, MIDDLE, CLOSE} & set(tex) and "a_b" not in tex and "facts" not in tex


def test_the_latex_is_a_float_with_rules_of_booktabs():
    """One column or two, its own number, head in as many lines as it needs, a gap between groups, escapes and citations."""
    tex = to_latex(made())
    assert tex.startswith("\\begin{table}[t]") and to_latex(made(wide=True)).rstrip().endswith("\\end{table*}")
    assert "\\setcounter{table}{1}" in tex and "\\caption{Two of 16,384}" in tex and "\\label{tab:2}" in tex
    for rule in ("\\toprule", "\\midrule", "\\bottomrule"):
        assert tex.count(rule) == 1
    assert " & Mean &  \\\\\n & distance & Links \\\\\nTopology & (hops) & (count) \\\\\n\\midrule" in tex
    assert (
        "A \\& B\\_1 & 12.5 & 16,384 \\\\\n\\addlinespace\n50 \\% \\textbar{} C & \\phantom{0}8\\phantom{.0} & \\phantom{0000,}3~\\cite{dally2004} \\\\"
        in tex
    )
    assert "\\emph{Links} count 16,384." in tex


def test_a_column_that_breaks_its_lines_is_a_paragraph():
    """Its share of the width is said."""
    columns = (Column("Topology", share=0.25), *COLUMNS[1:])
    assert "p{0.25\\linewidth}cl@{}}" in to_latex(made(columns=columns))


@given(
    st.lists(
        st.one_of(
            st.integers(0, 10**7).map(lambda n: f"{n:,}" if n >= 10_000 else str(n)),
            st.floats(0, 1e6).map(lambda x: f"{x:.2f}"),
            st.just(NOT_REPORTED),
            st.integers(1, 99).map(lambda n: f"{n} [@key2020]"),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_padded_numbers_have_their_points_in_one_place(cells):
    """Digits and commas before the point are as many in every number of a column, and so are digits behind it."""
    before, behind = set(), set()
    for cell, lacks in zip(cells, padding(cells), strict=True):
        number = re.match(r"([\d,]+)(\.\d+)?", cell)
        if number:
            before.add(tuple(sorted(lacks.left + re.sub(r"\d", "0", number[1]))))
            behind.add(len((number[2] or "") + lacks.right))
        else:
            assert lacks.left == lacks.right == ""
    assert len(before) <= 1 and len(behind) <= 1


def test_words_and_names_are_no_numbers():
    """What begins with a digit and is no number is not padded."""
    assert [lacks.left for lacks in padding(["2D torus", "10", "1.1.1/2", "5"])] == ["", "", "", "0"]
    assert followed(["1", "2 [@a2020]"]) and not followed(["1", NOT_REPORTED, "2.5"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a|b*c", "a\\|b\\*c"),
        ("[@key_1; @b2020, Table 1] <x>", "[@key_1; @b2020, Table 1] \\<x\\>"),
        (f"{HOPS} a_b", f"{HOPS} a\\_b"),
    ],
)
def test_markdown_is_escaped_outside_marks_and_citations(text, wanted):
    """An identifier's underscore stays."""
    assert escaped(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a_b & c {d} ^ ~", r"a\_b \& c \{d\} \textasciicircum{} \textasciitilde{}"),
        ("µs – 5 × 3", r"\textmu{}s -- 5 $\times$ 3"),
        ("back\\slash <", r"back\textbackslash{}slash \textless{}"),
        ("x [@a2020; @b2020]", r"x~\cite{a2020,b2020}"),
        ("x [@a2020, Table 1; @b2020]", r"x~\cite{b2020}, \cite[Table 1]{a2020}"),
        (f"{HOPS}", "12.5"),
    ],
)
def test_latex_prints_what_was_written(text, wanted):
    """Special characters, units and citations."""
    assert latex(text) == wanted


def test_a_character_that_latex_would_not_print_is_an_error():
    """It is told by name, before any run of LaTeX."""
    with pytest.raises(PageError, match="→"):
        latex("a → b")


@pytest.mark.parametrize("groups", [(), ((("one cell",),),), ((("a", "1", " "),),), ((("a", "1", "2\n3"),),)])
def test_a_table_without_rows_with_empty_or_with_broken_cells_is_an_error(groups):
    """Nothing is left blank in silence."""
    with pytest.raises(PageError):
        made(groups=groups)


def test_only_what_was_read_somewhere_is_cited_by_itself():
    """A computed number needs a key."""
    assert cited(FACT) == f"{FACT} [@dally2004]" and cited(HOPS, "a2020", "b2020") == f"{HOPS} [@a2020; @b2020]"
    with pytest.raises(PageError, match="no work is known"):
        cited(HOPS)


def test_a_frame_gives_rows_in_groups_and_fills_what_is_missing():
    """Missing values are not reported; groups keep their order."""
    frame = pd.DataFrame([["b", HOPS], ["a", None], ["b", float("nan")]], columns=["kind", "hops"], dtype=object)
    assert of_frame(frame, by="kind") == ((("b", str(HOPS)), ("b", NOT_REPORTED)), (("a", NOT_REPORTED),))
    assert of_frame(frame) == ((("b", str(HOPS)), ("a", NOT_REPORTED), ("b", NOT_REPORTED)),)


def test_a_table_without_notes_ends_with_its_rows():
    """In both forms."""
    bare = made(notes=())
    assert to_markdown(bare).rstrip().endswith("|") and "parbox" not in to_latex(bare)


def test_notes_are_prose_with_their_subjects_in_italics():
    """What stands before the first subject belongs to none; a note reaches to the next subject."""
    assert noted("All are computed. *Links* count ports. So do *Hosts* too.") == (
        ("", "All are computed."),
        ("Links", " count ports. So do"),
        ("Hosts", " too."),
    )
    assert noted("*Links* count ports.") == (("Links", " count ports."),) and noted("") == ()
    with pytest.raises(ValueError, match="shorter"):
        noted("An *open end.")
