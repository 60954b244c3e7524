import numpy as np
import pytest

from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.traffic.patterns import (
    DemandMatrix,
    GroupPerDimension,
    NearestNeighbour,
    RandomPermutation,
    Traffic,
    Transpose,
    Uniform,
)
from phextpaper.errors import InputError

TORUS = Torus((2, 3, 4))
PATTERNS = [
    Uniform(24),
    Transpose(25),
    NearestNeighbour(TORUS),
    NearestNeighbour(Graph.from_edges([[0, 1], [1, 2]])),
    GroupPerDimension(TORUS, 1),
    GroupPerDimension(TwistedTorus((4, 4, 8)), 0),
    RandomPermutation(30, seed=5),
    DemandMatrix([[0, 2], [0.5, 1]]),
]


@pytest.mark.parametrize("traffic", PATTERNS, ids=lambda t: type(t).__name__)
def test_destinations_and_demand_say_the_same(traffic):
    """Where a node has a destination it has a demand, and nowhere else; a subset of sources has the same rows."""
    sources = np.arange(traffic.size)
    demand, destinations = traffic.demand(sources), traffic.destinations(sources)
    assert demand.shape == (traffic.size, traffic.size)
    for source in sources:
        assert set(destinations[source][destinations[source] >= 0]) == set(np.flatnonzero(demand[source]))
    if not isinstance(traffic, DemandMatrix):
        assert np.array_equal(Traffic.demand(traffic, sources), demand)
    some = sources[::2]
    assert np.array_equal(traffic.demand(some), demand[some]) and np.array_equal(
        traffic.destinations(some), destinations[some]
    )


def test_uniform_reaches_every_other_node_once():
    """One unit from each node to each other, none to itself."""
    assert np.array_equal(Uniform(7).demand(np.arange(7)), np.ones((7, 7)) - np.eye(7))


def test_transpose_swaps_the_halves_of_the_number():
    """For 2^12 nodes it exchanges the upper and the lower six bits, so twice is the identity."""
    nodes = np.arange(4096)
    once = Transpose(4096).destinations(nodes)[:, 0]
    assert np.array_equal(once, (nodes & 63) << 6 | nodes >> 6)
    assert np.array_equal(once[once], nodes)


def test_a_group_shares_all_coordinates_but_one():
    """Each node sends to the others of its line and to nobody else."""
    places = TORUS.coordinates(np.arange(24))
    demand = GroupPerDimension(TORUS, 2).demand(np.arange(24))
    same = (places[:, None, :2] == places[None, :, :2]).all(axis=2)
    assert np.array_equal(demand, same & ~np.eye(24, dtype=bool))


def test_a_permutation_is_one_and_depends_on_its_seed_alone():
    """Each node receives once; equal seeds are equal, others are not, and numpy's global state has no part in it."""
    drawn = RandomPermutation(1000, seed=1).destinations(np.arange(1000))[:, 0]
    assert np.array_equal(np.sort(drawn), np.arange(1000))
    np.random.seed(7)
    assert np.array_equal(drawn, RandomPermutation(1000, seed=1).destinations(np.arange(1000))[:, 0])
    assert not np.array_equal(drawn, RandomPermutation(1000, seed=2).destinations(np.arange(1000))[:, 0])


def test_parallel_links_have_a_unit_each():
    """In a ring of two nodes the nearest neighbour is reached twice."""
    assert NearestNeighbour(Torus((2,))).demand([0]).tolist() == [[0.0, 2.0]]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Transpose(24),
        lambda: GroupPerDimension(TORUS, 3),
        lambda: GroupPerDimension(Graph(TORUS.neighbours()), 0),
        lambda: DemandMatrix([[1, 2, 3]]),
        lambda: DemandMatrix([[0, -1], [0, 0]]),
        lambda: DemandMatrix([[0, np.nan], [0, 0]]),
        lambda: DemandMatrix(np.zeros((2, 2))),
        lambda: GroupPerDimension(Lattice([[5]]), -1),
        lambda: Uniform(0),
        lambda: RandomPermutation(0, seed=1),
    ],
)
def test_traffic_that_cannot_be_is_refused(make):
    """With a remedy."""
    with pytest.raises(InputError) as refused:
        make()
    assert refused.value.remedy


def test_a_demand_matrix_is_a_copy_that_cannot_change():
    """What was given may change afterwards, the traffic does not."""
    given = np.ones((3, 3))
    traffic = DemandMatrix(given)
    given[0, 1] = 5
    assert traffic.demand([0])[0, 1] == 1 and Hypercube(2).size == NearestNeighbour(Hypercube(2)).size
    with pytest.raises(ValueError, match="read-only"):
        traffic.matrix[0, 0] = 2
