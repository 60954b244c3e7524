"""How long lookups take in a model of bytes over bandwidth: dense ways, gathers, the published comparison."""

import numpy as np

from phextpaper.engine.networks.topologies import Torus
from phextpaper.engine.sparse import lookup_costs
from phextpaper.engine.sparse.request_messages import RequestedRows, message_loads
from phextpaper.engine.sparse.zipf import zipf_ids
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.study.vocabularies import legible

SEED = 5
POOLINGS = ("one", "some", "many")
PLACES = ("chips", "hosts")
SLICE = (4, 4, 8)


# ---------------------------------------------------------------------------------------------- dense ways
@number(
    "lookup_times.scan_us",
    "µs",
    ".4g",
    by=lookup_costs.scan_seconds,
    formula="dense bytes / (active chips x memory bandwidth)",
)
def scan_us(q: Quantities) -> float:
    """All chips together read the dense table once."""
    return lookup_costs.scan_seconds(
        q.node("sparse.memory").dense_bytes, q.layout.active_chips * q.machine.chip_memory_bandwidth.si
    )


@number(
    "lookup_times.one_hot_us.{}",
    "µs",
    ".4g",
    each=("one", "all"),
    by=lookup_costs.one_hot_seconds,
    formula="longer of reading the table and 2 x rows asked for x IDs x values / peak, on all chips",
)
def one_hot_us(q: Quantities, who: str) -> float:
    """A dense product of one-hot rows with the table, on all chips at their peak: for one batch, or for one batch of
    every chip.
    """
    m, chips = q.machine, int(q.layout.active_chips)
    return lookup_costs.one_hot_seconds(
        int(m.batch) * (1 if who == "one" else chips),
        int(m.ids),
        width=int(m.row_values),
        value_bytes=int(m.value_bytes),
        bandwidth_bytes_per_s=chips * m.chip_memory_bandwidth.si,
        operations_per_s=chips * m.chip_peak.si,
    )


# ---------------------------------------------------------------------------------------------- gathers
@number(
    "lookup_times.gather_us",
    "µs",
    ".3g",
    by=lookup_costs.gather_seconds,
    formula="batch x row bytes / memory bandwidth",
)
def gather_us(q: Quantities) -> float:
    """A batch of rows read from the memory of one chip."""
    return lookup_costs.gather_seconds(
        int(q.machine.batch), int(q.sparse.row_bytes), q.machine.chip_memory_bandwidth.si
    )


@node("lookup_times.by_one")
def by_one(q: Quantities) -> lookup_costs.NetworkGather:
    """The first chip asks the owners of a uniform batch: busiest memory and link of that batch, longest way there and
    back.
    """
    m, shape = q.machine, q.node("layout.machine").shape
    ids = zipf_ids(int(m.batch), int(m.ids), 0.0, seed=SEED)
    rows = RequestedRows.of(q.node("sparse.vocabulary.plain"), ids, shape, 0)
    once, row = rows.each_once(), int(q.sparse.row_bytes)
    busiest = message_loads(once, shape, once.rows * (row + int(m.message_header))).max()
    return lookup_costs.gather_by_one(
        int(np.bincount(rows.owners).max()),
        row,
        float(busiest),
        bandwidth_bytes_per_s=m.chip_memory_bandwidth.si,
        link_bandwidth_bytes_per_s=m.link_bandwidth.si,
        hops=int(q.topologies.torus_3d.diameter),
        hop_latency_s=m.hop_latency.si,
    )


@node("lookup_times.by_all")
def by_all(q: Quantities) -> lookup_costs.NetworkGather:
    """Every chip asks for a batch, spread evenly over all chips."""
    m = q.machine
    return lookup_costs.gather_by_all(
        int(m.batch),
        int(q.sparse.row_bytes),
        int(q.layout.active_chips),
        bandwidth_bytes_per_s=m.chip_memory_bandwidth.si,
        link_bandwidth_bytes_per_s=m.link_bandwidth.si,
        throughput=float(q.patterns.all_to_all.torus_3d.throughput),
        hops=int(q.topologies.torus_3d.diameter),
        hop_latency_s=m.hop_latency.si,
    )


@number("lookup_times.network_us.{}", "µs", ".3g", each=("one", "all"), by=lookup_costs.NetworkGather.seconds)
def network_us(q: Quantities, who: str) -> float:
    """A batch of rows gathered over the network: asked for by one chip, or by every chip a batch of its own with rows
    spread evenly.
    """
    return q.node(f"lookup_times.by_{who}").seconds


