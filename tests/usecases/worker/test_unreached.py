"""Silence counts as an answer only if the citizen was reached by message or call."""

from datetime import datetime, timedelta

import pytest
from support.callers import hears
from support.hall import SERVICES, TECHNICAL, Hall
from support.line import MONDAY, Citizen, Line
from support.together import refusal

from publicmeeting.domain.calendar import deadline_days
from publicmeeting.domain.roles import NOBODY, Actor, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.notify.wording import notice_text
from publicmeeting.text.common.dates_text import until_words
from publicmeeting.text.notices.citizen_notices_text import FINAL, UNREACHED
from publicmeeting.text.notices.notices_text import final
from publicmeeting.text.notices.sms_text import SMS_MOST, sms_length
from publicmeeting.text.tracking import my_data_text
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.oversight.promises import promise_figures
from publicmeeting.usecases.public_record.open_risks import district_risks
from publicmeeting.usecases.screening.calls import (
    Calls,
    Consequence,
    OneCall,
    calls,
    mark_called,
    whom_to_call,
)
from publicmeeting.usecases.tracking.by_code import Track, track
from publicmeeting.usecases.tracking.for_caller import (
    CallersCase,
    CallersPage,
    case_of_caller,
    mark_heard,
)
from publicmeeting.usecases.tracking.my_data import erase_case, erasing_page
from publicmeeting.usecases.tracking.my_page import read_notices
from publicmeeting.usecases.tracking.timeline import note_read, timeline_page

DAY = timedelta(days=1)
ASKS = {Action.ASK_INFO: "نشانی دقیق کجاست؟", Action.ANSWER: "این کار در برنامهٔ آذر است."}
TEN, PIN = 10, "482137"


class Dead:
    """A provider that takes nothing."""

    def send(self, mobile: str, text: str, message_id: str) -> None:
        del text, message_id
        raise ConnectionError(mobile)


def asked(line: Line, action: Action = Action.ASK_INFO, *, mobile: bool = False) -> Citizen:
    """Return a citizen without a mobile, who is on the desk's list of calls."""
    (citizen,) = line.file(1, accepted=False)
    if not mobile:
        with line.city.application.store.unit_of_work(line.clock.now) as uow:
            uow.people.set_mobile(citizen.request.person_id, None)
    line.official("desk", citizen, action, note=ASKS[action])
    return citizen


def due(citizen: Citizen) -> datetime:
    found = citizen.request.due_at
    assert found is not None
    return found


def over(line: Line, at: datetime) -> None:
    """Go to the morning after a deadline: notices of the night are sent, or to be called."""
    line.until(tehran_day(at), "09:00")


def the_calls(line: Line, who: str = "desk") -> Calls:
    return line.city.application.query_as(line.city.as_(who), calls, Nothing())


def is_told(line: Line, who: str = "second_desk") -> None:
    """Let a colleague of the asking officer tick off the first of the list.

    A citizen without a number comes to the desk.
    """
    application, officer = line.city.application, line.city.as_(who)
    first = the_calls(line, who).waiting[0]
    if first.has_number or first.is_own:
        application.execute_as(officer, mark_called, OneCall(notice=first.id))
    else:
        hears(application, officer, first.id)


ENDS = {
    Action.ASK_INFO: (Stage.NEEDS_INFO, Action.LAPSE_INFO),
    Action.ANSWER: (Stage.ANSWERED, Action.SETTLE_ANSWER),
}
"""What the desk asked, the stage until she answers, and what her silence is."""


