"""A table as Markdown: the caption as heading, one line a row, numbers under one another, the notes as a paragraph."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from phextpaper.press.documents.markdown import CITATION
from phextpaper.press.quantity import CLOSE, OPEN, strip_marks
from phextpaper.press.tables.aligning import followed, padding

if TYPE_CHECKING:
    from phextpaper.press.tables.table import Table

_KEPT = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}|{CITATION.pattern}")
_SPECIAL = re.compile(r"[\\`*_|<>]")
_BLANK = {**dict.fromkeys("0123456789", "\u2007"), **dict.fromkeys(",.", "\u2008")}
"""A blank as wide as a digit, and one as wide as a point."""


def to_markdown(table: "Table") -> str:
    """The text with marks."""
    columns = [_column(table, place) for place in range(len(table.columns))]
    widths = [max(len(strip_marks(cell)[0]) for cell in cells) for cells, _ in columns]
    lines = [_line([cells[row] for cells, _ in columns], widths) for row in range(len(table.rows) + 1)]
    rule = "|" + "|".join(side(width + 2) for (_, side), width in zip(columns, widths, strict=True)) + "|"
    parts = [f"# Table {table.number}: {escaped(table.caption)}", "\n".join([lines[0], rule, *lines[1:]])]
    if table.notes:
        notes = (f"*{escaped(name)}*{escaped(text)}" if name else escaped(text) for name, text in table.notes)
        parts.append(" ".join([f"Notes on Table {table.number}.", *notes]))
    return "\n\n".join(parts) + "\n"


def _column(table: "Table", place: int) -> tuple[list[str], Callable[[int], str]]:
    """Head and cells of a column, and how the rule below the head says where they stand."""
    column, cells = table.columns[place], [escaped(row[place]) for row in table.rows]
    head = escaped(column.title)
    if not column.numbers:
        return [head, *cells], _left
    middle = not followed(table.plain(place))
    lacking = padding(table.plain(place))
    padded = [
        _blank(lacks.left) + cell + _blank(lacks.right if middle else "")
        for cell, lacks in zip(cells, lacking, strict=True)
    ]
    return [head, *padded], _middle if middle else _left


def _blank(text: str) -> str:
    return "".join(_BLANK[character] for character in text)


def _left(width: int) -> str:
    return ":" + "-" * (width - 1)


def _middle(width: int) -> str:
    return f":{'-' * (width - 2)}:"


def _line(cells: list[str], widths: list[int]) -> str:
    return (
        "| "
        + " | ".join(
            cell + " " * (width - len(strip_marks(cell)[0])) for cell, width in zip(cells, widths, strict=True)
        )
        + " |"
    )


def escaped(text: str) -> str:
    r"""Text whose characters mean themselves; marks and citations stay as they are.

    >>> escaped("a|b [@dally2004, Table 1]")
    'a\\|b [@dally2004, Table 1]'
    """
    pieces, end = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [_SPECIAL.sub(r"\\\g<0>", text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join(pieces) + _SPECIAL.sub(r"\\\g<0>", text[end:])
