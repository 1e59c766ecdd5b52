"""Everybody who opens a case that the database owner has changed is warned, and so is the city."""

from collections.abc import Callable

import pytest
from support.hall import Guest, Hall
from support.triggers import write

from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.roles import COMMAND_LINE, Actor
from publicmeeting.domain.stages import OrderAction
from publicmeeting.text.filing import assist_text
from publicmeeting.text.tracking import road_text
from publicmeeting.ui.citizen.track import tracked_view
from publicmeeting.ui.mayor.meeting.views import table
from publicmeeting.ui.mayor.order.state import promise
from publicmeeting.ui.staff.assist.follow_state import found_view
from publicmeeting.ui.staff.briefs import visit_view
from publicmeeting.ui.staff.unit.state import order_view
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.room import open_meeting
from publicmeeting.usecases.orders.briefs import open_brief
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.oversight.held_events import REPORTED_MOST, ReportSteps, report_steps
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.by_code import StagesOnly, Track, track, tracked_stages
from publicmeeting.usecases.tracking.for_caller import CallersPage
from publicmeeting.worker.jobs import find_jobs

BY_REQUEST = "UPDATE event SET account_id = 'other' WHERE request_id = :id AND action = 'confirm'"
BY_ORDER = "UPDATE event SET account_id = 'other' WHERE order_id = :id AND action = 'issue'"


def reports(hall: Hall) -> list[tuple[str, int]]:
    with hall.reading() as uow:
        return [(one.what, one.count) for one in uow.security.page((SecurityKind.FORGED,))]


def stages(hall: Hall, guest: Guest) -> StagesOnly:
    with hall.reading() as uow:
        mobile = uow.people.get(guest.request.person_id).mobile or ""
    visitor = Actor(visit="a visit")
    hall.execute(visitor, track, Track(code=guest.code, last_four=mobile[-4:]))
    found: StagesOnly = hall.query(visitor, tracked_stages, OneCase(code=guest.code))
    return found


def meeting(hall: Hall, guest: Guest) -> str:
    return str(table(hall.execute("mayor", open_meeting, OneCase(code=guest.code))).changed)


def brief(hall: Hall, guest: Guest) -> str:
    return str(visit_view(hall.execute("technical", open_brief, OneCase(code=guest.code))).changed)


def tracked(hall: Hall, guest: Guest) -> str:
    return str(tracked_view(stages(hall, guest)).changed)


def by_telephone(hall: Hall, guest: Guest) -> str:
    """What the officer reads; the sentences to say are for the citizen."""
    found = found_view(CallersPage(stages(hall, guest)))
    assert (assist_text.CHANGED in found.sentences) == bool(found.changed)
    assert not {road_text.CHANGED, found.changed} & set(found.sentences)
    return str(found.changed)


@pytest.mark.parametrize("page", [meeting, brief, tracked, by_telephone])
def test_a_page_warns_above_a_request_that_was_changed(
    hall: Hall, page: Callable[[Hall, Guest], str]
) -> None:
    guest = next(one for one in hall.guests if one.request.subject in ("street", "paving"))
    assert page(hall, guest) == ""
    write(hall, BY_REQUEST, id=guest.request.id)
    wanted = road_text.CHANGED_HERS if page is tracked else road_text.CHANGED_OFFICE
    assert page(hall, guest) == wanted


def test_the_pages_of_mayor_and_unit_warn_above_an_order_that_was_changed(hall: Hall) -> None:
    (order,) = hall.met(hall.guests[0])
    command = OneOrder(number=order.number)

    def warnings() -> list[str]:
        seen = (hall.execute(who, open_order, command) for who in ("mayor", "technical"))
        return [view(page).changed for view, page in zip((promise, order_view), seen, strict=True)]

    assert warnings() == ["", ""]
    write(hall, BY_ORDER, id=order.id)
    assert warnings() == [road_text.CHANGED_OFFICE] * 2


@pytest.mark.on_postgresql
def test_the_administrator_reads_of_a_changed_case_once_however_often_it_is_opened(
    hall: Hall,
) -> None:
    guest = hall.guests[0]
    hall.execute("desk", open_case, OneCase(code=guest.code))
    assert reports(hall) == []
    write(hall, BY_REQUEST, id=guest.request.id)
    for who in ("desk", "second_desk", "desk"):
        hall.execute(who, open_case, OneCase(code=guest.code))
    assert reports(hall) == [(f"request {guest.code}", 1)]


def test_the_administrator_reads_of_an_order_that_the_clock_does_not_end(hall: Hall) -> None:
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="سنگ‌فرش تازه شد.")
    change = "UPDATE event SET account_id = 'other' WHERE action = 'report'"
    write(hall, change)
    hall.clock.forward(days=60)
    with hall.reading() as uow:
        jobs, _ = find_jobs(uow, hall.clock(), hall.clock())
    (job,) = (one for one in jobs if "order/" in one.name)
    for _ in range(2):
        with hall.application.store.unit_of_work(hall.clock()) as uow:
            job.do(uow, hall.clock())
    assert guest.orders[0].stage.value == "reported"
    assert reports(hall) == [(f"order {number}", 1)]


def test_what_doctor_finds_each_night_is_reported_once(hall: Hall) -> None:
    found = ReportSteps(found=("request 1: its event 7 was changed",))
    for _ in range(2):
        hall.application.execute_as(COMMAND_LINE, report_steps, found)
    assert reports(hall) == [("request 1: its event 7 was changed", 1)]


def test_of_very_many_cases_doctor_reports_a_few_and_their_number(hall: Hall) -> None:
    many = REPORTED_MOST + 10
    found = ReportSteps(found=tuple(f"request {number}: was changed" for number in range(many)))
    hall.application.execute_as(COMMAND_LINE, report_steps, found)
    with hall.reading() as uow:
        newest, *others = uow.security.page((SecurityKind.FORGED,), most=many + 1)
    assert newest.what == f"{many} cases in all: doctor names each"
    assert len(others) == REPORTED_MOST
