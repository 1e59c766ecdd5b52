"""An order on the wrong visitor's sheet: the mayor asks, the overseer decides.

Nothing of the other person's matter stays on the citizen's page.
"""

import json
from datetime import date, timedelta

import pytest
from support.hall import SERVICES, TECHNICAL, TEXT, Guest, Hall
from support.line import MONDAY, Line
from support.together import refused

from publicmeeting.domain.calendar import IN_TIME, LateIn, Lateness
from publicmeeting.domain.lifecycle.climbing import Level
from publicmeeting.domain.lifecycle.notices import TRUE_UNTIL, TrueUntil
from publicmeeting.domain.lifecycle.order_guards import OF_THE_SHEET
from publicmeeting.domain.lifecycle.tables import STEP_FOR
from publicmeeting.domain.orders.promises import Outcome
from publicmeeting.domain.records import Order
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, end_of_day
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.common.dates_text import until_words
from publicmeeting.text.lifecycle.actions_text import MEANING
from publicmeeting.text.lifecycle.stages_text import OTHERWISE, late_words
from publicmeeting.text.notices.citizen_notices_text import HIDDEN
from publicmeeting.text.notices.notices_text import Notice as NoticeText
from publicmeeting.text.tracking.citizen_orders_text import why_hidden
from publicmeeting.ui.citizen.timeline.moves import moves_of_orders
from publicmeeting.ui.citizen.timeline.orders import sheet_views
from publicmeeting.ui.citizen.timeline.status import status_view
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.pictures import OnePhoto, see_photo
from publicmeeting.usecases.meetings.agenda import ADay, agenda
from publicmeeting.usecases.orders.lists import (
    ASKS,
    DONE,
    LATE,
    OrderLine,
    OrdersList,
    WeeklyReview,
    orders_list,
    weekly_review,
)
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.orders.paper.document_audit import printable_file, request_papers
from publicmeeting.usecases.oversight.promises import (
    CLIMBED,
    VOIDS,
    CityPromises,
    city_promises,
    promise_figures,
)
from publicmeeting.usecases.tracking.my_data import export_my_data
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.orders import CitizenOrder
from publicmeeting.usecases.tracking.timeline import timeline_page

O, P = OrderAction, OrderStage  # noqa: E741  (columns of the table)
WHY = "برگهٔ شهروند دیگری بود."
BACK = at_tehran(MONDAY + timedelta(days=6), "00:01")
"""Three working days later; Thursday and Friday are none."""


def asked(hall: Hall, guest: Guest, *units: str) -> Order:
    number = hall.met(guest, *units)[0].number
    return hall.step("mayor", number, O.ASK_VOID, note=WHY)


def hers(hall: Hall, guest: Guest) -> tuple[CitizenOrder, ...]:
    return hall.query(guest.actor, timeline_page, OneCase(code=guest.code)).orders


def reads(hall: Hall, guest: Guest, order: Order) -> list[str]:
    """Return the places at which she reads the paper's content, of all ways to it."""
    citizen_order = next(found for found in hers(hall, guest) if found.line.number == order.number)
    copy = hall.query(guest.actor, export_my_data, Nothing())
    exported = json.dumps(copy["requests"], ensure_ascii=False)
    found = ["picture"]
    if not citizen_order.image:
        picture = OnePhoto(id=order.image_id)
        found = []
        assert refused(hall.query, guest.actor, see_photo, picture) == "not_found"
    papers = hall.query(guest.actor, request_papers, OneCase(code=guest.code))
    return [
        *found,
        *(["page"] if citizen_order.image or citizen_order.text or citizen_order.promise else []),
        *(["papers"] if papers else []),
        *(["export"] if TEXT in exported else []),
        *(["export's picture"] if order.image_id in exported else []),
    ]


EVERYWHERE = ["picture", "page", "papers", "export", "export's picture"]


