"""Machines of blocks of chips: wires inside a block, optical switches between the blocks' faces (jouppi2023, 2.2).

Chips are numbered with the last dimension fastest. In each dimension a block has a lower and an upper face. The chips
at the same place on all lower and all upper faces end at the same switch, which can join any upper one with any lower
one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.errors import InputError


@dataclass(frozen=True, eq=False)
class LinkKinds:
    """For each link, whether it is a wire inside a block, can be made by the switches, or by neither: each (links,)."""

    wired: NDArray[np.bool_]
    optical: NDArray[np.bool_]

    @property
    def impossible(self) -> NDArray[np.bool_]:
        """Links that this wiring cannot make: (links,)."""
        return ~(self.wired | self.optical)


def link_kinds(links: ArrayLike, shape: tuple[int, ...], block: tuple[int, ...]) -> LinkKinds:
    """Sort links (n, 2) between chips of a machine of `shape` that is built of blocks.

    A wire joins neighbours in a block's mesh. A switch joins a chip on the upper face of a block with the chip at the
    same place on the lower face of any block, the same one included. Other links cannot be made. Raises `InputError`
    where blocks do not fill the machine.

    >>> kinds = link_kinds([[0, 1], [0, 3], [3, 4], [0, 2]], (8,), (4,))
    >>> kinds.wired.tolist(), kinds.optical.tolist()
    ([True, False, False, False], [False, True, True, False])
    """
    shape, block = checked_blocks(shape, block)
    ends = np.asarray(links, dtype=np.int64).reshape(-1, 2)
    place = np.stack(np.unravel_index(ends, shape), axis=-1)
    inside, home = place % block, place // block
    along = np.abs(inside[:, 1] - inside[:, 0])
    wired = (home[:, 0] == home[:, 1]).all(axis=1) & (along.sum(axis=1) == 1)
    optical = np.zeros(len(ends), dtype=bool)
    for dimension, width in enumerate(block):
        same_place = np.delete(along, dimension, axis=1).sum(axis=1) == 0
        faces = np.sort(inside[:, :, dimension], axis=1)
        optical |= same_place & (faces[:, 0] == 0) & (faces[:, 1] == width - 1)
    return LinkKinds(wired, optical & ~wired)


def checked_blocks(shape: tuple[int, ...], block: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both as tuples of plain ints; raises `InputError` where blocks do not fill the shape."""
    sides = tuple(whole_number("block", side, 1, 10**9) for side in block)
    lengths = tuple(whole_number("shape", length, 1, 10**9) for length in shape)
    if len(sides) != len(lengths) or any(length % side for length, side in zip(lengths, sides, strict=True)):
        raise InputError(
            f"blocks of {sides} do not fill {lengths}", where="block", remedy="give sides that divide the axes"
        )
    return lengths, sides
