"""Data of a request outside its row: seat and day, readers of her name, open lines, history."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeAlias

import sqlalchemy
import sqlalchemy.orm
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.domain.calendar import mondays
from publicmeeting.domain.lifecycle.guards import (
    OBJECTION_DAYS,
    RECLAIMED_WITHIN,
    decision_against,
    left_by,
)
from publicmeeting.domain.line.history import newest_release
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.records import (
    OFFERED,
    Event,
    OpenLine,
    Seat,
    is_drawn,
    own_answer_by,
    own_time,
    standing,
)
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import (
    LETS_GO,
    PRESENT,
    SCREENING,
    SEATED,
    UNSEATED,
    Action,
    OrderStage,
    Stage,
)
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.database.rows.cases import (
    EventRow,
    OpeningRow,
    OrderRow,
    OutboxRow,
    RequestRow,
)
from publicmeeting.store.database.rows.city import DrawRow, MondayRow, SeatRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Opens
from publicmeeting.store.database.words import words
from publicmeeting.store.districts.city import City
from publicmeeting.store.lifecycle.events import events_of_requests, read_events, standing_of
from publicmeeting.store.line.seats import HELD
from publicmeeting.turns.rules.week import Week

RequestColumns: TypeAlias = RequestRow | sqlalchemy.Row[*tuple[Any, ...]] | SimpleNamespace
"""All columns of a request by name.

An ORM row is loaded only if a step follows; for a new request these are the written values.
"""

_SEATS = (
    sqlalchemy.select(
        col(RequestRow.id),
        col(SeatRow.monday),
        col(SeatRow.time),
        col(SeatRow.why),
        col(SeatRow.answer_by),
        col(MondayRow.held_by),
        col(MondayRow.seats),
        sqlalchemy.exists()
        .where(col(OrderRow.request_id) == col(RequestRow.id))
        .where(col(OrderRow.stage) != OrderStage.VOID.value)
        .label("ordered"),
    )
    .select_from(RequestRow)
    .outerjoin(
        SeatRow, (col(SeatRow.request_id) == col(RequestRow.id)) & (col(SeatRow.state) == HELD)
    )
    .outerjoin(
        MondayRow,
        (col(MondayRow.district) == col(RequestRow.district))
        & (col(MondayRow.on) == col(SeatRow.monday)),
    )
)
"""Her seat, its day, and whether an order that is not void exists."""
_SEATED = _SEATS.where(col(RequestRow.id) == bindparam("request"))
_ALL_SEATED = _SEATS.where(col(RequestRow.id).in_(bindparam("requests", expanding=True)))
_LATER = sqlalchemy.orm.aliased(SeatRow)
_GIVEN_UP = (
    sqlalchemy.select(
        col(SeatRow.monday), col(SeatRow.time), col(SeatRow.why), col(SeatRow.answer_by)
    )
    .join(
        MondayRow,
        (col(MondayRow.district) == col(SeatRow.district))
        & (col(MondayRow.on) == col(SeatRow.monday)),
    )
    .where(col(SeatRow.request_id) == bindparam("request"))
    .where(col(MondayRow.state).in_(words(ON)))
    .where(
        ~sqlalchemy.exists()
        .where(col(_LATER.district) == col(SeatRow.district))
        .where(col(_LATER.monday) == col(SeatRow.monday))
        .where(col(_LATER.time) == col(SeatRow.time))
        .where(col(_LATER.id) > col(SeatRow.id))
    )
    .order_by(col(SeatRow.id).desc())
    .limit(1)
)
"""Her newest seat or offer, if nobody had it since and its Monday is on.

