"""Routed requests: networkx for hops and trees on small tori, routing tables for links, laws on the paper's machine."""

import itertools
from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.sparse.request_messages import (
    LEADERS,
    Messages,
    RequestedRows,
    Sizes,
    message_cost,
    message_loads,
    torus_hops,
)
from phextpaper.engine.sparse.sharding import owner_places, owners
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.errors import InputError

SIZES = Sizes(header=16, id=8, row=512)
CUBE = (16, 16, 16)
SHAPES = ((4, 3, 2), (5, 4), (2, 2, 3), (7,), (3, 1, 4), (6, 6))


def grid(shape) -> nx.Graph:
    """The torus as networkx makes it."""
    graph = nx.grid_graph(tuple(reversed(shape)), periodic=True)
    return nx.relabel_nodes(graph, {node: (node,) for node in graph}) if len(shape) == 1 else graph


HOPS = {shape: dict(nx.all_pairs_shortest_path_length(grid(shape))) for shape in SHAPES}
TABLES = {shape: RoutingTable.dimension_order(Torus(shape)) for shape in SHAPES if 1 not in shape}


@st.composite
def batches(draw):
    """A batch of IDs on a small torus: vocabulary, IDs with repeats, shape, asking chip."""
    shape = draw(st.sampled_from(SHAPES))
    radices = (*(draw(st.integers(1, 2 * length)) for length in shape), draw(st.integers(1, 5)))
    size = draw(st.integers(1, int(np.prod(radices))))
    vocabulary = Vocabulary(size, radices, draw(st.none() | st.integers(0, 99)))
    ids = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=40))
    return vocabulary, ids, shape, draw(st.integers(0, int(np.prod(shape)) - 1))


def place(chip: int, shape) -> tuple[int, ...]:
    """A chip's place on the axes."""
    return tuple(int(one) for one in np.unravel_index(chip, shape))


def walked(table: RoutingTable, messages: Messages, shape, weights) -> Counter:
    """The load of each directed link (from, to), by walking the table's paths one by one."""
    loads = Counter()
    for source, target, weight in zip(messages.sources.tolist(), messages.targets.tolist(), weights, strict=True):
        path = table.path(int(np.ravel_multi_index(source, shape)), int(np.ravel_multi_index(target, shape)))
        for here, there in itertools.pairwise(path):
            loads[here, there] += int(weight)
    return loads


def counted(loads: np.ndarray, shape) -> Counter:
    """The engine's loads by link (from, to)."""
    found = Counter()
    for (axis, down, *node), load in np.ndenumerate(loads):
        there = list(node)
        there[axis] = (there[axis] + (-1 if down else 1)) % shape[axis]
        if load:
            found[int(np.ravel_multi_index(node, shape)), int(np.ravel_multi_index(there, shape))] += int(load)
    return found


def tree_by_hand(vocabulary, ids, shape, asking, depth, leaders) -> list[tuple]:
    """Messages of the tree (from, to), one for each prefix of coordinates and one for each row that is left, in plain Python."""
    messages, axes, start = [], len(shape), place(asking, shape)
    rest = start if leaders == "aligned" else (0,) * axes
    at = {(): start}
    rows = {tuple(row) for row in vocabulary.coordinates(ids).tolist()}
    for level in range(1, min(depth, axes) + 1):
        for prefix in {row[:level] for row in rows}:
            folded = tuple((part - 1) % length for part, length in zip(prefix, shape, strict=False))
            at[prefix] = folded + rest[level:]
            messages.append((at[prefix[:-1]], at[prefix]))
    level = min(depth, axes)
    messages += [
        (at[row[:level]], tuple((part - 1) % length for part, length in zip(row, shape, strict=False))) for row in rows
    ]
    return messages


