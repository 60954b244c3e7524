"""Patterns of communication on the 2D and the 3D torus: rounds, hops, loads, times, walked in real tables."""

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.routing.tables import RoutingTable
from phextpaper.engine.sparse.sharding import owners
from phextpaper.engine.traffic import collectives, schedules
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities.topologies import TORI

SEED = 2023


def algorithms(q: Quantities) -> tuple[str, ...]:
    """All-reduce algorithms that this machine's chip count allows: halving and doubling needs a power of two."""
    chips = int(q.layout.active_chips)
    return (
        "ring",
        "tree",
        *(("halving_doubling",) if chips & (chips - 1) == 0 else ()),
        "per_dimension",
        "all_dimensions",
    )


def reduces(q: Quantities) -> list[tuple[str, str]]:
    """Every torus with every algorithm."""
    return [(kind, name) for name in algorithms(q) for kind in TORI]


def schedule_of(algorithm: str, shape: tuple[int, ...]) -> schedules.Schedule:
    """The schedule of an all-reduce over all nodes of a torus."""
    if algorithm == "ring":
        return collectives.ring(collectives.snake_order(shape))
    if algorithm == "tree":
        return collectives.tree(np.arange(int(np.prod(shape))))
    if algorithm == "halving_doubling":
        return collectives.halving_doubling(np.arange(int(np.prod(shape))))
    if algorithm == "per_dimension":
        return collectives.per_dimension(shape)
    return collectives.all_dimensions(shape)


def network(q: Quantities) -> dict[str, float]:
    """Latency of a hop in seconds, bandwidth of a link in bytes a second."""
    return {"hop_latency_s": q.machine.hop_latency.si, "bandwidth_bytes_per_s": q.machine.link_bandwidth.si}


@node("patterns.cost.{}.{}", each=reduces)
def cost(q: Quantities, kind: str, algorithm: str) -> schedules.Cost:
    """What an all-reduce costs on a torus."""
    table = q.node(f"topologies.{kind}.table")
    return schedules.cost(
        schedule_of(algorithm, table.topology.shape), table, buffer_bytes=q.machine.collective_buffer.si, **network(q)
    )


@number("patterns.all_reduce.{}.{}.rounds", "rounds", each=reduces, by=schedules.cost)
def rounds(q: Quantities, kind: str, algorithm: str) -> int:
    """Rounds of an all-reduce over all chips."""
    return q.node(f"patterns.cost.{kind}.{algorithm}").rounds


@number("patterns.all_reduce.{}.{}.most_hops", "hops", each=reduces, by=schedules.cost)
def most_hops(q: Quantities, kind: str, algorithm: str) -> int:
    """Most hops of a transfer in any round."""
    return int(q.node(f"patterns.cost.{kind}.{algorithm}").most_hops.max())


@number("patterns.all_reduce.{}.{}.least_hops", "hops", each=reduces, by=schedules.cost)
def least_hops(q: Quantities, kind: str, algorithm: str) -> int:
    """Fewest hops of a transfer in any round."""
    return int(q.node(f"patterns.cost.{kind}.{algorithm}").least_hops.min())


@number(
    "patterns.all_reduce.{}.{}.mean_hops",
    "hops",
    2,
    each=reduces,
    by=schedules.cost,
    formula="hops of all transfers / transfers",
)
def reduce_mean_hops(q: Quantities, kind: str, algorithm: str) -> float:
    """Mean hops of a transfer over all rounds."""
    found = q.node(f"patterns.cost.{kind}.{algorithm}")
    transfers = (found.hops / np.maximum(found.mean_hops, 1e-9)) @ found.repeats
    return found.total_hops / transfers


@number(
    "patterns.all_reduce.{}.{}.critical_hops",
    "hops",
    each=reduces,
    by=schedules.cost,
    formula="sum over the rounds of the longest transfer's hops",
)
def critical_hops(q: Quantities, kind: str, algorithm: str) -> int:
    """Hops that follow each other: the longest transfer of each round, over all rounds."""
    return q.node(f"patterns.cost.{kind}.{algorithm}").critical_hops


@number(
    "patterns.all_reduce.{}.{}.milliseconds",
    "ms",
    3,
    each=reduces,
    by=schedules.cost,
    formula="sum over the rounds of hops x latency + bytes of the busiest link / bandwidth",
)
def milliseconds(q: Quantities, kind: str, algorithm: str) -> float:
    """Time of an all-reduce over all chips."""
    return q.node(f"patterns.cost.{kind}.{algorithm}").total_seconds


