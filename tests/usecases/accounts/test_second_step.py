"""The second step after a right password: codes, recovery codes, remembered browsers, setup."""

import hashlib
from datetime import timedelta

import pytest
from sqlmodel import update
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.doors import SECRET, code_at, has_app, id_of
from support.each import in_one_city
from support.together import together

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import AccountEventKind, SecurityKind
from publicmeeting.domain.officials.credentials import OBLIGED, REMEMBERED, is_obliged
from publicmeeting.domain.roles import COMMAND_LINE, Grant, Role
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.store.database.rows.doors import RememberedDeviceRow
from publicmeeting.usecases.accounts.factors import second_step
from publicmeeting.usecases.accounts.factors.second_step import (
    STAYS,
    Due,
    Enrol,
    EnterSecond,
    Entry,
    PendingCookie,
    enrol,
    enter_second,
    recovery_hash,
    second_due,
)
from publicmeeting.usecases.accounts.signing_in.sign_in import SignIn, sign_in
from publicmeeting.usecases.accounts.staff_accounts import (
    ChangePassword,
    change_password,
    hash_password,
)
from publicmeeting.usecases.rate_limits import RULES, Limit


class Tablet:
    """A browser of an official: its visit, and its device cookie."""

    def __init__(self, application: Application, visit: str, username: str = "mayor") -> None:
        self.application, self.username = application, username
        self.keys = Keys(visit=visit)
        self.sealed = ""

    def types_password(self, *, required: bool = True, password: str = PASSWORD) -> str:
        """Return what `sign_in` requires next, empty if it opened a session."""
        command = SignIn(username=self.username, password=password, requires_two_steps=required)
        self.sealed, why = self.application.execute_now(sign_in, self.keys, command)
        return why

    def types(self, code: str, *, remember: bool = False) -> Entry:
        command = EnterSecond(sealed=self.sealed, code=code, remember=remember)
        entry = self.application.execute_now(enter_second, self.keys, command)
        if entry.device:
            self.keys = Keys(visit=self.keys.visit, device=entry.device)
        return entry

    def enrols(self, code: str) -> Entry:
        command = Enrol(sealed=self.sealed, code=code)
        return self.application.execute_now(enrol, self.keys, command)

    def secret(self) -> str:
        due = self.application.query_now(second_due, self.keys, PendingCookie(sealed=self.sealed))
        assert due is not None
        return due.secret


@pytest.fixture
def tablet(application: Application, city: City) -> Tablet:
    return Tablet(application, "tablet")


def events(application: Application, username: str = "mayor") -> list[AccountEventKind]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.account_events.of_account(id_of(uow, username), most=20)
    return [event.kind for event in found]


def test_those_who_decide_are_obliged_and_nobody_else() -> None:
    obliged = {role for role in Role if is_obliged((Grant(role),))}
    assert obliged == OBLIGED
    assert Role.DESK not in obliged


@in_one_city(
    "username, required, due",
    [
        ("mayor", True, Due.ENROLMENT),
        ("deputy", True, Due.ENROLMENT),
        ("overseer", True, Due.ENROLMENT),
        ("administrator", True, Due.ENROLMENT),
        ("desk", True, ""),
        ("reception", True, ""),
        ("mayor", False, ""),
    ],
)
def test_what_follows_the_first_right_password(
    application: Application, city: City, username: str, *, required: bool, due: str
) -> None:
    assert Tablet(application, "v", username).types_password(required=required) == due


def test_whoever_has_an_authenticator_types_its_code_wherever_the_city_stands(
    application: Application, city: City
) -> None:
    has_app(application, "desk")
    desk = Tablet(application, "v", "desk")
    assert desk.types_password(required=False) == Due.CODE
    assert desk.types(code_at(application)).session


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_that_is_off_by_one_step_still_fits(tablet: Tablet, steps: int) -> None:
    has_app(tablet.application, "mayor")
    assert tablet.types_password() == Due.CODE
    assert tablet.types(code_at(tablet.application, steps=steps)).session


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_clock_that_is_off_by_more_does_not(tablet: Tablet, steps: int) -> None:
    has_app(tablet.application, "mayor")
    tablet.types_password()
    assert tablet.types(code_at(tablet.application, steps=steps)).refusal == "second_wrong"


def test_persian_digits_and_gaps_are_read(tablet: Tablet) -> None:
    has_app(tablet.application, "mayor")
    tablet.types_password()
    code = persian(code_at(tablet.application))
    assert tablet.types(f" {code[:3]} {code[3:]} ").session


def test_a_code_is_spent_with_all_before_it(tablet: Tablet, clock: FixedClock) -> None:
    has_app(tablet.application, "mayor")
    code, next_one = code_at(tablet.application), code_at(tablet.application, steps=1)
    tablet.types_password()
    assert tablet.types(next_one).session
    other = Tablet(tablet.application, "other")
    other.types_password()
    assert other.types(next_one).refusal == "second_wrong"
    assert other.types(code).refusal == "second_wrong"
    clock.forward(seconds=60)
    assert other.types(code_at(tablet.application)).session


