"""Wave 16: Section 5, one name under every topology: what a change moves, what it takes, and the published twist as a check."""

from dataclasses import dataclass

from phextpaper.engine.networks.topologies import Torus, TwistedTorus
from phextpaper.engine.traffic.loads import link_loads
from phextpaper.press.checks import prose_checks
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value, strip_marks
from phextpaper.press.wave import Verdict, Wave, all_of
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
class Topology:
    """A row of the table of topologies."""

    name: str
    links: Quantity
    diameter: Quantity
    mean_hops: Quantity
    even: Quantity
    single: Quantity
    next_chip: str
    hops: str


@dataclass(frozen=True)
class Change:
    """A row of the table of changes."""

    name: str
    entries: Quantity
    share: Quantity
    links: Quantity
    impossible: Quantity
    chip: Quantity


@dataclass(frozen=True)
class Part:
    """A row of the table of times."""

    name: str
    time: str
    kind: str


@dataclass(frozen=True)
class Gain:
    """A row of the table that checks the published twist."""

    slice: Quantity
    ideal: Quantity
    published: Quantity
    above: Quantity


@dataclass(frozen=True)
class Context:
    """What `05-topology.md` prints."""

    active: Quantity
    twisted_slices: Quantity
    source: str
    destination: str
    topologies: tuple[Topology, ...]
    found_sentence: str
    hop_sentence: str
    single_sentence: str
    wiring: str
    entry: Quantity
    changes: tuple[Change, ...]
    found_base: str
    cable_sentences: str
    detour_sentence: str
    channels: str
    times: tuple[Part, ...]
    budget_sentence: str
    mirror_words: str
    slice_words: str
    rest_words: str
    writing_share: Quantity
    faster_sentence: str
    one_writer: str
    gains: tuple[Gain, ...]
    message: Quantity
    order_words: str
    above_sentence: str
    stored_sentence: str
    loads: str
    twist_sentence: str
    rings: str
    entries_per_chip: Quantity


@page.context
def context(q) -> Context:
    """The topologies of wave 6 and the largest graph of wave 10, changes, times, and the check against TPU v4."""
    m, f, (source, destination) = q.machine, q.flexibility, row_ends(q, "far")
    return Context(
        active=q.layout.active_chips,
        twisted_slices=q.facts.tpu_v4_twist.share_actually_twisted,
        source=chip_name(q, source),
        destination=chip_name(q, destination),
        topologies=tuple(_topologies(q)),
        found_sentence=_found(q),
        hop_sentence=_hops(q),
        single_sentence=_single(q),
        wiring=_wiring(q),
        entry=m.table_entry_update,
        changes=tuple(_changes(q)),
        found_base=choose(
            flexibility.own(q),
            "",
            f" The learned graph is compared with the plain torus on its own {q.found_graph.chips.with_unit}.",
        ),
        cable_sentences=_cables(q),
        detour_sentence=_detour(q),
        channels=_channels(q),
        times=tuple(_times(q)),
        budget_sentence=_budget(q),
        mirror_words=compare(m.mirror_switching, q.routing.chip_update_ms, "less than", "as long as", "longer than"),
        slice_words=_slice(q),
        rest_words=choose(
            m.slice_reconfiguration.kind == "cited", ", and the source does not say what fills the rest", ""
        ),
        writing_share=f.writing_share,
        faster_sentence=_faster(q),
        one_writer=_one_writer(q),
        gains=tuple(_gains(q)),
        message=q.facts.tpu_v4_twist.fig6_dma_size,
        order_words=_order(q),
        above_sentence=_above(q),
        stored_sentence=_stored(q),
        loads=_loads(q),
        twist_sentence=_twist(q),
        rings=_rings(q),
        entries_per_chip=q.routing.entries_per_chip,
    )


