"""The clock's own audit: it reads the whole log before each list and logs what it found.

The findings are published under the hash that the entry names (docs/turns.md 6).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from publicmeeting.kit.hashing import canonical_json
from publicmeeting.kit.jalali import iso
from publicmeeting.kit.stored import read_object
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.turns.machine.breaks import Found
from publicmeeting.usecases.lifecycle.weeks import week_of

BEFORE_FREEZE = timedelta(hours=1)

_AT_ONCE = 1000


def audit_mark(monday: date) -> str:
    return f"audit/{iso(monday)}"


def is_audited(uow: UnitOfWork, monday: date) -> bool:
    """Return whether the log was audited before this Monday's lists.

    The log must have the audit as well: a mark that the database owner wrote would skip the audit
    that finds what he has changed.
    """
    if uow.clockwork.done_at(audit_mark(monday)) is None:
        return False
    due_at = week_of(uow, monday).freeze_at - BEFORE_FREEZE
    return bool(uow.log.of_kind(Kind.AUDITED, due_at))


def audit_before(uow: UnitOfWork, monday: date, now: datetime) -> None:
    """Read the log from its first entry and log the number of its faults, without mere notes."""
    if not is_audited(uow, monday):
        _log_audit(uow, monday, audited(uow), _histories(uow), now)


def read_ahead(monday: date, uow: UnitOfWork) -> Callable[[UnitOfWork, datetime], None]:
    """Read the log in this transaction; return a function that finishes the audit in another.

    This transaction only reads, however long the log is. The returned function reads the few
    entries written since and logs the result, so that writers do not wait for the whole log.
    """
    auditor, histories = _read_first(uow), _histories(uow)

    def finish_audit(uow: UnitOfWork, now: datetime) -> None:
        if not is_audited(uow, monday):
            _log_audit(uow, monday, _finished(uow, auditor), histories, now)

    return finish_audit


Histories: TypeAlias = Mapping[str, Mapping[str, object]]
"""Table → `until`, a row number (a day for `opening`), and the `sha256` of all rows up to it."""


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
    """Return an auditor that has read the whole log of this city and its notes."""
    return _finished(uow, _auditor(uow))


def _read_first(uow: UnitOfWork) -> Auditor:
    """Return an auditor that has read everything written so far.

    Witnesses may still sign any of the newest sizes before the second transaction begins.
    """
    size = uow.log.head().seq
    auditor = _auditor(uow, range(max(size - _AT_ONCE, 0), size + 1))
    _read_remaining(uow, auditor)
    return auditor


def _auditor(uow: UnitOfWork, sizes: Iterable[int] = ()) -> Auditor:
    """Return an auditor that has read nothing yet.

    It will store the roots of the signed sizes and of `sizes`. The log's head is not used, so that
    the audit also works on a log whose head somebody has changed.
    """
    return Auditor(uow.log.keys().origin, (*uow.log.cosigned_sizes(), *sizes))


def _finished(uow: UnitOfWork, auditor: Auditor) -> Auditor:
    """Read the rest of the log, then its notes, and finish."""
    sizes = uow.log.cosigned_sizes()
    if not auditor.expects(sizes):  # a size already passed was signed since; its root is gone
        auditor = _auditor(uow)
    _read_remaining(uow, auditor)
    for size in sizes:
        auditor.note(uow.log.note(size))
    auditor.finish()
    return auditor


def _read_remaining(uow: UnitOfWork, auditor: Auditor) -> None:
    auditor.book.files = _PublishedFiles(uow)
    while page := uow.log.data_after(auditor.size, _AT_ONCE):
        for _, data in page:
            auditor.read(data)


class _PublishedFiles(Mapping[str, Mapping[str, Any]]):
    """Draw files by id, each parsed only when the auditor asks for it because its list is wrong."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._draws = uow.draws

    def __getitem__(self, draw: str) -> Mapping[str, Any]:
        found = self._draws.text(draw)
        if found is None:
            raise KeyError(draw)
        try:
            return read_object(found[1])
        except ValueError:  # as if it were gone
            raise KeyError(draw) from None

    def __iter__(self) -> Iterator[str]:
        return iter(published.id for published in self._draws.published())

    def __len__(self) -> int:
        return len(self._draws.published())


def report_text(auditor: Auditor, histories: Histories) -> str:
    """Return the published report as canonical JSON.

    It has the size read, each finding with its entry, draw or ticket, and a hash for each table of
    events, so that nobody can change past events unnoticed.
    """
    found = [_finding(fault) for fault in auditor.found]
    read = {"findings": found, "root": auditor.root.hex(), "size": auditor.size}
    return canonical_json({**read, "histories": histories})


def _finding(found: Found) -> dict[str, object]:
    return {"code": found.code.value, "draw": found.draw, "seq": found.seq, "ticket": found.ticket}
