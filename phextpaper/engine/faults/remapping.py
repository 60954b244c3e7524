"""Spares that take over the addresses of failed chips, and what that costs on the real table, over all pairs.

A job speaks to *addresses* (coordinates of active chips); each has a *home*, the chip that answers to it. There are two
ways to replace a failed chip:

- *address remap*: spares are nodes of the network like any others, for the paper's machine one more volume in the ring
  of volumes; they are wired, and pass messages on even while they wait. A failed chip loses all its links. Its address
  moves to a spare, no mirror and no cable moves, and all routes become minimal paths of the network that is left.
- *block swap*: optical switches put a spare block in the very place of the block that holds the failed chip. The
  network is the same afterwards, so no route gains a hop; but the block's healthy chips leave too, and mirrors move.

Neither moves state: that of the failed chip is lost unless a replica or a checkpoint holds it.

Nodes are numbered as in the layout; loads are of uniform all-to-all between the addresses, on single routes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.arrays import NodeArray
from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.networks.distances import hop_counts
from phextpaper.engine.networks.topologies import Graph, Torus
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing.address_tables import NONE, AddressTable, Trace
from phextpaper.engine.routing.next_hops import minimal_ports
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.wiring.ports import blocks_per_switch, optical_ports, swap
from phextpaper.errors import InputError

CHOICES = ("first", "nearest", "load")
"""Rules to choose a spare: lowest number; fewest hops from the address's first home; least load on the busiest link."""
_MOST_CANDIDATES = 256
_ROWS = 256


@dataclass(frozen=True, eq=False)
class SparedNetwork:
    """A network in which addresses 0 to `active` - 1 live at first on the nodes of these numbers; others are spares.

    Raises `InputError` for fewer than two addresses, and for more than there are nodes.
    """

    topology: Topology
    active: int

    def __post_init__(self) -> None:
        whole_number("active", self.active, 2, self.topology.size)

    @classmethod
    def torus(cls, layout: Layout) -> "SparedNetwork":
        """Return the torus of all volumes, spare ones included, whose nodes are the layout's indices.

        >>> SparedNetwork.torus(Layout(16, 16, 16, spare_volumes=1, links_per_chip=6)).topology.spec
        'torus:17x16x16'
        """
        return cls(Torus((layout.racks, layout.books, layout.chapters)), layout.active)

    def without(self, failed: Iterable[int]) -> NodeArray:
        """Return the neighbours once these nodes have lost their links: shape (size, degree)."""
        dead = np.zeros(self.topology.size + 1, dtype=bool)
        dead[list(failed)] = True
        neighbours = self.topology.neighbours()
        return np.where(dead[neighbours] | dead[:-1, np.newaxis], NONE, neighbours)


@dataclass(frozen=True)
class Move:
    """An address that moves from a lost node (`NONE` if it had no home) to a spare node."""

    address: int
    lost: int
    spare: int


@dataclass(frozen=True, eq=False)
class Remap:
    """What a set of failures leads to.

    `outcome` is "nothing lost" (no home failed), "remapped" (every lost address has a spare) or "shortage" (those in
    `unserved` have none). `cut_off` are healthy nodes that no link joins to the rest any more; they count as lost.
    `home` (active,) is the node of each address, `NONE` where it is unserved. `neighbours` are those of the network
    that is left. `neighbours` has shape (size, degree).
    """

    outcome: str
    failed: tuple[int, ...]
    cut_off: tuple[int, ...]
    moves: tuple[Move, ...]
    unserved: tuple[int, ...]
    spares_left: int
    home: NodeArray
    neighbours: NodeArray


