"""How good learned coordinates are: against hop distance, against the laws of a metric, and as a guide for routing.

Distances between vectors come in four kinds: `euclidean`, its square, `cosine` (1 minus the cosine of the angle), and
`manhattan` (sum of the differences of the values). Euclidean and Manhattan distance are metrics; the others may be
shorter by way of a third node, which `triangle_check` counts. On many nodes the pairs from some sources stand for all
pairs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.placing.learned_coordinates import euclidean, hops_from
from phextpaper.engine.routing import walks
from phextpaper.errors import InputError

KINDS = ("euclidean", "squared", "cosine", "manhattan")
_DECIMALS = 9  # distances that differ by less than rounding are one distance
_PAIRS = 2**17  # (triple, value) or (node, destination) entries handled at once


def vector_distances(vectors: ArrayLike, nodes: ArrayLike, *, kind: str = "euclidean") -> NDArray[np.float64]:
    """Distance of each vector, shape (size, width), to those of some nodes: shape (size, nodes).

    In the unit of the vectors, or its square; `cosine` has none. Raises `InputError` for another kind, and for the
    angle of a vector of zeros.

    >>> vector_distances([[3.0, 4.0], [0.0, 2.0]], [0], kind="squared").round(9).tolist()
    [[0.0], [13.0]]
    """
    rows = np.asarray(vectors, dtype=np.float64)
    if kind == "euclidean":
        return euclidean(rows, nodes)
    if kind == "squared":
        return euclidean(rows, nodes) ** 2
    if kind == "cosine":
        unit = _directions(rows)
        apart: NDArray[np.float64] = 1 - unit @ unit[np.asarray(nodes)].T
        return apart
    if kind == "manhattan":
        return np.stack([np.abs(rows - rows[node]).sum(axis=1) for node in np.asarray(nodes)], axis=1)
    raise InputError(f"{kind!r} is no distance", remedy=f"say one of {', '.join(KINDS)}")


@dataclass(frozen=True)
class Quality:
    """How distances between vectors follow hops, over `pairs` (source, other node).

    `rank_correlation` is Spearman's, equal values sharing their mean rank. `stress` is the root of the squared errors
    over the squared hops, with the distances scaled to fit best: 0 is exact.
    """

    rank_correlation: float
    stress: float
    pairs: int


def quality(
    topology: Topology, vectors: ArrayLike, *, kind: str = "euclidean", sources: ArrayLike | None = None
) -> Quality:
    """Compare distances between vectors (size, width) with hops, over the pairs of some sources with all others.

    Without `sources` (n,) all nodes are. Raises `InputError` as `vector_distances` and `rank_correlation` do.

    >>> from phextpaper.engine.networks.topologies import Graph
    >>> quality(Graph([[1, -1], [0, 2], [1, -1]]), [[0.0], [1.0], [2.0]])
    Quality(rank_correlation=1.0, stress=0.0, pairs=6)
    """
    chosen = np.arange(topology.size) if sources is None else np.asarray(sources)
    others = np.arange(topology.size)[:, None] != chosen
    apart = vector_distances(vectors, chosen, kind=kind)[others]
    hops = hops_from(topology, chosen)[others]
    scale = (apart * hops).sum() / (apart**2).sum()
    stress = float(np.sqrt(((scale * apart - hops) ** 2).sum() / (hops**2).sum()))
    return Quality(rank_correlation(apart * scale, hops), stress, len(hops))


def rank_correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Spearman's correlation of two lists, (n,); equal values, also by rounding, share their mean rank.

    Raises `InputError` where all values of one are equal.

    >>> rank_correlation([1.0, 2.0, 3.0], [10.0, 20.0, 15.0])
    0.5
    """
    first, second = (_ranks(np.asarray(values, dtype=np.float64)) for values in (one, other))
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    if not spread > 0:
        raise InputError("all values are equal, so they have no order to compare", where="rank correlation")
    return float((first * second).sum()) / spread


@dataclass(frozen=True)
class TriangleCheck:
    """How many of the ordered triples of nodes looked at are nearer by way of b: d(a, c) > d(a, b) + d(b, c).

    `worst` is the largest d(a, c) / (d(a, b) + d(b, c)), and `example` its (a, b, c) with the distances `sides` d(a,
    b), d(b, c), d(a, c).
    """

    kind: str
    triples: int
    violations: int
    worst: float
    example: tuple[int, int, int]
    sides: tuple[float, float, float]

    @property
    def holds(self) -> bool:
        """No triple looked at breaks the triangle inequality."""
        return self.violations == 0


