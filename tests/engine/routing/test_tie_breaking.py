"""Single routes: shortest, drawn evenly among nearer neighbours, and their loads by following each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.routing.tie_breaking import chance_table, worst_load
from phextpaper.errors import InputError

SOME = [
    Torus((5, 6)),
    Torus((16, 3, 3)),
    TwistedTorus((4, 4, 8)),
    Hypercube(6),
    Lattice([[6, 2, 1], [0, 5, 3], [0, 0, 4]]),
]


def followed(table: RoutingTable) -> np.ndarray:
    """Loads of directed links by following every route, a hop of all at a time: (size, size)."""
    size = table.topology.size
    loads, here, there = (
        np.zeros((size, size), dtype=int),
        np.repeat(np.arange(size), size),
        np.tile(np.arange(size), size),
    )
    for _ in range(size):
        left = here != there
        here, there = here[left], there[left]
        ahead = np.array([table.next_hop(int(a), int(b)) for a, b in zip(here, there, strict=True)], dtype=int)
        np.add.at(loads, (here, ahead), 1)
        here = ahead
    assert not len(here), "a route does not end"
    return loads


@pytest.mark.parametrize("topology", SOME, ids=lambda topology: topology.spec)
def test_the_worst_load_is_that_of_routes_followed_one_by_one(topology):
    """On a lattice from one node, on any other table from all."""
    assert worst_load(RoutingTable.minimal(topology)) == RoutingTable.minimal(topology).link_loads().max()
    for table in (RoutingTable.minimal(topology), chance_table(topology, seed=3), RoutingTable.up_down(topology)):
        assert worst_load(table) == followed(table).max()


@given(st.sampled_from(SOME), st.integers(0, 10**6))
def test_every_route_is_shortest_and_the_seed_decides(topology, seed):
    """Whatever the seed; the same seed gives the same table."""
    table = chance_table(topology, seed=seed)
    assert table.verify().minimal
    assert np.array_equal(table.ports, chance_table(topology, seed=seed).ports)


def test_each_nearer_neighbour_is_as_likely_as_the_others():
    """In a hypercube a node at distance h has h nearer neighbours: each gets its share, by a chi-squared sum over all pairs."""
    cube = Hypercube(7)
    hops, counts = cube.distance_matrix(), np.zeros((cube.size, cube.size, 7))
    for seed in range(60):
        ports = chance_table(cube, seed=seed).ports
        for port in range(7):
            counts[:, :, port] += ports == port
    for distance in range(2, 7):
        pairs = hops == distance
        seen = counts[pairs]
        expected = 60 / distance
        nearer = np.array([[(a ^ b) >> port & 1 for port in range(7)] for a, b in np.argwhere(pairs)], dtype=bool)
        if not nearer[np.arange(len(seen)), seen.argmax(axis=1)].all():  # ports may count digits from the other end
            nearer = nearer[:, ::-1]
        assert not seen[~nearer].any()
        chi = ((seen[nearer] - expected) ** 2 / expected).sum() / (len(seen) * (distance - 1))
        assert chi == pytest.approx(1, abs=0.05)


def test_dimension_order_carries_less_than_the_even_split_on_even_rings():
    """On a ring of 2k chips all ties turn the same way: k(k + 1)/2 pairs on a link instead of k^2/2."""
    for half in (2, 3, 8):
        ring = Torus((2 * half,))
        assert worst_load(RoutingTable.minimal(ring)) == half * (half + 1) / 2
        assert ring.max_link_load() == half**2 / 2


def test_bad_input_is_refused():
    """A graph with an empty port, and a seed that is none."""
    with pytest.raises(InputError):
        chance_table(Graph([[1, -1], [0, 2], [1, -1]]), seed=0)
    with pytest.raises(InputError):
        chance_table(Torus((4, 4)), seed=-1)
