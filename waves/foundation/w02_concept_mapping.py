"""Wave 2: what answers in phext to each concept of the source paper, and what does not."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import Answer, Verdict, Wave, all_of

page = Wave(
    n=2, name="Core concept mapping", phase=1, minutes=30, needs=(1,), output=("concept-mapping.md",), size_kb=(3, 5)
)

HEADS = ("TPU v4 Concept", "Phext Equivalent", "Mapping Type", "Notes")
TYPES = ("Direct", "Analogy", "Extension", "N/A")
_FLAG = re.compile(r"deep: Section (\d+)")


@dataclass(frozen=True)
class Row:
    """A concept and its equivalent."""

    name: str
    equivalent: str
    type: str
    note: str
    flag: str


@dataclass(frozen=True)
class Context:
    """What `concept-mapping.md` prints."""

    rows: tuple[Row, ...]
    concepts: Quantity
    direct: Quantity
    analogy: Quantity
    extension: Quantity
    unmapped: Quantity
    deep: Quantity


@page.context
def context(q) -> Context:
    """The concepts as rows, and how many there are of each type."""
    outline = q.outline
    rows = tuple(
        Row(c.name, c.equivalent, c.type, c.note, f"; deep: Section {c.deep}" if c.deep else "")
        for c in q.node("outline.concepts_listed")
    )
    return Context(
        rows,
        outline.concepts,
        outline.type.direct,
        outline.type.analogy,
        outline.type.extension,
        outline.type.none,
        outline.deep,
    )


def _table(built):
    return next((table for table in built.markdown().tables if table.heads == HEADS), None)


@page.criterion
def four_columns(built, q) -> Verdict:
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
def thirty_mappings(built, q) -> Verdict:
    """at least 30 rows, no concept twice"""
    names = _table(built).column(HEADS[0]) if _table(built) else []
    twice = sorted({name for name in names if names.count(name) > 1})
    return Verdict(
        len(names) >= 30 and not twice,
        "at least 30 different rows",
        f"{len(names)} rows" + (f", twice: {', '.join(twice)}" if twice else ""),
    )


@page.criterion
def every_concept_mapped(built, q) -> Verdict:
    """every concept that wave 1 lists has a row"""
    listed = built.markdown("wave-breakdown.md").table("Concept", "Kind", "Where")
    wanted = listed.column("Concept") if listed else []
    names = set(_table(built).column(HEADS[0])) if _table(built) else set()
    missing = [name for name in wanted if name not in names]
    return Verdict(
        bool(wanted) and not missing,
        f"a row for each of wave 1's {len(wanted)} concepts",
        f"missing: {', '.join(missing)}" if missing else f"{len(names)} rows",
    )


@page.criterion
def types_labelled(built, q) -> Verdict:
    """each Mapping Type is one of Direct, Analogy, Extension, N/A, and each of the first three occurs"""
    types = _table(built).column(HEADS[2]) if _table(built) else []
    wrong = [word for word in types if word not in TYPES]
    absent = [word for word in TYPES[:3] if word not in types]
    return Verdict(
        bool(types) and not wrong and not absent,
        f"only {', '.join(TYPES)}, the first three in use",
        f"wrong: {wrong[0]!r}" if wrong else f"absent: {', '.join(absent)}" if absent else f"{len(types)} labels",
        built.markdown().where("| TPU v4"),
    )


@page.criterion
def deep_flags(built, q) -> Verdict:
    """at least 5 rows are flagged for a deep explanation, and each flag names the section that gives it"""
    notes = _table(built).column(HEADS[3]) if _table(built) else []
    flagged = [note for note in notes if "deep" in note]
    sections = {
        int(path.split("/")[1][:2])
        for wave in load_waves(q.root).values()
        for path in wave.output
        if path.startswith("sections/")
    }
    unknown = [note for note in flagged if not (match := _FLAG.search(note)) or int(match[1]) not in sections]
    return Verdict(
        len(flagged) >= 5 and not unknown,
        "at least 5 flags, each naming a section of the paper",
        f"no such section: {unknown[0]!r}" if unknown else f"{len(flagged)} flags",
    )


@page.criterion
def no_tbd(built, q) -> Verdict:
    """no TBD, TODO or empty cell; a concept without an equivalent says so (N/A)"""
    rows = _table(built).rows if _table(built) else ()
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
def size(built, q) -> Verdict:
    """3 to 5 kB"""
    return checks.size(built, page)


@page.review("Can every section of the paper be written from these mappings? (coverage: section -> rows)")
def coverage(q) -> Answer:
    """Rows by section of our paper."""
    rows, usable = q.outline.coverage, q.outline.usable
    bare = [name for name in rows if usable[name] == 0]
    listed = "; ".join(
        f"{name.replace('_', ' ').capitalize()} has {rows[name].with_unit}, {usable[name]} with an equivalent"
        for name in rows
    )
    body = {
        int(path.split("/")[1][:2])
        for wave in load_waves(q.root).values()
        for path in wave.output
        if path.startswith("sections/")
    }
    # The first section is the abstract and the last the conclusion: they restate the others and need no mapping of their own.
    empty = [f"Section {number}" for number in sorted(body)[1:-1] if f"section_{number}" not in rows]
    without = (
        f" {', '.join(name.replace('_', ' ').capitalize() for name in bare)} rest on reported results alone, and say so."
        if bare
        else ""
    )
    lacking = f" No row serves {', '.join(empty)}." if empty else ""
    return Answer(f"{choose(empty, 'No', 'Yes')}: {listed}.{without}{lacking}", not empty)


@page.review("Is any mapping forced? (the N/A and Analogy rows with the reason)")
def forced(q) -> Answer:
    """Where no mapping holds, and where it only resembles."""
    concepts = q.node("outline.concepts_listed")
    none = ", ".join(c.name for c in concepts if c.type == "N/A")
    alike = "; ".join(f"{c.name} ({c.note})" for c in concepts if c.type == "Analogy")
    return Answer(
        f"{q.outline.type.none} concepts have no equivalent, and none is invented: {none}. {q.outline.type.analogy} are analogies: {alike}."
    )


@page.review("Which mappings need a subsection of their own?")
def subsections(q) -> Answer:
    """The rows flagged for a deep explanation."""
    deep = [concept for concept in q.node("outline.concepts_listed") if concept.deep]
    return Answer(f"{q.outline.deep}: " + "; ".join(f"{c.name} (Section {c.deep})" for c in deep) + ".", bool(deep))
