"""What a change of topology moves and is worth: shares of links and entries, one route a pair, all tables."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.routing.deadlock import DeadlockReport
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.routing.throughput_bounds import lattice_throughput, rounds_for
from phextpaper.engine.routing.tie_breaking import chance_table, worst_load
from phextpaper.engine.wiring import topology_changes
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities import search
from phextpaper.study.quantities.reconfiguration import row_ends
from phextpaper.study.quantities.topologies import kinds

AXES = ("volume", "book", "chapter")
SHAPES = {"n4x4x8": "a2a_gain_4x4x8", "n4x8x8": "a2a_gain_4x8x8"}  # slices whose twist TPU v4 has measured


def largest(q: Quantities) -> str:
    """The largest size that the graph search looked at: the machine itself, where its blocks fill it."""
    return search.sizes(q)[-1]


def own(q: Quantities) -> bool:
    """Whether the largest found graph joins the chips of this machine, in their order."""
    return search.shape_of(q, largest(q)) == q.node("layout.machine").shape


def tables(q: Quantities) -> tuple[str, ...]:
    """The topologies with the found graph, and the plain torus that it is compared with."""
    return (*kinds(q), "plain", "found")


def table_of(q: Quantities, kind: str) -> RoutingTable:
    """The full table of a topology, of the found graph, or of the plain torus on the found graph's chips."""
    if kind == "plain":
        return (
            q.node("topologies.torus_3d.table")
            if own(q)
            else RoutingTable.minimal(Torus(search.shape_of(q, largest(q))))
        )
    return q.node("found_graph.table") if kind == "found" else q.node(f"topologies.{kind}.table")


@number("flexibility.slice.{}", "", each=tuple(SHAPES))
def slice_shape(q: Quantities, shape: str) -> str:
    """Chips along the sides of a slice whose twist TPU v4 has measured (jouppi2023, Fig.6)."""
    return shape[1:].replace("x", " x ")


@number("flexibility.over_published.{}", "%", 1, each=tuple(SHAPES), formula="ideal gain / published gain - 1")
def over_published(q: Quantities, shape: str) -> float:
    """How much higher the ideal all-to-all gain of the published twist is than the measured one."""
    return q.patterns.published_gain[shape].computed / q.facts.tpu_v4_twist[SHAPES[shape]] - 1


@number("flexibility.twist_hops", "%", 1, formula="|mean hops of the twisted torus / those of the 3D torus - 1|")
def twist_hops(q: Quantities) -> float:
    """By how much the twist changes mean hops on this machine, without sign."""
    return abs(q.topologies.twisted.mean_hops / q.topologies.torus_3d.mean_hops - 1)


@number("flexibility.twist_exchange", "%", 1, formula="|throughput of the twisted torus / that of the 3D torus - 1|")
def twist_exchange(q: Quantities) -> float:
    """By how much the twist changes all-to-all throughput with the even split on this machine, without sign."""
    return abs(q.reconfiguration.throughput.twisted / q.reconfiguration.throughput.torus_3d - 1)


@number("flexibility.twist_links", "%", 1, formula="new links / links of the 3D torus")
def twist_links(q: Quantities) -> float:
    """Share of the 3D torus's links that the twist moves."""
    graph = q.node("topologies.torus_3d.graph")
    return q.reconfiguration.links.twisted / (graph.size * graph.degree / 2)


@node("flexibility.rewritten", keep=True)
def rewritten(q: Quantities) -> NDArray[np.int64]:
    """Entries that each chip rewrites for the twist: (chips,)."""
    return topology_changes.difference(
        q.node("topologies.torus_3d.table"), q.node("topologies.twisted.table")
    ).per_source


@number(
    "flexibility.most_share",
    "%",
    formula="most changed entries at a chip / its entries",
    by=topology_changes.difference,
    whole=True,
)
def most_share(q: Quantities) -> float:
    """Share of its entries that the chip with the most changes rewrites for the twist."""
    return int(q.node("flexibility.rewritten").max()) / q.routing.entries_per_chip


@number(
    "flexibility.least_share",
    "%",
    formula="fewest changed entries at a chip / its entries",
    by=topology_changes.difference,
    whole=True,
)
def least_share(q: Quantities) -> float:
    """Share of its entries that the chip with the fewest changes rewrites for the twist."""
    return int(q.node("flexibility.rewritten").min()) / q.routing.entries_per_chip


