"""Vocabulary IDs as phext coordinates: one bijection from 0 .. size - 1 to parts that begin at 1, and its inverse.

An ID has a position, and the position's digits in a mixed base, each plus 1, are the parts, outermost first. With five
parts they are volume, book, chapter, section and scroll. A rule may have one base in all; plus 1 makes each part valid,
as phext knows no part 0. That is a bijection, not a hash: it spreads IDs no better than they come. A `seed` makes the
position a scrambled ID (see `scrambling`), which spreads skewed IDs and forgets that neighbours were neighbours.

Arrays of coordinates have the shape (n, parts) and the type uint16, and each part's column is contiguous in memory.
That is what makes the rule about as fast as memory; cast a part before computing with it, as its products do not fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, prod
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.coordinates import PART_MAXIMUM, SHORT_PARTS
from phextpaper.engine.naming.scrambling import LARGEST, Scrambler
from phextpaper.errors import InputError

Parts = NDArray[np.uint16]
_CHUNK = 1 << 16  # IDs worked on at once, so that all that is done to them happens in the cache


@dataclass(frozen=True)
class Vocabulary:
    """IDs 0 to `size` - 1 on coordinates whose k-th part runs from 1 to `radices[k]`; plain, or scrambled by `seed`.

    Raises `InputError` for a radix that no part can hold, and where the coordinates are too few for the IDs.

    >>> plan = Vocabulary.of_base(10**9, 100)
    >>> plan.coordinates([847_293_102]).tolist()
    [[9, 48, 30, 32, 3]]
    >>> plan.ids([[9, 48, 30, 32, 3]]).tolist()
    [847293102]
    >>> plan.capacity, plan.group_count(1), plan.group_count(2)
    (10000000000, 10, 1000)
    """

    size: int
    radices: tuple[int, ...]
    seed: int | None = None

    def __post_init__(self) -> None:
        radices = tuple(whole_number("radices", radix, 1, PART_MAXIMUM) for radix in self.radices)
        if not 1 <= len(radices) <= 6:
            raise InputError(
                f"{len(radices)} parts", where="radices", remedy="give 1 to 6 parts, so that 64 bits hold them"
            )
        object.__setattr__(self, "radices", radices)
        whole_number("vocabulary", self.size, 1, LARGEST)
        if self.size > self.capacity:
            raise InputError(
                f"{self.size} IDs do not fit {self.capacity} coordinates",
                where="vocabulary",
                remedy="give a larger base or more parts",
            )

    @classmethod
    def of_base(cls, size: int, base: int, parts: int = SHORT_PARTS, *, seed: int | None = None) -> Self:
        """A digit rule: all parts of one base."""
        return cls(size, (base,) * parts, seed)

    @classmethod
    def fitted(cls, size: int, shape: Sequence[int], parts: int = SHORT_PARTS, *, seed: int | None = None) -> Self:
        """A rule fitted to a machine: the first parts name the chip of a lattice of `shape`, the others the row on it.

        The last two parts leave as few coordinates unused as two parts can, so that the last chip owns rows too; others
        are even. Raises `InputError` where the parts do not suffice.

        >>> Vocabulary.fitted(10**9, (16, 16, 16)).radices
        (16, 16, 16, 965, 253)
        """
        radices, left = list(shape), -(-size // prod(shape))
        if left > PART_MAXIMUM ** max(parts - len(radices), 0):
            raise InputError(
                f"{left} rows on a chip do not fit {parts} parts, of which {len(radices)} name the chip",
                where="vocabulary",
                remedy="give more parts, or a larger machine",
            )
        while parts - len(radices) > 2:
            radix = ceil(left ** (1 / (parts - len(radices))))
            radices.append(radix)
            left = -(-left // radix)
        if parts - len(radices) == 2:
            radices += _tightest_pair(left)
        elif parts > len(radices):
            radices.append(left)
        return cls(size, tuple(radices), seed)

    @property
    def parts(self) -> int:
        """Number of parts of a coordinate."""
        return len(self.radices)

    @property
    def capacity(self) -> int:
        """Number of coordinates, of which the first `size` positions are used."""
        return prod(self.radices)

    @cached_property
    def scrambler(self) -> Scrambler | None:
        """What scrambles IDs; None for the plain rule."""
        return None if self.seed is None else Scrambler(self.size, self.seed)

    def positions(self, ids: ArrayLike) -> NDArray[np.int64]:
        """Each ID's place in phext order, from 0, shape (n,): the ID itself under the plain rule.

        Raises `InputError` for what is no ID of this vocabulary.
        """
        numbers = self._checked(ids)
        return numbers.astype(np.int64) if self.scrambler is None else self.scrambler.forward(numbers)

    def at_positions(self, positions: ArrayLike) -> NDArray[np.int64]:
        """The ID at each position, shape (n,): the inverse of `positions`.

        Raises `InputError` for a position outside the vocabulary.
        """
        numbers = self._checked(positions)
        return numbers.astype(np.int64, copy=False) if self.scrambler is None else self.scrambler.backward(numbers)

    def coordinates(self, ids: ArrayLike) -> Parts:
        """The coordinates of IDs (n,): uint16 of shape (n, parts), each from 1, each column contiguous.

        Raises `InputError` for what is no ID of this vocabulary. Memory beyond the result stays below a few megabytes.
        """
        numbers = _whole_numbers(ids)
        columns = np.empty((self.parts, len(numbers)), dtype=np.uint16)
        digits = _Digits(self.radices, self.size)
        for here in _chunks(len(numbers)):
            chunk = self._checked(numbers[here])
            if self.scrambler is not None:
                chunk = self.scrambler.forward(chunk)
            digits.write(chunk, columns[:, here])
        return columns.T

    def ids(self, coordinates: ArrayLike) -> NDArray[np.int64]:
        """The IDs (n,) at coordinates (n, parts): the inverse of `coordinates`.

        Raises `InputError` for a part that is no whole number from 1 to its radix, and for coordinates without an ID.
        """
        rows = np.asarray(coordinates)
        if rows.ndim != 2 or rows.shape[1] != self.parts or (rows.size and rows.dtype.kind not in "iu"):
            raise InputError(
                f"an array of shape {rows.shape} and type {rows.dtype} holds no coordinates of {self.parts} parts",
                where="coordinates",
                remedy=f"give whole numbers, {self.parts} in a row",
            )
        found = np.zeros(len(rows), dtype=np.int64)
        ones = sum(prod(self.radices[place:]) for place in range(1, self.parts + 1))
        for here in _chunks(len(rows)):
            number = found[here]
            for radix, part in zip(self.radices, rows[here].T, strict=True):
                if part.min() < 1 or part.max() > radix:
                    wrong = part[(part < 1) | (part > radix)][0]
                    raise InputError(f"part {wrong} is outside 1 to {radix}", where="coordinates")
                number *= radix
                np.add(number, part, out=number, casting="unsafe")
            number -= ones
        return self.at_positions(found)

    def group_size(self, depth: int) -> int:
        """Positions that share their first `depth` parts; the last group may hold fewer IDs.

        Raises `InputError` for a depth outside 0 to the number of parts.
        """
        return prod(self.radices[self._depth(depth) :])

    def group_count(self, depth: int) -> int:
        """Number of groups, by the first `depth` parts, that hold an ID at all."""
        return -(-self.size // self.group_size(depth))

    def groups(self, ids: ArrayLike, depth: int) -> NDArray[np.int64]:
        """The group of each ID by the first `depth` parts of its coordinate, in phext order from 0: shape (n,).

        Raises `InputError` for a depth outside 0 to the number of parts, and for what is no ID.
        """
        size = self.group_size(depth)
        positions = self.positions(ids)
        for here in _chunks(len(positions)):
            positions[here] //= size
        return positions

    def group_sizes(self, depth: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """IDs in a group and how many groups have that many, each (kinds,), for the one or two sizes that occur."""
        size = self.group_size(depth)
        full, rest = divmod(self.size, size)
        kinds = [(size, full), (rest, 1)]
        return tuple(np.array([kind for kind in kinds if kind[0] and kind[1]], dtype=np.int64).T)

    def _depth(self, depth: int) -> int:
        return whole_number("depth", depth, 0, self.parts)

    def _checked(self, ids: ArrayLike) -> NDArray[np.integer]:
        """The IDs as an array of integers, once each is known to be one of this vocabulary."""
        numbers = _whole_numbers(ids)
        if len(numbers) and (numbers.max() >= self.size or numbers.min() < 0):
            wrong = numbers[(numbers < 0) | (numbers >= self.size)][0]
            raise InputError(f"ID {wrong} is outside 0 to {self.size - 1}", where="vocabulary")
        return numbers


def _tightest_pair(number: int) -> tuple[int, int]:
    """Two parts, the larger first, with the smallest product that is no less than a number; the most even of these."""
    pairs = ((-(-number // second), second) for second in range(-(-number // PART_MAXIMUM), PART_MAXIMUM + 1))
    return min((pair for pair in pairs if pair[0] >= pair[1]), key=lambda pair: (prod(pair), pair[0]))


def _whole_numbers(ids: ArrayLike) -> NDArray[np.integer]:
    numbers = np.asarray(ids)
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise InputError(
            f"an array of shape {numbers.shape} and type {numbers.dtype} holds no IDs",
            where="vocabulary",
            remedy="give a list of whole numbers",
        )
    return numbers if numbers.size else numbers.astype(np.int64)


def _chunks(length: int) -> Iterator[slice]:
    return (slice(start, min(start + _CHUNK, length)) for start in range(0, length, _CHUNK))


class _Digits:
    """Writes the digits of numbers below `limit`, plus 1, with buffers that are made once.

    Radices are halved until one is left. Numbers become narrower on the way, as a processor divides several of them by
    a constant at once; and buffers stay, as fresh memory would cost more than the arithmetic.
    """

    def __init__(self, radices: tuple[int, ...], limit: int) -> None:
        self.radices, self.limit = radices, limit
        self.buffers: dict[tuple[object, np.dtype[np.unsignedinteger]], NDArray[np.unsignedinteger]] = {}

    def write(self, numbers: NDArray[np.integer], columns: Parts) -> None:
        """Write the parts of at most a chunk of numbers into the rows of `columns`."""
        kind = _narrowest(self.limit)
        copy = self._buffer("copy", kind, len(numbers))
        np.copyto(copy, numbers, casting="unsafe")
        self._split(copy, self.limit, 0, len(self.radices), columns)

    def _split(self, numbers: NDArray[np.unsignedinteger], limit: int, first: int, last: int, columns: Parts) -> None:
        """Write parts `first` to `last` of numbers below `limit`, which are lost."""
        if last - first == 1:
            np.add(numbers, 1, out=columns[first], casting="unsafe")
            return
        middle = (first + last) // 2
        divisor = prod(self.radices[middle:last])
        if limit <= divisor:
            columns[first:middle] = 1
            self._split(numbers, limit, middle, last, columns)
            return
        upper = self._buffer(("upper", first, last), numbers.dtype, len(numbers))
        product = self._buffer("product", numbers.dtype, len(numbers))
        np.floor_divide(numbers, divisor, out=upper)
        np.multiply(upper, divisor, out=product)
        numbers -= product
        most = (limit - 1) // divisor + 1
        self._split(self._narrowed(upper, most, (first, middle)), most, first, middle, columns)
        self._split(self._narrowed(numbers, divisor, (middle, last)), divisor, middle, last, columns)

    def _narrowed(self, numbers: NDArray[np.unsignedinteger], limit: int, name: object) -> NDArray[np.unsignedinteger]:
        kind = _narrowest(limit)
        if numbers.dtype == kind:
            return numbers
        narrow = self._buffer(name, kind, len(numbers))
        np.copyto(narrow, numbers, casting="unsafe")
        return narrow

    def _buffer(self, name: object, kind: np.dtype[np.unsignedinteger], length: int) -> NDArray[np.unsignedinteger]:
        key = name, kind
        if key not in self.buffers:
            self.buffers[key] = np.empty(_CHUNK, dtype=kind)
        return self.buffers[key][:length]


def _narrowest(limit: int) -> np.dtype[np.unsignedinteger]:
    """The narrowest unsigned type of 16 bits or more that holds numbers up to `limit`."""
    return np.dtype(np.uint16 if limit < 2**16 else np.uint32 if limit < 2**32 else np.uint64)
