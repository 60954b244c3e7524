"""Coordinates as a finished text prints them: which parse, which place a row gives them, which sums stand there."""

import re
from collections.abc import Sequence

from phextpaper.engine.naming.coordinates import Coordinate
from phextpaper.errors import InputError
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities

_PRINTED = re.compile(r"(?<![\w.])\d+(?:\.\d+)+(?:/\d+(?:\.\d+)+)+")
_SUM = re.compile(r"([\d,]+) \+ ([\d,]+) = ([\d,]+)")


def printed(text: Markdown) -> list[str]:
    """Everything in a text that looks like a coordinate."""
    return _PRINTED.findall(text.text)


def parses(text: str) -> bool:
    """Whether a text is a coordinate."""
    try:
        Coordinate.parse(text)
    except InputError:
        return False
    return True


def places_right(q: Quantities, rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows ``coordinate, rack, unit, host, chip, link, index, role`` are as the layout has them."""
    layout, right = q.node("layout.machine"), 0
    for name, *cells, role in rows:
        coordinate = Coordinate.parse(name)
        index = int(layout.index([coordinate.volume, coordinate.book, coordinate.chapter]))
        spot = layout.place(index)
        wanted = [int(spot.rack), int(spot.unit), int(spot.host), int(spot.chip), coordinate.section, index]
        numbers = [int(cell.replace(",", "")) for cell in cells]
        right += numbers == wanted and role == ("spare" if bool(layout.is_spare(index)) else "active")
    return right


def sums(text: Markdown) -> list[tuple[int, ...]]:
    """Every sum of two numbers that a text shows: both and what they make."""
    return [tuple(int(part.replace(",", "")) for part in found) for found in _SUM.findall(text.text)]
