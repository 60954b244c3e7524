"""The spare pool: how long it lasts without repair, how often it runs short with it, what failure rates do."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.faults import spare_pools, spare_simulation
from phextpaper.engine.faults.spare_pools import SparePool, SteadyState
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si
from phextpaper.study import pools

SEED = 2023
DAYS = ("d1", "d2", "d3", "d4", "d5")
PARTS = (0.8, 0.9, 1.0, 1.1, 1.2)  # of the days that the spares cover in the mean
RATES = {"r0_1": 0.1, "r0_2": 0.2, "r0_5": 0.5, "r1_0": 1.0}
REPAIRS = {"h1": 1, "h24": 24, "h72": 72, "h168": 168}
SOURCES = ("zu2024", "jouppi2023_low", "llama3", "jouppi2023_high", "kokolis2024")
COUNTED_BY_HOST = ("zu2024", "jouppi2023_low", "jouppi2023_high")
CONFIDENCE, SIMULATION_CONFIDENCE = 0.999, 0.9999
MOST_EVENTS = 40_000


@number("faults.mtbf_days", "days", ".6g", formula="1 / failure rate")
def mtbf_days(q: Quantities) -> float:
    """Mean time between failures of one chip."""
    return 1 / q.machine.failure_rate.si


@number("faults.failures_per_day", "failures", ".3g", by=SparePool.failures_per_day, formula="chips x failure rate")
def failures_per_day(q: Quantities) -> float:
    """Failures a day of all active chips, expected."""
    return pools.pool_of(q).failures_per_day


@number("faults.confidence", "%", ".6g", kind="assumed")
def confidence(q: Quantities) -> float:
    """Probability with which a number of days is called assured: the plan's uptime."""
    return CONFIDENCE


@number(
    "faults.unit.{}.{}",
    "",
    each=lambda q: [(unit, part) for unit in pools.units(q) for part in ("chips", "spares")],
    by=SparePool.of_chips,
)
def unit(q: Quantities, unit: str, part: str) -> int:
    """Chips of a unit, and units that the spare chips make."""
    pool = pools.pool_of(q, unit)
    return pool.chips_per_unit if part == "chips" else pool.spares


@node("faults.covering.{}.{}", each=pools.waits)
def covering(q: Quantities, unit: str, kind: str) -> spare_pools.Cover:
    """Days of cover without repair."""
    return spare_pools.cover(pools.pool_of(q, unit, dormancy=pools.WAITING[kind]), confidence=q.faults.confidence.si)


@number(
    "faults.cover.{}.{}.{}",
    "days",
    ".3g",
    by=spare_pools.cover,
    each=lambda q: [
        (unit, kind, part)
        for unit, kind in pools.waits(q)
        for part in ("naive_days", "mean_days", "median_days", "assured_days")
    ],
)
def cover(q: Quantities, unit: str, kind: str, part: str) -> float:
    """Days that the spares last: spares over failures a day; mean and median to the first shortage; assured at the
    confidence.
    """
    return to_si(getattr(q.node(f"faults.covering.{unit}.{kind}"), part), "days")


@number("faults.shortage_at_naive.{}.{}", "", 3, by=spare_pools.cover, each=pools.waits)
def shortage_at_naive(q: Quantities, unit: str, kind: str) -> float:
    """Probability of a shortage by the day of spares over failures a day, without repair."""
    return q.node(f"faults.covering.{unit}.{kind}").shortage_at_naive


@number("faults.no_shortage_at_naive", "%", 1, by=spare_pools.cover)
def no_shortage_at_naive(q: Quantities) -> float:
    """Probability that no spare chip is missing up to the day of spares over failures a day, without repair."""
    return 1 - q.faults.shortage_at_naive.chip.cold


@number("faults.runs", "runs", kind="assumed")
def runs(q: Quantities) -> int:
    """Runs of the simulation without repair."""
    return 10_000


@number("faults.long_runs", "runs", kind="assumed")
def long_runs(q: Quantities) -> int:
    """Runs of the simulation with repair."""
    return 200


@number("faults.simulation_confidence", "%", ".6g", kind="assumed")
def simulation_confidence(q: Quantities) -> float:
    """Confidence of the simulations' intervals."""
    return SIMULATION_CONFIDENCE


