"""Learned coordinates: a vector for each node whose distances follow hop distances, computed from the graph.

`spectral` takes the slowest modes of the graph's Laplacian, each over its eigenvalue, so that those that tell far from
near weigh most. On a torus, twisted or not, the modes are the Fourier modes of its lattice and have closed forms.
`stress` starts there and lessens the squared errors against hop distance by majorisation (SMACOF), over the pairs of
every node with some pivots or, on small graphs, over all pairs. Both are scaled so that a Euclidean distance reads as
hops. A torus without twist needs neither: `exact` writes down vectors whose Manhattan distances are the hops
themselves.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks import distances, lattices
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Hypercube, Torus
from phextpaper.engine.networks.topology import Topology
from phextpaper.errors import InputError

_DENSE_NODES = 1024  # up to here a full decomposition is quick, and misses no copy of an eigenvalue
_EQUAL = 1e-8  # eigenvalues closer than this, over the largest degree, are one


def spectral(topology: Topology, width: int) -> NDArray[np.float64]:
    """Vectors of `width` values from the slowest modes of the graph: shape (size, width).

    Modes come in the order of their eigenvalues; values beyond the number of modes are 0. On lattices a mode's cosine
    and sine stay together or stay out, so that distances depend on the displacement alone. On other graphs the basis of
    an eigenspace is fixed by its projections of single nodes, which leaves no freedom to rounding or to the sign.
    Raises `InputError` for a width outside 1 to 4096, and where too many modes are alike to choose among them.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> abs(spectral(Torus((4,)), 2)).round(3).tolist()
    [[0.854, 0.0], [0.0, 0.854], [0.854, 0.0], [0.0, 0.854]]
    """
    width = whole_number("width", width, 1, 4096)
    vectors = _fourier(topology, width) if isinstance(topology, LatticeTopology) else _eigenvectors(topology, width)
    return scaled(topology, vectors, drawn(topology.size, 64, seed=0))


def exact(torus: Torus | Hypercube, width: int) -> NDArray[np.float64]:
    """Vectors whose Manhattan distances are the hops of a torus: shape (size, width), values 0, 1/2 and 1.

    A ring of even length is cut in halves in length / 2 ways; between two nodes lie as many cuts as hops. A ring of odd
    length takes a cut for each node, and each counts half. Raises `InputError` where that takes more than `width`
    values.

    >>> exact(Torus((4,)), 2).tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    """
    if not isinstance(torus, Torus | Hypercube):
        raise InputError("only a torus without twist has these cuts", where=torus.spec, remedy="take another embedding")
    places, columns = torus.coordinates(np.arange(torus.size)), []
    for length, place in zip(torus.shape, places.T, strict=True):
        cuts = length // 2 if length % 2 == 0 else length if length > 1 else 0
        columns += [
            ((place - cut - 1) % length < length // 2) * (1.0 if length % 2 == 0 else 0.5) for cut in range(cuts)
        ]
    if len(columns) > width:
        raise InputError(
            f"{len(columns)} cuts do not fit {width} values", where=torus.spec, remedy="give a larger width"
        )
    return np.pad(np.stack(columns, axis=1), ((0, 0), (0, width - len(columns))))


def stress(
    topology: Topology, width: int, *, pivots: int = 256, rounds: int = 60, seed: int, start: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Vectors with the least squared error against hops that `rounds` of majorisation reach: shape (size, width).

    The error counts the pairs of every node with `pivots` nodes drawn by `seed`; with all nodes where the graph has no
    more than twice as many. No round makes it larger. `start` (size, width) defaults to the spectral vectors.
    """
    chosen = np.arange(topology.size) if topology.size <= 2 * pivots else drawn(topology.size, pivots, seed=seed)
    vectors = spectral(topology, width) if start is None else np.array(start, dtype=np.float64)
    hops = hops_from(topology, chosen)
    for _ in range(rounds):
        vectors = majorised(vectors, chosen, hops)
    return vectors


def majorised(
    vectors: NDArray[np.float64], pivots: NDArray[np.intp], hops: NDArray[np.floating]
) -> NDArray[np.float64]:
    """One round of SMACOF over the pairs of all nodes with pivots: vectors (size, width) in and out.

    `pivots` (pivots,) are nodes, and `hops` (size, pivots) those from each node to them. The Guttman transform needs
    the inverse of the pairs' Laplacian; with sums held at 0 it is a division: by the number of nodes for pivots, by
    that of pivots for the rest.
    """
    apart = euclidean(vectors, pivots)
    pull = np.divide(hops, apart, out=np.zeros_like(apart), where=apart > 1e-9)
    centres = vectors[pivots]
    moved = pull.sum(axis=1)[:, None] * vectors - pull @ centres
    ends = (pull.sum(axis=0)[:, None] * centres - pull.T @ vectors) / len(vectors)
    pulled: NDArray[np.float64] = (moved + ends.sum(axis=0)) / len(pivots)
    pulled[pivots] = ends
    return pulled


def euclidean(vectors: NDArray[np.float64], nodes: ArrayLike) -> NDArray[np.float64]:
    """Euclidean distance of each vector (size, width) to those of some nodes: shape (size, nodes).

    In the unit of the vectors; `spectral` and `stress` scale theirs so that it reads as hops.
    """
    ends = vectors[np.asarray(nodes)]
    squared = (vectors**2).sum(axis=1)[:, None] + (ends**2).sum(axis=1) - 2 * vectors @ ends.T
    apart: NDArray[np.float64] = np.sqrt(np.maximum(squared, 0.0))
    return apart


