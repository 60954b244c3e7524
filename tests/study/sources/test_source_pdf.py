import io

import pypdf
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from small_pdf import make_pdf

from phextpaper.errors import InputError
from phextpaper.study.sources.outline import load_concepts, load_outline
from phextpaper.study.sources.source_pdf import PaperText, compare, from_text, read_pdf

PAPER = make_pdf(
    "1 INTRODUCTION\nThe SparseCore is new.\n2 RECONFIGURABLE OPTICAL SWITCH\n2.1 Optical Circuit Switching\n4096 chips",
    "Figure 1: Connectivity of a block\n3 SPARSECORE\nSparseCore and SPARSECORE again\nTable 4: Features",
)


def test_pages_headings_captions_and_counts_are_read():
    """What stands in the PDF is found: its pages, numbered headings, captions, mentions."""
    paper = read_pdf(PAPER, "x.pdf")
    assert paper.pages == 2
    assert list(paper.headings) == ["1", "2", "2.1", "3"] and paper.headings["3"] == "SPARSECORE"
    assert paper.captions == {"Figure 1": "Connectivity of a block", "Table 4": "Features"}
    assert paper.count(["SparseCore"]) == 4


@pytest.mark.parametrize("data", [b"", b"plain text", b"<html>%PDF-</html>"])
def test_a_file_that_is_no_pdf_is_refused(data):
    """The message says what it is not, where, and the remedy."""
    with pytest.raises(InputError, match=r"notes\.txt: this is no PDF[^\n]*\n  remedy"):
        read_pdf(data, "notes.txt")


@pytest.mark.parametrize("cut", [9, 60, 400])
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_pdf_is_refused_or_read_never_a_traceback(cut):
    """A truncated file gives a message for people."""
    try:
        read_pdf(PAPER[:cut], "cut.pdf")
    except InputError as problem:
        assert "remedy" in str(problem)


def test_a_pdf_without_text_is_refused():
    """A scan has pages and no words."""
    with pytest.raises(InputError, match="no text"):
        read_pdf(make_pdf(""), "scan.pdf")


OUT_OF_ORDER = """
Industrial Product
1 INTRODUCTION
This paper has two parts:
1. Data parallelism: each chip takes a part
2. We show the hardware
10 Somebody, et al.
2.4 OCS Deployment Benefits.
2.3 OCS Availability Benefits
3.3 Distributed Training
2.10Cost of it all
2 RECONFIGURABLE OPTICAL
SWITCH DESIGN
3. SPARSECORE: EMBEDDINGS
3D torus networks are used here
16.0% of slices
128 (CMEM)
32 GiB, 1200 GB/s
12 links
40.1 Nowhere
8.1 Without a parent
5. Less power, as mirrors
Figure 2 below shows it.
Figure 3: One row
of racks. More text follows here.
Fig. 4: Another
TABLE 1: Shares
"""


def test_columns_may_come_in_any_order():
    """Headings are found where columns were mixed up; list items, table rows, page heads and running text are none."""
    paper = from_text(OUT_OF_ORDER)
    assert paper.headings == {
        "1": "INTRODUCTION",
        "2": "RECONFIGURABLE OPTICAL SWITCH DESIGN",
        "2.3": "OCS Availability Benefits",
        "2.4": "OCS Deployment Benefits",
        "2.10": "Cost of it all",
        "3": "SPARSECORE: EMBEDDINGS",
        "3.3": "Distributed Training",
    }
    assert list(paper.headings) == ["1", "2", "2.3", "2.4", "2.10", "3", "3.3"]
    assert paper.captions == {"Figure 3": "One row of racks", "Figure 4": "Another", "Table 1": "Shares"}


def test_mixed_case_headings_count_in_sequence():
    """A paper without capitals is read too; list items, page heads, lost spaces and numbers out of sequence are left out."""
    lines = [
        "1 Introduction",
        "2. We show the hardware",
        "2 Somebody, et al.",
        "2 Method",
        "2.1 Data",
        "3D torus networks",
        "3 Results",
        "9 Lives of a cat",
        "99 RED BALLOONS",
    ]
    assert from_text("\n".join(lines)).headings == {"1": "Introduction", "2": "Method", "2.1": "Data", "3": "Results"}


