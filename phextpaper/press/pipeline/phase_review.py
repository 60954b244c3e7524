"""The review of a phase as a text: the gate's verdict with its reasons, waves, questions, code, numbers, claims."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.gates import Gate, Records
from phextpaper.press.pipeline.render import render
from phextpaper.press.sources.plan import PlannedWave
from phextpaper.press.wave import state_of

TEMPLATE = "phase-review.md.j2"


@dataclass(frozen=True)
class Row:
    """A wave with what passed."""

    n: str
    name: str
    criteria: str
    rules: str
    state: str


@dataclass(frozen=True)
class Asked:
    """A question with its answer and what it rests on; `wave` is empty for a question of the gate itself."""

    wave: str
    question: str
    answer: str
    settled: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Printed:
    """A printed function, and the wave that ran it, if one did."""

    path: str
    name: str
    lines: str
    run_by: str


@dataclass(frozen=True)
class Count:
    """So many of a kind."""

    kind: str
    count: str


@dataclass(frozen=True)
class Context:
    """What a phase's review prints."""

    phase: str
    name: str
    verdict: str
    demand: str
    reasons: tuple[str, ...]
    waves: tuple[Row, ...]
    questions: tuple[Asked, ...]
    listings: tuple[Printed, ...]
    unfinished: str
    texts: str
    numbers: tuple[Count, ...]
    decided: str
    made: str
    claims: tuple[Count, ...]


def path_of(phase: int) -> str:
    """The review's place among the artefacts."""
    return f"phase-{phase}-review.md"


def review(gate: Gate, records: Records, quantities: Quantities) -> str:
    """The text of a phase's review."""
    summary, decided = gate.summary(quantities.root), sum(gate.claims.values())
    context = Context(
        phase=str(gate.phase),
        name=summary["name"],
        verdict=gate.verdict,
        demand=summary["demand"],
        reasons=tuple(summary["reasons"]),
        waves=tuple(_row(wave, records.get(wave.n)) for wave in gate.waves),
        questions=(*_answers(gate, records), *_replies(gate)),
        listings=tuple(
            Printed(item.path, item.name, str(item.lines), str(item.run_by or "")) for item in gate.listings
        ),
        unfinished=str(gate.placeholders),
        texts=str(gate.texts),
        numbers=_counts(gate.numbers),
        decided=str(decided),
        made=str(decided + gate.undecided),
        claims=_counts(gate.claims),
    )
    return render(TEMPLATE, context, quantities.root, quantities)[0]


def _answers(gate: Gate, records: Records) -> Iterator[Asked]:
    for wave in gate.waves:
        for answer in records.get(wave.n, {}).get("review", ()):
            evidence = tuple(answer["evidence"])
            yield Asked(str(wave.n), answer["question"], answer["answer"], answer["settled"], evidence)


def _replies(gate: Gate) -> Iterator[Asked]:
    for reply in gate.replies:
        yield Asked("", reply.question, reply.text, reply.settled, reply.evidence)


def _counts(counts: dict[str, int]) -> tuple[Count, ...]:
    return tuple(Count(name, str(count)) for name, count in counts.items())


def _row(wave: PlannedWave, record: dict[str, Any] | None) -> Row:
    if record is None:
        return Row(str(wave.n), wave.name, f"0/{len(wave.criteria)}", "0/0", "not built")
    passed = {
        kind: f"{sum(bool(verdict['passed']) for verdict in record[kind])}/{len(record[kind])}"
        for kind in ("criteria", "integrity")
    }
    return Row(
        str(wave.n),
        wave.name,
        passed["criteria"],
        passed["integrity"],
        state_of(record["criteria"], record["integrity"]),
    )
