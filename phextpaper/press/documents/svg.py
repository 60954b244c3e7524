"""An SVG read back: its texts with place and size, its marks with their points, the names that its cells stand for.

A mark's identifier is a kind and names joined by two hyphens, such as ``arrow--a--b``; an underscore and a number at
its end tell equal ones apart. A mark ``grid--8.row.tree`` is a path of lines between cells: rows downwards, trees to
the right, from 1. Places are in the drawing's own units, with all transforms applied.
"""

import math
import re
import string
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

from phextpaper.errors import InputError
from phextpaper.press.documents.font_widths import CAPITAL, DESCENT, text_width
from phextpaper.press.documents.svg_elements import (
    UNMOVED,
    Element,
    Matrix,
    Point,
    declarations,
    matrix_of,
    moved,
    parsed,
    points_of,
    product,
)

COLUMN_POINTS = 252.0
"""Width of one column in points: 3.5 inches."""

_RULE = re.compile(r"\.([\w-]+)\s*\{([^}]*)\}")
_APART = 0.01


@dataclass(frozen=True)
class Box:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether a point lies inside or, by `margin`, beside it."""
        return (
            self.left - margin <= point[0] <= self.right + margin
            and self.top - margin <= point[1] <= self.bottom + margin
        )

    def shared(self, other: "Box") -> Point:
        """Width and height of what two rectangles have in common; negative where they are apart."""
        return min(self.right, other.right) - max(self.left, other.left), min(self.bottom, other.bottom) - max(
            self.top, other.top
        )


@dataclass(frozen=True)
class Text:
    """A line of text: its place in the file (line and column from 1) and in the drawing, its size, its groups."""

    content: str
    line: int
    column: int
    x: float
    y: float
    size: float
    anchor: str
    bold: bool
    upright: bool
    groups: tuple[str, ...]
    style: dict[str, str]

    @property
    def kind(self) -> str:
        """The kind of the nearest identifier, such as "label" or "tick"; empty without one."""
        return self.groups[-1].partition("--")[0] if self.groups else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the nearest identifier."""
        return names_of(self.groups[-1]) if self.groups else ()

    @property
    def box(self) -> Box:
        """What the text covers, from the widths of its font."""
        width = text_width(self.content, self.size, bold=self.bold)
        before = {"middle": width / 2, "end": width}.get(self.anchor, 0.0)
        if self.upright:
            return Box(
                self.x - before, self.y - CAPITAL * self.size, self.x - before + width, self.y + DESCENT * self.size
            )
        return Box(self.x - CAPITAL * self.size, self.y + before - width, self.x + DESCENT * self.size, self.y + before)


