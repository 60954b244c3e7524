"""What changes from one topology to another on the same nodes: table entries, links, and the time that each takes.

Two different times are kept apart. A table entry is written by a processor; a link is moved by mirrors, and only where
an optical switch ends it. On TPU v4 that is at the faces of 4 x 4 x 4 blocks, whose inner links are wires (jouppi2023,
2.2).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing import walks
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.errors import InputError


@dataclass(frozen=True, eq=False)
class TableDifference:
    """Entries whose next node differs between two full tables; a node's entry for itself is none.

    `per_source` (size,) counts each node's entries that change. A table has size - 1 entries at each node.
    """

    per_source: NDArray[np.int64]

    @property
    def entries(self) -> int:
        """Entries that change in the whole table."""
        return int(self.per_source.sum())

    @property
    def pairs(self) -> int:
        """Entries of the whole table: ordered pairs of different nodes."""
        return len(self.per_source) * (len(self.per_source) - 1)

    @property
    def share(self) -> float:
        """Share of the entries that change, from 0 to 1."""
        return self.entries / self.pairs

    @property
    def most_at_one_node(self) -> int:
        """Entries that change at the node with the most changes."""
        return int(self.per_source.max())


def difference(before: RoutingTable, after: RoutingTable) -> TableDifference:
    """Compare next nodes, not ports, as one port may lead to other neighbours.

    Raises `InputError` for tables of different sizes.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> a, b = RoutingTable.minimal(Torus((4,))), RoutingTable.minimal(Torus((2, 2)))
    >>> difference(a, b).entries, difference(a, a).entries
    (8, 0)
    """
    size = before.topology.size
    if after.topology.size != size:
        raise InputError(
            f"tables of {size} and {after.topology.size} nodes have no entries in common",
            where="table difference",
            remedy="lay both topologies on the same nodes",
        )
    per_source = np.zeros(size, dtype=np.int64)
    for rows in walks.destination_blocks(size):
        one, other = (walks.next_nodes(t.topology.neighbours(), t.ports[rows], rows.start) for t in (before, after))
        per_source[rows] = np.count_nonzero(one != other, axis=1)
    return TableDifference(per_source)


def changed_entries(before: RoutingTable, after: RoutingTable, source: int) -> NDArray[np.int64]:
    """Rows (destination, next node before, next node after) of one node's entries that change: shape (n, 3)."""
    destinations = np.arange(before.topology.size)
    old, new = before.next_hop(source, destinations), after.next_hop(source, destinations)
    changed = old != new
    rows: NDArray[np.int64] = np.column_stack([destinations, old, new])[changed]
    return rows


@dataclass(frozen=True)
class UpdateTime:
    """Seconds to write table entries: all by one writer after the other, or each node its own at the same time."""

    serial_s: float
    parallel_s: float


def update_time(per_source: ArrayLike, entry_s: float) -> UpdateTime:
    """Seconds to write `per_source` entries at each node, (size,), with `entry_s` seconds an entry.

    Distribution of the entries to the nodes is not included. Raises `InputError` for no counts, or counts and times
    below 0.

    >>> update_time([4095] * 4096, 200e-9)
    UpdateTime(serial_s=3.354624, parallel_s=0.000819)
    """
    counts = np.asarray(per_source)
    if not entry_s >= 0 or counts.size == 0 or (counts < 0).any():
        raise InputError(
            "an update takes counts of entries and a time for one that is not negative", where="update time"
        )
    return UpdateTime(int(counts.sum()) * entry_s, int(counts.max()) * entry_s)


def full_table(size: int) -> NDArray[np.int64]:
    """Entries at each node if all are written: size - 1, shape (size,)."""
    return np.full(size, size - 1, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class LinkChange:
    """Undirected links, (n, 2) with the smaller node first, that are added, removed and kept; parallel ones repeat."""

    added: NDArray[np.int64]
    removed: NDArray[np.int64]
    kept: NDArray[np.int64]


def link_change(before: Topology, after: Topology) -> LinkChange:
    """Set difference of the links of two topologies on the same nodes.

    Raises `InputError` for topologies of different sizes.
    """
    if before.size != after.size:
        raise InputError(
            f"{before.spec} and {after.spec} differ in size",
            where="link change",
            remedy="lay both topologies on the same nodes",
        )
    (one, first), (other, second) = _counted_links(before), _counted_links(after)
    codes = np.union1d(one, other)
    old, new = np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
    old[np.searchsorted(codes, one)], new[np.searchsorted(codes, other)] = first, second
    links = np.column_stack(np.divmod(codes, before.size))
    both = np.minimum(old, new)
    return LinkChange(*(np.repeat(links, count, axis=0) for count in (new - both, old - both, both)))


def undirected_links(topology: Topology) -> NDArray[np.int64]:
    """Links (n, 2), the smaller node first, in ascending order; parallel links repeat."""
    codes, counts = _counted_links(topology)
    return np.repeat(np.column_stack(np.divmod(codes, topology.size)), counts, axis=0)


def _counted_links(topology: Topology) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    neighbours = topology.neighbours()
    nodes = np.arange(topology.size)[:, None]
    forward = neighbours > nodes
    return np.unique((nodes * topology.size + neighbours)[forward], return_counts=True)


@dataclass(frozen=True)
class Reconfiguration:
    """One change of topology: what changes, whether it needs mirrors, and how long each part takes, in seconds.

    `written` are the entries that change, `rewritten` all entries of the table. `mirror_s` is the switching time of the
    mirrors, 0 where none has to move; all move at the same time. `impossible_links` counts added links that no switch
    can make: with any, this machine cannot take the change.
    """

    entries: int
    added_links: int
    removed_links: int
    mirror_links: int
    impossible_links: int
    written: UpdateTime
    rewritten: UpdateTime
    mirror_s: float

    @property
    def possible(self) -> bool:
        """Each added link can be made."""
        return self.impossible_links == 0


def reconfiguration(
    before: RoutingTable,
    after: RoutingTable,
    *,
    entry_s: float,
    mirror_s: float,
    shape: tuple[int, ...] | None = None,
    block: tuple[int, ...] | None = None,
) -> Reconfiguration:
    """Compare two tables and their topologies, laid on the chips of a machine of `shape` built of blocks.

    Without a block every link ends at a switch, so any link can be made. `entry_s` and `mirror_s` are seconds. Raises
    `InputError` for topologies of different sizes, and for a shape of other chips or that blocks do not fill.
    """
    changed = difference(before, after)
    links = link_change(before.topology, after.topology)
    mirrors, impossible = len(links.added), 0
    if block is not None:
        if shape is None or math.prod(shape) != before.topology.size:
            raise InputError(
                f"a machine of {shape} has not {before.topology.size} chips",
                where="reconfiguration",
                remedy="give the shape that the nodes are numbered in",
            )
        kinds = link_kinds(links.added, shape, block)
        mirrors, impossible = int(kinds.optical.sum()), int(kinds.impossible.sum())
    return Reconfiguration(
        entries=changed.entries,
        added_links=len(links.added),
        removed_links=len(links.removed),
        mirror_links=mirrors,
        impossible_links=impossible,
        written=update_time(changed.per_source, entry_s),
        rewritten=update_time(full_table(before.topology.size), entry_s),
        mirror_s=mirror_s if mirrors else 0.0,
    )
