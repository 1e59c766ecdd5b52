"""Why a request is not in a list, the answer to an objection, and its entry in the log."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from publicmeeting.domain.records import Request
from publicmeeting.domain.stages import INFO_ASKED, TURNED_AWAY, Action
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.line.recount import Fixed
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, ObjectionOutcome
from publicmeeting.usecases.lifecycle.weeks import week_of


class Absence(StrEnum):
    """Why a request is missing from a correct list."""

    FILED_LATE = "filed_late"
    """She filed after the line of this Monday had closed, and is in the next week's."""
    MONDAY_OUT = "monday_out"
    """She has left this Monday out herself."""
    INFO_LACKED = "info_lacked"
    """The desk had asked for something, and no answer had come yet."""
    TURNED_AWAY = "turned_away"
    """The desk refused or answered, and she had not objected before the list was fixed."""
    MISSED_TWICE = "missed_twice"
    """She has missed two meetings and has not been verified since."""
    NOT_IN_LINE = "not_in_line"


class Cure(StrEnum):
    """What the city owes for a list that differs from the log."""

    OWED = "owed"
    """A seat, from now on."""
    OWED_BEFORE = "owed_before"
    """A seat, which it already owed for another reason; a request is never owed two."""


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    """Answer to an objection.

    `listed`: the request is in the list. `changed`: it is not, but the act in her name that kept it
    out is void, and the second list has it. `number` counts the draw's objections; 0 if she was in
    the list all along.
    """

    district: int
    monday: date
    listed: bool
    changed: bool
    number: int
    absence: Absence | None
    """Why a correct list is without this request."""
    listed_at: datetime | None
    """When the second list, which has her, is written."""
    cure: Cure | None = None
    """Set if the list was wrong."""
    late: bool = False
    """Whether the hours for objections to this list were over."""


_BY_STAGE: dict[str, Absence] = {
    **dict.fromkeys(INFO_ASKED, Absence.INFO_LACKED),
    **dict.fromkeys(TURNED_AWAY, Absence.TURNED_AWAY),
}


def why_not_listed(
    uow: UnitOfWork, request: Request, draw: Draw | Fixed, *, is_own: bool
) -> Absence | None:
    """Return why this request was not in the line at the freeze; None if by the log it was.

    The log decides; the reason is read from the request's history. Only she sees what the desk
    decided, because a ticket can be read in public.
    """
    if uow.line_book.listing(draw.id, request.ticket).is_listed:
        return None
    if request.filed_at >= week_of(uow, draw.monday).filing_closes_at:
        return Absence.FILED_LATE
    if _came_later(request, draw):
        return Absence.NOT_IN_LINE
    if uow.requests.is_outside(request):
        return Absence.MISSED_TWICE if is_own else Absence.NOT_IN_LINE
    stage, out = uow.recount.stood(draw, request.id)
    if out:
        return Absence.MONDAY_OUT
    return _BY_STAGE.get(stage, Absence.NOT_IN_LINE) if is_own else Absence.NOT_IN_LINE


def _came_later(request: Request, draw: Draw | Fixed) -> bool:
    """Return whether the request was in another district then, under another ticket."""
    sent_on = request.last(Action.REDIRECT)
    return bool(sent_on and draw.frozen_at and sent_on.at >= draw.frozen_at)


_KEEP_OUT = (
    Kind.TAKEN_OUT,
    Kind.MONDAY_EXCLUDED,
    Kind.SEAT_GIVEN_UP,
    Kind.REDIRECTED,
    Kind.FILED,
    Kind.NO_SHOW,
    Kind.MET,
    Kind.SEAT_CONFIRMED,
    Kind.OFFER_ACCEPTED,
    Kind.TAKEN_FREE,
)
"""Entries that may keep a filed request out of a list."""


def newest_exclusion(uow: UnitOfWork, draw: str, request: Request) -> int:
    """Return the newest entry before the freeze that kept a ticket out of the list.

    If the ticket was made later, return the entry that made it. KeyError for a ticket that the log
    does not know.
    """
    return uow.line_book.kept_out_by(draw, request.ticket, _KEEP_OUT)


def record_objection(
    uow: UnitOfWork,
    draw: Draw | Fixed,
    request: Request,
    outcome: ObjectionOutcome,
    because: int,
    now: datetime,
) -> int:
    """Log an objection under the lock of its Monday; return its number in the draw, from 1."""
    number = uow.line_book.objected(draw.id) + 1
    body: dict[str, object] = {
        "draw": draw.id,
        "ticket": request.ticket,
        "number": number,
        "outcome": outcome.value,
        "because": [because],
    }
    uow.log.append(Kind.OBJECTION, body, now)
    return number


def record_listed(uow: UnitOfWork, draw: Draw | Fixed, request: Request, now: datetime) -> None:
    """Log, once, that she is in the list; asking again only reads the answer."""
    if not uow.line_book.listing(draw.id, request.ticket).has_objected:
        frozen = uow.line_book.once(Kind.FREEZE, draw.id)
        record_objection(uow, draw, request, ObjectionOutcome.LISTED, frozen, now)
