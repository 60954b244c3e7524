"""Layout of a machine's chips on phext coordinates: index <-> coordinate <-> rack, unit, host, chip, link.

A chip is ``volume.book.chapter``; a section is one of its link ports, and scroll 1 of a section holds that link's
record. Volumes 1 to `volumes` are active, the `spare_volumes` after them are spares. Indices count all chips in phext
order from 0: the chapter runs fastest, active chips come first, and index 0 is 1.1.1.

Place follows the coordinate: rack = volume, unit = book, chip = chapter, and `chips_per_host` neighbouring chips of a
unit share a host. A spare's rack is its volume, so a spare pool of whole volumes is a pool of whole racks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.arrays import IntArray
from phextpaper.engine.checked import whole_array, whole_number
from phextpaper.engine.naming.coordinates import PART_MAXIMUM
from phextpaper.errors import InputError


class Place(NamedTuple):
    """Where chips stand: rack, unit in it, host in the unit, chip in the unit.

    Each is an int array of the shape (…) of the indices asked for, counted from 1.
    """

    rack: IntArray
    unit: IntArray
    host: IntArray
    chip: IntArray


class Blocks(NamedTuple):
    """Blocks of chips: `number` (…) in phext order and `position` (…, 3), both from 1; a spare has 0 in both."""

    number: IntArray
    position: IntArray


@dataclass(frozen=True)
class Layout:
    """Sizes of the machine on its three axes, its spare volumes, and what shares a host and a block.

    Else each chip is its own. Functions of indices or coordinates are vectorised: they take any shape and return int64
    arrays of the matching shape. All raise `InputError` for what lies outside the layout or is no whole number. A
    unit's last host may be partly filled.

    >>> layout = Layout(16, 16, 16, spare_volumes=1, links_per_chip=6)
    >>> layout.active, layout.spares, layout.total
    (4096, 256, 4352)
    >>> layout.coordinate([0, 1911, 4096]).tolist()
    [[1, 1, 1], [8, 8, 8], [17, 1, 1]]
    >>> int(layout.index([8, 8, 8]))
    1911
    """

    volumes: int
    books: int
    chapters: int
    spare_volumes: int
    links_per_chip: int
    chips_per_host: int = 1
    block: tuple[int, int, int] = (1, 1, 1)

    def __post_init__(self) -> None:
        least = {"spare_volumes": 0}
        for name in ("volumes", "books", "chapters", "spare_volumes", "links_per_chip", "chips_per_host"):
            number = whole_number(name, getattr(self, name), least.get(name, 1), PART_MAXIMUM)
            object.__setattr__(self, name, number)
        sides = tuple(self.block) if isinstance(self.block, tuple | list) else ()
        if len(sides) != 3:
            raise InputError(f"{self.block!r} is no block", where="block", remedy="give three sizes such as (4, 4, 4)")
        object.__setattr__(self, "block", tuple(whole_number("block", side, 1, PART_MAXIMUM) for side in sides))
        if self.racks > PART_MAXIMUM:
            raise InputError(
                f"{self.volumes} volumes and {self.spare_volumes} spare ones are more than {PART_MAXIMUM}",
                where="volumes",
                remedy="make other axes longer",
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """Chips of the active machine along volume, book and chapter."""
        return self.volumes, self.books, self.chapters

    @property
    def active(self) -> int:
        """Number of active chips."""
        return prod(self.shape)

    @property
    def spares(self) -> int:
        """Number of spare chips."""
        return self.spare_volumes * self.books * self.chapters

    @property
    def total(self) -> int:
        """Number of chips, spares included."""
        return self.active + self.spares

    @property
    def racks(self) -> int:
        """Number of racks, spare ones included."""
        return self.volumes + self.spare_volumes

    @property
    def units(self) -> int:
        """Number of units in all racks, spare ones included."""
        return self.racks * self.books

    @property
    def hosts_per_unit(self) -> int:
        """Number of hosts that a unit's chips need."""
        return -(-self.chapters // self.chips_per_host)

    @property
    def hosts(self) -> int:
        """Number of hosts in all racks, spare ones included."""
        return self.units * self.hosts_per_unit

    @property
    def link_addresses(self) -> int:
        """Number of link ports (sections) that have a coordinate, spare chips included."""
        return self.total * self.links_per_chip

    @property
    def block_grid(self) -> tuple[int, int, int] | None:
        """Blocks along each axis, or None where the block does not divide the machine."""
        if any(size % side for size, side in zip(self.shape, self.block, strict=True)):
            return None
        volumes, books, chapters = (size // side for size, side in zip(self.shape, self.block, strict=True))
        return volumes, books, chapters

    def coordinate(self, indices: ArrayLike) -> IntArray:
        """Return volume, book and chapter of chips: shape (…) in, (…, 3) out."""
        chips = _whole("index", indices, 0, self.total - 1)
        return np.stack(np.unravel_index(chips, (self.racks, self.books, self.chapters)), axis=-1).astype(np.int64) + 1

    def index(self, coordinates: ArrayLike) -> IntArray:
        """Return the indices of chips from their volume, book and chapter: shape (…, 3) in, (…) out."""
        parts = _rows(coordinates, 3)
        return self.at(parts[..., 0], parts[..., 1], parts[..., 2])

    def place(self, indices: ArrayLike) -> Place:
        """Return rack, unit, host and chip of chips, each counted from 1: shape (…) of the indices in and out."""
        parts = self.coordinate(indices)
        chip = parts[..., 2]
        return Place(parts[..., 0], parts[..., 1], (chip - 1) // self.chips_per_host + 1, chip)

    def at(self, rack: ArrayLike, unit: ArrayLike, chip: ArrayLike) -> IntArray:
        """Return the indices of the chips at these racks, units and positions in the unit.

        They broadcast to one shape (…), which the result has. Raises `InputError` for what lies outside the layout.
        """
        volume = _whole("volume", rack, 1, self.racks)
        book = _whole("book", unit, 1, self.books)
        chapter = _whole("chapter", chip, 1, self.chapters)
        return ((volume - 1) * self.books + (book - 1)) * self.chapters + (chapter - 1)

    def link(self, index: ArrayLike, section: ArrayLike) -> IntArray:
        """Return the coordinates (…, 5) of link records: section = port, scroll = 1; chips and ports broadcast."""
        ports = _whole("section", section, 1, self.links_per_chip)
        chips, ports = np.broadcast_arrays(self.coordinate(index), ports[..., np.newaxis])
        return np.concatenate([chips, ports[..., :1], np.ones_like(ports[..., :1])], axis=-1)

    def link_at(self, coordinates: ArrayLike) -> tuple[IntArray, IntArray]:
        """Return chip indices and sections of link coordinates (…, 5): the inverse of `link`."""
        parts = _rows(coordinates, 5)
        _whole("scroll", parts[..., 4], 1, 1)
        return self.index(parts[..., :3]), _whole("section", parts[..., 3], 1, self.links_per_chip)

    def is_spare(self, indices: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each chip whether it is a spare: shape (…) in and out."""
        return _whole("index", indices, 0, self.total - 1) >= self.active

    def chips_in_rack(self, rack: int) -> IntArray:
        """Return the indices of a rack's chips, (chips,), which one failure of the rack takes out together."""
        first = int(self.at(rack, 1, 1))
        return np.arange(first, first + self.books * self.chapters)

    def block_of(self, indices: ArrayLike) -> Blocks:
        """Return each active chip's block, 0 for spares: shape (…) in, as in `Blocks` out.

        Raises `InputError` where blocks do not fill the machine.
        """
        grid = self.block_grid
        if grid is None:
            sizes, sides = ("x".join(map(str, numbers)) for numbers in (self.shape, self.block))
            raise InputError(
                f"blocks of {sides} chips do not fill {sizes} chips",
                where="block",
                remedy="give sides that divide the axes",
            )
        position = (self.coordinate(indices) - 1) // np.array(self.block) + 1
        number = ((position[..., 0] - 1) * grid[1] + position[..., 1] - 1) * grid[2] + position[..., 2]
        active = ~self.is_spare(indices)
        return Blocks(number * active, position * active[..., np.newaxis])


def balanced_shape(chips: int, dimensions: int) -> tuple[int, ...]:
    """Return the most cube-like sizes whose product is `chips`, the largest first.

    Of all ways to write `chips` as a product of `dimensions` whole numbers it is the one with the smallest sum. Among
    tori with even axes that is also the one with the fewest mean hops, as a ring of k contributes k/4 (dally2004). The
    shorter longest axis breaks a tie, and a prime gives one long axis. Raises `InputError` for fewer than one chip or
    dimension.

    >>> balanced_shape(8192, 3), balanced_shape(16384, 3), balanced_shape(4096, 2)
    ((32, 16, 16), (32, 32, 16), (64, 64))
    """
    chips, dimensions = whole_number("chips", chips, 1, 10**9), whole_number("dimensions", dimensions, 1, 30)
    return min(_factorisations(chips, dimensions, chips), key=lambda shape: (sum(shape), shape))


def _factorisations(number: int, count: int, largest: int) -> Iterator[tuple[int, ...]]:
    """Yield every falling tuple of `count` whole numbers up to `largest` whose product is `number`."""
    if count == 1:
        if number <= largest:
            yield (number,)
        return
    for first in _divisors(number):
        if first <= largest and first**count >= number:
            yield from ((first, *rest) for rest in _factorisations(number // first, count - 1, first))


def _divisors(number: int) -> list[int]:
    small = [d for d in range(1, int(number**0.5) + 1) if number % d == 0]
    return sorted({*small, *(number // d for d in small)})


def _whole(name: str, values: ArrayLike, least: int, most: int) -> IntArray:
    """Return whole numbers from `least` to `most` as int64, or name the first that is not one."""
    return whole_array(name, values, least, most, remedy="stay inside the layout")


def _rows(coordinates: ArrayLike, width: int) -> NDArray[Any]:
    """Return an array whose last axis holds `width` parts."""
    parts = np.asarray(coordinates)
    if parts.ndim == 0 or parts.shape[-1] != width:
        raise InputError(
            f"an array of shape {parts.shape} holds no coordinates of {width} parts",
            where="coordinates",
            remedy=f"give {width} whole numbers in the last axis",
        )
    return parts
