import re

import pytest
from conftest import ABOUT, ROOT
from jinja2 import Environment

from phextpaper.press.documents.numerals import bare_numerals
from phextpaper.press.evaluation import Quantities
from phextpaper.press.kept import keep_fresh
from phextpaper.press.ledger import Decision, Rule, at_least, at_most, compared, decide
from phextpaper.press.pipeline.code import CodeIndex
from phextpaper.press.pipeline.render import words
from phextpaper.press.pipeline.site import Site
from phextpaper.press.pipeline.task import quantities_at
from phextpaper.press.quantity import strip_marks
from phextpaper.press.sources.claims import load_claims
from phextpaper.study.ledger import parts
from phextpaper.study.parameters import load_machine

RULES, CLAIMS = {id: rule for part in parts().values() for id, rule in part.items()}, load_claims(ROOT)
PART = {id: part for part, rules in parts().items() for id in rules}
SEED = (ROOT / "plan" / "seed.md").read_text(encoding="utf-8").splitlines()


def reason(id: str, quantities: Quantities) -> str:
    """Why a claim is decided as it is, with marks."""
    return words(quantities, f"ledger/{PART[id]}.j2", id)


def decided(id: str, quantities: Quantities) -> Decision:
    """A claim of the plan, decided."""
    return decide(RULES[id], quantities, reason(id, quantities))


def test_the_plan_makes_ninety_eight_claims_on_lines_that_exist():
    """Each claim points at lines of the seed."""
    assert len(CLAIMS) == 98
    assert all(claim.lines and max(claim.lines) <= len(SEED) for claim in CLAIMS.values())


@pytest.mark.parametrize("id", RULES)
def test_the_planned_value_stands_in_the_words_of_the_claim_or_in_its_lines(id):
    """What the ledger calls planned is what the plan says, not what we wish it had said."""
    rule, claim = RULES[id], CLAIMS[id]
    if rule.planned is None:
        return
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", claim.says + " " + " ".join(SEED[line - 1] for line in claim.lines))
    if isinstance(rule.planned, str):
        assert rule.planned in text
        return
    number = f"{rule.planned:g}"
    words = {"1": "one", "2": "two", "5": "volume.book.chapter/section.scroll"}
    # These claims are in words: the value is what the words come to on the plan's machine (all its chips, its rounds, its links).
    implied = ("C12", "C16", "C35", "C48", "C50", "C51", "C53", "C91")
    assert (
        re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", text) or words.get(number, "\0") in text or id in implied
    ), text


@pytest.mark.parametrize("id", RULES)
def test_every_rule_decides_with_a_reason(quantities, id):
    """A verdict of the four, a reason of some words, and numbers that exist."""
    decision = decided(id, quantities)
    assert decision.verdict in ("reproduced", "corrected", "assumption", "unverifiable")
    assert len(decision.reason.split()) >= 3 and "\ue000" not in decision.reason
    assert all(quantities[name] is not None for name in decision.quantities)
    if decision.verdict in ("reproduced", "corrected"):
        assert decision.computed is not None


def test_the_waves_that_are_written_have_all_their_claims_decided():
    """A page without its claims is not done."""
    from phextpaper.press.pipeline.collect import collect

    pages = collect(ROOT)
    for id, claim in CLAIMS.items():
        if all(part.isdigit() and int(part) in pages for part in claim.wave.split(",")):
            assert id in RULES, f"{id}: {claim.says}"


def test_a_verdict_follows_the_numbers(quantities):
    """The same claim turns when the planned number does."""
    cases = [
        (compared(12, "topologies.torus_3d.diameter"), "corrected"),
        (compared(24, "topologies.torus_3d.diameter"), "reproduced"),
        (at_least(24, "topologies.torus_3d.diameter"), "reproduced"),
        (at_least(25, "topologies.torus_3d.diameter"), "corrected"),
        (at_most(24, "topologies.torus_3d.diameter"), "reproduced"),
        (at_most(23, "topologies.torus_3d.diameter"), "corrected"),
        (compared(0.82, "routing.chip_update_ms"), "corrected"),
        (compared(0.82, "routing.chip_update_ms", tolerance=0.002), "reproduced"),
        (Rule(1, "machine.volumes", "assumption"), "assumption"),
    ]
    for rule, verdict in cases:
        assert decide(rule, quantities, "a b c").verdict == verdict


def test_the_well_known_corrections_are_made(quantities):
    """The numbers that the brief of the project names come out, by the engine, not by hand."""
    ratio = quantities["topologies.torus_2d.mean_hops"].value * 4095 / 4096
    assert ratio == pytest.approx(32)
    for id in ("C25", "C73", "C74", "C75", "C76", "C77", "C24", "C56"):
        assert decided(id, quantities).verdict == "corrected"


@pytest.mark.parametrize("id", RULES)
def test_a_reason_types_no_number(quantities, id):
    """A number in a reason is a quantity's; coordinates and names may stand."""
    assert bare_numerals(*strip_marks(reason(id, quantities)), ABOUT) == []


def test_every_claim_has_one_reason_and_every_reason_a_claim(quantities):
    """The macros of a part's template are the ids of its rules, in their order, and no id stands in two parts."""
    for part, rules in parts().items():
        text = (ROOT / "templates" / "ledger" / f"{part}.j2").read_text(encoding="utf-8")
        assert re.findall(r"{% macro (\w+)\(\) %}", text) == list(rules)
    assert len(PART) == sum(len(rules) for rules in parts().values())


def test_the_ledger_reads_its_templates_and_compiles_each_once(machine, monkeypatch):
    """A reason that is written anew is a reason to decide anew; 98 macros cost as much as the files they stand in."""
    made = []
    compile = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda self, *a, **b: made.append(a[1]) or compile(self, *a, **b))
    q = Quantities(machine)
    with q.noting() as reads:
        for id in RULES:
            reason(id, q)
    files = {f"templates/ledger/{part}.j2" for part in parts()}
    assert files <= {key.removeprefix("file:") for key in reads}
    assert len(made) == len(set(made)) == len(files)
    with q.noting() as again:
        reason("C80", q)
    assert "file:templates/ledger/batching.j2" in again


def test_on_another_machine_the_ledger_is_decided_once(tmp_path, monkeypatch):
    """What the plan's machine gives is stored beside the built machine's numbers: the second time nothing of it is computed."""
    site = Site(ROOT, tmp_path, ROOT / "params" / "pbc-8192.toml")
    machine, code, store = load_machine(site.params), CodeIndex(ROOT), {}
    q = quantities_at(site, machine, code, store)
    first = q.node("claims.ledger")
    keep_fresh(store, q.fresh)
    monkeypatch.setattr(Quantities, "_evaluate", lambda self, id: pytest.fail(f"{id} was computed again"))
    assert quantities_at(site, machine, code, store).node("claims.ledger") == first
    assert {claim["machine"] for claim in first} == {"PBC-4096"}
