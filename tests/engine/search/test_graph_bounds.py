"""How near chips can be at best: against an explicit tree, rings, Moore's bound, and machines set at random."""

from itertools import islice

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.search.graph_bounds import copies_within, switched_mean_hops
from phextpaper.engine.search.graph_search import anneal, moore_mean_hops
from phextpaper.errors import InputError


def place_steps(edge: int, dimensions: int):
    """For each place of a block: its neighbours inside, and (link, place beyond) of its links out of it."""
    places = list(np.ndindex(*(edge,) * dimensions))
    inside, outside = {place: [] for place in places}, {place: [] for place in places}
    for place in places:
        for dimension in range(dimensions):
            for way in (1, -1):
                moved = list(place)
                moved[dimension] += way
                if 0 <= moved[dimension] < edge:
                    inside[place].append(tuple(moved))
                else:
                    moved[dimension] %= edge
                    outside[place].append(((dimension, way), tuple(moved)))
    return places, inside, outside


def explicit_copies(edge: int, dimensions: int, hops: int) -> np.ndarray:
    """Copies of each place within some hops of each place, by walking the tree: a node is a block's name and a place."""
    places, inside, outside = place_steps(edge, dimensions)
    found = np.zeros((len(places), len(places)), dtype=int)
    for row, origin in enumerate(places):
        seen = frontier = {((), origin)}
        for _ in range(hops):
            reached = set()
            for block, place in frontier:
                reached |= {(block, other) for other in inside[place]}
                for (dimension, way), other in outside[place]:
                    entered_here = bool(block) and block[-1] == (other, dimension, -way, place)
                    reached.add((block[:-1] if entered_here else (*block, (place, dimension, way, other)), other))
            frontier = reached - seen
            seen = seen | reached
        for _, place in seen:
            found[row, places.index(place)] += 1
    return found


@pytest.mark.parametrize(
    ("edge", "dimensions", "most"), [(1, 2, 4), (2, 2, 5), (3, 2, 6), (2, 3, 4), (3, 3, 4), (4, 1, 9)]
)
def test_copies_are_those_of_the_tree_walked_node_by_node(edge, dimensions, most):
    """At every distance up to some."""
    for hops, copies in enumerate(islice(copies_within(edge, dimensions), most + 1)):
        assert (copies == explicit_copies(edge, dimensions, hops)).all()


@given(st.integers(2, 6), st.integers(1, 8))
def test_on_a_ring_the_bound_is_met(blocks, edge):
    """In one dimension the tree is a line, and the nearest copies of each place are those of the ring."""
    if blocks * edge > 2:
        assert switched_mean_hops((blocks * edge,), edge) == pytest.approx(Torus((blocks * edge,)).mean_hops())


@pytest.mark.parametrize("shape", [(4, 4), (3, 5), (4, 4, 8), (5, 7, 9)])
def test_for_blocks_of_one_chip_it_is_moores_bound(shape):
    """Nothing is fixed then but the degree."""
    assert switched_mean_hops(shape, 1) == pytest.approx(moore_mean_hops(int(np.prod(shape)), 2 * len(shape)))


@given(
    st.sampled_from([((4, 4, 8), 4), ((3, 3, 6), 3), ((3, 6, 6), 3), ((6, 6), 3), ((2, 4, 4), 2)]),
    st.integers(0, 10**6),
)
def test_no_setting_of_the_switches_does_better(case, seed):
    """Each switch set to a permutation of its own, drawn at random: blocks need not look alike."""
    shape, edge = case
    places, inside, outside = place_steps(edge, len(shape))
    blocks, rng = int(np.prod(shape)) // edge ** len(shape), np.random.default_rng(seed)
    graph = networkx.Graph(
        ((block, place), (block, other)) for block in range(blocks) for place in places for other in inside[place]
    )
    for place in places:
        for (_, way), other in outside[place]:
            if way == 1:
                graph.add_edges_from(
                    ((block, place), (int(target), other)) for block, target in enumerate(rng.permutation(blocks))
                )
    if networkx.is_connected(graph):
        assert networkx.average_shortest_path_length(graph) >= switched_mean_hops(shape, edge) - 1e-12


def test_tori_and_found_graphs_lie_between_it_and_what_is_drawn():
    """The bound is above Moore's, a found graph above the bound and within three hundredths of it, the twist further off."""
    shape = (4, 8, 8)
    bound, found = switched_mean_hops(shape, 4), anneal(shape, 4, evaluations=1500, seed=1).mean_hops
    assert (
        moore_mean_hops(256, 6)
        < bound
        < found
        < 1.03 * bound
        < TwistedTorus(shape).mean_hops()
        < Torus(shape).mean_hops()
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: switched_mean_hops((4, 4, 6), 4),
        lambda: switched_mean_hops((1,), 1),
        lambda: switched_mean_hops((9, 9), 9),
    ],
    ids=range(3),
)
def test_what_has_no_bound_is_refused(call):
    """Blocks that do not fill the shape, a single node, blocks too large."""
    with pytest.raises(InputError):
        call()
