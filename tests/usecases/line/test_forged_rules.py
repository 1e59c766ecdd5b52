"""Rules, and the seats of a Monday, are those of the log, whatever their rows say."""

from datetime import timedelta
from pathlib import Path

import pytest
from support.city import SEATS
from support.clock import FixedClock
from support.hall import Hall
from support.line import DISTRICT, MONDAY, WEDNESDAY, Line, line_over
from support.triggers import end_of_log, engine_of, put_back, write

from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.line import shared_book
from publicmeeting.turns.formulas import draw_id
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.line.rules import rules_page
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list
from publicmeeting.usecases.oversight.books import draws_hold, tables_follow
from publicmeeting.usecases.oversight.promises import promise_figures
from publicmeeting.usecases.public_record.cosigning import known_witnesses

DAY = MONDAY.isoformat()
TUESDAY = MONDAY - timedelta(days=6)
EARLIER = """replace(body, '"freeze":{"at":"12:00"', '"freeze":{"at":"09:00"')"""
NO_WITNESS = "replace(body, 'shora', 'other')"
AS_NEW = (
    "INSERT INTO rules (version, body, hash, from_on, announced_at)"
    f" SELECT 99, {EARLIER}, 'x', from_on, announced_at FROM rules"
)
CHANGES = (
    f"UPDATE rules SET body = {EARLIER}",
    f"UPDATE rules SET body = {NO_WITNESS}",
    "UPDATE rules SET body = '[]'",
    "UPDATE rules SET from_on = '2027-01-04'",
    AS_NEW,
    "DELETE FROM rules",
)
MONDAY_CHANGES = (
    "UPDATE monday SET seats = 'x' WHERE district = 6",
    "UPDATE monday SET seats = '09:00' WHERE district = 6",
    "UPDATE monday SET ended_at = :never WHERE district = 6",
    "UPDATE monday SET ended_at = '2026-11-30 05:00:00' WHERE district = 6",
    "UPDATE monday SET state = 'closed' WHERE district = 6",
    "UPDATE monday SET state = 'zzz' WHERE district = 6",
)
AS_OVER = ("state = 'not_held'", "ended_at = '2026-11-20 05:00:00'")
AS_OPEN = ("state = 'open'", "ended_at = NULL")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", CHANGES)
def test_no_row_moves_a_draw_or_names_other_witnesses(line: Line, change: str) -> None:
    line.until(TUESDAY, "08:00")
    line.worker.read_log()
    with line.reading() as uow:
        announced, witnesses = uow.city.announced(), known_witnesses(uow)
    write(line, change)
    line.clock.set(at_tehran(TUESDAY, "10:00"))
    line.worker.run_due()
    assert line.draw().state == "open"
    with line.reading() as uow:
        assert (uow.city.announced(), known_witnesses(uow)) == (announced, witnesses)
        version = 99 if change is AS_NEW else 1
        assert f"rules {version}" in [one.where for one in tables_follow(uow, line.clock.now)]
    assert line.city.application.query_as(NOBODY, rules_page, Nothing()).in_force == 1
    line.clock.set(at_tehran(TUESDAY, "12:00"))
    line.worker.run_due()
    assert line.draw().state == "frozen"
    line.expected.add("are not those that the log announced")


