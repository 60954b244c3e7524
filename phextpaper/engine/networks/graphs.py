"""Neighbour arrays of general graphs: made from edges, checked, and their ports paired.

A neighbour array has shape (nodes, ports) and holds node numbers; -1 fills the ports that a node does not have.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.errors import InputError


def checked_neighbours(neighbours: ArrayLike, where: str) -> NDArray[np.intp]:
    """A read-only copy of a neighbour array of an undirected graph without loops; an `InputError` if it is none."""
    try:
        given = np.asarray(neighbours)
    except ValueError:
        given = np.empty(0)
    if given.ndim != 2 or given.size == 0 or given.dtype.kind not in "iu":
        raise InputError(
            "a graph needs an array of neighbours",
            where=where,
            remedy="give whole numbers in rows of equal length, one row a node, filled up with -1",
        )
    array = given.astype(np.intp, order="C")
    size = len(array)
    if size < 2:
        raise InputError("a network needs two nodes at least", where=where, remedy="give more rows")
    if array.min() < -1 or array.max() >= size:
        wrong = array[(array < -1) | (array >= size)][0]
        raise InputError(
            f"there is no node {wrong}", where=where, remedy=f"nodes run from 0 to {size - 1}; -1 is no link"
        )
    nodes = np.arange(size)[:, None]
    if (array == nodes).any():
        raise InputError(
            f"node {np.flatnonzero((array == nodes).any(axis=1))[0]} is linked to itself",
            where=where,
            remedy="drop the link",
        )
    codes, reverse = _channel_codes(array)
    if not np.array_equal(np.sort(codes), np.sort(reverse)):
        code = np.setxor1d(codes, reverse)
        one_way = f": {code[0] // size} and {code[0] % size}" if code.size else ""
        raise InputError(
            f"two nodes list each other unequally often{one_way}", where=where, remedy="list each link at both ends"
        )
    array.flags.writeable = False
    return array


def pair_ports(neighbours: NDArray[np.intp]) -> NDArray[np.intp]:
    """The port by which each link is left at its other end: shape (nodes, ports), -1 where there is no link.

    >>> pair_ports(np.array([[1, -1], [0, 2], [1, -1]]))
    array([[ 0, -1],
           [ 0,  0],
           [ 1, -1]])
    """
    ports = neighbours.shape[1]
    codes, reverse = _channel_codes(neighbours)
    channels = np.flatnonzero(neighbours.ravel() >= 0)
    there, back = np.argsort(codes, kind="stable"), np.argsort(reverse, kind="stable")
    paired = np.full(neighbours.size, -1, dtype=np.intp)
    paired[channels[there]] = channels[back] % ports
    return paired.reshape(neighbours.shape)


def neighbour_array(edges: ArrayLike, size: int | None, where: str) -> NDArray[np.intp]:
    """Neighbours, in ascending order, of the graph with these edges, shape (edges, 2); repeated edges are one edge."""
    pairs = np.asarray(edges)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or len(pairs) == 0 or pairs.dtype.kind not in "iu":
        raise InputError("a graph needs edges", where=where, remedy="give pairs of node numbers, one a link")
    pairs = pairs.astype(np.int64)
    nodes = int(pairs.max()) + 1 if size is None else size
    if pairs.min() < 0 or pairs.max() >= nodes:
        raise InputError(
            f"there is no node {pairs.min() if pairs.min() < 0 else pairs.max()}",
            where=where,
            remedy=f"nodes run from 0 to {nodes - 1}",
        )
    codes = np.unique(np.concatenate([pairs[:, 0] * nodes + pairs[:, 1], pairs[:, 1] * nodes + pairs[:, 0]]))
    sources, targets = np.divmod(codes, nodes)
    links = np.bincount(sources, minlength=nodes)
    array = np.full((nodes, links.max()), -1, dtype=np.intp)
    array[sources, np.arange(len(codes)) - np.repeat(np.cumsum(links) - links, links)] = targets
    return array


def _channel_codes(neighbours: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One number for each channel there (from, to) and back (to, from), in the order of the ports that have a link."""
    size = len(neighbours)
    origins, ports = np.nonzero(neighbours >= 0)
    ends = neighbours[origins, ports]
    return origins * size + ends, ends * size + origins
