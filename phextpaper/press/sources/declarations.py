"""What pages declare of themselves, read without running them."""

import ast
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from phextpaper.errors import PageError


def page_files(root: Path) -> list[Path]:
    """The files of all pages, in the order of their paths."""
    return sorted((root / "waves").rglob("w[0-9][0-9]_*.py"))


def hash_of(text: str) -> str:
    """A digest of a text, short enough for a state file."""
    return sha256(text.encode()).hexdigest()[:16]


def declaration(path: Path, root: Path) -> dict[str, Any]:
    """The declaration of a page by its file. Raises PageError as `declared` does."""
    return declared(path.read_text(encoding="utf-8"), path.relative_to(root).as_posix())


def declared(text: str, file: str) -> dict[str, Any]:
    """Number, name, needs, outputs, phase, minutes and further files of a page, from its text.

    Raises PageError for a syntax error, a page without a literal declaration, or one whose number is not that of its file.
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
                found = {key: fields[key] for key in ("n", "name", "needs", "output")}
                found |= {
                    "phase": fields.get("phase", 1),
                    "minutes": fields.get("minutes", 0),
                    "also": fields.get("also", ()),
                }
            except (ValueError, KeyError):
                raise PageError(
                    "the declaration is no list of literals with n, name, needs and output",
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
