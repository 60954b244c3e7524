"""Figure 1: the machine on coordinates. Racks as grids of chips, the spares apart, the switches and what ends there."""

from itertools import pairwise

from phextpaper.engine.naming.coordinates import format_short
from phextpaper.press.documents.font_widths import text_width
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures import style
from phextpaper.press.figures.drawing import Drawing, Entry, Grid
from phextpaper.press.pipeline.render import words
from phextpaper.study.quantities.racks import DIMENSIONS, set_shape

WORDS = "figures/architecture.j2"
CANVAS = (1200, 900)
LEFT, RACK, STEP, TOP = 8.0, 44.0, 60.5, 42.0
BOTTOM = TOP + RACK
SPARE_LEFT = 203.0
SET_TOP, SET = 120.0, 26.0
LEVELS, LEVEL, BESIDE = (
    95.0,
    7.0,
    1.6,
)  # heights of the lines to the switches, and how far they stay apart where they end


def draw(q: Quantities) -> Drawing:
    """The whole figure."""
    title = words(q, WORDS, "title")
    drawing = Drawing("fig-1", words(q, WORDS, "figure"), _description(q), CANVAS)
    drawing.text(drawing.width / 2, 7, title, id="title--figure", size=style.HEAD, bold=True, ha="center")
    drawing.text(drawing.width / 2, 15.5, words(q, WORDS, "parts"), ha="center")
    places = q.node("racks.labelled")
    racks = {name: _rack(drawing, q, name, LEFT + STEP * number) for number, name in enumerate(places)}
    for (name, grid), (after, _) in pairwise(racks.items()):
        if places[after][0] > places[name][0] + 1:
            drawing.text(grid.corner[0] + (RACK + STEP) / 2, TOP + RACK / 2, "…", ha="center", size=style.HEAD)
    if list(places.values())[-1][0] < q.machine.volumes:
        drawing.text(LEFT + 2 * STEP + RACK + 9, TOP + RACK / 2, "…", ha="center", size=style.HEAD)
    _spares(drawing, q)
    _switches(drawing, q, {places[name][:3]: grid for name, grid in racks.items()})
    _legend(drawing, q)
    return drawing


def _description(q: Quantities) -> str:
    """The figure in words, for those who do not see it."""
    places = format_short([[*place, 1] for place in q.node("racks.labelled").values()])
    return words(q, WORDS, "description", places=places)


def _rack(drawing: Drawing, q: Quantities, name: str, left: float) -> Grid:
    volume, book, chapter, section = q.node("racks.labelled")[name]
    chip, link = f"{volume}.{book}.{chapter}", format_short([[volume, book, chapter, section, 1]])[0]
    drawing.text(left + RACK / 2, 26, words(q, WORDS, "rack", name=name), id=f"rack--{volume}", ha="center")
    drawing.text(left + RACK / 2, 34, link, id=f"label--{chip}", ha="center", colour=style.CRIMSON, bold=True)
    grid = _cells(drawing, q, volume, left, style.PALE)
    x, y = grid.centre(book, chapter)
    edge, corner = left + RACK + 3.5, book == grid.rows and chapter == grid.columns
    beside = left + RACK / 2 + text_width(link, style.SMALL, bold=True) / 2 + 1
    lead = (
        [(beside, 34), (edge, 34), (edge, y), (x, y)]
        if corner
        else [(min(max(x, left + 5), left + RACK - 5), 37.5), (x, y)]
    )
    drawing.path([lead], id=f"leader--{chip}", line=style.CRIMSON, width=style.THIN, above=5)
    drawing.box(*grid.box(book, chapter), id=f"cell--{chip}", fill=style.CRIMSON, line=style.CRIMSON, above=6)
    return grid


def _cells(drawing: Drawing, q: Quantities, volume: int, left: float, fill: str) -> Grid:
    """The chips of a volume, with the edges of its blocks."""
    layout = q.node("layout.machine")
    _, books, chapters = layout.shape
    grid = drawing.grid(
        f"{volume}.book.chapter", (left, TOP), (RACK / chapters, RACK / books), books, chapters, fill=fill
    )
    if layout.block_grid is not None and volume <= layout.volumes:
        _, across, along = layout.block
        lines = [
            [(left + RACK * column / chapters, TOP), (left + RACK * column / chapters, BOTTOM)]
            for column in range(0, chapters + 1, along)
        ]
        lines += [
            [(left, TOP + RACK * row / books), (left + RACK, TOP + RACK * row / books)]
            for row in range(0, books + 1, across)
        ]
        drawing.path(lines, id=f"blocks--{volume}", line=style.INK, width=style.THIN, above=3)
    return grid


