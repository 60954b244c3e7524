import pytest

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.quantity import Print

GOOD = "# A\n\nCited [@known].\n\n| A | B |\n|---|---|\n| x | 1 |\n"


def test_an_unknown_citation_fails_with_its_line():
    """A key that the bibliography lacks is named where it stands."""
    assert checks.citations_resolve(Markdown(GOOD, "a.md"), {"known"}).passed
    verdict = checks.citations_resolve(Markdown(GOOD, "a.md"), {"other"})
    assert not verdict.passed and "known" in verdict.saw and verdict.where == "a.md:3"


@pytest.mark.parametrize(
    "edit",
    [
        ("| x | 1 |", "| x | 2 |"),
        ("| x | 1 |\n", ""),
        ("| x | 1 |", "| x | 1 |\n| y | 2 |"),
        ("| A | B |", "| A | C |"),
    ],
)
def test_a_table_that_differs_in_a_cell_a_row_or_a_head_fails(edit):
    """Cell by cell: another value, a row too few, a row too many, another head."""
    assert checks.cells_equal(Markdown(GOOD), ("A", "B"), [("x", "1")]).passed
    assert not checks.cells_equal(Markdown(GOOD.replace(*edit)), ("A", "B"), [("x", "1")]).passed


@pytest.mark.parametrize("edit", [("| x | 1 |", "| x |  |"), ("Cited", "TODO: cited"), ("# A", "# A (tbd)")])
def test_a_placeholder_and_an_empty_cell_fail(edit):
    """TBD, TODO and empty cells are found with their line."""
    assert checks.no_placeholder(Markdown(GOOD, "a.md")).passed
    verdict = checks.no_placeholder(Markdown(GOOD.replace(*edit), "a.md"))
    assert not verdict.passed and verdict.where.startswith("a.md:")


def test_a_missing_text_and_a_typed_number_fail():
    """`has` names what is missing; a numeral is covered by its own print alone."""
    assert checks.has(Markdown(GOOD), "Cited").passed and not checks.has(Markdown(GOOD), "Cited", "gone").passed
    assert checks.no_bare_numerals(Markdown(GOOD), [Print(7, 7, "a.b", "1")]).passed
    assert not checks.no_bare_numerals(Markdown(GOOD), []).passed
