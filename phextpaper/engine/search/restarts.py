"""The whole search for a graph of blocks: annealings by mean hops, the best by throughput, and steps from there.

Mean hops cost little to judge and bound throughput from above, but say nothing about how level loads can be made. So
many annealings run, each from a seed of its own; their graphs are compared by what weighted shortest paths carry
(`level_split`); and the best ones are changed one switch at a time as long as that carries more. Annealings do not
depend on each other, nor do the last steps, so both are lists of tasks that can run anywhere: `run` maps a function
over them, in order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.lattices import flatten, unflatten
from phextpaper.engine.routing.weighted_split import WeightedSplit, level_split
from phextpaper.engine.search.graph_search import Steps, Switched, anneal, hop_total

SCREENING, LAST, REFINED = 60, 300, 4
"""Rounds of levelling to compare annealed graphs, rounds for those that may be the best, and how many of these there
are."""
_WARM, _SETTLED = 8, 24  # rounds after one switch changed, from the weights before it: to give up early, to compare
_DIGITS = 9  # throughputs are compared after rounding, so that the last bits of a sum do not decide
Run = Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]]
Nested = tuple[tuple[tuple[int, ...], ...], ...]
"""The steps of a graph as plain integers, nested as in `Switched`."""


@dataclass(frozen=True)
class Restart:
    """One annealing: a shape in chips, the edge of a block, candidates to look at, and its seed."""

    shape: tuple[int, ...]
    edge: int
    evaluations: int
    seed: int


@dataclass(frozen=True)
class Refinement:
    """Steps of one switch at a time from `steps`, as in `Switched`: candidates to look at, and a seed."""

    shape: tuple[int, ...]
    edge: int
    steps: Nested
    evaluations: int
    seed: int


@dataclass(frozen=True)
class Candidate:
    """A graph by its steps, as in `Switched`, its sum of hops from one block, and what weighted paths carry."""

    shape: tuple[int, ...]
    edge: int
    steps: Nested
    hops: int
    throughput: float

    @property
    def graph(self) -> Switched:
        """The graph."""
        return Switched(self.shape, self.edge, np.array(self.steps, dtype=np.int64))

    @property
    def mean_hops(self) -> float:
        """Mean distance over ordered pairs of different nodes."""
        pairs: int = self.edge ** len(self.shape) * (prod(self.shape) - 1)
        return self.hops / pairs


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a search found: the best graph with its weights, and the graphs that it was chosen from, the best first.

    `annealed` counts the candidates that were judged by hops, `refined` those that were judged by throughput.
    """

    best: Candidate
    split: WeightedSplit
    candidates: tuple[Candidate, ...]
    annealed: int
    refined: int


