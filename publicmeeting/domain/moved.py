"""A draw that has moved, as the events of everybody in its list keep it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

_KEY = "moved_to"


def moved(monday: date, at: datetime) -> dict[str, object]:
    """What the event is given: the Monday drawn for, and when its draw runs now."""
    return {"monday": monday.isoformat(), _KEY: at.astimezone(UTC).isoformat()}


def moved_to(payload: Mapping[str, object]) -> datetime | None:
    """When the draw runs now; None for every other event."""
    at = payload.get(_KEY)
    return datetime.fromisoformat(at) if isinstance(at, str) else None
