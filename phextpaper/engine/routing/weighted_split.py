"""Shortest paths with weights: a split of all-to-all traffic that keeps every route shortest and levels the links.

Each link has a weight, and a pair's unit is shared by its shortest paths in proportion to the products of their links'
weights; with equal weights this is the split of `even_split`. A chip needs no path for it, only the shares of its next
hops for each destination. Weights fall where loads are above a mark between the mean load and the best worst load so
far, and rise where they are below: this climbs the dual of making the busiest link as light as shortest paths allow,
with an entropy that decides among equals (penalizing exponential flow splitting, xu2011). Nesterov's momentum speeds it
up, and is dropped where it leads downhill.

Everything is added in a fixed order, so results do not depend on threads.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.distances import hops_from
from phextpaper.errors import InputError

MOST_ENTRIES = 2**25
"""Most (source, node, port) triples that are kept at once."""
_STEEPEST = 20.0  # of a logarithm of a weight, so that products of weights along a path stay finite


@dataclass(frozen=True, eq=False)
class WeightedSplit:
    """Weights of links and their loads, both (nodes, ports), in ordered pairs under uniform all-to-all."""

    weights: NDArray[np.float64]
    loads: NDArray[np.float64]

    @property
    def worst_load(self) -> float:
        """Ordered pairs over the busiest directed link."""
        return float(self.loads.max())

    @property
    def throughput(self) -> float:
        """All-to-all throughput of a node in link bandwidths: (nodes - 1) / worst load."""
        return (len(self.loads) - 1) / self.worst_load


def split_loads(
    neighbours: ArrayLike, weights: ArrayLike, sources: ArrayLike | None = None, classes: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Load of each directed link, (nodes, ports), when shortest paths share units by the products of their weights.

    `weights` (nodes, ports) are positive; -1 among the `neighbours` marks ports without a link, whose load is 0.
    `sources` and `classes` are those of `level_split`; without them every node is a source. Raises `InputError` for
    weights that are not positive or not of that shape, and as `level_split` does.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> ring = Torus((4,))
    >>> split_loads(ring.neighbours(), [[3.0, 1.0]] * 4)[0].round(6).tolist()
    [2.8, 1.2]
    """
    paths = _Paths.of(neighbours, sources, classes)
    given = np.asarray(weights, dtype=np.float64)
    if given.shape != paths.kind.shape or not (np.isfinite(given) & (given > 0))[paths.exists].all():
        raise InputError(
            "a split needs one positive weight a link",
            where="weights",
            remedy=f"give an array of shape {paths.kind.shape}",
        )
    by_kind = np.ones(len(paths.links))
    by_kind[paths.kind[paths.exists]] = given[paths.exists]
    return np.where(paths.exists, paths.loads(by_kind)[paths.kind], 0.0)


def level_split(
    neighbours: ArrayLike,
    sources: ArrayLike | None = None,
    classes: ArrayLike | None = None,
    *,
    rounds: int,
    start: WeightedSplit | None = None,
) -> WeightedSplit:
    """The split with the least worst load that `rounds` of levelling find, from equal weights or from `start`.

    `neighbours` (nodes, ports) is a connected graph. Where nodes look alike, `classes` (nodes,) gives for each the
    place in `sources` of the node that it looks like: a symmetry of the graph that keeps ports takes one to the other.
    Alike links share a weight. Raises `InputError` for a graph that is not connected, or one too large.

    >>> from phextpaper.engine.networks.topologies import Graph
    >>> house = Graph.from_edges([[0, 1], [1, 2], [2, 3], [3, 0], [3, 4], [4, 0]])
    >>> even, level = (level_split(house.neighbours(), rounds=rounds).worst_load for rounds in (1, 60))
    >>> even, round(level, 6)
    (3.0, 3.0)
    """
    whole_number("rounds", rounds, 1, 10**6)
    paths = _Paths.of(neighbours, sources, classes)
    prices = np.zeros(len(paths.links))
    if start is not None:
        prices[paths.kind[paths.exists]] = -np.log(np.asarray(start.weights)[paths.exists])
    ahead, least, momentum = prices.copy(), np.inf, 0
    for turn in range(rounds):
        loads = paths.loads(np.exp(-ahead))
        worst = float(loads.max())
        if worst < least:
            least, kept, lightest = worst, ahead.copy(), loads
        elif worst > 2 * least:  # the momentum ran away
            prices, ahead, momentum = kept.copy(), kept.copy(), 0
        mean = float(np.add.reduce(loads * paths.links)) / float(np.add.reduce(paths.links))
        uphill = loads / (least + (mean - least) / (2 + turn / 10)) - 1
        following = np.clip(ahead + uphill, -_STEEPEST, _STEEPEST)
        stride = following - prices
        momentum = momentum + 1 if np.add.reduce(uphill * stride) > 0 else 0
        ahead = np.clip(following + stride * (momentum / (momentum + 3)), -_STEEPEST, _STEEPEST)
        prices = following
    return WeightedSplit(
        np.where(paths.exists, np.exp(-kept)[paths.kind], 1.0), np.where(paths.exists, lightest[paths.kind], 0.0)
    )


