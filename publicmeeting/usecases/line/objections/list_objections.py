"""Objections to a list: the public log decides whether a request belongs in it, nobody judges.

A list is what the log makes. An act in her name that was not hers can wrongly keep her out of it.
Until Tuesday 20:00 one tap of hers voids that act. She is then in a second list, which is written
at that hour, before any sealed value is revealed. Nothing else in it changes, and its draw does not
wait. A list that differs from the log is cured by a debt (`late_objections`), never by another draw
(docs/turns.md 2, 5).
"""

from datetime import date, datetime

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.jalali import from_iso
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, ObjectionOutcome
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.refusals import refuse_displaced
from publicmeeting.usecases.line.ceremony.reveals import in_window, is_opened, objections_until
from publicmeeting.usecases.line.objections.late_objections import object_late, owe_for_list
from publicmeeting.usecases.line.objections.undoing import undo
from publicmeeting.usecases.line.objections.why_not_listed import (
    ObjectionAnswer,
    newest_exclusion,
    record_listed,
    record_objection,
    why_not_listed,
)
from publicmeeting.usecases.rate_limits import Limit, take

TICKET_LEAST, TICKET_MOST = 8, 64
"""Length of a typed ticket; a citizen with only the paper types the first eight characters."""


class ObjectToList(Command):
    """An objection to a list.

    `ticket` is the ticket on the receipt, whole or its first 8 characters; empty for one's own
    request. `monday` is written as in a draw's name, `1405-09-09`; empty for the list that can be
    corrected now, or else the newest.
    """

    ticket: str = ""
    monday: str = ""


@usecase(*ANYONE)
def object_to_list(
    uow: UnitOfWork, actor: Actor, command: ObjectToList, now: datetime
) -> ObjectionAnswer:
    """Object once for a ticket and a Monday; only her own tap voids an act in her name.

    Raises Invalid("ticket_unknown"); Denied `objection_closed` if there is no list to object to,
    `objection_raised` for a repeated objection, `no_live_request`, `too_many_requests` (fact:
    minutes).
    """
    asker = actor.person_id or actor.account_id or actor.visit
    if not asker:
        raise Denied("not_ready")
    take(uow, Limit.LIST, asker)
    request = _request_of(uow, actor, command.ticket)
    hers = request.person_id == actor.person_id
    pending = in_window(uow, request.district, now)
    monday = _day(command.monday)
    if pending is None or monday not in (None, pending.monday):
        if not (actor.person_id or actor.account_id):
            take(uow, Limit.LIST_STRANGERS, f"{request.district}")
        still = pending.monday if pending else None
        return object_late(uow, request, now, hers=hers, monday=monday, but=still)
    answer = _object_in_time(uow, actor, request, pending.monday, now)
    if uow.log.appended and in_window(uow, request.district, uow.log.dated(now)) is None:
        # The log dates it after the hours, and everybody counts by the log
        raise Denied("objection_closed")
    return answer


def _object_in_time(
    uow: UnitOfWork, actor: Actor, request: Request, monday: date, now: datetime
) -> ObjectionAnswer:
    hers = request.person_id == actor.person_id
    if hers:  # before her Monday, as wherever both are locked
        uow.people.lock(request.person_id)
    uow.requests.lock(request.code)
    uow.witnesses.lock(monday)
    draw = uow.draws.get(request.district, monday)
    if draw is None or draw.state is not DrawState.FROZEN or is_opened(uow, draw.monday):
        raise Denied("objection_closed")
    listing = uow.line_book.listing(draw.id, request.ticket)
    if listing.is_missing:
        return _answer(uow, request, draw, changed=True, number=0, hers=hers)
    if listing.is_listed and listing.is_wrong and not _is_announced(draw, request):
        return owe_for_list(uow, draw, request, now)
    if listing.is_listed:
        record_listed(uow, draw, request, now)
        return _answer(uow, request, draw, changed=False, number=0, hers=hers)
    if listing.voidable and hers:
        number = _void(uow, actor, draw, request, listing.voidable, now)
        return _answer(uow, request, draw, changed=True, number=number, hers=hers)
    if uow.witnesses.has_objected(draw.id, request.ticket):
        raise Denied("objection_raised")
    if not (actor.person_id or actor.account_id):
        take(uow, Limit.LIST_STRANGERS, draw.id)
    number = _record_refusal(uow, draw, request, now)
    return _answer(uow, request, draw, changed=False, number=number, hers=hers)


def _void(
    uow: UnitOfWork, actor: Actor, draw: Draw, request: Request, act: int, now: datetime
) -> int:
    """Void the act that kept her out of this list; return the number of the objection."""
    refuse_displaced(uow, request.person_id)
    if uow.log.entry(act).kind is Kind.TAKEN_OUT:
        undo(uow, actor, request, now)
        return len(uow.log_index.of_subject(draw.id, Kind.OBJECTION))
    number = record_objection(uow, draw, request, ObjectionOutcome.CHANGED, act, now)
    payload = {Need.MONDAY.value: draw.monday.isoformat()}
    uow.requests.record(request, advance(request, Action.INCLUDE, actor, now, payload))
    return number


def _record_refusal(uow: UnitOfWork, draw: Draw, request: Request, now: datetime) -> int:
    because = newest_exclusion(uow, draw.id, request)
    return record_objection(uow, draw, request, ObjectionOutcome.AS_LOGGED, because, now)


def _request_of(uow: UnitOfWork, actor: Actor, typed: str) -> Request:
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
    """Return the day, or None for any other text, which stands for no particular list."""
    try:
        return from_iso(typed)
    except ValueError:
        return None


def _is_announced(draw: Draw, request: Request) -> bool:
    return any(row["ticket"] == request.ticket for row in draw.file["pool"])


def _answer(
    uow: UnitOfWork, request: Request, draw: Draw, *, changed: bool, number: int, hers: bool
) -> ObjectionAnswer:
    listed = uow.line_book.listing(draw.id, request.ticket).is_listed
    return ObjectionAnswer(
        district=request.district,
        monday=draw.monday,
        listed=listed,
        changed=changed,
        number=number,
        listed_at=objections_until(uow, draw) if changed else None,
        absence=None if listed or changed else why_not_listed(uow, request, draw, hers=hers),
    )
