"""The whole search: what it says of its graph is what other code says, and it does not matter where its tasks run."""

import pickle

import numpy as np
import pytest

from phextpaper.engine.networks.topologies import TwistedTorus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.routing.weighted_split import level_split, split_loads
from phextpaper.engine.search.graph_bounds import switched_mean_hops
from phextpaper.engine.search.graph_search import anneal, realisable
from phextpaper.engine.search.restarts import (
    Candidate,
    Refinement,
    Restart,
    annealed_candidate,
    refined_candidate,
    search,
)
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.errors import InputError

SHAPE = (4, 8, 8)


@pytest.fixture(scope="module")
def found():
    """A search with a small budget."""
    return search(SHAPE, 4, evaluations=1600, seed=11, restarts=4, refinements=20)


def test_what_is_said_of_the_graph_is_what_the_graph_is(found):
    """Hops are the graph's own; its throughput is that of loads computed from all nodes, without symmetry."""
    graph, best = found.best.graph, found.best
    topology = graph.graph()
    assert best.mean_hops == pytest.approx(topology.mean_hops())
    loads = split_loads(topology.neighbours(), found.split.weights)
    assert best.throughput == pytest.approx(255 / loads.max(), abs=1e-8)
    assert loads == pytest.approx(found.split.loads)
    assert (found.annealed, found.refined) == (1600, 20)


def test_the_graph_can_be_made_is_simple_and_regular(found):
    """Six different neighbours a chip, none itself; wires inside blocks and switches between faces make every link."""
    neighbours = found.best.graph.neighbours()
    assert realisable(neighbours, SHAPE, 4)
    assert all(len({node, *row}) == 7 for node, row in enumerate(neighbours.tolist()))
    links = np.column_stack([np.repeat(np.arange(256), 6), neighbours.ravel()])
    assert not link_kinds(links, SHAPE, (4, 4, 4)).impossible.any()


def test_it_beats_the_published_twist_and_no_bound(found):
    """At 256 chips weighted shortest paths carry more on it than any routing does on the twist."""
    assert 1.1 * 6 / TwistedTorus(SHAPE).mean_hops() < found.best.throughput <= 6 / found.best.mean_hops + 1e-9
    assert switched_mean_hops(SHAPE, 4) < found.best.mean_hops


def test_candidates_are_ranked_and_differ(found):
    """The best first, each once, and each carries what it is said to."""
    rates = [one.throughput for one in found.candidates]
    assert found.best == found.candidates[0] and rates == sorted(rates, reverse=True)
    assert len({one.steps for one in found.candidates}) == len(rates) == 4
    for one in found.candidates:
        assert one.throughput <= 6 / one.mean_hops + 1e-9


def test_where_the_tasks_run_makes_no_difference(found):
    """Tasks and results survive pickling, and may be worked on in any order and twice."""
    handed_over = []

    def elsewhere(function, tasks):
        handed_over.extend(tasks)
        backwards = [function(pickle.loads(pickle.dumps(task))) for task in reversed([*tasks, tasks[0]])]
        return [pickle.loads(pickle.dumps(result)) for result in reversed(backwards[1:])]

    again = search(SHAPE, 4, evaluations=1600, seed=11, restarts=4, refinements=20, run=elsewhere)
    assert again.candidates == found.candidates and (again.split.loads == found.split.loads).all()
    restarts, refinements = handed_over[:4], handed_over[4:]
    assert all(isinstance(task, Restart) for task in restarts) and all(
        isinstance(task, Refinement) for task in refinements
    )
    assert sum(task.evaluations for task in restarts) == 1600 and sum(task.evaluations for task in refinements) == 20
    assert len({task.seed for task in restarts}) == 4


def test_the_seed_decides():
    """Another seed, another graph."""
    one, other = (
        search((4, 4, 8), 4, evaluations=60, seed=seed, restarts=2, refinements=0).best.steps for seed in (1, 2)
    )
    assert one != other


def test_an_annealing_is_that_of_its_seed():
    """A restart's graph is the one that annealing finds, and its throughput that of level weights."""
    task = Restart((4, 4, 8), 4, 150, 5)
    candidate, direct = annealed_candidate(task), anneal((4, 4, 8), 4, evaluations=150, seed=5)
    assert (candidate.graph.steps == direct.best.steps).all() and candidate.mean_hops == pytest.approx(direct.mean_hops)
    assert candidate.throughput <= 6 / direct.mean_hops + 1e-9


def test_refining_only_gets_better():
    """What is refined carries no less than before, judged alike; without tries it is the same graph."""
    start = annealed_candidate(Restart((4, 4, 8), 4, 100, 3))
    same, better = (refined_candidate(Refinement(start.shape, 4, start.steps, tries, 7)) for tries in (0, 60))
    assert same.steps == start.steps and isinstance(better, Candidate)
    assert better.throughput > same.throughput >= start.throughput
    graph = better.graph
    assert better.mean_hops == pytest.approx(graph.graph().mean_hops())
    assert better.throughput == pytest.approx(
        level_split(graph.neighbours(), graph.sources, graph.classes(), rounds=300).throughput, abs=1e-8
    )


def test_a_routing_table_on_it_ends_and_can_be_free_of_deadlock(found):
    """Shortest routes for every pair, and virtual channels on which no cycle of waiting can form."""
    table = RoutingTable.minimal(found.best.graph.graph())
    verified, report = table.verify(), table.deadlock_free()
    assert (verified.endless, verified.longer_than_shortest, verified.longest) == (
        0,
        0,
        found.best.graph.graph().diameter(),
    )
    assert report.acyclic and 2 <= report.virtual_channels <= verified.longest


@pytest.mark.parametrize("options", [{"evaluations": 3}, {"restarts": 0}, {"refinements": -1}], ids=str)
def test_budgets_that_cannot_be_dealt_out_are_refused(options):
    """An annealing has one evaluation at least."""
    with pytest.raises(InputError):
        search((4, 4, 8), 4, **{"evaluations": 100, "seed": 1, "restarts": 4, **options})
