"""The database owner writes, puts back or deletes marks of the clock, and no key."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from support.city import KEY
from support.hall import TECHNICAL, Hall
from support.line import DISTRICT, MONDAY, WEDNESDAY, Line
from support.triggers import engine_of, write

from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action, OrderAction
from publicmeeting.kit.clock import end_of_day
from publicmeeting.kit.jalali import iso
from publicmeeting.store.database.vault import Vault
from publicmeeting.store.worker.marks import retag_marks
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.lost import lost_filings
from publicmeeting.usecases.lifecycle.outages import RUNNING
from publicmeeting.usecases.line.ceremony.reveals import reveal_mark
from publicmeeting.usecases.meetings.coming.reminders import mark_of_next
from publicmeeting.usecases.oversight.books import CHECKS
from publicmeeting.usecases.oversight.books import _findings as findings
from publicmeeting.usecases.public_record.ceremony import OneMonday, ceremony
from publicmeeting.worker.health import newest_examination

HOUR = timedelta(hours=1)
TUESDAY = MONDAY - timedelta(days=6)
CHECK = "every mark of the clock is as this program has written it"
NEW = "INSERT INTO job (name, holder, done_at) VALUES (:name, '', :at)"


def sql(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def writes(where: Line | Hall, name: str, at: datetime) -> None:
    write(where, NEW, name=name, at=sql(at))


def found(where: Line | Hall) -> list[str]:
    """Return what `doctor` says of marks."""
    with where.reading() as uow:
        return [f"{one.where}: {one.what}" for one in findings(CHECKS[CHECK], uow, where.clock.now)]


def test_no_lost_filing_and_no_examination_comes_from_a_row_alone(line: Line) -> None:
    """Both were facts, which anybody can write; and one that no program reads ended two pages."""
    write(line, "INSERT INTO fact (key, value) VALUES ('lost_filings', '9'), ('doctor', '0')")
    for name in ("lost_filings/5000", "doctor/0"):
        writes(line, name, line.clock.now)
    assert line.city.application.query_as(NOBODY, lost_filings, Nothing()) is None
    with line.reading() as uow:
        assert newest_examination(uow) is None
    assert [one.partition(":")[0] for one in found(line)] == [
        "mark doctor/0",
        "mark lost_filings/5000",
        "fact doctor",
        "fact lost_filings",
    ]


@pytest.mark.on_postgresql
def test_an_outage_that_never_was_gives_a_unit_no_day_back(hall: Hall) -> None:
    number = hall.met(hall.guests[0], TECHNICAL)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    with hall.reading() as uow:
        due = end_of_day(uow.orders.get_visible(number, hall.as_("mayor")).due_on)
    name = f"city-was-away/{(due - 30 * HOUR).isoformat()}"
    writes(hall, name, due + HOUR)
    hall.clock.set(due + HOUR)
    with hall.application.store.unit_of_work(hall.clock.now) as uow:
        uow.clockwork.mark_done(RUNNING, hall.clock.now)
    hall.application.worker.tick()
    with hall.reading() as uow:
        order = uow.orders.get_visible(number, hall.as_("mayor"))
    assert [order.count(one) for one in (OrderAction.GIVE_DAYS_BACK, OrderAction.WARN_UNIT)] == [
        0,
        1,
    ]
    assert found(hall) == [f"mark {name}: was written past this program, and counts nowhere"]


@pytest.mark.on_postgresql
def test_an_older_record_that_the_city_runs_is_no_outage(line: Line) -> None:
    """Its tag fits, since the program once wrote it."""
    line.worker.note_running()
    with line.reading() as uow:
        query = text("SELECT holder, until, done_at, tag FROM job WHERE name = :name")
        before = uow.connection.execute(query, {"name": RUNNING}).one()
    for _ in range(4):
        line.clock.forward(minutes=50)
        line.worker.note_running()
    write(
        line,
        "UPDATE job SET done_at = :at, tag = :tag WHERE name = :name",
        at=str(before.done_at),
        tag=before.tag,
        name=RUNNING,
    )
    line.clock.forward(minutes=2)
    line.worker.note_running()
    with line.reading() as uow:
        assert uow.clockwork.marks("city-was-away/") == {}
        assert uow.clockwork.done_at(RUNNING) == line.clock.now


def test_reminders_are_sent_past_a_mark_that_says_they_were(line: Line) -> None:
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    writes(line, mark_of_next(line.clock.now), line.clock.now)
    line.until(MONDAY, "08:00")
    with line.reading() as uow:
        notices = uow.outbox.of_request(citizen.request.id, "citizen")
    assert "remind" in " ".join(one.action for one in notices)


@pytest.mark.on_postgresql
def test_a_mark_opens_the_citys_sealed_value_to_nobody(line: Line) -> None:
    line.until(TUESDAY, "10:00")
    writes(line, reveal_mark(MONDAY), line.clock.now)
    seen = line.city.application.query_as(NOBODY, ceremony, OneMonday(monday=iso(MONDAY)))
    assert seen.parties[0].value == ""
    line.until(WEDNESDAY, "20:00")
    assert line.draw().state == "drawn"
    revealed = [one for one in line.entries("reveal") if one["party"] == "city"]
    assert len([one for one in revealed if one["monday"] == iso(MONDAY)]) == 1


@pytest.mark.on_postgresql
def test_a_deleted_mark_stops_no_draw_and_nothing_is_logged_twice(line: Line) -> None:
    line.file(2)
    before = {}
    for mark, hour in (("line-closed", "10:00"), ("reveal", "20:30"), ("reveals-closed", "23:00")):
        line.until(TUESDAY, hour)
        kind = mark.replace("-", "_")
        before[kind] = len(line.seqs(kind, iso(MONDAY)))
        assert before[kind]
        write(line, "DELETE FROM job WHERE name = :name", name=f"{mark}/{MONDAY}")
        line.clock.forward(minutes=1)
        line.worker.run_due()
    line.until(WEDNESDAY, "20:00")
    assert line.draw(district=DISTRICT).state == "drawn"
    assert {kind: len(line.seqs(kind, iso(MONDAY))) for kind in before} == before


@pytest.mark.on_postgresql
def test_a_time_that_cannot_be_read_stops_no_second_of_the_clock(line: Line) -> None:
    line.worker.note_running()
    worst = "infinity" if engine_of(line).dialect.name == "postgresql" else "zzz"
    write(line, "UPDATE job SET done_at = :at WHERE name = :name", at=worst, name=RUNNING)
    line.clock.forward(minutes=2)
    line.worker._note_and_run_due()
    assert found(line) == []


def test_marks_have_tags_of_the_new_key_after_a_change_of_it(line: Line) -> None:
    line.until(TUESDAY, "13:00")
    new = Vault(b"n" * 32)
    assert new.check != Vault(KEY).check
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        before = uow.clockwork.marks("line-closed/")
        retag_marks(uow, new)
        assert uow.clockwork.marks("line-closed/") == {}
        uow.vault = new
        assert uow.clockwork.marks("line-closed/") == before != {}
        uow.session.rollback()
