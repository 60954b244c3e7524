"""The build as one phext document: every text a scroll, wave N's first file at 1.1.1/1.1.1/1.1.N."""

import re
from collections.abc import Mapping
from typing import Any

from phextpaper.engine.naming.coordinates import DELIMITERS, ORIGIN, Coordinate, delimiters_between
from phextpaper.errors import InputError
from phextpaper.press.pipeline.site import Site, write_atomically
from phextpaper.press.sources.plan import load_waves

NAME = "r23.phext"
TEXTS = (".md", ".svg", ".tex", ".bib")
REVIEWS = 2
"""The chapter of the phases' reviews; waves are in the first."""
_REVIEW = re.compile(r"phase-(\d+)-review\.md$")
_BREAK = re.compile("[" + "".join(re.escape(chr(byte)) for byte in DELIMITERS.values()) + "]")


def write_phext(site: Site, records: Mapping[int, dict[str, Any]]) -> None:
    """Write the document of all texts on disk, if it changed."""
    data = document(
        {
            coordinate: site.output(path).read_text(encoding="utf-8")
            for coordinate, path in places(site, records).items()
        }
    ).encode("utf-8")
    place = site.built / NAME
    if not place.is_file() or place.read_bytes() != data:
        write_atomically(place, data)


def places(site: Site, records: Mapping[int, dict[str, Any]]) -> dict[Coordinate, str]:
    """Where each text stands: its wave is the scroll, its turn among the wave's texts the section."""
    planned = load_waves(site.root)
    found: dict[Coordinate, str] = {}
    for n, record in sorted(records.items()):
        first = [path for path in planned[n].output if path in record["outputs"]]
        texts = [path for path in (*first, *sorted(set(record["outputs"]) - set(first))) if path.endswith(TEXTS)]
        found |= {Coordinate(chapter=1, section=turn, scroll=n): path for turn, path in enumerate(texts, 1)}
    for path in sorted(site.output("").glob("phase-*-review.md")):
        if match := _REVIEW.search(path.name):
            found[Coordinate(chapter=REVIEWS, section=1, scroll=int(match[1]))] = path.name
    return found


def document(scrolls: Mapping[Coordinate, str]) -> str:
    r"""Texts by coordinate as one phext text.

    Raises InputError for a text that holds a delimiter: it would move all that follow.

    >>> document({Coordinate(scroll=1): "one", Coordinate(scroll=3): "three"})
    'one\x17\x17three'
    """
    here, pieces = ORIGIN, []
    for coordinate in sorted(scrolls):
        if found := _BREAK.search(scrolls[coordinate]):
            raise InputError(
                f"the text at {coordinate} holds the delimiter {ord(found[0]):#04x}",
                where=NAME,
                remedy="take it out of the artefact's source",
            )
        pieces += [delimiters_between(here, coordinate), scrolls[coordinate]]
        here = coordinate
    return "".join(pieces)
