"""What pages declare of themselves, read without running them."""

import ast
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from phextpaper.errors import PageError
from phextpaper.press.paper import WAVES

BOUNDS = ("size_kb", "words", "pages", "canvas")
"""What a wave may say of the size of its outputs, each as a smallest and a largest."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a page asks of its artefacts.

    Its own first words, criteria with their sentences, questions of its review.
    """

    contents: str
    criteria: dict[str, str]
    review: tuple[str, ...]


def page_files(root: Path) -> list[Path]:
    """The files of all pages, in the order of their paths."""
    return sorted((root / WAVES).rglob("w[0-9][0-9]_*.py"))


def hash_of(text: str) -> str:
    """A digest of a text, short enough for a state file."""
    return sha256(text.encode()).hexdigest()[:16]


_USUAL: dict[str, Any] = {"needs": (), "phase": 1, "minutes": 0, "also": ()}


def declared(text: str, file: str) -> dict[str, Any]:
    """Number, name, needs, outputs, phase, minutes, bounds and further files of a page, from its text.

    Raises PageError for a syntax error, a page without a literal declaration, or one whose number is not that of its
    file.
    """
    try:
        tree = ast.parse(text, filename=file)
    except SyntaxError as problem:
        raise PageError(f"{problem.msg}", where=f"{file}:{problem.lineno}", remedy="mend the line") from None
    for item in tree.body:
        if (
            isinstance(item, ast.Assign)
            and isinstance(item.value, ast.Call)
            and getattr(item.value.func, "id", "") == "Wave"
        ):
            try:
                fields = {word.arg: ast.literal_eval(word.value) for word in item.value.keywords}
                found: dict[str, Any] = {key: fields[key] for key in ("n", "name", "output")}
                found |= {key: fields.get(key, usual) for key, usual in _USUAL.items()}
                found["bounds"] = {key: fields[key] for key in BOUNDS if fields.get(key)}
            except (ValueError, KeyError):
                raise PageError(
                    "the declaration is no list of literals with n, name and output",
                    where=f"{file}:{item.lineno}",
                    remedy="write the values themselves; see CONTRIBUTING.md",
                ) from None
            number = re.search(r"w(\d\d)_[^/]*$", file)
            if number is None or int(number[1]) != found["n"]:
                raise PageError(
                    f"the file's name and n = {found['n']} disagree",
                    where=f"{file}:{item.lineno}",
                    remedy="rename the file",
                )
            return found
    raise PageError(
        "there is no `page = Wave(...)`", where=file, remedy="begin the page with its declaration; see CONTRIBUTING.md"
    )


def demands(text: str) -> Demands:
    """What the text of a page asks for, where each criterion and each answer is a function marked with `page`.

    A page of which `declared` has found the declaration can be read; another raises SyntaxError.
    """
    tree = ast.parse(text)
    criteria: dict[str, str] = {}
    review: list[str] = []
    for item in tree.body:
        for mark in item.decorator_list if isinstance(item, ast.FunctionDef) else ():
            name = ast.unparse(mark.func if isinstance(mark, ast.Call) else mark)
            if isinstance(item, ast.FunctionDef) and name == "page.criterion":
                criteria[item.name.replace("_", "-")] = " ".join((ast.get_docstring(item) or "").split())
            elif isinstance(mark, ast.Call) and name == "page.review" and isinstance(mark.args[0], ast.Constant):
                review.append(str(mark.args[0].value))
    first = (ast.get_docstring(tree) or "").partition("\n\n")[0]
    return Demands(" ".join(first.split()), criteria, tuple(review))
