"""A table of the paper: caption, columns with their units, rows of marked cells in groups, notes; and its files."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from phextpaper.errors import PageError
from phextpaper.press.quantity import Made, Quantity, strip_marks

if TYPE_CHECKING:
    from pandas import DataFrame

NOT_REPORTED = "not reported"
Row = tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column: the lines of its head, the unit of its numbers, whether it holds numbers.

    `share` is its part of the width in print: a column with a share breaks its lines in LaTeX; others are as wide as
    their widest cell.
    """

    head: str
    unit: str = ""
    numbers: bool = False
    share: float = 0.0

    @property
    def title(self) -> str:
        """The head with its unit, on one line."""
        words = " ".join(self.head.split("\n"))
        return f"{words} ({self.unit})" if self.unit else words


@dataclass(frozen=True)
class Table:
    """A table of the paper. Cells, caption and notes are texts with marks; rows of a group belong together.

    `notes` say what columns mean: (words in italics, the rest of the sentences); the words may be empty. A `wide`
    table takes both columns of a page.
    """

    number: int
    caption: str
    columns: tuple[Column, ...]
    groups: tuple[tuple[Row, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    wide: bool = False
    size: str = "footnotesize"

    def __post_init__(self) -> None:
        where = f"Table {self.number}"
        if not self.rows:
            raise PageError("a table without rows", where=where, remedy="give it what it is to show")
        for row in self.rows:
            if len(row) != len(self.columns):
                said = strip_marks(" | ".join(row))[0]
                raise PageError(
                    f"{len(row)} cells under {len(self.columns)} heads: {said}", where=where, remedy="one cell a column"
                )
            for cell in row:
                if not cell.strip() or "\n" in cell:
                    raise PageError(
                        f"{strip_marks(cell)[0]!r} is no cell",
                        where=where,
                        remedy="write one line, or 'not reported', or 'none'",
                    )

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows."""
        return tuple(row for group in self.groups for row in group)

    def plain(self, place: int) -> list[str]:
        """The cells of a column as a reader sees them."""
        return [strip_marks(row[place])[0] for row in self.rows]

    def made(self, path: str) -> Made:
        """The table as Markdown for `path`, and as LaTeX beside it."""
        from phextpaper.press.tables.latex import to_latex
        from phextpaper.press.tables.markdown import to_markdown

        return Made.of(
            to_markdown(self), {str(PurePosixPath(path).with_suffix(".tex")): to_latex(self).encode("utf-8")}
        )


def noted(text: str) -> tuple[tuple[str, str], ...]:
    """The notes of a text in which the words that a note is about stand in italics.

    >>> noted("All are computed. *Links* are optical. So are others. *Cost* is none.")
    (('', 'All are computed.'), ('Links', ' are optical. So are others.'), ('Cost', ' is none.'))
    """
    first, *rest = (part.rstrip() for part in text.split("*"))
    return ((("", first),) if first else ()) + tuple(zip(rest[::2], rest[1::2], strict=True))


def cited(value: object, *keys: str) -> str:
    """A cell with a value and its citation; a fact knows its own key. Raises PageError where there is none."""
    sources = keys or ((value.key,) if isinstance(value, Quantity) and value.key else ())
    if not sources or not all(sources):
        raise PageError(
            f"no work is known for {getattr(value, 'id', value)}", remedy="name the key of the work where it was read"
        )
    return f"{value} [{'; '.join(f'@{key}' for key in sources)}]"


def of_frame(frame: "DataFrame", by: str = "") -> tuple[tuple[Row, ...], ...]:
    """The rows of a frame as marked text, in groups of equal values of the column `by` if one is named.

    What is missing is not reported.
    """
    filled = frame.astype(object).where(frame.notna(), NOT_REPORTED)
    parts = [part for _, part in filled.groupby(by, sort=False)] if by else [filled]
    return tuple(
        tuple(tuple(str(cell) for cell in row) for row in part.itertuples(index=False, name=None)) for part in parts
    )
