"""The topologies of Figure 4 on one small slice: how far apart chips are, what links carry, what to set.

The slice is the smallest for which a twist is published, two blocks of TPU v4. It is small enough to draw every link.
"""

from phextpaper.engine.networks.cuts import bisection, congestion_bound
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.routing.throughput_bounds import best_throughput
from phextpaper.engine.wiring import topology_changes
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities.search import EDGE, SLICES

SIZE = "n128"
KINDS = ("torus_2d", "torus_3d", "twisted", "learned")
SEARCHED = {"torus_3d": "regular", "twisted": "twisted", "learned": "graph"}
ENDS = ("low", "high")


@node("four_topologies.graph.{}", each=KINDS)
def graph(q: Quantities, kind: str) -> Topology:
    """A topology of the slice, its chips numbered as in a box of the slice's sides."""
    if kind == "torus_2d":
        volumes, books, chapters = SLICES[SIZE]
        return Torus((volumes * books, chapters))
    return q.node(f"search.topology.{SIZE}.{SEARCHED[kind]}")


@number("four_topologies.shape.{}", "", each=KINDS[:2])
def shape(q: Quantities, kind: str) -> str:
    """Chips along each dimension; the twist and the learned graph start from the 3D torus."""
    return " x ".join(str(side) for side in q.node(f"four_topologies.graph.{kind}").shape)


@number("four_topologies.shift", "chips", by=Torus)
def shift(q: Quantities) -> int:
    """How far the longest dimension shifts where the end of another is crossed."""
    return max(abs(step) for _, shift in q.node("four_topologies.graph.twisted").twists for step in shift)


@number("four_topologies.set_links", "links", by=link_kinds, formula="links between chips of a block's opposite faces")
def set_links(q: Quantities) -> int:
    """Links of the slice that switches make: all others are wires inside blocks."""
    links = topology_changes.undirected_links(q.node("four_topologies.graph.torus_3d"))
    return int(link_kinds(links, SLICES[SIZE], (EDGE,) * len(SLICES[SIZE])).optical.sum())


@number("four_topologies.mean_hops.{}", "hops", 2, each=KINDS, by=Torus.mean_hops)
def mean_hops(q: Quantities, kind: str) -> float:
    """Mean hops over ordered pairs of different chips."""
    return q.node(f"four_topologies.graph.{kind}").mean_hops()


@number("four_topologies.worst_load.{}", "pairs", 1, each=KINDS, by=Torus.max_link_load)
def worst_load(q: Quantities, kind: str) -> float:
    """Ordered pairs over the busiest directed link under uniform all-to-all, each split evenly over its shortest
    paths.
    """
    return q.node(f"four_topologies.graph.{kind}").max_link_load()


@number("four_topologies.balanced_load", "pairs", 1, by=best_throughput, formula="(chips - 1) / throughput reached")
def balanced_load(q: Quantities) -> float:
    """The same on the learned graph with the best routing that was found."""
    return (q.search.chips[SIZE] - 1) / q.search[SIZE].graph.reached.value


@node("four_topologies.cuts.{}", each=KINDS)
def cuts(q: Quantities, kind: str) -> tuple[int, ...]:
    """Fewest and most links that the best equal cut can cut; any routing's busiest link bounds it from below."""
    network = q.node(f"four_topologies.graph.{kind}")
    found = bisection(network)
    low = congestion_bound(network.size, q.four_topologies.balanced_load.value) if kind == "learned" else 0
    return max(found.lower_bound, low), found.upper_bound


@number("four_topologies.bisection.{}.{}", "links", each=((KINDS, ENDS),), by=bisection)
def cut(q: Quantities, kind: str, end: str) -> int:
    """Links between halves at the best equal cut: at least (low) and at most (high), the same where the number is
    exact.
    """
    return q.node(f"four_topologies.cuts.{kind}")[ENDS.index(end)]


# ---------------------------------------------------------------------------------------------- what a change takes
@node("four_topologies.change.{}", each=KINDS)
def change(q: Quantities, kind: str) -> topology_changes.Reconfiguration:
    """The change from the 3D torus, switched at the faces of blocks."""
    m, box = q.machine, SLICES[SIZE]
    tables = [RoutingTable.minimal(q.node(f"four_topologies.graph.{one}")) for one in ("torus_3d", kind)]
    return topology_changes.reconfiguration(
        *tables, entry_s=m.table_entry_update.si, mirror_s=m.mirror_switching.si, shape=box, block=(EDGE,) * len(box)
    )


@number(
    "four_topologies.table_us.{}",
    "µs",
    ".3g",
    each=KINDS,
    by=topology_changes.update_time,
    formula="most changed entries at a chip x time per entry",
)
def table_us(q: Quantities, kind: str) -> float:
    """Time for the chip with the most changes to write its entries, all chips at once."""
    return q.node(f"four_topologies.change.{kind}").written.parallel_s


@number("four_topologies.mirror_ms.{}", "ms", ".4g", each=KINDS, by=topology_changes.reconfiguration)
def mirror_ms(q: Quantities, kind: str) -> float:
    """Time in which mirrors make the new links, all at once; none where none has to move."""
    return q.node(f"four_topologies.change.{kind}").mirror_s


@number("four_topologies.impossible.{}", "links", each=KINDS, by=topology_changes.reconfiguration)
def impossible(q: Quantities, kind: str) -> int:
    """New links that no mirror at a block's face can make."""
    return q.node(f"four_topologies.change.{kind}").impossible_links
