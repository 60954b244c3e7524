"""Spoilers of the sections on phext, the architecture, sparse lookup and related work."""

from spoilers.edits import Spoiler, drop_line, more_words, swap

ARCHITECTURE = "sections/03-architecture.md"
PHEXT = "sections/02-phext-background.md"
RELATED = "sections/13-related-work.md"

LOOKUP = "sections/04-sparsecore.md"

SPOILERS: dict[str, Spoiler] = {
    "w13.delimiters": (PHEXT, swap("| scroll | 0x17 |", "| scroll | 0x1B |")),
    "w13.format": (
        PHEXT,
        swap("So 8.8.8/1.1 stands for 1.1.1/1.8.8/8.1.1", "So 8.8.8/1.1 stands for 1.1.1/8.8.8/1.1.1"),
    ),
    "w13.hierarchy": (PHEXT, drop_line("              +-- collection")),
    "w13.sparse-dense": (PHEXT, swap("| 6 | 50 | 95 |", "| 6 | 50 | 94 |")),
    "w13.chip-example": (PHEXT, swap("Take chip 1911 of", "Take chip 1912 of")),
    "w13.length": (PHEXT, more_words(300)),
    "w14.subsections": (ARCHITECTURE, swap("## 3.5 Bandwidth and latency", "### 3.5 Bandwidth and latency")),
    "w14.ocs-count": (ARCHITECTURE, swap("gives half of 16 x 6, which is 48", "gives half of 16 x 6, which is 96")),
    "w14.figure": (ARCHITECTURE, swap("Figure 1 draws", "A figure draws")),
    "w14.length": (ARCHITECTURE, more_words(500)),
    "w24.groups": (RELATED, swap("## 13.6 Text formats", "### 13.6 Text formats")),
    "w24.citations": (
        RELATED,
        swap("Phext is plain text with more delimiters", "[@jouppi2023]. Phext is plain text with more delimiters"),
    ),
    "w24.length": (RELATED, more_words(300)),
    "w15.subsections": (LOOKUP, swap("## 4.4 Batching", "### 4.4 Batching")),
    "w15.code-runs": (LOOKUP, swap("[0.0] * width", "[1.0] * width")),
    "w15.table": (LOOKUP, swap("| published [@jouppi2023] |", "| modelled |")),
    "w15.figure": (LOOKUP, swap("Figure 3 follows", "A figure follows")),
    "w15.length": (LOOKUP, more_words(400)),
}