@dataclass(frozen=True)
class Mark:
    """A path with its identifier, line in the file, style and groups around it.

    Its points come subpath by subpath, corners of curves included.
    """

    id: str
    line: int
    style: dict[str, str]
    groups: tuple[str, ...]
    subpaths: tuple[tuple[Point, ...], ...]

    @property
    def kind(self) -> str:
        """What is before the first two hyphens."""
        return self.id.partition("--")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """What follows, part by part."""
        return names_of(self.id)

    @property
    def start(self) -> Point:
        """The first point."""
        return self.subpaths[0][0]

    @property
    def end(self) -> Point:
        """The last point, or an arrow's tip, which is the second point of its head."""
        return self.subpaths[-1][1] if self.kind == "arrow" else self.subpaths[-1][-1]

    @property
    def box(self) -> Box:
        """What the points cover."""
        xs, ys = zip(*(point for subpath in self.subpaths for point in subpath), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What each subpath covers: the rectangles of a mark of many."""
        return tuple(Mark(self.id, self.line, {}, (), (subpath,)).box for subpath in self.subpaths)


@dataclass(frozen=True)
class Grid:
    """Cells between lines: `xs` and `ys` are the lines' places, `name` says what rows and columns count."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.ys) - 1, len(self.xs) - 1

    def cell(self, point: Point) -> tuple[int, int] | None:
        """Row and column, from 1, of the cell that holds a point; None outside."""
        place = [
            next((n for n, (a, b) in enumerate(pairwise(lines), 1) if a <= value <= b), 0)
            for lines, value in ((self.ys, point[1]), (self.xs, point[0]))
        ]
        return (place[0], place[1]) if all(place) else None

    def named(self, row: int, column: int) -> str:
        """The name of a cell, whose row and column count from 1.

        Words in the grid's name stand for the row and the column, an only one for the column; ``tree6`` begins with 6.
        """
        parts = self.name.split(".")
        places = [place for place, part in enumerate(parts) if not part.isdigit()]
        for place, count in zip(places, (row, column) if len(places) == 2 else (column,), strict=False):
            parts[place] = str(count + int(parts[place].lstrip(string.ascii_letters) or 1) - 1)
        return ".".join(parts)


class Svg:
    """A drawing. Raises InputError where the text is no well-formed SVG."""

    def __init__(self, text: str, name: str = "figure.svg") -> None:
        self.text, self.name, self.bytes = text, name, len(text.encode("utf-8"))
        self.root = parsed(text, name)
        if self.root.tag != "svg":
            raise InputError(f"the outermost element is <{self.root.tag}>", where=name, remedy="give an SVG file")
        sheet = "".join(element.content for element in self.root.walk() if element.tag == "style")
        self._rules = {key: declarations(body) for key, body in _RULE.findall(sheet)}
        self.texts: list[Text] = []
        self.marks: list[Mark] = []
        self._collect(self.root, UNMOVED, (), {})

    # ------------------------------------------------------------------ the whole
    @cached_property
    def view(self) -> Box:
        """The rectangle that is shown, in the drawing's units."""
        numbers = [float(part) for part in self.root.attributes.get("viewBox", "").split()]
        if len(numbers) != 4 or numbers[2] <= 0 or numbers[3] <= 0:
            raise InputError("no viewBox of four numbers", where=self.name, remedy="build the figure anew")
        return Box(numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3])

    @property
    def canvas(self) -> tuple[str, str]:
        """Width and height as they are written, in pixels."""
        return self.root.attributes.get("width", ""), self.root.attributes.get("height", "")

    @property
    def scale(self) -> float:
        """Points in one unit where the drawing is printed one column wide."""
        return COLUMN_POINTS / (self.view.right - self.view.left)

    def told(self, tag: str) -> str:
        """The text of the drawing's own title or description, empty where assistive software would not find it."""
        found = next((element for element in self.root.children if element.tag == tag), None)
        named = self.root.attributes.get("aria-labelledby", "").split()
        if found is None or self.root.attributes.get("role") != "img" or found.attributes.get("id") not in named:
            return ""
        return found.content.strip()

    # ------------------------------------------------------------------ marks and cells
    def of(self, kind: str) -> list[Mark]:
        """The marks of a kind, in the order of the file."""
        return [mark for mark in self.marks if mark.kind == kind]

    def one(self, id: str) -> Mark | None:
        """The mark with an identifier."""
        return next((mark for mark in self.marks if mark.id == id), None)

    @cached_property
    def grids(self) -> list[Grid]:
        """The grids, in the order of the file."""
        return [grid_of(mark) for mark in self.of("grid")]

    def grid_at(self, point: Point) -> str:
        """The name of the grid's cell that holds a point, whatever is drawn over it; empty outside all grids."""
        return next((grid.named(*place) for grid in self.grids if (place := grid.cell(point))), "")

    def name_at(self, point: Point) -> str:
        """The name of the cell that holds a point: one alone before a grid's, else the nearest within half a width.

        It is empty where no cell is near.
        """
        own = [mark for mark in self.of("cell") if mark.box.holds(point)]
        if own:
            return min(own, key=lambda mark: math.dist(mark.box.centre, point)).names[0]
        if name := self.grid_at(point):
            return name
        near = min(self.of("cell"), key=lambda mark: math.dist(mark.box.centre, point), default=None)
        if near is None or not near.box.holds(point, (near.box.right - near.box.left) / 2):
            return ""
        return near.names[0]

    def steps(self, inside: str = "") -> list[tuple[Mark, str, str]]:
        """Every arrow with the cells' names at its beginning and its tip; in one group alone, where one is named."""
        return [
            (mark, self.name_at(mark.start), self.name_at(mark.end))
            for mark in self.of("arrow")
            if not inside or inside in mark.groups
        ]

    # ------------------------------------------------------------------ text
    def label(self, kind: str, *names: str) -> Text | None:
        """The first text whose identifier has this kind and these names."""
        return next((text for text in self.texts if text.kind == kind and text.names == names), None)

    @cached_property
    def words(self) -> str:
        """The text of the file with all that is no text blanked out, line for line and column for column."""
        lines = [[" "] * len(line) for line in self.text.split("\n")]
        told = [
            (element.content, element.line, element.column)
            for element in self.root.children
            if element.tag in ("title", "desc")
        ]
        for content, line, column in [
            *((text.content, text.line, text.column) for text in self.texts if text.kind != "tick"),
            *told,
        ]:
            lines[line - 1][column - 1 : column - 1 + len(content)] = content
        return "\n".join("".join(line) for line in lines)

    def overlaps(self, tolerance: float = 0.25) -> list[tuple[Text, Text]]:
        """Pairs of texts that cover each other by more than `tolerance` points both ways, by their font."""
        boxes = [(text, text.box) for text in self.texts]
        return [
            (a, b) for (a, one), (b, two) in combinations(boxes, 2) if min(one.shared(two)) > tolerance / self.scale
        ]

    def outside(self, tolerance: float = 0.25) -> list[Text]:
        """Texts that stick out of the drawing."""
        view = self.view
        return [
            text
            for text in self.texts
            if (
                text.box.left < view.left - tolerance
                or text.box.right > view.right + tolerance
                or text.box.top < view.top - tolerance
                or text.box.bottom > view.bottom + tolerance
            )
        ]

    # ------------------------------------------------------------------ reading
    def _collect(self, element: Element, outer: Matrix, groups: tuple[str, ...], above: dict[str, str]) -> None:
        matrix = product(outer, matrix_of(element.attributes.get("transform", ""), f"{self.name}:{element.line}"))
        own = {
            **self._rules.get(element.attributes.get("class", ""), {}),
            **declarations(element.attributes.get("style", "")),
        }
        own |= {
            key: element.attributes[key]
            for key in ("font-size", "fill", "stroke", "text-anchor")
            if key in element.attributes
        }
        style, id = {**above, **own}, element.attributes.get("id", "")
        if element.tag == "text":
            self.texts.append(self._text(element, matrix, (*groups, id) if "--" in id else groups, style))
        elif element.tag == "path" and element.attributes.get("d"):
            points = points_of(element.attributes["d"], f"{self.name}:{element.line}")
            self.marks.append(
                Mark(
                    id or (groups[-1] if groups else ""),
                    element.line,
                    style,
                    groups,
                    tuple(tuple(moved(matrix, point) for point in subpath) for subpath in points),
                )
            )
        inner = (*groups, id) if "--" in id else groups
        for child in element.children if element.tag != "defs" else ():
            self._collect(child, matrix, inner, style)

    def _text(self, element: Element, matrix: Matrix, groups: tuple[str, ...], style: dict[str, str]) -> Text:
        try:
            size = float(style.get("font-size", "").removesuffix("px"))
            x, y = moved(matrix, (float(element.attributes.get("x", 0)), float(element.attributes.get("y", 0))))
        except ValueError:
            raise InputError(
                "a text without size or place", where=f"{self.name}:{element.line}", remedy="build the figure anew"
            ) from None
        stretch = math.hypot(matrix[0], matrix[1])
        return Text(
            element.content,
            element.line,
            element.column,
            x,
            y,
            size * stretch,
            style.get("text-anchor", "start"),
            style.get("font-weight", "normal") in ("bold", "700"),
            abs(matrix[1]) < _APART * stretch,
            groups,
            style,
        )


def names_of(id: str) -> tuple[str, ...]:
    """The names in an identifier, without what tells equal ones apart.

    >>> names_of("arrow--a--b.c_3")
    ('a', 'b.c')
    """
    return tuple(re.sub(r"_\d+$", "", id).split("--")[1:])


def grid_of(mark: Mark) -> Grid:
    """The cells between the lines of a mark."""
    return Grid(mark.names[0], *(_lines(mark, axis) for axis in (0, 1)))


def _lines(mark: Mark, axis: int) -> tuple[float, ...]:
    """The places of a grid's lines along an axis."""
    places: list[float] = []
    for value in sorted(point[axis] for subpath in mark.subpaths for point in subpath):
        if not places or value - places[-1] > 2 * _APART:
            places.append(value)
    return tuple(places)
