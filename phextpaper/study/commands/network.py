"""`topology` and `route`: figures of any topology that a spec names, and paths in it."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeGuard

import click
from numpy.typing import NDArray

from phextpaper.errors import InputError
from phextpaper.press.commands.options import as_json, print_json, standard

if TYPE_CHECKING:
    import numpy as np

    from phextpaper.engine.networks.lattice_topology import LatticeTopology
    from phextpaper.engine.networks.topology import Topology

LARGEST_LOADS = 2**17
LARGEST_ROUTED = 2**27


@click.command()
@click.argument("spec")
@as_json
@standard
def topology(spec: str, json_wanted: bool, params: str | None, built: str | None) -> int:
    """Size, degree, hops, bisection, worst link load and throughput of SPEC.

    SPEC is such as torus:16x16x16 or edges:FILE.csv.
    """
    from phextpaper.engine.networks.cuts import bisection
    from phextpaper.engine.networks.lattice_topology import LatticeTopology
    from phextpaper.engine.networks.topologies import parse_spec

    graph = parse_spec(spec)
    if graph.size > LARGEST_LOADS and not isinstance(graph, LatticeTopology):
        raise InputError(
            f"{graph.size} nodes are too many for exact loads of a general graph",
            where=spec,
            remedy=f"give at most {LARGEST_LOADS}, or a torus, lattice or hypercube",
        )
    cut, load = bisection(graph), float(f"{graph.max_link_load():.12g}")
    answer: dict[str, Any] = {
        "spec": graph.spec,
        "size": graph.size,
        "degree": graph.degree,
        "diameter": graph.diameter(),
        "mean_hops": graph.mean_hops(),
        "bisection_links": cut.links,
        "max_link_load": load,
        "all_to_all_throughput": (graph.size - 1) / load,
        "vertex_transitive": graph.vertex_transitive,
    }
    if cut.links is None:
        answer["bisection_upper_bound"] = cut.upper_bound
    if json_wanted:
        print_json(answer)
        return 0
    units = {
        "size": "nodes",
        "degree": "links a node",
        "diameter": "hops",
        "mean_hops": "hops over ordered pairs of different nodes",
        "bisection_links": "links",
        "bisection_upper_bound": "links",
        "max_link_load": "ordered pairs over the busiest directed link",
        "all_to_all_throughput": "link bandwidths a node",
    }
    for key, value in answer.items():
        known = (
            {None: "no exact value known", True: "yes", False: "not proven"}
            if value is None or isinstance(value, bool)
            else {}
        )
        shown = known[value] if known else f"{value:.6g}" if isinstance(value, float) else value
        click.echo(f"{key:<22} {shown} {units.get(key, '') if value is not None else ''}".rstrip())
    return 0


@click.command()
@click.argument("spec")
@click.argument("source", metavar="A")
@click.argument("destination", metavar="B")
@as_json
@standard
def route(spec: str, source: str, destination: str, json_wanted: bool, params: str | None, built: str | None) -> int:
    """The path from A to B in SPEC, hop by hop.

    A and B are coordinates from 1 (8.8.8 or 8.8.8/1.1), positions from 0 (7,7,7), node numbers or the names in an edge
    file.
    """
    from phextpaper.engine.networks.topologies import parse_spec

    graph = parse_spec(spec)
    if graph.size > LARGEST_ROUTED:
        raise InputError(
            f"{graph.size} nodes are too many for routes", where=spec, remedy=f"give at most {LARGEST_ROUTED}"
        )
    a, b = node_of(graph, source), node_of(graph, destination)
    nodes, ports = shortest_path(graph, a, b)
    # Counted from the other end than the search, so that this is a check and no echo.
    minimal = len(ports) == int(_hops_from(graph, a)([b])[0])
    path = [{"node": node, "coordinate": _name(graph, node)} for node in nodes]
    answer: dict[str, Any] = {
        "spec": graph.spec,
        "source": a,
        "destination": b,
        "hops": len(ports),
        "minimal": minimal,
        "path": path,
        "ports": ports,
    }
    if json_wanted:
        print_json(answer)
        return 0
    width = max(len(str(place["coordinate"])) for place in path)
    for step, place in enumerate(path):
        click.echo(
            f"{step:4d}  {place['coordinate']:<{width}}  node {place['node']}"
            + (f", through port {ports[step - 1]}" if step else "")
        )
    click.echo(
        f"{len(ports)} hop{'' if len(ports) == 1 else 's'}, "
        + ("as short as any path" if minimal else "longer than the shortest path")
    )
    return 0


def shortest_path(graph: "Topology", source: int, destination: int) -> tuple[list[int], list[int]]:
    """Nodes and ports of a shortest path by the lowest ports, as in `RoutingTable.minimal`, without its table."""
    nodes, ports, hops = [source], [], _hops_from(graph, destination)
    for nearer in range(int(hops([source])[0]) - 1, -1, -1):
        row = _through_ports(graph, nodes[-1])
        linked = row >= 0
        ports.append(int((linked & (hops(row * linked) == nearer)).argmax()))
        nodes.append(int(row[ports[-1]]))
    return nodes, ports


def _hops_from(graph: "Topology", origin: int) -> Callable[[Any], Any]:
    """Hops from one node to any few; a lattice has them from node 0, and moves the few."""
    if _has_coordinates(graph):
        return lambda nodes: graph.hop_counts(0)[graph.displacement(origin, nodes)]
    return graph.hop_counts(origin).__getitem__


def _through_ports(graph: "Topology", node: int) -> "NDArray[np.int64]":
    """The node behind each port of one node, -1 where there is none; a lattice needs no array of all for it."""
    if not _has_coordinates(graph):
        return graph.neighbours()[node]
    place = graph.coordinates(node)
    return graph.index(
        [[part + way * (d == dimension) for d, part in enumerate(place.tolist())] for dimension, way in graph.ports]
    )


def node_of(graph: "Topology", text: str) -> int:
    """A node from its name in an edge file, its number, a position from 0, or a coordinate from 1.

    Raises InputError for what names no node of the graph.
    """
    text, names = text.strip(), getattr(graph, "names", None) or ()
    lattice = graph if _has_coordinates(graph) else None
    shape = lattice.shape if lattice else ()
    remedy = (
        f"nodes run from 0 to {graph.size - 1}"
        + (f", coordinates from {_dotted([1] * len(shape))} to {_dotted(shape)}" if shape else "")
        + (f", or give a name of the file, such as {names[0]}" if names else "")
    )
    if text in names:
        return int(names.index(text))
    lengths: tuple[int, ...] = (graph.size,) if _whole(text) else shape
    if _whole(text):
        numbers = [int(text)]
    elif shape and _whole(*text.split(",")):
        numbers = [int(part) for part in text.split(",")]
    elif shape:
        numbers = [part - 1 for part in _counted(text, len(shape), remedy)]
    else:
        raise InputError(f"{text!r} is no node of {graph.spec}", remedy=remedy)
    if len(numbers) != len(lengths):
        raise InputError(f"{text!r} has {len(numbers)} parts, {graph.spec} has {len(lengths)}", remedy=remedy)
    if any(not 0 <= number < length for number, length in zip(numbers, lengths, strict=True)):
        raise InputError(f"{text!r} lies outside {graph.spec}", remedy=remedy)
    return int(lattice.index(numbers)) if lattice and not _whole(text) else numbers[0]


def _counted(text: str, dimensions: int, remedy: str) -> list[int]:
    """As many leading parts, from volume on, of a coordinate as there are dimensions."""
    from phextpaper.engine.naming.coordinates import Coordinate

    if "/" in text or ";" in text:
        parts = list(Coordinate.parse(text).parts)
        outer, parts = parts[:4], parts[4:]
        # Section and scroll name a link of the node, where the node does not need them itself.
        unused = outer + parts[dimensions:3]
    elif _whole(*text.split(".")):
        parts, outer = [int(part) for part in text.split(".")], []
        unused = parts[dimensions:] if len(parts) == 3 else []
        parts = parts[:dimensions] if len(parts) == 3 else parts
    else:
        raise InputError(f"{text!r} is no node", remedy=remedy)
    if any(part != 1 for part in unused):
        raise InputError(
            f"{text!r} names a place beyond {dimensions} dimension{'s' * (dimensions > 1)}",
            remedy=f"put 1 there; {remedy}",
        )
    return parts[:dimensions] if outer else parts


def _has_coordinates(graph: "Topology") -> TypeGuard["LatticeTopology"]:
    """A lattice's nodes have coordinates, and all look alike."""
    from phextpaper.engine.networks.lattice_topology import LatticeTopology

    return isinstance(graph, LatticeTopology)


def _whole(*parts: str) -> bool:
    return all(part.isascii() and part.isdigit() for part in parts)


def _dotted(parts: Iterable[int]) -> str:
    return ".".join(str(int(part)) for part in parts)


def _name(graph: "Topology", node: int) -> str:
    """A node's coordinate from 1, or its name or number in a graph without coordinates."""
    if _has_coordinates(graph):
        return _dotted(graph.coordinates(node) + 1)
    return str((getattr(graph, "names", None) or {node: node})[node])
