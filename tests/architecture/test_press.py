"""The laws of the press: it makes any paper, so it holds no word of one; it imports nothing of ours but errors; its types are strict."""

import re
from pathlib import Path

import pytest
from conftest import ROOT
from test_rooms import GRAPH, house

PRESS = ROOT / "phextpaper" / "press"
ENDINGS = {".py", ".html", ".j2", ".lua", ".js", ".css", ".svg", ".tex", ".typ"}
FILES = sorted(path for path in PRESS.rglob("*") if path.suffix in ENDINGS)
WORDS = {
    "what this paper is about": r"(?i:tpus?|(?:multi)?phext(?!paper)\w*|torus|tori|sparsecores?|hardware)",
    "what its machine consists of": r"chips?|chip_\w*|\w*_chips?|racks?|OCS\w*|(?i:hypercubes?)",
    "who is cited in it": r"(?i:jouppi\w*|googl\w*)",
    "its folders and machines": r"rally|R23|r23|pbc|PBC|phext-based",
    "a place on its machine": r"\d+(?:\.\d+)+/\d+(?:\.\d+)+|[1-9]\.[1-9]\.[1-9]",
    "how many waves it has": r"(?i:(?:40|forty) waves)|\d+-wave",
}
"""Words and forms that belong to one paper, whole."""


def words_of_one_paper(text: str) -> list[str]:
    """What a text holds of them."""
    return [found[0] for pattern in WORDS.values() for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PRESS)))
def test_the_press_holds_no_word_of_one_paper(path: Path) -> None:
    """Not in code, not in words for readers, not in an example."""
    assert words_of_one_paper(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A TPU has 8 chips on a twisted torus.", ["TPU", "torus", "chips"]),
        ("from phextpaper.press import x  # phext, Phext", ["phext", "Phext"]),
        ("rally/R23, 1.1.2/3.4.1, the 40 waves", ["rally", "R23", "1.1.2/3.4.1", "40 waves"]),
        ("layout.active_chips of pbc-4096", ["active_chips", "pbc"]),
        ("chipped, torusoid, 1.5 of 40, example.org/1.2", []),
    ],
)
def test_a_word_of_one_paper_would_be_found(text: str, found: list[str]) -> None:
    """Whole words alone, and the package's own name does not count."""
    assert sorted(words_of_one_paper(text)) == sorted(found)


def test_the_press_imports_errors_alone() -> None:
    """No engine, no study, no wave: neither at the top of a file nor in a function."""
    outside = {
        (module, name)
        for module, names in GRAPH.items()
        if house(module) == "phextpaper.press"
        for name in names
        if house(name) not in ("phextpaper", "phextpaper.errors", "phextpaper.press")
    }
    assert outside == set()


def test_the_engine_imports_no_press() -> None:
    """And the other way round."""
    assert not [
        (module, name)
        for module, names in GRAPH.items()
        if house(module) == "phextpaper.engine"
        for name in names
        if house(name) == "phextpaper.press"
    ]
