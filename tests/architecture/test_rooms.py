"""The laws of the house: imports point one way, files stay small, numbers have one home."""

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT

ORDER = [
    {"errors", "quantity", "parameters"},
    {"engine", "sources"},
    {"listings"},
    {"documents", "ledger", "publishing"},
    {"quantities"},
    {"figures", "tables"},
    {"wave", "checks", "prose_checks", "figure_checks", "table_checks", "section_rules"},
    {"waves"},
    {"pipeline"},
    {"commands", "cli", "__main__"},
]
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
FILES = sorted([*(ROOT / "phextpaper").rglob("*.py"), *(ROOT / "waves").rglob("*.py")])
HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "networkx", "pydantic", "rich", "jinja2", "pypdf", "markdown_it"}


def room(path: Path) -> str:
    """The room that a file stands in."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "waves" if parts[0] == "waves" else parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for item in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(item, ast.Import):
            found |= {alias.name for alias in item.names}
        elif isinstance(item, ast.ImportFrom):
            found |= {item.module or ""} | {f"{item.module}.{alias.name}" for alias in item.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    """A room imports from its left; documents read artefacts through quantities, which read PDFs through documents."""
    here = room(path)
    if path.name == "__init__.py":
        return
    assert here in RANK, f"{here} is no room of the house"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "waves":
            pytest.fail(f"{path.name} imports a wave: {name}")
        if parts[0] == "phextpaper" and len(parts) > 1 and parts[1] in RANK:
            allowed = RANK[parts[1]] <= RANK[here] or (here, name.split(".")[:3]) == (
                "documents",
                ["phextpaper", "quantities", "evaluation"],
            )
            assert allowed, f"{here} imports {name}"


@pytest.mark.parametrize("path", [path for path in FILES if room(path) == "engine"], ids=lambda path: path.stem)
def test_the_engine_knows_no_paper(path):
    """The engine imports numpy, SciPy, the standard library and our errors; it names no file of the paper."""
    outside = {
        name
        for name in imports(path)
        if name.startswith("phextpaper") and not name.startswith(("phextpaper.engine", "phextpaper.errors"))
    }
    assert not outside
    assert not {name.split(".")[0] for name in imports(path)} & (HEAVY - {"numpy", "scipy"})


def test_a_build_with_nothing_to_do_imports_nothing_heavy():
    """The builder, the stamp and the console program load no library that costs time."""
    for file in (
        "cli.py",
        "pipeline/build.py",
        "pipeline/site.py",
        "pipeline/stamp.py",
        "commands/building.py",
        "commands/options.py",
        "sources/plan.py",
        "sources/facts.py",
        "quantity.py",
        "errors.py",
    ):
        tree = ast.parse((ROOT / "phextpaper" / file).read_text(encoding="utf-8"))
        top = {alias.name.split(".")[0] for item in tree.body if isinstance(item, ast.Import) for alias in item.names}
        top |= {item.module.split(".")[0] for item in tree.body if isinstance(item, ast.ImportFrom)}
        assert not top & HEAVY, file


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_four_hundred_lines(path):
    """One file, one idea."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    limit = 500 if path.name == "topologies.py" and room(path) == "engine" else 400
    assert lines <= limit


def test_only_figures_import_matplotlib():
    """Drawing has one room."""
    assert not [
        path
        for path in FILES
        if room(path) != "figures" and any(name.startswith("matplotlib") for name in imports(path))
    ]


def test_no_workplace_path_is_written_anywhere():
    """The project names no absolute path of a workplace."""
    for folder in ("phextpaper", "waves", "templates", "params", "reference", "tests", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".toml", ".j2", ".md"):
                assert not re.search(r"/(?:home|root|work)/\w", path.read_text(encoding="utf-8")), path
