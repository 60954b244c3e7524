"""Topologies and changes between them: rows read back, and cells reckoned a second time from whole tables."""

from collections.abc import Mapping

import numpy as np

from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.engine.wiring.topology_changes import difference, link_change
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Table
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Verdict, all_of
from phextpaper.study.quantities import flexibility, search
from phextpaper.study.quantities.layout import chip_index, chip_name
from phextpaper.study.quantities.reconfiguration import row_ends, table_of, targets
from phextpaper.study.quantities.topologies import kinds

Shape = tuple[int, ...]


def topology_part(built: Artefacts, q: Quantities, names: Mapping[str, str], kind: str) -> Verdict:
    """The part of a topology: its rule, rows that are its table's and begin on its links, its figures."""
    text = built.markdown()
    if kind not in kinds(q):
        return checks.has(text, f"No hypercube has {len(table_of(q, 'torus_3d').ports)} nodes")
    part, whole, graph = text.section(names[kind]), table_of(q, kind), q.node(f"topologies.{kind}.graph")
    table, right = part.table("Source Coord", "Dest Coord", "Next Hop", "Hops"), 0
    rows = table.rows if table else ()
    for row in rows:
        source, destination, following = (chip_index(q, cell) for cell in row[:3])
        right += (
            following in graph.neighbours()[source]
            and following == whole.next_hop(source, destination)
            and row[3] == str(whole.route(source, destination).hops)
        )
    return all_of(
        Verdict(
            right == len(rows) >= 2,
            f"{names[kind]}: rows that are the table's",
            f"{right} of {len(rows)} right",
            text.where(f"### {names[kind]}"),
        ),
        checks.has(
            part,
            "Neighbour rule:",
            f"degree {graph.degree}, diameter {graph.diameter()} hops, mean {graph.mean_hops():.2f} hops",
        ),
    )


def right_changes(table: Table | None, q: Quantities, names: Mapping[str, str]) -> int:
    """Rows (topology, source, destination, next hop before and after) as both tables have them."""
    old, right = table_of(q, "torus_3d"), 0
    for kind, row in zip(targets(q), table.rows if table else (), strict=False):
        new, ends = table_of(q, kind), (chip_index(q, row[1]), chip_index(q, row[2]))
        right += (
            row[0] == names[kind]
            and chip_index(q, row[3]) == old.next_hop(*ends)
            and chip_index(q, row[4]) == new.next_hop(*ends)
            and (row[3] != row[4] or difference(old, new).entries == 0)
        )
    return right


def change_cells(q: Quantities, kind: str) -> tuple[str, ...]:
    """Entries that differ, their share in %, and links: new, movable, impossible, in a block, given up."""
    layout, tables = q.node("layout.machine"), (table_of(q, "torus_3d"), table_of(q, kind))
    return _cells(*tables, layout.shape, layout.block if layout.block_grid is not None else None)


def _cells(old: RoutingTable, new: RoutingTable, shape: Shape, block: Shape | None) -> tuple[str, ...]:
    """The same between any two tables; without blocks every link is movable and none is in a block."""
    changed, links = difference(old, new), link_change(old.topology, new.topology)
    count, movable, inside = len(links.added), len(links.added), 0
    if block is not None:
        movable = int(link_kinds(links.added, shape, block).optical.sum())
        ends = [np.stack(np.unravel_index(links.added[:, end], shape)).T // block for end in (0, 1)]
        inside = int((ends[0] == ends[1]).all(axis=1).sum())
    numbers = (count, movable, count - movable, inside, len(links.removed))
    return tuple(format_value(number, 1) for number in (changed.entries, 100 * changed.share, *numbers))


def moved_cells(q: Quantities, kind: str) -> tuple[str, ...]:
    """Entries that differ, their share in %, links that are new, those impossible, time of the busiest chip in ms.

    The found graph is compared with the plain torus on its own chips and blocks.
    """
    if kind == "found":
        old, new, size = flexibility.table_of(q, "plain"), flexibility.table_of(q, kind), flexibility.largest(q)
        shape = search.shape_of(q, size)
        cells = _cells(old, new, shape, (search.edge_of(q, size),) * len(shape))
    else:
        old, new, cells = table_of(q, "torus_3d"), table_of(q, kind), change_cells(q, kind)
    busiest = difference(old, new).most_at_one_node * q.machine.table_entry_update.si
    return (*cells[:3], cells[4], format_value(float(from_si(busiest, "ms")), 3))


def topology_cells(q: Quantities, kind: str) -> tuple[str, ...]:
    """Links, diameter, mean hops, throughput split evenly and on single routes, and the example's next chip and hops.

    The found graph is that of the largest size searched; where that is not this machine, it lacks the example.
    """
    found, ends = kind == "found", row_ends(q, "far")
    graph = q.node(f"search.topology.{flexibility.largest(q)}.graph" if found else f"topologies.{kind}.graph")
    load = q.node(f"flexibility.worst.{kind}")[0]
    single = (graph.size - 1) / (min(load, q.node("flexibility.worst_by_chance")) if found else load)
    example = ("other chips", "other chips")
    if not found or flexibility.own(q):
        table = flexibility.table_of(q, kind)
        example = chip_name(q, int(table.next_hop(*ends))), str(table.route(*ends).hops)
    return (
        str(graph.neighbours().shape[1]),
        str(graph.diameter()),
        format_value(graph.mean_hops(), 3 if found else 2),
        format_value(float(graph.all_to_all_throughput()), 3),
        format_value(single, 3),
        *example,
    )


def timing_cells(q: Quantities, kind: str) -> tuple[str, ...]:
    """Time of the chip with the most changes in ms, against the budget, time of one writer in s, what mirrors do."""
    step, changed = q.machine.table_entry_update.si, difference(table_of(q, "torus_3d"), table_of(q, kind))
    chip = from_si(changed.most_at_one_node * step, "ms")
    return (
        format_value(float(chip), 3),
        "within" if chip <= q.machine.table_budget else "beyond",
        format_value(changed.entries * step, 2),
        mirrors(q, kind),
    )


def mirrors(q: Quantities, kind: str) -> str:
    """What mirrors do for a change: nothing, their time, or nothing that would help."""
    old, new, layout = table_of(q, "torus_3d").topology, table_of(q, kind).topology, q.node("layout.machine")
    added = link_change(old, new).added
    if not len(added):
        return "none move"
    blocked = layout.block_grid is not None and link_kinds(added, layout.shape, layout.block).impossible.any()
    too_many = new.neighbours().shape[1] > q.machine.links_per_chip
    return "cannot make it" if blocked or too_many else f"{q.machine.mirror_switching.text} ms"
