"""Two officers of two units judge a document independently of each other (docs/turns.md 1).

What they see is the lane and the document: no name, no tracking code, nothing she wrote.
"""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.choices import LANE_REASONS, Lane, LaneReason, Verdict
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.records import Image, Request
from publicmeeting.domain.roles import CLOCK, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.store.filing.images import LANE_DOCUMENT
from publicmeeting.store.line.lanes import LaneTask
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, usecase


class OneAsk(Command):
    """An ask by its own id, which leads to no request."""

    id: str


@dataclass(frozen=True, slots=True)
class LaneLine:
    """One ask that waits for this officer; `late_days` are working days."""

    id: str
    lane: Lane
    asked_at: datetime
    due_at: datetime
    late_days: int


@dataclass(frozen=True, slots=True)
class LanePage:
    """One ask with its document and every reason that fits an answer."""

    line: LaneLine
    documents: tuple[Image, ...]
    reasons: tuple[tuple[Verdict, LaneReason], ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class LaneList:
    lines: tuple[LaneLine, ...]
    now: datetime


@usecase(Role.DESK, Role.UNIT)
def lane_list(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> LaneList:
    """What this officer has still to answer, the most pressing first."""
    assert actor.account_id is not None
    return LaneList(tuple(_line(one, now) for one in uow.lanes.waiting_for(actor.account_id)), now)


@usecase(Role.DESK, Role.UNIT)
def open_lane(uow: UnitOfWork, actor: Actor, command: OneAsk, now: datetime) -> LanePage:
    """Open the document; the citizen can read that a judge did.

    Denied `not_found` for whoever was not picked, `judged_already` after his answer, `stage_moved`
    while it is not to be judged.
    """
    task = uow.lanes.get_visible(command.id, actor)
    request = _request(uow, task)
    ask = open_lane_ask(request)
    assert ask is not None
    uow.requests.record_opening(request, actor, Role.JUDGE.value, now, with_name=False)
    documents = uow.images.of_request(request.id, LANE_DOCUMENT)
    return LanePage(
        line=_line(task, now),
        documents=tuple(one for one in documents if one.event_id == ask.event.id),
        reasons=tuple((v, reason) for v in Verdict for reason in LANE_REASONS[task.lane, v]),
        now=now,
    )


class JudgeLane(Command):
    """`verdict` is `yes` or `no`; `reason` one that fits it and the lane."""

    id: str
    verdict: str = ""
    reason: str = ""


@usecase(Role.DESK, Role.UNIT)
def judge_lane(uow: UnitOfWork, actor: Actor, command: JudgeLane, now: datetime) -> None:
    """Answer; the second answer decides.

    Denied: `not_found` for whoever was not picked, `judged_already`, `name_seen`, `stage_moved`,
    `need_verdict`, `need_reason`, `form_broken` for a reason of another lane or answer.
    """
    task = uow.lanes.get_visible(command.id, actor)
    uow.advisory_lock(f"request/{task.request_id}")  # both may answer at the same instant
    request = _request(uow, task)
    if command.verdict and command.reason and not _fits(task.lane, command.verdict, command.reason):
        raise Denied("form_broken")
    payload = {Need.VERDICT.value: command.verdict, Need.REASON.value: command.reason}
    event = advance(request, Action.JUDGE_LANE, actor, now, payload)
    uow.requests.record(request, event)
    assert actor.account_id is not None
    uow.lanes.record_answer(task.id, actor.account_id, now)
    _decide(uow, task, now)


def _decide(uow: UnitOfWork, task: LaneTask, now: datetime) -> None:
    """Decide once both have answered; into the log it comes at night (`line/lane_cases.py`)."""
    request = uow.requests.by_id(task.request_id)
    ask = open_lane_ask(request)
    if ask is None or not ask.is_answered:
        return
    payload = {Need.LANE.value: ask.lane.value, Need.VERDICT.value: ask.verdict.value}
    uow.requests.record(request, advance(request, Action.DECIDE_LANE, CLOCK, now, payload))
    uow.lanes.record_decision(task.id, ask.verdict, now)


def _request(uow: UnitOfWork, task: LaneTask) -> Request:
    """The request behind an ask, while this officer may judge it."""
    if task.answered_at is not None:
        raise Denied("judged_already")
    request = uow.requests.by_id(task.request_id)
    if request.stage not in STEP_FOR[Action.JUDGE_LANE].at:
        raise Denied("stage_moved")
    return request


def _fits(lane: Lane, verdict: str, reason: str) -> bool:
    fitting = {(v.value, r.value) for v in Verdict for r in LANE_REASONS[lane, v]}
    return (verdict, reason) in fitting


def _line(task: LaneTask, now: datetime) -> LaneLine:
    return LaneLine(task.id, task.lane, task.asked_at, task.due_at, late_days(task.due_at, now))
