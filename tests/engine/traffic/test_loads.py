from itertools import pairwise

import igraph
import networkx
import numpy as np
import pytest
import rustworkx
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks import even_split
from phextpaper.engine.networks.even_split import loads_from_one
from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.traffic.loads import dimension_order_loads, link_loads, throughput
from phextpaper.engine.traffic.patterns import (
    DemandMatrix,
    GroupPerDimension,
    NearestNeighbour,
    RandomPermutation,
    Transpose,
    Uniform,
)
from phextpaper.errors import InputError


def random_graph(seed: int, size: int, links: int) -> Graph:
    """A connected graph of uneven degrees: a random tree and more links."""
    rng = np.random.default_rng(seed)
    tree = np.column_stack([np.arange(1, size), rng.integers(0, np.arange(1, size))])
    more = rng.integers(0, size, (links, 2))
    return Graph.from_edges(np.concatenate([tree, more[more[:, 0] != more[:, 1]]]), size=size)


def by_pair(topology, loads: np.ndarray) -> dict[tuple[int, int], float]:
    """Loads by (from, to), parallel links together."""
    sums: dict[tuple[int, int], float] = {}
    for node, row in enumerate(topology.neighbours().tolist()):
        for port, end in enumerate(row):
            if end >= 0:
                sums[node, end] = sums.get((node, end), 0.0) + loads[node, port]
    return sums


def edges_of(topology) -> list[tuple[int, int]]:
    """Linked pairs of nodes."""
    return [(a, b) for a, b in by_pair(topology, np.zeros((topology.size, topology.degree))) if a < b]


TOPOLOGIES = [
    Torus((4, 4, 8)),
    Torus((5, 4)),
    Torus((2, 3, 2)),
    Torus((9,)),
    TwistedTorus((4, 4, 8)),
    TwistedTorus((2, 4, 4)),
    TwistedTorus((4, 3, 5), {0: (0, 1, 2)}),
    Hypercube(6),
    Lattice([[3, 1, 2], [0, 4, 1], [0, 0, 5]]),
    Lattice([[2, 1], [1, 2]]),
    random_graph(1, 60, 40),
    random_graph(2, 90, 200),
    random_graph(3, 40, 0),
]


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=lambda t: f"{t.spec}-{t.size}")
def test_loads_are_the_edge_betweenness_of_networkx(topology):
    """Either direction of a link carries what networkx counts for unordered pairs."""
    graph = networkx.Graph(edges_of(topology))
    theirs = networkx.edge_betweenness_centrality(graph, normalized=False)
    ours = by_pair(topology, topology.link_loads())
    for (a, b), load in theirs.items():
        assert ours[a, b] == pytest.approx(load) and ours[b, a] == pytest.approx(load)


@pytest.mark.parametrize(
    "topology", [random_graph(5, 1200, 2400), Graph(Torus((9, 8, 10)).neighbours())], ids=["random", "torus"]
)
def test_loads_over_several_batches_agree_with_igraph_and_rustworkx(topology):
    """Beyond one batch of sources, with one worker and with three, to the same bit."""
    edges = edges_of(topology)
    ours = link_loads(topology, workers=1)
    assert np.array_equal(ours, link_loads(topology, workers=3))
    pairs = by_pair(topology, ours)
    counted = igraph.Graph(topology.size, edges).edge_betweenness()
    assert np.allclose([pairs[edge] for edge in edges], counted) and np.allclose(
        [pairs[edge[::-1]] for edge in edges], counted
    )
    other = rustworkx.PyGraph()
    other.add_nodes_from(range(topology.size))
    other.extend_from_edge_list(edges)
    theirs = rustworkx.edge_betweenness_centrality(other, normalized=False)
    assert np.allclose([theirs[number] for number in range(len(edges))], counted)


