"""Following next hops: sums along all routes at once by pointer doubling, and link loads counted edge by edge.

`neighbours` has shape (size, degree); `ports` has a column for each destination, which holds `ARRIVED` at that node.
"""

import numpy as np
from numpy.typing import NDArray

from phextpaper.errors import InputError

COLUMNS = 64
"""Destinations handled at once, so that the working arrays stay in the cache."""


def next_nodes(neighbours: NDArray[np.integer], ports: NDArray[np.uint8], first: int = 0) -> NDArray[np.int32]:
    """Node that each entry of `ports`, whose rows begin at node `first`, leads to; itself where it has arrived."""
    degree = neighbours.shape[1]
    here = np.arange(first, first + len(ports))
    ends = np.column_stack([neighbours[here], here]).astype(np.int32)
    return np.take_along_axis(ends, np.minimum(ports, degree).astype(np.intp), axis=1)


def sums_along(follow: NDArray[np.int32], gains: NDArray[np.integer]) -> tuple[NDArray[np.integer], NDArray[np.int32]]:
    """Total gain on the way from each row to where following ends, and that row: both of the shape (rows, columns).

    `follow` holds the next row in the same column. A row that leads to itself ends the way, and its gain must be 0.
    Where a way never ends, the row returned is no end and the total means nothing. Work grows with the logarithm of the
    longest way.
    """
    rows, columns = follow.shape
    leap = (follow * columns + np.arange(columns, dtype=np.int32)).ravel()
    totals = gains.ravel().copy()
    for _ in range(rows.bit_length()):
        further = np.take(leap, leap)
        totals += np.take(totals, leap)
        if np.array_equal(further, leap):
            break
        leap = further
    return totals.reshape(follow.shape), (leap // columns).reshape(follow.shape)


def pass_counts(follow: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many rows lead through each row, itself included, in each column: (rows, columns). All ways must end.

    The count of a row where a way ends has no meaning.
    """
    moving = follow != np.arange(len(follow))[:, np.newaxis]
    steps, _ = sums_along(follow, moving.astype(np.int32))
    return np.rint(carried(follow, np.ones(len(follow)), steps)).astype(np.int64)


def carried(follow: NDArray[np.int32], sources: NDArray[np.float64], steps: NDArray[np.integer]) -> NDArray[np.float64]:
    """What leads through each row, itself included, in each column, if row r brings `sources`[r]: (rows, columns).

    `steps` are those from each row to where its way ends, so the farthest rows hand on first. Without meaning in a row
    where a way ends, or from which none does.
    """
    columns = follow.shape[1]
    leap = (follow * columns + np.arange(columns, dtype=np.int32)).ravel()
    counts = np.repeat(sources, columns)
    far = steps.ravel().astype(np.min_scalar_type(int(steps.max())))  # up to 16 bits are sorted in linear time
    order = np.argsort(far, kind="stable")
    for level in reversed(np.split(order, np.flatnonzero(np.diff(far[order])) + 1)):
        if far[level[0]] > 0:
            np.add.at(counts, np.take(leap, level), np.take(counts, level))
    return counts.reshape(follow.shape)


def walk_loads(
    neighbours: NDArray[np.integer],
    ports: NDArray[np.uint8],
    sources: NDArray[np.integer],
    destinations: NDArray[np.integer],
    amounts: NDArray[np.floating],
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Amounts over each directed link, shape (size, degree), and hops of each message, when all walk the full table.

    Raises `InputError` where a route does not end.
    """
    size, degree = neighbours.shape
    loads = np.zeros(size * degree)
    hops = np.zeros(len(sources), dtype=np.int32)
    messages = np.flatnonzero(sources != destinations)
    here, there, carried = sources[messages], destinations[messages], amounts[messages]
    for _ in range(size):
        if not messages.size:
            return loads.reshape(size, degree), hops
        port = ports[here, there].astype(np.intp)
        loads += np.bincount(here * degree + port, weights=carried, minlength=loads.size)
        hops[messages] += 1
        here = neighbours[here, port]
        going = here != there
        messages, here, there, carried = messages[going], here[going], there[going], carried[going]
    raise InputError(
        f"the route from {sources[messages[0]]} to {there[0]} does not end",
        where="routing table",
        remedy="verify the table",
    )


def destination_blocks(size: int) -> list[slice]:
    """Columns of a full table, a block at a time."""
    return [slice(first, min(first + COLUMNS, size)) for first in range(0, size, COLUMNS)]
