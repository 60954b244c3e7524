"""The quantitative claims of the plan, as they are listed: id, wave, lines of the seed, words."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from phextpaper.press.paper import load_paper
from phextpaper.press.sources.facts import read_toml


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; `lines` are the lines of the plan's seed where it stands."""

    id: str
    wave: str
    lines: tuple[int, ...]
    says: str


@cache
def load_claims(root: Path) -> dict[str, Claim]:
    """All claims by id; none without a plan that lists them."""
    plan = load_paper(root).plan
    if plan is None or not plan.claims:
        return {}
    rows = read_toml(root / plan.claims, f"restore {plan.claims}: it is read only")["claim"]
    return {row["id"]: Claim(row["id"], row["wave"], _lines(row["line"]), row["says"]) for row in rows}


def _lines(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for low, high in re.findall(r"(\d+)(?:-(\d+))?", text):
        found += range(int(low), int(high or low) + 1)
    return tuple(found)
