"""Requests grouped by the leading parts of their coordinates: the partition, and how many groups are not empty.

Groups are numbered in phext order. Grouping by volume has depth 1, by volume and book depth 2, by chapter depth 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.zipf import zipf_share
from phextpaper.errors import InputError

_CHUNK = 1 << 16
_SPARSE = 8  # bins for each request beyond which sorting is cheaper than counting all bins
_CLASSES = 20_000


@dataclass(frozen=True, eq=False)
class Groups:
    """A partition of requests.

    `keys` (groups,) number the groups that are not empty, rising; `order` (requests,) lists the requests group by group,
    each group's in the order of the batch; group g holds `order[starts[g]:starts[g + 1]]`, `starts` being (groups + 1,).
    """

    keys: NDArray[np.int64]
    starts: NDArray[np.int64]
    order: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Requests in each group: shape (groups,)."""
        return np.diff(self.starts)

    def members(self, group: int) -> NDArray[np.integer]:
        """The requests of one group, by their places in the batch."""
        return self.order[self.starts[group] : self.starts[group + 1]]


def grouped(keys: ArrayLike, count: int) -> Groups:
    """Partition requests by their `keys` (n,), each from 0 to `count` - 1.

    Counting sort: SciPy's conversion of a sparse matrix from rows to columns. Raises `InputError` for other keys.

    >>> groups = grouped([3, 0, 3, 1], 5)
    >>> groups.keys.tolist(), groups.sizes.tolist(), groups.members(2).tolist()
    ([0, 1, 3], [1, 1, 2], [0, 2])
    """
    labels = _checked(keys, count)
    if count > _SPARSE * len(labels) + 1024:
        order = np.argsort(labels, kind="stable")
        ordered = labels[order]
        begins = np.flatnonzero(np.diff(ordered, prepend=-1))
        return Groups(ordered[begins], np.append(begins, len(labels)), order)
    order, starts = _counting_sort(labels, count)
    there = np.flatnonzero(np.diff(starts))
    return Groups(there, np.append(starts[there], len(labels)), order)


def _counting_sort(labels: NDArray[np.int64], count: int) -> tuple[NDArray[np.integer], NDArray[np.int64]]:
    """Requests in the order of their labels, and where each label begins: (n,) and (count + 1,)."""
    from scipy.sparse import csr_array

    kind = np.int32 if max(len(labels), count) < 2**31 else np.int64
    ones = np.ones(len(labels), dtype=np.int8)
    matrix = csr_array(
        (ones, labels.astype(kind), np.arange(len(labels) + 1, dtype=kind)), shape=(len(labels), count)
    ).tocsc()
    return matrix.indices, matrix.indptr.astype(np.int64)


def batches(vocabulary: Vocabulary, ids: ArrayLike, depth: int) -> Groups:
    """Partition a batch of IDs (n,) by the first `depth` parts of their coordinates.

    >>> plan = Vocabulary.of_base(10**9)
    >>> batches(plan, [847_293_102, 5, 847_000_000, 1_000_000], 2).keys.tolist()
    [0, 1, 847]
    """
    return grouped(vocabulary.groups(ids, depth), vocabulary.group_count(depth))


def group_sizes(vocabulary: Vocabulary, ids: ArrayLike, depth: int) -> NDArray[np.int64]:
    """How many of the IDs (n,) fall into each group by the first `depth` parts, empty groups too: shape (groups,).

    >>> group_sizes(Vocabulary.of_base(10**9), [847_293_102, 5, 847_000_000], 1).tolist()
    [1, 0, 0, 0, 0, 0, 0, 0, 2, 0]
    """
    numbers, count = np.asarray(ids), vocabulary.group_count(depth)
    whole_number("groups", count, 1, 10**9)
    sizes = np.zeros(count, dtype=np.int64)
    step = max(_CHUNK, 4 * count)
    for start in range(0, len(numbers), step):
        sizes += np.bincount(vocabulary.groups(numbers[start : start + step], depth), minlength=count)
    return sizes


@dataclass(frozen=True)
class Occupancy:
    """The number of groups that are not empty after independent requests: how many there are, mean, standard deviation."""

    groups: int
    mean: float
    deviation: float


def expected_occupancy(requests: int, shares: ArrayLike, counts: ArrayLike | None = None) -> Occupancy:
    """Mean and deviation, in closed form, of the non-empty groups after `requests` requests.

    `shares` (k,) are the chances that a request falls into a group of each kind, `counts` (k,) how many groups are of it,
    one if not given; all add up to 1. With q = (1 - p)^n the mean is the sum of 1 - q. The variance adds, over ordered
    pairs of different groups, (1 - p - p')^n - q q', written as a multiple of q q' so that little is lost to rounding.
    Raises `InputError` for shares that are none.

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

    >>> round(uniform_occupancy(Vocabulary.of_base(10**9), 1000, 2).mean, 2)
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


def _checked(keys: ArrayLike, count: int) -> NDArray[np.int64]:
    labels = np.asarray(keys)
    if labels.ndim != 1 or (
        labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= count)
    ):
        raise InputError(f"keys must be whole numbers from 0 to {count - 1}", where="groups")
    return labels.astype(np.int64, copy=False)
