"""Wave 29: Figure 4, the same chips under four topologies, each link in the colour of its load."""

from collections import Counter
from itertools import pairwise
from math import dist, prod

import numpy as np

from phextpaper.engine.wiring.topology_changes import undirected_links
from phextpaper.press.checks import figure_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.svg import Box, Mark, Svg
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures import style
from phextpaper.press.quantity import Made
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.figures import topology
from phextpaper.study.quantities.four_topologies import KINDS, SIZE
from phextpaper.study.quantities.search import SLICES

page = Wave(
    n=29,
    name="Figure 4: topology comparison",
    phase=3,
    minutes=30,
    needs=(6, 10, 16),
    output=("figures/fig-4-topology.svg",),
    also=("figures/fig-4-topology.pdf", "figures/fig-4-topology.png"),
    canvas=(1400, 800),
)

SHAPE = SLICES[SIZE]
NEAR = 0.1  # points
APART = 5  # steps of lightness between classes of loads: what a grey print still shows side by side
Point = tuple[float, float]
Link = tuple[int, int]
Way = tuple[int, int]


@page.writes("figures/fig-4-topology.svg")
def figure(q: Quantities) -> Made:
    """The drawing in its three forms."""
    return topology.draw(q).made(page.output[0])


# ---------------------------------------------------------------------------------------------- reading the links back
def _chips(drawing: Svg, kind: str) -> list[Point]:
    """Where the chips of a panel stand, in the order of their names.

    They are dots at even distances on a line for every volume and book.
    """
    mark = drawing.one(f"chips--{kind}")
    lines = mark.subpaths if mark else ()
    return [(float(x), float(y)) for line in lines for x, y in np.linspace(line[0], line[-1], SHAPE[-1])]


def _chip_at(chips: list[Point], point: Point) -> int | None:
    near = min(range(len(chips)), key=lambda chip: dist(chips[chip], point))
    return near if dist(chips[near], point) < NEAR else None


def _links(chips: list[Point], mark: Mark) -> Counter[Link]:
    """Links (lower chip, higher chip) that a mark draws.

    They are lines from chip to chip, or short lines that leave the box at its opposite ends.
    """
    found: Counter[Link] = Counter()
    leaving: Counter[tuple[int, Way]] = Counter()
    for line in mark.subpaths:
        walk = [_chip_at(chips, point) for point in line]
        if len(line) == 2 and walk[1] is None and walk[0] is not None:
            leaving[walk[0], _leaves(chips, walk[0], line[1])] += 1
        else:
            ends = [chip for chip in walk if chip is not None]
            found.update((min(pair), max(pair)) for pair in pairwise(ends))
            if None in (walk[0], walk[-1]):
                found[-1, -1] += 1
    for (chip, (dimension, side)), count in leaving.items():
        place = np.array(np.unravel_index(chip, SHAPE))
        place[dimension] = 0 if side > 0 else SHAPE[dimension] - 1
        other = int(np.ravel_multi_index(tuple(place), SHAPE))
        met = leaving[other, (dimension, -side)] == count
        found[(min(chip, other), max(chip, other)) if met else (-1, -1)] += count if side > 0 or not met else 0
    return +found


def _leaves(chips: list[Point], chip: int, end: Point) -> Way:
    """The dimension along which a short line leaves the box, and whether at its upper end (1) or its lower one (-1)."""
    strides = [prod(SHAPE[axis + 1 :]) for axis in range(len(SHAPE))]
    away = np.array(end) - chips[chip]
    turns = {
        (axis, side): float(away @ step) / float(np.hypot(*step))
        for axis, stride in enumerate(strides)
        for side in (1, -1)
        for step in [side * (np.array(chips[stride]) - chips[0])]
    }
    return max(turns, key=lambda way: turns[way])


def _drawn(drawing: Svg, kind: str) -> dict[int, Counter[Link]]:
    """The links of a panel by the class of loads whose mark draws them."""
    chips = _chips(drawing, kind)
    return {int(mark.names[1]): _links(chips, mark) for mark in drawing.of("links") if mark.names[0] == kind}


# ---------------------------------------------------------------------------------------------- criteria
@page.criterion
def panels(built: Artefacts, q: Quantities) -> Verdict:
    """four panels, the same nodes as 2D torus, 3D torus, twisted torus, learned graph"""
    drawing = built.svg()
    heads = [text.content if (text := drawing.label("title", kind)) else "" for kind in KINDS]
    places = {kind: np.array(_chips(drawing, kind)) for kind in KINDS}
    counts = [len(found) for found in places.values()]
    if counts != [prod(SHAPE)] * len(KINDS):
        return Verdict(False, f"{prod(SHAPE)} chips in each panel", ", ".join(map(str, counts)), drawing.name)
    moved = max(
        float(np.abs((found - found[0]) - (places[KINDS[0]] - places[KINDS[0]][0])).max()) for found in places.values()
    )
    wrong = []
    for kind in KINDS:
        links = sum(_drawn(drawing, kind).values(), Counter[Link]())
        wanted = Counter(tuple(link) for link in undirected_links(q.node(f"four_topologies.graph.{kind}")).tolist())
        wrong += [f"{kind}: {(links - wanted).total()} links that it has not, {(wanted - links).total()} missing"] * (
            links != wanted
        )
    return all_of(
        Verdict(
            heads == list(topology.TITLES.values()), ", ".join(topology.TITLES.values()), ", ".join(heads), drawing.name
        ),
        Verdict(
            moved < 2 * NEAR,
            "the same chips at the same places of every panel",
            f"up to {moved:.2f} points apart",
            drawing.name,
        ),
        Verdict(
            not wrong, "every link of each topology once, and no other", "; ".join(wrong) or "all of them", drawing.name
        ),
    )


