"""A seeded bijection on 0 .. size - 1 that spreads neighbours: multiplication by a unit, plus a shift, modulo the size.

``unit * n + shift (mod size)`` is a bijection because the unit has no divisor in common with the size; multiplying by
the unit's inverse takes it back. The unit is the size times a noble number, a continued fraction that ends in ones: of
all multipliers these place 0, 1, 2, … the most evenly, however many of them there are (Knuth, The Art of Computer
Programming 3, section 6.4, on Fibonacci hashing). A vocabulary sorted by frequency has its popular IDs there.

It is no random permutation: IDs in steps of the unit's inverse land next to each other again.
"""

from dataclasses import dataclass, field
from math import gcd

import numpy as np
from numpy.typing import NDArray

from phextpaper.errors import InputError

LARGEST = 2**50
"""Largest size: quotients of doubles, which find the remainder of a product, are off by less than 1 below it."""
_CHUNK = 1 << 15
_QUOTIENTS = 8  # the seed's part of the continued fraction, each from 1 to 4


@dataclass(frozen=True)
class Scrambler:
    """The bijection of one `size` and `seed`, the same on every platform; raises `InputError` for what has none.

    >>> scrambler = Scrambler(10, seed=1)
    >>> scrambler.unit, scrambler.shift, scrambler.forward(np.arange(10)).tolist()
    (3, 9, [9, 2, 5, 8, 1, 4, 7, 0, 3, 6])
    >>> scrambler.backward(scrambler.forward(np.arange(10))).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """

    size: int
    seed: int
    unit: int = field(init=False)
    shift: int = field(init=False)

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST or self.seed < 0:
            raise InputError(
                f"no scrambling of {self.size} numbers with seed {self.seed}",
                where="scrambling",
                remedy="give a size from 1 to 2^50 and a seed of 0 or more",
            )
        *words, last = (
            int(word) for word in np.random.SeedSequence(self.seed).generate_state(_QUOTIENTS + 1, np.uint64)
        )
        noble = (5**0.5 - 1) / 2
        for word in words:
            noble = 1 / (1 + word % 4 + noble)
        unit = max(round(noble * self.size), 1)
        while gcd(unit, self.size) != 1:
            unit += 1
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "shift", last % self.size)

    @property
    def inverse(self) -> int:
        """What undoes multiplication by the unit."""
        return pow(self.unit, -1, self.size)

    def forward(self, numbers: NDArray[np.integer]) -> NDArray[np.int64]:
        """Where each number of 0 .. size - 1 goes: shape (n,). The numbers are not checked."""
        return self._affine(numbers, self.unit, self.shift)

    def backward(self, numbers: NDArray[np.integer]) -> NDArray[np.int64]:
        """Where each number came from, shape (n,): the inverse of `forward`."""
        return self._affine(numbers, self.inverse, -self.inverse * self.shift % self.size)

    def _affine(self, numbers: NDArray[np.integer], factor: int, shift: int) -> NDArray[np.int64]:
        found = np.empty(len(numbers), dtype=np.uint64)
        buffer = np.empty(min(_CHUNK, len(numbers)), dtype=np.uint64)
        remainder = _remainder_of_64_bits if self.size <= 2**32 else _remainder_by_doubles
        for start in range(0, len(numbers), _CHUNK):
            chunk = found[start : start + _CHUNK]
            np.copyto(chunk, numbers[start : start + _CHUNK], casting="unsafe")
            remainder(chunk, factor, shift, self.size, buffer[: len(chunk)])
        return found.view(np.int64)


def _remainder_of_64_bits(
    numbers: NDArray[np.uint64], factor: int, shift: int, size: int, buffer: NDArray[np.uint64]
) -> None:
    """Numbers become factor * number + shift modulo size, in place, where 64 bits hold the product."""
    numbers *= np.uint64(factor)
    numbers += np.uint64(shift)
    np.floor_divide(numbers, np.uint64(size), out=buffer)
    buffer *= np.uint64(size)
    numbers -= buffer


def _remainder_by_doubles(
    numbers: NDArray[np.uint64], factor: int, shift: int, size: int, buffer: NDArray[np.uint64]
) -> None:
    """The same where the product overflows: the quotient in doubles, the remainder modulo 2^64, which is exact.

    The quotient may be off by 1, so the remainder lies between -size and 2 size. What is below 0 turns up as very
    large.
    """
    buffer[:] = numbers.astype(np.float64) * (factor / size)
    numbers *= np.uint64(factor)
    buffer *= np.uint64(size)
    numbers -= buffer
    for _ in range(2):
        np.minimum(numbers, numbers + np.uint64(size), out=numbers)
        np.minimum(numbers, numbers - np.uint64(size), out=numbers)
        numbers += np.uint64(shift)
        shift = 0
