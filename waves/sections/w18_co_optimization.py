"""Wave 18: Section 7, searched topologies: the space, the search, what it finds beside what none can, GPT-3, and transfer."""

from dataclasses import dataclass
from math import prod

from phextpaper.engine.search import lattice_forms
from phextpaper.engine.traffic.training_traffic import Split, Transformer, step_bytes
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value, strip_marks
from phextpaper.press.wave import Verdict, Wave, all_of
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

NETWORKS = {
    "regular": "nothing: regular torus",
    "lattice": "all-to-all, lattice",
    "graph": "all-to-all, graph",
    "trained": "GPT-3, lattice",
}
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


@dataclass(frozen=True)
class Found:
    """A row of the table of graphs."""

    chips: Quantity
    drawn: Quantity
    reached: Quantity
    gain: Quantity
    ceiling: Quantity
    met: Quantity
    mean_hops: Quantity
    fewest: Quantity


@dataclass(frozen=True)
class Crossed:
    """A row of the cross table."""

    network: str
    exchange: Quantity
    neighbours: Quantity
    training: Quantity


@dataclass(frozen=True)
class Context:
    """What `07-co-optimization.md` prints."""

    width: Quantity
    spectral: Quantity
    torus_words: str
    stress: Quantity
    twist_chips: Quantity
    twist_words: str
    cosine_words: str
    edge: Quantity
    lattices: str
    all_lattices: str
    switches_words: str
    left_sentence: str
    digits: str
    seed: Quantity
    found_at: str
    early_sentence: str
    evaluations: Quantity
    restarts: Quantity
    rounds: Quantity
    timed: Quantity
    small_s: Quantity
    small_chips: Quantity
    large_s: Quantity
    large_chips: Quantity
    rediscovered: str
    excess_sentence: str
    lattice_chips: Quantity
    lattice_gain: Quantity
    further_sentence: str
    found: tuple[Found, ...]
    mean_gain: Quantity
    mean_ceiling: Quantity
    published: Quantity
    published_sentence: str
    grow_sentence: str
    even_sentence: str
    below_sentence: str
    tensor: Quantity
    pipeline: Quantity
    replicas: Quantity
    tensor_gb: Quantity
    pipeline_gb: Quantity
    data_gb: Quantity
    step_chips: Quantity
    counted: Quantity
    trained: Quantity
    trained_gain: Quantity
    same_words: str
    small_words: str
    ring_sentences: str
    shape_gain: Quantity
    split_sentence: str
    crossed: tuple[Crossed, ...]
    transfer_sentence: str


@page.context
def context(q) -> Context:
    """The searches of wave 10, the ceilings, and the bytes behind the GPT-3 result."""
    s, m, e, t, limits, sizes = (
        q.search,
        q.machine,
        q.embedding,
        q.measured.searches,
        q.search_limits,
        searches.sizes(q),
    )
    return Context(
        width=m.embedding_width,
        spectral=e.torus.spectral.rank_correlation,
        torus_words=_arrived(q, "torus", "spectral"),
        stress=e.twisted.stress.rank_correlation,
        twist_chips=e.chips.twisted,
        twist_words=_arrived(q, "twisted", "stress"),
        cosine_words=_cosine(q),
        edge=s.edge,
        lattices=_list(s.lattices[size] for size in searches.SLICES),
        all_lattices=_list(s.all_lattices[size] for size in ("n128", "n256")),
        switches_words=_switches(q),
        left_sentence=choose(
            searches.left_out(q),
            f" The machine itself is left out: a set of its switches takes {q.architecture.switches_per_group}, and none joins all blocks.",
            "",
        ),
        digits=_list(f"{s.space_digits[size]} ({s.chips[size].with_unit})" for size in sizes),
        seed=s.seed,
        found_at=_list(s.found_at[size] for size in ("n128", "n256")),
        early_sentence=_early(q),
        evaluations=s.evaluations[sizes[0]],
        restarts=s.restarts,
        rounds=m.routing_rounds,
        timed=t.candidates,
        small_s=t.small_s,
        small_chips=t.small_chips,
        large_s=t.large_s,
        large_chips=t.large_chips,
        rediscovered=_rediscovered(q),
        excess_sentence=_excess(q),
        lattice_chips=s.chips.n512,
        lattice_gain=limits.lattice_gain,
        further_sentence=_further(q),
        found=tuple(_found(q)),
        mean_gain=s.mean_gain,
        mean_ceiling=limits.mean_gain,
        published=q.facts.tons.all_to_all_gain,
        published_sentence=_published(q),
        grow_sentence=_grows(q),
        even_sentence=_even(q),
        below_sentence=_below(q),
        tensor=m.tensor_parallel,
        pipeline=m.pipeline_parallel,
        replicas=limits.replicas.n512,
        tensor_gb=limits.step_gb.n512.tensor,
        pipeline_gb=limits.step_gb.n512.pipeline,
        data_gb=limits.step_gb.n512.data,
        step_chips=s.chips.n512,
        counted=s.lattices.n512,
        trained=s.training_spec.n512,
        trained_gain=s.training_gain.n512,
        same_words=_same(q),
        small_words=_small(q),
        ring_sentences=_rings(q),
        shape_gain=q.facts.tpu_v4_search.gpt3_best.gain,
        split_sentence=_split(q),
        crossed=tuple(_crossed(q)),
        transfer_sentence=_transfer(q),
    )


