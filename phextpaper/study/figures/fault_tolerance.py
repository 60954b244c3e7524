"""Figure 5: one chip fails and its name moves to a spare; what a recovery takes; how long spares last by unit."""

from math import ceil, floor, log10
from typing import Any

from phextpaper.press.evaluation import Quantities
from phextpaper.press.figures import style
from phextpaper.press.figures.drawing import Drawing, Grid
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Quantity
from phextpaper.study import pools
from phextpaper.study.quantities import remapping

WORDS = "figures/fault_tolerance.j2"
CANVAS = (1200, 600)
LEFT, STEP = 3.0, 62.5
CELLS, CELL, TOP = 5, 6.4, 19.0
SPARES, SPARE_LEFT = 2, 40.0
STATES = ("normal", "failure", "remap", "recovered")
BARS_LEFT, BARS_WIDE, BARS_TOP, BARS_STEP, BAR = 58.0, 66.0, 73.0, 7.6, 4.2
AXIS = 112.5
PLOT = (160.0, 70.0, 86.0, 39.0)
LEAST_S = 1e-4
WIDEST = 24.0  # a label of the time axis
COLOURS = {"chip": style.NAVY, "host": style.TEAL, "block": style.CRIMSON}
Chip = tuple[int, int, int]
EDGE: dict[str, Any] = {"line": style.LINES, "thick": style.HAIR}


def place(q: Quantities) -> tuple[Chip, Chip | None]:
    """Volume, book and chapter of the chip that fails, and of the spare that takes its name, if there is one."""
    layout = q.node("layout.machine")
    failed = remapping.failed_chips(layout)["chip"][0]
    moves = remapping.found(q, "chip").moves
    chip, *_ = layout.coordinate([failed]).tolist()
    spare = layout.coordinate([moves[0][1]]).tolist()[0] if moves else None
    return tuple(chip[:3]), tuple(spare[:3]) if spare else None


def parts(q: Quantities) -> dict[str, Quantity]:
    """What each part of a recovery takes: in seconds, but for the table and the mirrors in milliseconds."""
    r, m = q.recovery, q.machine
    found = {"table": r.address.table_ms, "mirrors": m.mirror_switching, "detection": r.address.detection}
    if "replica" in q.keys("recovery"):
        found |= {"replica": r.replica.state}
    return found | {"checkpoint": m.restart_time}


def seconds(name: str, quantity: Quantity) -> float:
    """A part in seconds."""
    return float(quantity) / (1e3 if name in ("table", "mirrors") else 1.0)


def log_range(q: Quantities) -> tuple[float, float]:
    """Ends of the time axis in powers of ten."""
    longest = max(seconds(name, quantity) for name, quantity in parts(q).items())
    shortest = min(seconds(name, quantity) for name, quantity in parts(q).items())
    return min(log10(LEAST_S), floor(log10(shortest))), float(ceil(log10(longest)))


def draw(q: Quantities) -> Drawing:
    """The whole figure."""
    drawing = Drawing("fig-5", words(q, WORDS, "figure"), _description(q), CANVAS)
    _states(drawing, q)
    _times(drawing, q)
    _cover(drawing, q)
    return drawing


def _description(q: Quantities) -> str:
    """The figure in words, for those who do not see it."""
    return words(q, WORDS, "description", **_names(q))


def _names(q: Quantities) -> dict[str, str]:
    """The chip that fails and the spare, as coordinates; nothing where there is no spare."""
    chip, spare = place(q)
    return {"chip": _short(chip), "spare": _short(spare) if spare else ""}


def _short(chip: Chip) -> str:
    return f"{'.'.join(map(str, chip))}/1.1"


