"""What a failure costs: the time until the job goes on, and the goodput that each way of recovering leaves."""

import numpy as np

from phextpaper.engine.faults import checkpointing
from phextpaper.engine.faults.checkpointing import RecoveryTime
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si

LOSSES = ("replica", "twins", "young", "daly", "best", "fixed")
PARTS = {
    "detection": "mean_detection_s",
    "worst_detection": "worst_detection_s",
    "state": "state_s",
    "mean": "mean_s",
    "worst": "worst_s",
}
SWITCHED = {"table_ms": "table_update_s", "mirrors_ms": "mirrors_s"}


def ways(q: Quantities) -> tuple[str, ...]:
    """Ways to recover: the address alone moves; a live replica gives the state; a checkpoint does; a block is swapped
    and a checkpoint does.
    """
    return ("address", "replica", "rollback", *(("swap",) if q.node("layout.machine").block_grid is not None else ()))


@number("recovery.announcement_us", "µs", 2, formula="diameter x latency of a hop")
def announcement_us(q: Quantities) -> float:
    """Time for the news of a remap to reach the farthest chip, on the torus without spares."""
    return q.topologies.torus_3d.diameter * q.machine.hop_latency.si


@number("recovery.copy_s", "s", 3, formula="memory of a chip / bandwidth of a link")
def copy_s(q: Quantities) -> float:
    """Time to copy the whole memory of a chip from its replica over one link."""
    return q.machine.chip_memory.si / q.machine.link_bandwidth.si


@node("recovery.time.{}", each=ways)
def time(q: Quantities, way: str) -> RecoveryTime:
    """What follows a failure until the job goes on."""
    m = q.machine
    table = q.routing.chip_update_ms.si + q.recovery.announcement_us.si
    state = {"address": 0.0, "replica": q.recovery.copy_s.si}.get(way, m.restart_time.si)
    return RecoveryTime(m.health_check_period.si, table, m.mirror_switching.si if way == "swap" else 0.0, state)


@number(
    "recovery.{}.{}",
    "s",
    ".4g",
    each=lambda q: [(way, part) for way in ways(q) for part in PARTS],
    by=RecoveryTime.mean_s,
    formula="detection (half a period in the mean, a period at worst) + table and announcement + mirrors + state",
)
def seconds(q: Quantities, way: str, part: str) -> float:
    """Time from a failure until the job goes on, in the mean and at worst; of it detection, in the mean and at worst,
    and the state.
    """
    return getattr(q.node(f"recovery.time.{way}"), PARTS[part])


@number(
    "recovery.{}.{}",
    "ms",
    ".3g",
    each=lambda q: [(way, part) for way in ways(q) for part in SWITCHED],
    by=RecoveryTime,
    formula="chip's share of the table + announcement; mirrors",
)
def milliseconds(q: Quantities, way: str, part: str) -> float:
    """Time to write the new table with its announcement, all chips at once, and to move mirrors."""
    return getattr(q.node(f"recovery.time.{way}"), SWITCHED[part])


@number("recovery.address_ms", "ms", 1, by=RecoveryTime.mean_s)
def address_ms(q: Quantities) -> float:
    """Mean time from a failure until its address has moved, the state left aside."""
    return q.node("recovery.time.address").mean_s


@number("recovery.target_ms", "ms", kind="assumed", whole=True)
def target_ms(q: Quantities) -> float:
    """The plan's bound for detection, remap and broadcast together."""
    return to_si(100, "ms")


@number("recovery.check_ms.{}", "ms", ".3g", each=("address", "replica"), by=RecoveryTime.longest_check_period)
def check_ms(q: Quantities, way: str) -> float:
    """Longest period of health checks that keeps even the worst recovery within the plan's bound; zero where none
    does.
    """
    return q.node(f"recovery.time.{way}").longest_check_period(q.recovery.target_ms.si)


@number("recovery.job_mtbf_h", "h", ".3g", by=checkpointing.job_mtbf, formula="MTBF of a chip / chips")
def job_mtbf_h(q: Quantities) -> float:
    """Mean time between failures of a job on all active chips."""
    return checkpointing.job_mtbf(int(q.layout.active_chips), q.faults.mtbf_days.si)


@number(
    "recovery.overlap.{}", "%", ".2g", each=("replica", "rollback"), formula="1 - exp(-mean recovery / MTBF of the job)"
)
def overlap(q: Quantities, way: str) -> float:
    """Probability that another chip fails while the job recovers from one."""
    return -float(np.expm1(-q.node(f"recovery.time.{way}").mean_s / q.recovery.job_mtbf_h.si))


@node("recovery.losses")
def losses(q: Quantities) -> dict[str, checkpointing.Loss]:
    """What each way of recovering costs, by name, as long as a spare is free."""
    m = q.machine
    found = checkpointing.compare_recoveries(
        active=int(q.layout.active_chips),
        spares=int(q.layout.spare_chips),
        mtbf_s=q.faults.mtbf_days.si,
        write_s=m.checkpoint_write.si,
        restart=q.node("recovery.time.rollback"),
        replica=q.node("recovery.time.replica"),
        repair_s=m.repair_time.si,
    )
    return {loss.name: loss for loss in found}


@number("recovery.interval.{}", "s", 0, each=("young", "daly", "best"), by=checkpointing.compare_recoveries)
def interval(q: Quantities, way: str) -> float:
    """Time between checkpoints: Young's rule, Daly's, and the best in the model."""
    return q.node("recovery.losses")[way].interval_s


@number(
    "recovery.lost.{}",
    "s",
    1,
    each=LOSSES,
    by=checkpointing.compare_recoveries,
    formula="(1 - goodput - share written) x MTBF of the job",
)
def lost(q: Quantities, way: str) -> float:
    """Time lost to each failure: recovery and work thrown away, without the writing of checkpoints."""
    return q.node("recovery.losses")[way].lost_per_failure_s


@number(
    "recovery.goodput.{}.{}",
    "%",
    2,
    each=((LOSSES, ("in_use", "bought")),),
    by=checkpointing.checkpoint_goodput,
    formula="interval / (M exp(recovery / M) (exp((interval + write) / M) - 1)), times the share of chips in use",
)
def goodput(q: Quantities, way: str, chips: str) -> float:
    """Share of time that is kept work, of the chips in use or of all chips bought: spares, and twins where each chip
    has one.
    """
    found = q.node("recovery.losses")[way]
    return found.per_chip_in_use if chips == "in_use" else found.per_chip_bought


@node("recovery.timeline")
def timeline(q: Quantities) -> list[tuple[str, float, float, float, float]]:
    """Rows for a figure: way, and the seconds that detection (mean), table, mirrors and state take."""
    times = {way: q.node(f"recovery.time.{way}") for way in ways(q)}
    return [
        (way, found.mean_detection_s, found.table_update_s, found.mirrors_s, found.state_s)
        for way, found in times.items()
    ]
