"""Wave 9: lookups grouped by the parts of their coordinates, routed and counted."""

import re
from dataclasses import dataclass

import numpy as np

from phextpaper import checks
from phextpaper.engine.batching import batches as engine_batches
from phextpaper.engine.vocabulary import Vocabulary
from phextpaper.engine.zipf import zipf_ids
from phextpaper.listings.sparse import batch_sparse_lookups, vocab_to_coord
from phextpaper.quantities.batching import LAWS, SWEEP, WAYS
from phextpaper.quantity import Quantity, choose, compare
from phextpaper.wave import Answer, Verdict, Wave, all_of

page = Wave(
    n=9,
    name="Hierarchical batching",
    phase=1,
    minutes=25,
    needs=(3, 5, 8),
    output=("hierarchical-batching.md",),
    size_kb=(4, 6),
)

NAMES = {"unbatched": "unbatched", "each_once": "each ID once", "by_chip": "flat, one a chip", "tree1": "tree by volume", "tree2": "tree by volume and book",
         "tree3": "tree by chapter too"}
HOPS = ("Way", "Messages", "Hops", "Fewer hops", "Interval", "Bytes x hops saved", "Busiest link (requests)")
SWEPT = ("IDs", "Law", "Tree", "Deep tree", "Flat", "Messages, tree")
LAW_NAMES = {"uniform": "uniform", "zipf": "Zipf"}


@dataclass(frozen=True)
class Way:
    """A row of the hop table."""

    name: str
    messages: Quantity
    hops: Quantity
    reduction: Quantity
    low: Quantity
    high: Quantity
    byte_reduction: Quantity
    busiest: Quantity


@dataclass(frozen=True)
class Point:
    """A row of the sweep."""

    size: Quantity
    law: str
    tree: Quantity
    deep: Quantity
    flat: Quantity
    messages: Quantity


@dataclass(frozen=True)
class Context:
    """What `hierarchical-batching.md` prints."""

    coord_code: str
    batch_code: str
    batch: Quantity
    bins: Quantity
    counted: Quantity
    observed: Quantity
    low: Quantity
    high: Quantity
    expected: Quantity
    agree_sentence: str
    volumes_hit: Quantity
    books_hit: Quantity
    runs: Quantity
    confidence: Quantity
    count_confidence: Quantity
    repeated_words: str
    ways: tuple[Way, ...]
    message_sentence: str
    byte_sentence: str
    link_sentence: str
    plan_reduction: Quantity
    plan_groups: Quantity
    plan_setup: Quantity
    plan_inside: Quantity
    setup: Quantity
    inside: Quantity
    fitted: Quantity
    flat: Quantity
    flat_words: str
    tree: Quantity
    skew: Quantity
    one: Quantity
    sweep: tuple[Point, ...]
    sweep_sentence: str
    byte_least: Quantity
    byte_most: Quantity


@page.context
def context(q) -> Context:
    """Groups, hops, flat addressing, the sweep."""
    b, plain = q.batching, q.batching.reduction.plain
    return Context(
        coord_code=q.listing(vocab_to_coord), batch_code=q.listing(batch_sparse_lookups), batch=q.machine.batch, bins=b.bins, counted=b.counted_batches,
        observed=b.observed.mean, low=b.observed.low, high=b.observed.high, expected=b.expected,
        agree_sentence=choose(b.agree, "The two agree.", "It lies outside that interval, which chance alone does once in a hundred times."), volumes_hit=b.volumes_hit,
        books_hit=b.books_hit, runs=b.runs, ways=tuple(_ways(q)), message_sentence=_message_words(q), byte_sentence=_byte_words(q), link_sentence=_link_words(q),
        plan_reduction=b.plan.reduction, plan_groups=b.plan.groups, plan_setup=b.plan.setup, plan_inside=b.plan.inside,
        confidence=b.confidence.hops, count_confidence=b.confidence.groups, repeated_words=_repeated(q), setup=b.setup_hops, inside=b.inside_hops, fitted=b.reduction.fitted.tree3.mean,
        flat=plain.by_chip.mean, flat_words=compare(plain.by_chip.mean, plain.tree2.mean, "below", "equal to", "above"), tree=plain.tree2.mean,
        skew=q.machine.skew, one=plain.unbatched.mean, sweep=tuple(_sweep(q)), sweep_sentence=_sweep_words(q), byte_least=b.sweep_byte_gain.least, byte_most=b.sweep_byte_gain.most)


