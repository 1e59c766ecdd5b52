"""Where a citizen's ask for a lane stands: open, given, not given, or still to be made."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.calendar import late_days
from publicmeeting.domain.choices import Lane, LaneReason, Verdict
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import open_lane_ask
from publicmeeting.domain.records import Request
from publicmeeting.domain.roles import Actor
from publicmeeting.domain.stages import IN_LINE, Action
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.line.lanes import lanes_given

FROZEN = "line_frozen"


@dataclass(frozen=True, slots=True)
class MyLane:
    """`lane` is the one asked for or decided about last; GENERAL when she never asked.

    `verdict` is None while it is open; what one judge has said is told only once both have.
    """

    may_ask: tuple[Lane, ...]
    """The lanes open to her now; empty while she cannot ask."""
    why: str
    """The word why she cannot, where she could ask at another time."""
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
    may_ask = () if why else lanes_given(uow, now)
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
    """What the two who decided last have said, without who said what."""
    decided = request.last(Action.DECIDE_LANE)
    assert decided is not None
    before = request.history[: request.history.index(decided)]
    two = [one for one in before if one.action is Action.JUDGE_LANE][-2:]
    said = {
        (Verdict(str(one.payload["verdict"])), LaneReason(str(one.payload["reason"])))
        for one in two
    }
    return tuple(sorted(said, key=lambda pair: (pair[0] is Verdict.YES, pair[1].value)))
