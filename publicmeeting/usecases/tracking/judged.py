"""What two officers judge for a citizen: her request for a lane, and her contest of a no-show."""

from dataclasses import dataclass, replace
from datetime import datetime

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.choices import Lane, LaneReason, Verdict
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.contests import open_contests
from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import IN_LINE, Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.line.lanes import lanes_granted

FROZEN = "line_frozen"


@dataclass(frozen=True, slots=True)
class MyLane:
    """`lane` is the one asked for or decided about last; GENERAL when she never asked.

    `verdict` is None while it is open; one judge's answer is shown only once both have answered.
    """

    may_ask: tuple[Lane, ...]
    """The lanes open to her now; empty while she cannot ask."""
    why: str
    """Key of the reason why she cannot now, where she could at another time."""
    lane: Lane = Lane.GENERAL
    verdict: Verdict | None = None
    answered: int = 0
    due_at: datetime | None = None
    late_days: int = 0
    reasons: tuple[tuple[Verdict, LaneReason], ...] = ()


def my_lane(uow: UnitOfWork, actor: Actor, request: Request, now: datetime) -> MyLane | None:
    """None where a lane is no matter any more: after screening and line."""
    if request.stage not in IN_LINE:
        return None
    why = why_not(request, STEP_FOR[Action.ASK_LANE], actor, now) or ""
    if not why and uow.draws.is_frozen_in(request.district, request.ticket):
        why = FROZEN
    may_ask = () if why else lanes_granted(uow, now)
    ask = open_lane_ask(request)
    if ask:
        newest = uow.lanes.newest(request)
        due_at = newest[1] if newest else None
        return MyLane(
            may_ask, why, ask.lane, None, len(ask.answers), due_at, late_days(due_at, now)
        )
    decided = request.last(Action.DECIDE_LANE)
    if decided is None:
        return MyLane(may_ask, why)
    lane, verdict = Lane(str(decided.payload["lane"])), Verdict(str(decided.payload["verdict"]))
    return MyLane(may_ask, why, lane, verdict, reasons=_reasons(request))


def _reasons(request: Request) -> tuple[tuple[Verdict, LaneReason], ...]:
    """The answers of the two who decided last, without who gave which."""
    decided = request.last(Action.DECIDE_LANE)
    assert decided is not None
    before = request.history[: request.history.index(decided)]
    ask = open_lane_ask(replace(request, history=before))
    assert ask is not None, "decided, and never asked"
    answers = {
        (Verdict(str(one.payload["verdict"])), LaneReason(str(one.payload["reason"])))
        for one in ask.answers
    }
    return tuple(sorted(answers, key=lambda pair: (pair[0] is Verdict.YES, pair[1].value)))


@dataclass(frozen=True, slots=True)
class MyContest:
    """`answered` of the two, without what they said; `late_days` are working days."""

    answered: int
    has_judges: bool
    due_at: datetime
    late_days: int


def my_contest(uow: UnitOfWork, request: Request, now: datetime) -> MyContest | None:
    """Her oldest contest that is not decided; None while there is none."""
    contests = open_contests(request)
    if not contests:
        return None
    oldest = contests[0]
    _, due_at = uow.lanes.of_contests(request)[oldest.number]
    late = late_days(due_at, now)
    return MyContest(len(oldest.answers), bool(oldest.judges), due_at, late)
