"""Verdicts on what the plan claims for wave 7: spares, detection, recovery, availability."""

from phextpaper.press.ledger import Rule, assumed, at_least, at_most, compared, unverifiable

RULES: dict[str, Rule] = {
    "C57": compared(256, "layout.spare_chips"),
    "C58": assumed(1, "machine.health_check_period"),
    "C59": at_most(15, "remapping.code_lines"),
    "C60": at_least(99, "recovery.goodput.replica.in_use"),
    "C61": unverifiable(5.2),
    "C62": Rule(None, "recovery.lost.best", kind="corrected"),
    "C63": at_most(100, "recovery.address_ms"),
    "C64": assumed(1000, "faults.mtbf_days"),
    "C65": compared(4.1, "faults.failures_per_day", tolerance=0.002),
    "C66": compared(62, "faults.cover.chip.cold.naive_days", tolerance=0.01),
    "C67": at_least(99.9, "faults.no_shortage_at_naive"),
    "C68": at_least(62, "faults.cover.chip.cold.assured_days"),
}
