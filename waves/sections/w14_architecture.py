"""Wave 14: Section 3, the machine on paper: layout, mapping, switches, bandwidth and latency."""

import re
from dataclasses import dataclass

from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.quantity import Quantity, choose, compare
from phextpaper.press.wave import Verdict, Wave, all_of
from phextpaper.study.quantities.architecture import filled
from phextpaper.study.quantities.claims import as_planned

page = Wave(
    n=14,
    name="Architecture",
    phase=2,
    minutes=30,
    needs=(3, 4, 13),
    output=("sections/03-architecture.md",),
    words=(1000, 1500),
)

PARTS = (
    "3.1 Overview",
    "3.2 Coordinate layout",
    "3.3 Physical to logical mapping",
    "3.4 OCS as coordinate router",
    "3.5 Bandwidth and latency",
)
BANDWIDTHS = {"assumed": "links times an assumed rate", "cited": "links times a cited rate"}
KINDS = {"assumed": "computed from an assumption", "cited": "computed"}


@dataclass(frozen=True)
class Figure:
    """A row of the table of bandwidths and latencies."""

    name: str
    value: Quantity
    kind: str


@dataclass(frozen=True)
class Context:
    """What `03-architecture.md` prints."""

    active: Quantity
    links: Quantity
    chips_per_host: Quantity
    block_edge: Quantity
    volumes: Quantity
    books: Quantity
    chapters: Quantity
    spare_sentence: str
    total: Quantity
    addresses: Quantity
    shape_sentence: str
    part_maximum: Quantity
    name_bits: Quantity
    index_bits: Quantity
    bits_words: str
    per_rack: Quantity
    rack_share: Quantity
    entries: Quantity
    per_chip: Quantity
    share: Quantity
    share_of_memory: Quantity
    channel_sentence: str
    volumes_per_block: Quantity
    rack_sentence: str
    faces: Quantity
    links_per_face: Quantity
    groups: Quantity
    ports_sentence: str
    published_per_face: Quantity
    published_derived: Quantity
    published_ports_derived: Quantity
    published_count: Quantity
    published_size: Quantity
    published_used: Quantity
    published_spare: Quantity
    agreement_sentence: str
    inside_words: str
    figures: tuple[Figure, ...]
    mean_hops: Quantity
    exchange_share: Quantity
    published_shape: Quantity
    documented: Quantity
    hop_latency: Quantity
    parts_words: str
    hop_words: str
    crossover: Quantity


@page.context
def context(q) -> Context:
    """The layout, the rule that counts switches, and the figures that names do not change."""
    m, a, published, torus = q.machine, q.architecture, q.facts.tpu_v4_system, q.topologies.torus_3d
    return Context(
        active=q.layout.active_chips,
        links=m.links_per_chip,
        chips_per_host=m.chips_per_host,
        block_edge=m.block_edge,
        volumes=m.volumes,
        books=m.books,
        chapters=m.chapters,
        spare_sentence=_spares(q),
        total=q.layout.total_chips,
        addresses=q.layout.link_addresses,
        shape_sentence=choose(
            m.volumes == m.books == m.chapters,
            "Equal sizes keep the 3D torus symmetric in its dimensions.",
            "The sizes differ, so the 3D torus is longer in some dimensions than in others, and its loads are uneven.",
        ),
        part_maximum=q.scaling.part_maximum,
        name_bits=a.name_bits,
        index_bits=a.index_bits,
        bits_words=choose(
            a.name_bits == a.index_bits,
            "the structure of the name costs nothing",
            "the difference is what the structure of the name costs",
        ),
        per_rack=q.layout.chips_per_rack,
        rack_share=q.layout.rack_share,
        entries=q.routing.entries,
        per_chip=q.routing.entries_per_chip,
        share=q.routing.share_kilobytes,
        share_of_memory=a.share_of_memory,
        channel_sentence=f"for dimension-order routes on the 3D torus, {q.routing.virtual_channels} virtual channels a link are enough",
        volumes_per_block=q.layout.volumes_per_block,
        rack_sentence=_rack(q),
        faces=a.faces,
        links_per_face=a.links_per_face,
        groups=a.groups,
        ports_sentence=_ports(q),
        published_per_face=published.links_per_block_face,
        published_derived=a.published_switches,
        published_ports_derived=a.published_ports,
        published_count=published.ocs_count,
        published_size=published.ocs_size.low,
        published_used=published.ocs_ports_used,
        published_spare=published.ocs_spare_ports,
        agreement_sentence=choose(
            a.published_switches == published.ocs_count and a.published_ports == published.ocs_ports_used,
            "The two agree.",
            "The two do not agree, so the rule misses something.",
        ),
        inside_words=_inside(q),
        figures=tuple(_figures(q)),
        mean_hops=torus.mean_hops,
        exchange_share=a.exchange_share,
        published_shape=a.published_shape_bandwidth,
        documented=published.cloud_docs_bisection_bw,
        hop_latency=m.hop_latency,
        parts_words=_parts(q),
        hop_words=choose(
            m.hop_latency.kind == "assumed", ", an assumption for which we know no source", f" [@{m.hop_latency.key}]"
        ),
        crossover=a.crossover,
    )


