"""Spoilers of the figures of sparse lookup and of topologies."""

from spoilers.edits import Spoiler, swap

FIGURE_3 = "figures/fig-3-sparsecore.svg"
FIGURE_4 = "figures/fig-4-topology.svg"

SPOILERS: dict[str, Spoiler] = {
    "w28.stages": (FIGURE_3, swap(">9.48.30/32.3<", ">9.48.30/32.4<")),
    "w28.timeline": (FIGURE_3, swap("(7.02 x)", "(9.02 x)")),
    "w28.svg": (FIGURE_3, swap('role="img"', 'role="none"')),
    "w29.panels": (FIGURE_4, swap(">Twisted torus<", ">Plain torus<")),
    "w29.metrics": (FIGURE_4, swap(">73.3 pairs<", ">37.3 pairs<")),
    "w29.encoding": (FIGURE_4, swap('id="links--twisted--2"', 'id="links--twisted--4"')),
    "w29.svg": (FIGURE_4, swap('aria-labelledby="fig-4-title fig-4-desc"', 'aria-labelledby="fig-4-desc"')),
}
