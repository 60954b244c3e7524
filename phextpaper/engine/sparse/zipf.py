"""Skewed vocabulary IDs: ID k - 1 is drawn in proportion to k^-skew, so a small ID is a popular one.

A skew of 0 is uniform. Drawing needs no array of the vocabulary's length. It takes an octave of ranks, 2^j to 2^(j+1) -
1, by the weight that the octave would have if all of it were as popular as its first rank, a rank in it by random bits,
and keeps that with the probability by which it is less popular (rejection from a dyadic staircase). Only that last
comparison meets rounding, so the same seed draws the same IDs wherever the generator is the same.
"""

from math import expm1, fsum, log

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.errors import InputError

_EXACT = 64  # terms of a harmonic number that are summed one by one


def zipf_ids(count: int, size: int, skew: float, *, seed: int) -> NDArray[np.int64]:
    """Draw `count` IDs of 0 .. size - 1: shape (count,). Raises `InputError` for a skew below 0.

    >>> ids = zipf_ids(1000, 10**9, 1.0, seed=1)
    >>> len(ids), bool((ids >= 0).all() and (ids < 10**9).all())
    (1000, True)
    """
    whole_number("count", count, 0, 10**9)
    whole_number("vocabulary", size, 1, 2**53)
    _checked(skew)
    rng = np.random.default_rng(seed)
    octaves = size.bit_length()
    weights = np.array([2.0 ** (octave * (1.0 - skew)) for octave in range(octaves)])
    steps = np.cumsum(weights) / fsum(weights)
    found = np.empty(0, dtype=np.int64)
    while len(found) < count:
        wanted = count - len(found)
        trials = wanted + wanted // 2 + 16
        octave = np.minimum(np.searchsorted(steps, rng.random(trials), side="right"), octaves - 1)
        first = np.left_shift(1, octave)
        rank = first | (rng.integers(0, 2**62, trials) & (first - 1))
        kept = (rng.random(trials) < (rank / first) ** -skew) & (rank <= size)
        found = np.concatenate([found, rank[kept][:wanted] - 1])
    return found


def harmonic(terms: float, skew: float) -> float:
    """The generalised harmonic number, the sum of k^-skew for k from 1 to `terms`, to about 15 digits.

    The first terms are added one by one, the rest by the Euler-Maclaurin formula. Raises `InputError` for a skew
    outside 0 to 20.

    >>> harmonic(3, 1.0) == 1 + 1 / 2 + 1 / 3, harmonic(10**9, 0.0)
    (True, 1000000000.0)
    """
    _checked(skew)
    if skew == 0:
        return float(terms)
    exact = fsum(k**-skew for k in range(1, min(int(terms), _EXACT) + 1))
    if terms <= _EXACT:
        return exact
    return fsum([exact, -_tail(_EXACT, skew), _tail(terms, skew), -_integral(_EXACT, skew), _integral(terms, skew)])


def zipf_share(first: int, last: int, size: int, skew: float) -> float:
    """The share of all requests that goes to the IDs `first` to `last` - 1 of a vocabulary.

    From 0 to 1. Raises `InputError` for a skew outside 0 to 20.

    >>> zipf_share(0, 10, 10, 1.2), zipf_share(250, 500, 1000, 0.0)
    (1.0, 0.25)
    """
    return (harmonic(last, skew) - harmonic(first, skew)) / harmonic(size, skew)


def _integral(x: float, skew: float) -> float:
    """Integral of t^-skew from 1 to x, also near a skew of 1."""
    exponent = 1.0 - skew
    return log(x) if exponent == 0 else expm1(exponent * log(x)) / exponent


def _tail(x: float, skew: float) -> float:
    """The terms of Euler and Maclaurin beyond the integral, at x."""
    power = x**-skew
    third = skew * (skew + 1) * (skew + 2) * power / x**3
    return fsum([power / 2, -skew * power / x / 12, third / 720, -third * (skew + 3) * (skew + 4) / x**2 / 30240])


def _checked(skew: float) -> None:
    if not 0 <= skew <= 20:
        raise InputError(f"a skew of {skew}", where="skew", remedy="give 0 for uniform IDs, about 1 for words")
