"""Wave 26: Figure 1, the racks on coordinates, the spares apart, the switches and who ends at them."""

from itertools import pairwise

from phextpaper.engine.naming.coordinates import format_short
from phextpaper.press.checks import figure_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.svg import Mark, Svg, Text, grid_of
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures.style import lightness
from phextpaper.press.quantity import Made
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.figures import architecture
from phextpaper.study.quantities.racks import DIMENSIONS, set_shape

page = Wave(
    n=26,
    name="Figure 1: system architecture",
    phase=3,
    minutes=35,
    needs=(3, 14),
    output=("figures/fig-1-architecture.svg",),
    also=("figures/fig-1-architecture.pdf", "figures/fig-1-architecture.png"),
    canvas=(1200, 900),
)

RACKS = 3
APART = 15  # steps of lightness that a grey print still shows


@page.writes("figures/fig-1-architecture.svg")
def figure(q: Quantities) -> Made:
    """The drawing in its three forms."""
    return architecture.draw(q).made(page.output[0])


def _headed(drawing: Svg, mark: Mark | None, volume: int) -> bool:
    """Whether a rack's heading stands above it and names its volume."""
    head = drawing.label("rack", str(volume))
    return (
        head is not None
        and mark is not None
        and head.content == f"volume {volume}"
        and head.y < mark.box.top
        and mark.box.left < head.box.centre[0] < mark.box.right
    )


def _rack(drawing: Svg, volume: int) -> Mark | None:
    return drawing.one(f"grid--{volume}.book.chapter")


@page.criterion
def racks(built: Artefacts, q: Quantities) -> Verdict:
    """at least 3 racks (volumes 1, 8, 16) with their books and chapters, all cells from the engine's layout"""
    drawing, layout = built.svg(), q.node("layout.machine")
    verdicts = []
    for volume, *_ in q.node("racks.labelled").values():
        mark = _rack(drawing, volume)
        shape = grid_of(mark).shape if mark else (0, 0)
        cells = (
            {grid_of(mark).named(row + 1, column + 1) for row in range(shape[0]) for column in range(shape[1])}
            if mark
            else set()
        )
        wanted = {".".join(map(str, chip)) for chip in layout.coordinate(layout.chips_in_rack(volume)).tolist()}
        good = cells == wanted and shape == layout.shape[1:] and _headed(drawing, mark, volume)
        verdicts.append(
            Verdict(
                good,
                f"volume {volume} with its {len(wanted)} chips under its heading",
                f"{len(cells & wanted)} of them",
                drawing.name,
            )
        )
    least = min(RACKS, layout.volumes)
    return all_of(Verdict(len(verdicts) >= least, f"at least {least} racks", f"{len(verdicts)}"), *verdicts)


@page.criterion
def labels(built: Artefacts, q: Quantities) -> Verdict:
    """1.1.1/1.1, 8.8.8/2.1 and 16.16.16/4.1 are labelled at the right cell"""
    drawing = built.svg()
    return all_of(*(_labelled(drawing, *place) for place in q.node("racks.labelled").values()))


def _labelled(drawing: Svg, volume: int, book: int, chapter: int, section: int) -> Verdict:
    """The label's text, its line from the text to the cell, and the coloured cell at its place in the grid."""
    chip, link = f"{volume}.{book}.{chapter}", format_short([[volume, book, chapter, section, 1]])[0]
    text, leader, cell = drawing.label("label", chip), drawing.one(f"leader--{chip}"), drawing.one(f"cell--{chip}")
    seen = [
        text.content if text else "no label",
        drawing.grid_at(leader.end) if leader else "no line",
        drawing.grid_at(cell.box.centre) if cell else "no cell",
    ]
    begins = text is not None and leader is not None and text.box.holds(leader.start, 3.0)
    return Verdict(
        begins and seen == [link, chip, chip],
        f"{link} with a line to the cell {chip}",
        ", ".join(seen),
        f"{drawing.name}:{text.line if text else 1}",
    )


@page.criterion
def ocs(built: Artefacts, q: Quantities) -> Verdict:
    """OCSes and their connections are drawn"""
    drawing = built.svg()
    sets = {name: mark for name in DIMENSIONS if (mark := drawing.one(f"switches--{name}"))}
    if len(sets) < len(DIMENSIONS):
        return Verdict(False, "a set of switches for each dimension", "one is missing", drawing.name)
    drawn = sum(grid_of(mark).shape[0] * grid_of(mark).shape[1] for mark in sets.values())
    filled = q.node("layout.machine").block_grid is not None
    count = Verdict(
        drawn == int(q.racks.switches) or not filled, f"{q.racks.switches.text} switches", f"{drawn}", drawing.name
    )
    said = figure_text(drawing, f"{q.racks.switches.text} optical", f"of {q.machine.switch_ports.text} ports")
    wanted = {
        (".".join(map(str, chip)), DIMENSIONS[dimension]): place for chip, dimension, place in q.node("racks.ends")
    }
    links = {mark.names: mark for mark in drawing.of("link")}
    same = Verdict(
        set(links) == set(wanted),
        f"lines from {len(wanted)} optical links of the labelled chips",
        f"{len(links)} lines",
        drawing.name,
    )
    ends = [_connected(drawing, links[names], sets[names[1]], q, wanted[names]) for names in wanted if names in links]
    return all_of(count, said, same, *ends)


