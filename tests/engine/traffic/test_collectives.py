import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Torus, TwistedTorus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.traffic.collectives import (
    all_dimensions,
    all_to_all,
    all_to_all_time,
    gather,
    halving_doubling,
    per_dimension,
    recursive_doubling,
    ring,
    scatter,
    snake_order,
    tree,
)
from phextpaper.engine.traffic.schedules import Phase, Schedule, cost, side_by_side
from phextpaper.errors import InputError

UNIT = {"buffer_bytes": 1.0, "hop_latency_s": 0.0, "bandwidth_bytes_per_s": 1.0}
NETWORKS = [
    Torus((8,)),
    Torus((4, 4)),
    Torus((2, 4, 4)),
    Torus((4, 6)),
    Torus((3, 5)),
    Torus((1, 6)),
    Hypercube(4),
    TwistedTorus((2, 2, 4)),
    Graph.from_edges([(n, (n + 1) % 9) for n in range(9)] + [(0, 4)]),
]


def all_reduces(topology):
    """Every all-reduce that this network's size and shape allow."""
    nodes = np.random.default_rng(7).permutation(topology.size)
    found = [ring(nodes), ring(nodes, both_ways=True), tree(nodes)]
    if topology.size & (topology.size - 1) == 0:
        found += [recursive_doubling(nodes), halving_doubling(nodes)]
    if not isinstance(topology, Graph):
        box = topology.shape
        found += [ring(snake_order(box)), per_dimension(box), per_dimension(box, both_ways=True), all_dimensions(box)]
    return found


CASES = [
    pytest.param(topology, schedule, id=f"{topology.spec} {schedule.name} {number}")
    for topology in NETWORKS
    for number, schedule in enumerate(all_reduces(topology))
]


@pytest.mark.parametrize(("topology", "schedule"), CASES)
def test_an_all_reduce_leaves_the_sum_at_every_node(topology, schedule):
    """Executed on random numbers, every node ends with the sum of all buffers in every chunk."""
    values = np.random.default_rng(1).integers(-1000, 1000, (topology.size, schedule.chunks))
    assert np.array_equal(schedule.execute(values), np.tile(values.sum(axis=0), (topology.size, 1)))


@pytest.mark.parametrize(("topology", "schedule"), CASES)
def test_the_model_counts_the_loads_and_hops_of_the_executed_transfers(topology, schedule):
    """Chunks walked link by link along each path, round by round, give the model's loads, hops, bytes and time."""
    table = RoutingTable.minimal(topology)
    total, hops, sent, busiest, seconds = Counter(), 0, 0, 0.0, 0.0
    for step in schedule.each_round():
        loads, longest = Counter(), 0
        for source, destination, count in zip(step.sources, step.destinations, step.count, strict=True):
            route = table.route(int(source), int(destination))
            for link in zip(route.nodes, route.ports, strict=False):
                loads[link] += int(count)
            hops += route.hops
            sent += int(count)
            longest = max(longest, route.hops)
        total += loads
        busiest += max(loads.values())
        seconds += longest * 3.0 + max(loads.values()) * 2.0 / 5.0
    found = cost(schedule, table, buffer_bytes=2.0 * schedule.chunks, hop_latency_s=3.0, bandwidth_bytes_per_s=5.0)
    counted = np.zeros((topology.size, topology.degree))
    for link, load in total.items():
        counted[link] = load
    assert np.allclose(found.link_bytes, 2.0 * counted)
    assert found.total_hops == hops
    assert found.rounds == schedule.rounds == sum(1 for _ in schedule.each_round())
    assert found.sent_bytes == pytest.approx(2.0 * sent)
    assert found.busiest_bytes == pytest.approx(2.0 * busiest)
    assert found.total_seconds == pytest.approx(seconds)


@pytest.mark.parametrize("size", [2, 5, 8, 12])
def test_a_ring_takes_2_p_minus_1_rounds_of_a_pth_of_the_buffer(size):
    """On a ring network each round is one hop, each link carries n/p, and 2 (p - 1) n / p leave a node."""
    network = RoutingTable.minimal(Torus((size,)))
    found = cost(ring(np.arange(size)), network, **UNIT)
    assert found.rounds == 2 * (size - 1) == found.critical_hops
    assert found.busiest_bytes == pytest.approx(2 * (size - 1) / size)
    assert found.sent_bytes == pytest.approx(2 * (size - 1))
    if size > 2:
        both = cost(ring(np.arange(size), both_ways=True), network, **UNIT)
        assert both.busiest_bytes == pytest.approx(found.busiest_bytes / 2)


