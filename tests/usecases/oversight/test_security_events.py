"""Security events: what an attack leaves for an administrator, and what it never leaves."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from support.citizens import a_form, citizen, code_on, file, someone
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.each import in_one_city
from support.together import refusal
from support.walk import WalkedCase

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.domain.officials.audit import SecurityKind as K
from publicmeeting.domain.roles import COMMAND_LINE
from publicmeeting.kit.clock import utc_now
from publicmeeting.store.accounts.security import ROWS_AN_HOUR, STAYS, SecurityEvent
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.officials import security_text
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    SignIn,
    ask_code,
    confirm_code,
    sign_in,
)
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.usecases.oversight.security_events import (
    PAGE,
    AskEvents,
    OneCommand,
    record_command,
    security_events,
)
from publicmeeting.usecases.rate_limits import Limit, count
from publicmeeting.usecases.screening.inbox import open_case
from publicmeeting.usecases.tracking.by_code import Track, track
from publicmeeting.usecases.tracking.timeline import timeline_page

HERE = Keys(visit="a visit", address="192.0.2.7", device="QWERTYUIOPASDFGH.0123456789abcdef012345")


def events(application: Application, kind: str = "", page: int = 1) -> list[SecurityEvent]:
    return list(
        application.query_as(COMMAND_LINE, security_events, AskEvents(kind=kind, page=page)).events
    )


def enter(
    application: Application, username: str, password: str = "wrong", keys: Keys = HERE
) -> str:
    return application.execute_now(sign_in, keys, SignIn(username=username, password=password))[1]


def test_wrong_passwords_say_whose_from_where_and_how_often(
    application: Application, city: City, clock: FixedClock
) -> None:
    for _ in range(3):
        enter(application, "Mayor")
    began = clock.now
    clock.forward(minutes=5)
    enter(application, "mayor")
    (event,) = events(application)
    assert (event.kind, event.who, event.count) == (K.SIGN_IN_FAILED, "account:mayor", 4)
    assert (event.address, event.device) == ("192.0.2.7", "QWERTYUI")
    assert (event.at, event.last_at) == (began, clock.now)


@pytest.mark.on_postgresql
def test_a_right_password_leaves_nothing(application: Application, city: City) -> None:
    assert enter(application, "mayor", PASSWORD) == ""
    assert events(application) == []


def test_what_somebody_typed_for_a_user_name_is_not_kept(
    application: Application, city: City
) -> None:
    """People sometimes type their password into that field."""
    enter(application, "my-secret-password")
    (event,) = events(application)
    assert (event.who, event.what) == ("", "")
    assert "secret" not in everything(application)


def test_a_lock_out_is_an_event_of_its_own(application: Application, city: City) -> None:
    with application.store.unit_of_work(application.clock()) as uow:
        count(uow, Limit.PASSWORD_ACCOUNT_DAY, "mayor", amount=100)
    assert enter(application, "mayor", PASSWORD) == "device_unknown"
    (event,) = events(application)
    assert (event.kind, event.who, event.what) == (
        K.LIMIT_REACHED,
        "account:mayor",
        "password-account-day",
    )


def test_guesses_at_a_code_name_the_mobile_by_a_mark(application: Application, city: City) -> None:
    who = someone(1)
    mobile = application.execute_now(ask_code, HERE, AskCode(mobile=who.mobile, host="x.example"))
    wrong = f"{(int(code_on(application, mobile)) + 1) % 10**6:06d}"
    for _ in range(5):
        application.execute_now(confirm_code, HERE, ConfirmCode(mobile=mobile, code=wrong))
    found = {(event.kind, event.what): event for event in events(application)}
    assert found[K.CODE_WRONG, "code_wrong"].count == 4
    assert found[K.CODE_WRONG, "code_tries"].count == 1
    assert re.fullmatch("mobile:[0-9a-f]{8}", found[K.CODE_WRONG, "code_tries"].who)
    assert who.mobile[-4:] not in everything(application)


def test_a_refused_limit_outlives_the_refusal(application: Application, city: City) -> None:
    for number in range(1, 11):
        command = AskCode(mobile=someone(number).mobile, host="x.example")
        application.execute_now(ask_code, HERE, command)
    command = AskCode(mobile=someone(11).mobile, host="x.example")
    refusal(lambda: application.execute_now(ask_code, HERE, command))
    assert [(event.kind, event.what) for event in events(application)] == [
        (K.LIMIT_REACHED, "code-visit")
    ]


@pytest.mark.on_postgresql
def test_wrong_digits_of_a_tracking_code(application: Application, city: City) -> None:
    code = file(application, someone(1)).code
    for typed in (code, "0506123457"):
        application.execute_now(track, HERE, Track(code=typed, last_four="0000"))
    descriptions = {event.what for event in events(application, K.TRACKING_WRONG)}
    assert descriptions == {f"request {code}", "unknown code"}


def test_a_foreign_identity_is_told_and_never_written(application: Application, city: City) -> None:
    file(application, someone(1))
    stranger = citizen(application, someone(2).mobile)
    form = a_form(someone(1), title="درخت خشک")
    refusal(lambda: application.execute_now(submit, stranger, form))
    (event,) = events(application)
    assert (event.kind, event.count) == (K.IDENTITY_REFUSED, 1)
    assert someone(1).identity not in everything(application)


def test_a_use_case_of_another_role_is_told(
    application: Application, city: City, clock: FixedClock
) -> None:
    refusal(lambda: application.execute_as(city.as_("reception"), security_events, AskEvents()))
    (event,) = events(application)
    assert (event.kind, event.who, event.what) == (
        K.ROLE_REFUSED,
        "account:reception",
        "security_events",
    )


def test_nobody_who_only_has_to_sign_in_is_an_event(application: Application, city: City) -> None:
    refusal(lambda: application.execute_now(open_case, HERE, OneCase(code="0506123457")))
    assert events(application) == []


@pytest.mark.parametrize("asked", [{}, {"is_part": True}])
def test_a_case_of_somebody_else_is_told_and_a_missing_one_is_not(
    application: Application,
    city: City,
    a_request: Callable[..., WalkedCase],
    clock: FixedClock,
    asked: dict[str, bool],
) -> None:
    """A page asks for its parts by itself, but the code is from the address that she typed."""
    walked = a_request()
    other = citizen(application, someone(50).mobile)
    application.execute_now(submit, other, a_form(someone(50)))
    for code in (walked.code, "0506123457"):
        command = OneCase(code=code)
        assert refusal(
            lambda command=command: application.query_now(timeline_page, other, command, **asked)
        ).key == ("not_found")
    (event,) = events(application)
    assert (event.kind, event.what) == (K.OBJECT_REFUSED, f"request {walked.code}")
    assert event.who.startswith("person:")


def test_refusals_that_repeat_cost_one_writing_in_ten_seconds(
    application: Application, city: City, clock: FixedClock
) -> None:
    for _ in range(50):
        refusal(lambda: application.execute_as(city.as_("reception"), security_events, AskEvents()))
    assert [event.count for event in events(application)] == [1]
    clock.forward(seconds=10)
    refusal(lambda: application.execute_as(city.as_("reception"), security_events, AskEvents()))
    assert [event.count for event in events(application)] == [51]


def test_a_flood_from_everywhere_makes_a_bounded_number_of_rows(
    application: Application, city: City, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        for number in range(ROWS_AN_HOUR + 50):
            uow.security.record(
                K.SIGN_IN_FAILED, "account:mayor", "", address=f"host {number}", device=""
            )
        uow.security.record(K.COMMAND, "command:root", "migrate", address="here", device="")
    with application.store.unit_of_work(clock(), reading=True) as uow:
        found = uow.security.page((K.SIGN_IN_FAILED,), most=1000)
        assert len(found) == ROWS_AN_HOUR + 1
        (rest,) = [event for event in found if event.what == "overflow"]
        assert (rest.count, rest.who, rest.address) == (50, "", "")
        assert len(uow.security.page((K.COMMAND,))) == 1


def test_after_an_hour_the_same_is_another_row(
    application: Application, city: City, clock: FixedClock
) -> None:
    enter(application, "mayor")
    clock.forward(hours=1)
    enter(application, "mayor")
    assert [event.count for event in events(application)] == [1, 1]


def test_an_administrator_reads_page_by_page_and_kind_by_kind(
    application: Application, city: City, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        for number in range(PAGE + 5):
            uow.security.record(K.SIGN_IN_FAILED, "", "", address=f"host {number}", device="")
    clock.forward(minutes=1)
    command = OneCommand(command="migrate", by="root", at="server")
    application.execute_as(COMMAND_LINE, record_command, command)
    assert events(application)[0].what == "migrate"
    assert [len(events(application, page=page)) for page in (1, 2, 3)] == [PAGE, 6, 0]
    assert [event.kind for event in events(application, K.COMMAND)] == [K.COMMAND]
    for wrong in (AskEvents(kind="x"), AskEvents(page=0), AskEvents(page=401)):
        with pytest.raises(Denied, match="form_broken"):
            application.query_as(city.as_("administrator"), security_events, wrong)


@in_one_city("who", ["mayor", "overseer", "desk"])
def test_nobody_else_reads_them(application: Application, city: City, who: str) -> None:
    with pytest.raises(Denied, match="not_your_role"):
        application.query_as(city.as_(who), security_events, AskEvents())


def test_every_kind_has_its_word() -> None:
    assert set(security_text.KIND) == set(K)


# In the database.


def everything(application: Application) -> str:
    with application.store.engine.connect() as connection:
        return str(connection.execute(text("SELECT * FROM security_event")).all())


def change(application: Application, statement: str, **values: object) -> None:
    with application.store.engine.begin() as connection:
        connection.execute(text(statement), values)


@in_one_city(
    "statement",
    [
        "UPDATE security_event SET who = 'account:other'",
        "UPDATE security_event SET count = count - 1",
        "UPDATE security_event SET count = count + 1, address = 'elsewhere'",
        "DELETE FROM security_event",
    ],
)
def test_an_event_is_not_changed_and_not_taken_away(
    application: Application, city: City, clock: FixedClock, statement: str
) -> None:
    clock.set(utc_now())  # the database uses its own clock for the age of rows
    enter(application, "mayor")
    before = everything(application)
    with pytest.raises(IntegrityError, match="append-only"):
        change(application, statement)
    assert everything(application) == before


def test_an_event_goes_when_it_is_old_by_the_databases_clock(
    application: Application, city: City, clock: FixedClock
) -> None:
    with application.store.unit_of_work(utc_now() - STAYS - timedelta(minutes=1)) as uow:
        uow.security.record(K.COMMAND, "command:old", "", address="", device="")
    with application.store.unit_of_work(utc_now() - STAYS / 2) as uow:
        uow.security.record(K.COMMAND, "command:young", "", address="", device="")
    with application.store.unit_of_work(
        utc_now() + 10 * STAYS
    ) as uow:  # on a machine with a wrong clock
        uow.security.sweep()
    assert [event.who for event in events(application)] == ["command:young"]
