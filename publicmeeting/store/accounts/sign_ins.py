"""What a sign-in waits for: one-time codes, stored as hashes, and pending single sign-ons.

Timestamps are machine time. Each answer of a provider finds its row at most once.
"""

import hmac
from datetime import timedelta

from sqlmodel import col, delete, select

from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts.row_tags import dated, is_over
from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.doors import SsoAttemptRow
from publicmeeting.store.database.rows.people import CodeRow

CODE_STAYS = timedelta(minutes=2)
READ_OUT_STAYS = timedelta(minutes=5)
"""Validity of a code that she reads out on the phone: she must look it up during the call."""
TRIES = 5


class Codes(Repository):
    def issue(self, mobile: str, visit: str, code: str, stays: timedelta = CODE_STAYS) -> str:
        """Store a code that is about to be sent to a mobile; return its id.

        `visit` identifies who may enter it: a browser's visit, or an officer (`read_out_codes`).
        """
        until = self._transaction.machine_now + stays
        key = dated(new_id(), until)
        self._session.add(
            CodeRow(
                id=key,
                mobile_hash=self._vault.lookup("mobile", mobile),
                visit=visit,
                code_hash=self._hash(key, mobile, visit, code),
                created_at=self._transaction.machine_now,
                expires_at=until,
            )
        )
        return key

    def drop(self, key: str) -> None:
        """Delete a code that was never sent."""
        self._session.exec(delete(CodeRow).where(col(CodeRow.id) == key))

    def check(self, mobile: str, visit: str, code: str) -> str | None:
        """Return None if a valid code for this mobile and visit was typed, else the refusal's key.

        The newest code and the one before it are valid, because a slow gateway may deliver the
        older one after she has asked again. Attempts are counted for both together. The key is
        returned, not raised, because the counted attempt must be committed.
        """
        ids = self._session.exec(
            select(CodeRow.id)
            .where(CodeRow.mobile_hash == self._vault.lookup("mobile", mobile))
            .where(CodeRow.visit == visit)
            .order_by(col(CodeRow.created_at).desc())
            .limit(2)
        ).all()
        rows = [self._locked(CodeRow, key) for key in ids]  # count parallel attempts
        live = [row for row in rows if row and self._is_live(row)]
        if not live or live[0].id != ids[0]:
            return "code_expired"
        newest = live[0]
        if newest.tries >= TRIES:
            return "code_tries"
        newest.tries += 1
        self._session.add(newest)
        may_open = [newest, *(row for row in live[1:] if row.tries < TRIES)]
        hashes = [self._hash(row.id, mobile, visit, code) for row in may_open]
        if any(map(hmac.compare_digest, hashes, (row.code_hash for row in may_open))):
            for row in live:
                row.used = True
                self._session.add(row)
            return None
        return "code_tries" if newest.tries >= TRIES else "code_wrong"

    def is_awaited(self, mobile: str, visit: str) -> bool:
        """Whether a code for this mobile and visit can still be entered."""
        newest = self._session.exec(
            select(CodeRow)
            .where(CodeRow.mobile_hash == self._vault.lookup("mobile", mobile))
            .where(CodeRow.visit == visit)
            .order_by(col(CodeRow.created_at).desc())
            .limit(1)
        ).first()
        return newest is not None and self._is_live(newest) and newest.tries < TRIES

    def _is_live(self, row: CodeRow) -> bool:
        now = self._transaction.machine_now
        return not row.used and row.expires_at > now and not is_over(row.id, now)

    def _hash(self, key: str, mobile: str, visit: str, code: str) -> str:
        """Return the hash of a code, of its recipient and of when it ends.

        So a row that is changed to another mobile, or to live longer, opens nothing.
        """
        return self._vault.lookup(f"code/{key}", f"{mobile}\n{visit}\n{code}")

    def sweep(self) -> None:
        """Delete codes that can no longer be entered."""
        now = self._transaction.machine_now
        ended = (col(CodeRow.expires_at) < now - CODE_STAYS) | (
            col(CodeRow.created_at) > now + CODE_STAYS
        )
        self._session.exec(delete(CodeRow).where(ended))  # of a clock that ran ahead


SIGN_ON_STAYS = timedelta(minutes=10)
"""Time to enter the password at the provider."""
_PLACE = "sso_attempt.secrets"


class SignOns(Repository):
    def begin(self, state: str, provider: str, visit: str, secrets: str, onward: str) -> None:
        """Store a sign-on under the hash of its state; `secrets` are sealed."""
        key = sha("sso", state)
        self._session.add(
            SsoAttemptRow(
                id=key,
                provider=provider,
                visit=visit,
                secrets=self._vault.seal(_PLACE, key, secrets),
                onward=onward,
                expires_at=self._transaction.machine_now + SIGN_ON_STAYS,
            )
        )

    def take(self, state: str, provider: str, visit: str) -> tuple[str, str] | None:
        """Delete and return (`secrets`, `onward`) of a sign-on of this visit at this provider.

        Of two concurrent answers only one gets it. None if there is no such sign-on.
        """
        if not state or not visit or "\n" in state:
            return None
        key = sha("sso", state)
        attempt = (
            delete(SsoAttemptRow)
            .where(col(SsoAttemptRow.id) == key)
            .where(col(SsoAttemptRow.provider) == provider)
            .where(col(SsoAttemptRow.visit) == visit)
            .where(col(SsoAttemptRow.expires_at) > self._transaction.machine_now)
            .returning(col(SsoAttemptRow.secrets), col(SsoAttemptRow.onward))
        )
        row = self._session.execute(attempt).first()
        return (self._vault.open(_PLACE, key, row[0]), row[1]) if row else None

    def sweep(self) -> None:
        """Delete expired sign-ons."""
        late = col(SsoAttemptRow.expires_at) < self._transaction.machine_now
        self._session.exec(delete(SsoAttemptRow).where(late))
