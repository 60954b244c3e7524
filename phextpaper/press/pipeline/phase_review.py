"""The review of a phase as a text: the gate's verdict with its reasons, waves, questions, algorithms, numbers, claims."""

from dataclasses import dataclass

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.gates import Gate, Records
from phextpaper.press.pipeline.render import render
from phextpaper.press.sources.plan import PlannedWave, load_gates, phases
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
    """A question with its answer and the quantities that it rests on."""

    asker: str
    question: str
    answer: str
    settled: str
    evidence: str


@dataclass(frozen=True)
class Printed:
    """A printed function."""

    path: str
    name: str
    lines: str
    run_by: str


@dataclass(frozen=True)
class Count:
    """So many of a kind."""

    name: str
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
    demand = load_gates(quantities.root)[gate.phase]
    name = phases(quantities.root)[gate.phase]
    summary = gate.summary(name, demand)
    questions = [
        *(
            _asked(f"Wave {wave.n}", answer)
            for wave in gate.waves
            if wave.n in records
            for answer in records[wave.n]["review"]
        ),
        *(
            _asked(
                "Gate",
                {
                    "question": reply.question,
                    "answer": reply.text,
                    "settled": reply.settled,
                    "evidence": reply.evidence,
                },
            )
            for reply in gate.replies
        ),
    ]
    decided = sum(gate.claims.values())
    context = Context(
        phase=str(gate.phase),
        name=name,
        verdict=gate.verdict,
        demand=demand,
        reasons=tuple(summary["reasons"]),
        waves=tuple(_row(wave, records.get(wave.n)) for wave in gate.waves),
        questions=tuple(questions),
        listings=tuple(
            Printed(item.path, item.name, str(item.lines), f"wave {item.run_by}" if item.run_by else "nothing")
            for item in gate.listings
        ),
        unfinished=str(gate.placeholders),
        texts=str(gate.texts),
        numbers=_counts(gate.numbers),
        decided=str(decided),
        made=str(decided + gate.undecided),
        claims=_counts(gate.claims),
    )
    return render(TEMPLATE, context, quantities.root, quantities)[0]


def _counts(counts: dict[str, int]) -> tuple[Count, ...]:
    return tuple(Count(name, str(count)) for name, count in counts.items())


def _row(wave: PlannedWave, record: dict | None) -> Row:
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
        state_of(record["criteria"] + record["integrity"]),
    )


def _asked(asker: str, answer: dict) -> Asked:
    evidence = ", ".join(f"`{id}`" for id in answer["evidence"])
    return Asked(
        asker,
        answer["question"],
        answer["answer"],
        "Settled." if answer["settled"] else "Not settled.",
        f"Evidence: {evidence}." if evidence else "No evidence.",
    )
