"""Energy and carbon: the published factors multiplied step by step, and this machine's bill at published power."""

from phextpaper.engine import energy
from phextpaper.engine.energy import Site
from phextpaper.quantity import node, number

PLACES = ("oklahoma", "world")
HOURS = 24.0


@node("energy.site.{}", each=PLACES)
def site(q, place):
    """Google's building on Oklahoma's grid, or the world's mean building on the world's mean grid."""
    facts = q.facts.tpu_v4_energy
    return Site(float(facts.pue_google if place == "oklahoma" else facts.pue_world), float(facts[f"grid_{place}"]))


@number("energy.pue_ratio", "x", 3, formula="PUE of the world / PUE of Google")
def pue_ratio(q):
    """How many times more energy the mean building adds."""
    return q.facts.tpu_v4_energy.pue_world / q.facts.tpu_v4_energy.pue_google


@number("energy.grid_ratio", "x", 2, formula="intensity of the world / intensity of Oklahoma")
def grid_ratio(q):
    """How many times more carbon a kilowatt-hour of the mean grid carries."""
    return q.facts.tpu_v4_energy.grid_world / q.facts.tpu_v4_energy.grid_oklahoma


@number("energy.ratio", "x", 2, by=energy.energy_ratio, formula="machine factor x PUE ratio")
def energy_ratio(q):
    """How many times more energy the same work takes on the mean machine in the mean building."""
    return energy.energy_ratio(float(q.facts.tpu_v4_energy.machine_factor), q.node("energy.site.oklahoma"), q.node("energy.site.world"))


@number("energy.ratio_at.{}", "x", 2, each=("low", "high"), by=energy.energy_ratio, formula="the same at the ends of the published range of machines")
def ratio_at(q, end):
    """The same at the ends of the published range of the machine factor."""
    return energy.energy_ratio(float(q.facts.tpu_v4_energy.machine_factor_range[end]), q.node("energy.site.oklahoma"), q.node("energy.site.world"))


@number("energy.carbon_ratio", "x", 1, by=energy.carbon_ratio, formula="energy ratio x grid ratio")
def carbon_ratio(q):
    """How many times more carbon the same work sets free there."""
    return energy.carbon_ratio(float(q.facts.tpu_v4_energy.machine_factor), q.node("energy.site.oklahoma"), q.node("energy.site.world"))


@number("energy.machine_mw", "MW", 3, formula="active chips x published mean power")
def machine_mw(q):
    """Power of this machine's active chips at the published mean power of a TPU v4, hosts and switches not counted."""
    return q.layout.active_chips * q.facts.tpu_v4_chips.tpu_v4_power_mean_w / 1e6


@number("energy.spare_kw", "kW", 1, formula="spare chips x published idle power")
def spare_kw(q):
    """Power of the spare chips if they idle: what waiting costs."""
    return q.layout.spare_chips * q.facts.tpu_v4_chips.tpu_v4_power_idle_w / 1e3


@number("energy.spare_share", "%", 1, formula="idle power of spares / mean power of active chips")
def spare_share(q):
    """Idle power of the spares over the mean power of the active chips."""
    return 100 * q.energy.spare_kw / (q.energy.machine_mw * 1e3)


@number("energy.day.{}.mwh", "MWh", 1, each=PLACES, by=Site.energy_kwh, formula="power x 24 h x PUE")
def day_mwh(q, place):
    """Energy of the active chips over a day in a building of that kind."""
    return q.node(f"energy.site.{place}").energy_kwh(q.energy.machine_mw * 1e6, HOURS) / 1e3


@number("energy.day.{}.carbon", "t CO2e", 1, each=PLACES, by=Site.carbon_kg, formula="energy x intensity of the grid")
def day_carbon(q, place):
    """Carbon of a day's energy there."""
    return q.node(f"energy.site.{place}").carbon_kg(q.energy.machine_mw * 1e6, HOURS) / 1e3


@number("energy.day_carbon_ratio", "x", 1, formula="carbon there / carbon here, the same machine")
def day_carbon_ratio(q):
    """How many times more carbon the same machine causes in the mean building on the mean grid: place alone, no better machine."""
    return q.energy.day.world.carbon / q.energy.day.oklahoma.carbon


@number("energy.switch_ratio", "x", 1, formula="InfiniBand switches / optical switches, both published")
def switch_ratio(q):
    """How many InfiniBand switches stand for one optical switch at 4096 chips."""
    return q.facts.tpu_v4_chips.ib_switches_for_4096_tpu / q.facts.tpu_v4_system.ocs_count


@number("energy.ib_cost_musd.{}", "million USD", 1, each=("low", "high"), formula="InfiniBand switches x published price")
def ib_cost(q, end):
    """Price of those InfiniBand switches, cables not counted."""
    return q.facts.tpu_v4_chips.ib_switches_for_4096_tpu * q.facts.tpu_v4_chips.ib_switch_price[end] / 1e6
