"""A batch of requests routed over a torus of chips: messages, hops, bytes times hops, and the load of every link.

One chip asks for the rows of a batch, and each row has an owner (`sharding`). Requests travel in one of four ways:

unbatched    each request is a message of its own from the asking chip to the owner, repeated IDs too;
distinct     the same, each ID once;
by chip      flat addressing without hierarchy: one message for each chip that owns rows of the batch;
tree         one message for each group of rows that share the leading parts of their coordinates. The message of a
volume goes from the asking chip to the volume's leader, that of a book on from there to the book's leader,
and so to the depth asked for, from where each row is asked for on its own.

A leader is a chip in the part of the machine that its group lies in: "aligned" with the asking chip on the other axes,
which is on the way anyway, or the "first" one there. Rows come back on the same ways, reversed.

Messages take dimension-order routes, the shorter way round each ring and upwards in a tie (dally2004). A message
between a chip and itself crosses no link and is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.networks.lattices import flatten, unflatten
from phextpaper.engine.sparse.sharding import owners
from phextpaper.errors import InputError

LEADERS = ("aligned", "first")
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Messages:
    """Messages from `sources` to `targets`, places (n, axes) counted from 0.

    Each entry stands for `count` (n,) equal messages, which ask for `rows` (n,) rows in all.
    """

    sources: Places
    targets: Places
    rows: NDArray[np.int64]
    count: NDArray[np.int64]


@dataclass(frozen=True)
class Sizes:
    """Bytes of a message besides what it carries, of an ID in it, and of a row that answers an ID.

    Raises `InputError` unless they are whole numbers of 0 or more.
    """

    header: int
    id: int
    row: int

    def __post_init__(self) -> None:
        for name in ("header", "id", "row"):
            whole_number(name, getattr(self, name), 0, 10**9)


@dataclass(frozen=True)
class MessageCost:
    """What messages cost, one way for hops and links: the rows come back over as many.

    `links` counts the directed links used at all: the hops that would be left if all messages on a link were one.
    `busiest_messages` is the most messages on one directed link. Bytes times hops cover requests and rows, and
    `busiest_row_bytes` is the most bytes of answers on one link.
    """

    messages: int
    hops: int
    links: int
    busiest_messages: int
    request_byte_hops: int
    row_byte_hops: int
    busiest_row_bytes: int

    @property
    def byte_hops(self) -> int:
        """Bytes times hops, requests and rows together."""
        return self.request_byte_hops + self.row_byte_hops


@dataclass(frozen=True, eq=False)
class RequestedRows:
    """The rows of one batch and where they lie, made once for all ways of routing it.

    `asking` (axes,) is the asking chip's place; `positions` (rows,) are those of the distinct IDs, in phext order, with
    their `owners` (rows,), indices of chips, and the number of `requests` (rows,) for each.
    """

    vocabulary: Vocabulary
    shape: tuple[int, ...]
    asking: Places
    positions: NDArray[np.int64]
    owners: NDArray[np.int64]
    requests: NDArray[np.int64]

    @classmethod
    def of(cls, vocabulary: Vocabulary, ids: ArrayLike, shape: Sequence[int], asking: int) -> "RequestedRows":
        """Place a batch of IDs (n,) on a torus of `shape`, asked for by the chip of that index.

        Raises `InputError` for a chip that is not there and for no IDs.
        """
        chip = whole_number("asking", asking, 0, int(np.prod(shape)) - 1)
        positions, requests = np.unique(vocabulary.positions(ids), return_counts=True)
        if not len(positions):
            raise InputError("a batch asks for one row or more", where="batch")
        chips = owners(vocabulary.coordinates(vocabulary.at_positions(positions)), shape)
        return cls(vocabulary, tuple(shape), unflatten(chip, tuple(shape)), positions, chips, requests)

    def unbatched(self) -> Messages:
        """One message for each request."""
        return self._direct(np.bincount(self.owners, weights=self.requests).astype(np.int64))

    def each_once(self) -> Messages:
        """One message for each distinct ID."""
        return self._direct(np.bincount(self.owners))

    def by_chip(self) -> Messages:
        """One message for each chip that owns rows of the batch."""
        once = self.each_once()
        return Messages(once.sources, once.targets, once.rows, np.ones_like(once.rows))

    def tree(self, depth: int, *, leaders: str = "aligned") -> Messages:
        """One message for each group of each depth up to `depth`, then one for each row that is not yet at its owner.

        At depth 0 that is `each_once`. Groups deeper than the machine has axes lie on one chip and cost nothing more.
        Raises `InputError` for a depth outside 0 to the number of parts, and for leaders that are none of `LEADERS`.
        """
        whole_number("depth", depth, 0, self.vocabulary.parts)
        if leaders not in LEADERS:
            raise InputError(
                f"there are no {leaders!r} leaders", where="leaders", remedy=f"give {' or '.join(LEADERS)}"
            )
        levels = min(depth, len(self.shape))
        legs = [self._leg(level, leaders) for level in range(1, levels + 1)]
        last = self.each_once()
        legs.append(Messages(self._leader(last.targets, levels, leaders), last.targets, last.rows, last.count))
        return Messages(
            *(np.concatenate([getattr(leg, name) for leg in legs]) for name in ("sources", "targets", "rows", "count"))
        )

    def _leg(self, level: int, leaders: str) -> Messages:
        """One message for each group of a level, from the leader of the group around it."""
        group = self.positions // self.vocabulary.group_size(level)
        begins = np.flatnonzero(np.diff(group, prepend=-1))
        places = unflatten(self.owners[begins], self.shape)
        rows = np.diff(np.append(begins, len(group)))
        return Messages(
            self._leader(places, level - 1, leaders), self._leader(places, level, leaders), rows, np.ones_like(rows)
        )

    def _leader(self, places: Places, level: int, leaders: str) -> Places:
        """The leaders of the groups of a level that the rows at these places belong to; the asking chip at level 0."""
        rest = self.asking if level == 0 or leaders == "aligned" else np.zeros_like(self.asking)
        return np.concatenate(
            [places[:, :level], np.broadcast_to(rest[level:], (len(places), len(rest) - level))], axis=1
        )

    def _direct(self, rows: NDArray[np.int64]) -> Messages:
        """Messages from the asking chip, one for each row that is asked of a chip; `rows` counts them by chip."""
        chips = np.flatnonzero(rows)
        targets = unflatten(chips, self.shape)
        return Messages(np.broadcast_to(self.asking, targets.shape), targets, rows[chips], rows[chips])


def torus_hops(sources: Places, targets: Places, shape: Sequence[int]) -> NDArray[np.int64]:
    """Hops between places on a torus, the sum of min(d, n - d) over its axes: (n, axes) twice in, (n,) out.

    >>> torus_hops(np.array([[0, 0, 0]]), np.array([[15, 8, 3]]), (16, 16, 16)).tolist()
    [12]
    """
    lengths = np.array(shape, dtype=np.int64)
    ahead = (np.asarray(targets) - sources) % lengths
    hops: NDArray[np.int64] = np.minimum(ahead, lengths - ahead).sum(axis=1)
    return hops


def message_loads(messages: Messages, shape: Sequence[int], weights: ArrayLike | None = None) -> NDArray[np.float64]:
    """What crosses each directed link: (axes, 2, *shape), links up at [:, 0], down at [:, 1], by where they begin.

    Each entry adds its weight (n,), the number of its messages if not given, to the links of its route. Counted along
    rings by differences: a route adds where it begins and takes away where it ends, and the sums along the ring are the
    loads. Whole weights stay exact up to 2^53 in all.
    """
    weight = np.asarray(messages.count if weights is None else weights, dtype=np.float64)
    loads = np.zeros((len(shape), 2, *shape))
    for axis, length in enumerate(shape):
        at = np.concatenate([messages.targets[:, :axis], messages.sources[:, axis:]], axis=1)
        begin, end = messages.sources[:, axis], messages.targets[:, axis]
        ahead = (end - begin) % length
        up, down = (ahead > 0) & (2 * ahead <= length), 2 * ahead > length
        loads[axis, 0] = _ring_loads(at[up], begin[up], end[up], axis, shape, weight[up])
        loads[axis, 1] = _ring_loads(
            at[down], (end[down] + 1) % length, (begin[down] + 1) % length, axis, shape, weight[down]
        )
    return loads


def _ring_loads(
    at: Places,
    first: NDArray[np.int64],
    past: NDArray[np.int64],
    axis: int,
    shape: Sequence[int],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Sums of weights over the nodes from `first` up to, not with, `past` on the rings through `at`: shape `shape`."""
    steps = np.zeros(int(np.prod(shape)))
    wraps, everywhere = past <= first, np.ones(len(first), dtype=bool)
    for node, sign, counted in ((first, 1, everywhere), (past, -1, everywhere), (np.zeros_like(first), 1, wraps)):
        place = at[counted]
        place[:, axis] = node[counted]
        steps += sign * np.bincount(flatten(place, tuple(shape)), weights=weight[counted], minlength=len(steps))
    return np.cumsum(steps.reshape(shape), axis=axis)


def message_cost(messages: Messages, shape: Sequence[int], sizes: Sizes) -> MessageCost:
    """Count what messages cost on a torus of `shape`."""
    hops = torus_hops(messages.sources, messages.targets, shape)
    sent = messages.count * (hops > 0)
    loads = message_loads(messages, shape)
    answers = message_loads(messages, shape, sizes.header * messages.count + sizes.row * messages.rows)
    return MessageCost(
        messages=int(sent.sum()),
        hops=int(loads.sum()),
        links=int(np.count_nonzero(loads)),
        busiest_messages=int(loads.max()),
        request_byte_hops=int(((sizes.header * messages.count + sizes.id * messages.rows) * hops).sum()),
        row_byte_hops=int(answers.sum()),
        busiest_row_bytes=int(answers.max()),
    )
