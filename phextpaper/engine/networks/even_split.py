"""Loads of directed links when each pair's unit is split evenly over all its shortest paths.

A load counts units that cross a link; under uniform all-to-all each ordered pair of different nodes has one unit, so it
counts pairs. The split is exact: a pair's unit is shared equally by all its shortest paths, as in edge betweenness
(Brandes, with all levels of a batch of sources at once). Parallel links make different paths.
"""

from collections.abc import Callable
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine import threads
from phextpaper.engine.networks import distances, graphs
from phextpaper.errors import InputError

Demand = Callable[[NDArray[np.intp]], NDArray[np.float64]]
"""Units from some sources to every node: shape (sources,) in, (sources, nodes) out."""
_PAIRS = 2**18  # (node, source) pairs handled at once, so that the working arrays stay in the cache
_WORDS = 8  # machine words of sources that share a search


def even_split_loads(
    neighbours: NDArray[np.intp], demand: Demand | None = None, *, where: str = "graph", workers: int | None = None
) -> NDArray[np.float64]:
    """Load of each directed link, shape (nodes, ports), by the shortest paths from every source, in batches.

    Without `demand` it is uniform all-to-all. Reversed, the paths of uniform traffic are its own, so both directions of
    a link carry the same, and one is counted. `workers` threads share the sources, None takes all processors; the
    result is the same to the bit. Raises `InputError`, which says `where`, for a graph that is not connected.

    >>> even_split_loads(np.array([[1, -1], [0, 2], [1, -1]])).tolist()
    [[2.0, 0.0], [2.0, 2.0], [2.0, 0.0]]
    """
    size = len(neighbours)
    origins, ports = np.nonzero(neighbours >= 0)
    if demand is None:
        lower = origins < neighbours[origins, ports]
        origins, ports = origins[lower], ports[lower]
    ends = neighbours[origins, ports]
    columns = distances.padded_columns(neighbours)
    ahead = np.stack(columns)
    width = max(8, min(64, _PAIRS // size // 8 * 8))

    def count(first: int) -> NDArray[np.float64]:
        planes = distances.hop_planes(columns, first, distances.working_room(size, _WORDS), where=where)
        room = _Room.of(size, len(ahead), width)
        counted = np.zeros(len(origins))
        for start in range(first, min(first + 64 * _WORDS, size), width):
            sources = np.arange(start, min(start + width, first + 64 * _WORDS, size))
            hops = distances.unpacked(
                planes, start - first + len(sources), start - first, np.min_scalar_type(2 ** len(planes) - 1)
            )
            units = None if demand is None else demand(sources).T
            paths, owed = _shares(ahead, hops, start, units, room)
            counted += _flows(paths, owed, hops, origins, ends)
        return counted

    loads = np.zeros(neighbours.shape)
    for part in threads.in_order(count, range(0, size, 64 * _WORDS), workers):
        loads[origins, ports] += part
    if demand is None:
        loads[ends, graphs.pair_ports(neighbours)[origins, ports]] = loads[origins, ports]
    return loads


def loads_from_one(neighbours: NDArray[np.intp], hops: NDArray[np.integer]) -> NDArray[np.float64]:
    """Load of each port under uniform all-to-all, (ports,), from the shortest paths of node 0 and its `hops` (nodes,).

    It holds where translations keep all links: a port then carries at one node, for all sources, what all nodes carry
    for one. Raises `InputError` for more shortest paths than a float can count.
    """
    far = hops.astype(np.min_scalar_type(int(hops.max())))[:, None]
    size, ports = neighbours.shape
    nodes = np.arange(size)
    paths, owed = _shares(np.ascontiguousarray(neighbours.T), far, 0, None, _Room.of(size, ports, 1))
    return np.array([_flows(paths, owed, far, nodes, column).sum() for column in neighbours.T])


class _Room(NamedTuple):
    """Working arrays, made once for many blocks of sources: a fresh array costs more than what is done in it."""

    around: NDArray[np.intp]
    taken: NDArray[np.float64]
    found: NDArray[np.float64]
    paths: NDArray[np.float64]
    owed: NDArray[np.float64]

    @classmethod
    def of(cls, size: int, ports: int, count: int) -> Self:
        """Room for a block of `count` sources."""
        around = np.empty(ports * size * count, dtype=np.intp)
        return cls(around, np.empty(around.size), *(np.empty((size + 1) * count) for _ in range(3)))


def _shares(
    ahead: NDArray[np.intp],
    hops: NDArray[np.unsignedinteger],
    first: int,
    demand: NDArray[np.float64] | None,
    room: _Room,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shortest paths to each node, and the units that each of them owes its last node, both of shape (size, sources).

    `ahead` holds the neighbours by port, `hops` the distances, `demand` the units for each node, all 1 if None. The
    units owed are the node's own and those that it hands on, over its paths; so paths x owed is the flow over a link.
    Levels are walked outwards and then inwards. A level reads only what is already known, which is zero elsewhere, so
    no link needs to be asked whether it leads on.
    """
    size, count = hops.shape
    ports = len(ahead)
    order = np.argsort(hops, axis=None, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(hops.ravel()))])
    levels = len(bounds) - 1
    rows = ahead * count
    nodes, places = order // count, order % count
    around, taken, found = room.around, room.taken, room.found[: hops.size]
    paths, owed = room.paths[: (size + 1) * count], room.owed[: (size + 1) * count]
    paths[:] = owed[:] = 0.0
    paths[(first + np.arange(count)) * count + np.arange(count)] = found[: bounds[1]] = 1.0

    def level(number: int) -> tuple[slice, NDArray[np.intp], NDArray[np.float64]]:
        part = slice(bounds[number], bounds[number + 1])
        length = part.stop - part.start
        return (
            part,
            around[ports * part.start : ports * part.stop].reshape(ports, length),
            taken[: ports * length].reshape(ports, length),
        )

    for number in range(1, levels):
        part, neighbours, values = level(number)
        np.take(rows, nodes[part], axis=1, out=neighbours, mode="clip")
        neighbours += places[part]
        np.take(paths, neighbours, out=values, mode="clip")
        np.add.reduce(values, axis=0, out=found[part])
        paths[order[part]] = found[part]
    if not np.isfinite(found).all():
        raise InputError("there are more shortest paths than floating point can count", remedy="take a smaller network")
    share = np.divide(1.0 if demand is None else demand.ravel()[order], found, out=found)
    for number in range(levels - 1, 0, -1):
        part, neighbours, values = level(number)
        if number < levels - 1:
            np.take(owed, neighbours, out=values, mode="clip")
            share[part] += np.add.reduce(values, axis=0)
        owed[order[part]] = share[part]
    return paths.reshape(-1, count), owed.reshape(-1, count)


def _flows(
    paths: NDArray[np.float64],
    owed: NDArray[np.float64],
    hops: NDArray[np.unsignedinteger],
    origins: NDArray[np.intp],
    ends: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Flow over each link from origin to end, summed over sources for which the end lies further: shape (links,)."""
    links, count = len(origins), hops.shape[1]
    flows, step = np.empty(links), max(1, 2**17 // count)
    for start in range(0, links, step):
        leave, reach = origins[start : start + step], ends[start : start + step]
        passing = paths.take(leave, axis=0)
        passing *= owed.take(reach, axis=0)
        onward = hops.take(reach, axis=0) > hops.take(leave, axis=0)
        flows[start : start + step] = np.vecdot(passing, onward.astype(np.float64))
    return flows
