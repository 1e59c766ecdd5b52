"""Ids and secrets that contain the hour by which they end; machine time.

Whatever is hashed or tagged with such a name ends then, even if the database owner changes the
instant in its row.
"""

from datetime import datetime

_SECONDS = 3600
"""A link is six characters longer by it, and still fits into one message."""


def dated(name: str, until: datetime) -> str:
    """Return the name with the first full hour after its end."""
    return f"{name}.{-int(-until.timestamp() // _SECONDS):x}"


def is_over(name: str, now: datetime) -> bool:
    """Whether a name has ended, as has one without a date."""
    _, dot, ends = name.rpartition(".")
    try:
        return not dot or now.timestamp() >= int(ends, 16) * _SECONDS
    except ValueError:
        return True
