"""Wave 21: Section 10, the published ratio of TPU v4 to the IPU beside rooflines, and a sparse lookup on both memories."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value
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
    """What `10-results-ipu.md` prints."""

    low: Quantity
    high: Quantity
    size: Quantity
    ipu_peak: Quantity
    v4_peak: Quantity
    most: Quantity
    ipu_memory: Quantity
    over_bert: Quantity
    over_resnet: Quantity
    table_peak: Quantity
    table_bert: Quantity
    table_resnet: Quantity
    implied_sentence: str
    ipu_use: Quantity
    batch: Quantity
    row: Quantity
    processors: Quantity
    ipu_rows: Quantity
    v4_rows: Quantity
    ipu_chips: Quantity
    v4_chips: Quantity
    ipu_held: Quantity
    v4_held: Quantity
    ipu_read: Quantity
    v4_read: Quantity
    ipu_elsewhere: Quantity
    v4_elsewhere: Quantity
    ipu_arrive: Quantity
    v4_arrive: Quantity
    ipu_lookup: Quantity
    v4_lookup: Quantity
    fit_sentence: str
    chips_sentence: str
    bound_sentence: str
    link_sentence: str
    beside: Quantity
    beside_rows: Quantity
    owner_sentence: str
    ipu_power: Quantity
    v4_power: Quantity
    power: Quantity


@page.context
def context(q) -> Context:
    """What was published, the rooflines of datasheets, and this machine's vocabulary on two memories."""
    abstract, chips, p, r, m = q.facts.tpu_v4_abstract, q.facts.tpu_v4_chips, q.performance, q.roofline, q.memories
    return Context(
        low=abstract.vs_graphcore_ipu_bow.low,
        high=abstract.vs_graphcore_ipu_bow.high,
        size=q.facts.mlperf.ipu_bow_chips.bert,
        ipu_peak=r.ipu.peak,
        v4_peak=chips.tpu_v4_peak_tflops,
        most=r.ipu.range.high,
        ipu_memory=r.ipu.bandwidth,
        over_bert=r.ipu.missed.bert,
        over_resnet=r.ipu.missed.resnet,
        table_peak=chips.ipu_bow_peak_tflops,
        table_bert=p.missed_ipu.bert,
        table_resnet=p.missed_ipu.resnet,
        implied_sentence=_implied(q),
        ipu_use=q.mlperf.ipu_share.bert_half,
        batch=q.machine.batch,
        row=q.sparse.row_bytes,
        processors=chips.ipu_bow_processors_per_chip,
        ipu_rows=m.rows.ipu,
        v4_rows=m.rows.v4,
        ipu_chips=m.chips.ipu,
        v4_chips=m.chips.v4,
        ipu_held=m.held.ipu,
        v4_held=m.held.v4,
        ipu_read=m.read_us.ipu,
        v4_read=m.read_us.v4,
        ipu_elsewhere=m.elsewhere.ipu,
        v4_elsewhere=m.elsewhere.v4,
        ipu_arrive=m.arrival_us.ipu,
        v4_arrive=m.arrival_us.v4,
        ipu_lookup=m.lookup_us.ipu,
        v4_lookup=m.lookup_us.v4,
        fit_sentence=_fit(q),
        chips_sentence=_chips(q),
        bound_sentence=_bound(q),
        link_sentence=_links(q),
        beside=m.beside_gb,
        beside_rows=m.beside_rows,
        owner_sentence=_owners(q),
        ipu_power=chips.ipu_bow_tdp_w,
        v4_power=chips.tpu_v4_power_mean_w,
        power=p.power_ratio_tdp,
    )


def _implied(q) -> str:
    share = q.mlperf.implied_share
    return (
        f"Turned round, the ratio for BERT implies that a TPU v4 among so few used {share.bert_half.with_unit} of its peak without padding"
        + choose(
            share.bert_full > 100,
            f", and {share.bert_full.with_unit} if padding had been computed, which cannot be.",
            f", and {share.bert_full.with_unit} if padding was computed.",
        )
    )


def _fit(q) -> str:
    needed, m = q.memories.ipus_for_rows, q.memories
    return f"The rows that exist under the assumed share, {q.sparse.rows}, " + compare(
        needed,
        1,
        "are none.",
        "fit a single IPU. "
        + compare(
            m.read_us.ipu,
            m.read_us.v4,
            f"A batch of them is read there in {m.read_us.ipu.with_unit}, sooner than beside a TPU v4.",
            "A batch of them is read as fast in both.",
            "A batch of them is read there later than beside a TPU v4.",
        ),
        f"need {needed} IPUs, and so links.",
    )