An event says that she let it go, and the log whether it comes back; the state of the row does not.
"""
_NAME_SEEN_BY = (
    sqlalchemy.select(col(OpeningRow.account_id))
    .where(col(OpeningRow.request_id) == bindparam("request"))
    .where(col(OpeningRow.with_name))
)
_NAMES_SEEN_BY = (
    sqlalchemy.select(col(OpeningRow.request_id), col(OpeningRow.account_id))
    .where(col(OpeningRow.request_id).in_(bindparam("requests", expanding=True)))
    .where(col(OpeningRow.with_name))
)
_LED_TO = (
    sqlalchemy.select(col(EventRow.to_stage))
    .where(col(EventRow.request_id) == col(RequestRow.id))
    .where(sqlalchemy.func.coalesce(col(EventRow.order_id), "") == "")
    .order_by(col(EventRow.id).desc())
    .limit(1)
    .scalar_subquery()
)
_IN_ROOM = (
    sqlalchemy.select(col(RequestRow.id))
    .where(col(RequestRow.district) == bindparam("district"))
    .where(col(RequestRow.stage) == Stage.IN_ROOM.value)
    .where(col(RequestRow.stage) == _LED_TO)
    .limit(1)
)
"""Who is in the room by row and newest event: one changed row must not keep all others out."""
_FIRST_FROZEN = (
    sqlalchemy.select(col(DrawRow.monday), col(DrawRow.frozen_at))
    .where(col(DrawRow.district) == bindparam("district"))
    .where(col(DrawRow.frozen_at) > bindparam("since"))
    .order_by(col(DrawRow.frozen_at))
    .limit(1)
)
# Statements of every step are built once: building costs more than executing.

_CAME_IN = (Action.GIVE_INFO, Action.OBJECT, Action.REDIRECT)
_AHEAD = 60
"""Number of Mondays examined; the rules can close a line at most a year before."""
_LEFT = frozenset({Stage.WITHDRAWN, Stage.CLOSED, Stage.FOLLOW_UP})
_BEFORE_RECEPTION = SEATED | UNSEATED
"""Stages of a citizen who may still arrive: seated, or waiting after she missed today's seat."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Data of a request outside its row; the defaults are those of a new request."""

    history: tuple[Event, ...]
    seat: Seat | None = None
    name_seen_by: frozenset[str] = frozenset()
    day_held_by: str | None = None
    room_taken: bool = False
    outcome_recorded: bool = False
    moves_until: datetime | None = None
    hours_end_at: datetime | None = None
    seat_back: Seat | None = None
    informed: tuple[tuple[int, datetime | None], ...] = ()


_WHILE_DISPLACED = RECLAIMED_WITHIN - timedelta(days=OBJECTION_DAYS)
"""For a displaced request the period for objections ends with the period for reclaiming it.

She cannot object while another person has her identity, so earlier notices do not count.
"""
_INFORMED = (
    sqlalchemy.select(
        col(OutboxRow.event_id),
        col(OutboxRow.at),
        col(OutboxRow.sent_at),
        col(OutboxRow.seen_at),
        col(PersonRow.displaced_at),
    )
    .join(PersonRow, col(PersonRow.id) == col(OutboxRow.person_id))
    .where(col(OutboxRow.event_id).in_(bindparam("events", expanding=True)))
    .where(col(OutboxRow.role) == Role.CITIZEN.value)
)


def read_informed(
    transaction: Transaction, against: Iterable[Event | None]
) -> dict[int, tuple[tuple[int, datetime | None], ...]]:
    """Return event id → ((event id, city time of the first notice or None),).

    Notified means sent, called about, or seen. Events without a notice are not in the result.
    """
    events = sorted(event.id for event in against if event is not None)
    if not events:
        return {}
    found: dict[int, tuple[tuple[int, datetime | None], ...]] = {}
    for row in transaction.execute(_INFORMED, {"events": events}):
        heard = (at for at in (row.sent_at, row.seen_at) if at is not None)
        at = row.at + _WHILE_DISPLACED if row.displaced_at else min(heard, default=None)
        found[row.event_id] = ((row.event_id, at),)
    return found