def remap(
    network: SparedNetwork, failed: Iterable[int], *, choice: str = "nearest", home: ArrayLike | None = None
) -> Remap:
    """Give each address whose home is down to a spare, one after the other in the order of addresses.

    `failed` holds all nodes that are down, spares among them; `home` (active,) is where addresses lived before, by
    default at the start. Any healthy node that is home to no address is a spare. Raises `InputError` for nodes that are
    not there, and for a choice that is none of `CHOICES`.
    """
    if choice not in CHOICES:
        raise InputError(f"{choice!r} is no rule", where="choice", remedy=f"give {', '.join(CHOICES)}")
    size = network.topology.size
    down = sorted({int(node) for node in failed})
    if down and not 0 <= down[0] <= down[-1] < size:
        raise InputError(f"nodes run from 0 to {size - 1}", where="failed", remedy=f"leave out {down[0]} or {down[-1]}")
    before = np.arange(network.active) if home is None else np.array(home, dtype=np.intp)
    neighbours = network.without(down)
    healthy = np.ones(size, dtype=bool)
    healthy[down] = False
    reached = _largest_part(neighbours, healthy)
    kept = np.where((before != NONE) & reached[before], before, NONE)
    free = reached.copy()
    free[kept[kept != NONE]] = False
    waiting = np.flatnonzero(kept == NONE)
    now, spares = _CHOOSERS[choice](_Vacancies(network, neighbours, kept, waiting, np.flatnonzero(free)))
    served = waiting[now[waiting] != NONE]
    unserved = tuple(waiting[now[waiting] == NONE].tolist())
    return Remap(
        outcome="shortage" if unserved else "remapped" if waiting.size else "nothing lost",
        failed=tuple(down),
        cut_off=tuple(np.flatnonzero(healthy & ~reached).tolist()),
        moves=tuple(map(Move, served.tolist(), before[served].tolist(), now[served].tolist())),
        unserved=unserved,
        spares_left=spares,
        home=now,
        neighbours=neighbours,
    )


