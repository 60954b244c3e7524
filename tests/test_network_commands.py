import json

import networkx
import pytest
from test_cli import run

from phextpaper.engine.routing import RoutingTable
from phextpaper.engine.topologies import parse_spec

KEYS = ["spec", "size", "degree", "diameter", "mean_hops", "bisection_links", "max_link_load", "all_to_all_throughput", "vertex_transitive"]


def networkx_graph(spec: str) -> networkx.Graph:
    """The same network as a networkx graph."""
    topology = parse_spec(spec)
    neighbours = topology.neighbours()
    return networkx.Graph((a, int(b)) for a in range(topology.size) for b in neighbours[a] if b >= 0)


@pytest.mark.parametrize("spec", ["torus:4x4x4", "twisted:4x4x8", "twisted:4x4x8:0=0,0,4/1=0,0,4", "hypercube:6", "lattice:4,0,4/0,4,4/0,0,8", "torus:5x7"])
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


@pytest.mark.parametrize("spec", ["torus:4x", "ring:8", "torus:0x4", "twisted:4x4x4", "hypercube:-1", "lattice:1,2", ""])
def test_a_wrong_spec_is_refused(spec):
    """Exit code 2 and a remedy."""
    assert "remedy" in run("topology", "--", spec, exit_code=2).stderr


@pytest.mark.parametrize(("spec", "pairs"), [("torus:4x4x8", [("1.1.1", "3.3.5"), ("4.4.8", "1.1.1")]), ("twisted:4x4x8", [("1.1.1", "3.2.4")]),
                                             ("hypercube:5", [("0", "31")])])
def test_a_route_is_that_of_the_minimal_table(spec, pairs):
    """The path, hop by hop, is the one that the full table walks, and as short as any."""
    table, graph = RoutingTable.minimal(parse_spec(spec)), networkx_graph(spec)
    for a, b in pairs:
        answer = json.loads(run("route", spec, a, b, "--json").stdout)
        nodes = [place["node"] for place in answer["path"]]
        assert tuple(nodes) == table.path(answer["source"], answer["destination"])
        assert answer["hops"] == len(nodes) - 1 == networkx.shortest_path_length(graph, nodes[0], nodes[-1])
        assert answer["minimal"] is True


def test_every_spelling_of_a_node_is_understood():
    """A coordinate from 1, with or without its link, a position from 0 and a number name the same chip."""
    ends = [json.loads(run("route", "torus:16x16x16", "0", text, "--json").stdout)["destination"] for text in ("8.8.8", "8.8.8/1.1", "7,7,7", "1911")]
    assert ends == [1911] * 4
    assert "21 hops" in run("route", "torus:16x16x16", "1.1.1", "8.8.8").stdout


@pytest.mark.parametrize("node", ["17.1.1", "0.1.1", "1.1", "x", "4096", "-1"])
def test_a_wrong_node_is_refused(node):
    """Exit code 2 and a remedy."""
    assert "remedy" in run("route", "torus:16x16x16", "1.1.1", "--", node, exit_code=2).stderr
