"""Notices joined with their events, for `doctor`."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func, or_, select, text
from sqlmodel import col

from publicmeeting.domain.records import Event
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow, OutboxRow, RequestRow
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.lifecycle.events import EVENT_COLUMNS, event_of

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class NoticeState:
    """Recipient and subject of a notice."""

    number: int
    event_id: int
    request_id: str
    order_id: str | None
    action: str
    role: str
    person_id: str | None


@dataclass(frozen=True, slots=True)
class NoticesOf:
    """An event of a request or one of its orders, with its notices.

    `code` and `person_id` are those of the request.
    """

    code: str
    request_id: str
    order_id: str | None
    person_id: str
    event: Event
    notices: list[NoticeState]


_NOTICES = select(
    col(OutboxRow.id),
    col(OutboxRow.event_id),
    col(OutboxRow.request_id),
    col(OutboxRow.order_id),
    col(OutboxRow.action),
    col(OutboxRow.role),
    col(OutboxRow.person_id),
)


class Noticed(Repository):
    def first_event(self, since: datetime) -> int:
        """Return the number of the first event since then, by binary search on ids.

        No index covers the time of an event.
        """
        low, high = 1, int(self._session.execute(select(func.max(EventRow.id))).scalar() or 0) + 1
        by_number = select(col(EventRow.at)).order_by(col(EventRow.id)).limit(1)
        while low < high:
            middle = (low + high) // 2
            at = self._session.execute(by_number.where(col(EventRow.id) >= middle)).scalar_one()
            low, high = (low, middle) if at >= since else (middle + 1, high)
        return low

    def notices_since(self, number: int) -> Iterator[NoticesOf]:
        """Yield each event from this number on with its notices, in order."""
        after = number - 1
        while events := self._events_after(after):
            first, after = events[0].id, events[-1].id
            notices: dict[int, list[NoticeState]] = {}
            of_these = col(OutboxRow.event_id).between(first, after)
            for row in self._session.execute(_NOTICES.where(of_these)):
                notices.setdefault(row.event_id, []).append(NoticeState(*row))
            for row in events:
                with suppress(*UNREADABLE):  # of another release: `replays` reports it
                    event = event_of(row)
                    of_case = row.code, row.request_id, row.order_id, row.of_person
                    yield NoticesOf(*of_case, event, notices.get(row.id, []))

    def _events_after(self, number: int) -> Sequence[sqlalchemy.Row[*tuple[Any, ...]]]:
        person: sqlalchemy.Label[str] = col(RequestRow.person_id).label("of_person")
        query = (
            select(*EVENT_COLUMNS, col(EventRow.request_id), col(RequestRow.code), person)
            .join(RequestRow, col(RequestRow.id) == col(EventRow.request_id))
            .where(col(EventRow.id) > number)
            .order_by(col(EventRow.id))
            .limit(_AT_ONCE)
        )
        return self._session.execute(query).all()

    def postponed(self, until: datetime) -> list[int]:
        """Return the numbers of notices that no process will send before then; machine time."""
        waits = or_(col(OutboxRow.next_try_at) > until, col(OutboxRow.claimed_until) > until)
        query = select(col(OutboxRow.id)).where(text("state = 'waiting'"), waits)
        return list(self._session.execute(query.order_by(col(OutboxRow.id))).scalars())
