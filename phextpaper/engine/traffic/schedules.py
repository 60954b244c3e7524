"""Schedules of collectives: who sends which chunks to whom in which round, what it costs, what it computes.

A buffer at each node is cut into `chunks` equal parts. A transfer moves a run of chunks from one node to another, where
they are added to what is there or take its place. All transfers of a round start together, from what the nodes held
when the round began, and the next round starts when all have arrived.

Rounds that differ only in the chunks sent are kept as one `Phase`, since they load the links alike. So 8190 rounds of a
ring of 4096 nodes are two phases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.routing import walks
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.errors import InputError


@dataclass(frozen=True, eq=False)
class Round:
    """Transfers that start together: `count` chunks from `first` on, which are added to what is there or replace it.

    The arrays have the shape (transfers,).
    """

    sources: NDArray[np.int64]
    destinations: NDArray[np.int64]
    first: NDArray[np.int64]
    count: NDArray[np.int64]
    adds: bool


@dataclass(frozen=True, eq=False, init=False)
class Phase:
    """Rounds with the same senders, receivers and sizes; fields but `adds` and `repeats` are broadcast to one length.

    In repetition r a transfer sends its `count` chunks from `base` + `count` * ((`lead` - r * `turn`) mod `cycle`) on.
    All arrays have the shape (transfers,). Raises `InputError` for no repeats, fewer than 0 chunks and cycles below 1.
    """

    sources: NDArray[np.int64]
    destinations: NDArray[np.int64]
    count: NDArray[np.int64]
    adds: bool
    base: NDArray[np.int64]
    lead: NDArray[np.int64]
    turn: NDArray[np.int64]
    cycle: NDArray[np.int64]
    repeats: int

    def __init__(
        self,
        sources: ArrayLike,
        destinations: ArrayLike,
        count: ArrayLike,
        adds: bool,
        base: ArrayLike = 0,
        lead: ArrayLike = 0,
        turn: ArrayLike = 0,
        cycle: ArrayLike = 1,
        repeats: int = 1,
    ) -> None:
        names = ("sources", "destinations", "count", "base", "lead", "turn", "cycle")
        given = (sources, destinations, count, base, lead, turn, cycle)
        arrays = np.broadcast_arrays(*(np.asarray(values, dtype=np.int64) for values in given))
        for name, array in zip(names, arrays, strict=True):
            object.__setattr__(self, name, np.atleast_1d(array))
        object.__setattr__(self, "adds", adds)
        object.__setattr__(self, "repeats", repeats)
        if self.repeats < 1 or (self.count < 0).any() or (self.cycle < 1).any():
            raise InputError("a phase repeats once or more and sends no fewer than 0 chunks", where="schedule")

    def rounds(self) -> Iterator[Round]:
        """The rounds one by one."""
        for repetition in range(self.repeats):
            first = self.base + self.count * ((self.lead - repetition * self.turn) % self.cycle)
            yield Round(self.sources, self.destinations, first, self.count, self.adds)

    def split(self, repeats: int) -> tuple["Phase", "Phase"]:
        """The first `repeats` rounds and the rest."""
        ours = (self.sources, self.destinations, self.count, self.adds, self.base)
        return (
            Phase(*ours, self.lead, self.turn, self.cycle, repeats),
            Phase(*ours, self.lead - repeats * self.turn, self.turn, self.cycle, self.repeats - repeats),
        )


@dataclass(frozen=True, eq=False)
class Schedule:
    """Phases of one collective on `nodes` nodes whose buffers have `chunks` chunks."""

    name: str
    nodes: int
    chunks: int
    phases: tuple[Phase, ...]

    @property
    def rounds(self) -> int:
        """Rounds in all."""
        return sum(phase.repeats for phase in self.phases)

    def each_round(self) -> Iterator[Round]:
        """All rounds in order."""
        for phase in self.phases:
            yield from phase.rounds()

    def execute(self, values: ArrayLike) -> NDArray[Any]:
        """What the nodes hold in the end if they begin with `values`: shape (nodes, chunks) in and out.

        Raises `InputError` for values of another shape.
        """
        held = np.array(values)
        if held.shape != (self.nodes, self.chunks):
            raise InputError(
                f"values of shape {held.shape} do not fill {self.nodes} buffers of {self.chunks} chunks",
                where=self.name,
            )
        for step in self.each_round():
            number = np.arange(step.count.sum()) - np.repeat(np.cumsum(step.count) - step.count, step.count)
            chunk = np.repeat(step.first, step.count) + number
            sent = held[np.repeat(step.sources, step.count), chunk]
            target = (np.repeat(step.destinations, step.count), chunk)
            if step.adds:
                np.add.at(held, target, sent)
            else:
                held[target] = sent
        return held


@dataclass(frozen=True, eq=False)
class Cost:
    """What a schedule costs on a network.

    One entry for each phase, shape (phases,): its `repeats`, and of one of its rounds the least, mean and most hops of
    the transfers that leave their node, the sum of `hops`, the bytes on the busiest link, and the `seconds`. Over all
    rounds `sent_bytes` leave nodes and `link_bytes` (size, degree) cross each directed link.
    """

    repeats: NDArray[np.int64]
    least_hops: NDArray[np.int64]
    mean_hops: NDArray[np.float64]
    most_hops: NDArray[np.int64]
    hops: NDArray[np.int64]
    busiest_round_bytes: NDArray[np.float64]
    seconds: NDArray[np.float64]
    sent_bytes: float
    link_bytes: NDArray[np.float64]

    @property
    def rounds(self) -> int:
        """Rounds in all."""
        return int(self.repeats.sum())

    @property
    def total_hops(self) -> int:
        """Hops of all transfers of all rounds."""
        return int(self.hops @ self.repeats)

    @property
    def critical_hops(self) -> int:
        """Hops of each round's longest transfer, over all rounds: what the latency of the whole is counted in."""
        return int(self.most_hops @ self.repeats)

    @property
    def busiest_bytes(self) -> float:
        """Bytes of each round's busiest link, over all rounds: what the transmission time is counted in."""
        return float(self.busiest_round_bytes @ self.repeats)

    @property
    def total_seconds(self) -> float:
        """Seconds of all rounds, one after the other."""
        return float(self.seconds @ self.repeats)


