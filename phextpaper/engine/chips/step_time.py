"""Time of a training step from published sizes: operations over peak, bytes over memory and links."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from phextpaper.engine.checked import whole_number
from phextpaper.errors import InputError

OPERATIONS = 6
"""Operations for each parameter and token of a transformer's step: 2 forward, 4 backward (narayanan2021,
chowdhery2022)."""


@dataclass(frozen=True)
class Step:
    """A step's seconds of computation at peak, of communication and memory traffic, and whether communication overlaps.

    Computation and memory traffic always go side by side. Raises `InputError` for no computation and for times below 0.

    >>> Step(2.0, 1.0).seconds, Step(2.0, 1.0, overlapped=True).seconds, round(Step(2.0, 1.0).share_of_peak, 3)
    (3.0, 2.0, 0.667)
    >>> Step(2.0, 1.0, memory_s=4.0).seconds
    5.0
    """

    computation_s: float
    communication_s: float
    overlapped: bool = False
    memory_s: float = 0.0

    def __post_init__(self) -> None:
        if not self.computation_s > 0 or min(self.communication_s, self.memory_s) < 0:
            raise InputError("a step computes for some time and does not move bytes for less than none", where="step")

    @property
    def seconds(self) -> float:
        """Seconds of the step."""
        chip = max(self.computation_s, self.memory_s)
        return max(chip, self.communication_s) if self.overlapped else chip + self.communication_s

    @property
    def share_of_peak(self) -> float:
        """Share of the peak that the step reaches, from 0 to 1, if nothing else took time."""
        return self.computation_s / self.seconds

    @property
    def bound(self) -> str:
        """What takes the longest: computation, memory or communication."""
        return max(("computation", "memory", "communication"), key=lambda name: getattr(self, f"{name}_s"))


def transformer_operations(parameters: float, tokens: float) -> float:
    """Operations of one step of a transformer over so many tokens (narayanan2021, chowdhery2022).

    Recomputation is not counted. Raises `InputError` unless parameters and tokens are above 0.

    >>> transformer_operations(1e9, 1e6)
    6000000000000000.0
    """
    if not (parameters > 0 and tokens > 0):
        raise InputError("a step has parameters and tokens above 0", where="step")
    return OPERATIONS * parameters * tokens


def compute_seconds(operations: float, chips: int, peak_operations_per_s: float) -> float:
    """Seconds that `chips` need at their peak each.

    Raises `InputError` unless operations, chips and peak are above 0.
    """
    if not (operations > 0 and chips > 0 and peak_operations_per_s > 0):
        raise InputError("operations, chips and peak are above 0", where="step")
    return operations / (chips * peak_operations_per_s)


def torus_all_reduce_seconds(
    shape: Sequence[int], buffer_bytes: float, *, bandwidth_bytes_per_s: float, hop_latency_s: float
) -> float:
    """Seconds of `collectives.all_dimensions` in closed form: an all-reduce on all links of a torus of equal sides.

    Every chip sends 2 (n - 1) / n of its buffer over twice as many links as the torus has dimensions, each with its
    bandwidth in each direction, in 2 (k - 1) rounds of one hop for each side k (patarasuk2009, cho2019). With sides
    that differ, links rest in some rounds and it takes longer, so such shapes raise `InputError`; so do sides of 2,
    whose parallel links a table of single routes does not share, and times, bytes and bandwidths below 0.

    >>> round(torus_all_reduce_seconds((16, 16, 16), 100e6, bandwidth_bytes_per_s=50e9, hop_latency_s=500e-9) * 1e3, 3)
    0.712
    """
    sides = [whole_number("shape", side, 3, 10**6) for side in shape]
    if not sides or len(set(sides)) > 1:
        raise InputError(
            f"{tuple(shape)} has no equal sides of 3 or more",
            where="all-reduce",
            remedy="walk its schedule: schedules.cost",
        )
    if not (bandwidth_bytes_per_s > 0 and buffer_bytes >= 0 and hop_latency_s >= 0):
        raise InputError("bytes and latency are 0 or more and a bandwidth is above 0", where="all-reduce")
    size = math.prod(sides)
    return 2 * len(sides) * (sides[0] - 1) * hop_latency_s + 2 * buffer_bytes * (size - 1) / size / (
        2 * len(sides) * bandwidth_bytes_per_s
    )


def trimmed_mean(times: Sequence[float], *, missed: int = 0) -> float:
    """Mean of runs without the fastest and the slowest, as MLPerf scores them (mlcommons2022).

    A run that `missed` the target is slowest. In the unit of the times. Raises `InputError` for fewer than three runs,
    or several that missed.

    >>> trimmed_mean([5.0, 1.0, 2.0, 3.0]), trimmed_mean([5.0, 1.0, 3.0], missed=1)
    (2.5, 4.0)
    """
    return math.fsum(times[place] for place in counted_runs(times, missed=missed)) / (len(times) + missed - 2)


def counted_runs(times: Sequence[float], *, missed: int = 0) -> list[int]:
    """Places of the runs that count towards that mean, in order; of equal ones the first is dropped.

    Raises `InputError` for fewer than three runs, or several that missed.

    >>> counted_runs([5.0, 1.0, 2.0, 3.0])
    [2, 3]
    """
    if missed not in (0, 1) or len(times) + missed < 3:
        raise InputError("a score needs three runs, of which at most one missed the target", where="runs")
    order = sorted(range(len(times)), key=lambda place: times[place])
    return sorted(order[1:] if missed else order[1:-1])
