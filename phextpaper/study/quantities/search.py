"""Topologies found by search, lattices and graphs of blocks, and what each carries beside drawn tori."""

from functools import partial
from math import prod

import numpy as np
from numpy.typing import NDArray

from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.routing.throughput_bounds import Throughput, best_throughput, lattice_throughput, rounds_for
from phextpaper.engine.search import lattice_forms, lattice_search
from phextpaper.engine.search.graph_search import Found, anneal, moore_mean_hops
from phextpaper.engine.search.lattice_forms import Form
from phextpaper.engine.traffic import mixes
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, node, number
from phextpaper.study.listings.search import evolve
from phextpaper.study.training import mix_seconds, step_seconds

SEED, RESTARTS = 2023, 4
SLICES = {"n128": (4, 4, 8), "n256": (4, 8, 8), "n512": (8, 8, 8)}
EDGE = 4
DRAWN = ("regular", "twisted")
MIXES = ("exchange", "neighbours", "training")


def sizes(q: Quantities) -> tuple[str, ...]:
    """Slices of TPU v4's blocks, and the machine itself where it is larger, its blocks fill it, and a switch can join
    all of a set.
    """
    return (*SLICES, "machine") if _whole(q) and not left_out(q) else tuple(SLICES)


def left_out(q: Quantities) -> bool:
    """Whether the machine is not searched because a set of its switches takes several, so that no setting joins every
    two blocks.
    """
    return _whole(q) and q.architecture.switches_per_group > 1


def _whole(q: Quantities) -> bool:
    """Whether the machine is larger than the slices and made of several whole blocks that a search can take."""
    layout = q.node("layout.machine")
    return (
        layout.block_grid is not None
        and prod(layout.block_grid) > 1
        and 3 <= int(q.machine.block_edge) <= 8
        and layout.active > 512
    )


def shape_of(q: Quantities, size: str) -> tuple[int, ...]:
    """Chips along each dimension."""
    return SLICES[size] if size in SLICES else q.node("layout.machine").shape


def edge_of(q: Quantities, size: str) -> int:
    """Chips along a block's edge."""
    return EDGE if size in SLICES else int(q.machine.block_edge)


def rounds(q: Quantities, size: str) -> int:
    """Rounds of routing that a size gets: fewer where a round takes long."""
    return rounds_for(prod(shape_of(q, size)), int(q.machine.routing_rounds))


def twisted_sizes(q: Quantities) -> tuple[str, ...]:
    """Sizes for whose shape a twist is published."""
    return ("n128", "n256", "machine") if q.node("topologies.twist")[0] else ("n128", "n256")


def rows(q: Quantities) -> tuple[tuple[str, str], ...]:
    """What is compared: regular torus, published twist where there is one, best lattice of blocks, graph beyond
    lattices.
    """
    return tuple(
        (size, kind)
        for size in sizes(q)
        for kind in ("regular", "twisted", "lattice", "graph")
        if (kind != "twisted" or size in twisted_sizes(q)) and (kind != "lattice" or size in SLICES)
    )


@number("search.seed", "")
def seed(q: Quantities) -> int:
    """Seed of the printed search, and of the first annealing."""
    return SEED


@number("search.edge", "chips")
def edge(q: Quantities) -> int:
    """Chips along the edge of a block in the slices compared, as in TPU v4."""
    return EDGE


@number("search.links", "links")
def links(q: Quantities) -> int:
    """Links of a chip in the networks compared."""
    return 2 * len(SLICES["n128"])


# ---------------------------------------------------------------------------------------------- lattices
@node("search.ranking.{}", each=tuple(SLICES))
def ranking(q: Quantities, size: str) -> lattice_search.Ranking:
    """Every lattice of that size that whole blocks can wire, by worst load: exhaustive."""
    return lattice_search.exhaustive(prod(SLICES[size]), unit=EDGE)


@node("search.every.{}", each=("n128", "n256"), keep=True)
def every(q: Quantities, size: str) -> lattice_search.Ranking:
    """Every lattice of that size, whether blocks can wire it or not: exhaustive."""
    return lattice_search.exhaustive(prod(SLICES[size]))


