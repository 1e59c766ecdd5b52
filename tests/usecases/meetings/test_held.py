"""How a Monday was held, as everybody reads it; also one called off with visitors in the hall."""

from datetime import timedelta
from typing import Any

import pytest
from support.city import City
from support.hall import Hall
from support.line import DISTRICT, MONDAY, Citizen, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.mondays import How
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.kit.jalali import weekday_day
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.districts import home_text
from publicmeeting.ui.citizen.home import held_words, last_monday
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.districts.board import CityBoard, city_board
from publicmeeting.usecases.districts.closing import CloseMonday, close_monday
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.meetings.held import HeldMonday
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

DAY = timedelta(days=1)


def board(hall: Any) -> CityBoard:
    application = hall.application if isinstance(hall, Hall) else hall.city.application
    found: CityBoard = application.query_as(NOBODY, city_board, Nothing())
    return found


def today_of(hall: Any) -> HeldMonday:
    return board(hall).past[DISTRICT][0]


def name(hall: Hall, who: str) -> None:
    account = hall.as_(who).account_id
    assert account is not None
    hall.execute("mayor", name_holder, NameHolder(account=account, monday=MONDAY.isoformat()))


def meet(hall: Hall, at: int, who: str) -> None:
    hall.arrive(hall.guests[at])
    hall.act(who, hall.guests[at], Action.CALL_IN)
    hall.finish(hall.guests[at], who, outcome="refused", note="این کار با طرح نمی‌خواند.")


def test_a_day_handed_over_half_way_is_held_by_both_and_each_meeting_by_one(hall: Hall) -> None:
    assert today_of(hall).how is How.AHEAD
    meet(hall, 0, "mayor")
    assert today_of(hall).how is How.MAYOR
    name(hall, "deputy")
    assert today_of(hall).how is How.MAYOR, "who was named has not met anybody"
    meet(hall, 1, "deputy")
    assert today_of(hall).how is How.BOTH
    roles = []
    for guest in hall.guests[:2]:
        page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
        roles += [mark.role.value for mark in page.marks if mark.action is Action.FINISH_REFUSED]
    assert roles == ["mayor", "deputy"]
    words = held_words(board(hall).past[DISTRICT], MONDAY)
    assert words[0] == home_text.HELD_TODAY[How.BOTH].format(day=home_text.TODAY)
    hall.clock.set(at_tehran(MONDAY + DAY, "09:00"))
    shown = last_monday(board(hall))
    kinds = {tile.number: tile.kind for tile in shown.tiles}
    assert kinds[DISTRICT] == "half"
    assert home_text.HELD_OTHERWISE[How.BOTH].format(count="۱") in shown.notes


def test_a_deputy_alone(hall: Hall) -> None:
    name(hall, "deputy")
    meet(hall, 0, "deputy")
    assert today_of(hall).how is How.DEPUTY


def test_silence_is_said_as_silence(line: Line) -> None:
    citizens = line.drawn(4)
    for citizen in _holders(line, citizens):
        citizen.does(Action.CONFIRM)
    line.until(MONDAY, "13:00")
    assert today_of(line).how is How.SILENT
    words = held_words(board(line).past[DISTRICT], MONDAY)
    assert words[0] == home_text.HELD_TODAY[How.SILENT].format(day=home_text.TODAY)
    later = held_words(board(line).past[DISTRICT], MONDAY + DAY)
    assert weekday_day(MONDAY) in later[0]
    assert home_text.TIMES_OF[How.SILENT].format(count="۱") in later[1]


def _holders(line: Line, citizens: list[Citizen]) -> list[Citizen]:
    held = set(line.held().values())
    return [citizen for citizen in citizens if citizen.code in held]


