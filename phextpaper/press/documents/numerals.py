"""Numerals that stand in a finished text without being a quantity.

`ALLOWED`, with what a paper adds under `bare`, is the whole list of what may stand bare: names and addresses, never
amounts.
"""

import re
from dataclasses import dataclass
from functools import cache

from phextpaper.press.paper import Paper
from phextpaper.press.quantity import Print

# The number of a part of the paper, and several in a sentence: "3", "3.4"; "3 and 4", "3, 4.1 and 5", "3 to 7", "3-7".
PART = r"\d+(?:\.\d+)*"
PARTS = rf"{PART}(?:(?:,\s{PART})*,?\s(?:and|or|to|through)\s{PART}|[–-]{PART})*"
ALLOWED = {
    "section, figure, table, equation": rf"\b(?:(?:[Ss]ection|[Ff]igure|[Ff]ig\.|[Tt]able|[Ee]quation)\s{PART}"
    rf"|(?:[Ss]ections|[Ff]igures|[Ff]igs\.|[Tt]ables|[Ee]quations)\s{PARTS})",
    "wave, phase of the plan": r"\b(?:[Ww]aves?|[Pp]hases?)\s\d+(?:(?:,| and| to|–|-)\s?\d+)*",
    "heading number": r"^#+\s\d+(?:\.\d+)*\.?(?=\s)",
    "list number": r"^\s*\d+\.(?=\s)",
    "number of a post": r"^\d+/\d+(?=\s)",
    "entry of the contents": r"^\s*- \[\d+(?:\.\d+)*(?=\s)",
    "target of a link": r'<a id="[a-z]+-\d+"></a>',
    "entry of the reference list": r"^- \*\*\[[a-z]+\d*[a-z\d]*\]\*\* [^\n]*$",
    "criterion or claim": r"\b(?:w\d\d\.[a-z]|C\d\d\b|line \d+)",
    "dimension": r"\b\d+D\b",
    "date": r"\b\d{4}-\d\d-\d\d\b",
    "arXiv number": r"\barXiv:\d{4}\.\d{4,5}\b",
    "byte in hexadecimal": r"\b0x[0-9A-Fa-f]+\b",
    "formula whose numerals are single digits": r"\$\$(?:[^$\d]|(?<![\d.,])\d(?![\d.,]))+\$\$"
    r"|\$(?=\S)(?=[^$\n]*[a-zA-Z])(?:[^$\d\n]|(?<![\d.,])\d(?![\d.,]))+(?<=\S)\$(?!\d)",
    "citation": r"\[@[^\]]*\]",
    "inline code": r"`[^`\n]+`",
    "link target": r"\]\([^)\s]*\)",
    "HTML comment": r"<!--.*?-->",
}
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*(?:e-?\d+)?")
_CODE_FENCE = re.compile(r"^(`{3,}|~{3,})[ ]*(\w[^\n]*)\n.*?^\1[ ]*$", re.MULTILINE | re.DOTALL)
_COUNTED = r"times|fold|percent|per cent|seconds?|days?|hours?"
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|twenty|hundred|thousand|million|billion"
    "|twice|thrice|half|double|triple"
)


@dataclass(frozen=True, slots=True)
class Bare:
    """A numeral, or a number word before a counted thing, that no quantity printed."""

    line: int
    column: int
    text: str


@cache
def _patterns(bare: tuple[str, ...], counted: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand bare, and a number word before something counted."""
    allowed = "|".join(f"(?:{pattern})" for pattern in (*bare, *ALLOWED.values()))
    words = rf"\b({_NUMBER_WORDS})[ -]({'|'.join((*counted, _COUNTED))})\b"
    return re.compile(allowed, re.MULTILINE), re.compile(words, re.IGNORECASE)


def bare_numerals(text: str, prints: list[Print], paper: Paper | None = None) -> list[Bare]:
    """Every numeral of a finished Markdown text that no quantity printed and that may not stand bare.

    Code in fences that name a language does not count; diagrams (fences without one) do.
    """
    allowed, words = _patterns(tuple(paper.bare.values()), paper.counted) if paper else _patterns((), ())
    lines = text.split("\n")
    starts = [0]
    for row in lines:
        starts.append(starts[-1] + len(row) + 1)
    covered = bytearray(len(text) + 1)
    for item in prints:
        start = starts[item.line - 1] + item.column - 1
        covered[start : start + len(item.text)] = b"\1" * len(item.text)
    for pattern in (_CODE_FENCE, allowed):
        for match in pattern.finditer(text):
            if (
                pattern is _CODE_FENCE
                or not any(covered[match.start() : match.end()])
                or match[0].startswith(("`", "[@", "]("))
            ):
                covered[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    found = []
    for pattern in (_NUMERAL, words):
        for match in pattern.finditer(text):
            if not all(covered[match.start() : match.end()]) and not (
                pattern is words and any(covered[match.start() : match.end()])
            ):
                line = text.count("\n", 0, match.start()) + 1
                found.append(Bare(line, match.start() - starts[line - 1] + 1, match[0]))
    return sorted(found, key=lambda bare: (bare.line, bare.column))
