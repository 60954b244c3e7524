"""Wave 17: Section 6, how long named spares last, what a remap moves and what it does not, and what slices lose to hosts that are down."""

from dataclasses import dataclass

from phextpaper.engine.faults import reliability
from phextpaper.errors import PageError
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.listings.faults import remap
from phextpaper.study.quantities import faults, recovery, remapping
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
WAYS = {
    "address": "address alone",
    "replica": "remapping, live replica",
    "rollback": "remapping, last checkpoint",
    "swap": "block swap, last checkpoint",
}
KEPT = {
    "replica": "live replica",
    "twins": "a twin for each chip",
    "young": "checkpoints by Young",
    "daly": "checkpoints by Daly",
    "fixed": "no spare, wait for repair",
}
AT = ("h99_0", "h99_5")


@dataclass(frozen=True)
class Published:
    """A row of the table of published rates."""

    key: str
    rate: Quantity
    failures: Quantity
    days: Quantity
    crews: Quantity


@dataclass(frozen=True)
class Unit:
    """A row of the table of units."""

    unit: str
    chips: Quantity
    spares: Quantity
    naive: Quantity
    assured: Quantity


@dataclass(frozen=True)
class Way:
    """A row of the table of recoveries."""

    way: str
    table: Quantity
    mirrors: Quantity
    state: Quantity
    mean: Quantity


@dataclass(frozen=True)
class Loss:
    """A row of the table of goodput."""

    way: str
    lost: Quantity
    in_use: Quantity
    bought: Quantity


@dataclass(frozen=True)
class Swept:
    """A row of the sweep."""

    rate: Quantity
    cells: str


@dataclass(frozen=True)
class Slice:
    """A row of the table of slices."""

    chips: Quantity
    host: Quantity
    likely: Quantity
    expected: Quantity
    fixed: Quantity
    published: Quantity | str


@dataclass(frozen=True)
class Context:
    """What `06-fault-tolerance.md` prints."""

    rate: Quantity
    mtbf: Quantity
    failures: Quantity
    job_mtbf: Quantity
    spares: Quantity
    published: tuple[Published, ...]
    confidence: Quantity
    units: tuple[Unit, ...]
    short: Quantity
    unit_sentence: str
    code: str
    pairs: Quantity
    touching: Quantity
    entries: Quantity
    load_added: Quantity
    even_added: Quantity
    host_sentence: str
    swap_sentence: str
    last_sentence: str
    memory: Quantity
    checkpoint: Quantity
    restart: Quantity
    swap_time: str
    smallest: Quantity
    choice_sentence: str
    rack_moved: Quantity
    rack_added: Quantity
    unserved: Quantity
    period: Quantity
    ways: tuple[Way, ...]
    address: Quantity
    losses: tuple[Loss, ...]
    best: Quantity
    young: Quantity
    daly: Quantity
    twin_words: str
    crews: Quantity
    heads: tuple[Quantity, ...]
    sweep: tuple[Swept, ...]
    crew_sentence: str
    slices: tuple[Slice, ...]
    fit_sentence: str


