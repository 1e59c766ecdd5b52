"""Accounts of officials: name, password hash, and grants with their first and last day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy
from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_
from sqlmodel import Session, col, delete, select

from publicmeeting.domain.roles import Grant, Role, Term
from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.doors import RememberedDeviceRow
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.store.database.transaction import Transaction

# SQL conditions for grants in force: the account may act, and the day lies within the term. An
# official's rights are read here for each command. An account that was ended or suspended, or whose
# term has not begun or is over, has none.


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
        col(GrantRow.id).label("term"),
        col(GrantRow.role),
        col(GrantRow.district),
        col(GrantRow.unit_id),
        col(GrantRow.from_on),
        col(GrantRow.until_on),
    )
    .outerjoin(GrantRow, col(GrantRow.account_id) == col(AccountRow.id))
    .order_by(col(GrantRow.id))
)
"""Accounts, with one row for each of their terms."""
_ACCOUNT = _ACCOUNTS.where(col(AccountRow.id) == bindparam("account"))
_NAMED = _ACCOUNTS.where(col(AccountRow.username) == bindparam("username"))
_TERMS = (
    select(GrantRow)
    .where(col(GrantRow.account_id) == bindparam("account"))
    .order_by(col(GrantRow.id))
)
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
    """Neither ended nor suspended."""
    grants: tuple[Grant, ...]
    terms: tuple[Term, ...] = ()
    is_ended: bool = False
    is_suspended: bool = False
    has_password: bool = True
    """False for an invited official who has not chosen one yet."""


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
        row = AccountRow(
            id=new_id(),
            username=username,
            name=name,
            password_hash=password_hash,
            created_at=self._transaction.machine_now,
        )
        self._session.add(row)
        self._session.flush()
        for grant in grants:
            self._add_term(row.id, grant, None, None)
        self._session.flush()
        return self._account(row)

    def add_term(
        self, account_id: str, grant: Grant, from_on: date | None, until_on: date | None
    ) -> Account:
        """Add a role, from its first to its last day."""
        row = self._row(account_id)
        self._add_term(account_id, grant, from_on, until_on)
        self._session.flush()
        return self._account(row)

    def date_term(self, account_id: str, term_id: int, until_on: date | None) -> Account:
        """Change the last day of a term; a term that was over counts as granted anew.

        Raises KeyError if the account has no such term.
        """
        row, term = self._row(account_id), self._session.get(GrantRow, term_id)
        if term is None or term.account_id != account_id:
            raise KeyError(term_id)
        if term.until_on is not None and term.until_on < self._transaction.city_day():
            term.given_at = self._transaction.machine_now
        term.until_on = until_on
        self._session.add(term)
        self._session.flush()
        return self._account(row)

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

    def by_username(self, username: str) -> Account | None:
        rows = self._transaction.execute(_NAMED, {"username": username}).all()
        return _of_rows(self._transaction, rows)

    def password_hash(self, account_id: str) -> str:
        row = self._session.get(AccountRow, account_id)
        return row.password_hash if row else ""

    def all(self) -> list[Account]:
        """Return all accounts, including ended ones, in two statements."""
        return self._accounts(
            self._session.exec(select(AccountRow).order_by(col(AccountRow.username)))
        )

    def with_role(self, role: Role, district: int | None = None) -> list[Account]:
        """Return the accounts that may act in this role today, by user name."""
        query = select(AccountRow).join(GrantRow).where(GrantRow.role == role.value).distinct()
        query = query.where(may_act()).where(holds(self._transaction.city_day()))
        if district is None:
            return self._accounts(self._session.exec(query.order_by(AccountRow.username)))
        query = query.where(GrantRow.district == district).order_by(AccountRow.username)
        rows = self._session.exec(query).all()
        return self._accounts(rows, [row.id for row in rows])

    def still_has(self, account_id: str, role: Role) -> bool:
        """Whether the account may act in this role now, read anew from the database."""
        query = select(AccountRow.id).join(GrantRow).where(AccountRow.id == account_id)
        query = query.where(GrantRow.role == role.value).where(may_act())
        self._session.flush()
        return (
            self._session.exec(query.where(holds(self._transaction.city_day()))).first() is not None
        )

    def lasting(self, role: Role) -> list[str]:
        """Return the ids of accounts that can act in this role today without a last day.

        Read anew from the database, regardless of what was read before.
        """
        query = select(AccountRow.id).join(GrantRow).where(GrantRow.role == role.value).distinct()
        query = query.where(may_act())
        query = query.where(holds(self._transaction.city_day()))
        self._session.flush()
        return list(self._session.exec(query.where(col(GrantRow.until_on).is_(None))))

    def dismiss(self, account_id: str) -> None:
        """End an account: no rights and no sessions from now on."""
        row = self._row(account_id)
        row.active = False
        self._session.add(row)
        self._sign_out(account_id, None)

    def suspend(self, account_id: str) -> None:
        """Suspend an account: no rights and no sessions until the suspension is lifted."""
        row = self._row(account_id)
        row.suspended_at = self._transaction.machine_now
        self._session.add(row)
        self._sign_out(account_id, None)

    def lift(self, account_id: str) -> None:
        """Lift a suspension; the official signs in as before."""
        row = self._row(account_id)
        row.suspended_at = None
        self._session.add(row)

    def rename(self, account_id: str, username: str) -> Account:
        """Change the user name; refused as `username_taken`."""
        row = self._row(account_id)
        row.username = username
        self._session.add(row)
        self._session.flush()
        return self._account(row)

    def set_password(self, account_id: str, password_hash: str, but: str | None = None) -> None:
        """Set the password hash, end all other sessions, and forget the remembered browsers.

        The session with the id `but` stays. Without a hash nobody can sign in.
        """
        row = self._row(account_id)
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

    def _account(self, row: AccountRow) -> Account:
        return _account(row, _terms(self._session, row.id), self._transaction.city_day())

    def _accounts(
        self, rows: Iterable[AccountRow], among: Collection[str] | None = None
    ) -> list[Account]:
        """Build accounts; pass `among`, the ids of the rows, if they are few."""
        query = select(GrantRow).order_by(col(GrantRow.id))
        if among is not None:
            query = query.where(col(GrantRow.account_id).in_(among))
        terms: defaultdict[str, list[Term]] = defaultdict(list)
        for term in self._session.exec(query):
            terms[term.account_id] += _term(term.id or 0, term)
        today = self._transaction.city_day()
        return [_account(row, terms[row.id], today) for row in rows]


def read_account(transaction: Transaction, account_id: str) -> Account | None:
    """Return the account as of the city's day, or None."""
    return _of_rows(transaction, transaction.execute(_ACCOUNT, {"account": account_id}).all())


def _of_rows(transaction: Transaction, rows: Sequence[_Columns]) -> Account | None:
    if not rows:
        return None
    terms = [term for row in rows if row.term is not None for term in _term(row.term, row)]
    return _account(rows[0], terms, transaction.city_day())


def _terms(session: Session, account_id: str) -> list[Term]:
    rows = session.exec(_TERMS, params={"account": account_id})
    return [term for row in rows for term in _term(row.id or 0, row)]


def _term(number: int, row: GrantRow | _Columns) -> tuple[Term, ...]:
    """Return the term, or nothing for a role that this release does not know."""
    if row.role not in _ROLES:
        return ()
    grant = Grant(Role(row.role), row.district, row.unit_id)
    return (Term(number, grant, row.from_on, row.until_on),)


def _account(row: AccountRow | _Columns, known: Iterable[Term], today: date) -> Account:
    terms = tuple(known)
    return Account(
        id=row.id,
        username=row.username,
        name=row.name,
        active=row.active and row.suspended_at is None,
        grants=tuple(dict.fromkeys(term.grant for term in terms if term.holds(today))),
        terms=terms,
        is_ended=not row.active,
        is_suspended=row.suspended_at is not None,
        has_password=bool(row.password_hash),
    )
