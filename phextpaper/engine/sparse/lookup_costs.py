"""Bytes and seconds of embedding lookups from stated bandwidths: scan, one-hot product, gather, over a network.

Every time is bytes over bandwidth, or operations over peak, whichever is longer (williams2009): a bound from below,
with memory and links at their full rate. Nothing here is measured; `measuring` is. Bytes are bytes, bandwidths bytes a
second.

The published 5x to 7x of SparseCore compares where embeddings live: in the chips' memory beside SparseCores, or in the
memory of the CPU hosts (jouppi2023, section 3.6). It is no comparison of sparse with dense, and it is of whole training
steps. `Store` models that comparison.
"""

from dataclasses import dataclass
from math import ceil, inf

from phextpaper.engine.checked import above_zero, whole_number
from phextpaper.errors import InputError


@dataclass(frozen=True)
class TableMemory:
    """Bytes of a table with a row for every ID, and of one with occupied rows only and their positions beside them."""

    ids: int
    rows: int
    dense_bytes: int
    value_bytes: int
    key_bytes: int

    @property
    def sparse_bytes(self) -> int:
        """Occupied rows and their positions."""
        return self.value_bytes + self.key_bytes

    @property
    def ratio(self) -> float:
        """Dense bytes over sparse bytes, positions included."""
        return self.dense_bytes / self.sparse_bytes

    @property
    def value_ratio(self) -> float:
        """Dense bytes over the bytes of occupied rows alone: IDs over rows."""
        return self.dense_bytes / self.value_bytes

    @property
    def occupancy(self) -> float:
        """Share of the IDs that have a row, from 0 to 1."""
        return self.rows / self.ids


def occupied_rows(ids: int, share: float) -> int:
    """Rows of a vocabulary of which a share, from 0 to 1, is occupied, to the nearest whole row.

    Raises `InputError` for a share outside 0 to 1.

    >>> occupied_rows(10**9, 0.0001)
    100000
    """
    whole_number("vocabulary", ids, 1, 10**18)
    if not 0 <= share <= 1:
        raise InputError(f"a share of {share}", where="occupancy", remedy="give a share from 0 to 1, 0.0001 for 0.01 %")
    return round(ids * share)


def table_memory(ids: int, rows: int, *, width: int, value_bytes: int, key_bytes: int) -> TableMemory:
    """Bytes of a dense and a sparse table of `width` values in a row.

    Raises `InputError` for sizes that are not whole numbers above 0, and for more rows than IDs.

    >>> memory = table_memory(10**9, 100_000, width=128, value_bytes=4, key_bytes=8)
    >>> memory.dense_bytes, memory.value_bytes, memory.key_bytes, memory.value_ratio
    (512000000000, 51200000, 800000, 10000.0)
    """
    whole_number("rows", rows, 1, whole_number("vocabulary", ids, 1, 10**18))
    row = whole_number("width", width, 1, 10**9) * whole_number("value_bytes", value_bytes, 1, 64)
    return TableMemory(ids, rows, ids * row, rows * row, rows * whole_number("key_bytes", key_bytes, 0, 64))


def chips_to_hold(table_bytes: int, chip_bytes: int) -> int:
    """Fewest chips whose memory holds a table.

    Raises `InputError` unless both are whole numbers of bytes, and the memory is above 0.

    >>> chips_to_hold(512 * 10**9, 32 * 2**30)
    15
    """
    return ceil(whole_number("table", table_bytes, 0, 10**30) / whole_number("memory", chip_bytes, 1, 10**18))


def scan_seconds(table_bytes: float, bandwidth_bytes_per_s: float) -> float:
    """Seconds to read a whole table once, from memories that together deliver `bandwidth_bytes_per_s` (williams2009).

    Raises `InputError` unless both are above 0.

    >>> scan_seconds(512e9, 1.2e12)
    0.4266666666666667
    """
    return above_zero("table", table_bytes) / above_zero("bandwidth", bandwidth_bytes_per_s)


def one_hot_seconds(
    batch: int, ids: int, *, width: int, value_bytes: int, bandwidth_bytes_per_s: float, operations_per_s: float
) -> float:
    """A dense product of one-hot rows (batch, ids) with a table (ids, width): the longer of reading it and computing.

    In seconds. Operations are counted as usual, a multiplication and an addition as two. The one-hot matrix is taken to
    be made on the fly, so only the table is read. Raises `InputError` for sizes and rates that are not above 0.

    >>> one_hot_seconds(1000, 10**9, width=128, value_bytes=4, bandwidth_bytes_per_s=1.2e12, operations_per_s=275e12)
    0.9309090909090909
    """
    table = above_zero("ids", ids) * above_zero("width", width) * above_zero("value_bytes", value_bytes)
    computed = 2.0 * above_zero("batch", batch) * ids * width / above_zero("operations", operations_per_s)
    return max(scan_seconds(table, bandwidth_bytes_per_s), computed)


def gather_bytes(rows: int, row_bytes: int, *, burst_bytes: int = 1, key_bytes: int = 0) -> int:
    """Bytes read to fetch rows, each rounded up to whole bursts of the memory, and a key for each.

    Raises `InputError` for bursts without bytes.

    >>> gather_bytes(1000, 500, burst_bytes=64), gather_bytes(1000, 512, key_bytes=8)
    (512000, 520000)
    """
    burst = whole_number("burst_bytes", burst_bytes, 1, 2**20)
    return rows * (ceil(row_bytes / burst) * burst + key_bytes)


