"""Signing in and out: codes for citizens, passwords for staff, both by the machine's time."""

import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from passlib.context import CryptContext
from sqlmodel import col, update
from support.citizens import a_form, citizen, code_on, someone
from support.city import PASSWORD
from support.doors import enter, knows
from support.together import refusal
from support.triggers import change_past_the_program

from publicmeeting.domain.errors import Denied, Invalid
from publicmeeting.domain.people import Door
from publicmeeting.domain.roles import Role
from publicmeeting.kit.digits import persian
from publicmeeting.kit.hashing import sha
from publicmeeting.notify.phone import UnansweredError, UnreachableError
from publicmeeting.store.accounts.sessions import CITIZEN_STAYS, STAFF_STAYS, Keys
from publicmeeting.store.accounts.sign_ins import TRIES
from publicmeeting.store.database.rows.people import CodeRow, SessionRow
from publicmeeting.store.rekey import damaged
from publicmeeting.text.notices.sms_text import code_in
from publicmeeting.usecases.accounts.sessions import prolong_session
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    SignIn,
    SignOut,
    ask_code,
    confirm_code,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.rate_limits import RULES, Limit, codes_sent_today

MOBILE = "09121234567"
VISITOR = Keys(visit="a visit")


def ask(application, mobile: str = MOBILE, visitor: Keys = VISITOR) -> str:
    command = AskCode(mobile=mobile, host="meeting.example")
    return application.execute_now(ask_code, visitor, command)


def confirm(application, code: str, visitor: Keys = VISITOR) -> tuple[str, str]:
    return application.execute_now(confirm_code, visitor, ConfirmCode(mobile=MOBILE, code=code))


