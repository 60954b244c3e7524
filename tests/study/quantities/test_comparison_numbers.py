"""Cuts and all-reduces of the table of topologies: closed forms, cuts that exist, bounds that hold for any network."""

import numpy as np
import pytest

from phextpaper.study.quantities.comparison import compared, graph_of


def crossing(neighbours: np.ndarray, half: np.ndarray) -> int:
    """Links between a half and the rest."""
    return int((half[neighbours] != half[:, None]).sum()) // 2


def test_cuts_of_tori_and_the_cube_are_the_textbook_ones(quantities):
    """Two faces across the longest side, and half the nodes of a cube."""
    cut = quantities.comparison.cut
    assert (cut.torus_2d.low.value, cut.torus_2d.high.value) == (2 * 64, 2 * 64)
    assert cut.torus_3d.low.value == cut.torus_3d.high.value == 2 * 16 * 16
    assert cut.hypercube.low.value == 4096 // 2


@pytest.mark.parametrize("kind", ["torus_3d", "twisted", "found"])
def test_no_equal_cut_cuts_less_than_the_bound(quantities, kind):
    """Cuts by number, by parity and by chance cut at least as many links."""
    graph = graph_of(quantities, kind)
    neighbours, size, rng = graph.neighbours(), graph.size, np.random.default_rng(1)
    halves = [np.arange(size) < size // 2, np.arange(size) % 2 == 0, rng.permutation(size) < size // 2]
    halves += [np.arange(size) // side % 2 == 0 for side in (4, 16, 64, 256)]
    least = min(crossing(neighbours, half) for half in halves)
    assert quantities[f"comparison.cut.{kind}.low"].value <= min(least, quantities[f"comparison.cut.{kind}.high"].value)


def test_every_pair_of_bounds_is_in_order(quantities):
    """At least is not above at most."""
    for kind in compared(quantities):
        assert quantities[f"comparison.cut.{kind}.low"].value <= quantities[f"comparison.cut.{kind}.high"].value


def test_no_all_reduce_is_faster_than_its_bytes_leave_a_chip(quantities):
    """Twice the buffer but one share has to leave over six links at 50 GB/s."""
    least = 2 * (4096 - 1) / 4096 * quantities.machine.collective_buffer.value * 1e6 / (6 * 50e9) * 1e3
    assert quantities["comparison.all_reduce_ms.found"].value > least
    assert quantities["comparison.all_reduce_ms.found"].value >= quantities.reconfiguration.all_reduce_ms.torus_3d.value
