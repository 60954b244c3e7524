"""What the code says, apart from its comments: digests of syntax trees, import closures, lines and texts of functions.

Parsing is remembered by the hash of each file, so a build that changes nothing parses nothing.
"""

import ast
import hashlib
import sys
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from phextpaper.press.paper import FILE, PACKAGE, WAVES, load_paper, located
from phextpaper.press.quantity import digest

_DISTRIBUTIONS = {
    "markdown_it": "markdown-it-py",
    "PIL": "pillow",
    "fontTools": "fonttools",
    "pypandoc": "pypandoc_binary",
}


class CodeIndex:
    """The Python files of a paper under `root`, and of this package where the paper holds no package of that name.

    `known` is what an earlier index learnt, and is extended in place.
    """

    def __init__(self, root: Path, known: dict[str, Any] | None = None) -> None:
        self.root = root
        self.packages = load_paper(root).packages if (root / FILE).is_file() else (PACKAGE, WAVES)
        self.known = known if known is not None else {}
        self._texts: dict[str, str] = {}
        self._facts: dict[str, dict[str, Any]] = {}
        self._closures: dict[str, dict[str, str]] = {}

    def facts(self, file: str) -> dict[str, Any]:
        """Hash, digest of the syntax tree, imports, and the lines of each definition. Raises FileNotFoundError."""
        if file not in self._facts:
            data = located(self.root, file).read_bytes()
            sha = hashlib.sha256(data).hexdigest()[:16]
            entry = self.known.get(file)
            if entry is None or entry["sha"] != sha:
                entry = self.known[file] = _parse(data.decode(), sha, file)
            self._facts[file] = entry
        return self._facts[file]

    def text(self, file: str) -> str:
        """The text of a file."""
        if file not in self._texts:
            self._texts[file] = located(self.root, file).read_text(encoding="utf-8")
        return self._texts[file]

    def closure(self, file: str) -> dict[str, str]:
        """Every project file that importing `file` loads, with the digest of its syntax tree."""
        if file not in self._closures:
            found: dict[str, str] = {}
            waiting = [file, *_packages(file)]
            while waiting:
                name = waiting.pop()
                if name in found or not self.holds(name):
                    continue
                facts = self.facts(name)
                found[name] = facts["tree"]
                for module in facts["imports"]:
                    waiting += self.files_of(module)
            self._closures[file] = found
        return self._closures[file]

    def closure_digest(self, file: str) -> str:
        """One digest for the closure of a file and the versions of the libraries that the closure imports."""
        closure = self.closure(file)
        outside = sorted(
            {module.partition(".")[0] for name in closure for module in self.facts(name)["imports"]}
            - set(self.packages)
            - set(sys.stdlib_module_names)
        )
        return digest([sorted(closure.items()), [self.version(name) for name in outside], self.python])

    @cached_property
    def python(self) -> str:
        """The interpreter's version, without its patch level."""
        return f"{sys.version_info[0]}.{sys.version_info[1]}"

    @cached_property
    def _versions(self) -> dict[str, str]:
        return {}

    def version(self, module: str) -> str:
        """The installed version of the library that a module belongs to, or 'absent'."""
        if module not in self._versions:
            try:
                self._versions[module] = version(_DISTRIBUTIONS.get(module, module))
            except PackageNotFoundError:
                self._versions[module] = "absent"
        return self._versions[module]

    def function_text(self, file: str, name: str) -> str:
        """The source of a function or class, decorators included. Raises KeyError where there is none."""
        first, last = self.facts(file)["lines"][name]
        return "".join(self.text(file).splitlines(keepends=True)[first - 1 : last])

    def line(self, file: str, name: str) -> int:
        """The line of a definition, or 1 where the file does not define it by that name."""
        try:
            return int(self.facts(file)["lines"][name][0])
        except (KeyError, OSError):
            return 1

    def holds(self, file: str) -> bool:
        """Whether there is such a file, by its path below the paper's folder."""
        return file in self._facts or located(self.root, file).is_file()

    def files_of(self, module: str) -> list[str]:
        """The file of a module of the paper's own code and the packages above it; nothing for a library."""
        if module.partition(".")[0] not in self.packages:
            return []
        stem = module.replace(".", "/")
        for file in (f"{stem}.py", f"{stem}/__init__.py"):
            if self.holds(file):
                return [file, *_packages(file)]
        return []


def _packages(file: str) -> list[str]:
    parts = file.split("/")[:-1]
    return ["/".join(parts[:depth]) + "/__init__.py" for depth in range(1, len(parts) + 1)]


def _parse(text: str, sha: str, file: str) -> dict[str, Any]:
    tree = ast.parse(text, filename=file)
    imports: list[str] = []
    package = file.split("/")[:-1]
    for item in ast.walk(tree):
        if isinstance(item, ast.Import):
            imports += [alias.name for alias in item.names]
        elif isinstance(item, ast.ImportFrom):
            base = package[: len(package) - item.level + 1] if item.level else []
            stem = ".".join([*base, item.module] if item.module else base)
            imports += [stem, *(f"{stem}.{alias.name}" for alias in item.names)]
    tree_digest = hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]
    return {"sha": sha, "tree": tree_digest, "imports": sorted(set(imports)), "lines": _lines(tree)}


def _lines(tree: ast.Module) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}

    def visit(body: list[ast.stmt], prefix: str) -> None:
        for item in body:
            if isinstance(item, ast.FunctionDef | ast.ClassDef):
                first = min([item.lineno, *(decorator.lineno for decorator in item.decorator_list)])
                found[prefix + item.name] = [first, item.end_lineno or first]
                if isinstance(item, ast.ClassDef):
                    visit(item.body, f"{prefix}{item.name}.")

    visit(tree.body, "")
    return found