def hops_from(topology: Topology, sources: ArrayLike) -> NDArray[np.float64]:
    """Hops from every node to some: shape (size, sources)."""
    hops: NDArray[np.float64] = distances.hops_from(topology.neighbours(), np.asarray(sources)).astype(np.float64)
    return hops


def scaled(topology: Topology, vectors: NDArray[np.float64], sources: ArrayLike) -> NDArray[np.float64]:
    """Vectors times the factor that fits their distances to hops best, over the pairs with some nodes."""
    apart, hops = euclidean(vectors, sources), hops_from(topology, sources)
    factor = float((apart * hops).sum() / (apart**2).sum())
    return vectors * factor


def drawn(size: int, count: int, *, seed: int) -> NDArray[np.intp]:
    """At most `count` different nodes drawn at random, ascending; by raw words of PCG64, whose stream numpy keeps."""
    words = np.random.PCG64(seed).random_raw(size)
    return np.sort(np.argsort(words, kind="stable")[:count])


def _fourier(topology: LatticeTopology, width: int) -> NDArray[np.float64]:
    """Cosine and sine of each mode at every node, over its eigenvalue: shape (size, width)."""
    modes, size = lattices.characters(topology.wraps), topology.size
    mirror = -modes % size
    first = np.array([tuple(a) <= tuple(b) for a, b in zip(modes.tolist(), mirror.tolist(), strict=True)])
    modes = modes[first & modes.any(axis=1)]
    values = _mode_values(topology, modes)
    order = np.lexsort((*reversed(modes.T), values.round(9)))
    places = topology.coordinates(np.arange(size))
    vectors, filled = np.zeros((size, width)), 0
    for mode, value in zip(modes[order], values[order], strict=True):
        alone = not (2 * mode % size).any()
        if filled == width or (filled == width - 1 and not alone):
            break
        angle = 2 * np.pi / size * (places @ mode % size)
        columns = [np.cos(angle)] if alone else [np.sqrt(2) * np.cos(angle), np.sqrt(2) * np.sin(angle)]
        vectors[:, filled : filled + len(columns)] = np.stack(columns, axis=1) / value
        filled += len(columns)
    return vectors


def _mode_values(topology: LatticeTopology, modes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Eigenvalues of the Laplacian: 1 - cos, summed over the ports."""
    ahead = 1 - np.cos(2 * np.pi / topology.size * modes)
    return sum((ahead[:, dimension] for dimension, _ in topology.ports), np.zeros(len(modes)))


def _eigenvectors(topology: Topology, width: int) -> NDArray[np.float64]:
    values, vectors = _slowest(topology, width)
    tolerance = _EQUAL * topology.degree
    firsts = np.flatnonzero(np.diff(values, prepend=-1.0) > tolerance)
    result, filled = np.zeros((topology.size, width)), 0
    for first, last in zip(firsts, [*firsts[1:], len(values)], strict=True):
        if first == 0 or filled == width:  # the constant mode says nothing
            continue
        basis = _fixed_basis(vectors[:, first:last], width - filled) / values[first:last].mean()
        result[:, filled : filled + basis.shape[1]] = basis
        filled += basis.shape[1]
    return result


def _slowest(topology: Topology, width: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The smallest eigenvalues of the Laplacian and their vectors: the constant's, `width` more, whole eigenspaces."""
    from scipy.sparse import coo_array, diags_array
    from scipy.sparse.linalg import eigsh

    nodes, ports = np.nonzero(topology.neighbours() >= 0)
    ends = topology.neighbours()[nodes, ports]
    links = coo_array((np.ones(len(nodes)), (nodes, ends)), shape=(topology.size,) * 2).tocsc()
    laplacian = (diags_array(np.bincount(nodes, minlength=topology.size).astype(float)) - links).tocsc()
    if topology.size <= _DENSE_NODES:
        return np.linalg.eigh(laplacian.toarray())
    count = width + 1
    start = 1.0 + (np.random.PCG64(0).random_raw(topology.size) >> np.uint64(11)) * 2.0**-53
    while True:
        count = min(count + 32, topology.size - 2)
        values, vectors = eigsh(laplacian, k=count, sigma=-0.05, v0=start)
        order = np.argsort(values)
        values, vectors = values[order], vectors[:, order]
        closed = np.flatnonzero(np.diff(values) > _EQUAL * topology.degree) + 1
        if closed.size and closed[-1] > width:
            return values[: closed[-1]], vectors[:, : closed[-1]]
        if count == topology.size - 2:
            raise InputError(
                "too many modes are alike to choose among them", where=topology.spec, remedy="ask for fewer values"
            )


def _fixed_basis(space: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """At most `most` orthonormal vectors of a space, (size, k), that do not depend on the basis given.

    Each is the projection of a single node, of the first that is projected longest, with what the vectors before it
    hold taken off.
    """
    rest = space.copy()
    chosen = []
    for _ in range(min(most, space.shape[1])):
        lengths = (rest**2).sum(axis=1)
        node = int(np.flatnonzero(lengths >= lengths.max() * (1 - 1e-6))[0])
        along = rest[node] / np.sqrt(lengths[node])
        chosen.append(space @ along)
        rest = rest - np.outer(rest @ along, along)
    return np.stack(chosen, axis=1)
