"""Wave 2: what answers in phext to each concept of the source paper, and what does not."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Table
from phextpaper.press.evaluation import Quantities
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.sources.outline import Concept

page = Wave(
    n=2, name="Core concept mapping", phase=1, minutes=30, needs=(1,), output=("concept-mapping.md",), size_kb=(3, 5)
)

HEADS = ("TPU v4 Concept", "Phext Equivalent", "Mapping Type", "Notes")
TYPES = ("Direct", "Analogy", "Extension", "N/A")
_FLAG = re.compile(r"deep: Section (\d+)")


@dataclass(frozen=True)
class Context:
    """The concepts as `concept-mapping.md` lists them."""

    concepts: tuple[Concept, ...]


@page.context
def context(q: Quantities) -> Context:
    """The concepts of the source paper with what answers to each."""
    return Context(tuple(q.node("outline.concepts_listed")))


def _table(built: Artefacts) -> Table | None:
    return next((table for table in built.markdown().tables if table.heads == HEADS), None)


def _column(built: Artefacts, head: str) -> list[str]:
    table = _table(built)
    return table.column(head) if table else []


def _sections(q: Quantities) -> list[int]:
    """The sections of our paper, by number."""
    outputs = [path for wave in load_waves(q.root).values() for path in wave.output]
    return sorted(int(path.split("/")[1][:2]) for path in outputs if path.startswith("sections/"))


@page.criterion
def four_columns(built: Artefacts, q: Quantities) -> Verdict:
    """one table with exactly those four column heads, in that order"""
    tables = built.markdown().tables
    heads = [" | ".join(table.heads) for table in tables]
    return Verdict(
        len(tables) == 1 and tables[0].heads == HEADS,
        f"one table: {' | '.join(HEADS)}",
        "; ".join(heads) or "no table",
        built.markdown().where("| TPU v4"),
    )


@page.criterion
def thirty_mappings(built: Artefacts, q: Quantities) -> Verdict:
    """at least 30 rows, no concept twice"""
    names = _column(built, HEADS[0])
    twice = sorted({name for name in names if names.count(name) > 1})
    return Verdict(
        len(names) >= 30 and not twice,
        "at least 30 different rows",
        f"{len(names)} rows" + (f", twice: {', '.join(twice)}" if twice else ""),
    )


@page.criterion
def every_concept_mapped(built: Artefacts, q: Quantities) -> Verdict:
    """every concept that wave 1 lists has a row"""
    listed = built.markdown("wave-breakdown.md").table("Concept", "Kind", "Where")
    wanted = listed.column("Concept") if listed else []
    names = set(_column(built, HEADS[0]))
    missing = [name for name in wanted if name not in names]
    return Verdict(
        bool(wanted) and not missing,
        f"a row for each of wave 1's {len(wanted)} concepts",
        f"missing: {', '.join(missing)}" if missing else f"{len(names)} rows",
    )


@page.criterion
def types_labelled(built: Artefacts, q: Quantities) -> Verdict:
    """each Mapping Type is one of Direct, Analogy, Extension, N/A, and each of the first three occurs"""
    types = _column(built, HEADS[2])
    wrong = [word for word in types if word not in TYPES]
    absent = [word for word in TYPES[:3] if word not in types]
    return Verdict(
        bool(types) and not wrong and not absent,
        f"only {', '.join(TYPES)}, the first three in use",
        f"wrong: {wrong[0]!r}" if wrong else f"absent: {', '.join(absent)}" if absent else f"{len(types)} labels",
        built.markdown().where("| TPU v4"),
    )


@page.criterion
def deep_flags(built: Artefacts, q: Quantities) -> Verdict:
    """at least 5 rows are flagged for a deep explanation, and each flag names the section that gives it"""
    flagged, sections = [note for note in _column(built, HEADS[3]) if "deep" in note], _sections(q)
    unknown = [note for note in flagged if not (match := _FLAG.search(note)) or int(match[1]) not in sections]
    return Verdict(
        len(flagged) >= 5 and not unknown,
        "at least 5 flags, each naming a section of the paper",
        f"no such section: {unknown[0]!r}" if unknown else f"{len(flagged)} flags",
    )


@page.criterion
def no_tbd(built: Artefacts, q: Quantities) -> Verdict:
    """no TBD, TODO or empty cell; a concept without an equivalent says so (N/A)"""
    table = _table(built)
    rows = table.rows if table else ()
    silent = [row[0] for row in rows if (row[1] == "no equivalent") != (row[2] == "N/A")]
    return all_of(
        checks.no_placeholder(built.markdown()),
        Verdict(
            bool(rows) and not silent,
            "N/A where and only where there is no equivalent",
            f"not so: {silent[0]}" if silent else f"{len(rows)} rows",
        ),
    )


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """3 to 5 kB"""
    return checks.size(built, page)


@page.review("Can every section of the paper be written from these mappings? (coverage: section -> rows)")
def coverage(q: Quantities) -> Answer:
    """Rows by section of our paper."""
    # The first section is the abstract and the last the conclusion: they restate the others and need no row of their
    # own.
    served = list(q.outline.coverage)
    empty = [str(number) for number in _sections(q)[1:-1] if f"section_{number}" not in served]
    bare = [key.partition("_")[2] for key in served if q.outline.usable[key] == 0]
    return Answer(settled=not empty, rows={"empty": empty, "bare": bare})


@page.review("Is any mapping forced? (the N/A and Analogy rows with the reason)")
def forced(q: Quantities) -> Answer:
    """Where no mapping holds, and where it only resembles."""
    return Answer(settled=True, rows={"concepts": q.node("outline.concepts_listed")})


@page.review("Which mappings need a subsection of their own?")
def subsections(q: Quantities) -> Answer:
    """The rows flagged for a deep explanation."""
    deep = [concept for concept in q.node("outline.concepts_listed") if concept.deep]
    return Answer(settled=bool(deep), rows={"deep": deep})
