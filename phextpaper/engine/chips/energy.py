"""Energy and carbon as products: machines, overhead of the building (PUE), carbon of the grid (patterson2021)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from phextpaper.errors import InputError


@dataclass(frozen=True)
class Site:
    """Where a machine stands: `pue`, total energy over that of the machines, and kg CO2e for each joule of its grid.

    Raises `InputError` for a PUE below 1 and for a grid that takes carbon up.

    >>> site = Site(1.1, 0.1 / 3.6e6)
    >>> round(site.energy_j(1000.0, 3600.0)), round(site.carbon_kg(1000.0, 3600.0), 3)
    (3960000, 0.11)
    """

    pue: float
    grid_kg_per_j: float

    def __post_init__(self) -> None:
        if self.pue < 1 or self.grid_kg_per_j < 0:
            raise InputError("a PUE is at least 1, and a grid does not take carbon up", where="site")

    def energy_j(self, power_w: float, time_s: float) -> float:
        """Joules from the grid for a machine that draws `power_w` watts for `time_s` seconds.

        Raises `InputError` where either is below 0.
        """
        if power_w < 0 or time_s < 0:
            raise InputError("power and time are not below 0", where="site")
        return power_w * time_s * self.pue

    def carbon_kg(self, power_w: float, time_s: float) -> float:
        """Carbon of that energy, in kg CO2e.

        Raises `InputError` as `energy_j` does.
        """
        return self.energy_j(power_w, time_s) * self.grid_kg_per_j


def energy_ratio(machine: float, here: Site, there: Site) -> float:
    """How many times more energy the same work takes there, if machines there need `machine` times the energy.

    Raises `InputError` unless `machine` is above 0.

    >>> round(energy_ratio(2.0, Site(1.10, 0.074), Site(1.57, 0.475)), 2)
    2.85
    """
    if not machine > 0:
        raise InputError("a ratio of energy is above 0", where="machines")
    return machine * there.pue / here.pue


def carbon_ratio(machine: float, here: Site, there: Site) -> float:
    """How many times more carbon the same work sets free there.

    Raises `InputError` for a grid here without carbon, and as `energy_ratio` does.

    >>> round(carbon_ratio(2.0, Site(1.10, 0.074), Site(1.57, 0.475)), 1)
    18.3
    """
    if not here.grid_kg_per_j > 0:
        raise InputError("a ratio needs a grid with some carbon", where="site")
    return energy_ratio(machine, here, there) * there.grid_kg_per_j / here.grid_kg_per_j


def factor_shares(factors: Sequence[float]) -> list[float]:
    """Share of each factor in a product, from 0 to 1 where all are above 1: its logarithm over the product's.

    Raises `InputError` for factors that are not above 0 and for a product of 1.

    >>> factor_shares([2.0, 4.0, 2.0])
    [0.25, 0.5, 0.25]
    """
    if min(factors, default=0) <= 0 or math.prod(factors) == 1:
        raise InputError("factors are above 0, and their product is not 1", where="factors")
    whole = math.log(math.prod(factors))
    return [math.log(factor) / whole for factor in factors]
