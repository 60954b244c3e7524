"""Spoilers of the sections on topology flexibility and on searched topologies."""

from spoilers.edits import Spoiler, more_words, swap

FLEXIBILITY = "sections/05-topology.md"

SEARCHED = "sections/07-co-optimization.md"

SPOILERS: dict[str, Spoiler] = {
    "w16.mappings": (FLEXIBILITY, swap("| Learned graph | 6 | 9 | 5.862 |", "| Learned graph | 6 | 9 | 4.862 |")),
    "w16.validation": (FLEXIBILITY, swap("| 4 x 8 x 8 | 1.39 | 1.31 |", "| 4 x 8 x 8 | 1.31 | 1.31 |")),
    "w16.timing": (FLEXIBILITY, swap("| One entry | 200 ns | assumed |", "| One entry | 200 ns | measured |")),
    "w16.figure": (FLEXIBILITY, swap("Figure 4 draws", "A figure draws")),
    "w16.length": (FLEXIBILITY, more_words(400)),
    "w18.search-space": (SEARCHED, swap("44 (512 chips)", "45 (512 chips)")),
    "w18.algorithm": (SEARCHED, swap("4000 candidates", "5000 candidates")),
    "w18.gpt3": (SEARCHED, swap("TPU v4 reports 1.2x for GPT-3", "TPU v4 reports a gain for GPT-3")),
    "w18.length": (SEARCHED, more_words(400)),
}