def _list(items) -> str:
    """Items as a sentence lists them."""
    words = [str(item) for item in items]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _arrived(q, graph: str, way: str) -> str:
    lost = q.embedding[graph][way].lost
    return choose(
        lost == 0,
        "every greedy route that we followed arrives",
        f"{lost} of {q.embedding.routes[graph]} greedy routes go round in circles",
    )


def _cosine(q) -> str:
    broken = q.embedding.violations.cosine
    return choose(
        broken > 0,
        f"breaks the triangle inequality in {broken} of {q.embedding.triples.cosine} triples of chips, which hops never do",
        "broke the triangle inequality in none of our triples, though nothing forbids it",
    )


def _switches(q) -> str:
    counts = {size: q.search.switches[size] for size in searches.sizes(q)}
    last = searches.sizes(q)[-1]
    other = choose(counts[last] == counts["n128"], "", f" and {counts[last]} in the whole machine")
    return f"{counts['n128']} switches in the slices{other}"


def _early(q) -> str:
    s = q.search
    late = s.found_at.n128 * 2 > s.lattices.n128 or s.found_at.n256 * 2 > s.lattices.n256
    return choose(
        late,
        "That says little for the search: most of so small a space was seen by then, and enumeration is as good.",
        "That is early, but enumeration is as good in so small a space.",
    )


def _rediscovered(q) -> str:
    same = bool(q.search.rediscovered.n128) and bool(q.search.rediscovered.n256)
    return choose(
        same,
        "Both runs end at the twist that TPU v4 has on that slice, up to order and direction of the dimensions [@jouppi2023]",
        "The runs do not both end at the twist that TPU v4 has on that slice [@jouppi2023]",
    )


def _found(q):
    s, limits = q.search, q.search_limits
    for size in searches.sizes(q):
        yield Found(
            s.chips[size],
            searches.best_drawn(q, size),
            s[size].graph.reached,
            s.gain[size],
            limits.gain[size],
            limits.met[size],
            s[size].graph.mean_hops,
            limits.hops[size],
        )


def _excess(q) -> str:
    excess = q.search_limits.lattice_excess
    return (
        f"Of all lattices of these sizes, the best have busiest links that carry at most {excess.with_unit} less"
        + choose(excess < 2, ", so little is left to find there.", ".")
    )


def _further(q) -> str:
    """At which sizes found graphs carry more than the best drawn torus."""
    sizes = searches.sizes(q)
    more = [q.search.chips[size] for size in sizes if q.search.gain[size] > 1]
    return choose(
        len(more) == len(sizes),
        "Graphs go further.",
        f"Graphs go further at {_list(more)} chips." if more else "Graphs do not go further.",
    )


def _published(q) -> str:
    s, limits, published, sizes = q.search, q.search_limits, q.facts.tons.all_to_all_gain, searches.sizes(q)
    beyond = [s.chips[size] for size in sizes if limits.gain[size] < published]
    met = [s.chips[size] for size in sizes if s.gain[size] >= published]
    words = choose(
        bool(beyond),
        f"At {_list(beyond)} chips no setting of these switches can reach that",
        "The ceilings would allow that at every size",
    )
    return words + choose(
        bool(met),
        f"; our graph of {_list(met)} chips exceeds it, without proof against deadlock.",
        "; none of our graphs does.",
    )


def _grows(q) -> str:
    gains = [q.search.gain[size].value for size in searches.sizes(q)]
    return (
        choose(
            gains == sorted(gains),
            "The gain grows with the machine, and so does its ceiling: a torus gets long, while in a slice of few blocks most wires are fixed.",
            "The gain does not grow evenly with the machine.",
        )
        if _ceilings_grow(q)
        else "Neither the gain nor its ceiling grows evenly with the machine."
    )


def _ceilings_grow(q) -> bool:
    ceilings = [q.search_limits.gain[size].value for size in searches.sizes(q)]
    return ceilings == sorted(ceilings)


def _even(q) -> str:
    s, last = q.search, searches.sizes(q)[-1]
    graph = s[last].graph
    return f"Split evenly over shortest paths, the graph of {s.chips[last].with_unit} carries {graph.even} instead of {graph.reached}, and with one route a pair {q.flexibility.found_single} (Section 5.1)."


def _below(q) -> str:
    s = q.search
    below = [s.chips[size] for size in searches.sizes(q) if s[size].graph.even < searches.best_drawn(q, size)]
    return choose(
        bool(below),
        f"Under the even split the graphs of {_list(below)} chips fall below the best drawn torus.",
        "Even so each graph stays above the best drawn torus.",
    )


