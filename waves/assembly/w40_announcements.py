"""Wave 40: executive summary, blog post, thread and forum post, each number one of the paper's."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.publishing.assembly import marked_artefact
from phextpaper.press.quantity import Quantity, choose, compare
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities import search
from phextpaper.study.quantities.faults import units
from phextpaper.study.quantities.layout import example_coordinate
from phextpaper.study.wording import HARDWARE_CLAIM

page = Wave(
    n=40,
    name="Executive summary and announcements",
    phase=4,
    minutes=45,
    needs=(36, 37, 38, 39),
    output=("exec-summary.md", "blog-post.md", "tweet-thread.md", "hn-post.md"),
)

SUMMARY, BLOG, THREAD, FORUM = page.output
PAPER, REVIEW = "phext-based-compute-v2.md", "technical-review.md"
ANSWERS = ("Question", "Answer", "Kind")
POSTS, LONGEST, TITLE_LONGEST = 15, 280, 80
COMMANDS = ("make all", "make test", ".venv/bin/phextpaper explain topologies.torus_3d.mean_hops")


@dataclass(frozen=True)
class Answer:
    """A row of the summary's table."""

    question: str
    answer: str
    kind: str


@dataclass(frozen=True)
class Post:
    """A post of the thread."""

    number: str
    text: str


@dataclass(frozen=True)
class Context:
    """What the four texts print."""

    title: str
    example: str
    figure: str
    chips: Quantity
    block_chips: Quantity
    per_chip: Quantity
    gain_small: Quantity
    gain_large: Quantity
    measured_small: Quantity
    measured_large: Quantity
    answers: tuple[Answer, ...]
    twist_share: Quantity
    twist_ms: Quantity
    entry: Quantity
    entries: Quantity
    repair_entries: Quantity
    spares: Quantity
    chip_days: Quantity
    unit: str
    unit_days: Quantity
    confidence: Quantity
    search_gain: Quantity
    search_least: Quantity
    search_chips: Quantity
    other_words: str
    address: Quantity
    claims: Quantity
    reproduced: Quantity
    corrected: Quantity
    assumption: Quantity
    unverifiable: Quantity
    plan_gain: Quantity
    most_missed: Quantity
    slow_sentence: str
    plan_found: Quantity
    links: Quantity
    ceiling: Quantity
    numbers: Quantity
    checks: Quantity
    said_hops: Quantity
    found_hops: Quantity
    posts: tuple[Post, ...]
    post_count: str


@page.context
def context(q) -> Context:
    """Numbers of the paper, and of its review."""
    c, f, published, twist, unit = q.claims, q.faults, q.patterns.published_gain, q.facts.tpu_v4_twist, units(q)[-1]
    volume, book, chapter, section = example_coordinate(q, "middle")
    gains = [q.search.gain[size] for size in search.sizes(q)]
    best = _best(q)
    return Context(
        title=q.paper.title,
        example=f"{volume}.{book}.{chapter}/{section}.1",
        figure=_figure(q),
        chips=q.layout.active_chips,
        block_chips=q.facts.tpu_v4_system.chips_per_block,
        per_chip=q.routing.share_kilobytes,
        gain_small=published.n4x4x8.computed,
        gain_large=published.n4x8x8.computed,
        measured_small=twist.a2a_gain_4x4x8,
        measured_large=twist.a2a_gain_4x8x8,
        answers=tuple(_answers(q)),
        twist_share=q.reconfiguration.share.twisted,
        twist_ms=q.reconfiguration.chip_ms.twisted,
        entry=q.machine.table_entry_update,
        entries=q.routing.entries,
        repair_entries=q.remapping.chip.entries,
        spares=q.layout.spare_chips,
        chip_days=f.cover.chip.cold.assured_days,
        unit=unit,
        unit_days=f.cover[unit].cold.assured_days,
        confidence=f.confidence,
        search_gain=q.search.gain[best],
        search_least=min(gains, key=lambda gain: gain.value),
        search_chips=q.search.chips[best],
        other_words=f"for a step of GPT-3, with chips placed plainly, a graph of them is {_other(q)}",
        address=q.recovery.address.mean,
        claims=c.total,
        reproduced=c.reproduced,
        corrected=c.corrected,
        assumption=c.assumption,
        unverifiable=c.unverifiable,
        plan_gain=q.batching.plan.reduction,
        most_missed=max(q.step_time.missed.bert_half, q.step_time.missed.resnet, key=lambda one: one.value),
        slow_sentence=_slow(q),
        plan_found=c.found.C86,
        links=q.search.links,
        ceiling=q.search_limits.hops[best],
        numbers=q.review.numbers,
        checks=q.reviewing.checks,
        said_hops=c.said.C75,
        found_hops=c.found.C75,
        posts=tuple(Post(str(number), text) for number, text in enumerate(_posts(q), 1)),
        post_count=str(POSTS),
    )


