"""A citizen corrects her name and her mobile, within limits; nobody else can."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from support.citizens import citizen, code_on, file, own_visit, someone
from support.city import City
from support.clock import FixedClock
from support.plans import asked
from support.together import refusal
from support.triggers import change_past_the_program
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.people import Door, Level, parse_mobile
from publicmeeting.domain.records import Person, Request
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.accounts.people import People
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.people import SecurityEventRow
from publicmeeting.text.notices.sms_text import MOBILE_CHANGED, SMS_MOST, sms_length
from publicmeeting.usecases.accounts.person.correcting import (
    AskMobileChange,
    Changing,
    ConfirmMobileChange,
    CorrectName,
    ask_mobile_change,
    changing_mobile,
    confirm_mobile_change,
    correct_name,
)
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing, OneCase
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.oversight.books import CHECKS, Checkup, examine
from publicmeeting.usecases.oversight.rows import reached_as_set
from publicmeeting.usecases.screening.inbox import case_page, open_case
from publicmeeting.usecases.tracking.my_page import my_page

HER = someone(1)
NEW, NEW_E164 = "0935 000 00 07", "+989350000007"
NAME = "مریم احمدی‌نژاد"
NAME_OF_CHECK = next(name for name, check in CHECKS.items() if check is reached_as_set)


@pytest.fixture
def keys(application: Application, city: City) -> Keys:
    """Cookies of a citizen who has filed."""
    found = citizen(application, HER.mobile)
    file(application, HER, found)
    return found


def her(application: Application, keys: Keys) -> Person:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.people.get(uow.sessions.actor(keys).person_id or "")


def prove(application: Application, keys: Keys, level: Level) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.prove(uow.sessions.actor(keys).person_id or "", level, "matching")


def rename(application: Application, keys: Keys, name: str = NAME) -> None:
    application.execute_now(correct_name, keys, CorrectName(name=name))


def request_of(application: Application, keys: Keys) -> Request:
    page = application.query_now(my_page, keys, Nothing())
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.requests.by_id(page.requests[0].line.id)


def test_a_corrected_name_is_an_event_that_officials_of_the_case_see(
    application: Application, keys: Keys, city: City
) -> None:
    rename(application, keys)
    assert her(application, keys).name == NAME
    request = request_of(application, keys)
    assert request.stage is Stage.SUBMITTED
    assert request.history[-1].action is Action.CORRECT_NAME
    assert request.history[-1].note is None, "the audit holds no name"
    desk, command = city.as_("desk"), OneCase(code=request.code)
    application.execute_as(desk, open_case, command)
    seen = application.query_as(desk, case_page, command)
    assert Action.CORRECT_NAME in {mark.action for mark in seen.marks}
    rename(application, keys, f" {NAME} ")
    assert request_of(application, keys).count(Action.CORRECT_NAME) == 1, "the same again"


def test_a_name_changes_after_a_seat_that_was_left_unanswered(
    application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    unanswered = a_request(at=Stage.INVITED)
    seat = unanswered.request.seat
    assert seat is not None
    unanswered.line.until(seat.monday - timedelta(days=1), "23:00")
    assert unanswered.request.stage is Stage.WAITING
    rename(application, unanswered.keys)


def test_a_name_changes_after_a_monday_on_which_nobody_called_her(
    application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    uncalled = a_request(at=Stage.CONFIRMED)
    assert uncalled.request.seat is not None
    uncalled.line.until(uncalled.request.seat.monday, "23:00")
    assert uncalled.request.stage is Stage.WAITING
    rename(application, uncalled.keys)


def test_a_name_that_was_proved_is_corrected_by_a_card_alone(
    application: Application, keys: Keys
) -> None:
    prove(application, keys, Level.VERIFIED)
    assert refusal(lambda: rename(application, keys)).key == "name_is_proved"
    assert her(application, keys).name == HER.name


@pytest.mark.parametrize("stage", [Stage.INVITED, Stage.CONFIRMED, Stage.ARRIVED])
def test_no_name_changes_beside_a_seat(
    application: Application, a_request: Callable[..., WalkedCase], stage: Stage
) -> None:
    walked = a_request(at=stage)
    assert refusal(lambda: rename(application, walked.keys)).key == "name_seat_held"


def test_no_name_changes_while_a_seat_may_come_back(
    application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    given_up = a_request(at=Stage.CONFIRMED)
    seat = given_up.request.seat
    assert seat is not None
    given_up.citizen(Action.GIVE_UP_SEAT)
    assert refusal(lambda: rename(application, given_up.keys)).key == "name_seat_back"
    command = OneCase(code=given_up.code)
    application.execute_now(take_seat_back, given_up.keys, command)
    assert given_up.request.stage is Stage.CONFIRMED
    given_up.citizen(Action.WITHDRAW)
    assert refusal(lambda: rename(application, given_up.keys)).key == "name_seat_back"
    given_up.line.until(seat.monday + timedelta(days=1))
    rename(application, given_up.keys)


def test_a_name_changes_after_a_meeting(
    application: Application, a_request: Callable[..., WalkedCase]
) -> None:
    after = a_request(at=Stage.FOLLOW_UP)
    rename(application, after.keys)
    assert after.request.history[-1].action is Action.CORRECT_NAME


def test_names_are_checked_and_counted(application: Application, keys: Keys, city: City) -> None:
    for wrong, key in (("", "name_missing"), ("م", "name_short"), ("مریم ۱", "name_digits")):
        assert refusal(lambda w=wrong: rename(application, keys, w)).key == key
    rename(application, keys, "مریم یکم")
    rename(application, keys, "مریم دوم")
    assert refusal(lambda: rename(application, keys, "مریم سوم")).key == "name_too_often"
    nobody = Keys(visit=keys.visit)
    assert refusal(lambda: rename(application, nobody)).key == "session_ended"
    official = CorrectName(name=NAME)
    desk = city.as_("desk")
    assert refusal(lambda: application.execute_as(desk, correct_name, official)).key


def asks(application: Application, keys: Keys, mobile: str = NEW, digits: str = "") -> str:
    command = AskMobileChange(mobile=mobile, digits=digits or HER.identity[-4:], host="localhost")
    sealed, why = application.execute_now(ask_mobile_change, keys, command)
    assert not why
    return sealed


def confirms(application: Application, keys: Keys, sealed: str, code: str) -> str:
    command = ConfirmMobileChange(sealed=sealed, code=code)
    return application.execute_now(confirm_mobile_change, keys, command)


@pytest.mark.on_postgresql
def test_the_new_mobile_takes_over_and_the_old_one_is_told_and_signed_out(
    application: Application, keys: Keys
) -> None:
    prove(application, keys, Level.MATCHED)
    old = parse_mobile(HER.mobile)
    elsewhere = citizen(application, HER.mobile, visit=own_visit(application, "elsewhere"))
    with application.store.unit_of_work(application.clock()) as uow:
        sister = uow.people.add("national", someone(2).identity, "زهرا احمدی", old)
        sisters = uow.sessions.open_proved(None, sister.id, old, Door.CODE)
    sealed = asks(application, keys)
    waiting = application.query_now(changing_mobile, keys, Changing(sealed=sealed))
    assert waiting == NEW_E164
    assert confirms(application, keys, sealed, "000000") == "code_wrong"
    assert confirms(application, keys, sealed, code_on(application, NEW_E164)) == ""
    person = her(application, keys)
    assert (person.mobile, person.level) == (NEW_E164, Level.TYPED)
    assert application.phone.texts(old)[-1] == MOBILE_CHANGED
    assert not application.query_now(viewer, elsewhere, Nothing()).has_mobile
    page = application.query_now(my_page, keys, Nothing())
    assert page.requests
    assert page.mobile.endswith("۰۷")
    # A second press, or a second tab, does nothing again.
    sent = len(application.phone.texts(old))
    assert confirms(application, keys, sealed, "000000") == ""
    assert her(application, keys).mobile == NEW_E164
    assert len(application.phone.texts(old)) == sent
    again = citizen(application, NEW)
    assert application.query_now(my_page, again, Nothing()).requests
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        kinds = set(uow.session.exec(select(SecurityEventRow.kind)))
        other = uow.sessions.actor(Keys(sisters))
    assert SecurityKind.MOBILE_CHANGED in kinds
    assert other.person_id == sister.id, "the old mobile is still her sister's"


@pytest.mark.on_postgresql
def test_a_name_is_not_changed_while_a_card_proves_another(
    application: Application, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, locked = her(application, keys), People.lock

    def proved_by_a_desk() -> None:
        with application.store.unit_of_work(application.clock()) as uow:
            locked(uow.people, person.id)
            uow.people.prove(person.id, Level.VERIFIED, "desk:1")

    def lock(people: People, *who: str) -> None:
        monkeypatch.setattr(People, "lock", locked)
        proved_by_a_desk()
        locked(people, *who)

    if application.store.has_clock:
        monkeypatch.setattr(People, "lock", lock)
    else:  # SQLite lets only one of the two write
        proved_by_a_desk()
    assert refusal(lambda: rename(application, keys)).key == "name_is_proved"
    assert her(application, keys).name == person.name


@pytest.mark.on_postgresql
def test_it_is_not_changed_by_whoever_confirms_while_a_desk_sets_another(
    application: Application, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her telephone was stolen, and the thief is signed in with it while she stands at the desk."""
    sealed, person = asks(application, keys), her(application, keys)
    desks, locked = "+989350000055", People.lock

    def set_by_a_desk() -> None:
        with application.store.unit_of_work(application.clock()) as uow:
            locked(uow.people, person.id)
            uow.people.set_mobile(person.id, desks)

    def lock(people: People, *who: str) -> None:
        if who == (person.id,):
            set_by_a_desk()
        locked(people, *who)

    if application.store.has_clock:
        monkeypatch.setattr(People, "lock", lock)
    else:  # SQLite lets only one of the two write
        set_by_a_desk()
    assert confirms(application, keys, sealed, code_on(application, NEW_E164)) == "change_expired"
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert uow.people.get(person.id).mobile == desks


