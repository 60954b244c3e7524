"""Spoilers of the sections that set published systems beside models."""

from spoilers.edits import Spoiler, more_words, swap

A100, IPU = "sections/09-results-a100.md", "sections/10-results-ipu.md"
V3 = "sections/08-results-tpu-v3.md"

SPOILERS: dict[str, Spoiler] = {
    "w19.metrics": (V3, swap("| 5.71 | computed |", "| 5.71 | reported |")),
    "w19.roofline": (V3, swap("| TPU v3 | 123 | 900 | 137 |", "| TPU v3 | 123 | 900 | 173 |")),
    "w19.table": (V3, swap("from 32.01 to 12.00", "from 8.00 to 2.10")),
    "w19.length": (V3, more_words(400)),
    "w20.benchmarks": (A100, swap("| BERT | 10.77 |", "| BERT | 10.07 |")),
    "w20.energy": (
        A100,
        swap("1.3 to 1.9 times less power than the A100 [@jouppi2023]", "1.3 to 1.9 times less power than the A100"),
    ),
    "w20.model": (A100, swap("| ResNet | 0.63 |", "| ResNet | 1.63 |")),
    "w20.table": (A100, swap("Table 3 lists", "A table lists")),
    "w20.length": (A100, more_words(400)),
    "w21.benchmarks": (IPU, swap("at 256 chips on both sides", "on both sides")),
    "w21.sparse": (IPU, swap("| Chips for every vocabulary ID | 543 |", "| Chips for every vocabulary ID | 345 |")),
    "w21.power": (IPU, swap("Their ratio is 1.76", "Their ratio is 1.67")),
    "w21.length": (IPU, more_words(400)),
}
