"""Wave 39: the paper in IEEE's conference class with its BibTeX, and the PDF; typst sets that where there is no TeX."""

import re

from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.latex import Latex, bib_keys
from phextpaper.press.documents.printed_pdf import PrintedPdf, read_printed, squeeze
from phextpaper.press.documents.tex_log import bibtex_complaints, read_log
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures.style import font_folder
from phextpaper.press.publishing import latex, typst
from phextpaper.press.publishing.bibtex import bibliography as as_bibtex
from phextpaper.press.publishing.tex_run import compiled
from phextpaper.press.sources.bibliography import load_bibliography
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.sources.tools import NO_TEX
from phextpaper.press.wave import Verdict, Wave, all_of, unchecked

page = Wave(
    n=39,
    name="LaTeX and PDF",
    phase=4,
    minutes=50,
    needs=(38,),
    output=("phext-based-compute.tex", "references.bib", "phext-based-compute.pdf"),
    pages=(12, 16),
)

PAPER = "phext-based-compute-v2.md"
TEX, BIB, PDF = page.output
FIGURES, TABLES, EQUATIONS, WORKS, STICKS_OUT_PT = 5, 5, 5, 20, 5.0
FRONT = ("Abstract", "Contents", "List of figures", "List of tables", "References")


def _built(q: Quantities, path: str) -> bytes:
    return q.artefact(path)


@page.writes("phext-based-compute.tex")
def tex(q: Quantities) -> bytes:
    """The paper as LaTeX."""
    return latex.write(_built(q, PAPER).decode("utf-8"), q.file, q.paper, _tables(q)).encode("utf-8")


def _tables(q: Quantities) -> dict[int, str]:
    """The numbered tables as LaTeX, made with their Markdown from one source."""
    q.file("plan/waves.toml")
    planned = (path for wave in load_waves(q.root).values() for path in wave.output)
    found = {
        int(match[1]): match[0].replace(".md", ".tex")
        for path in planned
        if (match := re.match(r"tables/table-(\d+)-.*\.md$", path))
    }
    return {number: _built(q, path).decode("utf-8") for number, path in found.items()}


@page.writes("references.bib")
def bib(q: Quantities) -> bytes:
    """The works that it cites."""
    q.file("reference/bibliography.toml")
    return as_bibtex(load_bibliography(q.root), Latex(tex(q).decode("utf-8")).cited).encode("utf-8")


@page.writes("phext-based-compute.pdf")
def pdf(q: Quantities) -> bytes:
    """The PDF that LaTeX sets, or typst where LaTeX is missing or refuses: the check says which."""
    text, works = tex(q).decode("utf-8"), bib(q)
    if q.tool("tex") and (made := compiled(text, _files(q, text, works)).pdf):
        return made
    source = typst.write(_built(q, PAPER).decode("utf-8"), q.file, q.paper)
    return typst.pdf(source, _files(q, text, works), font_folder())


def _files(q: Quantities, text: str, works: bytes) -> dict[str, bytes]:
    """What a LaTeX text asks for: its bibliography, and those of its drawings that are there."""
    files = {BIB: works}
    for path in dict.fromkeys(path for one in Latex(text).floats for path in one.graphics):
        try:
            files[path] = _built(q, path)
        except FileNotFoundError:
            continue
    return files


@page.criterion
def ieee(built: Artefacts, q: Quantities) -> Verdict:
    """IEEE conference class, two columns, all sections, 5 figures as vector graphics, 5 tables as tabular, equations in
    math mode
    """
    text, paper = Latex(built.text(TEX), TEX), built.markdown(PAPER)
    name, options = text.document_class
    wanted = [_title(heading.text) for heading in paper.headings if heading.level > 1 and heading.text not in FRONT]
    seen = [heading.text for heading in text.headings]
    differs = next(
        (a for a, b in zip([*wanted, "the end"], [*seen, "the end"], strict=False) if squeeze(a) != squeeze(b)), ""
    )
    figures = {one.label: one.graphics for one in text.floats if one.environment.startswith("figure")}
    tables = {one.label for one in text.floats if one.environment.startswith("table") and one.tabular}
    raster = [path for paths in figures.values() for path in paths if not _is_vector(q, path)]
    formulas = len(re.findall(r"\$\$.+?\$\$", paper.text, re.DOTALL))
    return all_of(
        Verdict(
            name == "IEEEtran" and "conference" in options and "onecolumn" not in options,
            "IEEEtran for conferences in two columns",
            f"{name} with {', '.join(options)}",
            TEX,
        ),
        Verdict(
            not differs,
            f"{len(wanted)} headings in order",
            f"{len(seen)}; first that differs: {differs or 'none'}",
            TEX,
        ),
        Verdict(
            set(figures) == {f"fig:{n}" for n in range(1, FIGURES + 1)} and all(figures.values()) and not raster,
            f"{FIGURES} figures as vectors",
            f"{len(figures)}; no vectors: {', '.join(raster) or 'none'}",
            TEX,
        ),
        Verdict(
            tables == {f"tab:{n}" for n in range(1, TABLES + 1)}, f"{TABLES} tables as tabular", f"{len(tables)}", TEX
        ),
        Verdict(
            text.equations == formulas >= EQUATIONS,
            f"at least {EQUATIONS} equations, and as many as the paper displays",
            f"{text.equations} of {formulas}",
            TEX,
        ),
    )


