"""Finds the numbers that templates name, ``q.faults.mtbf_days``, without rendering them, and those of them that there are not."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches

from jinja2 import Environment, nodes

from phextpaper.press.quantity import Quantity

ROOT_NAME = "q"
ANY = None
"""A part that is known only when the template is rendered, such as ``[unit]``."""
Chain = tuple[str | None, ...]
Names = dict[str, frozenset[Chain]]
"""What a name may stand for, if it stands for a chain."""
OF_A_NUMBER = {field.name for field in fields(Quantity)} | {
    name for name, thing in vars(Quantity).items() if not name.startswith("_") and isinstance(thing, property)
}
OF_NUMBERS = ("unit", "pad", "kind", "cite")
"""Filters that take a number."""
LOOSE = (nodes.Assign, nodes.For, nodes.List, nodes.Tuple, nodes.Pair, nodes.Call, nodes.Keyword, nodes.With)
"""Where a chain may end before a number is named: what it stands for goes on elsewhere."""


@dataclass(frozen=True)
class Named:
    """A chain in a template; `whole` where it has to name a number."""

    line: int
    parts: Chain
    whole: bool

    def __str__(self) -> str:
        first, *rest = (part if part is not ANY else "[…]" for part in self.parts)
        return first + "".join(part if part == "[…]" else f".{part}" for part in rest)


def chains(source: str) -> Iterator[Named]:
    """Every chain of a template that begins at ``q`` or at a name that was set to such a chain."""
    tree = Environment().parse(source)
    yield from _body(tree.body, {ROOT_NAME: frozenset({()})})


def _body(statements: Iterable[nodes.Node], names: Names) -> Iterator[Named]:
    """The chains of statements in order; what they set is known to those that follow."""
    for statement in statements:
        yield from _statement(statement, names)


def _statement(item: nodes.Node, names: Names) -> Iterator[Named]:
    if isinstance(item, nodes.Assign):
        yield from _expression(item.node, item, names)
        _bind(item.target, item.node, names)
    elif isinstance(item, nodes.For):
        yield from _expression(item.iter, item, names)
        inner = dict(names)
        each = item.iter.items if isinstance(item.iter, nodes.List | nodes.Tuple) else []
        _bind_any(item.target, each, inner)
        if item.test is not None:
            yield from _expression(item.test, item.test, inner)
        yield from _body(item.body, inner)
        yield from _body(item.else_, dict(names))
    elif isinstance(item, nodes.If):
        yield from _expression(item.test, item, names)
        ways = []
        for branch in (item.body, *(other.body for other in item.elif_), item.else_):
            ways.append(dict(names))
            yield from _body(branch, ways[-1])
        for other in item.elif_:
            yield from _expression(other.test, item, names)
        _join(names, ways)
    elif isinstance(item, nodes.Macro | nodes.CallBlock):
        if isinstance(item, nodes.CallBlock):
            yield from _expression(item.call, item, names)
        inner = dict(names)
        for argument in item.args:
            inner.pop(argument.name, None)
        for default in item.defaults:
            yield from _expression(default, nodes.Tuple([], "load"), names)
        yield from _body(item.body, inner)
    elif isinstance(item, nodes.With):
        inner = dict(names)
        for target, value in zip(item.targets, item.values, strict=True):
            yield from _expression(value, item, names)
            _bind(target, value, inner)
        yield from _body(item.body, inner)
    elif isinstance(
        item, nodes.AssignBlock | nodes.FilterBlock | nodes.Block | nodes.Scope | nodes.ScopedEvalContextModifier
    ):
        yield from _body(item.body, dict(names))
    else:
        for child in item.iter_child_nodes():
            yield from _expression(child, item, names)


def _expression(item: nodes.Node, parent: nodes.Node, names: Names) -> Iterator[Named]:
    found = _chain(item, names)
    if found:
        for parts in sorted(found, key=str):
            if parts:
                yield Named(item.lineno, parts, not _loose(parent))
    for child in _arguments(item) if found else item.iter_child_nodes():
        yield from _expression(child, item, names)


def _loose(parent: nodes.Node) -> bool:
    """Whether what stands here may be a part of ids: what is listed, searched, handed on."""
    if isinstance(parent, nodes.Operand):
        return parent.op in ("in", "notin")
    return isinstance(parent, LOOSE) or (isinstance(parent, nodes.Filter) and parent.name not in OF_NUMBERS)


def _arguments(item: nodes.Node) -> Iterator[nodes.Node]:
    """What stands in the brackets of a chain."""
    while isinstance(item, nodes.Getattr | nodes.Getitem):
        if isinstance(item, nodes.Getitem):
            yield item.arg
        item = item.node


def _chain(item: nodes.Node, names: Names) -> frozenset[Chain]:
    """What an expression may name; nothing for any that is no chain."""
    if isinstance(item, nodes.Name):
        return names.get(item.name, frozenset())
    if isinstance(item, nodes.Getattr):
        return frozenset((*parts, item.attr) for parts in _chain(item.node, names))
    if isinstance(item, nodes.Getitem):
        known = item.arg.value if isinstance(item.arg, nodes.Const) else ANY
        added = tuple(str(known).split(".")) if known is not ANY else (ANY,)
        return frozenset((*parts, *added) for parts in _chain(item.node, names))
    if isinstance(item, nodes.CondExpr):
        return _chain(item.expr1, names) | (_chain(item.expr2, names) if item.expr2 is not None else frozenset())
    return frozenset()


def _bind(target: nodes.Node, value: nodes.Node, names: Names) -> None:
    """Let a name, or the names of a tuple, stand for what they are set to."""
    _bind_any(target, [value], names)


def _bind_any(target: nodes.Node, values: Sequence[nodes.Node], names: Names) -> None:
    if isinstance(target, nodes.Name):
        found = [_chain(value, names) for value in values]
        names.pop(target.name, None)
        if found and all(found):
            names[target.name] = frozenset().union(*found)
    elif isinstance(target, nodes.Tuple):
        split = [value.items for value in values if isinstance(value, nodes.Tuple | nodes.List)]
        whole = len(split) == len(values) and all(len(items) == len(target.items) for items in split)
        for place, one in enumerate(target.items):
            _bind_any(one, [items[place] for items in split] if whole else [], names)


def _join(names: Names, ways: list[Names]) -> None:
    """After a condition a name stands for what any of its ways made of it, if it is a chain in all."""
    for name in {name for way in ways for name in way} | set(names):
        found = [way.get(name, frozenset()) for way in ways]
        names.pop(name, None)
        if all(found):
            names[name] = frozenset().union(*found)


class Ids:
    """The ids of all numbers, and whether a chain leads to one."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = sorted(ids)
        self.known = set(self.ids)

    def leads(self, named: Named) -> bool:
        """Whether a chain names a number, or something of one, or, where that is enough, a part of its id."""
        return any(self._holds(parts, named.whole) for parts in self._readings(named.parts))

    def nearest(self, named: Named) -> str:
        """The id, or the part of one, that is most like a chain."""
        chain = ".".join(part or "*" for part in named.parts)
        size = len(named.parts)
        like = {".".join(id.split(".")[:size]) for id in self.ids} | self.known
        return next(iter(get_close_matches(chain, sorted(like), n=1, cutoff=0.0)), "")

    def _readings(self, parts: Chain) -> Iterator[Chain]:
        """A chain as it stands, and without an attribute of the number that it names, as in ``.text.startswith``."""
        yield parts
        yield from (parts[:place] for place in range(1, len(parts)) if parts[place] in OF_A_NUMBER)

    def _holds(self, parts: Chain, whole: bool) -> bool:
        if ANY not in parts:
            id = ".".join(part for part in parts if part is not ANY)
            return id in self.known or (not whole and self._begins(f"{id}."))
        start = ".".join(part for part in parts[: parts.index(ANY)] if part is not ANY)
        if not self._begins(f"{start}." if start else ""):
            return False
        pattern = r"\.".join(".+?" if part is ANY else re.escape(part) for part in parts)
        fits = re.compile(pattern + ("" if whole else r"(?:\..+)?"))
        return any(fits.fullmatch(id) for id in self._from(f"{start}." if start else ""))

    def _from(self, start: str) -> Iterator[str]:
        for place in range(bisect_left(self.ids, start), len(self.ids)):
            if not self.ids[place].startswith(start):
                return
            yield self.ids[place]

    def _begins(self, start: str) -> bool:
        return next(self._from(start), None) is not None


def misspelt(source: str, ids: Ids) -> list[str]:
    """The chains of a template that lead to no number: line, chain, and the nearest name."""
    return [
        f"line {named.line}: {ROOT_NAME}.{named} names no number; near it: {ROOT_NAME}.{ids.nearest(named)}"
        for named in chains(source)
        if not ids.leads(named)
    ]
