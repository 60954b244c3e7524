from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Torus, TwistedTorus
from phextpaper.engine.placing.placement import block_placement, placed
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.engine.wiring.topology_changes import (
    changed_entries,
    difference,
    full_table,
    link_change,
    reconfiguration,
    undirected_links,
    update_time,
)
from phextpaper.errors import InputError

ON_64 = [Torus((4, 4, 4)), Torus((8, 8)), Torus((2, 4, 8)), Hypercube(6), TwistedTorus((4, 4, 4), {0: (0, 0, 2)})]
pairs = st.tuples(st.sampled_from(ON_64), st.sampled_from(ON_64))


def links_of(topology):
    return Counter((node, int(end)) for node, row in enumerate(topology.neighbours()) for end in row if node < end)


@given(pairs)
def test_the_difference_counts_the_pairs_whose_next_node_is_another(pair):
    """Per source and in all it is what a comparison of next_hop for each pair gives."""
    before, after = map(RoutingTable.minimal, pair)
    counted = [sum(before.next_hop(s, d) != after.next_hop(s, d) for d in range(64)) for s in range(0, 64, 9)]
    found = difference(before, after)
    assert found.per_source[::9].tolist() == counted
    assert found.entries == difference(after, before).entries
    assert found.entries == sum(len(changed_entries(before, after, source)) for source in range(64))
    assert found.pairs == 64 * 63 and found.share == found.entries / found.pairs


def test_a_table_does_not_differ_from_itself_nor_from_one_with_other_port_numbers():
    """Ports may be numbered anew without any next node changing."""
    torus = Torus((4, 4))
    table = RoutingTable.minimal(torus)
    turned = Graph(torus.neighbours()[:, ::-1])
    ports = np.where(table.ports == 255, 255, 3 - table.ports).astype(np.uint8)
    assert difference(table, table).entries == 0
    assert difference(table, RoutingTable(turned, ports)).entries == 0


def test_changed_rows_name_destination_and_both_next_nodes():
    """Each row's next nodes are those of the two tables, and they differ."""
    before, after = RoutingTable.minimal(Torus((8, 8))), RoutingTable.minimal(Torus((4, 4, 4)))
    rows = changed_entries(before, after, 5)
    assert len(rows) == difference(before, after).per_source[5]
    for destination, old, new in rows:
        assert old == before.next_hop(5, destination) != after.next_hop(5, destination) == new


def test_writing_4095_entries_takes_0_819_ms_and_all_pairs_3_35_s():
    """At 200 ns an entry one chip's share is 4095 x 200 ns, all pairs are 4096 times that at a single writer."""
    found = update_time(full_table(4096), 200e-9)
    assert found.parallel_s == pytest.approx(0.819e-3)
    assert found.serial_s == pytest.approx(4096 * 4095 * 200e-9) == pytest.approx(3.354624)


@given(pairs)
def test_link_changes_are_the_multiset_differences(pair):
    """Added, removed and kept links are those of Python's Counter, parallel links counted."""
    before, after = pair
    old, new = links_of(before), links_of(after)
    found = link_change(before, after)
    for array, expected in [(found.added, new - old), (found.removed, old - new), (found.kept, old & new)]:
        assert Counter(map(tuple, array.tolist())) == expected


def test_a_table_alone_makes_a_subgraph_of_the_links():
    """From a torus to one of its rings no link is made, so no mirror moves; the way back needs all the others."""
    torus = Torus((4, 4))
    kept = undirected_links(torus)
    tree = Graph.from_edges(kept[[0, 1, 2, 3, *range(4, len(kept))]][np.arange(len(kept)) != 7], 16)
    there = link_change(torus, tree)
    assert len(there.added) == 0 and len(there.removed) == 1
    assert len(link_change(tree, torus).added) == 1


@given(st.tuples(*[st.integers(1, 3)] * 3), st.tuples(*[st.integers(2, 4)] * 3))
def test_a_machine_of_blocks_wires_the_meshes_and_switches_the_rest_of_its_torus(grid, block):
    """A block of a x b x c has (a-1)bc + a(b-1)c + ab(c-1) wires; ab + bc + ca links a block go through switches."""
    shape = tuple(g * b for g, b in zip(grid, block, strict=True))
    a, b, c = block
    assume(2 not in shape)
    kinds = link_kinds(undirected_links(Torus(shape)), shape, block)
    blocks = np.prod(grid)
    assert kinds.wired.sum() == blocks * ((a - 1) * b * c + a * (b - 1) * c + a * b * (c - 1))
    assert kinds.optical.sum() == blocks * (a * b + b * c + c * a)
    assert not kinds.impossible.any()


@pytest.mark.parametrize(
    "topology",
    [Torus((8, 8, 16)), Torus((4, 16, 16)), TwistedTorus((8, 8, 16)), Torus((4, 4, 64))],
    ids=lambda topology: topology.spec,
)
def test_any_torus_of_whole_blocks_can_be_switched_if_blocks_stay_whole(topology):
    """Laid block by block on 4 x 4 x 4 blocks a torus needs no wire to move, even twisted by whole blocks."""
    machine = (8, 8, 16)
    seats = block_placement(topology.shape, machine, (4, 4, 4))
    kinds = link_kinds(undirected_links(placed(topology, seats)), machine, (4, 4, 4))
    assert not kinds.impossible.any()
    assert kinds.optical.sum() == 16 * 48


def test_a_twist_by_half_a_block_cannot_be_switched():
    """Crossing the end with a shift of 2 joins other places on the faces, which end at different switches."""
    shape = (8, 8, 8)
    links = undirected_links(TwistedTorus(shape, {0: (0, 0, 2)}))
    kinds = link_kinds(links, shape, (4, 4, 4))
    assert kinds.impossible.sum() == 64


def test_reconfigurations_say_which_part_takes_how_long():
    """To the same topology nothing moves; to a twisted one the links over the twisted end need mirrors, 64 of them."""
    plain, twisted = Torus((8, 8, 8)), TwistedTorus((8, 8, 8), {0: (0, 0, 4)})
    given_times = {"entry_s": 1e-6, "mirror_s": 0.01, "shape": (8, 8, 8), "block": (4, 4, 4)}
    one, other = RoutingTable.minimal(plain), RoutingTable.minimal(twisted)
    same = reconfiguration(one, one, **given_times)
    assert (same.entries, same.mirror_s, same.mirror_links, same.possible) == (0, 0.0, 0, True)
    change = reconfiguration(one, other, **given_times)
    assert change.added_links == change.removed_links == change.mirror_links == 64
    assert change.possible and change.mirror_s == 0.01
    assert change.written.serial_s == pytest.approx(change.entries * 1e-6)
    assert change.rewritten.parallel_s == pytest.approx(511e-6)
    cube = reconfiguration(one, RoutingTable.minimal(Hypercube(9)), **given_times)
    assert not cube.possible and cube.impossible_links > 0
    anywhere = reconfiguration(one, RoutingTable.minimal(Hypercube(9)), entry_s=1e-6, mirror_s=0.01)
    assert anywhere.possible and anywhere.mirror_links == anywhere.added_links


def test_topologies_of_different_sizes_have_no_difference():
    """Tables and links of 8 and 16 nodes are not compared, and blocks must fill the machine."""
    small, large = RoutingTable.minimal(Torus((8,))), RoutingTable.minimal(Torus((16,)))
    for call in (
        lambda: difference(small, large),
        lambda: link_change(small.topology, large.topology),
        lambda: link_kinds([[0, 1]], (6,), (4,)),
        lambda: update_time([], 1.0),
    ):
        with pytest.raises(InputError):
            call()
