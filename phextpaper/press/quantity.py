"""A number that keeps its name: value, unit, digits, kind, origin, and what it was computed from.

Printed through `str`, a quantity comes wrapped in marks that name it. The renderer turns the marks into lineage and
takes them out again, so a number can be composed into any sentence and still say where it came from. Arithmetic gives
plain floats, which the renderer refuses: what a reader sees is always a named quantity.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal, TypeVar

from phextpaper.press.units import from_si, to_si

Kind = Literal["computed", "cited", "assumed", "measured"]
Scalar = int | float | str
Places = list[list[Any]]
"""Where an artefact prints which quantity, as records keep it: line, column, id and text of each print."""

OPEN, MIDDLE, CLOSE = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{OPEN}([^{MIDDLE}]*){MIDDLE}([^{CLOSE}]*){CLOSE}")
_IRREGULAR = {"switches": "switch", "entries": "entry", "boxes": "box", "bytes": "byte", "minutes": "minute"}
_ACRONYMS = re.compile(r"([A-Z]+)e?s$")
_COUNTED = re.compile(r"^[A-Za-z][a-z -]{2,}s$")
GROUPED_FROM, PLAIN_BELOW = 10_000, 1e6
"""From where on thousands are grouped, and up to where no exponent is needed."""


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """One named number or text. `digits` counts decimals, or is a format such as ``".3g"``; integers need none.

    >>> str(Quantity("orchard.trees", 4096, "trees").text)
    '4096'
    >>> Quantity("x.mean", 12.0029, "hops", digits=2) + 1
    13.0029
    """

    id: str
    value: Scalar
    unit: str = ""
    digits: int | str = 0
    kind: Kind = "computed"
    doc: str = ""
    origin: str = ""
    formula: str = ""
    uses: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """The number as a reader sees it, without its unit."""
        return format_value(self.value, self.digits)

    @property
    def with_unit(self) -> str:
        """The marked number and its unit, the unit in the singular for one."""
        if not self.unit:
            return str(self)
        return f"{self}{'' if self.unit == '%' else ' '}{unit_for(self.unit, self.text)}"

    @property
    def si(self) -> int | float:
        """The value in SI base units (seconds, bytes, 1/s; a share of what is in %), by `phextpaper.press.units`.

        >>> Quantity("a", 50, "GB/s").si, Quantity("b", 0.1, "% a day").si * 86_400, Quantity("c", 16, "rows").si
        (50000000000.0, 0.001, 16)
        """
        return to_si(self.value, self.unit)

    @property
    def key(self) -> str:
        """The work of the bibliography where it was read; nothing for what was not read in one."""
        return self.origin.partition(",")[0].strip() if self.kind == "cited" else ""

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change when anything a reader sees of this quantity changes."""
        return digest([self.value, self.unit, self.digits, self.kind])

    def __str__(self) -> str:
        return f"{OPEN}{self.id}{MIDDLE}{self.text}{CLOSE}"

    def __format__(self, spec: str) -> str:
        if spec:
            raise TypeError(
                f"{self.id} is printed with its own digits; a format such as {spec!r} would hide where it came from"
            )
        return str(self)

    def __float__(self) -> float:
        return float(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __index__(self) -> int:
        if not isinstance(self.value, int):
            raise TypeError(f"{self.id} = {self.value!r} is not an integer")
        return self.value

    def __bool__(self) -> bool:
        """Whether a yes-or-no quantity is a yes. A number has no truth: nought is a number like any other."""
        if not isinstance(self.value, bool):
            raise TypeError(f"{self.id} is no yes or no; compare it, as in {self.id} > 0")
        return self.value

    def __hash__(self) -> int:
        return hash((self.id, self.value))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Quantity):
            return self.value == other.value
        return self.value == other

    # What a comparison or a sum is depends on the other side: with an array it is an array.
    def __lt__(self, other: object) -> Any:
        return _plain(self) < _plain(other)

    def __le__(self, other: object) -> Any:
        return _plain(self) <= _plain(other)

    def __gt__(self, other: object) -> Any:
        return _plain(self) > _plain(other)

    def __ge__(self, other: object) -> Any:
        return _plain(self) >= _plain(other)

    def __add__(self, other: object) -> Any:
        return _plain(self) + _plain(other)

    def __radd__(self, other: object) -> Any:
        return _plain(other) + _plain(self)

    def __sub__(self, other: object) -> Any:
        return _plain(self) - _plain(other)

    def __rsub__(self, other: object) -> Any:
        return _plain(other) - _plain(self)

    def __mul__(self, other: object) -> Any:
        return _plain(self) * _plain(other)

    def __rmul__(self, other: object) -> Any:
        return _plain(other) * _plain(self)

    def __truediv__(self, other: object) -> Any:
        return _plain(self) / _plain(other)

    def __rtruediv__(self, other: object) -> Any:
        return _plain(other) / _plain(self)

    def __floordiv__(self, other: object) -> Any:
        return _plain(self) // _plain(other)

    def __mod__(self, other: object) -> Any:
        return _plain(self) % _plain(other)

    def __pow__(self, other: object) -> Any:
        return _plain(self) ** _plain(other)

    def __neg__(self) -> Any:
        return -_plain(self)


