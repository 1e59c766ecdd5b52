"""The two cookies a browser brings, read from a header; the same reading for pages and routes."""

from http.cookies import CookieError, SimpleCookie

from publicmeeting.store.sessions import Keys

SESSION = "session"
VISIT = "visit"
LONGEST = 200


def keys_of(cookie_header: str) -> Keys:
    """The session and visit keys as sent: user input, looked up on the server each time."""
    try:
        jar = SimpleCookie(cookie_header)
    except CookieError:
        return Keys()

    def one(name: str) -> str:
        morsel = jar.get(name)
        return morsel.value if morsel and len(morsel.value) <= LONGEST else ""

    return Keys(session=one(SESSION), visit=one(VISIT))


__all__ = ["SESSION", "VISIT", "Keys", "keys_of"]
