"""Vocabulary IDs on phext coordinates: the rule, its spread over the machine, and what sparse rows save in bytes and seconds."""

import numpy as np

from phextpaper.engine import sparse_costs
from phextpaper.engine.batching_sweep import mean_interval, route_batches
from phextpaper.engine.coordinates import PART_MAXIMUM
from phextpaper.engine.request_routing import RequestedRows, Sizes, message_loads
from phextpaper.engine.sharding import balance, owners, rows_owned
from phextpaper.engine.topologies import Torus
from phextpaper.engine.vocabulary import Vocabulary
from phextpaper.engine.zipf import zipf_ids, zipf_share
from phextpaper.listings.sparse import batch_sparse_lookups, sparse_lookup, vocab_to_coord
from phextpaper.quantity import node, number

SEED = 5
RULES = ("plain", "scrambled")
LAWS = ("uniform", "zipf")
EXAMPLES = ("first", "l1", "l2", "l3", "last")
BATCH = ("i1", "i2", "i3", "i4", "i5", "i6")
POOLINGS = ("one", "some", "many")
DRAWN, SAMPLED, RUNS = 200_000, 200_000, 20
PARTS = ("volume", "book", "chapter", "section", "scroll")


def fitted(q) -> Vocabulary:
    """Digits whose first three take as many values as the machine has volumes, books and chapters; two more for the rows of a chip, or three."""
    shape, ids = q.node("layout.machine").shape, int(q.machine.ids)
    rows_of_chip = -(-ids // int(np.prod(shape)))
    return Vocabulary.fitted(ids, shape, len(shape) + (2 if rows_of_chip <= PART_MAXIMUM**2 else 3))


@node("sparse.vocabulary.{}", each=RULES)
def vocabulary(q, rule):
    """The vocabulary under the plan's digit rule, plain or scrambled by a fixed seed."""
    return Vocabulary.of_base(int(q.machine.ids), int(q.machine.base), seed=SEED if rule == "scrambled" else None)


# ---------------------------------------------------------------------------------------------- the rule
@number("sparse.example.{}", "", each=EXAMPLES)
def example(q, which):
    """A vocabulary ID of the rule's table: the first, the plan's example and its rotations, the last."""
    if which in ("first", "last"):
        return 0 if which == "first" else int(q.machine.ids) - 1
    return int(q.routing.lookup_id[which])


def coordinate(q, id: int) -> str:
    """The coordinate of an ID by the listing that the artefact prints."""
    return vocab_to_coord(int(id), int(q.machine.base))


@number("sparse.capacity", "coordinates", by=Vocabulary.capacity, formula="base ^ parts")
def capacity(q):
    """Coordinates that five parts of the base can name."""
    return q.node("sparse.vocabulary.plain").capacity


@number("sparse.parts", "parts", by=Vocabulary.parts)
def parts(q):
    """Parts of a vocabulary coordinate."""
    return q.node("sparse.vocabulary.plain").parts


@number("sparse.used_share", "%", formula="IDs / capacity")
def used_share(q):
    """Share of those coordinates that belong to an ID."""
    return 100 * q.machine.ids / q.sparse.capacity


@number("sparse.volumes_used", "volumes", by=Vocabulary.group_count)
def volumes_used(q):
    """Volumes in which the digit rule puts IDs."""
    return q.node("sparse.vocabulary.plain").group_count(1)


@node("sparse.round_trip.{}", each=RULES)
def round_trip(q, rule):
    """A sample of IDs, both ends of the range and the borders of volumes among them: which come back, how many coordinates, parts."""
    words, size = q.node(f"sparse.vocabulary.{rule}"), int(q.machine.ids)
    step = words.group_size(1)
    borders = np.concatenate([np.arange(0, size, step), np.arange(step - 1, size, step), [size - 1]])
    ids = np.unique(np.concatenate([borders, np.random.default_rng(SEED).integers(0, size, SAMPLED)]))
    found = words.coordinates(ids)
    return {"sampled": len(ids), "returned": int((words.ids(found) == ids).sum()), "distinct": len(np.unique(words.positions(ids))),
            "least": int(found.min()), "most": int(found.max())}


@number("sparse.checked.{}.{}", "", each=((RULES, ("sampled", "returned", "distinct", "least", "most")),), by=Vocabulary.coordinates)
def checked(q, rule, what):
    """IDs sampled, how many of them come back from their coordinate, distinct coordinates, smallest and largest part."""
    return q.node(f"sparse.round_trip.{rule}")[what]


# ---------------------------------------------------------------------------------------------- the spread
@node("sparse.drawn.{}", each=LAWS)
def drawn(q, law):
    """Vocabulary IDs drawn by a fixed seed: all alike, or by Zipf's law with the machine's skew."""
    return zipf_ids(DRAWN, int(q.machine.ids), 0.0 if law == "uniform" else float(q.machine.skew), seed=SEED)


@number("sparse.drawn_ids", "IDs")
def drawn_ids(q):
    """IDs drawn for each measurement of balance."""
    return DRAWN


@node("sparse.balance_of.{}.{}", each=((RULES, LAWS),))
def balance_of(q, rule, law):
    """Balance over volumes, over books (volume and book together), and over the chips that own the rows."""
    words, ids, shape = q.node(f"sparse.vocabulary.{rule}"), q.node(f"sparse.drawn.{law}"), q.node("layout.machine").shape
    found = {}
    for name, depth in (("volumes", 1), ("books", 2)):
        sizes, counts = words.group_sizes(depth)
        shares = np.repeat(sizes, counts) / words.size
        found[name] = balance(words.groups(ids, depth), words.group_count(depth), shares=shares)
    found["chips"] = balance(owners(words.coordinates(ids), shape), int(np.prod(shape)))
    return found


@number("sparse.balance.{}.{}.{}.largest_over_mean", "x", 2, each=((RULES, LAWS, ("volumes", "books", "chips")),), by=balance)
def largest_over_mean(q, rule, law, bins):
    """Fullest bin over the mean: one for bins that are all alike."""
    return q.node(f"sparse.balance_of.{rule}.{law}")[bins].largest_over_mean


@number("sparse.balance.{}.{}.{}.chi_square", "", 2, each=((RULES, LAWS, ("volumes", "books")),), by=balance, formula="chi-square / (bins - 1)")
def chi_square(q, rule, law, bins):
    """Chi-square over its degrees of freedom: near one if the counts scatter as chance does, far above it if they do not."""
    found = q.node(f"sparse.balance_of.{rule}.{law}")[bins]
    return found.chi_square / max(found.bins - 1, 1)


@number("sparse.balance.{}.{}.empty_chips", "chips", each=((RULES, LAWS),), by=balance)
def empty_chips(q, rule, law):
    """Chips that none of the drawn IDs belongs to."""
    return q.node(f"sparse.balance_of.{rule}.{law}")["chips"].empty


@number("sparse.idle_volumes", "volumes", by=rows_owned)
def idle_volumes(q):
    """Volumes of the machine in which no chip owns a row under the digit rule."""
    layout = q.node("layout.machine")
    owned = rows_owned(q.node("sparse.vocabulary.plain"), layout.shape).reshape(layout.volumes, -1).sum(axis=1)
    return (owned == 0).sum()


@number("sparse.fitted_idle", "chips", by=rows_owned)
def fitted_idle(q):
    """Chips that own no row if the first digits take as many values as the machine has volumes, books and chapters."""
    return (rows_owned(fitted(q), q.node("layout.machine").shape) == 0).sum()


@number("sparse.hottest_share", "%", ".3g", by=zipf_share)
def hottest_share(q):
    """Share of all requests that the most popular ID alone receives under Zipf's law."""
    return 100 * zipf_share(0, 1, int(q.machine.ids), float(q.machine.skew))


# ---------------------------------------------------------------------------------------------- batching, in short
@node("sparse.example_batches")
def example_batches(q):
    """A small batch grouped by volume and book, by the listing that the artefact prints: key to IDs."""
    size, base = int(q.machine.ids), int(q.machine.base)
    first, second = int(q.sparse.example.l1), int(q.sparse.example.l2)
    book = q.node("sparse.vocabulary.plain").group_size(2)
    ids = [first, 5 % size, first ^ 1, second, (first + 12 * book) % size, second ^ 1]
    ids = [id if id < size else id - 1 for id in ids]
    return ids, batch_sparse_lookups(ids, 2, base)


@number("sparse.example_ids", "IDs")
def example_ids(q):
    """IDs of the small batch."""
    return len(q.node("sparse.example_batches")[0])


@number("sparse.example_groups", "groups", by=batch_sparse_lookups)
def example_groups(q):
    """Groups of the small batch."""
    return len(q.node("sparse.example_batches")[1])


@number("sparse.example_id.{}", "", each=BATCH)
def example_id(q, place):
    """An ID of the small batch."""
    return q.node("sparse.example_batches")[0][BATCH.index(place)]


@node("sparse.routed")
def routed(q):
    """The machine's batch of uniform IDs, routed over the 3D torus from random chips."""
    m = q.machine
    sizes = Sizes(int(m.message_header), int(m.id_bytes), int(m.row_values * m.value_bytes))
    return route_batches(q.node("sparse.vocabulary.plain"), q.node("layout.machine").shape, int(m.batch), 0.0, sizes, runs=RUNS, seed=SEED)


@number("sparse.hop_reduction.{}", "x", 2, each=("mean", "low", "high"), by=mean_interval)
def hop_reduction(q, which):
    """How many times fewer hops requests take if they go by volume and then by book: mean over runs and its interval of 95 %."""
    return getattr(q.node("sparse.routed").reduction("tree2"), which)


@number("sparse.runs", "runs")
def runs(q):
    """Batches that were routed, each from a chip of its own."""
    return len(q.node("sparse.routed").runs)


@number("sparse.byte_reduction", "x", 2, by=mean_interval)
def byte_reduction(q):
    """How many times fewer bytes x hops the same batching takes, rows that come back included."""
    return q.node("sparse.routed").reduction("tree2", "byte_hops").mean


# ---------------------------------------------------------------------------------------------- memory
@number("sparse.rows", "rows", by=sparse_costs.occupied_rows, formula="IDs x occupancy")
def rows(q):
    """IDs that have a row."""
    return sparse_costs.occupied_rows(int(q.machine.ids), float(q.machine.occupancy) / 100)


@node("sparse.memory")
def memory(q):
    """Bytes of the dense and of the sparse table."""
    m = q.machine
    return sparse_costs.table_memory(int(m.ids), int(q.sparse.rows), width=int(m.row_values), value_bytes=int(m.value_bytes),
                                     key_bytes=int(m.id_bytes))


@number("sparse.row_bytes", "bytes", formula="values x bytes of a value")
def row_bytes(q):
    """Bytes of a row."""
    return q.machine.row_values * q.machine.value_bytes


@number("sparse.dense_gb", "GB", ".4g", by=sparse_costs.table_memory, formula="IDs x row bytes")
def dense_gb(q):
    """A table with a row for every ID."""
    return q.node("sparse.memory").dense_bytes / 1e9


@number("sparse.occupied_mb", "MB", ".4g", by=sparse_costs.table_memory, formula="rows x row bytes")
def occupied_mb(q):
    """The occupied rows alone."""
    return q.node("sparse.memory").value_bytes / 1e6


@number("sparse.keys_mb", "MB", ".4g", by=sparse_costs.table_memory, formula="rows x bytes of an ID")
def keys_mb(q):
    """What says which rows are occupied."""
    return q.node("sparse.memory").key_bytes / 1e6


@number("sparse.memory_ratio", "x", by=sparse_costs.TableMemory.value_ratio, formula="dense / occupied rows")
def memory_ratio(q):
    """Dense bytes over the bytes of occupied rows."""
    return round(q.node("sparse.memory").value_ratio)


@number("sparse.memory_ratio_with_keys", "x", by=sparse_costs.TableMemory.ratio, formula="dense / (rows + keys)")
def memory_ratio_with_keys(q):
    """The same with the keys counted."""
    return round(q.node("sparse.memory").ratio)


@number("sparse.chips_for_dense", "chips", by=sparse_costs.chips_to_hold, formula="dense bytes / memory of a chip, rounded up")
def chips_for_dense(q):
    """Chips whose memory holds the dense table."""
    return sparse_costs.chips_to_hold(q.node("sparse.memory").dense_bytes, int(q.machine.chip_memory * 2**30))


@number("sparse.plan_rows", "rows", kind="assumed")
def plan_rows(q):
    """Occupied rows as the plan says them (plan/seed.md, line 284)."""
    return 1_000_000


@number("sparse.plan_mb", "MB", ".4g", formula="the plan's rows x row bytes")
def plan_mb(q):
    """Bytes of as many rows as the plan says."""
    return q.sparse.plan_rows * q.sparse.row_bytes / 1e6


@number("sparse.plan_occupancy", "%", ".3g", formula="the plan's rows / IDs")
def plan_occupancy(q):
    """Share of the vocabulary that so many rows would be."""
    return 100 * q.sparse.plan_rows / q.machine.ids


# ---------------------------------------------------------------------------------------------- time
@number("sparse.scan_us", "µs", ".4g", by=sparse_costs.scan_seconds, formula="dense bytes / (active chips x memory bandwidth)")
def scan_us(q):
    """All chips together read the dense table once."""
    return 1e6 * sparse_costs.scan_seconds(q.node("sparse.memory").dense_bytes, q.layout.active_chips * q.machine.chip_memory_bandwidth * 1e9)


@number("sparse.one_hot_us", "µs", ".4g", by=sparse_costs.one_hot_seconds,
        formula="longer of reading the table and 2 x batch x IDs x values / peak, on all chips")
def one_hot_us(q):
    """A dense product of one batch's one-hot rows with the table, on all chips together at their peak."""
    m, chips = q.machine, int(q.layout.active_chips)
    return 1e6 * sparse_costs.one_hot_seconds(int(m.batch), int(m.ids), width=int(m.row_values), value_bytes=int(m.value_bytes),
                                              bandwidth=chips * m.chip_memory_bandwidth * 1e9, operations=chips * m.chip_peak * 1e12)


@number("sparse.gather_us", "µs", ".3g", by=sparse_costs.gather_seconds, formula="batch x row bytes / memory bandwidth")
def gather_us(q):
    """A batch of rows read from the memory of one chip."""
    return 1e6 * sparse_costs.gather_seconds(int(q.machine.batch), int(q.sparse.row_bytes), q.machine.chip_memory_bandwidth * 1e9)


@node("sparse.by_one")
def by_one(q):
    """One chip asks the owners of a uniform batch: the busiest memory and link of one routed batch, the longest way there and back."""
    m, shape = q.machine, q.node("layout.machine").shape
    words, ids = q.node("sparse.vocabulary.plain"), q.node("sparse.drawn.uniform")[: int(m.batch)]
    rows = RequestedRows.of(words, ids, shape, 0)
    once, row = rows.each_once(), int(q.sparse.row_bytes)
    busiest = message_loads(once, shape, once.rows * (row + int(m.message_header))).max()
    return sparse_costs.gather_by_one(int(np.bincount(rows.owners).max()), row, float(busiest),
                                      bandwidth=m.chip_memory_bandwidth * 1e9, link_bandwidth=m.link_bandwidth * 1e9,
                                      hops=int(q.topologies.torus_3d.diameter), hop_latency=m.hop_latency * 1e-9)


@node("sparse.by_all")
def by_all(q):
    """Every chip asks for a batch, spread evenly over all chips."""
    m = q.machine
    return sparse_costs.gather_by_all(int(m.batch), int(q.sparse.row_bytes), int(q.layout.active_chips), bandwidth=m.chip_memory_bandwidth * 1e9,
                                      link_bandwidth=m.link_bandwidth * 1e9, throughput=float(q.patterns.all_to_all.torus_3d.throughput),
                                      hops=int(q.topologies.torus_3d.diameter), hop_latency=m.hop_latency * 1e-9)


@number("sparse.network.{}.us", "µs", ".3g", each=("one", "all"), by=sparse_costs.NetworkGather.seconds)
def network_us(q, who):
    """A batch of rows gathered over the network, asked for by one chip, or by every chip a batch of its own."""
    return 1e6 * q.node(f"sparse.by_{who}").seconds


@number("sparse.network.{}.bound", "", each=("one", "all"), by=sparse_costs.NetworkGather.bound)
def network_bound(q, who):
    """What takes the longest of it: memory, links or latency."""
    return q.node(f"sparse.by_{who}").bound


@number("sparse.modelled.{}", "x", 2, each=("scan", "one_hot"), formula="dense time on all chips / time of one chip's gather over the network")
def modelled(q, what):
    """How many times longer the dense way takes for one batch than a gather over the network: a scan, or a one-hot product."""
    return q.sparse[f"{what}_us"] / q.sparse.network.one.us


@number("sparse.modelled_all", "x", formula="chips x one-hot time / time of all chips' gathers")
def modelled_all(q):
    """The same where every chip asks for a batch of its own."""
    return round(q.sparse.one_hot_us * q.layout.active_chips / q.sparse.network["all"].us)


# ---------------------------------------------------------------------------------------------- what the published 5x to 7x compares
@number("sparse.slice_throughput", "link bandwidths", 2, by=Torus.all_to_all_throughput)
def slice_throughput(q):
    """All-to-all throughput of a chip on a 4 x 4 x 8 torus, a slice of as many chips as the published comparison had."""
    return Torus((4, 4, 8)).all_to_all_throughput()


@number("sparse.valency", "rows", kind="cited")
def valency(q):
    """Largest number of IDs of one feature in the published embedding model (jouppi2023, caption of Fig. 8)."""
    return 100


@number("sparse.pooled.{}", "rows", each=POOLINGS)
def pooled(q, which):
    """Rows added up before their sum is sent: none added, the machine's parameter, the largest valency of the published model."""
    return int({"one": 1, "some": q.machine.pooling, "many": q.sparse.valency}[which])


@number("sparse.store.{}", "x", ".3g", each=POOLINGS, by=sparse_costs.Store.times_faster)
def store(q, which):
    """How many times faster a chip gets rows from the chips' memories over a slice than from the memories of CPU hosts over PCIe."""
    m, pooling = q.machine, float(q.sparse.pooled[which])
    chips = sparse_costs.Store("chips", m.chip_memory_bandwidth * 1e9, q.sparse.slice_throughput * m.link_bandwidth * 1e9, pooling)
    host = sparse_costs.Store.shared("host", memories=int(m.host_sockets), memory=m.socket_bandwidth * 1e9, links=int(m.chips_per_host),
                                     link=m.host_link_bandwidth * 1e9, chips=int(m.chips_per_host), pooling=pooling)
    return chips.times_faster(host)


# ---------------------------------------------------------------------------------------------- what the plan's claims are set beside
@number("sparse.lookup_lines", "lines")
def lookup_lines(q):
    """Lines of the printed lookup, its docstring included."""
    return q.listing(sparse_lookup).count("\n")


@number("sparse.needed_millions", "million coordinates", formula="IDs / 1e6")
def needed_millions(q):
    """Coordinates that the vocabulary needs, as no two IDs may share one."""
    return q.machine.ids / 1e6


@number("sparse.capacity_millions", "million coordinates", formula="base ^ parts / 1e6")
def capacity_millions(q):
    """Coordinates that five parts of the base can name."""
    return q.sparse.capacity / 1e6


@number("sparse.plan_volume", "", by=Vocabulary.coordinates)
def plan_volume(q):
    """Volume of the plan's example ID, its first digit raised by one."""
    return int(q.node("sparse.vocabulary.plain").coordinates([int(q.sparse.example.l1)])[0, 0])
