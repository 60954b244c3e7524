"""Wave 25: Section 14, the main results once more, as they were computed, and the work that follows from the limits."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, compare
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
    """What `14-conclusion.md` prints."""

    twisted_ms: Quantity
    mirrors: Quantity
    slice_s: Quantity
    ceiling_hops: Quantity
    found_chips: Quantity
    rollback: Quantity
    replica: Quantity
    claims: Quantity
    corrected: Quantity
    twisted_share: Quantity
    repair_entries: Quantity
    entries: Quantity
    tree: Quantity
    batch: Quantity
    gain_sentence: str


@page.context
def context(q) -> Context:
    """Numbers of the discussion, and no others."""
    m, largest = q.machine, search.sizes(q)[-1]
    return Context(
        twisted_ms=q.reconfiguration.chip_ms.twisted,
        mirrors=m.mirror_switching,
        slice_s=m.slice_reconfiguration,
        ceiling_hops=q.search_limits.hops[largest],
        found_chips=q.search.chips[largest],
        rollback=q.recovery.goodput.daly.in_use,
        replica=q.recovery.goodput.replica.in_use,
        claims=q.claims.total,
        corrected=q.claims.corrected,
        twisted_share=q.reconfiguration.share.twisted,
        repair_entries=q.remapping.chip.entries,
        entries=q.routing.entries,
        tree=q.batching.reduction.plain.tree2.mean,
        batch=m.batch,
        gain_sentence=_gain(q.search.gain[largest]),
    )


def _gain(gain: Quantity) -> str:
    return compare(
        gain,
        1.0,
        "For all-to-all traffic it is no gain.",
        "For all-to-all traffic it is worth as much.",
        f"For all-to-all traffic it carries {gain} times what the best drawn torus does, if routes split the traffic.",
    )


@page.criterion
def results(built, q) -> Verdict:
    """restates at least 4 results, equal to where they were computed"""
    return prose_checks.numbers_equal_elsewhere(built, DISCUSSION, *RESULTS)


@page.criterion
def no_new_claims(built, q) -> Verdict:
    """no number that is not in an earlier section"""
    return prose_checks.numbers_from(built, (DISCUSSION,))


@page.criterion
def future(built, q) -> Verdict:
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
def length(built, q) -> Verdict:
    """250 to 450 words"""
    return checks.length(built, page)
