"""From the opening of a Monday to its draw: what is fixed when, and nothing happens twice."""

from datetime import date, timedelta

import pytest
from support.city import WHOLE, City
from support.clock import FixedClock
from support.line import MONDAY, Line, due

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.hashing import canonical_json, sha
from publicmeeting.kit.jalali import iso
from publicmeeting.turns.formulas import CITY, commitment
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.rules.week import Week
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line import drawing
from publicmeeting.usecases.line.ceremony import reveals
from publicmeeting.usecases.tracking.turn import my_turn

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SEATS = 8
HOLIDAY = date(2027, 3, 1)

in_the_whole_city = pytest.mark.parametrize("districts", [WHOLE], ids=["whole city"])


def drawn(line: Line) -> None:
    line.until(WEDNESDAY, "20:00")


@in_the_whole_city
def test_mondays_open_three_weeks_ahead_in_every_district(line: Line) -> None:
    with line.reading() as uow:
        opened = {(day.on, day.district) for day in uow.city.mondays()}
    assert opened == {(on, n) for on in (MONDAY, MONDAY + WEEK) for n in range(1, 23)}
    line.until(MONDAY - WEEK)
    with line.reading() as uow:
        assert uow.city.last_monday() == MONDAY + 2 * WEEK


def test_an_open_monday_tells_its_rules_seats_and_the_citys_commitment(line: Line) -> None:
    file = line.draw().file
    assert verify(file) == ()
    assert len(line.entries("rules_announced")) == 1
    assert line.entries("commitment")[0]["commitment"] == file["commitments"][CITY]
    opened = [entry for entry in line.entries("monday_opened") if entry["draw"] == file["draw"]]
    assert opened[0]["seats"] == file["seats"]


def test_a_pool_holds_whoever_filed_in_time_and_no_one_else(line: Line) -> None:
    in_time = line.file(2)
    unscreened = line.file(1, accepted=False)
    line.until(MONDAY - 8 * DAY)
    late = line.file(1)
    line.until(TUESDAY, "12:00")
    pool = {row["ticket"] for row in line.draw().file["pool"]}
    assert pool == {citizen.request.ticket for citizen in (*in_time, *unscreened)}
    assert late[0].request.ticket not in pool


def test_no_monday_is_left_out_that_her_page_does_not_offer(line: Line) -> None:
    (citizen,) = line.file(1)
    offered = line.city.application.query_as(
        citizen.actor, my_turn, OneCase(code=citizen.code)
    ).coming
    citizen.does(Action.EXCLUDE, monday=offered[-1].on.isoformat())
    for far in (MONDAY + 5 * WEEK, date(9999, 12, 27)):
        with pytest.raises(Invalid, match="monday_unknown"):
            citizen.does(Action.EXCLUDE, monday=far.isoformat())
    assert len(line.entries("monday_excluded")) == 1


@in_the_whole_city
def test_the_city_shows_its_value_only_when_every_pool_is_frozen(line: Line) -> None:
    line.begins(TUESDAY, "11:59")
    store, later = line.city.application.store, at_tehran(TUESDAY, "21:00")
    with store.unit_of_work(line.clock()) as uow:
        for district in range(1, 22):
            drawing.freeze(uow, district, MONDAY, at_tehran(TUESDAY, "12:00"))
    with store.unit_of_work(line.clock()) as uow:
        reveals.reveal(uow, MONDAY, later)
        assert reveals.revealed_at(uow, MONDAY) is None
        drawing.freeze(uow, 22, MONDAY, at_tehran(TUESDAY, "12:00"))
    with store.unit_of_work(line.clock()) as uow:
        reveals.reveal(uow, MONDAY, at_tehran(TUESDAY, "19:59"))
        assert reveals.revealed_at(uow, MONDAY) is None
        reveals.reveal(uow, MONDAY, later)
        committed = uow.city.commitment(MONDAY)
    (shown,) = line.entries("reveal")
    assert commitment(CITY, shown["value"]) == committed


@in_the_whole_city
def test_every_published_file_can_be_recomputed(line: Line) -> None:
    line.file(3)
    line.file(12, district=4, accepted=False)
    drawn(line)
    files = [line.draw(district=number).file for number in range(1, 23)]
    assert [verify(file) for file in files] == [()] * 22
    hashes = {entry["draw"]: entry["file"] for entry in line.entries("draw")}
    assert hashes == {file["draw"]: sha(canonical_json(file)) for file in files}
    assert verify_chain(line.log()) == ()


def test_whoever_gets_no_seat_has_one_week_more(line: Line) -> None:
    citizens = line.file(SEATS + 3)
    drawn(line)
    seated = {one["ticket"] for one in line.draw().file["seated"]}
    assert len(seated) == SEATS
    for citizen in citizens:
        won = citizen.request.ticket in seated
        assert (citizen.stage, citizen.waited) == (("invited", 0) if won else ("waiting", 1))


def test_a_drawn_seat_is_held_until_saturday_evening(line: Line) -> None:
    (citizen,) = line.file(1)
    drawn(line)
    request = citizen.request
    assert request.seat is not None
    assert request.due_at == request.seat.answer_by == at_tehran(MONDAY - 2 * DAY, "20:00")
    seat = request.last(Action.SEAT)
    assert seat is not None
    assert seat.payload == {"monday": MONDAY.isoformat(), "time": "09:00", "why": "line"}
    assert seat.at == at_tehran(WEDNESDAY, "20:00")