@pytest.mark.on_postgresql
def test_whom_nobody_told_is_not_silent_until_somebody_has(line: Line) -> None:
    silent = {action: asked(line, action) for action in ENDS}
    first = due(silent[Action.ASK_INFO])
    over(line, first)
    for action, citizen in silent.items():
        assert (citizen.stage, due(citizen)) == (ENDS[action][0], deadline_days(first, TEN))
    assert "lapsed" not in [entry["why"] for entry in line.entries("taken_out")]
    over(line, due(silent[Action.ASK_INFO]))
    for action, citizen in silent.items():
        assert citizen.stage == ENDS[action][0], "a clerk who never calls ends nothing"
        assert citizen.request.count(Action.WAIT_LONGER) == 2
    while the_calls(line, "second_desk").waiting[:1]:
        is_told(line)
    told = line.clock.now
    over(line, due(silent[Action.ASK_INFO]))
    assert all(one.request.last(ENDS[action][1]) is not None for action, one in silent.items())
    assert line.clock.now >= deadline_days(told, TEN)


def test_whoever_was_told_late_has_ten_days_from_then(line: Line) -> None:
    citizen = asked(line)
    first = due(citizen)
    line.until(MONDAY, "09:00")
    is_told(line)
    told = line.clock.now
    over(line, first)
    assert (citizen.stage, due(citizen)) == (Stage.NEEDS_INFO, deadline_days(told, TEN))
    over(line, due(citizen))
    assert citizen.stage == Stage.WITHDRAWN, "she knew for ten days"


def test_whom_it_reached_is_silent_after_ten_days(line: Line) -> None:
    """By a call, on her page, in her notices, or by her receipt."""
    application, called = line.city.application, asked(line)
    line.worker.tick()
    is_told(line)
    on_page, in_notices, by_receipt = (asked(line) for _ in range(3))
    line.worker.tick()
    page = OneCase(code=on_page.code)
    assert application.query_as(on_page.actor, timeline_page, page).is_unread
    application.execute_as(on_page.actor, note_read, page)
    assert not application.query_as(on_page.actor, timeline_page, page).is_unread
    application.execute_as(in_notices.actor, read_notices, Nothing())
    with application.store.unit_of_work(line.clock.now) as uow:
        uow.people.set_pin(by_receipt.request.person_id, PIN)
    command = Track(code=by_receipt.code, last_four=PIN)
    assert application.execute_as(Actor(visit="a visit"), track, command)[1] == ""
    over(line, due(by_receipt))
    reached = (called, on_page, in_notices, by_receipt)
    assert {citizen.stage for citizen in reached} == {Stage.WITHDRAWN}


def test_a_message_that_failed_has_told_nobody(line: Line) -> None:
    phone, line.city.application.phone = line.city.application.phone, Dead()
    citizen = asked(line, mobile=True)
    over(line, due(citizen))
    assert citizen.stage == Stage.NEEDS_INFO
    line.city.application.phone = phone
    over(line, due(citizen))
    assert citizen.stage == Stage.WITHDRAWN, "the message that gives her longer says it as well"


@pytest.mark.on_postgresql
def test_whoever_asked_does_not_say_that_she_was_told(line: Line) -> None:
    citizen = asked(line)
    line.worker.tick()
    assert [call.is_own for call in the_calls(line).waiting] == [True, False]
    assert not the_calls(line, "second_desk").waiting[0].is_own
    assert refusal(lambda: is_told(line, "desk")).key == "asked_yourself"
    first = due(citizen)
    over(line, first)
    assert citizen.stage != Stage.WITHDRAWN
    assert refusal(lambda: is_told(line, "desk")).key == "asked_yourself", "nor the longer deadline"
    is_told(line, "phone")
    over(line, due(citizen))
    assert citizen.request.last(Action.LAPSE_INFO) is not None


def test_nobody_says_so_who_has_not_opened_her_number(line: Line) -> None:
    phone, line.city.application.phone = line.city.application.phone, Dead()
    citizen = asked(line, mobile=True)
    for hour in ("11:00", "12:00", "16:00", "21:00"):
        line.until(tehran_day(line.clock.now) + DAY, hour)
    line.city.application.phone = phone
    call = the_calls(line, "second_desk").waiting[0]
    assert (call.code, call.has_number, call.consequence is Consequence.OPEN) == (
        citizen.code,
        True,
        True,
    )
    assert refusal(lambda: is_told(line)).key == "number_unread"
    second = line.city.as_("second_desk")
    line.city.application.execute_as(second, whom_to_call, OneCall(notice=call.id))
    is_told(line)
    assert call.id not in {other.id for other in the_calls(line).waiting}


