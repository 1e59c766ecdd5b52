"""Draw files in their states, and the pool query that a freeze and an objection share."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select, update

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.canonical import canonical_json
from publicmeeting.store.door import Door
from publicmeeting.store.rows.cases import EventRow, RequestRow
from publicmeeting.store.rows.city import DrawRow
from publicmeeting.store.seats import line_topic
from publicmeeting.turns.pool import Row

_AT_ONCE = 5000
"""Values in one statement; both databases take at least six times as many."""


@dataclass(frozen=True, slots=True)
class Draw:
    id: str
    district: int
    monday: date
    state: str
    file: dict[str, Any]
    frozen_at: datetime | None = None
    drawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A draw that has not run, without its file."""

    district: int
    monday: date
    state: str
    frozen_at: datetime | None


class Draws(Door):
    def open(self, district: int, monday: date, draw_id: str, file: dict[str, object]) -> None:
        row = DrawRow(id=draw_id, district=district, monday=monday, state="open",
                      file=canonical_json(file))  # fmt: skip
        self._session.add(row)
        self._session.flush()

    def get(self, district: int, monday: date) -> Draw | None:
        row = self._session.exec(
            select(DrawRow).where(DrawRow.district == district).where(DrawRow.monday == monday)
        ).first()
        return _draw(row) if row else None

    def listed(self, *, district: int | None = None, state: str | None = None,
               monday: date | None = None) -> list[Draw]:  # fmt: skip
        query = select(DrawRow).order_by(col(DrawRow.monday).desc(), col(DrawRow.district))
        if district is not None:
            query = query.where(DrawRow.district == district)
        if state is not None:
            query = query.where(DrawRow.state == state)
        if monday is not None:
            query = query.where(DrawRow.monday == monday)
        return [_draw(row) for row in self._session.exec(query)]

    def pending(self) -> list[Pending]:
        """Draws that have not run, the earliest Monday first."""
        rows = self._session.exec(
            select(
                col(DrawRow.district), col(DrawRow.monday), col(DrawRow.state),
                col(DrawRow.frozen_at),
            )
            .where(DrawRow.state != "drawn")
            .order_by(col(DrawRow.monday), col(DrawRow.district))
        )  # fmt: skip
        return [Pending(*row) for row in rows]

    def drawn_since(
        self, day: date, district: int | None = None
    ) -> list[tuple[int, date, datetime]]:
        """District, Monday and time of the draws run for Mondays from a day on, without files."""
        query = (
            select(col(DrawRow.district), col(DrawRow.monday), col(DrawRow.drawn_at))
            .where(DrawRow.state == "drawn")
            .where(DrawRow.monday >= day)
            .order_by(col(DrawRow.monday), col(DrawRow.district))
        )
        if district is not None:
            query = query.where(DrawRow.district == district)
        rows = self._session.exec(query)
        return [(number, monday, at) for number, monday, at in rows if at is not None]

    def taken_part(self, district: int, ticket: str) -> list[tuple[date, datetime, bool]]:
        """Monday, time and whether it gave a seat, of every draw this ticket was in."""
        rows = self._session.exec(
            select(DrawRow)
            .where(DrawRow.district == district)
            .where(DrawRow.state == "drawn")
            .where(col(DrawRow.file).contains(ticket))
            .order_by(col(DrawRow.monday))
        )
        return [
            (row.monday, row.drawn_at, _gave_seat(row.file, ticket))
            for row in rows
            if row.drawn_at is not None
        ]

    def freeze(self, draw: Draw, file: dict[str, object], now: datetime) -> None:
        self._set(draw, "frozen", file).frozen_at = now

    def draw(self, draw: Draw, file: dict[str, object], now: datetime) -> None:
        self._set(draw, "drawn", file).drawn_at = now

    def pool(self, district: int, monday: date, filed_before: datetime) -> list[tuple[str, Row]]:
        """Request id and row of everybody in the line at the freeze (fairness.md 2).

        Filed before Saturday 24:00, waiting or still unscreened, this Monday not excluded.
        """
        rows = self._session.exec(
            select(RequestRow)
            .where(RequestRow.district == district)
            .where(col(RequestRow.stage).in_([Stage.WAITING.value, Stage.SUBMITTED.value]))
            .where(RequestRow.filed_at < filed_before)
        ).all()
        excluded = self._excluded([r.id for r in rows], monday)
        return [
            (r.id, Row(r.ticket, r.lane, r.waited, r.debt, r.prefers))
            for r in rows
            if r.id not in excluded
        ]

    def is_frozen_in(self, district: int, ticket: str) -> bool:
        """Whether this ticket stands in a pool that is fixed and not drawn yet."""
        return (
            self._session.exec(
                select(DrawRow.id)
                .where(DrawRow.district == district)
                .where(DrawRow.state == "frozen")
                .where(col(DrawRow.file).contains(ticket))
            ).first()
            is not None
        )

    def unscreened(self, district: int, filed_before: datetime) -> list[str]:
        """Ids of what nobody has screened by the freeze; the oldest first."""
        return list(
            self._session.exec(
                select(RequestRow.id)
                .where(RequestRow.district == district)
                .where(RequestRow.stage == Stage.SUBMITTED.value)
                .where(RequestRow.filed_at < filed_before)
                .order_by(col(RequestRow.filed_at), col(RequestRow.id))
            )
        )

    def add_week(self, tickets: Sequence[str]) -> None:
        """These rows were in a pool and got no seat: one more week each."""
        for start in range(0, len(tickets), _AT_ONCE):
            self._session.exec(
                update(RequestRow)
                .where(col(RequestRow.ticket).in_(tickets[start : start + _AT_ONCE]))
                .values(waited=col(RequestRow.waited) + 1)
            )

    def waiting(self, district: int, monday: date) -> dict[str, str]:
        """Ticket → request id of those who wait and have not excluded this Monday."""
        rows = self._session.exec(
            select(RequestRow.ticket, RequestRow.id)
            .where(RequestRow.district == district)
            .where(RequestRow.stage == Stage.WAITING.value)
        ).all()
        excluded = self._excluded([request_id for _, request_id in rows], monday)
        return {ticket: key for ticket, key in rows if key not in excluded}

    def _excluded(self, ids: list[str], monday: date) -> set[str]:
        """Requests whose citizen took this Monday out, by her newest word on it."""
        events = self._session.exec(
            select(EventRow)
            .where(col(EventRow.request_id).in_(ids))
            .where(col(EventRow.action).in_(["exclude", "include", "move_once"]))
            .order_by(col(EventRow.id))
        )
        out: set[str] = set()
        for event in events:
            given = json.loads(event.given)
            if event.action == "move_once":
                if monday < date.fromisoformat(given["monday"]):
                    out.add(event.request_id)
            elif given["monday"] == monday.isoformat():
                (out.add if event.action == "exclude" else out.discard)(event.request_id)
        return out

    def _set(self, draw: Draw, state: str, file: dict[str, object]) -> DrawRow:
        row = self._locked(DrawRow, draw.id)
        if row is None or row.state != draw.state:
            raise ValueError(draw.id)
        row.state, row.file = state, canonical_json(file)
        self._session.add(row)
        self._work.ring(f"district:{draw.district}", line_topic(draw.district), "draws")
        return row


def _gave_seat(file: str, ticket: str) -> bool:
    return any(one["ticket"] == ticket for one in json.loads(file)["seated"])


def _draw(row: DrawRow) -> Draw:
    return Draw(row.id, row.district, row.monday, row.state, json.loads(row.file),
                row.frozen_at, row.drawn_at)  # fmt: skip
