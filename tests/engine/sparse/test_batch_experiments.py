"""Batches over seeds: intervals against SciPy, closed forms inside them, and where hierarchy helps and hurts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.sparse.batch_experiments import drawn_batch, mean_interval, route_batches
from phextpaper.engine.sparse.occupancy import uniform_occupancy
from phextpaper.engine.sparse.request_messages import RequestedRows, Sizes, message_cost
from phextpaper.engine.sparse.sharding import rows_owned
from phextpaper.errors import InputError

CUBE = (16, 16, 16)
SIZES = Sizes(header=16, id=8, row=512)
PLAN, FITTED = Vocabulary.of_base(10**9, 100), Vocabulary.fitted(10**9, CUBE)


@given(
    st.lists(st.floats(-100, 100), min_size=2, max_size=20).filter(lambda values: np.std(values) > 1e-6),
    st.floats(0.5, 0.999),
)
def test_intervals_are_scipys(values, confidence):
    """Mean and bounds are those of SciPy's t distribution."""
    ours = mean_interval(values, confidence=confidence)
    low, high = stats.t.interval(confidence, len(values) - 1, np.mean(values), stats.sem(values))
    assert (ours.mean, ours.low, ours.high) == pytest.approx((np.mean(values), low, high), abs=1e-6)
    assert ours.holds(ours.mean) and not ours.holds(ours.high + 1)


@pytest.mark.parametrize("vocabulary", [PLAN, FITTED], ids=["plan", "fitted"])
def test_observed_groups_and_hops_agree_with_closed_forms(vocabulary):
    """Mean groups of 60 uniform batches agree with the closed form, and unbatched hops with the mean distance to the owner of an ID."""
    found = route_batches(vocabulary, CUBE, 1000, 0.0, SIZES, runs=60, seed=8, confidence=0.9999)
    for depth in (1, 2, 3):
        observed, expected = found.groups(depth), uniform_occupancy(vocabulary, 1000, depth)
        assert observed.holds(expected.mean) or observed.mean == pytest.approx(expected.mean, abs=1e-6)
    # The asking chip is uniform, so the mean over all pairs of chips is the mean hops, whoever owns the rows.
    torus = Torus(CUBE)
    assert rows_owned(vocabulary, CUBE).sum() == vocabulary.size
    assert found.cost("unbatched", "hops").holds(1000 * torus.mean_hops() * (torus.size - 1) / torus.size)


def test_the_plans_hop_reduction_is_not_reached():
    """1000 uniform IDs in 632 batches by volume and book take less than half the hops away, not 6.7 of 7.7."""
    found = route_batches(PLAN, CUBE, 1000, 0.0, SIZES, runs=20, seed=1, confidence=0.999)
    assert found.reduction("tree2").low > 1 and found.reduction("tree2").high < 2.5


def test_hierarchy_helps_by_hops_and_hurts_by_messages():
    """Against one message for each owning chip, a fitted tree takes fewer hops and at least as many messages, and saves few bytes."""
    for batch in (10, 1000, 20_000):
        found = route_batches(FITTED, CUBE, batch, 0.0, SIZES, runs=5, seed=2)
        assert all(
            run.trees[2].hops <= run.by_chip.hops and run.trees[2].messages >= run.by_chip.messages
            for run in found.runs
        )
        assert 1 <= found.reduction("tree3", "byte_hops", against="each_once").mean < 1.1


def test_groups_finer_than_chips_hurt():
    """Base 100 makes more chapters than there are chips, so 100 000 requests take more hops by its tree than by chip."""
    assert route_batches(PLAN, CUBE, 100_000, 0.0, SIZES, runs=3, seed=2).reduction("tree3", against="by_chip").high < 1


def test_the_same_seed_routes_the_same_batches():
    """Runs depend on their seed alone, and each run has batches of its own."""
    once, again = (route_batches(PLAN, CUBE, 100, 1.0, SIZES, runs=3, seed=5) for _ in range(2))
    assert [run.unbatched for run in once.runs] == [run.unbatched for run in again.runs]
    assert len({run.unbatched.hops for run in once.runs}) > 1


@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_a_run_can_be_drawn_again(skew):
    """The IDs and the asking chip that a run is said to draw cost, routed anew, what the run reports."""
    found = route_batches(PLAN, CUBE, 300, skew, SIZES, runs=3, seed=5)
    for number, run in enumerate(found.runs):
        ids, asking = drawn_batch(PLAN, CUBE, 300, skew, seed=5, run=number)
        rows = RequestedRows.of(PLAN, ids, CUBE, asking)
        assert len(ids) == 300 and 0 <= asking < 16**3
        assert (message_cost(rows.unbatched(), CUBE, SIZES), message_cost(rows.tree(2), CUBE, SIZES)) == (
            run.unbatched,
            run.trees[1],
        )


def test_where_nothing_moves_nothing_is_saved():
    """On a machine of one row, whose owner asks, all ways cost nothing and the reduction is 1."""
    tiny = Vocabulary(1, (1, 1))
    found = route_batches(tiny, (1, 1), 3, 0.0, SIZES, runs=2, seed=1)
    assert found.reduction("tree1").mean == 1.0 and found.cost("unbatched", "hops").mean == 0


@pytest.mark.parametrize(
    "call",
    [
        lambda: mean_interval([1.0]),
        lambda: mean_interval([1.0, 2.0], confidence=1.0),
        lambda: route_batches(PLAN, CUBE, 0, 0.0, SIZES, runs=2, seed=1),
        lambda: route_batches(PLAN, CUBE, 10, 0.0, SIZES, runs=1, seed=1),
        lambda: route_batches(PLAN, CUBE, 10, 0.0, SIZES, runs=2, seed=1).cost("unbatched", "price"),
        lambda: route_batches(PLAN, CUBE, 10, 0.0, SIZES, runs=2, seed=1).cost("tree7", "hops"),
        lambda: route_batches(PLAN, CUBE, 10, 0.0, SIZES, runs=2, seed=1).cost("teleport", "hops"),
    ],
    ids=range(7),
)
def test_what_is_no_experiment_is_refused(call):
    """Single runs, empty batches and costs without a name raise an InputError."""
    with pytest.raises(InputError):
        call()
