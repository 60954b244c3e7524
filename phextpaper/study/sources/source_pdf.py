"""Reading a PDF of the source paper: pages, headings, captions, how often each concept is named.

Text that is extracted from two columns may lose its reading order, its spaces and its line breaks. So headings and
captions are recognised line by line in any order, and a heading agrees with the outline's as far as its line goes.
"""

import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from phextpaper.errors import InputError
from phextpaper.study.sources.outline import Outline

_REMEDY = "give the paper itself, a PDF with text: make wave N=1 PDF=file.pdf"
_HEADING = re.compile(r"([1-9]\d?(?:\.[1-9]\d?)?)(\.?)(\s*)([^\s\d.].{2,140})")
_CAPTION = re.compile(r"(Figure|Fig\.|Table)\s([1-9]\d?)\s?[:.]\s*(\S.{2,})", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[a-z)\]])\.(?:\s|$)")
_MOST_SECTIONS, _MOST_WORDS, _CAPTION_LINES = 20, 16, 4


@dataclass(frozen=True, slots=True)
class PaperText:
    """What was read: number of pages, the text, headings by number, captions by name such as ``Table 4``."""

    pages: int
    text: str
    headings: dict[str, str]
    captions: dict[str, str]

    def count(self, terms: Iterable[str]) -> int:
        """How often any of these spellings occurs as words of its own, case aside.

        Plurals count, and so do words that a hyphen, a line break or a lost space joins; of overlapping terms the
        longest counts.
        """
        words = [
            r"[\s\-‐‑–]*".join(map(re.escape, re.split(r"[\s\-]+", _plain(term))))
            for term in sorted(terms, key=len, reverse=True)
        ]
        text = re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", _plain(self.text))
        return len(re.findall(rf"(?<!\w)(?:{'|'.join(words)})(?:s|es)?(?!\w)", text, re.IGNORECASE)) if words else 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A paper beside an outline, as names such as ``Section 2.1``: in both, only in the outline, only in the paper."""

    found: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]


def read_pdf(data: bytes, name: str) -> PaperText:
    """Read a PDF given as bytes.

    Raises InputError for a file that is no PDF, is damaged, needs a password, or holds no text.
    """
    if not data.lstrip()[:5] == b"%PDF-":
        raise InputError("this is no PDF: it does not begin with %PDF-", where=name, remedy=_REMEDY)
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            reader.decrypt("")  # where no empty password opens it, its pages raise
        texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in reader.pages]
    except (FileNotDecryptedError, DependencyError):
        raise InputError("this PDF is encrypted", where=name, remedy="give one that opens without a password") from None
    except Exception as problem:  # a damaged file breaks the reader in any way: a struct, a recursion, a missing key
        what = " ".join(str(problem).split())[:100] or type(problem).__name__
        raise InputError(f"this PDF is damaged: {what}", where=name, remedy=_REMEDY) from None
    text = "\n".join(texts)
    if not text.strip():
        raise InputError(f"this PDF has {len(texts)} pages and no text; it may be a scan", where=name, remedy=_REMEDY)
    return from_text(text, len(texts))


def from_text(text: str, pages: int = 1) -> PaperText:
    """What a paper's text holds, of however many pages."""
    return PaperText(pages, text, _headings(text), _captions(text))


def compare(paper: PaperText, outline: Outline) -> Comparison:
    """Set a paper beside an outline: sections by number and first words, figures and tables by number."""
    listed = {f"Section {s.number}": s.heading or s.title for s in outline.section}
    listed |= {
        f"{word} {e.number}": ""
        for word, entries in (("Figure", outline.figure), ("Table", outline.table))
        for e in entries
    }
    there = {f"Section {number}": title for number, title in paper.headings.items()} | paper.captions
    found = tuple(name for name in listed if name in there and (not listed[name] or _agree(listed[name], there[name])))
    return Comparison(
        found, tuple(name for name in listed if name not in found), tuple(name for name in there if name not in found)
    )


def _headings(text: str) -> dict[str, str]:
    """Headings by number, in the order of the numbers.

    A bare number also begins list items, table rows and page heads. So a heading of the first level is in capitals, or
    takes the place of one that is missing in the sequence from 1; a heading of the second level needs its parent.
    """
    sure: dict[str, str] = {}
    likely: dict[str, str] = {}
    lines = [line.strip() for line in text.splitlines()]
    for place, line in enumerate(lines):
        match = _HEADING.fullmatch(line)
        if not match or any(int(part) > _MOST_SECTIONS for part in match[1].split(".")):
            continue
        number, dot, space, title = match.groups()
        if not title[0].isupper() or len(title.split()) > _MOST_WORDS or not re.search(r"[^\W\d]{3}", title):
            continue
        if not space and not re.match(r"[^\W\d]{4}", title):  # a space may be lost, but "3D torus" is no heading
            continue
        if title.isupper():
            sure.setdefault(number, " ".join([title, *takewhile(_goes_on, lines[place + 1 : place + 3])]))
        elif "." in number:
            sure.setdefault(number, title.rstrip("."))
        elif not dot and not title.endswith((".", ",", ";")):
            likely.setdefault(number, title)
    firsts = {number for number in sure if "." not in number}
    for number in map(str, range(1, _MOST_SECTIONS + 1)):
        if number not in firsts and number not in likely:
            break
        firsts.add(number)
        sure.setdefault(number, likely.get(number, ""))
    kept = {number: title for number, title in sure.items() if number.partition(".")[0] in firsts}
    return dict(sorted(kept.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


def _goes_on(line: str) -> bool:
    """Whether a heading in capitals goes on in this line."""
    return line.isupper() and line[0].isalpha() and " " in line


def _captions(text: str) -> dict[str, str]:
    """Captions by name, each up to its first full stop; the first of each number counts."""
    found: dict[str, str] = {}
    lines = [line.strip() for line in text.splitlines()]
    for place, line in enumerate(lines):
        if match := _CAPTION.fullmatch(line):
            word = "Table" if match[1].lower() == "table" else "Figure"
            rest = takewhile(
                lambda line: line and not _CAPTION.match(line) and not _HEADING.match(line),
                lines[place + 1 : place + _CAPTION_LINES],
            )
            found.setdefault(f"{word} {match[2]}", _SENTENCE_END.split(" ".join([match[3], *rest]))[0].strip())
    return found


def _agree(one: str, other: str) -> bool:
    """Whether one heading begins with the other, letters and digits only: a line break may have cut either."""
    shorter, longer = sorted(("".join(filter(str.isalnum, _plain(text).casefold())) for text in (one, other)), key=len)
    return bool(shorter) and longer.startswith(shorter)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u00ad", "")
