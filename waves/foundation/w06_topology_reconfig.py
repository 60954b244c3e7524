"""Wave 6: several topologies on the same coordinates, and what a change from one to another takes."""

from dataclasses import dataclass

from phextpaper.engine.wiring.topology_changes import changed_entries, difference
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.checks.reconfiguration import change_cells, right_changes, timing_cells, topology_part
from phextpaper.study.quantities.layout import chip_name
from phextpaper.study.quantities.reconfiguration import ROWS, embeds, row_ends, table_of, targets
from phextpaper.study.quantities.topologies import kinds

page = Wave(
    n=6,
    name="Topology reconfiguration",
    phase=1,
    minutes=25,
    needs=(3, 4),
    output=("topology-reconfig.md",),
    size_kb=(5, 7),
)

NAMES = {
    "torus_2d": "2D torus",
    "torus_3d": "3D torus",
    "twisted": "Twisted torus",
    "hypercube": "Hypercube",
    "detour": "Same links, up*/down* routes",
}
BEFORE = ("Change to", "Source Coord", "Dest Coord", "Next hop before", "Next hop after")
ENTRIES = (
    "Change to",
    "Entries that differ",
    "Share (%)",
    "New links",
    "By mirrors",
    "Impossible",
    "In a block",
    "Given up",
)
TIMES = ("Change to", "One chip (ms)", "Budget", "One writer (s)", "Mirrors")
BUDGET = ("Topology", "Links needed", "Links of a chip", "Fits", "Missing")


@dataclass(frozen=True)
class Route:
    """A row of a topology's table."""

    kind: str
    row: str
    source: str
    destination: str
    next_hop: str


@dataclass(frozen=True)
class Change:
    """One entry that changes where the 3D torus becomes another topology: the next hop before and after."""

    kind: str
    source: str
    destination: str
    before: str
    after: str


@dataclass(frozen=True)
class Context:
    """Rows and decisions of `topology-reconfig.md`."""

    routes: tuple[Route, ...]
    changes: tuple[Change, ...]
    published_twist: bool
    blocks_fill: bool
    gray_code: bool


@page.context
def context(q: Quantities) -> Context:
    """Routes of each topology, one entry of each change, and what this machine allows."""
    return Context(
        routes=tuple(_route(q, kind, row) for kind in kinds(q) for row in ROWS),
        changes=tuple(_change(q, kind) for kind in targets(q)),
        published_twist=q.node("topologies.twist")[0],
        blocks_fill=q.node("layout.machine").block_grid is not None,
        gray_code=bool(embeds(q)),
    )


def _route(q: Quantities, kind: str, row: str) -> Route:
    ends = row_ends(q, row)
    names = (chip_name(q, int(chip)) for chip in (*ends, table_of(q, kind).next_hop(*ends)))
    return Route(kind, row, *names)


