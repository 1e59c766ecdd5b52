"""The day of her seat as she follows it: who is in, how many before her, and when she goes in.

Other visitors appear as numbers only. Who they are is private, and numbers are called out anyway.
"""

from dataclasses import replace
from datetime import date, datetime
from itertools import takewhile

from publicmeeting.domain.choices import is_fetched
from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.lifecycle.guards import LATE_AFTER
from publicmeeting.domain.lifecycle.telephone import is_rung, was_rung
from publicmeeting.domain.line.lanes import contests, newest_loss
from publicmeeting.domain.meetings.estimate import (
    MISSED,
    NOT_BEFORE,
    DayState,
    MyDay,
    coming_until,
)
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.people import parse_mobile
from publicmeeting.domain.records import STAND_IN, Event, Request, standing
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import CALLED_BY_NAME, CALLS, COMINGS, IN_HALL, INSIDE, Action
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.kit.codes import token
from publicmeeting.store.unit_of_work import CodeMessage, UnitOfWork
from publicmeeting.text.tracking.day_words import sms_words
from publicmeeting.usecases.base import ANYONE, Command, OneCase, usecase
from publicmeeting.usecases.estimate import DayLine, lately_held, line_shown, visitor_number
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.offers import released_times, times_free
from publicmeeting.usecases.rate_limits import Limit, take

_AT_THE_DOOR = (
    Action.ARRIVE,
    Action.COME_LATE,
    Action.STAND_IN,
    Action.SEND_BACK,
    *CALLS,
    Action.CALL_IN,
)
"""The newest of these steps tell whether she is being called now, and how often."""
_LEFT = (Action.NO_SHOW, Action.DAY_OVER, Action.NOT_CALLED, Action.GIVE_UP_SEAT)


