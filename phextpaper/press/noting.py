"""What is read from outside while something is computed or rendered, each noted with a digest: files, settings, tools.

A note is a key, such as ``file:reference/facts.toml``, and sixteen hexadecimal digits that change when what was read
changes.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import Any, Protocol

from phextpaper.press.paper import FILE, Paper, find_root, load_paper, located
from phextpaper.press.quantity import Places, digest
from phextpaper.press.sources.tools import installed

Reads = dict[str, str]
"""What was read: key to digest."""


class Code(Protocol):
    """What noting needs to know of the code: digests that comments do not change, and the text of a function."""

    def closure_digest(self, file: str) -> str:
        """One digest of a file and everything it imports."""

    def function_text(self, file: str, name: str) -> str:
        """The source of a function."""


class Noting:
    """Reads from a paper's folder and from a build, and notes what was read for whoever asked to be told."""

    def __init__(
        self,
        root: Path | None,
        built: Path | None,
        code: Code | None,
        settings: Mapping[str, str] | None,
        printed: Callable[[str], Places] | None,
    ) -> None:
        self._root = find_root() if root is None else root
        self._built, self._code, self._printed = built, code, printed
        self._settings = dict(settings or {})
        self._frames: list[Reads] = []

    @property
    def root(self) -> Path:
        """The paper's folder, for sources that read whole files; note them with `file`."""
        return self._root

    @property
    def paper(self) -> Paper:
        """What is particular to the paper, noted as read."""
        self.file(FILE)
        return self._paper

    @property
    def _paper(self) -> Paper:
        return load_paper(self._root)

    def file(self, name: str) -> bytes:
        """A file of the paper, or of the build as ``build:<path>``, noted as read; that one is missing is noted too.

        Raises OSError, in most cases FileNotFoundError, for one that cannot be read.
        """
        try:
            data = self._path(name).read_bytes()
        except OSError:
            self._note(f"file:{name}", "")
            raise
        self._note(f"file:{name}", sha256(data).hexdigest()[:16])
        return data

    def file_if_there(self, name: str) -> bytes:
        """The same, but nothing for a file that a paper may have and this one has not."""
        try:
            return self.file(name)
        except FileNotFoundError:
            return b""

    def artefact(self, path: str) -> bytes:
        """A finished artefact of the build, noted as read. Raises FileNotFoundError for one that was not built."""
        return self.file(f"build:{self._paper.output}/{path}")

    def setting(self, name: str) -> str:
        """A word given for this run, or an empty one."""
        value = self._settings.get(name, "")
        self._note(f"setting:{name}", digest(value))
        return value

    def tool(self, name: str) -> str:
        """Which version of a program is installed, empty where it is not: so it counts when it comes, changes or goes.

        Raises InputError for a program that no build uses.
        """
        version = installed(name)
        self._note(f"tool:{name}", digest(version))
        return version

    def listing(self, function: Callable[..., Any]) -> str:
        """The source text of a function that an artefact prints, so that even a comment in it counts.

        Raises KeyError where its file does not define it by that name.
        """
        file, name = f"{function.__module__.replace('.', '/')}.py", function.__qualname__
        text = self._code.function_text(file, name) if self._code else _source(function)
        self._note(f"listing:{file}:{name}", digest(text))
        return text

    def printed(self, path: str) -> Places:
        """Where an artefact prints which quantity (line, column, id, text); empty for what was not built."""
        places = self._printed(path) if self._printed else []
        self._note(f"printed:{path}", digest(places))
        return places

    @contextmanager
    def noting(self) -> Iterator[Reads]:
        """Collect what is read inside the block: key to digest."""
        frame: Reads = {}
        self._frames.append(frame)
        try:
            yield frame
        finally:
            self._frames.pop()

    def digest_of(self, key: str) -> str:
        """What a noted key would be noted with now.

        Empty for what is gone, and for keys of no kind that is known here.
        """
        kind, _, name = key.partition(":")
        if kind == "file":
            return sha256(self._path(name).read_bytes()).hexdigest()[:16]
        if kind == "printed":
            return digest(self._printed(name) if self._printed else [])
        if kind == "setting":
            return digest(self._settings.get(name, ""))
        if kind == "tool":
            return digest(installed(name))
        if kind == "listing" and self._code:
            file, _, function = name.partition(":")
            return digest(self._code.function_text(file, function))
        return ""

    def _note(self, key: str, seen: str) -> None:
        if self._frames:
            self._frames[-1][key] = seen

    def _path(self, name: str) -> Path:
        if name.startswith("build:"):
            if self._built is None:
                raise FileNotFoundError(name)
            return self._built / name.removeprefix("build:")
        return located(self._root, name)


def _source(function: Callable[..., Any]) -> str:
    from inspect import getsource

    assert isinstance(function, FunctionType)
    return getsource(function)
