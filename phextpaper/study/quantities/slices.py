"""Goodput of slices on TPU v4's blocks while hosts are down, with reconfiguration and without."""

from phextpaper.engine.faults import slices
from phextpaper.engine.faults.slices import BlockMachine
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si

SIZES = {"n1024": 1024, "n2048": 2048, "n3072": 3072}
HOSTS = {"h99_0": 0.99, "h99_5": 0.995, "h99_9": 0.999}
PUBLISHED = {"n1024": "goodput_1024_at_99_0", "n2048": "goodput_2048", "n3072": "goodput_3072"}
MODELS = ("with", "without")
READINGS = ("expected", "likely", "guaranteed")
LEVEL = 0.9


@node("slices.blocks")
def blocks(q: Quantities) -> BlockMachine:
    """TPU v4's blocks and hosts (jouppi2023)."""
    system = q.facts.tpu_v4_system
    edge = system.block_shape.item_1
    grid = tuple(
        int(side // edge)
        for side in (system.torus_shape_full.item_1, system.torus_shape_full.item_2, system.torus_shape_full.item_3)
    )
    return BlockMachine(grid, int(system.cpu_hosts_per_rack), int(system.chips_per_cpu_host))


@number("slices.chips.{}", "chips", each=SIZES, kind="assumed")
def chips(q: Quantities, size: str) -> int:
    """Chips of a slice of which a goodput was published."""
    return SIZES[size]


@number("slices.host.{}", "%", 1, each=HOSTS, kind="assumed")
def host(q: Quantities, hosts: str) -> float:
    """Share of time that a host is up."""
    return HOSTS[hosts]


@number("slices.level", "%", kind="assumed")
def level(q: Quantities) -> float:
    """Probability with which a goodput counts as guaranteed."""
    return LEVEL


@number(
    "slices.block_up.{}",
    "%",
    1,
    each=HOSTS,
    by=BlockMachine.block_availability,
    formula="host availability to the power of hosts in a block",
)
def block_up(q: Quantities, hosts: str) -> float:
    """Share of time that all hosts of a block are up."""
    return q.node("slices.blocks").block_availability(HOSTS[hosts])


@node("slices.found.{}.{}.{}", each=((tuple(SIZES), tuple(HOSTS), MODELS),))
def found(q: Quantities, size: str, hosts: str, model: str) -> slices.SliceGoodput:
    """The distribution of the goodput."""
    work = slices.with_reconfiguration if model == "with" else slices.without_reconfiguration
    return work(q.node("slices.blocks"), SIZES[size], HOSTS[hosts])


@number(
    "slices.{}.{}.{}.{}",
    "%",
    ".3g",
    each=((tuple(SIZES), tuple(HOSTS), MODELS, READINGS),),
    by=slices.with_reconfiguration,
)
def share(q: Quantities, size: str, hosts: str, model: str, reading: str) -> float:
    """Chips in whole slices, expected, most likely, and guaranteed at the level; without reconfiguration in boxes fixed
    in advance.
    """
    result = q.node(f"slices.found.{size}.{hosts}.{model}")
    return {"expected": result.expected, "likely": result.most_likely, "guaranteed": result.guaranteed(LEVEL)}[reading]


@number("slices.published.{}", "%", each=SIZES, kind="cited")
def published(q: Quantities, size: str) -> float:
    """Goodput with reconfiguration as published (jouppi2023, Fig. 4)."""
    return q.facts.tpu_v4_goodput[PUBLISHED[size]].si


@node("slices.reproduced")
def reproduced(q: Quantities) -> dict[str, tuple[bool, ...]]:
    """For each reading of "the goodput" whether it gives each published value at the published host availabilities."""
    fair = q.facts.tpu_v4_goodput.with_ocs_fair_goodput_at
    at = (to_si(fair.low.value, "%"), to_si(fair.high.value, "%"))
    values = tuple(slices.Published(SIZES[size], at, q.slices.published[size].si) for size in SIZES)
    return slices.reproduced(values, q.node("slices.blocks"))


@number("slices.readings_that_fit", "readings", by=slices.reproduced)
def readings_that_fit(q: Quantities) -> int:
    """Readings of the goodput that give every published value."""
    return sum(all(fits) for fits in q.node("slices.reproduced").values())


@number("slices.readings", "readings", by=slices.reproduced)
def readings(q: Quantities) -> int:
    """Readings of the goodput that were tried: expected, most likely, guaranteed at several levels."""
    return len(q.node("slices.reproduced"))


@number("slices.fits.{}", "", each=READINGS, by=slices.reproduced)
def fits(q: Quantities, reading: str) -> bool:
    """Whether a reading gives every published value."""
    name = {"expected": "expected", "likely": "most likely", "guaranteed": f"guaranteed at {LEVEL:g}"}[reading]
    return all(q.node("slices.reproduced")[name])
