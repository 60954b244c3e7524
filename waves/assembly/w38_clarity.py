"""Wave 38: the second version of the paper, clearer by rules, and the report of what they changed and kept."""

import re
from collections import Counter
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.checks.section_rules import MEAN_WORDS, MOST_WORDS, terms
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import CITATION, Markdown
from phextpaper.press.documents.prose import Prose
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made, Print
from phextpaper.press.sources.glossary import PATH as GLOSSARY
from phextpaper.press.sources.glossary import load_glossary
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.clarity import LISTED, NAMES

page = Wave(
    n=38,
    name="Clarity pass",
    phase=4,
    minutes=45,
    needs=(37,),
    output=("phext-based-compute-v2.md", "clarity-report.md"),
)

FIRST, SECOND, REPORT = "phext-based-compute.md", "phext-based-compute-v2.md", "clarity-report.md"
MEASURES = {
    "reading ease": "ease",
    "grade": "grade",
    "fog index": "fog",
    "sentences": "sentences",
    "words a sentence": "mean",
    "longest sentence (words)": "longest",
    "passive sentences (%)": "passive",
}
LEAST = 10


@dataclass(frozen=True)
class Listed:
    """A change in words."""

    line: str
    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class Context:
    """What `clarity-report.md` prints beside named numbers."""

    rules: tuple[str, ...]
    listed: tuple[Listed, ...]


@page.writes("phext-based-compute-v2.md")
def paper(q: Quantities) -> Made:
    """The first version after all rules, every number still named."""
    return Made.of(q.node("clarity.pass")[0])


@page.context
def context(q: Quantities) -> Context:
    """The rules, and the first changes."""
    return Context(
        rules=NAMES,
        listed=tuple(
            Listed(str(change.line), change.rule, _code(change.before), _code(change.after))
            for change in q.node("clarity.pass")[1][:LISTED]
        ),
    )


def _code(words: str) -> str:
    return words.replace("`", "'")


@page.criterion
def openings(built: Artefacts, q: Quantities) -> Verdict:
    """every section opens with a sentence that says what it shows, and links to the one before"""
    text, wrong = built.markdown(SECOND), []
    for title in _titles(text):
        number, opening = int(title.split()[0]), text.section(title).text.lstrip().partition("\n\n")[0]
        earlier = [int(found) for found in re.findall(r"Sections? (\d+)", opening)]
        wrong += [f"{title}: {opening[:40]!r}"] if not opening.startswith("This section shows") else []
        wrong += (
            [f"{title} links to none before"] if number > 1 and not any(found < number for found in earlier) else []
        )
    return Verdict(
        not wrong,
        "sections that say what they show and link to one before",
        "; ".join(wrong[:3]) or f"{len(_titles(text))} sections",
        text.name,
    )


def _titles(text: Markdown) -> list[str]:
    return [heading.text for heading in text.headings if heading.level == 2 and heading.text[:1].isdigit()]


@page.criterion
def jargon(built: Artefacts, q: Quantities) -> Verdict:
    """each term of the glossary is defined at or before its first use"""
    q.file(GLOSSARY)
    text, glossary = built.markdown(SECOND), load_glossary(q.root)
    found = [terms(Prose(_running(text.section(title))), int(title.split()[0]), glossary) for title in _titles(text)]
    return all_of(*found)


def _running(text: Markdown) -> Markdown:
    """The running text of a section, without figures and numbered tables.

    They stand where they fit, with captions and notes that any section may have defined.
    """
    blocks = [
        block
        for block in text.text.replace("’", "'").split("\n\n")
        if not block.lstrip().startswith(("![Figure", "**Table", "Notes on Table", "<a id="))
    ]
    return Markdown("\n\n".join(blocks), text.name)


@page.criterion
def sentences(built: Artefacts, q: Quantities) -> Verdict:
    """mean sentence length at most 20 words; no sentence over 40 words"""
    text = built.markdown(SECOND)
    prose = Prose(Markdown(text.text.partition("\n## References\n")[0], text.name))
    longest = prose.longest
    return Verdict(
        longest is not None and prose.mean_words <= MEAN_WORDS and longest.words <= MOST_WORDS,
        f"at most {MEAN_WORDS} words in the mean and {MOST_WORDS} in any",
        f"{prose.mean_words:.1f} and {longest.words if longest else 'no sentence'}",
        f"{text.name}:{longest.line if longest else 1}",
    )


@page.criterion
def readability(built: Artefacts, q: Quantities) -> Verdict:
    """readability before and after, with the changes listed (at least 10)"""
    text, c = built.markdown(REPORT), q.clarity
    rows: list[tuple[str, ...]] = [(what, c[name].before.text, c[name].after.text) for what, name in MEASURES.items()]
    listed = text.table("Line of the first version", "Rule", "Before", "After")
    count = len(listed.rows) if listed else 0
    return all_of(
        checks.cells_equal(text, ("Measure", "First version", "Second version"), rows),
        Verdict(
            count == int(c.listed) >= LEAST,
            f"at least {LEAST} changes, as many as are announced",
            f"{count} listed",
            text.name,
        ),
    )


@page.criterion
def meaning_kept(built: Artefacts, q: Quantities) -> Verdict:
    """the numbers and citations are the same before and after"""
    texts = [built.markdown(path).text for path in (FIRST, SECOND)]
    cited = [CITATION.findall(text) for text in texts]
    printed = [
        [(item.id, _there(text, item)) for item in built.printed(path)]
        for path, text in zip((FIRST, SECOND), texts, strict=True)
    ]
    lost = Counter(printed[0]) - Counter(printed[1])
    return all_of(
        Verdict(
            printed[0] == printed[1],
            f"{len(printed[0])} numbers in the same order",
            f"{len(printed[1])}; other: {next(iter(lost), 'none')}",
            SECOND,
        ),
        Verdict(cited[0] == cited[1], f"{len(cited[0])} citations in the same order", f"{len(cited[1])}", SECOND),
    )


def _there(text: str, item: Print) -> str:
    """What stands at the place of a number."""
    lines = text.split("\n")
    return lines[item.line - 1][item.column - 1 : item.column - 1 + len(item.text)] if item.line <= len(lines) else ""