def test_a_log_cut_short_for_a_moment_makes_nobody_believe_a_row(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process throws away what it has computed, but not what the city has announced."""
    monkeypatch.setattr(shared_book, "RETRY_SECONDS", 0)
    monkeypatch.setattr(shared_book, "_PAST_ENDS", 1)
    monday = TUESDAY - timedelta(days=1)
    line.until(monday, "08:00")
    older = end_of_log(line)
    line.file(1)
    line.until(TUESDAY, "08:00")
    line.worker.read_log()
    newest = end_of_log(line)
    write(line, CHANGES[0])
    put_back(line, older)
    write(line, "UPDATE public_log SET body = body || ' ' WHERE seq = 1")
    with line.reading() as uow:
        uow.city.rules_on(MONDAY)
    write(line, "UPDATE public_log SET body = trim(body) WHERE seq = 1")
    put_back(line, newest)
    line.clock.set(at_tehran(TUESDAY, "10:00"))
    line.worker.run_due()
    assert line.draw().state == "open"
    line.expected.add("are not those that the log announced")


@pytest.mark.parametrize("is_damaged", [False, True])
def test_a_starting_process_decides_nothing_before_it_has_read_the_log(
    line: Line, tmp_path: Path, *, is_damaged: bool
) -> None:
    line.until(TUESDAY, "08:00")
    write(line, CHANGES[0])
    if is_damaged:
        write(line, "UPDATE public_log SET body = body || ' ' WHERE seq = 1")
    url = str(engine_of(line).url)
    starting = line_over(url, tmp_path, FixedClock(at_tehran(TUESDAY, "10:00")))
    starting.worker.run_due()
    assert {line.draw(district=one).state for one in (4, DISTRICT)} == {"open"}
    if is_damaged:
        write(line, "UPDATE public_log SET body = trim(body) WHERE seq = 1")
    starting.city.application.store.close()
    line.expected.add("are not those that the log announced")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", MONDAY_CHANGES)
def test_no_row_ends_a_monday_or_takes_seats_from_it(hall: Hall, change: str) -> None:
    hall.application.worker.read_log()
    before = hall.query("reception", monday_list, ADay())
    never = "infinity" if engine_of(hall).dialect.name == "postgresql" else "zzz"
    write(hall, change, **({"never": never} if ":never" in change else {}))
    assert hall.query("reception", monday_list, ADay()) == before
    assert hall.query("mayor", agenda, ADay()).board.monday == before.monday
    with hall.reading() as uow:
        assert uow.requests.by_id(hall.guests[0].request.id).hours_end_at
        named = [one.where for one in tables_follow(uow, hall.clock.now)]
    assert f"monday {draw_id(DISTRICT, MONDAY)}" in named


@pytest.mark.on_postgresql
def test_a_count_or_an_answer_that_is_none_ends_no_page_of_promises(hall: Hall) -> None:
    if engine_of(hall).dialect.name == "sqlite":
        write(hall, "UPDATE monday SET ranges_shown = 'x' WHERE district = 6")
    forged = (
        "INSERT INTO event (request_id, action, role, to_stage, payload, at, tag) VALUES"
        " (:id, 'say_heard', 'citizen', 'follow_up', :body, '2026-11-23 05:00:00', '')"
    )
    case = hall.guests[0].request.id
    for body in ("[]", "{}", '{"verdict":"zzz"}'):
        write(hall, forged, id=case, body=body)
    assert hall.query("overseer", promise_figures, Nothing()) == ()


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", AS_OVER)
def test_no_row_takes_the_seats_from_a_draw_or_the_end_from_a_day(line: Line, change: str) -> None:
    """The clock freezes, calls off and ends a Monday by what the log says of it."""
    (visitor,) = line.file(1)
    line.until(TUESDAY, "11:00")
    write(line, f'UPDATE monday SET {change} WHERE district = 6 AND "on" = :day', day=DAY)
    line.until(WEDNESDAY, "20:00")
    visitor.does(Action.CONFIRM)
    line.until(MONDAY + timedelta(days=1))
    assert len(line.entries("monday_not_held")) == 1
    assert visitor.request.debt == 1


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", AS_OPEN)
def test_no_row_ends_or_calls_off_a_past_monday_again(line: Line, change: str) -> None:
    """Whatever the clock writes twice stays in the log as a fault of the city."""
    (visitor,) = line.drawn(1)
    visitor.does(Action.CONFIRM)
    line.until(MONDAY, "09:00")
    line.meet(visitor)
    line.until(MONDAY + timedelta(days=1))
    ends = [one.seq for one in line.log() if one.kind in ("monday_ended", "monday_not_held")]
    assert ends
    write(line, f'UPDATE monday SET {change} WHERE "on" <= :day', day=DAY)
    line.until(MONDAY + timedelta(days=2))
    after = [one.seq for one in line.log() if one.kind in ("monday_ended", "monday_not_held")]
    assert after == ends
    line.expected.add("by the log")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("state", ["frozen", "drawn"])
def test_one_draw_that_only_its_row_calls_done_stops_no_other(line: Line, state: str) -> None:
    """Values are revealed once all lists are fixed, so one missing list would stop all draws."""
    (visitor,) = line.file(1)
    line.until(TUESDAY, "11:00")
    write(line, "UPDATE draw SET state = :state WHERE district = 6", state=state)
    with line.reading() as uow:
        named = [finding.where for finding in draws_hold(uow, line.clock.now)]
    assert f"draw {draw_id(DISTRICT, MONDAY)}" in named
    line.until(WEDNESDAY, "20:00")
    assert {line.draw(district=one).state for one in (4, DISTRICT)} == {"drawn"}
    assert visitor.stage == "invited"
    write(line, "UPDATE draw SET state = 'open' WHERE district = 6 AND frozen_at IS NULL")


@pytest.mark.on_postgresql
def test_nor_does_one_that_cannot_be_read_and_is_called_drawn(line: Line) -> None:
    line.until(TUESDAY, "11:00")
    line.worker.read_log()
    spoiled = "UPDATE draw SET state = :state, frozen_at = :at WHERE district = 6"
    never = "infinity" if engine_of(line).dialect.name == "postgresql" else "zzz"
    write(line, spoiled, state="drawn", at=never)
    line.clock.set(at_tehran(TUESDAY, "12:00"))
    line.worker.run_due()
    assert line.draw(district=4).state == "frozen"
    write(line, spoiled, state="open", at=None)


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "change",
    ["state = 'open'", "state = 'frozen'", "state = 'zzz'", "state = 'open', file = '{}'"],
)
def test_a_draw_that_its_row_has_lost_stands_again_by_the_log(line: Line, change: str) -> None:
    """Otherwise nobody in this district would be offered a seat until an operator acts."""
    citizens = line.drawn(len(SEATS) + 2)
    line.worker.read_log()
    drawn, entries, weeks = line.draw(), len(line.log()), [one.waited for one in citizens]
    write(line, f"UPDATE draw SET {change} WHERE id = :draw", draw=drawn.id)
    line.clock.forward(minutes=1)
    line.worker.run_due()
    stands = line.draw()
    assert (stands.stored, stands.file) == ("drawn", drawn.file)
    assert (stands.seated, stands.standby) == (drawn.seated, drawn.standby)
    assert (len(line.log()), [one.waited for one in citizens]) == (entries, weeks)
    with line.reading() as uow:
        assert list(draws_hold(uow, line.clock.now)) == []
    held = next(one for one in citizens if one.stage == "invited")
    held.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    assert len(line.entries("offered")) == 1


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", ["state = 'open'", "state = 'zzz', file = '{}'"])
def test_a_list_that_its_row_has_lost_is_drawn_all_the_same(line: Line, change: str) -> None:
    citizens = line.file(len(SEATS) + 1)
    line.until(TUESDAY, "13:00")
    line.worker.read_log()
    write(line, f"UPDATE draw SET {change} WHERE district = 6")
    line.until(WEDNESDAY, "20:00")
    assert line.draw().state == "drawn"
    assert {one.stage for one in citizens} == {"invited", "waiting"}
