"""What reception has prepared for the visitors of a Monday."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import PreparedRow


@dataclass(frozen=True, slots=True)
class Ready:
    """Who prepared it, and when."""

    account_id: str
    at: datetime


class Preparing(Repository):
    def of(self, request_ids: Collection[str], monday: date) -> dict[tuple[str, int], Ready]:
        """Return (request id, position of the need from 1) → who prepared it."""
        rows = self._session.exec(
            select(PreparedRow)
            .where(col(PreparedRow.request_id).in_(request_ids))
            .where(PreparedRow.monday == monday)
        )
        return {(row.request_id, row.place): Ready(row.account_id, row.at) for row in rows}

    def note(self, request_id: str, monday: date, place: int, by: Ready) -> None:
        """Note that a need is prepared; the first note stays.

        The caller holds the request's lock.
        """
        if self._row(request_id, monday, place) is None:
            self._session.add(
                PreparedRow(
                    request_id=request_id,
                    monday=monday,
                    place=place,
                    account_id=by.account_id,
                    at=by.at,
                )
            )

    def take_back(self, request_id: str, monday: date, place: int) -> None:
        """Undo the note; idempotent."""
        row = self._row(request_id, monday, place)
        if row is not None:
            self._session.delete(row)

    def _row(self, request_id: str, monday: date, place: int) -> PreparedRow | None:
        return self._session.get(PreparedRow, (request_id, monday, place))
