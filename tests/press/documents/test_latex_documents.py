import doctest
import io

import pytest
from pypdf import PdfReader, PdfWriter
from small_pdf import make_pdf

from phextpaper.errors import InputError
from phextpaper.press.documents import latex, printed_pdf, tex_log
from phextpaper.press.documents.latex import Latex
from phextpaper.press.documents.printed_pdf import read_printed


@pytest.mark.parametrize("module", [latex, printed_pdf, tex_log])
def test_the_examples_hold(module):
    """What the docstrings show is what the functions give."""
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


def test_listings_and_comments_are_no_latex():
    """A heading, a citation or a label in a listing or behind a percent sign does not count; an escaped one is no comment."""
    text = Latex(
        "\\begin{lstlisting}\n\\section{No}\\cite{no}\n\\end{lstlisting}\n% \\label{no}\n61\\% \\section{Yes {in} braces}\\cite[Table 4]{yes}\n\\[x\\] a \\\\[2pt] b\n"
    )
    assert (
        [heading.text for heading in text.headings] == ["Yes in braces"]
        and text.cited == ("yes",)
        and text.labels == ()
        and text.equations == 1
    )


def test_floats_say_what_they_hold():
    """One column or two, label, graphics, tabular."""
    text = Latex(
        "\\begin{figure*}\\includegraphics[width=1pt]{a.pdf}\\label{fig:1}\\end{figure*}\\begin{table}\\label{tab:1}\\begin{tabularx}{}\\end{tabularx}\\end{table}"
    )
    assert [(one.environment, one.label, one.graphics, one.tabular) for one in text.floats] == [
        ("figure*", "fig:1", ("a.pdf",), False),
        ("table", "tab:1", (), True),
    ]


def test_a_pdf_tells_pages_fonts_and_metadata():
    """A font that is only named is not embedded; a damaged file is refused."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("One", "Two"))))
    writer.add_metadata({"/Title": "T"})
    data = io.BytesIO()
    writer.write(data)
    seen = read_printed(data.getvalue(), "a.pdf")
    assert (seen.pages, seen.fonts, seen.metadata["Title"], seen.squeezed) == (2, {"/Helvetica": False}, "T", "onetwo")
    with pytest.raises(InputError):
        read_printed(b"%PDF-1.4 nothing", "b.pdf")


def test_a_log_without_complaints_has_none():
    """Warnings that say nothing of references or boxes do not count."""
    log = tex_log.read_log(
        "LaTeX Warning: Text page 3 contains only floats.\nUnderfull \\hbox (badness 1) in paragraph\nOutput written on a.pdf (12 pages, 3 bytes).\n"
    )
    assert (log.errors, log.undefined, log.overfull, log.pages) == ((), (), (), 12)
