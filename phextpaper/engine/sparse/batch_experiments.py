"""Batching measured over random batches: hops, messages and bytes by batch size, skew and depth, with intervals.

Each run draws a batch of IDs and an asking chip from its own seed, and every way of routing meets the same batches. So
ratios are taken within a run, and their interval is Student's over the runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import prod, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.request_messages import MessageCost, RequestedRows, Sizes, message_cost
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.errors import InputError


@dataclass(frozen=True)
class Interval:
    """A mean over runs and Student's interval around it."""

    mean: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Tell whether the interval contains a value."""
        return self.low <= value <= self.high


@dataclass(frozen=True, eq=False)
class Run:
    """One batch: its distinct IDs, its non-empty groups by depth (from 1), and the cost of each way of routing it."""

    distinct: int
    groups: tuple[int, ...]
    unbatched: MessageCost
    each_once: MessageCost
    by_chip: MessageCost
    trees: tuple[MessageCost, ...]

    def way(self, name: str) -> MessageCost:
        """The cost of a way by its name: unbatched, each_once, by_chip, or tree1, tree2, … by depth.

        Raises `InputError` for another name.
        """
        ways = {f"tree{depth}": cost for depth, cost in enumerate(self.trees, 1)}
        ways |= {"unbatched": self.unbatched, "each_once": self.each_once, "by_chip": self.by_chip}
        if name not in ways:
            raise InputError(f"no requests travel {name!r}", where="batching", remedy=f"one of {', '.join(ways)}")
        return ways[name]


@dataclass(frozen=True, eq=False)
class Experiment:
    """All runs of one batch size and skew."""

    batch: int
    skew: float
    runs: tuple[Run, ...]
    confidence: float

    def groups(self, depth: int) -> Interval:
        """Non-empty groups by the first `depth` parts."""
        return mean_interval([run.groups[depth - 1] for run in self.runs], confidence=self.confidence)

    def cost(self, way: str, what: str) -> Interval:
        """A field of `MessageCost`, or `byte_hops`, of one way.

        Raises `InputError` for another way or field.
        """
        return mean_interval([_value(run.way(way), what) for run in self.runs], confidence=self.confidence)

    def reduction(self, way: str, what: str = "hops", *, against: str = "unbatched") -> Interval:
        """How many times less `what` one way takes than another; below 1 it hurts. Where neither takes any, it is 1.

        Raises `InputError` for another way or field.
        """
        pairs = [(_value(run.way(against), what), _value(run.way(way), what)) for run in self.runs]
        ratios = [other / own if own else 1.0 for other, own in pairs]
        return mean_interval(ratios, confidence=self.confidence)


def route_batches(
    vocabulary: Vocabulary,
    shape: Sequence[int],
    batch: int,
    skew: float,
    sizes: Sizes,
    *,
    runs: int,
    seed: int,
    leaders: str = "aligned",
    confidence: float = 0.95,
) -> Experiment:
    """Draw and route `runs` batches of `batch` IDs of that skew on a torus of `shape`, depths up to its axes.

    Raises `InputError` for fewer than two runs, no IDs, a skew below 0, and leaders that are none.

    >>> words, sizes = Vocabulary.of_base(10**9, 100), Sizes(16, 8, 512)
    >>> found = route_batches(words, (16, 16, 16), 1000, 0.0, sizes, runs=8, seed=1)
    >>> 600 < found.groups(2).mean < 660, found.reduction("tree2").low > 1
    (True, True)
    """
    whole_number("batch", batch, 1, 10**8)
    done = [
        _run(
            vocabulary,
            tuple(shape),
            *drawn_batch(vocabulary, shape, batch, skew, seed=seed, run=number),
            sizes,
            leaders,
        )
        for number in range(whole_number("runs", runs, 2, 10**6))
    ]
    return Experiment(batch, skew, tuple(done), confidence)


def drawn_batch(
    vocabulary: Vocabulary, shape: Sequence[int], batch: int, skew: float, *, seed: int, run: int
) -> tuple[NDArray[np.int64], int]:
    """The IDs (batch,) and the asking chip's index that a run of `route_batches` with this seed draws."""
    for_ids, for_chip = (int(word) for word in np.random.SeedSequence([seed, run]).generate_state(2, np.uint64))
    return zipf_ids(batch, vocabulary.size, skew, seed=for_ids), for_chip % prod(shape)


def _run(
    vocabulary: Vocabulary, shape: tuple[int, ...], ids: NDArray[np.int64], asking: int, sizes: Sizes, leaders: str
) -> Run:
    rows = RequestedRows.of(vocabulary, ids, shape, asking)
    depths = range(1, len(shape) + 1)
    groups = tuple(
        int(np.count_nonzero(np.diff(rows.positions // vocabulary.group_size(depth), prepend=-1))) for depth in depths
    )
    ways = [
        rows.unbatched(),
        rows.each_once(),
        rows.by_chip(),
        *(rows.tree(depth, leaders=leaders) for depth in depths),
    ]
    unbatched, each_once, by_chip, *trees = (message_cost(way, shape, sizes) for way in ways)
    return Run(len(rows.positions), groups, unbatched, each_once, by_chip, tuple(trees))


def mean_interval(values: ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Student's interval of the mean of two values or more, (n,). Raises `InputError` for fewer.

    >>> mean_interval([1.0, 2.0, 3.0], confidence=0.95).mean
    2.0
    """
    from scipy.special import stdtrit

    found = np.asarray(values, dtype=float)
    if len(found) < 2 or not 0 < confidence < 1:
        raise InputError("an interval needs two runs or more and a confidence between 0 and 1", where="interval")
    half = float(stdtrit(len(found) - 1, (1 + confidence) / 2)) * float(found.std(ddof=1)) / sqrt(len(found))
    mean = float(found.mean())
    return Interval(mean, mean - half, mean + half)


def _value(cost: MessageCost, what: str) -> float:
    if what not in {*(field.name for field in fields(MessageCost)), "byte_hops"}:
        raise InputError(f"a routing cost has no {what!r}", where="batching", remedy="name one of its fields")
    return float(getattr(cost, what))
