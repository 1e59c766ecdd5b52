"""Her notices on her own page."""

from datetime import timedelta

import pytest
from support.line import Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.notify.outbox import deliver
from publicmeeting.notify.wording import notice_text
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.tracking.my_page import MyNotice, my_page, read_notices


def notices(line: Line, citizen: Citizen) -> tuple[MyNotice, ...]:
    return line.city.application.query_as(citizen.actor, my_page, Nothing()).notices


@pytest.mark.on_postgresql
def test_she_finds_what_she_was_told_and_nobody_elses(line: Line) -> None:
    mine, other = line.file(2)
    listed = notices(line, mine)
    assert [notice.about.action for notice in listed] == [Action.ACCEPT, Action.SUBMIT]
    assert {notice.about.code for notice in listed} == {mine.code}
    assert {notice.is_new for notice in listed} == {True}
    assert "منطقهٔ ۶" in notice_text(listed[0].about).text
    line.city.application.execute_as(mine.actor, read_notices, Nothing())
    assert {notice.is_new for notice in notices(line, mine)} == {False}
    assert {notice.is_new for notice in notices(line, other)} == {True}


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=4, hours=3)])
def test_a_message_reached_her_when_it_did_wherever_the_citys_clock_goes_later(
    line: Line, ahead: timedelta
) -> None:
    application = line.city.application
    (citizen,) = line.file(1, accepted=False)
    with application.store.unit_of_work(line.clock()) as uow:
        uow.clockwork.set_offset(ahead)
    delivered = application.city_now()
    assert deliver(application, delivered) == 1
    with application.store.unit_of_work(line.clock()) as uow:
        uow.clockwork.set_offset(ahead + timedelta(days=2, hours=21))
    (listed,) = notices(line, citizen)
    assert listed.reached_at == delivered


def test_a_pretend_citys_messages_reached_whom_they_tell_at_the_citys_own_time(line: Line) -> None:
    application = line.city.application
    (citizen,) = line.file(1, accepted=False)
    with application.store.unit_of_work(line.clock()) as uow:
        uow.outbox.mark_all_sent(lambda at: at + timedelta(minutes=1))
        uow.clockwork.set_offset(timedelta(days=30))
    (listed,) = notices(line, citizen)
    assert listed.reached_at == listed.at + timedelta(minutes=1)
