"""Neighbour arrays of general graphs: made from edges, read from a file, checked, and their ports paired.

A neighbour array has shape (nodes, ports) and holds node numbers; -1 fills the ports that a node does not have.
"""

from pathlib import Path

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


def read_edges(path: Path) -> tuple[NDArray[np.int64], tuple[str, ...] | None]:
    """Pairs of node numbers from a file of two comma-separated columns, and the nodes' names if they had any.

    Blank lines and lines that start with # are skipped, and so is a first line of words above numbers. If the nodes are
    not called 0, 1, 2 … without a gap, they are numbered in sorted order and their names are given too.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read ({error})", where=str(path), remedy="give a text file of two columns"
        ) from None
    rows: list[list[str]] = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if cells == [""] or cells[0].startswith("#"):
            continue
        if len(cells) != 2 or not all(cells):
            raise InputError(
                f"{line!r} is not two columns", where=f"{path}:{number}", remedy="write one link a line: 0,1"
            )
        rows.append(cells)
    if len(rows) > 1 and not _all_numbers(rows[:1]) and _all_numbers(rows[1:]):
        del rows[0]
    if not rows:
        raise InputError("there are no links", where=str(path), remedy="write one link a line: 0,1")
    if _all_numbers(rows):
        called, edges = np.unique(np.array(rows, dtype=np.int64), return_inverse=True)
        names = None if called[0] == 0 and called[-1] == len(called) - 1 else tuple(map(str, called.tolist()))
    else:
        called, edges = np.unique(np.array(rows), return_inverse=True)
        names = tuple(called.tolist())
    return edges.reshape(-1, 2), names


def _all_numbers(rows: list[list[str]]) -> bool:
    return all(cell.isdecimal() and cell.isascii() and len(cell) < 19 for row in rows for cell in row)


def _channel_codes(neighbours: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One number for each channel there (from, to) and back (to, from), in the order of the ports that have a link."""
    size = len(neighbours)
    origins, ports = np.nonzero(neighbours >= 0)
    ends = neighbours[origins, ports]
    return origins * size + ends, ends * size + origins
