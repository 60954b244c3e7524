"""Figure 3: lookups of real IDs from the ID to the returned row, and the times of three ways to look up, to scale."""

import numpy as np

from phextpaper.engine.sharding import owners
from phextpaper.engine.vocabulary import Vocabulary
from phextpaper.figures import style
from phextpaper.figures.drawing import Drawing
from phextpaper.quantities.layout import chip_name
from phextpaper.quantities.sparse import coordinate
from phextpaper.quantity import choose

CANVAS = (1200, 600)
LEFT, RIGHT = 3.0, 249.0
TOP, PITCH = 19.0, 8.2
ID_END, NAME, GROUP, OWNER, ROW = 46.0, 53.0, 121.0, 169.0, 222.0
WIDE, TALL = {"group": 26.0, "owner": 33.0, "row": 27.0}, 6.6
BARS, BAR, STEP, SCALE, LONG = 85.0, 5.0, 8.2, 81.0, 95.0
WAYS = ("one_hot", "scan", "network")
EDGE = {"line": style.LINES, "thick": style.HAIR}
FLOW = {"colour": style.LINES, "width": 0.45, "head": 2.2}


def lookups(q) -> list[tuple[str, str, tuple[str, ...], str]]:
    """Of each example in the order of the request: its key, its coordinate, volume and book of that, and the chip that owns the row."""
    layout = q.node("layout.machine")
    ids = [int(q.sparse.example_id[key]) for key in q.keys("sparse.example_id")]
    words = Vocabulary.of_base(int(q.machine.ids), int(q.machine.base))
    chips = owners(words.coordinates(np.array(ids)), layout.shape)
    names = [coordinate(q, id) for id in ids]
    return [(key, name, tuple(name.split(".")[:2]), chip_name(q, int(chip)).partition("/")[0])
            for key, name, chip in zip(q.keys("sparse.example_id"), names, chips, strict=True)]


def times(q) -> dict:
    """Time of each way for one chip's batch: product with a one-hot matrix, scan of the whole table, requests to the owners."""
    found = q.lookup_times
    return {"one_hot": found.one_hot_us.one, "scan": found.scan_us, "network": found.network_us.one}


def draw(q) -> Drawing:
    """The whole figure."""
    drawing = Drawing("fig-3", "Figure 3: sparse lookup from vocabulary ID to row", _description(q), CANVAS)
    _stages(drawing, q)
    _times(drawing, q)
    return drawing


def _description(q) -> str:
    """The figure in words, for those who do not see it."""
    found = q.lookup_times
    return (f"{q.sparse.example_ids.with_unit} pass through the stages hash, a bijection onto coordinates; batch, in which IDs with one volume "
            f"and book form one of {q.sparse.example_groups.with_unit}; lookup at the chips that own the rows; return in the order of the request. "
            f"Below, bars to scale: the product with a one-hot matrix takes {found.one_hot_us.one.with_unit}, the scan of the whole table "
            f"{found.scan_us.with_unit}, the requests over the network {found.network_us.one.with_unit}.")


def _stages(drawing: Drawing, q) -> None:
    drawing.panel("stages")
    for x, name, words in ((LEFT, "hash", "hash (a bijection)"), (GROUP, "batch", "batch"), (OWNER, "lookup", "lookup"), (ROW, "return", "return")):
        drawing.text(x, 7, words, id=f"stage--{name}", bold=True)
    found = lookups(q)
    height = {key: TOP + place * PITCH for place, (key, *_) in enumerate(found)}
    groups = list(dict.fromkeys(group for *_, group, _ in found))
    step = PITCH * (len(found) - 1) / max(len(groups) - 1, 1)
    place = {group: TOP + turn * step for turn, group in enumerate(groups)}
    for turn, (key, name, group, chip) in enumerate(found):
        y = height[key]
        drawing.text(ID_END, y, q.sparse.example_id[key], id=f"id--{key}", ha="right")
        drawing.text(NAME, y, name, id=f"coordinate--{key}")
        drawing.arrow([(GROUP - 14, y), (GROUP - 1, place[group])], id=f"arrow--{key}--batch", **FLOW)
        drawing.arrow([(GROUP + WIDE["group"] + 1, place[group]), (OWNER - 1, y)], id=f"arrow--{key}--lookup", **FLOW)
        drawing.arrow([(OWNER + WIDE["owner"] + 1, y), (ROW - 1, y)], id=f"arrow--{key}--return", **FLOW)
        drawing.box(OWNER, y - TALL / 2, WIDE["owner"], TALL, id=f"owner--{key}", fill=style.AMBER, **EDGE)
        drawing.text(OWNER + WIDE["owner"] / 2, y, chip, id=f"chip--{key}", ha="center")
        drawing.box(ROW, y - TALL / 2, WIDE["row"], TALL, id=f"row--{key}", fill=style.PALE, **EDGE)
        drawing.text(ROW + WIDE["row"] / 2, y, choose(turn == 0, f"{q.sparse.row_bytes} B", "row"), id=f"bytes--{key}", ha="center")
    for group, y in place.items():
        name = ".".join(group)
        drawing.box(GROUP, y - TALL / 2, WIDE["group"], TALL, id=f"group--{name}", fill=style.TEAL, **EDGE)
        drawing.text(GROUP + WIDE["group"] / 2, y, f"{name}.*", id=f"prefix--{name}", ha="center", colour=style.ink_on(style.TEAL))
    counted = f"{q.sparse.example_ids.with_unit}, {q.sparse.example_groups.with_unit} by volume and book"
    drawing.text(LEFT, TOP + len(found) * PITCH + 0.6, f"{counted}; rows return in the order of request")


def _times(drawing: Drawing, q) -> None:
    drawing.panel("times")
    found = times(q)
    most = max(float(time) for time in found.values())
    words = {"one_hot": "dense, one-hot product", "scan": "dense, scan", "network": "sparse, over the network"}
    for turn, way in enumerate(WAYS):
        y = BARS + turn * STEP
        fill = style.CRIMSON if way == "network" else style.NAVY
        drawing.text(LEFT, y, words[way], id=f"way--{way}")
        long = LONG * float(found[way]) / most
        drawing.box(SCALE, y - BAR / 2, long, BAR, id=f"bar--{way}", fill=fill)
        ratio = {"one_hot": q.lookup_times.one_hot_over_gather.one, "scan": q.lookup_times.scan_over_gather}.get(way)
        drawing.text(SCALE + long + 2, y, found[way].with_unit + (f" ({ratio.with_unit})" if ratio else ""), id=f"time--{way}")
    limit = {"latency": "latency", "links": "the busiest link", "memory": "memory"}[q.lookup_times.network_bound.one.value]
    below = BARS + len(WAYS) * STEP + 1
    drawing.text(LEFT, below, f"bars to scale: modelled for {q.machine.batch.with_unit} asked for by one chip")
    drawing.text(LEFT, below + 7.5, f"in brackets: times as long as the sparse way, whose limit is {limit}")