@number("lookup_times.latency_us", "µs", ".3g", formula="2 x diameter x hop latency")
def latency_us(q: Quantities) -> float:
    """The part of that in which the first byte is on its way, there and back over the longest way."""
    return q.node("lookup_times.by_one").latency_s


@number("lookup_times.network_bound.{}", "", each=("one", "all"), by=lookup_costs.NetworkGather.bound)
def network_bound(q: Quantities, who: str) -> str:
    """What takes the longest of it: memory, links or latency."""
    return q.node(f"lookup_times.by_{who}").bound


# ---------------------------------------------------------------------------------------------- sparse against dense
@number(
    "lookup_times.scan_over_gather", "x", 2, formula="scan on all chips / time of one chip's gather over the network"
)
def scan_over_gather(q: Quantities) -> float:
    """How many times longer all chips need to read the dense table than one chip for its batch."""
    return legible(q.lookup_times.scan_us / q.lookup_times.network_us.one)


@number(
    "lookup_times.one_hot_over_gather.{}",
    "x",
    2,
    each=("one", "all"),
    formula="dense product on all chips / gather over the network",
)
def one_hot_over_gather(q: Quantities, who: str) -> float:
    """How many times longer the dense product takes than the gather: for one batch, or for one batch of every chip."""
    return legible(q.lookup_times.one_hot_us[who] / q.lookup_times.network_us[who])


# --------------------------------------------------------------------------------- what the published 5x to 7x compares
@number("lookup_times.slice_throughput", "link bandwidths", 2, by=Torus.all_to_all_throughput)
def slice_throughput(q: Quantities) -> float:
    """All-to-all throughput of a chip on a regular 4 x 4 x 8 torus: as many chips as the published comparison, whose
    shape is not said.
    """
    return Torus(SLICE).all_to_all_throughput()


@number("lookup_times.pooled.{}", "rows", each=POOLINGS)
def pooled(q: Quantities, which: str) -> int:
    """Rows added up before their sum is sent: none added, the machine's parameter, the largest valency of a published
    model.
    """
    return int({"one": 1, "some": q.machine.pooling, "many": q.facts.tpu_v4_sparsecore.fig8_valency.high}[which])


@node("lookup_times.place.{}.{}", each=((PLACES, POOLINGS),))
def place(q: Quantities, where: str, which: str) -> lookup_costs.Store:
    """Where embeddings live: in the memories of a slice's chips, or in the memories of CPU hosts, each shared by its
    chips.
    """
    m, pooling = q.machine, float(q.lookup_times.pooled[which])
    if where == "chips":
        between = q.lookup_times.slice_throughput * m.link_bandwidth.si
        return lookup_costs.Store("chips", m.chip_memory_bandwidth.si, between, pooling)
    return lookup_costs.Store.shared(
        "hosts",
        memories=int(m.host_sockets),
        memory_bytes_per_s=m.socket_bandwidth.si,
        links=int(m.chips_per_host),
        link_bytes_per_s=m.host_link_bandwidth.si,
        chips=int(m.chips_per_host),
        pooling=pooling,
    )


@number(
    "lookup_times.place_rate.{}.{}",
    "GB/s",
    ".4g",
    each=((PLACES, POOLINGS),),
    by=lookup_costs.Store.rate,
    formula="smaller of memory bandwidth and transport x rows pooled",
)
def place_rate(q: Quantities, where: str, which: str) -> float:
    """Bytes of rows a second that each chip gets from that place."""
    return q.node(f"lookup_times.place.{where}.{which}").rate


@number("lookup_times.place_bound.{}.{}", "", each=((PLACES, POOLINGS),), by=lookup_costs.Store.bound)
def place_bound(q: Quantities, where: str, which: str) -> str:
    """What limits that rate: memory or transport."""
    return q.node(f"lookup_times.place.{where}.{which}").bound


@number("lookup_times.places.{}", "x", ".3g", each=POOLINGS, by=lookup_costs.Store.times_faster)
def places(q: Quantities, which: str) -> float:
    """How many times faster a chip gets rows from the chips of its slice than from the CPU hosts."""
    return q.node(f"lookup_times.place.chips.{which}").times_faster(q.node(f"lookup_times.place.hosts.{which}"))