@number("faults.scale_days", "days", ".3g", formula="spares / failures a day, or 1 / failures a day without spares")
def scale_days(q: Quantities) -> float:
    """Days after which single chips as spares have been used up, expected: the scale of the availability curve."""
    return to_si(max(q.faults.unit.chip.spares, 1) / q.faults.failures_per_day, "days")


@node("faults.shortage_times")
def shortage_times(q: Quantities) -> spare_simulation.ShortageTimes:
    """Simulated days to the first shortage of spare chips without repair, up to a third more than the scale."""
    return spare_simulation.shortage_times(
        pools.pool_of(q), runs=int(q.faults.runs), horizon_days=1.34 * pools.in_days(q.faults.scale_days), seed=SEED
    )


@node("faults.availability_curve")
def availability_curve(q: Quantities) -> dict[str, NDArray[np.float64] | dict[str, NDArray[np.float64]]]:
    """Arrays for a figure: days; P(no shortage) by unit in closed form; the simulated one with its band for chips."""
    days = np.linspace(0, 1.32 * pools.in_days(q.faults.scale_days), 133)
    band = q.node("faults.shortage_times").band(days, confidence=q.faults.simulation_confidence.si)
    closed = {unit: 1 - spare_pools.shortage_probability(pools.pool_of(q, unit), days) for unit in pools.units(q)}
    return {"days": days, "closed": closed, "simulated": 1 - band.found, "low": 1 - band.high, "high": 1 - band.low}


@number("faults.curve.{}.day", "days", ".3g", each=DAYS)
def curve_day(q: Quantities, place: str) -> float:
    """A day of the availability table, to three digits."""
    return to_si(float(f"{PARTS[DAYS.index(place)] * pools.in_days(q.faults.scale_days):.3g}"), "days")


@number(
    "faults.curve.{}.no_shortage",
    "",
    3,
    each=DAYS,
    by=spare_pools.shortage_probability,
    formula="1 - gamma(spares + 1, failures by that day)",
)
def no_shortage(q: Quantities, place: str) -> float:
    """Probability that no spare chip was missing by a day, without repair, in closed form."""
    return 1 - float(spare_pools.shortage_probability(pools.pool_of(q), pools.in_days(q.faults.curve[place].day)))


@number(
    "faults.curve.{}.{}", "", 3, each=((DAYS, ("simulated", "low", "high")),), by=spare_simulation.ShortageTimes.band
)
def simulated(q: Quantities, place: str, part: str) -> float:
    """Simulated share of runs without a shortage by a day, and the ends of its band."""
    band = q.node("faults.shortage_times").band(
        pools.in_days(q.faults.curve[place].day), confidence=q.faults.simulation_confidence.si
    )
    return 1 - float({"simulated": band.found, "low": band.high, "high": band.low}[part])


@number("faults.curve_agrees", "")
def curve_agrees(q: Quantities) -> bool:
    """The closed form lies in the simulated band at every day of the curve."""
    curve = q.node("faults.availability_curve")
    chip = curve["closed"]["chip"]
    return bool(((curve["low"] <= chip) & (chip <= curve["high"])).all())


@node("faults.steady_state.{}.{}", each=pools.waits)
def steady_state(q: Quantities, unit: str, kind: str) -> SteadyState:
    """The pool with repair in the long run."""
    return spare_pools.steady_state(pools.pool_of(q, unit, dormancy=pools.WAITING[kind]), pools.repair_of(q))


@number("faults.shortage.{}.{}", "", ".3g", each=pools.waits, by=spare_pools.steady_state)
def shortage(q: Quantities, unit: str, kind: str) -> float | str:
    """Share of time with fewer spares than failures, with repair in the long run."""
    return pools.shown(q.node(f"faults.steady_state.{unit}.{kind}").shortage)


@number("faults.failed.{}.{}", "", 1, each=pools.waits, by=spare_pools.steady_state)
def failed(q: Quantities, unit: str, kind: str) -> float:
    """Failed units in the mean, with repair in the long run."""
    return q.node(f"faults.steady_state.{unit}.{kind}").mean_failed


@number("faults.repair_load", "", ".3g", by=spare_pools.steady_state, formula="failures a day x repair time / crews")
def repair_load(q: Quantities) -> float:
    """Failures a day over the repairs a day of all crews: from one on the pool drains, whatever its size."""
    return q.node("faults.steady_state.chip.cold").repair_load


