"""Rows of lists: found by district, stage and words, without loading a history."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import ColumnElement, bindparam
from sqlmodel import case, col, delete, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.mondays import SeatState
from publicmeeting.domain.records import RequestLine, Seat
from publicmeeting.domain.stages import OVER, Stage
from publicmeeting.kit.codes import is_tracking_code
from publicmeeting.kit.digits import ascii_digits
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import EventRow, MarkRow, RequestRow
from publicmeeting.store.database.rows.city import SeatRow
from publicmeeting.store.database.rows.people import PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Forgiving
from publicmeeting.store.database.words import words
from publicmeeting.store.lifecycle.request_context import needs_of
from publicmeeting.store.line.seats import Seats

SNIPPET = 120

Query = TypeVar("Query", bound=sqlalchemy.Select[*tuple[Any, ...]])

_FILED_BY = (
    sqlalchemy.select(col(RequestRow.person_id), func.count())
    .where(col(RequestRow.person_id).in_(bindparam("persons", expanding=True)))
    .group_by(col(RequestRow.person_id))
)
_LATE = case((col(RequestRow.filed_at) >= bindparam("filed_from"), 1), else_=0).label("late")
_ALIKE = (col(RequestRow.district), col(RequestRow.waited), col(RequestRow.debt), _LATE)
_IN_DISTRICTS = col(RequestRow.district).in_(bindparam("districts", expanding=True))
_IN_LINE = (
    sqlalchemy.select(*_ALIKE, func.count())
    .where(col(RequestRow.stage).in_(words([Stage.WAITING, Stage.SUBMITTED])))
    .where(_IN_DISTRICTS)
    .group_by(*_ALIKE)
)
_NUMBER = col(RequestRow.district) + sqlalchemy.literal_column("0")
"""Not by the index of districts, which has all that was ever filed."""
_FILED_SINCE = (
    sqlalchemy.select(_NUMBER, func.count())
    .where(col(RequestRow.filed_at) >= bindparam("since"))
    .where(_NUMBER.in_(bindparam("districts", expanding=True)))
    .group_by(_NUMBER)
)
# What every look at a line needs is put together once: that costs more than to run it.


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows; the use case sets what its actor may see."""

    districts: frozenset[int] | None = None
    stages: tuple[Stage, ...] = ()
    subjects: tuple[str, ...] = ()
    places: Mapping[int, tuple[str, ...]] | None = None
    """District → subjects: only requests of one of these subjects of that district."""
    person_id: str | None = None
    words: str = ""
    monday: date | None = None
    actions: tuple[str, ...] = ()
    """Only requests to which one of these has happened."""
    without: tuple[tuple[str, str], ...] = ()
    """Only requests to which none of these (action, role) has happened."""
    not_by: tuple[tuple[str, str], ...] = ()
    """Only requests on which none of these accounts has taken its action (action, account id)."""
    unanswered: tuple[str, str] | None = None
    """Only requests to which the first of these actions has happened more often than the second."""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineCount:
    """How many are alike in the line of a district; `late`: filed at the given instant or
    after it."""

    district: int
    waited: int
    debt: int
    late: bool
    count: int