def test_another_persons_matter_is_hidden_at_once_and_comes_back_undecided(hall, guest):
    order = hall.met(guest)[0]
    assert reads(hall, guest, order) == EVERYWHERE
    order = hall.step("mayor", order.number, O.ASK_VOID, note=WHY)
    assert order.stage is P.ISSUED, "the promise runs on"
    assert reads(hall, guest, order) == []
    citizen_order = hers(hall, guest)[0]
    assert citizen_order.hidden_until is not None
    assert citizen_order.line.due_on == order.due_on
    assert refused(hall.query, guest.actor, printable_file, OneOrder(number=order.number)) == (
        "not_found"
    )
    assert hall.query("mayor", see_photo, OnePhoto(id=order.image_id)), "sealed, not deleted"
    hall.clock.set(BACK)
    assert reads(hall, guest, order) == EVERYWHERE, "one person alone hides no promise"
    assert hers(hall, guest)[0].hidden_until is None


def test_a_citizen_who_reads_anothers_order_asks_its_mayor_until_he_answers(hall, guest):
    """Nobody else knows it, and her comment goes to the unit."""
    number = hall.met(guest)[0].number

    def asks() -> OrderAction | None:
        waiting = hall.query("mayor", orders_list, OrdersList(which=ASKS)).lines
        return next((line.asked for line in waiting if line.number == number), None)

    assert asks() is None
    guest.does(number, O.SAY_NOT_HERS, note="نام کس دیگری روی آن است.")
    assert asks() is O.SAY_NOT_HERS
    hall.step("technical", number, O.TAKE_ON)
    guest.does(number, O.COMMENT, note="هنوز همان است.")
    assert asks() is O.SAY_NOT_HERS, "whatever others wrote meanwhile"
    hall.step("mayor", number, O.COMMENT, note="برگه را می‌جوییم.", audience="internal")
    assert asks() is O.SAY_NOT_HERS, "she reads no internal comment"
    hall.step("mayor", number, O.COMMENT, note="همان نام پیشین کوچه است.", audience="citizen")
    assert asks() is None
    assert refused(guest.does, number, O.SAY_NOT_HERS) == "said_not_hers"
    other = hall.met(hall.guests[1])[0].number
    hall.guests[1].does(other, O.SAY_NOT_HERS)
    order = hall.step("mayor", other, O.ASK_VOID, note=WHY)
    assert reads(hall, hall.guests[1], order) == []
    assert hall.query("mayor", orders_list, OrdersList(which=ASKS)).lines == ()


def test_her_road_does_not_send_her_to_a_picture_that_is_void(hall, guest):
    number = asked(hall, guest).number
    hall.step("overseer", number, O.VOID)
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    issued = next(at for at, mark in enumerate(page.marks) if mark.action is O.ISSUE)
    assert page.marks[issued].order_number == number
    assert road_steps(page.marks, page.dates, own=True)[issued].meaning != MEANING[O.ISSUE]


def test_whoever_had_no_other_order_reads_that_the_mayor_owes_her_one(hall, guest):
    """Nothing is ordered for her then, and only she will ask for it."""
    number = asked(hall, guest).number
    assert "سه روز کاری" in notice_of(hall, guest, O.ASK_VOID).text, "not until he answers"
    hall.step("overseer", number, O.VOID)
    assert not guest.request.outcome_recorded
    sent = notice_of(hall, guest, O.VOID)
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    assert page.is_order_owed
    until = until_words(end_of_day(WEDNESDAY))
    status = status_view(page, None).means
    hidden = why_hidden(page.orders[0].hidden_until, until, is_void=True)
    for words in (sent.text, sent.sms, status, hidden):
        assert until in words
    assert until in notice_to(hall, Role.MAYOR, guest).text
    for words in (sent.text, sent.sms, MEANING[O.VOID], OTHERWISE[Stage.FOLLOW_UP]):
        assert "شهردار" in words
        assert "باید" in words
        assert "بنویسد" in words
    for words in (sent.text, MEANING[O.VOID], OTHERWISE[Stage.FOLLOW_UP]):
        assert "به ۱۳۷ بگویید" in words, "what she can do"


