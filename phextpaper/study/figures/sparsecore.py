"""Figure 3: lookups of real IDs from the ID to the returned row, and the times of three ways to look up, to scale."""

from dataclasses import dataclass
from math import floor, log10
from typing import Any, TypeVar

import numpy as np

from phextpaper.engine.naming.vocabulary import Vocabulary
from phextpaper.engine.sparse.sharding import owners
from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures import style
from phextpaper.press.figures.drawing import Drawing
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Quantity
from phextpaper.study.quantities.layout import chip_name
from phextpaper.study.vocabularies import coordinate

WORDS = "figures/sparsecore.j2"
Name = TypeVar("Name")
CANVAS = (1200, 600)
LEFT, RIGHT = 3.0, 249.0
TOP, PITCH, TALL = 22.8, 7.3, 6.2
ID_END, HASH, BATCH, LETTER = (
    42.5,
    11.5,
    8.0,
    3.31,
)  # where IDs end; room of an arrow; of the least arrow into a group; of a character
GROUP, OWNER, ROW = (114.0, 27.0), (157.0, 31.0), (204.0, 45.0)  # left edge and width of a stage's boxes
HEAD, BARS, STEP, BAR, SCALE, LONG, KEY = 77.5, 86.0, 7.4, 5.0, 57.5, 126.0, 120.0
WAYS = ("one_hot", "scan", "network")
TICKS = 5
EDGE: dict[str, Any] = {"line": style.LINES, "thick": style.HAIR}
FLOW: dict[str, Any] = {"colour": style.INK, "width": 0.4, "head": 2.2}


@dataclass(frozen=True)
class Lookup:
    """One ID of the request: its key, its coordinate, the volume and book of that, and the chip that owns its row."""

    key: str
    coordinate: str
    group: str
    chip: str


def lookups(q: Quantities) -> list[Lookup]:
    """The example IDs in the order of the request."""
    layout, keys = q.node("layout.machine"), list(q.keys("sparse.example_id"))
    words = Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))
    ids = [int(q.sparse.example_id[key]) for key in keys]
    chips = [
        chip_name(q, int(chip)).partition("/")[0] for chip in owners(words.coordinates(np.array(ids)), layout.shape)
    ]
    names = [coordinate(q, id) for id in ids]
    return [
        Lookup(key, name, ".".join(name.split(".")[:2]), chip)
        for key, name, chip in zip(keys, names, chips, strict=True)
    ]


def times(q: Quantities) -> dict[str, Quantity]:
    """Time of each way for one chip's batch: one-hot product, scan of the whole table, requests to the owners."""
    found = q.lookup_times
    return {"one_hot": found.one_hot_us.one, "scan": found.scan_us, "network": found.network_us.one}


def draw(q: Quantities) -> Drawing:
    """The whole figure."""
    drawing = Drawing("fig-3", words(q, WORDS, "figure"), _description(q), CANVAS)
    _stages(drawing, q)
    _times(drawing, q)
    return drawing


def _description(q: Quantities) -> str:
    """The figure in words, for those who do not see it."""
    return words(q, WORDS, "description")


