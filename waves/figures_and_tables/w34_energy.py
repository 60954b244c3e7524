"""Wave 34: Table 4, power, building, grid, and the ratios that follow from them."""

from phextpaper.press.checks import table_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made, format_value
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.tables import energy

page = Wave(
    n=34,
    name="Table 4: energy metrics",
    phase=3,
    minutes=25,
    needs=(22,),
    output=("tables/table-4-energy.md",),
    also=("tables/table-4-energy.tex",),
)


@page.writes("tables/table-4-energy.md")
def table(q: Quantities) -> Made:
    """The table in its two forms."""
    return energy.table(q).made(page.output[0])


@page.criterion
def content(built: Artefacts, q: Quantities) -> Verdict:
    """power, PUE, carbon intensity, the resulting energy and CO2e ratios, cited or computed cell by cell"""
    facts, found = q.facts.tpu_v4_energy, built.markdown().table("Metric")
    ratios = dict(zip(found.column("Metric"), found.column("Ratio (times)"), strict=True)) if found else {}
    product = facts.machine_factor * facts.pue_world / facts.pue_google
    wanted = {
        "PUE": format_value(facts.pue_world / facts.pue_google, 3),
        "Grid intensity": format_value(facts.grid_world / facts.grid_oklahoma, 2),
        "Energy of a day's work": format_value(product, 2),
        "CO2e of a day's work": format_value(product * facts.grid_world / facts.grid_oklahoma, 1),
    }
    wrong = [
        f"{name}: {ratios.get(name, 'no row')}, not {value}"
        for name, value in wanted.items()
        if ratios.get(name) != value
    ]
    return all_of(
        table_checks.table(built, page, energy.table(q)),
        table_checks.cited_or_computed(built, q),
        Verdict(
            not wrong,
            "ratios that are the products of the published factors",
            "; ".join(wrong) or f"{len(wanted)} ratios",
            built.markdown().name,
        ),
    )
