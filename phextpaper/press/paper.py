"""What is particular to a paper: what `paper.toml` at its root says, and what the module that it names adds in code.

Everything else in the press serves any paper. The module may define what `Study` lists; what it leaves out has no
effect.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from sys import path as search_path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from phextpaper.errors import InputError

if TYPE_CHECKING:
    import re

    from phextpaper.press.parameters import Description

FILE = "paper.toml"
HOME = Path(__file__).resolve().parents[2]
"""The folder that holds this package: code of ours is found here where a paper has none of its own."""
PACKAGE, WAVES, TEMPLATES, REFERENCE = __name__.partition(".")[0], "waves", "templates", "reference"
"""This package, and the folders that every paper may have: pages, words, what others reported."""


@dataclass(frozen=True)
class Plan:
    """What was asked for before anything was made: files below the root, names of the phases, what some phases hold.

    `params` is the machine that the plan speaks of. The phase number `sections` holds the paper's sections, `exhibits`
    its figures and tables; 0 where no phase does.
    """

    waves: str
    seed: str = ""
    claims: str = ""
    params: str = ""
    phases: tuple[str, ...] = ()
    sections: int = 0
    exhibits: int = 0

    @property
    def names(self) -> dict[int, str]:
        """Phases by number, from 1."""
        return dict(enumerate(self.phases, 1))


@dataclass(frozen=True)
class Study:
    """What a paper's module adds: its machine's sections, types that templates may print, what follows a whole build.

    `finish` are called with the site and the records by wave after a whole build; `replies` answers the questions of a
    phase's gate; `forbidden` finds claims that no sentence may make, and `claim` says what they claim.
    """

    description: "type[Description] | None" = None
    printable: tuple[type, ...] = ()
    finish: tuple[Callable[[Any, Mapping[int, dict[str, Any]]], None], ...] = ()
    bundles: tuple[str, ...] = ()
    replies: Callable[..., Iterable[Any]] | None = None
    forbidden: "re.Pattern[str] | None" = None
    claim: str = ""


@dataclass(frozen=True)
class Paper:
    """A paper by its `paper.toml`: paths are relative to `root`, the folder that holds it."""

    root: Path
    title: str
    name: str
    output: str
    params: str
    subjects: str
    authors: tuple[str, ...] = ()
    subject: str = ""
    keywords: tuple[str, ...] = ()
    kind: str = "a paper"
    note: str = ""
    code: str = ""
    texts: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    plan: Plan | None = None
    commands: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    bare: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def study(self) -> Study:
        """What the paper's module adds; nothing for a paper without one."""
        if not self.code:
            return Study()
        module = load_code(self.root, self.code)
        return Study(**{one.name: getattr(module, one.name) for one in fields(Study) if hasattr(module, one.name)})

    @property
    def planned_params(self) -> str:
        """The machine that the plan speaks of; the paper's own where no plan names one."""
        return (self.plan.params if self.plan else "") or self.params

    @property
    def packages(self) -> tuple[str, ...]:
        """The top modules of the paper's code, and this package: what may stand behind a number or a page."""
        named = (self.subjects.partition("/")[0], self.code.partition(".")[0])
        return tuple(dict.fromkeys(name for name in (PACKAGE, WAVES, *named) if name))

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Files and folders that a build may read, but for the machine's description and `paper.toml` itself."""
        plan = self.plan or Plan("")
        planned = [path.rpartition("/")[0] or path for path in (plan.waves, plan.seed, plan.claims) if path]
        code = [name if (self.root / name).is_dir() else f"{name}.py" for name in self.packages if name != PACKAGE]
        names = dict.fromkeys((*code, TEMPLATES, *planned, REFERENCE))
        inside = [name for name in names if not name.startswith(f"{PACKAGE}/")]
        return (located(self.root, PACKAGE), *(self.root / name for name in inside))


def find_root(start: Path | None = None) -> Path:
    """The nearest folder upwards from `start` (the working folder) that holds a `paper.toml`, or this program's own.

    Raises InputError where there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, HOME):
        if (folder / FILE).is_file():
            return folder
    raise InputError(f"there is no {FILE} here or in a folder above", where=str(here), remedy="go to a paper's folder")


def located(root: Path, file: str) -> Path:
    """Where a file of a paper is, by its path below `root`.

    There, or in this package where the paper holds none of that name.
    """
    place = root / file
    return HOME / file if file.partition("/")[0] == PACKAGE and not place.exists() else place


def load_code(root: Path, module: str) -> ModuleType:
    """Import a module of a paper's own code. Raises InputError where a library's name is in its way."""
    if str(root) not in search_path:
        search_path.insert(0, str(root))
    top = import_module(module.partition(".")[0])
    places = [Path(place) for place in (*getattr(top, "__path__", ()), getattr(top, "__file__", None)) if place]
    if not any(place.is_relative_to(folder) for place in places for folder in (root, HOME / PACKAGE)):
        raise InputError(
            f"{top.__name__} is a library, so {module} of this paper cannot be loaded",
            where=str(root),
            remedy="give the paper's file or folder another name",
        )
    return import_module(module)


@cache
def load_paper(root: Path) -> Paper:
    """The paper of a folder.

    Raises InputError naming the file and the key that is missing, unknown or of another type.
    """
    try:
        data = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputError(f"cannot be read: {problem}", where=FILE, remedy="mend the line that it names") from None
    plan = data.pop("plan", None)
    values = dict(_checked(Paper, data, "", {"root", "plan"}))
    return Paper(root, plan=None if plan is None else Plan(**dict(_checked(Plan, plan, "plan.", set()))), **values)


def _checked(kind: type, data: Mapping[str, Any], prefix: str, given: set[str]) -> Iterator[tuple[str, Any]]:
    """The values of a table, each of the type that its field has."""
    known = {one.name: one for one in fields(kind) if one.name not in given}
    for key in data:
        if key not in known:
            raise InputError(f"unknown key {prefix}{key}", where=FILE, remedy=f"it may have {', '.join(known)}")
    for name, one in known.items():
        required = one.default is MISSING and one.default_factory is MISSING
        if name not in data:
            if required:
                raise InputError(f"the key {prefix}{name} is missing", where=FILE, remedy="add it")
            continue
        value, sample = data[name], "" if required else one.default if one.default is not MISSING else {}
        if isinstance(sample, tuple):
            value = tuple(value) if isinstance(value, list) and all(isinstance(part, str) for part in value) else None
        if type(value) is not type(sample):
            wanted = {str: "a text", int: "a whole number", tuple: "a list of texts", dict: "a table of texts"}
            raise InputError(f"{prefix}{name} has to be {wanted[type(sample)]}", where=FILE, remedy="mend the value")
        yield name, value