class _Paths(NamedTuple):
    """All steps of all shortest paths from the sources, sorted by distance.

    A pair (node, source) is numbered by its distance; `bounds` says where each distance begins. Step i leads from pair
    `tails[i]` to pair `heads[i]` over a link of kind `kinds[i]`, and `steps` says where the steps to each distance
    begin. `kind` (nodes, ports) sorts links, `links` counts those of each kind, `scale` is nodes per source.
    """

    kind: NDArray[np.intp]
    exists: NDArray[np.bool_]
    links: NDArray[np.float64]
    scale: float
    tails: NDArray[np.intp]
    heads: NDArray[np.intp]
    kinds: NDArray[np.intp]
    bounds: list[int]
    steps: list[int]

    @classmethod
    def of(cls, neighbours: ArrayLike, sources: ArrayLike | None, classes: ArrayLike | None) -> Self:
        """Find them by breadth-first search from all sources at once."""
        table = np.asarray(neighbours, dtype=np.intp)
        nodes, ports = table.shape
        origins = np.arange(nodes) if sources is None else np.asarray(sources, dtype=np.intp)
        alike = np.arange(nodes) if classes is None else np.asarray(classes, dtype=np.intp)
        if table.size * len(origins) > MOST_ENTRIES:
            raise InputError(
                f"{nodes} nodes with {len(origins)} sources are too many for weighted paths",
                where="graph",
                remedy="name the nodes that look alike, or take a smaller graph",
            )
        hops = hops_from(table, origins)
        exists = table >= 0
        kind = alike[:, None] * ports + np.arange(ports)
        order = np.argsort(hops, axis=None, kind="stable")
        rank: NDArray[np.intp] = np.empty(hops.size, dtype=np.intp)
        rank[order] = np.arange(hops.size)
        rank = rank.reshape(hops.shape)
        tails, heads, kinds, far = [], [], [], []
        for port in range(ports):
            linked = np.flatnonzero(exists[:, port])
            there = table[linked, port]
            row, source = np.nonzero(hops[there] > hops[linked])
            tails.append(rank[linked[row], source])
            heads.append(rank[there[row], source])
            kinds.append(kind[linked[row], port])
            far.append(hops[there[row], source])
        reached = np.concatenate(far)
        by_distance = np.argsort(reached, kind="stable")
        return cls(
            kind=kind,
            exists=exists,
            links=np.maximum(np.bincount(kind[exists], minlength=int(kind.max()) + 1), 1).astype(np.float64),
            scale=nodes / len(origins),
            tails=np.concatenate(tails)[by_distance],
            heads=np.concatenate(heads)[by_distance],
            kinds=np.concatenate(kinds)[by_distance],
            bounds=[0, *np.cumsum(np.bincount(hops.ravel())).tolist()],
            steps=[0, *np.cumsum(np.bincount(reached)).tolist()],
        )

    def loads(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Load of a link of each kind, for the weights of each kind."""
        paths, owed = np.ones(self.bounds[-1]), np.empty(self.bounds[-1])
        along = weights[self.kinds]
        flows = np.empty(len(along))
        for distance in range(1, len(self.bounds) - 1):
            here, step = slice(*self.bounds[distance : distance + 2]), slice(*self.steps[distance : distance + 2])
            paths[here] = np.bincount(
                self.heads[step] - here.start, along[step] * paths[self.tails[step]], here.stop - here.start
            )
        owed[:] = 1 / paths
        for distance in range(len(self.bounds) - 2, 0, -1):
            before, step = slice(*self.bounds[distance - 1 : distance + 1]), slice(*self.steps[distance : distance + 2])
            passed = along[step] * owed[self.heads[step]]
            flows[step] = passed * paths[self.tails[step]]
            owed[before] += np.bincount(self.tails[step] - before.start, passed, before.stop - before.start)
        return np.bincount(self.kinds, flows, len(self.links)) * self.scale / self.links
