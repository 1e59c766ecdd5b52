"""Steps that the clock takes on one request, by the same tables as everybody else."""

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
from publicmeeting.usecases.lifecycle.effects.handlers import record_with_effects
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
    """Take one row of the tables as the clock, with everything that follows from it.

    Raises Denied("stage_moved") if the tables do not let the clock act.
    """
    event = advance(request, action, CLOCK, now, payload, ends_at=ends_at)
    record_with_effects(uow, request, event, now)


def clock_may(request: Request, action: Action, now: datetime) -> bool:
    """Return whether the tables let the clock take this step now."""
    return why_not(request, STEP_FOR[action], CLOCK, now) is None


def release_if_closed(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """Owe a seat to a citizen who was sent back into the hall after the day was called off.

    She was in the room when the rest of the day was called off, so the closing did not reach her as
    it reached everybody else.
    """
    seat = request.seat
    day = uow.city.monday(request.district, seat.monday) if seat else None
    if day is None or day.state is not MondayState.CLOSED:
        return
    closed = uow.log_index.seq_of(Kind.MONDAY_CLOSED, draw_id(day.district, day.on))
    assert closed is not None, "closed, but not by the log"
    payload = {"monday": day.on.isoformat(), BECAUSE: closed, "why": day.why}
    clock_takes(uow, request, Action.CANCEL_MONDAY, now, payload)


def come_in_person(uow: UnitOfWork, person_id: str, now: datetime) -> bool:
    """Change a seat by telephone into one in the hall; return whether it was by telephone.

    A citizen who has lost her telephone, or whose telephone does not prove who she is, is not rung.
    """
    code = uow.requests.live_code(person_id)
    if code:
        uow.requests.lock(code)
    live = uow.requests.find(code) if code else None
    if live is None or not is_by_telephone(live) or not clock_may(live, Action.ASK_VISIT, now):
        return False
    clock_takes(uow, live, Action.ASK_VISIT, now)
    return True
