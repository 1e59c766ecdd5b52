"""Stages-only looks at a request by its code, each granted to one visit; machine time."""

from datetime import timedelta

from sqlmodel import col, delete, select, update

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.rows.people import TrackRow

STAYS = timedelta(hours=24)


class Tracks(Repository):
    def owner(self, code: str) -> tuple[str, str] | None:
        """Request and person of a code; no history is read, so that an unknown one costs as
        much."""
        row = self._session.exec(
            select(RequestRow.id, RequestRow.person_id).where(RequestRow.code == code)
        ).first()
        return (row[0], row[1]) if row else None

    def grant(self, visit: str, request_id: str) -> None:
        """Let this visit see the stages of one request for a day."""
        key = (visit, request_id)
        until = self._transaction.machine_now + STAYS
        row = self._session.get(TrackRow, key) or TrackRow(
            visit=visit, request_id=request_id, until=until
        )
        row.until = until
        self._session.add(row)

    def move(self, visit: str, to: str) -> None:
        """A visit's looks go on under its new name."""
        self._session.exec(update(TrackRow).where(col(TrackRow.visit) == visit).values(visit=to))

    def granted(self, visit: str, request_id: str) -> bool:
        row = self._session.get(TrackRow, (visit, request_id)) if visit else None
        return row is not None and row.until > self._transaction.machine_now

    def sweep(self) -> None:
        """Forget the looks that are over."""
        self._session.exec(
            delete(TrackRow).where(col(TrackRow.until) < self._transaction.machine_now)
        )
