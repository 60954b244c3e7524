"""Topologies on the machine's chips: what each needs in links, and what it gives in hops and cuts."""

from phextpaper.engine.naming.layout import balanced_shape
from phextpaper.engine.networks.cuts import torus_bisection
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Hypercube, Torus, TwistedTorus
from phextpaper.engine.networks.twists import published_twists
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number

TORI = ("torus_2d", "torus_3d")


def kinds(q: Quantities) -> tuple[str, ...]:
    """Topologies that this machine's chip count allows: a hypercube only where it is a power of two."""
    chips = int(q.layout.active_chips)
    return (*TORI, "twisted", *(("hypercube",) if chips & (chips - 1) == 0 else ()))


@node("topologies.twist")
def twist(q: Quantities) -> tuple[bool, tuple[tuple[int, tuple[int, ...]], ...]]:
    """The twist on this machine's shape: the published one where it is defined, else one of ours.

    Ours shifts by half of each other dimension where the end of the first is crossed. Returns (published, twists).
    """
    shape = q.node("layout.machine").shape
    try:
        return True, published_twists(shape)
    except InputError:
        return False, ((0, (0, *(side // 2 for side in shape[1:]))),)


@node("topologies.{}.graph", each=kinds)
def graph(q: Quantities, kind: str) -> LatticeTopology:
    """A topology on all active chips, numbered as the layout numbers them."""
    shape = q.node("layout.machine").shape
    if kind == "torus_2d":
        return Torus(balanced_shape(int(q.layout.active_chips), 2))
    if kind == "torus_3d":
        return Torus(shape)
    if kind == "twisted":
        return TwistedTorus(shape, dict(q.node("topologies.twist")[1]))
    return Hypercube(int(q.layout.active_chips).bit_length() - 1)


@node("topologies.{}.table", each=kinds)
def table(q: Quantities, kind: str) -> RoutingTable:
    """The full minimal routing table of a topology."""
    return RoutingTable.minimal(q.node(f"topologies.{kind}.graph"))


@number("topologies.{}.diameter", "hops", each=kinds, by=Torus.diameter)
def diameter(q: Quantities, kind: str) -> int:
    """Most hops between two chips."""
    return q.node(f"topologies.{kind}.graph").diameter()


@number("topologies.{}.mean_hops", "hops", 2, each=kinds, by=Torus.mean_hops)
def mean_hops(q: Quantities, kind: str) -> float:
    """Mean hops over ordered pairs of different chips."""
    return q.node(f"topologies.{kind}.graph").mean_hops()


@number("topologies.{}.links_per_chip", "links", each=kinds, by=Torus.degree)
def links_per_chip(q: Quantities, kind: str) -> int:
    """Links that each chip needs."""
    return q.node(f"topologies.{kind}.graph").degree


@number(
    "topologies.{}.bisection_links",
    "links",
    each=TORI,
    by=torus_bisection,
    formula="2 x chips / longest side, where that side is even",
)
def bisection_links(q: Quantities, kind: str) -> int:
    """Links that a cut into equal halves across the longest side cuts: the fewest, where that side is even."""
    return torus_bisection(q.node(f"topologies.{kind}.graph").shape).upper_bound


@number("topologies.torus_2d.rows", "chips")
def rows(q: Quantities) -> int:
    """Chips along the longer side of the 2D torus."""
    return q.node("topologies.torus_2d.graph").shape[0]


@number("topologies.torus_2d.columns", "chips")
def columns(q: Quantities) -> int:
    """Chips along the shorter side of the 2D torus."""
    return q.node("topologies.torus_2d.graph").shape[1]


def shifts(q: Quantities) -> list[tuple[str, str]]:
    """Keys of the twist: the dimension whose end is crossed, and the dimension that shifts."""
    axes = ("volume", "book", "chapter")
    return [(axes[d], axes[e]) for d, shift in q.node("topologies.twist")[1] for e, step in enumerate(shift) if step]


@number("topologies.twist_step.{}.{}", "chips", each=shifts, by=TwistedTorus)
def twist_step(q: Quantities, crossed: str, shifted: str) -> int:
    """How far a dimension shifts where the end of another is crossed."""
    axes = ("volume", "book", "chapter")
    return int(dict(q.node("topologies.twist")[1])[axes.index(crossed)][axes.index(shifted)])
