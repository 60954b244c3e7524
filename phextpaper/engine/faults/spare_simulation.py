"""Monte Carlo of spare pools: many runs side by side, one event of every run at a time.

It checks `phextpaper.engine.faults.spare_pools` by another way: every repair has its own finishing time and holds a
crew until then, and nothing is solved. So it can also try what the chain cannot: repairs that all take the same time.
Runs are independent and draw from one seeded generator, so equal seeds give equal results.
"""

import math
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.arrays import FloatArray
from phextpaper.engine.checked import positive, share, whole_number
from phextpaper.engine.faults.spare_pools import HOURS, Repair, SparePool
from phextpaper.errors import InputError

REPAIR_TIMES = ("exponential", "fixed")
Value = TypeVar("Value", float, FloatArray)
_ROUNDING = 1e-9  # what sums of many short times may lose


@dataclass(frozen=True, eq=False)
class ShortageTimes:
    """Simulated days to the first shortage, ascending: shape (runs,); infinite where it comes after `horizon_days`."""

    days: FloatArray
    horizon_days: float

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.days)

    def shortage(self, days: ArrayLike, *, confidence: float) -> "Estimate[FloatArray]":
        """Return the share of runs with a shortage by each day, with Clopper and Pearson's interval for each alone.

        Shape (…) in and out. Raises `InputError` for days beyond the horizon and a confidence outside 0 to 1.
        """
        from scipy.special import betaincinv

        counts = np.searchsorted(self.days, self._within(days), side="right").astype(np.float64)
        tail = (1 - share("confidence", confidence)) / 2
        rest = self.runs - counts
        low = np.where(counts > 0, betaincinv(np.maximum(counts, 1), rest + 1, tail), 0.0)
        high = np.where(rest > 0, betaincinv(counts + 1, np.maximum(rest, 1), 1 - tail), 1.0)
        return Estimate(counts / self.runs, low, high, confidence)

    def band(self, days: ArrayLike, *, confidence: float) -> "Estimate[FloatArray]":
        """Return the share of runs with a shortage by each day, in a band that holds the whole curve.

        The Dvoretzky-Kiefer-Wolfowitz band: every day at once, so agreement at many days is one statement. Shape (…) in
        and out. Raises `InputError` for days beyond the horizon and a confidence that is not below 1.
        """
        found = np.searchsorted(self.days, self._within(days), side="right") / self.runs
        missed = positive("1 - confidence", 1 - share("confidence", confidence))
        half = math.sqrt(math.log(2 / missed) / (2 * self.runs))
        return Estimate(found, np.maximum(found - half, 0.0), np.minimum(found + half, 1.0), confidence)

    def _within(self, days: ArrayLike) -> FloatArray:
        asked = np.asarray(days, dtype=np.float64)
        if not (asked <= self.horizon_days).all():
            raise InputError("runs ended before that day", where="days", remedy=f"ask up to day {self.horizon_days:g}")
        return asked


@dataclass(frozen=True, eq=False)
class Estimate(Generic[Value]):
    """What was found, and the interval from `low` to `high` at a `confidence`; floats or arrays of one shape."""

    found: Value
    low: Value
    high: Value
    confidence: float

    def holds(self, expected: ArrayLike) -> bool:
        """Tell whether the interval, everywhere, contains what was expected: one number, or shape (…) as `found`."""
        wanted = np.asarray(expected)
        return bool(np.all((self.low <= wanted) & (wanted <= self.high)))


@dataclass(frozen=True, eq=False)
class LongRun:
    """Simulated shares of time, over all runs: in shortage, and the mean number of failed units."""

    shortage: Estimate[float]
    mean_failed: Estimate[float]
    runs: int
    days: float


def shortage_times(
    pool: SparePool,
    repair: Repair | None = None,
    *,
    runs: int = 10_000,
    horizon_days: float,
    seed: int,
    repair_times: str = "exponential",
) -> ShortageTimes:
    """Simulate runs from a full pool to their first shortage or the horizon; `repair` None is none.

    The same `seed` gives the same runs. Raises `InputError` for no runs, no horizon, and other `repair_times`.

    >>> from phextpaper.engine.faults.spare_pools import shortage_probability
    >>> pool = SparePool.of_chips(4096, 256, mtbf_days=1000)
    >>> times = shortage_times(pool, runs=2000, horizon_days=100, seed=1)
    >>> times.band([55, 62.5, 70], confidence=0.999).holds(shortage_probability(pool, [55, 62.5, 70]))
    True
    """
    state = _Runs(pool, repair, whole_number("runs", runs, 1, 10**7), seed, repair_times)
    horizon = positive("horizon_days", horizon_days)
    first = np.full(runs, np.inf)
    going = np.arange(runs)
    while going.size:
        state.step(horizon)
        short = state.failed > pool.spares
        first[going[short]] = state.now[short]
        going = going[state.keep(~short & (state.now < horizon))]
    return ShortageTimes(np.sort(first), horizon)


