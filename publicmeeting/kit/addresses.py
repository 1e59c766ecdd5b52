"""Group network addresses by subscriber, for rate limits."""

import ipaddress
from functools import lru_cache

_SUBSCRIBER = 64
"""Bits of an IPv6 address that identify a subscriber's network; the rest is freely chosen."""


@lru_cache(maxsize=4096)
def subscriber(host: str) -> str:
    """Return the address itself for IPv4, its /64 network for IPv6, and other text unchanged.

    A subscriber with IPv6 has a whole network and could use another address each time, so the
    network counts.
    """
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv4Address):
        return host
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    network = ipaddress.IPv6Network((int(found), _SUBSCRIBER), strict=False)
    return str(network.network_address)
