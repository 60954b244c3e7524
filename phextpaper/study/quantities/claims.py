"""The claims ledger as numbers: each claim of the plan decided on the plan's machine, and the verdicts counted.

The plan speaks of one machine, so the ledger is the same whichever machine is built.
"""

from typing import Any, cast, get_args

from phextpaper.press.evaluation import Quantities
from phextpaper.press.ledger import Kind, decide
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Scalar, format_value, node, number
from phextpaper.press.sources.claims import load_claims
from phextpaper.study.ledger import parts

VERDICTS = get_args(Kind)
TOLD = ("C75", "C73", "C80", "C86", "C68", "C63", "C92")
"""Corrected claims that the discussion tells of."""


@node("claims.ledger", keep=True)
def ledger(q: Quantities) -> list[dict[str, Any]]:
    """Every claim that a rule decides, by id: what the plan says, what its machine gives, the verdict and why."""
    q.file("plan/claims.toml")
    listed = load_claims(q.root)
    decided = cast(list[tuple[str, dict[str, Any]]], q.on_planned(_decided))
    return [{"id": id, "wave": listed[id].wave, "says": listed[id].says, **entry} for id, entry in decided]


def entries(q: Quantities) -> list[dict[str, Any]]:
    """The ledger."""
    return cast(list[dict[str, Any]], q.node("claims.ledger"))


def _decided(q: Quantities) -> list[tuple[str, dict[str, Any]]]:
    name = q.machine.name.value
    rules = {id: (part, rule) for part, rules in parts().items() for id, rule in rules.items()}
    found = []
    for id, (part, rule) in sorted(rules.items()):
        decision = decide(rule, q, words(q, f"ledger/{part}.j2", id))
        computed = decision.computed
        entry = {
            "planned": decision.planned,
            "computed": computed.value if computed is not None else None,
            "unit": computed.unit if computed is not None else "",
            "verdict": decision.verdict,
            "reason": decision.reason,
            "quantities": list(decision.quantities),
            "machine": name,
        }
        found.append((id, entry))
    return found


def as_planned(q: Quantities, *keys: str) -> bool:
    """Whether parameters of this machine have the values that they have on the plan's."""
    return q.on_planned(lambda planned: [planned.machine[key].value for key in keys]) == [
        q.machine[key].value for key in keys
    ]


@number("claims.total", "claims", kind="cited")
def total(q: Quantities) -> int:
    """Quantitative claims of the plan (plan/claims.toml)."""
    q.file("plan/claims.toml")
    return len(load_claims(q.root))


@number("claims.{}", "claims", each=VERDICTS)
def verdict(q: Quantities, kind: str) -> int:
    """Claims with this verdict: equal to what is computed, corrected, an assumption, or beyond what can be decided
    here.
    """
    return sum(claim["verdict"] == kind for claim in entries(q))


@number("claims.corrected_share", "%", formula="corrected / all", whole=True)
def corrected_share(q: Quantities) -> float:
    """Share of the plan's claims that are corrected."""
    return float(q.claims.corrected) / float(q.claims.total)


def _told(q: Quantities, id: str) -> dict[str, Any]:
    return next(claim for claim in entries(q) if claim["id"] == id)


@number("claims.said.{}", "", ".3g", each=TOLD, kind="assumed")
def said(q: Quantities, id: str) -> Scalar:
    """What the plan says (plan/claims.toml)."""
    value: Scalar = _told(q, id)["planned"]
    return value


@number("claims.found.{}", "", ".3g", each=TOLD)
def found(q: Quantities, id: str) -> Scalar:
    """What is computed on the plan's machine, by the quantity that the ledger names."""
    value: Scalar = _told(q, id)["computed"]
    return value


@number("claims.machine", "", kind="assumed")
def machine(q: Quantities) -> str:
    """Name of the machine that the plan speaks of."""
    name: str = entries(q)[0]["machine"]
    return name


def listed(q: Quantities) -> tuple[str, ...]:
    """The ids of all claims."""
    q.file("plan/claims.toml")
    return tuple(load_claims(q.root))


@number("claims.says.{}", "", each=listed, kind="cited")
def says(q: Quantities, id: str) -> str:
    """A claim in the plan's words (plan/claims.toml)."""
    return load_claims(q.root)[id].says.replace("|", "/")


@number("claims.value.{}.{}", "", each=lambda q: [(id, which) for id in listed(q) for which in ("planned", "computed")])
def value(q: Quantities, id: str, which: str) -> str:
    """The planned and the computed value of a claim, as a text with its unit; a dash where there is none."""
    claim = next((claim for claim in entries(q) if claim["id"] == id), None)
    if claim is None or claim[which] is None:
        return "-"
    text = format_value(claim[which], ".6g" if isinstance(claim[which], float) else 0)
    return f"{text} {claim['unit']}".strip() if which == "computed" else text