def long_run(
    pool: SparePool,
    repair: Repair,
    *,
    days: float,
    warm_up_days: float,
    seed: int,
    runs: int = 400,
    repair_times: str = "exponential",
    confidence: float,
) -> LongRun:
    """Simulate runs of `days` after a warm-up from a full pool; intervals are Student's over the means of the runs.

    The same `seed` gives the same runs. Raises `InputError` for fewer than two runs, for times that are not above 0,
    and for other `repair_times`.
    """
    state = _Runs(pool, repair, whole_number("runs", runs, 2, 10**7), seed, repair_times)
    begin = positive("warm_up_days", warm_up_days)
    end = begin + positive("days", days)
    short, failed = np.zeros(runs), np.zeros(runs)
    going = np.arange(runs)
    while going.size:
        before, held = np.maximum(state.now, begin), state.failed.copy()
        state.step(end)
        lasted = np.maximum(state.now - before, 0.0)
        short[going] += lasted * (held > pool.spares)
        failed[going] += lasted * held
        going = going[state.keep(state.now < end)]
    return LongRun(
        _mean(short / days, confidence, most=1.0), _mean(failed / days, confidence, most=math.inf), runs, float(days)
    )


def _mean(values: FloatArray, confidence: float, most: float) -> Estimate[float]:
    """Student's interval of a mean; where all runs are at an end of what is possible, what they can have missed."""
    from scipy.special import stdtrit

    runs, mean = len(values), float(values.mean())
    half = float(stdtrit(runs - 1, (1 + share("confidence", confidence)) / 2) * values.std(ddof=1)) / math.sqrt(runs)
    unseen = -math.expm1(math.log((1 - confidence) / 2) / runs)
    low = min(mean - half, most - unseen) if values.min() > most * (1 - _ROUNDING) else mean - half
    high = max(mean + half, unseen) if mean == 0 else mean + half
    return Estimate(mean, max(low, 0.0), min(high, most), confidence)


class _Runs:
    """The state of all runs that still go on: time, failed units, and the finishing times of the repairs under way."""

    def __init__(self, pool: SparePool, repair: Repair | None, runs: int, seed: int, repair_times: str) -> None:
        if repair_times not in REPAIR_TIMES:
            raise InputError(f"{repair_times!r} is unknown", where="repair_times", remedy="give exponential or fixed")
        self.pool, self.fixed = pool, repair_times == "fixed"
        self.mean_days = 0.0 if repair is None else repair.hours / HOURS
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.now = np.zeros(runs)
        self.failed = np.zeros(runs, dtype=np.int64)
        self.crews = 0 if repair is None else pool.active + pool.spares if repair.crews is None else repair.crews
        self.finish = np.full((runs, min(self.crews, 8) or 1), np.inf)

    def step(self, end: float) -> None:
        """Move every run to its next event, or to the end if that comes first."""
        rows = np.arange(len(self.now))
        rates = self.pool.failure_rates(self.failed)
        with np.errstate(divide="ignore"):
            fails = self.now + self._exponential(len(rows)) / rates
        crew = self.finish.argmin(axis=1)
        mended = self.finish[rows, crew]
        broke = (fails < mended) & (fails < end)
        mends = ~broke & (mended < end)
        self.now = np.where(broke, fails, np.where(mends, mended, end))
        self.failed = self.failed + broke - mends
        self.finish[rows[mends], crew[mends]] = np.inf
        # A crew is free for whoever just failed, or takes the next in the queue when it has finished.
        waits = np.where(broke, self.failed <= self.crews, mends & (self.failed >= self.crews)) & (self.crews > 0)
        self._begin(rows[waits])

    def _begin(self, rows: NDArray[np.int64]) -> None:
        """Start a repair in each of these runs."""
        if not rows.size:
            return
        free = np.isinf(self.finish[rows])
        if not free.any(axis=1).all():
            more = min(self.finish.shape[1], self.crews - self.finish.shape[1])
            self.finish = np.concatenate([self.finish, np.full((len(self.finish), more), np.inf)], axis=1)
            free = np.isinf(self.finish[rows])
        lasts = self.mean_days if self.fixed else self.mean_days * self._exponential(len(rows))
        self.finish[rows, free.argmax(axis=1)] = self.now[rows] + lasts

    def keep(self, going: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Drop the runs that ended."""
        if not going.all():
            self.now, self.failed, self.finish = self.now[going], self.failed[going], self.finish[going]
        return going

    def _exponential(self, count: int) -> FloatArray:
        """Exponential numbers of mean 1, by inversion: uniform bits are the part of a generator that never changes."""
        return -np.log1p(-self.rng.random(count))
