"""What has become of the promises, as numbers alone: no text and no name is read for them."""

import json
from dataclasses import dataclass
from datetime import date

import sqlalchemy
from sqlalchemy import case, func
from sqlmodel import col

from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow, OrderRow, RequestRow


@dataclass(frozen=True, slots=True)
class OrderFact:
    """So many orders of a district alike: at which stage, whether the first due date has passed,
    whether the last report was in time (None before one), and what ended them last."""

    district: int
    stage: str
    due: bool
    on_time: bool | None
    ended_by: str | None
    many: int


class PromiseFigures(Repository):
    def orders(self, today: date) -> list[OrderFact]:
        """Every order of the city as of a day, counted by what the figures ask."""
        due = case((col(OrderRow.first_due_on) < today, 1), else_=0).label("due")
        alike = (
            col(OrderRow.district),
            col(OrderRow.stage),
            due,
            col(OrderRow.on_time),
            col(OrderRow.ended_by),
        )
        rows = self._transaction.ask(sqlalchemy.select(*alike, func.count()).group_by(*alike))
        return [
            OrderFact(district, stage, bool(is_due), on_time, ended_by, many)
            for district, stage, is_due, on_time, ended_by, many in rows
        ]

    def answers(self, *actions: Action | OrderAction) -> dict[tuple[int, str, str], int]:
        """(district, action, answer) → how often citizens have said so."""
        kind = (col(RequestRow.district), col(EventRow.action), col(EventRow.given))
        rows = self._transaction.connection.execute(
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
