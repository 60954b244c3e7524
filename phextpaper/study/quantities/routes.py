"""Routes that Figure 2 draws link by link: an all-reduce in a unit, a chip's all-to-all, lookups in a batch."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.networks.lattices import unflatten
from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.sparse.request_messages import Messages, RequestedRows, message_cost, torus_hops
from phextpaper.engine.traffic import collectives
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities.patterns import SEED
from phextpaper.study.quantities.routing import ring_nodes
from phextpaper.study.vocabularies import message_sizes

WIDEST = 9  # chapters side by side, so that the panel stays legible
LONGEST_EDGE, SHORTEST_EDGE = 5, 2
Step = tuple[int, int]
Walked = tuple[tuple[int, ...], tuple[int, ...], int, int]
"""A link on the way of some routes: both its ends, hops to it, how many of the routes take it."""


# ---------------------------------------------------------------------------------------------- all-reduce in a unit
@node("routes.reduce")
def reduce(q: Quantities) -> list[tuple[int, ...]]:
    """For each round the route of the message between the first chip and its partner, as chips of the first unit.

    Recursive doubling, in which all pairs exchange, where the unit has a power of two; else the rise of a tree to the
    first chip.
    """
    nodes, routing = ring_nodes(q), q.node("routing.table")
    doubling = len(nodes) & (len(nodes) - 1) == 0
    plan = (
        collectives.recursive_doubling(np.arange(len(nodes))) if doubling else collectives.tree(np.arange(len(nodes)))
    )
    found = []
    for phase in plan.phases[: (len(nodes) - 1).bit_length()]:
        pair = (phase.sources == 0) if doubling else (phase.destinations == 0)
        ends = int(phase.sources[pair][0]), int(phase.destinations[pair][0])
        found.append(routing.path(*(nodes[end] for end in ends)))
    return found


def doubling(q: Quantities) -> bool:
    """Whether all pairs of a round exchange, so that the rounds are a whole all-reduce."""
    chips = len(ring_nodes(q))
    return chips & (chips - 1) == 0


def rounds_of(q: Quantities) -> list[str]:
    """Keys of the rounds."""
    return [f"r{place}" for place in range(1, len(q.node("routes.reduce")) + 1)]


@number("routes.rounds", "rounds", by=collectives.recursive_doubling)
def rounds(q: Quantities) -> int:
    """Rounds until the first chip has the sum of its unit: the distance of partners doubles in each."""
    return len(q.node("routes.reduce"))


@number("routes.round.{}", "", each=rounds_of)
def round_number(q: Quantities, key: str) -> int:
    """Number of a round."""
    return int(key[1:])


@number("routes.round_hops.{}", "hops", each=rounds_of, by=RoutingTable.route)
def round_hops(q: Quantities, key: str) -> int:
    """Hops between the first chip and its partner of a round."""
    return len(q.node("routes.reduce")[int(key[1:]) - 1]) - 1


@number("routes.summed.{}", "chips", each=rounds_of, formula="smaller of 2 ^ round and chips of the unit")
def summed(q: Quantities, key: str) -> int:
    """Chips whose values are in the first chip's sum after a round."""
    return min(2 ** int(key[1:]), len(ring_nodes(q)))


@number("routes.reduce_hops", "hops", formula="sum over the rounds")
def reduce_hops(q: Quantities) -> int:
    """Hops of all rounds, one after the other."""
    return sum(int(q.routes.round_hops[key]) for key in rounds_of(q))


@number(
    "routes.walked.{}",
    "hops",
    each=lambda q: [f"s{place}" for place in range(1, max(map(len, q.node("routes.reduce"))))],
    by=RoutingTable.route,
)
def walked(q: Quantities, key: str) -> int:
    """Hops from the start of a route to its next chips, one after the other."""
    route = max(q.node("routes.reduce"), key=len)
    return q.node("routing.table").route(route[0], route[int(key[1:])]).hops


