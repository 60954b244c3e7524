"""Wave 23: Section 12, what fixed names buy, what they cost, and what the plan got wrong."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities import flexibility, search

page = Wave(
    n=23,
    name="Discussion",
    phase=2,
    minutes=25,
    needs=(16, 17, 18, 19, 20, 21, 22),
    output=("sections/12-discussion.md",),
    words=(700, 1100),
)

BUY, COST, WRONG = (
    "12.1 What names buy",
    "12.2 What names cost, and what they do not buy",
    "12.3 What the plan got wrong",
)
TOLD = ("Claim", "Plan", "Computed", "Section")
DEMANDED = {
    "no hardware was built": "No hardware was built",
    "degree against links": "Degree decides distance",
    "mirror switching time": "Mirrors are slow",
    "model assumptions": "Assumptions carry weight",
}


@dataclass(frozen=True)
class Context:
    """What `12-discussion.md` prints beside named numbers.

    `largest` is the size of the largest found graph; `own` says that it joins the chips of this machine.
    """

    largest: str
    own: bool


@page.context
def context(q: Quantities) -> Context:
    """The found graph that is weighed."""
    return Context(largest=search.sizes(q)[-1], own=flexibility.own(q))


@page.criterion
def advantages(built: Artefacts, q: Quantities) -> Verdict:
    """five advantages, each with the number that supports it and the section it comes from"""
    items, wrong = _items(built, BUY), []
    for line, last, title in items:
        text = " ".join(built.markdown().text.splitlines()[line - 1 : last])
        numbers = {place.id for place in built.printed(page.output[0]) if line <= place.line <= last}
        wrong += (
            []
            if re.search(r"Section \d", title) or re.search(r"\(Section \d", text)
            else [f"{title!r} names no section"]
        )
        wrong += [] if numbers else [f"{title!r} has no number"]
    return Verdict(
        len(items) == 5 and not wrong,
        "5 advantages with number and section",
        "; ".join(wrong) or f"{len(items)} with both",
        built.markdown().name,
    )


@page.criterion
def limits(built: Artefacts, q: Quantities) -> Verdict:
    """at least five limitations, among them: no hardware was built, degree against links, mirror switching time, model
    assumptions, corrected claims of the plan
    """
    items = _items(built, COST)
    titles = " / ".join(title for _, _, title in items)
    missing = [demand for demand, words in DEMANDED.items() if words not in titles]
    wrong = built.markdown().section(WRONG)
    told = wrong.table(*TOLD)
    return all_of(
        Verdict(
            len(items) >= 5 and not missing,
            "at least 5 limitations, with those that are demanded",
            f"{len(items)}; missing: {', '.join(missing) or 'none'}",
            built.markdown().name,
        ),
        Verdict(
            bool(told and told.rows),
            "corrected claims of the plan in a table",
            f"{len(told.rows) if told else 0} rows",
            built.markdown().name,
        ),
    )


@page.criterion
def corrections(built: Artefacts, q: Quantities) -> Verdict:
    """a summary of the claims ledger: how many claims of the plan were reproduced, corrected, depend on an
    assumption
    """
    ledger = q.node("claims.ledger")
    counts = {
        verdict: sum(claim["verdict"] == verdict for claim in ledger)
        for verdict in ("reproduced", "corrected", "assumption", "unverifiable")
    }
    wanted = (
        f"Of these, {counts['reproduced']} are reproduced, {counts['corrected']} are corrected, "
        f"{counts['assumption']} depend on an assumption, and {counts['unverifiable']} cannot be checked"
    )
    text = " ".join(built.markdown().section(WRONG).text.split())
    return Verdict(
        wanted in text,
        wanted,
        "it stands there" if wanted in text else "another summary",
        built.markdown().where("Of these"),
    )


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """700 to 1100 words"""
    return checks.length(built, page)


def _items(built: Artefacts, title: str) -> list[tuple[int, int, str]]:
    """The numbered items of a part: first and last line in the artefact, and the words in bold."""
    lines, found, inside = built.markdown().text.splitlines(), [], False
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            inside = line == f"## {title}"
        elif inside and (match := re.match(r"\d+\. \*\*([^*]+)\*\*", line)):
            found.append((number, number, match[1]))
        elif inside and found and line.startswith("   "):
            found[-1] = (found[-1][0], number, found[-1][2])
    return found
