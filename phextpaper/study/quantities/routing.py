"""The full routing table of the 3D torus: its size, its proof, its cost to write, and three patterns walked in it."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.routing.deadlock import DeadlockReport
from phextpaper.engine.routing.tables import Route, RoutingTable, Verification
from phextpaper.engine.sparse.sharding import owners
from phextpaper.engine.traffic import transfer_times
from phextpaper.engine.wiring import ports, topology_changes
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number

ROWS = ("near", "plan_middle", "plan_far", "opposite", "returning")
RING_STEPS = ("s1", "s2", "s3", "s4")
LOOKUPS = ("l1", "l2", "l3")
BILLION = 10**9
"""IDs of the vocabulary that the examples were written for."""
LONG_MESSAGE_BYTES = 10**12
"""A message so long that the way of its first byte does not count."""
ROUNDING = 1e-9
"""What a quotient may lack of a whole number and count as it."""
EXAMPLE_IDS = (847_293_102, 293_102_847, 102_847_293)  # the plan's example and its rotations, for a vocabulary of 10^9


def endpoints(q: Quantities, row: str) -> tuple[int, int]:
    """Source and destination of an example row, as chip indices."""
    layout = q.node("layout.machine")
    sides = np.array(layout.shape)
    half = np.maximum(sides // 2, 1)
    places = {
        "near": ((1, 1, 1), (1, 1, min(2, sides[2]))),
        "plan_middle": ((1, 1, 1), half),
        "plan_far": ((1, 1, 1), sides),
        "opposite": ((1, 1, 1), np.minimum(half + 1, sides)),
        "returning": (half, sides),
    }
    source, destination = (np.minimum(np.array(place), sides) for place in places[row])
    return int(layout.index(source)), int(layout.index(destination))


@node("routing.table")
def table(q: Quantities) -> RoutingTable:
    """The full minimal table of the 3D torus, in dimension order."""
    return q.node("topologies.torus_3d.table")


@node("routing.verification")
def verification(q: Quantities) -> Verification:
    """What a look at every pair of the table found."""
    return q.node("routing.table").verify()


@node("routing.deadlock")
def deadlock(q: Quantities) -> DeadlockReport:
    """The channel dependency graph of the table, on one channel and on the channels that it needs."""
    return q.node("routing.table").deadlock_free()


@number("routing.entries_per_chip", "entries", formula="active chips - 1")
def entries_per_chip(q: Quantities) -> int:
    """Entries that one chip holds: a next hop for every other chip."""
    return q.layout.active_chips - 1


@number("routing.entries", "entries", by=topology_changes.full_table, formula="active chips x (active chips - 1)")
def entries(q: Quantities) -> int:
    """Entries of the whole table."""
    return int(topology_changes.full_table(int(q.layout.active_chips)).sum())


@number("routing.table_megabytes", "MB", 2, by=RoutingTable.minimal, formula="one byte for each pair, in 10^6 bytes")
def table_megabytes(q: Quantities) -> int:
    """Memory of the whole table with one byte an entry."""
    return q.node("routing.table").ports.nbytes


@number("routing.share_kilobytes", "kB", 2, formula="one byte for each chip, in 10^3 bytes")
def share_kilobytes(q: Quantities) -> int:
    """Memory of one chip's share of the table."""
    return q.node("routing.table").ports[0].nbytes


@number("routing.pairs_verified", "pairs", by=RoutingTable.verify)
def pairs_verified(q: Quantities) -> int:
    """Ordered pairs whose route was looked at."""
    return q.node("routing.verification").pairs


@number("routing.endless", "routes", by=RoutingTable.verify)
def endless(q: Quantities) -> int:
    """Routes that do not end."""
    return q.node("routing.verification").endless


@number("routing.detours", "routes", by=RoutingTable.verify)
def detours(q: Quantities) -> int:
    """Routes longer than the shortest path."""
    return q.node("routing.verification").longer_than_shortest


@number("routing.virtual_channels", "virtual channels", by=RoutingTable.deadlock_free)
def virtual_channels(q: Quantities) -> int:
    """Virtual channels a link on which the channel dependency graph is acyclic."""
    return q.node("routing.deadlock").virtual_channels


@number("routing.cyclic_channels", "channels", by=RoutingTable.deadlock_free)
def cyclic_channels(q: Quantities) -> int:
    """Channels on a cycle of the dependency graph with those virtual channels."""
    return q.node("routing.deadlock").cyclic_channels


@number("routing.dependencies", "dependencies", by=RoutingTable.deadlock_free)
def dependencies(q: Quantities) -> int:
    """Dependencies between channels with those virtual channels."""
    return q.node("routing.deadlock").dependencies