def triangle_check(vectors: ArrayLike, *, kind: str, triples: int = 100_000, seed: int) -> TriangleCheck:
    """Look at triples of different nodes for the triangle inequality: as many as asked, or all if there are no more.

    `vectors` has shape (size, width). Raises `InputError` for fewer than three nodes, and as `vector_distances` does.

    >>> check = triangle_check([[0.0], [1.0], [2.0]], kind="squared", seed=1)
    >>> check.triples, check.violations, check.example, check.sides
    (6, 2, (0, 1, 2), (1.0, 1.0, 4.0))
    """
    rows = np.asarray(vectors, dtype=np.float64)
    if kind == "cosine":
        rows = _directions(rows)
    chosen = _triples(len(rows), triples, seed)
    step = max(1, _PAIRS // rows.shape[1])
    parts = [_sides(rows, chosen[first : first + step], kind) for first in range(0, len(chosen), step)]
    one, other, across = np.concatenate(parts, axis=1)
    way = one + other
    ratio = np.divide(across, way, out=np.where(across > 1e-9, np.inf, 1.0), where=way > 1e-9).round(_DECIMALS)
    worst = int(np.argmax(ratio))
    first, second, third = (float(side[worst].round(_DECIMALS)) for side in (one, other, across))
    violations, example = int((ratio > 1).sum()), tuple(chosen[worst].tolist())
    return TriangleCheck(kind, len(chosen), violations, float(ratio[worst]), example, (first, second, third))


@dataclass(frozen=True)
class GreedyRouting:
    """Greedy routing over `pairs` of nodes: how many `arrived`, their mean and worst stretch over the fewest hops."""

    pairs: int
    arrived: int
    mean_stretch: float
    worst_stretch: float

    @property
    def share(self) -> float:
        """Part of the pairs that arrived."""
        return self.arrived / self.pairs


def greedy_routing(
    topology: Topology, vectors: ArrayLike, *, kind: str = "euclidean", destinations: ArrayLike | None = None
) -> GreedyRouting:
    """Go, at each hop, to the neighbour whose vector is nearest to the destination's: from all nodes to some or all.

    Of equally near neighbours the first port's is taken. Nothing is remembered, so a route that comes back to a node
    never arrives. All routes to some destinations are followed at once, by pointer doubling. `vectors` has shape (size,
    width), `destinations` (n,). Raises `InputError` as `vector_distances` does.
    """
    ends = np.arange(topology.size) if destinations is None else np.asarray(destinations)
    step = max(1, _PAIRS // topology.size)
    arrived, total, worst = 0, 0.0, 0.0
    for first in range(0, len(ends), step):
        some = ends[first : first + step]
        hops, there = _greedy_hops(topology, vector_distances(vectors, some, kind=kind), some)
        least = hops_from(topology, some)
        there &= least > 0
        stretch = hops[there] / least[there]
        arrived, total, worst = (
            arrived + len(stretch),
            total + float(stretch.sum()),
            max(worst, float(stretch.max(initial=0.0))),
        )
    return GreedyRouting(len(ends) * (topology.size - 1), arrived, total / arrived if arrived else 0.0, worst)


def _greedy_hops(
    topology: Topology, apart: NDArray[np.float64], ends: NDArray[np.intp]
) -> tuple[NDArray[np.integer], NDArray[np.bool_]]:
    """Hops from each node to each end, and whether it is reached: both (size, ends)."""
    columns = np.arange(len(ends))
    apart = apart.round(_DECIMALS)
    apart[ends, columns] = -1.0  # the destination itself is nearest, even if another node has the same vector
    neighbours = topology.neighbours()
    nearest = np.full(apart.shape, np.inf)
    follow = np.zeros(apart.shape, dtype=np.int32)
    for port in range(neighbours.shape[1]):
        node = neighbours[:, port]
        distance = np.where(node[:, None] >= 0, apart[node], np.inf)
        closer = distance < nearest
        nearest[closer] = distance[closer]
        follow = np.where(closer, node[:, None], follow).astype(np.int32)
    follow[ends, columns] = ends
    moves = (follow != np.arange(len(apart))[:, None]).astype(np.int64)
    hops, last = walks.sums_along(follow, moves)
    there: NDArray[np.bool_] = last == ends
    return hops, there


def _directions(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Vectors of length 1."""
    lengths = np.sqrt((rows**2).sum(axis=1))
    if not (lengths > 0).all():
        raise InputError("a vector of zeros has no direction", where="cosine distance", remedy="take another distance")
    units: NDArray[np.float64] = rows / lengths[:, None]
    return units


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean rank of each value among all."""
    _, place, counts = np.unique(values.round(_DECIMALS), return_inverse=True, return_counts=True)
    ranks: NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks


def _triples(size: int, count: int, seed: int) -> NDArray[np.intp]:
    """Ordered triples of different nodes: all where there are no more than `count`, else drawn: shape (triples, 3)."""
    if size < 3:
        raise InputError("a triangle needs three nodes", where="triangle check")
    if size * (size - 1) * (size - 2) <= count:
        grid = np.indices((size,) * 3).reshape(3, -1).T
    else:
        words = np.random.PCG64(seed).random_raw(6 * count).reshape(-1, 3)
        grid = (words % np.uint64(size)).astype(np.intp)
    differ = (grid[:, 0] != grid[:, 1]) & (grid[:, 1] != grid[:, 2]) & (grid[:, 0] != grid[:, 2])
    kept: NDArray[np.intp] = grid[differ][:count]
    return kept


def _sides(rows: NDArray[np.float64], triples: NDArray[np.intp], kind: str) -> NDArray[np.float64]:
    """Distances between the first two, the last two, and the first and last of each triple: shape (3, triples)."""
    corners = rows[triples]
    pairs = ((0, 1), (1, 2), (0, 2))
    if kind == "cosine":
        return np.stack([1 - (corners[:, a] * corners[:, b]).sum(axis=1) for a, b in pairs])
    gaps = np.stack([corners[:, a] - corners[:, b] for a, b in pairs])
    if kind == "manhattan":
        differences: NDArray[np.float64] = np.abs(gaps).sum(axis=2)
        return differences
    if kind not in KINDS:
        raise InputError(f"{kind!r} is no distance", remedy=f"say one of {', '.join(KINDS)}")
    squared: NDArray[np.float64] = (gaps**2).sum(axis=2)
    return squared if kind == "squared" else np.sqrt(squared)