@given(st.lists(st.integers(1, 7), min_size=1, max_size=3).filter(lambda shape: max(shape) > 1))
def test_torus_loads_follow_the_ring_formula(shape):
    """A link of dimension d carries size / k * floor(k^2 / 4) / 2 pairs, counted from one source and from all alike."""
    torus = Torus(tuple(shape))
    expected = [torus.size / k * (k * k // 4) / 2 for k in shape for _ in range(2) if k > 1]
    assert np.allclose(torus.port_loads(), expected)
    assert np.allclose(loads_from_one(torus.neighbours(), torus.hop_counts()), expected)
    assert np.allclose(link_loads(Graph(torus.neighbours())), expected)


@pytest.mark.parametrize("dimensions", [1, 4, 8])
def test_a_cube_link_carries_half_the_nodes(dimensions):
    """n / 2 * size hops of each node are shared by n links."""
    cube = Hypercube(dimensions)
    assert np.allclose(loads_from_one(cube.neighbours(), cube.hop_counts()), cube.size / 2) and np.array_equal(
        cube.link_loads(), np.full((cube.size, dimensions), cube.size / 2)
    )
    assert cube.all_to_all_throughput() == (cube.size - 1) / (cube.size / 2)


@pytest.mark.parametrize("topology", [t for t in TOPOLOGIES if t.vertex_transitive], ids=lambda t: t.spec)
def test_one_source_stands_for_all_where_translations_keep_the_links(topology):
    """The port loads from node 0 are those that a search from all sources finds at every node."""
    everywhere = link_loads(Graph(topology.neighbours()))
    assert np.allclose(everywhere, loads_from_one(topology.neighbours(), topology.hop_counts())) and np.allclose(
        topology.link_loads(), everywhere
    )


def test_twisting_helps_all_to_all_and_by_how_much_follows_from_hops():
    """On a published twist all ports carry alike, so throughput is links over mean hops; the straight torus is held up by its long side."""
    for twisted, straight in ((TwistedTorus((4, 4, 8)), Torus((4, 4, 8))), (TwistedTorus((4, 8, 8)), Torus((4, 8, 8)))):
        assert np.allclose(twisted.port_loads(), twisted.port_loads()[0])
        assert twisted.all_to_all_throughput() == pytest.approx(twisted.degree / twisted.mean_hops())
        longest = max(straight.shape)
        assert straight.all_to_all_throughput() == pytest.approx((straight.size - 1) / (straight.size * longest / 8))
        assert twisted.all_to_all_throughput() > straight.all_to_all_throughput()


def patterns(topology, seed: int):
    """One of each pattern that fits."""
    yield Uniform(topology.size)
    yield NearestNeighbour(topology)
    yield RandomPermutation(topology.size, seed=seed)
    yield DemandMatrix(np.random.default_rng(seed).random((topology.size, topology.size)) ** 4)
    if round(topology.size**0.5) ** 2 == topology.size:
        yield Transpose(topology.size)
    if topology.vertex_transitive:
        yield GroupPerDimension(topology, len(topology.shape) - 1)


@pytest.mark.parametrize(
    "topology", [*TOPOLOGIES[:9], Torus((4, 4)), *TOPOLOGIES[10:12]], ids=lambda t: f"{t.spec}-{t.size}"
)
def test_no_hop_is_lost_and_none_is_invented(topology):
    """For every pattern and routing the loads sum to the demands times their distances."""
    matrix = topology.distance_matrix()
    for traffic in patterns(topology, 3):
        hops = (traffic.demand(np.arange(topology.size)) * matrix).sum()
        ours = link_loads(topology, traffic)
        assert ours.sum() == pytest.approx(hops) and (ours[topology.neighbours() < 0] == 0).all()
        if isinstance(topology, Torus | Hypercube):
            for ties in ("plus", "split"):
                assert dimension_order_loads(topology, traffic, ties=ties).sum() == pytest.approx(hops)


@pytest.mark.parametrize(
    "topology", [Torus((4, 5)), TwistedTorus((2, 2, 4)), random_graph(8, 30, 30)], ids=["torus", "twisted", "random"]
)
def test_a_demand_is_shared_by_all_its_shortest_paths_alike(topology):
    """Each pair's unit, spread over the paths that networkx lists, gives the loads of any demand."""
    graph = networkx.MultiGraph()
    reverse = topology.reverse_ports()
    graph.add_edges_from(
        (a, int(b), (a, p))
        for a, row in enumerate(topology.neighbours())
        for p, b in enumerate(row)
        if (a, p) < (b, reverse[a, p])
    )
    plain = networkx.Graph(graph)
    demand = np.random.default_rng(4).integers(0, 3, (topology.size, topology.size)).astype(float)
    expected = dict.fromkeys(by_pair(topology, np.zeros((topology.size, topology.degree))), 0.0)
    for a, b in zip(*np.nonzero(demand), strict=True):
        if a != b:
            paths = list(networkx.all_shortest_paths(plain, int(a), int(b)))
            weights = np.array(
                [np.prod([graph.number_of_edges(*hop) for hop in pairwise(path)]) for path in paths], dtype=float
            )
            for path, weight in zip(paths, weights / weights.sum(), strict=True):
                for hop in pairwise(path):
                    expected[hop] += demand[a, b] * weight
    ours = by_pair(topology, link_loads(topology, DemandMatrix(demand)))
    assert ours == pytest.approx(expected)


@pytest.mark.parametrize(
    "topology", [Torus((4, 4, 8)), Torus((5, 3)), Torus((2, 6)), Torus((1, 7)), Hypercube(5)], ids=lambda t: t.spec
)
def test_dimension_order_loads_are_those_of_walked_tables(topology):
    """The closed form, the rings walked for a demand of ones, and the routing table's own routes agree."""
    table = RoutingTable.dimension_order(topology).link_loads()
    assert np.array_equal(dimension_order_loads(topology), table)
    assert np.allclose(
        link_loads(topology, DemandMatrix(np.ones((topology.size, topology.size))), "dimension order"), table
    )


@pytest.mark.parametrize(
    "topology", [Torus((4, 4)), Torus((5, 3)), Torus((2, 3, 4)), Hypercube(4)], ids=lambda t: t.spec
)
def test_dimension_order_loads_of_a_few_messages_lie_on_their_routes(topology):
    """Each message of a random permutation crosses the links of its route in the table, and no other."""
    table = RoutingTable.dimension_order(topology)
    traffic = RandomPermutation(topology.size, seed=6)
    expected = np.zeros((topology.size, topology.degree))
    for source, (destination,) in enumerate(traffic.destinations(np.arange(topology.size)).tolist()):
        route = table.route(source, destination)
        np.add.at(expected, (np.array(route.nodes[:-1], dtype=int), np.array(route.ports, dtype=int)), 1.0)
    assert np.array_equal(link_loads(topology, traffic, "dimension order"), expected)


@pytest.mark.parametrize("shape", [(4, 4, 8), (5, 3), (2, 6)])
def test_splitting_ties_makes_dimension_order_as_even_as_all_shortest_paths(shape):
    """Under uniform all-to-all the order of dimensions changes no load, ties broken one way do."""
    torus = Torus(shape)
    assert np.allclose(dimension_order_loads(torus, ties="split"), torus.link_loads())
    assert (dimension_order_loads(torus).max() > torus.max_link_load()) == (max(shape) % 2 == 0)


def test_dimension_order_suffers_from_transpose():
    """On an n x n torus, row n - 1 … turns at the diagonal: shortest paths spread what dimension order piles up."""
    torus, traffic = Torus((8, 8)), Transpose(64)
    spread, piled = link_loads(torus, traffic), link_loads(torus, traffic, "dimension order")
    assert spread.sum() == pytest.approx(piled.sum()) and piled.max() > spread.max()
    assert throughput(piled, traffic) == 1 / piled.max()


def test_nearest_neighbours_load_every_link_once():
    """Where no two ports reach the same node, each link carries its own unit: throughput is the degree."""
    torus = Torus((4, 5, 3))
    for routing in ("minimal", "dimension order"):
        loads = link_loads(torus, NearestNeighbour(torus), routing)
        assert np.allclose(loads, 1.0) and throughput(loads, NearestNeighbour(torus)) == pytest.approx(6)


def test_too_many_paths_to_count_are_refused(monkeypatch):
    """An overflow is an error with a remedy, not a load that is no number."""
    monkeypatch.setattr(even_split.np, "isfinite", lambda numbers: numbers < 3.0)
    with pytest.raises(InputError, match="more shortest paths"):
        loads_from_one(Torus((6, 6)).neighbours(), Torus((6, 6)).hop_counts())


@pytest.mark.parametrize(
    "call",
    [
        lambda: link_loads(Torus((4,)), routing="random"),
        lambda: link_loads(Torus((4,)), Uniform(5)),
        lambda: dimension_order_loads(Torus((4,)), NearestNeighbour(Torus((5,)))),
        lambda: dimension_order_loads(TwistedTorus((2, 2, 4))),
        lambda: dimension_order_loads(Graph(Torus((4,)).neighbours())),
        lambda: dimension_order_loads(Torus((4,)), ties="minus"),
    ],
)
def test_what_does_not_fit_is_refused(call):
    """Unknown routing, traffic of another size, and dimension order where dimensions do not wrap on themselves."""
    with pytest.raises(InputError) as refused:
        call()
    assert str(refused.value)


@pytest.mark.parametrize(
    "make", [RoutingTable.minimal, RoutingTable.dimension_order], ids=["minimal", "dimension order"]
)
def test_the_scheme_of_a_table_names_a_routing_of_loads(make):
    """Loads are known by the names that tables give their schemes; in dimension order they are the table's own."""
    torus = Torus((4, 6))
    table = make(torus)
    loads = link_loads(torus, routing=table.scheme)
    assert loads.sum() == table.link_loads().sum()
    assert table.scheme == "minimal" or np.array_equal(loads, table.link_loads())
