"""The claims ledger as numbers: each claim of the plan decided on the plan's machine, whichever machine is built, and the verdicts counted."""

from typing import get_args

from phextpaper.press.ledger import Kind, decide
from phextpaper.press.quantity import format_value, node, number
from phextpaper.press.sources.claims import load_claims
from phextpaper.study.ledger import all_rules

VERDICTS = get_args(Kind)
TOLD = ("C75", "C73", "C80", "C86", "C68", "C63", "C92")
"""Corrected claims that the discussion tells of."""


@node("claims.ledger", keep=True)
def ledger(q) -> list[dict]:
    """Every claim that a rule decides, by id: what the plan says, what is computed on its machine, the verdict and why."""
    q.file("plan/claims.toml")
    listed = load_claims(q.root)
    return [
        {"id": id, "wave": listed[id].wave, "says": listed[id].says, **entry} for id, entry in q.on_planned(_decided)
    ]


def _decided(q) -> list[tuple[str, dict]]:
    name = q.machine.name.value
    found = []
    for id, rule in sorted(all_rules().items()):
        decision = decide(rule, q)
        computed = decision.computed
        found.append(
            (
                id,
                {
                    "planned": decision.planned,
                    "computed": None if computed is None else computed.value,
                    "unit": "" if computed is None else computed.unit,
                    "verdict": decision.verdict,
                    "reason": decision.reason,
                    "quantities": list(decision.quantities),
                    "machine": name,
                },
            )
        )
    return found


def as_planned(q, *keys: str) -> bool:
    """Whether parameters of this machine have the values that they have on the plan's."""
    return q.on_planned(lambda planned: [planned.machine[key].value for key in keys]) == [
        q.machine[key].value for key in keys
    ]


@number("claims.total", "claims", kind="cited")
def total(q):
    """Quantitative claims of the plan (plan/claims.toml)."""
    q.file("plan/claims.toml")
    return len(load_claims(q.root))


@number("claims.{}", "claims", each=VERDICTS)
def verdict(q, kind):
    """Claims with this verdict: equal to what is computed, corrected, an assumption, or beyond what can be decided here."""
    return sum(claim["verdict"] == kind for claim in q.node("claims.ledger"))


@number("claims.corrected_share", "%", formula="corrected / all", whole=True)
def corrected_share(q):
    """Share of the plan's claims that are corrected."""
    return q.claims.corrected / q.claims.total


def _told(q, id: str) -> dict:
    return next(claim for claim in q.node("claims.ledger") if claim["id"] == id)


@number("claims.said.{}", "", ".3g", each=TOLD, kind="assumed")
def said(q, id):
    """What the plan says (plan/claims.toml)."""
    return _told(q, id)["planned"]


@number("claims.found.{}", "", ".3g", each=TOLD)
def found(q, id):
    """What is computed on the plan's machine, by the quantity that the ledger names."""
    return _told(q, id)["computed"]


@number("claims.machine", "", kind="assumed")
def machine(q):
    """Name of the machine that the plan speaks of."""
    return q.node("claims.ledger")[0]["machine"]


def listed(q) -> tuple[str, ...]:
    """The ids of all claims."""
    q.file("plan/claims.toml")
    return tuple(load_claims(q.root))


@number("claims.says.{}", "", each=listed, kind="cited")
def says(q, id):
    """A claim in the plan's words (plan/claims.toml)."""
    return load_claims(q.root)[id].says.replace("|", "/")


@number("claims.value.{}.{}", "", each=lambda q: [(id, which) for id in listed(q) for which in ("planned", "computed")])
def value(q, id, which):
    """The planned and the computed value of a claim, as a text with its unit; a dash where there is none."""
    claim = next((claim for claim in q.node("claims.ledger") if claim["id"] == id), None)
    if claim is None or claim[which] is None:
        return "-"
    text = format_value(claim[which], ".6g" if isinstance(claim[which], float) else 0)
    return f"{text} {claim['unit']}".strip() if which == "computed" else text
