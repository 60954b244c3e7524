"""The vocabulary's table in the memory of an IPU Bow and beside a TPU v4: what fits, how long a batch takes.

Bytes over bandwidth, without latency and hops. Link rates are taken as those of each direction; the source does not
say.
"""

from phextpaper.engine.sparse import lookup_costs
from phextpaper.engine.sparse.lookup_costs import NetworkGather
from phextpaper.press.evaluation import Quantities
from phextpaper.press.quantity import node, number
from phextpaper.press.units import to_si

WHERE = ("ipu", "v4")


# ---------------------------------------------------------------------------------------------- what fits
@number("memories.rows.{}", "rows", each=WHERE, formula="memory / row bytes")
def rows(q: Quantities, where: str) -> int:
    """Rows of this table that fit the memory inside an IPU Bow, or beside a TPU v4."""
    chips = q.facts.tpu_v4_chips
    held = chips.ipu_bow_on_chip_mib if where == "ipu" else chips.tpu_v4_hbm_gib
    return int(held.si) // int(q.sparse.row_bytes)


@number("memories.beside_gb", "GB", formula="memory beside a Bow-2000 / IPUs in it", whole=True)
def beside_gb(q: Quantities) -> float:
    """Memory beside each IPU Bow, at most."""
    return to_si(q.facts.bow_2000.streaming_memory / q.facts.bow_2000.chips, "GB")


@number("memories.beside_rows", "rows", formula="memory / row bytes")
def beside_rows(q: Quantities) -> int:
    """Rows of this table that fit the memory beside an IPU Bow."""
    return int(q.memories.beside_gb.si) // int(q.sparse.row_bytes)


@number(
    "memories.chips.{}", "chips", each=WHERE, by=lookup_costs.chips_to_hold, formula="IDs / rows on one, rounded up"
)
def chips(q: Quantities, where: str) -> int:
    """Chips whose own memory holds the full table, every ID with a row."""
    return lookup_costs.chips_to_hold(int(q.machine.ids), int(q.memories.rows[where]))


@number(
    "memories.ipus_for_rows", "chips", by=lookup_costs.chips_to_hold, formula="occupied rows / rows on one, rounded up"
)
def ipus_for_rows(q: Quantities) -> int:
    """IPUs whose memory holds the occupied rows."""
    return lookup_costs.chips_to_hold(int(q.sparse.rows), int(q.memories.rows.ipu))


@number(
    "memories.held.{}",
    "%",
    ".3g",
    each=WHERE,
    formula="rows on the chips of the published comparison / IDs, at most all",
)
def held(q: Quantities, where: str) -> float:
    """Share of the full table that as many chips as in the published comparison hold."""
    return min(1.0, float(q.facts.mlperf.ipu_bow_chips.bert) * q.memories.rows[where] / q.machine.ids)


# ---------------------------------------------------------------------------------------------- how long a batch takes
@number("memories.links.{}", "GB/s", each=WHERE, formula="links x bandwidth of a link")
def links(q: Quantities, where: str) -> float:
    """Bandwidth of all links of a chip, as published."""
    chips = q.facts.tpu_v4_chips
    count, each = (
        ("ipu_bow_links", "ipu_bow_gb_s_per_link")
        if where == "ipu"
        else ("tpu_v4_ici_links", "tpu_v4_ici_gb_s_per_link")
    )
    return chips[count] * chips[each].si


@node("memories.lookup.{}", each=WHERE)
def lookup(q: Quantities, where: str) -> NetworkGather:
    """A batch from a full table on as many chips as hold it, each reading for the others what they read for it."""
    batch, row, chips = int(q.machine.batch), int(q.sparse.row_bytes), int(q.memories.chips[where])
    if where == "ipu":
        parts = int(q.facts.tpu_v4_chips.ipu_bow_processors_per_chip)
        read = lookup_costs.split_gather_seconds(batch, row, q.roofline.ipu.bandwidth.si, parts=parts)
    else:
        read = lookup_costs.gather_seconds(batch, row, q.facts.tpu_v4_chips.tpu_v4_hbm_gb_s.si)
    return NetworkGather(read, batch * row * (chips - 1) / chips / q.memories.links[where].si, 0.0)


@number(
    "memories.read_us.{}",
    "µs",
    ".3g",
    each=WHERE,
    by=lookup_costs.split_gather_seconds,
    formula="rows of the fullest part x row bytes / its bandwidth",
)
def read_us(q: Quantities, where: str) -> float:
    """Time to read the rows of a batch: inside an IPU Bow each row from the memory of one processor, beside a TPU v4
    from one memory.
    """
    return q.node(f"memories.lookup.{where}").memory_s


@number("memories.elsewhere.{}", "%", ".3g", each=WHERE, formula="1 - 1 / chips")
def elsewhere(q: Quantities, where: str) -> float:
    """Share of a batch's rows that other chips hold, on as many chips as hold the full table."""
    return 1 - 1 / q.memories.chips[where]


@number(
    "memories.arrival_us.{}",
    "µs",
    ".3g",
    each=WHERE,
    formula="batch x row bytes x share elsewhere / bandwidth of all links",
)
def arrival_us(q: Quantities, where: str) -> float:
    """Time for those rows to come in over all links of a chip: no hops, no waiting."""
    return q.node(f"memories.lookup.{where}").links_s


@number("memories.lookup_us.{}", "µs", ".3g", each=WHERE, by=NetworkGather, formula="the longer of reading and arrival")
def lookup_us(q: Quantities, where: str) -> float:
    """Time of a batch from the full table, if all chips ask alike."""
    return q.node(f"memories.lookup.{where}").seconds


@number("memories.bound.{}", "", each=WHERE, by=NetworkGather, formula="the longer of the two")
def bound(q: Quantities, where: str) -> str:
    """What decides that time: memory or links."""
    return q.node(f"memories.lookup.{where}").bound
