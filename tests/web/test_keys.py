"""`/account/keys/` and passkeys over HTTP: who owns them, when they change, what is refused."""

import json
import re

import pytest
from browsers import Browser, Browsers
from signed_in import keys, sign_in, sign_in_staff
from sqlmodel import select
from support.authenticator import Authenticator
from support.city import City
from support.clock import FixedClock
from support.doors import code_at, has_app, id_of
from support.each import in_one_city
from test_second_step import secret_on, types_password

from publicmeeting.application import Application
from publicmeeting.domain.officials.audit import AccountEventKind
from publicmeeting.store.database.rows.doors import PasskeyChallengeRow
from publicmeeting.text.common import sign_in_text as text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.web.browser import FORM_BYTES

PAGE, APP = "/account/keys/", "/account/keys/app/"
CHANGES = ("app/begin", "app/", "app/off", "codes", "passkey", "passkey/remove", "forget")
POSTS = tuple(f"{PAGE}{path}" for path in CHANGES)
DOOR = "/sign-in/?next=%2Faccount%2Fkeys%2F"
HOST = "localhost"


@pytest.fixture
def device(browser: Browser) -> Authenticator:
    return Authenticator(browser.origin, HOST)


def adds_key(browser: Browser, device: Authenticator, name: str = "تبلت") -> str:
    options = browser.post(f"{PAGE}passkey/options").json()
    fields = {"credential": device.makes(options), "name": name}
    return browser.post(f"{PAGE}passkey", fields).headers["location"]


def touches(browser: Browser, device: Authenticator, onward: str = "") -> str:
    options = browser.post("/auth/passkey/options").json()
    fields = {"credential": device.signs(options), "next": onward}
    return browser.post("/auth/passkey", fields).headers["location"]


def events(application: Application, username: str) -> list[AccountEventKind]:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        found = uow.account_events.of_account(id_of(uow, username), most=20)
    return [event.kind for event in found]


@pytest.mark.on_postgresql
def test_somebody_who_need_not_sets_up_an_authenticator_himself(
    browser: Browser, application: Application, city: City
) -> None:
    sign_in_staff(browser, "desk")
    assert text.APP_NONE in browser.get(PAGE).text
    assert browser.post(f"{PAGE}app/begin").headers["location"] == APP
    first = browser.get(APP).text
    assert text.APP_LEAD not in first  # there is no other telephone yet
    assert "autofocus" not in first
    secret = secret_on(first)
    assert browser.post(APP, {"code": "000000"}).headers["location"] == f"{APP}?e=enrol_wrong"
    assert "autofocus" in browser.get(f"{APP}?e=enrol_wrong").text
    made = browser.post(APP, {"code": code_at(application, secret)})
    assert text.CODES_REPLACED not in made.text
    assert len(re.findall(r'<li><bdi dir="ltr">', made.text)) == 10
    assert "data:text/plain" in made.text
    assert not browser.cookie("second")
    page = browser.get(PAGE).text
    assert text.PAPERS_LEFT.format(left="۱۰") in page
    assert text.APP_OFF in page
    assert browser.post(f"{PAGE}app/off").headers["location"] == f"{PAGE}?done=app_off"
    assert types_password(browser, "desk") == "/desk/"
    assert events(application, "desk")[:2] == [
        AccountEventKind.SECOND_STEP_OFF,
        AccountEventKind.SECOND_STEP_ON,
    ]


