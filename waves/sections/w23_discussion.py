"""Wave 23: Section 12, what fixed names buy, what they cost, and what the plan got wrong."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities import flexibility, search

page = Wave(
    n=23,
    name="Discussion",
    phase=2,
    minutes=25,
    needs=(16, 17, 18, 19, 20, 21, 22),
    output=("sections/12-discussion.md",),
    words=(700, 1100),
)

BUY, COST, WRONG = (
    "12.1 What names buy",
    "12.2 What names cost, and what they do not buy",
    "12.3 What the plan got wrong",
)
TOLD = ("Claim", "Plan", "Computed", "Section")
DEMANDED = {
    "no hardware was built": "No hardware was built",
    "degree against links": "Degree decides distance",
    "mirror switching time": "Mirrors are slow",
    "model assumptions": "Assumptions carry weight",
}
CLAIMS = {
    "C75": ("mean hops of a square torus of all chips", "5"),
    "C73": ("mean hops of the torus over volume, book and chapter", "5"),
    "C80": ("groups in a batch", "4"),
    "C86": ("times fewer hops by grouping", "4"),
    "C68": ("days that the spares last at the level of confidence", "6"),
    "C63": ("ms until an address is back", "6"),
    "C92": ("times as fast communication of a GPT-3 step, best lattice over regular torus", "7"),
}


@dataclass(frozen=True)
class Told:
    """A row of the table of corrected claims."""

    what: str
    said: Quantity
    found: Quantity
    place: str


@dataclass(frozen=True)
class Context:
    """What `12-discussion.md` prints."""

    kinds: Quantity
    twisted_share: Quantity
    repair_entries: Quantity
    entries: Quantity
    repair_most: Quantity
    repair_joined: Quantity
    repair_touching: Quantity
    rack_chips: Quantity
    rack_sentence: str
    tree: Quantity
    batch: Quantity
    busiest_tree: Quantity
    busiest: Quantity
    found_chips: Quantity
    found_gain: Quantity
    found_single: Quantity
    found_channels: Quantity
    over_sentence: str
    links: Quantity
    moore: Quantity
    ceiling_hops: Quantity
    found_hops: Quantity
    degree_sentence: str
    twisted_ms: Quantity
    mirrors: Quantity
    slice_s: Quantity
    mirror_sentence: str
    per_chip: Quantity
    address_s: Quantity
    rollback: Quantity
    replica: Quantity
    learned_chips: Quantity
    spectral_rank: Quantity
    stress_rank: Quantity
    spectral_arrived: Quantity
    stress_arrived: Quantity
    hop: Quantity
    entry: Quantity
    detection: Quantity
    mtbf: Quantity
    measured_words: str
    flat_sentence: str
    most_missed: Quantity
    hottest: Quantity
    claims: Quantity
    reproduced: Quantity
    corrected: Quantity
    assumption: Quantity
    unverifiable: Quantity
    told: tuple[Told, ...]
    weigh_sentence: str


@page.context
def context(q) -> Context:
    """One number or two from each section, and the ledger's verdicts."""
    m, s, r, c, e, largest = q.machine, q.search, q.remapping.chip, q.claims, q.embedding, search.sizes(q)[-1]
    plain = q.batching
    return Context(
        kinds=q.ledger.kinds,
        twisted_share=q.reconfiguration.share.twisted,
        repair_entries=r.entries,
        entries=q.routing.entries,
        repair_most=r.most_entries,
        repair_joined=r.joined,
        repair_touching=r.touching,
        rack_chips=q.layout.chips_per_rack,
        rack_sentence=_rack(q),
        tree=plain.reduction.plain.tree2.mean,
        batch=m.batch,
        busiest_tree=plain.cost.plain.tree2.busiest,
        busiest=plain.cost.plain.unbatched.busiest,
        found_chips=s.chips[largest],
        found_gain=s.gain[largest],
        found_single=q.flexibility.single_gain,
        found_channels=q.found_graph.virtual_channels,
        over_sentence=_over(q),
        links=s.links,
        moore=s.moore[largest],
        ceiling_hops=q.search_limits.hops[largest],
        found_hops=s[largest].graph.mean_hops,
        degree_sentence=_degree(q),
        twisted_ms=q.reconfiguration.chip_ms.twisted,
        mirrors=m.mirror_switching,
        slice_s=m.slice_reconfiguration,
        mirror_sentence=_mirrors(q),
        per_chip=q.routing.entries_per_chip,
        address_s=q.recovery.address.mean,
        rollback=q.recovery.goodput.daly.in_use,
        replica=q.recovery.goodput.replica.in_use,
        learned_chips=e.chips.twisted,
        spectral_rank=e.twisted.spectral.rank_correlation,
        stress_rank=e.twisted.stress.rank_correlation,
        spectral_arrived=e.twisted.spectral.arrived,
        stress_arrived=e.twisted.stress.arrived,
        hop=m.hop_latency,
        entry=m.table_entry_update,
        detection=q.recovery.address.detection,
        mtbf=q.faults.mtbf_days,
        measured_words=choose(
            all(
                one.kind == "assumed"
                for one in (m.hop_latency, m.table_entry_update, m.health_check_period, m.failure_rate)
            ),
            "None of these",
            "Not each of these",
        ),
        flat_sentence=_flat(q),
        most_missed=max(q.step_time.missed.bert_half, q.step_time.missed.resnet, key=lambda one: one.value),
        hottest=q.sparse.hottest_share,
        claims=c.total,
        reproduced=c.reproduced,
        corrected=c.corrected,
        assumption=c.assumption,
        unverifiable=c.unverifiable,
        told=tuple(_told(q)),
        weigh_sentence=_weigh(q),
    )


