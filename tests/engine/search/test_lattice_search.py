"""The search among lattices: against graphs searched node by node, closed forms, brute force and the published twists."""

from functools import partial
from random import Random

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Lattice, Torus, TwistedTorus
from phextpaper.engine.search.lattice_forms import (
    as_form,
    classes,
    form_of,
    forms,
    plain,
    same_up_to_symmetry,
    twisted,
    wired_by_blocks,
)
from phextpaper.engine.search.lattice_search import changed, cheapest, exhaustive, measure, worst_load
from phextpaper.study.listings.search import evolve


@given(st.sampled_from([6, 12, 16, 27, 40, 64]), st.integers(0, 10**7))
def test_distances_and_loads_are_those_of_the_graph(size, draw):
    """Searched as any graph, source by source, with parallel links where two steps lead to one node."""
    found = forms(size)
    form = as_form(found[draw % len(found)])
    lattice = Lattice(form)
    graph = Graph(lattice.neighbours())
    measured = measure([form])
    assert measured.mean_hops[0] == pytest.approx(graph.mean_hops())
    assert measured.diameter[0] == graph.diameter()
    loads = graph.link_loads()[0]
    for (dimension, _), load in zip(lattice.ports, loads, strict=True):
        assert measured.loads[0, dimension] == pytest.approx(load)
    assert worst_load(form) == pytest.approx(graph.max_link_load())


@pytest.mark.parametrize("shape", [(4, 4, 8), (4, 8, 8)])
def test_the_published_twists_agree_with_networkx(shape):
    """Mean distance, diameter and the betweenness of the busiest edge."""
    torus = TwistedTorus(shape)
    graph = networkx.Graph([(a, int(b)) for a, row in enumerate(torus.neighbours()) for b in row])
    measured = measure([form_of(torus)])
    assert measured.mean_hops[0] == pytest.approx(networkx.average_shortest_path_length(graph))
    assert measured.diameter[0] == networkx.diameter(graph)
    busiest = max(networkx.edge_betweenness_centrality(graph, normalized=False).values())
    assert measured.worst_load[0] == pytest.approx(busiest)


@pytest.mark.parametrize("shape", [(4, 4, 8), (5, 6, 7), (1, 3, 9), (2, 2, 2), (16, 16, 16)])
def test_a_torus_has_the_load_of_its_longest_ring(shape):
    """Even rings of length k carry size k / 8 a link, odd ones size (k - 1 / k) / 8; length 2 shares one neighbour between two links."""
    size = int(np.prod(shape))
    expected = [size * k / 8 if k % 2 == 0 else size * (k - 1 / k) / 8 for k in shape]
    assert measure([plain(shape)]).loads[0] == pytest.approx(expected)


def test_a_lattice_far_longer_than_a_ball_is_measured_as_a_graph():
    """A single ring of 300 nodes: diameter 150, and each of its links carries 300^2 / 8 pairs."""
    measured = measure([plain((1, 1, 300)), plain((6, 5, 10))])
    assert measured.diameter.tolist() == [150, 3 + 2 + 5]
    assert measured.loads[0].tolist() == pytest.approx([0, 0, 300**2 / 8])
    assert measured.total_hops[1] == Torus((6, 5, 10)).hop_counts().sum()


@pytest.mark.parametrize(("size", "unit"), [(12, 1), (18, 1), (32, 2)])
def test_branch_and_bound_misses_nothing(size, unit):
    """The best few are the best few of all lattices, measured as graphs one by one."""
    every = forms(size, unit=unit)
    loads = sorted({round(Graph(Lattice(as_form(rows)).neighbours()).max_link_load(), 9) for rows in every})
    ranking = exhaustive(size, unit=unit, keep=3)
    assert ranking.lattices == len(every)
    assert ranking.measured.worst_load[0] == pytest.approx(loads[0])
    assert (np.diff(ranking.measured.worst_load) > -1e-9).all()
    for form, load in zip(ranking.forms, ranking.measured.worst_load, strict=True):
        assert Graph(Lattice(as_form(form)).neighbours()).max_link_load() == pytest.approx(load)


def test_the_bound_drops_no_lattice_that_belongs_in_the_list():
    """Of the classes of 96 nodes the 150 best are those of all of them measured; and some are never measured."""
    every = forms(96)
    loads = np.sort(measure(every[np.unique(classes(every))]).worst_load)
    ranking = exhaustive(96, keep=150)
    assert ranking.measured.worst_load == pytest.approx(loads[:150])
    assert ranking.evaluated < ranking.classes == len(loads)


@pytest.mark.parametrize("shape", [(4, 4, 8), (4, 8, 8)])
def test_of_what_blocks_can_wire_the_published_twist_is_best(shape):
    """Among all lattices of blocks of 4 x 4 x 4 chips, whatever the shape of the slice."""
    best = exhaustive(int(np.prod(shape)), unit=4).best
    assert same_up_to_symmetry(best, form_of(TwistedTorus(shape)))
    assert wired_by_blocks(best, 4)


@pytest.mark.parametrize("shape", [(4, 4, 8), (4, 8, 8)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_search_from_the_plain_torus_finds_the_published_twist(shape, seed):
    """Among the lattices of blocks it ends at that twist, and prints as it does."""
    found = evolve(plain(shape), partial(changed, unit=4), worst_load, 200, seed)
    assert found[0][1] == Torus(shape).max_link_load()
    assert same_up_to_symmetry(found[-1][2], form_of(TwistedTorus(shape)))


def test_a_search_without_blocks_is_at_least_as_good():
    """Given every lattice of 128 nodes it finds one that is no worse than the published twist, and no better than the best."""
    found = evolve(plain((4, 4, 8)), changed, worst_load, 1500, 2023)
    best = exhaustive(128)
    assert best.measured.worst_load[0] - 1e-9 <= found[-1][1] <= TwistedTorus((4, 4, 8)).max_link_load()


@given(st.sampled_from([(4, 4, 8), (3, 5, 4), (2, 2, 9)]), st.integers(1, 3), st.integers(0, 10**6), st.integers(1, 30))
def test_changes_keep_size_and_unit(shape, unit, seed, steps):
    """After any number of changes the form is normal, as large, and a multiple of its unit."""
    form, rng = plain([unit * length for length in shape]), Random(seed)
    for _ in range(steps):
        form = changed(form, rng, unit=unit)
    assert np.prod(np.diagonal(form)) == np.prod(shape) * unit**3
    assert as_form(form) == form and wired_by_blocks(form, unit)


def test_changes_reach_every_lattice():
    """A walk by changes alone meets all lattices of eight nodes."""
    form, rng, met = plain((2, 2, 2)), Random(7), set()
    for _ in range(20_000):
        form = changed(form, rng)
        met.add(form)
    assert met == {as_form(rows) for rows in forms(8)}


def test_the_cheapest_is_the_plainest_of_equals():
    """With one cost for all, the cube; with a cost for one, that one."""
    every = forms(8)
    assert cheapest(every, lambda form: 1.0) == (1.0, plain((2, 2, 2)))
    wanted = as_form(every[5])
    assert cheapest(every, lambda form: float(form != wanted)) == (0.0, wanted)
    assert twisted(wanted).size == 8
