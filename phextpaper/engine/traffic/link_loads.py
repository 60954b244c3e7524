"""Loads of directed links: uniform all-to-all or any traffic, split over all shortest paths or in dimension order.

A load counts units of traffic that cross a link; under uniform all-to-all each ordered pair of different nodes has one
unit, so it counts pairs. The even split is exact: a pair's unit is shared equally by all its shortest paths, as in edge
betweenness (Brandes, with all levels of a batch of sources at once). Parallel links make different paths.
"""

from collections.abc import Iterator
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine import threads as batches
from phextpaper.engine.networks import distances
from phextpaper.engine.networks.topologies import LatticeTopology, Topology
from phextpaper.engine.traffic.patterns import Traffic, Uniform
from phextpaper.errors import InputError

MINIMAL, DIMENSION_ORDER = "minimal", "dimension-order"
_PAIRS = 2**18  # (node, source) pairs handled at once, so that the working arrays stay in the cache
_WORDS = 8  # machine words of sources that share a search


def link_loads(
    topology: Topology, traffic: Traffic | None = None, routing: str = MINIMAL, *, workers: int | None = None
) -> NDArray[np.float64]:
    """Load of each directed link, shape (size, degree), in units of traffic; 0 where a node lacks the port.

    Without `traffic` it is uniform all-to-all: one unit for each ordered pair of different nodes. `routing` is "minimal", the
    even split over all shortest paths, or "dimension-order" (see `dimension_order_loads`). `workers` threads share the
    sources of a general graph, None takes all processors; the result is the same to the bit.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> link_loads(Torus((4,)))[0].tolist()
    [2.0, 2.0]
    """
    if routing == DIMENSION_ORDER:
        return dimension_order_loads(topology, traffic)
    if routing != MINIMAL:
        raise InputError(f"{routing!r} is no routing", remedy=f"say {MINIMAL!r} or {DIMENSION_ORDER!r}")
    if traffic is not None and traffic.size != topology.size:
        raise InputError(f"traffic between {traffic.size} nodes does not fit {topology.size}", where=topology.spec)
    uniform = traffic is None or isinstance(traffic, Uniform)
    if uniform and isinstance(topology, LatticeTopology):
        return np.tile(topology.port_loads(), (topology.size, 1))
    return _loads_from_all(topology, None if uniform else traffic, workers)


def port_loads_from_one(topology: LatticeTopology) -> NDArray[np.float64]:
    """Load of each port under uniform all-to-all, shape (degree,), from the shortest paths of node 0.

    Translations keep all links, so a port carries at one node, for all sources, what all nodes carry for one source.
    """
    neighbours = topology.neighbours()
    hops = topology.hop_counts(0)
    hops = hops.astype(np.min_scalar_type(int(hops.max())))[:, None]
    nodes = np.arange(topology.size)
    paths, owed = _shares(np.ascontiguousarray(neighbours.T), hops, 0, None, _Room.of(*neighbours.shape, 1))
    return np.array([_flows(paths, owed, hops, nodes, column).sum() for column in neighbours.T])


def all_to_all_throughput(topology: Topology) -> float:
    """Uniform all-to-all throughput of a node in link bandwidths: (size - 1) / worst load."""
    if isinstance(topology, LatticeTopology):
        return (topology.size - 1) / float(topology.port_loads().max())
    return (topology.size - 1) / float(topology.link_loads().max())


