"""The engine by itself: no circles, few imports, rooms in an order, and lists of contents that say what is there."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
import textwrap
import types
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

ENGINE = "phextpaper.engine"
ROOMS = {
    "chips": set(),
    "naming": set(),
    "networks": set(),
    "routing": {"networks"},
    "traffic": {"networks", "routing"},
    "wiring": {"networks", "routing"},
    "placing": {"networks", "routing", "wiring"},
    "search": {"networks", "routing", "wiring"},
    "sparse": {"naming", "networks"},
    "faults": {"naming", "networks", "routing", "wiring"},
}
"""Rooms of the engine, and which others each may import."""
LEAVES = ("arrays", "checked", "contents", "threads")
"""Files that every room may import, and that import no other file of the engine."""
OUTSIDE = {"numpy", "scipy", "phextpaper.errors"}
"""What the engine imports besides itself and the standard library."""


@cache
def modules() -> dict[str, Path]:
    """The engine's files by the names of their modules."""
    files = sorted((ROOT / "phextpaper" / "engine").rglob("*.py"))
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


@cache
def imports(module: str) -> frozenset[str]:
    """Modules that a file imports anywhere in it, in functions too; of the engine's the file that is meant."""
    found = set()
    for item in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(item, ast.Import):
            found |= {alias.name for alias in item.names}
        elif isinstance(item, ast.ImportFrom):
            assert not item.level, f"{module} imports by dots"
            below = {f"{item.module}.{alias.name}" for alias in item.names}
            found |= {name if name in modules() else item.module for name in below}
    return frozenset(found)


def room(module: str) -> str:
    """The room that a module of the engine is in, or the name of a file beside the rooms."""
    return module.split(".")[2] if module.count(".") > 1 else ""


def test_no_file_leads_back_to_itself():
    """Imports form no circle of files, wherever in a file they stand."""
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"circle: {' -> '.join([*above[above.index(module) :], module])}"
        if module not in done:
            for following in sorted(imports(module) & set(modules())):
                visit(following, (*above, module))
            done.add(module)

    for module in modules():
        visit(module, ())


@pytest.mark.parametrize("module", modules())
def test_the_engine_imports_little(module):
    """numpy, SciPy, the standard library, our errors and itself."""
    for name in imports(module):
        known = (
            name in modules() or name in OUTSIDE or name.split(".")[0] in {*sys.stdlib_module_names, "numpy", "scipy"}
        )
        assert known, f"{module} imports {name}"


@pytest.mark.parametrize("module", modules())
def test_scipy_is_imported_where_it_is_used(module):
    """Only functions import SciPy, which takes longer to load than all of the engine."""
    top = ast.parse(modules()[module].read_text(encoding="utf-8")).body
    names = {item.module for item in top if isinstance(item, ast.ImportFrom)}
    names |= {alias.name for item in top if isinstance(item, ast.Import) for alias in item.names}
    assert not [name for name in names if name and name.split(".")[0] == "scipy"]


@pytest.mark.parametrize("module", modules())
def test_rooms_import_in_their_order(module):
    """A room imports the leaves and the rooms that the table allows; leaves import nothing of the engine."""
    here, others = room(module), {room(name) for name in imports(module) if name in modules()}
    allowed = {"contents"} if not here else set() if here in LEAVES else {here, *LEAVES, *ROOMS[here]}
    assert others <= allowed, f"{module} imports {', '.join(sorted(others - allowed))}"


def test_the_order_has_no_circle_and_no_more_than_it_needs():
    """The table lists every room that there is, is without circles, and allows nothing that no file does."""
    assert {room(module) for module in modules()} == {"", *LEAVES, *ROOMS}
    left = dict(ROOMS)
    while left:
        free = {name for name, needs in left.items() if not needs & set(left)}
        assert free, f"circle among {', '.join(left)}"
        left = {name: needs for name, needs in left.items() if name not in free}
    for name, needs in ROOMS.items():
        used = {room(other) for module in modules() if room(module) == name for other in imports(module)}
        assert needs <= used, f"{name} need not import {', '.join(needs - used)}"


@pytest.mark.parametrize("name", ["", *ROOMS])
def test_contents_are_what_they_say(name):
    """A room says what it is for and lists its public names; each has a docstring at home and no file's name."""
    package = importlib.import_module(f"{ENGINE}.{name}" if name else ENGINE)
    first = (package.__doc__ or "").split("\n")[0]
    assert len(first.split()) > 6 and first.endswith(".")
    assert package.__all__ == sorted(set(package.__all__)) == dir(package)
    files = {module.rsplit(".", 1)[1] for module in modules() if module.rsplit(".", 1)[0] == package.__name__}
    assert not files & set(package.__all__)
    for public in package.__all__:
        found = getattr(package, public)
        assert not callable(found) or inspect.getdoc(found), f"{public} has no docstring"
    with pytest.raises(AttributeError, match="has no 'nothing'"):
        package.nothing  # noqa: B018


