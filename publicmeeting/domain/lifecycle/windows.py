"""Until when a citizen may contradict what has happened, for whoever writes to her of it."""

from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN, OBJECTION_DAYS
from publicmeeting.domain.lifecycle.order_guards import REOPEN_DAYS
from publicmeeting.domain.lifecycle.tables import AnyAction
from publicmeeting.domain.records import Event
from publicmeeting.domain.stages import Action as A  # noqa: N817  (the letter of the table)
from publicmeeting.domain.stages import OrderAction as O

_DAYS: Mapping[AnyAction, int] = {
    A.REDIRECT: OBJECTION_DAYS,
    A.DECLINE: OBJECTION_DAYS,
    A.FINISH_REFUSED: OBJECTION_DAYS,
    O.CONFIRM_DONE: REOPEN_DAYS,
    O.UPHOLD: REOPEN_DAYS,
    O.SETTLE: REOPEN_DAYS,
}
OPENS = frozenset(_DAYS)
"""What she may contradict for so many days, as long as the city is there."""


def open_until(event: Event) -> datetime | None:
    """None where nothing may be said against it, or at any time."""
    if event.action is A.NO_SHOW:
        return event.at + CONTEST_WITHIN
    days = _DAYS.get(event.action)
    return deadline_days(event.at, days) if days else None
