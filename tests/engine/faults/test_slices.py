"""Goodput of slices: against exhaustive enumeration of every state of small machines, and SciPy's binomial."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from phextpaper.engine.faults.slices import (
    BlockMachine,
    Published,
    SliceGoodput,
    readings,
    reproduced,
    slice_goodput,
    with_reconfiguration,
    without_reconfiguration,
)
from phextpaper.errors import InputError

TPU_V4 = BlockMachine(grid=(4, 4, 4), hosts_per_block=16, chips_per_host=4)
SMALL = BlockMachine(grid=(2, 2, 2), hosts_per_block=1, chips_per_host=1)
availabilities = st.floats(0, 1)


def enumerate_states(count: int, up: float):
    """Every state of so many things, true for up, with its probability."""
    for state in itertools.product((False, True), repeat=count):
        yield state, up ** sum(state) * (1 - up) ** (count - sum(state))


def distribution(pairs, most: int) -> np.ndarray:
    """Probabilities of 0 … most from (number, probability)."""
    found = np.zeros(most + 1)
    for number, probability in pairs:
        found[number] += probability
    return found


@given(st.integers(1, 8), availabilities)
def test_any_healthy_blocks_make_a_slice(blocks, up):
    """With reconfiguration the slices of every state of a small machine are its healthy blocks over those of a slice."""
    expected = distribution(((sum(state) // blocks, p) for state, p in enumerate_states(8, up)), 8 // blocks)
    found = with_reconfiguration(SMALL, blocks, up)
    assert found.probabilities == pytest.approx(expected, abs=1e-12)
    assert found.expected == pytest.approx(expected @ np.arange(len(expected)) * blocks / 8)


@given(availabilities)
def test_hosts_make_blocks(up):
    """A block is up when all its hosts are, over every state of eight hosts in four blocks of two."""
    machine = BlockMachine(grid=(2, 2), hosts_per_block=2, chips_per_host=4)
    healthy = [(sum(all(state[b : b + 2]) for b in range(0, 8, 2)), p) for state, p in enumerate_states(8, up)]
    assert with_reconfiguration(machine, 8, up).probabilities == pytest.approx(distribution(healthy, 4), abs=1e-12)


@pytest.mark.parametrize(("blocks", "box"), [(1, (1, 1, 1)), (2, (1, 1, 2)), (4, (1, 2, 2)), (8, (2, 2, 2))])
@pytest.mark.parametrize("up", [0.3, 0.9])
def test_fixed_boxes_need_all_their_blocks(blocks, box, up):
    """Without reconfiguration a slice runs where all blocks of its box are up, over every state of a small machine."""
    corners = list(itertools.product(*[range(0, 2, side) for side in box]))

    def slices(state: tuple[bool, ...]) -> int:
        grid = np.reshape(state, (2, 2, 2))
        return sum(
            bool(grid[tuple(slice(c, c + s) for c, s in zip(corner, box, strict=True))].all()) for corner in corners
        )

    expected = distribution(((slices(state), p) for state, p in enumerate_states(8, up)), 8 // blocks)
    assert without_reconfiguration(SMALL, blocks, up).probabilities == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("planes", [1, 2, 3, 4])
@pytest.mark.parametrize("up", [0.5, 0.95])
def test_sliding_slices_pack_as_many_as_fit(planes, up):
    """On a ring of four planes of two blocks, sliding slices are the most separate runs of healthy planes there are."""
    machine = BlockMachine(grid=(2, 4), hosts_per_block=1, chips_per_host=1)
    places = [frozenset((start + step) % 4 for step in range(planes)) for start in range(4)]

    def packed(state: tuple[bool, ...]) -> int:
        healthy = {plane for plane in range(4) if all(np.reshape(state, (2, 4))[:, plane])}
        usable = [place for place in places if place <= healthy]
        return max(
            count
            for count in range(5)
            for chosen in itertools.combinations(usable, count)
            if len(frozenset().union(*chosen)) == count * planes
        )

    expected = distribution(((packed(state), p) for state, p in enumerate_states(8, up)), 4 // planes)
    found = without_reconfiguration(machine, 2 * planes, up, placement="sliding")
    assert found.probabilities == pytest.approx(expected, abs=1e-12)


@given(st.sampled_from([1, 2, 4, 8]), availabilities)
def test_reconfiguration_never_hurts(blocks, up):
    """Any healthy blocks make at least as many slices as fixed boxes do, in the mean and at every level."""
    free, fixed = with_reconfiguration(SMALL, blocks, up), without_reconfiguration(SMALL, blocks, up)
    assert free.expected >= fixed.expected - 1e-12
    assert all(free.guaranteed(level) >= fixed.guaranteed(level) for level in (0.5, 0.9, 0.99))


def test_slices_below_a_block_gain_nothing():
    """A slice inside a block runs when its own hosts are up, with or without switches between the blocks."""
    for chips, hosts in ((1, 1), (2, 1), (4, 1), (8, 2), (32, 8)):
        both = [model(TPU_V4, chips, 0.99) for model in (with_reconfiguration, without_reconfiguration)]
        assert both[0].expected == pytest.approx(0.99**hosts) == pytest.approx(both[1].expected)
        assert len(both[0].probabilities) == 4096 // (4 * hosts) + 1
    assert with_reconfiguration(TPU_V4, 64, 0.99).expected == pytest.approx(0.99**16)


def test_boxes_of_the_machine():
    """In a grid of 4 x 4 x 4 blocks boxes of 16 fit four times, of 32 twice, of 48 once; 5 and 7 fit no box."""
    assert [TPU_V4.boxes(blocks) for blocks in (1, 2, 4, 8, 16, 32, 48, 64)] == [64, 32, 16, 8, 4, 2, 1, 1]
    assert [TPU_V4.boxes(blocks) for blocks in (5, 7)] == [0, 0]
    assert TPU_V4.boxes(3) == 16
    nothing = without_reconfiguration(TPU_V4, 5 * 64, 1.0)
    assert (nothing.expected, nothing.guaranteed(0.9)) == (0.0, 0.0)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6), st.floats(0.01, 0.999))
def test_a_guarantee_is_the_most_that_holds(weights, level):
    """The guaranteed goodput is there with the probability asked for, and one slice more is not."""
    probabilities = np.array(weights) / sum(weights)
    found = SliceGoodput(probabilities, 1 / len(weights))
    slices = round(found.guaranteed(level) * len(weights))
    if slices + 1 < len(weights):
        assert probabilities[slices + 1 :].sum() < level
    assert sum(p for n, p in enumerate(weights) if n >= slices) / sum(weights) >= level - 1e-9


def test_the_published_machine_by_scipy_s_binomial():
    """At 99 % host availability, three slices of 1024 chips need 48 of 64 blocks up: less often than 99 % of the time."""
    blocks = stats.binom(64, 0.99**16)
    found = with_reconfiguration(TPU_V4, 1024, 0.99)
    assert found.probabilities[3:].sum() == pytest.approx(blocks.sf(47))
    assert found.probabilities[4] == pytest.approx(blocks.pmf(64))
    assert 0.95 < blocks.sf(47) < 0.99
    assert (found.guaranteed(0.95), found.guaranteed(0.99)) == (0.75, 0.5)
    # The mean of a slice of 3072 chips is that probability times three quarters: it does not round to 75 %.
    assert with_reconfiguration(TPU_V4, 3072, 0.99).expected == pytest.approx(0.75 * blocks.sf(47))
    assert round(75 * blocks.sf(47)) == 74


def test_which_readings_give_the_published_goodput():
    """The most likely goodput, and what holds 50 to 95 % of the time, give all published values; the mean does not."""
    published = (
        Published(1024, (0.99,), 0.75),
        Published(1024, (0.995,), 0.75),
        Published(2048, (0.99, 0.995), 0.5),
        Published(3072, (0.99, 0.995), 0.75),
    )
    found = reproduced(published, TPU_V4)
    whole = {name for name, hits in found.items() if all(hits)}
    assert whole == {"most likely", "guaranteed at 0.5", "guaranteed at 0.9", "guaranteed at 0.95"}
    assert found["expected"] == (True, True, True, False)
    assert readings(1024, 0.99, TPU_V4)["expected"] == with_reconfiguration(TPU_V4, 1024, 0.99).expected


def test_without_switches_three_nines_are_needed():
    """Fixed boxes of 1024 chips keep most of the machine at 99.9 % host availability and little of it at 99 %."""
    goodput = {up: without_reconfiguration(TPU_V4, 1024, up).expected for up in (0.99, 0.995, 0.999)}
    for up, found in goodput.items():
        assert found == pytest.approx(up ** (16 * 16))
    assert goodput[0.99] < 0.1 < 0.7 < goodput[0.999]


def test_the_report_holds_both_models():
    """The report of the command holds what the two models say."""
    report = slice_goodput(2048, 0.999, TPU_V4, level=0.5)
    free, fixed = with_reconfiguration(TPU_V4, 2048, 0.999), without_reconfiguration(TPU_V4, 2048, 0.999)
    assert (report.slices, report.fixed_boxes) == (2, 2)
    assert report.block_availability == pytest.approx(0.999**16)
    assert (report.expected_with, report.expected_without) == (free.expected, fixed.expected)
    assert (report.guaranteed_with, report.guaranteed_without) == (free.guaranteed(0.5), fixed.guaranteed(0.5))
    assert math.isclose(sum(free.probabilities), 1)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: slice_goodput(100, 0.99, TPU_V4, level=0.9),
        lambda: slice_goodput(3, 0.99, TPU_V4, level=0.9),
        lambda: slice_goodput(0, 0.99, TPU_V4, level=0.9),
        lambda: slice_goodput(8192, 0.99, TPU_V4, level=0.9),
        lambda: slice_goodput(1024, 1.5, TPU_V4, level=0.9),
        lambda: without_reconfiguration(TPU_V4, 1024, 0.99, placement="anywhere"),
        lambda: without_reconfiguration(TPU_V4, 64, 0.99, placement="sliding"),
        lambda: BlockMachine(grid=(0, 4, 4), hosts_per_block=16, chips_per_host=4),
    ],
)
def test_impossible_slices_are_refused(wrong):
    """A slice that does not fill hosts or blocks, or exceeds the machine, is refused with a remedy."""
    with pytest.raises(InputError) as caught:
        wrong()
    assert caught.value.remedy
