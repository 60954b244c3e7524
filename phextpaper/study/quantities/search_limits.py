"""What no setting of the switches, and no faster ring, can exceed: ceilings, and the bytes of GPT-3."""

import numpy as np

from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.search.graph_bounds import switched_mean_hops
from phextpaper.engine.traffic import mixes
from phextpaper.engine.traffic.training_steps import StepBytes, step_bytes, training_on
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study import training
from phextpaper.study.quantities import search

PARTS = ("tensor", "pipeline", "data")


def rings(q: Quantities) -> tuple[str, ...]:
    """The slice whose rings are looked at, where more than one chip shares a layer."""
    return ("n512",) if q.node("search_limits.sent.n512").tensor > 0 else ()


# ---------------------------------------------------------------------------------------------- graphs of blocks
@number("search_limits.hops.{}", "hops", 3, each=search.sizes, by=switched_mean_hops)
def hops(q: Quantities, size: str) -> float:
    """Least mean hops that any setting of the switches can give."""
    return switched_mean_hops(search.shape_of(q, size), search.edge_of(q, size))


@number(
    "search_limits.throughput.{}",
    "link bandwidths",
    3,
    each=search.sizes,
    by=switched_mean_hops,
    formula="links of a chip / least mean hops",
)
def throughput(q: Quantities, size: str) -> float:
    """All-to-all throughput that no setting of the switches exceeds, whatever the routing: each hop takes a link's
    time.
    """
    return q.search.links / q.search_limits.hops[size]


@number(
    "search_limits.gain.{}",
    "x",
    2,
    each=search.sizes,
    formula="throughput that no setting exceeds / that of the best drawn torus",
)
def gain(q: Quantities, size: str) -> float:
    """The gain over the best torus that people drew which no setting of the switches exceeds."""
    return q.search_limits.throughput[size] / search.best_drawn(q, size)


@number("search_limits.mean_gain", "x", 2, formula="geometric mean of the ceilings")
def mean_gain(q: Quantities) -> float:
    """Geometric mean of these ceilings over all sizes compared."""
    return float(np.exp(np.mean([np.log(float(q.search_limits.gain[size])) for size in search.sizes(q)])))


@number(
    "search_limits.met.{}",
    "%",
    each=search.sizes,
    formula="throughput reached on the graph / throughput that no setting exceeds",
    whole=True,
)
def met(q: Quantities, size: str) -> float:
    """Share of the ceiling that the found graph reaches."""
    return q.search[size].graph.reached / q.search_limits.throughput[size]


@number(
    "search_limits.lattice_excess",
    "%",
    1,
    formula="most of 1 - worst load of the best of all lattices / that of the best lattice of blocks",
)
def lattice_excess(q: Quantities) -> float:
    """How much less the busiest link of the best of all lattices carries than that of the best lattice of blocks, where
    all were looked at.
    """
    return max(1 - q.search.all_best[size] / q.search[size].lattice.worst_load for size in ("n128", "n256"))


@number(
    "search_limits.lattice_gain", "x", 2, formula="throughput of the best lattice of blocks / that of the regular torus"
)
def lattice_gain(q: Quantities) -> float:
    """Gain of the best lattice of blocks over the regular torus at 512 chips, where no twist is published."""
    return q.search.n512.lattice.reached / q.search.n512.regular.reached


# ---------------------------------------------------------------------------------------------- GPT-3
@node("search_limits.sent.{}", each=tuple(search.SLICES))
def sent(q: Quantities, size: str) -> StepBytes:
    """Bytes that a chip sends in a GPT-3 step, by kind of parallelism."""
    return step_bytes(training.model(q), training.split(q, search.SLICES[size]))


@number("search_limits.step_gb.{}.{}", "GB", 1, each=((tuple(search.SLICES), PARTS),), by=step_bytes)
def step_gb(q: Quantities, size: str, part: str) -> float:
    """What a chip sends in a GPT-3 step: to each neighbouring stage for the pipeline, in all for the others."""
    return getattr(q.node(f"search_limits.sent.{size}"), part)


@number("search_limits.replicas.{}", "replicas", each=tuple(search.SLICES), formula="chips / (chips a layer x stages)")
def replicas(q: Quantities, size: str) -> int:
    """Replicas of the model that take different data."""
    return training.split(q, search.SLICES[size]).data


@number(
    "search_limits.tensor_share.{}",
    "%",
    each=tuple(search.SLICES),
    by=mixes.times,
    formula="time of the tensor exchange / that of all",
    whole=True,
)
def tensor_share(q: Quantities, size: str) -> float:
    """Share of the communication of a GPT-3 step on the regular torus that the all-reduces of activations take."""
    torus = Torus(search.SLICES[size])
    found = mixes.times(
        torus,
        training_on(torus, training.model(q), training.split(q, search.SLICES[size])),
        bandwidth_bytes_per_s=q.machine.link_bandwidth.si,
    )
    return found.get("tensor", 0.0) / sum(found.values())


@number(
    "search_limits.ring_gain.{}",
    "x",
    2,
    each=rings,
    formula="time of a step / time of half of a chip's tensor bytes on a link",
)
def ring_gain(q: Quantities, size: str) -> float:
    """Gain if a topology made all but the all-reduces of activations free, each of their rings on links of its own."""
    return q.search.training[size].regular / (
        q.node(f"search_limits.sent.{size}").tensor / 2 / q.machine.link_bandwidth.si
    )
