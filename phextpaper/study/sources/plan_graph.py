"""Questions of the plan's graph: what each wave blocks, the longest chain, and where the written plan contradicts itself."""

from dataclasses import dataclass

from phextpaper.press.sources.plan import PlannedWave, SeedWave


def digraph(waves: dict[int, PlannedWave]):
    """The waves as a networkx graph: an edge from each need to the wave that needs it."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(waves)
    graph.add_edges_from((need, wave.n) for wave in waves.values() for need in wave.needs)
    return graph


def is_acyclic(waves: dict[int, PlannedWave]) -> bool:
    """Whether the needs form no circle."""
    import networkx

    return networkx.is_directed_acyclic_graph(digraph(waves))


def blocks(waves: dict[int, PlannedWave]) -> dict[int, tuple[int, ...]]:
    """The transpose of the needs: which waves wait for each wave directly."""
    return {n: tuple(sorted(digraph(waves).successors(n))) for n in waves}


def critical_path(waves: dict[int, PlannedWave]) -> list[int]:
    """The chain of waves that takes the most minutes; of equal ones, the one with the lowest numbers."""
    finish: dict[int, tuple[int, tuple[int, ...]]] = {}
    for n in _topological(waves):
        before = min(((-minutes, path) for minutes, path in (finish[need] for need in waves[n].needs)), default=(0, ()))
        finish[n] = waves[n].minutes - before[0], (*before[1], n)
    return list(min((-minutes, path) for minutes, path in finish.values())[1])


def _topological(waves: dict[int, PlannedWave]) -> list[int]:
    import networkx

    return list(networkx.lexicographical_topological_sort(digraph(waves)))


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One disagreement of the seed: `first` and `second` are waves, `kind` says which line lacks what."""

    first: int
    second: int
    kind: str
    line: int


CLAIMED, OMITTED = "blocks without need", "need without block"


def contradictions(seed: dict[int, SeedWave], waves: dict[int, PlannedWave]) -> list[Contradiction]:
    """Where the seed's Blocks lines and the Dependencies lines (of the seed, then of the extended plan) disagree.

    A Blocks entry contradicts where the later wave needs the earlier one neither directly nor through others. A need
    contradicts where the earlier wave's Blocks line leaves it out.
    """
    import networkx

    needs = {n: seed[n].depends if n in seed else waves[n].needs for n in waves}
    graph = networkx.DiGraph((need, n) for n in needs for need in needs[n])
    graph.add_nodes_from(waves)
    later = {n: networkx.descendants(graph, n) for n in seed}
    found = [
        Contradiction(n, other, CLAIMED, wave.blocks_line)
        for n, wave in seed.items()
        for other in wave.blocks
        if other not in later[n]
    ]
    found += [
        Contradiction(need, n, OMITTED, seed[need].blocks_line)
        for n in needs
        for need in needs[n]
        if need in seed and n not in seed[need].blocks
    ]
    return sorted(found, key=lambda item: (item.first, item.second, item.kind))
