"""A sparse table: rows at occupied positions of a vocabulary's phext order, looked up in batches.

A batch is answered in the order of its requests. An ID without a row gives zeros, and an ID that occurs several times
in a batch is fetched once. Rows are kept in phext order, so those of one volume, book or chapter lie side by side.
"""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.errors import InputError


@dataclass(frozen=True, eq=False)
class Batch:
    """What a batch asks of a table, found without touching a row.

    `positions` (distinct,) are the distinct positions asked for, in phext order; `rows` their rows in the table, -1 for
    those that have none; `where` (requests,) the place of each request among them.
    """

    positions: NDArray[np.int64]
    rows: NDArray[np.int64]
    where: NDArray[np.int64]

    @property
    def requests(self) -> int:
        """IDs asked for, repeated ones counted each time."""
        return len(self.where)


@dataclass(frozen=True, eq=False)
class SparseTable:
    """Rows of one width at the occupied `positions` (rows,), which rise; `values` has the shape (rows, width).

    Raises `InputError` where positions do not rise, leave the vocabulary, or do not match the values.

    >>> table = SparseTable.of_ids(Vocabulary.of_base(10**9, 100), [7, 847_293_102], [[1.0, 2.0], [3.0, 4.0]])
    >>> table.lookup([847_293_102, 5, 7, 7]).tolist()
    [[3.0, 4.0], [0.0, 0.0], [1.0, 2.0], [1.0, 2.0]]
    """

    vocabulary: Vocabulary
    positions: NDArray[np.int64]
    values: NDArray[Any]

    def __post_init__(self) -> None:
        positions, values = np.asarray(self.positions), np.asarray(self.values)
        if (
            positions.ndim != 1
            or (positions.size and positions.dtype.kind not in "iu")
            or values.ndim != 2
            or len(values) != len(positions)
        ):
            raise InputError(
                f"positions of shape {positions.shape} do not match values of shape {values.shape}",
                where="table",
                remedy="give one position for each row of values",
            )
        positions = positions.astype(np.int64, copy=False)
        if positions.size and (
            positions[0] < 0 or positions[-1] >= self.vocabulary.size or (np.diff(positions) <= 0).any()
        ):
            raise InputError(
                "positions must rise from 0 or more and stay inside the vocabulary",
                where="table",
                remedy="use SparseTable.of_ids, which sorts them",
            )
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "values", values)

    @classmethod
    def of_ids(cls, vocabulary: Vocabulary, ids: ArrayLike, values: ArrayLike) -> Self:
        """A table of rows (n, width) for distinct IDs (n,) in any order; raises `InputError` for an ID given twice."""
        positions, rows = vocabulary.positions(ids), np.asarray(values)
        if rows.ndim != 2 or len(rows) != len(positions):
            raise InputError(f"{len(positions)} IDs do not match values of shape {rows.shape}", where="table")
        order = np.argsort(positions, kind="stable")
        ordered = positions[order]
        if (np.diff(ordered) == 0).any():
            twice = ordered[:-1][np.diff(ordered) == 0][0]
            raise InputError(
                f"ID {vocabulary.at_positions([twice])[0]} has two rows", where="table", remedy="give each ID once"
            )
        return cls(vocabulary, ordered, rows[order])

    @classmethod
    def random(cls, vocabulary: Vocabulary, rows: int, width: int, *, seed: int) -> Self:
        """A table of `rows` rows of 32-bit floats at random positions, for measurements and examples.

        The same `seed` gives the same table. Raises `InputError` for more rows than the vocabulary has IDs.
        """
        whole_number("rows", rows, 0, min(vocabulary.size, 10**8))
        rng = np.random.default_rng(seed)
        positions = np.sort(rng.choice(vocabulary.size, rows, replace=False, shuffle=False))
        return cls(vocabulary, positions, rng.standard_normal((rows, width), dtype=np.float32))

    @property
    def width(self) -> int:
        """Values in a row."""
        return int(self.values.shape[1])

    def batch(self, ids: ArrayLike) -> Batch:
        """Find the rows that a batch of IDs (n,) asks for; raises `InputError` for what is no ID of the vocabulary."""
        positions, where = np.unique(self.vocabulary.positions(ids), return_inverse=True)
        rows = np.searchsorted(self.positions, positions)
        inside = np.minimum(rows, max(len(self.positions) - 1, 0))
        there = self.positions[inside] == positions if len(self.positions) else np.zeros(len(positions), dtype=bool)
        return Batch(positions, np.where(there, rows, -1), where)

    def lookup(self, ids: ArrayLike) -> NDArray[Any]:
        """The rows of a batch of IDs (n,), in their order: (n, width), zeros for an ID without a row."""
        batch = self.batch(ids)
        return self._fetched(batch)[batch.where]

    def pooled(self, ids: ArrayLike, bags: ArrayLike) -> NDArray[Any]:
        """Sums of rows by bag: IDs (n,), the bag of each (n,) counted from 0 without gaps; returns (bags, width).

        A product with a sparse matrix of SciPy that has a 1 for each request: what an embedding layer with several IDs
        in a feature computes (naumov2019). Raises `InputError` for bags that are none, and for what is no ID.
        """
        from scipy.sparse import csr_array

        batch, bag = self.batch(ids), np.asarray(bags)
        if bag.shape != batch.where.shape or (bag.size and (bag.dtype.kind not in "iu" or bag.min() < 0)):
            raise InputError(
                f"bags of shape {bag.shape} for {batch.requests} IDs",
                where="bags",
                remedy="give each ID a bag from 0 on",
            )
        count = int(bag.max()) + 1 if bag.size else 0
        ones = np.ones(batch.requests, dtype=self.values.dtype)
        members = csr_array((ones, (bag, batch.where)), shape=(count, len(batch.positions)))
        sums: NDArray[Any] = members @ self._fetched(batch)
        return sums

    def _fetched(self, batch: Batch) -> NDArray[Any]:
        """The distinct rows of a batch, each read once."""
        found = np.zeros((len(batch.rows), self.width), dtype=self.values.dtype)
        there = batch.rows >= 0
        if there.all():
            return np.take(self.values, batch.rows, axis=0)
        found[there] = self.values[batch.rows[there]]
        return found
