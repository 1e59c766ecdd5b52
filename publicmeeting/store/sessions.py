"""Sign-ins: server-side rows named by the hash of an HttpOnly cookie; machine time."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, delete

from publicmeeting.domain.roles import NOBODY, Actor, Grant, Role
from publicmeeting.kit.codes import token
from publicmeeting.kit.hashing import sha
from publicmeeting.store.accounts import Account
from publicmeeting.store.door import Door
from publicmeeting.store.rows.people import SessionRow

CITIZEN_STAYS = timedelta(days=30)
STAFF_STAYS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Keys:
    """The cookies a browser brings, as sent, user input until looked up; and where it is."""

    session: str = ""
    visit: str = ""
    device: str = ""
    """By which accounts and mobiles know this browser again (`usecases/devices.py`)."""
    address: str = ""
    """The subscriber's network address (`kit/addresses.py`); empty for commands and the clock."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a work comes from, for rate limits and security events."""

    address: str = ""
    device: str = ""


class Sessions(Door):
    _asked: SessionRow | None = None
    """The row behind the cookie: who holds on to it need not read it again in this work."""

    def actor(self, keys: Keys) -> Actor:
        """Who this is, afresh for every wish; nobody for a missing, unknown or ended session."""
        self._work.origin = Origin(keys.address, keys.device)
        visit = sha("visit", keys.visit) if keys.visit and "\n" not in keys.visit else ""
        row = self._asked = self._row(keys.session)
        if row is None:
            return Actor(visit=visit)
        if row.account_id:
            account = self._work.accounts.get(row.account_id)
            if account is None or not account.active:
                return Actor(visit=visit)
            return Actor(
                account_id=account.id,
                name=account.name,
                grants=account.grants,
                visit=visit,
                session_id=row.id,
            )
        grants = (Grant(Role.CITIZEN),) if row.person_id else ()
        return Actor(person_id=row.person_id, grants=grants, visit=visit, session_id=row.id)

    def open_for_mobile(self, mobile: str) -> str:
        """Start a citizen's session for a mobile whose code was right; gives the cookie."""
        key = token()
        row = SessionRow(
            id=sha("session", key),
            mobile_hash=self._vault.lookup("mobile", mobile),
            mobile=self._vault.seal("session.mobile", sha("session", key), mobile),
            created_at=self._work.machine_now,
            expires_at=self._work.machine_now + CITIZEN_STAYS,
        )
        persons = self._work.people.served_by(row.mobile_hash or "")
        if len(persons) == 1:
            row.person_id = persons[0].id
        self._session.add(row)
        return key

    def open_for_account(self, account: Account) -> str:
        key = token()
        self._session.add(
            SessionRow(
                id=sha("session", key),
                account_id=account.id,
                created_at=self._work.machine_now,
                expires_at=self._work.machine_now + STAFF_STAYS,
            )
        )
        return key

    def mobile(self, actor: Actor) -> str | None:
        """The confirmed mobile of this session, as E.164."""
        row = self._session.get(SessionRow, actor.session_id or "")
        if row is None or row.mobile is None:
            return None
        return self._vault.open("session.mobile", row.id, row.mobile)

    def speak_for(self, actor: Actor, person_id: str | None) -> None:
        """The session's mobile serves this person: from now on she acts (None: nobody yet)."""
        row = self._session.get(SessionRow, actor.session_id or "")
        if row is not None:
            row.person_id = person_id
            self._session.add(row)

    def end(self, key: str) -> None:
        self._session.exec(delete(SessionRow).where(col(SessionRow.id) == sha("session", key)))

    def end_everywhere(self, actor: Actor) -> int:
        """Sign out on every device; gives how many sessions ended."""
        if actor.account_id:
            who = col(SessionRow.account_id) == actor.account_id
        elif actor.person_id:
            person = self._work.people.get(actor.person_id)
            mark = self._vault.lookup("mobile", person.mobile) if person.mobile else ""
            who = (col(SessionRow.person_id) == actor.person_id) | (
                col(SessionRow.mobile_hash) == (mark or "-")
            )
        else:
            who = col(SessionRow.id) == (actor.session_id or "")
        return self._session.exec(delete(SessionRow).where(who)).rowcount

    def sweep(self) -> int:
        gone = delete(SessionRow).where(col(SessionRow.expires_at) < self._work.machine_now)
        return self._session.exec(gone).rowcount

    def _row(self, key: str) -> SessionRow | None:
        if not key or "\n" in key:
            return None
        row = self._session.get(SessionRow, sha("session", key))
        if row is None or row.expires_at <= self._work.machine_now:
            return None
        return row


__all__ = ["NOBODY", "Keys", "Origin", "Sessions"]