@node("search.evolved.{}", each=("n128", "n256"))
def evolved(q: Quantities, size: str) -> list[tuple[int, float, Form]]:
    """The printed search, started from the plain torus, over lattices that blocks can wire: improvements, the best
    last.
    """
    change = partial(lattice_search.changed, unit=EDGE)
    return evolve(
        lattice_forms.plain(SLICES[size]), change, lattice_search.worst_load, int(q.machine.search_evaluations), SEED
    )


@number("search.lattices.{}", "lattices", each=tuple(SLICES), by=lattice_search.exhaustive)
def lattices(q: Quantities, size: str) -> int:
    """Lattices of that size that blocks can wire."""
    return q.node(f"search.ranking.{size}").lattices


@number("search.all_lattices.{}", "lattices", each=("n128", "n256"), by=lattice_search.exhaustive)
def all_lattices(q: Quantities, size: str) -> int:
    """All lattices of that size."""
    return q.node(f"search.every.{size}").lattices


@number("search.all_best.{}", "pairs", 2, each=("n128", "n256"), by=lattice_search.exhaustive)
def all_best(q: Quantities, size: str) -> float:
    """Worst load of the best of all lattices of that size."""
    return float(q.node(f"search.every.{size}").measured.worst_load[0])


@number("search.found_at.{}", "evaluations", each=("n128", "n256"), by=evolve)
def found_at(q: Quantities, size: str) -> int:
    """Evaluation at which the printed search, started from the plain torus, met its best lattice."""
    return q.node(f"search.evolved.{size}")[-1][0]


@number("search.rediscovered.{}", "", each=("n128", "n256"), by=lattice_forms.same_up_to_symmetry)
def rediscovered(q: Quantities, size: str) -> bool:
    """Whether that lattice is the published twist, up to order and direction of the dimensions."""
    published = lattice_forms.form_of(TwistedTorus(SLICES[size]))
    return lattice_forms.same_up_to_symmetry(q.node(f"search.evolved.{size}")[-1][2], published)


@number("search.spec.{}", "", each=("n128", "n256"), by=lattice_forms.twisted)
def spec(q: Quantities, size: str) -> str:
    """The lattice that the printed search found, as sides and wrap vectors."""
    return lattice_forms.twisted(q.node(f"search.evolved.{size}")[-1][2]).spec


@number("search.wrap.{}", "", each=("n128", "n256"), by=lattice_forms.twisted)
def wrap(q: Quantities, size: str) -> str:
    """That lattice with its wrap vectors: crossing the end of dimension 0, or 1, shifts by this vector."""
    found = lattice_forms.twisted(q.node(f"search.evolved.{size}")[-1][2])
    sides = "x".join(str(side) for side in found.shape)
    twists = dict(found.twists or ()) if isinstance(found, TwistedTorus) else {}
    shifts = (f"{crossed}={','.join(str(step) for step in shift)}" for crossed, shift in twists.items())
    return f"twisted:{sides}:" + "/".join(shifts)


