"""What reception has made ready for the visitors of a Monday."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import PreparedRow


@dataclass(frozen=True, slots=True)
class Ready:
    """Who has made it ready, and when."""

    account_id: str
    at: datetime


class Preparing(Repository):
    def of(self, request_ids: Collection[str], monday: date) -> dict[tuple[str, int], Ready]:
        """By request and the place of a need among hers, from 1."""
        rows = self._session.exec(
            select(PreparedRow)
            .where(col(PreparedRow.request_id).in_(request_ids))
            .where(PreparedRow.monday == monday)
        )
        return {(row.request_id, row.place): Ready(row.account_id, row.at) for row in rows}

    def note(self, request_id: str, monday: date, place: int, by: Ready) -> None:
        """It is ready. Who has noted it first stays; whoever notes holds the request's lock."""
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
        """It is not ready after all; idempotent."""
        row = self._row(request_id, monday, place)
        if row is not None:
            self._session.delete(row)

    def _row(self, request_id: str, monday: date, place: int) -> PreparedRow | None:
        return self._session.get(PreparedRow, (request_id, monday, place))
