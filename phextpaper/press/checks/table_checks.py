"""Criteria that tables share: the caption, the cells, the same table in LaTeX."""

import re
from collections.abc import Sequence

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.documents.markdown import CITATION
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import CLOSE, MIDDLE, OPEN, strip_marks
from phextpaper.press.tables.latex import latex
from phextpaper.press.tables.table import NOT_REPORTED, Table
from phextpaper.press.wave import Verdict, Wave, all_of

_PHANTOM = re.compile(r"\\phantom\{[^}]*\}")


def table(built: Artefacts, page: Wave, made: Table) -> Verdict:
    """The artefact begins with its caption and shows the table cell by cell, units in its heads.

    Its LaTeX says the same.
    """
    text = built.markdown()
    wanted = f"Table {made.number}: {strip_marks(made.caption)[0]}"
    first = text.headings[0].text if text.headings and text.headings[0].line == 1 else ""
    rows = [tuple(strip_marks(cell)[0] for cell in row) for row in made.rows]
    return all_of(
        Verdict(first == wanted, repr(wanted), repr(first), text.name),
        checks.cells_equal(text, heads(made), rows),
        checks.no_placeholder(text),
        in_latex(built, page),
    )


def heads(made: Table) -> tuple[str, ...]:
    """The heads of a table as a reader sees them."""
    return tuple(strip_marks(column.title)[0] for column in made.columns)


def in_latex(built: Artefacts, page: Wave) -> Verdict:
    """Caption and cells of the Markdown stand in the LaTeX beside it, and no mark does."""
    text, path = built.markdown(), next(path for path in page.also if path.endswith(".tex"))
    tex = built.text(path)
    body = tex.partition("\\midrule\n")[2].partition("\\bottomrule")[0]
    seen = [
        _PHANTOM.sub("", line.removesuffix(r" \\")).split(" & ") for line in body.splitlines() if line.endswith(r" \\")
    ]
    rows = [[latex(cell) for cell in row] for row in text.tables[0].rows] if text.tables else []
    wrong = next((row for row, other in zip(rows, seen, strict=False) if row != other), None)
    marks = [mark for mark in (OPEN, MIDDLE, CLOSE) if mark in tex]
    caption = latex(text.headings[0].text.partition(": ")[2]) if text.headings else ""
    told = f"\\caption{{{caption}}}" in tex
    right = bool(rows) and len(rows) == len(seen) and wrong is None and told and not marks
    saw = (
        "a mark"
        if marks
        else "another caption"
        if not told
        else f"{len(seen)} rows" + (f", not {' & '.join(wrong)}" if wrong else "")
    )
    return Verdict(right, f"the same {len(rows)} rows in LaTeX", saw, path)


def each_cited(built: Artefacts, columns: Sequence[str], but: Sequence[str] = ()) -> Verdict:
    """Each cell of these columns has a citation, or says that nothing was reported, or is one of the words `but`."""
    text = built.markdown()
    found = text.tables[0] if text.tables else None
    cells = (
        [(head, cell, found.line + 2 + place) for head in columns for place, cell in enumerate(found.column(head))]
        if found
        else []
    )
    bare = [
        f"{cell!r} under {head!r} in line {line}"
        for head, cell, line in cells
        if not CITATION.search(cell) and cell not in (NOT_REPORTED, *but)
    ]
    return Verdict(
        bool(cells) and not bare,
        "a citation in every cell, or 'not reported'",
        "; ".join(bare[:3]) or f"{len(cells)} cells",
        text.name,
    )


def cited_or_computed(built: Artefacts, q: Quantities) -> Verdict:
    """Each number that was read in a work stands in a cell with its citation, and no other cell cites."""
    text, wrong, numbers = built.markdown(), [], 0
    first = text.tables[0].line if text.tables else 0
    last = first + 1 + len(text.tables[0].rows) if text.tables else -1
    for place in built.printed():
        if first + 1 < place.line <= last:
            line, numbers = text.lines[place.line - 1], numbers + 1
            start = line.rfind("| ", 0, place.column) + 2
            cell, quantity = line[start : line.find(" |", start)], q[place.id]
            if bool(CITATION.search(cell)) != bool(quantity.key) or quantity.key not in cell:
                wrong.append(f"{place.id} in line {place.line}: {' '.join(cell.split())!r}")
    return Verdict(
        bool(numbers) and not wrong,
        "every number cited where it was read, or computed",
        "; ".join(wrong[:3]) or f"{numbers} numbers",
        text.name,
    )
