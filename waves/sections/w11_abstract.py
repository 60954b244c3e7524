"""Wave 11: the abstract, the problem, the design, what TPU v4 reports and what this work computes."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities import search

page = Wave(
    n=11,
    name="Abstract",
    phase=2,
    minutes=20,
    needs=(2, 3, 4, 5, 6, 7, 8, 9, 10),
    output=("sections/00-abstract.md",),
    words=(150, 200),
)

REPORTED = (
    "perf_vs_tpu_v3",
    "llm_share_of_peak_flops",
    "vs_a100_speed.low",
    "vs_a100_speed.high",
    "deployed_since",
    "chips",
)
FEATURES = ("Phext-Based Compute (PBC)", "coordinate routing", "sparse lookup", "reconfigurable topology")


@dataclass(frozen=True)
class Context:
    """What `00-abstract.md` needs besides numbers by their ids."""

    most: str
    """The size at which the found graph gains most."""


@page.context
def context(q: Quantities) -> Context:
    """Which gain is the largest."""
    return Context(most=max(search.sizes(q), key=lambda size: q.search.gain[size].value))


@page.criterion
def opening(built: Artefacts, q: Quantities) -> Verdict:
    """the first sentence names the problem: ML workloads changed"""
    first = built.prose().first
    named = re.search(r"machine learning workloads have changed", first, re.IGNORECASE)
    return Verdict(
        bool(named),
        "a first sentence that says that machine learning workloads have changed",
        repr(first[:90]),
        built.prose().name,
    )


@page.criterion
def features(built: Artefacts, q: Quantities) -> Verdict:
    """Phext-Based Compute (PBC) is introduced with its features: coordinate routing, sparse lookup,
    reconfigurable topology
    """
    text = " ".join(built.markdown().text.split()).casefold()
    missing = [feature for feature in FEATURES if feature.casefold() not in text]
    return Verdict(not missing, ", ".join(FEATURES), f"missing: {', '.join(missing) or 'none'}", built.markdown().name)


@page.criterion
def reported_metrics(built: Artefacts, q: Quantities) -> Verdict:
    """the metrics of TPU v4 (2.1x over TPU v3, about 60 % of peak FLOPS, 1.2x-1.7x over A100, deployed since
    2020, 4096 chips) appear as reported for TPU v4, with its citation; none is claimed for PBC
    """
    ids = [f"facts.tpu_v4_abstract.{name}" for name in REPORTED]
    places = {place.line: place for place in built.printed(page.output[0]) if place.id in ids}
    sentences = [built.prose().sentence_at(place.line, place.text) for place in places.values()]
    claimed = [sentence.text[:60] for sentence in sentences if sentence and "PBC" in sentence.text]
    return all_of(
        prose_checks.reported(built, ids, "jouppi2023"),
        Verdict(
            not claimed, "no metric of TPU v4 in a sentence about PBC", "; ".join(claimed) or "none", built.prose().name
        ),
    )


@page.criterion
def own_results(built: Artefacts, q: Quantities) -> Verdict:
    """at least 3 computed results of this work appear, each marked as computed"""
    return prose_checks.own_results(built, q, 3)


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """150 to 200 words, one paragraph"""
    blocks = [
        block for block in re.split(r"\n\s*\n", built.markdown().text) if block.strip() and not block.startswith("#")
    ]
    return all_of(
        checks.length(built, page), Verdict(len(blocks) == 1, "one paragraph", f"{len(blocks)}", built.markdown().name)
    )
