"""Search among lattices in three dimensions: every torus of a size with every twist, judged exactly and fast.

All pairs of nodes of a lattice look like pairs with node 0, and the shortest paths from node 0 to another are the
shortest vectors of its class with their steps in any order. So distances, path counts and loads follow from one list of
short vectors, for many lattices at once, and no graph is searched.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks import lattices
from phextpaper.engine.networks.topologies import Lattice
from phextpaper.engine.search.lattice_forms import Form, as_form, classes, divisors, forms, plainness

Drawn = TypeVar("Drawn")
_ENTRIES = 2**21  # (lattice, vector) pairs handled at once
_DECIMALS = 9  # loads are compared after rounding: the order of a sum must not decide which lattice is better


@dataclass(frozen=True, eq=False)
class Measured:
    """What lattices of `size` nodes are like, one entry each: (count,).

    `total_hops` are from a node to all others; `loads` (count, 3) are those of a link of each dimension under uniform
    all-to-all, in ordered pairs, as in `link_loads`.
    """

    size: int
    total_hops: NDArray[np.int64]
    diameter: NDArray[np.int64]
    loads: NDArray[np.float64]

    @property
    def mean_hops(self) -> NDArray[np.float64]:
        """Mean distance over ordered pairs of different nodes, (count,)."""
        mean: NDArray[np.float64] = self.total_hops / (self.size - 1)
        return mean

    @property
    def worst_load(self) -> NDArray[np.float64]:
        """Ordered pairs over the busiest directed link, (count,)."""
        worst: NDArray[np.float64] = self.loads.max(axis=1)
        return worst


def measure(found: ArrayLike) -> Measured:
    """Distances and loads of lattices of one size, shape (count, 3, 3) in normal form, exactly.

    >>> measure([[[4, 0, 4], [0, 4, 4], [0, 0, 8]]]).worst_load.round(6).tolist()
    [73.333333]
    """
    rows = np.array(found, dtype=np.int64).reshape(-1, 3, 3)
    size = int(np.prod(np.diagonal(rows[0])))
    hops, diameter, loads = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64), np.zeros((len(rows), 3))
    open_, radius = np.arange(len(rows)), _least_radius(size)
    while open_.size:
        if len(_ball(radius)[1]) > max(2**16, 32 * size):
            for place in open_:  # long thin lattices: search their graph instead
                whole = Lattice(rows[place].tolist())
                counts, ports = whole.hop_counts(0), whole.port_loads()
                hops[place], diameter[place] = counts.sum(), counts.max()
                for (dimension, _), load in zip(whole.ports, ports, strict=True):
                    loads[place, dimension] = load
            break
        left = []
        step = max(1, _ENTRIES // len(_ball(radius)[1]))
        for part in (open_[first : first + step] for first in range(0, len(open_), step)):
            within, total, farthest, carried = _from_ball(rows[part], size, radius)
            done = part[within]
            hops[done], diameter[done], loads[done] = total[within], farthest[within], carried[within]
            left.append(part[~within])
        open_, radius = np.concatenate(left), radius + max(2, radius // 3)
    return Measured(size, hops, diameter, loads)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Outcome of looking at all lattices of a size: the best classes, `forms` (kept, 3, 3) with what was `measured`.

    They are ordered by worst load, then mean hops, diameter and plainness. Of `lattices` in `classes`, `evaluated` were
    measured: the others have so many hops that their loads must exceed those listed.
    """

    forms: NDArray[np.int64]
    measured: Measured
    lattices: int
    classes: int
    evaluated: int

    @property
    def best(self) -> Form:
        """The best lattice."""
        return as_form(self.forms[0])


def exhaustive(size: int, *, unit: int = 1, keep: int = 8) -> Ranking:
    """The `keep` best classes of all lattices with `size` nodes by worst link load, found by branch and bound.

    The loads of a node's six links add up to its hops to all others, so a sixth of these bounds the worst load from
    below. Classes are measured in the order of that bound until it exceeds the worst load of the last one kept. Raises
    `InputError` for a size that blocks of `unit` a side do not fill, and for nothing to keep.
    """
    whole_number("keep", keep, 1, 10**9)
    every = forms(size, unit=unit)
    stand = np.unique(classes(every))
    every, lattices_seen = every[stand], len(every)
    bound = _hops_at_least(every, size) / 6
    order = np.argsort(bound, kind="stable")
    nothing = np.zeros(0, dtype=np.int64)
    measured, kept, seen = Measured(size, nothing, nothing, np.zeros((0, 3))), order[:0], 0
    while seen < len(order):
        more = order[seen : seen + 256]
        if len(kept) == keep and bound[more[0]] > measured.worst_load[-1]:
            break
        kept, seen = np.concatenate([kept, more]), seen + len(more)
        measured = measure(every[kept])
        rank = np.lexsort(
            (
                *reversed(plainness(every[kept])),
                measured.diameter,
                measured.total_hops,
                measured.worst_load.round(_DECIMALS),
            )
        )[:keep]
        kept = kept[rank]
        measured = Measured(size, measured.total_hops[rank], measured.diameter[rank], measured.loads[rank])
    return Ranking(every[kept], measured, lattices_seen, len(order), seen)


