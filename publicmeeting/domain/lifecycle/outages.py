"""Extend deadlines by outages of the city (docs/turns.md section 2).

For an order the extension is one event of the clock. All readers of its history (its level, the
figures of its district, the pages of the promise) therefore use the same dates. Due dates move by
whole days to a working day, because a unit does not report on a Friday.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from publicmeeting.domain.calendar import (
    deadline_working_days,
    last_day,
    working_day_from,
)
from publicmeeting.domain.lifecycle.climbing import (
    NEWS_DAYS,
    Level,
    Standing,
    due_on_of,
    standing,
)
from publicmeeting.domain.records import Event
from publicmeeting.kit.clock import end_of_day

Outage: TypeAlias = tuple[datetime, datetime]
"""Beginning and end of an outage."""

TIME_TO_ANSWER = timedelta(hours=1)
"""Time before the end of a deadline in which a citizen could answer if the city ran."""
GIVEN_BACK_FROM = timedelta(days=1)
"""An outage of this length is given back wherever in the period it lies.

A shorter one does no harm to somebody who had time to answer after it.
"""


def prolonged(since: datetime, ends_at: datetime, outages: Iterable[Outage]) -> datetime:
    """Return the end of a period that began at `since`, prolonged by outages.

    An outage counts if it leaves less than an hour before the end, or took a day or more.
    """
    for gone, back in sorted(outages):
        begins = max(gone, since)
        is_at_the_end = begins <= ends_at - TIME_TO_ANSWER < back
        if begins < min(back, ends_at) and (is_at_the_end or back - begins >= GIVEN_BACK_FROM):
            ends_at += back - begins
    return ends_at


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysBack:
    """The later deadlines of an order; None for deadlines that no outage affected."""

    due_at: datetime | None
    """The new deadline of its stage."""
    due_on: date | None
    first_due_on: date | None
    news_since: datetime | None

    @property
    def payload(self) -> dict[str, object]:
        """The payload of the event."""
        known = {
            "due_on": self.due_on,
            "first_due_on": self.first_due_on,
            "news_since": self.news_since,
        }
        return {name: at.isoformat() for name, at in known.items() if at is not None}


def days_back(
    history: tuple[Event, ...], outages: Iterable[Outage], now: datetime
) -> DaysBack | None:
    """Return later deadlines for an order that has just become late.

    None if no outage caused its lateness, or the lateness has already been recorded.
    """
    found, known = standing(history), tuple(outages)
    late_since = found.late_since
    if late_since is None or late_since > now or found.level is not Level.NONE or not known:
        return None
    due = end_of_day(found.due_on)
    later = prolonged(_since_due(history), due, known)
    due_on = working_day_from(last_day(later)) if later > due else found.due_on
    due_at = found.due_at
    if due_at is not None:
        since = next((event.at for event in history if event.due_at == due_at), history[-1].at)
        due_at = end_of_day(due_on) if due_at == due else prolonged(since, due_at, known)
    news_since = _news_since(found, known)
    after = replace(found, due_at=due_at, due_on=due_on, news_since=news_since)
    if after.late_since is not None and after.late_since <= late_since:
        return None  # the deadline that passed was not affected by an outage
    is_later, is_first = due_on != found.due_on, found.first_due_on == found.due_on
    return DaysBack(
        due_at,
        due_on if is_later else None,
        due_on if is_later and is_first else None,
        news_since if news_since != found.news_since else None,
    )


def _news_since(found: Standing, outages: tuple[Outage, ...]) -> datetime | None:
    """Return the start that gives her question the lost time back."""
    since = found.news_since
    if since is None or found.news_by is None:
        return since
    later = prolonged(since, found.news_by, outages)
    while deadline_working_days(since, NEWS_DAYS) < later:
        since += _DAY
    return since


def _since_due(history: tuple[Event, ...]) -> datetime:
    """When the due date was set."""
    return next((event.at for event in reversed(history) if due_on_of(event)), history[0].at)
