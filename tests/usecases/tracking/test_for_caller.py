"""What an officer tells a caller, what she must prove first, and answers he enters for her."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from support.callers import PIN, without_mobile
from support.citizens import a_form, code_on, someone
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.hall import TECHNICAL, Hall
from support.together import refusal
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.errors import FormError
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.notify.outbox import deliver
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.turns.rules.week import first_monday
from publicmeeting.usecases.accounts.signing_in.read_out_codes import Purpose, send_read_out
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.filing.assisting import FileForCaller, file_for_caller
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.in_hall.passes import ShownCard, seat_pass, see_card
from publicmeeting.usecases.rate_limits import RULES, Limit
from publicmeeting.usecases.screening.calls import OneCall, calls
from publicmeeting.usecases.tracking.for_caller import (
    CallersAnswer,
    CallersCase,
    CallersNumber,
    CallersPage,
    CallersWord,
    answer_for_caller,
    case_by_word,
    case_of_caller,
    end_call,
    mark_heard,
    send_tracking_code,
)
from publicmeeting.usecases.tracking.timeline import openings

Walk = Callable[..., WalkedCase]


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer at a browser, whose session has just begun."""

    city: City
    username: str = "phone"
    visit: str = "a browser"

    @property
    def application(self) -> Application:
        return self.city.application

    @property
    def keys(self) -> Keys:
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            account = uow.accounts.by_username(self.username)
            assert account is not None
            return Keys(uow.sessions.open_for_account(account, Door.PASSWORD), self.visit)

    def does(self, usecase: Any, command: Any) -> Any:
        return self.application.execute_now(usecase, self.keys, command)

    def look_up(self, code: str, digits: str) -> CallersPage:
        found: CallersPage = self.does(case_of_caller, CallersCase(code=code, digits=digits))
        return found

    def hears(self, walked: WalkedCase, **other: str) -> CallersPage:
        """Open a caller's case by her identity and the code sent to her mobile."""
        mobile = self.does(send_tracking_code, CallersNumber(mobile=walked.who.mobile))
        fields = {
            "identity": walked.who.identity,
            "mobile": walked.who.mobile,
            "code": code_on(self.application, mobile),
            **other,
        }
        found: CallersPage = self.does(case_by_word, CallersWord.model_validate(fields))
        return found

    def answers(self, code: str, action: str) -> CallersPage:
        found: CallersPage = self.does(answer_for_caller, CallersAnswer(code=code, action=action))
        return found


@pytest.fixture
def officer(city: City) -> Officer:
    return Officer(city)


@pytest.mark.on_postgresql
def test_by_code_and_four_digits_he_reads_her_stages(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.WAITING)
    page = officer.look_up(walked.code, walked.who.mobile[-4:])
    assert page.stages is not None
    assert (page.stages.code, page.stages.stage) == (walked.code, Stage.WAITING)
    assert not any(mark.note or mark.payload for mark in page.stages.marks)


@in_one_city("username", ["phone", "desk", "desk4"])
def test_each_look_is_written_down_for_her(city: City, a_request: Walk, username: str) -> None:
    walked = a_request()
    officer = Officer(city, username)
    for _ in range(2):
        officer.look_up(walked.code, walked.who.mobile)
    (opening,) = city.application.query_now(openings, walked.keys, OneCase(code=walked.code))
    assert opening.role is (Role.PHONE if username == "phone" else Role.DESK)
    assert opening.district == (4 if username == "desk4" else 6)
    assert walked.request.name_seen_by == frozenset()


@in_one_city("username", ["mayor", "reception", "technical", "overseer"])
def test_nobody_else_serves_callers(city: City, a_request: Walk, username: str) -> None:
    walked, other = a_request(), Officer(city, username)
    acts = (
        lambda: other.look_up(walked.code, walked.who.mobile),
        lambda: other.does(send_tracking_code, CallersNumber(mobile=walked.who.mobile)),
        lambda: other.answers(walked.code, "confirm"),
        lambda: other.does(mark_heard, OneCall(notice=1)),
        lambda: other.does(end_call, Nothing()),
        lambda: other.does(see_card, ShownCard(code=walked.code, identity=walked.who.identity)),
    )
    for act in acts:
        assert refusal(act).key == "not_your_role"


