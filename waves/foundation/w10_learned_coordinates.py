"""Wave 10: vectors computed from the graph, and topologies found by search, beside those that people drew."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from phextpaper.engine.networks.topologies import parse_spec
from phextpaper.engine.search import lattice_forms, lattice_search
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare
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
NETWORK_NAMES = {
    "regular": "nothing: regular torus",
    "lattice": "all-to-all, lattice",
    "graph": "all-to-all, graph",
    "trained": "GPT-3, lattice",
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
class Vectors:
    """A row of the table of vectors."""

    graph: str
    way: str
    rank: Quantity
    stress: Quantity
    lost: Quantity
    stretch: Quantity


@dataclass(frozen=True)
class Metric:
    """A row of the table of distances."""

    name: str
    stress: Quantity
    violations: Quantity


@dataclass(frozen=True)
class Rediscovered:
    """A row of the table of lattices found."""

    chips: Quantity
    lattices: Quantity
    at: Quantity
    wrap: Quantity
    published: str


@dataclass(frozen=True)
class Compared:
    """A row of the comparison."""

    chips: Quantity
    network: str
    mean_hops: Quantity
    diameter: Quantity
    worst_load: Quantity
    even: Quantity
    reached: Quantity
    bound: Quantity


@dataclass(frozen=True)
class Transferred:
    """A row of the cross table."""

    network: str
    exchange: Quantity
    neighbours: Quantity
    training: Quantity


@dataclass(frozen=True)
class Context:
    """What `learned-coords.md` prints."""

    width: Quantity
    exact_width: Quantity
    pairs: Quantity
    routes: Quantity
    vectors: tuple[Vectors, ...]
    vector_sentence: str
    triples: Quantity
    metrics: tuple[Metric, ...]
    metric_sentence: str
    code: str
    seed: Quantity
    edge: Quantity
    found: tuple[Rediscovered, ...]
    lattice_sentence: str
    left_sentence: str
    places: Quantity
    digits_small: Quantity
    digits_large: Quantity
    chips_small: Quantity
    chips_large: Quantity
    evaluations: Quantity
    restarts: Quantity
    compared: tuple[Compared, ...]
    links: Quantity
    moore_small: Quantity
    moore_large: Quantity
    gains: str
    mean_gain: Quantity
    gain_sentence: str
    even_sentence: str
    published: str
    ceilings: str
    mean_ceiling: Quantity
    ceiling_sentence: str
    tensor: Quantity
    pipeline: Quantity
    link_bandwidth: Quantity
    transfer_chips: Quantity
    transfer: tuple[Transferred, ...]
    trained: Quantity
    trained_gain: Quantity
    chips_128: Quantity
    chips_256: Quantity
    small_gain: str
    plan_sentence: str
    shape_gain: Quantity
    transfer_sentence: str


@page.context
def context(q) -> Context:
    """Vectors, distances, both searches, the comparison and the cross table."""
    s, m, e = q.search, q.machine, q.embedding
    sizes = searches.sizes(q)
    first, last = sizes[0], sizes[-1]
    gain = q.facts.tons.all_to_all_gain
    return Context(
        width=m.embedding_width,
        exact_width=e.exact_width,
        pairs=e.pairs.torus,
        routes=e.routes.torus,
        vectors=tuple(_vectors(q)),
        vector_sentence=_vector_words(q),
        triples=e.triples.cosine,
        metrics=tuple(Metric(METRIC_NAMES[name], e.metric_stress[name], e.violations[name]) for name in METRIC_NAMES),
        metric_sentence=_metric_words(q),
        code=q.listing(evolve),
        seed=s.seed,
        edge=s.edge,
        found=tuple(_found(q)),
        lattice_sentence=_lattice_words(q),
        left_sentence=choose(
            searches.left_out(q),
            f" The machine itself is left out: a set of its switches takes {q.architecture.switches_per_group}, and none joins all blocks.",
            "",
        ),
        places=s.switches[first],
        digits_small=s.space_digits[first],
        digits_large=s.space_digits[last],
        chips_small=s.chips[first],
        chips_large=s.chips[last],
        evaluations=s.evaluations[first],
        restarts=s.restarts,
        compared=tuple(_compared(q)),
        links=s.links,
        moore_small=s.moore[first],
        moore_large=s.moore[last],
        gains=", ".join(f"{s.gain[size]} ({s.chips[size]} chips)" for size in sizes),
        mean_gain=s.mean_gain,
        gain_sentence=_gain_words(q),
        even_sentence=_even_words(q),
        published=f"{gain}x",
        ceilings=", ".join(f"{q.search_limits.gain[size]} ({s.chips[size]} chips)" for size in sizes),
        mean_ceiling=q.search_limits.mean_gain,
        ceiling_sentence=_ceiling_words(q),
        tensor=m.tensor_parallel,
        pipeline=m.pipeline_parallel,
        link_bandwidth=m.link_bandwidth,
        transfer_chips=s.chips.n512,
        transfer=tuple(
            Transferred(NETWORK_NAMES[name], s.cross[name].exchange, s.cross[name].neighbours, s.cross[name].training)
            for name in searches.NETWORKS
        ),
        trained=s.training_spec.n512,
        trained_gain=s.training_gain.n512,
        chips_128=s.chips.n128,
        chips_256=s.chips.n256,
        small_gain=f"{s.training_gain.n128} and {s.training_gain.n256}",
        plan_sentence=_plan_words(q),
        shape_gain=q.facts.tpu_v4_search.gpt3_best.gain,
        transfer_sentence=_transfer_words(q),
    )


def _vectors(q):
    names = {
        "torus": f"3D torus, {q.embedding.chips.torus.with_unit}",
        "twisted": f"twisted torus, {q.embedding.chips.twisted.with_unit}",
    }
    for graph, way in vectors_of.ways(q):
        found = q.embedding[graph][way]
        yield Vectors(names[graph], WAY_NAMES[way], found.rank_correlation, found.stress, found.lost, found.stretch)


def _vector_words(q) -> str:
    e = q.embedding
    torus = [e.torus[way].lost for graph, way in vectors_of.ways(q) if graph == "torus"]
    first = choose(
        all(count == 0 for count in torus),
        "On the torus every greedy route that we followed arrives.",
        "Even on the torus some greedy routes do not arrive.",
    )
    lost = e.twisted.stress.lost
    return first + choose(
        lost > 0,
        f" On the twist, {lost} of {e.routes.twisted} routes on stress vectors go round in circles: a rank correlation of {e.twisted.stress.rank_correlation} is no routing.",
        " So does every one on the twist.",
    )


def _metric_words(q) -> str:
    e = q.embedding
    broken = [METRIC_NAMES[name] for name in ("squared", "cosine") if e.violations[name] > 0]
    return choose(
        e.violations.euclidean == 0,
        "Euclidean distance breaks none, as it cannot",
        "Rounding breaks even Euclidean distance",
    ) + (
        f"; {' and '.join(broken)} distance {choose(len(broken) > 1, 'are', 'is')} no metric."
        if broken
        else "; the others broke none in this sample, though nothing forbids it."
    )


def _found(q):
    for size in ("n128", "n256"):
        s = q.search
        yield Rediscovered(
            s.chips[size],
            s.lattices[size],
            s.found_at[size],
            s.wrap[size],
            choose(s.rediscovered[size], "the same, up to order and direction of dimensions", "another"),
        )


def _lattice_words(q) -> str:
    s = q.search
    same = bool(s.rediscovered.n128) and bool(s.rediscovered.n256)
    first = choose(
        same, "The search finds the published twists by itself.", "The search does not end at the published twists."
    )
    edge = [s[size].lattice.worst_load / s.all_best[size] - 1 for size in ("n128", "n256")]
    small = max(edge) < 0.02
    return (
        f"{first} Looking at every lattice proves that none of those that blocks can be wired to is better. Of all {s.all_lattices.n128} and {s.all_lattices.n256} lattices of these sizes, "
        f"wired or not, the best have worst loads of {s.all_best.n128} and {s.all_best.n256} against {s.n128.lattice.worst_load} and {s.n256.lattice.worst_load}"
        + choose(
            small, ", which is hardly less. Among lattices there is little left to find.", ". Blocks cost the rest."
        )
    )


def _compared(q):
    for size, kind in searches.rows(q):
        found = q.search[size][kind]
        yield Compared(
            q.search.chips[size],
            KIND_NAMES[kind],
            found.mean_hops,
            found.diameter,
            found.worst_load,
            found.even,
            found.reached,
            found.bound,
        )


def _gain_words(q) -> str:
    s, sizes = q.search, searches.sizes(q)
    grows = all(s.gain[later] > s.gain[earlier] for earlier, later in pairwise(sizes))
    return choose(
        grows,
        "The gain grows with the machine: a torus gets long, and long-range links shorten it.",
        "The gain does not grow evenly with the machine.",
    )


def _even_words(q) -> str:
    s, sizes = q.search, searches.sizes(q)
    worse = [size for size in sizes if s[size].graph.even < s[size].regular.even]
    last = sizes[-1]
    start = f"None of it comes for nothing: split evenly over shortest paths, the graph of {s.chips[last]} chips carries {s[last].graph.even}, and a routing has to balance the load to reach {s[last].graph.reached}."
    return start + (
        f" At {' and '.join(str(s.chips[size]) for size in worse)} chips the even split falls below the regular torus."
        if worse
        else ""
    )


def _ceiling_words(q) -> str:
    s, published = q.search, q.facts.tons.all_to_all_gain
    below = [str(s.chips[size]) for size in searches.sizes(q) if q.search_limits.gain[size] < published]
    places = " and ".join(filter(None, (", ".join(below[:-1]), *below[-1:])))
    return f" At {places} chips the published gain is therefore out of reach on this wiring." if below else ""


def _plan_words(q) -> str:
    s = q.search
    return f"The plan's {s.plan_gain} for GPT-3 is {compare(s.training_gain.n512, s.plan_gain, 'not reached', 'met', 'exceeded')}."


def _transfer_words(q) -> str:
    cross = q.search.cross
    hurts = cross.graph.training > cross.regular.training and cross.lattice.training > cross.regular.training
    back = cross.trained.exchange > cross.regular.exchange
    return choose(
        hurts,
        f"What is found for all-to-all hurts GPT-3, whose rings need near neighbours: {cross.graph.training} ms on the graph against {cross.regular.training} ms",
        "What is found for all-to-all does not hurt GPT-3",
    ) + choose(
        back,
        f", and what is found for GPT-3 hurts all-to-all ({cross.trained.exchange} against {cross.regular.exchange} ms). Each network has its plain placement, so this compares placements as much as topologies.",
        ".",
    )


@page.criterion
def embedding(built, q) -> Verdict:
    """an embedding vector per coordinate (64 dimensions) is really computed; how well its distance follows hop distance is reported (rank correlation, stress)"""
    rows = [
        (
            *(
                value if isinstance(value, str) else value.text
                for value in (row.way, row.rank, row.stress, row.lost, row.stretch)
            ),
        )
        for row in _vectors(q)
    ]
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
def metric(built, q) -> Verdict:
    """the distance is specified and checked against the hop metric; where it breaks the triangle inequality, it says so"""
    rows = [
        (METRIC_NAMES[name], q.embedding.metric_stress[name].text, q.embedding.violations[name].text)
        for name in METRIC_NAMES
    ]
    return checks.cells_equal(built.markdown().section("Distance"), METRICS, rows)


@page.criterion
def search(built, q) -> Verdict:
    """the search loop is given as code and is really run, seeded; the objective is a throughput or time of a stated traffic mix"""
    text, code = built.markdown(), {}
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
def rediscovery(built, q) -> Verdict:
    """started from the plain torus, the search finds a twisted torus (or a better graph) by itself; the found wrap vectors are printed"""
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
def comparison(built, q) -> Verdict:
    """found against regular and hand-designed twisted torus: mean hops, diameter, worst link load, throughput; the plan's 1.3x is set beside it"""
    rows = [
        tuple(
            value if isinstance(value, str) else value.text
            for value in (
                row.chips,
                row.network,
                row.mean_hops,
                row.diameter,
                row.worst_load,
                row.even,
                row.reached,
                row.bound,
            )
        )
        for row in _compared(q)
    ]
    return all_of(
        checks.cells_equal(built.markdown().section("Search beyond lattices"), COMPARED, rows),
        checks.has(
            built.markdown().section("Search beyond lattices"),
            *(f"{q.search_limits.gain[size].text} ({q.search.chips[size].text} chips)" for size in searches.sizes(q)),
        ),
        checks.has(built.markdown().section("GPT-3"), f"The plan's {q.search.plan_gain.text} for GPT-3"),
    )


