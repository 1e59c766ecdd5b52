"""Notices that ask a citizen for an answer: whether and when each reached her."""

from collections import Counter
from datetime import datetime, timedelta

import sqlalchemy
from sqlmodel import col, select

from publicmeeting.domain.lifecycle.advance import firing
from publicmeeting.domain.lifecycle.guards import OBJECTION_DAYS
from publicmeeting.domain.notices import ASKS_FOR_AN_ANSWER
from publicmeeting.domain.records import Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import OrderRow, OutboxRow, RequestRow
from publicmeeting.store.database.words import words
from publicmeeting.store.lifecycle.sending import IS_TO_CALL, MAY_OBJECT

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
