"""Numbers of the paper once more, by a library or method that the engine does not use: for the review."""

import numpy as np
from networkx.classes.graph import Graph
from numpy.typing import NDArray

from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import from_si, to_si
from phextpaper.study.quantities import search
from phextpaper.study.quantities.topologies import kinds
from phextpaper.study.vocabularies import coordinate

SHAPES = {"n4x4x8": (4, 4, 8), "n4x8x8": (4, 8, 8)}
DRAWS = 400


def ring_edges(shape: tuple[int, ...], twist: dict[int, tuple[int, ...]]) -> NDArray[np.int64]:
    """Links of a torus, counted place by place: one step up in each dimension, and where that crosses the end, a
    shift.
    """
    places = np.stack(np.meshgrid(*(np.arange(side) for side in shape), indexing="ij"), -1).reshape(-1, len(shape))
    index = np.arange(len(places))
    found = []
    for dimension, side in enumerate(shape):
        step = places.copy()
        step[:, dimension] += 1
        over = step[:, dimension] == side
        step[over] += np.array(twist.get(dimension, (0,) * len(shape)))
        found.append(np.stack([index, np.ravel_multi_index(tuple((step % np.array(shape)).T), shape)], -1))
    return np.concatenate(found)


# ---------------------------------------------------------------------------------------------- hops and loads
@node("recomputed.graph.{}", each=kinds)
def graph(q: Quantities, kind: str) -> Graph:
    """A topology as a networkx graph, built without the engine."""
    import networkx as nx

    shape = q.node("layout.machine").shape
    if kind == "hypercube":
        return nx.convert_node_labels_to_integers(nx.hypercube_graph(int(q.layout.active_chips).bit_length() - 1))
    if kind == "torus_2d":
        shape = (int(q.topologies.torus_2d.rows), int(q.topologies.torus_2d.columns))
    twist = dict(q.node("topologies.twist")[1]) if kind == "twisted" else {}
    return nx.Graph(ring_edges(tuple(shape), twist).tolist())


@node("recomputed.hops.{}", each=kinds)
def hops(q: Quantities, kind: str) -> NDArray[np.int64]:
    """Hops from the first chip to every other: all chips of these topologies see the same."""
    import networkx as nx

    found = nx.single_source_shortest_path_length(q.node(f"recomputed.graph.{kind}"), 0)
    return np.array(list(found.values()))


@number("recomputed.mean_hops.{}", "hops", 2, each=kinds, formula="networkx: breadth-first search from one chip")
def mean_hops(q: Quantities, kind: str) -> float:
    """Mean hops by networkx."""
    found = q.node(f"recomputed.hops.{kind}")
    return float(found.sum()) / (len(found) - 1)


@number("recomputed.diameter.{}", "hops", each=kinds, formula="networkx: breadth-first search from one chip")
def diameter(q: Quantities, kind: str) -> int:
    """Diameter by networkx."""
    return int(q.node(f"recomputed.hops.{kind}").max())


@number(
    "recomputed.twist_gain.{}",
    "",
    2,
    each=tuple(SHAPES),
    formula="networkx: edge betweenness of the torus / of its twist",
)
def twist_gain(q: Quantities, shape: str) -> float:
    """All-to-all gain of the published twist by networkx's betweenness of edges."""
    import networkx as nx

    sides = SHAPES[shape]
    one, two = min(sides), max(sides)
    long = [dimension for dimension, side in enumerate(sides) if side == two]
    short = [dimension for dimension, side in enumerate(sides) if side == one]
    shift = tuple(one if dimension in long else 0 for dimension in range(len(sides)))
    loads = []
    for twist in ({}, dict.fromkeys(short, shift)):
        found = nx.edge_betweenness_centrality(nx.Graph(ring_edges(sides, twist).tolist()), normalized=False)
        loads.append(max(found.values()))
    return loads[0] / loads[1]