@pytest.mark.on_postgresql
def test_of_two_browsers_with_one_code_at_the_same_instant_one_comes_in(
    application: Application, city: City
) -> None:
    has_app(application, "mayor")
    tablets = [Tablet(application, f"visit{number}") for number in range(4)]
    for one in tablets:
        one.types_password()
    code = code_at(application)
    done, refused = together(*(lambda one=one: one.types(code) for one in tablets))
    assert refused == []
    assert sorted(bool(entry.session) for entry in done) == [False, False, False, True]


@pytest.mark.on_postgresql
def test_of_two_who_set_up_at_the_same_instant_one_comes_in(
    application: Application, city: City
) -> None:
    tablets = [Tablet(application, f"visit{number}") for number in range(3)]
    for one in tablets:
        assert one.types_password() == Due.ENROLMENT
    codes = [code_at(application, one.secret()) for one in tablets]
    done, refused = together(
        *(
            lambda one=one, code=code: one.enrols(code)
            for one, code in zip(tablets, codes, strict=True)
        )
    )
    assert refused == []
    assert sorted(bool(entry.session) for entry in done) == [False, False, True]
    assert events(application).count(AccountEventKind.SECOND_STEP_ON) == 1


@pytest.mark.on_postgresql
def test_a_recovery_code_serves_once_and_tells_its_owner(
    application: Application, city: City
) -> None:
    paper = has_app(application, "mayor")
    tablets = [Tablet(application, f"visit{number}") for number in range(2)]
    for one in tablets:
        one.types_password()
    done, refused = together(*(lambda one=one: one.types(paper[0]) for one in tablets))
    assert refused == []
    (came_in,) = [entry for entry in done if entry.session]
    assert came_in.recovery_left == 9
    assert events(application)[0] is AccountEventKind.RECOVERY_CODE_USED


def test_another_accounts_paper_and_a_made_up_one_are_as_wrong_as_a_used_one(
    tablet: Tablet,
) -> None:
    has_app(tablet.application, "mayor")
    (foreign, *_) = has_app(tablet.application, "deputy")
    tablet.types_password()
    for code in (foreign, "1" * 16):
        assert tablet.types(code) == Entry(refusal="second_wrong")


def test_a_new_set_ends_the_old_one(tablet: Tablet) -> None:
    old = has_app(tablet.application, "mayor")
    new = has_app(tablet.application, "mayor")
    tablet.types_password()
    assert tablet.types(old[0]).refusal == "second_wrong"
    assert tablet.types(new[0]).session


def test_papers_are_hashed_without_any_key_and_bound_to_their_account() -> None:
    assert recovery_hash("a", "1" * 16) == recovery_hash("a", "1" * 16)
    assert recovery_hash("a", "1" * 16) != recovery_hash("b", "1" * 16)


def test_a_stolen_table_of_papers_is_dear_to_guess(
    real_paper_cost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """8 MiB of memory for each guess, as outside of tests."""
    monkeypatch.setattr(second_step, "_COST", real_paper_cost)
    dear = hashlib.scrypt(b"1" * 16, salt=b"recovery\na", n=2**13, r=8, p=1, maxmem=2**25, dklen=32)
    assert recovery_hash("a", "1" * 16) == dear.hex()


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "۱۲۳۴۵", "1" * 15, "1" * 17, "²²²²²²"]
)
def test_what_cannot_be_a_code_costs_no_try(tablet: Tablet, typed: str) -> None:
    has_app(tablet.application, "mayor")
    tablet.types_password()
    for _ in range(RULES[Limit.SECOND_ACCOUNT].most + 1):
        assert tablet.types(typed).refusal == "second_short"
    assert tablet.types(code_at(tablet.application)).session


def test_wrong_tries_stop_new_browsers_and_not_his_own_tablet(
    tablet: Tablet, clock: FixedClock
) -> None:
    """A thief of the password exhausts the day's tries of new browsers.

    The tablet that the official has used before has tries of its own.
    """
    application = tablet.application
    has_app(application, "mayor")
    tablet.types_password()
    assert tablet.types(code_at(application)).session
    clock.forward(seconds=90)
    thief = Tablet(application, "thief")
    thief.types_password()
    tries = [thief.types("000000").refusal for _ in range(RULES[Limit.SECOND_ACCOUNT].most + 1)]
    assert tries == ["second_wrong"] * (len(tries) - 1) + ["second_used_up"]
    assert thief.types(code_at(application)).refusal == "second_used_up"
    tablet.types_password()
    assert tablet.types(code_at(application)).session
    with application.store.unit_of_work(clock(), reading=True) as uow:
        (noted,) = uow.security.page([SecurityKind.SECOND_STEP_WRONG])
    assert (noted.who, noted.count) == ("account:mayor", len(tries) - 1)


def test_no_stranger_fills_the_tries_without_the_password(tablet: Tablet) -> None:
    has_app(tablet.application, "mayor")
    stranger = Tablet(tablet.application, "stranger")
    assert stranger.types_password(password="wrong") == "password_wrong"
    for _ in range(RULES[Limit.SECOND_ACCOUNT].most + 1):
        assert stranger.types("000000").refusal == "second_expired"
    tablet.types_password()
    assert tablet.types(code_at(tablet.application)).session


