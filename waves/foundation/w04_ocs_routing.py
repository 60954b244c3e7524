"""Wave 4: the routing table on coordinates, walked, proven, and set beside the mirrors of an optical switch."""

from collections.abc import Iterator
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.units import from_si
from phextpaper.press.wave import Answer, Verdict, Wave, all_of
from phextpaper.study.checks import routes
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
    """A row of the routing table: which, and the chips that it names."""

    key: str
    source: str
    destination: str
    next_hop: str


@dataclass(frozen=True)
class Lookup:
    """A sparse lookup: which, its row's owner, and the first step there."""

    key: str
    owner: str
    next_hop: str


@dataclass(frozen=True)
class Change:
    """A row of the table before and after a reconfiguration: which, and the chips that it names."""

    key: str
    destination: str
    before: str
    after: str


@dataclass(frozen=True)
class Context:
    """Chips by name, and what else `ocs-routing.md` cannot read as a number."""

    rows: tuple[Row, ...]
    dateline: bool
    ring_steps: tuple[tuple[str, str], ...]
    exchange_path: tuple[str, ...]
    lookups: tuple[Lookup, ...]
    changes: tuple[Change, ...]
    twist_published: bool
    budget_planned: bool


@page.context
def context(q: Quantities) -> Context:
    """The table's rows, its routes, the lookups, and what changes."""
    names = [chip_name(q, node) for node in ring_nodes(q)]
    steps = list(zip(names, names[1:] + names[:1], strict=True))
    path = q.node("routing.table").path(*endpoints(q, "plan_far"))
    return Context(
        rows=tuple(_row(q, row) for row in ROWS),
        dateline=q.node("routing.deadlock").scheme == "dateline",
        ring_steps=tuple(dict.fromkeys([*steps[:3], steps[-1]])),
        exchange_path=tuple(chip_name(q, node) for node in path),
        lookups=tuple(_lookup(q, which) for which in LOOKUPS),
        changes=tuple(_changes(q)),
        twist_published=q.node("topologies.twist")[0],
        budget_planned=as_planned(q, "table_budget"),
    )


def _row(q: Quantities, row: str) -> Row:
    source, destination = endpoints(q, row)
    following = q.node("routing.table").next_hop(source, destination)
    return Row(row, chip_name(q, source), chip_name(q, destination), chip_name(q, following))


def _lookup(q: Quantities, which: str) -> Lookup:
    _, chip, route = q.node("routing.lookup")[LOOKUPS.index(which)]
    return Lookup(which, chip_name(q, chip), chip_name(q, route.nodes[1] if route.hops else chip))


def _changes(q: Quantities) -> Iterator[Change]:
    for row, chips in zip(q.routing.changed_row, q.node("routing.changed_rows"), strict=True):
        yield Change(row, *(chip_name(q, int(chip)) for chip in chips))


@page.criterion
def table_format(built: Artefacts, q: Quantities) -> Verdict:
    """columns Source Coord, Dest Coord, Next Hop, Hops, Bandwidth are specified, with at least 5 computed rows; each
    row's next hop is a neighbour of its source and hops equal the engine's distance
    """
    text = built.markdown()
    table = text.table(*FORMAT)
    if table is None:
        return Verdict(False, " | ".join(FORMAT), "no table with these columns", text.name)
    wrong = next((" | ".join(row) for row in table.rows if not routes.row_holds(q, row)), "")
    seen = {(chip_index(q, row[0]), chip_index(q, row[1])) for row in table.rows}
    return Verdict(
        not wrong and len(seen) >= 5,
        "at least 5 rows, next hop a neighbour and one nearer, hops the distance",
        f"wrong: {wrong}" if wrong else f"{len(seen)} rows, all right",
        text.where(wrong[:20]) if wrong else f"{text.name}:{table.line}",
    )


