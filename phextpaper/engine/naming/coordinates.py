"""Phext coordinates: nine counted parts, three spellings, and the nine delimiter bytes that move between them.

A full coordinate is ``library.shelf.series/collection.volume.book/chapter.section.scroll`` (bickford2025libphext); in a
URL the slashes are semicolons. Machines are laid on five of the nine: the short form
``volume.book.chapter/section.scroll`` means ``1.1.1/1.volume.book/chapter.section.scroll``, and ``volume.book.chapter``
alone names a chip.

Every part runs from 1 to `PART_MAXIMUM` = 999. The Rust library also accepts 1000, but no delimiter leads there: its
own walk, like the Python package's, stays at 999. So 999 is the largest part that the Python package parses and that a
document can reach (bickford2025libphext, bickford2025phextpy). The older limit of 100 in bickford2025phextio is not
applied.

One coordinate has one spelling in each form: no signs, spaces, leading zeros or digits outside ASCII, though the Python
package lets some of them pass.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.errors import InputError

PART_MAXIMUM = 999
SHORT_PARTS = 5
"""Parts of the short form: volume, book, chapter, section, scroll."""
DIMENSIONS = ("library", "shelf", "series", "collection", "volume", "book", "chapter", "section", "scroll")
DELIMITERS = {
    "library": 0x01,
    "shelf": 0x1F,
    "series": 0x1E,
    "collection": 0x1D,
    "volume": 0x1C,
    "book": 0x1A,
    "chapter": 0x19,
    "section": 0x18,
    "scroll": 0x17,
}
"""Each dimension's delimiter, outermost first, as a byte value. 0x1B (escape) is none, and 0x0A only ends a line."""

_PART = "[1-9][0-9]{0,2}"
_TRIPLE = rf"{_PART}\.{_PART}\.{_PART}"
_FULL = re.compile(rf"{_TRIPLE}/{_TRIPLE}/{_TRIPLE}|{_TRIPLE};{_TRIPLE};{_TRIPLE}")
_NUMBER = re.compile("[0-9]+")
_SHORT = {3: _TRIPLE, 5: rf"{_TRIPLE}/{_PART}\.{_PART}"}
_TEMPLATE = {3: "%d.%d.%d\n", 5: "%d.%d.%d/%d.%d\n"}
_FORMS = "write 1.1.1/1.8.8/8.2.1, in a URL 1.1.1;1.8.8;8.2.1, or for the same place 8.8.8/2.1"


