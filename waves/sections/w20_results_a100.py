"""Wave 20: Section 9, what the published ratios of TPU v4 to the A100 consist of, and what a model of the chips explains."""

from dataclasses import dataclass

from phextpaper import checks, prose_checks
from phextpaper.quantity import Quantity, choose, compare
from phextpaper.wave import Verdict, Wave, all_of

page = Wave(
    n=20,
    name="Results against A100",
    phase=2,
    minutes=25,
    needs=(5, 8, 14),
    output=("sections/09-results-a100.md",),
    words=(500, 900),
)

BENCHMARKS = {"BERT": "bert", "ResNet": "resnet"}
MODELS = {"bert": "bert_half", "resnet": "resnet"}
RATIOS = ("Benchmark", "TPU v4 (s)", "A100 (s)", "Ratio of times", "Ratio of samples needed", "What is left")
PREDICTED = ("Benchmark", "Predicted ratio of chips", "Ratio of samples a second and chip", "Off by")


@dataclass(frozen=True)
class Ratio:
    """A row of the table of ratios."""

    name: str
    v4: Quantity
    a100: Quantity
    ratio: Quantity
    samples: Quantity
    left: Quantity


@dataclass(frozen=True)
class Prediction:
    """A row of the table of predictions."""

    name: str
    predicted: Quantity
    seen: Quantity
    off: Quantity


@dataclass(frozen=True)
class Context:
    """What `09-results-a100.md` prints."""

    low: Quantity
    high: Quantity
    chips: Quantity
    ratios: tuple[Ratio, ...]
    published_bert: Quantity
    published_resnet: Quantity
    share_bert: Quantity
    share_resnet: Quantity
    first_sentence: str
    peak_words: str
    memory_words: str
    predictions: tuple[Prediction, ...]
    miss_sentence: str
    use_v4_bert: Quantity
    use_a100_bert: Quantity
    step_bert: Quantity
    reduce_bert: Quantity
    logged: Quantity
    later: Quantity
    off_all: Quantity
    off_later: Quantity
    ib_low: Quantity
    ib_high: Quantity
    power_low: Quantity
    power_high: Quantity
    power_chips: Quantity
    bert_a100: Quantity
    bert_v4: Quantity
    bert_power: Quantity
    resnet_a100: Quantity
    resnet_v4: Quantity
    resnet_power: Quantity
    watt_bert: Quantity
    watt_resnet: Quantity


@page.context
def context(q) -> Context:
    """Published ratios, the logs taken apart, and the rooflines' predictions; nothing here depends on the machine of the description but two latencies."""
    abstract, chips, m, s, p = q.facts.tpu_v4_abstract, q.facts.tpu_v4_chips, q.mlperf, q.step_time, q.performance
    bert, resnet = chips.mlperf_power_bert, chips.mlperf_power_resnet
    return Context(
        low=abstract.vs_a100_speed.low, high=abstract.vs_a100_speed.high, chips=q.facts.mlperf.tpu_v4_chips.bert, ratios=tuple(_ratios(q)),
        published_bert=chips.mlperf_bert_vs_a100, published_resnet=chips.mlperf_resnet_vs_a100, share_bert=m.samples_share.bert, share_resnet=m.samples_share.resnet,
        first_sentence=_first(q), peak_words=compare(p.peak_ratio.v4_a100, 1, "the higher", "the same", "the lower"),
        memory_words=compare(p.bandwidth_ratio.v4_a100, 1, "the higher", "the same", "the lower"), predictions=tuple(_predictions(q)), miss_sentence=_miss(q),
        use_v4_bert=m.share.tpu_v4.bert_half, use_a100_bert=m.share.a100.bert_half, step_bert=s.v4.bert_half.step_ms, reduce_bert=s.v4.bert_half.communication_ms,
        logged=m.step_ms.tpu_v4.bert, later=m.later_step_ms.tpu_v4.bert, off_all=s.missed.bert_half, off_later=s.missed_later.bert_half,
        ib_low=chips.ib_allreduce_slowdown.low, ib_high=chips.ib_allreduce_slowdown.high, power_low=abstract.vs_a100_power.low, power_high=abstract.vs_a100_power.high,
        power_chips=chips.mlperf_power_chips, bert_a100=bert.a100, bert_v4=bert.tpu_v4, bert_power=bert.ratio, resnet_a100=resnet.a100, resnet_v4=resnet.tpu_v4,
        resnet_power=resnet.ratio, watt_bert=p.per_watt.bert, watt_resnet=p.per_watt.resnet)


