"""Loads of directed links: uniform all-to-all or any traffic, split over all shortest paths or in dimension order.

A load counts units of traffic that cross a link; under uniform all-to-all each ordered pair of different nodes has one
unit, so it counts pairs. The even split is exact: a pair's unit is shared equally by all its shortest paths, as in edge
betweenness (Brandes, with all levels of a batch of sources at once). Parallel links make different paths.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks.even_split import even_split_loads
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing.next_hops import DIMENSION_ORDER, MINIMAL
from phextpaper.engine.traffic.patterns import Traffic, Uniform
from phextpaper.errors import InputError


def link_loads(
    topology: Topology, traffic: Traffic | None = None, routing: str = MINIMAL, *, workers: int | None = None
) -> NDArray[np.float64]:
    """Load of each directed link, shape (size, degree), in units of traffic; 0 where a node lacks the port.

    Without `traffic` it is uniform all-to-all: one unit for each ordered pair of different nodes. `routing` is
    "minimal", the even split over all shortest paths, or "dimension order" (see `dimension_order_loads`). `workers`
    threads share the sources of a general graph, None takes all processors; the result is the same to the bit. Raises
    `InputError` for another routing, and for traffic between other nodes.

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
    demand = None if traffic is None or uniform else traffic.demand
    return even_split_loads(topology.neighbours(), demand, where=topology.spec, workers=workers)


def dimension_order_loads(
    topology: Topology, traffic: Traffic | None = None, *, ties: str = "plus"
) -> NDArray[np.float64]:
    """Load of each directed link, shape (size, degree), when routes correct one dimension after the other (dally2004).

    The shorter way round is taken. Where both are equal, `ties` "plus" takes the plus direction, as one deterministic
    table does, and "split" halves the unit, which levels the load. Raises `InputError` for topologies whose dimensions
    do not wrap on themselves alone. So do other ties, and traffic between other nodes.

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
        # Every node looks alike: from a ring's node one unit goes to each distance, once for each node of the others.
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
    """Units that the busiest source can send while a link carries one: its bandwidth in those of a link.

    `loads` (size, degree) are those of the traffic, as `link_loads` gives them.
    """
    sent = max(float(traffic.demand(chunk).sum(axis=1).max()) for chunk in _chunks(traffic.size))
    return sent / float(loads.max())


def _ring_steps(length: int, direction: int, topology: LatticeTopology, ties: str) -> Iterator[tuple[int, float]]:
    """(distance, share of the unit) of each node that a ring's node reaches in one direction."""
    for distance in range(1, length // 2 + 1):
        if 2 * distance < length or -1 not in topology.directions:
            yield distance, 1.0
        else:
            yield distance, 0.5 if ties == "split" else float(direction > 0)


def _turning_traffic(topology: LatticeTopology, traffic: Traffic) -> list[NDArray[np.float64]]:
    """Units that start along each dimension, by (node where they turn into it, coordinate where they leave it)."""
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
