"""A citizen's timeline at each stage; every step open to her has a button."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from support.city import City
from support.clock import FixedClock
from support.hall import SERVICES, TECHNICAL, Hall
from support.line import MONDAY, Citizen, Line
from support.staff_tab import do
from support.walk import WalkedCase

from publicmeeting.domain.choices import AccessNeed
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.lifecycle.timeline import MarkState
from publicmeeting.domain.line.history import is_out
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.districts.texts_text import ASK_137
from publicmeeting.text.filing import slips_text
from publicmeeting.text.lifecycle.actions_text import MEANING, just_done
from publicmeeting.text.lifecycle.stages_text import STAGE_MEANING
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, road_text
from publicmeeting.text.tracking.road_words import own_road_words, road_words
from publicmeeting.ui.citizen.timeline.asked import AskView, ask_view
from publicmeeting.ui.citizen.timeline.moves import (
    FOOT,
    TOP,
    TURN,
    moves_of_orders,
    order_moves,
    request_moves,
)
from publicmeeting.ui.citizen.timeline.orders import MOST_DAYS, OrderView, promise_days, sheet_views
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.record import CaseStep, case_steps, current_status, folded
from publicmeeting.ui.citizen.timeline.turn import turn_card, turn_view
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.line.offers import FreeSeats
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page
from publicmeeting.usecases.tracking.turn import MyTurn, my_turn
from publicmeeting.web.plain.citizens.reading import road

ANSWER_NEEDED = "پاسخ شما لازم است"
Walk = Callable[..., WalkedCase]


SEATS, DAY = 8, timedelta(days=1)


def test_a_past_step_no_longer_says_what_to_do_in_its_moment(hall: Hall) -> None:
    """Weeks after her meeting, nothing tells her to sit down in the hall or to speak."""
    first, second, *_ = hall.guests
    hall.met(first, TECHNICAL)
    page, _ = guest_reads(hall)
    meanings = [step.meaning for step in road_steps(page.marks, page.dates, own=True)]
    plain = unescape(road(page.marks, own_road_words(page.marks, page.dates)))
    assert MEANING[Action.FINISH] in plain
    for action in (Action.SUBMIT, Action.ARRIVE, Action.CALL_IN):
        assert action in {mark.action for mark in page.marks}
        assert MEANING[action] not in meanings
        assert MEANING[action] not in plain
    hall.arrive(second)
    page, _ = guest_reads(hall, 1)
    now = [step.meaning for step in road_steps(page.marks, page.dates, own=True)]
    assert STAGE_MEANING[Stage.ARRIVED] in now
    words = road_words(page.marks, page.dates, own=True)
    assert STAGE_MEANING[Stage.ARRIVED] in unescape(road(page.marks, words))


def test_her_road_names_the_deputy_where_a_deputy_gave_the_order(hall: Hall) -> None:
    """The line below says «جانشین شهردار», so the title must not say «شهردار»."""
    hall.met(hall.guests[0], TECHNICAL)
    page, _ = guest_reads(hall)
    marks = [
        replace(mark, role=Role.DEPUTY) if mark.role is Role.MAYOR else mark for mark in page.marks
    ]
    for of, by in ((page.marks, "شهردار"), (marks, "جانشین شهردار")):
        words = own_road_words(of, page.dates)
        titles = {mark.action: step.title for mark, step in zip(of, words, strict=True)}
        assert titles[OrderAction.ISSUE] == f"{by} دستور داد"


def test_a_deadline_of_a_step_ahead_is_past_once_it_has_passed(hall: Hall) -> None:
    (order,) = hall.met(hall.guests[0], TECHNICAL)
    hall.step("technical", order.number, OrderAction.TAKE_ON)

    def said() -> str:
        page, _ = guest_reads(hall)
        words = own_road_words(page.marks, page.dates)
        marks = zip(page.marks, words, strict=True)
        return next(step.when for mark, step in marks if mark.action is OrderAction.REPORT)

    until = said()
    assert until.startswith("تا پایان")
    hall.clock.forward(days=60)
    assert said() == road_text.WAS_DUE.format(until=until)


def read(walked: WalkedCase) -> tuple[TimelinePage, MyTurn]:
    command, application = OneCase(code=walked.code), walked.city.application
    page = application.query_now(timeline_page, walked.keys, command)
    return page, application.query_now(my_turn, walked.keys, command)


def guest_reads(hall: Hall, at: int = 0) -> tuple[TimelinePage, MyTurn]:
    guest = hall.guests[at]
    command = OneCase(code=guest.code)
    return hall.query(guest.actor, timeline_page, command), hall.query(
        guest.actor, my_turn, command
    )


def order_views(page: TimelinePage) -> list[OrderView]:
    sheets = sheet_views(page, moves_of_orders(page.orders), {})
    return [order for sheet in sheets for order in sheet.orders]


@pytest.mark.parametrize("stage", Stage)
def test_every_step_open_to_her_has_its_button_or_its_monday(a_request: Walk, stage: Stage):
    page, turn = read(a_request(at=stage))
    shown = {move.action for move in request_moves(page.steps, turn)}
    elsewhere = {Action.EXCLUDE, Action.INCLUDE, Action.TAKE_FREE, Action.CORRECT_NAME}
    elsewhere |= {Action.PRESENT, Action.WANT_FREE}
    assert shown == {step.action for step in page.steps} - elsewhere
    for order in page.orders:
        moves = order_moves(order.steps, order.line.number)
        assert {move.action for move in moves} == {step.action for step in order.steps}
        assert all(move.label and order.line.number in move.place for move in moves)
    assert bool(turn.coming) is (Action.EXCLUDE in {step.action for step in page.steps})


def test_the_invitation_says_until_when_and_offers_three_ways(a_request: Walk):
    page, turn = read(a_request(at=Stage.INVITED))
    view = turn_view(page, turn, request_moves(page.steps, turn))
    assert (view.call.day, view.call.month, view.card.code) == ("۹", "آذر", "")
    assert view.call.deadline == "تا شنبه ۷ آذر، ساعت ۲۰:۰۰"
    assert (view.call.left, view.confirm.at_once) == ("۳ روز برای پاسخ", True)
    due = page.request.due_at
    assert due
    for before, left in ((3, "پاسخ تا ساعت ۲۰:۰۰"), (24, "پاسخ تا فردا"), (0, "مهلت گذشت")):
        late = replace(page, now=due - timedelta(hours=before))
        assert turn_view(late, turn, request_moves(page.steps, turn)).call.left == left
    assert [move.action for move in view.others] == [Action.GIVE_UP_SEAT, Action.MOVE_ONCE]
    (moves_on,) = [move for move in view.others if move.action == Action.MOVE_ONCE]
    assert [monday.value for monday in moves_on.mondays] == [
        "2026-12-07",
        "2026-12-14",
        "2026-12-21",
        "2026-12-28",
    ]


@pytest.mark.parametrize("by_telephone", [False, True])
def test_a_seat_kept_while_the_city_was_away_asks_for_no_answer(a_request: Walk, *, by_telephone):
    page, turn = read(a_request(at=Stage.INVITED))
    seat = page.request.seat
    assert seat is not None
    prolonged = replace(page.request, due_at=seat.answer_by + timedelta(days=2))
    steps = tuple(step for step in page.steps if step.action is not Action.CONFIRM)
    refused = ((STEP_FOR[Action.CONFIRM], "too_late"),)
    page = replace(page, request=prolonged, steps=steps, refused=refused)
    view = turn_view(page, replace(turn, by_telephone=by_telephone), request_moves(steps, turn))
    assert (view.call.head, view.call.left) == (road_text.TURN_KEPT_HEAD, "")
    assert (view.call.deadline, view.why, view.confirm.key) == ("", (), "")
    assert ("زنگ می‌زنیم" in view.call.deadline_after) is by_telephone
    assert ("بیایید" in view.call.deadline_after) is not by_telephone


def test_the_pass_takes_the_invitations_place_once_she_comes(a_request: Walk):
    walked = a_request(at=Stage.CONFIRMED)
    page, turn = read(walked)
    view = turn_view(page, turn, request_moves(page.steps, turn))
    assert (view.call.head, view.confirm.key) == ("", "")
    assert view.card.qr == f"/qr/{walked.code}.svg"
    assert walked.who.identity not in view.card.identity
    assert [tile.kind for tile in view.card.seats].count("now") == 1


def test_whoever_has_a_pass_reads_above_it_that_the_monday_is_held_elsewhere(a_request: Walk):
    page, turn = read(a_request(at=Stage.CONFIRMED))
    assert page.day is not None
    assert turn_view(page, turn, ()).elsewhere == ""
    moved = replace(page, day=replace(page.day, place="فرهنگسرای بهمن"))
    assert turn_view(moved, turn, ()).elsewhere.startswith("فرهنگسرای بهمن")
    assert turn_view(moved, turn, ()).elsewhere_head == case_text.ELSEWHERE
    forged = replace(page, day=replace(page.day, place=ASK_137, is_genuine=False))
    seen = turn_view(forged, turn, ())
    assert seen.elsewhere_head == case_text.PLACE_UNSURE, "nobody has moved this Monday"
    assert ".." not in seen.elsewhere
    assert turn.seat_pass is not None
    rung = replace(turn, seat_pass=replace(turn.seat_pass, by_telephone=True))
    assert turn_view(moved, rung, ()).elsewhere == "", "she goes nowhere"


def test_the_pass_says_each_need_that_reception_prepares(a_request: Walk):
    page, turn = read(a_request(at=Stage.CONFIRMED))
    assert turn.seat_pass is not None
    needs = tuple(str(need) for need in AccessNeed)
    turn = replace(turn, seat_pass=replace(turn.seat_pass, needs=needs))
    lines = [line.text for line in turn_view(page, turn, ()).lines]
    assert lines[1:-1] == list(slips_text.NEED.values())


def test_who_has_moved_once_reads_why_she_cannot_again(a_request: Walk):
    walked = a_request(at=Stage.INVITED)
    walked.citizen(Action.MOVE_ONCE, monday="2026-12-07")
    assert is_out(walked.request, date(2026, 11, 30))
    assert not is_out(walked.request, date(2026, 12, 7))
    walked.line.until(date(2026, 12, 3))
    page, turn = read(walked)
    view = turn_view(page, turn, request_moves(page.steps, turn))
    assert [move.action for move in view.others] == [Action.GIVE_UP_SEAT]
    assert view.why == ("نوبت را یک بار جابه‌جا کرده‌اید. بیایید یا نوبت را پس بدهید.",)


def test_a_monday_can_be_taken_out_and_put_back(a_request: Walk):
    walked = a_request(at=Stage.WAITING)
    monday = read(walked)[1].coming[1].on.isoformat()
    for action, out in ((Action.EXCLUDE, True), (Action.INCLUDE, False)):
        walked.citizen(action, monday=monday)
        page, turn = read(walked)
        shown = {one.on: one.out for one in turn_view(page, turn, ()).mondays}
        assert shown[monday] is out


def test_a_double_tap_that_puts_a_monday_back_is_no_fault_of_hers(
    a_request: Walk, her_page: Callable[..., TimelineState]
):
    walked = a_request(at=Stage.WAITING)
    state = her_page(walked)
    monday = read(walked)[1].coming[1].on.isoformat()
    for out in (False, True, True):
        asyncio.run(do(state, TimelineState.monday, monday, out))
    assert (state.refused, state.done) == ("", just_done(Action.INCLUDE.value))
    assert walked.request.count(Action.INCLUDE) == 1


def test_a_monday_whose_list_was_closed_meanwhile_says_so_beside_the_mondays(
    a_request: Walk, her_page: Callable[..., TimelineState]
):
    walked = a_request(at=Stage.WAITING)
    state = her_page(walked)
    closed = read(walked)[1].coming[0].on - timedelta(days=7)
    asyncio.run(do(state, TimelineState.monday, closed.isoformat(), False))  # noqa: FBT003
    assert (state.place, state.refused) == ("mondays", refusal("monday_frozen"))
    assert state.errors == {}, "no field of another form says it"


def test_waiting_says_between_which_mondays_and_promises_nothing(a_request: Walk):
    page, turn = read(a_request(at=Stage.WAITING))
    view = turn_view(page, turn, ())
    assert view.wait.sentence.startswith("احتمالاً ")
    assert "هیچ‌کس پیش از شما نیست" in view.wait.basis
    assert "این برآورد است، نه قول" in view.wait.basis
    assert len(view.wait.mondays) == 5


def test_a_free_seat_is_offered_only_where_there_is_one(a_request: Walk):
    page, turn = read(a_request(at=Stage.WAITING))
    until = at_tehran(date(2026, 11, 29), "20:00")
    nothing = replace(turn, free=FreeSeats(date(2026, 11, 30), (), until))
    there = replace(turn, free=FreeSeats(date(2026, 11, 30), ("09:15", "09:30"), until))
    for one, shown in ((turn, False), (nothing, False), (there, True)):
        moves = request_moves(page.steps, one)
        view = turn_view(page, one, moves)
        assert bool(view.take.key) is shown
        assert view.free.startswith("دوشنبه ۹ آذر.") is shown
        assert [time.label for time in view.free_times] == (
            ["ساعت ۹:۱۵", "ساعت ۹:۳۰"] if shown else []
        )
        assert ("تا یکشنبه ۸ آذر، ساعت ۲۰:۰۰" in view.free_until) is shown


@pytest.mark.parametrize(
    ("stage", "hers", "actions", "quote"),
    [
        (Stage.NEEDS_INFO, True, [Action.GIVE_INFO], "نشانی دقیق کجاست؟"),
        (Stage.ANSWERED, True, [Action.INSIST, Action.ACCEPT_ANSWER], "این هفته ترمیم می‌شود."),
        (Stage.DECLINED, False, [Action.OBJECT], "این کار دادگاه است."),
        (Stage.WAITING, False, [], ""),
    ],
)
def test_what_the_city_wrote_stands_beside_what_she_may_answer(
    a_request: Walk, stage: Stage, *, hers: bool, actions: list[Action], quote: str
):
    page, turn = read(a_request(at=stage))
    ask = ask_view(page, request_moves(page.steps, turn))
    assert (ask.is_asked, [move.action for move in ask.moves], ask.quote) == (hers, actions, quote)
    assert (ask.head == ANSWER_NEEDED) is hers


@pytest.fixture
def beside_a_free_seat(city: City, clock: FixedClock, a_request: Walk) -> WalkedCase:
    """Return somebody who waits after a draw that left seats free."""
    line = Line(city, clock)
    line.file(1)
    line.until(MONDAY - timedelta(days=5), "20:00")
    return a_request(at=Stage.WAITING)


def test_a_free_seat_is_asked_about_once_before_it_is_taken(
    beside_a_free_seat: WalkedCase, her_page: Callable[..., TimelineState]
):
    walked = beside_a_free_seat
    state = her_page(walked)
    time = state.case.turn.free_times[0].value
    for touched, selected in ((time, time), ("23:59", ""), (time, time), ("", ""), (time, time)):
        asyncio.run(do(state, TimelineState.choose_time, touched))
        assert state.free_time == selected
    asyncio.run(do(state, TimelineState.tap, state.case.turn.take.key))
    assert walked.request.stage is Stage.WAITING, "nothing was taken by a touch"
    asyncio.run(do(state, TimelineState.take_time, time))
    seat = walked.request.seat
    assert (seat and seat.time, state.free_time) == (time, "")
    assert state.case.turn.card.code


def test_no_button_takes_a_free_seat_but_the_one_that_asks_whether_she_comes():
    drawn = json.dumps(turn_card(TimelineState, TimelineState.case.turn, "").render(), default=str)
    taking = re.findall(r'take_time\\+", \(\{ \[\\+"time\\+"\] : ([^}]*?) \}', drawn)
    assert [one.rpartition("?.")[2] for one in taking] == [r"[\"free_time\"]"]


@pytest.mark.parametrize("answered", ["she objects", "the district accepts", "it declines"])
def test_the_card_of_a_redirect_goes_with_its_answer(a_request: Walk, answered: str):
    walked = a_request()
    walked.official("desk", Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")

    def ask_card() -> AskView:
        page, turn = read(walked)
        return ask_view(page, request_moves(page.steps, turn))

    assert [move.action for move in ask_card().moves] == [Action.OBJECT_REDIRECT]
    assert ask_card().quote == "نشانی در منطقهٔ ۴ است."
    if answered == "she objects":
        walked.citizen(Action.OBJECT_REDIRECT, note="خانه در منطقهٔ ۶ است.")
    elif answered == "the district accepts":
        walked.official("desk4", Action.ACCEPT)
    else:
        walked.official("desk4", Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    assert Action.OBJECT_REDIRECT not in {move.action for move in ask_card().moves}
    assert ask_card().quote != "نشانی در منطقهٔ ۴ است."


def test_forms_open_where_their_buttons_are(a_request: Walk):
    page, turn = read(a_request(at=Stage.CONFIRMED))
    places = {move.action: move.place for move in request_moves(page.steps, turn)}
    assert places[Action.GIVE_UP_SEAT] == TURN
    assert places[Action.WITHDRAW] == FOOT
    page, turn = read(a_request(at=Stage.NEEDS_INFO))
    places = {move.action: move.place for move in request_moves(page.steps, turn)}
    assert places[Action.GIVE_INFO] == TOP


def test_what_is_past_is_folded_but_its_last_two_steps(hall: Hall):
    hall.receive(hall.guests[0])
    page, _ = guest_reads(hall)
    before, road = folded(case_steps(page), page.marks)
    assert before[0].title == "درخواست ثبت شد"
    assert [step.kind for step in road[:3]] == ["past", "past", "now"]
    assert {step.kind for step in road[3:]} == {"ahead"}
    number = hall.order(hall.guests[0])[0].number
    hall.finish(hall.guests[0])
    page, _ = guest_reads(hall)
    assert current_status(page, folded(case_steps(page), page.marks)[1]) == "شهردار دستور داد"
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="ترمیم شد.")
    hall.guests[0].does(number, OrderAction.CONFIRM_DONE)
    page, _ = guest_reads(hall)
    before, road = folded(case_steps(page), page.marks)
    assert (road[0].quote, len(before) > len(road)) == ("ترمیم شد.", True)


def test_two_past_steps_are_not_folded(a_request: Walk):
    page, _ = read(a_request(at=Stage.WAITING))
    steps = case_steps(page)
    assert [step.kind for step in steps[:3]] == ["past", "past", "now"]
    assert folded(steps, page.marks) == ((), steps)


def test_with_several_units_each_step_names_its_own(hall: Hall):
    hall.met(hall.guests[0], TECHNICAL, SERVICES)
    page, _ = guest_reads(hall)
    road = case_steps(page)
    titled = [step.when for step in road if step.title == "شهردار دستور داد"]
    units = {order.line.unit for order in page.orders}
    assert len(titled) == 2
    assert all(any(unit in when for unit in units) for when in titled)


def test_the_question_comes_with_the_report_and_leaf_only_from_her(hall: Hall):
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    (order,) = order_views(guest_reads(hall)[0])
    assert (order.done.key, order.clock.number_caption) == ("", "روز کاری مانده")
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="ترمیم شد.")
    (order,) = order_views(guest_reads(hall)[0])
    assert (order.badge.word, order.badge.tone) == (ANSWER_NEEDED, "saffron")
    assert (order.report, order.done.at_once, order.contest.photos) == ("ترمیم شد.", True, True)
    assert order.clock.days == ()
    guest.does(number, OrderAction.CONFIRM_DONE)
    (order,) = order_views(guest_reads(hall)[0])
    assert (order.badge.word, order.badge.tone, order.done.key) == ("انجام شد", "leaf", "")
    assert OrderAction.REOPEN in [move.action for move in order.moves]


def test_the_units_question_is_quoted_over_her_answer(hall: Hall):
    number = hall.met(hall.guests[0])[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.ASK_CITIZEN, note="کدام پلاک؟")
    (order,) = order_views(guest_reads(hall)[0])
    assert order.question == "کدام پلاک؟"
    assert order.moves[0].action == OrderAction.TELL_UNIT


ISSUED, DUE = date(2026, 11, 30), date(2026, 12, 21)


@pytest.mark.parametrize(
    ("today", "kinds"),
    [
        (date(2026, 12, 8), {"pen": 1, "now": 1, "end": 1, "late": 0}),
        (DUE, {"pen": 1, "now": 1, "end": 0, "late": 0}),
        (date(2026, 12, 23), {"pen": 1, "now": 0, "end": 1, "late": 1}),  # a holiday between
    ],
)
def test_the_promise_clock_shows_working_days_only(today: date, kinds: dict[str, int]):
    days = promise_days(ISSUED, DUE, today)
    assert {kind: sum(day.kind == kind for day in days) for kind in kinds} == kinds
    assert {day.column for day in days} <= {1, 2, 3, 4, 5}


def test_a_promise_long_past_shows_its_newest_weeks():
    today = DUE + timedelta(days=90)
    days = promise_days(ISSUED, DUE, today)
    assert len(days) <= MOST_DAYS
    assert days[-1].kind == "late"


def test_the_turn_of_somebody_else_is_not_found(hall: Hall):
    stranger = hall.guests[1].actor
    with pytest.raises(Denied) as refused:
        hall.query(stranger, my_turn, OneCase(code=hall.guests[0].code))
    assert refused.value.key == "not_found"


@pytest.fixture
def line(city, clock):
    return Line(city, clock)


def now_step(line: Line, citizen: Citizen) -> CaseStep:
    application, command = line.city.application, OneCase(code=citizen.code)
    page = application.query_as(citizen.actor, timeline_page, command)
    turn = application.query_as(citizen.actor, my_turn, command)
    (step,) = [
        case_step for case_step in case_steps(page, turn.next_draw) if case_step.kind == "now"
    ]
    return step


def test_whoever_was_not_seated_reads_it_with_her_place_and_the_next_draw(line: Line) -> None:
    by_ticket = {one.request.ticket: one for one in line.file(SEATS + 3)}
    first = next(iter(by_ticket.values()))
    line.until(MONDAY - 8 * DAY)
    assert "نوبت به شما نرسید" not in now_step(line, first).meaning
    meaning = now_step(line, first).meaning
    assert "نتیجهٔ قرعهٔ بعدی شما تا چهارشنبه ۴ آذر، ۲۰:۰۰ می‌آید، برای دوشنبه ۹ آذر." in meaning
    line.until(MONDAY - 5 * DAY, "20:30")
    second = by_ticket[line.draw().file["standby"][1]]
    assert second.stage == Stage.WAITING
    step = now_step(line, second)
    assert step.meaning.startswith(
        "قرعهٔ دوشنبه ۹ آذر انجام شد و این بار نوبت به شما نرسید؛ یک هفته به انتظار شما افزوده شد. "
        "در فهرست ذخیرهٔ آن، نفر ۲ از ۳ نفر هستید."
    )
    assert (
        "نتیجهٔ قرعهٔ بعدی شما تا چهارشنبه ۱۱ آذر، ۲۰:۰۰ می‌آید، برای دوشنبه ۱۶ آذر." in step.meaning
    )
    assert second.request.waited == 1
    assert step.strip_label
    page = line.city.application.query_as(second.actor, timeline_page, OneCase(code=second.code))
    (now,) = (mark for mark in page.marks if mark.state is MarkState.NOW)
    many = replace(now, waits=now.waits * 3)
    said = [road_steps([mark], page.dates, own=True)[0].meaning for mark in (now, many)]
    assert [road_text.LOST_ALL.format(count="۳") in one for one in said] == [False, True]
    for citizen in by_ticket.values():
        if citizen.stage == Stage.INVITED:
            citizen.does(Action.CONFIRM)
    line.until(MONDAY + DAY, "10:00")
    later = now_step(line, second).meaning
    assert "نوبت به شما نرسید" in later
    assert "فهرست ذخیره" not in later, "that Monday is over"


def test_whoever_was_seated_reads_nothing_of_the_kind(line: Line) -> None:
    by_ticket = {citizen.request.ticket: citizen for citizen in line.file(SEATS + 1)}
    line.until(MONDAY - 5 * DAY, "20:30")
    seated = by_ticket[line.draw().file["seated"][0]["ticket"]]
    assert "نرسید" not in now_step(line, seated).meaning


def test_a_seat_given_up_has_a_card_with_one_tap_to_take_it_back(a_request: Walk):
    walked = a_request(at=Stage.CONFIRMED)

    def ask_card() -> AskView:
        page, turn = read(walked)
        return ask_view(page, request_moves(page.steps, turn))

    walked.official("desk", Action.OFFER_ANSWER, note="تقسیط در اختیار واحد است.")
    walked.citizen(Action.GIVE_UP_SEAT)
    assert ask_card().quote == "", "nobody has written of her seat"
    (move,) = ask_card().moves
    assert (move.action, move.at_once) == (Action.UNDO_GIVE_UP, True)
    assert ask_card().until.startswith("نوبت دوشنبه ۹ آذر ساعت ۹:۰۰ هنوز آزاد است.")
    walked.city.application.execute_now(take_seat_back, walked.keys, OneCase(code=walked.code))
    assert walked.request.stage is Stage.CONFIRMED
    page, _ = read(walked)
    assert current_status(page, case_steps(page)) == "نوبت پس‌داده برگشت"


def test_who_undoes_too_late_for_her_seat_reads_before_what_that_counts(a_request: Walk):
    walked = a_request(at=Stage.CONFIRMED)
    walked.line.until(MONDAY - DAY, "20:30")
    walked.citizen(Action.WITHDRAW)
    page, turn = read(walked)
    ask = ask_view(page, request_moves(page.steps, turn))
    no_list = case_text.UNDO_UNTIL_LIST
    assert ([move.action for move in ask.moves], ask.until) == ([Action.UNDO], no_list)
    walked.line.until(MONDAY, "23:00")
    page, turn = read(walked)
    ask = ask_view(page, request_moves(page.steps, turn))
    assert ask.until == f"{no_list} {case_text.UNDO_COSTS}"
    walked.line.until(MONDAY + DAY, "13:00")
    page, turn = read(walked)
    ask = ask_view(page, request_moves(page.steps, turn))
    last = case_text.UNDO_UNTIL.format(until="تا سه‌شنبه ۱۰ آذر، ساعت ۲۰:۰۰")
    assert ask.until == f"{last} {case_text.UNDO_COSTS}"


def test_a_tab_that_lies_open_has_seen_nothing_for_her(
    a_request: Walk, her_page: Callable[..., TimelineState]
) -> None:
    walked = a_request(Stage.SUBMITTED)
    state = her_page(walked)
    walked.official("desk", Action.ASK_INFO, note="نشانی دقیق کجاست؟")

    def is_unread() -> bool:
        with walked.city.application.store.unit_of_work(
            walked.city.application.clock(), reading=True
        ) as uow:
            return uow.asking.is_unread(walked.request.id)

    asyncio.run(state._reread())  # news arrives while nobody may be looking
    assert state.case.ask.head
    assert is_unread()
    asyncio.run(do(state, TimelineState.load))  # the page has reconnected by itself
    assert is_unread()
    her_page(walked)
    assert not is_unread()
