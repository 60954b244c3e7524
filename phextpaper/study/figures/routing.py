"""Figure 2: routes link by link, of an all-reduce in a unit, an all-to-all on a twisted torus, lookups in a batch."""

from itertools import pairwise
from math import ceil
from typing import Any

from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures import style
from phextpaper.press.figures.drawing import Drawing, Grid, Point
from phextpaper.press.pipeline.render import words
from phextpaper.study.quantities.routes import doubling, rounds_of
from phextpaper.study.quantities.routing import ring_nodes

WORDS = "figures/routing.j2"
CANVAS = (1000, 800)
LEFT, RIGHT = 3.0, 249.0
ROW_LEFT, ROW_WIDTH, ROW_TOP, ROW_STEP = 32.0, 152.0, 19.0, 13.0
LOWER, LOWER_TOP, LOWER_HEIGHT, NOTES = 86.0, 110.0, 46.0, 171.0
SPREAD_LEFT, SPREAD_WIDTH = 11.0, 96.0
ASK_LEFT, ASK_WIDTH = 140.0, 104.0
CELL = 11.5
ROWS, WIDE = 54.0, 8.5
GAP = 2.9  # from a cell's centre to where arrows begin and end, so that the number in it stays free
STUB = 4.0  # how far a link shows beyond the edge of a grid that it leaves
DARKEST = 0.5  # of the scale, so that numbers and arrows stand out
WIRE: dict[str, Any] = {"colour": style.INK, "width": 0.6, "head": 2.6}
EDGE: dict[str, Any] = {"line": style.LINES, "thick": style.HAIR}
OPTICAL: dict[str, Any] = {"colour": style.CRIMSON, "width": 1.0, "head": 2.6}


def draw(q: Quantities) -> Drawing:
    """The whole figure."""
    drawing = Drawing("fig-2", words(q, WORDS, "figure"), _description(q), CANVAS)
    _reduce(drawing, q)
    _spread(drawing, q)
    _lookup(drawing, q)
    _legend(drawing, q)
    return drawing


def _description(q: Quantities) -> str:
    """The figure in words, for those who do not see it."""
    return words(q, WORDS, "description")


def _hop(
    drawing: Drawing, start: Point, end: Point, names: tuple[str, str], optical: bool, around: Grid | None = None
) -> None:
    """An arrow between two cells; `around` a grid it leaves on one side and comes in on the other."""
    (x, y), (u, v) = start, end
    down, right = (v > y) - (v < y), (u > x) - (u < x)
    look, id = OPTICAL if optical else WIRE, f"arrow--{'--'.join(names)}"
    if around is None:
        long = abs(u - x) + abs(v - y)
        gap = min(GAP, long / 4)
        drawing.arrow(
            [(x + right * gap, y + down * gap), (u - right * gap, v - down * gap)],
            id=id,
            **{**look, "head": min(look["head"], 0.7 * (long - 2 * gap))},
        )
        return
    (left, top), width, height = around.corner, around.width, around.height
    if abs(v - y) > height / 2:
        out, back = (top - STUB - 3, top + height + STUB + 3)[:: down or 1]
        drawing.arrow([(x, y - down * GAP), (x, out)], [(u, back), (u, v + down * GAP)], id=id, **look)
    else:
        out, back = (left - STUB, left + width + STUB)[:: right or 1]
        gap = min(GAP, around.cell[0] / 4)
        drawing.arrow([(x - right * gap, y), (out, y)], [(back, v), (u + right * gap, v)], id=id, **look)


def _number(
    drawing: Drawing, place: Point, names: tuple[str, str], content: object, *, colour: str = style.INK
) -> None:
    drawing.text(*place, content, id=f"hop--{'--'.join(names)}", ha="center", colour=colour)


def _start(drawing: Drawing, place: Point) -> None:
    x, y = place
    drawing.box(x - 1.8, y - 1.8, 3.6, 3.6, fill=style.NAVY, above=5)


def _head(drawing: Drawing, x: float, y: float, title: object) -> None:
    drawing.text(x, y, title, id="title--panel", bold=True)