@given(batches())
def test_unbatched_requests_each_go_a_shortest_way(case):
    """One message for each request, repeated ones too, and as many hops as networkx counts from the asking chip to its owner."""
    vocabulary, ids, shape, asking = case
    rows = RequestedRows.of(vocabulary, ids, shape, asking)
    goals = [tuple(goal) for goal in owner_places(vocabulary.coordinates(ids), shape).tolist()]
    hops = [HOPS[shape][place(asking, shape)][goal] for goal in goals]
    cost = message_cost(rows.unbatched(), shape, SIZES)
    assert cost.hops == sum(hops) and cost.messages == sum(hop > 0 for hop in hops)
    assert cost.request_byte_hops == (16 + 8) * sum(hops) and cost.row_byte_hops == (16 + 512) * sum(hops)
    once = {int(one): hop for one, hop in zip(ids, hops, strict=True)}
    assert message_cost(rows.each_once(), shape, SIZES).hops == sum(once.values())
    flat = message_cost(rows.by_chip(), shape, SIZES)
    assert flat.messages == sum(HOPS[shape][place(asking, shape)][goal] > 0 for goal in set(goals))
    apart = sum(HOPS[shape][place(asking, shape)][goal] for goal in set(goals))
    assert flat.request_byte_hops == 16 * apart + 8 * sum(once.values())
    assert flat.row_byte_hops == 16 * apart + 512 * sum(once.values())


@given(batches(), st.integers(0, 5), st.sampled_from(LEADERS))
def test_the_tree_is_the_tree_over_coordinates(case, depth, leaders):
    """Its messages are those made by hand from prefixes of coordinates, its hops those of networkx."""
    vocabulary, ids, shape, asking = case
    depth = min(depth, vocabulary.parts)
    found = RequestedRows.of(vocabulary, ids, shape, asking).tree(depth, leaders=leaders)
    wanted = tree_by_hand(vocabulary, ids, shape, asking, depth, leaders)
    ours = Counter()
    for source, target, count in zip(found.sources.tolist(), found.targets.tolist(), found.count.tolist(), strict=True):
        ours[tuple(source), tuple(target)] += count
    assert ours == Counter(wanted)
    cost = message_cost(found, shape, SIZES)
    assert cost.hops == sum(HOPS[shape][source][target] for source, target in wanted)
    assert cost.messages == sum(source != target for source, target in wanted)


@given(batches(), st.integers(0, 5), st.sampled_from(LEADERS))
def test_every_row_is_reached_through_its_messages(case, depth, leaders):
    """At each level the messages ask for every distinct row once, so none is lost and none asked for twice."""
    vocabulary, ids, shape, asking = case
    depth = min(depth, vocabulary.parts)
    found = RequestedRows.of(vocabulary, ids, shape, asking).tree(depth, leaders=leaders)
    assert found.rows.sum() == len(set(ids)) * (min(depth, len(shape)) + 1)
    assert (found.rows >= found.count).all()


@settings(max_examples=40)
@given(batches(), st.integers(0, 3), st.sampled_from(LEADERS))
def test_links_are_loaded_as_the_routing_table_leads(case, depth, leaders):
    """Walking the dimension-order table message by message loads the same directed links by the same bytes."""
    vocabulary, ids, shape, asking = case
    if shape not in TABLES:
        shape = SHAPES[0]
        vocabulary, asking = Vocabulary(vocabulary.size, (*vocabulary.radices[:-1], 5), vocabulary.seed), asking % 24
    found = RequestedRows.of(vocabulary, ids, shape, asking).tree(min(depth, vocabulary.parts), leaders=leaders)
    for weights in (found.count, 16 * found.count + 512 * found.rows):
        assert counted(message_loads(found, shape, weights), shape) == walked(TABLES[shape], found, shape, weights)
    cost = message_cost(found, shape, SIZES)
    by_messages = walked(TABLES[shape], found, shape, found.count)
    by_bytes = walked(TABLES[shape], found, shape, 16 * found.count + 512 * found.rows)
    assert cost.links == len(by_messages) and cost.busiest_messages == max(by_messages.values(), default=0)
    assert cost.busiest_row_bytes == max(by_bytes.values(), default=0)


