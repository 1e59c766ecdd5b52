"""Undo a withdrawal, an accepted answer or a seat given up: acts that only she can deny.

The writer of the log could invent such an act in her name. She is therefore notified of each at
once, and one tap of hers voids it until the next list can no longer be changed (docs/turns.md 1).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, taken_back, with_seat_back
from publicmeeting.domain.lifecycle.guards import LATE_AFTER, LEAVING, UNDOABLE
from publicmeeting.domain.line.lanes import WEEKS_BACK, Contest
from publicmeeting.domain.mondays import ON, DrawState
from publicmeeting.domain.records import OFFERED, Event, Person, Request, Seat
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import LETS_GO, UNCONFIRMED, Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.store.line.draws import Draw
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, ObjectionOutcome, TakenIn
from publicmeeting.usecases.base import OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request, own_request_to_change
from publicmeeting.usecases.lifecycle.effects.contests import (
    contests_won_while_out,
    give_back_on_return,
)
from publicmeeting.usecases.lifecycle.effects.costs import GIVEN_UP, OWED, Cost, cost_of_a_lost_seat
from publicmeeting.usecases.lifecycle.effects.entries import log_ticket
from publicmeeting.usecases.lifecycle.effects.seat_effects import take_cost
from publicmeeting.usecases.lifecycle.refusals import (
    refuse_beside_live,
    refuse_late_in_log,
    refuse_second_live,
)
from publicmeeting.usecases.lifecycle.steps import clock_may
from publicmeeting.usecases.line.ceremony.reveals import in_window, is_opened
from publicmeeting.usecases.line.displacing import (
    PROMISED,
    comes_back_unchanged,
    give_back_unchanged,
    proved_owner,
    reclaim,
)
from publicmeeting.usecases.line.drawing import take_in
from publicmeeting.usecases.line.objections.why_not_listed import record_objection
from publicmeeting.usecases.line.offers import ask_again
from publicmeeting.usecases.rate_limits import count_step

_DENIED_OR_NOT = (*LETS_GO, Action.DENY_GIVE_UP)


@usecase(Role.CITIZEN)
def undo_leaving(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> Request:
    """Undo her leaving: same ticket, weeks, debt, line, and seat or offer if still possible.

    The seat or offer comes back if nobody else was offered it and she can still come. Otherwise it
    counts as one seat given up; if it went to somebody else, the city owes her another, once. A
    request that was displaced outside the line comes back unchanged.

    Denied `not_found`, `nothing_to_undo`, `undo_late`, `stage_moved`, `person_displaced`;
    `reclaim_unproved` if the request was displaced and nobody has proved the identity on this
    mobile; `one_live_request` (fact: code) if she has filed another since; `too_many_requests`.
    """
    request = own_request(uow, actor, command.code)
    if comes_back_unchanged(uow, request, now):
        return _unchanged(uow, actor, request, now)
    undone = undo(uow, actor, request, now)
    refuse_late_in_log(uow, request, Action.UNDO, actor, now)
    return undone


@usecase(Role.CITIZEN)
def take_seat_back(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> Request:
    """Take back a seat that she gave up or moved, with everything that this took from her.

    A declined offer is open again until its original end. Denied `not_found`; `seat_gone` once
    somebody was asked for it or its Monday has begun; `too_late` if her time to answer is over;
    `stage_moved`, `person_displaced`, `too_many_requests`.
    """
    request = own_request_to_change(uow, actor, command.code)
    if request.seat_back is not None:  # the clock may offer it concurrently
        uow.witnesses.lock(request.seat_back.monday)
        request = own_request(uow, actor, command.code)
    event = advance(request, Action.UNDO_GIVE_UP, actor, now)
    count_step(uow, actor)
    seat = request.seat_back
    act = uow.line_book.gave_up(request.ticket)
    assert seat is not None, "the guard has looked"
    if not _is_free_by(uow, act, seat):
        raise Denied("seat_gone")
    uow.seats.give_back(request.id, seat)
    uow.requests.record(request, with_seat_back(request, event, seat))
    _give_back(uow, request, act, now)
    refuse_late_in_log(uow, request, Action.UNDO_GIVE_UP, actor, now)
    return uow.requests.by_id(request.id)


@usecase(Role.CITIZEN)
def deny_giving_up(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> Request:
    """Deny a giving-up, a move or a refused offer after its seat has gone to somebody else.

    What it took comes back, but it counts as one seat given up. Once, she is owed another seat.

    Denied `not_found`; `nothing_to_deny` if nothing would come back or the seat itself still can;
    `deny_late`; `stage_moved` (with `already` if she has denied it); `person_displaced`,
    `too_many_requests`.
    """
    request = own_request_to_change(uow, actor, command.code)
    _refuse_twice(request)
    advance(request, Action.DENY_GIVE_UP, actor, now)
    act = uow.line_book.gave_up(request.ticket)
    seat = _let_go(uow, request, act)
    if seat is not None:  # the clock may offer it concurrently
        uow.witnesses.lock(seat.monday)
        request = own_request(uow, actor, command.code)
        _refuse_twice(request)
    denial = _denial(uow, request, act)
    if denial is None:
        raise Denied("nothing_to_deny")
    payload = {GIVEN_UP: 1, OWED: 1} if denial.cost.owed else {GIVEN_UP: 1}
    event = advance(request, Action.DENY_GIVE_UP, actor, now, payload)
    count_step(uow, actor)
    uow.requests.record(request, event)
    _give_back(uow, request, act, now)
    take_cost(uow, uow.requests.by_id(request.id), denial.cost)
    refuse_late_in_log(uow, request, Action.DENY_GIVE_UP, actor, now)
    return uow.requests.by_id(request.id)


def _refuse_twice(request: Request) -> None:
    """Refuse a repeated denial as already done; Denied("stage_moved")."""
    newest = next((e for e in reversed(request.history) if e.action in _DENIED_OR_NOT), None)
    if newest is not None and newest.action is Action.DENY_GIVE_UP:
        raise Denied("stage_moved", stage=request.stage.value, already=newest.action.value)


@dataclass(frozen=True, slots=True)
class Denial:
    """What denying a giving-up returns: weeks, the city's debt, or a seat owed (`cost`)."""

    weeks: int
    cost: Cost


