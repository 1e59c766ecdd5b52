"""Orders on a citizen's page: promise, paper, due date, questions, and who wrote what."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.hall import SERVICES, TECHNICAL, TEXT, Guest, Hall
from support.line import MONDAY
from support.walk import WalkedCase

from publicmeeting.domain.choices import SheetPart
from publicmeeting.domain.records import Image, PictureKind
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.jalali import day_month, day_words, weekday_day, weekday_name
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.lifecycle.roles_text import signed
from publicmeeting.text.tracking import case_text, citizen_orders_text
from publicmeeting.ui.citizen.timeline.asked import heard_view, offer_view
from publicmeeting.ui.citizen.timeline.moves import (
    NO_QUESTION,
    OFFERED,
    QuestionView,
    move_of,
    moves_of_orders,
    request_moves,
)
from publicmeeting.ui.citizen.timeline.orders import (
    OrderView,
    SheetView,
    promise_sentence,
    sheet_views,
)
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.paper import custody_view
from publicmeeting.ui.citizen.timeline.record import case_steps, opening_lines
from publicmeeting.ui.shell.photos import sorted_photos
from publicmeeting.ui.staff.unit.state import order_view
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.on_paper.paper_entry import NotePaper, note_paper
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.orders.paper.document_audit import CheckedPaper, CheckedPart, FileState
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.timeline import TimelinePage, openings, timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

O = OrderAction  # noqa: E741  (a column of the table)


def page_of(hall: Hall, guest: Guest) -> TimelinePage:
    return hall.query(guest.actor, timeline_page, OneCase(code=guest.code))


def sheets(hall: Hall, guest: Guest) -> list[SheetView]:
    page = page_of(hall, guest)
    return sheet_views(page, moves_of_orders(page.orders), {})


def only_order(hall: Hall, guest: Guest) -> OrderView:
    ((order,),) = [sheet.orders for sheet in sheets(hall, guest)]
    return order


def test_the_promise_is_the_first_thing_she_reads(hall: Hall, guest: Guest) -> None:
    hall.met(guest)
    (sheet,) = sheets(hall, guest)
    assert sheet.promise == TEXT
    assert (sheet.shared, sheet.pdf, sheet.orders[0].promise) == ("", "", "")


def test_where_only_the_picture_says_it_unit_and_day_are_told(hall: Hall, guest: Guest) -> None:
    """A paper of an older release, which stored no promise beside it."""
    hall.met(guest)
    sentence = citizen_orders_text.PROMISED_TO_UNIT
    for later, day in ((0, "دوشنبه ۳۰ آذر"), (400, "دوشنبه ۳۰ آذر ۱۴۰۵")):
        hall.clock.set(at_tehran(MONDAY + timedelta(days=later), "20:00"))
        page = page_of(hall, guest)
        by_picture = replace(page.orders[0], promise="")
        assert promise_sentence(by_picture, page.dates) == sentence.format(
            unit="فنی و عمران", day=day
        )


def test_a_year_later_every_day_of_her_case_has_its_year(hall: Hall, guest: Guest) -> None:
    """«دوشنبه ۹ آذر» would be the coming one, or that of the year after."""
    (order,) = hall.met(guest)
    hall.clock.set(at_tehran(MONDAY + timedelta(days=400), "09:00"))
    at_unit = hall.execute("technical", open_order, OneOrder(number=order.number))
    views = case_steps(page_of(hall, guest)), sheets(hall, guest), order_view(at_unit)
    seen = repr(views).replace(r"\xa0", "\u00a0")
    days = re.findall(rf"{weekday_name(MONDAY)} {day_month(MONDAY)}(?: [۰-۹]+)?", seen)
    assert days
    assert set(days) == {day_words(MONDAY)}


def test_a_handwritten_order_is_not_said_to_have_a_text_to_read(hall: Hall, guest: Guest) -> None:
    hall.met(guest)
    page = page_of(hall, guest)
    moves = moves_of_orders(page.orders)
    both = (replace(page.orders[0], text=text) for text in ("جوی باز شود.", ""))
    words = [sheet_views(replace(page, orders=(order,)), moves, {})[0].image_alt for order in both]
    assert words == [case_text.ORDER_IMAGE, case_text.ORDER_IMAGE_BY_HAND]


def test_a_paper_for_two_units_stands_once_with_each_unit_beneath(hall: Hall, guest: Guest) -> None:
    first, second = hall.met(guest, TECHNICAL, SERVICES)
    hall.step("technical", first.number, O.TAKE_ON)
    (sheet,) = sheets(hall, guest)
    assert sheet.shared == citizen_orders_text.SHARED.format(count="۲")
    assert [order.number for order in sheet.orders] == [first.number, second.number]
    assert [order.badge.word for order in sheet.orders] == ["در دست اقدام", "صادر شد"]
    assert {order.due_line for order in sheet.orders} == {
        "مهلت: دوشنبه ۳۰ آذر\u00a0· ۱۵ روز کاری مانده"
    }


def test_the_clock_stands_while_she_is_asked_and_says_until_when(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
    order = only_order(hall, guest)
    assert order.pause == citizen_orders_text.PAUSED.format(day="پنجشنبه ۱۹ آذر")
    assert (order.question, order.notes) == ("کدام پلاک؟", ())
    assert order.question_by.startswith(signed(Role.UNIT, 6, "فنی و عمران"))
    guest.does(number, O.TELL_UNIT, note="پلاک ۱۴")
    assert (only_order(hall, guest).pause, only_order(hall, guest).question) == ("", "")


def test_a_clock_that_has_run_out_does_not_stand(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.clock.forward(days=40)
    hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
    order = only_order(hall, guest)
    assert (order.pause, order.question, order.badge.tone) == ("", "کدام پلاک؟", "brick")


def test_an_extension_is_told_with_both_reasons(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.ASK_EXTENSION, note="بتن نمی‌گیرد.", due_on="2027-01-02")
    hall.step("mayor", number, O.EXTEND, note="آخرین بار است.")
    assert only_order(hall, guest).notes == (
        citizen_orders_text.FIRST_DUE.format(day="دوشنبه ۳۰ آذر"),
        citizen_orders_text.EXTENDED.format(day="شنبه ۱۲ دی", times="۱ بار"),
        citizen_orders_text.WHY_EXTENDED.format(why="بتن نمی‌گیرد."),
        citizen_orders_text.MAYOR_WROTE.format(note="آخرین بار است."),
    )


def test_news_are_asked_once_a_week_and_the_next_day_is_named(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    assert O.ASK_NEWS in {move.action for move in only_order(hall, guest).moves}
    guest.does(number, O.ASK_NEWS, note="خبری شد؟")
    order = only_order(hall, guest)
    assert O.ASK_NEWS not in {move.action for move in order.moves}
    assert order.notes[0].startswith(
        citizen_orders_text.NEWS_FROM.format(moment="دوشنبه ۱۶ آذر، ۹:۰۰")
    )
    hall.clock.forward(days=7)
    assert O.ASK_NEWS in {move.action for move in only_order(hall, guest).moves}


def test_what_is_done_says_until_which_day_it_can_be_opened_again(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.REPORT, note="ترمیم شد.")
    guest.does(number, O.CONFIRM_DONE)
    assert only_order(hall, guest).notes == (
        citizen_orders_text.REOPEN_UNTIL.format(day="چهارشنبه ۹ دی"),
    )
    hall.clock.forward(days=32)
    assert only_order(hall, guest).notes == ()


def test_done_is_asked_after_the_due_date_and_no_sooner(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    assert only_order(hall, guest).done_question.title == ""
    hall.clock.forward(days=30)
    order = only_order(hall, guest)
    assert (order.done_question.title, order.done_question.yes) == (
        "کار انجام شد؟",
        "بله، انجام شد",
    )
    assert O.SAY_DONE not in {move.action for move in order.moves}
    guest.does(number, O.SAY_DONE, verdict="no")
    assert only_order(hall, guest).done_question.title == ""


@pytest.mark.on_postgresql
def test_how_late_it_is_names_the_step_and_how_far_up_it_has_come(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    assert only_order(hall, guest).late == ""
    hall.clock.forward(days=3)
    hall.application.worker.tick()
    order = only_order(hall, guest)
    assert (order.badge.word, order.late) == ("۱ روز کاری دیرکرد در پذیرش", "")
    hall.step("technical", number, O.TAKE_ON)
    assert only_order(hall, guest).late == ""
    hall.clock.forward(days=40)
    hall.application.worker.tick()
    order = only_order(hall, guest)
    assert order.badge.word.endswith("روز کاری دیرکرد")
    assert order.late == "این دیرکرد به شهر رسید.", "how late it is stands beside it already"


def test_a_contest_opens_beside_its_question_not_below_the_paper(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.REPORT, note="ترمیم شد.")
    order = only_order(hall, guest)
    assert {order.done.place, order.contest.place} == {order.report_place}
    assert order.report_place not in {move.place for move in order.moves}


def test_a_report_that_waits_for_her_answer_is_shown_once(
    a_request: Callable[..., WalkedCase], her_page: Callable[..., TimelineState]
) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        number = uow.orders.of_request(walked.request.id)[0].number

    def step(action: O, **fields: str) -> None:
        command = TakeOrderStep(number=number, action=action, **fields)
        if action is O.CONFIRM_DONE:
            application.execute_now(take_order_step, walked.keys, command)
        else:
            application.execute_as(walked.city.as_("technical"), take_order_step, command)

    def written() -> list[str]:
        case = her_page(walked).case
        on_cards = [order.report for sheet in case.sheets for order in sheet.orders]
        return [words for words in (*on_cards, *(one.quote for one in case.road)) if words]

    step(O.TAKE_ON)
    step(O.REPORT, note="ترمیم شد.")
    assert written() == ["ترمیم شد."]
    step(O.CONFIRM_DONE)
    assert written() == ["ترمیم شد."], "on the road, as the question is answered"


def test_pictures_before_and_after_the_work_stand_apart() -> None:
    kinds = (PictureKind.BEFORE, PictureKind.REPORT, PictureKind.REPORT)
    images = [Image(f"{at}", kind, "w", "t", 1, 1) for at, kind in enumerate(kinds)]
    before, after = sorted_photos(images)
    assert [photo.full for photo in before] == ["/images/0"]
    assert [photo.full for photo in after] == ["/images/1", "/images/2"]
    assert sorted_photos(images[1:])[0] == ()


def test_an_offered_answer_says_first_what_taking_it_costs(hall: Hall) -> None:
    guest = hall.guests[2]
    hall.clock.set(hall.clock.now - timedelta(days=1))
    hall.act("technical", guest, Action.OFFER_ANSWER, note="تا ۲۵ آذر ترمیم می‌شود.")
    page = page_of(hall, guest)
    moves = request_moves(page.steps, hall.query(guest.actor, my_turn, OneCase(code=guest.code)))
    offer = offer_view(page, move_of(moves, Action.ACCEPT_ANSWER))
    assert offer.head == citizen_orders_text.OFFERED.format(unit="فنی و عمران")
    assert (offer.quote, offer.accept.place) == ("تا ۲۵ آذر ترمیم می‌شود.", OFFERED)
    seat = citizen_orders_text.OFFER_COSTS_SEAT.format(day="دوشنبه ۹ آذر", time="۹:۳۰")
    assert offer.costs == (
        citizen_orders_text.OFFER_CLOSES,
        seat,
        citizen_orders_text.OFFER_COSTS_WAIT,
    )
    assert (offer.accept.at_once, offer.accept.ends) == (False, True)
    assert all(cost in offer.accept.lead for cost in offer.costs)


def test_heard_is_asked_after_the_meeting_only(hall: Hall, guest: Guest) -> None:
    def heard_title() -> str:
        page = page_of(hall, guest)
        turn = hall.query(guest.actor, my_turn, OneCase(code=guest.code))
        move = move_of(request_moves(page.steps, turn), Action.SAY_HEARD)
        return heard_view(page, move).title

    assert heard_title() == ""
    hall.met(guest)
    assert heard_title() == "شهردار حرف شما را شنید؟"


def test_who_was_met_on_paper_is_asked_about_that_monday_as_everybody(
    hall: Hall, guest: Guest
) -> None:
    hall.ends(is_checked=True)
    hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "09:00"))
    note = NotePaper(code=guest.code, begun="9:00", ended="9:20", note="با طرح نمی‌خواند.")
    hall.execute("mayor", note_paper, note)

    def question() -> QuestionView:
        page = page_of(hall, guest)
        turn = hall.query(guest.actor, my_turn, OneCase(code=guest.code))
        return heard_view(page, move_of(request_moves(page.steps, turn), Action.SAY_HEARD))

    assert question() == NO_QUESTION, "she has not confirmed it"
    hall.act(guest.actor, guest, Action.SAY_MET)
    day = weekday_day(MONDAY)
    assert question().basis == citizen_orders_text.HEARD_BASIS.format(day=day)
    hall.act(guest.actor, guest, Action.SAY_HEARD, verdict="no")
    assert question() == NO_QUESTION


def test_managers_sign_with_office_and_role_also_after_another_unit_took_over(
    hall: Hall, guest: Guest
) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.COMMENT, note="با ما نیست.", audience="citizen")
    hall.step("technical", number, O.RETURN, note="کار خدمات شهری است.")
    hall.step("mayor", number, O.REASSIGN, unit=SERVICES)
    hall.step("services", number, O.COMMENT, note="می‌آییم.", audience="citizen")
    hall.step("mayor", number, O.COMMENT, note="پیگیرم.", audience="citizen")
    guest.does(number, O.COMMENT, note="سپاس.")
    road = case_steps(page_of(hall, guest))
    assert {step.quote: (step.title, step.quote_by) for step in road if step.quote} == {
        "با ما نیست.": (
            citizen_orders_text.WROTE_UNIT,
            "کارشناس واحد فنی و عمران\u00a0· منطقهٔ\u00a0۶",
        ),
        "کار خدمات شهری است.": (
            "واحد کار را برگرداند",
            "کارشناس واحد فنی و عمران\u00a0· منطقهٔ\u00a0۶",
        ),
        "می‌آییم.": (
            citizen_orders_text.WROTE_UNIT,
            "کارشناس واحد خدمات شهری و محیط زیست\u00a0· منطقهٔ\u00a0۶",
        ),
        "پیگیرم.": (citizen_orders_text.WROTE_MAYOR, "شهردار منطقهٔ\u00a0۶"),
        "سپاس.": (citizen_orders_text.WROTE_YOU, "شما"),
    }


SECRET, REPLY = "این را شهروند نخواند.", "فردا کار را آغاز خواهیم کرد."


def test_an_internal_note_is_in_nothing_her_page_holds(
    a_request: Callable[..., WalkedCase], her_page: Callable[..., TimelineState]
) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        number = uow.orders.of_request(walked.request.id)[0].number
    for note, audience in ((SECRET, "internal"), (REPLY, "citizen")):
        command = TakeOrderStep(number=number, action="comment", note=note, audience=audience)
        application.execute_as(walked.city.as_("technical"), take_order_step, command)
    state = her_page(walked)
    raw = f"{state.dict()} {state.__dict__}"
    assert REPLY in raw
    assert SECRET not in raw


def paper(hall: Hall, printable: FileState) -> CheckedPaper:
    parts: dict[SheetPart, FileState] = {
        SheetPart.COMPOSED: FileState.SAME,
        SheetPart.PRINTABLE: printable,
    }
    sha256, at = "7c1e90ab" * 8, hall.clock.now
    made = (CheckedPart(part, sha256, Role.MAYOR, at, found) for part, found in parts.items())
    return CheckedPaper("14050909067", tuple(made))


def test_custody_is_quiet_while_sound_and_honest_when_not(hall: Hall) -> None:
    view = custody_view(paper(hall, FileState.SAME), 6, DateWords(hall.clock.now))
    assert view.sound == "این تصویر از دوشنبه ۹ آذر ساعت ۹:۰۰ تغییر نکرده است."
    assert (view.broken, view.mark) == ("", "7c1e90ab")
    assert view.lines[0].when.endswith("شهردار منطقهٔ ۶")
    view = custody_view(paper(hall, FileState.GONE), 6, DateWords(hall.clock.now))
    assert view.sound == ""
    assert "نسخهٔ چاپی" in view.broken
    assert [bool(line.wrong) for line in view.lines] == [False, True]


def test_who_opened_her_file_is_named_by_office(a_request: Callable[..., WalkedCase]) -> None:
    walked = a_request(at=Stage.CONFIRMED)
    application = walked.city.application
    for who in ("desk", "technical"):
        application.execute_as(walked.city.as_(who), open_case, OneCase(code=walked.code))
    found = application.query_now(openings, walked.keys, OneCase(code=walked.code))
    assert {who for who, _ in opening_lines(found, walked.line.clock())} == {
        "کارشناس میز خدمت منطقهٔ\u00a0۶",
        "کارشناس واحد فنی و عمران\u00a0· منطقهٔ\u00a0۶",
    }
