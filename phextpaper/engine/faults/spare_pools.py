"""Spare pools: how long they last without repair, and how often they run short with it.

The unit is what is swapped as one piece: a chip, a host or a block of chips. A unit fails when its first chip does,
and then all its chips leave service. So the machine has as many failures a day in any unit, while a failure costs more
spares in a larger one. Lifetimes are exponential and independent. A *shortage* begins with a failure that no spare can
replace; a machine in shortage goes on with the units that it has, and these go on failing.

Spares are cold (dormancy 0: they do not fail while they wait), hot (dormancy 1: they fail like active units) or
between. With repair the number of failed units is a birth-death chain: up by failures, down by at most `crews` repairs
at a time (the machine-repairman model with spares). Times are in days, repair times in hours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from phextpaper.engine.arrays import FloatArray
from phextpaper.engine.checked import positive, share, whole_number
from phextpaper.errors import InputError

HOURS = 24.0
"""Hours of a day."""
_JUMPS = 20
_NEGLIGIBLE = 1e-250
MAXIMUM_UNITS = 2**22
"""Largest number of units of a pool; the chain has one state for each."""
MOST_SPARES_WITH_REPAIR = 2048
"""Largest pool for which the time to the first shortage with repair is worked out, by matrices of its size squared."""


@dataclass(frozen=True)
class SparePool:
    """`active` units in service and `spares` waiting.

    An active unit fails `rate_per_day` times a day in the mean, a spare `dormancy` (0 to 1) times as often. Raises
    `InputError` for numbers, rates and shares that are none.
    """

    active: int
    spares: int
    rate_per_day: float
    dormancy: float = 0.0
    chips_per_unit: int = 1

    def __post_init__(self) -> None:
        whole_number("active", self.active, 1, MAXIMUM_UNITS)
        whole_number("spares", self.spares, 0, MAXIMUM_UNITS)
        whole_number("chips_per_unit", self.chips_per_unit, 1, MAXIMUM_UNITS)
        object.__setattr__(self, "rate_per_day", positive("rate", self.rate_per_day))
        object.__setattr__(self, "dormancy", share("dormancy", self.dormancy))

    @classmethod
    def of_chips(
        cls, chips: int, spares: int, *, unit: int = 1, mtbf_days: float, dormancy: float = 0.0
    ) -> "SparePool":
        """Return the pool that `chips` and `spares`, in chips, make in whole units of `unit` chips.

        `mtbf_days` is that of one chip. Spare chips that do not fill a unit are left out; active chips must fill
        theirs. Raises `InputError` for chips that do not fill units, and for numbers and times that are none.

        >>> blocks = SparePool.of_chips(4096, 256, unit=64, mtbf_days=1000)
        >>> blocks.active, blocks.spares, blocks.failures_per_day
        (64, 4, 4.096)
        """
        size = whole_number("unit", unit, 1, MAXIMUM_UNITS)
        whole_number("chips", chips, 1, MAXIMUM_UNITS)
        whole_number("spares", spares, 0, MAXIMUM_UNITS)
        if chips % size:
            raise InputError(f"{chips} chips do not fill units of {size}", where="unit", remedy="give a divisor")
        return cls(chips // size, spares // size, size / positive("mtbf_days", mtbf_days), dormancy, size)

    @property
    def failures_per_day(self) -> float:
        """Expected failures a day of the active units, spares not counted."""
        return self.active * self.rate_per_day

    def failure_rates(self, failed: ArrayLike) -> FloatArray:
        """Return the failures a day of all units while so many are failed: shape (…) in and out."""
        left = self.spares - np.asarray(failed, dtype=np.float64)
        return self.rate_per_day * (self.active + np.minimum(left, 0) + self.dormancy * np.maximum(left, 0))


@dataclass(frozen=True)
class Repair:
    """Repairs of `hours` in the mean, exponentially distributed, at most `crews` at a time; None means no limit.

    Raises `InputError` unless hours and crews are above 0.
    """

    hours: float
    crews: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", positive("repair_hours", self.hours))
        if self.crews is not None:
            whole_number("crews", self.crews, 1, MAXIMUM_UNITS)

    @property
    def per_day(self) -> float:
        """Repairs a day of one crew that has always one to do."""
        return HOURS / self.hours

    def rates(self, failed: ArrayLike) -> FloatArray:
        """Return the repairs a day while so many units are failed: shape (…) in and out."""
        busy = np.asarray(failed, dtype=np.float64)
        return (busy if self.crews is None else np.minimum(busy, self.crews)) * self.per_day


def shortage_probability(pool: SparePool, days: ArrayLike) -> FloatArray:
    """Return the probability of a shortage by each day without repair: shape (…) in and out.

    The time to the (S+1)-th failure of cold spares is Erlang, so this is a Poisson tail. With dormancy a it is a sum of
    exponentials whose rates fall by a·rate from failure to failure, so that exp(-a·rate·time) is Beta(N/a, S+1)
    distributed (Rényi's representation); for hot spares that is the binomial tail of N + S units. `days` are 0 or more,
    else `InputError`.

    >>> pool = SparePool.of_chips(4096, 256, mtbf_days=1000)
    >>> [round(float(p), 3) for p in shortage_probability(pool, [30, 62.5, 90])]
    [0.0, 0.483, 1.0]
    """
    from scipy.special import betainc, gammainc

    days = _days(days)
    if pool.dormancy == 0:
        found: FloatArray = gammainc(pool.spares + 1, pool.failures_per_day * days)
    else:
        gone = -np.expm1(-pool.dormancy * pool.rate_per_day * days)
        found = betainc(pool.spares + 1, pool.active / pool.dormancy, gone)
    return found


@dataclass(frozen=True)
class Cover:
    """How long a pool lasts without repair, in days.

    `naive_days` is spares over failures a day; `mean_days` the mean time to the first shortage; `assured_days` the time
    for which there is no shortage with probability `confidence`; `shortage_at_naive` the probability of a shortage by
    then.
    """

    failures_per_day: float
    naive_days: float
    mean_days: float
    median_days: float
    assured_days: float
    confidence: float
    shortage_at_naive: float


def cover(pool: SparePool, *, confidence: float) -> Cover:
    """Return the days of cover of a pool without repair.

    Raises `InputError` for a confidence outside 0 to 1.

    >>> c = cover(SparePool.of_chips(4096, 256, mtbf_days=1000), confidence=0.999)
    >>> round(c.naive_days, 1), round(c.mean_days, 1), round(c.assured_days, 1)
    (62.5, 62.7, 51.3)
    """
    naive = pool.spares / pool.failures_per_day
    return Cover(
        failures_per_day=pool.failures_per_day,
        naive_days=naive,
        mean_days=float((1 / pool.failure_rates(np.arange(pool.spares + 1))).sum()),
        median_days=_day_of(pool, 0.5),
        assured_days=_day_of(pool, 1 - share("confidence", confidence)),
        confidence=confidence,
        shortage_at_naive=float(shortage_probability(pool, naive)),
    )


def _day_of(pool: SparePool, probability: float) -> float:
    """The day by which a shortage has this probability."""
    from scipy.special import betaincinv, gammaincinv

    if pool.dormancy == 0:
        return float(gammaincinv(pool.spares + 1, probability)) / pool.failures_per_day
    gone = betaincinv(pool.spares + 1, pool.active / pool.dormancy, probability)
    return float(-np.log1p(-gone)) / (pool.dormancy * pool.rate_per_day)


def log_steady_state(pool: SparePool, repair: Repair) -> FloatArray:
    """Return the natural logarithm of the long-run probability of 0, 1 … N + S failed units: shape (N + S + 1,).

    Detailed balance: each state has the mass of the one before times failures over repairs, summed up as logarithms.
    """
    failed = np.arange(pool.active + pool.spares + 1)
    steps = np.log(pool.failure_rates(failed[:-1])) - np.log(repair.rates(failed[1:]))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    shares: FloatArray = logs - np.logaddexp.reduce(logs)
    return shares


@dataclass(frozen=True)
class SteadyState:
    """A pool with repair in the long run.

    `availability` is the share of time without shortage and `shortage` the rest, with its decimal logarithm, which does
    not underflow. `mean_failed` counts failed units, `mean_missing` units that the machine lacks. `shortages_per_year`
    counts how often a shortage begins. `mean_days_to_shortage` starts with a full pool; it is None where it exceeds
    every float, its logarithm is always there. `repair_load` is failures a day over the repairs a day of all crews:
    above 1 the pool drains whatever its size.
    """

    availability: float
    shortage: float
    log10_shortage: float
    mean_failed: float
    mean_missing: float
    shortages_per_year: float
    mean_days_to_shortage: float | None
    log10_mean_days_to_shortage: float
    repair_load: float


def steady_state(pool: SparePool, repair: Repair) -> SteadyState:
    """Return the long-run behaviour of a pool with repair.

    >>> pool = SparePool.of_chips(4096, 256, mtbf_days=1000)
    >>> [round(steady_state(pool, Repair(24, crews)).availability, 3) for crews in (1, 4, 5)]
    [0.0, 0.083, 1.0]
    """
    logs = log_steady_state(pool, repair)
    failed = np.arange(len(logs))
    enough = pool.spares + 1
    shortage = min(float(np.logaddexp.reduce(logs[enough:])), 0.0)
    begin = logs[pool.spares] + math.log(float(pool.failure_rates(pool.spares)))
    up = np.logaddexp.accumulate(logs[:enough])
    days = float(np.logaddexp.reduce(up - logs[:enough] - np.log(pool.failure_rates(failed[:enough]))))
    probabilities = np.exp(logs)
    crews = pool.active + pool.spares if repair.crews is None else repair.crews
    return SteadyState(
        availability=float(probabilities[:enough].sum()) if shortage > -1 else -math.expm1(shortage),
        shortage=math.exp(shortage),
        log10_shortage=shortage / math.log(10),
        mean_failed=float(probabilities @ failed),
        mean_missing=float(probabilities[enough:] @ (failed[enough:] - pool.spares)),
        shortages_per_year=math.exp(begin) * 365.25,
        mean_days_to_shortage=math.exp(days) if days < 709 else None,
        log10_mean_days_to_shortage=days / math.log(10),
        repair_load=pool.failures_per_day * repair.hours / HOURS / crews,
    )


def shortage_probability_with_repair(pool: SparePool, repair: Repair, days: ArrayLike) -> FloatArray:
    """Return the probability of a shortage by each day, from a full pool and with repair: shape (…) in and out.

    The chain stops at its first shortage. Its step over a short time comes from uniformisation, and squaring it gives
    the step over the whole time; no term is negative, so small probabilities keep their digits. Work grows with the
    third power of the spares. Raises `InputError` for more than `MOST_SPARES_WITH_REPAIR` spares, and for days that are
    negative or infinite.
    """
    days = _days(days)
    if pool.spares > MOST_SPARES_WITH_REPAIR:
        raise InputError(
            f"{pool.spares} spares are too many", where="spares", remedy=f"give {MOST_SPARES_WITH_REPAIR} units at most"
        )
    states = np.arange(pool.spares + 1)
    ups, downs = pool.failure_rates(states), repair.rates(states)
    pace = float((ups + downs).max())
    jump = np.diag(np.append(1 - (ups + downs) / pace, 1.0)) + np.diag(ups / pace, 1)
    jump[states[1:], states[:-1]] = downs[1:] / pace
    result = np.zeros(days.shape)
    for place, day in np.ndenumerate(days):
        doublings = max(0, math.ceil(math.log2(max(pace * day, 1.0))))
        length = pace * day / 2**doublings
        step = np.eye(len(jump))
        for jumps in range(_JUMPS, 0, -1):
            step = np.eye(len(jump)) + step @ jump * (length / jumps)
        for _ in range(doublings):
            step = step @ step
            step[step < _NEGLIGIBLE] = 0.0  # such small numbers are slow to multiply
            step /= step.sum(axis=1, keepdims=True)
        result[place] = step[0, -1] * (math.exp(-length) if doublings == 0 else 1.0)
    return result


def crews_to_keep_up(pool: SparePool, repair_hours: float) -> int:
    """Return the fewest crews that repair more units a day than fail; with fewer the pool drains, whatever its size.

    Raises `InputError` unless the hours of a repair are above 0.

    >>> crews_to_keep_up(SparePool.of_chips(4096, 256, mtbf_days=1000), 24)
    5
    """
    return math.floor(pool.failures_per_day * positive("repair_hours", repair_hours) / HOURS) + 1


def sweep(
    chips: int,
    spares: int,
    *,
    rates_per_day: Sequence[float],
    repair_hours: Sequence[float],
    unit: int = 1,
    crews: int | None = None,
    dormancy: float = 0.0,
) -> FloatArray:
    """Return log10 of the share of time in shortage: shape (rates, hours); rates are failures a chip and day.

    `repair_hours` are hours of one repair. Raises `InputError` as `SparePool.of_chips` and `Repair` do.
    """
    pools = [
        SparePool.of_chips(chips, spares, unit=unit, mtbf_days=1 / positive("rates", rate), dormancy=dormancy)
        for rate in rates_per_day
    ]
    return np.array(
        [[steady_state(pool, Repair(hours, crews)).log10_shortage for hours in repair_hours] for pool in pools]
    )


def daily_rate(failures: float, chips: float, days: float) -> float:
    """Return failures a chip and day, from a count of failures among so many chips in so many days.

    Raises `InputError` unless all are above 0.

    >>> round(100 * daily_rate(419, 16384, 54), 4)
    0.0474
    """
    return positive("failures", failures) / positive("chips", chips) / positive("days", days)


def unit_availability(pool: SparePool, repair_hours: float) -> float:
    """Return the share of time that one unit is up when it fails at the pool's rate and is repaired at once.

    From 0 to 1. Raises `InputError` unless the hours of a repair are above 0.

    >>> round(unit_availability(SparePool.of_chips(4096, 0, unit=4, mtbf_days=1000), 24), 4)
    0.996
    """
    return 1 / (1 + pool.rate_per_day * positive("repair_hours", repair_hours) / HOURS)


def _days(days: ArrayLike) -> FloatArray:
    array = np.asarray(days, dtype=np.float64)
    if not np.isfinite(array).all() or (array < 0).any():
        raise InputError("days run from 0 on", where="days", remedy="give finite numbers that are not negative")
    return array
