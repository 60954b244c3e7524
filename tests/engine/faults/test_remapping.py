"""Remapping: small networks against networkx and routes walked by hand, the paper's machine over all its pairs."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phextpaper.engine.faults.remapping import (
    CHOICES,
    NONE,
    SparedNetwork,
    at_start,
    examine,
    remap,
    spare_blocks_that_fit,
    swap_blocks,
)
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.networks.topologies import Graph, Hypercube, Torus
from phextpaper.engine.routing.address_tables import AddressTable
from phextpaper.errors import InputError

PAPER = Layout(16, 16, 16, spare_volumes=1, links_per_chip=6, chips_per_host=4, block=(4, 4, 4))
SMALL = SparedNetwork(Torus((4, 3, 3)), 27)
NETWORKS = (SMALL, SparedNetwork(Torus((3, 2, 4)), 20), SparedNetwork(Hypercube(5), 28))


def graph_without(network: SparedNetwork, failed) -> nx.MultiGraph:
    """The network as networkx knows it, each link once, without the failed nodes."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(network.topology.size))
    for node, ends in enumerate(network.topology.neighbours().tolist()):
        graph.add_edges_from((node, end) for end in ends if end > node)
    graph.remove_nodes_from(failed)
    return graph


def walked_loads(table: AddressTable) -> tuple[np.ndarray, np.ndarray]:
    """Loads and hops by walking the table from each home to each other, one hop at a time."""
    loads = np.zeros(table.neighbours.shape, dtype=int)
    hops = np.full((len(table.home),) * 2, NONE)
    served = np.flatnonzero(table.home != NONE)
    hops[served, served] = 0
    for source, destination in itertools.permutations(served.tolist(), 2):
        node, hops[source, destination] = table.home[source], 0
        while node != table.home[destination]:
            port = table.ports[node, destination]
            loads[node, port] += 1
            hops[source, destination] += 1
            node = table.neighbours[node, port]
    return loads, hops


@st.composite
def failures(draw):
    """A network and a set of nodes that fail, from none to most."""
    network = draw(st.sampled_from(NETWORKS))
    return network, draw(st.sets(st.integers(0, network.topology.size - 1), max_size=network.topology.size - 2))


@settings(max_examples=80)
@given(failures(), st.sampled_from(CHOICES))
def test_every_pair_of_served_addresses_stays_connected(case, choice):
    """After any failures each served address reaches each other one over healthy nodes, in as few hops as there are."""
    network, failed = case
    found = examine(network, failed, choice=choice, before=at_start(network))
    graph = graph_without(network, failed)
    home = found.remap.home
    served = np.flatnonzero(home != NONE)
    assert found.trace.connected
    assert len(set(home[served].tolist())) == len(served)
    assert not set(home[served].tolist()) & failed
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    for a, b in itertools.product(served.tolist(), repeat=2):
        path = found.table.path(a, b)
        assert (path[0], path[-1]) == (home[a], home[b])
        assert not set(path) & failed
        assert all(graph.has_edge(*hop) for hop in itertools.pairwise(path))
        assert len(path) - 1 == found.trace.hops[a, b] == lengths[home[a]][home[b]]


@settings(max_examples=60)
@given(failures(), st.sampled_from(CHOICES))
def test_each_outcome_says_what_happened(case, choice):
    """Addresses whose node lives on stay, lost ones move to spares while there are any, and the rest are named."""
    network, failed = case
    found = remap(network, failed, choice=choice)
    parts = sorted(nx.connected_components(graph_without(network, failed)), key=lambda part: (-len(part), min(part)))
    largest = parts[0]
    spares = [node for node in largest if node >= network.active]
    lost = [address for address in range(network.active) if address not in largest]
    assert set(found.cut_off) == set().union(*parts[1:])
    assert len(found.moves) == min(len(lost), len(spares))
    assert sorted([move.address for move in found.moves] + list(found.unserved)) == lost
    assert all(move.lost == move.address and move.spare in spares for move in found.moves)
    assert found.spares_left == len(spares) - len(found.moves)
    expected = "shortage" if len(lost) > len(spares) else "remapped" if lost else "nothing lost"
    assert found.outcome == expected
    for address in range(network.active):
        if address not in lost:
            assert found.home[address] == address


