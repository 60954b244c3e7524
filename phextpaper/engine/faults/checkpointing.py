"""Lost time after failures: checkpoint intervals, recovery times, and the goodput that they leave.

A job computes for an interval, writes a checkpoint, and so on; a failure throws it back to the last checkpoint, and a
recovery follows. Failures come at random with a mean time between failures M of the whole job, also while checkpoints
are written and during recoveries. Goodput is the share of time that ends up as kept work (daly2006):

    goodput = interval / (M exp(recovery / M) (exp((interval + write) / M) - 1))

With a live replica nothing is thrown back and nothing is written: the limit of no interval and no write,
exp(-recovery / M). All times are in seconds unless a name says otherwise.
"""

import math
from dataclasses import dataclass

from phextpaper.engine.checked import positive, seconds, whole_number
from phextpaper.errors import InputError

SECONDS_PER_DAY = 86_400.0


def job_mtbf(chips: int, mtbf_days: float) -> float:
    """Return the mean time between failures of a job on so many chips, in seconds; `mtbf_days` is that of one chip.

    >>> round(job_mtbf(4096, 1000) / 3600, 2)
    5.86
    """
    return positive("mtbf_days", mtbf_days) * SECONDS_PER_DAY / whole_number("chips", chips, 1, 2**31)


def young_interval(write: float, mtbf: float) -> float:
    """Return Young's interval between checkpoints: sqrt(2 write M) (young1974).

    >>> young_interval(50, 10_000)
    1000.0
    """
    return math.sqrt(2 * positive("write", write) * positive("mtbf", mtbf))


def daly_interval(write: float, mtbf: float) -> float:
    """Return Daly's interval, the optimum to higher order for write < 2 M, and M above it (daly2006)."""
    if positive("write", write) >= 2 * positive("mtbf", mtbf):
        return mtbf
    ratio = write / (2 * mtbf)
    return math.sqrt(2 * write * mtbf) * (1 + math.sqrt(ratio) / 3 + ratio / 9) - write


def best_interval(write: float, mtbf: float) -> float:
    """Return the interval of the highest goodput in this model: M (1 + W(-exp(-1 - write / M))), W being Lambert's.

    It does not depend on the recovery time.
    """
    from scipy.special import lambertw

    return mtbf * (1 + float(lambertw(-math.exp(-1 - positive("write", write) / positive("mtbf", mtbf))).real))


def checkpoint_goodput(interval: float, write: float, recovery: float, mtbf: float) -> float:
    """Return the share of time that is kept work, from 0 to 1; an interval and a write of 0 are a live replica."""
    for name, value in (("interval", interval), ("write", write), ("recovery", recovery)):
        seconds(name, value)
    positive("mtbf", mtbf)
    if interval == 0:
        return math.exp(-recovery / mtbf) if write == 0 else 0.0
    # As logarithms, so that recoveries and intervals of many M give 0 and no overflow.
    cycle = (interval + write) / mtbf
    return math.exp(math.log(interval / mtbf) - recovery / mtbf - cycle - math.log(-math.expm1(-cycle)))


@dataclass(frozen=True)
class RecoveryTime:
    """What follows a failure until the job goes on, each in seconds.

    A health check of `check_period` declares a chip failed after `missed_checks` in a row went unanswered. Failures
    fall anywhere between two checks, so detection takes half a period less than that in the mean. `mirrors` is 0 where
    no optical switch moves. `state` is the time to bring state to the spare: loading a checkpoint, or copying from a
    live replica and repeating the step that was under way.
    """

    check_period: float
    table_update: float
    mirrors: float
    state: float
    missed_checks: int = 1

    def __post_init__(self) -> None:
        whole_number("missed_checks", self.missed_checks, 1, 1000)
        for name in ("check_period", "table_update", "mirrors", "state"):
            seconds(name, getattr(self, name))

    @property
    def mean_detection(self) -> float:
        """Mean time from the failure to its detection."""
        return (self.missed_checks - 0.5) * self.check_period

    @property
    def worst_detection(self) -> float:
        """Longest time from the failure to its detection: it came right after an answered check."""
        return self.missed_checks * self.check_period

    @property
    def after_detection(self) -> float:
        """Time from detection until the job goes on."""
        return self.table_update + self.mirrors + self.state

    @property
    def mean(self) -> float:
        """Mean time from the failure until the job goes on.

        >>> RecoveryTime(check_period=1.0, table_update=0.001, mirrors=0.0, state=0.0).mean
        0.501
        """
        return self.mean_detection + self.after_detection

    @property
    def worst(self) -> float:
        """Longest time from the failure until the job goes on."""
        return self.worst_detection + self.after_detection

    def longest_check_period(self, target: float) -> float:
        """Return the longest check period that keeps even the worst recovery within `target`; 0 where none does."""
        return max(0.0, target - self.after_detection) / self.missed_checks