def test_called_off_while_people_sit_in_the_hall_moves_everybody_at_once(hall: Hall) -> None:
    """Nobody was called in yet: one step tells everybody what to do now.

    It reaches visitors in the hall and on their way. The log records it, and each is owed a seat.
    """
    hall.arrive(hall.guests[0])
    command = CloseMonday(monday=MONDAY.isoformat(), district=str(DISTRICT), reason="mayor_away")
    closed = hall.execute("administrator", close_monday, command)
    assert closed.holders >= len(hall.guests)
    for guest in hall.guests:
        request = guest.request
        assert (request.stage, request.debt, request.seat) == (Stage.WAITING, 1, None)
        with hall.reading() as uow:
            notices = uow.outbox.of_request(request.id, "citizen")
            notice = next(one for one in notices if one.action == Action.CANCEL_MONDAY.value)
            words = notice_text(about(uow, notice, notice.at))
        assert "نیایید" in words.sms
        assert "پیش از دیگران" in words.text
        turn = hall.query(guest.actor, my_turn, OneCase(code=guest.code))
        assert turn.called_off is not None
    assert today_of(hall) == HeldMonday(DISTRICT, MONDAY, How.CLOSED, "mayor_away")
    words_of_day = held_words(board(hall).past[DISTRICT], MONDAY)
    assert words_of_day[0].startswith(f"{home_text.TODAY} ملاقات نیست: ")
    hall.clock.set(at_tehran(MONDAY + DAY, "09:00"))
    assert "۰" not in repr(last_monday(board(hall))), "nobody was expected to come"


def test_seats_that_ended_without_an_arrival_stand_in_the_figures_of_the_district(
    hall: Hall,
) -> None:
    """One citizen was met, one noted as absent; for the third nothing was noted."""
    meet(hall, 0, "mayor")
    for minutes in ("09:16", "09:18", "09:30"):
        hall.clock.set(at_tehran(MONDAY, minutes))
        hall.act("reception", hall.guests[1], Action.NO_SHOW if minutes == "09:30" else Action.CALL)
    assert board(hall).without_arrival == {}, "reception may still correct it"
    Line(hall.city, hall.clock).until(MONDAY + 6 * DAY, "10:00")
    assert board(hall).without_arrival == {DISTRICT: 2}
    now = MONDAY + 6 * DAY
    past = board(hall).past[DISTRICT]
    assert home_text.WITHOUT_ARRIVAL.format(count=persian(2)) in held_words(past, now, 0, 2)[-1]
    assert home_text.WITHOUT_ARRIVAL.format(count=persian(0)) not in held_words(past, now)[-1]


def test_whoever_came_and_was_not_received_is_in_the_figures_of_the_district(hall: Hall) -> None:
    """A mayor passes one visitor over until the hours end; of a closed Monday that says nothing."""
    meet(hall, 0, "mayor")
    hall.arrive(hall.guests[1])
    Line(hall.city, hall.clock).until(MONDAY + 6 * DAY, "10:00")
    assert hall.guests[1].request.count(Action.DAY_OVER) == 1
    assert board(hall).sent_away == {DISTRICT: (1, 0)}
    past, now = board(hall).past[DISTRICT], MONDAY + 6 * DAY
    assert home_text.SENT_AWAY.format(count=persian(1)) in held_words(past, now, 0, 0, (1, 0))[-1]
    assert home_text.SENT_AWAY.partition(" ")[2] not in held_words(past, now)[-1]


@pytest.mark.on_postgresql
def test_one_visitor_who_is_not_received_week_after_week_is_counted_as_the_same(line: Line) -> None:
    """A mayor may talk with a friend and send her back, so that she has the next Monday too."""
    friend, other = line.drawn(2)
    for week, comes in enumerate(((friend, other), (friend,), (friend,))):
        monday = MONDAY + week * 7 * DAY
        line.until(monday - 4 * DAY, "12:00")
        for citizen in comes:
            citizen.does(Action.CONFIRM)
        line.until(monday, "09:00")
        for citizen in comes:
            line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
            if citizen is friend:
                line.official("mayor", friend, Action.CALL_IN)
                line.official("mayor", friend, Action.SEND_BACK, note="پس از نفر بعدی")
    line.until(MONDAY + 20 * DAY, "10:00")
    assert board(line).sent_away == {DISTRICT: (4, 2)}
    words = home_text.SENT_AWAY_AGAIN.format(count=persian(4), again=persian(2))
    assert words in held_words(board(line).past[DISTRICT], MONDAY, 0, 0, (4, 2))[-1]


