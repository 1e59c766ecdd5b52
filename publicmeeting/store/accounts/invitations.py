"""Links with which officials choose their passwords, stored as hashes; machine time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from publicmeeting.domain.officials.invitations import InvitationKind
from publicmeeting.kit.codes import token
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.row_tags import dated, is_over, row_tag
from publicmeeting.store.database.repository import Repository, readable_rows
from publicmeeting.store.database.rows.doors import InvitationRow

_BYTES = 15
"""Random bytes of a link: 120 bits cannot be guessed, and the link fits into a message."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link; `is_newest` is False once a later link of the account has replaced it."""

    account_id: str
    kind: InvitationKind
    expires_at: datetime
    is_used: bool
    is_newest: bool


class Invitations(Repository):
    def make(self, account_id: str, kind: InvitationKind, by_account: str, stays: timedelta) -> str:
        """Create a link, expire all older ones, and return its secret, which is not stored."""
        now = self._transaction.machine_now
        key = dated(token(_BYTES), now + stays)
        self.end_of(account_id)
        row = InvitationRow(
            id=sha("invitation", key),
            account_id=account_id,
            kind=kind.value,
            by_account=by_account,
            created_at=now,
            expires_at=now + stays,
        )
        row.tag = self._tag(row)
        self._session.add(row)
        self._session.flush()
        return key

    def find(self, key: str) -> Invitation | None:
        """Return the link with this secret, with a row lock until this transaction ends.

        The secret says itself until when it is valid, so that no row makes a link live longer.
        """
        row = self._locked(InvitationRow, sha("invitation", key)) if "\n" not in key else None
        if row is None or row.tag != self._tag(row):
            return None
        newest = self._newest(row.account_id)
        found = _invitation(row, is_newest=newest is None or newest.id == row.id)
        now = self._transaction.machine_now
        return replace(found, expires_at=min(found.expires_at, now)) if is_over(key, now) else found

    def waiting(self) -> dict[str, datetime]:
        """Return account → until when its newest link can be used."""
        now = self._transaction.machine_now
        query = select(InvitationRow.account_id, InvitationRow.expires_at)
        query = query.where(col(InvitationRow.expires_at) > now)
        query = query.where(col(InvitationRow.used_at).is_(None)).order_by(col(InvitationRow.id))
        rows = readable_rows(self._transaction, query, "an invitation")
        return {row.account_id: row.expires_at for row in rows}

    def mark_used(self, key: str) -> None:
        row = self._session.get(InvitationRow, sha("invitation", key))
        assert row is not None, "found before"
        row.used_at = self._transaction.machine_now
        self._session.add(row)

    def end_of(self, account_id: str) -> None:
        """Expire all links of this account."""
        now = self._transaction.machine_now
        own = select(InvitationRow).where(col(InvitationRow.account_id) == account_id)
        for row in self._session.exec(own.where(col(InvitationRow.expires_at) > now)):
            row.expires_at = now
            self._session.add(row)

    def _tag(self, row: InvitationRow) -> str:
        return row_tag(self._vault, "invitation", row.model_dump())

    def _newest(self, account_id: str) -> InvitationRow | None:
        query = select(InvitationRow).where(col(InvitationRow.account_id) == account_id)
        query = query.order_by(
            col(InvitationRow.created_at).desc(), col(InvitationRow.expires_at).desc()
        )
        return self._session.exec(query.limit(1)).first()


def _invitation(row: InvitationRow, *, is_newest: bool) -> Invitation:
    return Invitation(
        account_id=row.account_id,
        kind=InvitationKind(row.kind),
        expires_at=row.expires_at,
        is_used=row.used_at is not None,
        is_newest=is_newest,
    )
