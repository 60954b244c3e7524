"""Numbers that only the claims ledger needs: what the plan's own examples come to when they are worked out."""

from phextpaper.engine.networks.topologies import Torus
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si
from phextpaper.study.quantities.topologies import kinds as laid_out


@number("ledger.longest_wave", "minutes", whole=True)
def longest_wave(q: Quantities) -> float:
    """Minutes of the longest wave of all phases."""
    return to_si(max(wave.minutes for wave in q.node("plan.waves").values()), "minutes")


@number("ledger.mapping_columns", "columns")
def mapping_columns(q: Quantities) -> int:
    """Columns that the plan's own example of the mapping table has (plan/seed.md, wave 2)."""
    heads = next(line for line in q.file("plan/seed.md").decode().splitlines() if line.startswith("| TPU v4 Concept |"))
    return len(heads.strip("|").split("|"))


@number("ledger.phext_dimensions", "dimensions", kind="cited")
def phext_dimensions(q: Quantities) -> int:
    """Dimensions of a phext coordinate (bickford2025libphext)."""
    return q.facts.phext.coordinate_count.value


@number("ledger.named_dimensions", "dimensions")
def named_dimensions(q: Quantities) -> int:
    """Dimensions that the format volume.book.chapter/section.scroll names."""
    return len("volume.book.chapter/section.scroll".replace("/", ".").split("."))


@number("ledger.chips_per_book", "chips")
def chips_per_book(q: Quantities) -> int:
    """Chips that share a volume and a book."""
    return int(q.machine.chapters)


@number("ledger.double_step_hops", "hops", by=Torus.hop_counts)
def double_step_hops(q: Quantities) -> int:
    """Hops between the first chip and the one two chapters on."""
    graph, layout = q.node("topologies.torus_3d.graph"), q.node("layout.machine")
    return int(graph.hop_counts(0)[layout.index([1, 1, min(3, layout.shape[2])])])


@number("ledger.doubling_rounds", "rounds", formula="log2 of the chapters, rounded up")
def doubling_rounds(q: Quantities) -> int:
    """Rounds of distance doubling over the chapters of one unit."""
    return (int(q.machine.chapters) - 1).bit_length()


@number("ledger.hop_ratio", "", 2, formula="mean hops of the 2D torus / mean hops of the 3D torus")
def hop_ratio(q: Quantities) -> float:
    """How many times fewer hops the 3D torus has in the mean than the 2D torus."""
    return q.topologies.torus_2d.mean_hops / q.topologies.torus_3d.mean_hops


@node("ledger.plane")
def plane(q: Quantities) -> Torus:
    """The plan's 2D torus on volumes and books alone."""
    return Torus(q.node("layout.machine").shape[:2])


@number("ledger.plane_chips", "chips", by=Torus.size)
def plane_chips(q: Quantities) -> int:
    """Chips of a 2D torus on volumes and books alone."""
    return q.node("ledger.plane").size


@number("ledger.plane_degree", "neighbours", by=Torus.degree)
def plane_degree(q: Quantities) -> int:
    """Neighbours of a chip in a 2D torus."""
    return q.node("ledger.plane").degree


@number("ledger.kinds", "topologies")
def kinds(q: Quantities) -> int:
    """Topologies laid on the coordinates of this machine."""
    return len(laid_out(q))


@number("ledger.patterns", "patterns")
def patterns(q: Quantities) -> int:
    """Communication patterns with a worked example in wave 4."""
    return len(("all-reduce", "all-to-all", "sparse lookup"))


@number("ledger.claimed_hop.{}", "hops", each=("c26", "c29"), by=Torus.hop_counts)
def claimed_hop(q: Quantities, claim: str) -> int:
    """Hops from the first chip to the chip that the plan calls its next hop: 1.4.4 (C26) and 1.8.8 (C29)."""
    graph, layout = q.node("topologies.torus_3d.graph"), q.node("layout.machine")
    part = {"c26": 4, "c29": 8}[claim]
    return int(graph.hop_counts(0)[layout.index([1, min(part, layout.shape[1]), min(part, layout.shape[2])])])


@number("ledger.naming_dimensions", "dimensions")
def naming_dimensions(q: Quantities) -> int:
    """Dimensions of the layout with more than one value: as many as it takes to name every chip."""
    return sum(side > 1 for side in q.node("layout.machine").shape)


@number("ledger.third_distance", "chapters", formula="2^(3 - 1)")
def third_distance(q: Quantities) -> int:
    """Distance that the third round of distance doubling spans, if the unit is that long."""
    return min(2 ** (3 - 1), int(q.machine.chapters) - 1)


@number("ledger.smallest_size", "kB", whole=True)
def smallest_size(q: Quantities) -> float:
    """The smallest lower limit that the plan sets for the size of an artefact."""
    from phextpaper.press.sources.plan import load_waves

    q.file("plan/waves.toml")
    least = min(wave.bounds["size_kb"][0] for wave in load_waves(q.root).values() if "size_kb" in wave.bounds)
    return to_si(least, "kB")
