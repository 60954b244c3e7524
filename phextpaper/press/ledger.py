"""How a claim of the plan is decided: the planned value beside a computed one, and a verdict that follows.

The verdict is never typed where two values can be compared: equal is reproduced, unequal is corrected. The reasons
stand in ``templates/ledger``, a macro a claim.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from phextpaper.press.quantity import Quantity, Scalar, marked_ids, strip_marks

Kind = Literal["reproduced", "corrected", "assumption", "unverifiable"]


class Numbers(Protocol):
    """The named numbers of a machine."""

    def __getitem__(self, id: str) -> Quantity:
        """A number by its id."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One claim's rule: the plan's value, the quantity that answers it, and how the two are to be compared."""

    planned: Scalar | None
    id: str
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


def compared(planned: Scalar, id: str, *, tolerance: float = 0.0) -> Rule:
    """Reproduced if the computed value equals the plan's, within a relative tolerance where the plan rounds.

    Else corrected.
    """
    return Rule(planned, id, tolerance=tolerance)


def at_least(planned: Scalar, id: str) -> Rule:
    """Reproduced if the computed value is the plan's or more."""
    return Rule(planned, id, sense=">=")


def at_most(planned: Scalar, id: str) -> Rule:
    """Reproduced if the computed value is the plan's or less."""
    return Rule(planned, id, sense="<=")


def assumed(planned: Scalar | None, id: str) -> Rule:
    """The value is an assumption: no model gives it, and it was not measured."""
    return Rule(planned, id, "assumption")


def unverifiable(planned: Scalar | None) -> Rule:
    """Nothing that is computed here can decide it."""
    return Rule(planned, "", "unverifiable")


def decide(rule: Rule, q: Numbers, reason: str) -> Decision:
    """Apply a rule to the machine's quantities; the reason is a text with marks."""
    computed = q[rule.id] if rule.id else None
    ids = tuple(dict.fromkeys((*((rule.id,) if rule.id else ()), *marked_ids(reason))))
    return Decision(rule.planned, computed, _verdict(rule, computed), strip_marks(reason)[0], ids)


def _verdict(rule: Rule, computed: Quantity | None) -> Kind:
    if rule.kind:
        return rule.kind
    return "reproduced" if computed is not None and _holds(rule, computed.value) else "corrected"


def _holds(rule: Rule, computed: Scalar) -> bool:
    planned = rule.planned
    if planned is None or isinstance(planned, str) or isinstance(computed, str):
        return planned == computed
    if rule.sense == ">=":
        return computed >= planned
    if rule.sense == "<=":
        return computed <= planned
    return abs(planned - computed) <= rule.tolerance * abs(computed)
