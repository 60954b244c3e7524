import igraph
import networkx
import numpy as np
import pytest
import rustworkx
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from phextpaper.engine.networks.distances import (
    MATRIX_NODES,
    distance_matrix,
    hop_counts,
    hop_histogram,
    hops_from,
    ring_hops,
)
from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.errors import InputError


def random_graph(seed: int, size: int, degree: int) -> Graph:
    """A connected random regular graph."""
    graph = networkx.random_regular_graph(degree, size, seed=seed)
    if not networkx.is_connected(graph):
        graph = networkx.circulant_graph(size, [1, 2])
    return Graph.from_edges(np.array(graph.edges()), size=size)


def by_scipy(topology) -> np.ndarray:
    """All distances by SciPy."""
    neighbours = topology.neighbours()
    nodes, ports = np.nonzero(neighbours >= 0)
    weights = np.ones(len(nodes))
    graph = csr_array((weights, (nodes, neighbours[nodes, ports])), shape=(topology.size, topology.size))
    graph.data[:] = 1
    return shortest_path(graph, unweighted=True).astype(int)


TOPOLOGIES = [
    Torus((5, 4)),
    Torus((4, 4, 4)),
    Torus((3,)),
    Torus((2, 3, 2)),
    TwistedTorus((4, 4, 8)),
    TwistedTorus((2, 4, 4)),
    Hypercube(6),
    Lattice(((4, 0, 4), (0, 4, 4), (0, 0, 8))),
    random_graph(1, 70, 4),
    random_graph(2, 130, 3),
    random_graph(3, 600, 6),
]


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=lambda t: f"{type(t).__name__}-{t.size}")
def test_all_distances_equal_those_of_scipy(topology):
    """The bit-parallel search finds SciPy's distances from every node."""
    matrix = topology.distance_matrix()
    assert np.array_equal(matrix, by_scipy(topology))
    assert np.array_equal(np.bincount(matrix.ravel()), topology.hop_histogram())
    assert np.array_equal(np.bincount(matrix.ravel()), hop_histogram(topology.neighbours()))
    for source in (0, topology.size - 1):
        assert np.array_equal(matrix[source], topology.hop_counts(source))


@given(st.lists(st.integers(2, 7), min_size=1, max_size=3))
def test_torus_means_follow_the_ring_formula(shape):
    """The mean over all ordered pairs, equal ones included, is the sum of ring means: k/4 for even k, (k^2 - 1)/4k for odd."""
    torus = Torus(tuple(shape))
    ring = sum(k / 4 if k % 2 == 0 else (k * k - 1) / (4 * k) for k in shape)
    assert torus.mean_hops() * (torus.size - 1) / torus.size == pytest.approx(ring)
    assert torus.diameter() == sum(k // 2 for k in shape)


@given(st.integers(1, 9))
def test_cube_histograms_are_binomial(dimensions):
    """A cube of n dimensions has size * C(n, d) ordered pairs at distance d."""
    from math import comb

    cube = Hypercube(dimensions)
    assert cube.hop_histogram().tolist() == [cube.size * comb(dimensions, d) for d in range(dimensions + 1)]


@pytest.mark.parametrize(
    "topology",
    [
        TwistedTorus((4, 4, 8)),
        TwistedTorus((4, 8, 8)),
        TwistedTorus((6, 4, 4), {0: (0, 2, 2)}),
        Hypercube(5),
        Torus((3, 4, 5)),
        Lattice(((3, 1, 2), (0, 4, 1), (0, 0, 5))),
    ],
    ids=lambda t: t.spec,
)
def test_what_calls_itself_vertex_transitive_looks_alike_from_every_node(topology):
    """Moving every node by one step along a dimension keeps all links, so each node sees the same distances."""
    neighbours = topology.neighbours()
    rows = topology.distance_matrix()
    assert all(np.array_equal(np.bincount(row), np.bincount(rows[0])) for row in rows)
    for port in range(topology.degree):
        moved = neighbours[:, port]
        assert np.array_equal(np.sort(neighbours[moved], axis=1), np.sort(moved[neighbours], axis=1))


def test_metric_laws_hold_on_a_random_graph():
    """Distances are symmetric, zero on the diagonal, and keep the triangle inequality."""
    matrix = random_graph(5, 90, 4).distance_matrix().astype(int)
    assert np.array_equal(matrix, matrix.T) and not matrix.diagonal().any()
    assert all((matrix <= matrix[:, [k]] + matrix[[k], :]).all() for k in range(90))


def test_rustworkx_agrees_on_a_thousand_nodes():
    """A third library finds the same histogram."""
    graph = random_graph(7, 1000, 6)
    other = rustworkx.PyGraph()
    other.add_nodes_from(range(1000))
    neighbours = graph.neighbours()
    other.add_edges_from_no_data([(a, int(b)) for a in range(1000) for b in neighbours[a] if a < b])
    counts = np.bincount(rustworkx.distance_matrix(other).astype(int).ravel())
    assert np.array_equal(counts, hop_histogram(neighbours))


@pytest.mark.parametrize("size", [2, 63, 64, 65, 128, 1025, 2600])
def test_any_number_of_sources_fits_the_words(size):
    """Around and far beyond one machine word and one batch of sources, igraph counts the same pairs, with any number of workers."""
    rng = np.random.default_rng(size)
    edges = np.column_stack([np.arange(1, size), rng.integers(0, np.arange(1, size))])
    graph = Graph.from_edges(edges, size=size)
    one, three = hop_histogram(graph.neighbours(), workers=1), hop_histogram(graph.neighbours(), workers=3)
    paths = igraph.Graph(size, edges.tolist()).path_length_hist(directed=False)
    assert one.tolist() == three.tolist() == [size, *(2 * int(count) for _, _, count in paths.bins())]


def test_long_distances_take_two_bytes():
    """A ring of 600 nodes has a diameter of 300; its matrix is the ring formula, turned."""
    matrix = Graph(Torus((600,)).neighbours()).distance_matrix(workers=2)
    assert matrix.dtype == np.uint16 and Torus((510,)).distance_matrix().dtype == np.uint8
    assert all(np.array_equal(matrix[row], np.roll(ring_hops(600), row)) for row in range(600))


def test_a_matrix_that_is_missing_a_path_or_too_large_is_refused():
    """Before it is filled in the one case, afterwards in the other."""
    with pytest.raises(InputError, match="no path"):
        distance_matrix(np.array([[1], [0], [3], [2]]))
    with pytest.raises(InputError, match="too large"):
        Torus((MATRIX_NODES + 1,)).distance_matrix()


def test_unreached_nodes_are_said_and_not_counted():
    """From one source they have -1; in the histogram their pairs are missing."""
    neighbours = np.array([[1], [0], [3], [2]])
    assert hop_counts(neighbours).tolist() == [0, 1, -1, -1]
    assert hop_histogram(neighbours).tolist() == [4, 4]


@given(st.integers(0, 200), st.integers(5, 90), st.data())
def test_hops_from_any_sources_are_scipys_columns(seed, size, data):
    """In the order asked for, repeated ones too, across more than one machine word."""
    graph = random_graph(seed, size + size % 2, 3)
    sources = np.array(data.draw(st.lists(st.integers(0, graph.size - 1), min_size=1, max_size=140)))
    assert (hops_from(graph.neighbours(), sources) == by_scipy(graph)[:, sources]).all()


def test_hops_from_a_source_that_does_not_reach_all_are_refused():
    """An error, not a wrong number."""
    with pytest.raises(InputError, match="reached"):
        hops_from(np.array([[1], [0], [3], [2]]), np.array([0, 2]))
