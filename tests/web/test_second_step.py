"""`/sign-in/second/`: no session before both steps, and no secret in an address."""

import re
from html import unescape

import pytest
from browsers import Browser
from signed_in import keys
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.doors import code_at, has_app
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.text.common import sign_in_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.web.browser import FORM_BYTES

PAGE = "/sign-in/second/"
FORMS = ("/auth/second", "/auth/enrol")


def types_password(browser: Browser, username: str = "mayor", onward: str = "") -> str:
    fields = {"username": username, "password": PASSWORD, "next": onward}
    return browser.post("/auth/staff", fields).headers["location"]


def secret_on(page: str) -> str:
    found = re.search(r'class="key-secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return found[1].replace(" ", "")


def test_a_right_password_leads_to_the_code_and_the_code_leads_in(
    browser: Browser, application: Application, city: City
) -> None:
    has_app(application, "mayor")
    assert types_password(browser, onward="/mayor/orders/") == f"{PAGE}?next=%2Fmayor%2Forders%2F"
    assert not browser.cookie("session")
    page = browser.get(f"{PAGE}?next=/mayor/orders/").text
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    answer = browser.post("/auth/second", {"code": code_at(application), "next": "/mayor/orders/"})
    assert answer.headers["location"] == "/mayor/orders/"
    assert application.query_now(viewer, keys(browser), Nothing()).roles
    assert not browser.cookie("second")
    assert "HttpOnly" in answer.headers["set-cookie"]


def test_a_wrong_code_is_said_beside_the_field_and_stays_there(
    browser: Browser, application: Application, city: City
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    answer = browser.post("/auth/second", {"code": "000000", "next": "/mayor/"})
    assert answer.headers["location"] == f"{PAGE}?next=%2Fmayor%2F&e=second_wrong"
    page = browser.get(answer.headers["location"]).text
    assert refusal("second_wrong") in page
    assert 'aria-invalid="true"' in page
    assert "autofocus" in page  # the next code is shown for thirty seconds only
    assert not browser.cookie("session")


def test_a_wrong_code_leaves_the_box_checked_and_it_begins_unchecked(
    browser: Browser, application: Application, city: City
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    checked = re.compile("<input[^>]* checked")
    answer = browser.post("/auth/second", {"code": "000000", "remember": "1"})
    assert checked.search(browser.get(answer.headers["location"]).text)
    answer = browser.post("/auth/second", {"code": "000000"})
    assert not checked.search(browser.get(answer.headers["location"]).text)
    assert not checked.search(browser.get(f"{PAGE}?remember=1").text)


def test_the_first_sign_in_of_a_mayor_leads_to_setting_up_before_any_session(
    strict: Browser, application: Application
) -> None:
    assert types_password(strict) == PAGE
    assert not strict.cookie("session")
    page = strict.get(PAGE).text
    assert "<svg" in page
    secret = secret_on(page)
    assert secret_on(strict.get(PAGE).text) == secret  # a reload shows the same secret
    refused = strict.post("/auth/enrol", {"code": "000000"})
    assert refused.headers["location"] == f"{PAGE}?e=enrol_wrong"
    answer = strict.post("/auth/enrol", {"code": code_at(application, secret)})
    assert answer.status_code == 200
    codes = re.findall(r'<li><bdi dir="ltr">([۰-۹ ]{19})</bdi></li>', answer.text)
    assert len(codes) == 10
    assert answer.headers["cache-control"] == "no-store"
    assert 'href="/mayor/"' in answer.text
    assert application.query_now(viewer, keys(strict), Nothing()).roles
    again = strict.post("/auth/enrol", {"code": code_at(application, secret)})
    assert again.headers["location"] == "/account/keys/"  # where new recovery codes are made


def test_a_paper_leads_in_once_and_says_how_many_are_left(
    browser: Browser, application: Application, city: City
) -> None:
    (paper, *_) = has_app(application, "mayor")
    types_password(browser)
    page = browser.get(f"{PAGE}?with=paper").text
    assert sign_in_text.PAPER_HINT in page
    answer = browser.post("/auth/second", {"code": f"{paper[:4]} {paper[4:]}", "paper": "1"})
    assert answer.headers["location"] == "/account/keys/?left=9"
    types_password(browser)
    again = browser.post("/auth/second", {"code": paper, "paper": "1"})
    assert again.headers["location"] == f"{PAGE}?with=paper&e=second_wrong"


def test_a_remembered_tablet_is_asked_for_the_password_alone(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    browser.post("/auth/second", {"code": code_at(application), "remember": "1"})
    browser.post("/auth/leave", {})
    assert types_password(browser) == "/mayor/"
    assert browser.cookie("session")


@in_one_city("cookie", ["", "x", "AAAA", "%DA%A9", "A" * 200, "A" * 2000])
@in_one_city("form", FORMS)
def test_a_made_up_cookie_leads_back_to_the_password(
    browser: Browser, city: City, cookie: str, form: str
) -> None:
    headers = {
        "origin": browser.origin,
        "cookie": f"visit={browser.cookie('visit')}; second={cookie}",
    }
    answer = browser.post(form, {"code": "123456"}, headers=headers)
    assert answer.headers["location"] == "/sign-in/?e=second_expired"
    page = browser.get(PAGE, cookie=headers["cookie"])
    assert page.headers["location"] == "/sign-in/?e=second_expired"


@pytest.mark.parametrize("form", FORMS)
def test_another_sites_form_and_a_huge_one_are_refused(
    browser: Browser, city: City, form: str
) -> None:
    foreign = browser.post(form, {"code": "1"}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert browser.post(form, {"code": "1"}, headers={}).status_code == 403
    assert browser.post(form, {"code": "1" * (FORM_BYTES + 1)}).status_code in {400, 413}
    assert browser.get(form).status_code == 404


@pytest.mark.parametrize("code", ["\0", "12345\n6"])
def test_odd_codes_are_refused_in_words(
    browser: Browser, application: Application, city: City, code: str
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    answer = browser.post("/auth/second", {"code": code})
    assert "e=second_" in answer.headers["location"]


@pytest.mark.parametrize("onward", ["https://evil.example/"])
def test_nobody_is_led_to_another_site(
    browser: Browser, application: Application, city: City, onward: str
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    page = unescape(browser.get(f"{PAGE}?next={onward}").text)
    assert "evil.example" not in page
    answer = browser.post("/auth/second", {"code": code_at(application), "next": onward})
    assert answer.headers["location"] == "/mayor/"


def test_the_page_is_never_kept_and_runs_no_foreign_script(
    browser: Browser, application: Application, city: City
) -> None:
    has_app(application, "mayor")
    types_password(browser)
    answer = browser.get(PAGE)
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
