"""Wave 6: several topologies on the same coordinates, and what a change from one to another takes."""

from dataclasses import dataclass

from phextpaper import checks
from phextpaper.engine.coordinates import format_short, parse_short
from phextpaper.engine.reconfiguration import changed_entries, difference
from phextpaper.quantities.reconfiguration import ROWS, embeds, row_ends, table_of, targets
from phextpaper.quantities.topologies import kinds
from phextpaper.quantity import Quantity, choose
from phextpaper.wave import Answer, Verdict, Wave, all_of

page = Wave(
    n=6,
    name="Topology reconfiguration",
    phase=1,
    minutes=25,
    needs=(3, 4),
    output=("topology-reconfig.md",),
    size_kb=(5, 7),
)

NAMES = {"torus_2d": "2D torus", "torus_3d": "3D torus", "twisted": "Twisted torus", "hypercube": "Hypercube", "detour": "Same links, up*/down* routes"}
ROUTES = ("Source Coord", "Dest Coord", "Next Hop", "Hops")
BEFORE = ("Change to", "Source Coord", "Dest Coord", "Next hop before", "Next hop after")
ENTRIES = ("Change to", "Entries that differ", "Share (%)", "New links", "By mirrors", "Impossible")
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
    mirrors: Quantity
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
        missing_kind=choose("hypercube" in kinds(q), "", f"No hypercube has {m.chips} nodes, because that is no power of two, so it is left out here. A hypercube names its nodes by binary digits; "
                            "on a machine of another size some names would have no chip, and routes through them would have to go round. The other topologies of this page have no such limit on their size."),
        changes=tuple(_change(q, kind) for kind in targets(q)),
        links_per_chip=m.links_per_chip, budget=m.table_budget, entry_update=m.table_entry_update, share_entries=r.entries_per_chip,
        share_time=r.chip_update_ms, share_words=choose(r.chip_update_ms <= m.table_budget, "within", "beyond"), mirrors=m.mirror_switching,
        slice_time=m.slice_reconfiguration, emulation=_emulation(q),
        detour_mean=q.reconfiguration.detour_mean, torus_mean=q.topologies.torus_3d.mean_hops,
        detour_words=choose(q.reconfiguration.detour_mean > q.topologies.torus_3d.mean_hops, "longer than", "as short as"),
        wiring=choose(q.node("layout.machine").block_grid is not None,
                      f"Mirrors stand at the faces of blocks of {m.block_edge} x {m.block_edge} x {m.block_edge} chips, as in TPU v4 [@jouppi2023]; inside a block the links are wires.",
                      "Blocks do not fill this machine, so every link is taken to end at a switch."))


def _chip(q, node: int) -> str:
    return format_short([[*q.node("layout.machine").coordinate(node), 1, 1]])[0]


def _rule(q, kind: str) -> str:
    steps, published = q.topologies.twist_step, q.node("topologies.twist")[0]
    twist = "; ".join(f"crossing the end of the {crossed}s also shifts " + " and ".join(f"the {other} by {steps[crossed][other]}" for other in steps[crossed]) for crossed in steps)
    return {
        "torus_2d": f"count the chips from zero, chapters first; the row is the count divided by {q.topologies.torus_2d.columns}, the column the remainder; neighbours "
                    "differ by one in row or column, the last followed by the first",
        "torus_3d": "neighbours differ by one in volume, book or chapter, the last value followed by the first",
        "twisted": f"as the 3D torus, but {twist}; this is {choose(published, 'the published twist', 'a twist of ours, as none is published for this shape')}",
        "hypercube": "count the chips from zero; neighbours differ in one binary digit of the count",
    }[kind]


def _kind(q, kind: str) -> Kind:
    figures, missing = q.topologies[kind], q.reconfiguration.missing[kind]
    return Kind(NAMES[kind], _rule(q, kind), figures.diameter, figures.mean_hops, figures.links_per_chip, tuple(_route(q, kind, row) for row in ROWS),
                choose(missing == 0, "yes", "no"), missing)


def _route(q, kind: str, row: str) -> Route:
    source, destination = row_ends(q, row)
    return Route(_chip(q, source), _chip(q, destination), _chip(q, table_of(q, kind).next_hop(source, destination)), q.reconfiguration.row[kind][row])