def test_a_wrong_code_and_wrong_digits_look_the_same(officer: Officer, a_request: Walk) -> None:
    walked = a_request()
    wrong = f"{(int(walked.who.mobile[-4:]) + 1) % 10**4:04d}"
    assert officer.look_up(walked.code, wrong).refused == "tracking_unknown"
    assert officer.look_up("0506000000", walked.who.mobile[-4:]).refused == "tracking_unknown"
    for code, digits in (("", ""), ("123", "1234"), (walked.code, "123"), ("x" * 99, "۱" * 99)):
        assert officer.look_up(code, digits).refused == "tracking_short"


def test_he_does_not_go_through_digits(city: City, a_request: Walk) -> None:
    walked = a_request()
    right = walked.who.mobile[-4:]
    wrong = f"{(int(right) + 1) % 10**4:04d}"
    for _ in range(RULES[Limit.READ_OUT_DIGITS].most):
        assert Officer(city).look_up(walked.code, wrong).refused == "tracking_unknown"
    for officer in (Officer(city), Officer(city, "desk")):
        assert officer.look_up(walked.code, right).refused == "read_out_digits_full"


def test_wrong_digits_of_others_close_neither_her_pin_nor_her_whole_number(
    city: City, a_request: Walk
) -> None:
    """The code is on every receipt; a stranger who tries it all day must not lock her out."""
    walked, store = a_request(), city.application.store
    wrong = f"{(int(walked.who.mobile[-4:]) + 1) % 10**4:04d}"
    for _ in range(RULES[Limit.READ_OUT_DIGITS].most):
        Officer(city).look_up(walked.code, wrong)
    officer = Officer(city, "desk")
    assert officer.look_up(walked.code, walked.who.mobile[-4:]).refused == "read_out_digits_full"
    assert officer.look_up(walked.code, walked.who.mobile).refused == ""
    with store.unit_of_work(city.application.clock()) as uow:  # a case without a mobile
        uow.people.set_mobile(walked.request.person_id, None)
        uow.people.set_pin(walked.request.person_id, "731902")
    page = officer.look_up(walked.code, "731902")
    assert (page.refused, page.is_proved) == ("", True)


def test_nor_does_he_go_through_pins(city: City, a_request: Walk) -> None:
    walked = a_request()
    with city.application.store.unit_of_work(city.application.clock()) as uow:
        uow.people.set_pin(walked.request.person_id, "731902")
    for _ in range(RULES[Limit.READ_OUT_PIN].most):
        assert Officer(city).look_up(walked.code, "731903").refused == "tracking_unknown"
        assert Officer(city, "second_desk").look_up("0506000000", "731903").refused == (
            "tracking_unknown"
        )
    officer = Officer(city, "desk")
    for code in (walked.code, "0506000000"):
        assert officer.look_up(code, "731902").refused == "read_out_pin_full"
    assert officer.look_up(walked.code, walked.who.mobile[-4:]).refused == ""


def test_nor_through_codes(officer: Officer, a_request: Walk) -> None:
    for number in range(RULES[Limit.READ_OUT_WRONG].most):
        officer.look_up(f"05060{number:05d}", "1234")
    walked = a_request()
    word = officer.look_up(walked.code, walked.who.mobile[-4:]).refused
    assert word == "read_out_wrong_full"


# By her identity and the code she reads out.


@pytest.mark.on_postgresql
def test_whoever_has_lost_her_code_reads_one_out(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.WAITING)
    page = officer.hears(walked)
    assert page.stages is not None
    assert page.stages.code == walked.code


def test_somebody_elses_identity_is_an_unknown_one(officer: Officer, a_request: Walk) -> None:
    walked, other = a_request(), a_request(Stage.WAITING)
    assert officer.hears(walked, identity=other.who.identity).refused == "caller_unknown"
    officer.application.clock.forward(minutes=2)
    assert officer.hears(walked, identity=someone(900).identity).refused == "caller_unknown"


def test_what_is_typed_wrongly_is_said_beside_it(officer: Officer) -> None:
    with pytest.raises(FormError) as refused:
        officer.does(case_by_word, CallersWord(identity="1", mobile="2", code="3"))
    assert {error.field for error in refused.value.errors} == {"identity", "mobile"}
    word = CallersWord(kind="cat", identity="1", mobile="2", code="3")
    assert refusal(lambda: officer.does(case_by_word, word)).key == "form_broken"