@number("patterns.bandwidth_bound_ms", "ms", 3, formula="2 x buffer x (chips - 1) / chips / (links x bandwidth)")
def bandwidth_bound(q: Quantities) -> float:
    """Least time of any all-reduce on six links: each chip must send and receive that much (patarasuk2009)."""
    chips, m = q.layout.active_chips, q.machine
    links = q.topologies.torus_3d.links_per_chip
    return 2 * m.collective_buffer.si * (chips - 1) / chips / (links * m.link_bandwidth.si)


@node("patterns.even_loads.{}", each=TORI)
def even_loads(q: Quantities, kind: str) -> NDArray[np.float64]:
    """Loads of all directed links under uniform all-to-all, each pair split evenly over all its shortest paths."""
    return link_loads(q.node(f"topologies.{kind}.graph"))


@node("patterns.table_loads.{}", each=TORI)
def table_loads(q: Quantities, kind: str) -> NDArray[np.int64]:
    """Loads of all directed links under uniform all-to-all on the single routes of the table."""
    return q.node(f"topologies.{kind}.table").link_loads()


@number("patterns.all_to_all.{}.worst_load", "pairs", each=TORI, by=link_loads)
def worst_load(q: Quantities, kind: str) -> float:
    """Ordered pairs over the busiest directed link when each pair is split evenly over all its shortest paths."""
    return round(float(q.node(f"patterns.even_loads.{kind}").max()), 6)


@number("patterns.all_to_all.{}.table_load", "pairs", each=TORI, by=RoutingTable.link_loads)
def table_load(q: Quantities, kind: str) -> int:
    """Ordered pairs over the busiest directed link on the single routes of the table."""
    return int(q.node(f"patterns.table_loads.{kind}").max())


@number(
    "patterns.all_to_all.{}.mean_load",
    "pairs",
    1,
    each=TORI,
    by=RoutingTable.link_loads,
    formula="pairs x mean hops / directed links",
)
def mean_load(q: Quantities, kind: str) -> float:
    """Ordered pairs over a directed link in the mean."""
    return q.node(f"patterns.table_loads.{kind}").mean()


@number(
    "patterns.all_to_all.{}.throughput",
    "link bandwidths",
    3,
    each=TORI,
    by=link_loads,
    formula="(chips - 1) / worst load",
)
def throughput(q: Quantities, kind: str) -> float:
    """All-to-all throughput of a chip, in bandwidths of one link, with the even split."""
    return (q.layout.active_chips - 1) / float(q.node(f"patterns.even_loads.{kind}").max())


@number("patterns.all_to_all.{}.milliseconds", "ms", 3, each=TORI, by=collectives.all_to_all_time)
def all_to_all_ms(q: Quantities, kind: str) -> float:
    """Time of an all-to-all of the buffer, in equal parts to every other chip, with the even split."""
    part = q.machine.collective_buffer.si / (q.layout.active_chips - 1)
    loads, longest = q.node(f"patterns.even_loads.{kind}"), int(q.topologies[kind].diameter)
    return collectives.all_to_all_time(loads, pair_bytes=part, longest_hops=longest, **network(q))


@number("patterns.lookups", "lookups")
def lookups(q: Quantities) -> int:
    """Lookups of one batch, each from the chip that asks to the owner of the row."""
    return int(q.machine.batch)