def notice_to(hall: Hall, role: Role, guest: Guest) -> NoticeText:
    with hall.reading() as uow:
        notices = uow.outbox.of_request(guest.request.id, role.value)
        (notice,) = (one for one in notices if one.action == O.VOID.value)
        return notice_text(about(uow, notice, notice.at))


WEDNESDAY, WEEK_AFTER = MONDAY + timedelta(days=2), MONDAY + timedelta(days=9)
"""Two working days after the Monday, and five more; Thursday and Friday are none."""


def late_of(hall: Hall, number: str) -> tuple[Lateness, Level, bool]:
    """Return lateness and level in the mayor's list, and whether the overseer's has it too."""
    lines = hall.query("mayor", orders_list, OrdersList(which=LATE)).lines
    climbed = hall.query("overseer", city_promises, CityPromises(which=CLIMBED)).lines
    line = next((one for one in lines if one.number == number), None)
    is_at_city = number in {one.number for one in climbed}
    return (line.late, line.level, is_at_city) if line else (IN_TIME, Level.NONE, is_at_city)


@pytest.mark.on_postgresql
def test_a_right_order_that_is_owed_is_late_by_itself(hall, guest):
    number = asked(hall, guest).number
    hall.step("overseer", number, O.VOID)
    (line,) = hall.query("mayor", orders_list, OrdersList(which=ASKS)).lines
    assert (line.number, line.right_order_by) == (number, end_of_day(WEDNESDAY))
    assert line.promise == "", "the words on it are another's"
    hall.clock.set(at_tehran(WEDNESDAY, "23:59"))
    assert late_of(hall, number) == (IN_TIME, Level.NONE, False)
    hall.clock.set(at_tehran(WEDNESDAY + timedelta(days=1), "00:01"))
    assert late_of(hall, number) == (Lateness(1, LateIn.RIGHT_ORDER), Level.MAYOR, False)
    assert number in {one.number for one in hall.query("mayor", agenda, ADay()).late}
    hall.clock.set(at_tehran(WEEK_AFTER, "23:59"))
    assert late_of(hall, number) == (Lateness(5, LateIn.RIGHT_ORDER), Level.MAYOR, False)
    hall.clock.set(at_tehran(WEEK_AFTER + timedelta(days=1), "00:01"))
    assert late_of(hall, number) == (Lateness(5, LateIn.RIGHT_ORDER), Level.CITY, True)
    (figures,) = hall.query("overseer", promise_figures, Nothing())
    assert (figures.voided, figures.measured) == (1, 0), "no promise of hers is late"
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    assert late_words(Lateness(5, LateIn.RIGHT_ORDER)) in status_view(page, None).means
    (sheet,) = sheet_views(page, moves_of_orders(page.orders), {})
    assert sheet.orders[0].late == "", "no work is late, and no figure shows it"


def test_the_right_order_ends_it_and_no_other_paper_is_waited_for(hall, guest):
    number = asked(hall, guest, TECHNICAL, SERVICES).number
    hall.step("overseer", number, O.VOID)
    (line,) = hall.query("mayor", orders_list, OrdersList(which=ASKS)).lines
    hall.clock.set(at_tehran(WEEK_AFTER + timedelta(days=1), "00:01"))
    assert late_of(hall, line.number)[1] is Level.CITY, "once for one paper"
    assert len(hall.query("overseer", city_promises, CityPromises(which=CLIMBED)).lines) == 1
    hall.order(guest, note="دستور درست.")
    assert late_of(hall, line.number) == (IN_TIME, Level.NONE, False)


