"""The largest graph that the search found, as a routing table: what changes, and what keeps it from deadlock."""

from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.routing.deadlock import DeadlockReport
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.wiring import topology_changes
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities import search


@number("found_graph.chips", "chips")
def chips(q: Quantities) -> int:
    """Chips of the largest size compared: the machine's own, where blocks fill it."""
    return q.search.chips[search.sizes(q)[-1]].value


@node("found_graph.table", keep=True)
def table(q: Quantities) -> RoutingTable:
    """The minimal routing table of the graph: one shortest route for each pair."""
    return RoutingTable.minimal(q.node(f"search.topology.{search.sizes(q)[-1]}.graph"))


@node("found_graph.change")
def change(q: Quantities) -> topology_changes.Reconfiguration:
    """The change from the plain torus on the same chips, switched at block faces."""
    size, m = search.sizes(q)[-1], q.machine
    shape, edge = search.shape_of(q, size), search.edge_of(q, size)
    return topology_changes.reconfiguration(
        RoutingTable.minimal(Torus(shape)),
        q.node("found_graph.table"),
        entry_s=m.table_entry_update.si,
        mirror_s=m.mirror_switching.si,
        shape=shape,
        block=(edge,) * len(shape),
    )


@number("found_graph.entries", "entries", by=topology_changes.difference)
def entries(q: Quantities) -> int:
    """Entries whose next hop differs from that of the torus."""
    return q.node("found_graph.change").entries


@number("found_graph.share", "%", 1, formula="entries that differ / ordered pairs")
def share(q: Quantities) -> float:
    """Share of the table that differs."""
    size = q.found_graph.chips.value
    return q.found_graph.entries / (size * (size - 1))


@number("found_graph.links", "links", by=topology_changes.link_change)
def links(q: Quantities) -> int:
    """Links that the torus lacks."""
    return q.node("found_graph.change").added_links


@number("found_graph.impossible", "links", by=topology_changes.reconfiguration)
def impossible(q: Quantities) -> int:
    """Of those, links that no mirror at a block's face can make."""
    return q.node("found_graph.change").impossible_links


@number("found_graph.chip_ms", "ms", 3, by=topology_changes.update_time)
def chip_ms(q: Quantities) -> float:
    """Time for the chip with the most changes to write its entries, all chips at once."""
    return q.node("found_graph.change").written.parallel_s


@number("found_graph.virtual_channels", "virtual channels", by=RoutingTable.deadlock_free)
def virtual_channels(q: Quantities) -> int:
    """Virtual channels a link with which single shortest routes are free of deadlock, by layers: enough, not the
    least.
    """
    return q.node("found_graph.deadlock").virtual_channels


@node("found_graph.deadlock", keep=True)
def deadlock(q: Quantities) -> DeadlockReport:
    """The dependency graph of the table, examined over all pairs."""
    return q.node("found_graph.table").deadlock_free()
