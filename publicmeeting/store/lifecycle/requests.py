"""Requests: the only repository that returns a request and records its events."""

import logging
from collections.abc import Collection, Sequence
from datetime import date, datetime
from types import SimpleNamespace

import sqlalchemy
from sqlalchemy import ColumnElement, and_, bindparam
from sqlmodel import col, select, update

from publicmeeting.domain.choices import Lane
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.access import can_see
from publicmeeting.domain.lifecycle.advance import is_called_again, recipients
from publicmeeting.domain.matter import WRITTEN, searched_texts, texts_of
from publicmeeting.domain.records import Event, Filing, Request
from publicmeeting.domain.roles import Actor, Role
from publicmeeting.domain.stages import LIVE, SLIPS, Action, Stage
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.kit.topics import hall_topic
from publicmeeting.store.database.repository import CITY, Repository, new_id, readable_rows, write
from publicmeeting.store.database.rows.cases import MarkRow, OpeningRow, RequestRow
from publicmeeting.store.database.rows.people import AccountRow, PersonRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Forgiving, Opens
from publicmeeting.store.database.words import is_instant
from publicmeeting.store.districts.city import City
from publicmeeting.store.lifecycle.event_tags import next_position
from publicmeeting.store.lifecycle.events import (
    CHECKED_AT_ONCE,
    append,
    as_stored,
    read_events,
    standing_of,
    withhold_notices,
    write_notices,
)
from publicmeeting.store.lifecycle.request_context import (
    RequestColumns,
    RequestContext,
    desk_until,
    lane_of,
    needs_of,
    open_lines,
    read_request_context,
    read_request_contexts,
    stage_of,
    undo_until,
)
from publicmeeting.store.line.outside import is_outside_by, missed_of, outside
from publicmeeting.store.worker.marks import outages_for
from publicmeeting.turns.formulas import is_ticket_of

_log = logging.getLogger(__name__)

_BY_CODE = select(RequestRow).where(col(RequestRow.code) == bindparam("code"))
_BY_IDS = select(RequestRow).where(col(RequestRow.id).in_(bindparam("requests", expanding=True)))
_OF_DISPLACED = (
    sqlalchemy.select(col(RequestRow.id))
    .join(PersonRow, col(PersonRow.id) == col(RequestRow.person_id))
    .where(col(RequestRow.district) == bindparam("district"))
    .where(col(RequestRow.stage).in_(bindparam("stages", expanding=True)))
    .where(col(PersonRow.displaced_at).is_not(None))
    .order_by(col(RequestRow.filed_at))
)
_BY_TICKET = sqlalchemy.select(col(RequestRow.id), col(RequestRow.stage)).where(
    col(RequestRow.ticket) == bindparam("ticket")
)
_TAKEN = sqlalchemy.select(col(RequestRow.id)).where(col(RequestRow.code) == bindparam("code"))
_LIVE = sqlalchemy.select(col(RequestRow.code)).where(
    col(RequestRow.live_person) == bindparam("person")
)
_COLUMNS = sqlalchemy.select(*(getattr(RequestRow, name) for name in RequestRow.model_fields))
_READ_BY_ID = _COLUMNS.where(col(RequestRow.id) == bindparam("request"))
_READ_BY_CODE = _COLUMNS.where(col(RequestRow.code) == bindparam("code"))
_STAGE = sqlalchemy.select(
    col(RequestRow.stage), col(RequestRow.due_at), col(RequestRow.version)
).where(col(RequestRow.id) == bindparam("request"))
# Statements of every step are built once: building costs more than executing.
_COUNTED = ("waited", "debt", "given_up", "unanswered", "missed")


