"""Bodies of entries for tests of the log itself, for which any entry in form will do."""

DRAW = "d06-1405-09-09"


def stated(count: int) -> dict[str, object]:
    """Of an `audience_off_system`."""
    return {"draw": DRAW, "count": count, "by": "mayor", "corrects": 0}


def skipped() -> dict[str, object]:
    """Of a `skip`."""
    return {"ticket": "a" * 64, "draw": DRAW, "reason": "not_ready", "officer": "desk-06/0123abcd"}
