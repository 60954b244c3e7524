"""Energy and carbon: the published factors multiplied step by step, and this machine's bill at published power.

On the machine of the description depend only its power (machine_mw, facility_mw, spare_*) and its days (day.*), both at
the published power of a TPU v4; ratios of factors, switches and benchmarks do not.
"""

from phextpaper.engine.chips import energy
from phextpaper.engine.chips.energy import Site
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import DAY_S, to_si
from phextpaper.study.quantities.mlperf import BENCHMARKS, SYSTEMS

PLACES = ("oklahoma", "world")
FACTORS = ("machine", "pue", "grid")
CHIPS = ("tpu_v4", "tpu_v3", "a100", "ipu_bow")


@node("energy.site.{}", each=PLACES)
def site(q: Quantities, place: str) -> Site:
    """Google's building on Oklahoma's grid, or the world's mean building on the world's mean grid."""
    facts = q.facts.tpu_v4_energy
    return Site(float(facts.pue_google if place == "oklahoma" else facts.pue_world), facts[f"grid_{place}"].si)


@number("energy.pue_ratio", "x", 3, formula="PUE of the world / PUE of Google")
def pue_ratio(q: Quantities) -> float:
    """How many times more energy the mean building adds."""
    return q.facts.tpu_v4_energy.pue_world / q.facts.tpu_v4_energy.pue_google


@number("energy.grid_ratio", "x", 2, formula="intensity of the world / intensity of Oklahoma")
def grid_ratio(q: Quantities) -> float:
    """How many times more carbon a kilowatt-hour of the mean grid carries."""
    return q.facts.tpu_v4_energy.grid_world / q.facts.tpu_v4_energy.grid_oklahoma


@number("energy.ratio", "x", 2, by=energy.energy_ratio, formula="machine factor x PUE ratio")
def energy_ratio(q: Quantities) -> float:
    """How many times more energy the same work takes on the mean machine in the mean building."""
    return energy.energy_ratio(
        float(q.facts.tpu_v4_energy.machine_factor), q.node("energy.site.oklahoma"), q.node("energy.site.world")
    )


@number(
    "energy.ratio_at.{}",
    "x",
    2,
    each=("low", "high"),
    by=energy.energy_ratio,
    formula="the same at the ends of the published range of machines",
)
def ratio_at(q: Quantities, end: str) -> float:
    """The same at the ends of the published range of the machine factor."""
    return energy.energy_ratio(
        float(q.facts.tpu_v4_energy.machine_factor_range[end]),
        q.node("energy.site.oklahoma"),
        q.node("energy.site.world"),
    )


@number("energy.carbon_ratio", "x", 1, by=energy.carbon_ratio, formula="energy ratio x grid ratio")
def carbon_ratio(q: Quantities) -> float:
    """How many times more carbon the same work sets free there."""
    return energy.carbon_ratio(
        float(q.facts.tpu_v4_energy.machine_factor), q.node("energy.site.oklahoma"), q.node("energy.site.world")
    )


@number(
    "energy.carbon_ratio_at.{}",
    "x",
    1,
    each=("low", "high"),
    by=energy.carbon_ratio,
    formula="the same at the ends of the published range of machines",
)
def carbon_ratio_at(q: Quantities, end: str) -> float:
    """The same at the ends of the published range of the machine factor."""
    return energy.carbon_ratio(
        float(q.facts.tpu_v4_energy.machine_factor_range[end]),
        q.node("energy.site.oklahoma"),
        q.node("energy.site.world"),
    )


@number(
    "energy.share.{}",
    "%",
    0,
    each=FACTORS,
    by=energy.factor_shares,
    formula="log of the factor / log of the carbon ratio",
    whole=True,
)
def share(q: Quantities, factor: str) -> float:
    """Share of the carbon ratio that comes from the machine, the building (pue) and the grid."""
    factors = [float(q.facts.tpu_v4_energy.machine_factor), float(q.energy.pue_ratio), float(q.energy.grid_ratio)]
    return energy.factor_shares(factors)[FACTORS.index(factor)]


@number("energy.place_ratio", "x", 2, formula="PUE ratio x grid ratio")
def place_ratio(q: Quantities) -> float:
    """What building and grid do to carbon together, whatever the machine."""
    return q.energy.pue_ratio * q.energy.grid_ratio


@number(
    "energy.published_over.{}",
    "x",
    2,
    each=("energy", "carbon"),
    formula="published rounded ratio / product of the published factors",
)
def published_over(q: Quantities, what: str) -> float:
    """Published ratio, about 3 times the energy (arXiv) and about 20 times the carbon, over the product of the
    published factors.
    """
    if what == "energy":
        return q.facts.tpu_v4_arxiv.energy_vs_onprem_dsa / q.energy.ratio
    return q.facts.tpu_v4_abstract.co2e_vs_onprem_dsa / q.energy.carbon_ratio


