"""One table of units: what one of each is in SI base units. What is not in it is counted, and counts as one."""

DAY_S = 86_400
"""Seconds of a day."""

SI: dict[str, float] = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "min": 60,
    "minutes": 60,
    "h": 3600,
    "days": DAY_S,
    "years": 365.25 * DAY_S,
    "kB": 1e3,
    "MB": 1e6,
    "GB": 1e9,
    "TB": 1e12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "MB/s": 1e6,
    "GB/s": 1e9,
    "TB/s": 1e12,
    "TFLOPS": 1e12,
    "PFLOPS": 1e15,
    "MHz": 1e6,
    "kW": 1e3,
    "MW": 1e6,
    "kWh": 3.6e6,
    "MWh": 3.6e9,
    "t": 1e3,
    "t CO2e": 1e3,
    "kgCO2e/kWh": 1 / 3.6e6,
    "%": 1e-2,
    "ppm": 1e-6,
    "a day": 1 / DAY_S,
    "% a day": 1e-2 / DAY_S,
    "million": 1e6,
    "billion": 1e9,
}
"""Factor of each unit; a unit that is missing has the factor 1."""
NUMERALS = ("million", "billion")
"""Words that count what follows them: a million parameters are a million."""


def factor(unit: str) -> float:
    """What one of a unit is in SI base units.

    >>> factor("GB/s"), factor("million parameters"), factor("rows")
    (1000000000.0, 1000000.0, 1)
    """
    first = unit.partition(" ")[0]
    return SI.get(first if first in NUMERALS else unit, 1)


def to_si(value: object, unit: str) -> int | float:
    """A value in SI base units; what is counted stays the number that it is. Raises TypeError for a text.

    >>> to_si(50, "GB/s"), to_si(500, "ns"), to_si(0.1, "%"), to_si(16, "rows")
    (50000000000.0, 5e-07, 0.001, 16)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number, so it has no value in SI units")
    one = factor(unit)
    return value if one == 1 else value * one if one > 1 else value / _parts(one)


def from_si(value: int | float, unit: str) -> int | float:
    """A value in SI base units as a number of `unit`.

    >>> from_si(5e-7, "ns"), from_si(0.999, "%"), from_si(16, "rows")
    (500.0, 99.9, 16)
    """
    one = factor(unit)
    return value if one == 1 else value / one if one > 1 else value * _parts(one)


def _parts(one: float) -> int:
    """How many of a small unit make one of the base unit: a whole number, which a float holds exactly, unlike 1e-9."""
    return round(1 / one)