@number("routing.cyclic_on_one_channel", "channels", by=RoutingTable.deadlock_free)
def cyclic_on_one_channel(q: Quantities) -> int:
    """Channels on a cycle of the dependency graph with a single channel a link."""
    report = q.node("routing.deadlock")
    return report.attempts[0].cyclic_channels if report.attempts else report.cyclic_channels


@number("routing.row.{}.hops", "hops", each=ROWS, by=RoutingTable.route)
def row_hops(q: Quantities, row: str) -> int:
    """Hops of an example row's route."""
    return q.node("routing.table").route(*endpoints(q, row)).hops


@number("routing.row.{}.bandwidth", "GB/s", ".4g", each=ROWS, by=transfer_times.route_bandwidth)
def row_bandwidth(q: Quantities, row: str) -> float:
    """Bandwidth that a long message alone on the route reaches with cut-through: that of the slowest link."""
    hops = int(q.routing.row[row].hops)
    return transfer_times.route_bandwidth(
        LONG_MESSAGE_BYTES,
        hops,
        hop_latency_s=q.machine.hop_latency.si,
        bandwidth_bytes_per_s=q.machine.link_bandwidth.si,
    )


@number("routing.row.{}.latency", "µs", 2, each=ROWS, formula="hops x latency of a hop")
def row_latency(q: Quantities, row: str) -> float:
    """Time until the first byte arrives."""
    return q.routing.row[row].hops * q.machine.hop_latency.si


@node("routing.change")
def change(q: Quantities) -> topology_changes.Reconfiguration:
    """The change from the 3D torus to the twisted torus on the same chips, switched at block faces where blocks fit."""
    layout, m = q.node("layout.machine"), q.machine
    fits = layout.block_grid is not None
    return topology_changes.reconfiguration(
        q.node("routing.table"),
        q.node("topologies.twisted.table"),
        entry_s=m.table_entry_update.si,
        mirror_s=m.mirror_switching.si,
        shape=layout.shape if fits else None,
        block=layout.block if fits else None,
    )


@number("routing.changed_entries", "entries", by=topology_changes.difference)
def changed_entries(q: Quantities) -> int:
    """Entries whose next hop differs between the 3D torus and the twisted torus."""
    return q.node("routing.change").entries


@number("routing.change_share", "%", 1, formula="changed entries / entries")
def change_share(q: Quantities) -> float:
    """Share of the entries that change."""
    return q.routing.changed_entries / q.routing.entries


@number("routing.change_links", "links", by=topology_changes.link_change)
def change_links(q: Quantities) -> int:
    """Links of the twisted torus that the 3D torus has not."""
    return q.node("routing.change").added_links


@number("routing.change_impossible", "links", by=topology_changes.reconfiguration)
def change_impossible(q: Quantities) -> int:
    """Of those, links that no switch at a block's face can make."""
    return q.node("routing.change").impossible_links


@number("routing.chip_update_ms", "ms", 3, by=topology_changes.update_time, formula="(chips - 1) x time per entry")
def chip_update_ms(q: Quantities) -> float:
    """Time for one chip to write its whole share, all chips at once."""
    return topology_changes.update_time(
        topology_changes.full_table(int(q.layout.active_chips)), q.machine.table_entry_update.si
    ).parallel_s


@number(
    "routing.serial_update_s", "s", 2, by=topology_changes.update_time, formula="chips x (chips - 1) x time per entry"
)
def serial_update_s(q: Quantities) -> float:
    """Time for one writer to write all shares, one entry after the other."""
    return topology_changes.update_time(
        topology_changes.full_table(int(q.layout.active_chips)), q.machine.table_entry_update.si
    ).serial_s


@number("routing.largest_share", "entries", by=topology_changes.update_time, formula="budget / time per entry")
def largest_share(q: Quantities) -> int:
    """Entries that one chip can write within the budget."""
    return int(q.machine.table_budget.si / q.machine.table_entry_update.si + ROUNDING)


def ring_nodes(q: Quantities) -> list[int]:
    """The chips of the first unit in the order of their chapters."""
    layout = q.node("layout.machine")
    return [int(layout.index([1, 1, chapter])) for chapter in range(1, layout.shape[2] + 1)]


@number("routing.ring_chips", "chips")
def ring_chips(q: Quantities) -> int:
    """Chips on the ring of one unit's chapters."""
    return len(ring_nodes(q))


@number("routing.ring_rounds", "rounds", formula="2 x (chips of the ring - 1)")
def ring_rounds(q: Quantities) -> int:
    """Rounds of a ring all-reduce over one unit: reduce-scatter, then all-gather (patarasuk2009)."""
    return 2 * (q.routing.ring_chips - 1)