def denial_of(uow: UnitOfWork, request: Request) -> Denial | None:
    """Return what a denial would return now; None if nothing."""
    return _denial(uow, request, uow.line_book.gave_up(request.ticket))


def _denial(uow: UnitOfWork, request: Request, act: int) -> Denial | None:
    seat = _let_go(uow, request, act)
    gave_up = request.last(*LETS_GO)
    if seat is None or gave_up is None:
        return None
    taken = uow.line_book.taken_by(act)
    before = replace(
        request,
        debt=max(request.debt, taken["debt"]),
        history=tuple(event for event in request.history if event is not gave_up),
    )
    given_up = uow.requests.counts(request)[0] + taken["given_up"]
    cost = cost_of_a_lost_seat(uow, before, seat, act, gave_up, given_up=given_up)
    weeks = 0 if cost.weeks else taken["waited"]
    debt = taken["debt"] > 0 and not cost.debt
    return Denial(weeks, cost) if weeks > 0 or debt or cost.owed else None


def _let_go(uow: UnitOfWork, request: Request, act: int) -> Seat | None:
    """Return the seat that she let go by an entry of the log, or would have won; None for none."""
    lost = uow.line_book.let_go(act)
    return uow.seats.let_go(request.id, lost.monday, lost.time) if lost else None


def _is_free_by(uow: UnitOfWork, act: int, seat: Seat) -> bool:
    """Return whether the log has that seat free since she let it go, asked nobody, and gave it."""
    lost = uow.line_book.let_go(act)
    return (
        lost is not None
        and (lost.monday, lost.time) == (seat.monday, seat.time)
        and uow.line_book.freed_by(lost.draw, lost.time) == lost.freed_by
    )


def _give_back(uow: UnitOfWork, request: Request, act: int, now: datetime) -> None:
    """Give back what an act took of her counts, with an entry of the log."""
    taken = uow.line_book.taken_by(act)
    log_ticket(uow, request, Kind.TAKEN_IN, now, why=TakenIn.UNDONE.value, because=[act])
    given_up, unanswered = uow.requests.counts(request)
    uow.requests.line(
        request,
        waited=request.waited + taken["waited"],
        debt=max(request.debt, taken["debt"]),
        given_up=max(0, given_up + taken["given_up"]),
        unanswered=unanswered + taken["unanswered"],
    )


def cost_of_undoing(uow: UnitOfWork, request: Request, now: datetime) -> Cost | None:
    """Return what undoing her leaving costs now.

    None if it costs nothing: she had no seat, or can still have it back.
    """
    out = uow.line_book.taken_out_by(request.ticket)
    left = request.last(*UNDOABLE)
    if out and left and left.action is Action.DISPLACE:
        had = _let_go(uow, request, out)
        return Cost(owed=True) if had and not _free_again(uow, request, out, now) else None
    cost = _cost(uow, request, out) if out else None
    if not out or cost is None or _free_again(uow, request, out, now):
        return None
    return None if cost.at_the_door or cost.of_an_offer else cost