def test_nobody_is_counted_as_sent_away_on_a_monday_that_was_closed(hall: Hall) -> None:
    hall.arrive(hall.guests[1])
    call_off(hall)
    Line(hall.city, hall.clock).until(MONDAY + 6 * DAY, "10:00")
    assert hall.guests[1].request.count(Action.CANCEL_MONDAY) == 1
    assert board(hall).sent_away == {}


def call_off(hall: Hall) -> int:
    command = CloseMonday(monday=MONDAY.isoformat(), district=str(DISTRICT), reason="mayor_away")
    return int(hall.execute("administrator", close_monday, command).holders)


def test_the_rest_of_a_day_that_has_begun_is_called_off_in_one_step(hall: Hall) -> None:
    """Met visitors stay met, the one in the room goes on, everybody else is owed a seat."""
    first, second, third = hall.guests
    meet(hall, 0, "mayor")
    hall.arrive(second)
    hall.act("mayor", second, Action.CALL_IN)
    hall.arrive(third)
    call_off(hall)
    assert first.request.stage is Stage.CLOSED
    assert second.request.stage is Stage.IN_ROOM
    assert (third.request.stage, third.request.debt) == (Stage.WAITING, 1)
    hall.finish(second, "mayor", outcome="refused", note="این کار با طرح نمی‌خواند.")
    assert second.request.stage is Stage.CLOSED
    assert today_of(hall).how is How.CUT_SHORT
    words = held_words(board(hall).past[DISTRICT], MONDAY)
    assert "بقیه لغو شد" in words[0]
    with pytest.raises(Denied, match="monday_closed"):
        call_off(hall)


def test_who_is_sent_back_from_the_room_after_it_is_owed_a_seat_too(hall: Hall) -> None:
    hall.receive(hall.guests[0])
    call_off(hall)
    hall.act("reception", hall.guests[0], Action.SEND_BACK, note="شهردار را فراخواندند.")
    request = hall.guests[0].request
    assert (request.stage, request.debt, request.seat) == (Stage.WAITING, 1, None)


def next_list(hall: Hall) -> None:
    line = Line(City(hall.application), hall.clock)
    line.until(MONDAY + DAY, "11:59")
    assert hall.guests[0].request.stage is Stage.IN_ROOM, "who is in the room is met to the end"
    line.until(MONDAY + DAY, "12:01")


@pytest.mark.parametrize("is_called_off", [False, True])
def test_whoever_was_forgotten_in_the_room_is_owed_a_seat_before_the_next_list(
    hall: Hall, *, is_called_off: bool
) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    if is_called_off:
        call_off(hall)
    next_list(hall)
    after = guest.request
    assert (after.stage, after.debt, after.seat) == (Stage.WAITING, 1, None)
    with hall.reading() as uow:
        draw = uow.draws.get(DISTRICT, MONDAY + 7 * DAY)
    assert draw is not None
    rows = {row["ticket"]: row["debt"] for row in draw.file["pool"]}
    assert rows[after.ticket] == 1


def test_whoever_left_the_room_with_an_order_was_met_though_nobody_pressed_it(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    hall.order(guest)
    next_list(hall)
    after = guest.request
    assert (after.stage, after.debt) == (Stage.FOLLOW_UP, 0)
    with hall.reading() as uow:
        kinds = [one.kind for one in uow.log.after(0, 10_000)]
    assert kinds.count("met") == 1
    assert "meeting_recorded" not in kinds, "nobody can say how long it was"


def test_once_the_last_seat_has_begun_nothing_is_called_off(hall: Hall) -> None:
    meet(hall, 0, "mayor")
    hall.clock.set(at_tehran(MONDAY, "10:45"))
    with pytest.raises(Denied, match="monday_begun"):
        call_off(hall)
