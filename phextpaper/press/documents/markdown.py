"""A finished Markdown artefact, parsed once: headings, tables, fences, prose, each with its line."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markdown_it import MarkdownIt

CITATION = re.compile(r"\[((?:@[A-Za-z][\w:.-]*(?:,[^\];]*)?;? ?)+)\]")
CITATION_KEY = re.compile(r"@([A-Za-z][\w:-]*)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: depth from 1, text, line from 1."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: its language word, its text, the line of its first character."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table: heads, rows of cells as plain text, and the line of its head."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int

    def column(self, head: str) -> list[str]:
        """The cells below one head. Raises ValueError where no head is called so."""
        place = self.heads.index(head)
        return [row[place] for row in self.rows]


class Markdown:
    """A Markdown text and what it consists of. Lines count from 1."""

    def __init__(self, text: str, name: str = "") -> None:
        self.text, self.name = text, name
        self.lines = text.splitlines()

    @cached_property
    def tokens(self) -> list[Any]:
        """What markdown-it makes of the text."""
        return MarkdownIt("commonmark").enable("table").parse(self.text)

    @cached_property
    def headings(self) -> list[Heading]:
        """Headings in order."""
        return [
            Heading(int(token.tag[1]), plain(self.tokens[place + 1].content), token.map[0] + 1)
            for place, token in enumerate(self.tokens)
            if token.type == "heading_open"
        ]

    @cached_property
    def fences(self) -> list[Fence]:
        """Fenced blocks in order."""
        return [
            Fence(token.info.strip(), token.content, token.map[0] + 2) for token in self.tokens if token.type == "fence"
        ]

    @cached_property
    def tables(self) -> list[Table]:
        """Tables in order."""
        found: list[Table] = []
        rows: list[tuple[str, ...]] = []
        cells: list[str] = []
        line = 0
        for token in self.tokens:
            if token.type == "table_open":
                rows, line = [], token.map[0] + 1
            elif token.type == "tr_open":
                cells = []
            elif token.type == "inline" and token.level >= 2:
                cells.append(plain(token.content))
            elif token.type == "tr_close":
                rows.append(tuple(cells))
            elif token.type == "table_close":
                found.append(Table(rows[0], tuple(rows[1:]), line))
        return found

    def table(self, *heads: str) -> Table | None:
        """The first table whose heads begin with these, or None."""
        return next((table for table in self.tables if table.heads[: len(heads)] == heads), None)

    @cached_property
    def paragraphs(self) -> list[tuple[int, str]]:
        """Paragraphs (line, text) outside tables, fences and headings; list items are paragraphs."""
        found = []
        for place, token in enumerate(self.tokens):
            if token.type == "paragraph_open":
                found.append((token.map[0] + 1, plain(self.tokens[place + 1].content)))
        return found

    @cached_property
    def prose(self) -> str:
        """The text of all paragraphs."""
        return "\n\n".join(text for _, text in self.paragraphs)

    def section(self, title: str) -> "Markdown":
        """The part below the first heading that contains `title`, up to the next heading as high.

        Empty if there is none.
        """
        for place, heading in enumerate(self.headings):
            if title.lower() in heading.text.lower():
                end = next(
                    (later.line for later in self.headings[place + 1 :] if later.level <= heading.level),
                    len(self.lines) + 1,
                )
                return Markdown("\n".join(self.lines[heading.line : end - 1]) + "\n", self.name)
        return Markdown("", self.name)

    def where(self, text: str) -> str:
        """``file:line`` of the first line that holds `text`, or the file alone."""
        for number, line in enumerate(self.lines, 1):
            if text in line:
                return f"{self.name}:{number}"
        return self.name

    @cached_property
    def citations(self) -> list[str]:
        """Cited bibliography keys, in order of first use."""
        return list(
            dict.fromkeys(key for found in CITATION.finditer(self.text) for key in CITATION_KEY.findall(found[0]))
        )


def plain(inline: str) -> str:
    """Inline Markdown without emphasis, code marks and links."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", inline)
    text = re.sub(r"(\*\*|__|`+)", "", text)
    return re.sub(r"(?<!\w)[*_]([^*_]+)[*_](?!\w)", r"\1", text).replace("\\|", "|").strip()
