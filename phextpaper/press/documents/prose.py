"""The prose of a Markdown artefact: paragraphs, sentences, words.

Code blocks, tables, displayed formulas, headings and citations are no prose.

A word is a run of letters and digits, joined by ``'`` ``.`` ``,`` ``:`` ``/`` ``-``; a piece of inline code or an
inline formula is one word. A sentence ends at ``.`` ``!`` ``?`` before a capital, a digit or the paragraph's end, and
at no abbreviation, decimal or address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from phextpaper.press.documents.markdown import CITATION, CITATION_KEY, Markdown
from phextpaper.press.documents.numerals import PART, PARTS
from phextpaper.press.documents.wording import ABBREVIATIONS, BEFORE_NUMBER, HYPE_WORD, PASSIVE

WORD = re.compile(r"[^\W_]+(?:['’.,:/-][^\W_]+)*")
_STOP = re.compile(r"[.!?][\"'”’)\]]*\s+")
_ENDED = re.compile(r"[.!?:][\"'”’)\]]*\s*$")
_DISPLAYED = re.compile(r"\$\$.+?\$\$", re.DOTALL)
_FORMULA = re.compile(r"(?<!\$)\$(?=[^\s$])[^$]+?(?<=\S)\$(?![\d$])")
_REFERENCE = re.compile(rf"\b(Section|Figure|Table)(?:\s({PART})|s\s({PARTS}))")
_RANGE = re.compile(rf"({PART})(?:(?:\s(?:to|through)\s|[–-])({PART}))?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as read, its first and last line, its words; an item of a list may not be `ended` by a stop or colon.

    `masked` is the text with inline code and formulas blotted out, `stressed` its pieces in italics, `cites` its
    citations.
    """

    text: str
    masked: str
    line: int
    last_line: int
    words: int
    ended: bool
    stressed: tuple[str, ...]
    cites: tuple[str, ...]

    @property
    def passive(self) -> bool:
        """Whether it holds a form of 'to be' with a past participle; the rule stands in `wording`."""
        return bool(PASSIVE.search(self.masked))


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a part of the paper: kind (Section, Figure, Table), number as text, line."""

    kind: str
    number: str
    line: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass(frozen=True, slots=True)
class Found:
    """A wording that was looked for: its text and the first line of its sentence."""

    text: str
    line: int


class Prose:
    r"""What a reader of an artefact reads as running text. Lines count from 1.

    >>> prose = Prose(Markdown("# Title\n\nIt has 1.5 rows (cf. Fig. 1). The tree 1.5/2 is next [@pomona1901].\n"))
    >>> [sentence.words for sentence in prose.sentences], prose.first
    ([7, 5], 'It has 1.5 rows (cf. Fig. 1).')
    """

    def __init__(self, markdown: Markdown) -> None:
        self.markdown, self.name = markdown, markdown.name

    @cached_property
    def paragraphs(self) -> list[tuple[Sentence, ...]]:
        """Paragraphs and items of lists as sentences, in order; those without a word are left out."""
        tokens = self.markdown.tokens
        cut = (
            tuple(_sentences(tokens[place + 1].children, token.map[0] + 1))
            for place, token in enumerate(tokens)
            if token.type == "paragraph_open"
        )
        return [sentences for sentences in cut if sentences]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences in order."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph]

    @cached_property
    def word_count(self) -> int:
        """Words of all sentences."""
        return sum(sentence.words for sentence in self.sentences)

    @cached_property
    def complete(self) -> list[Sentence]:
        """Sentences that a stop or colon ends; items of a list that are no sentences do not count for means."""
        return [sentence for sentence in self.sentences if sentence.ended]

    @property
    def mean_words(self) -> float:
        """Mean words of a complete sentence; 0 where there is none."""
        return sum(sentence.words for sentence in self.complete) / len(self.complete) if self.complete else 0.0

    @property
    def longest(self) -> Sentence | None:
        """The sentence of most words, complete or not; None where there is none."""
        return max(self.sentences, key=lambda sentence: sentence.words, default=None)

    @property
    def passive_share(self) -> float:
        """Share of complete sentences in the passive voice, from 0 to 1."""
        return sum(sentence.passive for sentence in self.complete) / len(self.complete) if self.complete else 0.0

    @property
    def first(self) -> str:
        """The first sentence; empty where there is none."""
        return self.sentences[0].text if self.sentences else ""

    def find(self, pattern: re.Pattern[str]) -> list[Found]:
        """Every place where a pattern matches inside a sentence, code left out."""
        return [
            Found(match[0], sentence.line) for sentence in self.sentences for match in pattern.finditer(sentence.masked)
        ]

    @property
    def hype(self) -> list[Found]:
        """Words of the list in `wording` that promise instead of saying how much."""
        return self.find(HYPE_WORD)

    @cached_property
    def references(self) -> list[Reference]:
        """References to sections, figures and tables, in prose and then in cells of tables.

        Lists and ranges are spelled out.
        """
        found = [reference for sentence in self.sentences for reference in _references(sentence.masked, sentence.line)]
        for table in self.markdown.tables:
            for place, row in enumerate((table.heads, *table.rows)):
                found += _references(" | ".join(row), table.line + place + (place > 0))
        return found

    def sentence_at(self, line: int, text: str) -> Sentence | None:
        """The sentence that holds `text` at a line of the artefact; None where it stands in no prose."""
        return next(
            (
                sentence
                for sentence in self.sentences
                if sentence.line <= line <= sentence.last_line and text in sentence.text
            ),
            None,
        )


def _sentences(children: list[Any], line: int) -> Iterator[Sentence]:
    """Cut one paragraph, whose first line is given, into sentences."""
    text, mask, star = _aligned(children)
    cites = [(match.start(), key) for match in CITATION.finditer(mask) for key in CITATION_KEY.findall(match[0])]
    gone = bytearray(len(mask))
    for pattern in (_DISPLAYED, CITATION):
        for match in pattern.finditer(mask):
            gone[match.start() : match.end()] = b"\1" * len(match[0])
    start = 0
    for end in [*_ends(mask), len(mask)]:
        kept = [place for place in range(start, end) if not gone[place]]
        seen = _smooth("".join(mask[place] for place in kept))
        if words := len(WORD.findall(seen)):
            piece = mask[start:end]
            first = line + mask.count("\n", 0, start) + piece[: len(piece) - len(piece.lstrip())].count("\n")
            yield Sentence(
                _smooth("".join(text[place] for place in kept)),
                seen,
                first,
                line + mask.count("\n", 0, start + len(piece.rstrip())),
                words,
                bool(_ENDED.search(seen)),
                tuple(
                    " ".join(text[run.start() : run.end()].split())
                    for run in re.compile(r"\*+").finditer(star, start, end)
                ),
                tuple(dict.fromkeys(key for place, key in cites if start <= place < end)),
            )
        start = end


def _aligned(children: list[Any]) -> tuple[str, str, str]:
    """Three texts of equal length.

    As read, with code and formulas blotted out, and with a star wherever italics stand.
    """
    read, masked, stars, stressed = [], [], [], False
    for child in children:
        if child.type in ("em_open", "em_close"):
            stressed = child.type == "em_open"
        elif child.type in ("softbreak", "hardbreak", "code_inline", "text"):
            text = child.content if child.type in ("code_inline", "text") else "\n"
            read.append(text)
            masked.append("C" * len(text) if child.type == "code_inline" else text)
            stars.append(("*" if stressed else " ") * len(text))
    return "".join(read), _FORMULA.sub(lambda match: "F" * len(match[0]), "".join(masked)), "".join(stars)


def _smooth(text: str) -> str:
    """On one line, and without the blank that a citation leaves before a stop."""
    return re.sub(r" ([.,;:!?)])(?![.\w])", r"\1", " ".join(text.split()))


def _ends(mask: str) -> Iterator[int]:
    """Where sentences end inside a paragraph; a citation before a stop does not part it from its word."""
    seen = CITATION.sub(lambda match: re.sub(r"\S", " ", match[0]), mask)
    seen = re.sub(r"(\s+)([.!?])(?=\s)", lambda match: match[2] + match[1], seen)
    for stop in _STOP.finditer(seen):
        after = seen[stop.end() :].lstrip("\"'“‘([")
        word = re.findall(r"[^\s\"'“‘(\[]*$", seen[: stop.start()])[0]
        before = (seen[: stop.start() - len(word)].split() or [""])[-1]
        begins = bool(after) and (after[0].isupper() or after[0].isdigit())
        if begins and not (seen[stop.start()] == "." and (word[-1:] in ("", ".") or _abbreviated(before, word, after))):
            yield stop.end()


def _abbreviated(before: str, word: str, after: str) -> bool:
    """Whether the full stop behind a word belongs to it: an abbreviation, or one initial of several."""
    name = word.lower()
    initial = re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", word) and (
        re.match(r"[A-Z]\.", after) or re.fullmatch(r"(?:[A-Z]\.)+", before)
    )
    return name in ABBREVIATIONS or (name in BEFORE_NUMBER and after[0].isdigit()) or bool(initial)


def _references(text: str, line: int) -> Iterator[Reference]:
    for match in _REFERENCE.finditer(text):
        for first, last in _RANGE.findall(match[2] or match[3]):
            whole = first.isdigit() and last.isdigit()
            numbers = range(int(first), int(last) + 1) if whole else filter(None, (first, last))
            yield from (Reference(match[1], str(number), line) for number in numbers)
