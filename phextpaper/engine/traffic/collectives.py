"""Collectives as schedules: all-reduce in several ways, all-to-all, scatter, gather (thakur2005, patarasuk2009).

An all-reduce leaves the sum of all nodes' buffers at every node. Ring, tree, recursive doubling and halving-doubling
run over `order`, the node of each rank; which order is best depends on the network. The per-dimension algorithms run
over the box of coordinates in which the nodes are numbered, the last dimension fastest.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.traffic.schedules import Phase, Schedule, side_by_side
from phextpaper.errors import InputError


def snake_order(shape: Sequence[int]) -> NDArray[np.int64]:
    """Nodes of a box, (nodes,), so that each step moves by one in one dimension: reflected Gray code.

    On a torus whose first length is even the last step back to the first node is one hop too. For a hypercube give a
    shape of twos. Raises `InputError` for lengths that are not whole numbers above 0.

    >>> snake_order((2, 3)).tolist()
    [0, 1, 2, 5, 4, 3]
    """
    lengths = [whole_number("shape", length, 1, 10**9) for length in shape]
    order = np.zeros(1, dtype=np.int64)
    for length in reversed(lengths):
        rows = [order if step % 2 == 0 else order[::-1] for step in range(length)]
        order = np.concatenate([step * len(order) + row for step, row in enumerate(rows)])
    return order


def ring(order: ArrayLike, *, both_ways: bool = False) -> Schedule:
    """All-reduce round a ring: 2 (p - 1) rounds of 1/p of the buffer each, the fewest bytes (patarasuk2009).

    `both_ways` sends half of the buffer round each way. Raises `InputError` unless `order` (p,) names each of two nodes
    or more once.
    """
    nodes = _order(order)
    box = (len(nodes),)
    ways = [_reduce_scatter_gather(box, (0,), way, nodes) for way in ((1, -1) if both_ways else (1,))]
    return side_by_side("ring both ways" if both_ways else "ring", *ways)


def per_dimension(shape: Sequence[int], *, both_ways: bool = False) -> Schedule:
    """All-reduce one dimension at a time: reduce-scatter along each, then all-gather along each in reverse (cho2019).

    Each dimension works with what the one before left, so the buffer is read once. `both_ways` sends half of the buffer
    round each way. Raises `InputError` for lengths that are not whole numbers above 0.
    """
    box = tuple(whole_number("shape", length, 1, 10**9) for length in shape)
    dimensions = tuple(range(len(box)))
    ways = [_reduce_scatter_gather(box, dimensions, way) for way in ((1, -1) if both_ways else (1,))]
    return side_by_side("per dimension both ways" if both_ways else "per dimension", *ways)


def all_dimensions(shape: Sequence[int]) -> Schedule:
    """All-reduce in all dimensions and both ways at once, so that all links of a torus work in each round.

    The buffer has two parts for each dimension longer than 1. Each part goes per dimension, but begins with another
    dimension or runs the other way. Where lengths differ, parts change dimension at different rounds and may meet on
    links. Raises `InputError` for lengths that are not whole numbers above 0.
    """
    box = tuple(whole_number("shape", length, 1, 10**9) for length in shape)
    long = tuple(d for d, length in enumerate(box) if length > 1)
    turns = [long[k:] + long[:k] for k in range(len(long))]
    return side_by_side(
        "all dimensions at once", *(_reduce_scatter_gather(box, turn, way) for turn in turns for way in (1, -1))
    )


def recursive_doubling(order: ArrayLike) -> Schedule:
    """All-reduce in log2 p rounds: in round k partners 2^k ranks apart exchange all they have (thakur2005).

    Raises `InputError` unless `order` (p,) names each node once, and p is a power of 2.
    """
    nodes = _power_of_two(order)
    ranks = np.arange(len(nodes))
    phases = [Phase(nodes, nodes[ranks ^ (1 << bit)], 1, True) for bit in range(_log2(len(nodes)))]
    return Schedule("recursive doubling", len(nodes), 1, tuple(phases))


def tree(order: ArrayLike) -> Schedule:
    """All-reduce up a binomial tree to rank 0 and down again: 2 ceil(log2 p) rounds of the whole buffer (thakur2005).

    In round k every rank that is an odd multiple of 2^k sends to the one 2^k below it. Raises `InputError` unless
    `order` (p,) names each of two nodes or more once.
    """
    nodes = _order(order)
    up = []
    for bit in range((len(nodes) - 1).bit_length()):
        senders = np.arange(1 << bit, len(nodes), 2 << bit)
        up.append((nodes[senders], nodes[senders - (1 << bit)]))
    rise = [Phase(senders, receivers, 1, True) for senders, receivers in up]
    fall = [Phase(receivers, senders, 1, False) for senders, receivers in reversed(up)]
    return Schedule("tree", len(nodes), 1, tuple(rise + fall))


def halving_doubling(order: ArrayLike) -> Schedule:
    """All-reduce by recursive halving, then doubling: 2 log2 p rounds, 2 (p - 1)/p of the buffer a node (thakur2005).

    The first exchange, of half of the buffer, is between ranks p/2 apart; each later one halves bytes and distance.
    Raises `InputError` unless `order` (p,) names each node once, and p is a power of 2.
    """
    nodes = _power_of_two(order)
    return Schedule(
        "halving-doubling",
        len(nodes),
        len(nodes),
        _reduce_scatter_gather((2,) * _log2(len(nodes)), None, 1, nodes).phases,
    )


def all_to_all(nodes: int) -> Schedule:
    """Each node sends each other one its own chunk, in p - 1 rounds: in round r to the node r numbers on (thakur2005).

    Chunk s * p + d is the one from s to d, so buffers have p * p chunks of which node s fills p. For small networks;
    the loads of all rounds together are `RoutingTable.link_loads()`, from which `all_to_all_time` follows for any size.
    Raises `InputError` for fewer than 2 nodes and for more than 512.
    """
    size = whole_number("nodes", nodes, 2, 512)
    here = np.arange(size)
    phases = [Phase(here, (here + r) % size, 1, False, base=here * size + (here + r) % size) for r in range(1, size)]
    return Schedule("all-to-all", size, size * size, tuple(phases))


def all_to_all_time(
    link_loads: ArrayLike, *, pair_bytes: float, longest_hops: int, hop_latency_s: float, bandwidth_bytes_per_s: float
) -> float:
    """Seconds for all pairs at once: the longest route's latency and the busiest link's bytes, `pair_bytes` a pair.

    `link_loads` (size, degree) counts ordered pairs over each directed link: a table's single routes, or an even split
    over all shortest paths. No schedule is faster, as the busiest link never rests. Raises `InputError` for bytes, hops
    and latencies below 0, and for no bandwidth.

    >>> all_to_all_time([[3.0, 1.0]], pair_bytes=1e6, longest_hops=2, hop_latency_s=0.0, bandwidth_bytes_per_s=1e9)
    0.003
    """
    if not bandwidth_bytes_per_s > 0 or min(pair_bytes, longest_hops, hop_latency_s) < 0:
        raise InputError("bytes, hops and latency are 0 or more and a bandwidth is above 0", where="all-to-all")
    return longest_hops * hop_latency_s + float(np.max(link_loads)) * pair_bytes / bandwidth_bytes_per_s


def scatter(nodes: int, roots: ArrayLike, owners: ArrayLike) -> Schedule:
    """Requests on their way, all in one round: chunk i from `roots`[i] to `owners`[i]; one at home moves nothing.

    Both are (requests,). Raises `InputError` for lists that are empty or not equally long, and for nodes that are not
    there.
    """
    return _one_round("scatter", nodes, roots, owners)


def gather(nodes: int, roots: ArrayLike, owners: ArrayLike) -> Schedule:
    """Replies on their way back, all in one round: chunk i from `owners`[i] to `roots`[i].

    Both are (requests,). Raises `InputError` as `scatter` does.
    """
    return _one_round("gather", nodes, owners, roots)


def _one_round(name: str, nodes: int, sources: ArrayLike, destinations: ArrayLike) -> Schedule:
    ends = [np.asarray(side) for side in (sources, destinations)]
    if (
        any(side.ndim != 1 or side.dtype.kind not in "iu" for side in ends)
        or len(ends[0]) != len(ends[1])
        or not ends[0].size
    ):
        raise InputError("requests are two lists of nodes, equally long and not empty", where=name)
    if min(map(np.min, ends)) < 0 or max(map(np.max, ends)) >= nodes:
        raise InputError("a request names no node", where=name, remedy=f"nodes run from 0 to {nodes - 1}")
    chunks = np.arange(len(ends[0]))
    return Schedule(name, nodes, len(chunks), (Phase(ends[0], ends[1], 1, False, base=chunks),))


def _reduce_scatter_gather(
    box: tuple[int, ...], dimensions: tuple[int, ...] | None, way: int, nodes: NDArray[np.int64] | None = None
) -> Schedule:
    """Ring reduce-scatter along each dimension of a box in turn, then ring all-gather back: one chunk a node.

    In a ring of k the node at x ends with group x of k, which it was sent last; the next dimension divides that group.
    """
    size = math.prod(box)
    place = np.stack(np.unravel_index(np.arange(size), box), axis=0)
    seats = np.arange(size) if nodes is None else nodes
    base, count = np.zeros(size, dtype=np.int64), size
    down: list[Phase] = []
    up: list[Phase] = []
    for dimension in range(len(box)) if dimensions is None else dimensions:
        length = box[dimension]
        if length == 1:
            continue
        ahead = place.copy()
        ahead[dimension] = (ahead[dimension] + way) % length
        receivers = seats[np.ravel_multi_index(tuple(ahead), box)]
        count //= length
        for phases, adds, lead in ((down, True, place[dimension] - way), (up, False, place[dimension])):
            phases.append(Phase(seats, receivers, count, adds, base, lead, way, length, repeats=length - 1))
        base = base + place[dimension] * count
    return Schedule("reduce-scatter and all-gather", size, size, tuple(down + up[::-1]))


def _order(order: ArrayLike) -> NDArray[np.int64]:
    nodes = np.asarray(order)
    if nodes.ndim != 1 or nodes.dtype.kind not in "iu" or not np.array_equal(np.sort(nodes), np.arange(len(nodes))):
        raise InputError("an order names each node once", where="collective", remedy="give a permutation of 0 to p - 1")
    if len(nodes) < 2:
        raise InputError("a collective needs two nodes or more", where="collective")
    return nodes.astype(np.int64)


def _power_of_two(order: ArrayLike) -> NDArray[np.int64]:
    nodes = _order(order)
    if len(nodes) & (len(nodes) - 1):
        raise InputError(f"{len(nodes)} nodes are no power of 2", where="collective", remedy="use a ring or a tree")
    return nodes


def _log2(number: int) -> int:
    return number.bit_length() - 1
