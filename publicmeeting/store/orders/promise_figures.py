"""Figures of all orders for the page of the city's promises."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import (
    bindparam,
    case,
    func,
    select,
)
from sqlmodel import col

from publicmeeting.domain.choices import Verdict
from publicmeeting.domain.lifecycle.climbing import MAYORS_CONTESTS
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import (
    EventRow,
    OrderRow,
    RequestRow,
)
from publicmeeting.store.database.vault import UNREADABLE
from publicmeeting.store.database.words import word, words
from publicmeeting.store.lifecycle.lists import unanswered


@dataclass(frozen=True, slots=True)
class OrderFact:
    """Number of a district's orders with equal stage, lateness, punctuality and end.

    `due`: the first due date has passed. `on_time`: the last report was in time, None before one.
    """

    district: int
    stage: str
    due: bool
    on_time: bool | None
    ended_by: str | None
    count: int


_CONTESTS = (
    select(func.count())
    .where(col(EventRow.order_id) == col(OrderRow.id))
    .where(col(EventRow.action).in_(words([OrderAction.CONTEST, OrderAction.REOPEN])))
    .scalar_subquery()
)
_NOW: sqlalchemy.BindParameter[datetime] = bindparam("now")
_OVERDUE = select(
    select(func.count())
    .select_from(RequestRow)
    .where(col(RequestRow.stage) == word(Stage.CLOSED), col(RequestRow.due_at) <= _NOW)
    .where(col(RequestRow.id).in_(unanswered(Action.OBJECT_REFUSAL, Action.ANSWER_OBJECTION)))
    .scalar_subquery()
    + select(func.count())
    .select_from(OrderRow)
    .where(col(OrderRow.stage) == word(OrderStage.CONTESTED))
    .where(col(OrderRow.due_at) <= _NOW, _CONTESTS > MAYORS_CONTESTS)
    .scalar_subquery()
)


class PromiseFigures(Repository):
    def overdue(self, now: datetime) -> int:
        """Count objections and second contests that wait for the overseer after their deadline."""
        return int(self._transaction.execute(_OVERDUE, {"now": now}).scalar_one())

    def orders(self, today: date) -> list[OrderFact]:
        """Count all orders of the city as of a day, grouped for the figures."""
        due = case((col(OrderRow.first_due_on) < today, 1), else_=0).label("due")
        alike = (
            col(OrderRow.district),
            col(OrderRow.stage),
            due,
            col(OrderRow.on_time),
            col(OrderRow.ended_by),
        )
        rows = self._transaction.execute(sqlalchemy.select(*alike, func.count()).group_by(*alike))
        return [
            OrderFact(district, stage, bool(is_due), on_time, ended_by, count)
            for district, stage, is_due, on_time, ended_by, count in rows
        ]

    def answers(self, *actions: Action | OrderAction) -> dict[tuple[int, str, Verdict], int]:
        """Return (district, action, answer) → number of citizens."""
        kind = (col(RequestRow.district), col(EventRow.action), col(EventRow.payload))
        rows = self._transaction.connection.execute(
            sqlalchemy.select(*kind, func.count())
            .join(EventRow, col(EventRow.request_id) == col(RequestRow.id))
            .where(col(EventRow.action).in_([action.value for action in actions]))
            .group_by(*kind)
        )
        found: dict[tuple[int, str, Verdict], int] = {}
        for district, action, payload, count in rows:
            with suppress(*UNREADABLE):  # `doctor` names that event
                key = (district, action, Verdict(read_object(payload)["verdict"]))
                found[key] = found.get(key, 0) + count
        return found
