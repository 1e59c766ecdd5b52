"""Officials' passkeys, and the challenges that they sign; machine time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col, delete, or_, select, update

from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.store.accounts.accounts import to_change
from publicmeeting.store.accounts.row_tags import row_tag
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.doors import PasskeyChallengeRow, PasskeyRow

CHALLENGE_STAYS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential; `id` and `public_key` (COSE) are base64url."""

    id: str
    account_id: str
    public_key: str
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


class Passkeys(Repository):
    def add(self, passkey: Passkey) -> None:
        """Add a passkey; an existing id is refused as `version_conflict`."""
        row = PasskeyRow(
            id=passkey.id,
            account_id=passkey.account_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            name=passkey.name,
            created_at=passkey.created_at,
        )
        row.tag = self._tag(row)
        self._has_any(passkey.account_id, is_so=True)
        self._session.add(row)
        self._session.flush()

    def get(self, passkey_id: str) -> Passkey | None:
        """Return the passkey; None if this program did not add the row."""
        row = self._session.get(PasskeyRow, passkey_id)
        return _passkey(row) if row and row.tag == self._tag(row) else None

    def _tag(self, row: PasskeyRow) -> str:
        return row_tag(self._vault, "passkey", row.model_dump())

    def of(self, account_id: str) -> list[Passkey]:
        """Return an account's passkeys in order of creation.

        Forged rows are included, so that the owner sees them.
        """
        rows = self._session.exec(
            select(PasskeyRow)
            .where(PasskeyRow.account_id == account_id)
            .order_by(col(PasskeyRow.created_at), col(PasskeyRow.id))
        )
        return [_passkey(row) for row in rows]

    def use(self, passkey_id: str, count: int) -> bool:
        """Record a signature; return False if its counter has not grown.

        Two devices may then hold the key. Authenticators without a counter always send 0.
        """
        grown = or_(col(PasskeyRow.sign_count) < count, col(PasskeyRow.sign_count) + count == 0)
        used = (
            update(PasskeyRow)
            .where(col(PasskeyRow.id) == passkey_id, grown)
            .values(sign_count=count, used_at=self._transaction.machine_now)
        )
        return self._session.exec(used).rowcount == 1

    def remove(self, account_id: str, passkey_id: str) -> bool:
        """Remove a passkey; return whether the account had it."""
        others = any(key.id != passkey_id for key in self.of(account_id))
        self._has_any(account_id, is_so=others)
        gone = delete(PasskeyRow).where(
            col(PasskeyRow.id) == passkey_id, col(PasskeyRow.account_id) == account_id
        )
        return self._session.exec(gone).rowcount == 1

    def remove_all(self, account_id: str) -> None:
        self._has_any(account_id, is_so=False)
        self._session.exec(delete(PasskeyRow).where(col(PasskeyRow.account_id) == account_id))

    def _has_any(self, account_id: str, *, is_so: bool) -> None:
        to_change(self._transaction, account_id, lambda was: replace(was, has_passkey=is_so))

    def put_challenge(self, challenge: bytes, visit: str, account_id: str | None) -> None:
        """Store a challenge that this visit may answer once.

        It is for a new passkey of `account_id` or, without one, for signing in.
        """
        self._session.add(
            PasskeyChallengeRow(
                id=sha_bytes(challenge),
                visit=visit,
                account_id=account_id,
                expires_at=self._transaction.machine_now + CHALLENGE_STAYS,
            )
        )

    def take_challenge(self, challenge: bytes, visit: str, account_id: str | None) -> bool:
        """Delete a challenge; return whether it was valid for exactly this use.

        If two requests take it at the same time, only one succeeds.
        """
        row = PasskeyChallengeRow
        taken = delete(row).where(
            col(row.id) == sha_bytes(challenge),
            col(row.visit) == visit,
            col(row.account_id) == account_id if account_id else col(row.account_id).is_(None),
            col(row.expires_at) > self._transaction.machine_now,
        )
        return self._session.exec(taken).rowcount == 1

    def sweep(self) -> None:
        """Delete expired challenges."""
        old = col(PasskeyChallengeRow.expires_at) < self._transaction.machine_now
        self._session.exec(delete(PasskeyChallengeRow).where(old))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=row.id,
        account_id=row.account_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        name=row.name,
        created_at=row.created_at,
        used_at=row.used_at,
    )
