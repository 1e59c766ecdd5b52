"""Security events, noted by any use case and by the application for what it refuses.

An event names an official by user name, a mobile or citizen by a keyed hash, and a command by the
system's user. It never holds typed input, passwords, codes or national codes. It does not hold an
unknown user name either, because people type passwords into that field.
"""

import logging
from datetime import datetime, timedelta

from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import Actor
from publicmeeting.kit.process.figures import FAULTS
from publicmeeting.store.database.transaction import Note
from publicmeeting.store.unit_of_work import UnitOfWork

_MARK = 8
_log = logging.getLogger(__name__)


def note(uow: UnitOfWork, kind: SecurityKind, who: str, what: str = "") -> None:
    """Note an event; it is written when the transaction ends, even if the use case is refused."""
    uow.notes.append(Note(kind, who, what))


def report_judge(uow: UnitOfWork, ask_id: str) -> None:
    """Report a judge or an answer that was written past this program, in the clock's work.

    Unlike `note`, this writes with the transaction: no refusal follows.
    """
    what = f"question {ask_id}"
    uow.security.record(SecurityKind.JUDGE_REFUSED, "clock:", what, address="", device="")
    FAULTS.labels("case").inc()
    _log.error("not counted, since this program has not written it: a judge of %s", what)


def account_name(username: str) -> str:
    return f"account:{username}"


def mobile_mark(uow: UnitOfWork, mobile: str) -> str:
    """Return a keyed hash of a mobile: equal for equal mobiles, and it does not reveal them."""
    return f"mobile:{uow.vault.lookup('mobile', mobile)[:_MARK]}"


def name_of(uow: UnitOfWork, actor: Actor) -> str:
    """Return the actor's name as an event stores it; empty without account and person."""
    if actor.account_id:
        account = uow.accounts.get(actor.account_id)
        return account_name(account.username) if account else ""
    return f"person:{actor.person_id[:_MARK]}" if actor.person_id else ""


def write_notes(uow: UnitOfWork, notes: list[Note], actor: Actor, times: int = 1) -> None:
    """Write the notes of a finished transaction with the address and device of its origin."""
    device = uow.origin.device.partition(".")[0][:_MARK] or actor.visit[:_MARK]
    for noted in notes:
        who = noted.who or name_of(uow, actor)
        uow.security.record(
            noted.kind, who, noted.what, address=uow.origin.address, device=device, times=times
        )


class Repeats:
    """Limits how often one process writes the same refusal.

    Repeats within ten seconds are counted and written with the next event.
    """

    _PAUSE = timedelta(seconds=10)
    _MOST = 1000

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], tuple[datetime, int]] = {}

    def due(self, key: tuple[str, ...], now: datetime) -> int:
        """Return how many occurrences to write now; 0 while the last write is recent."""
        if len(self._seen) > self._MOST:
            self._seen.clear()
        at, skipped = self._seen.get(key, (None, 0))
        if at is not None and now - at < self._PAUSE:
            self._seen[key] = (at, skipped + 1)
            return 0
        self._seen[key] = (now, 0)
        return skipped + 1
