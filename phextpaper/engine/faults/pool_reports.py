"""A spare pool in one record: without repair, with it, and in the long run."""

from dataclasses import dataclass

from phextpaper.engine.faults.spare_pools import (
    MOST_SPARES_WITH_REPAIR,
    Repair,
    SparePool,
    cover,
    crews_to_keep_up,
    shortage_probability,
    shortage_probability_with_repair,
    steady_state,
)


@dataclass(frozen=True)
class Availability:
    """What `phextpaper availability` prints: a pool without repair, and with it.

    `shortage_with_repair` is None for pools of more than `MOST_SPARES_WITH_REPAIR` units, where it would take too long.
    """

    chips: int
    spares: int
    chips_per_unit: int
    spare_units: int
    mtbf_days: float
    repair_hours: float
    crews: int | None
    dormancy: float
    days: float
    failures_per_day: float
    shortage: float
    no_shortage: float
    shortage_with_repair: float | None
    no_shortage_with_repair: float | None
    steady_availability: float
    log10_steady_shortage: float
    mean_failed: float
    repair_load: float
    crews_to_keep_up: int
    naive_days: float
    mean_days: float
    assured_days: float
    confidence: float


def availability(
    chips: int,
    spares: int,
    *,
    unit: int = 1,
    mtbf_days: float,
    repair_hours: float,
    days: float,
    crews: int | None = None,
    dormancy: float = 0.0,
    confidence: float,
) -> Availability:
    """Return the availability of `chips` with `spares` chips in reserve, swapped by `unit` chips at a time.

    Raises `InputError` as `SparePool.of_chips`, `Repair` and `cover` do, and for days below 0.
    """
    pool = SparePool.of_chips(chips, spares, unit=unit, mtbf_days=mtbf_days, dormancy=dormancy)
    repair = Repair(repair_hours, crews)
    lasting, long_run = cover(pool, confidence=confidence), steady_state(pool, repair)
    short, mended = float(shortage_probability(pool, days)), None
    if pool.spares <= MOST_SPARES_WITH_REPAIR:
        mended = float(shortage_probability_with_repair(pool, repair, days))
    return Availability(
        chips=chips,
        spares=spares,
        chips_per_unit=pool.chips_per_unit,
        spare_units=pool.spares,
        mtbf_days=float(mtbf_days),
        repair_hours=repair.hours,
        crews=crews,
        dormancy=pool.dormancy,
        days=float(days),
        failures_per_day=pool.failures_per_day,
        shortage=short,
        no_shortage=1 - short,
        shortage_with_repair=mended,
        no_shortage_with_repair=None if mended is None else 1 - mended,
        steady_availability=long_run.availability,
        log10_steady_shortage=long_run.log10_shortage,
        mean_failed=long_run.mean_failed,
        repair_load=long_run.repair_load,
        crews_to_keep_up=crews_to_keep_up(pool, repair_hours),
        naive_days=lasting.naive_days,
        mean_days=lasting.mean_days,
        assured_days=lasting.assured_days,
        confidence=lasting.confidence,
    )
