"""Name browser and system from a User-Agent header, for lists of sign-ins."""

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
