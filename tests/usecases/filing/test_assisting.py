"""An officer files in a citizen's name: by a code she reads out, by her PIN, with her card."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from support.citizens import Someone, citizen, code_on, file, own_visit, someone
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.together import refusal, together
from support.triggers import change_past_the_program

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied, FormError
from publicmeeting.domain.people import PERSONS_OF_A_MOBILE, Door
from publicmeeting.domain.records import PictureKind as K
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.accounts.signing_in import sign_in
from publicmeeting.usecases.accounts.signing_in.read_out_codes import Purpose, check_read_out
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.assisting import (
    AskCallersCode,
    AssistedFiling,
    FileForCaller,
    PicturesOfCall,
    Way,
    drop_pictures,
    file_for_caller,
    send_callers_code,
)
from publicmeeting.usecases.filing.pictures import KeepPhoto, keep_photo
from publicmeeting.usecases.filing.receipts import receipt
from publicmeeting.usecases.filing.submitting import AGAIN
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.rate_limits import RULES, Limit


@dataclass(frozen=True, slots=True)
class Caller:
    """A citizen on the telephone, and the officer who serves her."""

    city: City
    who: Someone
    username: str
    visit: str = "a browser"

    @property
    def application(self) -> Application:
        return self.city.application

    @property
    def officer(self) -> Actor:
        return self.city.as_(self.username)

    @property
    def keys(self) -> Keys:
        """Cookies of the officer, of a session that has just begun."""
        with self.application.store.unit_of_work(self.application.clock()) as uow:
            account = uow.accounts.by_username(self.username)
            assert account is not None
            return Keys(uow.sessions.open_for_account(account, Door.PASSWORD), self.visit)

    @property
    def mobile(self) -> str:
        return "+98" + self.who.mobile[1:]

    def form(self, **other: object) -> dict[str, object]:
        return {
            "district": "۶",
            "subject": "street",
            "title": "پیاده‌روی شکسته",
            "text": "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد.",
            "identity": self.who.identity,
            "name": self.who.name,
            "mobile": self.who.mobile,
            **other,
        }

    def asks(self, **other: object) -> str:
        command = AskCallersCode.model_validate(self.form(**other))
        return self.application.execute_now(send_callers_code, self.keys, command)

    def reads(self) -> str:
        """The code in the newest message on her phone."""
        return code_on(self.application, self.mobile)

    def files(self, code: str = "", **other: object) -> AssistedFiling:
        command = FileForCaller.model_validate(self.form(code=code, **other))
        return self.application.execute_now(file_for_caller, self.keys, command)

    def filed(self, **other: object) -> str:
        self.asks(**other)
        made = self.files(self.reads(), **other)
        assert not made.refused
        return made.code

    def at(self, username: str) -> "Caller":
        return replace(self, username=username)


@pytest.fixture
def caller(city: City) -> Caller:
    return Caller(city, someone(1), "phone")


def found(caller: Caller, code: str) -> Any:
    application = caller.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.requests.find(code)


# Served like any citizen.


@pytest.mark.on_postgresql
def test_137_files_with_the_code_she_reads_out(caller: Caller, clock: FixedClock) -> None:
    assert caller.asks() == caller.mobile
    made = caller.files(caller.reads())
    request = found(caller, made.code)
    assert (request.stage, request.district) == (Stage.SUBMITTED, 6)
    assert request.filed_by == caller.officer.account_id
    first = request.history[0]
    assert (first.role, first.account_id) == (Role.PHONE, caller.officer.account_id)
    assert (made.name, made.pin) == (caller.who.name, "")
    assert caller.who.identity not in made.identity
    with caller.application.store.unit_of_work(clock(), reading=True) as uow:
        entry = uow.log.after(0)[-1]
        person = uow.people.get(request.person_id)
    body = {"ticket": request.ticket, "district": 6, "by": "phone", "level": "typed"}
    assert (entry.kind, entry.body) == (Kind.FILED, {**body, "prefers": "any"})
    assert (person.mobile, person.name) == (caller.mobile, caller.who.name)


def test_it_says_that_it_was_assisted_to_her_and_on_the_receipt(caller: Caller) -> None:
    code = caller.filed()
    keys = citizen(caller.application, caller.who.mobile)
    shown = caller.application.query_now(receipt, keys, OneCase(code=code))
    assert shown.assisted is Role.PHONE
    his = caller.application.query_as(caller.officer, receipt, OneCase(code=code))
    assert (his.code, his.assisted) == (code, Role.PHONE)
    elsewhere = caller.city.as_("desk")
    word = refusal(lambda: caller.application.query_as(elsewhere, receipt, OneCase(code=code)))
    assert word.key == "not_found"


def test_she_finds_it_when_she_signs_in_herself(caller: Caller) -> None:
    code = caller.filed()
    keys = citizen(caller.application, caller.who.mobile)
    word = refusal(lambda: file(caller.application, caller.who, keys, title="چراغ خاموش"))
    assert (word.key, word.facts["code"]) == ("one_live_request", code)


@pytest.mark.parametrize("username", ["desk", "desk4"])
def test_a_desk_files_for_any_district(caller: Caller, username: str) -> None:
    desk = caller.at(username)
    assert found(caller, desk.filed()).history[0].role is Role.DESK


def test_who_filed_it_never_screens_it(caller: Caller) -> None:
    desk = caller.at("desk")
    code = desk.filed()
    nobody = "UPDATE request SET filed_by = NULL WHERE code = :code"  # as the database owner can
    change_past_the_program(caller.application.store.engine, nobody, code=code)
    for action in (Action.ACCEPT, Action.DECLINE, Action.ASK_INFO, Action.REDIRECT, Action.ANSWER):
        step = TakeStep(code=code, action=action.value, note="نوشته", reason="other_body")
        word = refusal(
            lambda step=step: caller.application.execute_as(desk.officer, take_step, step)
        )
        assert word.key == "name_seen", action
    colleague = caller.city.as_("second_desk")
    accept = TakeStep(code=code, action=Action.ACCEPT.value)
    assert caller.application.execute_as(colleague, take_step, accept).stage is Stage.WAITING


def test_who_filed_it_never_judges_its_lane(caller: Caller, clock: FixedClock) -> None:
    desk = caller.at("desk")
    request = found(caller, desk.filed())
    with caller.application.store.unit_of_work(clock(), reading=True) as uow:
        judges = {officer.account_id for officer in uow.lanes.officers(request)}
    assert judges
    assert desk.officer.account_id not in judges


# Errors are reported before an SMS is sent to her.


def test_no_message_is_sent_before_the_form_is_complete(caller: Caller) -> None:
    with pytest.raises(FormError) as refused:
        caller.asks(
            district="23", subject="", title="چا", text="", identity="1", name="م", mobile="12"
        )
    assert {error.field for error in refused.value.errors} == {
        "district",
        "subject",
        "title",
        "text",
        "identity",
        "name",
        "mobile",
    }
    assert caller.application.phone.texts(caller.mobile) == []


@in_one_city(
    "other",
    [
        {"way": "magic"},
        {"way": "card"},
        {"kind": "passport"},
        {"kind": "cat"},
        {"needs": ("a throne",)},
        {"prefers": "first"},
    ],
)
def test_what_no_page_sends_is_refused(caller: Caller, other: dict[str, object]) -> None:
    for does in (caller.asks, caller.files):
        assert refusal(lambda does=does: does(**other)).key == "form_broken"


@pytest.mark.parametrize(
    "username", ["mayor", "technical", "overseer", "administrator", "reception"]
)
def test_nobody_else_files_for_a_citizen(caller: Caller, username: str) -> None:
    other = caller.at(username)
    assert refusal(other.asks).key == "not_your_role"
    assert refusal(other.files).key == "not_your_role"


def test_a_citizen_does_not_file_as_an_officer(caller: Caller) -> None:
    keys = citizen(caller.application, caller.who.mobile)
    command = FileForCaller.model_validate(caller.form(code="123456"))
    for who in (keys, Keys(visit=keys.visit), Keys()):
        word = refusal(
            lambda who=who: caller.application.execute_now(file_for_caller, who, command)
        )
        assert word.key in {"not_your_role", "session_ended"}


def test_one_live_request_also_by_telephone(caller: Caller) -> None:
    code = file(caller.application, caller.who).code
    caller.asks()
    word = refusal(lambda: caller.files(caller.reads()))
    assert (word.key, word.facts["code"]) == ("one_live_request", code)


def test_a_mobile_serves_three_persons_also_by_telephone(caller: Caller) -> None:
    for number in range(PERSONS_OF_A_MOBILE):
        other = someone(50 + number)
        caller.application.clock.forward(minutes=2)
        caller.filed(identity=other.identity)
    caller.application.clock.forward(minutes=2)
    caller.asks(identity=someone(60).identity)
    word = refusal(lambda: caller.files(caller.reads(), identity=someone(60).identity))
    assert word.key == "mobile_full"


def test_an_identity_of_another_mobile_is_refused_and_counted(caller: Caller) -> None:
    hers = someone(2)
    file(caller.application, hers)
    for at in range(RULES[Limit.IDENTITY_REFUSED].most + 1):
        caller.application.clock.forward(minutes=2)
        caller.asks(identity=hers.identity)
        word = refusal(lambda: caller.files(caller.reads(), identity=hers.identity))
        is_last = at == RULES[Limit.IDENTITY_REFUSED].most
        assert word.key == ("identity_not_now" if is_last else "identity_not_with_mobile")


# The code.


def test_a_refusal_after_a_right_code_leaves_it_good(caller: Caller) -> None:
    caller.asks()
    code = caller.reads()
    with pytest.raises(FormError):
        caller.files(code, title="چا")
    assert caller.files(code).code


def test_the_same_button_pressed_twice_gives_the_same_receipt(
    caller: Caller, clock: FixedClock
) -> None:
    caller.asks()
    code = caller.reads()
    first = caller.files(code)
    assert caller.files(code).code == first.code
    clock.forward(seconds=AGAIN.total_seconds() + 1)
    assert caller.files(code).refused == "read_out_expired"


@pytest.mark.on_postgresql
def test_two_presses_at_the_same_instant_file_once(caller: Caller) -> None:
    caller.asks()
    code = caller.reads()
    done, refused = together(*[lambda: caller.files(code)] * 2)
    assert not refused
    assert len({one.code for one in done if isinstance(one, AssistedFiling) and one.code}) == 1
    assert len({one.refused for one in done if isinstance(one, AssistedFiling)}) == 1


def test_her_code_opens_no_session(caller: Caller) -> None:
    """Neither in her own browser nor in the officer's."""
    caller.asks()
    code = caller.reads()
    application = caller.application
    for visit in (own_visit(application, "hers"), "a browser"):
        command = sign_in.ConfirmCode(mobile=caller.who.mobile, code=code)
        session, word = application.execute_now(sign_in.confirm_code, Keys(visit=visit), command)
        assert (session, word) == ("", "code_expired")
    assert caller.files(code).code


