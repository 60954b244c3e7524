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
    "MHz": 1e6,
    "kW": 1e3,
    "MW": 1e6,
    "kWh": 3.6e6,
    "MWh": 3.6e9,
    "%": 1e-2,
    "% a day": 1e-2 / DAY_S,
}
"""Factor of each unit; a unit that is missing has the factor 1."""


def to_si(value: object, unit: str) -> int | float:
    """A value in SI base units; what is counted stays the number that it is. Raises TypeError for a text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number, so it has no value in SI units")
    return value * SI[unit] if unit in SI else value


def from_si(value: int | float, unit: str) -> int | float:
    """A value in SI base units as a number of `unit`."""
    return value / SI[unit] if unit in SI else value
