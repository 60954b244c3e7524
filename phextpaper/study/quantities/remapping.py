"""Failures on the real table of the machine with its spares: what moves, which routes change, at what cost."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from phextpaper.engine.faults import remapping
from phextpaper.engine.faults.remapping import BlockSwap, Examined, SparedNetwork
from phextpaper.engine.faults.spare_choice import SpareRating, rate_spares
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.networks.topologies import Graph
from phextpaper.engine.routing.address_tables import NONE, AddressTable, Trace
from phextpaper.engine.routing.next_hops import minimal_ports
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.listings.faults import remap
from phextpaper.study.quantities.layout import chip_name

SCENARIOS = ("chip", "rack", "several")
CHOICES = {"first": "first", "nearest": "nearest", "load": "least_loaded"}


@dataclass(frozen=True)
class Outcome:
    """What a scenario leads to.

    `pairs` are of addresses, `joined` those with a route, `touching` entries of working chips that lead to failed ones.

    `through` and `moved` are routes (before, after) as nodes: between two addresses by way of one of the failed chips,
    and to its address; None where there is none. Loads are routes over the busiest directed link.
    """

    outcome: str
    failed: tuple[int, ...]
    moves: tuple[tuple[int, int], ...]
    unserved: int
    spares_left: int
    pairs: int
    joined: int
    touching: int
    mean_before: float
    mean_after: float
    most_added: int
    longer: float
    load_before: int
    load_after: int
    entries: int
    most_entries: int
    through: tuple[tuple[int, ...], tuple[int, ...]] | None
    moved: tuple[tuple[int, ...], tuple[int, ...]] | None


def failed_chips(layout: Layout) -> dict[str, list[int]]:
    """The chips that fail: the middle one; the middle rack; the middle one, the first, the last, and the first spare if
    there is one.
    """
    middle = int(layout.index([max(side // 2, 1) for side in layout.shape]))
    rack = layout.chips_in_rack(max(layout.volumes // 2, 1)).tolist()
    return {
        "chip": [middle],
        "rack": rack,
        "several": sorted({0, middle, layout.active - 1, *([layout.active] if layout.spares else [])}),
    }


def too_many(layout: Layout) -> list[int]:
    """One chip more than there are spares, racks from the middle one on."""
    start = int(layout.chips_in_rack(max(layout.volumes // 2, 1))[0])
    return sorted((start + np.arange(min(layout.spares + 1, layout.active))) % layout.active)


@node("remapping.outcomes", keep=True)
def outcomes(q: Quantities) -> tuple[dict[str, Outcome], SpareRating | None]:
    """Every scenario with the first free spare, as the printed code takes it, and the rating of all spares for the
    single chip.

    Only the figures are kept: the tables are as large as the machine squared.
    """
    layout = q.node("layout.machine")
    network = SparedNetwork.torus(layout)
    before = remapping.at_start(network)
    middle = failed_chips(layout)["chip"][0]
    found, rating = {}, None
    for name, failed in failed_chips(layout).items():
        done = remapping.examine(network, failed, choice="first", before=before)
        found[name] = _outcome(network, 0 if name == "several" else middle, before, done)
        if name == "chip" and len(done.remap.moves) == 1:
            rating = rate_spares(network, done)
        del done
    return found, rating


def _outcome(network: SparedNetwork, chip: int, before: tuple[AddressTable, Trace], done: Examined) -> Outcome:
    remap, impact = done.remap, done.impact
    touching = done.table.entries_into(list(remap.failed), network.topology.neighbours())
    kept = (
        (0.0, 0.0, 0, 0.0, 0, 0, 0, 0)
        if impact is None
        else (
            impact.mean_hops_before,
            impact.mean_hops_after,
            impact.most_hops_added,
            impact.longer,
            impact.max_load_before,
            impact.max_load_after,
            impact.entries_changed,
            impact.most_entries,
        )
    )
    return Outcome(
        remap.outcome,
        remap.failed,
        tuple((move.address, move.spare) for move in remap.moves),
        len(remap.unserved),
        remap.spares_left,
        done.trace.pairs,
        done.trace.joined,
        touching,
        *kept,
        _through(network, chip, before[0], done),
        _moved(network, chip, before[0], done),
    )


def _living(network: SparedNetwork, chip: int, done: Examined) -> list[int]:
    """Neighbours of a failed chip that are active and work, in the order of its ports, the last dimension first."""
    return [
        int(other)
        for other in network.topology.neighbours()[chip][::-1]
        if other < network.active and done.remap.home[other] == other
    ]


def _through(
    network: SparedNetwork, chip: int, old: AddressTable, done: Examined
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Routes between two neighbours of a failed chip that met there before."""
    near = _living(network, chip, done)
    pairs = [(a, b) for a in near for b in near if a != b and chip in old.path(a, b)[1:-1]]
    return (old.path(*pairs[0]), done.table.path(*pairs[0])) if pairs else None


