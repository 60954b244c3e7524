"""Published chips on rooflines, and the time of a GPT-3 step from published sizes, each beside what was published.

On the machine of the description depends the GPT-3 step on chips and links of its kind (gpt3.*, gpt3_missed.*); all
else is about published machines. Link rates are taken as those of each direction.
"""

from phextpaper.engine.chips import roofline
from phextpaper.engine.chips.roofline import Chip
from phextpaper.engine.chips.step_time import Step, compute_seconds, transformer_operations
from phextpaper.engine.networks.cuts import torus_bisection
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number

CHIPS = ("tpu_v4", "tpu_v3", "a100")
PAIRS = {"v4_v3": ("tpu_v4", "tpu_v3"), "v4_a100": ("tpu_v4", "a100")}
BENCHMARKS = ("bert", "resnet")


@node("performance.chip.{}", each=CHIPS)
def chip(q: Quantities, name: str) -> Chip:
    """A published chip: peak and memory bandwidth."""
    facts = q.facts.tpu_v4_chips
    return Chip(facts[f"{name}_peak_tflops"].si, facts[f"{name}_hbm_gb_s"].si)


# ---------------------------------------------------------------------------------------------- rooflines
@number("performance.ridge.{}", "operations a byte", 0, each=CHIPS, by=Chip.ridge, formula="peak / memory bandwidth")
def ridge(q: Quantities, name: str) -> int:
    """Operations a byte from which on the chip's peak is its limit."""
    return round(q.node(f"performance.chip.{name}").ridge)


@number("performance.peak_ratio.{}", "x", 2, each=(*PAIRS, "v4_ipu"), formula="peak / peak")
def peak_ratio(q: Quantities, pair: str) -> float:
    """Ratio of published peaks."""
    facts = q.facts.tpu_v4_chips
    one, other = PAIRS.get(pair, ("tpu_v4", "ipu_bow"))
    return facts[f"{one}_peak_tflops"] / facts[f"{other}_peak_tflops"]


@number("performance.bandwidth_ratio.{}", "x", 2, each=tuple(PAIRS), formula="memory bandwidth / memory bandwidth")
def bandwidth_ratio(q: Quantities, pair: str) -> float:
    """Ratio of published memory bandwidths."""
    one, other = (q.node(f"performance.chip.{name}") for name in PAIRS[pair])
    return one.bandwidth_bytes_per_s / other.bandwidth_bytes_per_s


@number("performance.range.{}.{}", "x", 2, each=((tuple(PAIRS), ("low", "high")),), by=roofline.ratio_range)
def ratio_range(q: Quantities, pair: str, end: str) -> float:
    """Least and most ratio of speeds that the rooflines allow at any intensity."""
    one, other = (q.node(f"performance.chip.{name}") for name in PAIRS[pair])
    return roofline.ratio_range(one, other)[("low", "high").index(end)]


@number("performance.mean.{}", "x", 2, each=tuple(PAIRS), by=roofline.mean_ratio)
def mean_ratio(q: Quantities, pair: str) -> float:
    """Geometric mean of that ratio over intensities from one operation a byte to ten thousand, octaves counted
    alike.
    """
    one, other = (q.node(f"performance.chip.{name}") for name in PAIRS[pair])
    return roofline.mean_ratio(one, other, 1.0, 1e4)


@number("performance.intensity_for_published", "operations a byte", 0, by=roofline.intensity_for)
def intensity_for_published(q: Quantities) -> int:
    """Least intensity at which the roofline of TPU v4 over TPU v3 gives the published speed-up; none if it never
    does.
    """
    one, other = (q.node(f"performance.chip.{name}") for name in PAIRS["v4_v3"])
    found = roofline.intensity_for(one, other, float(q.facts.tpu_v4_abstract.perf_vs_tpu_v3))
    return 0 if found is None else round(found)


@number("performance.missed.{}", "x", 2, each=BENCHMARKS, formula="published ratio / largest ratio of the rooflines")
def missed(q: Quantities, benchmark: str) -> float:
    """How far the published ratio of TPU v4 over A100 lies above the most that rooflines allow."""
    return q.facts.tpu_v4_chips[f"mlperf_{benchmark}_vs_a100"] / q.performance.range.v4_a100.high


@number("performance.missed_ipu.{}", "x", 2, each=BENCHMARKS, formula="published ratio / ratio of peaks")
def missed_ipu(q: Quantities, benchmark: str) -> float:
    """How far the published ratio of TPU v4 over IPU Bow lies above that of the peaks; no bandwidth of its memory is
    published in the source.
    """
    return q.facts.tpu_v4_chips[f"mlperf_{benchmark}_vs_ipu"] / q.performance.peak_ratio.v4_ipu


@number("performance.per_watt.{}", "x", 2, each=BENCHMARKS, formula="published speed ratio x published power ratio")
def per_watt(q: Quantities, benchmark: str) -> float:
    """Speed for each watt of TPU v4 over A100, from published ratios of speed (systems of about 4096 chips) and power
    (64 chips).
    """
    facts = q.facts.tpu_v4_chips
    return facts[f"mlperf_{benchmark}_vs_a100"] * facts[f"mlperf_power_{benchmark}"].ratio


@number("performance.power_ratio_tdp", "x", 2, formula="TDP of IPU Bow / mean power of TPU v4")
def power_ratio_tdp(q: Quantities) -> float:
    """Published thermal design power of IPU Bow over the published mean power of TPU v4: no like with like, and all
    there is.
    """
    return q.facts.tpu_v4_chips.ipu_bow_tdp_w / q.facts.tpu_v4_chips.tpu_v4_power_mean_w