def test_only_the_mayor_is_asked_for_the_right_order_and_no_unit_is_late_with_it(hall, guest):
    number = asked(hall, guest).number
    hall.step("overseer", number, O.VOID)
    hall.clock.set(at_tehran(WEEK_AFTER + timedelta(days=1), "00:01"))

    def seen(who: str, which: str) -> list[OrderLine]:
        lines = hall.query(who, orders_list, OrdersList(which=which)).lines
        return [one for one in lines if one.number == number]

    assert seen("deputy", ASKS) == [], "he may not write it"
    assert seen("mayor", ASKS)[0].owes_right_order
    (line,) = seen("deputy", LATE)
    assert (line.late.of, line.owes_right_order) == (LateIn.RIGHT_ORDER, False)
    assert not hall.execute("deputy", open_order, OneOrder(number=number)).owes_order
    (line,) = seen("technical", DONE)
    assert (line.late, line.level, line.right_order_by) == (IN_TIME, Level.NONE, None)


def test_her_road_is_now_where_the_right_order_is_owed(hall, guest):
    number = asked(hall, guest).number
    hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "10:00"))
    hall.step("overseer", number, O.VOID)
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    been = [mark for mark in page.marks if mark.state != "ahead"]
    assert [mark.state for mark in been[-2:]] == ["past", "now"]
    assert (been[-2].action, been[-1].role) == (O.VOID, Role.MAYOR)
    assert been[-1].due_at == end_of_day(MONDAY + timedelta(days=5)), "no Thursday, no Friday"


def notice_of(hall: Hall, guest: Guest, action: O) -> NoticeText:
    notices = hall.query(guest.actor, my_page, Nothing()).notices
    return notice_text(next(notice.about for notice in notices if notice.about.action is action))


def test_what_units_have_written_of_it_is_hidden_too(hall, guest):
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.RETURN, note="این نشانی در خیابان سی تیر است.")
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    notes = [mark.note for mark in page.marks if mark.order_number == number and mark.note]
    assert notes == [WHY]


def test_the_overseer_makes_it_void_and_her_own_order_is_still_due(hall, guest):
    order = asked(hall, guest)
    (line,) = hall.query("overseer", city_promises, CityPromises(which=VOIDS)).lines
    assert line.number == order.number
    assert line.due_at == hers(hall, guest)[0].hidden_until
    assert hall.execute("overseer", open_order, OneOrder(number=order.number)).order.text == TEXT
    assert hall.step("overseer", order.number, O.VOID).stage is P.VOID
    assert hall.query("overseer", city_promises, CityPromises(which=VOIDS)).lines == ()
    hall.clock.set(BACK)
    assert reads(hall, guest, order) == []
    assert guest.request.stage is Stage.FOLLOW_UP
    assert not guest.request.outcome_recorded
    (right,) = hall.order(guest, note="چراغ کوچه درست شود.")
    assert guest.request.outcome_recorded
    hall.step("technical", right.number, O.TAKE_ON)
    hall.step("technical", right.number, O.REPORT, note="انجام شد.")
    guest.does(right.number, O.CONFIRM_DONE)
    assert guest.request.stage is Stage.CLOSED
    assert refused(hall.order, guest, note="یکی دیگر.") == "stage_moved"


def test_a_void_promise_is_never_late_and_counts_as_void(hall, guest):
    due_on = (MONDAY + timedelta(days=7)).isoformat()
    number = hall.met(guest, due_on=due_on)[0].number
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    hall.step("overseer", number, O.VOID)
    hall.order(guest, note="دستور درست.", due_on=due_on)
    Line(hall.city, hall.clock).until(MONDAY + timedelta(days=22))
    (figures,) = hall.query("overseer", promise_figures, Nothing())
    assert (figures.orders, figures.voided, figures.measured) == (2, 1, 1)
    late = hall.query("mayor", orders_list, OrdersList(which=LATE)).lines
    assert number not in {line.number for line in late}
    review = hall.query("mayor", weekly_review, WeeklyReview(last=MONDAY.isoformat()))
    assert review.counts == {Outcome.VOID: 1, Outcome.LATE: 1}
    steps = (O.WARN_UNIT, O.CLIMB_TO_MAYOR, O.CLIMB_TO_CITY)
    assert [order.count(*steps) for order in guest.orders] == [0, 3]