def _change(q: Quantities, kind: str) -> Change:
    """An entry of a source with the most changed entries, for one of the destinations whose next hop changes."""
    before, after = table_of(q, "torus_3d"), table_of(q, kind)
    source = int(difference(before, after).per_source.argmax())
    destinations = changed_entries(before, after, source)[:, 0]
    last = len(before.ports) - 1
    ends = source, int(destinations[len(destinations) // 2]) if len(destinations) else last
    names = (chip_name(q, int(chip)) for chip in (*ends, before.next_hop(*ends), after.next_hop(*ends)))
    return Change(kind, *names)


@page.criterion
def torus_2d(built: Artefacts, q: Quantities) -> Verdict:
    """2D torus: neighbour rule on coordinates, rows, degree, diameter, mean hops"""
    columns = q.node("topologies.torus_2d.graph").shape[1]
    return all_of(
        topology_part(built, q, NAMES, "torus_2d"),
        checks.has(built.markdown().section("2D torus"), f"the count divided by {columns}, the column the remainder"),
    )


@page.criterion
def torus_3d(built: Artefacts, q: Quantities) -> Verdict:
    """3D torus: the same"""
    return topology_part(built, q, NAMES, "torus_3d")


@page.criterion
def twisted_torus(built: Artefacts, q: Quantities) -> Verdict:
    """twisted torus: the same, with its wrap rule"""
    published, twists = q.node("topologies.twist")
    axes = ("volume", "book", "chapter")
    crossed = [f"crossing the end of the {axes[d]}s also shifts" for d, shift in twists if any(shift)]
    shifted = [f"the {axes[e]} by {step}" for _, shift in twists for e, step in enumerate(shift) if step]
    return all_of(
        topology_part(built, q, NAMES, "twisted"),
        checks.has(
            built.markdown().section("Twisted torus"),
            *crossed,
            *shifted,
            "the published twist" if published else "a twist of ours",
        ),
    )


@page.criterion
def hypercube(built: Artefacts, q: Quantities) -> Verdict:
    """hypercube: the same, and its degree set against the links a chip has"""
    if "hypercube" not in kinds(q):
        return topology_part(built, q, NAMES, "hypercube")
    return all_of(
        topology_part(built, q, NAMES, "hypercube"),
        checks.has(
            built.markdown().section("Hypercube"),
            f"{q.topologies.hypercube.links_per_chip.text} links against the {q.machine.links_per_chip.text}",
        ),
    )


@page.criterion
def before_after(built: Artefacts, q: Quantities) -> Verdict:
    """each change shows table rows before and after and the number of entries that differ (computed over the full
    table)
    """
    text, count = built.markdown(), len(targets(q))
    right, where = right_changes(text.table(*BEFORE), q, NAMES), text.where("| Change to | Source")
    return all_of(
        Verdict(right == count, f"{count} changes with rows of both tables", f"{right} right", where),
        checks.cells_equal(text, ENTRIES, [(NAMES[kind], *change_cells(q, kind)) for kind in targets(q)]),
    )


@page.criterion
def timing(built: Artefacts, q: Quantities) -> Verdict:
    """entries x time per entry for each change, against 1 ms per 4096 entries"""
    rows = [(NAMES[kind], *timing_cells(q, kind)) for kind in targets(q)]
    chips, budget = len(table_of(q, "torus_3d").ports), q.machine.table_budget.si
    share = (chips - 1) * q.machine.table_entry_update.si
    table = built.markdown().table(*TIMES)
    seen = list(table.rows) if table else []
    wrong = next((f"{a} instead of {b}" for a, b in zip(seen, rows, strict=False) if a != b), "")
    saw, where = wrong or f"{len(seen)} rows equal", built.markdown().where("| Change to | One")
    return all_of(
        Verdict(seen == rows, f"{len(rows)} times equal to entries x time per entry", saw, where),
        checks.has(
            built.markdown(),
            f"{format_value(from_si(share, 'ms'), 3)} ms, {'within' if share <= budget else 'beyond'} the budget",
            f"{format_value(chips * share, 2)} s for all shares",
        ),
    )


@page.criterion
def port_budget(built: Artefacts, q: Quantities) -> Verdict:
    """a table says which topology fits the links per chip and what the others would need"""
    have = int(q.machine.links_per_chip)
    rows: list[tuple[str, ...]] = []
    for kind in kinds(q):
        need = q.node(f"topologies.{kind}.graph").degree
        fits, missing = "yes" if need <= have else "no", max(need - have, 0)
        rows.append((NAMES[kind], str(need), str(have), fits, str(missing)))
    return checks.cells_equal(built.markdown(), BUDGET, rows)


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """5 to 7 kB"""
    return checks.size(built, page)


@page.review("For which workload is each topology the best? (computed per traffic pattern)")
def best(q: Quantities) -> Answer:
    """The best of the topologies that a chip's links allow, by pattern, and those that are never the best."""
    r = q.reconfiguration
    fitting = [kind for kind in kinds(q) if r.missing[kind] == 0]
    if not fitting:
        return Answer(settled=False, rows={"fitting": fitting})
    found = {
        "all_to_all": {kind: r.throughput[kind] for kind in fitting},
        "neighbours": {kind: r.neighbour_hops[kind] for kind in fitting},
        "all_reduce": {kind: r.all_reduce_ms[kind] for kind in fitting},
        "messages": {kind: q.topologies[kind].mean_hops for kind in fitting},
    }
    won = {pattern: _best(numbers, most=pattern == "all_to_all") for pattern, numbers in found.items()}
    idle = [kind for kind in fitting if not any(kind in first for first in won.values())]
    fewest = _best({kind: q.topologies[kind].links_per_chip for kind in fitting}, most=False)
    rows = {"fitting": fitting, "found": found, "won": won, "idle": idle, "fewest": fewest}
    return Answer(settled=True, rows=rows)


def _best(found: dict[str, Quantity], *, most: bool) -> list[str]:
    """The topologies with the largest or the smallest number; those that print the same share the place."""
    top = (max if most else min)(found.values())
    return [kind for kind, value in found.items() if value.text == top.text]


@page.review("Is the timing realistic?")
def realistic(q: Quantities) -> Answer:
    """Which part is fast."""
    return Answer(settled=True)


@page.review("Does it generalise? (any lattice or graph; one more example)")
def general(q: Quantities) -> Answer:
    """One more lattice on the same chips."""
    return Answer(settled=q.reconfiguration.other_pairs == q.routing.entries)
