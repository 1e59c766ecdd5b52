"""Single sign-ons that have been begun; machine time. Each answer finds its row once, or never."""

from datetime import timedelta

from sqlmodel import col, delete

from publicmeeting.kit.hashing import sha
from publicmeeting.store.database.repository import Repository
from publicmeeting.store.database.rows.doors import SsoAttemptRow

STAYS = timedelta(minutes=10)
"""As long as somebody takes to find her password at the provider."""
_PLACE = "sso_attempt.secrets"


class SignOns(Repository):
    def begin(self, state: str, provider: str, visit: str, secrets: str, onward: str) -> None:
        """Remember a sign-on under the hash of its state; `secrets` are sealed."""
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
        """`secrets` and `onward` of a sign-on that this visit has begun at this provider, which is
        thereby over: of two answers at once one gets them. None for any other."""
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
        """Forget sign-ons whose answer would come too late."""
        late = col(SsoAttemptRow.expires_at) < self._transaction.machine_now
        self._session.exec(delete(SsoAttemptRow).where(late))
