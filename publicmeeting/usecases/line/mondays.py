"""What becomes of a Monday that is not held, and of those who were not met on it."""

from datetime import date, datetime, timedelta

from publicmeeting.domain.records import Monday, Request
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.log import Kind
from publicmeeting.usecases.lifecycle.clock_steps import clock_may, clock_takes, week_of

NOON = "12:00"
AFTER_HOURS = timedelta(minutes=60)


def cancel_monday(
    uow: UnitOfWork, district: int, monday: date, now: datetime, why: str = ""
) -> int:
    """Take back every seat of a Monday that will not be held; each holder is owed one.

    For the clock, and for a closure after the freeze, which has its reason (`why`). Gives how many
    they were; somebody already in the room stays there.
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
    also where reception has not written it down: a mark left out by a friend would be worth a seat.
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
