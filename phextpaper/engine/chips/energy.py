"""Energy and carbon as products: machines, overhead of the building (PUE), carbon of the grid (patterson2021)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from phextpaper.errors import InputError


@dataclass(frozen=True)
class Site:
    """Where a machine stands: `pue`, total energy over the machines', and its grid's `intensity` in kg CO2e a kWh.

    >>> site = Site(1.1, 0.1)
    >>> site.energy_kwh(1000.0, 24.0), site.carbon_kg(1000.0, 24.0)
    (26.400000000000002, 2.6400000000000006)
    """

    pue: float
    intensity: float

    def __post_init__(self) -> None:
        if self.pue < 1 or self.intensity < 0:
            raise InputError("a PUE is at least 1, and a grid does not take carbon up", where="site")

    def energy_kwh(self, watts: float, hours: float) -> float:
        """Energy drawn from the grid for a machine of so many watts over so many hours."""
        if watts < 0 or hours < 0:
            raise InputError("power and time are not below 0", where="site")
        return watts * hours * self.pue / 1000

    def carbon_kg(self, watts: float, hours: float) -> float:
        """Carbon of that energy."""
        return self.energy_kwh(watts, hours) * self.intensity


def energy_ratio(machine: float, here: Site, there: Site) -> float:
    """How many times more energy the same work takes there, if machines there need `machine` times the energy.

    >>> round(energy_ratio(2.0, Site(1.10, 0.074), Site(1.57, 0.475)), 2)
    2.85
    """
    if not machine > 0:
        raise InputError("a ratio of energy is above 0", where="machines")
    return machine * there.pue / here.pue


def carbon_ratio(machine: float, here: Site, there: Site) -> float:
    """How many times more carbon the same work sets free there.

    >>> round(carbon_ratio(2.0, Site(1.10, 0.074), Site(1.57, 0.475)), 1)
    18.3
    """
    if not here.intensity > 0:
        raise InputError("a ratio needs a grid with some carbon", where="site")
    return energy_ratio(machine, here, there) * there.intensity / here.intensity


def factor_shares(factors: Sequence[float]) -> list[float]:
    """Share of each factor in a product, from 0 to 1 where all are above 1: its logarithm over the product's.

    >>> factor_shares([2.0, 4.0, 2.0])
    [0.25, 0.5, 0.25]
    """
    if min(factors, default=0) <= 0 or math.prod(factors) == 1:
        raise InputError("factors are above 0, and their product is not 1", where="factors")
    whole = math.log(math.prod(factors))
    return [math.log(factor) / whole for factor in factors]
