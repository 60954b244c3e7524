"""A drawing in points at column width: text that remembers its quantities, marks that say what they stand for.

Coordinates run from the upper left corner, as in SVG, so that what is drawn can be read back unchanged. A mark's
identifier is its kind and its names, joined by two hyphens: ``cell--8.8``, ``arrow--a--b``. A grid is one path of lines
for many cells, and its name says what they stand for: ``grid--8.row.tree`` has row 1, 2, … downwards and tree 1, 2, …
to the right.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from pathlib import PurePosixPath
from typing import Any

from phextpaper.errors import PageError
from phextpaper.press.figures import style
from phextpaper.press.figures.compact import compact
from phextpaper.press.quantity import Made, strip_marks

Point = tuple[float, float]
Size = tuple[float, float]
Entry = tuple[str, str, Any, str]
"""A mark that a legend explains: its shape, its fill, what it is drawn with, and words."""


@dataclass(frozen=True)
class Grid:
    """Equal cells in rows and columns; `corner` is the upper left one, `cell` their width and height."""

    corner: Point
    cell: Size
    rows: int
    columns: int

    @property
    def width(self) -> float:
        """Of all columns together."""
        return self.cell[0] * self.columns

    @property
    def height(self) -> float:
        """Of all rows together."""
        return self.cell[1] * self.rows

    def centre(self, row: int, column: int) -> Point:
        """The centre of a cell; rows and columns count from 1."""
        return self.corner[0] + (column - 0.5) * self.cell[0], self.corner[1] + (row - 0.5) * self.cell[1]

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """Left, top, width and height of a cell."""
        return self.corner[0] + (column - 1) * self.cell[0], self.corner[1] + (row - 1) * self.cell[1], *self.cell


class Drawing:
    """One figure, drawn one column wide. `name` is its identifier, such as ``fig-1``.

    `canvas` is the size in pixels that the plan asks for. Texts may hold marked quantities anywhere; bare
    numbers are found by the checks.
    """

    def __init__(self, name: str, title: str, description: str, canvas: tuple[int, int]) -> None:
        self.name, self.title, self.description, self.canvas = name, title, description, canvas
        self.width, self.height = style.COLUMN, style.COLUMN * canvas[1] / canvas[0]
        self.mpl = style.matplotlib_ready()
        self.figure = self.mpl.figure.Figure(figsize=(style.COLUMN_IN, style.COLUMN_IN * canvas[1] / canvas[0]))
        self._texts: dict[str, str] = {}
        self._used: dict[str, int] = {}
        self.sheet = self._sheet()

    def panel(self, name: str) -> None:
        """Draw what follows into a group of its own, ``panel--name``, over what is there; places stay as they were."""
        self.sheet = self._sheet(self._identified(f"panel--{name}"))

    def _sheet(self, id: str | None = None) -> Any:
        axes = self.figure.add_axes(
            (0, 0, 1, 1), zorder=len(self.figure.axes), facecolor="none", gid=id, label=str(len(self.figure.axes))
        )
        axes.set_axis_off()
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        return axes

    # ------------------------------------------------------------------ text
    def text(
        self,
        x: float,
        y: float,
        content: object,
        *,
        id: str = "",
        size: float = style.SMALL,
        ha: str = "left",
        va: str = "center",
        colour: str = style.INK,
        bold: bool = False,
        rotate: float = 0,
    ) -> None:
        """Write a line, and keep its marks. Centred vertically on capitals and digits, unless `va` is "baseline"."""
        marked = str(content)
        if "\n" in marked:
            raise PageError("a text of several lines", where=self.name, remedy="write one line at a time")
        key = self._identified(id or "text--line")
        self._texts[key] = marked
        middle = 0.365 * size if va == "center" and not rotate else 0  # half the height of DejaVu's capitals
        self.sheet.text(
            x,
            y + middle,
            strip_marks(marked)[0],
            gid=key,
            fontsize=size,
            ha=ha,
            va="baseline" if va == "center" and not rotate else va,
            color=colour,
            weight="bold" if bold else "normal",
            rotation=rotate,
            rotation_mode="anchor" if rotate else "default",
            clip_on=False,
            zorder=5,
        )

    def remember(self, artist: Any, content: object) -> None:
        """Let a text that matplotlib made (a tick, an axis label) print marked content."""
        key = self._identified("text--line")
        self._texts[key] = str(content)
        artist.set_gid(key)
        artist.set_text(strip_marks(str(content))[0])

    # ------------------------------------------------------------------ marks
    def path(
        self,
        subpaths: Sequence[Sequence[Point]],
        *,
        id: str = "",
        fill: str = "none",
        line: str = "none",
        width: float = style.THIN,
        closed: bool = False,
        dash: Sequence[float] = (),
        round_ends: bool = False,
        above: float = 2,
    ) -> None:
        """Draw lines through points as one mark; `closed` ones are areas. Dots are short dashes with round ends."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        points, codes = [], []
        for subpath in subpaths:
            points += [*subpath, subpath[0]] if closed else list(subpath)
            codes += [Path.MOVETO] + [Path.LINETO] * (len(subpath) - 1) + ([Path.CLOSEPOLY] if closed else [])
        path = Path(points, codes)
        path.should_simplify = False  # points on a straight line are ends of links too
        self._add(
            PathPatch(
                path,
                facecolor=fill,
                edgecolor=line,
                linewidth=width if line != "none" else 0,
                joinstyle="round",
                capstyle="round" if round_ends else "butt",
                linestyle=(0, tuple(dash)) if dash else "-",
            ),
            id,
            above,
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        id: str = "",
        fill: str = "none",
        line: str = "none",
        thick: float = style.THIN,
        dash: Sequence[float] = (),
        above: float = 2,
    ) -> None:
        """Draw a rectangle by its upper left corner."""
        self.path(
            [corners(x, y, width, height)],
            id=id,
            fill=fill,
            line=line,
            width=thick,
            closed=True,
            dash=dash,
            above=above,
        )

    def boxes(
        self,
        places: Sequence[tuple[float, float, float, float]],
        *,
        id: str = "",
        fill: str = "none",
        line: str = "none",
        thick: float = style.THIN,
        above: float = 2,
    ) -> None:
        """Draw many rectangles as one mark."""
        if places:
            self.path(
                [corners(*place) for place in places],
                id=id,
                fill=fill,
                line=line,
                width=thick,
                closed=True,
                above=above,
            )

    def grid(
        self,
        name: str,
        corner: Point,
        cell: Size,
        rows: int,
        columns: int,
        *,
        kind: str = "grid",
        fill: str = style.WHITE,
        line: str = style.LINES,
        width: float = style.HAIR,
    ) -> Grid:
        """Draw cells as one path of lines; the name says what the cells are, as in ``8.row.tree``.

        Cells of another `kind` stand for nothing that has a name.
        """
        grid = Grid(corner, cell, rows, columns)
        (left, top), right, bottom = corner, corner[0] + grid.width, corner[1] + grid.height
        subpaths = [[(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]]
        subpaths += [
            [(left + column * cell[0], top), (left + column * cell[0], bottom)] for column in range(1, columns)
        ]
        subpaths += [[(left, top + row * cell[1]), (right, top + row * cell[1])] for row in range(1, rows)]
        self.path(subpaths, id=f"{kind}--{name}", fill=fill, line=line, width=width, above=1)
        return grid

    def arrow(
        self,
        *shafts: Sequence[Point],
        id: str,
        colour: str = style.INK,
        width: float = style.LINE,
        head: float = 3.2,
        above: float = 4,
    ) -> None:
        """Draw an arrow along points; where it leaves the drawing and comes in elsewhere, give several shafts.

        It begins at the first point of the first shaft and its tip is the last point of the last one.
        """
        *_, near, tip = shafts[-1]
        long = hypot(tip[0] - near[0], tip[1] - near[1]) or 1
        ahead = ((tip[0] - near[0]) / long, (tip[1] - near[1]) / long)
        base = (tip[0] - head * ahead[0], tip[1] - head * ahead[1])
        wings = [(base[0] + side * 0.42 * head * ahead[1], base[1] - side * 0.42 * head * ahead[0]) for side in (1, -1)]
        trunk = [list(shaft) for shaft in shafts]
        trunk[-1][-1] = base
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        points, codes = [], []
        for line in trunk:
            there = (
                [*line, *line[-2::-1]] if len(line) > 2 else line
            )  # back the same way, so that filling it covers nothing
            points += there
            codes += [Path.MOVETO] + [Path.LINETO] * (len(there) - 1)
        points += [wings[0], tip, wings[1], wings[0]]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
        self._add(
            PathPatch(
                Path(points, codes),
                facecolor=colour,
                edgecolor=colour,
                linewidth=width,
                joinstyle="miter",
                capstyle="butt",
            ),
            id,
            above,
        )

    def legend(
        self, entries: Sequence[Entry], x: float, y: float, *, columns: Sequence[float], pitch: float = 8.5
    ) -> None:
        """Explain marks, row by row in columns of these widths.

        Each entry is "box", its fill, the colour of its edge and words; or "line" with "" and its colour; or "arrow"
        with "" and the settings of `arrow` that it explains.
        """
        for place, (shape, fill, line, words) in enumerate(entries):
            row, column = divmod(place, len(columns))
            left, top = x + sum(columns[:column]), y + row * pitch
            if shape == "box":
                self.box(left, top - 2.25, 6, 4.5, id=f"legend--{place}", fill=fill, line=line, thick=style.HAIR)
            elif shape == "line":
                self.path([[(left - 1, top), (left + 7, top)]], id=f"legend--{place}", line=line, width=style.LINE)
            else:
                self.arrow([(left - 1, top), (left + 7, top)], id=f"legend--{place}", **line)
            self.text(left + 9.5, top, words, id=f"legend--{place}")

    def plot(self, x: float, y: float, width: float, height: float, *, id: str) -> Any:
        """matplotlib axes in a rectangle, for curves; its curves get identifiers with `gid=`."""
        axes = self.figure.add_axes(
            (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height),
            zorder=len(self.figure.axes),
            label=str(len(self.figure.axes)),
        )
        axes.set_gid(self._identified(id))
        axes.set_facecolor("none")
        return axes

    def ticks(self, axis: Any, values: Sequence[float], labels: Sequence[object] | None = None) -> None:
        """Set the ticks of an axis. Labels may be quantities; a check sees that plain ones tell the scale truly."""
        shown = [str(label) for label in (labels if labels is not None else values)]
        axis.set_ticks([float(value) for value in values], [strip_marks(label)[0] for label in shown])
        axis.set_ticks([], minor=True)
        for tick, label in zip(axis.get_major_ticks(), shown, strict=True):
            if strip_marks(label)[1]:
                self.remember(tick.label1, label)

    def _add(self, patch: Any, id: str, above: float) -> None:
        if id:
            patch.set_gid(self._identified(id))
        patch.set_clip_on(False)
        patch.set_zorder(above)
        self.sheet.add_patch(patch)

    def _identified(self, id: str) -> str:
        """The identifier, with a number behind an underscore where it was given before."""
        if "--" not in id or any(not (part.isalnum() or part in "-._") for part in id):
            raise PageError(f"{id!r} is no identifier", where=self.name, remedy="write kind--name, as in cell--a")
        self._used[id] = self._used.get(id, 0) + 1
        return id if self._used[id] == 1 else f"{id}_{self._used[id]}"

    # ------------------------------------------------------------------ results
    def made(self, path: str) -> Made:
        """The drawing as SVG for `path`, and as PDF and PNG beside it: the same bytes each time."""
        name = PurePosixPath(path)
        marked = compact(
            self._saved("svg", metadata={"Date": None}),
            name=self.name,
            title=self.title,
            description=self.description,
            canvas=self.canvas,
            texts=self._texts,
        )
        title = strip_marks(self.title)[0]
        return Made.of(
            marked,
            {
                str(name.with_suffix(".pdf")): self._saved("pdf", metadata={"CreationDate": None, "Title": title}),
                str(name.with_suffix(".png")): self._saved(
                    "png", dpi=self.canvas[0] / style.COLUMN_IN, metadata={"Software": None, "Title": title}
                ),
            },
        )

    def overlaps(self) -> list[tuple[str, str]]:
        """Pairs of texts that touch each other, and texts that cross the edge, by matplotlib's own extents."""
        from itertools import combinations

        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.text import Text

        canvas: Any = FigureCanvasAgg(self.figure)
        renderer = canvas.get_renderer()
        self.figure.draw(renderer)
        texts = [item for item in self.figure.findobj(Text) if item.get_visible() and item.get_text().strip()]
        extents = [(item.get_text(), item.get_window_extent(renderer)) for item in texts]
        apart = 0.1
        found = [
            (a, b)
            for (a, one), (b, two) in combinations(extents, 2)
            if min(one.x1, two.x1) - max(one.x0, two.x0) > apart and min(one.y1, two.y1) - max(one.y0, two.y0) > apart
        ]
        return found + [
            (text, "edge")
            for text, box in extents
            if box.x0 < 0 or box.y0 < -1 or box.x1 > self.width or box.y1 > self.height + 1
        ]

    def _saved(self, kind: str, **settings: Any) -> bytes:
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format=kind, facecolor=style.WHITE, **settings)
        return buffer.getvalue()


def corners(x: float, y: float, width: float, height: float) -> list[Point]:
    """The corners of a rectangle, clockwise from the upper left."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
