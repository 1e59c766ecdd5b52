"""What became of the asks of each lane in each district, until a moment that has passed: whoever
reads the public log beside a figure that grows, or falls, would know whose ask it was."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime

import sqlalchemy
from sqlalchemy import bindparam, exists, or_
from sqlmodel import col

from publicmeeting.domain.choices import Lane, Verdict
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.stages import Action
from publicmeeting.store.database.rows.cases import EventRow, LaneAskRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.words import word

_JUDGED_AT = [stage.value for stage in STEP_FOR[Action.JUDGE_LANE].at]
_IS_OPEN = or_(
    col(LaneAskRow.decided_at).is_(None), col(LaneAskRow.decided_at) >= bindparam("until")
)
_STAGE = (
    sqlalchemy.select(col(EventRow.to_stage))
    .where(
        col(EventRow.request_id) == col(LaneAskRow.request_id),
        col(EventRow.order_id).is_(None),
        col(EventRow.at) < bindparam("until"),
    )
    .order_by(col(EventRow.id).desc())
    .limit(1)
    .scalar_subquery()
)
"""At which stage a request was then: who has left since is not to be counted out."""
_BY_HANDS = exists().where(
    col(EventRow.request_id) == col(LaneAskRow.request_id),
    col(EventRow.action) == word(Action.ASK_LANE),
    col(EventRow.at) == col(LaneAskRow.asked_at),
    col(EventRow.account_id).is_not(None),
)
"""An officer has asked for her, at a desk."""
_ASKS = sqlalchemy.select(
    col(LaneAskRow.id),
    col(LaneAskRow.district),
    col(LaneAskRow.lane),
    col(LaneAskRow.verdict),
    col(LaneAskRow.decided_at),
    col(LaneAskRow.due_at),
    sqlalchemy.case((_IS_OPEN, _STAGE), else_=None).label("stage"),
    _BY_HANDS.label("at_desk"),
).where(col(LaneAskRow.contest) == 0, col(LaneAskRow.asked_at) < bindparam("until"))


def count_asks(
    transaction: Transaction, until: datetime, opened: Callable[[str, bytes], Lane | None]
) -> dict[tuple[int, Lane], Counter[str]]:
    """By district and lane; those whose lane cannot be `opened` any more count nowhere."""
    counts = defaultdict[tuple[int, Lane], Counter[str]](Counter)
    for key, district, sealed, answer, decided_at, due_at, stage, at_desk in transaction.execute(
        _ASKS, {"until": until}
    ):
        is_decided = decided_at is not None and decided_at < until
        verdict = answer if is_decided else None
        waits = not is_decided and stage in _JUDGED_AT
        lane = opened(key, sealed)
        if lane is None:
            continue
        counts[district, lane].update(
            asked=1,
            at_desk=int(at_desk),
            granted=int(verdict == Verdict.YES),
            refused=int(verdict == Verdict.NO),
            waiting=int(waits),
            late=int(waits and due_at <= until),
        )
    return counts
