"""The printed lookup: short enough, right on the plan's example, and in the order of the request."""

import inspect
from collections import Counter
from math import gcd

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.engine.naming.scrambling import Scrambler
from phextpaper.study.listings import sparse

FUNCTIONS = [one for _, one in inspect.getmembers(sparse, inspect.isfunction)]
IDS = st.lists(st.integers(0, 10**10 - 1), max_size=40)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_each_printed_function_is_short(function):
    """It has at most twenty lines, its first and its explanation included, and says what it does."""
    assert len(inspect.getsource(function).splitlines()) <= 20 and function.__doc__


@given(st.integers(0, 10**10 - 1))
def test_an_id_comes_back_from_its_coordinate(number):
    """Every ID has a coordinate that parses, and the coordinate gives it back."""
    coord = sparse.vocab_to_coord(number)
    assert Coordinate.parse(coord).short() == coord and sparse.coord_to_vocab(coord) == number


def test_the_plans_example():
    """ID 847293102 is 9.48.30/32.3: the digits 8 47 29 31 2, each plus 1."""
    assert sparse.vocab_to_coord(847_293_102) == "9.48.30/32.3"
    assert sparse.vocab_to_coord(0) == "1.1.1/1.1" and sparse.vocab_to_coord(10**10 - 1) == "100.100.100/100.100"


@given(st.integers(1, 10**12), st.integers(0, 10**6), st.data())
def test_scrambling_comes_back(size, seed, data):
    """The engine's unit and shift make a bijection of the printed rule."""
    scrambler = Scrambler(size, seed)
    number = data.draw(st.integers(0, size - 1))
    position = sparse.scramble(number, size, scrambler.unit, scrambler.shift)
    assert gcd(scrambler.unit, size) == 1 and 0 <= position < size
    assert (position - scrambler.shift) * pow(scrambler.unit, -1, size) % size == number


@given(IDS, st.integers(1, 5))
def test_batches_are_a_partition(ids, depth):
    """Each ID is in one batch as often as it was asked for, and the batch is named by the leading parts of its coordinate."""
    batches = sparse.batch_sparse_lookups(ids, depth)
    assert Counter(one for batch in batches.values() for one in batch) == Counter(ids)
    for key, batch in batches.items():
        assert len(key) == depth
        assert all(sparse.vocab_to_coord(one).replace("/", ".").split(".")[:depth] == list(key) for one in batch)


class CountingTable(dict):
    """A table that counts how often each coordinate is fetched."""

    def __init__(self, rows: dict) -> None:
        super().__init__(rows)
        self.fetched = Counter()

    def get(self, key, default=None):
        """Fetch a row."""
        self.fetched[key] += 1
        return super().get(key, default)


@given(
    st.dictionaries(st.integers(0, 10**9), st.lists(st.floats(-1, 1), min_size=2, max_size=2), max_size=20), st.data()
)
def test_a_lookup_keeps_the_order_and_fetches_once(rows, data):
    """Rows come in the order of the request, zeros for absent IDs, and no coordinate is fetched twice."""
    ids = data.draw(
        st.lists(st.integers(0, 10**9) | (st.sampled_from(sorted(rows)) if rows else st.just(5)), max_size=40)
    )
    table = CountingTable({sparse.vocab_to_coord(one): row for one, row in rows.items()})
    assert sparse.sparse_lookup(ids, table, 2) == [rows.get(one, [0.0, 0.0]) for one in ids]
    assert table.fetched == Counter({sparse.vocab_to_coord(one): 1 for one in set(ids)})
