"""What the events of a request tell of its place in the line: an offer nobody has accepted, and a
draw that has moved."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from publicmeeting.domain.stages import Action, OrderAction

_GIVES_OR_TAKES = (
    Action.SEAT,
    Action.OFFER,
    Action.TAKE_FREE,
    Action.STAND_IN,
    Action.CONFIRM,
)


def is_offered(acts: Iterable[Action | OrderAction | None]) -> bool:
    """Whether after these acts of a request what it holds is an offer nobody has accepted."""
    last = [act for act in acts if act in _GIVES_OR_TAKES][-1:]
    return last == [Action.OFFER]


_KEY = "moved_to"


def moved_draw_payload(monday: date, at: datetime) -> dict[str, object]:
    """What the event is given: the Monday drawn for, and when its draw runs now."""
    return {"monday": monday.isoformat(), _KEY: at.astimezone(UTC).isoformat()}


def new_draw_time(payload: Mapping[str, object]) -> datetime | None:
    """When the draw runs now; None for every other event."""
    at = payload.get(_KEY)
    return datetime.fromisoformat(at) if isinstance(at, str) else None
