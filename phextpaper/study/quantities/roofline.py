"""What rooflines predict for the benchmarks on published chips, beside what was published and logged.

Nothing here depends on the machine of the description.
"""

from phextpaper.engine.chips import roofline
from phextpaper.engine.chips.model_sizes import ModelSize
from phextpaper.engine.chips.roofline import Chip
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si
from phextpaper.study.quantities.mlperf import BENCHMARKS, MODELS, of
from phextpaper.study.quantities.performance import CHIPS, PAIRS

VALUE_BYTES = 2


@number("roofline.value_bytes", "bytes", kind="assumed")
def value_bytes(q: Quantities) -> int:
    """Bytes of a value in memory: 16-bit floats, as the peaks are for."""
    return VALUE_BYTES


@number(
    "roofline.samples.{}.{}",
    "samples",
    1,
    each=((CHIPS, BENCHMARKS),),
    formula="batch / chips; that of TPU v4 where none was read",
)
def samples(q: Quantities, chip: str, benchmark: str) -> float:
    """Samples of a step on each chip in the MLPerf runs of about 4096 chips; TPU v3 and A100's BERT are given as many
    as TPU v4.
    """
    system = "a100" if (chip, benchmark) == ("a100", "resnet") else "tpu_v4"
    return q.facts.mlperf[f"{system}_batch"][benchmark] / q.facts.mlperf[f"{system}_chips"][benchmark]


@number(
    "roofline.intensity.{}.{}",
    "operations a byte",
    0,
    each=((CHIPS, MODELS),),
    by=ModelSize.intensity,
    formula="operations of a step / bytes, each product's operands and result moved once",
)
def intensity(q: Quantities, chip: str, model: str) -> int:
    """Operational intensity of a training step, if products alone move bytes and the chip keeps none; BERT with padding
    (full) or without (half).
    """
    return round(
        q.node(f"mlperf.size.{model}").intensity(
            float(q.roofline.samples[chip][of(model)]), float(q.roofline.value_bytes)
        )
    )


@number(
    "roofline.attainable.{}.{}",
    "TFLOPS",
    0,
    each=((CHIPS, MODELS),),
    by=Chip.attainable,
    formula="min(peak, intensity x memory bandwidth)",
    whole=True,
)
def attainable(q: Quantities, chip: str, model: str) -> float:
    """Speed that the roofline leaves a chip at that intensity."""
    return q.node(f"performance.chip.{chip}").attainable(float(q.roofline.intensity[chip][model]))


@number(
    "roofline.bound.{}.{}",
    "",
    each=((CHIPS, MODELS),),
    by=Chip.ridge,
    formula="memory where the intensity is below the ridge",
)
def bound(q: Quantities, chip: str, model: str) -> str:
    """What limits a chip at that intensity: its memory or its peak."""
    return "memory" if q.roofline.intensity[chip][model] < q.node(f"performance.chip.{chip}").ridge else "peak"


@number("roofline.predicted.{}.{}", "x", 2, each=((tuple(PAIRS), MODELS),), formula="attainable / attainable")
def predicted(q: Quantities, pair: str, model: str) -> float:
    """Ratio of speeds that the rooflines predict for a benchmark."""
    one, other = PAIRS[pair]
    return q.roofline.attainable[one][model] / q.roofline.attainable[other][model]


@number("roofline.missed.v4_v3.{}", "x", 2, each=MODELS, formula="published mean speed-up / predicted ratio")
def missed_v3(q: Quantities, model: str) -> float:
    """How far the published mean speed-up of TPU v4 over TPU v3, of Google's own applications, lies above the
    prediction for this benchmark.
    """
    return q.facts.tpu_v4_abstract.perf_vs_tpu_v3 / q.roofline.predicted.v4_v3[model]


@number("roofline.missed.v4_a100.{}", "x", 2, each=MODELS, formula="published ratio / predicted ratio")
def missed_a100(q: Quantities, model: str) -> float:
    """How far the published ratio of times lies above the prediction."""
    return q.facts.tpu_v4_chips[f"mlperf_{of(model)}_vs_a100"] / q.roofline.predicted.v4_a100[model]


@number("roofline.missed_rate.{}", "x", 2, each=MODELS, formula="ratio of samples a second and chip / predicted ratio")
def missed_rate(q: Quantities, model: str) -> float:
    """How far the ratio of speeds, fewer samples and more chips taken out, lies above the prediction: what rooflines of
    chips cannot say.
    """
    return q.mlperf.chip_ratio[of(model)] / q.roofline.predicted.v4_a100[model]


# ---------------------------------------------------------------------------------------------- IPU Bow
@number("roofline.ipu.peak", "TFLOPS", formula="peak of a Bow-2000 / IPUs in it", whole=True)
def ipu_peak(q: Quantities) -> float:
    """Peak of an IPU Bow by its datasheet; Table 5 of the TPU v4 paper, headed MK2 IPU, has a lower one."""
    return to_si(q.facts.bow_2000.peak / q.facts.bow_2000.chips, "PFLOPS")


@number("roofline.ipu.bandwidth", "TB/s", 1, formula="bandwidth of a Bow-2000 / IPUs in it")
def ipu_bandwidth(q: Quantities) -> float:
    """Bandwidth of the memory inside an IPU Bow, as its datasheet is reported."""
    return q.facts.bow_2000.bandwidth.si / q.facts.bow_2000.chips


@node("roofline.ipu_chip")
def ipu_chip(q: Quantities) -> Chip:
    """IPU Bow by its datasheet, with the memory inside it."""
    return Chip(q.roofline.ipu.peak.si, q.roofline.ipu.bandwidth.si)


@number("roofline.ipu.ridge", "operations a byte", 1, by=Chip.ridge, formula="peak / memory bandwidth")
def ipu_ridge(q: Quantities) -> float:
    """Operations a byte from which on the peak of an IPU Bow is its limit, as long as all fits its own memory."""
    return q.node("roofline.ipu_chip").ridge


@number("roofline.ipu.memory", "MB", formula="memory of a Bow-2000 / IPUs in it", whole=True)
def ipu_memory(q: Quantities) -> float:
    """Memory inside an IPU Bow by its datasheet."""
    return to_si(q.facts.bow_2000.memory / q.facts.bow_2000.chips, "GB")


@number(
    "roofline.ipu.range.{}",
    "x",
    ".2g",
    each=("low", "high"),
    by=roofline.ratio_range,
    formula="TPU v4 over IPU Bow, least and most",
)
def ipu_range(q: Quantities, end: str) -> float:
    """Least and most ratio of speeds of TPU v4 over IPU Bow that the rooflines allow: least where memory decides, most
    at the peaks.
    """
    return roofline.ratio_range(q.node("performance.chip.tpu_v4"), q.node("roofline.ipu_chip"))[
        ("low", "high").index(end)
    ]


@number("roofline.ipu.missed.{}", "x", 1, each=BENCHMARKS, formula="published ratio / most that the rooflines allow")
def ipu_missed(q: Quantities, benchmark: str) -> float:
    """How far the published ratio at 256 chips lies above the most that the rooflines of datasheets allow."""
    return q.facts.tpu_v4_chips[f"mlperf_{benchmark}_vs_ipu"] / q.roofline.ipu.range.high
