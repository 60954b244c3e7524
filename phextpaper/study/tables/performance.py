"""Table 2: what each topology gives, needs and costs to change to, on the chips of this machine."""

from collections.abc import Iterator

import pandas as pd

from phextpaper.press.quantity import Quantity, choose
from phextpaper.press.tables.table import Column, Table, of_frame
from phextpaper.study.quantities import flexibility
from phextpaper.study.quantities.topologies import kinds

NAMES = {
    "torus_2d": "2D torus",
    "torus_3d": "3D torus",
    "twisted": "Twisted torus",
    "hypercube": "Hypercube",
    "found": "Learned graph",
}
FIGURES = (
    ("Links\nper chip", ""),
    ("Diameter", "hops"),
    ("Mean\ndistance", "hops"),
    ("Bisection", "links"),
    ("All-to-all,\neven split", "per link"),
    ("All-to-all,\none route", "per link"),
    ("All-reduce", "ms"),
    ("Entries\nthat differ", "%"),
    ("Busiest\nchip writes", "ms"),
    ("Links no\nmirror makes", "links"),
    ("Spare\ncover", "days"),
)
COLUMNS = (Column("Topology"), *(Column(head, unit, numbers=True) for head, unit in FIGURES))
START, ELSEWHERE = "start", "other chips"


def table(q) -> Table:
    """The topologies of this machine and the largest found graph."""
    rows = [_row(q, kind) for kind in kinds(q)] + [_found(q)]
    frame = pd.DataFrame(rows, columns=[column.title for column in COLUMNS], dtype=object)
    caption = f"Topologies on the {q.layout.active_chips} chips of this machine: distance, throughput, change and cover"
    return Table(2, caption, COLUMNS, of_frame(frame), tuple(_notes(q)), wide=True, size="scriptsize")


def cut(low: Quantity, high: Quantity) -> str:
    """A number that is exact, or the two that it lies between."""
    return str(low) if low == high else f"{low} to {high}"


def _row(q, kind: str) -> list:
    t, r, c = q.topologies[kind], q.reconfiguration, q.comparison.cut[kind]
    change = (START,) * 3 if kind == "torus_3d" else (r.share[kind], r.chip_ms[kind], r.impossible[kind])
    return [
        NAMES[kind],
        t.links_per_chip,
        t.diameter,
        t.mean_hops,
        cut(c.low, c.high),
        r.throughput[kind],
        q.flexibility.single[kind],
        r.all_reduce_ms[kind],
        *change,
        q.faults.cover.chip.cold.assured_days,
    ]


def _found(q) -> list:
    graph, found, c, own = (
        q.search[flexibility.largest(q)].graph,
        q.found_graph,
        q.comparison.cut.found,
        flexibility.own(q),
    )
    name = NAMES["found"] if own else f"{NAMES['found']}, {found.chips} chips"
    return [
        name,
        q.search.links,
        graph.diameter,
        graph.mean_hops,
        cut(c.low, c.high),
        graph.even,
        q.flexibility.found_single,
        q.comparison.all_reduce_ms.found,
        found.share,
        found.chip_ms,
        found.impossible,
        q.faults.cover.chip.cold.assured_days if own else ELSEWHERE,
    ]


def _notes(q) -> Iterator[tuple[str, str]]:
    m, f, graph = q.machine, q.faults, q.search[flexibility.largest(q)].graph
    yield "", "All cells are computed by our model."
    yield "Bisection", " lies between two numbers where it is not known exactly."
    yield (
        "All-to-all",
        (
            " is a chip's throughput over the bandwidth of one link. Traffic is split evenly over all shortest paths, or has one "
            f"route a pair. Balanced routing gives the learned graph {graph.reached}."
        ),
    )
    yield (
        "All-reduce",
        f" adds {m.collective_buffer.with_unit} of each chip in rings along the coordinates. {_rings(q)}",
    )
    yield "Entries that differ", " are counted from the plain 3D torus, where a change starts."
    yield (
        "Links no mirror makes",
        choose(
            q.node("layout.machine").block_grid is None,
            " are none among this machine's topologies, because every link is taken to end at a switch.",
            " are new links of a form that a mirror between two faces cannot give.",
        ),
    )
    yield (
        "Spare cover",
        (
            f" is how long the {q.layout.spare_chips.with_unit} in the spare pool last without repair, at {f.confidence.with_unit} "
            "confidence. A spare serves any table."
        ),
    )
    if not flexibility.own(q):
        yield (
            "",
            (
                f"The learned graph joins {q.found_graph.chips.with_unit} of a slice (Section 5). Its entries are "
                "compared with those of the 3D torus on as many."
            ),
        )


def _rings(q) -> str:
    own, named = q.patterns.all_reduce.torus_2d.per_dimension.milliseconds, q.reconfiguration.all_reduce_ms.torus_2d
    return choose(
        own < named,
        f"Rings laid for a topology can be faster: along the 2D torus's own sides they take {own.with_unit}.",
        f"Along the 2D torus's own sides they take {own.with_unit}.",
    )