def _topologies(q):
    source, destination = row_ends(q, "far")
    for kind in kinds(q):
        t, row = q.topologies[kind], q.reconfiguration.row[kind].far
        yield Topology(
            NAMES[kind],
            t.links_per_chip,
            t.diameter,
            t.mean_hops,
            q.reconfiguration.throughput[kind],
            q.flexibility.single[kind],
            chip_name(q, flexibility.table_of(q, kind).next_hop(source, destination)),
            str(row),
        )
    graph, own = q.search[flexibility.largest(q)].graph, flexibility.own(q)
    next_chip = chip_name(q, flexibility.table_of(q, "found").next_hop(source, destination)) if own else "other chips"
    yield Topology(
        NAMES["found"],
        q.search.links,
        graph.diameter,
        graph.mean_hops,
        graph.even,
        q.flexibility.found_single,
        next_chip,
        str(q.flexibility.row.found) if own else "other chips",
    )


def _found(q) -> str:
    chips = q.search.chips[flexibility.largest(q)]
    cube = choose(
        "hypercube" in kinds(q),
        "",
        f" There is no hypercube of {q.layout.active_chips.with_unit}, as that is no power of two.",
    )
    return (
        choose(
            flexibility.own(q),
            f"The learned graph is the one that Section 7 finds for these {chips.with_unit}.",
            f"The learned graph is the largest that Section 7 finds, on {chips.with_unit}, {_why(q)}.",
        )
        + cube
    )


def _why(q) -> str:
    """Why the largest found graph is not one of this machine."""
    return choose(
        search.left_out(q),
        "because no switch joins all blocks of this machine",
        choose(
            q.node("layout.machine").block_grid is None,
            "because whole blocks do not fill this machine",
            "as larger machines are searched only if they are made of several blocks",
        ),
    )


def _hops(q) -> str:
    rows = {kind: q.reconfiguration.row[kind].far for kind in kinds(q)}
    low, high = min(rows, key=lambda kind: rows[kind].value), max(rows, key=lambda kind: rows[kind].value)
    return f"The message takes {rows[high].with_unit} on the {_in_text(high)} and {rows[low]} on the {_in_text(low)}, and its name has no part in that."


def _in_text(kind: str) -> str:
    return NAMES[kind] if NAMES[kind][0].isdigit() else NAMES[kind].lower()


def _single(q) -> str:
    f, size = q.flexibility, flexibility.largest(q)
    graph, gain = q.search[size].graph, q.search.gain[size]
    return (
        f"The learned graph carries {graph.reached} with balanced routing. With one route a pair it carries {f.single.found} if ties fall to the first port, as in the other rows, and "
        f"{f.by_chance} if they fall by chance. The better of these is {f.single_gain} times what the best drawn torus carries, balanced routing {gain} times."
    )


def _wiring(q) -> str:
    r, m, found = q.reconfiguration, q.machine, q.found_graph
    if q.node("layout.machine").block_grid is None:
        return (
            "Whole blocks do not fill this machine, so we take every link to end at a switch that can join it with any other. That is another machine than TPU v4, and a dearer one. "
            f"Only the number of links at a chip then limits the choice. The learned graph keeps to TPU v4's blocks on its own chips, and {found.impossible} of its {found.links} new links break that rule."
        )
    blocked = [kind for kind in kinds(q) if kind not in ("torus_3d", "twisted") and r.impossible[kind] > 0]
    words = [
        "A mirror joins a chip on the upper face of a block with the chip at the same place on the lower face of another (Section 3.4). A new link of any other form is impossible, whatever "
        "the table says."
    ]
    if blocked:
        needs = " and ".join(
            f"the {_in_text(kind)}{choose(place == 0, ' would need', '')} {r.impossible[kind]}"
            for place, kind in enumerate(blocked)
        )
        words.append(f"In the plain numbering {needs} such links; another numbering may lack fewer.")
    if "hypercube" in kinds(q) and r.missing.hypercube > 0:
        words.append(
            f"The hypercube also wants {q.topologies.hypercube.links_per_chip.with_unit} a chip where there are {m.links_per_chip}."
        )
    words.append(
        choose(
            r.impossible.twisted > 0,
            f"The twist would need {r.impossible.twisted} too, because its shift is no whole number of blocks.",
            f"The twist has {r.links.twisted} new links, and mirrors can make them all{_sharing(q)}.",
        )
    )
    words.append(
        choose(
            found.impossible == 0,
            f"{choose(r.impossible.twisted > 0, 'Mirrors can make', 'They can also make')} the {found.links} of the learned graph, which was searched under that rule.",
            f"Of the {found.links} new links of the learned graph, {found.impossible} are impossible.",
        )
    )
    return " ".join(words)


