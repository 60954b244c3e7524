"""Next hops for all pairs of nodes, one byte each: by translation on a lattice, by bit-parallel search on any graph.

A table of shape (nodes, nodes) holds at [here, destination] the port by which a message leaves `here`; `ARRIVED` on its
diagonal. Several ports may lie on shortest paths. The lowest one is taken, everywhere and always, so a table depends on
the topology alone.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks.lattices import Wraps, flatten, fold
from phextpaper.errors import InputError

Entry = TypeVar("Entry", bound=np.generic)
MINIMAL, DIMENSION_ORDER, UP_DOWN = "minimal", "dimension order", "up*/down*"
"""Schemes of routing, as tables and loads name them."""
ARRIVED = 255
"""What a table holds where source and destination are the same node."""
MOST_PORTS = ARRIVED
"""Largest degree whose ports fit one byte beside `ARRIVED`."""
_BATCH = 256  # destinations searched at once: a set of bits of 4096 nodes then fills 128 KiB, and all stay in the cache
_SPREAD = np.unpackbits(np.arange(256, dtype=np.uint8), bitorder="little").view(np.uint64)
"""The bits of each byte as eight bytes of 0 or 1; shifted by less than 8 they stay in their bytes."""


def translated(row: NDArray[Entry], shape: tuple[int, ...], wraps: Wraps) -> NDArray[Entry]:
    """Table with [s, d] = row[d - s] on the integer vectors modulo a lattice: shape (size, size), the dtype of `row`.

    Work is about that of copying the table: dimension by dimension, from the last that `wraps` folds to the first, the
    rows of the next sources are those made so far, moved along: windows on two copies of them end to end.

    >>> translated(np.array([9, 1, 2, 3]), (4,), [(0, (4,))]).tolist()
    [[9, 1, 2, 3], [3, 9, 1, 2], [2, 3, 9, 1], [1, 2, 3, 9]]
    """
    table = row.reshape(1, *shape)
    moved: list[int] = []
    for dimension, wrap in reversed(wraps):
        length = shape[dimension]
        before = math.prod(shape[d] for d in moved if d < dimension)
        after = math.prod(shape[d] for d in moved if d > dimension)
        inside = table.reshape(before, after, *shape)
        across = inside
        if any(wrap[d] for d in moved):
            across = table[_past_the_end(shape, wraps, moved, wrap)].reshape(inside.shape)
        both = np.concatenate([across, inside], axis=2 + dimension)
        step, outer = both.strides[2 + dimension], math.prod(shape[:dimension])
        windows = np.ndarray(
            shape=(before, length, after, outer),
            dtype=f"V{length * step}",
            buffer=both,
            offset=length * step,
            strides=(both.strides[0], -step, both.strides[1], 2 * length * step),
        )
        table = np.ascontiguousarray(windows).view(row.dtype).reshape(-1, *shape)
        moved.append(dimension)
    return table.reshape(math.prod(shape), -1)


def _past_the_end(shape: tuple[int, ...], wraps: Wraps, moved: list[int], wrap: tuple[int, ...]) -> NDArray[np.int64]:
    """For each source along the `moved` dimensions, the one from which a destination past the wrap looks the same."""
    kept = sorted(moved)
    box = tuple(shape[d] for d in kept)
    sources = np.stack(np.unravel_index(np.arange(math.prod(box)), box), axis=-1)
    inner = [(kept.index(d), tuple(vector[k] for k in kept)) for d, vector in wraps if d in moved]
    return flatten(fold(sources - [wrap[d] for d in kept], inner), box)


def minimal_row(
    hops: NDArray[np.integer], neighbours: NDArray[np.integer], opposite: Sequence[int] | NDArray[np.integer]
) -> NDArray[np.uint8]:
    """Next hops of node 0 where moving all nodes alike keeps every port, from its `hops`: shape (size,).

    `opposite` holds the port that undoes each port. A port lies on a shortest path to d if d, moved back by it, is
    nearer.
    """
    row = np.full(len(hops), ARRIVED, dtype=np.uint8)
    for port in reversed(range(neighbours.shape[1])):
        row[hops[neighbours[:, opposite[port]]] == hops - 1] = port
    return row


def dimension_order_row(shape: tuple[int, ...], ports: tuple[tuple[int, int], ...]) -> NDArray[np.uint8]:
    """Next hops of node 0 in a torus: the first dimension that differs, then the shorter way round, up in a tie."""
    column = {port: number for number, port in enumerate(ports)}
    row = np.full(shape, ARRIVED, dtype=np.uint8)
    for dimension, length in reversed(list(enumerate(shape))):
        if (dimension, 1) not in column:
            continue
        ahead = (slice(None),) * dimension
        row[(*ahead, slice(1, length // 2 + 1))] = column[dimension, 1]
        if length > 2:
            row[(*ahead, slice(length // 2 + 1, length))] = column[dimension, -1]
    return row.ravel()


def minimal_ports(neighbours: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Lowest port on a shortest path for all pairs of a connected graph: shape (size, size).

    Breadth-first search on bit sets, 256 destinations at a time, so memory beyond the table grows with its side only.

    >>> minimal_ports(np.array([[1, -1], [0, 2], [1, -1]])).tolist()
    [[255, 0, 0], [0, 255, 1], [0, 0, 255]]
    """
    links = _existing(neighbours, neighbours >= 0)
    table = _empty_table(neighbours)
    for first in range(0, len(table), _BATCH):
        search = _Search(neighbours, first)
        front = search.front
        while front.any():
            front = search.step(front, links)
        search.write(table)
    return table


