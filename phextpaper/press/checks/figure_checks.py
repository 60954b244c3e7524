"""Criteria that figures share.

A drawing that reads in print and aloud, numbers that are named, arrows that are links.
"""

import math
from collections.abc import Callable, Collection, Iterable
from itertools import pairwise

from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.numerals import bare_numerals
from phextpaper.press.documents.svg import Mark, Svg, Text
from phextpaper.press.paper import Paper
from phextpaper.press.quantity import Print
from phextpaper.press.wave import Verdict, Wave, all_of

MOST_BYTES, LEAST_POINTS = 25_000, 6.0
LABEL_REACH = 12.0
"""How far a label may stand from the middle or the tip of the arrow that it belongs to, in points at column width."""


def svg(built: Artefacts, page: Wave, path: str = "") -> Verdict:
    """Well-formed, on the plan's canvas, small enough, with a title and a description.

    Its text is text, and none of it too small, covered or cut off.
    """
    drawing = built.svg(path)
    return all_of(_canvas(drawing, page), _told(drawing), _weight(drawing), _sizes(drawing), _apart(drawing))


def _canvas(drawing: Svg, page: Wave) -> Verdict:
    width, height = page.bounds["canvas"]
    view = drawing.view
    like = math.isclose((view.right - view.left) * height, (view.bottom - view.top) * width, rel_tol=1e-4)
    same = drawing.canvas == (str(width), str(height))
    return Verdict(like and same, f"a canvas of {width} x {height}", f"{' x '.join(drawing.canvas)}", drawing.name)


def _told(drawing: Svg) -> Verdict:
    missing = [tag for tag in ("title", "desc") if not drawing.told(tag)]
    pictures = [element.tag for element in drawing.root.walk() if element.tag in ("image", "foreignObject", "script")]
    good = not missing and not pictures and bool(drawing.texts)
    faults = ", ".join(
        [*(f"no {tag} that a screen reader finds" for tag in missing), *(f"<{tag}>" for tag in pictures)]
    )
    return Verdict(
        good,
        "text as text, a title and a description for screen readers",
        faults or f"{len(drawing.texts)} texts",
        drawing.name,
    )


def _weight(drawing: Svg) -> Verdict:
    return Verdict(drawing.bytes <= MOST_BYTES, f"at most {MOST_BYTES} bytes", f"{drawing.bytes} bytes", drawing.name)


def _sizes(drawing: Svg) -> Verdict:
    small = min(drawing.texts, key=lambda text: text.size, default=None)
    points = small.size * drawing.scale if small else 0.0
    return Verdict(
        points >= LEAST_POINTS - 0.005,
        f"text of {LEAST_POINTS:g} pt or more in one column",
        f"{points:.2f} pt" + (f" in {small.content!r}" if small else ""),
        _where(drawing, small),
    )


def _apart(drawing: Svg) -> Verdict:
    covered = [f"{a.content!r} and {b.content!r}" for a, b in drawing.overlaps()]
    cut = [repr(text.content) for text in drawing.outside()]
    seen = "; ".join(
        [f"touching: {', '.join(covered[:3])}"] * bool(covered) + [f"cut off: {', '.join(cut[:3])}"] * bool(cut)
    )
    return Verdict(not covered and not cut, "no text over another or over the edge", seen or "none", drawing.name)


def _where(drawing: Svg, text: Text | Mark | None) -> str:
    return f"{drawing.name}:{text.line}" if text else drawing.name


def drawn_numbers(drawing: Svg, prints: Collection[Print], paper: Paper | None = None) -> Verdict:
    """Every numeral of a drawing is printed by a quantity or is a name.

    Those at ticks may also tell an even or a logarithmic scale.
    """
    wanted, lines = "every numeral printed by a quantity", drawing.words.count("\n") + 1
    if found := bare_numerals(drawing.words, [item for item in prints if item.line <= lines], paper):
        listed = ", ".join(f"{bare.text!r} in line {bare.line}" for bare in found[:5])
        return Verdict(False, wanted, f"{len(found)} typed: {listed}", f"{drawing.name}:{found[0].line}")
    for ticks in _axes(drawing):
        if not _even(ticks):
            seen = ", ".join(text.content for text in ticks)
            return Verdict(False, "ticks that tell an even or a logarithmic scale", seen, _where(drawing, ticks[0]))
    return Verdict(True, wanted, f"{len(prints)} printed quantities, no bare numeral")


