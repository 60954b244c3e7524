"""Vectors from the graph: eigenvectors against dense linear algebra, closed forms against the general way, hops against the graph."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks import lattices
from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.placing import learned_coordinates
from phextpaper.engine.placing.learned_coordinates import (
    drawn,
    euclidean,
    exact,
    hops_from,
    majorised,
    spectral,
    stress,
)
from phextpaper.errors import InputError

LATTICES = [
    Torus((4, 4, 8)),
    Torus((5, 3)),
    Torus((2, 3, 4)),
    TwistedTorus((4, 4, 8)),
    TwistedTorus((2, 4, 4)),
    Hypercube(5),
    Lattice([[3, 1, 2], [0, 4, 1], [0, 0, 5]]),
    Lattice([[2, 1], [1, 2]]),
]


def laplacian(topology) -> np.ndarray:
    """Degree less adjacency, link by link; parallel links count twice."""
    matrix = np.zeros((topology.size, topology.size))
    for node, row in enumerate(topology.neighbours()):
        for end in row[row >= 0]:
            matrix[node, node] += 1
            matrix[node, end] -= 1
    return matrix


def random_graph(seed: int, size: int = 40) -> Graph:
    """A connected graph of uneven degrees."""
    rng = np.random.default_rng(seed)
    tree = np.column_stack([np.arange(1, size), rng.integers(0, np.arange(1, size))])
    more = rng.integers(0, size, (size, 2))
    return Graph.from_edges(np.concatenate([tree, more[more[:, 0] != more[:, 1]]]), size=size)


@pytest.mark.parametrize("topology", LATTICES, ids=lambda t: t.spec)
def test_eigenvalues_of_lattices_have_their_closed_form(topology):
    """Those of the matrix, for tori, twisted tori, lattices and hypercubes, parallel links included."""
    ahead = 1 - np.cos(2 * np.pi / topology.size * lattices.characters(topology.wraps))
    values = np.sort(sum(ahead[:, dimension] for dimension, _ in topology.ports))
    assert values == pytest.approx(np.linalg.eigvalsh(laplacian(topology)), abs=1e-9)


@pytest.mark.parametrize("topology", [*LATTICES, random_graph(1), random_graph(2)], ids=lambda t: f"{t.spec}-{t.size}")
def test_values_are_orthogonal_eigenvectors_over_their_eigenvalues(topology):
    """The matrix stretches each column by its eigenvalue; columns ascend, and their length falls as one over the eigenvalue."""
    vectors = spectral(topology, 12)
    vectors = vectors[:, (vectors != 0).any(axis=0)]
    lengths = np.sqrt((vectors**2).sum(axis=0))
    values = np.sqrt(((laplacian(topology) @ vectors) ** 2).sum(axis=0)) / lengths
    assert laplacian(topology) @ vectors == pytest.approx(vectors * values, abs=1e-7)
    assert vectors.T @ vectors == pytest.approx(np.diag(lengths**2), abs=1e-7)
    assert (np.diff(values) > -1e-7).all() and values[0] > 1e-6
    assert lengths * values == pytest.approx(np.full(len(values), lengths[0] * values[0]), rel=1e-6)


@pytest.mark.parametrize("topology", [Torus((4, 4, 8)), TwistedTorus((4, 4, 8)), Torus((5, 5))], ids=lambda t: t.spec)
def test_closed_form_and_general_way_give_the_same_distances(topology):
    """Where the width holds whole eigenspaces, which the general way may turn and the closed form may not."""
    width = 8 + int(np.argmax(np.diff(np.linalg.eigvalsh(laplacian(topology)))[8:] > 1e-6))
    nodes = np.arange(topology.size)
    general = spectral(Graph(topology.neighbours()), width)
    assert euclidean(general, nodes) == pytest.approx(euclidean(spectral(topology, width), nodes), abs=1e-6)


def test_sparse_and_dense_ways_agree(monkeypatch):
    """On a graph without symmetry value by value, and on a torus, whose eigenspaces are cut off by the width, too."""
    for graph in (random_graph(3, 90), Graph(Torus((4, 5, 6)).neighbours())):
        dense = spectral(graph, 16)
        with monkeypatch.context() as patch:
            patch.setattr(learned_coordinates, "_DENSE_NODES", 10)
            sparse = spectral(graph, 16)
        assert sparse == pytest.approx(dense, abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_numbers_of_nodes_do_not_matter(seed):
    """Renumbered nodes keep their distances: an eigenspace's basis comes from the graph alone where eigenvalues are distinct."""
    graph = random_graph(4)
    order = np.random.default_rng(seed).permutation(graph.size)
    neighbours = graph.neighbours()
    renumbered = np.full_like(neighbours, -1)
    renumbered[order] = np.where(neighbours >= 0, order[neighbours], -1)
    before, after = (
        euclidean(spectral(graph, 8), np.arange(40)),
        euclidean(spectral(Graph(renumbered), 8), np.arange(40)),
    )
    ratio = after[order][:, order] / np.maximum(before, 1e-12)
    off = ~np.eye(40, dtype=bool)
    assert ratio[off] == pytest.approx(np.full(off.sum(), ratio[off][0]), rel=1e-6)


