import itertools
import math
import pickle

import networkx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from phextpaper.engine.networks import distances
from phextpaper.engine.networks.cuts import bisection
from phextpaper.engine.networks.lattices import fold, hermite_normal_form
from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus, parse_spec
from phextpaper.errors import InputError

LATTICES = [
    Torus((4, 4, 8)),
    Torus((2, 3, 1)),
    Torus((2,)),
    Torus((1, 5)),
    TwistedTorus((4, 4, 8)),
    TwistedTorus((3, 6, 6)),
    TwistedTorus((8, 4, 4)),
    TwistedTorus((1, 8), {0: (0, 3)}),
    TwistedTorus((4, 3, 5), {0: (0, 1, 2), 1: (0, 0, 3)}),
    TwistedTorus((4, 3, 5), {2: (1, -2, 0), 0: (0, 7, 0)}),
    Hypercube(1),
    Hypercube(5),
    Lattice([[4, 0, 4], [0, 4, 4], [0, 0, 8]]),
    Lattice([[2, 1], [1, 2]]),
    Lattice([[0, 5], [3, 1]]),
    Lattice([[-7]]),
]
matrices = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.lists(st.integers(-6, 6), min_size=n, max_size=n), min_size=n, max_size=n)
)


def simple_edges(topology) -> set[tuple[int, int]]:
    """Linked pairs of nodes, parallel links once."""
    return {(node, int(end)) for node, row in enumerate(topology.neighbours()) for end in row if node < end}


@pytest.mark.parametrize("shape", [(3,), (4, 5), (3, 4, 5), (3, 3, 3, 3)])
def test_a_torus_is_the_periodic_grid_of_networkx(shape):
    """Numbered row by row, the links of a torus are those of networkx's periodic grid."""
    grid = networkx.grid_graph(dim=shape[::-1], periodic=True)
    places = itertools.product(*map(range, shape)) if len(shape) > 1 else range(*shape)
    number = {place: int(np.ravel_multi_index(place if len(shape) > 1 else (place,), shape)) for place in places}
    assert simple_edges(Torus(shape)) == {tuple(sorted((number[a], number[b]))) for a, b in grid.edges}


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_a_hypercube_links_the_numbers_that_differ_in_one_bit(dimensions):
    """Its edges are networkx's."""
    cube = Hypercube(dimensions)
    other = networkx.convert_node_labels_to_integers(networkx.hypercube_graph(dimensions), ordering="sorted")
    assert simple_edges(cube) == {tuple(sorted(edge)) for edge in other.edges}
    assert cube.degree == dimensions and cube.size == 2**dimensions


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_published_twists_shift_the_long_dimensions(n):
    """Crossing the end of a short dimension adds n to each long one, and nothing else differs from the torus."""
    for shape in ((n, n, 2 * n), (n, 2 * n, 2 * n)):
        twisted, plain = TwistedTorus(shape), Torus(shape)
        place = plain.coordinates(np.arange(plain.size))
        for dimension in range(3):
            after = place.copy()
            after[:, dimension] += 1
            if shape[dimension] == n:
                crossed = after[:, dimension] == n
                for other in range(3):
                    if shape[other] == 2 * n:
                        after[crossed, other] += n
            assert np.array_equal(
                twisted.neighbours()[:, 2 * dimension], np.ravel_multi_index(tuple((after % shape).T), shape)
            )


def test_one_twist_has_many_spellings():
    """The published twist is the same as the explicit one, as the lattice of the literature, and in another order of dimensions."""
    published = TwistedTorus((4, 4, 8))
    assert (
        published
        == TwistedTorus((4, 4, 8), {1: (0, 0, 4), 0: [0, 0, -4]})
        == parse_spec("twisted:4x4x8:0=0,0,12/1=0,0,4/2=0,0,0")
    )
    assert np.array_equal(published.neighbours(), Lattice([[4, 0, 4], [0, 4, 4], [0, 0, 8]]).neighbours())
    assert np.array_equal(published.hop_histogram(), TwistedTorus((8, 4, 4)).hop_histogram())


