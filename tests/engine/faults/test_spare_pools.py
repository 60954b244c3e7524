"""Spare pools: against SciPy's distributions, dense generator matrices and quadrature."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, linalg, stats

from phextpaper.engine.faults.pool_reports import availability
from phextpaper.engine.faults.spare_pools import (
    MOST_SPARES_WITH_REPAIR,
    Repair,
    SparePool,
    cover,
    crews_to_keep_up,
    daily_rate,
    log_steady_state,
    positive,
    share,
    shortage_probability,
    shortage_probability_with_repair,
    steady_state,
    sweep,
    unit_availability,
)
from phextpaper.errors import InputError

UNITS = {"chip": 1, "host": 4, "block": 64}
PAPER = SparePool.of_chips(4096, 256, mtbf_days=1000)

pools = st.builds(
    SparePool,
    active=st.integers(1, 12),
    spares=st.integers(0, 6),
    rate_per_day=st.floats(0.01, 2.0),
    dormancy=st.sampled_from([0.0, 0.3, 1.0]),
)
repairs = st.builds(Repair, hours=st.floats(1.0, 100.0), crews=st.one_of(st.none(), st.integers(1, 8)))


def generator(pool: SparePool, repair: Repair | None, states: int) -> np.ndarray:
    """The generator matrix of failed units 0, 1 …, written entry by entry; the state after the last absorbs."""
    matrix = np.zeros((states + 1, states + 1))
    for failed in range(states):
        up = max(0, min(pool.active, pool.active + pool.spares - failed)) + pool.dormancy * max(0, pool.spares - failed)
        matrix[failed, failed + 1] = up * pool.rate_per_day
        if repair is not None and failed:
            crews = failed if repair.crews is None else min(failed, repair.crews)
            matrix[failed, failed - 1] = crews * 24 / repair.hours
    return matrix - np.diag(matrix.sum(axis=1))


@given(pools.filter(lambda pool: pool.dormancy == 0), st.floats(0, 20))
def test_cold_spares_run_short_with_a_poisson_tail(pool, days):
    """Without repair, cold spares run short by a day when more failures than spares came, which is a Poisson tail."""
    expected = stats.poisson(pool.active * pool.rate_per_day * days).sf(pool.spares)
    assert shortage_probability(pool, days) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(pools.filter(lambda pool: pool.dormancy == 1), st.floats(0, 20))
def test_hot_spares_run_short_with_a_binomial_tail(pool, days):
    """Without repair, hot spares run short when more of all units than spares have failed, which is a binomial tail."""
    expected = stats.binom(pool.active + pool.spares, -np.expm1(-pool.rate_per_day * days)).sf(pool.spares)
    assert shortage_probability(pool, days) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(pools, st.floats(0.01, 5))
def test_any_spares_run_short_as_the_death_process_says(pool, days):
    """For any dormancy the closed form is the exponential of the generator matrix without repairs."""
    dense = linalg.expm(generator(pool, None, pool.spares + 1) * days)
    assert shortage_probability(pool, days) == pytest.approx(dense[0, -1], abs=1e-10)


def test_warm_spares_tend_to_cold_ones():
    """As dormancy vanishes, the probability of a shortage tends to that of cold spares."""
    nearly = SparePool.of_chips(4096, 256, dormancy=1e-6, mtbf_days=1000)
    days = np.array([50.0, 60.0, 70.0])
    assert shortage_probability(nearly, days) == pytest.approx(shortage_probability(PAPER, days), rel=1e-3)


def test_the_plan_s_cover_is_a_mean_that_fails_half_the_time():
    """4096 chips at 1000 days fail 4.096 times a day, 256 spares last 62.5 days, and by then half have run short."""
    found = cover(PAPER, confidence=0.999)
    assert found.failures_per_day == pytest.approx(4096 / 1000)
    assert found.naive_days == pytest.approx(256 / 4.096)
    assert found.mean_days == pytest.approx(257 / 4.096)
    assert found.shortage_at_naive == pytest.approx(stats.poisson(256).sf(256))
    assert stats.poisson(4.096 * found.assured_days).sf(256) == pytest.approx(0.001)
    assert found.assured_days < found.naive_days < found.mean_days


@given(pools, st.floats(0.5, 0.9999))
def test_cover_inverts_the_probability(pool, confidence):
    """At the assured day a shortage has the probability that is left, and the mean day is the integral of survival."""
    found = cover(pool, confidence=confidence)
    assert shortage_probability(pool, found.assured_days) == pytest.approx(1 - confidence, rel=1e-6)
    assert shortage_probability(pool, found.median_days) == pytest.approx(0.5, rel=1e-6)
    survival = integrate.quad(lambda day: 1 - shortage_probability(pool, day), 0, found.mean_days * 40, limit=400)[0]
    assert found.mean_days == pytest.approx(survival, rel=1e-5)


def test_larger_units_use_up_the_spares_sooner():
    """Failures a day do not depend on the unit, but 256 spare chips are 256 chips, 64 hosts or 4 blocks."""
    chosen = {unit: SparePool.of_chips(4096, 256, unit=UNITS[unit], mtbf_days=1000) for unit in UNITS}
    assert {unit: pool.spares for unit, pool in chosen.items()} == {"chip": 256, "host": 64, "block": 4}
    for pool in chosen.values():
        assert pool.failures_per_day == pytest.approx(4.096)
        assert cover(pool, confidence=0.999).mean_days == pytest.approx((pool.spares + 1) / 4.096)
    days = [cover(pool, confidence=0.999).assured_days for pool in chosen.values()]
    assert days == sorted(days, reverse=True)


def test_spares_that_fail_while_they_wait_last_less():
    """Hot spares cover fewer days than cold ones, and warm ones lie between, for every unit."""
    for unit in UNITS:
        days = [
            cover(
                SparePool.of_chips(4096, 256, unit=UNITS[unit], dormancy=d, mtbf_days=1000), confidence=0.999
            ).assured_days
            for d in (0.0, 0.5, 1.0)
        ]
        assert days[0] > days[1] > days[2]


@given(pools, repairs)
def test_the_steady_state_balances_the_generator(pool, repair):
    """The long-run probabilities are those that the dense generator matrix leaves unchanged."""
    units = pool.active + pool.spares
    matrix = generator(pool, repair, units + 1)[: units + 1, : units + 1]
    probabilities = np.exp(log_steady_state(pool, repair))
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities @ matrix == pytest.approx(np.zeros(units + 1), abs=1e-9 * abs(matrix).max())
    found = steady_state(pool, repair)
    assert found.shortage == pytest.approx(probabilities[pool.spares + 1 :].sum(), rel=1e-9)
    assert found.availability + found.shortage == pytest.approx(1)
    assert found.mean_failed == pytest.approx(probabilities @ np.arange(units + 1))
    missing = np.maximum(np.arange(units + 1) - pool.spares, 0)
    assert found.mean_missing == pytest.approx(probabilities @ missing, abs=1e-12)
    assert found.shortages_per_year == pytest.approx(
        probabilities[pool.spares] * matrix[pool.spares, pool.spares + 1] * 365.25, rel=1e-9
    )


@given(pools, repairs)
def test_the_mean_time_to_a_shortage_solves_the_generator(pool, repair):
    """The mean time from a full pool to the first shortage solves the chain's linear equations, in exact fractions."""
    rates = generator(pool, repair, pool.spares + 1)[:-1]
    np.fill_diagonal(rates, 0)
    rows = [[Fraction(-rate) for rate in row] for row in rates]
    for state, row in enumerate(rows):
        row[state] = -sum(row)
        row[-1] = Fraction(1)
    for state in reversed(range(len(rows))):
        for other in rows[:state]:
            factor = other[state] / rows[state][state]
            other[:] = [a - factor * b for a, b in zip(other, rows[state], strict=True)]
    expected = float(rows[0][-1] / rows[0][0])
    found = steady_state(pool, repair)
    assert found.mean_days_to_shortage == pytest.approx(expected, rel=1e-9)
    assert found.log10_mean_days_to_shortage == pytest.approx(np.log10(expected), abs=1e-9)


