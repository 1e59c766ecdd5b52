"""A browser's name of itself, in two words for whoever looks at a list of sign-ins."""

LONGEST = 400
"""Letters of the header that are looked at; what comes after them names nothing we show."""
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
"""The first sign that is found decides: every browser also names those it resembles."""
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
    """«Chrome · Android» of a User-Agent header; one word where the other is unknown, empty for an
    unknown program.

    Only words of these tables come out: the header is user input, and nothing of it is repeated.
    """
    seen = agent[:LONGEST]
    found = (next((word for sign, word in table if sign in seen), "") for table in _TABLES)
    return BETWEEN.join(word for word in found if word)


_TABLES = (_BROWSERS, _SYSTEMS)
