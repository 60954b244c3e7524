"""Wave 4: the routing table on coordinates, walked, proven, and set beside the mirrors of an optical switch."""

from dataclasses import dataclass
from itertools import pairwise

from phextpaper.engine.wiring.topology_changes import changed_entries
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare, format_value
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.quantities.claims import as_planned
from phextpaper.study.quantities.layout import chip_index, chip_name
from phextpaper.study.quantities.routing import LOOKUPS, ROWS, endpoints, ring_nodes

page = Wave(
    n=4,
    name="OCS to phext routing translation",
    phase=1,
    minutes=25,
    needs=(3,),
    output=("ocs-routing.md",),
    size_kb=(5, 7),
)

FORMAT = ("Source Coord", "Dest Coord", "Next Hop", "Hops", "Bandwidth")
CHANGE = ("Dest Coord", "Next hop before", "Next hop after", "Hops before", "Hops after")
LOOKUP = ("Vocabulary ID", "Owner", "Next Hop", "Hops")
SWITCH = ("Question", "Table entry", "Optical switch")


@dataclass(frozen=True)
class Row:
    """A row of the routing table."""

    source: str
    destination: str
    next_hop: str
    hops: Quantity
    bandwidth: Quantity
    latency: Quantity


@dataclass(frozen=True)
class Lookup:
    """A sparse lookup: the row's ID, its owner and the way there."""

    id: Quantity
    owner: str
    next_hop: str
    hops: Quantity


@dataclass(frozen=True)
class Change:
    """A row of the table before and after a reconfiguration."""

    destination: str
    before: str
    after: str
    hops_before: Quantity
    hops_after: Quantity


@dataclass(frozen=True)
class Wiring:
    """A way to wire chips to optical switches."""

    name: str
    switches: Quantity
    ends: Quantity
    stages: Quantity
    note: str


@dataclass(frozen=True)
class Context:
    """What `ocs-routing.md` prints."""

    rows: tuple[Row, ...]
    entries_per_chip: Quantity
    entries: Quantity
    megabytes: Quantity
    share_kilobytes: Quantity
    pairs: Quantity
    endless: Quantity
    detours: Quantity
    channels: Quantity
    cyclic: Quantity
    dependencies: Quantity
    cyclic_on_one: Quantity
    scheme_words: str
    ring_chips: Quantity
    ring_rounds: Quantity
    ring_hops: Quantity
    ring_steps: tuple[str, ...]
    exchange_path: str
    exchange_hops: Quantity
    lookups: tuple[Lookup, ...]
    lookup_total: Quantity
    changes: tuple[Change, ...]
    changed: Quantity
    changed_share: Quantity
    changed_links: Quantity
    mirror_words: str
    twist_words: str
    entry_update: Quantity
    chip_update: Quantity
    chip_words: str
    serial_update: Quantity
    serial_words: str
    entry_words: str
    budget_words: str
    slice_words: str
    budget: Quantity
    largest_share: Quantity
    mirrors: Quantity
    slice_time: Quantity
    wirings: tuple[Wiring, ...]
    ports: Quantity
    spare_ports: Quantity
    published_switches: Quantity
    published_ports: Quantity
    agreement: str


