"""The cookies a browser brings, read from a header; the same reading for pages and routes."""

from publicmeeting.store.sessions import Keys

SESSION = "session"
VISIT = "visit"
DEVICE = "device"
LONGEST = 200


def keys_of(cookie_header: str, address: str = "") -> Keys:
    """The keys as sent: user input, looked up on the server each time."""
    return Keys(
        session=cookie(cookie_header, SESSION),
        visit=cookie(cookie_header, VISIT),
        device=cookie(cookie_header, DEVICE),
        address=address,
    )


def cookie(cookie_header: str, name: str) -> str:
    """One cookie's value, empty when it is missing or too long to be ours.

    Read leniently: a cookie of another program on this host, however odd, signs nobody out.
    """
    for part in cookie_header.split(";"):
        key, _, value = part.partition("=")
        if key.strip() == name:
            text = value.strip().strip('"')
            return text if len(text) <= LONGEST else ""
    return ""


__all__ = ["DEVICE", "SESSION", "VISIT", "Keys", "cookie", "keys_of"]
