"""«I am not in the list»: whether she belonged in it is read from what was there at the freeze, and
nobody judges.

Until Tuesday 20:00 whoever belonged in it is taken into a second list, which is written then,
before any sealed value is opened; nothing else of it changes and its draw waits for nothing. What
is found later is cured by a debt (`late_objections`), never by drawing again (docs/turns.md 2, 5).
"""

from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.jalali import from_iso
from publicmeeting.store.line.draws import Draw, Pending
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import draw_id
from publicmeeting.turns.kinds import ObjectionOutcome
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.clock_steps import week_of
from publicmeeting.usecases.line.drawing import take_in
from publicmeeting.usecases.line.late_objections import object_late
from publicmeeting.usecases.line.objection_log import (
    freeze_seq,
    keeping_her_out,
    record_objection,
)
from publicmeeting.usecases.line.reveals import objections_until, revealed_at, second_list_mark
from publicmeeting.usecases.line.why_not_listed import ObjectionAnswer, why_not_listed
from publicmeeting.usecases.rate_limits import Limit, take

TICKET_LEAST, TICKET_MOST = 8, 64
"""Whoever has only the paper types the first eight characters."""


class ObjectToList(Command):
    """`ticket` as on the receipt, whole or its first 8 characters; empty for one's own request.
    `monday` as in a draw's name, `1405-09-09`; empty for the list that can be put right now, or
    else the newest.
    """

    ticket: str = ""
    monday: str = ""


@usecase(*ANYONE)
def object_to_list(
    uow: UnitOfWork, actor: Actor, command: ObjectToList, now: datetime
) -> ObjectionAnswer:
    """Once for a ticket and a Monday: until Tuesday 20:00 a wrong list is put right, then
    the city owes a seat.

    Raises Invalid `ticket_unknown`; Denied `objection_closed` where there is no list to object to,
    `objection_given` for a second time, `no_live_request` and `too_many_requests` (facts: minutes).
    """
    asker = actor.person_id or actor.account_id or actor.visit
    if not asker:
        raise Denied("not_ready")
    take(uow, Limit.LIST, asker)
    request = _asked_for(uow, actor, command.ticket)
    hers = request.person_id == actor.person_id
    pending = in_window(uow, request.district, now)
    monday = _day(command.monday)
    if pending is None or monday not in (None, pending.monday):
        if not (actor.person_id or actor.account_id):
            take(uow, Limit.LIST_STRANGERS, f"{request.district}")
        still = pending.monday if pending else None
        return object_late(uow, request, now, hers=hers, monday=monday, but=still)
    uow.witnesses.lock(pending.monday)
    draw = uow.draws.get(request.district, pending.monday)
    if draw is None or draw.state != "frozen" or revealed_at(uow, draw.monday) is not None:
        raise Denied("objection_closed")
    if _is_listed(draw, request):
        _record_listed(uow, draw, request, now)
        return _answer(uow, request, draw, changed=False, number=0, hers=hers)
    if request.ticket in uow.witnesses.changed(draw.id):
        return _answer(uow, request, draw, changed=True, number=0, hers=hers)
    if uow.witnesses.has_objected(draw.id, request.ticket):
        raise Denied("objection_given")
    if not (actor.person_id or actor.account_id):
        take(uow, Limit.LIST_STRANGERS, draw.id)
    closes = week_of(uow, draw.monday).filing_closes_at
    changed = uow.recount.belongs(draw, request.id, closes)
    if changed:
        number = change_list(uow, draw, request, freeze_seq(uow, draw.id), now)
    else:
        number = _record_refusal(uow, draw, request, now)
    return _answer(uow, request, draw, changed=changed, number=number, hers=hers)


def change_list(uow: UnitOfWork, draw: Draw, request: Request, because: int, now: datetime) -> int:
    """She is in the second list of this draw; returns the objection's number.

    `because` is the freeze that left her out, or the entry that kept her out and is void now. Only
    for a draw whose hours for objections are not over, under the lock of its Monday.
    """
    number = record_objection(uow, draw, request, ObjectionOutcome.CHANGED, because, now)
    closes = week_of(uow, draw.monday).filing_closes_at
    if request.id in uow.draws.unscreened(draw.district, closes):
        take_in(uow, [request.id], now)
    return number


def _record_refusal(uow: UnitOfWork, draw: Draw, request: Request, now: datetime) -> int:
    because = keeping_her_out(uow, draw.id, request)
    return record_objection(uow, draw, request, ObjectionOutcome.AS_LOGGED, because, now)


def _record_listed(uow: UnitOfWork, draw: Draw, request: Request, now: datetime) -> None:
    """Once; whoever asks again only reads the answer again."""
    if not uow.witnesses.has_objected(draw.id, request.ticket):
        because = freeze_seq(uow, draw.id)
        record_objection(uow, draw, request, ObjectionOutcome.LISTED, because, now)


def _asked_for(uow: UnitOfWork, actor: Actor, typed: str) -> Request:
    if not typed.strip():
        code = uow.requests.live_code(actor.person_id) if actor.person_id else None
        if code is None:
            raise Denied("no_live_request")
        return uow.requests.get_visible(code, actor)
    beginning = "".join(typed.split()).lower()
    found = None
    if TICKET_LEAST <= len(beginning) <= TICKET_MOST:
        found = uow.requests.by_ticket_beginning(beginning)
    if found is None:
        raise Invalid("ticket_unknown", field="ticket")
    return found


def _day(typed: str) -> date | None:
    """None for what is no day: then no particular list is meant."""
    try:
        return from_iso(typed)
    except ValueError:
        return None


def in_window(uow: UnitOfWork, district: int, now: datetime) -> Pending | None:
    for one in uow.draws.pending():
        until = objections_until(uow, one)
        if one.district != district or until is None or now >= until:
            continue
        if uow.clockwork.done_at(second_list_mark(draw_id(district, one.monday))) is None:
            return one
    return None


def _is_listed(draw: Draw, request: Request) -> bool:
    return any(row["ticket"] == request.ticket for row in draw.file["pool"])


def _answer(
    uow: UnitOfWork, request: Request, draw: Draw, *, changed: bool, number: int, hers: bool
) -> ObjectionAnswer:
    listed = _is_listed(draw, request)
    return ObjectionAnswer(
        district=request.district,
        monday=draw.monday,
        ticket=request.ticket,
        listed=listed,
        changed=changed,
        number=number,
        listed_at=objections_until(uow, draw) if changed else None,
        absence=None if listed or changed else why_not_listed(uow, request, draw, hers=hers),
    )
