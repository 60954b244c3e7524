"""Groups of requests: laws of a partition, closed forms against enumeration, simulation and the paper's example."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.occupancy import expected_occupancy, uniform_occupancy, zipf_occupancy
from phextpaper.engine.sparse.request_groups import group_sizes, grouped, grouped_ids
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.errors import InputError
from phextpaper.study.listings import sparse

PLAN = Vocabulary.of_base(10**9, 100)
KEYS = st.integers(1, 40).flatmap(
    lambda count: st.tuples(st.lists(st.integers(0, count - 1), max_size=100), st.just(count))
)


@given(KEYS, st.sampled_from([1, 10**6]))
def test_groups_are_a_partition(keys, spread):
    """Each request is in one group, that of its key, in the order of the batch; no group is empty; few bins or many."""
    labels, count = np.array(keys[0], dtype=np.int64) * spread, keys[1] * spread
    groups = grouped(labels, count)
    assert sorted(groups.order.tolist()) == list(range(len(labels)))
    assert groups.keys.tolist() == sorted(set(labels.tolist())) and groups.sizes.sum() == len(labels)
    for place in range(len(groups)):
        assert groups.members(place).tolist() == np.flatnonzero(labels == groups.keys[place]).tolist()


@given(st.lists(st.integers(0, 10**9 - 1), max_size=60), st.integers(1, 5))
def test_the_printed_grouping_is_the_engines(ids, depth):
    """The listing's groups, in phext order, hold the same IDs as the engine's."""
    printed = sparse.batch_sparse_lookups(ids, depth)
    in_order = sorted(printed, key=lambda parts: [int(part) for part in parts])
    groups = grouped_ids(PLAN, ids, depth)
    assert [printed[key] for key in in_order] == [
        [ids[place] for place in groups.members(one)] for one in range(len(groups))
    ]


@pytest.mark.parametrize("seed", [None, 5])
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_sizes_are_those_of_the_groups(seed, depth):
    """Counting the groups of 300 000 IDs and making them agree, plain and scrambled."""
    vocabulary = Vocabulary.of_base(10**9, 100, seed=seed)
    ids = zipf_ids(300_000, 10**9, 0.5, seed=1)
    groups, sizes = grouped_ids(vocabulary, ids, depth), group_sizes(vocabulary, ids, depth)
    assert len(sizes) == vocabulary.group_count(depth)
    assert np.array_equal(np.flatnonzero(sizes), groups.keys) and np.array_equal(sizes[groups.keys], groups.sizes)


@st.composite
def shares_and_requests(draw):
    """Exact shares of a few groups, and a few requests."""
    weights = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any))
    return [Fraction(weight, sum(weights)) for weight in weights], draw(st.integers(0, 5))


@given(shares_and_requests())
def test_occupancy_is_that_of_all_outcomes(case):
    """Mean and deviation are those of enumerating where every request can fall, in exact fractions."""
    shares, requests = case
    mean = square = Fraction(0)
    for outcome in itertools.product(range(len(shares)), repeat=requests):
        chance = Fraction(1)
        for group in outcome:
            chance *= shares[group]
        mean += chance * len(set(outcome))
        square += chance * len(set(outcome)) ** 2
    found = expected_occupancy(requests, [float(share) for share in shares])
    assert found.groups == len(shares)
    assert found.mean == pytest.approx(float(mean), abs=1e-12)
    assert found.deviation == pytest.approx(float(square - mean**2) ** 0.5, abs=1e-6)


@given(st.integers(1, 50), st.integers(0, 300))
def test_equal_groups_may_be_given_once(groups, requests):
    """Equal shares with a count are the same as listing each."""
    once, each = (
        expected_occupancy(requests, [1 / groups], [groups]),
        expected_occupancy(requests, [1 / groups] * groups),
    )
    assert once.mean == pytest.approx(each.mean) and once.deviation == pytest.approx(each.deviation, abs=1e-6)


def test_the_plans_thousand_ids_make_632_batches():
    """1000 uniform IDs meet 10 volumes x 100 books = 1000 bins, and fill 1000 (1 - (1 - 1/1000)^1000) = 632 of them, not 100."""
    expected = uniform_occupancy(PLAN, 1000, 2)
    assert expected.groups == 10 * 100
    assert expected.mean == pytest.approx(1000 * (1 - (1 - 1 / 1000) ** 1000)) and round(expected.mean) == 632
    observed = np.array([len(grouped_ids(PLAN, zipf_ids(1000, 10**9, 0.0, seed=seed), 2)) for seed in range(400)])
    # Both within 4.5 standard errors of what is expected, which fails once in more than 100 000.
    assert abs(observed.mean() - expected.mean) < 4.5 * expected.deviation / 20
    assert abs(observed.std(ddof=1) / expected.deviation - 1) < 4.5 / np.sqrt(2 * 399)


@pytest.mark.parametrize(
    "vocabulary, depth",
    [
        (Vocabulary.of_base(10**9, 100, seed=2), 2),
        (Vocabulary.of_base(123_456_789, 100), 2),
        (Vocabulary.fitted(10**9, (16, 16, 16)), 3),
        (Vocabulary.fitted(10**9, (5, 4, 3), 6, seed=1), 3),
    ],
    ids=["scrambled", "partial", "fitted", "fitted and scrambled"],
)
def test_uniform_ids_fill_as_many_groups_as_expected(vocabulary, depth):
    """The mean number of groups over 100 batches of 500 lies within 4.5 standard errors of the closed form."""
    expected = uniform_occupancy(vocabulary, 500, depth)
    observed = [
        len(grouped_ids(vocabulary, zipf_ids(500, vocabulary.size, 0.0, seed=seed), depth)) for seed in range(100)
    ]
    assert expected.groups == vocabulary.group_count(depth)
    assert abs(np.mean(observed) - expected.mean) < 4.5 * expected.deviation / 10


@pytest.mark.parametrize("skew", [0.0, 0.5, 1.0, 1.2])
def test_skewed_ids_fill_as_many_groups_as_expected(skew):
    """Under the plain rule the closed form of the skewed distribution holds too, within 4.5 standard errors."""
    expected = zipf_occupancy(PLAN, 1000, 2, skew)
    observed = [len(grouped_ids(PLAN, zipf_ids(1000, 10**9, skew, seed=seed), 2)) for seed in range(100)]
    assert abs(np.mean(observed) - expected.mean) < 4.5 * expected.deviation / 10
    if skew == 0:
        assert expected.mean == pytest.approx(uniform_occupancy(PLAN, 1000, 2).mean)
        assert expected.deviation == pytest.approx(uniform_occupancy(PLAN, 1000, 2).deviation, rel=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: grouped([3], 3),
        lambda: grouped([-1], 3),
        lambda: grouped([0.5], 3),
        lambda: expected_occupancy(10, [0.5, 0.4]),
        lambda: expected_occupancy(10, [1.5, -0.5]),
        lambda: expected_occupancy(-1, [1.0]),
        lambda: expected_occupancy(1, []),
        lambda: zipf_occupancy(Vocabulary.of_base(10**9, 100, seed=1), 10, 1, 1.0),
        lambda: zipf_occupancy(PLAN, 10, 3, 1.0),
    ],
    ids=range(9),
)
def test_what_is_no_grouping_is_refused(call):
    """Keys outside their range, shares that do not add up, and closed forms that there are none of raise an InputError."""
    with pytest.raises(InputError):
        call()