def _plain(other: object) -> Any:
    return other.value if isinstance(other, Quantity) else other


def digest(data: object) -> str:
    """Sixteen hexadecimal digits of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def format_value(value: Scalar, digits: int | str = 0) -> str:
    """A value as text: thousands grouped from ten thousand on, decimals as asked, exponents without padding.

    >>> format_value(16773120), format_value(4096), format_value(0.5, 2), format_value(1.25e-7, ".2g")
    ('16,773,120', '4096', '0.50', '1.2e-7')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(digits, str):
        text = format(value, digits)
        if "e+" in text and abs(value) < PLAIN_BELOW:
            return format_value(float(text), 0)
        return re.sub(r"e([+-])0*(\d)", lambda m: "e" + m[1].replace("+", "") + m[2], text)
    decimals = 0 if isinstance(value, int) else digits
    text = f"{value:.{decimals}f}"
    if float(text) == 0 and text.startswith("-"):
        text = text[1:]
    return f"{value:,.{decimals}f}" if abs(float(text)) >= GROUPED_FROM else text


def unit_for(unit: str, text: str) -> str:
    """The unit in the singular where the printed number is one, else as it is."""
    if text != "1":
        return unit
    if acronym := _ACRONYMS.match(unit):
        return acronym[1]
    if not (unit in _IRREGULAR or _COUNTED.match(unit)):
        return unit
    return _IRREGULAR.get(unit, unit[:-1])


def plain(value: object) -> Scalar:
    """A Python scalar of what an engine returns.

    Raises TypeError for what is neither a number nor a text, and ValueError for a number that is not finite.
    """
    item = value.item() if hasattr(value, "item") else value
    if not isinstance(item, bool | int | float | str):
        raise TypeError(f"a quantity holds a number or a text, not {type(value).__name__}")
    if isinstance(item, float) and not math.isfinite(item):
        raise ValueError(f"{item} is no number that a reader can use")
    return item


def scalar(value: object, unit: str = "", *, whole: bool = False) -> Scalar:
    """What an engine returns in SI base units as a number of `unit`, to the nearest `whole` one where that is asked.

    Floats keep twelve significant digits, alike on every processor. Texts and truths stay as they are.

    >>> scalar(0.25e-3, "ms"), scalar(0.123, "%", whole=True), scalar("none", "ms")
    (0.25, 12, 'none')
    """
    item = plain(value)
    if isinstance(item, bool | str):
        return item
    number = from_si(item, unit)
    if whole:
        return round(number)
    return float(f"{number:.12g}") if isinstance(number, float) else number


@dataclass(frozen=True, slots=True)
class Print:
    """One place where a quantity was printed: line and column from 1, the text as printed."""

    line: int
    column: int
    id: str
    text: str


