"""How many groups of requests are not empty: mean and deviation in closed form, for uniform IDs and for skewed ones.

Groups share the leading parts of their coordinates, as in `request_groups`, which counts them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.zipf import zipf_share
from phextpaper.errors import InputError

_CLASSES = 20_000


@dataclass(frozen=True)
class Occupancy:
    """Groups that are not empty after independent requests: of how many, mean, standard deviation."""

    groups: int
    mean: float
    deviation: float


def expected_occupancy(requests: int, shares: ArrayLike, counts: ArrayLike | None = None) -> Occupancy:
    """Mean and deviation, in closed form, of the non-empty groups after `requests` requests.

    `shares` (k,) are the chances that a request falls into a group of each kind, `counts` (k,) how many groups are of
    it, one if not given; all add up to 1. With q = (1 - p)^n the mean is the sum of 1 - q. The variance adds, over
    ordered pairs of different groups, (1 - p - p')^n - q q', written as a multiple of q q' so that little is lost to
    rounding. Raises `InputError` for shares that are none.

    >>> found = expected_occupancy(1000, [1 / 1000], [1000])
    >>> found.groups, round(found.mean, 2), round(found.deviation, 2)
    (1000, 632.3, 9.86)
    """
    whole_number("requests", requests, 0, 10**12)
    share, many = (
        np.asarray(shares, dtype=float),
        np.asarray(np.ones(np.shape(shares)) if counts is None else counts, dtype=float),
    )
    if (
        share.ndim != 1
        or share.shape != many.shape
        or not len(share)
        or (share < 0).any()
        or abs(share @ many - 1) > 1e-9
    ):
        raise InputError("the shares of all groups must be 0 or more and add up to 1", where="shares")
    if len(share) > _CLASSES:
        raise InputError(
            f"{len(share)} kinds of groups",
            where="shares",
            remedy=f"give up to {_CLASSES}, equal ones once with a count",
        )
    groups, possible = int(many.sum()), (share > 0) & (many > 0)
    share, many = share[possible], many[possible]
    if not requests or share.max() >= 1:
        return Occupancy(groups, float(requests > 0), 0.0)
    empty = np.exp(requests * np.log1p(-share))
    mean = float(many @ -np.expm1(requests * np.log1p(-share)))
    variance = float(many @ (empty * (1 - empty)))
    for one, (odds, empty_one) in enumerate(zip(share / (1 - share), empty, strict=True)):
        others = many - (np.arange(len(share)) == one)
        with np.errstate(divide="ignore"):
            together = np.expm1(requests * np.log1p(-np.minimum(odds * share / (1 - share), 1.0)))
        variance += float(many[one] * empty_one * (others @ (empty * together)))
    return Occupancy(groups, mean, max(variance, 0.0) ** 0.5)


def uniform_occupancy(vocabulary: Vocabulary, requests: int, depth: int) -> Occupancy:
    """Non-empty groups after `requests` uniform IDs, by the first `depth` parts, the last and smaller group included.

    Raises `InputError` for a depth outside 0 to the number of parts.

    >>> round(uniform_occupancy(Vocabulary.of_base(10**9, 100), 1000, 2).mean, 2)
    632.3
    """
    sizes, counts = vocabulary.group_sizes(depth)
    return expected_occupancy(requests, sizes / vocabulary.size, counts)


def zipf_occupancy(vocabulary: Vocabulary, requests: int, depth: int, skew: float) -> Occupancy:
    """The same for IDs drawn by `zipf.zipf_ids` under the plain rule, which leaves popular IDs side by side.

    Raises `InputError` for a scrambled vocabulary, which has no such closed form, and for more than 20 000 groups.
    """
    if vocabulary.seed is not None:
        raise InputError("scrambled groups have no closed form for skewed IDs", where="occupancy", remedy="count them")
    whole_number("groups", vocabulary.group_count(depth), 1, _CLASSES)
    size = vocabulary.group_size(depth)
    ends = [min(start + size, vocabulary.size) for start in range(0, vocabulary.size, size)]
    shares = np.array([zipf_share(end - 1 - (end - 1) % size, end, vocabulary.size, skew) for end in ends])
    return expected_occupancy(requests, shares / shares.sum())
