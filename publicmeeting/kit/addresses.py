"""Which network addresses count as one subscriber."""

import ipaddress
from functools import lru_cache

_SUBSCRIBER = 64
"""Bits of an IPv6 address that name a subscriber's network; the rest is his own choice."""


@lru_cache(maxsize=4096)
def subscriber(host: str) -> str:
    """The address itself for IPv4, its /64 network for IPv6; text that is no address as it is.

    Whoever has one IPv6 address has a whole network of them and could come from another one each
    time, so it is the network that counts.
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
