"""Traffic mixes: loads against the general ones, times against closed forms, and the laws that bytes obey."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Hypercube, Lattice, Torus, TwistedTorus
from phextpaper.engine.search.lattice_forms import as_form, forms
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.engine.traffic.mixes import (
    Exchange,
    Mix,
    all_to_all_mix,
    link_bytes,
    neighbour_exchange,
    objective,
    times,
)
from phextpaper.engine.traffic.patterns import DemandMatrix, MessageTraffic
from phextpaper.errors import InputError

TOPOLOGIES = [
    Torus((4, 4, 8)),
    TwistedTorus((4, 4, 8)),
    Torus((2, 3, 5)),
    Hypercube(5),
    Lattice([[1, 5, 9], [0, 4, 3], [0, 0, 16]]),
]


def random_messages(size: int, seed: int, count: int = 60) -> MessageTraffic:
    """Messages between nodes drawn at random; some stay at home."""
    rng = np.random.default_rng(seed)
    return MessageTraffic(size, rng.integers(0, size, count), rng.integers(0, size, count), rng.random(count))


def matrix_of(messages: MessageTraffic) -> np.ndarray:
    """The same as a matrix, message by message."""
    matrix = np.zeros((messages.size, messages.size))
    for origin, end, amount in zip(messages.origins, messages.ends, messages.amounts, strict=True):
        matrix[origin, end] += amount
    return matrix


@given(st.integers(2, 30), st.integers(0, 1000))
def test_messages_are_rows_of_a_matrix(size, seed):
    """Demand and destinations are those of the matrix, for any choice of rows."""
    messages = random_messages(size, seed)
    matrix = matrix_of(messages)
    rows = np.arange(size)[:: 1 + seed % 3]
    assert messages.demand(rows) == pytest.approx(matrix[rows])
    for row, ends in zip(rows, messages.destinations(rows), strict=True):
        assert set(ends[ends >= 0].tolist()) == set(np.flatnonzero(matrix[row]).tolist())


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=lambda t: t.spec)
@pytest.mark.parametrize("seed", [1, 2])
def test_bytes_over_links_are_the_general_loads(topology, seed):
    """By translation from node 0 on lattices, and the same as an array of neighbours, against the demand matrix."""
    messages = random_messages(topology.size, seed)
    exchange = Exchange("any", messages, 3.0, 0.0)
    expected = 3.0 * link_loads(topology, DemandMatrix(matrix_of(messages)))
    assert link_bytes(topology, exchange) == pytest.approx(expected)
    assert link_bytes(Graph(topology.neighbours()), exchange) == pytest.approx(expected)


@given(st.sampled_from([12, 16, 27]), st.integers(0, 10**6), st.integers(0, 1000))
def test_bytes_times_hops_are_kept(size, draw, seed):
    """What crosses all links together is each message's amount times its hops, on any lattice."""
    found = forms(size)
    lattice = Lattice(as_form(found[draw % len(found)]))
    messages = random_messages(size, seed)
    hops = np.array([lattice.hop_counts(int(a))[b] for a, b in zip(messages.origins, messages.ends, strict=True)])
    crossed = link_bytes(lattice, Exchange("any", messages, 1.0, 0.0)).sum()
    assert crossed == pytest.approx((hops * messages.amounts).sum())


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=lambda t: t.spec)
def test_all_to_all_with_a_byte_for_each_pair_costs_the_worst_load(topology):
    """As a topology and as an array of neighbours; twice the bandwidth halves it."""
    mix = all_to_all_mix(topology.size, node_bytes=topology.size - 1)
    assert objective(topology, mix) == pytest.approx(topology.max_link_load())
    assert objective(topology.neighbours(), mix) == pytest.approx(topology.max_link_load())
    assert objective(topology, mix, bandwidth_bytes_per_s=2.0) == pytest.approx(topology.max_link_load() / 2)


def test_a_box_that_fits_the_torus_exchanges_over_single_links():
    """Each link then carries a sixth of the bytes; in a box of other shape some links carry more."""
    mix = neighbour_exchange((4, 4, 8), node_bytes=6.0)
    assert times(Torus((4, 4, 8)), mix, bandwidth_bytes_per_s=1.0) == {"nearest neighbour": 1.0}
    assert objective(TwistedTorus((4, 4, 8)), mix) > 1.0
    assert neighbour_exchange((1, 1, 8), node_bytes=6.0).exchanges[0].traffic.demand([0])[0].tolist() == [
        0,
        3,
        0,
        0,
        0,
        0,
        0,
        3,
    ]


def test_exchanges_follow_one_another():
    """A mix of two costs what they cost one by one."""
    first, second = all_to_all_mix(128, node_bytes=5.0), neighbour_exchange((4, 4, 8), node_bytes=7.0)
    both = Mix("both", 128, (*first.exchanges, *second.exchanges))
    torus = TwistedTorus((4, 4, 8))
    assert objective(torus, both) == pytest.approx(objective(torus, first) + objective(torus, second))


def test_what_does_not_fit_is_refused():
    """Traffic of another size, an empty mix, messages to nowhere, a link without bandwidth."""
    with pytest.raises(InputError, match="does not fit"):
        objective(Torus((4, 4)), all_to_all_mix(8, node_bytes=1.0))
    with pytest.raises(InputError, match="one exchange"):
        Mix("empty", 4, ())
    with pytest.raises(InputError, match="between nodes 0 and 3"):
        MessageTraffic(4, [0], [4], [1.0])
    with pytest.raises(InputError, match="bandwidth"):
        times(Torus((4,)), all_to_all_mix(4, node_bytes=1.0), bandwidth_bytes_per_s=0.0)
