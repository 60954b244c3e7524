"""The plan in numbers: its waves, their minutes, its own totals, and the sentences that an artefact quotes from it."""

import re
from pathlib import Path

from phextpaper.errors import InputError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.paper import Plan, load_paper
from phextpaper.press.quantity import node, number
from phextpaper.press.sources import plan_graph
from phextpaper.press.sources.plan import PlannedWave, SeedWave, load_seed, load_waves
from phextpaper.press.units import to_si
from phextpaper.study.sources import contradictions as contradicting

_STATED = re.compile(r"- Phase (\d): (\d+) waves × (\d+) min avg = ([\d.]+) hours")
_TOTAL = re.compile(r"\*\*Total: ~([\d.]+) hours")


def key(n: int) -> str:
    """The key of a wave in ids, such as ``w05``."""
    return f"w{n:02d}"


def phase_key(phase: int) -> str:
    """The key of a phase in ids, such as ``phase_1``."""
    return f"phase_{phase}"


@node("plan.waves")
def waves(q: Quantities) -> dict[int, PlannedWave]:
    """The waves of plan/waves.toml."""
    q.file("plan/waves.toml")
    return load_waves(q.root)


@node("plan.seed")
def seed(q: Quantities) -> dict[int, SeedWave]:
    """The waves as the seed writes them."""
    q.file("plan/seed.md")
    return load_seed(q.root)


def _waves(q: Quantities) -> list[str]:
    return [key(n) for n in q.node("plan.waves")]


def _criteria(q: Quantities) -> list[tuple[str, str]]:
    return [(key(n), id.replace("-", "_")) for n, wave in q.node("plan.waves").items() for id in wave.criteria]


def _questions(q: Quantities) -> list[tuple[str, str]]:
    return [
        (key(n), f"q{place}") for n, wave in q.node("plan.waves").items() for place in range(1, len(wave.review) + 1)
    ]


def _wave(q: Quantities, name: str) -> PlannedWave:
    return q.node("plan.waves")[int(name[1:])]


PHASES = (load_paper(Path(__file__).parents[3]).plan or Plan("")).names
PHASE_KEYS = tuple(phase_key(phase) for phase in PHASES)


@number("plan.count", "waves", by=load_waves)
def count(q: Quantities) -> int:
    """Waves of the plan."""
    return len(q.node("plan.waves"))


@number("plan.minutes.{}", "minutes", each=_waves, kind="cited", whole=True)
def minutes(q: Quantities, wave: str) -> float:
    """Minutes that the plan gives a wave (plan/waves.toml)."""
    return to_si(_wave(q, wave).minutes, "minutes")


@number("plan.name.{}", each=_waves, kind="cited")
def name(q: Quantities, wave: str) -> str:
    """A wave's name (plan/waves.toml)."""
    return _wave(q, wave).name


@number("plan.contents.{}", each=_waves, kind="cited")
def contents(q: Quantities, wave: str) -> str:
    """What a wave's artefact holds, in the plan's words; its criteria where the plan gives no words
    (plan/waves.toml).
    """
    return _wave(q, wave).contents or "as its criteria say"


@number("plan.criterion.{}.{}", each=_criteria, kind="cited")
def criterion(q: Quantities, wave: str, id: str) -> str:
    """A criterion in the plan's words (plan/waves.toml)."""
    return {name.replace("-", "_"): text for name, text in _wave(q, wave).criteria.items()}[id]


@number("plan.question.{}.{}", each=_questions, kind="cited")
def question(q: Quantities, wave: str, place: str) -> str:
    """A review question in the plan's words (plan/waves.toml)."""
    return _wave(q, wave).review[int(place[1:]) - 1]


@number(
    "plan.size.{}", each=lambda q: [key(n) for n, wave in q.node("plan.waves").items() if wave.bounds], kind="cited"
)
def size(q: Quantities, wave: str) -> str:
    """The bounds that the plan sets for a wave's output (plan/waves.toml)."""
    words = {"size_kb": "{} to {} kB", "words": "{} to {} words", "pages": "{} to {} pages", "canvas": "{} x {} pixels"}
    return ", ".join(words[kind].format(*bounds) for kind, bounds in _wave(q, wave).bounds.items())


@number("plan.{}.waves", "waves", each=PHASE_KEYS)
def phase_waves(q: Quantities, phase: str) -> int:
    """Waves of a phase."""
    return sum(phase_key(wave.phase) == phase for wave in q.node("plan.waves").values())


@number("plan.{}.minutes", "minutes", each=PHASE_KEYS, formula="sum of the minutes of the phase's waves", whole=True)
def phase_minutes(q: Quantities, phase: str) -> int:
    """Minutes of a phase, summed over its waves."""
    return sum(
        q.plan.minutes[key(wave.n)].si for wave in q.node("plan.waves").values() if phase_key(wave.phase) == phase
    )


@number("plan.{}.hours", "h", 2, each=PHASE_KEYS, formula="minutes / 60")
def phase_hours(q: Quantities, phase: str) -> float:
    """Hours of a phase, summed over its waves."""
    return q.plan[phase].minutes.si