def _moved(
    network: SparedNetwork, chip: int, old: AddressTable, done: Examined
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Routes from a neighbour to the failed chip's address."""
    near = _living(network, chip, done)
    return (old.path(near[0], chip), done.table.path(near[0], chip)) if near and done.remap.home[chip] != NONE else None


@number("remapping.code_lines", "lines")
def code_lines(q: Quantities) -> int:
    """Lines of the printed remapping, its explanation included."""
    return len(q.listing(remap).splitlines())


def found(q: Quantities, scenario: str) -> Outcome:
    """What a scenario led to."""
    return q.node("remapping.outcomes")[0][scenario]


@number("remapping.network_chips", "chips", by=SparedNetwork.torus)
def network_chips(q: Quantities) -> int:
    """Chips of the torus of all volumes, spare ones included."""
    return SparedNetwork.torus(q.node("layout.machine")).topology.size


@number("remapping.rack_volume", "", by=Layout.chips_in_rack)
def rack_volume(q: Quantities) -> int:
    """Volume of the rack that is lost."""
    layout = q.node("layout.machine")
    return int(layout.coordinate(failed_chips(layout)["rack"][0])[0])


COUNTS = {
    "outcome": "",
    "unserved": "addresses",
    "spares_left": "spares",
    "pairs": "pairs",
    "joined": "pairs",
    "touching": "entries",
    "most_added": "hops",
    "load_before": "routes",
    "load_after": "routes",
    "entries": "entries",
    "most_entries": "entries",
}


@number("remapping.{}.{}", "", each=((SCENARIOS, tuple(COUNTS)),), by=remapping.examine)
def counts(q: Quantities, scenario: str, part: str) -> int | str:
    """Outcome, addresses, spares, pairs, loads and entries after a scenario.

    They are: addresses without a chip, spares left, pairs, pairs with a route, entries of working chips that lead to a
    failed one, most hops added to a pair, routes over the busiest link before and after, entries changed, and those at
    the chip with most.
    """
    return getattr(found(q, scenario), part)


@number("remapping.{}.{}", "", each=((SCENARIOS, ("failed", "moved")),), by=remapping.examine)
def sizes(q: Quantities, scenario: str, part: str) -> int:
    """Failed chips, and addresses that moved to a spare."""
    return len(getattr(found(q, scenario), "failed" if part == "failed" else "moves"))


@number("remapping.{}.{}", "hops", 3, each=((SCENARIOS, ("mean_before", "mean_after")),), by=remapping.examine)
def means(q: Quantities, scenario: str, part: str) -> float:
    """Mean hops over all pairs of addresses, before and after."""
    return getattr(found(q, scenario), part)


@number("remapping.{}.longer", "%", ".2g", each=SCENARIOS, by=remapping.examine)
def longer(q: Quantities, scenario: str) -> float:
    """Share of the pairs whose route gained hops."""
    return found(q, scenario).longer


def routes(q: Quantities) -> list[tuple[str, str]]:
    """The example routes that there are."""
    return [
        (scenario, which)
        for scenario in SCENARIOS
        for which in ("through", "moved")
        if getattr(found(q, scenario), which)
    ]


@number(
    "remapping.route.{}.{}.{}",
    "hops",
    each=lambda q: [(*key, part) for key in routes(q) for part in ("before", "after")],
    by=AddressTable.path,
)
def route_hops(q: Quantities, scenario: str, which: str, part: str) -> int:
    """Hops of an example route, before and after."""
    return len(getattr(found(q, scenario), which)[part == "after"]) - 1


@number("remapping.load_added", "%", 1, by=remapping.examine, formula="busiest link after / before - 1")
def load_added(q: Quantities) -> float:
    """How much more the busiest link carries after the single chip failed, single routes under uniform all-to-all."""
    before = q.remapping.chip.load_before
    return q.remapping.chip.load_after / before - 1 if before > 0 else 0.0


@node("remapping.even_loads", keep=True)
def even_loads(q: Quantities) -> tuple[float, float]:
    """Load of the busiest link before the single chip fails and after.

    Traffic is between all chips, spares too, each pair split evenly over all its shortest paths.
    """
    layout = q.node("layout.machine")
    network, chip = SparedNetwork.torus(layout), failed_chips(layout)["chip"][0]
    kept = np.arange(network.topology.size) != chip
    number = np.append(np.where(kept, np.cumsum(kept) - 1, NONE), NONE)
    left = number[network.without([chip])[kept]]
    after = link_loads(Graph(left, label="network that is left")).max() if len(left) > 1 else 0.0
    return float(link_loads(network.topology).max()), float(after)


@number("remapping.even_added", "%", 1, by=link_loads, formula="busiest link after / before - 1")
def even_added(q: Quantities) -> float:
    """How much more the busiest link would carry after the single chip failed if each pair were split evenly over its
    shortest paths.
    """
    before, after = q.node("remapping.even_loads")
    return after / before - 1


def choices(q: Quantities) -> tuple[str, ...]:
    """Rules to choose a spare, where there is one."""
    return tuple(CHOICES) if q.node("remapping.outcomes")[1] is not None else ()


def place_of(q: Quantities, rule: str) -> int:
    """Place of the spare that a rule takes for the single chip."""
    return getattr(q.node("remapping.outcomes")[1], CHOICES[rule])


@number(
    "remapping.choice.{}.{}",
    "",
    each=lambda q: [(rule, part) for rule in choices(q) for part in ("distance", "busiest")],
    by=rate_spares,
)
def choice(q: Quantities, rule: str, part: str) -> int:
    """Hops from the old place to the spare that a rule takes, and routes over the busiest link then."""
    return int(getattr(q.node("remapping.outcomes")[1], part)[place_of(q, rule)])


@number("remapping.choice.{}.mean_hops", "hops", 3, each=choices, by=rate_spares)
def choice_hops(q: Quantities, rule: str) -> float:
    """Mean hops between the spare that a rule takes and all other homes."""
    return q.node("remapping.outcomes")[1].mean_hops[place_of(q, rule)]


def spare_of(q: Quantities, rule: str) -> str:
    """Coordinate of the spare that a rule takes for the single chip."""
    return chip_name(q, int(q.node("remapping.outcomes")[1].spares[place_of(q, rule)]))


@node("remapping.too_many")
def overrun(q: Quantities) -> remapping.Remap:
    """A remap of one failure more than there are spares: addresses alone, no route is followed."""
    layout = q.node("layout.machine")
    return remapping.remap(SparedNetwork.torus(layout), too_many(layout), choice="first")


@number("remapping.overrun.{}", "", each=("failed", "moved", "unserved", "cut_off"), by=remapping.remap)
def overrun_counts(q: Quantities, part: str) -> int:
    """Failed chips, addresses moved, addresses without a chip, chips cut off from the rest, where more fail than there
    are spares.
    """
    done = q.node("remapping.too_many")
    return len({"failed": done.failed, "moved": done.moves, "unserved": done.unserved, "cut_off": done.cut_off}[part])


def swapped(q: Quantities) -> tuple[str, ...]:
    """Scenarios of a block swap, where blocks fill the machine."""
    return ("chip", "rack") if q.node("layout.machine").block_grid is not None else ()


@node("remapping.block_swap.{}", each=swapped)
def block_swap(q: Quantities, scenario: str) -> BlockSwap:
    """What optical switches that swap whole blocks make of a scenario."""
    layout = q.node("layout.machine")
    return remapping.swap_blocks(layout, failed_chips(layout)[scenario])


SWAPS = ("lost", "unserved", "healthy_taken", "optical_links")


@number(
    "remapping.swap.{}.{}",
    "",
    each=lambda q: [(scenario, part) for scenario in swapped(q) for part in SWAPS],
    by=remapping.swap_blocks,
)
def swap(q: Quantities, scenario: str, part: str) -> int:
    """Blocks lost, blocks without a spare, working chips that leave with their block, optical links made anew."""
    done = q.node(f"remapping.block_swap.{scenario}")
    return {"lost": len(done.swaps) + len(done.unserved), "unserved": len(done.unserved)}.get(
        part, getattr(done, part, 0)
    )


@number(
    "remapping.room.{}",
    "blocks",
    each=lambda q: [(part,) for part in ("all", "kept") if swapped(q)],
    by=remapping.spare_blocks_that_fit,
)
def room(q: Quantities, part: str) -> int:
    """Spare blocks that the switches have ports for: all ports, or those that are not kept for tests and repair."""
    m = q.machine
    kept = int(m.switch_spare_ports) if part == "kept" else 0
    return remapping.spare_blocks_that_fit(q.node("layout.machine"), ports=int(m.switch_ports), kept=kept)


def run_printed(code: str, layout: Layout) -> tuple[bool, str]:
    """Run a printed remapping on the machine's own table for the single chip, and follow every route after it.

    Returns whether it did right, and what was seen.
    """
    network = SparedNetwork.torus(layout)
    whole = network.topology.neighbours()
    neighbours, home = whole.copy(), np.arange(layout.active)
    ports = RoutingTable.minimal(network.topology).ports[:, : layout.active].copy()
    names: dict[str, Any] = {"np": np, "minimal_ports": minimal_ports, "NONE": NONE}
    chip, spares = failed_chips(layout)["chip"][0], list(range(layout.active, layout.total))
    try:
        exec(compile(code, "printed code", "exec"), names)
        every = names["remap"](chip, spares, home, neighbours, ports)
    except Exception as problem:
        return False, f"{type(problem).__name__}: {problem}"
    table = AddressTable(whole, home, ports)
    trace, into = table.trace(), table.entries_into([chip], whole)
    moved = (
        chip not in home and every == (layout.spares > 0) and len(trace.served) == layout.active - (layout.spares == 0)
    )
    saw = f"{trace.pairs} pairs, {'all' if trace.connected else 'not all'} joined, {into} entries into the failed chip"
    return trace.connected and not into and moved, f"{saw}, its address {'dealt with' if moved else 'not dealt with'}"