def _sharing(q) -> str:
    sets = q.architecture.switches_per_group
    return choose(
        sets > 1, f" whose ends share a switch: a set takes {sets}, and how many do depends on the fibres", ""
    )


def _changes(q):
    r, found = q.reconfiguration, q.found_graph
    for kind in targets(q):
        yield Change(NAMES[kind], r.entries[kind], r.share[kind], r.links[kind], r.impossible[kind], r.chip_ms[kind])
    yield Change(NAMES["found"], found.entries, found.share, found.links, found.impossible, found.chip_ms)


def _detour(q) -> str:
    share, twist = q.reconfiguration.share.detour, q.reconfiguration.share.twisted
    return (
        f"Routes on the same links that climb towards the first chip and descend differ in {share.with_unit} of the entries, "
        f"{compare(share.value, twist.value, 'less than', 'as much as', 'more than')} the twist, and move no mirror."
    )


def _channels(q) -> str:
    torus, twist, found = q.routing.virtual_channels, q.flexibility.twist_channels, q.found_graph.virtual_channels
    same = choose(
        torus == twist,
        f"The tables of the 3D torus and the twist need {torus.with_unit} a link.",
        f"The table of the 3D torus needs {torus.with_unit} a link, that of the twist {twist}.",
    )
    return same + (
        f" For the learned graph our proof takes {found}, which is enough and perhaps not the least."
        + choose(found > torus, " A router that lacks them cannot take that table.", "")
    )


def _times(q):
    m, r = q.machine, q.routing
    yield Part(
        "One entry", m.table_entry_update.with_unit, f"{m.table_entry_update.kind}{_source(m.table_entry_update)}"
    )
    yield Part("A chip's whole share", r.chip_update_ms.with_unit, f"computed from {_given(m.table_entry_update)}")
    yield Part(
        "The twist, at the chip with the most changes",
        q.reconfiguration.chip_ms.twisted.with_unit,
        f"computed from {_given(m.table_entry_update)}",
    )
    yield Part(
        "The learned graph, likewise", q.found_graph.chip_ms.with_unit, f"computed from {_given(m.table_entry_update)}"
    )
    ranged = choose(
        q.reconfiguration.mirror_kind == "assumed within a cited range", " [@jouppi2023]", _source(m.mirror_switching)
    )
    yield Part("All mirrors, at once", m.mirror_switching.with_unit, f"{q.reconfiguration.mirror_kind}{ranged}")
    yield Part(
        "A slice, software included",
        m.slice_reconfiguration.with_unit,
        f"{m.slice_reconfiguration.kind}{_source(m.slice_reconfiguration)}",
    )


def _source(value: Quantity) -> str:
    return f" [@{value.key}]" if value.key else ""


def _budget(q) -> str:
    m = q.machine
    place = choose(q.routing.chip_update_ms <= m.table_budget, "within", "beyond")
    return choose(
        as_planned(q, "table_budget"),
        f"The plan behind this study expected reconfiguration by a table update, within {m.table_budget.with_unit}. Writing a whole share lies {place} that.",
        f"The plan behind this study expected reconfiguration by a table update alone. Writing a whole share lies {place} the {m.table_budget.with_unit} that are allowed here.",
    )


def _slice(q) -> str:
    time = q.machine.slice_reconfiguration
    return choose(time.kind == "cited", f"about {time.with_unit}{_source(time)}", f"{time.with_unit} by assumption")


