"""Sessions, stored by the hash of an HttpOnly cookie.

Timestamps are machine time. `expires_at` moves while the session is used, up to its maximum
lifetime.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, true
from sqlmodel import col, delete, func, select, update

from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.kit.browsers import browser_and_system
from publicmeeting.kit.codes import token
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.accounts import Account, read_account
from publicmeeting.store.accounts.people import People
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import (
    Repository,
    change_row,
    insert_if_new,
    write_if_new,
)
from publicmeeting.store.database.rows.people import PersonRow, RateRow, SessionRow
from publicmeeting.store.database.transaction import Origin, Transaction
from publicmeeting.store.database.words import is_instant

CITIZEN_STAYS = timedelta(days=30)
STAFF_STAYS = timedelta(hours=12)
"""Maximum lifetime of a session and its cookie."""
CITIZEN_IDLE = timedelta(days=7)
STAFF_IDLE = timedelta(minutes=30)
"""Idle time after which a session ends; an official's desk may be used by anybody."""
PRESSED_AGAIN = timedelta(minutes=1)
"""How long a repeated press of the sign-in form opens the same session (`key_of_press`)."""
_AHEAD = timedelta(hours=1)
"""Maximum lead of the clock that opened a session.

A user who signed in before a clock was set back stays signed in, and learns about the clock. A
session opened by a clock that was days ahead would outlive its maximum lifetime and always count as
fresh.
"""
_AT_ONCE = 500
"""Maximum sessions per statement."""
_HANDLE = 24
"""Hex digits of the handle by which an owner ends one of her sessions."""
_NOTED_PARTS = 30
"""Use is written when this fraction of the idle time has passed: one minute for officials."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The cookies of a browser, as sent and unverified; and its origin."""

    session: str = ""
    visit: str = ""
    device: str = ""
    """Cookie that identifies a known browser (`usecases/accounts/devices.py`)."""
    address: str = ""
    """Network address of the subscriber (`kit/browsers.py`); empty for commands and the clock."""
    agent: str = ""
    """User-Agent, for the list of sessions only; never a reason to admit anybody."""
    is_filing: bool = True
    """See `Origin.is_filing`."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Identifies whose pages a browser shows.

    `name` names an account, a mobile or a visit. Pages belong to it and not to the session, so that
    a new sign-in restores what was typed. `session` is the row's id, empty for nobody. Its use need
    not be written again for `noted_for` seconds.
    """

    name: str
    session: str = ""
    visit: str = ""
    is_staff: bool = False
    noted_for: float = 0.0


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as its owner sees it; `handle` identifies it to her and opens nothing.

    Machine time; `used_at` is as precise as use is written.
    """

    handle: str
    door: str
    device: str
    created_at: datetime
    used_at: datetime
    is_this: bool


class _Row(NamedTuple):
    """The columns of `SessionRow` that every unit of work reads first, and `serves`."""

    id: str
    account_id: str | None
    person_id: str | None
    mobile_hash: str | None
    mobile: bytes | None
    district: int
    door: str
    tag: str
    created_at: datetime
    expires_at: datetime
    serves: bool
    """Not a column: whether any person has its mobile."""


_ID = col(SessionRow.id) == bindparam("one")
_ONCE = ("key", "since", "ends_at", "count")
"""Columns of a counter by which a press is executed once."""
_SERVES = sqlalchemy.exists().where(col(PersonRow.mobile_hash) == col(SessionRow.mobile_hash))


def _read(name: str) -> ColumnElement[Any]:
    """Return a column, NULL for a time that no program reads: its browser could not sign in again.

    Such a row opens nothing.
    """
    column = col(getattr(SessionRow, name))
    if not name.endswith("_at"):
        return column  # type: ignore[return-value]
    return sqlalchemy.case((is_instant(column), column), else_=None).label(name)


_COLUMNS = *map(_read, _Row._fields[:-1]), _SERVES.label("serves")
_BY_ID = sqlalchemy.select(*_COLUMNS).where(_ID)
_STAYS = update(SessionRow).where(_ID).values(expires_at=bindparam("until"))
_WORKS_IN = update(SessionRow).where(_ID).values(district=bindparam("number"))


@cache
def _first_statement(*, marks: bool, locks: bool) -> Select[Any]:
    """Look for a session on PostgreSQL; note a press, and take a lock, in the same statement.

    The row has the session's columns, which are NULL without one, and whether the press is new.
    """
    is_first: ColumnElement[Any] = true()
    if marks:
        new = insert_if_new(RateRow, "postgresql")
        new = new.values({name: bindparam(name) for name in _ONCE})
        noted = new.returning(col(RateRow.key)).cte("noted")
        is_first = sqlalchemy.exists(sqlalchemy.select(noted.c.key))
    locked = [func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger))] if locks else []
    found = sqlalchemy.select(*_COLUMNS, is_first.label("is_first"), *locked)
    always = sqlalchemy.select(sqlalchemy.literal(1).label("one")).subquery()
    return found.select_from(always.outerjoin(SessionRow.__table__, _ID))  # type: ignore[attr-defined]


def visit_of(keys: Keys) -> str:
    """Return the name of a browser's visit; empty without one."""
    return sha("visit", keys.visit) if _is_key(keys.visit) else ""


