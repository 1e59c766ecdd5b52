"""Reception's slips, taken back within seconds: a mistaken arrival or no-show.

The log keeps both entries (docs/turns.md 1). The event of a no-show stores everything it took, so
that taking it back loses nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import ON
from publicmeeting.domain.records import STAND_IN, Event, Request, Seat
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.costs import taken_by, weeks_taken
from publicmeeting.usecases.lifecycle.effects.entries import (
    attendance,
    log_ticket,
    note_attendance,
    officer_mark,
    place_of,
    seat_of,
)

_PRESENT_AT = "present_at"
"""Payload key of a no-show: the instant since when she was present, if she was."""

_SLIP_KINDS: Mapping[Action, tuple[Kind, Kind]] = {
    Action.UNDO_ARRIVAL: (Kind.ARRIVAL, Kind.ARRIVAL_UNDONE),
    Action.UNDO_NO_SHOW: (Kind.NO_SHOW, Kind.NO_SHOW_UNDONE),
}


def losses_by_no_show(uow: UnitOfWork, request: Request) -> dict[str, object]:
    """Return what a no-show takes: her weeks and counts, and since when she was present.

    The weeks come back if she comes late. The rest comes back only when reception takes the no-show
    back at once. A seat given at the door loses nothing.
    """
    if request.seat is None:
        return {"waited": 0}
    came = attendance(uow, request.district, request.seat.monday).get(request.ticket)
    presence: dict[str, object] = {_PRESENT_AT: came.isoformat()} if came else {}
    if request.seat.why == STAND_IN:
        return {"waited": 0, **presence}
    given_up, unanswered = uow.requests.counts(request)
    counts = {"debt": request.debt, "given_up": given_up, "unanswered": unanswered}
    counted = {name: count for name, count in counts.items() if count}
    return {"waited": request.waited, **counted, **presence}


def log_arrival_undone(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Log that an arrival was a mistake and she has not come; the old entry and receipt stay."""
    _log_slip(uow, request, seat_of(request), event, now)


def undo_missed_seat(uow: UnitOfWork, request: Request, event: Event, now: datetime) -> None:
    """Take a no-show back: the seat and everything that it took are hers again.

    Denied("seat_taken") if somebody else has been given the seat, and Denied("slip_moved") if the
    day is no longer on.
    """
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