def test_an_ask_does_not_stop_the_clock(hall, guest):
    number = asked(hall, guest).number
    Line(hall.city, hall.clock).until(MONDAY + timedelta(days=12))
    assert guest.orders[0].count(O.CLIMB_TO_MAYOR) == 1
    assert refused(hall.step, "mayor", number, O.ASK_VOID, note=WHY) == "void_asked_before"


def test_the_overseers_own_silence_is_late_once_the_sheet_is_back(hall, guest):
    asked(hall, guest)
    for days, late in ((4, IN_TIME), (6, Lateness(1, LateIn.DECISION))):
        hall.clock.set(at_tehran(day(days), "10:00"))
        (line,) = hall.query("overseer", city_promises, CityPromises(which=VOIDS)).lines
        assert line.late == late


def test_what_the_overseer_lets_stand_is_back_and_not_asked_again(hall, guest):
    order = asked(hall, guest)
    assert refused(hall.step, "overseer", order.number, O.KEEP_ORDER) == "need_note"
    hall.step("overseer", order.number, O.KEEP_ORDER, note="همین درخواست است.")
    assert reads(hall, guest, order) == EVERYWHERE
    assert refused(hall.step, "overseer", order.number, O.VOID) == "no_void_asked"
    again = refused(hall.step, "mayor", order.number, O.ASK_VOID, note=WHY)
    assert again == "void_asked_before"


def reported(hall: Hall, number: str) -> None:
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.REPORT, note="انجام شد.")


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def test_silence_about_what_she_cannot_read_is_no_yes(hall, guest):
    number = hall.met(guest)[0].number
    reported(hall, number)
    line = Line(hall.city, hall.clock)
    line.until(day(8), "10:00")
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    line.until(day(11), "10:00")
    one = guest.orders[0]
    assert (one.stage, one.count(O.STAY_OPEN)) == (P.REPORTED, 1)
    with line.reading() as uow:
        notices = uow.outbox.of_request(guest.request.id, "citizen")
        (notice,) = [found for found in notices if found.action == O.STAY_OPEN.value]
        text = notice_text(about(uow, notice, notice.at)).text
    assert text.startswith(HIDDEN[O.STAY_OPEN][1].partition("{")[0])
    line.until(day(25), "10:00")
    assert guest.orders[0].stage is P.REPORTED, "the overseer owes his word"
    hall.step("overseer", number, O.VOID)
    assert guest.orders[0].stage is P.VOID


def test_what_the_overseer_lets_stand_has_all_its_days_again_and_is_settled_then(hall, guest):
    number = hall.met(guest)[0].number
    reported(hall, number)
    line = Line(hall.city, hall.clock)
    line.until(day(8), "10:00")
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    line.until(day(9), "10:00")
    hall.step("overseer", number, O.KEEP_ORDER, note="همین درخواست است.")
    line.until(day(19), "10:00")
    assert guest.orders[0].stage is P.REPORTED
    line.until(day(20), "10:00")
    assert guest.orders[0].stage is P.DONE
    assert guest.orders[0].count(O.STAY_OPEN) == 1


def test_a_report_beside_it_on_the_paper_is_not_settled_meanwhile(hall, guest):
    first, second = hall.met(guest, TECHNICAL, SERVICES)
    reported(hall, first.number)
    line = Line(hall.city, hall.clock)
    line.until(day(8), "10:00")
    hall.step("mayor", second.number, O.ASK_VOID, note=WHY)
    line.until(day(11), "10:00")
    hall.step("overseer", second.number, O.VOID)
    assert {order.stage for order in guest.orders} == {P.VOID}


def test_she_is_not_asked_to_answer_a_question_that_she_cannot_read(hall, guest):
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.ASK_CITIZEN, note="کدام کوچه؟")
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    assert O.TELL_UNIT not in {step.action for step in hers(hall, guest)[0].steps}
    answer = {"note": "کوچهٔ سوم."}
    assert refused(guest.does, number, O.TELL_UNIT, **answer) == "order_hidden"
    hall.clock.set(BACK)
    assert guest.does(number, O.TELL_UNIT, **answer).count(O.TELL_UNIT) == 1


