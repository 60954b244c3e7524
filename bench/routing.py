"""Routing tables of 4096 nodes: all next hops against SciPy's predecessors, dimension order against a copy of the table.

Every contender proves its table before it is timed: each next hop is one nearer by its own distances. The number returned
is the sum of hops over all pairs, which the proof makes comparable while ties between shortest paths may be broken in any
way. `python -m bench.routing` races all comparisons; the first call of each contender, which warms it up, is not counted.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.contender import Comparison, run

SIDE, DEGREE, SEED = 16, 6, 1
Call = Callable[[], Sequence[float]]


def torus():
    """16 x 16 x 16 torus, known to be one."""
    from phextpaper.engine.networks.topologies import Torus

    return Torus((SIDE, SIDE, SIDE))


def torus_as_graph():
    """The same torus as a graph like any other: only its neighbours are known."""
    from phextpaper.engine.networks.topologies import Graph

    return Graph(torus().neighbours().copy(), "torus")


def random_regular():
    """A random 6-regular graph of 4096 nodes, the union of three random rings that share no link."""
    from phextpaper.engine.networks.topologies import Graph

    rng = np.random.default_rng(SEED)
    size = SIDE**3
    while True:
        rings = [rng.permutation(size) for _ in range(DEGREE // 2)]
        edges = np.concatenate([np.stack([ring, np.roll(ring, 1)], axis=1) for ring in rings])
        if len(np.unique(np.sort(edges, axis=1), axis=0)) == len(edges):
            return Graph.from_edges(edges, size, "random")


def our_table(make: Callable) -> Callable[[], Call]:
    """Minimal table by our constructor."""

    def prepare() -> Call:
        from phextpaper.engine.routing.tables import RoutingTable

        topology = make()
        topology.neighbours()
        numbers = _proven(RoutingTable.minimal(topology))

        def call() -> Sequence[float]:
            RoutingTable.minimal(topology)
            return numbers

        return call

    return prepare


def scipy_table(make: Callable) -> Callable[[], Call]:
    """Predecessors for all pairs, which are the next hops of the way back."""

    def prepare() -> Call:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import shortest_path

        neighbours = make().neighbours()
        size, degree = neighbours.shape
        indptr = np.arange(0, size * degree + 1, degree)
        graph = csr_array((np.ones(size * degree), neighbours.ravel(), indptr), shape=(size, size))
        hops, before = shortest_path(graph, unweighted=True, return_predecessors=True)
        away = before >= 0
        nearer = np.take_along_axis(hops, np.maximum(before, 0).astype(np.intp), axis=1)
        if not (away.sum() == size * (size - 1) and (nearer[away] == hops[away] - 1).all()):
            raise RuntimeError("the predecessors are not minimal")
        numbers = [float(hops.sum())]

        def call() -> Sequence[float]:
            shortest_path(graph, unweighted=True, return_predecessors=True)
            return numbers

        return call

    return prepare


def our_dimension_order() -> Call:
    """Dimension-order table by translation of one row."""
    from phextpaper.engine.routing.tables import RoutingTable

    topology = torus()
    numbers = [float(_dimension_order_table().nbytes)]

    def call() -> Sequence[float]:
        RoutingTable.dimension_order(topology)
        return numbers

    return call


def numpy_copy() -> Call:
    """A copy of the finished table."""
    ports = _dimension_order_table()

    def call() -> Sequence[float]:
        ports.copy()
        return [float(ports.nbytes)]

    return call


def our_certificate(make: Callable) -> Callable[[], Call]:
    """Distances of all pairs and a look at every entry."""

    def prepare() -> Call:
        from phextpaper.engine.routing.tables import RoutingTable

        table = RoutingTable.minimal(make())
        return lambda: _proven(table)

    return prepare


def our_deadlock_report(make: Callable) -> Callable[[], Call]:
    """Dependency graphs of all schemes up to the first that is acyclic."""

    def prepare() -> Call:
        from phextpaper.engine.routing.tables import RoutingTable

        table = RoutingTable.minimal(make())

        def call() -> Sequence[float]:
            report = table.deadlock_free()
            if not report.acyclic:
                raise RuntimeError("the dependency graph has a cycle")
            return [float(report.virtual_channels)]

        return call

    return prepare


def _dimension_order_table() -> np.ndarray:
    from phextpaper.engine.routing.tables import RoutingTable

    table = RoutingTable.dimension_order(torus())
    _proven(table)
    return table.ports


def _proven(table) -> list[float]:
    found = table.verify()
    if not found.minimal:
        raise RuntimeError("the table is not minimal")
    return [float(round(found.mean_hops * found.pairs))]


TORUS = "16 x 16 x 16 torus, 4096 nodes of degree 6"
AS_GRAPH = f"{TORUS}, given as a general graph"
RANDOM = f"union of three random rings, 4096 nodes of degree 6, seed {SEED}"

COMPARISONS = [
    Comparison(
        "next hops, torus as graph",
        "minimal next hop for all pairs",
        AS_GRAPH,
        {"phextpaper": our_table(torus_as_graph), "scipy predecessors": scipy_table(torus_as_graph)},
        aims={"phextpaper": 20},
    ),
    Comparison(
        "next hops, random",
        "minimal next hop for all pairs",
        RANDOM,
        {"phextpaper": our_table(random_regular), "scipy predecessors": scipy_table(random_regular)},
        aims={"phextpaper": 20},
    ),
    Comparison(
        "next hops, torus",
        "minimal next hop for all pairs",
        TORUS,
        {"phextpaper": our_table(torus), "scipy predecessors": scipy_table(torus)},
        aims={"phextpaper": 20},
        note="the torus is known to be one, so a row is moved and not searched",
    ),
    Comparison(
        "dimension order",
        "dimension-order next hops of all pairs against a copy of their 16.8 MB",
        TORUS,
        {"phextpaper": our_dimension_order, "numpy copy": numpy_copy},
        aims={"phextpaper": 1 / 1.5},
        note="aim: no more than 1.5 times the seconds of the copy",
    ),
    Comparison(
        "certificate, torus", "proof that all routes end and are minimal", TORUS, {"phextpaper": our_certificate(torus)}
    ),
    Comparison(
        "certificate, random",
        "proof that all routes end and are minimal",
        RANDOM,
        {"phextpaper": our_certificate(random_regular)},
    ),
    Comparison(
        "deadlock, torus",
        "dependency graphs over all pairs, built and found acyclic",
        TORUS,
        {"phextpaper": our_deadlock_report(torus)},
    ),
    Comparison(
        "deadlock, random",
        "dependency graphs over all pairs, built and found acyclic",
        RANDOM,
        {"phextpaper": our_deadlock_report(random_regular)},
    ),
]


if __name__ == "__main__":
    run("bench.routing", Path(sys.argv[1] if len(sys.argv) > 1 else "build/reports/bench-routing.json"))