@page.context
def context(q) -> Context:
    """Numbers of wave 7, and the words that they choose."""
    f, r, g, m = q.faults, q.recovery, q.remapping, q.machine
    if not remapping.choices(q):
        raise PageError(
            "Section 6 is about spares, and this machine has none",
            where=q.machine.name.value,
            remedy="give it at least one spare volume (spare_volumes)",
        )
    return Context(
        rate=m.failure_rate,
        mtbf=f.mtbf_days,
        failures=f.failures_per_day,
        job_mtbf=r.job_mtbf_h,
        spares=q.layout.spare_chips,
        published=tuple(_published(q)),
        confidence=f.confidence,
        units=tuple(_units(q)),
        short=f.shortage_at_naive.chip.cold,
        unit_sentence=_unit(q),
        code=q.listing(remap),
        pairs=g.chip.pairs,
        touching=g.chip.touching,
        entries=g.chip.entries,
        load_added=g.load_added,
        even_added=g.even_added,
        host_sentence=_hosts(q),
        swap_sentence=_swaps(q),
        last_sentence=_last(q),
        memory=m.chip_memory,
        checkpoint=m.checkpoint_write,
        restart=m.restart_time,
        swap_time=_swap_time(q),
        smallest=f.smallest,
        choice_sentence=_choice(q),
        rack_moved=g.rack.moved,
        rack_added=g.rack.most_added,
        unserved=g.overrun.unserved,
        period=m.health_check_period,
        ways=tuple(
            Way(WAYS[way], r[way].table_ms, r[way].mirrors_ms, r[way].state, r[way].mean) for way in recovery.ways(q)
        ),
        address=r.address.mean,
        losses=tuple(
            Loss(words, r.lost[way], r.goodput[way].in_use, r.goodput[way].bought) for way, words in KEPT.items()
        ),
        best=r.interval.best,
        young=r.interval.young,
        daly=r.interval.daly,
        twin_words=compare(
            r.goodput.twins.bought,
            r.goodput.daly.bought,
            "keeps less than checkpoints do",
            "keeps as much as checkpoints do",
            "keeps more than checkpoints do",
        ),
        crews=m.repair_crews,
        heads=tuple(f.sweep_hours[hours] for hours in faults.REPAIRS),
        sweep=tuple(_sweep(q)),
        crew_sentence=_crews(q),
        slices=tuple(_slices(q)),
        fit_sentence=_fits(q),
    )


def _published(q):
    for source in faults.SOURCES:
        one = q.faults.published[source]
        yield Published(source.partition("_")[0], one.rate, one.failures, one.assured_days, one.crews)


def _units(q):
    f = q.faults
    for unit in faults.units(q):
        yield Unit(
            unit,
            f.unit[unit].chips,
            f.unit[unit].spares,
            f.cover[unit].cold.naive_days,
            f.cover[unit].cold.assured_days,
        )


def _unit(q) -> str:
    f, units = q.faults, faults.units(q)
    return f"if a spare {units[-1]} is needed for each failure, the same chips last {f.cover[units[-1]].cold.assured_days.with_unit} at the level of confidence, not {f.cover.chip.cold.assured_days}."


def _hosts(q) -> str:
    """What becomes of the cover if failures that were counted by host take a host's chips."""
    chips, days = q.machine.chips_per_host, q.faults.published_by_host
    return choose(
        chips > 1,
        f"Counted by host, with {chips} chips each, the rows of hosts and machines cover {days.zu2024}, {days.jouppi2023_low} and {days.jouppi2023_high.with_unit}.",
        "",
    )


def _swaps(q) -> str:
    return choose(
        "block" in faults.units(q),
        "Mirrors can swap whole blocks only.",
        "Blocks do not fill this machine, so mirrors can swap none of these units.",
    )


def _last(q) -> str:
    return choose(
        "block" in faults.units(q),
        "The last row is what mirrors alone can do, since they move whole blocks."
        + choose(
            q.machine.spare_volumes < q.machine.block_edge,
            " It presumes spares built as blocks, with switch ports of their own, which these volumes are not.",
            "",
        ),
        "No row is one that mirrors alone could serve.",
    )


def _swap_time(q) -> str:
    return choose(
        "swap" in recovery.ways(q),
        f"The swap of a block counts mirrors alone; a slice's software takes {q.machine.slice_reconfiguration.with_unit} more. ",
        "",
    )


def _choice(q) -> str:
    found = {rule: q.remapping.choice[rule].busiest for rule in remapping.choices(q)}
    least, most = min(found.values(), key=float), max(found.values(), key=float)
    return choose(
        most.value > 1.02 * least.value,
        f"Which spare is taken matters: the busiest link carries {least} pairs at best and {most} at worst among the rules that we tried.",
        choose(
            most.value == least.value,
            f"Which spare is taken matters little: by each rule that we tried the busiest link carries {least} pairs.",
            f"Which spare is taken matters little: by all rules that we tried the busiest link carries between {least} and {most} pairs.",
        ),
    )


def _sweep(q):
    f = q.faults
    for rate in faults.RATES:
        yield Swept(
            f.sweep_rate[rate],
            " | ".join(f"{_share(f.sweep[rate][hours])} ({f.sweep_crews[rate][hours]})" for hours in faults.REPAIRS),
        )