def outline_lines() -> list[str]:
    """The lines of a paper that follows the shipped outline, long headings broken."""
    outline, lines = load_outline(ROOT), []
    for section in outline.section:
        heading = f"{section.number} {section.heading or section.title}".replace("–", "-")
        words = (heading if "." in section.number else heading.upper()).split()
        lines += [" ".join(words[:7]), *([" ".join(words[7:])] if words[7:] else []), "Some words below it."]
    for word, exhibits in (("Figure", outline.figure), ("Table", outline.table)):
        lines += [f"{word} {exhibit.number}: {exhibit.caption}." for exhibit in exhibits]
    return lines


def test_the_shipped_outline_is_found_in_a_paper_that_follows_it():
    """A PDF with each heading and caption of the shipped outline has all of it and nothing else."""
    lines, outline = outline_lines(), load_outline(ROOT)
    paper = read_pdf(make_pdf("\n".join(lines[:70]), "\n".join(lines[70:])), "paper.pdf")
    comparison = compare(paper, outline)
    assert comparison.missing == () and comparison.extra == ()
    assert len(comparison.found) == len(outline.section) + len(outline.figure) + len(outline.table)


def test_what_a_paper_lacks_or_adds_is_named():
    """What the outline alone has is missing; what only the paper has, or has under another heading, is extra."""
    lines = [line for line in outline_lines() if not line.startswith(("2.8 ", "Table 6"))]
    lines = ["2.9 Distribution of wealth" if line.startswith("2.9 ") else line for line in lines]
    comparison = compare(from_text("\n".join([*lines, "2.11 An addition", "Figure 30: More"])), load_outline(ROOT))
    assert comparison.missing == ("Section 2.8", "Section 2.9", "Table 6")
    assert sorted(comparison.extra) == ["Figure 30", "Section 2.11", "Section 2.9"]


@pytest.mark.parametrize(
    ("text", "terms", "count"),
    [
        ("OCS, OCSes and OCSs, but no DOCS and no OCSX", ["OCS"], 3),
        ("efficient artificial policies", ["ICI"], 0),
        ("Twisted torus, twisted\ntorus, twisted-torus, twistedtorus, twist-\ned torus", ["twisted torus"], 5),
        ("all-to-all, all-\nto-all, All to All", ["all-to-all"], 3),
        ("a twisted 3D torus", ["3D torus", "twisted 3D torus"], 1),
        ("FLOPS/second and FLOPS/sec", ["FLOPS/second", "FLOPS/sec"], 2),
        ("a 4³ block and 4×4×4 chips", ["43 block", "4×4×4"], 2),
        ("the oﬃce of an oﬃcer", ["office"], 1),
        ("C++ (a.b) axb", ["a.b"], 1),
        ("words", [], 0),
        ("", ["OCS"], 0),
    ],
)
def test_terms_are_counted_as_a_reader_would(text, terms, count):
    """Whole words, plurals, hyphens, line breaks, ligatures and overlapping terms are counted as a reader counts them."""
    assert PaperText(1, text, {}, {}).count(terms) == count


@given(st.lists(st.sampled_from(["OCS", "circulator", "efficient", "PUE"]), max_size=30))
def test_counts_add_up(words):
    """Each concept counts its own words, whatever stands between."""
    paper = PaperText(1, " ".join(words), {}, {})
    for concept in load_concepts(ROOT):
        expected = {"ocs": words.count("OCS"), "circulator": words.count("circulator"), "pue": words.count("PUE")}.get(
            concept.id, 0
        )
        assert paper.count(concept.terms) == expected


def test_every_shipped_term_finds_itself():
    """Each spelling of each shipped concept is counted once where it stands once."""
    for concept in load_concepts(ROOT):
        for term in concept.terms:
            assert PaperText(1, f"the {term}, then", {}, {}).count(concept.terms) == 1, term


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf_is_refused_unless_anyone_may_open_it(password):
    """A PDF that asks for a password is refused; one whose password is empty is read."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PAPER))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    if not password:
        assert read_pdf(locked.getvalue(), "open.pdf").headings == read_pdf(PAPER, "x.pdf").headings
        return
    with pytest.raises(InputError, match="encrypted") as caught:
        read_pdf(locked.getvalue(), "locked.pdf")
    assert caught.value.where == "locked.pdf" and "password" in caught.value.remedy


@given(st.integers(0, len(PAPER)), st.binary(max_size=40))
def test_damage_never_ends_in_a_traceback(place, noise):
    """A PDF with bytes overwritten anywhere is read or refused with an InputError, nothing else."""
    try:
        assert read_pdf(PAPER[:place] + noise + PAPER[place + len(noise) :], "x.pdf").pages
    except InputError as problem:
        assert problem.remedy
