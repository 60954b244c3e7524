"""Freedom from deadlock: the channel dependency graph of a routing table, and the virtual channels it needs.

A message that holds one channel and waits for the next makes the second depend on the first. Routing is free of
deadlock if these dependencies form no cycle (dally2004). A table is memoryless, so its dependencies are those of the
first two channels of all routes; no pair of nodes is left out.

Where a table has cycles on one channel a link, a scheme gives each message a virtual channel from where it is and where
it goes. It counts what lies ahead: the datelines of the ring that it moves in, or the steps back in an order of all
channels. The count falls as these are passed, so inside one virtual channel dependencies lead forward only. That is the
idea; the proof is the graph, built again with virtual channels and found acyclic.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing import walks
from phextpaper.engine.routing.next_hops import ARRIVED, climbing_order
from phextpaper.errors import InputError

ONE_CHANNEL, DATELINE, TRANSITIONS = "one channel", "dateline", "layered transitions"
SCHEMES = (ONE_CHANNEL, DATELINE, TRANSITIONS)
_ROWS = 64  # nodes whose entries are looked at together


@dataclass(frozen=True, eq=False)
class DependencyGraph:
    """Dependencies between channels: `edges` (n, 2), each channel numbered (node * degree + port) * layers + layer.

    `used` counts the channels that any route uses.
    """

    channels: int
    layers: int
    used: int
    edges: NDArray[np.int64]

    def cyclic_channels(self) -> int:
        """Channels that lie on a cycle; none if and only if the graph is acyclic."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        if not len(self.edges):
            return 0
        ones = np.ones(len(self.edges), dtype=np.int8)
        graph = coo_array((ones, (self.edges[:, 0], self.edges[:, 1])), shape=(self.channels, self.channels)).tocsr()
        _, component = connected_components(graph, directed=True, connection="strong")
        on_cycle = np.bincount(component)[component] > 1
        on_cycle[self.edges[self.edges[:, 0] == self.edges[:, 1], 0]] = True
        return int(np.count_nonzero(on_cycle))