@pytest.mark.on_postgresql
def test_an_earlier_mobile_that_is_put_back_opens_nothing_and_is_named(
    application: Application, keys: Keys, city: City
) -> None:
    """Whoever has bought the number since would have her requests with his first code."""
    engine, columns = application.store.engine, "mobile, mobile_hash"
    with engine.connect() as connection:
        (before,) = connection.execute(text(f"SELECT id, {columns} FROM person")).all()
    sealed = asks(application, keys)
    assert confirms(application, keys, sealed, code_on(application, NEW_E164)) == ""
    checks = Checkup(checks=(NAME_OF_CHECK,))
    administrator = city.as_("administrator")
    (found,) = application.query_as(administrator, examine, checks)
    assert found.findings == ()
    put_back = "UPDATE person SET mobile = :mobile, mobile_hash = :mark WHERE id = :person"
    change_past_the_program(
        engine, put_back, person=before.id, mobile=before.mobile, mark=before.mobile_hash
    )
    buyer = citizen(application, HER.mobile, visit=own_visit(application, "buyer"))
    assert application.query_now(my_page, buyer, Nothing()).requests == ()
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert not uow.people.is_right_answer(before.id, HER.mobile[-4:]), "nor by her code, or 137"
    sent = list[int]()
    for who in (before.id, None):
        with (
            application.store.unit_of_work(application.clock(), reading=True) as uow,
            asked(engine) as statements,
        ):
            uow.people.is_right_answer(who, HER.mobile[-4:])
        sent.append(len(statements))
    assert sent[0] == sent[1], "else the time of an answer says whether there is such a code"
    (found,) = application.query_as(administrator, examine, checks)
    assert [finding.where for finding in found.findings] == [f"person {before.id}"]


