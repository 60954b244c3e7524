"""A table as LaTeX: a float of one column or two, with rules of booktabs and notes below.

Citations become commands, numbers stand under one another. It needs the packages array and booktabs, and nothing else.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from phextpaper.errors import PageError
from phextpaper.press.documents.markdown import CITATION
from phextpaper.press.quantity import strip_marks
from phextpaper.press.tables.aligning import followed, padding

if TYPE_CHECKING:
    from phextpaper.press.tables.table import Table

_CITED = re.compile(r"@([A-Za-z][\w:.-]*)(?:,\s*([^;\]]*))?")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "µ": r"\textmu{}",
    "–": "--",
    "—": "---",
    "×": r"$\times$",
    "−": r"$-$",
    "≤": r"$\le$",
    "≥": r"$\ge$",
    "≈": r"$\approx$",
    "²": r"\textsuperscript{2}",
    "’": "'",
    "‘": "`",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
    "\u00a0": "~",
}
_LETTERS = "àáâäãåæçèéêëìíîïñòóôöõøùúûüýÿßÀÁÂÄÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝ"


def to_latex(table: "Table") -> str:
    """The float, without any mark."""
    kind = "table*" if table.wide else "table"
    cells = [[_cell(text) for text in _aligned(table, place)] for place in range(len(table.columns))]
    rows, body = iter(zip(*cells, strict=True)), []
    for place, group in enumerate(table.groups):
        body += [r"\addlinespace"] * (place > 0) + [_line(next(rows)) for _ in group]
    spec = "".join(_spec(table, place) for place in range(len(cells)))
    lines = [
        rf"\begin{{{kind}}}[t]",
        r"\centering",
        rf"\setcounter{{table}}{{{table.number - 1}}}",
        rf"\caption{{{latex(table.caption)}}}",
        rf"\label{{tab:{table.number}}}",
        rf"\{table.size}",
        r"\setlength{\tabcolsep}{4pt}",
        rf"\begin{{tabular}}{{@{{}}{spec}@{{}}}}",
        r"\toprule",
        *_heads(table),
        r"\midrule",
        *body,
        r"\bottomrule",
        r"\end{tabular}",
    ]
    if table.notes:
        notes = " ".join(rf"\emph{{{latex(name)}}}{latex(text)}" if name else latex(text) for name, text in table.notes)
        lines += ["", r"\smallskip", rf"\parbox{{\linewidth}}{{\{table.size} {notes}}}"]
    return "\n".join([*lines, rf"\end{{{kind}}}"]) + "\n"


def _spec(table: "Table", place: int) -> str:
    column = table.columns[place]
    if column.share:
        return rf">{{\raggedright\arraybackslash}}p{{{column.share:g}\linewidth}}"
    return "c" if column.numbers and not followed(table.plain(place)) else "l"


def _heads(table: "Table") -> list[str]:
    """The head in as many lines as the longest of them has, words at the bottom, units last."""
    columns = [[*column.head.split("\n"), *([f"({column.unit})"] if column.unit else [])] for column in table.columns]
    most = max(len(lines) for lines in columns)
    filled = [[""] * (most - len(lines)) + lines for lines in columns]
    return [_line([latex(lines[place]) for lines in filled]) for place in range(most)]


def _aligned(table: "Table", place: int) -> list[tuple[str, str, str]]:
    """The cells of a column with what is to be left blank before and behind each."""
    cells = [row[place] for row in table.rows]
    if not table.columns[place].numbers:
        return [("", cell, "") for cell in cells]
    middle = not followed(table.plain(place))
    return [
        (lacks.left, cell, lacks.right if middle else "")
        for cell, lacks in zip(cells, padding(table.plain(place)), strict=True)
    ]


def _cell(parts: tuple[str, str, str]) -> str:
    left, cell, right = parts
    return f"{_phantom(left)}{latex(cell)}{_phantom(right)}"


def _phantom(text: str) -> str:
    return rf"\phantom{{{text}}}" if text else ""


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def latex(text: str) -> str:
    r"""Text with marks as LaTeX that prints it, citations as commands.

    >>> latex("50 % of A & B [@flora1890; @pomona1901, Table 4]")
    '50 \\% of A \\& B~\\cite{flora1890}, \\cite[Table 4]{pomona1901}'
    """
    plain, pieces, end = strip_marks(text)[0], [], 0
    for match in CITATION.finditer(plain):
        pieces += [
            _escaped(plain[end : match.start()].removesuffix(" ")),
            "~" if plain[end : match.start()].endswith(" ") else "",
            _cite(match[0]),
        ]
        end = match.end()
    return "".join(pieces) + _escaped(plain[end:])


def _cite(citation: str) -> str:
    """One command for works without a place, one for each with a place."""
    found = [(key.rstrip(".:-"), place.strip()) for key, place in _CITED.findall(citation)]
    whole = ",".join(key for key, place in found if not place)
    commands = [rf"\cite{{{whole}}}"] if whole else []
    return ", ".join([*commands, *(rf"\cite[{_escaped(place)}]{{{key}}}" for key, place in found if place)])


def _escaped(text: str) -> str:
    made = "".join(_ESCAPES.get(character, character) for character in text)
    if strange := sorted(
        {
            character
            for character in text
            if not character.isascii() and character not in _ESCAPES and character not in _LETTERS
        }
    ):
        raise PageError(
            f"no LaTeX is known for {', '.join(map(repr, strange))}",
            where=text,
            remedy="add it to the escapes of tables/latex.py",
        )
    return made
