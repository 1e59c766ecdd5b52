"""Append log entries that may be in the log already, because a restore has lost their rows."""

from collections.abc import Collection, Mapping
from datetime import datetime

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import BODIES, Attestation, Kind
from publicmeeting.turns.log import Entry

IN_LOG_ALONE = "in-log-alone"
"""Fact: numbers of log entries for which a restored database has no row (`worker/recovery.py`)."""
_PRESSED = {kind for kind, form in BODIES.items() if Attestation.OFFICER in form.attested}
_SAME = ("ticket", "draw", "time", "why", "verdict", "lane", "reason")
"""Keys by which two entries are about the same step; officer and time may differ."""


def append_or_take(uow: UnitOfWork, kind: Kind, body: dict[str, object], now: datetime) -> Entry:
    """Append an official's entry, or adopt the existing entry of the same step that has no row.

    After a restore the offices repeat what they did in the lost hours. A second entry for the same
    step would permanently show as a fault of the city.
    """
    if kind in _PRESSED and uow.facts.get(IN_LOG_ALONE):
        uow.log.lock()  # another office may search for its own entry
        alone = _alone(uow)
        for entry in uow.log.several(alone):
            if entry.kind is kind and all(entry.body.get(key) == body.get(key) for key in _SAME):
                alone.remove(entry.seq)
                uow.facts.put(IN_LOG_ALONE, " ".join(map(str, alone)))
                uow.log.adopted.append(entry)
                return entry
    return uow.log.append(kind, body, now)


def is_alone(uow: UnitOfWork, kind: Kind, draw: str) -> bool:
    """Whether the entry of this kind about a draw has no row since a restore."""
    found = uow.log.several(_alone(uow))
    return any(entry.kind is kind and entry.body.get("draw") == draw for entry in found)


def _alone(uow: UnitOfWork) -> list[int]:
    return list(map(int, (uow.facts.get(IN_LOG_ALONE) or "").split()))


def is_any_alone(uow: UnitOfWork, entries: Collection[int]) -> bool:
    """Whether one of these entries has no row since a restore."""
    return not set(entries).isdisjoint(_alone(uow))


def note_alone(uow: UnitOfWork, number: int) -> None:
    """Record that the work behind this log entry could not be done again."""
    uow.facts.put(IN_LOG_ALONE, f"{uow.facts.get(IN_LOG_ALONE) or ''} {number}".strip())


def logged_already(uow: UnitOfWork, kind: Kind, body: dict[str, object]) -> Entry | None:
    """Return the one entry of this kind about its draw or Monday, if the log has it.

    Its mark is then gone, or was never written.

    Without it, whoever deletes a mark of the clock would have the clock write an entry twice, or
    stop at it.
    """
    seq = uow.line_book.once(kind, _about(body))
    return uow.log.entry(seq) if seq else None


def append_once(uow: UnitOfWork, kind: Kind, body: dict[str, object], now: datetime) -> Entry:
    """Append the one entry of this kind about its draw or Monday.

    Raises RuntimeError if the log already has it although no row does. That is so after a restore
    whose entries could not be repeated (`worker/recovery.py`). A second entry would be a permanent
    fault of the city.
    """
    about = _about(body)
    if uow.line_book.once(kind, about):
        msg = f"{kind.value} of {about} is in the log already, and in no row"
        raise RuntimeError(msg)
    return uow.log.append(kind, body, now)


def _about(body: Mapping[str, object]) -> str:
    return str(body.get("draw") or body["monday"])
