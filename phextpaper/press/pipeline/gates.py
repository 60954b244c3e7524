"""The gates of the phases: what each demands, whether it holds, and why, from the records of the waves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phextpaper.press.checks.shared_checks import no_placeholder
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.printed_code import printed_functions
from phextpaper.press.documents.prose import Prose
from phextpaper.press.pipeline.render import said
from phextpaper.press.pipeline.site import Site
from phextpaper.press.sources.claims import load_claims
from phextpaper.press.sources.plan import PlannedWave, load_gate_questions, load_gates, load_waves, phases, spans
from phextpaper.press.wave import Verdict

ORIGINS = ("first", "cited", "computed", "assumed", "measured")
"""Where a number of the sections may come from: printed by the first phase too, or else its kind."""
WORDS = "gates.j2"
FIRST = 1
"""The phase that others build on; what a plan claims of the whole belongs to it."""
Records = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Listing:
    """A function that an artefact prints: its lines, and the first wave whose checks ran it (0 for none)."""

    path: str
    name: str
    lines: int
    run_by: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a question of the gate itself, from the records; a reply that is not settled holds the gate."""

    question: str
    text: str
    settled: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A phase's gate. It is open (Go) where no reason speaks against it."""

    phase: int
    waves: tuple[PlannedWave, ...]
    reasons: tuple[str, ...]
    listings: tuple[Listing, ...] = ()
    replies: tuple[Reply, ...] = ()
    claims: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    undecided: int = 0
    texts: int = 0
    placeholders: int = 0

    @property
    def verdict(self) -> str:
        """Go or No-Go."""
        return "No-Go" if self.reasons else "Go"

    def summary(self, root: Path) -> dict[str, Any]:
        """The gate as criteria.json has it."""
        good = said(root, WORDS, "good", waves=spans([wave.n for wave in self.waves]))
        return {
            "phase": self.phase,
            "name": phases(root)[self.phase],
            "demand": load_gates(root).get(self.phase, ""),
            "verdict": self.verdict,
            "reasons": list(self.reasons) or [good],
        }


def gates(site: Site, records: Records, claims: list[dict[str, Any]], quantities: list[dict[str, Any]]) -> list[Gate]:
    """The gate of every phase, from the waves' records and from what the reports say of claims and quantities."""
    kinds = {entry["id"]: entry["kind"] for entry in quantities}
    return [_gate(phase, site, records, claims, kinds) for phase in phases(site.root)]


def summaries(site: Site, found: list[Gate]) -> list[dict[str, Any]]:
    """All gates as criteria.json has them."""
    return [gate.summary(site.root) for gate in found]


def _gate(phase: int, site: Site, records: Records, claims: list[dict[str, Any]], kinds: dict[str, str]) -> Gate:
    waves = tuple(wave for wave in load_waves(site.root).values() if wave.phase == phase)
    texts = {
        path: Markdown(place.read_bytes().decode("utf-8", "replace"), path)
        for wave in waves
        if wave.n in records
        for path in wave.output
        if path.endswith(".md") and (place := site.output(path)).is_file()
    }
    reasons = [*_unmet(site.root, waves, records)]
    unfinished = [
        said(site.root, WORDS, "unfinished", path=path, evidence=verdict.evidence)
        for path, text in texts.items()
        if not (verdict := _without_placeholder(text, site)).passed
    ]
    reasons += unfinished
    listings, broken = _listings(site.root, texts, records)
    reasons += broken
    reasons += [
        said(site.root, WORDS, "not_run", path=item.path, function=item.name) for item in listings if not item.run_by
    ]
    plan = site.paper.plan
    if plan and phase == plan.exhibits:
        reasons += _unmentioned(waves, site, records)
    numbers = _origins(site, records, kinds) if plan and phase == plan.sections else {}
    made, decided = _claims_of(phase, site), {claim["id"]: claim["verdict"] for claim in claims}
    undecided = [id for id in made if id not in decided]
    if undecided:
        reasons.append(said(site.root, WORDS, "claims", ids=", ".join(undecided)))
    replies = tuple(_replies(phase, site, records))
    reasons += [f"{reply.question} {reply.text}" for reply in replies if not reply.settled]
    counts = {
        verdict: sum(decided.get(id) == verdict for id in made)
        for verdict in ("reproduced", "corrected", "assumption", "unverifiable")
    }
    return Gate(
        phase,
        waves,
        tuple(" ".join(reason.split()) for reason in reasons),
        tuple(listings),
        replies,
        counts if made else {},
        numbers,
        len(undecided),
        len(texts),
        len(unfinished),
    )


def _unmet(root: Path, waves: tuple[PlannedWave, ...], records: Records) -> Iterator[str]:
    """A wave that is not there, a check that fails or is missing, a question without a good answer."""
    missing = [wave.n for wave in waves if wave.n not in records]
    if missing:
        yield said(root, WORDS, "not_built", waves=spans(missing))
    for wave in waves:
        if wave.n in records:
            yield from _unchecked(root, wave, records[wave.n])
            yield from _unanswered(root, wave, records[wave.n])


