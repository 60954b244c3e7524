"""Wave 18: Section 7, searched topologies: the space, the search, what it finds, what none can, GPT-3, and transfer."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from phextpaper.engine.search import lattice_forms
from phextpaper.engine.traffic.training_steps import ParallelSplit, Transformer, step_bytes
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.checks.lists import listed
from phextpaper.study.quantities import search as searches

page = Wave(
    n=18,
    name="ML co-optimisation",
    phase=2,
    minutes=25,
    needs=(10,),
    output=("sections/07-co-optimization.md",),
    words=(700, 1100),
)

FOUND = (
    "Chips",
    "Best drawn torus",
    "Graph found",
    "Gain",
    "Ceiling of the gain",
    "Of the ceiling (%)",
    "Mean hops",
    "Fewest",
)
CROSS = ("Found for", "All-to-all (ms)", "Neighbours (ms)", "GPT-3 step (ms)")
FOR = {
    "regular": "nothing: regular torus",
    "lattice": "all-to-all, lattice",
    "graph": "all-to-all, graph",
    "trained": "GPT-3, lattice",
}


@dataclass(frozen=True)
class Found:
    """A size and the best torus that people drew of it; what the text compares of the graph found."""

    size: str
    chips: Quantity
    drawn: Quantity
    gain: Quantity
    ceiling: Quantity
    below: bool
    """Whether the graph carries less than that torus if traffic is split evenly."""


@dataclass(frozen=True)
class Context:
    """What `07-co-optimization.md` prints besides numbers by their ids."""

    found: tuple[Found, ...]
    left_out: bool


@page.context
def context(q: Quantities) -> Context:
    """The sizes searched, and whether the machine is none of them."""
    return Context(tuple(_found(q)), searches.left_out(q))


def _found(q: Quantities) -> Iterator[Found]:
    for size in searches.sizes(q):
        drawn = searches.best_drawn(q, size)
        yield Found(
            size,
            q.search.chips[size],
            drawn,
            q.search.gain[size],
            q.search_limits.gain[size],
            q.search[size].graph.even < drawn,
        )


@page.criterion
def search_space(built: Artefacts, q: Quantities) -> Verdict:
    """the space and its size are stated"""
    text = built.markdown().section("7.2 The search space")
    counts = [format_value(len(lattice_forms.forms(prod(shape), unit=4))) for shape in searches.SLICES.values()]
    sizes = []
    for size in searches.sizes(q):
        shape, edge = searches.shape_of(q, size), searches.edge_of(q, size)
        sizes.append(f"{len(str((prod(shape) // edge**3) ** (3 * edge**2)))} ({format_value(prod(shape))} chips)")
    return all_of(
        checks.has(text, f"{listed(counts)} lattices", "shift", "switch"), checks.has(text, f"{listed(sizes)}.")
    )


@page.criterion
def algorithm(built: Artefacts, q: Quantities) -> Verdict:
    """search algorithm, evaluations, time, seeds"""
    text, s, t, sizes = built.markdown().section("7.3 The search"), q.search, q.measured.searches, searches.sizes(q)
    budget = max(int(q.machine.search_evaluations) // searches.RESTARTS, 1) * searches.RESTARTS
    return all_of(
        checks.has(
            text,
            "population",
            "annealing",
            f"seed {searches.SEED}",
            f"{format_value(budget)} candidates",
            f"{searches.RESTARTS} restarts",
        ),
        checks.has(text, f"{t.small_s.text} s", f"{t.large_s.text} s", "Measured"),
        Verdict(
            all(s.evaluations[size] == budget for size in sizes), "the same budget at every size", f"{len(sizes)} sizes"
        ),
    )


@page.criterion
def gpt3(built: Artefacts, q: Quantities) -> Verdict:
    """result on a GPT-3 traffic model whose bytes are derived from published model sizes, beside the published gain of
    a better slice shape
    """
    text, facts, m = built.markdown().section("7.5 GPT-3"), q.facts.gpt3, q.machine
    model = Transformer(
        int(facts.layers), int(facts.width), facts.parameters.si, facts.batch.si, int(m.training_value_bytes)
    )
    sent = step_bytes(model, ParallelSplit.of(512, tensor=int(m.tensor_parallel), pipeline=int(m.pipeline_parallel)))
    shape = q.facts.tpu_v4_search.gpt3_best.gain
    return all_of(
        checks.has(
            text,
            *(f"{format_value(from_si(part, 'GB'), 1)} GB" for part in (sent.tensor, sent.pipeline, sent.data)),
            "[@brown2020]",
        ),
        checks.has(text, f"{q.search.training_gain.n512.text} times", f"reports {shape.text}x"),
        prose_checks.reported(built, [shape.id], "jouppi2023"),
        checks.cells_equal(built.markdown(), FOUND, [_found_cells(q, size) for size in searches.sizes(q)]),
        checks.cells_equal(built.markdown(), CROSS, [_crossed_cells(q, name) for name in searches.NETWORKS]),
    )


def _found_cells(q: Quantities, size: str) -> tuple[str, ...]:
    """What a size's row of the table of graphs has to hold."""
    s, limits = q.search, q.search_limits
    graph, ceilings = s[size].graph, (limits.gain[size], limits.met[size])
    row = s.chips[size], searches.best_drawn(q, size), graph.reached, s.gain[size], *ceilings
    return tuple(cell.text for cell in (*row, graph.mean_hops, limits.hops[size]))


def _crossed_cells(q: Quantities, network: str) -> tuple[str, ...]:
    """What a network's row of the cross table has to hold."""
    time = q.search.cross[network]
    return FOR[network], time.exchange.text, time.neighbours.text, time.training.text


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """700 to 1100 words"""
    return checks.length(built, page)
