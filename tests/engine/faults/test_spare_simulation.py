"""Simulated spare pools: against closed forms and the chain at full size, and against laws that need neither."""

import numpy as np
import pytest
from scipy import stats

from phextpaper.engine.faults.spare_pools import (
    Repair,
    SparePool,
    shortage_probability,
    shortage_probability_with_repair,
    steady_state,
)
from phextpaper.engine.faults.spare_simulation import ShortageTimes, long_run, shortage_times
from phextpaper.errors import InputError

PAPER = SparePool.of_chips(4096, 256, mtbf_days=1000)


@pytest.mark.parametrize("dormancy", [0.0, 0.4, 1.0])
def test_shortages_without_repair_fall_in_the_band(dormancy):
    """For the paper's pool the closed form lies within the band of the simulation on every day at once."""
    pool = SparePool.of_chips(4096, 256, dormancy=dormancy, mtbf_days=1000)
    times = shortage_times(pool, runs=10_000, horizon_days=90, seed=1)
    days = np.linspace(40, 90, 101)
    assert times.band(days, confidence=0.999).holds(shortage_probability(pool, days))
    assert not times.band(days, confidence=0.999).holds(shortage_probability(pool, days + 1))


@pytest.mark.parametrize("unit", [4, 64])
def test_shortages_of_larger_units_fall_in_the_band(unit):
    """The same holds for hosts and blocks."""
    pool = SparePool.of_chips(4096, 256, unit=unit, mtbf_days=1000)
    times = shortage_times(pool, runs=10_000, horizon_days=40, seed=2)
    days = np.linspace(0, 40, 200)
    assert times.band(days, confidence=0.999).holds(shortage_probability(pool, days))


def test_the_simulation_agrees_with_single_chips():
    """Hot spares: the 257th of 4352 simulated lifetimes comes as late as the simulated shortage (Kolmogorov-Smirnov)."""
    pool = SparePool.of_chips(4096, 256, dormancy=1.0, mtbf_days=1000)
    lifetimes = np.random.default_rng(3).exponential(1000, size=(1000, 4352))
    shortage = np.partition(lifetimes, 256, axis=1)[:, 256]
    found = shortage_times(pool, runs=1000, horizon_days=200, seed=4).days
    assert stats.ks_2samp(found, shortage).pvalue > 0.001


@pytest.mark.parametrize("crews", [1, 4, 6, None])
def test_shortages_with_repair_fall_in_the_band(crews):
    """With repair the chain's first shortages lie within the band of the simulation, from too few crews to no limit."""
    pool, repair = SparePool.of_chips(4096, 256, unit=64, mtbf_days=1000), Repair(24, crews)
    times = shortage_times(pool, repair, runs=10_000, horizon_days=8, seed=5)
    days = np.array([0.25, 0.5, 1, 2, 4, 8])
    assert times.band(days, confidence=0.999).holds(shortage_probability_with_repair(pool, repair, days))


@pytest.mark.parametrize("crews", [4, 6, None])
def test_the_long_run_agrees_with_the_steady_state(crews):
    """Shares of time and mean failures lie within the intervals around the simulated ones."""
    pool, repair = SparePool.of_chips(4096, 256, unit=64, mtbf_days=1000), Repair(24, crews)
    found, chain = (
        long_run(pool, repair, days=300, warm_up_days=80, runs=300, seed=6, confidence=0.999),
        steady_state(pool, repair),
    )
    assert found.shortage.holds(chain.shortage)
    assert found.mean_failed.holds(chain.mean_failed)
    assert found.shortage.high - found.shortage.low < 0.03


def test_the_paper_s_pool_with_repair():
    """With 16 crews the simulated mean of failed chips agrees with the chain, and no run ever sees a shortage."""
    repair = Repair(24, 16)
    found = long_run(PAPER, repair, days=100, warm_up_days=20, runs=200, seed=7, confidence=0.999)
    assert found.mean_failed.holds(steady_state(PAPER, repair).mean_failed)
    assert found.shortage.found == 0
    assert found.shortage.holds(steady_state(PAPER, repair).shortage)
    assert found.shortage.high == pytest.approx(1 - 0.0005 ** (1 / 200))