@dataclass(frozen=True)
class Made:
    """A finished output as a wave's writer returns it: its bytes, where these print which quantity, further files.

    Each further file is declared in the wave's `also`.
    """

    data: bytes
    prints: tuple[Print, ...]
    also: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, marked: str, also: Mapping[str, bytes] | None = None) -> "Made":
        """From a text with marks."""
        text, prints = strip_marks(marked)
        return cls(text.encode("utf-8"), tuple(prints), also or {})


def strip_marks(marked: str) -> tuple[str, list[Print]]:
    """The text without its marks, and where each marked piece stands in it."""
    pieces, prints, end, line, column = [], [], 0, 1, 1

    def advance(text: str) -> None:
        nonlocal line, column
        breaks = text.count("\n")
        line, column = line + breaks, (len(text) - text.rfind("\n") if breaks else column + len(text))
        pieces.append(text)

    for mark in _MARK.finditer(marked):
        advance(marked[end : mark.start()])
        prints.append(Print(line, column, mark[1], mark[2]))
        advance(mark[2])
        end = mark.end()
    advance(marked[end:])
    return "".join(pieces), prints


def marked_ids(marked: str) -> tuple[str, ...]:
    """The identifiers of the quantities printed in a marked text, in order, each once."""
    return tuple(dict.fromkeys(mark[1] for mark in _MARK.finditer(marked)))


def choose(condition: object, yes: str, no: str) -> str:
    """Words that depend on a number are chosen by the number.

    >>> choose(Quantity("a", 3) < 4, "fewer", "more")
    'fewer'
    """
    return yes if condition else no


def compare(a: object, b: object, less: str, equal: str, more: str) -> str:
    """The word for how `a` compares with `b`: `less`, `equal` or `more`."""
    left, right = _plain(a), _plain(b)
    return less if left < right else more if left > right else equal


Computation = TypeVar("Computation", bound=Callable[..., Any])
Each = Iterable[Any] | Callable[[Any], Iterable[Any]] | None
"""For which keys a definition holds: a row each, or one row of sequences for all their combinations.

Or what finds them.
"""


@dataclass(frozen=True, slots=True)
class Definition:
    """How a quantity (or, where `unit` is None, an intermediate result) is computed.

    `path` is its id, with a ``{}`` for each key of `each`; `by` is the engine's function that does the work. What
    `compute` returns is in SI base units; `unit` is the one to print, and `whole` rounds to a whole number of it.
    """

    path: str
    compute: Callable[..., Any]
    unit: str | None
    digits: int | str
    each: Each
    by: Callable[..., Any] | None
    formula: str
    keep: bool = False
    kind: Kind = "computed"
    whole: bool = False


def number(
    path: str,
    unit: str = "",
    digits: int | str = 0,
    *,
    each: Each = None,
    by: Callable[..., Any] | None = None,
    formula: str = "",
    kind: Kind = "computed",
    whole: bool = False,
) -> Callable[[Computation], Computation]:
    """Name what a function computes.

    The function takes the quantities and the keys of `each`; its docstring is the doc. It returns the value in SI base
    units (seconds, bytes, bytes a second, watts, joules, shares), and counts as they are.
    """

    def define(compute: Computation) -> Computation:
        found = Definition(path, compute, unit, digits, each, by, formula, kind=kind, whole=whole)
        compute.definition = found  # type: ignore[attr-defined]  # a function carries what it defines
        return compute

    return define


def node(path: str, *, each: Each = None, keep: bool = False) -> Callable[[Computation], Computation]:
    """Name an intermediate result (a topology, a table) that quantities share; `keep` stores a dear one on disk."""

    def define(compute: Computation) -> Computation:
        compute.definition = Definition(path, compute, None, 0, each, None, "", keep)  # type: ignore[attr-defined]  # a function carries what it defines
        return compute

    return define


def definitions(module: ModuleType) -> Iterator[Definition]:
    """The definitions of a subject's module in the order of their lines."""
    for thing in vars(module).values():
        found = getattr(thing, "definition", None)
        if isinstance(found, Definition) and thing.__module__ == module.__name__:
            yield found
