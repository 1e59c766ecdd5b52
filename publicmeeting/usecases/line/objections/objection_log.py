"""The log entry of an objection: its outcome, and the entry on which it rests."""

from datetime import datetime

from publicmeeting.domain.records import Request
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.line.recount import Fixed
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, ObjectionOutcome

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


def freeze_seq(uow: UnitOfWork, draw: str) -> int:
    """Return the entry of a draw's first list. KeyError before it."""
    found = uow.log_index.of_subject(draw, Kind.FREEZE)
    if not found:
        raise KeyError(draw)
    return found[0]


def newest_exclusion(uow: UnitOfWork, draw: str, request: Request) -> int:
    """Return the newest entry before the freeze that kept a ticket out of the list.

    If the ticket was made later, return the entry that made it. KeyError for a ticket that the log
    does not know.
    """
    about = uow.log_index.of_ticket(request.ticket, *_KEEP_OUT)
    if not about:
        raise KeyError(request.ticket)
    frozen = freeze_seq(uow, draw)
    before = [one for one in about if one < frozen]
    return before[-1] if before else about[0]


def record_objection(
    uow: UnitOfWork,
    draw: Draw | Fixed,
    request: Request,
    outcome: ObjectionOutcome,
    because: int,
    now: datetime,
) -> int:
    """Log an objection under the lock of its Monday; return its number in the draw, from 1."""
    number = len(uow.log_index.of_subject(draw.id, Kind.OBJECTION)) + 1
    body: dict[str, object] = {
        "draw": draw.id,
        "ticket": request.ticket,
        "number": number,
        "outcome": outcome.value,
        "because": [because],
    }
    uow.log.append(Kind.OBJECTION, body, now)
    is_changed = outcome is ObjectionOutcome.CHANGED
    uow.witnesses.object(draw.id, request.ticket, now, changed=is_changed)
    return number


def record_listed(uow: UnitOfWork, draw: Draw | Fixed, request: Request, now: datetime) -> None:
    """Log, once, that she is in the list; asking again only reads the answer."""
    if not uow.witnesses.has_objected(draw.id, request.ticket):
        frozen = freeze_seq(uow, draw.id)
        record_objection(uow, draw, request, ObjectionOutcome.LISTED, frozen, now)
