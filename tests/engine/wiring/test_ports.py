import itertools
import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Hypercube, Torus, TwistedTorus
from phextpaper.engine.wiring.ports import (
    block_switches,
    blocks_per_switch,
    chip_switches,
    optical_ports,
    port_budget,
    swap,
    time_shared,
)
from phextpaper.errors import InputError

TPU_V4 = {"ports": 136, "spare_ports": 8}


@pytest.mark.parametrize(
    ("topology", "needed"),
    [(Torus((64, 64)), 4), (Torus((16, 16, 16)), 6), (TwistedTorus((8, 8, 16)), 6), (Hypercube(12), 12)],
)
def test_tori_fit_six_links_and_the_cube_of_4096_needs_twelve(topology, needed):
    """Two links a dimension for a torus, one for a hypercube; 12 neighbours on 6 links take two time slots."""
    budget = port_budget(topology, 6)
    assert (budget.needed, budget.fits, budget.missing) == (needed, needed <= 6, max(0, needed - 6))
    assert budget.slots == math.ceil(needed / 6)


@given(st.integers(1, 40), st.integers(1, 12), st.floats(1e-6, 10), st.floats(0, 10))
def test_links_shared_in_time_divide_the_bandwidth(needed, available, slot, switching):
    """Every neighbour gets 1/slots of the time that is not spent on switching, and waits less than one turn of all."""
    shared = time_shared(needed, available, bandwidth_bytes_per_s=50.0, slot_s=slot, switching_s=switching)
    assert shared.slots == math.ceil(needed / available)
    if shared.slots == 1:
        assert shared.link_bandwidth_bytes_per_s == 50.0 and shared.worst_wait_s == 0
    else:
        turn = shared.slots * (slot + switching)
        assert shared.link_bandwidth_bytes_per_s == pytest.approx(50.0 * slot / turn)
        assert shared.worst_wait_s == pytest.approx(turn - slot)


def test_tpu_v4_takes_48_switches_with_128_of_136_ports():
    """16 places a face on 3 pairs of faces; 64 blocks have 2 ends each; 96 links a block (jouppi2023, 2.2)."""
    plan = block_switches((16, 16, 16), (4, 4, 4), **TPU_V4)
    assert (plan.switches, plan.ports_used, plan.any_to_any, plan.stages) == (48, 128, True, 1)
    assert plan.link_ends == 64 * 96 == plan.switches * plan.ports_used
    assert blocks_per_switch(ports=136) == 68


def test_more_blocks_than_a_switch_joins_are_split_over_several():
    """256 blocks have 512 ends in a group, four switches of 128: no longer any with any."""
    plan = block_switches((32, 32, 16), (4, 4, 4), **TPU_V4)
    assert (plan.switches_per_group, plan.any_to_any) == (4, False)


def test_every_link_of_4096_chips_at_a_switch():
    """24576 ends fill 192 switches of 128; to join any upper with any lower end it takes 3 x (128 leaves + 64)."""
    least = chip_switches(4096, 6, any_to_any=False, **TPU_V4)
    assert least.link_ends == 6 * 4096
    assert least.switches == math.ceil(6 * 4096 / 128) == 192 and not least.any_to_any
    full = chip_switches(4096, 6, **TPU_V4)
    assert full.switches == 3 * (2 * 64 + 64) and full.stages == 3 and full.any_to_any


@given(st.integers(1, 3000), st.integers(2, 20))
def test_clos_networks_have_ports_enough_for_all_their_links(chips, half):
    """Between stages there are as many links as uppers at least, so each stage needs as many ports as there are ends."""
    plan = chip_switches(chips, 2, ports=2 * half, spare_ports=0)
    ends = 2 * chips
    assert plan.any_to_any and plan.link_ends == ends
    assert plan.switches * 2 * half >= ends * plan.stages
    if chips <= half:
        assert plan.switches == 1
    elif chips <= half * half:
        assert plan.stages == 3


def test_a_clos_network_joins_any_matching():
    """Whatever uppers meet whatever lowers, as many planes as a leaf has ends route them without conflict (Koenig)."""
    half, leaves = 3, 3
    rng = np.random.default_rng(4)
    for _ in range(20):
        partner = rng.permutation(half * leaves)
        wanted = nx.MultiGraph()
        wanted.add_nodes_from(itertools.product("ul", range(leaves)))
        wanted.add_edges_from((("u", a // half), ("l", int(b) // half)) for a, b in enumerate(partner))
        for _ in range(half):
            plane = nx.bipartite.maximum_matching(nx.Graph(wanted), [("u", leaf) for leaf in range(leaves)])
            assert len(plane) == 2 * leaves
            wanted.remove_edges_from([(a, b) for a, b in plane.items() if a[0] == "u"])
        assert wanted.number_of_edges() == 0


def test_a_chip_swap_takes_6_links_and_a_block_swap_96():
    """With every link optical one chip is 6 links; on blocks a wire holds it, and 64 chips go with their 96 links."""
    shape, block = (16, 16, 16), (4, 4, 4)
    torus = Torus(shape)
    assert swap(torus, [77]).optical_links == 6
    host = [0, 1, 16, 17]
    assert swap(torus, host).links == 4 * 6 - 4
    optical = optical_ports(torus, shape, block)
    assert optical.sum() == 64 * 96
    with pytest.raises(InputError, match="block"):
        swap(torus, [0], optical=optical)
    members = np.flatnonzero((torus.coordinates(np.arange(4096)) < 4).all(axis=1))
    found = swap(torus, members, optical=optical)
    assert (found.chips, found.optical_links, found.links) == (64, 96, 96 + 144)


def test_a_block_that_wraps_onto_itself_counts_its_links_once():
    """On 4 x 4 x 8 chips the short dimensions wrap inside a block: 16 + 16 of its links, and 32 along the long one."""
    torus = Torus((4, 4, 8))
    optical = optical_ports(torus, (4, 4, 8), (4, 4, 4))
    members = np.flatnonzero(torus.coordinates(np.arange(128))[:, 2] < 4)
    assert swap(torus, members, optical=optical).optical_links == 16 + 16 + 32


def test_impossible_plans_are_refused():
    """No links, no ports and blocks that do not fit raise an error."""
    for call in (
        lambda: port_budget(Torus((4,)), 0),
        lambda: time_shared(12, 6, bandwidth_bytes_per_s=0, slot_s=1, switching_s=1),
        lambda: block_switches((6, 4), (4, 4), **TPU_V4),
        lambda: chip_switches(100, 6, ports=2, spare_ports=0),
    ):
        with pytest.raises(InputError):
            call()