class Lists(Repository):
    def __init__(self, transaction: Transaction, seats: Seats) -> None:
        super().__init__(transaction)
        self._seats = seats

    def line(self, filed_from: datetime, districts: Collection[int]) -> list[LineCount]:
        """Everybody who waits or is still unscreened, counted by what orders the line."""
        which = {"filed_from": filed_from, "districts": list(districts)}
        rows = self._transaction.execute(_IN_LINE, which)
        return [
            LineCount(d, waited, debt, bool(is_late), n) for d, waited, debt, is_late, n in rows
        ]

    def filed_since(self, at: datetime, districts: Collection[int]) -> dict[int, int]:
        """District → requests filed there since then, whatever became of them."""
        which = {"since": at, "districts": list(districts)}
        rows = self._transaction.execute(_FILED_SINCE, which)
        return {number: int(many) for number, many in rows}

    def requests(
        self, what: Filter, limit: int = 30, offset: int = 0, *, newest: bool = False
    ) -> list[RequestLine]:
        """The most pressing first: by deadline, then by age; or the last filed first."""
        pressing = (col(RequestRow.due_at).is_(None), col(RequestRow.due_at))
        filed_at = col(RequestRow.filed_at)
        order = (filed_at.desc(),) if newest else (*pressing, filed_at)
        # Ids are put in order, not whole rows with their texts.
        page = self._among(select(RequestRow.id), what).order_by(*order).limit(limit).offset(offset)
        ids = list(self._session.exec(page))
        found = self._session.exec(select(RequestRow).where(col(RequestRow.id).in_(ids)))
        rows = sorted(found, key=lambda row: ids.index(row.id))
        if not rows:
            return []
        seats = self._seats.held_by([row.id for row in rows])
        filed = self._filed_by({row.person_id for row in rows})
        return [self._line(row, seats.get(row.id), filed[row.person_id] - 1) for row in rows]

    def headings(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Request id → subject and title alone, for lists of orders."""
        if not ids:
            return {}
        rows = self._session.exec(select(RequestRow).where(col(RequestRow.id).in_(ids)))
        title, opens = "request.title", Forgiving(self._vault)
        return {row.id: (row.subject, opens.open(title, row.id, row.title)) for row in rows}

    def matching(self, what: Filter) -> SelectOfScalar[str]:
        """The ids of requests as a part of another question: orders of requests like these."""
        return self._among(select(RequestRow.id), what)

    def among(self, ids: Collection[str], what: Filter) -> set[str]:
        """Those of these requests that are so."""
        found = self.matching(what).where(col(RequestRow.id).in_(ids))
        return set(self._session.exec(found))

    def ids(self, what: Filter) -> list[str]:
        """Request ids, the longest filed first."""
        found = self._among(select(RequestRow.id), what)
        return list(self._session.exec(found.order_by(col(RequestRow.filed_at))))

    def codes(self, ids: list[str]) -> dict[str, str]:
        """Request id → tracking code."""
        rows = self._session.exec(
            select(RequestRow.id, RequestRow.code).where(col(RequestRow.id).in_(ids))
        )
        return dict(rows.all())

    def codes_and_levels(self, ids: list[str]) -> dict[str, tuple[str, str | None]]:
        """Request id → tracking code, and how sure the city is of who filed it; None where her row
        is gone."""
        query = (
            select(RequestRow.id, RequestRow.code, PersonRow.level)
            .outerjoin(PersonRow, col(PersonRow.id) == col(RequestRow.person_id))
            .where(col(RequestRow.id).in_(ids))
        )
        return {key: (code, level) for key, code, level in self._session.exec(query)}

    def codes_of(self, persons: Collection[str], codes: Collection[str]) -> set[str]:
        """Which of these tracking codes are requests of one of these persons."""
        if not persons or not codes:
            return set()
        query = select(RequestRow.code).where(
            col(RequestRow.person_id).in_(persons), col(RequestRow.code).in_(codes)
        )
        return set(self._session.exec(query))

    def newest(self, after: datetime) -> RequestLine | None:
        """The newest request filed after this instant."""
        query = select(RequestRow).where(RequestRow.filed_at > after)
        row = self._session.exec(query.order_by(col(RequestRow.filed_at).desc())).first()
        if row is None:
            return None
        return self._line(row, None, self._filed_by({row.person_id})[row.person_id] - 1)

    def count(self, what: Filter) -> int:
        return self._session.exec(
            select(func.count()).select_from(self._among(select(RequestRow.id), what).subquery())
        ).one()

    def tabs(self, base: Filter, tabs: Mapping[str, Filter]) -> dict[str, int]:
        """How many each tab of a list holds, in one reading of what `base` lets through; a tab lets
        through no more than that."""
        tab_counts = [
            func.count().filter(*self._conditions(replace(what, words=""))).label(f"tab{number}")
            for number, what in enumerate(tabs.values())
        ]
        columns = sqlalchemy.select(*tab_counts).select_from(RequestRow)
        row = self._session.execute(self._among(columns, base)).one()
        return dict(zip(tabs, row, strict=True))

    def counts(self, what: Filter) -> dict[Stage, int]:
        """How many are in each stage."""
        found = self._among(select(RequestRow.id), what)
        query = select(RequestRow.stage, func.count()).where(col(RequestRow.id).in_(found))
        rows = self._session.exec(query.group_by(RequestRow.stage)).all()
        return {Stage(stage): n for stage, n in rows}

    def _among(self, query: Query, what: Filter) -> Query:
        code = ascii_digits(what.words)
        if is_tracking_code(code):  # also of a request whose marks are gone
            query = query.where(col(RequestRow.code) == code)
        elif marks := self._vault.query_marks(what.words):
            query = query.join(MarkRow, col(MarkRow.request_id) == col(RequestRow.id))
            query = query.where(*(self._place(col(MarkRow.marks), mark) > 0 for mark in marks))
        return query.where(*self._conditions(what))

    def _conditions(self, what: Filter) -> list[ColumnElement[bool]]:
        """All but the words."""
        found: list[ColumnElement[bool]] = []
        if what.districts is not None:
            found.append(col(RequestRow.district).in_(what.districts))
        if what.stages:
            found.append(col(RequestRow.stage).in_([s.value for s in what.stages]))
        if what.subjects:
            found.append(col(RequestRow.subject).in_(what.subjects))
        if what.places is not None:
            found.append(_in_one_of(what.places))
        if what.person_id is not None:
            found.append(col(RequestRow.person_id) == what.person_id)
        if what.monday is not None:
            seated = select(SeatRow.request_id).where(SeatRow.monday == what.monday)
            found.append(col(RequestRow.id).in_(seated.where(SeatRow.state == SeatState.HELD)))
        if what.due_before is not None:
            found.append(col(RequestRow.due_at) <= what.due_before)
        if what.actions:
            acted = select(EventRow.request_id).where(col(EventRow.action).in_(what.actions))
            found.append(col(RequestRow.id).in_(acted))
        if what.unanswered is not None:
            found.append(col(RequestRow.id).in_(unanswered(*what.unanswered)))
        found += [~_happened(action, col(EventRow.role) == role) for action, role in what.without]
        found += [
            ~_happened(action, col(EventRow.account_id) == one) for action, one in what.not_by
        ]
        return found

    @property
    def _place(self) -> Callable[..., ColumnElement[int]]:
        """Where a run of bytes begins in others, from 1; 0 where it is not in them.

        The marks of the requests that are asked about are looked through, some thousands at most:
        an index of every mark would be ten times as large as what it finds.
        """
        on_sqlite = self._session.get_bind().dialect.name == "sqlite"
        return func.instr if on_sqlite else func.pg_catalog.position

    def forget_marks(self, over_since: datetime) -> int:
        """Drop the search marks of what was over then and is still: it is found by its code. Gives
        how many requests they were of."""
        over = (
            select(RequestRow.id)
            .where(col(RequestRow.stage).in_([stage.value for stage in OVER]))
            .where(col(RequestRow.stage_at) < over_since)
        )
        gone = delete(MarkRow).where(col(MarkRow.request_id).in_(over))
        return self._transaction.execute(gone).rowcount

    def _filed_by(self, persons: Collection[str]) -> dict[str, int]:
        """Person → how many requests she has filed."""
        rows = self._transaction.execute(_FILED_BY, {"persons": list(persons)})
        return {person_id: count for person_id, count in rows}  # noqa: C416  (a row is no pair)

    def _line(self, row: RequestRow, seat: Seat | None, others: int) -> RequestLine:
        """One that cannot be opened any more is a line without words: whoever works through a list
        reads all the others."""
        opens = Forgiving(self._vault)
        text = opens.open("request.text", row.id, row.text)
        return RequestLine(
            id=row.id,
            code=row.code,
            district=row.district,
            stage=Stage(row.stage),
            subject=row.subject,
            title=opens.open("request.title", row.id, row.title),
            snippet=text[:SNIPPET],
            filed_at=row.filed_at,
            stage_at=row.stage_at,
            due_at=row.due_at,
            person_id=row.person_id,
            needs=needs_of(opens, row),
            seat=seat,
            linked=others,
        )


def _in_one_of(places: Mapping[int, tuple[str, ...]]) -> ColumnElement[bool]:
    return sqlalchemy.or_(
        sqlalchemy.false(),
        *(
            sqlalchemy.and_(
                col(RequestRow.district) == district, col(RequestRow.subject).in_(subjects)
            )
            for district, subjects in places.items()
        ),
    )


def _happened(action: str, by: ColumnElement[bool]) -> ColumnElement[bool]:
    """Asked of the one request alone: its events are few, those of the city are not."""
    its = select(EventRow.id).where(col(EventRow.request_id) == col(RequestRow.id))
    return its.where(EventRow.action == action, by).exists()


def unanswered(raised: str, answer: str) -> SelectOfScalar[str]:
    """Requests on which one has been raised more often than the other was given: who contests
    again before the first contest is judged waits for two answers."""
    of_both = col(EventRow.action).in_((raised, answer))
    more = func.sum(case((col(EventRow.action) == raised, 1), else_=-1))
    return select(EventRow.request_id).where(of_both).group_by(EventRow.request_id).having(more > 0)
