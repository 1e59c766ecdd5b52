"""An official's own account: password, sessions, and changes by others."""

import re
from datetime import date

import pytest
from browsers import Browser, Browsers
from signed_in import sign_in, sign_in_staff
from support.city import PASSWORD, City
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.text.common import chrome_text
from publicmeeting.text.officials import account_text, people_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.officials.managing import GiveRole, give_role
from publicmeeting.web.plain.page import MINE

ACCOUNT = "/account/"
NEW = "درخت چنار کنار حوض"


def fields(**other: str) -> dict[str, str]:
    return {"old": PASSWORD, "password": NEW, "again": NEW, **other}


@pytest.fixture
def desk(browser: Browser, city: City) -> Browser:
    del city
    sign_in_staff(browser, "desk")
    return browser


@pytest.mark.parametrize("who", ["mayor"])
def test_every_official_has_a_page_of_her_own_account(
    browser: Browser, application: Application, city: City, who: str
) -> None:
    sign_in_staff(browser, who)
    page = browser.get(ACCOUNT)
    assert page.status_code == 200
    assert who in page.text
    assert people_text.event_words("added") in page.text
    assert "no-store" in page.headers["cache-control"]
    assert MINE not in page.text, "a citizen's requests are no way of an official"
    with application.store.unit_of_work(application.clock()) as uow:
        account = uow.accounts.by_username(who)
        assert account is not None
        uow.accounts.date_term(account.id, account.terms[0], date(2026, 11, 1))
    assert "e=account_no_term" in browser.get(ACCOUNT).headers["location"], "why, at the door"


@pytest.mark.on_postgresql
def test_passphrases_can_be_seen_while_they_are_typed(desk: Browser) -> None:
    page = desk.get(ACCOUNT).text
    assert 'aria-controls="old password again"' in page
    assert page.count(chrome_text.SHOW_PASSWORD) == 1


def test_another_password_ends_the_other_sessions_and_this_one_stays(
    browsers: Browsers, city: City
) -> None:
    del city
    here, there = browsers(), browsers()
    for one in (here, there):
        sign_in_staff(one, "desk")
    before = here.cookie("device")
    answer = here.post("/account/password", fields())
    assert answer.headers["location"] == "/account/?done=password"
    assert here.cookie("device") != before
    assert here.get(ACCOUNT).status_code == 200
    assert there.get(ACCOUNT).status_code == 303
    for password, right in ((PASSWORD, False), (NEW, True)):
        tried = browsers().post("/auth/staff", {"username": "desk", "password": password})
        assert ("e=" not in tried.headers["location"]) is right


@in_one_city(
    "change, why",
    [
        ({"old": "wrong"}, "password_old_wrong"),
        ({"old": ""}, "password_old_wrong"),
        ({"again": "another"}, "passwords_differ"),
        ({"password": "کوتاه", "again": "کوتاه"}, "password_short"),
        ({"password": "Password1234!", "again": "Password1234!"}, "password_common"),
        ({"password": "desk-desk-desk", "again": "desk-desk-desk"}, "password_own"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(
    desk: Browser, browsers: Browsers, change: dict[str, str], why: str
) -> None:
    answer = desk.post("/account/password", fields(**change))
    assert f"e={why}" in answer.headers["location"]
    assert refusal(why, least=12) in desk.get(answer.headers["location"]).text
    tried = browsers().post("/auth/staff", {"username": "desk", "password": PASSWORD})
    assert "e=" not in tried.headers["location"]


def test_guessing_the_old_password_in_an_open_page_ends_soon(desk: Browser) -> None:
    for _ in range(10):
        assert (
            "password_old_wrong"
            in desk.post("/account/password", fields(old="guess")).headers["location"]
        )
    assert "too_many_requests" in desk.post("/account/password", fields()).headers["location"]


def test_her_sessions_are_listed_and_ended_one_by_one(browsers: Browsers, city: City) -> None:
    del city
    here, there, third = browsers(), browsers(), browsers()
    for one in (here, there, third):
        sign_in_staff(one, "desk")
    page = here.get(ACCOUNT).text
    handles = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(handles) == 2
    answer = here.post("/account/sessions", {"session": handles[0]})
    assert answer.headers["location"] == "/account/?done=session"
    again = here.post("/account/sessions", {"session": handles[0]})
    assert "e=session_gone" in again.headers["location"]
    assert {one.get(ACCOUNT).status_code for one in (there, third)} == {200, 303}
    assert here.post("/account/sessions", {"others": "1"}).headers["location"] == (
        "/account/?done=others"
    )
    assert {one.get(ACCOUNT).status_code for one in (there, third)} == {303}
    assert here.get(ACCOUNT).status_code == 200


def test_nobody_ends_anothers_session(browsers: Browsers, city: City) -> None:
    del city
    hers, his = browsers(), browsers()
    sign_in_staff(hers, "desk")
    sign_in_staff(his, "mayor")
    sign_in_staff(browsers(), "mayor")
    (handle,) = re.findall(r'name="session" value="([^"]+)"', his.get(ACCOUNT).text)
    for odd in (handle, "", "x" * 400, "\u06f1"):
        answer = hers.post("/account/sessions", {"session": odd})
        assert "e=session_gone" in answer.headers["location"]
    assert his.get(ACCOUNT).status_code == 200


@pytest.mark.on_postgresql
def test_what_others_changed_stands_above_until_she_has_read_it(
    desk: Browser, application: Application, city: City
) -> None:
    desk.get(ACCOUNT)
    provided = GiveRole(account=city.as_("desk").account_id, role="reception", district="6")
    application.clock.forward(minutes=1)
    application.execute_as(city.as_("administrator"), give_role, provided)
    application.clock.forward(minutes=1)
    desk.head(ACCOUNT)
    desk.get(ACCOUNT, **{"sec-purpose": "prefetch;prerender"})
    desk.get(ACCOUNT, **{"sec-fetch-site": "cross-site"})
    assert account_text.NEW.format(count="۱") in desk.get(ACCOUNT).text, "she has not seen it yet"
    page = desk.get(ACCOUNT).text
    assert account_text.NEW.format(count="۱") not in page
    assert people_text.BY.format(name="administrator") in page


def test_a_citizen_and_nobody_have_no_such_page(
    browsers: Browsers, application: Application, city: City
) -> None:
    del city
    nobody, citizen = browsers(), browsers()
    assert nobody.get(ACCOUNT).headers["location"] == "/sign-in/?next=%2Faccount%2F"
    assert nobody.post("/account/password", fields()).status_code == 303
    sign_in(citizen, application)
    for answer in (
        citizen.get(ACCOUNT),
        citizen.post("/account/password", fields()),
        citizen.post("/account/sessions", {"others": "1"}),
    ):
        assert answer.status_code in {303, 404}
    assert citizen.cookie("session")