def test_a_holiday_monday_is_drawn_without_seats_and_counts_for_all(
    city: City, clock: FixedClock
) -> None:
    line = Line(city, clock)
    line.sleep_until(HOLIDAY - 10 * DAY, "08:00")
    line.worker.tick()
    citizens = line.file(3)
    line.until(HOLIDAY - 5 * DAY, "20:00")
    file = line.draw(HOLIDAY).file
    assert (file["seats"], verify(file)) == ([], ())
    assert set(file["standby"]) == {citizen.request.ticket for citizen in citizens}
    assert [(citizen.stage, citizen.waited) for citizen in citizens] == [("waiting", 1)] * 3


def test_a_freeze_too_late_for_wednesday_is_decided_by_saturdays_value(line: Line) -> None:
    """Nobody may know the late value when the commitments are revealed."""
    line.file(2)
    line.until(TUESDAY, "11:00")
    line.sleep_until(WEDNESDAY, "15:00")
    line.worker.tick()
    assert line.draw().frozen_at == at_tehran(WEDNESDAY, "15:00")
    line.until(MONDAY - 4 * DAY, "00:59")
    assert line.entries("reveals_closed") == []
    line.until(MONDAY - 2 * DAY, "19:59")
    assert line.draw().state == "frozen"
    line.until(MONDAY - 2 * DAY, "20:00")
    assert line.draw().file["late_day"] == "1405-09-07"
    assert {entry["day"] for entry in line.entries("value")} == {"1405-09-07"}
    assert verify(line.draw().file) == ()


def test_a_freeze_too_late_for_any_answer_draws_no_seats_and_the_week_counts(line: Line) -> None:
    citizens = line.file(2)
    line.until(TUESDAY, "11:00")
    line.sleep_until(MONDAY - DAY, "07:00")
    line.worker.tick()
    line.until(MONDAY, "08:00")
    assert line.draw().file["seats"] == []
    assert [(citizen.stage, citizen.waited) for citizen in citizens] == [("waiting", 1)] * 2
    assert {entry["why"] for entry in line.entries("monday_closed")} == {"late"}


def test_a_late_draw_takes_nobodys_time_to_answer(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(TUESDAY, "12:00")
    line.sleep_until(MONDAY - 2 * DAY, "20:30")
    line.until(MONDAY - DAY, "20:00")
    assert citizen.stage == "invited"
    assert citizen.request.due_at == at_tehran(MONDAY, "20:00")
    assert line.draw().file["reveals"] == {}
    (closed,) = [
        entry for entry in line.entries("reveals_closed") if entry["monday"] == iso(MONDAY)
    ]
    assert (closed["revealed"], closed["silent"]) == ([], ["city"]), "it could show none in time"


def test_a_city_that_comes_ten_minutes_late_still_shows_its_value(line: Line) -> None:
    line.file(1)
    line.until(TUESDAY, "12:00")
    line.sleep_until(TUESDAY, "22:10")
    line.worker.tick()
    (closed,) = line.entries("reveals_closed")
    assert (closed["revealed"], closed["silent"]) == (["city"], [])


@pytest.mark.parametrize(
    ("drawn", "until"),
    [
        ((WEDNESDAY, "20:00"), (MONDAY - 2 * DAY, "20:00")),
        ((MONDAY - 2 * DAY, "12:00"), (MONDAY - 2 * DAY, "20:00")),
        ((MONDAY - 2 * DAY, "12:01"), (MONDAY - DAY, "14:00")),
        ((MONDAY - DAY, "07:59"), (MONDAY - DAY, "14:00")),
        ((MONDAY - DAY, "08:00"), (MONDAY, "20:00")),
        ((MONDAY + 9 * DAY, "08:00"), (MONDAY, "20:00")),
    ],
)
def test_the_later_a_draw_the_later_its_seats_are_answered(drawn, until) -> None:
    week = Week(MONDAY, DEFAULT_RULES)
    assert drawing.answer_by(week, at_tehran(*drawn)) == at_tehran(*until)


def test_a_draw_after_its_monday_owes_everybody_a_seat(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(TUESDAY, "12:00")
    line.sleep_until(MONDAY, "13:00")
    line.worker.tick()
    line.expected.add("opened_late")  # the Monday three weeks ahead
    request = citizen.request
    assert (request.stage.value, request.debt, request.waited) == ("waiting", 1, 0)
    assert line.draw().state == "drawn"


def test_a_monday_missed_by_a_clock_that_stood_still_counts_without_seats(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(TUESDAY, "11:00")
    missed = MONDAY + 3 * WEEK
    line.sleep_until(missed + 2 * DAY, "08:00")
    line.until(missed + 5 * DAY, "20:00")
    line.expected.add("opened_late")
    draw = line.draw(missed)
    assert (draw.state, draw.file["seats"]) == ("drawn", [])
    # Three open Mondays froze too late, and one was missed; the next one has seats again.
    assert (citizen.stage, citizen.waited) == ("invited", 4)


def test_what_is_due_next_is_known_before(line: Line) -> None:
    line.begins(TUESDAY, "11:00")
    with line.reading() as uow:
        assert due(uow, line.clock()) == at_tehran(TUESDAY, "12:00")
