"""Wave 25: Section 14, the main results once more, as they were computed, and the work that follows from the limits."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict, Wave
from phextpaper.study.quantities import search

page = Wave(
    n=25, name="Conclusion", phase=2, minutes=20, needs=(23,), output=("sections/14-conclusion.md",), words=(250, 450)
)

DISCUSSION = "sections/12-discussion.md"
RESULTS = (
    "reconfiguration.share.twisted",
    "reconfiguration.chip_ms.twisted",
    "remapping.chip.entries",
    "batching.reduction.plain.tree2.mean",
    "recovery.goodput.daly.in_use",
)
LIMITS = {
    "packets, queues": ("packets, queues",),
    "assumed": ("assum",),
    "copies": ("one owner",),
    "all-to-all": ("one kind of traffic", "all-to-all"),
}


@dataclass(frozen=True)
class Context:
    """What `14-conclusion.md` prints beside named numbers: the size of the largest found graph."""

    largest: str


@page.context
def context(q: Quantities) -> Context:
    """The found graph of the discussion."""
    return Context(largest=search.sizes(q)[-1])


@page.criterion
def results(built: Artefacts, q: Quantities) -> Verdict:
    """restates at least 4 results, equal to where they were computed"""
    return prose_checks.numbers_equal_elsewhere(built, DISCUSSION, *RESULTS)


@page.criterion
def no_new_claims(built: Artefacts, q: Quantities) -> Verdict:
    """no number that is not in an earlier section"""
    return prose_checks.numbers_from(built, (DISCUSSION,))


@page.criterion
def future(built: Artefacts, q: Quantities) -> Verdict:
    """future work that follows from the limitations"""
    paragraphs = [" ".join(block.split()) for block in built.markdown().text.split("\n\n")]
    work = next((block for block in paragraphs if block.startswith("Future work follows from the limits")), "")
    limits = " ".join(built.markdown(DISCUSSION).text.split())
    missing = [
        here for here, there in LIMITS.items() if here not in work or not any(words in limits for words in there)
    ]
    return Verdict(
        not missing,
        f"future work on {', '.join(LIMITS)}, each a limit in Section 12",
        f"missing: {', '.join(missing) or 'none'}",
        built.markdown().name,
    )


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """250 to 450 words"""
    return checks.length(built, page)
