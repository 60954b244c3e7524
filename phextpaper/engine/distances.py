"""Hop counts by breadth-first search: from one source, and from all sources at once on packed bit sets.

A neighbour array has shape (nodes, ports) and holds node numbers; -1 fills the ports that a node does not have.
Distances count hops, so they have no unit. The bit-parallel search keeps one bit for each (node, source) pair of a
batch, 64 sources to a machine word, and moves every batch one hop further with one gather and one OR for each port.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phextpaper.errors import InputError


def hop_counts(neighbours: NDArray[np.integer], source: int = 0) -> NDArray[np.int32]:
    """Hops from `source` to every node, shape (nodes,); -1 where no path leads.

    Work grows with nodes times ports plus the number of distances, memory with nodes.

    >>> hop_counts(np.array([[1, -1], [0, 2], [1, -1]]))
    array([0, 1, 2], dtype=int32)
    """
    size = len(neighbours)
    hops = np.full(size + 1, -1, dtype=np.int32)
    hops[size] = 0  # ports without a link are -1 and so land here, on a node that is already seen
    hops[source] = 0
    frontier = np.array([source])
    distance = 0
    while frontier.size:
        distance += 1
        reached = neighbours[frontier].ravel()
        reached = reached[hops[reached] < 0]
        hops[reached] = distance
        frontier = _once_each(reached, size, hops, distance)
    return hops[:size]


def _once_each(nodes: NDArray, size: int, hops: NDArray, distance: int) -> NDArray:
    """The different nodes of `nodes`: sorted when few, read off the distances when many."""
    if nodes.size * 8 < size:
        return np.unique(nodes)
    return np.flatnonzero(hops[:size] == distance)


_WORDS = 8  # machine words of sources that are searched together


def _waves(neighbours: NDArray[np.integer], first: int, words: int) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Breadth-first search from the 64 * words nodes after `first` at once: (distance, bits newly reached), nearest first.

    Bits have shape (nodes, words); bit b of word w belongs to source first + 64 w + b. Sources past the end stay empty.
    """
    size, ports = neighbours.shape
    # One row more than nodes: ports without a link are -1 and read that row, which stays empty.
    front = np.zeros((size + 1, words), dtype=np.uint64)
    sources = np.arange(first, min(first + 64 * words, size))
    front[sources, (sources - first) // 64] = np.uint64(1) << ((sources - first) % 64).astype(np.uint64)
    unseen = ~front[:size]
    columns = [np.where(neighbours[:, port] < 0, size, neighbours[:, port]) for port in range(ports)]
    distance = 0
    while front.any():
        yield distance, front[:size]
        reached = front[columns[0]] if ports else np.zeros((size, words), dtype=np.uint64)
        for column in columns[1:]:
            reached |= front[column]
        reached &= unseen
        unseen &= ~reached
        front[:size] = reached
        distance += 1


def hop_histogram(neighbours: NDArray[np.integer]) -> NDArray[np.int64]:
    """Ordered pairs of nodes by distance over all sources, shape (diameter + 1,); pairs without a path are left out.

    Memory grows with nodes times ports, not with pairs.

    >>> hop_histogram(np.array([[1, 2], [2, 0], [0, 1]])).tolist()
    [3, 6]
    """
    counts: list[int] = []
    for first in range(0, len(neighbours), 64 * _WORDS):
        for distance, bits in _waves(neighbours, first, _WORDS):
            if distance == len(counts):
                counts.append(0)
            counts[distance] += int(_population(bits))
    return np.array(counts, dtype=np.int64)


def _population(bits: NDArray[np.uint64]) -> int:
    """Number of bits that are set."""
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


def distance_matrix(topology) -> NDArray[np.unsignedinteger]:
    """Hops from every node to every other, shape (size, size), uint8 where the diameter fits, else uint16.

    Found by search from all sources; it uses no symmetry, so it can judge what does. Raises `InputError` where a path is
    missing.

    >>> from phextpaper.engine.topologies import Torus
    >>> distance_matrix(Torus((4,))).tolist()
    [[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]]
    """
    neighbours, size = topology.neighbours(), topology.size
    wide = np.uint8 if topology.diameter() < 256 else np.uint16
    matrix = np.zeros((size, size), dtype=wide)
    reached = 0
    for first in range(0, size, 64 * _WORDS):
        last = min(first + 64 * _WORDS, size)
        block = np.zeros((size, last - first), dtype=wide)
        for distance, bits in _waves(neighbours, first, _WORDS):
            reached += _population(bits)
            if distance:
                members = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")[:, : last - first]
                block += members * wide(distance)
        matrix[first:last] = block.T
    if reached != size * size:
        raise InputError("some nodes have no path to others", where=topology.spec, remedy="give a connected graph")
    return matrix
