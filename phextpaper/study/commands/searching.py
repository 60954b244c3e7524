"""`search`: a graph beyond tori that switches can make of blocks, on this computer or on many."""

from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from phextpaper.errors import InputError
from phextpaper.press.commands.options import as_json, print_json, standard

if TYPE_CHECKING:
    from phextpaper.engine.networks.lattice_topology import LatticeTopology
    from phextpaper.engine.networks.topology import Topology
    from phextpaper.engine.routing.throughput_bounds import Throughput
    from phextpaper.engine.search.graph_search import Switched

LARGEST, ROUNDS = 16_384, 150


@click.command()
@click.option(
    "--chips",
    required=True,
    metavar="NUMBER|SHAPE",
    help="Chips in all, such as 512, or along each dimension, such as 8x8x8.",
)
@click.option(
    "--edge", type=click.IntRange(3, 8), default=4, show_default=True, help="Chips along the edge of a block."
)
@click.option(
    "--evaluations", type=click.IntRange(1), default=20_000, show_default=True, help="Candidates to judge by hops."
)
@click.option(
    "--refinements",
    type=click.IntRange(0),
    help="Candidates to judge by throughput.  [default: a hundredth of the evaluations]",
)
@click.option(
    "--restarts", type=click.IntRange(1), default=16, show_default=True, help="Annealings that share the evaluations."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=2023,
    show_default=True,
    help="Seed of the first annealing; the others count on.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers do the work, such as tcp://host:8786."
)
@click.option("--out", metavar="FILE", help="Write the links of the graph, for `phextpaper topology edges:FILE`.")
@as_json
@standard
def search(
    chips: str,
    edge: int,
    evaluations: int,
    refinements: int | None,
    restarts: int,
    seed: int,
    scheduler: str | None,
    out: str | None,
    json_wanted: bool,
    params: str | None,
    built: str | None,
) -> int:
    """Search a graph that the switches can make of blocks, for all-to-all traffic.

    Inside a block links are wires. At each place of a block's face one switch joins the upper ends of all blocks with
    the lower ends of all blocks; the search chooses how many blocks on. Throughput is all-to-all, in bandwidths of a
    link a chip: split evenly over shortest paths, then the best routing found, then what no routing exceeds. JSON keys:
    chips shape edge evaluations refinements restarts seed networks (name spec mean_hops diameter max_link_load even
    reached bound) moore_mean_hops switched_mean_hops gain steps.
    """
    from functools import partial

    from phextpaper.engine.routing.throughput_bounds import best_throughput, rounds_for
    from phextpaper.engine.search import graph_bounds
    from phextpaper.engine.search import restarts as engine
    from phextpaper.engine.search.graph_search import moore_mean_hops
    from phextpaper.press.pipeline.cluster import run_all

    shape = shape_of(chips, edge)
    if out and not Path(out).absolute().parent.is_dir():
        raise _unwritable(out, "no such folder")  # before the search, not after it
    found = engine.search(
        shape,
        edge,
        evaluations=evaluations,
        seed=seed,
        restarts=restarts,
        refinements=refinements,
        run=partial(run_all, scheduler=scheduler),
    )
    graph = found.best.graph
    routed = best_throughput(graph.neighbours(), graph.sources, graph.classes(), rounds=rounds_for(prod(shape), ROUNDS))
    networks = [*_tori(shape, edge), _measured("graph found", graph.graph(), routed)]
    best = max(network["reached"] for network in networks[:-1])
    answer: dict[str, Any] = {
        "chips": prod(shape),
        "shape": list(shape),
        "edge": edge,
        "evaluations": found.annealed,
        "refinements": found.refined,
        "restarts": restarts,
        "seed": seed,
        "networks": networks,
        "moore_mean_hops": moore_mean_hops(prod(shape), 2 * len(shape)),
        "switched_mean_hops": graph_bounds.switched_mean_hops(shape, edge),
        "gain": _rounded(networks[-1]["reached"] / best),
        "steps": found.best.steps,
    }
    if out:
        _write(Path(out), graph)
        networks[-1]["spec"] = f"edges:{out}"
    if json_wanted:
        print_json(answer)
        return 0
    click.echo(
        f"{'':<24} {'mean hops':>9} {'diameter':>8} {'worst load':>10} {'even split':>10} "
        f"{'best routing':>12} {'at most':>8}"
    )
    for row in networks:
        click.echo(
            f"{row['name']:<24} {row['mean_hops']:9.3f} {row['diameter']:8d} {row['max_link_load']:10.1f} "
            f"{row['even']:10.3f} {row['reached']:12.3f} {row['bound']:8.3f}"
        )
    links = 2 * len(shape)
    for name, hops in (
        ("switches, at best", answer["switched_mean_hops"]),
        (f"degree {links}, at best", answer["moore_mean_hops"]),
    ):
        click.echo(f"{name:<24} {hops:9.3f} {'':>42} {links / hops:8.3f}")
    click.echo(
        f"the graph carries {answer['gain']:.3f} times what the best of the tori carries"
        + (f"; its links are in {out}" if out else "; --out FILE writes its links")
    )
    return 0


