"""Hop counts by breadth-first search: from one source, and from all sources at once on packed bit sets.

A neighbour array has shape (nodes, ports) and holds node numbers; -1 fills the ports that a node does not have.
Distances count hops, so they have no unit. The bit-parallel search keeps one bit for each (node, source) pair of a
batch, 64 sources to a machine word, which stays set until the two have met: a node is still apart from a source after
one hop more if it was, and all its neighbours were. So each hop of a batch is one gather and one AND for each port.
Nothing here uses symmetry, so it can judge what does.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine import threads
from phextpaper.errors import InputError

MATRIX_NODES = 2**16
"""Most nodes whose distance matrix is made (4 GiB at one byte each)."""
_MOST_WORDS, _LEAST_WORDS, _CACHED_BYTES = 16, 4, 2**19  # a batch's bit set should stay in a core's own cache
_UNPACKED = 128  # sources whose distances are unpacked at once, for the same reason


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
    """Hops from node 0 of a ring to each of its nodes: shape (length,).

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
    columns, words, size = padded_columns(neighbours), _words(len(neighbours)), len(neighbours)

    def count(firsts: range) -> list[int]:
        counts: list[int] = []
        room = working_room(size, words)
        for first in firsts:
            before = size * min(64 * words, size - first)
            for distance, (left, _) in enumerate(_apart(columns, _batch(first, size, words), room)):
                if distance == len(counts):
                    counts.append(0)
                counts[distance] += before - left
                before = left
        return counts

    total: list[int] = []
    for part in threads.in_order(count, threads.dealt(range(0, size, 64 * words), workers), workers):
        total += [0] * (len(part) - len(total))
        for distance, pairs in enumerate(part):
            total[distance] += pairs
    while total[-1] == 0:
        total.pop()
    return np.array(total, dtype=np.int64)


def distance_matrix(
    neighbours: NDArray[np.integer], *, where: str = "graph", workers: int | None = None
) -> NDArray[np.unsignedinteger]:
    """Hops from every node to every other, shape (nodes, nodes): uint8 up to a diameter of 255, else uint16.

    Raises `InputError`, which says `where`, where a path is missing or the matrix would be huge.

    >>> distance_matrix(np.array([[1, 3], [2, 0], [3, 1], [0, 2]])).tolist()
    [[0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]]
    """
    size = len(neighbours)
    if size > MATRIX_NODES:
        raise InputError(
            f"a matrix of {size} by {size} distances is too large",
            where=where,
            remedy=f"at most {MATRIX_NODES} nodes; hop_histogram needs no matrix",
        )
    columns, words = padded_columns(neighbours), _words(size)
    radius = int(hop_counts(neighbours).max())  # no two nodes are farther apart than twice as far as one is from all
    largest = 2 * radius if 2 * radius < 2**8 else len(hop_histogram(neighbours, workers=workers)) - 1
    matrix = np.empty((size, size), dtype=np.min_scalar_type(largest))

    def fill(firsts: range) -> None:
        room = working_room(size, words)
        for first in firsts:
            planes = hop_planes(columns, first, room, where=where)
            for start in range(first, min(first + 64 * words, size), _UNPACKED):
                stop = min(start + _UNPACKED, first + 64 * words, size)
                matrix[:, start:stop] = unpacked(planes, stop - first, start - first, matrix.dtype)

    for _ in threads.in_order(fill, threads.dealt(range(0, size, 64 * words), workers), workers):
        pass
    return matrix


def padded_columns(neighbours: NDArray[np.integer]) -> list[NDArray[np.intp]]:
    """The neighbours by port, contiguous, with one node number past the end in place of -1."""
    array = neighbours.astype(np.intp).T.copy()
    array[array < 0] = len(neighbours)
    return list(array)


