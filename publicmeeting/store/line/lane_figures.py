"""Count lane requests and their results per district and lane, up to a past instant.

Current figures are not published: beside the public log, a change of one would reveal whose request
it was.
"""

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
"""Stage of a request at that instant, so that citizens who left since are still counted."""
_BY_HANDS = exists().where(
    col(EventRow.request_id) == col(LaneAskRow.request_id),
    col(EventRow.action) == word(Action.ASK_LANE),
    col(EventRow.at) == col(LaneAskRow.asked_at),
    col(EventRow.account_id).is_not(None),
)
"""An officer asked for the lane in her name, at a desk."""
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
    """Return the counts by (district, lane); requests whose lane cannot be `opened` are ignored."""
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