@pytest.mark.on_postgresql
def test_nor_does_one_whose_event_is_written_again(application: Application, keys: Keys) -> None:
    """Copied behind the newest event, the mark of her earlier mobile is not the newest."""
    engine, columns = application.store.engine, "mobile, mobile_hash"
    person = her(application, keys).id
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(person, NEW_E164)
    with engine.connect() as connection:
        (before,) = connection.execute(text(f"SELECT id, {columns} FROM person")).all()
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(person, "+989350000008")
    first = "SELECT min(id) FROM account_event WHERE account_id = :person"
    copied = (
        "INSERT INTO account_event (id, at, account_id, kind, body)"
        f" SELECT 99999, at, account_id, kind, body FROM account_event WHERE id = ({first})"
    )
    change_past_the_program(engine, copied, person=before.id)
    put_back = "UPDATE person SET mobile = :mobile, mobile_hash = :mark WHERE id = :person"
    change_past_the_program(
        engine, put_back, person=before.id, mobile=before.mobile, mark=before.mobile_hash
    )
    buyer = citizen(application, NEW, visit=own_visit(application, "buyer"))
    assert application.query_now(my_page, buyer, Nothing()).requests == ()


def test_nobody_changes_it_who_does_not_know_the_end_of_her_number(
    application: Application, keys: Keys
) -> None:
    wrong = f"{(int(HER.identity[-4:]) + 1) % 10_000:04d}"
    command = AskMobileChange(mobile=NEW, digits=wrong)
    for _ in range(3):
        assert application.execute_now(ask_mobile_change, keys, command)[1] == "last_digits_wrong"
    right = AskMobileChange(mobile=NEW, digits=HER.identity[-4:])
    assert application.execute_now(ask_mobile_change, keys, right)[1] == "last_digits_over"
    assert application.phone.texts(NEW_E164) == []