@dataclass(frozen=True, order=True, slots=True)
class Coordinate:
    """A place in a phext: nine parts from 1 to `PART_MAXIMUM`, ordered as in a phext (the leftmost difference decides).

    Raises `InputError` for a part that is no whole number or out of range.

    >>> place = Coordinate.parse("8.8.8/2.1")
    >>> str(place), place.url(), place.short(), place.chip()
    ('1.1.1/1.8.8/8.2.1', '1.1.1;1.8.8;8.2.1', '8.8.8/2.1', '8.8.8')
    >>> place < Coordinate.parse("1.1.1/1.8.8/8.3.1"), place.section
    (True, 2)
    """

    library: int = 1
    shelf: int = 1
    series: int = 1
    collection: int = 1
    volume: int = 1
    book: int = 1
    chapter: int = 1
    section: int = 1
    scroll: int = 1

    def __post_init__(self) -> None:
        for part in fields(self):
            object.__setattr__(self, part.name, whole_number(part.name, getattr(self, part.name), 1, PART_MAXIMUM))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the full form, the URL form or the short form ``V.B.C/S.s``; raise `InputError` for anything else."""
        if not isinstance(text, str):
            raise InputError("a coordinate is read from text", where=repr(text), remedy=_FORMS)
        if re.fullmatch(_SHORT[5], text):
            return cls.at(*(int(part) for part in _NUMBER.findall(text)))
        if not _FULL.fullmatch(text):
            raise InputError(_complaint(text, (5, 9)), where=f"coordinate {text[:60]!r}", remedy=_FORMS)
        return cls(*(int(part) for part in _NUMBER.findall(text)))

    @classmethod
    def at(cls, volume: int, book: int, chapter: int, section: int = 1, scroll: int = 1) -> Self:
        """Return the coordinate ``1.1.1/1.volume.book/chapter.section.scroll``."""
        return cls(volume=volume, book=book, chapter=chapter, section=section, scroll=scroll)

    @property
    def parts(self) -> tuple[int, ...]:
        """All nine parts, outermost first."""
        return (
            self.library,
            self.shelf,
            self.series,
            self.collection,
            self.volume,
            self.book,
            self.chapter,
            self.section,
            self.scroll,
        )

    def __str__(self) -> str:
        return "{}.{}.{}/{}.{}.{}/{}.{}.{}".format(*self.parts)

    def url(self) -> str:
        """Return the full form with semicolons in place of slashes."""
        return str(self).replace("/", ";")

    def short(self) -> str:
        """Return ``volume.book.chapter/section.scroll``; raise `InputError` where an outer part is not 1."""
        if self.parts[:4] != (1, 1, 1, 1):
            raise InputError(
                "the short form has no room for library, shelf, series and collection, which must be 1",
                where=f"coordinate {self}",
                remedy="print the full form",
            )
        return f"{self.volume}.{self.book}.{self.chapter}/{self.section}.{self.scroll}"

    def chip(self) -> str:
        """Return ``volume.book.chapter``, the chip that this belongs to; raise `InputError` as `short` does."""
        return self.short().partition("/")[0]

    def after(self, dimension: str) -> Self:
        """Return where the delimiter of `dimension` leads: this part plus 1, at most 999, and every part inside it 1.

        Raises `InputError` for a dimension that phext does not have.

        >>> str(Coordinate.parse("8.8.8/2.1").after("book"))
        '1.1.1/1.8.9/1.1.1'
        """
        if dimension not in DIMENSIONS:
            raise InputError(
                f"phext has no dimension {dimension!r}", where="delimiter", remedy=f"one of {', '.join(DIMENSIONS)}"
            )
        inner = dict.fromkeys(DIMENSIONS[DIMENSIONS.index(dimension) + 1 :], 1)
        return replace(self, **{dimension: min(getattr(self, dimension) + 1, PART_MAXIMUM)}, **inner)


ORIGIN = Coordinate()


def delimiters_between(here: Coordinate, there: Coordinate) -> str:
    r"""Return the shortest run of delimiters from `here` to `there`; raise `InputError` where it would lead back.

    >>> delimiters_between(ORIGIN, Coordinate.parse("1.1.1/1.1.2/1.1.3"))
    '\x1a\x17\x17'
    """
    if there < here:
        raise InputError(
            f"delimiters lead forward only, and {there} lies before {here}",
            where="phext",
            remedy="write scrolls in phext order",
        )
    run, ahead = [], False
    for byte, start, end in zip(DELIMITERS.values(), here.parts, there.parts, strict=True):
        run.append(chr(byte) * (end - (1 if ahead else start)))
        ahead = ahead or end > start
    return "".join(run)


def format_short(coordinates: ArrayLike) -> list[str]:
    """Return ``V.B.C`` for each row of an (n, 3) array of parts, ``V.B.C/S.s`` for each row of an (n, 5) array.

    Raises `InputError` for another shape, and for parts that are no whole numbers from 1 to `PART_MAXIMUM`.

    >>> format_short([[1, 1, 1], [17, 5, 3]])
    ['1.1.1', '17.5.3']
    """
    parts = np.asarray(coordinates)
    if parts.ndim != 2 or parts.shape[1] not in _TEMPLATE or (parts.size and parts.dtype.kind not in "iu"):
        raise InputError(
            f"an array of shape {parts.shape} and type {parts.dtype} holds no coordinates",
            where="coordinates",
            remedy="give whole numbers, 3 or 5 in a row",
        )
    outside = np.argwhere((parts < 1) | (parts > PART_MAXIMUM))
    if len(outside):
        row, column = outside[0]
        whole_number(DIMENSIONS[4 + column], int(parts[row, column]), 1, PART_MAXIMUM)
    return (_TEMPLATE[parts.shape[1]] * len(parts) % tuple(parts.ravel().tolist())).split("\n")[:-1]


def parse_short(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return the parts of short coordinates ``V.B.C/S.s`` as an (n, 5) array, of chips ``V.B.C`` as an (n, 3) array.

    The first text decides which; none at all gives shape (0, 5). Raises an `InputError` that names the first bad text.

    >>> parse_short(["8.8.8/2.1", "17.5.3/1.1"]).tolist()
    [[8, 8, 8, 2, 1], [17, 5, 3, 1, 1]]
    """
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise InputError("a list of texts is wanted", where="coordinates", remedy="give one such as ['8.8.8/2.1']")
    width = 3 if len(texts) and "/" not in texts[0] else 5
    joined = "".join([text + "\n" for text in texts])
    if not re.fullmatch(rf"(?>{_SHORT[width]}\n)*+", joined) or joined.count("\n") != len(texts):
        number, text = next((n, t) for n, t in enumerate(texts) if not re.fullmatch(_SHORT[width], t))
        raise InputError(
            _complaint(text, (width,)),
            where=f"coordinate {text[:60]!r} (number {number + 1} of {len(texts)})",
            remedy="write " + ("8.8.8" if width == 3 else "8.8.8/2.1") + " in every place",
        )
    return np.array(_NUMBER.findall(joined), dtype=np.int64).reshape(-1, width)


def _complaint(text: str, widths: tuple[int, ...]) -> str:
    """Say what keeps `text` from being a coordinate of one of these numbers of parts."""
    odd = next((character for character in text if character not in "0123456789./;"), None)
    if not text:
        return "the text is empty"
    if odd is not None:
        return f"{odd!r} has no place in a coordinate"
    parts = re.split("[./;]", text)
    if len(parts) not in widths:
        return f"{len(parts)} parts where {' or '.join(map(str, widths))} are wanted"
    if "" in parts:
        return "a part is missing"
    bad = next((part for part in parts if not re.fullmatch(_PART, part)), None)
    if bad is None:
        return "the separators are in the wrong places"
    if bad.startswith("0") and bad.strip("0"):
        return f"{bad[:60]!r} has a leading zero"
    return f"{bad[:60]} is outside 1 to {PART_MAXIMUM}"
