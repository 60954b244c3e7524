"""Training traffic: bytes against schedules that move them, the published model against its own formula, placement on tori."""

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.networks.topologies import Graph, Torus, TwistedTorus
from phextpaper.engine.traffic import collectives
from phextpaper.engine.traffic.mixes import link_bytes, objective, times
from phextpaper.engine.traffic.training_steps import (
    ParallelSplit,
    Transformer,
    step_bytes,
    training,
    training_on,
    training_placement,
)
from phextpaper.errors import InputError
from phextpaper.press.sources.facts import load_facts

GPT3 = Transformer(layers=96, width=12288, parameters=174.6e9, batch_tokens=3.2e6, value_bytes=2)
SMALL = Transformer(layers=4, width=3, parameters=1000, batch_tokens=24, value_bytes=1)


def test_the_published_sizes_of_gpt3_agree_with_each_other():
    """Layers, width, sequence and vocabulary give the published number of parameters by Megatron's formula, within 0.02 %."""
    facts = load_facts(ROOT)
    layers, width, sequence, vocabulary = (
        int(facts[f"facts.{name}"]) for name in ("gpt3.layers", "gpt3.width", "gpt3.sequence", "megatron.vocabulary")
    )
    by_formula = 12 * layers * width**2 * (1 + 13 / (12 * width) + (vocabulary + sequence) / (12 * layers * width))
    assert by_formula == pytest.approx(float(facts["facts.gpt3.parameters"]) * 1e6, rel=2e-4)


@given(st.integers(2, 9), st.integers(1, 5))
def test_tensor_and_data_bytes_are_what_ring_schedules_send(group, buffers):
    """A chip of a ring all-reduce sends its chunks 2 (p - 1) times, whatever the number of chips in the ring."""
    schedule = collectives.ring(np.arange(group))
    sent = sum(int(step.count[step.sources == 0].sum()) for step in schedule.each_round()) / schedule.chunks
    model = Transformer(layers=6, width=buffers, parameters=7 * group, batch_tokens=60 * group, value_bytes=2)
    by_tensor = step_bytes(model, ParallelSplit(group, 1, 1)).tensor
    assert by_tensor == pytest.approx(6 * 4 * sent * (60 * group * buffers * 2))
    assert step_bytes(model, ParallelSplit(1, 1, group)).data == pytest.approx(sent * 7 * group * 2)


def test_a_stage_sends_its_activations_on_once():
    """Tokens x width values of each replica cross each boundary of stages, each way; 24 tokens of 3 bytes are 72 bytes."""
    assert step_bytes(SMALL, ParallelSplit(1, 2, 1)).pipeline == 72
    assert step_bytes(SMALL, ParallelSplit(2, 4, 3)).pipeline == 24


@given(st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 8]))
def test_more_replicas_share_the_same_activations(tensor, pipeline, data):
    """Activation bytes of all replicas together depend on the batch alone, and a dimension of one chip exchanges nothing."""
    one, many = (step_bytes(SMALL, ParallelSplit(tensor, pipeline, replicas)) for replicas in (1, data))
    assert many.tensor * data == pytest.approx(one.tensor)
    assert many.pipeline * data == pytest.approx(one.pipeline)
    assert (
        (many.tensor == 0) == (tensor == 1)
        and (many.pipeline == 0) == (pipeline == 1)
        and (many.data == 0) == (data == 1)
    )


@given(st.sampled_from([(4, 4, 8), (2, 6, 2), (8,), (4, 3, 2)]), st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 4]))
def test_every_chip_has_a_node_of_its_own(shape, tensor, pipeline):
    """And neighbours in a tensor group are one hop apart, chips of like place in neighbouring groups one box."""
    size = int(np.prod(shape))
    if size % (tensor * pipeline):
        return
    split = ParallelSplit.of(size, tensor=tensor, pipeline=pipeline)
    nodes = training_placement(shape, split)
    assert nodes.shape == (split.pipeline, split.data, split.tensor) and sorted(nodes.ravel().tolist()) == list(
        range(size)
    )
    torus = Torus(shape)
    for one, other in zip(nodes[..., :-1].ravel().tolist(), nodes[..., 1:].ravel().tolist(), strict=True):
        assert torus.hop_counts(one)[other] == 1
    places = torus.coordinates(nodes.reshape(-1, tensor))
    extent = np.ptp(places, axis=1)[0] + 1
    steps = np.abs(np.diff(places, axis=0))
    assert ((steps > 0).sum(axis=2) == 1).all() and ((steps == 0) | (steps == extent)).all()


