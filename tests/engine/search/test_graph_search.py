"""The search beyond tori: candidates that switches can make, distances by a second library, the bound of Moore."""

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.search.graph_search import Switched, anneal, hop_total, moore_mean_hops, realisable
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.errors import InputError

SHAPES = st.sampled_from([((3, 3, 6), 3), ((4, 4, 8), 4), ((3, 6, 6), 3), ((4, 8, 8), 4), ((3, 6), 3)])


def drawn(shape, edge, seed) -> Switched:
    """A candidate with random steps."""
    torus = Switched.torus(shape, edge)
    return Switched(shape, edge, np.random.default_rng(seed).integers(0, torus.blocks, size=torus.steps.shape))


@given(SHAPES, st.integers(0, 10**6))
def test_a_candidate_is_a_graph_that_switches_can_make(case, seed):
    """Links have two ends, inside links are wires, every switch is a permutation, and blocks look alike."""
    graph = drawn(*case, seed)
    neighbours = graph.neighbours()
    assert all(node in neighbours[other] for node in range(graph.size) for other in neighbours[node])
    assert realisable(neighbours, *case)
    if len(case[0]) == 3:
        links = np.column_stack([np.repeat(np.arange(graph.size), 6), neighbours.ravel()])
        assert link_kinds(links, case[0], (case[1],) * 3).impossible.sum() == 0
    assert (graph.classes()[graph.sources] == np.arange(len(graph.sources))).all()


@given(SHAPES, st.integers(0, 10**6))
def test_hops_from_one_block_are_hops_from_all(case, seed):
    """Sums over the sources of one block, times the blocks, are networkx's sum over all ordered pairs; out of reach is told."""
    graph = drawn(*case, seed)
    neighbours = graph.neighbours()
    reference = networkx.Graph((node, int(other)) for node in range(graph.size) for other in neighbours[node])
    found = hop_total(neighbours, graph.sources)
    if not networkx.is_connected(reference):
        assert found == -1
        return
    total = sum(sum(lengths.values()) for _, lengths in networkx.all_pairs_shortest_path_length(reference))
    assert found * graph.size // len(graph.sources) == total == hop_total(neighbours, np.arange(graph.size))


@pytest.mark.parametrize("shape", [(4, 4, 8), (4, 8, 8), (8, 8, 8)])
def test_the_plain_torus_is_a_candidate(shape):
    """One block further at every place: the links of the torus."""
    ours, torus = Switched.torus(shape, 4).neighbours(), Torus(shape).neighbours()
    assert (np.sort(ours, axis=1) == np.sort(torus, axis=1)).all()


def test_the_published_twist_is_a_candidate():
    """Crossing the end of a short dimension shifts the long one by half: one block more in it."""
    steps = Switched.torus((4, 4, 8), 4).steps.copy()
    steps[0, :, 2] = steps[1, :, 2] = 1
    twisted = Switched((4, 4, 8), 4, steps)
    assert twisted.graph().mean_hops() == pytest.approx(TwistedTorus((4, 4, 8)).mean_hops())
    assert twisted.graph().max_link_load() == pytest.approx(TwistedTorus((4, 4, 8)).max_link_load())


def test_a_search_is_never_worse_than_its_start_and_says_what_it_found():
    """Mean hops fall from the torus's, agree with the graph's own, stay above Moore's bound, and the links can be made."""
    found = anneal((4, 8, 8), 4, evaluations=400, seed=7)
    values = [value for _, value in found.improvements]
    assert values[0] == pytest.approx(Torus((4, 8, 8)).mean_hops()) and values == sorted(values, reverse=True)
    assert found.mean_hops == pytest.approx(found.best.graph().mean_hops()) == values[-1]
    assert moore_mean_hops(256, 6) <= found.mean_hops < TwistedTorus((4, 8, 8)).mean_hops()
    assert realisable(found.best.neighbours(), (4, 8, 8), 4)


def test_the_same_seed_finds_the_same_graph():
    """And another seed another one."""
    one, again, other = (anneal((4, 4, 8), 4, evaluations=150, seed=seed).best.steps for seed in (3, 3, 4))
    assert (one == again).all() and (one != other).any()


def test_switches_cannot_make_a_torus_with_a_wire_moved():
    """A link inside a block that leads elsewhere, or a switch that is no permutation, is refused."""
    good = Switched.torus((4, 4, 8), 4).neighbours()
    moved = good.copy()
    moved[0, 0], moved[5, 0] = good[5, 0], good[0, 0]
    doubled = good.copy()
    upper = [node for node in range(128) if node % 8 in (3, 7)][:2]
    doubled[upper[0], 4] = doubled[upper[1], 4]
    assert (
        realisable(good, (4, 4, 8), 4) and not realisable(moved, (4, 4, 8), 4) and not realisable(doubled, (4, 4, 8), 4)
    )
    assert not realisable(good[:, :4], (4, 4, 8), 4)


@given(st.integers(2, 300), st.integers(2, 8))
def test_moores_bound_holds_for_random_regular_graphs(size, degree):
    """No graph does better than the tree that the bound counts; complete graphs meet it."""
    bound = moore_mean_hops(size, degree)
    assert bound >= 1
    if degree >= size - 1:
        assert bound == 1
    elif size * degree % 2 == 0 and degree >= 3 and size <= 60:
        graph = networkx.random_regular_graph(degree, size, seed=size)
        if networkx.is_connected(graph):
            assert networkx.average_shortest_path_length(graph) >= bound - 1e-12


def test_moores_bound_is_met_by_the_petersen_graph():
    """Ten nodes of degree three, three at one hop and six at two."""
    assert (
        moore_mean_hops(10, 3)
        == pytest.approx(networkx.average_shortest_path_length(networkx.petersen_graph()))
        == 15 / 9
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: anneal((4, 4, 4), 4, evaluations=10, seed=1),
        lambda: anneal((4, 4, 8), 4, evaluations=0, seed=1),
        lambda: Switched.torus((4, 4, 6), 4),
        lambda: Switched.torus((2, 2, 4), 2),
        lambda: Switched((4, 4, 8), 4, np.zeros((3, 16, 2), dtype=np.int64)),
        lambda: moore_mean_hops(1, 6),
    ],
    ids=range(6),
)
def test_what_cannot_be_searched_is_refused(call):
    """One block, no budget, blocks that do not fill the shape, blocks too small, steps of another form."""
    with pytest.raises(InputError):
        call()