def _same(q) -> str:
    published = q.facts.tpu_v4_search.gpt3_best.topology
    sides = sorted(q.search.training_spec.n512.text.split(":")[1].split("x"))
    same = q.search.training_spec.n512.text.startswith("torus:") and sides == sorted(published.text.split("x"))
    return choose(
        same,
        "up to order that is the shape that TPU v4's own search found [@jouppi2023]",
        "that is not the shape that TPU v4's own search found [@jouppi2023]",
    )


def _small(q) -> str:
    gains = [q.search.training_gain[size] for size in ("n128", "n256")]
    return f"{_list(gains)} times as fast as the best drawn torus" + choose(
        all(gain.text == "1.00" for gain in gains), ", so nothing is gained there", ""
    )


def _rings(q) -> str:
    s, limits = q.search, q.search_limits
    verdict = (
        f"The plan's {s.plan_gain} is {compare(s.training_gain.n512, s.plan_gain, 'not reached', 'met', 'exceeded')}"
    )
    if "search_limits.ring_gain.n512" not in q.ids("search_limits"):
        return f"{verdict}."
    share, gain = limits.tensor_share.n512, limits.ring_gain.n512
    own = choose(
        int(share) == round(100 / float(gain)), "which already have links of their own", "some of which share links"
    )
    return (
        f"Of the time on the regular torus, {share.with_unit} goes to the rings of each layer, {own}. Were all else free{choose(int(share) == round(100 / float(gain)), '', ', and each ring on links of its own')}, the step would communicate {gain} times as fast. {verdict}"
        + choose(gain < s.plan_gain, ", and with such rings it cannot be.", ".")
    )


def _split(q) -> str:
    spec, m = q.facts.tpu_v4_search.gpt3_best.spec, q.machine
    same = m.pipeline_parallel == spec.item_1 and m.tensor_parallel == spec.item_3 * spec.item_4
    return choose(
        same,
        f"Our split is the one that it found together with the shape {q.facts.tpu_v4_search.gpt3_best.topology}, so an agreement of shapes confirms little.",
        "Our split is not the one that it found.",
    )


def _crossed(q):
    cross = q.search.cross
    for name in searches.NETWORKS:
        yield Crossed(NETWORKS[name], cross[name].exchange, cross[name].neighbours, cross[name].training)


def _transfer(q) -> str:
    cross = q.search.cross
    hurts = cross.graph.training > cross.regular.training and cross.lattice.training > cross.regular.training
    back = cross.trained.exchange > cross.regular.exchange
    return (
        choose(
            hurts,
            "What was found for all-to-all slows GPT-3 down, whose rings want near neighbours",
            "What was found for all-to-all does not slow GPT-3 down",
        )
        + choose(
            back,
            choose(
                hurts,
                ", and what was found for GPT-3 slows all-to-all down.",
                ", but what was found for GPT-3 slows all-to-all down.",
            ),
            ", and what was found for GPT-3 does not slow all-to-all down.",
        )
        + choose(hurts and back, "", " Results carry over in part.")
    )


def _cells(rows) -> list[tuple[str, ...]]:
    """The cells of rows as a reader sees them."""
    return [tuple(strip_marks(str(value))[0] for value in vars(row).values()) for row in rows]


@page.criterion
def search_space(built, q) -> Verdict:
    """the space and its size are stated"""
    text = built.markdown().section("7.2 The search space")
    counts = [format_value(len(lattice_forms.forms(prod(shape), unit=4))) for shape in searches.SLICES.values()]
    sizes = []
    for size in searches.sizes(q):
        shape, edge = searches.shape_of(q, size), searches.edge_of(q, size)
        sizes.append(f"{len(str((prod(shape) // edge**3) ** (3 * edge**2)))} ({format_value(prod(shape))} chips)")
    return all_of(
        checks.has(text, f"{_list(counts)} lattices", "shift", "switch"), checks.has(text, f"{_list(sizes)}.")
    )


@page.criterion
def algorithm(built, q) -> Verdict:
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
def gpt3(built, q) -> Verdict:
    """result on a GPT-3 traffic model whose bytes are derived from published model sizes, beside the published gain of a better slice shape"""
    text, facts, m = built.markdown().section("7.5 GPT-3"), q.facts.gpt3, q.machine
    model = Transformer(
        int(facts.layers), int(facts.width), facts.parameters * 1e6, facts.batch * 1e6, int(m.training_value_bytes)
    )
    sent = step_bytes(model, Split.of(512, tensor=int(m.tensor_parallel), pipeline=int(m.pipeline_parallel)))
    shape = q.facts.tpu_v4_search.gpt3_best.gain
    return all_of(
        checks.has(
            text,
            *(f"{format_value(part / 1e9, 1)} GB" for part in (sent.tensor, sent.pipeline, sent.data)),
            "[@brown2020]",
        ),
        checks.has(text, f"{q.search.training_gain.n512.text} times", f"reports {shape.text}x"),
        prose_checks.reported(built, [shape.id], "jouppi2023"),
        checks.cells_equal(built.markdown(), FOUND, _cells(_found(q))),
        checks.cells_equal(built.markdown(), CROSS, _cells(_crossed(q))),
    )


@page.criterion
def length(built, q) -> Verdict:
    """700 to 1100 words"""
    return checks.length(built, page)
