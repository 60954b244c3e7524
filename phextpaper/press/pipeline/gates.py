"""The gates of the phases: what each demands, whether it holds, and the reasons, worked out from the records of the waves."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from phextpaper.press.checks.shared_checks import no_placeholder
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.printed_code import printed_functions
from phextpaper.press.documents.prose import Prose
from phextpaper.press.pipeline.site import Site
from phextpaper.press.sources.claims import load_claims
from phextpaper.press.sources.plan import PlannedWave, load_gate_questions, load_gates, load_waves, phases, spans
from phextpaper.press.wave import Verdict

ORIGINS = {
    "phase 1": "printed by a page of phase 1 too",
    "cited": "reported in the literature",
    "computed": "computed by a model of the engine",
    "assumed": "chosen for the machine",
    "measured": "measured on request",
}
FIRST = 1
"""The phase that others build on; what a plan claims of the whole belongs to it."""
Records = dict[int, dict]


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

    def summary(self, name: str, demand: str) -> dict:
        """The gate as criteria.json has it."""
        good = f"every criterion of waves {spans([wave.n for wave in self.waves])} passes and every question is settled"
        return {
            "phase": self.phase,
            "name": name,
            "demand": demand,
            "verdict": self.verdict,
            "reasons": list(self.reasons) or [good],
        }


def gates(site: Site, records: Records, claims: list[dict], quantities: list[dict]) -> list[Gate]:
    """The gate of every phase, from the waves' records and from what the reports say of claims and quantities."""
    kinds = {entry["id"]: entry["kind"] for entry in quantities}
    return [_gate(phase, site, records, claims, kinds) for phase in phases(site.root)]


def summaries(site: Site, found: list[Gate]) -> list[dict]:
    """All gates as criteria.json has them."""
    demands = load_gates(site.root)
    names = phases(site.root)
    return [gate.summary(names[gate.phase], demands.get(gate.phase, "")) for gate in found]


def _gate(phase: int, site: Site, records: Records, claims: list[dict], kinds: dict[str, str]) -> Gate:
    waves = tuple(wave for wave in load_waves(site.root).values() if wave.phase == phase)
    texts = {
        path: Markdown(place.read_bytes().decode("utf-8", "replace"), path)
        for wave in waves
        if wave.n in records
        for path in wave.output
        if path.endswith(".md") and (place := site.output(path)).is_file()
    }
    reasons = [*_unmet(waves, records)]
    unfinished = [
        f"{path}: {verdict.evidence}"
        for path, text in texts.items()
        if not (verdict := _without_placeholder(text, site)).passed
    ]
    reasons += unfinished
    listings, broken = _listings(texts, records)
    reasons += broken
    reasons += [f"{item.path} prints {item.name}, which no check runs" for item in listings if not item.run_by]
    plan = site.paper.plan
    if plan and phase == plan.exhibits:
        reasons += _unmentioned(waves, site, records)
    numbers = _origins(site, records, kinds) if plan and phase == plan.sections else {}
    made, decided = _claims_of(phase, site), {claim["id"]: claim["verdict"] for claim in claims}
    undecided = [id for id in made if id not in decided]
    if undecided:
        reasons.append(f"claims of the plan not decided: {', '.join(undecided)}")
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


def _unmet(waves: tuple[PlannedWave, ...], records: Records) -> Iterator[str]:
    """A wave that is not there, a check that fails or is missing, a question without a good answer."""
    missing = [wave.n for wave in waves if wave.n not in records]
    if missing:
        yield f"waves not built yet: {spans(missing)}"
    for wave in waves:
        record = records.get(wave.n)
        if record is None:
            continue
        verdicts = record["criteria"] + record["integrity"]
        yield from (
            f"w{wave.n:02d}.{verdict['id']} fails: {verdict['evidence']}"
            for verdict in verdicts
            if verdict["passed"] is False
        )
        yield from (
            f"w{wave.n:02d}.{verdict['id']} is {verdict['evidence']}"
            for verdict in verdicts
            if verdict["passed"] is None
        )
        checked = {verdict["id"] for verdict in record["criteria"]}
        yield from (f"w{wave.n:02d}.{id} is not checked" for id in wave.criteria if id not in checked)
        answered = {answer["question"] for answer in record["review"]}
        yield from (f"wave {wave.n}: no answer to {question!r}" for question in wave.review if question not in answered)
        yield from (
            f"wave {wave.n}: {answer['question']} {answer['answer']}"
            for answer in record["review"]
            if not answer["settled"]
        )
        yield from (
            f"wave {wave.n}: the answer to {answer['question']!r} has no evidence"
            for answer in record["review"]
            if not answer["evidence"]
        )


def _without_placeholder(text: Markdown, site: Site) -> Verdict:
    """Nothing is left to be done in a text; the plan's own criteria, which name the placeholders, may be quoted."""
    quoted = text.text
    for wave in load_waves(site.root).values():
        for id, sentence in wave.criteria.items():
            quoted = quoted.replace(sentence, "quoted").replace(f"`{id}`", "quoted")
    return no_placeholder(Markdown(quoted, text.name))


def _listings(texts: dict[str, Markdown], records: Records) -> tuple[list[Listing], list[str]]:
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
            broken.append(f"{path} prints Python that cannot be read: {problem.msg}")
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
    return [f"{name} is referred to in no section" for name in names if name not in seen]


def _origins(site: Site, records: Records, kinds: dict[str, str]) -> dict[str, int]:
    """How many different numbers the sections print, by where they come from."""
    phase_of, plan = {n: wave.phase for n, wave in load_waves(site.root).items()}, site.paper.plan
    shown: dict[int, set[str]] = {phase: set() for phase in phases(site.root)}
    for n, record in records.items():
        shown[phase_of[n]] |= {id for prints in record["lineage"].values() for _, _, id, _ in prints}
    found = dict.fromkeys(ORIGINS.values(), 0)
    for id in shown[plan.sections] if plan else ():
        found[ORIGINS["phase 1" if id in shown[FIRST] else kinds[id]]] += 1
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
    """Answers to the questions that the plan asks at the gate itself: the paper's own code has them, by their places."""
    answer = site.paper.study.replies
    answers = answer(phase, site, records) if answer else {}
    for place, question in enumerate(load_gate_questions(site.root).get(phase, ())):
        text, settled, evidence = answers.get(place, ("Nobody answered.", False, ()))
        yield Reply(question, text, settled, evidence)
