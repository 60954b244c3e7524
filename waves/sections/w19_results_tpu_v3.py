"""Wave 19: Section 8, what published numbers of TPU v3 and TPU v4 explain of the gain between them."""

import math
from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, strip_marks
from phextpaper.press.wave import Verdict, Wave, all_of

page = Wave(
    n=19,
    name="Results against TPU v3",
    phase=2,
    minutes=25,
    needs=(8, 9, 14),
    output=("sections/08-results-tpu-v3.md",),
    words=(500, 900),
)

CHIPS = {"TPU v3": "tpu_v3", "TPU v4": "tpu_v4"}
MODELS = {"BERT": "bert_half", "ResNet": "resnet"}
SYSTEMS = {"TPU v3": "v3", "TPU v4": "v4"}
ROOFLINES = (
    "Chip",
    "Peak (TFLOPS)",
    "Memory (GB/s)",
    "Ridge (operations a byte)",
    "BERT may reach (TFLOPS)",
    "ResNet may reach (TFLOPS)",
)
STEPS = ("Model", "System", "Computation (ms)", "Memory (ms)", "All-reduce (ms)", "Step (ms)", "Of peak (%)")
METRICS = ("Metric", "TPU v3", "TPU v4", "Ratio", "Kind")
FAULTS = ("Metric", "Wired once", "With switches", "Kind")
GOODPUT = ("facts.tpu_v4_goodput.goodput_1024_at_99_0",)


@dataclass(frozen=True)
class Roof:
    """A row of the table of rooflines."""

    name: str
    peak: Quantity
    memory: Quantity
    ridge: Quantity
    bert: Quantity
    resnet: Quantity


@dataclass(frozen=True)
class Part:
    """A row of the table of steps."""

    model: str
    system: str
    computation: Quantity
    memory: Quantity
    communication: Quantity
    step: Quantity
    share: Quantity


@dataclass(frozen=True)
class Context:
    """What `08-results-tpu-v3.md` prints."""

    chips: tuple[Roof, ...]
    predicted_bert: Quantity
    predicted_resnet: Quantity
    low: Quantity
    high: Quantity
    published: Quantity
    published_sentence: str
    cmem: Quantity
    dlrm_low: Quantity
    dlrm_high: Quantity
    rnn: Quantity
    v3_chips: Quantity
    v4_chips: Quantity
    steps: tuple[Part, ...]
    step_bert: Quantity
    step_resnet: Quantity
    reduce_sentence: str
    system: Quantity
    product: Quantity
    slice: str
    apart: str
    best: str
    missed: str
    llm: str
    palm: str
    scale: Quantity
    v3_bisection: Quantity
    v4_bisection: Quantity
    bisection: Quantity
    v3_each: Quantity
    v4_each: Quantity
    per_chip: Quantity
    bisection_sentence: str
    v4_link: Quantity
    v3_link: Quantity
    slices_sentence: str
    static_host: Quantity
    fair_low: Quantity
    fair_high: Quantity
    host: str
    without: Quantity
    with_switches: Quantity
    slice_chips: Quantity
    goodput: Quantity
    hops_2d: Quantity
    hops_3d: Quantity
    exchange_2d: Quantity
    exchange_3d: Quantity
    entries: Quantity