def test_tensor_groups_are_boxes_however_they_divide_the_lengths():
    """Six chips in a box of 9 x 4 are 3 x 2; eight in 6 x 4 are 2 x 4; nine in 6 x 6 are 3 x 3."""
    for shape, group, extent in (((9, 4), 6, (3, 2)), ((6, 4), 8, (2, 4)), ((6, 6), 9, (3, 3))):
        nodes = training_placement(shape, ParallelSplit.of(int(np.prod(shape)), tensor=group, pipeline=1)).reshape(
            -1, group
        )
        places = np.stack(np.unravel_index(nodes, shape), axis=-1)
        assert (np.ptp(places, axis=1) + 1 == extent).all()


@pytest.mark.parametrize("shape", [(4, 4, 8), (4, 8, 8)])
def test_rings_along_a_whole_dimension_load_it_evenly(shape):
    """Tensor groups of eight close along the last dimension: half of a chip's bytes cross each of its two links there."""
    torus = Torus(shape)
    split = ParallelSplit.of(torus.size, tensor=8, pipeline=16)
    mix = training_on(torus, GPT3, split)
    seconds = times(torus, mix, bandwidth_bytes_per_s=50e9)
    sent = step_bytes(GPT3, split)
    assert seconds["tensor"] == pytest.approx(sent.tensor / 2 / 50e9)
    assert objective(torus, mix, bandwidth_bytes_per_s=50e9) == pytest.approx(sum(seconds.values()))
    assert ("data" in seconds) == (split.data > 1)


@pytest.mark.parametrize(
    "split", [ParallelSplit(2, 4, 2), ParallelSplit(4, 2, 2), ParallelSplit(1, 4, 4), ParallelSplit(16, 1, 1)]
)
def test_all_bytes_are_sent(split):
    """What leaves the chips is what `step_bytes` says: the ends of a pipeline have one neighbouring stage."""
    sent = step_bytes(SMALL, split)
    mix = training(SMALL, split, np.arange(16).reshape(split.pipeline, split.data, split.tensor))
    whole = {exchange.name: exchange.traffic.amounts.sum() for exchange in mix.exchanges}
    assert whole.get("tensor", 0) == pytest.approx(16 * sent.tensor)
    assert whole.get("data", 0) == pytest.approx(16 * sent.data)
    assert whole.get("pipeline", 0) == pytest.approx(2 * sent.pipeline * 16 * (split.pipeline - 1) / split.pipeline)


def test_a_graph_takes_the_order_of_its_nodes():
    """The same bytes cross the same links as on the ring that it is."""
    ring, split = Torus((16,)), ParallelSplit(4, 2, 2)
    graph = Graph(ring.neighbours())
    for one, other in zip(
        training_on(ring, SMALL, split).exchanges, training_on(graph, SMALL, split).exchanges, strict=True
    ):
        assert link_bytes(graph, other) == pytest.approx(link_bytes(ring, one))


def test_a_twist_leaves_rings_that_it_does_not_touch():
    """The published twist of 4 x 4 x 8 shifts at the ends of the short dimensions, so tensor rings along the long one keep their time."""
    split = ParallelSplit.of(128, tensor=8, pipeline=16)
    regular, twisted = (
        times(t, training_on(t, GPT3, split), bandwidth_bytes_per_s=1.0)
        for t in (Torus((4, 4, 8)), TwistedTorus((4, 4, 8)))
    )
    assert twisted["tensor"] == pytest.approx(regular["tensor"])


def test_splits_that_do_not_fit_are_refused():
    """Chips, stages, and places."""
    with pytest.raises(InputError, match="do not divide 100"):
        ParallelSplit.of(100, tensor=8, pipeline=16)
    with pytest.raises(InputError, match="do not fill 3 stages"):
        step_bytes(SMALL, ParallelSplit(1, 3, 1))
    with pytest.raises(InputError, match="node of its own"):
        training(SMALL, ParallelSplit(2, 1, 1), np.zeros((1, 1, 2), dtype=int))
    with pytest.raises(InputError, match="do not fill a box"):
        training_placement((4, 4), ParallelSplit(2, 2, 2))