@page.context
def context(q) -> Context:
    """The table's rows, proofs and times, and the switches of both wirings."""
    r, m = q.routing, q.machine
    nodes = ring_nodes(q)
    names = [chip_name(q, node) for node in nodes]
    steps = [f"{a} -> {b}" for a, b in zip(names, names[1:] + names[:1], strict=True)]
    faces = "faces" in q.node("routing.switches") and q.node("routing.switches")["faces"] is not None
    return Context(
        rows=tuple(_row(q, row) for row in ROWS),
        entries_per_chip=r.entries_per_chip,
        entries=r.entries,
        megabytes=r.table_megabytes,
        share_kilobytes=r.share_kilobytes,
        pairs=r.pairs_verified,
        endless=r.endless,
        detours=r.detours,
        channels=r.virtual_channels,
        cyclic=r.cyclic_channels,
        dependencies=r.dependencies,
        cyclic_on_one=r.cyclic_on_one_channel,
        scheme_words=choose(q.node("routing.deadlock").scheme == "dateline", ", changed at a dateline,", ""),
        ring_chips=r.ring_chips,
        ring_rounds=r.ring_rounds,
        ring_hops=r.ring_hops,
        ring_steps=tuple(dict.fromkeys([*steps[:3], steps[-1]])),
        exchange_path=" -> ".join(
            chip_name(q, node) for node in q.node("routing.table").path(*endpoints(q, "plan_far"))
        ),
        exchange_hops=r.row.plan_far.hops,
        lookups=tuple(_lookup(q, which) for which in LOOKUPS),
        lookup_total=r.lookup_total,
        changes=tuple(_changes(q)),
        changed=r.changed_entries,
        changed_share=r.change_share,
        changed_links=r.change_links,
        mirror_words=_mirror_words(q),
        twist_words=_twist_words(q),
        entry_update=m.table_entry_update,
        chip_update=r.chip_update_ms,
        chip_words=choose(r.chip_update_ms <= m.table_budget, "within", "beyond"),
        serial_update=r.serial_update_s,
        serial_words=choose(r.serial_update_s * 1000 <= m.table_budget, "within", "beyond"),
        entry_words=choose(m.table_entry_update.kind == "assumed", ", an assumption", ""),
        budget_words=choose(as_planned(q, "table_budget"), "the plan", "the description"),
        slice_words=choose(
            m.slice_reconfiguration.kind == "cited", f" [@{m.slice_reconfiguration.key}]", ", by assumption"
        ),
        budget=m.table_budget,
        largest_share=r.largest_share,
        mirrors=m.mirror_switching,
        slice_time=m.slice_reconfiguration,
        wirings=tuple(_wirings(q)),
        ports=m.switch_ports,
        spare_ports=m.switch_spare_ports,
        published_switches=q.facts.tpu_v4_system.ocs_count,
        published_ports=q.facts.tpu_v4_system.ocs_size.low,
        agreement=_agreement(q, faces),
    )


def _row(q, row: str) -> Row:
    source, destination = endpoints(q, row)
    entry = q.routing.row[row]
    return Row(
        chip_name(q, source),
        chip_name(q, destination),
        chip_name(q, q.node("routing.table").next_hop(source, destination)),
        entry.hops,
        entry.bandwidth,
        entry.latency,
    )


def _lookup(q, which: str) -> Lookup:
    _, chip, route = q.node("routing.lookup")[LOOKUPS.index(which)]
    following = route.nodes[1] if route.hops else chip
    return Lookup(q.routing.lookup_id[which], chip_name(q, chip), chip_name(q, following), q.routing.lookup_hops[which])


def _changes(q):
    for place, name in enumerate(q.routing.changed_row):
        destination, before, after = (int(part) for part in q.node("routing.changed_rows")[place])
        row = q.routing.changed_row[name]
        yield Change(chip_name(q, destination), chip_name(q, before), chip_name(q, after), row.before, row.after)


def _twist_words(q) -> str:
    published = q.node("topologies.twist")[0]
    steps = q.topologies.twist_step
    rules = "; ".join(
        f"crossing the end of the {crossed}s shifts "
        + " and ".join(f"the {shifted} by {steps[crossed][shifted]}" for shifted in steps[crossed])
        for crossed in steps
    )
    return f"{rules}. This is {choose(published, 'the published twist for this shape', 'a twist of ours, since none is published for this shape')}"


def _mirror_words(q) -> str:
    if q.node("layout.machine").block_grid is None:
        return "Blocks do not fill this machine, so every link would have to end at a switch."
    impossible = q.routing.change_impossible
    return choose(
        impossible == 0,
        "All of them join faces of blocks, so mirrors can make them"
        + choose(
            q.architecture.switches_per_group > 1,
            f" where their ends share one of the {q.architecture.switches_per_group} switches of a set.",
            ".",
        ),
        f"Mirrors at the faces of blocks cannot make {impossible} of them.",
    )


def _wirings(q):
    notes = {
        "faces": ("Block faces only, as in TPU v4", "inside a block, wires; this is the wiring that this work assumes"),
        "chips": ("Every chip link, one stage", "a chip reaches only the chips on its own switch"),
        "free": ("Every chip link, any to any", "a Clos network; any chip can be joined with any other"),
    }
    for name in q.routing.switch:
        plan = q.routing.switch[name]
        yield Wiring(notes[name][0], plan.count, plan.link_ends, plan.stages, notes[name][1])


def _agreement(q, faces: bool) -> str:
    published = q.facts.tpu_v4_system.ocs_count
    if not faces:
        return "Blocks do not fill this machine, so the wiring of TPU v4 has no count here."
    same = q.routing.switch.faces.count == published
    size = q.machine.chips == q.facts.tpu_v4_system.racks * q.facts.tpu_v4_system.chips_per_block
    return choose(
        same and size,
        "The count agrees with the published one.",
        f"This machine's count is {compare(q.routing.switch.faces.count, published, 'below', 'equal to', 'above')} that of TPU v4.",
    )