def test_a_code_for_signing_in_files_nothing(caller: Caller) -> None:
    """A citizen who is persuaded to read out her sign-in code gives nothing away."""
    application = caller.application
    visitor = Keys(visit=own_visit(application, "hers"))
    ask = sign_in.AskCode(mobile=caller.who.mobile, host="localhost")
    application.execute_now(sign_in.ask_code, visitor, ask)
    assert caller.files(code_on(application, caller.mobile)).refused == "read_out_expired"


def test_the_two_messages_say_the_contrary(caller: Caller) -> None:
    caller.asks()
    assert "فقط برای همین کارشناس ۱۳۷ بخوانید" in caller.application.phone.texts(caller.mobile)[-1]
    visitor = Keys(visit=own_visit(caller.application, "hers"))
    ask = sign_in.AskCode(mobile=caller.who.mobile, host="localhost")
    caller.application.execute_now(sign_in.ask_code, visitor, ask)
    assert "به کسی نگویید" in caller.application.phone.texts(caller.mobile)[-1]


def test_it_serves_no_other_officer_browser_or_purpose(caller: Caller, clock: FixedClock) -> None:
    caller.asks()
    code = caller.reads()
    other_browser = replace(caller, visit="another browser")
    other_officer = caller.at("desk")
    for other in (other_browser, other_officer):
        assert other.files(code).refused == "read_out_expired"
    with caller.application.store.unit_of_work(clock()) as uow:
        officer = uow.sessions.actor(caller.keys)
        word = check_read_out(uow, officer, Purpose.TRACK, caller.mobile, code)
    assert word == "read_out_expired"
    assert caller.files(code).code


