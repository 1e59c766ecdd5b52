"""What a step changes about a ticket: in or out of the line, its Mondays, contests, debts.

The rules are docs/turns.md 1 (waited, debt); people appear in the log by ticket only. What a step
does to a seat is in `seat_effects`.
"""

from datetime import date, datetime

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.records import Event, Request
from publicmeeting.domain.stages import LIVE, Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.replay import MISSED
from publicmeeting.usecases.lifecycle.costs import weeks_to_give_back
from publicmeeting.usecases.lifecycle.entries import EventHandler, jalali_monday, log_ticket
from publicmeeting.usecases.lifecycle.redirects import give_new_ticket
from publicmeeting.usecases.lifecycle.seat_effects import leave_seat


def log_taken_in(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.TAKEN_IN, now, district=request.district)


def leave_line(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """Out of the line; a seat she held is released at once, an open offer counts as refused."""
    leave_seat(uow, request, now)
    log_ticket(uow, request, Kind.TAKEN_OUT, now, district=request.district)


DISPLACED = "displaced"
"""Why a ticket went out: the identity under it is proved to be somebody else's."""


def be_displaced(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    """The same for whoever had typed an identity that is another's; its place is nobody's now."""
    leave_seat(uow, request, now)
    log_ticket(uow, request, Kind.TAKEN_OUT, now, district=request.district, why=DISPLACED)


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


def log_exclusion(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.MONDAY_EXCLUDED, now, monday=jalali_monday(event))


def log_inclusion(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.MONDAY_INCLUDED, now, monday=jalali_monday(event))


def log_contest(uow: UnitOfWork, request: Request, _event: Event, now: datetime) -> None:
    log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now)


def settle_no_show(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """If the contest is upheld, her weeks come back and the city owes her a seat.

    If she is out of the line by then, only the answer is logged.
    """
    upheld = event.payload["verdict"] == Verdict.YES
    if not upheld:
        log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now, upheld=0)
        return
    weeks = weeks_to_give_back(uow, request)
    if weeks is None:
        log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now, upheld=1)
    else:
        # As it is now: a draw counts a week to everybody at once, without a step on her request.
        waited = uow.requests.by_id(request.id).waited + weeks
        uow.requests.line(request, waited=waited)
        log_ticket(uow, request, Kind.NO_SHOW_CONTESTED, now, upheld=1, waited=waited)
    if request.stage in LIVE:
        uow.requests.line(request, debt=1)
        log_ticket(uow, request, Kind.DEBT, now, debt=1)


def owe_seat_for_list(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """She belonged in a list and was not in it; too late to put it right (docs/turns.md 2)."""
    draw = draw_id(request.district, date.fromisoformat(str(event.payload["monday"])))
    uow.requests.line(request, debt=1)
    log_ticket(uow, request, Kind.DEBT, now, debt=1, draw=draw, why=MISSED)


TICKET_HANDLERS: dict[Action, tuple[EventHandler, ...]] = {
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
    Action.CONTEST_NO_SHOW: (log_contest,),
    Action.JUDGE_NO_SHOW: (settle_no_show,),
}
