"""The laws of the house: imports point one way and in no circle, files stay small, drawing and weight have their places."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import networkx
import pytest
from conftest import ROOT

HOUSES = {
    "phextpaper": set(),
    "phextpaper.errors": set(),
    "phextpaper.engine": {"phextpaper.errors"},
    "phextpaper.press": {"phextpaper", "phextpaper.errors"},
    "phextpaper.study": {"phextpaper", "phextpaper.errors", "phextpaper.engine", "phextpaper.press"},
    "phextpaper.__main__": {"phextpaper.press"},
    "waves": {"phextpaper.errors", "phextpaper.engine", "phextpaper.press", "phextpaper.study"},
}
"""Each house, and the others that its files may import."""
FILES = sorted([*(ROOT / "phextpaper").rglob("*.py"), *(ROOT / "waves").rglob("*.py")])
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}
HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "networkx", "pydantic", "rich", "jinja2", "pypdf", "markdown_it"}
MOST_LINES, MEDIAN_LINES = 400, 130


def house(module: str) -> str:
    """The house that a module stands in."""
    return max((name for name in HOUSES if f"{module}.".startswith(f"{name}.")), key=len)


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it but for the eyes of a type checker alone."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.If) and ast.unparse(item.test) == "TYPE_CHECKING":
            waiting += item.orelse
            continue
        waiting += ast.iter_child_nodes(item)
        if isinstance(item, ast.Import):
            yield from (alias.name for alias in item.names)
        elif isinstance(item, ast.ImportFrom) and item.module:
            inside = [f"{item.module}.{alias.name}" for alias in item.names]
            yield from inside
            if not all(name in MODULES for name in inside):
                yield item.module


def files_of(name: str) -> str:
    """The module of the project that an imported name stands in; empty for a library."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


GRAPH = {
    module: {found for name in imported(path) if (found := files_of(name)) and found != module}
    for module, path in MODULES.items()
}


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module):
    """errors <- engine; errors <- press; both <- study <- waves. Press and engine never meet."""
    here = house(module)
    for name in GRAPH[module]:
        assert house(name) == here or house(name) in HOUSES[here], f"{module} imports {name}"


def test_no_files_import_each_other_in_a_circle():
    """Not inside a room, not between rooms, not by an import inside a function."""
    graph = networkx.DiGraph((module, name) for module, names in GRAPH.items() for name in names)
    circles = [sorted(part) for part in networkx.strongly_connected_components(graph) if len(part) > 1]
    assert circles == []


def test_a_circle_would_be_found(tmp_path):
    """The reader sees imports in functions, and leaves out those for a type checker."""
    file = tmp_path / "a.py"
    file.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import phextpaper.cli\n"
        "def f():\n    from phextpaper.press import quantity\n",
        encoding="utf-8",
    )
    assert {"phextpaper.press.quantity"} == {files_of(name) for name in imported(file)} - {""}


@pytest.mark.parametrize("module", [module for module in MODULES if house(module) == "phextpaper.engine"])
def test_the_engine_knows_no_paper(module):
    """The engine imports numpy, SciPy, the standard library and our errors."""
    assert not {name.partition(".")[0] for name in imported(MODULES[module])} & (HEAVY - {"numpy", "scipy"})


def test_a_build_with_nothing_to_do_imports_nothing_heavy():
    """What the console program loads to see that nothing changed costs no library that takes time to load."""
    waiting, seen = ["phextpaper.press.commands.building", "phextpaper.press.cli"], set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        names = {alias.name for item in tree.body if isinstance(item, ast.Import) for alias in item.names}
        for item in tree.body:
            if isinstance(item, ast.ImportFrom) and item.module:
                names |= {item.module} | {f"{item.module}.{alias.name}" for alias in item.names}
        assert not {name.partition(".")[0] for name in names} & HEAVY, module
        waiting += [found for name in names if (found := files_of(name))]


def test_files_are_short():
    """One file, one idea: the median file is short and none is long."""
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {str(path): count for path, count in lines.items() if count > MOST_LINES} == {}
    assert median(lines.values()) <= MEDIAN_LINES


def test_pages_are_short():
    """A page holds a declaration, rows, decisions and criteria."""
    long = {
        path.name: lines for path in (ROOT / "waves").rglob("*.py") if (lines := path.read_text().count("\n")) > 250
    }
    assert long == {}


def test_only_figures_import_matplotlib():
    """Drawing has one room in each house."""
    drawing = {
        module for module, path in MODULES.items() if any(name.startswith("matplotlib") for name in imported(path))
    }
    assert {module.rpartition(".")[0] for module in drawing} <= {"phextpaper.press.figures", "phextpaper.study.figures"}


def test_no_workplace_path_is_written_anywhere():
    """The project names no absolute path of a workplace."""
    for folder in ("phextpaper", "waves", "templates", "params", "reference", "tests", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".toml", ".j2", ".md"):
                assert not re.search(r"/(?:home|root|work)/\w", path.read_text(encoding="utf-8")), path
