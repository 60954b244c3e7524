"""How much uniform all-to-all traffic a graph can carry under the best routing, from below and from above.

From below: weights of links level the loads of shortest paths (`level_split`). Then routes are found round by round,
each along the shortest paths by prices of links, detours included. Prices start where the weights ended and rise where
links are full; the loads of all rounds are averaged, alike or later ones more (multiplicative weights), and mixed with
those of the weights. That is a routing that splits traffic over many paths, so what its busiest link allows can be
carried. From above: whatever the prices, the traffic needs at least its priced distance, so no routing does better than
sum of prices over priced distance (the dual of maximum concurrent flow; with equal prices it is the bound by mean hops
of dally2004).

Nodes that look alike share their prices, so only one of each class is a source.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.cuts import torus_bisection
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.routing.weighted_split import MOST_ENTRIES, level_split
from phextpaper.errors import InputError

SHARPNESS = 0.3
"""How strongly prices answer to loads."""
SOFTNESS, CHEAPEST, DEAREST = 0.1, 0.2, 1.8
"""How much of a weight's logarithm goes into a link's first price, and where first prices end, in the mean price."""


@dataclass(frozen=True)
class Throughput:
    """All-to-all throughput of a node in link bandwidths: what a routing was found for, and what none can exceed."""

    reached: float
    bound: float

    @property
    def gap(self) -> float:
        """Share of the bound that is not reached, from 0 to 1."""
        return 1 - self.reached / self.bound


def best_throughput(
    neighbours: NDArray[np.integer], sources: NDArray[np.integer], classes: NDArray[np.integer], *, rounds: int
) -> Throughput:
    """Bracket the throughput of a graph (nodes, ports) of nodes in `classes` (nodes,), one of `sources` in each.

    `classes[node]` is the place in `sources` of the node that it looks like: a symmetry of the graph that keeps ports
    takes one to the other. For a graph without symmetry both are all nodes. Raises `InputError` for parallel links or a
    graph that is not connected.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> ring = best_throughput(Torus((8,)).neighbours(), np.array([0]), np.zeros(8, dtype=int), rounds=20)
    >>> round(ring.bound, 3), ring.reached <= ring.bound
    (0.875, True)
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    whole_number("rounds", rounds, 1, 10**6)
    links = np.asarray(neighbours)
    nodes, ports = links.shape
    if any(len(set(row)) < ports for row in links.tolist()):
        raise InputError(
            "two links join the same two nodes", where="graph", remedy="give a graph without parallel links"
        )
    begin, end = np.repeat(np.arange(nodes), ports), links.ravel()
    kind = np.repeat(np.asarray(classes) * ports, ports) + np.tile(np.arange(ports), nodes)
    count = len(sources) * ports
    share = np.bincount(kind, minlength=count)  # links of each kind
    prices, alike, later, mixed = np.ones(count), np.zeros(count), np.zeros(count), np.linspace(0, 1, 41)
    level, reached, bound = np.full(count, np.inf), 0.0, np.inf
    if links.size * len(sources) <= MOST_ENTRIES:  # else levelling would take more memory than all the rest
        split = level_split(links, sources, classes, rounds=rounds)
        level, logs = split.loads[sources].ravel(), np.log(split.weights[sources].ravel())
        prices = np.clip(1 - SOFTNESS * (logs - logs.mean()), CHEAPEST, DEAREST)
        reached, bound = split.throughput, (nodes - 1) * float(share.sum()) / float(level @ share)  # at equal prices
    for turn in range(1, rounds + 1):
        prices /= prices @ share / share.sum()
        priced = csr_array((prices[kind], (begin, end)), shape=(nodes, nodes))
        distance, before = dijkstra(priced, indices=sources, return_predecessors=True)
        if not np.isfinite(distance).all():
            raise InputError("some nodes cannot be reached", where="graph")
        bound = min(bound, (nodes - 1) * float(prices @ share) / (float(distance.sum()) * nodes / len(sources)))
        carried = _carried(distance, before, links, np.asarray(classes), count)
        alike, later = alike + carried, later + turn * carried
        for loads in (alike / turn, later / (turn * (turn + 1) / 2)):
            routings = np.outer(mixed, loads - level) + level if np.isfinite(level).all() else loads[None]
            reached = max(reached, (nodes - 1) / float(routings.max(axis=1).min()))
        prices = prices * np.exp(SHARPNESS / np.sqrt(turn) * (np.minimum(carried / carried.mean(), 10) - 1))
    # Where both meet they differ by rounding alone.
    return Throughput(min(reached, bound) if reached < bound * (1 + 1e-9) else reached, bound)


def rounds_for(nodes: int, most: int) -> int:
    """Rounds that a graph gets: `most` up to 1024 nodes, then fewer, but 16 where so many are allowed.

    >>> [rounds_for(nodes, 150) for nodes in (128, 4096, 10**6)]
    [150, 37, 16]
    """
    return min(most, max(16, most * 1024 // nodes))


def lattice_throughput(network: LatticeTopology, *, rounds: int) -> Throughput:
    """Bracket the throughput of a lattice, whose nodes all look alike and where the even split is one of the routings.

    Through the best cut of a plain torus goes half the traffic, half of that in each direction, so the cut bounds it
    too. Raises `InputError` as `best_throughput` does.

    >>> ring = lattice_throughput(Torus((8,)), rounds=20)
    >>> round(ring.reached, 3), round(ring.bound, 3)
    (0.875, 0.875)
    """
    found = best_throughput(network.neighbours(), np.array([0]), np.zeros(network.size, dtype=np.int64), rounds=rounds)
    cut = (
        4 * torus_bisection(network.shape).upper_bound * (network.size - 1) / network.size**2
        if isinstance(network, Torus)
        else found.bound
    )
    reached = max(found.reached, network.all_to_all_throughput())
    return Throughput(reached, max(min(found.bound, cut), reached))


def _carried(
    distance: NDArray[np.float64],
    before: NDArray[np.integer],
    links: NDArray[np.integer],
    classes: NDArray[np.integer],
    count: int,
) -> NDArray[np.float64]:
    """Load of each kind of link if every node sends a unit to every other along the trees of one source of a class."""
    many, nodes = distance.shape
    rows, passing = np.arange(many), np.ones((many, nodes))
    for node in np.argsort(distance, axis=1, kind="stable")[:, :0:-1].T:  # from the farthest inwards
        passing[rows, before[rows, node]] += passing[rows, node]
    source, node = np.nonzero(before >= 0)
    parent = before[source, node]
    port = (links[parent] == node[:, None]).argmax(axis=1)
    kind = classes[parent] * links.shape[1] + port
    return np.bincount(kind, weights=passing[source, node], minlength=count).astype(np.float64, copy=False)