def hops_from(neighbours: NDArray[np.integer], sources: NDArray[np.integer]) -> NDArray[np.unsignedinteger]:
    """Hops between every node and some sources, shape (nodes, sources), in the narrowest type that holds them.

    Raises `InputError` where a node is out of reach.

    >>> hops_from(np.array([[1, -1], [0, 2], [1, -1]]), np.array([2, 0])).tolist()
    [[2, 0], [1, 1], [0, 2]]
    """
    planes, left = _planes(padded_columns(neighbours), sources, working_room(len(neighbours), -(-len(sources) // 64)))
    if left:
        raise InputError("some nodes cannot be reached", where="graph", remedy="give a connected graph")
    if not planes:
        return np.zeros((len(neighbours), len(sources)), dtype=np.uint8)
    return unpacked(planes, len(sources), dtype=np.min_scalar_type(2 ** len(planes) - 1))


def hop_planes(
    columns: list[NDArray[np.intp]], first: int, room: NDArray[np.uint64], where: str = ""
) -> list[NDArray[np.uint8]]:
    """Distances to the nodes from `first` on, as bit planes: plane b (nodes, bytes) holds bit b of each distance.

    Within a plane's row, bit i % 8 of byte i // 8 belongs to node first + i; `room`, made by `working_room`, says how
    many there are. Raises `InputError` where a path is missing.
    """
    planes, left = _planes(columns, _batch(first, room.shape[1] - 1, room.shape[2]), room)
    if left:
        raise InputError("some nodes have no path to others", where=where, remedy="give a connected graph")
    return planes


def _planes(
    columns: list[NDArray[np.intp]], sources: NDArray[np.integer], room: NDArray[np.uint64]
) -> tuple[list[NDArray[np.uint8]], int]:
    """Bit planes of the distances to some sources, and how many pairs have no path."""
    planes: list[NDArray[np.uint64]] = []
    left = 0
    for distance, (pairs, apart) in enumerate(_apart(columns, sources, room), start=1):
        left = pairs
        # The distance of what is still apart rises to this one: flip the bits in which it differs from the last.
        for place in range((distance ^ (distance - 1)).bit_length()):
            if place == len(planes):
                planes.append(np.zeros_like(apart))
            planes[place] ^= apart
    return [plane.view(np.uint8) for plane in planes], left


def unpacked(
    planes: list[NDArray[np.uint8]], stop: int, start: int = 0, dtype: np.dtype | type = np.uint8
) -> NDArray[np.unsignedinteger]:
    """Distances from bit planes, for their sources `start` to `stop`: shape (nodes, stop - start).

    `start` divides by 8.
    """
    hops = np.zeros((len(planes[0]), stop - start), dtype=dtype)
    for place, plane in enumerate(planes):
        bits = np.unpackbits(plane[:, start // 8 : -(-stop // 8)], axis=1, count=stop - start, bitorder="little")
        bits = bits.astype(dtype, copy=False)
        hops |= np.left_shift(bits, place, out=bits)
    return hops


def working_room(size: int, words: int) -> NDArray[np.uint64]:
    """Arrays for searches from 64 * words sources at once; made once for many of them."""
    return np.empty((3, size + 1, words), dtype="<u8")


def _batch(first: int, size: int, words: int) -> NDArray[np.intp]:
    """The nodes from `first` on that are searched from together."""
    return np.arange(first, min(first + 64 * words, size))


def _apart(
    columns: list[NDArray[np.intp]], sources: NDArray[np.integer], room: NDArray[np.uint64]
) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Pairs of a node and one of the `sources` that are still apart within 0, 1, 2 … hops, and their bits.

    Bits have shape (nodes, words); bit b of word w belongs to source number 64 w + b. They are overwritten two steps
    later. Ends where no pair is left, or none meets any more.
    """
    apart, following, gathered = room
    size, words = len(apart) - 1, apart.shape[1]
    place = np.arange(len(sources))
    used = np.zeros(words, dtype="<u8")
    bits = np.uint64(1) << (place % 64).astype(np.uint64)
    np.bitwise_or.at(used, place // 64, bits)
    apart[:] = used
    np.bitwise_xor.at(apart, (sources, place // 64), bits)
    # The row past the nodes stands in for the neighbour at ports without a link: it never comes nearer.
    following[size] = used
    wide = np.uint32 if size * words < 2**26 else np.uint64
    left, before = size * len(sources) - len(sources), size * len(sources)
    while left < before:
        yield left, apart[:size]
        if left == 0:
            return
        reached, taken = following[:size], gathered[:size]
        np.take(apart, columns[0], axis=0, out=reached, mode="clip")
        for column in columns[1:]:
            np.take(apart, column, axis=0, out=taken, mode="clip")
            reached &= taken
        reached &= apart[:size]
        before, left = left, int(np.bitwise_count(reached).sum(dtype=wide))
        apart, following = following, apart


def _words(size: int) -> int:
    """Machine words of sources to search from together."""
    needed = -(-size // 64)
    return max(1, min(_MOST_WORDS, needed, max(_LEAST_WORDS, _CACHED_BYTES // (8 * size))))