@usecase(Role.CITIZEN)
def her_day(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> MyDay | None:
    """Return the day for a page without the rest of her turn.

    Denied("not_found") for somebody else's request.
    """
    return my_day(uow, own_request(uow, actor, command.code), now)


def my_day(uow: UnitOfWork, request: Request, now: datetime) -> MyDay | None:
    """Return her day, or None.

    None on another day, after she gave the seat up or was met, and if the Monday is off.
    """
    today = tehran_day(now)
    seat = request.seat
    if seat is None and released_times(request, today):
        seat = uow.seats.last(request.id)
    if seat is None or seat.monday != today:
        return None
    day = uow.city.monday(request.district, seat.monday)
    if day is None or not day.seats:
        return None
    found = MyDay(
        state=DayState.DUE,
        number=visitor_number(day, seat.time),
        own_time=at_tehran(day.on, seat.time),
        ends_at=week_of(uow, day.on).closes_at(day.seats),
        is_fetched=is_fetched(request.needs),
        was_rung=was_rung(request.history, day.on),
    )
    if request.seat is None:
        is_on = day.state in ON
        state = _left(request, found if is_on else replace(found, ends_at=now), now)
        if state is DayState.MISSED and seat.time not in times_free(uow, day):
            state = DayState.MISSED_TAKEN
        return replace(found, state=state, contest=_contest(request, state)) if state else None
    line = line_shown(uow, day, now)
    if line is None:
        return None
    ranges = lately_held(uow, request.district, day.on)
    return _follow(request, replace(found, inside=line.inside, ranges=ranges), line, now)


def _left(request: Request, found: MyDay, now: datetime) -> DayState | None:
    """Return what happened to a seat of today that she no longer holds."""
    last = request.last(*_LEFT, Action.CANCEL_MONDAY, Action.FINISH, Action.FINISH_REFUSED)
    if last is None or tehran_day(last.at) != tehran_day(now):
        return None
    if last.action is Action.NO_SHOW:
        return DayState.MISSED if now < found.ends_at else DayState.MISSED_OVER
    return {Action.DAY_OVER: DayState.OVER, Action.NOT_CALLED: DayState.UNSEEN}.get(
        Action(last.action)
    )


def _contest(request: Request, state: DayState) -> Action | None:
    """Return how far the contest of today's no-show is; None if it took nothing from her."""
    missed = newest_loss(request.history)
    if state not in MISSED or missed is None:
        return None
    newest = next(reversed(contests(request)), None)
    if newest is None or newest.missed != missed:
        return Action.NO_SHOW
    return Action.DECIDE_NO_SHOW if newest.decision else Action.CONTEST_NO_SHOW


def _follow(request: Request, found: MyDay, line: DayLine, now: datetime) -> MyDay:
    waits = line.of(request.id)
    calls = calls_since(request, tehran_day(now))
    came = request.last(*COMINGS) if request.stage in IN_HALL else None
    until = coming_until(request)
    if until is not None:  # nobody records it before her own ten minutes are over anyway
        until = max(until, found.own_time + LATE_AFTER)
    found = replace(
        found,
        begins_at=line.from_at if line.from_at > now else None,
        before=line.before(waits) if waits else None,
        entry=line.entry(waits) if waits else None,
        came_at=came.at if came else None,
        calls=len(calls),
        call_id=calls[0].id if calls else 0,
        waited_until=until if until is not None and now < until else None,
        is_passed=came is not None and _is_passed(request, line, came.at, found.own_time),
    )
    return replace(found, state=_state(request, found, now))


def _state(request: Request, found: MyDay, now: datetime) -> DayState:
    if request.stage in INSIDE:
        return DayState.ON_THE_LINE if is_rung(request) else DayState.INSIDE
    if found.calls:
        called = DayState.FETCHED if found.is_fetched else DayState.CALLED
        return DayState.COMING if found.waited_until else called
    if is_rung(request) and now < found.ends_at:
        return _state_by_telephone(request, now)
    return DayState.HERE if request.stage in IN_HALL else _state_outside_hall(request, found, now)


def _state_by_telephone(request: Request, now: datetime) -> DayState:
    if request.stage in IN_HALL:
        return DayState.REACHED
    rung = request.last(Action.RING)
    is_today = rung is not None and tehran_day(rung.at) == tehran_day(now)
    return DayState.RUNG if is_today else DayState.BY_PHONE


def _state_outside_hall(request: Request, found: MyDay, now: datetime) -> DayState:
    if now >= found.ends_at:
        return DayState.UNSEEN
    if request.seat is not None and request.seat.why == STAND_IN:
        return DayState.GIVEN
    if now >= found.own_time + LATE_AFTER:
        return DayState.LATE
    return DayState.EARLY if now < found.own_time - NOT_BEFORE else DayState.DUE


def calls_since(request: Request, day: date) -> list[Event]:
    """Return that day's calls since she came or left the room, newest first."""
    if request.stage not in CALLED_BY_NAME:
        return []
    done = (
        event
        for event in reversed(standing(request.history))
        if event.action in _AT_THE_DOOR and tehran_day(event.at) == day
    )
    return list(takewhile(lambda event: event.action in CALLS, done))


def _is_passed(request: Request, line: DayLine, came_at: datetime, own_time: datetime) -> bool:
    """Return whether somebody with a later time has gone in since she came."""
    on = tehran_day(own_time)
    return any(
        event.action is Action.CALL_IN and event.pressed_at > came_at
        for seat in line.seats
        if seat.request_id != request.id and at_tehran(on, seat.time) > own_time
        for event in seat.done
    )


# Asking for one's place by SMS («چندم؟»), for a citizen who has a seat today but no page open. A
# message proves only its sender's number, which can be forged. It therefore changes nothing, and
# the answer goes to the registered mobile. Other senders get no answer, so that it does not reveal
# who has a seat.


class AskByMessage(Command):
    """An incoming message; `sender` is the number as the gateway spells it."""

    sender: str


@usecase(*ANYONE)
def ask_by_message(uow: UnitOfWork, _actor: Actor, command: AskByMessage, now: datetime) -> None:
    """Answer once for each request of the mobile that has a seat today; else stay silent.

    Denied("too_many_requests") above a few messages of one number in a quarter of an hour.
    """
    try:
        mobile = parse_mobile(command.sender)
    except Invalid:
        return
    codes = [
        uow.requests.live_code(person.id)
        for person in uow.people.served_by(uow.vault.lookup("mobile", mobile))
        if person.mobile == mobile
    ]
    requests = [found for code in codes if code and (found := uow.requests.find(code))]
    days = [day for request in requests if (day := my_day(uow, request, now))]
    if not days:
        return
    take(uow, Limit.INBOUND_SMS, mobile)
    for day in days:
        digest = uow.vault.lookup("message", f"inbound/{token(8)}")
        uow.messages.append(CodeMessage(mobile, sms_words(day, now), digest))
