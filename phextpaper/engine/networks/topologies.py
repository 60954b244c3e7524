"""Interconnect topologies: tori, twisted tori, hypercubes, lattices and any connected graph.

A topology is its `neighbours()`: an array of shape (size, degree) whose column is the port. Ports are channels, so two
ports that reach the same node are two parallel links: they count twice in the degree and in a bisection, and share the
load. This happens in a torus dimension of length 2, whose plus and minus port meet the one neighbour. A dimension of
length 1 has no ports. `Hypercube` is the family with one link for each dimension of length 2.

Tori, twisted tori, hypercubes and lattices are one kind: integer vectors modulo a lattice, every node linked to its sum
with each unit vector and its opposite (camarero2015). Adding a vector to all nodes keeps all links, so these are
vertex-transitive, and what is true from node 0 is true from all.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import integers, lengths
from phextpaper.engine.networks import distances, graphs, lattices
from phextpaper.engine.networks.edge_files import read_edges
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.spec_words import read_spec, spec_numbers, spec_word
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.networks.twists import Twists, along, checked_twists, crossed, published_twists, unwound
from phextpaper.errors import InputError


@spec_word("torus", "16x16x16")
@dataclass(frozen=True)
class Torus(LatticeTopology):
    """Rings in every dimension, `shape` nodes long (k-ary n-cube with mixed radix, dally2004).

    Raises `InputError` for a shape that is none, or has one node or more than `MAXIMUM_SIZE`.

    >>> t = Torus((4, 4, 8))
    >>> t.size, t.degree, t.diameter()
    (128, 6, 8)
    """

    shape: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", lengths(self.shape))
        super().__post_init__()

    @classmethod
    def from_spec(cls, text: str, spec: str) -> Self:
        """From lengths such as `16x16x16`."""
        return cls(spec_numbers(text, "x", spec))

    @property
    def spec(self) -> str:
        """Canonical spelling for `parse_spec`."""
        return f"torus:{crossed(self.shape)}"

    @property
    def wraps(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Each dimension's length along itself."""
        return tuple((d, along(d, length, len(self.shape))) for d, length in enumerate(self.shape))

    @cached_property
    def _hops_from_origin(self) -> NDArray[np.int32]:
        hops = np.zeros(1, dtype=np.int32)
        for length in self.shape:
            hops = np.add.outer(hops, distances.ring_hops(length)).ravel()
        hops.flags.writeable = False
        return hops

    @cached_property
    def _hop_histogram(self) -> NDArray[np.int64]:
        counts = np.ones(1, dtype=np.int64)
        for length in self.shape:
            counts = np.convolve(counts, np.bincount(distances.ring_hops(length)))
        return counts * self.size

    @cached_property
    def _port_loads(self) -> NDArray[np.float64]:
        # All shortest paths between two nodes take the same steps in each dimension, and both directions are alike.
        return np.array([self.size // self.shape[d] * (self.shape[d] ** 2 // 4) / 2 for d, _ in self.ports])


@spec_word("twisted", "4x4x8", "4x4x8:0=0,0,4/1=0,0,4")
@dataclass(frozen=True, init=False)
class TwistedTorus(LatticeTopology):
    """A torus in which crossing the end of a dimension also shifts the others.

    `twists` maps a dimension to its shift vector; going on past the end of the dimension adds the vector, and what this
    carries past other ends wraps there in turn. Without `twists` the shape takes the published twist: in n x n x 2n
    each short dimension shifts the long one by n, in n x 2n x 2n the short one shifts both long ones by n
    (camarero2015, jouppi2023). Refused are twists that shift each other in a circle: the box then no longer holds each
    node of the lattice once. These raise `InputError`, and so do twists of other dimensions or of a dimension by
    itself, and sizes as for `Torus`.

    >>> TwistedTorus((4, 4, 8)).twists
    ((0, (0, 0, 4)), (1, (0, 0, 4)))
    """

    shape: tuple[int, ...]
    twists: Twists

    def __init__(self, shape: Sequence[int], twists: Mapping[int, Sequence[int]] | Twists | None = None) -> None:
        box = lengths(shape)
        object.__setattr__(self, "shape", box)
        object.__setattr__(self, "twists", published_twists(box) if twists is None else checked_twists(box, twists))
        _ = self.wraps
        super().__post_init__()

    @property
    def spec(self) -> str:
        """Canonical spelling for `parse_spec`; the published twist is not spelled out."""
        plain = f"twisted:{crossed(self.shape)}"
        try:
            if self.twists == published_twists(self.shape):
                return plain
        except InputError:
            pass
        return plain + ":" + "/".join(f"{d}={','.join(map(str, shift))}" for d, shift in self.twists)

    @cached_property
    def wraps(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Each dimension's length less its shift, a dimension before those that it shifts."""
        return unwound(self.shape, self.twists)

    @classmethod
    def from_spec(cls, text: str, spec: str) -> Self:
        """From `4x4x8`, with the published twist, or `4x4x8:0=0,0,4/1=0,0,4`, a shift for each twisted dimension.

        Raises `InputError` for what is no shift, or two of one dimension.
        """
        shape, colon, given = text.partition(":")
        if not colon:
            return cls(spec_numbers(shape, "x", spec))
        shifts: dict[int, tuple[int, ...]] = {}
        for twist in given.split("/"):
            dimension, equals, shift = twist.partition("=")
            if not equals:
                raise InputError(f"{twist!r} is no twist", where=spec, remedy="write dimension=shift, as in 0=0,0,4")
            (number,) = spec_numbers(dimension, ",", spec, count=1)
            if number in shifts:
                raise InputError(f"dimension {number} is twisted twice", where=spec, remedy="give each dimension once")
            shifts[number] = spec_numbers(shift, ",", spec)
        return cls(spec_numbers(shape, "x", spec), shifts)


@spec_word("hypercube", "12")
@dataclass(frozen=True)
class Hypercube(LatticeTopology):
    """Two nodes in each of `dimensions` dimensions, one link for each (dally2004).

    Raises `InputError` for fewer than 1 dimension and for more than 30.

    >>> Hypercube(12).size, Hypercube(12).degree
    (4096, 12)
    """

    dimensions: int
    directions = (1,)

    def __post_init__(self) -> None:
        (dimensions,) = integers([self.dimensions])
        if not 1 <= dimensions <= 30:
            raise InputError(f"a hypercube of {dimensions} dimensions", remedy="give 1 to 30 dimensions")
        object.__setattr__(self, "dimensions", dimensions)
        super().__post_init__()

    @classmethod
    def from_spec(cls, text: str, spec: str) -> Self:
        """From the number of dimensions."""
        return cls(*spec_numbers(text, ",", spec, count=1))

    @property
    def shape(self) -> tuple[int, ...]:
        """Length 2 in every dimension."""
        return (2,) * self.dimensions

    @property
    def spec(self) -> str:
        """Canonical spelling for `parse_spec`."""
        return f"hypercube:{self.dimensions}"

    @property
    def wraps(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Two steps along any dimension."""
        return tuple((d, along(d, 2, self.dimensions)) for d in range(self.dimensions))

    @cached_property
    def _hop_histogram(self) -> NDArray[np.int64]:
        return np.array([self.size * math.comb(self.dimensions, hops) for hops in range(self.dimensions + 1)])

    @cached_property
    def _port_loads(self) -> NDArray[np.float64]:
        return np.full(self.dimensions, self.size / 2)


@spec_word("lattice", "4,0,4/0,4,4/0,0,8")
@dataclass(frozen=True)
class Lattice(LatticeTopology):
    """Integer vectors modulo the lattice that the `rows` of a square integer matrix generate (camarero2015).

    The box is the diagonal of the matrix's Hermite normal form; its product, the size, is the absolute determinant.
    Raises `InputError` for a matrix that is not square or whose rows are linearly dependent, and sizes as for `Torus`.

    >>> Lattice([[4, 0, 4], [0, 4, 4], [0, 0, 8]]).shape
    (4, 4, 8)
    """

    rows: Sequence[Sequence[int]]

    def __post_init__(self) -> None:
        rows = tuple(integers(row) for row in self.rows)
        if not rows or any(len(row) != len(rows) for row in rows):
            raise InputError(
                "a lattice is generated by as many rows as it has dimensions", remedy="give a square matrix"
            )
        object.__setattr__(self, "rows", rows)
        _ = self.hermite_rows
        super().__post_init__()

    @classmethod
    def from_spec(cls, text: str, spec: str) -> Self:
        """From rows such as `4,0,4/0,4,4/0,0,8`."""
        return cls([spec_numbers(row, ",", spec) for row in text.split("/")])

    @cached_property
    def hermite_rows(self) -> tuple[tuple[int, ...], ...]:
        """Hermite normal form of the rows: upper triangular, positive diagonal, entries above it reduced."""
        return lattices.hermite_normal_form(self.rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """Diagonal of the Hermite normal form."""
        return tuple(row[d] for d, row in enumerate(self.hermite_rows))

    @property
    def spec(self) -> str:
        """Canonical spelling for `parse_spec`: the rows of the Hermite normal form, so equal lattices spell alike."""
        return "lattice:" + "/".join(",".join(map(str, row)) for row in self.hermite_rows)

    @property
    def wraps(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """The rows of the Hermite normal form, from the first dimension to the last."""
        return tuple(enumerate(self.hermite_rows))


@spec_word("edges", "FILE.csv")
@dataclass(frozen=True, eq=False, init=False)
class Graph(Topology):
    """Any connected graph, from an array of neighbours: shape (nodes, ports), -1 where a node has no such port.

    A neighbour listed twice is two parallel links. `label` is what `spec` gives back; `names` are the nodes' names in
    the file that they came from, if these were not the numbers 0, 1, 2 …. Raises `InputError` for what is no such
    array: nodes that are not there, loops, links that one end alone lists, parts without a path between them.

    >>> Graph([[1, -1], [0, 2], [1, -1]]).diameter()
    2
    """

    adjacency: NDArray[np.intp]
    label: str
    names: tuple[str, ...] | None

    def __init__(self, adjacency: ArrayLike, label: str = "graph", names: tuple[str, ...] | None = None) -> None:
        array = graphs.checked_neighbours(adjacency, label)
        if (distances.hop_counts(array) < 0).any():
            raise InputError(
                "the graph is not connected", where=label, remedy="give one graph in which every node is reached"
            )
        for name, value in (("adjacency", array), ("label", label), ("names", names)):
            object.__setattr__(self, name, value)

    @classmethod
    def from_edges(cls, edges: ArrayLike, size: int | None = None, label: str = "graph") -> Self:
        """From pairs of node numbers, shape (edges, 2); a link given twice or in both directions is one link.

        Raises `InputError` for pairs that are none, nodes that are not there, and a graph that is not connected.
        """
        return cls(graphs.neighbour_array(edges, size, label), label)

    @classmethod
    def from_csv(cls, path: str | Path, *, label: str | None = None) -> Self:
        """From a file of two columns, one link a line; names that are not 0, 1, 2 … are numbered in sorted order.

        Raises `InputError` as `read_edges` does, and for a graph that is not connected.
        """
        edges, names = read_edges(Path(path))
        spec = f"edges:{path}" if label is None else label
        return cls(graphs.neighbour_array(edges, None, spec), spec, names)

    @classmethod
    def from_spec(cls, text: str, spec: str) -> Self:
        """From the path of a file: see `from_csv`."""
        return cls.from_csv(text, label=spec.strip())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and np.array_equal(self.adjacency, other.adjacency)

    def __hash__(self) -> int:
        return hash((self.adjacency.shape, self.adjacency.tobytes()))

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.adjacency)

    @property
    def degree(self) -> int:
        """Most ports of a node."""
        return int(self.adjacency.shape[1])

    @property
    def spec(self) -> str:
        """The label: `edges:FILE.csv` for a graph that came from a file."""
        return self.label

    def neighbours(self) -> NDArray[np.intp]:
        """Node reached through each port, as given: shape (size, degree), read-only, -1 where a node lacks the port."""
        return self.adjacency


def parse_spec(spec: str) -> Topology:
    """The topology that a spec names, by the word that it begins with: see `spec_words`.

    `torus:16x16x16`, `twisted:4x4x8`, `twisted:4x4x8:0=0,0,4/1=0,0,4`, `hypercube:12`, `lattice:4,0,4/0,4,4/0,0,8`,
    `edges:FILE.csv`, and the words of topologies that are defined in other files. Raises `InputError` for an unknown
    word and for what its topology cannot read.

    >>> parse_spec("lattice:2,1/1,2").spec
    'lattice:1,2/0,3'
    """
    named = read_spec(spec)
    assert isinstance(named, Topology)
    return named
