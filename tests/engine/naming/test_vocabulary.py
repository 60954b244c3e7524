"""Vocabulary IDs and coordinates: laws of a bijection over any size and base, and digits worked out one by one."""

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.naming.coordinates import Coordinate, format_short
from phextpaper.engine.naming.scrambling import LARGEST, Scrambler
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.errors import InputError
from phextpaper.study.listings import sparse

PLAN = Vocabulary.of_base(10**9, 100)
SEEDS = st.none() | st.integers(0, 2**32)


@st.composite
def vocabularies(draw, most=LARGEST):
    """A vocabulary of any radices, of any size that they hold, plain or scrambled."""
    radices = tuple(draw(st.lists(st.integers(1, 999), min_size=1, max_size=6)))
    largest = min(prod(radices), most)
    inner = prod(radices[draw(st.integers(0, len(radices))) :])
    around = inner * draw(st.integers(1, 999)) + draw(st.integers(-1, 1))  # where one more part begins to count
    size = draw(st.integers(1, largest) | st.just(min(max(around, 1), largest)))
    return Vocabulary(size, radices, draw(SEEDS))


@st.composite
def with_ids(draw):
    """A vocabulary and some of its IDs, the first and the last among them."""
    vocabulary = draw(vocabularies())
    ids = draw(st.lists(st.integers(0, vocabulary.size - 1), max_size=30))
    return vocabulary, np.array([0, vocabulary.size - 1, *ids])


def digits(number: int, radices: tuple[int, ...]) -> list[int]:
    """Digits of a number in a mixed base, outermost first, by division in Python's integers."""
    found = []
    for radix in reversed(radices):
        number, digit = divmod(number, radix)
        found.insert(0, digit)
    return found


@given(with_ids())
def test_ids_come_back_from_their_coordinates(case):
    """Coordinate and ID are inverse, for any size, radices and seed."""
    vocabulary, ids = case
    assert np.array_equal(vocabulary.ids(vocabulary.coordinates(ids)), ids)
    assert np.array_equal(vocabulary.at_positions(vocabulary.positions(ids)), ids)


@given(with_ids())
def test_parts_are_the_digits_of_the_position_plus_one(case):
    """Each part is a digit plus 1, from 1 to its radix, and so a part of a phext coordinate."""
    vocabulary, ids = case
    rows = vocabulary.coordinates(ids)
    assert (rows >= 1).all() and (rows <= np.array(vocabulary.radices)).all()
    for row, position in zip(rows.tolist(), vocabulary.positions(ids).tolist(), strict=True):
        assert [part - 1 for part in row] == digits(position, vocabulary.radices)


@given(vocabularies(most=3000))
def test_positions_are_a_permutation_of_the_vocabulary(vocabulary):
    """All IDs together take every position once, so no two share a coordinate."""
    assert np.array_equal(np.sort(vocabulary.positions(np.arange(vocabulary.size))), np.arange(vocabulary.size))
    assert len(np.unique(vocabulary.coordinates(np.arange(vocabulary.size)), axis=0)) == vocabulary.size


@given(st.integers(1, LARGEST), st.integers(0, 2**64), st.lists(st.integers(0, LARGEST), min_size=1, max_size=20))
def test_scrambling_is_the_affine_rule_in_exact_integers(size, seed, numbers):
    """What 64-bit arithmetic computes, on both sides of 2^32, is unit * n + shift modulo the size in Python's integers."""
    scrambler = Scrambler(size, seed)
    ids = np.array([number % size for number in numbers])
    assert scrambler.forward(ids).tolist() == [
        sparse.scramble(int(n), size, scrambler.unit, scrambler.shift) for n in ids
    ]
    assert np.array_equal(scrambler.backward(scrambler.forward(ids)), ids)


@pytest.mark.parametrize("seed", range(5))
def test_scrambling_spreads_neighbours_evenly(seed):
    """Any 1000 neighbours lie apart by at least a sixth of an even spacing, so they meet nearly every thousandth of the vocabulary."""
    places = np.sort(Scrambler(10**9, seed).forward(np.arange(123_456, 124_456)))
    gaps = np.diff(places, append=places[0] + 10**9)
    assert gaps.min() > 10**6 / 6 and gaps.max() < 6 * 10**6


