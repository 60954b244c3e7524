"""Lost time after failures: checkpoint intervals, recovery times, and the goodput that they leave.

A job computes for an interval, writes a checkpoint, and so on; a failure throws it back to the last checkpoint, and a
recovery follows. Failures come at random with a mean time between failures M of the whole job, also while checkpoints
are written and during recoveries. Goodput is the share of time that ends up as kept work (daly2006):

    goodput = interval / (M exp(recovery / M) (exp((interval + write) / M) - 1))

With a live replica nothing is thrown back and nothing is written: the limit of no interval and no write,
exp(-recovery / M). All times are in seconds, as their names say.
"""

import math
from dataclasses import dataclass

from phextpaper.engine.checked import positive, seconds, whole_number
from phextpaper.errors import InputError


def job_mtbf(chips: int, mtbf_s: float) -> float:
    """Return the mean time between failures of a job on so many chips, in seconds; `mtbf_s` is that of one chip.

    Raises `InputError` unless both are above 0.

    >>> round(job_mtbf(4096, 1000 * 86_400.0))
    21094
    """
    return positive("mtbf", mtbf_s) / whole_number("chips", chips, 1, 2**31)


def young_interval(write_s: float, mtbf_s: float) -> float:
    """Return Young's interval between checkpoints in seconds: sqrt(2 write M) (young1974).

    Raises `InputError` unless both times are above 0.

    >>> young_interval(50, 10_000)
    1000.0
    """
    return math.sqrt(2 * positive("write", write_s) * positive("mtbf", mtbf_s))


def daly_interval(write_s: float, mtbf_s: float) -> float:
    """Return Daly's interval in seconds, the optimum to higher order for write < 2 M, and M above it (daly2006).

    Raises `InputError` unless both times are above 0.
    """
    if positive("write", write_s) >= 2 * positive("mtbf", mtbf_s):
        return mtbf_s
    ratio = write_s / (2 * mtbf_s)
    return math.sqrt(2 * write_s * mtbf_s) * (1 + math.sqrt(ratio) / 3 + ratio / 9) - write_s


def best_interval(write_s: float, mtbf_s: float) -> float:
    """Return the interval of the highest goodput in this model: M (1 + W(-exp(-1 - write / M))), W being Lambert's.

    In seconds. It does not depend on the recovery time. Raises `InputError` unless both times are above 0.
    """
    from scipy.special import lambertw

    return mtbf_s * (1 + float(lambertw(-math.exp(-1 - positive("write", write_s) / positive("mtbf", mtbf_s))).real))


def checkpoint_goodput(interval_s: float, write_s: float, recovery_s: float, mtbf_s: float) -> float:
    """Return the share of time that is kept work, from 0 to 1 (daly2006).

    All times are in seconds; an interval and a write of 0 are a live replica. Raises `InputError` for times below 0,
    and unless `mtbf_s` is above 0.
    """
    for name, value in (("interval", interval_s), ("write", write_s), ("recovery", recovery_s)):
        seconds(name, value)
    positive("mtbf", mtbf_s)
    if interval_s == 0:
        return math.exp(-recovery_s / mtbf_s) if write_s == 0 else 0.0
    # As logarithms, so that recoveries and intervals of many M give 0 and no overflow.
    cycle = (interval_s + write_s) / mtbf_s
    return math.exp(math.log(interval_s / mtbf_s) - recovery_s / mtbf_s - cycle - math.log(-math.expm1(-cycle)))


@dataclass(frozen=True)
class RecoveryTime:
    """What follows a failure until the job goes on, each in seconds.

    A health check of `check_period_s` declares a chip failed after `missed_checks` in a row went unanswered. Failures
    fall anywhere between two checks, so detection takes half a period less than that in the mean. `mirrors_s` is 0
    where no optical switch moves. `state_s` is the time to bring state to the spare: loading a checkpoint, or copying
    from a live replica and repeating the step that was under way. Raises `InputError` for times below 0 and for fewer
    than one missed check.
    """

    check_period_s: float
    table_update_s: float
    mirrors_s: float
    state_s: float
    missed_checks: int = 1

    def __post_init__(self) -> None:
        whole_number("missed_checks", self.missed_checks, 1, 1000)
        for name in ("check_period_s", "table_update_s", "mirrors_s", "state_s"):
            seconds(name, getattr(self, name))

    @property
    def mean_detection_s(self) -> float:
        """Mean seconds from the failure to its detection."""
        return (self.missed_checks - 0.5) * self.check_period_s

    @property
    def worst_detection_s(self) -> float:
        """Most seconds from the failure to its detection: it came right after an answered check."""
        return self.missed_checks * self.check_period_s

    @property
    def after_detection_s(self) -> float:
        """Seconds from detection until the job goes on."""
        return self.table_update_s + self.mirrors_s + self.state_s

    @property
    def mean_s(self) -> float:
        """Mean seconds from the failure until the job goes on.

        >>> RecoveryTime(check_period_s=1.0, table_update_s=0.001, mirrors_s=0.0, state_s=0.0).mean_s
        0.501
        """
        return self.mean_detection_s + self.after_detection_s

    @property
    def worst_s(self) -> float:
        """Most seconds from the failure until the job goes on."""
        return self.worst_detection_s + self.after_detection_s

    def longest_check_period(self, target_s: float) -> float:
        """Return the longest check period that keeps even the worst recovery within `target_s`; 0 where none does.

        Both are in seconds.
        """
        return max(0.0, target_s - self.after_detection_s) / self.missed_checks


