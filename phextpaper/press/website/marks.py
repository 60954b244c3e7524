"""Numbers of a text marked where the build printed them, and marks turned into links once the text is HTML.

Marks are private-use characters, which Markdown and HTML pass through untouched. A mark holds the place of its print in
the list.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from markdown_it import MarkdownIt

from phextpaper.press.quantity import CLOSE, MIDDLE, OPEN, Print

MARK = re.compile(f"{OPEN}(\\d+){MIDDLE}([^{CLOSE}]*){CLOSE}")
_LONE = re.compile(f"{OPEN}\\d+{MIDDLE}|{CLOSE}")
_ITEM = re.compile(r"\s*(\d+)[.)](?:\s|$)")


def mark(text: str, prints: Sequence[Print], *, markdown: bool = True) -> str:
    """The text with a mark around each print that stands where it is said to stand; a number of a list stays bare.

    >>> mark("It has 4096 trees.", [Print(1, 8, "orchard.trees", "4096")]).count("4096")
    1
    """
    lines = text.split("\n")
    bare = _numbered_items(text) if markdown and any(_opens(lines, item) for item in prints) else set()
    for index, item in sorted(enumerate(prints), key=lambda pair: (pair[1].line, pair[1].column), reverse=True):
        if not item.text or item.line > len(lines) or (item.line in bare and _opens(lines, item)):
            continue
        row, start = lines[item.line - 1], item.column - 1
        end = start + len(item.text)
        if row[start:end] == item.text:
            lines[item.line - 1] = f"{row[:start]}{OPEN}{index}{MIDDLE}{item.text}{CLOSE}{row[end:]}"
    return "\n".join(lines)


def _opens(lines: list[str], item: Print) -> bool:
    """Whether a print stands where a numbered item of a list has its number."""
    found = _ITEM.match(lines[item.line - 1]) if item.line <= len(lines) else None
    return found is not None and item.column - 1 == found.start(1)


def _numbered_items(text: str) -> set[int]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return {token.map[0] + 1 for token in tokens if token.map and token.type == "list_item_open" and token.info}


def unmarked(text: str) -> str:
    """A text without marks."""
    return _LONE.sub("", text)


def linked(html: str, link: Callable[[int, str], str]) -> str:
    """HTML with each mark replaced by what `link` makes of its place and content; marks inside tags vanish."""
    pieces = re.split(r"(<[^<>]*>)", html)
    html = "".join(unmarked(piece) if piece.startswith("<") and piece.endswith(">") else piece for piece in pieces)
    return unmarked(MARK.sub(lambda found: link(int(found[1]), found[2]), html))


def prints_of(entries: Iterable[Sequence[Any]]) -> list[Print]:
    """Prints as a record keeps them: lists of line, column, id and text."""
    return [Print(*entry) for entry in entries]
