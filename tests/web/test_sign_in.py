"""Citizens sign in by forms: every way in, and everything that is refused."""

import io
import re

import pytest
from browsers import Browser, Browsers
from httpx2 import Response
from PIL import Image
from signed_in import keys, sign_in, sign_in_staff
from starlette.requests import Request
from support.citizens import code_on, file, someone
from support.city import PASSWORD, City
from support.clock import FixedClock
from support.each import in_one_city

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.tracking.by_code import TRIED
from publicmeeting.web.browser import address

WHO = someone(1)
NEXT = "/request/?step=3"


def test_a_code_leads_in_and_on_to_the_page_that_was_named(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    file(application, WHO)
    clock.forward(minutes=2)
    asked = browser.post("/auth/code", {"mobile": "۰۹۱۲ ۰۰۰ ۰۰۰۱", "next": NEXT})
    assert (asked.status_code, asked.headers["location"]) == (303, f"{NEXT}&sent=1")
    code = code_on(application, parse_mobile(WHO.mobile))
    entered = browser.post("/auth/confirm", {"code": code, "next": "/my/"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/my/")
    assert application.query_now(viewer, keys(browser), Nothing()).is_citizen
    assert not browser.cookie("pending")


def test_the_mobile_is_in_no_address_and_no_readable_cookie(browser: Browser, city: City) -> None:
    answer = browser.post("/auth/code", {"mobile": WHO.mobile})
    spoken = answer.headers["location"] + answer.headers["set-cookie"]
    assert WHO.mobile[1:] not in spoken
    assert "HttpOnly" in answer.headers["set-cookie"]


def test_a_refused_mobile_stands_in_its_field_again(browser: Browser, city: City) -> None:
    """She types eleven digits only once.

    The number is in no address and no readable cookie. It is shown only where it was refused, not
    to the next person at the door.
    """
    fields = {"mobile": "۰۹۱۲ ۰۰۰ ۰۰۰", "next": NEXT, "back": "/plain/enter/"}
    answer = browser.post("/auth/code", fields)
    assert "0912000000" not in answer.headers["location"] + answer.headers["set-cookie"]
    refused = answer.headers["location"]
    assert 'name="mobile" value="۰۹۱۲۰۰۰۰۰۰"' in browser.get(refused).text
    assert "۰۹۱۲۰۰۰۰۰۰" not in browser.get("/plain/enter/").text
    browser.post("/auth/code", {**fields, "mobile": WHO.mobile})
    assert "۰۹۱۲۰۰۰۰۰۰" not in browser.get(refused.replace("?", "?other=1&")).text


def test_a_cookie_stays_as_long_as_what_the_server_keeps_for_it(
    browser: Browser, application: Application, city: City
) -> None:
    """Thirty days for a citizen, twelve hours at work, a quarter of an hour for a code."""
    asked = browser.post("/auth/code", {"mobile": WHO.mobile})
    assert _stays(asked, "pending") == 15 * 60
    code = code_on(application, parse_mobile(WHO.mobile))
    assert _stays(browser.post("/auth/confirm", {"code": code}), "session") == 30 * 24 * 3600
    fields = {"username": "desk", "password": PASSWORD}
    assert _stays(browser.post("/auth/staff", fields), "session") == 12 * 3600


def _stays(answer: Response, name: str) -> int:
    """Return for how many seconds a browser stores a cookie."""
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}=")]
    return int(re.search("Max-Age=([0-9]+)", cookie)[1])


def test_a_page_of_its_own_for_the_form_is_where_the_code_is_typed(
    browser: Browser, city: City
) -> None:
    fields = {"mobile": WHO.mobile, "next": "/my/", "back": "/enter/"}
    assert browser.post("/auth/code", fields).headers["location"] == "/enter/?sent=1"
    refused = browser.post("/auth/confirm", {"code": "1", "next": "/my/", "back": "/enter/?sent=1"})
    assert refused.headers["location"] == "/enter/?e=code_short"


def test_without_a_word_the_page_it_came_from_is_where_the_code_is_typed(
    browser: Browser, city: City
) -> None:
    headers = {"origin": browser.origin, "referer": f"{browser.origin}/enter/?other=1&e=x"}
    wrong = browser.post("/auth/code", {"mobile": "0912", "next": "/mine/"}, headers=headers)
    assert wrong.headers["location"] == "/enter/?other=1&e=mobile_length&digits=4"
    fields = {"mobile": WHO.mobile, "next": "/mine/"}
    sent = browser.post("/auth/code", fields, headers=headers)
    assert sent.headers["location"] == "/enter/?sent=1"
    headers["referer"] = "https://evil.example/enter/"
    again = browser.post("/auth/code", fields, headers=headers)
    assert again.headers["location"] == "/mine/?sent=1&e=code_too_often&minutes=1"


def test_the_code_comes_again_without_typing_the_mobile_again(
    browser: Browser, application: Application, city: City, clock: FixedClock
) -> None:
    browser.post("/auth/code", {"mobile": WHO.mobile})
    clock.forward(seconds=61)
    assert "sent=1" in browser.post("/auth/code", {"next": NEXT}).headers["location"]
    assert len(application.phone.texts(parse_mobile(WHO.mobile))) == 2


def test_known_and_unknown_mobiles_are_answered_alike(
    browsers: Browsers, application: Application, city: City, clock: FixedClock
) -> None:
    file(application, WHO)
    clock.forward(minutes=2)
    answers = []
    for who in (WHO, someone(2)):
        answer = browsers().post("/auth/code", {"mobile": who.mobile})
        named = sorted(name for name, _ in answer.headers.items())
        length = len(answer.headers["set-cookie"])
        answers.append((answer.status_code, answer.headers["location"], answer.text, named, length))
    assert answers[0] == answers[1]


@in_one_city(
    "mobile, query",
    [
        ("", "e=mobile_missing"),
        ("0912", "e=mobile_length&digits=4"),
        ("02112345678", "e=mobile_landline"),
        ("<script>", "e=mobile_letters"),
    ],
)
def test_a_wrong_mobile_comes_back_as_a_word(
    browser: Browser, city: City, mobile: str, query: str
) -> None:
    answer = browser.post("/auth/code", {"mobile": mobile, "next": NEXT})
    assert answer.headers["location"] == f"{NEXT}&{query}"
    assert not browser.cookie("pending")


def test_without_a_first_page_there_is_no_code(browsers: Browsers, city: City) -> None:
    answer = browsers(fresh=True).post("/auth/code", {"mobile": WHO.mobile})
    assert "e=not_ready" in answer.headers["location"]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1:a:b:c:d", "2001:db8:0:1::"),
        ("::1", "::"),
        ("testclient", "testclient"),
    ],
)
def test_what_is_counted_as_one_address(host: str, counted: str) -> None:
    assert address(Request({"type": "http", "client": (host, 1)})) == counted


