"""The pages in `waves/`, found by walking the folder; their declarations are read without running them."""

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from phextpaper.errors import PageError
from phextpaper.press.sources.declarations import declared, hash_of, page_files
from phextpaper.press.sources.plan import load_waves
from phextpaper.press.wave import Wave


@dataclass(frozen=True, slots=True)
class Page:
    """Where a wave's page is and what it declares."""

    n: int
    name: str
    file: str
    needs: tuple[int, ...]
    output: tuple[str, ...]
    phase: int
    also: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """Everything that the wave writes: the plan's outputs and what it declares beside them."""
        return self.output + self.also

    @property
    def module(self) -> str:
        """The page's module name."""
        return self.file.removesuffix(".py").replace("/", ".")


def collect(root: Path, known: dict[str, Any] | None = None) -> dict[int, Page]:
    """Every page by number. `known` remembers declarations by the text they were read from.

    A need that the plan has and nobody wrote yet counts as absent: the wave is made from the others.

    Raises PageError for a page without a literal declaration, a number given twice, an output claimed twice or a need
    outside the plan.
    """
    known = known if known is not None else {}
    pages: dict[int, Page] = {}
    makers: dict[str, int] = {}
    for path in page_files(root):
        file = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        entry = known.get(file)
        if entry is None or entry["text"] != hash_of(text):
            entry = known[file] = {"text": hash_of(text), **declared(text, file)}
        page = Page(
            entry["n"],
            entry["name"],
            file,
            tuple(entry["needs"]),
            tuple(entry["output"]),
            entry["phase"],
            tuple(entry.get("also", ())),
        )
        if page.n in pages:
            raise PageError(
                f"wave {page.n} has two pages", where=file, remedy=f"the other is {pages[page.n].file}; keep one"
            )
        for output in page.files:
            if output in makers:
                raise PageError(
                    f"{output} is made by wave {makers[output]} already", where=file, remedy="give it another name"
                )
            makers[output] = page.n
        pages[page.n] = page
    planned = load_waves(root)
    for page in pages.values():
        if missing := [n for n in page.needs if n not in planned]:
            raise PageError(
                f"wave {page.n} needs wave {missing[0]}, which the plan does not have",
                where=page.file,
                remedy="mend the number",
            )
    return dict(sorted(pages.items()))


def load(page: Page, root: Path) -> Wave:
    """Import a page. Raises PageError where it does not call its wave `page`."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    wave = getattr(import_module(page.module), "page", None)
    if not isinstance(wave, Wave):
        raise PageError("the page's Wave is not called `page`", where=page.file, remedy="write `page = Wave(...)`")
    return wave


def order(pages: dict[int, Page], wanted: list[int]) -> list[int]:
    """The wanted waves and all that they need, needs first, by number where free.

    Raises PageError for a cycle or an unknown wave.
    """
    done: dict[int, bool] = {}
    path: list[int] = []
    ordered: list[int] = []

    def visit(n: int) -> None:
        if n not in pages:
            raise PageError(f"wave {n} has no page yet", remedy="phextpaper status lists the waves that have one")
        if done.get(n):
            return
        if n in path:
            circle = " -> ".join(str(step) for step in [*path[path.index(n) :], n])
            raise PageError(
                f"the waves need each other in a circle: {circle}", where=pages[n].file, remedy="drop one of the needs"
            )
        path.append(n)
        for need in sorted(set(pages[n].needs) & set(pages)):
            visit(need)
        path.pop()
        done[n] = True
        ordered.append(n)

    for n in sorted(wanted):
        visit(n)
    return ordered
