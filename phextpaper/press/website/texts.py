"""Pages of what people read: the paper in front, every Markdown artefact, every drawing, the list of works."""

import re
from collections.abc import Mapping
from functools import cached_property, partial
from html import escape
from typing import Any

from markupsafe import Markup

from phextpaper.press.sources.plan import spans
from phextpaper.press.website import drawings
from phextpaper.press.website.formulas import Formula, mathml
from phextpaper.press.website.marks import linked
from phextpaper.press.website.material import Material
from phextpaper.press.website.places import FRONT, link, number_anchor, subject_page, text_page
from phextpaper.press.website.reading import parse
from phextpaper.press.website.shell import Shell
from phextpaper.press.website.writing import HOLE, HOLE_END, Surroundings, Writer, Written, described

UNFINISHED = "The paper as far as it is written"
_REFERENCES = f"{HOLE}references{HOLE_END}"
_EXHIBIT = re.compile(r"(?:figures/fig|tables/table)-(\d+)-")
_PLACE = re.compile(r"(?<![\w./-])([\w-][\w./-]*\.(?:md|svg|tex|bib|pdf))(?::(\d+))?")


class Texts:
    """The texts of a build, parsed, and where in the site each of them and each of their parts stands."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.documents = {
            path: parse(path, material.text(path), material.prints.get(path, [])) for path in material.texts
        }
        self.drawings = {path: drawings.described(material.text(path)) for path in material.drawings}
        self.works: dict[str, dict[str, str]] = {}
        """Pages that cite a work, with their titles, by the work's key."""

    def title(self, path: str) -> str:
        """What an artefact is called."""
        if path in self.documents:
            return self.documents[path].title or path
        if path in self.drawings:
            return self.drawings[path].title or path
        return path

    @cached_property
    def parts(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The page and anchor of every section, figure and table that can be referred to.

        The paper's own come first.
        """
        found: dict[tuple[str, str], tuple[str, str]] = {}
        order = [path for path in (self.material.front, *self.material.sections) if path]
        for path in order:
            for part, anchor in self.documents[path].parts.items():
                found.setdefault(part, (self.material.page_of(path), anchor))
        for path in self.material.data:
            if (exhibit := _EXHIBIT.match(path)) and path.endswith((".md", ".svg")):
                kind = "Figure" if path.startswith("figures/") else "Table"
                found.setdefault((kind, exhibit[1]), (self.material.page_of(path), ""))
        return found

    def around(self, *, front: bool = False) -> Surroundings:
        """What a text may lead to; on the front page sections that stand there themselves come first."""
        parts = self.parts
        if front:
            parts = parts | {
                part: (FRONT, anchor)
                for path in self.material.sections
                for part, anchor in self.documents[path].parts.items()
            }
        return Surroundings(
            self.material.numbers,
            self.material.bibliography,
            self.material.page_of,
            parts,
            {path: drawing.description or drawing.title for path, drawing in self.drawings.items()},
            {path: (drawing.width, drawing.height) for path, drawing in self.drawings.items()},
        )

    def evidence(self, text: str, page: str) -> Markup:
        """Evidence with the places that it names as links."""
        pieces, end = [], 0
        for found in _PLACE.finditer(text):
            if target := self.material.page_of(found[1]):
                anchor = self.documents[found[1]].near(int(found[2])) if found[2] and found[1] in self.documents else ""
                pieces += [
                    text[end : found.start()],
                    Markup('<a href="{}">{}</a>').format(link(page, target, anchor), found[0]),
                ]
                end = found.end()
        return Markup("").join([*pieces, text[end:]])


def pages(texts: Texts, shell: Shell) -> dict[str, bytes]:
    """Every page of a text or drawing by its place, the front page among them."""
    material, found = texts.material, {}
    written = {path: _written(texts, path) for path in texts.documents}
    front = None if material.front else _sections(texts)
    made = mathml([formula for piece in [*written.values(), *([front] if front else [])] for formula in piece.formulas])
    for path, piece in written.items():
        page = material.page_of(path)
        for key in piece.cited:
            texts.works.setdefault(key, {})[page] = texts.title(path)
        found[page] = shell.page(
            page,
            "text.html",
            title=texts.title(path),
            current="Paper" if page == FRONT else "Waves",
            **_body(piece, made, page, shell, material),
            headings=_contents(piece),
            path=path,
            wave=material.artefacts[path]["wave"],
            summary=_summary(material) if page == FRONT else None,
            missing="",
        )
    if front is not None:
        front.html = f"<h1>{UNFINISHED}</h1>\n{front.html}"
        found[FRONT] = shell.page(
            FRONT,
            "text.html",
            title=UNFINISHED,
            current="Paper",
            path="",
            wave=None,
            **_body(front, made, FRONT, shell, material),
            headings=_contents(front),
            summary=_summary(material),
            missing=_missing(material),
        )
    for path in texts.drawings:
        page, seen = text_page(path), _each_once(material.prints.get(path, []))
        found[page] = shell.page(
            page,
            "drawing.html",
            title=texts.title(path),
            current="Waves",
            path=path,
            wave=material.artefacts[path]["wave"],
            **_drawn(texts, path, page),
            prints=[(item, material.numbers[item.id]) for item in seen if item.id in material.numbers],
            files=[other for other in material.data if other.rpartition(".")[0] == path.removesuffix(".svg")],
        )
    return found


def works_page(texts: Texts, shell: Shell) -> dict[str, bytes]:
    """The page of all works, each with the pages that cite it. Made after the texts, which say so."""
    if "Works" not in texts.material.parts:
        return {}
    works = [
        (key, work, sorted(texts.works.get(key, {}).items()))
        for key, work in sorted(texts.material.bibliography.items())
    ]
    return {"works.html": shell.page("works.html", "works_page.html", title="Works", current="Works", works=works)}


def _written(texts: Texts, path: str) -> Written:
    writer = Writer(texts.material.page_of(path), texts.around())
    writer.write(texts.documents[path])
    return writer.written


def _sections(texts: Texts) -> Written:
    """The sections that exist, one after another, as a first form of the paper."""
    writer = Writer(FRONT, texts.around(front=True), shift=1, anchors=False)
    for path in texts.material.sections:
        writer.write(parse(path, texts.material.text(path), texts.material.prints.get(path, [])))
    return writer.written


def _body(
    piece: Written, made: Mapping[Formula, str], page: str, shell: Shell, material: Material
) -> dict[str, Markup]:
    """What stands before the first part, and the rest, with references and formulas in place."""
    works = [(key, number, material.bibliography[key]) for key, number in piece.cited.items()]
    listed = shell.piece("works.html", page, works=works) if works else Markup("")
    html = piece.html
    if _REFERENCES in html:
        html = html.replace(_REFERENCES, listed)
    elif works:
        head = '<h2 id="references">References</h2>'
        html += f'<section class="references" aria-labelledby="references">{head}\n{listed}</section>\n'
    piece.html = html
    head, part, body = piece.filled(made).partition("<h2 ")
    return {"head": Markup(head), "body": Markup(part + body)}


def _contents(piece: Written) -> list[Any]:
    return [heading for heading in piece.headings if heading.level in (2, 3)]


def _missing(material: Material) -> str:
    """Which sections nobody wrote yet, as their waves' numbers."""
    return spans(
        [n for n, wave in material.waves.items() if wave.output[0].startswith("sections/") and n not in material.built]
    )


def _summary(material: Material) -> dict[str, Any]:
    criteria = [verdict for wave in material.criteria["waves"] for verdict in wave["criteria"]]
    return {
        "waves": len(material.built),
        "planned": len(material.waves),
        "passed": sum(bool(verdict["passed"]) for verdict in criteria),
        "criteria": len(criteria),
        "numbers": len(material.numbers),
        "claims": len(material.claims),
        "pdf": next((f"files/{path}" for path in material.data if path == f"{material.paper.name}.pdf"), ""),
    }


def _drawn(texts: Texts, path: str, page: str) -> dict[str, Markup]:
    """A drawing, its title and its description, their numbers linked."""
    prints, numbers = texts.material.prints.get(path, []), texts.material.numbers

    def number(index: int, content: str, inside: bool = False) -> str:
        item = prints[index]
        if item.id not in numbers:
            return content
        target, said = link(page, subject_page(item.id), item.id), escape(described(numbers[item.id]))
        kind, title = ("", f"<title>{said}</title>") if inside else (f' class="n" title="{said}"', "")
        return f'<a id="{number_anchor(item.line, item.column)}" href="{target}"{kind}>{title}{content}</a>'

    svg, heading, description = drawings.marked(texts.material.text(path), prints)
    return {
        "svg": Markup(linked(svg, partial(number, inside=True))),
        "heading": Markup(linked(heading, number)),
        "description": Markup(linked(description, number)),
    }


def _each_once(prints: list[Any]) -> list[Any]:
    return list({item.id: item for item in reversed(prints)}.values())[::-1]