def read_request_context(
    transaction: Transaction, city: City, row: RequestColumns, vault: Opens
) -> RequestContext:
    """Return the current context of a request."""
    this = {"request": row.id}
    found = transaction.execute(_SEATED, this).one()
    history = read_events(transaction, request_id=row.id, vault=vault)
    seen_by = frozenset(transaction.execute(_NAME_SEEN_BY, this).scalars())
    against = decision_against(stage_of(row, history)[0], history)
    informed = read_informed(transaction, [against]).get(against.id, ()) if against else ()
    return _context(transaction, city, row, found, history, seen_by, informed, _Rooms(transaction))


def read_request_contexts(
    transaction: Transaction, city: City, rows: Collection[RequestColumns], vault: Opens
) -> dict[str, RequestContext]:
    """Return the contexts of many requests by id, with a constant number of statements."""
    these = {"requests": [row.id for row in rows]}
    found = {row.id: row for row in transaction.execute(_ALL_SEATED, these)}
    histories = events_of_requests(transaction, these["requests"], vault)
    seen_by: dict[str, set[str]] = {}
    for request_id, account_id in transaction.execute(_NAMES_SEEN_BY, these):
        seen_by.setdefault(request_id, set()).add(account_id)
    rooms = _Rooms(transaction)
    against = {
        row.id: decision_against(stage_of(row, history)[0], history)
        for row in rows
        for history in (histories.get(row.id, ()),)
    }
    informed = read_informed(transaction, against.values())
    return {
        row.id: _context(
            transaction,
            city,
            row,
            found[row.id],
            histories.get(row.id, ()),
            frozenset(seen_by.get(row.id, ())),
            informed.get(decided.id, ()) if (decided := against[row.id]) else (),
            rooms,
        )
        for row in rows
    }


def stage_of(row: RequestColumns, history: tuple[Event, ...]) -> tuple[Stage, datetime | None]:
    """Return stage and deadline of a request, as `standing_of`."""
    return standing_of(row.stage, row.due_at, row.version, history, Stage)


def _context(
    transaction: Transaction,
    city: City,
    row: RequestColumns,
    found: sqlalchemy.Row[*tuple[Any, ...]],
    history: tuple[Event, ...],
    seen_by: frozenset[str],
    informed: tuple[tuple[int, datetime | None], ...],
    rooms: "_Rooms",
) -> RequestContext:
    seat = _seat(found, history)
    stage, _ = stage_of(row, history)
    return RequestContext(
        history=history,
        seat=seat,
        name_seen_by=seen_by,
        day_held_by=found.held_by,
        room_taken=stage in PRESENT and rooms.is_taken(row.district),
        outcome_recorded=bool(found.ordered),
        moves_until=_moves_until(city, seat) if seat else None,
        hours_end_at=_hours_end(city, row, stage, seat, found.seats, history),
        seat_back=_seat_back(transaction, row, stage, history),
        informed=informed,
    )


def _seat(found: sqlalchemy.Row[*tuple[Any, ...]], history: tuple[Event, ...]) -> Seat | None:
    if found.monday is None:
        return None
    seats = (found.seats or "").split(",")
    time = own_time(history, found.monday, seats, found.time)
    until = own_answer_by(history, found.monday, time, found.answer_by)
    return Seat(found.monday, time, found.why, until)


def _seat_back(
    transaction: Transaction, row: RequestColumns, stage: Stage, history: tuple[Event, ...]
) -> Seat | None:
    moves = (event for event in reversed(history) if event.from_stage is not event.to_stage)
    last = next(moves, None)
    if last is None or last.action not in LETS_GO or stage not in UNSEATED:
        return None
    found = transaction.execute(_GIVEN_UP, {"request": row.id}).first()
    return Seat(*found) if found else None


