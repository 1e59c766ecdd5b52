"""A form tapped twice: the browser shows the second answer and drops the first one's cookies.

The tests remove the first answer's cookies from the browser, as Chromium does for a navigation that
another one of the same page cancels.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from browsers import Browser, Browsers
from httpx2 import Response
from signed_in import keys
from support.citizens import code_on, file, someone
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.doors import code_at, has_app

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing

WHO = someone(1)
DOOR = "/plain/enter/"
COOKIES = ("visit", "session", "pending", "second", "device")


@contextmanager
def first_answer_lost(browser: Browser) -> Iterator[None]:
    """Drop the cookies of answers inside the block, because no answer was shown."""
    before = {name: browser.cookie(name) for name in COOKIES}
    yield
    for name, value in before.items():
        browser.put_cookie(name, value)


def twice(browser: Browser, path: str, fields: dict[str, str]) -> tuple[Response, Response]:
    with first_answer_lost(browser):
        first = browser.post(path, fields)
    return first, browser.post(path, fields)


def asks(browser: Browser, application: Application, clock: FixedClock) -> str:
    """Let her, who has filed before, ask for a code; return it."""
    file(application, WHO)
    clock.forward(minutes=2)
    browser.get(DOOR)
    browser.post("/auth/code", {"mobile": WHO.mobile, "next": "/my/", "back": DOOR})
    return code_on(application, parse_mobile(WHO.mobile))


def is_in(browser: Browser, application: Application) -> bool:
    return application.query_now(viewer, keys(browser), Nothing()).is_citizen


@pytest.mark.on_postgresql
def test_a_code_sent_twice_leads_in_once(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    code = asks(browser, application, clock)
    first, second = twice(browser, "/auth/confirm", {"code": code, "next": "/my/"})
    assert (first.headers["location"], second.headers["location"]) == ("/my/", "/my/")
    assert is_in(browser, application)


def test_what_she_has_begun_is_where_the_second_answer_leads(
    browser: Browser, application: Application, city: City
) -> None:
    """Her draft must not belong to the visit of an answer that was never shown."""
    browser.get("/plain/request/")
    browser.post("/plain/request/?step=1", {"district": "6", "subject": "green_space"})
    newcomer = someone(9)
    onward = "/plain/request/?step=3"
    browser.post("/auth/code", {"mobile": newcomer.mobile, "next": onward})
    code = code_on(application, parse_mobile(newcomer.mobile))
    twice(browser, "/auth/confirm", {"code": code, "next": onward})
    assert browser.cookie("session")
    page = browser.get("/plain/request/?step=1").text
    assert re.search(r'value="6" (selected|checked)', page)


def test_a_second_tap_after_the_first_answers_cookies_goes_on(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    code = asks(browser, application, clock)
    fields = {"code": code, "next": "/my/", "back": DOOR}
    browser.post("/auth/confirm", fields)
    assert browser.post("/auth/confirm", fields).headers["location"] == "/my/"
    clock.forward(minutes=2)
    assert "e=code_expired" in browser.post("/auth/confirm", fields).headers["location"]


def test_a_used_code_opens_nothing_for_long_nor_for_another_nor_after_leaving(
    browser: Browser, browsers: Browsers, application: Application, city: City, clock: FixedClock
) -> None:
    code = asks(browser, application, clock)
    fields = {"code": code, "next": "/my/", "back": DOOR}
    other = browsers()
    other.put_cookie("pending", browser.cookie("pending"))
    with first_answer_lost(browser):
        browser.post("/auth/confirm", fields)
    wrong = {**fields, "code": f"{(int(code) + 1) % 10**6:06d}"}
    assert "e=code_expired" in browser.post("/auth/confirm", wrong).headers["location"]
    assert "e=code_expired" in other.post("/auth/confirm", fields).headers["location"]
    with first_answer_lost(browser):
        browser.post("/auth/confirm", fields)
        browser.post("/auth/leave", {})
    assert "e=code_expired" in browser.post("/auth/confirm", fields).headers["location"]
    assert not is_in(browser, application)


def test_a_minute_later_a_used_code_is_used(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    code = asks(browser, application, clock)
    fields = {"code": code, "next": "/my/", "back": DOOR}
    with first_answer_lost(browser):
        browser.post("/auth/confirm", fields)
    clock.forward(seconds=61)
    assert "e=code_expired" in browser.post("/auth/confirm", fields).headers["location"]


def test_a_code_asked_for_twice_can_be_typed(
    browser: Browser, application: Application, city: City
) -> None:
    """The second tap shows the answer of the first one: the code is on its way."""
    browser.get(DOOR)
    fields = {"mobile": WHO.mobile, "next": "/my/", "back": DOOR}
    first, second = twice(browser, "/auth/code", fields)
    assert second.headers["location"] == first.headers["location"] == f"{DOOR}?sent=1"
    page = browser.get(second.headers["location"]).text
    assert 'name="code"' in page
    assert "aria-invalid" not in page
    assert len(application.phone.texts(parse_mobile(WHO.mobile))) == 1
    code = code_on(application, parse_mobile(WHO.mobile))
    entered = browser.post("/auth/confirm", {"code": code, "next": "/my/", "back": DOOR})
    assert entered.headers["location"] == "/my/"


def test_a_code_asked_for_again_too_soon_is_refused_at_the_codes_field(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    fields = {"mobile": WHO.mobile, "next": "/my/", "back": f"{DOOR}?other=1"}
    browser.post("/auth/code", fields)
    again = browser.post("/auth/code", fields)
    assert again.headers["location"] == f"{DOOR}?sent=1&e=code_too_often&minutes=1"
    code = code_on(application, parse_mobile(WHO.mobile))
    for wrong in range(5):
        browser.post("/auth/confirm", {"code": f"{(int(code) + wrong + 1) % 10**6:06d}"})
    none_left = browser.post("/auth/code", {**fields, "back": DOOR})
    assert none_left.headers["location"] == f"{DOOR}?e=code_too_often&minutes=1"


def test_another_browser_reads_nothing_of_a_code(
    browser: Browser, browsers: Browsers, application: Application, city: City
) -> None:
    fields = {"mobile": WHO.mobile, "next": "/my/", "back": DOOR}
    browser.post("/auth/code", fields)
    other = browsers()
    other.get(DOOR)
    other.post("/auth/code", fields)
    assert len(application.phone.texts(parse_mobile(WHO.mobile))) == 2


def types_password(browser: Browser) -> None:
    browser.post("/auth/staff", {"username": "mayor", "password": PASSWORD, "next": ""})


@pytest.mark.parametrize("with_paper", [False, True])
def test_a_second_step_sent_twice_leads_in_once(
    browser: Browser, application: Application, city: City, *, with_paper: bool
) -> None:
    (paper, *_) = has_app(application, "mayor")
    types_password(browser)
    code = paper if with_paper else code_at(application)
    first, second = twice(browser, "/auth/second", {"code": code})
    onward = "/account/keys/?left=9" if with_paper else "/mayor/"
    assert (first.headers["location"], second.headers["location"]) == (onward, onward)
    assert application.query_now(viewer, keys(browser), Nothing()).roles


def codes_on(answer: Response) -> list[str]:
    return re.findall(r'<li><bdi dir="ltr">([۰-۹ ]{19})</bdi></li>', answer.text)


def test_recovery_codes_are_shown_to_whoever_tapped_twice(
    strict: Browser, application: Application, clock: FixedClock
) -> None:
    """Both answers have the same codes, so the shown ones are valid."""
    types_password(strict)
    page = strict.get("/sign-in/second/").text
    secret = re.findall(r'class="key-secret">([A-Z2-7 ]+)<', page)[0].replace(" ", "")
    before = "; ".join(f"{name}={strict.cookie(name)}" for name in ("visit", "second"))
    fields = {"code": code_at(application, secret)}
    first, second = twice(strict, "/auth/enrol", fields)
    assert len(codes_on(second)) == len(set(codes_on(second))) == 10
    assert codes_on(second) == codes_on(first)
    clock.forward(seconds=61)
    late = strict.post("/auth/enrol", fields, headers={"origin": strict.origin, "cookie": before})
    assert late.headers["location"] == "/sign-in/?e=second_expired"
    strict.post("/auth/leave", {})
    types_password(strict)
    used = strict.post("/auth/second", {"code": codes_on(second)[0], "paper": "1"})
    assert used.headers["location"] == "/account/keys/?left=9"
