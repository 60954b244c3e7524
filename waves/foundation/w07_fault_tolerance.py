"""Wave 7: the spare pool, recovery, remapping on the real table, availability, against checkpoint and restore."""

from collections.abc import Iterator
from dataclasses import dataclass

from phextpaper.engine.faults import spare_pools
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study import pools
from phextpaper.study.checks.availability import agreeing, cover_cells, curve_cells, long_run_cells
from phextpaper.study.checks.recovery import job_mtbf, loss_cells, recovery_cells
from phextpaper.study.checks.remapping import drawn_routes, when_too_many_fail
from phextpaper.study.listings.faults import remap
from phextpaper.study.quantities import faults, remapping
from phextpaper.study.quantities.layout import chip_name

page = Wave(
    n=7,
    name="Fault tolerance via coordinate remapping",
    phase=1,
    minutes=30,
    needs=(3, 6),
    output=("fault-tolerance.md",),
    size_kb=(6, 8),
)

POOL = ("Unit", "Chips", "Spares", "Mean cover (days)")
TIMES = ("Way", "Table (ms)", "Mirrors (ms)", "State (s)")
SCENARIOS = ("Scenario", "Failed", "Moved", "Unserved")
CURVE = ("Day", "P(no shortage)", "Simulated", "Band")
STEADY = ("Unit", "Failed units", "Simulated", "Time short of spares")
LOSSES = ("Way", "Interval (s)", "Lost per failure (s)", "Goodput, chips in use (%)")
NAMES = {"chip": "one chip", "rack": "a rack", "several": "several"}
WAYS = {
    "address": "the address alone",
    "replica": "remap, live replica",
    "rollback": "remap, last checkpoint",
    "swap": "block swap, last checkpoint",
}
KEPT = {
    "replica": "remap, live replica",
    "twins": "remap, a twin for each chip",
    "young": "remap, checkpoints by Young",
    "daly": "remap, checkpoints by Daly",
    "fixed": "no spares, wait for the repair",
}
MOST_LINES = 15


@dataclass(frozen=True)
class Route:
    """A route by way of a failed chip or to its address, before or after the failure, as coordinates."""

    scenario: str
    which: str
    part: str
    chips: tuple[str, ...]


@dataclass(frozen=True)
class Context:
    """Rows and decisions of `fault-tolerance.md`."""

    listing: str
    largest: str
    least: str
    most: str
    chip: str
    several: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    choice_matters: bool
    routes: tuple[Route, ...]
    all_joined: bool
    blocks_fill: bool
    crew_cases: tuple[str, ...]


@page.context
def context(q: Quantities) -> Context:
    """The failed chips, the spares that take over, the routes, and what the sentences are chosen by."""
    g, failed = q.remapping, remapping.failed_chips(q.node("layout.machine"))
    by_rate = sorted(faults.SOURCES, key=lambda source: q.faults.published[source].rate.value)
    cases = {int(q.faults.crews[case].count): case for case in faults.crew_cases(q) if case != "given"}
    return Context(
        listing=q.listing(remap),
        largest=pools.units(q)[-1],
        least=by_rate[0],
        most=by_rate[-1],
        chip=chip_name(q, failed["chip"][0]),
        several=tuple(chip_name(q, chip) for chip in failed["several"]),
        choices=tuple((rule, remapping.spare_of(q, rule)) for rule in remapping.choices(q)),
        choice_matters=_choice_matters(q),
        routes=tuple(_routes(q)),
        all_joined=all(g[name].joined == g[name].pairs and g[name].touching == 0 for name in remapping.SCENARIOS),
        blocks_fill=bool(remapping.swapped(q)),
        crew_cases=tuple(cases.values()),
    )


def _choice_matters(q: Quantities) -> bool:
    """Whether the rules differ by more than a fiftieth, in mean hops or in the busiest link."""
    found = [
        [q.remapping.choice[rule][part].value for rule in remapping.choices(q)] for part in ("mean_hops", "busiest")
    ]
    return any(values and max(values) > 1.02 * min(values) for values in found)


def _routes(q: Quantities) -> Iterator[Route]:
    """Routes by way of the chip and to its address, by way of the rack, and to one of several addresses."""
    there = remapping.routes(q)
    last = "moved" if ("several", "moved") in there else "through"
    for scenario, which in (("chip", "through"), ("chip", "moved"), ("rack", "through"), ("several", last)):
        for place, part in enumerate(("before", "after") if (scenario, which) in there else ()):
            nodes = getattr(remapping.found(q, scenario), which)[place]
            yield Route(scenario, which, part, tuple(chip_name(q, node) for node in nodes))


@page.criterion
def spare_pool(built: Artefacts, q: Quantities) -> Verdict:
    """volume 17, 256 chips, agreeing with wave 3"""
    layout, part = q.node("layout.machine"), built.markdown().section("Spare pool")
    first, count = layout.volumes + 1, layout.spare_volumes * layout.books * layout.chapters
    where = f"olume{'' if layout.spare_volumes == 1 else 's'} {first}"
    other = built.markdown("coordinate-scheme.md").section("Spare pool")
    agreeing = count > 0 and where in other.text and f"= {format_value(count)} chips" in other.text
    same = "the same" if agreeing else "another"
    return all_of(
        Verdict(count > 0, "spares", f"{count} spares"),
        checks.has(part, f"{where} ", f"the spares, {format_value(count)} chips"),
        Verdict(agreeing, "the pool of the coordinate scheme", same, other.where("olume")),
    )


