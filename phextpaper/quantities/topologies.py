"""The torus of two and of three dimensions on the machine's chips."""

from phextpaper.engine.bisection import torus_bisection
from phextpaper.engine.layout import balanced_shape
from phextpaper.engine.topologies import Torus
from phextpaper.quantity import node, number

KINDS = ("torus_2d", "torus_3d")


@node("topologies.{}.graph", each=KINDS)
def graph(q, kind):
    """A topology on all active chips."""
    if kind == "torus_2d":
        return Torus(balanced_shape(int(q.layout.active_chips), 2))
    return Torus(q.node("layout.machine").shape)


@number("topologies.{}.diameter", "hops", each=KINDS, by=Torus.diameter)
def diameter(q, kind):
    """Most hops between two chips."""
    return q.node(f"topologies.{kind}.graph").diameter()


@number("topologies.{}.mean_hops", "hops", 2, each=KINDS, by=Torus.mean_hops)
def mean_hops(q, kind):
    """Mean hops over ordered pairs of different chips."""
    return q.node(f"topologies.{kind}.graph").mean_hops()


@number("topologies.{}.links_per_chip", "links", each=KINDS, by=Torus.degree)
def links_per_chip(q, kind):
    """Links that each chip needs."""
    return q.node(f"topologies.{kind}.graph").degree


@number("topologies.{}.bisection_links", "links", each=KINDS, by=torus_bisection, formula="2 x chips / longest side, where that side is even")
def bisection_links(q, kind):
    """Links that a cut into equal halves across the longest side cuts: the fewest, where that side is even."""
    return torus_bisection(q.node(f"topologies.{kind}.graph").shape).upper_bound


@number("topologies.torus_2d.rows", "chips")
def rows(q):
    """Chips along the longer side of the 2D torus."""
    return q.node("topologies.torus_2d.graph").shape[0]


@number("topologies.torus_2d.columns", "chips")
def columns(q):
    """Chips along the shorter side of the 2D torus."""
    return q.node("topologies.torus_2d.graph").shape[1]
