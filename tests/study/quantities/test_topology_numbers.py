"""Numbers of changes and of ceilings: routes walked one by one, bytes written out, averages of graphs set at random, and what no search may exceed."""

import networkx
import numpy as np
import pytest
from conftest import ROOT

from phextpaper.engine.networks.topologies import Torus
from phextpaper.press.evaluation import Quantities
from phextpaper.study.parameters import load_machine
from phextpaper.study.quantities import search
from phextpaper.study.quantities.flexibility import AXES, table_of, tables


@pytest.fixture(scope="module")
def small() -> Quantities:
    """The numbers of a machine of 512 chips."""
    return Quantities(load_machine(ROOT / "tests" / "small.toml"))


# ---------------------------------------------------------------------------------------------- changes of topology
def test_single_routes_are_walked_link_by_link(small):
    """The busiest link of a table, by following every route."""
    for kind in tables(small):
        table, load = table_of(small, kind), {}
        size = table.topology.size
        here = np.repeat(np.arange(size), size)
        there = np.tile(np.arange(size), size)
        while len(here):
            here, there = here[here != there], there[here != there]
            ahead = np.array([], dtype=int) if not len(here) else table.next_hop(here, there)
            for code, count in zip(*np.unique(here * size + ahead, return_counts=True), strict=True):
                load[code] = load.get(code, 0) + count
            here = ahead
        assert small.flexibility.single[kind] == pytest.approx((size - 1) / max(load.values()))


def test_one_route_a_pair_carries_no_more_than_the_best_routing(small):
    """What a table of single routes carries is below what no routing exceeds."""
    for kind, table in (("regular", "plain"), ("graph", "found")):
        assert max(
            small.flexibility.single[table], small.flexibility.found_single if table == "found" else 0
        ) <= small.search.n512[kind].bound.value * (1 + 1e-12)


def test_the_better_rule_for_ties_counts(small):
    """The larger throughput of both, against the torus of 512 chips, whose throughput is known in closed form."""
    f = small.flexibility
    assert f.found_single == max(f.single.found, f.by_chance) and f.single_gain == pytest.approx(
        f.found_single * 512 / 511
    )


def test_the_chips_that_rewrite_most_and_least_lie_round_the_mean(small):
    """The share of the whole table is the mean of the shares of the chips."""
    f = small.flexibility
    assert f.least_share <= small.reconfiguration.share.twisted.value <= f.most_share
    assert small.node("flexibility.rewritten").mean() / 511 == pytest.approx(small.reconfiguration.share.twisted / 100)
    assert small.node("flexibility.rewritten").max() * small.machine.table_entry_update / 1e6 == pytest.approx(
        small.reconfiguration.chip_ms.twisted.value
    )


def test_loads_of_a_torus_by_dimension_are_those_of_its_rings(quantities, small):
    """In an even ring of k chips a link carries k^2/8 pairs, and there is a ring through each chip: k/8 of all chips."""
    for q in (quantities, small):
        sides = q.node("layout.machine").shape
        for axis, side in zip(AXES, sides, strict=True):
            assert q.flexibility.axis_load.torus_3d[axis] == np.prod(sides) * side / 8
        total = sum(q.flexibility.axis_load.twisted[axis].value for axis in AXES) * 2
        assert total == pytest.approx(q.topologies.twisted.mean_hops * (np.prod(sides) - 1), abs=3)


def test_shares_of_time_and_links_follow_from_their_parts(quantities):
    """Written out from the machine: 4096 chips, 200 ns an entry, 10 s a slice."""
    f = quantities.flexibility
    assert f.writing_share == pytest.approx(100 * 4095 * 200e-9 / 10)
    assert f.serial_share == pytest.approx(100 * 4096 * 4095 * 200e-9 / 10)
    assert f.twist_links == pytest.approx(100 * 16 * 16 / (3 * 4096))  # the links between the last and the first volume
    assert f.twist_channels >= 2  # a ring has a cycle on one channel


def test_the_ideal_lies_above_the_measurement_by_what_is_said(quantities):
    """Worst loads of the slices worked out by hand: a twisted slice of n x n x 2n is symmetric, so hops spread evenly over six links."""
    ideal = Torus((4, 4, 8)).max_link_load() / (quantities.search.n128.twisted.mean_hops * 127 / 6)
    assert quantities.flexibility.over_published.n4x4x8 == pytest.approx(100 * (ideal / 1.63 - 1))
    assert quantities.flexibility.slice.n4x8x8 == "4 x 8 x 8"


