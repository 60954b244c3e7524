"""Wave 9: lookups grouped by the parts of their coordinates, routed and counted."""

import re
from dataclasses import dataclass

import numpy as np

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.batch_experiments import drawn_batch
from phextpaper.engine.sparse.request_groups import grouped_ids as engine_batches
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.listings.sparse import batch_sparse_lookups, vocab_to_coord
from phextpaper.study.quantities.batching import LAWS, SEED, SKEWS, SWEEP
from phextpaper.study.quantities.claims import as_planned

page = Wave(
    n=9,
    name="Hierarchical batching",
    phase=1,
    minutes=25,
    needs=(3, 5, 8),
    output=("hierarchical-batching.md",),
    size_kb=(4, 6),
)

NAMES = {
    "unbatched": "unbatched",
    "by_chip": "flat, one a chip",
    "tree1": "tree by volume",
    "tree2": "tree by volume and book",
    "tree3": "tree by chapter too",
}
HOPS = ("Way", "Messages", "Hops", "Fewer hops", "Interval", "Fewer bytes x hops", "Busiest link")
SWEPT = ("IDs", "Law", "Each once", "Tree", "+/-", "Deep tree", "Flat", "Messages, tree")
SKEWED = ("Exponent", "Groups", "Each once", "Flat", "Tree", "Busiest", "Tree, scrambled", "Busiest")
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
    once: Quantity
    tree: Quantity
    half: Quantity
    deep: Quantity
    flat: Quantity
    messages: Quantity


@dataclass(frozen=True)
class Law:
    """A row of the table by exponent."""

    exponent: Quantity
    groups: Quantity
    once: Quantity
    flat: Quantity
    tree: Quantity
    busiest: Quantity
    scrambled: Quantity
    scrambled_busiest: Quantity


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
    count_confidence: Quantity
    expected: Quantity
    agree_sentence: str
    volumes_hit: Quantity
    books_hit: Quantity
    digit_words: str
    runs: Quantity
    confidence: Quantity
    ways: tuple[Way, ...]
    message_sentence: str
    byte_sentence: str
    link_sentence: str
    plan_reduction: Quantity
    plan_random: Quantity
    plan_groups: Quantity
    plan_setup: Quantity
    plan_inside: Quantity
    regrouped: Quantity
    request_hops: Quantity
    setup: Quantity
    inside: Quantity
    merged: Quantity
    merged_words: str
    fitted: Quantity
    flat: Quantity
    flat_words: str
    tree: Quantity
    flat_fitted: Quantity
    skew: Quantity
    one: Quantity
    least_runs: Quantity
    most_runs: Quantity
    sweep: tuple[Point, ...]
    sweep_sentence: str
    byte_least: Quantity
    byte_most: Quantity
    repeated_words: str
    skew_runs: Quantity
    laws: tuple[Law, ...]
    skew_sentence: str
    reach_sentence: str


@page.context
def context(q) -> Context:
    """Groups, hops, flat addressing, the sweeps."""
    b, plain, plan = q.batching, q.batching.reduction.plain, q.batching.plan
    return Context(
        coord_code=q.listing(vocab_to_coord),
        batch_code=q.listing(batch_sparse_lookups),
        batch=q.machine.batch,
        bins=b.bins,
        counted=b.counted_batches,
        observed=b.observed.mean,
        low=b.observed.low,
        high=b.observed.high,
        count_confidence=b.confidence.groups,
        expected=b.expected,
        agree_sentence=choose(b.agree, "The two agree.", "The two differ by more than chance explains."),
        volumes_hit=b.volumes_hit,
        books_hit=b.books_hit,
        digit_words=choose(as_planned(q, "base"), "plan's", "plain"),
        runs=b.runs,
        confidence=b.confidence.hops,
        ways=tuple(_ways(q)),
        message_sentence=_message_words(q),
        byte_sentence=_byte_words(q),
        link_sentence=_link_words(q),
        plan_reduction=plan.reduction,
        plan_random=plan.random,
        plan_groups=plan.groups,
        plan_setup=plan.setup,
        plan_inside=plan.inside,
        regrouped=b.plan_regrouped,
        request_hops=b.request_hops,
        setup=b.setup_hops,
        inside=b.inside_hops,
        merged=b.merged_reduction,
        merged_words=compare(
            b.merged_reduction, plan.reduction, "less than the plan's", "the plan's", "more than the plan's"
        ),
        fitted=b.reduction.fitted.tree3.mean,
        flat=plain.by_chip.mean,
        flat_words=compare(plain.by_chip.mean, plain.tree2.mean, "below", "equal to", "above"),
        tree=plain.tree2.mean,
        flat_fitted=b.reduction.fitted.by_chip.mean,
        skew=q.machine.skew,
        one=plain.unbatched.mean,
        least_runs=b.sweep_runs.least,
        most_runs=b.sweep_runs.most,
        sweep=tuple(_sweep(q)),
        sweep_sentence=_sweep_words(q),
        byte_least=b.sweep_byte_gain.least,
        byte_most=b.sweep_byte_gain.most,
        repeated_words=_repeated(q),
        skew_runs=b.skew_runs,
        laws=tuple(_laws(q)),
        skew_sentence=_skew_words(q),
        reach_sentence=_reach_words(q),
    )


