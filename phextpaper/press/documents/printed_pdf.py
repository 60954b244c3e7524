"""A PDF as a printer and a search engine see it: pages, text, which fonts it embeds, what it says of itself."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from phextpaper.errors import InputError


@dataclass(frozen=True, slots=True)
class PrintedPdf:
    """Number of pages, the text, every font with whether its letters are in the file, and the metadata by name."""

    pages: int
    text: str
    fonts: dict[str, bool]
    metadata: dict[str, str]

    @property
    def squeezed(self) -> str:
        """Letters and digits of the text alone, in small: what columns, hyphens and small capitals leave unchanged."""
        return squeeze(self.text)


def squeeze(text: str) -> str:
    r"""Letters and digits alone, in small.

    >>> squeeze("3.1 Physical-to-log-\nical")
    '31physicaltological'
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=4)
def read_printed(data: bytes, name: str) -> PrintedPdf:
    """Read a PDF given as bytes. Raises InputError for one that is damaged."""
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        text = "\n".join(page.extract_text() for page in reader.pages)
        fonts: dict[str, bool] = {}
        for page in reader.pages:
            for font, embedded in _fonts(page.get("/Resources"), set()):
                fonts[font] = fonts.get(font, True) and embedded
        metadata = {key.removeprefix("/"): str(value) for key, value in (reader.metadata or {}).items()}
        return PrintedPdf(len(reader.pages), text, fonts, metadata)
    except Exception as problem:  # a damaged file breaks the reader in any way
        raise InputError(
            f"this PDF is damaged: {' '.join(str(problem).split())[:100]}", where=name, remedy="make it anew"
        ) from None


def _fonts(resources: Any, seen: set[int]) -> Iterator[tuple[str, bool]]:
    """Every font of a page and of the drawings on it.

    Letters that are drawn one by one (Type 3) are no font that a printer takes.
    """
    resources = resources.get_object() if resources is not None else {}
    if id(resources) in seen:
        return
    seen.add(id(resources))
    for font in (resources.get("/Font") or {}).values():
        font = font.get_object()
        inner = [part.get_object() for part in font.get("/DescendantFonts", [])] or [font]
        for part in inner:
            descriptor = part.get("/FontDescriptor")
            held = descriptor is not None and any(
                key in descriptor.get_object() for key in ("/FontFile", "/FontFile2", "/FontFile3")
            )
            yield str(font.get("/BaseFont", font.get("/Subtype"))), held
    for drawing in (resources.get("/XObject") or {}).values():
        yield from _fonts(drawing.get_object().get("/Resources"), seen)
