"""Wave 19: Section 8, what published numbers of TPU v3 and TPU v4 explain of the gain between them."""

import math
from dataclasses import dataclass
from typing import cast

from phextpaper.engine.networks.topologies import Torus
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.units import from_si
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
class Context:
    """`08-results-tpu-v3.md` reads all its numbers by their ids."""


@page.context
def context(q: Quantities) -> Context:
    """Nothing but numbers is printed, and words that they choose."""
    return Context()


@page.criterion
def metrics(built: Artefacts, q: Quantities) -> Verdict:
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
    rows = [_step(q, model, system) for model in MODELS for system in SYSTEMS]
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


def _step(q: Quantities, model: str, system: str) -> tuple[str, ...]:
    """What the row of a model on a system has to hold."""
    step = q.step_time[SYSTEMS[system]][MODELS[model]]
    row = step.computation_ms, step.memory_ms, step.communication_ms, step.step_ms, step.share
    return model, system, *(cell.text for cell in row)


@page.criterion
def roofline(built: Artefacts, q: Quantities) -> Verdict:
    """a roofline comparison from the published chip parameters"""
    rows = [_roofline(q, name) for name in CHIPS]
    return checks.cells_equal(built.markdown().section("8.1 Rooflines"), ROOFLINES, rows)


def _roofline(q: Quantities, name: str) -> tuple[str, ...]:
    """What a chip's row has to hold: the bounds follow from its published peak and memory."""
    chip, facts = CHIPS[name], q.facts.tpu_v4_chips
    peak, memory = facts[f"{chip}_peak_tflops"], facts[f"{chip}_hbm_gb_s"]
    reached = (min(peak.si, q.roofline.intensity[chip][model].si * memory.si) for model in MODELS.values())
    bounds = (f"{from_si(speed, 'TFLOPS'):.0f}" for speed in reached)
    return name, peak.text, memory.text, f"{peak.si / memory.si:.0f}", *bounds


@page.criterion
def table(built: Artefacts, q: Quantities) -> Verdict:
    """Table 2 is referenced and its numbers equal the text's"""
    part = built.markdown().section("8.3 Network and faults")
    tori = (cast(Torus, q.node(f"topologies.{kind}.graph")) for kind in ("torus_2d", "torus_3d"))
    hops = [_mean_hops(torus.shape) for torus in tori]
    wanted = f"changes mean hops from {hops[0]:.2f} to {hops[1]:.2f}"
    exchange = (
        f"throughput from {q.reconfiguration.throughput.torus_2d.text} to {q.reconfiguration.throughput.torus_3d.text}"
    )
    return all_of(prose_checks.refers(built, "Table 2"), checks.has(part, wanted, exchange))


def _mean_hops(shape: tuple[int, ...]) -> float:
    """Mean hops of a torus in closed form: of each ring a quarter of its square, rounded down (dally2004)."""
    size = math.prod(shape)
    return sum(side**2 // 4 * size // side for side in shape) / (size - 1)


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """500 to 900 words"""
    return checks.length(built, page)
