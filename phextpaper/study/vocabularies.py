"""The machine's vocabulary: digits fitted to its sizes, coordinates as printed, bytes of messages, legible numbers."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.coordinates import PART_MAXIMUM
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.request_messages import Sizes
from phextpaper.press.evaluation import Quantities
from phextpaper.study.listings.sparse import vocab_to_coord


def fitted(q: Quantities) -> Vocabulary:
    """Digits whose first three take as many values as the machine has volumes, books and chapters.

    Two more are for the rows of a chip, or three.
    """
    shape, ids = q.node("layout.machine").shape, int(q.machine.ids)
    rows_of_chip = -(-ids // int(np.prod(shape)))
    return Vocabulary.fitted(ids, shape, len(shape) + (2 if rows_of_chip <= PART_MAXIMUM**2 else 3))


def coordinate(q: Quantities, id: int) -> str:
    """The coordinate of an ID by the listing that the artefact prints."""
    return vocab_to_coord(int(id), int(q.machine.base))


def message_sizes(q: Quantities) -> Sizes:
    """Bytes of a header, of an ID and of a row."""
    m = q.machine
    return Sizes(int(m.message_header), int(m.id_bytes), int(m.row_values * m.value_bytes))


def skew(q: Quantities, law: str) -> float:
    """The exponent of a law of popularity."""
    return float(q.machine.skew) if law == "zipf" else 0.0


def sample(words: Vocabulary, count: int, seed: int) -> NDArray[np.int64]:
    """IDs of a vocabulary in order, each once: both ends of the range, the borders of volumes, `count` drawn ones."""
    step = words.group_size(1)
    borders = [np.arange(0, words.size, step), np.arange(step - 1, words.size, step), [words.size - 1]]
    return np.unique(np.concatenate([*borders, np.random.default_rng(seed).integers(0, words.size, count)]))


def legible(value: float) -> float:
    """A number with decimals below ten, else a whole one, as more digits would say nothing."""
    return float(value) if value < 10 else round(float(value))


def four_digits(value: float) -> float:
    """A number to four significant digits; printed with ``.12g`` it has no exponent."""
    return float(f"{float(value):.4g}")
