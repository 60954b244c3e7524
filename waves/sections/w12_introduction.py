"""Wave 12: Section 1, the problem, the answer that is examined, what it is worth, and where each part is treated."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities import search
from phextpaper.study.quantities.claims import as_planned
from phextpaper.study.quantities.layout import example_coordinate
from phextpaper.study.quantities.topologies import kinds

page = Wave(
    n=12,
    name="Introduction",
    phase=2,
    minutes=30,
    needs=(2, 11),
    output=("sections/01-introduction.md",),
    words=(800, 1200),
)

PARTS = (
    "1.1 Workload evolution",
    "1.2 The fixed-topology problem",
    "1.3 Coordinates as topology",
    "1.4 Contributions",
    "1.5 Roadmap",
)
ANSWERS = ("Problem", "Part of the answer", "Treated in")
LATER = tuple(f"Section {number}" for number in range(2, 15))


@dataclass(frozen=True)
class Context:
    """What `01-introduction.md` prints besides numbers by their ids: which topologies and sizes it speaks of."""

    example: str
    least_changed: str
    most_changed: str
    slowest: str
    """Topologies whose tables differ least and most from the 3D torus's, and whose busiest chip writes longest."""
    least: str
    most: str
    """Sizes at which the found graph gains least and most."""
    beyond: tuple[str, ...]
    met: tuple[str, ...]
    """Sizes at which no setting reaches the published gain, and at which the found graph does."""
    planned_batch: bool


@page.context
def context(q: Quantities) -> Context:
    """An example, the ends of what phase 1 found, and where a published gain lies beside it."""
    changed, sizes, aim = (
        [kind for kind in kinds(q) if kind != "torus_3d"],
        search.sizes(q),
        q.facts.tons.all_to_all_gain,
    )
    shares, times, gains = q.reconfiguration.share, q.reconfiguration.chip_ms, q.search.gain
    volume, book, chapter, section = example_coordinate(q, "middle")
    return Context(
        example=f"{volume}.{book}.{chapter}/{section}.1",
        least_changed=min(changed, key=lambda kind: shares[kind].value),
        most_changed=max(changed, key=lambda kind: shares[kind].value),
        slowest=max(changed, key=lambda kind: times[kind].value),
        least=min(sizes, key=lambda size: gains[size].value),
        most=max(sizes, key=lambda size: gains[size].value),
        beyond=tuple(size for size in sizes if q.search_limits.gain[size] < aim),
        met=tuple(size for size in sizes if gains[size] >= aim),
        planned_batch=as_planned(q, "batch", "base", "ids"),
    )


@page.criterion
def subsections(built: Artefacts, q: Quantities) -> Verdict:
    """1.1 workload evolution, 1.2 the fixed-topology problem, 1.3 coordinates as topology, 1.4 contributions (3 or
    more), 1.5 roadmap naming each later section
    """
    text = built.markdown()
    items = [line for line in text.section(PARTS[3]).text.splitlines() if re.match(r"\d+\. \*\*", line)]
    roadmap = {
        str(reference)
        for reference in built.prose().references
        if reference.line >= next(heading.line for heading in text.headings if heading.text == PARTS[4])
    }
    missing = [name for name in LATER if name not in roadmap]
    return all_of(
        prose_checks.subsections(built, PARTS),
        Verdict(len(items) >= 3, "3 contributions or more", f"{len(items)}", text.name),
        Verdict(
            not missing,
            f"a roadmap that names {len(LATER)} sections",
            f"without {', '.join(missing)}" if missing else "all named",
            text.name,
        ),
    )


@page.criterion
def problems_answered(built: Artefacts, q: Quantities) -> Verdict:
    """each problem stated in 1.2 is answered by a named part of 1.3"""
    text = built.markdown()
    stated = re.findall(r"^- \*\*([^*]+)\.\*\*", text.section(PARTS[1]).text, re.MULTILINE)
    answer = text.section(PARTS[2])
    table, named = (
        answer.table(*ANSWERS),
        {" ".join(name.casefold().split()) for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", answer.text)},
    )
    rows = table.rows if table else []
    unnamed = [row[0] for row in rows if row[1].partition(":")[0] not in named]
    right = bool(stated) and [row[0] for row in rows] == stated and not unnamed
    return Verdict(
        right,
        f"{', '.join(stated)}, each answered by a part named in italics",
        f"{', '.join(row[0] for row in rows) or 'no table'}; without a named part: {', '.join(unnamed) or 'none'}",
        text.name,
    )


@page.criterion
def citations(built: Artefacts, q: Quantities) -> Verdict:
    """at least 4 citations that resolve in the bibliography"""
    return prose_checks.cites(built, q, 4)


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """800 to 1200 words"""
    return checks.length(built, page)
