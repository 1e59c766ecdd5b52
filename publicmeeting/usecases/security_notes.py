"""Notes a security event: any use case may, and the application does of what it refuses.

Who is named by user name (officials), by a keyed mark (mobiles and citizens) or by the system's
user (commands). What was typed, passwords, codes and national codes are in none of them; an unknown
user name is not either, for people type passwords into its field.
"""

from datetime import datetime, timedelta

from publicmeeting.domain.roles import Actor
from publicmeeting.domain.security import SecurityKind
from publicmeeting.store.database.transaction import Note
from publicmeeting.store.unit_of_work import UnitOfWork

_MARK = 8


def note(uow: UnitOfWork, kind: SecurityKind, who: str, what: str = "") -> None:
    """Note an event; it is written when this transaction ends, also when it is refused."""
    uow.notes.append(Note(kind, who, what))


def account_name(username: str) -> str:
    return f"account:{username}"


def mobile_mark(uow: UnitOfWork, mobile: str) -> str:
    """The same mobile has the same mark, and nobody reads a number out of it."""
    return f"mobile:{uow.vault.lookup('mobile', mobile)[:_MARK]}"


def name_of(uow: UnitOfWork, actor: Actor) -> str:
    """Who an actor is, as an event stores it; empty for nobody."""
    if actor.account_id:
        account = uow.accounts.get(actor.account_id)
        return account_name(account.username) if account else ""
    return f"person:{actor.person_id[:_MARK]}" if actor.person_id else ""


def write_notes(uow: UnitOfWork, notes: list[Note], actor: Actor, times: int = 1) -> None:
    """Write the notes of a finished transaction, with the address and device it came from."""
    device = uow.origin.device.partition(".")[0][:_MARK] or actor.visit[:_MARK]
    for one in notes:
        who = one.who or name_of(uow, actor)
        uow.security.record(
            one.kind, who, one.what, address=uow.origin.address, device=device, times=times
        )


class Repeats:
    """Keeps one process from writing the same refusal again and again: within ten seconds it is
    counted, and written with the next one."""

    _PAUSE = timedelta(seconds=10)
    _MOST = 1000

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], tuple[datetime, int]] = {}

    def due(self, key: tuple[str, ...], now: datetime) -> int:
        """How many of it are to be written now; 0 while the last writing is recent."""
        if len(self._seen) > self._MOST:
            self._seen.clear()
        at, skipped = self._seen.get(key, (None, 0))
        if at is not None and now - at < self._PAUSE:
            self._seen[key] = (at, skipped + 1)
            return 0
        self._seen[key] = (now, 0)
        return skipped + 1
