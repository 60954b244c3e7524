"""The ledger as numbers."""

from conftest import ROOT

from phextpaper.press.evaluation import Quantities
from phextpaper.study.parameters import load_machine
from phextpaper.study.quantities.claims import VERDICTS


def test_every_claim_has_one_verdict(quantities):
    """The verdicts' counts add up to the claims of the plan."""
    assert (
        sum(quantities.claims[kind].value for kind in VERDICTS)
        == quantities.claims.total.value
        == len(quantities.node("claims.ledger"))
    )


def test_what_is_read_on_the_plans_machine_is_noted_as_such():
    """A number about the plan's machine changes with that machine and not with the one that is built."""
    q = Quantities(load_machine(ROOT / "params" / "pbc-8192.toml"))
    with q.noting() as reads:
        assert q.on_planned(lambda planned: planned.layout.active_chips.value) == 4096
    assert q.layout.active_chips.value == 8192
    noted = {key for key in reads if key.startswith("planned:")}
    assert "planned:quantity:layout.active_chips" in noted and "quantity:layout.active_chips" not in reads
    assert not q.unchanged(reads)
    assert (
        q.unchanged({**reads, "planned:quantity:layout.active_chips": "something else"})
        == "planned:quantity:layout.active_chips"
    )
