"""Officials' second factors: passkeys, authenticators, recovery codes and remembered browsers.

Timestamps are machine time. A code of the authenticator and a recovery code can be used once: a
single conditional UPDATE takes it, so of two concurrent attempts one succeeds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Delete
from sqlmodel import col, delete, func, or_, select, update

from publicmeeting.kit.hashing import sha_bytes
from publicmeeting.store.accounts.accounts import to_change
from publicmeeting.store.accounts.row_tags import app_mark, row_tag
from publicmeeting.store.database.repository import Repository, write_if_new
from publicmeeting.store.database.rows.doors import (
    PasskeyChallengeRow,
    PasskeyRow,
    RecoveryCodeRow,
    RememberedDeviceRow,
    TotpRow,
)

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

    def spend_challenge(self, challenge: bytes, visit: str, account_id: str | None) -> bool:
        """Note a challenge as signed; return whether it had not been.

        If two requests spend it at the same time, only one succeeds.
        """
        spent = {
            "id": sha_bytes(challenge),
            "visit": visit,
            "account_id": account_id,
            "expires_at": self._transaction.machine_now + CHALLENGE_STAYS,
        }
        return write_if_new(self._transaction, PasskeyChallengeRow, spent)

    def sweep(self) -> None:
        """Delete signed challenges that have expired."""
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


_SECRET = "totp.secret"  # noqa: S105  (the place of a sealed value)


@dataclass(frozen=True, slots=True)
class Totp:
    """An authenticator in use."""

    secret: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RememberedDevice:
    id: str
    name: str
    """Browser and system in two words; empty if unknown."""
    until: datetime


class SecondSteps(Repository):
    def totp(self, account_id: str, app: str | None = None) -> Totp | None:
        """Return the authenticator in use; with `app`, only the one with this `app_mark`."""
        row = self._session.get(TotpRow, account_id)
        if row is None or row.since is None or app not in {None, app_mark(row.secret)}:
            return None
        secret = self._vault.open(_SECRET, account_id, row.secret)
        return Totp(secret, row.since)

    def has_totp(self, account_id: str) -> bool:
        row = self._session.get(TotpRow, account_id)
        return row is not None and row.since is not None

    def put_totp(self, account_id: str, secret: str, counter: int) -> None:
        """Set the account's authenticator; `counter` is that of the code that confirmed it."""
        sealed = self._vault.seal(_SECRET, account_id, secret)
        app = app_mark(sealed)
        to_change(self._transaction, account_id, lambda was: replace(was, app=app))
        row = self._session.get(TotpRow, account_id)
        row = row or TotpRow(account_id=account_id, secret=sealed)
        row.secret, row.last_counter = sealed, counter
        row.since = self._transaction.machine_now
        self._session.add(row)
        self._session.flush()

    def take_counter(self, account_id: str, counter: int) -> bool:
        """Use up a code; False if it or a later one was used already."""
        taken = (
            update(TotpRow)
            .where(col(TotpRow.account_id) == account_id, col(TotpRow.last_counter) < counter)
            .values(last_counter=counter)
        )
        return self._session.exec(taken).rowcount == 1

    def put_recovery_codes(self, account_id: str, hashes: Iterable[str]) -> None:
        """Store a new set of codes; the old set becomes invalid."""
        self._session.exec(_codes_of(account_id))
        self._session.add_all(
            RecoveryCodeRow(id=hash_, account_id=account_id, tag=self._code_tag(account_id, hash_))
            for hash_ in hashes
        )
        self._session.flush()

    def use_recovery_code(self, account_id: str, code_hash: str) -> bool:
        """Use up a recovery code; False if it is unknown or used."""
        used = (
            update(RecoveryCodeRow)
            .where(
                col(RecoveryCodeRow.id) == code_hash,
                col(RecoveryCodeRow.account_id) == account_id,
                col(RecoveryCodeRow.tag) == self._code_tag(account_id, code_hash),
                col(RecoveryCodeRow.used_at).is_(None),
            )
            .values(used_at=self._transaction.machine_now)
        )
        return self._session.exec(used).rowcount == 1

    def _code_tag(self, account_id: str, code_hash: str) -> str:
        return row_tag(self._vault, "recovery_code", {"id": code_hash, "account_id": account_id})

    def recovery_codes_left(self, account_id: str) -> int:
        left = select(func.count()).where(
            col(RecoveryCodeRow.account_id) == account_id, col(RecoveryCodeRow.used_at).is_(None)
        )
        return self._session.exec(left).one()

    def drop_codes(self, account_id: str) -> None:
        """Delete the authenticator, its recovery codes and the remembered browsers."""
        to_change(self._transaction, account_id, lambda was: replace(was, app=""))
        self._session.exec(delete(TotpRow).where(col(TotpRow.account_id) == account_id))
        self._session.exec(_codes_of(account_id))
        self.forget_devices(account_id)

    def remember(self, mark: str, account_id: str, name: str, until: datetime) -> None:
        """Remember a browser: it needs no second step until then."""
        row = RememberedDeviceRow(id=mark, account_id=account_id, device=name, until=until)
        self._session.add(row)
        self._session.flush()

    def remembered(self, account_id: str) -> list[RememberedDevice]:
        """Return the browsers still remembered, newest first."""
        rows = self._session.exec(
            select(RememberedDeviceRow)
            .where(RememberedDeviceRow.account_id == account_id)
            .where(col(RememberedDeviceRow.until) > self._transaction.machine_now)
            .order_by(col(RememberedDeviceRow.until).desc(), col(RememberedDeviceRow.id))
        )
        return [RememberedDevice(row.id, row.device, row.until) for row in rows]

    def forget(self, account_id: str, mark: str) -> bool:
        """Forget a browser; return whether the account had it."""
        gone = delete(RememberedDeviceRow).where(
            col(RememberedDeviceRow.id) == mark, col(RememberedDeviceRow.account_id) == account_id
        )
        return self._session.exec(gone).rowcount > 0

    def forget_devices(self, account_id: str) -> None:
        self._session.exec(
            delete(RememberedDeviceRow).where(col(RememberedDeviceRow.account_id) == account_id)
        )

    def sweep(self) -> None:
        old = col(RememberedDeviceRow.until) < self._transaction.machine_now
        self._session.exec(delete(RememberedDeviceRow).where(old))


def _codes_of(account_id: str) -> Delete:
    return delete(RecoveryCodeRow).where(col(RecoveryCodeRow.account_id) == account_id)
