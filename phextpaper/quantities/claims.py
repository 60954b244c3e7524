"""The claims ledger as numbers: each claim of the plan decided on the plan's machine, whichever machine is built, and the verdicts counted."""

from typing import get_args

from phextpaper.ledger import all_rules
from phextpaper.ledger.decision import Kind, decide
from phextpaper.quantity import node, number
from phextpaper.sources.claims import load_claims

VERDICTS = get_args(Kind)


@node("claims.ledger", keep=True)
def ledger(q) -> list[dict]:
    """Every claim that a rule decides, by id: what the plan says, what is computed on its machine, the verdict and why."""
    q.file("plan/claims.toml")
    listed = load_claims(q.root)
    return [{"id": id, "wave": listed[id].wave, "says": listed[id].says, **entry} for id, entry in q.on_planned(_decided)]


def _decided(q) -> list[tuple[str, dict]]:
    name = q.machine.name.value
    found = []
    for id, rule in sorted(all_rules().items()):
        decision = decide(rule, q)
        computed = decision.computed
        found.append((id, {"planned": decision.planned, "computed": computed.value if computed else None, "unit": computed.unit if computed else "",
                           "verdict": decision.verdict, "reason": decision.reason, "quantities": list(decision.quantities), "machine": name}))
    return found


@number("claims.total", "claims", kind="cited")
def total(q):
    """Quantitative claims of the plan (plan/claims.toml)."""
    q.file("plan/claims.toml")
    return len(load_claims(q.root))


@number("claims.{}", "claims", each=VERDICTS)
def verdict(q, kind):
    """Claims with this verdict: equal to what is computed, corrected, an assumption, or beyond what can be decided here."""
    return sum(claim["verdict"] == kind for claim in q.node("claims.ledger"))


@number("claims.corrected_share", "%", formula="corrected / all")
def corrected_share(q):
    """Share of the plan's claims that are corrected."""
    return round(100 * q.claims.corrected / q.claims.total)
