"""Steps of the MLPerf models on tori of TPU v3, TPU v4 and this machine's chips; bisections of slices.

Quantities under `here` depend on the machine of the description: its chips, links and torus. The others read of it only
the latency of a hop and the bytes of a gradient, which are assumed and not published.
"""

from phextpaper.engine.chips.model_sizes import ModelSize
from phextpaper.engine.chips.roofline import Chip
from phextpaper.engine.chips.step_time import Step, torus_all_reduce_seconds
from phextpaper.engine.networks.cuts import torus_bisection
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.quantities.mlperf import ENDS, MODELS, of

GENERATIONS = ("v3", "v4")
PARTS = ("computation", "memory", "communication")
WHERE = (*GENERATIONS, "here")
SLICES = {
    "n64": ((8, 8), (4, 4, 4)),
    "n128": ((8, 16), (4, 4, 8)),
    "n256": ((16, 16), (4, 8, 8)),
    "n512": ((16, 32), (8, 8, 8)),
    "n1024": ((32, 32), (8, 8, 16)),
}


@node("step_time.chip.{}", each=WHERE)
def chip(q: Quantities, where: str) -> Chip:
    """The chip: published TPU v3 or v4, or the machine's."""
    if where == "here":
        return Chip(q.machine.chip_peak.si, q.machine.chip_memory_bandwidth.si)
    return q.node(f"performance.chip.tpu_{where}")


def gradient_bytes(q: Quantities, model: str) -> float:
    """Bytes of the gradients of a model in an all-reduce."""
    return q.node(f"mlperf.size.{model}").parameters * float(q.machine.training_value_bytes)


@node("step_time.all_reduce.{}.{}", each=((WHERE, MODELS),))
def all_reduce(q: Quantities, where: str, model: str) -> float:
    """Seconds of the gradients' all-reduce: on a square of 1024 TPU v3, a cube of 4096 TPU v4 or this machine's torus
    of active chips.
    """
    latency, sent = q.machine.hop_latency.si, gradient_bytes(q, model)
    if where == "here":
        found = q.patterns.all_reduce.torus_3d.all_dimensions
        waiting = found.critical_hops * latency
        return waiting + (found.milliseconds.si - waiting) * sent / q.machine.collective_buffer.si
    facts = q.facts.tpu_v4_chips
    side = round(float(facts[f"tpu_{where}_largest_config"]) ** (1 / (2 if where == "v3" else 3)))
    shape = (side,) * (2 if where == "v3" else 3)
    return torus_all_reduce_seconds(
        shape, sent, bandwidth_bytes_per_s=facts[f"tpu_{where}_ici_gb_s_per_link"].si, hop_latency_s=latency
    )


@node("step_time.step.{}.{}", each=((WHERE, MODELS),))
def step(q: Quantities, where: str, model: str) -> Step:
    """A step with as many samples on each chip as in the TPU v4 runs; the all-reduce follows computation."""
    model_size, samples = q.node(f"mlperf.size.{model}"), float(q.roofline.samples.tpu_v4[of(model)])
    work, moved = model_size.step_operations(samples), model_size.step_bytes(samples, float(q.roofline.value_bytes))
    on = q.node(f"step_time.chip.{where}")
    return Step(
        work / on.peak_operations_per_s,
        q.node(f"step_time.all_reduce.{where}.{model}"),
        memory_s=moved / on.bandwidth_bytes_per_s,
    )


@number(
    "step_time.{}.{}.{}_ms",
    "ms",
    2,
    each=((WHERE, MODELS, PARTS),),
    by=torus_all_reduce_seconds,
    formula="operations / peak, bytes / memory bandwidth, bytes / links + rounds x hop latency",
)
def part_ms(q: Quantities, where: str, model: str, part: str) -> float:
    """Parts of a step: computation at peak, memory traffic beside it, all-reduce after it; on TPU v3, TPU v4, or here:
    this machine's chips.
    """
    return getattr(q.node(f"step_time.step.{where}.{model}"), f"{part}_s")


@number(
    "step_time.{}.{}.step_ms",
    "ms",
    2,
    each=((WHERE, MODELS),),
    by=Step.seconds,
    formula="max(computation, memory) + communication",
)
def step_ms(q: Quantities, where: str, model: str) -> float:
    """Time of the step.

    It knows of no input, evaluation, batch normalisation or optimiser; but it lets nothing overlap the all-reduce.
    """
    return q.node(f"step_time.step.{where}.{model}").seconds


@number(
    "step_time.{}.{}.share",
    "%",
    0,
    each=((WHERE, MODELS),),
    by=Step.share_of_peak,
    formula="computation / step",
    whole=True,
)
def share(q: Quantities, where: str, model: str) -> float:
    """Share of peak that the step leaves."""
    return q.node(f"step_time.step.{where}.{model}").share_of_peak


@number("step_time.{}.{}.bound", "", each=((WHERE, MODELS),), by=Step.bound, formula="the longest part")
def bound(q: Quantities, where: str, model: str) -> str:
    """What takes the longest: computation, memory or communication."""
    return q.node(f"step_time.step.{where}.{model}").bound


@number("step_time.missed.{}", "x", 1, each=MODELS, formula="step of the logs over the whole run / step of the model")
def missed(q: Quantities, model: str) -> float:
    """How many times longer the steps of the TPU v4 logs are than the model's, start included."""
    return q.mlperf.step_ms.tpu_v4[of(model)] / q.step_time.v4[model].step_ms