@number(
    "energy.range_over.{}",
    "x",
    2,
    each=("low", "high"),
    formula="product at that end of the machine range / that end of the published range of energy",
)
def range_over(q: Quantities, end: str) -> float:
    """Product of machine range and PUE over the published range of energy, which equals the range of machines without
    their buildings.
    """
    return q.energy.ratio_at[end] / q.facts.tpu_v4_abstract.energy_vs_onprem_dsa[end]


# ---------------------------------------------------------------------------------- power and energy of published chips
@number("energy.power_ratio.{}", "x", 2, each=BENCHMARKS, formula="mean power of an A100 / of a TPU v4, both published")
def power_ratio(q: Quantities, benchmark: str) -> float:
    """How many times more power an A100 drew than a TPU v4 in systems of 64 chips."""
    power = q.facts.tpu_v4_chips[f"mlperf_power_{benchmark}"]
    return power.a100 / power.tpu_v4


@number(
    "energy.run_kwh.{}.{}", "kWh", 2, each=((SYSTEMS, BENCHMARKS),), formula="mean power of a chip x chips x seconds"
)
def run_kwh(q: Quantities, system: str, benchmark: str) -> float:
    """Energy of the chips over one MLPerf run of about 4096 chips, if each draws what it drew among 64."""
    watts = q.facts.tpu_v4_chips[f"mlperf_power_{benchmark}"][system] * q.facts.mlperf[f"{system}_chips"][benchmark]
    return watts * q.mlperf.seconds[system][benchmark]


@number("energy.run_ratio.{}", "x", 2, each=BENCHMARKS, formula="energy of the A100 run / of the TPU v4 run")
def run_ratio(q: Quantities, benchmark: str) -> float:
    """How many times more energy the A100 run took under that assumption: power, time and chips together."""
    return q.energy.run_kwh.a100[benchmark] / q.energy.run_kwh.tpu_v4[benchmark]


@number("energy.per_watt_v3", "x", 2, formula="published speed-up x mean power of TPU v3 / of TPU v4")
def per_watt_v3(q: Quantities) -> float:
    """Speed for each watt of TPU v4 over TPU v3 from published parts; the paper prints the product, 2.7."""
    facts = q.facts.tpu_v4_chips
    return q.facts.tpu_v4_abstract.perf_vs_tpu_v3 * facts.tpu_v3_power_mean_w / facts.tpu_v4_power_mean_w


@number(
    "energy.peak_per_watt.{}",
    "TFLOPS/W",
    2,
    each=CHIPS,
    formula="peak / mean power, or thermal design power where no mean is published",
)
def peak_per_watt(q: Quantities, chip: str) -> float:
    """Peak for each watt: TPUs by their published mean power, A100 and IPU Bow (peak of Table 5) by thermal design
    power, so only TPUs compare.
    """
    facts = q.facts.tpu_v4_chips
    return facts[f"{chip}_peak_tflops"] / facts[f"{chip}_power_mean_w" if chip.startswith("tpu") else f"{chip}_tdp_w"]


@number("energy.mean_power_ratio_v3", "x", 2, formula="mean power of TPU v3 / of TPU v4, both published")
def mean_power_ratio_v3(q: Quantities) -> float:
    """How many times the mean power of a TPU v4 a TPU v3 drew."""
    return q.facts.tpu_v4_chips.tpu_v3_power_mean_w / q.facts.tpu_v4_chips.tpu_v4_power_mean_w


@number("energy.idle_share.{}", "%", 0, each=("tpu_v3", "tpu_v4"), formula="idle power / mean power", whole=True)
def idle_share(q: Quantities, chip: str) -> float:
    """Share of its mean power that a chip draws when idle."""
    return q.facts.tpu_v4_chips[f"{chip}_power_idle_w"] / q.facts.tpu_v4_chips[f"{chip}_power_mean_w"]


# ---------------------------------------------------------------------------------------------- this machine
@number("energy.machine_mw", "MW", 3, formula="active chips x published mean power")
def machine_mw(q: Quantities) -> int:
    """Power of this machine's active chips at the published mean power of a TPU v4, hosts and switches not counted."""
    return q.layout.active_chips * q.facts.tpu_v4_chips.tpu_v4_power_mean_w


@number("energy.facility_mw.{}", "MW", 3, each=PLACES, formula="power of the chips x PUE")
def facility_mw(q: Quantities, place: str) -> float:
    """Power of the building that those chips need."""
    return q.energy.machine_mw.si * q.node(f"energy.site.{place}").pue


