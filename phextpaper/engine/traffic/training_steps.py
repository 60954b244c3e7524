"""What a step of transformer training exchanges, and where its chips stand.

Training is split as in Megatron (narayanan2021): `tensor` chips share each layer, `pipeline` stages hold the layers in
turn, `data` replicas take different sequences. Bytes follow from the model's published sizes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.lattices import flatten, unflatten
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.traffic.collectives import snake_order
from phextpaper.engine.traffic.mixes import Exchange, Mix, checked_box
from phextpaper.engine.traffic.patterns import MessageTraffic
from phextpaper.errors import InputError


@dataclass(frozen=True)
class Transformer:
    """A model and its batch: `layers` of `width`, `parameters` in all, `batch_tokens` tokens a step.

    `value_bytes` is the size of an activation and of a gradient on the wire.
    """

    layers: int
    width: int
    parameters: float
    batch_tokens: float
    value_bytes: int


@dataclass(frozen=True)
class ParallelSplit:
    """Chips that share each layer (`tensor`), stages of layers (`pipeline`), and replicas (`data`)."""

    tensor: int
    pipeline: int
    data: int

    @property
    def size(self) -> int:
        """Chips in all."""
        return self.tensor * self.pipeline * self.data

    @classmethod
    def of(cls, size: int, *, tensor: int, pipeline: int) -> "ParallelSplit":
        """A split of `size` chips whose data parallelism is what tensor and pipeline leave.

        Raises `InputError` where the chips of a replica do not divide the size.
        """
        inner = whole_number("tensor parallel", tensor, 1, size) * whole_number("pipeline parallel", pipeline, 1, size)
        if size % inner:
            raise InputError(
                f"{tensor} x {pipeline} chips of a replica do not divide {size}",
                where="split",
                remedy="give tensor and pipeline parallelism whose product divides the chips",
            )
        return cls(tensor, pipeline, size // inner)


@dataclass(frozen=True)
class StepBytes:
    """Bytes that a chip sends in a step: `tensor` and `data` round rings, `pipeline` to each neighbouring stage."""

    tensor: float
    pipeline: float
    data: float


def step_bytes(model: Transformer, split: ParallelSplit) -> StepBytes:
    """What a chip sends in one training step.

    Tensor: each layer all-reduces the activations, tokens x width, four times, twice forward and twice backward: 8 b s
    h (t - 1) / t for a layer, microbatch and chip (narayanan2021, 2.3, 3.2). Pipeline: the activations forward and
    their gradients backward, tokens x width each, without the scatter/gather optimisation (narayanan2021, 3.2, 4.1).
    Data: one all-reduce of the gradients of the parameters that the chip holds (narayanan2021, 2.1, 3.3), a ring's 2 (d
    - 1) / d of them (patarasuk2009). Parameters are spread evenly over the chips of a replica. Microbatches do not
    matter: their bytes add up to the batch's. Raises `InputError` for stages that do not divide the layers.

    >>> model = Transformer(layers=2, width=4, parameters=100, batch_tokens=6, value_bytes=1)
    >>> step_bytes(model, ParallelSplit(2, 2, 1))
    StepBytes(tensor=96.0, pipeline=24.0, data=0.0)
    """
    if model.layers % split.pipeline:
        raise InputError(
            f"{model.layers} layers do not fill {split.pipeline} stages alike",
            where="split",
            remedy="let the pipeline's stages divide the layers",
        )
    activations = model.batch_tokens / split.data * model.width * model.value_bytes
    tensor = model.layers / split.pipeline * 8 * activations * (split.tensor - 1) / split.tensor
    gradients = model.parameters / (split.tensor * split.pipeline) * model.value_bytes
    return StepBytes(tensor, activations if split.pipeline > 1 else 0.0, 2 * gradients * (split.data - 1) / split.data)


def training(model: Transformer, split: ParallelSplit, nodes: ArrayLike) -> Mix:
    """The exchanges of one training step, with a node for each chip: `nodes` has shape (pipeline, data, tensor).

    All-reduces run round the ring of a group's chips, half of the bytes each way, in all groups at once. Forward and
    backward transfers of all stages overlap, as they do once the pipeline is full. Patterns without bytes are left out.
    Raises `InputError` unless each chip has a node of its own, and as `step_bytes` does.
    """
    places = np.asarray(nodes)
    if places.shape != (split.pipeline, split.data, split.tensor) or not np.array_equal(
        np.sort(places, axis=None), np.arange(split.size)
    ):
        raise InputError(
            "each chip of the split needs a node of its own", where="placement", remedy="see `training_placement`"
        )
    sent = step_bytes(model, split)
    exchanges = []
    if split.tensor > 1:
        exchanges.append(_rings("tensor", places, sent.tensor))
    if split.pipeline > 1:
        ahead, behind = places[:-1].ravel(), places[1:].ravel()
        both = MessageTraffic(
            split.size,
            np.concatenate([ahead, behind]),
            np.concatenate([behind, ahead]),
            np.full(2 * len(ahead), sent.pipeline),
        )
        exchanges.append(Exchange("pipeline", both, 1.0, sent.pipeline * (2 if split.pipeline > 2 else 1)))
    if split.data > 1:
        exchanges.append(_rings("data", places.swapaxes(1, 2), sent.data))
    return Mix("training", split.size, tuple(exchanges))


def training_placement(shape: Sequence[int], split: ParallelSplit) -> NDArray[np.int64]:
    """Node of each chip (pipeline, data, tensor) in a box of nodes, the last dimension fastest.

    Tensor groups are boxes, as long as possible along the last dimension, then the one before; their chips and then the
    boxes follow one another in snake order, replicas of a stage together, then stages. So neighbours in a group, and
    chips of like place in neighbouring groups, are close in the box. Such boxes exist, as the group divides the chips.
    Raises `InputError` for a box of another size, or of one node.

    >>> training_placement((2, 2, 4), ParallelSplit(tensor=4, pipeline=2, data=2)).tolist()
    [[[0, 1, 2, 3], [4, 5, 6, 7]], [[12, 13, 14, 15], [8, 9, 10, 11]]]
    """
    box = checked_box(shape)
    if math.prod(box) != split.size:
        raise InputError(f"{split.size} chips do not fill a box of {math.prod(box)} nodes", where="placement")
    inner: list[int] = []
    left = split.tensor
    for length in reversed(box):
        inner.insert(0, math.gcd(left, length))
        left //= inner[0]
    outer = [length // part for length, part in zip(box, inner, strict=True)]
    corners = unflatten(snake_order(outer), tuple(outer)) * np.array(inner)
    within = unflatten(snake_order(inner), tuple(inner))
    return flatten(corners[:, None] + within, tuple(box)).reshape(split.pipeline, split.data, split.tensor)


def training_on(topology: Topology, model: Transformer, split: ParallelSplit) -> Mix:
    """A training step placed in the topology's own box; on a graph without coordinates, in the order of its nodes.

    Raises `InputError` as `training` does.
    """
    shape = topology.shape if isinstance(topology, LatticeTopology) else (topology.size,)
    return training(model, split, training_placement(shape, split))


def _rings(name: str, places: NDArray[np.int64], sent: float) -> Exchange:
    """An all-reduce round the rings along the last axis, all at once: each chip sends half of `sent` each way."""
    here = np.tile(places.ravel(), 2)
    there = np.concatenate([np.roll(places, way, axis=-1).ravel() for way in (-1, 1)])
    return Exchange(name, MessageTraffic(places.size, here, there, np.full(len(here), sent / 2)), 1.0, sent)
