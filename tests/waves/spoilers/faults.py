"""Spoilers of the section and the figure on faults."""

from spoilers.edits import Spoiler, more_words, swap

FIGURE_5 = "figures/fig-5-fault-tolerance.svg"
FAULTS = "sections/06-fault-tolerance.md"

SPOILERS: dict[str, Spoiler] = {
    "w17.failure-model": (FAULTS, swap("| [@zu2024] | 0.02 |", "| [@zu2024] | 0.2 |")),
    "w17.algorithm": (FAULTS, swap("neighbours[failed] = NONE", "neighbours[failed] = failed")),
    "w17.availability": (FAULTS, swap("always (29)", "never (29)")),
    "w17.goodput": (FAULTS, swap("| 27.7 | 75 |", "| 72.7 | 75 |")),
    "w17.figure": (FAULTS, swap("Figure 5 draws", "A figure draws")),
    "w17.length": (FAULTS, more_words(500)),
    "w30.panels": (FIGURE_5, swap(">to 17.1.1/1.1<", ">to 17.1.2/1.1<")),
    "w30.availability": (FIGURE_5, swap(">by host<", ">by rack<")),
    "w30.svg": (FIGURE_5, swap('role="img"', 'role="none"')),
}