def _ratios(q):
    m = q.mlperf
    for name, key in BENCHMARKS.items():
        yield Ratio(name, m.seconds.tpu_v4[key], m.seconds.a100[key], m.ratio[key], m.samples_ratio[key], m.throughput_ratio[key])


def _predictions(q):
    for name, key in BENCHMARKS.items():
        yield Prediction(name, q.roofline.predicted.v4_a100[MODELS[key]], q.mlperf.chip_ratio[key], q.roofline.missed_rate[MODELS[key]])


def _first(q) -> str:
    first = q.mlperf.first_share
    return (f"TPU v4 passed {first.tpu_v4.bert.with_unit} of its BERT run before the first evaluation was logged, the A100 {first.a100.bert.with_unit}; on ResNet the shares are "
            f"{first.tpu_v4.resnet.with_unit} and {first.a100.resnet.with_unit}.")


def _miss(q) -> str:
    misses = [q.roofline.missed_rate[model] for model in MODELS.values()]
    return choose(all(miss > 1 for miss in misses), "On both benchmarks TPU v4 does better than its roofline would have it beside the A100's.", "On one benchmark at least, TPU v4 does worse than the rooflines predict.")


@page.criterion
def benchmarks(built, q) -> Verdict:
    """BERT and the others with their published ratios and citations"""
    part = built.markdown().section("9.1 Published ratios")
    rows = [(row.name, row.v4.text, row.a100.text, row.ratio.text, row.samples.text, row.left.text) for row in _ratios(q)]
    ids = [f"facts.tpu_v4_chips.mlperf_{key}_vs_a100" for key in BENCHMARKS.values()]
    return all_of(checks.cells_equal(part, RATIOS, rows), prose_checks.reported(built, [*ids, "facts.tpu_v4_abstract.vs_a100_speed.low"], "jouppi2023"),
                  checks.has(part, "the other benchmarks of MLPerf", "not reported here"))


@page.criterion
def energy(built, q) -> Verdict:
    """power ratios reported (1.3x-1.9x) with citation"""
    ids = ["facts.tpu_v4_abstract.vs_a100_power.low", "facts.tpu_v4_abstract.vs_a100_power.high", "facts.tpu_v4_chips.mlperf_power_bert.ratio", "facts.tpu_v4_chips.mlperf_power_resnet.ratio"]
    return prose_checks.reported(built, ids, "jouppi2023")


@page.criterion
def model(built, q) -> Verdict:
    """what the engine's roofline and collective model predicts for the same chips, and how far it is from the published value"""
    part, facts, rows = built.markdown().section("9.2 What the model says"), q.facts.tpu_v4_chips, []
    for name, key in BENCHMARKS.items():
        reached = [min(float(facts[f"{chip}_peak_tflops"]), q.roofline.intensity[chip][MODELS[key]] * facts[f"{chip}_hbm_gb_s"] / 1e3) for chip in ("tpu_v4", "a100")]
        predicted = round(reached[0]) / round(reached[1])
        rows.append((name, f"{predicted:.2f}", q.mlperf.chip_ratio[key].text, f"{q.mlperf.chip_ratio[key] / predicted:.2f}"))
    steps = q.step_time.v4.bert_half
    return all_of(checks.cells_equal(part, PREDICTED, rows),
                  checks.has(part, f"takes {steps.step_ms.text} ms for BERT, {steps.communication_ms.text} ms of them", f"off by {q.step_time.missed.bert_half.text}"))


@page.criterion
def table(built, q) -> Verdict:
    """Table 3 is referenced"""
    return prose_checks.refers(built, "Table 3")


@page.criterion
def length(built, q) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
