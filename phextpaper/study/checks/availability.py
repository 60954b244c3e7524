"""The spare pool, reckoned a second time: the cells of the tables of cover, of the curve and of the long run."""

from phextpaper.engine.faults import spare_pools
from phextpaper.press.evaluation import Branch, Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.study.pools import pool_of, shown, unit_sizes
from phextpaper.study.quantities.faults import DAYS

Cells = list[tuple[str, ...]]


def pools(q: Quantities, chips: int) -> tuple[spare_pools.SparePool, spare_pools.SparePool]:
    """The pool in units of so many chips, with spares that rest until they are needed and with such that may fail."""
    layout, mtbf_days = q.node("layout.machine"), from_si(1 / q.machine.failure_rate.si, "days")
    cold, hot = (
        spare_pools.SparePool.of_chips(layout.active, layout.spares, unit=chips, mtbf_days=mtbf_days, dormancy=dormancy)
        for dormancy in (0, 1)
    )
    return cold, hot


def cover_cells(q: Quantities) -> Cells:
    """Unit, its chips, spares; days that they cover in the mean and, cold and hot, at the confidence."""
    rows: Cells = []
    for unit, chips in unit_sizes(q.node("layout.machine")).items():
        cold, hot = pools(q, chips)
        mean, sure, sure_hot = (
            spare_pools.cover(cold, confidence=0.999).naive_days,
            *(spare_pools.cover(pool, confidence=0.999).assured_days for pool in (cold, hot)),
        )
        rows.append((unit, str(chips), str(cold.spares), *(format_value(d, ".3g") for d in (mean, sure, sure_hot))))
    return rows


def long_run_cells(q: Quantities) -> Cells:
    """Unit; failed units by the chain and by simulation; time short of spares by both, by the chain with hot spares."""
    repair = spare_pools.Repair(float(q.machine.repair_time), int(q.machine.repair_crews))
    rows: Cells = []
    for unit, chips in unit_sizes(q.node("layout.machine")).items():
        cold, hot = (spare_pools.steady_state(pool, repair) for pool in pools(q, chips))
        short, short_hot = (format_value(shown(found.shortage), ".3g") for found in (cold, hot))
        failed, sampled = q.faults.simulated_failed[unit], q.faults.simulated_shortage[unit]
        rows.append((unit, format_value(cold.mean_failed, 1), ends(failed), short, ends(sampled), short_hot))
    return rows


def curve_cells(q: Quantities) -> Cells:
    """Day; probability of no shortage in closed form and by simulation; the band of the simulation."""
    pool, rows = pool_of(q), Cells()
    for at in (q.faults.curve[day] for day in DAYS):
        closed = 1 - float(spare_pools.shortage_probability(pool, at.day.value))
        rows.append((at.day.text, format_value(closed, 3), at.simulated.text, ends(at)))
    return rows


def agreeing(q: Quantities) -> bool:
    """Whether closed form and chain lie inside the simulated intervals, at each day of the curve as in the long run."""
    days = (q.faults.curve[day] for day in DAYS)
    inside = all(at.low.value <= at.no_shortage.value <= at.high.value for at in days)
    return inside and bool(q.faults.curve_agrees) and bool(q.faults.steady_agrees)


def ends(interval: Branch) -> str:
    """The ends of an interval as a cell shows them; where nothing was simulated, the words that stand for both."""
    low, high = interval.low, interval.high
    return low.value if isinstance(low.value, str) else f"{low.text} to {high.text}"
