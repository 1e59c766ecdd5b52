"""Addresses as people type them, or copy them out of a message."""

from browsers import Browser
from support.each import in_one_city

from publicmeeting.ui.routes import PAGES
from publicmeeting.web.layers.typed import CASES

HTML = {"accept": "text/html,*/*"}


@in_one_city(
    "typed, meant",
    [
        ("/request", "/request/"),
        ("/plain", "/plain/"),
        ("/plain/request", "/plain/request/"),
        ("/mine/data", "/mine/data/"),
        ("/privacy", "/privacy/"),
        ("/here/12345", "/here/12345/"),
        ("/Request", "/request/"),
        ("/Plain/Request/", "/plain/request/"),
        ("/request.", "/request/"),
        ("/request/،", "/request/"),
        ("/\u200f request»", "/request/"),
        ("//request", "/request/"),
        ("/،", "/"),
        ("/hall/۶", "/hall/6/"),
        ("/mine/۰۵۰۶۱۲۳۴۵۱", "/mine/0506123451/"),
        ("/receipt/۰۵۰۶۱۲۳۴۵۱/", "/receipt/0506123451/"),
        ("/Proof/0506123451.", "/proof/0506123451/"),
        ("/plain/mine/0506123451.", "/plain/mine/0506123451/"),
        ("/robots.txt/", "/robots.txt"),
        ("/Request?step=2&next=//evil.example", "/request/?step=2&next=//evil.example"),
    ],
)
def test_an_address_as_people_write_it_leads_to_its_page(
    browser: Browser, typed: str, meant: str
) -> None:
    answer = browser.get(f"{browser.origin}{typed}", **HTML)
    assert (answer.status_code, answer.headers.get("location")) == (307, meant)
    assert browser.get(meant, **HTML).status_code != 307, "no second redirect"


@in_one_city(
    "path",
    [
        "/",
        "/request/",
        "/plain/",
        "/nothing",
        "/Nothing.",
        "/wp-login.php",
        "/mine/0506123451",
        "/metrics.",
        "/Health/",
        "/nothing/۰۵۰۶۱۲۳۴۵۱/",
    ],
)
def test_an_address_that_is_right_or_means_no_page_is_answered_itself(
    browser: Browser, path: str
) -> None:
    assert "location" not in browser.get(path, **HTML).headers


@in_one_city("path", ["//evil.example/", "/\\evil.example", "/%09/evil.example", "//evil.example،"])
def test_no_address_leads_to_another_host(browser: Browser, path: str) -> None:
    place = browser.get(f"{browser.origin}{path}", **HTML).headers.get("location", "/")
    assert place.startswith("/")
    assert place[1:2] not in {"/", "\\"}


def test_a_program_gets_no_redirect(browser: Browser) -> None:
    assert browser.get("/plain/request", accept="application/json").status_code == 404


def test_a_full_stop_behind_the_host_leads_to_the_host(https_browser: Browser) -> None:
    answer = https_browser.get("/track/?code=1", host="meeting.example.")
    assert answer.status_code == 308
    assert answer.headers["location"] == "https://meeting.example/track/?code=1"
    assert https_browser.get("/track/", host="evil.meeting.example.").status_code == 421
    sent = https_browser.post("/auth/leave", headers={"host": "meeting.example."})
    assert sent.status_code in {403, 421}


def test_every_page_of_one_case_is_known_where_addresses_are_typed() -> None:
    assert {page.path.partition("[")[0] for page in PAGES if "[" in page.path} == CASES