def test_it_serves_no_other_mobile(caller: Caller) -> None:
    caller.asks()
    assert caller.files(caller.reads(), mobile=someone(9).mobile).refused == "read_out_expired"


def test_five_minutes_to_read_it_out(caller: Caller, clock: FixedClock) -> None:
    caller.asks()
    code = caller.reads()
    clock.forward(seconds=5 * 60 - 1)
    assert caller.files(code).code
    other = replace(caller, who=someone(3))
    other.asks()
    late = other.reads()
    clock.forward(minutes=5)
    assert other.files(late).refused == "read_out_expired"


def test_five_wrong_codes_end_it(caller: Caller) -> None:
    caller.asks()
    right = caller.reads()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    words = [caller.files(wrong).refused for _ in range(5)]
    assert words == ["read_out_wrong"] * 4 + ["code_tries"]
    assert caller.files(right).refused == "code_tries"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "۱۲۳"])
def test_what_can_be_no_code_costs_no_try(caller: Caller, code: str) -> None:
    caller.asks()
    assert {caller.files(code).refused for _ in range(9)} == {"code_short"}
    assert caller.files(caller.reads()).code


def test_persian_digits_everywhere(caller: Caller) -> None:
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    other = {
        "mobile": caller.who.mobile.translate(persian),
        "identity": caller.who.identity.translate(persian),
    }
    caller.asks(**other)
    assert caller.files(caller.reads().translate(persian), **other).code


