"""Which chip owns which row: vocabulary coordinates folded onto a machine's lattice, and how evenly that spreads.

The k-th part of a coordinate, modulo the length of the lattice's k-th axis, is the owner's place on that axis. So a
group of rows that share a volume lies in one volume of the machine, and a tree over the coordinates is a tree over
chips. Where a part takes fewer values than its axis is long, chips stay empty: 10^9 IDs of base 100 use 10 volumes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.networks.lattices import flatten
from phextpaper.errors import InputError


def owner_places(coordinates: ArrayLike, shape: Sequence[int]) -> NDArray[np.int64]:
    """The owner's place on each axis, from 0: coordinates (n, parts) in, (n, axes) out.

    Raises `InputError` where a coordinate has fewer parts than the lattice has axes.

    >>> owner_places([[9, 48, 30, 32, 3]], (16, 16, 16)).tolist()
    [[8, 15, 13]]
    """
    rows, lengths = np.asarray(coordinates), _lengths(shape)
    if rows.ndim != 2 or rows.shape[1] < len(lengths):
        raise InputError(
            f"an array of shape {rows.shape} has no part for each of {len(lengths)} axes",
            where="coordinates",
            remedy=f"give {len(lengths)} parts or more in a row",
        )
    return (rows[:, : len(lengths)].astype(np.int64) - 1) % np.array(lengths, dtype=np.int64)


def owners(coordinates: ArrayLike, shape: Sequence[int]) -> NDArray[np.int64]:
    """The owner's index, the last axis running fastest as in `Layout` and `Torus`: (n, parts) in, (n,) out.

    Raises `InputError` as `owner_places` does.

    >>> owners([[1, 1, 1, 5, 5], [2, 1, 3, 1, 1]], (16, 16, 16)).tolist()
    [0, 258]
    """
    return flatten(owner_places(coordinates, shape), _lengths(shape))


def rows_owned(vocabulary: Vocabulary, shape: Sequence[int]) -> NDArray[np.int64]:
    """How many IDs of a vocabulary each chip owns: shape (chips,), the sum is the vocabulary's size.

    No ID is enumerated: groups by as many parts as there are axes are counted, and the last one may be partial. Raises
    `InputError` for more than 10^8 groups, and for lengths that are none.

    >>> rows_owned(Vocabulary.of_base(10**9, 100), (16, 16, 16)).reshape(16, -1).sum(axis=1).tolist()[:11]
    [100000000, 100000000, 100000000, 100000000, 100000000, 100000000, 100000000, 100000000, 100000000, 100000000, 0]
    """
    lengths = _lengths(shape)
    size, count = vocabulary.group_size(len(lengths)), vocabulary.group_count(len(lengths))
    whole_number("groups", count, 1, 10**8)
    group = np.arange(count)
    owner, stride = np.zeros(count, dtype=np.int64), 1
    for radix, length in reversed(list(zip(vocabulary.radices, lengths, strict=False))):
        group, part = np.divmod(group, radix)
        owner += part % length * stride
        stride *= length
    owned = np.bincount(owner, minlength=prod(lengths)) * size
    owned[owner[-1]] -= count * size - vocabulary.size
    return owned


@dataclass(frozen=True)
class Balance:
    """How evenly things fell into bins.

    `largest_over_mean` is 1 for equal bins. `chi_square` compares the counts with those expected, and `p_value` is the
    chance that counts drawn as expected deviate at least as much; with fewer than about 5 things expected in a bin it
    means little.
    """

    bins: int
    things: int
    empty: int
    largest: int
    largest_over_mean: float
    chi_square: float
    p_value: float


def balance(bins: ArrayLike, count: int, *, shares: ArrayLike | None = None) -> Balance:
    """How evenly things fall into `count` bins, from the bin (n,) of each; equal bins, or `shares` (count,) of them.

    Raises `InputError` for no things, a bin outside 0 .. count - 1, and shares that are not positive.

    >>> balance([0, 0, 1, 1, 2, 2, 3, 3], 4).largest_over_mean, balance([0, 0, 0, 0], 4).largest_over_mean
    (1.0, 4.0)
    """
    from scipy.special import chdtrc

    fell = np.asarray(bins)
    if (
        not fell.size
        or fell.dtype.kind not in "iu"
        or fell.min() < 0
        or fell.max() >= whole_number("bins", count, 1, 10**8)
    ):
        raise InputError(f"nothing to count, or something outside the bins 0 to {count - 1}", where="balance")
    counts = np.bincount(fell, minlength=count)
    expected = np.full(count, 1 / count) if shares is None else np.asarray(shares, dtype=float)
    if expected.shape != (count,) or not (expected > 0).all():
        raise InputError(
            "each bin needs an expected share above 0", where="balance", remedy="leave out bins that nothing can reach"
        )
    expected = expected / expected.sum() * fell.size
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    p_value = float(chdtrc(count - 1, chi_square)) if count > 1 else 1.0
    largest = int(counts.max())
    return Balance(
        count, fell.size, int((counts == 0).sum()), largest, largest * count / fell.size, chi_square, p_value
    )


def _lengths(shape: Sequence[int]) -> tuple[int, ...]:
    lengths = tuple(whole_number("shape", length, 1, 10**6) for length in shape)
    if not lengths:
        raise InputError("a lattice without axes has no chips", where="shape")
    return lengths
