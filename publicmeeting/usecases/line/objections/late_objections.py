"""Objections after a list's hours: the city owes a seat for a list that the log contradicts.

Nobody judges here either. A citizen who by the log belonged in the list and is not in it gets debt
1 for the next draw, once (docs/turns.md 1, 2 and 5). Published lists and seats stay unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import DrawState
from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import IN_LINE, Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.line.recount import Fixed
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, ObjectionOutcome
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.line.objections.why_not_listed import (
    Absence,
    Cure,
    ObjectionAnswer,
    freeze_seq,
    newest_exclusion,
    record_listed,
    record_objection,
    why_not_listed,
)

CURED_FOR = timedelta(weeks=8)
"""Age up to which lists are checked; under the rule nobody waits longer."""
_GAVE_A_SEAT = (Action.SEAT, Action.TAKE_FREE, Action.CONFIRM, Action.STAND_IN)


@dataclass(frozen=True, slots=True)
class Absent:
    """A fixed list without this request; `why` is None if the list is wrong."""

    list: Fixed
    why: Absence | None


def lists_missed(
    uow: UnitOfWork, request: Request, now: datetime, *, hers: bool, but: date | None = None
) -> list[Absent]:
    """Return the lists of the last eight weeks without this request, newest first.

    `but` is a Monday whose list can still be corrected.
    """
    since = tehran_day(now) - CURED_FOR
    found = uow.recount.fixed(request.district, request.ticket, since, listed=False)
    return [
        Absent(fixed, why_not_listed(uow, request, fixed, hers=hers))
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
        and not uow.witnesses.has_objected(absent.list.id, request.ticket)
    ]


def object_late(
    uow: UnitOfWork,
    request: Request,
    now: datetime,
    *,
    hers: bool,
    monday: date | None,
    but: date | None,
) -> ObjectionAnswer:
    """Check every list of the last eight weeks; `monday` is the one she objects to.

    One debt cures all faults so far, so that none can be saved for later. Raises Denied
    `objection_closed`, `objection_raised`, `seat_since` and `debt_not_in_line`.
    """
    uow.advisory_lock(f"late/{request.district}")
    lists = lists_missed(uow, request, now, hers=hers, but=but)
    wrong = uncured_lists(uow, request, lists)
    if wrong:
        return _cure(uow, request, wrong, now)
    wanted = [absent for absent in lists if monday is None or absent.list.monday == monday]
    if not wanted:
        return _listed(uow, request, now, monday)
    about, why = wanted[0].list, wanted[0].why
    if uow.witnesses.has_objected(about.id, request.ticket):
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


def late_absences(uow: UnitOfWork, since: datetime) -> list[str]:
    """Return the draw of each absence that was found too late to correct its list."""
    entries = uow.log.of_kind(Kind.OBJECTION, since)
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
        record_objection(uow, fixed, request, wronged, freeze_seq(uow, fixed.id), now)
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