def test_a_change_is_of_her_session_and_of_its_quarter_of_an_hour(
    application: Application, keys: Keys, clock: FixedClock
) -> None:
    sealed = asks(application, keys)
    code = code_on(application, NEW_E164)
    other = someone(2)
    hers = citizen(application, other.mobile)
    file(application, other, hers)
    for foreign in (hers, replace(hers, visit=keys.visit)):
        assert confirms(application, foreign, sealed, code) == "change_expired"
    for broken in ("", "x", "AAAA", "é"):
        assert confirms(application, keys, broken, code) == "change_expired"
    clock.forward(minutes=16)
    assert confirms(application, keys, sealed, code) == "change_expired"
    assert her(application, keys).mobile == parse_mobile(HER.mobile)
    same = AskMobileChange(mobile=HER.mobile, digits=HER.identity[-4:])
    assert refusal(lambda: application.execute_now(ask_mobile_change, keys, same)).key == (
        "mobile_same"
    )


def test_a_mobile_that_serves_three_takes_nobody_more(application: Application, keys: Keys) -> None:
    for number in range(3):
        served = replace(someone(20 + number), mobile=NEW)
        visit = own_visit(application, f"served {number}")
        file(application, served, citizen(application, NEW, visit=visit))
    sealed = asks(application, keys)
    code = code_on(application, NEW_E164)
    assert refusal(lambda: confirms(application, keys, sealed, code)).key == "mobile_full"


def test_what_the_old_mobile_is_told_fits_into_two_messages() -> None:
    assert sms_length(MOBILE_CHANGED) <= SMS_MOST


@pytest.mark.on_postgresql
def test_an_event_that_somebody_makes_up_takes_nothing_away_and_is_named(
    application: Application, keys: Keys, city: City
) -> None:
    """Its number is the highest, and the program did not write it."""
    prove(application, keys, Level.MATCHED)
    before = her(application, keys)
    made_up = (
        "INSERT INTO account_event (id, at, account_id, kind, body)"
        ' SELECT 99999, at, account_id, kind, replace(body, \'"change":"0000\', :higher)'
        " FROM account_event WHERE account_id = :person AND kind = 'citizen_stands'"
        " ORDER BY id LIMIT 1"
    )
    higher = '"change":"9999'
    change_past_the_program(application.store.engine, made_up, person=before.id, higher=higher)
    assert her(application, keys) == before
    with application.store.unit_of_work(application.clock()) as uow:
        uow.people.set_mobile(before.id, NEW_E164)
    assert her(application, keys).mobile == NEW_E164
    checks = Checkup(checks=(NAME_OF_CHECK,))
    (found,) = application.query_as(city.as_("administrator"), examine, checks)
    assert [finding.where for finding in found.findings] == [f"person {before.id}"]
