"""«Is this mobile still yours?» as forms, in a browser without scripts."""

from html import unescape
from urllib.parse import quote

import pytest
from browsers import Browser, Browsers
from signed_in import sign_in
from support.citizens import code_on, file, someone
from support.city import City

from publicmeeting.application import Application
from publicmeeting.domain.people import IdentityKind, Level, parse_mobile
from publicmeeting.kit.digits import persian
from publicmeeting.text.filing import filing_text, whose_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import my_page_text

HER = someone(1)
ASKED = "/enter/identity/"
MINE = "/plain/mine/"


@pytest.fixture
def code(application: Application, city: City) -> str:
    """The code of a matched person's request, whose number she has lost since."""
    request = file(application, HER)
    with application.store.unit_of_work(application.clock()) as uow:
        person = uow.people.by_identity(IdentityKind.NATIONAL, HER.identity)
        assert person is not None
        uow.people.prove(person.id, Level.MATCHED, "matching")
    return request.code


def comes_in(browser: Browser, application: Application, onward: str) -> str:
    """Sign in by the code; return where it leads."""
    browser.post("/auth/code", {"mobile": HER.mobile, "next": onward})
    code = code_on(application, parse_mobile(HER.mobile))
    answer = browser.post("/auth/confirm", {"code": code, "next": onward})
    return answer.headers["location"]


def test_she_answers_once_on_a_new_browser(
    browser: Browser, application: Application, code: str
) -> None:
    at = comes_in(browser, application, MINE)
    assert at == f"{ASKED}?next={quote(MINE, safe='')}"
    seen = unescape(browser.get(at).text)
    assert whose_text.MOBILE_DIGITS in seen
    assert HER.name not in seen
    assert persian(code[:3]) not in seen
    wrong = browser.post(ASKED, {"digits": "0000", "next": MINE})
    reply = unescape(browser.get(wrong.headers["location"]).text)
    assert refusal("last_digits_wrong") in reply
    assert 'aria-invalid="true"' in reply
    before = browser.cookie("device")
    right = browser.post(ASKED, {"digits": persian(HER.identity[-4:]), "next": MINE})
    assert (right.status_code, right.headers["location"]) == (303, MINE)
    assert browser.cookie("device") not in ("", before)
    assert f"{MINE}{code}/" in browser.get(MINE).text
    # A second press, and a second tab that still shows the question.
    again = browser.post(ASKED, {"digits": HER.identity[-4:], "next": MINE})
    assert again.headers["location"] == MINE
    assert browser.get(at).headers["location"] == MINE
    browser.post("/auth/leave")


def test_a_browser_that_has_answered_is_led_straight_on(
    browser: Browser, application: Application, code: str
) -> None:
    comes_in(browser, application, MINE)
    browser.post(ASKED, {"digits": HER.identity[-4:], "next": MINE})
    browser.post("/auth/leave")
    sign_in(browser, application, HER)
    assert f"{MINE}{code}/" in browser.get(MINE).text


def test_whoever_has_the_number_now_is_told_how_to_file_and_sees_nothing(
    browser: Browser, application: Application, code: str
) -> None:
    assert comes_in(browser, application, "/plain/request/?step=3").startswith("/plain/request/")
    seen = unescape(browser.get(MINE).text)
    assert whose_text.MOBILE_ASKED in seen
    assert HER.name not in seen
    assert my_page_text.FOR_WHOM not in seen
    browser.post("/plain/request/", {"step": "1", "district": "6"})
    text = "سنگ‌فرش پیاده‌رو شکسته است و برای سالمندان خطر دارد."
    matter = {"subject": "street", "title": "پیاده‌روی شکسته", "text": text}
    browser.post("/plain/request/", {"step": "2", **matter})
    wizard = unescape(browser.get("/plain/request/?step=3").text)
    assert whose_text.MOBILE_ASKED in wizard
    assert filing_text.IDENTITY in wizard
    assert HER.name not in wizard


def test_the_question_leads_to_no_other_site_and_takes_no_form_of_one(
    browser: Browser, browsers: Browsers, application: Application, code: str
) -> None:
    assert browsers().get(ASKED).headers["location"].startswith("/enter/?next=")
    nobody = browsers().post(ASKED, {"digits": "1234"})
    assert nobody.headers["location"].startswith("/enter/?next=")
    comes_in(browser, application, MINE)
    assert 'value="/mine/"' in browser.get(f"{ASKED}?next=//evil.example/").text
    right = {"digits": HER.identity[-4:], "next": "https://evil.example/"}
    foreign = browser.post(ASKED, right, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    for broken in ({}, {"digits": "۱" * 5000}, {"digits": "\x01\x02\x03"}):
        at = browser.post(ASKED, broken).headers["location"]
        assert "last_digits_short" in at
    assert browser.post(ASKED, right).headers["location"] == "/mine/"


def test_after_three_wrong_answers_the_desk_is_named(
    browser: Browser, application: Application, code: str
) -> None:
    comes_in(browser, application, MINE)
    for _ in range(4):
        at = browser.post(ASKED, {"digits": "0000"}).headers["location"]
    assert refusal("last_digits_over") in unescape(browser.get(at).text)
