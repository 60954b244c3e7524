"""What LaTeX and BibTeX complained of, read from what they said.

Errors, references without a target, boxes that are too full.
"""

import re
from dataclasses import dataclass

_ERROR = re.compile(r"^(?:! |[^\s:]+:\d+: )(.+)$", re.MULTILINE)
_UNDEFINED = re.compile(
    r"^(?:LaTeX|Package \w+) Warning: ((?:Reference|Citation|Hyper reference) [`'][^']*' .*?undefined)", re.MULTILINE
)
_TWICE = re.compile(r"^LaTeX Warning: (Label [`'][^']*' multiply defined)", re.MULTILINE)
_OVERFULL = re.compile(r"^Overfull \\([hv])box \((\d+(?:\.\d+)?)pt too (?:wide|high)\)\s*(.*)$", re.MULTILINE)
_MISSING = re.compile(r"^(Missing character: .*)$", re.MULTILINE)
_PAGES = re.compile(r"^Output written on \S+ \((\d+) pages?", re.MULTILINE)
_BIBTEX = re.compile(r"^(?:Warning--|I couldn't|I found no|Repeated entry|Illegal|You're missing)(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Overfull:
    """A box that is too full: in which direction, by how many points, and where LaTeX says that it is."""

    direction: str
    points: float
    where: str


@dataclass(frozen=True, slots=True)
class TexLog:
    """A log's errors, undefined or double references, missing characters, overfull boxes, and the pages written."""

    errors: tuple[str, ...]
    undefined: tuple[str, ...]
    overfull: tuple[Overfull, ...]
    pages: int

    def fuller_than(self, points: float) -> list[Overfull]:
        """Boxes that stick out by more than so many points."""
        return [box for box in self.overfull if box.points > points]


def read_log(log: str) -> TexLog:
    r"""Read a log whose lines were not wrapped.

    >>> box = "Overfull \\hbox (7.5pt too wide) in paragraph at lines 3--4\n"
    >>> log = read_log(box + "LaTeX Warning: Reference `a' on page 1 undefined on\n")
    >>> log.fuller_than(5)[0].where, log.undefined, log.pages
    ('in paragraph at lines 3--4', ("Reference `a' on page 1 undefined",), 0)
    """
    pages = _PAGES.search(log)
    return TexLog(
        (*_ERROR.findall(log), *_MISSING.findall(log)),
        (*_UNDEFINED.findall(log), *_TWICE.findall(log)),
        tuple(Overfull(kind, float(points), where) for kind, points, where in _OVERFULL.findall(log)),
        int(pages[1]) if pages else 0,
    )


def bibtex_complaints(log: str) -> list[str]:
    r"""What BibTeX warned of or could not find.

    >>> bibtex_complaints('Database file #1: references.bib\nWarning--I found no entry for "x"\n')
    ['I found no entry for "x"']
    """
    return [complaint.strip() for complaint in _BIBTEX.findall(log)]
