"""A Markdown artefact parsed for the site.

Headings with anchors, figures, tables with captions, formulas, marked numbers.
"""

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from phextpaper.press.publishing.assembly import slug
from phextpaper.press.quantity import Print
from phextpaper.press.website.marks import mark, unmarked
from phextpaper.press.website.places import heading_anchor

_INLINE = re.compile(r"\$(?=\S)((?:[^$\\]|\\.)+?)(?<=\S)\$(?!\d)")
_DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_TABLE = re.compile(r"^(?::\s|Table:\s)?[*_]*Table\s(\d+)[:.]")
_FIGURE = re.compile(r"^Figure\s(\d+)\b")
_ANCHOR = re.compile(r'<a id="([\w-]+)"></a>$')
_ATTRIBUTES = re.compile(r"^\s*\{[^}]*\}\s*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the contents list it."""

    level: int
    text: str
    anchor: str


@dataclass
class Document:
    """A parsed artefact.

    `parts` gives the anchor of each ("Section", "3.4"), ("Figure", "1"), ("Table", "2") that it holds.
    """

    path: str
    tokens: list[Token]
    prints: list[Print]
    title: str = ""
    headings: list[Heading] = field(default_factory=list)
    slugs: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    blocks: list[tuple[int, str]] = field(default_factory=list)

    @property
    def anchors(self) -> set[str]:
        """Anchors of headings, figures and tables."""
        return {heading.anchor for heading in self.headings} | set(self.parts.values())

    def near(self, line: int) -> str:
        """The anchor of the block that holds a line."""
        return next((anchor for first, anchor in reversed(self.blocks) if first <= line), "")


def _formula(state: StateInline, silent: bool) -> bool:
    """A formula between dollars, as pandoc reads them."""
    if state.src[state.pos] != "$":
        return False
    found = _DISPLAYED.match(state.src, state.pos) or _INLINE.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = found[1].strip(), "$$" if found[0].startswith("$$") else "$"
    state.pos = found.end()
    return True


def parser() -> MarkdownIt:
    """The Markdown that artefacts are written in: CommonMark with tables and formulas; HTML stays text."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.inline.ruler.before("escape", "formula", _formula)
    return made


_PARSER = parser()


def parse(path: str, text: str, prints: list[Print]) -> Document:
    """Parse an artefact, its printed numbers marked."""
    document = Document(path, _PARSER.parse(mark(text, prints)), prints)
    taken: set[str] = set()
    for place, token in enumerate(document.tokens):
        if token.type == "heading_open":
            _head(document, token, document.tokens[place + 1], taken)
        elif token.type == "paragraph_open":
            _figure_or_caption(document, place)
        if token.level == 0 and token.map and token.nesting >= 0 and token.type != "inline":
            if token.attrGet("id") is None and "anchor" not in token.meta:
                token.attrSet("id", f"l{token.map[0] + 1}")
            # The page lists its own references, so their lines are to be found at the heading.
            anchor = (
                "references"
                if document.headings and document.headings[-1].text == "References"
                else token.attrGet("id")
            )
            document.blocks += [(token.map[0] + 1, str(anchor))] if anchor else []
    return document


def text_of(inline: Token) -> str:
    """An inline token as plain text, without marks."""
    return unmarked(
        "".join(
            " " if child.type in ("softbreak", "hardbreak") else child.content
            for child in inline.children or []
            if child.type != "image"
        )
    ).strip()


def _head(document: Document, token: Token, inline: Token, taken: set[str]) -> None:
    text, level = text_of(inline), int(token.tag[1])
    anchor, number = heading_anchor(text), 2
    while anchor in taken:
        anchor, number = f"{heading_anchor(text)}-{number}", number + 1
    taken.add(anchor)
    token.attrSet("id", anchor)
    document.headings.append(Heading(level, text, anchor))
    document.slugs.setdefault(slug(text), anchor)
    if numbered := re.match(r"(\d+(?:\.\d+)*)\s", text):
        document.parts.setdefault(("Section", numbered[1]), anchor)
    if not document.title and level == 1:
        document.title = text


def _figure_or_caption(document: Document, place: int) -> None:
    opening, inline = document.tokens[place : place + 2]
    if anchor := _ANCHOR.match(inline.content):
        opening.meta["anchor"] = anchor[1]
        return
    images = [child for child in inline.children or [] if child.type == "image"]
    rest = [child for child in inline.children or [] if child.type not in ("image", "softbreak")]
    if len(images) == 1 and all(
        child.type == "text" and (not child.content.strip() or _ATTRIBUTES.match(child.content)) for child in rest
    ):
        inline.children = images
        opening.meta["figure"] = True
        if found := _FIGURE.match(text_of(images[0])):
            opening.attrSet("id", f"figure-{found[1]}")
            document.parts.setdefault(("Figure", found[1]), f"figure-{found[1]}")
    elif (found := _TABLE.match(unmarked(inline.content))) and ("Table", found[1]) not in document.parts:
        opening.attrSet("id", f"table-{found[1]}")
        opening.attrSet("class", "caption")
        document.parts["Table", found[1]] = f"table-{found[1]}"
