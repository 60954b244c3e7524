"""Distances and link loads: bit-parallel search and levels of numpy arrays against compiled graph libraries.

All contenders get their graph ready made, in their own form, and only the search is timed. General graphs are given as an
array of neighbours from which nothing else is known. Threads: igraph and SciPy use one, rustworkx, networkit and the
contenders that say so use several; ours do so without a name to the contrary, one for each processor.
`python -m bench.network [FILE.json]` races all comparisons.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.contender import Comparison, run
from bench.routing import AS_GRAPH, RANDOM, TORUS, random_regular, torus, torus_as_graph

Call = Callable[[], Sequence[float]]
SAMPLE = 32


def square_as_graph():
    """64 x 64 torus as a graph like any other."""
    from phextpaper.engine.networks.topologies import Graph, Torus

    return Graph(Torus((64, 64)).neighbours().copy(), "square")


def large_as_graph():
    """32 x 32 x 32 torus as a graph like any other."""
    from phextpaper.engine.networks.topologies import Graph, Torus

    return Graph(Torus((32, 32, 32)).neighbours().copy(), "large")


def links_of(topology) -> np.ndarray:
    """Each link once, as a pair of nodes."""
    neighbours = topology.neighbours()
    pairs = np.column_stack([np.repeat(np.arange(topology.size), topology.degree), neighbours.ravel()])
    return pairs[pairs[:, 0] < pairs[:, 1]]


def our_histogram(make: Callable, workers: int | None) -> Callable[[], Call]:
    """Bit-parallel search from all nodes."""

    def prepare() -> Call:
        from phextpaper.engine.networks.distances import hop_histogram

        neighbours = make().neighbours()
        return lambda: hop_histogram(neighbours, workers=workers).tolist()

    return prepare


def igraph_of(topology):
    """The graph in igraph's form."""
    import igraph

    return igraph.Graph(topology.size, links_of(topology).tolist())


def rustworkx_of(topology):
    """The graph in rustworkx's form."""
    import rustworkx

    graph = rustworkx.PyGraph()
    graph.add_nodes_from(range(topology.size))
    graph.extend_from_edge_list([tuple(pair) for pair in links_of(topology).tolist()])
    return graph


def networkit_of(topology):
    """The graph in networkit's form."""
    import networkit

    graph = networkit.Graph(topology.size)
    for one, other in links_of(topology).tolist():
        graph.addEdge(one, other)
    return graph


def networkx_of(topology):
    """The graph in networkx's form."""
    import networkx

    return networkx.Graph(links_of(topology).tolist())


def igraph_histogram(make: Callable) -> Callable[[], Call]:
    """igraph counts path lengths in C; unordered pairs, so they count twice."""

    def prepare() -> Call:
        graph = igraph_of(make())

        def call() -> Sequence[float]:
            return [graph.vcount(), *(2 * count for _, _, count in graph.path_length_hist(directed=False).bins())]

        return call

    return prepare


def rustworkx_histogram(make: Callable) -> Callable[[], Call]:
    """rustworkx fills the distance matrix, numpy counts it."""

    def prepare() -> Call:
        import rustworkx

        graph = rustworkx_of(make())
        return lambda: np.bincount(rustworkx.distance_matrix(graph).astype(np.int16).ravel()).tolist()

    return prepare


def networkit_histogram(make: Callable) -> Callable[[], Call]:
    """networkit's exact neighbourhood function: pairs within each distance, without the pairs of a node with itself."""

    def prepare() -> Call:
        import networkit

        graph = networkit_of(make())

        def call() -> Sequence[float]:
            within = networkit.distance.NeighborhoodFunction(graph).run().getNeighborhoodFunction()
            return [graph.numberOfNodes(), *np.diff(within, prepend=0).tolist()]

        return call

    return prepare