def wrong_code(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_session_knows_by_which_door_and_browser_it_was_opened(application, city):
    phone = Keys(visit="a visit", agent="Mozilla/5.0 (Linux; Android 10; K) Chrome/120.0")
    mobile = ask(application, visitor=phone)
    hers, _ = confirm(application, code_on(application, mobile), phone)
    command = SignIn(username="desk", password=PASSWORD)
    his, _ = application.execute_now(sign_in, replace(phone, agent="a program of nobody"), command)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        rows = {one: uow.session.get(SessionRow, sha("session", one)) for one in (hers, his)}
        assert (rows[hers].door, rows[hers].device) == (Door.CODE, "Chrome · Android")
        assert (rows[his].door, rows[his].device) == (Door.PASSWORD, "")


@pytest.mark.parametrize(
    "written",
    [
        {"account_id": "the mayor's"},
        {"person_id": "another's"},
        {"mobile_hash": "another's"},
        {"door": Door.TWO_STEPS},
        {"id": sha("session", "chosen")},
        {"created_at": datetime(2026, 11, 1, tzinfo=UTC)},
        {"tag": ""},
    ],
    ids=lambda written: next(iter(written)),
)
def test_a_session_written_by_the_owner_of_the_database_opens_nothing(application, city, written):
    key, _ = confirm(application, code_on(application, ask(application)))
    other = someone(2)
    with application.store.unit_of_work(application.clock()) as uow:
        theirs = {
            "account_id": uow.accounts.by_username("mayor").id,
            "person_id": uow.people.add("national", other.identity, other.name, other.mobile).id,
            "mobile_hash": application.store.vault.lookup("mobile", other.mobile),
        }
        values = {name: theirs.get(name, value) for name, value in written.items()}
        hers = update(SessionRow).where(col(SessionRow.id) == sha("session", key))
        uow.session.exec(hers.values(**values))
    assert not knows(application, "chosen" if "id" in written else key)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert bool(list(damaged(uow))) == ("tag" not in written)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("who", ["citizen", "desk"])
def test_a_session_that_the_owner_of_the_database_lengthens_ends_all_the_same(
    application, city, clock, who
):
    """He has its cookie, and restores the row after every sign-out."""
    if who == "desk":
        command = SignIn(username=who, password=PASSWORD)
        key, _ = application.execute_now(sign_in, Keys(visit="a visit"), command)
    else:
        key, _ = confirm(application, code_on(application, ask(application)))
    with application.store.unit_of_work(application.clock()) as uow:
        later = application.clock() + timedelta(days=365)
        uow.session.exec(update(SessionRow).values(expires_at=later))
    longest = STAFF_STAYS if who == "desk" else CITIZEN_STAYS
    clock.forward(seconds=longest.total_seconds() - 60)
    assert knows(application, key)
    clock.forward(minutes=1)
    assert not knows(application, key)


@pytest.mark.on_postgresql
@pytest.mark.parametrize("column", ["created_at", "expires_at"])
def test_a_session_whose_time_no_program_reads_is_none_and_she_signs_in_again(application, column):
    key, _ = confirm(application, code_on(application, ask(application)))
    engine = application.store.engine
    never = "infinity" if engine.dialect.name == "postgresql" else "zzz"
    change_past_the_program(engine, f"UPDATE session SET {column} = :never", never=never)
    assert not knows(application, key)
    browser, other = replace(VISITOR, session=key), someone(2).mobile
    again, _ = application.execute_now(
        confirm_code,
        browser,
        ConfirmCode(mobile=other, code=code_on(application, ask(application, other, browser))),
    )
    assert knows(application, again)


def test_the_code_on_her_phone_opens_a_session(application):
    mobile = ask(application, "۰۹۱۲ ۱۲۳ ۴۵۶۷")
    assert mobile == "+989121234567"
    key, word = confirm(application, code_on(application, mobile))
    assert (bool(key), word) == (True, "")
    assert knows(application, key)
    assert not knows(application, key + "x")


@pytest.mark.parametrize("column", ["mobile_hash", "visit"])
def test_a_code_led_to_another_by_the_owner_of_the_database_opens_nothing(application, column):
    """By one UPDATE his own code would belong to her mobile, or to another browser."""
    his = ask(application, someone(2).mobile, Keys(visit="his"))
    code = code_on(application, his)
    led = {"visit": sha("visit", VISITOR.visit)}
    if column == "mobile_hash":
        led = {"mobile_hash": application.store.vault.lookup("mobile", ask(application))}
    with application.store.unit_of_work(application.clock()) as uow:
        of_his = col(CodeRow.visit) == sha("visit", "his")
        assert uow.session.exec(update(CodeRow).where(of_his).values(**led)).rowcount == 1
    hers = ConfirmCode(mobile=MOBILE if column == "mobile_hash" else his, code=code)
    visitor = Keys(visit="his") if column == "mobile_hash" else VISITOR
    assert application.execute_now(confirm_code, visitor, hers) == ("", "code_wrong")


class BrokenPhone:
    """A gateway that takes nothing, or answers too late to know."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault
        self.asked: list[str] = []
        self.texts: list[str] = []

    def send(self, mobile: str, text: str, message_id: str) -> None:
        self.asked.append(message_id)
        self.texts.append(text)
        raise self.fault


@pytest.mark.on_postgresql
@pytest.mark.parametrize("fault", [ValueError("+98 912"), UnreachableError()])
def test_a_code_that_was_not_sent_is_told_and_costs_her_nothing(application, caplog, fault):
    whole, application.phone = application.phone, BrokenPhone(fault)
    many = RULES[Limit.CODE_VISIT].most + RULES[Limit.CODE_MOBILE_DAY].most
    for _ in range(many):
        with pytest.raises(Denied, match="code_not_sent"):
            ask(application)
    assert len(set(application.phone.asked)) == many
    assert all(one.isdecimal() and len(one) <= 18 for one in application.phone.asked)
    assert "912" not in caplog.text
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert codes_sent_today(uow) == 0
    application.phone = whole
    assert confirm(application, code_on(application, ask(application)))[1] == ""


def test_a_code_of_which_nobody_knows_can_be_typed_and_asked_for_again_at_once(application):
    whole, application.phone = application.phone, BrokenPhone(UnansweredError())
    ask(application)
    (late,) = (code_in(text) for text in application.phone.texts)
    application.phone = whole
    ask(application)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        assert codes_sent_today(uow) == 2
    assert confirm(application, late)[1] == ""


def test_codes_may_be_typed_in_persian_digits(application):
    key, _ = confirm(application, persian(code_on(application, ask(application))))
    assert key


def test_a_code_is_used_once(application):
    code = code_on(application, ask(application))
    confirm(application, code)
    assert confirm(application, code) == ("", "code_expired")


def test_five_wrong_codes_end_it_even_for_the_right_one(application):
    code = code_on(application, ask(application))
    words = [confirm(application, wrong_code(code))[1] for _ in range(5)]
    assert words == ["code_wrong"] * 4 + ["code_tries"]
    assert confirm(application, code) == ("", "code_tries")


def test_what_can_be_no_code_is_said_so_and_costs_no_try_but_groups_may_be_typed(application):
    code = code_on(application, ask(application))
    typed = ("", "  ", "12345", "1234567", "abcdef")
    assert {confirm(application, one)[1] for one in typed * 2} == {"code_short"}
    assert confirm(application, f"\u2066{persian(code[:3])} {code[3:]}\u2069")[1] == ""


def test_the_fifth_try_may_still_be_right(application):
    code = code_on(application, ask(application))
    for _ in range(4):
        confirm(application, wrong_code(code))
    assert confirm(application, code)[1] == ""


@pytest.mark.parametrize(("seconds", "word"), [(119, ""), (120, "code_expired")])
def test_a_code_lives_two_minutes(application, clock, seconds, word):
    code = code_on(application, ask(application))
    clock.forward(seconds=seconds)
    assert confirm(application, code)[1] == word


def test_a_used_code_that_the_owner_of_the_database_renews_opens_nothing(application, clock):
    """Whoever once read it would come in by it for years, and an officer file in her name."""
    code = code_on(application, ask(application))
    assert confirm(application, code)[1] == ""
    clock.forward(hours=2)
    with application.store.unit_of_work(application.clock()) as uow:
        later = application.clock() + timedelta(hours=1)
        uow.session.exec(update(CodeRow).values(used=False, tries=0, expires_at=later))
    assert confirm(application, code) == ("", "code_expired")


def codes_a_minute_apart(application, clock, many):
    codes = []
    for _ in range(many):
        codes.append(code_on(application, ask(application)))
        clock.forward(seconds=61 if len(codes) < many else 0)
    return codes


@pytest.mark.on_postgresql
def test_the_code_before_the_newest_counts_while_it_lasts(application, clock):
    """A slow gateway may deliver it after she has asked again."""
    old, new = codes_a_minute_apart(application, clock, 2)
    assert confirm(application, old)[1] == ""
    assert confirm(application, new)[1] == "code_expired"  # one code uses both up


def test_an_older_code_and_one_that_was_guessed_at_do_not_count(application, clock):
    guessed = code_on(application, ask(application))
    for _ in range(TRIES):
        confirm(application, wrong_code(guessed))
    clock.forward(seconds=61)
    new = code_on(application, ask(application))
    if guessed != new:
        assert confirm(application, guessed)[1] == "code_wrong"
    assert confirm(application, new)[1] == ""


def test_a_code_works_only_in_the_browser_that_asked(application):
    code = code_on(application, ask(application))
    assert confirm(application, code, Keys(visit="another"))[1] == "code_expired"
    assert confirm(application, code)[1] == ""


def test_a_code_is_asked_for_once_a_minute(application, clock):
    ask(application)
    assert refusal(lambda: ask(application)).key == "code_too_often"
    clock.forward(seconds=60)
    assert ask(application)


def test_known_and_unknown_mobiles_get_the_same_answer(application, city, clock):
    who = someone(1)
    application.execute_now(submit, citizen(application, who.mobile), a_form(who))
    clock.forward(minutes=5)
    sent = len(application.phone.sent)
    for mobile in (who.mobile, someone(2).mobile):
        assert ask(application, mobile).startswith("+989")
    assert len(application.phone.sent) == sent + 2


def test_a_browser_without_a_visit_must_come_again(application):
    assert refusal(lambda: ask(application, visitor=Keys())).key == "not_ready"


def test_a_wrong_mobile_is_refused_as_a_field(application):
    with pytest.raises(Invalid, match="mobile_"):
        ask(application, "021 123")


def uses(application, session):
    """Prolong the session, as the layer does for a person's act."""
    application.execute_now(prolong_session, Keys(session), Nothing())


def test_an_unused_session_ends_after_half_an_hour_or_a_week(application, city, clock):
    hers = citizen(application, MOBILE).session
    theirs, _ = enter(application)
    clock.forward(minutes=29)
    assert (knows(application, theirs), knows(application, hers)) == (True, True)
    clock.forward(minutes=1)
    assert (knows(application, theirs), knows(application, hers)) == (False, True)
    clock.forward(days=6, hours=23, minutes=29)
    assert knows(application, hers)
    clock.forward(minutes=1)
    assert not knows(application, hers)
    with application.store.unit_of_work(clock()) as uow:
        clock.forward(seconds=1)
    with application.store.unit_of_work(clock()) as uow:
        assert uow.sessions.sweep() == 2


def test_reading_alone_is_no_use_and_a_used_session_goes_on(application, city, clock):
    read, used = enter(application)[0], enter(application)[0]
    for _ in range(4):
        clock.forward(minutes=10)
        uses(application, used)
        knows(application, read)
    assert (knows(application, read), knows(application, used)) == (False, True)


def test_however_used_citizens_stay_thirty_days_and_staff_twelve_hours(application, city, clock):
    hers, theirs = citizen(application, MOBILE).session, enter(application)[0]
    for _ in range(12 * 4 - 1):
        clock.forward(minutes=15)
        uses(application, theirs)
    assert knows(application, theirs)
    clock.forward(minutes=15)
    assert not knows(application, theirs)
    for _ in range(29):
        uses(application, hers)
        clock.forward(days=1)
    assert knows(application, hers)
    clock.forward(hours=12)
    assert not knows(application, hers)


def test_an_ended_session_cannot_be_used_into_life_again(application, city, clock):
    theirs = enter(application)[0]
    clock.forward(minutes=31)
    uses(application, theirs)
    assert not knows(application, theirs)


def test_signing_out_ends_this_session_only(application, city):
    one, other = enter(application)[0], enter(application)[0]
    application.execute_now(sign_out, Keys(one), SignOut(session=one))
    assert (knows(application, one), knows(application, other)) == (False, True)


def test_signing_out_everywhere_ends_ones_own_sessions_only(application, city, clock):
    mine = [enter(application)[0], enter(application)[0]]
    colleague = enter(application, "second_desk")[0]
    assert application.execute_now(sign_out_everywhere, Keys(mine[0]), Nothing()) == 2
    assert [knows(application, key) for key in (*mine, colleague)] == [False, False, True]
    with pytest.raises(Denied, match="session_ended"):
        application.execute_now(sign_out_everywhere, Keys(mine[1]), Nothing())


@pytest.mark.on_postgresql
def test_a_citizen_signs_out_on_every_device(application, city, clock):
    who = someone(1)
    phone = citizen(application, who.mobile, visit="phone")
    clock.forward(minutes=5)
    tablet = citizen(application, who.mobile, visit="tablet")
    application.execute_now(submit, phone, a_form(who))
    stranger = citizen(application, someone(2).mobile)
    assert application.execute_now(sign_out_everywhere, phone, Nothing()) == 2
    assert [knows(application, k.session) for k in (phone, tablet, stranger)] == [
        False,
        False,
        True,
    ]


def test_staff_sign_in_by_name_in_any_case(application, city):
    key, word = enter(application, " Desk ")
    assert (bool(key), word) == (True, "")
    assert application.query_now(viewer, Keys(key), Nothing()).roles == (Role.DESK,)


def way(application, username: str) -> Counter[str]:
    """Return how often the password check ran before the answer."""
    calls: Counter[str] = Counter()

    def watch(frame, event, argument) -> None:
        if event == "call" and frame.f_code.co_qualname == "CryptContext.verify":
            calls["verify"] += 1

    sys.setprofile(watch)
    try:
        answer = enter(application, username, "a wrong password")
    finally:
        sys.setprofile(None)
    calls[answer[1]] += 1
    return calls


def test_unknown_wrong_and_dismissed_names_take_the_same_way(application, city, clock):
    with application.store.unit_of_work(clock()) as uow:
        uow.accounts.dismiss(city.as_("second_desk").account_id)
    ways = [
        way(application, name) for name in ("nobody-here", "desk", "second_desk", "nobody-again")
    ]
    assert ways == [Counter(verify=1, password_wrong=1)] * 4


def test_a_stolen_password_table_is_dear_to_guess(real_hashes):
    """The least that the OWASP Password Storage Cheat Sheet requires of Argon2id."""
    real = CryptContext(**real_hashes).hash("somebody's password")
    assert real.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
