"""Wave 1: what the source paper holds, and what the plan of the 40 waves asks for."""

from dataclasses import dataclass

from phextpaper.errors import InputError
from phextpaper.press.quantity import Quantity, choose, compare, strip_marks
from phextpaper.press.sources import plan_graph
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.plan import PHASE_KEYS, PHASES, key
from phextpaper.study.sources import contradictions
from phextpaper.study.sources.outline import TOPICS
from phextpaper.study.sources.source_pdf import read_pdf

page = Wave(
    n=1,
    name="Extract paper structure",
    phase=1,
    minutes=30,
    needs=(),
    output=("wave-breakdown.md", "WAVE-1-REQUIREMENTS.md"),
)

PLAN = "WAVE-1-REQUIREMENTS.md"
MUST_NAME = (
    "Optical circuit switch",
    "SparseCore",
    "3D torus",
    "Twisted torus",
    "Bisection bandwidth",
    "Goodput",
    "Performance per watt",
)


@dataclass(frozen=True)
class Section:
    """A section of the source paper."""

    number: str
    title: str
    topic: str
    in_pdf: str


@dataclass(frozen=True)
class Concept:
    """A concept of the source paper."""

    name: str
    kind: str
    where: str
    mentions: Quantity | str


@dataclass(frozen=True)
class Phase:
    """A phase's budget."""

    title: str
    waves: Quantity
    minutes: Quantity
    hours: Quantity
    stated: Quantity
    verdict: str
    longest: Quantity


@dataclass(frozen=True)
class Disagreement:
    """A place where a Blocks line and a Dependencies line disagree."""

    line: str
    waves: str
    what: str


@dataclass(frozen=True)
class Planned:
    """One entry of the plan."""

    head: str
    name: Quantity
    phase: str
    minutes: Quantity
    needs: str
    blocks: str
    output: tuple[str, ...]
    contents: Quantity
    size: Quantity | str
    criteria: tuple[tuple[str, Quantity], ...]
    questions: tuple[Quantity, ...]


@dataclass(frozen=True)
class Context:
    """What both artefacts print."""

    source: str
    comparison: str
    sections: tuple[Section, ...]
    exhibits: tuple[tuple[str, str], ...]
    section_count: Quantity
    figure_count: Quantity
    table_count: Quantity
    concept_count: Quantity
    concepts: tuple[Concept, ...]
    phases: tuple[Phase, ...]
    total_minutes: Quantity
    total_hours: Quantity
    stated_total: Quantity
    total_word: str
    excess: str
    thirty: str
    wave_count: Quantity
    edges: Quantity
    critical: str
    critical_minutes: Quantity
    critical_waves: Quantity
    disagreements: tuple[Disagreement, ...]
    disagreement_count: Quantity
    claimed_count: Quantity
    omitted_count: Quantity
    waves: tuple[Planned, ...]


@page.context
def context(q) -> Context:
    """The outline, the concepts, the budget, the graph and every entry of the plan."""
    outline, plan, paper = q.outline, q.plan, q.node("outline.paper")
    shipped = q.node("outline.shipped")
    pdf = outline.pdf
    waves, blocked = q.node("plan.waves"), plan_graph.blocks(q.node("plan.waves"))
    return Context(
        source=(
            f"A PDF was given for this build: {pdf.pages.with_unit} and {pdf.characters.with_unit} of text were read from it."
            if paper
            else "No PDF was given for this build, so the outline below is the one that ships with the project; nothing here was read from the paper itself."
        ),
        comparison=(
            f"The PDF has {pdf.headings_found} of the outline's {outline.sections} headings, {pdf.headings_extra} numbered headings more, and "
            f"{pdf.captions.with_unit}."
            if paper
            else "Give one with `make wave N=1 PDF=file.pdf`, and its headings and concept counts are set beside this outline."
        ),
        sections=tuple(
            Section(
                s.number,
                s.title,
                s.topic,
                "not compared" if not paper else choose(s.number in paper.headings, "found", "not found"),
            )
            for s in shipped.section
        ),
        exhibits=tuple(
            (f"{word} {item.number}", item.caption)
            for word, items in (("Table", shipped.table), ("Figure", shipped.figure))
            for item in items
        ),
        section_count=outline.sections,
        figure_count=outline.figures,
        table_count=outline.tables,
        concept_count=outline.concepts,
        concepts=tuple(
            Concept(c.name, c.kind, f"Section {c.where}", outline.mentions[c.id] if paper else "not counted")
            for c in q.node("outline.concepts_listed")
        ),
        phases=tuple(_phase(q, name, number) for name, number in zip(PHASE_KEYS, PHASES, strict=True)),
        total_minutes=plan.total_minutes,
        total_hours=plan.total_hours,
        stated_total=plan.stated.total,
        total_word=compare(plan.total_hours, plan.stated.total, "below", "equal to", "above"),
        excess=choose(
            plan.excess_minutes == 0,
            "The two totals are equal, although the phases are not: their differences cancel.",
            f"The two differ by {plan.excess_minutes.with_unit}.",
        ),
        thirty=choose(
            plan.phase_1.longest <= 30,
            "Each wave of Phase 1 keeps the plan's limit",
            "A wave of Phase 1 breaks the plan's limit",
        )
        + f": the longest takes {plan.phase_1.longest.with_unit}. The later phases have longer waves, which the plan's rule of a limit for every wave does not allow"
        + f": up to {plan.phase_2.longest} (Phase 2), {plan.phase_3.longest} (Phase 3) and {plan.phase_4.longest} (Phase 4).",
        wave_count=plan.count,
        edges=plan.edges,
        critical=", ".join(f"Wave {n}" for n in q.node("plan.critical")),
        critical_minutes=plan.critical_minutes,
        critical_waves=plan.critical_waves,
        disagreements=tuple(_disagreement(item) for item in q.node("plan.contradictions")),
        disagreement_count=plan.contradiction_count,
        claimed_count=plan.claimed_count,
        omitted_count=plan.omitted_count,
        waves=tuple(_planned(q, waves[n], blocked[n]) for n in waves),
    )


