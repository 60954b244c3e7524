"""Bisection: how many links a cut of the network into two equal halves cuts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from phextpaper.errors import InputError


@dataclass(frozen=True, slots=True)
class Bisection:
    """`links` cut by the best equal cut, or None where no exact value is known; `upper_bound` is reached by a cut that exists."""

    links: int | None
    upper_bound: int


def torus_bisection(shape: Sequence[int]) -> Bisection:
    """Undirected links between the halves of a torus, exact where the longest side is even (dally2004).

    A cut across side k leaves two faces of prod(shape) / k links. Where the longest side is odd, the best even side gives an
    upper bound; with odd sides only, the staircase cut through the middle of the longest side gives one. Parallel links of
    a side of length 2 count twice, as they do in the degree.

    >>> torus_bisection((16, 16, 16))
    Bisection(links=512, upper_bound=512)
    >>> torus_bisection((64, 64)).links
    128
    """
    sides = [int(side) for side in shape]
    if not sides or min(sides) < 1:
        raise InputError(f"{tuple(shape)} is no torus", where="shape", remedy="give sides of 1 or more, such as (16, 16, 16)")
    size, longest = prod(sides), max(sides)
    if longest % 2 == 0:
        return Bisection(2 * size // longest, 2 * size // longest)
    even = [side for side in sides if side % 2 == 0]
    if even:
        return Bisection(None, 2 * size // max(even))
    if size == 1:
        return Bisection(0, 0)
    # Each odd side adds one more step to the staircase that halves the last layer of the side before it.
    steps, layer = 0, size
    for side in sorted((side for side in sides if side > 1), reverse=True):
        layer //= side
        steps += 2 * layer
    return Bisection(None, steps)
