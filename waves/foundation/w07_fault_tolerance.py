"""Wave 7: the spare pool, recovery, remapping on the real table, availability, and the comparison with checkpoint and restore."""

from dataclasses import dataclass
from itertools import pairwise

from phextpaper.engine.faults import checkpointing, spare_pools
from phextpaper.engine.faults.remapping import SparedNetwork
from phextpaper.engine.networks.distances import hop_counts
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, format_value, strip_marks
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.listings.faults import remap
from phextpaper.study.quantities import faults, recovery, remapping
from phextpaper.study.quantities.layout import chip_index, chip_name

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
RULES = {"first": "first free", "nearest": "nearest", "load": "least load"}
KEPT = {
    "replica": "remap, live replica",
    "twins": "remap, a twin for each chip",
    "young": "remap, checkpoints by Young",
    "daly": "remap, checkpoints by Daly",
    "fixed": "no spares, wait for the repair",
}
PARTS = (
    "failed",
    "moved",
    "unserved",
    "spares_left",
    "mean_before",
    "mean_after",
    "most_added",
    "load_before",
    "load_after",
)
MOST_LINES = 15


@dataclass(frozen=True)
class Published:
    """A published failure rate, and what it means for this machine."""

    key: str
    rate: Quantity
    failures: Quantity
    days: Quantity


@dataclass(frozen=True)
class Overrun:
    """More failures than spares."""

    failed: Quantity
    moved: Quantity
    unserved: Quantity
    cut_off: Quantity


Row = tuple[Quantity | str, ...]


@dataclass(frozen=True)
class Context:
    """What `fault-tolerance.md` prints; a table is a tuple of rows."""

    spares: Quantity
    spare_volumes: Quantity
    spare_range: str
    network_chips: Quantity
    rate: Quantity
    mtbf: Quantity
    failures: Quantity
    confidence: Quantity
    pool: tuple[Row, ...]
    naive: Quantity
    short_by_then: Quantity
    largest: str
    largest_chips: Quantity
    least: Published
    most: Published
    period: Quantity
    detection: Quantity
    worst_detection: Quantity
    recoveries: tuple[Row, ...]
    memory: Quantity
    target: Quantity
    check_address: Quantity
    check_replica: Quantity
    listing: str
    chip: str
    pairs: Quantity
    joined: Quantity
    touching: Quantity
    choices: tuple[Row, ...]
    choice_matters: bool
    scenarios: tuple[Row, ...]
    rack: Quantity
    several: str
    routes: tuple[str, ...]
    all_joined: bool
    load_added: Quantity
    even_added: Quantity
    overrun: Overrun
    swap_words: str
    runs: Quantity
    simulation_confidence: Quantity
    days: tuple[Row, ...]
    states: tuple[Row, ...]
    repair: Quantity
    crews: Quantity
    agrees: bool
    crew_words: str
    needed: Quantity
    hopeless: bool
    load: Quantity
    drained: Quantity
    job_mtbf: Quantity
    write: Quantity
    losses: tuple[Row, ...]
    lost_replica: Quantity
    lost_best: Quantity
    host_up: Quantity
    expected_with: Quantity
    expected_without: Quantity
    slice_chips: Quantity
    likely_fits: bool