def test_a_dimension_of_length_one_with_a_twist_makes_a_circulant_graph():
    """twisted:1x8:0=0,3 links each node of a ring of 8 to those 1 and 3 further."""
    assert simple_edges(TwistedTorus((1, 8), {0: (0, 3)})) == {
        tuple(sorted(edge)) for edge in networkx.circulant_graph(8, [1, 3]).edges
    }


def test_short_dimensions_have_the_ports_that_the_docstring_says():
    """Length 1 has none; length 2 has two ports that reach the one neighbour; a hypercube has one port for each dimension."""
    assert Torus((1, 5)).degree == 2
    assert Torus((2,)).neighbours().tolist() == [[1, 1], [0, 0]]
    assert Hypercube(1).neighbours().tolist() == [[1], [0]]


@pytest.mark.parametrize("topology", LATTICES, ids=lambda t: t.spec)
def test_each_link_is_seen_from_both_ends(topology):
    """Leaving through a port and then through its reverse leads back, and the reverse of the reverse is the port."""
    neighbours, reverse = topology.neighbours(), topology.reverse_ports()
    ends = np.arange(topology.size)[:, None]
    assert np.array_equal(neighbours[neighbours, reverse], np.broadcast_to(ends, neighbours.shape))
    assert np.array_equal(reverse[neighbours, reverse], np.broadcast_to(np.arange(topology.degree), neighbours.shape))
    assert not (neighbours == ends).any()
    assert (
        np.array_equal(reverse, Graph(neighbours).reverse_ports()) or len(simple_edges(topology)) * 2 < neighbours.size
    )


@pytest.mark.parametrize("topology", LATTICES, ids=lambda t: t.spec)
def test_translations_are_automorphisms_that_keep_ports(topology):
    """Adding any node's vector to all nodes is a bijection under which each port still leads to the moved neighbour."""
    place, neighbours = topology.coordinates(np.arange(topology.size)), topology.neighbours()
    for node in range(topology.size):
        moved = topology.index(place + place[node])
        assert np.array_equal(np.sort(moved), np.arange(topology.size)) and moved[0] == node
        assert np.array_equal(neighbours[moved], moved[neighbours])
    assert topology.vertex_transitive


@pytest.mark.parametrize("topology", LATTICES, ids=lambda t: t.spec)
def test_closed_forms_agree_with_the_search(topology):
    """Distances from node 0, from another node, and the histogram are those of searches that know no symmetry."""
    plain = Graph(topology.neighbours())
    for source in (0, topology.size - 1):
        assert np.array_equal(topology.hop_counts(source), distances.hop_counts(topology.neighbours(), source))
    assert np.array_equal(topology.hop_histogram(), plain.hop_histogram())
    assert (topology.diameter(), topology.mean_hops()) == (plain.diameter(), plain.mean_hops())
    assert topology.hop_histogram()[0] == topology.size and topology.hop_histogram().sum() == topology.size**2


@pytest.mark.parametrize("topology", LATTICES, ids=lambda t: t.spec)
def test_specs_and_pickles_come_back_equal(topology):
    """What `spec` says names the same topology, and so does a pickle."""
    assert pickle.loads(pickle.dumps(topology)) == topology
    again = parse_spec(topology.spec)
    assert again.spec == topology.spec and np.array_equal(again.neighbours(), topology.neighbours())


@given(
    matrices,
    st.lists(st.integers(-40, 40), min_size=3, max_size=3),
    st.lists(st.integers(-3, 3), min_size=3, max_size=3),
)
def test_folding_knows_exactly_the_lattice(rows, vector, times):
    """There are |determinant| nodes, and two vectors are one node if they differ by whole multiples of the rows."""
    determinant = round(np.linalg.det(np.array(rows)))
    assume(abs(determinant) > 1)
    n = len(rows)
    normal = hermite_normal_form(rows)
    assert math.prod(normal[d][d] for d in range(n)) == abs(determinant)
    assert all(normal[i][j] == 0 for i in range(n) for j in range(i))
    assert all(0 <= normal[i][j] < normal[j][j] for j in range(n) for i in range(j))
    wraps = list(enumerate(normal))
    shifted = np.array(vector[:n]) + np.array(times[:n]) @ np.array(rows)
    assert np.array_equal(fold(vector[:n], wraps), fold(shifted, wraps))
    assert len(
        {
            tuple(fold(np.array(vector[:n]) - step, wraps))
            for step in itertools.product(*(range(normal[d][d]) for d in range(n)))
        }
    ) == abs(determinant)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4).filter(lambda shape: math.prod(shape) > 1))