# An officer with a list of mobiles.


def test_a_minute_between_two_codes_for_one_mobile(caller: Caller, clock: FixedClock) -> None:
    caller.asks()
    assert refusal(caller.asks).key == "read_out_again"
    clock.forward(minutes=1)
    caller.asks()


def test_he_is_no_cannon(caller: Caller) -> None:
    most = RULES[Limit.READ_OUT_UNREAD].most
    for number in range(most):
        replace(caller, who=someone(100 + number)).asks()
    word = refusal(replace(caller, who=someone(200)).asks)
    assert (word.key, word.facts["minutes"]) == ("read_out_unread", 60)
    assert caller.application.phone.texts("+98" + someone(200).mobile[1:]) == []
    # A colleague works on.
    assert caller.at("desk").filed()


def test_whoever_serves_callers_meets_no_limit(caller: Caller) -> None:
    for number in range(2 * RULES[Limit.READ_OUT_UNREAD].most):
        assert replace(caller, who=someone(100 + number)).filed()


def test_many_officers_do_not_flood_one_mobile(caller: Caller, clock: FixedClock) -> None:
    for _ in range(RULES[Limit.READ_OUT_MOBILE].most):
        caller.asks()
        clock.forward(minutes=2)
    other = caller.at("desk")
    assert refusal(other.asks).key == "read_out_mobile_full"
    # She can still sign in herself.
    assert citizen(caller.application, caller.who.mobile).session


