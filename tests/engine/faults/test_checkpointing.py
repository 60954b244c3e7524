"""Checkpointing: against numeric optima and a simulation that lives through every failure."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from phextpaper.engine.faults.checkpointing import (
    RecoveryTime,
    best_interval,
    checkpoint_goodput,
    checkpointed,
    compare_recoveries,
    daly_interval,
    job_mtbf,
    replicated,
    young_interval,
)
from phextpaper.errors import InputError

writes, mtbfs = st.floats(0.1, 500), st.floats(100, 1e6)


def live_through(
    interval: float, write: float, recovery: float, mtbf: float, seed: int, segments: int = 4000
) -> np.ndarray:
    """Wall time of single segments (interval and write), each begun anew at every failure, after a recovery that may fail too."""
    rng = np.random.default_rng(seed)
    times = np.zeros(segments)
    for segment in range(segments):
        while (failure := rng.exponential(mtbf)) < interval + write:
            times[segment] += failure
            while (again := rng.exponential(mtbf)) < recovery:
                times[segment] += again
            times[segment] += recovery
        times[segment] += interval + write
    return times


@pytest.mark.parametrize(("interval", "write", "recovery"), [(1600.0, 60.0, 300.0), (9000.0, 900.0, 4000.0)])
def test_goodput_is_what_a_job_lives_through(interval, write, recovery):
    """The mean wall time of simulated segments, with failures in work, writing and recovery, is interval over goodput."""
    times = live_through(interval, write, recovery, 20_000.0, seed=1)
    expected = interval / checkpoint_goodput(interval, write, recovery, 20_000.0)
    assert times.mean() == pytest.approx(expected, abs=4 * times.std(ddof=1) / math.sqrt(len(times)))


@given(writes, mtbfs)
def test_young_s_interval_is_the_first_order_optimum(write, mtbf):
    """Young's interval makes the two losses of first order equal: writing, and half an interval for each failure."""
    interval = young_interval(write, mtbf)
    assert write / interval == pytest.approx(interval / (2 * mtbf))


@given(writes, mtbfs, st.floats(0, 1000))
def test_the_best_interval_is_the_numeric_optimum(write, mtbf, recovery):
    """Lambert's function gives the maximum that a bounded search finds, whatever the recovery time."""
    interval = best_interval(write, mtbf)

    def loss(logarithm: float) -> float:
        return -math.log(checkpoint_goodput(math.exp(logarithm), write, recovery, mtbf))

    # A search cannot place a flat optimum to better than about the root of the rounding error, so values are compared.
    found = minimize_scalar(loss, bounds=(math.log(interval / 50), math.log(interval * 50)), method="bounded")
    assert loss(math.log(interval)) <= found.fun * (1 + 1e-9) + 1e-12
    assert loss(math.log(interval)) == pytest.approx(found.fun, rel=1e-5, abs=1e-9)


@given(writes, mtbfs)
def test_daly_s_interval_is_close_to_the_best(write, mtbf):
    """Where writing is short against the time between failures, Daly's interval is within a thousandth of the best."""
    if write < mtbf / 50:
        assert daly_interval(write, mtbf) == pytest.approx(best_interval(write, mtbf), rel=1e-3)
        assert abs(daly_interval(write, mtbf) - best_interval(write, mtbf)) < abs(
            young_interval(write, mtbf) - best_interval(write, mtbf)
        )


def test_daly_s_interval_ends_at_the_mean_time_between_failures():
    """Once a write takes twice the time between failures, Daly's rule says that time."""
    assert daly_interval(250, 100) == 100


@given(st.floats(1, 1e5), st.floats(0.1, 1e3), st.floats(0, 1e5), st.floats(10, 1e6))
def test_goodput_is_a_share(interval, write, recovery, mtbf):
    """Goodput lies between 0 and what the writing alone would leave, and falls with each cost."""
    found = checkpoint_goodput(interval, write, recovery, mtbf)
    assert 0 <= found <= interval / (interval + write)
    assert checkpoint_goodput(interval, write * 2, recovery, mtbf) <= found
    assert checkpoint_goodput(interval, write, recovery + 10, mtbf) <= found
    assert checkpoint_goodput(interval, write, recovery, mtbf * 2) >= found


def test_a_live_replica_is_the_limit_of_short_intervals():
    """With ever shorter intervals and free writes, goodput tends to that of a live replica."""
    assert checkpoint_goodput(1e-6, 0.0, 300.0, 20_000.0) == pytest.approx(
        checkpoint_goodput(0.0, 0.0, 300.0, 20_000.0), rel=1e-9
    )
    assert checkpoint_goodput(0.0, 60.0, 300.0, 20_000.0) == 0.0


def test_hopeless_jobs_do_not_overflow():
    """A recovery of ten thousand times the time between failures leaves nothing, and raises nothing."""
    assert checkpoint_goodput(1.0, 1.0, 1e8, 1e4) == 0.0
    assert checkpoint_goodput(1e9, 1.0, 1.0, 1e4) == 0.0


