"""Rating of spares: against a whole trace for each of them, and against the rules that choose one."""

import numpy as np
import pytest

from phextpaper.engine.faults.remapping import NONE, SparedNetwork, at_start, examine, remap
from phextpaper.engine.faults.spare_choice import rate_spares
from phextpaper.engine.naming.layout import Layout
from phextpaper.engine.networks.topologies import Hypercube, Torus
from phextpaper.engine.routing.address_tables import AddressTable
from phextpaper.errors import InputError

NETWORKS = (SparedNetwork(Torus((4, 3, 3)), 27), SparedNetwork(Torus((3, 2, 4)), 20), SparedNetwork(Hypercube(5), 25))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("failed", [{5}, {13}, {7, 26}, {0, 29}])
def test_each_spare_is_rated_as_a_whole_trace_finds_it(network, failed):
    """The busiest link and the mean hops of every spare are those of all routes followed with that spare in place."""
    failed = {node for node in failed if node < network.topology.size}
    done = examine(network, failed, choice="first", before=at_start(network))
    if len(done.remap.moves) != 1:
        with pytest.raises(InputError):
            rate_spares(network, done)
        return
    address, rating = done.remap.moves[0].address, rate_spares(network, done)
    taken = set(np.delete(done.remap.home, address).tolist())
    assert rating.spares.tolist() == [node for node in range(network.topology.size) if node not in taken | failed]
    for place, spare in enumerate(rating.spares.tolist()):
        home = done.remap.home.copy()
        home[address] = spare
        trace = AddressTable.of(done.remap.neighbours, home).trace()
        assert rating.busiest[place] == trace.loads.max()
        both = np.concatenate([np.delete(trace.hops[address], address), np.delete(trace.hops[:, address], address)])
        assert rating.mean_hops[place] == pytest.approx(both.mean())
        assert rating.distance[place] == network.topology.hop_counts(address)[spare]


@pytest.mark.parametrize("network", NETWORKS)
def test_the_rules_take_the_spares_that_the_rating_puts_first(network):
    """First free, nearest and least load agree between the remap and the rating."""
    for failed in range(network.active):
        rating = rate_spares(network, examine(network, [failed], choice="first"))
        for choice, place in (("first", rating.first), ("nearest", rating.nearest)):
            assert remap(network, [failed], choice=choice).home[failed] == rating.spares[place]
        best = remap(network, [failed], choice="load").home[failed]
        assert rating.busiest[rating.spares == best] == rating.busiest[rating.least_loaded] == rating.busiest.min()


def test_only_the_nearest_spares_are_rated_where_there_are_many():
    """The spare that was taken is always among them."""
    network = SparedNetwork.torus(Layout(4, 4, 4, spare_volumes=1, links_per_chip=6))
    rating = rate_spares(network, examine(network, [42], choice="first"), most=3)
    assert len(rating.spares) == 4
    assert rating.spares[rating.first] == 64
    assert sorted(rating.distance)[:3] == sorted(network.topology.hop_counts(42)[64:])[:3]


def test_entries_into_a_failed_chip_are_those_found_one_by_one():
    """Before the remap neighbours hand messages to the failed chip, by an entry for each; after it none does."""
    network = NETWORKS[0]
    whole = network.topology.neighbours()
    table, _ = at_start(network)
    for failed in ([4], [4, 13, 30]):
        expected = sum(
            int(whole[node, table.ports[node, address]]) in failed
            for node in range(len(whole))
            if node not in failed
            for address in range(network.active)
            if table.ports[node, address] < network.topology.degree
        )
        assert table.entries_into(failed, whole) == expected > 0
        assert examine(network, failed, choice="first").table.entries_into(failed, whole) == 0


def test_entries_for_addresses_without_a_chip_do_not_count():
    """An address that nobody answers to has no routes, so its entries lead nowhere."""
    network = SparedNetwork(Torus((3, 3)), 9)
    table, _ = at_start(network)
    home = table.home.copy()
    home[4] = NONE
    assert AddressTable(table.neighbours, home, table.ports).entries_into([4], table.neighbours) < table.entries_into(
        [4], table.neighbours
    )


def test_routes_of_many_hops_are_counted_right():
    """On a ring of three hundred the hops are the shorter way round, beyond what a small number holds; a cut makes them longer."""
    network = SparedNetwork(Torus((300,)), 299)
    nodes = np.arange(299)
    apart = abs(nodes[:, np.newaxis] - nodes)
    _, trace = at_start(network)
    assert np.array_equal(trace.hops, np.minimum(apart, 300 - apart))
    cut = examine(network, [299], choice="first")
    assert np.array_equal(cut.trace.hops, apart)
    assert cut.impact.most_hops_added == 298 - 2
