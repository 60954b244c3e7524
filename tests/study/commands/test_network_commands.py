import json

import networkx
import pytest
from conftest import run

from phextpaper.engine.networks.topologies import Graph, parse_spec
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError
from phextpaper.study.commands.network import node_of, shortest_path

KEYS = [
    "spec",
    "size",
    "degree",
    "diameter",
    "mean_hops",
    "bisection_links",
    "max_link_load",
    "all_to_all_throughput",
    "vertex_transitive",
]


def networkx_graph(spec: str) -> networkx.Graph:
    """The same network as a networkx graph."""
    topology = parse_spec(spec)
    neighbours = topology.neighbours()
    return networkx.Graph((a, int(b)) for a in range(topology.size) for b in neighbours[a] if b >= 0)


@pytest.mark.parametrize(
    "spec",
    [
        "torus:4x4x4",
        "twisted:4x4x8",
        "twisted:4x4x8:0=0,0,4/1=0,0,4",
        "hypercube:6",
        "lattice:4,0,4/0,4,4/0,0,8",
        "torus:5x7",
    ],
)
def test_the_figures_of_a_topology_are_those_of_networkx(spec):
    """The contract's keys, in order; hops, diameter and loads agree with an independent library."""
    answer = json.loads(run("topology", spec, "--json").stdout)
    assert [key for key in answer if key != "bisection_upper_bound"] == KEYS
    assert ("bisection_upper_bound" in answer) == (answer["bisection_links"] is None)
    graph = networkx_graph(spec)
    size = len(graph)
    assert (answer["size"], answer["diameter"]) == (size, networkx.diameter(graph))
    assert answer["mean_hops"] == pytest.approx(networkx.average_shortest_path_length(graph))
    load = max(networkx.edge_betweenness_centrality(graph, normalized=False).values())
    assert answer["max_link_load"] == pytest.approx(load)
    assert answer["all_to_all_throughput"] == pytest.approx((size - 1) / load)
    assert answer["vertex_transitive"] is True


