"""The layouts of the larger machines that the plan asks about, with their torus distances."""

from phextpaper.engine.naming.coordinates import PART_MAXIMUM
from phextpaper.engine.naming.layout import balanced_shape
from phextpaper.engine.networks.topologies import Torus
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number

SIZES = ("n8192", "n16384")


@number("scaling.{}.chips", "chips", each=SIZES, kind="cited")
def chips(q: Quantities, size: str) -> int:
    """Chips of a larger machine, as the plan's review question of wave 3 names it."""
    return int(size[1:])


@node("scaling.{}.torus", each=SIZES)
def torus(q: Quantities, size: str) -> Torus:
    """The 3D torus on the most even layout of that many chips."""
    return Torus(balanced_shape(int(q.scaling[size].chips), 3))


@number("scaling.{}.{}", each=((SIZES, ("volumes", "books", "chapters")),), by=balanced_shape)
def side(q: Quantities, size: str, axis: str) -> int:
    """Length of one axis of the most even layout."""
    return q.node(f"scaling.{size}.torus").shape[("volumes", "books", "chapters").index(axis)]


@number("scaling.{}.diameter", "hops", each=SIZES, by=Torus.diameter)
def diameter(q: Quantities, size: str) -> int:
    """Most hops between two chips of the 3D torus."""
    return q.node(f"scaling.{size}.torus").diameter()


@number("scaling.{}.mean_hops", "hops", 2, each=SIZES, by=Torus.mean_hops)
def mean_hops(q: Quantities, size: str) -> float:
    """Mean hops over ordered pairs of different chips of the 3D torus."""
    return q.node(f"scaling.{size}.torus").mean_hops()


@number("scaling.part_maximum", kind="cited")
def part_maximum(q: Quantities) -> int:
    """The largest number that the phext package's parser accepts in one part of a coordinate (bickford2025phextpy)."""
    return PART_MAXIMUM
