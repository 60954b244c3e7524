import re

import pytest
from conftest import ABOUT, ROOT
from small_paper import FIGURE, PAPER, read

from phextpaper.errors import InputError
from phextpaper.press.documents.latex import Latex
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.printed_pdf import read_printed, squeeze
from phextpaper.press.figures.style import font_folder
from phextpaper.press.publishing import latex, typst
from phextpaper.press.publishing.bibtex import bibliography
from phextpaper.press.sources.bibliography import load_bibliography

FILES = {
    "references.bib": bibliography(load_bibliography(ROOT), ["jouppi2023", "dally2004"]).encode(),
    "figures/fig-1-chips.pdf": FIGURE,
}


@pytest.fixture(scope="module")
def text() -> str:
    """The small paper as typst."""
    return typst.write(PAPER, read, ABOUT)


def test_typst_holds_what_latex_holds(text):
    """The same labels, works and numbers of tables in either."""
    other = latex.write(PAPER, read, ABOUT)
    labels = set(re.findall(r"<((?:sec|fig|tab|eq):[\d.]+)>$", text, re.MULTILINE))
    assert labels == set(Latex(other).labels)
    assert (
        set(re.findall(r"#cite\(<(\w+)>", text)) == set(Latex(other).cited)
        and text.count("tabular(") == other.count(r"\begin{tabular}") + 1
    )
    assert re.findall(r"supplement: \[([^\]]*)\]\)", text) == ["Table 4", "Table 4"]


def test_the_pdf_holds_every_heading_and_its_fonts_and_is_the_same_anew(text):
    """Two columns without TeX: text that can be extracted, embedded fonts, metadata, no day in it."""
    data = typst.pdf(text, FILES, font_folder())
    seen = read_printed(data, "paper.pdf")
    lost = [
        heading.text
        for heading in Markdown(PAPER).headings
        if not heading.text.startswith(("Contents", "List of")) and squeeze(heading.text) not in seen.squeezed
    ]
    assert (
        not lost
        and seen.metadata["Title"] == "Naming chips: a small paper"
        and seen.metadata["Author"]
        and "[1, Table 4]" in seen.text
    )
    assert {font for font, embedded in seen.fonts.items() if not embedded} == {
        "/Helvetica"
    }  # of the small figure, which embeds none
    assert typst.pdf(text, FILES, font_folder()) == data


def test_what_typst_refuses_is_told(text):
    """A work that nobody knows."""
    with pytest.raises(InputError, match="nobody"):
        typst.pdf(text.replace("#cite(<jouppi2023>)", "#cite(<nobody>)"), FILES, font_folder())