@dataclass(frozen=True)
class Loss:
    """What one way of recovering costs.

    `interval` is that between checkpoints, None with a live replica. `lost_per_failure` is the mean lost time for each
    failure: recovery and thrown-away work, and not the writing of checkpoints. `per_chip_in_use` is the goodput of the
    chips that the job runs on, `per_chip_bought` that of all chips, with spares and dedicated copies.
    """

    name: str
    interval: float | None
    recovery: float
    lost_per_failure: float
    write_share: float
    per_chip_in_use: float
    per_chip_bought: float


def checkpointed(
    name: str, *, interval: float, write: float, recovery: float, mtbf: float, active: int, bought: int
) -> Loss:
    """Return the loss of a job that goes back to its last checkpoint at each failure."""
    kept = checkpoint_goodput(interval, write, recovery, mtbf)
    # Failures strike every M seconds of wall time, so what is neither kept nor written was lost to them.
    writing = kept * write / interval
    lost = (1 - kept - writing) * mtbf
    return Loss(name, interval, recovery, lost, writing, kept, kept * _share_in_use(active, bought))


def replicated(name: str, *, recovery: float, mtbf: float, active: int, bought: int, copies: int = 1) -> Loss:
    """Return the loss of a job that goes on from a live replica of the failed chip's state.

    `copies` counts the chips that hold each state: 1 where data parallelism keeps it on another chip that works anyhow,
    2 where each chip has a twin that does nothing else. Failures of both holders at once are left out.
    """
    kept = checkpoint_goodput(0.0, 0.0, recovery, mtbf)
    lost = (1 - kept) * mtbf
    extra = (whole_number("copies", copies, 1, 100) - 1) * active
    return Loss(name, None, recovery, lost, 0.0, kept, kept * _share_in_use(active, bought + extra))


def compare_recoveries(
    *,
    active: int,
    spares: int,
    mtbf_days: float,
    write: float,
    restart: RecoveryTime,
    replica: RecoveryTime,
    repair: float,
) -> tuple[Loss, ...]:
    """Return the losses of each way to survive failures, at the same failure rate and at mean recovery times.

    In order: remapping with a live replica (free, and with twins), remapping to a spare with a rollback to the last
    checkpoint at Young's, Daly's and the best interval, and a fixed machine without spares, which restarts when all its
    chips work again, at the best interval. Each of its failures takes `repair` seconds to mend, all at once if need be;
    a failure during the wait starts it anew, which is the busy period of a queue with fixed service and no limit.
    """
    mtbf, bought = job_mtbf(active, mtbf_days), active + spares
    common = {"write": write, "recovery": restart.mean, "mtbf": mtbf, "active": active, "bought": bought}
    fixed = common | {"recovery": restart.mean + repair, "bought": active}
    return (
        replicated("replica", recovery=replica.mean, mtbf=mtbf, active=active, bought=bought),
        replicated("twins", recovery=replica.mean, mtbf=mtbf / 2, active=active, bought=bought, copies=2),
        checkpointed("young", interval=young_interval(write, mtbf), **common),
        checkpointed("daly", interval=daly_interval(write, mtbf), **common),
        checkpointed("best", interval=best_interval(write, mtbf), **common),
        checkpointed("fixed", interval=best_interval(write, mtbf), **fixed),
    )


def _share_in_use(active: int, bought: int) -> float:
    if not 1 <= active <= bought:
        raise InputError(f"{bought} chips bought, {active} in use", where="bought", remedy="count chips in use too")
    return active / bought
