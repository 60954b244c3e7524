"""The quantitative claims of the plan, as they are listed: id, wave, lines of the seed, words."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from phextpaper.press.sources.facts import read_toml


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; `lines` are the lines of plan/seed.md where it stands."""

    id: str
    wave: str
    lines: tuple[int, ...]
    says: str


@cache
def load_claims(root: Path) -> dict[str, Claim]:
    """All claims by id."""
    rows = read_toml(root / "plan" / "claims.toml", "restore plan/claims.toml: it is read only")["claim"]
    return {row["id"]: Claim(row["id"], row["wave"], _lines(row["line"]), row["says"]) for row in rows}


def _lines(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for low, high in re.findall(r"(\d+)(?:-(\d+))?", text):
        found += range(int(low), int(high or low) + 1)
    return tuple(found)