def _given(value: Quantity) -> str:
    return choose(value.kind == "assumed", "the assumption above", "the figure above")


def _faster(q) -> str:
    return choose(
        q.flexibility.writing_share < 10,
        "So neither a name nor a faster table does much for a change that moves mirrors.",
        "So a faster table would speed up such a change.",
    )


def _one_writer(q) -> str:
    share = q.flexibility.serial_share
    words = f"A single writer for all chips would need {q.routing.serial_update_s.with_unit}, {share.with_unit} of the slice's time"
    return words + choose(
        share < 5,
        ", which a machine of this size can afford.",
        ", so shares have to be computed where they are used, or kept there beforehand.",
    )


def _cables(q) -> str:
    f, r = q.flexibility, q.reconfiguration
    poor = r.share.twisted > f.twist_links
    return (
        f"Cables are {choose(poor, 'a poor', 'here a fair')} measure of a change. The twist moves {f.twist_links.with_unit} of the links {choose(poor, 'but changes', 'and changes')} "
        f"{r.share.twisted.with_unit} of the entries, since each link serves many pairs. {choose(f.least_share > 0, 'No chip is left alone', 'Some chips are left alone')}: the shares that "
        f"chips rewrite run from {f.least_share} to {f.most_share.with_unit}."
    )


def _gains(q):
    for shape in SLICES:
        yield Gain(
            q.flexibility.slice[shape],
            q.patterns.published_gain[shape].computed,
            q.facts.tpu_v4_twist[flexibility.SHAPES[shape]],
            q.flexibility.over_published[shape],
        )


def _order(q) -> str:
    ideal, published = q.patterns.published_gain, q.facts.tpu_v4_twist
    same = (ideal.n4x4x8.computed > ideal.n4x8x8.computed) == (published.a2a_gain_4x4x8 > published.a2a_gain_4x8x8)
    return choose(same, "The order of the slices agrees.", "The order of the slices does not agree.")


def _above(q) -> str:
    high = all(
        q.patterns.published_gain[slice].computed > q.facts.tpu_v4_twist[fact]
        for slice, fact in flexibility.SHAPES.items()
    )
    return choose(
        high,
        "Both ideal gains lie above the measured ones.",
        "The ideal gains do not both lie above the measured ones.",
    )


def _stored(q) -> str:
    stored, share = q.reconfiguration.stored_share, q.reconfiguration.share.twisted
    return (
        f"A link that moved keeps its port, so of the bytes that the twist's table stores {stored.with_unit} differ"
        + compare(
            stored.value,
            share.value,
            ", fewer than its entries do.",
            ", as many as its entries.",
            ", more than its entries do.",
        )
    )


def _loads(q) -> str:
    loads = q.flexibility.axis_load
    torus, twist = (", ".join(str(loads[kind][axis]) for axis in flexibility.AXES) for kind in ("torus_3d", "twisted"))
    return f"By volume, book and chapter a link of the 3D torus carries {torus} pairs of chips under the even split, and one of the twisted torus {twist}."


def _twist(q) -> str:
    f, r, t, published = q.flexibility, q.reconfiguration, q.topologies, q.node("topologies.twist")[0]
    shorter, wider = t.twisted.mean_hops < t.torus_3d.mean_hops, r.throughput.twisted > r.throughput.torus_3d
    whose = choose(
        published,
        "The published twist of this machine's shape",
        "No twist is published for this machine's shape. Ours, by about half of each other side,",
    )
    hops = f"{choose(shorter, 'lowers', 'raises')} mean hops by {f.twist_hops.with_unit}"
    load = f"{choose(wider, 'raises', 'lowers')} all-to-all throughput by {f.twist_exchange.with_unit} under the even split"
    return (
        f"{whose} {hops}, {choose(shorter == wider, 'and', 'but')} it {load}. Under balanced routing (Section 7) it has {f.twist_balanced} times the torus's."
        + choose(shorter and f.twist_balanced <= 1, " Fewer hops are not more bandwidth.", "")
    )


