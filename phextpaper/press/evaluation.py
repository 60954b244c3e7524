"""Quantities by name: each is computed when it is first asked for, once, and remembers what it read.

What a computation reads is noted while it runs, so lineage ('uses') and staleness ('reads') are by-products and cannot be
forgotten. A stored value is used again only while the code of its subject and everything it read are unchanged.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, Protocol

from phextpaper.errors import PageError
from phextpaper.press import kept
from phextpaper.press.paper import FILE, Paper, find_root, load_paper
from phextpaper.press.parameters import Description, Machine
from phextpaper.press.quantity import Definition, Quantity, definitions, digest, scalar
from phextpaper.press.sources.facts import load_facts, load_measured
from phextpaper.press.sources.tools import installed


class Code(Protocol):
    """What evaluation needs to know of the code: digests that comments do not change, and the text of a function."""

    def closure_digest(self, file: str) -> str:
        """One digest of a file and everything it imports."""

    def function_text(self, file: str, name: str) -> str:
        """The source of a function."""


class Quantities:
    """All named numbers of one machine, as attributes: ``q.layout.active_chips``.

    `store` holds what an earlier build computed (quantities, nodes, key lists) and is used only with `code`; what is computed anew
    stands in `fresh`. `settings` are words given for this run, such as the path of a PDF; `printed` tells where an artefact prints what.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        root: Path | None = None,
        built: Path | None = None,
        code: Code | None = None,
        store: dict | None = None,
        scratch: Path | None = None,
        settings: dict[str, str] | None = None,
        printed: Callable[[str], list] | None = None,
    ) -> None:
        self._root = find_root() if root is None else root
        self._built, self._code, self._scratch, self._printed = built, code, scratch, printed
        self._settings = settings or {}
        self._store = store if store is not None and code is not None else {}
        self.fresh: dict[str, dict] = {"quantities": {}, "subjects": {}, "nodes": {}}
        self._values: dict[str, Quantity] = dict(machine.quantities())
        self._nodes: dict[str, tuple[object, dict[str, str]]] = {}
        self._subjects: dict[str, dict] = {}
        self._planned: Quantities | None = None
        self._planned_digest = ""
        self._frames: list[dict[str, str]] = []
        self._checking: set[str] = set()
        self._loaded: set[str] = {"machine"}

    # ------------------------------------------------------------------ reading, with a note of what was read
    def __getattr__(self, name: str) -> "Branch":
        if name.startswith("_"):
            raise AttributeError(name)
        return Branch(self, name)

    def __getitem__(self, id: str) -> Quantity:
        return self.get(id)

    def get(self, id: str) -> Quantity:
        """The quantity called `id`. Raises PageError, with the nearest names, where there is none."""
        quantity = self._current(id)
        self._note(f"quantity:{id}", quantity.digest)
        return quantity

    def node(self, path: str) -> Any:
        """An intermediate result by its path; what it read counts as read by whoever asks."""
        if path not in self._nodes:
            self._nodes[path] = self._evaluate_node(path)
        value, reads = self._nodes[path]
        for key, seen in reads.items():
            self._note(key, seen)
        return value

    def keys(self, path: str) -> tuple[str, ...]:
        """The names directly below a path, in the order of their definition."""
        names = self._names_below(path)
        self._note(f"keys:{path}", digest(names))
        return names

    def file(self, name: str) -> bytes:
        """A file of the project, or of the build as ``build:<path>``, noted as read; that one is missing is noted too."""
        try:
            data = self._path(name).read_bytes()
        except OSError:
            self._note(f"file:{name}", "")
            raise
        self._note(f"file:{name}", hashlib.sha256(data).hexdigest()[:16])
        return data

    def setting(self, name: str) -> str:
        """A word given for this run, or an empty one."""
        value = self._settings.get(name, "")
        self._note(f"setting:{name}", digest(value))
        return value

    def tool(self, name: str) -> str:
        """Which version of a program is installed, empty where it is not; noted as read, so that it counts when it comes, changes or goes."""
        version = installed(name)
        self._note(f"tool:{name}", digest(version))
        return version

    def listing(self, function) -> str:
        """The source text of a function that an artefact prints, noted as read, so that even a comment in it counts."""
        file = function.__module__.replace(".", "/") + ".py"
        key = f"listing:{file}:{function.__qualname__}"
        text = self._code.function_text(file, function.__qualname__) if self._code else _source(function)
        self._note(key, digest(text))
        return text

    def on_planned(self, work: Callable[["Quantities"], object]) -> object:
        """What `work` finds with the quantities of the plan's machine, whichever machine this is; noted as read there."""
        planned = self._at_planned()
        self._note("planned:machine", self._planned_digest)
        if planned is self:
            return work(self)
        with planned.noting() as reads:
            found = work(planned)
        for key, seen in reads.items():
            self._note(f"planned:{key}", seen)
        return found

    def printed(self, path: str) -> list:
        """Where an artefact prints which quantity (line, column, id, text), noted as read; empty for what was not built."""
        places = self._printed(path) if self._printed else []
        self._note(f"printed:{path}", digest(places))
        return places

    @contextmanager
    def noting(self) -> Iterator[dict[str, str]]:
        """Collect what is read inside the block: key to digest."""
        frame: dict[str, str] = {}
        self._frames.append(frame)
        try:
            yield frame
        finally:
            self._frames.pop()

    def unchanged(self, reads: dict[str, str]) -> str:
        """Empty if everything read is as it was, else the first key that is not."""
        for key, seen in reads.items():
            if self.digest_of(key) != seen:
                return key
        return ""

    def digest_of(self, key: str) -> str:
        """What a noted key would be noted with now; empty for what is gone."""
        kind, _, name = key.partition(":")
        try:
            if kind == "quantity":
                return self._current(name).digest
            if kind == "keys":
                return digest(self._names_below(name))
            if kind == "file":
                return hashlib.sha256(self._path(name).read_bytes()).hexdigest()[:16]
            if kind == "printed":
                return digest(self._printed(name) if self._printed else [])
            if kind == "planned":
                planned = self._at_planned()
                return self._planned_digest if name == "machine" else planned.digest_of(name)
            if kind == "setting":
                return digest(self._settings.get(name, ""))
            if kind == "tool":
                return digest(installed(name))
            if kind == "listing" and self._code:
                return digest(self._code.function_text(*name.split(":", 1)))
        except (PageError, OSError, KeyError, RecursionError):
            return ""
        return ""

    def _file(self, id: str) -> str:
        """The file of the subject that an id belongs to."""
        return f"{self._paper.subjects}/{id.partition('.')[0]}.py"

    def artefact(self, path: str) -> bytes:
        """A finished artefact of the build, noted as read. Raises FileNotFoundError for one that was not built."""
        return self.file(f"build:{self._paper.output}/{path}")

    @property
    def paper(self) -> Paper:
        """What is particular to the paper, noted as read."""
        self.file(FILE)
        return self._paper

    @property
    def _paper(self) -> Paper:
        return load_paper(self._root)

    @property
    def root(self) -> Path:
        """The project's folder, for sources that read whole files; note them with `file`."""
        return self._root

    # ------------------------------------------------------------------ evaluation
    def _note(self, key: str, seen: str) -> None:
        if self._frames:
            self._frames[-1][key] = seen

    def _at_planned(self) -> "Quantities":
        """The quantities of the plan's machine, with a store of their own; these, if that is the machine."""
        if self._planned is None:
            machine = Machine.load(
                self._root / self._paper.planned_params, self._paper.study.description or Description
            )
            values = {id: quantity.value for id, quantity in machine.quantities().items()}
            same = all(id in self._values and self._values[id].value == value for id, value in values.items())
            self._planned_digest = digest(values)  # what is written about the values does not count
            self._planned = (
                self
                if same
                else Quantities(
                    machine,
                    root=self._root,
                    built=self._built,
                    code=self._code,
                    store=self._store.setdefault("planned", {}),
                    scratch=self._scratch,
                    printed=self._printed,
                )
            )
            if not same:
                self.fresh["planned"] = self._planned.fresh
        return self._planned

    def _path(self, name: str) -> Path:
        if name.startswith("build:"):
            if self._built is None:
                raise FileNotFoundError(name)
            return self._built / name.removeprefix("build:")
        return self._root / name

    def _current(self, id: str) -> Quantity:
        if id not in self._values:
            self._load_source(id.partition(".")[0])
        if id not in self._values:
            stored = self._restore(id)
            self._values[id] = self._evaluate(id) if stored is None else stored
        return self._values[id]

    def _load_source(self, subject: str) -> None:
        if subject in self._loaded:
            return
        self._loaded.add(subject)
        if subject == "facts":
            self._values.update(load_facts(self._root))
        elif subject == "measured":
            self._values.update(load_measured(self._root))

    def _restore(self, id: str) -> Quantity | None:
        entry = self._store.get("quantities", {}).get(id)
        if entry is None or id in self._checking:
            return None
        self._checking.add(id)
        try:
            if not kept.sound(entry) or entry["code"] != self._digest_of_code(id) or self.unchanged(entry["reads"]):
                return None
        finally:
            self._checking.discard(id)
        return kept.quantity(id, entry)

    def _evaluate(self, id: str) -> Quantity:
        definition, keys = self._definition(id)
        if definition.unit is None:
            raise PageError(f"{id} is an intermediate result, not a number", remedy=f'ask for it as q.node("{id}")')
        with self.noting() as reads:
            raw = definition.compute(self, *keys)
        try:
            value = scalar(raw, definition.unit, whole=definition.whole)
        except (TypeError, ValueError) as problem:
            raise PageError(
                f"{id}: {problem}",
                where=_origin(definition),
                remedy="return a finite number in SI base units, or a text that says why there is none",
            ) from None
        # In alphabetical order: what a stored result read comes back in no other.
        uses = tuple(sorted(key.removeprefix("quantity:") for key in reads if key.startswith("quantity:")))
        quantity = Quantity(
            id,
            value,
            definition.unit,
            definition.digits,
            definition.kind,
            _doc(definition, keys),
            _origin(definition),
            definition.formula,
            uses,
        )
        self.fresh["quantities"][id] = kept.entry(quantity, reads, self._digest_of_code(id))
        return quantity

    def _evaluate_node(self, path: str) -> tuple[object, dict[str, str]]:
        found = self._restore_node(path)
        if found is not None:
            return found
        definition, keys = self._definition(path)
        with self.noting() as reads:
            value = definition.compute(self, *keys)
        if definition.keep and self._scratch is not None and self._code is not None:
            self.fresh["nodes"][path] = kept.keep(value, self._scratch, path, reads, self._digest_of_code(path))
        return value, reads

    def _restore_node(self, path: str) -> tuple[object, dict[str, str]] | None:
        entry = self._store.get("nodes", {}).get(path)
        if (
            entry is None
            or self._scratch is None
            or entry["code"] != self._digest_of_code(path)
            or self.unchanged(entry["reads"])
        ):
            return None
        try:
            return kept.load(entry, self._scratch), entry["reads"]
        except kept.Damaged:
            return None

    def _digest_of_code(self, id: str) -> str:
        return self._code.closure_digest(self._file(id)) if self._code else ""

    # ------------------------------------------------------------------ names
    def _definition(self, id: str) -> tuple[Definition, tuple[str, ...]]:
        subject = id.partition(".")[0]
        found = self._defined(subject).get(id)
        if found is None:
            near = get_close_matches(id, self._all_names(subject), n=3)
            raise PageError(
                f"there is no quantity {id!r}" + (f"; near it: {', '.join(near)}" if near else ""),
                remedy=f"define it in {self._file(subject)}, or mend the name",
            )
        return found

    def _defined(self, subject: str) -> dict[str, tuple[Definition, tuple[str, ...]]]:
        if subject not in self._subjects:
            if not (self._root / self._file(subject)).is_file():
                self._subjects[subject] = {}
                return {}
            # Names that depend on other results come second: they may ask for the first.
            expanded = self._subjects[subject] = {}
            defined = sorted(
                definitions(import_module(self._file(subject).removesuffix(".py").replace("/", "."))),
                key=lambda item: callable(item.each),
            )
            with self.noting() as reads:
                for definition in defined:
                    for keys in self._expand(definition):
                        id = definition.path.format(*keys)
                        if not id.startswith(f"{subject}.") or id in expanded:
                            raise PageError(
                                f"{id} is defined twice or under another subject's name",
                                where=self._file(subject),
                                remedy="give each quantity one id that begins with its file's name",
                            )
                        expanded[id] = definition, keys
            self.fresh["subjects"][subject] = {
                "names": list(expanded),
                "reads": reads,
                "code": self._digest_of_code(subject),
            }
        return self._subjects[subject]

    def _expand(self, definition: Definition) -> Iterator[tuple[str, ...]]:
        if definition.each is None:
            return iter([()])
        each = definition.each(self) if callable(definition.each) else definition.each
        rows = [entry if isinstance(entry, tuple) else (entry,) for entry in each]
        if rows and all(isinstance(part, (tuple, list)) for part in rows[0]):
            return product(*rows[0])
        return iter(rows)

    def _all_names(self, subject: str) -> list[str]:
        self._load_source(subject)
        if subject in ("machine", "facts", "measured"):
            return [id for id in self._values if id.startswith(f"{subject}.")]
        stored = self._store.get("subjects", {}).get(subject)
        if (
            subject not in self._subjects
            and stored
            and stored["code"] == self._digest_of_code(subject)
            and not self.unchanged(stored["reads"])
        ):
            return stored["names"]
        return list(self._defined(subject))

    def _names_below(self, path: str) -> tuple[str, ...]:
        names = (
            id.removeprefix(f"{path}.").partition(".")[0]
            for id in self._all_names(path.partition(".")[0])
            if id.startswith(f"{path}.")
        )
        return tuple(dict.fromkeys(names))

    def ids(self, subject: str) -> list[str]:
        """Every id of a subject, intermediate results included."""
        return list(self._all_names(subject))


class Branch:
    """A prefix of ids; an attribute of it is the quantity of that name, or a longer prefix. Iterating gives the names below."""

    __slots__ = ("_path", "_quantities")

    def __init__(self, quantities: Quantities, path: str) -> None:
        self._quantities, self._path = quantities, path

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str):
        path, quantities = f"{self._path}.{name}", self._quantities
        if path in quantities._values or path in quantities._all_names(self._path.partition(".")[0]):
            return quantities.get(path)
        if quantities._names_below(path):
            return Branch(quantities, path)
        return quantities.get(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._quantities.keys(self._path))


def _doc(definition: Definition, keys: tuple[str, ...]) -> str:
    text = " ".join((definition.compute.__doc__ or "").split())
    return f"{text} [{', '.join(keys)}]" if keys else text


def _origin(definition: Definition) -> str:
    work = definition.by or definition.compute
    work = getattr(work, "fget", None) or getattr(work, "func", None) or work
    return f"{work.__module__.replace('.', '/')}.py:{work.__qualname__}"


def _source(function) -> str:
    from inspect import getsource

    return getsource(function)
