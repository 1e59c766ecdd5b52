"""What a step changes beside its event: seats, weeks of waiting, debts, the public log.

The rules are docs/turns.md 1 (waited, debt) and 2 (seats); people appear in the log by ticket only.
"""

from collections.abc import Callable
from datetime import date, datetime

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.records import Event, Request, Seat
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import LIVE, Action
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.replay import MISSED, NOT_RECEIVED
from publicmeeting.usecases.lifecycle.costs import (
    cost_of_giving_up,
    is_open_offer,
    silence_costs,
    weeks_taken,
    weeks_to_give_back,
)
from publicmeeting.usecases.lifecycle.redirects import give_new_ticket

EventHandler = Callable[[UnitOfWork, Request, Event, datetime], None]

STANDBY = "standby"


def log_ticket(
    uow: UnitOfWork, request: Request, kind: Kind, now: datetime, **body: object
) -> None:
    """One entry of the public log about one ticket."""
    uow.log.append(kind, {"ticket": request.ticket, **body}, now)


def reset_waited(uow: UnitOfWork, request: Request, reason: str, now: datetime) -> None:
    """Weeks of waiting begin again; the reasons are exactly those of docs/turns.md 1."""
    uow.requests.line(request, waited=0, given_up=0, unanswered=0)
    log_ticket(uow, request, Kind.WAITED_RESET, now, reason=reason)


def log_taken_in(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.TAKEN_IN, now, district=request.district)


