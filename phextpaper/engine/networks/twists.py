"""Twists of tori: what crossing the end of a dimension shifts, as tuples (jouppi2023, camarero2015)."""

from collections.abc import Iterable, Mapping, Sequence

from phextpaper.engine.checked import integers
from phextpaper.errors import InputError

Twists = tuple[tuple[int, tuple[int, ...]], ...]
"""(dimension, shift vector) of each dimension that shifts others, ascending."""


def published_twists(shape: tuple[int, ...]) -> Twists:
    """The published twist of n x n x 2n and n x 2n x 2n, in any order of the dimensions (jouppi2023, section 2.9).

    Raises `InputError` for another shape.
    """
    if len(shape) == 3 and set(shape) == {min(shape), 2 * min(shape)}:
        n = min(shape)
        shift = tuple(n if length == 2 * n else 0 for length in shape)
        return tuple((d, shift) for d, length in enumerate(shape) if length == n)
    raise InputError(
        f"no twist is published for {crossed(shape)}",
        where="twisted",
        remedy="give n x n x 2n or n x 2n x 2n, or say the twists: twisted:4x4x4:0=0,0,2",
    )


def checked_twists(
    shape: tuple[int, ...], twists: Mapping[int, Sequence[int]] | Iterable[tuple[int, Sequence[int]]]
) -> Twists:
    """Twists in one spelling: sorted, without those that shift by nothing, modulo the rings that are not twisted."""
    where = f"twisted:{crossed(shape)}"
    given = {integers([d])[0]: integers(shift) for d, shift in dict(twists).items()}
    for dimension, shift in given.items():
        if not 0 <= dimension < len(shape) or len(shift) != len(shape):
            raise InputError(
                f"the twist {dimension}={','.join(map(str, shift))} does not fit {len(shape)} dimensions",
                where=where,
                remedy=f"dimensions run from 0 to {len(shape) - 1}, and a shift has a number for each of them",
            )
        if shift[dimension]:
            raise InputError(
                f"the twist of dimension {dimension} shifts that dimension itself",
                where=where,
                remedy=f"put 0 at its place and change the length {shape[dimension]} instead",
            )
    rings = {d for d in range(len(shape)) if not any(given.get(d, ()))}
    reduced = {d: tuple(s % shape[e] if e in rings else s for e, s in enumerate(shift)) for d, shift in given.items()}
    if reduced == given or not any(any(shift) for shift in reduced.values()):
        return tuple(sorted((d, shift) for d, shift in reduced.items() if any(shift)))
    return checked_twists(shape, reduced)


def unwound(shape: tuple[int, ...], twists: Twists) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Each dimension's length less its shift, as (dimension, vector), a dimension before those that it shifts.

    Raises `InputError` where twists shift each other in a circle.
    """
    shifts = dict(twists)
    waiting, order = list(range(len(shape))), []
    while waiting:
        free = [d for d in waiting if not any(e in shifts and shifts[e][d] for e in waiting)]
        if not free:
            raise InputError(
                f"the twists of dimensions {', '.join(map(str, waiting))} shift each other in a circle",
                where=f"twisted:{crossed(shape)}",
                remedy="let no twisted dimension be shifted, directly or in turn, by one that it shifts; "
                "or give the generators of the graph as a lattice",
            )
        order += free
        waiting = [d for d in waiting if d not in free]
    still = (0,) * len(shape)
    return tuple(
        (d, tuple(a - b for a, b in zip(along(d, shape[d], len(shape)), shifts.get(d, still), strict=True)))
        for d in order
    )


def along(dimension: int, length: int, dimensions: int) -> tuple[int, ...]:
    """The vector of `length` along one dimension."""
    return tuple(length if d == dimension else 0 for d in range(dimensions))


def crossed(shape: Sequence[int]) -> str:
    """A shape as specs spell it: 4x4x8."""
    return "x".join(map(str, shape))
