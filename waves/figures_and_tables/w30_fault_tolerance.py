"""Wave 30: Figure 5, a failure and its recovery on coordinates, what each part takes, how long spares last by unit."""

from collections.abc import Sequence
from math import log10

import numpy as np
from numpy.typing import NDArray

from phextpaper.press.checks import figure_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.svg import Mark, Svg
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study import pools
from phextpaper.study.figures import fault_tolerance

page = Wave(
    n=30,
    name="Figure 5: fault tolerance",
    phase=3,
    minutes=30,
    needs=(7, 17),
    output=("figures/fig-5-fault-tolerance.svg",),
    also=("figures/fig-5-fault-tolerance.pdf", "figures/fig-5-fault-tolerance.png"),
    canvas=(1200, 600),
)

NEAR = 0.35
Point = tuple[float, float]
Curve = NDArray[np.float64]


@page.writes("figures/fig-5-fault-tolerance.svg")
def figure(q: Quantities) -> Made:
    """The drawing in its three forms."""
    return fault_tolerance.draw(q).made(page.output[0])


@page.criterion
def panels(built: Artefacts, q: Quantities) -> Verdict:
    """normal, failure of 8.8.8/1.1, remap to 17.1.1/1.1, recovered, with a time line from the model"""
    drawing = built.svg()
    chip, spare = (".".join(map(str, place)) if place else "" for place in fault_tolerance.place(q))
    heads = [name for name in fault_tolerance.STATES if (text := drawing.label("state", name)) and text.content == name]
    said = {state: text.content if (text := drawing.label("words", state)) else "" for state in fault_tolerance.STATES}
    named = said["failure"] == f"{chip}/1.1" and (
        not spare or (said["remap"] == f"to {spare}/1.1" and said["recovered"] == f"as {chip}/1.1")
    )
    cells = [drawing.one("chip--normal"), *(drawing.one(f"failed--{state}") for state in fault_tolerance.STATES[1:])]
    at = [drawing.grid_at(cell.box.centre) if cell else "" for cell in cells]
    return all_of(
        Verdict(
            heads == list(fault_tolerance.STATES) and named,
            f"{', '.join(fault_tolerance.STATES)}, for {chip}/1.1" + (f" and {spare}/1.1" if spare else ""),
            f"{', '.join(heads)}; {'; '.join(said.values())}",
            drawing.name,
        ),
        Verdict(at == [chip] * 4, f"{chip} marked in each state", ", ".join(at), drawing.name),
        _moved(drawing, chip, spare),
        _timed(drawing, q),
    )


def _moved(drawing: Svg, chip: str, spare: str) -> Verdict:
    """The arrow from the failed chip to the spare, and the spare that holds the name at the end."""
    arrow, taken = next(iter(drawing.of("arrow")), None), drawing.one("taken--recovered")
    if not spare:
        return Verdict(
            arrow is None and taken is None,
            "no move where there is no spare",
            "none" if arrow is None else "one",
            drawing.name,
        )
    seen = [
        drawing.grid_at(arrow.start) if arrow else "",
        drawing.grid_at(arrow.end) if arrow else "",
        drawing.grid_at(taken.box.centre) if taken else "",
    ]
    return Verdict(
        seen == [chip, spare, spare] and arrow is not None and arrow.names == (chip, spare),
        f"the name moves from {chip} to {spare}",
        ", ".join(seen),
        drawing.name,
    )


def _timed(drawing: Svg, q: Quantities) -> Verdict:
    """Bars as long as the logarithms of the model's times, with these times beside them, on an axis that says so."""
    found, (low, high), wrong = fault_tolerance.parts(q), fault_tolerance.log_range(q), []
    for name, quantity in found.items():
        bar, text = drawing.one(f"bar--{name}"), drawing.label("takes", name)
        wanted = fault_tolerance.BARS_WIDE * (log10(fault_tolerance.seconds(name, quantity)) - low) / (high - low)
        right = (
            bar
            and text
            and abs(bar.box.right - bar.box.left - max(wanted, 0.3)) < NEAR
            and text.content.startswith(f"{quantity.text} ")
        )
        wrong += [] if right else [name]
    ticks = [
        (text.x, float(text.content))
        for text in drawing.texts
        if text.kind == "tick" and any("plot--times" in group for group in text.groups)
    ]
    scale = [
        value
        for x, value in ticks
        if abs(x - fault_tolerance.BARS_LEFT - fault_tolerance.BARS_WIDE * (log10(value) - low) / (high - low)) > 1
    ]
    return Verdict(
        not wrong and not scale and len(ticks) >= 2,
        "bars to a logarithmic scale",
        f"wrong: {', '.join(wrong) or 'none'}; ticks off: {len(scale)} of {len(ticks)}",
        drawing.name,
    )


@page.criterion
def availability(built: Artefacts, q: Quantities) -> Verdict:
    """availability or cover over time from the model, with the Monte Carlo band"""
    drawing, curve = built.svg(), q.node("faults.availability_curve")
    days, wrong = curve["days"], []
    for unit in pools.units(q):
        mark = drawing.one(f"curve--{unit}")
        wrong += [] if mark and _follows(mark.subpaths[0], days, curve["closed"][unit]) else [f"curve by {unit}"]
    band = _band(drawing.one("band--chip"), days, curve["low"], curve["high"])
    keys = [
        unit for unit in pools.units(q) if (text := drawing.label("unit", unit)) is None or text.content != f"by {unit}"
    ]
    runs = any(q.faults.runs.text in text.content for text in drawing.texts)
    return all_of(
        Verdict(
            not wrong and band and not keys,
            f"curves by {', '.join(pools.units(q))} and a band as the model and the simulation give them",
            f"wrong: {', '.join([*wrong, *keys]) or 'none'}; band {'right' if band else 'wrong'}",
            drawing.name,
        ),
        Verdict(runs, f"{q.faults.runs.text} runs named", "named" if runs else "not named", drawing.name),
    )


def _point(x: float, y: float, last: float) -> Point:
    """Day and probability of a place in the plot."""
    left, top, width, height = fault_tolerance.PLOT
    return (x - left) / width * last, 1 - (y - top) / height


def _follows(points: Sequence[Point], days: Curve, values: Curve) -> bool:
    """Whether every point of a drawn curve lies on the model's, and the curve spans the days."""
    places = [_point(x, y, float(days[-1])) for x, y in points]
    on = all(_on(day, value, days, values) for day, value in places)
    return (
        on
        and len(places) > 5
        and min(day for day, _ in places) < days[-1] - 0.99 * days[-1]
        and max(day for day, _ in places) > 0.99 * days[-1]
    )


def _on(day: float, value: float, days: Curve, values: Curve) -> bool:
    """Whether a point lies on a falling curve, by its value or, where that falls steeply, by its day."""
    return (
        abs(float(np.interp(day, days, values)) - value) < 0.03
        or abs(float(np.interp(value, values[::-1], days[::-1])) - day) < 0.02 * days[-1]
    )


def _band(mark: Mark | None, days: Curve, low: Curve, high: Curve) -> bool:
    """Whether every corner of the drawn band lies on one of its ends."""
    if mark is None:
        return False
    found = [_point(x, y, float(days[-1])) for subpath in mark.subpaths for x, y in subpath]
    return len(found) > 10 and all(any(_on(day, value, days, end) for end in (low, high)) for day, value in found)


@page.criterion
def svg(built: Artefacts, q: Quantities) -> Verdict:
    """as in wave 26"""
    return figure_checks.svg(built, page)