def test_a_paper_is_void_with_every_order_on_it(hall, guest):
    first, second = hall.met(guest, TECHNICAL, SERVICES)
    hall.step("mayor", second.number, O.ASK_VOID, note=WHY)
    assert reads(hall, guest, first) == []
    assert reads(hall, guest, second) == []
    hall.step("overseer", first.number, O.VOID)
    assert {order.stage for order in guest.orders} == {P.VOID}


def test_the_right_order_is_written_beside_another_paper_once(hall, guest):
    hall.receive(guest)
    (wrong,) = hall.order(guest)
    (other,) = hall.order(guest, SERVICES, note="جدول کوچه.")
    hall.finish(guest)
    assert refused(hall.order, guest, note="یکی دیگر.") == "stage_moved"
    hall.step("mayor", wrong.number, O.ASK_VOID, note=WHY)
    assert refused(hall.order, guest, note="یکی دیگر.") == "stage_moved", "nothing is void yet"
    hall.step("overseer", wrong.number, O.VOID)

    def owes_order(number: str) -> bool:
        return hall.execute("mayor", open_order, OneOrder(number=number)).owes_order

    assert [owes_order(one.number) for one in (wrong, other)] == [True, False]
    hall.order(guest, note="دستور درست.")
    assert not owes_order(wrong.number)
    assert refused(hall.order, guest, note="یکی دیگر.") == "stage_moved"


def test_what_she_has_confirmed_is_not_made_void_nor_its_paper(hall, guest):
    first, second = hall.met(guest, TECHNICAL, SERVICES)
    hall.step("technical", first.number, O.TAKE_ON)
    hall.step("technical", first.number, O.REPORT, note="انجام شد.")
    guest.does(first.number, O.CONFIRM_DONE)
    assert refused(hall.step, "mayor", first.number, O.ASK_VOID, note=WHY) == "stage_moved"
    assert refused(hall.step, "mayor", second.number, O.ASK_VOID, note=WHY) == "sheet_done"


def test_only_the_mayor_asks_and_only_another_decides(hall, guest):
    number = hall.met(guest)[0].number
    assert refused(hall.step, "mayor", number, O.ASK_VOID) == "need_note"
    assert refused(hall.step, "overseer", number, O.VOID) == "not_found", "nobody has asked"
    for somebody in ("reception", "technical", "desk"):
        assert refused(hall.step, somebody, number, O.ASK_VOID, note=WHY) == "not_your_role"
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    assert refused(hall.step, "mayor", number, O.VOID) == "not_your_role"
    mayor = hall.as_("mayor")
    both = Actor(
        account_id=mayor.account_id, grants=(*mayor.grants, Grant(Role.OVERSEER, None, None))
    )
    assert refused(hall.step, both, number, O.VOID) == "another_officer"
    hall.step("overseer", number, O.VOID)
    assert refused(hall.step, "overseer", number, O.VOID) == "stage_moved", "a second tab"
    assert refused(hall.step, "mayor", number, O.ASK_VOID, note=WHY) == "stage_moved"


def test_a_meeting_does_not_end_with_a_void_order_alone(hall, guest):
    hall.receive(guest)
    number = hall.order(guest)[0].number
    hall.step("mayor", number, O.ASK_VOID, note=WHY)
    hall.step("overseer", number, O.VOID)
    assert refused(hall.finish, guest) == "no_outcome"
    hall.order(guest, note="دستور درست.")
    assert hall.finish(guest).stage is Stage.FOLLOW_UP


def test_every_message_of_it_has_its_words():
    asked_of_her = {action for action in OF_THE_SHEET if Role.CITIZEN in STEP_FOR[action].notifies}
    assert asked_of_her == set(OF_THE_SHEET)
    assert {TRUE_UNTIL[action] for action in OF_THE_SHEET} == {TrueUntil.ALWAYS}
