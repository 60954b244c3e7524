"""What a chip can reach at most: the lower of its peak and of what its memory can feed (williams2009)."""

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log

from phextpaper.errors import InputError


@dataclass(frozen=True)
class Chip:
    """A chip's peak, and the bandwidth of its memory: `InputError` unless both are above 0.

    >>> chip = Chip(275e12, 1200e9)
    >>> round(chip.ridge, 1), chip.attainable(100) == 120e12
    (229.2, True)
    """

    peak_operations_per_s: float
    bandwidth_bytes_per_s: float

    def __post_init__(self) -> None:
        if not (self.peak_operations_per_s > 0 and self.bandwidth_bytes_per_s > 0):
            raise InputError("a chip has a peak and a bandwidth above 0", where="roofline")

    @property
    def ridge(self) -> float:
        """Operations a byte from which on the peak is the limit."""
        return self.peak_operations_per_s / self.bandwidth_bytes_per_s

    def attainable(self, intensity: float) -> float:
        """Operations a second at so many operations a byte. Raises `InputError` unless these are above 0."""
        if not intensity > 0:
            raise InputError(f"an intensity of {intensity}", where="roofline", remedy="give operations a byte above 0")
        return min(self.peak_operations_per_s, intensity * self.bandwidth_bytes_per_s)

    def seconds(self, operations: float, moved_bytes: float) -> float:
        """Least seconds for so many operations and bytes of memory traffic, computing and moving at the same time.

        Raises `InputError` unless both are above 0.

        >>> Chip(100.0, 10.0).seconds(200.0, 50.0)
        5.0
        """
        if not (operations > 0 and moved_bytes > 0):
            raise InputError("work has operations and bytes above 0", where="roofline")
        return max(operations / self.peak_operations_per_s, moved_bytes / self.bandwidth_bytes_per_s)


def speed_ratio(one: Chip, other: Chip, intensity: float) -> float:
    """How many times more operations a second one chip reaches than another at the same intensity."""
    return one.attainable(intensity) / other.attainable(intensity)


def ratio_range(one: Chip, other: Chip) -> tuple[float, float]:
    """Least and most of that ratio over all intensities: those of the bandwidths, of the peaks, and at both ridges.

    Between two ridges the ratio changes in one direction, so its extremes lie at the ends.

    >>> ratio_range(Chip(10, 1), Chip(5, 1))
    (1.0, 2.0)
    """
    found = [
        one.bandwidth_bytes_per_s / other.bandwidth_bytes_per_s,
        one.peak_operations_per_s / other.peak_operations_per_s,
        *(speed_ratio(one, other, chip.ridge) for chip in (one, other)),
    ]
    return min(found), max(found)


def intensity_for(one: Chip, other: Chip, ratio: float) -> float | None:
    """An intensity at which one chip is `ratio` times as fast as another, or None where it never is.

    Outside the two ridges the ratio does not change, so one of them, or the only one between them, is given. In
    operations a byte.

    >>> intensity_for(Chip(20, 2), Chip(5, 1), 3.0), intensity_for(Chip(20, 2), Chip(5, 1), 5.0)
    (7.5, None)
    """
    low, high = ratio_range(one, other)
    if not low <= ratio <= high:
        return None
    ends = sorted((one.ridge, other.ridge))
    at = [speed_ratio(one, other, end) for end in ends]
    if at[0] == at[1] or abs(ratio - at[0]) < 1e-15 * ratio:
        return ends[0]
    # Between the ridges one chip is at its peak and the other still rises, so the ratio is proportional to the
    # intensity or its inverse.
    power = 1 if at[1] > at[0] else -1
    return ends[0] * (ratio / at[0]) ** power


def mean_ratio(one: Chip, other: Chip, least: float, most: float) -> float:
    """Geometric mean of the ratio over intensities from `least` to `most`, all octaves counted alike: exact.

    The logarithm of the ratio is linear in the logarithm of the intensity between ridges, so trapezoids have its area.
    Intensities are operations a byte. Raises `InputError` unless they rise, from above 0.

    >>> round(mean_ratio(Chip(10, 1), Chip(5, 1), 0.1, 1.0), 6)
    1.0
    """
    if not 0 < least < most:
        raise InputError(
            f"intensities from {least} to {most}", where="roofline", remedy="give a range that rises, above 0"
        )
    knots = sorted({least, most, *(ridge for ridge in (one.ridge, other.ridge) if least < ridge < most)})
    values = [log(speed_ratio(one, other, knot)) for knot in knots]
    area = sum(
        (log(b) - log(a)) * (x + y) / 2 for (a, b), (x, y) in zip(pairwise(knots), pairwise(values), strict=True)
    )
    return exp(area / (log(most) - log(least)))
