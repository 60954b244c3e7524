"""Figure 4: the same chips under four topologies. Chips stand in a slanted box, links have the colour of their load."""

import math
from itertools import pairwise

import numpy as np

from phextpaper.engine.networks.lattices import unflatten
from phextpaper.engine.wiring.topology_changes import undirected_links
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures import style
from phextpaper.press.figures.drawing import Drawing, Point
from phextpaper.press.pipeline.render import words
from phextpaper.study.quantities.four_topologies import KINDS, SIZE
from phextpaper.study.quantities.search import SLICES

WORDS = "figures/topology.j2"
CANVAS = (1400, 800)
LEFT, COLUMN, WIDE = 3.0, 35.0, 53.0
TOP, ROWS, PITCH, NOTES = 27.5, 84.5, 7.6, 123.5
ALONG = {"volume": (2.6, -1.2), "book": (11.6, 0.0), "chapter": (0.0, 6.8)}  # from one chip to the next, in points
KEY = 66.5
STUB = 2.4  # how far a link shows that leaves the box and comes in on the other side
BOW = 1.3  # how far a link swerves that would cover others
TITLES = {"torus_2d": "2D torus", "torus_3d": "3D torus", "twisted": "Twisted torus", "learned": "Learned graph"}
CLASSES, PALEST, THICK, DOT = 8, 0.2, 0.45, 0.95
SPECK = 0.05  # length of a dot before its round ends, in widths: of none, nothing would be drawn


# ---------------------------------------------------------------------------------------------- places and loads
def place_of(centre: float, chip: int) -> Point:
    """Where a chip of the slice stands in a box around `centre`: volumes go back, books right, chapters down."""
    box = np.array(SLICES[SIZE]) - 1
    steps = np.array(list(ALONG.values()))
    left = centre - float(box[:2] @ steps[:2, 0]) / 2
    x, y = np.array(unflatten(chip, SLICES[SIZE])) @ steps
    return round(left + float(x), 1), round(TOP + float(y), 1)


