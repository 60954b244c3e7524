from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.routing import next_hops
from phextpaper.engine.routing.next_hops import ARRIVED
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError

LATTICES = [
    Torus((8,)),
    Torus((4, 6)),
    Torus((2, 3, 5)),
    Torus((1, 4, 3)),
    TwistedTorus((2, 2, 4)),
    TwistedTorus((6, 3, 3)),
    TwistedTorus((4, 4), {0: (0, 2)}),
    Hypercube(5),
    Lattice([[4, 1, 2], [1, 5, 0], [3, 0, 4]]),
    Lattice([[1, 7], [0, 31]]),
    Lattice([[4, 0, 1], [0, 3, 2], [0, 0, 7]]),
]
GRAPHS = [
    Graph.from_edges(list(nx.petersen_graph().edges), label="petersen"),
    Graph.from_edges(list(nx.random_regular_graph(5, 70, seed=3).edges), label="regular"),
    Graph.from_edges(list(nx.convert_node_labels_to_integers(nx.grid_2d_graph(5, 4)).edges), label="grid"),
    Graph.from_edges(list(nx.balanced_tree(3, 3).edges), label="tree"),
    Graph.from_edges(list(nx.lollipop_graph(6, 9).edges), label="lollipop"),
]
TOPOLOGIES = LATTICES + GRAPHS


def by_spec(topology):
    return topology.spec


def networkx_graph(topology):
    graph = nx.Graph()
    graph.add_edges_from((node, int(end)) for node, row in enumerate(topology.neighbours()) for end in row if end >= 0)
    return graph


def networkx_distances(topology):
    lengths = dict(nx.all_pairs_shortest_path_length(networkx_graph(topology)))
    return np.array([[lengths[a][b] for b in range(topology.size)] for a in range(topology.size)])


@st.composite
def connected_graphs(draw):
    size = draw(st.integers(2, 90))
    parents = [draw(st.integers(0, node - 1)) for node in range(1, size)]
    extra = draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=60))
    edges = [*zip(range(1, size), parents, strict=True), *((a, b) for a, b in extra if a != b)]
    return Graph.from_edges(edges, size)


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=by_spec)
def test_minimal_routes_are_as_long_as_the_shortest_paths_of_networkx(topology):
    """Each route of a minimal table has the length that networkx finds, and each of its steps is a link."""
    table, lengths = RoutingTable.minimal(topology), networkx_distances(topology)
    assert np.array_equal(table.hops(), lengths)
    graph = networkx_graph(topology)
    for source in range(0, topology.size, 5):
        for destination in range(0, topology.size, 3):
            path = table.path(source, destination)
            assert (path[0], path[-1], len(path) - 1) == (source, destination, lengths[source, destination])
            assert all(graph.has_edge(a, b) for a, b in pairwise(path))


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=by_spec)
def test_minimal_tables_take_the_lowest_port_that_leads_nearer(topology):
    """An entry is the first port, counted from 0, whose neighbour networkx finds one nearer to the destination."""
    table, lengths = RoutingTable.minimal(topology), networkx_distances(topology)
    for node, row in enumerate(topology.neighbours()):
        for destination in range(topology.size):
            nearer = [
                p for p, end in enumerate(row) if end >= 0 and lengths[end, destination] < lengths[node, destination]
            ]
            assert table.ports[node, destination] == (nearer[0] if nearer else ARRIVED)


@pytest.mark.parametrize("topology", LATTICES, ids=by_spec)
def test_moving_one_row_gives_the_table_that_a_search_from_every_node_gives(topology):
    """On a lattice, translation and bit-parallel search are two ways to one table."""
    assert np.array_equal(RoutingTable.minimal(topology).ports, next_hops.minimal_ports(topology.neighbours()))


@pytest.mark.parametrize("topology", LATTICES, ids=by_spec)
def test_a_moved_row_holds_the_displacement_of_each_pair(topology):
    """If the row names its own places, the table names where each destination lies from its source."""
    nodes = np.arange(topology.size)
    table = next_hops.translated(nodes.astype(np.uint16), topology.shape, topology.wraps)
    assert np.array_equal(table, topology.displacement(nodes[:, None], nodes))


@given(connected_graphs())
@settings(max_examples=60, deadline=None)
def test_any_connected_graph_is_routed_minimally(graph):
    """On random connected graphs every route ends, none is longer than networkx's, and the certificate agrees."""
    table = RoutingTable.minimal(graph)
    assert np.array_equal(table.hops(), networkx_distances(graph))
    assert table.verify().minimal