def test_whoever_has_just_filed_may_ask_at_once(officer: Officer, a_request: Walk) -> None:
    walked = a_request()
    mobile = "+98" + walked.who.mobile[1:]
    with officer.application.store.unit_of_work(officer.application.clock()) as uow:
        send_read_out(uow, uow.sessions.actor(officer.keys), Purpose.FILE, mobile)
    assert officer.hears(walked).stages is not None
    again = CallersNumber(mobile=walked.who.mobile)
    assert refusal(lambda: officer.does(send_tracking_code, again)).key == "read_out_again"


# The answer to an invitation.


@pytest.mark.on_postgresql
def test_a_woman_without_a_mobile_says_that_she_comes(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.INVITED)
    without_mobile(walked)
    page = officer.look_up(walked.code, PIN)
    assert page.answers == (Action.CONFIRM, Action.GIVE_UP_SEAT)
    page = officer.answers(walked.code, "confirm")
    assert page.stages is not None
    assert page.stages.stage is Stage.CONFIRMED
    last = walked.request.history[-1]
    assert (last.role, last.person_id) == (Role.CITIZEN, walked.request.person_id)
    assert last.account_id == officer.city.as_("phone").account_id


def test_by_a_code_read_out_she_gives_her_seat_up(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.CONFIRMED)
    assert officer.hears(walked).answers == (Action.GIVE_UP_SEAT,)
    page = officer.answers(walked.code, "give_up_seat")
    assert page.stages is not None
    assert page.stages.stage is Stage.WAITING


def test_four_digits_decide_nothing(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.INVITED)
    for digits in (walked.who.mobile[-4:], walked.who.mobile):
        assert officer.look_up(walked.code, digits).answers == ()
        assert refusal(lambda: officer.answers(walked.code, "confirm")).key == "not_found"


def test_what_she_proved_is_good_for_this_call(
    officer: Officer, a_request: Walk, clock: FixedClock
) -> None:
    walked = a_request(Stage.INVITED)
    without_mobile(walked)
    officer.look_up(walked.code, PIN)
    others = (Officer(officer.city, "desk"), Officer(officer.city, "phone", "another browser"))
    for other in others:
        assert refusal(lambda other=other: other.answers(walked.code, "confirm")).key == "not_found"
    officer.does(end_call, Nothing())
    assert refusal(lambda: officer.answers(walked.code, "confirm")).key == "not_found"
    officer.look_up(walked.code, PIN)
    clock.forward(minutes=15)
    assert refusal(lambda: officer.answers(walked.code, "confirm")).key == "not_found"


@pytest.mark.parametrize("action", ["withdraw", "accept", "call_in", "", "confirm_done"])
def test_nothing_else_is_done_for_her(officer: Officer, a_request: Walk, action: str) -> None:
    walked = a_request(Stage.INVITED)
    without_mobile(walked)
    officer.look_up(walked.code, PIN)
    assert refusal(lambda: officer.answers(walked.code, action)).key == "form_broken"


# Her answers in her own words.

SAID = "کوچهٔ سوم، پلاک ۱۲."


@pytest.mark.parametrize(
    ("at", "action", "end"),
    [
        (Stage.NEEDS_INFO, Action.GIVE_INFO, Stage.SUBMITTED),
        (Stage.ANSWERED, Action.INSIST, Stage.WAITING),
        (Stage.DECLINED, Action.OBJECT, Stage.SUBMITTED),
    ],
)
def test_a_woman_without_a_mobile_answers_what_her_silence_would_end(
    city: City, a_request: Walk, at: Stage, action: Action, end: Stage
) -> None:
    walked, officer = a_request(at), Officer(city, "second_desk")
    without_mobile(walked)
    asked = walked.request.history[-1].note
    (question,) = officer.look_up(walked.code, PIN).questions
    assert asked
    assert (question.action, question.number, question.asked) == (action, "", asked)
    command = CallersAnswer(code=walked.code, action=action.value, note=SAID)
    page = officer.does(answer_for_caller, command)
    assert (page.stages.stage, page.questions) == (end, ())
    last = walked.request.history[-1]
    assert (last.role, last.person_id, last.note) == (
        Role.CITIZEN,
        walked.request.person_id,
        SAID,
    )
    assert last.account_id == city.as_("second_desk").account_id


