"""Rooflines, steps and energy: limits, symmetries, and a numerical mean beside the exact one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.chips.energy import Site, carbon_ratio, energy_ratio
from phextpaper.engine.chips.roofline import Chip, intensity_for, mean_ratio, ratio_range, speed_ratio
from phextpaper.engine.chips.step_time import Step, compute_seconds, transformer_operations
from phextpaper.errors import InputError

POSITIVE = st.floats(1e-3, 1e6)
CHIPS = st.builds(Chip, POSITIVE, POSITIVE)


@given(CHIPS, CHIPS, POSITIVE)
def test_ratios_stay_in_their_range_and_invert(one, other, intensity):
    """Neither below the least nor above the most; swapping chips inverts."""
    low, high = ratio_range(one, other)
    ratio = speed_ratio(one, other, intensity)
    assert low * (1 - 1e-12) <= ratio <= high * (1 + 1e-12)
    assert speed_ratio(other, one, intensity) == pytest.approx(1 / ratio)


@given(CHIPS, CHIPS, st.floats(0, 1))
def test_an_intensity_gives_the_ratio_that_it_was_asked_for(one, other, place):
    """What is found gives it; outside the range nothing is."""
    low, high = ratio_range(one, other)
    ratio = low * (high / low) ** place
    found = intensity_for(one, other, min(max(ratio, low), high))
    assert found is not None and speed_ratio(one, other, found) == pytest.approx(ratio, rel=1e-6)
    assert intensity_for(one, other, high * 1.01) is None and intensity_for(one, other, low * 0.99) is None


@given(CHIPS, CHIPS, st.floats(1e-3, 10), st.floats(1.5, 1e4))
def test_the_exact_mean_is_that_of_many_samples(one, other, least, span):
    """A fine grid of logarithms agrees."""
    grid = np.geomspace(least, least * span, 4001)
    logs = np.log(
        np.minimum(one.peak_operations_per_s, grid * one.bandwidth_bytes_per_s)
        / np.minimum(other.peak_operations_per_s, grid * other.bandwidth_bytes_per_s)
    )
    assert mean_ratio(one, other, least, least * span) == pytest.approx(
        float(np.exp(np.trapezoid(logs) / 4000)), rel=1e-3
    )


def test_far_below_and_above_the_ridges_memory_and_peak_decide():
    """Limits of the roofline."""
    one, other = Chip(8.0, 3.0), Chip(2.0, 1.5)
    assert speed_ratio(one, other, 1e-6) == pytest.approx(2.0) and speed_ratio(one, other, 1e6) == pytest.approx(4.0)


@given(POSITIVE, st.floats(0, 1e6))
def test_a_step_takes_between_the_longer_part_and_the_sum(computation, communication):
    """Overlap saves the shorter part; the share of peak is at most one."""
    apart, together = Step(computation, communication), Step(computation, communication, overlapped=True)
    assert together.seconds <= apart.seconds <= 2 * together.seconds
    assert apart.seconds * apart.share_of_peak == pytest.approx(computation) and together.share_of_peak <= 1


def test_operations_of_a_transformer_take_their_time():
    """Six a parameter and token; twice the chips take half the time."""
    work = transformer_operations(2e9, 3e6)
    assert work == 36e15 and compute_seconds(work, 10, 1e12) == 2 * compute_seconds(work, 20, 1e12) == 3600


@given(st.floats(0.1, 10), st.floats(1, 3), st.floats(0.01, 1), st.floats(1, 3), st.floats(0.01, 1), st.floats(1, 1e6))
def test_ratios_of_energy_and_carbon_are_those_of_the_bills(machine, pue, intensity, other_pue, other_intensity, watts):
    """Two bills, one over the other."""
    here, there = Site(pue, intensity), Site(other_pue, other_intensity)
    assert energy_ratio(machine, here, there) == pytest.approx(
        there.energy_j(machine * watts, 5) / here.energy_j(watts, 5)
    )
    assert carbon_ratio(machine, here, there) == pytest.approx(
        there.carbon_kg(machine * watts, 5) / here.carbon_kg(watts, 5)
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: Chip(0, 1),
        lambda: Chip(1, 1).attainable(0),
        lambda: mean_ratio(Chip(1, 1), Chip(1, 1), 2, 1),
        lambda: Step(0, 1),
        lambda: Step(1, -1),
        lambda: transformer_operations(0, 1),
        lambda: compute_seconds(1, 0, 1),
        lambda: Site(0.9, 0.1),
        lambda: Site(1.1, -1),
        lambda: Site(1.1, 1).energy_j(-1, 1),
        lambda: energy_ratio(0, Site(1, 1), Site(1, 1)),
        lambda: carbon_ratio(1, Site(1, 0), Site(1, 1)),
    ],
    ids=range(12),
)
def test_impossible_machines_are_refused(call):
    """No peak, no intensity, ranges that fall, time below none, buildings that make energy."""
    with pytest.raises(InputError):
        call()
