"""The database owner writes another stage or deadline into a row; her events say which it is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.line import DISTRICT, MONDAY, WEDNESDAY, Line
from support.triggers import write

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.advance import why_not
from publicmeeting.domain.lifecycle.tables import ORDER_STEPS, REQUEST_STEPS, AnyAction
from publicmeeting.domain.roles import CLOCK
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.citizen.mine import page_view
from publicmeeting.ui.mayor.agenda.views import people_of
from publicmeeting.ui.staff.monday.views import day_view
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.estimate import day_line
from publicmeeting.usecases.meetings.agenda import ADay, monday_list
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import timeline_page

OFFICIALS = ("reception", "mayor", "desk", "technical", "overseer")
LONG_AGO = "2026-11-01 09:00:00.000000+00:00"
LAST = "(SELECT max(id) FROM event WHERE request_id = :id)"


def set_stage(where: Any, code: str, stage: Stage) -> None:
    write(where, "UPDATE request SET stage = :stage WHERE code = :code", stage=stage, code=code)


def shown(hall: Hall, guest: Guest) -> tuple[set[Stage], str, list[bool]]:
    """Return the stage on her page, the desk's and the board; her list's; and who is warned."""
    own = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    mine = page_view(hall.query(guest.actor, my_page, Nothing()))
    (row,) = (*mine.open_rows, *mine.past_rows)
    desk = hall.execute("desk", open_case, OneCase(code=guest.code))
    board = hall.query("reception", monday_list, ADay())
    (visitor,) = (one for one in board.visitors if one.code == guest.code)
    (line,) = (one for one in day_view(board, None).visitors if one.code == guest.code)
    (table,) = (one for one in people_of(board).guests if one.code == guest.code)
    warned = [road_text.CHANGED in text for text in (row.badge.word, line.status, table.state)]
    stages = {own.request.stage, desk.request.stage, visitor.stage}
    return stages, row.badge.word, [own.is_changed, desk.is_changed, *warned]


@pytest.mark.parametrize("stage", [Stage.IN_ROOM, Stage.CLOSED, Stage.WAITING])
def test_whoever_reads_a_case_reads_the_stage_of_its_events(hall: Hall, stage: Stage) -> None:
    guest = hall.guests[0]
    truth = ({Stage.CONFIRMED}, STAGE[Stage.CONFIRMED], [False] * 5)
    assert shown(hall, guest) == truth
    set_stage(hall, guest.code, stage)
    assert shown(hall, guest) == truth


def test_whoever_reads_a_case_whose_events_were_changed_too_is_warned(hall: Hall) -> None:
    guest = hall.guests[0]
    write(hall, f"UPDATE event SET tag = '' WHERE id = {LAST}", id=guest.request.id)
    set_stage(hall, guest.code, Stage.CLOSED)
    stages, _, warned = shown(hall, guest)
    assert stages == {Stage.CLOSED}
    assert warned == [True] * 5


def test_nobody_takes_a_step_that_a_forged_stage_would_open(hall: Hall) -> None:
    guest = hall.guests[0]
    (order,) = hall.met(guest)
    actors = [guest.actor, CLOCK, *map(hall.as_, OFFICIALS)]
    now = hall.clock()

    def open_steps() -> tuple[set[AnyAction], set[AnyAction]]:
        case, (promise,) = guest.request, guest.orders
        return (
            {s.action for s in REQUEST_STEPS for a in actors if not why_not(case, s, a, now)},
            {s.action for s in ORDER_STEPS for a in actors if not why_not(promise, s, a, now)},
        )

    truth = open_steps()
    assert all(truth)
    for stage in set(Stage) - {Stage.FOLLOW_UP}:
        set_stage(hall, guest.code, stage)
        assert open_steps() == truth, stage
    set_stage(hall, guest.code, Stage.FOLLOW_UP)
    for other in set(OrderStage) - {OrderStage.ISSUED}:
        change = "UPDATE mayor_order SET stage = :stage WHERE number = :number"
        write(hall, change, stage=other, number=order.number)
        assert open_steps() == truth, other


def test_a_step_goes_on_from_her_events_and_puts_the_row_right(hall: Hall) -> None:
    guest, number = hall.guests[0], hall.met(hall.guests[0])[0].number
    write(hall, "UPDATE mayor_order SET stage = 'reported' WHERE number = :number", number=number)
    with pytest.raises(Denied, match="stage_moved"):
        guest.does(number, OrderAction.CONFIRM_DONE)
    assert hall.step("technical", number, OrderAction.TAKE_ON).stage is OrderStage.IN_ACTION
    with hall.reading() as uow:
        assert uow.orders.count(stages=(OrderStage.IN_ACTION,)) == 1


def test_no_row_closes_a_request_with_an_unfinished_promise_or_keeps_one_open(hall: Hall) -> None:
    guest, other = hall.guests[:2]
    done, unfinished = hall.met(guest, TECHNICAL, SERVICES)
    (only,) = hall.met(other, TECHNICAL)
    end = "UPDATE mayor_order SET stage = 'done' WHERE number = :number"
    write(hall, end, number=unfinished.number)
    set_stage(hall, other.code, Stage.CLOSED)
    for citizen, order in ((guest, done), (other, only)):
        hall.step("technical", order.number, OrderAction.TAKE_ON)
        hall.step("technical", order.number, OrderAction.REPORT, note="پیاده‌رو ترمیم شد.")
        citizen.does(order.number, OrderAction.CONFIRM_DONE)
    assert [one.stage for one in guest.orders] == [OrderStage.DONE, OrderStage.ISSUED]
    assert guest.request.stage is Stage.FOLLOW_UP
    assert other.request.stage is Stage.CLOSED
    assert other.request.history[-1].action is Action.CONCLUDE


@pytest.mark.on_postgresql
def test_a_forged_visitor_in_the_room_keeps_nobody_out(hall: Hall) -> None:
    first, second = hall.guests[:2]
    hall.arrive(second)
    set_stage(hall, first.code, Stage.IN_ROOM)
    with pytest.raises(Denied, match="stage_moved"):
        hall.act("reception", first, Action.SEND_BACK, note="او اینجا نیست.")
    assert hall.act("mayor", second, Action.CALL_IN, skip="away").stage is Stage.IN_ROOM
    hall.arrive(third := hall.guests[2])
    with pytest.raises(Denied, match="room_taken"):  # as by everybody who is there
        hall.act("mayor", third, Action.CALL_IN, skip="away")


def test_no_row_takes_a_visitor_from_the_line_of_the_day_or_into_the_room(hall: Hall) -> None:
    rival, friend = hall.guests[:2]
    hall.arrive(rival)
    hall.arrive(friend)
    set_stage(hall, rival.code, Stage.WITHDRAWN)
    set_stage(hall, friend.code, Stage.IN_ROOM)
    with hall.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        line = day_line(uow, day, hall.clock()) if day else None
    assert line is not None
    assert line.inside == 0
    waiting = [guest.request.id for guest in hall.guests]
    assert [one.request_id for one in line.waiting] == waiting


def test_nor_does_a_step_that_he_made_unreadable(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.met(guest)
    broken = f"UPDATE event SET payload = 'x' WHERE id = {LAST}"
    write(hall, broken, id=guest.request.id)
    with hall.reading() as uow:
        day = uow.city.monday(DISTRICT, MONDAY)
        line = day_line(uow, day, hall.clock()) if day else None
    assert line is not None
    assert line.inside == 0


@pytest.mark.parametrize("is_later", [False, True], ids=["at once", "after the clock"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE request SET stage = 'withdrawn' WHERE id = :id",
        "UPDATE request SET due_at = :at WHERE id = :id",
        "UPDATE seat SET answer_by = :at WHERE request_id = :id",
    ],
)
def test_no_row_ends_the_time_in_which_she_may_answer(
    line: Line, change: str, *, is_later: bool
) -> None:
    rival = next(one for one in line.drawn(3) if one.request.stage is Stage.INVITED)
    until = rival.request.due_at
    values = {"at": LONG_AGO} if ":at" in change else {}
    write(line, change, id=rival.request.id, **values)
    if is_later:
        line.until(WEDNESDAY + timedelta(days=1), "12:00")
    assert rival.request.due_at == until
    assert rival.does(Action.CONFIRM).stage is Stage.CONFIRMED
    line.overlooked.add("was hers until")  # the row of a seat stays as it is, and doctor names it


def test_no_row_puts_a_promise_off(hall: Hall, guest: Guest) -> None:
    order = hall.met(guest)[0]
    hall.step("technical", order.number, OrderAction.TAKE_ON)
    write(hall, "UPDATE mayor_order SET due_on = '2028-02-01', first_due_on = '2028-02-01'")
    asked = hall.step("technical", order.number, OrderAction.ASK_CITIZEN, note="کدام در؟")
    assert asked.history[-1].payload["was_on"] == order.due_on.isoformat()
    assert asked.first_due_on == order.first_due_on
    with hall.reading() as uow:
        days = text("SELECT due_on, first_due_on FROM mayor_order")
        (row,) = uow.connection.execute(days)
    assert [str(day) for day in row] == [str(asked.due_on), str(order.first_due_on)]


@pytest.mark.on_postgresql
def test_no_row_has_another_unit_report_a_promise(hall: Hall, guest: Guest) -> None:
    (order,) = hall.met(guest)
    to = "UPDATE mayor_order SET unit_id = :unit WHERE number = :number"
    write(hall, to, unit=SERVICES, number=order.number)
    with pytest.raises(Denied, match="not_found"):
        hall.step("services", order.number, OrderAction.TAKE_ON)
    hall.step("technical", order.number, OrderAction.TAKE_ON)
    write(hall, to, unit=TECHNICAL, number=order.number)


def test_a_rival_whose_row_says_that_she_left_gets_the_seat_that_she_has_won(line: Line) -> None:
    citizens = line.file(3)
    line.until(WEDNESDAY, "12:00")  # the list is fixed, and not drawn yet
    set_stage(line, citizens[0].code, Stage.WITHDRAWN)
    citizens[1].does(Action.WITHDRAW)
    line.until(WEDNESDAY, "20:00")
    assert set(line.held().values()) == {citizens[0].code, citizens[2].code}
    assert citizens[0].request.stage is Stage.INVITED


def test_a_friend_whose_row_says_that_he_stayed_blocks_no_seat_that_he_has_won(line: Line) -> None:
    friend, *others = line.file(3)
    line.until(WEDNESDAY, "12:00")  # the list is fixed, and not drawn yet
    friend.does(Action.WITHDRAW)
    set_stage(line, friend.code, Stage.WAITING)
    line.until(WEDNESDAY, "20:00")
    assert set(line.held().values()) == {one.code for one in others}
    assert friend.request.stage is Stage.WITHDRAWN
    line.expected.add("is waiting, by the log gone")


def test_a_row_is_put_right_also_if_another_has_its_live_person(line: Line) -> None:
    one, other = (citizen.request for citizen in line.file(2))
    ends = "UPDATE request SET stage = 'needs_info', due_at = :at, live_person = NULL"
    write(line, f"{ends} WHERE id = :id", id=one.id, at=LONG_AGO)
    again = "UPDATE request SET live_person = :person WHERE id = :id"
    write(line, again, id=other.id, person=one.person_id)
    line.until(line.clock().date() + timedelta(days=1), "00:00")
    with line.reading() as uow:
        (row,) = uow.lists.requests(Filter(person_id=one.person_id), limit=1)
    assert row.stage is one.stage
