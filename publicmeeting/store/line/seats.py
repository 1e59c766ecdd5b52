"""The allocation table: only `allot` writes a new seat."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import case, col, func, select

from publicmeeting.domain.lifecycle.guards import UNDOABLE
from publicmeeting.domain.mondays import (
    MAY_COME_BACK,
    NOBODY_CAME,
    SEAT,
    MondayState,
    SeatState,
    check_step,
)
from publicmeeting.domain.records import Event, Seat, standing
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow, RequestRow
from publicmeeting.store.database.rows.city import MondayRow, SeatRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.words import is_instant, words
from publicmeeting.store.lifecycle.events import EVENT_COLUMNS, event_of

_STAGES, _ROLES = frozenset(Stage), frozenset(Role)
HELD: sqlalchemy.ColumnElement[str] = sqlalchemy.literal_column("'held'")
"""A literal: with a parameter SQLite cannot tell in advance that the partial index applies."""
_OF_REQUEST = select(SeatRow).where(col(SeatRow.request_id) == bindparam("request"))
_HELD = _OF_REQUEST.where(col(SeatRow.state) == HELD)
_LAST = _OF_REQUEST.order_by(col(SeatRow.id).desc())
_SEATS = sqlalchemy.select(
    col(SeatRow.request_id),
    col(SeatRow.monday),
    col(SeatRow.time),
    col(SeatRow.why),
    col(SeatRow.answer_by),
).where(col(SeatRow.request_id).in_(bindparam("requests", expanding=True)))
_TO_END = [stage.value for stage in (Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED)]
_HELD_BY_GUEST = (
    col(SeatRow.state) == HELD,
    col(RequestRow.id) == col(SeatRow.request_id),
    col(RequestRow.stage).in_(words(_TO_END)),
)
FIRST_HELD_ON = sqlalchemy.select(func.min(SeatRow.monday)).where(*_HELD_BY_GUEST)
"""The earliest Monday with a seat held by somebody who is not in the room."""
_LEFT = (
    sqlalchemy.select(col(SeatRow.monday), col(SeatRow.district))
    .where(*_HELD_BY_GUEST, col(SeatRow.monday) < bindparam("today"))
    .distinct()
    .order_by(col(SeatRow.monday), col(SeatRow.district))
)
_HELD_IN = (
    sqlalchemy.select(
        col(SeatRow.district),
        func.sum(case((col(SeatRow.state) == HELD, 1), else_=0)),
        func.max(case((is_instant(col(SeatRow.ended_at)), col(SeatRow.ended_at)), else_=None)),
    )
    .where(col(SeatRow.monday) == bindparam("monday"))
    .group_by(col(SeatRow.district))
)
_HELD_BY = _SEATS.where(col(SeatRow.state) == HELD)
_OF_REQUESTS = _SEATS.order_by(col(SeatRow.state) == SeatState.HELD, col(SeatRow.id))
_ASSIGNED_ON = (
    sqlalchemy.select(
        col(SeatRow.time), col(SeatRow.request_id), col(SeatRow.why), col(SeatRow.state)
    )
    .where(col(SeatRow.district) == bindparam("district"))
    .where(col(SeatRow.monday) == bindparam("monday"))
    .order_by(col(SeatRow.time), col(SeatRow.id))
)
_HELD_ON = _ASSIGNED_ON.where(col(SeatRow.state) == HELD)
_DAY: sqlalchemy.Select[*tuple[Any, ...]] = (
    sqlalchemy.select(
        col(SeatRow.id).label("seat"),
        col(SeatRow.request_id),
        col(SeatRow.time),
        col(SeatRow.state),
        col(RequestRow.stage),
        *EVENT_COLUMNS,
    )
    .join(RequestRow, col(RequestRow.id) == col(SeatRow.request_id))
    .outerjoin(
        EventRow,
        sqlalchemy.and_(
            col(EventRow.request_id) == col(SeatRow.request_id),
            col(EventRow.order_id).is_(None),
            col(EventRow.at) >= bindparam("since"),
            col(EventRow.at) < bindparam("until"),
        ),
    )
    .where(col(SeatRow.district) == bindparam("district"))
    .where(col(SeatRow.monday) == bindparam("monday"))
    .order_by(col(SeatRow.time), col(SeatRow.id), col(EventRow.id))
)
_MET_BY = (
    sqlalchemy.select(
        col(SeatRow.district), col(SeatRow.monday), col(EventRow.role), func.count().label("met")
    )
    .join(EventRow, col(EventRow.request_id) == col(SeatRow.request_id))
    .where(col(SeatRow.monday) >= bindparam("since"))
    .where(col(SeatRow.state) == SeatState.USED)
    .where(col(EventRow.action).in_(words([Action.FINISH, Action.FINISH_REFUSED])))
    .where(col(EventRow.at) >= col(SeatRow.assigned_at))
    .group_by(col(SeatRow.district), col(SeatRow.monday), col(EventRow.role))
)
_NOTED = aliased(EventRow)
_ON_PAPER = (
    sqlalchemy.select(
        col(EventRow.request_id),
        col(RequestRow.district),
        col(EventRow.action),
        col(EventRow.payload),
    )
    .join(RequestRow, col(RequestRow.id) == col(EventRow.request_id))
    .where(
        col(EventRow.request_id).in_(
            sqlalchemy.select(col(_NOTED.request_id))
            .where(col(_NOTED.action) == Action.NOTE_PAPER.value)
            .where(col(_NOTED.at) >= bindparam("since"))
        )
    )
    .where(col(EventRow.action).in_(words([Action.NOTE_PAPER, *UNDOABLE, Action.UNDO])))
    .where(col(EventRow.at) >= bindparam("since"))
    .order_by(col(EventRow.id))
)
"""Also asked while nothing was noted, which is nearly always so; then it reads no event."""
_TELEPHONED = (
    sqlalchemy.select(col(SeatRow.district), func.count(func.distinct(col(SeatRow.id))))
    .join(EventRow, col(EventRow.request_id) == col(SeatRow.request_id))
    .where(col(SeatRow.monday) >= bindparam("since"))
    .where(col(SeatRow.monday) < bindparam("before"))
    .where(col(SeatRow.state) == SeatState.USED)
    .where(col(EventRow.action) == Action.REACH.value)
    .where(col(EventRow.at) >= col(SeatRow.assigned_at))
    .group_by(col(SeatRow.district))
)
_NOBODY_CAME = (
    sqlalchemy.select(col(SeatRow.district), func.count())
    .where(col(SeatRow.monday) >= bindparam("since"))
    .where(col(SeatRow.monday) < bindparam("before"))
    .where(col(SeatRow.state).in_(words(NOBODY_CAME)))
    .group_by(col(SeatRow.district))
)
_SENT_AWAY = (
    sqlalchemy.select(
        col(SeatRow.district),
        func.count(),
        func.count() - func.count(col(SeatRow.request_id).distinct()),
    )
    .join(
        MondayRow,
        sqlalchemy.and_(
            col(MondayRow.district) == col(SeatRow.district),
            col(MondayRow.on) == col(SeatRow.monday),
        ),
    )
    .where(col(SeatRow.monday) >= bindparam("since"))
    .where(col(SeatRow.monday) < bindparam("before"))
    .where(col(SeatRow.state) == SeatState.CANCELLED)
    .where(col(MondayRow.state) == MondayState.HELD)
    .group_by(col(SeatRow.district))
)
_UNANSWERED = (
    sqlalchemy.select(col(SeatRow.request_id), col(SeatRow.assigned_at), col(SeatRow.answer_by))
    .join(RequestRow, col(RequestRow.id) == col(SeatRow.request_id))
    .where(col(SeatRow.state) == HELD)
    .where(col(RequestRow.stage) == Stage.INVITED.value)
    .where(col(RequestRow.filed_at) <= bindparam("filed_until"))
    .where(col(SeatRow.assigned_at) > bindparam("assigned_after"))
)


@dataclass(frozen=True, slots=True)
class SeatDay:
    """A seat of a Monday, with its request's current stage and the events of the day."""

    request_id: str
    time: str
    state: SeatState
    stage: Stage
    done: tuple[Event, ...]
    """Events in order, without undone ones and without notes."""