def _largest_part(neighbours: NodeArray, healthy: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which healthy nodes belong to the largest part that links still hold together, the first of equal ones."""
    best, rest = np.zeros_like(healthy), healthy.copy()
    while np.count_nonzero(rest) > np.count_nonzero(best):
        part = (hop_counts(neighbours, int(rest.argmax())) >= 0) & healthy
        rest &= ~part
        best = part if np.count_nonzero(part) > np.count_nonzero(best) else best
    return best


@dataclass(frozen=True, eq=False)
class _Vacancies:
    """Addresses that wait for a home, `home` of those that have one, and `free` nodes, on what is left of a network."""

    network: SparedNetwork
    neighbours: NodeArray
    home: NodeArray
    waiting: NodeArray
    free: NodeArray


_Chosen = tuple[NodeArray, int]
"""The new homes, and how many spares are left."""


def _first(vacant: _Vacancies) -> _Chosen:
    """The spares in the order of their numbers."""
    home = vacant.home.copy()
    given = min(len(vacant.waiting), len(vacant.free))
    home[vacant.waiting[:given]] = vacant.free[:given]
    return home, len(vacant.free) - given


def _nearest(vacant: _Vacancies) -> _Chosen:
    """For each address the spare with the fewest hops, on the network without failures, from where it lived first."""
    home, free = vacant.home.copy(), vacant.free
    for address in vacant.waiting[: len(free)].tolist():
        at = int(vacant.network.topology.hop_counts(address)[free].argmin())
        home[address], free = free[at], np.delete(free, at)
    return home, len(free)


def _least_loaded(vacant: _Vacancies) -> _Chosen:
    """For each address the spare after which the busiest link is least loaded, then all links, given those before."""
    neighbours, waiting, free = vacant.neighbours, vacant.waiting, vacant.free
    count = min(len(waiting), len(free))
    if not count:
        return vacant.home, len(free)
    home, left = vacant.home.copy(), len(free) - count
    near = np.argsort(vacant.network.topology.hop_counts(int(waiting[0]))[free], kind="stable")
    free = np.sort(free[near[: max(count, _MOST_CANDIDATES)]])
    table = minimal_ports(neighbours)
    base = AddressTable.of(neighbours, home).trace().loads.ravel().astype(np.float32)
    added = np.zeros((len(free), base.size), dtype=np.float32)
    _add_loads(added, neighbours, table, free, home[home != NONE])
    taken = np.zeros(len(free), dtype=bool)
    for address in waiting[:count].tolist():
        # A link that stays below the busiest one with any spare cannot decide.
        deciding = np.flatnonzero(base + added.max(axis=0) >= base.max())
        busiest = (base[deciding] + added[:, deciding]).max(axis=1)
        best = np.flatnonzero(~taken & (busiest == busiest[~taken].min()))
        at = int(best[added[best].sum(axis=1, dtype=np.float64).argmin()])
        home[address], taken[at] = free[at], True
        base += added[at]
        _add_loads(added, neighbours, table, free, home[[address]])
    return home, left


_CHOOSERS = {"first": _first, "nearest": _nearest, "load": _least_loaded}


def _add_loads(
    loads: NDArray[np.float32], neighbours: NodeArray, table: NDArray[np.uint8], spares: NodeArray, homes: NodeArray
) -> None:
    """Add to `loads` (spares, size * degree) what routes between each spare and all homes, both ways, put on links."""
    row = np.repeat(np.arange(len(spares)), len(homes))
    some, others = np.repeat(spares, len(homes)), np.tile(homes, len(spares))
    for of, here, there in ((row, some, others), (row, others, some)):
        while here.size:
            going = here != there
            of, here, there = of[going], here[going], there[going]
            ports = table[here, there].astype(np.intp)
            np.add.at(loads, (of, here * neighbours.shape[1] + ports), np.float32(1))
            here = neighbours[here, ports]


@dataclass(frozen=True)
class Impact:
    """What a remap costs, over the ordered pairs of addresses served before and after.

    `longer` is the share of pairs whose route gained hops, `moved_hops_added` the mean gain of pairs with an address
    that moved. Loads are routes over the busiest directed link; `most_load_added` is the largest gain of one link.
    Table entries that changed are counted at healthy chips; `most_entries` at the chip with most.
    """

    pairs: int
    mean_hops_before: float
    mean_hops_after: float
    most_hops_added: int
    longer: float
    moved_hops_added: float
    max_load_before: int
    max_load_after: int
    most_load_added: int
    entries_changed: int
    most_entries: int


@dataclass(frozen=True, eq=False)
class Examined:
    """A remap, the tables and routes after it, and what it cost; nothing where fewer than two addresses are left."""

    remap: Remap
    table: AddressTable
    trace: Trace
    impact: Impact | None

    def routing_table(self) -> RoutingTable:
        """Return the minimal table of the nodes that are left, renumbered in order: to verify, or to seek deadlock."""
        left = np.ones(len(self.table.ports) + 1, dtype=bool)
        left[[*self.remap.failed, *self.remap.cut_off, -1]] = False
        number = np.where(left, np.cumsum(left) - 1, NONE)
        return RoutingTable.minimal(Graph(number[self.remap.neighbours[left[:-1]]], label="network that is left"))


def at_start(network: SparedNetwork) -> tuple[AddressTable, Trace]:
    """Return the tables and the routes of the network before any failure."""
    table = AddressTable.of(network.without(()), np.arange(network.active))
    return table, table.trace()


def examine(
    network: SparedNetwork,
    failed: Iterable[int],
    *,
    choice: str = "nearest",
    before: tuple[AddressTable, Trace] | None = None,
) -> Examined:
    """Remap after these failures, follow all routes, and set them beside those `before`, by default at the start.

    Raises `InputError` as `remap` does.
    """
    old_table, old = before or at_start(network)
    done = remap(network, failed, choice=choice, home=old_table.home)
    table = AddressTable.of(done.neighbours, done.home)
    trace = table.trace()
    changed = np.concatenate(
        [np.count_nonzero(table.ports[rows] != old_table.ports[rows], axis=1) for rows in _pieces(len(table.ports))]
    )
    changed[[*done.failed, *done.cut_off]] = 0
    return Examined(done, table, trace, _impact(old, trace, [move.address for move in done.moves], changed))


def _impact(old: Trace, new: Trace, moved: list[int], changed: NodeArray) -> Impact | None:
    both = np.intersect1d(old.served, new.served)
    pairs = len(both) * (len(both) - 1)
    if not pairs:
        return None
    here = np.isin(both, moved)
    sums = np.zeros(4, dtype=np.int64)
    most = first = 0
    for before, after in zip(old.between(both), new.between(both), strict=True):
        added = np.subtract(after, before, dtype=np.int32)
        # What joins an address that moved: the whole row of one, and the columns of such in the other rows.
        moved_rows = here[first : first + len(added)]
        touching = added[moved_rows].sum() + added[~moved_rows][:, here].sum()
        sums += before.sum(dtype=np.int64), after.sum(dtype=np.int64), np.count_nonzero(added > 0), touching
        most, first = max(most, int(added.max())), first + len(added)
    touched = pairs - (len(both) - int(here.sum())) * (len(both) - int(here.sum()) - 1)
    return Impact(
        pairs=pairs,
        mean_hops_before=float(sums[0] / pairs),
        mean_hops_after=float(sums[1] / pairs),
        most_hops_added=most,
        longer=float(sums[2] / pairs),
        moved_hops_added=float(sums[3] / touched) if touched else 0.0,
        max_load_before=int(old.loads.max()),
        max_load_after=int(new.loads.max()),
        most_load_added=int((new.loads - old.loads).max()),
        entries_changed=int(changed.sum()),
        most_entries=int(changed.max()),
    )


def _pieces(rows: int) -> list[slice]:
    """Rows of a large matrix, some at a time, so that what is made of them stays small."""
    return [slice(first, first + _ROWS) for first in range(0, rows, _ROWS)]


@dataclass(frozen=True)
class BlockSwap:
    """What a set of failures leads to where optical switches swap whole blocks.

    `outcome` is as in `Remap`. `swaps` pairs the numbers of lost blocks with those of spare blocks, both from 1;
    `unserved` are lost blocks without a spare. `chips_taken` are the chips that leave with the swapped blocks, of which
    `healthy_taken` work. `optical_links` are made anew, all at the same time. Hops and loads gain nothing, because the
    network is the same.
    """

    outcome: str
    swaps: tuple[tuple[int, int], ...]
    unserved: tuple[int, ...]
    spare_blocks: int
    spare_blocks_left: int
    chips_taken: int
    healthy_taken: int
    optical_links: int
    hops_added: int = 0
    load_added: int = 0


def swap_blocks(layout: Layout, failed: Iterable[int]) -> BlockSwap:
    """Swap each block that holds a failed chip for the lowest spare block without one.

    Spare blocks are cut from the spare chips in phext order; spares that fill no block are left out. Raises
    `InputError` for chips that are not there, and where blocks do not fill the machine.

    >>> layout = Layout(16, 16, 16, spare_volumes=1, links_per_chip=6, block=(4, 4, 4))
    >>> one = swap_blocks(layout, [int(layout.index([8, 8, 8]))])
    >>> one.outcome, one.chips_taken, one.healthy_taken, one.optical_links, one.spare_blocks_left
    ('remapped', 64, 63, 96, 3)
    """
    down = np.unique(np.array(list(failed), dtype=np.int64))
    chips = int(np.prod(layout.block))
    spare = layout.is_spare(down)
    number = layout.block_of(np.arange(layout.active)).number
    lost = np.unique(number[down[~spare]])
    broken = set(((down[spare] - layout.active) // chips + 1).tolist())
    spares = [block for block in range(1, layout.spares // chips + 1) if block not in broken]
    swaps = tuple(zip(lost.tolist(), spares, strict=False))
    taken = np.isin(number, [block for block, _ in swaps])
    links = 0
    if swaps:
        torus = Torus(layout.shape)
        optical = optical_ports(torus, layout.shape, layout.block)
        links = swap(torus, np.flatnonzero(taken), optical=optical).optical_links
    unserved = tuple(lost[len(swaps) :].tolist())
    return BlockSwap(
        outcome="shortage" if unserved else "remapped" if swaps else "nothing lost",
        swaps=swaps,
        unserved=unserved,
        spare_blocks=layout.spares // chips,
        spare_blocks_left=len(spares) - len(swaps),
        chips_taken=int(taken.sum()),
        healthy_taken=int(taken.sum() - np.count_nonzero(taken[down[~spare]])),
        optical_links=links,
    )


def spare_blocks_that_fit(layout: Layout, *, ports: int, kept: int = 0) -> int:
    """Return how many spare blocks the switches have room for, two ports each, if `kept` ports stay free.

    >>> layout = Layout(16, 16, 16, spare_volumes=1, links_per_chip=6, block=(4, 4, 4))
    >>> spare_blocks_that_fit(layout, ports=136)
    4
    """
    chips = int(np.prod(layout.block))
    return max(0, blocks_per_switch(ports=ports, spare_ports=kept) - layout.active // chips)