def open_lines(city: City, row: RequestColumns, stage: Stage) -> tuple[OpenLine, ...]:
    """Return the lines that are not frozen and include her, while the request is in screening."""
    if stage not in SCREENING:
        return ()
    rules = ((monday, city.rules_on(monday)) for monday in city.open_draws(row.district))
    weeks = (Week(monday, one.body) for monday, one in rules if one)
    return tuple(
        OpenLine(week.filing_closes_at, week.screened_by, week.freeze_at)
        for week in weeks
        if row.filed_at < week.filing_closes_at
    )


def desk_until(
    city: City, row: RequestColumns, stage: Stage, history: tuple[Event, ...]
) -> datetime | None:
    """Return the first close of a line after the request last came in; None after screening.

    An undone withdrawal does not count as coming in.
    """
    if stage not in SCREENING:
        return None
    came = (event.at for event in reversed(history) if event.action in _CAME_IN)
    since = next(came, row.filed_at)
    for monday in mondays(tehran_day(since), _AHEAD):
        rules = city.rules_on(monday)
        closes_at = Week(monday, rules.body).filing_closes_at if rules else since
        if since < closes_at:
            return closes_at
    return None


def undo_until(
    transaction: Transaction,
    city: City,
    row: RequestColumns,
    stage: Stage,
    history: tuple[Event, ...],
) -> datetime | None:
    """Return until when her leaving, or giving up a seat, can be undone.

    That is the end of objections to the first list that her district fixed after it; None before.
    """
    act = newest_release(history) or (left_by(history) if stage in _LEFT else None)
    if act is None:
        return None
    since = {"district": row.district, "since": act.at}
    found = transaction.execute(_FIRST_FROZEN, since).first()
    if found is None:
        return None
    week = _week(city, found.monday)
    frozen_at: datetime = found.frozen_at
    return frozen_at + (week.objections_until - week.freeze_at)


@dataclass(frozen=True, slots=True)
class _Rooms:
    """Cache of the districts whose room is occupied."""

    transaction: Transaction
    found: dict[int, bool] = field(default_factory=dict)

    def is_taken(self, district: int) -> bool:
        if district not in self.found:
            row = self.transaction.execute(_IN_ROOM, {"district": district}).first()
            self.found[district] = row is not None
        return self.found[district]


def _moves_until(city: City, seat: Seat) -> datetime:
    """Return until when the seat may be moved.

    For a drawn seat and an accepted offer that is the deadline for her answer, otherwise Saturday
    20:00. A seat drawn too late to lapse has the latter too.
    """
    week = _week(city, seat.monday)
    answered = is_drawn(seat.why) or seat.why == OFFERED
    return seat.answer_by if answered and seat.answer_by <= week.standby_until else week.answer_by


def _hours_end(
    city: City,
    row: RequestColumns,
    stage: Stage,
    seat: Seat | None,
    seats: str | None,
    history: tuple[Event, ...],
) -> datetime | None:
    """Return the end of the meeting hours on the Monday of her seat, or of the one she missed.

    Only reception needs it.
    """
    if stage not in _BEFORE_RECEPTION:
        return None
    if seat is not None:
        times = city.starts(row.district, seat.monday, seats) if seats else ()
        return _week(city, seat.monday).closes_at(times) if times else None
    missed = next((e for e in reversed(standing(history)) if e.action is Action.NO_SHOW), None)
    day = city.monday(row.district, tehran_day(missed.at)) if missed else None
    if day is None or not day.seats:
        return None
    # Cancelled or not held: nobody can come late to it, from its morning on.
    is_on = day.state in ON
    return _week(city, day.on).closes_at(day.seats) if is_on else at_tehran(day.on)


def _week(city: City, monday: date) -> Week:
    rules = city.rules_on(monday)
    if rules is None:
        raise KeyError(monday)
    return Week(monday, rules.body)


def lane_of(vault: Opens, row: RequestColumns) -> str:
    return vault.open_word("request.lane", row.id, row.lane)


def needs_of(vault: Opens, row: RequestColumns) -> tuple[str, ...]:
    return tuple(filter(None, vault.open_word("request.needs", row.id, row.needs).split(",")))
