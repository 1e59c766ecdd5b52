"""Rows of lists: found by district, stage and words, without loading a history."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import case, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.records import RequestLine, Seat
from publicmeeting.domain.stages import Stage
from publicmeeting.store.door import Door
from publicmeeting.store.hidden import needs_of
from publicmeeting.store.rows.cases import EventRow, MarkRow, RequestRow
from publicmeeting.store.rows.city import SeatRow

SNIPPET = 120

_FILED_BY = (
    sqlalchemy.select(col(RequestRow.person_id), func.count())
    .where(col(RequestRow.person_id).in_(bindparam("persons", expanding=True)))
    .group_by(col(RequestRow.person_id))
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows; the use case sets what its actor may see."""

    districts: frozenset[int] | None = None
    stages: tuple[Stage, ...] = ()
    subjects: tuple[str, ...] = ()
    person_id: str | None = None
    words: str = ""
    monday: date | None = None
    actions: tuple[str, ...] = ()
    """Only requests to which one of these has happened."""
    without: tuple[tuple[str, str], ...] = ()
    """Only requests to which none of these (action, role) has happened."""
    not_by: tuple[tuple[str, str], ...] = ()
    """Only requests on which none of these accounts has taken its action (action, account id)."""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineCount:
    """How many stand alike in the line of a district; `late`: filed at the given instant or
    after it."""

    district: int
    waited: int
    debt: int
    late: bool
    count: int