def _spares(q) -> str:
    m = q.machine
    if m.spare_volumes == 0:
        return "This machine has no spare volume."
    named = choose(
        m.spare_volumes == 1,
        f"Volume {q.layout.last_volume} holds",
        f"Volumes {q.layout.first_spare_volume} to {q.layout.last_volume} hold",
    )
    return f"{named} {q.layout.spare_chips.with_unit} that wait as spares."


def _rack(q) -> str:
    published, own = q.facts.tpu_v4_system.chips_per_block, q.layout.chips_per_rack
    return compare(
        own,
        published,
        f"TPU v4 has {published} chips in a rack, a whole block, which is more than a volume holds here.",
        f"TPU v4 has {published} chips in a rack as well, but they are one whole block there.",
        f"In TPU v4 the two coincide: a rack holds one block of {published} chips [@jouppi2023].",
    )


def _ports(q) -> str:
    a, m = q.architecture, q.machine
    if not filled(q):
        return "Whole blocks do not fill this machine, so the rule has no use here, and every link would have to end at a switch."
    start = f"With {a.blocks.with_unit}, such a set has {a.ends_per_group.with_unit}, two ends a block. "
    switches = q.routing.switch.faces.count
    return start + choose(
        a.switches_per_group == 1,
        f"A switch has {m.switch_ports.with_unit}, of which {a.usable_ports} may carry links, so one is enough and the machine needs {switches.with_unit}.",
        f"A switch has {m.switch_ports.with_unit}, of which {a.usable_ports} may carry links, so a set takes {a.switches_per_group.with_unit} and the "
        f"machine {switches}. Blocks on different switches of a set cannot be joined directly.",
    )


def _inside(q) -> str:
    count = q.reconfiguration.impossible.torus_2d
    return choose(
        count > 0,
        f"the 2D torus, for one, would need {count.with_unit} that no mirror can make (Section 5).",
        "Section 5 says which topologies need other links than these.",
    )


def _figures(q):
    m, a, torus = q.machine, q.architecture, q.topologies.torus_3d
    yield Figure(
        "Bandwidth of all links of a chip, each direction", a.chip_bandwidth, BANDWIDTHS[m.link_bandwidth.kind]
    )
    yield Figure("Bisection bandwidth, each direction", a.bisection_bandwidth, KINDS[m.link_bandwidth.kind])
    yield Figure("Diameter", torus.diameter, "computed")
    yield Figure("All-to-all bandwidth of a chip", a.exchange_bandwidth, KINDS[m.link_bandwidth.kind])
    yield Figure("Latency of the first byte, mean", a.mean_latency, KINDS[m.hop_latency.kind])
    yield Figure("Latency of the first byte, worst", a.worst_latency, KINDS[m.hop_latency.kind])
    yield Figure("Turn of a mirror", m.mirror_switching, q.reconfiguration.mirror_kind)
    yield Figure("New topology of a slice, software included", m.slice_reconfiguration, m.slice_reconfiguration.kind)


def _parts(q) -> str:
    alike = as_planned(
        q,
        "links_per_chip",
        "link_bandwidth",
        "chip_peak",
        "chip_memory",
        "chip_memory_bandwidth",
        "switch_ports",
        "switch_spare_ports",
        "block_edge",
        "chips_per_host",
    )
    return choose(alike, "the chips and switches of TPU v4", "chips and switches of the kinds that TPU v4 has")


@page.criterion
def subsections(built, q) -> Verdict:
    """3.1 overview, 3.2 coordinate layout, 3.3 physical to logical mapping, 3.4 OCS as coordinate router, 3.5 bandwidth and latency"""
    seen = tuple(heading.text for heading in built.markdown().headings if heading.level == 2)
    return Verdict(seen == PARTS, "; ".join(PARTS), "; ".join(seen), page.output[0])


@page.criterion
def ocs_count(built, q) -> Verdict:
    """the number and size of the OCSes is derived (links per face x faces / 2), and agrees with the published 48 of 136 ports"""
    from phextpaper.engine.wiring.ports import block_switches

    text, published = built.markdown().section(PARTS[3]), q.facts.tpu_v4_system
    found = re.search(r"gives half of (\d+) x (\d+), which is (\d+) switches, with (\d+) ports in use", text.prose)
    plan = block_switches((16, 16, 16), (4, 4, 4), ports=136, spare_ports=8)
    numbers = [int(part) for part in found.groups()] if found else []
    right = (
        bool(numbers) and numbers[0] * numbers[1] == 2 * numbers[2] and numbers[2:] == [plan.switches, plan.ports_used]
    )
    agrees = right and numbers[2] == int(published.ocs_count) and numbers[3] == int(published.ocs_ports_used)
    return all_of(
        Verdict(
            right,
            "links per face x faces / 2, as the engine counts switches and ports",
            f"{numbers}",
            built.markdown().where("The same rule"),
        ),
        Verdict(
            agrees, f"the published {published.ocs_count.text} of {published.ocs_size.low.text} ports", f"{numbers[2:]}"
        ),
        checks.has(text, f"{published.ocs_count.text} switches of {published.ocs_size.low.text} ports"),
    )


@page.criterion
def figure(built, q) -> Verdict:
    """Figure 1 is referenced"""
    return checks.has(built.markdown(), "Figure 1")


@page.criterion
def length(built, q) -> Verdict:
    """1000 to 1500 words"""
    return checks.length(built, page)
