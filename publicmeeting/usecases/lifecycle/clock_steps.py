"""Steps of the clock on one request, by the same tables as for everybody."""

from collections.abc import Mapping
from datetime import datetime

from publicmeeting.domain.lifecycle.advance import advance, why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.telephone import is_by_telephone
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.lifecycle.effects.handlers import HANDLERS
from publicmeeting.usecases.lifecycle.effects.seat_effects import BECAUSE


def clock_takes(
    uow: UnitOfWork,
    request: Request,
    action: Action,
    now: datetime,
    payload: Mapping[str, object] | None = None,
    *,
    ends_at: datetime | None = None,
) -> None:
    """One row of the tables, taken by the clock, with everything that follows from it.

    Raises Denied where the tables do not let the clock act (`stage_moved`).
    """
    event = advance(request, action, CLOCK, now, payload, ends_at=ends_at)
    uow.requests.record(request, event)
    for handle in HANDLERS.get(action, ()):
        handle(uow, request, event, now)


def clock_may(request: Request, action: Action, now: datetime) -> bool:
    """Whether the tables let the clock take this step now."""
    return why_not(request, STEP_FOR[action], CLOCK, now) is None


def release_if_closed(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """Whoever was in the room when the rest of the day was called off, and was sent back into the
    hall, is owed a seat like everybody else who was left."""
    seat = request.seat
    day = uow.city.monday(request.district, seat.monday) if seat else None
    if day is None or day.state is not MondayState.CLOSED:
        return
    closed = uow.log_index.seq_of(Kind.MONDAY_CLOSED, draw_id(day.district, day.on))
    assert closed is not None, "closed, but not by the log"
    payload = {"monday": day.on.isoformat(), BECAUSE: closed, "why": day.why}
    clock_takes(uow, request, Action.CANCEL_MONDAY, now, payload)


def come_in_person(uow: UnitOfWork, person_id: str, now: datetime) -> bool:
    """Whoever has no telephone any more, or is not proved to be who she is by it, is not rung: her
    seat is one in the hall again. Whether it was by telephone."""
    code = uow.requests.live_code(person_id)
    if code:
        uow.requests.lock(code)
    live = uow.requests.find(code) if code else None
    if live is None or not is_by_telephone(live) or not clock_may(live, Action.ASK_VISIT, now):
        return False
    clock_takes(uow, live, Action.ASK_VISIT, now)
    return True
