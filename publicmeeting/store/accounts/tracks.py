"""Which visits may see the stages of a request, after they have named its code; machine time."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.store.database.rows.people import TrackRow

TRACKING_STAYS = timedelta(hours=24)


class Tracks(Repository):
    """Permissions of visits to see the stages of a request, granted by its code."""

    def owner(self, code: str) -> tuple[str, str] | None:
        """Return request id and person id of a code.

        No history is read, so that an unknown code costs the same time.
        """
        row = self._session.exec(
            select(RequestRow.id, RequestRow.person_id).where(RequestRow.code == code)
        ).first()
        return (row[0], row[1]) if row else None

    def grant(self, visit: str, request_id: str, stays: timedelta = TRACKING_STAYS) -> None:
        """Let a visit, or an officer, see one request for this long."""
        key = (visit, request_id)
        until = self._transaction.machine_now + stays
        row = self._session.get(TrackRow, key) or TrackRow(
            visit=visit, request_id=request_id, until=until
        )
        row.until, row.tag = until, self._tag(visit, request_id, until)
        self._session.add(row)

    def forget(self, visit: str) -> None:
        """Revoke all permissions of a visit."""
        self._session.exec(delete(TrackRow).where(col(TrackRow.visit) == visit))

    def move(self, visit: str, to: str) -> None:
        """Move a visit's permissions to its new name."""
        for row in self._session.exec(select(TrackRow).where(TrackRow.visit == visit)):
            if self._is_own(row):
                row.visit, row.tag = to, self._tag(to, row.request_id, row.until)
                self._session.add(row)

    def granted(self, visit: str, request_id: str) -> bool:
        row = self._session.get(TrackRow, (visit, request_id)) if visit else None
        is_open = row is not None and row.until > self._transaction.machine_now
        return row is not None and is_open and self._is_own(row)

    def _is_own(self, row: TrackRow) -> bool:
        """Whether this program has written the row."""
        return row.tag == self._tag(row.visit, row.request_id, row.until)

    def _tag(self, visit: str, request_id: str, until: datetime) -> str:
        values = {"visit": visit, "request_id": request_id, "until": until}
        return row_tag(self._vault, "track_grant", values)

    def sweep(self) -> None:
        """Delete expired permissions."""
        self._session.exec(
            delete(TrackRow).where(col(TrackRow.until) < self._transaction.machine_now)
        )
