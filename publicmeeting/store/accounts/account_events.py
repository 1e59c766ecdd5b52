"""Append-only history of what was done to and by accounts; timestamps in machine time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from publicmeeting.domain.officials.audit import CARRIES, AccountEventKind, OfficeAct
from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.stored import read_object
from publicmeeting.store.database.repository import Repository, readable_rows
from publicmeeting.store.database.rows.doors import AccountEventRow
from publicmeeting.store.database.vault import UNREADABLE

_ONE = "an event of an account"


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One event of an account's history.

    `account_id` is the account concerned, None if there is none. `by_account` is who acted, None
    for the command line and the clock.
    """

    id: int
    at: datetime
    account_id: str | None
    by_account: str | None
    kind: AccountEventKind
    body: Mapping[str, Any]


class AccountEvents(Repository):
    def add(
        self,
        kind: AccountEventKind,
        account_id: str | None,
        by_account: str | None,
        body: Mapping[str, object],
    ) -> None:
        """Write an event in this transaction.

        Raises ValueError unless the body has exactly the fields that `CARRIES` names for its kind.
        """
        if body.keys() != CARRIES[kind]:
            raise ValueError(f"{kind} carries {sorted(CARRIES[kind])}, not {sorted(body)}")
        row = AccountEventRow(
            at=self._transaction.machine_now,
            account_id=account_id,
            by_account=by_account,
            kind=kind.value,
            body=canonical_json(dict(body)),
        )
        self._session.add(row)

    def add_act(self, act: OfficeAct, by: str | None, monday: date, district: int = 0) -> None:
        """Write what an official did in his office beside all cases; 0 is the whole city."""
        body = {"what": act.value, "monday": monday.isoformat(), "district": district}
        self.add(AccountEventKind.OFFICE_ACT, None, by, body)

    def count_by_others(self, account_id: str, since: datetime | None) -> int:
        """Count the entries that others have written about this account since then.

        It is 0 until the official has read them for the first time, because the account was created
        for her.
        """
        if since is None:
            return 0
        query = select(func.count()).where(
            col(AccountEventRow.account_id) == account_id,
            col(AccountEventRow.at) > since,
            func.coalesce(AccountEventRow.by_account, "") != account_id,
        )
        return self._session.exec(query).one()

    def of_account(self, account_id: str, *, most: int) -> list[AccountEvent]:
        """Return what was done to this account, newest first."""
        query = (
            select(AccountEventRow)
            .where(col(AccountEventRow.account_id) == account_id)
            .order_by(col(AccountEventRow.id).desc())
            .limit(most)
        )
        return self._readable(query)

    def in_order(self, *kinds: AccountEventKind) -> list[AccountEvent]:
        """Return all entries of these kinds, oldest first."""
        query = (
            select(AccountEventRow)
            .where(col(AccountEventRow.kind).in_([kind.value for kind in kinds]))
            .order_by(col(AccountEventRow.id))
        )
        return [_account_event(row) for row in self._session.exec(query)]

    def newest(
        self, account_ids: Collection[str], kinds: Collection[AccountEventKind]
    ) -> dict[tuple[str, AccountEventKind], AccountEvent]:
        """Return the newest event of each kind for each of these accounts, in one statement."""
        latest = (
            select(func.max(AccountEventRow.id))
            .where(col(AccountEventRow.account_id).in_(account_ids))
            .where(col(AccountEventRow.kind).in_([kind.value for kind in kinds]))
            .group_by(col(AccountEventRow.account_id), col(AccountEventRow.kind))
        )
        query = select(AccountEventRow).where(col(AccountEventRow.id).in_(latest))
        events = self._readable(query.order_by(col(AccountEventRow.id))) if account_ids else []
        return {(event.account_id or "", event.kind): event for event in events}

    def _readable(self, query: SelectOfScalar[AccountEventRow]) -> list[AccountEvent]:
        """Return the events of a query that has an order, without those that cannot be read."""
        found: list[AccountEvent] = []
        for (row,) in readable_rows(self._transaction, query, _ONE, as_objects=True):
            try:
                found.append(_account_event(row))
            except UNREADABLE:
                self._transaction.leave_out(_ONE)
        return found


def _account_event(row: AccountEventRow) -> AccountEvent:
    return AccountEvent(
        id=row.id or 0,
        at=row.at,
        account_id=row.account_id,
        by_account=row.by_account,
        kind=AccountEventKind(row.kind),
        body=read_object(row.body),
    )
