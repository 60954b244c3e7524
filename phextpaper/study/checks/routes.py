"""Routes as a finished text shows them: chains of chips, and rows of routing tables, each looked up in the topology."""

from collections.abc import Sequence
from itertools import pairwise

from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.study.quantities.layout import chip_index


def steps(q: Quantities, text: Markdown) -> list[tuple[int, int]]:
    """Every step of the chains ``a -> b -> c`` in the fences of a text, as chips."""
    chains = [line.split("->") for fence in text.fences for line in fence.text.splitlines() if "->" in line]
    return [step for chain in chains for step in pairwise(chip_index(q, name.strip()) for name in chain)]


def no_links(q: Quantities, walked: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The steps that are no links of the 3D torus."""
    neighbours = q.node("topologies.torus_3d.graph").neighbours()
    return [(start, end) for start, end in walked if end not in neighbours[start]]


def row_holds(q: Quantities, row: tuple[str, ...]) -> bool:
    """Whether source, destination, next hop, hops and bandwidth are as distances and links say."""
    graph = q.node("topologies.torus_3d.graph")
    source, destination, following = (chip_index(q, cell) for cell in row[:3])
    distance = int(graph.hop_counts(source)[destination])
    return (
        following in graph.neighbours()[source]
        and int(graph.hop_counts(following)[destination]) == distance - 1
        and row[3] == str(distance)
        and row[4] == f"{format_value(q.machine.link_bandwidth.value, '.4g')} GB/s"
    )


def lookups_right(q: Quantities, rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows ``ID, owner, next hop, hops`` are the engine's lookups, with a first step that is a link."""
    return sum(
        int(row[0].replace(",", "")) == id
        and chip_index(q, row[1]) == chip
        and row[3] == str(route.hops)
        and (route.hops == 0 or not no_links(q, [(0, chip_index(q, row[2]))]))
        for row, (id, chip, route) in zip(rows, q.node("routing.lookup"), strict=False)
    )


def changes_right(q: Quantities, rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows ``destination, next hop before, after, hops before, after`` hold of the first chip's tables."""
    right = 0
    for name, *cells in rows:
        destination = chip_index(q, name)
        tables = q.node("routing.table"), q.node("topologies.twisted.table")
        following = [table.next_hop(0, destination) for table in tables]
        hops = [str(table.route(0, destination).hops) for table in tables]
        right += cells[0] != cells[1] and [chip_index(q, cell) for cell in cells[:2]] == following and cells[2:] == hops
    return right