# -------------------------------------------------------------------------------------------- networks of TPU v3 and v4
@number("performance.links.{}", "GB/s", each=("v3", "v4"), formula="links x bandwidth of a link")
def links(q: Quantities, generation: str) -> float:
    """Bandwidth of all links of a chip, as published."""
    facts = q.facts.tpu_v4_chips
    return facts[f"tpu_{generation}_ici_links"] * facts[f"tpu_{generation}_ici_gb_s_per_link"].si


@number(
    "performance.bisection.{}",
    "TB/s",
    2,
    each=("v3", "v4"),
    by=torus_bisection,
    formula="bisection links x link bandwidth, each direction",
)
def bisection(q: Quantities, generation: str) -> float:
    """Bisection bandwidth of the largest system: a 2D torus of 32 x 32 TPU v3, a 3D torus of 16 x 16 x 16 TPU v4."""
    facts, shape = q.facts.tpu_v4_chips, _square(q) if generation == "v3" else _cube(q)
    return torus_bisection(shape).upper_bound * facts[f"tpu_{generation}_ici_gb_s_per_link"].si


@number("performance.bisection_each.{}", "GB/s", 2, each=("v3", "v4"), formula="bisection bandwidth / chips")
def bisection_each(q: Quantities, generation: str) -> float:
    """The same for each chip of the largest system."""
    return q.performance.bisection[generation].si / q.facts.tpu_v4_chips[f"tpu_{generation}_largest_config"]


def _square(q: Quantities) -> tuple[int, int]:
    side = round(float(q.facts.tpu_v4_system.tpu_v3_scale) ** 0.5)
    return side, side


def _cube(q: Quantities) -> tuple[int, ...]:
    return tuple(
        int(q.facts.tpu_v4_system.torus_shape_full[key]) for key in q.keys("facts.tpu_v4_system.torus_shape_full")
    )


@number("performance.bisection_ratio", "x", 2, formula="bisection of TPU v4 / of TPU v3")
def bisection_ratio(q: Quantities) -> float:
    """How many times the bisection bandwidth grew from the largest TPU v3 to the largest TPU v4."""
    return q.performance.bisection.v4 / q.performance.bisection.v3


@number("performance.system_speed", "x", 1, formula="published ratio of sizes x published mean speed-up")
def system_speed(q: Quantities) -> float:
    """What the published ratios of size and of speed make of the largest TPU v4 over the largest TPU v3."""
    return q.facts.tpu_v4_abstract.scale_vs_tpu_v3 * q.facts.tpu_v4_abstract.perf_vs_tpu_v3


@number("performance.bisection_per_chip", "x", 2, formula="the same for each chip")
def bisection_per_chip(q: Quantities) -> float:
    """The same for each chip: systems grew as well."""
    return q.performance.bisection_ratio / (
        q.facts.tpu_v4_chips.tpu_v4_largest_config / q.facts.tpu_v4_chips.tpu_v3_largest_config
    )


# -------------------------------------------------------------------------------------------- a GPT-3 step on 512 chips
@node("performance.step.{}", each=("apart", "overlapped"))
def step(q: Quantities, how: str) -> Step:
    """A GPT-3 step on 512 chips at peak, with communication on the regular torus, one after the other or side by
    side.
    """
    facts = q.facts.gpt3
    work = transformer_operations(facts.parameters.si, facts.batch.si)
    computation = compute_seconds(work, int(q.search.chips.n512), q.machine.chip_peak.si)
    return Step(computation, float(q.search.training.n512.regular), overlapped=how == "overlapped")


@number("performance.gpt3.compute", "s", 1, by=compute_seconds, formula="6 x parameters x tokens / (chips x peak)")
def gpt3_compute(q: Quantities) -> float:
    """Computation of a GPT-3 step at peak on 512 chips."""
    return q.node("performance.step.apart").computation_s


@number("performance.gpt3.{}.seconds", "s", 1, each=("apart", "overlapped"), by=Step.seconds)
def gpt3_seconds(q: Quantities, how: str) -> float:
    """Time of the step, communication after computation or beside it."""
    return q.node(f"performance.step.{how}").seconds


@number("performance.gpt3.{}.share", "%", 0, each=("apart", "overlapped"), by=Step.share_of_peak, whole=True)
def gpt3_share(q: Quantities, how: str) -> float:
    """Share of peak that the model leaves."""
    return q.node(f"performance.step.{how}").share_of_peak


@number(
    "performance.gpt3.{}.sequences",
    "sequences a second",
    1,
    each=("apart", "overlapped"),
    formula="batch / sequence / seconds",
)
def gpt3_sequences(q: Quantities, how: str) -> float:
    """Sequences a second in the model."""
    return q.facts.gpt3.batch.si / q.facts.gpt3.sequence / q.node(f"performance.step.{how}").seconds


@number(
    "performance.published_share.{}",
    "%",
    0,
    each=("expert", "best"),
    formula="6 x parameters x tokens a second / peak of 512 chips",
    whole=True,
)
def published_share(q: Quantities, which: str) -> float:
    """Share of peak in the published GPT-3 throughput on 512 TPU v4, recomputation not counted."""
    rate = q.facts.tpu_v4_search[f"gpt3_{which}"].throughput * q.facts.gpt3.sequence
    peak = q.search.chips.n512 * q.facts.tpu_v4_chips.tpu_v4_peak_tflops.si
    return transformer_operations(q.facts.gpt3.parameters.si, rate) / peak


@number(
    "performance.gpt3_missed.{}",
    "x",
    2,
    each=("apart", "overlapped"),
    formula="modelled sequences a second / published best",
)
def gpt3_missed(q: Quantities, how: str) -> float:
    """How many times faster the model is than the best published run: it knows of no kernel below peak, no bubble, no
    recomputation.
    """
    return q.performance.gpt3[how].sequences / q.facts.tpu_v4_search.gpt3_best.throughput
