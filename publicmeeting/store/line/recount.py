"""State of a request when a list was fixed, to tell its citizen why it is not in the list.

It is derived from the events; only the log decides who belongs in the list (`line_book`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, or_
from sqlmodel import col, select

from publicmeeting.domain.mondays import DrawState
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow
from publicmeeting.store.database.rows.city import DrawRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.line.draws import Draw, Draws, excluded
from publicmeeting.store.line.line_book import LineBook
from publicmeeting.store.line.outside import outside
from publicmeeting.turns.formulas import draw_id

_FIXED = (
    sqlalchemy.select(
        col(DrawRow.id),
        col(DrawRow.district),
        col(DrawRow.monday),
        col(DrawRow.frozen_at),
        col(DrawRow.frozen_event),
        col(DrawRow.drawn_at),
        col(DrawRow.seed),
    )
    .where(col(DrawRow.district) == bindparam("district"))
    .where(col(DrawRow.monday) >= bindparam("since"))
    .where(col(DrawRow.state).in_([DrawState.FROZEN, DrawState.DRAWN]))
    .order_by(col(DrawRow.monday).desc())
)
_IN_FILE = (
    sqlalchemy.select(col(DrawRow.id))
    .where(col(DrawRow.id) == bindparam("draw"))
    .where(col(DrawRow.file).contains(bindparam("ticket", type_=sqlalchemy.String)))
)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A draw with a fixed list, without its file."""

    id: str
    district: int
    monday: date
    frozen_at: datetime
    frozen_event: int


class Recount(Repository):
    def __init__(self, transaction: Transaction, draws: Draws, line_book: LineBook) -> None:
        super().__init__(transaction)
        self._draws = draws
        self._line_book = line_book

    def fixed(self, district: int, ticket: str, since: date, *, listed: bool) -> list[Fixed]:
        """Return the fixed lists from a day on with this ticket, or without it; newest first.

        Drawn lists never change and are cached per process. If one cannot be read, the log says who
        was in it.
        """
        rows = self._transaction.execute(_FIXED, {"district": district, "since": since}).all()
        return [
            Fixed(
                draw_id(district, row.monday),
                district,
                row.monday,
                row.frozen_at,
                row.frozen_event or 0,
            )
            for row in rows
            if row.frozen_at is not None and self._has(row, ticket) is listed
        ]

    def _has(self, draw: sqlalchemy.Row[*tuple[Any, ...]], ticket: str) -> bool:
        if draw.drawn_at is None:
            found = self._transaction.execute(_IN_FILE, {"draw": draw.id, "ticket": ticket})
            return found.first() is not None
        drawn = self._draws.drawn_list(draw.id, draw.drawn_at, draw.seed)
        if drawn is None:
            return self._line_book.listing(draw_id(draw.district, draw.monday), ticket).is_listed
        return ticket in drawn

    def stood(self, draw: Draw | Fixed, request_id: str) -> tuple[str, bool]:
        """Return the stage of a request at the freeze, and whether it left this Monday out.

        The stage is empty if the request did not exist yet.
        """
        then = _before_freeze(draw)
        out = excluded(self._session, [request_id], draw.monday, then)
        return self._stages([request_id], then).get(request_id, ""), request_id in out

    def _stages(self, ids: list[str], then: ColumnElement[bool]) -> dict[str, str]:
        """Return the stage of each request by then."""
        events = self._session.exec(
            select(EventRow.request_id, EventRow.to_stage)
            .where(col(EventRow.request_id).in_(ids))
            .where(col(EventRow.order_id).is_(None))
            .where(then)
            .order_by(col(EventRow.id))
        )
        turned_away = outside(self._transaction, ids, then)
        return {one: stage for one, stage in events if one not in turned_away}


def _before_freeze(draw: Draw | Fixed) -> ColumnElement[bool]:
    """Condition: the event existed at the freeze, or happened before and was written later."""
    assert draw.frozen_at is not None
    return or_(col(EventRow.id) <= draw.frozen_event, col(EventRow.at) < draw.frozen_at)