@pytest.mark.parametrize("hours", [1.0, 24.0, 168.0])
@pytest.mark.parametrize("mtbf", [1000.0, 100.0])
def test_thousands_of_hot_units_with_enough_crews_are_binomial(mtbf, hours):
    """With a crew for each unit hot units are independent, so at full size failed ones are binomial, far into the tail."""
    pool, repair = SparePool.of_chips(4096, 256, mtbf_days=mtbf, dormancy=1.0), Repair(hours)
    down = 1 - unit_availability(pool, hours)
    expected = stats.binom(4352, down)
    assert steady_state(pool, repair).mean_failed == pytest.approx(expected.mean())
    failed = np.arange(0, 4353, 64)
    assert log_steady_state(pool, repair)[failed] == pytest.approx(expected.logpmf(failed), rel=1e-8, abs=1e-8)


def test_one_crew_cannot_keep_up_whatever_the_pool():
    """At a day a repair 4.096 failures a day need five crews; with fewer, a larger pool only delays the shortage."""
    assert crews_to_keep_up(PAPER, 24) == 5
    for spares in (256, 2560):
        pool = SparePool.of_chips(4096, spares, mtbf_days=1000)
        assert steady_state(pool, Repair(24, 1)).availability < 1e-6
        assert steady_state(pool, Repair(24, 1)).repair_load == pytest.approx(4.096)
        assert steady_state(pool, Repair(24, 4)).availability < 0.5
        assert steady_state(pool, Repair(24, 5)).availability > 0.999
    later = [
        steady_state(SparePool.of_chips(4096, s, mtbf_days=1000), Repair(24, 1)).mean_days_to_shortage
        for s in (0, 256, 2560)
    ]
    # One crew gains a chip a day: what is left drains at 3.096 a day.
    assert later[2] - later[1] == pytest.approx((2560 - 256) / 3.096, rel=1e-3)