def _ways(q):
    b = q.batching
    for way in WAYS:
        cost, found = b.cost.plain[way], b.reduction.plain[way]
        yield Way(NAMES[way], cost.messages, cost.hops, found.mean, found.low, found.high, b.byte_reduction.plain[way], cost.busiest)


def _sweep(q):
    for size in SWEEP:
        for law in LAWS:
            found = q.batching.sweep[law][size]
            yield Point(q.batching.size[size], LAW_NAMES[law], found.tree2, found.tree3, found.by_chip, q.batching.sweep_messages[law][size].tree2)


def _message_words(q) -> str:
    cost = q.batching.cost.plain
    return compare(cost.tree2.messages, cost.unbatched.messages, "The tree sends fewer messages than one for each request.", "The tree sends as many messages as there are requests.",
                   "The tree saves hops and sends more messages: those of its inner nodes come on top.")


def _byte_words(q) -> str:
    gain = q.batching.byte_reduction.plain.tree2
    return f"Bytes x hops change by a factor of {gain} " + choose(q.sparse.row_bytes > q.machine.message_header + q.machine.id_bytes,
                                                                "with the rows that travel back, each larger than its request.", "with the rows that travel back.")


def _link_words(q) -> str:
    cost = q.batching.cost.plain
    return f"The busiest link carries {cost.tree2.busiest} requests " + compare(cost.tree2.busiest, cost.unbatched.busiest, "instead of", "as before,", "up from") + f" {cost.unbatched.busiest}."


def _repeated(q) -> str:
    """What saves bytes: asking for a repeated ID once, or the tree."""
    found = q.batching.sweep_bytes.zipf.n1000000
    return choose(found.each_once - 1 > (found.tree2 - 1) / 2, ", and most of the largest comes from asking for a repeated ID once", "")


def _sweep_words(q) -> str:
    names = list(SWEEP)
    better = [name for place, name in enumerate(names)
              if all(q.batching.sweep.uniform[later].by_chip > q.batching.sweep.uniform[later].tree2 for later in names[place:])]
    start = f"From {q.batching.size[better[0]]} uniform IDs on" if better else ""
    always = min(q.batching.sweep[law][size].tree2.value for law in LAWS for size in SWEEP) > 1
    first = choose(always, "The tree takes fewer hops at every size and law.", "The tree does not take fewer hops everywhere.")
    more = [name for place, name in enumerate(names) if all(q.batching.sweep_messages.uniform[earlier].tree2 < 1 for earlier in names[:place + 1])]
    hurts = f" It hurts where messages cost more than hops: up to {q.batching.size[more[-1]]} uniform IDs it sends more of them." if more else ""
    why = choose(bool(better) and q.layout.active_chips < q.batching.size[better[0]], ", because the machine has fewer chips than such a batch has rows", "") if better else ""
    return first + hurts + (f" {start} flat addressing takes fewer hops than volume and book{why}." if better else
                            " At the largest size flat addressing takes no fewer hops than volume and book.")


def _batches(built):
    found: dict = {}
    text = "\n".join(fence.text for fence in built.markdown().fences if fence.language == "python")
    exec(compile("import re\n" + text, "hierarchical-batching.md", "exec"), found)
    return found["batch_sparse_lookups"]


@page.criterion
def algorithm(built, q) -> Verdict:
    """grouping by volume, book, chapter is given as code that the check runs; it is a partition of its input"""
    code, size, base = _batches(built), int(q.machine.ids), int(q.machine.base)
    words, rng = Vocabulary.of_base(size, base), np.random.default_rng(3)
    inputs = {"none": [], "one": [size - 1], "repeated": [5 % size] * 7, "uniform": rng.integers(0, size, 500).tolist(),
              "skewed": zipf_ids(500, size, 1.0, seed=4).tolist()}
    wrong = []
    for name, ids in inputs.items():
        for depth in (1, 2, 3):
            groups = code(ids, depth, base)
            whole = sorted(id for members in groups.values() for id in members) == sorted(ids)
            alike = all(len({tuple(re.split("[./]", vocab_to_coord(id, base))[:depth]) for id in members}) == 1 for members in groups.values())
            same = not ids or len(groups) == len(engine_batches(words, ids, depth))
            wrong += [] if whole and alike and same else [f"{name} at depth {depth}"]
    return Verdict(not wrong, "a partition by volume, book and chapter, with as many groups as the engine's", f"wrong: {', '.join(wrong)}" if wrong
                   else f"{len(inputs)} batches at 3 depths, all right", built.markdown().where("def batch_sparse_lookups"))


