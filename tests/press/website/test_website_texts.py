"""Markdown as pages: what becomes of numbers, citations, references, figures, tables, formulas, code and links."""

import re
from dataclasses import replace

import pytest
from website_samples import CHIPS, PAPER, Parsed, material_of, prints_of, with_paper

from phextpaper.press.quantity import Print
from phextpaper.press.website.formulas import mathml
from phextpaper.press.website.make import made
from phextpaper.press.website.marks import MARK, linked, mark, unmarked
from phextpaper.press.website.places import link

pytest_plugins = ["website_fixtures"]


@pytest.fixture(scope="module")
def front(paper_site) -> str:
    """The front page with an assembled paper."""
    return (paper_site / "index.html").read_text(encoding="utf-8")


def test_the_assembled_paper_is_the_front_page(front, paper_site):
    """Its title is the page's, its headings have anchors, and it has no second page."""
    assert "<title>Phext coordinates on paper" in front
    assert '<h3 id="section-1-1">1.1 Sizes</h3>' in front
    assert not (paper_site / "texts" / "phext-based-compute-v2.html").exists()


def test_without_a_paper_the_sections_stand_in_front_and_say_what_is_missing(material):
    """Each section that exists is there, one level down, its numbers linked, and the note names the waves that are missing."""
    lacking = replace(
        material,
        data={
            path: data
            for path, data in material.data.items()
            if path not in (*material.paper.texts, "sections/13-related-work.md")
        },
        criteria={**material.criteria, "waves": [wave for wave in material.criteria["waves"] if wave["n"] != 24]},
    )
    html = made(lacking)["index.html"].decode()
    for path in lacking.sections:
        title = material.text(path).split("\n")[0].removeprefix("# ")
        assert re.search(rf"<h2 id=\"[\w-]+\">{re.escape(title)}</h2>", html)
    assert "13 Related work" not in html
    assert "The paper is not assembled yet" in html
    assert "24" in re.search(r"waves ([\d, -]+) still", html)[1]
    assert 'href="quantities/layout.html#layout.active_chips"' in html


def test_numbers_are_links_in_prose_table_caption_list_code_and_formula(front):
    """Each of the paper's prints of one number leads to it; what a reader sees is the number alone."""
    expected = {f"n{item.line}-{item.column}" for item in prints_of(PAPER, "512", CHIPS)}
    page = Parsed(front)
    assert {anchor for anchor in page.attributes if re.fullmatch(r"n\d+-\d+", anchor)} == expected
    links = [page.attributes[anchor] for anchor in expected if "href" in page.attributes[anchor]]
    assert len(links) == len(expected) - 1  # one stands in a link of the contents, which leads elsewhere
    assert all(anchor["text"] == "512" and anchor["href"].endswith(f"#{CHIPS}") for anchor in links)
    formula = re.search(r'<math.*?</math><sup class="origins">(.*?)</sup>', front)
    assert "<mn>512</mn>" in formula[0]
    assert re.fullmatch(r'<a class="n" id="n17-32" [^>]*><span class="hidden">512</span></a>', formula[1])


def test_citations_are_numbered_and_lead_to_the_list_of_works(front):
    """Works are numbered as they are first cited; the paper's own list gives way to that of the bibliography."""
    assert re.search(
        r'\[<a class="cite" href="#ref-jouppi2023"[^>]*>1</a>, <a class="cite" href="#ref-dally2004"[^>]*>2</a>, Section 2\]',
        front,
    )
    works = re.search(r'<h2 id="references">.*?</article>', front, re.DOTALL)[0]
    assert re.findall(r'<li id="ref-(\w+)" value="(\d+)">', works) == [("jouppi2023", "1"), ("dally2004", "2")]
    assert "stands here in the Markdown" not in front


def test_references_lead_to_parts_that_exist_and_others_stay_words(front):
    """A section, figure or table that nobody wrote is named without a link; a caption does not point at itself."""
    assert '<a class="part" href="#section-1-2">Section 1.2</a>' in front
    assert '<a class="part" href="#figure-1">Figure 1</a> and Tables <a class="part" href="#table-1">1</a>' in front
    assert "Section 99 is nowhere" in front
    assert '<p id="table-1" class="caption">Table 1: what there is.' in front


def test_a_figure_says_what_it_shows_and_leads_to_its_drawing(front, material):
    """Its alternative text is the drawing's own description."""
    figure = re.search(r'<figure id="figure-1">.*?</figure>', front, re.DOTALL)[0]
    assert 'href="texts/figures/fig-1-architecture.html"' in figure
    assert 'src="files/figures/fig-1-architecture.svg"' in figure
    description = re.search(r"<desc[^>]*>(.*?)</desc>", material.text("figures/fig-1-architecture.svg"), re.DOTALL)[1]
    assert f'alt="{description}"' in figure


