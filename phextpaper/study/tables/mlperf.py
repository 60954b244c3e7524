"""Table 3: what was published of MLPerf Training, by benchmark and system."""

import pandas as pd

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.tables.table import NOT_REPORTED, Column, Table, cited, noted, of_frame
from phextpaper.study.quantities.mlperf import BENCHMARKS

WORDS = "tables/mlperf.j2"
LOGS = "mlcommons2022"
SYSTEMS = {"tpu_v4": "TPU v4", "a100": "A100", "ipu_bow": "IPU Bow"}
NAMES = {"bert": "BERT", "resnet": "ResNet"}
ITSELF = "itself"
COLUMNS = (
    Column("Benchmark"),
    Column("System"),
    Column("Largest\nsystem", "chips", numbers=True),
    Column("Time to\ntrain", "min", numbers=True),
    Column("TPU v4\nfaster by", "times", numbers=True),
    Column("Mean power\nof a chip", "W", numbers=True),
    Column("Power over\nTPU v4's", "times", numbers=True),
)
CITED = (
    "Largest system (chips)",
    "Time to train (min)",
    "TPU v4 faster by (times)",
    "Mean power of a chip (W)",
    "Power over TPU v4's (times)",
)


def table(q: Quantities) -> Table:
    """Each system in each benchmark."""
    frame = pd.DataFrame(
        [_row(q, benchmark, system) for benchmark in BENCHMARKS for system in SYSTEMS],
        columns=[column.title for column in COLUMNS],
        dtype=object,
    )
    caption, notes = words(q, WORDS, "caption"), noted(words(q, WORDS, "notes"))
    return Table(3, caption, COLUMNS, of_frame(frame, by=COLUMNS[0].title), notes, wide=True)


def _row(q: Quantities, benchmark: str, system: str) -> list[str]:
    chips, facts = q.facts.tpu_v4_chips, q.facts.mlperf
    size = cited(facts[f"{system}_chips"][benchmark])
    faster = ITSELF if system == "tpu_v4" else cited(chips[f"mlperf_{benchmark}_vs_{system.partition('_')[0]}"])
    measured = chips[f"mlperf_power_{benchmark}"]
    power = NOT_REPORTED if system == "ipu_bow" else cited(measured[system])
    ratio = {"tpu_v4": ITSELF, "a100": cited(measured.ratio)}.get(system, NOT_REPORTED)
    return [NAMES[benchmark], SYSTEMS[system], size, cited(_minutes(q, benchmark, system), LOGS), faster, power, ratio]


def _minutes(q: Quantities, benchmark: str, system: str) -> str:
    if system != "ipu_bow":
        return str(q.mlperf.minutes[system][benchmark])
    ends = q.mlperf.ipu_minutes
    if benchmark != "bert":
        return str(q.mlperf.ipu_resnet_minutes)
    return words(q, WORDS, "between", low=ends.low, high=ends.high)
