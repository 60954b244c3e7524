"""Wave 20: Section 9, what published ratios of TPU v4 to the A100 consist of, and what a model of chips explains."""

from dataclasses import dataclass

from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.units import from_si
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
class Context:
    """`09-results-a100.md` reads all its numbers by their ids."""


@page.context
def context(q: Quantities) -> Context:
    """Nothing but numbers is printed, and words that they choose."""
    return Context()


@page.criterion
def benchmarks(built: Artefacts, q: Quantities) -> Verdict:
    """BERT and the others with their published ratios and citations"""
    part = built.markdown().section("9.1 Published ratios")
    rows = [_ratios(q, name) for name in BENCHMARKS]
    ids = [f"facts.tpu_v4_chips.mlperf_{key}_vs_a100" for key in BENCHMARKS.values()]
    return all_of(
        checks.cells_equal(part, RATIOS, rows),
        prose_checks.reported(built, [*ids, "facts.tpu_v4_abstract.vs_a100_speed.low"], "jouppi2023"),
        checks.has(part, "the other benchmarks of MLPerf", "not reported here"),
    )


def _ratios(q: Quantities, name: str) -> tuple[str, ...]:
    """What a benchmark's row of ratios has to hold."""
    m, key = q.mlperf, BENCHMARKS[name]
    row = m.seconds.tpu_v4[key], m.seconds.a100[key], m.ratio[key], m.samples_ratio[key], m.throughput_ratio[key]
    return name, *(cell.text for cell in row)


@page.criterion
def energy(built: Artefacts, q: Quantities) -> Verdict:
    """power ratios reported (1.3x-1.9x) with citation"""
    ids = [
        "facts.tpu_v4_abstract.vs_a100_power.low",
        "facts.tpu_v4_abstract.vs_a100_power.high",
        "facts.tpu_v4_chips.mlperf_power_bert.ratio",
        "facts.tpu_v4_chips.mlperf_power_resnet.ratio",
    ]
    return prose_checks.reported(built, ids, "jouppi2023")


@page.criterion
def model(built: Artefacts, q: Quantities) -> Verdict:
    """what the engine's roofline and collective model predicts for the same chips, and how far it is from the published
    value
    """
    part, network = built.markdown().section("9.2 What the model says"), q.step_time.v4_a100
    given = " and ".join(
        f"{network[model].low.text} to {network[model].high.text} for {name}"
        for name, model in (("BERT", "bert_half"), ("ResNet", "resnet"))
    )
    return all_of(
        checks.cells_equal(part, PREDICTED, [_predicted(q, name) for name in BENCHMARKS]),
        checks.cells_equal(part, LOGGED, [_logged(q, name) for name in BENCHMARKS]),
        checks.has(
            part,
            f"the step model of Section 8 gives {given}",
            f"off by {q.step_time.missed.bert_half.text} and {q.step_time.missed.resnet.text} times",
        ),
    )


def _predicted(q: Quantities, name: str) -> tuple[str, ...]:
    """What a benchmark's row of predictions has to hold, by the roofline of the published peaks and memories."""
    facts, m, key = q.facts.tpu_v4_chips, q.mlperf, BENCHMARKS[name]
    v4, a100 = (
        min(facts[f"{chip}_peak_tflops"].si, q.roofline.intensity[chip][MODELS[key]].si * facts[f"{chip}_hbm_gb_s"].si)
        for chip in ("tpu_v4", "a100")
    )
    predicted, published = round(from_si(v4, "TFLOPS")) / round(from_si(a100, "TFLOPS")), facts[f"mlperf_{key}_vs_a100"]
    seen, later = m.chip_ratio[key], m.later_ratio[key]
    off = f"{published / predicted:.2f}", seen.text, f"{seen / predicted:.2f}"
    return name, f"{predicted:.2f}", published.text, *off, later.text


def _logged(q: Quantities, name: str) -> tuple[str, ...]:
    """What a benchmark's row of steps has to hold."""
    m, key = q.mlperf, BENCHMARKS[name]
    row = q.step_time.v4[MODELS[key]].step_ms, m.step_ms.tpu_v4[key], m.later_step_ms.tpu_v4[key], m.late_step_ms[key]
    return name, *(cell.text for cell in row)


@page.criterion
def table(built: Artefacts, q: Quantities) -> Verdict:
    """Table 3 is referenced"""
    return prose_checks.refers(built, "Table 3")


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