@page.context
def context(q) -> Context:
    """The tables of the pool, the recoveries, the scenarios and the losses, and what the sentences between them need."""
    f, m, r, g, s, units = q.faults, q.machine, q.recovery, q.remapping, q.slices, faults.units(q)
    least, most = _published(q)
    return Context(
        spares=q.layout.spare_chips,
        spare_volumes=m.spare_volumes,
        network_chips=g.network_chips,
        spare_range=f"{q.layout.first_spare_volume}" + choose(m.spare_volumes > 1, f" to {q.layout.last_volume}", ""),
        rate=m.failure_rate,
        mtbf=f.mtbf_days,
        failures=f.failures_per_day,
        confidence=f.confidence,
        pool=tuple(
            (
                unit,
                f.unit[unit].chips,
                f.unit[unit].spares,
                f.cover[unit].cold.naive_days,
                f.cover[unit].cold.assured_days,
                f.cover[unit].hot.assured_days,
            )
            for unit in units
        ),
        naive=f.cover.chip.cold.naive_days,
        short_by_then=f.shortage_at_naive.chip.cold,
        largest=units[-1],
        largest_chips=f.unit[units[-1]].chips,
        least=least,
        most=most,
        period=m.health_check_period,
        detection=r.address.detection,
        worst_detection=r.address.worst_detection,
        recoveries=tuple(
            (WAYS[way], r[way].table_ms, r[way].mirrors_ms, r[way].state, r[way].mean, r[way].worst)
            for way in recovery.ways(q)
        ),
        memory=m.chip_memory,
        target=r.target_ms,
        check_address=r.check_ms.address,
        check_replica=r.check_ms.replica,
        listing=q.listing(remap),
        chip=_middle(q),
        pairs=g.chip.pairs,
        joined=g.chip.joined,
        touching=g.chip.touching,
        choices=tuple(
            (
                RULES[rule],
                remapping.spare_of(q, rule),
                *(g.choice[rule][part] for part in ("distance", "mean_hops", "busiest")),
            )
            for rule in remapping.choices(q)
        ),
        choice_matters=_choice_matters(q),
        scenarios=tuple((NAMES[name], *(g[name][part] for part in PARTS)) for name in remapping.SCENARIOS),
        rack=g.rack_volume,
        several=_several(q),
        routes=_routes(q),
        load_added=g.load_added,
        even_added=g.even_added,
        swap_words=_swap_words(q),
        all_joined=all(g[name].joined == g[name].pairs and g[name].touching == 0 for name in remapping.SCENARIOS),
        overrun=Overrun(g.overrun.failed, g.overrun.moved, g.overrun.unserved, g.overrun.cut_off),
        runs=f.runs,
        simulation_confidence=f.simulation_confidence,
        days=tuple(
            (
                f.curve[day].day,
                f.curve[day].no_shortage,
                f.curve[day].simulated,
                f"{f.curve[day].low} to {f.curve[day].high}",
            )
            for day in faults.DAYS
        ),
        states=tuple(
            (
                unit,
                f.failed[unit].cold,
                _interval(f.simulated_failed[unit]),
                f.shortage[unit].cold,
                _interval(f.simulated_shortage[unit]),
                f.shortage[unit].hot,
            )
            for unit in units
        ),
        repair=m.repair_time,
        crews=m.repair_crews,
        agrees=f.curve_agrees.value and f.steady_agrees.value,
        crew_words=_crew_words(q),
        needed=f.crews_needed,
        hopeless=f.crews_needed > q.layout.total_chips,
        load=f.repair_load,
        drained=f.drained_days,
        job_mtbf=r.job_mtbf_h,
        write=m.checkpoint_write,
        losses=tuple(
            (KEPT[way], _written(q, way), r.lost[way], r.goodput[way].in_use, r.goodput[way].bought) for way in _kept(q)
        ),
        lost_replica=r.lost.replica,
        lost_best=r.lost.best,
        host_up=s.host.h99_0,
        expected_with=s.n1024.h99_0["with"].expected,
        expected_without=s.n1024.h99_0.without.expected,
        slice_chips=s.chips.n1024,
        likely_fits=s.fits.likely.value,
    )


def _published(q) -> list[Published]:
    """The lowest and the highest of the published rates."""
    by_rate = sorted(faults.SOURCES, key=lambda source: q.faults.published[source].rate.value)
    ends = ((source.partition("_")[0], q.faults.published[source]) for source in (by_rate[0], by_rate[-1]))
    return [Published(key, one.rate, one.failures, one.assured_days) for key, one in ends]


def _interval(ends) -> str:
    """The ends of an interval, or the words that stand for both where the simulation says nothing."""
    return choose(isinstance(ends.low.value, str), f"{ends.low}", f"{ends.low} to {ends.high}")


def _kept(q) -> tuple[str, ...]:
    """Ways to go on after a failure: without spares there is one."""
    return tuple(KEPT) if q.layout.spare_chips > 0 else ("fixed",)


