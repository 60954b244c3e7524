"""Wave 20: Section 9, what the published ratios of TPU v4 to the A100 consist of, and what a model of the chips explains."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare
from phextpaper.press.wave import Verdict, Wave, all_of

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
PREDICTED = ("Benchmark", "Predicted", "Published", "Off by", "Whole run", "Off by", "After first evaluation")
LOGGED = ("Benchmark", "Model (ms)", "Whole run (ms)", "After first evaluation (ms)", "Late in one run (ms)")


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
    published: Quantity
    off: Quantity
    seen: Quantity
    off_seen: Quantity
    later: Quantity


@dataclass(frozen=True)
class Logged:
    """A row of the table of steps."""

    name: str
    model: Quantity
    whole: Quantity
    later: Quantity
    late: Quantity


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
    use_sentence: str
    ib_low: Quantity
    ib_high: Quantity
    bert_low: Quantity
    bert_high: Quantity
    resnet_low: Quantity
    resnet_high: Quantity
    network_sentence: str
    logged: tuple[Logged, ...]
    off_bert: Quantity
    off_resnet: Quantity
    late_sentence: str
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
    init_v4_bert: Quantity
    init_v4_resnet: Quantity
    init_a100_bert: Quantity
    init_a100_resnet: Quantity
    write: Quantity
    wait_sentence: str


@page.context
def context(q) -> Context:
    """Published ratios, the logs taken apart, and predictions; of the description only two latencies and the writing of a table matter."""
    abstract, chips, m, s, p, logs = (
        q.facts.tpu_v4_abstract,
        q.facts.tpu_v4_chips,
        q.mlperf,
        q.step_time,
        q.performance,
        q.facts.mlperf,
    )
    bert, resnet = chips.mlperf_power_bert, chips.mlperf_power_resnet
    return Context(
        low=abstract.vs_a100_speed.low,
        high=abstract.vs_a100_speed.high,
        chips=logs.tpu_v4_chips.bert,
        ratios=tuple(_ratios(q)),
        published_bert=chips.mlperf_bert_vs_a100,
        published_resnet=chips.mlperf_resnet_vs_a100,
        share_bert=m.samples_share.bert,
        share_resnet=m.samples_share.resnet,
        first_sentence=_first(q),
        peak_words=compare(p.peak_ratio.v4_a100, 1, "the higher", "the same", "the lower"),
        memory_words=compare(p.bandwidth_ratio.v4_a100, 1, "the higher", "the same", "the lower"),
        predictions=tuple(_predictions(q)),
        miss_sentence=_miss(q),
        use_sentence=_use(q),
        ib_low=chips.ib_allreduce_slowdown.low,
        ib_high=chips.ib_allreduce_slowdown.high,
        bert_low=s.v4_a100.bert_half.low,
        bert_high=s.v4_a100.bert_half.high,
        resnet_low=s.v4_a100.resnet.low,
        resnet_high=s.v4_a100.resnet.high,
        network_sentence=_network(q),
        logged=tuple(_logged(q)),
        off_bert=s.missed.bert_half,
        off_resnet=s.missed.resnet,
        late_sentence=_late(q),
        power_low=abstract.vs_a100_power.low,
        power_high=abstract.vs_a100_power.high,
        power_chips=chips.mlperf_power_chips,
        bert_a100=bert.a100,
        bert_v4=bert.tpu_v4,
        bert_power=bert.ratio,
        resnet_a100=resnet.a100,
        resnet_v4=resnet.tpu_v4,
        resnet_power=resnet.ratio,
        watt_bert=p.per_watt.bert,
        watt_resnet=p.per_watt.resnet,
        init_v4_bert=m.init_s.tpu_v4.bert,
        init_v4_resnet=m.init_s.tpu_v4.resnet,
        init_a100_bert=m.init_s.a100.bert,
        init_a100_resnet=m.init_s.a100.resnet,
        write=q.reconfiguration.chip_ms.torus_2d,
        wait_sentence=_wait(q),
    )


def _ratios(q):
    m = q.mlperf
    for name, key in BENCHMARKS.items():
        yield Ratio(
            name,
            m.seconds.tpu_v4[key],
            m.seconds.a100[key],
            m.ratio[key],
            m.samples_ratio[key],
            m.throughput_ratio[key],
        )


def _predictions(q):
    r, m = q.roofline, q.mlperf
    for name, key in BENCHMARKS.items():
        model = MODELS[key]
        yield Prediction(
            name,
            r.predicted.v4_a100[model],
            q.facts.tpu_v4_chips[f"mlperf_{key}_vs_a100"],
            r.missed.v4_a100[model],
            m.chip_ratio[key],
            r.missed_rate[model],
            m.later_ratio[key],
        )


def _logged(q):
    m = q.mlperf
    for name, key in BENCHMARKS.items():
        yield Logged(
            name,
            q.step_time.v4[MODELS[key]].step_ms,
            m.step_ms.tpu_v4[key],
            m.later_step_ms.tpu_v4[key],
            m.late_step_ms[key],
        )


def _first(q) -> str:
    time, samples = q.mlperf.first_share, q.mlperf.first_samples
    pairs = {
        name: [f"{samples[system][key].with_unit} and {time[system][key].with_unit}" for system in ("tpu_v4", "a100")]
        for name, key in BENCHMARKS.items()
    }
    return (
        f"TPU v4 logs its first evaluation of BERT after {samples.tpu_v4.bert.with_unit} of the samples and {time.tpu_v4.bert.with_unit} of the time, "
        f"the A100 after {pairs['BERT'][1]}. For ResNet it is {pairs['ResNet'][0]} against {pairs['ResNet'][1]}."
    )


def _miss(q) -> str:
    misses = [q.roofline.missed_rate[model] for model in MODELS.values()]
    return choose(
        all(miss > 1 for miss in misses),
        "On both benchmarks TPU v4 does better than its roofline would have it beside the A100's.",
        "On one benchmark at least, TPU v4 does worse than the rooflines predict.",
    )


def _use(q) -> str:
    v4, a100 = (q.mlperf.share[system].bert_half for system in ("tpu_v4", "a100"))
    return (
        choose(
            max(v4, a100) < 50,
            "Yet neither chip comes near its roofline",
            "Yet one chip at least stays far from its roofline",
        )
        + f": over the whole run, we compute that TPU v4 uses {v4.with_unit} of its peak on BERT without padding, and the A100 {a100.with_unit}."
    )


def _network(q) -> str:
    places = {}
    for name, key in BENCHMARKS.items():
        found, whole, later = q.step_time.v4_a100[MODELS[key]], q.mlperf.chip_ratio[key], q.mlperf.later_ratio[key]
        inside = whole <= found.low and found.high <= later
        places[name] = choose(
            inside,
            "between the ratios of the logs",
            choose(found.high < whole, "below both of them", "not between them"),
        )
    found = q.step_time.v4_a100.resnet
    return f"For BERT that lies {places['BERT']}, for ResNet {places['ResNet']}." + choose(
        found.high < q.mlperf.chip_ratio.resnet,
        " A slower network may explain part of the first, and does not explain the second.",
        "",
    )


def _late(q) -> str:
    s, m = q.step_time.v4, q.mlperf
    bert = choose(
        m.late_step_ms.bert < s.bert_half.step_ms,
        "Late in a run BERT's steps are shorter than the model's, so the run hides some of the all-reduce behind computation, or computes less than we assume.",
        "Late in a run BERT's steps are still longer than the model's.",
    )
    resnet = choose(
        m.late_step_ms.resnet > m.later_step_ms.tpu_v4.resnet,
        " ResNet's late steps, evaluations included, are longer than its mean after the first evaluation, which speaks for hosts that log late.",
        "",
    )
    return bert + resnet


def _wait(q) -> str:
    least = min(q.mlperf.init_s[system][key] for system in ("tpu_v4", "a100") for key in BENCHMARKS.values())
    return choose(
        q.reconfiguration.chip_ms.torus_2d < 10 * least,
        "So names cannot have changed these results, and writing tables is a small part of the wait before them.",
        "So names cannot have changed these results; writing tables may be much of the wait before them.",
    )


@page.criterion
def benchmarks(built, q) -> Verdict:
    """BERT and the others with their published ratios and citations"""
    part = built.markdown().section("9.1 Published ratios")
    rows = [
        (row.name, row.v4.text, row.a100.text, row.ratio.text, row.samples.text, row.left.text) for row in _ratios(q)
    ]
    ids = [f"facts.tpu_v4_chips.mlperf_{key}_vs_a100" for key in BENCHMARKS.values()]
    return all_of(
        checks.cells_equal(part, RATIOS, rows),
        prose_checks.reported(built, [*ids, "facts.tpu_v4_abstract.vs_a100_speed.low"], "jouppi2023"),
        checks.has(part, "the other benchmarks of MLPerf", "not reported here"),
    )


@page.criterion
def energy(built, q) -> Verdict:
    """power ratios reported (1.3x-1.9x) with citation"""
    ids = [
        "facts.tpu_v4_abstract.vs_a100_power.low",
        "facts.tpu_v4_abstract.vs_a100_power.high",
        "facts.tpu_v4_chips.mlperf_power_bert.ratio",
        "facts.tpu_v4_chips.mlperf_power_resnet.ratio",
    ]
    return prose_checks.reported(built, ids, "jouppi2023")


@page.criterion
def model(built, q) -> Verdict:
    """what the engine's roofline and collective model predicts for the same chips, and how far it is from the published value"""
    part, facts, m, rows = built.markdown().section("9.2 What the model says"), q.facts.tpu_v4_chips, q.mlperf, []
    for name, key in BENCHMARKS.items():
        reached = [
            min(
                float(facts[f"{chip}_peak_tflops"]),
                q.roofline.intensity[chip][MODELS[key]] * facts[f"{chip}_hbm_gb_s"] / 1e3,
            )
            for chip in ("tpu_v4", "a100")
        ]
        predicted, published = round(reached[0]) / round(reached[1]), facts[f"mlperf_{key}_vs_a100"]
        rows.append(
            (
                name,
                f"{predicted:.2f}",
                published.text,
                f"{published / predicted:.2f}",
                m.chip_ratio[key].text,
                f"{m.chip_ratio[key] / predicted:.2f}",
                m.later_ratio[key].text,
            )
        )
    steps = [
        tuple(str(value.text if isinstance(value, Quantity) else value) for value in vars(row).values())
        for row in _logged(q)
    ]
    network = q.step_time.v4_a100
    given = " and ".join(
        f"{network[model].low.text} to {network[model].high.text} for {name}"
        for name, model in (("BERT", "bert_half"), ("ResNet", "resnet"))
    )
    return all_of(
        checks.cells_equal(part, PREDICTED, rows),
        checks.cells_equal(part, LOGGED, steps),
        checks.has(
            part,
            f"the step model of Section 8 gives {given}",
            f"off by {q.step_time.missed.bert_half.text} and {q.step_time.missed.resnet.text} times",
        ),
    )


@page.criterion
def table(built, q) -> Verdict:
    """Table 3 is referenced"""
    return prose_checks.refers(built, "Table 3")


@page.criterion
def length(built, q) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