@given(st.lists(st.integers(1, 7), min_size=1, max_size=4).filter(lambda shape: 2 <= np.prod(shape) <= 400))
@settings(max_examples=60, deadline=None)
def test_dimension_order_settles_one_dimension_after_the_other_the_shorter_way(shape):
    """A route has min(d, k - d) hops in each dimension, in order of the dimensions, upward where both ways are equal."""
    torus = Torus(tuple(shape))
    table = RoutingTable.dimension_order(torus)
    rng = np.random.default_rng(sum(shape))
    for source, destination in rng.integers(0, torus.size, (12, 2)):
        start, end = np.array(np.unravel_index([source, destination], shape)).T
        expected = [tuple(start)]
        for dimension, length in enumerate(shape):
            ahead = (end[dimension] - start[dimension]) % length
            step = 1 if ahead <= length - ahead else -1
            for _ in range(min(ahead, length - ahead)):
                place = list(expected[-1])
                place[dimension] = (place[dimension] + step) % length
                expected.append(tuple(place))
        assert table.path(source, destination) == tuple(np.ravel_multi_index(place, shape) for place in expected)
    assert table.verify().minimal


def test_the_minimal_table_of_a_torus_is_the_one_in_dimension_order():
    """Lowest port first means first dimension first and plus before minus, so both rules give one table."""
    torus = Torus((4, 5, 6))
    assert np.array_equal(RoutingTable.minimal(torus).ports, RoutingTable.dimension_order(torus).ports)


@pytest.mark.parametrize("topology", LATTICES, ids=by_spec)
def test_routes_on_any_lattice_never_return_to_a_lower_port(topology):
    """Ports along each route rise or stay, and a dimension is left for good in one direction: dimension order."""
    table = RoutingTable.minimal(topology)
    for destination in range(topology.size):
        for source in range(topology.size):
            ports = table.route(source, destination).ports
            dimensions = [topology.ports[p][0] for p in ports]
            assert dimensions == sorted(dimensions)
            assert len({topology.ports[p] for p in ports}) == len(set(dimensions))


def test_a_twisted_torus_has_no_plain_dimension_order():
    """Dimension order by coordinate differences is refused where a dimension shifts another, with the remedy."""
    with pytest.raises(InputError, match="minimal"):
        RoutingTable.dimension_order(TwistedTorus((4, 4, 8)))