@page.criterion
def detection(built: Artefacts, q: Quantities) -> Verdict:
    """health check period (1 s) and the resulting detection delay (mean and worst) are in the recovery time"""
    part, period = built.markdown().section("Detection and recovery"), q.machine.health_check_period
    return all_of(
        checks.has(
            part,
            f"each {period.text} s",
            f"detected after {format_value(period.si / 2, '.4g')} s in the mean",
            f"{format_value(float(period.si), '.4g')} s at worst",
        ),
        checks.cells_equal(part, TIMES, [(WAYS[way], *cells) for way, cells in recovery_cells(q).items()]),
    )


@page.criterion
def remap_pseudocode(built: Artefacts, q: Quantities) -> Verdict:
    """at most 15 lines of code; the check runs it on a real table and verifies that no route uses the failed chip
    and all active pairs stay connected
    """
    text = built.markdown().section("Remapping")
    code = next((fence for fence in text.fences if fence.language == "python" and "def remap(" in fence.text), None)
    if code is None:
        return Verdict(False, "a function remap", "none", text.name)
    lines, where = len(code.text.splitlines()), built.markdown().where("def remap(")
    right, saw = remapping.run_printed(code.text, q.node("layout.machine"))
    return all_of(
        Verdict(lines <= MOST_LINES, f"at most {MOST_LINES} lines", f"{lines} lines", where),
        Verdict(right, "every pair joined, no entry into the failed chip", saw, where),
        checks.has(text, f"All {q.remapping.chip.pairs.text} ordered pairs"),
    )


@page.criterion
def three_scenarios(built: Artefacts, q: Quantities) -> Verdict:
    """single chip, a whole unit or rack, and several at once including a spare; each with coordinates, routes before
    and after, hops added, and what happens when the pool is too small
    """
    part, layout, rows = built.markdown().section("Failure scenarios"), q.node("layout.machine"), []
    for name in remapping.SCENARIOS:
        o = remapping.found(q, name)
        chips = (len(o.failed), len(o.moves), o.unserved, o.spares_left)
        means = (f"{o.mean_before:.3f}", f"{o.mean_after:.3f}")
        loads = (o.most_added, o.load_before, o.load_after)
        rows.append((NAMES[name], *(format_value(number) for number in (*chips, *means, *loads))))
    failed = remapping.failed_chips(layout)
    return all_of(
        checks.cells_equal(part, SCENARIOS, rows),
        drawn_routes(part, q, NAMES, count=len(list(_routes(q)))),
        checks.has(
            part,
            *(chip_name(q, chip) for chip in failed["several"]),
            f"rack {int(layout.coordinate(failed['rack'][0])[0])}",
            when_too_many_fail(layout),
        ),
    )


@page.criterion
def availability(built: Artefacts, q: Quantities) -> Verdict:
    """P(no spare shortage) over time without repair, and the steady state with repair, by a closed form or Markov chain
    and by Monte Carlo that agree within the stated interval; days of cover from 256 spares at 4.1 failures a day
    """
    text, pool, inside = built.markdown(), pools.pool_of(q), agreeing(q)
    needed = spare_pools.crews_to_keep_up(pool, float(q.machine.repair_time))
    return all_of(
        checks.cells_equal(text, POOL, cover_cells(q)),
        checks.cells_equal(text, CURVE, curve_cells(q)),
        checks.cells_equal(text, STEADY, long_run_cells(q)),
        Verdict(inside, "closed form and chain inside the simulated intervals", "inside" if inside else "outside"),
        checks.has(
            text,
            f"{format_value(pool.failures_per_day, '.3g')} failures a day",
            f"At least {format_value(needed)} crew" if needed <= pool.active + pool.spares else "No number of crews",
        ),
    )


@page.criterion
def checkpoint_comparison(built: Artefacts, q: Quantities) -> Verdict:
    """lost time per failure and goodput against checkpoint/restore at its best interval (Young/Daly), same failure
    rate
    """
    part, hours = built.markdown().section("Against checkpoint and restore"), from_si(job_mtbf(q), "h")
    return all_of(
        checks.cells_equal(part, LOSSES, [(KEPT[way], *cells) for way, cells in loss_cells(q).items()]),
        checks.has(part, f"fails once in {format_value(hours, '.3g')} h"),
    )


@page.criterion
def size(built: Artefacts, q: Quantities) -> Verdict:
    """6 to 8 kB"""
    return checks.size(built, page)


@page.review("Is the pool large enough for realistic rates? (published rates beside the assumed one)")
def large_enough(q: Quantities) -> Answer:
    """Published rates, and what they leave of the pool."""
    enough = q.faults.repair_load < 1 and q.layout.spare_chips > 0
    return Answer(settled=enough, rows={"enough": enough, "largest": pools.units(q)[-1]})


@page.review("Is remapping fast enough not to lose the job?")
def fast_enough(q: Quantities) -> Answer:
    """The address moves fast; the state decides."""
    return Answer(settled=q.layout.spare_chips > 0)


@page.review("What of several failures at once? (probability and outcome)")
def at_once(q: Quantities) -> Answer:
    """How likely another failure is during a recovery, and what several lead to."""
    return Answer(settled=True)
