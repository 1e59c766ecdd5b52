"""The proof of work between a form and its answer loses nothing typed, and allows another try."""

import base64
import hashlib
import html
import re

import pytest
from browsers import Browser, Browsers
from httpx2 import Response
from support.citizens import code_on, file, someone
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.text.common import chrome_text
from publicmeeting.usecases.accounts.signing_in.proof_of_work import BITS, _is_solved
from publicmeeting.usecases.rate_limits import RULES, Limit, count

WHO = someone(1)
RIGHT = {"username": "desk", "password": PASSWORD}


def fields_of(answer: Response) -> dict[str, str]:
    assert answer.status_code == 429
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    return {name: html.unescape(value) for name, value in pairs}


def worked(fields: dict[str, str]) -> dict[str, str]:
    text = fields["proof"]
    proof = next(one for at in range(10**7) if _is_solved(one := f"{text}{at}"))
    return {**fields, "proof": proof}


@pytest.fixture
def asked(browser: Browser, city: City) -> Response:
    """The answer to the right password, after ten wrong ones."""
    for _ in range(RULES[Limit.PASSWORD_ACCOUNT_ADDRESS].most):
        browser.post("/auth/staff", {"username": "desk", "password": "wrong"})
    headers = {"origin": browser.origin, "referer": f"{browser.origin}/sign-in/?next=/desk/calls/"}
    return browser.post("/auth/staff", RIGHT, headers=headers)


def test_ten_wrong_passwords_ask_for_a_proof_and_no_lock_is_put_on(
    browser: Browser, asked: Response
) -> None:
    assert PASSWORD not in asked.text
    answer = browser.post("/auth/staff", worked(fields_of(asked)))
    assert answer.headers["location"] == "/desk/calls/"
    assert browser.cookie("session")


def test_the_page_runs_its_own_script_and_no_other(asked: Response) -> None:
    (script,) = re.findall(r'<script type="module">(.*?)</script>', asked.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = asked.headers["content-security-policy"]
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert asked.headers["cache-control"] == "no-store"
    assert f'data-bits="{BITS}"' in asked.text
    assert chrome_text.PROOF_SAVED in asked.text


def test_without_a_script_half_a_minute_is_as_good(
    browser: Browser, asked: Response, clock: FixedClock
) -> None:
    fields = fields_of(asked)
    early = browser.post("/auth/staff", fields)
    assert early.status_code == 429
    clock.forward(seconds=30)
    assert browser.post("/auth/staff", fields_of(early)).headers["location"] == "/desk/calls/"


def test_a_wrong_password_behind_a_proof_leads_back_to_the_form(
    browser: Browser, asked: Response
) -> None:
    wrong = browser.post("/auth/staff", {"username": "desk", "password": "wrong"})
    answer = browser.post("/auth/staff", worked(fields_of(wrong)))
    assert answer.headers["location"] == "/sign-in/?e=password_wrong"


@in_one_city("sealed", ["x", "00", "0" * 100, "نه"])
@in_one_city("path", ["/auth/staff", "/auth/code", "/auth/track"])
def test_a_form_nobody_sealed_is_no_form(browser: Browser, path: str, sealed: str) -> None:
    answer = browser.post(path, {"form": sealed, "proof": "1"})
    assert "e=form_broken" in answer.headers["location"]


def test_another_visits_form_is_not_opened(
    browsers: Browsers, asked: Response, clock: FixedClock
) -> None:
    other = browsers()
    assert "form_broken" in other.post("/auth/staff", fields_of(asked)).headers["location"]


def test_a_browser_that_signed_in_once_is_not_asked(browsers: Browsers, city: City) -> None:
    his, other = browsers(), browsers("203.0.113.9")
    his.post("/auth/staff", RIGHT)
    his.post("/auth/leave")
    for _ in range(25):
        other.post("/auth/staff", {"username": "desk", "password": "wrong"})
    assert other.post("/auth/staff", RIGHT).status_code == 429
    assert his.post("/auth/staff", RIGHT).headers["location"] == "/desk/"


def test_a_code_is_sent_after_a_proof_and_typed_where_it_was_asked_for(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.CODE_MOBILE, parse_mobile(WHO.mobile), amount=6)
    headers = {"origin": browser.origin, "referer": f"{browser.origin}/enter/"}
    fields = {"mobile": WHO.mobile, "next": "/mine/"}
    asked = browser.post("/auth/code", fields, headers=headers)
    assert application.phone.texts(parse_mobile(WHO.mobile)) == []
    sent = browser.post("/auth/code", worked(fields_of(asked)))
    assert sent.headers["location"] == "/enter/?sent=1"
    code = code_on(application, parse_mobile(WHO.mobile))
    entered = browser.post("/auth/confirm", {"code": code, "next": "/mine/"})
    assert entered.headers["location"] == "/mine/"


def test_a_code_is_looked_up_after_a_proof(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    code = file(application, WHO).code
    with application.store.unit_of_work(clock()) as uow:
        count(uow, Limit.TRACK_ADDRESS, "192.0.2.7", amount=100)
    asked = browser.post(
        "/auth/track", {"code": code, "last_four": WHO.mobile[-4:], "back": "/plain/track/"}
    )
    answer = browser.post("/auth/track", worked(fields_of(asked)))
    assert answer.headers["location"] == f"/plain/track/?code={code}"