def gather_seconds(
    rows: int, row_bytes: int, bandwidth_bytes_per_s: float, *, burst_bytes: int = 1, key_bytes: int = 0
) -> float:
    """Seconds to fetch rows from a memory by their numbers.

    Raises `InputError` for bursts without bytes, and for no bandwidth.

    >>> gather_seconds(1000, 512, 1.2e12)
    4.266666666666667e-07
    """
    return gather_bytes(rows, row_bytes, burst_bytes=burst_bytes, key_bytes=key_bytes) / above_zero(
        "bandwidth", bandwidth_bytes_per_s
    )


def split_gather_seconds(rows: int, row_bytes: int, bandwidth_bytes_per_s: float, *, parts: int) -> float:
    """Seconds to fetch rows from a memory of equal `parts`, each with its share of the bandwidth.

    Rows spread evenly, and a row lies in one part, so fewer rows than parts leave some of the bandwidth unused: the
    fullest part decides. Raises `InputError` for no parts, and as `gather_seconds` does.

    >>> all(split_gather_seconds(rows, 512, 64e12, parts=1000) == 512 / 64e9 for rows in (1, 1000))
    True
    """
    whole_number("parts", parts, 1, 10**9)
    return gather_seconds(-(-rows // parts), row_bytes, bandwidth_bytes_per_s / parts)


@dataclass(frozen=True)
class NetworkGather:
    """Seconds of a gather from other chips: from their memories, over the links, and until the first byte arrives."""

    memory_s: float
    links_s: float
    latency_s: float

    @property
    def seconds(self) -> float:
        """Memories and links work at the same time, so the slower of the two, after the latency."""
        return max(self.memory_s, self.links_s) + self.latency_s

    @property
    def bound(self) -> str:
        """What takes the longest: memory, links or latency."""
        return max(("memory", "links", "latency"), key=lambda name: getattr(self, f"{name}_s"))


def gather_by_one(
    largest_share: int,
    row_bytes: int,
    busiest_link_bytes: float,
    *,
    bandwidth_bytes_per_s: float,
    link_bandwidth_bytes_per_s: float,
    hops: float,
    hop_latency_s: float,
) -> NetworkGather:
    """One chip asks all others: the owner of most rows (`largest_share` of them) and the busiest link decide.

    `busiest_link_bytes` come from `request_messages`; the longest way of `hops` is gone there and back. Raises
    `InputError` for bandwidths that are not above 0.
    """
    return NetworkGather(
        gather_seconds(largest_share, row_bytes, bandwidth_bytes_per_s),
        busiest_link_bytes / above_zero("link_bandwidth", link_bandwidth_bytes_per_s),
        2 * hops * hop_latency_s,
    )


def gather_by_all(
    rows: int,
    row_bytes: int,
    chips: int,
    *,
    bandwidth_bytes_per_s: float,
    link_bandwidth_bytes_per_s: float,
    throughput: float,
    hops: float,
    hop_latency_s: float,
) -> NetworkGather:
    """Every chip asks for `rows` rows, spread evenly over all `chips`.

    `throughput` is what a chip can send under uniform traffic, in link bandwidths: `all_to_all_throughput` of a
    topology. Only rows of other chips cross links. Raises `InputError` for no chips, and for bandwidths and a
    throughput that are not above 0.
    """
    crossing = rows * row_bytes * (chips - 1) / whole_number("chips", chips, 1, 10**9)
    rate = above_zero("throughput", throughput) * above_zero("link_bandwidth", link_bandwidth_bytes_per_s)
    return NetworkGather(
        gather_seconds(rows, row_bytes, bandwidth_bytes_per_s), crossing / rate, 2 * hops * hop_latency_s
    )


@dataclass(frozen=True)
class Store:
    """Where embeddings live, by the bytes a second that each chip gets: from the memory, and over what lies between.

    A transport of infinity is none. `pooling` rows are added up before they cross it, as a feature with several IDs
    needs only their sum. Raises `InputError` for rates that are not above 0.
    """

    name: str
    memory_bytes_per_s: float
    transport_bytes_per_s: float = inf
    pooling: float = 1.0

    def __post_init__(self) -> None:
        for name in ("memory_bytes_per_s", "transport_bytes_per_s", "pooling"):
            above_zero(name, getattr(self, name))

    @classmethod
    def shared(
        cls,
        name: str,
        *,
        memories: int,
        memory_bytes_per_s: float,
        links: int,
        link_bytes_per_s: float,
        chips: int,
        pooling: float = 1.0,
    ) -> "Store":
        """A store of so many memories and links, which `chips` chips share evenly.

        Raises `InputError` as the class does.

        >>> Store.shared("host", memories=2, memory_bytes_per_s=128e9, links=4, link_bytes_per_s=16e9, chips=4).rate
        16000000000.0
        """
        return cls(name, memories * memory_bytes_per_s / chips, links * link_bytes_per_s / chips, pooling)

    @property
    def rate(self) -> float:
        """Bytes of rows a second for each chip."""
        return min(self.memory_bytes_per_s, self.transport_bytes_per_s * self.pooling)

    @property
    def bound(self) -> str:
        """What limits the rate: memory or transport."""
        return "memory" if self.memory_bytes_per_s <= self.transport_bytes_per_s * self.pooling else "transport"

    def times_faster(self, other: "Store") -> float:
        """How many times faster than another store this one delivers rows."""
        return self.rate / other.rate