@pytest.mark.parametrize("bits", [1, 3, 5])
def test_halving_doubling_takes_2_log_p_rounds_and_the_fewest_bytes(bits):
    """2 log2 p rounds; 2 (p - 1)/p of the buffer a node; on a hypercube every transfer is one hop and meets no other."""
    size = 2**bits
    found = cost(halving_doubling(np.arange(size)), RoutingTable.minimal(Hypercube(bits)), **UNIT)
    assert found.rounds == 2 * bits == found.critical_hops
    assert found.sent_bytes == pytest.approx(2 * (size - 1))
    assert found.busiest_bytes == pytest.approx(2 * (size - 1) / size)


@pytest.mark.parametrize("bits", [1, 3, 5])
def test_recursive_doubling_and_tree_send_whole_buffers(bits):
    """log2 p rounds of the whole buffer from every node; a tree takes twice the rounds and 2 (p - 1) transfers in all."""
    size, cube = 2**bits, RoutingTable.minimal(Hypercube(bits))
    doubling, up_down = (cost(kind(np.arange(size)), cube, **UNIT) for kind in (recursive_doubling, tree))
    assert (doubling.rounds, doubling.sent_bytes, doubling.busiest_bytes) == (bits, bits * size, bits)
    assert (up_down.rounds, up_down.sent_bytes, up_down.busiest_bytes) == (2 * bits, 2 * (size - 1), 2 * bits)


@given(st.integers(2, 200))
def test_a_tree_of_any_size_takes_two_times_the_logarithm(size):
    """2 ceil(log2 p) rounds, and each node but the root sends up once and is sent to once."""
    schedule = tree(np.arange(size))
    assert schedule.rounds == 2 * math.ceil(math.log2(size))
    senders = [node for step in schedule.each_round() if step.adds for node in step.sources.tolist()]
    receivers = [node for step in schedule.each_round() if not step.adds for node in step.destinations.tolist()]
    assert sorted(senders) == sorted(receivers) == list(range(1, size))


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (3, 3, 3), (8, 8)])
def test_all_dimensions_at_once_use_every_link_alike(shape):
    """Each directed link carries 2 (1 - 1/p) n / (2 D) bytes, a 2 D-th of what one dimension at a time puts on its link."""
    torus = Torus(shape)
    table, ways = RoutingTable.minimal(torus), 2 * len(shape)
    one, every = (cost(kind(shape), table, **UNIT) for kind in (per_dimension, all_dimensions))
    least = 2 * (1 - 1 / torus.size)
    assert one.rounds == every.rounds == 2 * sum(length - 1 for length in shape)
    assert one.critical_hops == one.rounds and every.critical_hops == every.rounds
    assert one.busiest_bytes == pytest.approx(least)
    assert every.busiest_bytes == pytest.approx(least / ways)
    assert np.allclose(every.link_bytes, least / ways)
    assert cost(per_dimension(shape, both_ways=True), table, **UNIT).busiest_bytes == pytest.approx(least / 2)


def test_one_dimension_at_a_time_on_a_cube_is_halving_doubling():
    """With two nodes a dimension the ring is an exchange: same rounds, hops, loads and time."""
    cube = Hypercube(5)
    table = RoutingTable.minimal(cube)
    one, other = (
        cost(schedule, table, buffer_bytes=32.0, hop_latency_s=1.0, bandwidth_bytes_per_s=1.0)
        for schedule in (per_dimension(cube.shape), halving_doubling(np.arange(32)))
    )
    assert np.array_equal(one.link_bytes, other.link_bytes)
    assert (one.rounds, one.total_hops, one.total_seconds) == (other.rounds, other.total_hops, other.total_seconds)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4).filter(lambda shape: 2 <= math.prod(shape) <= 300))
def test_the_snake_goes_to_a_neighbour_at_every_step(shape):
    """It visits each node once, one step in one dimension at a time, and closes on a torus of even first length."""
    order = snake_order(shape)
    assert sorted(order) == list(range(math.prod(shape)))
    places = np.stack(np.unravel_index(order, shape), axis=-1)
    assert (np.abs(np.diff(places, axis=0)).sum(axis=1) == 1).all()
    if shape[0] % 2 == 0:
        last, first = places[-1], places[0]
        assert (last != first).sum() == 1 and last[0] == shape[0] - 1