def _title(heading: str) -> str:
    return re.sub(r"^\d[\d.]*\s+", "", heading)


def _is_vector(q: Quantities, path: str) -> bool:
    """Whether a drawing is a PDF without a picture of dots in it."""
    try:
        data = _built(q, path)
    except FileNotFoundError:
        return False
    return data.startswith(b"%PDF-") and not re.search(rb"/Subtype\s*/Image", data)


@page.criterion
def bibliography(built: Artefacts, q: Quantities) -> Verdict:
    """at least 20 references, each cited, none undefined"""
    works, text = bib_keys(built.text(BIB)), Latex(built.text(TEX), TEX)
    idle, undefined = sorted(set(works) - set(text.cited)), sorted(set(text.cited) - set(works))
    lost = sorted(set(built.markdown(PAPER).citations) ^ set(text.cited))
    return all_of(
        Verdict(
            len(works) >= WORKS and len(set(works)) == len(works),
            f"at least {WORKS} different works",
            f"{len(works)}",
            BIB,
        ),
        Verdict(not idle, "each cited", f"not cited: {', '.join(idle) or 'none'}", BIB),
        Verdict(
            not undefined and not lost,
            "none undefined, and the paper's citations",
            f"undefined: {', '.join(undefined) or 'none'}; not the paper's: {', '.join(lost) or 'none'}",
            TEX,
        ),
    )


@page.criterion
def compiles(built: Artefacts, q: Quantities) -> Verdict:
    """compiles with no error, no undefined reference, no overfull box above 5 pt"""
    wanted = f"no error, no undefined reference, no box that sticks out by more than {STICKS_OUT_PT:g} pt"
    if not q.tool("tex"):
        return unchecked(wanted, NO_TEX)
    text = built.text(TEX)
    made = compiled(text, _files(q, text, built.data(BIB)))
    log = read_log(made.log)
    wrong = [
        *log.errors,
        *log.undefined,
        *bibtex_complaints(made.bibtex_log),
        *(f"{box.points} pt {box.where}" for box in log.fuller_than(STICKS_OUT_PT)),
    ]
    return Verdict(
        bool(made.pdf) and not wrong,
        wanted,
        "; ".join(wrong[:3]) or (f"{log.pages} pages, none of them" if made.pdf else "no PDF"),
        TEX,
    )


@page.criterion
def pages(built: Artefacts, q: Quantities) -> Verdict:
    """12 to 16 pages"""
    low, high = page.bounds["pages"]
    seen = read_printed(built.data(PDF), PDF)
    return Verdict(low <= seen.pages <= high, f"{low} to {high} pages", f"{seen.pages}, set by {_setter(seen)}", PDF)


def _setter(seen: PrintedPdf) -> str:
    return "typst" if "typst" in seen.metadata.get("Creator", "").lower() else "LaTeX"


@page.criterion
def readable(built: Artefacts, q: Quantities) -> Verdict:
    """the PDF's text can be extracted and holds every heading; fonts embedded; metadata set"""
    seen, paper = read_printed(built.data(PDF), PDF), built.markdown(PAPER)
    text = seen.squeezed
    lost = [
        heading.text
        for heading in paper.headings
        if heading.text not in FRONT[1:4] and squeeze(heading.text) not in text
    ]
    missing = [font for font, embedded in seen.fonts.items() if not embedded]
    unset = [name for name in ("Title", "Author", "Subject", "Keywords") if not seen.metadata.get(name, "").strip()]
    title = next((heading.text for heading in paper.headings), "")
    return all_of(
        Verdict(
            not lost,
            f"the title and {len(paper.headings) - 1 - len(FRONT[1:4])} headings in the text",
            f"not there: {', '.join(lost) or 'none'}",
            PDF,
        ),
        Verdict(
            bool(seen.fonts) and not missing,
            "all fonts embedded",
            f"{len(seen.fonts)} fonts; not embedded: {', '.join(missing) or 'none'}",
            PDF,
        ),
        Verdict(
            not unset and seen.metadata["Title"] == title,
            "title, author, subject and keywords",
            f"not set: {', '.join(unset) or 'none'}; title {seen.metadata.get('Title', '')!r}",
            PDF,
        ),
    )
