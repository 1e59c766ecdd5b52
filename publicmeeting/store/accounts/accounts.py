"""Accounts of officials: name, password hash, and grants with their first and last day."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlmodel import col, delete, select

from publicmeeting.domain.roles import Grant, Role, Term
from publicmeeting.kit.hashing import sha
from publicmeeting.kit.letters import search_key
from publicmeeting.store.accounts.row_tags import HeldAccount, HeldTerm, account_tag, app_mark
from publicmeeting.store.database.repository import Repository, new_id, readable_rows
from publicmeeting.store.database.rows.doors import PasskeyRow, RememberedDeviceRow, TotpRow
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.store.database.transaction import Transaction
from publicmeeting.store.database.vault import UNREADABLE, Vault

# SQL conditions for grants in force: the account may act, and the day lies within the term. An
# official's rights are read here for each command. An account that was ended or suspended, or whose
# term has not begun or is over, has none. SQL cannot check an account's tag: callers that select by
# these conditions read the accounts and check `Account.active`.


def may_act() -> ColumnElement[bool]:
    """Condition: the account is neither ended nor suspended, and has a password."""
    return and_(
        col(AccountRow.active),
        col(AccountRow.suspended_at).is_(None),
        col(AccountRow.password_hash) != "",
    )


def holds(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Condition: the grant is in force on a day."""
    return and_(
        or_(col(GrantRow.from_on).is_(None), col(GrantRow.from_on) <= on),
        or_(col(GrantRow.until_on).is_(None), col(GrantRow.until_on) >= on),
    )


_ROLES = frozenset(role.value for role in Role)
_Columns: TypeAlias = sqlalchemy.Row[*tuple[Any, ...]]
_ACCOUNTS: sqlalchemy.Select[*tuple[Any, ...]] = (
    sqlalchemy.select(
        col(AccountRow.id),
        col(AccountRow.username),
        col(AccountRow.name),
        col(AccountRow.active),
        col(AccountRow.suspended_at),
        col(AccountRow.password_hash),
        col(AccountRow.tag),
        col(TotpRow.secret).label("app_secret"),
        exists().where(col(PasskeyRow.account_id) == col(AccountRow.id)).label("has_passkey"),
        col(GrantRow.id).label("term"),
        col(GrantRow.role),
        col(GrantRow.district),
        col(GrantRow.unit_id),
        col(GrantRow.from_on),
        col(GrantRow.until_on),
    )
    .outerjoin(GrantRow, col(GrantRow.account_id) == col(AccountRow.id))
    .outerjoin(
        TotpRow,
        and_(col(TotpRow.account_id) == col(AccountRow.id), col(TotpRow.since).is_not(None)),
    )
    .order_by(col(AccountRow.username), col(GrantRow.given_at).nulls_first(), col(GrantRow.id))
)
"""Accounts by user name, with one row for each of their terms, in the order of their granting."""
_ACCOUNT = _ACCOUNTS.where(col(AccountRow.id) == bindparam("account"))
_NAMED = _ACCOUNTS.where(col(AccountRow.username) == bindparam("username"))
# Statements of an official's every step are built once: building costs more than executing.

MOBILE_OF_ACCOUNT = "account.mobile"
"""Purpose under which a mobile is sealed."""
_MARK = 32
"""Hex digits of a password mark."""


@dataclass(frozen=True, slots=True)
class Account:
    """An official's account.

    `grants` are those in force today, even if the account may not act; `terms` are all of them,
    past and future.
    """

    id: str
    username: str
    name: str
    active: bool
    """Neither ended, suspended nor changed."""
    grants: tuple[Grant, ...]
    terms: tuple[Term, ...] = ()
    is_ended: bool = False
    is_suspended: bool = False
    """True also for a changed account."""
    is_changed: bool = False
    """Whether its rows were changed past this program: their tag does not fit."""
    has_password: bool = True
    """False for an invited official who has not chosen one yet."""
    held: HeldAccount = field(default=HeldAccount("", "", "", ""), repr=False)
    """What the tag was checked against. A sign-in decides by it, and reads nothing again: the
    database owner could answer another statement differently."""

    def is_ever_in(self, roles: Collection[Role], today: date) -> bool:
        """Return whether the account has one of these roles, or will have it."""
        return any(term.grant.role in roles and not term.has_ended(today) for term in self.terms)


