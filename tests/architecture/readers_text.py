"""Finds text for readers in a page's Python: it belongs in a template, beside its condition."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FILLING = {"context", "writes", "review"}
CHOOSING = {"choose", "compare", "with_unit"}
MOST_WORDS = 2
_WORD = re.compile(r"[A-Za-z]{2,}")


def readers_text(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of what a page writes for readers: in what its context, its writers and its answers reach, raised errors excepted.

    A string of more than two words counts, a formatted string with a word beside a blank, and every word chosen by a number.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {item.name: item for item in tree.body if isinstance(item, ast.FunctionDef)}
    constants = {
        target.id: item
        for item in tree.body
        if isinstance(item, ast.Assign | ast.AnnAssign)
        for target in (item.targets if isinstance(item, ast.Assign) else [item.target])
        if isinstance(target, ast.Name) and target.id != "page"
    }
    waiting = [name for name, item in functions.items() if any(_fills(mark) for mark in item.decorator_list)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        body: list[ast.stmt] = functions[name].body if name in functions else [constants[name]]
        for node in (node for statement in body for node in _spoken(statement)):
            if isinstance(node, ast.Name) and (node.id in functions or node.id in constants):
                waiting.append(node.id)
            if isinstance(node, ast.Name) and node.id in CHOOSING:
                yield node.lineno, node.id
            if isinstance(node, ast.Attribute) and node.attr in CHOOSING:
                yield node.lineno, node.attr
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _reads(node.value):
                yield node.lineno, node.value
            if isinstance(node, ast.JoinedStr) and _joins(node):
                yield node.lineno, ast.unparse(node)


def _fills(mark: ast.expr) -> bool:
    mark = mark.func if isinstance(mark, ast.Call) else mark
    return isinstance(mark, ast.Attribute) and mark.attr in FILLING


def _spoken(statement: ast.AST) -> Iterator[ast.AST]:
    """Everything in a statement but its docstring and what it raises."""
    if isinstance(statement, ast.Raise) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    ):
        return
    yield statement
    if isinstance(statement, ast.JoinedStr):
        for part in statement.values:
            if isinstance(part, ast.FormattedValue):
                yield from _spoken(part.value)
        return
    for child in ast.iter_child_nodes(statement):
        yield from _spoken(child)


def _reads(text: str) -> bool:
    return len(_WORD.findall(text)) > MOST_WORDS and " " in text


def _joins(node: ast.JoinedStr) -> bool:
    literal = "\0".join(part.value for part in node.values if isinstance(part, ast.Constant))
    return " " in literal and _WORD.search(literal) is not None
