"""Lattices in three dimensions as Hermite normal forms: all of a size, which are alike, which a machine can wire.

A lattice of index n in Z^3 gives n nodes with six links each, along the unit vectors and back (camarero2015). The rows
of its Hermite normal form name it once. The order and the direction of the dimensions change its form and not its
graph.

What a machine of blocks can wire: its switches join an upper face of a block with a lower face at the same place, so a
step moves the place in the block by one, modulo the block's edge. A walk along a vector of the lattice returns to its
chip, so every entry of the vector is a multiple of the edge. If they all are, the places agree and the switches can do
it. These are the lattices of `edge` times Z^3: `forms(size, unit=edge)`.
"""

from collections.abc import Sequence
from itertools import permutations, product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks import lattices
from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.errors import InputError

Form = tuple[tuple[int, ...], ...]
"""Hermite normal form of a lattice: three rows of three plain integers."""


def forms(size: int, *, unit: int = 1) -> NDArray[np.int64]:
    """Hermite normal forms of all lattices with `size` nodes whose vectors are multiples of `unit`: (count, 3, 3).

    Raises `InputError` for a size that blocks of `unit` a side do not fill.

    >>> len(forms(128)), len(forms(128, unit=4))
    (43435, 7)
    """
    index = _index(size, unit)
    found = []
    for first in divisors(index):
        for second in divisors(index // first):
            third = index // first // second
            above, corner, side = (grid.ravel() for grid in np.indices((second, third, third)))
            part = np.zeros((len(above), 3, 3), dtype=np.int64)
            part[:, 0, 0], part[:, 1, 1], part[:, 2, 2] = first, second, third
            part[:, 0, 1], part[:, 0, 2], part[:, 1, 2] = above, corner, side
            found.append(part)
    return np.concatenate(found) * unit


def normal_forms(matrices: ArrayLike) -> NDArray[np.int64]:
    """Row-style Hermite normal forms of many regular integer matrices: shape (count, n, n) in and out.

    >>> normal_forms([[[2, 1], [1, 2]]]).tolist()
    [[[1, 2], [0, 3]]]
    """
    rows = np.array(matrices, dtype=np.int64)
    size = rows.shape[-1]
    for column in range(size):
        for lower in range(column + 1, size):
            while (open_ := np.flatnonzero(rows[:, lower, column])).size:
                pivot, other = rows[open_, column], rows[open_, lower]
                rest = pivot - (pivot[:, column] // other[:, column])[:, None] * other
                rows[open_, column], rows[open_, lower] = other, rest
        rows[:, column] *= np.sign(rows[:, column, column])[:, None]
        for upper in range(column):
            times = rows[:, upper, column] // rows[:, column, column]
            rows[:, upper] -= times[:, None] * rows[:, column]
    return rows


def classes(found: NDArray[np.int64]) -> NDArray[np.intp]:
    """Class of each form under exchange and reversal of dimensions: shape (count, 3, 3) in, (count,) out.

    It is the place of the form that stands for it, the plainest: the least extent of its box, lengths that rise, few
    shifts, small ones. `found` must hold all images of its forms, as `forms` does. Raises `InputError` for forms of
    6000 nodes or more, once a common factor is taken out.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    found = found // np.gcd.reduce(found, axis=None)
    codes = _codes(found)
    order = np.argsort(codes)
    places = np.arange(len(found))
    links = []
    for image in (
        found[..., [1, 0, 2]],
        found[..., [0, 2, 1]],
        found * np.array([-1, 1, 1]),
        found * np.array([1, 1, -1]),
    ):
        links.append(order[np.searchsorted(codes, _codes(normal_forms(image)), sorter=order)])
    graph = coo_array(
        (np.ones(4 * len(found), dtype=np.int8), (np.tile(places, 4), np.concatenate(links))), shape=(len(found),) * 2
    )
    number = connected_components(graph, directed=False)[1]
    ranked = np.lexsort((*reversed(plainness(found)), number))
    stands: NDArray[np.intp] = ranked[np.searchsorted(number[ranked], number)]
    return stands


def plain(shape: Sequence[int]) -> Form:
    """The lattice of the torus of a shape, where a search starts.

    Raises `InputError` for lengths that are not whole numbers above 0.

    >>> plain((4, 4, 8))
    ((4, 0, 0), (0, 4, 0), (0, 0, 8))
    """
    return as_form(np.diag([whole_number("shape", length, 1, 10**6) for length in shape]))


def as_form(rows: ArrayLike) -> Form:
    """Rows of a matrix, shape (3, 3), as plain tuples in normal form."""
    return lattices.hermite_normal_form(np.asarray(rows).tolist())


def form_of(topology: LatticeTopology) -> Form:
    """The lattice of a torus, twisted torus or lattice of three dimensions.

    Raises `InputError` for a topology of another kind or number of dimensions.
    """
    if not isinstance(topology, LatticeTopology) or len(topology.shape) != 3:
        raise InputError(
            "it has no lattice in three dimensions", where=topology.spec, remedy="give a torus, twisted or not"
        )
    return lattices.hermite_normal_form([vector for _, vector in topology.wraps])


def canonical(form: Form) -> Form:
    """The plainest lattice that differs by order and direction of the dimensions only: see `classes`.

    >>> canonical(((1, 0, 0), (0, 1, 0), (0, 0, 1)))
    ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    """
    rows = np.array(form, dtype=np.int64)
    images = normal_forms(
        [rows[:, order] * signs for order in permutations(range(3)) for signs in product((1, -1), (1, -1), (1,))]
    )
    return as_form(images[np.lexsort(tuple(reversed(plainness(images))))[0]])


def same_up_to_symmetry(one: Form, other: Form) -> bool:
    """Two lattices differ by order and direction of the dimensions only, so that their graphs are the same."""
    return canonical(one) == canonical(other)


def twisted(form: Form) -> Torus | TwistedTorus:
    """The torus, twisted or not, that a lattice is: the box of its normal form, and the shift past each end.

    >>> twisted(((4, 0, 4), (0, 4, 4), (0, 0, 8))).spec, twisted(plain((4, 4, 8))).spec
    ('twisted:4x4x8', 'torus:4x4x8')
    """
    lengths = tuple(form[d][d] for d in range(3))
    box = list(enumerate(form))
    shifts = {d: tuple(lattices.fold([-form[d][e] if e > d else 0 for e in range(3)], box).tolist()) for d in range(2)}
    twists = {d: shift for d, shift in shifts.items() if any(shift)}
    return TwistedTorus(lengths, twists) if twists else Torus(lengths)


def wired_by_blocks(form: Form, edge: int) -> bool:
    """Blocks of `edge` chips a side, joined by switches face to face, can be wired to this lattice (see above)."""
    return all(entry % edge == 0 for row in form for entry in row)


def _codes(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each normal form of one size."""
    size = int(np.prod(np.diagonal(rows[0]))) + 1
    entries = (rows[:, 0, 0], rows[:, 1, 1], rows[:, 0, 1], rows[:, 0, 2], rows[:, 1, 2])
    if size > 6000:
        raise InputError(
            f"{size - 1} nodes are too many to list all lattices",
            where="lattices",
            remedy="search with a budget, or take blocks",
        )
    code = np.zeros(len(rows), dtype=np.int64)
    for entry in entries:
        code = code * size + entry
    return code


def plainness(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Keys by which forms are compared, the weightiest first: plain ones are small."""
    lengths = np.diagonal(rows, axis1=1, axis2=2)
    shifts = np.stack([rows[:, 0, 1], rows[:, 0, 2], rows[:, 1, 2]], axis=1)
    descents = (np.diff(lengths, axis=1) < 0).sum(axis=1)
    return [
        lengths.max(axis=1),
        descents,
        np.count_nonzero(shifts, axis=1),
        shifts.sum(axis=1),
        *rows[:, 0].T,
        *rows[:, 1, 1:].T,
    ]


def _index(size: int, unit: int) -> int:
    """Blocks of `unit` cubed nodes that make up `size`."""
    nodes, edge = whole_number("nodes", size, 2, 2**22), whole_number("unit", unit, 1, 1024)
    if nodes % edge**3:
        raise InputError(
            f"{nodes} nodes are no whole number of blocks of {edge} a side",
            where="lattices",
            remedy="give another size or unit",
        )
    return nodes // edge**3


def divisors(number: int) -> list[int]:
    """Divisors of a number, ascending."""
    return [divisor for divisor in range(1, number + 1) if number % divisor == 0]
