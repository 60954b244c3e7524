"""One table of units: what one of each is in SI base units. What is not in it is counted, and counts as one.

Factors are exact, so that each conversion rounds once: 0.2 µs are 2e-7 s, and 2e-7 s are 0.2 µs again.
"""

from fractions import Fraction

DAY_S = 86_400
"""Seconds of a day."""

SI: dict[str, Fraction] = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 10**3),
    "min": Fraction(60),
    "minutes": Fraction(60),
    "h": Fraction(3600),
    "days": Fraction(DAY_S),
    "years": Fraction(36525, 100) * DAY_S,
    "kB": Fraction(10**3),
    "MB": Fraction(10**6),
    "GB": Fraction(10**9),
    "TB": Fraction(10**12),
    "KiB": Fraction(2**10),
    "MiB": Fraction(2**20),
    "GiB": Fraction(2**30),
    "MB/s": Fraction(10**6),
    "GB/s": Fraction(10**9),
    "TB/s": Fraction(10**12),
    "TFLOPS": Fraction(10**12),
    "PFLOPS": Fraction(10**15),
    "MHz": Fraction(10**6),
    "kW": Fraction(10**3),
    "MW": Fraction(10**6),
    "kWh": Fraction(3_600_000),
    "MWh": Fraction(3_600_000_000),
    "t": Fraction(10**3),
    "t CO2e": Fraction(10**3),
    "kgCO2e/kWh": Fraction(1, 3_600_000),
    "%": Fraction(1, 100),
    "ppm": Fraction(1, 10**6),
    "a day": Fraction(1, DAY_S),
    "% a day": Fraction(1, 100 * DAY_S),
    "million": Fraction(10**6),
    "billion": Fraction(10**9),
}
"""Factor of each unit; a unit that is missing has the factor 1."""
NUMERALS = ("million", "billion")
"""Words that count what follows them: a million parameters are a million."""


def factor(unit: str) -> Fraction:
    """What one of a unit is in SI base units.

    >>> factor("GB/s"), factor("million parameters"), factor("racks")
    (Fraction(1000000000, 1), Fraction(1000000, 1), Fraction(1, 1))
    """
    first = unit.partition(" ")[0]
    return SI.get(first if first in NUMERALS else unit, Fraction(1))


def to_si(value: object, unit: str) -> int | float:
    """A value in SI base units; what is counted stays the number that it is. Raises TypeError for a text.

    >>> to_si(50, "GB/s"), to_si(500, "ns"), to_si(16, "racks")
    (50000000000.0, 5e-07, 16)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number, so it has no value in SI units")
    one = factor(unit)
    return value if one == 1 else value * one.numerator / one.denominator


def from_si(value: int | float, unit: str) -> int | float:
    """A value in SI base units as a number of `unit`.

    >>> from_si(2e-7, "µs"), from_si(0.999, "%"), from_si(16, "racks")
    (0.2, 99.9, 16)
    """
    one = factor(unit)
    return value if one == 1 else value * one.denominator / one.numerator
