"""SVG artefacts inside a page: their printed numbers as links, their own words as alternative text."""

import re
from dataclasses import dataclass

from phextpaper.pipeline.website.marks import mark, unmarked
from phextpaper.quantity import Print

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
    def text(tag: str) -> str:
        found = re.search(rf"<{tag}\b[^>]*>(.*?)</{tag}>", svg, re.DOTALL)
        return " ".join(re.sub(r"&(amp|lt|gt|quot|apos);", _character, found[1]).split()) if found else ""

    head = re.search(r"<svg\b[^>]*>", svg)
    size = [re.search(rf'\s{name}="(\d+)(?:\.\d+)?(?:px)?"', head[0]) if head else None for name in ("width", "height")]
    width, height = (int(found[1]) if found else 0 for found in size)
    return Drawing(text("title"), text("desc"), width, height)


def _character(found: re.Match) -> str:
    return {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}[found[1]]


def marked(svg: str, prints: list[Print]) -> str:
    """An SVG as a piece of HTML, its numbers marked where they are text that is seen."""
    text = re.sub(r"^\s*(?:<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->)\s*", "", mark(svg, prints, markdown=False), flags=re.DOTALL)
    return _UNLINKED.sub(lambda found: unmarked(found[0]), text)