def test_whoever_wrote_her_answer_does_not_decide_it(city: City, a_request: Walk) -> None:
    walked, officer = a_request(Stage.NEEDS_INFO), Officer(city, "second_desk")
    without_mobile(walked)
    officer.look_up(walked.code, PIN)
    command = CallersAnswer(code=walked.code, action=Action.GIVE_INFO.value, note=SAID)
    officer.does(answer_for_caller, command)
    accept = TakeStep(code=walked.code, action=Action.ACCEPT)
    act = city.application.execute_as
    assert refusal(lambda: act(city.as_("second_desk"), take_step, accept)).key == "name_seen"
    assert act(city.as_("desk"), take_step, accept).stage is Stage.WAITING


def test_by_four_digits_she_is_asked_nothing_and_nothing_is_read(
    officer: Officer, a_request: Walk
) -> None:
    walked = a_request(Stage.NEEDS_INFO)
    assert officer.look_up(walked.code, walked.who.mobile[-4:]).questions == ()
    command = CallersAnswer(code=walked.code, action=Action.GIVE_INFO.value, note=SAID)
    assert refusal(lambda: officer.does(answer_for_caller, command)).key == "not_found"


def test_an_answer_without_words_is_none(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.NEEDS_INFO)
    without_mobile(walked)
    officer.look_up(walked.code, PIN)
    assert refusal(lambda: officer.answers(walked.code, "give_info")).key == "need_note"


@pytest.mark.on_postgresql
def test_she_says_of_a_report_that_nothing_was_done(hall: Hall) -> None:
    guest, other = hall.guests[:2]
    number = hall.met(guest, TECHNICAL)[0].number
    hall.step("technical", number, OrderAction.TAKE_ON)
    hall.step("technical", number, OrderAction.REPORT, note="آسفالت شد.")
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        uow.people.set_mobile(guest.request.person_id, None)
        uow.people.set_pin(guest.request.person_id, PIN)
        uow.people.set_pin(other.request.person_id, PIN)
    officer = hall.as_("desk")

    def look_up(code: str) -> CallersPage:
        found: CallersPage = hall.application.execute_as(
            officer, case_of_caller, CallersCase(code=code, digits=PIN)
        )
        return found

    (question,) = look_up(guest.code).questions
    assert (question.action, question.number) == (OrderAction.CONTEST, number)
    assert question.asked == "آسفالت شد."
    command = CallersAnswer(
        code=guest.code, action="contest", number=number, note="نشده است.", about=question.about
    )
    look_up(other.code)
    strange = command.model_copy(update={"code": other.code})
    run = hall.application.execute_as
    assert refusal(lambda: run(officer, answer_for_caller, strange)).key == "not_found"
    look_up(guest.code)
    hall.step("technical", number, OrderAction.WITHDRAW_REPORT, note="اشتباه بود.")
    hall.step("technical", number, OrderAction.REPORT, note="در خیابان شما هم آسفالت شد.")
    unread = refusal(lambda: run(officer, answer_for_caller, command)).key
    assert unread == "stage_moved", "she has heard the report before"
    (question,) = look_up(guest.code).questions
    command = command.model_copy(update={"about": question.about})
    assert run(officer, answer_for_caller, command).questions == ()
    with hall.reading() as uow:
        assert uow.orders.get_visible(number, hall.as_("mayor")).stage is OrderStage.CONTESTED
    hall.step("mayor", number, OrderAction.UPHOLD, note="دیدم؛ درست شده است.")
    hall.application.worker.tick()
    found = look_up(guest.code)
    (question,) = found.questions
    assert (question.action, question.asked) == (OrderAction.REOPEN, "دیدم؛ درست شده است.")
    assert OrderAction.UPHOLD in {call.about.action for call in found.news}
    again = command.model_copy(update={"action": "reopen", "note": "باز خراب شد."})
    assert OrderAction.UPHOLD not in {
        call.about.action for call in run(officer, answer_for_caller, again).news
    }
    with hall.reading() as uow:
        assert uow.orders.get_visible(number, hall.as_("mayor")).stage is OrderStage.CONTESTED


# News that no message has brought her.


