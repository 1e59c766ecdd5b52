"""A unit reported a promise as done by mistake, and withdraws the report."""

from datetime import date, timedelta
from typing import Any

import pytest
from support.hall import TECHNICAL, Guest, Hall
from support.line import Line
from support.together import refused

from publicmeeting.domain.lifecycle.climbing import CLIMBS
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.records import Order, PictureKind
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.kit.clock import end_of_day
from publicmeeting.store.database.rows.cases import OrderRow
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.tracking import road_text
from publicmeeting.text.tracking.road_words import StepWords, road_words
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.pictures import KeepPhoto, OnePhoto, keep_photo, see_photo
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.oversight.books import Checkup, examine
from publicmeeting.usecases.tracking.my_data import export_my_data
from publicmeeting.usecases.tracking.timeline import timeline_page

O = OrderAction  # noqa: E741  (the letter of the table)
DUE = date(2026, 12, 2)
WHY = "گزارش کار خیابان دیگری را به اشتباه این‌جا نوشتیم."
DAY = timedelta(days=1)


@pytest.fixture
def number(hall: Hall, guest: Guest) -> str:
    """Number of an order in action, due in two days."""
    number = hall.met(guest, TECHNICAL, due_on=DUE.isoformat())[0].number
    hall.step("technical", number, O.TAKE_ON)
    return number


def report(hall: Hall, number: str, photos: tuple[str, ...] = ()) -> Any:
    return hall.step("technical", number, O.REPORT, note="انجام شد.", photos=photos)


def withdraw(hall: Hall, number: str) -> Any:
    return hall.step("technical", number, O.WITHDRAW_REPORT, note=WHY)


def on_time(hall: Hall, order: Order) -> bool | None:
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        row = uow.session.get(OrderRow, order.id)
        assert row is not None
        return row.on_time


def road_of(hall: Hall, guest: Guest) -> list[StepWords]:
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    return road_words(page.marks, DateWords(hall.clock()), own=True)


def test_the_work_is_owed_by_the_same_day_and_she_is_asked_nothing(
    hall: Hall, guest: Guest, number: str
) -> None:
    report(hall, number)
    order = withdraw(hall, number)
    assert (order.stage, order.due_on) == (OrderStage.IN_ACTION, DUE)
    assert order.due_at == order.climbs_at == end_of_day(DUE)
    assert on_time(hall, order) is None, "no punctual report is counted"
    assert refused(guest.does, number, O.CONFIRM_DONE) == "stage_moved"
    assert refused(guest.does, number, O.CONTEST, note="چرا؟") == "stage_moved"
    with hall.reading() as uow:
        notices = {n.action: n for n in uow.outbox.of_request(guest.request.id, "citizen")}
    assert notices[O.REPORT].state == Delivery.SHOWN, "the question is not sent any more"
    assert notices[O.WITHDRAW_REPORT].state == Delivery.WAITING
    found = hall.application.query_as(COMMAND_LINE, examine, Checkup())
    assert [finding for examined in found for finding in examined.findings] == []


def test_her_page_shows_the_report_and_that_it_was_withdrawn_with_the_reason(
    hall: Hall, guest: Guest, number: str
) -> None:
    report(hall, number)
    withdraw(hall, number)
    page = hall.query(guest.actor, timeline_page, OneCase(code=guest.code))
    marks = [mark for mark in page.marks if mark.action in (O.REPORT, O.WITHDRAW_REPORT)]
    past = [mark for mark in marks if mark.state != "ahead"]
    assert [(mark.action, mark.note) for mark in past][-1] == (O.WITHDRAW_REPORT, WHY)
    (asked,) = page.orders
    assert {O.CONFIRM_DONE, O.CONTEST}.isdisjoint(step.action for step in asked.steps)


