"""Owners of rows and how evenly they are spread: enumeration, Torus and Layout indices, SciPy's chi-square test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.sparse.sharding import balance, owner_places, owners, rows_owned
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.errors import InputError

CUBE = (16, 16, 16)
PLAN = Vocabulary.of_base(10**9, 100)
SHAPES = st.lists(st.integers(1, 7), min_size=1, max_size=3)


@given(SHAPES, st.lists(st.integers(0, 999), min_size=3, max_size=3))
def test_an_owner_is_named_by_its_coordinates_parts(shape, parts):
    """Each part counts round its axis; the index is the torus node's, and the layout's chip in three dimensions."""
    row = np.array([parts]) + 1
    place = [part % length for part, length in zip(parts, shape, strict=False)]
    assert owner_places(row, shape).tolist() == [place]
    if np.prod(shape) > 1:
        assert owners(row, shape)[0] == Torus(tuple(shape)).index([place])[0]
    if len(shape) == 3:
        assert (
            owners(row, shape)[0] == Layout(*shape, spare_volumes=0, links_per_chip=6).index([np.array(place) + 1])[0]
        )


@given(SHAPES, st.integers(1, 4000), st.lists(st.integers(2, 12), min_size=4, max_size=4))
def test_rows_owned_are_counted_one_by_one(shape, size, radices):
    """The count of each chip's rows is that of an enumeration of the vocabulary."""
    vocabulary = Vocabulary(min(size, int(np.prod(radices))), tuple(radices))
    counted = np.bincount(
        owners(vocabulary.coordinates(np.arange(vocabulary.size)), shape), minlength=int(np.prod(shape))
    )
    assert np.array_equal(rows_owned(vocabulary, shape), counted)


def test_the_plans_rule_leaves_six_of_sixteen_volumes_empty():
    """10^9 IDs of base 100 have 10 volumes; folded onto 16 racks, 6 racks and so 1536 chips own no row."""
    owned = rows_owned(PLAN, CUBE).reshape(CUBE)
    assert owned.sum() == 10**9
    assert [bool(volume.any()) for volume in owned] == [True] * 10 + [False] * 6
    most = -(-100 // 16)  # values of a book or chapter, of 100, that share the fullest of 16 places
    assert owned.max() == most * most * 100 * 100


def test_a_fitted_vocabulary_uses_every_chip_evenly():
    """With radices fitted to the machine every chip owns rows, and all but the last own as many, 1.0001 times the mean at most."""
    fitted = Vocabulary.fitted(10**9, CUBE)
    owned = rows_owned(fitted, CUBE)
    assert owned.sum() == 10**9 and owned.min() > 0
    assert (owned[:-1] == fitted.radices[3] * fitted.radices[4]).all()
    assert owned.max() / owned.mean() < 1.0001


@given(st.lists(st.integers(0, 5), min_size=1, max_size=200), st.lists(st.floats(0.1, 1), min_size=6, max_size=6))
def test_balance_is_scipys_chi_square(bins, weights):
    """Statistic and p-value are SciPy's, for equal and for other expected shares."""
    counts = np.bincount(bins, minlength=6)
    for shares in (None, weights):
        ours = balance(bins, 6, shares=shares)
        expected = np.full(6, len(bins) / 6) if shares is None else np.array(shares) / sum(shares) * len(bins)
        theirs = stats.chisquare(counts, expected * (counts.sum() / expected.sum()))
        assert ours.chi_square == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-9)
        assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-12)
        assert ours.largest_over_mean == pytest.approx(counts.max() / counts.mean())
        assert (ours.empty, ours.largest, ours.things, ours.bins) == ((counts == 0).sum(), counts.max(), len(bins), 6)


@pytest.mark.parametrize("seed", [None, 7])
def test_uniform_ids_fall_evenly_into_volumes_and_books(seed):
    """Uniform IDs pass the chi-square test at one in a thousand, by volume and by book, plain and scrambled."""
    vocabulary = Vocabulary.of_base(10**9, 100, seed=seed)
    ids = zipf_ids(100_000, 10**9, 0.0, seed=11)
    for depth, count in ((1, 10), (2, 1000)):
        assert balance(vocabulary.groups(ids, depth), count).p_value > 1e-3


@pytest.mark.parametrize("skew", [0.5, 1.0, 1.2])
def test_scrambling_spreads_what_the_plain_rule_leaves_in_one_volume(skew):
    """Skewed IDs crowd the first volume under the plain rule; scrambled, the fullest volume holds far less."""
    ids = zipf_ids(50_000, 10**9, skew, seed=3)
    plain, scrambled = (balance(Vocabulary.of_base(10**9, 100, seed=seed).groups(ids, 1), 10) for seed in (None, 7))
    assert plain.largest_over_mean > 2 and plain.p_value < 1e-6
    assert scrambled.largest_over_mean - 1 < (plain.largest_over_mean - 1) / 2
    assert np.bincount(Vocabulary.of_base(10**9, 100).groups(ids, 1)).argmax() == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: owners([[1, 2]], CUBE),
        lambda: owners([[1, 2, 3]], ()),
        lambda: owners([1, 2, 3], CUBE),
        lambda: owners([[1, 2, 3]], (16, 0, 16)),
        lambda: balance([], 4),
        lambda: balance([4], 4),
        lambda: balance([-1], 4),
        lambda: balance([0.5], 4),
        lambda: balance([0], 2, shares=[1.0, 0.0]),
        lambda: rows_owned(Vocabulary(10, (10,)), (2, 2)),
    ],
    ids=range(10),
)
def test_what_has_no_owner_or_bin_is_refused(call):
    """Coordinates too short, axes of no length, bins that are not there and shares of zero raise an InputError."""
    with pytest.raises(InputError):
        call()
