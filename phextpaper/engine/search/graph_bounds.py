"""How near chips can be at best: in any graph of a degree, and in any graph that switches can make of fixed blocks.

Both bounds unfold the graph into a tree and count what lies within a distance. In any graph the tree branches as its
degree does (Moore's bound: `graph_search.moore_mean_hops`). In a machine of blocks the inside of a block is fixed, and
a link leaves it only from a place on a face, for the opposite place of some block. So the tree is one of blocks, and
over each place of the block it has so many copies within a distance; no machine of B blocks can have more of them, nor
more than B.
"""

from collections.abc import Iterator
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.lattices import flatten
from phextpaper.engine.wiring.blocks import checked_blocks
from phextpaper.errors import InputError


def switched_mean_hops(shape: tuple[int, ...], edge: int) -> float:
    """Least mean hops over ordered pairs that any setting of the switches can give a machine of blocks: a lower bound.

    It holds for any permutation at every switch, symmetric or not. Raises `InputError` where blocks of that edge do not
    fill the shape.

    >>> round(switched_mean_hops((4, 4, 8), 4), 3), round(switched_mean_hops((16, 16, 16), 4), 3)
    (3.309, 5.641)
    """
    checked_blocks(shape, (whole_number("edge", edge, 1, 8),) * len(shape))
    blocks, places = prod(shape) // edge ** len(shape), edge ** len(shape)
    copies, total = copies_within(edge, len(shape)), 0
    while missing := int((blocks - np.minimum(next(copies), blocks)).sum()):
        total += missing
    if not total:
        raise InputError("a network needs two nodes at least", where="shape")
    pairs: int = places * (prod(shape) - 1)
    return total / pairs


def copies_within(edge: int, dimensions: int) -> Iterator[NDArray[np.float64]]:
    """Yield for 0, 1, 2 … hops how many copies of each place lie so near to each place: (places, places).

    A copy of a block is entered by a link and left by any other of its links, so branches never meet.
    """
    places = edge**dimensions
    rings = _rings(edge, dimensions)
    tails, heads = _doors(edge, dimensions)
    reverse = np.roll(np.arange(len(tails)), len(tails) // 2)
    beyond = [np.eye(places)]  # copies within as many hops of each place, for which a link out of the block is open
    entered = np.zeros((len(tails), places))
    while True:
        within = sum(
            (ring @ further for ring, further in zip(rings, reversed(beyond), strict=False)), np.zeros((places, places))
        )
        yield within
        entered = within[heads] - entered[reverse]
        further = np.eye(places)
        np.add.at(further, tails, entered)
        beyond = [*beyond, further][-len(rings) :]


def _rings(edge: int, dimensions: int) -> list[NDArray[np.float64]]:
    """For each distance in a block, which places lie so far apart: (places, places) of 0 and 1."""
    at = np.indices((edge,) * dimensions).reshape(dimensions, -1)
    apart = np.abs(at[:, :, None] - at[:, None, :]).sum(axis=0)
    return [(apart == hops).astype(np.float64) for hops in range(dimensions * (edge - 1) + 1)]


def _doors(edge: int, dimensions: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each link out of a block leaves it and enters another: first all upwards, then the same downwards."""
    face, box = np.array(list(product(range(edge), repeat=dimensions - 1)), dtype=np.int64), (edge,) * dimensions
    upper, lower = (
        np.concatenate([flatten(np.insert(face, dimension, level, axis=1), box) for dimension in range(dimensions)])
        for level in (edge - 1, 0)
    )
    return np.concatenate([upper, lower]), np.concatenate([lower, upper])
