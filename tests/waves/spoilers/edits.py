"""The small edits that spoil an artefact."""

import io
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter

Spoiler = tuple[str, Callable[[str], str] | Callable[[bytes], bytes]]
"""An artefact's path and its edit: of its text, or of a PDF's bytes."""


def swap(old: str, new: str) -> Callable[[str], str]:
    """Replace the first occurrence of a text that has to be there."""

    def edit(text: str) -> str:
        assert old in text, f"{old!r} is not in the artefact"
        return text.replace(old, new, 1)

    return edit


def drop_line(start: str) -> Callable[[str], str]:
    """Take away the first line that begins so."""

    def edit(text: str) -> str:
        lines = text.splitlines(keepends=True)
        place = next(place for place, line in enumerate(lines) if line.startswith(start))
        return "".join(lines[:place] + lines[place + 1 :])

    return edit


def longer(characters: int) -> Callable[[str], str]:
    """Add a comment of so many characters."""
    return lambda text: text + f"<!-- {'x' * characters} -->\n"


def more_words(count: int) -> Callable[[str], str]:
    """Add so many words at the end."""
    return lambda text: text + "word " * count


def in_pdf(change: Callable[[PdfWriter], object]) -> Callable[[bytes], bytes]:
    """Change a PDF with pypdf."""

    def edit(data: bytes) -> bytes:
        writer, changed = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
        change(writer)
        writer.write(changed)
        return changed.getvalue()

    return edit