def _written(q, way: str) -> Quantity | str:
    """The interval between checkpoints, where there are any."""
    return "none" if way in ("replica", "twins") else q.recovery.interval["best" if way == "fixed" else way]


def _middle(q) -> str:
    return chip_name(q, remapping.failed_chips(q.node("layout.machine"))["chip"][0])


def _several(q) -> str:
    layout = q.node("layout.machine")
    names = [chip_name(q, chip) for chip in remapping.failed_chips(layout)["several"]]
    return f"{', '.join(names[:-1])} and {names[-1]}{choose(layout.spares > 0, ' (a spare)', '')}"


def _choice_matters(q) -> bool:
    """Whether the rules differ by more than a fiftieth, in mean hops or in the busiest link."""
    found = [
        [q.remapping.choice[rule][part].value for rule in remapping.choices(q)] for part in ("mean_hops", "busiest")
    ]
    return any(values and max(values) > 1.02 * min(values) for values in found)


def _routes(q) -> tuple[str, ...]:
    """Routes by way of the chip and to its address, by way of the rack, and to one of several addresses; long ones without their middle."""
    there, lines = remapping.routes(q), []
    for scenario, which in (
        ("chip", "through"),
        ("chip", "moved"),
        ("rack", "through"),
        ("several", "moved" if ("several", "moved") in there else "through"),
    ):
        for place, part in enumerate(("before", "after") if (scenario, which) in there else ()):
            names = [chip_name(q, node) for node in getattr(remapping.found(q, scenario), which)[place]]
            chain = " -> ".join(names if len(names) <= 6 else [*names[:2], "...", *names[-2:]])
            lines.append(
                f"{choose(place == 0, NAMES[scenario], ''):<8} {part:<6} {chain}  {q.remapping.route[scenario][which][part].with_unit}"
            )
    return tuple(lines)


def _swap_words(q) -> str:
    if not remapping.swapped(q):
        return "Blocks do not fill this machine, so none can be swapped."
    chip, rack, room = q.remapping.swap.chip, q.remapping.swap.rack, q.remapping.room
    if chip.unserved > 0:
        return "The spares fill no block, so switches that swap whole blocks have nothing to swap in."
    return (
        f"Switches that swap whole blocks add no hop, but take {chip.healthy_taken} working chips out with a failed one and make {chip.optical_links} links anew. "
        f"A lost rack touches {rack.lost} blocks, of which {rack.unserved} find no spare. "
        + choose(
            room.all > 0,
            f"A switch has room for {room.all} more blocks, for {room.kept} if the ports for tests and repair stay free.",
            f"A switch of {q.machine.switch_ports} ports has no room for more blocks.",
        )
    )


def _crew_words(q) -> str:
    crews = q.faults.crews
    shares = {
        int(crews[case].count): f"with {crews[case].count.with_unit} {crews[case].shortage}"
        for case in faults.crew_cases(q)
        if case != "given"
    }
    return ", ".join(shares.values())


@page.criterion
def spare_pool(built, q) -> Verdict:
    """volume 17, 256 chips, agreeing with wave 3"""
    layout, part = q.node("layout.machine"), built.markdown().section("Spare pool")
    first, count = layout.volumes + 1, layout.spare_volumes * layout.books * layout.chapters
    where = f"olume{'' if layout.spare_volumes == 1 else 's'} {first}"
    other = built.markdown("coordinate-scheme.md").section("Spare pool")
    agreeing = count > 0 and where in other.text and f"= {format_value(count)} chips" in other.text
    return all_of(
        Verdict(count > 0, "spares", f"{count} spares"),
        checks.has(part, f"{where} ", f"the spares, {format_value(count)} chips"),
        Verdict(
            agreeing, "the pool of the coordinate scheme", "the same" if agreeing else "another", other.where("olume")
        ),
    )


