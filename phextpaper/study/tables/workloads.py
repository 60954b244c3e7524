"""Table 1: what TPUs were used for over the years, and how each type of model meets coordinates."""

import pandas as pd

from phextpaper.press.evaluation import Quantities
from phextpaper.press.pipeline.render import words
from phextpaper.press.quantity import Quantity
from phextpaper.press.tables.table import Column, Table, noted, of_frame
from phextpaper.study.quantities.workloads import SURVEYS

WORDS = "tables/workloads.j2"

TYPES = {
    "mlp_dlrm": "MLP and DLRM",
    "rnn": "RNN",
    "cnn": "CNN",
    "transformer": "Transformer",
    "bert": "of these BERT",
    "llm": "of these LLM",
}
CHIPS = {"tpu_v1": "TPU v1", "tpu_v3": "TPU v3", "tpu_v4lite": "TPU v4 lite", "tpu_v4": "TPU v4"}
USES = {"tpu_v1": "inference", "tpu_v3": "both uses", "tpu_v4lite": "inference", "tpu_v4": "training"}
SUM = "Sum"


def table(q: Quantities) -> Table:
    """Shares by type and survey, the sum of each survey, and the pattern of each type."""
    years = q.facts.tpu_v4_workloads.survey_year
    surveys = [Column(f"{CHIPS[survey]},\n{USES[survey]}\n{years[survey]}", "%", numbers=True) for survey in SURVEYS]
    columns = (Column("Model type"), *surveys, Column("Pattern on phext coordinates", share=0.38), Column("Source"))
    shares = pd.DataFrame(_records(q), columns=["type", "survey", "share"]).astype(object)
    wide = shares.pivot(index="type", columns="survey", values="share").reindex(
        index=list(TYPES), columns=list(SURVEYS)
    )
    wide.insert(0, "model", [TYPES[kind] for kind in wide.index])
    wide["pattern"] = [words(q, WORDS, "pattern", kind=kind) for kind in wide.index]
    wide["source"] = [f"[@{years.tpu_v4.key}, Table 1]"] * len(wide)
    total = (SUM, *(str(q.workloads.sum[survey]) for survey in SURVEYS), "none", "computed")
    caption, notes = words(q, WORDS, "caption"), noted(words(q, WORDS, "notes"))
    return Table(1, caption, columns, (*of_frame(wide), (total,)), notes, wide=True)


def _records(q: Quantities) -> list[tuple[str, str, Quantity]]:
    """Type, survey and share of every published line."""
    return [
        (kind, survey, q.facts.tpu_v4_workloads[name][kind])
        for survey, name in SURVEYS.items()
        for kind in q.keys(f"facts.tpu_v4_workloads.{name}")
    ]
