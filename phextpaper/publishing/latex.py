"""The paper as LaTeX, in IEEE's conference class: one file that stands with its figures and its bibliography."""

from phextpaper.publishing.pandoc import Read, convert

FILTERS = ("filters/columns.lua", "filters/structure.lua", "filters/latex.lua")
FRAME = "frames/ieee.tex"
AUTHOR = "The phextpaper project"
SUBJECT = "A design study: every number is computed from a description of the machine, or cited"
KEYWORDS = "computer networks, optical circuit switches, torus networks, machine learning accelerators, naming, reliability, sparse embeddings"


def write(markdown: str, read: Read) -> str:
    """The assembled paper as LaTeX."""
    title = markdown.partition("\n")[0].removeprefix("# ").strip()
    return convert(markdown, "latex", read=read, filters=FILTERS, frame=FRAME,
                   variables={"author": AUTHOR, "subject": SUBJECT, "keywords": KEYWORDS, "title-text": title})
