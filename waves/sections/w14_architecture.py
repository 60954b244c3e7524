"""Wave 14: Section 3, the machine on paper: layout, mapping, switches, bandwidth and latency."""

import re
from dataclasses import dataclass

from phextpaper.engine.wiring.ports import block_switches
from phextpaper.press.checks import shared_checks as checks
from phextpaper.press.documents.artefacts import Artefacts
from phextpaper.press.evaluation import Quantities
from phextpaper.press.wave import Verdict, Wave, all_of
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
PARAMETERS = (
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
"""What makes the chips and switches of this machine those of TPU v4."""


@dataclass(frozen=True)
class Context:
    """What `03-architecture.md` needs besides numbers by their ids."""

    planned_parts: bool
    """Whether chips and switches are those of TPU v4, which the plan takes."""


@page.context
def context(q: Quantities) -> Context:
    """Whose chips and switches these are."""
    return Context(planned_parts=as_planned(q, *PARAMETERS))


@page.criterion
def subsections(built: Artefacts, q: Quantities) -> Verdict:
    """3.1 overview, 3.2 coordinate layout, 3.3 physical to logical mapping, 3.4 OCS as coordinate router, 3.5
    bandwidth and latency
    """
    seen = tuple(heading.text for heading in built.markdown().headings if heading.level == 2)
    return Verdict(seen == PARTS, "; ".join(PARTS), "; ".join(seen), page.output[0])


@page.criterion
def ocs_count(built: Artefacts, q: Quantities) -> Verdict:
    """the number and size of the OCSes is derived (links per face x faces / 2), and agrees with the
    published 48 of 136 ports
    """
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
def figure(built: Artefacts, q: Quantities) -> Verdict:
    """Figure 1 is referenced"""
    return checks.has(built.markdown(), "Figure 1")


@page.criterion
def length(built: Artefacts, q: Quantities) -> Verdict:
    """1000 to 1500 words"""
    return checks.length(built, page)
