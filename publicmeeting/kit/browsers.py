"""What a request reveals of the browser that sent it: its program, and its subscriber's network."""

import ipaddress
from functools import lru_cache

LONGEST = 400
"""Maximum number of characters of the header that are examined."""
BETWEEN = " · "

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first match decides, because browsers also name those they resemble."""
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_and_system(agent: str) -> str:
    """Return «Chrome · Android» from a User-Agent header.

    If one part is unknown, only the other is returned; for an unknown program the result is empty.
    The header is user input, so the result has words of these tables only.
    """
    seen = agent[:LONGEST]
    found = (next((word for sign, word in table if sign in seen), "") for table in _TABLES)
    return BETWEEN.join(word for word in found if word)


_TABLES = (_BROWSERS, _SYSTEMS)


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
