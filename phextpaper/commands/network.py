"""`topology` and `route`: figures of any topology that a spec names, and paths in it."""

import click

from phextpaper.commands.options import as_json, print_json, standard
from phextpaper.errors import InputError

LARGEST_LOADS = 2**17


@click.command()
@click.argument("spec")
@as_json
@standard
def topology(spec: str, json_wanted: bool, params: str | None, built: str | None) -> int:
    """Size, degree, hops, bisection, worst link load and throughput of SPEC, such as torus:16x16x16 or edges:FILE.csv."""
    from phextpaper.engine.bisection import bisection
    from phextpaper.engine.link_loads import link_loads
    from phextpaper.engine.topologies import LatticeTopology, parse_spec

    graph = parse_spec(spec)
    if graph.size > LARGEST_LOADS and not isinstance(graph, LatticeTopology):
        raise InputError(f"{graph.size} nodes are too many for exact loads of a general graph", where=spec,
                         remedy=f"give at most {LARGEST_LOADS}, or a torus, lattice or hypercube")
    cut, load = bisection(graph), float(f"{link_loads(graph).max():.12g}")
    answer = {"spec": graph.spec, "size": graph.size, "degree": graph.degree, "diameter": graph.diameter(), "mean_hops": graph.mean_hops(),
              "bisection_links": cut.links, "max_link_load": load, "all_to_all_throughput": (graph.size - 1) / load,
              "vertex_transitive": isinstance(graph, LatticeTopology)}
    if cut.links is None:
        answer["bisection_upper_bound"] = cut.upper_bound
    if json_wanted:
        print_json(answer)
        return 0
    units = {"size": "nodes", "degree": "links a node", "diameter": "hops", "mean_hops": "hops over ordered pairs of different nodes",
             "bisection_links": "links", "bisection_upper_bound": "links", "max_link_load": "ordered pairs over the busiest directed link",
             "all_to_all_throughput": "link bandwidths a node"}
    for key, value in answer.items():
        shown = "no exact value known" if value is None else f"{value:.6g}" if isinstance(value, float) else value
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

    A and B are coordinates from 1 (8.8.8 or 8.8.8/1.1), positions from 0 (7,7,7) or node numbers.
    """
    from phextpaper.engine.topologies import parse_spec

    graph = parse_spec(spec)
    a, b = _node(graph, source), _node(graph, destination)
    hops = graph.hop_counts(b)
    neighbours, nodes, ports = graph.neighbours(), [a], []
    while nodes[-1] != b:
        row = neighbours[nodes[-1]]
        port = next(port for port, node in enumerate(row) if node >= 0 and hops[node] == hops[nodes[-1]] - 1)
        ports.append(port)
        nodes.append(int(row[port]))
    path = [{"node": node, "coordinate": _name(graph, node)} for node in nodes]
    answer = {"spec": graph.spec, "source": a, "destination": b, "hops": len(ports), "minimal": len(ports) == int(hops[a]),
              "path": path, "ports": ports}
    if json_wanted:
        print_json(answer)
        return 0
    for step, place in enumerate(path):
        click.echo(f"{step:4d}  {place['coordinate']:<16} node {place['node']}" + (f", through port {ports[step - 1]}" if step else ""))
    click.echo(f"{len(ports)} hop{'' if len(ports) == 1 else 's'}, as short as any path")
    return 0


def _node(graph, text: str) -> int:
    """A node from a coordinate from 1, a position from 0, or a number."""
    shape = getattr(graph, "shape", None)
    remedy = f"nodes run from 0 to {graph.size - 1}"
    if shape is not None:
        remedy += f"; coordinates from {'.'.join('1' for _ in shape)} to {'.'.join(map(str, shape))}"
    head = text.strip().split("/")[0]
    separator = "," if "," in head else "."
    parts = head.split(separator)
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise InputError(f"{text!r} is no node of {graph.spec}", remedy=remedy)
    numbers = [int(part) for part in parts]
    if len(numbers) == 1 and (shape is None or len(shape) > 1 or separator == "."):
        node = numbers[0]
    elif shape is not None and len(numbers) == len(shape):
        zero_based = numbers if separator == "," else [number - 1 for number in numbers]
        if any(not 0 <= number < length for number, length in zip(zero_based, shape, strict=True)):
            raise InputError(f"{text!r} lies outside {graph.spec}", remedy=remedy)
        node = int(graph.index(zero_based))
    else:
        raise InputError(f"{text!r} has {len(numbers)} parts; {graph.spec} has {len(shape) if shape else 1}", remedy=remedy)
    if not 0 <= node < graph.size:
        raise InputError(f"{text!r} is no node of {graph.spec}", remedy=remedy)
    return node


def _name(graph, node: int) -> str:
    if getattr(graph, "shape", None) is None:
        return str(node)
    return ".".join(str(int(part) + 1) for part in graph.coordinates(node).ravel())
