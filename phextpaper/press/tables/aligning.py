"""Numbers of a column under one another, by their decimal points."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"(\d[\d,]*)(\.\d+)?(?=$|[\s;%)])")


@dataclass(frozen=True)
class Padding:
    """What a number lacks to stand with its decimal point under the others': characters on the left and the right."""

    left: str = ""
    right: str = ""


def padding(cells: Sequence[str]) -> list[Padding]:
    """What each cell of a column of numbers lacks to align them by their decimal points; cells of words lack nothing.

    >>> padding(["12.5", "8", "10,024 [@key2020]", "not reported"])[1]
    Padding(left='0000,', right='.0')
    """
    found = [_NUMBER.match(cell) for cell in cells]
    whole = [match[1] for match in found if match]
    digits, commas = (
        max((len(text) - text.count(",") for text in whole), default=0),
        max((text.count(",") for text in whole), default=0),
    )
    part = max((len(match[2] or "") for match in found if match), default=0)
    return [_lacking(match, digits, commas, part) if match else Padding() for match in found]


def _lacking(match: re.Match[str], digits: int, commas: int, part: int) -> Padding:
    """What one number lacks to so many digits and commas before its point, and characters from the point on."""
    own, mine = match[1].count(","), len(match[2] or "")
    right = "." * (part > 0 and not mine) + "0" * (part - max(mine, 1))
    return Padding("0" * (digits - len(match[1]) + own) + "," * (commas - own), right)


def followed(cells: Iterable[str]) -> bool:
    """Whether something stands behind a number in a column, such as a citation; then it is set to the left."""
    return any((match := _NUMBER.match(cell)) and match.end() < len(cell) for cell in cells)
