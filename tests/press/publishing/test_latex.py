import random
import re

import pytest
from conftest import ABOUT, ROOT
from small_paper import FIGURE, PAPER, read

from phextpaper.errors import InputError
from phextpaper.press.documents.latex import Latex, bib_keys
from phextpaper.press.documents.printed_pdf import read_printed, squeeze
from phextpaper.press.documents.tex_log import bibtex_complaints, read_log
from phextpaper.press.publishing import latex, tex_run
from phextpaper.press.publishing.bibtex import bibliography
from phextpaper.press.sources import tools
from phextpaper.press.sources.bibliography import load_bibliography

needs_tex = pytest.mark.skipif(not tools.tex(), reason=tools.NO_TEX)
COLUMN, PAGE = 252, 516


@pytest.fixture(scope="module")
def text() -> str:
    """The small paper as LaTeX."""
    return latex.write(PAPER, read, ABOUT)


def files(text: str) -> dict[str, bytes]:
    """What the small paper asks for."""
    return {
        "references.bib": bibliography(load_bibliography(ROOT), Latex(text).cited).encode(),
        "figures/fig-1-chips.pdf": FIGURE,
    }


def test_title_note_and_abstract_have_their_places_and_lists_are_left_out(text):
    """LaTeX makes no contents, and its own references."""
    assert (
        "\\title{Naming chips: a small paper}" in text
        and "A design study of 8 chips." in text.partition("\\maketitle")[0]
    )
    abstract = text.partition("\\begin{abstract}")[2].partition("\\end{abstract}")[0]
    assert "We name" in abstract and "List of figures" not in text and "Contents" not in text and "Jouppi. " not in text


def test_headings_lose_their_numbers_and_keep_them_as_labels(text):
    """LaTeX counts: the typed number becomes the label."""
    assert [(heading.level, heading.text) for heading in Latex(text).headings] == [
        (1, "Introduction"),
        (2, "Code & marks"),
        (1, "Formulas"),
    ]
    assert {"sec:1", "sec:1.1", "sec:2", "fig:1", "tab:1", "tab:2", "eq:1", "eq:2"} == set(Latex(text).labels)


@pytest.mark.parametrize(
    "wanted",
    [
        r"Sections~\ref{sec:1} and~\ref{sec:2}",
        r"Sections~\ref{sec:1}--\ref{sec:2}",
        r"Section~\ref{sec:1.1}",
        r"(Section~\ref{sec:2})",
        r"Figure~\ref{fig:1}",
        r"Tables~\ref{tab:1} to~\ref{tab:2}",
        r"Equation~\ref{eq:1}",
    ],
)
def test_references_become_links(text, wanted):
    """Alone, in lists, ranges and brackets; nothing is lost around them."""
    assert wanted in text and not Latex(text).unresolved


def test_citations_keep_their_keys_and_places(text):
    """Several works in one bracket, a place in a work, a citation in a caption."""
    assert r"idle~\cite{dally2004}, \cite[Table 4]{jouppi2023}." in text and Latex(text).cited == (
        "jouppi2023",
        "dally2004",
    )
    assert re.search(r"\\caption\{Chips on coordinates, as `names'~\\cite\{dally2004\}\}", text)


def test_times_units_and_special_characters(text):
    """Between numbers an x is a times sign, a unit stays with its number, and nothing of LaTeX's own slips in."""
    assert "16~×~16 chips" in text and "4×4×8" in text and "10~ms" in text and r"61~\%" in text and "0x01" in text
    assert (
        r"\$5, 100\%, a\_b, \#1 and \{braces\}" in text
        and r"\texttt{phextpaper topology torus:\allowbreak{}4x4 -{}-{}json | tail -{}n 1 > out\_\allowbreak{}1.\allowbreak{}txt}"
        in text
    )


def test_formulas_belong_to_their_sentences(text):
    """A displayed formula is an equation with a number; no blank line parts it from the words around."""
    assert re.search(
        r"chips is\s*\n\\begin\{equation\}\n[^\n]+\n\\label\{eq:1\}\n\\end\{equation\}\n\s*where \\\(d\\\)", text
    )
    assert Latex(text).equations == 2 and "\n\n\\begin{equation}" not in text


def test_figures_and_tables_float_with_their_numbers(text):
    """Vector files, captions without typed numbers, a wide table over both columns, one in the text without a caption."""
    floats = {one.label: one for one in Latex(text).floats}
    assert (
        floats["fig:1"].graphics == ("figures/fig-1-chips.pdf",)
        and floats["tab:1"].tabular
        and floats["tab:2"].environment == "table*"
    )
    assert (
        r"\caption{Machines \& what they report}" in text
        and "Figure 1:" not in text
        and text.count(r"\begin{tabular}") == 3
    )


def test_notes_stand_below_their_table(text):
    """In its float, without the words that lead to it in the Markdown."""
    table = text.partition(r"\label{tab:1}")[2].partition(r"\end{table}")[0]
    assert r"\emph{Chips} as of Section~\ref{sec:2}." in table and "Notes on" not in text


