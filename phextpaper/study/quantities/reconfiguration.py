"""What changing the 3D torus to another topology on the same chips takes: entries, links, mirrors, times."""

import numpy as np

from phextpaper.engine.networks.topologies import Torus, parse_spec
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.placing.placement import Emulation, emulate, gray_placement, placed
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.traffic import collectives, schedules
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.engine.wiring import ports
from phextpaper.engine.wiring import topology_changes as changes
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities.topologies import kinds

ROWS = ("near", "far", "corner")


def targets(q: Quantities) -> tuple[str, ...]:
    """What the 3D torus is changed to; `detour` is another table on the same links."""
    return (*(kind for kind in kinds(q) if kind != "torus_3d"), "detour")


def table_of(q: Quantities, kind: str) -> RoutingTable:
    """The full table of a topology, or the up*/down* table of the 3D torus for `detour`."""
    return q.node("reconfiguration.detour") if kind == "detour" else q.node(f"topologies.{kind}.table")


def row_ends(q: Quantities, row: str) -> tuple[int, int]:
    """Source and destination of an example row: from the first chip to the second, past the middle of the numbering, to
    the last.
    """
    size = int(q.layout.active_chips)
    return 0, {"near": 1, "far": size // 2 + size // 32 + 5, "corner": size - 1}[row] % size


@node("reconfiguration.detour")
def detour(q: Quantities) -> RoutingTable:
    """Another table on the links of the 3D torus: routes that climb towards the first chip and descend (up*/down*)."""
    return RoutingTable.up_down(q.node("topologies.torus_3d.graph"))


@node("reconfiguration.change.{}", each=targets)
def change(q: Quantities, kind: str) -> changes.Reconfiguration:
    """The change from the 3D torus, with mirrors at block faces where blocks fill the machine."""
    layout, m = q.node("layout.machine"), q.machine
    fits = layout.block_grid is not None
    return changes.reconfiguration(
        q.node("topologies.torus_3d.table"),
        table_of(q, kind),
        entry_s=m.table_entry_update.si,
        mirror_s=m.mirror_switching.si,
        shape=layout.shape if fits else None,
        block=layout.block if fits else None,
    )


@number("reconfiguration.stored_share", "%", ".3g", formula="entries whose port differs / entries")
def stored_share(q: Quantities) -> float:
    """Share of the stored bytes, which name ports, that differ between the 3D torus and its twist: a link that moved
    keeps its port.
    """
    ports = [table_of(q, kind).ports for kind in ("torus_3d", "twisted")]
    return int(np.count_nonzero(ports[0] != ports[1])) / q.routing.entries


@number("reconfiguration.mirror_kind", "", formula="whether the time of a mirror is at least 1 ms and below 1 s")
def mirror_kind(q: Quantities) -> str:
    """How the time of a mirror is known: cited, assumed within the milliseconds that jouppi2023 speaks of, or
    assumed.
    """
    time = q.machine.mirror_switching
    return time.kind if time.kind == "cited" or not 1 <= time.value < 1000 else "assumed within a cited range"


@number(
    "reconfiguration.row.{}.{}",
    "hops",
    each=lambda q: [(kind, row) for kind in kinds(q) for row in ROWS],
    by=RoutingTable.route,
)
def row_hops(q: Quantities, kind: str, row: str) -> int:
    """Hops of an example row's route in a topology."""
    return table_of(q, kind).route(*row_ends(q, row)).hops


@number("reconfiguration.entries.{}", "entries", each=targets, by=changes.difference)
def entries(q: Quantities, kind: str) -> int:
    """Entries of the full table whose next hop differs from that of the 3D torus."""
    return q.node(f"reconfiguration.change.{kind}").entries


@number("reconfiguration.share.{}", "%", 1, each=targets, formula="entries that differ / entries")
def share(q: Quantities, kind: str) -> float:
    """Share of the full table that differs from that of the 3D torus."""
    return q.reconfiguration.entries[kind] / q.routing.entries


@number("reconfiguration.links.{}", "links", each=targets, by=changes.link_change)
def links(q: Quantities, kind: str) -> int:
    """Links that the 3D torus lacks."""
    return q.node(f"reconfiguration.change.{kind}").added_links


@number("reconfiguration.mirrors.{}", "links", each=targets, by=changes.reconfiguration)
def mirrors(q: Quantities, kind: str) -> int:
    """New links that mirrors can make."""
    return q.node(f"reconfiguration.change.{kind}").mirror_links


@number("reconfiguration.impossible.{}", "links", each=targets, by=changes.reconfiguration)
def impossible(q: Quantities, kind: str) -> int:
    """New links that no mirror at a block's face can make."""
    return q.node(f"reconfiguration.change.{kind}").impossible_links


@number("reconfiguration.inside.{}", "links", each=targets, by=changes.link_change)
def inside(q: Quantities, kind: str) -> int:
    """New links whose ends are different places of one block, where only the block's own wires run; none where blocks
    do not fill the machine.
    """
    layout = q.node("layout.machine")
    if layout.block_grid is None:
        return 0
    added = changes.link_change(q.node("topologies.torus_3d.graph"), table_of(q, kind).topology).added
    home = np.stack(np.unravel_index(added, layout.shape), axis=-1) // layout.block
    return int((home[:, 0] == home[:, 1]).all(axis=1).sum())


@number("reconfiguration.removed.{}", "links", each=targets, by=changes.link_change)
def removed(q: Quantities, kind: str) -> int:
    """Links of the 3D torus that the change leaves without use."""
    return q.node(f"reconfiguration.change.{kind}").removed_links


@number(
    "reconfiguration.chip_ms.{}",
    "ms",
    3,
    each=targets,
    by=changes.update_time,
    formula="most changed entries at a chip x time per entry",
)
def chip_ms(q: Quantities, kind: str) -> float:
    """Time for the chip with the most changes to write its entries, all chips at once."""
    return q.node(f"reconfiguration.change.{kind}").written.parallel_s


@number(
    "reconfiguration.serial_s.{}",
    "s",
    2,
    each=targets,
    by=changes.update_time,
    formula="changed entries x time per entry",
)
def serial_s(q: Quantities, kind: str) -> float:
    """Time for one writer to write every entry that changes."""
    return q.node(f"reconfiguration.change.{kind}").written.serial_s


@number("reconfiguration.missing.{}", "links", each=kinds, by=ports.port_budget)
def missing(q: Quantities, kind: str) -> int:
    """Links that each chip would need beyond those it has."""
    return ports.port_budget(q.node(f"topologies.{kind}.graph"), int(q.machine.links_per_chip)).missing


@number("reconfiguration.slots.{}", "turns", each=kinds, by=ports.time_shared)
def slots(q: Quantities, kind: str) -> int:
    """Turns in which the links of a chip would serve all neighbours."""
    return _shared(q, kind).slots


@number("reconfiguration.shared_gb_s.{}", "GB/s", ".3g", each=kinds, by=ports.time_shared)
def shared(q: Quantities, kind: str) -> float:
    """Mean bandwidth to a neighbour when turns last as long as the mirrors move."""
    return _shared(q, kind).link_bandwidth_bytes_per_s


def _shared(q: Quantities, kind: str) -> ports.TimeShared:
    m, turn = q.machine, q.machine.mirror_switching.si
    return ports.time_shared(
        int(q.topologies[kind].links_per_chip),
        int(m.links_per_chip),
        bandwidth_bytes_per_s=m.link_bandwidth.si,
        slot_s=turn,
        switching_s=turn,
    )


def embeds(q: Quantities) -> tuple[str, ...]:
    """The hypercube where it exists and every side of the 3D torus is a power of two."""
    sides = q.node("layout.machine").shape
    return ("hypercube",) if all(side & (side - 1) == 0 for side in sides) else ()


@node("reconfiguration.embedded.{}", each=embeds)
def embedded(q: Quantities, kind: str) -> Emulation:
    """The hypercube laid on the 3D torus by Gray code, its links walked in the torus's table."""
    table = q.node("topologies.torus_3d.table")
    cube = q.node("topologies.hypercube.graph")
    return emulate(cube, table, gray_placement(cube, table.topology))


@number("reconfiguration.dilation.{}", "hops", each=embeds, by=emulate)
def dilation(q: Quantities, kind: str) -> int:
    """Most hops that a link of the hypercube takes on the 3D torus."""
    return q.node(f"reconfiguration.embedded.{kind}").worst_dilation


@number("reconfiguration.congestion.{}", "links", each=embeds, by=emulate)
def congestion(q: Quantities, kind: str) -> int:
    """Links of the hypercube over the busiest link of the 3D torus."""
    return q.node(f"reconfiguration.embedded.{kind}").congestion


@number("reconfiguration.gray_links.{}", "links", each=embeds, by=placed)
def gray_links(q: Quantities, kind: str) -> int:
    """Links of the hypercube that the 3D torus lacks if its nodes are laid on the chips by Gray code."""
    cube, torus = q.node(f"topologies.{kind}.graph"), q.node("topologies.torus_3d.graph")
    return len(changes.link_change(torus, placed(cube, gray_placement(cube, torus))).added)


@number("reconfiguration.all_reduce_ms.{}", "ms", 3, each=kinds, by=schedules.cost)
def all_reduce_ms(q: Quantities, kind: str) -> float:
    """All-reduce by rings along the chapters, then the books, then the volumes, on the routes of a topology's table."""
    m, schedule = q.machine, collectives.per_dimension(q.node("layout.machine").shape)
    return schedules.cost(
        schedule,
        table_of(q, kind),
        buffer_bytes=m.collective_buffer.si,
        hop_latency_s=m.hop_latency.si,
        bandwidth_bytes_per_s=m.link_bandwidth.si,
    ).total_seconds


@number(
    "reconfiguration.throughput.{}", "link bandwidths", 3, each=kinds, by=link_loads, formula="(chips - 1) / worst load"
)
def throughput(q: Quantities, kind: str) -> float:
    """All-to-all throughput of a chip, in bandwidths of one link, with the even split."""
    return (q.layout.active_chips - 1) / float(link_loads(q.node(f"topologies.{kind}.graph")).max())


@number("reconfiguration.neighbour_hops.{}", "hops", 2, each=kinds, by=Torus.hop_counts)
def neighbour_hops(q: Quantities, kind: str) -> float:
    """Mean hops between chips whose coordinates differ by one in one part, wraparound included."""
    graph, layout = q.node(f"topologies.{kind}.graph"), q.node("layout.machine")
    hops, chips = graph.hop_counts(0), np.arange(layout.active)
    place = np.stack(np.unravel_index(chips, layout.shape), axis=-1)
    found = []
    for axis, side in enumerate(layout.shape):
        if side > 1:
            moved = place.copy()
            moved[:, axis] = (moved[:, axis] + 1) % side
            there = np.ravel_multi_index(tuple(moved.T), layout.shape)
            found.append(hops[graph.displacement(chips, there)])
    return float(np.concatenate(found).mean())


@node("reconfiguration.other")
def other(q: Quantities) -> Topology:
    """One more lattice on as many chips: the box generated by the layout's sides with every wrap moved on by one."""
    a, b, c = q.node("layout.machine").shape
    return parse_spec(f"lattice:{a},1,1/0,{b},1/0,0,{c}")


@number("reconfiguration.other_mean_hops", "hops", 2, by=Torus.mean_hops)
def other_mean_hops(q: Quantities) -> float:
    """Mean hops of that lattice."""
    return q.node("reconfiguration.other").mean_hops()


@number("reconfiguration.other_links", "links", by=Torus.degree)
def other_links(q: Quantities) -> int:
    """Links per chip of that lattice."""
    return q.node("reconfiguration.other").degree


@number("reconfiguration.other_pairs", "pairs", by=RoutingTable.verify)
def other_pairs(q: Quantities) -> int:
    """Ordered pairs that a table of that lattice joins in the fewest hops, each looked at."""
    found = RoutingTable.minimal(q.node("reconfiguration.other")).verify()
    return found.pairs - found.endless - found.longer_than_shortest


@number("reconfiguration.detour_mean", "hops", 2, by=RoutingTable.link_loads, formula="sum of link loads / pairs")
def detour_mean(q: Quantities) -> float:
    """Mean hops of the up*/down* routes on the links of the 3D torus: a route loads as many links as it has hops."""
    return int(q.node("reconfiguration.detour").link_loads().sum()) / q.routing.entries