def person_marks(vault: Vault, account: str, name: str, mobile: bytes | None) -> frozenset[str]:
    """Return what the city knows of who uses an account: the name, however spelt, and the mobile.

    Wherever two officials are needed, accounts that share one of these count as one person's.
    """
    marks = {f"name {search_key(name)}"}
    if mobile:
        with suppress(*UNREADABLE):
            marks.add(f"mobile {vault.open(MOBILE_OF_ACCOUNT, account, mobile)}")
    return frozenset(marks)


def password_mark(password_hash: str) -> str:
    """Return a hash that identifies a password hash in the history; empty without one."""
    return sha("password", password_hash)[:_MARK] if password_hash else ""


class Accounts(Repository):
    def __init__(
        self, transaction: Transaction, sign_out: Callable[[str, str | None], object]
    ) -> None:
        super().__init__(transaction)
        self._sign_out = sign_out
        """Callback that ends all sessions of an account, except the one with the given id."""

    def add(
        self, username: str, name: str, password_hash: str, grants: tuple[Grant, ...] = ()
    ) -> Account:
        """Add an account; refused as `username_taken`.

        Without a password hash nobody can sign in.
        """
        terms = tuple(_term_of(grant) for grant in grants)
        state = HeldAccount(new_id(), username, name, password_hash, terms=terms)
        row = AccountRow(
            id=state.id,
            username=username,
            name=name,
            password_hash=password_hash,
            tag=account_tag(self._vault, state),
            created_at=self._transaction.machine_now,
        )
        self._session.add(row)
        self._session.flush()
        for grant in grants:
            self._add_term(row.id, grant, None, None)
        return self._read(row.id)

    def add_term(
        self, account_id: str, grant: Grant, from_on: date | None, until_on: date | None
    ) -> Account:
        """Add a role, from its first to its last day."""
        term = _term_of(grant, from_on, until_on)
        to_change(self._transaction, account_id, lambda was: replace(was, terms=(*was.terms, term)))
        self._add_term(account_id, grant, from_on, until_on)
        return self._read(account_id)

    def date_term(self, account_id: str, term: Term, until_on: date | None) -> Account:
        """Change the last day of a term; a term that was over counts as granted anew.

        The tag follows the term that the caller has checked, whatever its row holds by now. Raises
        KeyError if the account has no such term.
        """
        row = self._session.get(GrantRow, term.id, populate_existing=True)
        if row is None or row.account_id != account_id:
            raise KeyError(term.id)
        before = _term_of(term.grant, term.from_on, term.until_on)
        after = before._replace(until_on=until_on)
        to_change(self._transaction, account_id, lambda was: was.with_term(before, after))
        if term.until_on is not None and term.until_on < self._transaction.city_day():
            row.given_at = self._transaction.machine_now
        row.until_on = until_on
        self._session.add(row)
        return self._read(account_id)

    def get(self, account_id: str) -> Account | None:
        return read_account(self._transaction, account_id)

    def names(self, ids: Collection[str]) -> dict[str, str]:
        """Return account id → name as shown to colleagues, in one statement."""
        if not ids:
            return {}
        rows = self._session.exec(
            select(AccountRow.id, AccountRow.name).where(col(AccountRow.id).in_(ids))
        )
        return dict(rows.all())

    def are_one_person(self, one: str, other: str) -> bool:
        """Whether two accounts, by their ids, have one name or one mobile."""
        marks = [
            person_marks(self._vault, row.id, row.name, row.mobile)
            for row in (self._row(one), self._row(other))
        ]
        return bool(marks[0] & marks[1])

    def by_username(self, username: str) -> Account | None:
        rows = self._transaction.execute(_NAMED, {"username": username}).all()
        return _of_rows(self._transaction, rows)

    def password_hash(self, account_id: str) -> str:
        row = self._session.get(AccountRow, account_id)
        return row.password_hash if row else ""

    def all(self) -> list[Account]:
        """Return all accounts, including ended ones, in one statement."""
        return self._accounts(_ACCOUNTS)

    def with_role(
        self, role: Role, district: int | None = None, on: date | None = None
    ) -> list[Account]:
        """Return the accounts that may act in this role today, or on another day, by user name."""
        query = select(AccountRow.id).join(GrantRow).where(GrantRow.role == role.value)
        query = query.where(may_act()).where(holds(on or self._transaction.city_day()))
        if district is not None:
            query = query.where(GrantRow.district == district)
        found = self._accounts(_ACCOUNTS.where(col(AccountRow.id).in_(query)))
        return [account for account in found if account.active]

    def served_units(self, units: Collection[str]) -> frozenset[str]:
        """Return those of these units that have an officer who may act today."""
        query = select(GrantRow.account_id).where(col(GrantRow.unit_id).in_(units))
        found = self._accounts(_ACCOUNTS.where(col(AccountRow.id).in_(query)))
        served = {
            grant.unit_id
            for account in found
            if account.active and account.has_password
            for grant in account.grants
            if grant.role is Role.UNIT
        }
        return frozenset(unit for unit in units if unit in served)

    def has_role_now(self, account_id: str, role: Role) -> bool:
        """Whether the account may act in this role now, read anew from the database."""
        account = self.get(account_id)
        if account is None or not account.active or not account.has_password:
            return False
        return any(grant.role is role for grant in account.grants)

    def lasting(self, role: Role) -> list[str]:
        """Return the ids of accounts that can act in this role today without a last day.

        Read anew from the database, regardless of what was read before.
        """
        today = self._transaction.city_day()
        return [
            account.id
            for account in self.with_role(role)
            if any(
                term.grant.role is role and term.until_on is None and term.holds(today)
                for term in account.terms
            )
        ]

    def dismiss(self, account_id: str) -> None:
        """End an account: no rights and no sessions from now on."""
        row = to_change(self._transaction, account_id, lambda was: replace(was, active=False))
        row.active = False
        self._session.add(row)
        self._sign_out(account_id, None)

    def suspend(self, account_id: str) -> None:
        """Suspend an account: no rights and no sessions until the suspension is lifted."""
        row = to_change(self._transaction, account_id, lambda was: replace(was, is_suspended=True))
        row.suspended_at = self._transaction.machine_now
        self._session.add(row)
        self._sign_out(account_id, None)

    def lift(self, account_id: str) -> None:
        """Lift a suspension; the official signs in as before."""
        row = to_change(self._transaction, account_id, lambda was: replace(was, is_suspended=False))
        row.suspended_at = None
        self._session.add(row)

    def confirm(self, account_id: str) -> None:
        """Tag the account in its present state, whatever has changed it."""
        state, row = read_state(self._transaction, account_id), self._row(account_id)
        assert state is not None
        row.tag = account_tag(self._vault, state)
        self._session.add(row)

    def set_password(self, account_id: str, password_hash: str, but: str | None = None) -> None:
        """Set the password hash, end all other sessions, and forget the remembered browsers.

        The session with the id `but` stays. Without a hash nobody can sign in.
        """
        row = to_change(
            self._transaction, account_id, lambda was: replace(was, password_hash=password_hash)
        )
        row.password_hash = password_hash
        self._session.add(row)
        remembered = col(RememberedDeviceRow.account_id) == account_id
        self._session.exec(delete(RememberedDeviceRow).where(remembered))
        self._sign_out(account_id, but)

    def set_mobile(self, account_id: str, mobile: str) -> None:
        """Set the mobile (E.164) that is notified of changes to the account; empty removes it."""
        row = self._row(account_id)
        row.mobile = self._vault.seal(MOBILE_OF_ACCOUNT, row.id, mobile) if mobile else None
        self._session.add(row)

    def mobile(self, account_id: str) -> str:
        """Return the mobile (E.164), or an empty text."""
        row = self._row(account_id)
        return self._vault.open(MOBILE_OF_ACCOUNT, row.id, row.mobile) if row.mobile else ""

    def mark_read(self, account_id: str, until: datetime) -> None:
        """Note that she has read the changes of her account until then."""
        row = self._row(account_id)
        row.changes_read_at = until
        self._session.add(row)

    def changes_read_at(self, account_id: str) -> datetime | None:
        """Return until when she has read the changes of her account."""
        row = self._session.get(AccountRow, account_id)
        return row.changes_read_at if row else None

    def _add_term(
        self, account_id: str, grant: Grant, from_on: date | None, until_on: date | None
    ) -> None:
        row = GrantRow(
            account_id=account_id,
            role=grant.role.value,
            district=grant.district,
            unit_id=grant.unit_id,
            from_on=from_on,
            until_on=until_on,
            given_at=self._transaction.machine_now,
        )
        self._session.add(row)

    def _row(self, account_id: str) -> AccountRow:
        row = self._session.get(AccountRow, account_id)
        if row is None:
            raise KeyError(account_id)
        return row

    def _read(self, account_id: str) -> Account:
        account = self.get(account_id)
        if account is None:
            raise KeyError(account_id)
        return account

    def _accounts(self, query: sqlalchemy.Select[*tuple[Any, ...]]) -> list[Account]:
        rows = readable_rows(self._transaction, query, "a role")
        grouped = (list(of_one) for _, of_one in groupby(rows, key=lambda row: row.id))
        return [account for of_one in grouped if (account := _of_rows(self._transaction, of_one))]


