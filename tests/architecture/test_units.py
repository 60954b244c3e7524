"""Units once: factors of units stand in the table of units, and nowhere in quantities, commands and waves."""

import ast
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest
from conftest import ROOT

from phextpaper.press.units import SI, from_si, to_si

FACTORS = {float(one) for factor in SI.values() for one in (factor, 1 / factor)}
"""What a unit may be worth, and its inverse."""
ROOMS = ("phextpaper/study/quantities", "phextpaper/study/commands", "phextpaper/press/commands", "waves")
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def constant(node: ast.AST) -> float | None:
    """The number that an expression of literals makes, or None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.Mult | ast.Div):
        left, right = constant(node.left), constant(node.right)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.Pow):
            return float(left**right)
        return left * right if isinstance(node.op, ast.Mult) else left / right
    return None


def bare_constants(tree: ast.Module) -> dict[str, float]:
    """Constants of a module that are worth what a unit is, and do not say in a docstring what they count."""
    found = {}
    for item, following in zip_longest(tree.body, tree.body[1:]):
        told = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(item, ast.Assign) and not told:
            value = constant(item.value)
            if value is not None:
                found |= {target.id: value for target in item.targets if isinstance(target, ast.Name)}
    return found


def unit_factors(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each literal that multiplies or divides as a unit would: 1e-9, 1000, 2**30, 60, 100."""
    named = bare_constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
            continue
        if constant(node) is not None:
            continue
        for side in (node.left, node.right):
            value = named.get(side.id) if isinstance(side, ast.Name) else constant(side)
            if value is not None and abs(value) in FACTORS:
                yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_factors_of_units_stand_in_the_table(path: Path) -> None:
    """What is converted is converted by `to_si` and `from_si`; a factor that is no unit's has a name and a docstring."""
    found = [f"{line}: {text}" for line, text in unit_factors(ast.parse(path.read_text(encoding="utf-8")))]
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "x * 1e-9",
        "1e3 * f(x)",
        "x / 2**30",
        "x // 10**9",
        "100 * (a - b)",
        "x / 3600",
        "x * 1024",
        "x * (24 * 3600)",
        "K = 1000\nx / K",
    ],
)
def test_a_literal_factor_is_found(text: str) -> None:
    """Powers of ten and of two, seconds of an hour and of a day, and shares in a hundred are found wherever they multiply."""
    assert list(unit_factors(ast.parse(text)))


@pytest.mark.parametrize(
    "text", ["SIZE = 10**6", "K = 1000\n'Runs.'\nx / K", "x < 1e-9", "range(1000)", "2 * x / 3", "x.si / y.si", "x**2"]
)
def test_a_count_or_a_tolerance_is_no_factor(text: str) -> None:
    """A named size, a tolerance that is compared and a small whole number say nothing of a unit."""
    assert not list(unit_factors(ast.parse(text)))


@pytest.mark.parametrize("unit", SI)
def test_a_unit_there_and_back_is_what_it_was(unit: str) -> None:
    """No digit that is printed is lost between a unit and SI."""
    for value in (1, 3, 0.1, 0.2, 99.9, 1234.5678):
        assert from_si(to_si(value, unit), unit) == pytest.approx(value, rel=1e-14)
