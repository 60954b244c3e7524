"""What lattices share: neighbours, distances and loads, found from node 0 alone because all nodes look alike."""

import math
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.networks import distances, even_split, lattices
from phextpaper.engine.networks.topology import Topology
from phextpaper.errors import InputError

MAXIMUM_SIZE = 2**31 - 1
"""Largest number of nodes; node numbers then fit four bytes."""
MAXIMUM_PORTS = 2**29
"""Largest neighbour array that is made, in entries (4 GiB)."""


class LatticeTopology(Topology):
    """Integer vectors modulo a lattice, linked along the unit vectors (camarero2015).

    `shape` is the box of mixed-radix coordinates that holds each node once: zero-based, the last dimension runs
    fastest. `wraps` lists (dimension, vector): the vector lies in the lattice, and taking it off brings that dimension
    back into its box; in this order no later vector spoils an earlier dimension. `directions` are those in which a
    dimension has ports. Raises `InputError` for one node, and for more than `MAXIMUM_SIZE`.
    """

    vertex_transitive = True
    directions: ClassVar[tuple[int, ...]] = (1, -1)

    if TYPE_CHECKING:  # at run time a dataclass would take these for the defaults of its fields

        @property
        @abstractmethod
        def shape(self) -> tuple[int, ...]:
            """Lengths of the box."""

        @property
        @abstractmethod
        def wraps(self) -> lattices.Wraps:
            """What is taken off to come back into the box."""

    def __post_init__(self) -> None:
        size = math.prod(self.shape)
        if size > MAXIMUM_SIZE:
            raise InputError(f"{size} nodes are too many", where=self.spec, remedy=f"at most {MAXIMUM_SIZE} nodes")
        if size < 2 or not self.ports:
            raise InputError("a network needs two nodes at least", where=self.spec, remedy="give a length above 1")

    @property
    def size(self) -> int:
        """Number of nodes."""
        return math.prod(self.shape)

    @property
    def degree(self) -> int:
        """Ports of each node."""
        return len(self.ports)

    @cached_property
    def ports(self) -> tuple[tuple[int, int], ...]:
        """(dimension, direction) of each port; a dimension whose step leads back to the same node has none."""
        unit = np.eye(len(self.shape), dtype=np.int64)
        return tuple(
            (dimension, direction)
            for dimension in range(len(self.shape))
            if self.fold(unit[dimension]).any()
            for direction in self.directions
        )

    def coordinates(self, nodes: ArrayLike) -> NDArray[np.int64]:
        """Zero-based coordinates of nodes: shape (…, dimensions)."""
        return lattices.unflatten(nodes, self.shape)

    def index(self, coordinates: ArrayLike) -> NDArray[np.int64]:
        """Node at any integer vectors of shape (…, dimensions), folded into the box first: shape (…)."""
        return lattices.flatten(self.fold(coordinates), self.shape)

    def fold(self, vectors: ArrayLike) -> NDArray[np.int64]:
        """The coordinates in the box that stand for any integer vectors: shape (…, dimensions) in and out.

        Raises `InputError` for vectors of other than so many dimensions.
        """
        return lattices.fold(vectors, self.wraps)

    def displacement(self, sources: ArrayLike, destinations: ArrayLike) -> NDArray[np.int64]:
        """The node that lies from node 0 as each destination lies from its source: shapes (…) that broadcast."""
        return self.index(self.coordinates(destinations) - self.coordinates(sources))

    def reverse_ports(self) -> NDArray[np.intp]:
        """The port by which each link is left at its other end, the opposite direction: shape (size, degree)."""
        partner = {port: column for column, port in enumerate(self.ports)}
        opposite = [partner[d, -s if -s in self.directions else s] for d, s in self.ports]
        return np.broadcast_to(np.array(opposite, dtype=np.intp), (self.size, self.degree))

    def hop_counts(self, source: int = 0) -> NDArray[np.int32]:
        """Hops from `source` to every node: shape (size,). Raises `InputError` for a node that is not there."""
        source = self._node(source)
        if source == 0:
            return self._hops_from_origin
        return self._hops_from_origin[self.displacement(source, np.arange(self.size))]

    def port_loads(self) -> NDArray[np.float64]:
        """Load of each port under uniform all-to-all, the same at every node: shape (degree,), in ordered pairs."""
        return self._port_loads.copy()

    def link_loads(self) -> NDArray[np.float64]:
        """Load of each directed link under uniform all-to-all, (size, degree), in ordered pairs: see `even_split`."""
        return np.tile(self._port_loads, (self.size, 1))

    def max_link_load(self) -> float:
        """Ordered pairs over the busiest directed link under uniform all-to-all."""
        return float(self._port_loads.max())

    @cached_property
    def _port_loads(self) -> NDArray[np.float64]:
        return even_split.loads_from_one(self.neighbours(), self.hop_counts(0))

    def neighbours(self) -> NDArray[np.intp]:
        """Node reached through each port: shape (size, degree), read-only.

        Raises `InputError` for more than `MAXIMUM_PORTS` entries.
        """
        return self._neighbours

    @cached_property
    def _neighbours(self) -> NDArray[np.intp]:
        _refuse_huge_array(self.size * self.degree, self.spec)
        array = lattices.neighbour_array(self.shape, self.wraps, self.ports)
        array.flags.writeable = False
        return array

    @cached_property
    def _hops_from_origin(self) -> NDArray[np.int32]:
        hops = distances.hop_counts(self.neighbours())
        hops.flags.writeable = False
        return hops

    @cached_property
    def _hop_histogram(self) -> NDArray[np.int64]:
        return np.bincount(self._hops_from_origin).astype(np.int64) * self.size


def _refuse_huge_array(entries: int, where: str) -> None:
    if entries > MAXIMUM_PORTS:
        raise InputError(
            f"a neighbour array of {entries} entries is too large",
            where=where,
            remedy=f"at most {MAXIMUM_PORTS}; hop counts, loads and bisection of a torus or hypercube do not need it",
        )
