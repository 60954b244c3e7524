"""Spoilers of the figures."""

from spoilers.edits import Spoiler, swap

FIGURE_1 = "figures/fig-1-architecture.svg"
FIGURE_2 = "figures/fig-2-routing.svg"

SPOILERS: dict[str, Spoiler] = {
    "w26.racks": (FIGURE_1, swap(">volume 16<", ">volume 15<")),
    "w26.labels": (FIGURE_1, swap(">8.8.8/2.1<", ">8.8.8/3.1<")),
    "w26.ocs": (FIGURE_1, swap('id="link--1.1.1--book"', 'id="link--8.8.8--book"')),
    "w26.spares": (FIGURE_1, swap(">volume 17<", ">volume 18<")),
    "w26.legend-title": (FIGURE_1, swap(">4096-chip coordinate layout</text>", ">4096-chip layout</text>")),
    "w26.svg": (FIGURE_1, swap('role="img"', 'role="none"')),
    "w27.panels": (FIGURE_2, swap(">(c) Sparse lookup, batched<", ">(c) Sparse lookup<")),
    "w27.real-hops": (FIGURE_2, swap('id="arrow--1.1.1--1.1.2"', 'id="arrow--1.1.1--1.1.3"')),
    "w27.svg": (FIGURE_2, swap('aria-labelledby="fig-2-title fig-2-desc"', 'aria-labelledby="fig-2-title"')),
}
