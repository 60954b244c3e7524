"""Traffic patterns: who sends how much to whom, as loads are computed from it.

A pattern names its destinations: each node sends one unit to each of them. `demand` is the same as rows of a matrix.
What a node sends to itself crosses no link.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topology import Topology
from phextpaper.errors import InputError


class Traffic:
    """Traffic between `size` nodes: one unit from each source to each of its `destinations`."""

    if TYPE_CHECKING:  # at run time a dataclass would take this for the default of its field

        @property
        def size(self) -> int:
            """Nodes."""
            raise NotImplementedError

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """Nodes that each source (n,) sends a unit to: shape (n, destinations); -1 fills up shorter rows."""
        raise NotImplementedError

    def demand(self, sources: ArrayLike) -> NDArray[np.float64]:
        """Units from each source (n,) to every node: shape (n, size)."""
        destinations = self.destinations(sources)
        rows, columns = np.nonzero(destinations >= 0)
        cells = rows * self.size + destinations[rows, columns]
        return np.bincount(cells, minlength=len(destinations) * self.size).astype(np.float64).reshape(-1, self.size)


@dataclass(frozen=True)
class Uniform(Traffic):
    """All-to-all: every node sends a unit to every other.

    Raises `InputError` for fewer than two nodes.

    >>> Uniform(3).destinations([1]).tolist()
    [[2, 0]]
    """

    size: int

    def __post_init__(self) -> None:
        _at_least_two(self.size)

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """All other nodes, from the next one on: shape (n, size - 1)."""
        return (np.asarray(sources)[:, None] + np.arange(1, self.size)) % self.size

    def demand(self, sources: ArrayLike) -> NDArray[np.float64]:
        """Ones, and zero from each source to itself: shape (n, size)."""
        rows = np.asarray(sources)
        units = np.ones((len(rows), self.size))
        units[np.arange(len(rows)), rows] = 0.0
        return units


@dataclass(frozen=True)
class Transpose(Traffic):
    """Nodes stand in a square, row after row, and send to the place across the diagonal (dally2004).

    For 4096 nodes of 12-bit numbers the halves of the number change places. Raises `InputError` for nodes that fill no
    square.

    >>> Transpose(9).destinations([1, 4]).tolist()
    [[3], [4]]
    """

    size: int

    def __post_init__(self) -> None:
        if self.size < 1 or self.side**2 != self.size:
            raise InputError(
                f"{self.size} nodes are no square", where="transpose", remedy="give a square number of nodes"
            )

    @property
    def side(self) -> int:
        """Nodes in a row."""
        return int(np.sqrt(self.size) + 0.5)

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """The node across the diagonal: shape (n, 1)."""
        row, column = np.divmod(np.asarray(sources), self.side)
        return (column * self.side + row)[:, None]


@dataclass(frozen=True)
class NearestNeighbour(Traffic):
    """Every node sends a unit over each of its ports; parallel links have a unit each."""

    topology: Topology

    @property
    def size(self) -> int:
        """Nodes of the topology."""
        return self.topology.size

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """The neighbours: shape (n, degree); -1 where a node lacks the port."""
        found: NDArray[np.intp] = self.topology.neighbours()[np.asarray(sources)]
        return found


@dataclass(frozen=True)
class GroupPerDimension(Traffic):
    """All-to-all within each group of nodes that differ in one coordinate only.

    Raises `InputError` for a topology without coordinates, and for a dimension that it does not have.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> GroupPerDimension(Torus((2, 3)), 1).destinations([4]).tolist()
    [[5, 3]]
    """

    topology: LatticeTopology
    dimension: int

    def __post_init__(self) -> None:
        if not isinstance(self.topology, LatticeTopology) or not 0 <= self.dimension < len(self.topology.shape):
            raise InputError(
                f"there is no dimension {self.dimension}",
                where=self.topology.spec,
                remedy="take a topology with coordinates and one of its dimensions, counted from 0",
            )

    @property
    def size(self) -> int:
        """Nodes of the topology."""
        return self.topology.size

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """The other nodes of the group, by coordinate from the next one on: shape (n, length - 1)."""
        length = self.topology.shape[self.dimension]
        coordinates = np.repeat(self.topology.coordinates(sources)[:, None], length - 1, axis=1)
        coordinates[..., self.dimension] = (coordinates[..., self.dimension] + np.arange(1, length)) % length
        return self.topology.index(coordinates)


@dataclass(frozen=True)
class RandomPermutation(Traffic):
    """Every node sends to one node and receives from one, drawn at random; a node may draw itself.

    The draw depends on the seed alone: it sorts raw 64-bit words of PCG64, whose stream numpy keeps for good. Raises
    `InputError` for fewer than two nodes.
    """

    size: int
    seed: int = field(kw_only=True)

    def __post_init__(self) -> None:
        _at_least_two(self.size)

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """The node drawn: shape (n, 1)."""
        drawn = np.argsort(np.random.PCG64(self.seed).random_raw(self.size), kind="stable")
        found: NDArray[np.intp] = drawn[np.asarray(sources)][:, None]
        return found


@dataclass(frozen=True, eq=False)
class DemandMatrix(Traffic):
    """Any traffic: units from each node (row) to each node (column), shape (size, size).

    Raises `InputError` for another shape, and for units that are negative, infinite or all zero.
    """

    matrix: NDArray[np.float64]

    def __post_init__(self) -> None:
        matrix = np.array(self.matrix, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise InputError(f"a matrix of shape {matrix.shape} is no demand", remedy="give a row and a column a node")
        if not (np.isfinite(matrix).all() and (matrix >= 0).all() and matrix.any()):
            raise InputError("demand must be finite, not negative, and not all zero", remedy="correct the entries")
        matrix.flags.writeable = False
        object.__setattr__(self, "matrix", matrix)

    @property
    def size(self) -> int:
        """Nodes."""
        return len(self.matrix)

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """Nodes with any demand, filled up with -1: shape (n, size); the units are in `demand`."""
        rows = self.matrix[np.asarray(sources)] > 0
        ordered = np.argsort(~rows, axis=1, kind="stable")
        return np.where(np.arange(self.size) < rows.sum(axis=1, keepdims=True), ordered, -1)

    def demand(self, sources: ArrayLike) -> NDArray[np.float64]:
        """Rows of the matrix: shape (n, size)."""
        rows: NDArray[np.float64] = self.matrix[np.asarray(sources)]
        return rows


@dataclass(frozen=True, eq=False)
class MessageTraffic(Traffic):
    """`amounts`[i] units from node `origins`[i] to node `ends`[i], all (messages,); equal pairs add up.

    Raises `InputError` for lists that are empty or not equally long, for nodes that are not there, and for amounts that
    are negative or infinite.
    """

    size: int
    origins: NDArray[np.int64]
    ends: NDArray[np.int64]
    amounts: NDArray[np.float64]

    def __post_init__(self) -> None:
        origins, ends, amounts = (np.array(given) for given in (self.origins, self.ends, self.amounts))
        if origins.ndim != 1 or not origins.shape == ends.shape == amounts.shape or not origins.size:
            raise InputError("messages are three lists of equal length, and not empty", where="messages")
        if min(origins.min(), ends.min()) < 0 or max(origins.max(), ends.max()) >= self.size:
            raise InputError(f"messages must lie between nodes 0 and {self.size - 1}", where="messages")
        if not (np.isfinite(amounts).all() and (amounts >= 0).all()):
            raise InputError("amounts must be finite and not negative", where="messages")
        for name, array in (("origins", origins), ("ends", ends), ("amounts", amounts)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def destinations(self, sources: ArrayLike) -> NDArray[np.intp]:
        """Nodes that each source sends anything to: shape (n, most of one source), filled up with -1."""
        sent = self.demand(sources) > 0
        ordered = np.argsort(~sent, axis=1, kind="stable")[:, : max(1, int(sent.sum(axis=1).max()))]
        return np.where(np.take_along_axis(sent, ordered, axis=1), ordered, -1)

    def demand(self, sources: ArrayLike) -> NDArray[np.float64]:
        """Units from each source (n,) to every node: shape (n, size)."""
        rows = np.asarray(sources)
        row_of = np.full(self.size, -1, dtype=np.int64)
        row_of[rows] = np.arange(len(rows))
        ours = row_of[self.origins] >= 0
        cells = row_of[self.origins[ours]] * self.size + self.ends[ours]
        units = np.bincount(cells, weights=self.amounts[ours], minlength=len(rows) * self.size)
        return units.astype(np.float64, copy=False).reshape(-1, self.size)


def _at_least_two(size: int) -> None:
    if size < 2:
        raise InputError(f"{size} nodes exchange no traffic", remedy="give two nodes or more")
