"""The whole store as `doctor` reads it: every case, seat, draw and picture, without any text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlmodel import col

from publicmeeting.domain.records import Event
from publicmeeting.store.door import Door
from publicmeeting.store.events import event_of
from publicmeeting.store.rows.cases import EventRow, ImageRow, OrderRow, RequestRow
from publicmeeting.store.rows.city import MondayRow, SeatRow
from publicmeeting.store.rows.sheets import CustodyRow
from publicmeeting.store.vault import WrongKey

_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Kept:
    """What a row of a request or an order says of itself; `name` is its code or number."""

    id: str
    name: str
    stage: str
    person_id: str | None = None
    live_person: str | None = None
    district: int = 0
    ticket: str = ""
    lane: str = ""
    waited: int = 0
    debt: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """The deadlines of an order: its due date now and at first, and when its lateness climbs."""

    name: str
    due_on: date
    first_due_on: date
    climbs_at: datetime | None


@dataclass(frozen=True, slots=True)
class Allotted:
    """One row of the allocation table."""

    request_id: str
    district: int
    monday: date
    time: str
    why: str
    state: str


class Inspection(Door):
    def requests(self) -> list[Kept]:
        rows = self._session.execute(
            select(
                col(RequestRow.id), col(RequestRow.code), col(RequestRow.stage),
                col(RequestRow.person_id), col(RequestRow.live_person), col(RequestRow.district),
                col(RequestRow.ticket), col(RequestRow.lane),
                col(RequestRow.waited), col(RequestRow.debt),
            ).order_by(col(RequestRow.code))
        )  # fmt: skip
        return [
            Kept(
                key, code, stage, person, live, district, ticket,
                self._lane(key, lane), waited, debt,
            )
            for key, code, stage, person, live, district, ticket, lane, waited, debt in rows
        ]  # fmt: skip

    def _lane(self, key: str, sealed: bytes) -> str:
        """What does not open is a finding, not the end of the examination."""
        try:
            return self._vault.open_word("request.lane", key, sealed)
        except (WrongKey, TypeError):
            return "unreadable"

    def orders(self) -> list[Kept]:
        columns = (col(OrderRow.id), col(OrderRow.number), col(OrderRow.stage))
        rows = self._session.execute(select(*columns).order_by(col(OrderRow.number)))
        return [Kept(*row) for row in rows]

    def promises(self) -> dict[str, Promise]:
        """What the row of each order, by id, says of its deadlines."""
        rows = self._session.execute(
            select(
                col(OrderRow.id), col(OrderRow.number), col(OrderRow.due_on),
                col(OrderRow.first_due_on), col(OrderRow.climbs_at),
            )
        )  # fmt: skip
        return {key: Promise(*rest) for key, *rest in rows}

    def histories(self) -> Iterator[tuple[str, tuple[Event, ...]]]:
        """Id of each request or order that has events, and its events in order, without notes."""
        case = func.coalesce(col(EventRow.order_id), col(EventRow.request_id))
        query = select(EventRow).order_by(case, col(EventRow.id))
        rows = self._session.execute(query.execution_options(yield_per=_AT_ONCE)).scalars()
        for key, group in groupby(rows, key=lambda row: row.order_id or row.request_id):
            yield key, tuple(event_of(row) for row in group)

    def seats(self) -> list[Allotted]:
        rows = self._session.execute(
            select(
                col(SeatRow.request_id), col(SeatRow.district), col(SeatRow.monday),
                col(SeatRow.time), col(SeatRow.why), col(SeatRow.state),
            ).order_by(col(SeatRow.id))
        )  # fmt: skip
        return [Allotted(*row) for row in rows]

    def mondays(self) -> set[tuple[int, date]]:
        """District and day of every Monday that was opened."""
        rows = self._session.execute(select(col(MondayRow.district), col(MondayRow.on)))
        return {(district, on) for district, on in rows}

    def names_files(self) -> bool:
        """Whether any row names a file."""
        first = select(col(ImageRow.id)).limit(1), select(col(CustodyRow.id)).limit(1)
        return any(self._session.execute(query).first() for query in first)

    def has_requests(self) -> bool:
        return self._session.execute(select(col(RequestRow.id)).limit(1)).first() is not None

    def images(self) -> list[tuple[str, str]]:
        """Id of each picture's row and each picture of ours it names."""
        columns = (col(ImageRow.id), col(ImageRow.web), col(ImageRow.thumb))
        rows = self._session.execute(select(*columns))
        return [(key, name) for key, web, thumb in rows for name in (web, thumb)]

    def originals(self) -> list[tuple[str, str]]:
        """Id of each picture's row that names an original, and the original."""
        columns = (col(ImageRow.id), col(ImageRow.kept))
        rows = self._session.execute(select(*columns).where(col(ImageRow.kept).is_not(None)))
        return [(key, kept) for key, kept in rows]
