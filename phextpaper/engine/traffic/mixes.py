"""Traffic mixes: the bytes that a step of work exchanges, pattern by pattern, and how long a topology takes for them.

A mix is a list of exchanges that follow one another. An exchange keeps its busiest link busy for the bytes that cross
it, over the link's bandwidth, with each pair's bytes split evenly over all its shortest paths. Hop latency is left out:
a step moves gigabytes. So a mix is a goal that a search can make small, for any topology: `objective`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Graph
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.engine.traffic.patterns import MessageTraffic, Traffic, Uniform
from phextpaper.errors import InputError


@dataclass(frozen=True, eq=False)
class Exchange:
    """One pattern of a mix: `traffic`, the bytes of each of its units, and the bytes that the busiest node sends."""

    name: str
    traffic: Traffic
    unit_bytes: float
    node_bytes: float


@dataclass(frozen=True, eq=False)
class Mix:
    """Exchanges that follow one another, between `size` nodes.

    Raises `InputError` for no exchange, and for traffic between other nodes.
    """

    name: str
    size: int
    exchanges: tuple[Exchange, ...]

    def __post_init__(self) -> None:
        if not self.exchanges or any(exchange.traffic.size != self.size for exchange in self.exchanges):
            raise InputError("a mix has one exchange or more, all between its own nodes", where=self.name)


def link_bytes(topology: Topology, exchange: Exchange) -> NDArray[np.float64]:
    """Bytes over each directed link, shape (size, degree): see `link_loads`."""
    if isinstance(topology, LatticeTopology) and isinstance(exchange.traffic, MessageTraffic):
        return _loads_by_translation(topology, exchange.traffic) * exchange.unit_bytes
    return link_loads(topology, exchange.traffic, workers=1) * exchange.unit_bytes


def times(topology: Topology, mix: Mix, *, bandwidth_bytes_per_s: float) -> dict[str, float]:
    """Seconds of each exchange, by name, with that bandwidth on a directed link.

    Raises `InputError` for no bandwidth.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> times(Torus((4,)), all_to_all_mix(4, node_bytes=3.0), bandwidth_bytes_per_s=1.0)
    {'all-to-all': 2.0}
    """
    if not bandwidth_bytes_per_s > 0:
        raise InputError("a bandwidth is above 0", where=mix.name)
    return {
        exchange.name: float(link_bytes(topology, exchange).max()) / bandwidth_bytes_per_s for exchange in mix.exchanges
    }


def objective(topology: Topology | ArrayLike, mix: Mix, *, bandwidth_bytes_per_s: float = 1.0) -> float:
    """Seconds of a mix on a topology or an array of neighbours (size, ports): what a search makes small.

    With a bandwidth of 1 it is the bytes over the busiest link, summed over the exchanges; so for `all_to_all_mix` with
    size - 1 bytes a node it is the worst link load. Raises `InputError` for a network of another size, and as `times`
    does.
    """
    network = topology if isinstance(topology, Topology) else Graph(topology)
    if network.size != mix.size:
        raise InputError(f"traffic between {mix.size} nodes does not fit {network.size}", where=mix.name)
    return sum(times(network, mix, bandwidth_bytes_per_s=bandwidth_bytes_per_s).values())


def all_to_all_mix(size: int, *, node_bytes: float) -> Mix:
    """Each node sends `node_bytes`, in equal parts to all others, as where embedding rows change hands."""
    return Mix("all-to-all", size, (Exchange("all-to-all", Uniform(size), node_bytes / (size - 1), node_bytes),))


def neighbour_exchange(shape: Sequence[int], *, node_bytes: float) -> Mix:
    """Each node of a periodic box sends equal parts of `node_bytes` one step up and down each dimension longer than 1.

    The box belongs to the work, not to the topology: nodes are numbered in it, the last dimension fastest. Raises
    `InputError` for a box of one node.
    """
    box = checked_box(shape)
    nodes = np.arange(math.prod(box)).reshape(box)
    long = [d for d, length in enumerate(box) if length > 1]
    ends = [np.roll(nodes, way, axis=d).ravel() for d in long for way in (-1, 1)]
    part = node_bytes / len(ends)
    messages = MessageTraffic(
        nodes.size, np.tile(nodes.ravel(), len(ends)), np.concatenate(ends), np.full(nodes.size * len(ends), part)
    )
    return Mix("nearest neighbour", nodes.size, (Exchange("nearest neighbour", messages, 1.0, node_bytes),))


def _loads_by_translation(topology: LatticeTopology, messages: MessageTraffic) -> NDArray[np.float64]:
    """What `link_loads` gives, from the paths of node 0 alone: messages over one displacement load links alike.

    A step from u towards r lies on the share of the paths that reach u, times those that lead on from its end to r.
    """
    neighbours, hops, nodes = topology.neighbours(), topology.hop_counts(0), np.arange(topology.size)
    paths = (hops == 0).astype(np.float64)
    for level in range(1, int(hops.max()) + 1):
        here = np.flatnonzero(hops == level)
        before = neighbours[here]
        paths[here] = np.where(hops[before] < level, paths[before], 0.0).sum(axis=1)
    ways = topology.displacement(messages.origins, messages.ends)
    loads = np.zeros(neighbours.size)
    for way in np.unique(ways[ways > 0]):
        left = topology.displacement(nodes, way)
        passed = np.flatnonzero(hops + hops[left] == hops[way])
        after = left[neighbours[passed]]
        share = (
            np.where(hops[after] < hops[left[passed]][:, None], paths[passed][:, None] * paths[after], 0.0) / paths[way]
        )
        rows, ports = np.nonzero(share)
        ours = np.flatnonzero(ways == way)
        starts = topology.index(
            topology.coordinates(messages.origins[ours])[:, None] + topology.coordinates(passed[rows])
        )
        units = messages.amounts[ours][:, None] * share[rows, ports]
        loads += np.bincount((starts * topology.degree + ports).ravel(), weights=units.ravel(), minlength=loads.size)
    return loads.reshape(neighbours.shape)


def checked_box(shape: Sequence[int]) -> list[int]:
    """Lengths of a box as plain ints; raises `InputError` where it has fewer than two nodes."""
    lengths = [whole_number("shape", length, 1, 10**6) for length in shape]
    if math.prod(lengths) < 2:
        raise InputError("a box of one node exchanges nothing", where="shape", remedy="give a length above 1")
    return lengths