def test_the_cookie_is_good_for_its_visit_and_some_minutes(
    tablet: Tablet, clock: FixedClock
) -> None:
    has_app(tablet.application, "mayor")
    tablet.types_password()
    other = Tablet(tablet.application, "another visit")
    other.sealed = tablet.sealed
    assert other.types(code_at(tablet.application)).refusal == "second_expired"
    clock.forward(seconds=STAYS.total_seconds())
    assert tablet.types(code_at(tablet.application)).refusal == "second_expired"


@pytest.mark.on_postgresql
def test_a_changed_password_ends_what_waits_and_what_is_remembered(
    tablet: Tablet, clock: FixedClock
) -> None:
    application = tablet.application
    has_app(application, "mayor")
    tablet.types_password()
    assert tablet.types(code_at(application), remember=True).session
    assert tablet.types_password() == ""
    clock.forward(seconds=90)
    waiting = Tablet(application, "waiting")
    waiting.types_password()
    command = ChangePassword(username="mayor", password_hash=hash_password("another password"))
    application.execute_as(COMMAND_LINE, change_password, command)
    assert waiting.types(code_at(application)).refusal == "second_expired"
    assert tablet.types_password(password="another password") == Due.CODE
    with application.store.unit_of_work(clock(), reading=True) as uow:
        assert uow.second_steps.remembered(id_of(uow, "mayor")) == []


@pytest.mark.on_postgresql
def test_a_remembered_browser_needs_no_code_for_thirty_days(
    tablet: Tablet, clock: FixedClock
) -> None:
    has_app(tablet.application, "mayor")
    tablet.types_password()
    assert tablet.types(code_at(tablet.application), remember=True).session
    assert events(tablet.application)[0] is AccountEventKind.DEVICE_REMEMBERED
    clock.forward(seconds=(REMEMBERED - timedelta(minutes=1)).total_seconds())
    assert tablet.types_password() == ""
    clock.forward(minutes=1)
    assert tablet.types_password() == Due.CODE
    with tablet.application.store.unit_of_work(clock()) as uow:  # as the database owner can
        longer = update(RememberedDeviceRow).values(until=clock() + REMEMBERED)
        assert uow.connection.execute(longer).rowcount == 1
    assert tablet.types_password() == Due.CODE


def test_a_browser_is_remembered_for_one_account_and_by_its_own_cookie(
    tablet: Tablet, clock: FixedClock
) -> None:
    application = tablet.application
    has_app(application, "mayor")
    has_app(application, "deputy")
    tablet.types_password()
    tablet.types(code_at(application), remember=True)
    colleague = Tablet(application, "tablet", "deputy")
    colleague.keys = tablet.keys
    assert colleague.types_password() == Due.CODE
    assert Tablet(application, "tablet").types_password() == Due.CODE
    name = tablet.keys.device.partition(".")[0]
    forged = Tablet(application, "tablet")
    forged.keys = Keys(visit="tablet", device=f"{name}.{'0' * 22}")
    assert forged.types_password() == Due.CODE


def test_setting_up_gives_ten_papers_and_a_session(tablet: Tablet, clock: FixedClock) -> None:
    assert tablet.types_password() == Due.ENROLMENT
    secret = tablet.secret()
    assert tablet.types("000000").refusal == "second_expired"  # no authenticator is set up yet
    assert tablet.enrols("000000").refusal == "enrol_wrong"
    assert tablet.enrols("12").refusal == "second_short"
    entry = tablet.enrols(code_at(tablet.application, secret))
    assert entry.session
    assert len(set(entry.recovery_codes)) == 10
    assert {len(code) for code in entry.recovery_codes} == {16}
    assert events(tablet.application)[0] is AccountEventKind.SECOND_STEP_ON
    # After a double tap he sees only the second answer.
    again = tablet.enrols(code_at(tablet.application, secret))
    assert (again.session, again.recovery_codes) == (entry.session, entry.recovery_codes)
    assert events(tablet.application).count(AccountEventKind.SECOND_STEP_ON) == 1
    # The code that confirmed the setup is used up.
    assert tablet.types_password() == Due.CODE
    assert tablet.types(code_at(tablet.application, secret)).refusal == "second_wrong"
    clock.forward(seconds=60)
    assert tablet.types(code_at(tablet.application, secret)).session


def test_a_dismissed_official_does_not_come_in_by_a_code_that_waited(tablet: Tablet) -> None:
    has_app(tablet.application, "mayor")
    tablet.types_password()
    with tablet.application.store.unit_of_work(tablet.application.clock()) as uow:
        uow.accounts.dismiss(id_of(uow, "mayor"))
    assert tablet.types(code_at(tablet.application)).refusal == "second_expired"


def test_without_a_visit_nothing_waits(application: Application, city: City) -> None:
    has_app(application, "mayor")
    assert Tablet(application, "").types_password() == "not_ready"


def test_the_secret_lies_sealed(application: Application, city: City) -> None:
    has_app(application, "mayor")
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        row = uow.connection.exec_driver_sql("SELECT secret FROM totp").one()
    assert SECRET.encode() not in bytes(row[0])
