"""Wave 10: vectors computed from the graph, and topologies found by search, beside those that people drew."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from phextpaper.engine.networks.topologies import parse_spec
from phextpaper.engine.search import lattice_forms, lattice_search
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.listings.search import evolve
from phextpaper.study.quantities import embedding as vectors_of
from phextpaper.study.quantities import search as searches

page = Wave(
    n=10,
    name="Learned coordinate embeddings",
    phase=1,
    minutes=30,
    needs=(3, 6, 8),
    output=("learned-coords.md",),
    size_kb=(7, 9),
)

WAY_NAMES = {"spectral": "spectral", "stress": "stress", "exact": "cuts"}
METRIC_NAMES = {"euclidean": "Euclidean", "squared": "squared Euclidean", "cosine": "cosine"}
KIND_NAMES = {
    "regular": "regular torus",
    "twisted": "published twist",
    "lattice": "best lattice of blocks",
    "graph": "graph found",
}
VECTORS = ("Graph", "Vectors", "Rank correlation", "Stress", "Greedy routes lost", "Mean stretch")
METRICS = ("Distance", "Stress", "Triples that break the triangle inequality")
FOUND = ("Chips", "Lattices", "Found at evaluation", "Wrap vectors", "The published twist")
COMPARED = (
    "Chips",
    "Network",
    "Mean hops",
    "Diameter",
    "Worst load, even split",
    "Throughput, even split",
    "Best routing, at least",
    "At most",
)


@dataclass(frozen=True)
class Context:
    """Rows and decisions of `learned-coords.md`, and the code that it prints."""

    code: str
    torus_arrives: bool
    blocks_cost_little: bool
    left_out: bool
    compared: tuple[tuple[str, str], ...]
    gain_grows: bool


@page.context
def context(q: Quantities) -> Context:
    """The loop, the networks compared, and what the sentences are chosen by."""
    s, e = q.search, q.embedding
    return Context(
        code=q.listing(evolve),
        torus_arrives=all(e.torus[way].lost == 0 for way in e.torus),
        blocks_cost_little=all(s[size].lattice.worst_load / s.all_best[size] - 1 < 0.02 for size in s.all_best),
        left_out=searches.left_out(q),
        compared=searches.rows(q),
        gain_grows=all(s.gain[later] > s.gain[earlier] for earlier, later in pairwise(searches.sizes(q))),
    )


@page.criterion
def embedding(built: Artefacts, q: Quantities) -> Verdict:
    """an embedding vector per coordinate (64 dimensions) is really computed; how well its distance follows hop distance
    is reported (rank correlation, stress)
    """
    rows: list[tuple[str, ...]] = []
    for graph, way in vectors_of.ways(q):
        found = q.embedding[graph][way]
        numbers = (found.rank_correlation, found.stress, found.lost, found.stretch)
        rows.append((WAY_NAMES[way], *(number.text for number in numbers)))
    table = built.markdown().table(*VECTORS)
    seen = [row[1:] for row in table.rows] if table else []
    shape = np.shape(q.node("embedding.vectors.torus.spectral"))
    wanted = (int(q.layout.active_chips), int(q.machine.embedding_width))
    return all_of(
        Verdict(
            seen == rows,
            f"{len(rows)} rows of quality, all cells equal",
            f"{sum(a == b for a, b in zip(seen, rows, strict=False))} equal",
            built.markdown().where("| Graph |"),
        ),
        Verdict(shape == wanted, f"vectors of shape {wanted}", f"{shape}"),
        checks.has(built.markdown(), f"{q.machine.embedding_width.text} values"),
    )


@page.criterion
def metric(built: Artefacts, q: Quantities) -> Verdict:
    """the distance is specified and checked against the hop metric; where it breaks the triangle inequality, it says
    so
    """
    rows: list[tuple[str, ...]] = [
        (METRIC_NAMES[name], q.embedding.metric_stress[name].text, q.embedding.violations[name].text)
        for name in METRIC_NAMES
    ]
    return checks.cells_equal(built.markdown().section("Distance"), METRICS, rows)


@page.criterion
def search(built: Artefacts, q: Quantities) -> Verdict:
    """the search loop is given as code and is really run, seeded; the objective is a throughput or time of a stated
    traffic mix
    """
    text = built.markdown()
    code: dict[str, Any] = {}
    listed = "\n".join(fence.text for fence in text.fences if fence.language == "python")
    exec(compile("from random import Random\n" + listed, "learned-coords.md", "exec"), code)
    start, change = lattice_forms.plain((4, 8, 8)), partial(lattice_search.changed, unit=4)
    found = [run(start, change, lattice_search.worst_load, 35, 5) for run in (code["evolve"], code["evolve"], evolve)]
    better = found[0][-1][1] < lattice_search.worst_load(start)
    return all_of(
        Verdict(
            found[0] == found[1] == found[2] and better,
            "the printed loop run twice gives what the search gives, better than its start",
            f"{found[0][-1][1]:.1f} after {found[0][-1][0]} evaluations",
            text.where("def evolve"),
        ),
        checks.has(text, "worst link load under uniform all-to-all", f"seed {q.search.seed.text}"),
    )


@page.criterion
def rediscovery(built: Artefacts, q: Quantities) -> Verdict:
    """started from the plain torus, the search finds a twisted torus (or a better graph) by itself; the found wrap
    vectors are printed
    """
    table = built.markdown().section("Search among lattices").table(*FOUND)
    cells = table.column("Wrap vectors") if table else []
    loads = [parse_spec(cell).max_link_load() for cell in cells if cell.startswith("twisted:")]
    plain = [q.search[size].regular.worst_load.value for size in ("n128", "n256")]
    right = len(loads) == 2 and all(found < drawn for found, drawn in zip(loads, plain, strict=True))
    same = cells == [q.search.wrap[size].text for size in ("n128", "n256")]
    return Verdict(
        right and same,
        "wrap vectors whose torus has a lower worst load than the plain one, as found",
        "; ".join(f"{cell}: {load:.1f}" for cell, load in zip(cells, loads, strict=False)),
        built.markdown().where("| Wrap"),
    )


@page.criterion
def comparison(built: Artefacts, q: Quantities) -> Verdict:
    """found against regular and hand-designed twisted torus: mean hops, diameter, worst link load, throughput; the
    plan's 1.3x is set beside it
    """
    parts, rows = ("mean_hops", "diameter", "worst_load", "even", "reached", "bound"), []
    for size, kind in searches.rows(q):
        cells = (q.search[size][kind][part].text for part in parts)
        rows.append((q.search.chips[size].text, KIND_NAMES[kind], *cells))
    return all_of(
        checks.cells_equal(built.markdown().section("Search beyond lattices"), COMPARED, rows),
        checks.has(
            built.markdown().section("Search beyond lattices"),
            *(f"{q.search_limits.gain[size].text} ({q.search.chips[size].text} chips)" for size in searches.sizes(q)),
        ),
        checks.has(built.markdown().section("GPT-3"), f"The plan's {q.search.plan_gain.text} for GPT-3"),
    )


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """7 to 9 kB"""
    return checks.size(built, page)


@page.review("Is it practical? (time and evaluations)")
def practical(q: Quantities) -> Answer:
    """Evaluations, and seconds measured on one computer."""
    return Answer(settled=True)


@page.review("Does it find what people would not draw? (the graph found beyond torus families)")
def beyond(q: Quantities) -> Answer:
    """The gain of the graphs."""
    return Answer(settled=True)


@page.review("Does a result for one workload help another? (cross table)")
def helps(q: Quantities) -> Answer:
    """The cross table in short."""
    return Answer(settled=True)