def _ways(q):
    b = q.batching
    for way in NAMES:
        cost, found = b.cost.plain[way], b.reduction.plain[way]
        yield Way(
            NAMES[way],
            cost.messages,
            cost.hops,
            found.mean,
            found.low,
            found.high,
            b.byte_reduction.plain[way],
            cost.busiest,
        )


def _sweep(q):
    for size in SWEEP:
        for law in LAWS:
            found = q.batching.sweep[law][size]
            yield Point(
                q.batching.size[size],
                LAW_NAMES[law],
                found.each_once,
                found.tree2,
                q.batching.sweep_half[law][size],
                found.tree3,
                found.by_chip,
                q.batching.sweep_messages[law][size].tree2,
            )


def _laws(q):
    b = q.batching
    for name in SKEWS:
        plain, scrambled = b.by_skew.plain[name], b.by_skew.scrambled[name]
        yield Law(
            b.skew[name],
            b.by_skew_groups.plain[name],
            plain.each_once,
            plain.by_chip,
            plain.tree2,
            b.by_skew_busiest.plain[name],
            scrambled.tree2,
            b.by_skew_busiest.scrambled[name],
        )


def _message_words(q) -> str:
    b = q.batching
    tree, each = b.cost.plain.tree2, b.cost.plain.unbatched
    if tree.messages <= each.messages:
        return compare(
            tree.messages,
            each.messages,
            "The tree sends fewer messages than one for each request.",
            "The tree sends as many messages as there are requests.",
            "",
        )
    more = "sends more messages: those of its inner nodes come on top."
    return choose(b.reduction.plain.tree2.low > 1, f"The tree saves hops and {more}", f"The tree {more}")


def _byte_words(q) -> str:
    b, once = q.batching, q.batching.byte_reduction.plain.each_once
    gain = b.byte_reduction.plain.tree2
    why = choose(
        once - 1 > (gain - 1) / 2,
        ", mostly because a repeated ID is asked for once",
        choose(
            q.sparse.row_bytes > q.machine.message_header + q.machine.id_bytes,
            ", as each row travels back whichever way it was asked for",
            "",
        ),
    )
    return f"Bytes x hops change by a factor of {gain}{why}."


def _link_words(q) -> str:
    cost, load = q.batching.cost.plain, q.batching.row_load
    return (
        f"The busiest link carries {cost.tree2.busiest} requests {compare(cost.tree2.busiest, cost.unbatched.busiest, 'instead of', 'as before,', 'up from')} "
        f"{cost.unbatched.busiest}, and {load.tree2.with_unit} of rows {compare(load.tree2, load.unbatched, 'instead of', 'as before,', 'up from')} {load.unbatched.with_unit}."
    )


def _repeated(q) -> str:
    """What saves bytes: asking for a repeated ID once, or the tree."""
    b = q.batching
    return choose(
        b.sweep_once_most - 1 > (b.sweep_byte_gain.most - 1) / 2,
        ", and most of the largest comes from asking for a repeated ID once",
        "",
    )


def _flat_from(q, tree: str) -> str:
    """The sizes from which on flat addressing takes clearly fewer hops than a tree, by law; empty if there are none."""
    b, names, starts = q.batching, list(SWEEP), []
    for law in LAWS:
        found = [
            name
            for place, name in enumerate(names)
            if all(b.flat_gain[law][later][tree] > 1 for later in names[place:])
        ]
        starts += [f"{b.size[found[0]]} {LAW_NAMES[law]}"] if found else []
    return " and ".join(starts)


