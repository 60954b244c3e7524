from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.placing.placement import placed
from phextpaper.engine.routing import deadlock
from phextpaper.engine.routing.deadlock import DATELINE, ONE_CHANNEL, TRANSITIONS
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError


def graph_of(networkx_graph):
    return Graph.from_edges(list(nx.convert_node_labels_to_integers(networkx_graph).edges))


SMALL = [
    Torus((5,)),
    Torus((4, 6)),
    Torus((3, 3)),
    Torus((2, 5, 3)),
    Hypercube(4),
    TwistedTorus((2, 2, 4)),
    TwistedTorus((4, 4), {0: (0, 2)}),
    Lattice([[4, 1, 2], [1, 5, 0], [3, 0, 4]]),
    graph_of(nx.petersen_graph()),
    graph_of(nx.random_regular_graph(4, 40, seed=2)),
    graph_of(nx.lollipop_graph(5, 6)),
]


def walked_dependencies(table, layers):
    """Channel pairs along every path, hop by hop; a channel is (node, port, virtual channel)."""
    edges = set()
    for source in range(table.topology.size):
        for destination in range(table.topology.size):
            route = table.route(source, destination)
            channels = [
                (node, port, 0 if layers is None else int(layers[node, destination]))
                for node, port in zip(route.nodes, route.ports, strict=False)
            ]
            edges.update(pairwise(channels))
    return edges


def named(graph, degree):
    """Edges of a dependency graph with channels as (node, port, virtual channel)."""

    def name(channel):
        link, layer = divmod(int(channel), graph.layers)
        return (*divmod(link, degree), layer)

    return {(name(a), name(b)) for a, b in graph.edges}


WITH_SCHEME = [
    (topology, scheme)
    for topology in SMALL
    for scheme in (ONE_CHANNEL, DATELINE, TRANSITIONS)
    if scheme != DATELINE or not isinstance(topology, Graph)
]


@pytest.mark.parametrize(
    ("topology", "scheme"), WITH_SCHEME, ids=lambda value: value if isinstance(value, str) else value.spec
)
def test_the_dependency_graph_is_the_one_walked_along_every_route(topology, scheme):
    """Its edges are the consecutive channels of all routes, and networkx agrees whether it has a cycle."""
    table = RoutingTable.minimal(topology)
    layers = deadlock.virtual_channels(table.topology, table.ports, scheme)
    graph = deadlock.dependencies(table.topology, table.ports, layers)
    walked = walked_dependencies(table, layers)
    assert named(graph, topology.degree) == walked
    assert len(graph.edges) == len(walked)
    judge = nx.DiGraph(list(walked))
    assert (graph.cyclic_channels() == 0) == nx.is_directed_acyclic_graph(judge)
    on_cycle = [part for part in nx.strongly_connected_components(judge) if len(part) > 1]
    assert graph.cyclic_channels() == sum(map(len, on_cycle))


@pytest.mark.parametrize("shape", [(4,), (5,), (8, 8), (4, 4, 4), (3, 9)])
def test_a_torus_in_dimension_order_deadlocks_on_one_virtual_channel(shape):
    """With a ring of 4 or more the dependency graph is cyclic on one channel; with datelines two are enough."""
    table = RoutingTable.dimension_order(Torus(shape))
    assert not table.deadlock_free(ONE_CHANNEL).acyclic
    report = table.deadlock_free()
    assert report.acyclic and report.scheme == DATELINE and report.virtual_channels == 2
    assert [attempt.scheme for attempt in report.attempts] == [ONE_CHANNEL]


@pytest.mark.parametrize(
    "topology",
    [Torus((3,)), Torus((3, 3, 3)), Hypercube(6), graph_of(nx.grid_2d_graph(1, 9)), graph_of(nx.balanced_tree(2, 4))],
    ids=lambda topology: topology.spec,
)
def test_rings_of_three_cubes_lines_and_trees_need_one_virtual_channel(topology):
    """Where no route goes on along a ring, or there is none, one channel is free of deadlock."""
    report = RoutingTable.minimal(topology).deadlock_free()
    assert report and report.virtual_channels == 1 and report.scheme == ONE_CHANNEL