def search(
    shape: Sequence[int],
    edge: int,
    *,
    evaluations: int,
    seed: int,
    restarts: int = 16,
    refinements: int | None = None,
    run: Run | None = None,
) -> Outcome:
    """The graph that carries most all-to-all traffic on weighted shortest paths, of `restarts` annealings and steps.

    `evaluations` candidates are judged by hops, dealt evenly over the annealings; `refinements` by throughput, a
    hundredth of them by default, over the best few graphs. `run(function, tasks)` gives the results in the order of the
    tasks, and may work on them anywhere, as long as it calls the function as often as needed; the outcome does not
    depend on it. Raises `InputError` for fewer evaluations than restarts, and for a machine of one block.

    >>> found = search((4, 4, 8), 4, evaluations=200, seed=1, restarts=2, refinements=4)
    >>> found.best.throughput > 1.5, found.annealed, found.refined
    (True, 200, 4)
    """
    whole_number("restarts", restarts, 1, 10**6)
    whole_number("evaluations", evaluations, restarts, 10**9)
    tries = evaluations // 100 if refinements is None else whole_number("refinements", refinements, 0, 10**9)
    sides, everywhere = tuple(int(side) for side in shape), run or _here
    shares = [evaluations // restarts + (turn < evaluations % restarts) for turn in range(restarts)]
    annealed = everywhere(
        annealed_candidate, [Restart(sides, edge, share, seed + turn) for turn, share in enumerate(shares)]
    )
    starts = _ranked(annealed)[:REFINED]
    parts = [tries // len(starts) + (turn < tries % len(starts)) for turn in range(len(starts))]
    ranked = _ranked(
        everywhere(
            refined_candidate,
            [
                Refinement(sides, edge, one.steps, part, seed + turn)
                for turn, (one, part) in enumerate(zip(starts, parts, strict=True))
            ],
        )
    )
    graph = ranked[0].graph
    split = level_split(graph.neighbours(), graph.sources, graph.classes(), rounds=_last(graph.size))
    return Outcome(ranked[0], split, tuple(ranked), evaluations, tries)


def annealed_candidate(task: Restart) -> Candidate:
    """Run one annealing, and see what its graph carries."""
    graph = anneal(task.shape, task.edge, evaluations=task.evaluations, seed=task.seed).best
    neighbours = graph.neighbours()
    split = level_split(neighbours, graph.sources, graph.classes(), rounds=SCREENING)
    return _candidate(graph.shape, graph.edge, graph.steps, hop_total(neighbours, graph.sources), split)


def refined_candidate(task: Refinement) -> Candidate:
    """Change one switch after the other at random, and keep what carries more.

    Candidates whose hops alone forbid that they carry more are passed over, at little cost; they count as looked at.
    At the end the graph's loads are levelled once more, from equal weights.
    """
    here = Switched(task.shape, task.edge, np.array(task.steps, dtype=np.int64))
    split = level_split(here.neighbours(), here.sources, here.classes(), rounds=SCREENING)
    hops, blocks = hop_total(here.neighbours(), here.sources), prod(here.blocks)
    links = 2 * len(here.shape) * len(here.sources)
    rng = np.random.default_rng(task.seed)
    for dimension, face, other in rng.integers(
        0, [*here.steps.shape[:2], blocks - 1], size=(task.evaluations, 3)
    ).tolist():
        steps = here.steps.copy()
        steps[dimension, face] = unflatten(
            (flatten(steps[dimension, face] % here.blocks, here.blocks) + 1 + other) % blocks, here.blocks
        )
        changed = Switched(here.shape, here.edge, steps)
        neighbours = changed.neighbours()
        total = hop_total(neighbours, changed.sources)
        if total < 0 or links * (here.size - 1) <= total * split.throughput:
            continue
        found = split
        for rounds in (_WARM, _SETTLED):
            found = level_split(neighbours, changed.sources, changed.classes(), rounds=rounds, start=found)
            if found.throughput < 0.98 * split.throughput:
                break
        if round(found.throughput, _DIGITS) > round(split.throughput, _DIGITS):
            here, split, hops = changed, found, total
    split = level_split(here.neighbours(), here.sources, here.classes(), rounds=_last(here.size))
    return _candidate(here.shape, here.edge, here.steps, hops, split)


def _candidate(shape: tuple[int, ...], edge: int, steps: Steps, hops: int, split: WeightedSplit) -> Candidate:
    return Candidate(shape, edge, _nested(steps), hops, round(split.throughput, _DIGITS))


def _last(size: int) -> int:
    """Rounds for a graph that may be the best: fewer beyond a thousand nodes, where a round takes long."""
    return max(SCREENING, min(LAST, LAST * 1024 // size))


def _nested(steps: NDArray[np.int64]) -> Nested:
    return tuple(tuple(tuple(step) for step in faces) for faces in steps.tolist())


def _ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Different candidates, the one that carries most first; then by hops, then by their steps."""
    unique = {one.steps: one for one in reversed(candidates)}
    return sorted(unique.values(), key=lambda one: (-one.throughput, one.hops, one.steps))


def _here(function: Callable[[Any], Any], tasks: Sequence[Any]) -> list[Any]:
    return [function(task) for task in tasks]
