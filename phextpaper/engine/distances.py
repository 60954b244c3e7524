"""Hop counts by breadth-first search: from one source, and from all sources at once on packed bit sets.

A neighbour array has shape (nodes, ports) and holds node numbers; -1 fills the ports that a node does not have.
Distances count hops, so they have no unit. The bit-parallel search keeps one bit for each (node, source) pair of a
batch, 64 sources to a machine word, and moves every batch one hop further with one gather and one OR for each port.
Nothing here uses symmetry, so it can judge what does.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine import batches
from phextpaper.errors import InputError

MATRIX_NODES = 2**16
"""Most nodes whose distance matrix is made (4 GiB at one byte each)."""
_MOST_WORDS, _LEAST_WORDS, _CACHED_BYTES = 16, 4, 2**19  # a batch's bit set should stay in a core's own cache


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
        frontier = np.unique(reached) if reached.size * 8 < size else np.flatnonzero(hops[:size] == distance)
    return hops[:size]


def ring_hops(length: int) -> NDArray[np.int32]:
    """Hops from node 0 of a ring to each of its `length` nodes.

    >>> ring_hops(5)
    array([0, 1, 2, 2, 1], dtype=int32)
    """
    ahead = np.arange(length, dtype=np.int32)
    return np.minimum(ahead, length - ahead)


def hop_histogram(neighbours: NDArray[np.integer], *, workers: int | None = None) -> NDArray[np.int64]:
    """Ordered pairs of nodes by distance over all sources, shape (diameter + 1,); pairs without a path are left out.

    Memory grows with nodes times ports, not with pairs. `workers` threads share the sources; None takes all processors.

    >>> hop_histogram(np.array([[1, 2], [2, 0], [0, 1]])).tolist()
    [3, 6]
    """
    columns, words = padded_columns(neighbours), _words(len(neighbours))

    def count(first: int) -> list[int]:
        return [reached for reached, _ in _waves(columns, first, words)]

    counts: list[int] = []
    for part in batches.in_order(count, range(0, len(neighbours), 64 * words), workers):
        counts += [0] * (len(part) - len(counts))
        for distance, reached in enumerate(part):
            counts[distance] += reached
    return np.array(counts, dtype=np.int64)


def distance_matrix(topology, *, workers: int | None = None) -> NDArray[np.unsignedinteger]:
    """Hops from every node to every other, shape (size, size): uint8 up to a diameter of 255, else uint16.

    Raises `InputError` where a path is missing or the matrix would be huge.

    >>> from phextpaper.engine.topologies import Torus
    >>> distance_matrix(Torus((4,))).tolist()
    [[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]]
    """
    size = topology.size
    if size > MATRIX_NODES:
        raise InputError(f"a matrix of {size} by {size} distances is too large", where=topology.spec,
                         remedy=f"at most {MATRIX_NODES} nodes; hop_histogram needs no matrix")
    columns, words = padded_columns(topology.neighbours()), _words(size)
    matrix = np.empty((size, size), dtype=np.min_scalar_type(topology.diameter()))

    def fill(first: int) -> None:
        last = min(first + 64 * words, size)
        matrix[:, first:last] = unpacked(hop_planes(columns, first, words, where=topology.spec), 0, last - first, matrix.dtype)

    for _ in batches.in_order(fill, range(0, size, 64 * words), workers):
        pass
    return matrix


def padded_columns(neighbours: NDArray[np.integer]) -> list[NDArray[np.intp]]:
    """The neighbours by port, contiguous, with one node number past the end in place of -1."""
    array = neighbours.astype(np.intp).T.copy()
    array[array < 0] = len(neighbours)
    return list(array)


def hop_planes(columns: list[NDArray[np.intp]], first: int, words: int, where: str = "") -> list[NDArray[np.uint8]]:
    """Distances to the 64 * words nodes from `first` on, as bit planes: plane b, shape (nodes, 8 * words), holds bit b of each.

    Within a plane's row, bit i % 8 of byte i // 8 belongs to node first + i. Raises `InputError` where a path is missing.
    """
    size = len(columns[0])
    planes: list[NDArray[np.uint64]] = []
    total = 0
    for distance, (reached, bits) in enumerate(_waves(columns, first, words)):
        total += reached
        while len(planes) < distance.bit_length():
            planes.append(np.zeros((size, words), dtype="<u8"))
        for place, plane in enumerate(planes):
            if distance >> place & 1:
                plane |= bits
    if total != size * min(64 * words, size - first):
        raise InputError("some nodes have no path to others", where=where, remedy="give a connected graph")
    return [plane.view(np.uint8) for plane in planes]


def unpacked(planes: list[NDArray[np.uint8]], start: int, stop: int, dtype: np.dtype | type = np.uint8) -> NDArray[np.unsignedinteger]:
    """Distances from bit planes, for their sources `start` to `stop`: shape (nodes, stop - start); `start` divides by 8."""
    hops = np.zeros((len(planes[0]) if planes else 1, stop - start), dtype=dtype)
    for place, plane in enumerate(planes):
        bits = np.unpackbits(plane[:, start // 8 : -(-stop // 8)], axis=1, count=stop - start, bitorder="little")
        hops |= bits.astype(dtype, copy=False) << place
    return hops


def _waves(columns: list[NDArray[np.intp]], first: int, words: int) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Search from the 64 * words nodes after `first` at once: (pairs newly reached, their bits) for distance 0, 1, 2 …

    Bits have shape (nodes, words); bit b of word w belongs to source first + 64 w + b. They are overwritten by the next step.
    """
    size = len(columns[0])
    # One row more than nodes: it stands in for the neighbour at ports without a link, and stays empty.
    front, reached = np.zeros((size + 1, words), dtype="<u8"), np.zeros((size + 1, words), dtype="<u8")
    gathered = np.empty((size, words), dtype="<u8")
    offsets = np.arange(min(64 * words, size - first))
    front[first + offsets, offsets // 64] = np.uint64(1) << (offsets % 64).astype(np.uint64)
    unseen = ~front[:size]
    count = len(offsets)
    while count:
        yield count, front[:size]
        new = reached[:size]
        np.take(front, columns[0], axis=0, out=new, mode="clip")
        for column in columns[1:]:
            np.take(front, column, axis=0, out=gathered, mode="clip")
            new |= gathered
        new &= unseen
        unseen ^= new
        count = int(np.bitwise_count(new).sum(dtype=np.int64))
        front, reached = reached, front


def _words(size: int) -> int:
    """Machine words of sources to search from together."""
    needed = -(-size // 64)
    return max(1, min(_MOST_WORDS, needed, max(_LEAST_WORDS, _CACHED_BYTES // (8 * size))))
