"""What a machine of this paper has: sections, values with unit and bounds, and what has to fit together."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from phextpaper.press.parameters import Description, Machine, Section, Stated, count, given

PART_MAX = 999
CHIPS_MAX = 65_536


class LayoutSection(Section):
    """How many volumes, books and chapters; what a host and a block hold."""

    volumes: count("volumes", 1, PART_MAX)
    books: count("books", 1, PART_MAX)
    chapters: count("chapters", 1, PART_MAX)
    spare_volumes: count("volumes", 0, PART_MAX)
    chips_per_host: count("chips", 1, 64)
    block_edge: count("chips", 1, 64)


class NetworkSection(Section):
    """Links, tables, mirrors: bandwidths and times."""

    links_per_chip: count("links", 1, 64)
    link_bandwidth: given("GB/s", 1e-3, 1e5)
    hop_latency: given("ns", 1e-2, 1e9)
    table_entry_update: given("ns", 1e-3, 1e9)
    table_budget: given("ms", 1e-6, 1e6)
    mirror_switching: given("ms", 1e-6, 1e6)
    slice_reconfiguration: given("s", 1e-6, 1e6)
    collective_buffer: given("MB", 1e-6, 1e9)
    message_header: count("bytes", 0, 4096)
    switch_ports: count("ports", 2, 10_000)
    switch_spare_ports: count("ports", 0, 10_000)


class FaultSection(Section):
    """How often chips fail, how long repair, checks and checkpoints take."""

    failure_rate: given("% a day", 1e-9, 100)
    repair_time: given("h", 1e-3, 1e5)
    repair_crews: count("crews", 1, 100_000)
    health_check_period: given("s", 1e-6, 1e6)
    checkpoint_write: given("s", 1e-3, 1e6)
    restart_time: given("s", 0, 1e6)


class ChipSection(Section):
    """What one chip computes and holds."""

    chip_peak: given("TFLOPS", 1e-3, 1e6)
    chip_memory: given("GiB", 1e-3, 1e6)
    chip_memory_bandwidth: given("GB/s", 1e-3, 1e6)


class HostSection(Section):
    """The CPU host that some chips share."""

    host_sockets: count("sockets", 1, 64)
    socket_bandwidth: given("GB/s", 1e-3, 1e5)
    host_link_bandwidth: given("GB/s", 1e-3, 1e5)


class VocabularySection(Section):
    """The embedding table of the sparse waves."""

    ids: count("IDs", 1, 10**12)
    base: count("values", 2, PART_MAX)
    occupancy: given("%", 1e-9, 100)
    row_values: count("values", 1, 65_536)
    value_bytes: count("bytes", 1, 16)
    id_bytes: count("bytes", 1, 64)
    batch: count("IDs", 1, 10**7)
    skew: given("exponent", 0, 10)
    pooling: count("rows", 1, 10_000)


class SearchSection(Section):
    """Learned coordinates and the search for topologies."""

    embedding_width: count("values", 1, 4096)
    search_evaluations: count("evaluations", 1, 10**9)
    routing_rounds: count("rounds", 1, 10**6)
    tensor_parallel: count("chips", 1, CHIPS_MAX)
    pipeline_parallel: count("stages", 1, CHIPS_MAX)
    training_value_bytes: count("bytes", 1, 16)


class Machinery(Description):
    """A machine of chips on phext coordinates: the whole file."""

    chips: Annotated[int, Field(strict=True, ge=2, le=CHIPS_MAX), Stated("chips", "active chips of the machine")]
    layout: LayoutSection
    network: NetworkSection
    faults: FaultSection
    chip: ChipSection
    host: HostSection
    vocabulary: VocabularySection
    search: SearchSection

    @model_validator(mode="after")
    def _consistent(self) -> "Machinery":
        sides = [self.layout.volumes.value, self.layout.books.value, self.layout.chapters.value]
        product = sides[0] * sides[1] * sides[2]
        if product != self.chips:
            raise ValueError(
                f"layout: {sides[0]} volumes x {sides[1]} books x {sides[2]} chapters are {product} chips, "
                f"but chips = {self.chips}; change one of the four"
            )
        if self.layout.chapters.value % self.layout.chips_per_host.value:
            raise ValueError(
                f"layout: {sides[2]} chapters are no whole number of hosts of "
                f"{self.layout.chips_per_host.value} chips; change chapters or chips_per_host"
            )
        if sides[0] + self.layout.spare_volumes.value > PART_MAX:
            raise ValueError(
                f"layout: a phext part ends at {PART_MAX}, but volumes + spare_volumes = "
                f"{sides[0] + self.layout.spare_volumes.value}; use fewer"
            )
        if self.network.switch_spare_ports.value >= self.network.switch_ports.value:
            raise ValueError("network: switch_spare_ports must be smaller than switch_ports")
        if self.vocabulary.base.value**5 < self.vocabulary.ids.value:
            raise ValueError(
                f"vocabulary: five digits of base {self.vocabulary.base.value} name fewer than "
                f"{self.vocabulary.ids.value} IDs; raise base or lower ids"
            )
        return self


def load_machine(path: str | Path) -> Machine:
    """Read and validate a machine's description. Raises InputError that lists every mistake with its line.

    >>> machine = load_machine("params/pbc-4096.toml")
    >>> machine.volumes, machine.link_bandwidth
    (16, 50)
    """
    return Machine.load(path, Machinery)
