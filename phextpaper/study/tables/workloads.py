"""Table 1: what TPUs were used for over the years, and how each type of model meets coordinates."""

import pandas as pd

from phextpaper.press.tables.table import Column, Table, of_frame
from phextpaper.study.quantities.workloads import SURVEYS

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
PATTERNS = {
    "mlp_dlrm": "rows at the owners that their coordinates give, requests in groups by prefix (Section 4)",
    "rnn": "gradients in rings along each part of the coordinate (Section 8)",
    "cnn": "gradients in rings along each part of the coordinate (Section 8)",
    "transformer": "rings inside a layer, neighbours between stages, gradients between replicas (Section 7)",
    "bert": "gradients alone, in rings over the whole slice (Section 8)",
    "llm": "a layer on one box of coordinates, the next stage on the box beside it (Section 7)",
}
SUM = "Sum"


def table(q) -> Table:
    """Shares by type and survey, the sum of each survey, and the pattern of each type."""
    years = q.facts.tpu_v4_workloads.survey_year
    surveys = [Column(f"{CHIPS[survey]},\n{USES[survey]}\n{years[survey]}", "%", numbers=True) for survey in SURVEYS]
    columns = (Column("Model type"), *surveys, Column("Pattern on phext coordinates", share=0.38), Column("Source"))
    shares = pd.DataFrame(_records(q), columns=["type", "survey", "share"]).astype(object)
    wide = shares.pivot(index="type", columns="survey", values="share").reindex(
        index=list(TYPES), columns=list(SURVEYS)
    )
    wide.insert(0, "model", [TYPES[kind] for kind in wide.index])
    wide["pattern"] = [PATTERNS[kind] for kind in wide.index]
    wide["source"] = [f"[@{years.tpu_v4.key}, Table 1]"] * len(wide)
    total = (SUM, *(str(q.workloads.sum[survey]) for survey in SURVEYS), "none", "computed")
    notes = (
        ("", "Shares are of TPUs in use. What a sum lacks belongs to types that the survey does not list."),
        ("Of these", " marks parts of the transformers, which the sum does not count again."),
        ("Pattern", " says what a type asks of coordinates in this design."),
    )
    caption = "Share of TPU use by type of model, and the pattern of each on coordinates"
    return Table(1, caption, columns, (*of_frame(wide), (total,)), notes, wide=True)


def _records(q) -> list[tuple]:
    """Type, survey and share of every published line."""
    return [
        (kind, survey, q.facts.tpu_v4_workloads[name][kind])
        for survey, name in SURVEYS.items()
        for kind in q.keys(f"facts.tpu_v4_workloads.{name}")
    ]