def cheapest(found: NDArray[np.int64], cost: Callable[[Form], float]) -> tuple[float, Form]:
    """Least cost of many lattices, and the plainest of those that have it, for costs that symmetry does not keep.

    `found` are their normal forms, (count, 3, 3).
    """
    plainest_first = [as_form(rows) for rows in found[np.lexsort(tuple(reversed(plainness(found))))]]
    costs = [round(cost(form), _DECIMALS) for form in plainest_first]
    return min(costs), plainest_first[costs.index(min(costs))]


def worst_load(form: Form) -> float:
    """Ordered pairs over the busiest directed link of a lattice under uniform all-to-all: what a search makes small."""
    return round(float(measure([form]).worst_load[0]), _DECIMALS)


def changed(form: Form, rng: Random, *, unit: int = 1) -> Form:
    """A lattice of the same size near to one: another shift, or a prime factor of one length moved to another length.

    All vectors stay multiples of `unit`. Only `rng.random()` is drawn, whose sequence Python keeps for good.
    """
    rows = [[entry // unit for entry in row] for row in form]
    if rng.random() < 0.5:
        upper, lower = _draw([(0, 1), (0, 2), (1, 2)], rng)
        rows[upper][lower] = int(rng.random() * rows[lower][lower])
    else:
        giver, taker = _draw([(one, other) for one in range(3) for other in range(3) if one != other], rng)
        factor = _draw(_primes(rows[giver][giver]) or [1], rng)
        rows[giver][giver] //= factor
        rows[taker][taker] *= factor
    return lattices.hermite_normal_form([[entry * unit for entry in row] for row in rows])


def _from_ball(
    rows: NDArray[np.int64], size: int, radius: int
) -> tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Whether all nodes lie within `radius` of node 0; if so, the sum and the largest of their hops, and the loads."""
    vectors, norms, orders, bounds = _ball(radius)
    nodes = _nodes_of(rows, vectors) + np.arange(len(rows), dtype=np.int32)[:, None] * size
    hops: NDArray[np.int32] = np.full(len(rows) * size, radius + 1, dtype=np.int32)
    for norm in range(radius, -1, -1):
        hops[nodes[:, bounds[norm] : bounds[norm + 1]]] = norm
    ways = np.where(hops.take(nodes) == norms, orders, 0.0)
    paths = np.bincount(nodes.ravel(), weights=ways.ravel(), minlength=len(hops))
    np.divide(ways, np.maximum(paths, 1.0).take(nodes), out=ways)
    hops = hops.reshape(-1, size)
    return hops.max(axis=1) <= radius, hops.sum(axis=1), hops.max(axis=1), ways @ np.abs(vectors).astype(np.float64) / 2


def _hops_at_least(rows: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Sum of the hops from node 0, or less: exact within a radius; nodes further away count one hop more than it."""
    radius = _least_radius(size)
    vectors, _, _, bounds = _ball(radius)
    total = np.empty(len(rows), dtype=np.int64)
    step = max(1, _ENTRIES // len(vectors))
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        nodes = _nodes_of(part, vectors) + np.arange(len(part), dtype=np.int32)[:, None] * size
        hops = np.full(len(part) * size, radius + 1, dtype=np.int32)
        for norm in range(radius, -1, -1):
            hops[nodes[:, bounds[norm] : bounds[norm + 1]]] = norm
        total[first : first + step] = hops.reshape(-1, size).sum(axis=1)
    return total


def _nodes_of(rows: NDArray[np.int64], vectors: NDArray[np.int32]) -> NDArray[np.int32]:
    """Node of each vector on each lattice, shape (lattices, vectors): folded into the box as in `lattices.fold`."""
    x, y, z = vectors.T
    (a, b, c), (_, d, e), (_, _, f) = rows.astype(np.int32).transpose(1, 2, 0)[..., None]
    crossings = x // a
    x = x - crossings * a
    y = y - crossings * b
    z = z - crossings * c
    crossings = y // d
    y = y - crossings * d
    z = (z - crossings * e) % f
    nodes: NDArray[np.int32] = (x * d + y) * f + z
    return nodes


@cache
def _ball(radius: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], list[int]]:
    """Vectors by their steps, up to `radius`; that number, the orders of the steps, where each number begins."""
    along = np.arange(-radius, radius + 1, dtype=np.int32)
    vectors = np.stack(np.meshgrid(along, along, along, indexing="ij"), axis=-1).reshape(-1, 3)
    norms = np.abs(vectors).sum(axis=1)
    chosen = np.argsort(norms, kind="stable")[: int((norms <= radius).sum())]
    factorials = [math.factorial(n) for n in range(radius + 1)]
    orders = [
        factorials[x + y + z] // (factorials[x] * factorials[y] * factorials[z])
        for x, y, z in np.abs(vectors[chosen]).tolist()
    ]
    bounds = [0, *np.cumsum(np.bincount(norms[chosen])).tolist()]
    return vectors[chosen], norms[chosen].astype(np.int32), np.array(orders, dtype=np.float64), bounds


@cache
def _least_radius(size: int) -> int:
    """Radius within which a good lattice has all its nodes, more or less: a ball has about 4/3 r^3 vectors."""
    radius: float = (1.5 * size) ** (1 / 3)
    return max(2, math.ceil(radius) + 1)


def _primes(number: int) -> list[int]:
    """Prime divisors."""
    return [d for d in divisors(number) if d > 1 and all(d % e for e in range(2, math.isqrt(d) + 1))]


def _draw(choices: Sequence[Drawn], rng: Random) -> Drawn:
    return choices[int(rng.random() * len(choices))]
