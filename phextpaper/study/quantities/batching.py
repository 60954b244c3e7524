"""Batches of lookups grouped by volume, book and chapter: how many groups, and what routing them saves."""

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse import request_messages
from phextpaper.engine.sparse.batch_experiments import Experiment, Interval, drawn_batch, mean_interval, route_batches
from phextpaper.engine.sparse.occupancy import expected_occupancy, uniform_occupancy
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.vocabularies import fitted, message_sizes, skew

SEED = 9
RUNS, SKEW_RUNS, LEAST_RUNS, ROUTED = (
    40,
    10,
    3,
    500_000,
)  # fewer runs of a batch where more IDs than that would be routed
COUNTED, DRAWN = 1000, 10**7
CONFIDENCE, COUNT_CONFIDENCE = 0.95, 0.999
ROUNDING = 1e-9
"""Share by which two ways to the same number may differ."""
RULES = ("plain", "fitted")
LAWS = ("uniform", "zipf")
WAYS = ("unbatched", "each_once", "by_chip", "tree1", "tree2", "tree3")
SWEEP = {
    "n10": (10, 20),
    "n100": (100, 20),
    "n1000": (1000, 40),
    "n10000": (10_000, 10),
    "n100000": (100_000, 6),
    "n1000000": (1_000_000, 4),
}
SKEWS = {"s5": 0.5, "s8": 0.8, "s10": 1.0, "s12": 1.2, "s15": 1.5}
SPREADS = ("plain", "scrambled")
BOUNDS = ("mean", "low", "high")


@node("batching.vocabulary.{}", each=RULES)
def vocabulary(q: Quantities, rule: str) -> Vocabulary:
    """The plan's digits, or digits that take as many values as the machine has volumes, books and chapters."""
    return Vocabulary.of_base(int(q.machine.ids), int(q.machine.base)) if rule == "plain" else fitted(q)