@number("energy.spare_kw", "kW", 1, formula="spare chips x published idle power")
def spare_kw(q: Quantities) -> int:
    """Power of the spare chips if they idle: what waiting costs."""
    return q.layout.spare_chips * q.facts.tpu_v4_chips.tpu_v4_power_idle_w


@number("energy.spare_share", "%", 1, formula="idle power of spares / mean power of active chips")
def spare_share(q: Quantities) -> float:
    """Idle power of the spares over the mean power of the active chips."""
    return q.energy.spare_kw.si / q.energy.machine_mw.si


@number("energy.day.{}.mwh", "MWh", 1, each=PLACES, by=Site.energy_j, formula="power x 24 h x PUE")
def day_mwh(q: Quantities, place: str) -> float:
    """Energy of the active chips over a day in a building of that kind."""
    return q.node(f"energy.site.{place}").energy_j(q.energy.machine_mw.si, DAY_S)


@number("energy.day.{}.carbon", "t CO2e", 1, each=PLACES, by=Site.carbon_kg, formula="energy x intensity of the grid")
def day_carbon(q: Quantities, place: str) -> float:
    """Carbon of a day's energy there."""
    return q.node(f"energy.site.{place}").carbon_kg(q.energy.machine_mw.si, DAY_S)


@node("energy.on_premises")
def on_premises(q: Quantities) -> tuple[float, Site]:
    """Watts of a machine that needs the published conservative factor more for the same work, and the mean building on
    the mean grid.
    """
    return q.energy.machine_mw.si * float(q.facts.tpu_v4_energy.machine_factor), q.node("energy.site.world")


@number("energy.machine_mw_on_premises", "MW", 3, formula="power of the chips x machine factor")
def machine_mw_on_premises(q: Quantities) -> float:
    """Power that machines on premises need for the same work."""
    return q.node("energy.on_premises")[0]


@number("energy.day.on_premises.mwh", "MWh", 1, by=Site.energy_j, formula="power on premises x 24 h x PUE of the world")
def day_mwh_on_premises(q: Quantities) -> float:
    """Energy of a day's work of this machine, done on premises."""
    watts, site = q.node("energy.on_premises")
    return site.energy_j(watts, DAY_S)


@number(
    "energy.day.on_premises.kg", "kg CO2e", 0, by=Site.carbon_kg, formula="energy on premises x intensity of the world"
)
def day_kg_on_premises(q: Quantities) -> int:
    """Carbon of that work there."""
    watts, site = q.node("energy.on_premises")
    return round(site.carbon_kg(watts, DAY_S))


@number("energy.day.{}.kg", "kg CO2e", 0, each=PLACES, by=Site.carbon_kg, formula="energy x intensity of the grid")
def day_kg(q: Quantities, place: str) -> int:
    """Carbon of a day's energy there, to the kilogram."""
    return round(q.node(f"energy.site.{place}").carbon_kg(q.energy.machine_mw.si, DAY_S))


# ------------------------------------------------------------------------------- switches, all published, at 4096 chips
@number("energy.switch_ratio", "x", 1, formula="InfiniBand switches / optical switches, both published")
def switch_ratio(q: Quantities) -> float:
    """How many InfiniBand switches stand for one optical switch at 4096 chips."""
    return q.facts.tpu_v4_chips.ib_switches_for_4096_tpu / q.facts.tpu_v4_system.ocs_count


@number(
    "energy.ib_cost_musd.{}", "million USD", 1, each=("low", "high"), formula="InfiniBand switches x published price"
)
def ib_cost(q: Quantities, end: str) -> int:
    """Price of those InfiniBand switches, cables not counted."""
    return q.facts.tpu_v4_chips.ib_switches_for_4096_tpu * q.facts.tpu_v4_chips.ib_switch_price[end]


@number("energy.ib_cost_each.{}", "USD", 0, each=("low", "high"), formula="price of the InfiniBand switches / chips")
def ib_cost_each(q: Quantities, end: str) -> int:
    """Price of those switches for each chip."""
    return round(q.energy.ib_cost_musd[end].si / q.facts.tpu_v4_abstract.chips)


@number(
    "energy.ocs_chip_share_kw",
    "kW",
    1,
    formula="published share below which the switches stay x mean power of the published machine's chips",
)
def ocs_chip_share_kw(q: Quantities) -> float:
    """The share of system power that optical switches and optics stay below, taken of the chips' power, which is a part
    of the system's.
    """
    chips = q.facts.tpu_v4_abstract.chips * q.facts.tpu_v4_chips.tpu_v4_power_mean_w
    return to_si(q.facts.tpu_v4_abstract.ocs_share_of_system_power_max.value, "%") * chips