def test_coordinates_and_numbers_are_inverse(shape):
    """Numbers to coordinates and back is the identity, and coordinates beyond the box wrap."""
    torus = Torus(tuple(shape))
    nodes = np.arange(torus.size)
    assert np.array_equal(torus.index(torus.coordinates(nodes)), nodes)
    assert np.array_equal(torus.index(torus.coordinates(nodes) - np.array(shape)), nodes)


@pytest.mark.parametrize(
    "torus",
    [Torus((9001, 3)), Torus((3, 9001)), Torus((100, 100, 3)), TwistedTorus((24, 48, 48))],
    ids=lambda t: t.spec,
)
def test_large_boxes_are_no_different(torus):
    """Each port leads one step along its dimension, at both ends of the box too, and columns of nodes have the coordinates of rows."""
    nodes = np.arange(torus.size)
    assert np.array_equal(torus.coordinates(nodes[:, None])[:, 0], torus.coordinates(nodes))
    assert np.array_equal(
        torus.coordinates(nodes),
        np.array([np.divmod(nodes // math.prod(torus.shape[d + 1 :]), k)[1] for d, k in enumerate(torus.shape)]).T,
    )
    for port, (dimension, direction) in enumerate(torus.ports):
        step = np.zeros(len(torus.shape), dtype=int)
        step[dimension] = direction
        assert np.array_equal(
            torus.displacement(nodes, torus.neighbours()[:, port]), np.full(torus.size, torus.index(step))
        )
    assert np.array_equal(torus.hop_counts(), distances.hop_counts(torus.neighbours()))


def test_displacement_is_the_difference_of_vectors():
    """The displacement from a to b has the hops that lie between them."""
    lattice = LATTICES[8]
    nodes = np.arange(lattice.size)
    matrix = lattice.distance_matrix()
    assert np.array_equal(matrix, lattice.hop_counts()[lattice.displacement(nodes[:, None], nodes)])


def test_a_milliard_nodes_need_no_arrays():
    """Mean, diameter, load and bisection of a torus of 10^9 nodes follow from its rings."""
    torus = Torus((1000, 1000, 1000))
    assert torus.mean_hops() == pytest.approx(750 * 1e9 / (1e9 - 1))
    assert torus.diameter() == 1500
    assert torus.max_link_load() == 1e9 * 250 / 2
    assert bisection(torus).links == 2_000_000
    with pytest.raises(InputError, match="too large"):
        torus.neighbours()


def test_a_graph_keeps_what_it_was_given(tmp_path):
    """From an array, from edges given twice and from a file the same graph results."""
    ring = Graph([[1, 3], [0, 2], [1, 3], [0, 2]])
    assert ring == Graph.from_edges([[0, 1], [1, 2], [3, 2], [3, 0], [0, 3], [0, 1]])
    path = tmp_path / "ring.csv"
    path.write_text("# a ring\nfrom,to\n0,1\n\n1, 2\n2,3\n3,0\n", encoding="utf-8")
    read = parse_spec(f"edges:{path}")
    assert read == ring and hash(read) == hash(ring) and read.spec == f"edges:{path}" and read.names is None
    assert ring != Graph.from_edges([[0, 1], [1, 2], [2, 3]]) and not ring.vertex_transitive
    with pytest.raises(ValueError, match="read-only"):
        ring.neighbours()[0, 0] = 2


def test_nodes_of_a_file_may_have_names(tmp_path):
    """Names and numbers with gaps are numbered in sorted order and kept."""
    path = tmp_path / "names.csv"
    path.write_text("paris,lyon\nlyon,nice\n", encoding="utf-8")
    graph = Graph.from_csv(path)
    assert graph.names == ("lyon", "nice", "paris") and graph.neighbours().tolist() == [[1, 2], [0, -1], [0, -1]]
    path.write_text("10,30\n30,20\n", encoding="utf-8")
    assert Graph.from_csv(path).names == ("10", "20", "30")


def test_parallel_links_of_a_graph_are_paired_one_to_one():
    """Two links between two nodes and one to a third: each port's reverse is another port's."""
    graph = Graph([[1, 1, -1], [0, 2, 0], [1, -1, -1]])
    reverse = graph.reverse_ports()
    assert reverse.tolist() == [[0, 2, -1], [0, 0, 1], [1, -1, -1]]


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("torus", "names no topology"),
        ("ring:4", "names no topology"),
        ("torus:", "names no topology"),
        ("torus:4xx4", "whole numbers"),
        ("torus:4x0", "no shape"),
        ("torus:4x-4", "no shape"),
        ("torus:1x1", "two nodes"),
        ("torus:99999x99999", "too many"),
        ("twisted:4x4x4", "no twist is published"),
        ("twisted:4x4x8:0", "is no twist"),
        ("twisted:4x4:0=0,1/0=0,2", "twisted twice"),
        ("twisted:4x4:0=0,1/1=1,0", "in a circle"),
        ("twisted:4x4:0=1,0", "shifts that dimension itself"),
        ("twisted:4x4:2=0,1", "does not fit"),
        ("twisted:4x4:0=1", "does not fit"),
        ("hypercube:0", "hypercube of 0"),
        ("hypercube:31", "hypercube of 31"),
        ("hypercube:2,3", "whole numbers"),
        ("lattice:1,2/2,4", "dependent"),
        ("lattice:1,2", "as many rows"),
        ("lattice:1,0/0,1", "two nodes"),
        ("edges:nowhere.csv", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_remedy(spec, says):
    """Every refusal says what is wrong and what to do."""
    with pytest.raises(InputError, match=says) as refused:
        parse_spec(spec)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("array", "says"),
    [
        ([], "array of neighbours"),
        ([[0.5]], "array of neighbours"),
        ([[1], [0, 1]], "array of neighbours"),
        ([[-1]], "two nodes"),
        ([[1], [2]], "no node 2"),
        ([[1], [-2]], "no node -2"),
        ([[0], [0]], "linked to itself"),
        ([[1, 2], [0, -1], [-1, -1]], "unequally often: 0 and 2"),
        ([[1, 1], [0, -1]], "unequally often"),
        ([[1], [0], [3], [2]], "not connected"),
    ],
)
def test_what_is_no_connected_graph_is_refused(array, says):
    """Arrays of another kind, loops, links listed at one end only, and parts without a path."""
    with pytest.raises(InputError, match=says) as refused:
        Graph(array)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0,1,2\n", "two columns"),
        ("0\n", "two columns"),
        ("0,\n", "two columns"),
        ("a,b\n0,1\n1,1\n", "itself"),
        ("\n", "no links"),
    ],
)
def test_a_bad_edge_file_is_refused(tmp_path, text, says):
    """With the line where the mistake is a line's."""
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=says) as refused:
        Graph.from_csv(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Torus(()),
        lambda: Torus((4.5, 4)),
        lambda: Torus(4),
        lambda: Torus((4,)).hop_counts(4),
        lambda: Torus((4,)).hop_counts(-1),
        lambda: Torus((4, 4)).index([1, 2, 3]),
        lambda: Graph.from_edges([[0, 1]], size=1),
        lambda: Graph.from_edges([[0, -1]]),
        lambda: Graph.from_edges([]),
        lambda: Lattice([]),
        lambda: Lattice([[2.5]]),
        lambda: Hypercube("3"),
    ],
)
def test_wrong_arguments_are_refused(make):
    """The message is for people."""
    with pytest.raises(InputError):
        make()
