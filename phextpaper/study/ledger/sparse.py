"""Verdicts on what the plan claims of sparse lookup, wave 5."""

from phextpaper.press.ledger import Rule, assumed, at_most, compared, unverifiable

RULES: dict[str, Rule] = {
    "C36": at_most(20, "sparse.lookup_lines"),
    "C37": compared(7, "lookup_times.one_hot_over_gather.all"),
    "C38": assumed(0.01, "machine.occupancy"),
    "C39": compared(100, "sparse.needed_millions"),
    "C40": compared(100, "sparse.capacity_millions"),
    "C41": compared(0, "sparse.checked.plain.least"),
    "C42": compared(8, "sparse.plan_volume"),
    "C43": compared(512, "sparse.dense_gb"),
    "C44": compared(512, "sparse.occupied_mb"),
    "C45": compared(1000, "sparse.memory_ratio"),
    "C46": unverifiable(6.8),
}
