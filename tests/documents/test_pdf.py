import pytest
from small_pdf import make_pdf

from phextpaper.documents.pdf import read_pdf
from phextpaper.errors import InputError

PAPER = make_pdf("1 INTRODUCTION\nThe SparseCore is new.\n2 RECONFIGURABLE OPTICAL SWITCH\n2.1 Optical Circuit Switching\n4096 chips",
                 "Figure 1: Connectivity of a block\n3 SPARSECORE\nSparseCore and SPARSECORE again\nTable 4: Features")


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
