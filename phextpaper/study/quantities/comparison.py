"""What the table of topologies needs besides other subjects: cuts of all, an all-reduce on the found graph."""

from phextpaper.engine.networks.cuts import bisection, congestion_bound
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.traffic import collectives, schedules
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities import search
from phextpaper.study.quantities.flexibility import largest, table_of
from phextpaper.study.quantities.topologies import kinds

ENDS = ("low", "high")


def compared(q: Quantities) -> tuple[str, ...]:
    """The topologies of this machine and the largest found graph."""
    return (*kinds(q), "found")


def graph_of(q: Quantities, kind: str) -> Topology:
    """A topology of this machine, or the found graph."""
    return q.node(f"search.topology.{largest(q)}.graph" if kind == "found" else f"topologies.{kind}.graph")


@node("comparison.bounds.{}", each=compared, keep=True)
def bounds(q: Quantities, kind: str) -> tuple[int, ...]:
    """Fewest and most links that the best equal cut can cut."""
    graph = graph_of(q, kind)
    cut = bisection(graph)
    low = cut.lower_bound
    if kind == "found":  # balanced routing loads the busiest link least, and so bounds the cut best
        load = (graph.size - 1) / float(q.search[largest(q)].graph.reached)
        low = max(low, congestion_bound(graph.size, load))
    return low, cut.upper_bound


@number(
    "comparison.cut.{}.{}", "links", each=lambda q: [(kind, end) for kind in compared(q) for end in ENDS], by=bisection
)
def cut(q: Quantities, kind: str, end: str) -> int:
    """Links between halves at the best equal cut: at least (low) and at most (high), the same where the number is
    exact.
    """
    return q.node(f"comparison.bounds.{kind}")[ENDS.index(end)]


@number("comparison.all_reduce_ms.{}", "ms", 3, each=("found",), by=schedules.cost)
def all_reduce_ms(q: Quantities, kind: str) -> float:
    """All-reduce by rings along the chapters, then the books, then the volumes, on the routes of the found graph's
    table.
    """
    m, table, schedule = q.machine, table_of(q, kind), collectives.per_dimension(search.shape_of(q, largest(q)))
    return schedules.cost(
        schedule,
        table,
        buffer_bytes=m.collective_buffer.si,
        hop_latency_s=m.hop_latency.si,
        bandwidth_bytes_per_s=m.link_bandwidth.si,
    ).total_seconds
