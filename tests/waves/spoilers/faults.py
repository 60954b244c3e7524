"""Spoilers of the section and the figure on faults."""

from spoilers.edits import Spoiler, more_words, swap

FAULTS = "sections/06-fault-tolerance.md"

SPOILERS: dict[str, Spoiler] = {
    "w17.failure-model": (FAULTS, swap("| [@zu2024] | 0.02 |", "| [@zu2024] | 0.2 |")),
    "w17.algorithm": (FAULTS, swap("neighbours[failed] = NONE", "neighbours[failed] = failed")),
    "w17.availability": (FAULTS, swap("always (29)", "never (29)")),
    "w17.goodput": (FAULTS, swap("| 27.7 | 75 |", "| 72.7 | 75 |")),
    "w17.figure": (FAULTS, swap("Figure 5 draws", "A figure draws")),
    "w17.length": (FAULTS, more_words(500)),
}