def test_she_hears_it_when_she_calls(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.WAITING)
    without_mobile(walked)
    deliver(officer.application, officer.application.clock())
    news = officer.look_up(walked.code, PIN).news
    assert news
    for call in news:
        officer.does(mark_heard, OneCall(notice=call.id))
    assert officer.look_up(walked.code, PIN).news == ()
    officer.does(mark_heard, OneCall(notice=news[0].id))  # a double tap changes nothing
    colleague = Officer(officer.city, "second_desk")
    colleague.look_up(walked.code, PIN)
    again = refusal(lambda: colleague.does(mark_heard, OneCall(notice=news[0].id)))
    assert again.key == "informed_already"


def test_only_who_has_looked_her_up_says_that_she_heard(officer: Officer, a_request: Walk) -> None:
    walked = a_request(Stage.WAITING)
    without_mobile(walked)
    deliver(officer.application, officer.application.clock())
    (call, *_) = officer.look_up(walked.code, PIN).news
    other = Officer(officer.city, "desk4")
    assert refusal(lambda: other.does(mark_heard, OneCall(notice=call.id))).key == "not_opened"
    assert refusal(lambda: other.does(mark_heard, OneCall(notice=10**6))).key == "not_found"


@pytest.mark.on_postgresql
def test_whoever_asked_says_so_only_where_she_has_proved_herself(
    city: City, a_request: Walk
) -> None:
    walked, desk = a_request(Stage.NEEDS_INFO), Officer(city, "desk")
    digits = walked.who.mobile[-4:]
    page = desk.look_up(walked.code, digits)
    without_mobile(walked)
    deliver(city.application, city.application.clock())
    news = [call for call in desk.look_up(walked.code, PIN).news if call.consequence]
    assert [call.is_own for call in news] == [True]
    desk.does(end_call, Nothing())
    assert not page.is_proved
    heard = OneCall(notice=news[0].id)
    assert refusal(lambda: desk.does(mark_heard, heard)).key == "asked_yourself"
    desk.look_up(walked.code, PIN)
    desk.does(mark_heard, heard)
    assert all(call.id != heard.notice for call in desk.look_up(walked.code, PIN).news)


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(
    ("at", "asks", "action"),
    [
        (Stage.NEEDS_INFO, Action.ASK_INFO, Action.GIVE_INFO),
        (Stage.ANSWERED, Action.ANSWER, Action.INSIST),
        (Stage.DECLINED, Action.DECLINE, Action.OBJECT),
    ],
)
@pytest.mark.parametrize("time", ["on the list", "by night"])
def test_what_she_has_answered_is_not_read_to_her_as_news(
    officer: Officer, a_request: Walk, at: Stage, asks: Action, action: Action, time: str
) -> None:
    walked = a_request(at)
    without_mobile(walked)
    if time == "on the list":
        deliver(officer.application, officer.application.clock())
    before = [call.about.action for call in officer.look_up(walked.code, PIN).news]
    assert (asks in before) is (time == "on the list")
    command = CallersAnswer(code=walked.code, action=action.value, note=SAID)
    kinds = [one.about.action for one in officer.does(answer_for_caller, command).news]
    assert kinds == [one for one in before if one is not asks]
    deliver(officer.application, officer.application.clock())
    assert asks not in [call.about.action for call in officer.look_up(walked.code, PIN).news]
    page = officer.does(calls, Nothing())
    assert asks not in [one.about.action for one in page.waiting if one.code == walked.code]


def test_she_is_asked_whether_she_comes_also_where_somebody_withdrew_in_her_name(
    officer: Officer, a_request: Walk
) -> None:
    walked = a_request(Stage.WAITING)
    without_mobile(walked)
    monday = first_monday(walked.request.filed_at, DEFAULT_RULES)
    walked.line.until(monday - timedelta(days=5), "20:00")
    deliver(officer.application, officer.application.clock())
    walked.citizen(Action.WITHDRAW)
    assert Action.UNDO in officer.look_up(walked.code, PIN).answers
    page = officer.answers(walked.code, Action.UNDO.value)
    assert page.stages is not None
    assert page.stages.stage is Stage.INVITED
    assert Action.SEAT in [call.about.action for call in page.news]


@pytest.mark.parametrize("action", [Action.CONFIRM, Action.GIVE_UP_SEAT])
def test_nor_is_she_asked_once_more_whether_she_comes(
    officer: Officer, a_request: Walk, action: Action
) -> None:
    walked = a_request(Stage.WAITING)
    without_mobile(walked)
    monday = first_monday(walked.request.filed_at, DEFAULT_RULES)
    walked.line.until(monday - timedelta(days=5), "20:00")
    deliver(officer.application, officer.application.clock())
    before = [call.about.action for call in officer.look_up(walked.code, PIN).news]
    assert Action.SEAT in before
    kinds = [call.about.action for call in officer.answers(walked.code, action.value).news]
    assert kinds == [one for one in before if one is not Action.SEAT]