@page.criterion
def table_format(built, q) -> Verdict:
    """columns Source Coord, Dest Coord, Next Hop, Hops, Bandwidth are specified, with at least 5 computed rows; each row's next hop is a neighbour of its source and hops equal the engine's distance"""
    text = built.markdown()
    table = text.table(*FORMAT)
    if table is None:
        return Verdict(False, " | ".join(FORMAT), "no table with these columns", text.name)
    graph = q.node("topologies.torus_3d.graph")
    neighbours, seen, wrong = graph.neighbours(), set(), ""
    for row in table.rows:
        source, destination, following = (chip_index(q, cell) for cell in row[:3])
        seen.add((source, destination))
        distance = int(graph.hop_counts(source)[destination])
        nearer = int(graph.hop_counts(following)[destination]) == distance - 1
        if (
            following not in neighbours[source]
            or not nearer
            or row[3] != str(distance)
            or row[4] != f"{format_value(q.machine.link_bandwidth.value, '.4g')} GB/s"
        ):
            wrong = wrong or " | ".join(row)
    return Verdict(
        not wrong and len(seen) >= 5,
        "at least 5 rows, next hop a neighbour and one nearer, hops the distance",
        f"wrong: {wrong}" if wrong else f"{len(seen)} rows, all right",
        text.where(wrong[:20]) if wrong else f"{text.name}:{table.line}",
    )


@page.criterion
def three_patterns(built, q) -> Verdict:
    """all-reduce, all-to-all and sparse lookup each have a worked example whose steps are real links"""
    text, neighbours = built.markdown(), q.node("topologies.torus_3d.graph").neighbours()
    verdicts = []
    for name in ("All-reduce", "All-to-all"):
        part = text.section(name)
        chains = [line.strip() for fence in part.fences for line in fence.text.splitlines() if "->" in line]
        steps = [
            (a, b)
            for chain in chains
            for parts in [[chip_index(q, item.strip()) for item in chain.split("->")]]
            for a, b in pairwise(parts)
        ]
        unreal = [step for step in steps if step[1] not in neighbours[step[0]]]
        verdicts.append(
            Verdict(
                bool(steps) and not unreal,
                f"{name}: steps that are links",
                f"{len(unreal)} of {len(steps)} steps are no links" if unreal or not steps else f"{len(steps)} links",
                text.where(name),
            )
        )
    table = text.section("Sparse lookup").table(*LOOKUP)
    good = 0
    for row, (id, chip, route) in zip(table.rows if table else (), q.node("routing.lookup"), strict=False):
        good += (
            int(row[0].replace(",", "")) == id
            and chip_index(q, row[1]) == chip
            and row[3] == str(route.hops)
            and (route.hops == 0 or chip_index(q, row[2]) in neighbours[0])
        )
    verdicts.append(
        Verdict(
            good == len(LOOKUPS),
            f"{len(LOOKUPS)} lookups whose first step is a link",
            f"{good} right",
            text.where("Sparse lookup"),
        )
    )
    return all_of(*verdicts)


@page.criterion
def full_table(built, q) -> Verdict:
    """size and cost of the full table (every source x every destination) are stated; the full table is proven to terminate, to be minimal and to be free of deadlock (acyclic channel dependency, with the virtual channels it needs)"""
    text = built.markdown().section("The full table")
    chips = int(q.layout.active_chips)
    report, proof = q.node("routing.deadlock"), q.node("routing.verification")
    said = checks.has(
        text,
        f"{chips * (chips - 1):,} entries",
        f"{chips * chips / 1e6:,.2f} MB",
        f"{q.routing.virtual_channels.text} virtual channel",
        f"{q.routing.cyclic_channels.text} channels lie on a cycle",
    )
    return all_of(
        said,
        Verdict(
            proof.ends and proof.minimal and proof.pairs == chips * (chips - 1),
            "every route ends and is minimal",
            f"{proof.endless} endless, {proof.longer_than_shortest} too long of {proof.pairs}",
        ),
        Verdict(
            bool(report),
            "an acyclic channel dependency graph",
            f"{report.scheme}: {report.cyclic_channels} channels on cycles",
        ),
    )