@dataclass(frozen=True)
class Loss:
    """What one way of recovering costs.

    Times are in seconds. `interval_s` is that between checkpoints, None with a live replica. `lost_per_failure_s` is
    the mean lost time for each failure: recovery and thrown-away work, and not the writing of checkpoints, whose share
    of all time is `write_share`. `per_chip_in_use` is the goodput, from 0 to 1, of the chips that the job runs on,
    `per_chip_bought` that of all chips, with spares and dedicated copies.
    """

    name: str
    interval_s: float | None
    recovery_s: float
    lost_per_failure_s: float
    write_share: float
    per_chip_in_use: float
    per_chip_bought: float


def checkpointed(
    name: str, *, interval_s: float, write_s: float, recovery_s: float, mtbf_s: float, active: int, bought: int
) -> Loss:
    """Return the loss of a job that goes back to its last checkpoint at each failure.

    Raises `InputError` for times that are none, and unless `bought` counts the `active` chips too.
    """
    kept = checkpoint_goodput(interval_s, write_s, recovery_s, mtbf_s)
    # Failures strike every M seconds of wall time, so what is neither kept nor written was lost to them.
    writing = kept * write_s / interval_s
    lost = (1 - kept - writing) * mtbf_s
    return Loss(name, interval_s, recovery_s, lost, writing, kept, kept * _share_in_use(active, bought))


def replicated(name: str, *, recovery_s: float, mtbf_s: float, active: int, bought: int, copies: int = 1) -> Loss:
    """Return the loss of a job that goes on from a live replica of the failed chip's state.

    `copies` counts the chips that hold each state: 1 where data parallelism keeps it on another chip that works anyhow,
    2 where each chip has a twin that does nothing else. Failures of both holders at once are left out. Raises
    `InputError` for times that are none, for no copies, and unless `bought` counts the `active` chips too.
    """
    kept = checkpoint_goodput(0.0, 0.0, recovery_s, mtbf_s)
    lost = (1 - kept) * mtbf_s
    extra = (whole_number("copies", copies, 1, 100) - 1) * active
    return Loss(name, None, recovery_s, lost, 0.0, kept, kept * _share_in_use(active, bought + extra))


def compare_recoveries(
    *,
    active: int,
    spares: int,
    mtbf_s: float,
    write_s: float,
    restart: RecoveryTime,
    replica: RecoveryTime,
    repair_s: float,
) -> tuple[Loss, ...]:
    """Return the losses of each way to survive failures, at the same failure rate and at mean recovery times.

    In order: remapping with a live replica (free, and with twins), remapping to a spare with a rollback to the last
    checkpoint at Young's, Daly's and the best interval, and a fixed machine without spares, which restarts when all its
    chips work again, at the best interval. Each of its failures takes `repair_s` seconds to mend, all at once if need
    be; a failure during the wait starts it anew, which is the busy period of a queue with fixed service and no limit.
    `mtbf_s` is that of one chip, `write_s` the time of a checkpoint. Raises `InputError` where a time or a number of
    chips is none.
    """
    job_s, bought = job_mtbf(active, mtbf_s), active + spares

    def rolled_back(name: str, interval_s: float, *, waiting_s: float = 0.0, chips: int = bought) -> Loss:
        return checkpointed(
            name,
            interval_s=interval_s,
            write_s=write_s,
            recovery_s=restart.mean_s + waiting_s,
            mtbf_s=job_s,
            active=active,
            bought=chips,
        )

    best_s = best_interval(write_s, job_s)
    return (
        replicated("replica", recovery_s=replica.mean_s, mtbf_s=job_s, active=active, bought=bought),
        replicated("twins", recovery_s=replica.mean_s, mtbf_s=job_s / 2, active=active, bought=bought, copies=2),
        rolled_back("young", young_interval(write_s, job_s)),
        rolled_back("daly", daly_interval(write_s, job_s)),
        rolled_back("best", best_s),
        rolled_back("fixed", best_s, waiting_s=repair_s, chips=active),
    )


def _share_in_use(active: int, bought: int) -> float:
    if not 1 <= active <= bought:
        raise InputError(f"{bought} chips bought, {active} in use", where="bought", remedy="count chips in use too")
    return active / bought
