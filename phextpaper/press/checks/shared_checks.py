"""Criteria that many waves share."""

import re

from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.numerals import bare_numerals
from phextpaper.press.paper import Paper
from phextpaper.press.quantity import Print
from phextpaper.press.wave import Verdict, Wave

_PLACEHOLDER = re.compile(r"\b(TBD|TODO|FIXME|XXX|lorem ipsum)\b", re.IGNORECASE)


def size(built: Artefacts, page: Wave, path: str = "") -> Verdict:
    """The output's size lies within the wave's bounds, in kB of 1000 bytes."""
    low, high = page.bounds["size_kb"]
    kilobytes = len(built.data(path)) / 1000
    return Verdict(low <= kilobytes <= high, f"{low} to {high} kB", f"{kilobytes:.2f} kB", path or page.output[0])


def length(built: Artefacts, page: Wave, path: str = "") -> Verdict:
    """The output's prose has as many words as the wave's bounds say."""
    low, high = page.bounds["words"]
    count = built.prose(path).word_count
    return Verdict(low <= count <= high, f"{low} to {high} words", f"{count} words", path or page.output[0])


def no_placeholder(text: Markdown) -> Verdict:
    """No TBD, TODO or empty table cell."""
    for number, line in enumerate(text.lines, 1):
        if found := _PLACEHOLDER.search(line):
            return Verdict(False, "no placeholder", f"{found[0]!r}", f"{text.name}:{number}")
    for table in text.tables:
        for offset, row in enumerate(table.rows):
            if any(not cell.strip() for cell in row):
                return Verdict(
                    False,
                    "no empty cell",
                    f"an empty cell in {' | '.join(row)}",
                    f"{text.name}:{table.line + 2 + offset}",
                )
    return Verdict(True, "no placeholder and no empty cell", f"none in {len(text.lines)} lines")


def has(text: Markdown, *wanted: str) -> Verdict:
    """Every wanted text stands in the artefact."""
    missing = [item for item in wanted if item not in text.text]
    return Verdict(
        not missing,
        " and ".join(repr(item) for item in wanted),
        "missing " + ", ".join(repr(item) for item in missing) if missing else "all of them",
        "" if missing else text.where(wanted[0]),
    )


def cells_equal(text: Markdown, heads: tuple[str, ...], expected: list[tuple[str, ...]]) -> Verdict:
    """A table with these heads holds exactly these rows, cell by cell."""
    table = text.table(*heads)
    if table is None:
        return Verdict(False, f"a table with heads {' | '.join(heads)}", "no such table", text.name)
    for place, row in enumerate(expected):
        if place >= len(table.rows) or table.rows[place] != row:
            seen = " | ".join(table.rows[place]) if place < len(table.rows) else "no such row"
            return Verdict(False, " | ".join(row), seen, f"{text.name}:{table.line + 2 + place}")
    extra = len(table.rows) - len(expected)
    return Verdict(
        not extra,
        f"{len(expected)} rows equal to the engine's",
        f"{len(table.rows)} rows, all cells equal" if not extra else f"{extra} rows too many",
        f"{text.name}:{table.line}",
    )


def citations_resolve(text: Markdown, keys: set[str]) -> Verdict:
    """Every citation is a key of the bibliography."""
    unknown = [key for key in text.citations if key not in keys]
    return Verdict(
        not unknown,
        "every citation in the bibliography",
        f"unknown: {', '.join(unknown)}" if unknown else f"{len(text.citations)} works cited, all there",
        text.where(f"@{unknown[0]}") if unknown else "",
    )


def no_bare_numerals(text: Markdown, prints: list[Print], paper: Paper | None = None) -> Verdict:
    """Every numeral is printed by a quantity or is a name."""
    found = bare_numerals(text.text, prints, paper)
    if not found:
        return Verdict(
            True, "every numeral printed by a quantity", f"{len(prints)} printed quantities, no bare numeral"
        )
    listed = ", ".join(f"{bare.text!r} in line {bare.line}" for bare in found[:5])
    return Verdict(
        False, "every numeral printed by a quantity", f"{len(found)} typed: {listed}", f"{text.name}:{found[0].line}"
    )
