"""Times in the public log never go back, whatever a machine's clock shows."""

from datetime import timedelta

import pytest
from support.citizens import a_form, citizen, file, someone
from support.city import City
from support.clock import FixedClock

from publicmeeting.application import Application
from publicmeeting.domain.errors import Unavailable
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.store.public_record.log import WAITED_MOST
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import moment, verify_chain
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.oversight.books import Checkup, examine

SECOND = timedelta(seconds=1)
SKIPPED = {
    "ticket": "0" * 64,
    "draw": "d06-1405-09-09",
    "reason": "later",
    "officer": "desk-06/0123abcd",
}
"""An entry that moves nothing and is out of place in an empty city."""

ASKED: dict[str, object] = {"case": "0" * 16, "lane": "access"}
"""Another entry, of which there may be many."""


def entries(application: Application):
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.log.after(0)


def test_who_waited_for_the_head_writes_with_its_time_and_keeps_her_own(
    application: Application, city: City, clock: FixedClock
) -> None:
    file(application, someone(1))
    pressed_at = clock() - WAITED_MOST
    keys = citizen(application, someone(2).mobile)
    clock.set(pressed_at)
    request = application.execute_now(submit, keys, a_form(someone(2)))
    before, after = entries(application)[-2:]
    assert (before.kind, after.kind) == (Kind.FILED, Kind.FILED)
    assert after.at == before.at > moment(pressed_at)
    assert request.filed_at == pressed_at
    assert verify_chain(entries(application)) == ()


def test_a_reading_names_the_log_with_an_entry_that_came_after_it_had_looked(
    application: Application, city: City
) -> None:
    """Otherwise a message of the same batch about that entry would have no text."""
    first = file(application, someone(1))
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        uow.log.mark(uow.log_index.last_seq(first.ticket) or 0)
        second = file(application, someone(2))
        newest = uow.log_index.last_seq(second.ticket)
        # SQLite goes on reading the state at the transaction's start.
        assert newest is None or uow.log.mark(newest).seq == newest


def test_nothing_is_written_before_the_head(
    application: Application, city: City, clock: FixedClock
) -> None:
    file(application, someone(1))
    keys = citizen(application, someone(2).mobile)
    before = entries(application)
    clock.set(clock() - WAITED_MOST - SECOND)
    with pytest.raises(Unavailable, match="clock_behind"):
        application.execute_now(submit, keys, a_form(someone(2)))
    assert entries(application) == before
    clock.forward(seconds=62)
    assert application.execute_now(submit, keys, a_form(someone(2))).code


def test_of_one_work_each_entry_follows_the_one_before(
    application: Application, city: City, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        ahead = clock() + timedelta(seconds=30)
        uow.log.append(Kind.SKIP, SKIPPED, ahead)
        uow.log.append(Kind.SKIP, SKIPPED, clock())
        assert uow.log.newest_at() == ahead
    assert [entry.at for entry in entries(application)[-2:]] == [moment(ahead)] * 2


def test_doctor_names_an_entry_dated_before_the_one_before_it(
    application: Application, city: City, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        uow.log.append(Kind.LANE_ASKED, ASKED, clock() + timedelta(days=5))
    with application.store.unit_of_work(clock()) as uow:
        uow.connection.exec_driver_sql("UPDATE log_head SET at = NULL")
    with application.store.unit_of_work(clock()) as uow:
        last = uow.log.append(Kind.LANE_ASKED, {**ASKED, "case": "1" * 16}, clock())
    examined = application.query_as(COMMAND_LINE, examine, Checkup())
    found = [(finding.where, finding.what) for check in examined for finding in check.findings]
    where = f"public log {last.seq}"
    assert found == [(where, "time_goes_back"), (where, "time_back")], "told twice, nothing else"
