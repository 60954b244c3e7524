"""Wave 37: a review that runs: checks of the assembled paper, its numbers traced and recomputed, ledger, severities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phextpaper.press.checks.shared_checks import cells_equal, has, no_bare_numerals
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import strip_marks
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.reviewing import Check, Pair

page = Wave(n=37, name="Technical review", phase=4, minutes=50, needs=(36,), output=("technical-review.md",))

GROUPS = ("Coordinate arithmetic", "Claims", "Algorithms", "Figures and tables", "Terminology")
HEADS, SECOND, LEDGER = (
    ("Check", "Compared", "Result", "Severity"),
    ("Quantity", "Engine", "Second way", "Method", "Agrees"),
    ("Claim", "The plan says", "Plan", "Computed", "Verdict"),
)
LEAST = 40
VERDICTS = {
    "reproduced": "reproduced",
    "corrected": "corrected",
    "assumption": "depends on assumption",
    "unverifiable": "cannot be checked",
}


@dataclass(frozen=True)
class Context:
    """What `technical-review.md` prints beside named numbers: checks by group, second ways, each claim's verdict."""

    groups: Mapping[str, Sequence[Check]]
    pairs: Sequence[Pair]
    verdicts: Mapping[str, str]


@page.context
def context(q: Quantities) -> Context:
    """Every check run, every second way, every claim."""
    return Context(
        groups=q.node("reviewing.groups"),
        pairs=q.node("reviewing.pairs"),
        verdicts={claim["id"]: claim["verdict"] for claim in q.node("claims.ledger")},
    )


@page.criterion
def checks(built: Artefacts, q: Quantities) -> Verdict:
    """at least 40 checks really run over the assembled paper in five groups: coordinate arithmetic, claims, algorithms,
    figures and tables, terminology; each with what was compared and the result
    """
    text, groups = built.markdown(), q.node("reviewing.groups")
    tables = [
        cells_equal(
            text.section(title),
            HEADS,
            [
                tuple(strip_marks(cell)[0] for cell in (one.what, one.compared, one.result, one.severity))
                for one in found
            ],
        )
        for title, found in groups.items()
    ]
    count = sum(len(found) for found in groups.values())
    return all_of(
        Verdict(
            list(groups) == list(GROUPS) and count >= LEAST,
            f"at least {LEAST} checks in {len(GROUPS)} groups",
            f"{count} in {len(groups)}",
            text.name,
        ),
        *tables,
    )


@page.criterion
def number_lineage(built: Artefacts, q: Quantities) -> Verdict:
    """each number in the paper is traced to a computed quantity or a cited fact; the count of untraced numbers is 0"""
    paper = built.markdown("phext-based-compute.md")
    bare = no_bare_numerals(paper, built.printed("phext-based-compute.md"), q.paper)
    return all_of(
        bare,
        Verdict(q.review.untraced == 0, "no untraced number", f"{q.review.untraced.text}", paper.name),
        has(built.markdown().section("Number lineage"), "Untraced numbers: 0."),
    )


@page.criterion
def independent(built: Artefacts, q: Quantities) -> Verdict:
    """hop counts, loads and availability are recomputed by an independent library or method and agree"""
    pairs = q.node("reviewing.pairs")
    rows = [(one.what, *(strip_marks(cell)[0] for cell in (one.ours, one.other)), one.method, "yes") for one in pairs]
    wanted = ("mean hops", "gain of the twist", "P(no shortage)")
    missing = [start for start in wanted if not any(one.what.startswith(start) for one in pairs)]
    return all_of(
        cells_equal(built.markdown().section("Independent recomputation"), SECOND, rows),
        Verdict(
            not missing,
            "hops, loads and availability among them",
            f"missing: {', '.join(missing) or 'none'}",
            built.markdown().name,
        ),
    )


@page.criterion
def claims_ledger(built: Artefacts, q: Quantities) -> Verdict:
    """each quantitative claim of the plan with its value there, the computed value and a verdict: reproduced,
    corrected, depends on assumption, cannot be checked
    """
    table = built.markdown().section("Claims ledger").table(*LEDGER)
    rows = {row[0]: row for row in table.rows} if table else {}
    ledger = q.node("claims.ledger")
    wrong = [
        claim["id"]
        for claim in ledger
        if rows.get(claim["id"], ("",) * 5)[4] != VERDICTS[claim["verdict"]]
        or rows[claim["id"]][3] != q.claims.value[claim["id"]].computed.text
    ]
    return Verdict(
        len(rows) == len(ledger) == q.claims.total.value and not wrong,
        f"{q.claims.total.text} claims with value and verdict",
        f"{len(rows)} rows, wrong: {', '.join(wrong[:5]) or 'none'}",
        built.markdown().name,
    )


@page.criterion
def severity(built: Artefacts, q: Quantities) -> Verdict:
    """each issue has a severity; no open CRITICAL"""
    text, found = built.markdown(), q.reviewing.open
    cells = [row[3] for title in GROUPS if (table := text.section(title).table(*HEADS)) for row in table.rows]
    named = all(cell in ("-", "CRITICAL", "MAJOR", "MINOR") for cell in cells)
    return all_of(
        Verdict(
            named and "CRITICAL" not in cells and found.CRITICAL == 0,
            "severities, none CRITICAL",
            f"{cells.count('CRITICAL')} CRITICAL of {len(cells)}",
            text.name,
        ),
        has(
            text.section("Severity"),
            f"Open now: {found.CRITICAL.text} CRITICAL, {found.MAJOR.text} MAJOR, {found.MINOR.text} MINOR.",
        ),
    )
