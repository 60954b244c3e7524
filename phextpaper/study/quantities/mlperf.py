"""MLPerf Training v2.0 from the submitters' logs: how long runs took, their samples, what each chip did.

Nothing here depends on the machine of the description.
"""

import math

from phextpaper.engine.chips import step_time
from phextpaper.engine.chips.model_sizes import ModelSize, encoder, resnet50
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si

SYSTEMS, BENCHMARKS = ("tpu_v4", "a100"), ("bert", "resnet")
BOTH = ((SYSTEMS, BENCHMARKS),)
KNOWN_BATCHES = [("tpu_v4", "bert"), ("tpu_v4", "resnet"), ("a100", "resnet")]
MODELS = ("bert_full", "bert_half", "resnet")
ENDS = ("low", "high")


def of(model: str) -> str:
    """The benchmark of a model's size."""
    return model.partition("_")[0]


def listed(q: Quantities, name: str) -> list[float]:
    """The values of a fact that is a list over runs, in SI base units."""
    return [float(q[f"facts.mlperf.{name}.{key}"].si) for key in q.keys(f"facts.mlperf.{name}")]


@node("mlperf.size.{}", each=MODELS)
def size(q: Quantities, model: str) -> ModelSize:
    """ResNet-50 of MLPerf, or BERT-large with all tokens of a sequence (full) or those that are no padding (half)."""
    if model == "resnet":
        return resnet50(int(q.facts.resnet50.image), int(q.facts.resnet50.classes))
    facts = q.facts.bert_large
    kept = float(facts.sequence) * (1 if model == "bert_full" else 1 - to_si(facts.padding.value, "%"))
    return encoder(
        layers=int(facts.layers),
        width=int(facts.width),
        heads=int(facts.heads),
        vocabulary=int(facts.vocabulary),
        sequence=kept,
        predictions=float(facts.predictions),
        positions=int(facts.sequence),
    )


def mean_counted(q: Quantities, system: str, benchmark: str, name: str) -> float:
    """Mean of a list over the runs that count."""
    times, missed = q.node(f"mlperf.runs.{system}.{benchmark}")
    values, counted = listed(q, f"{system}_{benchmark}_{name}"), step_time.counted_runs(times, missed=missed)
    return math.fsum(values[place] for place in counted) / len(counted)


@number(
    "mlperf.parameters.{}",
    "million parameters",
    1,
    each=BENCHMARKS,
    by=encoder,
    formula="counted from the paper's sizes",
)
def parameters(q: Quantities, benchmark: str) -> int:
    """Parameters of the benchmark's model."""
    return q.node(f"mlperf.size.{'bert_full' if benchmark == 'bert' else benchmark}").parameters


@number(
    "mlperf.forward.{}",
    "billion operations",
    1,
    each=MODELS,
    by=resnet50,
    formula="counted from the paper's sizes, two for a multiply-add",
)
def forward(q: Quantities, model: str) -> float:
    """Operations of the forward pass of one sample; BERT with all tokens (full) or without the published padding
    (half).
    """
    return q.node(f"mlperf.size.{model}").operations


@node("mlperf.runs.{}.{}", each=BOTH)
def runs(q: Quantities, system: str, benchmark: str) -> tuple[list[float], int]:
    """Seconds of the runs, and how many missed the target."""
    missed = int(q.facts.mlperf.tpu_v4_resnet_missed) if (system, benchmark) == ("tpu_v4", "resnet") else 0
    return listed(q, f"{system}_{benchmark}_ms"), missed


@number(
    "mlperf.seconds.{}.{}",
    "s",
    2,
    each=BOTH,
    by=step_time.trimmed_mean,
    formula="mean of the runs without the fastest and the slowest",
)
def seconds(q: Quantities, system: str, benchmark: str) -> float:
    """Time to train by MLPerf's rule, from the logs of all runs: about 4096 chips each."""
    times, missed = q.node(f"mlperf.runs.{system}.{benchmark}")
    return step_time.trimmed_mean(times, missed=missed)


