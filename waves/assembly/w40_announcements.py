"""Wave 40: executive summary, blog post, thread and forum post, each number one of the paper's."""

import re
from dataclasses import dataclass

from phextpaper.engine.networks.topologies import parse_spec
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.evaluation import Quantities
from phextpaper.press.publishing.assembly import marked_artefact
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.pools import units
from phextpaper.study.quantities import search
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
POSTS, LONGEST, TITLE_LONGEST = 15, 280, 80
COMMANDS = ("make all", "make test", ".venv/bin/phextpaper explain topologies.torus_3d.mean_hops")


@dataclass(frozen=True)
class Context:
    """What the four texts print beside named numbers; a found graph gains most at the size `best`, least at `least`."""

    title: str
    example: str
    figure: str
    unit: str
    best: str
    least: str


@page.context
def context(q: Quantities) -> Context:
    """The paper's title, an example, its figure's caption, and which unit and sizes are spoken of."""
    volume, book, chapter, section = example_coordinate(q, "middle")
    gains = {size: q.search.gain[size] for size in search.sizes(q)}
    return Context(
        title=q.paper.title,
        example=f"{volume}.{book}.{chapter}/{section}.1",
        figure=_figure(q),
        unit=units(q)[-1],
        best=max(gains, key=lambda size: gains[size].value),
        least=min(gains, key=lambda size: gains[size].value),
    )


def _figure(q: Quantities) -> str:
    """The caption of the figure that the summary shows, as the paper has it; nothing where the paper shows none."""
    for line in marked_artefact(q, PAPER).splitlines():
        if line.startswith("![Figure 4: "):
            return re.sub(r"^!\[Figure 4: |\]\(.*$", "", line)
    return ""


@page.criterion
def exec_summary(built: Artefacts, q: Quantities) -> Verdict:
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
def blog_post(built: Artefacts, q: Quantities) -> Verdict:
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


def _known(q: Quantities, line: str) -> bool:
    """Whether a command is one of the Makefile or of the console program, with files and numbers that exist."""
    words = line.split()
    if words[0] == "make":
        files = [word.partition("=")[2] for word in words if word.startswith("PARAMS=")]
        return re.search(rf"(?m)^{words[1]}:", q.file("Makefile").decode()) is not None and all(
            (q.root / file).is_file() for file in files
        )
    if words[0] != ".venv/bin/phextpaper":
        return False
    if words[1] == "explain":
        return q[words[2]].id == words[2]
    return parse_spec(words[2]).neighbours().size > 0 if words[1] == "topology" else words[1] == "claims"


@page.criterion
def tweet_thread(built: Artefacts, q: Quantities) -> Verdict:
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
def hn_post(built: Artefacts, q: Quantities) -> Verdict:
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
def honest(built: Artefacts, q: Quantities) -> Verdict:
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
