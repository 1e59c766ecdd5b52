"""Requests under an identity that another person has proved: removed, and returned by a proof.

The log cannot distinguish a displacement by a genuine card from an invented one. The city therefore
writes one only while its holder has days to answer it. A citizen who proves that the identity is
hers, on the mobile with which the request was filed, gets everything back (docs/turns.md 1).

A request that is outside the line (the desk asked, answered or declined, or the meeting is over)
loses only its identity. The same proof returns it unchanged, and no silence ends it meanwhile.
"""

from dataclasses import replace
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import taken_back
from publicmeeting.domain.lifecycle.guards import left_by, objection_open, undoable
from publicmeeting.domain.lifecycle.order_guards import reopenable
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import Case, Event, Person, Request, Seat
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import INFO_ASKED, OVER, TURNED_AWAY, Action, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.formulas import ticket
from publicmeeting.turns.kinds import Kind, TakenIn
from publicmeeting.usecases.alone import alone
from publicmeeting.usecases.lifecycle.effects.costs import OWED
from publicmeeting.usecases.lifecycle.effects.entries import log_ticket
from publicmeeting.usecases.lifecycle.steps import clock_takes
from publicmeeting.usecases.lifecycle.unreached import restart_answer_days, restart_report_days
from publicmeeting.usecases.line.offers import ask_again

_IN_THE_LINE = frozenset(stage for stage in Stage if stage in STEP_FOR[Action.DISPLACE].at)
_ASKED = INFO_ASKED | TURNED_AWAY
PROMISED = frozenset({Stage.FOLLOW_UP, Stage.CLOSED})
"""Stages after a meeting."""
_REQUESTS_MOST = 1000


def displace_request(uow: UnitOfWork, request_id: str, now: datetime) -> None:
    """Remove a request from the line, if it is in it; wait while a list or its Monday is near."""
    request = uow.clock_requests.by_id(request_id)
    if request.stage not in _IN_THE_LINE:
        return
    if not uow.line_book.is_displacing_late(request.ticket, now):
        clock_takes(uow, request, Action.DISPLACE, now)


def displace_after_draw(uow: UnitOfWork, district: int, now: datetime) -> None:
    """Remove the requests of this district that waited for a draw before their displacement."""
    for request_id in uow.requests.of_displaced(district, _IN_THE_LINE):
        with alone(uow, f"the displacing of {request_id}"):
            displace_request(uow, request_id, now)


def proved_owner(uow: UnitOfWork, request: Request) -> Person:
    """Return the person who has proved the identity under a ticket, and lock her and her request.

    She proved it by card or sign-on, and the mobile with which the request was filed reaches her. A
    stranger never has both. Identity number, mobile and both persons are locked.
    Denied("reclaim_unproved") without such a person.
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
    for person in uow.people.served_by(uow.vault.lookup("mobile", mobile)):
        is_proved = person.level is Level.VERIFIED and not person.is_displaced
        if is_proved and ticket(salt, person.identity, request.district) == request.ticket:
            return person
    return None


def reclaim(
    uow: UnitOfWork, request: Request, owner: Person, event: Event, seat: Seat | None, now: datetime
) -> None:
    """Give a displaced request back to its owner: identity, place, missed weeks, and seat.

    If the seat has gone to another, she is owed one. `event` is the undoing. Everything that she
    has filed meanwhile moves to this request's person. The caller has already given back `seat`, if
    it could be.
    """
    left = request.last(Action.DISPLACE)
    out = uow.line_book.taken_out_by(request.ticket)
    assert left is not None, "the guard has looked"
    assert out, "displaced without an entry"
    missed = uow.line_book.lists_missed(request.ticket)
    is_owed = seat is None and uow.line_book.let_go(out) is not None
    if is_owed:
        event = replace(event, payload={**event.payload, OWED: 1})
    by = _give_identity_back(uow, request, owner)
    uow.requests.record(request, taken_back(event, left, seat))
    log_ticket(uow, request, Kind.VERIFIED, now, by=by)
    log_ticket(uow, request, Kind.TAKEN_IN, now, why=TakenIn.UNDONE.value, because=[out])
    ask_again(uow, request.district, now)
    debt = 1 if is_owed else request.debt
    uow.requests.line(request, waited=request.waited + missed, debt=debt)
    _restart_answer_days(uow, uow.requests.by_id(request.id), now)


def comes_back_unchanged(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    """Return whether a request was displaced outside the line, so that it comes back unchanged.

    It is true if something was asked of her, promised to her, or open to objection then. It is
    false if another request of hers waits to be reclaimed, because that returns the identity too.
    """
    if request.stage not in _ASKED | PROMISED or not uow.people.is_displaced(request.person_id):
        return False
    if request.stage in TURNED_AWAY & OVER and objection_open(request, CLOCK, now):
        return False
    if request.stage in PROMISED & OVER and not _may_open_again(uow, request, now):
        return False
    lines = uow.lists.requests(Filter(person_id=request.person_id), limit=_REQUESTS_MOST)
    others = (uow.requests.by_id(line.id) for line in lines if line.stage in OVER)
    return not any(_is_reclaimable(other, now) for other in others)


def _may_open_again(uow: UnitOfWork, request: Request, now: datetime) -> bool:
    orders = uow.orders.of_request(request.id)
    return any(reopenable(order, CLOCK, now) is None for order in orders)


def _is_reclaimable(request: Request, now: datetime) -> bool:
    left = left_by(request.history)
    is_displaced = left is not None and left.action is Action.DISPLACE
    return is_displaced and undoable(request, CLOCK, now) is None


def give_back_unchanged(uow: UnitOfWork, request: Request, owner: Person, now: datetime) -> None:
    """Give the identity back to a request that never left the line, with fresh deadlines.

    Everything that she has filed meanwhile moves along. The log gets only `verified`, as after
    every proof, because nothing left the line.
    """
    by = _give_identity_back(uow, request, owner)
    code = uow.requests.live_code(request.person_id)
    live = uow.requests.find(code) if code else None
    for case in {case.id: case for case in (request, live) if case is not None}.values():
        log_ticket(uow, case, Kind.VERIFIED, now, by=by)
    restart_answer_days(uow, request, now)
    for order in uow.orders.of_request(request.id):
        uow.orders.lock_by_id(order.id)
        restart_report_days(uow, uow.orders.by_id(order.id), now)
    _restart_answer_days(uow, request, now)


def _give_identity_back(uow: UnitOfWork, request: Request, owner: Person) -> str:
    """Move identity, sessions and all that she has filed meanwhile to this request's person.

    Returns who proved the identity.
    """
    by = uow.people.standing(owner.id).proven_by.partition(":")[0]
    uow.people.give_identity_back(request.person_id, owner)
    uow.people.hand_over(of=owner.id, to=request.person_id)
    uow.sessions.hand_over(of=owner.id, to=request.person_id)
    uow.publish(f"person:{request.person_id}")
    uow.publish(f"person:{owner.id}")
    return by


def _restart_answer_days(uow: UnitOfWork, request: Request, now: datetime) -> None:
    """Restart the days in which she may object to decisions."""
    cases: tuple[Case, ...] = (request, *uow.orders.of_request(request.id))
    for case in cases:
        for event_id, _ in case.informed:
            uow.outbox.mark_delivered_now(event_id, now)