@number(
    "step_time.missed_later.{}",
    "x",
    2,
    each=MODELS,
    formula="step of the logs after the first evaluation / step of the model",
)
def missed_later(q: Quantities, model: str) -> float:
    """The same after the first evaluation; below one where the model's step computes what the runs skipped."""
    return q.mlperf.later_step_ms.tpu_v4[of(model)] / q.step_time.v4[model].step_ms


@number("step_time.v4_v3.{}", "x", 2, each=MODELS, formula="step of TPU v3 / step of TPU v4")
def v4_v3(q: Quantities, model: str) -> float:
    """Speed of a TPU v4 over a TPU v3 in the model, chip, memory and links taken together; the paper reports a mean
    over other applications.
    """
    return q.step_time.v3[model].step_ms / q.step_time.v4[model].step_ms


@number("step_time.v4_v3_missed.{}", "x", 2, each=MODELS, formula="published mean speed-up / that of the model")
def v4_v3_missed(q: Quantities, model: str) -> float:
    """How far the published mean speed-up lies above the model's."""
    return q.facts.tpu_v4_abstract.perf_vs_tpu_v3 / q.step_time.v4_v3[model]


@node("step_time.a100_step.{}.{}", each=((MODELS, ENDS),))
def a100_step(q: Quantities, model: str, end: str) -> Step:
    """A step on an A100 whose all-reduce is slower than on the cube of TPU v4 by what TPU v4's paper reports of
    InfiniBand: assumed to hold.
    """
    model_size, samples, on = (
        q.node(f"mlperf.size.{model}"),
        float(q.roofline.samples.a100[of(model)]),
        q.node("performance.chip.a100"),
    )
    slower = float(q.facts.tpu_v4_chips.ib_allreduce_slowdown[end])
    return Step(
        model_size.step_operations(samples) / on.peak_operations_per_s,
        slower * q.node(f"step_time.all_reduce.v4.{model}"),
        memory_s=model_size.step_bytes(samples, float(q.roofline.value_bytes)) / on.bandwidth_bytes_per_s,
    )


@number(
    "step_time.v4_a100.{}.{}",
    "x",
    2,
    each=((MODELS, ENDS),),
    by=Step.seconds,
    formula="time of a sample on A100 / on TPU v4",
)
def v4_a100(q: Quantities, model: str, end: str) -> float:
    """Samples a second of a TPU v4 over those of an A100 in the model of steps, the network with them."""
    each = [
        q.node(f"step_time.a100_step.{model}.{end}").seconds / q.roofline.samples.a100[of(model)],
        q.node(f"step_time.step.v4.{model}").seconds / q.roofline.samples.tpu_v4[of(model)],
    ]
    return each[0] / each[1]


@number(
    "step_time.moved.{}",
    "MB",
    0,
    each=MODELS,
    by=ModelSize.step_bytes,
    formula="3 x (samples x values + parameters) x bytes of a value",
    whole=True,
)
def moved(q: Quantities, model: str) -> float:
    """Memory traffic of a step on each chip with TPU v4's samples."""
    return q.node(f"mlperf.size.{model}").step_bytes(
        float(q.roofline.samples.tpu_v4[of(model)]), float(q.roofline.value_bytes)
    )


@number("step_time.gradients.{}", "MB", 0, each=("bert", "resnet"), formula="parameters x bytes of a value", whole=True)
def gradients(q: Quantities, benchmark: str) -> float:
    """Gradients that each chip takes part in adding up."""
    return gradient_bytes(q, "bert_full" if benchmark == "bert" else benchmark)


# --------------------------------------------------------------------------------------------- bisections at equal size
@number(
    "step_time.slice_links.{}",
    "x",
    2,
    each=tuple(SLICES),
    by=torus_bisection,
    formula="links cut in the 3D torus / in the 2D torus",
)
def slice_links(q: Quantities, size: str) -> float:
    """Bisection of a TPU v4 slice over that of as many TPU v3, counted in links."""
    flat, deep = SLICES[size]
    return torus_bisection(deep).upper_bound / torus_bisection(flat).upper_bound


@number(
    "step_time.slice_rates.{}",
    "x",
    2,
    each=tuple(SLICES),
    formula="ratio of links x ratio of published link bandwidths",
)
def slice_rates(q: Quantities, size: str) -> float:
    """The same in bandwidth: a link of TPU v3 is published as the faster one."""
    facts = q.facts.tpu_v4_chips
    return q.step_time.slice_links[size] * facts.tpu_v4_ici_gb_s_per_link / facts.tpu_v3_ici_gb_s_per_link


@number(
    "step_time.slices.{}.{}",
    "x",
    2,
    each=((("links", "rates"), ("low", "high")),),
    formula="least and most over slices of 64 to 1024 chips",
)
def slices(q: Quantities, what: str, end: str) -> float:
    """Range of those ratios; the paper's Figure 8 prints 2 to 4."""
    return (min if end == "low" else max)(float(q.step_time[f"slice_{what}"][size]) for size in SLICES)


@number(
    "step_time.cloud_bisection_missed",
    "x",
    2,
    formula="bisection bandwidth of TPU v4 from links / that of the cloud's documents",
)
def cloud_bisection_missed(q: Quantities) -> float:
    """How far the full torus's bisection bandwidth, counted from links, lies above the one that the cloud's documents
    print.
    """
    return q.performance.bisection.v4 / q.facts.tpu_v4_system.cloud_docs_bisection_bw