def _spares(drawing: Drawing, q: Quantities) -> None:
    """The spare rack, or the first of several, apart from the others."""
    count, middle = q.machine.spare_volumes, SPARE_LEFT + RACK / 2
    divider = (LEFT + 2 * STEP + RACK + SPARE_LEFT) / 2 + 1
    drawing.path([[(divider, 21), (divider, BOTTOM + 4)]], line=style.LINES, dash=(2, 2))
    if count == 0:
        drawing.text(middle, TOP + RACK / 2, "no spares", ha="center")
        return
    first = int(q.layout.first_spare_volume)
    drawing.text(middle, 26, words(q, WORDS, "spare_racks"), id=f"rack--{first}", ha="center")
    drawing.text(middle, 34, words(q, WORDS, "spares"), ha="center")
    _cells(drawing, q, first, SPARE_LEFT, style.AMBER)
    drawing.text(SPARE_LEFT - 3, TOP + RACK / 2, q.machine.books.with_unit, ha="center", rotate=90)
    drawing.text(middle, BOTTOM + 6, q.machine.chapters.with_unit, ha="center")


def _switches(drawing: Drawing, q: Quantities, racks: dict[tuple[int, ...], Grid]) -> None:
    """The switches of each dimension, and the links of the labelled chips that end there."""
    for dimension, name in enumerate(DIMENSIONS):
        rows, columns, each = set_shape(q, dimension)
        left = LEFT + (RACK - SET) / 2 + STEP * dimension
        drawing.grid(
            name,
            (left, SET_TOP),
            (SET / columns / each, SET / rows),
            rows,
            columns * each,
            kind="switches",
            fill=style.TEAL,
            line=style.WHITE,
            width=style.THIN,
        )
        drawing.text(left + SET / 2, SET_TOP + SET + 6, words(q, WORDS, "ends", dimension=name), ha="center")
        for chip, along, place in q.node("racks.ends"):
            if along == dimension:
                turn = list(racks).index(chip)
                aside, start = BESIDE * (turn - (len(racks) - 1) / 2), racks[chip].centre(*chip[1:])
                end = (
                    left + SET * (place % columns + 0.5) / columns + aside,
                    SET_TOP + SET * (place // columns + 0.5) / rows,
                )
                level = LEVELS + LEVEL * turn
                id = f"link--{'.'.join(map(str, chip))}--{name}"
                drawing.path(
                    [[start, (start[0], level), (end[0], level), end]],
                    id=id,
                    line=style.NAVY,
                    width=style.THIN,
                    above=4,
                )
                drawing.box(start[0] - 0.7, level - 0.7, 1.4, 1.4, fill=style.NAVY, above=5)
                drawing.box(end[0] - 0.8, end[1] - 0.8, 1.6, 1.6, fill=style.NAVY, above=5)
    for place, line in enumerate(("switches", "of_circuits", "with_ports")):
        drawing.text(SPARE_LEFT - 12, SET_TOP + 4 + 8 * place, words(q, WORDS, line))


def _legend(drawing: Drawing, q: Quantities) -> None:
    blocks = q.node("layout.machine").block_grid is not None
    entries: list[Entry] = [
        ("box", style.PALE, style.LINES, words(q, WORDS, "active")),
        ("box", style.TEAL, style.TEAL, words(q, WORDS, "switch", blocks=blocks)),
        ("box", style.CRIMSON, style.CRIMSON, words(q, WORDS, "labelled")),
    ]
    if q.machine.spare_volumes > 0:
        entries.append(("box", style.AMBER, style.AMBER, words(q, WORDS, "spare")))
    entries.append(("line", style.NAVY, style.NAVY, words(q, WORDS, "link")))
    if blocks:
        entries.append(("line", style.INK, style.INK, words(q, WORDS, "edge")))
    drawing.legend(entries, LEFT, 168, columns=(58, 81, 100))
