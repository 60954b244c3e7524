"""Wave 22: Section 11, energy and carbon as a product of machine, building and grid, and what names do to it."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Verdict, Wave, all_of

page = Wave(
    n=22,
    name="Energy and carbon",
    phase=2,
    minutes=25,
    needs=(14, 19),
    output=("sections/11-energy-carbon.md",),
    words=(500, 900),
)

STEPS = ("Ratio", "Calculation", "Lower end", "Upper end", "Published [@jouppi2023]")
SWITCHES = (
    "facts.tpu_v4_abstract.ocs_share_of_system_power_max",
    "facts.tpu_v4_abstract.ocs_share_of_system_cost_max",
    "facts.tpu_v4_chips.ib_switches_for_4096_tpu",
    "facts.tpu_v4_chips.ib_switch_price.low",
    "facts.tpu_v4_chips.ib_switch_price.high",
)
BUILDINGS = tuple(f"facts.tpu_v4_energy.pue_{name}" for name in ("google", "world", "google_2008", "world_2008"))
ABSTRACTS = ("facts.tpu_v4_arxiv.energy_vs_onprem_dsa", "facts.tpu_v4_abstract.co2e_vs_onprem_dsa")


@dataclass(frozen=True)
class Context:
    """Nothing: `11-energy-carbon.md` prints named numbers alone."""


@page.context
def context(q: Quantities) -> Context:
    """Nothing to decide."""
    return Context()


@page.criterion
def ocs_power(built: Artefacts, q: Quantities) -> Verdict:
    """OCS share of power and cost against InfiniBand, cited"""
    text = built.markdown().section("11.1 What the switches draw")
    each = [format_value(from_si(float(q[SWITCHES[2]]) * float(q[id]), "million"), 1) for id in SWITCHES[3:]]
    return all_of(
        prose_checks.reported(built, SWITCHES, "jouppi2023"),
        checks.has(text, "InfiniBand", f"{each[0]} to {each[1]} million USD"),
    )


@page.criterion
def pue(built: Artefacts, q: Quantities) -> Verdict:
    """PUE values compared, cited"""
    ratio = format_value(float(q[BUILDINGS[1]]) / float(q[BUILDINGS[0]]), 3)
    return all_of(
        prose_checks.reported(built, BUILDINGS, "jouppi2023"),
        checks.has(built.markdown(), f"a factor of {ratio} over Google's"),
    )


@page.criterion
def carbon(built: Artefacts, q: Quantities) -> Verdict:
    """energy x PUE x grid intensity is computed step by step, and the product is set beside the published about
    3x energy and about 20x CO2e
    """
    facts, energy = q.facts.tpu_v4_energy, q.facts.tpu_v4_abstract.energy_vs_onprem_dsa
    about = [q[id].text for id in ABSTRACTS]
    steps = (
        ("Energy, machines alone", "as published", 1.0, 0, f"{energy.low.text} to {energy.high.text}"),
        (
            "Energy, with buildings",
            f"times {facts.pue_world.text} / {facts.pue_google.text}",
            facts.pue_world / facts.pue_google,
            2,
            f"{facts.energy_ratio.text}, about {about[0]}",
        ),
        (
            "CO2e, with grids",
            f"times {facts.grid_world.text} / {facts.grid_oklahoma.text}",
            facts.grid_world / facts.grid_oklahoma,
            1,
            f"{facts.co2e_ratio.text}, about {about[1]}",
        ),
    )
    rows, products = [], [facts.machine_factor_range.low.value, facts.machine_factor_range.high.value]
    for name, calculation, factor, digits, published in steps:
        products = [product * factor for product in products]
        rows.append((name, calculation, *(format_value(product, digits) for product in products), published))
    return all_of(
        checks.cells_equal(built.markdown(), STEPS, rows),
        prose_checks.reported(built, ABSTRACTS, "jouppi2023"),
        checks.has(built.markdown(), "because they are rounded"),
    )


@page.criterion
def table(built: Artefacts, q: Quantities) -> Verdict:
    """Table 4 is referenced"""
    return prose_checks.refers(built, "Table 4")


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
