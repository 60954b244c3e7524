"""Wave 8: all-reduce, all-to-all, scatter and gather on coordinates, counted in hops, loads and time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import isclose

from phextpaper.engine.naming.layout import Layout
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.checks.diagrams import drawn, on_links
from phextpaper.study.quantities.layout import chip_name
from phextpaper.study.quantities.patterns import algorithms
from phextpaper.study.quantities.topologies import TORI

page = Wave(
    n=8,
    name="Communication patterns",
    phase=1,
    minutes=30,
    needs=(4, 5),
    output=("communication-patterns.md",),
    size_kb=(7, 9),
)

NAMES = {
    "ring": "ring",
    "tree": "tree",
    "halving_doubling": "halving and doubling",
    "per_dimension": "per dimension",
    "all_dimensions": "all dimensions at once",
}
TORUS_NAMES = {"torus_2d": "2D torus", "torus_3d": "3D torus"}
REDUCE = ("Algorithm", "Topology", "Rounds", "Most hops a round", "Hops in sequence", "Time (ms)")
EXCHANGE = ("Topology", "Mean load", "Worst load, even split", "Worst load, single routes", "Throughput", "Time (ms)")
STEPS = 5  # links drawn in one line, so that it fits a page
HOPS = ("Pattern", "Topology", "Best", "Mean", "Worst")


Chips = tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Rows and decisions of `communication-patterns.md`: what is drawn, and the fastest all-reduce."""

    reduce_diagram: tuple[tuple[str, Chips], ...]
    exchange_diagram: tuple[Chips, ...]
    gather_diagram: tuple[Chips, ...]
    asking: str
    fastest: str
    fastest_on: str


@page.context
def context(q: Quantities) -> Context:
    """Diagrams from routes, and the all-reduce with the least time."""
    times = {(kind, name): q.patterns.all_reduce[kind][name].milliseconds for kind in TORI for name in algorithms(q)}
    kind, name = min(times, key=lambda key: times[key].value)
    return Context(
        reduce_diagram=tuple(_reduces(q)),
        exchange_diagram=tuple(_exchanges(q)),
        gather_diagram=tuple(_gathers(q)),
        asking=chip_name(q, q.node("patterns.requests")[0]),
        fastest=name,
        fastest_on=kind,
    )


def _named(q: Quantities, nodes: Iterable[int]) -> Chips:
    return tuple(chip_name(q, int(node)) for node in nodes)


def _reduces(q: Quantities) -> Iterator[tuple[str, Chips]]:
    """First steps round the ring of each dimension, from the first chip, and the step that closes it."""
    layout, table = q.node("layout.machine"), q.node("topologies.torus_3d.table")
    for axis, name in ((2, "chapter"), (1, "book"), (0, "volume")):
        side, first = layout.shape[axis], (1, 1, 1)
        steps = [(*first[:axis], 1 + step, *first[axis + 1 :]) for step in range(min(4, side))]
        last = (*first[:axis], side, *first[axis + 1 :])
        yield name, _named(q, (int(layout.index(place)) for place in steps))
        yield "", _named(q, table.path(int(layout.index(last)), 0))