@given(st.floats(0.1, 30), st.floats(1, 200))
def test_the_crews_that_keep_up_are_the_fewest(mtbf_days, hours):
    """So many crews mend more than fails, and one fewer does not."""
    pool = SparePool(64, 4, 1 / mtbf_days)
    crews = crews_to_keep_up(pool, hours)
    assert crews * 24 / hours > pool.failures_per_day * (1 - 1e-12)
    assert (crews - 1) * 24 / hours <= pool.failures_per_day * (1 + 1e-12)


@settings(max_examples=30)
@given(pools, repairs, st.floats(0, 10))
def test_a_shortage_with_repair_follows_the_generator(pool, repair, days):
    """The probability of a first shortage with repair is the exponential of the dense generator matrix."""
    dense = linalg.expm(generator(pool, repair, pool.spares + 1) * days)
    assert shortage_probability_with_repair(pool, repair, days) == pytest.approx(dense[0, -1], rel=1e-6, abs=1e-12)


def test_repairs_that_never_come_change_nothing():
    """With repairs that take almost for ever, a shortage has the probability that it has without, digits included."""
    days = np.array([30.0, 62.5])
    with_repair = shortage_probability_with_repair(PAPER, Repair(1e12), days)
    assert with_repair == pytest.approx(shortage_probability(PAPER, days), rel=1e-6)
    assert 0 < with_repair[0] < 1e-20


def test_rare_shortages_come_at_their_mean_rate():
    """Where shortages are rare, their probability grows with time over the mean time to the first one."""
    pool, repair = SparePool.of_chips(4096, 256, unit=4, mtbf_days=1000), Repair(24, 5)
    mean = steady_state(pool, repair).mean_days_to_shortage
    year = shortage_probability_with_repair(pool, repair, [1000.0, 2000.0])
    assert year[1] - year[0] == pytest.approx(1000 / mean, rel=1e-2)


