"""Spoilers of the foundation: waves 1 to 10."""

from spoilers.edits import Spoiler, drop_line, longer, swap

ROUTING = "ocs-routing.md"
PATTERNS = "communication-patterns.md"
CHANGES = "topology-reconfig.md"
SPARSE = "sparsecore-phext.md"
BATCHING = "hierarchical-batching.md"
LEARNED = "learned-coords.md"
BREAKDOWN = "wave-breakdown.md"
PLAN = "WAVE-1-REQUIREMENTS.md"
MAP = "concept-mapping.md"
SCHEME = "coordinate-scheme.md"
FAULTS = "fault-tolerance.md"

SPOILERS: dict[str, Spoiler] = {
    "w01.pdf-readable": (BREAKDOWN, swap("No PDF was given", "The PDF was read")),
    "w01.sections-identified": (BREAKDOWN, drop_line("| Section 8 |")),
    "w01.concepts-listed": (BREAKDOWN, drop_line("| SparseCore |")),
    "w01.plan-complete": (PLAN, drop_line("**Blocks:** Waves 3")),
    "w01.plan-is-a-dag": (BREAKDOWN, drop_line("| line 228 | Waves 5, 8 |")),
    "w01.time-budget": (BREAKDOWN, swap("| 285 |", "| 270 |")),
    "w01.critical-path": (BREAKDOWN, swap("505 minutes", "500 minutes")),
    "w02.four-columns": (MAP, swap("\n\nAn address says", "\n\n| A | B |\n|---|---|\n| x | y |\n\nAn address says")),
    "w02.thirty-mappings": (MAP, swap("| PUE |", "| MLPerf | no equivalent | N/A | named twice |\n| PUE |")),
    "w02.every-concept-mapped": (MAP, swap("| Goodput |", "| Good output |")),
    "w02.types-labelled": (MAP, swap("| Direct | one section", "| Straight | one section")),
    "w02.deep-flags": (MAP, swap("deep: Section 7", "deep: Section 77")),
    "w02.no-tbd": (MAP, swap("a passive optical part", "TBD")),
    "w02.size": (MAP, longer(2000)),
    "w03.format-defined": (SCHEME, swap("1.1.1/1.8.8/8.2.1", "1.1.1/1.8.8/8.2.0")),
    "w03.sizes-justified": (SCHEME, swap("16 x 16 x 16 = 4096\n", "16 x 16 x 17 = 4096\n")),
    "w03.physical-mapping": (SCHEME, swap("| 8.8.8/2.1 | 8 | 8 | 2 |", "| 8.8.8/2.1 | 8 | 8 | 3 |")),
    "w03.torus-comparison": (SCHEME, swap("| 12.00 |", "| 2.10 |")),
    "w03.spare-pool": (SCHEME, swap("Volume 17 holds", "Volume 18 holds")),
    "w03.capacity-calculation": (SCHEME, swap("4096 + 256 = 4352", "4096 + 256 = 4325")),
    "w03.ascii-diagram": (SCHEME, swap("+-- book 1 .. 16", "+-- book 1 .. 17")),
    "w03.size": (SCHEME, longer(2500)),
    "w04.table-format": (ROUTING, swap("| 8.8.8/1.1 | 2.1.1/1.1 | 21 |", "| 8.8.8/1.1 | 1.4.4/1.1 | 3 |")),
    "w04.three-patterns": (ROUTING, swap("1.1.2/1.1 -> 1.1.3/1.1", "1.1.2/1.1 -> 1.1.4/1.1")),
    "w04.full-table": (ROUTING, swap("16,773,120 entries and", "4096 entries and")),
    "w04.reconfiguration": (ROUTING, swap("0.819 ms, within", "0.819 ms, beyond")),
    "w04.ocs-comparison": (ROUTING, swap("| 48 | 6144 |", "| 16 | 6144 |")),
    "w04.size": (ROUTING, longer(2500)),
    "w07.spare-pool": (FAULTS, swap("Volume 17 holds the spares", "Volume 18 holds the spares")),
    "w07.detection": (FAULTS, swap("detected after 0.5 s", "detected after 0.1 s")),
    "w07.remap-pseudocode": (
        FAULTS,
        swap("home[address] = spares.pop(0) if spares else NONE", "home[address] = failed"),
    ),
    "w07.three-scenarios": (FAULTS, swap("| a rack | 256 | 256 | 0 |", "| a rack | 256 | 255 | 1 |")),
    "w07.availability": (FAULTS, swap("| 62.5 | 0.517 |", "| 62.5 | 0.999 |")),
    "w07.checkpoint-comparison": (FAULTS, swap("| 91.34 | 85.96 |", "| 99.90 | 85.96 |")),
    "w07.size": (FAULTS, longer(2000)),
    "w08.all-reduce": (PATTERNS, swap("| per dimension | 3D torus | 90 |", "| per dimension | 3D torus | 4 |")),
    "w08.all-to-all": (PATTERNS, swap("| 8192 | 9216 |", "| 8192 | 8192 |")),
    "w08.scatter-gather": (PATTERNS, swap("A batch of 1000 lookups", "A batch of 100 lookups")),
    "w08.hop-counts": (
        PATTERNS,
        swap("| all-to-all | 3D torus | 1 | 12.00 | 24 |", "| all-to-all | 3D torus | 1 | 12.00 | 4 |"),
    ),
    "w08.torus-comparison": (PATTERNS, swap("The mean of the 2D torus is 32.01", "The mean of the 2D torus is 8.00")),
    "w08.diagrams": (PATTERNS, swap("9.1.1/1.1 -> 9.2.1/1.1", "9.1.1/1.1 -> 9.3.1/1.1")),
    "w08.size": (PATTERNS, longer(3000)),
    "w05.hash-specified": (SPARSE, swap("vocab_id * base + int(part) - 1", "vocab_id * base + int(part)")),
    "w05.distribution": (SPARSE, swap("| plain | uniform | 1.01 |", "| plain | uniform | 1.00 |")),
    "w05.lookup-pseudocode": (
        SPARSE,
        swap(
            "    return [rows[vocab_id] for vocab_id in vocab_ids]",
            "    return [rows[vocab_id] for vocab_id in sorted(vocab_ids)]",
        ),
    ),
    "w05.batching-explained": (SPARSE, swap("| 847,293,102; 847,293,103 |", "| 847,293,102; 5 |")),
    "w05.speedup": (SPARSE, swap("over one chip's gather | 7.02 |", "over one chip's gather | 6.80 |")),
    "w05.memory": (SPARSE, swap("| 100,000 | 51.2 MB |", "| 1,000,000 | 512 MB |")),
    "w05.size": (SPARSE, longer(2000)),
    "w09.algorithm": (BATCHING, swap("tuple(parts[:depth])", "tuple(parts[:1])")),
    "w09.hop-reduction": (BATCHING, swap("| tree by volume and book | 1534 |", "| tree by volume and book | 1000 |")),
    "w09.example-1000": (BATCHING, swap("632.2 groups are not empty", "100.0 groups are not empty")),
    "w09.flat-comparison": (BATCHING, swap("| 10 | uniform | 1.00 | 1.15 |", "| 10 | uniform | 1.00 | 7.70 |")),
    "w09.size": (BATCHING, longer(2000)),
    "w10.embedding": (LEARNED, swap("| spectral | 0.988 |", "| spectral | 1.000 |")),
    "w10.metric": (LEARNED, swap("| Euclidean | 0.217 | 0 |", "| Euclidean | 0.217 | 1 |")),
    "w10.search": (LEARNED, swap("Random(seed), {start}", "Random(seed + 1), {start}")),
    "w10.rediscovery": (LEARNED, swap("`twisted:4x4x8:0=0,0,4/1=0,0,4`", "`twisted:4x4x8:0=0,0,1/1=0,0,4`")),
    "w10.comparison": (LEARNED, swap("| 512 | regular torus | 6.012 |", "| 512 | regular torus | 4.012 |")),
    "w10.size": (LEARNED, longer(2000)),
    "w06.torus-2d": (CHANGES, swap("diameter 64 hops, mean 32.01 hops", "diameter 64 hops, mean 8.00 hops")),
    "w06.torus-3d": (CHANGES, swap("diameter 24 hops, mean 12.00 hops", "diameter 24 hops, mean 2.10 hops")),
    "w06.twisted-torus": (CHANGES, swap("also shifts", "moves")),
    "w06.hypercube": (CHANGES, swap("12 links against the 6", "6 links against the 6")),
    "w06.before-after": (CHANGES, swap("| 2D torus | 16,728,064 |", "| 2D torus | 4096 |")),
    "w06.timing": (CHANGES, swap("| Twisted torus | 0.478 | within |", "| Twisted torus | 0.478 | beyond |")),
    "w06.port-budget": (CHANGES, swap("| Hypercube | 12 | 6 | no | 6 |", "| Hypercube | 12 | 6 | yes | 0 |")),
    "w06.size": (CHANGES, longer(2500)),
}
