"""Lists of requests, filtered by district, stage and words, without loading histories."""

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
from publicmeeting.store.database.repository import Repository, readable_rows
from publicmeeting.store.database.rows.cases import EventRow, MarkRow, RequestRow
from publicmeeting.store.database.rows.city import SeatRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import Forgiving
from publicmeeting.store.database.words import words
from publicmeeting.store.lifecycle.request_context import needs_of
from publicmeeting.store.line.seats import Seats

_STAGES = frozenset(Stage)
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
"""Added zero: the index of districts must not be used, as it covers all requests ever filed."""
_FILED_SINCE = (
    sqlalchemy.select(_NUMBER, func.count())
    .where(col(RequestRow.filed_at) >= bindparam("since"))
    .where(_NUMBER.in_(bindparam("districts", expanding=True)))
    .group_by(_NUMBER)
)
# Statements of every view of a line are built once: building costs more than executing.


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions of a list; the use case sets what its actor may see."""

    districts: frozenset[int] | None = None
    stages: tuple[Stage, ...] = ()
    subjects: tuple[str, ...] = ()
    places: Mapping[int, tuple[str, ...]] | None = None
    """District → subjects: only requests about one of these subjects in that district."""
    person_id: str | None = None
    words: str = ""
    monday: date | None = None
    actions: tuple[str, ...] = ()
    """Only requests on which one of these actions was taken."""
    without: tuple[tuple[str, str], ...] = ()
    """Only requests on which none of these (action, role) was taken."""
    not_by: tuple[tuple[str, str], ...] = ()
    """Only requests on which none of these (action, account id) was taken."""
    unanswered: tuple[str, str] | None = None
    """Only requests with more events of the first of these actions than of the second."""
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineCount:
    """Number of equal rows in a district's line; `late`: filed at the given instant or later."""

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
        """Count everybody who waits or is unscreened, grouped by what orders the line."""
        which = {"filed_from": filed_from, "districts": list(districts)}
        rows = self._transaction.execute(_IN_LINE, which)
        return [
            LineCount(d, waited, debt, bool(is_late), n) for d, waited, debt, is_late, n in rows
        ]

    def filed_since(self, at: datetime, districts: Collection[int]) -> dict[int, int]:
        """Return district → number of requests filed since then, in any state."""
        which = {"since": at, "districts": list(districts)}
        rows = self._transaction.execute(_FILED_SINCE, which)
        return {number: int(count) for number, count in rows}

    def requests(
        self, what: Filter, limit: int = 30, offset: int = 0, *, newest: bool = False
    ) -> list[RequestLine]:
        """Return the most urgent first, by deadline, then by age; or the last filed first."""
        pressing = (col(RequestRow.due_at).is_(None), col(RequestRow.due_at))
        filed_at = col(RequestRow.filed_at)
        order = (filed_at.desc(),) if newest else (*pressing, filed_at)
        # Sort ids only, not whole rows with their texts.
        page = self._among(select(RequestRow.id), what).order_by(*order).limit(limit).offset(offset)
        ids = list(self._session.exec(page))
        those = select(RequestRow).where(col(RequestRow.id).in_(ids)).order_by(col(RequestRow.id))
        found = readable_rows(self._transaction, those, "a request", as_objects=True)
        rows = sorted((row for (row,) in found), key=lambda row: ids.index(row.id))
        if not rows:
            return []
        seats = self._seats.held_by([row.id for row in rows])
        filed = self._filed_by({row.person_id for row in rows})
        return [
            self._line(row, seats.get(row.id), filed[row.person_id] - 1)
            for row in rows
            if row.stage in _STAGES
        ]

    def headings(self, ids: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return request id → (subject, title), for lists of orders."""
        if not ids:
            return {}
        columns = col(RequestRow.id), col(RequestRow.subject), col(RequestRow.title)
        # No times: a row with one that cannot be read would end a list of others.
        rows = self._session.execute(
            sqlalchemy.select(*columns).where(col(RequestRow.id).in_(ids))
        ).all()
        title, opens = "request.title", Forgiving(self._vault)
        return {row.id: (row.subject, opens.open(title, row.id, row.title)) for row in rows}

    def matching(self, what: Filter) -> SelectOfScalar[str]:
        """Return a subquery of request ids, for statements on their orders."""
        return self._among(select(RequestRow.id), what)

    def among(self, ids: Collection[str], what: Filter) -> set[str]:
        """Return those of these requests that match."""
        found = self.matching(what).where(col(RequestRow.id).in_(ids))
        return set(self._session.exec(found))

    def ids(self, what: Filter) -> list[str]:
        """Return matching request ids, oldest filing first."""
        found = self._among(select(RequestRow.id), what)
        return list(self._session.exec(found.order_by(col(RequestRow.filed_at))))

    def codes(self, ids: list[str]) -> dict[str, str]:
        """Return request id → tracking code."""
        rows = self._session.exec(
            select(RequestRow.id, RequestRow.code).where(col(RequestRow.id).in_(ids))
        )
        return dict(rows.all())

    def codes_and_persons(self, ids: list[str]) -> dict[str, tuple[str, str]]:
        """Return request id → (tracking code, person)."""
        query = select(RequestRow.id, RequestRow.code, RequestRow.person_id)
        rows = self._session.exec(query.where(col(RequestRow.id).in_(ids)))
        return {key: (code, person) for key, code, person in rows}

    def codes_of(self, persons: Collection[str], codes: Collection[str]) -> set[str]:
        """Return those of these tracking codes that belong to one of these persons."""
        if not persons or not codes:
            return set()
        query = select(RequestRow.code).where(
            col(RequestRow.person_id).in_(persons), col(RequestRow.code).in_(codes)
        )
        return set(self._session.exec(query))

    def newest(self, after: datetime) -> RequestLine | None:
        """Return the newest request filed after this instant."""
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
        """Count the rows of each tab of a list, in one statement; tabs are subsets of `base`."""
        tab_counts = [
            func.count().filter(*self._conditions(replace(what, words=""))).label(f"tab{number}")
            for number, what in enumerate(tabs.values())
        ]
        columns = sqlalchemy.select(*tab_counts).select_from(RequestRow)
        row = self._session.execute(self._among(columns, base)).one()
        return dict(zip(tabs, row, strict=True))

    def _among(self, query: Query, what: Filter) -> Query:
        code = ascii_digits(what.words)
        if is_tracking_code(code):  # this works even if the request has no search marks any more
            query = query.where(col(RequestRow.code) == code)
        elif marks := self._vault.query_marks(what.words):
            query = query.join(MarkRow, col(MarkRow.request_id) == col(RequestRow.id))
            query = query.where(*(self._place(col(MarkRow.marks), mark) > 0 for mark in marks))
        return query.where(*self._conditions(what))

    def _conditions(self, what: Filter) -> list[ColumnElement[bool]]:
        """Return all conditions but the words."""
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
        """SQL function for the position of a byte string in another, from 1; 0 if absent.

        The search scans the marks of the candidate requests, some thousands at most. An index of
        all marks would be ten times larger than the data.
        """
        on_sqlite = self._session.get_bind().dialect.name == "sqlite"
        return func.instr if on_sqlite else func.pg_catalog.position

    def forget_marks(self, over_since: datetime) -> int:
        """Delete search marks of requests that were over by then; return the number of requests.

        They can still be found by code.
        """
        over = (
            select(RequestRow.id)
            .where(col(RequestRow.stage).in_([stage.value for stage in OVER]))
            .where(col(RequestRow.stage_at) < over_since)
        )
        gone = delete(MarkRow).where(col(MarkRow.request_id).in_(over))
        return self._transaction.execute(gone).rowcount

    def _filed_by(self, persons: Collection[str]) -> dict[str, int]:
        """Return person id → number of requests filed."""
        rows = self._transaction.execute(_FILED_BY, {"persons": list(persons)})
        return {person_id: count for person_id, count in rows}  # noqa: C416  (a row is no pair)

    def _line(self, row: RequestRow, seat: Seat | None, others: int) -> RequestLine:
        """Return a row of a list; unreadable texts are empty, so that the list stays usable."""
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
    """A correlated subquery: the events of one request are few, those of the city are many."""
    its = select(EventRow.id).where(col(EventRow.request_id) == col(RequestRow.id))
    return its.where(EventRow.action == action, by).exists()


def unanswered(raised: str, answer: str) -> SelectOfScalar[str]:
    """Return requests with more events of `raised` than of `answer`.

    A citizen who contests again before the first contest is judged waits for two answers.
    """
    of_both = col(EventRow.action).in_((raised, answer))
    more = func.sum(case((col(EventRow.action) == raised, 1), else_=-1))
    return select(EventRow.request_id).where(of_both).group_by(EventRow.request_id).having(more > 0)