def test_a_pool_that_is_always_short_says_so_with_an_interval():
    """With one crew the pool is short all the time in every run, and the interval leaves room for what no run saw."""
    pool, repair = SparePool.of_chips(4096, 256, unit=64, mtbf_days=100), Repair(24, 1)
    found = long_run(pool, repair, days=20, warm_up_days=20, runs=100, seed=3, confidence=0.999)
    assert found.shortage.found == pytest.approx(1)
    assert found.shortage.low == pytest.approx(0.0005 ** (1 / 100))
    assert found.shortage.high == 1.0
    assert found.shortage.holds(steady_state(pool, repair).shortage)


def test_the_distribution_of_repair_times_does_not_matter_where_no_unit_waits():
    """Hot units with a crew each are independent, so fixed repair times give the binomial of exponential ones."""
    pool, repair = SparePool(40, 3, 0.1, dormancy=1.0), Repair(24)
    down = stats.binom(43, 0.1 / 1.1)
    found = long_run(pool, repair, days=300, warm_up_days=20, runs=300, seed=8, repair_times="fixed", confidence=0.999)
    assert found.shortage.holds(down.sf(3))
    assert found.mean_failed.holds(down.mean())


def test_fixed_repair_times_shorten_the_queue():
    """Where crews are short, repairs that vary less keep fewer units waiting."""
    pool, repair = SparePool.of_chips(4096, 256, unit=64, mtbf_days=1000), Repair(24, 5)
    both = [
        long_run(pool, repair, days=200, warm_up_days=60, seed=9, repair_times=kind, confidence=0.999)
        for kind in ("fixed", "exponential")
    ]
    assert both[0].mean_failed.high < both[1].mean_failed.low


def test_equal_seeds_give_equal_runs():
    """A seed decides everything, and another seed decides otherwise."""
    times = [shortage_times(PAPER, runs=50, horizon_days=90, seed=seed).days for seed in (1, 1, 2)]
    assert np.array_equal(times[0], times[1])
    assert not np.array_equal(times[0], times[2])


def test_single_days_have_exact_intervals():
    """The interval of one day is Clopper and Pearson's, as SciPy computes it, at both ends too."""
    times = ShortageTimes(np.array([1.0, 2.0, 3.0, 4.0, np.inf]), 10.0)
    found = times.shortage([0.5, 2.0, 4.0], confidence=0.95)
    for at, count in enumerate((0, 2, 4)):
        exact = stats.binomtest(count, 5).proportion_ci(0.95, method="exact")
        assert (found.low[at], found.high[at]) == pytest.approx((exact.low, exact.high))
    everyone = ShortageTimes(np.array([1.0, 2.0]), 10.0).shortage(5.0, confidence=0.95)
    assert everyone.high == 1.0
    assert everyone.low == pytest.approx(stats.binomtest(2, 2).proportion_ci(0.95, method="exact").low)


def test_runs_stop_at_the_horizon():
    """A shortage after the horizon is not known, and no day after it may be asked for."""
    times = shortage_times(PAPER, runs=200, horizon_days=62, seed=1)
    assert (times.days[np.isfinite(times.days)] <= 62).all()
    assert np.isinf(times.days).any()
    with pytest.raises(InputError, match="ended before"):
        times.band(63, confidence=0.999)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: shortage_times(PAPER, runs=0, horizon_days=1, seed=1),
        lambda: shortage_times(PAPER, runs=1, horizon_days=0, seed=1),
        lambda: shortage_times(PAPER, Repair(1), runs=1, horizon_days=1, seed=1, repair_times="normal"),
        lambda: long_run(PAPER, Repair(1), days=1, warm_up_days=0, seed=1, confidence=0.999),
        lambda: shortage_times(PAPER, runs=2, horizon_days=1, seed=1).band(1, confidence=1.0),
    ],
)
def test_impossible_runs_are_refused(wrong):
    """What cannot be simulated is refused with a remedy."""
    with pytest.raises(InputError) as caught:
        wrong()
    assert caught.value.remedy
