"""Layouts: bijections, checked exhaustively for the paper's machine and by Hypothesis for others."""

from dataclasses import FrozenInstanceError, replace
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.naming.coordinates import Coordinate, format_short, parse_short
from phextpaper.engine.naming.layout import Layout, balanced_shape
from phextpaper.errors import InputError

PAPER = Layout(16, 16, 16, 1, 6, 4, (4, 4, 4))
EVERY = np.arange(PAPER.total)

size = st.integers(1, 9)
layouts = st.builds(
    Layout, size, size, size, st.integers(0, 4), st.integers(1, 12), st.integers(1, 8), st.tuples(size, size, size)
)


def test_the_machine_counts():
    """The paper's machine has 16 x 16 x 16 active chips, a volume of spares, and the hosts and links that follow."""
    assert (PAPER.active, PAPER.spares, PAPER.total) == (16**3, 16**2, 16**3 + 16**2)
    assert (PAPER.racks, PAPER.units, PAPER.hosts) == (17, 17 * 16, (16**3 + 16**2) // 4)
    assert PAPER.link_addresses == PAPER.total * 6
    assert replace(PAPER, spare_volumes=0).hosts == 1024


def test_all_chips_have_one_coordinate_in_phext_order():
    """Over all 4352 chips the coordinates are the triples in phext order, and each leads back to its index."""
    triples = list(product(range(1, 18), range(1, 17), range(1, 17)))
    coordinates = PAPER.coordinate(EVERY)
    assert [tuple(row) for row in coordinates.tolist()] == triples
    assert np.array_equal(PAPER.index(coordinates), EVERY)
    places = [Coordinate.at(*row) for row in triples]
    assert places == sorted(places)


def test_all_chips_have_one_place_and_one_name():
    """Over all 4352 chips, place and text are one to one and lead back to the index."""
    place = PAPER.place(EVERY)
    assert len(set(zip(place.rack.tolist(), place.unit.tolist(), place.chip.tolist(), strict=True))) == PAPER.total
    assert np.array_equal(PAPER.at(place.rack, place.unit, place.chip), EVERY)
    texts = format_short(PAPER.coordinate(EVERY))
    assert len(set(texts)) == PAPER.total
    assert np.array_equal(PAPER.index(parse_short(texts)), EVERY)


def test_all_links_have_one_address():
    """Over all 4352 x 6 ports, addresses are one to one, have scroll 1, and lead back to chip and section."""
    addresses = PAPER.link(EVERY[:, None], np.arange(1, 7))
    assert addresses.shape == (PAPER.total, 6, 5)
    texts = format_short(addresses.reshape(-1, 5))
    assert len(set(texts)) == PAPER.link_addresses and all(text.endswith(".1") for text in texts)
    chips, sections = PAPER.link_at(parse_short(texts))
    assert np.array_equal(chips, np.repeat(EVERY, 6))
    assert np.array_equal(sections, np.tile(np.arange(1, 7), PAPER.total))


def test_the_plans_examples():
    """The plan's examples decode by the rule: rack, unit, chip and link are the coordinate's parts."""
    for text, expected in {"1.1.1/1.1": (1, 1, 1, 1), "8.8.8/2.1": (8, 8, 8, 2), "17.5.3/1.1": (17, 5, 3, 1)}.items():
        chips, sections = PAPER.link_at(parse_short([text]))
        place = PAPER.place(chips[0])
        assert (place.rack, place.unit, place.chip, sections[0]) == expected
        assert format_short(PAPER.link(chips, sections)) == [text]
    assert PAPER.is_spare(PAPER.index([17, 5, 3])) and not PAPER.is_spare(PAPER.index([16, 16, 16]))


@given(layouts)
def test_every_layout_is_a_bijection(layout):
    """For any sizes, index to coordinate, place and link and back is the identity and reaches every address once."""
    every = np.arange(layout.total)
    coordinates = layout.coordinate(every)
    assert len({tuple(row) for row in coordinates.tolist()}) == layout.total
    assert coordinates.min() == 1 and tuple(coordinates.max(axis=0)) == (layout.racks, layout.books, layout.chapters)
    assert np.array_equal(layout.index(coordinates), every)
    place = layout.place(every)
    assert np.array_equal(layout.at(place.rack, place.unit, place.chip), every)
    assert np.array_equal(layout.is_spare(every), coordinates[:, 0] > layout.volumes)
    assert layout.is_spare(every).sum() == layout.spares == layout.total - prod(layout.shape)
    chips, sections = layout.link_at(layout.link(every[:, None], np.arange(1, layout.links_per_chip + 1)))
    assert np.array_equal(chips[:, 0], every) and np.array_equal(sections[0], np.arange(1, layout.links_per_chip + 1))


@given(layouts, st.data())
def test_scalars_and_arrays_agree(layout, data):
    """One chip alone gives what it gives within an array of any shape."""
    chips = data.draw(st.lists(st.integers(0, layout.total - 1), min_size=4, max_size=4))
    grid = np.array(chips).reshape(2, 2)
    assert layout.coordinate(grid).shape == (2, 2, 3)
    assert np.array_equal(layout.index(layout.coordinate(grid)), grid)
    for number, chip in enumerate(chips):
        row, column = divmod(number, 2)
        assert np.array_equal(layout.coordinate(chip), layout.coordinate(grid)[row, column])
        assert layout.index(layout.coordinate(chip)) == chip
        assert all(one == many[row, column] for one, many in zip(layout.place(chip), layout.place(grid), strict=True))
        assert np.array_equal(layout.link(chip, 1), [*layout.coordinate(chip), 1, 1])


@given(layouts)
def test_a_host_serves_its_neighbours_in_a_unit(layout):
    """A host serves neighbouring chips of one unit, and only the last host of a unit serves fewer than it could."""
    place = layout.place(np.arange(layout.total))
    served = {}
    for rack, unit, host, chip in zip(*(column.tolist() for column in place), strict=True):
        served.setdefault((rack, unit, host), []).append(chip)
    assert len(served) == layout.hosts
    for (_, _, host), chips in served.items():
        first = (host - 1) * layout.chips_per_host + 1
        assert chips == list(range(first, min(first + layout.chips_per_host, layout.chapters + 1)))


@given(layouts, st.data())
def test_a_rack_holds_one_volume(layout, data):
    """The chips of a rack are exactly those whose volume it is."""
    rack = data.draw(st.integers(1, layout.racks))
    every = np.arange(layout.total)
    assert np.array_equal(layout.chips_in_rack(rack), every[layout.coordinate(every)[:, 0] == rack])


@given(layouts)
def test_blocks_tile_the_active_machine(layout):
    """Blocks are cuboids of the stated sides that cover each active chip once; where they do not fit, it is said."""
    every = np.arange(layout.total)
    if any(length % side for length, side in zip(layout.shape, layout.block, strict=True)):
        assert layout.block_grid is None
        with pytest.raises(InputError, match="do not fill"):
            layout.block_of(every)
        return
    blocks, coordinates = layout.block_of(every), layout.coordinate(every)
    spare = layout.is_spare(every)
    assert (blocks.number[spare] == 0).all() and (blocks.position[spare] == 0).all()
    assert set(blocks.number[~spare].tolist()) == set(range(1, prod(layout.block_grid) + 1))
    for number in range(1, prod(layout.block_grid) + 1):
        inside = coordinates[blocks.number == number]
        assert len(inside) == prod(layout.block)
        assert tuple(inside.max(axis=0) - inside.min(axis=0) + 1) == layout.block
        position = blocks.position[blocks.number == number][0]
        assert np.array_equal((position - 1) * layout.block + 1, inside.min(axis=0))


def test_the_paper_machine_has_the_published_blocks():
    """With blocks of 4 x 4 x 4 the 4096 chips form 64 blocks of 64 chips, as TPU v4's racks do."""
    counts = np.bincount(PAPER.block_of(EVERY).number)
    assert counts.tolist() == [256, *[64] * 64]
    assert PAPER.block_grid == (4, 4, 4)


@pytest.mark.parametrize("name", ["volumes", "books", "chapters", "spare_volumes", "links_per_chip", "chips_per_host"])
@pytest.mark.parametrize("value", [-1, 1000, 1.0, "16", None, True])
def test_impossible_sizes_are_refused_at_birth(name, value):
    """A size that is no whole number in range is refused by its name, with the range as remedy."""
    with pytest.raises(InputError) as caught:
        replace(PAPER, **{name: value})
    assert caught.value.where == name and "999" in caught.value.remedy


def test_zero_is_a_number_of_spares_only():
    """A machine may have no spares, but no axis of length zero."""
    assert replace(PAPER, spare_volumes=0).total == PAPER.active
    for name in ("volumes", "books", "chapters", "links_per_chip", "chips_per_host"):
        with pytest.raises(InputError):
            replace(PAPER, **{name: 0})


def test_other_impossible_layouts():
    """Volumes and spares together stay inside phext's range, a block has three sizes, and a layout does not change."""
    with pytest.raises(InputError, match="more than 999"):
        replace(PAPER, volumes=999)
    for block in ((4, 4), 4, "444", (4, 4, 0), (4, 4, 4.0)):
        with pytest.raises(InputError):
            replace(PAPER, block=block)
    with pytest.raises(FrozenInstanceError):
        PAPER.volumes = 1
    assert len({PAPER, Layout(16, 16, 16, 1, 6, 4, block=[4, 4, 4])}) == 1


def test_what_lies_outside_is_refused():
    """Indices, coordinates, places and ports outside the layout are refused, and so are floats and wrong shapes."""
    attempts = [
        (PAPER.coordinate, -1), (PAPER.coordinate, [0, 4352]), (PAPER.coordinate, 1.0), (PAPER.index, [18, 1, 1]),
        (PAPER.index, [0, 1, 1]), (PAPER.index, [1, 17, 1]), (PAPER.index, [1, 1]), (PAPER.index, 7),
        (PAPER.at, 1, 1, 17), (PAPER.link, 0, 7), (PAPER.link, 0, 0), (PAPER.link_at, [1, 1, 1, 1, 2]),
        (PAPER.link_at, [1, 1, 1]), (PAPER.is_spare, 4352), (PAPER.chips_in_rack, 18), (PAPER.place, "1"),
    ]  # fmt: skip
    for function, *arguments in attempts:
        with pytest.raises(InputError) as caught:
            function(*arguments)
        assert caught.value.where and caught.value.remedy


def test_no_chips_are_no_problem():
    """An empty selection gives empty arrays of the right shape."""
    assert PAPER.coordinate([]).shape == (0, 3)
    assert PAPER.place([]).host.shape == (0,)
    assert PAPER.is_spare([]).shape == (0,)


@given(st.integers(1, 3000), st.integers(1, 4))
def test_balanced_shape_is_the_best_of_all(chips, dimensions):
    """The shape falls, multiplies to the chip count, and no other factorisation has a smaller sum."""
    shape = balanced_shape(chips, dimensions)
    assert prod(shape) == chips and len(shape) == dimensions and list(shape) == sorted(shape, reverse=True)
    assert sum(shape) == smallest_sum(chips, dimensions)


def smallest_sum(chips: int, dimensions: int) -> int:
    """Smallest sum of `dimensions` whole numbers whose product is `chips`, by trying every divisor."""
    if dimensions == 1:
        return chips
    return min(d + smallest_sum(chips // d, dimensions - 1) for d in range(1, chips + 1) if chips % d == 0)


@pytest.mark.parametrize("side", [1, 2, 3, 16, 999])
def test_cubes_and_their_doubles(side):
    """A cube stays a cube, twice a cube is one double axis, four times a cube two."""
    assert balanced_shape(side**3, 3) == (side, side, side)
    if side % 2 == 0:
        assert balanced_shape(2 * side**3, 3) == (2 * side, side, side)
        assert balanced_shape(4 * side**3, 3) == (2 * side, 2 * side, side)


def test_no_shape_for_nothing():
    """Fewer than one chip or dimension is refused."""
    for arguments in ((0, 3), (-8, 3), (8.0, 3), (8, 0), (10**9 + 1, 3)):
        with pytest.raises(InputError):
            balanced_shape(*arguments)
