"""Requests under an identity that another has proved: out of the line, and back by a proof.

Nothing in the log tells a displacing that somebody's card brought about from an invented one. So
it is written only while its holder has days to answer it, and whoever proves that the identity is
hers, on the mobile it was filed with, has everything back (docs/turns.md 1).
"""

from dataclasses import replace
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.identity import Level
from publicmeeting.domain.lifecycle.advance import taken_back
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.records import Event, Person, Request, Seat
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind, TakenIn
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.lifecycle.clock_steps import clock_takes
from publicmeeting.usecases.lifecycle.effects.costs import OWED
from publicmeeting.usecases.lifecycle.effects.entries import log_ticket

_IN_THE_LINE = frozenset(one for one in Stage if one in STEP_FOR[Action.DISPLACE].at)


def displace_request(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """Out of the line, if it is in it; where a list or its Monday is near, after that."""
    request = uow.clock_requests.by_id(request_id)
    if request.stage not in _IN_THE_LINE:
        return
    if not uow.line_book.is_displacing_late(request.ticket, now):
        clock_takes(uow, request, Action.DISPLACE, now)


def displace_after_draw(uow: UnitOfWork, district: int, now: datetime) -> None:
    """What waited for a draw of this district goes out of the line."""
    for request_id in uow.requests.of_displaced(district, _IN_THE_LINE):
        with alone(uow, f"the displacing of {request_id}"):
            displace_request(uow, request_id, now)


def proved_owner(uow: UnitOfWork, request: Request) -> Person:
    """Who has proved the identity under a ticket by card or sign-on, and is reached by the mobile
    with which it was filed: two things that a stranger never has together. With her number, mobile
    and both persons locked.

    Denied(`reclaim_unproved`) where there is nobody.
    """
    owner = _owner(uow, request)
    if owner is None or owner.mobile is None:
        raise Denied("reclaim_unproved")
    for who in (owner.identity, owner.mobile, *sorted((owner.id, request.person_id))):
        uow.people.lock(who)
    if (again := _owner(uow, request)) is None:
        raise Denied("reclaim_unproved")
    return again


def _owner(uow: UnitOfWork, request: Request) -> Person | None:
    mobile = uow.people.get(request.person_id).mobile
    if mobile is None:
        return None
    salt = uow.requests.salt(request)
    for one in uow.people.served_by(uow.vault.lookup("mobile", mobile)):
        is_proved = one.level is Level.VERIFIED and not one.is_displaced
        if is_proved and ticket(salt, one.identity, request.district) == request.ticket:
            return one
    return None


def reclaim(
    uow: UnitOfWork, request: Request, owner: Person, event: Event, seat: Seat | None, now: datetime
) -> None:
    """The identity is this request's again, and so are its place, the weeks of the lists it missed,
    and its seat; one that has gone on is owed (`event` is the undoing). With it comes all that she
    has filed meanwhile.

    The caller has given `seat` back, if it still is hers to have.
    """
    left = request.last(Action.DISPLACE)
    out = uow.log_index.last_seq(request.ticket, Kind.TAKEN_OUT)
    assert left is not None, "the guard has looked"
    assert out is not None, "displaced without an entry"
    by = uow.people.standing(owner.id).proven_by.partition(":")[0]
    missed = uow.line_book.lists_without(request.ticket)
    is_owed = seat is None and uow.seats.released_by(request.id, out) is not None
    if is_owed:
        event = replace(event, payload={**event.payload, OWED: 1})
    uow.people.give_identity_back(request.person_id, owner)
    uow.people.hand_over(of=owner.id, to=request.person_id)
    uow.requests.record(request, taken_back(event, left, seat))
    log_ticket(uow, request, Kind.VERIFIED, now, by=by)
    log_ticket(uow, request, Kind.TAKEN_IN, now, why=TakenIn.UNDONE.value, because=[out])
    debt = 1 if is_owed else request.debt
    uow.requests.line(request, waited=request.waited + missed, debt=debt)
    uow.publish(f"person:{request.person_id}")
    uow.publish(f"person:{owner.id}")
