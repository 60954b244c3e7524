"""Where everything stands in the site: one address for each page, and links from one page to another."""

import re
from functools import lru_cache
from urllib.parse import quote

from phextpaper.press.publishing.assembly import slug

FRONT = "index.html"

_PLAIN = re.compile(r"[A-Za-z0-9._-]+")


def text_page(path: str, paper: str = "") -> str:
    """The page of an artefact; the paper is the front page."""
    return FRONT if path == paper else f"texts/{path.removesuffix('.md').removesuffix('.svg')}.html"


def wave_page(n: int) -> str:
    """The page of a wave."""
    return f"waves/w{n:02d}.html"


def subject_page(id: str) -> str:
    """The page of a number: one for each subject."""
    return f"quantities/{id.partition('.')[0]}.html"


def code_page(file: str) -> str:
    """The page of a source file."""
    return f"code/{file}.html"


def number_anchor(line: int, column: int) -> str:
    """Where a number is printed in the page of its text."""
    return f"n{line}-{column}"


def link(page: str, target: str, anchor: str = "") -> str:
    """A relative link from one page to another, and to a place in it."""
    if not anchor:
        return _path(page, target)
    fragment = f"#{anchor if _PLAIN.fullmatch(anchor) else quote(anchor, safe='.-_')}"
    return fragment if page == target else _path(page, target) + fragment


@lru_cache(maxsize=1 << 16)
def _path(page: str, target: str) -> str:
    up, here, there = 0, page.split("/")[:-1], target.split("/")
    while up < min(len(here), len(there) - 1) and here[up] == there[up]:
        up += 1
    return quote("/".join([*[".."] * (len(here) - up), *there[up:]]), safe="/.-_")


def heading_anchor(heading: str) -> str:
    """A heading's own anchor: by its number where it has one.

    >>> heading_anchor("3.4 Rows and trees"), heading_anchor("References")
    ('section-3-4', 'references')
    """
    numbered = re.match(r"(\d+(?:\.\d+)*)\s", heading)
    return f"section-{numbered[1].replace('.', '-')}" if numbered else slug(heading) or "part"