@number("mlperf.minutes.{}.{}", "min", 3, each=BOTH, formula="seconds / 60")
def minutes(q: Quantities, system: str, benchmark: str) -> float:
    """The same in minutes, as MLPerf prints it."""
    return q.mlperf.seconds[system][benchmark].si


@number("mlperf.ratio.{}", "x", 2, each=BENCHMARKS, formula="seconds of A100 / seconds of TPU v4")
def ratio(q: Quantities, benchmark: str) -> float:
    """How many times sooner the TPU v4 system reached the target, from the logs; the TPU v4 paper prints the same
    ratio.
    """
    return q.mlperf.seconds.a100[benchmark] / q.mlperf.seconds.tpu_v4[benchmark]


@number(
    "mlperf.samples.{}.{}",
    "million samples",
    2,
    each=BOTH,
    by=step_time.counted_runs,
    formula="mean over the runs that count, or epochs x images",
)
def samples(q: Quantities, system: str, benchmark: str) -> float:
    """Samples that training needed to reach the target."""
    if benchmark == "resnet":
        return q.facts.mlperf[f"{system}_epochs"] * q.facts.mlperf.images
    return mean_counted(q, system, benchmark, "samples")


@number("mlperf.samples_ratio.{}", "x", 2, each=BENCHMARKS, formula="samples of A100 / samples of TPU v4")
def samples_ratio(q: Quantities, benchmark: str) -> float:
    """How many times more samples the A100 runs needed: a matter of batch and optimiser, not of chips."""
    return q.mlperf.samples.a100[benchmark] / q.mlperf.samples.tpu_v4[benchmark]


@number(
    "mlperf.samples_share.{}",
    "%",
    0,
    each=BENCHMARKS,
    formula="log of samples ratio / log of ratio of times",
    whole=True,
)
def samples_share(q: Quantities, benchmark: str) -> float:
    """Share of the published ratio that comes from needing fewer samples."""
    return math.log(q.mlperf.samples_ratio[benchmark]) / math.log(q.mlperf.ratio[benchmark])


@number("mlperf.rate.{}.{}", "samples a second", 1, each=BOTH, formula="samples / seconds / chips")
def rate(q: Quantities, system: str, benchmark: str) -> float:
    """Samples a second that each chip trained on, over the whole run."""
    return (
        q.mlperf.samples[system][benchmark].si
        / q.mlperf.seconds[system][benchmark]
        / q.facts.mlperf[f"{system}_chips"][benchmark]
    )


@number(
    "mlperf.throughput_ratio.{}", "x", 2, each=BENCHMARKS, formula="samples a second of TPU v4 / of A100, whole systems"
)
def throughput_ratio(q: Quantities, benchmark: str) -> float:
    """What is left of the published ratio when both need as many samples."""
    return q.mlperf.ratio[benchmark] / q.mlperf.samples_ratio[benchmark]


@number("mlperf.chip_ratio.{}", "x", 2, each=BENCHMARKS, formula="samples a second of a TPU v4 / of an A100")
def chip_ratio(q: Quantities, benchmark: str) -> float:
    """The same for each chip: the A100 system of ResNet has more chips."""
    return q.mlperf.rate.tpu_v4[benchmark] / q.mlperf.rate.a100[benchmark]


@number(
    "mlperf.first_share.{}.{}", "%", 0, each=BOTH, formula="time to the first evaluation / time of the run", whole=True
)
def first_share(q: Quantities, system: str, benchmark: str) -> float:
    """Share of the run that passed before the first evaluation was logged, in which little was trained."""
    return mean_counted(q, system, benchmark, "first_ms") / q.mlperf.seconds[system][benchmark]


