"""The plan as a finished text writes it: waves by name, whole entries, and where the plan contradicts itself."""

from collections.abc import Mapping, Sequence

from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.evaluation import Quantities
from phextpaper.press.sources import plan_graph
from phextpaper.press.sources.plan import PlannedWave
from phextpaper.study.quantities.plan import PHASES, phase_key
from phextpaper.study.sources import contradictions as contradicting


def named(numbers: Sequence[int]) -> str:
    """Waves by number, as an entry lists them.

    >>> named(()), named((3,)), named((3, 7))
    ('none', 'Wave 3', 'Waves 3, 7')
    """
    if not numbers:
        return "none"
    return f"Wave{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"


def parts(wave: PlannedWave, blocked: Sequence[int]) -> list[str]:
    """What the entry of a wave must hold, in this order."""
    return [
        f"**Time estimate:** {wave.minutes} minutes",
        f"**Dependencies:** {named(wave.needs)}",
        f"**Blocks:** {named(blocked)}",
        *(f"- [ ] File: `rally/R23/{path}`" for path in wave.output),
        *(f"- [ ] `{id}`: {words}" for id, words in wave.criteria.items()),
        *wave.review,
        "**Review questions:**",
    ]


def incomplete(text: Markdown, waves: Mapping[int, PlannedWave]) -> tuple[int, str] | None:
    """The first wave whose entry is not whole, and what it lacks; None if all are."""
    blocked = plan_graph.blocks(dict(waves))
    for n, wave in waves.items():
        part = text.section(f"Wave {n}/{len(waves)}:")
        questions = any(line[:2] in {f"{i}." for i in range(1, 10)} for line in part.lines)
        missing = [item for item in parts(wave, blocked[n]) if item not in part.text]
        if missing or not questions:
            return n, missing[0] if missing else "review questions"
    return None


def budget(q: Quantities) -> list[tuple[str, ...]]:
    """The rows of the budget, phases and all waves: waves, minutes, hours, and the hours that the plan says."""
    waves = list(q.node("plan.waves").values())
    phases = [[wave.minutes for wave in waves if wave.phase == number] for number in PHASES]
    stated = [*(q.plan.stated[phase_key(number)].hours.text for number in PHASES), q.plan.stated.total.text]
    sums = [*phases, [wave.minutes for wave in waves]]
    return [
        (str(len(minutes)), str(sum(minutes)), f"{sum(minutes) / 60:.2f}", hours)
        for minutes, hours in zip(sums, stated, strict=True)
    ]


def longest(waves: Mapping[int, PlannedWave]) -> int:
    """Minutes of the longest chain of waves, summed up wave by wave."""
    best: dict[int, int] = {}
    for n in sorted(waves):
        best[n] = waves[n].minutes + max((best[need] for need in waves[n].needs), default=0)
    return max(best.values())


def disagreements(q: Quantities) -> list[tuple[str, ...]]:
    """The rows on the lines of the seed that disagree: line, both waves, and which line lacks what."""
    rows: list[tuple[str, ...]] = []
    for found in q.node("plan.contradictions"):
        if found.kind == contradicting.CLAIMED:
            what = f"Wave {found.first} says that it blocks Wave {found.second}"
            what += ", which needs it neither directly nor through others"
        else:
            what = f"Wave {found.second} depends on Wave {found.first}, whose Blocks line leaves it out"
        rows.append((f"line {found.line}", named((found.first, found.second)), what))
    return rows