@number(
    "flexibility.writing_share", "%", ".1g", formula="time of a chip's whole share / time of a slice's new topology"
)
def writing_share(q: Quantities) -> float:
    """Share of a slice's reconfiguration that writing a chip's whole table would take."""
    return q.routing.chip_update_ms.si / q.machine.slice_reconfiguration.si


@number(
    "flexibility.serial_share", "%", 1, formula="time of one writer for all shares / time of a slice's new topology"
)
def serial_share(q: Quantities) -> float:
    """Share of a slice's reconfiguration that one writer for all chips would take."""
    return q.routing.serial_update_s / q.machine.slice_reconfiguration


@node("flexibility.examined", keep=True)
def examined(q: Quantities) -> DeadlockReport:
    """The dependency graph of the twisted torus's table."""
    return q.node("topologies.twisted.table").deadlock_free()


@number("flexibility.twist_channels", "virtual channels", by=RoutingTable.deadlock_free)
def twist_channels(q: Quantities) -> int:
    """Virtual channels a link on which the twisted torus's table is free of deadlock."""
    return q.node("flexibility.examined").virtual_channels


@node("flexibility.worst.{}", each=tables, keep=True)
def worst(q: Quantities, kind: str) -> tuple[int, int]:
    """Ordered pairs over the busiest directed link on the single routes of a table, and chips."""
    table = table_of(q, kind)
    return worst_load(table), table.topology.size


@node("flexibility.worst_by_chance", keep=True)
def worst_by_chance(q: Quantities) -> int:
    """The same on the found graph, if ties between next chips fall by chance."""
    return worst_load(chance_table(q.node(f"search.topology.{largest(q)}.graph"), seed=search.SEED))


@number(
    "flexibility.single.{}",
    "link bandwidths",
    3,
    each=tables,
    by=worst_load,
    formula="(chips - 1) / worst load on single routes",
)
def single(q: Quantities, kind: str) -> float:
    """All-to-all throughput of a chip on a table's routes, one for each pair, ties falling to the first port."""
    load, size = q.node(f"flexibility.worst.{kind}")
    return (size - 1) / load


@number(
    "flexibility.by_chance", "link bandwidths", 3, by=chance_table, formula="(chips - 1) / worst load on single routes"
)
def by_chance(q: Quantities) -> float:
    """All-to-all throughput of a chip of the found graph on one route for each pair, ties falling by chance."""
    return (q.found_graph.chips - 1) / q.node("flexibility.worst_by_chance")


@number("flexibility.found_single", "link bandwidths", 3, formula="the larger of both")
def found_single(q: Quantities) -> float:
    """All-to-all throughput of a chip of the found graph on one route for each pair, by the better of the two rules for
    ties.
    """
    return max(q.flexibility.single.found.value, q.flexibility.by_chance.value)


@number(
    "flexibility.single_gain",
    "x",
    2,
    formula="throughput of the found graph on single routes / that of the best drawn torus, split evenly",
)
def single_gain(q: Quantities) -> float:
    """Times the all-to-all throughput of the best torus that people drew on as many chips, if the found graph has one
    route a pair.
    """
    return q.flexibility.found_single / search.best_drawn(q, largest(q))


@number(
    "flexibility.twist_balanced",
    "x",
    2,
    by=lattice_throughput,
    formula="throughput of the twist, balanced / of the 3D torus, split evenly",
)
def twist_balanced(q: Quantities) -> float:
    """All-to-all throughput of this machine's twist under balanced routing over that of the 3D torus."""
    twist = q.node("topologies.twisted.graph")
    found = lattice_throughput(twist, rounds=rounds_for(twist.size, int(q.machine.routing_rounds)))
    return found.reached / q.node("topologies.torus_3d.graph").all_to_all_throughput()


@number("flexibility.row.{}", "hops", each=lambda q: ("found",) if own(q) else (), by=RoutingTable.route)
def row(q: Quantities, kind: str) -> int:
    """Hops of the example route on the found graph, where it joins the chips of this machine."""
    return table_of(q, kind).route(*row_ends(q, "far")).hops


@number("flexibility.axis_load.{}.{}", "pairs", each=((("torus_3d", "twisted"), AXES),), by=LatticeTopology.port_loads)
def axis_load(q: Quantities, kind: str, axis: str) -> int:
    """Ordered pairs over a link of one dimension under uniform all-to-all, split evenly over all shortest paths."""
    graph = q.node(f"topologies.{kind}.graph")
    return round(
        max(
            load
            for (dimension, _), load in zip(graph.ports, graph.port_loads(), strict=True)
            if AXES[dimension] == axis
        )
    )
