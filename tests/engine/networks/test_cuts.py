from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phextpaper.engine.networks.cuts import (
    best_cut_found,
    bisection,
    congestion_bound,
    lattice_cut,
    spectral_bound,
    torus_bisection,
)
from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.errors import InputError


def fewest(topology) -> int:
    """Fewest links between halves, by counting the links of every half in a matrix."""
    size = topology.size
    links = np.zeros((size, size), dtype=int)
    for node, row in enumerate(topology.neighbours()):
        np.add.at(links[node], row[row >= 0], 1)
    chosen = np.array(list(combinations(range(size), size // 2)))
    halves = np.zeros((len(chosen), size), dtype=int)
    np.put_along_axis(halves, chosen, 1, axis=1)
    return int(((halves @ links) * (1 - halves)).sum(axis=1).min())


SMALL = [
    Torus(shape)
    for shape in [
        (2,),
        (5,),
        (4, 2),
        (2, 2, 2),
        (6, 2),
        (4, 3),
        (3, 3),
        (5, 2),
        (7, 2),
        (3, 2, 2),
        (2, 7),
        (5, 3),
        (5, 2, 2),
    ]
]
OTHERS = [
    TwistedTorus((2, 2, 4)),
    TwistedTorus((1, 14), {0: (0, 3)}),
    Lattice([[2, 1], [0, 7]]),
    Lattice([[3, 1], [1, 5]]),
    Lattice([[2, 1], [1, 3]]),
    Hypercube(3),
    Hypercube(4),
]
RANDOM = [Graph.from_edges(np.array(networkx.random_regular_graph(3, size, seed=size).edges())) for size in (8, 12, 14)]


@pytest.mark.parametrize("topology", [*SMALL, *OTHERS, *RANDOM], ids=lambda t: f"{t.spec}-{t.size}")
def test_small_networks_are_cut_as_well_as_can_be(topology):
    """What is called exact is the fewest links of all equal cuts, and every bound is on its side of it."""
    true = fewest(topology)
    found = bisection(topology)
    assert found.links == true == found.upper_bound == found.lower_bound
    assert congestion_bound(topology.size, topology.max_link_load()) <= true
    assert spectral_bound(topology) <= true
    assert best_cut_found(topology.neighbours()) == true, "on networks this small the search misses nothing"
    if topology.vertex_transitive and topology.size % 2 == 0:
        assert true <= lattice_cut(topology)


@pytest.mark.parametrize("torus", SMALL, ids=lambda t: t.spec)
def test_torus_bounds_enclose_the_fewest(torus):
    """The formulas for tori, without trying all cuts; on these the cut that they name is the best."""
    found = torus_bisection(torus.shape)
    assert found.lower_bound <= fewest(torus) == found.upper_bound
    assert found.links in (None, fewest(torus))
    assert found.links is not None or max(torus.shape) % 2 == 1


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4).map(lambda shape: [*shape, 2 * max(shape)]))
def test_an_even_longest_side_gives_twice_the_face(shape):
    """2 * size / longest links: the cut exists, and uniform traffic proves that none is better."""
    found = torus_bisection(shape)
    assert found.links == found.lower_bound == found.upper_bound == 2 * int(np.prod(shape)) // max(shape)


@pytest.mark.parametrize("dimensions", [1, 2, 6, 12])
def test_a_cube_is_cut_at_half_its_nodes(dimensions):
    """One link of one dimension for each pair of nodes, and uniform traffic proves that none is better."""
    cube = Hypercube(dimensions)
    assert bisection(cube).links == cube.size // 2 == congestion_bound(cube.size, cube.max_link_load())


@given(
    st.sampled_from(
        [
            Torus((4, 6)),
            Torus((3, 4, 2)),
            TwistedTorus((4, 4, 8)),
            TwistedTorus((3, 6, 6)),
            Lattice([[3, 1, 2], [0, 4, 1], [0, 0, 6]]),
            TwistedTorus((1, 30), {0: (0, 7)}),
        ]
    )
)
@settings(max_examples=6)
def test_a_lattice_has_the_straight_cut_and_the_spectrum_that_its_characters_say(topology):
    """The second eigenvalue is numpy's; the straight cut is a cut of this graph, found here by trying all maps of the generators."""
    neighbours, size = topology.neighbours(), topology.size
    adjacency = np.zeros((size, size))
    for port in range(topology.degree):
        np.add.at(adjacency, (np.arange(size), neighbours[:, port]), 1)
    second = np.linalg.eigvalsh(topology.degree * np.eye(size) - adjacency)[1]
    assert spectral_bound(topology) == int(np.ceil(second * size / 4 * (1 - 1e-6)))
    assert spectral_bound(Graph(neighbours)) == spectral_bound(topology)
    place = topology.coordinates(np.arange(size))
    best = topology.size * topology.degree
    rows = np.array([wrap for _, wrap in topology.wraps])
    for length in range(2, size + 1, 2):
        if size % length == 0:
            steps = np.indices((length,) * rows.shape[1]).reshape(rows.shape[1], -1).T
            steps = steps[((steps @ rows.T) % length == 0).all(axis=1)]
            for step in steps[np.gcd(np.gcd.reduce(steps, axis=1), length) == 1]:
                half = place @ step % length < length // 2
                assert half.sum() * 2 == size
                best = min(best, int((half[neighbours] != half[:, None]).sum()) // 2)
    assert lattice_cut(topology) == best


def test_the_search_finds_the_straight_cut_of_a_torus_that_it_does_not_know():
    """Given as a graph, 8 x 8 x 8 is proven exact by its search, its load and its spectrum."""
    found = bisection(Graph(Torus((8, 8, 8)).neighbours()))
    assert found.links == 128 and found == bisection(Torus((8, 8, 8)))


def test_twists_are_bounded_and_not_called_exact():
    """No proof is known here for the published twists: twice the straight torus' links are cut by a cut that exists."""
    for shape in ((4, 4, 8), (4, 8, 8)):
        found = bisection(TwistedTorus(shape))
        assert found.links is None and found.lower_bound < found.upper_bound <= 2 * bisection(Torus(shape)).links


def test_bounds_enclose_on_a_random_graph_of_many_nodes():
    """The found cut is not below either proof."""
    graph = Graph.from_edges(np.array(networkx.random_regular_graph(6, 300, seed=1).edges()))
    found = bisection(graph)
    assert found.links is None
    assert (
        max(spectral_bound(graph), congestion_bound(300, graph.max_link_load()))
        == found.lower_bound
        < found.upper_bound
        < 900 * 2 // 3
    )


@pytest.mark.parametrize("shape", [(), (0, 4), (4, -2)])
def test_what_is_no_torus_is_refused(shape):
    """Sides are 1 or more."""
    with pytest.raises(InputError, match="is no torus"):
        torus_bisection(shape)
