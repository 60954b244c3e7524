"""Goodput of slices: the share of a machine's chips that work in whole slices while hosts are down.

Hosts are up independently with one probability. A slice larger than a block takes whole blocks, and a block is up when
all its hosts are. With reconfiguration (optical switches between the blocks) any healthy blocks make a slice. Without
it a slice is a contiguous box of blocks, placed by one of two rules:

- *fixed*: the machine is cut in advance into as many equal boxes as fit side by side, all turned alike, and a slice
  runs in a box whose blocks are all up;
- *sliding*: slices of whole planes of blocks go wherever enough neighbouring planes are up, around the ring of the
  last dimension too; as many as fit.

A slice smaller than a block lies inside one, in a fixed box of hosts, so reconfiguration changes nothing for it.
Goodput counts chips, from 0 to 1, and all slices are of one size (jouppi2023).
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from phextpaper.engine.arrays import FloatArray
from phextpaper.engine.checked import share, whole_number
from phextpaper.errors import InputError

PLACEMENTS = ("fixed", "sliding")
LEVELS = (0.5, 0.9, 0.95, 0.99, 0.999)
"""Probabilities at which a goodput is guaranteed."""
_MOST_PLANES = 20


@dataclass(frozen=True)
class BlockMachine:
    """Blocks in a grid, and a block's hosts: TPU v4 is `BlockMachine((4, 4, 4), 16, 4)` (jouppi2023).

    Raises `InputError` for numbers outside 1 to 4096.
    """

    grid: tuple[int, ...]
    hosts_per_block: int
    chips_per_host: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", tuple(whole_number("grid", length, 1, 4096) for length in self.grid))
        whole_number("hosts_per_block", self.hosts_per_block, 1, 4096)
        whole_number("chips_per_host", self.chips_per_host, 1, 4096)

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return math.prod(self.grid)

    @property
    def chips_per_block(self) -> int:
        """Chips of a block."""
        return self.hosts_per_block * self.chips_per_host

    @property
    def chips(self) -> int:
        """Chips of the machine."""
        return self.blocks * self.chips_per_block

    def block_availability(self, host_availability: float) -> float:
        """Return the probability that all hosts of a block are up. Raises `InputError` for no share."""
        return share("host_availability", host_availability) ** self.hosts_per_block

    def boxes(self, blocks: int) -> int:
        """Return how many contiguous boxes of so many blocks fit side by side in the grid, all turned alike."""
        ranges = [range(1, length + 1) for length in self.grid]
        return max(
            (
                math.prod(length // side for length, side in zip(self.grid, box, strict=True))
                for box in itertools.product(*ranges)
                if math.prod(box) == blocks
            ),
            default=0,
        )


@dataclass(frozen=True, eq=False)
class SliceGoodput:
    """The goodput of one slice size: `probabilities[n]` is that of just n slices, each `slice_share` of the machine.

    `probabilities` has shape (most slices + 1,); goodputs are shares of the machine's chips, from 0 to 1.
    """

    probabilities: FloatArray
    slice_share: float

    @property
    def expected(self) -> float:
        """Mean goodput, from 0 to 1."""
        return float(self.probabilities @ np.arange(len(self.probabilities))) * self.slice_share

    @property
    def most_likely(self) -> float:
        """The goodput of the most likely number of slices, from 0 to 1."""
        return int(self.probabilities.argmax()) * self.slice_share

    def guaranteed(self, level: float) -> float:
        """Return the largest goodput, from 0 to 1, that is there with at least this probability.

        Raises `InputError` for a level outside 0 to 1.
        """
        at_least = self.probabilities[::-1].cumsum()[::-1]
        return int(np.flatnonzero(at_least[1:] >= share("level", level) - 1e-12).size) * self.slice_share


def with_reconfiguration(machine: BlockMachine, slice_chips: int, host_availability: float) -> SliceGoodput:
    """Return the goodput when any healthy blocks make a slice: as many whole slices as there are blocks for.

    Raises `InputError` for slices that neither fill blocks nor divide one, and for an availability outside 0 to 1.

    >>> published = with_reconfiguration(BlockMachine((4, 4, 4), 16, 4), 1024, 0.99)
    >>> published.most_likely, round(published.expected, 3)
    (0.75, 0.747)
    """
    if slice_chips < machine.chips_per_block:
        return _inside_blocks(machine, slice_chips, host_availability)
    blocks = _blocks_of(machine, slice_chips)
    up = _binomial(machine.blocks, machine.block_availability(host_availability))
    slices = np.arange(machine.blocks + 1) // blocks
    return SliceGoodput(np.bincount(slices, weights=up).astype(np.float64, copy=False), slice_chips / machine.chips)


def without_reconfiguration(
    machine: BlockMachine, slice_chips: int, host_availability: float, *, placement: str = "fixed"
) -> SliceGoodput:
    """Return the goodput when a slice is a contiguous box of blocks, under a placement rule of the module's docstring.

    Slices that fit no box of blocks have no goodput under the fixed rule. Raises `InputError` for another rule, for
    slices that it cannot place, and as `with_reconfiguration` does.
    """
    if placement not in PLACEMENTS:
        raise InputError(f"{placement!r} is no rule", where="placement", remedy=f"give {' or '.join(PLACEMENTS)}")
    if slice_chips < machine.chips_per_block:
        return _inside_blocks(machine, slice_chips, host_availability)
    blocks, up = _blocks_of(machine, slice_chips), machine.block_availability(host_availability)
    if placement == "fixed":
        boxes = machine.boxes(blocks)
        return SliceGoodput(_binomial(boxes, up**blocks), slice_chips / machine.chips)
    return SliceGoodput(_sliding(machine, blocks, up), slice_chips / machine.chips)


def _sliding(machine: BlockMachine, blocks: int, up: float) -> FloatArray:
    """Probabilities of the numbers of slices, over all states of the planes across the last dimension."""
    planes, plane = machine.grid[-1], machine.blocks // machine.grid[-1]
    if blocks % plane or planes > _MOST_PLANES:
        raise InputError(
            f"the sliding rule needs slices of whole planes of {plane} blocks, and at most {_MOST_PLANES} planes",
            where="slice",
            remedy=f"give a multiple of {plane * machine.chips_per_block} chips, or take the fixed rule",
        )
    length = blocks // plane
    probabilities = np.zeros(planes // length + 1)
    for state in itertools.product((False, True), repeat=planes):
        healthy = sum(state)
        probabilities[_runs_of(state, length)] += (up**plane) ** healthy * (1 - up**plane) ** (planes - healthy)
    return probabilities


def _runs_of(state: tuple[bool, ...], length: int) -> int:
    """How many separate runs of `length` true places a ring holds."""
    if all(state):
        return len(state) // length
    start = state.index(False)
    turned = state[start:] + state[:start]
    return sum(len(list(run)) // length for healthy, run in itertools.groupby(turned) if healthy)


def _inside_blocks(machine: BlockMachine, slice_chips: int, host_availability: float) -> SliceGoodput:
    """Slices in fixed boxes of hosts inside blocks; slices that share a host go together."""
    whole_number("slice", slice_chips, 1, machine.chips)
    chips = max(slice_chips, machine.chips_per_host)
    if machine.chips_per_block % slice_chips or chips % machine.chips_per_host or chips % slice_chips:
        raise InputError(
            f"slices of {slice_chips} chips do not fill blocks of {machine.chips_per_block}",
            where="slice",
            remedy="give a divisor of a block that is a number of hosts or divides one",
        )
    up = share("host_availability", host_availability) ** (chips // machine.chips_per_host)
    return SliceGoodput(_binomial(machine.chips // chips, up), chips / machine.chips)


def _blocks_of(machine: BlockMachine, slice_chips: int) -> int:
    whole_number("slice", slice_chips, 1, machine.chips)
    if slice_chips % machine.chips_per_block:
        raise InputError(
            f"slices of {slice_chips} chips do not fill blocks of {machine.chips_per_block}",
            where="slice",
            remedy="give a multiple of a block, or a divisor",
        )
    return slice_chips // machine.chips_per_block


def _binomial(count: int, probability: float) -> FloatArray:
    """Probabilities of 0, 1 … `count` successes, as logarithms first so that many trials do not underflow."""
    from scipy.special import gammaln, xlog1py, xlogy

    k = np.arange(count + 1)
    ways = gammaln(count + 1) - gammaln(k + 1) - gammaln(count - k + 1)
    chances: FloatArray = np.exp(ways + xlogy(k, probability) + xlog1py(count - k, -probability))
    return chances


def readings(
    slice_chips: int, host_availability: float, machine: BlockMachine, *, reconfigurable: bool = True
) -> dict[str, float]:
    """Return what "the goodput" of a slice size can mean, by name, so that a published value can be set beside each.

    Goodputs from 0 to 1. Raises `InputError` as `with_reconfiguration` does.

    >>> readings(2048, 0.99, BlockMachine((4, 4, 4), 16, 4))["guaranteed at 0.9"]
    0.5
    """
    model = with_reconfiguration if reconfigurable else without_reconfiguration
    found = model(machine, slice_chips, host_availability)
    return {
        "expected": found.expected,
        "most likely": found.most_likely,
        **{f"guaranteed at {level:g}": found.guaranteed(level) for level in LEVELS},
    }


@dataclass(frozen=True)
class Published:
    """A published goodput (0 to 1) of a slice size with reconfiguration, and the host availabilities it may mean."""

    slice_chips: int
    host_availabilities: tuple[float, ...]
    goodput: float


def reproduced(
    published: tuple[Published, ...], machine: BlockMachine, *, tolerance: float = 0.005
) -> dict[str, tuple[bool, ...]]:
    """Return for each reading whether it gives each published value within `tolerance`, at all its availabilities.

    Raises `InputError` as `with_reconfiguration` does.
    """
    rows = [
        [readings(value.slice_chips, availability, machine) for availability in value.host_availabilities]
        for value in published
    ]
    wanted = [value.goodput for value in published]
    return {
        name: tuple(
            all(abs(at[name] - goodput) <= tolerance for at in row) for row, goodput in zip(rows, wanted, strict=True)
        )
        for name in readings(machine.chips_per_block, 1.0, machine)
    }


@dataclass(frozen=True)
class GoodputReport:
    """What `phextpaper goodput` prints: one slice size with reconfiguration and without (fixed boxes)."""

    slice_chips: int
    slices: int
    host_availability: float
    block_availability: float
    level: float
    expected_with: float
    guaranteed_with: float
    most_likely_with: float
    fixed_boxes: int
    expected_without: float
    guaranteed_without: float
    most_likely_without: float


def slice_goodput(slice_chips: int, host_availability: float, machine: BlockMachine, *, level: float) -> GoodputReport:
    """Return the goodput of a slice size, expected and guaranteed at a level, with reconfiguration and without.

    Raises `InputError` as `with_reconfiguration` does, and for a level outside 0 to 1.
    """
    free = with_reconfiguration(machine, slice_chips, host_availability)
    fixed = without_reconfiguration(machine, slice_chips, host_availability)
    return GoodputReport(
        slice_chips=slice_chips,
        slices=machine.chips // slice_chips,
        host_availability=float(host_availability),
        block_availability=machine.block_availability(host_availability),
        level=float(level),
        expected_with=free.expected,
        guaranteed_with=free.guaranteed(level),
        most_likely_with=free.most_likely,
        fixed_boxes=len(fixed.probabilities) - 1,
        expected_without=fixed.expected,
        guaranteed_without=fixed.guaranteed(level),
        most_likely_without=fixed.most_likely,
    )
