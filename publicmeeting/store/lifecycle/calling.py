"""SQL expressions for the list of calls: its rows and their order."""

from datetime import datetime

import sqlalchemy
from sqlalchemy import ColumnElement, text
from sqlmodel import col, func

from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN, OBJECTION_TO
from publicmeeting.domain.notices import (
    ASKS_FOR_AN_ANSWER,
    ENDS_UNTOLD,
    MAY_BE_OBJECTED,
    Delivery,
)
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.database.rows.cases import EventRow, OutboxRow, RequestRow
from publicmeeting.store.database.words import word, words

IS_TO_CALL, IS_CALLED = (
    text(f"outbox.{where}") for where in ("state IN ('to_call', 'failed')", "state = 'called'")
)
"""Literal SQL that matches the partial indexes.

With bound parameters neither engine would recognise that the index applies.
"""


MAY_OBJECT = sqlalchemy.or_(
    *(
        sqlalchemy.and_(
            col(OutboxRow.action) == action.value,
            col(RequestRow.stage).in_(words(stages)),
            ~sqlalchemy.exists().where(
                col(EventRow.request_id) == col(OutboxRow.request_id),
                col(EventRow.action) == OBJECTION_TO[action].value,
                col(EventRow.id) < col(OutboxRow.event_id),
            ),
        )
        for action, stages in (
            (Action.DECLINE, [Stage.DECLINED]),
            (Action.REDIRECT, [Stage.SUBMITTED, Stage.WAITING]),
            (Action.FINISH_REFUSED, [Stage.CLOSED]),
        )
    )
)
"""A decision against her that is still in force, joined with its request.

After her objection the next decision is final, so nothing of hers depends on it.
"""

_ENDS, _ASKS, _AGAINST_HER, _OTHERS = range(4)
"""Ranks of the list of calls, most urgent first."""


def call_order(now: datetime, limit: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return group and order within it, to sort calls joined with their request.

    Groups, each with reachable phone numbers first:

    - notices whose deadline ends whether or not she is informed
    - questions that wait for her answer
    - decisions that she may object to once informed
    - other news

    Within a group the oldest comes first, but of decisions the newest. Decisions take at most half
    of `limit`, because they stay until she is informed, and unanswered numbers would accumulate at
    the top. Notices to citizens without a number also take at most half.
    """
    has_no_number = col(OutboxRow.state) == Delivery.TO_CALL.value
    action = col(OutboxRow.action)
    contested = sqlalchemy.and_(
        action == word(Action.NO_SHOW), col(OutboxRow.at) <= now - CONTEST_WITHIN
    )
    rank = sqlalchemy.case(
        (sqlalchemy.and_(action.in_(words(ENDS_UNTOLD)), ~contested), _ENDS),
        (MAY_OBJECT, _AGAINST_HER),
        (action.in_(words(ASKS_FOR_AN_ANSWER - {*MAY_BE_OBJECTED})), _ASKS),
        else_=_OTHERS,
    )
    order = sqlalchemy.case((MAY_OBJECT, -col(OutboxRow.id)), else_=col(OutboxRow.id))
    group = 2 * rank + sqlalchemy.cast(has_no_number, sqlalchemy.Integer)
    nth = func.row_number().over(partition_by=group, order_by=order)
    of_rank = func.row_number().over(partition_by=rank, order_by=(has_no_number, order))
    is_beyond = sqlalchemy.or_(
        sqlalchemy.and_(has_no_number, rank < _OTHERS, nth > limit // 2),
        sqlalchemy.and_(MAY_OBJECT, of_rank > limit // 2),
    )
    return sqlalchemy.case((is_beyond, 2 * _OTHERS + 2), else_=group), order
