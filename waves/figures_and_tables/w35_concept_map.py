"""Wave 35: Table 5, the concepts of wave 2 with the section that treats each."""

import re

from phextpaper.errors import PageError
from phextpaper.press.checks import table_checks
from phextpaper.press.checks.section_rules import section_paths
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.sources.outline import Concept
from phextpaper.study.tables import concept_map

page = Wave(
    n=35,
    name="Table 5: concept mapping, final",
    phase=3,
    minutes=20,
    needs=(2, 23),
    output=("tables/table-5-concept-map.md",),
    also=("tables/table-5-concept-map.tex",),
)

FIRST = ("TPU v4 Concept", "Phext Equivalent", "Mapping Type", "Notes")


@page.writes("tables/table-5-concept-map.md")
def table(q: Quantities) -> Made:
    """The table in its two forms."""
    return concept_map.table(q).made(page.output[0])


@page.criterion
def content(built: Artefacts, q: Quantities) -> Verdict:
    """every row of wave 2 with the section that treats it; the references exist"""
    text, first = built.markdown(), built.markdown("concept-mapping.md").table(*FIRST)
    found = text.table("TPU v4 concept")
    wanted = [(*row[:3], row[3].partition("; deep:")[0]) for row in first.rows] if first else []
    seen = [row[:4] for row in found.rows] if found else []
    other = next((row[0] for row in wanted if row not in seen), "")
    q.file("plan/waves.toml")
    sections = section_paths([path for wave in load_waves(q.root).values() for path in wave.output])
    wrong = (
        []
        if found is None
        else [
            fault
            for concept, row in zip(q.node("outline.concepts_listed"), found.rows, strict=False)
            if (fault := _untreated(built, q, concept, row[4], sections))
        ]
    )
    return all_of(
        table_checks.table(built, page, concept_map.table(q)),
        Verdict(
            bool(wanted) and seen == wanted,
            f"the {len(wanted)} rows of wave 2",
            f"{len(seen)} rows" + (f", without {other}" if other else ""),
            text.name,
        ),
        Verdict(
            bool(seen) and not wrong,
            "a section that exists and speaks of the concept, in every row",
            "; ".join(wrong[:3]) or f"{len(seen)} sections",
            text.name,
        ),
    )


def _untreated(built: Artefacts, q: Quantities, concept: Concept, reference: str, sections: dict[int, str]) -> str:
    """What is wrong with a row's reference: no such section, or one that does not name the concept in any way."""
    match = re.fullmatch(r"Section (\d+)", reference)
    if not match or int(match[1]) not in sections:
        return f"{concept.name}: {reference!r} is no section"
    said = " ".join(_section(built, q, sections[int(match[1])]).split()).casefold()
    names = [concept.said] if concept.said else [concept.name, *concept.terms]
    return (
        ""
        if not said or any(name.casefold() in said for name in names)
        else f"{concept.name}: {reference} does not speak of it"
    )


def _section(built: Artefacts, q: Quantities, path: str) -> str:
    """A section as it was built, where this wave may read it, or its template; empty where it is not written yet."""
    try:
        return built.text(path)
    except (PageError, FileNotFoundError):
        pass
    try:
        return q.file(f"templates/{path}.j2").decode("utf-8")
    except OSError:
        return ""
