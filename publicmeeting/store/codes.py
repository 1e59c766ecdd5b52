"""One-time codes; machine time, hashes only."""

import hmac
from datetime import timedelta

from sqlmodel import col, delete, select

from publicmeeting.store.door import Door, new_id
from publicmeeting.store.rows.people import CodeRow

STAYS = timedelta(minutes=2)
TRIES = 5


class Codes(Door):
    def issue(self, mobile: str, visit: str, code: str) -> None:
        """Remember a code that is about to be sent to a mobile."""
        key = new_id()
        self._session.add(
            CodeRow(
                id=key,
                mobile_hash=self._vault.lookup("mobile", mobile),
                visit=visit,
                code_hash=self._vault.lookup(f"code/{key}", code),
                created_at=self._work.machine_now,
                expires_at=self._work.machine_now + STAYS,
            )
        )

    def check(self, mobile: str, visit: str, code: str) -> str | None:
        """None if the newest code for this mobile and visit was typed; else the refusal's word.

        The word is returned, not raised: the counted try must be committed.
        """
        newest = self._session.exec(
            select(CodeRow.id)
            .where(CodeRow.mobile_hash == self._vault.lookup("mobile", mobile))
            .where(CodeRow.visit == visit)
            .order_by(col(CodeRow.created_at).desc())
        ).first()
        row = self._locked(CodeRow, newest) if newest else None  # tries at once are all counted
        if row is None or row.used or row.expires_at <= self._work.machine_now:
            return "code_expired"
        if row.tries >= TRIES:
            return "code_tries"
        row.tries += 1
        self._session.add(row)
        if hmac.compare_digest(row.code_hash, self._vault.lookup(f"code/{row.id}", code)):
            row.used = True
            return None
        return "code_tries" if row.tries >= TRIES else "code_wrong"

    def sweep(self) -> None:
        """Forget codes that can be typed no more."""
        old = self._work.machine_now - STAYS
        self._session.exec(delete(CodeRow).where(col(CodeRow.expires_at) < old))
