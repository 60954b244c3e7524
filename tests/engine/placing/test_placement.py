"""Placements and emulation: permutations that keep links or blocks, and routes of guest links walked by networkx."""

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Torus
from phextpaper.engine.placing.placement import block_placement, emulate, gray_placement, placed
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError


@given(st.sampled_from([(8,), (4, 4), (2, 8), (16, 2), (4, 2, 4)]))
def test_gray_placements_put_ring_neighbours_on_cube_neighbours(shape):
    """The placement is a permutation under which each torus link is a cube link."""
    torus = Torus(shape)
    cube = Hypercube(int(math.log2(torus.size)))
    seats = gray_placement(cube, torus)
    assert sorted(seats) == list(range(cube.size))
    node_at = np.argsort(seats)
    for a, row in enumerate(torus.neighbours()):
        for b in row:
            assert (int(node_at[a]) ^ int(node_at[b])).bit_count() == 1


def test_an_embedded_cube_costs_the_hops_of_its_links_on_the_torus():
    """Dilation is the torus distance of each cube link's ends, and loads add up to the hops of all links."""
    cube, torus = Hypercube(6), Torus((8, 8))
    seats = gray_placement(cube, torus)
    found = emulate(cube, RoutingTable.minimal(torus), seats)
    graph = nx.Graph((a, int(b)) for a, row in enumerate(torus.neighbours()) for b in row)
    hops = sorted(
        nx.shortest_path_length(graph, int(seats[a]), int(seats[b]))
        for a, row in enumerate(cube.neighbours())
        for b in row
    )
    assert sorted(found.dilation.tolist()) == hops
    assert found.loads.sum() == sum(hops) and found.worst_dilation == hops[-1]
    assert found.dilation.mean() == pytest.approx(np.mean(hops))
    assert found.congestion >= math.ceil(sum(hops) / (torus.size * torus.degree))


def test_a_topology_embeds_in_itself_at_no_cost():
    """Each link is one hop and meets no other."""
    torus = Torus((4, 6))
    found = emulate(torus, RoutingTable.minimal(torus), np.arange(24))
    assert found.worst_dilation == found.congestion == 1


@given(st.sampled_from([((4, 8), (8, 4)), ((4, 4, 8), (8, 4, 4)), ((16,), (16,)), ((2, 12), (4, 6))]))
def test_block_placements_keep_blocks_whole(shapes):
    """Nodes of one block stay one block, at their places in it, and the placement is a permutation."""
    shape, machine = shapes
    block = (2,) * len(shape)
    seats = block_placement(shape, machine, block)
    assert sorted(seats) == list(range(math.prod(shape)))
    ours = np.stack(np.unravel_index(np.arange(len(seats)), shape), axis=-1)
    theirs = np.stack(np.unravel_index(seats, machine), axis=-1)
    assert np.array_equal(ours % 2, theirs % 2)
    homes = {(tuple(a), tuple(b)) for a, b in zip(ours // 2, theirs // 2, strict=True)}
    assert len(homes) == len(seats) // 2 ** len(shape)


def test_a_placed_topology_is_the_same_graph_under_other_names():
    """Its links are those between the places of the old ends, also where nodes lack ports."""
    grid = Graph.from_edges(list(nx.convert_node_labels_to_integers(nx.grid_2d_graph(3, 4)).edges))
    seats = np.random.default_rng(2).permutation(12)
    for topology in (Torus((3, 4)), grid):
        old, new = (
            [(a, int(b)) for a, row in enumerate(t.neighbours()) for b in row if b >= 0]
            for t in (topology, placed(topology, seats))
        )
        assert sorted((int(seats[a]), int(seats[b])) for a, b in old) == sorted(new)


def test_impossible_placements_are_refused():
    """Placements that are no permutations, and sizes or blocks that do not match, raise an error."""
    for call in (
        lambda: gray_placement(Hypercube(3), Torus((3, 3))),
        lambda: placed(Torus((4,)), [0, 1, 2, 2]),
        lambda: block_placement((4,), (8,), (2,)),
        lambda: emulate(Hypercube(2), RoutingTable.minimal(Graph([[1], [0]])), [0, 1, 2, 3]),
    ):
        with pytest.raises(InputError):
            call()