@number("routing.ring_hops", "hops", by=RoutingTable.route)
def ring_hops(q: Quantities) -> int:
    """Most hops between neighbours on that ring, each walked in the table."""
    nodes = ring_nodes(q)
    return max(q.node("routing.table").route(a, b).hops for a, b in zip(nodes, nodes[1:] + nodes[:1], strict=True))


@node("routing.lookup")
def lookup(q: Quantities) -> list[tuple[int, int, Route]]:
    """Three sparse lookups from the first chip: vocabulary ID, owner, route."""
    layout, m = q.node("layout.machine"), q.machine
    ids = [int(m.ids) * part // BILLION for part in EXAMPLE_IDS]
    chips = owners(Vocabulary.of_base(int(m.ids), int(m.base)).coordinates(np.array(ids)), layout.shape)
    return [(id, int(chip), q.node("routing.table").route(0, chip)) for id, chip in zip(ids, chips, strict=True)]


@number("routing.lookup_id.{}", "", each=LOOKUPS)
def lookup_id(q: Quantities, which: str) -> int:
    """Vocabulary ID of an example lookup: the plan's example and its rotations, scaled to the vocabulary."""
    return q.node("routing.lookup")[LOOKUPS.index(which)][0]


@number("routing.lookup_hops.{}", "hops", each=LOOKUPS, by=RoutingTable.route)
def lookup_hops(q: Quantities, which: str) -> int:
    """Hops of an example lookup, one way."""
    return q.node("routing.lookup")[LOOKUPS.index(which)][2].hops


@number("routing.lookup_total", "hops", formula="sum of both ways")
def lookup_total(q: Quantities) -> int:
    """Hops of the three lookups, requests and answers."""
    return 2 * sum(int(q.routing.lookup_hops[which]) for which in LOOKUPS)


@node("routing.switches")
def switches(q: Quantities) -> dict[str, ports.SwitchPlan | None]:
    """Switches at the blocks' faces (None where blocks do not fill the machine), and switches at every chip link."""
    layout, m = q.node("layout.machine"), q.machine
    sizes = {"ports": int(m.switch_ports), "spare_ports": int(m.switch_spare_ports)}
    faces = ports.block_switches(layout.shape, layout.block, **sizes) if layout.block_grid is not None else None
    links = int(q.topologies.torus_3d.links_per_chip)
    return {
        "faces": faces,
        "chips": ports.chip_switches(layout.active, links, any_to_any=False, **sizes),
        "free": ports.chip_switches(layout.active, links, any_to_any=True, **sizes),
    }


def plans(q: Quantities) -> tuple[str, ...]:
    """Wirings that this machine allows."""
    return tuple(name for name, plan in q.node("routing.switches").items() if plan is not None)


@number("routing.switch.{}.count", "switches", each=plans, by=ports.chip_switches)
def switch_count(q: Quantities, plan: str) -> int:
    """Optical switches of a wiring."""
    return q.node("routing.switches")[plan].switches


@number("routing.switch.{}.link_ends", "link ends", each=plans, by=ports.chip_switches)
def switch_link_ends(q: Quantities, plan: str) -> int:
    """Link ends that end at optical switches."""
    return q.node("routing.switches")[plan].link_ends


@number("routing.switch.{}.stages", "stages", each=plans, by=ports.chip_switches)
def switch_stages(q: Quantities, plan: str) -> int:
    """Switches that one link crosses."""
    return q.node("routing.switches")[plan].stages


@node("routing.changed_rows")
def changed_rows(q: Quantities) -> NDArray[np.int64]:
    """Up to four entries of the first chip that change, spread over its share: destination, next node before, after."""
    rows = topology_changes.changed_entries(q.node("routing.table"), q.node("topologies.twisted.table"), 0)
    return rows[np.unique(np.linspace(0, len(rows) - 1, 4).astype(int))] if len(rows) else rows


def changed_keys(q: Quantities) -> list[tuple[str, str]]:
    """Keys of the rows that change."""
    return [
        (f"r{place}", side)
        for place in range(1, len(q.node("routing.changed_rows")) + 1)
        for side in ("before", "after")
    ]


@number("routing.changed_row.{}.{}", "hops", each=changed_keys, by=RoutingTable.route)
def changed_row(q: Quantities, row: str, side: str) -> int:
    """Hops of a changed entry's route, before and after."""
    table = q.node("routing.table") if side == "before" else q.node("topologies.twisted.table")
    return table.route(0, int(q.node("routing.changed_rows")[int(row[1:]) - 1][0])).hops