# ---------------------------------------------------------------------------------------------- the stages
def _stages(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("stages")
    found = lookups(q)
    for x, name in ((LEFT, "hash"), (GROUP[0], "batch"), (OWNER[0], "lookup"), (ROW[0], "return")):
        drawing.text(x, 7, name, id=f"stage--{name}", bold=True)
        drawing.text(x, 14.2, words(q, WORDS, name), id=f"about--{name}")
    end, begin, letter = _columns(
        [q.sparse.example_id[one.key].text for one in found], [one.coordinate for one in found]
    )
    size = style.SMALL * letter / LETTER
    right = begin + letter * max(len(one.coordinate) for one in found) + 2
    height = {one.key: TOP + turn * PITCH for turn, one in enumerate(found)}
    groups = _spread([one.group for one in found], found)
    chips = _spread([(one.group, one.chip) for one in sorted(found, key=lambda one: groups[one.group])], found)
    for one in found:
        y = height[one.key]
        drawing.text(end, y, q.sparse.example_id[one.key], id=f"id--{one.key}", size=size, ha="right")
        drawing.arrow([(end + 2.5, y), (begin - 2, y)], id=f"arrow--{one.key}--hash", **FLOW)
        drawing.text(begin, y, one.coordinate, id=f"coordinate--{one.key}", size=size)
        drawing.arrow([(right, y), (GROUP[0] - 1, groups[one.group])], id=f"arrow--{one.key}--batch", **FLOW)
        drawing.arrow(
            [(sum(OWNER) + 1, chips[one.group, one.chip]), (ROW[0] - 1, y)], id=f"arrow--{one.key}--return", **FLOW
        )
        _box(drawing, ROW, y, q.sparse.example_id[one.key], f"row--{one.key}", style.PALE)
    for group, y in groups.items():
        _box(drawing, GROUP, y, f"{group}.*", f"group--{group}", style.TEAL)
    for (group, chip), y in chips.items():
        drawing.arrow([(sum(GROUP) + 1, groups[group]), (OWNER[0] - 1, y)], id=f"arrow--{group}--{chip}", **FLOW)
        _box(drawing, OWNER, y, chip, f"owner--{group}--{chip}", style.AMBER)
    drawing.text(LEFT, TOP + len(found) * PITCH + 1, words(q, WORDS, "example"))


def _columns(ids: list[str], names: list[str]) -> tuple[float, float, float]:
    """Where IDs end, where coordinates begin, and the room of a character: less than usual only where both are long."""
    long, wide = (max(map(len, texts)) for texts in (ids, names))
    room = GROUP[0] - LEFT - HASH - BATCH - 2
    letter = min(LETTER, room / (long + wide))
    end = max(LEFT + letter * long, min(ID_END, LEFT + room - letter * wide))
    return end, end + HASH, letter


def _spread(names: list[Name], found: list[Lookup]) -> dict[Name, float]:
    """Heights for boxes with these names, each once, evenly over the height of all IDs."""
    once = list(dict.fromkeys(names))
    step = PITCH * (len(found) - 1) / max(len(once) - 1, 1)
    return {name: TOP + turn * step for turn, name in enumerate(once)}


def _box(drawing: Drawing, stage: tuple[float, float], y: float, content: object, id: str, fill: str) -> None:
    left, width = stage
    drawing.box(left, y - TALL / 2, width, TALL, id=id, fill=fill, **EDGE)
    letters = len(content.text if isinstance(content, Quantity) else str(content))
    size = style.SMALL * min(1, width / (LETTER * letters))
    drawing.text(left + width / 2, y, content, id=f"in-{id}", size=size, ha="center", colour=style.ink_on(fill))


# ---------------------------------------------------------------------------------------------- the times
def _times(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("times")
    t, found = q.lookup_times, times(q)
    whole = max(float(time) for time in found.values())
    drawing.text(LEFT, HEAD, words(q, WORDS, "model"), bold=True, id="title--times")
    for turn, way in enumerate(WAYS):
        y, long = BARS + turn * STEP, LONG * float(found[way]) / whole
        drawing.text(LEFT, y, words(q, WORDS, way), id=f"way--{way}")
        drawing.box(
            SCALE, y - BAR / 2, long, BAR, id=f"bar--{way}", fill=style.AMBER if way == "network" else style.NAVY
        )
        drawing.text(SCALE + long + 2, y, words(q, WORDS, f"{way}_time"), id=f"time--{way}")
    y = BARS + (len(WAYS) - 1) * STEP
    drawing.box(
        SCALE, y - BAR / 2, LONG * float(t.latency_us) / whole, BAR, id="part--latency", fill=style.CRIMSON, above=3
    )
    _axis(drawing, whole, y + BAR / 2 + 2)
    by = q.node("lookup_times.by_one")
    rest = words(q, WORDS, "rest", by_links=by.links_s >= by.memory_s)
    drawing.legend(
        [
            ("box", style.NAVY, style.NAVY, "dense"),
            ("box", style.CRIMSON, style.CRIMSON, words(q, WORDS, "latency")),
            ("box", style.AMBER, style.AMBER, rest),
        ],
        LEFT,
        KEY,
        columns=(37, 66, 40),
    )
    drawing.text(RIGHT, KEY, words(q, WORDS, "ratio"), ha="right")


def _axis(drawing: Drawing, whole: float, y: float) -> None:
    """A scale of microseconds below the bars."""
    axes = drawing.plot(SCALE, y, LONG, 1, id="plot--time")
    axes.set_xlim(0, whole)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)
    drawing.ticks(axes.yaxis, [])
    step = tick_step(whole)
    marks = [step * turn for turn in range(int(whole / step) + 1)]
    drawing.ticks(axes.xaxis, marks, [f"{mark:g}" for mark in marks])
    drawing.text(SCALE + LONG + 4, y + 6.1, "µs")


def tick_step(whole: float) -> float:
    """The least of 1, 2 and 5 times a power of ten with which a scale to `whole` has few ticks.

    >>> tick_step(227.3), tick_step(1818), tick_step(56.8)
    (50, 500, 20)
    """
    power = 10.0 ** floor(log10(whole / TICKS))
    return next(
        int(step) if (step := power * times) == int(step) else step
        for times in (1, 2, 5, 10)
        if whole / (power * times) <= TICKS
    )