def read_account(transaction: Transaction, account_id: str) -> Account | None:
    """Return the account as of the city's day, or None."""
    return _of_rows(transaction, transaction.execute(_ACCOUNT, {"account": account_id}).all())


def to_change(
    transaction: Transaction, account_id: str, change: Callable[[HeldAccount], HeldAccount]
) -> AccountRow:
    """Lock an account's row, give it the tag of the state after `change`, and return it.

    The caller then writes that change. The new tag is computed from the state that was checked
    before the change, never from what is read after it: a trigger of the database owner could add
    a role between the two. A row whose tag did not fit before gets no new one. Raises KeyError if
    there is no such account.
    """
    if not transaction.is_serialized:
        transaction.session.flush()
    row = transaction.session.get(
        AccountRow,
        account_id,
        with_for_update=None if transaction.is_serialized else {"key_share": True},
        populate_existing=not transaction.is_serialized,
    )
    state = read_state(transaction, account_id)
    if row is None or state is None:
        raise KeyError(account_id)
    if row.tag == account_tag(transaction.vault, state):
        row.tag = account_tag(transaction.vault, change(state))
        transaction.session.add(row)
    return row


def read_state(transaction: Transaction, account_id: str) -> HeldAccount | None:
    """Return the state that the tag of this account has to fit."""
    rows = transaction.execute(_ACCOUNT, {"account": account_id}).all()
    return _state(rows) if rows else None


