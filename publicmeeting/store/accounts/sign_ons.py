"""Pending single sign-ons; machine time. Each answer finds its row at most once."""

from datetime import timedelta

from sqlmodel import col, delete

from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.doors import SsoAttemptRow

STAYS = timedelta(minutes=10)
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
                expires_at=self._transaction.machine_now + STAYS,
            )
        )

    def take(self, state: str, provider: str, visit: str) -> tuple[str, str] | None:
        """Delete and return (`secrets`, `onward`) of a sign-on of this visit at this provider.

        Of two concurrent answers only one gets it. None if there is no such sign-on.
        """
        if not state or not visit or "\n" in state:
            return None
        key = sha("sso", state)
        hers = (
            delete(SsoAttemptRow)
            .where(col(SsoAttemptRow.id) == key)
            .where(col(SsoAttemptRow.provider) == provider)
            .where(col(SsoAttemptRow.visit) == visit)
            .where(col(SsoAttemptRow.expires_at) > self._transaction.machine_now)
            .returning(col(SsoAttemptRow.secrets), col(SsoAttemptRow.onward))
        )
        row = self._session.execute(hers).first()
        return (self._vault.open(_PLACE, key, row[0]), row[1]) if row else None

    def sweep(self) -> None:
        """Delete expired sign-ons."""
        late = col(SsoAttemptRow.expires_at) < self._transaction.machine_now
        self._session.exec(delete(SsoAttemptRow).where(late))
