"""The two questions to the citizen: was she heard, and was it done by the promised day?"""

import pytest
from support.hall import Guest, Hall
from support.line import MONDAY

from publicmeeting.domain.calendar import add_working_days
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.orders.pages import OneOrder, open_order
from publicmeeting.usecases.tracking.timeline import timeline_page

A, O = Action, OrderAction  # noqa: E741  (columns of the table)
DUE = add_working_days(MONDAY, 15)
PAST_DUE = 30
"""Days after the meeting by which the first due date is over."""


def heard(hall: Hall, guest: Guest, **payload: str) -> object:
    command = TakeStep(code=guest.code, action=A.SAY_HEARD.value, **payload)
    return hall.execute(guest.actor, take_step, command)


def refused(act, *payload, **named) -> str:
    with pytest.raises(Denied) as word:
        act(*payload, **named)
    return word.value.key


def test_whether_she_was_heard_is_said_once_after_the_meeting(hall: Hall, guest: Guest) -> None:
    hall.receive(guest)
    assert refused(heard, hall, guest, verdict="yes") == "stage_moved"
    hall.order(guest)
    hall.finish(guest)
    assert refused(heard, hall, guest) == "need_verdict"
    assert refused(heard, hall, guest, verdict="perhaps") == "form_broken"
    heard(hall, guest, verdict="no", note="پیش از پایان حرفم بیرون آمدم.")
    assert refused(heard, hall, guest, verdict="yes") == "heard_answered"


def test_the_mayor_does_not_read_who_was_not_heard(hall: Hall, guest: Guest) -> None:
    order, *_ = hall.met(guest)
    heard(hall, guest, verdict="no", note="شنیده نشدم.")
    hers = hall.query(guest.actor, timeline_page, OneCase(code=guest.code)).marks
    (answer,) = [mark for mark in hers if mark.action is A.SAY_HEARD]
    assert (answer.payload, answer.note) == ({"verdict": "no"}, "شنیده نشدم.")
    for official in ("mayor", "technical"):
        page = hall.execute(official, open_order, OneOrder(number=order.number))
        assert A.SAY_HEARD not in {mark.action for mark in page.marks}
    with hall.reading() as uow:
        recipients = {
            notice.action
            for role in Role
            for notice in uow.outbox.of_request(guest.request.id, role.value)
        }
    assert A.SAY_HEARD.value not in recipients


def test_a_refusal_is_a_meeting_too(hall: Hall, guest: Guest) -> None:
    hall.receive(guest)
    hall.finish(guest, outcome="refused", note="این کار با طرح تفصیلی نمی‌خواند.")
    heard(hall, guest, verdict="yes")
    assert guest.request.count(A.SAY_HEARD) == 1


@pytest.mark.on_postgresql
def test_done_is_asked_after_each_due_date_and_moves_nothing(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    answer = (guest.does, number, O.SAY_DONE)
    assert refused(*answer, verdict="no") == "not_due_yet"
    hall.clock.forward(days=PAST_DUE)
    assert refused(*answer) == "need_verdict"
    before = guest.orders[0]
    after = guest.does(number, O.SAY_DONE, verdict="no", note="هنوز نیامده‌اند.")
    assert (after.stage, after.due_at, after.due_on) == (
        OrderStage.IN_ACTION,
        before.due_at,
        before.due_on,
    )
    assert refused(*answer, verdict="yes") == "done_answered"
    hall.step("technical", number, O.REPORT, note="انجام شد.")
    assert refused(*answer, verdict="yes") == "stage_moved"


def test_her_word_reaches_the_unit_and_the_mayor(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.clock.forward(days=PAST_DUE)
    guest.does(number, O.SAY_DONE, verdict="yes")
    with hall.reading() as uow:
        recipients = {
            role
            for role in Role
            for notice in uow.outbox.of_request(guest.request.id, role.value)
            if notice.action == O.SAY_DONE.value
        }
    assert recipients == {"unit", "mayor", "deputy"}
