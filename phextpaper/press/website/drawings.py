"""SVG artefacts inside a page: their printed numbers as links, their own words as alternative text."""

import re
from dataclasses import dataclass
from html import escape, unescape

from phextpaper.press.quantity import Print
from phextpaper.press.website.marks import mark, unmarked

_UNLINKED = re.compile(r"<(title|desc|style|metadata)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What an SVG says of itself: title, description, width and height in pixels (0 where it does not say)."""

    title: str
    description: str
    width: int
    height: int


def described(svg: str) -> Drawing:
    """Read a drawing's own description and size."""
    head = re.search(r"<svg\b[^>]*>", svg)
    size = [re.search(rf'\s{name}="(\d+)(?:\.\d+)?(?:px)?"', head[0]) if head else None for name in ("width", "height")]
    width, height = (int(found[1]) if found else 0 for found in size)
    return Drawing(unescape(_inside("title", svg)), unescape(_inside("desc", svg)), width, height)


def _inside(tag: str, svg: str) -> str:
    """The text of the first element of a name, as XML has it."""
    found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", svg, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def marked(svg: str, prints: list[Print]) -> tuple[str, str, str]:
    """An SVG as a piece of HTML, its title and its description, each with its numbers marked where they are seen."""
    text = mark(svg, prints, markdown=False)
    title, description = (escape(unescape(_inside(tag, text)), quote=False) for tag in ("title", "desc"))
    text = text.replace('role="img"', 'role="group"', 1)  # its links are seen by screen readers
    text = re.sub(r"^\s*(?:<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->)\s*", "", text, flags=re.DOTALL)
    return _UNLINKED.sub(lambda found: unmarked(found[0]), text), title, description
