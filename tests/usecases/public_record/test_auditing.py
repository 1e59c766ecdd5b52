"""The whole log is audited before each list, and no writer waits for that."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from support.line import DISTRICT, MONDAY, Line
from support.log_bodies import stated
from support.plans import asked
from support.triggers import change_past_the_program

from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.public_record.log import Log
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.machine.audit import Auditor
from publicmeeting.usecases.public_record import auditing
from publicmeeting.usecases.public_record.auditing import audited

TUESDAY = MONDAY - timedelta(days=6)
MARK = "INSERT INTO job (name, holder, done_at) VALUES (:name, '', '2026-11-20 09:00:00')"


@pytest.mark.on_postgresql
def test_a_mark_that_the_database_owner_wrote_skips_no_audit(line: Line) -> None:
    """The audit's report holds the hash by which a changed history is found."""
    line.until(TUESDAY, "10:59")
    name = auditing.audit_mark(MONDAY)
    change_past_the_program(line.city.application.store.engine, MARK, name=name)
    line.until(TUESDAY, "12:00")
    assert len(line.entries("audited")) == 1


def write(line: Line) -> int:
    """Append an entry, as another person's act would."""
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        return uow.log.append(Kind.AUDIENCE_OFF_SYSTEM, stated(DISTRICT), line.clock()).seq


def report(line: Line) -> dict[str, Any]:
    """Return what the newest audit has published."""
    (body,) = line.entries("audited")
    with line.reading() as uow:
        text = uow.log_reports.text(str(body["report"]))
    assert text is not None
    found: dict[str, Any] = json.loads(text)
    assert found["size"] == body["size"]
    return found


@pytest.mark.on_postgresql
def test_who_writes_while_the_log_is_read_waits_for_nobody_and_is_read_too(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.file(3)
    line.until(TUESDAY, "10:59")
    written, read = list[int](), Auditor.read

    def slowly(auditor: Auditor, data: bytes) -> None:
        if not written:
            with ThreadPoolExecutor(1) as somebody:
                written.append(somebody.submit(write, line).result(timeout=20))
        read(auditor, data)

    monkeypatch.setattr(Auditor, "read", slowly)
    line.clock.set(at_tehran(TUESDAY, "11:00"))
    line.worker.run_due()
    (seq,) = written
    found = report(line)
    assert (found["size"], found["root"]) == (seq, _root(line, seq))


def _root(line: Line, size: int) -> str:
    with line.reading() as uow:
        return uow.log.mark(size).root


@pytest.mark.parametrize("signed", ["long ago", "last", "since"])
def test_a_note_signed_while_the_log_is_read_is_compared_with_it_however_old(
    line: Line, monkeypatch: pytest.MonkeyPatch, signed: str
) -> None:
    line.file(3)
    monkeypatch.setattr(auditing, "_AT_ONCE", 2)
    with line.reading() as uow:
        auditor, newest = auditing._read_first(uow), uow.log.head().seq
    size = {"long ago": 3, "last": newest, "since": newest + 1}[signed]
    write(line)
    write(line)
    monkeypatch.setattr(Log, "cosigned_sizes", lambda _log: [size])
    with line.reading() as uow:
        finished = auditing._finished(uow, auditor)
    assert (finished is auditor) == (signed != "long ago"), "read again, for its root is gone"
    assert finished.size == newest + 2
    assert finished.root_at(size) is not None


def test_no_list_is_parsed_that_is_right(line: Line) -> None:
    line.drawn(3)
    with asked(line.city.application.store.engine) as asking, line.reading() as uow:
        assert len(audited(uow).book.draws) > 1
    assert not [one for one, _ in asking.statements if "draw.file" in one]
