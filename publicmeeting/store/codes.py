"""One-time codes and rate limits; machine time, hashes only."""

import hmac
from datetime import timedelta

from sqlmodel import col, delete, select

from publicmeeting.domain.errors import Denied
from publicmeeting.store.door import Door, new_id
from publicmeeting.store.rows.people import CodeRow, RateRow

STAYS = timedelta(minutes=2)
TRIES = 5
LONGEST_WINDOW = timedelta(days=1)
"""No limit looks further back."""


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

    def allow(self, key: str, limit: int, window: timedelta) -> None:
        """Count one try; `Denied("too_many_requests", minutes=…)` above the limit in the window."""
        mark = self._vault.lookup("rate", key)
        row = self._locked(RateRow, mark)
        if row is None:  # for a row that is not there yet nobody would wait
            self._work.hold(f"rate/{mark}")
            row = self._locked(RateRow, mark)
        now = self._work.machine_now
        if row is None or now - row.since >= window:
            row = row or RateRow(key=mark, since=now, count=0)
            row.since, row.count = now, 0
        if row.count >= limit:
            left = row.since + window - now
            raise Denied("too_many_requests", minutes=max(1, -(-int(left.total_seconds()) // 60)))
        row.count += 1
        self._session.add(row)

    def sweep(self) -> None:
        """Forget codes and counts that can matter no more."""
        now = self._work.machine_now
        self._session.exec(delete(CodeRow).where(col(CodeRow.expires_at) < now - STAYS))
        self._session.exec(delete(RateRow).where(col(RateRow.since) < now - LONGEST_WINDOW))