def scipy_histogram(make: Callable) -> Callable[[], Call]:
    """SciPy's shortest paths with equal weights, counted by numpy."""

    def prepare() -> Call:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import shortest_path

        neighbours = make().neighbours()
        size, degree = neighbours.shape
        graph = csr_array(
            (np.ones(size * degree), neighbours.ravel(), np.arange(0, size * degree + 1, degree)), shape=(size, size)
        )
        return lambda: np.bincount(shortest_path(graph, unweighted=True).astype(np.int16).ravel()).tolist()

    return prepare


def networkx_histogram(make: Callable) -> Callable[[], Call]:
    """networkx searches from some of the nodes."""

    def prepare() -> Call:
        import networkx

        graph = networkx_of(make())

        def call() -> Sequence[float]:
            hops = [
                hop
                for source in range(SAMPLE)
                for hop in networkx.single_source_shortest_path_length(graph, source).values()
            ]
            return np.bincount(hops).tolist()

        return call

    return prepare


def our_loads(make: Callable, workers: int) -> Callable[[], Call]:
    """All sources of a general graph."""

    def prepare() -> Call:
        from phextpaper.engine.traffic.loads import link_loads

        topology = make()
        return lambda: _digest(link_loads(topology, workers=workers))

    return prepare


def our_loads_from_one() -> Call:
    """One source of a topology that is known to look alike from all nodes."""
    from phextpaper.engine.networks.even_split import loads_from_one

    topology = torus()
    topology.hop_counts()
    topology.neighbours()
    return lambda: _digest(np.tile(loads_from_one(topology.neighbours(), topology.hop_counts()), (topology.size, 1)))


def our_loads_from_rings() -> Call:
    """The closed form of a torus, everything made anew."""
    return lambda: _digest(torus().link_loads())


def igraph_loads(make: Callable) -> Callable[[], Call]:
    """igraph's edge betweenness: unordered pairs, as a link has them in either direction."""

    def prepare() -> Call:
        graph = igraph_of(make())
        return lambda: _digest(graph.edge_betweenness(directed=False), 2)

    return prepare


def rustworkx_loads(make: Callable) -> Callable[[], Call]:
    """rustworkx' edge betweenness."""

    def prepare() -> Call:
        import rustworkx

        graph = rustworkx_of(make())
        return lambda: _digest(list(rustworkx.edge_betweenness_centrality(graph, normalized=False).values()), 2)

    return prepare


def networkit_loads(make: Callable) -> Callable[[], Call]:
    """networkit's edge betweenness, which counts a link's two directions together."""

    def prepare() -> Call:
        import networkit

        graph = networkit_of(make())
        graph.indexEdges()

        def call() -> Sequence[float]:
            found = networkit.centrality.Betweenness(graph, computeEdgeCentrality=True).run()
            return _digest(np.array(found.edgeScores()) / 2, 2)

        return call

    return prepare


def networkx_loads(make: Callable) -> Callable[[], Call]:
    """networkx's edge betweenness from some of the nodes."""

    def prepare() -> Call:
        import networkx

        graph = networkx_of(make())
        return lambda: _digest(
            list(networkx.edge_betweenness_centrality(graph, k=SAMPLE, normalized=False, seed=1).values()), 2
        )

    return prepare


def single_source(make: Callable, searched: bool) -> Callable[[], Call]:
    """Everything from nothing: the topology, its neighbours if it has to be searched, hops from one node, the histogram."""

    def prepare() -> Call:
        from phextpaper.engine.networks.distances import hop_counts

        def call() -> Sequence[float]:
            topology = make()
            hops = hop_counts(topology.neighbours()) if searched else topology.hop_counts()
            return np.bincount(hops).tolist()

        return call

    return prepare


def million_torus():
    """100 x 100 x 100 torus."""
    from phextpaper.engine.networks.topologies import Torus

    return Torus((100, 100, 100))


def million_lattice():
    """A lattice of 10^6 nodes: 100 x 100 x 100, crossing the end of the first two dimensions shifts the third by half."""
    from phextpaper.engine.networks.topologies import Lattice

    return Lattice([[100, 0, 50], [0, 100, 50], [0, 0, 100]])