def _best(q) -> str:
    """The size at which a found graph gains most."""
    return max(search.sizes(q), key=lambda size: q.search.gain[size].value)


def _other(q) -> str:
    return choose(
        q.search.cross.graph.training > q.search.cross.regular.training,
        "slower than the plain torus",
        "no slower than the plain torus",
    )


def _slow(q) -> str:
    """What mirrors and a slice take beside the table, and how that is known."""
    m, table = q.machine, q.reconfiguration.chip_ms.twisted
    words = {"assumed": "by assumption", "cited": "as was published"}
    beside = compare(
        m.mirror_switching,
        table,
        "less than the busiest chip's table",
        "as much as the busiest chip's table",
        "more than the busiest chip's table",
    )
    return (
        f"Mirrors need {m.mirror_switching.with_unit} {words[m.mirror_switching.kind]}, {beside}, and the new topology of a slice about "
        f"{m.slice_reconfiguration.with_unit} {words[m.slice_reconfiguration.kind]}."
    )


def _figure(q) -> str:
    """The caption of the figure that the summary shows, as the paper has it."""
    for line in marked_artefact(q, PAPER).splitlines():
        if line.startswith("![Figure 4: "):
            return re.sub(r"^!\[Figure 4: |\]\(.*$", "", line)
    return "topologies side by side"


def _answers(q):
    f, r, unit = q.faults, q.recovery, units(q)[-1]
    yield Answer(
        "What does a twist change?",
        f"{q.reconfiguration.share.twisted.with_unit} of {q.routing.entries.with_unit}",
        "computed",
    )
    yield Answer(
        "How long does the busiest chip write?",
        f"{q.reconfiguration.chip_ms.twisted.with_unit}",
        f"computed, at {q.machine.table_entry_update.with_unit} an entry",
    )
    yield Answer("What does a failed chip change?", f"{q.remapping.chip.entries} entries", "computed")
    yield Answer(
        "When is its address back?",
        f"after {r.address.mean.with_unit} in the mean",
        f"computed, with a check every {q.machine.health_check_period.with_unit}",
    )
    yield Answer(
        "How long do the spares last?",
        f"{f.cover.chip.cold.assured_days.with_unit} by chip, {f.cover[unit].cold.assured_days.with_unit} by {unit}",
        "computed",
    )
    yield Answer(
        "What does grouping requests by prefix save?",
        f"{q.batching.reduction.plain.tree2.mean} times fewer hops, one way",
        "computed",
    )
    yield Answer(
        "How fast was TPU v4 against TPU v3?",
        f"{q.facts.tpu_v4_abstract.perf_vs_tpu_v3} times [@jouppi2023]",
        "reported",
    )


