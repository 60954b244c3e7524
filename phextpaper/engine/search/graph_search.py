"""Search beyond tori: graphs that optical switches can make of fixed blocks, found by annealing on mean hops.

A machine's box of chips is cut into cubes, its blocks, whose inside links are wires. For each dimension and each place
on a face one switch joins the upper ends of all blocks with the lower ends of all blocks, in any permutation
(jouppi2023, 2.2). A torus uses 'the next block' at every place. Here each place has a step of its own: the upper end of
block b meets the lower end of block b + step, blocks counted in each dimension and wrapping. So a candidate is an array
of steps, every switch stays a permutation, and all blocks look alike: distances from the chips of one block are
distances from all.

Candidates are judged by the sum of hops from one block, by breadth-first search with one bit a source in 64-bit words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, prod

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.lattices import flatten, unflatten
from phextpaper.engine.networks.topologies import Graph
from phextpaper.engine.wiring.blocks import checked_blocks
from phextpaper.errors import InputError

LEAST_EDGE, MOST_EDGE = 3, 8
Steps = NDArray[np.int64]
Doors = list[tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, eq=False)
class Switched:
    """A graph of blocks and switches.

    `steps`, an array of shape (dimensions, face places, dimensions), says how many blocks further a link leads that
    crosses a face at a place; a face has edge^(dimensions - 1) places. Nodes are numbered as in a torus of `shape`, the
    last dimension fastest. Raises `InputError` where blocks of that edge do not fill the shape, or the steps have
    another form.

    >>> torus = Switched.torus((4, 4, 8), 4)
    >>> torus.size, torus.graph().mean_hops() == 4.031496062992126
    (128, True)
    """

    shape: tuple[int, ...]
    edge: int
    steps: Steps

    def __post_init__(self) -> None:
        whole_number("edge", self.edge, LEAST_EDGE, MOST_EDGE)
        checked_blocks(self.shape, (self.edge,) * len(self.shape))
        wanted = (len(self.shape), self.edge ** (len(self.shape) - 1), len(self.shape))
        if self.steps.shape != wanted:
            raise InputError(
                f"steps of shape {self.steps.shape}", where="blocks", remedy=f"give one for each face place: {wanted}"
            )

    @classmethod
    def torus(cls, shape: Sequence[int], edge: int) -> "Switched":
        """The plain torus: at every place one block further in the link's own dimension."""
        dimensions = len(shape)
        return cls(
            tuple(shape), edge, np.repeat(np.eye(dimensions, dtype=np.int64)[:, None], edge ** (dimensions - 1), axis=1)
        )

    @property
    def size(self) -> int:
        """Nodes."""
        return prod(self.shape)

    @property
    def blocks(self) -> tuple[int, ...]:
        """Blocks along each dimension."""
        return tuple(side // self.edge for side in self.shape)

    @property
    def sources(self) -> NDArray[np.int64]:
        """The nodes of the first block, one for each class of nodes that look alike: (edge^dimensions,)."""
        return flatten(np.indices((self.edge,) * len(self.shape)).reshape(len(self.shape), -1).T, self.shape)

    def classes(self) -> NDArray[np.int64]:
        """For each node the place in `sources` of the node that it looks like: (size,)."""
        inner = unflatten(np.arange(self.size), self.shape) % self.edge
        return flatten(inner, (self.edge,) * len(self.shape))

    def neighbours(self) -> NDArray[np.int64]:
        """Neighbours (size, 2 x dimensions): the upper and the lower link of each dimension in turn."""
        places = unflatten(np.arange(self.size), self.shape)
        found = np.empty((self.size, 2 * len(self.shape)), dtype=np.int64)
        for dimension in range(len(self.shape)):
            upper = self._beyond(places, dimension)
            found[:, 2 * dimension] = upper
            found[upper, 2 * dimension + 1] = np.arange(self.size)
        return found

    def graph(self) -> Graph:
        """The same as a topology."""
        return Graph(self.neighbours())

    def _beyond(self, places: NDArray[np.int64], dimension: int) -> NDArray[np.int64]:
        """The node at the other end of each node's upper link in a dimension."""
        sides, edge = np.array(self.shape), self.edge
        moved = places.copy()
        moved[:, dimension] += 1
        leaves = moved[:, dimension] % edge == 0
        inner = places % edge
        face = flatten(np.delete(inner, dimension, axis=1), (edge,) * (len(self.shape) - 1))
        block = (places // edge + self.steps[dimension][face]) % (sides // edge)
        inner[:, dimension] = 0
        moved[leaves] = (block * edge + inner)[leaves]
        return flatten(moved % sides, self.shape)


def moore_mean_hops(size: int, degree: int) -> float:
    """Least mean hops over ordered pairs of any graph of that size and degree, by counting nodes at each distance.

    Raises `InputError` for fewer than two nodes or ports.

    >>> moore_mean_hops(7, 6), round(moore_mean_hops(128, 6), 3)
    (1.0, 2.669)
    """
    whole_number("nodes", size, 2, 10**12)
    whole_number("degree", degree, 2, 10**6)
    left, level, hops, total = size - 1, degree, 1, 0
    while left:
        here = min(level, left)
        total, left, level, hops = total + hops * here, left - here, level * (degree - 1), hops + 1
    return total / (size - 1)


def hop_total(neighbours: NDArray[np.integer], sources: NDArray[np.integer]) -> int:
    """Sum of hops from some sources, (n,), to all nodes, or -1 where a node is out of reach.

    `neighbours` has shape (size, ports), and every node has all of them.
    """
    words = -(-len(sources) // 64)
    reached = np.zeros((len(neighbours), words), dtype=np.uint64)
    place = np.arange(len(sources))
    reached[sources, place // 64] = np.left_shift(np.uint64(1), (place % 64).astype(np.uint64))
    if words == 1:
        reached = reached[:, 0]
    columns = np.ascontiguousarray(neighbours.T)
    seen, hops, total = len(sources), 0, 0
    while seen < len(sources) * len(neighbours):
        further = reached.copy()
        for column in columns:
            further |= reached[column]
        hops += 1
        count = int(np.bitwise_count(further).sum())
        if count == seen:
            return -1
        total += hops * (count - seen)
        seen, reached = count, further
    return total


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found: the best, its mean hops, how many were tried, (evaluation, mean hops) of improvements."""

    best: Switched
    mean_hops: float
    evaluations: int
    improvements: tuple[tuple[int, float], ...]


def anneal(shape: Sequence[int], edge: int, *, evaluations: int, seed: int, heat: float = 0.002) -> Found:
    """Search from the plain torus: change a step of one place of a face, keep what is better, sometimes what is worse.

    A worse candidate is kept with the probability exp(-loss / temperature); the temperature begins at `heat` times the
    torus's sum of hops and falls to nothing. The same seed gives the same graph on every platform, as sums of hops are
    whole numbers. Raises `InputError` for a machine of one block, which has nothing to choose.
    """
    start = Switched.torus(shape, edge)
    blocks = np.array(start.blocks)
    whole_number("evaluations", evaluations, 1, 10**9)
    if prod(start.blocks) < 2:
        raise InputError("one block has no switch to set", where=f"blocks of {edge}", remedy="give a larger shape")
    rng, sources = np.random.default_rng(seed), start.sources
    steps, neighbours = start.steps.copy(), start.neighbours()
    doors = _doors(start)
    here = best = hop_total(neighbours, sources)
    first, kept, improvements = here, steps.copy(), [(0, here)]
    choices = rng.integers(0, [len(blocks), steps.shape[1], prod(start.blocks) - 1], size=(evaluations, 3))
    luck = rng.random(evaluations)
    for turn, (dimension, face, other) in enumerate(choices.tolist()):
        before = steps[dimension, face].copy()
        steps[dimension, face] = unflatten(
            (flatten(before % blocks, start.blocks) + 1 + other) % prod(start.blocks), start.blocks
        )
        _rejoin(neighbours, doors, dimension, face, steps[dimension, face], start)
        total = hop_total(neighbours, sources)
        warmth = heat * first * (1 - turn / evaluations)
        if total >= 0 and (total <= here or (warmth > 0 and luck[turn] < exp((here - total) / warmth))):
            here = total
            if total < best:
                best, kept = total, steps.copy()
                improvements.append((turn + 1, total))
        else:
            steps[dimension, face] = before
            _rejoin(neighbours, doors, dimension, face, before, start)
    pairs = len(sources) * (start.size - 1)
    return Found(
        Switched(start.shape, edge, kept),
        best / pairs,
        evaluations,
        tuple((turn, total / pairs) for turn, total in improvements),
    )


def _doors(graph: Switched) -> Doors:
    """For each dimension the nodes at the upper and lower end of each face place: (places, blocks), in order."""
    dimensions, edge = len(graph.shape), graph.edge
    corner = np.indices(graph.blocks).reshape(dimensions, -1).T * edge
    found = []
    for dimension in range(dimensions):
        face = np.indices((edge,) * (dimensions - 1)).reshape(dimensions - 1, -1).T
        ends = [
            flatten(corner[None] + np.insert(face, dimension, level, axis=1)[:, None], graph.shape)
            for level in (edge - 1, 0)
        ]
        found.append((ends[0], ends[1]))
    return found


def _rejoin(
    neighbours: NDArray[np.int64], doors: Doors, dimension: int, face: int, step: NDArray[np.int64], graph: Switched
) -> None:
    """Set one switch, in place: the upper end of every block meets the lower end of the block one step on."""
    upper, lower = (ends[face] for ends in doors[dimension])
    blocks = graph.blocks
    beyond = lower[flatten((unflatten(np.arange(prod(blocks)), blocks) + step) % np.array(blocks), blocks)]
    neighbours[upper, 2 * dimension] = beyond
    neighbours[beyond, 2 * dimension + 1] = upper


def realisable(neighbours: NDArray[np.integer], shape: Sequence[int], edge: int) -> bool:
    """Whether switches can make a graph (size, 2 x dimensions): wires inside blocks, each switch a permutation."""
    graph = Switched.torus(shape, edge)
    plain, doors = graph.neighbours(), _doors(graph)
    if np.shape(neighbours) != plain.shape:
        return False
    fixed = np.ones(plain.shape, dtype=bool)
    for dimension, (upper, lower) in enumerate(doors):
        fixed[upper, 2 * dimension] = fixed[lower, 2 * dimension + 1] = False
        for one, other in zip(upper, lower, strict=True):
            ends = neighbours[one, 2 * dimension]
            if set(ends.tolist()) != set(other.tolist()) or (neighbours[ends, 2 * dimension + 1] != one).any():
                return False
    return bool((np.asarray(neighbours)[fixed] == plain[fixed]).all())