def _phase(q, name: str, number: int) -> Phase:
    phase, stated = q.plan[name], q.plan.stated[name].hours
    word = compare(phase.hours, stated, "the waves sum to less", "equal", "the waves sum to more")
    return Phase(
        f"Phase {number}: {PHASES[number]}", phase.waves, phase.minutes, phase.hours, stated, word, phase.longest
    )


def _disagreement(item: contradictions.Contradiction) -> Disagreement:
    what = (
        f"Wave {item.first} says that it blocks Wave {item.second}, which needs it neither directly nor through others"
        if item.kind == contradictions.CLAIMED
        else f"Wave {item.second} depends on Wave {item.first}, whose Blocks line leaves it out"
    )
    return Disagreement(f"line {item.line}", f"Waves {item.first}, {item.second}", what)


def _planned(q, wave, blocked: tuple[int, ...]) -> Planned:
    name, plan = key(wave.n), q.plan
    return Planned(
        f"Wave {wave.n}",
        plan.name[name],
        f"Phase {wave.phase}",
        plan.minutes[name],
        _waves(wave.needs),
        _waves(blocked),
        wave.output,
        plan.contents[name],
        plan.size[name] if wave.bounds else "not bounded",
        tuple((id, plan.criterion[name][id.replace("-", "_")]) for id in wave.criteria),
        tuple(plan.question[name][f"q{place}"] for place in range(1, len(wave.review) + 1)),
    )


def _waves(numbers: tuple[int, ...]) -> str:
    return f"Waves {', '.join(map(str, numbers))}" if len(numbers) > 1 else f"Wave {numbers[0]}" if numbers else "none"


@page.criterion
def pdf_readable(built, q) -> Verdict:
    """a given PDF is read (pages and text above zero) and a file that is no PDF is refused with a clear message; without a PDF the shipped outline is used and the artefact says so"""
    text, given = built.markdown(), bool(q.setting("pdf"))
    pages, characters = q.outline.pdf.pages, q.outline.pdf.characters
    try:
        read_pdf(b"plain text", "notes.txt")
        refused = "it was accepted"
    except InputError as problem:
        refused = str(problem)
    wanted = strip_marks(pages.with_unit)[0] if given else "the one that ships with the project"
    said = "A PDF was given" if given else "No PDF was given"
    return all_of(
        Verdict(
            said in text.text and wanted in text.text and (not given or (pages > 0 and characters > 0)),
            f"{said!r} and {wanted!r}",
            "both" if said in text.text and wanted in text.text else "not said",
            text.where("PDF"),
        ),
        Verdict(
            "no PDF" in refused and "remedy" in refused,
            "a file that is no PDF refused with a remedy",
            refused.splitlines()[0],
        ),
    )


@page.criterion
def sections_identified(built, q) -> Verdict:
    """every major section of the paper is listed: introduction, OCS/network, SparseCore, workload scaling, benchmarks against other systems, energy and carbon, discussion, related work, conclusion"""
    table = built.markdown().table("Section", "Title", "Topic")
    topics = set(table.column("Topic")) if table else set()
    shipped = q.node("outline.shipped").section
    rows = [row[:2] for row in table.rows] if table else []
    equal = rows == [(f"Section {s.number}", s.title) for s in shipped]
    missing = [topic for topic in TOPICS if topic not in topics]
    return all_of(
        Verdict(not missing, f"topics {', '.join(TOPICS)}", f"missing {missing}" if missing else "all of them"),
        Verdict(
            equal,
            f"the outline's {len(shipped)} sections",
            f"{len(rows)} rows" + ("" if equal else ", not the outline's"),
        ),
    )


@page.criterion
def concepts_listed(built, q) -> Verdict:
    """at least 20 concepts are listed, OCS, SparseCore, the topology kinds and the performance metrics among them"""
    table = built.markdown().table("Concept", "Kind", "Where")
    names = table.column("Concept") if table else []
    missing = [name for name in MUST_NAME if name not in names]
    return Verdict(
        len(set(names)) >= 20 and len(set(names)) == len(names) and not missing,
        "at least 20 different concepts, the named ones among them",
        f"{len(names)} concepts" + (f", missing {', '.join(missing)}" if missing else ""),
        built.markdown().where("| Concept"),
    )