def _digest(loads, directions: int = 1) -> list[float]:
    """The worst load and the sum over both directions, by which loads are compared."""
    return [float(np.max(loads)), float(np.sum(loads)) * directions]


def _histograms(name: str, graph: str, make: Callable, aim: float) -> Comparison:
    peers = {
        "igraph": igraph_histogram,
        "rustworkx": rustworkx_histogram,
        "networkit": networkit_histogram,
        "scipy": scipy_histogram,
        "networkx": networkx_histogram,
    }
    return Comparison(
        f"hop histogram, {name}",
        "ordered pairs by distance over all sources",
        graph,
        {
            "phextpaper": our_histogram(make, None),
            "phextpaper one thread": our_histogram(make, 1),
            **{peer: does(make) for peer, does in peers.items()},
        },
        aims={"phextpaper": aim},
        python_peers=("networkx",),
        parts={"networkx": 4096 / SAMPLE},
    )


def _loads(name: str, graph: str, make: Callable, ours: dict, aims: dict, note: str = "") -> Comparison:
    peers = {
        "igraph": igraph_loads,
        "rustworkx": rustworkx_loads,
        "networkit": networkit_loads,
        "networkx": networkx_loads,
    }
    return Comparison(
        f"link loads, {name}",
        "load of every link under uniform all-to-all, split over all shortest paths",
        graph,
        {**ours, **{peer: does(make) for peer, does in peers.items()}},
        aims=aims,
        python_peers=("networkx",),
        parts={"networkx": 4096 / SAMPLE},
        note=note,
    )


def _threads(make: Callable) -> dict:
    return {"phextpaper two threads": our_loads(make, 2), "phextpaper one thread": our_loads(make, 1)}


SQUARE = "64 x 64 torus, 4096 nodes of degree 4, given as a general graph"
LARGE = "32 x 32 x 32 torus, 32768 nodes of degree 6, given as a general graph"
ONE_SECOND = (1.0, 1024.0)

COMPARISONS = [
    _histograms("torus as graph", AS_GRAPH, torus_as_graph, 8),
    _histograms("square torus as graph", SQUARE, square_as_graph, 3.5),
    _histograms("random", RANDOM, random_regular, 25),
    Comparison(
        "hop histogram, large torus as graph",
        "ordered pairs by distance over all sources",
        LARGE,
        {"phextpaper": our_histogram(large_as_graph, None)},
        limits={"phextpaper": (10.0, 1024.0)},
    ),
    _loads(
        "torus",
        TORUS,
        torus,
        {"phextpaper one source": our_loads_from_one, "phextpaper closed form": our_loads_from_rings},
        {"phextpaper one source": 300, "phextpaper closed form": 300},
        "the torus is known to look alike from all nodes; the peers cannot be told so",
    ),
    _loads("torus as graph", AS_GRAPH, torus_as_graph, _threads(torus_as_graph), {"phextpaper two threads": 1.5}),
    _loads("random", RANDOM, random_regular, _threads(random_regular), {"phextpaper two threads": 3}),
    Comparison(
        "single source, torus of 10^6",
        "hops from one node, made from the shape",
        "100 x 100 x 100 torus",
        {
            "phextpaper closed form": single_source(million_torus, False),
            "phextpaper search": single_source(million_torus, True),
        },
        limits={"phextpaper closed form": ONE_SECOND, "phextpaper search": ONE_SECOND},
    ),
    Comparison(
        "single source, lattice of 10^6",
        "hops from one node, made from the rows",
        "lattice 100,0,50/0,100,50/0,0,100",
        {"phextpaper": single_source(million_lattice, False)},
        limits={"phextpaper": ONE_SECOND},
    ),
]


def main(out: Path) -> dict:
    """Race all comparisons of this module into one file."""
    return run("bench.network", out)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/reports/bench-network.json"))
