"""Spoilers of the figures of sparse lookup and of topologies."""

from spoilers.edits import Spoiler, swap

FIGURE_3 = "figures/fig-3-sparsecore.svg"

SPOILERS: dict[str, Spoiler] = {
    "w28.stages": (FIGURE_3, swap(">9.48.30/32.3<", ">9.48.30/32.4<")),
    "w28.timeline": (FIGURE_3, swap("(7.02 x)", "(9.02 x)")),
    "w28.svg": (FIGURE_3, swap('role="img"', 'role="none"')),
}
