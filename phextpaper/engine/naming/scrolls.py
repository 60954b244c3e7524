"""Scrolls as a phext document: texts at coordinates, and the delimiter bytes between them.

A document is read from its first byte, starting at 1.1.1/1.1.1/1.1.1. Each delimiter adds 1 to its own part and sets
every part inside it back to 1, so a coordinate that holds nothing costs only the steps that lead past it
(bickford2025libphext).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.naming.coordinates import DELIMITERS, DIMENSIONS, PART_MAXIMUM
from phextpaper.errors import InputError

FORBIDDEN = frozenset(chr(byte) for byte in DELIMITERS.values())
"""Characters that no scroll may hold, as each would end it."""


def delimiter_counts(coordinates: ArrayLike) -> NDArray[np.int64]:
    """Delimiters of each part from one scroll to the next: (n, parts) in phext order in, the same shape out.

    The parts are the innermost ones of the nine, so five of them are volume, book, chapter, section and scroll. The
    first scroll is reached from all ones. Raises `InputError` where a coordinate does not follow the one before.

    >>> delimiter_counts([[1, 1, 2], [1, 1, 5], [2, 1, 3]]).tolist()
    [[0, 0, 1], [0, 0, 3], [1, 0, 2]]
    """
    places = np.asarray(coordinates)
    if (
        places.ndim != 2
        or not 1 <= places.shape[1] <= len(DIMENSIONS)
        or (places.size and places.dtype.kind not in "iu")
    ):
        raise InputError(
            f"an array of shape {places.shape} and type {places.dtype} holds no coordinates", where="scrolls"
        )
    if places.size and not 1 <= places.min() <= places.max() <= PART_MAXIMUM:
        raise InputError(f"a part lies outside 1 to {PART_MAXIMUM}", where="scrolls")
    here = places.astype(np.int64)
    before = np.vstack([np.ones((1, here.shape[1]), dtype=np.int64), here[:-1]])[: len(here)]
    moved = np.cumsum(here != before, axis=1) > 0
    first = moved & (np.cumsum(moved, axis=1) == 1)
    steps = np.where(first, here - before, np.where(moved, here - 1, 0))
    behind = np.flatnonzero((steps < 0).any(axis=1) | ((np.arange(len(here)) > 0) & ~moved.any(axis=1)))
    if len(behind):
        raise InputError(
            f"coordinate {behind[0] + 1} does not follow the one before it",
            where="scrolls",
            remedy="give each coordinate once, in phext order",
        )
    return steps


def write_scrolls(coordinates: ArrayLike, texts: Sequence[str]) -> str:
    r"""The document that holds `texts` at `coordinates` (n, parts), given in phext order.

    Raises `InputError` for a text that holds a delimiter, and as `delimiter_counts` does.

    >>> write_scrolls([[1, 2], [2, 1]], ["a", "b"])
    '\x17a\x18b'
    """
    counts = delimiter_counts(coordinates)
    if len(counts) != len(texts):
        raise InputError(f"{len(counts)} coordinates for {len(texts)} texts", where="scrolls")
    marks = [chr(DELIMITERS[name]) for name in DIMENSIONS[len(DIMENSIONS) - counts.shape[1] :]]
    document = []
    for row, text in zip(counts.tolist(), texts, strict=True):
        if not FORBIDDEN.isdisjoint(text):
            raise InputError(
                "a text holds a delimiter of phext",
                where="scrolls",
                remedy="take the byte out, or write it in another way",
            )
        document += [mark * count for mark, count in zip(marks, row, strict=True)]
        document.append(text)
    return "".join(document)