def figure_text(drawing: Svg, *wanted: str) -> Verdict:
    """Every wanted text stands in the drawing, alone in its line."""
    there = {text.content for text in drawing.texts}
    missing = [text for text in wanted if text not in there]
    return Verdict(
        not missing,
        " and ".join(map(repr, wanted)),
        f"missing {', '.join(map(repr, missing))}" if missing else "all of them",
        drawing.name,
    )


def _connected(drawing: Svg, mark: Mark, switches: Mark, q: Quantities, place: int) -> Verdict:
    """A line from a chip's cell to the switch of its place on the block's face."""
    chip, name = mark.names
    rows, columns, each = set_shape(q, DIMENSIONS.index(name))
    cell = grid_of(switches).cell(mark.end)
    at = (cell[0] - 1) * columns + (cell[1] - 1) // each if cell else -1
    return Verdict(
        drawing.grid_at(mark.start) == chip and at == place,
        f"{chip} at place {place} of {rows * columns} among the {name} links",
        f"{drawing.grid_at(mark.start) or 'nothing'} at place {at}",
        f"{drawing.name}:{mark.line}",
    )


@page.criterion
def spares(built: Artefacts, q: Quantities) -> Verdict:
    """volume 17 is drawn apart and coloured apart"""
    drawing, volume = built.svg(), int(q.layout.first_spare_volume)
    if q.machine.spare_volumes == 0:
        return figure_text(drawing, "no spares")
    labelled, mark = q.node("racks.labelled").values(), _rack(drawing, volume)
    active = [other for place in labelled if (other := _rack(drawing, place[0]))]
    if mark is None or len(active) < len(labelled):
        return Verdict(False, f"volume {volume} beside the racks", "not drawn", drawing.name)
    boxes = sorted((other.box for other in active), key=lambda box: box.left)
    gap = mark.box.left - boxes[-1].right
    usual = max((b.left - a.right for a, b in pairwise(boxes)), default=0.0)
    colour = min(abs(lightness(mark.style["fill"]) - lightness(other.style["fill"])) for other in active)
    heading = drawing.label("rack", str(volume))
    right = (
        heading is not None
        and heading.content in (f"volume {volume}", f"volumes {volume}–{q.layout.last_volume.text}")
        and mark.box.left < heading.box.centre[0] < mark.box.right
    )
    return all_of(
        Verdict(gap > usual, "a wider gap than between racks", f"{gap:.1f} against {usual:.1f}", drawing.name),
        Verdict(colour >= APART, f"a fill {APART} or more lighter or darker", f"{colour:.0f}", drawing.name),
        Verdict(right, f"volume {volume} in its heading", heading.content if heading else "none", drawing.name),
        figure_text(drawing, f"{q.layout.spare_chips.text} spares"),
    )


@page.criterion
def legend_title(built: Artefacts, q: Quantities) -> Verdict:
    """legend and a title that says 4096-chip coordinate layout"""
    drawing = built.svg()
    title, wanted = drawing.label("title", "figure"), f"{q.layout.active_chips.text}-chip coordinate layout"
    explained = {
        colour for mark in drawing.of("legend") for colour in (mark.style.get("fill"), mark.style.get("stroke"))
    }
    used = {_colour(mark): mark for kind in ("grid", "cell", "switches", "link", "blocks") for mark in drawing.of(kind)}
    unexplained = [mark.id for colour, mark in used.items() if colour not in explained]
    words: list[Text] = [text for text in drawing.texts if text.kind == "legend"]
    return all_of(
        Verdict(
            title is not None and title.content == wanted,
            repr(wanted),
            repr(title.content) if title else "no title",
            drawing.name,
        ),
        Verdict(
            not unexplained,
            "every colour in the legend",
            f"not there: {', '.join(unexplained)}" if unexplained else f"{len(used)} colours",
            drawing.name,
        ),
        Verdict(
            len(words) == len(drawing.of("legend")),
            "words beside every mark of the legend",
            f"{len(words)}",
            drawing.name,
        ),
    )


def _colour(mark: Mark) -> str:
    """What a reader takes for the mark's colour: its fill, or its line where it has none."""
    return mark.style["stroke"] if mark.style.get("fill", "none") == "none" else mark.style["fill"]


@page.criterion
def svg(built: Artefacts, q: Quantities) -> Verdict:
    """well-formed, text as text, title and description for screen readers, at most 25 kB, legible in
    one and two columns
    """
    return figure_checks.svg(built, page)