def _share(share: Quantity) -> str:
    """A share of time, or the words for one that is as good as nought or one."""
    if isinstance(share.value, str):
        return choose(share.value.startswith("below"), "never", "always")
    return str(share)


def _crews(q) -> str:
    f, m = q.faults, q.machine
    needed = choose(
        f.crews_needed <= q.layout.total_chips,
        f"At the rate taken here {f.crews_needed.with_unit} {choose(f.crews_needed == 1, 'is', 'are')} needed for repairs of {m.repair_time.with_unit}",
        "At that rate no number of crews is enough",
    )
    return needed + choose(
        f.repair_load < 1,
        f", and the {m.repair_crews} of this machine keep up.",
        f", and the {m.repair_crews} of this machine do not keep up: the pool drains, whatever its size.",
    )


def _slices(q):
    for size in SIZES:
        for hosts in HOSTS:
            found = q.slices[size][hosts]
            yield Slice(
                q.slices.chips[size],
                q.slices.host[hosts],
                found["with"].likely,
                found["with"].expected,
                found.without.expected,
                q.slices.published[size] if hosts in AT else "not reported",
            )


def _fits(q) -> str:
    fits = q.slices.fits
    if fits.likely and not fits.expected:
        return "The most likely number of whole slices gives all of them; the expectation does not, so the reports are best read as what a scheduler can count on."
    return choose(
        fits.likely,
        "Both the most likely number of whole slices and the expectation give all of them.",
        "The most likely number of whole slices does not give all of them.",
    )


@page.criterion
def failure_model(built, q) -> Verdict:
    """0.1 % to 1.0 % unavailable per day as a sweep, with published rates beside it"""
    text, rows = built.markdown(), []
    for source in faults.SOURCES:
        one = q.faults.published[source]
        rows.append(
            (f"[@{source.partition('_')[0]}]", one.rate.text, one.failures.text, one.assured_days.text, one.crews.text)
        )
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


@page.criterion
def algorithm(built, q) -> Verdict:
    """the printed code is the code that wave 7's check runs"""
    text = built.markdown()
    code = next((fence.text for fence in text.fences if fence.language == "python"), "")
    right, saw = remapping.run_printed(code, q.node("layout.machine"))
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
def availability(built, q) -> Verdict:
    """table over failure rate and repair time"""
    layout, m, rows = q.node("layout.machine"), q.machine, []
    grid = reliability.sweep(
        layout.active,
        layout.spares,
        rates=[rate / 100 for rate in faults.RATES.values()],
        repair_hours=list(faults.REPAIRS.values()),
        crews=int(m.repair_crews),
    )
    for rate, logs in zip(faults.RATES.values(), grid, strict=True):
        pool = faults.pool_of(q, rate=rate)
        cells = []
        for hours, log in zip(faults.REPAIRS.values(), logs, strict=True):
            shown = faults.shown(10.0 ** float(log))
            word = (
                ("never" if shown.startswith("below") else "always")
                if isinstance(shown, str)
                else format_value(shown, ".2g")
            )
            cells.append(f"{word} ({format_value(reliability.crews_to_keep_up(pool, hours))})")
        rows.append((format_value(rate, ".2g"), *cells))
    heads = ("Rate (% a day)", *(f"{format_value(hours)} h" for hours in faults.REPAIRS.values()))
    return checks.cells_equal(built.markdown().section("6.5 Rate and repair"), heads, rows)


@page.criterion
def goodput(built, q) -> Verdict:
    """goodput by slice size with and without reconfiguration at 99, 99.5 and 99.9 % host availability, set beside the published figure"""
    rows = [
        tuple(
            cell if isinstance(cell, str) else cell.text
            for cell in (row.chips, row.host, row.likely, row.expected, row.fixed, row.published)
        )
        for row in _slices(q)
    ]
    return all_of(
        checks.cells_equal(built.markdown().section("6.6 Slices"), SLICES, rows),
        prose_checks.refers(built, "Section 7"),
    )


@page.criterion
def figure(built, q) -> Verdict:
    """Figure 5 is referenced"""
    return prose_checks.refers(built, "Figure 5")


@page.criterion
def length(built, q) -> Verdict:
    """800 to 1200 words"""
    return checks.length(built, page)