@given(connected_graphs(), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_up_down_routes_climb_until_a_descent_reaches_and_never_climb_again(graph, seed):
    """Their lengths are the shortest descent where networkx finds one, else one more than of the best node above."""
    root = seed % graph.size
    position = next_hops.climbing_order(graph.hop_counts(root))
    above = [
        [int(end) for end in row if end >= 0 and position[end] < position[node]]
        for node, row in enumerate(graph.neighbours())
    ]
    descents = nx.DiGraph((upper, node) for node, uppers in enumerate(above) for upper in uppers)
    expected = np.full((graph.size, graph.size), -1)
    for node in np.argsort(position):
        reached = nx.single_source_shortest_path_length(descents, int(node))
        for destination in range(graph.size):
            if destination in reached:
                expected[node, destination] = reached[destination]
            else:
                expected[node, destination] = 1 + min(expected[upper, destination] for upper in above[node])
    table = RoutingTable.up_down(graph, root=root)
    assert np.array_equal(table.hops(), expected)
    for source in range(0, graph.size, 3):
        path = position[list(table.path(source, seed % 7 % graph.size))]
        falls = np.diff(path) > 0
        assert sorted(falls) == list(falls)


def test_next_hops_and_ports_agree_with_the_path():
    """next_hop, route and path tell the same; arrays of nodes broadcast; a node is its own next hop to itself."""
    torus = Torus((4, 4, 4))
    table = RoutingTable.minimal(torus)
    route = table.route(0, 42)
    assert route.nodes == table.path(0, 42)
    assert route.hops == table.hops()[0, 42] == len(route.ports)
    for here, port, following in zip(route.nodes, route.ports, route.nodes[1:], strict=False):
        assert torus.neighbours()[here, port] == following == table.next_hop(here, 42)
    assert table.next_hop(np.arange(64), 42).tolist() == [table.next_hop(a, 42) for a in range(64)]
    assert table.next_hop([[0], [1]], [0, 1]).diagonal().tolist() == [0, 1]


@pytest.mark.parametrize("topology", [Torus((4, 6)), *GRAPHS], ids=by_spec)
def test_loads_are_those_counted_along_every_path(topology):
    """The load of each directed link is the number of routes that leave its node by its port."""
    table = RoutingTable.minimal(topology)
    counted = np.zeros((topology.size, topology.degree), dtype=int)
    for source in range(topology.size):
        for destination in range(topology.size):
            route = table.route(source, destination)
            for node, port in zip(route.nodes, route.ports, strict=False):
                counted[node, port] += 1
    assert np.array_equal(table.link_loads(), counted)
    assert counted.sum() == table.hops().sum()


def test_the_hop_histogram_counts_every_ordered_pair():
    """The histogram of a minimal table is that of the topology, and it adds up to size squared."""
    torus = Torus((4, 6))
    histogram = RoutingTable.minimal(torus).hop_histogram()
    assert np.array_equal(histogram, torus.hop_histogram())
    assert histogram.sum() == torus.size**2


def edited(table, source, destination, port):
    ports = table.ports.copy()
    ports[source, destination] = port
    return RoutingTable(table.topology, ports)


def test_a_detour_is_found_and_measured():
    """If 0 sends the long way round a ring of 8 to 3, and 7 lets it pass, that one route is 5 hops instead of 3."""
    table = RoutingTable.minimal(Torus((8,)))
    found = edited(edited(table, 0, 3, 1), 7, 3, 1).verify()
    assert found.ends and not found.minimal
    assert (found.longer_than_shortest, found.excess_hops, found.longest) == (1, 2, 5)
    assert found.mean_hops == pytest.approx((8 * (1 + 1 + 2 + 2 + 3 + 3 + 4) + 2) / 56)


def test_two_nodes_that_send_a_message_back_and_forth_are_found():
    """Where an entry points back, exactly the routes that pass it never end, and walking one is refused."""
    table = RoutingTable.minimal(Torus((8,)))
    looping = edited(table, 1, 3, 1)
    found = looping.verify()
    stuck = [source for source in range(8) if 1 in table.path(source, 3)]
    assert found.endless == len(stuck) and not found.ends and not found.minimal
    assert np.flatnonzero(looping.hops()[:, 3] < 0).tolist() == stuck
    with pytest.raises(InputError, match="does not end"):
        looping.path(0, 3)


def test_tables_that_name_no_link_are_refused():
    """A port past the last, a port without a link, a wrong diagonal and a wrong shape are each refused."""
    star = Graph([[1, 2], [0, -1], [0, -1]])
    good = RoutingTable.minimal(star).ports
    for source, destination, port in [(0, 1, 2), (1, 0, 1), (0, 0, 0), (1, 2, ARRIVED)]:
        bad = good.copy()
        bad[source, destination] = port
        with pytest.raises(InputError):
            RoutingTable(star, bad)
    with pytest.raises(InputError):
        RoutingTable(star, good.astype(np.int64))
    with pytest.raises(InputError):
        RoutingTable(star, good[:2, :2].copy())


@pytest.mark.parametrize("topology", LATTICES, ids=by_spec)
def test_tables_made_of_one_row_pass_the_look_at_every_entry(topology):
    """What the constructors skip for lattices would have found nothing, and the result cannot be written to either."""
    made = RoutingTable.minimal(topology)
    checked = RoutingTable(topology, made.ports.copy(), made.scheme)
    assert np.array_equal(checked.ports, made.ports) and checked.scheme == "minimal"
    with pytest.raises(ValueError, match="read-only"):
        made.ports[0, 0] = 1


def test_nodes_that_do_not_exist_are_refused():
    """A route from or to no node raises an error that names the range."""
    table = RoutingTable.minimal(Torus((4,)))
    for pair in [(0, 4), (-1, 0), (0.5, 1)]:
        with pytest.raises(InputError, match="0 to 3"):
            table.path(*pair)


def test_more_ports_than_a_byte_holds_are_refused():
    """A complete graph of 257 nodes has 256 ports, one more than fit beside the mark of arrival."""
    with pytest.raises(InputError, match="one byte"):
        RoutingTable.minimal(Graph.from_edges(list(nx.complete_graph(257).edges)))
    assert RoutingTable.minimal(Graph.from_edges(list(nx.complete_graph(256).edges))).verify().minimal


def test_the_table_of_4096_chips_is_16_8_mb_and_proven_minimal():
    """One byte an entry; all 16 773 120 routes end and are minimal; the mean is 16/4 hops a dimension over other nodes."""
    table = RoutingTable.minimal(Torus((16, 16, 16)))
    found = table.verify()
    assert table.ports.nbytes == 4096**2
    assert found.minimal and found.pairs == 4096 * 4095 and found.longest == 24
    assert found.mean_hops == pytest.approx(12 * 4096 / 4095)
