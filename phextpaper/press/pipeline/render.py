"""Templates to text: only text and quantities reach the reader, and where each quantity was printed is noted.

Every template reads the numbers as ``q``: ``{{ q.faults.mtbf_days | unit }}``. A page's context adds rows and decisions
only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, ref

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
    meta,
)

from phextpaper.errors import PageError
from phextpaper.press.evaluation import Quantities
from phextpaper.press.paper import load_paper
from phextpaper.press.quantity import CLOSE, MIDDLE, OPEN, Print, Quantity, choose, compare, strip_marks
from phextpaper.press.sources.bibliography import load_bibliography

_KINDS = {"computed": "computed", "cited": "reported", "assumed": "assumed", "measured": "measured"}


OWN = Path(__file__).resolve().parents[1] / "templates"
"""The words of every paper: of gates and reviews of phases, of a build's front page. A paper's own come first."""


class _NotedLoader(FileSystemLoader):
    """Loads templates and notes each as read, each time that it is used; one that changed meanwhile is loaded anew."""

    def __init__(self, root: Path, quantities: Quantities | None) -> None:
        super().__init__([root / "templates", OWN])
        self.root, self.noting = root, None if quantities is None else ref(quantities)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        text, place, _ = super().get_source(environment, template)
        seen = self._noted(template)
        return text, place, lambda: self._noted(template) == seen

    def _noted(self, template: str) -> bytes:
        name, quantities = f"templates/{template}", self.noting() if self.noting else None
        try:
            return quantities.file(name) if quantities is not None else (self.root / name).read_bytes()
        except OSError:
            return (OWN / template).read_bytes()


def _only_text(value: object, also: tuple[type, ...] = ()) -> str:
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if isinstance(value, (str, Quantity, *also)):
        return str(value)
    raise TypeError(f"a bare {type(value).__name__} ({value!r}) would be printed; print a named quantity")


_environments: WeakKeyDictionary[Quantities, dict[Path, Environment]] = WeakKeyDictionary()


def environment(root: Path, quantities: Quantities) -> Environment:
    """The Jinja environment of all templates; these quantities have one, which keeps what it compiled."""
    made = _environments.setdefault(quantities, {})
    if root not in made:
        made[root] = _environment(root, quantities)
    return made[root]


@cache
def _unnoted(root: Path) -> Environment:
    return _environment(root, None)


def _environment(root: Path, quantities: Quantities | None) -> Environment:
    made = Environment(
        loader=_NotedLoader(root, quantities),
        undefined=StrictUndefined,
        finalize=partial(_only_text, also=load_paper(root).study.printable),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["unit"] = _with_unit
    made.filters["pad"] = _padded
    made.filters["kind"] = _kind
    made.filters["cite"] = lambda value: _citation(value, root)
    made.globals.update(choose=choose, compare=compare)
    return made


def _with_unit(value: object) -> str:
    if not isinstance(value, Quantity):
        raise TypeError(f"only a quantity has a unit, not {value!r}")
    return value.with_unit


def _kind(value: object) -> str:
    """The word for how a quantity came about, so that no template has to type it."""
    if not isinstance(value, Quantity):
        raise TypeError(f"only a quantity is computed, reported, assumed or measured, not {value!r}")
    return _KINDS[value.kind]


def _citation(value: object, root: Path) -> str:
    """``[@key]`` of the work where a quantity was read."""
    key = value.key if isinstance(value, Quantity) else ""
    if not key or key not in load_bibliography(root):
        raise TypeError(
            f"only what was read in a work of the bibliography can be cited, not {getattr(value, 'id', value)!r}"
        )
    return f"[@{key}]"


def _padded(value: object, width: int) -> str:
    """Text or a quantity, filled up with blanks to a width as the reader sees it."""
    text = value if isinstance(value, str) else _only_text(value)
    return text + " " * (width - len(strip_marks(text)[0]))


def render(template: str, context: object, root: Path, quantities: Quantities) -> tuple[str, list[Print]]:
    """The finished text of one template and where its quantities stand.

    Raises PageError for an undefined name, a bare value, a syntax error: with the template's file and line.
    """
    jinja = environment(root, quantities)
    values = {field.name: getattr(context, field.name) for field in fields(context)} if is_dataclass(context) else {}
    with _told(template):
        text, prints = strip_marks(jinja.get_template(template).render({"q": quantities, **values}))
    if any(mark in text for mark in (OPEN, MIDDLE, CLOSE)):
        raise PageError(
            "a quantity's mark was cut in two",
            where=f"templates/{template}",
            remedy="do not slice, wrap or upper-case a printed quantity",
        )
    return text, prints


def words(quantities: Quantities, template: str, name: str, /, **rows: object) -> str:
    """What one macro of a template says, on one line and with its marks: a caption, a reason, an answer.

    The macro reads the numbers as ``q`` and each of `rows` by its name; where its source breaks a line, a blank stands.

    Raises PageError as `render` does, and for a macro that the template does not have.
    """
    return _said(environment(quantities.root, quantities), template, name, {"q": quantities, **rows})


def said(root: Path, template: str, name: str, /, **rows: object) -> str:
    """As `words`, of what is no number of a machine: of waves, files, verdicts."""
    return _said(_unnoted(root), template, name, rows)


def _said(jinja: Environment, template: str, name: str, rows: dict[str, object]) -> str:
    with _told(template):
        macro = getattr(jinja.get_template(template).make_module(rows), name, None)
        if macro is None:
            raise PageError(f"there is no macro {name}", where=f"templates/{template}", remedy="write it there")
        return " ".join(macro().split())


@contextmanager
def _told(template: str) -> Iterator[None]:
    """Tell what goes wrong in a template by its file and line."""
    try:
        yield
    except TemplateNotFound as problem:
        raise PageError(
            f"the template {problem.name} is missing", where=f"templates/{template}", remedy="write it under templates/"
        ) from None
    except TemplateSyntaxError as problem:
        raise PageError(
            problem.message or "syntax error",
            where=f"templates/{problem.name}:{problem.lineno}",
            remedy="mend the line",
        ) from None
    except PageError as problem:
        if problem.where:
            raise
        raise PageError(problem.what, where=_template_line(problem, template), remedy=problem.remedy) from problem
    except (TemplateError, TypeError, AttributeError, KeyError, ValueError) as problem:
        raise PageError(
            str(problem),
            where=_template_line(problem, template),
            remedy="print a number by its id, q.subject.name; rows and decisions come from the page's context",
        ) from problem


def _template_line(problem: BaseException, template: str) -> str:
    """File and line of the innermost template in which a problem arose."""
    found, frame = f"templates/{template}:1", problem.__traceback__
    while frame is not None:
        path = Path(frame.tb_frame.f_code.co_filename)
        if path.suffix == ".j2" and "templates" in path.parts:
            found = f"{'/'.join(path.parts[path.parts.index('templates') :])}:{frame.tb_lineno}"
        frame = frame.tb_next
    return found


def names_used(template: str, root: Path, quantities: Quantities) -> set[str]:
    """The names that a template and what it includes take from the context."""
    jinja, waiting = environment(root, quantities), [template]
    seen: set[str] = set()
    names: set[str] = set()
    loader = _NotedLoader(root, quantities)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        tree = jinja.parse(loader.get_source(jinja, name)[0])
        names |= meta.find_undeclared_variables(tree)
        waiting += [other for other in meta.find_referenced_templates(tree) if other]
    return names - set(jinja.globals) - {"q"}


def check_context(templates: list[str], context: object, root: Path, quantities: Quantities) -> None:
    """Raise PageError if the context declares a field that no template prints, or lacks one that a template names."""
    kind: Any = type(context)
    if not is_dataclass(context) or not kind.__dataclass_params__.frozen:
        raise PageError(f"the context is a {type(context).__name__}", remedy="return a frozen dataclass")
    declared = {field.name for field in fields(context)}
    used = set().union(*(names_used(template, root, quantities) for template in templates))
    for names, what in ((declared - used, "no template prints"), (used - declared, "the context does not declare")):
        if names:
            raise PageError(
                f"{what} {', '.join(sorted(names))}",
                where=f"templates/{templates[0]}",
                remedy="drop the field, or print it" if "prints" in what else "declare it in the wave's Context",
            )
