"""Bisection: how many links a cut of the network into two equal halves cuts.

Any cut gives an upper bound. There are two lower ones. Under uniform all-to-all a known share of the pairs must cross
any equal cut, and no link carries more than the busiest (dally2004). And the second smallest eigenvalue of the
Laplacian says how well any cut is connected (Fiedler). Where a lower and an upper bound meet, the number is exact; they
do for every torus whose longest side is even, and for the cube. Halves of an odd number of nodes differ by one. Links
are undirected, and parallel links count each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks import distances, lattices
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Hypercube, Torus
from phextpaper.engine.networks.topology import Topology
from phextpaper.errors import InputError

EXHAUSTIVE_NODES = 20
"""Networks up to this size are tried in full."""
_LINES, _TRIED, _SWAPS, _PATIENCE, _CANDIDATES = 16, 4, 512, 64, 8
_LOOKS = 2**24  # ports looked at while one cut is improved
_SPECTRAL_NODES = 2**17


@dataclass(frozen=True, slots=True)
class Bisection:
    """`links` cut by the best equal cut, or None where no exact value is known.

    `upper_bound` is reached by a cut that exists. No equal cut cuts fewer links than `lower_bound`.
    """

    links: int | None
    upper_bound: int
    lower_bound: int


def bisection(topology: Topology) -> Bisection:
    """Fewest undirected links between halves: exact where bounds meet or all cuts were tried, else bounds.

    >>> from phextpaper.engine.networks.topologies import Hypercube
    >>> bisection(Hypercube(12)).links
    2048
    """
    found = torus_bisection(topology.shape) if isinstance(topology, Torus) else None
    if found and (found.links is not None or topology.size > EXHAUSTIVE_NODES):
        return found
    if isinstance(topology, Hypercube):
        return _between(topology.size // 2, topology.size // 2)
    if topology.size <= EXHAUSTIVE_NODES:
        fewest = _fewest_of_all_cuts(topology.neighbours())
        return _between(fewest, fewest)
    lower = max(congestion_bound(topology.size, topology.max_link_load()), spectral_bound(topology))
    upper = lattice_cut(topology) if isinstance(topology, LatticeTopology) and topology.size % 2 == 0 else None
    if upper != lower:
        upper = min(best_cut_found(topology.neighbours()), upper or topology.size * topology.degree)
    return _between(lower, upper)


def torus_bisection(shape: Sequence[int]) -> Bisection:
    """Undirected links between the halves of a torus, exact where the longest side is even (dally2004).

    A cut across an even side k leaves two faces of prod(shape) / k links. With the longest side odd, that or the
    staircase through the middle of the longest side gives an upper bound, whichever cuts less. Parallel links of a side
    of length 2 count twice, as they do in the degree. Raises `InputError` for sides that are not 1 or more.

    >>> torus_bisection((16, 16, 16))
    Bisection(links=512, upper_bound=512, lower_bound=512)
    >>> torus_bisection((64, 64)).links
    128
    """
    sides = [int(side) for side in shape]
    if not sides or min(sides) < 1:
        raise InputError(
            f"{tuple(shape)} is no torus", where="shape", remedy="give sides of 1 or more, such as (16, 16, 16)"
        )
    size, longest = math.prod(sides), max(sides)
    if size == 1:
        return Bisection(0, 0, 0)
    lower = congestion_bound(size, size // longest * (longest**2 // 4) / 2)
    even = [side for side in sides if side % 2 == 0]
    cuts = [2 * size // max(even)] if even else []
    # The staircase: an odd side leaves a middle layer, which the next side has to halve, until one is even.
    steps, layer = 0, size
    for side in sorted((side for side in sides if side > 1), reverse=True):
        layer //= side
        steps += 2 * layer
        if side % 2 == 0:
            break
    return _between(lower, min([*cuts, steps]))


def congestion_bound(size: int, max_link_load: float) -> int:
    """Links that any equal cut cuts at least, by the busiest directed link under uniform all-to-all of any routing."""
    crossing = (size // 2) * (size - size // 2)
    return math.ceil(crossing / max_link_load * (1 - 1e-9))


def spectral_bound(topology: Topology) -> int:
    """Links that any equal cut cuts at least, by the second smallest eigenvalue of the Laplacian.

    0 where it was not found. A lattice's eigenvalues are known: those of its characters. Other graphs' are found by
    Lanczos' method.
    """
    size = topology.size
    if isinstance(topology, LatticeTopology):
        angles = (
            2
            * np.pi
            / size
            * lattices.characters(topology.wraps)[1:, sorted({dimension for dimension, _ in topology.ports})]
        )
        second = float((1 - np.cos(angles)).sum(axis=1).min()) * len(topology.directions)
    else:
        second = _second_eigenvalue(topology.neighbours()) if size <= _SPECTRAL_NODES else 0.0
    return max(0, math.ceil(second * (size // 2) * (size - size // 2) / size * (1 - 1e-6)))


def lattice_cut(topology: LatticeTopology) -> int:
    """Fewest links cut by the best straight cut of a lattice topology of even size, by trying all of them.

    A straight cut maps the nodes onto a ring of even length, all links of one dimension onto steps of the same length,
    and cuts the ring in halves; across the side of a torus it is the familiar cut. There are as many such maps as
    nodes.
    """
    size, steps = topology.size, lattices.characters(topology.wraps)
    length = size // np.gcd(np.gcd.reduce(steps, axis=1), size)
    steps, length = steps[length % 2 == 0], length[length % 2 == 0]
    # In a ring of m nodes, 2 a of the steps of length a cross the two cuts; each ring node stands for size / m nodes.
    along = steps[:, sorted({dimension for dimension, _ in topology.ports})] * length[:, None] // size
    crossing = np.minimum(along, length[:, None] - along).sum(axis=1)
    return int((2 * size // length * crossing).min()) * len(topology.directions) // 2


def best_cut_found(neighbours: NDArray[np.integer]) -> int:
    """Links between the equal halves of the best cut that a search found: the same on every machine.

    `neighbours` has shape (nodes, ports). The number is an upper bound. Nodes are lined up by their distances from two
    places, cut in the middle, and the best cuts improved by swaps (Kernighan and Lin). Only integers are compared, and
    ties go to the lower node.
    """
    size = len(neighbours)
    near = distances.hop_counts(neighbours, 0)
    places = dict.fromkeys([int(np.argmax(near)), *(size * line // _LINES for line in range(1, _LINES))])
    halves = []
    for place in places:
        far = distances.hop_counts(neighbours, place)
        for key in (far, far - near):
            half = np.zeros(size, dtype=bool)
            half[np.argsort(key, kind="stable")[: size // 2]] = True
            halves.append((_cut(neighbours, half), half))
    halves.sort(key=lambda one: one[0])
    return min(_improved(neighbours, half) for _, half in halves[:_TRIED])


def _cut(neighbours: NDArray[np.integer], half: NDArray[np.bool_]) -> int:
    return int(((neighbours >= 0) & (half[neighbours] != half[:, None])).sum()) // 2


def _between(lower: int, upper: int) -> Bisection:
    return Bisection(upper if lower == upper else None, upper, lower)


def _fewest_of_all_cuts(neighbours: NDArray[np.integer]) -> int:
    """Links cut by the best of all equal cuts of a small network."""
    size = len(neighbours)
    origins, ports = np.nonzero(neighbours > np.arange(size)[:, None])
    ends = neighbours[origins, ports]
    masks = np.array([sum(1 << node for node in half) for half in combinations(range(size), size // 2)])
    cut = np.zeros(len(masks), dtype=np.int64)
    for origin, end in zip(origins.tolist(), ends.tolist(), strict=True):
        cut += (masks >> origin ^ masks >> end) & 1
    return int(cut.min())


def _second_eigenvalue(neighbours: NDArray[np.integer]) -> float:
    """Second smallest eigenvalue of the Laplacian of a connected graph; 0 if the search for it does not end."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    size = len(neighbours)
    nodes, ports = np.nonzero(neighbours >= 0)
    links = np.bincount(nodes, minlength=size).astype(np.float64)
    adjacency = coo_array((np.ones(len(nodes)), (nodes, neighbours[nodes, ports])), shape=(size, size)).tocsr()
    most = 2 * links.max()

    def flipped(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        """The Laplacian taken from above its largest eigenvalue, and the constant vector taken out."""
        vector = vector.ravel() - vector.mean()
        turned: NDArray[np.float64] = (most - links) * vector + adjacency @ vector
        return turned

    start = np.cos(np.arange(size) * (1 + math.sqrt(5)))
    try:
        largest = eigsh(
            LinearOperator((size, size), matvec=flipped, dtype=np.float64),
            k=1,
            which="LA",
            v0=start,
            return_eigenvectors=False,
            tol=1e-9,
            maxiter=20 * size,
        )
    except ArpackNoConvergence:
        return 0.0
    return max(0.0, float(most - largest[0]))


def _improved(neighbours: NDArray[np.integer], half: NDArray[np.bool_]) -> int:
    """Links cut after the best swaps of two nodes, one by one; a row of worse swaps is tried before giving up."""
    linked = neighbours >= 0
    links = linked.sum(axis=1)
    half, locked = half.copy(), np.zeros(len(half), dtype=bool)
    best = cut = _cut(neighbours, half)
    waited = 0
    for _ in range(min(_SWAPS, len(half) // 2, _LOOKS // neighbours.size)):
        gain = 2 * (linked & (half[neighbours] != half[:, None])).sum(axis=1) - links
        one, other = (_most_gain(gain, side & ~locked) for side in (half, ~half))
        joined = (neighbours[one][:, None, :] == other[None, :, None]).sum(axis=2)
        total = gain[one][:, None] + gain[other][None, :] - 2 * joined
        row, column = np.unravel_index(np.argmax(total), total.shape)
        swap = [one[row], other[column]]
        half[swap] = ~half[swap]
        locked[swap] = True
        cut -= int(total[row, column])
        best, waited = (cut, 0) if cut < best else (best, waited + 1)
        if waited == _PATIENCE:
            break
    return best


def _most_gain(gain: NDArray[np.integer], eligible: NDArray[np.bool_]) -> NDArray[np.intp]:
    nodes = np.flatnonzero(eligible)
    return nodes[np.argsort(-gain[nodes], kind="stable")[:_CANDIDATES]]
