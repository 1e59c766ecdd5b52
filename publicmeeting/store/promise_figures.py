"""What has become of the promises, as numbers alone: no text and no name is read for them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import func
from sqlmodel import col

from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.store.door import Door
from publicmeeting.store.rows.cases import EventRow, OrderRow, RequestRow


@dataclass(frozen=True, slots=True)
class OrderFact:
    """One order: when it was last reported, and by what it was last ended."""

    district: int
    stage: str
    first_due_on: date
    reported_at: datetime | None
    ended_by: str | None


class PromiseFigures(Door):
    def orders(self, ends: Collection[OrderAction]) -> list[OrderFact]:
        """Every order of the city; `ends` are the actions that end one."""
        of = col(EventRow.order_id)
        reports = (
            sqlalchemy.select(of.label("order_id"), func.max(EventRow.at).label("at"))
            .where(col(EventRow.action) == OrderAction.REPORT.value)
            .group_by(of)
            .subquery()
        )
        newest = (
            sqlalchemy.select(func.max(EventRow.id))
            .where(col(EventRow.action).in_([action.value for action in ends]))
            .group_by(of)
        )
        ended = (
            sqlalchemy.select(of.label("order_id"), col(EventRow.action).label("action"))
            .where(col(EventRow.id).in_(newest))
            .subquery()
        )
        rows = self._work.connection.execute(
            sqlalchemy.select(
                col(OrderRow.district), col(OrderRow.stage), col(OrderRow.first_due_on),
                reports.c.at, ended.c.action,
            )
            .outerjoin(reports, reports.c.order_id == col(OrderRow.id))
            .outerjoin(ended, ended.c.order_id == col(OrderRow.id))
        )  # fmt: skip
        return [OrderFact(*row) for row in rows]

    def answers(self, *actions: Action | OrderAction) -> dict[tuple[int, str, str], int]:
        """(district, action, answer) → how often citizens have said so."""
        kind = (col(RequestRow.district), col(EventRow.action), col(EventRow.given))
        rows = self._work.connection.execute(
            sqlalchemy.select(*kind, func.count())
            .join(EventRow, col(EventRow.request_id) == col(RequestRow.id))
            .where(col(EventRow.action).in_([action.value for action in actions]))
            .group_by(*kind)
        )
        found: dict[tuple[int, str, str], int] = {}
        for district, action, given, count in rows:
            key = (district, action, str(json.loads(given)["verdict"]))
            found[key] = found.get(key, 0) + count
        return found
