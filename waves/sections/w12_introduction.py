"""Wave 12: Section 1, the problem, the answer that is examined, what it turns out to be worth, and where each part is treated."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities import search
from phextpaper.study.quantities.claims import as_planned
from phextpaper.study.quantities.faults import units
from phextpaper.study.quantities.layout import example_coordinate
from phextpaper.study.quantities.topologies import kinds

page = Wave(
    n=12,
    name="Introduction",
    phase=2,
    minutes=30,
    needs=(2, 11),
    output=("sections/01-introduction.md",),
    words=(800, 1200),
)

PARTS = (
    "1.1 Workload evolution",
    "1.2 The fixed-topology problem",
    "1.3 Coordinates as topology",
    "1.4 Contributions",
    "1.5 Roadmap",
)
ANSWERS = ("Problem", "Part of the answer", "Treated in")
LATER = tuple(f"Section {number}" for number in range(2, 15))


@dataclass(frozen=True)
class Reply:
    """A row of the table of problems and answers."""

    problem: str
    answer: str
    place: str


@dataclass(frozen=True)
class Context:
    """What `01-introduction.md` prints."""

    first_mlp: Quantity
    first_cnn: Quantity
    last_window: Quantity
    last_transformer: Quantity
    last_llm: Quantity
    slice_chips: Quantity
    exchange_gain: Quantity
    step_sentence: str
    chips_per_block: Quantity
    job_mtbf: Quantity
    mtbf_words: str
    mtbf: Quantity
    example: str
    answers: tuple[Reply, ...]
    claims: Quantity
    reproduced: Quantity
    corrected: Quantity
    resting: Quantity
    undecidable: Quantity
    kinds: Quantity
    least_share: Quantity
    most_share: Quantity
    entries: Quantity
    worst_ms: Quantity
    entry: Quantity
    gain_small: Quantity
    gain_large: Quantity
    measured_small: Quantity
    measured_large: Quantity
    rediscovered_words: str
    least_gain: Quantity
    most_gain: Quantity
    aim_sentence: str
    spares: Quantity
    chip_days: Quantity
    unit: str
    unit_days: Quantity
    confidence: Quantity
    batch: Quantity
    batch_gain: Quantity
    batch_plan: Quantity
    batch_words: str


@page.context
def context(q) -> Context:
    """What others reported of workloads and twists, and the main results of phase 1."""
    used, c, twist, published = q.facts.tpu_v4_workloads, q.claims, q.facts.tpu_v4_twist, q.patterns.published_gain
    changed = [kind for kind in kinds(q) if kind != "torus_3d"]
    shares, times = (
        [branch[kind] for kind in changed] for branch in (q.reconfiguration.share, q.reconfiguration.chip_ms)
    )
    gains = [q.search.gain[size] for size in search.sizes(q)]
    unit = units(q)[-1]
    volume, book, chapter, section = example_coordinate(q, "middle")
    return Context(
        first_mlp=used.tpu_v1_2016_07_inference.mlp_dlrm,
        first_cnn=used.tpu_v1_2016_07_inference.cnn,
        last_window=used.tpu_v4_window,
        last_transformer=used.tpu_v4_2022_10_training.transformer,
        last_llm=used.tpu_v4_2022_10_training.llm,
        slice_chips=q.search.chips.n512,
        exchange_gain=q.search.gain.n512,
        step_sentence=_step(q),
        chips_per_block=q.facts.tpu_v4_system.chips_per_block,
        mtbf_words=choose(q.machine.failure_rate.kind == "assumed", "the assumed ", ""),
        job_mtbf=q.recovery.job_mtbf_h,
        mtbf=q.faults.mtbf_days,
        example=f"{volume}.{book}.{chapter}/{section}.1",
        answers=tuple(_answers()),
        claims=c.total,
        reproduced=c.reproduced,
        corrected=c.corrected,
        resting=c.assumption,
        undecidable=c.unverifiable,
        kinds=q.ledger.kinds,
        least_share=min(shares, key=_value),
        most_share=max(shares, key=_value),
        entries=q.routing.entries,
        worst_ms=max(times, key=_value),
        entry=q.machine.table_entry_update,
        gain_small=published.n4x4x8.computed,
        gain_large=published.n4x8x8.computed,
        measured_small=twist.a2a_gain_4x4x8,
        measured_large=twist.a2a_gain_4x8x8,
        rediscovered_words=choose(
            q.search.rediscovered.n128 and q.search.rediscovered.n256,
            "finds both published twists unaided",
            "does not find both published twists",
        ),
        least_gain=min(gains, key=_value),
        most_gain=max(gains, key=_value),
        aim_sentence=_aim(q),
        spares=q.layout.spare_chips,
        chip_days=q.faults.cover.chip.cold.assured_days,
        unit=unit,
        unit_days=q.faults.cover[unit].cold.assured_days,
        confidence=q.faults.confidence,
        batch=q.machine.batch,
        batch_gain=q.batching.reduction.plain.tree2.mean,
        batch_plan=q.batching.plan.reduction,
        batch_words=choose(as_planned(q, "batch", "base", "ids"), "", " for its own batch"),
    )


def _value(quantity: Quantity):
    return quantity.value


def _answers():
    yield Reply(
        "Moving names",
        "phext coordinate: a chip keeps it through every topology, and each topology is a routing table over the same names",
        "Sections 3 and 5",
    )
    yield Reply(
        "Unmeasured change", "table difference: its entries are listed and counted before anything changes", "Section 5"
    )
    yield Reply(
        "Hidden failure domains",
        "spare pool: chips of one rack share a prefix, and what replaces them has volumes of its own",
        "Section 6",
    )
    yield Reply(
        "Scattered rows",
        "prefix: a row's coordinate gives the chip that keeps it, and requests for rows that share a prefix travel together",
        "Section 4",
    )


def _step(q) -> str:
    cross = q.search.cross
    return choose(
        cross.graph.training > cross.regular.training,
        "With chips placed alike, that graph is slower than the plain torus for a step of GPT-3 (Section 7).",
        "With chips placed alike, that graph is no slower than the plain torus for a step of GPT-3 (Section 7).",
    )


def _aim(q) -> str:
    aim, sizes = q.facts.tons.all_to_all_gain, search.sizes(q)
    out = [size for size in sizes if q.search_limits.gain[size] < aim]
    met = [size for size in sizes if q.search.gain[size] >= aim]
    found = f"Recent work reports a gain of {aim} in the geometric mean over its sizes [@green2026]."
    if out:
        named = choose(
            len(out) > 1, f"any of the sizes up to {q.search.chips[out[-1]]} chips", f"{q.search.chips[out[-1]]} chips"
        )
        found += f" We show that no setting of the switches considered here gains as much at {named}."
    return found + choose(
        met,
        f" At {' and '.join(str(q.search.chips[size]) for size in met)} chips a found graph does.",
        " No graph that we found does.",
    )


@page.criterion
def subsections(built, q) -> Verdict:
    """1.1 workload evolution, 1.2 the fixed-topology problem, 1.3 coordinates as topology, 1.4 contributions (3 or more), 1.5 roadmap naming each later section"""
    text = built.markdown()
    items = [line for line in text.section(PARTS[3]).text.splitlines() if re.match(r"\d+\. \*\*", line)]
    roadmap = {
        str(reference)
        for reference in built.prose().references
        if reference.line >= next(heading.line for heading in text.headings if heading.text == PARTS[4])
    }
    missing = [name for name in LATER if name not in roadmap]
    return all_of(
        prose_checks.subsections(built, PARTS),
        Verdict(len(items) >= 3, "3 contributions or more", f"{len(items)}", text.name),
        Verdict(
            not missing,
            f"a roadmap that names {len(LATER)} sections",
            f"without {', '.join(missing)}" if missing else "all named",
            text.name,
        ),
    )


@page.criterion
def problems_answered(built, q) -> Verdict:
    """each problem stated in 1.2 is answered by a named part of 1.3"""
    text = built.markdown()
    stated = re.findall(r"^- \*\*([^*]+)\.\*\*", text.section(PARTS[1]).text, re.MULTILINE)
    answer = text.section(PARTS[2])
    table, named = (
        answer.table(*ANSWERS),
        {" ".join(name.casefold().split()) for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", answer.text)},
    )
    rows = table.rows if table else []
    unnamed = [row[0] for row in rows if row[1].partition(":")[0] not in named]
    right = bool(stated) and [row[0] for row in rows] == stated and not unnamed
    return Verdict(
        right,
        f"{', '.join(stated)}, each answered by a part named in italics",
        f"{', '.join(row[0] for row in rows) or 'no table'}; without a named part: {', '.join(unnamed) or 'none'}",
        text.name,
    )


@page.criterion
def citations(built, q) -> Verdict:
    """at least 4 citations that resolve in the bibliography"""
    return prose_checks.cites(built, q, 4)


@page.criterion
def length(built, q) -> Verdict:
    """800 to 1200 words"""
    return checks.length(built, page)
