"""The source paper in numbers: what its outline lists, and what a given PDF of it holds."""

from pathlib import PurePath

from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.sources.outline import Concept, Outline, load_concepts, load_outline
from phextpaper.study.sources.source_pdf import PaperText, read_pdf


@node("outline.shipped")
def shipped(q: Quantities) -> Outline:
    """The outline that ships with the project."""
    q.file("reference/outline.toml")
    return load_outline(q.root)


@node("outline.concepts_listed")
def concepts_listed(q: Quantities) -> tuple[Concept, ...]:
    """The concepts that ship with the project."""
    q.file("reference/concepts.toml")
    return load_concepts(q.root)


@node("outline.paper")
def paper(q: Quantities) -> PaperText | None:
    """The text of the PDF that was given for this run, or None."""
    path = q.setting("pdf")
    return read_pdf(q.file(path), PurePath(path).name) if path else None


def _mentioned(q: Quantities) -> list[str]:
    return [concept.id for concept in q.node("outline.concepts_listed")] if q.node("outline.paper") else []


@number("outline.sections", "sections", by=load_outline)
def sections(q: Quantities) -> int:
    """Sections and subsections of the source paper that the outline lists."""
    return len(q.node("outline.shipped").section)


@number("outline.figures", "figures", by=load_outline)
def figures(q: Quantities) -> int:
    """Figures of the source paper that the outline lists."""
    return len(q.node("outline.shipped").figure)


@number("outline.tables", "tables", by=load_outline)
def tables(q: Quantities) -> int:
    """Tables of the source paper that the outline lists."""
    return len(q.node("outline.shipped").table)


@number("outline.concepts", "concepts", by=load_concepts)
def concepts(q: Quantities) -> int:
    """Concepts of the source paper that need a mapping."""
    return len(q.node("outline.concepts_listed"))


@number("outline.type.{}", "concepts", each=("direct", "analogy", "extension", "none"))
def mapping_type(q: Quantities, kind: str) -> int:
    """Concepts with a mapping of one type."""
    wanted = {"none": "N/A"}.get(kind, kind.capitalize())
    return sum(concept.type == wanted for concept in q.node("outline.concepts_listed"))


@number("outline.deep", "concepts")
def deep(q: Quantities) -> int:
    """Concepts flagged for a deep explanation."""
    return sum(bool(concept.deep) for concept in q.node("outline.concepts_listed"))


def _our_sections(q: Quantities) -> list[str]:
    found = {concept.section for concept in q.node("outline.concepts_listed")}
    return [f"section_{name}" for name in sorted(found, key=int)]


@number("outline.coverage.{}", "rows", each=_our_sections)
def coverage(q: Quantities, section: str) -> int:
    """Concepts that one section of our paper treats."""
    return sum(f"section_{concept.section}" == section for concept in q.node("outline.concepts_listed"))


@number("outline.usable.{}", "rows", each=_our_sections)
def usable(q: Quantities, section: str) -> int:
    """Concepts of one section of our paper that have an equivalent in phext."""
    return sum(
        f"section_{concept.section}" == section and concept.type != "N/A"
        for concept in q.node("outline.concepts_listed")
    )


@number("outline.pdf.pages", "pages", by=read_pdf)
def pdf_pages(q: Quantities) -> int:
    """Pages of the given PDF; 0 where none was given."""
    paper = q.node("outline.paper")
    return paper.pages if paper else 0


@number("outline.pdf.characters", "characters", by=read_pdf)
def pdf_characters(q: Quantities) -> int:
    """Characters of text in the given PDF; 0 where none was given."""
    paper = q.node("outline.paper")
    return len(paper.text) if paper else 0


@number("outline.pdf.headings_found", "headings", by=read_pdf)
def headings_found(q: Quantities) -> int:
    """Headings of the outline whose number the given PDF has too."""
    paper = q.node("outline.paper")
    return sum(section.number in paper.headings for section in q.node("outline.shipped").section) if paper else 0


@number("outline.pdf.headings_extra", "headings", by=read_pdf)
def headings_extra(q: Quantities) -> int:
    """Numbered headings of the given PDF that the outline does not list."""
    paper = q.node("outline.paper")
    return len(set(paper.headings) - {section.number for section in q.node("outline.shipped").section}) if paper else 0


@number("outline.pdf.captions", "captions", by=read_pdf)
def captions(q: Quantities) -> int:
    """Captions of figures and tables found in the given PDF; 0 where none was given."""
    paper = q.node("outline.paper")
    return len(paper.captions) if paper else 0


@number("outline.mentions.{}", "times", each=_mentioned, by=read_pdf)
def mentions(q: Quantities, concept: str) -> int:
    """How often the given PDF names a concept, in any of its spellings."""
    terms = {entry.id: entry.terms for entry in q.node("outline.concepts_listed")}[concept]
    return q.node("outline.paper").count(terms)