@number("plan.{}.longest", "minutes", each=PHASE_KEYS, whole=True)
def phase_longest(q: Quantities, phase: str) -> float:
    """Minutes of the longest wave of a phase."""
    longest = max(wave.minutes for wave in q.node("plan.waves").values() if phase_key(wave.phase) == phase)
    return to_si(longest, "minutes")


@number("plan.{}.mean", "minutes", 1, each=PHASE_KEYS, formula="minutes / waves")
def phase_mean(q: Quantities, phase: str) -> float:
    """Mean minutes of a phase's waves."""
    return q.plan[phase].minutes.si / q.plan[phase].waves


@number("plan.total_minutes", "minutes", whole=True)
def total_minutes(q: Quantities) -> int:
    """Minutes of all waves."""
    return sum(q.plan[phase].minutes.si for phase in PHASE_KEYS)


@number("plan.total_hours", "h", 2, formula="minutes / 60")
def total_hours(q: Quantities) -> int:
    """Hours of all waves."""
    return q.plan.total_minutes.si


@node("plan.stated.table")
def stated(q: Quantities) -> tuple[dict[str, dict[str, float]], float]:
    """The seed's own time budget: by phase its waves, mean minutes and hours; and the total."""
    text = q.file("plan/seed.md").decode()
    rows = {
        phase_key(int(m[1])): {"waves": int(m[2]), "mean": int(m[3]), "hours": float(m[4])}
        for m in _STATED.finditer(text)
    }
    total = _TOTAL.search(text)
    if set(rows) != set(PHASE_KEYS) or total is None:
        raise InputError(
            "the time budget's lines are not as they were",
            where="plan/seed.md",
            remedy="restore the plan: it is read only",
        )
    return rows, float(total[1])


@number("plan.stated.{}.hours", "h", ".4g", each=PHASE_KEYS, kind="cited")
def stated_hours(q: Quantities, phase: str) -> float:
    """Hours that the seed gives a phase (plan/seed.md, time budget check)."""
    return to_si(q.node("plan.stated.table")[0][phase]["hours"], "h")


@number("plan.stated.{}.mean", "minutes", each=PHASE_KEYS, kind="cited", whole=True)
def stated_mean(q: Quantities, phase: str) -> float:
    """Mean minutes of a wave that the seed gives a phase (plan/seed.md, time budget check)."""
    return to_si(q.node("plan.stated.table")[0][phase]["mean"], "minutes")


@number("plan.stated.total", "h", ".4g", kind="cited")
def stated_total(q: Quantities) -> float:
    """Hours that the seed gives all waves (plan/seed.md, time budget check)."""
    return to_si(q.node("plan.stated.table")[1], "h")


@number("plan.excess_minutes", "minutes", formula="minutes of all waves - 60 x stated hours", whole=True)
def excess_minutes(q: Quantities) -> float:
    """How much the sum over the waves exceeds the seed's own total."""
    return q.plan.total_minutes.si - q.plan.stated.total.si


@node("plan.critical")
def critical(q: Quantities) -> list[int]:
    """The longest chain of waves in minutes."""
    return plan_graph.critical_path(q.node("plan.waves"))


@number("plan.critical_minutes", "minutes", by=plan_graph.critical_path, whole=True)
def critical_minutes(q: Quantities) -> int:
    """Minutes of the longest chain of waves."""
    return sum(q.plan.minutes[key(n)].si for n in q.node("plan.critical"))


@number("plan.critical_waves", "waves", by=plan_graph.critical_path)
def critical_waves(q: Quantities) -> int:
    """Waves on the longest chain."""
    return len(q.node("plan.critical"))


@number("plan.edges", "needs")
def edges(q: Quantities) -> int:
    """Direct needs between waves."""
    return sum(len(wave.needs) for wave in q.node("plan.waves").values())


@node("plan.contradictions")
def contradictions(q: Quantities) -> list[contradicting.Contradiction]:
    """Where the seed's Blocks lines and the Dependencies lines disagree."""
    return contradicting.contradictions(q.node("plan.seed"), q.node("plan.waves"))


@number("plan.contradiction_count", "places", by=contradicting.contradictions)
def contradiction_count(q: Quantities) -> int:
    """Places where the seed's Blocks lines and the Dependencies lines disagree."""
    return len(q.node("plan.contradictions"))


@number("plan.claimed_count", "places", by=contradicting.contradictions)
def claimed_count(q: Quantities) -> int:
    """Waves that a Blocks line names although they do not need the wave, directly or through others."""
    return sum(item.kind == contradicting.CLAIMED for item in q.node("plan.contradictions"))


@number("plan.omitted_count", "places", by=contradicting.contradictions)
def omitted_count(q: Quantities) -> int:
    """Needs that the needed wave's Blocks line leaves out."""
    return sum(item.kind == contradicting.OMITTED for item in q.node("plan.contradictions"))