@page.criterion
def detection(built, q) -> Verdict:
    """health check period (1 s) and the resulting detection delay (mean and worst) are in the recovery time"""
    m, part, rows = q.machine, built.markdown().section("Detection and recovery"), []
    period = float(m.health_check_period)
    table = (int(m.chips) - 1) * m.table_entry_update * 1e-9 + q.topologies.torus_3d.diameter * m.hop_latency * 1e-9
    copy = m.chip_memory * 2**30 / (m.link_bandwidth * 1e9)
    for way in recovery.ways(q):
        mirrors = m.mirror_switching * 1e-3 if way == "swap" else 0.0
        state = {"address": 0.0, "replica": copy}.get(way, float(m.restart_time))
        after = table + mirrors + state
        rows.append(
            (
                WAYS[way],
                format_value(1e3 * table, ".3g"),
                format_value(1e3 * mirrors, ".3g"),
                format_value(state, ".4g"),
                format_value(period / 2 + after, ".4g"),
                format_value(period + after, ".4g"),
            )
        )
    return all_of(
        checks.has(
            part,
            f"each {m.health_check_period.text} s",
            f"detected after {format_value(period / 2, '.4g')} s in the mean",
            f"{format_value(period, '.4g')} s at worst",
        ),
        checks.cells_equal(part, TIMES, rows),
    )


@page.criterion
def remap_pseudocode(built, q) -> Verdict:
    """at most 15 lines of code; the check runs it on a real table and verifies that no route uses the failed chip and all active pairs stay connected"""
    text = built.markdown().section("Remapping")
    code = next((fence for fence in text.fences if fence.language == "python" and "def remap(" in fence.text), None)
    if code is None:
        return Verdict(False, "a function remap", "none", text.name)
    lines = len(code.text.splitlines())
    right, saw = remapping.run_printed(code.text, q.node("layout.machine"))
    pairs = q.remapping.chip.pairs.text
    return all_of(
        Verdict(
            lines <= MOST_LINES, f"at most {MOST_LINES} lines", f"{lines} lines", built.markdown().where("def remap(")
        ),
        Verdict(right, "every pair joined, no entry into the failed chip", saw, built.markdown().where("def remap(")),
        checks.has(text, f"All {pairs} ordered pairs"),
    )


@page.criterion
def three_scenarios(built, q) -> Verdict:
    """single chip, a whole unit or rack, and several at once including a spare; each with coordinates, routes before and after, hops added, and what happens when the pool is too small"""
    part, layout, rows = built.markdown().section("Failure scenarios"), q.node("layout.machine"), []
    for name in remapping.SCENARIOS:
        o = remapping.found(q, name)
        numbers = (
            len(o.failed),
            len(o.moves),
            o.unserved,
            o.spares_left,
            f"{o.mean_before:.3f}",
            f"{o.mean_after:.3f}",
            o.most_added,
            o.load_before,
            o.load_after,
        )
        rows.append((NAMES[name], *(format_value(number) for number in numbers)))
    network = SparedNetwork.torus(layout)
    fence = next((fence for fence in part.fences if "->" in fence.text), None)
    wrong, name = "", ""
    lines = fence.text.splitlines() if fence else []
    for line in lines:
        name = next((scenario for scenario, words in NAMES.items() if line.startswith(words)), name)
        failed = () if " before " in line else remapping.found(q, name).failed
        wrong = wrong or _wrong(q, line, network.without(failed))
    several = remapping.failed_chips(layout)["several"]
    return all_of(
        checks.cells_equal(part, SCENARIOS, rows),
        Verdict(
            len(lines) == len(_routes(q)) > 0 and not wrong,
            "routes before and after in each scenario, on links that work",
            wrong or f"{len(lines)} routes",
            part.where("->"),
        ),
        checks.has(
            part,
            *(chip_name(q, chip) for chip in several),
            f"rack {int(layout.coordinate(remapping.failed_chips(layout)['rack'][0])[0])}",
            _too_small(layout),
        ),
    )


def _too_small(layout) -> str:
    """How the page begins to say what happens when more chips fail than there are spares."""
    if layout.spares == 0:
        return "Without spares each failure"
    return (
        f"If {format_value(layout.spares + 1)} fail at once"
        if layout.spares < layout.active
        else f"Even if all {format_value(layout.active)} chips fail at once"
    )