def test_a_table_that_comes_as_latex_takes_the_place_of_its_float():
    """With its number and links to the sections that it names; other tables stay."""
    own = "\\begin{table*}[t]\n\\centering\n\\setcounter{table}{1}\n\\caption{own}\n\\label{tab:2}\n\\begin{tabular}{l}Section 1.1, Section 9\\end{tabular}\n\\end{table*}\n"
    text = latex.write(PAPER, read, ABOUT, {2: own})
    assert r"\caption{own}" in text and "A wide table" not in text and r"\caption{Machines" in text
    assert r"Section~\ref{sec:1.1}, Section 9" in text and text.count(r"\setcounter{table}{1}") == 1


def test_the_same_text_gives_the_same_bytes(text):
    """Anew, in another process of pandoc."""
    from phextpaper.press.publishing import pandoc

    pandoc._converted.cache_clear()
    assert latex.write(PAPER, read, ABOUT) == text


def test_columns_of_any_table_fit_their_page():
    """Random tables: columns with a width, and the gaps between them, take at most one column, or both in a wide table."""
    rng = random.Random(1)
    words = ["chip", "of", "16.16.16/4.1", "hypercube", "bandwidth", "not reported", "4096", "a", "twisted torus"]
    parts = []
    for number in range(1, 61):
        columns = rng.randint(2, 9)
        rows = [
            " | ".join(" ".join(rng.choices(words, k=rng.choice((1, 1, 2, 4, 12)))) for _ in range(columns))
            for _ in range(4)
        ]
        parts.append(
            f"**Table {number}: random**\n\n| {rows[0]} |\n|{'|'.join(rng.choices(('---', '---:'), k=columns))}|\n"
            + "".join(f"| {row} |\n" for row in rows[1:])
        )
    text = latex.write("# T\n\n## Abstract\n\nText.\n\n## 1 All\n\n" + "\n".join(parts), read, ABOUT)
    assert len(Latex(text).floats) == 60
    for environment, body in re.findall(r"\\begin\{(table\*?)\}(.*?)\\end\{table", text, re.DOTALL):
        spec = re.search(r"\\begin\{tabular\}\{@\{\}(.*)@\{\}\}", body)[1]
        widths = [float(width) for width in re.findall(r"p\{([\d.]+)pt\}", spec)]
        columns = len(widths) + len(re.sub(r">\{[^}]*\}p\{[^}]*\}", "", spec))
        assert sum(widths) + 8 * (columns - 1) <= (PAGE if environment == "table*" else COLUMN) + 0.1 * columns


@needs_tex
def test_the_small_paper_compiles_without_a_complaint(text):
    """No error, no undefined reference, nothing sticks out; the PDF holds headings, embedded fonts and metadata; the same bytes again."""
    made = tex_run.compiled(text, files(text))
    log = read_log(made.log)
    assert (
        made.pdf
        and not log.errors
        and not log.undefined
        and not log.fuller_than(5)
        and not bibtex_complaints(made.bibtex_log)
    )
    seen = read_printed(made.pdf, "paper.pdf")
    assert (
        seen.pages == log.pages >= 1
        and seen.metadata["Title"] == "Naming chips: a small paper"
        and "CreationDate" not in seen.metadata
    )
    assert all(squeeze(heading.text) in seen.squeezed for heading in Latex(text).headings) and "??" not in seen.text
    assert [font for font, embedded in seen.fonts.items() if not embedded] == [
        "/Helvetica"
    ]  # of the small figure, which embeds none
    tex_run._compiled.cache_clear()
    assert tex_run.compiled(text, files(text)).pdf == made.pdf


@needs_tex
@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        ((r"\ref{fig:1}", r"\ref{fig:9}"), "undefined"),
        ((r"\cite{jouppi2023}", r"\cite{nobody}"), "undefined"),
        ((r"\label{eq:2}", r"\label{eq:1}"), "undefined"),
        ((r"\section{Formulas}", r"\section{Formulas}\nosuchcommand"), "errors"),
        ((r"\texttt{", r"\mbox{\rule{300pt}{1pt}}\texttt{"), "overfull"),
    ],
)
def test_each_complaint_is_seen(text, edit, kind):
    """A broken reference, an unknown work, a label given twice, an unknown command, a line that sticks out."""
    assert edit[0] in text
    made = tex_run.compiled(text.replace(*edit, 1), files(text))
    log = read_log(made.log)
    assert {"undefined": log.undefined, "errors": log.errors, "overfull": log.fuller_than(5)}[kind]
    assert bool(made.pdf) == (kind != "errors")


@needs_tex
def test_bibtex_takes_every_work_of_the_bibliography():
    """The whole of it, without a warning."""
    works = bibliography(load_bibliography(ROOT), load_bibliography(ROOT))
    source = "\\documentclass[conference]{IEEEtran}\\usepackage{url}\\begin{document}\\bstctlcite{control}x\\nocite{*}\\bibliographystyle{IEEEtran}\\bibliography{references}\\end{document}"
    made = tex_run.compiled(source, {"references.bib": works.encode()})
    assert (
        made.pdf
        and bibtex_complaints(made.bibtex_log) == []
        and not read_log(made.log).errors
        and len(bib_keys(works)) == len(load_bibliography(ROOT))
    )


def test_tex_that_is_not_there_is_told(monkeypatch, tmp_path):
    """With the remedy."""
    monkeypatch.setenv("PATH", str(tmp_path))
    tex_run._compiled.cache_clear()
    with pytest.raises(InputError, match="make tex"):
        tex_run.compiled("x", {})