@page.criterion
def reconfiguration(built, q) -> Verdict:
    """before and after rows, number of entries that change, update time (entries x time per entry) against the 1 ms target, and the mirror switching time of a real OCS beside it, so that a reader sees which part is below 1 ms"""
    text = built.markdown().section("Reconfiguration")
    before, after = q.node("routing.table"), q.node("topologies.twisted.table")
    table = text.table(*CHANGE)
    right = 0
    for row in table.rows if table else ():
        destination = chip_index(q, row[0])
        right += (
            chip_index(q, row[1]) == before.next_hop(0, destination)
            and chip_index(q, row[2]) == after.next_hop(0, destination)
            and row[1] != row[2]
            and (row[3], row[4]) == (str(before.route(0, destination).hops), str(after.route(0, destination).hops))
        )
    m = q.machine
    share = (int(m.chips) - 1) * float(m.table_entry_update) / 1e6
    word = "within" if share <= float(m.table_budget) else "beyond"
    return all_of(
        Verdict(
            table is not None and right == len(table.rows) >= 1 and len(changed_entries(before, after, 0)) > 0,
            "rows before and after, as the tables say",
            f"{right} of {len(table.rows) if table else 0} right",
        ),
        checks.has(
            text,
            f"{q.routing.changed_entries.text} of the",
            f"{share:.3f} ms, {word} the {m.table_budget.text} ms",
            f"{m.mirror_switching.text} ms",
            f"{m.slice_reconfiguration.text} s",
        ),
    )


@page.criterion
def ocs_comparison(built, q) -> Verdict:
    """a table against physical OCS switching: what moves, how long, what is interrupted, port counts"""
    text = built.markdown()
    table = text.table(*SWITCH)
    questions = table.column("Question") if table else []
    wanted = ["What moves", "How long", "What is interrupted", "Ports"]
    ports = table.rows[questions.index("Ports")] if table and "Ports" in questions else ("", "", "")
    wirings = text.table("Wiring", "Switches")
    counts = wirings.column("Switches") if wirings else []
    plans = [q.routing.switch[name].count.text for name in q.routing.switch]
    return all_of(
        Verdict(
            questions == wanted,
            f"rows {', '.join(wanted)}",
            ", ".join(questions) or "no table",
            text.where("| Question"),
        ),
        Verdict(q.machine.switch_ports.text in ports[2], f"{q.machine.switch_ports.text} ports", ports[2]),
        Verdict(counts == plans, f"switch counts {plans}", f"{counts}"),
    )


@page.criterion
def size(built, q) -> Verdict:
    """5 to 7 kB"""
    return checks.size(built, page)


@page.review("Could an engineer implement the table from this text?")
def implementable(q) -> Answer:
    """What a table needs, and whether the text says it."""
    r = q.routing
    good = r.endless == 0 and r.detours == 0 and r.cyclic_channels == 0
    return Answer(
        f"{choose(good, 'Yes', 'No')}: an entry is the port of the next hop, a chip holds {r.entries_per_chip} of them in one byte each, routes go dimension by "
        f"dimension the shorter way round, and {r.virtual_channels.with_unit} a link keep them free of deadlock. The build makes the table by that rule and "
        f"looks at all {r.pairs_verified.with_unit}: {r.endless} do not end, {r.detours} are longer than they need be.",
        bool(good),
    )


@page.review("Do the examples cover the main patterns?")
def patterns(q) -> Answer:
    """One example for each pattern of training."""
    r = q.routing
    return Answer(
        f"Yes: a ring all-reduce over {r.ring_chips.with_unit} in {r.ring_rounds.with_unit}, a route of an all-to-all over {r.row.plan_far.hops.with_unit}, and "
        f"three lookups with {r.lookup_total.with_unit} there and back. Wave 8 gives all patterns whole."
    )


@page.review("Is the reconfiguration believable? (which times are measured, cited, assumed)")
def believable(q) -> Answer:
    """Which part is fast, and who says so."""
    m, r = q.machine, q.routing
    return Answer(
        f"In part. Computed from {choose(m.table_entry_update.kind == 'assumed', 'an assumed', 'a cited')} {m.table_entry_update.with_unit} an entry: {r.chip_update_ms.with_unit} for one chip's share, all chips at once, which is "
        f"{choose(r.chip_update_ms <= m.table_budget, 'within', 'beyond')} the target of {m.table_budget.with_unit}; {r.serial_update_s.with_unit} for one writer. "
        f"Cited: mirrors take milliseconds. Here a mirror's {m.mirror_switching.with_unit} are {m.mirror_switching.kind}, and a slice's {m.slice_reconfiguration.with_unit} "
        f"{choose(m.slice_reconfiguration.kind == m.mirror_switching.kind, 'too', m.slice_reconfiguration.kind)}. Measured: nothing. "
        "A new table alone makes no new link."
    )
