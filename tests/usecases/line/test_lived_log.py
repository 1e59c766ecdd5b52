"""A city that lives by its own clock writes a log in which an auditor finds nothing."""

from datetime import timedelta

from support.line import MONDAY, Line

from publicmeeting.turns.machine.breaks import Break
from publicmeeting.usecases.public_record.auditing import audited

DAY = timedelta(days=1)


def faults(line: Line) -> list[str]:
    with line.reading() as uow:
        found = audited(uow).found
    entries = {entry.seq: entry for entry in line.log()}
    return [
        f"{one.code} {one.seq} {entries[one.seq].kind if one.seq else one.draw}"
        for one in found
        if not one.code.is_note and one.code is not Break.NOT_COSIGNED
    ]


def test_three_weeks_of_a_district_have_no_fault(line: Line) -> None:
    line.file(12)
    line.until(MONDAY - 5 * DAY, "21:00")
    assert faults(line) == []
    held = {code: time for time, code in line.held().items()}
    line.until(MONDAY + 8 * DAY, "21:00")
    assert held
    assert faults(line) == []