def session_topic(session_id: str) -> str:
    """Return the topic that is published when this session ends."""
    return f"session:{session_id}"


class Sessions(Repository):
    def __init__(self, transaction: Transaction, people: People) -> None:
        super().__init__(transaction)
        self._people = people

    _current_row: _Row | None = None
    """The row of the cookie, as read by this transaction."""
    _is_read = False
    """Whether `_current_row` is what the first statement found (`begin_command`)."""
    to_extend: tuple[str, datetime] | None = None
    """Session whose use must be written after the commit, and its new expiry (`extend`)."""

    def actor(self, keys: Keys) -> Actor:
        """Return the actor, read anew for every command; anonymous without a valid session."""
        self._transaction.origin = Origin(keys.address, keys.device, keys.agent, keys.is_filing)
        visit = visit_of(keys)
        row = self._valid(self._current_row) if self._is_read else self._row(keys.session)
        self._current_row, self._is_read = row, False
        if row is None:
            return Actor(visit=visit)
        if row.account_id:
            account = read_account(self._transaction, row.account_id)
            if account is None or not account.active:
                return Actor(visit=visit)
            return Actor(
                account_id=account.id,
                name=account.name,
                grants=account.grants,
                visit=visit,
                session_id=row.id,
                at=row.district,
            )
        grants = (Grant(Role.CITIZEN),) if row.person_id else ()
        return Actor(person_id=row.person_id, grants=grants, visit=visit, session_id=row.id)

    def begin_command(
        self, keys: Keys, once: Mapping[str, object] | None, lock: str
    ) -> tuple[Actor, bool]:
        """Return the actor of a person's command as `actor_in_use`, and whether it is new.

        `once` is the row by which a press is executed once, `lock` a name that the command locks at
        first (`advisory_lock`); both may be empty. With a session, PostgreSQL does all of it in one
        statement. A concurrent command with this row or lock is waited for.
        """
        if self._transaction.is_serialized or not (once or lock) or not _is_key(keys.session):
            if lock:
                self._transaction.advisory_lock(lock)
            actor = self.actor_in_use(keys)
            return actor, not once or write_if_new(self._transaction, RateRow, once)
        values: dict[str, object] = {"one": sha("session", keys.session), **(once or {})}
        if lock:
            values["lock"] = self._transaction.lock_with_first(lock)
        statement = _first_statement(marks=once is not None, locks=bool(lock))
        found = self._transaction.execute(statement, values).one()
        self._current_row = self._genuine(found[: len(_Row._fields)]) if found.id else None
        self._is_read = True
        return self.actor_in_use(keys), found.is_first

    def actor_in_use(self, keys: Keys) -> Actor:
        """Return the actor of a person's action, and prolong her session.

        Automatic reads of a page do not prolong it.
        """
        actor = self.actor(keys)
        row = self._current_row
        if row is not None and actor.session_id:
            until = _until(row, self._transaction.machine_now)
            if until - row.expires_at >= _idle(row) / _NOTED_PARTS:
                self.to_extend = row.id, until
        return actor

    def work_in(self, session_id: str, district: int) -> None:
        """Set the district that this session works in, as long as the account has it."""
        self._transaction.execute(_WORKS_IN, {"one": session_id, "number": district})

    def extend(self, session_id: str, until: datetime) -> None:
        """Write the use of a session, in a transaction of its own; no effect if it has ended.

        A transaction that locks the session and waits for an account would deadlock with one that
        locks the account and ends its sessions.
        """
        self._transaction.execute(_STAYS, {"one": session_id, "until": until})

    def holder(self, keys: Keys) -> Holder:
        """Return whose pages this browser shows now."""
        actor = self.actor(keys)
        row = self._current_row
        if row is None or not actor.session_id:
            name = f"visit:{actor.visit}" if actor.visit else ""
            return Holder(name, visit=actor.visit)
        noted = row.expires_at - self._transaction.machine_now - _idle(row) * (1 - 1 / _NOTED_PARTS)
        owner = f"mobile:{row.mobile_hash}" if row.mobile_hash else f"session:{row.id}"
        name = f"account:{row.account_id}" if row.account_id else owner
        noted_for = max(noted.total_seconds(), 0.0)
        return Holder(name, row.id, actor.visit, bool(row.account_id), noted_for)

    def still_open(self, ids: Iterable[str]) -> set[str]:
        """Return those of these sessions that have not ended."""
        wanted, found = list(ids), set[str]()
        for at in range(0, len(wanted), _AT_ONCE):
            query = select(SessionRow.id).where(
                col(SessionRow.expires_at) > self._transaction.machine_now
            )
            some = col(SessionRow.id).in_(wanted[at : at + _AT_ONCE])
            found |= set(self._session.exec(query.where(some)).all())
        return found

    def key_of_press(self, sealed: str, typed: str) -> str:
        """Return the cookie of the session that a form opens, derived from the form.

        `sealed` is the sealed cookie of the form, `typed` what was typed. A double tap shows only
        the second answer, and this makes both answers set the same cookie.
        """
        return self._vault.tag("session of a press", f"{sealed}\n{typed}")

    def is_just_opened(self, key: str) -> bool:
        """Whether the session of this cookie was opened recently and has not ended."""
        return self._is_young(self._row(key))

    def has_just_come_in(self, actor: Actor) -> bool:
        return self._is_young(self._found(actor.session_id or ""))

    def _is_young(self, row: _Row | None) -> bool:
        return row is not None and row.created_at > self._transaction.machine_now - PRESSED_AGAIN

    def open_for_mobile(self, mobile: str, door: Door, key: str = "") -> str:
        """Open a citizen's session for a proved mobile; return the cookie.

        `door` is how it was proved. The session acts for the person of this mobile if there is
        exactly one. If her identity is proved by more than typing it does not, because the number
        may have been reassigned (`usecases/accounts/person/recycled.py`).
        """
        key = key or token()
        row = SessionRow(
            id=sha("session", key),
            mobile_hash=self._vault.lookup("mobile", mobile),
            mobile=self._vault.seal("session.mobile", sha("session", key), mobile),
            door=door,
            device=self._device(),
            created_at=self._transaction.machine_now,
            expires_at=self._transaction.machine_now + CITIZEN_IDLE,
        )
        persons = self._people.served_by(row.mobile_hash or "")
        if len(persons) == 1 and not persons[0].is_called_proved:
            row.person_id = persons[0].id
        self._put(row)
        return key

    def open_proved(
        self,
        proof: str | None,
        person_id: str | None,
        mobile: str | None,
        door: Door,
        key: str = "",
    ) -> str:
        """Open the session of somebody with a proved identity; return the cookie.

        With `proof`, a text that is stored sealed, the session acts for nobody until `settle`.
        """
        key = key or token()
        row = SessionRow(
            id=sha("session", key),
            door=door,
            device=self._device(),
            created_at=self._transaction.machine_now,
            expires_at=self._transaction.machine_now + CITIZEN_IDLE,
        )
        if proof is None:
            self._belongs_to(row, person_id, mobile)
        else:
            row.proof = self._vault.seal("session.proof", row.id, proof)
        self._put(row)
        return key

    def proof(self, actor: Actor) -> str | None:
        """Return the undecided proof of this session; None for any other session."""
        row = self._own_row(actor)
        if row is None or row.proof is None:
            return None
        return self._vault.open("session.proof", row.id, row.proof)

    def settle(self, actor: Actor, person_id: str, mobile: str | None) -> None:
        """Decide for whom this session acts; KeyError without a session."""
        row = self._own_row(actor)
        if row is None:
            raise KeyError(actor.session_id)
        row.proof = None
        self._belongs_to(row, person_id, mobile)
        self._put(row)

    def _belongs_to(self, row: SessionRow, person_id: str | None, mobile: str | None) -> None:
        row.person_id = person_id
        row.mobile_hash = self._vault.lookup("mobile", mobile) if mobile else None
        row.mobile = self._vault.seal("session.mobile", row.id, mobile) if mobile else None

    def open_for_account(self, account: Account, door: Door, key: str = "") -> str:
        """Open an official's session for this door; return the cookie."""
        key = key or token()
        self._put(
            SessionRow(
                id=sha("session", key),
                account_id=account.id,
                door=door,
                device=self._device(),
                created_at=self._transaction.machine_now,
                expires_at=self._transaction.machine_now + STAFF_IDLE,
            )
        )
        return key

    def hand_over(self, of: str, to: str) -> None:
        """Transfer all sessions of one person to another."""
        sessions = select(SessionRow).where(col(SessionRow.person_id) == of)
        for row in self._session.exec(sessions):
            if row.tag == self._tag(row.model_dump()):
                row.person_id = to
                self._put(row)
            else:
                self._session.delete(row)

    def _own_row(self, actor: Actor) -> SessionRow | None:
        """Return the actor's row to change; None if its tag does not fit.

        A row whose tag does not fit gets no new one.
        """
        row = self._session.get(SessionRow, actor.session_id or "")
        return row if row and row.tag == self._tag(row.model_dump()) else None

    def _put(self, row: SessionRow) -> None:
        row.tag = self._tag(row.model_dump())
        self._session.add(row)
        if self._current_row is not None and self._current_row.id == row.id:
            self._current_row = None  # outdated now

    def _tag(self, row: Mapping[str, Any]) -> str:
        return row_tag(self._vault, "session", row)

    def _device(self) -> str:
        return browser_and_system(self._transaction.origin.agent)

    def mobile(self, actor: Actor) -> str | None:
        """Return the confirmed mobile of this session, as E.164."""
        wanted = self._current_row
        is_hers = wanted is not None and wanted.id == actor.session_id
        row = wanted if is_hers else self._found(actor.session_id or "")
        if row is None or row.mobile is None:
            return None
        return self._vault.open("session.mobile", row.id, row.mobile)

    def serves_nobody(self, mobile_hash: str) -> bool:
        """Whether this is the mobile of the actor's session, and no person had it when that was
        read."""
        row = self._current_row
        return row is not None and row.mobile_hash == mobile_hash and not row.serves

    def opened_at(self, actor: Actor) -> datetime | None:
        """Return when this session was opened; None without one."""
        row = self._found(actor.session_id or "")
        return row.created_at if row else None

    def door(self, actor: Actor) -> Door | None:
        """Return the door by which this session was opened.

        None without a session, or for one from before doors were recorded.
        """
        row = self._found(actor.session_id or "")
        return Door(row.door) if row and row.door else None

    def take_two_steps(self, actor: Actor) -> None:
        """Note that this session proved the second step that it has just set up."""
        row = self._own_row(actor)
        if row is not None and row.door == Door.PASSWORD:
            row.door = Door.TWO_STEPS
            self._put(row)

    def act_for(self, actor: Actor, person_id: str | None) -> None:
        """Let the session act for this person of its mobile (None: for nobody yet)."""
        row = self._current_row
        if row is None or row.id != actor.session_id:
            row = self._found(actor.session_id or "")
        if row is None or row.person_id == person_id:
            return  # avoid overwriting a change of another tab
        row = row._replace(person_id=person_id)
        self._current_row = row._replace(tag=self._tag(row._asdict()))
        change = {"person_id": person_id, "tag": self._current_row.tag}
        change_row(self._transaction, SessionRow, row.id, change)

    def end(self, key: str, but: str | None = None) -> None:
        """End the session of this cookie, unless its id is `but`."""
        ended = sha("session", key)
        if ended != but:
            self._end(col(SessionRow.id) == ended)

    def end_of_account(
        self, account_id: str, but: str | None = None, by: Door | None = None
    ) -> int:
        """End an account's sessions; return their number.

        Except the one with the id `but`, or only those opened by the door `by`.
        """
        who = col(SessionRow.account_id) == account_id
        who = who & (col(SessionRow.door) == by) if by else who
        return self._end(who & (col(SessionRow.id) != but) if but else who)

    def end_of_person(self, person_id: str, but: str | None = None) -> int:
        """End the sessions that act for this person, except one by id; return their number."""
        who = col(SessionRow.person_id) == person_id
        return self._end(who & (col(SessionRow.id) != but) if but else who)

    def end_of_mobile(self, mobile: str, person_id: str, but: str | None) -> int:
        """End this mobile's sessions that act for her or for nobody; return their number.

        Sessions of other persons of the mobile stay.
        """
        mark = self._vault.lookup("mobile", mobile)
        who = col(SessionRow.person_id).is_(None) | (col(SessionRow.person_id) == person_id)
        which = (col(SessionRow.mobile_hash) == mark) & who
        return self._end(which & (col(SessionRow.id) != (but or "")))

    def end_everywhere(self, actor: Actor) -> int:
        """End the actor's sessions on all devices; return their number."""
        if actor.account_id:
            who = col(SessionRow.account_id) == actor.account_id
        else:
            row = self._session.get(SessionRow, actor.session_id or "")
            mobiles = {row.mobile_hash} if row is not None else set()
            who = col(SessionRow.id) == (actor.session_id or "")
            if actor.person_id:
                person = self._people.get(actor.person_id)
                mobiles |= {self._vault.lookup("mobile", person.mobile)} if person.mobile else set()
                who |= col(SessionRow.person_id) == actor.person_id
            who |= col(SessionRow.mobile_hash).in_(mobiles - {None})
        return self._end(who)

    def own(self, actor: Actor) -> list[OwnSession]:
        """Return the open sessions of this person or account, newest first.

        A citizen's list includes sessions of her mobile that act for nobody yet.
        """
        now = self._transaction.machine_now
        query = select(SessionRow).where(self._owned(actor)).where(col(SessionRow.expires_at) > now)
        rows = self._session.exec(query.order_by(col(SessionRow.created_at).desc()))
        return [self._own(row, actor) for row in rows]

    def end_own(self, actor: Actor, handle: str) -> bool:
        """End one of her own sessions by its handle; return whether there was one."""
        rows = self._session.exec(select(SessionRow.id).where(self._owned(actor))).all()
        wanted = [row for row in rows if self._handle(row) == handle]
        return self._end(col(SessionRow.id).in_(wanted)) > 0

    def end_others(self, actor: Actor) -> int:
        """End all of her own sessions but the current one; return their number."""
        return self._end(self._owned(actor) & (col(SessionRow.id) != (actor.session_id or "")))

    def _owned(self, actor: Actor) -> ColumnElement[bool]:
        if actor.account_id:
            return col(SessionRow.account_id) == actor.account_id
        this = col(SessionRow.id) == (actor.session_id or "")
        if actor.person_id is None:
            return this
        mobile = self._people.get(actor.person_id).mobile
        mark = self._vault.lookup("mobile", mobile) if mobile else ""
        undecided = (col(SessionRow.mobile_hash) == mark) & col(SessionRow.person_id).is_(None)
        return this | (col(SessionRow.person_id) == actor.person_id) | undecided

    def _own(self, row: SessionRow, actor: Actor) -> OwnSession:
        idle = STAFF_IDLE if row.account_id else CITIZEN_IDLE
        return OwnSession(
            handle=self._handle(row.id),
            door=row.door,
            device=row.device,
            created_at=row.created_at,
            used_at=max(row.created_at, row.expires_at - idle),
            is_this=row.id == actor.session_id,
        )

    def _handle(self, session_id: str) -> str:
        return self._vault.lookup("session.handle", session_id)[:_HANDLE]

    def _end(self, which: ColumnElement[bool]) -> int:
        """End these sessions; their open pages are closed after the commit."""
        ended = self._session.exec(select(SessionRow.id).where(which)).all()
        self._session.exec(delete(SessionRow).where(col(SessionRow.id).in_(ended)))
        self._transaction.publish(*map(session_topic, ended))
        return len(ended)

    def sweep(self) -> int:
        gone = delete(SessionRow).where(col(SessionRow.expires_at) < self._transaction.machine_now)
        return self._session.exec(gone).rowcount

    def _row(self, key: str) -> _Row | None:
        return self._valid(self._found(sha("session", key))) if _is_key(key) else None

    def _valid(self, row: _Row | None) -> _Row | None:
        now = self._transaction.machine_now
        if row is None or row.expires_at <= now or row.created_at > now + _AHEAD:
            return None
        # The tag covers `created_at`, so the database owner cannot make a session last longer.
        return row if now < _end(row) else None

    def _found(self, session_id: str) -> _Row | None:
        found = self._transaction.execute(_BY_ID, {"one": session_id}).first()
        return self._genuine(found) if found else None

    def _genuine(self, found: Iterable[Any]) -> _Row | None:
        row = _Row(*found)
        is_read = row.expires_at is not None
        return row if is_read and row.tag == self._tag(row._asdict()) else None


def _is_key(cookie: str) -> bool:
    """Whether a cookie may name a session or a visit."""
    return bool(cookie) and "\n" not in cookie


def _idle(row: _Row) -> timedelta:
    return STAFF_IDLE if row.account_id else CITIZEN_IDLE


def _until(row: _Row, now: datetime) -> datetime:
    """Return the expiry of a session that is used now."""
    return min(_end(row), now + _idle(row))


def _end(row: _Row) -> datetime:
    """Return when a session ends however often it is used."""
    return row.created_at + (STAFF_STAYS if row.account_id else CITIZEN_STAYS)
