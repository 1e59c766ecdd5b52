"""Instants of the week that the guards of a request ask for, by the rules of its Monday."""

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import col

from publicmeeting.domain.lifecycle import STEP_FOR
from publicmeeting.domain.records import Event, OpenLine, Seat, is_drawn
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.rows.cases import RequestRow
from publicmeeting.store.rows.city import DrawRow
from publicmeeting.turns.week import Week

if TYPE_CHECKING:
    from publicmeeting.store.unit import Work

_OPEN_DRAWS = (
    sqlalchemy.select(col(DrawRow.monday))
    .where(col(DrawRow.district) == bindparam("district"))
    .where(col(DrawRow.state) == "open")
    .order_by(col(DrawRow.monday))
)

_BEFORE_THE_DESK = {
    stage for action in (Action.ASK_INFO, Action.OBJECT, Action.INSIST)
    for stage in STEP_FOR[action].at
}  # fmt: skip
_BEFORE_RECEPTION = {*STEP_FOR[Action.ARRIVE].at, *STEP_FOR[Action.COME_LATE].at}


def moves_until(work: "Work", seat: Seat) -> datetime:
    """Saturday 20:00; after a late draw as long as she may answer at all."""
    until = _week(work, seat.monday).answer_by
    return max(until, seat.answer_by) if is_drawn(seat.why) else until


def hours_end(
    work: "Work", row: RequestRow, seat: Seat | None, events: tuple[Event, ...]
) -> datetime | None:
    """End of the hours of her seat's Monday, or of the day of her newest no-show."""
    if Stage(row.stage) not in _BEFORE_RECEPTION:
        return None
    missed = next((e for e in reversed(events) if e.action is Action.NO_SHOW), None)
    monday = seat.monday if seat else tehran_day(missed.at) if missed else None
    day = work.city.monday(row.district, monday) if monday else None
    return _week(work, day.on).closes_at(day.seats) if day and day.seats else None


def open_lines(work: "Work", row: RequestRow) -> tuple[OpenLine, ...]:
    """Of a request before the desk: the lines not frozen yet that it is in time for."""
    if Stage(row.stage) not in _BEFORE_THE_DESK:
        return ()
    open_ = work.ask(_OPEN_DRAWS, {"district": row.district}).scalars()
    rules = ((monday, work.city.rules_on(monday)) for monday in open_)
    weeks = (Week(monday, one.body) for monday, one in rules if one)
    return tuple(
        OpenLine(week.monday, week.filing_closes_at, week.screened_by, week.freeze_at)
        for week in weeks
        if row.filed_at < week.filing_closes_at
    )


def _week(work: "Work", monday: date) -> Week:
    rules = work.city.rules_on(monday)
    if rules is None:
        raise KeyError(monday)
    return Week(monday, rules.body)
