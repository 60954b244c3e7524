"""Arguments checked: each function gives the value back in one plain form, or raises an `InputError` that names it."""

import math
import operator
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.errors import InputError


def whole_number(name: str, value: object, least: int, most: int) -> int:
    """Return `value` as a plain int from `least` to `most`; raise an `InputError` that names it otherwise.

    >>> whole_number("chips", np.int64(7), 1, 10)
    7
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # what has no index is refused
    except TypeError:
        number = None
    remedy = f"give a whole number from {least} to {most}"
    if number is None or isinstance(value, bool | np.bool_):
        raise InputError(f"{value!r} is no whole number", where=name, remedy=remedy)
    if not least <= number <= most:
        raise InputError(f"{number} is outside {least} to {most}", where=name, remedy=remedy)
    return number


def whole_array(name: str, values: ArrayLike, least: int, most: int, *, remedy: str) -> NDArray[np.int64]:
    """Return whole numbers from `least` to `most` as int64, of the shape given, or name the first that is not one.

    >>> whole_array("chips", [7, 8], 1, 10, remedy="").tolist()
    [7, 8]
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iu" and array.size:
        raise InputError(f"values of type {array.dtype} are no whole numbers", where=name, remedy="give integers")
    outside = (array < least) | (array > most)
    if outside.any():
        raise InputError(f"{array[outside].flat[0]} is outside {least} to {most}", where=name, remedy=remedy)
    return array.astype(np.int64)


def integers(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the same as plain integers of any size and sign.

    >>> integers(np.array([4, -1]))
    (4, -1)
    """
    try:
        return tuple(operator.index(number) for number in numbers)
    except TypeError:
        raise InputError(f"{numbers!r} is not of whole numbers", remedy="give whole numbers, as in (4, 4, 8)") from None


def lengths(shape: Sequence[int]) -> tuple[int, ...]:
    """Return a shape as plain integers of 1 or more, one a dimension.

    >>> lengths([4, 8])
    (4, 8)
    """
    sides = integers(shape)
    if not sides or min(sides) < 1:
        raise InputError(
            f"{'x'.join(map(str, sides)) or 'nothing'!r} is no shape", remedy="give a length of 1 or more a dimension"
        )
    return sides


def positive(name: str, value: float) -> float:
    """Return `value` as a finite float above 0; raise an `InputError` that names it otherwise."""
    return _number(name, value, lambda number: 0 < number < math.inf, "above 0")


def share(name: str, value: float) -> float:
    """Return `value` as a float from 0 to 1; raise an `InputError` that names it otherwise."""
    return _number(name, value, lambda number: 0 <= number <= 1, "from 0 to 1")


def above_zero(name: str, value: float) -> float:
    """Return `value` as it is if it is above 0, infinity too; raise an `InputError` that names it otherwise."""
    if not value > 0:
        raise InputError(f"{value} is not above 0", where=name)
    return value


def seconds(name: str, value: float) -> float:
    """Return a time as it is if it is finite and not below 0; raise an `InputError` that names it otherwise."""
    if not 0 <= value < math.inf:
        raise InputError(f"{value!r} is no time", where=name, remedy="give seconds from 0 on")
    return value


def _number(name: str, value: float, fits: Callable[[float], bool], range_in_words: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not fits(number):
        raise InputError(f"{value!r} does not fit", where=name, remedy=f"give a number {range_in_words}")
    return number
