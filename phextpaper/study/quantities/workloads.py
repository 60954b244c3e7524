"""What TPUs were used for, by survey: the published shares added up."""

from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import number
from phextpaper.press.units import to_si

SURVEYS = {
    "tpu_v1": "tpu_v1_2016_07_inference",
    "tpu_v3": "tpu_v3_2019_04_training_inference",
    "tpu_v4lite": "tpu_v4lite_2020_02_inference",
    "tpu_v4": "tpu_v4_2022_10_training",
}
PARTS = {"bert": "transformer", "llm": "transformer"}
"""Models that are counted within another share."""


def kinds(q: Quantities, survey: str) -> list[str]:
    """Model types with a published share of their own."""
    return [kind for kind in q.keys(f"facts.tpu_v4_workloads.{SURVEYS[survey]}") if kind not in PARTS]


@number(
    "workloads.sum.{}",
    "%",
    each=tuple(SURVEYS),
    formula="sum of the shares, BERT and large language models counted as transformers",
)
def total(q: Quantities, survey: str) -> float:
    """What the published shares of a survey add up to; the rest is of no type that it lists."""
    shares = q.facts.tpu_v4_workloads[SURVEYS[survey]]
    return to_si(sum(shares[kind].value for kind in kinds(q, survey)), "%")
