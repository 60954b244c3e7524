"""The bibliography: entries by key, in the order of the file, each citable as ``[@key]``."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from phextpaper.errors import InputError
from phextpaper.press.sources.facts import read_reference

PATH = "reference/bibliography.toml"
_REQUIRED = ("key", "authors", "title", "venue", "year")
_OPTIONAL = ("doi", "arxiv", "url")
_FORMS = {
    "key": re.compile(r"[a-z][a-z0-9]*"),
    "doi": re.compile(r"10\.[\w.()/:;<>-]+"),
    "arxiv": re.compile(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}"),
    "url": re.compile(r"https?://[\w.~:/?#@!$&'()*+,;=%-]+"),
}
"""What is copied as it is into other languages may hold nothing that one of them would take for a command."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One work. A DOI or an arXiv number stands only where it was seen in a source."""

    key: str
    authors: str
    title: str
    venue: str
    year: int
    doi: str = ""
    arxiv: str = ""
    url: str = ""


@cache
def load_bibliography(root: Path) -> dict[str, Entry]:
    """Entries by key. Raises InputError for a double key, a missing or an unknown field."""
    found: dict[str, Entry] = {}
    for number, row in enumerate(read_reference(root, "bibliography.toml").get("bibliography", []), 1):
        name = row.get("key", f"entry {number}")
        missing = [key for key in _REQUIRED if not row.get(key)]
        unknown = sorted(set(row) - set(_REQUIRED) - set(_OPTIONAL))
        if missing or unknown or name in found:
            what = (
                f"lacks {', '.join(missing)}"
                if missing
                else f"has unknown {', '.join(unknown)}"
                if unknown
                else "stands twice"
            )
            raise InputError(
                f"{name} {what}",
                where=PATH,
                remedy=f"an entry has {', '.join(_REQUIRED)} and may have {', '.join(_OPTIONAL)}",
            )
        for field, form in _FORMS.items():
            if row.get(field) and not form.fullmatch(str(row[field])):
                raise InputError(
                    f"{name}: {row[field]!r} is no {field}", where=PATH, remedy=f"{field} has the form {form.pattern}"
                )
        found[name] = Entry(**row)
    return found