class Lists(Door):
    def line(self, filed_from: datetime, districts: Collection[int]) -> list[LineCount]:
        """Everybody who waits or is still unscreened, counted by what orders the line."""
        late = case((col(RequestRow.filed_at) >= filed_from, 1), else_=0).label("late")
        alike = (col(RequestRow.district), col(RequestRow.waited), col(RequestRow.debt), late)
        query = sqlalchemy.select(*alike, func.count()).group_by(*alike)
        rows = self._work.connection.execute(
            query.where(
                col(RequestRow.stage).in_([Stage.WAITING.value, Stage.SUBMITTED.value])
            ).where(col(RequestRow.district).in_(districts))
        )
        return [
            LineCount(d, waited, debt, bool(is_late), n) for d, waited, debt, is_late, n in rows
        ]

    def filed_since(self, at: datetime) -> dict[int, int]:
        """District → requests filed since then, whatever became of them."""
        rows = self._session.exec(
            select(col(RequestRow.district), func.count())
            .where(RequestRow.filed_at >= at)
            .group_by(col(RequestRow.district))
        )
        return dict(rows.all())

    def requests(self, what: Filter, limit: int = 30, offset: int = 0) -> list[RequestLine]:
        """The most pressing first: by deadline, then by age."""
        query = self._where(select(RequestRow), what)
        order = (
            col(RequestRow.due_at).is_(None),
            col(RequestRow.due_at),
            col(RequestRow.filed_at),
        )
        rows = self._session.exec(query.order_by(*order).limit(limit).offset(offset)).all()
        if not rows:
            return []
        seats = self._work.seats.held_by([row.id for row in rows])
        filed = self._filed_by({row.person_id for row in rows})
        return [self._line(row, seats.get(row.id), filed[row.person_id] - 1) for row in rows]

    def headings(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Request id → subject and title alone, for lists of orders."""
        rows = self._session.exec(select(RequestRow).where(col(RequestRow.id).in_(ids)))
        title = "request.title"
        return {row.id: (row.subject, self._vault.open(title, row.id, row.title)) for row in rows}

    def ids(self, what: Filter) -> list[str]:
        """Request ids, the longest filed first."""
        found = self._where(select(RequestRow.id), what)
        return list(self._session.exec(found.order_by(col(RequestRow.filed_at))))

    def codes(self, ids: list[str]) -> dict[str, str]:
        """Request id → tracking code."""
        rows = self._session.exec(
            select(RequestRow.id, RequestRow.code).where(col(RequestRow.id).in_(ids))
        )
        return dict(rows.all())

    def newest(self, after: datetime) -> RequestLine | None:
        """The newest request filed after this instant."""
        query = select(RequestRow).where(RequestRow.filed_at > after)
        row = self._session.exec(query.order_by(col(RequestRow.filed_at).desc())).first()
        if row is None:
            return None
        return self._line(row, None, self._filed_by({row.person_id})[row.person_id] - 1)

    def count(self, what: Filter) -> int:
        return self._session.exec(
            select(func.count()).select_from(self._where(select(RequestRow.id), what).subquery())
        ).one()

    def counts(self, what: Filter) -> dict[Stage, int]:
        """How many are in each stage."""
        found = self._where(select(RequestRow.id), what)
        query = select(RequestRow.stage, func.count()).where(col(RequestRow.id).in_(found))
        rows = self._session.exec(query.group_by(RequestRow.stage)).all()
        return {Stage(stage): n for stage, n in rows}

    def _where(self, query: SelectOfScalar, what: Filter) -> SelectOfScalar:  # type: ignore[type-arg]
        if what.districts is not None:
            query = query.where(col(RequestRow.district).in_(what.districts))
        if what.stages:
            query = query.where(col(RequestRow.stage).in_([s.value for s in what.stages]))
        if what.subjects:
            query = query.where(col(RequestRow.subject).in_(what.subjects))
        if what.person_id is not None:
            query = query.where(RequestRow.person_id == what.person_id)
        if what.monday is not None:
            seated = select(SeatRow.request_id).where(SeatRow.monday == what.monday)
            query = query.where(col(RequestRow.id).in_(seated.where(SeatRow.state == "held")))
        query = _by_events(query, what)
        if what.due_before is not None:
            query = query.where(col(RequestRow.due_at) <= what.due_before)
        if marks := self._vault.query_marks(what.words):
            query = query.join(MarkRow, col(MarkRow.request_id) == col(RequestRow.id))
            query = query.where(*(self._place(col(MarkRow.marks), mark) > 0 for mark in marks))
        return query

    @property
    def _place(self) -> Callable[..., ColumnElement[int]]:
        """Where a run of bytes begins in others, from 1; 0 where it is not in them.

        The marks of the requests that are asked about are looked through, some thousands at most:
        an index of every mark would be ten times as large as what it finds.
        """
        on_sqlite = self._session.get_bind().dialect.name == "sqlite"
        return func.instr if on_sqlite else func.pg_catalog.position

    def _filed_by(self, persons: Collection[str]) -> dict[str, int]:
        """Person → how many requests she has filed."""
        rows = self._work.ask(_FILED_BY, {"persons": list(persons)})
        return {person_id: count for person_id, count in rows}  # noqa: C416  (a row is no pair)

    def _line(self, row: RequestRow, seat: Seat | None, others: int) -> RequestLine:
        text = self._vault.open("request.text", row.id, row.text)
        return RequestLine(
            id=row.id, code=row.code, district=row.district, stage=Stage(row.stage),
            subject=row.subject, title=self._vault.open("request.title", row.id, row.title),
            snippet=text[:SNIPPET], filed_at=row.filed_at, stage_at=row.stage_at,
            due_at=row.due_at, person_id=row.person_id, waited=row.waited,
            needs=needs_of(self._vault, row), seat=seat, linked=others,
        )  # fmt: skip


def _by_events(query: SelectOfScalar, what: Filter) -> SelectOfScalar:  # type: ignore[type-arg]
    """By what has happened to a request, and what has not."""
    if what.actions:
        acted = select(EventRow.request_id).where(col(EventRow.action).in_(what.actions))
        query = query.where(col(RequestRow.id).in_(acted))
    for action, role in what.without:
        done = select(EventRow.request_id).where(EventRow.action == action)
        query = query.where(col(RequestRow.id).not_in(done.where(EventRow.role == role)))
    for action, account_id in what.not_by:
        done = select(EventRow.request_id).where(EventRow.action == action)
        query = query.where(
            col(RequestRow.id).not_in(done.where(EventRow.account_id == account_id))
        )
    return query