def _changed_pair(q, kind: str) -> tuple[int, int]:
    """A source with the most changed entries, and one of the destinations whose next hop changes."""
    before, after = table_of(q, "torus_3d"), table_of(q, kind)
    source = int(difference(before, after).per_source.argmax())
    destinations = changed_entries(before, after, source)[:, 0]
    return source, int(destinations[len(destinations) // 2])


def _change(q, kind: str) -> Change:
    r, m, node = q.reconfiguration, q.machine, _changed_pair(q, kind)
    old, new = table_of(q, "torus_3d").next_hop(*node), table_of(q, kind).next_hop(*node)
    return Change(NAMES[kind], _chip(q, node[0]), _chip(q, node[1]), _chip(q, old), _chip(q, new),
                  r.entries[kind], r.share[kind], r.links[kind], r.mirrors[kind], r.impossible[kind], r.chip_ms[kind], _budget(q, kind), r.serial_s[kind],
                  choose(r.links[kind] == 0, "none move", choose(r.impossible[kind] == 0, f"{m.mirror_switching.with_unit}", "cannot make it")))


def _budget(q, kind: str) -> str:
    return choose(q.reconfiguration.chip_ms[kind] <= q.machine.table_budget, "within", "beyond")


def _emulation(q) -> str:
    if "hypercube" not in kinds(q):
        return ""
    r, m = q.reconfiguration, q.machine
    if r.missing.hypercube == 0:
        return "A chip of this machine has links enough for the hypercube."
    words = (f"A chip would need {r.missing.hypercube} more links for the hypercube. Serving its neighbours in {r.slots.hypercube.with_unit}, each as long as the mirrors "
             f"move, leaves {r.shared_gb_s.hypercube.with_unit} of {m.link_bandwidth} to each neighbour.")
    if embeds(q):
        words += (f" Laid on the 3D torus by Gray code, with no mirror moved, a link of the hypercube takes up to {r.dilation.hypercube.with_unit}, and "
                  f"{r.congestion.hypercube} of them share the busiest link.")
    return words


def _index(q, text: str) -> int:
    return int(q.node("layout.machine").index(parse_short([text])[0][:3]))


def _judge_kind(built, q, kind: str) -> Verdict:
    """One topology's part: rule, rows from its table, figures."""
    text = built.markdown()
    if kind not in kinds(q):
        return checks.has(text, "No hypercube has")
    part, table, graph = text.section(f"### {NAMES[kind]}".strip("# ")), table_of(q, kind), q.node(f"topologies.{kind}.graph")
    rows = part.table(*ROUTES)
    neighbours, right = graph.neighbours(), 0
    for row in rows.rows if rows else ():
        source, destination, following = (_index(q, cell) for cell in row[:3])
        right += following in neighbours[source] and following == table.next_hop(source, destination) and row[3] == str(table.route(source, destination).hops)
    return all_of(
        Verdict(rows is not None and right == len(rows.rows) >= 2, f"{NAMES[kind]}: rows that are the table's", f"{right} of {len(rows.rows) if rows else 0} right",
                text.where(f"### {NAMES[kind]}")),
        checks.has(part, "Neighbour rule:", f"degree {graph.degree}, diameter {graph.diameter()} hops, mean {graph.mean_hops():.2f} hops"))


@page.criterion
def torus_2d(built, q) -> Verdict:
    """2D torus: neighbour rule on coordinates, rows, degree, diameter, mean hops"""
    return _judge_kind(built, q, "torus_2d")


@page.criterion
def torus_3d(built, q) -> Verdict:
    """3D torus: the same"""
    return _judge_kind(built, q, "torus_3d")


@page.criterion
def twisted_torus(built, q) -> Verdict:
    """twisted torus: the same, with its wrap rule"""
    return all_of(_judge_kind(built, q, "twisted"), checks.has(built.markdown().section("Twisted torus"), "also shifts"))


@page.criterion
def hypercube(built, q) -> Verdict:
    """hypercube: the same, and its degree set against the links a chip has"""
    if "hypercube" not in kinds(q):
        return _judge_kind(built, q, "hypercube")
    return all_of(_judge_kind(built, q, "hypercube"),
                  checks.has(built.markdown().section("Hypercube"), f"{q.topologies.hypercube.links_per_chip.text} links against the {q.machine.links_per_chip.text}"))


@page.criterion
def before_after(built, q) -> Verdict:
    """each change shows table rows before and after and the number of entries that differ (computed over the full table)"""
    text, old = built.markdown(), table_of(q, "torus_3d")
    rows, entries = text.table(*BEFORE), text.table(*ENTRIES)
    right = 0
    for kind, row, counted in zip(targets(q), rows.rows if rows else (), entries.rows if entries else (), strict=False):
        new, node = table_of(q, kind), (_index(q, row[1]), _index(q, row[2]))
        right += (row[0] == counted[0] == NAMES[kind] and _index(q, row[3]) == old.next_hop(*node) and _index(q, row[4]) == new.next_hop(*node) and row[3] != row[4]
                  and counted[1] == f"{difference(old, new).entries:,}")
    return Verdict(right == len(targets(q)), f"{len(targets(q))} changes with rows and counts from the full tables", f"{right} right", text.where("| Change to"))


@page.criterion
def timing(built, q) -> Verdict:
    """entries x time per entry for each change, against 1 ms per 4096 entries"""
    rows = []
    for kind in targets(q):
        most = int(difference(table_of(q, "torus_3d"), table_of(q, kind)).per_source.max())
        total = difference(table_of(q, "torus_3d"), table_of(q, kind)).entries
        step = float(q.machine.table_entry_update)
        chip = most * step / 1e6
        rows.append((NAMES[kind], f"{chip:.3f}", "within" if chip <= float(q.machine.table_budget) else "beyond", f"{total * step / 1e9:.2f}"))
    table = built.markdown().table(*TIMES)
    seen = [row[:4] for row in table.rows] if table else []
    wrong = next((f"{a} instead of {b}" for a, b in zip(seen, rows, strict=False) if a != b), "")
    return all_of(Verdict(seen == rows, f"{len(rows)} times equal to entries x time per entry", wrong or f"{len(seen)} rows equal", built.markdown().where("| Change to | One")),
                  checks.has(built.markdown(), f"{q.routing.chip_update_ms.text} ms, "))


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
    r = q.reconfiguration
    fitting = [kind for kind in kinds(q) if r.missing[kind] == 0]
    if not fitting:
        return Answer(f"None fits the {q.machine.links_per_chip.with_unit} of a chip.", False)
    exchange = max(fitting, key=lambda kind: r.throughput[kind].value)
    near = min(fitting, key=lambda kind: r.neighbour_hops[kind].value)
    single = min(fitting, key=lambda kind: q.topologies[kind].mean_hops.value)
    words = (f"Of those that fit a chip's {q.machine.links_per_chip.with_unit}: for all-to-all the {NAMES[exchange]}, with {r.throughput[exchange]} link bandwidths a chip; for exchange "
             f"between neighbouring coordinates the {NAMES[near]}, with a mean of {r.neighbour_hops[near].with_unit}; for single messages between any two chips the {NAMES[single]}, with "
             f"{q.topologies[single].mean_hops.with_unit}.")
    if "hypercube" in kinds(q) and r.missing.hypercube > 0:
        words += f" With {q.topologies.hypercube.links_per_chip.with_unit} a chip the hypercube would reach {r.throughput.hypercube}."
    return Answer(words)


@page.review("Is the timing realistic?")
def realistic(q) -> Answer:
    """Which part is fast."""
    m = q.machine
    return Answer(f"Only for the table: {q.routing.chip_update_ms.with_unit} for a chip's whole share rests on an assumed {m.table_entry_update.with_unit} an entry. A change that makes links "
                  f"waits for mirrors, here {m.mirror_switching.with_unit}, and in practice about {m.slice_reconfiguration.with_unit} for a slice.")


@page.review("Does it generalise? (any lattice or graph; one more example)")
def general(q) -> Answer:
    """One more lattice on the same chips."""
    r = q.reconfiguration
    return Answer(f"Yes: any connected graph on the same coordinates gets a table by the same search. One more example, the lattice whose wraps each move the next dimensions on by one, "
                  f"has {r.other_links.with_unit} a chip and a mean of {r.other_mean_hops.with_unit}.")