def test_the_call_stands_first_and_says_what_hangs_on_it(line: Line) -> None:
    line.file(2, accepted=False)
    citizen = asked(line)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.connection.exec_driver_sql(
            "UPDATE outbox SET state = 'failed' WHERE role = 'citizen' AND action = 'submit'"
            f" AND request_id <> '{citizen.request.id}'"
        )
    line.worker.tick()
    first, *others = the_calls(line).waiting
    assert (first.code, first.about.action, first.consequence is Consequence.OPEN) == (
        citizen.code,
        Action.ASK_INFO,
        True,
    )
    assert others
    assert not any(call.consequence for call in others)
    over(line, due(citizen))
    first = next(call for call in the_calls(line).waiting if call.consequence is Consequence.OPEN)
    assert first.about.action is Action.WAIT_LONGER
    assert notice_text(first.about).title == UNREACHED[Action.WAIT_LONGER][0]
    assert the_calls(line).waiting[0] == first
    citizen.does(Action.GIVE_INFO, note="کوچهٔ سوم، پلاک ۱۲.")
    assert not any(call.consequence for call in the_calls(line).waiting), "she has answered"


def test_the_overseer_reads_of_whom_nobody_has_told(line: Line) -> None:
    citizen = asked(line)

    def unreached() -> list[tuple[int, int]]:
        found = line.city.application.query_as(
            line.city.as_("overseer"), promise_figures, Nothing()
        )
        return [(each.district, each.unreached) for each in found if each.unreached]

    line.worker.tick()
    assert unreached() == []
    over(line, due(citizen))
    assert unreached() == [(6, 1)]
    is_told(line)
    assert unreached() == []


def test_a_report_of_which_nobody_told_her_settles_nothing(hall: Hall) -> None:
    guest = hall.guests[0]
    number = hall.met(guest, TECHNICAL)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.people.set_mobile(guest.request.person_id, None)
    first = hall.step("technical", number, OrderAction.REPORT, note="شد.").due_at
    assert first is not None
    hall.clock.set(first + timedelta(seconds=1))
    hall.application.worker.tick()
    with hall.application.store.unit_of_work(hall.clock(), reading=True) as uow:
        order = uow.orders.get_visible(number, hall.as_("mayor"))
    assert (order.stage, order.due_at) == (OrderStage.REPORTED, deadline_days(first, TEN))
    assert order.count(OrderAction.STAY_OPEN) == 1


@pytest.mark.on_postgresql
def test_a_call_about_another_report_settles_nothing(hall: Hall) -> None:
    guest = hall.guests[0]
    units = {"technical": TECHNICAL, "services": SERVICES}
    made = {order.unit_id: order.number for order in hall.met(guest, *units.values())}
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.people.set_mobile(guest.request.person_id, None)
    due_at = {}
    for who, unit in units.items():
        hall.step(who, made[unit], OrderAction.TAKE_ON)
        due_at[who] = hall.step(who, made[unit], OrderAction.REPORT, note="شد.").due_at
    hall.application.worker.tick()
    desk = hall.as_("desk")
    told = max(
        (
            call
            for call in hall.application.query_as(desk, calls, Nothing()).waiting
            if call.about.action is OrderAction.REPORT
        ),
        key=lambda call: call.id,
    )
    hears(hall.application, desk, told.id)
    assert due_at["technical"] == due_at["services"] is not None
    hall.clock.set(due_at["technical"] + timedelta(seconds=1))
    hall.application.worker.tick()
    with hall.application.store.unit_of_work(hall.clock(), reading=True) as uow:
        stages = {
            who: uow.orders.get_visible(made[unit], hall.as_("mayor")).stage
            for who, unit in units.items()
        }
    assert stages == {"technical": OrderStage.REPORTED, "services": OrderStage.DONE}


