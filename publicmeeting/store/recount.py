"""The pool query run once more as of the freeze: what an objection sets going (fairness.md 2).

Nothing is judged: what every request was when the list was frozen is read from the events, which
nobody can change afterwards.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.door import Door
from publicmeeting.store.draws import Draw, excluded
from publicmeeting.store.hidden import lane_of
from publicmeeting.store.rows.cases import EventRow, RequestRow
from publicmeeting.store.rows.city import DrawRow
from publicmeeting.turns.pool import Row

IN_LINE = (Stage.WAITING.value, Stage.SUBMITTED.value)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A draw whose list is fixed, without its file."""

    id: str
    district: int
    monday: date
    frozen_at: datetime
    frozen_event: int


class Recount(Door):
    def rows(self, draw: Draw, monday: date, filed_before: datetime, ticket: str) -> list[Row]:
        """Everybody who belonged in the list of a frozen draw.

        Looked at is whoever is in the line now, whoever anything has happened to since the freeze,
        and the `ticket` that is missed. A row of the frozen list stays as it was published.
        """
        then = _before_freeze(draw)
        since = select(EventRow.request_id).where(col(EventRow.id) > draw.frozen_event)
        candidates = self._session.exec(
            select(RequestRow)
            .where(RequestRow.district == draw.district)
            .where(RequestRow.filed_at < filed_before)
            .where(
                or_(
                    col(RequestRow.stage).in_(IN_LINE),
                    col(RequestRow.ticket) == ticket,
                    col(RequestRow.id).in_(since),
                )
            )
        ).all()
        ids = [one.id for one in candidates]
        stages = self._stages(ids, then)
        out = excluded(self._session, ids, monday, then)
        listed = {row["ticket"]: Row.from_body(row) for row in draw.file["pool"]}
        owed = self._since(draw, ids, Action.OWE_SEAT)
        came = self._since(draw, ids, Action.REDIRECT)
        return [
            listed.get(one.ticket)
            or Row(
                one.ticket,
                lane_of(self._vault, one),
                one.waited,
                0 if one.id in owed else one.debt,
                one.prefers,
            )
            for one in candidates
            if stages.get(one.id) in IN_LINE and one.id not in out | came
        ]

    def fixed(self, district: int, ticket: str, since: date, *, listed: bool) -> list[Fixed]:
        """The fixed lists from a day on that have this ticket, or have it not; newest first.

        Asked of the database: a file may have thousands of rows.
        """
        has = col(DrawRow.file).contains(ticket)
        rows = self._session.exec(
            select(
                col(DrawRow.id),
                col(DrawRow.monday),
                col(DrawRow.frozen_at),
                col(DrawRow.frozen_event),
            )
            .where(DrawRow.district == district)
            .where(col(DrawRow.monday) >= since)
            .where(col(DrawRow.state).in_(["frozen", "drawn"]))
            .where(has if listed else ~has)
            .order_by(col(DrawRow.monday).desc())
        )
        return [
            Fixed(key, district, monday, frozen_at, newest or 0)
            for key, monday, frozen_at, newest in rows
            if frozen_at is not None
        ]

    def stood(self, draw: Draw | Fixed, request_id: str) -> tuple[str, bool]:
        """The stage of one request when the list was frozen, empty for none yet, and whether its
        citizen had taken this Monday out."""
        then = _before_freeze(draw)
        out = excluded(self._session, [request_id], draw.monday, then)
        return self._stages([request_id], then).get(request_id, ""), request_id in out

    def _since(self, draw: Draw, ids: list[str], action: Action) -> set[str]:
        """To whom this has happened since: a list has the debts, and the people, of the moment it
        was fixed."""
        return set(
            self._session.exec(
                select(EventRow.request_id)
                .where(col(EventRow.request_id).in_(ids))
                .where(col(EventRow.action) == action.value)
                .where(col(EventRow.id) > draw.frozen_event)
            )
        )

    def _stages(self, ids: list[str], then: ColumnElement[bool]) -> dict[str, str]:
        """The stage each request had come to by then."""
        events = self._session.exec(
            select(EventRow.request_id, EventRow.to_stage)
            .where(col(EventRow.request_id).in_(ids))
            .where(col(EventRow.order_id).is_(None))
            .where(then)
            .order_by(col(EventRow.id))
        )
        return dict(iter(events))


def _before_freeze(draw: Draw | Fixed) -> ColumnElement[bool]:
    """An event that was there at the freeze, or that had happened and was only written later."""
    assert draw.frozen_at is not None
    return or_(col(EventRow.id) <= draw.frozen_event, col(EventRow.at) < draw.frozen_at)