def test_closed_forms_of_the_papers_machine():
    """The 16 x 16 x 16 torus: diameter 24, mean 12 over all pairs, 2 * 4096 / 16 links, 16^4 / 8 pairs a link."""
    answer = json.loads(run("topology", "torus:16x16x16", "--json").stdout)
    assert (answer["diameter"], answer["bisection_links"], answer["max_link_load"]) == (24, 2 * 4096 // 16, 16**4 / 8)
    assert answer["mean_hops"] == pytest.approx(12 * 4096 / 4095)


def test_a_graph_from_a_file(tmp_path):
    """Two columns of names make a graph; a file that is none is refused."""
    path = tmp_path / "ring.csv"
    path.write_text("a,b\nb,c\nc,d\nd,e\ne,a\n", encoding="utf-8")
    answer = json.loads(run("topology", f"edges:{path}", "--json").stdout)
    assert (answer["size"], answer["degree"], answer["diameter"], answer["mean_hops"]) == (5, 2, 2, 1.5)
    (tmp_path / "two.csv").write_text("a,b\nc,d\n", encoding="utf-8")
    for wrong in (tmp_path / "two.csv", tmp_path / "nothing.csv"):
        assert run("topology", f"edges:{wrong}", exit_code=2).stderr


def test_the_figures_of_an_uneven_graph_are_those_of_networkx(tmp_path):
    """A graph without symmetry, given by names, has its busiest link, its hops and its best cut."""
    graph = networkx.barbell_graph(4, 1)
    path = tmp_path / "barbell.csv"
    path.write_text("".join(f"chip{a},chip{b}\n" for a, b in graph.edges), encoding="utf-8")
    answer = json.loads(run("topology", f"edges:{path}", "--json").stdout)
    load = max(networkx.edge_betweenness_centrality(graph, normalized=False).values())
    assert (answer["size"], answer["degree"], answer["vertex_transitive"]) == (9, 4, False)
    assert answer["mean_hops"] == pytest.approx(networkx.average_shortest_path_length(graph))
    assert answer["max_link_load"] == pytest.approx(load) and answer["all_to_all_throughput"] == pytest.approx(8 / load)
    assert answer["bisection_links"] == 1


def test_bounds_that_do_not_meet_give_no_exact_bisection():
    """A torus of odd sides has a staircase cut of k^2 + k + 1 links each way round, and no proof that none is better."""
    answer = json.loads(run("topology", "torus:5x5x5", "--json").stdout)
    assert list(answer) == [*KEYS, "bisection_upper_bound"]
    assert (answer["bisection_links"], answer["bisection_upper_bound"]) == (None, 2 * (5**2 + 5 + 1))


def test_the_text_names_every_figure_with_its_unit():
    """One line a figure, values in one column, and nothing that the JSON lacks."""
    for spec in ("torus:4x4", "torus:5x5x5"):
        lines = run("topology", spec).stdout.splitlines()
        assert [line.split()[0] for line in lines] == list(json.loads(run("topology", spec, "--json").stdout))
        assert {len(line) - len(line.split(maxsplit=1)[1]) for line in lines} == {23}
    assert (
        "4 hops" in run("topology", "torus:4x4").stdout
        and "no exact value known" in run("topology", "torus:5x5x5").stdout
    )


@pytest.mark.parametrize(
    "spec", ["torus:4x", "ring:8", "torus:0x4", "twisted:4x4x4", "hypercube:-1", "lattice:1,2", ""]
)
def test_a_wrong_spec_is_refused(spec):
    """Exit code 2 and a remedy."""
    assert "remedy" in run("topology", "--", spec, exit_code=2).stderr


@pytest.mark.parametrize(
    ("spec", "pairs"),
    [
        ("torus:4x4x8", [("1.1.1", "3.3.5"), ("4.4.8", "1.1.1")]),
        ("twisted:4x4x8", [("1.1.1", "3.2.4")]),
        ("hypercube:5", [("0", "31")]),
    ],
)
def test_a_route_is_that_of_the_minimal_table(spec, pairs):
    """The path, hop by hop, is the one that the full table walks, and as short as any."""
    table, graph = RoutingTable.minimal(parse_spec(spec)), networkx_graph(spec)
    for a, b in pairs:
        answer = json.loads(run("route", spec, a, b, "--json").stdout)
        nodes = [place["node"] for place in answer["path"]]
        assert tuple(nodes) == table.path(answer["source"], answer["destination"])
        assert answer["hops"] == len(nodes) - 1 == networkx.shortest_path_length(graph, nodes[0], nodes[-1])
        assert answer["minimal"] is True


@pytest.mark.parametrize(
    "spec", ["torus:4x5x3", "torus:2x1x6", "twisted:3x3x6", "hypercube:5", "lattice:4,1,0/0,5,2/1,0,3"]
)
def test_every_route_is_that_of_the_minimal_table(spec):
    """For all pairs, the search without a table takes the table's ports."""
    topology = parse_spec(spec)
    table = RoutingTable.minimal(topology)
    for a in range(topology.size):
        for b in range(topology.size):
            route = table.route(a, b)
            assert shortest_path(topology, a, b) == (list(route.nodes), list(route.ports))


@pytest.mark.parametrize(
    "topology",
    [Graph.from_edges(list(networkx.barbell_graph(4, 2).edges)), Graph([[-1, 1], [0, 2], [1, 3], [-1, 2]])],
    ids=["barbell", "line"],
)
def test_every_route_of_a_graph_is_that_of_the_minimal_table(topology):
    """Ports that a node lacks, the first or the last, are never taken."""
    table = RoutingTable.minimal(topology)
    for a in range(topology.size):
        for b in range(topology.size):
            route = table.route(a, b)
            assert shortest_path(topology, a, b) == (list(route.nodes), list(route.ports))


def test_every_spelling_of_a_node_is_understood():
    """Coordinates from 1 in every form, a position from 0 and a number name the same chip."""
    graph = parse_spec("torus:16x16x16")
    spellings = (
        "8.8.8",
        "8.8.8/1.1",
        "8.8.8/2.1",
        "1.1.1/1.8.8/8.1.1",
        "1.1.1;1.8.8;8.1.1",
        "7,7,7",
        "1911",
        " 8.8.8 ",
    )
    assert {node_of(graph, text) for text in spellings} == {1911}
    answer = json.loads(run("route", "torus:16x16x16", "1.1.1/1.1", "7,7,7", "--json").stdout)
    assert (answer["source"], answer["destination"], answer["path"][-1]["coordinate"]) == (0, 1911, "8.8.8")
    assert "21 hops" in run("route", "torus:16x16x16", "1.1.1", "8.8.8").stdout


@pytest.mark.parametrize(
    ("spec", "texts", "position"),
    [
        ("torus:9", ["4.1.1", "4.1.1/1.1", "3"], (3,)),
        ("torus:6x7", ["4.7", "4.7.1", "4.7.1/1.1", "3,6"], (3, 6)),
        ("torus:3x4x5x6", ["2.3.4.5", "2.3.4/5.1", "1,2,3,4"], (1, 2, 3, 4)),
        ("torus:2x3x2x3x4", ["1.3.2.1.4", "1.3.2/1.4"], (0, 2, 1, 0, 3)),
    ],
)
def test_a_coordinate_gives_as_many_leading_parts_as_there_are_dimensions(spec, texts, position):
    """Volume, book, chapter, section and scroll stand for dimensions, first to fifth."""
    graph = parse_spec(spec)
    place = 0
    for part, length in zip(position, graph.shape, strict=True):
        place = place * length + part
    assert {node_of(graph, text) for text in texts} == {place}


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("torus:4x4x4", "1.1.1/x"),
        ("torus:4x4x4", "1.1.1/1.1/1.1"),
        ("torus:4x4x4", "2.1.1/1.1.1/1.1.1"),
        ("torus:4x4x4", "1.1.1/2.1.1/1.1.1"),
        ("torus:4x4x4", "1.1.1.1"),
        ("torus:4x4", "1.1.2"),
        ("torus:4x4", "1.1.2/1.1"),
        ("torus:4x4", "4,0"),
        ("torus:4x4", "1,1,1"),
        ("torus:4x4", "²"),
        ("hypercube:6", "1.1.1/1.1"),
        ("torus:4x4", ""),
    ],
)
def test_a_text_that_names_no_node_is_never_read_as_another(spec, text):
    """Parts too many, beyond the shape or not of digits are refused with a remedy."""
    with pytest.raises(InputError) as refused:
        node_of(parse_spec(spec), text)
    assert refused.value.remedy


