"""Pages of where numbers come from.

One a subject, with every number's lineage, and one for each file that a number names as its source.
"""

import re
from collections import Counter
from html import escape
from typing import Any

from markupsafe import Markup

from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.website.places import code_page, number_anchor, subject_page
from phextpaper.press.website.shell import Shell
from phextpaper.press.website.texts import Texts

KINDS = ("computed", "cited", "assumed", "measured")
DEPENDENTS = 12
_SOURCE = re.compile(r"([\w./-]+\.(?:py|toml))(?::(\d+))?$")
_WORK = re.compile(r"([A-Za-z][\w:-]*)(.*)$", re.DOTALL)
_INTRODUCED = {
    "machine": "What describes the machine: chosen, or cited from its makers.",
    "facts": "What others reported, each with the work where it was read.",
    "measured": "What was measured on one machine, on request, and is read like a cited fact.",
}


def pages(texts: Texts, shell: Shell) -> dict[str, bytes]:
    """Every page of numbers and of source files by its place."""
    material = texts.material
    subjects: dict[str, list[dict[str, Any]]] = {}
    for id, number in material.numbers.items():
        subjects.setdefault(id.partition(".")[0], []).append(number)
    sources = {id: _source(number["source"], material.code) for id, number in material.numbers.items()}
    dependents: dict[str, list[str]] = {}
    for id, number in material.numbers.items():
        for used in number["uses"]:
            dependents.setdefault(used, []).append(id)
    places = _places(texts)
    found = {}
    intros = {subject: _introduction(subject, material.paper.subjects, material.code) for subject in subjects}
    for subject, numbers in subjects.items():
        page = subject_page(subject)
        entries = [
            {
                "number": number,
                "exact": _exact(number),
                "source": sources[number["id"]],
                "work": _work(number, material.bibliography),
                "dependents": dependents.get(number["id"], []),
                "places": places.get(number["id"], []),
            }
            for number in numbers
        ]
        found[page] = shell.page(
            page,
            "subject.html",
            title=f"Numbers: {subject}",
            current="Numbers",
            subject=subject,
            introduction=intros[subject],
            entries=entries,
            known=material.numbers,
            subject_page=subject_page,
            limit=DEPENDENTS,
        )
    rows = [
        (subject, intros[subject], len(numbers), Counter(number["kind"] for number in numbers))
        for subject, numbers in subjects.items()
    ]
    found["quantities/index.html"] = shell.page(
        "quantities/index.html",
        "numbers.html",
        title="Numbers",
        current="Numbers",
        rows=rows,
        kinds=KINDS,
        subject_page=subject_page,
        total=len(material.numbers),
    )
    files = {file for source in sources.values() if source for file in [source[0]]} | {
        page.file for page in material.pages.values()
    }
    for file in sorted(files):
        page = code_page(file)
        found[page] = shell.page(
            page, "code.html", title=file, current="Numbers", file=file, lines=_lines(material.code.text(file))
        )
    return found


def _source(source: str, code: CodeIndex) -> tuple[str, int] | None:
    """The file and line where a number is computed or chosen, if that is a file of the project."""
    found = _SOURCE.match(source)
    if not found or found[1].startswith("/") or ".." in found[1].split("/") or not code.holds(found[1]):
        return None
    return found[1], int(found[2] or 1)


def _work(number: dict[str, Any], bibliography: dict[str, Any]) -> tuple[str, str] | None:
    """The key of the work where a number was read, and the place in it."""
    found = _WORK.match(number["source"])
    return (found[1], found[2]) if number["kind"] == "cited" and found and found[1] in bibliography else None


def _exact(number: dict[str, Any]) -> str:
    """The stored value, where the printed text rounds or groups it."""
    value = str(number["value"])
    return (
        value
        if isinstance(number["value"], int | float)
        and not isinstance(number["value"], bool)
        and value != number["text"]
        else ""
    )


def _places(texts: Texts) -> dict[str, list[tuple[str, str, list[tuple[str, int]]]]]:
    """Where each number is printed: for each artefact its page, its title, and anchors with their lines."""
    found: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for path in texts.material.data:
        for item in texts.material.prints.get(path, []):
            found.setdefault(item.id, {}).setdefault(path, []).append(
                (number_anchor(item.line, item.column), item.line)
            )
    page_of = texts.material.page_of
    return {
        id: [(page_of(path), texts.title(path), anchors) for path, anchors in by_path.items()]
        for id, by_path in found.items()
    }


def _introduction(subject: str, folder: str, code: CodeIndex) -> str:
    """The first sentence of what a subject's file says of itself."""
    file = f"{folder}/{subject}.py"
    if subject in _INTRODUCED or not code.holds(file):
        return _INTRODUCED.get(subject, "")
    found = re.match(r'"""(.+?)(?:\n\n|""")', code.text(file), re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _lines(text: str) -> Markup:
    return Markup(
        "\n".join(
            f'<span id="L{number}">{escape(line, quote=False)}</span>'
            for number, line in enumerate(text.splitlines(), 1)
        )
    )
