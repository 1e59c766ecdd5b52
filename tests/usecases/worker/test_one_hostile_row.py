"""One cell that the database owner fills ends neither the clock's work for others nor `doctor`."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.hall import TECHNICAL, Hall
from support.line import DISTRICT, MONDAY, WEDNESDAY, Line
from support.triggers import engine_of, write

from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import OrderAction
from publicmeeting.kit.clock import end_of_day
from publicmeeting.turns.tree.checkpoint import city_key
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.oversight.books import CHECKS
from publicmeeting.usecases.oversight.books import _findings as findings
from publicmeeting.usecases.public_record.tree import log_now

TUESDAY = MONDAY - timedelta(days=6)
DEEP_LOG = "UPDATE public_log SET body = :deep WHERE seq = (SELECT max(seq) FROM public_log)"


def unreadable(where: Line | Hall, *, is_first: bool) -> str:
    """Return a time that no program reads, before or after all others."""
    if engine_of(where).dialect.name == "postgresql":
        return "-infinity" if is_first else "infinity"
    return "0" if is_first else "zzz"


def ended(where: Line | Hall) -> dict[str, list[str]]:
    """Return what each check finds; no check may raise."""
    found = {}
    for name, check in CHECKS.items():
        with where.reading() as uow:
            found[name] = [one.where for one in findings(check, uow, where.clock.now)]
    return found


@pytest.mark.on_postgresql
@pytest.mark.parametrize("is_first", [True, False])
def test_a_deadline_that_cannot_be_read_ends_nobody_elses(line: Line, *, is_first: bool) -> None:
    broken, other = line.drawn(2)
    with line.reading() as uow:
        until = uow.requests.by_id(other.request.id).due_at
    assert until is not None
    one, id_ = unreadable(line, is_first=is_first), broken.request.id
    write(line, "UPDATE request SET due_at = :at WHERE id = :id", at=one, id=id_)
    line.clock.set(until + timedelta(minutes=1))
    line.worker.run_due()
    assert other.stage == "waiting"
    assert any(ended(line).values())
    line.overlooked.add("its deadline")
    write(line, "UPDATE request SET due_at = NULL WHERE id = :id", id=id_)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("is_first", [True, False])
def test_nor_does_the_lateness_of_one_order(hall: Hall, *, is_first: bool) -> None:
    spoiled, late = (hall.met(guest, TECHNICAL)[0].number for guest in hall.guests[:2])
    for number in (spoiled, late):
        hall.step("technical", number, OrderAction.TAKE_ON)
    statement = "UPDATE mayor_order SET climbs_at = :at WHERE number = :number"
    write(hall, statement, at=unreadable(hall, is_first=is_first), number=spoiled)
    with hall.reading() as uow:
        due = uow.orders.get_visible(late, hall.as_("mayor")).due_on
    hall.clock.set(end_of_day(due) + timedelta(hours=1))
    hall.application.worker.run_due()
    with hall.reading() as uow:
        assert uow.orders.get_visible(late, hall.as_("mayor")).count(OrderAction.WARN_UNIT) == 1


@pytest.mark.on_postgresql
@pytest.mark.parametrize("column", ["monday", "state"])
def test_one_draw_that_cannot_be_read_holds_up_no_other_district(line: Line, column: str) -> None:
    worst = unreadable(line, is_first=False) if column == "monday" else "zzz"
    line.until(TUESDAY, "11:00")
    with line.reading() as uow:
        name = next(one.id for one in uow.draws.published(4) if one.monday == MONDAY)
    statement = f"UPDATE draw SET {column} = :cell WHERE id = :name"
    write(line, statement, cell=worst, name=name)
    line.clock.set(line.clock.now + timedelta(hours=1, minutes=1))
    line.worker.run_due()
    assert line.draw(district=DISTRICT).state == "frozen"
    if column == "monday":
        assert any(ended(line).values())
        write(line, statement, cell=MONDAY.isoformat(), name=name)
    else:
        assert line.draw(district=4).state == "frozen", "the clock has written what the log has"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("body", ['{"version":99}'])
def test_rules_that_cannot_be_read_stop_no_week(line: Line, body: str) -> None:
    """They are read in the log."""
    new = (
        "INSERT INTO rules (version, body, hash, from_on, announced_at)"
        " VALUES (99, :body, 'x', '2020-01-06', '2020-01-06 00:00:00')"
    )
    write(line, new, body=body)
    line.until(WEDNESDAY, "20:00")
    assert line.draw().state == "drawn"
    assert "rules 99" in ended(line)["requests and lists follow from the log"]
    line.expected.add("are not those that the log announced")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("day", ["2999-12-30", "unreadable"])
def test_a_monday_in_a_thousand_years_keeps_no_other_from_opening(line: Line, day: str) -> None:
    new = (
        'INSERT INTO monday (district, "on", seats, state, rules, why, place, guest,'
        " ranges_held, ranges_shown, tag) VALUES (6, :day, '', 'open', 1, '', '', '', 0, 0, '')"
    )
    write(line, new, day=unreadable(line, is_first=False) if day == "unreadable" else day)
    before = len(line.seqs("monday_opened"))
    line.until(MONDAY, "00:00")
    assert len(line.seqs("monday_opened")) > before
    write(line, "DELETE FROM monday WHERE seats = '' AND why = ''")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("offset", ["soon", "nan"])
def test_a_clock_offset_that_is_no_time_is_none(line: Line, offset: str) -> None:
    write(line, "INSERT INTO fact (key, value) VALUES ('clock_offset_seconds', :it)", it=offset)
    line.until(TUESDAY, "13:00")
    assert line.draw().state == "frozen"


@pytest.mark.on_postgresql
def test_doctor_goes_on_past_an_endlessly_nested_entry_of_the_log(line: Line) -> None:
    write(line, DEEP_LOG, deep='{"a":' * 100_000 + "1" + "}" * 100_000)
    assert any(ended(line).values())
    with engine_of(line).begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM public_log")).scalar_one()
    line.overlooked.add("log")


@pytest.mark.on_postgresql
def test_doctor_names_a_head_of_the_log_that_is_gone(line: Line) -> None:
    write(line, "UPDATE log_head SET at = 'zzz'")
    line.worker._note_and_run_due()
    write(line, "DELETE FROM log_head")
    assert any(ended(line).values())


@pytest.mark.on_postgresql
@pytest.mark.parametrize("row", [0, 2])
def test_a_second_head_of_the_log_stops_nothing_and_is_never_read(line: Line, row: int) -> None:
    application = line.city.application
    before = application.query_as(NOBODY, log_now, Nothing())
    new = (
        "INSERT INTO log_head (id, seq, edge, note, key, reserve)"
        " VALUES (:id, 0, :edge, '', '', :reserve)"
    )
    his = city_key(before.origin, b"\x08" * 32).vkey
    write(line, new, id=row, edge=b"", reserve=his)
    assert application.query_as(NOBODY, log_now, Nothing()) == before
    line.until(TUESDAY, "13:00")
    assert line.draw().state == "frozen"
