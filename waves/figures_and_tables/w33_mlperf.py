"""Wave 33: Table 3, published results of MLPerf by benchmark and system."""

from phextpaper.engine.chips.step_time import trimmed_mean
from phextpaper.press.checks import table_checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Made, format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.mlperf import BENCHMARKS
from phextpaper.study.tables import mlperf

page = Wave(
    n=33,
    name="Table 3: MLPerf results",
    phase=3,
    minutes=25,
    needs=(20, 21),
    output=("tables/table-3-mlperf.md",),
    also=("tables/table-3-mlperf.tex",),
)


@page.writes("tables/table-3-mlperf.md")
def table(q: Quantities) -> Made:
    """The table in its two forms."""
    return mlperf.table(q).made(page.output[0])


@page.criterion
def content(built: Artefacts, q: Quantities) -> Verdict:
    """published results by system and benchmark, each cell with citation, 'not reported' where none is"""
    return all_of(
        table_checks.table(built, page, mlperf.table(q)),
        table_checks.each_cited(built, mlperf.CITED, but=(mlperf.ITSELF,)),
        _times(built, q),
    )


def _times(built: Artefacts, q: Quantities) -> Verdict:
    """The times of TPU v4 and A100 from the logs once more, and their ratios, which are the published ones."""
    found, wrong = built.markdown().table("Benchmark", "System"), []
    rows = {row[:2]: row for row in found.rows} if found else {}
    for benchmark in BENCHMARKS:
        times = {
            system: from_si(trimmed_mean(runs, missed=missed), "minutes")
            for system in ("tpu_v4", "a100")
            for runs, missed in [q.node(f"mlperf.runs.{system}.{benchmark}")[:2]]
        }
        for system, minutes in times.items():
            cell = rows.get((mlperf.NAMES[benchmark], mlperf.SYSTEMS[system]), ("",) * 4)[3]
            wrong += (
                []
                if cell.startswith(f"{format_value(minutes, 3)} ")
                else [f"{benchmark} on {system}: {cell!r}, not {minutes:.3f}"]
            )
        ratio, published = times["a100"] / times["tpu_v4"], q.facts.tpu_v4_chips[f"mlperf_{benchmark}_vs_a100"]
        wrong += (
            []
            if format_value(ratio, 2) == published.text
            else [f"{benchmark}: ratio {ratio:.2f}, published {published.text}"]
        )
    return Verdict(
        not wrong,
        "times from the logs, whose ratios are the published ones",
        "; ".join(wrong) or f"{2 * len(BENCHMARKS)} times",
        built.markdown().name,
    )