def cost(
    schedule: Schedule, table: RoutingTable, *, buffer_bytes: float, hop_latency_s: float, bandwidth_bytes_per_s: float
) -> Cost:
    """Rounds, hops, bytes and time of a schedule whose transfers take the table's routes.

    `buffer_bytes` is the size of one node's buffer; the bandwidth is that of a directed link. A round takes
    `hop_latency_s` for each hop of its longest transfer, and the time that the busiest link needs for the bytes of all
    transfers that cross it. Links carry both directions at once; nodes send and receive on all ports at once. Raises
    `InputError` for a schedule of other nodes, for bytes and latencies below 0, and for no bandwidth.
    """
    if table.topology.size != schedule.nodes:
        raise InputError(
            f"a schedule of {schedule.nodes} nodes does not fit {table.topology.spec}", where=schedule.name
        )
    if not bandwidth_bytes_per_s > 0 or hop_latency_s < 0 or buffer_bytes < 0:
        raise InputError("bytes and latency are 0 or more and a bandwidth is above 0", where=schedule.name)
    neighbours, chunk = table.topology.neighbours(), buffer_bytes / schedule.chunks
    link_bytes, sent, phases = np.zeros(neighbours.shape), 0.0, len(schedule.phases)
    least, most, total = (np.zeros(phases, dtype=np.int64) for _ in range(3))
    mean, busiest, seconds = (np.zeros(phases) for _ in range(3))
    for place, phase in enumerate(schedule.phases):
        loads, hops = walks.walk_loads(neighbours, table.ports, phase.sources, phase.destinations, phase.count * chunk)
        link_bytes += loads * phase.repeats
        leaving = hops[hops > 0]
        sent += float(phase.count[hops > 0].sum()) * chunk * phase.repeats
        if len(leaving):
            least[place], mean[place], most[place] = leaving.min(), leaving.mean(), leaving.max()
        total[place], busiest[place] = leaving.sum(), loads.max()
        seconds[place] = most[place] * hop_latency_s + busiest[place] / bandwidth_bytes_per_s
    repeats = np.array([phase.repeats for phase in schedule.phases], dtype=np.int64)
    return Cost(repeats, least, mean, most, total, busiest, seconds, sent, link_bytes)


def side_by_side(name: str, *parts: Schedule) -> Schedule:
    """Schedules at the same time, round by round, each on its own share of the buffer.

    Parts must have the same number of chunks, and in each round all add or all replace. The chunks of one part follow
    those of the one before. Raises `InputError` for other parts.
    """
    if len({(part.nodes, part.chunks) for part in parts}) != 1:
        raise InputError("schedules side by side need the same nodes and chunks", where=name)
    waiting = [list(reversed(part.phases)) for part in parts]
    merged = []
    while any(waiting):
        running = [(number, queue) for number, queue in enumerate(waiting) if queue]
        adds = {queue[-1].adds for _, queue in running}
        if len(adds) > 1:
            raise InputError("one part adds while another replaces", where=name)
        repeats = min(queue[-1].repeats for _, queue in running)
        together = []
        for number, queue in running:
            phase = queue.pop()
            if phase.repeats > repeats:
                phase, rest = phase.split(repeats)
                queue.append(rest)
            together.append((number, phase))
        fields = ("sources", "destinations", "count", "base", "lead", "turn", "cycle")
        columns = {field: np.concatenate([getattr(phase, field) for _, phase in together]) for field in fields}
        offsets = np.concatenate([np.full(len(phase.sources), number * parts[0].chunks) for number, phase in together])
        columns["base"] = columns["base"] + offsets
        merged.append(Phase(**columns, adds=adds.pop(), repeats=repeats))
    return Schedule(name, parts[0].nodes, len(parts) * parts[0].chunks, tuple(merged))
