"""Verdicts on what the plan claims of learned coordinates, wave 10, and on the sizes of its artefacts."""

from phextpaper.press.ledger import Rule, assumed, compared, unverifiable

RULES: dict[str, Rule] = {
    "C07": assumed(3, "ledger.smallest_size"),
    "C87": compared(4096, "embedding.chips.torus"),
    "C88": compared("len(path) * bytes / bandwidth", "search.latency_model"),
    "C89": compared(1000, "search.found_at.n256"),
    "C90": unverifiable(None),
    "C91": compared(1, "search.rediscovered.n128"),
    "C92": compared(1.3, "search.training_gain.n512"),
}
