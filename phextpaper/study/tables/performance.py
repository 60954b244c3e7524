"""Table 2: what each topology gives, needs and costs to change to, on the chips of this machine."""

from typing import cast

import pandas as pd

from phextpaper.engine.naming.layout import Layout
from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Quantity
from phextpaper.press.tables.table import Column, Table, noted, of_frame
from phextpaper.study.quantities import flexibility
from phextpaper.study.quantities.topologies import kinds

WORDS = "tables/performance.j2"

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


def table(q: Quantities) -> Table:
    """The topologies of this machine and the largest found graph."""
    rows = [_row(q, kind) for kind in kinds(q)] + [_found(q)]
    frame = pd.DataFrame(rows, columns=[column.title for column in COLUMNS], dtype=object)
    caption, notes = words(q, WORDS, "caption"), noted(_notes(q))
    return Table(2, caption, COLUMNS, of_frame(frame), notes, wide=True, size="scriptsize")


def _notes(q: Quantities) -> str:
    wired = cast(Layout, q.node("layout.machine")).block_grid is not None
    return words(q, WORDS, "notes", largest=flexibility.largest(q), wired=wired, of_machine=flexibility.own(q))


def cut(q: Quantities, low: Quantity, high: Quantity) -> str:
    """A number that is exact, or the two that it lies between."""
    return str(low) if low == high else words(q, WORDS, "between", low=low, high=high)


def _row(q: Quantities, kind: str) -> list[object]:
    t, r, c = q.topologies[kind], q.reconfiguration, q.comparison.cut[kind]
    change = (START,) * 3 if kind == "torus_3d" else (r.share[kind], r.chip_ms[kind], r.impossible[kind])
    return [
        NAMES[kind],
        t.links_per_chip,
        t.diameter,
        t.mean_hops,
        cut(q, c.low, c.high),
        r.throughput[kind],
        q.flexibility.single[kind],
        r.all_reduce_ms[kind],
        *change,
        q.faults.cover.chip.cold.assured_days,
    ]


def _found(q: Quantities) -> list[object]:
    graph, found, c, own = (
        q.search[flexibility.largest(q)].graph,
        q.found_graph,
        q.comparison.cut.found,
        flexibility.own(q),
    )
    name = NAMES["found"] if own else words(q, WORDS, "learned", name=NAMES["found"])
    return [
        name,
        q.search.links,
        graph.diameter,
        graph.mean_hops,
        cut(q, c.low, c.high),
        graph.even,
        q.flexibility.found_single,
        q.comparison.all_reduce_ms.found,
        found.share,
        found.chip_ms,
        found.impossible,
        q.faults.cover.chip.cold.assured_days if own else ELSEWHERE,
    ]
