"""Wave 6: several topologies on the same coordinates, and what a change from one to another takes."""

from dataclasses import dataclass

import numpy as np

from phextpaper.engine.wiring.blocks import link_kinds
from phextpaper.engine.wiring.topology_changes import changed_entries, difference, link_change
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, format_value
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.quantities.layout import chip_index, chip_name
from phextpaper.study.quantities.reconfiguration import ROWS, embeds, row_ends, table_of, targets
from phextpaper.study.quantities.topologies import kinds

page = Wave(
    n=6,
    name="Topology reconfiguration",
    phase=1,
    minutes=25,
    needs=(3, 4),
    output=("topology-reconfig.md",),
    size_kb=(5, 7),
)

NAMES = {
    "torus_2d": "2D torus",
    "torus_3d": "3D torus",
    "twisted": "Twisted torus",
    "hypercube": "Hypercube",
    "detour": "Same links, up*/down* routes",
}
ROUTES = ("Source Coord", "Dest Coord", "Next Hop", "Hops")
BEFORE = ("Change to", "Source Coord", "Dest Coord", "Next hop before", "Next hop after")
ENTRIES = (
    "Change to",
    "Entries that differ",
    "Share (%)",
    "New links",
    "By mirrors",
    "Impossible",
    "In a block",
    "Given up",
)
TIMES = ("Change to", "One chip (ms)", "Budget", "One writer (s)", "Mirrors")
BUDGET = ("Topology", "Links needed", "Links of a chip", "Fits", "Missing")


@dataclass(frozen=True)
class Route:
    """A row of a topology's table."""

    source: str
    destination: str
    next_hop: str
    hops: Quantity


@dataclass(frozen=True)
class Kind:
    """A topology: its rule, its figures, its rows and its place in the port budget."""

    name: str
    rule: str
    diameter: Quantity
    mean_hops: Quantity
    links: Quantity
    routes: tuple[Route, ...]
    fits: str
    missing: Quantity


@dataclass(frozen=True)
class Change:
    """A change from the 3D torus."""

    name: str
    source: str
    destination: str
    before: str
    after: str
    entries: Quantity
    share: Quantity
    links: Quantity
    mirrors: Quantity
    impossible: Quantity
    inside: Quantity
    removed: Quantity
    chip: Quantity
    budget: str
    serial: Quantity
    mirror_words: str


@dataclass(frozen=True)
class Context:
    """What `topology-reconfig.md` prints."""

    kinds: tuple[Kind, ...]
    missing_kind: str
    changes: tuple[Change, ...]
    links_per_chip: Quantity
    budget: Quantity
    entry_update: Quantity
    share_entries: Quantity
    share_time: Quantity
    share_words: str
    share_serial: Quantity
    mirrors: Quantity
    entry_words: str
    slice_words: str
    slice_time: Quantity
    emulation: str
    detour_mean: Quantity
    torus_mean: Quantity
    detour_words: str
    wiring: str


@page.context
def context(q) -> Context:
    """The topologies, the changes and the budget."""
    m, r = q.machine, q.routing
    return Context(
        kinds=tuple(_kind(q, kind) for kind in kinds(q)),
        missing_kind=choose(
            "hypercube" in kinds(q),
            "",
            f"No hypercube has {m.chips} nodes, because that is no power of two, so it is left out here. A hypercube names its nodes by binary digits; "
            "on a machine of another size some names would have no chip, and routes through them would have to go round. The other topologies of this page have no such limit on their size.",
        ),
        changes=tuple(_change(q, kind) for kind in targets(q)),
        links_per_chip=m.links_per_chip,
        budget=m.table_budget,
        entry_update=m.table_entry_update,
        share_entries=r.entries_per_chip,
        share_time=r.chip_update_ms,
        share_words=choose(r.chip_update_ms <= m.table_budget, "within", "beyond"),
        share_serial=r.serial_update_s,
        mirrors=m.mirror_switching,
        entry_words=choose(m.table_entry_update.kind == "assumed", ", an assumption", ""),
        slice_words=choose(
            m.slice_reconfiguration.kind == "cited", f" [@{m.slice_reconfiguration.key}]", ", by assumption"
        ),
        slice_time=m.slice_reconfiguration,
        emulation=_emulation(q),
        detour_mean=q.reconfiguration.detour_mean,
        torus_mean=q.topologies.torus_3d.mean_hops,
        detour_words=choose(
            q.reconfiguration.detour_mean > q.topologies.torus_3d.mean_hops, "longer than", "as short as"
        ),
        wiring=choose(
            q.node("layout.machine").block_grid is not None,
            f"Mirrors stand at the faces of blocks of {m.block_edge} x {m.block_edge} x {m.block_edge} chips, as in TPU v4 [@jouppi2023]; inside a block the links are wires. "
            "A mirror joins a chip on the upper face of a block with the chip at the same place on the lower face of a block. A new link that is neither is impossible on "
            "this wiring, whatever the table says; those in a block would need new wires.",
            "Blocks do not fill this machine, so every link is taken to end at a switch, which may join it with any other. That is another machine than TPU v4, whose "
            "switches reach the faces of blocks only [@jouppi2023]: a new link is possible wherever a chip has a link for it.",
        ),
    )