def shape_of(chips: str, edge: int) -> tuple[int, ...]:
    """A shape from its sides, or the one nearest to a cube for a number of chips; blocks must fill it."""
    parts = chips.lower().split("x")
    if not all(part.isascii() and part.isdecimal() and int(part) for part in parts) or len(parts) not in (1, 3):
        raise InputError(
            f"{chips!r} is no number of chips and no shape", where="--chips", remedy="give one such as 512 or 8x8x8"
        )
    total, block = prod(int(part) for part in parts), edge**3
    if total > LARGEST:
        raise InputError(f"{total} chips are too many", where="--chips", remedy=f"at most {LARGEST}")
    remedy = f"give a multiple of {block}, twice that at least, or a shape whose sides are multiples of {edge}"
    if total < 2 * block:
        raise InputError(
            f"{total} chips are less than two blocks of {edge} x {edge} x {edge}", where="--chips", remedy=remedy
        )
    if total % block or (len(parts) == 3 and any(int(part) % edge for part in parts)):
        raise InputError(
            f"blocks of {edge} x {edge} x {edge} do not fill {chips} chips", where="--chips", remedy=remedy
        )
    if len(parts) == 3:
        return tuple(int(part) for part in parts)
    blocks = total // block
    boxes = [
        (a, b, blocks // a // b)
        for a in range(1, blocks + 1)
        if blocks % a == 0
        for b in range(a, blocks // a + 1)
        if blocks // a % b == 0
    ]
    return tuple(edge * side for side in min((box for box in boxes if box[1] <= box[2]), key=sum))


def _tori(shape: tuple[int, ...], edge: int) -> list[dict[str, Any]]:
    """The regular torus, the published twist where there is one, and the best lattice that blocks can be wired to."""
    from contextlib import suppress

    from phextpaper.engine.networks.topologies import Torus, TwistedTorus
    from phextpaper.engine.networks.twists import published_twists
    from phextpaper.engine.routing.throughput_bounds import lattice_throughput, rounds_for
    from phextpaper.engine.search.lattice_forms import twisted
    from phextpaper.engine.search.lattice_search import exhaustive

    found: list[tuple[str, LatticeTopology]] = [("regular torus", Torus(shape))]
    with suppress(InputError):  # where none is published for this shape
        found.append(("published twist", TwistedTorus(shape, published_twists(shape))))
    found.append(("best lattice of blocks", twisted(exhaustive(prod(shape), unit=edge).best)))
    return [
        _measured(name, torus, lattice_throughput(torus, rounds=rounds_for(torus.size, ROUNDS)))
        for name, torus in found
    ]


def _measured(name: str, topology: "Topology", routed: "Throughput") -> dict[str, Any]:
    """The figures of one network, rounded past what could differ by the order of a sum."""
    load = topology.max_link_load()
    even = (topology.size - 1) / load
    return {
        "name": name,
        "spec": topology.spec,
        "mean_hops": topology.mean_hops(),
        "diameter": topology.diameter(),
        "max_link_load": _rounded(load),
        "even": _rounded(even),
        "reached": _rounded(max(routed.reached, even)),
        "bound": _rounded(routed.bound),
    }


def _rounded(number: float) -> float:
    return float(f"{number:.9g}")


def _write(path: Path, graph: "Switched") -> None:
    """The links of a graph, one a line, each once; chips are numbered as in a torus of the same shape."""
    links = sorted(
        (node, other) for node, row in enumerate(graph.neighbours().tolist()) for other in row if node < other
    )
    try:
        path.write_text("".join(f"{node},{other}\n" for node, other in links), encoding="utf-8")
    except OSError as problem:
        raise _unwritable(str(path), problem.strerror or str(problem)) from None


def _unwritable(path: str, reason: str) -> InputError:
    return InputError(f"cannot be written ({reason})", where=path, remedy="give --out a file in a folder that exists")
