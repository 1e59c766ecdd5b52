"""What every effect shares: entries of the public log about one ticket, and what they name."""

from collections.abc import Callable
from datetime import date, datetime

from publicmeeting.domain.records import Event, Request, Seat
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry

EventHandler = Callable[[UnitOfWork, Request, Event, datetime], None]


def log_ticket(
    uow: UnitOfWork, request: Request, kind: Kind, now: datetime, **body: object
) -> Entry:
    """One entry of the public log about one ticket."""
    return uow.log.append(kind, {"ticket": request.ticket, **body}, now)


def reset_waited(uow: UnitOfWork, request: Request) -> None:
    """Weeks of waiting begin again, as whoever reads the entry of this step counts it, too."""
    uow.requests.line(request, waited=0, debt=0, given_up=0, unanswered=0)


def clear_debt(uow: UnitOfWork, request: Request) -> None:
    """The city owes her no seat any more."""
    uow.requests.line(request, debt=0)


def seat_of(request: Request) -> Seat:
    """The seat of somebody in a seated stage."""
    assert request.seat is not None, "a seated stage without a seat"
    return request.seat


def place_of(request: Request, seat: Seat) -> dict[str, object]:
    """Draw and time of a seat, as the keys of a body."""
    return {"draw": draw_id(request.district, seat.monday), "time": seat.time}


def jalali_monday(event: Event) -> str:
    """The Monday an event names, as the public log writes days."""
    return iso(date.fromisoformat(str(event.payload["monday"])))
