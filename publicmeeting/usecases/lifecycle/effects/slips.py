"""What reception pressed by mistake and takes back within seconds: an arrival, a no-show.

The log keeps both entries (docs/turns.md 1). A no-show's event holds all that it took, so that
nothing is lost when it is taken back.
"""

from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.records import STAND_IN, Event, Request, Seat
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.attendance import attendance, note_attendance
from publicmeeting.usecases.lifecycle.effects.costs import taken_by, weeks_taken
from publicmeeting.usecases.lifecycle.effects.entries import (
    log_ticket,
    officer_mark,
    place_of,
    seat_of,
)

_PRESENT_AT = "present_at"
"""Key of a no-show: since when she had been noted as present, where she had."""

_SLIP_KINDS: Mapping[Action, tuple[Kind, Kind]] = {
    Action.UNDO_ARRIVAL: (Kind.ARRIVAL, Kind.ARRIVAL_UNDONE),
    Action.UNDO_NO_SHOW: (Kind.NO_SHOW, Kind.NO_SHOW_UNDONE),
}


def taken_by_a_no_show(uow: UnitOfWork, request: Request) -> dict[str, object]:
    """Her weeks, which come back if she comes late; what else comes back only where reception takes
    the no-show back at once. Of a seat given at the door nothing is lost."""
    if request.seat is None:
        return {"waited": 0}
    came = attendance(uow, request.district, request.seat.monday).get(request.ticket)
    was_there: dict[str, object] = {_PRESENT_AT: came.isoformat()} if came else {}
    if request.seat.why == STAND_IN:
        return {"waited": 0, **was_there}
    given_up, unanswered = uow.requests.counts(request)
    counts = {"debt": request.debt, "given_up": given_up, "unanswered": unanswered}
    counted = {name: count for name, count in counts.items() if count}
    return {"waited": request.waited, **counted, **was_there}


def log_arrival_undone(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Reception pressed the wrong name: she has not come yet. The old entry and its receipt stay,
    and so does this one."""
    _log_slip(uow, request, seat_of(request), event, now)


def undo_missed_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """The same of a no-show: the seat is hers again with all that it took, as long as nobody else
    has been given it (`seat_taken`) and the day is on (`slip_moved`)."""
    seat = uow.seats.restore(request.id, now)
    absent = request.last(Action.NO_SHOW)
    assert seat is not None, "a no-show without a seat"
    assert absent is not None, "the guard has looked"
    day = uow.city.monday(request.district, seat.monday)
    if day is None or day.state not in ON:
        raise Denied("slip_moved")
    _log_slip(uow, request, seat, event, now)
    came = absent.payload.get(_PRESENT_AT)
    if came:
        at = datetime.fromisoformat(str(came))
        note_attendance(uow, request.district, seat.monday, request.ticket, at)
    if seat.why == STAND_IN:
        return
    given_up, unanswered = uow.requests.counts(request)
    uow.requests.line(
        request,
        waited=request.waited + weeks_taken(absent),
        debt=max(request.debt, taken_by(absent, "debt")),
        given_up=given_up + taken_by(absent, "given_up"),
        unanswered=unanswered + taken_by(absent, "unanswered"),
        missed=request.missed - 1,
    )


def _log_slip(uow: UnitOfWork, request: Request, seat: Seat, event: Event, now: datetime) -> None:
    undone, kind = _SLIP_KINDS[Action(event.action)]
    place = place_of(request, seat)
    slip = uow.log_index.last_seq(request.ticket, undone, draw=str(place["draw"]))
    assert slip is not None, "a slip the log does not know"
    officer = officer_mark(uow, event, request, now)
    log_ticket(uow, request, kind, now, **place, officer=officer, because=[slip])