def runs_of(q: Quantities, most: int) -> int:
    """Runs of the machine's batch: `most`, or fewer where it is large."""
    return max(min(most, ROUTED // int(q.machine.batch)), LEAST_RUNS)


def routed(q: Quantities, words: Vocabulary, batch: int, exponent: float, runs: int) -> Experiment:
    """Batches drawn and routed over the machine's 3D torus, each from another chip."""
    return route_batches(
        words,
        q.node("layout.machine").shape,
        batch,
        exponent,
        message_sizes(q),
        runs=runs,
        seed=SEED,
        confidence=CONFIDENCE,
    )


@node("batching.experiment.{}", each=RULES, keep=True)
def experiment(q: Quantities, rule: str) -> Experiment:
    """The machine's batch of uniform IDs, again and again."""
    return routed(q, q.node(f"batching.vocabulary.{rule}"), int(q.machine.batch), 0.0, runs_of(q, RUNS))


@node("batching.point.{}.{}", each=((LAWS, tuple(SWEEP)),), keep=True)
def point(q: Quantities, law: str, size: str) -> Experiment:
    """A batch size and law of the sweep, under the plan's digits."""
    batch, runs = SWEEP[size]
    if law == "uniform" and (batch, runs) == (int(q.machine.batch), runs_of(q, RUNS)):
        return q.node("batching.experiment.plain")
    return routed(q, q.node("batching.vocabulary.plain"), batch, skew(q, law), runs)


@node("batching.skewed.{}.{}", each=((SPREADS, tuple(SKEWS)),), keep=True)
def skewed(q: Quantities, spread: str, exponent: str) -> Experiment:
    """The machine's batch under a steeper or flatter law, under the plan's digits of the IDs or of scrambled ones."""
    words = (
        Vocabulary.of_base(int(q.machine.ids), int(q.machine.base), seed=SEED)
        if spread == "scrambled"
        else q.node("batching.vocabulary.plain")
    )
    return routed(q, words, int(q.machine.batch), SKEWS[exponent], runs_of(q, SKEW_RUNS))


@number("batching.runs", "runs")
def runs(q: Quantities) -> int:
    """Batches drawn for the machine's batch size."""
    return runs_of(q, RUNS)


# ---------------------------------------------------------------------------------------------- groups
@number("batching.bins", "groups", by=Vocabulary.group_count)
def bins(q: Quantities) -> int:
    """Groups by volume and book that hold an ID at all."""
    return q.node("batching.vocabulary.plain").group_count(2)


@number("batching.volumes", "volumes", by=Vocabulary.group_count)
def volumes(q: Quantities) -> int:
    """Volumes that hold an ID at all."""
    return q.node("batching.vocabulary.plain").group_count(1)


@number("batching.books_per_volume", "books", by=Vocabulary.group_count, formula="groups / volumes")
def books_per_volume(q: Quantities) -> int:
    """Books of a volume that hold an ID at all, in the mean over volumes."""
    return round(q.batching.bins / q.batching.volumes)


@node("batching.counted")
def counted(q: Quantities) -> tuple[int, Interval]:
    """How many batches of uniform IDs are drawn, and the mean and interval of their groups by volume and book that are
    not empty.
    """
    words, batch = q.node("batching.vocabulary.plain"), int(q.machine.batch)
    many = min(COUNTED, max(DRAWN // batch, 2))
    found = words.groups(np.random.default_rng(SEED).integers(0, words.size, many * batch), 2).reshape(many, batch)
    found.sort(axis=1)
    return many, mean_interval(1 + np.count_nonzero(np.diff(found, axis=1), axis=1), confidence=COUNT_CONFIDENCE)


@number("batching.counted_batches", "batches")
def counted_batches(q: Quantities) -> int:
    """Batches whose groups are counted."""
    return q.node("batching.counted")[0]


@number("batching.observed.{}", "batches", 1, each=BOUNDS, by=mean_interval)
def observed(q: Quantities, which: str) -> float:
    """Groups by volume and book that are not empty in a batch of uniform IDs: mean over many batches and its
    interval.
    """
    return getattr(q.node("batching.counted")[1], which)


@number("batching.expected", "batches", 1, by=expected_occupancy, formula="sum over groups of 1 - (1 - share)^batch")
def expected(q: Quantities) -> float:
    """The same in closed form."""
    return uniform_occupancy(q.node("batching.vocabulary.plain"), int(q.machine.batch), 2).mean


@number("batching.agree", "", by=mean_interval)
def agree(q: Quantities) -> bool:
    """Whether the closed form lies in the interval observed, or as near as its own deviation allows where that interval
    has no width.
    """
    many, found = q.node("batching.counted")
    closed = uniform_occupancy(q.node("batching.vocabulary.plain"), int(q.machine.batch), 2)
    allowed = NormalDist().inv_cdf((1 + COUNT_CONFIDENCE) / 2) * closed.deviation / sqrt(many)
    return found.holds(closed.mean) or abs(found.mean - closed.mean) <= allowed + ROUNDING * closed.mean


@number("batching.volumes_hit", "volumes", 1, by=mean_interval)
def volumes_hit(q: Quantities) -> float:
    """Volumes that are not empty, in the mean."""
    return q.node("batching.experiment.plain").groups(1).mean


@number("batching.books_hit", "books", 1, formula="groups / volumes that are not empty")
def books_hit(q: Quantities) -> float:
    """Books of a volume that are not empty, in the mean."""
    return q.batching.observed.mean / q.batching.volumes_hit


# ---------------------------------------------------------------------------------------------- hops, messages, bytes
@number("batching.cost.{}.{}.hops", "hops", each=((RULES, WAYS),), by=request_messages.message_cost)
def hops(q: Quantities, rule: str, way: str) -> int:
    """Hops of all requests of a uniform batch, one way, in the mean over runs."""
    return round(q.node(f"batching.experiment.{rule}").cost(way, "hops").mean)


@number("batching.cost.{}.{}.messages", "messages", each=((RULES, WAYS),), by=request_messages.message_cost)
def messages(q: Quantities, rule: str, way: str) -> int:
    """Messages that cross a link, in the mean over runs."""
    return round(q.node(f"batching.experiment.{rule}").cost(way, "messages").mean)


@number("batching.cost.{}.{}.busiest", "messages", 1, each=((RULES, WAYS),), by=request_messages.message_loads)
def busiest(q: Quantities, rule: str, way: str) -> float:
    """Requests on the busiest directed link, in the mean over runs."""
    return q.node(f"batching.experiment.{rule}").cost(way, "busiest_messages").mean


@number("batching.reduction.{}.{}.{}", "x", 2, each=((RULES, WAYS, BOUNDS),), by=mean_interval)
def reduction(q: Quantities, rule: str, way: str, which: str) -> float:
    """How many times fewer hops than unbatched a way takes for a uniform batch: mean of the runs' ratios and its
    interval of 95 %.
    """
    return getattr(q.node(f"batching.experiment.{rule}").reduction(way), which)


@number("batching.byte_reduction.{}.{}", "x", 2, each=((RULES, WAYS),), by=mean_interval)
def byte_reduction(q: Quantities, rule: str, way: str) -> float:
    """How many times fewer bytes x hops than unbatched a way takes, rows that come back included."""
    return q.node(f"batching.experiment.{rule}").reduction(way, "byte_hops").mean


@number("batching.links_used", "links", by=request_messages.message_loads)
def links_used(q: Quantities) -> int:
    """Directed links that the requests of a uniform batch use at all, in the mean: the hops left if all messages on a
    link were one.
    """
    return round(q.node("batching.experiment.plain").cost("unbatched", "links").mean)


@number("batching.merged_reduction", "x", 2, formula="hops unbatched / links used")
def merged_reduction(q: Quantities) -> float:
    """How many times fewer hops there were if all messages on a link were one: the most that any batching on these
    routes can reach.
    """
    return q.batching.cost.plain.unbatched.hops / max(q.batching.links_used, 1)


@number("batching.row_load.{}", "kB", 1, each=WAYS, by=request_messages.message_loads)
def row_load(q: Quantities, way: str) -> float:
    """Bytes of rows that come back over the busiest directed link for a uniform batch, in the mean over runs."""
    return q.node("batching.experiment.plain").cost(way, "busiest_row_bytes").mean


@number("batching.request_hops", "hops", 2, by=request_messages.torus_hops, formula="hops of all requests / requests")
def request_hops(q: Quantities) -> float:
    """Hops of one request of a uniform batch on its own, in the mean; one of a row that the asking chip owns has
    none.
    """
    return q.node("batching.experiment.plain").cost("unbatched", "hops").mean / q.machine.batch


@node("batching.anatomy")
def anatomy(q: Quantities) -> NDArray[np.float64]:
    """Hops of a uniform batch that goes by volume and book, split: to the groups' leaders, and from there to the rows;
    groups, rows.
    """
    words, shape, found = q.node("batching.vocabulary.plain"), q.node("layout.machine").shape, np.zeros(4)
    for run in range(runs_of(q, RUNS)):
        ids, asking = drawn_batch(words, shape, int(q.machine.batch), 0.0, seed=SEED, run=run)
        rows = request_messages.RequestedRows.of(words, ids, shape, asking)
        tree, last = rows.tree(2), len(rows.each_once().rows)
        hop = tree.count * request_messages.torus_hops(tree.sources, tree.targets, shape)
        found += (
            hop[:-last].sum(),
            hop[-last:].sum(),
            len(np.unique(rows.positions // words.group_size(2))),
            len(rows.positions),
        )
    return found


@number("batching.setup_hops", "hops", 2, by=request_messages.torus_hops, formula="hops to leaders / groups")
def setup_hops(q: Quantities) -> float:
    """Hops that it takes to reach a group, shared by all groups of a batch."""
    to_leaders, _, groups, _ = q.node("batching.anatomy")
    return to_leaders / groups


@number("batching.inside_hops", "hops", 2, by=request_messages.torus_hops, formula="hops from leaders / rows")
def inside_hops(q: Quantities) -> float:
    """Hops from the leader of a group to the owner of a row."""
    _, inside, _, rows = q.node("batching.anatomy")
    return inside / rows


@number("batching.plan.{}", "", ".3g", kind="assumed", each=("reduction", "random", "groups", "setup", "inside"))
def plan(q: Quantities, what: str) -> float:
    """What the plan states (plan/seed.md, lines 520 to 527): times fewer hops, hops of a lookup, groups, hops to set
    one up, hops inside it.
    """
    return {"reduction": 7.7, "random": 10, "groups": 100, "setup": 3, "inside": 1}[what]


@number("batching.plan_regrouped", "x", 2, formula="batch x hops of a lookup / (groups x set-up + batch x inside)")
def plan_regrouped(q: Quantities) -> float:
    """The plan's own sum with its hops and with the groups that there are."""
    plan, batch = q.batching.plan, int(q.machine.batch)
    return batch * plan.random / (q.batching.observed.mean * plan.setup + batch * plan.inside)


@number("batching.confidence.{}", "%", ".3g", each=("hops", "groups"))
def confidence(q: Quantities, what: str) -> float:
    """Confidence of the intervals of hops, and of groups."""
    return {"hops": CONFIDENCE, "groups": COUNT_CONFIDENCE}[what]


# ---------------------------------------------------------------------------------------------- sweep
@number("batching.size.{}", "IDs", each=tuple(SWEEP))
def size(q: Quantities, name: str) -> int:
    """A batch size of the sweep."""
    return SWEEP[name][0]


@number("batching.sweep_runs.{}", "runs", each=("least", "most"))
def sweep_runs(q: Quantities, which: str) -> int:
    """Fewest and most batches drawn for a point of the sweep."""
    return (min if which == "least" else max)(runs for _, runs in SWEEP.values())


@number("batching.sweep_half.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP)),), by=mean_interval)
def sweep_half(q: Quantities, law: str, size: str) -> float:
    """Half the width of the interval of volume and book in the sweep."""
    found = q.node(f"batching.point.{law}.{size}").reduction("tree2")
    return (found.high - found.low) / 2


@number("batching.sweep.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS),), by=mean_interval)
def sweep(q: Quantities, law: str, size: str, way: str) -> float:
    """How many times fewer hops than unbatched a way takes in the sweep."""
    return q.node(f"batching.point.{law}.{size}").reduction(way).mean


@number("batching.flat_gain.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS[3:]),), by=mean_interval)
def flat_gain(q: Quantities, law: str, size: str, tree: str) -> float:
    """How many times fewer hops one message a chip takes than a tree, in the same batches: the lower end of the
    interval.
    """
    return q.node(f"batching.point.{law}.{size}").reduction("by_chip", against=tree).low


@number("batching.sweep_messages.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS),), by=mean_interval)
def sweep_messages(q: Quantities, law: str, size: str, way: str) -> float:
    """How many times fewer messages than unbatched a way takes in the sweep; below one it takes more."""
    return q.node(f"batching.point.{law}.{size}").reduction(way, "messages").mean


@number("batching.sweep_bytes.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS),), by=mean_interval)
def sweep_bytes(q: Quantities, law: str, size: str, way: str) -> float:
    """How many times fewer bytes x hops than unbatched a way takes in the sweep."""
    return q.node(f"batching.point.{law}.{size}").reduction(way, "byte_hops").mean


@number("batching.sweep_byte_gain.{}", "x", 2, each=("least", "most"), formula="extreme of the sweep")
def sweep_byte_gain(q: Quantities, which: str) -> float:
    """Least and most reduction of bytes x hops by volume and book in the whole sweep."""
    found = [q.batching.sweep_bytes[law][size].tree2 for law in LAWS for size in SWEEP]
    return (min if which == "least" else max)(value.value for value in found)


@number("batching.sweep_once_most", "x", 2, formula="each ID once, where volume and book reduce bytes x hops most")
def sweep_once_most(q: Quantities) -> float:
    """What asking for a repeated ID once saves of bytes x hops, at that point of the sweep."""
    points = [(law, size) for law in LAWS for size in SWEEP]
    law, size = max(points, key=lambda point: q.batching.sweep_bytes[point[0]][point[1]].tree2.value)
    return q.batching.sweep_bytes[law][size].each_once.value


# ---------------------------------------------------------------------------------------------- skew
@number("batching.skew.{}", "", 1, each=tuple(SKEWS))
def skew_exponent(q: Quantities, name: str) -> float:
    """An exponent of Zipf's law."""
    return SKEWS[name]


@number("batching.skew_runs", "runs")
def skew_runs(q: Quantities) -> int:
    """Batches drawn for each exponent."""
    return runs_of(q, SKEW_RUNS)


@number("batching.by_skew.{}.{}.{}", "x", 2, each=((SPREADS, tuple(SKEWS), WAYS),), by=mean_interval)
def by_skew(q: Quantities, spread: str, exponent: str, way: str) -> float:
    """How many times fewer hops than unbatched a way takes for the machine's batch under that law."""
    return q.node(f"batching.skewed.{spread}.{exponent}").reduction(way).mean


@number("batching.by_skew_groups.{}.{}", "batches", 1, each=((SPREADS, tuple(SKEWS)),), by=mean_interval)
def by_skew_groups(q: Quantities, spread: str, exponent: str) -> float:
    """Groups by volume and book that are not empty under that law."""
    return q.node(f"batching.skewed.{spread}.{exponent}").groups(2).mean


@number(
    "batching.by_skew_busiest.{}.{}", "messages", 1, each=((SPREADS, tuple(SKEWS)),), by=request_messages.message_loads
)
def by_skew_busiest(q: Quantities, spread: str, exponent: str) -> float:
    """Requests on the busiest directed link by volume and book under that law."""
    return q.node(f"batching.skewed.{spread}.{exponent}").cost("tree2", "busiest_messages").mean


@number("batching.skew_eased.{}", "exponents", each=("hops", "busiest"))
def skew_eased(q: Quantities, what: str) -> int:
    """Exponents at which scrambled IDs save fewer hops by volume and book, or load the busiest link less."""
    b = q.batching
    if what == "hops":
        return sum(b.by_skew.scrambled[name].tree2 < b.by_skew.plain[name].tree2 for name in SKEWS)
    return sum(b.by_skew_busiest.scrambled[name] < b.by_skew_busiest.plain[name] for name in SKEWS)


@number("batching.skews", "exponents")
def skews(q: Quantities) -> int:
    """Exponents looked at."""
    return len(SKEWS)