@page.criterion
def hop_reduction(built, q) -> Verdict:
    """total hops batched and unbatched, computed by routing real requests over the coordinates, mean and interval over seeds"""
    rows = [(row.name, row.messages.text, row.hops.text, row.reduction.text, f"{row.low.text} to {row.high.text}", row.byte_reduction.text, row.busiest.text) for row in _ways(q)]
    return all_of(checks.cells_equal(built.markdown().section("Hops"), HOPS, rows),
                  checks.has(built.markdown(), f"The plan says {q.batching.plan.reduction.text} times"))


@page.criterion
def example_1000(built, q) -> Verdict:
    """1000 IDs: number of batches observed, its expected value in closed form, and the two agree"""
    b, batch = q.batching, int(q.machine.batch)
    words = Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))
    sizes, counts = words.group_sizes(2)
    closed = float((counts * (1 - (1 - sizes / words.size) ** batch)).sum())
    text = built.markdown().section("A batch of")
    return all_of(checks.has(text, f"{b.observed.mean.text} groups are not empty", f"gives {closed:.1f}", "The two agree."),
                  Verdict(b.observed.low <= closed <= b.observed.high, f"{closed:.2f} in the interval", f"{b.observed.low.text} to {b.observed.high.text}"))


@page.criterion
def flat_comparison(built, q) -> Verdict:
    """against flat addressing without hierarchy"""
    plain = q.batching.reduction.plain
    rows = [(row.size.text, row.law, row.tree.text, row.deep.text, row.flat.text, row.messages.text) for row in _sweep(q)]
    return all_of(checks.has(built.markdown().section("Flat addressing"), f"{plain.by_chip.mean.text} times fewer hops", plain.tree2.mean.text),
                  checks.cells_equal(built.markdown().section("Where it helps"), SWEPT, rows))


@page.criterion
def size(built, q) -> Verdict:
    """4 to 6 kB"""
    return checks.size(built, page)


@page.review("Does batching cut traffic? (hops and bytes)")
def traffic(q) -> Answer:
    """Hops and bytes apart."""
    b = q.batching
    found = b.reduction.plain.tree2
    return Answer(f"Hops: {choose(found.low > 1, 'yes', 'not clearly')}, by {found.mean} ({found.low} to {found.high}) for {q.machine.batch.with_unit}. Bytes x hops: by {b.byte_reduction.plain.tree2}, "
                  "as the rows travel back whichever way they were asked for.")


@page.review("Is the plan's 7.7x realistic? (computed value and why)")
def realistic(q) -> Answer:
    """The computed reduction, and the reason."""
    b = q.batching
    found, plan = b.reduction.plain.tree2.mean, b.plan.reduction
    return Answer(f"{compare(found, plan, 'No', 'Yes', 'It is exceeded')}: {found} against the plan's {plan}. There are {b.observed.mean} groups, a way to one takes {b.setup_hops.with_unit} and a row lies "
                  f"{b.inside_hops.with_unit} from its leader. Digits fitted to the machine reach {b.reduction.fitted.tree3.mean}.")


@page.review("For which batch sizes and skews does it help? (sweep)")
def where(q) -> Answer:
    """What the sweep says."""
    b = q.batching
    few, many = b.sweep.uniform.n10.tree2, b.sweep.uniform.n1000000.tree2
    return Answer(f"{_sweep_words(q)} By volume and book: {few} at {b.size.n10.with_unit} and {many} at {b.size.n1000000.with_unit}, uniform; "
                  f"{b.sweep.zipf.n10.tree2} and {b.sweep.zipf.n1000000.tree2} for skewed ones.")