@in_one_city("sealed", ["", "x", "AAAA", "%DA%A9", "A" * 200, "A" * 2000])
def test_a_made_up_waiting_mobile_is_no_mobile(browser: Browser, city: City, sealed: str) -> None:
    answer = browser.post(
        "/auth/confirm",
        {"code": "123456"},
        headers={
            "origin": browser.origin,
            "cookie": f"visit={browser.cookie('visit')}; pending={sealed}",
        },
    )
    assert "e=code_expired" in answer.headers["location"]


def test_a_new_sign_in_ends_the_browsers_old_session(
    browser: Browser, application: Application, city: City
) -> None:
    sign_in(browser, application)
    before = keys(browser)
    sign_in_staff(browser, "desk")
    assert keys(browser).session not in {"", before.session}
    assert not application.query_now(viewer, before, Nothing()).has_mobile
    between = keys(browser)
    sign_in_staff(browser, "desk")
    assert application.query_now(viewer, between, Nothing()).roles == ()
    assert application.query_now(viewer, keys(browser), Nothing()).roles


def test_a_refused_sign_in_ends_nothing(
    browser: Browser, application: Application, city: City
) -> None:
    sign_in(browser, application)
    before = keys(browser)
    browser.post("/auth/staff", {"username": "desk", "password": "wrong password"})
    assert keys(browser) == before
    assert application.query_now(viewer, before, Nothing()).has_mobile


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG")
    return file.getvalue()


def test_whoever_planted_a_visit_reads_nothing_once_she_has_signed_in(
    browsers: Browsers, application: Application, city: City
) -> None:
    """He opened the site himself and put his cookie into her browser, or used it before her."""
    his, hers = browsers(), browsers()
    hers.put_cookie("visit", his.cookie("visit"))
    hers.post("/draft", {"title": "چالهٔ کوچه", "text": "شب‌ها تاریک است."})
    photo = hers.send(_photo()).json()
    assert his.get(photo["thumb"]).status_code == 200, "until then it is his visit as well"
    sign_in(hers, application)
    assert hers.cookie("visit") != his.cookie("visit")
    assert his.get(photo["thumb"]).status_code == 404
    assert hers.get(photo["thumb"]).status_code == 200
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        read = [uow.drafts.read(uow.sessions.actor(keys(one))) for one in (his, hers)]
    assert read == [{}, {"title": "چالهٔ کوچه", "text": "شب‌ها تاریک است."}]


def test_leaving_ends_the_session_and_the_visit(
    browser: Browser, application: Application, city: City
) -> None:
    sign_in(browser, application)
    before = keys(browser)
    browser.post("/auth/track", {"code": "0506111222", "last_four": "0000"})
    assert browser.cookie(TRIED)
    answer = browser.post("/auth/leave")
    assert (answer.status_code, answer.headers["location"]) == (303, "/#left")
    assert not browser.cookie("session")
    assert not browser.cookie(TRIED), "a code she has looked for stands in nobody's form"
    assert browser.cookie("visit") not in {"", before.visit}
    assert not application.query_now(viewer, before, Nothing()).has_mobile


@pytest.mark.parametrize(
    "lead",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "",
    ],
)
def test_nobody_is_led_to_another_site(
    browser: Browser, application: Application, city: City, lead: str
) -> None:
    asked = browser.post("/auth/code", {"mobile": WHO.mobile, "next": lead, "back": lead})
    assert asked.headers["location"] == f"{NEXT}&sent=1"
    code = code_on(application, parse_mobile(WHO.mobile))
    entered = browser.post("/auth/confirm", {"code": code, "next": lead})
    assert entered.headers["location"] == NEXT
    staff = browser.post("/auth/staff", {"username": "desk", "password": PASSWORD, "next": lead})
    assert staff.headers["location"] == "/desk/"
    assert browser.post("/auth/leave", {"next": lead}).headers["location"] == "/#left"


@in_one_city("path", ["/auth/code", "/auth/staff", "/draft"])
def test_a_form_of_a_megabyte_is_not_read(browser: Browser, city: City, path: str) -> None:
    assert browser.post(path, {"mobile": "1" * 10**6}).status_code == 413