@pytest.mark.parametrize("topology", NETWORKS, ids=lambda topology: topology.spec)
def test_all_to_all_brings_each_chunk_to_its_node(topology):
    """Executed, node d ends with chunk (s, d) of every s; all rounds together load the links as the table says."""
    schedule, size = all_to_all(topology.size), topology.size
    values = np.zeros((size, size, size), dtype=int)
    for node in range(size):
        values[node, node] = 1000 * (node + 1) + np.arange(size)
    held = schedule.execute(values.reshape(size, -1)).reshape(size, size, size)
    for node in range(size):
        assert held[node, :, node].tolist() == [1000 * (s + 1) + node for s in range(size)]
    table = RoutingTable.minimal(topology)
    found = cost(schedule, table, buffer_bytes=size * size, hop_latency_s=1.0, bandwidth_bytes_per_s=1.0)
    assert np.allclose(found.link_bytes, table.link_loads())
    assert found.total_hops == table.hops().sum()
    together = all_to_all_time(
        table.link_loads(),
        pair_bytes=1.0,
        longest_hops=int(table.hops().max()),
        hop_latency_s=1.0,
        bandwidth_bytes_per_s=1.0,
    )
    assert together == table.hops().max() + table.link_loads().max() <= found.total_seconds + 1e-9


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23)), min_size=1, max_size=200))
def test_scattered_requests_come_back_with_what_their_owners_hold(requests):
    """Executed, each owner sees its requests and each root gets its owner's answers; loads are counted path by path."""
    torus = Torus((4, 6))
    table = RoutingTable.minimal(torus)
    roots, owners = np.array(requests).T
    asked = np.zeros((24, len(requests)), dtype=int)
    asked[roots, np.arange(len(requests))] = np.arange(len(requests)) + 1
    seen = scatter(24, roots, owners).execute(asked)
    assert (seen[owners, np.arange(len(requests))] == np.arange(len(requests)) + 1).all()
    answered = gather(24, roots, owners).execute(seen * 100)
    assert (answered[roots, np.arange(len(requests))] == 100 * (np.arange(len(requests)) + 1)).all()
    loads = Counter()
    for root, owner in requests:
        route = table.route(owner, root)
        loads.update(zip(route.nodes, route.ports, strict=False))
    found = cost(
        gather(24, roots, owners),
        table,
        buffer_bytes=float(len(requests)),
        hop_latency_s=0.0,
        bandwidth_bytes_per_s=1.0,
    )
    assert found.total_hops == sum(loads.values())
    assert found.busiest_bytes == max(loads.values(), default=0)
    away = [table.hops()[owner, root] for root, owner in requests if owner != root]
    assert found.sent_bytes == len(away)
    if away:
        assert (found.least_hops[0], found.most_hops[0]) == (min(away), max(away))
        assert found.mean_hops[0] == pytest.approx(np.mean(away))


def test_transfers_that_meet_all_add_what_was_there_at_the_start():
    """Two nodes that send to a third, and one that passes on in the same round, use the values of the round's start."""
    meeting = Schedule("meeting", 4, 1, (Phase([0, 1, 2], [2, 2, 3], 1, True),))
    assert meeting.execute([[1], [10], [100], [1000]]).ravel().tolist() == [1, 10, 111, 1100]


def test_a_phase_split_in_two_sends_the_same_chunks():
    """Side by side, phases are cut where another begins; the rounds stay the same."""
    phase = ring(np.arange(7)).phases[0]
    first, rest = phase.split(2)
    whole = [step.first.tolist() for step in phase.rounds()]
    assert [step.first.tolist() for part in (first, rest) for step in part.rounds()] == whole


def test_the_ring_of_4096_chips_is_two_phases():
    """8190 rounds are kept as two, and cost 8190 latencies and 2 x 4095/4096 buffers of time over one link."""
    torus = Torus((16, 16, 16))
    schedule = ring(snake_order(torus.shape))
    assert len(schedule.phases) == 2 and schedule.rounds == 8190
    found = cost(
        schedule, RoutingTable.minimal(torus), buffer_bytes=4096e6, hop_latency_s=1e-6, bandwidth_bytes_per_s=1e9
    )
    assert found.total_seconds == pytest.approx(8190e-6 + 2 * 4095e6 / 1e9)


def test_schedules_that_cannot_run_are_refused():
    """Sizes that are no power of two, orders that repeat, requests outside, and parts that do not fit raise an error."""
    torus = RoutingTable.minimal(Torus((4,)))
    adding, replacing = (Schedule("part", 4, 4, (Phase([0], [1], 1, adds),)) for adds in (True, False))
    for call in (
        lambda: recursive_doubling(np.arange(6)),
        lambda: halving_doubling(np.arange(12)),
        lambda: ring([0, 1, 1]),
        lambda: ring([0]),
        lambda: scatter(4, [0, 4], [1, 1]),
        lambda: gather(4, [0], [1, 2]),
        lambda: all_to_all(513),
        lambda: cost(ring(np.arange(5)), torus, **UNIT),
        lambda: cost(ring(np.arange(4)), torus, buffer_bytes=1.0, hop_latency_s=0.0, bandwidth_bytes_per_s=0.0),
        lambda: ring(np.arange(4)).execute(np.zeros((4, 3))),
        lambda: side_by_side("both", adding, replacing),
        lambda: side_by_side("both", adding, ring(np.arange(5))),
        lambda: all_to_all_time([1.0], pair_bytes=1.0, longest_hops=1, hop_latency_s=0.0, bandwidth_bytes_per_s=0.0),
    ):
        with pytest.raises(InputError):
            call()
