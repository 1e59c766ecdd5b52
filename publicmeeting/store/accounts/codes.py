"""One-time codes; machine time, hashes only."""

import hmac
from datetime import timedelta

from sqlmodel import col, delete, select

from publicmeeting.store.database.repository import Repository, new_id
from publicmeeting.store.database.rows.people import CodeRow

STAYS = timedelta(minutes=2)
READ_OUT_STAYS = timedelta(minutes=5)
"""Of a code that is read out on the telephone: she has to look for it while she speaks."""
TRIES = 5


class Codes(Repository):
    def issue(self, mobile: str, visit: str, code: str, stays: timedelta = STAYS) -> str:
        """Remember a code that is about to be sent to a mobile; returns its id.

        `visit` is whoever may type it: a browser's visit, or an officer at his (`read_out_codes`).
        """
        key = new_id()
        self._session.add(
            CodeRow(
                id=key,
                mobile_hash=self._vault.lookup("mobile", mobile),
                visit=visit,
                code_hash=self._hash(key, mobile, visit, code),
                created_at=self._transaction.machine_now,
                expires_at=self._transaction.machine_now + stays,
            )
        )
        return key

    def drop(self, key: str) -> None:
        """Forget a code that never left."""
        self._session.exec(delete(CodeRow).where(col(CodeRow.id) == key))

    def check(self, mobile: str, visit: str, code: str) -> str | None:
        """None if the newest code for this mobile and visit was typed; else the refusal's word.

        The one before it is as good while it lasts: a gateway that answers late may deliver it
        after she has asked again. Tries of both are counted together.
        The word is returned, not raised: the counted try must be committed.
        """
        ids = self._session.exec(
            select(CodeRow.id)
            .where(CodeRow.mobile_hash == self._vault.lookup("mobile", mobile))
            .where(CodeRow.visit == visit)
            .order_by(col(CodeRow.created_at).desc())
            .limit(2)
        ).all()
        rows = [self._locked(CodeRow, key) for key in ids]  # tries at once are all counted
        live = [row for row in rows if row and self._is_live(row)]
        if not live or live[0].id != ids[0]:
            return "code_expired"
        newest = live[0]
        if newest.tries >= TRIES:
            return "code_tries"
        newest.tries += 1
        self._session.add(newest)
        may_open = [newest, *(row for row in live[1:] if row.tries < TRIES)]
        hers = [self._hash(row.id, mobile, visit, code) for row in may_open]
        if any(map(hmac.compare_digest, hers, (row.code_hash for row in may_open))):
            for row in live:
                row.used = True
                self._session.add(row)
            return None
        return "code_tries" if newest.tries >= TRIES else "code_wrong"

    def is_awaited(self, mobile: str, visit: str) -> bool:
        """Whether a code of this visit for this mobile can still be typed."""
        newest = self._session.exec(
            select(CodeRow)
            .where(CodeRow.mobile_hash == self._vault.lookup("mobile", mobile))
            .where(CodeRow.visit == visit)
            .order_by(col(CodeRow.created_at).desc())
            .limit(1)
        ).first()
        return newest is not None and self._is_live(newest) and newest.tries < TRIES

    def _is_live(self, row: CodeRow) -> bool:
        return not row.used and row.expires_at > self._transaction.machine_now

    def _hash(self, key: str, mobile: str, visit: str, code: str) -> str:
        """Of whom it was sent to as well: a row that is led to another mobile opens nothing."""
        return self._vault.lookup(f"code/{key}", f"{mobile}\n{visit}\n{code}")

    def sweep(self) -> None:
        """Forget codes that can be typed no more."""
        now = self._transaction.machine_now
        ended = (col(CodeRow.expires_at) < now - STAYS) | (col(CodeRow.created_at) > now + STAYS)
        self._session.exec(delete(CodeRow).where(ended))  # of a clock that was ahead: never typed