def _posts(q):
    c, f, unit = q.claims, q.faults, units(q)[-1]
    best = _best(q)
    yield f"A design study: what if each of the {q.layout.active_chips} chips of a supercomputer had one text name, and everything that changes were a table over names? Nothing was built as hardware. Every number is computed, cited or assumed."
    yield "Why: TPU v4 can rewire itself between jobs with optical circuit switches. But chips are usually named by their place in a torus. Cut, move or twist a slice, and its names mean other chips."
    yield "Phext is plain text with more levels than lines: scrolls, sections, chapters, books, volumes. We take racks as volumes, units as books, chips as chapters. A chip's coordinate stays through every topology."
    yield "A topology is then a routing table over names. 2D torus, 3D torus, twisted torus, a graph that a search found: all the same kind of thing. A change is the difference of two tables."
    yield f"A twist changes {q.reconfiguration.share.twisted.with_unit} of {q.routing.entries.with_unit}. The busiest chip needs {q.reconfiguration.chip_ms.twisted.with_unit} for its part, at {q.machine.table_entry_update.with_unit} an entry. Known before anything is touched."
    yield f"{_slow(q)} A name does not change that, and the paper says so."
    yield f"When a chip fails, its name moves to a spare: {q.remapping.chip.entries} entries change, every pair stays joined, no route touches the failed chip. The address moves fast. The memory does not move at all."
    yield f"How long do {q.layout.spare_chips.with_unit} last as spares? {f.cover.chip.cold.assured_days.with_unit} if chips replace chips, {f.cover[unit].cold.assured_days.with_unit} if {unit}s replace {unit}s. Same spares, at {f.confidence.with_unit} confidence, without repair."
    yield f"Is the model any good? TPU v4 measured its twisted tori: {q.facts.tpu_v4_twist.a2a_gain_4x4x8} and {q.facts.tpu_v4_twist.a2a_gain_4x8x8} times the all-to-all of the plain ones. Ideal link loads give {q.patterns.published_gain.n4x4x8.computed} and {q.patterns.published_gain.n4x8x8.computed}. For whole training runs our step model is off by up to {max(q.step_time.missed.bert_half, q.step_time.missed.resnet, key=lambda one: one.value)} times."
    yield f"We let a search set the switches. At {q.search.chips[best].with_unit} it finds a graph with {q.search.gain[best]} times the all-to-all throughput of the best drawn torus, if routes split traffic. We also compute a ceiling for any setting."
    yield f"The catch: such a graph was found for all-to-all. For the communication of a GPT-3 step, with chips placed plainly, it is {_other(q)}. How much of that is the placement, we have not searched."
    yield f"Sparse lookup: rows get coordinates, so owners are computed and no directory is kept. Requests grouped by prefix take {c.found.C86} times fewer hops on the plan's machine. The plan said {q.batching.plan.reduction}."
    yield f"That plan made {c.total.with_unit} in numbers. {c.reproduced} hold, {c.corrected} had to be corrected, {c.assumption} rest on assumptions, {c.unverifiable} cannot be checked. The whole ledger is part of the output."
    yield "How the paper is made: no number is typed. Each is a named quantity with unit, source and inputs. Criteria are checked by the build. Another machine description gives another true paper."
    yield f"A review of {q.reviewing.checks.with_unit} runs with each build, with other libraries recomputing hops, loads and availability. make all builds it. Tell us which number you do not believe."


@page.criterion
def exec_summary(built, q) -> Verdict:
    """800 to 1000 words: problem, solution, results, impact; one figure, one table"""
    text = built.markdown(SUMMARY)
    heads = [heading.text for heading in text.headings]
    missing = [name for name in ("Problem", "Solution", "Results", "Impact") if name not in heads]
    figures = re.findall(r"^!\[[^\]]+\]\(([^)]+)\)$", text.text, re.MULTILINE)
    there = bool(figures) and bool(built.data(figures[0]))
    return all_of(
        _words(text, 800, 1000),
        Verdict(
            not missing, "problem, solution, results, impact", f"missing: {', '.join(missing) or 'none'}", text.name
        ),
        Verdict(
            len(figures) == 1 and there and len(text.tables) == 1,
            "one figure that exists and one table",
            f"{len(figures)} and {len(text.tables)}",
            text.name,
        ),
        checks.has(text, "| Question | Answer | Kind |"),
    )