@number("recomputed.found_hops", "hops", 3, formula="SciPy: shortest paths between all pairs")
def found_hops(q: Quantities) -> float:
    """Mean hops of the largest found graph by SciPy."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    table = q.node(f"search.topology.{search.sizes(q)[-1]}.graph").neighbours()
    nodes, ports = table.shape
    links = csr_array((np.ones(table.size), (np.repeat(np.arange(nodes), ports), table.ravel())), shape=(nodes, nodes))
    sums = [
        shortest_path(links, unweighted=True, indices=range(start, min(start + 256, nodes))).sum()
        for start in range(0, nodes, 256)
    ]
    return float(sum(sums)) / (nodes * (nodes - 1))


@number("recomputed.route_misses", "routes", formula="networkx: shortest path lengths of routes drawn by chance")
def route_misses(q: Quantities) -> int:
    """Routes of the 3D torus's table, drawn by chance, that are not as short as networkx's."""
    import networkx as nx

    table, found, rng = (
        q.node("topologies.torus_3d.table"),
        q.node("recomputed.graph.torus_3d"),
        np.random.default_rng(1),
    )
    pairs = rng.integers(0, int(q.layout.active_chips), (60, 2)).tolist()
    return sum(table.route(a, b).hops != nx.shortest_path_length(found, a, b) for a, b in pairs if a != b)


# ---------------------------------------------------------------------------------------------- faults
@number("recomputed.no_shortage", "%", 1, formula="SciPy: Poisson distribution of failures by the day")
def no_shortage(q: Quantities) -> float:
    """Probability of no shortage of spare chips by the day of spares over failures a day."""
    from scipy.stats import poisson

    return float(
        poisson.cdf(
            int(q.layout.spare_chips),
            q.faults.failures_per_day * from_si(q.faults.cover.chip.cold.naive_days.si, "days"),
        )
    )


@number(
    "recomputed.cover_days",
    "days",
    ".3g",
    formula="SciPy: quantile of the gamma distribution of the first failure too many",
)
def cover_days(q: Quantities) -> float:
    """Days that the spare chips last at the confidence."""
    from scipy.stats import gamma

    share, scale = 1 - q.faults.confidence.si, 1 / float(q.faults.failures_per_day)
    return to_si(float(gamma.ppf(share, int(q.layout.spare_chips) + 1, scale=scale)), "days")


@number(
    "recomputed.simulated_days.{}",
    "days",
    ".3g",
    each=("low", "high"),
    formula="simulation: day of the first failure too many",
)
def simulated_days(q: Quantities, end: str) -> float:
    """Mean days to the first shortage in a simulation by random numbers, from three standard errors below to three
    above.
    """
    found = (
        np.random.default_rng(5)
        .exponential(1 / float(q.faults.failures_per_day), (DRAWS, int(q.layout.spare_chips) + 1))
        .sum(axis=1)
    )
    wide = 3 * found.std(ddof=1) / DRAWS**0.5
    return to_si(float(found.mean() + (wide if end == "high" else -wide)), "days")


@number(
    "recomputed.slice_goodput",
    "%",
    ".3g",
    formula="SciPy: expectation of whole slices over a binomial number of blocks",
)
def slice_goodput(q: Quantities) -> float:
    """Expected goodput of slices of TPU v4's blocks at the first host availability of Section 6."""
    from scipy.stats import binom

    system = q.facts.tpu_v4_system
    host, chips, block = q.slices.host.h99_0.si, int(q.facts.tpu_v4_abstract.chips), int(system.chips_per_block)
    each, hosts = int(q.slices.chips.n1024) // block, block // int(system.chips_per_cpu_host)
    slices = binom(chips // block, host**hosts).expect(lambda up: up // each)
    return float(slices) * int(q.slices.chips.n1024) / chips


@number("recomputed.best_interval", "s", 0, formula="SciPy: numerical maximum of work kept over time spent")
def best_interval(q: Quantities) -> int:
    """Interval between checkpoints at which most work is kept, by numerical search."""
    from scipy.optimize import minimize_scalar

    write, mtbf = q.machine.checkpoint_write.si, q.recovery.job_mtbf_h.si

    def lost(interval: float) -> float:
        return -interval / (mtbf * np.expm1((interval + write) / mtbf))

    return round(
        float(
            minimize_scalar(
                lost, bounds=(1.0, 4 * (2 * write * mtbf) ** 0.5), method="bounded", options={"xatol": 1e-6}
            ).x
        )
    )


# ---------------------------------------------------------------------------------------------- sparse lookup
@number(
    "recomputed.groups.{}", "groups", 1, each=("low", "high"), formula="simulation: different groups in uniform batches"
)
def groups(q: Quantities, end: str) -> float:
    """Groups that a batch of uniform IDs meets, simulated: from three standard errors below the mean to three above."""
    rng, size = np.random.default_rng(11), int(q.machine.ids)
    below = int(q.machine.base) ** (int(q.sparse.parts) - 2)
    found = np.array([len(np.unique(rng.integers(0, size, int(q.machine.batch)) // below)) for _ in range(DRAWS)])
    wide = 3 * found.std(ddof=1) / DRAWS**0.5
    return float(found.mean() + (wide if end == "high" else -wide))


@number("recomputed.hottest", "%", ".3g", formula="plain sum of the weights of Zipf's law")
def hottest(q: Quantities) -> float:
    """Share of requests of the most popular ID, by adding up weights: the first million, and the integral of the
    rest.
    """
    size, skew = int(q.machine.ids), float(q.machine.skew)
    first = min(size, 10**6)
    weights = float((np.arange(1, first + 1, dtype=float) ** -skew).sum())
    if size > first:
        ends = (first + 0.5, size + 0.5)
        weights += (
            float(np.log(ends[1] / ends[0]))
            if skew == 1
            else (ends[1] ** (1 - skew) - ends[0] ** (1 - skew)) / (1 - skew)
        )
    return 1 / weights


@number("recomputed.wrong_digits", "IDs", formula="repeated division by the base, in whole numbers")
def wrong_digits(q: Quantities) -> int:
    """Example IDs whose coordinate is not what repeated division gives."""
    base, parts, wrong = int(q.machine.base), int(q.sparse.parts), 0
    for key in q.keys("sparse.example_id"):
        digits: list[int] = []
        rest = id = int(q.sparse.example_id[key])
        for _ in range(parts):
            rest, digit = divmod(rest, base)
            digits.insert(0, digit + 1)
        wrong += coordinate(q, id) != f"{'.'.join(map(str, digits[:3]))}/{'.'.join(map(str, digits[3:]))}"
    return wrong


# ---------------------------------------------------------------------------------------------- layout and energy
@number("recomputed.wrong_places", "chips", formula="division with remainder over all chips, in whole numbers")
def wrong_places(q: Quantities) -> int:
    """Chips whose coordinate is not what division with remainder gives."""
    layout = q.node("layout.machine")
    found = layout.coordinate(np.arange(layout.total))
    each = int(q.machine.books) * int(q.machine.chapters)
    wanted = [
        (chip // each + 1, chip % each // int(q.machine.chapters) + 1, chip % int(q.machine.chapters) + 1)
        for chip in range(layout.total)
    ]
    return int((np.asarray(found)[:, :3] != np.array(wanted)).any(axis=1).sum())


@number("recomputed.chips", "chips", formula="(volumes + spare volumes) x books x chapters")
def chips(q: Quantities) -> int:
    """Chips of all volumes, spares included."""
    m = q.machine
    return (int(m.volumes) + int(m.spare_volumes)) * int(m.books) * int(m.chapters)


@number("recomputed.addresses", "addresses", formula="chips x links")
def addresses(q: Quantities) -> int:
    """Link ports that have a coordinate."""
    return q.recomputed.chips.value * int(q.machine.links_per_chip)


@number("recomputed.carbon_ratio", "x", 1, formula="machine factor x PUE / PUE x grid / grid, from the facts")
def carbon_ratio(q: Quantities) -> float:
    """The carbon ratio as a plain product of the published factors."""
    e = q.facts.tpu_v4_energy
    return e.machine_factor * (e.pue_world / e.pue_google) * (e.grid_world / e.grid_oklahoma)
