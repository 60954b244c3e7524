"""Routing tables: the next hop from every node to every other, one byte each, and the proof that they work.

A table holds ports, so 4096 nodes take 16.8 MB. It is memoryless: the next hop depends on where a message is and where
it goes, not on where it came from. That every route ends, and how long it is, therefore follows from one look at each
entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing import deadlock, next_hops, walks
from phextpaper.engine.routing.next_hops import ARRIVED, DIMENSION_ORDER, MINIMAL, MOST_PORTS, UP_DOWN
from phextpaper.errors import InputError

_ROWS = 64  # sources looked at together


@dataclass(frozen=True)
class Verification:
    """What a look at all ordered pairs of different nodes found; hops are of the routes, not of shortest paths.

    `longest` and `mean_hops` cover the routes that end. `excess_hops` is the sum of hops beyond the shortest.
    """

    pairs: int
    endless: int
    longer_than_shortest: int
    excess_hops: int
    longest: int
    mean_hops: float

    @property
    def ends(self) -> bool:
        """Every route reaches its destination."""
        return self.endless == 0

    @property
    def minimal(self) -> bool:
        """Every route ends and is as short as any path."""
        return self.ends and self.longer_than_shortest == 0


@dataclass(frozen=True)
class Route:
    """One route: its nodes from source to destination, and the port by which each but the last is left."""

    nodes: tuple[int, ...]
    ports: tuple[int, ...]

    @property
    def hops(self) -> int:
        """Links on the route."""
        return len(self.ports)


@dataclass(frozen=True, eq=False)
class RoutingTable:
    """Next hop for each (source, destination): `ports` of shape (size, size), uint8, with `ARRIVED` on the diagonal.

    Valid from birth: each entry is a port that has a link. Whether routes end is for `verify` to say. `scheme` names
    how the table came about. Raises `InputError` for an array of another shape or type, for an entry that is no port or
    a port without a link, and for more ports than a byte holds.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> table = RoutingTable.minimal(Torus((4, 4)))
    >>> table.path(0, 10), table.next_hop(0, 10), table.verify().minimal
    ((0, 4, 8, 9, 10), 4, True)
    """

    topology: Topology
    ports: NDArray[np.uint8]
    scheme: str = "given"

    def __post_init__(self) -> None:
        size, degree, ports = self.topology.size, self.topology.degree, self.ports
        _fits_a_byte(self.topology)
        if not isinstance(ports, np.ndarray) or ports.dtype != np.uint8 or ports.shape != (size, size):
            raise InputError(f"ports are no uint8 array of {size} by {size}", where=self.topology.spec)
        ports = np.ascontiguousarray(ports)
        object.__setattr__(self, "ports", ports)
        off_diagonal = ports.reshape(-1)[1:].reshape(size - 1, size + 1)[:, :-1]
        if not (ports.diagonal() == ARRIVED).all() or off_diagonal.max() >= degree:
            raise InputError(
                "an entry names no port",
                where=self.topology.spec,
                remedy=f"ports run from 0 to {degree - 1}, and {ARRIVED} marks the diagonal alone",
            )
        missing = self.topology.neighbours() < 0
        if missing.any():
            nodes, unused = np.nonzero(missing)
            used = (ports[nodes] == unused[:, None]).any(axis=1)
            if used.any():
                raise InputError(
                    f"node {nodes[used][0]} has no link at port {unused[used][0]}", where=self.topology.spec
                )
        ports.flags.writeable = False

    @classmethod
    def minimal(cls, topology: Topology) -> Self:
        """Shortest paths; where several ports lead one nearer, the lowest is taken, so routes are the same every time.

        On a lattice ports are ordered by dimension, plus before minus, so routes are in dimension order there. Ties
        always fall to the same side: uniform traffic loads links unevenly, and far more so where a graph's ports are
        sorted by neighbour. `link_loads` says how much; an even split over all shortest paths is a matter of the
        topology.
        """
        _fits_a_byte(topology)
        if isinstance(topology, LatticeTopology):
            row = next_hops.minimal_row(topology.hop_counts(0), topology.neighbours(), topology.reverse_ports()[0])
            return cls._of_row(topology, row, MINIMAL)
        return cls(topology, next_hops.minimal_ports(topology.neighbours()), MINIMAL)

    @classmethod
    def dimension_order(cls, topology: Topology) -> Self:
        """One dimension after the other, the shorter way round, plus where both ways are equal (dally2004).

        Raises `InputError` where dimensions do not wrap on themselves alone, as in a twisted torus.
        """
        _fits_a_byte(topology)
        if not isinstance(topology, LatticeTopology) or any(
            entry for d, wrap in topology.wraps for other, entry in enumerate(wrap) if other != d
        ):
            raise InputError(
                "dimension order needs dimensions that wrap on themselves alone",
                where=topology.spec,
                remedy="use the minimal table, which is in dimension order on every lattice",
            )
        row = next_hops.dimension_order_row(topology.shape, topology.ports)
        return cls._of_row(topology, row, DIMENSION_ORDER)

    @classmethod
    def _of_row(cls, topology: LatticeTopology, row: NDArray[np.uint8], scheme: str) -> Self:
        """Table made of node 0's row. Moving keeps all entries, so looking at every one of them again is left out."""
        if row[0] != ARRIVED or row[1:].max() >= topology.degree:
            raise InputError("an entry names no port", where=topology.spec)
        table = object.__new__(cls)
        ports = next_hops.translated(row, topology.shape, topology.wraps)
        ports.flags.writeable = False
        for name, value in (("topology", topology), ("ports", ports), ("scheme", scheme)):
            object.__setattr__(table, name, value)
        return table

    @classmethod
    def up_down(cls, topology: Topology, *, root: int = 0) -> Self:
        """Routes that climb towards `root` until descents alone reach the destination (up*/down*, dally2004).

        Free of deadlock on one virtual channel in any connected graph, at the price of longer routes and a busy root.
        """
        _fits_a_byte(topology)
        position = next_hops.climbing_order(topology.hop_counts(root))
        return cls(topology, next_hops.up_down_ports(topology.neighbours(), position), UP_DOWN)

    def next_hop(self, source: ArrayLike, destination: ArrayLike) -> NDArray[np.intp] | int:
        """The node to which `source` hands what goes to `destination`; itself if they are one.

        Arrays broadcast to the shape (…) of the result. Raises `InputError` for nodes that are not there.
        """
        here, there = np.broadcast_arrays(self._nodes(source), self._nodes(destination))
        port = self.ports[here, there].astype(np.intp)
        node = np.where(
            here == there, here, self.topology.neighbours()[here, np.minimum(port, self.topology.degree - 1)]
        )
        return node if node.ndim else int(node)

    def path(self, source: int, destination: int) -> tuple[int, ...]:
        """The nodes from source to destination, both included; raises `InputError` where the route does not end."""
        return self.route(source, destination).nodes

    def route(self, source: int, destination: int) -> Route:
        """Nodes and ports from source to destination; raises `InputError` where the route does not end."""
        here, there = int(self._nodes(source)), int(self._nodes(destination))
        nodes, ports, neighbours = [here], [], self.topology.neighbours()
        while here != there:
            if len(nodes) > self.topology.size:
                raise InputError(f"the route from {source} to {destination} does not end", where=self.topology.spec)
            ports.append(int(self.ports[here, there]))
            here = int(neighbours[here, ports[-1]])
            nodes.append(here)
        return Route(tuple(nodes), tuple(ports))

    def hops(self) -> NDArray[np.int32]:
        """Hops of every route, walked in the table: shape (size, size); -1 where a route does not end."""
        return self._hops

    @cached_property
    def _hops(self) -> NDArray[np.int32]:
        hops = np.empty(self.ports.shape, dtype=np.int32)
        for block, follow, ports in self._blocks():
            sums, ends = walks.sums_along(follow, (ports != ARRIVED).astype(np.int32))
            hops[:, block] = np.where(ends == np.arange(block.start, block.stop), sums, -1)
        hops.flags.writeable = False
        return hops

    def hop_histogram(self) -> NDArray[np.int64]:
        """Ordered pairs of nodes by hops of their route, shape (longest + 1,); endless ones are left out.

        Entry 0 counts each node with itself.
        """
        return np.bincount(self.hops()[self.hops() >= 0])

    def link_loads(self) -> NDArray[np.int64]:
        """Ordered pairs whose route crosses each directed link: shape (size, degree), 0 where there is no link.

        All routes must end. This is uniform all-to-all on single routes, without an even split.
        """
        loads, degree = np.zeros(self.ports.shape[0] * self.topology.degree, dtype=np.int64), self.topology.degree
        nodes = np.arange(self.topology.size)[:, None]
        for _, follow, ports in self._blocks():
            leaving = ports != ARRIVED
            links = (nodes * degree + ports)[leaving]
            loads += np.bincount(links, weights=walks.pass_counts(follow)[leaving], minlength=loads.size).astype(
                np.int64
            )
        return loads.reshape(-1, degree)

    def verify(self) -> Verification:
        """Look at every pair: does its route end, and is it as short as any path?

        The certificate is that each next hop is one nearer to its destination by `distances.distance_matrix`, which the
        table has no part in. A table that fails it is walked instead.
        """
        size = self.topology.size
        shortest = self.topology.distance_matrix()
        pairs = size * (size - 1)
        if self._every_hop_is_nearer(shortest):
            total = int(shortest.sum(dtype=np.int64))
            return Verification(pairs, 0, 0, 0, int(shortest.max()), total / pairs)
        hops = self.hops()
        ended = hops >= 0
        excess = np.where(ended, hops - shortest.astype(np.int32), 0)
        between = int(np.count_nonzero(ended)) - size
        return Verification(
            pairs=pairs,
            endless=int(np.count_nonzero(~ended)),
            longer_than_shortest=int(np.count_nonzero(excess)),
            excess_hops=int(excess.sum(dtype=np.int64)),
            longest=int(hops.max()),
            mean_hops=float(hops[ended].sum(dtype=np.int64) / between) if between else 0.0,
        )

    def _every_hop_is_nearer(self, shortest: NDArray[np.integer]) -> bool:
        size, neighbours = self.topology.size, self.topology.neighbours()
        columns = np.arange(size)
        for first in range(0, size, _ROWS):
            rows = slice(first, min(first + _ROWS, size))
            following = walks.next_nodes(neighbours, self.ports[rows], first)
            ahead = shortest.ravel()[following * np.int64(size) + columns]
            away = self.ports[rows] != ARRIVED
            if not np.array_equal(ahead + away, shortest[rows]):
                return False
        return True

    def deadlock_free(self, scheme: str | None = None) -> deadlock.DeadlockReport:
        """Whether the channel dependency graph is acyclic, and on how many virtual channels: see `deadlock.examine`."""
        return deadlock.examine(self.topology, self.ports, scheme)

    def _blocks(self) -> Iterator[tuple[slice, NDArray[np.int32], NDArray[np.uint8]]]:
        """Yield (columns, next rows, ports) for a block of destinations at a time."""
        neighbours = self.topology.neighbours()
        for block in walks.destination_blocks(self.topology.size):
            ports = np.ascontiguousarray(self.ports[:, block])
            yield block, walks.next_nodes(neighbours, ports), ports

    def _nodes(self, numbers: ArrayLike) -> NDArray[np.intp]:
        nodes = np.asarray(numbers)
        if nodes.dtype.kind not in "iu" or (nodes < 0).any() or (nodes >= self.topology.size).any():
            raise InputError(
                f"{nodes.tolist()} is no node",
                where=self.topology.spec,
                remedy=f"nodes run from 0 to {self.topology.size - 1}",
            )
        return nodes.astype(np.intp)


def _fits_a_byte(topology: Topology) -> None:
    if topology.degree > MOST_PORTS:
        raise InputError(
            f"{topology.degree} ports do not fit one byte",
            where=topology.spec,
            remedy=f"at most {MOST_PORTS} links a node",
        )
