"""Coordinates as vectors computed from the graph: how well they follow hops, whether greedy routes arrive."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks.lattice_topology import LatticeTopology
from phextpaper.engine.networks.topologies import TwistedTorus
from phextpaper.engine.placing import learned_coordinates
from phextpaper.engine.placing.coordinate_quality import (
    GreedyRouting,
    Quality,
    TriangleCheck,
    greedy_routing,
    quality,
    triangle_check,
)
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number

SEED, SOURCES, DESTINATIONS, TRIPLES = 10, 64, 64, 50_000
WAYS = ("spectral", "stress", "exact")
GRAPHS = ("torus", "twisted")
METRICS = ("euclidean", "squared", "cosine")
KIND = {"spectral": "euclidean", "stress": "euclidean", "exact": "manhattan"}


def ways(q: Quantities) -> tuple[tuple[str, str], ...]:
    """Ways of making vectors, by graph: exact ones are known for the plain torus alone."""
    return tuple((graph, way) for graph in GRAPHS for way in WAYS if way != "exact" or (graph == "torus" and fits(q)))


def fits(q: Quantities) -> bool:
    """Whether the exact vectors of the machine's torus fit the width: half of each even side, a whole odd side."""
    sides = q.node("layout.machine").shape
    return sum(side // 2 if side % 2 == 0 else side for side in sides if side > 1) <= int(q.machine.embedding_width)


@node("embedding.graph.{}", each=GRAPHS)
def graph(q: Quantities, name: str) -> LatticeTopology:
    """The machine's 3D torus, and the published twist of the smallest slice that has one."""
    return q.node("topologies.torus_3d.graph") if name == "torus" else TwistedTorus((4, 4, 8))


@node("embedding.vectors.{}.{}", each=ways)
def vectors(q: Quantities, name: str, way: str) -> NDArray[np.float64]:
    """A vector for each chip: (chips, width)."""
    make: dict[str, Callable[..., NDArray[np.float64]]] = {
        "spectral": learned_coordinates.spectral,
        "stress": partial(learned_coordinates.stress, seed=SEED),
        "exact": learned_coordinates.exact,
    }
    return make[way](q.node(f"embedding.graph.{name}"), int(q.machine.embedding_width))


@node("embedding.quality.{}.{}", each=ways)
def quality_of(q: Quantities, name: str, way: str) -> Quality:
    """Rank correlation and stress against hops, from sampled chips to all others."""
    topology = q.node(f"embedding.graph.{name}")
    sources = learned_coordinates.drawn(topology.size, min(SOURCES, topology.size), seed=SEED)
    return quality(topology, q.node(f"embedding.vectors.{name}.{way}"), kind=KIND[way], sources=sources)


@node("embedding.greedy.{}.{}", each=ways)
def greedy(q: Quantities, name: str, way: str) -> GreedyRouting:
    """Greedy routes from all chips to sampled ones."""
    topology = q.node(f"embedding.graph.{name}")
    ends = learned_coordinates.drawn(topology.size, min(DESTINATIONS, topology.size), seed=SEED + 1)
    return greedy_routing(topology, q.node(f"embedding.vectors.{name}.{way}"), kind=KIND[way], destinations=ends)


@number("embedding.chips.{}", "chips", each=GRAPHS)
def chips(q: Quantities, name: str) -> int:
    """Chips that have a vector."""
    return q.node(f"embedding.graph.{name}").size


@number("embedding.{}.{}.rank_correlation", "", 3, each=ways, by=quality)
def rank_correlation(q: Quantities, name: str, way: str) -> float:
    """Spearman's rank correlation of vector distance with hops."""
    return q.node(f"embedding.quality.{name}.{way}").rank_correlation


@number("embedding.{}.{}.stress", "", 3, each=ways, by=quality)
def stress(q: Quantities, name: str, way: str) -> float:
    """Root of squared errors over squared hops, distances scaled to fit best; none where hops are met exactly."""
    return round(q.node(f"embedding.quality.{name}.{way}").stress, 9)


@number("embedding.{}.{}.arrived", "%", 1, each=ways, by=greedy_routing)
def arrived(q: Quantities, name: str, way: str) -> float:
    """Share of greedy routes that arrive."""
    return q.node(f"embedding.greedy.{name}.{way}").share


@number("embedding.{}.{}.lost", "routes", each=ways, by=greedy_routing)
def lost(q: Quantities, name: str, way: str) -> int:
    """Greedy routes that do not arrive."""
    found = q.node(f"embedding.greedy.{name}.{way}")
    return found.pairs - found.arrived


@number("embedding.routes.{}", "routes", each=GRAPHS, by=greedy_routing)
def routes(q: Quantities, name: str) -> int:
    """Greedy routes that were followed."""
    return q.node(f"embedding.greedy.{name}.spectral").pairs


@number("embedding.{}.{}.stretch", "x", 3, each=ways, by=greedy_routing)
def stretch(q: Quantities, name: str, way: str) -> float:
    """Mean hops of those routes over the fewest hops."""
    return q.node(f"embedding.greedy.{name}.{way}").mean_stretch


@number("embedding.pairs.{}", "pairs", each=GRAPHS, by=quality)
def pairs(q: Quantities, name: str) -> int:
    """Ordered pairs that were compared."""
    return q.node(f"embedding.quality.{name}.spectral").pairs


@node("embedding.triangle.{}", each=METRICS)
def triangle(q: Quantities, metric: str) -> TriangleCheck:
    """Triples of chips looked at for the triangle inequality, on the spectral vectors of the machine's torus."""
    return triangle_check(q.node("embedding.vectors.torus.spectral"), kind=metric, triples=TRIPLES, seed=SEED)


@number("embedding.triples.{}", "triples", each=METRICS, by=triangle_check)
def triples(q: Quantities, metric: str) -> int:
    """Triples looked at."""
    return q.node(f"embedding.triangle.{metric}").triples


@number("embedding.violations.{}", "triples", each=METRICS, by=triangle_check)
def violations(q: Quantities, metric: str) -> int:
    """Triples of which one side is longer than the other two together."""
    return q.node(f"embedding.triangle.{metric}").violations


@number("embedding.metric_stress.{}", "", 3, each=METRICS, by=quality)
def metric_stress(q: Quantities, metric: str) -> float:
    """How well a distance on the spectral vectors follows hops, as stress."""
    topology = q.node("embedding.graph.torus")
    sources = learned_coordinates.drawn(topology.size, min(SOURCES, topology.size), seed=SEED)
    return quality(topology, q.node("embedding.vectors.torus.spectral"), kind=metric, sources=sources).stress


@number("embedding.exact_width", "values", by=learned_coordinates.exact)
def exact_width(q: Quantities) -> int:
    """Values of a vector that meet hops exactly on the machine's torus, by cuts: half of each even side, a whole odd
    side.
    """
    sides = q.node("layout.machine").shape
    return sum(side // 2 if side % 2 == 0 else side for side in sides if side > 1)
