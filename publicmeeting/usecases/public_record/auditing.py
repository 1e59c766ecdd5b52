"""The clock reads the whole public log before each list is fixed, and says in it what it found.

What it found is published under the hash that the entry names (docs/turns.md 6).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import iso
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.turns.machine.breaks import Found

BEFORE_FREEZE = timedelta(hours=1)

_AT_ONCE = 1000


def audit_mark(monday: date) -> str:
    return f"audit/{iso(monday)}"


def is_audited(uow: UnitOfWork, monday: date) -> bool:
    """Whether the log was read before this Monday's lists."""
    return uow.clockwork.done_at(audit_mark(monday)) is not None


def audit_before(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Read the log from its first entry, and log how many faults it has; notes are not counted."""
    if not is_audited(uow, monday):
        _log_audit(uow, monday, audited(uow), _histories(uow), now)


def read_ahead(monday: date, uow: UnitOfWork) -> Callable[[UnitOfWork, datetime], None]:
    """The same in two transactions: this one only reads, however long the log is, and what it gives
    reads the few entries that have come since, and writes. Nobody who writes waits for a year."""
    auditor, histories = _read_first(uow), _histories(uow)

    def go_on(uow: UnitOfWork, now: datetime) -> None:
        if not is_audited(uow, monday):
            _log_audit(uow, monday, _finished(uow, auditor), histories, now)

    return go_on


Histories: TypeAlias = Mapping[str, Mapping[str, object]]
"""By table of events, `until` which number and the `sha256` of all rows up to it."""


def _histories(uow: UnitOfWork) -> Histories:
    settled = uow.histories.settled(uow.machine_now + uow.clockwork.offset())
    return {
        table: {"until": until, "sha256": uow.histories.hashes(table, (until,))[until]}
        for table, until in settled.items()
    }


def _log_audit(
    uow: UnitOfWork, monday: date, auditor: Auditor, histories: Histories, now: datetime
) -> None:
    faults = [found for found in auditor.found if not found.code.is_note]
    report = uow.log_reports.put(report_text(auditor, histories))
    body: dict[str, object] = {"size": auditor.size, "findings": len(faults), "report": report}
    uow.log.append(Kind.AUDITED, body, now)
    uow.clockwork.mark_done(audit_mark(monday), now)
    uow.publish("draws")


def audited(uow: UnitOfWork) -> Auditor:
    """The log of this city with all its notes, read by the auditor."""
    return _finished(uow, _auditor(uow))


def _read_first(uow: UnitOfWork) -> Auditor:
    """One who has read all that is written by now. Witnesses may still sign any of the newest
    sizes before the other transaction begins."""
    size = uow.log.head().seq
    auditor = _auditor(uow, range(max(size - _AT_ONCE, 0), size + 1))
    _read_on(uow, auditor)
    return auditor


def _auditor(uow: UnitOfWork, sizes: Iterable[int] = ()) -> Auditor:
    """One who has read nothing yet, and will know the roots of the sizes that are signed and of
    these. The head is not asked: an auditor reads a log whose head somebody has changed."""
    return Auditor(uow.log.keys().origin, (*uow.log.cosigned_sizes(), *sizes))


def _finished(uow: UnitOfWork, auditor: Auditor) -> Auditor:
    """The rest of the log, then its notes."""
    sizes = uow.log.cosigned_sizes()
    if not auditor.expects(sizes):  # signed meanwhile, and long passed: its root is gone
        auditor = _auditor(uow)
    _read_on(uow, auditor)
    for size in sizes:
        auditor.note(uow.log.note(size))
    auditor.finish()
    return auditor


def _read_on(uow: UnitOfWork, auditor: Auditor) -> None:
    auditor.book.files = _PublishedFiles(uow)
    while page := uow.log.data_after(auditor.size, _AT_ONCE):
        for _, data in page:
            auditor.read(data)


class _PublishedFiles(Mapping[str, Mapping[str, Any]]):
    """Draw files by their id, each parsed when it is asked for: where its list is wrong."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._draws = uow.draws

    def __getitem__(self, draw: str) -> Mapping[str, Any]:
        found = self._draws.text(draw)
        if found is None:
            raise KeyError(draw)
        file: Mapping[str, Any] = json.loads(found[1])
        return file

    def __iter__(self) -> Iterator[str]:
        return iter(published.id for published in self._draws.published())

    def __len__(self) -> int:
        return len(self._draws.published())


def report_text(auditor: Auditor, histories: Histories) -> str:
    """The published report: how far was read, each finding with its entry, draw or ticket, and what
    had happened by then as one hash for each table of events, which nobody can change unseen."""
    found = [_finding(one) for one in auditor.found]
    read = {"findings": found, "root": auditor.root.hex(), "size": auditor.size}
    return canonical_json({**read, "histories": histories})


def _finding(found: Found) -> dict[str, object]:
    return {"code": found.code.value, "draw": found.draw, "seq": found.seq, "ticket": found.ticket}
