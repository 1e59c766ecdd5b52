"""Bodies of log entries, for tests that need any well-formed entry."""

DRAW = "d06-1405-09-09"


def stated(count: int) -> dict[str, object]:
    """Return the body of an `audience_off_system`."""
    return {"draw": DRAW, "count": count, "by": "mayor", "corrects": 0}


def skipped() -> dict[str, object]:
    """Return the body of a `skip`."""
    return {"ticket": "a" * 64, "draw": DRAW, "reason": "not_ready", "officer": "desk-06/0123abcd"}