@pytest.mark.parametrize("shape", SHAPES)
def test_distances_are_networkxs(shape):
    """Over all pairs of places the closed form is the length of a shortest path."""
    nodes = list(HOPS[shape])
    sources, targets = np.repeat(np.array(nodes), len(nodes), axis=0), np.tile(np.array(nodes), (len(nodes), 1))
    assert torus_hops(sources, targets, shape).tolist() == [
        HOPS[shape][source][target] for source in nodes for target in nodes
    ]


@pytest.mark.parametrize("skew", [0.0, 1.0])
@pytest.mark.parametrize(
    "vocabulary", [Vocabulary.of_base(10**9, 100), Vocabulary.fitted(10**9, CUBE, seed=1)], ids=["plan", "fitted"]
)
def test_laws_on_the_papers_machine(vocabulary, skew):
    """Deeper trees never take more hops; aligned ones never more than each row alone; all use the same links at least once."""
    rows = RequestedRows.of(vocabulary, zipf_ids(5000, 10**9, skew, seed=1), CUBE, 1234)
    trees = [message_cost(rows.tree(depth), CUBE, SIZES) for depth in range(6)]
    hops = [tree.hops for tree in trees]
    assert hops[0] == message_cost(rows.each_once(), CUBE, SIZES).hops
    assert hops == sorted(hops, reverse=True) and hops[3] == hops[4] == hops[5]
    flat = message_cost(rows.by_chip(), CUBE, SIZES)
    assert {tree.links for tree in trees} == {flat.links}
    assert flat.messages <= trees[3].messages and all(tree.links <= tree.hops for tree in trees)
    payload = {tree.row_byte_hops - 16 * tree.hops for tree in trees}
    assert len(payload) == 1, "grouping aligned with the routes moves each row over as many links as before"


def test_mean_hops_are_those_of_a_torus_if_all_chips_own_rows():
    """Uniform IDs on a fitted vocabulary are 12 hops away on average, k/4 for each ring of 16, within 4.5 standard errors."""
    rows = RequestedRows.of(Vocabulary.fitted(10**9, CUBE), zipf_ids(40_000, 10**9, 0.0, seed=2), CUBE, 0)
    variance = 3 * np.var([min(step, 16 - step) for step in range(16)])
    assert abs(message_cost(rows.unbatched(), CUBE, SIZES).hops / 40_000 - 12) < 4.5 * np.sqrt(variance / 40_000)


def test_a_chip_that_owns_all_sends_nothing():
    """Requests for a chip's own rows cross no link and cost nothing."""
    vocabulary = Vocabulary.fitted(10**9, CUBE)
    ids = np.arange(100)
    chip = int(owners(vocabulary.coordinates([0]), CUBE)[0])
    cost = message_cost(RequestedRows.of(vocabulary, ids, CUBE, chip).unbatched(), CUBE, SIZES)
    assert (cost.messages, cost.hops, cost.links, cost.byte_hops, cost.busiest_messages) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: RequestedRows.of(Vocabulary.of_base(100, 10, 3), [1], (4, 4), 16),
        lambda: RequestedRows.of(Vocabulary.of_base(100, 10, 3), [], (4, 4), 0),
        lambda: RequestedRows.of(Vocabulary.of_base(100, 10, 3), [100], (4, 4), 0),
        lambda: RequestedRows.of(Vocabulary.of_base(100, 10, 3), [1], (4, 4), 0).tree(4),
        lambda: RequestedRows.of(Vocabulary.of_base(100, 10, 3), [1], (4, 4), 0).tree(1, leaders="last"),
        lambda: Sizes(-1, 8, 512),
    ],
    ids=range(6),
)
def test_what_cannot_be_routed_is_refused(call):
    """Chips that are not there, empty batches, foreign IDs, depths and leaders that there are none of raise an InputError."""
    with pytest.raises(InputError):
        call()