def _wrong(q, line: str, neighbours) -> str:
    """What is wrong with a drawn route: an arrow that is no working link, or hops that no shortest path has; empty if nothing."""
    items = [item.split() for item in line.split("->")]
    nodes = [next((chip_index(q, word) for word in words if "/" in word), None) for words in items]
    for a, b in pairwise(nodes):
        if a is not None and b is not None and b not in neighbours[a]:
            return f"{chip_name(q, a)} -> {chip_name(q, b)} is no working link"
    hops = int(hop_counts(neighbours, nodes[0])[nodes[-1]])
    return "" if int(items[-1][1]) == hops else f"{hops} hops instead of {items[-1][1]}"


@page.criterion
def availability(built, q) -> Verdict:
    """P(no spare shortage) over time without repair, and the steady state with repair, by a closed form or Markov chain and by Monte Carlo that agree within the stated interval; days of cover from 256 spares at 4.1 failures a day"""
    text, layout, m, f, covers, states = built.markdown(), q.node("layout.machine"), q.machine, q.faults, [], []
    repair = spare_pools.Repair(float(m.repair_time), int(m.repair_crews))
    for unit, chips in faults.unit_sizes(layout).items():
        pools = [
            spare_pools.SparePool.of_chips(
                layout.active, layout.spares, unit=chips, mtbf_days=100 / m.failure_rate, dormancy=kind
            )
            for kind in (0, 1)
        ]
        (cold, hot), (state, powered) = (
            [spare_pools.cover(pool, confidence=0.999) for pool in pools],
            [spare_pools.steady_state(pool, repair) for pool in pools],
        )
        days = (cold.naive_days, cold.assured_days, hot.assured_days)
        covers.append((unit, str(chips), str(pools[0].spares), *(format_value(value, ".3g") for value in days)))
        states.append(
            (
                unit,
                format_value(state.mean_failed, 1),
                strip_marks(_interval(f.simulated_failed[unit]))[0],
                format_value(faults.shown(state.shortage), ".3g"),
                strip_marks(_interval(f.simulated_shortage[unit]))[0],
                format_value(faults.shown(powered.shortage), ".3g"),
            )
        )
    curve, pool = [], faults.pool_of(q)
    needed = spare_pools.crews_to_keep_up(pool, float(m.repair_time))
    for day in faults.DAYS:
        c = f.curve[day]
        curve.append(
            (
                c.day.text,
                format_value(1 - float(spare_pools.shortage_probability(pool, c.day.value)), 3),
                c.simulated.text,
                f"{c.low.text} to {c.high.text}",
            )
        )
    within = all(
        f.curve[day].low.value <= f.curve[day].no_shortage.value <= f.curve[day].high.value for day in faults.DAYS
    )
    return all_of(
        checks.cells_equal(text, POOL, covers),
        checks.cells_equal(text, CURVE, curve),
        checks.cells_equal(text, STEADY, states),
        Verdict(
            within and f.curve_agrees.value and f.steady_agrees.value,
            "closed form and chain inside the simulated intervals",
            "inside" if within else "outside",
        ),
        checks.has(
            text,
            f"{format_value(pool.failures_per_day, '.3g')} failures a day",
            f"At least {format_value(needed)} crew" if needed <= layout.total else "No number of crews",
        ),
    )


@page.criterion
def checkpoint_comparison(built, q) -> Verdict:
    """lost time per failure and goodput against checkpoint/restore at its best interval (Young/Daly), same failure rate"""
    m, chips, bought, rows = q.machine, int(q.layout.active_chips), int(q.layout.total_chips), []
    write, mtbf = float(m.checkpoint_write), checkpointing.job_mtbf(int(q.layout.active_chips), 100 / m.failure_rate)
    times = {way: q.node(f"recovery.time.{way}").mean for way in ("replica", "rollback")}
    intervals = {
        "young": checkpointing.young_interval(write, mtbf),
        "daly": checkpointing.daly_interval(write, mtbf),
        "fixed": checkpointing.best_interval(write, mtbf),
    }
    for way in _kept(q):
        between, wait = intervals.get(way, 0.0), float(m.repair_time) * 3600 if way == "fixed" else 0.0
        recovering, often = (
            times["replica" if way in ("replica", "twins") else "rollback"] + wait,
            mtbf / 2 if way == "twins" else mtbf,
        )
        kept = checkpointing.checkpoint_goodput(between, write if between else 0.0, recovering, often)
        paid = {"twins": bought + chips, "fixed": chips}.get(way, bought)
        lost = (1 - kept - (kept * write / between if between else 0.0)) * often
        rows.append(
            (
                KEPT[way],
                format_value(between, 0) if between else "none",
                format_value(lost, 1),
                format_value(100 * kept, 2),
                format_value(100 * kept * chips / paid, 2),
            )
        )
    part = built.markdown().section("Against checkpoint and restore")
    return all_of(
        checks.cells_equal(part, LOSSES, rows), checks.has(part, f"fails once in {format_value(mtbf / 3600, '.3g')} h")
    )