def test_the_sweep_grows_with_failures_and_repair_times():
    """Over the plan's sweep more failures and longer repairs never make a shortage less likely."""
    found = sweep(4096, 256, rates_per_day=[0.001, 0.002, 0.005, 0.01], repair_hours=[1, 24, 72, 168], crews=16)
    assert found.shape == (4, 4)
    assert (np.diff(found, axis=0) >= -1e-9).all()
    assert (np.diff(found, axis=1) >= -1e-9).all()
    one = steady_state(SparePool.of_chips(4096, 256, mtbf_days=200), Repair(24, 16)).log10_shortage
    assert found[2, 1] == pytest.approx(one)


def test_the_report_agrees_with_its_parts():
    """The report of the command holds the same numbers as the functions that it calls."""
    report = availability(
        4096, 256, unit=4, mtbf_days=500, repair_hours=48, days=7, crews=20, dormancy=1, confidence=0.999
    )
    pool, repair = SparePool.of_chips(4096, 256, unit=4, mtbf_days=500, dormancy=1), Repair(48, 20)
    assert (report.chips_per_unit, report.spare_units) == (4, 64)
    assert report.no_shortage == pytest.approx(1 - shortage_probability(pool, 7))
    assert report.no_shortage_with_repair >= report.no_shortage
    assert report.steady_availability == steady_state(pool, repair).availability
    assert report.assured_days == cover(pool, confidence=0.999).assured_days


def test_the_report_of_a_large_pool_leaves_out_what_takes_too_long():
    """Beyond the largest pool the time to the first shortage with repair is None, and the rest is there."""
    report = availability(
        65536, MOST_SPARES_WITH_REPAIR + 1, mtbf_days=1000, repair_hours=24, days=10, confidence=0.999
    )
    assert report.shortage_with_repair is report.no_shortage_with_repair is None
    assert report.no_shortage == pytest.approx(
        1 - shortage_probability(SparePool.of_chips(65536, MOST_SPARES_WITH_REPAIR + 1, mtbf_days=1000), 10)
    )
    assert report.steady_availability == pytest.approx(1)


def test_counts_of_failures_become_daily_rates():
    """A count over chips and days divides out, and a mean time to failure is one failure in that time."""
    assert daily_rate(54, 1000, 54) == pytest.approx(1 / 1000)
    assert daily_rate(1, 1024, 7.9 / 24) == pytest.approx(24 / 7.9 / 1024)


def test_a_pool_without_spares_is_short_at_its_first_failure():
    """With no spares the first failure is a shortage."""
    pool = SparePool.of_chips(4096, 0, mtbf_days=1000)
    assert shortage_probability(pool, 0.1) == pytest.approx(-np.expm1(-0.4096))
    assert cover(pool, confidence=0.999).mean_days == pytest.approx(1 / 4.096)
    assert shortage_probability(pool, 0) == 0


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (lambda: SparePool(0, 1, 0.1), "active"),
        (lambda: SparePool(1, -1, 0.1), "spares"),
        (lambda: SparePool(1, 1, 0.0), "rate"),
        (lambda: SparePool(1, 1, float("nan")), "rate"),
        (lambda: SparePool(1, 1, 0.1, 1.5), "dormancy"),
        (lambda: SparePool.of_chips(4096, 256, mtbf_days=-1), "mtbf_days"),
        (lambda: SparePool.of_chips(4100, 256, unit=64, mtbf_days=1000), "unit"),
        (lambda: SparePool.of_chips(4096, 256, unit=0, mtbf_days=1000), "unit"),
        (lambda: Repair(0), "repair_hours"),
        (lambda: Repair(1, 0), "crews"),
        (lambda: shortage_probability(PAPER, -1), "days"),
        (lambda: shortage_probability(PAPER, float("inf")), "days"),
        (lambda: shortage_probability_with_repair(SparePool(1, 3000, 1), Repair(1), 1), "spares"),
        (lambda: cover(PAPER, confidence=2), "confidence"),
        (lambda: positive("x", "many"), "x"),
        (lambda: share("x", -0.1), "x"),
    ],
)
def test_impossible_values_are_named(wrong, where):
    """What cannot be is refused with its name and a remedy."""
    with pytest.raises(InputError) as caught:
        wrong()
    assert caught.value.where == where
    assert caught.value.remedy
