"""Spoilers of the paper as LaTeX and PDF."""

from pypdf import PdfWriter

from spoilers.edits import Spoiler, in_pdf, swap

TEX, BIB, PDF = "phext-based-compute.tex", "references.bib", "phext-based-compute.pdf"


def five_more_pages(writer: PdfWriter) -> None:
    """Blank pages at the end."""
    for _ in range(5):
        writer.add_blank_page()


SPOILERS: dict[str, Spoiler] = {
    "w39.ieee": (TEX, swap("fig-1-architecture.pdf}", "fig-1-architecture.png}")),
    "w39.bibliography": (BIB, lambda text: text + "@misc{nobody1999,\n  title = {Nothing},\n}\n"),
    "w39.compiles": (TEX, swap(r"\ref{fig:1}", r"\ref{fig:9}")),
    "w39.pages": (PDF, in_pdf(five_more_pages)),
    "w39.readable": (PDF, in_pdf(lambda writer: writer.add_metadata({"/Title": "Untitled"}))),
}