def _chips(q) -> str:
    chips = q.memories.chips
    return "For the full table " + compare(
        chips.ipu,
        chips.v4,
        f"{chips.ipu} IPUs are enough, against {chips.v4} TPU v4.",
        choose(chips.ipu == 1, "a single chip of either is enough.", f"it takes {chips.ipu} chips of either."),
        f"it takes {chips.ipu} IPUs or {chips.v4} TPU v4.",
    )


def _bound(q) -> str:
    bound = q.memories.bound
    both = bound.ipu == "links" and bound.v4 == "links"
    share = choose(
        min(q.memories.elsewhere.ipu, q.memories.elsewhere.v4) > 90,
        "nearly every row lies elsewhere",
        "many rows lie elsewhere",
    )
    return choose(
        both,
        f"Then {share}, links decide on both sides, and the fast memory waits for them.",
        choose(
            bound.ipu == "links",
            "Then links decide for the IPU, and its fast memory waits for them.",
            "There is little for links to carry, and memory decides for the IPU.",
        ),
    )


def _links(q) -> str:
    m = q.memories
    return (
        f"An IPU Bow has {m.links.ipu.with_unit} over all links and a TPU v4 {m.links.v4} [@jouppi2023], which we take as rates of each direction"
        + compare(
            m.lookup_us.ipu,
            m.lookup_us.v4,
            "; so the batch arrives sooner on the IPU.",
            "; so the batch takes as long on both.",
            "; so the batch arrives sooner on TPU v4.",
        )
    )


def _owners(q) -> str:
    chips = q.memories.chips
    return compare(
        chips.v4,
        chips.ipu,
        f"With {chips.ipu} owners instead of {chips.v4}, more of each name decides where its row lies.",
        "With as many owners, names are divided alike.",
        f"With {chips.v4} owners instead of {chips.ipu}, more of each name decides where its row lies on TPU v4.",
    )


@page.criterion
def benchmarks(built, q) -> Verdict:
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
def sparse(built, q) -> Verdict:
    """sparse workload model on both memory systems"""
    facts, m = q.facts.tpu_v4_chips, q.machine
    row, ids, batch, parts = int(q.sparse.row_bytes), int(m.ids), int(m.batch), int(facts.ipu_bow_processors_per_chip)
    rows = [int(facts.ipu_bow_on_chip_mib) * 2**20 // row, int(facts.tpu_v4_hbm_gib) * 2**30 // row]
    chips = [-(-ids // count) for count in rows]
    inside = float(q.facts.bow_2000.bandwidth) / int(q.facts.bow_2000.chips) / parts
    reads = [-(-batch // parts) * row / (inside * 1e6), batch * row / (facts.tpu_v4_hbm_gb_s * 1e3)]
    rates = [facts.ipu_bow_links * facts.ipu_bow_gb_s_per_link, facts.tpu_v4_ici_links * facts.tpu_v4_ici_gb_s_per_link]
    elsewhere = [1 - 1 / count for count in chips]
    arrivals = [batch * row * share / (rate * 1e3) for share, rate in zip(elsewhere, rates, strict=True)]
    size = int(q.facts.mlperf.ipu_bow_chips.bert)
    wanted = [
        ("Rows that fit the memory of a chip", *map(format_value, rows)),
        ("Chips for every vocabulary ID", *map(format_value, chips)),
        (
            f"Share of the IDs on {size} chips (%)",
            *(format_value(100 * min(1.0, size * count / ids), ".3g") for count in rows),
        ),
        ("Reading a batch (µs)", *(format_value(time, ".3g") for time in reads)),
        ("Rows of a batch on other chips (%)", *(format_value(100 * share, ".3g") for share in elsewhere)),
        ("Their arrival (µs)", *(format_value(time, ".3g") for time in arrivals)),
        (
            "A batch from the full table (µs)",
            *(format_value(max(pair), ".3g") for pair in zip(reads, arrivals, strict=True)),
        ),
    ]
    return checks.cells_equal(built.markdown().section("10.2 Sparse lookup"), MEMORIES, wanted)


@page.criterion
def power(built, q) -> Verdict:
    """power beside it"""
    ids = ["facts.tpu_v4_chips.ipu_bow_tdp_w", "facts.tpu_v4_chips.tpu_v4_power_mean_w"]
    ratio = q.facts.tpu_v4_chips.ipu_bow_tdp_w / q.facts.tpu_v4_chips.tpu_v4_power_mean_w
    return all_of(
        prose_checks.reported(built, ids, "jouppi2023"),
        checks.has(built.markdown().section("10.4 Power"), f"ratio is {ratio:.2f}", "a limit with a mean"),
    )


@page.criterion
def length(built, q) -> Verdict:
    """400 to 800 words"""
    return checks.length(built, page)