def _sweep_words(q) -> str:
    b, names = q.batching, list(SWEEP)
    always = min(b.sweep[law][size].tree2.value for law in LAWS for size in SWEEP) > 1
    words = [
        choose(
            always, "The tree takes fewer hops at every size and law.", "The tree does not take fewer hops everywhere."
        )
    ]
    more = [
        name
        for place, name in enumerate(names)
        if all(b.sweep_messages.uniform[earlier].tree2 < 1 for earlier in names[: place + 1])
    ]
    if more:
        words.append(
            f"It hurts where messages cost more than hops: up to {b.size[more[-1]]} uniform IDs it sends more of them."
        )
    beaten, deep = _flat_from(q, "tree2"), _flat_from(q, "tree3")
    words.append(
        f"Flat addressing takes clearly fewer hops than volume and book from {beaten} IDs on."
        if beaten
        else "At the largest size flat addressing takes no fewer hops than volume and book."
    )
    words.append(
        f"It beats the deep tree from {deep} IDs on, as it sends at most one message to each chip."
        if deep
        else "It does not beat the deep tree at the largest size."
    )
    return " ".join(words)


def _skew_words(q) -> str:
    """Why skew helps the tree, and what it costs."""
    b = q.batching
    first = "Popular IDs are small numbers and so lie in one book"
    if b.skew_eased.hops == b.skews and b.skew_eased.busiest == b.skews:
        return f"{first}, which saves hops and crowds a link. Scrambled, they spread: the tree saves less, and its busiest link carries fewer requests, at every exponent."
    return (
        f"{first}. Scrambled, the tree saves fewer hops at {b.skew_eased.hops} of {b.skews.with_unit}, "
        f"and its busiest link carries fewer requests at {b.skew_eased.busiest} of them."
    )


def _reach_words(q) -> str:
    """From which exponent on the plan's number holds."""
    b, names = q.batching, list(SKEWS)
    reached = [
        name
        for place, name in enumerate(names)
        if all(b.by_skew.plain[later].tree2 >= b.plan.reduction for later in names[place:])
    ]
    return (
        f"From exponent {b.skew[reached[0]]} on the tree reaches the plan's {b.plan.reduction}; the plan's own IDs are uniform."
        if reached
        else f"The tree reaches the plan's {b.plan.reduction} at none of them."
    )


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
    inputs = {
        "none": [],
        "one": [size - 1],
        "repeated": [5 % size] * 7,
        "uniform": rng.integers(0, size, 500).tolist(),
        "skewed": zipf_ids(500, size, 1.0, seed=4).tolist(),
    }
    wrong = []
    for name, ids in inputs.items():
        for depth in (1, 2, 3):
            groups = code(ids, depth, base)
            whole = sorted(id for members in groups.values() for id in members) == sorted(ids)
            alike = all(
                len({tuple(re.split("[./]", vocab_to_coord(id, base))[:depth]) for id in members}) == 1
                for members in groups.values()
            )
            same = not ids or len(groups) == len(engine_batches(words, ids, depth))
            wrong += [] if whole and alike and same else [f"{name} at depth {depth}"]
    return Verdict(
        not wrong,
        "a partition by volume, book and chapter, with as many groups as the engine's",
        f"wrong: {', '.join(wrong)}" if wrong else f"{len(inputs)} batches at 3 depths, all right",
        built.markdown().where("def batch_sparse_lookups"),
    )


def _counted_by_hand(q) -> tuple[int, int]:
    """Hops of the first batch, row by row in plain Python: each request on its own, and as a tree by volume and book."""
    shape, base, batch = q.node("layout.machine").shape, int(q.machine.base), int(q.machine.batch)
    ids, asking = drawn_batch(q.node("batching.vocabulary.plain"), shape, batch, 0.0, seed=SEED, run=0)
    start = tuple(int(part) for part in np.unravel_index(asking, shape))

    def hops(here, there):
        return sum(min((b - a) % length, (a - b) % length) for a, b, length in zip(here, there, shape, strict=True))

    def leader(group):
        return tuple((int(part) - 1) % length for part, length in zip(group, shape, strict=False)) + start[len(group) :]

    owner = {int(id): leader(re.split("[./]", vocab_to_coord(int(id), base))[:3]) for id in ids}
    books = batch_sparse_lookups(list(owner), 2, base)
    tree = sum(hops(start, leader(volume)) for volume in {book[:1] for book in books})
    tree += sum(
        hops(leader(book[:1]), leader(book)) + sum(hops(leader(book), owner[id]) for id in members)
        for book, members in books.items()
    )
    return sum(hops(start, owner[int(id)]) for id in ids), tree


