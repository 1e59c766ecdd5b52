"""The mayor's screens about a Monday, a visitor and a promise."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from support.clock import FixedClock
from support.hall import SERVICES, TECHNICAL, Hall
from support.pages import drawn

from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.mondays import MondayState
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.lifecycle.reasons_text import closure
from publicmeeting.text.lifecycle.stages_text import STAGE
from publicmeeting.text.meetings import agenda_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.orders import orders_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor import orders as list_views
from publicmeeting.ui.mayor.agenda import page as agenda_page
from publicmeeting.ui.mayor.agenda import views as agenda_views
from publicmeeting.ui.mayor.meeting import views as meeting_views
from publicmeeting.ui.mayor.order import state as order_views
from publicmeeting.ui.mayor.table import day_head
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.agenda import ADay, agenda, open_monday
from publicmeeting.usecases.meetings.room import open_meeting
from publicmeeting.usecases.officials.managing import OneOfficial, lift, suspend
from publicmeeting.usecases.orders.lists import OrdersList, orders_list
from publicmeeting.usecases.orders.pages import OneOrder, open_order


def day_of(hall: Hall) -> agenda_views.Day:
    hall.execute("mayor", open_monday, ADay())
    return agenda_views.day(hall.query("mayor", agenda, ADay()))


def table_of(hall: Hall, who: str = "mayor") -> meeting_views.Table:
    code = hall.guests[0].code
    return meeting_views.table(hall.execute(who, open_meeting, OneCase(code=code)))


def test_each_seat_is_a_tile_that_says_past_now_or_ahead(hall: Hall):
    first, second, third = hall.guests
    hall.met(first)
    hall.receive(second)
    hall.arrive(third)
    board = hall.query("mayor", agenda, ADay()).board
    head = day_head(board)
    assert [tile.kind for tile in head.seats[:4]] == ["glazed", "now", "end", "raw"]
    assert head.seats_sentence == "نفر ۲ از ۸ در اتاق است. ۱ ملاقات انجام شد."
    assert (head.date, head.place, head.clock) == ("دوشنبه ۹ آذر", "منطقهٔ ۶", "۹:۰۰")
    ahead = day_head(replace(board, now=board.now - timedelta(days=2)))
    assert ahead.date == "شنبه ۷\u00a0آذر", "the clock's own day"


def test_a_meeting_with_an_order_in_hand_goes_on_and_nobody_is_sent_back(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    before = day_of(hall).in_room
    hall.order(guest)
    after = day_of(hall).in_room
    assert (before.may_go_on, before.may_send_back) == (True, True)
    assert (after.code, after.may_go_on, after.may_send_back) == (guest.code, True, False)


def test_the_next_one_is_the_earliest_who_has_come_else_the_first_expected(hall: Hall):
    first, _, third = hall.guests
    expected = day_of(hall).next
    assert (expected.code, expected.may_call_in) == (first.code, False)
    assert (expected.time, expected.state, expected.badge.word) == ("۹:۰۰", "", "نیامده"), "once"
    hall.arrive(third)
    come = day_of(hall).next
    assert (come.code, come.may_call_in, come.is_next) == (third.code, True, True)


def test_nobody_is_next_and_nobody_waits_on_another_day(hall: Hall):
    hall.clock.forward(days=-1)
    day = day_of(hall)
    assert not day.is_today
    assert day.other_day == "برنامهٔ دوشنبه ۹ آذر را می‌بینید."
    assert [tile.kind for tile in day.until] == ["now", "end"]
    assert (day.next.code, len(day.guests)) == ("", 3)


def test_of_a_monday_that_is_called_off_nobody_is_said_to_have_been_passed_over(hall: Hall):
    seen = hall.query("mayor", agenda, ADay())
    visitors = tuple(replace(visitor, stage=Stage.WAITING) for visitor in seen.board.visitors)
    off = replace(seen.board.monday, state=MondayState.CLOSED, why=ClosureReason.POLLUTION.value)
    board = replace(seen.board, monday=off, visitors=visitors)
    day = agenda_views.day(replace(seen, board=board))
    assert (day.closed, day.empty_lead) == (True, closure(ClosureReason.POLLUTION))
    assert {guest.badge.word for guest in day.guests} == {STAGE[Stage.WAITING]}


def test_late_promises_come_with_the_agenda(hall: Hall):
    order = hall.met(hall.guests[0], due_on="2026-12-02")[0]
    hall.clock.forward(days=4)
    late = agenda_views.day(hall.query("mayor", agenda, ADay())).late
    assert [row.href for row in late] == [f"/mayor/orders/{order.number}/"]
    assert late[0].tile.kind == "late"


def test_on_the_monday_itself_the_number_of_late_promises_is_above_the_visitors(hall: Hall):
    hall.met(hall.guests[0], due_on="2026-12-02")
    today = hall.query("mayor", agenda, ADay())
    hall.clock.forward(days=4)
    later = hall.query("mayor", agenda, ADay())
    with_late = replace(today, late=later.late)
    counts = [agenda_views.day(seen).late_count for seen in (today, with_late, later)]
    assert counts == ["", agenda_text.LATE_COUNT.format(count="۱"), ""]


def test_the_table_allows_what_the_lifecycle_opens(hall: Hall):
    guest = hall.guests[0]
    before = table_of(hall)
    assert (before.may_order, before.may_call_in, before.inside) == (False, False, False)
    hall.receive(guest)
    inside = table_of(hall)
    assert inside.may_order
    assert not inside.may_finish
    assert [unit.value for unit in inside.units if unit.suggested] == [TECHNICAL]
    hall.order(guest)
    assert table_of(hall).may_finish
    hall.finish(guest)
    over = table_of(hall)
    assert over.met
    assert (over.may_order, over.inside) == (False, False)
    assert over.tile.kind == "glazed"


def test_a_unit_that_has_no_officer_is_marked_wherever_the_mayor_chooses_one(hall: Hall):
    def labels() -> set[tuple[str, str]]:
        at_the_table = {unit.value: unit.label for unit in table_of(hall).units}
        page = hall.execute("mayor", open_order, OneOrder(number=order.number))
        promise = order_views.promise(page)
        assert at_the_table == {unit.value: unit.label for unit in promise.units}
        return {(unit, at_the_table[unit]) for unit in (TECHNICAL, SERVICES)}

    order = hall.met(hall.guests[0])[0]
    served = {(TECHNICAL, "فنی و عمران"), (SERVICES, "خدمات شهری و محیط زیست")}
    assert labels() == served
    account = OneOfficial(account=hall.as_("technical").account_id or "")
    hall.execute("administrator", suspend, account)
    assert labels() == {
        (TECHNICAL, orders_text.UNSERVED.format(unit="فنی و عمران")),
        (SERVICES, "خدمات شهری و محیط زیست"),
    }
    hall.execute("administrator", lift, account)
    assert labels() == served


def test_a_deputy_who_does_not_hold_the_day_sees_the_table_and_decides_nothing(hall: Hall):
    hall.receive(hall.guests[0])
    table = table_of(hall, "deputy")
    assert (table.inside, table.may_order) == (True, False)


def test_an_explained_refusal_is_read_again(hall: Hall):
    guest = hall.guests[0]
    hall.receive(guest)
    hall.finish(guest, outcome="refused", note="این کار با شرکت گاز است.")
    assert table_of(hall).refused_with == "این کار با شرکت گاز است."


@pytest.mark.parametrize(
    ("passed", "glazed", "late", "sentence"),
    [(0, 0, 0, "۰ از ۱۵ دقیقه"), (2, 2, 0, "۲ از ۱۵ دقیقه"), (40, 15, 10, "۴۰ از ۱۵ دقیقه")],
)
def test_the_time_used_is_a_tile_a_minute(passed: int, glazed: int, late: int, sentence: str):
    now = at_tehran(FixedClock().now.date(), "09:00")
    since = now - timedelta(minutes=passed)
    _, tiles, words = meeting_views.minutes(since, timedelta(minutes=15), now)
    kinds = [tile.kind for tile in tiles]
    assert (kinds.count("glazed"), kinds.count("late"), words) == (glazed, late, sentence)
    assert len(kinds) == 15 + late


def test_the_table_says_the_minutes_of_the_meeting(hall: Hall):
    hall.receive(hall.guests[0])
    table = table_of(hall)
    assert table.dues
    assert table.minutes_sentence == "۰ از ۱۵ دقیقه"


def test_the_list_puts_a_decision_of_the_mayor_before_the_stage(hall: Hall):
    order = hall.met(hall.guests[0])[0]
    page = hall.query("mayor", orders_list, OrdersList())
    line = list_views.order_rows(page, "")[0]
    assert line.badge.word == "صادر شد"
    assert (line.end, line.tile.text) == ("۱۵ روز کاری مانده", ""), "the days stand there once"
    hall.step("technical", order.number, OrderAction.RETURN, note="این کار با ما نیست.")
    page = hall.query("mayor", orders_list, OrdersList(which="asks"))
    assert list_views.order_rows(page, "")[0].badge.tone == "saffron"
    assert [tab.chosen for tab in list_views.tabs(page, "")] == [False, False, True, False]
    assert list_views.order_rows(page, "d06-legal") == []


def test_the_filters_are_addresses(hall: Hall):
    hall.met(hall.guests[0])
    page = hall.query("mayor", orders_list, OrdersList())
    units = list_views.units(page, TECHNICAL)
    assert [(unit.href, unit.chosen) for unit in units] == [
        ("/mayor/orders/?which=open", False),
        (f"/mayor/orders/?which=open&unit={TECHNICAL}", True),
    ]


def test_a_promise_shows_its_days_and_what_is_asked(hall: Hall):
    order = hall.met(hall.guests[0])[0]
    hall.step("technical", order.number, OrderAction.TAKE_ON)
    hall.step(
        "technical",
        order.number,
        OrderAction.ASK_EXTENSION,
        note="کفپوش نرسیده است.",
        due_on="2027-01-12",
    )
    page = hall.execute("mayor", open_order, OneOrder(number=order.number))
    promise = order_views.promise(page)
    assert promise.decides
    assert promise.asked == "واحد مهلت بیشتر خواسته است: تا سه‌شنبه ۲۲ دی."
    assert promise.asked_note == "کفپوش نرسیده است."
    assert {"extend", "refuse_extension", "comment", "ask_void"} == {
        step.action for step in page.steps
    }
    days = [day.kind for day in promise.clock.days]
    assert (days[0], days[-1], len(days)) == ("pen", "end", 16)
    hall.clock.forward(days=30)
    late = order_views.clock(hall.execute("mayor", open_order, OneOrder(number=order.number)))
    assert late.late
    assert late.days[-1].kind == "late"
    assert len(late.days) <= order_views.TILES_MOST


def test_of_a_second_contest_the_mayor_reads_who_decides(hall: Hall):
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    for turn in range(2):
        if turn == 0:
            hall.step("technical", number, OrderAction.TAKE_ON)
        else:
            hall.step("mayor", number, OrderAction.RETRY, due_on="2027-01-12")
        hall.step("technical", number, OrderAction.REPORT, note="شد.")
        guest.does(number, OrderAction.CONTEST, note="نشد.")
    promise = order_views.promise(hall.execute("mayor", open_order, OneOrder(number=number)))
    assert not promise.decides
    assert promise.nothing == refusal("overseer_decides")


def test_who_has_come_may_be_called_in_while_the_room_is_free(hall: Hall):
    hall.arrive(hall.guests[0])
    hall.arrive(hall.guests[1])
    guests = {guest.code: guest for guest in day_of(hall).guests}
    later = guests[hall.guests[1].code]
    assert later.may_call_in
    assert not later.is_next
    hall.act("mayor", hall.guests[0], Action.CALL_IN)
    assert not any(guest.may_call_in for guest in day_of(hall).guests)


def test_a_mayor_who_cannot_sign_in_reads_why_and_whom_to_ask() -> None:
    pages = {path: page for path, page in drawn().items() if path.startswith(("/mayor", "/monday"))}
    in_script = json.dumps(json.dumps(staff_text.NO_WAY_IN)[1:-1])[1:-1]
    assert {path for path, page in pages.items() if in_script in page} == {*pages}


def test_on_the_monday_itself_the_people_stand_before_what_is_late() -> None:
    page = str(agenda_page.page())
    people, late = (json.dumps(one)[1:-1] for one in (agenda_text.PEOPLE, agenda_text.LATE_FIRST))
    found = re.findall(f"{re.escape(people)}|{re.escape(late)}", page)
    assert found == [people, late, late, people], "today, and on other days"
    assert {'"/mayor/profile/"', '"/district/"'} <= {*re.findall(r'"/[a-z/]+/"', page)}