@page.criterion
def metrics(built: Artefacts, q: Quantities) -> Verdict:
    """mean hops, bisection, worst link load and reconfiguration time under each, equal to the engine"""
    drawing, f, wrong = built.svg(), q.four_topologies, []
    for kind in KINDS:
        cut, lack, moved = f.bisection[kind], f.impossible[kind], f.mirror_ms[kind]
        wanted = {
            "mean": f.mean_hops[kind].text,
            "bisection": f"{cut.high.text} links" if cut.low == cut.high else f"{cut.low.text}–{cut.high.text} links",
            "worst": f"{f.worst_load[kind].text} pairs",
            "table": f"{f.table_us[kind].text} µs",
            "mirrors": f"lack {lack.text} link{'s' * (lack != 1)}"
            if lack > 0
            else f"{moved.text} ms"
            if moved > 0
            else "stay",
        }
        chips = drawing.one(f"chips--{kind}")
        for name, words in wanted.items():
            text = drawing.label("value", kind, name)
            right = text is not None and chips is not None and text.content == words and _under(text.box, chips.box)
            wrong += [] if right else [f"{kind}: {text.content if text else 'nothing'!r} for {words!r}"]
    return Verdict(
        not wrong,
        "the engine's numbers under every panel",
        "; ".join(wrong[:3]) or f"{len(KINDS)} panels",
        drawing.name,
    )


def _under(text: Box, panel: Box) -> bool:
    return text.top > panel.bottom and panel.left < text.centre[0] < panel.right


@page.criterion
def encoding(built: Artefacts, q: Quantities) -> Verdict:
    """link load or bisection is encoded by one colour scale that also reads in grey and for the colour blind"""
    drawing, width, wrong = built.svg(), topology.class_width(q), []
    for kind in KINDS:
        links, loads = topology.loaded_links(q, kind)
        wanted = {
            tuple(link): int(number)
            for link, number in zip(links.tolist(), topology.class_of(loads, width), strict=True)
        }
        shown = {link: number for number, found in _drawn(drawing, kind).items() for link in found}
        wrong += [
            f"{kind}: {link} in class {number}" for link, number in shown.items() if wanted.get(link, number) != number
        ]
    scale = {int(mark.names[0]): mark for mark in drawing.of("class")}
    if sorted(scale) != list(range(topology.CLASSES)):
        return Verdict(False, f"a legend of {topology.CLASSES} classes", f"{len(scale)}", drawing.name)
    ladder = [style.lightness(scale[number].style["fill"]) for number in sorted(scale)]
    least = min(a - b for a, b in pairwise(ladder))
    foreign = [
        mark.id for mark in drawing.of("links") if mark.style["stroke"] != scale[int(mark.names[1])].style["fill"]
    ]
    return all_of(
        Verdict(not wrong, "every link in the class of its load", "; ".join(wrong[:2]) or "all of them", drawing.name),
        Verdict(not foreign, "links in the colours of the legend", ", ".join(foreign) or "all of them", drawing.name),
        Verdict(
            least >= APART,
            f"each class darker than the one before by {APART} steps of lightness or more",
            f"{least:.1f} at least",
            drawing.name,
        ),
        _told(drawing, width, scale),
    )


def _told(drawing: Svg, width: int, scale: dict[int, Mark]) -> Verdict:
    """Whether the ticks of the legend stand at the ends of the classes that they name."""
    ticks = [(text.y - 0.5 * style.SMALL * 0.73, float(text.content)) for text in drawing.texts if text.kind == "tick"]
    off = [
        value
        for y, value in ticks
        if not any(
            abs(edge - y) < 1 and value == width * (number + above)
            for number, mark in scale.items()
            for edge, above in ((mark.box.bottom, 0), (mark.box.top, 1))
        )
    ]
    return Verdict(
        len(ticks) > 2 and not off,
        "loads at the ends of their classes",
        ", ".join(map(str, off)) or f"{len(ticks)} ticks",
        drawing.name,
    )


@page.criterion
def svg(built: Artefacts, q: Quantities) -> Verdict:
    """as in wave 26"""
    return figure_checks.svg(built, page)