# ---------------------------------------------------------------------------------------- graphs of blocks and switches
@node("search.annealed.{}", each=sizes, keep=True)
def annealed(q: Quantities, size: str) -> tuple[Found, int]:
    """The graph with the highest throughput of some annealings with seeds in a row, a part of the budget each;
    candidates looked at.
    """
    part = max(int(q.machine.search_evaluations) // RESTARTS, 1)
    found = [
        anneal(shape_of(q, size), edge_of(q, size), evaluations=part, seed=SEED + turn) for turn in range(RESTARTS)
    ]
    short = max(rounds(q, size) // 5, 1)
    reached = [
        best_throughput(one.best.neighbours(), one.best.sources, one.best.classes(), rounds=short).reached
        for one in found
    ]
    return found[int(np.argmax(reached))], part * RESTARTS


@node("search.topology.{}.{}", each=rows)
def topology(q: Quantities, size: str, kind: str) -> Topology:
    """A compared network."""
    shape = shape_of(q, size)
    if kind == "graph":
        return q.node(f"search.annealed.{size}")[0].best.graph()
    if kind == "lattice":
        return lattice_forms.twisted(q.node(f"search.ranking.{size}").best)
    if kind == "twisted":
        return TwistedTorus(shape) if size in SLICES else q.node("topologies.twisted.graph")
    return Torus(shape)


@node("search.bracket.{}.{}", each=rows, keep=True)
def bracket(q: Quantities, size: str, kind: str) -> Throughput:
    """All-to-all throughput under the best routing, from below and from above; on lattices the even split is one of the
    routings.
    """
    if kind == "graph":
        found = q.node(f"search.annealed.{size}")[0].best
        return best_throughput(found.neighbours(), found.sources, found.classes(), rounds=rounds(q, size))
    return lattice_throughput(q.node(f"search.topology.{size}.{kind}"), rounds=rounds(q, size))


@number("search.chips.{}", "chips", each=sizes)
def chips(q: Quantities, size: str) -> int:
    """Chips of a compared size."""
    return prod(shape_of(q, size))


@number("search.evaluations.{}", "candidates", each=sizes, by=anneal)
def evaluations(q: Quantities, size: str) -> int:
    """Candidate graphs looked at, over all restarts."""
    return q.node(f"search.annealed.{size}")[1]


@number("search.restarts", "restarts")
def restarts(q: Quantities) -> int:
    """Annealings with seeds of their own, of which the best is kept."""
    return RESTARTS


@number("search.switches.{}", "switches", each=sizes, formula="dimensions x face places")
def switches(q: Quantities, size: str) -> int:
    """Switches, or sets of switches, whose setting the search chooses."""
    return len(SLICES["n128"]) * edge_of(q, size) ** 2


@number("search.space_digits.{}", "digits", each=sizes, formula="digits of blocks ^ switches")
def space_digits(q: Quantities, size: str) -> int:
    """Decimal digits of the number of candidates."""
    return len(str((q.search.chips[size].value // edge_of(q, size) ** 3) ** q.search.switches[size].value))


@number("search.{}.{}.mean_hops", "hops", 3, each=rows, by=Torus.mean_hops)
def mean_hops(q: Quantities, size: str, kind: str) -> float:
    """Mean hops over ordered pairs of different chips."""
    return q.node(f"search.topology.{size}.{kind}").mean_hops()


@number("search.{}.{}.diameter", "hops", each=rows, by=Torus.diameter)
def diameter(q: Quantities, size: str, kind: str) -> int:
    """Most hops between two chips."""
    return q.node(f"search.topology.{size}.{kind}").diameter()


@number("search.{}.{}.worst_load", "pairs", 1, each=rows, by=Torus.max_link_load)
def worst_load(q: Quantities, size: str, kind: str) -> float:
    """Ordered pairs over the busiest directed link, split evenly over shortest paths."""
    return q.node(f"search.topology.{size}.{kind}").max_link_load()


@number("search.{}.{}.even", "link bandwidths", 3, each=rows, by=Torus.all_to_all_throughput)
def even(q: Quantities, size: str, kind: str) -> float:
    """All-to-all throughput with that even split."""
    return q.node(f"search.topology.{size}.{kind}").all_to_all_throughput()


@number("search.{}.{}.reached", "link bandwidths", 3, each=rows, by=best_throughput)
def reached(q: Quantities, size: str, kind: str) -> float:
    """All-to-all throughput that a routing was found for."""
    return q.node(f"search.bracket.{size}.{kind}").reached


@number("search.{}.{}.bound", "link bandwidths", 3, each=rows, by=best_throughput)
def bound(q: Quantities, size: str, kind: str) -> float:
    """All-to-all throughput that no routing exceeds."""
    return q.node(f"search.bracket.{size}.{kind}").bound


@number("search.moore.{}", "hops", 3, each=sizes, by=moore_mean_hops)
def moore(q: Quantities, size: str) -> float:
    """Least mean hops of any graph with that many chips and as many links a chip."""
    return moore_mean_hops(prod(shape_of(q, size)), int(q.search.links))


def best_drawn(q: Quantities, size: str) -> Quantity:
    """The torus that people drew with the higher throughput: regular, or the published twist."""
    kinds = [kind for kind in DRAWN if (size, kind) in rows(q)]
    return max((q.search[size][kind].reached for kind in kinds), key=lambda found: found.value)


@number("search.gain.{}", "x", 2, each=sizes, formula="throughput reached on the graph / that of the best drawn torus")
def gain(q: Quantities, size: str) -> float:
    """How many times more all-to-all throughput the found graph has than the best torus that people drew."""
    return q.search[size].graph.reached / best_drawn(q, size)


@number("search.gain_bound.{}", "x", 2, each=sizes, formula="bound of the graph / throughput of the best drawn torus")
def gain_bound(q: Quantities, size: str) -> float:
    """The same if a routing met the bound."""
    return q.search[size].graph.bound / best_drawn(q, size)


@number("search.mean_gain", "x", 2, formula="geometric mean of the gains")
def mean_gain(q: Quantities) -> float:
    """Geometric mean of the gains over all sizes compared."""
    found = [float(q.search.gain[size]) for size in sizes(q)]
    return float(np.exp(np.log(found).mean()))


# ---------------------------------------------------------------------------------------------- GPT-3, and transfer
@node("search.cheapest.{}", each=tuple(SLICES), keep=True)
def cheapest(q: Quantities, size: str) -> tuple[float, Form]:
    """The lattice of blocks with the least communication time of a GPT-3 step, and that time."""
    found = lattice_forms.forms(prod(SLICES[size]), unit=EDGE)
    return lattice_search.cheapest(found, lambda form: step_seconds(q, lattice_forms.twisted(form), SLICES[size]))


@number("search.training.{}.{}", "s", 3, each=((tuple(SLICES), ("regular", "found")),), by=mixes.objective)
def training(q: Quantities, size: str, which: str) -> float:
    """Communication time of a GPT-3 step on the regular torus, or on the best lattice of blocks."""
    return (
        q.node(f"search.cheapest.{size}")[0] if which == "found" else step_seconds(q, Torus(SLICES[size]), SLICES[size])
    )


@number("search.training_twisted.{}", "s", 3, each=("n128", "n256"), by=mixes.objective)
def training_twisted(q: Quantities, size: str) -> float:
    """The same on the published twist."""
    return step_seconds(q, TwistedTorus(SLICES[size]), SLICES[size])


@number(
    "search.training_gain.{}",
    "x",
    2,
    each=tuple(SLICES),
    formula="time on the best drawn torus / time on the best lattice",
)
def training_gain(q: Quantities, size: str) -> float:
    """How many times faster a GPT-3 step communicates on the best lattice than on the best torus that people drew."""
    drawn = [q.search.training[size].regular.value] + (
        [q.search.training_twisted[size].value] if size != "n512" else []
    )
    return min(drawn) / q.search.training[size].found


@number("search.training_spec.{}", "", each=tuple(SLICES), by=lattice_forms.twisted)
def training_spec(q: Quantities, size: str) -> str:
    """The lattice of blocks that is best for GPT-3."""
    return lattice_forms.twisted(q.node(f"search.cheapest.{size}")[1]).spec


@node("search.transfer", keep=True)
def transfer(q: Quantities) -> NDArray[np.float64]:
    """Seconds of each mix on what was found for each, and on the regular torus, at 512 chips: (networks, mixes).

    All-to-all takes the best routing found; the others go by shortest paths, evenly.
    """
    size, kinds = "n512", ("regular", "lattice", "graph")
    networks = [q.node(f"search.topology.{size}.{kind}") for kind in kinds] + [
        lattice_forms.twisted(q.node(f"search.cheapest.{size}")[1])
    ]
    rates = [float(q.search[size][kind].reached) for kind in kinds] + [networks[-1].all_to_all_throughput()]
    return np.array([mix_seconds(q, one, rate, SLICES[size]) for one, rate in zip(networks, rates, strict=True)])


NETWORKS = ("regular", "lattice", "graph", "trained")


@number("search.cross.{}.{}", "ms", 2, each=((NETWORKS, MIXES[:2]),), by=mixes.objective)
def cross(q: Quantities, network: str, mix: str) -> float:
    """Communication time of a mix at 512 chips on the regular torus, on what was found for all-to-all, or for GPT-3."""
    return q.node("search.transfer")[NETWORKS.index(network), MIXES.index(mix)]


@number("search.cross.{}.training", "ms", each=NETWORKS, by=mixes.objective, whole=True)
def cross_training(q: Quantities, network: str) -> float:
    """Communication time of a GPT-3 step on the same."""
    return q.node("search.transfer")[NETWORKS.index(network), MIXES.index("training")]


@number("search.latency_model", "", kind="assumed")
def latency_model(q: Quantities) -> str:
    """Time of a message on a pipelined network, where packets of it are on all links of the route at once
    (dally2004).
    """
    return "bytes/bandwidth + len(path)*hop latency"


@number("search.plan_gain", "x", 1, kind="assumed")
def plan_gain(q: Quantities) -> float:
    """The gain that the plan states for GPT-3 (plan/seed.md, line 605)."""
    return 1.3