@number(
    "mlperf.first_samples.{}.{}",
    "%",
    0,
    each=BOTH,
    formula="samples before the first evaluation / samples of the run",
    whole=True,
)
def first_samples(q: Quantities, system: str, benchmark: str) -> float:
    """Share of the samples that were trained on before the first evaluation was logged."""
    return _early(q, system, benchmark) / q.mlperf.samples[system][benchmark].si


def _early(q: Quantities, system: str, benchmark: str) -> float:
    """Samples before the first evaluation."""
    if benchmark == "resnet":
        return float(q.facts.mlperf[f"{system}_first_epochs"] * q.facts.mlperf.images)
    return mean_counted(q, system, benchmark, "first_samples")


@number("mlperf.init_s.{}.{}", "s", 0, each=BOTH, formula="run_start - init_start", whole=True)
def init_s(q: Quantities, system: str, benchmark: str) -> float:
    """Time from the start of initialisation to the start of the clock, in the log of one run."""
    return to_si(q.facts.mlperf[f"{system}_init_ms"][benchmark].value, "ms")


@number("mlperf.late_step_ms.{}", "ms", 2, each=BENCHMARKS, formula="time between evaluations / steps between them")
def late_step_ms(q: Quantities, benchmark: str) -> float:
    """Time of a TPU v4 step late in one run, where evaluations follow each other evenly; they are included."""
    late = q.facts.mlperf[f"tpu_v4_{benchmark}_late"]
    steps = (
        late.steps if benchmark == "bert" else late.epochs * q.facts.mlperf.images / q.facts.mlperf.tpu_v4_batch.resnet
    )
    return to_si(late.ms.value, "ms") / steps


@number("mlperf.step_ms.{}.{}", "ms", 1, each=KNOWN_BATCHES, formula="seconds x batch / samples")
def step_ms(q: Quantities, system: str, benchmark: str) -> float:
    """Time of a step, all of the run spread over its steps; the batch of A100's BERT was not read."""
    steps = q.mlperf.samples[system][benchmark].si / q.facts.mlperf[f"{system}_batch"][benchmark]
    return q.mlperf.seconds[system][benchmark] / steps


@number(
    "mlperf.later_rate.{}.{}",
    "samples a second",
    1,
    each=BOTH,
    formula="samples after the first evaluation / time after it / chips",
)
def later_rate(q: Quantities, system: str, benchmark: str) -> float:
    """Samples a second of a chip after the first evaluation was logged: a bound from above, as hosts may log after the
    chips have worked.
    """
    later = q.mlperf.seconds[system][benchmark] - mean_counted(q, system, benchmark, "first_ms")
    return (
        (q.mlperf.samples[system][benchmark].si - _early(q, system, benchmark))
        / later
        / q.facts.mlperf[f"{system}_chips"][benchmark]
    )


@number("mlperf.later_ratio.{}", "x", 2, each=BENCHMARKS, formula="later samples a second of a TPU v4 / of an A100")
def later_ratio(q: Quantities, benchmark: str) -> float:
    """Ratio of those bounds: what chips may differ by once a run is under way."""
    return q.mlperf.later_rate.tpu_v4[benchmark] / q.mlperf.later_rate.a100[benchmark]


@number(
    "mlperf.later_step_ms.{}.{}",
    "ms",
    1,
    each=KNOWN_BATCHES,
    formula="batch / chips / later samples a second of a chip",
)
def later_step_ms(q: Quantities, system: str, benchmark: str) -> float:
    """Mean time of a step at that rate: a bound from below on the mean; single steps late in a run can be shorter."""
    return (
        q.facts.mlperf[f"{system}_batch"][benchmark]
        / q.facts.mlperf[f"{system}_chips"][benchmark]
        / q.mlperf.later_rate[system][benchmark]
    )


@number("mlperf.ipu_minutes.{}", "min", 2, each=ENDS, formula="least and most of the runs that were read / 60 000")
def ipu_minutes(q: Quantities, end: str) -> float:
    """Times of BERT runs on 256 IPU Bow: five of ten runs, so a range and no score."""
    return (min if end == "low" else max)(listed(q, "ipu_bow_bert_ms"))


