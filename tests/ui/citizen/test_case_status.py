"""The sentence at the top of a citizen's page states what happened last, at every stage."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from support.citizens import comes_often, file
from support.city import SEATS, City
from support.clock import FixedClock
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.line import DISTRICT, MONDAY, Citizen, Line
from support.line import DRAWN as DRAWN_AT
from support.walk import WalkedCase

from publicmeeting.domain.choices import DeclineReason
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.lifecycle.lists import Filter
from publicmeeting.text.common.dates_text import DateWords, times
from publicmeeting.text.common.dates_text import clock as clock_of
from publicmeeting.text.lifecycle.actions_text import DONE, MEANING
from publicmeeting.text.lifecycle.reasons_text import DECLINE
from publicmeeting.text.lifecycle.stages_text import OWN_ORDER_STAGE, STAGE, STAGE_MEANING
from publicmeeting.text.tracking import case_text, day_text, road_text
from publicmeeting.text.tracking.day_words import words_of
from publicmeeting.ui.citizen.timeline.asked import ask_view
from publicmeeting.ui.citizen.timeline.moves import open_moves, request_moves
from publicmeeting.ui.citizen.timeline.page import CaseView, case_view
from publicmeeting.ui.citizen.timeline.record import case_steps
from publicmeeting.ui.citizen.timeline.status import (
    NO_WAY,
    StatusView,
    next_draw_words,
    status_view,
    way_view,
)
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import case_page, my_turn

Walk = Callable[..., WalkedCase]
DRAWN = date(2026, 11, 26)
"""The day after the draw."""


@pytest.fixture
def line(city: City, clock: FixedClock) -> Line:
    return Line(city, clock)


def status_of(walked: WalkedCase) -> StatusView:
    application = walked.city.application
    case = OneCase(code=walked.code)
    page, turn = (application.query_now(one, walked.keys, case) for one in (timeline_page, my_turn))
    return status_view(page, words_of(turn.day) if turn.day else None)


def guest_status(hall: Hall) -> StatusView:
    guest = hall.guests[0]
    case = OneCase(code=guest.code)
    page, turn = (hall.query(guest.actor, one, case) for one in (timeline_page, my_turn))
    return status_view(page, words_of(turn.day) if turn.day else None)


def line_status(line: Line, citizen: Citizen) -> StatusView:
    look = line.city.application.query_as
    case = OneCase(code=citizen.code)
    page, turn = (look(citizen.actor, one, case) for one in (timeline_page, my_turn))
    return status_view(page, words_of(turn.day) if turn.day else None)


def case_of(walked: WalkedCase) -> CaseView:
    page, turn = walked.city.application.query_now(
        case_page, walked.keys, OneCase(code=walked.code)
    )
    return case_view(page, turn, open_moves(page, turn), {})


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_its_sentence(a_request: Walk, stage: Stage) -> None:
    status = status_of(a_request(at=stage))
    assert status.head
    assert status.means
    assert not status.is_called


@pytest.mark.parametrize(
    ("stage", "part"),
    [(Stage.SUBMITTED, 2), (Stage.WAITING, 3), (Stage.CONFIRMED, 4), (Stage.FOLLOW_UP, 5)],
)
def test_five_tiles_show_where_on_the_way_a_request_is(
    a_request: Walk, stage: Stage, part: int
) -> None:
    way = case_of(a_request(at=stage)).way
    kinds = [tile.kind for tile in way.parts]
    assert kinds == [*["glazed"] * (part - 1), "now", *["raw"] * (5 - part)]
    assert way.words.endswith(way.parts[part - 1].text)


@pytest.mark.parametrize("stage", [Stage.DECLINED, Stage.WITHDRAWN])
def test_a_request_that_left_the_way_shows_none(a_request: Walk, stage: Stage) -> None:
    assert case_of(a_request(at=stage)).way == NO_WAY


def test_the_way_is_done_unless_a_promise_was_closed_against_her_word(hall: Hall) -> None:
    for guest, is_done in zip(hall.guests, (True, False), strict=False):
        number = hall.met(guest)[0].number
        hall.step("technical", number, OrderAction.TAKE_ON)
        hall.step("technical", number, OrderAction.REPORT, note="ترمیم شد.")
        if is_done:
            guest.does(number, OrderAction.CONFIRM_DONE)
        else:
            guest.does(number, OrderAction.CONTEST, note="هیچ کاری نشد.")
            hall.step("mayor", number, OrderAction.UPHOLD, note="این کار ممکن نیست.")
        page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
        assert page.request.stage is Stage.CLOSED
        assert [tile.kind for tile in way_view(page).parts] == ["glazed"] * 5 * is_done


def test_whoever_has_filed_reads_first_until_when_she_is_answered(a_request: Walk) -> None:
    walked = a_request(at=Stage.SUBMITTED)
    due = walked.request.due_at
    assert due is not None
    until = DateWords(walked.city.application.clock()).until(due)
    assert status_of(walked).next == f"{road_text.DUE.format(until=until)}."


def test_whoever_is_not_answered_in_time_reads_that_she_has_to_do_nothing(line: Line) -> None:
    line.begins(date(2026, 11, 21), "12:00")
    (citizen, sent) = line.file(2, accepted=False)
    line.official("desk", sent, Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    in_time = line_status(line, sent)
    line.until(date(2026, 11, 24), "10:00")
    late = line_status(line, citizen)
    assert late.means.endswith(f" {case_text.STATUS_LATE_SCREENING}")
    passed = line_status(line, sent)
    assert passed.head == in_time.head
    assert passed.means == late.means, "the day by which district 4 answers is over"
    line.until(date(2026, 11, 24), "12:01")
    assert {citizen.stage, sent.stage} == {Stage.WAITING}, "as the page promises"


def test_an_offered_seat_is_one_that_she_may_let_pass(line: Line) -> None:
    citizens = line.file(len(SEATS) + 1)
    line.until(DRAWN)
    seated = next(one for one in citizens if one.request.seat)
    (standby,) = (one for one in citizens if not one.request.seat)
    drawn = line_status(line, seated)
    assert (drawn.head, drawn.means) == (STAGE[Stage.INVITED], STAGE_MEANING[Stage.INVITED])
    seated.does(Action.GIVE_UP_SEAT)
    line.until(DRAWN, "08:01")
    offered = StatusView(case_text.STATUS_OFFERED, case_text.STATUS_OFFERED_MEANS)
    assert line_status(line, standby) == offered
    standby.does(Action.CONFIRM)
    assert line_status(line, standby).head == STAGE[Stage.CONFIRMED]


def test_whoever_is_asked_for_more_reads_that_she_is_out_of_the_draw_until_she_answers(
    line: Line,
) -> None:
    line.begins(date(2026, 11, 21), "12:00")
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق چیست؟")
    status = line_status(line, citizen)
    assert status.head == case_text.STATUS_NEEDS_INFO
    assert status.means == case_text.STATUS_NEEDS_INFO_LINE.format(
        until="تا سه‌شنبه ۳ آذر، ساعت ۱۲:۰۰"
    )
    look, case = line.city.application.query_as, OneCase(code=citizen.code)
    page, turn = (look(citizen.actor, query, case) for query in (timeline_page, my_turn))
    # The card shows when the request ends, which is another time than the draw's.
    until = ask_view(page, request_moves(page.steps, turn)).until
    assert until == case_text.INFO_UNTIL.format(until="تا پایان سه‌شنبه ۱۰ آذر")
    line.until(date(2026, 11, 25))
    assert line_status(line, citizen).means != status.means, "that line is closed"


def test_who_is_asked_or_declined_reads_no_later_time_than_her_own(line: Line) -> None:
    """A week later the next list is fixed after her ten days are over."""
    line.until(date(2026, 11, 25))
    asked, declined = line.file(2, accepted=False)
    line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق چیست؟")
    line.official("desk", declined, Action.DECLINE, reason="other_body", note="کار دادگاه است.")
    look, case = line.city.application.query_as, OneCase(code=declined.code)
    own, keeps = "تا پایان شنبه ۱۴ آذر", "تا سه‌شنبه ۱۰ آذر، ساعت ۱۲:۰۰"
    for day, sentences in (
        (date(2026, 11, 26), (case_text.OBJECT_UNTIL, case_text.KEEPS_LIST)),
        (date(2026, 12, 2), (case_text.OBJECT_UNTIL,)),
    ):
        line.until(day)
        page, turn = (look(declined.actor, query, case) for query in (timeline_page, my_turn))
        words = [
            one.format(until=until) for one, until in zip(sentences, (own, keeps), strict=False)
        ]
        assert ask_view(page, request_moves(page.steps, turn)).until == " ".join(words)
    due = case_text.STATUS_NEEDS_INFO_DUE.format(until=own)
    assert line_status(line, asked).means == due


def test_on_the_day_of_her_seat_its_hour_stands_first_until_she_has_come(
    hall: Hall,
) -> None:
    guest = hall.guests[0]
    assert guest.request.seat is not None
    status = guest_status(hall)
    assert status.head == day_text.HEAD["due"].format(time=clock_of(guest.request.seat.time))
    assert status.means == day_text.MEANS["due"]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "23:59"))
    assert guest_status(hall).head == STAGE[Stage.CONFIRMED]
    hall.clock.set(at_tehran(MONDAY, "09:00"))
    hall.arrive(guest)
    assert guest_status(hall).head == "آمدنتان را دیدیم، ۹:۰۰"


def test_a_no_says_why(a_request: Walk) -> None:
    status = status_of(a_request(at=Stage.DECLINED))
    assert status.head == case_text.STATUS_DECLINED
    assert status.means in DECLINE.values()
    assert DECLINE[DeclineReason.DUPLICATE] != ""


def test_a_call_comes_before_everything_and_is_over_once_she_is_in(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    assert not guest_status(hall).is_called
    hall.act("reception", guest, Action.CALL)
    assert guest_status(hall) == StatusView(
        day_text.HEAD["called"], day_text.MEANS["called"], is_called=True
    )
    hall.act("mayor", guest, Action.CALL_IN)
    assert not guest_status(hall).is_called


def test_a_call_is_told_to_her_telephone(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    hall.act("reception", guest, Action.CALL)
    with hall.reading() as uow:
        notices = uow.outbox.due(50)
    calls = [notice for notice in notices if notice.action == Action.CALL]
    assert [(call.role, call.person_id) for call in calls] == [
        (Role.CITIZEN, guest.request.person_id)
    ]


def test_a_second_call_of_the_same_turn_rings_on_her_page_and_not_on_her_telephone(
    hall: Hall,
) -> None:
    guest = hall.guests[0]

    def to_send() -> list[str]:
        with hall.reading() as uow:
            hers = uow.outbox.of_request(guest.request.id, "citizen")
            waiting = [her.action for her in hers if her.state == "waiting"]
            return [one for one in waiting if one == Action.CALL]

    hall.act("reception", guest, Action.CALL)
    hall.arrive(guest)
    for _ in range(3):
        hall.act("reception", guest, Action.CALL)
    assert len(to_send()) == 2, "anew once she has come, and then no more"
    calls = [event for event in guest.request.history if event.action is Action.CALL]
    assert len(calls) == 4
    assert guest_status(hall).is_called
    hall.act("mayor", guest, Action.CALL_IN)
    hall.act("mayor", guest, Action.SEND_BACK, note="باید مدرک بیاورد.")
    hall.act("reception", guest, Action.CALL)
    assert len(to_send()) == 3


def test_every_call_is_another_sentence_for_only_a_changed_alert_is_spoken(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.act("reception", guest, Action.CALL)
    hall.arrive(guest)
    heads = []
    for _ in range(3):
        hall.act("reception", guest, Action.CALL)
        heads.append(guest_status(hall).head)
    again = [day_text.AGAIN["called"].format(times=times(calls)) for calls in (2, 3)]
    assert heads == [day_text.HEAD["called"], *again]
    hall.act("mayor", guest, Action.CALL_IN)
    hall.act("mayor", guest, Action.SEND_BACK, note="باید مدرک بیاورد.")
    hall.act("reception", guest, Action.CALL)
    assert guest_status(hall).head == day_text.HEAD["called"]


def test_a_lost_draw_says_so_and_her_place_in_reserve(line: Line) -> None:
    citizens = line.file(len(SEATS) + 2)
    line.until(DRAWN)
    waiting = [citizen for citizen in citizens if citizen.stage == Stage.WAITING.value]
    heads = {line_status(line, citizen).head for citizen in waiting}
    assert heads == {case_text.STATUS_NOT_DRAWN.format(day="دوشنبه ۹ آذر")}
    firsts = 0
    for citizen in waiting:
        seen = line.city.application.query_as(
            citizen.actor, timeline_page, OneCase(code=citizen.code)
        )
        turn = line.city.application.query_as(citizen.actor, my_turn, OneCase(code=citizen.code))
        case = case_view(seen, turn, open_moves(seen, turn), {})
        (now,) = [step for step in case.road if step.kind == "now"]
        assert turn.next_draw is not None
        assert case.status.draw == "/ceremony/?monday=1405-09-09", "whoever doubts it can look"
        firsts += case.status.means.startswith(case_text.STATUS_FIRST_STANDBY)
        coming = next_draw_words(turn.next_draw, seen.dates)
        assert case.status.next == coming
        for above in (coming, "دوشنبه ۹ آذر انجام شد", "فهرست ذخیره"):
            assert above not in now.meaning
    assert firsts == 1


@pytest.mark.parametrize("is_drawn", [False, True])
def test_nobody_is_passed_over_or_in_reserve_where_nobody_is_received(
    line: Line, *, is_drawn: bool
) -> None:
    citizens = line.file(len(SEATS) + 2)
    if is_drawn:
        line.until(DRAWN)
    waiting = [one for one in citizens if one.stage == Stage.WAITING.value][-2:]
    line.close()
    before = line.city.application.query_as(
        waiting[0].actor, my_turn, OneCase(code=waiting[0].code)
    )
    assert before.next_draw is not None
    assert before.next_draw.monday == MONDAY + timedelta(weeks=1)
    line.until(DRAWN, "21:00")
    for citizen in waiting:
        seen = line.city.application.query_as(
            citizen.actor, timeline_page, OneCase(code=citizen.code)
        )
        turn = line.city.application.query_as(citizen.actor, my_turn, OneCase(code=citizen.code))
        (now,) = (step for step in case_steps(seen, turn.next_draw) if step.kind == "now")
        assert now.meaning.startswith(road_text.NOT_HELD.format(monday="دوشنبه ۹ آذر"))
        assert now.meaning.endswith("برای دوشنبه ۱۶ آذر.")
        status = line_status(line, citizen)
        assert status.head == STAGE[Stage.WAITING]
        assert "ذخیره" not in status.means


def test_a_monday_she_cannot_come_is_neither_expected_nor_offered(line: Line) -> None:
    citizens = line.file(len(SEATS))
    line.until(DRAWN)
    mover = next(citizen for citizen in citizens if citizen.request.seat)
    mover.does(Action.MOVE_ONCE, monday="2026-12-14")
    look = line.city.application.query_as
    turn = look(mover.actor, my_turn, OneCase(code=mover.code))
    assert turn.outlook is not None
    assert turn.outlook.likely is None or turn.outlook.likely >= date(2026, 12, 14)
    assert turn.free is None


def test_a_redirect_says_from_where_to_where_and_who_answers_until_when(line: Line) -> None:
    line.begins(date(2026, 11, 21), "12:00")
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    assert line_status(line, citizen) == StatusView(
        "درخواست شما از منطقهٔ ۶ به منطقهٔ ۴ رفت",
        "کارشناس منطقهٔ ۴ تا پایان دوشنبه ۲ آذر پاسخ می‌دهد.",
    )
    line.official("desk4", citizen, Action.ACCEPT)
    assert line_status(line, citizen).head == STAGE[Stage.WAITING]


def test_whoever_objected_to_a_redirect_reads_first_that_the_overseer_answers(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    sent = line_status(line, citizen)
    line.clock.forward(minutes=1)
    citizen.does(Action.OBJECT_REDIRECT, note="خانه در همین منطقه است.")
    assert line_status(line, citizen) == replace(
        sent, means=f"{MEANING[Action.OBJECT_REDIRECT]} {sent.means}"
    )
    line.clock.forward(minutes=1)
    line.official("overseer", citizen, Action.KEEP_DISTRICT, note="نشانی در منطقهٔ ۴ است.")
    assert line_status(line, citizen) == sent


def test_a_second_redirect_tells_the_newest_way(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.REDIRECT, district="4", note="نشانی در منطقهٔ ۴ است.")
    line.official("overseer", citizen, Action.REDIRECT, district="5", note="در منطقهٔ ۵ است.")
    assert line_status(line, citizen).head == "درخواست شما از منطقهٔ ۴ به منطقهٔ ۵ رفت"


def test_a_report_is_told_with_the_answer_it_waits_for_and_goes_with_it(hall: Hall) -> None:
    guest = hall.guests[0]
    first, second = (order.number for order in hall.met(guest, TECHNICAL, SERVICES))
    following = StatusView(STAGE[Stage.FOLLOW_UP], STAGE_MEANING[Stage.FOLLOW_UP])
    assert guest_status(hall) == following
    hall.step("technical", first, OrderAction.TAKE_ON)
    hall.step("technical", first, OrderAction.REPORT, note="ترمیم شد.")
    assert guest_status(hall) == StatusView(
        "گزارش کار رسید و پاسخ شما لازم است",
        "گزارش را بخوانید و تا پایان پنجشنبه ۱۹ آذر بگویید کار انجام شد یا نه.",
    )
    guest.does(first, OrderAction.CONTEST, note="نیمی مانده است.")
    # The unit owes no report now: somebody decides on her answer.
    until = "مهلت: تا پایان دوشنبه ۱۶\N{NO-BREAK SPACE}آذر."
    contested = StatusView("اعتراض شما", STAGE_MEANING[OrderStage.CONTESTED], next=until)
    assert guest_status(hall) == contested
    hall.step("services", second, OrderAction.TAKE_ON)
    hall.step("services", second, OrderAction.ASK_CITIZEN, note="کدام پلاک؟")
    assert guest_status(hall) == StatusView(
        case_text.STATUS_UNIT_ASKS, case_text.STATUS_UNIT_ASKS_MEANS
    )
    guest.does(second, OrderAction.TELL_UNIT, note="پلاک ۱۲")
    assert guest_status(hall) == contested


def test_no_unit_owes_a_report_once_all_have_returned_the_order(hall: Hall) -> None:
    guest = hall.guests[0]
    first, second = (order.number for order in hall.met(guest, TECHNICAL, SERVICES))
    following = guest_status(hall)
    hall.step("technical", first, OrderAction.RETURN, note="این کار با واحد دیگری است.")
    assert guest_status(hall) == following, "the other unit still owes one"
    hall.step("services", second, OrderAction.RETURN, note="این کار با واحد دیگری است.")
    stage = OrderStage.RETURNED
    assert guest_status(hall) == StatusView(OWN_ORDER_STAGE[stage], STAGE_MEANING[stage])


def test_a_decision_that_is_late_is_promised_no_more(hall: Hall) -> None:
    """A month later nobody believes «they decide by the end of the deadline»."""
    guest = hall.guests[0]
    (order,) = hall.met(guest, TECHNICAL)
    hall.step("technical", order.number, OrderAction.TAKE_ON)
    hall.step("technical", order.number, OrderAction.REPORT, note="ترمیم شد.")
    guest.does(order.number, OrderAction.CONTEST, note="نیمی مانده است.")
    assert guest_status(hall).means == STAGE_MEANING[OrderStage.CONTESTED]
    hall.clock.forward(days=30)
    status = guest_status(hall)
    assert status.head == "اعتراض شما"
    assert "دیرکرد در تصمیم" in status.means
    assert status.next == ""
    assert status.means.endswith(road_text.LATE.partition("؛ ")[2])


def test_a_report_that_is_late_is_promised_no_more(hall: Hall) -> None:
    guest = hall.guests[0]
    (order,) = hall.met(guest, TECHNICAL)
    hall.step("technical", order.number, OrderAction.TAKE_ON)
    assert guest_status(hall).means == STAGE_MEANING[Stage.FOLLOW_UP]
    hall.clock.forward(days=60)
    status = guest_status(hall)
    assert status.head == STAGE[Stage.FOLLOW_UP]
    late, may_ask = road_text.LATE.partition("؛ ")[2], case_text.STATUS_MAY_ASK
    assert status.means.endswith(f"{late} {may_ask}"), "she can do something"
    guest.does(order.number, OrderAction.ASK_NEWS, note="کار کجاست؟")
    assert guest_status(hall).means.endswith(late), "she has asked"


def test_a_refused_meeting_says_that_it_was_refused_and_why(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    why = "این کار با طرح تفصیلی نمی‌خواند. در بازنگری سال آینده دوباره بررسی می‌شود."
    hall.finish(guest, outcome="refused", note=why)
    refused = StatusView(
        "این درخواست در ملاقات پذیرفته نشد", "دلیل: این کار با طرح تفصیلی نمی‌خواند."
    )
    assert guest_status(hall) == refused
    objection = TakeStep(code=guest.code, action=Action.OBJECT_REFUSAL, note="رأی دادگاه هست.")
    hall.execute(guest.actor, take_step, objection)
    assert guest_status(hall) == refused


def test_a_request_that_is_over_leads_to_a_new_one_when_nothing_brings_it_back(
    a_request: Walk,
) -> None:
    declined = a_request(at=Stage.DECLINED)
    comes_often(declined.city.application, declined.keys)
    assert status_of(declined).again == "", "she may object"
    card = case_of(declined).ask
    declined.line.worker.send()  # her days begin when she has heard of it
    declined.line.clock.forward(days=12)
    assert status_of(declined).again == case_text.FILE_AGAIN
    # What the desk wrote stays where she read it while she could object.
    later = case_of(declined).ask
    assert (later.quote, later.moves) == (card.quote, ())
    file(declined.city.application, declined.who, declined.keys)
    assert status_of(declined).again == "", "one is open at a time"


def test_whoever_did_not_answer_in_time_reads_that_and_not_that_she_withdrew(line: Line) -> None:
    asked, left = line.file(2, accepted=False)
    line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    left.does(Action.WITHDRAW)
    line.until(DRAWN + timedelta(days=14))
    assert asked.stage == left.stage == Stage.WITHDRAWN
    lapse = Action.LAPSE_INFO
    status = line_status(line, asked)
    assert (status.head, status.means) == (DONE[lapse], MEANING[lapse])
    status = line_status(line, left)
    assert (status.head, status.means) == (
        case_text.OWN[Action.WITHDRAW],
        STAGE_MEANING[Stage.WITHDRAWN],
    )
    assert "انصراف" not in STAGE[Stage.WITHDRAWN], "lists name both by it"


def test_an_objection_that_waits_leads_to_no_new_request(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    hall.finish(guest, outcome="refused", note="این کار با طرح تفصیلی نمی‌خواند.")
    objection = TakeStep(code=guest.code, action=Action.OBJECT_REFUSAL, note="رأی دادگاه هست.")
    hall.execute(guest.actor, take_step, objection)
    assert guest_status(hall).again == ""
    answer = TakeStep(code=guest.code, action=Action.ANSWER_OBJECTION, note="پاسخ همان است.")
    hall.execute(hall.city.as_("overseer"), take_step, answer)
    assert guest_status(hall).again == case_text.FILE_AGAIN


def test_the_present_step_of_the_road_repeats_nothing_from_above(a_request: Walk) -> None:
    stages = (Stage.SUBMITTED, Stage.WAITING, Stage.INVITED, Stage.DECLINED, Stage.WITHDRAWN)
    for stage in stages:
        case = case_of(a_request(at=stage))
        (now,) = [step for step in case.road if step.icon]
        assert now.kind == ("past" if stage is Stage.WITHDRAWN else "now")
        above = [words for words in (case.status.means, STAGE_MEANING[stage]) if words]
        assert not now.meaning.startswith(tuple(above)), stage
        assert bool(case.status.means) != bool(case.turn.call.head), stage
        assert now.quote == "" or now.quote != case.ask.quote, stage


def is_noted_as_absent(hall: Hall, guest: Guest) -> None:
    hall.clock.set(at_tehran(MONDAY, "09:01"))
    for seen in ("0", "1"):
        hall.act("reception", guest, Action.CALL, calls=seen)
    hall.clock.forward(minutes=10)
    hall.act("reception", guest, Action.NO_SHOW)
    hall.ends()


def test_whoever_was_noted_as_absent_reads_first_until_when_she_may_contest_it(hall: Hall) -> None:
    """She has only three days, so the page must not just say that she waits."""
    guest = hall.guests[0]
    is_noted_as_absent(hall, guest)
    hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "10:00"))
    absent = guest_status(hall)
    assert absent.head == case_text.STATUS_ABSENT
    assert "تا پنجشنبه ۱۲ آذر، ساعت ۹:۱۱ اعتراض کنید" in absent.means
    contest = TakeStep(code=guest.code, action=Action.CONTEST_NO_SHOW, note="آن‌جا نشسته بودم.")
    hall.execute(guest.actor, take_step, contest)
    assert guest_status(hall).head == STAGE[Stage.WAITING], "her objection has a card of its own"


def test_once_the_days_are_over_she_reads_that_she_waits(hall: Hall) -> None:
    guest = hall.guests[0]
    is_noted_as_absent(hall, guest)
    hall.clock.set(at_tehran(MONDAY + timedelta(days=4), "10:00"))
    assert guest_status(hall).head == STAGE[Stage.WAITING]


def test_whoever_was_absent_and_has_a_turn_again_reads_the_turn_first(hall: Hall) -> None:
    """The next draw was two days later; the objection has a card of its own below."""
    guest = hall.guests[0]
    hall.clock.set(at_tehran(MONDAY, "09:01"))
    for seen in ("0", "1"):
        hall.act("reception", guest, Action.CALL, calls=seen)
    hall.clock.forward(minutes=10)
    hall.act("reception", guest, Action.NO_SHOW)
    with hall.reading() as uow:
        waiting = Filter(districts=frozenset({DISTRICT}), stages=(Stage.WAITING,))
        others = [hall.guest_of(one) for one in uow.lists.requests(waiting, limit=20)]
    for other in others:
        if other.code != guest.code:  # so that a seat is free for her
            leaves = TakeStep(code=other.code, action=Action.WITHDRAW)
            hall.execute(other.actor, take_step, leaves)
    line = Line(hall.city, hall.clock)
    line.until(MONDAY + timedelta(days=2), DRAWN_AT)
    assert guest.request.stage is Stage.INVITED
    case = OneCase(code=guest.code)
    open_ = {step.action for step in hall.query(guest.actor, timeline_page, case).steps}
    assert Action.CONTEST_NO_SHOW in open_
    assert guest_status(hall) == StatusView(STAGE[Stage.INVITED], STAGE_MEANING[Stage.INVITED])
