"""GPT-3 on a slice, as the search for topologies takes it: its model, its split over chips, and what a step sends."""

from math import prod

from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.traffic import mixes
from phextpaper.engine.traffic.training_steps import (
    ParallelSplit,
    Transformer,
    training,
    training_on,
    training_placement,
)
from phextpaper.press.evaluation import Quantities


def model(q: Quantities) -> Transformer:
    """GPT-3 as published, with the machine's bytes of a value."""
    facts = q.facts.gpt3
    return Transformer(
        int(facts.layers), int(facts.width), facts.parameters.si, facts.batch.si, int(q.machine.training_value_bytes)
    )


def split(q: Quantities, shape: tuple[int, ...]) -> ParallelSplit:
    """The machine's split over tensor and pipeline, the rest data parallel."""
    return ParallelSplit.of(
        prod(shape), tensor=int(q.machine.tensor_parallel), pipeline=int(q.machine.pipeline_parallel)
    )


def step_seconds(q: Quantities, network: Topology, shape: tuple[int, ...]) -> float:
    """Seconds of communication of a GPT-3 step on a network, placed in its own box.

    A graph without one is placed in this shape.
    """
    mix = (
        training_on(network, model(q), split(q, shape))
        if isinstance(network, LatticeTopology)
        else training(model(q), split(q, shape), training_placement(shape, split(q, shape)))
    )
    return mixes.objective(network, mix, bandwidth_bytes_per_s=q.machine.link_bandwidth.si)


def mix_seconds(q: Quantities, network: Topology, rate: float, shape: tuple[int, ...]) -> tuple[float, float, float]:
    """Seconds of each mix on a network: all-to-all at this rate in bandwidths of a link, neighbours, a GPT-3 step."""
    bandwidth, node_bytes = q.machine.link_bandwidth.si, q.machine.collective_buffer.si
    near = mixes.neighbour_exchange(shape, node_bytes=node_bytes)
    return (
        node_bytes / (rate * bandwidth),
        mixes.objective(network, near, bandwidth_bytes_per_s=bandwidth),
        step_seconds(q, network, shape),
    )
