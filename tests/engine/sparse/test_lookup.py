"""The sparse table against a plain dictionary, against SciPy's products, and against the lookup that the paper prints."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.naming.coordinates import format_short
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.lookup import SparseTable
from phextpaper.errors import InputError
from phextpaper.study.listings import sparse

SIZE, WIDTH = 300, 3
PLAN = Vocabulary.of_base(10**9, 100)


@st.composite
def cases(draw):
    """A small vocabulary, plain or scrambled, rows for some of its IDs, and a batch with repeated and absent IDs."""
    vocabulary = Vocabulary.of_base(SIZE, base=7, parts=3, seed=draw(st.none() | st.integers(0, 99)))
    ids = draw(st.lists(st.integers(0, SIZE - 1), unique=True, max_size=60))
    values = np.arange(1, len(ids) * WIDTH + 1, dtype=np.float32).reshape(len(ids), WIDTH)
    batch = draw(st.lists(st.integers(0, SIZE - 1) | (st.sampled_from(ids) if ids else st.just(0)), max_size=80))
    return vocabulary, np.array(ids, dtype=np.int64), values, np.array(batch, dtype=np.int64)


@given(cases())
def test_a_lookup_is_a_dictionarys(case):
    """Rows come in the order of the request, zeros for absent IDs, by whatever rule."""
    vocabulary, ids, values, batch = case
    plain = dict(zip(ids.tolist(), values.tolist(), strict=True))
    table = SparseTable.of_ids(vocabulary, ids, values)
    wanted = [plain.get(one, [0.0] * WIDTH) for one in batch.tolist()]
    assert table.lookup(batch).tolist() == wanted
    assert table.lookup(batch).shape == (len(batch), WIDTH)


@given(cases())
def test_each_row_is_fetched_once(case):
    """A batch fetches as many rows as it has distinct occupied IDs, in phext order."""
    vocabulary, ids, values, batch = case
    found = SparseTable.of_ids(vocabulary, ids, values).batch(batch)
    assert np.count_nonzero(found.rows >= 0) == len(set(batch.tolist()) & set(ids.tolist()))
    assert found.requests == len(batch) and (np.diff(found.positions) > 0).all()
    assert np.array_equal(found.positions[found.where], vocabulary.positions(batch))


@given(cases(), st.data())
def test_pooling_adds_rows_up_by_bag(case, data):
    """A bag holds the sum of its rows, as adding them one by one gives it; a bag without an ID is zero."""
    vocabulary, ids, values, batch = case
    bags = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(batch), max_size=len(batch))), dtype=np.int64)
    table = SparseTable.of_ids(vocabulary, ids, values)
    wanted = np.zeros((bags.max() + 1 if len(bags) else 0, WIDTH), dtype=np.float32)
    np.add.at(wanted, bags, table.lookup(batch))
    assert np.allclose(table.pooled(batch, bags), wanted)


@given(st.lists(st.integers(0, 10**9 - 1), unique=True, min_size=1, max_size=20), st.data())
def test_the_printed_lookup_gives_the_tables_rows(ids, data):
    """The listing, on a dictionary of coordinates, answers as the engine's table does."""
    batch = data.draw(st.lists(st.sampled_from(ids) | st.integers(0, 10**9 - 1), max_size=30))
    values = np.arange(1.0, len(ids) * WIDTH + 1).reshape(len(ids), WIDTH)
    printed = dict(zip(format_short(PLAN.coordinates(ids)), values.tolist(), strict=True))
    assert sparse.sparse_lookup(batch, printed, WIDTH) == SparseTable.of_ids(PLAN, ids, values).lookup(batch).tolist()


def test_a_random_table_has_as_many_rows_as_asked_for():
    """A hundred thousand rows of 10^9, 0.01 %, lie at distinct positions, and each of their IDs finds its row."""
    table = SparseTable.random(Vocabulary.of_base(10**9, 100, seed=4), 100_000, 2, seed=1)
    assert len(table.positions) == 100_000 and table.values.shape == (100_000, 2) and table.values.dtype == np.float32
    some = np.arange(99_999, 0, -977)
    assert np.array_equal(table.lookup(table.vocabulary.at_positions(table.positions[some])), table.values[some])


def test_an_empty_table_gives_zeros():
    """A table without rows answers every ID with zeros."""
    table = SparseTable.of_ids(PLAN, [], np.zeros((0, 4)))
    assert table.lookup([1, 2, 1]).tolist() == [[0.0] * 4] * 3


@pytest.mark.parametrize(
    "call",
    [
        lambda: SparseTable.of_ids(PLAN, [1, 1], [[1.0], [2.0]]),
        lambda: SparseTable.of_ids(PLAN, [1], [[1.0], [2.0]]),
        lambda: SparseTable.of_ids(PLAN, [10**9], [[1.0]]),
        lambda: SparseTable(PLAN, np.array([3, 2]), np.zeros((2, 1))),
        lambda: SparseTable(PLAN, np.array([10**9]), np.zeros((1, 1))),
        lambda: SparseTable(PLAN, np.array([1]), np.zeros(1)),
        lambda: SparseTable.of_ids(PLAN, [1], [[1.0]]).lookup([-1]),
        lambda: SparseTable.of_ids(PLAN, [1], [[1.0]]).pooled([1, 1], [0]),
        lambda: SparseTable.of_ids(PLAN, [1], [[1.0]]).pooled([1], [-1]),
    ],
    ids=range(9),
)
def test_what_is_no_table_or_batch_is_refused(call):
    """An ID given two rows, values that do not match, IDs outside the vocabulary and bad bags raise an InputError."""
    with pytest.raises(InputError):
        call()