@page.context
def context(q) -> Context:
    """Published chips on rooflines, modelled steps, bisections, and the machine's own goodput."""
    p, chips, s, goodput, slices = (
        q.performance,
        q.facts.tpu_v4_chips,
        q.step_time,
        q.facts.tpu_v4_goodput,
        q.slices.n1024.h99_0,
    )
    abstract, predicted = q.facts.tpu_v4_abstract, q.roofline.predicted.v4_v3
    return Context(
        chips=tuple(_rooflines(q)),
        predicted_bert=predicted.bert_half,
        predicted_resnet=predicted.resnet,
        low=p.range.v4_v3.low,
        high=p.range.v4_v3.high,
        published=abstract.perf_vs_tpu_v3,
        published_sentence=_published(q),
        cmem=chips.cmem_gain_perf,
        dlrm_low=chips.speed_vs_v3_dlrm0.low,
        dlrm_high=chips.speed_vs_v3_dlrm0.high,
        rnn=chips.speed_vs_v3_rnn1,
        v3_chips=chips.tpu_v3_largest_config,
        v4_chips=chips.tpu_v4_largest_config,
        steps=tuple(_steps(q)),
        step_bert=s.v4_v3.bert_half,
        step_resnet=s.v4_v3.resnet,
        reduce_sentence=_reduce(q),
        system=abstract.system_speed_vs_tpu_v3,
        product=p.system_speed,
        slice=q.search.chips.n512.with_unit,
        apart=p.gpt3.apart.share.with_unit,
        best=p.published_share.best.with_unit,
        missed=_missed(q),
        llm=abstract.llm_share_of_peak_flops.with_unit,
        palm=q.facts.tpu_v4_llm.palm_hw_flops_utilisation.with_unit,
        scale=abstract.scale_vs_tpu_v3,
        v3_bisection=p.bisection.v3,
        v4_bisection=p.bisection.v4,
        bisection=p.bisection_ratio,
        v3_each=p.bisection_each.v3,
        v4_each=p.bisection_each.v4,
        per_chip=p.bisection_per_chip,
        bisection_sentence=_bisection(q),
        v4_link=chips.tpu_v4_ici_gb_s_per_link,
        v3_link=chips.tpu_v3_ici_gb_s_per_link,
        slices_sentence=_slices(q),
        static_host=goodput.without_ocs_host_availability_needed,
        fair_low=goodput.with_ocs_fair_goodput_at.low,
        fair_high=goodput.with_ocs_fair_goodput_at.high,
        host=q.slices.host.h99_0.with_unit,
        without=slices.without.expected,
        with_switches=slices["with"].expected,
        slice_chips=q.slices.chips.n1024,
        goodput=goodput.goodput_1024_at_99_0,
        hops_2d=q.topologies.torus_2d.mean_hops,
        hops_3d=q.topologies.torus_3d.mean_hops,
        exchange_2d=q.reconfiguration.throughput.torus_2d,
        exchange_3d=q.reconfiguration.throughput.torus_3d,
        entries=q.reconfiguration.share.torus_2d,
    )


def _rooflines(q):
    chips, r = q.facts.tpu_v4_chips, q.roofline
    for name, key in CHIPS.items():
        yield Roof(
            name,
            chips[f"{key}_peak_tflops"],
            chips[f"{key}_hbm_gb_s"],
            q.performance.ridge[key],
            r.attainable[key].bert_half,
            r.attainable[key].resnet,
        )


def _steps(q):
    for model, key in MODELS.items():
        for system, generation in SYSTEMS.items():
            parts = q.step_time[generation][key]
            yield Part(
                model, system, parts.computation_ms, parts.memory_ms, parts.communication_ms, parts.step_ms, parts.share
            )


def _published(q) -> str:
    p = q.performance
    if not p.intensity_for_published > 0:
        return "No intensity gives as much, so something besides peak and memory took part."
    return (
        f"The rooflines give as much only from {p.intensity_for_published.with_unit} on, so either those applications are dense, or something besides "
        "peak and memory took part."
    )


def _reduce(q) -> str:
    s, p, predicted = q.step_time, q.performance, q.roofline.predicted.v4_v3
    v3, v4 = (s[generation].bert_half.communication_ms for generation in ("v3", "v4"))
    gap = choose(
        all(s.v4_v3[model] < predicted[model] for model in MODELS.values()),
        "That is less than the rooflines say",
        "The rooflines say no more",
    )
    cost = choose(v4 <= v3, "Size costs little there", "Size still costs time there")
    return (
        f"{gap}, because all links of a TPU v4 together carry {p.links.v4.with_unit} and those of a TPU v3 {p.links.v3}, so the all-reduce hardly gets faster. "
        f"{cost}: each chip sends about twice its gradients, however many chips there are."
    )


def _missed(q) -> str:
    machine, chips = q.machine, q.facts.tpu_v4_chips
    alike = machine.chip_peak == chips.tpu_v4_peak_tflops and machine.link_bandwidth == chips.tpu_v4_ici_gb_s_per_link
    return choose(
        alike,
        f", so the model is {q.performance.gpt3_missed.apart} times as fast as that run",
        ", whose peak or links differ from ours",
    )


