"""SQL of the outbox: which notices are sent now, which calls are still valid, and their order.

`AskingNotices` reads whether and when the notices that ask a citizen for an answer reached her.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam, text
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.lifecycle.advance import firing
from publicmeeting.domain.lifecycle.guards import CONTEST_WITHIN, OBJECTION_DAYS, OBJECTION_TO
from publicmeeting.domain.lifecycle.notices import (
    ASKS_FOR_AN_ANSWER,
    ENDS_UNTOLD,
    EVEN_AT_NIGHT,
    MAY_BE_OBJECTED,
    OF_THE_MINUTE,
    Delivery,
    Timely,
)
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import PRESENT, SEATED, Action, OrderAction, OrderStage, Stage
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, OutboxRow, RequestRow
from publicmeeting.store.database.words import word, words

WAITING = text("outbox.state = 'waiting'")
"""Literal SQL that matches the partial index; with bound parameters it would not be used."""


def _same_queue(other: type[OutboxRow]) -> ColumnElement[bool]:
    """Condition: the same person, and both expire in minutes or neither does."""
    of_the_minute = words(OF_THE_MINUTE)
    same_sort = col(other.action).in_(of_the_minute) == col(OutboxRow.action).in_(of_the_minute)
    return sqlalchemy.and_(col(other.person_id) == col(OutboxRow.person_id), same_sort)


def _to_send() -> SelectOfScalar[OutboxRow]:
    """Return a query for the oldest notice of each person's queue that may be sent.

    It is due, or a later one is due. The query runs every second in every process, so it is built
    once.
    """
    now: sqlalchemy.BindParameter[Any] = bindparam("now")
    ready, older, newer = (aliased(OutboxRow, name=name) for name in ("ready", "older", "newer"))
    someone_due = select(ready.person_id).where(
        text("ready.state = 'waiting'"), col(ready.next_try_at) <= now
    )
    has_older = (
        select(older.id)
        .where(text("older.state = 'waiting'"), _same_queue(older))
        .where(col(older.id) < col(OutboxRow.id), ~col(older.without_words))
    )
    has_newer_due = (
        select(newer.id)
        .where(text("newer.state = 'waiting'"), _same_queue(newer))
        .where(col(newer.id) > col(OutboxRow.id), col(newer.next_try_at) <= now)
    )
    claimed, unanswered = col(OutboxRow.claimed_until), col(OutboxRow.unanswered_at)
    # A notice that is delayed, or whose delivery is unknown, is not tried before its time.
    may_be_early = sqlalchemy.and_(
        col(OutboxRow.tries) > 0,
        ~col(OutboxRow.without_words),
        sqlalchemy.or_(unanswered.is_(None), unanswered <= bindparam("unanswered_before")),
        has_newer_due.exists(),
    )
    return (
        select(OutboxRow)
        .where(WAITING, col(OutboxRow.person_id).in_(someone_due))
        .where(sqlalchemy.or_(claimed.is_(None), claimed <= now))
        .where(~has_older.exists())
        .where(sqlalchemy.or_(col(OutboxRow.next_try_at) <= now, may_be_early))
        .order_by(col(OutboxRow.id))
        .limit(bindparam("limit"))
    )


def _recipients_at_night() -> sqlalchemy.Select[str | None]:
    """Return a query for the persons who must learn at night what happens to their Monday."""
    urgent = aliased(OutboxRow, name="urgent")
    return (
        sqlalchemy.select(col(urgent.person_id))
        .join(EventRow, col(EventRow.id) == col(urgent.event_id))
        .where(text("urgent.state = 'waiting'"), col(urgent.action).in_(words(EVEN_AT_NIGHT)))
        .where(col(urgent.next_try_at) <= bindparam("now"))
        .where(col(EventRow.payload).contains(bindparam("monday")))
    )


TO_SEND = _to_send()
_AT_NIGHT = TO_SEND.where(col(OutboxRow.person_id).in_(_recipients_at_night()))
TO_CLAIM, CLAIM_AT_NIGHT = (
    query.with_for_update(skip_locked=True, of=OutboxRow) for query in (TO_SEND, _AT_NIGHT)
)
ANY_TO_SEND, ANY_AT_NIGHT = (
    query.with_only_columns(col(OutboxRow.id)) for query in (TO_SEND, _AT_NIGHT)
)


# Which pending calls are still valid.

_OWN_REQUEST = aliased(RequestRow, name="own_request")
_HAS_SEAT = (
    sqlalchemy.exists()
    .where(col(_OWN_REQUEST.id) == col(OutboxRow.request_id))
    .where(col(_OWN_REQUEST.stage).in_(words(sorted(SEATED | PRESENT))))
)


def is_true(now: datetime) -> ColumnElement[bool]:
    """Condition: a call has not expired by this city time.

    A reminder also expires with its seat: nobody is reminded of a cancelled Monday.
    """
    until = col(OutboxRow.true_until)
    in_time = sqlalchemy.or_(until.is_(None), until > now)
    is_reminder = col(OutboxRow.action) == word(Timely.REMINDER)
    return sqlalchemy.and_(in_time, sqlalchemy.or_(~is_reminder, _HAS_SEAT))


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


_LONGER = (Action.WAIT_LONGER, OrderAction.STAY_OPEN)
"""A notice of extra time repeats the question."""
_ASKED = [stage for stage in Stage if firing(stage)]
_ORDER_ASKED = [stage for stage in OrderStage if firing(stage)]


class AskingNotices(Repository):
    def reached_at(
        self, request_id: str, asked: Event, order_id: str | None = None
    ) -> datetime | None:
        """Return the city time at which a notice of this event first reached her.

        The event asks her something and belongs to the request, or to the order `order_id`. A
        notice that gave her more time counts too. Reached means sent, called about, or seen. None
        while none has reached her; a notice of another order concerns another report.
        """
        of_case = col(OutboxRow.order_id)
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id, OutboxRow.role == Role.CITIZEN.value)
            .where(of_case.is_(None) if order_id is None else of_case == order_id)
            .where(col(OutboxRow.event_id) >= asked.id)
            .where(col(OutboxRow.action).in_(words([asked.action, *_LONGER])))
        )
        moments = [at for row in rows for at in (row.sent_at, row.seen_at) if at is not None]
        return min(moments, default=None)

    def is_unread(self, request_id: str) -> bool:
        """Whether she has not seen some notice of this request that asks for an answer."""
        found = (
            select(OutboxRow.id)
            .where(OutboxRow.request_id == request_id, OutboxRow.role == Role.CITIZEN.value)
            .where(col(OutboxRow.action).in_(words(ASKS_FOR_AN_ANSWER)))
            .where(col(OutboxRow.seen_at).is_(None))
        )
        return self._session.exec(found.limit(1)).first() is not None

    def mark_seen(self, request_id: str, now: datetime) -> None:
        """Mark the notices of this request as seen; waits for a process that is sending them."""
        rows = self._session.exec(
            select(OutboxRow)
            .where(OutboxRow.request_id == request_id, OutboxRow.role == Role.CITIZEN.value)
            .where(col(OutboxRow.seen_at).is_(None))
            .with_for_update()
        )
        for row in rows:
            row.seen_at = now
            self._session.add(row)

    def unreached(self, now: datetime) -> Counter[int]:
        """Return district → number of overdue questions that have not reached their citizens.

        It counts requests and orders that wait for an answer after their deadline, and decisions
        against a citizen that are older than the period for objections.
        """
        is_asked = sqlalchemy.case(
            (col(OutboxRow.order_id).is_(None), col(RequestRow.stage).in_(words(_ASKED))),
            else_=col(OrderRow.stage).in_(words(_ORDER_ASKED)),
        )
        rows = self._session.exec(
            select(OutboxRow.request_id, OutboxRow.order_id, RequestRow.district)
            .join(RequestRow, col(RequestRow.id) == col(OutboxRow.request_id))
            .join(OrderRow, col(OrderRow.id) == col(OutboxRow.order_id), isouter=True)
            .where(IS_TO_CALL, col(OutboxRow.action).in_(words(_LONGER)), is_asked)
            .distinct()
        )
        against = self._session.exec(
            select(OutboxRow.request_id, RequestRow.district)
            .join(RequestRow, col(RequestRow.id) == col(OutboxRow.request_id))
            .where(IS_TO_CALL, col(OutboxRow.seen_at).is_(None), MAY_OBJECT)
            .where(col(OutboxRow.at) < now - timedelta(days=OBJECTION_DAYS))
            .distinct()
        )
        return Counter(
            [*(district for _, _, district in rows), *(district for _, district in against)]
        )
