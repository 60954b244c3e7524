"""Wave 16: Section 5, one name under every topology: what a change moves and takes, and a published twist."""

from collections.abc import Mapping
from dataclasses import dataclass

from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import Quantity, format_value
from phextpaper.press.units import from_si
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.checks.reconfiguration import moved_cells, topology_cells
from phextpaper.study.quantities import flexibility, search
from phextpaper.study.quantities.claims import as_planned
from phextpaper.study.quantities.layout import chip_name
from phextpaper.study.quantities.reconfiguration import row_ends, targets
from phextpaper.study.quantities.topologies import kinds

page = Wave(
    n=16,
    name="Topology flexibility",
    phase=2,
    minutes=25,
    needs=(4, 6),
    output=("sections/05-topology.md",),
    words=(800, 1200),
)

NAMES = {
    "torus_2d": "2D torus",
    "torus_3d": "3D torus",
    "twisted": "Twisted torus",
    "hypercube": "Hypercube",
    "detour": "Other routes, same links",
    "found": "Learned graph",
}
TOPOLOGIES = ("Topology", "Links", "Diameter", "Mean hops", "Even split", "One route", "Next chip", "Hops")
CHANGES = ("Change to", "Entries that differ", "Share (%)", "New links", "Impossible", "One chip (ms)")
TIMES = ("Part", "Time", "Kind")
GAINS = ("Slice", "Ideal gain, computed", "TPU v4, measured", "Ideal above measured (%)")
SLICES = {"n4x4x8": (4, 4, 8), "n4x8x8": (4, 8, 8)}


@dataclass(frozen=True)
class Context:
    """What `05-topology.md` prints besides numbers by their ids: names of chips, and what this machine is."""

    origin: str
    destination: str
    next_chips: Mapping[str, str]
    """The chip after the first one under each table; none of the found graph where it joins other chips."""
    longest: str
    shortest: str
    """The topologies on which the example takes the most and the fewest hops."""
    blocked: tuple[str, ...]
    """Topologies besides the twist that need links which no mirror makes."""
    own: bool
    left_out: bool
    planned_budget: bool
    published_twist: bool


@page.context
def context(q: Quantities) -> Context:
    """The example route under each table, and which sentences hold on this machine."""
    ends, drawn, own = row_ends(q, "far"), kinds(q), flexibility.own(q)
    shown = (*drawn, "found") if own else drawn
    hops = {kind: q.reconfiguration.row[kind].far for kind in drawn}
    return Context(
        origin=chip_name(q, ends[0]),
        destination=chip_name(q, ends[1]),
        next_chips={kind: chip_name(q, int(flexibility.table_of(q, kind).next_hop(*ends))) for kind in shown},
        longest=max(drawn, key=lambda kind: hops[kind].value),
        shortest=min(drawn, key=lambda kind: hops[kind].value),
        blocked=tuple(
            kind for kind in drawn if kind not in ("torus_3d", "twisted") and q.reconfiguration.impossible[kind] > 0
        ),
        own=own,
        left_out=search.left_out(q),
        planned_budget=as_planned(q, "table_budget"),
        published_twist=q.node("topologies.twist")[0],
    )


@page.criterion
def mappings(built: Artefacts, q: Quantities) -> Verdict:
    """the four topologies and the learned one, with computed figures that equal waves 6 and 10"""
    text, figures = built.markdown(), ("diameter", "mean_hops", "links_per_chip")
    ids = [f"topologies.{kind}.{figure}" for kind in kinds(q) for figure in figures]
    ids += [f"reconfiguration.row.{kind}.far" for kind in kinds(q)]
    part = text.section("5.1 One name under every table")
    table, graph = part.table(*TOPOLOGIES), q.node(f"search.topology.{flexibility.largest(q)}.graph")
    engine = str(graph.diameter()), format_value(graph.mean_hops(), 3), format_value(graph.all_to_all_throughput(), 3)
    shown = (*kinds(q), "found")
    return all_of(
        checks.cells_equal(part, TOPOLOGIES, [(NAMES[kind], *topology_cells(q, kind)) for kind in shown]),
        prose_checks.numbers_equal_elsewhere(built, "topology-reconfig.md", *ids),
        Verdict(
            any(row[0] == NAMES["found"] and row[2:5] == engine for row in (table.rows if table else ())),
            "the learned graph's figures as the engine gives them",
            f"{graph.diameter()} hops at most, {graph.mean_hops():.3f} in the mean",
        ),
        checks.cells_equal(text, CHANGES, [(NAMES[kind], *moved_cells(q, kind)) for kind in (*targets(q), "found")]),
    )


