import numpy as np
import pytest
from scipy import stats

from phextpaper.engine.faults.spare_pools import Repair, SparePool, steady_state
from phextpaper.study.pools import agrees, events, sampled, settling_days, shown
from phextpaper.study.quantities.recovery import ways


def test_published_rates_are_converted_to_a_chip_and_day(quantities):
    """By the chips of a machine, by GPUs and days, by GPUs and mean time, and by the odds of being down over the repair time."""
    published = quantities.faults.published
    assert published.zu2024.rate == pytest.approx(0.08 / 4)
    assert published.llama3.rate == pytest.approx(100 * 419 / 16384 / 54)
    assert published.kokolis2024.rate == pytest.approx(100 / (1024 * 7.9 / 24))
    assert published.jouppi2023_low.rate == pytest.approx(100 * 0.001 / 0.999 / 4)
    assert published.jouppi2023_high.rate == pytest.approx(100 * 0.01 / 0.99 / 4)


def test_the_availability_curve_is_a_poisson_tail_in_its_band(quantities):
    """For each unit the curve is that of at most as many failures as spares; for chips it lies in the simulated band, day by day."""
    curve = quantities.node("faults.availability_curve")
    for unit, spares in (("chip", 256), ("host", 64), ("block", 4)):
        assert curve["closed"][unit] == pytest.approx(stats.poisson(4.096 * curve["days"]).cdf(spares))
    assert np.all((curve["low"] <= curve["closed"]["chip"]) & (curve["closed"]["chip"] <= curve["high"]))
    assert {len(curve[name]) for name in ("days", "simulated", "low", "high")} == {len(curve["days"])}


def test_the_timeline_adds_up_to_the_mean_recovery(quantities):
    """Detection, table, mirrors and state are all there is."""
    for way, *parts in quantities.node("recovery.timeline"):
        assert sum(parts) == pytest.approx(quantities.recovery[way].mean.value)
    assert [row[0] for row in quantities.node("recovery.timeline")] == list(ways(quantities))


def test_tiny_probabilities_are_not_printed_as_numbers():
    """Below a bound, or that near to one, independent failures mean nothing."""
    assert shown(1e-10) == "below 1e-9" and shown(1 - 1e-10) == "above 1 - 1e-9"
    assert shown(0.25) == 0.25


@pytest.mark.parametrize(("rate", "crews"), [(0.001, 16), (0.001, 5), (0.01, 1)])
def test_a_settled_pool_has_forgotten_that_it_was_full(rate, crews):
    """After the settling days the chain's distribution, stepped from a full pool, is the steady state; the events of a run are about as many as counted."""
    from scipy.linalg import expm

    pool, repair = SparePool(40, 3, 40 * rate), Repair(24, crews)
    states = np.arange(44)
    ups, downs = pool.failure_rates(states), repair.rates(states)
    generator = np.diag(ups[:-1], 1) + np.diag(downs[1:], -1)
    generator -= np.diag(generator.sum(axis=1))
    settled = expm(generator * settling_days(pool, repair))[0]
    assert settled @ states == pytest.approx(steady_state(pool, repair).mean_failed, rel=0.02)
    long = 100 * settling_days(pool, repair)
    assert (settled @ (ups * (states < 43)) + settled @ downs) * long <= events(pool, repair, long) * 1.01


def test_a_simulation_contradicts_a_chain_only_where_it_is_a_sample(quantities):
    """Nothing contradicts a chain without a simulation; the machine's own agree; a wrong chain does not."""
    found, chain = quantities.node("faults.long_run.block"), quantities.node("faults.steady_state.block.cold")
    assert agrees(None, chain) and agrees(found, chain) and sampled(found, chain)
    assert not agrees(found, steady_state(SparePool.of_chips(4096, 512, unit=64, mtbf_days=1000), Repair(24, 16)))
    assert not agrees(found, quantities.node("faults.steady_state.chip.hot"))
