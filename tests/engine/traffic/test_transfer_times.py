import pytest
from hypothesis import given
from hypothesis import strategies as st

from phextpaper.engine.traffic.transfer_times import CUT_THROUGH, STORE_AND_FORWARD, route_bandwidth, transfer_time
from phextpaper.errors import InputError

sizes = st.floats(1, 1e12)
hop_counts = st.integers(1, 100)


def simulated(packets, packet_seconds, hops, latency):
    """When the last packet has arrived, each link carrying one packet at a time and each node waiting for a whole one."""
    ready = [0.0] * packets
    for _ in range(hops):
        free = 0.0
        for packet in range(packets):
            free = max(free, ready[packet]) + packet_seconds
            ready[packet] = free + latency
    return ready[-1]


@given(sizes, hop_counts)
def test_hops_add_latency_and_take_no_bandwidth(size, hops):
    """Cut through, h hops take h - 1 latencies more than one; for long messages bandwidth is the link's at any length."""
    setting = {"hop_latency_s": 500e-9, "bandwidth_bytes_per_s": 50e9}
    assert transfer_time(size, hops, **setting) - transfer_time(size, 1, **setting) == pytest.approx(
        (hops - 1) * 500e-9, abs=1e-9 * size / 50e9 + 1e-15
    )
    assert route_bandwidth(1e12 * hops, hops, **setting) == pytest.approx(50e9, rel=1e-6)


@given(hop_counts)
def test_only_whole_messages_stored_at_each_hop_see_bandwidth_over_hops(hops):
    """The plan's 1/hops is store-and-forward of one unbroken message; cut into packets it nears the link's bandwidth."""
    setting = {"hop_latency_s": 0.0, "bandwidth_bytes_per_s": 50e9, "switching": STORE_AND_FORWARD}
    assert route_bandwidth(1e9, hops, **setting) == pytest.approx(50e9 / hops)
    assert route_bandwidth(1e9 * hops, hops, packet_bytes=1e3, **setting) == pytest.approx(50e9, rel=1e-4)


@given(st.integers(1, 12), st.integers(1, 9), st.floats(0, 1e-3))
def test_packets_take_the_time_of_a_simulated_pipeline(packets, hops, latency):
    """The formula for packets is what moving them link by link gives."""
    time = transfer_time(
        packets * 1000,
        hops,
        hop_latency_s=latency,
        bandwidth_bytes_per_s=1e6,
        switching=STORE_AND_FORWARD,
        packet_bytes=1000,
    )
    assert time == pytest.approx(simulated(packets, 1e-3, hops, latency))


def test_a_message_to_its_own_node_takes_no_time_and_nonsense_is_refused():
    """Zero hops are free; negative bytes, no bandwidth and unknown switching raise an error."""
    setting = {"hop_latency_s": 1e-6, "bandwidth_bytes_per_s": 1e9}
    assert transfer_time(1e9, 0, **setting) == 0.0
    for call in (
        lambda: transfer_time(-1, 1, **setting),
        lambda: transfer_time(1, 1, hop_latency_s=0, bandwidth_bytes_per_s=0),
        lambda: transfer_time(1, 1, switching="hope", **setting),
        lambda: transfer_time(1, 1, switching=STORE_AND_FORWARD, packet_bytes=0, **setting),
        lambda: route_bandwidth(1, 0, switching=CUT_THROUGH, **setting),
    ):
        with pytest.raises(InputError):
            call()
