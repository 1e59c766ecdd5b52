"""Two processes whose clocks differ at a deadline: the place in the log decides."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from support.citizens import citizen as signs_in
from support.citizens import file, someone
from support.line import DISTRICT, DRAWN, MONDAY, WEDNESDAY, Citizen, Line, recomputed_weeks
from support.together import together

from publicmeeting.domain.calendar import end_of_day
from publicmeeting.domain.errors import Denied, TooBusy, Unavailable
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, in_tehran, tehran_day
from publicmeeting.turns.log import moment
from publicmeeting.turns.rules.week import Week
from publicmeeting.usecases.filing.submitting import LINE_CLOSED
from publicmeeting.usecases.lifecycle.weeks import week_of
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.offers import TakeFree, take_free

SECOND, SEATS = timedelta(seconds=1), 8


def presses_as_another_has_written(
    line: Line, citizen: Citizen, at: datetime, action: Action, **fields: str
) -> None:
    """Her process is a second before this moment; another, two seconds ahead, has just written."""
    line.clock.set(at + SECOND)
    line.file(1, accepted=False)
    line.clock.set(at - SECOND)
    citizen.does(action, **fields)


def before(line: Line, end: datetime) -> None:
    """Let the city live until a minute before the end."""
    at = in_tehran(end - timedelta(minutes=1))
    line.until(at.date(), f"{at:%H:%M}")


@pytest.mark.on_postgresql
def test_an_answer_that_the_log_dates_after_its_deadline_is_too_late(line: Line) -> None:
    (citizen,) = line.drawn(1)
    seat = citizen.request.seat
    assert seat is not None
    before(line, seat.answer_by)
    size = len(line.log())
    with pytest.raises(Denied, match="too_late"):
        presses_as_another_has_written(line, citizen, seat.answer_by, Action.CONFIRM)
    assert len(line.log()) == size + 1
    assert citizen.stage == "invited"


def test_an_answer_that_the_log_dates_before_its_deadline_is_taken(line: Line) -> None:
    (citizen,) = line.drawn(1)
    seat = citizen.request.seat
    assert seat is not None
    before(line, seat.answer_by)
    presses_as_another_has_written(line, citizen, seat.answer_by - 9 * SECOND, Action.CONFIRM)
    assert citizen.stage == "confirmed"


def test_a_seat_given_up_costs_what_stood_over_the_button(line: Line) -> None:
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    seat = citizen.request.seat
    assert seat is not None
    with line.reading() as uow:
        rules = uow.city.rules_on(seat.monday)
    assert rules is not None
    until = Week(seat.monday, rules.body).standby_until
    before(line, until)
    with pytest.raises(Denied, match="version_conflict"):
        presses_as_another_has_written(line, citizen, until, Action.GIVE_UP_SEAT)
    assert citizen.stage == "confirmed"
    line.clock.set(until + 2 * SECOND)
    citizen.does(Action.GIVE_UP_SEAT)
    assert recomputed_weeks(line)[citizen.request.ticket] == citizen.waited


def test_an_objection_that_the_log_dates_after_its_hours_is_none(line: Line) -> None:
    *_, missing = line.file(4)
    missing.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    until = at_tehran(MONDAY - timedelta(days=6), "20:00")
    before(line, until)
    line.clock.set(until + SECOND)
    line.file(1, accepted=False)
    line.clock.set(until - SECOND)
    with pytest.raises(Denied, match="objection_closed"):
        line.city.application.execute_as(missing.actor, object_to_list, ObjectToList())
    assert line.entries("objection") == []


def test_an_offer_runs_from_the_moment_at_which_the_log_dates_it(line: Line) -> None:
    citizens = line.drawn(SEATS + 1)
    line.until(WEDNESDAY + timedelta(days=1), "10:00")
    next(citizen for citizen in citizens if citizen.stage == "invited").does(Action.GIVE_UP_SEAT)
    now = line.clock()
    line.clock.set(now + 2 * SECOND)
    line.file(1, accepted=False)
    line.clock.set(now)
    line.worker.tick()
    asked = next(citizen.request for citizen in citizens if citizen.request.last(Action.OFFER))
    assert asked.seat is not None
    assert [moment(asked.seat.answer_by)] == [body["ends"] for body in line.entries("offered")]


def test_a_free_seat_that_the_log_dates_after_the_end_of_offers_is_gone(line: Line) -> None:
    line.drawn(1)
    (late,) = line.file(1)
    with line.reading() as uow:
        until = week_of(uow, MONDAY).standby_until
    before(line, until)
    line.clock.set(until + SECOND)
    line.file(1, accepted=False)
    line.clock.set(until - SECOND)
    with pytest.raises(Denied, match="seats_gone"):
        line.city.application.execute_as(late.actor, take_free, TakeFree(code=late.code))
    assert line.entries("taken_free") == []


def asks_at_midnight(line: Line, citizen: Citizen, midnight: datetime) -> None:
    """A desk asks for more in a day's last second; another process has written in the next day."""
    line.clock.set(midnight + SECOND)
    line.file(1, accepted=False)
    line.clock.set(midnight - SECOND)
    line.official("desk", citizen, Action.ASK_INFO, note="نشانی کوچه را بنویسید.")


