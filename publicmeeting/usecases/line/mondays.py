"""Mondays are opened three weeks ahead; and what becomes of one that is not held.

With its opening the seats, the rules and the city's commitment become public."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from publicmeeting.domain.calendar import is_meeting_monday, next_monday
from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.records import Monday, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.codes import draw_value
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.draw_file import open_file
from publicmeeting.turns.formulas import CITY, commitment, draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.pool import Rules
from publicmeeting.turns.week import Week
from publicmeeting.usecases.lifecycle.clock_steps import (
    clock_may,
    clock_takes,
    too_late_for,
    week_of,
)

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
    for number, texts in uow.district_texts.of_all(week.monday).items():
        seats = () if why else texts.seats
        state = "open" if seats else "closed"
        uow.city.open_monday(Monday(number, week.monday, seats, state, why=why), rules.version)
        file = open_file(number, week.monday, rules, seats, {CITY: committed})
        uow.draws.open(number, week.monday, file["draw"], file)
        body = {"draw": file["draw"], "rules_hash": rules.hash, "seats": list(seats), "why": why}
        uow.log.append(Kind.MONDAY_OPENED, body, now)
        uow.publish(f"district:{number}")
    uow.publish("draws")


def _commit(uow: UnitOfWork, monday: date, now: datetime) -> str:
    value = draw_value()
    committed = commitment(CITY, value)
    uow.city.commit_secret(monday, value, committed)
    body: dict[str, object] = {"monday": iso(monday), "party": CITY, "commitment": committed}
    uow.log.append(Kind.COMMITMENT, body, now)
    return committed


NOON = "12:00"
AFTER_HOURS = timedelta(minutes=60)


def cancel_monday(
    uow: UnitOfWork, district: int, monday: date, now: datetime, why: str = ""
) -> int:
    """Take back every seat of a Monday that will not be held; each holder is owed one.

    For the clock, and for a closure after the freeze, which has its reason (`why`). Returns how
    many they were; somebody already in the room stays there.
    """
    return _end(uow, district, monday, now, Action.CANCEL_MONDAY, why)


def held_by(uow: UnitOfWork, day: Monday) -> datetime:
    """When a Monday on which nobody was called in counts as not held.

    12:00, or the end of the day where the hours are shorter; where the meetings begin in the
    afternoon, the start of the last seat.
    """
    if day.seats[0] >= NOON:
        return at_tehran(day.on, day.seats[-1])
    return min(at_tehran(day.on, NOON), day_over_at(uow, day))


def check_held(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """Nobody was called in: the Monday was not held; without anybody who had come, nobody is at
    fault (`no_visitors`)."""
    day = uow.city.monday(district, monday)
    if day is None or day.state != "open" or not day.seats or now < held_by(uow, day):
        return
    holders = cancel_monday(uow, district, monday, now)
    uow.city.set_monday(district, monday, state="not_held" if holders else "no_visitors")
    body: dict[str, object] = {"draw": draw_id(district, monday), "holders": holders}
    uow.log.append(Kind.MONDAY_NOT_HELD, body, now)


def day_over_at(uow: UnitOfWork, day: Monday) -> datetime:
    """When whoever was not met goes back to the line."""
    return week_of(uow, day.on).closes_at(day.seats) + AFTER_HOURS


def end_day(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    """The meeting hours are over: whoever has not been met waits again, and is owed a seat.

    That is everybody who arrived, and everybody with a confirmed seat who was not called: what the
    city left undone is never her loss. Whoever was called twice and was not there is a no-show
    also where reception has not recorded it: leaving it out for a friend would be worth a seat.
    """
    day = uow.city.monday(district, monday)
    if day is None or not day.seats or now < day_over_at(uow, day):
        return
    _mark_absent(uow, district, monday, now)
    _end(uow, district, monday, now, Action.DAY_OVER)
    # Only after a very late draw is anybody still asked whether she will come.
    _end(uow, district, monday, now, Action.CANCEL_MONDAY)


def _mark_absent(uow: UnitOfWork, district: int, monday: date, now: datetime) -> None:
    for request in _holders(uow, district, monday):
        if clock_may(request, Action.NO_SHOW, now):
            clock_takes(uow, request, Action.NO_SHOW, now, {"waited": request.waited})


def _holders(uow: UnitOfWork, district: int, monday: date) -> list[Request]:
    return [uow.requests.by_id(one) for one in uow.seats.held(district, monday).values()]


def _end(
    uow: UnitOfWork, district: int, monday: date, now: datetime, action: Action, why: str = ""
) -> int:
    requests = _holders(uow, district, monday)
    ended = [one for one in requests if clock_may(one, action, now)]
    payload = {"monday": monday.isoformat(), **({"why": why} if why else {})}
    for request in ended:
        clock_takes(uow, request, action, now, payload)
    return len(ended)
