"""The layouts of the larger machines that the plan asks about, with their torus distances."""

from phextpaper.engine.naming.coordinates import PART_MAXIMUM
from phextpaper.engine.naming.layout import balanced_shape
from phextpaper.engine.networks.topologies import Torus
from phextpaper.press.quantity import node, number

SIZES = ("n8192", "n16384")


@number("scaling.{}.chips", "chips", each=SIZES, kind="cited")
def chips(q, size):
    """Chips of a larger machine, as the plan's review question of wave 3 names it."""
    return int(size[1:])


@node("scaling.{}.torus", each=SIZES)
def torus(q, size):
    """The 3D torus on the most even layout of that many chips."""
    return Torus(balanced_shape(int(q.scaling[size].chips), 3))


@number("scaling.{}.{}", each=((SIZES, ("volumes", "books", "chapters")),), by=balanced_shape)
def side(q, size, axis):
    """Length of one axis of the most even layout."""
    return q.node(f"scaling.{size}.torus").shape[("volumes", "books", "chapters").index(axis)]


@number("scaling.{}.diameter", "hops", each=SIZES, by=Torus.diameter)
def diameter(q, size):
    """Most hops between two chips of the 3D torus."""
    return q.node(f"scaling.{size}.torus").diameter()


@number("scaling.{}.mean_hops", "hops", 2, each=SIZES, by=Torus.mean_hops)
def mean_hops(q, size):
    """Mean hops over ordered pairs of different chips of the 3D torus."""
    return q.node(f"scaling.{size}.torus").mean_hops()


@number("scaling.part_maximum", kind="cited")
def part_maximum(q):
    """The largest number that the phext package's parser accepts in one part of a coordinate (bickford2025phextpy)."""
    return PART_MAXIMUM
