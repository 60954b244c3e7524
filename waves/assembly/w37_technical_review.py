"""Wave 37: a review that runs: checks of the assembled paper, its numbers traced and recomputed, the ledger, severities."""

from dataclasses import dataclass

from phextpaper.press.checks.shared_checks import cells_equal, has, no_bare_numerals
from phextpaper.press.quantity import Quantity, choose, strip_marks
from phextpaper.press.wave import Verdict, Wave, all_of

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
class Row:
    """A row of a table of checks."""

    what: str
    compared: str
    result: str
    severity: str


@dataclass(frozen=True)
class Part:
    """A group of checks."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Pair:
    """A number and its second way."""

    what: str
    ours: str
    other: str
    method: str
    agrees: str


@dataclass(frozen=True)
class Claim:
    """A row of the ledger."""

    id: str
    says: str
    planned: str
    computed: str
    verdict: str


@dataclass(frozen=True)
class Context:
    """What `technical-review.md` prints."""

    words: Quantity
    numbers: Quantity
    quantities: Quantity
    references: Quantity
    cited: Quantity
    computed: Quantity
    cited_kind: Quantity
    assumed: Quantity
    measured: Quantity
    count: Quantity
    passed: Quantity
    verdict_sentence: str
    parts: tuple[Part, ...]
    untraced: Quantity
    second: tuple[Pair, ...]
    claims: Quantity
    reproduced: Quantity
    corrected: Quantity
    assumption: Quantity
    unverifiable: Quantity
    machine: Quantity
    ledger: tuple[Claim, ...]
    severity_sentence: str


@page.context
def context(q) -> Context:
    """Every check run, every second way, every claim."""
    r, c, groups = q.review, q.claims, q.node("reviewing.groups")
    return Context(
        words=r.words,
        numbers=r.numbers,
        quantities=r.quantities,
        references=r.references,
        cited=r.cited,
        computed=r.of_kind.computed,
        cited_kind=r.of_kind.cited,
        assumed=r.of_kind.assumed,
        measured=r.of_kind.measured,
        count=q.reviewing.checks,
        passed=q.reviewing.passed,
        verdict_sentence=_verdict(q),
        parts=tuple(
            Part(title, tuple(Row(one.what, one.compared, one.result, one.severity) for one in found))
            for title, found in groups.items()
        ),
        untraced=r.untraced,
        second=tuple(
            Pair(one.what, one.ours, one.other, one.method, choose(one.agrees, "yes", "no"))
            for one in q.node("reviewing.pairs")
        ),
        claims=c.total,
        reproduced=c.reproduced,
        corrected=c.corrected,
        assumption=c.assumption,
        unverifiable=c.unverifiable,
        machine=c.machine,
        ledger=tuple(_ledger(q)),
        severity_sentence=_severities(q),
    )


def _ledger(q):
    verdicts = {claim["id"]: claim["verdict"] for claim in q.node("claims.ledger")}
    for id, verdict in verdicts.items():
        yield Claim(
            id,
            str(q.claims.says[id]),
            str(q.claims.value[id].planned),
            str(q.claims.value[id].computed),
            VERDICTS[verdict],
        )


def _verdict(q) -> str:
    found = q.reviewing.open
    if found.CRITICAL > 0:
        return f"{found.CRITICAL.with_unit} failed as CRITICAL, and the paper is not to be released."
    return choose(
        found.MAJOR.value + found.MINOR.value == 0,
        "Nothing is open.",
        f"No CRITICAL one is open; {found.MAJOR} MAJOR and {found.MINOR} MINOR ones are.",
    )


def _severities(q) -> str:
    found = q.reviewing.open
    return f"Open now: {found.CRITICAL} CRITICAL, {found.MAJOR} MAJOR, {found.MINOR} MINOR."


@page.criterion
def checks(built, q) -> Verdict:
    """at least 40 checks really run over the assembled paper in five groups: coordinate arithmetic, claims, algorithms, figures and tables, terminology; each with what was compared and the result"""
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
def number_lineage(built, q) -> Verdict:
    """each number in the paper is traced to a computed quantity or a cited fact; the count of untraced numbers is 0"""
    paper = built.markdown("phext-based-compute.md")
    bare = no_bare_numerals(paper, built.printed("phext-based-compute.md"), q.paper)
    return all_of(
        bare,
        Verdict(q.review.untraced == 0, "no untraced number", f"{q.review.untraced.text}", paper.name),
        has(built.markdown().section("Number lineage"), "Untraced numbers: 0."),
    )


@page.criterion
def independent(built, q) -> Verdict:
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
def claims_ledger(built, q) -> Verdict:
    """each quantitative claim of the plan with its value there, the computed value and a verdict: reproduced, corrected, depends on assumption, cannot be checked"""
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
def severity(built, q) -> Verdict:
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