def line_topic(district: int) -> str:
    """Return the topic for changes of a district's whole line: draws, seats assigned and released.

    These are rare, so every page of a waiting citizen can follow it.
    """
    return f"line:{district}"


_IN_DISTRICTS = col(SeatRow.district).in_(bindparam("districts", expanding=True))
_WAITS = (
    sqlalchemy.select(col(SeatRow.district), col(SeatRow.monday), col(RequestRow.filed_at))
    .join(RequestRow, col(RequestRow.id) == col(SeatRow.request_id))
    .where(col(SeatRow.state) == SeatState.USED)
    .where(col(SeatRow.monday) >= bindparam("from_on"))
    .where(col(SeatRow.monday) < bindparam("until"))
    .where(_IN_DISTRICTS)
)
_LANE = col(SeatRow.why).startswith("lane:", autoescape=True)
_BY_LANES = (
    sqlalchemy.select(
        col(SeatRow.district),
        func.sum(case((_LANE, 1), else_=0)),
        func.count(func.distinct(SeatRow.monday)),
    )
    .where(col(SeatRow.monday) >= bindparam("from_on"))
    .where(_IN_DISTRICTS)
    .group_by(col(SeatRow.district))
)


class Allocation(NamedTuple):
    """One seat that a request has or had; `why` and `state` as stored."""

    time: str
    request_id: str
    why: str
    state: str


