"""Verdicts on what the plan claims for wave 7: spares, detection, recovery, availability."""

from phextpaper.press.ledger import Rule, assumed, at_least, at_most, compared, unverifiable

RULES: dict[str, Rule] = {
    "C57": compared(
        256,
        "layout.spare_chips",
        lambda q: (
            f"books x chapters of volume {q.layout.first_spare_volume}; swapped by the block they are {q.faults.unit.block.spares} units only"
        ),
    ),
    "C58": assumed(
        1,
        "machine.health_check_period",
        lambda q: f"a choice; it makes a failure wait {q.recovery.address.detection.with_unit} in the mean to be seen",
    ),
    "C59": at_most(15, "remapping.code_lines", "the printed function; a check runs it on the machine's table"),
    "C60": at_least(
        99,
        "recovery.goodput.replica.in_use",
        lambda q: (
            f"the share of time that is kept work, if a live replica holds the state and a spare is free; with checkpoints it is "
            f"{q.recovery.goodput.best.in_use.with_unit}"
        ),
    ),
    "C61": unverifiable(5.2, "a moment in an example; when a failure falls between two checks decides it"),
    "C62": Rule(
        None,
        "recovery.lost.best",
        lambda q: (
            f"a remap moves an address, not the chip's memory; without a live replica the job goes back to its checkpoint and loses "
            f"{q.recovery.lost.best.with_unit} a failure"
        ),
        "corrected",
    ),
    "C63": at_most(
        100,
        "recovery.address_ms",
        lambda q: (
            f"detection alone takes {q.recovery.address.detection.with_unit} in the mean with the plan's own period, and bringing the state comes on top"
        ),
    ),
    "C64": assumed(
        1000,
        "faults.mtbf_days",
        lambda q: (
            f"never measured here; published rates run from {q.faults.published.zu2024.rate} to {q.faults.published.kokolis2024.rate.with_unit} "
            f"a chip, and the assumed one is {q.machine.failure_rate.with_unit}"
        ),
    ),
    "C65": compared(4.1, "faults.failures_per_day", "chips times failure rate", tolerance=0.002),
    "C66": compared(
        62,
        "faults.cover.chip.cold.naive_days",
        lambda q: (
            f"spares over failures a day, a mean: the chance of a shortage by then is {q.faults.shortage_at_naive.chip.cold}"
        ),
        tolerance=0.01,
    ),
    "C67": at_least(
        99.9,
        "faults.no_shortage_at_naive",
        lambda q: (
            f"the chance that no spare is missing until the spares are used up in the mean; at the plan's probability they last "
            f"{q.faults.cover.chip.cold.assured_days.with_unit}"
        ),
    ),
    "C68": at_least(
        62,
        "faults.cover.chip.cold.assured_days",
        lambda q: (
            f"at the plan's {q.faults.confidence.with_unit} single chips last that long, hosts {q.faults.cover.host.cold.assured_days} and "
            f"blocks {q.faults.cover.block.cold.assured_days.with_unit}"
        ),
    ),
}
