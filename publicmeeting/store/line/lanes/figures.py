"""Figures of lanes up to a past instant: requests with results, and checks of originals.

Current figures are not published: beside the public log, a change of one would reveal whose request
it was.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime

import sqlalchemy
from sqlalchemy import and_, bindparam, exists, or_
from sqlmodel import col

from publicmeeting.domain.choices import Lane, Original, Verdict
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.line.lanes import ASKABLE
from publicmeeting.domain.mondays import SeatState
from publicmeeting.domain.stages import Action, Need
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.rows.cases import EventRow, LaneAskRow, RequestRow
from publicmeeting.store.database.rows.city import SeatRow
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


# Reception's checks of original documents: of one person, and counted.

_IS_CHECK = col(EventRow.action) == word(Action.CHECK_ORIGINAL)
_AT_A_DESK = and_(
    col(EventRow.action) == word(Action.ASK_LANE), col(EventRow.account_id).is_not(None)
)
_OF_PERSON = (
    sqlalchemy.select(col(EventRow.action), col(EventRow.payload))
    .join(RequestRow, col(RequestRow.id) == col(EventRow.request_id))
    .where(or_(_IS_CHECK, _AT_A_DESK), col(RequestRow.person_id) == bindparam("person"))
    .order_by(col(EventRow.id).desc())
    .limit(1)
)
_CHECKS = (
    sqlalchemy.select(col(EventRow.request_id), col(EventRow.payload))
    .where(_IS_CHECK, col(EventRow.at) < bindparam("until"))
    .order_by(col(EventRow.id))
)
_BY_LANES = {f"lane:{lane}": lane for lane in ASKABLE}
_SEATS = (
    sqlalchemy.select(
        col(SeatRow.request_id), col(SeatRow.district), col(SeatRow.why), col(SeatRow.state)
    )
    .where(col(SeatRow.why).in_(_BY_LANES), col(SeatRow.monday) <= bindparam("day"))
    .order_by(col(SeatRow.id))
)


def last_check(transaction: Transaction, person_id: str) -> Original | None:
    """Return the newest result for this person's document, in any of her requests.

    A desk that asks for a lane in her name has seen the document beside her card, which replaces an
    earlier negative result.
    """
    row = transaction.execute(_OF_PERSON, {"person": person_id}).first()
    if row is None:
        return None
    return _answer(row.payload) if row.action == Action.CHECK_ORIGINAL else Original.SEEN


def count_checks(transaction: Transaction, until: datetime) -> dict[tuple[int, Lane], Counter[str]]:
    """Return (district, lane) → number of citizens who `came` by then, and by last result."""
    checks = transaction.execute(_CHECKS, {"until": until})
    answers = {key: _answer(payload) for key, payload in checks}
    days = {"day": tehran_day(until)}
    seats = {row.request_id: row for row in transaction.execute(_SEATS, days)}
    found = defaultdict[tuple[int, Lane], Counter[str]](Counter)
    for request_id, district, why, state in seats.values():
        answer = answers.get(request_id)
        if answer is not None or state == SeatState.USED:
            found[district, _BY_LANES[why]]["came"] += 1
        if answer is not None:
            found[district, _BY_LANES[why]][answer.value] += 1
    return found


def _answer(payload: str) -> Original:
    return Original(read_object(payload)[Need.ORIGINAL.value])
