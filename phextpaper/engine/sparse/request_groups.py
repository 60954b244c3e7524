"""Requests grouped by the leading parts of their coordinates: the partition, and the sizes of its groups.

Groups are numbered in phext order. Grouping by volume has depth 1, by volume and book depth 2, by chapter depth 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.errors import InputError

_CHUNK = 1 << 16
_SPARSE = 8  # bins for each request beyond which sorting is cheaper than counting all bins


@dataclass(frozen=True, eq=False)
class Groups:
    """A partition of requests.

    `keys` (groups,) number the groups that are not empty, rising; `order` (requests,) lists the requests group by
    group, each group's in the order of the batch; group g holds `order[starts[g]:starts[g + 1]]`, `starts` being
    (groups + 1,).
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
        """The requests of one group, by their places in the batch: shape (requests of the group,)."""
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
    counted, starts = _counting_sort(labels, count)
    there = np.flatnonzero(np.diff(starts))
    return Groups(there, np.append(starts[there], len(labels)), counted)


def _counting_sort(labels: NDArray[np.int64], count: int) -> tuple[NDArray[np.integer], NDArray[np.int64]]:
    """Requests in the order of their labels, and where each label begins: (n,) and (count + 1,)."""
    from scipy.sparse import csr_array

    kind = np.int32 if max(len(labels), count) < 2**31 else np.int64
    ones = np.ones(len(labels), dtype=np.int8)
    matrix = csr_array(
        (ones, labels.astype(kind), np.arange(len(labels) + 1, dtype=kind)), shape=(len(labels), count)
    ).tocsc()
    return matrix.indices, matrix.indptr.astype(np.int64)


def grouped_ids(vocabulary: Vocabulary, ids: ArrayLike, depth: int) -> Groups:
    """Partition a batch of IDs (n,) by the first `depth` parts of their coordinates.

    Raises `InputError` for what is no ID, and for a depth outside 0 to the number of parts.

    >>> plan = Vocabulary.of_base(10**9, 100)
    >>> grouped_ids(plan, [847_293_102, 5, 847_000_000, 1_000_000], 2).keys.tolist()
    [0, 1, 847]
    """
    return grouped(vocabulary.groups(ids, depth), vocabulary.group_count(depth))


def group_sizes(vocabulary: Vocabulary, ids: ArrayLike, depth: int) -> NDArray[np.int64]:
    """How many of the IDs (n,) fall into each group by the first `depth` parts, empty groups too: shape (groups,).

    Raises `InputError` for more than 10^9 groups, and for what is no ID.

    >>> group_sizes(Vocabulary.of_base(10**9, 100), [847_293_102, 5, 847_000_000], 1).tolist()
    [1, 0, 0, 0, 0, 0, 0, 0, 2, 0]
    """
    numbers, count = np.asarray(ids), vocabulary.group_count(depth)
    whole_number("groups", count, 1, 10**9)
    sizes = np.zeros(count, dtype=np.int64)
    step = max(_CHUNK, 4 * count)
    for start in range(0, len(numbers), step):
        sizes += np.bincount(vocabulary.groups(numbers[start : start + step], depth), minlength=count)
    return sizes


def _checked(keys: ArrayLike, count: int) -> NDArray[np.int64]:
    labels = np.asarray(keys)
    if labels.ndim != 1 or (
        labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= count)
    ):
        raise InputError(f"keys must be whole numbers from 0 to {count - 1}", where="groups")
    return labels.astype(np.int64, copy=False)