@page.criterion
def size(built, q) -> Verdict:
    """7 to 9 kB"""
    return checks.size(built, page)


@page.review("Is it practical? (time and evaluations)")
def practical(q) -> Answer:
    """Evaluations, and seconds measured on one computer."""
    s, t, size = q.search, q.measured.searches, searches.sizes(q)[0]
    return Answer(
        f"Yes, for a machine that is planned. The lattice search needs {s.found_at.n128} and {s.found_at.n256} evaluations for the published twists; the graph search looks at {s.evaluations[size]} "
        f"candidates a size. Measured on one computer, {t.candidates} candidates take {t.small_s.with_unit} at {t.small_chips.with_unit} and {t.large_s.with_unit} at {t.large_chips.with_unit}."
    )


@page.review("Does it find what people would not draw? (the graph found beyond torus families)")
def beyond(q) -> Answer:
    """The gain of the graphs."""
    s, sizes = q.search, searches.sizes(q)
    yes = s.gain[sizes[-1]] > 1
    return Answer(
        f"{choose(yes, 'Yes', 'No')}: at {s.chips[sizes[-1]].with_unit} a graph with {s[sizes[-1]].graph.mean_hops.with_unit} in the mean against {s[sizes[-1]].regular.mean_hops}, and {s.gain[sizes[-1]]} times the "
        f"all-to-all throughput of the best drawn torus under balanced routing; at {s.chips[sizes[0]].with_unit} {s.gain[sizes[0]]} times. Among lattices it finds what people drew."
    )


@page.review("Does a result for one workload help another? (cross table)")
def helps(q) -> Answer:
    """The cross table in short."""
    cross = q.search.cross
    return Answer(
        f"{choose(cross.graph.training > cross.regular.training, 'No', 'In part')}: the graph found for all-to-all takes {cross.graph.training} ms for a GPT-3 step against {cross.regular.training} ms on the regular "
        f"torus, and the lattice found for GPT-3 takes {cross.trained.exchange} ms for an all-to-all against {cross.regular.exchange} ms."
    )
