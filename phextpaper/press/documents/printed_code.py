"""The Python that an artefact prints, run: checks call the code that the reader sees, not a copy of it."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from phextpaper.press.documents.markdown import Markdown


class PrintedCode:
    r"""The functions in the Python fences of an artefact, all fences read as one module in their order.

    >>> code = PrintedCode(Markdown("```python\ndef double(x):\n    return 2 * x\n```\n"))
    >>> code("double", 4), code("triple", 4), code.lines("double")
    (8, None, 2)
    """

    def __init__(self, text: Markdown) -> None:
        self._fences = [fence.text for fence in text.fences if fence.language == "python"]
        self._found: dict[str, Any] = {}
        try:
            exec(compile("\n".join(self._fences), text.name or "artefact", "exec"), self._found)
        except Exception:
            self._found = {}

    def __call__(self, name: str, *arguments: object) -> Any:
        """What a printed function returns; None where it is missing or fails, so that a check can say so."""
        try:
            return self._found[name](*arguments)
        except Exception:
            return None

    def lines(self, name: str) -> int | None:
        """Lines of a printed function, its first and its explanation included; None where it is missing."""
        for fence in self._fences:
            rows = fence.rstrip("\n").split("\n")
            for start, row in enumerate(rows):
                if row.startswith(f"def {name}("):
                    after = [place for place in range(start + 1, len(rows)) if rows[place][:1] not in ("", " ", ")")]
                    block = rows[start : after[0] if after else len(rows)]
                    return len("\n".join(block).rstrip().split("\n"))
        return None


def printed_functions(text: Markdown) -> dict[str, int]:
    """The functions in the Python fences of an artefact and the lines of each.

    Raises SyntaxError for what is no Python.
    """
    found: dict[str, int] = {}
    for fence in text.fences:
        if fence.language == "python":
            found |= {
                item.name: (item.end_lineno or item.lineno) - item.lineno + 1
                for item in ast.parse(fence.text).body
                if isinstance(item, ast.FunctionDef)
            }
    return found


@contextmanager
def noting_calls() -> Iterator[set[str]]:
    """Collect the names of the functions that run inside the block and were compiled from a text, not from a file."""
    ran: set[str] = set()
    before = sys.getprofile()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and not code.co_filename.endswith((".py", ".j2", ">")) and not code.co_name.startswith("<"):
            ran.add(code.co_name)

    sys.setprofile(note)
    try:
        yield ran
    finally:
        sys.setprofile(before)
