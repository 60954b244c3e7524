"""The bibliography: entries by key, in the order of the file, each citable as ``[@key]``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from phextpaper.errors import InputError
from phextpaper.press.sources.facts import read_toml

_REQUIRED = ("key", "authors", "title", "venue", "year")
_OPTIONAL = ("doi", "arxiv", "url")


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
    where, found = "reference/bibliography.toml", {}
    for number, row in enumerate(read_toml(root / where, "mend the line that it names").get("bibliography", []), 1):
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
                where=where,
                remedy=f"an entry has {', '.join(_REQUIRED)} and may have {', '.join(_OPTIONAL)}",
            )
        found[name] = Entry(**row)
    return found