def _rule(q, kind: str) -> str:
    steps, published = q.topologies.twist_step, q.node("topologies.twist")[0]
    twist = "; ".join(
        f"crossing the end of the {crossed}s also shifts "
        + " and ".join(f"the {other} by {steps[crossed][other]}" for other in steps[crossed])
        for crossed in steps
    )
    return {
        "torus_2d": f"count the chips from zero, chapters first; the row is the count divided by {q.topologies.torus_2d.columns}, the column the remainder; neighbours "
        "differ by one in row or column, the last followed by the first",
        "torus_3d": "neighbours differ by one in volume, book or chapter, the last value followed by the first",
        "twisted": f"as the 3D torus, but {twist}; this is {choose(published, 'the published twist', 'a twist of ours, as none is published for this shape')}",
        "hypercube": "count the chips from zero; neighbours differ in one binary digit of the count",
    }[kind]


def _kind(q, kind: str) -> Kind:
    figures, missing = q.topologies[kind], q.reconfiguration.missing[kind]
    return Kind(
        NAMES[kind],
        _rule(q, kind),
        figures.diameter,
        figures.mean_hops,
        figures.links_per_chip,
        tuple(_route(q, kind, row) for row in ROWS),
        choose(missing == 0, "yes", "no"),
        missing,
    )


def _route(q, kind: str, row: str) -> Route:
    source, destination = row_ends(q, row)
    return Route(
        chip_name(q, source),
        chip_name(q, destination),
        chip_name(q, table_of(q, kind).next_hop(source, destination)),
        q.reconfiguration.row[kind][row],
    )