# ---------------------------------------------------------------------------------------- all-to-all on a twisted slice
@node("routes.slice")
def twisted_slice(q: Quantities) -> tuple[int, int, int]:
    """A slice n x n x 2n with the published twist; n is the block's edge where two such blocks fit and can be drawn,
    else the most that fits.
    """
    volumes, books, chapters = q.node("layout.machine").shape
    most = min(volumes, books, chapters // 2)
    edge = int(q.machine.block_edge)
    side = edge if SHORTEST_EDGE <= edge <= min(LONGEST_EDGE, most) else max(SHORTEST_EDGE, min(4, most))
    return side, side, 2 * side


@node("routes.slice_table")
def slice_table(q: Quantities) -> RoutingTable:
    """The minimal table of the twisted slice."""
    return RoutingTable.minimal(TwistedTorus(q.node("routes.slice")))


@node("routes.spread")
def spread(q: Quantities) -> list[tuple[Step, Step, int, bool]]:
    """Links of all routes from the first chip to the chips of its own book: (volume, chapter) at both ends, hops,
    whether optical.

    Each as in the table, once, nearest first. Links are optical between blocks whose edge is the shorter side of the
    slice; all are where blocks do not fill the machine.
    """
    shape, routing = q.node("routes.slice"), q.node("routes.slice_table")
    links: dict[tuple[int, int], int] = {}
    for chip in range(routing.topology.size):
        if unflatten(chip, shape)[1] == 0:
            route = routing.path(0, chip)
            links |= {step: hops for hops, step in enumerate(pairwise(route), 1)}
    optical = link_kinds(list(links), shape, (shape[0],) * 3).optical | (q.node("layout.machine").block_grid is None)
    ends = [
        tuple((int(place[0]) + 1, int(place[2]) + 1) for place in unflatten(np.array(step), shape)) for step in links
    ]
    found = [
        (start, end, hops, bool(kind)) for (start, end), hops, kind in zip(ends, links.values(), optical, strict=True)
    ]
    return sorted(found, key=lambda link: (link[2], link[0], link[1]))


@number("routes.slice_side.{}", "chips", each=("volumes", "books", "chapters"))
def slice_side(q: Quantities, which: str) -> int:
    """Sides of the slice."""
    return q.node("routes.slice")[("volumes", "books", "chapters").index(which)]


@number(
    "routes.reach.{}",
    "hops",
    each=lambda q: sorted({f"v{end[0]}c{end[1]}" for _, end, *_ in q.node("routes.spread")}),
    by=RoutingTable.route,
)
def reach(q: Quantities, key: str) -> int:
    """Hops from the first chip to a chip of its book, by volume and chapter."""
    return next(hops for _, end, hops, _ in q.node("routes.spread") if f"v{end[0]}c{end[1]}" == key)


@number("routes.slice_mean.{}", "hops", 2, each=("torus", "twisted"), by=Torus.mean_hops)
def slice_mean(q: Quantities, kind: str) -> float:
    """Mean hops over ordered pairs of different chips of the slice."""
    shape = q.node("routes.slice")
    return (Torus(shape) if kind == "torus" else TwistedTorus(shape)).mean_hops()


@number(
    "routes.slice_gain", "x", 2, by=link_loads, formula="worst load of the torus / worst load of its published twist"
)
def slice_gain(q: Quantities) -> float:
    """All-to-all throughput of the twisted slice over that of the plain torus, as an ideal of link loads."""
    shape = q.node("routes.slice")
    return float(link_loads(Torus(shape)).max() / link_loads(TwistedTorus(shape)).max())


# ---------------------------------------------------------------------------------------------- lookups in one batch
@dataclass(frozen=True)
class Asked:
    """Lookups of one group: the asking chip, the leaders of volume and book, the owners, and the links.

    Places are (volume, book, chapter) from 1. Each link has its two ends, hops from the asking chip, and how many of
    the lookups cross it. `window` are the first and the last chapter of them all.
    """

    asking: tuple[int, ...]
    leaders: tuple[tuple[int, ...], ...]
    owners: tuple[tuple[int, ...], ...]
    links: tuple[Walked, ...]
    window: tuple[int, int]
    ids: tuple[int, ...]


def drawn_ids(q: Quantities) -> NDArray[np.int64]:
    """The batch of uniform vocabulary IDs that wave 8 routes."""
    return np.random.default_rng(SEED).integers(0, int(q.machine.ids), int(q.machine.batch))


@node("routes.lookup")
def lookup(q: Quantities) -> Asked:
    """The largest group by volume and book of the batch that fits into few chapters, asked for by a chip a few units
    away.

    The asking chip stands one volume and two books from the group, in the middle of its chapters, so that the drawing
    stays small.
    """
    shape, words = q.node("layout.machine").shape, Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))
    ids = np.sort(drawn_ids(q))
    rows = RequestedRows.of(words, ids, shape, 0)
    places = unflatten(rows.owners, shape) + 1
    groups = rows.positions // words.group_size(2)
    found = []
    for group in np.unique(groups):
        there = np.flatnonzero(groups == group)
        chapters, turns = np.unique(places[there, 2], return_index=True)
        near = chapters < chapters[0] + min(WIDEST, shape[2] // 2 + 1)
        found.append((int(near.sum()), int(chapters[near][-1] - chapters[0]), -int(group), there[turns[near]]))
    *_, chosen = max(found, key=lambda entry: entry[:3])
    (volume, book, first), last = (int(part) for part in places[chosen[0]]), int(places[chosen[-1], 2])
    middle = (first + last) // 2
    asking = (_beside(volume, 1, shape[0]), _beside(book, 2, shape[1]), middle)
    owners = tuple((volume, book, int(chapter)) for chapter in places[chosen, 2])
    leaders = ((volume, asking[1], middle), (volume, book, middle))
    asked = tuple(int(id) for id in words.at_positions(rows.positions[chosen]))
    return Asked(asking, leaders, owners, _walked(q, asking, owners), (first, last), asked)


def _beside(part: int, steps: int, length: int) -> int:
    """A part of a coordinate so many steps away, or fewer on a short ring; before it where there is room."""
    away = min(steps, (length - 1) // 2 if length > 2 else length - 1)
    return part - away if part > away else part + away


def _walked(q: Quantities, asking: tuple[int, ...], owners: tuple[tuple[int, ...], ...]) -> tuple[Walked, ...]:
    """Links of the table's routes from the asking chip to the owners, with hops and the number of routes that take
    them.
    """
    layout, routing = q.node("layout.machine"), q.node("routing.table")
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for owner in owners:
        route = routing.path(int(layout.index(asking)), int(layout.index(owner)))
        for hops, step in enumerate(pairwise(route), 1):
            found[step] = hops, found.get(step, (0, 0))[1] + 1
    ends = {chip: tuple(int(part) for part in layout.coordinate(chip)) for step in found for chip in step}
    return tuple((ends[a], ends[b], hops, shared) for (a, b), (hops, shared) in found.items())


@number("routes.lookups", "lookups")
def lookups(q: Quantities) -> int:
    """Lookups that the figure draws: one for each owner."""
    return len(q.node("routes.lookup").owners)


@number(
    "routes.away.{}",
    "hops",
    each=lambda q: ["-".join(map(str, end)) for _, end, *_ in q.node("routes.lookup").links],
    by=RoutingTable.route,
)
def away(q: Quantities, key: str) -> int:
    """Hops from the asking chip to a chip on the way."""
    return next(hops for _, end, hops, _ in q.node("routes.lookup").links if "-".join(map(str, end)) == key)


def messages(q: Quantities, which: str, batch: str) -> Messages:
    """Messages one by one or batched by volume and book, for the drawn lookups or for the whole batch, asked for by the
    same chip.
    """
    found, shape = q.node("routes.lookup"), q.node("layout.machine").shape
    words = Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))
    ids = np.array(found.ids) if batch == "drawn" else drawn_ids(q)
    rows = RequestedRows.of(words, ids, shape, int(q.node("layout.machine").index(found.asking)))
    return rows.unbatched() if which == "alone" else rows.tree(2)


@number("routes.lookup_hops.{}.{}", "hops", each=((("drawn", "whole"), ("alone", "batched")),), by=message_cost)
def lookup_hops(q: Quantities, batch: str, which: str) -> int:
    """Hops of the requests, one way: the drawn lookups or the whole batch, one by one or batched by volume and book."""
    return message_cost(messages(q, which, batch), q.node("layout.machine").shape, message_sizes(q)).hops


@number("routes.trunk", "hops", by=torus_hops)
def trunk(q: Quantities) -> int:
    """Hops from the asking chip to the leader of the book, which the drawn lookups share."""
    found, shape = q.node("routes.lookup"), q.node("layout.machine").shape
    return int(torus_hops(np.array([found.asking]) - 1, np.array([found.leaders[1]]) - 1, shape)[0])
