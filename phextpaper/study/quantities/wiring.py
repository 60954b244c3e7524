"""The machine's wiring as one phext document: a scroll for each link port, naming the chip at its other end."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.coordinates import DELIMITERS, DIMENSIONS, PART_MAXIMUM, format_short
from phextpaper.engine.naming.scrolls import delimiter_counts, write_scrolls
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number

KEPT = ("all", "chip", "last")


@node("wiring.scrolls")
def scrolls(q: Quantities) -> tuple[NDArray[np.int64], list[str]]:
    """Coordinates (ports, 5) of the link ports of all active chips of the 3D torus, in phext order, and the chip at
    each one's other end.
    """
    layout, neighbours = q.node("layout.machine"), q.node("topologies.torus_3d.graph").neighbours()
    chips, ports = neighbours.shape
    own = np.repeat(layout.coordinate(np.arange(chips)), ports, axis=0)
    sections = np.tile(np.arange(1, ports + 1), chips)
    places = np.column_stack([own, sections, np.ones(len(own), dtype=np.int64)])
    return places, format_short(layout.coordinate(neighbours.ravel()))


@node("wiring.kept.{}", each=KEPT)
def kept(q: Quantities, which: str) -> NDArray[np.int64]:
    """Which scrolls a document holds: all, those that name one failed chip or belong to it, or the last chip's
    alone.
    """
    places, ends = q.node("wiring.scrolls")
    layout, graph = q.node("layout.machine"), q.node("topologies.torus_3d.graph")
    if which == "all":
        return np.arange(len(ends))
    chip = int(layout.index([max(side // 2, 1) for side in layout.shape])) if which == "chip" else graph.size - 1
    if which == "last":
        return np.flatnonzero((places[:, :3] == layout.coordinate(chip)).all(axis=1))
    ours = np.repeat(np.arange(graph.size), graph.degree) == chip
    return np.flatnonzero(ours | (graph.neighbours().ravel() == chip))


@node("wiring.document.{}", each=KEPT)
def document(q: Quantities, which: str) -> str:
    """The text of a document."""
    places, ends = q.node("wiring.scrolls")
    rows = q.node(f"wiring.kept.{which}")
    return write_scrolls(places[rows], [ends[row] for row in rows])


@number("wiring.{}.scrolls", "scrolls", each=KEPT)
def count(q: Quantities, which: str) -> int:
    """Scrolls that the document holds."""
    return len(q.node(f"wiring.kept.{which}"))


@number("wiring.{}.delimiters", "bytes", each=KEPT, by=delimiter_counts)
def delimiters(q: Quantities, which: str) -> int:
    """Delimiter bytes of the document."""
    places, _ = q.node("wiring.scrolls")
    return int(delimiter_counts(places[q.node(f"wiring.kept.{which}")]).sum())


@number("wiring.{}.bytes", "bytes", each=KEPT, by=write_scrolls)
def document_bytes(q: Quantities, which: str) -> int:
    """Bytes of the document, delimiters included."""
    return len(q.node(f"wiring.document.{which}").encode())


@number("wiring.longest", "bytes")
def longest(q: Quantities) -> int:
    """Bytes of the longest record, and so of each cell of a dense array."""
    return max(len(end) for end in q.node("wiring.scrolls")[1])


@number("wiring.dense_bytes", "bytes", formula="link addresses x longest record")
def dense_bytes(q: Quantities) -> int:
    """Bytes of a dense array with a cell for every link port of the layout, spares included, however few of them are
    filled.
    """
    return q.layout.link_addresses * q.wiring.longest


@number("wiring.{}.ratio", "x", ".4g", each=KEPT, formula="dense bytes / document bytes")
def ratio(q: Quantities, which: str) -> float:
    """How many times larger the dense array is than the document."""
    return q.wiring.dense_bytes / q.wiring[which].bytes


@number("wiring.places_digits", "digits", formula="digits of part maximum ^ parts")
def places_digits(q: Quantities) -> int:
    """Decimal digits of the number of coordinates that the format can name."""
    return len(str(PART_MAXIMUM ** len(DIMENSIONS)))


@number("wiring.delimiter_values", "byte values")
def delimiter_values(q: Quantities) -> int:
    """Byte values that no scroll may hold."""
    return len(DELIMITERS)