def _changed_pair(q, kind: str) -> tuple[int, int]:
    """A source with the most changed entries, and one of the destinations whose next hop changes."""
    before, after = table_of(q, "torus_3d"), table_of(q, kind)
    source = int(difference(before, after).per_source.argmax())
    destinations = changed_entries(before, after, source)[:, 0]
    return source, int(destinations[len(destinations) // 2]) if len(destinations) else before.topology.size - 1


def _change(q, kind: str) -> Change:
    r, m, node = q.reconfiguration, q.machine, _changed_pair(q, kind)
    old, new = table_of(q, "torus_3d").next_hop(*node), table_of(q, kind).next_hop(*node)
    return Change(
        NAMES[kind],
        chip_name(q, node[0]),
        chip_name(q, node[1]),
        chip_name(q, old),
        chip_name(q, new),
        r.entries[kind],
        r.share[kind],
        r.links[kind],
        r.mirrors[kind],
        r.impossible[kind],
        r.inside[kind],
        r.removed[kind],
        r.chip_ms[kind],
        _budget(q, kind),
        r.serial_s[kind],
        choose(
            r.links[kind] == 0,
            "none move",
            choose(
                r.impossible[kind] == 0
                and q.topologies["torus_3d" if kind == "detour" else kind].links_per_chip <= m.links_per_chip,
                f"{m.mirror_switching.with_unit}",
                "cannot make it",
            ),
        ),
    )


def _budget(q, kind: str) -> str:
    return choose(q.reconfiguration.chip_ms[kind] <= q.machine.table_budget, "within", "beyond")


def _emulation(q) -> str:
    if "hypercube" not in kinds(q):
        return ""
    r, m = q.reconfiguration, q.machine
    if r.missing.hypercube == 0:
        return "A chip of this machine has links enough for the hypercube."
    words = (
        f"A chip would need {r.missing.hypercube} more links for the hypercube. Links can be shared in time"
        + choose(
            r.impossible.hypercube > 0, ", on a machine whose every link ends at a switch, which this one is not", ""
        )
        + f": serving the neighbours in {r.slots.hypercube.with_unit}, each as long as the mirrors move, would leave {r.shared_gb_s.hypercube.with_unit} of "
        f"{m.link_bandwidth} to each. "
    )
    if embeds(q):
        words += (
            f"Or the hypercube is laid on the 3D torus by Gray code, with no mirror moved. A link of the hypercube then takes up to "
            f"{r.dilation.hypercube.with_unit}, and {r.congestion.hypercube} of them share the busiest link. That numbering lacks "
            f"{r.gray_links.hypercube} links where the plain one lacks {r.links.hypercube}."
        )
    return words


def _judge_kind(built, q, kind: str) -> Verdict:
    """One topology's part: rule, rows from its table, figures."""
    text = built.markdown()
    if kind not in kinds(q):
        return checks.has(text, f"No hypercube has {len(table_of(q, 'torus_3d').ports)} nodes")
    part, table, graph = (
        text.section(f"### {NAMES[kind]}".strip("# ")),
        table_of(q, kind),
        q.node(f"topologies.{kind}.graph"),
    )
    rows = part.table(*ROUTES)
    neighbours, right = graph.neighbours(), 0
    for row in rows.rows if rows else ():
        source, destination, following = (chip_index(q, cell) for cell in row[:3])
        right += (
            following in neighbours[source]
            and following == table.next_hop(source, destination)
            and row[3] == str(table.route(source, destination).hops)
        )
    return all_of(
        Verdict(
            rows is not None and right == len(rows.rows) >= 2,
            f"{NAMES[kind]}: rows that are the table's",
            f"{right} of {len(rows.rows) if rows else 0} right",
            text.where(f"### {NAMES[kind]}"),
        ),
        checks.has(
            part,
            "Neighbour rule:",
            f"degree {graph.degree}, diameter {graph.diameter()} hops, mean {graph.mean_hops():.2f} hops",
        ),
    )


@page.criterion
def torus_2d(built, q) -> Verdict:
    """2D torus: neighbour rule on coordinates, rows, degree, diameter, mean hops"""
    columns = q.node("topologies.torus_2d.graph").shape[1]
    return all_of(
        _judge_kind(built, q, "torus_2d"),
        checks.has(built.markdown().section("2D torus"), f"the count divided by {columns}, the column the remainder"),
    )


@page.criterion
def torus_3d(built, q) -> Verdict:
    """3D torus: the same"""
    return _judge_kind(built, q, "torus_3d")


@page.criterion
def twisted_torus(built, q) -> Verdict:
    """twisted torus: the same, with its wrap rule"""
    published, twists = q.node("topologies.twist")
    axes = ("volume", "book", "chapter")
    crossed = [f"crossing the end of the {axes[d]}s also shifts" for d, shift in twists if any(shift)]
    shifted = [f"the {axes[e]} by {step}" for _, shift in twists for e, step in enumerate(shift) if step]
    return all_of(
        _judge_kind(built, q, "twisted"),
        checks.has(
            built.markdown().section("Twisted torus"),
            *crossed,
            *shifted,
            "the published twist" if published else "a twist of ours",
        ),
    )


@page.criterion
def hypercube(built, q) -> Verdict:
    """hypercube: the same, and its degree set against the links a chip has"""
    if "hypercube" not in kinds(q):
        return _judge_kind(built, q, "hypercube")
    return all_of(
        _judge_kind(built, q, "hypercube"),
        checks.has(
            built.markdown().section("Hypercube"),
            f"{q.topologies.hypercube.links_per_chip.text} links against the {q.machine.links_per_chip.text}",
        ),
    )


@page.criterion
def before_after(built, q) -> Verdict:
    """each change shows table rows before and after and the number of entries that differ (computed over the full table)"""
    text, old = built.markdown(), table_of(q, "torus_3d")
    rows, right, counts = text.table(*BEFORE), 0, []
    for place, kind in enumerate(targets(q)):
        new = table_of(q, kind)
        counts.append((NAMES[kind], *_counts(q, old, new)))
        if rows and place < len(rows.rows):
            row = rows.rows[place]
            node = chip_index(q, row[1]), chip_index(q, row[2])
            right += (
                row[0] == NAMES[kind]
                and chip_index(q, row[3]) == old.next_hop(*node)
                and chip_index(q, row[4]) == new.next_hop(*node)
                and (row[3] != row[4] or counts[-1][1] == "0")
            )
    return all_of(
        Verdict(
            right == len(targets(q)),
            f"{len(targets(q))} changes with rows of both tables",
            f"{right} right",
            text.where("| Change to | Source"),
        ),
        checks.cells_equal(text, ENTRIES, counts),
    )


def _counts(q, old, new) -> tuple[str, ...]:
    """The cells of a change: entries that differ, their share, and the links that are new, movable, impossible, in a block and given up."""
    layout, changed, links = q.node("layout.machine"), difference(old, new), link_change(old.topology, new.topology)
    movable, inside = len(links.added), 0
    if layout.block_grid is not None:
        movable = int(link_kinds(links.added, layout.shape, layout.block).optical.sum())
        ends = [np.stack(np.unravel_index(links.added[:, end], layout.shape)).T // layout.block for end in (0, 1)]
        inside = int((ends[0] == ends[1]).all(axis=1).sum())
    numbers = (
        changed.entries,
        100 * changed.share,
        len(links.added),
        movable,
        len(links.added) - movable,
        inside,
        len(links.removed),
    )
    return tuple(format_value(value, 1) for value in numbers)


@page.criterion
def timing(built, q) -> Verdict:
    """entries x time per entry for each change, against 1 ms per 4096 entries"""
    rows, step, budget = [], float(q.machine.table_entry_update), float(q.machine.table_budget)
    for kind in targets(q):
        changed = difference(table_of(q, "torus_3d"), table_of(q, kind))
        chip = changed.most_at_one_node * step / 1e6
        rows.append(
            (
                NAMES[kind],
                format_value(chip, 3),
                "within" if chip <= budget else "beyond",
                format_value(changed.entries * step / 1e9, 2),
                _mirrors(q, kind),
            )
        )
    chips = len(table_of(q, "torus_3d").ports)
    share = (chips - 1) * step / 1e6
    table = built.markdown().table(*TIMES)
    seen = list(table.rows) if table else []
    wrong = next((f"{a} instead of {b}" for a, b in zip(seen, rows, strict=False) if a != b), "")
    return all_of(
        Verdict(
            seen == rows,
            f"{len(rows)} times equal to entries x time per entry",
            wrong or f"{len(seen)} rows equal",
            built.markdown().where("| Change to | One"),
        ),
        checks.has(
            built.markdown(),
            f"{format_value(share, 3)} ms, {'within' if share <= budget else 'beyond'} the budget",
            f"{format_value(chips * share / 1e3, 2)} s for all shares",
        ),
    )


def _mirrors(q, kind: str) -> str:
    """What mirrors do for a change: nothing, their time, or nothing that would help."""
    old, new, layout = table_of(q, "torus_3d").topology, table_of(q, kind).topology, q.node("layout.machine")
    added = link_change(old, new).added
    if not len(added):
        return "none move"
    blocked = layout.block_grid is not None and link_kinds(added, layout.shape, layout.block).impossible.any()
    return (
        "cannot make it"
        if blocked or new.degree > int(q.machine.links_per_chip)
        else f"{q.machine.mirror_switching.text} ms"
    )


@page.criterion
def port_budget(built, q) -> Verdict:
    """a table says which topology fits the links per chip and what the others would need"""
    have, rows = int(q.machine.links_per_chip), []
    for kind in kinds(q):
        need = q.node(f"topologies.{kind}.graph").degree
        rows.append((NAMES[kind], str(need), str(have), "yes" if need <= have else "no", str(max(need - have, 0))))
    return checks.cells_equal(built.markdown(), BUDGET, rows)


@page.criterion
def size(built, q) -> Verdict:
    """5 to 7 kB"""
    return checks.size(built, page)


@page.review("For which workload is each topology the best? (computed per traffic pattern)")
def best(q) -> Answer:
    """The best of the topologies that a chip's links allow, by pattern."""
    r, m = q.reconfiguration, q.machine
    fitting = [kind for kind in kinds(q) if r.missing[kind] == 0]
    if not fitting:
        return Answer(f"None fits the {m.links_per_chip.with_unit} of a chip.", False)
    measures = {
        "all-to-all": {kind: r.throughput[kind] for kind in fitting},
        "exchange between neighbouring coordinates": {kind: r.neighbour_hops[kind] for kind in fitting},
        "all-reduce by rings along the coordinates": {kind: r.all_reduce_ms[kind] for kind in fitting},
        "single messages between any two chips": {kind: q.topologies[kind].mean_hops for kind in fitting},
    }
    winners = {pattern: _best(found, most=pattern == "all-to-all") for pattern, found in measures.items()}
    words = [
        f"for {pattern} the {' and the '.join(NAMES[kind] for kind in winners[pattern])} ("
        + ", ".join(f"{NAMES[kind]} {found[kind]}" for kind in fitting)
        + f" {found[fitting[0]].unit})"
        for pattern, found in measures.items()
    ]
    idle = [NAMES[kind] for kind in fitting if not any(kind in won for won in winners.values())]
    rest = f" The {' and the '.join(idle)} {choose(len(idle) == 1, 'is', 'are')} best at none of these." if idle else ""
    fewest = _best({kind: q.topologies[kind].links_per_chip for kind in fitting}, most=False)
    links = f" The {' and the '.join(NAMES[kind] for kind in fewest)} {choose(len(fewest) == 1, 'needs', 'need')} the fewest links, {q.topologies[fewest[0]].links_per_chip} a chip."
    cube = ""
    if "hypercube" in kinds(q) and r.missing.hypercube > 0:
        cube = f" With {q.topologies.hypercube.links_per_chip.with_unit} a chip the hypercube would reach {r.throughput.hypercube} in all-to-all; it does not fit."
    return Answer(
        f"Of those that fit a chip's {m.links_per_chip.with_unit}: {'; '.join(words)}. All-to-all is in link bandwidths a chip with traffic split evenly over all "
        f"shortest paths, the all-reduce is of {m.collective_buffer.with_unit} a chip.{rest}{links}{cube}"
    )


def _best(found: dict[str, Quantity], *, most: bool) -> list[str]:
    """The topologies with the largest or the smallest number; those that print the same share the place."""
    top = (max if most else min)(found.values())
    return [kind for kind, value in found.items() if value.text == top.text]


@page.review("Is the timing realistic?")
def realistic(q) -> Answer:
    """Which part is fast."""
    m, r = q.machine, q.routing
    return Answer(
        f"Not as a whole. A chip's share takes {r.chip_update_ms.with_unit}, {choose(r.chip_update_ms <= m.table_budget, 'within', 'beyond')} the "
        f"{m.table_budget.with_unit}, but the {m.table_entry_update.with_unit} an entry are {choose(m.table_entry_update.kind == 'assumed', 'assumed and never measured', 'cited')}, and the way of the entries to the chips is not "
        f"counted. A change that makes links waits for mirrors, here {m.mirror_switching.with_unit}, and in practice about {m.slice_reconfiguration.with_unit} "
        "for a slice."
    )


@page.review("Does it generalise? (any lattice or graph; one more example)")
def general(q) -> Answer:
    """One more lattice on the same chips."""
    r = q.reconfiguration
    holds = r.other_pairs == q.routing.entries
    return Answer(
        f"{choose(holds, 'Yes', 'No')}: any connected graph on the same coordinates gets a table by the same search, and one byte an entry holds its port where a chip has "
        f"no more links than a byte can number. One more example, the lattice whose wraps each move the next dimensions on by one, has {r.other_links.with_unit} a chip and a "
        f"mean of {r.other_mean_hops.with_unit}; its table joins {r.other_pairs.with_unit} in the fewest hops, of {q.routing.entries} in all.",
        holds,
    )
