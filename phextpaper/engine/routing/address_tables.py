"""Routes to addresses: each chip's table of one port for each address, and all its routes followed to their end.

An *address* is what a job speaks to; its *home* is the chip that answers to it now. Tables are kept by address, so that
a change of home shows in them. Chips that failed stay in the arrays, without links.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.arrays import NodeArray
from phextpaper.engine.routing import walks
from phextpaper.engine.routing.next_hops import ARRIVED, minimal_ports
from phextpaper.errors import InputError

NONE = -1
"""Where there is no link, no home, no route."""
_CELLS = 2**18  # table entries followed at once, so that the working arrays stay in the cache


@dataclass(frozen=True, eq=False)
class AddressTable:
    """The tables of all chips: `ports` (size, active) leads from each node to each address, `ARRIVED` at its home.

    `neighbours` are those of the network as it is, with `NONE` for lost links; `home` is `NONE` for unserved addresses.
    """

    neighbours: NodeArray
    home: NodeArray
    ports: NDArray[np.uint8]

    @classmethod
    def of(cls, neighbours: NodeArray, home: NodeArray) -> "AddressTable":
        """Return the table of minimal routes to each address, by the lowest port where several are minimal.

        `neighbours` has shape (size, degree), `home` (active,). Raises `InputError` for ports that do not fit one byte.
        """
        ports = np.take(minimal_ports(neighbours), home, axis=1)
        ports[:, home == NONE] = ARRIVED
        return cls(neighbours, home, ports)

    def path(self, source: int, destination: int) -> tuple[int, ...]:
        """Return the nodes from one address to another; raise `InputError` where no route leads there."""
        node, end = int(self.home[source]), int(self.home[destination])
        nodes = [node]
        while node != end or NONE in (node, end):
            port = int(self.ports[node, destination]) if NONE not in (node, end) else ARRIVED
            node = NONE if port == ARRIVED else int(self.neighbours[node, port])
            if node == NONE or len(nodes) > len(self.neighbours):
                raise InputError(f"no route from address {source} to {destination}", where="remapped table")
            nodes.append(node)
        return tuple(nodes)

    def entries_into(self, failed: ArrayLike, neighbours: NodeArray) -> int:
        """Count the entries of other chips, for addresses that have a home, that hand a message to a failed one.

        `failed` (n,) are nodes, `neighbours` (size, degree) those of the whole network. No entry does so after a remap;
        that is more than no route, as some entries lie on none.
        """
        degree, served = neighbours.shape[1], np.flatnonzero(self.home != NONE)
        dead = np.zeros(len(neighbours), dtype=bool)
        dead[np.asarray(failed, dtype=np.intp)] = True
        into = np.column_stack([dead[neighbours], np.zeros(len(neighbours), dtype=bool)]) & ~dead[:, np.newaxis]
        width = max(1, _CELLS // self.ports.shape[1])
        count = 0
        for first in range(0, len(neighbours), width):
            rows = slice(first, first + width)
            ports = np.minimum(np.take(self.ports[rows], served, axis=1), degree).astype(np.intp)
            count += int(np.count_nonzero(np.take_along_axis(into[rows], ports, axis=1)))
        return count

    def trace(self) -> "Trace":
        """Follow every route between addresses that have a home, to its end."""
        size, degree = self.neighbours.shape
        served = np.flatnonzero(self.home != NONE)
        rows, here = self.home[served], np.arange(size)[:, np.newaxis]
        dead = self.neighbours == NONE
        staying = np.where(dead, here, self.neighbours)
        hops = np.empty((len(served), len(served)), dtype=np.int8)
        loads, sources = np.zeros(size * (degree + 1)), np.zeros(size)
        sources[rows] = 1.0
        width = max(1, _CELLS // size)
        for first in range(0, len(served), width):
            block = served[first : first + width]
            ports = np.minimum(np.take(self.ports, block, axis=1), degree)
            follow = walks.next_nodes(staying, ports)
            sums, ends = walks.sums_along(follow, (follow != here).astype(np.int32))
            if sums.max() > np.iinfo(hops.dtype).max:
                hops = hops.astype(np.int32)
            hops[:, first : first + width] = np.where(ends == self.home[block], sums, NONE)[rows]
            links = here * (degree + 1) + ports
            loads += np.bincount(
                links.ravel(), weights=walks.carried(follow, sources, sums).ravel(), minlength=loads.size
            )
        loads = loads.reshape(size, degree + 1)[:, :-1]
        loads[dead] = 0.0
        if len(served) < len(self.home):
            between, hops = hops, np.full((len(self.home), len(self.home)), NONE, dtype=hops.dtype)
            hops[np.ix_(served, served)] = between
        return Trace(hops, np.rint(loads).astype(np.int64), served)


@dataclass(frozen=True, eq=False)
class Trace:
    """All routes, followed: `hops` (active, active) between addresses, `NONE` without a route, and `loads` of links.

    A route ends early at a chip without links, so a route that arrives has touched none. Loads (size, degree) count the
    ordered pairs of `served` addresses whose route crosses each directed link.
    """

    hops: NDArray[np.signedinteger]
    loads: NDArray[np.int64]
    served: NodeArray

    @property
    def pairs(self) -> int:
        """Ordered pairs of different served addresses."""
        return len(self.served) * (len(self.served) - 1)

    @property
    def joined(self) -> int:
        """Pairs that a route joins."""
        found = sum(int(np.count_nonzero(part >= 0)) for part in self.between(self.served))
        return found - len(self.served)

    @property
    def connected(self) -> bool:
        """Every served address reaches every other."""
        return self.joined == self.pairs

    @property
    def mean_hops(self) -> float:
        """Mean hops over the pairs; 0 where there are none."""
        return sum(int(part.sum(dtype=np.int64)) for part in self.between(self.served)) / max(self.pairs, 1)

    def between(self, addresses: NodeArray) -> Iterator[NDArray[np.signedinteger]]:
        """Yield the hops between these addresses (n,), some rows at a time, each of shape (rows, n).

        So no second large matrix is made.
        """
        rows = max(1, _CELLS // max(len(addresses), 1))
        for first in range(0, len(addresses), rows):
            part = self.hops[addresses[first : first + rows]]
            yield part if len(addresses) == len(self.hops) else np.take(part, addresses, axis=1)