@dataclass(frozen=True)
class DeadlockReport:
    """What one scheme comes to; true if the dependency graph is acyclic.

    `virtual_channels` are those that the scheme uses on its busiest link, `channels` all (link, virtual channel) in
    use, `dependencies` the edges among them. `attempts` holds the reports of the schemes that were tried before and
    failed.
    """

    scheme: str
    acyclic: bool
    virtual_channels: int
    channels: int
    dependencies: int
    cyclic_channels: int
    attempts: tuple["DeadlockReport", ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return self.acyclic


def examine(topology: Topology, ports: NDArray[np.uint8], scheme: str | None = None) -> DeadlockReport:
    """Report on one scheme, or on the first of `SCHEMES` that is free of deadlock. All routes must end.

    `ports` (size, size) are a full table's, as in `tables.RoutingTable`, which asks here.

    One channel is the least there can be, so a dateline's two are the least for a table that fails on one. Layered
    transitions work for every table; their number of channels is enough, and fewer may do.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> from phextpaper.engine.routing.tables import RoutingTable
    >>> report = RoutingTable.dimension_order(Torus((8, 8))).deadlock_free()
    >>> report.scheme, report.virtual_channels, report.acyclic, report.attempts[0].acyclic
    ('dateline', 2, True, False)
    """
    attempts: tuple[DeadlockReport, ...] = ()
    for name in SCHEMES if scheme is None else (scheme,):
        if scheme is None and name == DATELINE and not _has_rings(topology):
            continue
        report = _report(topology, ports, name, attempts)
        if report:
            break
        attempts = (*attempts, report)
    return report


def _report(
    topology: Topology, ports: NDArray[np.uint8], scheme: str, attempts: tuple[DeadlockReport, ...]
) -> DeadlockReport:
    graph = dependencies(topology, ports, virtual_channels(topology, ports, scheme))
    cyclic = graph.cyclic_channels()
    return DeadlockReport(scheme, cyclic == 0, graph.layers, graph.used, len(graph.edges), cyclic, attempts)


def virtual_channels(
    topology: Topology, ports: NDArray[np.uint8], scheme: str, *, root: int = 0
) -> NDArray[np.uint8] | None:
    """Virtual channel of what leaves each node for each destination, (size, size), by a scheme; None for one channel.

    `root` is where the channel order of layered transitions climbs to. Raises `InputError` for an unknown scheme, or
    for datelines where ports do not form rings.
    """
    if scheme == ONE_CHANNEL:
        return None
    if scheme == DATELINE:
        return _datelines_ahead(topology, ports)
    if scheme == TRANSITIONS:
        return _steps_back_ahead(topology, ports, climbing_ranks(topology, root))
    raise InputError(f"there is no scheme {scheme!r}", where="deadlock", remedy=f"one of {', '.join(SCHEMES)}")


def dependencies(
    topology: Topology, ports: NDArray[np.uint8], layers: NDArray[np.uint8] | None = None
) -> DependencyGraph:
    """Channel dependency graph of all routes, on the virtual channels that `layers` gives by (node, destination)."""
    neighbours, size, degree = topology.neighbours(), topology.size, topology.degree
    depth = 1 if layers is None else int(layers.max()) + 1
    states = degree * depth
    state = ports.astype(np.uint16)
    if layers is not None:
        state *= depth
        state += layers
    np.fill_diagonal(state, states)
    columns, used, found = np.arange(size), 0, []
    for first in range(0, size, _ROWS):
        rows = slice(first, min(first + _ROWS, size))
        count = rows.stop - rows.start
        following = walks.next_nodes(neighbours, ports[rows], first)
        ahead = state.ravel()[following * np.int64(size) + columns]
        code = np.arange(count)[:, None] * (states + 1) + state[rows]
        held = np.zeros((count, states + 1), dtype=bool)
        held.ravel()[code] = True
        used += int(np.count_nonzero(held[:, :-1]))
        seen = np.zeros((count, states + 1, states + 1), dtype=bool)
        seen.ravel()[code * (states + 1) + ahead] = True
        node, holds, wants = np.nonzero(seen[:, :-1, :-1])
        node += first
        found.append(np.column_stack([node * states + holds, neighbours[node, holds // depth] * states + wants]))
    return DependencyGraph(size * states, depth, used, np.concatenate(found))


def _has_rings(topology: Topology) -> bool:
    """Tell whether each port, followed on and on, leads round rings: its column is a permutation of the nodes."""
    ordered = np.sort(topology.neighbours(), axis=0)
    return bool((ordered == np.arange(topology.size)[:, None]).all())


def _datelines_ahead(topology: Topology, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Datelines that lie ahead on the present run along one port: (size, size)."""
    if not _has_rings(topology):
        raise InputError(
            "datelines need ports that form rings",
            where=topology.spec,
            remedy=f"use {TRANSITIONS!r}, which works for every table",
        )
    neighbours = topology.neighbours()
    size, degree = neighbours.shape
    crossing = np.zeros((size, degree + 1), dtype=np.int16)
    for port in range(degree):
        crossing[:, port] = neighbours[:, port] == _ring_labels(neighbours[:, port])
    layers = np.empty_like(table)
    nodes = np.arange(size)[:, None]
    for block, ports, follow in _blocks(topology, table):
        gains = np.zeros((size + 1, ports.shape[1]), dtype=np.int16)
        gains[:-1] = crossing[nodes, np.minimum(ports, degree)]
        going_on = np.take_along_axis(ports, follow, axis=0) == ports
        run = np.full(gains.shape, size, dtype=np.int32)
        run[:-1] = np.where(going_on & (ports != ARRIVED), follow, size)
        layers[:, block] = _as_layers(walks.sums_along(run, gains)[0][:-1])
    return layers


def _ring_labels(permutation: NDArray[np.intp]) -> NDArray[np.intp]:
    """Smallest node of the ring that each node is on."""
    label, leap = np.arange(len(permutation)), permutation
    for _ in range(len(permutation).bit_length()):
        label, leap = np.minimum(label, label[leap]), leap[leap]
    return label


def climbing_ranks(topology: Topology, root: int = 0) -> NDArray[np.int64]:
    """Rank of each channel, (size, degree): up channels by how near they begin to the root, then down channels outward.

    Along up*/down* routes ranks rise.
    """
    neighbours, position = topology.neighbours(), climbing_order(topology.hop_counts(root))
    start, end = position[:, None], position[np.maximum(neighbours, 0)]
    return np.where(end < start, topology.size - start, topology.size + start)


def _steps_back_ahead(topology: Topology, table: NDArray[np.uint8], ranks: NDArray[np.int64]) -> NDArray[np.uint8]:
    """How often the rest of each route goes from a channel to one of no higher rank: (size, size)."""
    degree, nodes = topology.degree, np.arange(topology.size)[:, None]
    ranks = np.column_stack([ranks, np.full(len(ranks), np.iinfo(np.int64).max)])
    layers = np.empty_like(table)
    for block, ports, follow in _blocks(topology, table):
        rank = ranks[nodes, np.minimum(ports, degree)]
        back = (np.take_along_axis(rank, follow, axis=0) <= rank) & (ports != ARRIVED)
        layers[:, block] = _as_layers(walks.sums_along(follow, back.astype(np.int16))[0])
    return layers


def _blocks(
    topology: Topology, table: NDArray[np.uint8]
) -> Iterator[tuple[slice, NDArray[np.uint8], NDArray[np.int32]]]:
    """Yield (columns, ports, next rows) for a block of destinations at a time."""
    neighbours = topology.neighbours()
    for block in walks.destination_blocks(topology.size):
        ports = np.ascontiguousarray(table[:, block])
        yield block, ports, walks.next_nodes(neighbours, ports)


def _as_layers(counts: NDArray[np.integer]) -> NDArray[np.uint8]:
    if counts.size and counts.max() > 254:
        raise InputError(f"{counts.max() + 1} virtual channels do not fit one byte", where="deadlock")
    return counts.astype(np.uint8)