def test_he_learns_nothing_of_a_mobile_or_an_identity(caller: Caller) -> None:
    """Until a code is right, every answer is the same."""
    known, unknown = someone(2), someone(4)
    file(caller.application, known)
    answers = []
    for who in (known, unknown):
        one = replace(caller, who=who)
        answers.append((one.asks() == one.mobile, one.files("000000").refused))
    assert answers[0] == answers[1]


def test_his_wrong_codes_do_not_close_her_door(caller: Caller, clock: FixedClock) -> None:
    for _ in range(4):
        caller.asks()
        for _ in range(5):
            caller.files("000000")
        clock.forward(minutes=2)
    assert caller.files("000000").refused == "read_out_wrong_full"
    assert citizen(caller.application, caller.who.mobile).session


def test_a_code_that_never_left_counts_for_nothing(caller: Caller) -> None:
    class Dead:
        def send(self, mobile: str, text: str, message_id: str) -> None:
            raise ConnectionError

    phone, caller.application.phone = caller.application.phone, Dead()
    for _ in range(RULES[Limit.READ_OUT_MOBILE].most + 2):
        assert refusal(caller.asks).key == "code_not_sent"
    caller.application.phone = phone
    assert caller.filed()


# Without a mobile.


@pytest.fixture
def desk(caller: Caller) -> Caller:
    return caller.at("desk")


CARD: dict[str, object] = {"way": Way.CARD.value, "mobile": ""}
PIN: dict[str, object] = {"way": Way.PIN.value, "mobile": "", "name": ""}


@pytest.mark.on_postgresql
def test_a_desk_files_with_her_card_and_prints_a_pin(desk: Caller, clock: FixedClock) -> None:
    made = desk.files(**CARD)
    request = found(desk, made.code)
    assert re.fullmatch("[0-9]{6}", made.pin)
    with desk.application.store.unit_of_work(clock(), reading=True) as uow:
        person = uow.people.get(request.person_id)
        assert uow.people.is_right_answer(person.id, made.pin)
        assert not uow.people.is_right_answer(person.id, "000000" if made.pin != "000000" else "1")
    assert person.mobile is None


def test_a_passport_is_filed_for_where_somebody_has_seen_it(desk: Caller) -> None:
    assert desk.files(**CARD, kind="passport", identity="K1234567").code


def test_the_telephone_has_seen_no_card(caller: Caller) -> None:
    assert refusal(lambda: caller.files(**CARD)).key == "form_broken"


def test_pressed_twice_the_receipt_says_its_pin_once(desk: Caller) -> None:
    first = desk.files(**CARD)
    second = desk.files(**CARD)
    assert (second.code, second.pin) == (first.code, "")


def test_by_her_pin_she_files_the_next_one_by_telephone(desk: Caller, caller: Caller) -> None:
    made = desk.files(**CARD)
    withdraw(desk, made.code)
    again = caller.files(made.pin, **PIN)
    assert found(caller, again.code).history[0].role is Role.PHONE
    assert again.pin == ""


def withdraw(desk: Caller, code: str) -> None:
    person = found(desk, code).person_id
    hers = Actor(person_id=person, grants=(Grant(Role.CITIZEN),))
    step = TakeStep(code=code, action=Action.WITHDRAW.value)
    desk.application.execute_as(hers, take_step, step)


def test_a_wrong_pin_and_an_unknown_identity_are_the_same(desk: Caller, caller: Caller) -> None:
    desk.files(**CARD)
    unknown = someone(7)
    assert caller.files("000000", **PIN).refused == "pin_wrong"
    assert caller.files("000000", **PIN, identity=unknown.identity).refused == "pin_wrong"


def test_a_pin_of_somebody_with_a_mobile_is_none(caller: Caller) -> None:
    file(caller.application, caller.who)
    for typed in (caller.who.mobile[-6:], "000000"):
        assert caller.files(typed, **PIN).refused == "pin_wrong"


