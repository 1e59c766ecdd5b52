"""The form that tracks a code, sent by a browser without JavaScript."""

from urllib.parse import parse_qs, urlsplit

import pytest
from browsers import Browser
from support.citizens import citizen, file, someone

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.by_code import tracked_stages

WHO = someone(1)


@pytest.fixture
def code(application: Application, city) -> str:
    return file(application, WHO, citizen(application, WHO.mobile)).code


def sent(browser: Browser, code: str, last_four: str) -> tuple[str, dict[str, list[str]]]:
    answer = browser.post("/auth/track", {"code": code, "last_four": last_four})
    assert answer.status_code == 303
    to = urlsplit(answer.headers["location"])
    return to.path, parse_qs(to.query)


def test_the_right_digits_open_the_stages_and_stand_in_no_address(
    browser: Browser, application: Application, code: str
):
    spaced = f"{code[:3]} {code[3:6]} {code[6:]}"
    assert sent(browser, spaced, WHO.mobile[-4:]) == ("/track/", {"code": [code]})
    found = application.query_now(
        tracked_stages, Keys(visit=browser.cookie("visit")), OneCase(code=code)
    )
    assert found.code == code


def test_a_refused_code_stands_in_no_address_and_is_not_lost(browser: Browser, code: str):
    path, query = sent(browser, f"{code[:9]} x", "1")
    assert (path, list(query)) == ("/track/", ["e"])
    sent(browser, code, "1")
    assert browser.cookie("tried") == code
    sent(browser, code, WHO.mobile[-4:])
    assert browser.cookie("tried") == ""


def test_the_form_of_another_page_of_ours_leads_back_to_it(browser: Browser, code: str):
    for back, path in (("/plain/track/?e=x", "/plain/track/"), ("//evil.example/", "/track/")):
        fields = {"code": code, "last_four": WHO.mobile[-4:], "back": back}
        answer = browser.post("/auth/track", fields)
        assert answer.headers["location"] == f"{path}?code={code}"
