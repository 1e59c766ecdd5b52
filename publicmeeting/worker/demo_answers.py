"""In the demo, invented citizens go on answering their invitations after the seeded weeks have
ended.

Without them every Monday after the first would be empty. Whoever was filed by a visitor of the
demo is left alone: that is the visitor's to answer.
"""

from datetime import datetime, time, timedelta
from functools import partial

from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import UNCONFIRMED, Action
from publicmeeting.kit.clock import at_tehran, in_tehran
from publicmeeting.kit.hashing import sha
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.demo.playing import MARK
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.worker.jobs import Job, Rank

_COME, _GIVE_UP, _OF = 19, 2, 23
"""Of so many how many come and how many give their seat up; the others say nothing."""
_EARLIEST, _LATEST = 0.02, 0.8
"""Which part of the time for an answer passes before it."""
_WAKES = time(7, 10)


def answers(uow: UnitOfWork) -> list[Job]:
    """One job for each invitation since the seeded weeks' end that will be answered; none in a city
    that is not marked as the demo's."""
    mark = uow.facts.get(MARK)
    if mark is None:
        return []
    ended = datetime.fromisoformat(mark)
    found: list[Job] = []
    for request_id, assigned_at, answer_by in uow.seats.unanswered(ended, ended):
        rng = sha("publicmeeting/pretend", request_id, assigned_at.isoformat())
        action = answer(rng)
        if action is not None:
            at = answered_at(rng, assigned_at, answer_by)
            do = partial(_answer, request_id, action)
            found.append(Job(at, Rank.ANSWER, f"answer/{request_id}/{assigned_at}", do))
    return found


def answer(rng: str) -> Action | None:
    """What a citizen makes of an invitation; None: nothing. `chance` in hex digits, and so the same
    each time it is asked."""
    number = int(rng[:8], 16) % _OF
    if number < _COME:
        return Action.CONFIRM
    return Action.GIVE_UP_SEAT if number < _COME + _GIVE_UP else None


def answered_at(rng: str, assigned_at: datetime, answer_by: datetime) -> datetime:
    """When she answers: before it is too late, and not in the middle of the night where she can
    wait."""
    part = _EARLIEST + (_LATEST - _EARLIEST) * int(rng[8:16], 16) / 0xFFFFFFFF
    at = assigned_at + part * (answer_by - assigned_at)
    local = in_tehran(at)
    morning = at_tehran(local.date(), f"{_WAKES:%H:%M}") + timedelta(minutes=local.minute)
    return morning if local.time() < _WAKES and morning < answer_by else at


def _answer(request_id: str, action: Action, uow: UnitOfWork, now: datetime) -> None:
    """By the same door as everybody; a visitor of the demo may have answered in her place."""
    request = uow.requests.by_id(request_id)
    if request.stage in UNCONFIRMED:
        citizen = Actor(person_id=request.person_id, grants=(Grant(Role.CITIZEN),))
        take_step(uow, citizen, TakeStep(code=request.code, action=action.value), now)