@given(st.floats(0.01, 10), st.integers(1, 5), st.floats(0, 2), st.floats(0, 2), st.floats(0, 500))
def test_detection_is_part_of_a_recovery(period, missed, table, mirrors, state):
    """A failure anywhere between two checks is noticed at the last missed check: the mean and the latest of all moments."""
    moments = (np.arange(1000) + 0.5) / 1000 * period
    noticed = missed * period - moments
    found = RecoveryTime(period, table, mirrors, state, missed_checks=missed)
    assert found.mean_detection_s == pytest.approx(noticed.mean())
    assert noticed.max() <= found.worst_detection_s <= noticed.max() + period / 1000
    assert found.worst_s - found.mean_s == pytest.approx(period / 2)
    assert found.mean_s == pytest.approx(found.mean_detection_s + table + mirrors + state)


def test_a_check_a_second_is_too_slow_for_100_ms():
    """With a check a second detection alone takes 500 ms in the mean, so recovery below 100 ms needs ten checks a second."""
    found = RecoveryTime(check_period_s=1.0, table_update_s=0.001, mirrors_s=0.0, state_s=0.0)
    assert found.mean_detection_s == 0.5
    assert found.mean_s > 0.1
    quick = found.longest_check_period(0.1)
    assert quick == pytest.approx(0.099)
    assert RecoveryTime(quick, 0.001, 0.0, 0.0).worst_s == pytest.approx(0.1)
    assert RecoveryTime(1.0, 0.2, 0.0, 0.0).longest_check_period(0.1) == 0.0


def test_the_job_of_the_paper_fails_every_six_hours():
    """4096 chips of 1000 days fail every 1000 / 4096 days."""
    assert job_mtbf(4096, 1000 * 86_400) == pytest.approx(86_400 * 1000 / 4096)


def test_lost_time_adds_up():
    """Kept work, writing, and what was lost at each failure make up all of the time."""
    mtbf = job_mtbf(4096, 1000 * 86_400)
    found = checkpointed("x", interval_s=1500, write_s=60, recovery_s=300, mtbf_s=mtbf, active=4096, bought=4352)
    assert found.per_chip_in_use + found.write_share + found.lost_per_failure_s / mtbf == pytest.approx(1)
    assert found.per_chip_bought == pytest.approx(found.per_chip_in_use * 4096 / 4352)
    # To first order a failure costs its recovery, and half of the interval with its write.
    assert found.lost_per_failure_s == pytest.approx(300 + (1500 + 60) / 2, rel=0.05)


def test_twins_halve_the_goodput_of_what_was_bought():
    """A replica that does nothing else doubles the chips; one that works anyhow costs none."""
    free = replicated("free", recovery_s=1, mtbf_s=1e4, active=100, bought=110)
    twins = replicated("twins", recovery_s=1, mtbf_s=1e4, active=100, bought=110, copies=2)
    assert free.per_chip_in_use == twins.per_chip_in_use == pytest.approx(math.exp(-1e-4))
    assert free.per_chip_bought / twins.per_chip_bought == pytest.approx(210 / 110)
    assert free.lost_per_failure_s == pytest.approx(1, rel=1e-3)


def test_the_fixed_machine_waits_for_all_its_chips():
    """Waiting out repairs, restarted by each failure, is the busy period of a queue with fixed service, as simulated."""
    mtbf, repair = 4000.0, 6000.0
    rng = np.random.default_rng(5)
    waits = []
    for _ in range(20_000):
        wait = 0.0
        while (failure := rng.exponential(mtbf)) < repair:
            wait += failure
        waits.append(wait + repair)
    busy = mtbf * math.expm1(repair / mtbf)
    assert np.mean(waits) == pytest.approx(busy, rel=0.05)
    # A cycle is a run of M and a busy period, so with free writes the machine works M / (M + busy) of the time.
    assert checkpoint_goodput(1e-9, 0.0, repair, mtbf) == pytest.approx(mtbf / (mtbf + busy), rel=1e-9)


def test_the_comparison_orders_as_it_must():
    """A replica beats checkpoints, the best interval beats Young's and Daly's, and a machine without spares is last."""
    restart, replica = RecoveryTime(1, 0.001, 0.01, 300), RecoveryTime(1, 0.001, 0, 1)
    rows = compare_recoveries(
        active=4096, spares=256, mtbf_s=1000 * 86_400, write_s=60, restart=restart, replica=replica, repair_s=86_400
    )
    kept = {row.name: row.per_chip_in_use for row in rows}
    assert list(kept) == ["replica", "twins", "young", "daly", "best", "fixed"]
    assert kept["replica"] > kept["best"] > kept["fixed"]
    assert kept["best"] >= max(kept["young"], kept["daly"])
    assert kept["twins"] == pytest.approx(math.exp(-replica.mean_s / (job_mtbf(4096, 1000 * 86_400) / 2)))
    assert all(row.per_chip_bought <= row.per_chip_in_use for row in rows)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: young_interval(0, 1),
        lambda: daly_interval(1, -1),
        lambda: best_interval(float("nan"), 1),
        lambda: checkpoint_goodput(-1, 0, 0, 1),
        lambda: checkpoint_goodput(1, 1, 1, 0),
        lambda: job_mtbf(0, 1000),
        lambda: RecoveryTime(-1, 0, 0, 0),
        lambda: RecoveryTime(1, 0, 0, 0, missed_checks=0),
        lambda: checkpointed("x", interval_s=1, write_s=1, recovery_s=1, mtbf_s=1, active=10, bought=9),
    ],
)
def test_impossible_times_are_refused(wrong):
    """What is no time or no count is refused with a remedy."""
    with pytest.raises(InputError) as caught:
        wrong()
    assert caught.value.remedy