# ---------------------------------------------------------------------------------------------- the four states
def window(q: Quantities) -> tuple[int, int, int, int]:
    """First book and chapter drawn around the failed chip, and how many of each."""
    (_, book, chapter), _ = place(q)
    m = q.machine
    rows, columns = min(CELLS, int(m.books)), min(CELLS, int(m.chapters))
    first = (
        min(max(book - rows // 2, 1), int(m.books) - rows + 1),
        min(max(chapter - columns // 2, 1), int(m.chapters) - columns + 1),
    )
    return (*first, rows, columns)


def _states(drawing: Drawing, q: Quantities) -> None:
    chip, spare = place(q)
    book, chapter, rows, columns = window(q)
    for turn, state in enumerate(STATES):
        drawing.panel(state)
        left = LEFT + turn * STEP
        drawing.text(left, 6, state, id=f"state--{state}", bold=True)
        drawing.text(left, 13.5, words(q, WORDS, state, **_names(q)), id=f"words--{state}")
        grid = drawing.grid(
            f"{chip[0]}.book{book}.chapter{chapter}", (left, TOP), (CELL, CELL), rows, columns, fill=style.PALE
        )
        box = grid.box(chip[1] - book + 1, chip[2] - chapter + 1)
        dead = state != "normal"
        drawing.box(
            *box,
            id=f"failed--{state}" if dead else f"chip--{state}",
            fill=style.CRIMSON if dead else style.NAVY,
            **EDGE,
        )
        if spare:
            pool = drawing.grid(
                f"{spare[0]}.book.chapter",
                (left + SPARE_LEFT, TOP),
                (CELL, CELL),
                min(CELLS, int(q.machine.books)),
                min(SPARES, int(q.machine.chapters)),
                fill=style.AMBER,
            )
            if state == "recovered":
                drawing.box(*pool.box(spare[1], spare[2]), id="taken--recovered", fill=style.NAVY, **EDGE)
            if state == "remap":
                _move(drawing, grid, pool, chip, spare, (book, chapter))
    below = TOP + rows * CELL + 5
    drawing.panel("legend")
    boxes = ((style.NAVY, "holds"), (style.CRIMSON, "failed"), (style.AMBER, "free"))
    moving = ("arrow", "", {"colour": style.INK, "width": style.LINE, "head": 3.0}, words(q, WORDS, "moves"))
    drawing.legend(
        [*(("box", fill, style.LINES, words(q, WORDS, name)) for fill, name in boxes), moving],
        LEFT,
        below,
        columns=(66, 40, 38, 60),
    )


def _move(drawing: Drawing, grid: Grid, pool: Grid, chip: Chip, spare: Chip, first: tuple[int, int]) -> None:
    start, end = grid.centre(chip[1] - first[0] + 1, chip[2] - first[1] + 1), pool.centre(spare[1], spare[2])
    drawing.arrow(
        [start, end],
        id=f"arrow--{'.'.join(map(str, chip))}--{'.'.join(map(str, spare))}",
        colour=style.INK,
        width=style.LINE,
        head=3.0,
    )


# ---------------------------------------------------------------------------------------------- times and cover
def _times(drawing: Drawing, q: Quantities) -> None:
    drawing.panel("times")
    found, (low, high) = parts(q), log_range(q)
    for turn, (name, quantity) in enumerate(found.items()):
        y = BARS_TOP + turn * BARS_STEP
        long = BARS_WIDE * (log10(seconds(name, quantity)) - low) / (high - low)
        drawing.text(LEFT, y, words(q, WORDS, name), id=f"part--{name}")
        drawing.box(
            BARS_LEFT,
            y - BAR / 2,
            max(long, 0.3),
            BAR,
            id=f"bar--{name}",
            fill=style.TEAL if name in ("table", "mirrors") else style.NAVY,
        )
        drawing.text(BARS_LEFT + max(long, 0.3) + 1.5, y, quantity.with_unit, id=f"takes--{name}")
    axis = drawing.plot(BARS_LEFT, AXIS - 0.1, BARS_WIDE, 0.1, id="plot--times")
    axis.set_xscale("log")
    axis.set_xlim(10**low, 10**high)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    powers = range(int(low), int(high) + 1, ceil(WIDEST * (high - low) / BARS_WIDE))
    drawing.ticks(
        axis.xaxis, [10.0**power for power in powers], [f"{10.0**power:.{max(-power, 0)}f}" for power in powers]
    )
    drawing.text(LEFT, AXIS + 4.3, words(q, WORDS, "seconds"), id="axis--times")


def _cover(drawing: Drawing, q: Quantities) -> None:
    curve = q.node("faults.availability_curve")
    days, (left, top, width, height) = curve["days"], PLOT
    drawing.panel("band")
    ends = [
        [
            (left + width * float(day / days[-1]), top + height * (1 - float(value)))
            for day, value in zip(days[::2], curve[end][::2], strict=True)
        ]
        for end in ("low", "high")
    ]
    drawing.path([[*ends[0], *reversed(ends[1])]], id="band--chip", fill=style.AMBER, closed=True)
    axes = drawing.plot(*PLOT, id="plot--cover")
    for unit in pools.units(q):
        axes.plot(
            days, curve["closed"][unit], color=COLOURS[unit], linewidth=style.LINE, gid=f"curve--{unit}", zorder=3
        )
    axes.set_xlim(0, float(days[-1]))
    axes.set_ylim(0, 1)
    step = _nice(float(days[-1]) / 4)
    ticks = [step * turn for turn in range(int(float(days[-1]) / step) + 1)]
    drawing.ticks(axes.xaxis, ticks, [f"{tick:g}" for tick in ticks])
    drawing.ticks(axes.yaxis, [0, 0.5, 1], ["0", "0.5", "1"])
    drawing.panel("cover")
    drawing.text(PLOT[0] - 14, 63.5, words(q, WORDS, "cover"), id="axis--cover")
    middle = PLOT[0] + 0.29 * PLOT[2]
    for turn, unit in enumerate(pools.units(q)):
        y = PLOT[1] + 8 + turn * 7.5
        drawing.path([[(middle, y), (middle + 7, y)]], id=f"key--{unit}", line=COLOURS[unit], width=style.LINE)
        drawing.text(middle + 9, y, words(q, WORDS, "by_unit", unit=unit), id=f"unit--{unit}")
    drawing.text(PLOT[0] - 14, 122.5, words(q, WORDS, "band"), id="note--band")


def _nice(step: float) -> float:
    """A round step: the smallest of 1, 2, 5, 10 times a power of ten that is not smaller."""
    power = 10.0 ** floor(log10(step))
    return min(factor * power for factor in (1, 2, 5, 10) if factor * power >= step)
