"""Accounts of staff: name, password hash and grants."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from publicmeeting.domain.roles import Grant, Role
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.people import AccountRow, GrantRow
from publicmeeting.store.database.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    username: str
    name: str
    active: bool
    grants: tuple[Grant, ...]


class Accounts(Repository):
    def __init__(self, transaction: Transaction, sign_out: Callable[[str], object]) -> None:
        super().__init__(transaction)
        self._sign_out = sign_out
        """Ends all sessions of an account."""

    def add(
        self, username: str, name: str, password_hash: str, grants: tuple[Grant, ...]
    ) -> Account:
        """A taken user name is refused as `username_taken`."""
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
            self._session.add(
                GrantRow(
                    account_id=row.id,
                    role=grant.role.value,
                    district=grant.district,
                    unit_id=grant.unit_id,
                )
            )
        self._session.flush()
        return _account(self._session, row)

    def get(self, account_id: str) -> Account | None:
        return read_account(self._session, account_id)

    def by_username(self, username: str) -> Account | None:
        row = self._session.exec(select(AccountRow).where(AccountRow.username == username)).first()
        return _account(self._session, row) if row else None

    def password_hash(self, account_id: str) -> str:
        row = self._session.get(AccountRow, account_id)
        return row.password_hash if row else ""

    def all(self) -> list[Account]:
        rows = self._session.exec(select(AccountRow).order_by(col(AccountRow.username)))
        return [_account(self._session, row) for row in rows]

    def with_role(self, role: Role, district: int | None = None) -> list[Account]:
        query = select(AccountRow).join(GrantRow).where(GrantRow.role == role.value).distinct()
        if district is not None:
            query = query.where(GrantRow.district == district)
        return [
            _account(self._session, row)
            for row in self._session.exec(query.order_by(AccountRow.username))
        ]

    def dismiss(self, account_id: str) -> None:
        """An official who leaves loses power at once: account off, sessions gone."""
        row = self._row(account_id)
        row.active = False
        self._session.add(row)
        self._sign_out(account_id)

    def rename(self, account_id: str, username: str) -> Account:
        """A taken user name is refused as `username_taken`."""
        row = self._row(account_id)
        row.username = username
        self._session.add(row)
        self._session.flush()
        return _account(self._session, row)

    def set_password(self, account_id: str, password_hash: str) -> None:
        """Whoever was signed in with the old one is out."""
        row = self._row(account_id)
        row.password_hash = password_hash
        self._session.add(row)
        self._sign_out(account_id)

    def _row(self, account_id: str) -> AccountRow:
        row = self._session.get(AccountRow, account_id)
        if row is None:
            raise KeyError(account_id)
        return row


def read_account(session: Session, account_id: str) -> Account | None:
    row = session.get(AccountRow, account_id)
    return _account(session, row) if row else None


def _account(session: Session, row: AccountRow) -> Account:
    grants = session.exec(select(GrantRow).where(GrantRow.account_id == row.id)).all()
    return Account(
        id=row.id,
        username=row.username,
        name=row.name,
        active=row.active,
        grants=tuple(Grant(Role(g.role), g.district, g.unit_id) for g in grants),
    )