def loaded_links(q: Quantities, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Links (n, 2) of a topology, and the load of the busier direction of each (n,), in pairs."""
    network = q.node(f"four_topologies.graph.{kind}")
    neighbours, loads = network.neighbours(), network.link_loads()
    most: dict[tuple[int, int], float] = {}
    for chip, port in np.argwhere(neighbours >= 0).tolist():
        other = int(neighbours[chip, port])
        ends = min(chip, other), max(chip, other)
        most[ends] = max(most.get(ends, 0.0), float(loads[chip, port]))
    links = undirected_links(network)
    return links, np.array([most[tuple(link)] for link in links.tolist()])


def class_width(q: Quantities) -> int:
    """Pairs in a class of loads: a power of two with which the classes reach the largest load of all topologies."""
    most = max(q.four_topologies.worst_load[kind].value for kind in KINDS)
    width: int = 2 ** math.ceil(math.log2(most / CLASSES))
    return width


def class_of(loads: np.ndarray, width: int) -> np.ndarray:
    """The class of each load, from 0: loads up to one width, up to two, and so on."""
    found: np.ndarray = np.clip(np.ceil(np.round(loads / width, 6)).astype(int) - 1, 0, CLASSES - 1)
    return found


def colour_of(number: int) -> str:
    """The colour of a class: evenly along the scale, without its palest end, which lines on white would lose."""
    return style.on_scale(PALEST + (1 - PALEST) * number / (CLASSES - 1))


def trails(links: np.ndarray) -> list[list[int]]:
    """Walks that take every link once, begun at chips with an odd number of links first, so that they are few.

    >>> trails(np.array([[0, 1], [1, 2], [0, 2]]))
    [[0, 1, 2, 0]]
    """
    ahead: dict[int, list[int]] = {}
    for a, b in links.tolist():
        ahead.setdefault(a, []).append(b)
        ahead.setdefault(b, []).append(a)
    found = []
    for start in sorted(ahead, key=lambda chip: (-(len(ahead[chip]) % 2), chip)):
        while ahead[start]:
            walk = [start]
            while ahead[walk[-1]]:
                chip = min(ahead[walk[-1]])
                ahead[walk[-1]].remove(chip)
                ahead[chip].remove(walk[-1])
                walk.append(chip)
            found.append(walk)
    return found


# ---------------------------------------------------------------------------------------------- lines of links
def goes_round(a: int, b: int) -> int | None:
    """The dimension along which a link joins the two ends of the box, all else equal; None for all other links."""
    apart = np.abs(np.array(unflatten(a, SLICES[SIZE])) - np.array(unflatten(b, SLICES[SIZE])))
    along = np.flatnonzero(apart)
    return int(along[0]) if len(along) == 1 and apart[along[0]] == SLICES[SIZE][along[0]] - 1 else None


def stubs(centre: float, links: list[tuple[int, int]]) -> list[list[Point]]:
    """Two short lines for every link that leaves the box at one end and comes in at the other."""
    found = []
    for a, b in links:
        step = list(ALONG.values())[goes_round(a, b) or 0]
        long = math.hypot(*step)
        for chip, side in ((min(a, b), -1), (max(a, b), 1)):
            x, y = place_of(centre, chip)
            found.append(
                [(x, y), (round(x + side * STUB * step[0] / long, 1), round(y + side * STUB * step[1] / long, 1))]
            )
    return found


def line_of(centre: float, walk: list[int]) -> list[Point]:
    """The points of a walk, with a bend aside where a link along a column passes chips that it does not join."""
    points = [place_of(centre, walk[0])]
    for a, b in pairwise(walk):
        (x, y), (u, v) = place_of(centre, a), place_of(centre, b)
        if x == u and abs(v - y) > 1.5 * ALONG["chapter"][1]:
            points.append((round(x - BOW, 1), round((y + v) / 2, 1)))
        points.append((u, v))
    return points


# ---------------------------------------------------------------------------------------------- the drawing
def draw(q: Quantities) -> Drawing:
    """The whole figure."""
    drawing = Drawing("fig-4", words(q, WORDS, "figure", size=SIZE), _description(q), CANVAS)
    _scale(drawing, q)
    for turn, kind in enumerate(KINDS):
        _panel(drawing, q, kind, LEFT + COLUMN + WIDE * (turn + 0.5))
    _notes(drawing, q)
    return drawing


def _description(q: Quantities) -> str:
    """The figure in words, for those who do not see it."""
    return words(q, WORDS, "description", size=SIZE, titles={kind: TITLES[kind] for kind in KINDS})


def _scale(drawing: Drawing, q: Quantities) -> None:
    """The colours of the classes, the directions of the box, and what the rows are."""
    width, left, top, high = class_width(q), LEFT + 17, TOP - 4.5, 28.0
    drawing.text(LEFT, 8, "Link load", id="title--scale", bold=True)
    drawing.text(LEFT, 15.5, "in pairs")
    for number in range(CLASSES):
        drawing.box(
            left,
            top + high * (CLASSES - 1 - number) / CLASSES,
            6,
            high / CLASSES,
            id=f"class--{number}",
            fill=colour_of(number),
        )
    axes = drawing.plot(left, top, 6, high, id="plot--scale")
    axes.set_ylim(0, CLASSES * width)
    for side in axes.spines.values():
        side.set_visible(False)
    drawing.ticks(axes.xaxis, [])
    drawing.ticks(axes.yaxis, [width * number for number in range(0, CLASSES + 1, 2)])
    x, y = LEFT + 3, KEY
    for name, (along, down), beside in (
        ("volume", (6.5, -3.0), (1.0, -3.0)),
        ("book", (9, 0), (1.5, 0.4)),
        ("chapter", (0, 8), (2.5, -0.6)),
    ):
        drawing.arrow([(x, y), (x + along, y + down)], id=f"direction--{name}", width=style.THIN, head=2.4)
        drawing.text(x + along + beside[0], y + down + beside[1], name, id=f"direction--{name}")
    for row, head in enumerate(("mean hops", "bisection", "worst load", "table write", "mirrors")):
        drawing.text(LEFT, ROWS + PITCH * row, head, id=f"row--{row}")


def _panel(drawing: Drawing, q: Quantities, kind: str, centre: float) -> None:
    drawing.panel(kind)
    drawing.text(centre, 8, TITLES[kind], id=f"title--{kind}", bold=True, ha="center")
    drawing.text(centre, 15.5, words(q, WORDS, "below", kind=kind), ha="center")
    _links(drawing, q, kind, centre)
    for row, name in enumerate(("mean", "bisection", "worst", "table", "mirrors")):
        value = words(q, WORDS, name, kind=kind)
        drawing.text(centre, ROWS + PITCH * row, value, id=f"value--{kind}--{name}", ha="center")


def _links(drawing: Drawing, q: Quantities, kind: str, centre: float) -> None:
    """The links, class by class, over them the chips as dots: a dotted line for every volume and book."""
    links, loads = loaded_links(q, kind)
    classes = class_of(loads, class_width(q))
    for number in sorted(set(classes.tolist())):
        here = [tuple(link) for link in links[classes == number].tolist()]
        lines = [
            line_of(centre, walk)
            for walk in trails(np.array([link for link in here if goes_round(*link) is None]).reshape(-1, 2))
        ]
        drawing.path(
            lines + stubs(centre, [link for link in here if goes_round(*link) is not None]),
            id=f"links--{kind}--{number}",
            line=colour_of(number),
            width=THICK,
            above=2 + number / 10,
        )
    columns = np.arange(math.prod(SLICES[SIZE])).reshape(-1, SLICES[SIZE][2])
    ends = [(place_of(centre, int(column[0])), place_of(centre, int(column[-1]))) for column in columns]
    drawing.path(
        [[first, (last[0], last[1] + SPECK * DOT)] for first, last in ends],
        id=f"chips--{kind}",
        line=style.INK,
        width=DOT,
        dash=(SPECK, ALONG["chapter"][1] / DOT - SPECK),
        round_ends=True,
        above=4,
    )


def _notes(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("notes")
    for row, name in enumerate(("same_chips", "balanced", "changes")):
        drawing.text(LEFT, NOTES + 7.3 * row, words(q, WORDS, name, size=SIZE))
