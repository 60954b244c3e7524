"""The machine's spare pools: by which unit, at which rate, with which repair, and how long a simulation has to run."""

import math

from phextpaper.engine.faults.spare_pools import Repair, SparePool, SteadyState, daily_rate
from phextpaper.engine.faults.spare_simulation import LongRun
from phextpaper.engine.naming.layout import Layout
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, Scalar
from phextpaper.press.units import from_si, to_si

WAITING = {"cold": 0.0, "hot": 1.0}
SMALLEST = 1e-9


def shown(probability: float) -> Scalar:
    """A probability as it may be printed: what independent failures give beyond the smallest one means nothing."""
    bound = f"{SMALLEST:.0e}".replace("e-0", "e-")
    return (
        f"below {bound}"
        if probability < SMALLEST
        else f"above 1 - {bound}"
        if probability > 1 - SMALLEST
        else probability
    )


def unit_sizes(layout: Layout) -> dict[str, int]:
    """Chips of each unit that can be swapped as one piece; blocks only where they fill the machine."""
    sizes = {"chip": 1, "host": layout.chips_per_host}
    return sizes if layout.block_grid is None else sizes | {"block": math.prod(layout.block)}


def units(q: Quantities) -> tuple[str, ...]:
    """The units of this machine."""
    return tuple(unit_sizes(q.node("layout.machine")))


def waits(q: Quantities) -> list[tuple[str, str]]:
    """Every unit, with spares that fail while they wait and with such that do not."""
    return [(unit, kind) for unit in units(q) for kind in WAITING]


def in_days(time: Quantity) -> float:
    """A quantity of time as the pools count it."""
    return from_si(time.si, "days")


def in_hours(time: Quantity) -> float:
    """A quantity of time as repairs count it."""
    return from_si(time.si, "h")


def a_day(rate: Quantity) -> float:
    """A rate as failures a chip and day."""
    return from_si(rate.si, "a day")


def pool_of(
    q: Quantities, unit: str = "chip", *, rate_per_day: float | None = None, dormancy: float = 0.0
) -> SparePool:
    """The pool of this machine's spares in a unit, at the machine's failures a chip and day or at others."""
    layout = q.node("layout.machine")
    daily = a_day(q.machine.failure_rate) if rate_per_day is None else rate_per_day
    return SparePool.of_chips(
        layout.active, layout.spares, unit=unit_sizes(layout)[unit], mtbf_days=1 / daily, dormancy=dormancy
    )


def published_daily(q: Quantities, source: str) -> float:
    """A published failure rate, as failures a chip (or GPU) and day."""
    facts, theory = q.facts, q.facts.checkpoint_theory
    chips_per_host = facts.tpu_v4_system.chips_per_cpu_host.value
    if source == "zu2024":
        found = daily_rate(to_si(facts.nsdi24.daily_machine_failure.value, "%"), chips_per_host, 1)
    elif source == "llama3":
        days = in_days(theory.llama3_days)
        found = daily_rate(theory.llama3_unexpected.value, theory.llama3_gpus.value, days)
    elif source == "kokolis2024":
        days = from_si(to_si(theory.meta_rsc_mttf_1024.value, "h"), "days")
        found = daily_rate(1, theory.meta_rsc_job_gpus.value, days)
    else:
        down = to_si(facts.tpu_v4_system.hosts_unavailable_range[source.removeprefix("jouppi2023_")].value, "%")
        found = daily_rate(down / (1 - down), chips_per_host, in_days(q.machine.repair_time))
    return found


def repair_of(q: Quantities, crews: int | None = None) -> Repair:
    """Repair as the machine's description has it, or by another number of crews."""
    return Repair(in_hours(q.machine.repair_time), int(q.machine.repair_crews) if crews is None else crews)


def settling_days(pool: SparePool, repair: Repair) -> float:
    """Days after which a pool has forgotten that it was full: by the gap if crews keep up, else by its drain."""
    mend, failures, crews = repair.per_day, pool.failures_per_day, repair.crews or pool.active + pool.spares
    if failures < crews * mend:
        return 12 / min(mend, (math.sqrt(crews * mend) - math.sqrt(failures)) ** 2)
    return 12 / pool.rate_per_day + (pool.spares + 1) / max(failures - crews * mend, 1e-12)


def events(pool: SparePool, repair: Repair, days: float) -> float:
    """Failures and repairs of a run: as many as the slower of the two allows, and the drain of the pool before."""
    units = pool.active + pool.spares
    slower = min(pool.failures_per_day, repair.per_day * (repair.crews or units))
    return 2 * slower * days + units * (pool.failures_per_day > slower)


def sampled(found: LongRun, chain: SteadyState) -> bool:
    """Whether shortages were common, or began many times in each run, or cannot have begun in any.

    Else runs differ too much for their interval.
    """
    expected = chain.shortages_per_year * from_si(to_si(found.days, "days"), "years")
    return 0.1 < float(found.shortage.found) < 0.9 or expected >= 10 or expected * found.runs < 1e-3


def agrees(found: LongRun | None, chain: SteadyState) -> bool:
    """Whether a simulation's intervals hold what the chain gives; nothing contradicts it where none was run."""
    if found is None:
        return True
    return found.mean_failed.holds(chain.mean_failed) and (
        not sampled(found, chain) or found.shortage.holds(chain.shortage)
    )
