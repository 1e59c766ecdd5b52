"""Whether a citizen is in the list of her next draw, while she can object to it; afterwards only
where a list should have had her and did not."""

from dataclasses import dataclass
from datetime import date, datetime

from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import IN_LINE
from publicmeeting.store.line.draws import Pending
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.usecases.line.ceremony.reveals import in_window, objections_until
from publicmeeting.usecases.line.objections.late_objections import lists_without, uncured_lists
from publicmeeting.usecases.line.objections.why_not_listed import Absence, why_not_listed


@dataclass(frozen=True, slots=True)
class MyList:
    """`absence` is why she is not in it; None where nothing speaks against her being there."""

    draw: str
    district: int
    monday: date
    ticket: str
    until: datetime | None
    """The end of the hours for objections; None once they are over."""
    listed: bool
    absence: Absence | None
    objected: bool
    """She has asked once, and was not in the line then."""
    is_added: bool = False
    """She is in the second list, which is written when the hours end."""
    may_void: bool = False
    """An act in her own name keeps her out, which a tap of hers makes void."""


def my_list(uow: UnitOfWork, request: Request, now: datetime) -> MyList | None:
    """For somebody in the line; None where there is nothing she could do about a list."""
    if request.stage not in IN_LINE:
        return None
    pending = in_window(uow, request.district, now)
    return _now(uow, request, pending) if pending else _late(uow, request, now)


def _now(uow: UnitOfWork, request: Request, pending: Pending) -> MyList:
    key = draw_id(request.district, pending.monday)
    seen = uow.line_book.listing(key, request.ticket)
    listed = seen.is_listed
    if seen.is_wrong:
        listed = uow.draws.is_frozen_in(request.district, request.ticket, pending.monday)
    absence = None
    if not listed and not seen.is_missing:
        draw = uow.draws.get(request.district, pending.monday)
        absence = why_not_listed(uow, request, draw, hers=True) if draw else None
    return MyList(
        draw=key,
        district=request.district,
        monday=pending.monday,
        ticket=request.ticket,
        until=objections_until(uow, pending),
        listed=listed,
        absence=absence,
        objected=uow.witnesses.has_objected(key, request.ticket),
        is_added=seen.is_missing,
        may_void=bool(seen.voidable),
    )


def _late(uow: UnitOfWork, request: Request, now: datetime) -> MyList | None:
    wrong = uncured_lists(uow, request, lists_without(uow, request, now, hers=True))
    if not wrong:
        return None
    return MyList(
        draw=wrong[0].id,
        district=request.district,
        monday=wrong[0].monday,
        ticket=request.ticket,
        until=None,
        listed=False,
        absence=None,
        objected=False,
    )