class Seats(Repository):
    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._assigned: dict[tuple[int, date], list[Allocation]] = {}
        """Cache for reading transactions."""

    def allot(self, district: int, request_id: str, seat: Seat, now: datetime) -> None:
        """Assign one seat to one request (docs/turns.md section 5).

        Called by the draw, by the offer to the next in the standby, by standing in, and by taking a
        seat that the whole standby refused. Unique indexes exclude a second holder.
        """
        self._session.add(
            SeatRow(
                district=district,
                monday=seat.monday,
                time=seat.time,
                request_id=request_id,
                why=seat.why,
                answer_by=seat.answer_by,
                assigned_at=now,
            )
        )
        self._session.flush()
        self._transaction.publish(line_topic(district))

    def end(
        self, request_id: str, state: SeatState, now: datetime, *, freed_by: int | None = None
    ) -> Seat | None:
        """End the seat a request holds; `freed_by` is the log entry that did so."""
        row = self._session.exec(_HELD, params={"request": request_id}).first()
        if row is None:
            return None
        check_step(SEAT, row.state, state)
        row.state, row.ended_at, row.freed_by = state, now, freed_by
        self._session.add(row)
        self._session.flush()
        self._transaction.publish(line_topic(row.district))
        return Seat(row.monday, row.time, row.why, row.answer_by)

    def held(self, district: int, monday: date) -> dict[str, str]:
        """Return start time → request id of the seats held on a Monday."""
        rows = self._transaction.execute(_HELD_ON, {"district": district, "monday": monday})
        return {time: request_id for time, request_id, _, _ in rows}

    def left(self, today: date) -> list[tuple[date, int]]:
        """Return (Monday, district) of past seats still held by somebody who is not in the room."""
        first_on: date | None = self._transaction.value(FIRST_HELD_ON)
        if first_on is None or first_on >= today:
            return []
        rows = self._transaction.execute(_LEFT, {"today": today})
        return [(monday, district) for monday, district in rows]

    def held_in(self, monday: date) -> dict[int, tuple[int, datetime | None]]:
        """Return district → (seats held, time of the last release)."""
        rows = self._transaction.execute(_HELD_IN, {"monday": monday})
        return {district: (int(held), ended) for district, held, ended in rows}

    def waits(
        self, districts: Collection[int], from_on: date, until: date
    ) -> list[tuple[int, date, datetime]]:
        """Return (district, Monday, time of filing) of everybody met; `until` is exclusive."""
        which = {"districts": list(districts), "from_on": from_on, "until": until}
        rows = self._transaction.execute(_WAITS, which)
        return [(district, monday, filed_at) for district, monday, filed_at in rows]

    def by_lanes(self, districts: Collection[int], from_on: date) -> dict[int, tuple[int, int]]:
        """Return district → (seats by lanes, Mondays with seats) for Mondays from a day on."""
        which = {"districts": list(districts), "from_on": from_on}
        rows = self._transaction.execute(_BY_LANES, which)
        return {district: (int(taken), mondays) for district, taken, mondays in rows}

    def unanswered(
        self, filed_until: datetime, assigned_after: datetime
    ) -> list[tuple[str, datetime, datetime]]:
        """Return (request id, time of assignment, deadline) of everybody who has not answered."""
        self._session.flush()
        when = {"filed_until": filed_until, "assigned_after": assigned_after}
        rows = self._transaction.connection.execute(_UNANSWERED, when)
        return [(request_id, assigned_at, answer_by) for request_id, assigned_at, answer_by in rows]

    def assigned(self, district: int, monday: date) -> list[Allocation]:
        """Return all allocations of a Monday."""
        if self._transaction.is_reading and (district, monday) in self._assigned:
            return self._assigned[district, monday]
        rows = self._transaction.execute(_ASSIGNED_ON, {"district": district, "monday": monday})
        found = [Allocation(*row) for row in rows]
        self._assigned[district, monday] = found
        return found

    def met_by(self, since: date) -> dict[tuple[int, date], dict[Role, int]]:
        """Return (district, Monday) → role of the holder → number of meetings, from this day on."""
        found: dict[tuple[int, date], dict[Role, int]] = {}
        for district, monday, role, met in self._transaction.execute(_MET_BY, {"since": since}):
            if role in _ROLES:
                found.setdefault((district, monday), {})[Role(role)] = met
        return found

    def noted_on_paper(self, since: date) -> dict[tuple[int, date], tuple[int, int]]:
        """Return (district, Monday) → (meetings noted on paper, confirmed ones), since then."""
        newest: dict[str, tuple[str, int, date]] = {}
        noted, confirmed = set[tuple[str, int, date]](), set[tuple[str, int, date]]()
        left: dict[str, str] = {}
        for request_id, district, action, payload in self._transaction.execute(
            _ON_PAPER, {"since": at_tehran(since)}
        ):
            if action == Action.NOTE_PAPER.value:
                day = date.fromisoformat(read_object(payload)["monday"])
                newest[request_id] = request_id, district, day
                noted.add(newest[request_id])
            elif action != Action.UNDO.value:
                left[request_id] = action
                if action == Action.SAY_MET.value and request_id in newest:
                    confirmed.add(newest[request_id])
            elif left.get(request_id) == Action.SAY_MET.value and request_id in newest:
                confirmed.discard(newest[request_id])  # she denied the confirmation
        found: dict[tuple[int, date], tuple[int, int]] = {}
        for row in noted:
            _, district, day = row
            count, sure = found.get((district, day), (0, 0))
            found[district, day] = count + 1, sure + (row in confirmed)
        return found

    def noted_requests(self, district: int, monday: date) -> set[str]:
        """Return the ids of requests with a noted paper meeting on that Monday."""
        events = self._transaction.execute(_ON_PAPER, {"since": at_tehran(monday)})
        return {
            request_id
            for request_id, where, action, payload in events
            if where == district
            and action == Action.NOTE_PAPER.value
            and read_object(payload)["monday"] == monday.isoformat()
        }

    def telephoned(self, since: date, before: date) -> dict[int, int]:
        """Return district → number of meetings by telephone between these days."""
        rows = self._transaction.execute(_TELEPHONED, {"since": since, "before": before})
        return dict(rows.all())

    def without_arrival(self, since: date, before: date) -> dict[int, int]:
        """Return district → number of seats between these days that ended without an arrival."""
        rows = self._transaction.execute(_NOBODY_CAME, {"since": since, "before": before})
        return dict(rows.all())

    def sent_away(self, since: date, before: date) -> dict[int, tuple[int, int]]:
        """Return district → how often between these days a visitor came and was not received.

        The second number says how often it was one to whom it had happened in these days before.
        Of Mondays that were held; a closed one, or one that nobody held, is counted as such.
        """
        rows = self._transaction.execute(_SENT_AWAY, {"since": since, "before": before})
        return {district: (count, again) for district, count, again in rows}

    def day(self, district: int, monday: date, since: datetime, until: datetime) -> list[SeatDay]:
        """Return all allocations of a Monday by time, with the events between two instants.

        One statement, for pages that many people read at once. Unreadable events are left out. The
        stage is that of the newest event of this period, else that of the row: if there is none,
        or if one of them cannot be read.
        """
        values = {"district": district, "monday": monday, "since": since, "until": until}
        rows = self._transaction.execute(_DAY, values)
        found = []
        for _, of_seat in groupby(rows, key=lambda row: row.seat):
            each = list(of_seat)
            first = each[0]
            events = tuple(_events(each))
            is_whole = len(events) == sum(row.id is not None for row in each)
            stage = events[-1].to_stage if events and is_whole else first.stage
            if stage not in _STAGES:
                continue  # her own page says that her case cannot be read
            done = standing(events)
            found.append(SeatDay(first.request_id, first.time, first.state, Stage(stage), done))
        return found

    def last(self, request_id: str) -> Seat | None:
        """Return the seat that this request held last, in any state."""
        row = self._session.exec(_LAST, params={"request": request_id}).first()
        return Seat(row.monday, row.time, row.why, row.answer_by) if row else None

    def latest(self, request_ids: Collection[str]) -> dict[str, Seat]:
        """Return request id → the seat it holds, or else the one it held last."""
        rows = self._transaction.execute(_OF_REQUESTS, {"requests": list(request_ids)})
        return {request_id: Seat(*seat) for request_id, *seat in rows}

    def may_come_back(self, request_ids: Collection[str], since: date) -> bool:
        """Whether a seat from that day on, which one of these requests had, may be hers again."""
        seats = self._session.exec(
            select(SeatRow.id)
            .where(col(SeatRow.request_id).in_(request_ids))
            .where(SeatRow.monday >= since)
            .where(col(SeatRow.state).in_(words(MAY_COME_BACK)))
        )
        return seats.first() is not None

    def held_by(self, request_ids: Collection[str]) -> dict[str, Seat]:
        """Return request id → the seat it holds."""
        rows = self._transaction.execute(_HELD_BY, {"requests": list(request_ids)})
        return {request_id: Seat(*seat) for request_id, *seat in rows}

    def let_go(self, request_id: str, monday: date, time: str) -> Seat | None:
        """Return the seat or offer that a request had there last and, by the log, let go."""
        row = self._let_go(request_id, monday, time)
        return Seat(row.monday, row.time, row.why, row.answer_by) if row else None

    def give_back(self, request_id: str, seat: Seat) -> None:
        """Let the request hold a seat again that it let go.

        The caller has checked that it is free by the log, whatever the row says.
        """
        row = self._let_go(request_id, seat.monday, seat.time)
        assert row is not None, "found by the caller"
        _hold(row)
        self._session.add(row)
        self._session.flush()
        self._transaction.publish(line_topic(row.district))

    def _let_go(self, request_id: str, monday: date, time: str) -> SeatRow | None:
        return self._session.exec(
            select(SeatRow)
            .where(SeatRow.request_id == request_id)
            .where(SeatRow.monday == monday, SeatRow.time == time)
            .order_by(col(SeatRow.id).desc())
        ).first()

    def restore(self, request_id: str, now: datetime) -> Seat | None:
        """Let the request hold its missed seat again, after she came late."""
        row = self._session.exec(
            select(SeatRow)
            .where(SeatRow.request_id == request_id)
            .where(SeatRow.state == SeatState.MISSED)
            .order_by(col(SeatRow.id).desc())
        ).first()
        if row is None:
            return None
        check_step(SEAT, row.state, SeatState.HELD)
        _hold(row)
        row.assigned_at = min(row.assigned_at, now)
        self._session.add(row)
        self._session.flush()
        return Seat(row.monday, row.time, row.why, row.answer_by)


def _hold(row: SeatRow) -> None:
    row.state, row.ended_at, row.freed_by = SeatState.HELD, None, None


def _events(rows: Iterable[sqlalchemy.Row[*tuple[Any, ...]]]) -> Iterator[Event]:
    for row in rows:
        with suppress(KeyError, ValueError):
            if row.id is not None:
                yield event_of(row)