def dimension_order_loads(
    topology: Topology, traffic: Traffic | None = None, *, ties: str = "plus"
) -> NDArray[np.float64]:
    """Load of each directed link, shape (size, degree), when routes correct one dimension after the other (dally2004).

    The shorter way round is taken. Where both are equal, `ties` "plus" takes the plus direction, as one deterministic table
    does, and "split" halves the unit, which levels the load. Raises `InputError` for topologies whose dimensions do not wrap
    on themselves alone.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> dimension_order_loads(Torus((4,)))[0].tolist()
    [3.0, 1.0]
    """
    if ties not in ("plus", "split"):
        raise InputError(f"{ties!r} breaks no ties", remedy="say 'plus' or 'split'")
    if not isinstance(topology, LatticeTopology) or any(sum(map(bool, wrap)) > 1 for _, wrap in topology.wraps):
        raise InputError(
            "dimension order needs dimensions that wrap on themselves alone",
            where=topology.spec,
            remedy="take a torus or a hypercube, or minimal routing",
        )
    loads = np.zeros((topology.size, topology.degree))
    if traffic is None or isinstance(traffic, Uniform):
        # Every node looks alike: from a ring's node one unit goes to each distance, once for each node of the other dimensions.
        for port, (dimension, direction) in enumerate(topology.ports):
            loads[:, port] = sum(
                step * share for step, share in _ring_steps(topology.shape[dimension], direction, topology, ties)
            ) * (topology.size // topology.shape[dimension])
        return loads
    if traffic.size != topology.size:
        raise InputError(f"traffic between {traffic.size} nodes does not fit {topology.size}", where=topology.spec)
    for dimension, turning in enumerate(_turning_traffic(topology, traffic)):
        _walk_rings(topology, dimension, turning, ties, loads)
    return loads


def throughput(loads: NDArray[np.floating], traffic: Traffic) -> float:
    """Units that the busiest source can send in the time in which a link carries one unit: its bandwidth in links'."""
    sent = max(float(traffic.demand(chunk).sum(axis=1).max()) for chunk in _chunks(traffic.size))
    return sent / float(loads.max())


def _loads_from_all(topology: Topology, traffic: Traffic | None, workers: int | None) -> NDArray[np.float64]:
    """Loads by the shortest paths from every source, in batches.

    Reversed, the paths of uniform traffic are its own, so both directions of a link carry the same, and one is counted.
    """
    neighbours, size = topology.neighbours(), topology.size
    origins, ports = np.nonzero(neighbours >= 0)
    if traffic is None:
        lower = origins < neighbours[origins, ports]
        origins, ports = origins[lower], ports[lower]
    ends = neighbours[origins, ports]
    columns = distances.padded_columns(neighbours)
    ahead = np.stack(columns)
    width = max(8, min(64, _PAIRS // size // 8 * 8))

    def count(first: int) -> NDArray[np.float64]:
        planes = distances.hop_planes(columns, first, distances.working_room(size, _WORDS), where=topology.spec)
        room = _Room.of(size, len(ahead), width)
        counted = np.zeros(len(origins))
        for start in range(first, min(first + 64 * _WORDS, size), width):
            sources = np.arange(start, min(start + width, first + 64 * _WORDS, size))
            hops = distances.unpacked(
                planes, start - first + len(sources), start - first, np.min_scalar_type(2 ** len(planes) - 1)
            )
            demand = None if traffic is None else traffic.demand(sources).T
            paths, owed = _shares(ahead, hops, start, demand, room)
            counted += _flows(paths, owed, hops, origins, ends)
        return counted

    loads = np.zeros(neighbours.shape)
    for part in batches.in_order(count, range(0, size, 64 * _WORDS), workers):
        loads[origins, ports] += part
    if traffic is None:
        loads[ends, topology.reverse_ports()[origins, ports]] = loads[origins, ports]
    return loads


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

    `ahead` holds the neighbours by port, `hops` the distances, `demand` the units for each node, all 1 if None. The units
    owed are the node's own and those that it hands on, over its paths; so paths x owed is the flow over a link.
    Levels are walked outwards and then inwards. A level reads only what is already known, which is zero elsewhere, so no
    link needs to be asked whether it leads on.
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
    """Flow over each link from an origin to an end, summed over the sources for which the end lies further: shape (links,)."""
    links, count = len(origins), hops.shape[1]
    flows, step = np.empty(links), max(1, 2**17 // count)
    for start in range(0, links, step):
        leave, reach = origins[start : start + step], ends[start : start + step]
        passing = paths.take(leave, axis=0)
        passing *= owed.take(reach, axis=0)
        onward = hops.take(reach, axis=0) > hops.take(leave, axis=0)
        flows[start : start + step] = np.vecdot(passing, onward.astype(np.float64))
    return flows


def _ring_steps(length: int, direction: int, topology: LatticeTopology, ties: str) -> Iterator[tuple[int, float]]:
    """(distance, share of the unit) of each node that a ring's node reaches in one direction."""
    for distance in range(1, length // 2 + 1):
        if 2 * distance < length or -1 not in topology.directions:
            yield distance, 1.0
        else:
            yield distance, 0.5 if ties == "split" else float(direction > 0)


def _turning_traffic(topology: LatticeTopology, traffic: Traffic) -> list[NDArray[np.float64]]:
    """For each dimension the units that start along it, by (node where they turn into it, coordinate where they leave it)."""
    shape = topology.shape
    turning = [np.zeros(topology.size * length) for length in shape]
    for sources in _chunks(topology.size):
        demand = traffic.demand(sources)
        rows, destinations = np.nonzero(demand)
        units = demand[rows, destinations]
        here, there = topology.coordinates(sources[rows]), topology.coordinates(destinations)
        for dimension, length in enumerate(shape):
            place = topology.index(here) * length + there[:, dimension]
            turning[dimension] += np.bincount(place, weights=units, minlength=topology.size * length)
            here[:, dimension] = there[:, dimension]
    return turning


def _walk_rings(
    topology: LatticeTopology, dimension: int, turning: NDArray[np.float64], ties: str, loads: NDArray[np.float64]
) -> None:
    """Add the loads of one dimension, one hop of all routes at a time."""
    length = topology.shape[dimension]
    places = np.flatnonzero(turning)
    nodes, leaving = np.divmod(places, length)
    ahead = (leaving - topology.coordinates(nodes)[:, dimension]) % length
    for port, (along, direction) in enumerate(topology.ports):
        if along != dimension:
            continue
        steps = ahead if direction > 0 else (length - ahead) % length
        units = np.where(2 * steps < length, turning[places], 0.0)
        share = 1.0 if -1 not in topology.directions else 0.5 if ties == "split" else float(direction > 0)
        units[2 * steps == length] = turning[places][2 * steps == length] * share
        here = nodes
        for hop in range(length // 2):
            moving = (steps > hop) & (units > 0)
            here, units, steps = here[moving], units[moving], steps[moving]
            loads[:, port] += np.bincount(here, weights=units, minlength=topology.size)
            here = topology.neighbours()[here, port]


def _chunks(size: int) -> Iterator[NDArray[np.intp]]:
    """All sources, a few at a time."""
    step = max(1, 2**20 // size)
    for first in range(0, size, step):
        yield np.arange(first, min(first + step, size))
