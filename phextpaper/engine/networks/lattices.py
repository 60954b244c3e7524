"""Integer vectors modulo a lattice: normal form, folding into the box, and neighbours (camarero2015).

A box `shape` of mixed-radix coordinates holds each class of vectors once; the last dimension runs fastest. `wraps`
lists (dimension, vector): the vector lies in the lattice, and taking it off brings that dimension back into the box.
The order matters: no later vector may spoil an earlier dimension.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.errors import InputError

Wraps = Sequence[tuple[int, tuple[int, ...]]]


def hermite_normal_form(rows: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Row-style Hermite normal form of a square integer matrix of full rank, in exact integers.

    Raises `InputError` where rows are linearly dependent.

    >>> hermite_normal_form([[2, 1], [1, 2]])
    ((1, 2), (0, 3))
    """
    matrix = [list(row) for row in rows]
    for column in range(len(matrix)):
        while True:
            below = [row for row in matrix[column:] if row[column]]
            if not below:
                raise InputError("the rows of the lattice are linearly dependent", remedy="give independent rows")
            pivot = min(below, key=lambda row: abs(row[column]))
            matrix[column:] = [pivot] + [row for row in matrix[column:] if row is not pivot]
            if len(below) == 1:
                break
            for row in matrix[column + 1 :]:
                _take_off(row, pivot, row[column] // pivot[column])
        if pivot[column] < 0:
            pivot[:] = [-entry for entry in pivot]
        for row in matrix[:column]:
            _take_off(row, pivot, row[column] // pivot[column])
    return tuple(map(tuple, matrix))


def _take_off(row: list[int], other: list[int], times: int) -> None:
    row[:] = [a - times * b for a, b in zip(row, other, strict=True)]


def fold(vectors: ArrayLike, wraps: Wraps) -> NDArray[np.int64]:
    """The coordinates in the box that stand for any integer vectors: shape (…, dimensions) in and out.

    >>> fold([5, -1], [(0, (4, 0)), (1, (0, 3))])
    array([1, 2])
    """
    folded = np.array(vectors, dtype=np.int64)
    if folded.ndim == 0 or folded.shape[-1] != len(wraps):
        raise InputError(
            f"an array of shape {folded.shape} holds no coordinates", remedy=f"give {len(wraps)} numbers each"
        )
    for dimension, wrap in wraps:
        crossings = folded[..., dimension] // wrap[dimension]
        for other in np.flatnonzero(wrap):
            folded[..., other] -= crossings * wrap[other]
    return folded


def flatten(coordinates: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Node numbers of coordinates in the box: shape (…, dimensions) to (…)."""
    strides = [math.prod(shape[d + 1 :]) for d in range(len(shape))]
    return coordinates @ np.array(strides, dtype=np.int64)


def unflatten(nodes: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Coordinates in the box of node numbers: shape (…) to (…, dimensions).

    >>> unflatten([[5], [11]], (3, 4)).tolist()
    [[[1, 1]], [[2, 3]]]
    """
    numbers = np.asarray(nodes)
    # In one dimension only: numpy 2.3 and 2.4 go wrong on columns of more than 8192 numbers (numpy issue 31980).
    places = np.stack(np.unravel_index(numbers.ravel(), shape), axis=-1)
    return places.reshape(*numbers.shape, len(shape)).astype(np.int64, copy=False)


def neighbour_array(shape: tuple[int, ...], wraps: Wraps, ports: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Node reached from each node by each port (dimension, direction): shape (nodes, ports)."""
    size = math.prod(shape)
    array = np.empty((size, len(ports)), dtype=np.intp)
    ahead = {dimension: _one_step(shape, wraps, dimension) for dimension, _ in ports}
    for column, (dimension, direction) in enumerate(ports):
        if direction > 0:
            array[:, column] = ahead[dimension]
        else:
            array[ahead[dimension], column] = np.arange(size)
    return array


def _one_step(shape: tuple[int, ...], wraps: Wraps, dimension: int) -> NDArray[np.intp]:
    """Node after each node along one dimension: a stride further, but at the end of the box folded back into it."""
    length, stride = shape[dimension], math.prod(shape[dimension + 1 :])
    nodes = np.arange(math.prod(shape)).reshape(-1, length, stride)
    after = nodes + stride
    ends = unflatten(nodes[:, -1], shape)
    ends[..., dimension] += 1
    after[:, -1] = flatten(fold(ends, wraps), shape)
    return after.ravel()


def characters(wraps: Wraps) -> NDArray[np.int64]:
    """All characters of the group that a lattice leaves, shape (size, dimensions); the first is all zero.

    A character c maps the vector x onto c . x modulo the size: all maps of the nodes into a ring of `size` that keep
    sums. So exp(2 pi i c . x / size) are the modes of the graph. They solve H w = z modulo 1 for the lattice's Hermite
    normal form H.

    >>> characters([(0, (2, 0)), (1, (0, 2))]).tolist()
    [[0, 0], [0, 2], [2, 0], [2, 2]]
    """
    rows = hermite_normal_form([wrap for _, wrap in wraps])
    shape = tuple(row[d] for d, row in enumerate(rows))
    size = math.prod(shape)
    right = unflatten(np.arange(size), shape)
    steps, denominators = np.zeros_like(right), [math.prod(shape[d:]) for d in range(len(shape) + 1)]
    for d in reversed(range(len(shape))):
        # Over the denominator of the dimensions from d on, which the pivot completes.
        known = denominators[d + 1]
        later = sum(
            (rows[d][e] * (steps[:, e] * (known // denominators[e]) % known) for e in range(d + 1, len(shape))), 0
        )
        steps[:, d] = (right[:, d] * known - later) % denominators[d]
    return np.column_stack([steps[:, d] * (size // denominators[d]) for d in range(len(shape))])
