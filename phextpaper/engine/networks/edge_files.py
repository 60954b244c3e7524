"""Edge files: a network as text, one link a line, its two ends in two comma-separated columns."""

import csv
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from phextpaper.errors import InputError

_MOST_DIGITS = 18
"""Digits of a node's number, so that eight bytes hold it."""
_BROKEN_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]*")
_COMMENT = re.compile(r"(^|\s)#")
_ONE_LINK = "write one link a line: 0,1"


def read_edges(path: Path) -> tuple[NDArray[np.int64], tuple[str, ...] | None]:
    """Pairs of node numbers, shape (links, 2), from a file, and the nodes' names if they had any.

    Blank lines and lines that start with # are skipped, and so is a header: a first line in which no field is a whole
    number, above lines of whole numbers only. If the nodes are not called 0, 1, 2 … without a gap, they are numbered in
    sorted order and their names are given too; numbers with leading zeros are names. Raises `InputError`, which says
    the file and the line, for whatever else is no link.
    """
    rows, numbers = _rows(path)
    if len(rows) > 1 and not any(map(_is_whole, rows[0])):
        if all(map(_is_whole, _cells(rows[1:]))):
            del rows[0], numbers[0]
        elif not set(rows[0]) & set(_cells(rows[1:])):
            raise InputError(
                f"the graph is not connected: no other line names {rows[0][0]!r} or {rows[0][1]!r}",
                where=f"{path}:{numbers[0]}",
                remedy="begin the line with # if it is a header above names",
            )
    for cells, number in zip(rows, numbers, strict=True):
        if cells[0] == cells[1]:
            raise InputError(f"node {cells[0]} is linked to itself", where=f"{path}:{number}", remedy="drop the link")
    if not rows:
        raise InputError("there are no links", where=str(path), remedy=_ONE_LINK)
    if all(_is_whole(cell) and cell == str(int(cell)) for cell in _cells(rows)):
        called, edges = np.unique(np.array(rows, dtype=np.int64), return_inverse=True)
        gapless = called[0] == 0 and called[-1] == len(called) - 1
        return edges.reshape(-1, 2), None if gapless else tuple(map(str, called.tolist()))
    names, edges = np.unique(np.array(rows), return_inverse=True)
    return edges.reshape(-1, 2), tuple(names.tolist())


def _rows(path: Path) -> tuple[list[list[str]], list[int]]:
    """Two fields of each line that is neither blank nor a comment, and the numbers of these lines."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"cannot be read ({error})", where=str(path), remedy="give a text file of two columns"
        ) from None
    rows, numbers = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        rows.append(_ends(line, f"{path}:{number}"))
        numbers.append(number)
    return rows, numbers


def _ends(line: str, where: str) -> list[str]:
    """The two fields of a line; raises `InputError` for anything else."""
    try:
        cells = [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True, strict=True))]
    except csv.Error as error:
        raise InputError(f"{line[:60]!r} is not two columns ({error})", where=where, remedy=_ONE_LINK) from None
    if len(cells) != 2 or not all(cells):
        raise InputError(f"{line[:60]!r} is not two columns", where=where, remedy=_ONE_LINK)
    for cell in cells:
        if _COMMENT.search(cell):
            raise InputError(
                f"{cell[:60]!r} is no node",
                where=where,
                remedy="put a comment on a line of its own, which begins with #",
            )
        if _BROKEN_NUMBER.fullmatch(cell) and not (_is_whole(cell) and len(cell) <= _MOST_DIGITS):
            raise InputError(
                f"{cell[:60]!r} is no node",
                where=where,
                remedy=f"number nodes from 0 on, with {_MOST_DIGITS} digits at most, or give them names",
            )
    return cells


def _is_whole(cell: str) -> bool:
    return cell.isascii() and cell.isdecimal()


def _cells(rows: list[list[str]]) -> list[str]:
    return [cell for row in rows for cell in row]
