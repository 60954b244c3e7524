"""What a failure costs, reckoned a second time: the cells of a table of recoveries and of one of losses."""

from phextpaper.engine.faults import checkpointing
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.study.quantities import recovery

LIVE = ("replica", "twins")
"""Ways that take the state from a replica, and so need no checkpoint."""


def recovery_cells(q: Quantities) -> dict[str, tuple[str, ...]]:
    """Table and mirrors in ms; state, mean and worst recovery in s."""
    m, found = q.machine, {}
    period = m.health_check_period.si
    table = (int(m.chips) - 1) * m.table_entry_update.si + q.topologies.torus_3d.diameter * m.hop_latency.si
    states = {"address": 0.0, "replica": m.chip_memory.si / m.link_bandwidth.si}
    for way in recovery.ways(q):
        mirrors, state = m.mirror_switching.si if way == "swap" else 0.0, states.get(way, m.restart_time.si)
        after = table + mirrors + state
        found[way] = (
            *(format_value(from_si(time, "ms"), ".3g") for time in (table, mirrors)),
            *(format_value(time, ".4g") for time in (state, period / 2 + after, period + after)),
        )
    return found


def job_mtbf(q: Quantities) -> float:
    """Seconds between failures of a job on all chips, in the mean."""
    return checkpointing.job_mtbf(int(q.layout.active_chips), 1 / q.machine.failure_rate.si)


def loss_cells(q: Quantities) -> dict[str, tuple[str, ...]]:
    """Interval and lost time in s; goodput of chips in use and of chips bought in %. One way without spares."""
    m, active, bought, found = q.machine, int(q.layout.active_chips), int(q.layout.total_chips), {}
    write, mtbf = m.checkpoint_write.si, job_mtbf(q)
    times = {way: q.node(f"recovery.time.{way}").mean_s for way in ("replica", "rollback")}
    intervals = {
        "young": checkpointing.young_interval(write, mtbf),
        "daly": checkpointing.daly_interval(write, mtbf),
        "fixed": checkpointing.best_interval(write, mtbf),
    }
    for way in (*LIVE, *intervals) if q.layout.spare_chips > 0 else ("fixed",):
        between, wait = intervals.get(way, 0.0), m.repair_time.si if way == "fixed" else 0.0
        recovering, often = times["replica" if way in LIVE else "rollback"] + wait, mtbf / 2 if way == "twins" else mtbf
        kept = checkpointing.checkpoint_goodput(between, write if between else 0.0, recovering, often)
        paid = {"twins": bought + active, "fixed": active}.get(way, bought)
        lost = (1 - kept - (kept * write / between if between else 0.0)) * often
        shares = (format_value(100 * share, 2) for share in (kept, kept * active / paid))
        found[way] = (format_value(between, 0) if between else "none", format_value(lost, 1), *shares)
    return found
