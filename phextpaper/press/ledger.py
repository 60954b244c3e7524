"""How a claim of the plan is decided: the planned value beside a computed one, a verdict that follows, and a reason.

The verdict is never typed where two values can be compared: equal is reproduced, unequal is corrected.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from phextpaper.press.quantity import Quantity, Scalar, marked_ids, strip_marks

Quantities = Any
"""The named numbers of a machine, as attributes: what rules read."""
Kind = Literal["reproduced", "corrected", "assumption", "unverifiable"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One claim's rule: the plan's value, the quantity that answers it, and the reason in words."""

    planned: Scalar | None
    id: str
    reason: Callable[[Quantities], str] | str
    kind: Kind | None = None
    tolerance: float = 0.0
    sense: Literal["=", ">=", "<="] = "="


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided claim."""

    planned: Scalar | None
    computed: Quantity | None
    verdict: Kind
    reason: str
    quantities: tuple[str, ...]


def compared(planned: Scalar, id: str, reason, *, tolerance: float = 0.0) -> Rule:
    """Reproduced if the computed value equals the plan's, within a relative tolerance where the plan rounds; else corrected."""
    return Rule(planned, id, reason, None, tolerance)


def at_least(planned: Scalar, id: str, reason) -> Rule:
    """Reproduced if the computed value is the plan's or more."""
    return Rule(planned, id, reason, sense=">=")


def at_most(planned: Scalar, id: str, reason) -> Rule:
    """Reproduced if the computed value is the plan's or less."""
    return Rule(planned, id, reason, sense="<=")


def assumed(planned: Scalar | None, id: str, reason) -> Rule:
    """The value is an assumption: no model gives it, and it was not measured."""
    return Rule(planned, id, reason, "assumption")


def unverifiable(planned: Scalar | None, reason) -> Rule:
    """Nothing that is computed here can decide it."""
    return Rule(planned, "", reason, "unverifiable")


def decide(rule: Rule, q: Quantities) -> Decision:
    """Apply a rule to the machine's quantities."""
    computed = q[rule.id] if rule.id else None
    words = rule.reason(q) if callable(rule.reason) else rule.reason
    verdict: Kind = rule.kind or ("reproduced" if _holds(rule, computed.value) else "corrected")
    ids = tuple(dict.fromkeys((*((rule.id,) if rule.id else ()), *marked_ids(words))))
    return Decision(rule.planned, computed, verdict, strip_marks(words)[0], ids)


def _holds(rule: Rule, computed: Scalar) -> bool:
    if rule.sense == ">=":
        return computed >= rule.planned
    if rule.sense == "<=":
        return computed <= rule.planned
    if isinstance(rule.planned, str) or isinstance(computed, str):
        return rule.planned == computed
    return abs(rule.planned - computed) <= rule.tolerance * abs(computed)
