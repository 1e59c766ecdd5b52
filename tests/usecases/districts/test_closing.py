"""Closing a Monday before its freeze, before its draw, after invitations, and on the day."""

from datetime import date, datetime, timedelta
from threading import Event, current_thread
from typing import Any

import pytest
from support.audited import against_log
from support.city import THREE
from support.each import in_one_city
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.together import together

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.people import Level
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.store.districts.city import City
from publicmeeting.store.public_record.log import Entry, Log
from publicmeeting.text.lifecycle.actions_text import DONE, MEANING
from publicmeeting.text.notices.notices_text import SMS_MOST
from publicmeeting.text.notices.sms_text import sms_length
from publicmeeting.text.tracking import case_text
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.verification import verify
from publicmeeting.ui.citizen.timeline.turn import TurnView, turn_view
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.closing import (
    Closed,
    CloseMonday,
    city_calendar,
    close_monday,
    preview_closure,
)
from publicmeeting.usecases.filing.receipts import receipt
from publicmeeting.usecases.line import drawing
from publicmeeting.usecases.meetings.in_hall.hall import CheckIn, check_in, hall_code
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SEATS = 8


@pytest.fixture
def districts() -> tuple[int, ...]:
    """Three districts, so that the city can be closed at once, or all but one."""
    return THREE


def close(
    line: Line,
    *,
    district: str = str(DISTRICT),
    reason: str = "pollution",
    who: str = "administrator",
    monday: str = "",
) -> Closed:
    command = CloseMonday(monday=monday or MONDAY.isoformat(), district=district, reason=reason)
    return line.city.application.execute_as(line.city.as_(who), close_monday, command)


def preview(line: Line) -> Closed:
    """Return what closing the whole city would do."""
    command = CloseMonday(monday=MONDAY.isoformat(), district="", reason="pollution")
    return line.city.application.query_as(line.city.as_("administrator"), preview_closure, command)


def confirmed(line: Line, count: int) -> dict[str, Citizen]:
    """Draw this many citizens and let them confirm; return time of seat → citizen."""
    by_code = {one.code: one for one in line.drawn(count)}
    held = {time: by_code[code] for time, code in line.held().items()}
    for citizen in held.values():
        citizen.does(Action.CONFIRM)
    return held


def turn_of(line: Line, guest: Citizen) -> TurnView:
    """Return what her page says of her turn."""
    page, turn = (
        line.city.application.query_as(guest.actor, query, OneCase(code=guest.code))
        for query in (timeline_page, my_turn)
    )
    return turn_view(page, turn, ())


def is_sound(line: Line) -> None:
    """Check that published files agree with the log, and the tables with each other."""
    files = [line.draw(MONDAY + n * WEEK, d).file for n in range(2) for d in THREE]
    assert [verify(file) for file in files] == [()] * len(files)
    assert against_log(files, [entry.published for entry in line.log()]).faults == {}
    results = line.city.application.query_as(COMMAND_LINE, examine, Checkup())
    assert [result for result in results if result.findings] == []


def test_before_the_freeze_the_line_has_no_seats_and_the_week_counts_for_all(line: Line) -> None:
    citizens = line.file(2)
    assert close(line) == Closed(MONDAY, districts=1, holders=0)
    assert line.draw().file["seats"] == []
    assert line.entries("monday_closed") == [{"draw": line.draw().id, "why": "closure"}]
    is_sound(line)
    line.until(WEDNESDAY, "20:00")
    assert [(citizen.stage, citizen.waited, citizen.request.debt) for citizen in citizens] == [
        ("waiting", 1, 0)
    ] * 2
    line.until(WEDNESDAY + WEEK, "20:00")
    assert {citizen.stage for citizen in citizens} == {"invited"}
    is_sound(line)


def test_a_frozen_list_is_drawn_and_its_seats_are_owed(line: Line) -> None:
    citizens = line.file(SEATS + 1)
    line.until(TUESDAY, "12:00")
    close(line)
    assert len(line.draw().file["seats"]) == SEATS, "what was published stands"
    line.until(WEDNESDAY, "20:00")
    assert {citizen.stage for citizen in citizens} == {"waiting"}
    assert sorted(citizen.request.debt for citizen in citizens) == [0] + [1] * SEATS
    assert sorted(citizen.waited for citizen in citizens) == [0] * SEATS + [1]
    is_sound(line)


