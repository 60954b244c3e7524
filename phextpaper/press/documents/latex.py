r"""A LaTeX paper read back: class, headings, floats, formulas, labels, references, citations; and keys of a .bib file.

>>> body = "\\section{A \\emph{b}}\\label{sec:1}\\cite{x,y}\\ref{sec:2}"
>>> text = Latex("\\documentclass[conference]{IEEEtran}\\begin{document}" + body + "\\end{document}")
>>> text.document_class, [heading.text for heading in text.headings], text.cited, text.unresolved
(('IEEEtran', ('conference',)), ['A b'], ('x', 'y'), ('sec:2',))
"""

import re
from dataclasses import dataclass
from functools import cached_property

from phextpaper.press.documents.markdown import Heading

_LEVELS = {"section": 1, "subsection": 2, "subsubsection": 3}
_HEADING = re.compile(r"\\((?:sub){0,2}section)\*?\{")
_VERBATIM = re.compile(r"\\begin\{lstlisting\}.*?\\end\{lstlisting\}", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%.*")
_CITATION = re.compile(r"\\cite(?:\[[^\]]*\])?\{([^}]*)\}")
_COMMAND = re.compile(r"\\[a-zA-Z]+\*?|[{}~]")
_ENTRY = re.compile(r"^@(\w+)\{\s*([^,\s]+)\s*,", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Float:
    """A figure or table: its environment, label, graphics and whether it holds a tabular."""

    environment: str
    label: str
    graphics: tuple[str, ...]
    tabular: bool


class Latex:
    """A LaTeX text and what it consists of; listings and comments do not count."""

    def __init__(self, text: str, name: str = "") -> None:
        self.text, self.name = text, name
        self.lines = text.splitlines()
        self.body = _COMMENT.sub("", _VERBATIM.sub("", text))

    @property
    def document_class(self) -> tuple[str, tuple[str, ...]]:
        """The class and its options; empty where there is none."""
        match = re.search(r"\\documentclass(?:\[([^\]]*)\])?\{(\w+)\}", self.body)
        return (match[2], tuple(filter(None, (match[1] or "").split(",")))) if match else ("", ())

    @cached_property
    def headings(self) -> list[Heading]:
        """Sections as people read them.

        Level from 1, text without commands, line from 1 in the text without listings.
        """
        return [
            Heading(
                _LEVELS[match[1]],
                plain(_braced(self.body, match.end() - 1)),
                self.body.count("\n", 0, match.start()) + 1,
            )
            for match in _HEADING.finditer(self.body)
        ]

    @cached_property
    def floats(self) -> list[Float]:
        """Figures and tables in order."""
        return [
            Float(
                match[1],
                _first(r"\\label\{([^}]*)\}", match[2]),
                tuple(re.findall(r"\\includegraphics(?:\[[^\]]*\])?\{([^}]*)\}", match[2])),
                "\\begin{tabular" in match[2],
            )
            for match in re.finditer(r"\\begin\{(figure\*?|table\*?)\}(.*?)\\end\{\1\}", self.body, re.DOTALL)
        ]

    @property
    def equations(self) -> int:
        """Displayed formulas."""
        return len(re.findall(r"\\begin\{equation\*?\}|(?<!\\)\\\[", self.body))

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels in order, each as often as it stands there."""
        return tuple(re.findall(r"\\label\{([^}]*)\}", self.body))

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Labels that are referred to and are not there."""
        wanted = dict.fromkeys(re.findall(r"\\(?:eq)?ref\{([^}]*)\}", self.body))
        return tuple(label for label in wanted if label not in self.labels)

    @property
    def cited(self) -> tuple[str, ...]:
        """Keys cited, in order of first use."""
        return tuple(
            dict.fromkeys(key.strip() for match in _CITATION.finditer(self.body) for key in match[1].split(","))
        )


def plain(text: str) -> str:
    r"""LaTeX as text, without commands.

    >>> plain("From \\emph{ID} to~\\texttt{x\\_y} \\& more")
    'From ID to x_y & more'
    """
    return " ".join(
        _COMMAND.sub(lambda match: " " if match[0] == "~" else "", re.sub(r"\\([&%#_$])", r"\1", text)).split()
    )


def bib_keys(text: str) -> list[str]:
    """Keys of the works in a .bib file, in order; what controls a style is no work."""
    return [
        key
        for kind, key in _ENTRY.findall(text)
        if kind.lower() not in ("ieeetranbstctl", "string", "comment", "preamble")
    ]


def _braced(text: str, place: int) -> str:
    """What stands between the brace at a place and the one that closes it."""
    depth = 0
    for end in range(place, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0) if text[end - 1] != "\\" else 0
        if not depth:
            return text[place + 1 : end]
    return text[place + 1 :]


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else ""
