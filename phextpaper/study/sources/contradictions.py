"""Where the written plan contradicts itself, and where what was added to it contradicts what was written."""

from dataclasses import dataclass

from phextpaper.press.sources.plan import PlannedWave, SeedWave


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
