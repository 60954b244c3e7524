"""A clarity pass over an assembled text: rules that change words, marks and spaces, and never a number or a citation.

The text has marks around its numbers, so that a rule sees them as one piece and cannot touch what is inside.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from phextpaper.press.quantity import CLOSE, OPEN, strip_marks

LONG = 18
"""Words from which on a sentence with a semicolon is cut in two."""
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?![\s)*\]]|$)[^.!?]*)*[.!?]+")
_MARK = re.compile(rf"{OPEN}[^{CLOSE}]*{CLOSE}")
_NUMBER = "\ue00f"
"""Stands for a marked number while rules work, so that they cannot look into it."""
_PIECE = rf"(?:{_NUMBER}|\d+)"
_SEMICOLON = re.compile(
    r"; (?=(?:it|they|we|the|a|an|this|that|these|here|for|most|others?|each|our|no|in|on|where|none|our|results"
    r"|batches)\b)"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the rule, the line of version one, the words before and after."""

    rule: str
    line: int
    before: str
    after: str


def clarified(text: str) -> tuple[str, list[Change]]:
    r"""The text after all rules, and what they changed; code, tables, headings, links and the reference list stay.

    >>> half = "One two three four five six seven eight nine ten eleven"
    >>> text, changes = clarified(f"{half}; it goes on with twelve and thirteen and fourteen.\n")
    >>> text.count("."), [change.rule for change in changes]
    (2, ['one idea a sentence'])
    """
    lines, changes, inside, done = [], [], False, False
    for number, line in enumerate(text.split("\n"), 1):
        fence = bool(_FENCE.match(line))
        inside ^= fence
        done = done or line == "## References"
        if inside or fence or done or line.startswith(("#", "<a ", "![", "- [", "  - [")):
            lines.append(line)
            continue
        lines.append(line)
        for rule, change in RULES:
            if line.startswith("|") and rule not in ANYWHERE:
                continue
            new = _around(lines[-1], change)
            if new != lines[-1]:
                changes += list(_told(rule, number, lines[-1], new))
                lines[-1] = new
    whole = "\n".join(lines)
    return _cut(whole, changes), sorted(changes, key=lambda change: change.line)


def _around(line: str, change: Callable[[str], str]) -> str:
    """A line after a rule that sees each marked number as one sign."""
    numbers = iter(_MARK.findall(line))
    return re.sub(_NUMBER, lambda _: next(numbers), change(_MARK.sub(_NUMBER, line)))


def _told(rule: str, number: int, old: str, new: str) -> Iterator[Change]:
    """The first place of a line that a rule changed, with a few words around it."""
    before, after = strip_marks(old)[0], strip_marks(new)[0]
    start = next((place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    begin = before.rfind(" ", 0, max(start - 20, 0)) + 1
    yield Change(rule, number, _words(before[begin : start + 30]), _words(after[begin : start + 30]))


def _words(excerpt: str) -> str:
    return " ".join(excerpt.split()).replace("|", "/")


def _cut(text: str, changes: list[Change]) -> str:
    """Sentences of prose that a semicolon joins and that are long, cut there; they may run over lines."""
    blocks, line = [], 1
    inside = done = False
    for block in re.split(r"(\n\n)", text):
        starts_fence = bool(_FENCE.match(block))
        done = done or block.startswith("## References")
        prose = not (
            inside
            or starts_fence
            or done
            or block.startswith(("#", "|", "<a ", "![", "- [", "*", "```"))
            or not block.strip()
        )
        if starts_fence or inside:
            inside ^= sum(bool(_FENCE.match(row)) for row in block.split("\n")) % 2 == 1
        blocks.append(_SENTENCE.sub(lambda match, at=line: _halves(match, at, changes), block) if prose else block)
        line += block.count("\n")
    return "".join(blocks)


def _halves(match: re.Match[str], line: int, changes: list[Change]) -> str:
    sentence = match[0]
    found, plain = _SEMICOLON.search(sentence), strip_marks(sentence)[0]
    if not found or sentence.count(";") != 1 or len(plain.split()) < LONG:
        return sentence
    head, tail = sentence[: found.start()], sentence[found.end() :]
    if head.count("(") != head.count(")") or head.count("[") != head.count("]"):
        return sentence  # the semicolon stands inside brackets
    after = f"{head}. {tail[0].upper()}{tail[1:]}"
    at, middle = line + match.string[: match.start()].count("\n"), len(strip_marks(head)[0])
    excerpts = (strip_marks(text)[0][max(middle - 25, 0) : middle + 30] for text in (sentence, after))
    changes.append(Change("one idea a sentence", at, *map(_words, excerpts)))
    return after


def _percent(line: str) -> str:
    """No space before a per cent sign, as everywhere else in the text."""
    return re.sub(rf"({_PIECE}) %", r"\1%", line)


def _times(line: str) -> str:
    """A sign between the sides of a shape, in place of the letter."""
    before = None
    while before != line:
        before, line = line, re.sub(rf"({_PIECE}) x (?={_PIECE})", r"\1 × ", line)
    return line


def _apostrophes(line: str) -> str:
    """Typographic apostrophes between letters and at the end of a plural, and quotation marks in pairs."""
    if "`" in line:
        return line
    return re.sub(r"(?<=\w)'(?=\w|\s|[,.;)])", "’", re.sub(r"(?<!\w)'([^']+)'(?!\w)", r"‘\1’", line))


def _ranges(line: str) -> str:
    """'Between a and b' in place of 'from a to b' is left; a dash never stands for a range."""
    return re.sub(rf"({_PIECE})–({_PIECE})", r"\1 to \2", line)


PLAINER = {
    r"in order to": "to",
    r"with respect to": "for",
    r"prior to": "before",
    r"in the mean(?! of)": "on average",
    r"altogether": "entirely",
    r"beforehand": "in advance",
    r"turns out to be": "is",
    r"as well(?=[.,;:])": "too",
    r"approximately": "about",
    r"subsequently": "then",
    r"in spite of": "despite",
}


def _plainer(line: str) -> str:
    """A plainer or more usual phrase."""
    for old, new in PLAINER.items():
        line = re.sub(rf"\b{old}\b" if old[-1] != ")" else rf"\b{old}", new, line)
    return line


RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("per cent signs close up", _percent),
    ("a sign for times", _times),
    ("ranges in words", _ranges),
    ("typographic apostrophes", _apostrophes),
    ("a more usual phrase", _plainer),
)
ANYWHERE = ("per cent signs close up", "a sign for times")