def test_the_pictures_of_a_withdrawn_report_are_on_no_page_and_closed_to_her(
    hall: Hall, guest: Guest, number: str
) -> None:
    """They may show another citizen's house; those of the next report are shown."""
    photos = []
    for mark in "25":
        picture = KeepPhoto(
            kind=PictureKind.REPORT,
            web=mark * 64,
            thumb="3" * 64,
            original="4" * 64,
            width=9,
            height=9,
        )
        photos.append(hall.execute("technical", keep_photo, picture).id)
        report(hall, number, photos=(photos[-1],))
        if len(photos) == 1:
            assert hall.query(guest.actor, see_photo, OnePhoto(id=photos[0])).web == "2" * 64
            withdraw(hall, number)
            assert pictures(hall, guest, number) == ([], [])
    assert pictures(hall, guest, number) == (["5" * 64], ["5" * 64])
    assert refused(hall.query, guest.actor, see_photo, OnePhoto(id=photos[0])) == "not_found"
    data = str(hall.query(guest.actor, export_my_data, Nothing()))
    assert photos[1] in data
    assert photos[0] not in data


def pictures(hall: Hall, guest: Guest, number: str) -> tuple[list[str], list[str]]:
    """Return the pictures of the order's steps, on the citizen's page and on the mayor's."""
    (own,) = hall.query(guest.actor, timeline_page, OneCase(code=guest.code)).orders
    seen = hall.execute("mayor", open_order, OneOrder(number=number)).pictures
    whole = (own.pictures, seen)
    first, second = ([one.web for step in each.values() for one in step] for each in whole)
    return first, second


def test_a_request_for_more_time_is_open_again_and_its_words_too(
    hall: Hall, guest: Guest, number: str
) -> None:
    hall.step("technical", number, O.ASK_EXTENSION, note="باران.", due_on="2026-12-16")
    report(hall, number)
    assert road_text.NOT_DECIDED in repr(road_of(hall, guest))
    withdraw(hall, number)
    assert road_text.NOT_DECIDED not in repr(road_of(hall, guest))
    assert hall.step("mayor", number, O.EXTEND).due_on == date(2026, 12, 16)


def test_only_its_unit_withdraws_a_report_that_nobody_has_answered(
    hall: Hall, guest: Guest, number: str
) -> None:
    assert refused(withdraw, hall, number) == "stage_moved"
    report(hall, number)
    for who, word in (("services", "not_found"), ("mayor", "not_your_role")):
        assert refused(hall.step, who, number, O.WITHDRAW_REPORT, note=WHY) == word
    assert refused(hall.step, "technical", number, O.WITHDRAW_REPORT, note="") == "need_note"
    guest.does(number, O.CONFIRM_DONE)
    assert refused(withdraw, hall, number) == "stage_moved"


def test_it_reports_again_and_withdraws_no_second_time(
    hall: Hall, guest: Guest, number: str
) -> None:
    report(hall, number)
    withdraw(hall, number)
    order = report(hall, number)
    assert order.stage is OrderStage.REPORTED
    assert on_time(hall, order) is True
    assert refused(withdraw, hall, number) == "report_withdrawn_before"
    assert guest.does(number, O.CONFIRM_DONE).stage is OrderStage.DONE


def test_a_report_that_is_withdrawn_hides_no_lateness(
    hall: Hall, guest: Guest, number: str
) -> None:
    report(hall, number)
    Line(hall.city, hall.clock).until(DUE + 6 * DAY, "10:00")
    assert guest.orders[0].stage is OrderStage.REPORTED
    withdraw(hall, number)
    for _ in range(3):
        hall.application.worker.tick()
    climbs = [event.action for event in guest.orders[0].history if event.action in CLIMBS]
    assert climbs == [O.WARN_UNIT, O.CLIMB_TO_MAYOR]


def test_questions_that_were_open_are_open_again(hall: Hall, guest: Guest, number: str) -> None:
    hall.step("technical", number, O.ASK_CITIZEN, note="کدام سوی کوچه؟")
    paused = guest.orders[0].due_on
    report(hall, number)
    assert refused(guest.does, number, O.TELL_UNIT, note="سوی چپ.") == "stage_moved"
    assert withdraw(hall, number).due_on == paused
    assert guest.does(number, O.TELL_UNIT, note="سوی چپ.").due_on == DUE
