"""A draw that gave her no seat is told on her timeline, with her place and with what comes next."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.ui.citizen.timeline.roads import CaseStep, case_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

SEATS, DAY = 8, timedelta(days=1)


@pytest.fixture
def line(city, clock):  # type: ignore[no-untyped-def]
    return Line(city, clock)


def now_step(line: Line, citizen: Citizen) -> CaseStep:
    application, command = line.city.application, OneCase(code=citizen.code)
    page = application.query_as(citizen.actor, timeline_page, command)
    turn = application.query_as(citizen.actor, my_turn, command)
    (step,) = [one for one in case_steps(page, turn.next_draw)[1] if one.kind == "now"]
    return step


def test_whoever_was_not_seated_reads_it_with_her_place_and_the_next_draw(line: Line) -> None:
    by_ticket = {one.request.ticket: one for one in line.file(SEATS + 3)}
    first = next(iter(by_ticket.values()))
    line.until(MONDAY - 8 * DAY)
    assert "نوبت به شما نرسید" not in now_step(line, first).meaning
    assert (
        "قرعهٔ بعدی شما: چهارشنبه ۴ آذر، ۱۲:۰۰، برای دوشنبه ۹ آذر." in now_step(line, first).meaning
    )
    line.until(MONDAY - 5 * DAY, "12:30")
    second = by_ticket[line.draw().file["standby"][1]]
    assert second.stage == Stage.WAITING
    step = now_step(line, second)
    assert step.meaning.startswith(
        "قرعهٔ دوشنبه ۹ آذر انجام شد و این بار نوبت به شما نرسید؛ یک هفته به انتظار شما افزوده شد. "
        "در فهرست ذخیرهٔ آن، نفر ۲ از ۳ نفر هستید."
    )
    assert "قرعهٔ بعدی شما: چهارشنبه ۱۱ آذر، ۱۲:۰۰، برای دوشنبه ۱۶ آذر." in step.meaning
    assert second.request.waited == 1
    assert step.strip_says
    for one in by_ticket.values():
        if one.stage == Stage.INVITED:
            one.does(Action.CONFIRM)
    line.until(MONDAY + DAY, "10:00")
    later = now_step(line, second).meaning
    assert "نوبت به شما نرسید" in later
    assert "فهرست ذخیره" not in later, "that Monday is over"


def test_whoever_was_seated_reads_nothing_of_the_kind(line: Line) -> None:
    by_ticket = {one.request.ticket: one for one in line.file(SEATS + 1)}
    line.until(MONDAY - 5 * DAY, "12:30")
    seated = by_ticket[line.draw().file["seated"][0]["ticket"]]
    assert "نرسید" not in now_step(line, seated).meaning
