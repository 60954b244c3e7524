"""Laying one topology on the nodes of another: relabelled graphs, block by block, and what emulation costs.

A placement is a permutation: `placement[node]` is the node of the host, or the chip of the machine, that carries it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.networks.topologies import Graph, Hypercube, Torus
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing import walks
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.wiring.blocks import checked_blocks
from phextpaper.errors import InputError


def placed(topology: Topology, placement: ArrayLike) -> Graph:
    """The topology with its nodes renamed by `placement` (size,); each port stays with its link.

    Raises `InputError` for a placement that is no permutation.

    >>> placed(Graph([[1, -1], [0, 2], [1, -1]]), [2, 0, 1]).neighbours().tolist()
    [[2, 1], [0, -1], [0, -1]]
    """
    seats = _permutation(placement, topology.size)
    neighbours = topology.neighbours()
    moved = np.empty_like(neighbours)
    moved[seats] = np.where(neighbours < 0, -1, seats[neighbours])
    return Graph(moved, f"{topology.spec} placed")


def block_placement(shape: tuple[int, ...], machine: tuple[int, ...], block: tuple[int, ...]) -> NDArray[np.int64]:
    """Chips of a machine, (nodes,), for the nodes of a box of `shape`: block for block, so that each block stays whole.

    The blocks of the box and of the machine are matched in order, and a node keeps its place in the block. Switches at
    the blocks' faces can so make any torus of the same blocks. Raises `InputError` where blocks do not fill both.

    >>> block_placement((8, 2), (4, 4), (2, 2)).tolist()
    [0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]
    """
    (ours, sides), (theirs, _) = checked_blocks(shape, block), checked_blocks(machine, block)
    if math.prod(ours) != math.prod(theirs):
        raise InputError(f"{ours} and {theirs} differ in size", where="placement", remedy="give as many chips as nodes")
    grids = [tuple(length // side for length, side in zip(lengths, sides, strict=True)) for lengths in (ours, theirs)]
    place = np.stack(np.unravel_index(np.arange(math.prod(ours)), ours), axis=-1)
    number = np.ravel_multi_index(tuple((place // sides).T), grids[0])
    home = np.stack(np.unravel_index(number, grids[1]), axis=-1)
    chips: NDArray[np.int64] = np.ravel_multi_index(tuple((home * sides + place % sides).T), theirs).astype(np.int64)
    return chips


def gray_placement(cube: Hypercube, torus: Torus) -> NDArray[np.int64]:
    """Torus nodes for a hypercube's, (size,): each dimension of length 2^k holds k cube dimensions, in Gray code.

    Cube dimensions are taken in order. Neighbours on a ring are then neighbours in the cube; the converse cannot hold.
    Raises `InputError` for a torus of other lengths or another size.

    >>> gray_placement(Hypercube(3), Torus((8,))).tolist()
    [0, 1, 3, 2, 7, 6, 4, 5]
    """
    widths = [length.bit_length() - 1 for length in torus.shape]
    if (
        any(2**width != length for width, length in zip(widths, torus.shape, strict=True))
        or sum(widths) != cube.dimensions
    ):
        raise InputError(
            f"{torus.spec} has no place for {cube.spec}",
            where="emulation",
            remedy="give lengths that are powers of 2 and multiply to the cube's size",
        )
    node, place = np.arange(cube.size), []
    for dimension, width in enumerate(widths):
        code = (node >> sum(widths[dimension + 1 :])) & (2**width - 1)
        for shift in (1, 2, 4, 8, 16):
            code = code ^ (code >> shift)
        place.append(code)
    nodes: NDArray[np.int64] = np.ravel_multi_index(tuple(place), torus.shape).astype(np.int64)
    return nodes


@dataclass(frozen=True, eq=False)
class Emulation:
    """A guest's links walked as routes of a host.

    `dilation` holds the hops of each directed guest link, (links,). `loads`, (size, degree), counts for each directed
    host link the directed guest links that cross it, so `congestion`, its maximum, divides the bandwidth when all
    guest links are in use.
    """

    dilation: NDArray[np.int32]
    loads: NDArray[np.int64]

    @property
    def worst_dilation(self) -> int:
        """Hops of the longest guest link."""
        return int(self.dilation.max())

    @property
    def congestion(self) -> int:
        """Guest links over the busiest host link."""
        return int(self.loads.max())


def emulate(guest: Topology, host: RoutingTable, placement: ArrayLike) -> Emulation:
    """Walk each directed link of the guest through the host's table, from one placed end to the other.

    Raises `InputError` for a host of another size, and for a `placement` (size,) that is no permutation.

    >>> from phextpaper.engine.networks.topologies import Hypercube, Torus
    >>> ring, cube = Torus((8,)), Hypercube(3)
    >>> found = emulate(cube, RoutingTable.minimal(ring), gray_placement(cube, ring))
    >>> found.worst_dilation, found.congestion
    (3, 3)
    """
    seats = _permutation(placement, guest.size)
    if host.topology.size != guest.size:
        raise InputError(f"{guest.spec} and {host.topology.spec} differ in size", where="emulation")
    neighbours = guest.neighbours()
    nodes, ports = np.nonzero(neighbours >= 0)
    loads, hops = walks.walk_loads(
        host.topology.neighbours(), host.ports, seats[nodes], seats[neighbours[nodes, ports]], np.ones(len(nodes))
    )
    return Emulation(hops, np.rint(loads).astype(np.int64))


def _permutation(placement: ArrayLike, size: int) -> NDArray[np.intp]:
    seats = np.asarray(placement)
    if seats.shape != (size,) or seats.dtype.kind not in "iu" or not np.array_equal(np.sort(seats), np.arange(size)):
        raise InputError(f"a placement of {size} nodes names each once", where="placement", remedy="give a permutation")
    return seats.astype(np.intp)
