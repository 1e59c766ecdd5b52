"""Queries of `doctor` over the whole store, without texts."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeVar

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    func,
    or_,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from publicmeeting.domain.lifecycle.advance import Passage
from publicmeeting.domain.mondays import MondayState, SeatState
from publicmeeting.domain.people import Level
from publicmeeting.domain.records import FILED_FOR, Event
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.kit.stored import read_object
from publicmeeting.store.accounts.accounts import password_mark
from publicmeeting.store.database.guards import trigger_faults
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.cases import (
    CustodyRow,
    EventRow,
    ImageRow,
    LaneAskRow,
    MarkRow,
    OrderRow,
    RequestRow,
)
from publicmeeting.store.database.rows.city import DrawRow, MondayRow, RulesRow, SeatRow
from publicmeeting.store.database.rows.doors import TotpRow
from publicmeeting.store.database.rows.people import AccountRow, GrantRow, PersonRow
from publicmeeting.store.database.vault import UNREADABLE, WrongKey
from publicmeeting.store.database.words import at_most, word
from publicmeeting.store.lifecycle.events import EVENT_COLUMNS, event_of, passage_of
from publicmeeting.store.oversight.unreadable import set_aside
from publicmeeting.turns.formulas import is_ticket_of

T = TypeVar("T")


_AT_ONCE = 1000
_WORD = 40
"""More letters than a subject has."""


_EVENTS = select(*EVENT_COLUMNS, col(EventRow.request_id))


@dataclass(frozen=True, slots=True)
class CaseState:
    """The state in a row of a request or an order; `name` is its code or number."""

    id: str
    name: str
    stage: str
    person_id: str | None = None
    live_person: str | None = None
    district: int = 0
    ticket: str = ""
    lane: str = ""
    waited: int = 0
    debt: int = 0
    given_up: int = 0
    unanswered: int = 0
    prefers: str = ""
    missed: int = 0


@dataclass(frozen=True, slots=True)
class PromiseState:
    """Facts in an order's row that repeat its events; `requested_in` is its request's district."""

    name: str
    request_id: str
    district: int
    requested_in: int | None
    unit_id: str
    issued_at: datetime
    stage_at: datetime
    due_at: datetime | None
    due_on: date
    first_due_on: date
    climbs_at: datetime | None
    on_time: bool | None
    ended_by: str | None
    sheet: str | None
    """File of its picture."""
    has_promise: bool
    """Whether it has the mayor's sentence."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """One row of the allocation table."""

    request_id: str
    district: int
    monday: date
    time: str
    why: str
    state: SeatState
    answer_by: datetime
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class GrantState:
    """A role that an account has or had; without `given_at` somebody has changed its row."""

    account_id: str
    username: str
    role: str
    district: int | None
    unit: str | None
    from_on: date | None
    until_on: date | None
    given_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountState:
    """An account; `password` is the mark of its password hash, empty without one.

    `has_app`: whether an authenticator is in use.
    """

    id: str
    username: str
    active: bool
    suspended_at: datetime | None
    password: str
    has_app: bool


def _first(*which: ColumnElement[bool]) -> ScalarSelect[datetime]:
    """Return the time of the first such event of the request."""
    return _of_request(*which).order_by(col(EventRow.id)).limit(1).scalar_subquery()


def _newest(*which: ColumnElement[bool]) -> ScalarSelect[datetime]:
    return _of_request(*which).order_by(col(EventRow.id).desc()).limit(1).scalar_subquery()


def _of_request(*which: ColumnElement[bool]) -> Select[datetime]:
    """Return a correlated subquery; a join would be planned with a scan of all events."""
    of_request = col(EventRow.request_id) == col(RequestRow.id), col(EventRow.order_id).is_(None)
    return select(col(EventRow.at)).where(*of_request, *which).correlate(RequestRow)


class MondayCells(NamedTuple):
    """Cells of a Monday that repeat the log."""

    seats: str
    """Start times, by commas."""
    state: MondayState
    has_ended: bool
    why: str
    """Why it is closed."""


