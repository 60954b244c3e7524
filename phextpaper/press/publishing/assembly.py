"""The whole paper from its parts: sections in order, exhibits after the paragraph that first names them, references.

Every part is a text with marks, so that each number keeps its name in the whole.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from phextpaper.press.documents.markdown import CITATION, CITATION_KEY
from phextpaper.press.noting import Noting
from phextpaper.press.quantity import CLOSE, MIDDLE, OPEN, Print, strip_marks
from phextpaper.press.sources.bibliography import Entry

_FENCE = re.compile(r"^(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#+) (.*)$")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure or a table: its kind, number, caption, and the Markdown that shows it; texts with marks."""

    kind: str
    number: int
    caption: str
    body: str

    @property
    def name(self) -> str:
        """As the text refers to it: ``Figure 3``."""
        return f"{self.kind} {self.number}"

    @property
    def anchor(self) -> str:
        """Its target for links."""
        return f"{self.kind.lower()}-{self.number}"


def marked(text: str, prints: Sequence[Print]) -> str:
    r"""A finished text with the marks of its numbers put back: what `strip_marks` takes apart.

    >>> strip_marks(marked("5 trees\n", [Print(1, 1, "orchard.trees", "5")]))[1][0].id
    'orchard.trees'
    """
    lines = text.split("\n")
    for item in sorted(prints, key=lambda item: (item.line, item.column), reverse=True):
        line, start = lines[item.line - 1], item.column - 1
        if line[start : start + len(item.text)] == item.text:
            lines[item.line - 1] = (
                f"{line[:start]}{OPEN}{item.id}{MIDDLE}{item.text}{CLOSE}{line[start + len(item.text) :]}"
            )
    return "\n".join(lines)


def marked_artefact(q: Noting, path: str) -> str:
    """A text that a wave has made, with its marks. Raises FileNotFoundError for one that was not built."""
    text = q.artefact(path).decode("utf-8")
    return marked(text, [Print(*place) for place in q.printed(path)])


def is_caption(line: str) -> bool:
    """Whether a line of the assembled paper captions or lists a figure or table, and so refers to none."""
    return line.lstrip().startswith(("![", "**Table", "- [Figure", "- [Table"))


def figure(number: int, caption: str, path: str) -> Exhibit:
    """A figure shown by its file."""
    return Exhibit("Figure", number, caption, f'<a id="figure-{number}"></a>\n\n![Figure {number}: {caption}]({path})')


def table(number: int, text: str) -> Exhibit:
    """A table from its own artefact, which begins with its caption: ``# Table 2: …`` or the same in bold."""
    head, _, body = text.strip().partition("\n")
    caption = re.sub(rf"^[#*\s]*Table {number}[.:]\s*|[*\s]*$", "", head)
    return Exhibit(
        "Table", number, caption, f'<a id="table-{number}"></a>\n\n**Table {number}: {caption}**\n\n{body.strip()}'
    )


def assemble(
    title: str, note: str, sections: Sequence[str], exhibits: Sequence[Exhibit], bibliography: Mapping[str, Entry]
) -> str:
    """The paper: title, a note in italics, abstract, contents and lists, all sections one level down, and references.

    `sections` begins with the abstract. An exhibit stands after the first paragraph that refers to it; one that no
    paragraph refers to stands nowhere, which the lists show.
    """
    waiting = {exhibit.name: exhibit for exhibit in exhibits}
    abstract, *rest = ["\n\n".join(_placed(_lowered(text), waiting)) for text in sections]
    body = "\n\n".join(rest)
    shown = [exhibit for exhibit in exhibits if exhibit.name not in waiting]
    lists = "\n\n".join(_listed(kind, [one for one in shown if one.kind == kind]) for kind in ("Figure", "Table"))
    cited = cited_keys("\n".join([abstract, body]))
    return (
        "\n\n".join(
            [
                f"# {title}",
                f"*{note}*",
                abstract,
                "## Contents",
                contents(f"{body}\n\n## References\n"),
                lists,
                body,
                "## References",
                "\n".join(reference(bibliography[key]) for key in cited if key in bibliography),
            ]
        )
        + "\n"
    )


def _listed(kind: str, exhibits: Sequence[Exhibit]) -> str:
    return "\n".join(
        [f"## List of {kind.lower()}s", "", *(f"- [{one.name}: {one.caption}](#{one.anchor})" for one in exhibits)]
    )


def contents(text: str) -> str:
    """The headings of the second and third level as nested links."""
    found = [match for line in _outside_code(text) if (match := _HEADING.match(line)) and len(match[1]) in (2, 3)]
    return "\n".join(f"{'  ' * (len(match[1]) - 2)}- [{match[2]}](#{slug(match[2])})" for match in found)


def slug(heading: str) -> str:
    """The target of a heading, as readers of Markdown make it.

    >>> slug("1.2 The fixed-topology problem")
    '12-the-fixed-topology-problem'
    """
    text = unicodedata.normalize("NFC", strip_marks(heading)[0]).lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text).strip())


def cited_keys(text: str) -> list[str]:
    """Keys of all works cited, by name."""
    return sorted({key for found in CITATION.finditer(text) for key in CITATION_KEY.findall(found[0])})


def reference(entry: Entry) -> str:
    """A line of the reference list.

    >>> reference(Entry("young1974", "Young", "A First Order Approximation", "CACM", 1974))
    '- **[young1974]** Young. *A First Order Approximation*. CACM, 1974.'
    """
    authors = entry.authors.rstrip(".")
    where = [entry.venue, str(entry.year)] if str(entry.year) not in entry.venue else [entry.venue]
    number = (
        f" doi:{entry.doi}."
        if entry.doi
        else f" arXiv:{entry.arxiv}."
        if entry.arxiv
        else f" <{entry.url}>."
        if entry.url
        else ""
    )
    return f"- **[{entry.key}]** {authors}. *{entry.title}*. {', '.join(where)}.{number}"


def _lowered(text: str) -> str:
    """All headings one level down; code untouched."""
    inside, lines = False, []
    for line in text.strip().split("\n"):
        inside ^= bool(_FENCE.match(line))
        lines.append(f"#{line}" if not inside and _HEADING.match(line) else line)
    return "\n".join(lines)


def _placed(text: str, waiting: dict[str, Exhibit]) -> Iterator[str]:
    """The blocks of a section, each followed by the exhibits that it is the first to name."""
    for block in _blocks(text):
        yield block
        if not block.startswith(("#", "```", "|")):
            for name in [name for name in waiting if _names(strip_marks(block)[0], name)]:
                yield waiting.pop(name).body


def _names(block: str, name: str) -> bool:
    """Whether a block refers to a figure or table, alone or in a list such as ``Figures 1 and 2``."""
    kind, number = name.split()
    return any(
        number in re.findall(r"\d+", match[0])
        for match in re.finditer(rf"\b{kind}s?\s\d+(?:(?:, | and | to )\d+)*", block)
    )


def _blocks(text: str) -> Iterator[str]:
    """Runs of lines between blank lines; a fence with its blank lines is in one run."""
    run: list[str] = []
    inside = False
    for line in text.split("\n"):
        if not line.strip() and not inside:
            if run:
                yield "\n".join(run)
            run = []
            continue
        inside ^= bool(_FENCE.match(line))
        run.append(line)
    if run:
        yield "\n".join(run)


def _outside_code(text: str) -> Iterator[str]:
    inside = False
    for line in text.split("\n"):
        inside ^= bool(_FENCE.match(line))
        if not inside:
            yield line
