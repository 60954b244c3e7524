"""Time of a training step from published sizes: operations over peak, bytes over links, and what share of the peak that leaves."""

from dataclasses import dataclass

from phextpaper.errors import InputError

OPERATIONS = 6
"""Operations for each parameter and token of a transformer's step: 2 forward, 4 backward (narayanan2021, chowdhery2022)."""


@dataclass(frozen=True)
class Step:
    """A step's seconds of `computation` at peak and of `communication`, and whether the two overlap.

    >>> Step(2.0, 1.0).seconds, Step(2.0, 1.0, overlapped=True).seconds, round(Step(2.0, 1.0).share_of_peak, 3)
    (3.0, 2.0, 0.667)
    """

    computation: float
    communication: float
    overlapped: bool = False

    def __post_init__(self) -> None:
        if not self.computation > 0 or self.communication < 0:
            raise InputError("a step computes for some time and does not communicate for less than none", where="step")

    @property
    def seconds(self) -> float:
        """Time of the step."""
        return max(self.computation, self.communication) if self.overlapped else self.computation + self.communication

    @property
    def share_of_peak(self) -> float:
        """Share of the peak that the step reaches, from 0 to 1, if nothing else took time."""
        return self.computation / self.seconds


def transformer_operations(parameters: float, tokens: float) -> float:
    """Operations of one step of a transformer over so many tokens, recomputation not counted.

    >>> transformer_operations(1e9, 1e6)
    6000000000000000.0
    """
    if not (parameters > 0 and tokens > 0):
        raise InputError("a step has parameters and tokens above 0", where="step")
    return OPERATIONS * parameters * tokens


def compute_seconds(operations: float, chips: int, peak: float) -> float:
    """Seconds that `chips` need at their `peak` operations a second each."""
    if not (operations > 0 and chips > 0 and peak > 0):
        raise InputError("operations, chips and peak are above 0", where="step")
    return operations / (chips * peak)
