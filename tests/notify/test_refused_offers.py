"""The notice about a refused offer says so, and does not speak of a seat given up."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line

from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action
from publicmeeting.notify.wording import about, notice_text
from publicmeeting.text.notices.notices_text import SMS_MOST
from publicmeeting.text.notices.notices_text import Notice as NoticeText
from publicmeeting.text.tracking.case_text import OFFER_REFUSED, OWN
from publicmeeting.ui.citizen.timeline.views import case_steps
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.timeline import timeline_page

SEATS = 8


@pytest.fixture
def two(line: Line) -> tuple[Citizen, Citizen]:
    """Return one citizen who gave her seat back, and one who refused its offer."""
    by_ticket = {citizen.request.ticket: citizen for citizen in line.file(SEATS + 2)}
    line.until(MONDAY - timedelta(days=5), "20:00")
    file = line.draw().file
    gives_up = by_ticket[file["seated"][0]["ticket"]]
    refuses = by_ticket[file["standby"][0]]
    gives_up.does(Action.GIVE_UP_SEAT)
    line.until(MONDAY - timedelta(days=5), "20:10")
    refuses.does(Action.GIVE_UP_SEAT)
    return gives_up, refuses


def newest_notice(line: Line, citizen: Citizen) -> NoticeText:
    with line.reading() as uow:
        notices = uow.outbox.of_request(citizen.request.id, Role.CITIZEN)
        newest = max(notices, key=lambda notice: notice.id)
        return notice_text(about(uow, newest, newest.at))


def test_the_message_says_that_an_offer_was_refused(
    line: Line, two: tuple[Citizen, Citizen]
) -> None:
    gave_up, refused = (newest_notice(line, citizen) for citizen in two)
    assert gave_up.title == "نوبت را پس دادید"
    assert refused.title == "پیشنهاد نوبت را نپذیرفتید"
    assert "پس دادید" not in refused.sms
    assert "چیزی از شما کم نشد" in refused.sms
    assert len(refused.sms) <= SMS_MOST


def test_so_does_her_timeline(line: Line, two: tuple[Citizen, Citizen]) -> None:
    titles = []
    for citizen in two:
        page = line.city.application.query_as(
            citizen.actor, timeline_page, OneCase(code=citizen.code)
        )
        titles.append({step.title for step in case_steps(page)[1]})
    assert OWN[Action.GIVE_UP_SEAT] in titles[0] - titles[1]
    assert OFFER_REFUSED in titles[1] - titles[0]
