"""Wave 21: Section 10, the published ratio of TPU v4 to the IPU beside rooflines, and a sparse lookup on both."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Verdict, Wave, all_of

page = Wave(
    n=21,
    name="Results against IPU",
    phase=2,
    minutes=25,
    needs=(5, 8, 14),
    output=("sections/10-results-ipu.md",),
    words=(400, 800),
)

MEMORIES = ("", "IPU Bow", "TPU v4")


@dataclass(frozen=True)
class Context:
    """`10-results-ipu.md` reads all its numbers by their ids."""


@page.context
def context(q: Quantities) -> Context:
    """Nothing but numbers is printed, and words that they choose."""
    return Context()


@page.criterion
def benchmarks(built: Artefacts, q: Quantities) -> Verdict:
    """published 4.3x-4.5x with citation and scope"""
    ids = ["facts.tpu_v4_abstract.vs_graphcore_ipu_bow.low", "facts.tpu_v4_abstract.vs_graphcore_ipu_bow.high"]
    part = built.markdown().section("10.1 What was published")
    return all_of(
        prose_checks.reported(built, ids, "jouppi2023"),
        checks.has(
            part,
            f"at {q.facts.mlperf.ipu_bow_chips.bert.text} chips on both sides, for BERT and for ResNet",
            "no sparse benchmark",
        ),
    )


@page.criterion
def sparse(built: Artefacts, q: Quantities) -> Verdict:
    """sparse workload model on both memory systems"""
    facts, m = q.facts.tpu_v4_chips, q.machine
    row, ids, batch, parts = int(q.sparse.row_bytes), int(m.ids), int(m.batch), int(facts.ipu_bow_processors_per_chip)
    rows = [int(memory.si) // row for memory in (facts.ipu_bow_on_chip_mib, facts.tpu_v4_hbm_gib)]
    chips = [-(-ids // count) for count in rows]
    inside = q.facts.bow_2000.bandwidth.si / int(q.facts.bow_2000.chips) / parts
    reads = [-(-batch // parts) * row / inside, batch * row / facts.tpu_v4_hbm_gb_s.si]
    rates = [
        facts.ipu_bow_links * facts.ipu_bow_gb_s_per_link.si,
        facts.tpu_v4_ici_links * facts.tpu_v4_ici_gb_s_per_link.si,
    ]
    elsewhere = [1 - 1 / count for count in chips]
    arrivals = [batch * row * share / rate for share, rate in zip(elsewhere, rates, strict=True)]
    size = int(q.facts.mlperf.ipu_bow_chips.bert)
    wanted: list[tuple[str, ...]] = [
        ("Rows that fit the memory of a chip", *map(format_value, rows)),
        ("Chips for every vocabulary ID", *map(format_value, chips)),
        (f"Share of the IDs on {size} chips (%)", *(_three(min(1.0, size * count / ids), "%") for count in rows)),
        ("Reading a batch (µs)", *(_three(time, "µs") for time in reads)),
        ("Rows of a batch on other chips (%)", *(_three(share, "%") for share in elsewhere)),
        ("Their arrival (µs)", *(_three(time, "µs") for time in arrivals)),
        ("A batch from the full table (µs)", *(_three(max(pair), "µs") for pair in zip(reads, arrivals, strict=True))),
    ]
    return checks.cells_equal(built.markdown().section("10.2 Sparse lookup"), MEMORIES, wanted)


def _three(value: float, unit: str) -> str:
    """A value in SI units as the table prints it: three digits of a unit."""
    return format_value(from_si(value, unit), ".3g")


@page.criterion
def power(built: Artefacts, q: Quantities) -> Verdict:
    """power beside it"""
    ids = ["facts.tpu_v4_chips.ipu_bow_tdp_w", "facts.tpu_v4_chips.tpu_v4_power_mean_w"]
    ratio = q.facts.tpu_v4_chips.ipu_bow_tdp_w / q.facts.tpu_v4_chips.tpu_v4_power_mean_w
    return all_of(
        prose_checks.reported(built, ids, "jouppi2023"),
        checks.has(built.markdown().section("10.4 Power"), f"ratio is {ratio:.2f}", "a limit with a mean"),
    )


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """400 to 800 words"""
    return checks.length(built, page)
