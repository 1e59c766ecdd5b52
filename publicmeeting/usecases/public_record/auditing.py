"""The clock reads the whole public log before each list is fixed, and says in it what it found.

What it found is published under the hash that the entry names (docs/turns.md 6).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

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
    if is_audited(uow, monday):
        return
    auditor = audited(uow)
    faults = [one for one in auditor.found if not one.code.is_note]
    report = uow.log.put_report(report_text(auditor))
    body: dict[str, object] = {"size": auditor.size, "findings": len(faults), "report": report}
    uow.log.append(Kind.AUDITED, body, now)
    uow.clockwork.mark_done(audit_mark(monday), now)
    uow.publish("draws")


def audited(uow: UnitOfWork) -> Auditor:
    """The log of this city with all its notes, read by the auditor."""
    notes = [uow.log.note(size) for size in uow.log.cosigned_sizes()]
    files = {one.id: one.file for one in uow.draws.listed()}
    auditor = Auditor(uow.log.keys().origin, uow.log.cosigned_sizes(), files)
    for data in _entries(uow):
        auditor.read(data)
    for note in notes:
        auditor.note(note)
    auditor.finish()
    return auditor


def report_text(auditor: Auditor) -> str:
    """The published report: how far was read, and each finding with its entry, draw or ticket."""
    found = [_finding(one) for one in auditor.found]
    return canonical_json({"findings": found, "root": auditor.root.hex(), "size": auditor.size})


def _finding(one: Found) -> dict[str, object]:
    return {"code": one.code.value, "draw": one.draw, "seq": one.seq, "ticket": one.ticket}


def _entries(uow: UnitOfWork) -> Iterator[bytes]:
    seq = 0
    while page := uow.log.after(seq, _AT_ONCE):
        yield from (entry.data for entry in page)
        seq = page[-1].seq
