"""The engine by itself: no circles, few imports, rooms in an order, and lists of contents that say what is there."""

import ast
import importlib
import inspect
import subprocess
import sys
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
