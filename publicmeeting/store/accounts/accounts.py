"""Accounts of staff: name, password hash and grants."""

from dataclasses import dataclass

from sqlmodel import col, select

from publicmeeting.domain.roles import Grant, Role
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.people import AccountRow, GrantRow


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    username: str
    name: str
    active: bool
    grants: tuple[Grant, ...]


class Accounts(Repository):
    def add(
        self, username: str, name: str, password_hash: str, grants: tuple[Grant, ...]
    ) -> Account:
        """A taken user name is refused as `username_taken`."""
        row = AccountRow(
            id=new_id(),
            username=username,
            name=name,
            password_hash=password_hash,
            created_at=self._uow.machine_now,
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
        return self._account(row)

    def get(self, account_id: str) -> Account | None:
        row = self._session.get(AccountRow, account_id)
        return self._account(row) if row else None

    def by_username(self, username: str) -> Account | None:
        row = self._session.exec(select(AccountRow).where(AccountRow.username == username)).first()
        return self._account(row) if row else None

    def password_hash(self, account_id: str) -> str:
        row = self._session.get(AccountRow, account_id)
        return row.password_hash if row else ""

    def all(self) -> list[Account]:
        rows = self._session.exec(select(AccountRow).order_by(col(AccountRow.username)))
        return [self._account(row) for row in rows]

    def with_role(self, role: Role, district: int | None = None) -> list[Account]:
        query = select(AccountRow).join(GrantRow).where(GrantRow.role == role.value).distinct()
        if district is not None:
            query = query.where(GrantRow.district == district)
        return [
            self._account(row) for row in self._session.exec(query.order_by(AccountRow.username))
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
        return self._account(row)

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

    def _sign_out(self, account_id: str) -> None:
        self._uow.sessions.end_of_account(account_id)

    def _account(self, row: AccountRow) -> Account:
        grants = self._session.exec(select(GrantRow).where(GrantRow.account_id == row.id)).all()
        return Account(
            id=row.id,
            username=row.username,
            name=row.name,
            active=row.active,
            grants=tuple(Grant(Role(g.role), g.district, g.unit_id) for g in grants),
        )