def test_links_of_a_text_follow_it_into_the_site(front):
    """Anchors as Markdown readers make them, artefacts, the world; what is nowhere is no link."""
    assert '<a href="#section-1">The introduction</a>' in front
    assert '<a href="#section-1-1">1.1 Sizes of <span id="n' in front
    assert '<a href="#counts">The table</a>' in front
    assert '<span id="counts"></span>' in front
    assert front.count('id="figure-1"') == 1
    assert '<a href="texts/figures/fig-1-architecture.html">a figure</a>' in front
    assert '<a class="nowhere">nothing</a>' in front
    assert '<a href="https://example.org/">elsewhere</a>' in front


def test_text_is_never_read_as_html(material):
    """Tags in an artefact, in prose as in code, are shown and do nothing."""
    html = made(with_paper(material, "# A <b>title</b>\n\n<script>alert(1)</script> and `<i>`\n"))[
        "index.html"
    ].decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<code>&lt;i&gt;</code>" in html
    assert "A &lt;b&gt;title&lt;/b&gt;" in html


def test_the_visible_text_is_that_of_the_artefact(material):
    """Marking numbers changes no word: pages with and without links read the same."""
    bare = replace(material, prints={})
    plain = {
        place: re.sub(r"<[^>]+>", "", data.decode())
        for place, data in made(bare).items()
        if place.startswith("texts/") and "/figures/" not in place
    }
    full = made(material)
    assert len(plain) > 10
    for place, text in plain.items():
        assert re.sub(r"<[^>]+>", "", full[place].decode()) == text, place


def test_marks_stand_where_prints_stand_and_nowhere_else():
    """A print that the text no longer holds is not marked; a list keeps its number bare."""
    text = "1. first\n2. second of 16 and 16\n"
    prints = [
        Print(1, 1, "a", "1"),
        Print(2, 14, "b", "16"),
        Print(2, 21, "c", "16"),
        Print(2, 5, "d", "gone"),
        Print(9, 1, "e", "x"),
    ]
    marked = mark(text, prints)
    assert unmarked(marked) == text
    assert [(found[1], found[2]) for found in MARK.finditer(marked)] == [("1", "16"), ("2", "16")]
    assert mark("16. begins a line of prose", [Print(1, 1, "a", "16")]).startswith("16")
    assert MARK.search(mark("of\n16. A line of prose", [Print(2, 1, "a", "16")]))


def test_marks_in_attributes_vanish():
    """Only text that is seen is linked."""
    marked = mark('<p title="16">16</p>', [Print(1, 11, "a", "16"), Print(1, 15, "b", "16")], markdown=False)
    assert linked(marked, lambda index, content: f"[{index}:{content}]") == '<p title="16">[1:16]</p>'


def test_formulas_that_cannot_be_read_stay_visible():
    """Unknown TeX is shown as code, escaped; others become MathML, each its own."""
    made_of = mathml([("a < \\nonsense{", False), ("x^2", False), ("x^2", True)])
    assert made_of["a < \\nonsense{", False] == "<code>a &lt; \\nonsense{</code>"
    assert made_of["x^2", False].startswith('<math display="inline"')
    assert made_of["x^2", True].startswith('<math display="block"')
    assert mathml([]) == {}


def test_links_are_relative_and_escaped():
    """From any depth to any depth; names that are no plain words are quoted."""
    assert link("texts/sections/a.html", "index.html") == "../../index.html"
    assert link("index.html", "waves/w01.html", "the place") == "waves/w01.html#the%20place"
    assert link("claims.html", "claims.html", "C01") == "#C01"
    assert link("index.html", "files/a b?.svg") == "files/a%20b%3F.svg"


def test_a_failing_criterion_shows_as_failing(material):
    """Verdicts come from the report, in words."""
    criteria = {
        **material.criteria,
        "waves": [
            {
                **wave,
                "criteria": [
                    {**verdict, "passed": False, "evidence": "wanted <b>; saw &"} for verdict in wave["criteria"]
                ],
            }
            if wave["n"] == 3
            else wave
            for wave in material.criteria["waves"]
        ],
    }
    files = made(replace(material, criteria=criteria))
    page = files["waves/w03.html"].decode()
    assert page.count('<span class="badge fail">fails</span>') == len(material.waves[3].criteria) + 1
    assert "wanted &lt;b&gt;; saw &amp;" in page
    assert "Phext coordinate scheme for 4096 chips: fails" in files["waves/index.html"].decode()


def test_the_material_is_read_from_the_build_alone(pristine):
    """The same folder read twice is the same material."""
    first, second = material_of(pristine.folder)[1], material_of(pristine.folder)[1]
    assert first.data == second.data
    assert dict(first.prints) == dict(second.prints)
