"""Loads of directed links under uniform all-to-all, each ordered pair's unit split evenly over all its shortest paths.

The loads are exact: they are Brandes' edge betweenness of ordered pairs. Where translations map a topology onto itself one
source is enough: a port carries at every node what all nodes' links of that port carry for one source.
"""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.distances import distance_matrix
from phextpaper.engine.topologies import LatticeTopology, Topology

_BATCH = 64  # sources that are worked on together


def link_loads(topology: Topology) -> NDArray[np.float64]:
    """Load of each directed link, shape (size, degree), in ordered pairs; 0 where a node lacks the port.

    Parallel links count as different paths and share their load.

    >>> from phextpaper.engine.topologies import Torus
    >>> link_loads(Torus((4,)))[0].tolist()
    [2.0, 2.0]
    """
    neighbours = topology.neighbours()
    if isinstance(topology, LatticeTopology):
        hops = topology.hop_counts(0).astype(np.int32)[:, None]
        per_port = _flows(neighbours, hops, np.array([0])).sum(axis=0)
        return np.tile(per_port, (topology.size, 1))
    loads, distances = np.zeros(neighbours.shape), distance_matrix(topology)
    for first in range(0, topology.size, _BATCH):
        sources = np.arange(first, min(first + _BATCH, topology.size))
        loads += _flows(neighbours, distances[sources].T.astype(np.int32), sources)
    return loads


def all_to_all_throughput(topology: Topology) -> float:
    """Uniform all-to-all throughput of a node in link bandwidths: (size - 1) / worst load."""
    return (topology.size - 1) / float(link_loads(topology).max())


def _flows(neighbours: NDArray[np.intp], hops: NDArray[np.int32], sources: NDArray[np.intp]) -> NDArray[np.float64]:
    """Flow over each directed link from some sources to all nodes; `hops` (size, sources) are the distances.

    Levels are walked outwards to count shortest paths, and inwards to send each destination's unit back along them.
    """
    size, count = hops.shape
    flat, width = hops.ravel(), len(sources)
    order = np.argsort(flat, kind="stable")
    ends = np.searchsorted(flat[order], np.arange(flat.max() + 2))
    paths, owed = np.zeros(size * count), np.zeros(size * count)
    paths[sources * width + np.arange(width)] = 1.0
    loads = np.zeros(neighbours.size)
    degree = neighbours.shape[1]

    def before(level: int, port: int):
        """Entries of a level, the entries one nearer to the source that a port of theirs leads to, and the links back."""
        entries = order[ends[level]: ends[level + 1]]
        nodes, column = np.divmod(entries, width)
        nearer = neighbours[nodes, port]
        there = nearer * width + column
        good = (nearer >= 0) & (flat[np.maximum(there, 0)] == level - 1)
        return entries[good], there[good], nodes[good]

    for level in range(1, int(flat.max()) + 1):
        for port in range(degree):
            entries, there, _ = before(level, port)
            paths[entries] += paths[there]
    reverse = _reverse_ports(neighbours)
    for level in range(int(flat.max()), 0, -1):
        for port in range(degree):
            entries, there, nodes = before(level, port)
            flow = paths[there] / paths[entries] * (1.0 + owed[entries])
            links = neighbours[nodes, port] * degree + reverse[nodes, port]
            loads += np.bincount(links, weights=flow, minlength=loads.size)
            owed += np.bincount(there, weights=flow, minlength=owed.size)
    return loads.reshape(neighbours.shape)


def _reverse_ports(neighbours: NDArray[np.intp]) -> NDArray[np.intp]:
    from phextpaper.engine.graphs import pair_ports

    return pair_ports(neighbours)
