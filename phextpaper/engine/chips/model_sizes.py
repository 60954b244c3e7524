"""What a sample of a published model computes and moves, by its layers, from its paper's sizes.

A multiplication and an addition are two operations. Layers whose cost grows with their size only (activations,
normalisation, residual sums) are taken to run together with the product before them, so they neither compute nor move
anything: a bound from below.
"""

from dataclasses import dataclass

from phextpaper.engine.checked import above_zero, whole_number
from phextpaper.errors import InputError

BACKWARD = 2
"""Operations and values of the backward pass over those of the forward pass: gradients of inputs and of weights
(narayanan2021)."""


@dataclass(frozen=True)
class ModelSize:
    """Forward pass of a sample: `operations`, `values` read and written beside weights, `parameters` read once a pass.

    Raises `InputError` unless all three are above 0.

    >>> size = ModelSize(operations=1000.0, values=50.0, parameters=100.0)
    >>> size.step_operations(2), size.step_bytes(2, 2), size.intensity(2, 2)
    (6000.0, 1200.0, 5.0)
    """

    operations: float
    values: float
    parameters: float

    def __post_init__(self) -> None:
        if min(self.operations, self.values, self.parameters) <= 0:
            raise InputError("a model has operations, values and parameters above 0", where="model")

    def step_operations(self, samples: float) -> float:
        """Operations of a training step over so many samples, forward and backward, nothing recomputed.

        Raises `InputError` unless samples are above 0.
        """
        return (1 + BACKWARD) * self.operations * above_zero("samples", samples)

    def step_bytes(self, samples: float, value_bytes: float) -> float:
        """Bytes to and from memory in that step: products read operands and write results once; no optimiser.

        Raises `InputError` unless samples and the bytes of a value are above 0.
        """
        moved = above_zero("samples", samples) * self.values + self.parameters
        return (1 + BACKWARD) * moved * above_zero("value_bytes", value_bytes)

    def intensity(self, samples: float, value_bytes: float) -> float:
        """Operations for each byte of memory traffic in a step; it grows with the samples, which share the weights."""
        return self.step_operations(samples) / self.step_bytes(samples, value_bytes)


@dataclass(frozen=True)
class Convolution:
    """A convolution of `inputs` to `outputs` channels by square `kernel`s, a map's side from `before` to `after`."""

    inputs: int
    outputs: int
    kernel: int
    before: int
    after: int

    @property
    def weights(self) -> int:
        """Weights, without a bias."""
        return self.inputs * self.outputs * self.kernel**2

    @property
    def operations(self) -> int:
        """Operations of one image."""
        return 2 * self.weights * self.after**2

    @property
    def values(self) -> int:
        """Values of one image that it reads and writes."""
        return self.inputs * self.before**2 + self.outputs * self.after**2


def resnet50_layers(image: int, classes: int, *, stride_in_middle: bool = True) -> list[Convolution]:
    """The products of ResNet-50 (he2016, Table 1), the last one a convolution of a map of side 1.

    Each stage halves the map in its first block: in the middle one of three convolutions as MLPerf's version 1.5 does,
    or in the first as the paper does. `image` is the side of an image in pixels. Raises `InputError` for sides under 32
    pixels and for no classes.
    """
    side = whole_number("image", image, 32, 4096) // 4
    layers = [Convolution(3, 64, 7, image, image // 2)]
    inputs = 64
    for stage, blocks in enumerate((3, 4, 6, 3)):
        width = 64 * 2**stage
        for block in range(blocks):
            after = side // 2 if block == 0 and stage else side
            middle = side if stride_in_middle else after
            layers += [
                Convolution(inputs, width, 1, side, middle),
                Convolution(width, width, 3, middle, after),
                Convolution(width, 4 * width, 1, after, after),
            ]
            if block == 0:
                layers.append(Convolution(inputs, 4 * width, 1, side, after))
            inputs, side = 4 * width, after
    return [*layers, Convolution(inputs, whole_number("classes", classes, 1, 10**7), 1, 1, 1)]


def resnet50(image: int, classes: int, *, stride_in_middle: bool = True) -> ModelSize:
    """ResNet-50 for square images; every convolution has a scale and a shift for each output, the last product a bias.

    `image` is the side of an image in pixels. Raises `InputError` as `resnet50_layers` does.

    >>> size = resnet50(224, 1000)
    >>> int(size.parameters), round(size.operations / 2e9, 2)
    (25557032, 4.09)
    """
    layers = resnet50_layers(image, classes, stride_in_middle=stride_in_middle)
    extra = sum(2 * layer.outputs for layer in layers[:-1]) + layers[-1].outputs
    return ModelSize(
        sum(layer.operations for layer in layers),
        sum(layer.values for layer in layers),
        sum(layer.weights for layer in layers) + extra,
    )


def encoder(
    *, layers: int, width: int, heads: int, vocabulary: int, sequence: float, predictions: float, positions: int
) -> ModelSize:
    """A transformer's encoder with a head that predicts tokens, such as BERT.

    One sample is a sequence of `sequence` tokens (devlin2019). A layer has four products of width x width and two of
    width x 4 width, and attention, which reads and writes heads x sequence values for each token twice. The head
    transforms the `predictions` tokens of a sequence and multiplies them with the word table. Parameters include tables
    of words and of `positions`, and biases; the products read only those of the layers and the word table. Raises
    `InputError` for a sequence without tokens and for fewer than no predictions.

    >>> size = encoder(layers=24, width=1024, heads=16, vocabulary=30522, sequence=512, predictions=76, positions=512)
    >>> round(size.parameters / 1e6), round(size.operations / 1e9)
    (335, 340)
    """
    if sequence <= 0 or predictions < 0:
        raise InputError("a sequence has tokens", where="model", remedy="give a length above 0")
    product = 24 * width**2 + 4 * sequence * width
    moved = 20 * width + 2 * heads * sequence
    head = predictions * 2 * (width**2 + vocabulary * width)
    head_values = predictions * (3 * width + vocabulary)
    weights = (
        layers * (12 * width**2 + 13 * width)
        + width**2
        + 3 * width
        + vocabulary * (width + 1)
        + (positions + 2) * width
        + 2 * width
    )
    return ModelSize(sequence * layers * product + head, sequence * layers * moved + head_values, weights)
