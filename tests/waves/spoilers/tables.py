"""Spoilers of the section on energy and carbon, and of the tables."""

from spoilers.edits import Spoiler, more_words, swap

ENERGY = "sections/11-energy-carbon.md"
WORKLOADS = "tables/table-1-workloads.md"
PERFORMANCE = "tables/table-2-performance.md"
MLPERF = "tables/table-3-mlperf.md"
METRICS = "tables/table-4-energy.md"
CONCEPTS = "tables/table-5-concept-map.md"

SPOILERS: dict[str, Spoiler] = {
    "w22.ocs-power": (ENERGY, swap("8.5 to 10.2 million USD", "8.5 to 10.3 million USD")),
    "w22.pue": (ENERGY, swap("a factor of 1.427 over", "a factor of 1.247 over")),
    "w22.carbon": (
        ENERGY,
        swap("| CO2e, with grids | times 0.475 / 0.074 | 18.3 |", "| CO2e, with grids | times 0.475 / 0.074 | 19.3 |"),
    ),
    "w22.table": (ENERGY, swap("Table 4 gives", "A table gives")),
    "w22.length": (ENERGY, more_words(300)),
    "w31.content": (WORKLOADS, swap("61", "60")),
    "w32.content": (PERFORMANCE, swap("453 to 512", "453 to 513")),
    "w33.content": (MLPERF, swap("1.15 [@jouppi2023]", "1.15")),
    "w34.content": (METRICS, swap("6.42", "6.24")),
    "w35.content": (CONCEPTS, swap("Section 11", "Section 99")),
}
