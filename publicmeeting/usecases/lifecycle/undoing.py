"""Undo a withdrawal, or an answer accepted: acts in her name that only she can deny.

Whoever writes the log could invent one. So each goes to her at once, and one tap of hers makes it
as if it had not been, until the next list can no longer be changed (docs/turns.md 1).
"""

from datetime import datetime

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance, taken_back
from publicmeeting.domain.lifecycle.guards import LEAVING
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, TakenIn
from publicmeeting.usecases.base import OneCase, usecase
from publicmeeting.usecases.lifecycle.case_access import own_request
from publicmeeting.usecases.lifecycle.entries import log_ticket
from publicmeeting.usecases.rate_limits import count_step


@usecase(Role.CITIZEN)
def undo_leaving(uow: UnitOfWork, actor: Actor, command: OneCase, now: datetime) -> Request:
    """She stands where she stood: same ticket, weeks, debt, line.

    Denied: `not_found`, `nothing_to_undo`, `undo_late`, `stage_moved`, `person_displaced`,
    `one_live_request` (facts: code) where she has filed another since, `too_many_requests`.
    """
    request = own_request(uow, actor, command.code)
    event = advance(request, Action.UNDO, actor, now)
    uow.people.lock(request.person_id)
    if uow.people.is_displaced(request.person_id):
        raise Denied("person_displaced")
    live = uow.requests.live_code(request.person_id)
    if live:
        raise Denied("one_live_request", code=live)
    count_step(uow, actor)
    out = uow.log_index.last_seq(request.ticket, Kind.TAKEN_OUT)
    left = request.last(*LEAVING)
    assert out is not None, "left without an entry"
    assert left is not None, "undone without having left"
    uow.requests.record(request, taken_back(event, left))
    log_ticket(uow, request, Kind.TAKEN_IN, now, why=TakenIn.UNDONE.value, because=[out])
    return uow.requests.by_id(request.id)