@number("faults.drained_days", "days", ".3g", by=spare_pools.steady_state)
def drained_days(q: Quantities) -> float | str:
    """Mean days from a full pool of spare chips to the first shortage, with repair."""
    days = q.node("faults.steady_state.chip.cold").mean_days_to_shortage
    return to_si(days, "days") if days is not None and days < 1e6 else "over a million"


@node("faults.long_run.{}", each=pools.units)
def long_run(q: Quantities, unit: str) -> spare_simulation.LongRun | None:
    """A simulation of the pool with repair, cold spares; None where it would take too many events to settle."""
    pool, repair = pools.pool_of(q, unit), pools.repair_of(q)
    settling = pools.settling_days(pool, repair)
    days = max(settling, 200 / pool.failures_per_day)
    if pools.events(pool, repair, settling + days) > MOST_EVENTS:
        return None
    return spare_simulation.long_run(
        pool,
        repair,
        days=days,
        warm_up_days=settling,
        seed=SEED,
        runs=int(q.faults.long_runs),
        confidence=q.faults.simulation_confidence.si,
    )


def ends(q: Quantities) -> list[tuple[str, str]]:
    """The ends of an interval for each unit."""
    return [(unit, part) for unit in pools.units(q) for part in ("low", "high")]


@number("faults.simulated_failed.{}.{}", "", 1, each=ends, by=spare_simulation.long_run)
def simulated_failed(q: Quantities, unit: str, part: str) -> float | str:
    """Interval of the failed units in the mean, by simulation with repair; a word where it was left out."""
    found = q.node(f"faults.long_run.{unit}")
    return "not simulated" if found is None else float(getattr(found.mean_failed, part))


@number("faults.simulated_shortage.{}.{}", "", ".3g", each=ends, by=spare_simulation.long_run)
def simulated_shortage(q: Quantities, unit: str, part: str) -> float | str:
    """Interval of the share of time with fewer spares than failures, by simulation with repair; words where that says
    nothing.
    """
    found = q.node(f"faults.long_run.{unit}")
    if found is None or not pools.sampled(found, q.node(f"faults.steady_state.{unit}.cold")):
        return "not simulated" if found is None else "too rare to sample"
    return float(getattr(found.shortage, part))


@number("faults.steady_agrees", "")
def steady_agrees(q: Quantities) -> bool:
    """The chain's failed units, and its shortage where it is no rare event, lie in the simulated intervals of every
    unit that was simulated.
    """
    return all(
        pools.agrees(q.node(f"faults.long_run.{unit}"), q.node(f"faults.steady_state.{unit}.cold"))
        for unit in pools.units(q)
    )


@number(
    "faults.crews_needed",
    "crews",
    by=spare_pools.crews_to_keep_up,
    formula="whole part of failures a day x repair time, plus one",
)
def crews_needed(q: Quantities) -> int:
    """Fewest crews that mend more than fails."""
    return spare_pools.crews_to_keep_up(pools.pool_of(q), pools.in_hours(q.machine.repair_time))


def crew_cases(q: Quantities) -> tuple[str, ...]:
    """Numbers of crews to compare: one, one too few, just enough, and those of the machine."""
    few = ("too_few",) if q.faults.crews_needed > 2 else ()
    return ("one", *few, "enough", "given") if q.faults.crews_needed <= q.layout.total_chips else ("one", "given")


@number("faults.crews.{}.count", "crews", each=crew_cases)
def crews(q: Quantities, case: str) -> int:
    """Crews that repair at the same time."""
    needed = q.faults.crews_needed
    return int({"one": 1, "too_few": needed - 1, "enough": needed, "given": q.machine.repair_crews}[case])


@number(
    "faults.crews.{}.{}",
    "",
    ".3g",
    by=spare_pools.steady_state,
    each=lambda q: [(case, part) for case in crew_cases(q) for part in ("load", "shortage")],
)
def crews_state(q: Quantities, case: str, part: str) -> float | str:
    """Load of so many crews, and the share of time with fewer spare chips than failures."""
    found = spare_pools.steady_state(pools.pool_of(q), pools.repair_of(q, int(q.faults.crews[case].count)))
    return found.repair_load if part == "load" else pools.shown(found.shortage)


@number("faults.sweep_rate.{}", "% a day", ".2g", each=RATES, kind="assumed")
def sweep_rate(q: Quantities, rate: str) -> float:
    """A failure rate of the sweep."""
    return to_si(RATES[rate], "% a day")