def leave_line(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Out of the line; a seat she held is released at once, an open offer counts as refused."""
    _leave_seat(uow, request, now)
    log_ticket(uow, request, Kind.TAKEN_OUT, now, district=request.district)


DISPLACED = "displaced"
"""Why a ticket went out: the identity under it is proved to be somebody else's."""


def be_displaced(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """The same for whoever had typed an identity that is another's; its place is nobody's now."""
    _leave_seat(uow, request, now)
    log_ticket(uow, request, Kind.TAKEN_OUT, now, district=request.district, why=DISPLACED)


def _leave_seat(uow: UnitOfWork, request: Request, now: datetime) -> None:
    if request.seat and is_open_offer(request):
        _refuse(uow, request, request.seat, now)
    elif request.seat:
        _release(uow, request, request.seat, now)


TURNED_AWAY = {Action.DECLINE: "declined", Action.ANSWER: "answered"}


def turn_away(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Out of the line. If her line has closed and is not frozen yet, the log says so in public.

    She is in the list all the same if she objects before the freeze.
    """
    closed = [line for line in request.open_lines if now >= line.closes_at]
    for line in closed:
        log_ticket(
            uow,
            request,
            Kind.TAKEN_OUT,
            now,
            district=request.district,
            draw=draw_id(request.district, line.monday),
            why=TURNED_AWAY[Action(event.action)],
        )
    if not closed:
        log_ticket(uow, request, Kind.TAKEN_OUT, now, district=request.district)


def log_confirmation(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    seat = _seat(request)
    kind = Kind.OFFER_ACCEPTED if seat.why == STANDBY else Kind.SEAT_CONFIRMED
    log_ticket(uow, request, kind, now, **_place(request, seat))


def give_up_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Giving a seat up; a refused standby offer counts as nothing."""
    seat = _seat(request)
    cost = cost_of_giving_up(uow, request, now)
    if cost.of_an_offer:
        _refuse(uow, request, seat, now)
        return
    _release(uow, request, seat, now)
    uow.requests.line(request, given_up=uow.requests.counts(request)[0] + 1)
    if cost.debt:
        _clear_debt(uow, request, now)
    if cost.weeks:
        reset_waited(uow, request, cost.weeks, now)


def release_moved_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Gives this seat up, keeps the weeks; not counted as a giving-up."""
    if is_open_offer(request):
        _refuse(uow, request, _seat(request), now)
    else:
        _release(uow, request, _seat(request), now)
    log_ticket(uow, request, Kind.MONDAY_EXCLUDED, now, until=_jalali(event))


def log_exclusion(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.MONDAY_EXCLUDED, now, monday=_jalali(event))


def log_inclusion(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.MONDAY_INCLUDED, now, monday=_jalali(event))


def lapse_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """No answer in time; for a standby offer that counts as nothing."""
    seat = _seat(request)
    uow.seats.end(request.id, "lapsed", now)
    if seat.why == STANDBY:
        log_ticket(uow, request, Kind.OFFER_UNANSWERED, now, **_place(request, seat))
        return
    log_ticket(uow, request, Kind.SEAT_LAPSED, now, **_place(request, seat))
    is_second = silence_costs(uow, request)
    uow.requests.line(request, unanswered=uow.requests.counts(request)[1] + 1)
    _clear_debt(uow, request, now)
    if is_second:
        reset_waited(uow, request, "unanswered_second", now)


def end_missed_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """A no-show: the weeks begin again, a debt is cleared."""
    seat = _seat(request)
    uow.seats.end(request.id, "missed", now)
    log_ticket(uow, request, Kind.NO_SHOW, now, **_place(request, seat))
    _clear_debt(uow, request, now)
    reset_waited(uow, request, "no_show", now)


def restore_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Same day after a no-show: last of the day, the weeks restored.

    Her own seat, as long as no standby who was present has been given it (`seat_taken`).
    """
    uow.seats.restore(request.id, now)
    absent = request.last(Action.NO_SHOW)
    waited = weeks_taken(absent) if absent else 0
    uow.requests.line(request, waited=waited)
    log_ticket(uow, request, Kind.ARRIVAL, now, late=True, waited=waited)


def log_contest(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now)


def settle_no_show(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """If the contest is upheld, her weeks come back and the city owes her a seat.

    If she is out of the line by then, only the answer is logged.
    """
    upheld = event.payload["verdict"] == Verdict.YES
    if not upheld:
        log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now, upheld=False)
        return
    weeks = weeks_to_give_back(uow, request)
    if weeks is None:
        log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now, upheld=True)
    else:
        # As it is now: a draw counts a week to everybody at once, without a step on her request.
        waited = uow.requests.by_id(request.id).waited + weeks
        uow.requests.line(request, waited=waited)
        log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now, upheld=True, waited=waited)
    if request.stage in LIVE:
        uow.requests.line(request, debt=1)
        log_ticket(uow, request, Kind.DEBT, now, debt=1)


def log_arrival(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.ARRIVAL, now, **_place(request, _seat(request)))


def log_skip(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Called in before an earlier one: the reason is counted in public."""
    if event.payload.get("skip"):
        log_ticket(uow, request, Kind.SKIP, now, reason=event.payload["skip"])


def hold_monday(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """The first visitor called in: the Monday is held, and by whom."""
    seat = _seat(request)
    monday = uow.city.monday(request.district, seat.monday)
    if monday and monday.state == "open":
        by = "deputy" if event.role is Role.DEPUTY else "mayor"
        uow.city.set_monday(request.district, seat.monday, state="held")
        uow.log.append(
            Kind.MONDAY_HELD, {"draw": draw_id(request.district, seat.monday), "by": by}, now
        )


def end_used_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """She was received and leaves the line for good."""
    uow.seats.end(request.id, "used", now)
    _clear_debt(uow, request, now)
    log_ticket(uow, request, Kind.TAKEN_OUT, now, district=request.district)


def owe_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """The city did not receive her: it owes her a seat at the next draw (docs/turns.md 1)."""
    draw = draw_id(request.district, _seat(request).monday)
    uow.seats.end(request.id, "cancelled", now)
    uow.requests.line(request, debt=1)
    log_ticket(uow, request, Kind.DEBT, now, debt=1, draw=draw, why=NOT_RECEIVED)


def owe_seat_for_list(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """She belonged in a list and was not in it; too late to put it right (docs/turns.md 2)."""
    draw = draw_id(request.district, date.fromisoformat(str(event.payload["monday"])))
    uow.requests.line(request, debt=1)
    log_ticket(uow, request, Kind.DEBT, now, debt=1, draw=draw, why=MISSED)


def _release(uow: UnitOfWork, request: Request, seat: Seat, now: datetime) -> None:
    uow.seats.end(request.id, "released", now)
    log_ticket(uow, request, Kind.SEAT_GIVEN_UP, now, **_place(request, seat))


def _refuse(uow: UnitOfWork, request: Request, seat: Seat, now: datetime) -> None:
    """An offer not taken: nobody had the seat."""
    uow.seats.end(request.id, "refused", now)
    log_ticket(uow, request, Kind.OFFER_REFUSED, now, **_place(request, seat))


def _clear_debt(uow: UnitOfWork, request: Request, now: datetime) -> None:
    if request.debt:
        uow.requests.line(request, debt=0)
        log_ticket(uow, request, Kind.DEBT, now, debt=0)


def _seat(request: Request) -> Seat:
    assert request.seat is not None, "a seated stage without a seat"
    return request.seat


def _place(request: Request, seat: Seat) -> dict[str, object]:
    return {"draw": draw_id(request.district, seat.monday), "time": seat.time}


def _jalali(event: Event) -> str:
    """The Monday an event names, as the public log writes days."""
    return iso(date.fromisoformat(str(event.payload["monday"])))


HANDLERS: dict[Action, tuple[EventHandler, ...]] = {
    Action.ASK_INFO: (leave_line,),
    Action.GIVE_INFO: (log_taken_in,),
    Action.OBJECT: (log_taken_in,),
    Action.ACCEPT: (log_taken_in,),
    Action.TAKE_IN: (log_taken_in,),
    Action.INSIST: (log_taken_in,),
    Action.DECLINE: (turn_away,),
    Action.ANSWER: (turn_away,),
    Action.EXCLUDE: (log_exclusion,),
    Action.INCLUDE: (log_inclusion,),
    Action.REDIRECT: (give_new_ticket,),
    Action.OWE_SEAT: (owe_seat_for_list,),
    Action.ACCEPT_ANSWER: (leave_line,),
    Action.SETTLE_ANSWER: (leave_line,),
    Action.LAPSE_INFO: (leave_line,),
    Action.WITHDRAW: (leave_line,),
    Action.DISPLACE: (be_displaced,),
    Action.CONFIRM: (log_confirmation,),
    Action.GIVE_UP_SEAT: (give_up_seat,),
    Action.LAPSE_SEAT: (lapse_seat,),
    Action.MOVE_ONCE: (release_moved_seat,),
    Action.CANCEL_MONDAY: (owe_seat,),
    Action.DAY_OVER: (owe_seat,),
    Action.ARRIVE: (log_arrival,),
    Action.NO_SHOW: (end_missed_seat,),
    Action.COME_LATE: (restore_seat,),
    Action.CONTEST_NO_SHOW: (log_contest,),
    Action.JUDGE_NO_SHOW: (settle_no_show,),
    Action.CALL_IN: (log_skip, hold_monday),
    Action.FINISH: (end_used_seat,),
    Action.FINISH_REFUSED: (end_used_seat,),
}
