"""Weighted shortest paths: by listing all paths, by other code for equal weights, by linear programming for the best weights."""

import itertools

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.routing.weighted_split import MOST_ENTRIES, WeightedSplit, level_split, split_loads
from phextpaper.engine.search.graph_search import Switched
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.errors import InputError


def drawn(nodes: int, seed: int) -> networkx.Graph:
    """A connected graph whose nodes have different degrees."""
    graph = networkx.gnm_random_graph(nodes, 2 * nodes, seed=seed)
    graph.add_edges_from(itertools.pairwise(range(nodes)))
    return graph


def random_blocks(shape, edge, seed) -> Switched:
    """A connected graph of blocks with random steps."""
    steps = np.random.default_rng(seed).integers(0, 9, size=Switched.torus(shape, edge).steps.shape)
    return Switched(shape, edge, steps)


def listed_loads(graph: networkx.Graph, weights: dict) -> dict:
    """Loads of directed links by listing every shortest path of every pair."""
    loads = dict.fromkeys(weights, 0.0)
    for pair in itertools.permutations(graph, 2):
        paths = [list(itertools.pairwise(path)) for path in networkx.all_shortest_paths(graph, *pair)]
        products = [np.prod([weights[link] for link in path]) for path in paths]
        for path, product in zip(paths, products, strict=True):
            for link in path:
                loads[link] += product / sum(products)
    return loads


def least_worst_load(graph: networkx.Graph) -> float:
    """The least load of the busiest link that any split over shortest paths can have, by linear programming over paths."""
    links = {link: place for place, link in enumerate(itertools.chain(graph.edges, ((b, a) for a, b in graph.edges)))}
    pairs = list(itertools.permutations(graph, 2))
    paths = [
        (number, [links[link] for link in itertools.pairwise(path)])
        for number, pair in enumerate(pairs)
        for path in networkx.all_shortest_paths(graph, *pair)
    ]
    crossing, belongs = np.zeros((len(links), len(paths) + 1)), np.zeros((len(pairs), len(paths) + 1))
    for column, (pair, path) in enumerate(paths):
        belongs[pair, column] = 1
        crossing[path, column] += 1
    crossing[:, -1] = -1
    found = linprog(
        [*[0] * len(paths), 1], A_ub=crossing, b_ub=np.zeros(len(links)), A_eq=belongs, b_eq=np.ones(len(pairs))
    )
    return found.fun


@given(st.integers(4, 9), st.integers(0, 10**6))
def test_loads_are_those_of_all_paths_listed(nodes, seed):
    """A pair's unit goes over each of its shortest paths in proportion to the product of the weights of its links."""
    reference = drawn(nodes, seed)
    neighbours = Graph.from_edges(list(reference.edges), nodes).neighbours()
    weights = np.random.default_rng(seed).uniform(0.1, 5, size=neighbours.shape)
    named = {
        (node, int(other)): weights[node, port]
        for node, row in enumerate(neighbours)
        for port, other in enumerate(row)
        if other >= 0
    }
    loads, listed = split_loads(neighbours, weights), listed_loads(reference, named)
    for (node, other), load in listed.items():
        assert loads[node, list(neighbours[node]).index(other)] == pytest.approx(load)
    assert (loads[neighbours < 0] == 0).all()


@pytest.mark.parametrize(
    "topology",
    [Torus((4, 6)), TwistedTorus((4, 4, 8)), Hypercube(4), Torus((2, 4)), Lattice([[4, 1, 0], [0, 4, 1], [1, 0, 4]])],
    ids=lambda topology: topology.spec,
)
def test_equal_weights_are_the_even_split(topology):
    """Also with parallel links, and from one source where all nodes look alike."""
    ones = np.full((topology.size, topology.degree), 3.0)
    assert split_loads(topology.neighbours(), ones) == pytest.approx(link_loads(topology))
    assert split_loads(topology.neighbours(), ones, [0], np.zeros(topology.size, dtype=int)) == pytest.approx(
        link_loads(topology)
    )


def test_the_chips_of_one_block_stand_for_all():
    """Weights that are alike on alike links give the same loads from one block as from every node."""
    graph = random_blocks((4, 8, 8), 4, 5)
    weights = np.random.default_rng(1).uniform(0.2, 4, size=(64, 6))[graph.classes()]
    few = split_loads(graph.neighbours(), weights, graph.sources, graph.classes())
    assert few == pytest.approx(split_loads(graph.neighbours(), weights))


@pytest.mark.parametrize("seed", range(6))
def test_levelling_comes_near_the_best_split_over_shortest_paths(seed):
    """Never below what linear programming finds, and within a hundredth of it."""
    reference = drawn(10, seed)
    neighbours = Graph.from_edges(list(reference.edges), 10).neighbours()
    best = least_worst_load(reference)
    found = level_split(neighbours, rounds=400)
    assert best - 1e-6 <= found.worst_load <= 1.01 * best
    assert found.loads == pytest.approx(split_loads(neighbours, found.weights))
    assert found.throughput == pytest.approx(9 / found.loads.max())


def test_levelling_begins_with_the_even_split_and_only_gets_better():
    """One round is the even split; more rounds keep the best; and a start is gone on from."""
    graph = random_blocks((4, 4, 8), 4, 2)
    sides = (graph.neighbours(), graph.sources, graph.classes())
    found = [level_split(*sides, rounds=rounds) for rounds in (1, 10, 60)]
    assert found[0].worst_load == pytest.approx(graph.graph().max_link_load()) and (found[0].weights == 1).all()
    assert found[0].worst_load > 1.1 * found[1].worst_load >= 1.1 * found[2].worst_load
    worst = [level_split(*sides, rounds=rounds).worst_load for rounds in range(1, 30)]
    assert worst == sorted(worst, reverse=True)
    assert level_split(*sides, rounds=1, start=found[2]).worst_load == pytest.approx(found[2].worst_load)


def test_no_split_over_shortest_paths_moves_less_than_mean_hops():
    """All links together carry each pair as many times as it has hops, whatever the weights."""
    graph = random_blocks((4, 8, 8), 4, 3)
    found = level_split(graph.neighbours(), graph.sources, graph.classes(), rounds=30)
    assert found.loads.sum() == pytest.approx(graph.graph().mean_hops() * 256 * 255)
    assert isinstance(found, WeightedSplit) and found.throughput <= 6 / graph.graph().mean_hops() + 1e-9


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: level_split(np.array([[1], [0], [3], [2]]), rounds=3), "reached"),
        (lambda: level_split(Torus((4,)).neighbours(), rounds=0), "rounds"),
        (lambda: split_loads(Torus((4,)).neighbours(), np.zeros((4, 2))), "positive"),
        (lambda: split_loads(Torus((4,)).neighbours(), np.ones((4, 3))), "positive"),
        (lambda: split_loads(np.zeros((MOST_ENTRIES // 1000, 1), dtype=int), None, np.arange(1001)), "too many"),
    ],
    ids=range(5),
)
def test_what_cannot_be_split_is_refused(call, words):
    """Nodes out of reach, no rounds, weights that are none, graphs that are too large."""
    with pytest.raises(InputError, match=words):
        call()
