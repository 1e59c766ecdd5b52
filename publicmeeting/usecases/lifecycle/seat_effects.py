"""What a step changes about a seat and the day itself: answers, giving up, arrival, no-show.

The rules are docs/turns.md 1 (waited, debt) and 2 (seats).
"""

from datetime import datetime

from publicmeeting.domain.records import Event, Request, Seat
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.replay import NOT_RECEIVED
from publicmeeting.usecases.lifecycle.costs import (
    cost_of_giving_up,
    is_open_offer,
    silence_costs,
    weeks_taken,
)
from publicmeeting.usecases.lifecycle.entries import (
    EventHandler,
    clear_debt,
    jalali_monday,
    log_ticket,
    place_of,
    reset_waited,
    seat_of,
)

STANDBY = "standby"


def leave_seat(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """A seat she held is released at once, an open offer counts as refused."""
    if request.seat and is_open_offer(request):
        _refuse(uow, request, request.seat, now)
    elif request.seat:
        _release(uow, request, request.seat, now)


def log_confirmation(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    seat = seat_of(request)
    kind = Kind.OFFER_ACCEPTED if seat.why == STANDBY else Kind.SEAT_CONFIRMED
    log_ticket(uow, request, kind, now, **place_of(request, seat))


def give_up_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Giving a seat up; a refused standby offer counts as nothing."""
    seat = seat_of(request)
    cost = cost_of_giving_up(uow, request, now)
    if cost.of_an_offer:
        _refuse(uow, request, seat, now)
        return
    _release(uow, request, seat, now)
    uow.requests.line(request, given_up=uow.requests.counts(request)[0] + 1)
    if cost.debt:
        clear_debt(uow, request, now)
    if cost.weeks:
        reset_waited(uow, request, cost.weeks, now)


def release_moved_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Gives this seat up, keeps the weeks; not counted as a giving-up."""
    if is_open_offer(request):
        _refuse(uow, request, seat_of(request), now)
    else:
        _release(uow, request, seat_of(request), now)
    log_ticket(uow, request, Kind.MONDAY_EXCLUDED, now, until=jalali_monday(event))


def lapse_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """No answer in time; for a standby offer that counts as nothing."""
    seat = seat_of(request)
    uow.seats.end(request.id, "lapsed", now)
    if seat.why == STANDBY:
        log_ticket(uow, request, Kind.OFFER_UNANSWERED, now, **place_of(request, seat))
        return
    log_ticket(uow, request, Kind.SEAT_LAPSED, now, **place_of(request, seat))
    is_second = silence_costs(uow, request)
    uow.requests.line(request, unanswered=uow.requests.counts(request)[1] + 1)
    clear_debt(uow, request, now)
    if is_second:
        reset_waited(uow, request, "unanswered_second", now)


def end_missed_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """A no-show: the weeks begin again, a debt is cleared."""
    seat = seat_of(request)
    uow.seats.end(request.id, "missed", now)
    log_ticket(uow, request, Kind.NO_SHOW, now, **place_of(request, seat))
    clear_debt(uow, request, now)
    reset_waited(uow, request, "no_show", now)


def restore_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Same day after a no-show: last of the day, the weeks restored.

    Her own seat, as long as no standby who was present has been given it (`seat_taken`).
    """
    uow.seats.restore(request.id, now)
    absent = request.last(Action.NO_SHOW)
    waited = weeks_taken(absent) if absent else 0
    uow.requests.line(request, waited=waited)
    log_ticket(uow, request, Kind.ARRIVAL, now, late=1, waited=waited)


def log_arrival(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.ARRIVAL, now, **place_of(request, seat_of(request)))


def log_skip(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Called in before an earlier one: the reason is counted in public."""
    if event.payload.get("skip"):
        log_ticket(uow, request, Kind.SKIP, now, reason=event.payload["skip"])


def hold_monday(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """The first visitor called in: the Monday is held, and by whom."""
    seat = seat_of(request)
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
    clear_debt(uow, request, now)
    log_ticket(uow, request, Kind.MET, now, **place_of(request, seat_of(request)))


def owe_seat(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """The city did not receive her: it owes her a seat at the next draw (docs/turns.md 1)."""
    draw = draw_id(request.district, seat_of(request).monday)
    uow.seats.end(request.id, "cancelled", now)
    uow.requests.line(request, debt=1)
    log_ticket(uow, request, Kind.DEBT, now, debt=1, draw=draw, why=NOT_RECEIVED)


def _release(uow: UnitOfWork, request: Request, seat: Seat, now: datetime) -> None:
    uow.seats.end(request.id, "released", now)
    log_ticket(uow, request, Kind.SEAT_GIVEN_UP, now, **place_of(request, seat))


def _refuse(uow: UnitOfWork, request: Request, seat: Seat, now: datetime) -> None:
    """An offer not taken: nobody had the seat."""
    uow.seats.end(request.id, "refused", now)
    log_ticket(uow, request, Kind.OFFER_REFUSED, now, **place_of(request, seat))


SEAT_HANDLERS: dict[Action, tuple[EventHandler, ...]] = {
    Action.CONFIRM: (log_confirmation,),
    Action.GIVE_UP_SEAT: (give_up_seat,),
    Action.LAPSE_SEAT: (lapse_seat,),
    Action.MOVE_ONCE: (release_moved_seat,),
    Action.CANCEL_MONDAY: (owe_seat,),
    Action.DAY_OVER: (owe_seat,),
    Action.ARRIVE: (log_arrival,),
    Action.NO_SHOW: (end_missed_seat,),
    Action.COME_LATE: (restore_seat,),
    Action.CALL_IN: (log_skip, hold_monday),
    Action.FINISH: (end_used_seat,),
    Action.FINISH_REFUSED: (end_used_seat,),
}