# ---------------------------------------------------------------------------------------------- panel a
def _reduce(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("reduce")
    layout, r = q.node("layout.machine"), q.routes
    _head(drawing, LEFT, 7, words(q, WORDS, "reduce", doubling=doubling(q)))
    chips = len(ring_nodes(q))
    pitch = ROW_WIDTH / chips
    step = min(ROW_STEP, ROWS / len(rounds_of(q)))
    every, up, down = (
        (1, 0.0, 0.0) if pitch >= WIDE else (ceil(WIDE / pitch), -1.4, 2.4)
    )  # in narrow cells numbers stand over arrows
    for row, key in enumerate(rounds_of(q)):
        grid = drawing.grid("1.1.chapter", (ROW_LEFT, ROW_TOP + row * step), (pitch, step - 3), 1, chips)
        drawing.boxes(
            [grid.box(1, column) for column in range(1, int(r.summed[key]) + 1)],
            id=f"summed--{key}",
            fill=style.PALE,
            **EDGE,
        )
        middle = grid.centre(1, 1)[1]
        drawing.text(LEFT, middle, words(q, WORDS, "round", key=key))
        drawing.text(RIGHT, middle, words(q, WORDS, "hops_and_sum", key=key), ha="right")
        route = [int(layout.coordinate(node)[2]) for node in q.node("routes.reduce")[row]]
        for hops, (a, b) in enumerate(pairwise(route), 1):
            names = f"1.1.{a}", f"1.1.{b}"
            (start, level), (end, _) = grid.centre(1, a), grid.centre(1, b)
            _hop(
                drawing,
                (start, level + down),
                (end, level + down),
                names,
                _optical(q, names),
                grid if abs(a - b) > 1 else None,
            )
            if hops % every == 0:
                _number(drawing, (end, level + up), names, r.walked[f"s{hops}"])
        _start(drawing, grid.centre(1, route[0]))
    drawing.text(ROW_LEFT, ROW_TOP - 4.5, "1.1.1", id="label--1.1.1")
    drawing.text(ROW_LEFT + ROW_WIDTH, ROW_TOP - 4.5, f"1.1.{chips}", id=f"label--1.1.{chips}", ha="right")
    drawing.text(RIGHT, ROW_TOP + len(rounds_of(q)) * step + 1.5, words(q, WORDS, "in_sequence"), ha="right")


def _optical(q: Quantities, names: tuple[str, str]) -> bool:
    layout = q.node("layout.machine")
    if layout.block_grid is None:
        return True
    ends = [int(layout.index([int(part) for part in name.split(".")])) for name in names]
    return bool(link_kinds([ends], layout.shape, layout.block).optical[0])


# ---------------------------------------------------------------------------------------------- panel b
def _spread(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("spread")
    r, sides = q.routes, q.node("routes.slice")
    _head(drawing, LEFT, LOWER, words(q, WORDS, "spread"))
    drawing.text(LEFT, LOWER + 8.5, words(q, WORDS, "slice"))
    cell = min(CELL, SPREAD_WIDTH / sides[2]), min(CELL, LOWER_HEIGHT / sides[0])
    grid = drawing.grid("volume.1.chapter", (SPREAD_LEFT, LOWER_TOP), cell, sides[0], sides[2])
    found = q.node("routes.spread")
    most = max(hops for *_, hops, _ in found)
    colours = {hops: style.on_scale(hops / most * DARKEST) for hops in range(1, most + 1)}
    for hops, colour in colours.items():
        drawing.boxes(
            [grid.box(*end) for _, end, far, _ in found if far == hops], id=f"far--{hops}", fill=colour, **EDGE
        )
    for start, end, hops, optical in found:
        names, apart = (
            (f"{start[0]}.1.{start[1]}", f"{end[0]}.1.{end[1]}"),
            abs(end[0] - start[0]) + abs(end[1] - start[1]),
        )
        _hop(drawing, grid.centre(*start), grid.centre(*end), names, optical, grid if apart > 1 else None)
        _number(drawing, grid.centre(*end), names, r.reach[f"v{end[0]}c{end[1]}"], colour=style.ink_on(colours[hops]))
        if apart > 1 and start[0] != end[0]:
            _seam(drawing, q, grid, start, end)
    _start(drawing, grid.centre(1, 1))
    drawing.text(LEFT, NOTES, words(q, WORDS, "mean_hops"))
    drawing.text(LEFT, NOTES + 7.5, words(q, WORDS, "throughput"))


def _seam(drawing: Drawing, q: Quantities, grid: Grid, start: tuple[int, int], end: tuple[int, int]) -> None:
    """The names of a link's other ends, where it leaves the drawing over the end of the volumes and comes in again."""
    for here, there, way in ((start, end, "leads_to"), (end, start, "comes_from")):
        x, y = grid.centre(*here)
        side = -1 if here[0] == 1 else 1
        drawing.text(
            x + 2.5,
            y + side * (grid.cell[1] / 2 + 4.2),
            words(q, WORDS, way, chip=f"{there[0]}.1.{there[1]}"),
            id=f"seam--{here[0]}.1.{here[1]}",
        )


# ---------------------------------------------------------------------------------------------- panel c
def _lookup(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("lookup")
    r, found = q.routes, q.node("routes.lookup")
    first, last = found.window
    asking = found.asking
    _head(drawing, ASK_LEFT, LOWER, words(q, WORDS, "lookup"))
    drawing.text(ASK_LEFT, LOWER + 8.5, words(q, WORDS, "asked", chip=".".join(map(str, asking))))
    trunk = [asking, *(end for start, end, *_ in found.links if start[2] == end[2])]
    pitch = min(CELL, ASK_WIDTH / (last - first + 1))
    column = asking[2] - first
    name, corner = f"{trunk[-1][0]}.{trunk[-1][1]}.chapter{first}", (ASK_LEFT, LOWER_TOP + (len(trunk) - 1) * CELL)
    grid = drawing.grid(name, corner, (pitch, CELL), 1, last - first + 1)
    drawing.boxes(
        [grid.box(1, owner[2] - first + 1) for owner in found.owners], id="owners--rows", fill=style.AMBER, **EDGE
    )
    places = {
        chip: (ASK_LEFT + (column + 0.5) * pitch, LOWER_TOP + (row + 0.5) * CELL) for row, chip in enumerate(trunk)
    }
    places |= {(*trunk[-1][:2], chapter): grid.centre(1, chapter - first + 1) for chapter in range(first, last + 1)}
    for row, chip in enumerate(trunk[:-1]):
        box = ASK_LEFT + column * pitch, LOWER_TOP + row * CELL, pitch, CELL
        drawing.box(*box, id=f"cell--{'.'.join(map(str, chip))}", fill=style.WHITE, **EDGE)
    for start, end, *_ in found.links:
        names = ".".join(map(str, start)), ".".join(map(str, end))
        _hop(drawing, places[start], places[end], names, _optical(q, names))
        _number(drawing, places[end], names, r.away["-".join(map(str, end))])
    _start(drawing, places[asking])
    for row, line in enumerate(("lookups", "shared", "together")):
        x, y = places[asking][0] + pitch / 2 + 3, LOWER_TOP + CELL * 1.5 + 7.5 * (row - 1)
        drawing.text(x, y, words(q, WORDS, line))
    for chip, side in ((found.owners[0], "left"), (found.owners[-1], "right")):
        label = ".".join(map(str, chip))
        drawing.text(
            places[chip][0] + (-pitch / 2 if side == "left" else pitch / 2),
            grid.corner[1] + CELL + 5,
            label,
            id=f"label--{label}",
            ha=side,
        )
    drawing.text(ASK_LEFT, NOTES, words(q, WORDS, "drawn_hops"))
    drawing.text(ASK_LEFT, NOTES + 7.5, words(q, WORDS, "whole_hops"))


def _legend(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("legend")
    entries = [
        ("box", style.NAVY, style.NAVY, words(q, WORDS, "start")),
        ("arrow", "", OPTICAL, words(q, WORDS, "optical")),
        ("box", style.PALE, style.LINES, words(q, WORDS, "summed")),
        ("box", style.AMBER, style.LINES, words(q, WORDS, "owner")),
        ("arrow", "", WIRE, words(q, WORDS, "wire")),
        ("box", style.on_scale(DARKEST), style.LINES, words(q, WORDS, "farther")),
    ]
    wired = q.node("layout.machine").block_grid is not None
    drawing.legend(
        [entry for entry in entries if wired or entry[2] is not WIRE], LEFT, 189.0, columns=(86, 86, 60), pitch=8
    )