# Her pass, with her card in the desk's hand.


@pytest.mark.parametrize("username", ["desk", "desk4"])
def test_any_desk_prints_her_pass(city: City, a_request: Walk, username: str) -> None:
    walked, desk = a_request(Stage.CONFIRMED), Officer(city, username)
    without_mobile(walked)
    shown, refused = desk.does(see_card, ShownCard(code=walked.code, identity=walked.who.identity))
    assert not refused
    assert (shown.code, shown.name) == (walked.code, walked.who.name)
    assert walked.who.identity not in shown.identity
    keys = desk.keys
    assert city.application.query_now(seat_pass, keys, OneCase(code=walked.code)) == shown
    assert city.as_(username).account_id in walked.request.name_seen_by
    (opening,) = city.application.query_as(as_her(walked), openings, OneCase(code=walked.code))
    assert opening.role is Role.DESK


def as_her(walked: WalkedCase) -> Actor:
    return Actor(person_id=walked.request.person_id, grants=(Grant(Role.CITIZEN),))


def test_a_pass_needs_the_card_each_time(city: City, a_request: Walk, clock: FixedClock) -> None:
    walked, desk = a_request(Stage.CONFIRMED), Officer(city, "desk")
    command = OneCase(code=walked.code)

    def prints(who: Officer) -> str:
        return refusal(lambda: city.application.query_now(seat_pass, who.keys, command)).key

    assert prints(desk) == "not_found"
    desk.does(see_card, ShownCard(code=walked.code, identity=walked.who.identity))
    others = (Officer(city, "second_desk"), Officer(city, "desk", "another browser"))
    assert {prints(other) for other in others} == {"not_found"}
    clock.forward(minutes=15)
    assert prints(desk) == "not_found"


def test_a_wrong_card_an_unknown_code_and_no_seat(city: City, a_request: Walk) -> None:
    walked, desk = a_request(Stage.WAITING), Officer(city, "desk")

    def refusal_of(code: str, identity: str) -> str:
        shown, refused = desk.does(see_card, ShownCard(code=code, identity=identity))
        assert shown is None
        return str(refused)

    assert refusal_of(walked.code, walked.who.identity) == "no_pass_yet"
    assert city.as_("desk").account_id in walked.request.name_seen_by, "he screens it no more"
    assert refusal_of(walked.code, someone(77).identity) == "card_not_hers"
    assert refusal_of("0506000000", walked.who.identity) == "card_not_hers"
    for _ in range(RULES[Limit.READ_OUT_WRONG].most):
        refusal_of("x" * 5000, "y" * 5000)
    assert refusal_of(walked.code, walked.who.identity) == "read_out_wrong_full"


# From a desk's counter to the mayor's door.


def test_the_whole_way_of_a_woman_without_a_mobile(city: City) -> None:
    """Filed with her card, notified by telephone, answer entered, pass printed, received."""
    who, desk, phone = someone(801), Officer(city, "desk"), Officer(city)
    form = {**a_form(who).model_dump(exclude={"person"}), "way": "card", "needs": ("step_free",)}
    made = desk.does(file_for_caller, FileForCaller.model_validate(form))
    walked = WalkedCase(city, who, Keys(), made.code)
    walked.official("second_desk", Action.ACCEPT)
    monday = first_monday(walked.request.filed_at, DEFAULT_RULES)
    walked.line.until(monday - timedelta(days=5), "20:00")
    deliver(city.application, city.application.clock())
    page = phone.look_up(made.code, made.pin)
    assert page.stages is not None
    assert page.stages.stage is Stage.INVITED
    assert {one.has_number for one in page.news} == {False}
    for call in page.news:
        phone.does(mark_heard, OneCall(notice=call.id))
    phone.answers(made.code, Action.CONFIRM.value)
    shown, refused = desk.does(see_card, ShownCard(code=made.code, identity=who.identity))
    assert not refused
    walked.line.until(shown.monday, shown.time)
    walked.official("reception", Action.ARRIVE, identity=who.identity)
    assert walked.request.stage is Stage.ARRIVED
