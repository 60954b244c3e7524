"""Steps, all-reduces in closed form beside walked schedules, and the scoring of runs."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.chips.energy import factor_shares
from phextpaper.engine.chips.roofline import Chip
from phextpaper.engine.chips.step_time import Step, counted_runs, torus_all_reduce_seconds, trimmed_mean
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.traffic import collectives, schedules
from phextpaper.errors import InputError

PART = st.floats(1e-6, 1e6)


@pytest.mark.parametrize("shape", [(4, 4), (5, 5), (3, 3, 3), (4, 4, 4), (6, 6), (7,)])
def test_the_closed_form_is_the_schedule_walked_on_its_torus(shape):
    """Rounds, hops and bytes of the all-reduce in all dimensions, chip by chip, take the same time."""
    walked = schedules.cost(
        collectives.all_dimensions(shape),
        RoutingTable.minimal(Torus(shape)),
        buffer_bytes=1e6,
        hop_latency_s=3e-7,
        bandwidth_bytes_per_s=2e9,
    )
    assert torus_all_reduce_seconds(shape, 1e6, bandwidth_bytes_per_s=2e9, hop_latency_s=3e-7) == pytest.approx(
        walked.total_seconds
    )


@given(st.integers(3, 40), st.integers(1, 4), st.floats(1, 1e9))
def test_an_all_reduce_is_never_faster_than_its_bytes(side, dimensions, sent):
    """Each chip must send almost twice its buffer over its links; without latency that is all (patarasuk2009)."""
    size, links = side**dimensions, 2 * dimensions
    found = torus_all_reduce_seconds((side,) * dimensions, sent, bandwidth_bytes_per_s=1e9, hop_latency_s=0)
    assert found == pytest.approx(2 * sent * (1 - 1 / size) / (links * 1e9))


@given(PART, PART, PART)
def test_a_step_is_no_shorter_than_its_parts_and_no_longer_than_their_sum(computation, communication, memory):
    """Overlap only helps; the share of peak is computation's."""
    apart = Step(computation, communication, memory_s=memory)
    together = Step(computation, communication, overlapped=True, memory_s=memory)
    longest = max(computation, communication, memory)
    assert longest == together.seconds <= apart.seconds <= computation + communication + memory
    assert apart.seconds == pytest.approx(max(computation, memory) + communication)
    assert getattr(apart, f"{apart.bound}_s") == longest and apart.share_of_peak * apart.seconds == pytest.approx(
        computation
    )


@given(st.floats(1, 1e3), st.floats(1, 1e3), st.floats(1, 1e3), st.floats(1, 1e3))
def test_seconds_of_a_roofline_are_operations_over_what_is_attainable(peak, bandwidth, operations, moved):
    """Two ways to read the same roofline."""
    chip = Chip(peak, bandwidth)
    assert chip.seconds(operations, moved) == pytest.approx(operations / chip.attainable(operations / moved))


@given(st.lists(st.floats(1, 1e6), min_size=3, max_size=12))
def test_a_score_is_the_mean_without_the_ends(times):
    """As sorted by hand; it lies between the ends, and its runs are all but two."""
    inner = sorted(times)[1:-1]
    assert trimmed_mean(times) == pytest.approx(statistics.fmean(inner))
    assert sorted(times[place] for place in counted_runs(times)) == inner


@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=12))
def test_a_run_that_missed_is_the_slowest(times):
    """A missed run scores like one that took for ever."""
    assert trimmed_mean(times, missed=1) == pytest.approx(trimmed_mean([*times, 1e12]))


@given(st.lists(st.floats(1.01, 50), min_size=1, max_size=6), st.floats(1.5, 3))
def test_shares_of_factors_add_up_and_do_not_change_under_powers(factors, power):
    """Shares are of a logarithm, so all factors to one power have the same shares."""
    shares = factor_shares(factors)
    assert sum(shares) == pytest.approx(1) and min(shares) > 0
    assert factor_shares([factor**power for factor in factors]) == pytest.approx(shares)


@pytest.mark.parametrize(
    "call",
    [
        lambda: torus_all_reduce_seconds((4, 5), 1, bandwidth_bytes_per_s=1, hop_latency_s=0),
        lambda: torus_all_reduce_seconds((2, 2), 1, bandwidth_bytes_per_s=1, hop_latency_s=0),
        lambda: torus_all_reduce_seconds((4,), 1, bandwidth_bytes_per_s=0, hop_latency_s=0),
        lambda: trimmed_mean([1, 2]),
        lambda: trimmed_mean([1, 2, 3], missed=2),
        lambda: Step(1, 1, memory_s=-1),
        lambda: Chip(1, 1).seconds(0, 1),
        lambda: factor_shares([]),
        lambda: factor_shares([2, 0.5]),
        lambda: factor_shares([2, -1]),
    ],
    ids=range(10),
)
def test_impossible_steps_are_refused(call):
    """Unequal sides, no torus, no links, too few runs, negative bytes, no work, no product."""
    with pytest.raises(InputError):
        call()
