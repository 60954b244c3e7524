"""Bytes and seconds of lookups: exact arithmetic, laws of bounds, and the plan's own figures set right."""

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.sparse import lookup_costs as costs
from phextpaper.errors import InputError

RATES = st.floats(1e6, 1e13)
HBM, LINK, PEAK = 1.2e12, 50e9, 275e12


def test_a_hundredth_of_a_percent_of_a_thousand_million_is_a_hundred_thousand():
    """0.01 % of 10^9 IDs are 10^5 rows, a tenth of the plan's million, which is 0.1 %."""
    rows = costs.occupied_rows(10**9, 0.01 / 100)
    assert rows == Fraction(1, 10_000) * 10**9 == 10**5
    assert costs.table_memory(10**9, 10**6, width=128, value_bytes=4, key_bytes=8).occupancy == pytest.approx(0.1 / 100)


def test_memory_of_both_occupancies():
    """A dense table has 512 GB; 10^5 rows have 51.2 MB, 10^6 rows 512 MB; the ratios are 10 000 and 1000 without positions."""
    for rows, megabytes, ratio in ((10**5, 51.2, 10_000), (10**6, 512, 1000)):
        memory = costs.table_memory(10**9, rows, width=128, value_bytes=4, key_bytes=8)
        assert memory.dense_bytes == 512 * 10**9
        assert memory.value_bytes == megabytes * 10**6
        assert memory.value_ratio == ratio
        assert memory.ratio == pytest.approx(ratio * 512 / 520)
        assert memory.sparse_bytes == rows * 520


@given(st.integers(1, 10**12), st.floats(0, 1))
def test_occupied_rows_round_to_the_nearest(ids, share):
    """The rows are the whole number nearest to the product of IDs and share."""
    assert abs(costs.occupied_rows(ids, share) - Fraction(share) * ids) <= Fraction(1, 2) + Fraction(ids, 10**15)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 512), RATES, RATES)
def test_a_scan_takes_ids_over_batch_times_a_gather(batch, ids, row, bandwidth, operations):
    """The ratio of scan to gather is that of all rows to those asked for; a one-hot product takes no less than the scan."""
    scan, gather = costs.scan_seconds(ids * row * 4, bandwidth), costs.gather_seconds(batch, row * 4, bandwidth)
    assert scan / gather == pytest.approx(ids / batch)
    product = costs.one_hot_seconds(
        batch, ids, width=row, value_bytes=4, bandwidth_bytes_per_s=bandwidth, operations_per_s=operations
    )
    assert product == pytest.approx(max(scan, 2 * batch * ids * row / operations))


def test_the_plans_table_does_not_fit_one_chip():
    """512 GB need 15 chips of 32 GiB; all of the sparse rows fit on one."""
    assert costs.chips_to_hold(512 * 10**9, 32 * 2**30) == 15
    assert 14 * 32 * 2**30 < 512 * 10**9 <= 15 * 32 * 2**30
    assert costs.chips_to_hold(51_200_000, 32 * 2**30) == 1


@given(st.integers(0, 10**6), st.integers(1, 4096), st.integers(1, 512), st.integers(0, 16))
def test_gathered_bytes_are_whole_bursts(rows, row, burst, key):
    """Each row takes the least number of bursts that hold it, and a key."""
    found = costs.gather_bytes(rows, row, burst_bytes=burst, key_bytes=key)
    bursts = next(count for count in range(1, row + 1) if count * burst >= row) if burst < 64 else -(-row // burst)
    assert found == rows * (bursts * burst + key)


@given(st.integers(1, 10**5), st.integers(2, 4096), RATES, RATES, st.floats(0.1, 100))
def test_a_gather_over_the_network_is_bound_by_its_slowest_part(rows, chips, bandwidth, link, throughput):
    """Seconds are the longer of memory and links, plus a way there and back; only rows of other chips cross links."""
    found = costs.gather_by_all(
        rows,
        512,
        chips,
        bandwidth_bytes_per_s=bandwidth,
        link_bandwidth_bytes_per_s=link,
        throughput=throughput,
        hops=24,
        hop_latency_s=5e-7,
    )
    assert found.memory_s == costs.gather_seconds(rows, 512, bandwidth)
    assert found.links_s * throughput * link == pytest.approx(rows * 512 * (1 - 1 / chips))
    assert found.latency_s == pytest.approx(2 * 24 * 5e-7)
    assert found.seconds == max(found.memory_s, found.links_s) + found.latency_s
    assert getattr(found, f"{found.bound}_s") == max(found.memory_s, found.links_s, found.latency_s)


def test_one_asking_chip_waits_for_the_fullest_owner_and_the_busiest_link():
    """The rows of one owner are read one after the other, and the busiest link's bytes cross it one after the other."""
    found = costs.gather_by_one(
        8, 512, 270_000, bandwidth_bytes_per_s=HBM, link_bandwidth_bytes_per_s=LINK, hops=24, hop_latency_s=1e-9
    )
    assert found.memory_s == pytest.approx(8 * 512 / HBM) and found.links_s == pytest.approx(270_000 / LINK)
    assert found.bound == "links" and found.seconds == pytest.approx(found.links_s + 48e-9)


@given(RATES, RATES, st.floats(0.1, 100))
def test_a_store_is_as_fast_as_its_bottleneck(memory, transport, pooling):
    """The rate is the memory's, or the transport's times what is pooled before it, whichever is less."""
    store = costs.Store("any", memory, transport, pooling)
    assert store.rate == min(memory, transport * pooling)
    assert store.rate == (memory if store.bound == "memory" else transport * pooling)
    assert costs.Store("direct", memory).rate == memory and costs.Store("direct", memory).transport_bytes_per_s == inf


def test_what_hosts_share_is_divided_evenly():
    """Two memories of 128 GB/s and four links of 16 GB/s for four chips give each chip 64 and 16 GB/s."""
    host = costs.Store.shared("host", memories=2, memory_bytes_per_s=128e9, links=4, link_bytes_per_s=16e9, chips=4)
    assert (host.memory_bytes_per_s, host.transport_bytes_per_s, host.rate, host.bound) == (
        64e9,
        16e9,
        16e9,
        "transport",
    )
    assert costs.Store("chip", HBM).times_faster(costs.Store("host", host.memory_bytes_per_s)) == pytest.approx(18.75)


@given(st.integers(1, 10**6), st.integers(1, 4096), st.integers(1, 5000))
def test_a_memory_in_parts_is_never_faster_than_a_whole_one(rows, row_bytes, parts):
    """Its fullest part has at least the mean of the rows: equal where parts divide rows, and at most one row of a part more."""
    whole, split = (
        costs.gather_seconds(rows, row_bytes, 1e12),
        costs.split_gather_seconds(rows, row_bytes, 1e12, parts=parts),
    )
    assert whole * (1 - 1e-12) <= split <= (whole + row_bytes * parts / 1e12) * (1 + 1e-12)
    assert costs.split_gather_seconds(rows * parts, row_bytes, 1e12, parts=parts) == pytest.approx(whole * parts)


@pytest.mark.parametrize(
    "call",
    [
        lambda: costs.occupied_rows(10, 1.1),
        lambda: costs.table_memory(10, 11, width=1, value_bytes=4, key_bytes=8),
        lambda: costs.scan_seconds(1, 0),
        lambda: costs.gather_bytes(1, 1, burst_bytes=0),
        lambda: costs.Store("none", 0.0),
    ],
    ids=range(5),
)
def test_impossible_machines_are_refused(call):
    """Shares outside 0 to 1, more rows than IDs and bandwidths of nothing raise an InputError."""
    with pytest.raises(InputError):
        call()