class Requests(Repository):
    """Requests by code, id and ticket.

    With `forgiving`, sealed texts that cannot be opened are empty, and unreadable events are left
    out. Stage, seat and deadline have columns of their own.
    """

    def __init__(self, transaction: Transaction, city: City, *, forgiving: bool = False) -> None:
        super().__init__(transaction)
        self._city = city
        self._opens: Opens = Forgiving(transaction.vault) if forgiving else transaction.vault
        self._read: dict[str, Request] = {}
        self._outside: dict[str, bool] = {}
        """Cache by id, for reading transactions."""

    def get_visible(self, code: str, actor: Actor) -> Request:
        """Return a request that the actor may see, else raise `not_found`.

        This is the only access for actors; missing and forbidden look the same.
        """
        try:
            request = self.find(code)
        except UNREADABLE as fault:
            raise self._unreadable(code, actor) from fault
        if request is None or not can_see(actor, request):
            if request is not None:
                self._transaction.note_refused_object("request", request.code)
            raise Denied("not_found")
        return request

    def _unreadable(self, code: str, actor: Actor) -> Denied:
        """Return the refusal for an unreadable request, which only permitted actors learn of."""
        FAULTS.labels("case").inc()
        _log.exception("a request could not be read")
        forgiving = Requests(self._transaction, self._city, forgiving=True)
        known = forgiving.find(code)
        is_hers = known is not None and can_see(actor, known)
        return Denied("case_unreadable" if is_hers else "not_found")

    def find(self, code: str) -> Request | None:
        """Return a request without a check of the actor, for the clock and for tracking by code."""
        row: RequestColumns | None
        if not (code.isascii() and code.isdecimal()):
            return None  # PostgreSQL refuses some letters, as if the case could not be read
        if self._transaction.is_reading:
            row = self._transaction.execute(_READ_BY_CODE, {"code": code}).first()
        else:
            row = self._session.exec(_BY_CODE, params={"code": code}).first()
        return self._request(row) if row else None

    def by_id(self, request_id: str) -> Request:
        row: RequestColumns | None
        if request_id in self._read:
            return self._read[request_id]
        if self._transaction.is_reading:
            row = self._transaction.execute(_READ_BY_ID, {"request": request_id}).first()
        else:
            row = self._session.get(RequestRow, request_id)
        if row is None:
            raise KeyError(request_id)
        return self._request(row)

    def by_ids(self, request_ids: Sequence[str]) -> list[Request]:
        """Return several requests in this order, with few statements; KeyError if unknown."""
        unread = [id_ for id_ in request_ids if id_ not in self._read]
        if not unread:
            return [self._read[id_] for id_ in request_ids]
        found = self._session.exec(_BY_IDS, params={"requests": unread})
        rows = {row.id: row for row in found}
        for row in rows.values():
            self._transaction.pin(row)
        contexts = read_request_contexts(self._transaction, self._city, rows.values(), self._opens)
        values = {row.id: self._value(row, contexts[row.id]) for row in rows.values()}
        known = self._read | values
        if self._transaction.is_reading:
            self._read = known
        return [known[id_] for id_ in request_ids]

    def read_checked(self, request_ids: Collection[str]) -> None:
        """Read these requests ahead, so few at a time that the tags of their events are checked."""
        ids = sorted(request_ids)
        for first in range(0, len(ids), CHECKED_AT_ONCE):
            self.by_ids(ids[first : first + CHECKED_AT_ONCE])

    def stage_of(self, request_id: str) -> Stage:
        """Return the current stage, as `standing_of`; KeyError for an unknown request."""
        row = self._transaction.execute(_STAGE, {"request": request_id}).first()
        if row is None:
            raise KeyError(request_id)
        opens = Forgiving(self._vault)
        history = read_events(self._transaction, request_id=request_id, vault=opens)
        return standing_of(row.stage, row.due_at, row.version, history, Stage)[0]

    def find_ticket(self, ticket: str) -> tuple[str, Stage] | None:
        """Return id and stage of the request with this ticket, or None."""
        row = self._transaction.execute(_BY_TICKET, {"ticket": ticket}).first()
        return (row.id, Stage(row.stage)) if row else None

    def by_ticket_beginning(self, beginning: str) -> Request | None:
        """Return the only request whose ticket begins so; None for none or several."""
        rows = self._session.exec(
            select(RequestRow)
            .where(col(RequestRow.ticket) >= beginning)
            .where(col(RequestRow.ticket) < f"{beginning}g")  # greater than any hex digit
            .limit(2)
        ).all()
        return self._request(rows[0]) if len(rows) == 1 else None

    def lock(self, code: str) -> None:
        """Lock a request and its orders; call it before reading either of them."""
        request_id = self._transaction.execute(_TAKEN, {"code": code}).scalar()
        self._transaction.advisory_lock(f"request/{request_id}")

    def hold(self, *, ids: Collection[str] = (), tickets: Collection[str] = ()) -> None:
        """Lock the rows of these requests, before one of them is read and before the log is locked.

        Every step locks its row first and the head of the log second. The opposite order would
        cause a deadlock, which the database ends by failing one of the two.
        """
        if self._transaction.is_serialized:
            return
        rows = sqlalchemy.select(col(RequestRow.id)).order_by(col(RequestRow.id))
        rows = rows.with_for_update(key_share=True)
        for column, names in ((col(RequestRow.id), ids), (col(RequestRow.ticket), tickets)):
            if names:
                self._transaction.execute(rows.where(column.in_(names)))

    def code_taken(self, code: str) -> bool:
        # A transaction that gathers a request has chosen its code.
        return self._transaction.execute_apart(_TAKEN, {"code": code}).first() is not None

    def codes_beginning(self, stem: str) -> set[str]:
        """Return all tracking codes that begin so."""
        codes = select(RequestRow.code).where(
            col(RequestRow.code).startswith(stem, autoescape=True)
        )
        return set(self._session.exec(codes))

    def live_code(self, person_id: str) -> str | None:
        """Return the code of this person's live request, or None."""
        code: str | None = self._transaction.execute(_LIVE, {"person": person_id}).scalar()
        return code

    def add(
        self,
        filing: Filing,
        *,
        code: str,
        salt: str,
        ticket: str,
        filed_by: str | None,
        event: Event,
    ) -> Request:
        """Add a request with its first event; the unique index refuses a second live one."""
        key = new_id()
        seal = self._vault.seal
        texts: dict[str, object] = {
            name: seal(f"request.{name}", key, text)
            for name, text in texts_of(filing.matter).items()
        }
        new = {
            "id": key,
            "code": code,
            "district": filing.district,
            "stage": event.to_stage.value,
            "version": 0,
            "person_id": filing.person.id,
            "live_person": filing.person.id,
            "subject": filing.matter.subject,
            **texts,
            "prefers": filing.prefers,
            "needs": self._vault.seal_word("request.needs", key, ",".join(filing.needs)),
            "lane": self._vault.seal_word("request.lane", key, Lane.GENERAL),
            **dict.fromkeys(_COUNTED, 0),
            "salt": seal("request.salt", key, salt),
            "ticket": ticket,
            "filed_by": filed_by,
            "filed_at": event.at,
            "stage_at": event.at,
            "due_at": event.due_at,
        }
        write(self._transaction, RequestRow, new)
        marks = self._vault.request_marks(searched_texts(filing.matter), code)
        write(self._transaction, MarkRow, {"request_id": key, "marks": marks})
        row = SimpleNamespace(**new)
        event_id = self._after(row, event, position=0)
        return self._value(row, RequestContext(history=(as_stored(event, event_id),)))

    def record(self, request: Request, event: Event) -> int:
        """Write event, stage (checked by version) and notices; return the event's id."""
        row = self._locked(RequestRow, request.id)
        if row is None or row.version != request.version:
            raise Denied("version_conflict")
        if event.to_stage.value != row.stage:
            row.stage_at = event.at
        row.stage = event.to_stage.value
        row.due_at = event.due_at
        row.version += 1
        row.live_person = row.person_id if event.to_stage in LIVE else None
        self._session.add(row)
        is_silent = is_called_again(request.history, event)
        if event.action in SLIPS:  # send another notice only if the first was already sent
            is_silent = withhold_notices(self._transaction, request.history[-1].id)
        position = next_position(row.version, len(request.history))
        return self._after(row, event, position, by_telephone=not is_silent)

    def put_right(self, request: Request) -> bool:
        """Write stage and deadline of its events into its row; return whether it had others.

        `live_person` is left to the next step: another row may have the person by now, and the
        refusal of both would come again at each look.
        """
        row = self._locked(RequestRow, request.id)
        if row is None or row.version != request.version:
            return False
        if (row.stage, row.due_at) == (request.stage.value, request.due_at):
            return False
        row.stage, row.due_at = request.stage.value, request.due_at
        self._session.add(row)
        return True

    def move_to_district(self, request: Request, *, district: int, salt: str, ticket: str) -> None:
        """Move a redirected request to another district, with a new ticket."""
        row = self._row(request)
        row.district, row.ticket = district, ticket
        row.salt = self._vault.seal("request.salt", row.id, salt)
        self._session.add(row)

    def line(self, request: Request, **change: int | str) -> None:
        """Change columns of the line: waited, debt, lane, missed, given_up, unanswered."""
        row = self._row(request)
        for name, value in change.items():
            if name != "lane" and name not in _COUNTED:
                raise KeyError(name)
            if isinstance(value, str):
                row.lane = self._vault.seal_word("request.lane", row.id, value)
            else:
                setattr(row, name, value)
        self._session.add(row)

    def of_displaced(self, district: int, stages: Collection[Stage]) -> list[str]:
        """Return ids of a district's requests with a displaced person, oldest first."""
        which = {"district": district, "stages": [stage.value for stage in stages]}
        return list(self._transaction.execute(_OF_DISPLACED, which).scalars())

    def is_outside(self, request: Request) -> bool:
        """Whether she missed too many meetings to be in a list before she is verified."""
        if request.id in self._outside:
            return self._outside[request.id]
        self._session.flush()
        whole = self._read.get(request.id)  # none but in a reading: `request` may show less
        is_outside = (
            is_outside_by(self._transaction, request.id, whole.history)
            if whole
            else bool(outside(self._transaction, [request.id]))
        )
        if self._transaction.is_reading:
            self._outside[request.id] = is_outside
        return is_outside

    def missed_of(self, person_id: str) -> int:
        """Return how many meetings a person has missed in all her requests."""
        self._session.flush()
        return missed_of(self._transaction, person_id)

    def counts(self, request: Request) -> tuple[int, int]:
        """Return the seats given up and invitations unanswered since the last reset of `waited`."""
        row = self._row(request)
        return row.given_up, row.unanswered

    def salt(self, request: Request) -> str:
        """Return the salt; only for the private proof sheet."""
        row = self._row(request)
        return self._vault.open("request.salt", row.id, row.salt)

    def is_hers(self, request: Request, identity: str) -> bool:
        """Whether the ticket was made from this identity, regardless of the row's person.

        False if the salt cannot be opened, because an attacker who changes the row can damage it
        too.
        """
        row = self._row(request)
        salt = Forgiving(self._vault).open("request.salt", row.id, row.salt)
        return is_ticket_of(row.ticket, salt, identity, row.district)

    def is_filed_under(self, person_id: str, identity: str) -> bool:
        """Whether any request of this person has a ticket of this identity."""
        opens = Forgiving(self._vault)
        columns = (RequestRow.id, RequestRow.district, RequestRow.salt, RequestRow.ticket)
        filed = select(*columns).where(col(RequestRow.person_id) == person_id)
        return any(
            is_ticket_of(filed_as, opens.open("request.salt", key, salt), identity, district)
            for key, district, salt, filed_as in self._session.exec(filed)
        )

    def record_opening(
        self, request: Request, actor: Actor, role: str, now: datetime, *, with_name: bool
    ) -> bool:
        """Record who opened the case, once per account, case and day; True if this is new."""
        return bool(self.record_openings([request], actor, role, now, with_name=with_name))

    def record_openings(
        self,
        requests: Collection[Request],
        actor: Actor,
        role: str,
        now: datetime,
        *,
        with_name: bool,
    ) -> list[Request]:
        """Record the same for several cases; return those whose opening is new."""
        assert actor.account_id is not None
        account, day = actor.account_id, tehran_day(now)
        found = self._openings_of(requests, account, day)
        new = [request for request in requests if request.id not in found]
        if new:  # another tab of the same official may be opening them
            locks = [f"opening/{request.id}/{account}/{day}" for request in new]
            self._transaction.advisory_locks(locks)
            if not self._transaction.is_serialized:
                found |= self._openings_of(new, account, day)
                new = [request for request in new if request.id not in found]
        unnamed = [request_id for request_id, is_named in found.items() if not is_named]
        if with_name and unnamed:
            named = _opened(unnamed, account, day)
            self._transaction.execute(update(OpeningRow).where(named).values(with_name=True))
        self._session.add_all(
            OpeningRow(
                request_id=request.id,
                account_id=account,
                day=day,
                role=role,
                at=now,
                with_name=with_name,
            )
            for request in new
        )
        return new

    def _openings_of(
        self, requests: Collection[Request], account: str, day: date
    ) -> dict[str, bool]:
        """Return request id → whether the name was opened; a time that cannot be read ends none."""
        ids = [request.id for request in requests]
        query = select(OpeningRow.request_id, OpeningRow.with_name)
        return dict(self._session.exec(query.where(_opened(ids, account, day))).all())

    def named_today(self, ids: Collection[str], actor: Actor, now: datetime) -> set[str]:
        """Return those of these requests whose name this account has opened today."""
        rows = self._session.exec(
            select(OpeningRow.request_id)
            .where(col(OpeningRow.request_id).in_(ids))
            .where(OpeningRow.account_id == actor.account_id)
            .where(OpeningRow.day == tehran_day(now))
            .where(col(OpeningRow.with_name))
        )
        return set(rows)

    def has_opened(self, request: Request, actor: Actor, now: datetime) -> bool:
        """Whether this account has opened the case today."""
        key = (request.id, actor.account_id, tehran_day(now))
        return self._session.get(OpeningRow, key) is not None

    def record_page_opened(self, request: Request, actor: Actor, now: datetime) -> datetime | None:
        """Record each opening of the case's page; return the previous time.

        `record_opening` must have been called before.
        """
        row = self._session.get(OpeningRow, (request.id, actor.account_id, tehran_day(now)))
        assert row is not None, "whoever opens a case is written down first"
        before, row.case_at = row.case_at, now
        self._session.add(row)
        return before

    def opened_by_others(
        self, ids: Collection[str], actor: Actor, role: Role, since: datetime
    ) -> dict[str, tuple[datetime, str]]:
        """Return request id → (time, name) of the last colleague in this role on its page."""
        rows = self._session.exec(
            select(OpeningRow.request_id, OpeningRow.case_at, AccountRow.name)
            .join(AccountRow, col(AccountRow.id) == col(OpeningRow.account_id))
            .where(col(OpeningRow.request_id).in_(ids))
            .where(OpeningRow.role == role.value)
            .where(OpeningRow.account_id != actor.account_id)
            .where(col(OpeningRow.case_at) >= since, is_instant(col(OpeningRow.case_at)))
            .order_by(col(OpeningRow.case_at))
        )
        return {request: (at, name) for request, at, name in rows if at is not None}

    def openings(self, request: Request) -> list[tuple[str, datetime, str, bool]]:
        """Return (role, time, account id, with name) of all openings of a case, newest first."""
        names = ("role", "at", "account_id", "with_name")
        query = (
            sqlalchemy.select(*(col(getattr(OpeningRow, name)) for name in names))
            .where(col(OpeningRow.request_id) == request.id)
            .order_by(col(OpeningRow.at).desc())
        )
        found = readable_rows(self._transaction, query, "an opening")
        return [(role, at, account, with_name) for role, at, account, with_name in found]

    def _row(self, request: Request) -> RequestRow:
        row = self._session.get(RequestRow, request.id)
        if row is None:
            raise KeyError(request.id)
        return row

    def _after(
        self, row: RequestColumns, event: Event, position: int, *, by_telephone: bool = True
    ) -> int:
        event_id = append(self._transaction, row.id, None, event, position)
        write_notices(
            self._transaction,
            event_id,
            event,
            row.id,
            None,
            row.person_id,
            by_telephone=by_telephone,
        )
        self._transaction.publish(
            f"request:{row.code}",
            hall_topic(row.district),
            f"district:{row.district}",
            f"person:{row.person_id}",
        )
        if Role.OVERSEER in (*recipients(event), event.role):
            self._transaction.publish(CITY)
        return event_id

    def _request(self, row: RequestColumns) -> Request:
        """Return the request in its current state, with its context."""
        if row.id in self._read:
            return self._read[row.id]
        found = self._value(
            row, read_request_context(self._transaction, self._city, row, self._opens)
        )
        if self._transaction.is_reading:
            self._read[row.id] = found
        else:
            self._transaction.pin(row)
        return found

    def _written(self, row: RequestColumns, name: str) -> str:
        sealed = getattr(row, name)  # a request from before the field has none
        return self._opens.open(f"request.{name}", row.id, sealed) if sealed else ""

    def _value(self, row: RequestColumns, context: RequestContext) -> Request:
        stage, due_at = stage_of(row, context.history)
        return Request(
            id=row.id,
            code=row.code,
            district=row.district,
            stage=stage,
            version=row.version,
            person_id=row.person_id,
            subject=row.subject,
            **{field.name: self._written(row, field.name) for field in WRITTEN},
            filed_at=row.filed_at,
            stage_at=row.stage_at,
            ticket=row.ticket,
            prefers=row.prefers,
            lane=lane_of(self._opens, row),
            waited=row.waited,
            debt=row.debt,
            missed=row.missed,
            needs=needs_of(self._opens, row),
            due_at=due_at,
            seat=context.seat,
            filed_by=_filed_by(row, context.history),
            name_seen_by=context.name_seen_by,
            day_held_by=context.day_held_by,
            room_taken=context.room_taken,
            outcome_recorded=context.outcome_recorded,
            moves_until=context.moves_until,
            hours_end_at=context.hours_end_at,
            open_lines=open_lines(self._city, row, stage),
            undo_until=undo_until(self._transaction, self._city, row, stage, context.history),
            seat_back=context.seat_back,
            desk_until=desk_until(self._city, row, stage, context.history),
            informed=context.informed,
            outages=outages_for(self._transaction, context.history),
            history=context.history,
        )


def _filed_by(row: RequestColumns, history: Sequence[Event]) -> str | None:
    """Return the account that filed a request: its event says so, unless it is damaged.

    By the row, the database owner could have an officer screen what he has filed.
    """
    filed = next((one for one in history if one.action is Action.SUBMIT and one.is_genuine), None)
    return filed.account_id if filed else row.filed_by


def _opened(ids: Collection[str], account: str, day: date) -> ColumnElement[bool]:
    """Return the condition of this account's openings of these requests on a day."""
    return and_(
        col(OpeningRow.request_id).in_(ids),
        col(OpeningRow.account_id) == account,
        col(OpeningRow.day) == day,
    )