def test_ten_days_begin_on_the_day_on_which_the_log_dates_them(line: Line) -> None:
    """Otherwise they end a second before every auditor expects: `early`, for ever."""
    line.until(tehran_day(line.clock.now) + timedelta(days=2))
    (citizen,) = line.file(1, accepted=False)
    midnight = end_of_day(tehran_day(line.clock.now))
    before(line, midnight)
    with pytest.raises(TooBusy):
        asks_at_midnight(line, citizen, midnight)
    assert line.entries("taken_out") == []
    asks_at_midnight(line, citizen, midnight + 3 * SECOND)
    line.until(tehran_day(midnight) + timedelta(days=11), "09:00")
    assert [entry["why"] for entry in line.entries("taken_out")] == ["info_asked", "lapsed"]


def test_a_value_that_the_log_dates_after_its_hours_is_too_late(line: Line) -> None:
    unread = replace(line, prints=False)
    unread.file(1)
    end = at_tehran(WEDNESDAY, DRAWN)
    before(unread, end)
    line.clock.set(end + SECOND)
    line.file(1, accepted=False)
    line.clock.set(end - SECOND)
    with pytest.raises(Denied, match="late_value_late"):
        line.enter()
    assert line.entries("value") == []
    line.clock.set(end + SECOND)


def test_a_seat_is_free_from_the_moment_at_which_the_log_dates_it(line: Line) -> None:
    (citizen,) = line.drawn(1)
    later = line.clock() + 2 * SECOND
    presses_as_another_has_written(line, citizen, later, Action.GIVE_UP_SEAT)
    with line.reading() as uow:
        freed = uow.line_book.free_as_read(DISTRICT, MONDAY, ())
        row = uow.seats.held_in(MONDAY)[DISTRICT]
    given_up = [entry.at for entry in line.log() if entry.kind == "seat_given_up"]
    assert freed is not None
    assert [moment(at) for at in (row[1], max(freed.values()))] == given_up * 2


def closing(line: Line) -> datetime:
    with line.reading() as uow:
        return week_of(uow, MONDAY).filing_closes_at


def test_whoever_files_before_the_clock_has_closed_the_line_is_in_the_next_one(line: Line) -> None:
    line.file(1)
    before(line, closing(line))
    line.clock.set(closing(line) + SECOND)
    (late,) = line.file(1, accepted=False)
    line.until(WEDNESDAY, DRAWN)
    assert line.entries("books_differ") == []
    assert late.request.ticket not in {row["ticket"] for row in line.draw().file["pool"]}


def test_whose_filing_waited_until_its_line_had_closed_presses_again(line: Line) -> None:
    line.file(1)
    line.until(tehran_day(closing(line)))
    size = len(line.log())
    line.clock.set(closing(line) - SECOND)
    with pytest.raises(Unavailable, match=LINE_CLOSED):
        line.file(1, accepted=False)
    assert len(line.log()) == size
    line.clock.set(closing(line) + SECOND)
    line.file(1, accepted=False)
    line.until(WEDNESDAY, DRAWN)
    assert line.entries("books_differ") == []


@pytest.mark.on_postgresql
def test_many_who_file_at_once_beside_the_clock_close_their_line_once(line: Line) -> None:
    """Each locks herself and waits for the Monday; the clock locks that and waits for the log."""
    line.file(1)
    before(line, closing(line))
    application = line.city.application
    people = [someone(number) for number in range(800, 806)]
    keys = [signs_in(application, person.mobile) for person in people]
    line.clock.set(closing(line) + SECOND)
    acts = [partial(file, application, *hers) for hers in zip(people, keys, strict=True)]
    done, refused = together(*acts, application.worker.tick)
    assert (len(done), refused) == (7, [])
    assert len(line.entries("line_closed")) == 1
    line.until(WEDNESDAY, DRAWN)
    assert line.entries("books_differ") == []
