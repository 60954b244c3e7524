"""The subjects of a paper: the files that define its quantities, and the names that each of them gives.

A subject's file is loaded when something of it is first asked for. Names that an earlier build found are used again
while the code of the subject and everything that its names depend on are unchanged.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from itertools import product
from typing import Any, Protocol

from phextpaper.errors import PageError
from phextpaper.press.noting import Reads
from phextpaper.press.paper import Paper, load_code, located
from phextpaper.press.quantity import Definition, definitions

Keys = tuple[str, ...]


class Asker(Protocol):
    """Whose names these are: notes what is read, and knows whether it changed."""

    def noting(self) -> AbstractContextManager[Reads]:
        """Collect what is read inside a block."""

    def unchanged(self, reads: Mapping[str, str]) -> str:
        """Empty if everything read is as it was."""

    def digest_of_code(self, id: str) -> str:
        """One digest of the code of the subject that an id belongs to."""


class Subjects:
    """Definitions by id, subject by subject.

    `stored` are the names that an earlier build found, `fresh` takes those found anew.
    """

    def __init__(self, asker: Asker, paper: Paper, stored: Mapping[str, Any], fresh: dict[str, Any]) -> None:
        self._asker, self._paper, self._stored, self._fresh = asker, paper, stored, fresh
        self._found: dict[str, dict[str, tuple[Definition, Keys]]] = {}

    def file(self, id: str) -> str:
        """The file of the subject that an id belongs to, below the paper's folder."""
        return f"{self._paper.subjects}/{id.partition('.')[0]}.py"

    def definition(self, id: str) -> tuple[Definition, Keys] | None:
        """How an id is defined, and with which keys; None where it is not."""
        return self._defined(id.partition(".")[0]).get(id)

    def names(self, subject: str) -> list[str]:
        """Every id of a subject, intermediate results included, in the order of their definition."""
        stored = self._stored.get(subject)
        if (
            subject not in self._found
            and stored
            and stored["code"] == self._asker.digest_of_code(subject)
            and not self._asker.unchanged(stored["reads"])
        ):
            return list(stored["names"])
        return list(self._defined(subject))

    def _defined(self, subject: str) -> dict[str, tuple[Definition, Keys]]:
        if subject in self._found:
            return self._found[subject]
        file, found = self.file(subject), self._found.setdefault(subject, {})
        if not located(self._paper.root, file).is_file():
            return found
        module = load_code(self._paper.root, file.removesuffix(".py").replace("/", "."))
        with self._asker.noting() as reads:
            # Names that depend on other results come second: they may ask for the first.
            for definition in sorted(definitions(module), key=lambda item: callable(item.each)):
                for keys in self._expand(definition):
                    id = definition.path.format(*keys)
                    if not id.startswith(f"{subject}.") or id in found:
                        raise PageError(
                            f"{id} is defined twice or under another subject's name",
                            where=file,
                            remedy="give each quantity one id that begins with its file's name",
                        )
                    found[id] = definition, keys
        self._fresh[subject] = {"names": list(found), "reads": reads, "code": self._asker.digest_of_code(subject)}
        return found

    def _expand(self, definition: Definition) -> Iterator[Keys]:
        """The keys of each id: one row after another, or all combinations where the one row holds sequences."""
        if definition.each is None:
            return iter([()])
        each: Iterable[Any] = definition.each(self._asker) if callable(definition.each) else definition.each
        rows = [entry if isinstance(entry, tuple) else (entry,) for entry in each]
        if rows and all(isinstance(part, (tuple, list)) for part in rows[0]):
            return product(*rows[0])
        return iter(rows)
