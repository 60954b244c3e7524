"""Batches of lookups grouped by volume, book and chapter: how many groups there are, and what routing them over the torus saves."""

import numpy as np

from phextpaper.engine import request_routing
from phextpaper.engine.batching import expected_occupancy, uniform_occupancy
from phextpaper.engine.batching_sweep import Experiment, mean_interval, route_batches
from phextpaper.engine.vocabulary import Vocabulary
from phextpaper.engine.zipf import zipf_ids
from phextpaper.quantities.sparse import fitted
from phextpaper.quantity import node, number

SEED, RUNS, COUNTED = 9, 40, 1000
CONFIDENCE, COUNT_CONFIDENCE = 0.95, 0.99
RULES = ("plain", "fitted")
LAWS = ("uniform", "zipf")
WAYS = ("unbatched", "each_once", "by_chip", "tree1", "tree2", "tree3")
SWEEP = {"n10": (10, 20), "n100": (100, 20), "n1000": (1000, RUNS), "n10000": (10_000, 8), "n100000": (100_000, 4), "n1000000": (1_000_000, 3)}
BOUNDS = ("mean", "low", "high")


def sizes(q) -> request_routing.Sizes:
    """Bytes of a header, of an ID and of a row."""
    m = q.machine
    return request_routing.Sizes(int(m.message_header), int(m.id_bytes), int(m.row_values * m.value_bytes))


def skew(q, law: str) -> float:
    """The exponent of a law of popularity."""
    return float(q.machine.skew) if law == "zipf" else 0.0


@node("batching.vocabulary.{}", each=RULES)
def vocabulary(q, rule):
    """The plan's digits, or digits that take as many values as the machine has volumes, books and chapters."""
    return Vocabulary.of_base(int(q.machine.ids), int(q.machine.base)) if rule == "plain" else fitted(q)


@node("batching.experiment.{}.{}", each=((RULES, LAWS),))
def experiment(q, rule, law) -> Experiment:
    """The machine's batch, drawn and routed over the 3D torus again and again, each time from another chip."""
    return route_batches(q.node(f"batching.vocabulary.{rule}"), q.node("layout.machine").shape, int(q.machine.batch), skew(q, law), sizes(q),
                         runs=RUNS, seed=SEED, confidence=CONFIDENCE)


@node("batching.point.{}.{}", each=((LAWS, tuple(SWEEP)),))
def point(q, law, size) -> Experiment:
    """A batch size and law of the sweep, under the plan's digits."""
    batch, runs = SWEEP[size]
    return route_batches(q.node("batching.vocabulary.plain"), q.node("layout.machine").shape, batch, skew(q, law), sizes(q), runs=runs, seed=SEED)


@number("batching.runs", "runs")
def runs(q):
    """Batches drawn for the machine's batch size."""
    return RUNS


# ---------------------------------------------------------------------------------------------- groups
@number("batching.bins", "groups", by=Vocabulary.group_count)
def bins(q):
    """Groups by volume and book that hold an ID at all."""
    return q.node("batching.vocabulary.plain").group_count(2)


@number("batching.volumes", "volumes", by=Vocabulary.group_count)
def volumes(q):
    """Volumes that hold an ID at all."""
    return q.node("batching.vocabulary.plain").group_count(1)


@number("batching.books_per_volume", "books", by=Vocabulary.group_count, formula="groups / volumes")
def books_per_volume(q):
    """Books of a volume that hold an ID at all, in the mean over volumes."""
    return round(q.batching.bins / q.batching.volumes)


