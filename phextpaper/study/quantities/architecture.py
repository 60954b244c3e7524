"""The machine as a whole: blocks and the switches between them, what a name costs, bandwidth and latency."""

from math import ceil, log2, prod

from phextpaper.engine.networks.cuts import torus_bisection
from phextpaper.engine.wiring import ports
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import number
from phextpaper.press.units import to_si

DIMENSIONS = 3


def filled(q: Quantities) -> bool:
    """Whether whole blocks fill the machine."""
    return q.node("layout.machine").block_grid is not None


@number("architecture.dimensions", "dimensions")
def dimensions(q: Quantities) -> int:
    """Dimensions of the box of active chips, and so pairs of opposite faces of a block."""
    return DIMENSIONS


@number("architecture.faces", "faces", formula="2 x dimensions")
def faces(q: Quantities) -> int:
    """Faces of a block."""
    return 2 * q.architecture.dimensions


@number("architecture.links_per_face", "links", formula="block edge ^ 2")
def links_per_face(q: Quantities) -> int:
    """Links that leave a block through one of its faces."""
    return q.machine.block_edge**2


@number("architecture.chips_per_block", "chips", formula="block edge ^ 3")
def chips_per_block(q: Quantities) -> int:
    """Chips of a block."""
    return q.machine.block_edge**DIMENSIONS


@number("architecture.blocks", "blocks", formula="active chips / chips of a block")
def blocks(q: Quantities) -> int:
    """Whole blocks among the active chips; none where blocks do not fill the machine."""
    return prod(q.node("layout.machine").block_grid) if filled(q) else 0


@number("architecture.groups", "groups", formula="links per face x faces / 2")
def groups(q: Quantities) -> float:
    """Sets of link ends that have to meet: one for each place on a face, as opposite faces share a switch."""
    return q.architecture.links_per_face * q.architecture.faces / 2


@number("architecture.ends_per_group", "ports", formula="2 x blocks")
def ends_per_group(q: Quantities) -> int:
    """Ports that one such set takes: an upper and a lower end for each block."""
    return 2 * q.architecture.blocks


@number(
    "architecture.switches_per_group",
    "switches",
    by=ports.block_switches,
    formula="ports of a group / usable ports of a switch, rounded up",
)
def switches_per_group(q: Quantities) -> int:
    """Switches for one such set."""
    plan = q.node("routing.switches")["faces"]
    return plan.switches_per_group if plan else 0


@number("architecture.usable_ports", "ports", formula="ports - spare ports")
def usable_ports(q: Quantities) -> int:
    """Ports of a switch that carry links."""
    return q.machine.switch_ports - q.machine.switch_spare_ports


@number("architecture.published_switches", "switches", formula="published links per face x faces / 2")
def published_switches(q: Quantities) -> float:
    """Switches of TPU v4, derived from its published links per face by the same rule."""
    return q.facts.tpu_v4_system.links_per_block_face * q.architecture.faces / 2


@number("architecture.published_ports", "ports", formula="2 x published blocks")
def published_ports(q: Quantities) -> int:
    """Ports of each switch of TPU v4 that links take, by the same rule."""
    return 2 * q.facts.tpu_v4_system.blocks


@number("architecture.name_bits", "bits", formula="sum over volume, book, chapter of log2 of the size, rounded up")
def name_bits(q: Quantities) -> int:
    """Bits that hold the coordinate of any chip, spares included, a field for each part."""
    m = q.machine
    return sum(ceil(log2(size)) if size > 1 else 0 for size in (int(q.layout.racks), int(m.books), int(m.chapters)))


@number("architecture.index_bits", "bits", formula="log2 of all chips, rounded up")
def index_bits(q: Quantities) -> int:
    """Bits of a plain number that tells all chips apart."""
    return ceil(log2(int(q.layout.total_chips)))


@number("architecture.share_of_memory", "ppm", ".2g", formula="a chip's share of the table / memory of a chip")
def share_of_memory(q: Quantities) -> float:
    """Share of a chip's memory that its part of the routing table takes, in millionths."""
    return q.routing.share_kilobytes.si / q.machine.chip_memory.si


@number("architecture.bisection_bandwidth", "TB/s", 1, by=torus_bisection, formula="bisection links x link bandwidth")
def bisection_bandwidth(q: Quantities) -> float:
    """Bandwidth in each direction through the cut of the 3D torus into halves."""
    return torus_bisection(q.node("topologies.torus_3d.graph").shape).upper_bound * q.machine.link_bandwidth.si


@number(
    "architecture.published_shape_bandwidth",
    "TB/s",
    1,
    by=torus_bisection,
    formula="published bisection links x published link bandwidth",
)
def published_shape_bandwidth(q: Quantities) -> float:
    """The same for the full torus of TPU v4."""
    shape = tuple(
        int(q.facts.tpu_v4_system.torus_shape_full[key]) for key in q.keys("facts.tpu_v4_system.torus_shape_full")
    )
    return torus_bisection(shape).upper_bound * to_si(q.facts.tpu_v4_system.ici_bandwidth_per_link.value, "GB/s")


@number("architecture.chip_bandwidth", "GB/s", formula="links per chip x link bandwidth")
def chip_bandwidth(q: Quantities) -> float:
    """Bandwidth of all links of a chip together, in each direction."""
    return q.machine.links_per_chip * q.machine.link_bandwidth.si


@number("architecture.exchange_bandwidth", "GB/s", 1, formula="all-to-all throughput x link bandwidth")
def exchange_bandwidth(q: Quantities) -> float:
    """What each chip can send under uniform all-to-all on the 3D torus, with loads spread evenly over shortest
    paths.
    """
    return q.patterns.all_to_all.torus_3d.throughput * q.machine.link_bandwidth.si


@number("architecture.exchange_share", "%", 1, formula="all-to-all bandwidth / bandwidth of all links of a chip")
def exchange_share(q: Quantities) -> float:
    """Share of its links' bandwidth that a chip reaches under uniform all-to-all."""
    return q.architecture.exchange_bandwidth / q.architecture.chip_bandwidth


@number("architecture.mean_latency", "µs", 2, formula="mean hops x hop latency")
def mean_latency(q: Quantities) -> float:
    """Time until the first byte of a message arrives, in the mean over all pairs of the 3D torus."""
    return q.topologies.torus_3d.mean_hops * q.machine.hop_latency.si


@number("architecture.worst_latency", "µs", 2, formula="diameter x hop latency")
def worst_latency(q: Quantities) -> float:
    """The same between the chips that are farthest apart."""
    return q.topologies.torus_3d.diameter * q.machine.hop_latency.si


@number("architecture.crossover", "kB", 0, formula="mean latency x link bandwidth")
def crossover(q: Quantities) -> float:
    """Message size at which sending takes as long as the way of the first byte, in the mean; larger messages wait for
    bandwidth.
    """
    return q.architecture.mean_latency.si * q.machine.link_bandwidth.si
