"""Questions of the plan's graph: what each wave blocks, and the longest chain."""

from typing import Any

from phextpaper.press.sources.plan import PlannedWave


def digraph(waves: dict[int, PlannedWave]) -> Any:
    """The waves as a networkx graph: an edge from each need to the wave that needs it."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(waves)
    graph.add_edges_from((need, wave.n) for wave in waves.values() for need in wave.needs)
    return graph


def is_acyclic(waves: dict[int, PlannedWave]) -> bool:
    """Whether the needs form no circle."""
    import networkx

    return bool(networkx.is_directed_acyclic_graph(digraph(waves)))


def blocks(waves: dict[int, PlannedWave]) -> dict[int, tuple[int, ...]]:
    """The transpose of the needs: which waves wait for each wave directly."""
    return {n: tuple(sorted(digraph(waves).successors(n))) for n in waves}


def critical_path(waves: dict[int, PlannedWave]) -> list[int]:
    """The chain of waves that takes the most minutes; of equal ones, the one with the lowest numbers."""
    finish: dict[int, tuple[int, tuple[int, ...]]] = {}
    for n in _topological(waves):
        before = min(((-minutes, path) for minutes, path in (finish[need] for need in waves[n].needs)), default=(0, ()))
        finish[n] = waves[n].minutes - before[0], (*before[1], n)
    return list(min(((-minutes, path) for minutes, path in finish.values()), default=(0, ()))[1])


def _topological(waves: dict[int, PlannedWave]) -> list[int]:
    import networkx

    return list(networkx.lexicographical_topological_sort(digraph(waves)))