def test_names_of_an_edge_file_name_its_nodes(tmp_path):
    """A route runs between names, and says them; a name that is not there is refused, and so is a file in two pieces."""
    path = tmp_path / "line.csv"
    path.write_text("left,middle\nmiddle,right\n", encoding="utf-8")
    answer = json.loads(run("route", f"edges:{path}", "left", "right", "--json").stdout)
    assert ([place["coordinate"] for place in answer["path"]], answer["hops"]) == (["left", "middle", "right"], 2)
    assert "remedy" in run("route", f"edges:{path}", "left", "top", exit_code=2).stderr
    path.write_text("left,middle\ntop,right\n", encoding="utf-8")
    assert "not connected" in run("route", f"edges:{path}", "left", "right", exit_code=2).stderr


def test_a_route_in_a_large_torus_needs_no_array_of_neighbours():
    """A million nodes are routed by their hop counts; too many are refused before anything is made."""
    answer = json.loads(run("route", "torus:128x128x64", "1.1.1", "65.65.33", "--json").stdout)
    assert (answer["hops"], answer["minimal"]) == (64 + 64 + 32, True)
    assert "remedy" in run("route", "torus:1024x1024x512", "0", "1", exit_code=2).stderr
    assert json.loads(run("topology", "torus:1024x1024x512", "--json").stdout)["diameter"] == 512 + 512 + 256


@pytest.mark.parametrize("node", ["17.1.1", "0.1.1", "1.1", "x", "4096", "-1"])
def test_a_wrong_node_is_refused(node):
    """Exit code 2 and a remedy."""
    assert "remedy" in run("route", "torus:16x16x16", "1.1.1", "--", node, exit_code=2).stderr
