import networkx
import numpy as np
import pytest

from phextpaper.engine.link_loads import link_loads
from phextpaper.engine.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus

FAMILIES = [Torus((5, 4)), Torus((4, 4, 4)), Torus((7,)), Torus((3, 5)), TwistedTorus((4, 4, 8)), TwistedTorus((4, 6), {0: (0, 3)}), Hypercube(5),
            Lattice(((4, 0, 4), (0, 4, 4), (0, 0, 8)))]


def betweenness(topology) -> dict[tuple[int, int], float]:
    """Ordered pairs over each directed edge, by networkx."""
    graph = networkx.Graph()
    neighbours = topology.neighbours()
    graph.add_edges_from((a, int(b)) for a in range(topology.size) for b in neighbours[a] if b >= 0)
    return {edge: value for (a, b), value in networkx.edge_betweenness_centrality(graph, normalized=False).items() for edge in ((a, b), (b, a))}


def random_graph(seed: int, size: int, degree: int) -> Graph:
    """A connected random regular graph."""
    for attempt in range(seed, seed + 50):
        graph = networkx.random_regular_graph(degree, size, seed=attempt)
        if networkx.is_connected(graph):
            return Graph.from_edges(np.array(graph.edges()), size=size)
    raise AssertionError("no connected graph among fifty")


@pytest.mark.parametrize("topology", [*FAMILIES, random_graph(1, 40, 3), random_graph(2, 130, 4)], ids=lambda t: f"{type(t).__name__}-{t.size}")
def test_loads_are_the_edge_betweenness_of_networkx(topology):
    """Each directed link carries what networkx counts on its edge."""
    expected, loads, neighbours = betweenness(topology), link_loads(topology), topology.neighbours()
    for a in range(topology.size):
        for port in range(topology.degree):
            if neighbours[a, port] >= 0:
                assert loads[a, port] == pytest.approx(expected[a, int(neighbours[a, port])])


@pytest.mark.parametrize("topology", FAMILIES, ids=lambda t: f"{type(t).__name__}-{t.size}")
def test_symmetry_changes_no_load(topology):
    """One source is enough where translations map the topology onto itself: the same graph without symmetry has the same loads."""
    plain = Graph(topology.neighbours())
    assert np.allclose(link_loads(topology), link_loads(plain))


@pytest.mark.parametrize("topology", [*FAMILIES, Torus((2, 4)), random_graph(3, 60, 5)], ids=lambda t: f"{type(t).__name__}-{t.size}")
def test_loads_sum_to_the_hops_of_all_pairs(topology):
    """Every hop of every pair loads one link: nothing is lost, parallel links included."""
    pairs = topology.size * (topology.size - 1)
    assert link_loads(topology).sum() == pytest.approx(pairs * topology.mean_hops())


@pytest.mark.parametrize("side", [4, 6, 16])
def test_an_even_cube_of_rings_loads_every_link_alike(side):
    """In a k x k x k torus of even k every directed link carries k^4 / 8 ordered pairs (dally2004)."""
    loads = link_loads(Torus((side, side, side)))
    assert np.allclose(loads, side**4 / 8)


def test_a_cube_loads_every_link_with_half_of_its_nodes():
    """In a hypercube every directed link carries size / 2 ordered pairs."""
    assert np.allclose(link_loads(Hypercube(8)), 128)


def test_the_published_twists_level_the_loads():
    """On 4x4x8 and 4x8x8 the twist lightens the busiest link, and by no more than the mean allows."""
    for shape in ((4, 4, 8), (4, 8, 8)):
        plain, twisted = link_loads(Torus(shape)), link_loads(TwistedTorus(shape))
        assert twisted.max() < plain.max()
        assert twisted.max() >= twisted.mean() - 1e-9
