"""`availability` and `goodput`: how long spares last, and what slices keep while hosts are down."""

from dataclasses import asdict
from math import prod
from typing import TYPE_CHECKING

import click

from phextpaper.errors import InputError
from phextpaper.press.commands.options import as_json, print_json, site_of, standard
from phextpaper.press.parameters import Machine
from phextpaper.press.units import from_si, to_si

if TYPE_CHECKING:
    from phextpaper.engine.faults.pool_reports import Availability
    from phextpaper.engine.faults.slices import BlockMachine, GoodputReport
    from phextpaper.engine.naming.layout import Layout

UNLIMITED = "unlimited"
CONFIDENCE = 0.999
"""How sure the assured days of cover are."""


@click.command()
@click.option("--chips", type=int, help="Chips in service.")
@click.option("--spares", type=int, help="Chips in reserve.")
@click.option(
    "--unit", default="chip", show_default=True, help="Swapped as one piece: chip, host, block, or so many chips."
)
@click.option("--mtbf-days", type=float, help="Mean time between failures of one chip, in days.")
@click.option("--repair-hours", type=float, help="Mean time of a repair, in hours.")
@click.option("--days", type=float, default=30.0, show_default=True, help="Days for which no spare shall be missing.")
@click.option("--crews", metavar="NUMBER", help=f"Repairs at the same time, or {UNLIMITED}.")
@click.option("--hot/--cold", default=False, help="Whether spares fail while they wait.  [default: cold]")
@as_json
@standard
def availability(
    chips: int | None,
    spares: int | None,
    unit: str,
    mtbf_days: float | None,
    repair_hours: float | None,
    days: float,
    crews: str | None,
    hot: bool,
    json_wanted: bool,
    params: str | None,
    built: str | None,
) -> int:
    """P(no shortage of spares), the long run with repair, and the days of cover.

    What is not given comes from the machine description. JSON keys: unit chips spares chips_per_unit spare_units
    mtbf_days repair_hours crews dormancy days failures_per_day shortage no_shortage shortage_with_repair
    no_shortage_with_repair steady_availability log10_steady_shortage mean_failed repair_load crews_to_keep_up
    naive_days mean_days assured_days confidence.
    """
    from phextpaper.engine.faults import pool_reports as engine

    machine, layout = _machine(params, built)
    sizes = {"chip": 1, "host": layout.chips_per_host, "block": prod(layout.block)}
    if unit not in sizes and not unit.isdecimal():
        raise InputError(f"{unit!r} is no unit", where="--unit", remedy=f"give {', '.join(sizes)} or a number of chips")
    found = engine.availability(
        layout.active if chips is None else chips,
        layout.spares if spares is None else spares,
        unit=sizes[unit] if unit in sizes else int(unit),
        mtbf_days=_mtbf_days(machine) if mtbf_days is None else mtbf_days,
        repair_hours=machine.repair_time if repair_hours is None else repair_hours,
        days=days,
        crews=_crews(crews, machine.repair_crews),
        dormancy=float(hot),
        confidence=CONFIDENCE,
    )
    answer = {"unit": unit, **asdict(found)}
    if json_wanted:
        print_json(answer)
        return 0
    _print(_pool_rows(found, hot))
    if found.repair_load >= 1:
        click.echo("The repairs cannot keep up: the pool drains, whatever its size.")
    elif found.log10_steady_shortage < -9:
        click.echo(
            "Failures are taken as independent. "
            "Where a shortage is so rare, what chips share (power, cooling, a rack) decides."
        )
    return 0