def test_another_telephone_takes_the_place_of_the_lost_one(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    (paper, *_) = has_app(application, "mayor")
    types_password(browser)
    browser.post("/auth/second", {"code": paper, "remember": "1"})
    assert text.PAPER_USED.format(left="۹") in browser.get(f"{PAGE}?left=9").text
    browser.post(f"{PAGE}app/begin")
    page = browser.get(APP).text
    assert text.APP_LEAD in page
    secret = secret_on(page)
    assert text.CODES_REPLACED in browser.post(APP, {"code": code_at(application, secret)}).text
    clock.forward(seconds=90)
    assert types_password(browser).startswith("/sign-in/second/")
    old = browser.post("/auth/second", {"code": code_at(application)})
    assert "second_wrong" in old.headers["location"]
    new = browser.post("/auth/second", {"code": code_at(application, secret)})
    assert new.headers["location"] == "/mayor/"


def test_whoever_must_have_it_cannot_take_it_off(strict: Browser, application: Application) -> None:
    has_app(application, "mayor")
    types_password(strict)
    strict.post("/auth/second", {"code": code_at(application)})
    assert text.APP_OFF not in strict.get(PAGE).text
    assert "e=second_obliged" in strict.post(f"{PAGE}app/off").headers["location"]


@pytest.mark.on_postgresql
def test_a_mayor_comes_in_with_one_touch(
    browser: Browser, device: Authenticator, application: Application, city: City
) -> None:
    sign_in_staff(browser, "mayor")
    assert adds_key(browser, device, "تبلت اتاق") == f"{PAGE}?done=key"
    assert "تبلت اتاق" in browser.get(PAGE).text
    browser.post("/auth/leave", {})
    assert touches(browser, device) == "/mayor/"
    assert application.query_now(viewer, keys(browser), Nothing()).name == "mayor"
    browser.post("/auth/leave", {})
    assert touches(browser, device, "/mayor/orders/") == "/mayor/orders/"


def test_a_key_is_as_good_as_both_steps(
    strict: Browser, device: Authenticator, application: Application
) -> None:
    has_app(application, "mayor")
    types_password(strict)
    strict.post("/auth/second", {"code": code_at(application)})
    adds_key(strict, device)
    strict.post("/auth/leave", {})
    assert types_password(strict) == "/sign-in/second/"
    assert touches(strict, device) == "/mayor/"


@pytest.mark.on_postgresql
def test_a_remembered_tablet_is_forgotten_by_its_owner_alone(
    browser: Browser, browsers: Browsers, application: Application, city: City
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    browser.post("/auth/second", {"code": code_at(application), "remember": "1"})
    (mark,) = re.findall(r'name="mark" value="([0-9a-f]{64})"', browser.get(PAGE).text)
    stranger = browsers()
    sign_in_staff(stranger, "desk")
    refused = stranger.post(f"{PAGE}forget", {"mark": mark})
    assert refused.headers["location"] == f"{PAGE}?e=not_found"
    done = browser.post(f"{PAGE}forget", {"mark": mark})
    assert done.headers["location"] == f"{PAGE}?done=forgotten"
    browser.post("/auth/leave", {})
    assert types_password(browser).startswith("/sign-in/second/")


def test_a_remembered_tablet_and_a_password_do_not_change_the_keys(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    browser.post("/auth/second", {"code": code_at(application), "remember": "1"})
    assert f"{PAGE}app/begin" in browser.get(PAGE).text
    browser.post("/auth/leave", {})
    types_password(browser)
    page = browser.get(PAGE).text
    assert refusal("not_two_steps") in page
    assert f"{PAGE}app/begin" not in page
    for path in ("app/begin", "app/off", "codes", "passkey", "passkey/remove"):
        assert browser.post(f"{PAGE}{path}").headers["location"] == f"{PAGE}?e=not_two_steps"
    (mark,) = re.findall(r'name="mark" value="([0-9a-f]{64})"', page)
    browser.post(f"{PAGE}forget", {"mark": mark})
    browser.post("/auth/leave", {})
    types_password(browser)
    clock.forward(minutes=1)
    browser.post("/auth/second", {"code": code_at(application)})
    assert f"{PAGE}app/begin" in browser.get(PAGE).text


def test_after_a_quarter_of_an_hour_nothing_changes_without_signing_in_again(
    browser: Browser, device: Authenticator, application: Application, city: City, clock: FixedClock
) -> None:
    sign_in_staff(browser, "desk")
    clock.forward(minutes=15)
    page = browser.get(PAGE).text
    assert text.STALE in page
    assert f"{PAGE}app/begin" not in page
    for path in ("app/begin", "app/", "app/off", "codes", "passkey", "passkey/remove"):
        assert browser.post(f"{PAGE}{path}").headers["location"] == f"{PAGE}?e=not_fresh"
    asked = browser.post(f"{PAGE}passkey/options")
    assert (asked.status_code, asked.text) == (409, refusal("not_fresh"))


def test_nobody_and_a_citizen_change_nothing(
    browser: Browser, browsers: Browsers, application: Application, city: City
) -> None:
    citizen = browsers()
    sign_in(citizen, application)
    for path in POSTS:
        assert browser.post(path).headers["location"] == DOOR
        assert citizen.post(path).headers["location"] in {DOOR, f"{PAGE}?e=not_your_role"}


def test_nobody_reads_the_page_and_a_citizen_finds_none(
    browser: Browser, browsers: Browsers, application: Application, city: City
) -> None:
    assert browser.get(PAGE).headers["location"] == DOOR
    assert browser.get(APP).headers["location"] == PAGE
    asked = browser.post(f"{PAGE}passkey/options")
    assert (asked.status_code, asked.text) == (409, refusal("session_ended"))
    citizen = browsers()
    sign_in(citizen, application)
    answer = citizen.get(PAGE)
    assert answer.status_code == 404 or answer.headers["location"] == DOOR


@in_one_city("path", [*POSTS, "/auth/passkey", "/auth/passkey/options"])
def test_another_sites_form_and_a_huge_one_are_refused(
    browser: Browser, city: City, path: str
) -> None:
    sign_in_staff(browser, "desk")
    foreign = browser.post(path, {"code": "1"}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert browser.post(path, {"code": "1"}, headers={}).status_code == 403
    huge = browser.post(path, {"code": "1" * (FORM_BYTES + 1)})
    assert huge.status_code in {200, 303, 400, 413}
    assert huge.status_code >= 400 or path.endswith(("options", "begin", "off", "codes"))


@in_one_city(
    "credential", ["", "x", "{}", "[]", "null", "\0", "💥", '{"rawId": 99999999999}', "[" * 9000]
)
def test_an_odd_answer_is_refused_in_words(browser: Browser, city: City, credential: str) -> None:
    browser.post("/auth/passkey/options")
    word = "passkey_refused" if credential else "passkey_no_script"
    answer = browser.post("/auth/passkey", {"credential": credential})
    assert answer.headers["location"] == f"/sign-in/?e={word}"
    sign_in_staff(browser, "desk")
    added = browser.post(f"{PAGE}passkey", {"credential": credential})
    assert added.headers["location"] == f"{PAGE}?e=passkey_not_made"


@pytest.mark.on_postgresql
def test_questions_without_end_store_nothing_and_keep_nobody_out(
    browser: Browser,
    browsers: Browsers,
    device: Authenticator,
    application: Application,
    city: City,
    clock: FixedClock,
) -> None:
    def stored() -> int:
        with application.store.unit_of_work(clock(), reading=True) as uow:
            return len(uow.session.exec(select(PasskeyChallengeRow)).all())

    sign_in_staff(browser, "mayor")
    adds_key(browser, device, "tablet")
    before = stored()
    stranger = browsers()  # behind the same address
    asked = [stranger.post("/auth/passkey/options").status_code for _ in range(61)]
    assert asked == [200] * 61
    assert stored() == before
    assert touches(browsers(), device) == "/mayor/"
    assert stored() == before + 1
    clock.forward(minutes=6)
    with application.store.unit_of_work(clock()) as uow:
        uow.passkeys.sweep()
    assert stored() == 0


def test_the_name_of_a_key_is_escaped(browser: Browser, device: Authenticator, city: City) -> None:
    sign_in_staff(browser, "mayor")
    adds_key(browser, device, "<script>alert(1)</script>")
    assert "<script>alert" not in browser.get(PAGE).text


@in_one_city("query", ["left=99", "left=x", "left=-1", "done=<b>", "e=<b>", "left=۹"])
def test_an_address_puts_no_words_on_the_page(browser: Browser, city: City, query: str) -> None:
    sign_in_staff(browser, "desk")
    page = browser.get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert 'role="alert"' not in page.text.replace('role="alert" hidden', "")


def test_the_options_of_a_key_ask_for_its_owner(browser: Browser, city: City) -> None:
    touch = browser.post("/auth/passkey/options").json()
    assert (touch["userVerification"], touch["rpId"]) == ("required", HOST)
    assert "allowCredentials" not in touch
    sign_in_staff(browser, "mayor")
    made = browser.post(f"{PAGE}passkey/options").json()
    wanted = made["authenticatorSelection"]
    assert (wanted["residentKey"], wanted["userVerification"]) == ("required", "required")
    assert json.dumps(made)


def test_a_refused_touch_leads_back_to_the_door_with_the_way_on(
    browser: Browser, city: City
) -> None:
    browser.post("/auth/passkey/options")
    onward = "/mayor/orders/?a=1&e=x"
    answer = browser.post("/auth/passkey", {"credential": "{}", "next": onward})
    reply = "/sign-in/?next=%2Fmayor%2Forders%2F%3Fa%3D1%26e%3Dx&e=passkey_refused"
    assert answer.headers["location"] == reply
