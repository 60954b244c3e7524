"""Wave 21: Section 10, the published ratio of TPU v4 to the IPU beside rooflines, and a sparse lookup on both memories."""

from dataclasses import dataclass

from phextpaper import checks, prose_checks
from phextpaper.quantity import Quantity, choose, compare
from phextpaper.wave import Verdict, Wave, all_of

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
    """What `10-results-ipu.md` prints."""

    low: Quantity
    high: Quantity
    size: Quantity
    ipu_peak: Quantity
    table_peak: Quantity
    v4_peak: Quantity
    most: Quantity
    ipu_memory: Quantity
    over_bert: Quantity
    over_resnet: Quantity
    implied_sentence: str
    ipu_use: Quantity
    batch: Quantity
    row: Quantity
    ipu_rows: Quantity
    v4_rows: Quantity
    ipu_chips: Quantity
    v4_chips: Quantity
    ipu_read: Quantity
    v4_read: Quantity
    ipu_arrive: Quantity
    v4_arrive: Quantity
    fit_sentence: str
    chips_sentence: str
    link_sentence: str
    ipu_power: Quantity
    v4_power: Quantity
    power: Quantity


@page.context
def context(q) -> Context:
    """What was published, the rooflines of datasheets, and this machine's vocabulary on two memories."""
    abstract, chips, p, r, m = q.facts.tpu_v4_abstract, q.facts.tpu_v4_chips, q.performance, q.roofline, q.mlperf
    return Context(
        low=abstract.vs_graphcore_ipu_bow.low, high=abstract.vs_graphcore_ipu_bow.high, size=q.facts.mlperf.ipu_bow_chips.bert, ipu_peak=r.ipu.peak,
        table_peak=chips.ipu_bow_peak_tflops, v4_peak=chips.tpu_v4_peak_tflops, most=r.ipu.range.high, ipu_memory=r.ipu.bandwidth, over_bert=r.ipu.missed.bert,
        over_resnet=r.ipu.missed.resnet, implied_sentence=_implied(q), ipu_use=m.ipu_share.bert_half, batch=q.machine.batch, row=q.sparse.row_bytes,
        ipu_rows=p.on_chip_rows, v4_rows=p.hbm_rows, ipu_chips=p.full_on.ipu, v4_chips=p.full_on.v4, ipu_read=p.gather_us.ipu, v4_read=p.gather_us.v4,
        ipu_arrive=p.exchange_us.ipu, v4_arrive=p.exchange_us.v4, fit_sentence=_fit(q), chips_sentence=_chips(q), link_sentence=_links(q),
        ipu_power=chips.ipu_bow_tdp_w, v4_power=chips.tpu_v4_power_mean_w, power=p.power_ratio_tdp)


def _implied(q) -> str:
    share = q.mlperf.implied_share
    return (f"Turned round, the ratio for BERT implies that a TPU v4 among so few used {share.bert_half.with_unit} of its peak without padding"
            + choose(share.bert_full > 100, f", and {share.bert_full.with_unit} if padding had been computed, which cannot be.", f", and {share.bert_full.with_unit} if padding was computed."))


def _fit(q) -> str:
    needed = q.performance.ipus_for_rows
    return (f"The rows that exist under the assumed share, {q.sparse.rows}, fit "
            + choose(needed == 1, "one of them, and are read there in a fraction of the time.", f"{needed} of them, so most rows of a batch lie elsewhere.").replace("one of them", "a single one"))


def _chips(q) -> str:
    full = q.performance.full_on
    return compare(full.ipu, full.v4, f"fewer IPUs are enough, {full.ipu} against {full.v4}.", f"both need {full.ipu} chips.", f"an IPU machine needs {full.ipu} chips where {full.v4} hold it beside TPU v4.")


def _links(q) -> str:
    p = q.performance
    return f"By published links, an IPU Bow has {p.ipu_links.with_unit} in all and a TPU v4 {p.v4_links}" + compare(
        p.ipu_links, p.v4_links, ", so a batch from elsewhere arrives sooner on TPU v4.", ", so a batch from elsewhere takes as long on both.", ", so a batch from elsewhere arrives sooner on the IPU.")


@page.criterion
def benchmarks(built, q) -> Verdict:
    """published 4.3x-4.5x with citation and scope"""
    ids = ["facts.tpu_v4_abstract.vs_graphcore_ipu_bow.low", "facts.tpu_v4_abstract.vs_graphcore_ipu_bow.high"]
    part = built.markdown().section("10.1 What was published")
    return all_of(prose_checks.reported(built, ids, "jouppi2023"), checks.has(part, f"at {q.facts.mlperf.ipu_bow_chips.bert.text} chips on both sides, for BERT and for ResNet", "no sparse benchmark"))


@page.criterion
def sparse(built, q) -> Verdict:
    """sparse workload model on both memory systems"""
    facts, m = q.facts.tpu_v4_chips, q.machine
    row, ids = int(q.sparse.row_bytes), int(m.ids)
    rows = [int(facts.ipu_bow_on_chip_mib) * 2**20 // row, int(facts.tpu_v4_hbm_gib) * 2**30 // row]
    data = m.batch * row
    reads = [data / (float(q.facts.bow_2000.bandwidth) / int(q.facts.bow_2000.chips) * 1e6), data / (facts.tpu_v4_hbm_gb_s * 1e3)]
    arrivals = [data / (facts.ipu_bow_links * facts.ipu_bow_gb_s_per_link * 1e3), data / (facts.tpu_v4_ici_links * facts.tpu_v4_ici_gb_s_per_link * 1e3)]
    wanted = [("Rows that fit the memory of a chip", *(f"{count:,}" if count >= 10_000 else str(count) for count in rows)),
              ("Chips for every vocabulary ID", *(f"{need:,}" if need >= 10_000 else str(need) for need in (-(-ids // count) for count in rows))),
              ("Read of a batch, all rows local (µs)", *(f"{time:.3g}" for time in reads)), ("Arrival of a batch, all rows elsewhere (µs)", *(f"{time:.3g}" for time in arrivals))]
    return checks.cells_equal(built.markdown().section("10.2 Sparse lookup"), MEMORIES, wanted)


@page.criterion
def power(built, q) -> Verdict:
    """power beside it"""
    ids = ["facts.tpu_v4_chips.ipu_bow_tdp_w", "facts.tpu_v4_chips.tpu_v4_power_mean_w"]
    ratio = q.facts.tpu_v4_chips.ipu_bow_tdp_w / q.facts.tpu_v4_chips.tpu_v4_power_mean_w
    return all_of(prose_checks.reported(built, ids, "jouppi2023"), checks.has(built.markdown().section("10.3 Power"), f"ratio is {ratio:.2f}", "a limit with a mean"))


@page.criterion
def length(built, q) -> Verdict:
    """400 to 800 words"""
    return checks.length(built, page)
