"""Her ask for a lane on the page: what stands, who has answered, why, and the way to ask."""

from dataclasses import dataclass
from datetime import datetime

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import dates_text
from publicmeeting.text.lifecycle.needs_text import LANE
from publicmeeting.text.lifecycle.reasons_text import LANE_REASON
from publicmeeting.text.line import lanes_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE, Move, only
from publicmeeting.ui.design.models import Badge
from publicmeeting.ui.design.view_model import ViewModel
from publicmeeting.usecases.tracking.lane import FROZEN, MyLane
from publicmeeting.usecases.tracking.turn import MyTurn

_NO_BADGE = Badge()


@dataclass(frozen=True)
class LaneView(ViewModel):
    """Nothing is shown without `shown`."""

    shown: bool = False
    head: str = ""
    badge: Badge = _NO_BADGE
    text: str = ""
    more: str = ""
    reasons: tuple[str, ...] = ()
    why_not: str = ""
    ask: Move = NO_MOVE


NO_LANE = LaneView()


def lane_view(turn: MyTurn, moves: tuple[Move, ...], now: datetime) -> LaneView:
    lane = turn.lane
    if lane is None:
        return NO_LANE
    ask = only(moves, Action.ASK_LANE)
    if lane.lane is Lane.GENERAL:
        why = refusal(lane.why) if lane.why == FROZEN else ""
        return LaneView(shown=bool(ask or why), ask=ask[0] if ask else NO_MOVE, why_not=why)
    if lane.verdict is None:
        return _open(lane, now)
    return _decided(lane, ask[0] if ask else NO_MOVE)


def _open(lane: MyLane, now: datetime) -> LaneView:
    assert lane.due_at is not None
    answered = persian(lane.answered)
    if lane.late_days:
        late = dates_text.late_words(lane.late_days)
        text = lanes_text.LATE_MEANS.format(answered=answered, late=late)
        badge = Badge(late, "brick", "flag")
    else:
        text = lanes_text.ASKED_MEANS.format(
            answered=answered, until=dates_text.until_words(lane.due_at)
        )
        badge = Badge(dates_text.left_words(lane.due_at, now), "neutral", "clock")
    head = lanes_text.ASKED.format(lane=LANE[lane.lane])
    return LaneView(shown=True, head=head, badge=badge, text=text, more=lanes_text.MEANWHILE)


def _decided(lane: MyLane, ask: Move) -> LaneView:
    given = lane.verdict is Verdict.YES
    head = lanes_text.GIVEN if given else lanes_text.REFUSED
    return LaneView(
        shown=True,
        head=head.format(lane=LANE[lane.lane]),
        text=lanes_text.GIVEN_MEANS if given else lanes_text.REFUSED_MEANS,
        reasons=tuple(
            lanes_text.REASON[verdict].format(reason=LANE_REASON[reason])
            for verdict, reason in lane.reasons
        ),
        why_not=refusal(lane.why) if lane.why == FROZEN else "",
        ask=ask,
    )