@settings(max_examples=30)
@given(failures())
def test_loads_and_hops_are_those_of_the_walked_routes(case):
    """Following all routes at once counts the same loads and hops as walking them one by one."""
    network, failed = case
    found = examine(network, failed)
    loads, hops = walked_loads(found.table)
    assert np.array_equal(found.trace.loads, loads)
    assert np.array_equal(found.trace.hops, hops)
    before_loads, before_hops = walked_loads(at_start(network)[0])
    pairs = [(a, b) for a, b in itertools.permutations(np.flatnonzero(found.remap.home != NONE).tolist(), 2)]
    if not pairs:
        assert found.impact is None
        return
    added = np.array([hops[pair] - before_hops[pair] for pair in pairs])
    moved = {move.address for move in found.remap.moves}
    touched = [gain for gain, pair in zip(added, pairs, strict=True) if moved & set(pair)]
    assert found.impact.pairs == len(pairs)
    assert found.impact.mean_hops_after - found.impact.mean_hops_before == pytest.approx(added.mean())
    assert found.impact.most_hops_added == max(added.max(), 0)
    assert found.impact.longer == pytest.approx((added > 0).mean())
    assert found.impact.moved_hops_added == pytest.approx(np.mean(touched) if touched else 0.0)
    assert (found.impact.max_load_before, found.impact.max_load_after) == (before_loads.max(), loads.max())
    assert found.impact.most_load_added == (loads - before_loads).max()


def test_entries_are_counted_at_healthy_chips():
    """An entry has changed where a healthy chip now uses another port for an address."""
    before, failed = at_start(SMALL), {5, 30}
    found = examine(SMALL, failed, before=before)
    changed = [
        sum(before[0].ports[node, address] != found.table.ports[node, address] for address in range(SMALL.active))
        for node in range(SMALL.topology.size)
        if node not in failed
    ]
    assert (found.impact.entries_changed, found.impact.most_entries) == (sum(changed), max(changed))


def test_first_takes_the_lowest_and_nearest_the_closest():
    """The first rule takes spares in order; the nearest one takes the fewest hops from where the address lived."""
    assert [move.spare for move in remap(SMALL, {4, 13, 27}, choice="first").moves] == [28, 29]
    graph = graph_without(SMALL, ())
    for failed in range(SMALL.active):
        (move,) = remap(SMALL, {failed}, choice="nearest").moves
        far = {spare: nx.shortest_path_length(graph, failed, spare) for spare in range(27, 36)}
        assert far[move.spare] == min(far.values())
        assert move.spare == min(spare for spare in far if far[spare] == min(far.values()))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("failed", [0, 7, 13])
def test_the_load_rule_finds_the_least_busy_link(network, failed):
    """No other spare leaves a less loaded busiest link, nor as little on it with fewer hops in all: all are tried."""
    before = at_start(network)
    outcomes = {}
    for spare in range(network.active, network.topology.size):
        home = np.arange(network.active)
        home[failed] = spare
        trace = AddressTable.of(network.without({failed}), home).trace()
        outcomes[spare] = (trace.loads.max(), trace.loads.sum(), spare)
    found = examine(network, {failed}, choice="load", before=before)
    assert found.remap.moves[0].spare == min(outcomes.values())[2]
    assert found.impact.max_load_after == min(outcomes.values())[0]


@pytest.mark.parametrize("seed", range(6))
def test_the_load_rule_knows_what_it_placed_before(seed):
    """On irregular networks each choice by load is the best one given those before it, with routes both ways counted."""
    graph = nx.connected_watts_strogatz_graph(24, 4, 0.4, seed=seed)
    network = SparedNetwork(Graph.from_edges(np.array(graph.edges())), 16)
    failed, home, free = [1, 6, 11, 14], np.arange(16), list(range(16, 24))
    home[failed] = NONE
    assert nx.is_connected(graph_without(network, failed))
    for address in failed:
        tried = {}
        for spare in free:
            trial = home.copy()
            trial[address] = spare
            loads = AddressTable.of(network.without(failed), trial).trace().loads
            tried[spare] = (loads.max(), loads.sum(), spare)
        home[address] = min(tried.values())[2]
        free.remove(home[address])
    assert np.array_equal(remap(network, failed, choice="load").home, home)


def test_the_largest_part_goes_on():
    """Of the parts into which failures cut a network the largest is kept, whichever comes first."""
    line = SparedNetwork(Graph.from_edges(np.array(nx.path_graph(12).edges())), 10)
    assert remap(line, [4, 7]).cut_off == (5, 6, 8, 9, 10, 11)
    assert remap(line, [2, 5]).cut_off == (0, 1, 3, 4)
    assert remap(line, [3, 6, 9]).cut_off == (4, 5, 7, 8, 10, 11)


