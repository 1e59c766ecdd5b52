"""Independent judgement of a document or a no-show by two officers of two units.

They see the document, and the lane or her contest and the records of that day: no name, no tracking
code, nothing of her request (docs/turns.md 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.choices import (
    GIVEN_UP_REASONS,
    LANE_REASONS,
    NO_SHOW_REASONS,
    Lane,
    LaneReason,
    NoShowReason,
    Verdict,
)
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import advance
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import CONTEST, JUDGES, UNIT, contests, open_lane_ask
from publicmeeting.domain.records import Image, Request
from publicmeeting.domain.roles import CLOCK, Actor, Role
from publicmeeting.domain.stages import Action, Need
from publicmeeting.store.line.lanes.questions import LaneTask
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.base import Command, Nothing, usecase
from publicmeeting.usecases.lifecycle.case_access import documents_of
from publicmeeting.usecases.lifecycle.effects.contests import (
    DayRecord,
    answer_contest,
    day_record,
    work_together,
)
from publicmeeting.usecases.lifecycle.effects.entries import unit_word
from publicmeeting.usecases.line.lanes import appoint

Reasons = tuple[tuple[Verdict, LaneReason | NoShowReason], ...]


class OneAsk(Command):
    """An ask by its own id, which leads to no request."""

    id: str


@dataclass(frozen=True, slots=True)
class LaneLine:
    """An ask that waits for this officer; `late_days` are working days.

    A contest has the lane `general`.
    """

    id: str
    lane: Lane
    asked_at: datetime
    due_at: datetime
    late_days: int
    is_contest: bool = False


@dataclass(frozen=True, slots=True)
class LanePage:
    """An ask with its documents, the day of a contest, and every reason for each answer."""

    line: LaneLine
    documents: tuple[Image, ...]
    reasons: Reasons
    now: datetime
    day: DayRecord | None = None


@dataclass(frozen=True, slots=True)
class LaneList:
    lines: tuple[LaneLine, ...]
    unread: int = 0
    """Number of asks that can no longer be decrypted and are left out."""


@usecase(Role.DESK, Role.UNIT)
def lane_list(uow: UnitOfWork, actor: Actor, _command: Nothing, now: datetime) -> LaneList:
    """Return what this officer still has to answer, most urgent first."""
    assert actor.account_id is not None
    tasks = uow.lanes.waiting_for(actor.account_id)
    return LaneList(tuple(_line(task, now) for task in tasks), unread=uow.unread)


@usecase(Role.DESK, Role.UNIT)
def open_lane(uow: UnitOfWork, actor: Actor, command: OneAsk, now: datetime) -> LanePage:
    """Open the document or the contest; the citizen can read that a judge did.

    Denied `not_found` for an officer who was not picked, `judged_already` after his answer,
    `stage_moved` if it cannot be judged now.
    """
    task = uow.lanes.get_visible(command.id, actor)
    request = _request(uow, task, actor)
    uow.requests.record_opening(request, actor, Role.JUDGE.value, now, with_name=False)
    ask = contests(request)[task.contest - 1] if task.contest else open_lane_ask(request)
    assert ask is not None
    return LanePage(
        line=_line(task, now),
        documents=documents_of(uow, request).get(ask.event.id, ()),
        reasons=_reasons(task, request),
        now=now,
        day=day_record(uow, request, task) if task.contest else None,
    )


class JudgeLane(Command):
    """An answer; `verdict` is `yes` or `no`, `reason` one that fits it and the lane or contest."""

    id: str
    verdict: str = ""
    reason: str = ""


@usecase(Role.DESK, Role.UNIT)
def judge_lane(uow: UnitOfWork, actor: Actor, command: JudgeLane, now: datetime) -> None:
    """Record an officer's answer; the second answer decides.

    Denied `not_found` for an officer who was not picked; `judged_already`, `name_seen`,
    `stage_moved`, `need_verdict`, `need_reason`; `form_broken` for a reason of another lane or
    answer.
    """
    task = uow.lanes.get_visible(command.id, actor)
    uow.advisory_lock(f"request/{task.request_id}")  # both may answer at once
    request = _request(uow, task, actor)
    if command.verdict and command.reason and not _fits(_reasons(task, request), command):
        raise Denied("form_broken")
    payload = {Need.VERDICT.value: command.verdict, Need.REASON.value: command.reason}
    if task.contest:
        _judge_contest(uow, actor, task, payload, now)
        return
    assert actor.account_id is not None
    unit = unit_word(uow, actor.account_id, Role.JUDGE, request.district)
    event = advance(request, Action.JUDGE_LANE, actor, now, {**payload, UNIT: unit})
    event_id = uow.requests.record(request, event)
    uow.lanes.record_answer(task.id, actor.account_id, event_id, event)
    _decide(uow, task, now)


def _judge_contest(
    uow: UnitOfWork, actor: Actor, task: LaneTask, payload: Mapping[str, object], now: datetime
) -> None:
    request = uow.requests.by_id(task.request_id)
    asked = contests(request)[task.contest - 1]
    if actor.account_id in {answer.account_id for answer in asked.answers} or asked.decision:
        raise Denied("judged_already")  # another open contest of hers may still be his
    about = {**payload, CONTEST: task.contest}
    event = advance(request, Action.JUDGE_NO_SHOW, actor, now, about)
    assert actor.account_id is not None
    answer_contest(uow, task, actor.account_id, event, now)


def _decide(uow: UnitOfWork, task: LaneTask, now: datetime) -> None:
    """Decide when both have answered; the log gets it at night (`line/lanes.py`)."""
    request = uow.requests.by_id(task.request_id)
    ask = open_lane_ask(request)
    if ask is None or not ask.is_answered:
        return
    units = {answer.payload[UNIT] for answer in ask.answers}
    if len(units) < JUDGES or work_together(uow, request, ask.judges):
        # One of the two has changed units since the pick, so somebody else answers instead.
        appoint(uow, task.id, request.id, now)
        return
    payload = {Need.LANE.value: ask.lane.value, Need.VERDICT.value: ask.verdict.value}
    uow.requests.record(request, advance(request, Action.DECIDE_LANE, CLOCK, now, payload))
    uow.lanes.record_decision(task.id, ask.verdict, now)


def _request(uow: UnitOfWork, task: LaneTask, actor: Actor) -> Request:
    """Return the request of an ask that this officer may judge.

    Denied `judged_already` after his answer, `stage_moved` if it cannot be judged now, `not_found`
    if he was replaced and his row was restored past this program.
    """
    if task.answered_at is not None:
        raise Denied("judged_already")
    request = uow.requests.by_id(task.request_id)
    action = Action.JUDGE_NO_SHOW if task.contest else Action.JUDGE_LANE
    if request.stage not in STEP_FOR[action].at:
        raise Denied("stage_moved")
    ask = contests(request)[task.contest - 1] if task.contest else open_lane_ask(request)
    if ask is None:
        raise Denied("stage_moved")
    if actor.account_id not in uow.lanes.confirmed(task.id, ask).judges:
        raise uow.lanes.no_judge(task.id)
    return request


def _reasons(task: LaneTask, request: Request) -> Reasons:
    if task.contest:
        lost_by = contests(request)[task.contest - 1].missed.action
        fitting = NO_SHOW_REASONS if lost_by is Action.NO_SHOW else GIVEN_UP_REASONS
        return tuple((v, reason) for v in Verdict for reason in fitting[v])
    return tuple((v, reason) for v in Verdict for reason in LANE_REASONS[task.lane, v])


def _fits(reasons: Reasons, command: JudgeLane) -> bool:
    return (command.verdict, command.reason) in {(v.value, one.value) for v, one in reasons}


def _line(task: LaneTask, now: datetime) -> LaneLine:
    late = late_days(task.due_at, now)
    return LaneLine(task.id, task.lane, task.asked_at, task.due_at, late, task.contest > 0)