def _bisection(q) -> str:
    p, chips = q.performance, q.facts.tpu_v4_chips
    return choose(
        p.bisection_per_chip > 1 and chips.tpu_v4_ici_gb_s_per_link < chips.tpu_v3_ici_gb_s_per_link,
        "Bisection grew by more than chips did, because a third dimension was added, not because links became faster.",
        "Bisection and chips grew together with links.",
    )


def _slices(q) -> str:
    fact, s = q.facts.tpu_v4_sparsecore.fig8_bisection_ratio_v4_v3, q.step_time.slices
    counted = s.links.low == fact.low and s.links.high == fact.high
    return (
        f"In slices of equal size TPU v4 reports {fact.low} to {fact.high} times the bisection [@jouppi2023]. We compute {s.links.low} to {s.links.high} in links, "
        f"but {s.rates.low} to {s.rates.high} in bytes at the published rates. "
        + choose(counted, "So the published ratio seems to count links.", "The published ratio is neither.")
    )


@page.criterion
def metrics(built, q) -> Verdict:
    """step time model, share of peak, bisection bandwidth and fault metrics, each marked computed or reported"""
    text = built.markdown()
    network, faults = (text.section("8.3 Network and faults").table(*heads) for heads in (METRICS, FAULTS))
    wanted = {
        "largest system": "reported",
        "bisection bandwidth": "computed",
        "the same": "computed",
        "availability of hosts": "reported",
        "expected goodput": "computed",
    }
    seen = [(row[0], row[-1]) for part in (network, faults) if part for row in part.rows]
    right = len(seen) == len(wanted) and all(
        name.startswith(start) and kind == due for (name, kind), (start, due) in zip(seen, wanted.items(), strict=True)
    )
    rows = [
        tuple(
            strip_marks(str(value))[0]
            for value in (row.model, row.system, row.computation, row.memory, row.communication, row.step, row.share)
        )
        for row in _steps(q)
    ]
    return all_of(
        Verdict(
            right,
            "each metric with its kind",
            ", ".join(kind for _, kind in seen) or "no table",
            text.where("| Metric"),
        ),
        checks.cells_equal(text.section("8.2 A step"), STEPS, rows),
        checks.has(text.section("8.2 A step"), "is computed to be"),
        prose_checks.reported(built, GOODPUT, "jouppi2023"),
    )


@page.criterion
def roofline(built, q) -> Verdict:
    """a roofline comparison from the published chip parameters"""
    facts, rows = q.facts.tpu_v4_chips, []
    for name, key in CHIPS.items():
        peak, bandwidth = facts[f"{key}_peak_tflops"], facts[f"{key}_hbm_gb_s"]
        reached = (min(float(peak), q.roofline.intensity[key][model] * bandwidth / 1e3) for model in MODELS.values())
        rows.append(
            (name, peak.text, bandwidth.text, f"{peak * 1e3 / bandwidth:.0f}", *(f"{speed:.0f}" for speed in reached))
        )
    return checks.cells_equal(built.markdown().section("8.1 Rooflines"), ROOFLINES, rows)


@page.criterion
def table(built, q) -> Verdict:
    """Table 2 is referenced and its numbers equal the text's"""
    part = built.markdown().section("8.3 Network and faults")
    hops = [_mean_hops(q.node(f"topologies.{kind}.graph").shape) for kind in ("torus_2d", "torus_3d")]
    wanted = f"changes mean hops from {hops[0]:.2f} to {hops[1]:.2f}"
    exchange = (
        f"throughput from {q.reconfiguration.throughput.torus_2d.text} to {q.reconfiguration.throughput.torus_3d.text}"
    )
    return all_of(prose_checks.refers(built, "Table 2"), checks.has(part, wanted, exchange))


def _mean_hops(shape) -> float:
    """Mean hops of a torus in closed form: of each ring a quarter of its square, rounded down (dally2004)."""
    size = math.prod(shape)
    return sum(side**2 // 4 * size // side for side in shape) / (size - 1)


@page.criterion
def length(built, q) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
