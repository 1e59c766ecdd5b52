"""The desk's list of citizens to be told by telephone, and how each is ticked off."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from support.callers import hears
from support.hall import DISTRICT, Guest, Hall
from support.line import MONDAY, Citizen, Line
from support.together import refusal, together

from publicmeeting.application import Application
from publicmeeting.domain.lifecycle.notices import Delivery
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.notify.outbox import deliver
from publicmeeting.store.lifecycle.outbox import BACK_OFF, CALL_WITHIN
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.oversight.workplaces import workplaces
from publicmeeting.usecases.screening.calls import (
    Calls,
    Consequence,
    OneCall,
    calls,
    mark_called,
    unmark_called,
    whom_to_call,
)
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.for_caller import CallersCase, case_of_caller, mark_heard
from publicmeeting.usecases.tracking.my_page import my_page
from publicmeeting.usecases.tracking.timeline import OneCase, openings
from publicmeeting.worker import cleanup

OTHERS = ("desk4", "reception", "mayor", "technical", "overseer", "administrator")


class Dead:
    """A provider that takes nothing."""

    def send(self, mobile: str, text: str, message_id: str) -> None:
        del text
        raise ConnectionError(mobile)


@dataclass(frozen=True, slots=True)
class Desk:
    line: Line

    @property
    def application(self) -> Application:
        return self.line.city.application

    def seen(self, who: str = "desk") -> Calls:
        return self.application.query_as(self.line.city.as_(who), calls, Nothing())

    def does(self, usecase: Any, notice: int, who: str | Actor = "desk") -> Any:
        actor = self.line.city.as_(who) if isinstance(who, str) else who
        return self.application.execute_as(actor, usecase, OneCall(notice=notice))

    def without_mobile(self) -> Citizen:
        (citizen,) = self.line.file(1, accepted=False)
        with self.application.store.unit_of_work(self.line.clock()) as uow:
            uow.people.set_mobile(citizen.request.person_id, None)
        deliver(self.application, self.line.clock())
        return citizen

    def unreached(self) -> Citizen:
        """Return a citizen whose message the outbox has given up."""
        (citizen,) = self.line.file(1, accepted=False)
        phone, self.application.phone = self.application.phone, Dead()
        by_day = self.line.clock()
        for minutes in (*BACK_OFF, 1):
            deliver(self.application, by_day)
            self.line.clock.forward(minutes=minutes)
        self.application.phone = phone
        return citizen


@pytest.fixture
def desk(line: Line) -> Desk:
    return Desk(line)


def test_what_reaches_nobody_is_on_the_list_whom_one_can_ring_up_first(desk: Desk) -> None:
    assert desk.seen().waiting == ()
    citizen, other = desk.without_mobile(), desk.unreached()
    waiting = desk.seen().waiting
    assert [(call.code, call.has_number) for call in waiting] == [
        (other.code, True),
        (citizen.code, False),
    ]
    assert {call.about.action for call in waiting} == {Action.SUBMIT}
    assert waiting[1].title == citizen.request.title
    seen = desk.application.query_as(desk.line.city.as_("desk"), workplaces, Nothing())
    assert seen.to_call == 2
    other_desk = desk.application.query_as(desk.line.city.as_("desk4"), workplaces, Nothing())
    assert other_desk.to_call == 0


def test_each_is_ticked_off_with_who_and_when_and_she_reads_it(desk: Desk) -> None:
    citizen = desk.without_mobile()
    (call,) = desk.seen().waiting
    desk.line.clock.forward(minutes=7)
    desk.does(mark_called, call.id)
    page = desk.seen("second_desk")
    assert page.waiting == ()
    (done,) = page.done
    assert (done.by, done.at, done.call.code) == ("desk", desk.line.clock(), citizen.code)
    hers = desk.application.query_as(citizen.actor, my_page, Nothing())
    assert [notice.state for notice in hers.notices] == ["called"]
    desk.line.clock.forward(days=1)
    assert desk.seen().done == ()


@pytest.mark.on_postgresql
def test_two_officers_at_once_tell_her_once(desk: Desk) -> None:
    desk.without_mobile()
    (call,) = desk.seen().waiting
    done, refused = together(
        lambda: desk.does(mark_called, call.id),
        lambda: desk.does(mark_called, call.id, "second_desk"),
    )
    assert (len(done), [word.key for word in refused]) == (1, ["informed_already"])
    assert len(desk.seen().done) == 1


@pytest.mark.parametrize("way", ["without_mobile", "unreached"])
def test_a_tick_by_mistake_is_taken_back(desk: Desk, way: str) -> None:
    getattr(desk, way)()
    before = desk.seen()
    notice = before.waiting[0].id
    assert refusal(lambda: desk.does(unmark_called, notice)).key == "not_found"
    desk.does(mark_called, notice)
    desk.does(unmark_called, notice, "second_desk")
    assert (desk.seen().waiting, desk.seen().done) == (before.waiting, ())


def asked(desk: Desk) -> int:
    """Return the call about a question that one officer of the desk has asked."""
    citizen = desk.without_mobile()
    desk.line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    deliver(desk.application, desk.line.clock())
    return desk.seen().waiting[0].id


def test_nobody_ticks_off_who_has_no_number_and_has_not_come(desk: Desk) -> None:
    """Deadlines would begin by the tick of an officer who has never seen her."""
    notice = asked(desk)
    for who in ("second_desk", "phone"):
        word = refusal(lambda who=who: desk.does(mark_called, notice, who))
        assert word.key == "caller_unproved"
    hears(desk.application, desk.line.city.as_("second_desk"), notice)
    assert notice not in {call.id for call in desk.seen().waiting}


def test_a_tick_stands_after_its_day_and_so_does_who_set_it(desk: Desk) -> None:
    notice = asked(desk)
    hears(desk.application, desk.line.city.as_("second_desk"), notice)
    desk.line.clock.forward(days=1)
    for who in ("desk", "second_desk", "phone"):
        assert refusal(lambda who=who: desk.does(unmark_called, notice, who)).key == "not_found"
    with desk.line.reading() as uow:
        assert uow.outbox.get(notice).called_by is not None


def test_whoever_asked_her_does_not_take_back_that_she_was_informed(desk: Desk) -> None:
    notice = asked(desk)
    hears(desk.application, desk.line.city.as_("second_desk"), notice)
    assert refusal(lambda: desk.does(unmark_called, notice)).key == "asked_yourself"
    desk.does(unmark_called, notice, "second_desk")


def test_a_name_is_opened_for_a_call_only_and_costs_the_screening(desk: Desk) -> None:
    citizen = desk.unreached()
    (call,) = desk.seen().waiting
    whom = desk.does(whom_to_call, call.id)
    with desk.line.reading() as uow:
        person = uow.people.get(citizen.request.person_id)
    assert (whom.name, whom.mobile) == (person.name, person.mobile)
    read = desk.application.query_as(citizen.actor, openings, OneCase(code=citizen.code))
    assert [opening.role for opening in read] == [Role.DESK]
    accept = TakeStep(code=citizen.code, action=Action.ACCEPT)
    as_ = desk.line.city.as_
    word = refusal(lambda: desk.application.execute_as(as_("desk"), take_step, accept))
    assert word.key == "name_seen"
    desk.application.execute_as(as_("second_desk"), take_step, accept)


def test_nobody_sees_a_name_that_no_call_needs(desk: Desk) -> None:
    desk.without_mobile()
    (call,) = desk.seen().waiting
    assert refusal(lambda: desk.does(whom_to_call, call.id)).key == "not_found"
    desk.unreached()
    reached = desk.seen().waiting[1]
    desk.does(mark_called, reached.id)
    assert refusal(lambda: desk.does(whom_to_call, reached.id)).key == "not_found"


def test_nobody_else_sees_the_list_or_ticks_anything(desk: Desk) -> None:
    desk.unreached()
    (call,) = desk.seen().waiting
    for usecase, who in product((mark_called, unmark_called, whom_to_call), OTHERS):
        word = refusal(lambda usecase=usecase, who=who: desk.does(usecase, call.id, who))
        assert word.key in {"not_found", "not_your_role"}
    assert desk.seen(OTHERS[0]).waiting == ()
    for who in OTHERS[1:]:
        assert refusal(lambda who=who: desk.seen(who)).key == "not_your_role"


def test_the_telephone_line_calls_for_the_whole_city(desk: Desk) -> None:
    citizen = desk.unreached()
    (call,) = desk.seen("phone").waiting
    assert desk.line.city.application.query_as(
        desk.line.city.as_("phone"), workplaces, Nothing()
    ).to_call
    assert desk.does(whom_to_call, call.id, "phone").mobile
    with desk.line.reading() as uow:
        opened = uow.requests.openings(uow.requests.by_id(citizen.request.id))
    assert [(role, with_name) for role, _, _, with_name in opened] == [(Role.PHONE.value, True)]
    desk.does(mark_called, call.id, "phone")
    assert desk.seen().waiting == ()


def test_a_notice_that_is_none_or_an_officials_is_not_found(desk: Desk) -> None:
    (citizen,) = desk.line.file(1, accepted=False)
    with desk.line.reading() as uow:
        officials = uow.outbox.of_request(citizen.request.id, "desk")
    for notice in (0, 10**6, officials[0].id):
        for usecase in (mark_called, unmark_called, whom_to_call):
            word = refusal(lambda usecase=usecase, n=notice: desk.does(usecase, n))
            assert word.key == "not_found"


def test_whoever_comes_onto_the_list_rings_at_the_desk(desk: Desk) -> None:
    (citizen,) = desk.line.file(1, accepted=False)
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
        (notice,) = uow.outbox.due()
        uow.topics_to_publish.clear()
        uow.outbox.hand_to_desk(notice)
        assert uow.topics_to_publish == {"district:6"}


def test_whoever_can_be_rung_up_is_hidden_behind_nobody_without_a_number(desk: Desk) -> None:
    """Citizens without a number wait until they come, and would fill the list."""
    (rung,), others = desk.line.file(1, accepted=False), desk.line.file(3, accepted=False)
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        waiting = {notice.request_id: notice for notice in uow.outbox.due()}
        for citizen in others:
            uow.outbox.hand_to_desk(waiting[citizen.request.id])
        last = waiting[rung.request.id]
        uow.connection.exec_driver_sql(f"UPDATE outbox SET state = 'failed' WHERE id = {last.id}")
        first, *rest = uow.outbox.calls({6}, limit=2)
        assert first.request_id == rung.request.id
        assert [notice.request_id for notice in rest] == [others[0].request.id]


def test_what_asks_stands_first_and_hides_nobody_whom_one_can_ring_up(desk: Desk) -> None:
    rung, asked = desk.line.file(2, accepted=False), desk.line.file(3, accepted=False)
    for citizen in asked:
        desk.line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        uow.connection.exec_driver_sql("UPDATE outbox SET state = 'shown' WHERE role = 'citizen'")
        for state, action, some in (("failed", "submit", rung), ("to_call", "ask_info", asked)):
            ids = ", ".join(f"'{one.request.id}'" for one in some)
            uow.connection.exec_driver_sql(
                f"UPDATE outbox SET state = '{state}' WHERE role = 'citizen'"
                f" AND action = '{action}' AND request_id IN ({ids})"
            )
        listed = [call.request_id for call in uow.outbox.calls({6})]
        assert listed == [one.request.id for one in (*asked, *rung)]
        shown = [call.request_id for call in uow.outbox.calls({6}, limit=4)]
        assert shown == [one.request.id for one in (*asked[:2], *rung)]


def test_decisions_that_nobody_can_be_told_hide_no_seat_and_no_question(desk: Desk) -> None:
    """A dead number never gets news: its decision stays on the list, after what has an end."""
    declined, (asked, seated, plain) = (
        desk.line.file(6, accepted=False),
        desk.line.file(3, accepted=False),
    )
    for citizen in declined:
        desk.line.official(
            "desk", citizen, Action.DECLINE, reason="other_body", note="کار دادگاه است."
        )
    desk.line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    desk.line.official("desk", seated, Action.ACCEPT)
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        run = uow.connection.exec_driver_sql
        run("UPDATE outbox SET state = 'shown' WHERE role = 'citizen'")
        run("UPDATE outbox SET state = 'failed' WHERE action IN ('decline', 'ask_info')")
        run("UPDATE outbox SET state = 'failed', action = 'seat' WHERE action = 'accept'")
        run(
            "UPDATE outbox SET state = 'failed' WHERE role = 'citizen' AND action = 'submit'"
            f" AND request_id = '{plain.request.id}'"
        )
        listed = [call.request_id for call in uow.outbox.calls({6}, limit=6)]
        newest = [one.request.id for one in reversed(declined)]
        assert listed == [seated.request.id, asked.request.id, *newest[:3], plain.request.id]
        whole = [call.request_id for call in uow.outbox.calls({6})]
        assert whole == [seated.request.id, asked.request.id, *newest, plain.request.id]


def test_a_number_that_takes_nothing_is_called_for_a_month_and_of_a_decision_until_told(
    desk: Desk,
) -> None:
    told = desk.unreached()
    desk.line.official("desk", told, Action.DECLINE, reason="other_body", note="کار دادگاه است.")
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        (decision,) = uow.outbox.due()
        for _ in range(len(BACK_OFF) + 1):
            uow.outbox.mark_failed(decision)
            uow.connection.exec_driver_sql("UPDATE outbox SET next_try_at = at")
            uow.session.expire_all()
    assert {call.about.action for call in desk.seen().waiting} == {Action.SUBMIT, Action.DECLINE}
    desk.line.clock.forward(seconds=CALL_WITHIN.total_seconds())
    assert [call.about.action for call in desk.seen().waiting] == [Action.DECLINE]


def test_a_decision_that_her_request_has_left_behind_is_news_as_any_other(desk: Desk) -> None:
    """Redirected by mistake and taken back by her, while the message never arrived."""
    (left, asked) = desk.line.file(2, accepted=False)
    desk.line.official("desk", left, Action.REDIRECT, district="4", note="آنجا منطقهٔ ۴ است.")
    desk.line.official("desk", asked, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    left.does(Action.WITHDRAW)
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        run = uow.connection.exec_driver_sql
        run("UPDATE outbox SET state = 'shown' WHERE role = 'citizen'")
        run(
            "UPDATE outbox SET state = 'failed' WHERE role = 'citizen'"
            " AND action IN ('redirect', 'ask_info')"
        )
    assert [call.code for call in desk.seen("phone").waiting] == [asked.code, left.code]
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        cleanup.forget(uow)
    assert [call.code for call in desk.seen("phone").waiting] == [asked.code, left.code]
    desk.line.clock.forward(seconds=CALL_WITHIN.total_seconds())
    assert left.code not in {call.code for call in desk.seen("phone").waiting}


def test_whoever_has_withdrawn_is_not_told_that_she_is_in_the_line(desk: Desk) -> None:
    """She has no mobile and withdrew at the counter, before anybody had told her."""
    citizen = desk.without_mobile()
    desk.line.official("desk", citizen, Action.ACCEPT)
    deliver(desk.application, desk.line.clock())
    assert Action.ACCEPT in {call.about.action for call in desk.seen().waiting}
    citizen.does(Action.WITHDRAW)
    assert Action.ACCEPT not in {call.about.action for call in desk.seen().waiting}


def test_nobody_ticks_a_seat_off_without_having_read_her_number(line: Line) -> None:
    desk = Desk(line)
    (guest,) = line.drawn(1)
    with desk.application.store.unit_of_work(line.clock()) as uow:
        uow.connection.exec_driver_sql(
            "UPDATE outbox SET state = 'failed' WHERE role = 'citizen' AND action = 'seat'"
        )
    (call,) = [one for one in desk.seen().waiting if one.code == guest.code]
    assert (call.consequence, call.is_own) == (Consequence.SEAT, False)
    assert refusal(lambda: desk.does(mark_called, call.id)).key == "number_unread"
    desk.does(whom_to_call, call.id)
    desk.does(mark_called, call.id)
    assert call.id not in {one.id for one in desk.seen().waiting}


def missed_by_the_desk(hall: Hall) -> Guest:
    """Note the first guest as absent, by an officer of the desk who also helps at reception."""
    guest, desk = hall.guests[0], hall.as_("desk")
    helping = replace(desk, grants=(*desk.grants, Grant(Role.RECEPTION, DISTRICT, None)))
    for minutes in (16, 3, 3):
        hall.clock.forward(minutes=minutes)
        hall.act("reception", guest, Action.CALL)
    hall.clock.forward(minutes=10)
    hall.act(helping, guest, Action.NO_SHOW)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.connection.exec_driver_sql(
            "UPDATE outbox SET state = 'failed' WHERE role = 'citizen' AND action = 'no_show'"
        )
    return guest


def test_whoever_wrote_that_she_did_not_come_is_not_the_one_who_told_her(hall: Hall) -> None:
    missed_by_the_desk(hall)
    (call,) = hall.query("desk", calls, Nothing()).waiting
    assert (call.consequence, call.is_own) == (Consequence.CONTEST, True)
    told = OneCall(notice=call.id)
    assert refusal(lambda: hall.execute("desk", mark_called, told)).key == "asked_yourself"
    assert refusal(lambda: hall.execute("second_desk", mark_called, told)).key == "number_unread"
    hall.execute("second_desk", whom_to_call, told)
    hall.execute("second_desk", mark_called, told)


def test_that_a_caller_heard_takes_her_proof_or_her_own_number(hall: Hall) -> None:
    guest = missed_by_the_desk(hall)
    with hall.application.store.unit_of_work(hall.clock(), reading=True) as uow:
        digits = uow.people.get(guest.request.person_id).mobile[-4:]
    (call,) = hall.query("desk", calls, Nothing()).waiting
    one_call = OneCall(notice=call.id)

    def heard(who: str) -> str:
        # Code and digits are on the slip that she held, as on the slips of others.
        found = hall.execute(who, case_of_caller, CallersCase(code=guest.code, digits=digits))
        assert not found.is_proved
        return refusal(lambda: hall.execute(who, mark_heard, one_call)).key

    assert heard("desk") == "asked_yourself"
    assert heard("second_desk") == "caller_unproved"
    assert heard("phone") == "caller_unproved"
    hall.execute("second_desk", whom_to_call, one_call)
    hall.execute("second_desk", mark_heard, one_call)
    assert hall.query("desk", calls, Nothing()).waiting == ()


def test_whoever_has_read_her_case_has_no_caller(desk: Desk) -> None:
    notice = asked(desk)
    code = next(call.code for call in desk.seen().waiting if call.id == notice)
    second = desk.line.city.as_("second_desk")
    desk.application.execute_as(second, open_case, OneCase(code=code))
    again = refusal(lambda: desk.does(mark_heard, notice, "second_desk"))
    assert again.key == "caller_unproved"


def test_what_is_of_the_minute_is_nothing_for_the_desk(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.arrive(guest)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.people.set_mobile(guest.request.person_id, None)
    hall.act("reception", guest, Action.CALL)
    deliver(hall.application, hall.clock())
    with hall.reading() as uow:
        states = {
            one.action: one.state for one in uow.outbox.of_request(guest.request.id, "citizen")
        }
        assert Action.CALL not in {call.action for call in uow.outbox.calls({6})}
    assert states[Action.CALL] == Delivery.SHOWN


def test_the_list_is_no_archive_of_whom_nobody_can_ring_up(desk: Desk) -> None:
    (citizen,) = desk.line.file(1, accepted=False)
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
        uow.outbox.hand_to_desk(uow.outbox.due()[0])
        assert uow.outbox.count_calls({6}) == 1
    desk.line.clock.forward(seconds=CALL_WITHIN.total_seconds())
    with desk.application.store.unit_of_work(desk.line.clock()) as uow:
        assert (uow.outbox.calls({6}), uow.outbox.count_calls({6})) == ([], 0)
        cleanup.forget(uow)
        (notice,) = uow.outbox.of_request(citizen.request.id, "citizen")
    assert notice.state == Delivery.SHOWN


def test_the_desk_reminds_nobody_of_a_monday_that_was_cancelled(line: Line) -> None:
    desk = Desk(line)
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    with desk.application.store.unit_of_work(line.clock()) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
    line.until(MONDAY - timedelta(days=1), "20:01")
    deliver(desk.application, line.clock())
    assert desk.seen().waiting[-1].about.action is None, "the reminder"
    line.close(MONDAY)
    deliver(desk.application, line.clock())
    assert desk.seen().waiting[-1].about.action is Action.CANCEL_MONDAY
    assert None not in {call.about.action for call in desk.seen().waiting}


def test_reminders_of_a_cancelled_monday_hide_nobody_and_are_not_counted(line: Line) -> None:
    """After an outage of the provider there are more of them than the list has lines."""
    desk = Desk(line)
    drawn = line.drawn(2)
    for citizen in drawn:
        citizen.does(Action.CONFIRM)
    with desk.application.store.unit_of_work(line.clock()) as uow:
        for citizen in drawn:
            uow.people.set_mobile(citizen.request.person_id, None)
    line.until(MONDAY - timedelta(days=1), "20:01")
    deliver(desk.application, line.clock())
    (later,) = line.file(1)
    with desk.application.store.unit_of_work(line.clock()) as uow:
        uow.people.set_mobile(later.request.person_id, None)
    line.close(MONDAY)
    with line.reading() as uow:
        listed = [notice.action for notice in uow.outbox.calls({6})]
        assert "reminder" not in listed
        assert uow.outbox.count_calls({6}) == len(listed)
        first = [notice.action for notice in uow.outbox.calls({6}, limit=1)]
        assert first == listed[:1]
