"""What links and switch ports allow: port budget of a chip, time-shared links, and how many switches it takes.

A switch joins any of its ports with any other, one to one. With circulators one port carries both directions of a link
(jouppi2023, 2.1), so a link takes two ports, one at each of its ends.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from phextpaper.engine.checked import whole_number
from phextpaper.engine.networks.topology import Topology
from phextpaper.engine.wiring.blocks import checked_blocks
from phextpaper.errors import InputError


@dataclass(frozen=True)
class PortBudget:
    """A topology against the links that a chip has. `slots` is how often links would have to be shared in time."""

    spec: str
    needed: int
    available: int

    @property
    def fits(self) -> bool:
        """Each chip has a link for each of its neighbours."""
        return self.needed <= self.available

    @property
    def missing(self) -> int:
        """Links that each chip would need beyond those it has."""
        return max(0, self.needed - self.available)

    @property
    def slots(self) -> int:
        """Time slots in which the chip's links can serve all its neighbours once."""
        return -(-self.needed // self.available)


def port_budget(topology: Topology, links_per_chip: int) -> PortBudget:
    """Links that the topology needs at its busiest node, against those that a chip has.

    Raises `InputError` for a chip without links.

    >>> from phextpaper.engine.networks.topologies import Hypercube
    >>> port_budget(Hypercube(12), 6)
    PortBudget(spec='hypercube:12', needed=12, available=6)
    >>> port_budget(Hypercube(12), 6).slots
    2
    """
    return PortBudget(topology.spec, topology.degree, whole_number("links per chip", links_per_chip, 1, 10**6))


@dataclass(frozen=True)
class TimeShared:
    """Links shared in time: `slots` turns of `slot_s` seconds, each after `switching_s` seconds in which nothing moves.

    `duty` is the share of time that a switch carries data; `link_bandwidth_bytes_per_s` what each neighbour gets on
    average; `worst_wait_s` how long a message may wait for its slot to come.
    """

    slots: int
    duty: float
    link_bandwidth_bytes_per_s: float
    worst_wait_s: float


def time_shared(
    needed: int, available: int, *, bandwidth_bytes_per_s: float, slot_s: float, switching_s: float
) -> TimeShared:
    """What is left of `available` links that serve `needed` neighbours turn by turn.

    Where the links suffice nothing is switched and nothing is lost. All turns are equally long. Raises `InputError`
    unless links, bandwidth and slot are above 0, and for switching in less than no time.

    >>> time_shared(12, 6, bandwidth_bytes_per_s=50e9, slot_s=0.01, switching_s=0.01)
    TimeShared(slots=2, duty=0.5, link_bandwidth_bytes_per_s=12500000000.0, worst_wait_s=0.03)
    """
    if needed < 1 or available < 1 or not bandwidth_bytes_per_s > 0 or not slot_s > 0 or switching_s < 0:
        raise InputError("links, bandwidth and slot must be above 0, switching not below", where="time-shared links")
    slots = -(-needed // available)
    if slots == 1:
        return TimeShared(1, 1.0, bandwidth_bytes_per_s, 0.0)
    duty = slot_s / (slot_s + switching_s)
    return TimeShared(slots, duty, bandwidth_bytes_per_s * duty / slots, (slots - 1) * slot_s + slots * switching_s)


@dataclass(frozen=True)
class SwitchPlan:
    """Optical switches of a machine.

    `link_ends` end at switches and take a port each. `groups` are sets of ends that are to be joined freely among
    themselves; `ends_per_group` each. A group takes `switches_per_group` switches in `stages` stages, so a link crosses
    `stages` of them. `any_to_any` says whether all ends of a group can be joined freely, at most once each.
    """

    link_ends: int
    groups: int
    ends_per_group: int
    switches_per_group: int
    stages: int
    any_to_any: bool
    ports: int
    spare_ports: int

    @property
    def switches(self) -> int:
        """Switches in all."""
        return self.groups * self.switches_per_group

    @property
    def ports_used(self) -> int:
        """Ports in use on the fullest switch that links end at."""
        usable = self.ports - self.spare_ports
        return min(self.ends_per_group, usable - usable % 2)


def block_switches(shape: tuple[int, ...], block: tuple[int, ...], *, ports: int, spare_ports: int) -> SwitchPlan:
    """Switches where only the faces of blocks are optical: one group for each place on a face of each dimension.

    The lower and the upper end of a place meet in one group, so a group has two ends a block. Where they exceed a
    switch they are spread over several that do not reach each other, unless the blocks are few enough for one. Raises
    `InputError` for blocks that do not fill the shape, and for fewer than two ports.

    >>> plan = block_switches((16, 16, 16), (4, 4, 4), ports=136, spare_ports=8)
    >>> plan.switches, plan.ports_used, plan.any_to_any
    (48, 128, True)
    """
    lengths, sides = checked_blocks(shape, block)
    blocks = math.prod(lengths) // math.prod(sides)
    groups = sum(math.prod(sides) // side for side in sides)
    return _single_stage(groups, 2 * blocks, ports, spare_ports)


def chip_switches(
    chips: int, links_per_chip: int, *, ports: int, spare_ports: int, any_to_any: bool = True
) -> SwitchPlan:
    """Switches where every chip link ends at one: a group for each pair of opposite links of a chip.

    Upper ends are joined with lower ends of the same dimension, as on the blocks. With `any_to_any` a group is one Clos
    network (dally2004, chapter 6): leaves give half their ports to ends and half to the middle, which is built the same
    way; it can be rearranged to join any upper with any lower ends. Else a group is the least number of switches that
    have enough ports, and a chip can be joined only with those on its own switch. An odd link counts as a pair. Raises
    `InputError` for numbers that are none, and for a middle of fewer than 4 ports a switch.

    >>> tpu_v4 = {"ports": 136, "spare_ports": 8}
    >>> chip_switches(4096, 6, any_to_any=False, **tpu_v4).switches, chip_switches(4096, 6, **tpu_v4).switches
    (192, 576)
    """
    groups = -(-whole_number("links per chip", links_per_chip, 1, 10**6) // 2)
    ends = 2 * whole_number("chips", chips, 1, 10**9)
    single = _single_stage(groups, ends, ports, spare_ports)
    if single.any_to_any or not any_to_any:
        return single
    half = (ports - spare_ports) // 2
    if half < 2:
        raise InputError("a switch of the middle needs 4 ports or more", where="switch ports")
    switches, stages = _clos(chips, half)
    return SwitchPlan(groups * ends, groups, ends, switches, stages, True, ports, spare_ports)


def blocks_per_switch(*, ports: int, spare_ports: int = 0) -> int:
    """Blocks that one switch can join: two ports each."""
    return (ports - spare_ports) // 2


def _single_stage(groups: int, ends: int, ports: int, spare_ports: int) -> SwitchPlan:
    usable = whole_number("switch ports", ports, 2, 10**6) - whole_number("spare ports", spare_ports, 0, ports - 2)
    pairs = usable // 2
    switches = -(-(ends // 2) // pairs)
    return SwitchPlan(groups * ends, groups, ends, switches, 1, switches == 1, ports, spare_ports)


def _clos(pairs: int, half: int) -> tuple[int, int]:
    """Switches and stages that join `pairs` upper ends with as many lower ends, on switches of 2 * `half` ports."""
    if pairs <= half:
        return 1, 1
    leaves = -(-pairs // half)
    if leaves <= half:
        planes_per_switch = half // leaves  # a plane joins each upper leaf with one lower leaf
        return 2 * leaves + -(-half // planes_per_switch), 3
    plane, stages = _clos(leaves, half)
    return 2 * leaves + half * plane, stages + 2


@dataclass(frozen=True)
class Swap:
    """What it takes to put a spare in the place of some chips.

    `chips` leave their places, failed or not. `links` end at one of them or two; `optical_links` of them are made anew
    at switches, all at the same time.
    """

    chips: int
    links: int
    optical_links: int


def swap(topology: Topology, chips: ArrayLike, *, optical: ArrayLike | None = None) -> Swap:
    """Links that must be made anew if `chips` (n,) are replaced by as many others.

    `optical` (size, degree) tells which links end at a switch; by default all do. A wired link cannot be made anew, so
    a set of chips can be replaced only if no wire leads out of it: else `InputError`.

    >>> from phextpaper.engine.networks.topologies import Torus
    >>> swap(Torus((4, 4)), [5])
    Swap(chips=1, links=4, optical_links=4)
    """
    members = np.zeros(topology.size, dtype=bool)
    members[np.asarray(chips, dtype=np.intp)] = True
    neighbours = topology.neighbours()
    exists = neighbours >= 0
    movable = exists if optical is None else np.asarray(optical, dtype=bool) & exists
    within = exists & members[:, None] & members[neighbours]
    leaving = exists & members[:, None] & ~members[neighbours]
    if (leaving & ~movable).any():
        node = int(np.flatnonzero((leaving & ~movable).any(axis=1))[0])
        raise InputError(
            f"a wire of chip {node} leads out of the chips that are replaced",
            where=topology.spec,
            remedy="replace the whole block",
        )
    links = int(leaving.sum()) + int(within.sum()) // 2
    return Swap(int(members.sum()), links, int(leaving.sum()) + int((within & movable).sum()) // 2)


def optical_ports(topology: Topology, shape: tuple[int, ...], block: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which links end at a switch, (size, degree), on a machine of blocks with that topology: see `link_kinds`.

    Raises `InputError` where blocks do not fill the shape.
    """
    from phextpaper.engine.wiring.blocks import link_kinds

    neighbours = topology.neighbours()
    nodes, ports = np.nonzero(neighbours >= 0)
    result = np.zeros(neighbours.shape, dtype=bool)
    result[nodes, ports] = ~link_kinds(np.column_stack([nodes, neighbours[nodes, ports]]), shape, block).wired
    return result
