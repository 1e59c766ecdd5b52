"""Steps on an order: by unit, citizen, mayor, overseer and the clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from time import sleep

import pytest
from support.each import in_one_city
from support.hall import SERVICES, TECHNICAL, Hall
from support.line import MONDAY, Line
from support.together import refused

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.records import PictureKind
from publicmeeting.domain.stages import OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import end_of_day, tehran_day
from publicmeeting.store.database.rows.cases import OrderRow
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.orders.lists import OrdersList, orders_list
from publicmeeting.usecases.orders.pages import OneOrder, open_order, order_page
from publicmeeting.usecases.orders.steps import TakeOrderStep, settle_order, take_order_step
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.usecases.screening.inbox import case_page, open_case
from publicmeeting.usecases.tracking.timeline import timeline_page

O = OrderAction  # noqa: E741  (the letter of the table)
DUE = add_working_days(MONDAY, 15)


@pytest.fixture
def number(hall: Hall, guest) -> str:
    """Number of an order in action."""
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    return number


def report(hall: Hall, number: str, **fields):
    return hall.step("technical", number, O.REPORT, note="پیاده‌رو ترمیم شد.", **fields)


def test_the_request_closes_when_every_order_is_done_and_opens_again(hall: Hall, guest):
    first, second = (order.number for order in hall.met(guest, TECHNICAL, SERVICES))
    for unit, number in (("technical", first), ("services", second)):
        hall.step(unit, number, O.TAKE_ON)
        hall.step(unit, number, O.REPORT, note="انجام شد.")
    guest.does(first, O.CONFIRM_DONE)
    assert guest.request.stage is Stage.FOLLOW_UP
    guest.does(second, O.CONFIRM_DONE)
    assert guest.request.stage is Stage.CLOSED
    guest.does(first, O.REOPEN, note="دوباره شکست.")
    assert guest.request.stage is Stage.FOLLOW_UP


def test_the_clock_closes_a_report_nobody_answered(hall: Hall, guest, number):
    order = report(hall, number)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        settle_order(uow, order.id, hall.clock())
    assert guest.orders[0].stage is OrderStage.DONE
    assert guest.request.stage is Stage.CLOSED


@pytest.mark.on_postgresql
def test_whoever_answers_as_the_silence_ends_is_first_and_the_clock_has_nothing_to_do(
    hall: Hall, guest, number, caplog
):
    ends = report(hall, number).due_at
    Line(hall.city, hall.clock).until(tehran_day(ends - timedelta(minutes=1)), "23:59")
    hall.clock.set(ends)
    command = TakeOrderStep(number=number, action=O.CONFIRM_DONE)
    with ThreadPoolExecutor(1) as threads:
        with hall.application.store.unit_of_work(hall.clock()) as uow:
            take_order_step(uow, guest.actor, command, hall.clock())
            clock = threads.submit(hall.application.worker.run_due)
            sleep(0.5)  # until it waits for her transaction
        clock.result()
    assert not [
        record for record in caplog.records if record.name == "publicmeeting.worker.scheduler"
    ]
    assert [event.action for event in guest.orders[0].history][-1] is O.CONFIRM_DONE
    assert guest.request.stage is Stage.CLOSED


@in_one_city(
    "who, action, word",
    [
        ("mayor", O.REPORT, "not_your_role"),
        ("technical", O.EXTEND, "not_your_role"),
        ("technical", O.GIVE_NEWS, "nothing_asked"),
        ("mayor", O.EXTEND, "no_extension_asked"),
        ("mayor4", O.COMMENT, "not_found"),
        ("desk", O.COMMENT, "not_your_role"),
        ("technical", O.CONFIRM_DONE, "not_your_role"),
    ],
)
def test_each_step_belongs_to_its_role_and_its_time(hall: Hall, number, who, action, word):
    assert refused(hall.step, who, number, action, note="متن", audience="internal") == word


def test_another_citizen_does_not_know_the_order(hall: Hall, guest, number):
    other = hall.guests[1]
    assert refused(other.does, number, O.ASK_NEWS, note="چه شد؟") == "not_found"
    assert guest.does(number, O.ASK_NEWS, note="چه شد؟").stage is OrderStage.IN_ACTION
    assert refused(guest.does, number, O.ASK_NEWS, note="چه شد؟") == "news_asked"


def test_a_report_answers_her_question_and_nothing_says_that_it_waits(hall: Hall, guest, number):
    """She asked, the unit reported, she contested, the mayor sent it back, within seven days."""
    guest.does(number, O.ASK_NEWS, note="چه شد؟")
    assert waits_for_news(hall, guest)
    hall.step("technical", number, O.REPORT, note="شد.")
    guest.does(number, O.CONTEST, note="نشد.")
    hall.step("mayor", number, O.RETRY, due_on=add_working_days(DUE, 9).isoformat())
    assert refused(hall.step, "technical", number, O.GIVE_NEWS, note="نزدیک است") == "nothing_asked"
    assert not waits_for_news(hall, guest)


def waits_for_news(hall: Hall, guest) -> bool:
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    return page.orders[0].news_waits


def test_the_mayor_extends_to_the_day_the_unit_asked_for(hall: Hall, number):
    ask = (hall.step, "technical", number, O.ASK_EXTENSION)
    assert refused(*ask, note="باران") == "need_due_on"
    assert refused(*ask, note="باران", due_on=DUE.isoformat()) == "due_on_not_later"
    later = add_working_days(DUE, 5)
    asked = hall.step(*ask[1:], note="باران", due_on=later.isoformat())
    assert asked.due_on == DUE
    extended = hall.step("mayor", number, O.EXTEND)
    assert (extended.due_on, extended.first_due_on) == (later, DUE)
    assert extended.due_at == end_of_day(later)


def test_an_extension_that_is_refused_leaves_the_day(hall: Hall, number):
    later = add_working_days(DUE, 5).isoformat()
    hall.step("technical", number, O.ASK_EXTENSION, note="باران", due_on=later)
    assert refused(hall.step, "mayor", number, O.REFUSE_EXTENSION) == "need_note"
    refused_order = hall.step("mayor", number, O.REFUSE_EXTENSION, note="باران نیامده است.")
    assert (refused_order.due_on, refused_order.due_at) == (DUE, end_of_day(DUE))


def test_more_time_is_never_less_than_what_a_pause_has_given(hall: Hall, guest, number):
    """Otherwise the unit would be late while the citizen is asked."""
    asked = add_working_days(DUE, 2)
    command = {"note": "باران", "due_on": asked.isoformat()}
    hall.step("technical", number, O.ASK_EXTENSION, **command)
    paused = hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
    assert paused.due_on > asked
    assert refused(hall.step, "mayor", number, O.EXTEND) == "extension_overtaken"
    guest.does(number, O.TELL_UNIT, note="پلاک ۱۲")
    assert hall.step("mayor", number, O.EXTEND).due_on == asked


def test_what_was_asked_before_a_report_is_over_with_it(hall: Hall, guest, number):
    """The command named a day for other work; the question needs no answer any more."""
    command = {"note": "باران", "due_on": add_working_days(DUE, 2).isoformat()}
    hall.step("technical", number, O.ASK_EXTENSION, **command)
    hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
    report(hall, number)
    guest.does(number, O.CONTEST, note="نیمه‌کاره است.")
    new_day = add_working_days(DUE, 20)
    hall.step("mayor", number, O.RETRY, due_on=new_day.isoformat())
    assert refused(hall.step, "mayor", number, O.EXTEND) == "no_extension_asked"
    assert refused(guest.does, number, O.TELL_UNIT, note="پلاک ۱۲") == "nothing_asked"
    assert hall.step("technical", number, O.ASK_CITIZEN, note="کدام پله؟").due_on > new_day
    later = add_working_days(new_day, 20).isoformat()
    hall.step("technical", number, O.ASK_EXTENSION, note="باران", due_on=later)


@pytest.mark.parametrize(("days", "due"), [(3, date(2026, 12, 26)), (25, date(2027, 1, 2))])
def test_the_clock_stands_still_while_the_citizen_is_asked(hall: Hall, guest, number, days, due):
    asked = hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
    assert asked.due_on > DUE
    again = (hall.step, "technical", number, O.ASK_CITIZEN)
    assert refused(*again, note="و کدام کوچه؟") == "question_open"
    hall.clock.forward(days=days)
    answered = guest.does(number, O.TELL_UNIT, note="پلاک ۱۲")
    assert answered.due_on == due
    assert answered.due_at == end_of_day(due)


def test_all_questions_together_stop_the_clock_for_ten_days(hall: Hall, guest, number):
    """Otherwise a unit could stay in time by asking questions for ever."""
    latest = date(2027, 1, 2)  # 31 December is a Thursday
    for took, due in ((8, date(2026, 12, 29)), (9, latest), (9, latest)):
        asked = hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
        assert asked.due_on <= latest
        hall.clock.forward(days=took)
        assert guest.does(number, O.TELL_UNIT, note="پلاک ۱۲").due_on == due


def test_a_clock_that_has_run_out_does_not_stop(hall: Hall, guest, number):
    hall.clock.forward(days=40)
    asked = hall.step("technical", number, O.ASK_CITIZEN, note="کدام پلاک؟")
    answered = guest.does(number, O.TELL_UNIT, note="پلاک ۱۲")
    assert asked.due_on == answered.due_on == DUE


@pytest.mark.on_postgresql
def test_a_contest_goes_to_the_mayor_and_the_second_one_to_the_overseer(hall: Hall, guest, number):
    report(hall, number)
    assert refused(guest.does, number, O.CONTEST) == "need_note"
    guest.does(number, O.CONTEST, note="نیمه‌کاره است.")
    new_day = add_working_days(DUE, 3).isoformat()
    assert refused(hall.step, "overseer", number, O.RETRY, due_on=new_day) == "not_found"
    assert refused(hall.step, "mayor", number, O.RETRY) == "need_due_on"
    assert hall.step("mayor", number, O.RETRY, due_on=new_day).stage is OrderStage.IN_ACTION
    report(hall, number)
    guest.does(number, O.CONTEST, note="هنوز نیمه‌کاره است.")
    assert refused(hall.step, "mayor", number, O.UPHOLD, note="شد") == "overseer_decides"
    assert hall.step("overseer", number, O.UPHOLD, note="بازدید شد.").stage is OrderStage.DONE


def test_a_comment_says_for_whom_it_is_and_an_internal_one_stays_inside(hall: Hall, guest, number):
    write = (hall.step, "technical", number, O.COMMENT)
    assert refused(*write, note="کفپوش نداریم.") == "need_audience"
    hall.step(*write[1:], note="کفپوش نداریم.", audience="internal")
    hall.step(*write[1:], note="از شنبه آغاز می‌کنیم.", audience="citizen")
    guest.does(number, O.COMMENT, note="سپاسگزارم.")
    hers = {m.note for m in hall.query(guest.actor, timeline_page, OneCase(code=guest.code)).marks}
    page = hall.execute("mayor", open_order, OneOrder(number=number))
    theirs = {mark.note for mark in page.marks}
    assert {"از شنبه آغاز می‌کنیم.", "سپاسگزارم."} <= hers & theirs
    assert "کفپوش نداریم." in theirs - hers


def test_nobody_writes_without_end_and_a_refused_word_is_not_counted(hall: Hall, guest, number):
    for _ in range(RULES[Limit.STEPS].most):
        assert refused(guest.does, number, O.COMMENT) == "need_note"
        guest.does(number, O.COMMENT, note="چه شد؟")
    assert refused(guest.does, number, O.COMMENT, note="چه شد؟") == "too_many_requests"
    hall.step("technical", number, O.COMMENT, note="فردا می‌آییم.", audience="citizen")
    hall.clock.forward(hours=1)
    guest.does(number, O.COMMENT, note="چه شد؟")


@pytest.mark.on_postgresql
def test_a_report_carries_its_pictures(hall: Hall, guest, number):
    picture = KeepPhoto(
        kind=PictureKind.REPORT, web="2" * 64, thumb="3" * 64, original="4" * 64, width=9, height=9
    )
    image = hall.execute("technical", keep_photo, picture)
    assert refused(report, hall, number, photos=("unknown",)) == "image_not_yours"
    assert refused(report, hall, number, photos=("x",) * 7) == "photos_too_many"
    report(hall, number, photos=(image.id,))
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    ((event_id, pictures),) = page.orders[0].pictures.items()
    assert [one.web for one in pictures] == ["2" * 64]
    assert event_id in {mark.event_id for mark in page.marks}
    assert page.photos == ()


def test_a_units_list_has_its_own_orders_the_mayors_all_by_lateness(hall: Hall, guest):
    late, other = hall.met(guest, TECHNICAL, due_on="2026-12-01"), hall.guests[1]
    mine = hall.met(other, SERVICES)
    hall.clock.forward(days=9)
    units = hall.query("services", orders_list, OrdersList())
    mayors = hall.query("mayor", orders_list, OrdersList())
    assert [line.number for line in units.lines] == [mine[0].number]
    assert [line.number for line in mayors.lines] == [late[0].number, mine[0].number]
    assert mayors.lines[0].late_days == 6
    assert mayors.lines[0].days_left == -6
    assert (mayors.counts["open"], mayors.counts["done"]) == (2, 0)
    assert hall.query("mayor4", orders_list, OrdersList()).lines == ()
    elsewhere = OrdersList(district=4)
    assert refused(hall.query, "mayor", orders_list, elsewhere) == "not_found"
    assert refused(hall.query, "services", orders_list, OrdersList(unit=TECHNICAL)) == "not_found"


@pytest.mark.on_postgresql
def test_the_urgent_one_stands_first_within_its_day_and_lateness_before_both(hall: Hall):
    first, second, third = hall.guests
    plain = hall.met(first, TECHNICAL)[0].number
    urgent = hall.met(second, TECHNICAL)[0].number
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        row = uow.session.get(OrderRow, second.orders[0].id)
        row.priority = "urgent"
        uow.session.add(row)
    late = hall.met(third, TECHNICAL, due_on="2026-12-01")[0].number
    hall.clock.forward(days=1)
    listed = hall.query("technical", orders_list, OrdersList()).lines
    assert [line.number for line in listed] == [late, urgent, plain]
    assert [line.urgent for line in listed] == [False, True, False]
    hall.clock.forward(days=3)
    listed = hall.query("technical", orders_list, OrdersList()).lines
    assert listed[0].number == late


def test_a_line_carries_the_promise_and_its_paper(hall: Hall, guest, number):
    (line,) = hall.query("mayor", orders_list, OrdersList()).lines
    assert line.promise == guest.orders[0].text
    assert line.image_id == guest.orders[0].image_id


@pytest.mark.on_postgresql
def test_an_order_is_read_without_a_name_and_the_reading_is_written(hall: Hall, guest, number):
    command = OneOrder(number=number)
    assert refused(hall.query, "technical", order_page, command) == "not_opened"
    page = hall.execute("technical", open_order, command)
    assert page.text == guest.request.text
    assert hall.query("technical", order_page, command).line == page.line
    assert refused(hall.execute, "services", open_order, command) == "not_found"
    with hall.reading() as uow:
        assert [role for role, *_ in uow.requests.openings(guest.request)] == ["unit"]
    assert guest.request.name_seen_by == frozenset()


def test_whoever_has_read_an_order_only_has_not_the_case_before_her(hall: Hall, guest, number):
    command = OneCase(code=guest.code)
    hall.execute("second_desk", open_order, OneOrder(number=number))
    assert hall.execute("desk", open_case, command).also_open is None
    with hall.reading() as uow:
        assert [role for role, *_ in uow.requests.openings(guest.request)] == ["desk", "desk"]
    hall.execute("second_desk", open_case, command)
    also = hall.query("desk", case_page, command).also_open
    assert also is not None
    assert also.name == "second_desk"
