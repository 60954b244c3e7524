"""Which chip owns which row of a table: a vocabulary ID's digits, folded onto the machine's shape."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.errors import InputError


def digits_of(ids: ArrayLike, base: int, count: int = 5) -> NDArray[np.int64]:
    """The digits of IDs in a base, most significant first, each from 0: shape (n, count).

    Raises InputError for an ID that the digits cannot hold.

    >>> digits_of([847293102], 100).tolist()
    [[8, 47, 29, 31, 2]]
    """
    numbers = np.atleast_1d(np.asarray(ids, dtype=np.int64))
    if (numbers < 0).any() or (numbers >= base**count).any():
        raise InputError(f"an ID lies outside 0 to {base**count - 1}", where="vocabulary", remedy=f"use {count} digits of a larger base")
    powers = np.array([base**power for power in range(count - 1, -1, -1)], dtype=np.int64)
    return numbers[:, None] // powers % base


def owners(ids: ArrayLike, base: int, shape: Sequence[int]) -> NDArray[np.int64]:
    """The zero-based (volume, book, chapter) of the chip that owns each ID's row: each leading digit modulo its axis.

    The rule is deterministic; it balances no better than the digits are spread.

    >>> owners([847293102], 100, (16, 16, 16)).tolist()
    [[8, 15, 13]]
    """
    return digits_of(ids, base)[:, :3] % np.asarray(shape, dtype=np.int64)