def climbing_order(hops: NDArray[np.integer]) -> NDArray[np.intp]:
    """Position of each node by its `hops` from the root, then its number: each node but the root has one before it.

    >>> climbing_order(np.array([1, 0, 2, 1])).tolist()
    [1, 0, 3, 2]
    """
    position = np.empty(len(hops), dtype=np.intp)
    position[np.argsort(hops, kind="stable")] = np.arange(len(hops))
    return position


def up_down_ports(neighbours: NDArray[np.integer], position: NDArray[np.integer]) -> NDArray[np.uint8]:
    """Next hops under up*/down* for all pairs, by the lowest port of the best ones: shape (size, size).

    `position` orders the nodes; a channel towards a lower position leads up. A route climbs, by the fewest hops, until
    descents alone reach its destination, then takes the shortest descent. Each node but the first needs a channel up.
    """
    ends = position[np.maximum(neighbours, 0)]
    up = _existing(neighbours, (neighbours >= 0) & (ends < position[:, None]))
    down = _existing(neighbours, (neighbours >= 0) & (ends > position[:, None]))
    table = _empty_table(neighbours)
    for first in range(0, len(table), _BATCH):
        search = _Search(neighbours, first)
        descents = [search.front]
        while descents[-1].any():
            descents.append(search.step(descents[-1], down))
        front, distance = descents[0], 0
        while front.any() or distance < len(descents):
            distance += 1
            climbed = search.step(front, up)
            front = climbed | descents[distance] if distance < len(descents) else climbed
        search.write(table)
    return table


class _Search:
    """Which of a batch of destinations each node has a port for: bit sets of shape (nodes, words)."""

    def __init__(self, neighbours: NDArray[np.integer], first: int) -> None:
        size, self.degree = neighbours.shape
        self.first, self.count = first, min(_BATCH, size - first)
        marks = np.zeros((size, -(-self.count // 64) * 8), dtype=np.uint8)
        batch = np.arange(self.count)
        marks[first + batch, batch // 8] = 1 << (batch % 8)
        self.front = marks.view(np.uint64)
        self.unseen = ~self.front
        self.planes = np.zeros((max(1, (self.degree - 1).bit_length()), *self.front.shape), dtype=np.uint64)
        self.padded = np.zeros((size + 1, self.front.shape[1]), dtype=np.uint64)

    def step(self, front: NDArray[np.uint64], links: NDArray[np.intp]) -> NDArray[np.uint64]:
        """Destinations that each node first reaches through a neighbour with them in `front`, by its lowest port."""
        self.padded[:-1] = front
        before = self.unseen.copy()
        new = np.empty_like(before)
        for port in range(self.degree):
            np.take(self.padded, links[port], axis=0, out=new, mode="clip")
            new &= self.unseen
            self.unseen ^= new
            for bit, plane in enumerate(self.planes):
                if port >> bit & 1:
                    plane |= new
        before ^= self.unseen
        return before

    def write(self, table: NDArray[np.uint8]) -> None:
        """Put the ports into the batch's columns."""
        ports = np.take(_SPREAD, self.planes[0].view(np.uint8), mode="clip")
        for bit, plane in enumerate(self.planes[1:], start=1):
            ports |= np.take(_SPREAD << bit, plane.view(np.uint8), mode="clip")
        table[:, self.first : self.first + self.count] = ports.view(np.uint8)[:, : self.count]
        batch = self.first + np.arange(self.count)
        table[batch, batch] = ARRIVED


def _existing(neighbours: NDArray[np.integer], wanted: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The wanted neighbours, shape (ports, size); elsewhere a number past the last node, whose bit set is empty."""
    return np.ascontiguousarray(np.where(wanted, neighbours, len(neighbours)).T)


def _empty_table(neighbours: NDArray[np.integer]) -> NDArray[np.uint8]:
    size, degree = neighbours.shape
    if degree > MOST_PORTS:
        raise InputError(
            f"{degree} ports do not fit one byte", where="routing table", remedy=f"at most {MOST_PORTS} links a node"
        )
    return np.empty((size, size), dtype=np.uint8)
