"""Edge files: what is a link, what is a header, and what is refused by file and line."""

import networkx
import numpy as np
import pytest

from phextpaper.engine.networks.edge_files import read_edges
from phextpaper.engine.networks.topologies import Graph
from phextpaper.errors import InputError


@pytest.fixture
def written(tmp_path):
    """A function that writes an edge file and gives its path."""

    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "links.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def named_links(path) -> set[frozenset[str]]:
    """The links of a file by the names of their ends."""
    edges, names = read_edges(path)
    called = names or tuple(map(str, range(edges.max() + 1)))
    return {frozenset(called[end] for end in edge) for edge in edges.tolist()}


def links(*pairs: str) -> set[frozenset[str]]:
    """Links from pairs such as 0-1."""
    return {frozenset(pair.split("-")) for pair in pairs}


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("0,1\n1,2\n2,3\n3,0\n", links("0-1", "1-2", "2-3", "3-0")),
        ("from,to\n0,1\n1,2\n", links("0-1", "1-2")),
        ("# a path\nfrom,to\n\n0,1\n1, 2\n", links("0-1", "1-2")),
        ("gw,1\n1,2\n2,3\n3,1\n", links("gw-1", "1-2", "2-3", "3-1")),
        ("1,gw\n1,2\n", links("gw-1", "1-2")),
        ("a,b\nb,c\n", links("a-b", "b-c")),
        ("a,b\n", links("a-b")),
        ("01,02\n02,03\n", links("01-02", "02-03")),
        ("1,01\n01,2\n", links("1-01", "01-2")),
        ('"a","b"\n"b","c, d"\n', links("a-b", "b-c, d")),
        ('"0","1"\n"1","2"\n', links("0-1", "1-2")),
        ("0,1\r\n1,2\r\n", links("0-1", "1-2")),
        ("gw-1.a,10.0.0.1\n10.0.0.1,x#1\n", {frozenset({"gw-1.a", "10.0.0.1"}), frozenset({"10.0.0.1", "x#1"})}),
    ],
)
def test_every_line_but_a_header_is_a_link(written, text, there):
    """Numbers, names or both, quoted or not; a header stands above whole numbers and holds none itself."""
    assert named_links(written(text)) == there


@pytest.mark.parametrize("text", ["0,1\n1,2\n2,3\n3,0\n", "from,to\n0,1\n1,2\n", "a,b\nb,c\n"])
def test_a_byte_order_mark_is_none_of_the_text(written, text):
    """The same links with it and without."""
    assert named_links(written(text, "utf-8-sig")) == named_links(written(text))


@pytest.mark.parametrize("graph", [networkx.petersen_graph(), networkx.barbell_graph(3, 2), networkx.path_graph(12)])
@pytest.mark.parametrize("name", [str, "0{}".format, "node {}".format])
def test_no_link_of_a_file_is_lost(written, graph, name):
    """As many links as networkx wrote, and the same distances, whatever the nodes are called."""
    read = Graph.from_csv(written("".join(f"{name(a)},{name(b)}\n" for a, b in graph.edges)))
    assert np.count_nonzero(read.neighbours() >= 0) == 2 * graph.number_of_edges()
    assert read.mean_hops() == pytest.approx(networkx.average_shortest_path_length(graph))
    assert read.names is None if name is str else set(read.names) == set(map(name, graph))


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("-1,0\n0,1\n", 1, "'-1' is no node"),
        ("0.5,1\n1,2\n", 1, "'0.5' is no node"),
        ("0,1\n1,+2\n", 2, r"'\+2' is no node"),
        ("0.5,0.7\n0,1\n", 1, "'0.5' is no node"),
        ("99999999999999999999,1\n1,2\n", 1, "'99999999999999999999' is no node"),
        ("from,to\n0,1\n1,1\n", 3, "node 1 is linked to itself"),
        ("a,b\nb,b\n", 2, "node b is linked to itself"),
        ("0,1 # backbone\n1,2\n", 1, "'1 # backbone' is no node"),
        ("a,#b\n#b,c\n", 1, "'#b' is no node"),
        ("source,target\na,b\nb,c\n", 1, "no other line names 'source' or 'target'"),
        ("0,1\n1;2\n", 2, "is not two columns"),
        ("0,1,2\n", 1, "is not two columns"),
        ("0,1\n,2\n", 2, "is not two columns"),
        ('"0,1\n', 1, "is not two columns"),
    ],
)
def test_what_is_no_link_is_refused_by_its_line(written, text, line, says):
    """With the file, the line as an editor counts it, and a remedy."""
    path = written(text)
    with pytest.raises(InputError, match=says) as refused:
        read_edges(path)
    assert refused.value.where == f"{path}:{line}" and refused.value.remedy


@pytest.mark.parametrize("text", ["", "\n# nothing\n"])
def test_a_file_without_links_is_refused(written, text):
    """There is no line to name."""
    path = written(text)
    with pytest.raises(InputError, match="no links") as refused:
        read_edges(path)
    assert refused.value.where == str(path)
