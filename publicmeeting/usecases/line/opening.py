"""Mondays open three weeks ahead: seats, rules and the city's commitment become public."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.records import Monday
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.codes import draw_value
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.draw_file import open_file
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.log import Kind
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.week import Week
from publicmeeting.usecases.lifecycle.clock_steps import too_late_for

_WEEK = timedelta(weeks=1)
_MOST_AHEAD = 60
"""Weeks looked at; the rules may open a Monday at most a year before."""


def next_opening(uow: UnitOfWork, now: datetime) -> datetime | None:
    """When the next Monday opens; None while no rules are announced."""
    return next((week.opens_at for week, _ in _unopened(uow, now)), None)


def open_mondays(uow: UnitOfWork, now: datetime) -> None:
    """Open every Monday whose time has come; a second run finds nothing to do."""
    for week, rules in _unopened(uow, now):
        if week.opens_at > now:
            return
        _open(uow, week, rules, now)


def _unopened(uow: UnitOfWork, now: datetime) -> Iterator[tuple[Week, Rules]]:
    """The Mondays not yet opened, in order.

    A city that begins starts with the first line not yet frozen. One whose clock stood still opens
    what it missed too, without seats, so that those weeks count for all.
    """
    last = uow.city.last_monday()
    monday = last + _WEEK if last else next_monday(tehran_day(now) - timedelta(days=1))
    for step in range(_MOST_AHEAD):
        day = monday + step * _WEEK
        rules = uow.city.rules_on(day)
        if rules is None:
            continue
        week = Week(day, rules.body)
        if last or now < week.freeze_at:
            yield week, rules


def _open(uow: UnitOfWork, week: Week, rules: Rules, now: datetime) -> None:
    committed = _commit(uow, week.monday, now)
    why = "" if is_meeting_monday(week.monday) else ClosureReason.HOLIDAY.value
    if too_late_for(week, now):
        why = why or ClosureReason.LATE.value
    for row in uow.city.districts():
        usual = tuple(filter(None, row.seats.split(",")))
        seats = () if why else usual
        state = "open" if seats else "closed"
        uow.city.open_monday(Monday(row.number, week.monday, seats, state, why=why), rules.version)
        file = open_file(row.number, week.monday, rules, seats, {CITY: committed})
        uow.draws.open(row.number, week.monday, file["draw"], file)
        body = {"draw": file["draw"], "rules_hash": rules.hash, "seats": list(seats), "why": why}
        uow.log.append(Kind.MONDAY_OPENED, body, now)
        uow.publish(f"district:{row.number}")
    uow.publish("draws")


def _commit(uow: UnitOfWork, monday: date, now: datetime) -> str:
    value = draw_value()
    committed = commitment(CITY, value)
    uow.city.commit_secret(monday, value, committed)
    body: dict[str, object] = {"monday": iso(monday), "party": CITY, "commitment": committed}
    uow.log.append(Kind.COMMITMENT, body, now)
    return committed