@number("mlperf.ipu_resnet_minutes", "min", 2, formula="one run / 60 000")
def ipu_resnet_minutes(q: Quantities) -> float:
    """Time of one ResNet run on 256 IPU Bow: no score."""
    return q.facts.mlperf.ipu_bow_resnet_ms.si


@number("mlperf.ipu_rate.{}", "samples a second", 1, each=BENCHMARKS, formula="samples / seconds / chips")
def ipu_rate(q: Quantities, benchmark: str) -> float:
    """Samples a second of each IPU Bow over the runs that were read, 256 of them."""
    facts = q.facts.mlperf
    if benchmark == "resnet":
        return facts.ipu_bow_epochs * facts.images / facts.ipu_bow_resnet_ms.si / facts.ipu_bow_chips.resnet
    return (
        math.fsum(listed(q, "ipu_bow_bert_samples"))
        / math.fsum(listed(q, "ipu_bow_bert_ms"))
        / facts.ipu_bow_chips.bert
    )


@number(
    "mlperf.implied_rate.{}",
    "samples a second",
    0,
    each=BENCHMARKS,
    formula="published ratio x samples a second of an IPU",
)
def implied_rate(q: Quantities, benchmark: str) -> int:
    """Samples a second of a TPU v4 that the published ratio at 256 chips implies, if both need as many samples."""
    return round(q.facts.tpu_v4_chips[f"mlperf_{benchmark}_vs_ipu"] * q.mlperf.ipu_rate[benchmark])


@number(
    "mlperf.kept.{}",
    "%",
    0,
    each=BENCHMARKS,
    formula="samples a second of a chip among about 4096 / implied one among 256",
    whole=True,
)
def kept(q: Quantities, benchmark: str) -> float:
    """Share of that rate that a TPU v4 keeps in the largest system: what scale costs."""
    return q.mlperf.rate.tpu_v4[benchmark] / q.mlperf.implied_rate[benchmark]


def _share(q: Quantities, model: str, rate: float, peak: float) -> float:
    """Share of a peak that a rate of samples takes."""
    return q.node(f"mlperf.size.{model}").step_operations(rate) / peak


@number(
    "mlperf.share.{}.{}",
    "%",
    0,
    each=((SYSTEMS, MODELS),),
    by=ModelSize.step_operations,
    formula="samples a second x operations of a step / peak",
    whole=True,
)
def share(q: Quantities, system: str, model: str) -> float:
    """Share of peak over the whole run; BERT as if all tokens were computed (full) or only those that are no padding
    (half).
    """
    return _share(q, model, float(q.mlperf.rate[system][of(model)]), q.facts.tpu_v4_chips[f"{system}_peak_tflops"].si)


@number(
    "mlperf.ipu_share.{}",
    "%",
    0,
    each=MODELS,
    by=ModelSize.step_operations,
    formula="samples a second x operations of a step / peak of the datasheet",
    whole=True,
)
def ipu_share(q: Quantities, model: str) -> float:
    """Share of IPU Bow's peak over the runs that were read."""
    return _share(
        q, model, float(q.mlperf.ipu_rate[of(model)]), to_si(q.facts.bow_2000.peak / q.facts.bow_2000.chips, "PFLOPS")
    )


@number(
    "mlperf.implied_share.{}",
    "%",
    0,
    each=MODELS,
    by=ModelSize.step_operations,
    formula="implied samples a second x operations of a step / peak",
    whole=True,
)
def implied_share(q: Quantities, model: str) -> float:
    """Share of TPU v4's peak at 256 chips that the published ratio to IPU Bow implies: with padding computed (full) it
    passes the peak.
    """
    return _share(q, model, float(q.mlperf.implied_rate[of(model)]), q.facts.tpu_v4_chips.tpu_v4_peak_tflops.si)