class Inspection(Repository):
    _has_set_aside = False

    def requests(self) -> list[CaseState]:
        rows = self._session.execute(
            select(
                col(RequestRow.id),
                col(RequestRow.code),
                col(RequestRow.stage),
                col(RequestRow.person_id),
                col(RequestRow.live_person),
                col(RequestRow.district),
                col(RequestRow.ticket),
                col(RequestRow.lane),
                col(RequestRow.waited),
                col(RequestRow.debt),
                col(RequestRow.given_up),
                col(RequestRow.unanswered),
                col(RequestRow.prefers),
                col(RequestRow.missed),
            ).order_by(col(RequestRow.code))
        )
        return [
            CaseState(
                key,
                code,
                stage,
                person,
                live,
                district,
                ticket,
                self._lane(key, lane),
                *counted,
            )
            for key, code, stage, person, live, district, ticket, lane, *counted in rows
        ]

    def misfiled(self) -> Iterator[tuple[str, bool]]:
        """Yield (code, readable) of requests that are unreadable or whose ticket fits no person.

        Displaced persons have no identity to compare, and stand-ins for requests lost with a backup
        have the ticket as identity; both are skipped.
        """
        query = (
            sqlalchemy.select(
                col(RequestRow.id),
                col(RequestRow.code),
                col(RequestRow.district),
                col(RequestRow.ticket),
                col(RequestRow.salt),
                col(PersonRow.id),
                col(PersonRow.identity),
            )
            .outerjoin(PersonRow, col(PersonRow.id) == col(RequestRow.person_id))
            .order_by(col(RequestRow.code))
        )
        rows = self._session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
        for key, code, district, ticket, salt, person, number in rows:
            try:
                identity = self._vault.open("person.identity", person, number)
                opened = self._vault.open("request.salt", key, salt)
            except UNREADABLE:
                yield code, False
                continue
            has_number = identity not in ("", ticket)
            if has_number and not is_ticket_of(ticket, opened, identity, district):
                yield code, True

    def filed_by_others(self) -> Iterator[str]:
        """Yield the codes of requests that were filed by or for another citizen than their person.

        Filings under a displaced row are ignored: their person may have got her identity back.
        """
        filer = col(EventRow.person_id)
        by_officer = col(EventRow.payload).contains(f'"{FILED_FOR}"', autoescape=True)
        query = (
            sqlalchemy.select(
                col(RequestRow.code), col(RequestRow.person_id), filer, col(EventRow.payload)
            )
            .join(EventRow, col(EventRow.request_id) == col(RequestRow.id))
            .where(col(EventRow.action) == word(Action.SUBMIT))
            .where(or_(filer != col(RequestRow.person_id), by_officer))
            .order_by(col(RequestRow.code))
        )
        gone = select(col(PersonRow.id)).where(col(PersonRow.displaced_at).is_not(None))
        displaced = set(self._session.execute(gone).scalars())
        for code, person, who, payload in self._session.connection().execute(query):
            filed = who or read_object(payload)[FILED_FOR]
            if filed != person and filed not in displaced:
                yield code

    def subjects(self) -> dict[str, tuple[str, str]]:
        """Return request id → (code, subject as its row says it, cut if it is endless)."""
        subject = at_most(sqlalchemy.cast(col(RequestRow.subject), sqlalchemy.Text), _WORD)
        query = select(col(RequestRow.id), col(RequestRow.code), subject)
        return {key: (code, stands) for key, code, stands in self._session.execute(query)}

    def verified(self) -> list[tuple[str, str]]:
        """Return (code, ticket) of the live requests of verified persons."""
        query = (
            sqlalchemy.select(col(RequestRow.code), col(RequestRow.ticket))
            .join(PersonRow, col(PersonRow.id) == col(RequestRow.live_person))
            .where(col(PersonRow.level) == Level.VERIFIED.value)
            .order_by(col(RequestRow.code))
        )
        return [(code, ticket) for code, ticket in self._session.execute(query)]

    def _lane(self, key: str, sealed: bytes) -> str:
        """Return the lane; an unreadable one is a finding, and does not stop the inspection."""
        try:
            return self._vault.open_word("request.lane", key, sealed)
        except (WrongKey, TypeError):
            return "unreadable"

    def orders(self) -> list[CaseState]:
        columns = (col(OrderRow.id), col(OrderRow.number), col(OrderRow.stage))
        rows = self._session.execute(select(*columns).order_by(col(OrderRow.number)))
        return [CaseState(*row) for row in rows]

    def promises(self) -> dict[str, PromiseState]:
        """Return order id → what its row repeats of the events."""
        rows = self._session.execute(
            select(
                col(OrderRow.id),
                col(OrderRow.number),
                col(OrderRow.request_id),
                col(OrderRow.district),
                col(RequestRow.district),
                col(OrderRow.unit_id),
                col(OrderRow.issued_at),
                col(OrderRow.stage_at),
                col(OrderRow.due_at),
                col(OrderRow.due_on),
                col(OrderRow.first_due_on),
                col(OrderRow.climbs_at),
                col(OrderRow.on_time),
                col(OrderRow.ended_by),
                col(ImageRow.web),
                col(OrderRow.promise).is_not(None),
            )
            .outerjoin(RequestRow, col(RequestRow.id) == col(OrderRow.request_id))
            .outerjoin(ImageRow, col(ImageRow.id) == col(OrderRow.image_id))
        )
        return {key: PromiseState(*rest) for key, *rest in rows}

    def passages(self) -> Iterator[tuple[str, tuple[Passage, ...] | None]]:
        """Yield the id of each request or order, and its transitions in order.

        They are None if this release does not know one of them. Only a few columns are read,
        because this covers every event of the city.
        """
        case = func.coalesce(col(EventRow.order_id), col(EventRow.request_id))
        columns = (
            case,
            col(EventRow.role),
            col(EventRow.action),
            col(EventRow.from_stage),
            col(EventRow.to_stage),
        )
        query = select(*columns).order_by(case, col(EventRow.id))
        rows = self._session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
        for key, group in groupby(rows, key=itemgetter(0)):
            yield key, _if_known(_passage(*row[1:]) for row in group)

    def histories_of_orders(self) -> Iterator[tuple[str, str, tuple[Event, ...] | None]]:
        """Yield (order id, request id of the first event, events in order without notes).

        The events are None if this release cannot read one of them.
        """
        of_orders = _EVENTS.where(col(EventRow.order_id).is_not(None))
        query = of_orders.order_by(col(EventRow.order_id), col(EventRow.id))
        rows = self._session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
        for key, group in groupby(rows, key=lambda row: row.order_id):
            rows_of_it = tuple(group)
            yield key, rows_of_it[0].request_id, _if_known(map(event_of, rows_of_it))

    def late_by_row(self, stages: Collection[Stage]) -> Iterator[tuple[str, object, object]]:
        """Yield (code, row's deadline, newest event's deadline) of requests where they differ."""
        by_row = col(RequestRow.due_at)
        by_event = (
            select(col(EventRow.due_at))
            .where(col(EventRow.request_id) == col(RequestRow.id))
            .where(col(EventRow.order_id).is_(None))
            .order_by(col(EventRow.id).desc())
            .limit(1)
            .correlate(RequestRow)
            .scalar_subquery()
        )  # no join, which would be planned with a scan of all events
        query = (
            select(col(RequestRow.code), by_row, by_event)
            .where(col(RequestRow.stage).in_([stage.value for stage in stages]))
            .where(by_row.is_distinct_from(by_event))
            .order_by(col(RequestRow.code))
        )
        yield from self._session.execute(query)

    def misdated(self) -> Iterator[tuple[str, str, object, object]]:
        """Yield (code, what, row's time, events' time) of requests where they differ."""
        moved = col(EventRow.from_stage).is_distinct_from(col(EventRow.to_stage))
        for what, by_row, by_event in (
            ("filing", col(RequestRow.filed_at), _first()),
            ("stage's beginning", col(RequestRow.stage_at), _newest(moved)),
        ):
            query = select(col(RequestRow.code), by_row, by_event)
            query = query.where(by_row.is_distinct_from(by_event)).order_by(col(RequestRow.code))
            for code, stands, wanted in self._session.execute(query):
                yield code, what, stands, wanted

    def unsearchable(self, stages: Collection[Stage]) -> Iterator[str]:
        """Yield the codes of requests in these stages that a search by code does not find."""
        query = (
            select(col(RequestRow.code), col(MarkRow.marks))
            .outerjoin(MarkRow, col(MarkRow.request_id) == col(RequestRow.id))
            .where(col(RequestRow.stage).in_([stage.value for stage in stages]))
            .order_by(col(RequestRow.code))
        )
        for code, marks in self._session.execute(query):
            if not marks or not all(mark in marks for mark in self._vault.query_marks(code)[:1]):
                yield code

    def accounts(self) -> list[AccountState]:
        rows = self._session.execute(
            select(
                col(AccountRow.id),
                col(AccountRow.username),
                col(AccountRow.active),
                col(AccountRow.suspended_at),
                col(AccountRow.password_hash),
                col(TotpRow.since),
            )
            .outerjoin(TotpRow, col(TotpRow.account_id) == col(AccountRow.id))
            .order_by(col(AccountRow.username))
        )
        return [
            AccountState(
                key, username, active, suspended_at, password_mark(hash_), app_since is not None
            )
            for key, username, active, suspended_at, hash_, app_since in rows
        ]

    def happened(self, *actions: Action | OrderAction) -> Iterator[tuple[str, Event]]:
        """Yield (request or order id, event without note) of these actions, in order."""
        query = _EVENTS.where(col(EventRow.action).in_([action.value for action in actions]))
        for row in self._session.connection().execute(query.order_by(col(EventRow.id))):
            yield row.order_id or row.request_id, event_of(row)

    def trigger_faults(self) -> list[tuple[str, str]]:
        """Return (table, fault) of triggers, and of what else acts on the program's rows."""
        return list(trigger_faults(self._session.connection()))

    def set_aside(self) -> list[tuple[str, str]]:
        """Hide from this transaction the rows that cannot be read; return (row, fault) of each.

        Empty if it was called before: what has failed again is not a row that cannot be read.
        """
        if self._has_set_aside:
            return []
        self._has_set_aside = True
        with suppress(DBAPIError), self._session.begin_nested():
            return set_aside(self._session.connection())
        return []

    def grants(self) -> list[GrantState]:
        """Return all roles of all accounts, in the order of granting."""
        rows = self._session.execute(
            select(
                col(GrantRow.account_id),
                col(AccountRow.username),
                col(GrantRow.role),
                col(GrantRow.district),
                col(GrantRow.unit_id),
                col(GrantRow.from_on),
                col(GrantRow.until_on),
                col(GrantRow.given_at),
            )
            .join(AccountRow, col(AccountRow.id) == col(GrantRow.account_id))
            .order_by(col(GrantRow.id))
        )
        return [GrantState(*row) for row in rows]

    def seats(self) -> list[Allocation]:
        rows = self._session.execute(
            select(
                col(SeatRow.request_id),
                col(SeatRow.district),
                col(SeatRow.monday),
                col(SeatRow.time),
                col(SeatRow.why),
                col(SeatRow.state),
                col(SeatRow.answer_by),
                col(SeatRow.assigned_at),
            ).order_by(col(SeatRow.id))
        )
        return [Allocation(*row) for row in rows]

    def draw_counts(self) -> dict[str, tuple[int, int]]:
        """Return draw → how many are in its list and how many it seated, as its row says."""
        counts = func.coalesce(col(DrawRow.requests), 0), func.coalesce(col(DrawRow.seated), 0)
        rows = self._session.execute(select(col(DrawRow.id), *counts))
        return {draw: (listed, seated) for draw, listed, seated in rows}

    def questions(self) -> dict[tuple[str, int], list[tuple[object, ...]]]:
        """Return (request id, contest) → each one's district, when it was asked, decided, how."""
        found: dict[tuple[str, int], list[tuple[object, ...]]] = {}
        columns = (LaneAskRow.request_id, LaneAskRow.contest, LaneAskRow.district)
        decided = (LaneAskRow.asked_at, LaneAskRow.decided_at, LaneAskRow.verdict)
        for key, number, *rest in self._session.execute(select(*map(col, (*columns, *decided)))):
            found.setdefault((key, number), []).append(tuple(rest))
        return found

    def mondays(self) -> dict[tuple[int, date], MondayCells]:
        """Return (district, day) of every Monday that was opened → what its row says."""
        has_ended = col(MondayRow.ended_at).is_not(None)
        cells = col(MondayRow.seats), col(MondayRow.state), has_ended, col(MondayRow.why)
        rows = self._session.execute(select(col(MondayRow.district), col(MondayRow.on), *cells))
        return {
            (district, on): MondayCells(seats, state, bool(ended), why)
            for district, on, seats, state, ended, why in rows
        }

    def rules(self) -> list[tuple[int, date, str]]:
        """Return (version, first day, text) of all rules."""
        rows = self._session.execute(
            select(col(RulesRow.version), col(RulesRow.from_on), col(RulesRow.body))
        )
        return [(version, from_on, body) for version, from_on, body in rows]

    def names_files(self) -> bool:
        """Whether any row refers to a file."""
        first = select(col(ImageRow.id)).limit(1), select(col(CustodyRow.id)).limit(1)
        return any(self._session.execute(query).first() for query in first)

    def has_requests(self) -> bool:
        return self._session.execute(select(col(RequestRow.id)).limit(1)).first() is not None

    def without_picture(self) -> list[str]:
        """Return the numbers of orders whose image has no row."""
        there = select(col(ImageRow.id)).where(col(ImageRow.id) == col(OrderRow.image_id))
        query = select(col(OrderRow.number)).where(col(OrderRow.image_id).is_not(None))
        return list(self._session.execute(query.where(~there.exists())).scalars())

    def images(self) -> list[tuple[str, str]]:
        """Return (image id, file) of all image files of the program."""
        columns = (col(ImageRow.id), col(ImageRow.web), col(ImageRow.thumb))
        rows = self._session.execute(select(*columns))
        return [(key, name) for key, web, thumb in rows for name in (web, thumb)]

    def originals(self) -> list[tuple[str, str]]:
        """Return (image id, original) of all images with an original."""
        columns = (col(ImageRow.id), col(ImageRow.original_file))
        rows = self._session.execute(select(*columns).where(columns[1].is_not(None)))
        return [(key, file) for key, file in rows]


def _passage(role: str, action: str, from_stage: str | None, to_stage: str) -> Passage:
    Role(role)  # ValueError for a role of another release, whose event is unreadable
    return passage_of(action, from_stage, to_stage)


def _if_known(read: Iterable[T]) -> tuple[T, ...] | None:
    try:
        return tuple(read)
    except UNREADABLE:
        return None