@node("batching.counted")
def counted(q):
    """Groups by volume and book that are not empty, mean over many batches of uniform IDs and its interval of that confidence."""
    words, batch = q.node("batching.vocabulary.plain"), int(q.machine.batch)
    many = min(COUNTED, max(10**7 // batch, 2))
    found = words.groups(zipf_ids(many * batch, words.size, 0.0, seed=SEED), 2).reshape(many, batch)
    found.sort(axis=1)
    return many, mean_interval(1 + np.count_nonzero(np.diff(found, axis=1), axis=1), confidence=COUNT_CONFIDENCE)


@number("batching.counted_batches", "batches")
def counted_batches(q):
    """Batches whose groups are counted."""
    return q.node("batching.counted")[0]


@number("batching.observed.{}", "batches", 1, each=BOUNDS, by=mean_interval)
def observed(q, which):
    """Groups by volume and book that are not empty in a batch of uniform IDs: mean over many batches and its interval of 99 %."""
    return getattr(q.node("batching.counted")[1], which)


@number("batching.expected", "batches", 1, by=expected_occupancy, formula="sum over groups of 1 - (1 - share)^batch")
def expected(q):
    """The same in closed form."""
    return uniform_occupancy(q.node("batching.vocabulary.plain"), int(q.machine.batch), 2).mean


@number("batching.agree", "", by=mean_interval)
def agree(q):
    """Whether the closed form lies in the interval observed."""
    return q.node("batching.counted")[1].holds(float(q.batching.expected.value))


@number("batching.volumes_hit", "volumes", 1, by=mean_interval)
def volumes_hit(q):
    """Volumes that are not empty, in the mean."""
    return q.node("batching.experiment.plain.uniform").groups(1).mean


@number("batching.books_hit", "books", 1, formula="groups / volumes that are not empty")
def books_hit(q):
    """Books of a volume that are not empty, in the mean."""
    return q.batching.observed.mean / q.batching.volumes_hit


# ---------------------------------------------------------------------------------------------- hops, messages, bytes
@number("batching.cost.{}.{}.hops", "hops", each=((RULES, WAYS),), by=request_routing.routing_cost)
def hops(q, rule, way):
    """Hops of all requests of a uniform batch, one way, in the mean over runs."""
    return round(q.node(f"batching.experiment.{rule}.uniform").cost(way, "hops").mean)


@number("batching.cost.{}.{}.messages", "messages", each=((RULES, WAYS),), by=request_routing.routing_cost)
def messages(q, rule, way):
    """Messages that cross a link, in the mean over runs."""
    return round(q.node(f"batching.experiment.{rule}.uniform").cost(way, "messages").mean)


@number("batching.cost.{}.{}.busiest", "messages", 1, each=((RULES, WAYS),), by=request_routing.message_loads)
def busiest(q, rule, way):
    """Requests on the busiest directed link, in the mean over runs."""
    return q.node(f"batching.experiment.{rule}.uniform").cost(way, "busiest_messages").mean


@number("batching.reduction.{}.{}.{}", "x", 2, each=((RULES, WAYS, BOUNDS),), by=mean_interval)
def reduction(q, rule, way, which):
    """How many times fewer hops than unbatched a way takes for a uniform batch: mean of the runs' ratios and its interval of 95 %."""
    return getattr(q.node(f"batching.experiment.{rule}.uniform").reduction(way), which)


@number("batching.byte_reduction.{}.{}", "x", 2, each=((RULES, WAYS),), by=mean_interval)
def byte_reduction(q, rule, way):
    """How many times fewer bytes x hops than unbatched a way takes, rows that come back included."""
    return q.node(f"batching.experiment.{rule}.uniform").reduction(way, "byte_hops").mean


@number("batching.request_hops", "hops", 2, by=request_routing.distances, formula="hops of all requests / requests")
def request_hops(q):
    """Hops of one request of a uniform batch on its own, in the mean; one of a row that the asking chip owns has none."""
    return q.node("batching.experiment.plain.uniform").cost("unbatched", "hops").mean / q.machine.batch


@node("batching.anatomy")
def anatomy(q):
    """Hops of a uniform batch that goes by volume and book, split: to the groups' leaders, and from there to the rows; groups, rows."""
    words, shape = q.node("batching.vocabulary.plain"), q.node("layout.machine").shape
    rng, found = np.random.default_rng(SEED), np.zeros(4)
    for run in range(RUNS):
        ids = zipf_ids(int(q.machine.batch), words.size, 0.0, seed=run)
        rows = request_routing.RequestedRows.of(words, ids, shape, int(rng.integers(0, np.prod(shape))))
        tree, last = rows.tree(2), len(rows.each_once().rows)
        hop = tree.count * request_routing.distances(tree.sources, tree.targets, shape)
        found += hop[:-last].sum(), hop[-last:].sum(), len(np.unique(rows.positions // words.group_size(2))), len(rows.positions)
    return found


@number("batching.setup_hops", "hops", 2, by=request_routing.distances, formula="hops to leaders / groups")
def setup_hops(q):
    """Hops that it takes to reach a group, shared by all groups of a batch."""
    to_leaders, _, groups, _ = q.node("batching.anatomy")
    return to_leaders / groups


@number("batching.inside_hops", "hops", 2, by=request_routing.distances, formula="hops from leaders / rows")
def inside_hops(q):
    """Hops from the leader of a group to the owner of a row."""
    _, inside, _, rows = q.node("batching.anatomy")
    return inside / rows


@number("batching.plan.{}", "", ".3g", kind="assumed", each=("reduction", "groups", "setup", "inside"))
def plan(q, what):
    """What the plan states (plan/seed.md, lines 520 to 527): times fewer hops, groups, hops to set one up, hops inside it."""
    return {"reduction": 7.7, "groups": 100, "setup": 3, "inside": 1}[what]


@number("batching.confidence.{}", "%", each=("hops", "groups"))
def confidence(q, what):
    """Confidence of the intervals of hops, and of groups."""
    return round(100 * {"hops": CONFIDENCE, "groups": COUNT_CONFIDENCE}[what])


# ---------------------------------------------------------------------------------------------- sweep
@number("batching.size.{}", "IDs", each=tuple(SWEEP))
def size(q, name):
    """A batch size of the sweep."""
    return SWEEP[name][0]


@number("batching.sweep.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS),), by=mean_interval)
def sweep(q, law, size, way):
    """How many times fewer hops than unbatched a way takes in the sweep."""
    return q.node(f"batching.point.{law}.{size}").reduction(way).mean


@number("batching.sweep_messages.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS),), by=mean_interval)
def sweep_messages(q, law, size, way):
    """How many times fewer messages than unbatched a way takes in the sweep; below one it takes more."""
    return q.node(f"batching.point.{law}.{size}").reduction(way, "messages").mean


@number("batching.sweep_bytes.{}.{}.{}", "x", 2, each=((LAWS, tuple(SWEEP), WAYS),), by=mean_interval)
def sweep_bytes(q, law, size, way):
    """How many times fewer bytes x hops than unbatched a way takes in the sweep."""
    return q.node(f"batching.point.{law}.{size}").reduction(way, "byte_hops").mean


@number("batching.sweep_byte_gain.{}", "x", 2, each=("least", "most"), formula="extreme of the sweep")
def sweep_byte_gain(q, which):
    """Least and most reduction of bytes x hops by volume and book in the whole sweep."""
    found = [q.batching.sweep_bytes[law][size].tree2 for law in LAWS for size in SWEEP]
    return (min if which == "least" else max)(value.value for value in found)
