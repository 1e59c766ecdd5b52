"""Notices waiting to be given, and the citizen's in-app inbox; retries in machine time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from publicmeeting.store.door import Door
from publicmeeting.store.rows.cases import EventRow, OutboxRow

BACK_OFF = (1, 5, 15, 60, 240)
"""Minutes to wait before the second, third, … try; after the last the notice has failed."""


@dataclass(frozen=True, slots=True)
class Notice:
    id: int
    event_id: int
    request_id: str
    order_id: str | None
    action: str
    role: str
    person_id: str | None
    at: datetime
    state: str
    seen_at: datetime | None = None


class Outbox(Door):
    def due(self, limit: int = 50) -> list[Notice]:
        """Citizens' notices to be sent now, oldest first."""
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.state == "waiting")
            .where(col(OutboxRow.person_id).is_not(None))
            .where(OutboxRow.next_try_at <= self._work.machine_now)
            .order_by(col(OutboxRow.id))
            .limit(limit)
        )
        return [_notice(row) for row in rows]

    def sent(self, notice: Notice) -> None:
        row = self._row(notice.id)
        row.state, row.sent_at = "sent", self._work.machine_now
        self._session.add(row)

    def failed(self, notice: Notice) -> None:
        """Try again later, or give up after the last back-off."""
        row = self._row(notice.id)
        if row.tries >= len(BACK_OFF):
            row.state = "failed"
        else:
            row.next_try_at = self._work.machine_now + timedelta(minutes=BACK_OFF[row.tries])
            row.tries += 1
        self._session.add(row)

    def inbox(self, person_id: str, limit: int = 20) -> list[Notice]:
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.person_id == person_id)
            .order_by(col(OutboxRow.id).desc())
            .limit(limit)
        )
        return [_notice(row) for row in rows]

    def of_request(self, request_id: str, role: str) -> list[Notice]:
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id)
            .where(OutboxRow.role == role)
            .order_by(col(OutboxRow.id))
        )
        return [_notice(row) for row in rows]

    def waiting(self) -> int:
        """How many notices to citizens have not gone out yet."""
        return self._session.exec(
            select(func.count())
            .select_from(OutboxRow)
            .where(OutboxRow.state == "waiting")
            .where(col(OutboxRow.person_id).is_not(None))
        ).one()

    def newest_event(self) -> int:
        """The newest event id: how another process's change is noticed."""
        return self._session.exec(select(func.max(EventRow.id))).one() or 0

    def _row(self, notice_id: int) -> OutboxRow:
        row = self._session.get(OutboxRow, notice_id)
        if row is None:
            raise KeyError(notice_id)
        return row


def _notice(row: OutboxRow) -> Notice:
    assert row.id is not None
    return Notice(row.id, row.event_id, row.request_id, row.order_id, row.action, row.role,
                  row.person_id, row.at, row.state, row.seen_at)  # fmt: skip