@pytest.mark.parametrize("width", [5, 8, 64])
@pytest.mark.parametrize(
    "topology",
    [Torus((4, 4, 8)), TwistedTorus((4, 8, 8)), Lattice([[3, 1, 2], [0, 4, 1], [0, 0, 5]])],
    ids=lambda t: t.spec,
)
def test_distances_on_lattices_depend_on_the_displacement_alone(topology, width):
    """From any node they are those from node 0, moved."""
    vectors = spectral(topology, width)
    assert vectors.shape == (topology.size, width)
    for node in (1, 7, topology.size - 1):
        moved = euclidean(vectors, [0])[topology.displacement(node, np.arange(topology.size)), 0]
        assert euclidean(vectors, [node])[:, 0] == pytest.approx(moved, abs=1e-6)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3).filter(lambda shape: max(shape) > 1))
def test_cuts_give_the_hops_of_a_torus(shape):
    """Sums of differences are the hops of every pair; where all lengths are even, squared Euclidean distances too."""
    torus = Torus(tuple(shape))
    vectors = exact(torus, 64)
    hops = torus.distance_matrix()
    assert (np.abs(vectors[:, None] - vectors).sum(axis=2) == hops).all()
    if all(length % 2 == 0 for length in shape):
        assert euclidean(vectors, np.arange(torus.size)) ** 2 == pytest.approx(hops.astype(float))


def test_cuts_fit_the_machines_of_the_paper():
    """A ring of 16 takes 8 cuts, so 16 x 16 x 16 takes 24 and 64 x 64 takes 64; a hypercube takes one a dimension."""
    assert (exact(Torus((16, 16, 16)), 64) != 0).any(axis=0).sum() == 24
    assert (exact(Torus((64, 64)), 64) != 0).any(axis=0).sum() == 64
    assert (
        np.abs(exact(Hypercube(5), 64) - exact(Hypercube(5), 64)[3]).sum(axis=1) == Hypercube(5).hop_counts(3)
    ).all()
    with pytest.raises(InputError, match="do not fit 8 values"):
        exact(Torus((16, 16)), 8)
    with pytest.raises(InputError, match="without twist"):
        exact(TwistedTorus((4, 4, 8)), 64)


@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(1, 5))
def test_no_round_of_majorisation_raises_the_error(seed, pivots, width):
    """The squared errors over the pairs of all nodes with pivots fall or stay, from any start."""
    graph = random_graph(5)
    chosen = drawn(graph.size, pivots, seed=seed)
    hops = hops_from(graph, chosen)
    vectors = np.random.default_rng(seed).normal(size=(graph.size, width))
    pairs = np.arange(graph.size)[:, None] < chosen  # of two pivots each pair once
    pairs |= ~np.isin(np.arange(graph.size), chosen)[:, None]
    errors = []
    for _ in range(6):
        errors.append((((euclidean(vectors, chosen) - hops) ** 2)[pairs]).sum())
        vectors = majorised(vectors, chosen, hops)
    assert (np.diff(errors) <= 1e-6 * errors[0]).all()


def test_a_path_is_laid_out_exactly():
    """On a line all distances can be met, and majorisation meets them; what it is given exact it keeps."""
    line = Graph.from_edges([(node, node + 1) for node in range(11)])
    start = np.arange(12.0)[:, None] + np.sin(np.arange(12.0))[:, None]
    found = stress(line, 1, rounds=400, seed=1, start=start)
    assert np.abs(np.diff(found[:, 0])) == pytest.approx(np.ones(11), abs=1e-3)
    kept = stress(line, 1, rounds=5, seed=1, start=np.arange(12.0)[:, None])
    assert np.diff(kept[:, 0]) == pytest.approx(np.ones(11))


def test_the_seed_decides_the_pivots_and_nothing_else_does():
    """Equal seeds give equal bytes; drawn nodes differ from each other."""
    torus = Torus((6, 6, 6))
    first, again, other = (stress(torus, 16, pivots=20, rounds=3, seed=seed) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes() and first.tobytes() != other.tobytes()
    assert spectral(Graph(torus.neighbours()), 16).tobytes() == spectral(Graph(torus.neighbours()), 16).tobytes()
    assert len(set(drawn(50, 20, seed=3).tolist())) == 20 and drawn(5, 9, seed=3).tolist() == [0, 1, 2, 3, 4]
