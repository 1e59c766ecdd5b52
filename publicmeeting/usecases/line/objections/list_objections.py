"""Objections to a list: the public log decides whether a request belongs in it, nobody judges.

A list is what the log makes. An act in her name that was not hers can wrongly keep her out of it.
Until Tuesday 20:00 one tap of hers voids that act. She is then in a second list, which is written
at that hour, before any sealed value is revealed. Nothing else in it changes, and its draw does not
wait.

An objection after a list's hours changes neither the list nor its seats, and leads to no other
draw. If by the log the citizen belonged in the list and is not in it, the city owes her a seat: she
gets debt 1 for the next draw, once (docs/turns.md 1, 2 and 5).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import IN_LINE, Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.jalali import from_iso
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.line.recount import Fixed
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, ObjectionOutcome
from publicmeeting.turns.log import Entry
from publicmeeting.usecases.base import ANYONE, Command, usecase
from publicmeeting.usecases.lifecycle.refusals import refuse_displaced
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.line.ceremony.reveals import in_window, is_opened, objections_until
from publicmeeting.usecases.line.objections.undoing import undo
from publicmeeting.usecases.line.objections.why_not_listed import (
    Absence,
    Cure,
    ObjectionAnswer,
    newest_exclusion,
    record_listed,
    record_objection,
    why_not_listed,
)
from publicmeeting.usecases.rate_limits import Limit, take

CURED_FOR = timedelta(weeks=8)
"""Age up to which lists are checked; under the rule nobody waits longer."""
_GAVE_A_SEAT = (Action.SEAT, Action.TAKE_FREE, Action.CONFIRM, Action.STAND_IN)


@dataclass(frozen=True, slots=True)
class Absent:
    """A fixed list without this request; `why` is None if the list is wrong."""

    list: Fixed
    why: Absence | None


def lists_missed(
    uow: UnitOfWork, request: Request, now: datetime, *, is_own: bool, but: date | None = None
) -> list[Absent]:
    """Return the lists of the last eight weeks without this request, newest first.

    `but` is a Monday whose list can still be corrected.
    """
    since = tehran_day(now) - CURED_FOR
    found = uow.recount.fixed(request.district, request.ticket, since, listed=False)
    return [
        Absent(fixed, why_not_listed(uow, request, fixed, is_own=is_own))
        for fixed in found
        if fixed.monday != but
        and now - fixed.frozen_at <= CURED_FOR
        and is_missing_from_list(uow, fixed, request)
    ]


def is_missing_from_list(uow: UnitOfWork, fixed: Fixed, request: Request) -> bool:
    """Return whether the list is without her by the log, or differs from what the log makes.

    A stored file from which somebody has removed her since counts as neither.
    """
    listing = uow.line_book.listing(fixed.id, request.ticket)
    return listing.is_wrong or not listing.is_listed


def uncured_lists(uow: UnitOfWork, request: Request, lists: Sequence[Absent]) -> list[Fixed]:
    """Return the wrong lists for which she has had no seat and no debt since."""
    last = max((e.at for e in request.history if e.action in _GAVE_A_SEAT), default=None)
    return [
        absent.list
        for absent in lists
        if absent.why is None
        and (last is None or last < absent.list.frozen_at)
        and not uow.line_book.listing(absent.list.id, request.ticket).has_objected
    ]


def object_late(
    uow: UnitOfWork,
    request: Request,
    now: datetime,
    *,
    is_own: bool,
    monday: date | None,
    but: date | None,
) -> ObjectionAnswer:
    """Check every list of the last eight weeks; `monday` is the one she objects to.

    One debt cures all faults so far, so that none can be saved for later. Raises Denied
    `objection_closed`, `objection_raised`, `seat_since` and `debt_not_in_line`.
    """
    uow.advisory_lock(f"late/{request.district}")
    lists = lists_missed(uow, request, now, is_own=is_own, but=but)
    wrong = uncured_lists(uow, request, lists)
    if wrong:
        return _cure(uow, request, wrong, now)
    wanted = [absent for absent in lists if monday is None or absent.list.monday == monday]
    if not wanted:
        return _listed(uow, request, now, monday)
    about, why = wanted[0].list, wanted[0].why
    if uow.line_book.listing(about.id, request.ticket).has_objected:
        raise Denied("objection_raised")
    if why is None:
        raise Denied("seat_since")
    number = record_objection(
        uow,
        about,
        request,
        ObjectionOutcome.AS_LOGGED,
        newest_exclusion(uow, about.id, request),
        now,
    )
    return _late_answer(about, number, absence=why)


def owe_for_list(uow: UnitOfWork, draw: Draw, request: Request, now: datetime) -> ObjectionAnswer:
    """Owe a seat for a wrong list within its objection hours.

    Denied `objection_closed` before the list is fixed, `objection_raised` if she has objected
    already, or was given a seat since.
    """
    if draw.frozen_at is None:
        raise Denied("objection_closed")
    fixed = Fixed(draw.id, draw.district, draw.monday, draw.frozen_at, draw.frozen_event)
    if not uncured_lists(uow, request, [Absent(fixed, None)]):
        raise Denied("objection_raised")
    return _cure(uow, request, [fixed], now)


def late_absences(entries: Iterable[Entry]) -> list[str]:
    """Return the draw of each absence that was found too late to correct its list."""
    return [
        str(entry.body["draw"])
        for entry in entries
        if entry.body.get("outcome") == ObjectionOutcome.WRONGED
    ]


def _cure(uow: UnitOfWork, request: Request, wrong: list[Fixed], now: datetime) -> ObjectionAnswer:
    if request.stage not in IN_LINE:
        raise Denied("debt_not_in_line")
    _hold_next_freeze(uow, request.district)
    wronged = ObjectionOutcome.WRONGED
    numbers = [
        record_objection(
            uow, fixed, request, wronged, uow.line_book.once(Kind.FREEZE, fixed.id), now
        )
        for fixed in wrong
    ]
    newest = wrong[0]
    before = bool(request.debt)
    if not before:
        payload = {"monday": newest.monday.isoformat()}
        clock_takes(uow, request, Action.OWE_SEAT, now, payload)
    cure = Cure.OWED_BEFORE if before else Cure.OWED
    return _late_answer(newest, numbers[0], cure=cure)


def _late_answer(
    about: Fixed,
    number: int,
    *,
    listed: bool = False,
    absence: Absence | None = None,
    cure: Cure | None = None,
) -> ObjectionAnswer:
    """Return the answer after the hours, when the list itself stays unchanged."""
    return ObjectionAnswer(
        district=about.district,
        monday=about.monday,
        listed=listed,
        changed=False,
        number=number,
        absence=absence,
        listed_at=None,
        cure=cure,
        late=True,
    )


def _hold_next_freeze(uow: UnitOfWork, district: int) -> None:
    """Lock the next open list, so that its freeze comes entirely before or after this debt."""
    for pending in uow.draws.pending():
        if pending.district == district and pending.state is DrawState.OPEN:
            uow.witnesses.lock(pending.monday)
            return


def _listed(
    uow: UnitOfWork, request: Request, now: datetime, monday: date | None
) -> ObjectionAnswer:
    """Return the answer if she was in the list; Denied("objection_closed") if there is no list."""
    since = tehran_day(now) - CURED_FOR
    found = uow.recount.fixed(request.district, request.ticket, since, listed=True)
    about = next((fixed for fixed in found if monday in (None, fixed.monday)), None)
    if about is None:
        raise Denied("objection_closed")
    record_listed(uow, about, request, now)
    return _late_answer(about, 0, listed=True)


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
    is_own = request.person_id == actor.person_id
    pending = in_window(uow, request.district, now)
    monday = _day(command.monday)
    if pending is None or monday not in (None, pending.monday):
        if not (actor.person_id or actor.account_id):
            take(uow, Limit.LIST_STRANGERS, f"{request.district}")
        still = pending.monday if pending else None
        return object_late(uow, request, now, is_own=is_own, monday=monday, but=still)
    answer = _object_in_time(uow, actor, request, pending.monday, now)
    if uow.log.appended and in_window(uow, request.district, uow.log.dated(now)) is None:
        # The log dates it after the hours, and everybody counts by the log
        raise Denied("objection_closed")
    return answer


def _object_in_time(
    uow: UnitOfWork, actor: Actor, request: Request, monday: date, now: datetime
) -> ObjectionAnswer:
    is_own = request.person_id == actor.person_id
    if is_own:  # before her Monday, as wherever both are locked
        uow.people.lock(request.person_id)
    uow.requests.lock(request.code)
    uow.witnesses.lock(monday)
    draw = uow.draws.get(request.district, monday)
    if draw is None or draw.state is not DrawState.FROZEN or is_opened(uow, draw.monday):
        raise Denied("objection_closed")
    listing = uow.line_book.listing(draw.id, request.ticket)
    if listing.is_missing:
        return _answer(uow, request, draw, changed=True, number=0, is_own=is_own)
    if listing.is_listed and listing.is_wrong and not _is_announced(draw, request):
        return owe_for_list(uow, draw, request, now)
    if listing.is_listed:
        record_listed(uow, draw, request, now)
        return _answer(uow, request, draw, changed=False, number=0, is_own=is_own)
    if listing.voidable and is_own:
        number = _void(uow, actor, draw, request, listing.voidable, now)
        return _answer(uow, request, draw, changed=True, number=number, is_own=is_own)
    if listing.has_objected:
        raise Denied("objection_raised")
    if not (actor.person_id or actor.account_id):
        take(uow, Limit.LIST_STRANGERS, draw.id)
    number = _record_refusal(uow, draw, request, now)
    return _answer(uow, request, draw, changed=False, number=number, is_own=is_own)


def _void(
    uow: UnitOfWork, actor: Actor, draw: Draw, request: Request, act: int, now: datetime
) -> int:
    """Void the act that kept her out of this list; return the number of the objection."""
    refuse_displaced(uow, request.person_id)
    if uow.log.entry(act).kind is Kind.TAKEN_OUT:
        undo(uow, actor, request, now)
        return uow.line_book.objected(draw.id) + 1
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
    return any(row["ticket"] == request.ticket for row in draw.file.get("pool", ()))


def _answer(
    uow: UnitOfWork, request: Request, draw: Draw, *, changed: bool, number: int, is_own: bool
) -> ObjectionAnswer:
    listed = uow.line_book.listing(draw.id, request.ticket).is_listed
    return ObjectionAnswer(
        district=request.district,
        monday=draw.monday,
        listed=listed,
        changed=changed,
        number=number,
        listed_at=objections_until(uow, draw) if changed else None,
        absence=None if listed or changed else why_not_listed(uow, request, draw, is_own=is_own),
    )
