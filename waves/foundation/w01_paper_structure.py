"""Wave 1: what the source paper holds, and what the plan of the 40 waves asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from phextpaper.errors import InputError
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import strip_marks
from phextpaper.press.sources import plan_graph
from phextpaper.press.sources.plan import PlannedWave
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.checks import plan
from phextpaper.study.quantities.plan import PHASES, key, phase_key
from phextpaper.study.sources import contradictions as contradicting
from phextpaper.study.sources.outline import TOPICS, Concept, Outline
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
class Phase:
    """A phase of the plan."""

    key: str
    number: str
    title: str


@dataclass(frozen=True)
class Disagreement:
    """A line of the seed where Blocks and Dependencies disagree: a wave claims to block another, or leaves it out."""

    line: str
    first: str
    second: str
    claimed: bool


@dataclass(frozen=True)
class Planned:
    """One entry of the plan, and what of it stands in its text as words: numbers, needs, and keys of its questions."""

    key: str
    number: str
    phase: str
    needs: tuple[str, ...]
    blocks: tuple[str, ...]
    questions: tuple[str, ...]
    planned: PlannedWave


@dataclass(frozen=True)
class Context:
    """What both artefacts list, and the headings of the PDF that was given."""

    pdf_given: bool
    headings: frozenset[str]
    outline: Outline
    concepts: tuple[Concept, ...]
    phases: tuple[Phase, ...]
    critical: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]
    waves: tuple[Planned, ...]


@page.context
def context(q: Quantities) -> Context:
    """The outline, the concepts, the phases, the graph and every entry of the plan."""
    paper, waves = q.node("outline.paper"), q.node("plan.waves")
    blocked = plan_graph.blocks(waves)
    return Context(
        pdf_given=paper is not None,
        headings=frozenset(paper.headings if paper else ()),
        outline=q.node("outline.shipped"),
        concepts=tuple(q.node("outline.concepts_listed")),
        phases=tuple(Phase(phase_key(number), str(number), PHASES[number]) for number in PHASES),
        critical=_texts(q.node("plan.critical")),
        disagreements=tuple(
            Disagreement(str(item.line), str(item.first), str(item.second), item.kind == contradicting.CLAIMED)
            for item in q.node("plan.contradictions")
        ),
        waves=tuple(_planned(waves[n], blocked[n]) for n in waves),
    )


def _planned(wave: PlannedWave, blocked: tuple[int, ...]) -> Planned:
    return Planned(
        key(wave.n),
        str(wave.n),
        str(wave.phase),
        _texts(wave.needs),
        _texts(blocked),
        tuple(f"q{place}" for place in range(1, len(wave.review) + 1)),
        wave,
    )


def _texts(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


@page.criterion
def pdf_readable(built: Artefacts, q: Quantities) -> Verdict:
    """a given PDF is read (pages and text above zero) and a file that is no PDF is refused with a clear message;
    without a PDF the shipped outline is used and the artefact says so
    """
    text, given = built.markdown(), bool(q.setting("pdf"))
    pages, characters = q.outline.pdf.pages, q.outline.pdf.characters
    try:
        read_pdf(b"plain text", "notes.txt")
        refused = "it was accepted"
    except InputError as problem:
        refused = str(problem)
    wanted = strip_marks(pages.with_unit)[0] if given else "the one that ships with the project"
    said = "A PDF was given" if given else "No PDF was given"
    both = said in text.text and wanted in text.text
    return all_of(
        Verdict(
            both and (not given or (pages > 0 and characters > 0)),
            f"{said!r} and {wanted!r}",
            "both" if both else "not said",
            text.where("PDF"),
        ),
        Verdict(
            "no PDF" in refused and "remedy" in refused,
            "a file that is no PDF refused with a remedy",
            refused.splitlines()[0],
        ),
    )


@page.criterion
def sections_identified(built: Artefacts, q: Quantities) -> Verdict:
    """every major section of the paper is listed: introduction, OCS/network, SparseCore, workload scaling, benchmarks
    against other systems, energy and carbon, discussion, related work, conclusion
    """
    table = built.markdown().table("Section", "Title", "Topic")
    topics = set(table.column("Topic")) if table else set()
    rows = [row[:2] for row in table.rows] if table else []
    wanted = [(f"Section {section.number}", section.title) for section in q.node("outline.shipped").section]
    missing = [topic for topic in TOPICS if topic not in topics]
    return all_of(
        Verdict(not missing, f"topics {', '.join(TOPICS)}", f"missing {missing}" if missing else "all of them"),
        Verdict(
            rows == wanted,
            f"the outline's {len(wanted)} sections",
            f"{len(rows)} rows" + ("" if rows == wanted else ", not the outline's"),
        ),
    )


@page.criterion
def concepts_listed(built: Artefacts, q: Quantities) -> Verdict:
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
def plan_complete(built: Artefacts, q: Quantities) -> Verdict:
    """40 waves, numbered 1 to 40, each with time, needs, blocks, deliverables, criteria and review questions"""
    text = built.markdown(PLAN)
    heads = [heading.text for heading in text.headings if heading.level == 3]
    waves = q.node("plan.waves")
    wanted = [f"Wave {n}/{len(waves)}: {wave.name}" for n, wave in waves.items()]
    if heads != wanted or list(waves) != list(range(1, 41)):
        first = next((a for a, b in zip(wanted, [*heads, *[""] * 40], strict=False) if a != b), "one wave too many")
        return Verdict(False, "the headings of waves 1 to 40", f"not there or not at its place: {first}", PLAN)
    if found := plan.incomplete(text, waves):
        n, missing = found
        return Verdict(False, f"wave {n} whole", f"missing {missing!r}", text.where(f"Wave {n}/"))
    return Verdict(True, "40 whole entries", f"{len(heads)} entries, each with all its parts")


@page.criterion
def plan_is_a_dag(built: Artefacts, q: Quantities) -> Verdict:
    """needs form an acyclic graph; 'blocks' is its transpose; each place where the written plan's Blocks lines disagree
    with its Dependencies lines is listed
    """
    text, waves = built.markdown(), q.node("plan.waves")
    blocked = plan_graph.blocks(waves)
    transposed = (
        all((n in blocked[need]) for n in waves for need in waves[n].needs)
        and sum(map(len, blocked.values())) == q.plan.edges
    )
    table, wanted = text.table("Seed", "Waves", "Disagreement"), plan.disagreements(q)
    rows = table.rows if table else ()
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
def time_budget(built: Artefacts, q: Quantities) -> Verdict:
    """per-phase and total minutes are summed from the waves and set beside the plan's own totals (4.5 + 6.25 + 5 + 3.75
    = about 19.5 h); each wave of phase 1 is 30 minutes or less
    """
    text, waves = built.markdown(), q.node("plan.waves")
    table, wanted = text.table("Phase", "Waves", "Minutes", "Hours", "Plan says (h)"), plan.budget(q)
    rows = [row[1:5] for row in table.rows] if table else []
    longest = max(wave.minutes for wave in waves.values() if wave.phase == 1)
    return all_of(
        Verdict(rows == wanted, f"{wanted}", f"{rows}", text.where("| Phase")),
        Verdict(longest <= 30, "30 minutes or less in phase 1", f"{longest}"),
    )


@page.criterion
def critical_path(built: Artefacts, q: Quantities) -> Verdict:
    """the longest chain of waves in minutes is computed and listed"""
    text, waves = built.markdown(), q.node("plan.waves")
    chain, line = ", ".join(f"Wave {n}" for n in q.node("plan.critical")), f"{plan.longest(waves)} minutes"
    part = text.section("Critical path").text
    listed = chain in part and line in part
    saw = "both listed" if listed else part.strip()[:120]
    return Verdict(listed, f"{line}: {chain}", saw, text.where("Critical path"))
