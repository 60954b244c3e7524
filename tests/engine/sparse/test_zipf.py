"""Skewed IDs: harmonic numbers against sums and zeta functions, draws against SciPy's distribution."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from phextpaper.engine.sparse.zipf import harmonic, zipf_ids, zipf_share
from phextpaper.errors import InputError

SKEWS = (0.0, 0.5, 1.0, 1.2, 2.5)


@given(st.integers(1, 20_000), st.floats(0, 5))
def test_harmonic_numbers_are_their_sums(terms, skew):
    """The formula gives the sum of k^-skew to 12 digits, for any number of terms and any skew."""
    assert harmonic(terms, skew) == pytest.approx(math.fsum(k**-skew for k in range(1, terms + 1)), rel=1e-12)


@pytest.mark.parametrize("skew", [1.2, 2.0, 3.0])
def test_harmonic_numbers_of_many_terms_are_differences_of_zeta_functions(skew):
    """For a skew above 1 the sum is the Riemann zeta function less Hurwitz's; for 1 it is the digamma function's."""
    terms = 10**9
    assert harmonic(terms, skew) == pytest.approx(special.zeta(skew) - special.zeta(skew, terms + 1), rel=1e-12)
    assert harmonic(terms, 1.0) == pytest.approx(special.digamma(terms + 1) + np.euler_gamma, rel=1e-12)


@pytest.mark.parametrize("skew", SKEWS)
@pytest.mark.parametrize("size", [1, 2, 37, 64, 1000])
def test_draws_follow_the_distribution(size, skew):
    """A million draws of a small vocabulary pass a chi-square test against k^-skew at one in ten thousand."""
    counts = np.bincount(zipf_ids(10**6, size, skew, seed=size), minlength=size)
    shares = np.arange(1, size + 1) ** -skew
    expected = shares / shares.sum() * counts.sum()
    rare = expected < 5
    seen = np.append(counts[~rare], counts[rare].sum())
    wanted = np.append(expected[~rare], expected[rare].sum())
    kept = wanted > 0
    assert len(counts) == size and counts.sum() == 10**6
    assert kept.sum() == 1 or stats.chisquare(seen[kept], wanted[kept]).pvalue > 1e-4


@pytest.mark.parametrize("skew", SKEWS)
def test_draws_of_a_large_vocabulary_fill_octaves_as_expected(skew):
    """Of 10^9 IDs, both halves of octaves of ranks get their shares, the partial last one too, by a chi-square test."""
    size, count = 10**9, 2_000_000
    ids = zipf_ids(count, size, skew, seed=5)
    ends = [0, *(half * 2**octave - 1 for octave in range(29) for half in (2, 3)), size]
    counts = np.histogram(ids, bins=np.array(ends) - 0.5)[0]
    shares = [zipf_share(first, last, size, skew) for first, last in itertools.pairwise(ends)]
    kept = np.array(shares) * count > 5
    wanted = np.array(shares)[kept] / np.array(shares)[kept].sum() * counts[kept].sum()
    assert math.fsum(shares) == pytest.approx(1, rel=1e-9)
    assert stats.chisquare(counts[kept], wanted).pvalue > 1e-4


def test_a_seed_draws_the_same_ids_again():
    """The same seed gives the same IDs, another seed others."""
    assert np.array_equal(zipf_ids(100, 10**9, 1.1, seed=1), zipf_ids(100, 10**9, 1.1, seed=1))
    assert not np.array_equal(zipf_ids(100, 10**9, 1.1, seed=1), zipf_ids(100, 10**9, 1.1, seed=2))
    assert zipf_ids(0, 10, 1.0, seed=1).shape == (0,)


@pytest.mark.parametrize("size, skew", [(0, 1.0), (10, -0.1), (10, math.nan)])
def test_what_is_no_distribution_is_refused(size, skew):
    """An empty vocabulary and a negative skew raise an InputError."""
    with pytest.raises(InputError):
        zipf_ids(1, size, skew, seed=1)