def test_whoever_is_out_by_her_silence_was_turned_away_by_who_had_asked(line: Line) -> None:
    silent = [asked(line, action, mobile=True) for action in ASKS]
    line.file(1)

    def figure() -> int:
        found = line.city.application.query_as(NOBODY, district_risks, Nothing())
        return next(each.turned_away for each in found if each.district == 6)

    over(line, due(silent[0]))
    for citizen in silent:
        assert citizen.request.last(Action.LAPSE_INFO, Action.SETTLE_ANSWER) is not None
    assert figure() == len(silent)


def untold(line: Line, action: Action, **fields: str) -> Citizen:
    """Return a decision against a citizen without a mobile, whom nobody calls; she has a PIN."""
    (citizen,) = line.file(1, accepted=False)
    with line.city.application.store.unit_of_work(line.clock.now) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
        uow.people.set_pin(citizen.request.person_id, PIN)
    line.official("desk", citizen, action, **fields)
    line.worker.tick()
    return citizen


def later(line: Line, days: int) -> None:
    """Go some days on; no clock ends what has been decided against her."""
    line.clock.now += days * DAY


def caller(line: Line, citizen: Citizen) -> CallersPage:
    command = CallersCase(code=citizen.code, digits=PIN)
    return line.city.application.execute_as(line.city.as_("phone"), case_of_caller, command)