@pytest.mark.parametrize(
    "topology",
    [
        TwistedTorus((4, 4, 8)),
        TwistedTorus((4, 8, 8)),
        TwistedTorus((8, 4, 4)),
        Lattice([[3, 5], [-7, 4]]),
        Torus((2, 4)),
    ],
    ids=lambda topology: topology.spec,
)
def test_twisted_tori_and_lattices_need_two_virtual_channels(topology):
    """Minimal routes on a lattice are in dimension order, so a dateline in each ring breaks all cycles there too."""
    report = RoutingTable.minimal(topology).deadlock_free()
    assert report.acyclic and report.scheme == DATELINE and report.virtual_channels == 2
    assert report.attempts[0].cyclic_channels > 0


def test_renaming_nodes_changes_no_verdict():
    """A torus whose nodes are shuffled keeps its ports, so datelines are found without its coordinates."""
    torus = Torus((4, 6))
    shuffled = placed(torus, np.random.default_rng(5).permutation(24))
    report = RoutingTable.minimal(shuffled).deadlock_free()
    assert report.acyclic and report.scheme == DATELINE and report.virtual_channels == 2


random_graphs = st.builds(
    lambda size, degree, seed: graph_of(nx.connected_watts_strogatz_graph(size, degree, 0.4, tries=200, seed=seed)),
    st.integers(8, 80),
    st.sampled_from([4, 6]),
    st.integers(0, 10**6),
)


@given(random_graphs, st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_up_down_needs_one_virtual_channel_on_any_graph(graph, root):
    """Routes that never climb after a descent have an acyclic dependency graph, and rise in the order of channels."""
    table = RoutingTable.up_down(graph, root=root)
    assert table.deadlock_free(ONE_CHANNEL).acyclic
    assert not deadlock.virtual_channels(table.topology, table.ports, TRANSITIONS, root=root).any()


@given(random_graphs)
@settings(max_examples=40, deadline=None)
def test_layered_transitions_free_any_minimal_table_of_deadlock(graph):
    """The dependency graph with the scheme's virtual channels is acyclic, and they are no more than the diameter."""
    report = RoutingTable.minimal(graph).deadlock_free(TRANSITIONS)
    assert report.acyclic
    assert 1 <= report.virtual_channels <= graph.diameter()


def test_virtual_channels_that_are_assigned_wrongly_do_not_pass():
    """If messages took the dateline's two channels the other way about on one ring alone, the cycle would be found."""
    torus = Torus((8, 8))
    table = RoutingTable.dimension_order(torus)
    layers = deadlock.virtual_channels(table.topology, table.ports, DATELINE).copy()
    assert deadlock.dependencies(table.topology, table.ports, layers).cyclic_channels() == 0
    row = torus.coordinates(np.arange(64))[:, 0] == 3
    layers[row] = 0
    assert deadlock.dependencies(table.topology, table.ports, layers).cyclic_channels() > 0


def test_datelines_are_refused_where_ports_form_no_rings_and_unknown_schemes_always():
    """The error names the scheme that works instead, or the schemes that there are."""
    table = RoutingTable.minimal(graph_of(nx.lollipop_graph(5, 6)))
    with pytest.raises(InputError, match=TRANSITIONS):
        table.deadlock_free(DATELINE)
    with pytest.raises(InputError, match=ONE_CHANNEL):
        table.deadlock_free("hope")


def test_4096_chips_as_a_torus_need_two_virtual_channels():
    """Over all pairs of the 16 x 16 x 16 torus: cyclic on one channel, in every channel; acyclic on two."""
    report = RoutingTable.minimal(Torus((16, 16, 16))).deadlock_free()
    assert report.acyclic and report.virtual_channels == 2
    assert report.attempts[0].cyclic_channels == report.attempts[0].channels == 6 * 4096