def _axes(drawing: Svg) -> Iterable[list[Text]]:
    """The texts at the ticks of each axis; a tick that a quantity labels has no number of its own to tell."""
    axes: dict[tuple[str, ...], list[Text]] = {}
    for text in drawing.texts:
        if text.kind == "tick":
            axes.setdefault((*text.groups[:-1], text.names[0][0]), []).append(text)
    return axes.values()


def _even(ticks: list[Text]) -> bool:
    """Whether the numbers at ticks grow evenly with their places, or their logarithms do; words tell no scale."""
    along = "y" if "--y" in ticks[0].groups[-1] else "x"
    try:
        pairs = [(getattr(text, along), float(text.content.replace(",", "").replace("−", "-"))) for text in ticks]
    except ValueError:
        return not any(character.isdigit() for text in ticks for character in text.content)
    scales = [pairs] + (
        [[(place, math.log(value)) for place, value in pairs]] if all(value > 0 for _, value in pairs) else []
    )
    return any(_straight(scale) for scale in scales)


def _straight(pairs: list[tuple[float, float]]) -> bool:
    (a, first), (b, last) = pairs[0], pairs[-1]
    if len(pairs) < 3:
        return len(pairs) < 2 or (a != b and first != last)
    return a != b and all(
        abs(first + (last - first) * (place - a) / (b - a) - value) < 0.01 * abs(last - first) for place, value in pairs
    )


def arrows_are_links(drawing: Svg, linked: Callable[[str, str], bool], inside: str = "", least: int = 1) -> Verdict:
    """Every arrow begins and ends at the cells that it names, and these are linked.

    At least so many arrows are drawn.
    """
    steps, wanted = drawing.steps(inside), f"{inside or 'all arrows'}: links of the topology"
    for mark, start, end in steps:
        seen = f"one from {start or 'nowhere'} to {end or 'nowhere'}"
        if (start, end) != mark.names:
            return Verdict(False, f"an arrow from {' to '.join(mark.names)}", seen, _where(drawing, mark))
        if not linked(start, end):
            return Verdict(False, wanted, f"{start} and {end} are no neighbours", _where(drawing, mark))
    return Verdict(len(steps) >= least, f"{wanted}, at least {least}", f"{len(steps)} arrows, all of them links")


def labelled_hops(drawing: Svg, inside: str = "", least: int = 5) -> Verdict:
    """At least so many arrows have a label of their own beside them.

    A text whose identifier is ``hop--`` and the arrow's names.
    """
    arrows: dict[tuple[str, ...], list[Mark]] = {}
    for mark, *_ in drawing.steps(inside):
        arrows.setdefault(mark.names, []).append(mark)
    labels = [text for text in drawing.texts if text.kind == "hop" and (not inside or inside in text.groups)]
    for text in labels:
        if not any(_beside(text, mark, drawing) for mark in arrows.get(text.names, ())):
            wanted = f"the hop from {' to '.join(text.names)} beside its label"
            return Verdict(False, wanted, f"no such arrow beside {text.content!r}", _where(drawing, text))
    return Verdict(
        len(labels) >= least,
        f"{inside or 'the drawing'}: at least {least} labelled hops",
        f"{len(labels)}",
        drawing.name,
    )


def _beside(text: Text, mark: Mark, drawing: Svg) -> bool:
    """Whether a label stands by an arrow's tip or by the middle of one of its straight parts."""
    parts = [(a, b) for subpath in mark.subpaths[:-1] for a, b in pairwise(subpath)]
    places = [mark.end] + [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in parts]
    return any(math.dist(text.box.centre, place) * drawing.scale <= LABEL_REACH for place in places)