def test_a_route_over_a_failed_chip_does_not_arrive():
    """The tables from before a failure still lead over the failed chip, and following them finds that out."""
    old, _ = at_start(SMALL)
    home = np.where(np.arange(27) == 13, NONE, np.arange(27))
    trace = AddressTable(SMALL.without({13}), home, old.ports).trace()
    over = [(a, b) for a, b in itertools.permutations(np.flatnonzero(home != NONE).tolist(), 2) if 13 in old.path(a, b)]
    assert over
    assert not trace.connected
    assert {(int(a), int(b)) for a, b in np.argwhere(trace.hops < 0)} - {
        (a, b) for a, b in itertools.product(range(27), repeat=2) if 13 in (a, b)
    } == set(over)


def test_failures_one_after_the_other():
    """A spare that took an address over and then fails hands it on; a repaired chip is a spare itself."""
    first = remap(SMALL, {3}, choice="first")
    second = remap(SMALL, {3, 27}, choice="first", home=first.home)
    assert [(move.address, move.lost, move.spare) for move in second.moves] == [(3, 27, 28)]
    third = remap(SMALL, {28}, choice="first", home=second.home)
    assert [(move.address, move.spare) for move in third.moves] == [(3, 3)]
    assert np.array_equal(third.home, np.arange(27))


def test_more_failures_than_spares_is_an_outcome():
    """When the spares run out the last addresses are unserved, the others still work, and a repair serves them again."""
    failed = set(range(12))
    found = examine(SMALL, failed, choice="first")
    assert found.remap.outcome == "shortage"
    assert found.remap.unserved == (9, 10, 11)
    assert found.trace.connected
    with pytest.raises(InputError, match="no route"):
        found.table.path(0, 9)
    again = remap(SMALL, failed - {4, 5, 6}, home=found.remap.home)
    assert (again.outcome, again.spares_left) == ("remapped", 0)
    assert {move.lost for move in again.moves} == {NONE}


def test_a_chip_without_healthy_neighbours_counts_as_lost():
    """A healthy chip that no link reaches any more is cut off, and its address moves."""
    neighbours = set(SMALL.topology.neighbours()[13].tolist())
    found = examine(SMALL, neighbours)
    assert found.remap.cut_off == (13,)
    assert 13 in [move.address for move in found.remap.moves]
    assert found.trace.connected


def test_nothing_is_left_when_all_fail():
    """Even when every chip fails there is an outcome."""
    found = examine(SMALL, range(36))
    assert (found.remap.outcome, len(found.remap.unserved), found.impact) == ("shortage", 27, None)


@pytest.fixture(scope="module")
def paper():
    """The paper's network, and its tables and routes before any failure."""
    network = SparedNetwork.torus(PAPER)
    return network, at_start(network)


def test_the_waiting_volume_lengthens_the_ring(paper):
    """Before any failure the ring of volumes has 17 places of which 16 are used, so mean hops exceed the 16-cube's."""
    network, (_, trace) = paper
    ring = [min(step, 17 - step) for step in range(17)]
    along_volumes = np.mean([ring[abs(a - b)] for a in range(16) for b in range(16)])
    assert trace.connected
    assert trace.mean_hops == pytest.approx((along_volumes + 4 + 4) * 4096 / 4095)
    assert network.topology.degree == 6


def test_one_chip_of_the_paper(paper):
    """When 8.8.8 fails it moves to volume 17, all 16 773 120 pairs stay connected, and no route touches it."""
    network, before = paper
    chip = int(PAPER.index([8, 8, 8]))
    found = examine(network, [chip], before=before)
    assert PAPER.coordinate([found.remap.moves[0].spare]).tolist() == [[17, 8, 8]]
    assert (found.trace.connected, found.trace.pairs) == (True, 4096 * 4095)
    to_the_chip = network.topology.neighbours() == chip
    assert found.trace.loads[chip].sum() == found.trace.loads[to_the_chip].sum() == 0
    assert before[1].loads[to_the_chip].min() > 0
    table = found.routing_table()
    assert table.verify().minimal
    # Without the chip, the nodes of the other addresses are the first 4095.
    kept = np.delete(np.arange(4096), chip)
    assert np.array_equal(table.hops()[:4095, :4095], found.trace.hops[np.ix_(kept, kept)])