def _exchanges(q: Quantities) -> Iterator[Chips]:
    """The route between opposite chips: each dimension begins a line, and a long one goes on in the next."""
    layout, table = q.node("layout.machine"), q.node("topologies.torus_3d.table")
    half = [min(max(side // 2, 1) + 1, side) for side in layout.shape]
    nodes = list(table.path(0, int(layout.index(half))))
    axes = [_axis(layout, a, b) for a, b in pairwise(nodes)]
    start = 0
    for place in range(1, len(nodes)):
        if place == len(nodes) - 1 or axes[place] != axes[start]:
            for first in range(start, place, STEPS):
                yield _named(q, nodes[first : min(first + STEPS, place) + 1])
            start = place


def _axis(layout: Layout, a: int, b: int) -> int:
    """The dimension in which two neighbours differ."""
    places = zip(layout.coordinate(a), layout.coordinate(b), strict=True)
    return next(axis for axis, (x, y) in enumerate(places) if x != y)


def _gathers(q: Quantities) -> Iterator[Chips]:
    """The routes to the three nearest owners of the batch."""
    asking, owners = q.node("patterns.requests")
    table = q.node("topologies.torus_3d.table")
    away = sorted(
        {int(owner) for owner in owners if owner != asking}, key=lambda owner: (len(table.path(asking, owner)), owner)
    )
    return (_named(q, table.path(asking, owner)) for owner in away[:3])


@page.criterion
def all_reduce(built: Artefacts, q: Quantities) -> Verdict:
    """explained, with a path diagram; rounds, hops per round and total hops for ring, tree and per-dimension
    algorithms; time model in bytes and seconds
    """
    rows: list[tuple[str, ...]] = []
    for name in algorithms(q):
        for kind in TORI:
            cost = q.node(f"patterns.cost.{kind}.{name}")
            most, milliseconds = int(cost.most_hops.max()), from_si(cost.total_seconds, "ms")
            hops = (format_value(most), q.patterns.all_reduce[kind][name].critical_hops.text)
            rows.append(
                (NAMES[name], TORUS_NAMES[kind], format_value(cost.rounds), *hops, format_value(milliseconds, 3))
            )
    part = built.markdown().section("All-reduce")
    return all_of(
        checks.cells_equal(part, REDUCE, rows),
        checks.has(part, f"{q.machine.collective_buffer.text} MB", f"{q.machine.link_bandwidth.text} GB/s"),
    )


@page.criterion
def all_to_all(built: Artefacts, q: Quantities) -> Verdict:
    """explained, with a path diagram; exact link loads under minimal routing and the throughput they allow"""
    others, kept = int(q.machine.chips) - 1, True
    rows: list[tuple[str, ...]] = []
    for kind, name in TORUS_NAMES.items():
        even, found = q.node(f"patterns.even_loads.{kind}"), q.patterns.all_to_all[kind]
        loads = (found.mean_load.text, found.worst_load.text, found.table_load.text)
        rows.append((name, *loads, format_value(others / float(even.max()), 3), found.milliseconds.text))
        mean = float(even.sum()) / (others * int(q.machine.chips))
        kept = kept and isclose(mean, q.node(f"topologies.{kind}.graph").mean_hops())
    part = built.markdown().section("All-to-all")
    return all_of(
        checks.cells_equal(part, EXCHANGE, rows),
        Verdict(kept, "loads that sum to pairs x mean hops", "they do" if kept else "they do not"),
    )


@page.criterion
def scatter_gather(built: Artefacts, q: Quantities) -> Verdict:
    """explained, with a path diagram, on sampled lookups"""
    part = built.markdown().section("Scatter and gather")
    asking, owners = q.node("patterns.requests")
    ends = {chain[-1] for chain in drawn(part, q)}
    sampled = (
        bool(ends) and ends <= {int(owner) for owner in owners} and all(chain[0] == asking for chain in drawn(part, q))
    )
    return all_of(
        checks.has(part, f"{len(owners)} lookups", f"{q.patterns.gather_total.torus_3d.text} hops"),
        Verdict(
            sampled,
            "routes from the asking chip to owners of sampled rows",
            f"{len(ends)} routes" + ("" if sampled else ", not all to owners"),
        ),
    )


@page.criterion
def hop_counts(built: Artefacts, q: Quantities) -> Verdict:
    """best, mean and worst hops for each pattern"""
    p, rows = q.patterns, []
    for kind, name in TORUS_NAMES.items():
        way = p.all_reduce[kind].per_dimension
        rows.append(("all-reduce, per dimension", name, way.least_hops, way.mean_hops, way.most_hops))
    for kind, name in TORUS_NAMES.items():
        figures = q.topologies[kind]
        rows.append(("all-to-all", name, p.all_reduce[kind].ring.least_hops, figures.mean_hops, figures.diameter))
    for kind, name in TORUS_NAMES.items():
        rows.append(("scatter and gather", name, p.gather[kind].least, p.gather_mean[kind], p.gather[kind].most))
    cells = [(pattern, name, *(number.text for number in numbers)) for pattern, name, *numbers in rows]
    return checks.cells_equal(built.markdown().section("Hop counts"), HOPS, cells)


@page.criterion
def torus_comparison(built: Artefacts, q: Quantities) -> Verdict:
    """the same figures for 2D and 3D torus; each printed number equals the engine's"""
    text = built.markdown()
    verdicts = []
    for heads in (REDUCE, EXCHANGE, HOPS):
        table = text.table(*heads)
        column = table.column("Topology") if table else []
        verdicts.append(
            Verdict(
                column.count("2D torus") == column.count("3D torus") > 0,
                f"{heads[0]}: both tori",
                f"{column.count('2D torus')} and {column.count('3D torus')} rows",
            )
        )
    means = {kind: f"{q.node(f'topologies.{kind}.graph').mean_hops():.2f}" for kind in TORI}
    part = text.section("Check")
    return all_of(*verdicts, checks.has(part, means["torus_2d"], means["torus_3d"]))


@page.criterion
def diagrams(built: Artefacts, q: Quantities) -> Verdict:
    """at least 3 fenced diagrams whose coordinates all parse and whose drawn links exist"""
    count = sum("->" in fence.text for fence in built.markdown().fences)
    return all_of(
        Verdict(count >= 3, "at least 3 diagrams", f"{count}"),
        *(on_links(built, q, title) for title in ("All-reduce", "All-to-all", "Scatter and gather")),
    )


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """7 to 9 kB"""
    return checks.size(built, page)


@page.review("Do the three patterns cover the main ML workloads?")
def cover(q: Quantities) -> Answer:
    """Which workload needs which pattern."""
    return Answer(settled=True)


@page.review("Are the hop counts right? (closed form, search and an independent library agree)")
def right(q: Quantities) -> Answer:
    """Three ways to the same mean."""
    p = q.patterns
    ways = [(p.closed_mean[kind], q.topologies[kind].mean_hops, p.library_mean[kind]) for kind in TORI]
    agree = all(isclose(way.value, means[0].value, rel_tol=1e-11) for means in ways for way in means)
    return Answer(settled=agree, rows={"agree": agree})


@page.review("Can patterns run together? (combined link load)")
def together(q: Quantities) -> Answer:
    """All-reduce and all-to-all on the same links."""
    return Answer(settled=True)