@page.criterion
def size(built, q) -> Verdict:
    """6 to 8 kB"""
    return checks.size(built, page)


@page.review("Is the pool large enough for realistic rates? (published rates beside the assumed one)")
def large_enough(q) -> Answer:
    """Published rates, and what they leave of the pool."""
    f, m = q.faults, q.machine
    parts = [
        f"{f.published[source].rate}% [{source.replace('_', ', ')}]: {f.published[source].failures} failures a day, {f.published[source].assured_days} days of cover, "
        f"{f.published[source].crews.with_unit}"
        for source in faults.SOURCES
    ]
    enough, unit = f.repair_load < 1 and q.layout.spare_chips > 0, faults.units(q)[-1]
    words = choose(
        enough,
        choose(
            f.published_kept_up == f.published_rates,
            "Yes, for single chips that are repaired",
            "For single chips at the assumed rate, yes; not at every published rate",
        ),
        choose(q.layout.spare_chips > 0, "No, it drains", "No, there is none"),
    )
    return Answer(
        f"{words}. The {m.repair_crews.with_unit} of the machine can keep up at {f.published_kept_up} of {f.published_rates} published rates. Assumed are {m.failure_rate}% of the "
        f"chips a day, {f.failures_per_day} failures, {f.cover.chip.cold.assured_days} days of cover at {f.confidence}%, {choose(f.crews_needed <= q.layout.total_chips, f'{f.crews_needed.with_unit} at least', 'more crews than chips')}. Published, for a chip "
        f"and day: {'; '.join(parts)}. Swapped by the {unit}, the pool covers {f.cover[unit].cold.assured_days} days at the assumed rate.",
        enough,
    )


@page.review("Is remapping fast enough not to lose the job?")
def fast_enough(q) -> Answer:
    """The address moves fast; the state decides."""
    r = q.recovery
    if q.layout.spare_chips == 0:
        return Answer(
            f"No: without a spare nothing takes the address, and a job on all chips waits {q.machine.repair_time.with_unit} for the repair.",
            False,
        )
    return Answer(
        f"With a live replica of the state, yes: the job goes on after {r.replica.mean.with_unit} in the mean, {r.replica.worst.with_unit} at worst. Without one it goes back to its "
        f"last checkpoint and loses {r.lost.best.with_unit} a failure. The address itself moves within {r.address.worst.with_unit}, of which detection is "
        f"{r.address.worst_detection.with_unit}; the plan's {r.target_ms.with_unit} {choose(1e3 * r.address.worst > r.target_ms, 'are not met', 'are met')}."
    )


@page.review("What of several failures at once? (probability and outcome)")
def at_once(q) -> Answer:
    """How likely another failure is during a recovery, and what several lead to."""
    r, g = q.recovery, q.remapping
    return Answer(
        f"Another chip fails during a recovery with probability {r.overlap.replica.with_unit} where a replica gives the state, {r.overlap.rollback.with_unit} where a checkpoint does; "
        f"power or a rack can take many at once, and no probability of that is known here. Of {g.several.failed} failed at once, {g.several.moved} addresses moved and "
        f"{g.several.unserved} were left without a chip; a whole rack moved {g.rack.moved} and left {g.rack.unserved}. One failure more than there are spares, {g.overrun.failed} in all, leaves "
        f"{g.overrun.unserved} without a chip, and the job waits."
    )