def test_a_rack_of_the_paper_changes_one_part_of_its_coordinates(paper):
    """When rack 8 fails, 8.b.c lives on at 17.b.c, and the ring of volumes is a line, as networkx measures it."""
    network, before = paper
    found = examine(network, PAPER.chips_in_rack(8), before=before)
    moves = found.remap.moves
    there = PAPER.coordinate([move.spare for move in moves])
    here = PAPER.coordinate([move.address for move in moves])
    assert (found.remap.outcome, found.remap.spares_left, len(moves)) == ("remapped", 0, 256)
    assert (there[:, 0] == 17).all()
    assert np.array_equal(there[:, 1:], here[:, 1:])
    assert found.trace.connected
    # 16 volumes in a line, two rings of 16.
    line = nx.average_shortest_path_length(nx.path_graph(16)) * 15 / 16
    assert found.trace.mean_hops == pytest.approx((line + 4 + 4) * 4096 / 4095)


def test_a_swapped_block_takes_its_healthy_chips_along():
    """One failed chip takes 63 healthy ones with it, and the 6 faces of 16 links of its block are made anew."""
    found = swap_blocks(PAPER, [int(PAPER.index([8, 8, 8]))])
    assert (found.outcome, found.chips_taken, found.healthy_taken) == ("remapped", 64, 63)
    assert found.optical_links == 6 * 16
    assert found.spare_blocks_left == 3
    assert (found.hops_added, found.load_added) == (0, 0)


def test_a_unit_takes_all_spare_blocks_and_a_rack_more_than_there_are():
    """A book lies in 4 blocks of 4 x 4 x 4 chips and a volume in 16, but 256 spares make 4 blocks."""
    unit = swap_blocks(PAPER, PAPER.at(8, 8, np.arange(1, 17)))
    assert (unit.outcome, len(unit.swaps), unit.spare_blocks_left, unit.healthy_taken) == ("remapped", 4, 0, 240)
    # Four blocks in a ring share four faces, whose links are made anew once.
    assert unit.optical_links == 4 * 96 - 4 * 16
    rack = swap_blocks(PAPER, PAPER.chips_in_rack(8))
    assert (rack.outcome, len(rack.swaps), len(rack.unserved)) == ("shortage", 4, 12)


def test_a_spare_block_with_a_failed_chip_is_no_spare():
    """A failed spare takes its block out of the pool, and alone it loses nothing."""
    chip = int(PAPER.index([8, 8, 8]))
    found = swap_blocks(PAPER, [chip, 4096 + 70])
    assert (found.swaps[0][1], found.spare_blocks_left) == (1, 2)
    found = swap_blocks(PAPER, [chip, 4096])
    assert found.swaps[0][1] == 2
    assert swap_blocks(PAPER, [4096]).outcome == "nothing lost"
    assert swap_blocks(PAPER, []).spare_blocks_left == 4


def test_the_switches_have_room_for_just_these_spares():
    """136 ports join 68 blocks: 64 and 4 spare ones, if no port is kept for tests; with 8 kept there is room for none."""
    assert spare_blocks_that_fit(PAPER, ports=136) == 136 // 2 - 64 == PAPER.spares // 64
    assert spare_blocks_that_fit(PAPER, ports=136, kept=8) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: SparedNetwork(Torus((4, 4)), 17),
        lambda: SparedNetwork(Torus((4, 4)), 1),
        lambda: remap(SMALL, [36]),
        lambda: remap(SMALL, [-1]),
        lambda: remap(SMALL, [0], choice="best"),
        lambda: swap_blocks(PAPER, [4352]),
        lambda: swap_blocks(Layout(3, 3, 3, 1, 6, block=(4, 4, 4)), [0]),
    ],
)
def test_impossible_failures_are_refused(wrong):
    """Nodes, rules and blocks that do not exist are refused with a remedy."""
    with pytest.raises(InputError) as caught:
        wrong()
    assert caught.value.remedy


def test_any_connected_graph_can_have_spares():
    """A network of no family is remapped too: in a wheel the hub's address moves to the spare on the rim."""
    wheel = nx.wheel_graph(8)
    network = SparedNetwork(Graph.from_edges(np.array(wheel.edges())), 7)
    found = examine(network, {0})
    assert [(move.address, move.spare) for move in found.remap.moves] == [(0, 7)]
    assert found.trace.hops.max() == 3  # the rim is a ring of seven