@page.criterion
def blog_post(built, q) -> Verdict:
    """900 to 1100 words: problem, insight, solution, results, try it, with commands that run"""
    text = built.markdown(BLOG)
    heads = " / ".join(heading.text for heading in text.headings)
    missing = [
        name for name in ("The problem", "The insight", "The solution", "Results", "Try it") if name not in heads
    ]
    commands = [line for fence in text.fences if fence.language == "sh" for line in fence.text.splitlines()]
    unknown = [line for line in commands if not _known(q, line)]
    return all_of(
        _words(text, 900, 1100),
        Verdict(
            not missing,
            "problem, insight, solution, results, try it",
            f"missing: {', '.join(missing) or 'none'}",
            text.name,
        ),
        Verdict(
            not unknown and all(command in commands for command in COMMANDS),
            "commands that exist, with names and files that exist",
            f"unknown: {', '.join(unknown) or 'none'} of {len(commands)}",
            text.name,
        ),
    )


def _known(q, line: str) -> bool:
    """Whether a command is a target of the Makefile or a command of the console program, with files and numbers that exist."""
    words = line.split()
    if words[0] == "make":
        files = [word.partition("=")[2] for word in words if word.startswith("PARAMS=")]
        return re.search(rf"(?m)^{words[1]}:", q.file("Makefile").decode()) is not None and all(
            (q.root / file).is_file() for file in files
        )
    if words[0] != ".venv/bin/phextpaper":
        return False
    from phextpaper.engine.networks.topologies import parse_spec

    if words[1] == "explain":
        return q[words[2]].id == words[2]
    return bool(parse_spec(words[2]).size) if words[1] == "topology" else words[1] == "claims"


@page.criterion
def tweet_thread(built, q) -> Verdict:
    """15 posts, numbered, each at most 280 characters"""
    text = built.markdown(THREAD)
    posts = [block for block in re.split(r"\n\s*\n", text.text) if re.match(r"\d+/\d+ ", block)]
    numbers = [block.partition(" ")[0] for block in posts]
    longest = max((len(" ".join(block.split())) for block in posts), default=0)
    return Verdict(
        numbers == [f"{number}/{POSTS}" for number in range(1, POSTS + 1)] and longest <= LONGEST,
        f"{POSTS} posts of at most {LONGEST} characters",
        f"{len(posts)}, the longest {longest}",
        text.name,
    )


@page.criterion
def hn_post(built, q) -> Verdict:
    """title at most 80 characters, text of 200 to 300 words"""
    text = built.markdown(FORUM)
    title = text.headings[0].text if text.headings else ""
    return all_of(
        Verdict(
            0 < len(title) <= TITLE_LONGEST,
            f"a title of at most {TITLE_LONGEST} characters",
            f"{len(title)}",
            text.name,
        ),
        _words(text, 200, 300),
    )


def _words(text: Markdown, least: int, most: int) -> Verdict:
    count = Prose(text).word_count
    return Verdict(least <= count <= most, f"{least} to {most} words", f"{count} words", text.name)


@page.criterion
def honest(built, q) -> Verdict:
    """each number is one of the paper's; nothing computed is presented as built or measured hardware"""
    verdicts = []
    for path in page.output:
        claims = [found.text for found in built.prose(path).find(HARDWARE_CLAIM)]
        verdicts += [
            prose_checks.numbers_from(built, (PAPER, REVIEW), path),
            Verdict(not claims, f"{path} claims no hardware", "; ".join(claims) or "none", path),
        ]
    said = all("Nothing was built" in built.text(path) for path in page.output)
    return all_of(
        *verdicts, Verdict(said, "each text says that nothing was built", "each does" if said else "one does not")
    )
