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