def test_seeds_scramble_differently():
    """Two seeds give two bijections, and one seed the same one again."""
    first, again, other = (Vocabulary.of_base(10**9, 100, seed=seed).positions(np.arange(100)) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_the_plans_example_has_other_digits_than_the_plan_says():
    """ID 847293102 has the digits 8 47 29 31 2 in base 100; plus 1 they are a coordinate that parses, with 0 they are none."""
    row = PLAN.coordinates([847_293_102])
    assert (row[0] - 1).tolist() == [8, 47, 29, 31, 2]
    assert 847_293_102 == ((((8 * 100) + 47) * 100 + 29) * 100 + 31) * 100 + 2
    assert format_short(row) == ["9.48.30/32.3"]
    assert Coordinate.parse("9.48.30/32.3").parts[4:] == (9, 48, 30, 32, 3)
    with pytest.raises(InputError):
        Coordinate.parse("0.47.29/31.2")


def test_a_hundred_to_the_fifth_is_ten_thousand_million():
    """Five digits of base 100 name 10^10 coordinates, ten for each ID of 10^9, and the IDs fill 10 of 100 volumes."""
    assert PLAN.capacity == 10**10 == 10 * PLAN.size
    assert [PLAN.group_count(depth) for depth in range(6)] == [1, 10, 10**3, 10**5, 10**7, 10**9]


@pytest.mark.parametrize("radices", [(3, 10, 10, 10), (2, 3, 4, 5, 6), (7, 1, 2), (5, 5)])
def test_every_size_has_its_digits(radices):
    """For each size that the radices hold, the last ID has the digits that division gives, wherever numbers become narrower."""
    for size in range(1, prod(radices) + 1):
        assert (Vocabulary(size, radices).coordinates([size - 1])[0] - 1).tolist() == digits(size - 1, radices)


@pytest.mark.parametrize("seed", [None, 3])
def test_chunks_leave_no_seams(seed):
    """A million IDs in one call are what they are one by one, in any integer type, also beyond 32 bits."""
    for vocabulary, kind in (
        (Vocabulary.of_base(10**9, 100, seed=seed), np.int32),
        (Vocabulary.of_base(10**10, 100, seed=seed), np.int64),
    ):
        ids = np.random.default_rng(1).integers(0, vocabulary.size, 1_000_003).astype(kind)
        rows = vocabulary.coordinates(ids)
        positions = vocabulary.positions(ids)
        assert all(np.array_equal(rows[:, place], positions // 100 ** (4 - place) % 100 + 1) for place in range(5))
        assert np.array_equal(vocabulary.ids(np.ascontiguousarray(rows)), ids)
        some = np.arange(0, len(ids), 99_991)
        assert np.array_equal(rows[some], np.concatenate([vocabulary.coordinates(ids[one : one + 1]) for one in some]))


def test_coordinates_have_contiguous_columns():
    """The array is (n, parts) of 16 bits, and each part's column is one run of memory."""
    rows = PLAN.coordinates(np.arange(1000))
    assert rows.shape == (1000, 5) and rows.dtype == np.uint16 and rows.T.flags.c_contiguous
    assert PLAN.coordinates([]).shape == (0, 5) and PLAN.ids(PLAN.coordinates([])).shape == (0,)


@given(vocabularies(most=5000), st.data())
def test_groups_are_shared_leading_parts(vocabulary, data):
    """IDs are in one group exactly if their leading parts agree; group sizes and counts add up to the vocabulary."""
    depth = data.draw(st.integers(0, vocabulary.parts))
    ids = np.arange(vocabulary.size)
    groups = vocabulary.groups(ids, depth)
    leading = (
        np.unique(vocabulary.coordinates(ids)[:, :depth], axis=0, return_inverse=True)[1].ravel() if depth else 0 * ids
    )
    assert np.array_equal(groups, leading)
    assert groups.max() + 1 == vocabulary.group_count(depth)
    sizes, counts = vocabulary.group_sizes(depth)
    assert sorted(np.repeat(sizes, counts).tolist()) == sorted(np.bincount(groups).tolist())


@given(st.integers(1, 990_000), st.lists(st.integers(1, 20), min_size=1, max_size=4), st.integers(0, 100))
def test_a_fitted_vocabulary_names_the_chip_first(rows, shape, short):
    """Its first parts are the machine's axes and all IDs fit, whatever the machine and the number of rows on a chip."""
    size = max(min(rows, 999 ** (5 - len(shape))) * int(np.prod(shape)) - short, 1)
    fitted = Vocabulary.fitted(size, shape)
    assert fitted.radices[: len(shape)] == tuple(shape) and fitted.parts == 5
    assert fitted.capacity >= size


@given(st.integers(1, 998_001))
def test_the_last_two_parts_waste_as_little_as_they_can(rows):
    """No two parts from 1 to 999 hold all rows of a chip with fewer coordinates."""
    products = np.multiply.outer(np.arange(1, 1000), np.arange(1, 1000))
    assert prod(Vocabulary.fitted(rows, (1, 1, 1)).radices) == products[products >= rows].min()


@given(st.integers(0, 10**10 - 1))
def test_the_printed_rule_is_the_engines(number):
    """The listing gives the engine's coordinate, and takes it back."""
    wide = Vocabulary.of_base(10**10, 100)
    (text,) = format_short(wide.coordinates([number]))
    assert sparse.vocab_to_coord(number) == text
    assert sparse.coord_to_vocab(text) == number


@pytest.mark.parametrize(
    "call",
    [
        lambda: PLAN.coordinates([10**9]),
        lambda: PLAN.coordinates([-1]),
        lambda: PLAN.coordinates([0.5]),
        lambda: PLAN.coordinates([[1]]),
        lambda: PLAN.coordinates([True]),
        lambda: PLAN.ids([[1, 1, 1, 1, 0]]),
        lambda: PLAN.ids([[1, 1, 2, 0, 1]]),
        lambda: PLAN.ids([[1, 1, 1, 1, 101]]),
        lambda: PLAN.ids([[11, 1, 1, 1, 1]]),
        lambda: PLAN.ids([[1, 1, 1]]),
        lambda: PLAN.at_positions([10**9]),
        lambda: PLAN.groups([1], 6),
        lambda: Vocabulary(101, (10, 10)),
        lambda: Vocabulary.fitted(10**9, (4, 4, 4)),
        lambda: Vocabulary.fitted(10**9, (4, 4, 4), 2),
        lambda: Vocabulary(1, (1000,)),
        lambda: Vocabulary(0, (10,)),
        lambda: Vocabulary(1, ()),
        lambda: Vocabulary(10, (10,), seed=-1).positions([1]),
        lambda: Scrambler(LARGEST + 1, 0),
    ],
    ids=range(20),
)
def test_what_is_no_id_or_coordinate_is_refused(call):
    """IDs outside the vocabulary, parts outside their radix, coordinates without an ID, and bad rules raise an InputError."""
    with pytest.raises(InputError):
        call()
