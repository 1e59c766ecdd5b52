"""Entries of the public log without a row, after a restore: their officials press once more."""

from datetime import datetime

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import BODIES, Attestation, Kind
from publicmeeting.turns.log import Entry

IN_LOG_ALONE = "in-log-alone"
"""Fact: numbers of the entries that a restored database has no row for (`worker.recovery`)."""
_PRESSED = {kind for kind, form in BODIES.items() if Attestation.OFFICER in form.attested}
_SAME = ("ticket", "draw", "time", "why", "verdict", "lane", "reason")
"""Keys in which an entry is about the same; who pressed, and when, may differ."""


def append_or_take(uow: UnitOfWork, kind: Kind, body: dict[str, object], now: datetime) -> Entry:
    """Append what an official has pressed, or take the entry that stands in the log alone for it.

    After a restore the offices press again what they had pressed in the lost hours; a second entry
    of it would accuse the city for ever.
    """
    if kind in _PRESSED and uow.facts.get(IN_LOG_ALONE):
        uow.log.lock()  # another office looks for its own
        alone = (uow.facts.get(IN_LOG_ALONE) or "").split()
        # By the index: hundreds may stand alone for years, and each press looks here.
        for number in _about_the_same(uow, kind, body):
            entry = uow.log.entry(number) if str(number) in alone else None
            if entry and all(entry.body.get(key) == body.get(key) for key in _SAME):
                alone.remove(str(number))
                uow.facts.put(IN_LOG_ALONE, " ".join(alone))
                return entry
    return uow.log.append(kind, body, now)


def _about_the_same(uow: UnitOfWork, kind: Kind, body: dict[str, object]) -> list[int]:
    if "ticket" in body:
        return uow.log_index.of_ticket(str(body["ticket"]), kind)
    return uow.log_index.of_subject(str(body["draw"]), kind)


def note_alone(uow: UnitOfWork, number: int) -> None:
    """The work that made this entry could not be done again."""
    uow.facts.put(IN_LOG_ALONE, f"{uow.facts.get(IN_LOG_ALONE) or ''} {number}".strip())