def _over(q) -> str:
    over = q.flexibility.over_published
    high = over.n4x4x8 > 0 and over.n4x8x8 > 0
    return "the ideal gain of a twist is " + choose(
        high,
        f"{over.n4x4x8.with_unit} and {over.n4x8x8.with_unit} too high",
        f"off by {over.n4x4x8.with_unit} and {over.n4x8x8.with_unit}",
    )


def _rack(q) -> str:
    rack = q.remapping.rack
    return choose(
        rack.unserved == 0,
        f"a spare volume can replace it by a change of one part of each name: {rack.moved} chips move, {rack.joined} pairs stay joined.",
        f"the spares cannot replace all of it: {rack.unserved} chips stay without a place.",
    )


def _flat(q) -> str:
    """What one message to each owner does, where it does better than the tree."""
    plain = q.batching.reduction.plain
    return choose(
        plain.by_chip.mean > plain.tree2.mean,
        f"One message to each owner takes {plain.by_chip.mean} times fewer, with no hierarchy.",
        "",
    )


def _degree(q) -> str:
    if not flexibility.own(q):
        return "A hypercube needs more links a chip."
    if "hypercube" not in q.keys("topologies"):
        return "No hypercube has that many chips."
    cube = q.topologies.hypercube
    return choose(
        cube.links_per_chip > q.search.links,
        f"A hypercube would have {cube.mean_hops}, but needs {cube.links_per_chip} links a chip.",
        f"A hypercube has {cube.mean_hops}.",
    )


def _mirrors(q) -> str:
    m = q.machine
    slower = m.mirror_switching.value > q.reconfiguration.chip_ms.twisted.value
    return choose(
        slower and m.slice_reconfiguration * 1e3 > m.mirror_switching,
        "So names make the smallest of the three terms visible, and leave the others as they are.",
        "So the table is not the smallest of the three terms here.",
    )


def _told(q):
    for id, (what, place) in CLAIMS.items():
        yield Told(what, q.claims.said[id], q.claims.found[id], f"Section {place}")


def _weigh(q) -> str:
    share, largest = q.reconfiguration.share.twisted, search.sizes(q)[-1]
    return (
        f"The costs are known beforehand: one byte for each of {q.routing.entries_per_chip} entries a chip, a table to prove sound, and a list of {share.with_unit} of the entries for a twist. "
        + compare(
            q.search.gain[largest],
            1.0,
            "What a searched topology loses has to be set against them.",
            "A searched topology gives nothing to set against them.",
            f"With such tables a searched graph of {q.search.chips[largest]} chips carries {q.flexibility.single_gain} times the all-to-all traffic of the best drawn torus. "
            f"With split routes it is {q.search.gain[largest]} times, but their entries are larger, and their deadlocks were not examined.",
        )
    )


@page.criterion
def advantages(built, q) -> Verdict:
    """five advantages, each with the number that supports it and the section it comes from"""
    items, wrong = _items(built, BUY), []
    for line, last, title in items:
        text = " ".join(built.markdown().text.splitlines()[line - 1 : last])
        numbers = {place.id for place in built.printed(page.output[0]) if line <= place.line <= last}
        wrong += (
            []
            if re.search(r"Section \d", title) or re.search(r"\(Section \d", text)
            else [f"{title!r} names no section"]
        )
        wrong += [] if numbers else [f"{title!r} has no number"]
    return Verdict(
        len(items) == 5 and not wrong,
        "5 advantages with number and section",
        "; ".join(wrong) or f"{len(items)} with both",
        built.markdown().name,
    )


@page.criterion
def limits(built, q) -> Verdict:
    """at least five limitations, among them: no hardware was built, degree against links, mirror switching time, model assumptions, corrected claims of the plan"""
    items = _items(built, COST)
    titles = " / ".join(title for _, _, title in items)
    missing = [demand for demand, words in DEMANDED.items() if words not in titles]
    wrong = built.markdown().section(WRONG)
    told = wrong.table(*TOLD)
    return all_of(
        Verdict(
            len(items) >= 5 and not missing,
            "at least 5 limitations, with those that are demanded",
            f"{len(items)}; missing: {', '.join(missing) or 'none'}",
            built.markdown().name,
        ),
        Verdict(
            bool(told and told.rows),
            "corrected claims of the plan in a table",
            f"{len(told.rows) if told else 0} rows",
            built.markdown().name,
        ),
    )


@page.criterion
def corrections(built, q) -> Verdict:
    """a summary of the claims ledger: how many claims of the plan were reproduced, corrected, depend on an assumption"""
    ledger = q.node("claims.ledger")
    counts = {
        verdict: sum(claim["verdict"] == verdict for claim in ledger)
        for verdict in ("reproduced", "corrected", "assumption", "unverifiable")
    }
    wanted = (
        f"Of these, {counts['reproduced']} are reproduced, {counts['corrected']} are corrected, {counts['assumption']} depend on an assumption, "
        f"and {counts['unverifiable']} cannot be checked"
    )
    text = " ".join(built.markdown().section(WRONG).text.split())
    return Verdict(
        wanted in text,
        wanted,
        "it stands there" if wanted in text else "another summary",
        built.markdown().where("Of these"),
    )


@page.criterion
def length(built, q) -> Verdict:
    """700 to 1100 words"""
    return checks.length(built, page)


def _items(built, title: str) -> list[tuple[int, int, str]]:
    """The numbered items of a part: first and last line in the artefact, and the words in bold."""
    lines, found, inside = built.markdown().text.splitlines(), [], False
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            inside = line == f"## {title}"
        elif inside and (match := re.match(r"\d+\. \*\*([^*]+)\*\*", line)):
            found.append((number, number, match[1]))
        elif inside and found and line.startswith("   "):
            found[-1] = (found[-1][0], number, found[-1][2])
    return found