def _of_rows(transaction: Transaction, rows: Sequence[_Columns]) -> Account | None:
    """Return the account of these rows, of which there is one for each of its terms."""
    if not rows:
        return None
    row, today = rows[0], transaction.city_day()
    terms = tuple(term for row in rows if row.term is not None for term in _term(row))
    held = _state(rows)
    is_changed = row.tag != account_tag(transaction.vault, held)
    return Account(
        id=row.id,
        username=row.username,
        name=row.name,
        active=row.active and row.suspended_at is None and not is_changed,
        grants=tuple(dict.fromkeys(term.grant for term in terms if term.holds(today))),
        terms=terms,
        is_ended=not row.active,
        is_suspended=row.suspended_at is not None or is_changed,
        is_changed=is_changed,
        has_password=bool(row.password_hash),
        held=held,
    )


def _state(rows: Sequence[_Columns]) -> HeldAccount:
    row = rows[0]
    terms = (
        HeldTerm(row.role, row.district, row.unit_id, row.from_on, row.until_on)
        for row in rows
        if row.term is not None
    )
    return HeldAccount(
        id=row.id,
        username=row.username,
        name=row.name,
        password_hash=row.password_hash,
        active=row.active,
        is_suspended=row.suspended_at is not None,
        app=app_mark(row.app_secret) if row.app_secret else "",
        has_passkey=row.has_passkey,
        terms=tuple(terms),
    )


def _term(row: _Columns) -> tuple[Term, ...]:
    """Return the term, or nothing for a role that this release does not know."""
    if row.role not in _ROLES:
        return ()
    grant = Grant(Role(row.role), row.district, row.unit_id)
    return (Term(row.term, grant, row.from_on, row.until_on),)


def _term_of(grant: Grant, from_on: date | None = None, until_on: date | None = None) -> HeldTerm:
    return HeldTerm(grant.role.value, grant.district, grant.unit_id, from_on, until_on)