def undo(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> Request:
    """Undo her leaving for a request that has been read.

    A list fixed without her since then is replaced by a second one with her, if it can still be
    changed.
    """
    judged = contests_won_while_out(uow, request)
    payload = {WEEKS_BACK: [contest.number for contest in judged]} if judged else None
    event = advance(request, Action.UNDO, actor, now, payload)
    left = request.last(*UNDOABLE)
    assert left is not None, "undone without having left"
    if left.action is Action.DISPLACE:
        return _reclaim(uow, actor, request, judged, event, now)
    refuse_second_live(uow, request.person_id)
    count_step(uow, actor)
    out = uow.line_book.taken_out_by(request.ticket)
    assert out, "left without an entry"
    draw = _list_missed_by_leaving(uow, request, out, now)
    seat = None if draw else _seat_back(uow, request, out, now)
    cost = None if seat else _cost(uow, request, out)
    if cost and not (cost.at_the_door or cost.of_an_offer):
        owed = {OWED: 1} if cost.owed else {}
        event = replace(event, payload={**event.payload, GIVEN_UP: 1, **owed})
    if draw is not None:
        uow.requests.record(request, taken_back(event, left))
        record_objection(uow, draw, request, ObjectionOutcome.CHANGED, out, now)
        if cost:
            take_cost(uow, request, cost)
        give_back_on_return(uow, request, judged, now)
        if clock_may(uow.requests.by_id(request.id), Action.TAKE_IN, now):
            take_in(uow, request.id, now)
        return uow.requests.by_id(request.id)
    uow.requests.record(request, taken_back(event, left, seat))
    log_ticket(uow, request, Kind.TAKEN_IN, now, why=TakenIn.UNDONE.value, because=[out])
    ask_again(uow, request.district, now)
    if cost:
        take_cost(uow, request, cost)
    give_back_on_return(uow, request, judged, now)
    return uow.requests.by_id(request.id)


def _reclaim(
    uow: UnitOfWork,
    actor: Actor,
    request: Request,
    judged: tuple[Contest, ...],
    event: Event,
    now: datetime,
) -> Request:
    """Give a displaced request back to the person who has proved the identity since.

    Denied("stage_moved") if it has been given back already, or as in `refuse_beside_live`.
    """
    owner = proved_owner(uow, request)
    if not uow.people.is_displaced(request.person_id):
        raise Denied("stage_moved", stage=request.stage.value)
    refuse_beside_live(uow, owner.id)
    count_step(uow, actor)
    out = uow.line_book.taken_out_by(request.ticket)
    assert out, "displaced without an entry"
    _end_sessions(uow, actor, request, owner)
    reclaim(uow, request, owner, event, _seat_back(uow, request, out, now), now)
    give_back_on_return(uow, request, judged, now)
    return uow.requests.by_id(request.id)


def _unchanged(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> Request:
    """Give a request back, unchanged, that was displaced outside the line.

    Denied("stage_moved") if it can no longer come back so, or as in `refuse_beside_live`.
    """
    owner = proved_owner(uow, request)
    uow.requests.lock(request.code)  # her deadline may end concurrently
    request = own_request(uow, actor, request.code)
    if not comes_back_unchanged(uow, request, now):
        raise Denied("stage_moved", stage=request.stage.value)
    if request.stage not in PROMISED:  # promises remain beside a newer request
        refuse_beside_live(uow, owner.id)
    count_step(uow, actor)
    _end_sessions(uow, actor, request, owner)
    give_back_unchanged(uow, request, owner, now)
    return uow.requests.by_id(request.id)


def _end_sessions(uow: UnitOfWork, actor: Actor, request: Request, owner: Person) -> None:
    """End the sessions of the request's person.

    If she has filed meanwhile, a session of this request would show more than before. It ends too,
    and the next sign-in asks for the last digits of her card.
    """
    has_filed = bool(uow.lists.requests(Filter(person_id=owner.id), limit=1))
    uow.sessions.end_of_person(request.person_id, but=None if has_filed else actor.session_id)


def _list_missed_by_leaving(
    uow: UnitOfWork, request: Request, out: int, now: datetime
) -> Draw | None:
    """Return the list from which only this leaving kept her out, while it can be changed."""
    pending = in_window(uow, request.district, now)
    if pending is None:
        return None
    uow.witnesses.lock(pending.monday)
    draw = uow.draws.get(request.district, pending.monday)
    if draw is None or draw.state is not DrawState.FROZEN or is_opened(uow, draw.monday):
        return None
    return draw if uow.line_book.listing(draw.id, request.ticket).voidable == out else None


def _cost(uow: UnitOfWork, request: Request, out: int) -> Cost | None:
    """Return the cost of the seat that she left and does not get back; None if she had none."""
    seat, left = _let_go(uow, request, out), request.last(*LEAVING)
    if seat is None or left is None:
        return None
    return cost_of_a_lost_seat(uow, request, seat, out, left)


def _seat_back(uow: UnitOfWork, request: Request, out: int, now: datetime) -> Seat | None:
    """Give back the seat that her leaving freed, while it is free and its Monday is not over."""
    seat = _let_go(uow, request, out)
    if seat is None:
        return None
    uow.witnesses.lock(seat.monday)
    if _free_again(uow, request, out, now) is None:
        return None
    uow.seats.give_back(request.id, seat)
    return seat


def _free_again(uow: UnitOfWork, request: Request, out: int, now: datetime) -> Seat | None:
    """Return the seat that her leaving freed while it is still free by that entry.

    Its Monday must be on, and she must still be able to come in time. An offer counts until it
    ends.
    """
    seat, left = _let_go(uow, request, out), request.last(*UNDOABLE)
    if seat is None or left is None:
        return None
    day = uow.city.monday(request.district, seat.monday)
    if day is None or day.state not in ON or not _is_free_by(uow, out, seat):
        return None
    if seat.why == OFFERED and left.from_stage in UNCONFIRMED:
        return seat if now <= seat.answer_by else None
    return seat if now < at_tehran(seat.monday, seat.time) + LATE_AFTER else None
