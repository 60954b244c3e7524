"""The bracket of the best routing: exact by linear programming on small graphs, and by symmetry on tori."""

import networkx
import numpy as np
import pytest
from scipy.optimize import linprog

from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.routing.throughput_bounds import best_throughput
from phextpaper.engine.search.graph_search import Switched, anneal
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.errors import InputError


def optimum(graph: networkx.Graph) -> float:
    """Maximum concurrent flow of uniform all-to-all by linear programming, one commodity a source: throughput of a node."""
    arcs = [arc for a, b in graph.edges for arc in ((a, b), (b, a))]
    nodes, place = list(graph), {arc: index for index, arc in enumerate(arcs)}
    columns = len(nodes) * len(arcs) + 1
    conserved, wanted = [], []
    for source in nodes:
        for node in nodes:
            if node == source:
                continue
            row = np.zeros(columns)
            for other in graph[node]:
                row[nodes.index(source) * len(arcs) + place[other, node]] += 1
                row[nodes.index(source) * len(arcs) + place[node, other]] -= 1
            conserved.append(row)
            wanted.append(1.0)
    full = np.zeros((len(arcs), columns))
    for index in range(len(arcs)):
        full[index, index : -1 : len(arcs)] = 1
    full[:, -1] = -1
    cost = np.zeros(columns)
    cost[-1] = 1
    found = linprog(cost, A_ub=full, b_ub=np.zeros(len(arcs)), A_eq=np.array(conserved), b_eq=np.array(wanted))
    return (len(nodes) - 1) / found.fun


def of_graph(graph: networkx.Graph) -> np.ndarray:
    """Neighbours of a regular graph."""
    return np.array([sorted(graph[node]) for node in sorted(graph)])


@pytest.mark.parametrize(
    "graph",
    [
        networkx.petersen_graph(),
        networkx.random_regular_graph(3, 10, seed=2),
        networkx.random_regular_graph(4, 11, seed=5),
        networkx.cycle_graph(7),
    ],
    ids=["petersen", "cubic", "quartic", "ring"],
)
def test_the_bracket_holds_the_optimum_of_the_linear_programme(graph):
    """From below a routing, from above prices; between them the exact answer, and not far."""
    neighbours = of_graph(graph)
    nodes = np.arange(len(neighbours))
    found, exact = best_throughput(neighbours, nodes, nodes, rounds=400), optimum(graph)
    assert found.reached <= exact + 1e-6 and exact - 1e-6 <= found.bound
    assert found.reached >= 0.95 * exact and found.bound <= 1.05 * exact


@pytest.mark.parametrize(
    "torus",
    [Torus((4, 4, 8)), TwistedTorus((4, 4, 8)), Torus((5, 5)), TwistedTorus((4, 8, 8))],
    ids=lambda torus: torus.spec,
)
def test_on_tori_one_source_stands_for_all(torus):
    """The even split of a torus can be reached, and no routing does better than the bound by its longest dimension."""
    found = best_throughput(torus.neighbours(), np.array([0]), np.zeros(torus.size, dtype=int), rounds=200)
    even = (torus.size - 1) / link_loads(torus).max()
    assert found.bound >= even - 1e-9 and found.reached == pytest.approx(even, rel=0.02)


def test_classes_give_what_all_sources_give():
    """Blocks look alike, so the chips of one block are enough: both brackets overlap and are as tight."""
    graph = anneal((4, 4, 8), 4, evaluations=100, seed=2).best
    every = np.arange(graph.size)
    few, many = (
        best_throughput(graph.neighbours(), *sides, rounds=60)
        for sides in ((graph.sources, graph.classes()), (every, every))
    )
    assert few.reached <= many.bound + 1e-9 and many.reached <= few.bound + 1e-9
    assert few.bound == pytest.approx(many.bound, rel=0.02) and few.reached == pytest.approx(many.reached, rel=0.1)


def test_no_routing_beats_the_bound_by_mean_hops():
    """Links times one over mean hops: equal prices are one choice of prices."""
    graph = anneal((4, 8, 8), 4, evaluations=100, seed=3).best
    found = best_throughput(graph.neighbours(), graph.sources, graph.classes(), rounds=20)
    assert found.reached <= found.bound <= 6 / graph.graph().mean_hops() + 1e-9 and 0 <= found.gap < 1


def test_what_has_no_answer_is_refused():
    """Parallel links, and nodes out of reach."""
    apart = np.array([[1, 2], [0, 2], [0, 1], [4, 5], [3, 5], [3, 4]])
    with pytest.raises(InputError, match="reached"):
        best_throughput(apart, np.arange(6), np.arange(6), rounds=3)
    with pytest.raises(InputError, match="same two"):
        best_throughput(Torus((2, 4)).neighbours(), np.array([0]), np.zeros(8, dtype=int), rounds=3)
    assert Switched.torus((4, 4, 8), 4).size == 128
