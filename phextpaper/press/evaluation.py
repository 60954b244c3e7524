"""Quantities by name: each is computed when it is first asked for, once, and remembers what it read.

What a computation reads is noted while it runs, so lineage ('uses') and staleness ('reads') are by-products and cannot
be forgotten. A stored value is used again only while the code of its subject and everything it read are unchanged.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from phextpaper.errors import PageError
from phextpaper.press import kept
from phextpaper.press.noting import Code, Noting, Reads
from phextpaper.press.parameters import Description, Machine
from phextpaper.press.quantity import Definition, Places, Quantity, digest, scalar
from phextpaper.press.sources.facts import load_facts, load_measured
from phextpaper.press.subjects import Keys, Subjects

SOURCES = {"facts": load_facts, "measured": load_measured}
"""Subjects that are files of references and no code."""
GIVEN = ("machine", *SOURCES)


class Quantities(Noting):
    """All named numbers of one machine, as attributes: ``q.orchard.trees``.

    `store` holds what an earlier build computed (quantities, nodes, key lists) and is used only with `code`; what is
    computed anew stands in `fresh`. `settings` are words given for this run, such as the path of a PDF; `printed` tells
    where an artefact prints what.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        root: Path | None = None,
        built: Path | None = None,
        code: Code | None = None,
        store: dict[str, Any] | None = None,
        scratch: Path | None = None,
        settings: Mapping[str, str] | None = None,
        printed: Callable[[str], Places] | None = None,
    ) -> None:
        super().__init__(root, built, code, settings, printed)
        self._scratch = scratch
        self._store = store if store is not None and code is not None else {}
        self.fresh: dict[str, dict[str, Any]] = {"quantities": {}, "subjects": {}, "nodes": {}}
        self._values: dict[str, Quantity] = dict(machine.quantities())
        self._nodes: dict[str, tuple[object, Reads]] = {}
        self._known: Subjects | None = None
        self._planned: Quantities | None = None
        self._planned_digest = ""
        self._checking: set[str] = set()
        self._loaded: set[str] = {"machine"}

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
        """An intermediate result by its path; what it read counts as read by whoever asks.

        Raises PageError as `get` does. It is of whatever type its definition returns, which a path in words cannot tell
        a type checker.
        """
        if path not in self._nodes:
            self._nodes[path] = self._evaluate_node(path)
        value, reads = self._nodes[path]
        for key, seen in reads.items():
            self._note(key, seen)
        return value

    def keys(self, path: str) -> tuple[str, ...]:
        """The names directly below a path, in the order of their definition."""
        names = self.below(path)
        self._note(f"keys:{path}", digest(names))
        return names

    def on_planned(self, work: Callable[["Quantities"], Any]) -> Any:
        """What `work` finds with the quantities of the plan's machine, whichever machine this is.

        Noted as read there.
        """
        planned = self._at_planned()
        self._note("planned:machine", self._planned_digest)
        if planned is self:
            return work(self)
        with planned.noting() as reads:
            found = work(planned)
        for key, seen in reads.items():
            self._note(f"planned:{key}", seen)
        return found

    def unchanged(self, reads: Mapping[str, str]) -> str:
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
                return digest(self.below(name))
            if kind == "planned":
                planned = self._at_planned()
                return self._planned_digest if name == "machine" else planned.digest_of(name)
            return super().digest_of(key)
        except (PageError, OSError, KeyError, RecursionError):
            return ""

    def ids(self, subject: str) -> list[str]:
        """Every id of a subject, intermediate results included; not noted as read."""
        if subject in GIVEN:
            self._load_source(subject)
            return [id for id in self._values if id.startswith(f"{subject}.")]
        return self._subjects.names(subject)

    def below(self, path: str) -> tuple[str, ...]:
        """The names directly below a path; not noted as read."""
        inside = (id.removeprefix(f"{path}.") for id in self.ids(path.partition(".")[0]) if id.startswith(f"{path}."))
        return tuple(dict.fromkeys(name.partition(".")[0] for name in inside))

    def holds(self, path: str) -> bool:
        """Whether a path is the id of a quantity or of an intermediate result; not noted as read."""
        return path in self._values or path in self.ids(path.partition(".")[0])

    def digest_of_code(self, id: str) -> str:
        """One digest of the code of the subject that an id belongs to; empty where the code does not count."""
        return self._code.closure_digest(self._subjects.file(id)) if self._code else ""

    @property
    def _subjects(self) -> Subjects:
        if self._known is None:
            self._known = Subjects(self, self._paper, self._store.get("subjects", {}), self.fresh["subjects"])
        return self._known

    def _at_planned(self) -> "Quantities":
        """The quantities of the plan's machine, with a store of their own; these, if that is the machine."""
        if self._planned is None:
            paper = self._paper
            machine = Machine.load(self._root / paper.planned_params, paper.study.description or Description)
            values = {id: quantity.value for id, quantity in machine.quantities().items()}
            same = all(id in self._values and self._values[id].value == value for id, value in values.items())
            self._planned_digest = digest(values)  # what is written about the values does not count
            self._planned = self if same else self._of_another(machine)
        return self._planned

    def _of_another(self, machine: Machine) -> "Quantities":
        store = self._store.setdefault("planned", {})
        found = Quantities(
            machine,
            root=self._root,
            built=self._built,
            code=self._code,
            store=store,
            scratch=self._scratch,
            printed=self._printed,
        )
        self.fresh["planned"] = found.fresh
        return found

    def _current(self, id: str) -> Quantity:
        if id not in self._values:
            self._load_source(id.partition(".")[0])
        if id not in self._values:
            stored = self._restore(id)
            self._values[id] = self._evaluate(id) if stored is None else stored
        return self._values[id]

    def _load_source(self, subject: str) -> None:
        if subject not in self._loaded:
            self._loaded.add(subject)
            if subject in SOURCES:
                self._values.update(SOURCES[subject](self._root))

    def _restore(self, id: str) -> Quantity | None:
        entry = self._store.get("quantities", {}).get(id)
        if entry is None or id in self._checking:
            return None
        self._checking.add(id)
        try:
            if not kept.sound(entry) or entry["code"] != self.digest_of_code(id) or self.unchanged(entry["reads"]):
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
        self.fresh["quantities"][id] = kept.entry(quantity, reads, self.digest_of_code(id))
        return quantity

    def _evaluate_node(self, path: str) -> tuple[object, Reads]:
        found = self._restore_node(path)
        if found is not None:
            return found
        definition, keys = self._definition(path)
        with self.noting() as reads:
            value = definition.compute(self, *keys)
        if definition.keep and self._scratch is not None and self._code is not None:
            self.fresh["nodes"][path] = kept.keep(value, self._scratch, path, reads, self.digest_of_code(path))
        return value, reads

    def _restore_node(self, path: str) -> tuple[object, Reads] | None:
        entry = self._store.get("nodes", {}).get(path)
        if (
            entry is None
            or self._scratch is None
            or entry["code"] != self.digest_of_code(path)
            or self.unchanged(entry["reads"])
        ):
            return None
        try:
            return kept.load(entry, self._scratch), entry["reads"]
        except kept.Damaged:
            return None

    def _definition(self, id: str) -> tuple[Definition, Keys]:
        found = self._subjects.definition(id)
        if found is None:
            near, file = get_close_matches(id, self.ids(id.partition(".")[0]), n=3), self._subjects.file(id)
            raise PageError(
                f"there is no quantity {id!r}" + (f"; near it: {', '.join(near)}" if near else ""),
                remedy=f"define it in {file}, or mend the name" if (self._root / file).is_file() else "mend the name",
            )
        return found


class Branch:
    """A prefix of ids; an attribute of it is the quantity of that name, or a longer prefix.

    Iterating gives the names below. Which of the two an attribute is depends on what the paper defines, and no type
    checker reads that: it is `Any`.
    """

    __slots__ = ("_path", "_quantities")

    def __init__(self, quantities: Quantities, path: str) -> None:
        self._quantities, self._path = quantities, path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Any:
        path, quantities = f"{self._path}.{name}", self._quantities
        if not quantities.holds(path) and quantities.below(path):
            return Branch(quantities, path)
        return quantities.get(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._quantities.keys(self._path))


def _doc(definition: Definition, keys: Keys) -> str:
    text = " ".join((definition.compute.__doc__ or "").split())
    return f"{text} [{', '.join(keys)}]" if keys else text


def _origin(definition: Definition) -> str:
    work: Any = definition.by or definition.compute
    work = getattr(work, "fget", None) or getattr(work, "func", None) or work
    return f"{work.__module__.replace('.', '/')}.py:{work.__qualname__}"
