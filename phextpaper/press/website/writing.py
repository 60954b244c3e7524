"""Parsed artefacts as HTML: numbers lead to origins, citations to works, references to parts, figures to drawings."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from phextpaper.press.documents.markdown import CITATION, CITATION_KEY
from phextpaper.press.documents.numerals import PART, PARTS
from phextpaper.press.quantity import CLOSE, MIDDLE, OPEN, unit_for
from phextpaper.press.sources.bibliography import Entry
from phextpaper.press.website.formulas import Formula
from phextpaper.press.website.marks import MARK, linked, unmarked
from phextpaper.press.website.places import link, number_anchor, subject_page, wave_page
from phextpaper.press.website.reading import Document, Heading, parser, text_of

LONG = 40
"""From so many characters on a printed quantity is a text, not a number."""

HOLE, HOLE_END = "\ue003", "\ue004"
_HOLE = re.compile(f"{HOLE}(\\d+){HOLE_END}")
_CROSSING = re.compile(
    rf"{CITATION.pattern}|\b(?P<kind>Section|Figure|Table)(?:\s(?P<one>{PART})(?![\d.]*\d)|s\s(?P<several>{PARTS}))"
)
_WAVE = re.compile(r"w(\d\d)(?:\.[a-z-]+)?$")


@dataclass(frozen=True)
class Surroundings:
    """What a text may lead to: numbers, works, pages of artefacts, parts of the paper by page and anchor, drawings."""

    numbers: Mapping[str, dict[str, Any]]
    bibliography: Mapping[str, Entry]
    page_of: Callable[[str], str]
    parts: Mapping[tuple[str, str], tuple[str, str]]
    described: Mapping[str, str]
    sizes: Mapping[str, tuple[int, int]]


@dataclass
class Written:
    """HTML with holes where formulas go; works cited, in the order of their numbers."""

    html: str = ""
    headings: list[Heading] = field(default_factory=list)
    cited: dict[str, int] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)

    def filled(self, made: Mapping[Formula, str]) -> str:
        """The HTML with its formulas."""
        return _HOLE.sub(lambda hole: made[self.formulas[int(hole[1])]], self.html)


def described(number: Mapping[str, Any]) -> str:
    """One line on a number: value with unit, kind, what it is."""
    unit = number["unit"] and f"{'' if number['unit'] == '%' else ' '}{unit_for(number['unit'], number['text'])}"
    return f"{number['text']}{unit}, {number['kind']}. {number['doc']}".strip()


class Writer:
    """Writes documents onto one page.

    Without `anchors` numbers and blocks are no targets, for a page that repeats other pages.
    """

    def __init__(self, page: str, around: Surroundings, *, shift: int = 0, anchors: bool = True) -> None:
        self.page, self.around, self.shift, self.anchors = page, around, shift, anchors
        self.written = Written()
        self._parser = parser()
        self._renderer = RendererHTML(self._parser)
        for name in ("table_open", "table_close", "fence", "code_block", "image", "formula", "figure"):
            self._renderer.rules[name] = getattr(self, f"_{name}")
        self._tables = 0

    def write(self, document: Document, *, skip_title: bool = False) -> None:
        """Append a document to the page."""
        self._document = document
        self._inert: set[int] = set()
        """Prints inside links of the text itself: a place to lead to, and no link in a link."""
        tokens = list(self._prepared(document.tokens, skip_title))
        html = self._renderer.render(tokens, self._parser.options, {})
        self.written.html += linked(html, self._linker())

    def _prepared(self, tokens: list[Token], skip_title: bool) -> Iterator[Token]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "heading_open":
                if skip_title and token.tag == "h1":
                    place += 3
                    continue
                title = text_of(tokens[place + 1])
                if title == "Contents":  # the page has contents of its own
                    end = _next_heading(tokens, place + 3)
                    yield _raw('<details class="folded"><summary>Contents</summary>\n')
                    yield from self._prepared(tokens[place + 3 : end], skip_title)
                    yield _raw("</details>\n")
                    place = end
                    continue
                self._heading(token, tokens[place + 1])
                if title == "References":
                    token.tag, tokens[place + 2].tag = (self._shifted(token.tag),) * 2
                    yield from self._inlined(tokens[place : place + 3])
                    yield _raw(HOLE + "references" + HOLE_END)
                    place = _next_heading(tokens, place + 3)
                    continue
            elif token.type == "paragraph_open" and "anchor" in token.meta:
                if token.meta["anchor"] not in self._document.anchors:
                    yield _raw(f'<span id="{token.meta["anchor"]}"></span>\n')
                place += 3
                continue
            elif token.type == "paragraph_open" and token.meta.get("figure"):
                figure = Token(
                    "figure", "figure", 0, children=tokens[place + 1].children, meta={"id": token.attrGet("id")}
                )
                yield figure
                place += 3
                continue
            elif token.type == "th_open":
                token.attrSet("scope", "col")
            if token.type in ("heading_open", "heading_close"):
                token.tag = self._shifted(token.tag)
            if token.type in ("th_open", "td_open") and token.attrs.pop("style", "") == "text-align:right":
                token.attrSet("class", "r")
            if not self.anchors and re.fullmatch(r"l\d+", str(token.attrGet("id"))):
                del token.attrs["id"]
            yield from self._inlined([token])
            place += 1

    def _shifted(self, tag: str) -> str:
        return f"h{min(6, int(tag[1]) + self.shift)}"

    def _heading(self, token: Token, inline: Token) -> None:
        level = int(self._shifted(token.tag)[1])
        self.written.headings.append(Heading(level, text_of(inline), str(token.attrGet("id"))))

    def _inlined(self, tokens: list[Token]) -> Iterator[Token]:
        for token in tokens:
            if token.type == "inline":
                token.children = list(self._children(token.children or []))
            yield token

    def _children(self, children: list[Token]) -> Iterator[Token]:
        inside = opened = 0
        for child in children:
            before, opened = opened, opened + _opened(child.content)
            if child.type == "link_open":
                target = self._target(str(child.attrGet("href") or ""))
                inside += 1
                child.attrs = {"href": target} if target else {"class": "nowhere"}
            elif child.type == "link_close":
                inside -= 1
            elif inside:
                self._inert |= {int(found[1]) for found in MARK.finditer(child.content)}
            elif child.type == "code_inline" and not before and (target := self._named(child.content)):
                yield _raw(f'<a class="id" href="{target}"><code>{escape(child.content)}</code></a>')
                continue
            elif child.type == "text":
                yield _raw(self._crossed(escape(child.content, quote=False), before))
                continue
            yield child

    def _named(self, code: str) -> str:
        """Where a name in code leads: to a number or a wave."""
        if code in self.around.numbers:
            return link(self.page, subject_page(code), code)
        wave = _WAVE.match(code)
        return link(self.page, wave_page(int(wave[1]))) if wave else ""

    def _target(self, href: str) -> str:
        """A link of an artefact as a link of the site; empty where it leads to nothing that is here."""
        if re.match(r"https?://|mailto:", href):
            return href
        path, _, fragment = unmarked(href).partition("#")
        if not path:
            return f"#{self._document.slugs.get(fragment, fragment)}"
        page = self.around.page_of(posixpath.normpath(posixpath.join(posixpath.dirname(self._document.path), path)))
        return link(self.page, page) if page else ""

    def _crossed(self, text: str, opened: int) -> str:
        """Text with citations and references as links, but for those inside a printed quantity, a link already."""

        def crossed(found: re.Match[str]) -> str:
            if opened + _opened(text[: found.start()]) > 0:
                return found[0]
            return self._citation(found) if found[0].startswith("[") else self._reference(found)

        return _CROSSING.sub(crossed, text)

    def _citation(self, found: re.Match[str]) -> str:
        def one(key: re.Match[str]) -> str:
            work = self.around.bibliography.get(key[1])
            if work is None:
                return key[0]
            number = self.written.cited.setdefault(key[1], len(self.written.cited) + 1)
            named = escape(f"{work.authors}: {work.title}. {work.venue} {work.year}")
            return f'<a class="cite" href="#ref-{key[1]}" title="{named}">{number}</a>'

        return f"[{CITATION_KEY.sub(one, found[1]).replace('; ', ', ')}]"

    def _reference(self, found: re.Match[str]) -> str:
        kind, after = found["kind"], found.string[found.end() : found.end() + 1]
        if found.start() == 0 and after in (":", "."):  # a caption names itself
            return found[0]
        if found["one"]:
            return self._part(kind, found["one"], found[0])
        return f"{kind}s {re.sub(PART, lambda part: self._part(kind, part[0], part[0]), found['several'])}"

    def _part(self, kind: str, number: str, shown: str) -> str:
        if (kind, number) in self._document.parts and self.anchors:
            return f'<a class="part" href="#{self._document.parts[kind, number]}">{shown}</a>'
        if (kind, number) in self.around.parts:
            return f'<a class="part" href="{link(self.page, *self.around.parts[kind, number])}">{shown}</a>'
        return shown

    def _linker(self) -> Callable[[int, str], str]:
        """What makes a link of a mark of the document at hand."""
        prints, inert = self._document.prints, self._inert

        def number_link(index: int, content: str) -> str:
            item = prints[index]
            number = self.around.numbers.get(item.id)
            if number is None:
                return content
            anchor = f' id="{number_anchor(item.line, item.column)}"' if self.anchors else ""
            if index in inert:
                return f"<span{anchor}>{content}</span>"
            kind = "n" if re.search(r"\d", item.text) and len(item.text) < LONG else "n words"
            target = link(self.page, subject_page(item.id), item.id)
            return f'<a class="{kind}"{anchor} href="{target}" title="{escape(described(number))}">{content}</a>'

        return number_link

    # What the renderer calls for one kind of token each.
    def _table_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        self._tables += 1
        anchor = tokens[index].attrGet("id")
        named = f' id="{anchor}"' if anchor else ""
        label = f'aria-label="Table, part {self._tables} of the text"'
        return f'<div class="scroll" role="group" tabindex="0" {label}{named}><table>\n'

    def _table_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def _fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        anchor = token.attrGet("id")
        named = f' id="{anchor}"' if anchor else ""
        language = f' class="language-{escape(token.info.split()[0])}"' if token.info.strip() else ""
        return f'<pre tabindex="0"{named}><code{language}>{escape(token.content)}</code></pre>\n'

    _code_block = _fence

    def _formula(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        self.written.formulas.append((unmarked(token.content), token.markup == "$$"))
        # A formula is one thing to a screen reader, which sees no links in it: they follow it.
        links = "".join(
            f'{OPEN}{found[1]}{MIDDLE}<span class="hidden">{found[2]}</span>{CLOSE}'
            for found in MARK.finditer(token.content)
        )
        return f"{HOLE}{len(self.written.formulas) - 1}{HOLE_END}" + (
            f'<sup class="origins">{links}</sup>' if links else ""
        )

    def _image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return self._picture(tokens[index])

    def _figure(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[index]
        image = (token.children or [])[0]
        anchor = (
            f' id="{token.meta["id"]}"'
            if token.meta["id"] and (self.anchors or not str(token.meta["id"]).startswith("l"))
            else ""
        )
        caption = self._renderer.renderInline(list(self._children(image.children or [])), options, env)
        return f"<figure{anchor}>{self._picture(image)}<figcaption>{caption}</figcaption></figure>\n"

    def _picture(self, image: Token) -> str:
        """An image that leads to the page of its drawing, or to itself."""
        path = posixpath.normpath(
            posixpath.join(posixpath.dirname(self._document.path), unmarked(str(image.attrGet("src") or "")))
        )
        page = self.around.page_of(path)
        alternative = escape(self.around.described.get(path) or text_of(image) or "figure")
        if not page:
            return f'<span class="missing">{alternative}</span>'
        width, height = self.around.sizes.get(path, (0, 0))
        size = f' width="{width}" height="{height}"' if width else ""
        return (
            f'<a class="zoom" href="{link(self.page, page)}">'
            f'<img src="{link(self.page, f"files/{path}")}" alt="{alternative}"{size} '
            f'loading="lazy"></a>'
        )


def _next_heading(tokens: list[Token], place: int) -> int:
    """The place of the next heading, or the end."""
    return next((later for later in range(place, len(tokens)) if tokens[later].type == "heading_open"), len(tokens))


def _opened(text: str) -> int:
    """How many marks a text opens and does not close."""
    return text.count(OPEN) - text.count(CLOSE)


def _raw(html: str) -> Token:
    """Finished HTML as a token."""
    return Token("html_inline", "", 0, content=html)
