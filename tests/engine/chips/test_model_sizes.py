"""Sizes of published models: against layer lists written out another way, against the papers' own totals, and in their limits."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.chips.model_sizes import Convolution, ModelSize, encoder, resnet50, resnet50_layers
from phextpaper.errors import InputError

LARGE = {
    "layers": 24,
    "width": 1024,
    "heads": 16,
    "vocabulary": 30522,
    "sequence": 512,
    "predictions": 76,
    "positions": 512,
}


def test_resnet_has_the_tensors_of_its_table():
    """Products listed by stage from the paper's table, with maps of 56, 28, 14 and 7, have as many weights and operations."""
    products = [(7 * 7 * 3 * 64, 112)]
    for width, blocks, side, before in ((64, 3, 56, 64), (128, 4, 28, 256), (256, 6, 14, 512), (512, 3, 7, 1024)):
        first = 2 * side if width > 64 else side
        products += [(before * width, first), (9 * width**2, side), (4 * width**2, side), (before * 4 * width, side)]
        products += [(4 * width**2, side), (9 * width**2, side), (4 * width**2, side)] * (blocks - 1)
    products.append((2048 * 1000, 1))
    layers = resnet50_layers(224, 1000)
    assert sum(weights for weights, _ in products) == sum(layer.weights for layer in layers)
    assert sum(2 * weights * side**2 for weights, side in products) == resnet50(224, 1000).operations


def test_resnet_computes_what_its_paper_counts():
    """With the stride where the paper has it, 3.8 billion multiplications and additions, as the paper prints (cut, not rounded)."""
    assert math.floor(resnet50(224, 1000, stride_in_middle=False).operations / 2 / 1e8) / 10 == 3.8


def test_resnet_maps_join():
    """What a layer writes is what the next in line reads: each block's products share sides and channels."""
    layers = resnet50_layers(224, 1000)
    assert len(layers) == 1 + 16 * 3 + 4 + 1
    assert layers[0] == Convolution(3, 64, 7, 224, 112)
    for before, after in pairwise(layers[1:-1]):
        if after.kernel == 3:
            assert (before.outputs, before.after) == (after.inputs, after.before)
    assert layers[-2].after == 7 and layers[-1].inputs == 2048


def test_an_encoder_has_the_tensors_of_its_paper():
    """BERT-large's tensors one by one: tables, norms, 24 layers of 16 tensors, and the head that predicts."""
    h, v = 1024, 30522
    tables = v * h + 512 * h + 2 * h + 2 * h
    attention = 4 * (h * h + h) + 2 * h
    feed_forward = (h * 4 * h + 4 * h) + (4 * h * h + h) + 2 * h
    head = h * h + h + 2 * h + v
    assert encoder(**LARGE).parameters == tables + 24 * (attention + feed_forward) + head


@given(st.integers(1, 8), st.sampled_from([64, 128, 256]), st.floats(1, 4096))
def test_operations_of_an_encoder_are_those_of_its_products(layers, width, sequence):
    """Twice each product's three sizes: four of width x width, two of width x 4 width, scores and values of attention."""
    size = encoder(
        layers=layers, width=width, heads=4, vocabulary=1000, sequence=sequence, predictions=0, positions=512
    )
    products = 4 * sequence * width * width + 2 * sequence * width * 4 * width + 2 * sequence * sequence * width
    assert size.operations == pytest.approx(2 * layers * products)


def test_an_encoder_agrees_with_the_published_rule_of_six():
    """Without attention and head, a step is 6 operations for each weight of a product and token (narayanan2021)."""
    short = encoder(layers=24, width=1024, heads=16, vocabulary=2, sequence=1e-6, predictions=0, positions=512)
    assert short.step_operations(1e6) == pytest.approx(6 * 12 * 24 * 1024**2, rel=1e-6)


@given(st.integers(1, 8), st.sampled_from([64, 128]), st.integers(1, 16), st.integers(1, 4096))
def test_values_of_an_encoder_are_those_that_its_products_read_and_write(layers, width, heads, sequence):
    """Each product's two operands, unless they are weights, and its result, listed for one layer and all tokens."""
    tokens, scores = sequence * width, heads * sequence * sequence
    reads = [tokens, 2 * tokens, scores + tokens, tokens, tokens, 4 * tokens]
    writes = [3 * tokens, scores, tokens, tokens, 4 * tokens, tokens]
    size = encoder(
        layers=layers, width=width, heads=heads, vocabulary=1000, sequence=sequence, predictions=0, positions=512
    )
    assert size.values == pytest.approx(layers * (sum(reads) + sum(writes)))


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1e-3, 1e6))
def test_a_step_moves_weights_once_a_pass_and_values_once_a_sample(operations, values, parameters, samples):
    """A step without samples moves the weights alone, and each sample adds as much."""
    size = ModelSize(operations, values, parameters)
    least = size.step_bytes(1e-9, 2)
    assert least == pytest.approx(3 * 2 * parameters, rel=1e-2)
    assert size.step_bytes(samples, 2) - least == pytest.approx(3 * 2 * values * samples, rel=1e-2, abs=1e-3 * least)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1e-3, 1e6))
def test_intensity_grows_with_samples_up_to_that_of_one_without_weights(operations, values, parameters, samples):
    """Weights are shared by the samples of a step, so more samples never lower it, and values bound it."""
    size = ModelSize(operations, values, parameters)
    assert size.intensity(samples, 2) <= size.intensity(2 * samples, 2) * (1 + 1e-12)
    assert size.intensity(samples, 2) <= operations / (2 * values) * (1 + 1e-12)
    assert size.intensity(samples, 4) == pytest.approx(size.intensity(samples, 2) / 2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ModelSize(0, 1, 1),
        lambda: resnet50(7, 10),
        lambda: resnet50(224, 0),
        lambda: encoder(**(LARGE | {"sequence": 0})),
        lambda: ModelSize(1, 1, 1).step_operations(0),
        lambda: ModelSize(1, 1, 1).step_bytes(1, 0),
    ],
    ids=range(6),
)
def test_impossible_models_are_refused(call):
    """No operations, no image, no classes, no tokens, no samples, no bytes."""
    with pytest.raises(InputError):
        call()
