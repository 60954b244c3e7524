"""The written plan: its waves, its gates, and the lines of the seed that waves and claims point to.

A paper without a plan has the waves that its pages declare, and no gates.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from phextpaper.press.paper import load_paper
from phextpaper.press.sources.declarations import BOUNDS, declared, demands, page_files
from phextpaper.press.sources.facts import read_toml

SECTION = re.compile(r"sections/(\d\d)-[^/]*\.md$")
"""The path of a section, by its number; 00 is the abstract."""


def phases(root: Path) -> dict[int, str]:
    """The names of the plan's phases by number; none without a plan."""
    plan = load_paper(root).plan
    return plan.names if plan else {}


def _written(root: Path) -> dict[str, Any]:
    """The file of waves and gates."""
    plan = load_paper(root).plan
    return read_toml(root / plan.waves, f"restore {plan.waves}: it is read only") if plan else {"gates": {}}


def _seed(root: Path) -> list[str]:
    """The lines of the seed; none where there is no such file."""
    plan = load_paper(root).plan
    return (root / plan.seed).read_text(encoding="utf-8").splitlines() if plan and plan.seed else []


@dataclass(frozen=True, slots=True)
class PlannedWave:
    """A wave as `plan/waves.toml` asks for it; `bounds` holds size_kb, words, pages or canvas where they are given."""

    n: int
    name: str
    phase: int
    minutes: int
    needs: tuple[int, ...]
    output: tuple[str, ...]
    contents: str
    criteria: dict[str, str]
    review: tuple[str, ...]
    bounds: dict[str, tuple[int, int]]


@cache
def load_waves(root: Path) -> dict[int, PlannedWave]:
    """All waves by number: those of the plan, or those that the pages declare where there is none."""
    if load_paper(root).plan is None:
        declared = (_declared(path, root) for path in page_files(root))
        return {wave.n: wave for wave in sorted(declared, key=lambda wave: wave.n)}
    rows = _written(root)["wave"]
    return {
        row["n"]: PlannedWave(
            row["n"],
            row["name"],
            row["phase"],
            row["minutes"],
            tuple(row["needs"]),
            tuple(row["output"]),
            row.get("contents", ""),
            dict(row["criteria"]),
            tuple(row.get("review", ())),
            {key: tuple(row[key]) for key in BOUNDS if key in row},
        )
        for row in rows
    }


def _declared(path: Path, root: Path) -> PlannedWave:
    """A wave as its own page declares it: what it says of itself, and what its criteria and questions ask."""
    text, file = path.read_text(encoding="utf-8"), path.relative_to(root).as_posix()
    page, asked = declared(text, file), demands(text)
    return PlannedWave(
        page["n"],
        page["name"],
        page["phase"],
        page["minutes"],
        tuple(page["needs"]),
        tuple(page["output"]),
        asked.contents,
        asked.criteria,
        asked.review,
        {key: tuple(value) for key, value in page["bounds"].items()},
    )


def declared_in(root: Path) -> list[str]:
    """The files that say which waves there are, below the paper's folder.

    The plan's own, or all pages where there is none.
    """
    plan = load_paper(root).plan
    return [plan.waves] if plan else [path.relative_to(root).as_posix() for path in page_files(root)]


def last_section(root: Path) -> int:
    """The number of the paper's last section, by the outputs of its waves.

    0 for a paper that is not cut into sections.
    """
    outputs = [path for wave in load_waves(root).values() for path in wave.output]
    return max((int(found[1]) for path in outputs if (found := SECTION.match(path))), default=0)


@cache
def load_gates(root: Path) -> dict[int, str]:
    """What each phase's gate demands, by phase."""
    return {int(key.removeprefix("phase-")): text for key, text in _written(root).get("gates", {}).items()}


@cache
def load_gate_questions(root: Path) -> dict[int, tuple[str, ...]]:
    """The questions that the seed asks at a phase's gate, by phase.

    A phase whose gate it does not spell out has none.
    """
    found: dict[int, list[str]] = {}
    phase, asking = 0, False
    for line in _seed(root):
        if line.startswith("## "):
            head = re.match(r"## Phase (\d+) Review Gate", line)
            phase, asking = int(head[1]) if head else 0, False
        elif line.startswith("**"):
            asking = line.startswith("**Review questions:**")
        elif phase and asking and (item := re.match(r"\d+\. (.+)", line)):
            found.setdefault(phase, []).append(item[1])
    return {phase: tuple(questions) for phase, questions in found.items()}


@dataclass(frozen=True, slots=True)
class SeedWave:
    """What the seed says of a wave in its own Dependencies and Blocks lines, with the line of each."""

    n: int
    depends: tuple[int, ...]
    depends_line: int
    blocks: tuple[int, ...]
    blocks_line: int
    minutes: int


@cache
def load_seed(root: Path) -> dict[int, SeedWave]:
    """The waves that the seed spells out, read from its headings and bold lines."""
    found: dict[int, dict[str, Any]] = {}
    current: dict[str, Any] = {}
    for number, line in enumerate(_seed(root), 1):
        if head := re.match(r"### Wave (\d+)/\d+:", line):
            current = found.setdefault(int(head[1]), {"n": int(head[1]), "minutes": 0})
        elif line.startswith("## "):
            current = {}
        elif current and (field := re.match(r"\*\*(Dependencies|Blocks|Time|Time estimate):\*\* (.*)", line)):
            if field[1].startswith("Time"):
                current["minutes"] = int(re.findall(r"\d+", field[2])[0])
            else:
                name = "depends" if field[1] == "Dependencies" else "blocks"
                current[name], current[f"{name}_line"] = _numbers(field[2]), number
    return {n: SeedWave(**fields) for n, fields in found.items()}


def _numbers(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for low, high in re.findall(r"(\d+)(?:-(\d+))?", re.sub(r"\(.*?\)", "", text)):
        numbers += range(int(low), int(high or low) + 1)
    return tuple(numbers)


def spans(numbers: list[int]) -> str:
    """Numbers as ranges.

    >>> spans([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9-10'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(low) if low == high else f"{low}-{high}" for low, high in runs)
