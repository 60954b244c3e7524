"""Verdicts on what the plan claims of hierarchical batching, wave 9."""

from phextpaper.press.ledger import Rule, compared

RULES: dict[str, Rule] = {
    "C78": compared(10, "batching.volumes_hit", tolerance=0.005),
    "C79": compared(10, "batching.books_hit"),
    "C80": compared(100, "batching.observed.mean"),
    "C81": compared(10, "batching.request_hops"),
    "C82": compared(10000, "batching.cost.plain.unbatched.hops"),
    "C83": compared(3, "batching.setup_hops"),
    "C84": compared(1, "batching.inside_hops"),
    "C85": compared(1300, "batching.cost.plain.tree2.hops"),
    "C86": compared(7.7, "batching.reduction.plain.tree2.mean"),
}
