"""The paper as LaTeX, in IEEE's conference class: one file that stands with its figures and its bibliography."""

import re
from collections.abc import Mapping

from phextpaper.press.paper import Paper
from phextpaper.press.publishing.pandoc import Read, convert

FILTERS = ("filters/columns.lua", "filters/structure.lua", "filters/latex.lua")
FRAME = "frames/ieee.tex"
_FLOAT = re.compile(r"\\begin\{(table\*?)\}.*?\\label\{tab:(\d+)\}.*?\\end\{\1\}", re.DOTALL)
_SECTION = re.compile(r"\b(Section)[ ~](\d+(?:\.\d+)*)")


def about(paper: Paper) -> dict[str, str]:
    """What a PDF says of itself."""
    return {"author": ", ".join(paper.authors), "subject": paper.subject, "keywords": ", ".join(paper.keywords)}


def write(markdown: str, read: Read, paper: Paper, tables: Mapping[int, str] | None = None) -> str:
    """The assembled paper as LaTeX.

    Of `tables` those that came with a float of their own, by number, stand in the place of its.
    """
    title = markdown.partition("\n")[0].removeprefix("# ").strip()
    text = convert(
        markdown, "latex", read=read, filters=FILTERS, frame=FRAME, variables={**about(paper), "title-text": title}
    )
    own = {number: _linked(table, text) for number, table in (tables or {}).items()}
    return _FLOAT.sub(lambda match: own.get(int(match[2]), match[0]), text)


def _linked(table: str, paper: str) -> str:
    """A table's float with the sections that it names as links."""
    return _SECTION.sub(
        lambda match: rf"{match[1]}~\ref{{sec:{match[2]}}}" if rf"\label{{sec:{match[2]}}}" in paper else match[0],
        table.strip(),
    )