@pytest.mark.on_postgresql
def test_two_administrators_at_once_close_once(line: Line) -> None:
    done, refused = together(lambda: close(line), lambda: close(line, reason="heat"))
    assert len(done) == 1
    assert [word.key for word in refused] == ["monday_closed"]
    assert len(line.entries("monday_closed")) == 1


@pytest.mark.on_postgresql
def test_nobody_keeps_a_seat_of_a_monday_that_is_closed_while_it_is_drawn(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizens = line.file(2)
    line.until(WEDNESDAY, "11:59")
    drawn, closed, seat = Event(), Event(), drawing._seat

    def slowly(*arguments: Any) -> None:
        seat(*arguments)
        drawn.set()
        closed.wait(0.3)

    def close_meanwhile() -> None:
        drawn.wait(10)
        close(line)
        closed.set()

    monkeypatch.setattr(drawing, "_seat", slowly)
    _, refused = together(lambda: line.until(WEDNESDAY, "20:00"), close_meanwhile)
    assert refused == []
    assert [(citizen.stage, citizen.request.debt) for citizen in citizens] == [("waiting", 1)] * 2


def test_guests_are_told_owed_and_first_in_the_next_line(line: Line) -> None:
    guests = line.drawn(2)
    guests[0].does(Action.CONFIRM)
    assert close(line).holders == 2
    for guest in guests:
        assert (guest.stage, guest.request.debt, guest.request.seat) == ("waiting", 1, None)
    with line.reading() as uow:
        hers = [
            m for citizen in guests for m in uow.outbox.of_request(citizen.request.id, "citizen")
        ]
        found = [m for m in hers if (m.action, m.state) == (Action.CANCEL_MONDAY, "waiting")]
        assert len(found) == len(guests)
        letters = [notice_text(about(uow, one, one.at)) for one in found]
        late = [notice_text(about(uow, one, at_tehran(MONDAY, "12:00"))) for one in found]
    for text in (text for notice in late for text in (notice.title, notice.text, notice.sms)):
        assert "برگزار نشد" in text
        assert "نیایید" not in text
    assert all(sms_length(notice.sms) <= SMS_MOST for notice in late)
    for text in (text for letter in letters for text in (letter.text, letter.sms)):
        assert "دوشنبه ۹ آذر" in text
        assert "آلودگی هوا" in text
        assert "نیایید" in text
    assert all(sms_length(letter.sms) <= SMS_MOST for letter in letters)
    line.until(MONDAY, "20:00")
    assert line.entries("offered") == [], "nobody is offered a seat of a closed Monday"
    line.until(WEDNESDAY + WEEK, "20:00")
    assert {one["why"] for one in line.draw(MONDAY + WEEK).file["seated"]} == {"debt"}
    is_sound(line)


def test_a_debt_promises_no_seat_of_the_next_draw_which_may_have_none(line: Line) -> None:
    (guest,) = line.drawn(1)
    close(line)
    with line.reading() as uow:
        (owed,) = [
            notice_text(about(uow, one, one.at))
            for one in uow.outbox.of_request(guest.request.id, "citizen")
            if one.action == Action.CANCEL_MONDAY
        ]
    line.until(MONDAY + DAY, "09:00")
    close(line, monday=(MONDAY + WEEK).isoformat())
    line.file(SEATS)
    line.until(WEDNESDAY + WEEK, "20:00")
    assert line.draw(MONDAY + WEEK).file["seats"] == []
    assert (guest.stage, guest.request.debt) == ("waiting", 1)
    for words in (owed.text, MEANING[Action.CANCEL_MONDAY], case_text.OWED):
        assert "تا نوبت بگیرید، در هر قرعه پیش از دیگرانید" in words
    line.until(WEDNESDAY + 2 * WEEK, "20:00")
    assert line.draw(MONDAY + 2 * WEEK).file["seated"][0]["why"] == "debt"
    assert guest.stage == "invited"
    is_sound(line)


def test_her_receipt_names_the_first_monday_with_seats(line: Line) -> None:
    (citizen,) = line.file(1)
    close(line)
    paper = line.city.application.query_as(citizen.actor, receipt, OneCase(code=citizen.code))
    assert paper.first_monday == MONDAY + WEEK
    assert paper.draw_at == at_tehran(WEDNESDAY + WEEK, "20:00")


def test_her_page_says_first_that_she_need_not_come_and_why(line: Line) -> None:
    (guest,) = line.drawn(1)
    close(line)
    off = turn_of(line, guest)
    assert off.off == "ملاقات دوشنبه ۹ آذر برگزار نمی‌شود: آلودگی هوا."
    assert off.off_means.startswith("نیایید.")
    page = line.city.application.query_as(guest.actor, timeline_page, OneCase(code=guest.code))
    road = road_steps(page.marks, page.dates, own=True)
    (step,) = [road_step for road_step in road if road_step.title == DONE[Action.CANCEL_MONDAY]]
    assert step.meaning.startswith("دوشنبه ۹ آذر: آلودگی هوا.")
    assert MEANING[Action.CANCEL_MONDAY] in step.meaning
    line.until(MONDAY + DAY, "08:00")
    assert turn_of(line, guest).off == "ملاقات دوشنبه ۹ آذر برگزار نشد: آلودگی هوا."
    line.until(WEDNESDAY + WEEK, "20:00")
    assert turn_of(line, guest).off == "", "she has a seat again"


def test_on_the_day_until_somebody_has_been_called_in(line: Line) -> None:
    came, waits = line.drawn(2)
    for citizen in (came, waits):
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "09:00")
    line.official("reception", came, Action.ARRIVE, identity=came.identity)
    assert close(line).holders == 2
    assert (came.stage, came.request.debt) == ("waiting", 1)


