"""Whether a citizen stands in the list her next draw will run on, while it can be objected to."""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.lifecycle import STEP_FOR
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit import Work
from publicmeeting.turns.formulas import draw_id
from publicmeeting.usecases.list_objections import Absence, absence, in_window, objections_until


@dataclass(frozen=True, slots=True)
class MyList:
    """`absence` is why she is not in it; None where nothing speaks against her being there."""

    draw: str
    district: int
    monday: date
    ticket: str
    until: datetime
    listed: bool
    absence: Absence | None
    objected: bool
    """She has had the list made anew once, and it was the same."""


def my_list(work: Work, request: Request, now: datetime) -> MyList | None:
    """For somebody in the line, from the freeze to the end of the objections; else None."""
    if request.stage not in STEP_FOR[Action.MOVE_DRAW].at:
        return None
    pending = in_window(work, request.district, now)
    if pending is None:
        return None
    key = draw_id(request.district, pending.monday)
    until = objections_until(work, pending)
    assert until is not None
    # Without reading the file, which may have thousands of rows: she may look often.
    listed = work.draws.is_frozen_in(request.district, request.ticket, pending.monday)
    draw = None if listed else work.draws.get(request.district, pending.monday)
    return MyList(
        draw=key, district=request.district, monday=pending.monday, ticket=request.ticket,
        until=until, listed=listed,
        absence=absence(work, request, draw, hers=True) if draw else None,
        objected=work.witnesses.has_objected(key, request.ticket),
    )  # fmt: skip
