"""Judging vectors: correlations against SciPy, triangles and greedy routes against plain loops, and laws of metrics."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from scipy.spatial import distance

from phextpaper.engine.networks.topologies import Graph, Torus, TwistedTorus
from phextpaper.engine.placing.coordinate_quality import (
    KINDS,
    greedy_routing,
    quality,
    rank_correlation,
    triangle_check,
    vector_distances,
)
from phextpaper.engine.placing.learned_coordinates import exact, spectral
from phextpaper.errors import InputError

SCIPY = {"euclidean": "euclidean", "squared": "sqeuclidean", "cosine": "cosine", "manhattan": "cityblock"}


def random_vectors(seed: int, size: int = 12, width: int = 3) -> np.ndarray:
    """Vectors of small whole numbers, so that ties occur; none is zero."""
    vectors = np.random.default_rng(seed).integers(-3, 4, (size, width)).astype(float)
    vectors[(vectors == 0).all(axis=1)] = 1.0
    return vectors


def walk(topology, apart, source: int, destination: int) -> int | None:
    """Hops of one greedy walk, or None if it comes back to where it was."""
    here, met, hops = source, set(), 0
    while here != destination:
        if here in met:
            return None
        met.add(here)
        ends = [int(end) for end in topology.neighbours()[here] if end >= 0]
        here = min(ends, key=lambda end: -1 if end == destination else round(apart[end, destination], 9))
        hops += 1
    return hops


@pytest.mark.parametrize("kind", KINDS)
def test_distances_are_those_of_scipy(kind):
    """For all four kinds."""
    vectors = random_vectors(1)
    expected = distance.cdist(vectors, vectors[[2, 5]], SCIPY[kind])
    assert vector_distances(vectors, [2, 5], kind=kind) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=3, max_size=40))
def test_rank_correlation_is_that_of_scipy(pairs):
    """With ties, which share their mean rank; values without order are refused."""
    one, other = np.array(pairs, dtype=float).T
    if len(set(one)) == 1 or len(set(other)) == 1:
        with pytest.raises(InputError, match="no order"):
            rank_correlation(one, other)
        return
    assert rank_correlation(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)


@pytest.mark.parametrize("kind", ["euclidean", "cosine"])
def test_stress_is_the_least_over_all_scales(kind):
    """As SciPy's search for the scale finds it, over all pairs or those of some sources."""
    torus, vectors = Torus((3, 4)), random_vectors(4)
    for sources in (None, [3, 8]):
        nodes = np.arange(12) if sources is None else np.array(sources)
        off = np.arange(12)[:, None] != nodes
        apart = distance.cdist(vectors, vectors[nodes], SCIPY[kind])[off]
        hops = torus.distance_matrix()[:, nodes][off].astype(float)
        least = optimize.minimize_scalar(lambda scale, apart=apart, hops=hops: ((scale * apart - hops) ** 2).sum())
        found = quality(torus, vectors, kind=kind, sources=sources)
        assert found.stress == pytest.approx(np.sqrt(least.fun / (hops**2).sum()))
        assert found.rank_correlation == pytest.approx(stats.spearmanr(apart.round(9), hops).statistic)
        assert found.pairs == off.sum()


def test_exact_vectors_have_no_stress():
    """The Manhattan distances of cuts are the hops, so their correlation is 1 and their stress 0."""
    for torus in (Torus((4, 4, 8)), Torus((3, 5))):
        found = quality(torus, exact(torus, 64), kind="manhattan")
        assert found.rank_correlation == pytest.approx(1.0) and found.stress == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_violations_are_counted_one_by_one(kind, seed):
    """All ordered triples of a dozen vectors, and an example that really is nearer by way of its second node."""
    vectors = random_vectors(seed)
    apart = distance.cdist(vectors, vectors, SCIPY[kind])
    broken = [t for t in permutations(range(12), 3) if apart[t[0], t[2]] > apart[t[0], t[1]] + apart[t[1], t[2]] + 1e-8]
    check = triangle_check(vectors, kind=kind, seed=1)
    assert check.triples == 12 * 11 * 10 and check.violations == len(broken) and check.holds == (not broken)
    if broken:
        a, b, c = check.example
        assert check.sides == pytest.approx((apart[a, b], apart[b, c], apart[a, c]), abs=1e-8)
        assert check.example in broken
        assert check.worst == pytest.approx(
            max(
                apart[a, c] / (apart[a, b] + apart[b, c]) if apart[a, b] + apart[b, c] > 1e-9 else np.inf
                for a, b, c in broken
            )
        )


@given(st.integers(0, 10**6), st.sampled_from(["euclidean", "manhattan"]))
def test_euclidean_and_manhattan_distances_are_metrics(seed, kind):
    """No triple breaks the triangle inequality."""
    assert triangle_check(random_vectors(seed, 15), kind=kind, seed=seed).holds


def test_drawn_triples_are_of_different_nodes_and_follow_the_seed():
    """As many as asked, and the same for the same seed."""
    vectors = spectral(Torus((4, 4, 8)), 64)
    first, again, other = (triangle_check(vectors, kind="squared", triples=5000, seed=seed) for seed in (1, 1, 2))
    assert first == again and first.triples == 5000 and first != other
    assert len(set(first.example)) == 3


@pytest.mark.parametrize("kind", ["euclidean", "cosine"])
@pytest.mark.parametrize("seed", range(6))
def test_greedy_routes_are_those_of_a_plain_walk(kind, seed):
    """On a torus and an uneven graph with poor vectors, where many do not arrive: all pairs, hop by hop."""
    rng = np.random.default_rng(seed)
    tree = np.column_stack([np.arange(1, 12), rng.integers(0, np.arange(1, 12))])
    for topology in (Torus((3, 4)), Graph.from_edges(tree, size=12)):
        vectors = random_vectors(seed)
        apart = distance.cdist(vectors, vectors, SCIPY[kind])
        hops = {(a, b): walk(topology, apart, a, b) for a, b in permutations(range(12), 2)}
        least = topology.distance_matrix()
        stretches = [taken / least[a, b] for (a, b), taken in hops.items() if taken is not None]
        found = greedy_routing(topology, vectors, kind=kind)
        assert found.pairs == 132 and found.arrived == len(stretches) and found.share == len(stretches) / 132
        assert found.mean_stretch == pytest.approx(np.mean(stretches)) and found.worst_stretch == pytest.approx(
            max(stretches)
        )


def test_exact_vectors_route_without_a_detour():
    """A distance that is the hops leads along shortest paths, to all destinations or some."""
    torus = Torus((4, 3, 6))
    for destinations in (None, [5, 17]):
        found = greedy_routing(torus, exact(torus, 64), kind="manhattan", destinations=destinations)
        assert found.share == 1.0 and found.mean_stretch == 1.0 == found.worst_stretch
        assert found.pairs == (72 if destinations is None else 2) * 71


def test_vectors_without_direction_and_unknown_kinds_are_refused():
    """With a message that says so."""
    with pytest.raises(InputError, match="no direction"):
        vector_distances(np.zeros((3, 2)), [0], kind="cosine")
    for judge in (
        lambda: vector_distances(np.eye(3), [0], kind="hamming"),
        lambda: triangle_check(np.eye(3), kind="hamming", seed=1),
    ):
        with pytest.raises(InputError, match="is no distance"):
            judge()
    with pytest.raises(InputError, match="three nodes"):
        triangle_check(np.eye(2), kind="euclidean", seed=1)
    assert quality(TwistedTorus((4, 4, 8)), spectral(TwistedTorus((4, 4, 8)), 64)).pairs == 128 * 127