@node("patterns.requests")
def requests(q: Quantities) -> tuple[int, NDArray[np.int64]]:
    """A batch of uniform vocabulary IDs, drawn by a fixed seed: the asking chip (the middle one) and each row's
    owner.
    """
    layout, m = q.node("layout.machine"), q.machine
    ids = np.random.default_rng(SEED).integers(0, int(m.ids), int(m.batch))
    asking = int(layout.index([max(side // 2, 1) for side in layout.shape]))
    return asking, owners(Vocabulary.of_base(int(m.ids), int(m.base)).coordinates(ids), layout.shape)


@node("patterns.gathered.{}", each=TORI)
def gathered(q: Quantities, kind: str) -> list[schedules.Cost]:
    """Scatter of the requests from one chip and gather of the rows back to it."""
    asking, owner = q.node("patterns.requests")
    table, roots = q.node(f"topologies.{kind}.table"), np.full(len(owner), asking)
    row = q.machine.row_values * q.machine.value_bytes
    parts = [
        collectives.scatter(table.topology.size, roots, owner),
        collectives.gather(table.topology.size, roots, owner),
    ]
    sizes = (int(q.machine.id_bytes) * len(owner), row * len(owner))
    return [
        schedules.cost(part, table, buffer_bytes=size, **network(q)) for part, size in zip(parts, sizes, strict=True)
    ]


@number("patterns.gather.{}.{}", "hops", each=((TORI, ("least", "most")),), by=schedules.cost)
def gather_hops(q: Quantities, kind: str, which: str) -> int:
    """Fewest and most hops of a request."""
    found = q.node(f"patterns.gathered.{kind}")[0]
    return int(found.least_hops.min() if which == "least" else found.most_hops.max())


@number("patterns.gather_mean.{}", "hops", 2, each=TORI, by=schedules.cost)
def gather_mean(q: Quantities, kind: str) -> float:
    """Mean hops of a request that leaves its chip."""
    return q.node(f"patterns.gathered.{kind}")[0].mean_hops[0]


@number("patterns.gather_total.{}", "hops", each=TORI, by=schedules.cost)
def gather_total(q: Quantities, kind: str) -> int:
    """Hops of all requests and all rows sent back."""
    return sum(part.total_hops for part in q.node(f"patterns.gathered.{kind}"))


@number("patterns.gather_us.{}", "µs", 2, each=TORI, by=schedules.cost)
def gather_us(q: Quantities, kind: str) -> float:
    """Time of the scatter and the gather."""
    return sum(part.total_seconds for part in q.node(f"patterns.gathered.{kind}"))


@number(
    "patterns.together_share",
    "%",
    1,
    by=schedules.cost,
    formula="all-reduce bytes on the busiest link / bytes of both patterns there",
)
def together_share(q: Quantities) -> float:
    """Share of the busiest link that an all-reduce in all dimensions takes when an all-to-all of the same buffer runs
    beside it.
    """
    reduce = q.node("patterns.cost.torus_3d.all_dimensions").link_bytes
    part = q.machine.collective_buffer.si / (q.layout.active_chips - 1)
    exchange = q.node("patterns.even_loads.torus_3d") * part
    place = np.unravel_index(np.argmax(reduce + exchange), reduce.shape)
    return reduce[place] / (reduce + exchange)[place]


@number(
    "patterns.together_ms", "ms", 3, by=schedules.cost, formula="bytes of both patterns on the busiest link / bandwidth"
)
def together_ms(q: Quantities) -> float:
    """Time that the busiest link needs for an all-reduce and an all-to-all together, latency aside."""
    part = q.machine.collective_buffer.si / (q.layout.active_chips - 1)
    both = q.node("patterns.cost.torus_3d.all_dimensions").link_bytes + q.node("patterns.even_loads.torus_3d") * part
    return float(both.max()) / q.machine.link_bandwidth.si


@number(
    "patterns.closed_mean.{}",
    "hops",
    2,
    each=TORI,
    formula="sum over sides k of k/4 (even) or (k^2 - 1)/4k (odd), x chips / (chips - 1)",
)
def closed_mean(q: Quantities, kind: str) -> float:
    """Mean hops of a torus by the closed form of its rings (dally2004)."""
    torus = q.node(f"topologies.{kind}.graph")
    rings = sum(side / 4 if side % 2 == 0 else (side * side - 1) / (4 * side) for side in torus.shape)
    return rings * torus.size / (torus.size - 1)


@number("patterns.library_mean.{}", "hops", 2, each=TORI)
def library_mean(q: Quantities, kind: str) -> float:
    """Mean hops from one chip by SciPy's search on the same links; every chip of a torus sees the same."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    torus = q.node(f"topologies.{kind}.graph")
    neighbours = torus.neighbours()
    rows = np.repeat(np.arange(torus.size), torus.degree)
    graph = csr_array((np.ones(neighbours.size), (rows, neighbours.ravel())), shape=(torus.size, torus.size))
    return shortest_path(graph, unweighted=True, indices=0).sum() / (torus.size - 1)


@number(
    "patterns.published_gain.{}.{}",
    "",
    2,
    each=((("n4x4x8", "n4x8x8"), ("computed",)),),
    by=link_loads,
    formula="worst load of the torus / worst load of its published twist",
)
def published_gain(q: Quantities, shape: str, _: str) -> float:
    """All-to-all gain of the published twist over the plain torus of the same slice, as an ideal of link loads."""
    from phextpaper.engine.networks.topologies import Torus, TwistedTorus

    sides = tuple(int(side) for side in shape[1:].split("x"))
    return float(link_loads(Torus(sides)).max() / link_loads(TwistedTorus(sides)).max())