@click.command()
@click.option(
    "--slice", "slice_chips", type=int, help="Chips of a slice.  [default: a quarter of the machine's blocks]"
)
@click.option(
    "--host-availability",
    metavar="SHARE",
    help="Share of time that a host is up: 0.99, 99 or 99%.  [default: from failure rate and repair time]",
)
@click.option(
    "--level", default="0.9", show_default=True, metavar="SHARE", help="Chance of at least the guaranteed goodput."
)
@as_json
@standard
def goodput(
    slice_chips: int | None,
    host_availability: str | None,
    level: str,
    json_wanted: bool,
    params: str | None,
    built: str | None,
) -> int:
    """Share of the machine's chips that work in whole slices while hosts are down, with reconfiguration and without.

    With it any healthy blocks make a slice. Without it a slice is a box of blocks, cut in advance, whose hosts are all
    up. JSON keys: chips blocks chips_per_block hosts_per_block slice_chips slices host_availability block_availability
    level expected_with guaranteed_with most_likely_with fixed_boxes expected_without guaranteed_without
    most_likely_without; shares run from 0 to 1.
    """
    from phextpaper.engine.faults.slices import slice_goodput
    from phextpaper.engine.faults.spare_pools import SparePool, unit_availability

    description, layout = _machine(params, built)
    machine = _blocks(layout)
    if host_availability is None:
        hosts = SparePool.of_chips(layout.active, 0, unit=layout.chips_per_host, mtbf_days=_mtbf_days(description))
        up = unit_availability(hosts, description.repair_time)
    else:
        up = _given_share("--host-availability", host_availability)
    size = max(machine.blocks // 4, 1) * machine.chips_per_block if slice_chips is None else slice_chips
    found = slice_goodput(size, up, machine, level=_given_share("--level", level))
    sizes = {name: getattr(machine, name) for name in ("chips", "blocks", "chips_per_block", "hosts_per_block")}
    if json_wanted:
        print_json({**sizes, **asdict(found)})
    else:
        _print(_slice_rows(machine, found))
    return 0


def _pool_rows(found: "Availability", hot: bool) -> list[tuple[str, str]]:
    """What people read of a pool."""
    crew = f"{found.crews} at a time" if found.crews else "as many at a time as it takes"
    units, needed = found.chips // found.chips_per_unit + found.spare_units, found.crews_to_keep_up
    enough = (
        f"{needed} at a time mend more than fails" if needed <= units else "no number of them mends as much as fails"
    )
    mended = "with repair it is not worked out: too many spares"
    if found.shortage_with_repair is not None and found.no_shortage_with_repair is not None:
        mended = (
            f"{_chance(found.no_shortage_with_repair, found.shortage_with_repair)} up to day {found.days:g} with repair"
        )
    return [
        (
            "machine",
            f"{found.chips} chips and {found.spares} in reserve; swapped by {found.chips_per_unit}, that is "
            f"{found.spare_units} spares, {'hot' if hot else 'cold'}",
        ),
        ("failures", f"{found.failures_per_day:.4g} a day, each chip once in {found.mtbf_days:.6g} days"),
        ("repairs", f"{found.repair_hours:.6g} h each, {crew}; {enough}"),
        ("P(no shortage)", f"{_chance(found.no_shortage, found.shortage)} up to day {found.days:g} without repair"),
        ("", mended),
        (
            "steady state",
            f"{_share(found.steady_availability, found.log10_steady_shortage)} of the time without shortage; "
            f"{found.mean_failed:.4g} failed in the mean",
        ),
        (
            "days of cover",
            f"{found.naive_days:.4g} as spares over failures a day, {found.mean_days:.4g} to the first shortage in "
            f"the mean, {found.assured_days:.4g} with a chance of {found.confidence:g}",
        ),
    ]


def _slice_rows(machine: "BlockMachine", found: "GoodputReport") -> list[tuple[str, str]]:
    """What people read of slices."""
    free = (found.expected_with, found.most_likely_with, found.guaranteed_with)
    fixed = (found.expected_without, found.most_likely_without, found.guaranteed_without)
    heads = ("expected", "most likely", f"with chance {found.level:g}")
    return [
        (
            "machine",
            f"{machine.chips} chips in {machine.blocks} blocks of {machine.chips_per_block}, "
            f"{machine.hosts_per_block} hosts each",
        ),
        ("slices", f"{found.slices} of {found.slice_chips} chips at most"),
        (
            "up",
            f"a host {from_si(found.host_availability, '%'):.6g}% of the time, "
            f"a block {from_si(found.block_availability, '%'):.4g}%",
        ),
        ("", "".join(f"{head:>17}" for head in heads)),
        ("any blocks", "".join(f"{from_si(share, '%'):>16.4g}%" for share in free)),
        (
            "fixed boxes",
            "".join(f"{from_si(share, '%'):>16.4g}%" for share in fixed) + f"   ({found.fixed_boxes} places)",
        ),
    ]


def _machine(params: str | None, built: str | None) -> tuple[Machine, "Layout"]:
    """The machine description and its layout."""
    from phextpaper.study.quantities.layout import layout_of

    machine = site_of(params, built).machine()
    return machine, layout_of(machine)


def _mtbf_days(machine: Machine) -> float:
    """Mean days between failures of one chip."""
    return 1 / to_si(machine.failure_rate, "%")  # that share fails in a day


def _blocks(layout: "Layout") -> "BlockMachine":
    """The machine as blocks of hosts. Raises InputError where blocks do not fill it, or hosts do not fill a block."""
    from phextpaper.engine.faults.slices import BlockMachine

    if layout.block_grid is None or layout.block[2] % layout.chips_per_host:
        what = "hosts do not fill a block" if layout.block_grid else "blocks do not fill the machine"
        sides = " x ".join(str(side) for side in layout.block)
        raise InputError(
            f"{what}: blocks of {sides} chips, hosts of {layout.chips_per_host}",
            where="machine description",
            remedy="change block_edge or chips_per_host, or take another machine with --params",
        )
    return BlockMachine(layout.block_grid, prod(layout.block) // layout.chips_per_host, layout.chips_per_host)


def _crews(text: str | None, usual: int) -> int | None:
    """The repairs at the same time, None for no limit."""
    if text is None:
        return usual
    if text.strip().lower() == UNLIMITED:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise InputError(
            f"{text!r} is no number of crews", where="--crews", remedy=f"give a whole number from 1 on, or {UNLIMITED}"
        )
    return int(text)


def _given_share(name: str, text: str) -> float:
    """A share from 0 to 1; a number above 1, or with a percent sign, counts in percent."""
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError:
        number = -1.0
    share = to_si(number, "%") if text.strip().endswith("%") or number > 1 else number
    if not 0 <= share <= 1:
        raise InputError(
            f"{text!r} is no share", where=name, remedy="give a number from 0 to 1, or percent such as 99.5%"
        )
    return share


def _chance(kept: float, lost: float) -> str:
    """A chance as people read it: by what it lacks where it is nearly certain, as a power of ten where that is tiny."""
    return f"{kept:.4g}" if lost > 1e-4 else f"1 - {lost:.3g}" if lost > 0 else "1"


def _share(kept: float, log10_lost: float) -> str:
    """A share of time: by what it lacks where that is little."""
    return f"{from_si(kept, '%'):.4g}%" if log10_lost > -4 else f"all but 10^{log10_lost:.1f}"


def _print(rows: list[tuple[str, str]]) -> None:
    """Rows of a name and a text, one below the other."""
    for name, text in rows:
        click.echo(f"{name:<17}{text}")
