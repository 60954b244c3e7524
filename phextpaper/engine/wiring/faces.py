"""Where links of a chip on a block's face end: the switches for its dimension and place (jouppi2023, 2.2).

In each dimension a block has a lower and an upper face. The ends at the same place on all these faces meet in one set
of switches, as in `ports.block_switches`, which counts the sets.
"""

import math

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.wiring.blocks import checked_blocks


def face_places(shape: tuple[int, ...], block: tuple[int, ...]) -> NDArray[np.int64]:
    """Place of each chip on the face of each dimension, from 0 in the order of the others: (chips, dimensions).

    -1 where the chip stands on no face of that dimension. A block one chip wide has each chip on both faces, at one
    place. Raises `InputError` where blocks do not fill the machine.

    >>> places = face_places((8, 8), (4, 4))
    >>> places[0].tolist(), places[9].tolist(), places[3].tolist()
    ([0, 0], [-1, -1], [3, 0])
    """
    lengths, sides = checked_blocks(shape, block)
    inside = np.stack(np.unravel_index(np.arange(math.prod(lengths)), lengths), axis=-1) % sides
    found = np.full(inside.shape, -1, dtype=np.int64)
    for dimension, side in enumerate(sides):
        others = [other for other in range(len(sides)) if other != dimension]
        place = np.zeros(len(inside), dtype=np.int64)
        for other in others:
            place = place * sides[other] + inside[:, other]
        there = (inside[:, dimension] == 0) | (inside[:, dimension] == side - 1)
        found[there, dimension] = place[there]
    return found