def test_the_twist_trades_hops_for_throughput_as_said(quantities):
    """Signs are for words to choose; sizes come from hops and loads."""
    t, load = quantities.topologies, quantities.flexibility.axis_load
    assert quantities.flexibility.twist_hops == pytest.approx(100 * (1 - t.twisted.mean_hops / t.torus_3d.mean_hops))
    assert quantities.flexibility.twist_exchange == pytest.approx(100 * (1 - 8192 / load.twisted.volume), abs=0.01)


def test_the_example_route_on_the_found_graph_is_a_shortest_path(small):
    """By a search of another library."""
    graph = networkx.Graph(
        (node, int(other))
        for node, row in enumerate(small.node("search.topology.n512.graph").neighbours())
        for other in row
    )
    assert small.flexibility.row.found == networkx.shortest_path_length(graph, 0, 256 + 16 + 5)


# ---------------------------------------------------------------------------------------------- ceilings
def test_no_network_compared_exceeds_the_ceiling(small):
    """Neither drawn nor found, by bound or by routing; and no graph has fewer hops."""
    for size, kind in search.rows(small):
        limit, found = small.search_limits, small.search[size][kind]
        assert found.mean_hops >= limit.hops[size].value - 1e-12 and found.reached <= limit.throughput[size]
        assert limit.hops[size] >= small.search.moore[size]


def test_ceilings_of_gains_follow_from_hops(small):
    """Six links over the hops, over the best torus; their mean is geometric; shares met are below all."""
    drawn = {
        "n128": small.search.n128.twisted.even,
        "n256": small.search.n256.twisted.even,
        "n512": small.search.n512.regular.even,
    }
    gains = [6 / small.search_limits.hops[size] / drawn[size] for size in search.SLICES]
    assert [small.search_limits.gain[size].value for size in search.SLICES] == pytest.approx(gains)
    assert small.search_limits.mean_gain**3 == pytest.approx(np.prod(gains))
    assert all(
        small.search_limits.met[size] == round(100 * small.search.gain[size] / gain) <= 100
        for size, gain in zip(search.SLICES, gains, strict=True)
    )


def test_switches_set_at_random_do_no_better(small):
    """Each of 48 switches a permutation of its own over the blocks of 256 chips; blocks need not look alike."""
    rng, places = np.random.default_rng(5), list(np.ndindex(4, 4, 4))
    graph = networkx.Graph()
    for dimension in range(3):
        for place in places:
            ahead = list(place)
            ahead[dimension] = (ahead[dimension] + 1) % 4
            beyond = rng.permutation(4) if place[dimension] == 3 else np.arange(4)
            graph.add_edges_from(((block, place), (int(beyond[block]), tuple(ahead))) for block in range(4))
    assert len(graph) == 256 and networkx.average_shortest_path_length(graph) > small.search_limits.hops.n256


def test_bytes_of_a_gpt3_step_are_those_of_its_published_sizes(quantities):
    """Layers, width, batch and parameters as published, 8 chips a layer, 16 stages, the rest replicas, two bytes a value."""
    layers, width, tokens, parameters, q = 96, 12_288, 3.2e6, 174.6e9, quantities.search_limits
    for size, replicas in (("n128", 1), ("n256", 2), ("n512", 4)):
        activations = tokens / replicas * width * 2
        assert q.replicas[size] == replicas
        assert q.step_gb[size].tensor == pytest.approx(
            layers / 16 * 8 * activations * 7 / 8 / 1e9
        )  # 4 all-reduces a layer, 2 (t - 1) / t each
        assert q.step_gb[size].pipeline == pytest.approx(activations / 1e9)
        assert q.step_gb[size].data == pytest.approx(2 * (replicas - 1) / replicas * parameters / 128 * 2 / 1e9)


def test_rings_of_a_layer_bound_the_gain(quantities):
    """Half of the bytes each way round a ring at 50 GB/s is the part that no other topology shortens; its share is the gain's inverse."""
    q = quantities.search_limits
    rings = q.step_gb.n512.tensor / 2 / 50
    assert q.ring_gain.n512 == pytest.approx(quantities.search.training.n512.regular / rings)
    assert q.tensor_share.n512 == round(100 / q.ring_gain.n512)
    assert quantities.search.training_gain.n512 <= q.ring_gain.n512


def test_lattices_are_compared_with_all_of_their_size(quantities):
    """By printed worst loads: the larger of the two savings; at 512 chips against the plain torus, whose throughput is known in closed form."""
    s = quantities.search
    assert quantities.search_limits.lattice_excess == pytest.approx(
        max(100 * (1 - s.all_best[size] / s[size].lattice.worst_load) for size in ("n128", "n256"))
    )
    assert quantities.search_limits.lattice_gain == pytest.approx(s.n512.lattice.reached / (511 / 512))
