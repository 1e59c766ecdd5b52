"""A city restored from a dump some hours old, whose log is then filled from a copy."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import Action
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.public_record.filling import LogCopy, lost_entries
from publicmeeting.worker.recovery import Recovered, recover
from support.line import MONDAY, Citizen, Line, line_over

DAY = timedelta(days=1)


def accused(line: Line) -> list[str]:
    """Return what `doctor` and the auditors of the log find."""
    checks = line.city.application.query_as(COMMAND_LINE, examine, Checkup())
    return [str(finding) for check in checks for finding in check.findings]


def dumped(line: Line, tmp_path: Path, hours: Callable[[], object]) -> tuple[Line, LogCopy]:
    """Dump the database, live `hours`, and restore the dump; return the line and a copy of the log.

    The copy has the entries of those hours, the database does not.
    """
    url = line.city.application.store.engine.url
    dump = tmp_path / "dump.sqlite3"
    with closing(sqlite3.connect(str(url.database))) as live, closing(sqlite3.connect(dump)) as old:
        live.backup(old)
    hours()
    with line.reading() as uow:
        note, entries = uow.log.checkpoint(), [data for _, data in uow.log.data_after(0, 100_000)]
    line.city.application.store.close()
    with closing(sqlite3.connect(str(url.database))) as live, closing(sqlite3.connect(dump)) as old:
        old.backup(live)
    back = line_over(str(url), tmp_path, line.clock)
    # The fixture that closes the first application closes the new store instead.
    line.city.application.store = back.city.application.store
    return back, LogCopy(note=note, entries=tuple(entries))


def filled(back: Line, copy: LogCopy) -> Recovered:
    lost = back.city.application.query_as(COMMAND_LINE, lost_entries, copy)
    return recover(back.city.application.store, lost)


def restored(line: Line, tmp_path: Path, hours: Callable[[], object]) -> tuple[Line, Recovered]:
    back, copy = dumped(line, tmp_path, hours)
    return back, filled(back, copy)


def now_at(back: Line, people: list[Citizen]) -> list[Citizen]:
    return [replace(person, line=back) for person in people]


def live_on(line: Line, people: list[Citizen]) -> None:
    """Live two weeks more: everybody who is invited confirms and is met."""
    for person in people:
        if person.stage == "invited":
            person.does(Action.CONFIRM)
    line.until(MONDAY, "09:00")
    for person in people:
        if person.stage == "confirmed":
            line.meet(person)
    line.until(MONDAY + 8 * DAY, "12:00")