def _rings(q) -> str:
    r = q.reconfiguration
    return (
        f"Chips whose coordinates differ by one lie {r.neighbour_hops.twisted.with_unit} apart in the mean on the twist, against {r.neighbour_hops.torus_3d} on the 3D torus, and an "
        f"all-reduce by rings along the coordinates takes {r.all_reduce_ms.twisted.with_unit} instead of {r.all_reduce_ms.torus_3d}."
    )


def _cells(rows) -> list[tuple[str, ...]]:
    """The cells of rows as a reader sees them."""
    return [tuple(strip_marks(str(value))[0] for value in vars(row).values()) for row in rows]


@page.criterion
def mappings(built, q) -> Verdict:
    """the four topologies and the learned one, with computed figures that equal waves 6 and 10"""
    text = built.markdown().section("5.1 One name under every table")
    ids = [
        f"topologies.{kind}.{figure}" for kind in kinds(q) for figure in ("diameter", "mean_hops", "links_per_chip")
    ] + [f"reconfiguration.row.{kind}.far" for kind in kinds(q)]
    found, graph = q.search[flexibility.largest(q)].graph, q.node(f"search.topology.{flexibility.largest(q)}.graph")
    engine = (int(found.diameter), found.mean_hops.text, found.even.text) == (
        graph.diameter(),
        format_value(graph.mean_hops(), 3),
        format_value(graph.all_to_all_throughput(), 3),
    )
    return all_of(
        checks.cells_equal(text, TOPOLOGIES, _cells(_topologies(q))),
        prose_checks.numbers_equal_elsewhere(built, "topology-reconfig.md", *ids),
        Verdict(
            engine,
            "the learned graph's figures as the engine gives them",
            f"{graph.diameter()} hops at most, {graph.mean_hops():.3f} in the mean",
        ),
        checks.cells_equal(built.markdown(), CHANGES, _cells(_changes(q))),
    )


@page.criterion
def validation(built, q) -> Verdict:
    """the twisted over regular all-to-all gain for 4x4x8 and 4x8x8 is computed and set beside the published 1.63x and 1.31x"""
    rows = []
    for row, sides in zip(_cells(_gains(q)), SLICES.values(), strict=True):
        ideal = link_loads(Torus(sides)).max() / link_loads(TwistedTorus(sides)).max()
        published = q.facts.tpu_v4_twist[flexibility.SHAPES["n" + row[0].replace(" ", "")]]
        rows.append(
            (row[0], format_value(ideal, 2), published.text, format_value(100 * (ideal / published.value - 1), 1))
        )
    text = built.markdown().section("5.5 The twist as a check")
    return all_of(checks.cells_equal(text, GAINS, rows), checks.has(text, "TPU v4 reports", "[@jouppi2023]"))


@page.criterion
def timing(built, q) -> Verdict:
    """reconfiguration time with what is computed, cited, assumed"""
    text = built.markdown().section("5.4 Time")
    table = text.table(*TIMES)
    seen = (
        {word for row in table.rows for word in ("computed", "cited", "assumed") if row[2].startswith(word)}
        if table
        else set()
    )
    whole = f"{format_value((int(q.layout.active_chips) - 1) * float(q.machine.table_entry_update) / 1e6, 3)} ms"
    given = {
        "computed",
        q.machine.table_entry_update.kind,
        q.machine.mirror_switching.kind,
        q.machine.slice_reconfiguration.kind,
    }
    return all_of(
        checks.cells_equal(text, TIMES, _cells(_times(q))),
        Verdict(seen == given, f"parts that are {', '.join(sorted(given))}", ", ".join(sorted(seen))),
        checks.has(text, whole),
    )


@page.criterion
def figure(built, q) -> Verdict:
    """Figure 4 is referenced"""
    return prose_checks.refers(built, "Figure 4")


@page.criterion
def length(built, q) -> Verdict:
    """800 to 1200 words"""
    return checks.length(built, page)