@page.criterion
def three_patterns(built: Artefacts, q: Quantities) -> Verdict:
    """all-reduce, all-to-all and sparse lookup each have a worked example whose steps are real links"""
    text, verdicts = built.markdown(), []
    for name in ("All-reduce", "All-to-all"):
        steps = routes.steps(q, text.section(name))
        unreal = routes.no_links(q, steps)
        verdicts.append(
            Verdict(
                bool(steps) and not unreal,
                f"{name}: steps that are links",
                f"{len(unreal)} of {len(steps)} steps are no links" if unreal or not steps else f"{len(steps)} links",
                text.where(name),
            )
        )
    table = text.section("Sparse lookup").table(*LOOKUP)
    good = routes.lookups_right(q, table.rows if table else ())
    return all_of(
        *verdicts,
        Verdict(
            good == len(LOOKUPS),
            f"{len(LOOKUPS)} lookups whose first step is a link",
            f"{good} right",
            text.where("Sparse lookup"),
        ),
    )


@page.criterion
def full_table(built: Artefacts, q: Quantities) -> Verdict:
    """size and cost of the full table (every source x every destination) are stated; the full table is proven to
    terminate, to be minimal and to be free of deadlock (acyclic channel dependency, with the virtual channels it needs)
    """
    text, chips = built.markdown().section("The full table"), int(q.layout.active_chips)
    report, proof = q.node("routing.deadlock"), q.node("routing.verification")
    return all_of(
        checks.has(
            text,
            f"{chips * (chips - 1):,} entries",
            f"{from_si(chips * chips, 'MB'):,.2f} MB",
            f"{q.routing.virtual_channels.text} virtual channel",
            f"{q.routing.cyclic_channels.text} channels lie on a cycle",
        ),
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
def reconfiguration(built: Artefacts, q: Quantities) -> Verdict:
    """before and after rows, number of entries that change, update time (entries x time per entry) against the 1 ms
    target, and the mirror switching time of a real OCS beside it, so that a reader sees which part is below 1 ms
    """
    text, m = built.markdown().section("Reconfiguration"), q.machine
    table = text.table(*CHANGE)
    rows, right = (table.rows, routes.changes_right(q, table.rows)) if table else ((), 0)
    share = (int(m.chips) - 1) * m.table_entry_update.si
    word = "within" if share <= m.table_budget.si else "beyond"
    return all_of(
        Verdict(right == len(rows) >= 1, "rows before and after, as the tables say", f"{right} of {len(rows)} right"),
        checks.has(
            text,
            f"{q.routing.changed_entries.text} of the",
            f"{from_si(share, 'ms'):.3f} ms, {word} the {m.table_budget.text} ms",
            f"{m.mirror_switching.text} ms",
            f"{m.slice_reconfiguration.text} s",
        ),
    )


@page.criterion
def ocs_comparison(built: Artefacts, q: Quantities) -> Verdict:
    """a table against physical OCS switching: what moves, how long, what is interrupted, port counts"""
    text, wirings = built.markdown(), built.markdown().table("Wiring", "Switches")
    table = text.table(*SWITCH)
    questions = table.column("Question") if table else []
    wanted = ["What moves", "How long", "What is interrupted", "Ports"]
    ports = table.rows[questions.index("Ports")] if table and "Ports" in questions else ("", "", "")
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
def size(built: Artefacts, q: Quantities) -> Verdict:
    """5 to 7 kB"""
    return checks.size(built, page)


@page.review("Could an engineer implement the table from this text?")
def implementable(q: Quantities) -> Answer:
    """What a table needs, and whether the text says it."""
    return Answer(settled=q.routing.endless == q.routing.detours == q.routing.cyclic_channels == 0)


@page.review("Do the examples cover the main patterns?")
def patterns(q: Quantities) -> Answer:
    """One example for each pattern of training."""
    return Answer(settled=True)


@page.review("Is the reconfiguration believable? (which times are measured, cited, assumed)")
def believable(q: Quantities) -> Answer:
    """Which part is fast, and who says so."""
    return Answer(settled=True)