@number("faults.sweep_hours.{}", "h", each=REPAIRS, kind="assumed", whole=True)
def sweep_hours(q: Quantities, hours: str) -> float:
    """A repair time of the sweep."""
    return to_si(REPAIRS[hours], "h")


@node("faults.sweep_grid")
def sweep_grid(q: Quantities) -> NDArray[np.float64]:
    """log10 of the share of time with fewer spare chips than failures: shape (rates, repair times), with the machine's
    crews.
    """
    layout = q.node("layout.machine")
    return spare_pools.sweep(
        layout.active,
        layout.spares,
        rates_per_day=[to_si(rate, "%") for rate in RATES.values()],
        repair_hours=list(REPAIRS.values()),
        crews=int(q.machine.repair_crews),
    )


@number("faults.sweep.{}.{}", "", ".2g", each=((tuple(RATES), tuple(REPAIRS)),), by=spare_pools.sweep)
def sweep(q: Quantities, rate: str, hours: str) -> float | str:
    """Share of time with fewer spare chips than failures, by failure rate and repair time."""
    return pools.shown(10.0 ** float(q.node("faults.sweep_grid")[list(RATES).index(rate), list(REPAIRS).index(hours)]))


@number("faults.sweep_crews.{}.{}", "crews", each=((tuple(RATES), tuple(REPAIRS)),), by=spare_pools.crews_to_keep_up)
def sweep_crews(q: Quantities, rate: str, hours: str) -> int:
    """Fewest crews that mend more than fails, by failure rate and repair time."""
    return spare_pools.crews_to_keep_up(pools.pool_of(q, rate_per_day=to_si(RATES[rate], "%")), REPAIRS[hours])


@number("faults.smallest", "", ".1g", kind="assumed")
def smallest(q: Quantities) -> float:
    """The share of time below which, from nought or from one, no figure is printed."""
    return pools.SMALLEST


@number(
    "faults.published.{}.rate",
    "% a day",
    ".2g",
    each=SOURCES,
    by=spare_pools.daily_rate,
    formula="zu2024: machines / chips of a machine; llama3: interruptions / GPUs / days; "
    "kokolis2024: 1 / (GPUs x MTTF); jouppi2023: unavailable / available / repair time / chips of a host",
)
def published_rate(q: Quantities, source: str) -> float:
    """A published failure rate, a chip (or GPU) and day."""
    return to_si(pools.published_daily(q, source), "a day")


@number("faults.published.{}.{}", "", ".3g", each=((SOURCES, ("failures", "assured_days")),), by=spare_pools.cover)
def published(q: Quantities, source: str, part: str) -> float:
    """Failures a day of this machine at a published rate, and days that spare chips are assured to cover."""
    pool = pools.pool_of(q, rate_per_day=pools.a_day(q.faults.published[source].rate))
    if part == "failures":
        return pool.failures_per_day
    return spare_pools.cover(pool, confidence=q.faults.confidence.si).assured_days


@number("faults.published_by_host.{}", "days", ".3g", each=COUNTED_BY_HOST, by=spare_pools.cover)
def published_by_host(q: Quantities, source: str) -> float:
    """Days that the spares are assured to cover at a rate that was counted by machine or host, if each failure takes a
    host's chips.
    """
    pool = pools.pool_of(q, "host", rate_per_day=pools.a_day(q.faults.published[source].rate))
    return to_si(spare_pools.cover(pool, confidence=q.faults.confidence.si).assured_days, "days")


@number("faults.published.{}.crews", "crews", each=SOURCES, by=spare_pools.crews_to_keep_up)
def published_crews(q: Quantities, source: str) -> int:
    """Fewest crews that mend more than fails at a published rate."""
    return spare_pools.crews_to_keep_up(
        pools.pool_of(q, rate_per_day=pools.a_day(q.faults.published[source].rate)),
        pools.in_hours(q.machine.repair_time),
    )


@number("faults.published_rates", "rates")
def published_rates(q: Quantities) -> int:
    """Published rates that were converted."""
    return len(SOURCES)


@number("faults.published_kept_up", "rates")
def published_kept_up(q: Quantities) -> int:
    """Published rates at which the crews of this machine mend more than fails."""
    return sum(q.faults.published[source].crews <= q.machine.repair_crews for source in SOURCES)