@page.criterion
def plan_complete(built, q) -> Verdict:
    """40 waves, numbered 1 to 40, each with time, needs, blocks, deliverables, criteria and review questions"""
    text = built.markdown(PLAN)
    heads = [heading.text for heading in text.headings if heading.level == 3]
    waves = q.node("plan.waves")
    wanted = [f"Wave {n}/{len(waves)}: {wave.name}" for n, wave in waves.items()]
    if heads != wanted or list(waves) != list(range(1, 41)):
        first = next((a for a, b in zip(wanted, [*heads, *[""] * 40], strict=False) if a != b), "one wave too many")
        return Verdict(False, "the headings of waves 1 to 40", f"not there or not at its place: {first}", PLAN)
    blocked = plan_graph.blocks(waves)
    for n, wave in waves.items():
        part = text.section(f"Wave {n}/{len(waves)}:")
        parts = [
            f"**Time estimate:** {wave.minutes} minutes",
            f"**Dependencies:** {_waves(wave.needs)}",
            f"**Blocks:** {_waves(blocked[n])}",
            *(f"- [ ] File: `rally/R23/{path}`" for path in wave.output),
            *(f"- [ ] `{id}`: {words}" for id, words in wave.criteria.items()),
            *wave.review,
            "**Review questions:**",
        ]
        questions = sum(line[:2] in {f"{i}." for i in range(1, 10)} for line in part.lines)
        missing = [item for item in parts if item not in part.text]
        if missing or questions < 1:
            return Verdict(
                False,
                f"wave {n} whole",
                f"missing {missing[0] if missing else 'review questions'!r}",
                text.where(f"Wave {n}/"),
            )
    return Verdict(True, "40 whole entries", f"{len(heads)} entries, each with all its parts")


@page.criterion
def plan_is_a_dag(built, q) -> Verdict:
    """needs form an acyclic graph; 'blocks' is its transpose; each place where the written plan's Blocks lines disagree with its Dependencies lines is listed"""
    text, waves = built.markdown(), q.node("plan.waves")
    blocked = plan_graph.blocks(waves)
    transposed = (
        all((n in blocked[need]) for n in waves for need in waves[n].needs)
        and sum(map(len, blocked.values())) == q.plan.edges
    )
    table = text.table("Seed", "Waves", "Disagreement")
    rows = table.rows if table else ()
    wanted = [(d.line, d.waves, d.what) for d in map(_disagreement, q.node("plan.contradictions"))]
    return all_of(
        Verdict(plan_graph.is_acyclic(waves), "no circle", "none" if plan_graph.is_acyclic(waves) else "a circle"),
        Verdict(transposed, "blocks = transpose of needs", "equal" if transposed else "not equal"),
        Verdict(
            list(rows) == wanted,
            f"{len(wanted)} disagreements listed",
            f"{sum(row in wanted for row in rows)} of them listed",
            text.where("| Seed"),
        ),
    )


@page.criterion
def time_budget(built, q) -> Verdict:
    """per-phase and total minutes are summed from the waves and set beside the plan's own totals (4.5 + 6.25 + 5 + 3.75 = about 19.5 h); each wave of phase 1 is 30 minutes or less"""
    text, waves = built.markdown(), q.node("plan.waves")
    table = text.table("Phase", "Waves", "Minutes", "Hours", "Plan says (h)")
    wanted = []
    for number, name in zip(PHASES, PHASE_KEYS, strict=True):
        own = [wave.minutes for wave in waves.values() if wave.phase == number]
        wanted.append((str(len(own)), str(sum(own)), f"{sum(own) / 60:.2f}", q.plan.stated[name].hours.text))
    total = sum(wave.minutes for wave in waves.values())
    wanted.append((str(len(waves)), str(total), f"{total / 60:.2f}", q.plan.stated.total.text))
    rows = [row[1:5] for row in table.rows] if table else []
    longest = max(wave.minutes for wave in waves.values() if wave.phase == 1)
    return all_of(
        Verdict(rows == wanted, f"{wanted}", f"{rows}", text.where("| Phase")),
        Verdict(longest <= 30, "30 minutes or less in phase 1", f"{longest}"),
    )


@page.criterion
def critical_path(built, q) -> Verdict:
    """the longest chain of waves in minutes is computed and listed"""
    text, waves = built.markdown(), q.node("plan.waves")
    best: dict[int, int] = {}
    for n in sorted(waves):
        best[n] = waves[n].minutes + max((best[need] for need in waves[n].needs), default=0)
    chain = ", ".join(f"Wave {n}" for n in q.node("plan.critical"))
    line = f"{max(best.values())} minutes"
    part = text.section("Critical path").text
    return Verdict(
        chain in part and line in part,
        f"{line}: {chain}",
        "both listed" if chain in part and line in part else part.strip()[:120],
        text.where("Critical path"),
    )
