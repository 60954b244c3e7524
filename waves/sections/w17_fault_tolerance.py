"""Wave 17: Section 6, how long named spares last, what a remap moves, and what slices lose to hosts that are down."""

from dataclasses import dataclass
from typing import cast

from phextpaper.engine.faults import spare_pools
from phextpaper.engine.naming.layout import Layout
from phextpaper.errors import PageError
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, format_value
from phextpaper.press.units import to_si
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study import pools
from phextpaper.study.listings.faults import remap
from phextpaper.study.quantities import faults, remapping
from phextpaper.study.quantities.slices import HOSTS, SIZES

page = Wave(
    n=17,
    name="Fault tolerance",
    phase=2,
    minutes=25,
    needs=(6, 7),
    output=("sections/06-fault-tolerance.md",),
    words=(800, 1200),
)

RATES = ("Source", "Rate (% a day)", "Failures a day", "Days of cover", "Crews that keep up")
SLICES = (
    "Slice",
    "Hosts up (%)",
    "With switches, most likely (%)",
    "Expected (%)",
    "Fixed places, expected (%)",
    "Published (%)",
)
AT = ("h99_0", "h99_5")


@dataclass(frozen=True)
class Context:
    """What `06-fault-tolerance.md` prints besides numbers by their ids."""

    code: str
    busiest: tuple[Quantity, ...]
    """Pairs over the busiest link, by each rule to choose a spare."""


@page.context
def context(q: Quantities) -> Context:
    """The printed code, and what each choice of a spare costs. Raises PageError for a machine without spares."""
    choices = remapping.choices(q)
    if not choices:
        raise PageError(
            "Section 6 is about spares, and this machine has none",
            where=q.machine.name.value,
            remedy="give it at least one spare volume (spare_volumes)",
        )
    return Context(q.listing(remap), tuple(q.remapping.choice[rule].busiest for rule in choices))


@page.criterion
def failure_model(built: Artefacts, q: Quantities) -> Verdict:
    """0.1 % to 1.0 % unavailable per day as a sweep, with published rates beside it"""
    text, rows = built.markdown(), [_published(q, source) for source in faults.SOURCES]
    swept = text.section("6.5 Rate and repair").table("Rate (% a day)")
    rates = [row[0] for row in swept.rows] if swept else []
    wanted = [format_value(rate, ".2g") for rate in faults.RATES.values()]
    return all_of(
        checks.cells_equal(text.section("6.1 How often"), RATES, rows),
        Verdict(
            rates == wanted and (rates[0], rates[-1]) == ("0.1", "1"),
            f"rates of {', '.join(wanted)} % a day",
            ", ".join(rates) or "no table",
            text.name,
        ),
    )


def _published(q: Quantities, source: str) -> tuple[str, ...]:
    """What the row of a published rate has to hold."""
    one = q.faults.published[source]
    return f"[@{source.partition('_')[0]}]", one.rate.text, one.failures.text, one.assured_days.text, one.crews.text


@page.criterion
def algorithm(built: Artefacts, q: Quantities) -> Verdict:
    """the printed code is the code that wave 7's check runs"""
    text = built.markdown()
    code = next((fence.text for fence in text.fences if fence.language == "python"), "")
    right, saw = remapping.run_printed(code, cast(Layout, q.node("layout.machine")))
    same = prose_checks.same_listing(built, q, (), lambda _: True)
    printed = q.listing(remap).strip() in code and q.listing(remap).strip() in built.markdown("fault-tolerance.md").text
    return all_of(
        same,
        Verdict(
            printed,
            "remap as wave 7 prints it",
            "letter by letter" if printed else "other code",
            text.where("def remap("),
        ),
        Verdict(right, "every pair joined, no entry into the failed chip", saw, text.where("def remap(")),
    )


@page.criterion
def availability(built: Artefacts, q: Quantities) -> Verdict:
    """table over failure rate and repair time"""
    rows: list[tuple[str, ...]] = []
    grid = spare_pools.sweep(
        int(q.layout.active_chips),
        int(q.layout.spare_chips),
        rates_per_day=[to_si(rate, "%") for rate in faults.RATES.values()],
        repair_hours=list(faults.REPAIRS.values()),
        crews=int(q.machine.repair_crews),
    )
    for rate, logs in zip(faults.RATES.values(), grid, strict=True):
        pool = pools.pool_of(q, rate_per_day=to_si(rate, "%"))
        cells = [
            f"{_share(10.0 ** float(log))} ({format_value(spare_pools.crews_to_keep_up(pool, hours))})"
            for hours, log in zip(faults.REPAIRS.values(), logs, strict=True)
        ]
        rows.append((format_value(rate, ".2g"), *cells))
    heads = ("Rate (% a day)", *(f"{format_value(hours)} h" for hours in faults.REPAIRS.values()))
    return checks.cells_equal(built.markdown().section("6.5 Rate and repair"), heads, rows)


def _share(probability: float) -> str:
    """A share of time as the sweep has to print it."""
    shown = pools.shown(probability)
    if isinstance(shown, str):
        return "never" if shown.startswith("below") else "always"
    return format_value(shown, ".2g")


@page.criterion
def goodput(built: Artefacts, q: Quantities) -> Verdict:
    """goodput by slice size with and without reconfiguration at 99, 99.5 and 99.9 % host availability, set beside the
    published figure
    """
    rows = [_slice(q, size, hosts) for size in SIZES for hosts in HOSTS]
    return all_of(
        checks.cells_equal(built.markdown().section("6.6 Slices"), SLICES, rows),
        prose_checks.refers(built, "Section 7"),
    )


def _slice(q: Quantities, size: str, hosts: str) -> tuple[str, ...]:
    """What a slice's row has to hold."""
    found = q.slices[size][hosts]
    computed = found["with"].likely, found["with"].expected, found.without.expected
    published = q.slices.published[size].text if hosts in AT else "not reported"
    return (*(cell.text for cell in (q.slices.chips[size], q.slices.host[hosts], *computed)), published)


@page.criterion
def figure(built: Artefacts, q: Quantities) -> Verdict:
    """Figure 5 is referenced"""
    return prose_checks.refers(built, "Figure 5")


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """800 to 1200 words"""
    return checks.length(built, page)
