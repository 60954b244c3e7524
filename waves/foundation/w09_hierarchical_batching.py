"""Wave 9: lookups grouped by the parts of their coordinates, routed and counted."""

import re
from dataclasses import dataclass

import numpy as np

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.request_groups import grouped_ids as engine_batches
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.checks.batching import hops_by_hand, printed_batching
from phextpaper.study.listings.sparse import batch_sparse_lookups, vocab_to_coord
from phextpaper.study.quantities.batching import LAWS, SKEWS, SWEEP
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
class Swept:
    """What the sweep shows: whether the tree takes fewer hops everywhere, and from which sizes on another way wins.

    Sizes are names of `SWEEP`; where none is, there is no such size.
    """

    always: bool
    more_messages_to: str
    flat_beats_tree: tuple[tuple[str, str], ...]
    flat_beats_deep: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Context:
    """Decisions of `hierarchical-batching.md`, and the code that it prints."""

    coord_code: str
    batch_code: str
    planned_digits: bool
    sweep: Swept
    reached: str


@page.context
def context(q: Quantities) -> Context:
    """Code, and where the sweeps turn."""
    return Context(
        coord_code=q.listing(vocab_to_coord),
        batch_code=q.listing(batch_sparse_lookups),
        planned_digits=as_planned(q, "base"),
        sweep=_swept(q),
        reached=_reached(q),
    )


def _swept(q: Quantities) -> Swept:
    b, names = q.batching, list(SWEEP)
    more = [
        name
        for place, name in enumerate(names)
        if all(b.sweep_messages.uniform[earlier].tree2 < 1 for earlier in names[: place + 1])
    ]
    return Swept(
        always=all(b.sweep[law][size].tree2 > 1 for law in LAWS for size in SWEEP),
        more_messages_to=more[-1] if more else "",
        flat_beats_tree=_flat_from(q, "tree2"),
        flat_beats_deep=_flat_from(q, "tree3"),
    )


def _flat_from(q: Quantities, tree: str) -> tuple[tuple[str, str], ...]:
    """The sizes from which on flat addressing takes clearly fewer hops than a tree, by law; empty if there are none."""
    names, starts = list(SWEEP), {}
    for law in LAWS:
        gain = q.batching.flat_gain[law]
        for place, name in enumerate(names):
            if law not in starts and all(gain[later][tree] > 1 for later in names[place:]):
                starts[law] = name
    return tuple(starts.items())


def _reached(q: Quantities) -> str:
    """The exponent from which on the tree reaches the plan's number; empty if there is none."""
    b, names = q.batching, list(SKEWS)
    held = (
        name
        for place, name in enumerate(names)
        if all(b.by_skew.plain[later].tree2 >= b.plan.reduction for later in names[place:])
    )
    return next(held, "")


@page.criterion
def algorithm(built: Artefacts, q: Quantities) -> Verdict:
    """grouping by volume, book, chapter is given as code that the check runs; it is a partition of its input"""
    code, size, base = printed_batching(built.markdown()), int(q.machine.ids), int(q.machine.base)
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


@page.criterion
def hop_reduction(built: Artefacts, q: Quantities) -> Verdict:
    """total hops batched and unbatched, computed by routing real requests over the coordinates, mean and interval over
    seeds
    """
    b = q.batching
    rows: list[tuple[str, ...]] = []
    for way, name in NAMES.items():
        cost, found = b.cost.plain[way], b.reduction.plain[way]
        interval = f"{found.low.text} to {found.high.text}"
        saved = (found.mean.text, interval, b.byte_reduction.plain[way].text)
        rows.append((name, cost.messages.text, cost.hops.text, *saved, cost.busiest.text))
    first, counted = q.node("batching.experiment.plain").runs[0], hops_by_hand(q)
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
def example_1000(built: Artefacts, q: Quantities) -> Verdict:
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
def flat_comparison(built: Artefacts, q: Quantities) -> Verdict:
    """against flat addressing without hierarchy"""
    b, plain, swept, laws = q.batching, q.batching.reduction.plain, [], []
    for size in SWEEP:
        for law, name in LAW_NAMES.items():
            found, half, sent = b.sweep[law][size], b.sweep_half[law][size], b.sweep_messages[law][size]
            cells = (found.each_once, found.tree2, half, found.tree3, found.by_chip, sent.tree2)
            swept.append((b.size[size].text, name, *(cell.text for cell in cells)))
    for skew in SKEWS:
        direct, scrambled, busiest = b.by_skew.plain[skew], b.by_skew.scrambled[skew], b.by_skew_busiest
        shares = (b.skew[skew], b.by_skew_groups.plain[skew], direct.each_once, direct.by_chip, direct.tree2)
        loads = (busiest.plain[skew], scrambled.tree2, busiest.scrambled[skew])
        laws.append(tuple(cell.text for cell in (*shares, *loads)))
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
def size(built: Artefacts, q: Quantities) -> Verdict:
    """4 to 6 kB"""
    return checks.size(built, page)


@page.review("Does batching cut traffic? (hops and bytes)")
def traffic(q: Quantities) -> Answer:
    """Hops and bytes apart."""
    return Answer(settled=True)


@page.review("Is the plan's 7.7x realistic? (computed value and why)")
def realistic(q: Quantities) -> Answer:
    """The computed reduction, and the reason."""
    return Answer(settled=True, rows={"reached": _reached(q)})


@page.review("For which batch sizes and skews does it help? (sweep)")
def where(q: Quantities) -> Answer:
    """What the sweep says."""
    return Answer(settled=True, rows={"sweep": _swept(q)})