@page.criterion
def validation(built: Artefacts, q: Quantities) -> Verdict:
    """the twisted over regular all-to-all gain for 4x4x8 and 4x8x8 is computed and set beside the published 1.63x and
    1.31x
    """
    rows: list[tuple[str, ...]] = []
    for shape, sides in SLICES.items():
        ideal = link_loads(Torus(sides)).max() / link_loads(TwistedTorus(sides)).max()
        published = q.facts.tpu_v4_twist[flexibility.SHAPES[shape]]
        above = format_value(from_si(ideal / published.value - 1, "%"), 1)
        rows.append((" x ".join(map(str, sides)), format_value(ideal, 2), published.text, above))
    text = built.markdown().section("5.5 The twist as a check")
    return all_of(checks.cells_equal(text, GAINS, rows), checks.has(text, "TPU v4 reports", "[@jouppi2023]"))


@page.criterion
def timing(built: Artefacts, q: Quantities) -> Verdict:
    """reconfiguration time with what is computed, cited, assumed"""
    m, text = q.machine, built.markdown().section("5.4 Time")
    table, words = text.table(*TIMES), ("computed", "cited", "assumed")
    seen = {word for row in (table.rows if table else ()) for word in words if row[2].startswith(word)}
    given = {"computed", m.table_entry_update.kind, m.mirror_switching.kind, m.slice_reconfiguration.kind}
    rows = _times(q)
    return all_of(
        checks.cells_equal(text, TIMES, rows),
        Verdict(seen == given, f"parts that are {', '.join(sorted(given))}", ", ".join(sorted(seen))),
        checks.has(text, rows[1][1]),
    )


def _times(q: Quantities) -> list[tuple[str, ...]]:
    """What the rows of the table of times have to hold."""
    entry, mirror, whole = (
        q.machine[key] for key in ("table_entry_update", "mirror_switching", "slice_reconfiguration")
    )
    share = format_value(from_si((int(q.layout.active_chips) - 1) * entry.si, "ms"), 3)
    computed = f"computed from the {'assumption' if entry.kind == 'assumed' else 'figure'} above"
    ranged = mirror.kind == "assumed" and 1e-3 <= mirror.si < 1
    return [
        ("One entry", f"{entry.text} ns", _known(entry)),
        ("A chip's whole share", f"{share} ms", computed),
        ("The twist, at the chip with the most changes", f"{moved_cells(q, 'twisted')[-1]} ms", computed),
        ("The learned graph, likewise", f"{moved_cells(q, 'found')[-1]} ms", computed),
        (
            "All mirrors, at once",
            f"{mirror.text} ms",
            "assumed within a cited range [@jouppi2023]" if ranged else _known(mirror),
        ),
        ("A slice, software included", f"{whole.text} s", _known(whole)),
    ]


def _known(value: Quantity) -> str:
    """How a value is known, and where it was read."""
    return f"{value.kind} [@{value.key}]" if value.key else value.kind


@page.criterion
def figure(built: Artefacts, q: Quantities) -> Verdict:
    """Figure 4 is referenced"""
    return prose_checks.refers(built, "Figure 4")


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """800 to 1200 words"""
    return checks.length(built, page)