@page.criterion
def hop_reduction(built, q) -> Verdict:
    """total hops batched and unbatched, computed by routing real requests over the coordinates, mean and interval over seeds"""
    rows = [
        (
            row.name,
            row.messages.text,
            row.hops.text,
            row.reduction.text,
            f"{row.low.text} to {row.high.text}",
            row.byte_reduction.text,
            row.busiest.text,
        )
        for row in _ways(q)
    ]
    first, counted = q.node("batching.experiment.plain").runs[0], _counted_by_hand(q)
    return all_of(
        checks.cells_equal(built.markdown().section("Hops"), HOPS, rows),
        checks.has(built.markdown(), f"The plan says {q.batching.plan.reduction.text} times"),
        Verdict(
            counted == (first.unbatched.hops, first.trees[1].hops),
            f"the first batch's hops as routed, {first.unbatched.hops} and {first.trees[1].hops}",
            f"{counted[0]} and {counted[1]} when counted row by row",
        ),
    )


@page.criterion
def example_1000(built, q) -> Verdict:
    """1000 IDs: number of batches observed, its expected value in closed form, and the two agree"""
    b, batch = q.batching, int(q.machine.batch)
    words = Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))
    sizes, counts = words.group_sizes(2)
    closed = float((counts * (1 - (1 - sizes / words.size) ** batch)).sum())
    text = built.markdown().section("A batch of")
    return all_of(
        checks.has(
            text, f"{b.observed.mean.text} groups are not empty", f"gives {format_value(closed, 1)}", "The two agree."
        ),
        Verdict(bool(b.agree), f"{closed:.2f} in the interval", f"{b.observed.low.text} to {b.observed.high.text}"),
    )


@page.criterion
def flat_comparison(built, q) -> Verdict:
    """against flat addressing without hierarchy"""
    plain = q.batching.reduction.plain
    swept = [
        (
            row.size.text,
            row.law,
            row.once.text,
            row.tree.text,
            row.half.text,
            row.deep.text,
            row.flat.text,
            row.messages.text,
        )
        for row in _sweep(q)
    ]
    laws = [
        (
            row.exponent.text,
            row.groups.text,
            row.once.text,
            row.flat.text,
            row.tree.text,
            row.busiest.text,
            row.scrambled.text,
            row.scrambled_busiest.text,
        )
        for row in _laws(q)
    ]
    section = built.markdown().section("Where it helps")
    return all_of(
        checks.has(
            built.markdown().section("Flat addressing"),
            f"{plain.by_chip.mean.text} times fewer hops",
            plain.tree2.mean.text,
        ),
        checks.cells_equal(section, SWEPT, swept),
        checks.cells_equal(section, SKEWED, laws),
    )


@page.criterion
def size(built, q) -> Verdict:
    """4 to 6 kB"""
    return checks.size(built, page)


@page.review("Does batching cut traffic? (hops and bytes)")
def traffic(q) -> Answer:
    """Hops and bytes apart."""
    b = q.batching
    found = b.reduction.plain.tree2
    return Answer(
        f"Hops: {choose(found.low > 1, 'yes', 'not clearly')}, by {found.mean} ({found.low} to {found.high}) for {q.machine.batch.with_unit}. Bytes x hops: by {b.byte_reduction.plain.tree2}, "
        "as the rows travel back whichever way they were asked for."
    )


@page.review("Is the plan's 7.7x realistic? (computed value and why)")
def realistic(q) -> Answer:
    """The computed reduction, and the reason."""
    b = q.batching
    found, plan = b.reduction.plain.tree2.mean, b.plan.reduction
    return Answer(
        f"{compare(found, plan, 'No', 'Yes', 'It is exceeded')}: {found} against the plan's {plan}. The plan sets {b.plan.random} hops against {b.plan.groups} groups of "
        f"{b.plan.setup} and {b.plan.inside.with_unit} inside. There are {b.observed.mean} groups, a lookup takes {b.request_hops.with_unit}, a way to a group {b.setup_hops}, "
        f"and a row lies {b.inside_hops.with_unit} from its leader. No batching on these routes saves more than {b.merged_reduction} times. Digits fitted to the machine reach "
        f"{b.reduction.fitted.tree3.mean}. {_reach_words(q)}"
    )


@page.review("For which batch sizes and skews does it help? (sweep)")
def where(q) -> Answer:
    """What the sweep says."""
    b = q.batching
    few, many = b.sweep.uniform.n10.tree2, b.sweep.uniform.n1000000.tree2
    return Answer(
        f"{_sweep_words(q)} By volume and book: {few} at {b.size.n10.with_unit} and {many} at {b.size.n1000000.with_unit}, uniform; "
        f"{b.sweep.zipf.n10.tree2} and {b.sweep.zipf.n1000000.tree2} for skewed ones."
    )