def test_the_rest_of_a_monday_that_has_begun_is_called_off(line: Line) -> None:
    met, waits = line.drawn(2)
    for citizen in (met, waits):
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "09:00")
    line.meet(met)
    assert close(line).holders == 1
    assert (waits.stage, waits.request.debt) == ("waiting", 1)
    assert met.stage == "closed"
    is_sound(line)
    line.until(MONDAY, "20:00")
    assert line.seqs("monday_ended", line.draw().id) == []
    is_sound(line)


@pytest.mark.on_postgresql
def test_the_whole_city_is_closed_with_one_wish_and_no_other_monday(line: Line) -> None:
    assert close(line, district="").districts == len(THREE)
    with line.reading() as uow:
        states = {(day.on, day.state) for day in uow.city.mondays()}
    assert (MONDAY, "open") not in states
    assert (MONDAY + WEEK, "open") in states
    with pytest.raises(Denied, match="monday_closed"):
        close(line, district="")
    assert len(line.entries("monday_closed")) == len(THREE)


def test_a_district_whose_last_seat_has_begun_keeps_no_other_open(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A storm comes at ten, when a district with few seats is nearly done."""
    line.until(MONDAY, "08:10")
    starts = City.starts

    def few(city: City, district: int, on: date, stored: str) -> tuple[str, ...]:
        return ("08:00",) if district == THREE[0] else starts(city, district, on, stored)

    monkeypatch.setattr(City, "starts", few)
    assert preview(line).numbers == THREE[1:]
    closed = close(line, district="")
    assert closed.numbers == THREE[1:]
    with pytest.raises(Denied, match="monday_begun"):
        close(line, district="")


@pytest.mark.on_postgresql
@pytest.mark.parametrize("way", ["close", "draw", "end"])
def test_a_holder_who_acts_at_that_instant_ends_nobody_s_closing_draw_or_day(
    line: Line, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """She holds her row and waits for the log, whose writers must wait for her row first."""
    citizens = line.file(4)
    line.until(WEDNESDAY, "19:59" if way == "draw" else "20:00")
    if way == "end":
        for citizen in citizens:
            citizen.does(Action.CONFIRM)
        line.until(MONDAY, "09:00")
        line.meet(citizens[0])
        line.until(MONDAY, "12:59")
    her, has_row, append = citizens[-1], Event(), Log.append

    def slowly(log: Log, kind: Kind, body: dict[str, object], at: datetime) -> Entry:
        if current_thread().name == "her":
            has_row.set()
            Event().wait(0.5)
        return append(log, kind, body, at)

    monkeypatch.setattr(Log, "append", slowly)

    def acts() -> None:
        current_thread().name = "her"
        her.does(Action.WITHDRAW)

    def city_acts() -> None:
        has_row.wait(10)
        if way == "close":
            close(line)
        else:
            line.until(*((WEDNESDAY, "20:00") if way == "draw" else (MONDAY, "20:00")))

    _, refused = together(acts, city_acts)
    assert refused == []
    assert her.stage == "withdrawn"
    kind = {"close": "monday_closed", "draw": "draw", "end": "monday_ended"}[way]
    assert line.seqs(kind, line.draw().id)
    is_sound(line)


@in_one_city(
    "command, word",
    [
        ({"monday": (MONDAY + DAY).isoformat()}, "monday_unknown"),
        ({"monday": (MONDAY + 30 * WEEK).isoformat()}, "monday_unknown"),
        ({"monday": "دوشنبه"}, "monday_unknown"),
        ({"district": "23"}, "district_unknown"),
        ({"reason": ""}, "need_reason"),
        ({"reason": "late"}, "need_reason"),
        ({"reason": "<b>"}, "need_reason"),
    ],
)
def test_what_cannot_be_closed_is_refused_beside_its_field(line: Line, command, word) -> None:
    with pytest.raises(Invalid, match=word) as refused:
        close(line, **command)
    assert refused.value.field in {"monday", "district", "reason"}
    assert line.entries("monday_closed") == []


@in_one_city("who", ["mayor", "reception", "desk", "overseer"])
def test_nobody_else_closes_a_monday_or_reads_its_form(line: Line, who: str) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        close(line, who=who)
    with pytest.raises(Denied, match="not_your_role"):
        line.city.application.query_as(line.city.as_(who), city_calendar, Nothing())


def test_the_calendar_counts_what_a_closure_would_cost(line: Line) -> None:
    guests = line.drawn(2)
    assert guests[0].stage == "invited"
    application, admin = line.city.application, line.city.as_("administrator")
    seen = application.query_as(admin, city_calendar, Nothing())
    assert [(monday.on, monday.holders) for monday in seen.mondays][:2] == [
        (MONDAY, 2),
        (MONDAY + WEEK, 0),
    ]
    assert {day.state for day in seen.mondays[0].days} == {"open"}


def test_who_had_not_come_by_ten_minutes_after_her_time_is_owed_nothing(line: Line) -> None:
    """A closing at the last minute makes no debts for citizens who stayed at home."""
    held = confirmed(line, 3)
    first, second, third = (held[time] for time in sorted(held))
    late = sorted(held)[1]
    line.until(MONDAY, f"{late[:3]}{int(late[3:]) + 10:02d}")
    assert close(line).holders == 1
    assert [citizen.stage for citizen in held.values()] == ["waiting"] * 3
    assert [citizen.request.debt for citizen in (first, second, third)] == [0, 0, 1]
    assert [citizen.request.history[-1].action for citizen in (first, second, third)] == [
        Action.NOT_CALLED,
        Action.NOT_CALLED,
        Action.CANCEL_MONDAY,
    ]
    is_sound(line)


def test_who_waits_in_the_hall_or_at_the_reception_is_owed_one_however_late(line: Line) -> None:
    held = confirmed(line, 3)
    first, second, third = (held[time] for time in sorted(held))
    line.until(MONDAY, "09:00")
    with line.reading() as uow:
        code = hall_code(uow, DISTRICT, line.clock())
    here = CheckIn(code=first.code, hall=code)
    line.city.application.execute_as(first.actor, check_in, here)
    line.official("reception", second, Action.ARRIVE, identity=second.identity)
    line.until(MONDAY, "09:45")
    command = CloseMonday(monday=MONDAY.isoformat(), district=str(DISTRICT), reason="pollution")
    seen = line.city.application.query_as(line.city.as_("administrator"), preview_closure, command)
    assert seen.holders == close(line).holders == 2
    assert [citizen.request.debt for citizen in (first, second, third)] == [1, 1, 0]
    is_sound(line)


def test_who_waits_beside_a_telephone_that_nobody_has_rung_is_owed_one(line: Line) -> None:
    held = confirmed(line, 2)
    called, _ = (held[time] for time in sorted(held))
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.prove(called.request.person_id, Level.MATCHED, "matching")
    called.does(Action.ASK_CALL)
    line.until(MONDAY, "09:30")
    assert close(line).holders == 1
    assert [citizen.request.debt for citizen in (held[time] for time in sorted(held))] == [1, 0]
    is_sound(line)