def _unchecked(root: Path, wave: PlannedWave, record: dict[str, Any]) -> Iterator[str]:
    verdicts, name = record["criteria"] + record["integrity"], f"w{wave.n:02d}"
    for passed, what in ((False, "fails"), (None, "undecided")):
        for verdict in verdicts:
            if verdict["passed"] is passed:
                yield said(root, WORDS, what, wave=name, id=verdict["id"], evidence=verdict["evidence"])
    checked = {verdict["id"] for verdict in record["criteria"]}
    for id in wave.criteria:
        if id not in checked:
            yield said(root, WORDS, "unchecked", wave=name, id=id)


def _unanswered(root: Path, wave: PlannedWave, record: dict[str, Any]) -> Iterator[str]:
    n, answers = str(wave.n), record["review"]
    answered = {answer["question"] for answer in answers}
    for question in wave.review:
        if question not in answered:
            yield said(root, WORDS, "unanswered", wave=n, question=repr(question))
    for answer in answers:
        if not answer["settled"]:
            yield said(root, WORDS, "unsettled", wave=n, question=answer["question"], answer=answer["answer"])
    for answer in answers:
        if not answer["evidence"]:
            yield said(root, WORDS, "unfounded", wave=n, question=repr(answer["question"]))


def _without_placeholder(text: Markdown, site: Site) -> Verdict:
    """Nothing is left to be done in a text; the plan's own criteria, which name the placeholders, may be quoted."""
    quoted = text.text
    for wave in load_waves(site.root).values():
        for id, sentence in wave.criteria.items():
            quoted = quoted.replace(sentence, "quoted").replace(f"`{id}`", "quoted")
    return no_placeholder(Markdown(quoted, text.name))


def _listings(root: Path, texts: dict[str, Markdown], records: Records) -> tuple[list[Listing], list[str]]:
    """Every printed function with the first wave whose checks ran it, and what is printed as Python and is none."""
    first: dict[str, int] = {}
    for n in sorted(records):
        for name in records[n].get("ran", ()):
            first.setdefault(name, n)
    found, broken = [], []
    for path, text in texts.items():
        try:
            found += [Listing(path, name, lines, first.get(name, 0)) for name, lines in printed_functions(text).items()]
        except SyntaxError as problem:
            broken.append(said(root, WORDS, "no_code", path=path, problem=problem.msg))
    return found, broken


def _unmentioned(waves: tuple[PlannedWave, ...], site: Site, records: Records) -> list[str]:
    """Figures and tables of the phase that no section refers to."""
    sections = [
        path
        for wave in load_waves(site.root).values()
        if site.paper.plan and wave.phase == site.paper.plan.sections and wave.n in records
        for path in wave.output
        if path.endswith(".md") and site.output(path).is_file()
    ]
    seen = {
        f"{reference.kind} {reference.number}"
        for path in sections
        for reference in Prose(Markdown(site.output(path).read_bytes().decode("utf-8", "replace"), path)).references
    }
    names = [wave.name.partition(":")[0] for wave in waves if wave.n in records]
    return [said(site.root, WORDS, "unmentioned", exhibit=name) for name in names if name not in seen]


def _origins(site: Site, records: Records, kinds: dict[str, str]) -> dict[str, int]:
    """How many different numbers the sections print, by where they come from."""
    phase_of, plan = {n: wave.phase for n, wave in load_waves(site.root).items()}, site.paper.plan
    shown: dict[int, set[str]] = {phase: set() for phase in phases(site.root)}
    for n, record in records.items():
        shown[phase_of[n]] |= {id for prints in record["lineage"].values() for _, _, id, _ in prints}
    found = dict.fromkeys(ORIGINS, 0)
    for id in shown[plan.sections] if plan else ():
        found["first" if id in shown[FIRST] else kinds[id]] += 1
    return found


def _claims_of(phase: int, site: Site) -> list[str]:
    """The claims that are made for waves of a phase; those on the plan as a whole belong to its first."""
    waves, found = load_waves(site.root), []
    for id, claim in load_claims(site.root).items():
        made_for = {
            waves[int(part)].phase for part in claim.wave.split(",") if part.isdigit() and int(part) in waves
        } or {FIRST}
        if phase in made_for:
            found.append(id)
    return found


def _replies(phase: int, site: Site, records: Records) -> Iterator[Reply]:
    """Answers to the questions that the plan asks at the gate itself: the paper's own code has them, by place."""
    answer = site.paper.study.replies
    answers: Any = answer(phase, site, records) if answer else {}
    nobody = said(site.root, WORDS, "nobody"), False, ()
    for place, question in enumerate(load_gate_questions(site.root).get(phase, ())):
        text, settled, evidence = answers.get(place, nobody)
        yield Reply(question, text, settled, evidence)