def test_a_pin_is_not_guessed_by_many_officers(desk: Caller, caller: Caller) -> None:
    pin = desk.files(**CARD).pin
    wrong = f"{(int(pin) + 1) % 10**6:06d}"
    for _ in range(RULES[Limit.READ_OUT_PIN].most):
        assert caller.files(wrong, **PIN).refused == "pin_wrong"
    assert desk.files(wrong, **PIN, title="چراغ خاموش").refused == "read_out_pin_full"
    assert caller.files(pin, **PIN).refused == "read_out_pin_full"


def test_a_desk_makes_not_any_number_of_citizens_up(desk: Caller) -> None:
    most = RULES[Limit.CARDS].most
    for number in range(most):
        assert desk.files(**CARD, identity=someone(300 + number).identity).code
    word = refusal(lambda: desk.files(**CARD, identity=someone(400).identity))
    assert word.key == "cards_full"


def test_a_foreign_request_under_her_code_is_cleared_up_first(desk: Caller) -> None:
    file(desk.application, replace(desk.who, mobile=someone(8).mobile))
    assert refusal(lambda: desk.files(**CARD)).key == "person_at_desk"


def a_picture(caller: Caller, keys: Keys, number: int = 1, kind: K = K.CALLER) -> str:
    """Add a picture of this call, waiting with the officer."""
    name = f"{number:064x}"
    photo = KeepPhoto(kind=kind, web=name, thumb=name, original=name, width=1, height=1)
    return caller.application.execute_now(keep_photo, keys, photo).id


def pictures(caller: Caller, code: str) -> list[tuple[str, str]]:
    request = found(caller, code)
    with caller.application.store.unit_of_work(caller.application.clock()) as uow:
        return [(image.id, image.kind) for image in uow.images.of_request(request.id)]


@pytest.mark.parametrize("username", ["desk", "phone"])
def test_what_she_shows_is_filed_with_her_request(caller: Caller, username: str) -> None:
    officer = caller.at(username)
    ids = [a_picture(officer, officer.keys, number) for number in (1, 2)]
    officer.asks()
    made = officer.files(officer.reads(), photos=(*ids, ids[0]))
    assert sorted(pictures(caller, made.code)) == sorted((id_, "photo") for id_ in ids)
    # Pressed again, it returns the same request and needs no picture.
    assert officer.files(officer.reads(), photos=tuple(ids)).code == made.code


def test_a_picture_of_somebody_else_goes_into_no_request(caller: Caller) -> None:
    mine = a_picture(caller, caller.keys, 1)
    other = a_picture(caller.at("desk"), caller.at("desk").keys, 2)
    draft = a_picture(caller, Keys(visit=own_visit(caller.application, "hers")), 3, K.DRAFT)
    own_draft = a_picture(caller, caller.keys, 4, K.DRAFT)
    caller.asks()
    code = caller.reads()
    for ids in ((other,), (mine, draft), (own_draft,), ("no such picture",)):
        assert refusal(lambda ids=ids: caller.files(code, photos=ids)).key == "image_not_yours"
    assert refusal(lambda: caller.files(code, photos=tuple("1234"))).key == "photos_too_many"
    made = caller.files(code, photos=(mine,))
    assert pictures(caller, made.code) == [(mine, "photo")]


def test_a_call_that_ends_without_a_request_leaves_no_picture(caller: Caller) -> None:
    desk = caller.at("desk")
    mine, others = a_picture(caller, caller.keys, 1), a_picture(desk, desk.keys, 2)
    command = PicturesOfCall(photos=(mine, mine, others, "no such picture"))
    caller.application.execute_now(drop_pictures, caller.keys, command)
    with caller.application.store.unit_of_work(caller.application.clock()) as uow:
        assert uow.images.loose(caller.officer, K.CALLER) == []
        assert [image.id for image in uow.images.loose(desk.officer, K.CALLER)] == [others]


def test_form_errors_are_no_denials() -> None:
    assert not issubclass(FormError, Denied)