@pytest.mark.on_postgresql
def test_a_refusal_is_not_final_before_she_has_heard_of_it(line: Line) -> None:
    citizen = untold(line, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    first = the_calls(line, "phone").waiting[0]
    assert (first.about.action, first.consequence is Consequence.OPEN) == (Action.DECLINE, True), (
        "before all news"
    )
    later(line, 40)
    assert first.id in [call.id for call in the_calls(line, "phone").waiting], "nobody has told her"
    with line.reading() as uow:
        assert uow.asking.unreached(line.clock.now) == {6: 1}
    page = caller(line, citizen)
    assert [asked.action for asked in page.questions] == [Action.OBJECT]
    # The text that the officer reads to her names the end of the days that begin now.
    (news,) = (news for news in page.news if news.id == first.id)
    ends = until_words(deadline_days(line.clock.now, TEN))
    assert ends in notice_text(news.about).sms
    assert ends in notice_text(news.about).text
    command = OneCall(notice=first.id)
    line.city.application.execute_as(line.city.as_("phone"), mark_heard, command)
    told = line.clock.now
    line.clock.now = deadline_days(told, TEN) - timedelta(minutes=1)
    assert [asked.action for asked in caller(line, citizen).questions] == [Action.OBJECT]
    line.clock.now = deadline_days(told, TEN)
    assert caller(line, citizen).questions == (), "she knew for ten days"


@pytest.mark.on_postgresql
def test_a_refusal_after_her_objection_is_final_and_nothing_says_otherwise(line: Line) -> None:
    citizen = untold(line, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    citizen.does(Action.OBJECT, note="کار شهرداری است.")
    line.official(
        "second_desk", citizen, Action.DECLINE, reason="other_body", note="کار دادگاه است."
    )
    line.worker.tick()
    (call,) = (
        call for call in the_calls(line, "phone").waiting if call.about.action is Action.DECLINE
    )
    assert (call.consequence, call.is_own) == (None, False)
    words = notice_text(call.about)
    assert words.title == FINAL[Action.DECLINE][0]
    assert "اعتراض کنید" not in words.text + words.sms
    assert sms_length(words.sms) <= SMS_MOST
    assert caller(line, citizen).questions == ()
    later(line, 40)
    with line.reading() as uow:
        assert uow.asking.unreached(line.clock.now) == {}


def test_another_district_after_her_objection_is_final(line: Line) -> None:
    citizen = untold(line, Action.REDIRECT, district="4", note="در منطقهٔ ۴ است.")
    citizen.does(Action.OBJECT_REDIRECT, note="در منطقهٔ ۶ است.")
    line.official("overseer", citizen, Action.REDIRECT, district="5", note="در منطقهٔ ۵ است.")
    line.worker.tick()
    redirects = [
        call for call in the_calls(line, "phone").waiting if call.about.action is Action.REDIRECT
    ]
    assert [call.consequence for call in redirects] == [None]
    assert notice_text(redirects[0].about).title == FINAL[Action.REDIRECT][0]
    line.clock.now += 15 * DAY
    with line.reading() as uow:
        assert uow.asking.unreached(line.clock.now) == {}


@pytest.mark.parametrize("action", FINAL)
def test_what_is_final_fits_into_two_messages(action: Action) -> None:
    facts = {"code": "۰۵۰۶۸۱۱۶۴۲", "district": 22, "where": "molaghat.tehran.ir", "log": "0f3a9c1d"}
    assert sms_length(final(action, Role.CITIZEN, **facts).sms) <= SMS_MOST


def test_another_district_is_not_final_before_she_has_heard_of_it(line: Line) -> None:
    citizen = untold(line, Action.REDIRECT, district="4", note="در منطقهٔ ۴ است.")
    first = next(c for c in the_calls(line, "phone").waiting if c.about.action is Action.REDIRECT)
    assert first.consequence
    line.clock.now += 15 * DAY  # she waits in that district, not drawn yet
    assert [asked.action for asked in caller(line, citizen).questions] == [Action.OBJECT_REDIRECT]
    with line.reading() as uow:
        assert uow.asking.unreached(line.clock.now) == {4: 1}


def test_whoever_declined_does_not_say_that_she_was_told(line: Line) -> None:
    citizen = untold(line, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    desk = line.city.as_("desk")
    first = the_calls(line).waiting[0]
    assert first.is_own
    act = OneCall(notice=first.id)
    word = refusal(lambda: line.city.application.execute_as(desk, mark_called, act))
    assert word.key == "asked_yourself"
    later(line, 12)
    assert [asked.action for asked in caller(line, citizen).questions] == [Action.OBJECT]


def test_whom_the_message_reached_objects_within_ten_days(line: Line) -> None:
    (citizen,) = line.file(1, accepted=False)
    line.official("desk", citizen, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    line.worker.tick()
    declined = line.clock.now
    line.clock.now = deadline_days(declined, TEN)
    assert (
        refusal(lambda: citizen.does(Action.OBJECT, note="از شهرداری است.")).key == "objection_late"
    )


def test_a_look_at_her_page_tells_her_of_a_refusal(line: Line) -> None:
    citizen = untold(line, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    line.until(tehran_day(line.clock.now) + 12 * DAY, "10:00")
    application = line.city.application
    assert application.query_as(citizen.actor, timeline_page, OneCase(code=citizen.code)).is_unread
    application.execute_as(citizen.actor, note_read, OneCase(code=citizen.code))
    seen = line.clock.now
    line.clock.now = deadline_days(seen, TEN) - timedelta(minutes=1)
    assert citizen.does(Action.OBJECT, note="از شهرداری است.").stage is Stage.SUBMITTED


def test_whoever_hears_late_erases_nothing_that_she_may_still_object_to(line: Line) -> None:
    """The official who decides on her objection must be able to read the case."""
    citizen = untold(line, Action.DECLINE, reason="other_body", note="این کار دادگاه است.")
    later(line, 40)
    city, case = line.city.application, OneCase(code=citizen.code)
    city.execute_as(citizen.actor, read_notices, Nothing())
    page = city.query_as(citizen.actor, erasing_page, case)
    told_on = tehran_day(line.clock.now)
    assert (page.refused, page.from_day) == ("erase_later", told_on + 11 * DAY)
    assert refusal(lambda: city.execute_as(citizen.actor, erase_case, case)).key == "erase_later"
    line.clock.set(at_tehran(told_on + 11 * DAY, "00:01"))
    city.execute_as(citizen.actor, erase_case, case)
    assert citizen.request.title == my_data_text.INSTEAD["title"]
