"""Numbers of Figure 4: closed forms of tori, the search's own numbers on the same graphs, wires and mirrors counted one by one."""

import networkx
import numpy as np
import pytest
from conftest import ROOT

from phextpaper.press.evaluation import Quantities
from phextpaper.study.parameters import load_machine
from phextpaper.study.quantities.four_topologies import KINDS, SEARCHED

BOX = (4, 4, 8)


@pytest.fixture(scope="module")
def small() -> Quantities:
    """The numbers of a machine of 512 chips."""
    return Quantities(load_machine(ROOT / "tests" / "small.toml"))


def test_tori_follow_their_closed_forms(small):
    """In an even ring of k chips the mean distance, itself included, is k/4; its links carry a k-th of k^2/8 pairs a chip; halves part at two faces."""
    f, chips = small.four_topologies, 128
    for kind, sides in (("torus_2d", (16, 8)), ("torus_3d", BOX)):
        assert f.mean_hops[kind].value == pytest.approx(sum(side / 4 for side in sides) * chips / (chips - 1))
        assert f.worst_load[kind].value == pytest.approx(chips * max(sides) / 8)
        assert f.bisection[kind].low == f.bisection[kind].high == 2 * chips // max(sides)
        assert f.shape[kind].value == " x ".join(map(str, sides))


def test_what_the_search_compares_is_drawn(small):
    """Mean hops and worst load are those of the section on searched graphs."""
    for kind, name in SEARCHED.items():
        assert small.four_topologies.mean_hops[kind].value == small.search.n128[name].mean_hops.value
        assert small.four_topologies.worst_load[kind].value == small.search.n128[name].worst_load.value


def test_cuts_lie_between_their_bounds(small):
    """A cut that networkx finds by swapping is no smaller than the bound from below, and some cut reaches the bound from above."""
    for kind in KINDS:
        network, bounds = small.node(f"four_topologies.graph.{kind}"), small.four_topologies.bisection[kind]
        graph = networkx.MultiGraph(
            (chip, int(other)) for chip, row in enumerate(network.neighbours()) for other in row if chip < other
        )
        halves = networkx.algorithms.community.kernighan_lin_bisection(networkx.Graph(graph), seed=1)
        assert bounds.low.value <= sum((a in halves[0]) != (b in halves[0]) for a, b in graph.edges())
        assert bounds.low.value <= bounds.high.value


def test_balanced_routes_are_bounded_by_the_work_of_all_links(small):
    """All hops of all pairs, spread evenly over all directed links, are the least that the busiest link can carry."""
    least = 127 * small.four_topologies.mean_hops.learned.value / 6
    assert least <= small.four_topologies.balanced_load.value * (1 + 1e-9)


def test_changes_are_counted_in_tables_and_wires(small):
    """Entries that differ at the busiest chip, and links of the 2D torus that are neither in the box nor between faces of its blocks."""
    f, m = small.four_topologies, small.machine
    assert f.table_us.torus_3d == 0 and f.mirror_ms.torus_3d == 0 and f.impossible.torus_3d == 0
    assert f.impossible.twisted == f.impossible.learned == 0
    assert f.mirror_ms.twisted.value == f.mirror_ms.learned.value == m.mirror_switching.value
    for kind in KINDS:
        assert 0 <= f.table_us[kind].value <= 127 * m.table_entry_update / 1e3
    place = np.stack(np.unravel_index(np.arange(128), BOX), axis=-1)
    lacking = 0
    for chip, row in enumerate(small.node("four_topologies.graph.torus_2d").neighbours()):
        for other in row:
            differ = np.flatnonzero(place[chip] != place[other])
            lacking += len(differ) > 1
    assert f.impossible.torus_2d == lacking // 2
    assert f.set_links == 16 * 2 + 32 + 32