def test_the_face_shows_what_rooms_list():
    """What the engine offers by itself a room lists too, or it is a file of the room."""
    face = importlib.import_module(ENGINE)
    listed = {public for name in ROOMS for public in importlib.import_module(f"{ENGINE}.{name}").__all__}
    assert set(face.__all__) - listed == {"collectives"}


def test_importing_the_engine_loads_neither_numpy_nor_scipy():
    """The face costs nothing, and no public name needs SciPy before it is used."""
    code = (
        "import sys, importlib, phextpaper.engine as face\n"
        "assert not {'numpy', 'scipy'} & set(sys.modules)\n"
        f"for package in (face, *(importlib.import_module(f'{ENGINE}.{{name}}') for name in {list(ROOMS)})):\n"
        "    assert all(getattr(package, name) is not None for name in package.__all__)\n"
        "assert 'numpy' in sys.modules and 'scipy' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ROOMS)
def test_tests_mirror_the_rooms(name):
    """Each test file of the engine stands in a room's folder and imports what is in that room."""
    assert {path.name for path in (ROOT / "tests" / "engine").iterdir() if path.name != "__pycache__"} == set(ROOMS)
    for path in (ROOT / "tests" / "engine" / name).glob("*.py"):
        assert f"from {ENGINE}.{name}" in path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("module", modules())
def test_no_file_is_longer_than_four_hundred_lines(module):
    """One file, one idea."""
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= 400


ARRAY = re.compile(r"\b(NDArray|ArrayLike|ndarray)\b")
SIZE = r"(?:…|\*?[a-z0-9_^]+(?: [x+*-] [a-z0-9_^]+)*)"
SHAPE = re.compile(rf"\bshapes? \(|\(…\)|\({SIZE},(?: {SIZE}(?:, {SIZE})*)?\)")
CITED = re.compile(r"\b[a-z]+[0-9]{4}\b")


@cache
def offered() -> dict[str, tuple[object, str, str]]:
    """What the rooms offer that can be called, and methods and properties of it: it, its docstring, its annotations."""
    found = {}
    for name in ROOMS:
        contents = importlib.import_module(f"{ENGINE}.{name}")
        for public in contents.__all__:
            thing = getattr(contents, public)
            if isinstance(thing, types.FunctionType):
                found[f"{name}.{public}"] = thing, _text(thing), _annotations(thing)
            elif isinstance(thing, type):
                own = vars(thing)
                kept = [str(kind) for kind in inspect.get_annotations(thing).values() if "ClassVar" not in str(kind)]
                made = next(
                    (own[way] for way in ("__init__", "__post_init__") if way in own and _written(own[way])), thing
                )
                found[f"{name}.{public}"] = made, _text(thing), " ".join(kept)
                found |= {
                    f"{name}.{public}.{member}": (function, _text(function), _annotations(function))
                    for member, given in own.items()
                    if not member.startswith("_") and (function := _function(given)) is not None
                }
    return found


def _function(member: object) -> types.FunctionType | None:
    """The function behind a method or a property; None for what is neither."""
    for wrapper in ("func", "fget", "__func__"):
        member = getattr(member, wrapper, member)
    return member if isinstance(member, types.FunctionType) else None


def _written(function: types.FunctionType) -> bool:
    """Written in a file of the engine, and not made by a dataclass."""
    return ENGINE in function.__module__ and function.__code__.co_filename.endswith(".py")


def _text(thing: object) -> str:
    """A docstring without its examples, where it is the thing's own."""
    own = getattr(thing, "__doc__", None) or ""
    return "\n".join(line for line in inspect.cleandoc(own).split("\n\n>>>")[0].splitlines())


def _annotations(function: types.FunctionType) -> str:
    return " ".join(map(str, inspect.get_annotations(function).values()))


def _raises_input_errors(function: types.FunctionType) -> bool:
    """It raises an `InputError` in its own body, or calls a function of `checked` there."""
    checks = {name for name, thing in function.__globals__.items() if _is_check(thing)}
    for item in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        raised = item.exc if isinstance(item, ast.Raise) else item if isinstance(item, ast.Call) else None
        called = raised.func if isinstance(raised, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in {"InputError", *checks}:
            return True
    return False


def _is_check(thing: object) -> bool:
    return getattr(thing, "__module__", "") == f"{ENGINE}.checked" and callable(thing)


def test_all_that_rooms_offer_has_a_docstring():
    """Functions, classes, methods and properties."""
    assert not [name for name, (_, text, _) in offered().items() if not text]


def test_what_takes_or_returns_an_array_says_its_shape():
    """As a word, or as sizes between parentheses; the shapes of a class's arrays are in its own docstring."""
    assert not [name for name, (_, text, kinds) in offered().items() if ARRAY.search(kinds) and not _says_a_shape(text)]


def _says_a_shape(text: str) -> bool:
    return any(not CITED.search(found.group()) for found in SHAPE.finditer(text))


def test_what_can_raise_an_input_error_says_so():
    """Where its own body raises one, or asks `checked` to."""
    assert not [
        name
        for name, (thing, text, _) in offered().items()
        if isinstance(thing, types.FunctionType) and _raises_input_errors(thing) and "InputError" not in text
    ]
