"""Time of one message along a route: on a pipelined network hops cost latency, not bandwidth (dally2004, chapter 13).

Cut-through (or wormhole) switching passes a message on while it arrives, so its bytes cross all links at the same time.
Store-and-forward holds it at each node until it is complete. Cut into packets it pipelines too.
"""

from phextpaper.errors import InputError

CUT_THROUGH, STORE_AND_FORWARD = "cut-through", "store-and-forward"


def transfer_time(
    message_bytes: float,
    hops: int,
    *,
    hop_latency_s: float,
    bandwidth_bytes_per_s: float,
    switching: str = CUT_THROUGH,
    packet_bytes: float | None = None,
) -> float:
    """Seconds for a message alone on its route, with `hop_latency_s` for each hop.

    Without `packet_bytes` store-and-forward moves the message whole; cut-through ignores packets. A message to its own
    node takes no time. Raises `InputError` for bytes, hops and latencies below 0, for no bandwidth, an unknown
    switching, and packets without bytes.

    >>> transfer_time(1e6, 3, hop_latency_s=500e-9, bandwidth_bytes_per_s=50e9)
    2.15e-05
    >>> transfer_time(1e6, 3, hop_latency_s=500e-9, bandwidth_bytes_per_s=50e9, switching=STORE_AND_FORWARD)
    6.15e-05
    """
    if message_bytes < 0 or hops < 0 or hop_latency_s < 0 or not bandwidth_bytes_per_s > 0:
        raise InputError(
            "a transfer needs bytes, hops and latency of 0 or more and a bandwidth above 0", where="transfer"
        )
    if switching not in (CUT_THROUGH, STORE_AND_FORWARD):
        raise InputError(
            f"there is no switching {switching!r}", where="transfer", remedy=f"{CUT_THROUGH} or {STORE_AND_FORWARD}"
        )
    if hops == 0:
        return 0.0
    latency = hops * hop_latency_s
    if switching == CUT_THROUGH:
        return latency + message_bytes / bandwidth_bytes_per_s
    if packet_bytes is not None and not packet_bytes > 0:
        raise InputError("a packet holds more than 0 bytes", where="transfer")
    unit = message_bytes if packet_bytes is None else min(packet_bytes, message_bytes)
    return latency + (hops * unit + message_bytes - unit) / bandwidth_bytes_per_s


def route_bandwidth(
    message_bytes: float,
    hops: int,
    *,
    hop_latency_s: float,
    bandwidth_bytes_per_s: float,
    switching: str = CUT_THROUGH,
    packet_bytes: float | None = None,
) -> float:
    """Bytes a second that one message sees, latency included.

    Long messages see the link's bandwidth over any number of hops, unless they are stored whole at each: only then it
    is the bandwidth over the hops. Raises `InputError` for a message or a route without length, and as `transfer_time`
    does.

    >>> network = {"hop_latency_s": 500e-9, "bandwidth_bytes_per_s": 50e9}
    >>> round(route_bandwidth(1e9, 3, **network) / 1e9, 2)
    50.0
    >>> round(route_bandwidth(1e9, 3, switching=STORE_AND_FORWARD, **network) / 1e9, 2)
    16.67
    """
    if not message_bytes > 0 or hops < 1:
        raise InputError(
            "a bandwidth needs a message of more than 0 bytes and a route of a hop or more", where="transfer"
        )
    seconds = transfer_time(
        message_bytes,
        hops,
        hop_latency_s=hop_latency_s,
        bandwidth_bytes_per_s=bandwidth_bytes_per_s,
        switching=switching,
        packet_bytes=packet_bytes,
    )
    return message_bytes / seconds
