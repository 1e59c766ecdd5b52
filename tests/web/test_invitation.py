"""A one-time link for an official: its page, the password, and that the link leaks nowhere."""

import logging

import pytest
from browsers import Browser, Browsers
from support.city import City
from support.clock import FixedClock

from publicmeeting.application import Application
from publicmeeting.domain.roles import COMMAND_LINE, Actor
from publicmeeting.text.common import chrome_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.officials.managing import Invite, OneOfficial, invite, new_link, suspend
from publicmeeting.usecases.officials.proposals import Changed
from publicmeeting.web.logs import cleaned
from publicmeeting.web.plain.page import MINE

CHOSEN = "درخت چنار کنار حوض"


@pytest.fixture
def admin(city: City) -> Actor:
    return city.as_("administrator")


@pytest.fixture
def made(application: Application, admin: Actor) -> Changed:
    form = Invite(username="mayor5", name="مریم کریمی", role="mayor", district="5")
    return application.execute_as(COMMAND_LINE, invite, form)


def address(key: str) -> str:
    return f"/invitation/?code={key}"


def fields(key: str, **other: str) -> dict[str, str]:
    return {"code": key, "password": CHOSEN, "again": CHOSEN, **other}


def test_she_reads_whose_account_it_is_and_chooses(browser: Browser, made: Changed) -> None:
    for _ in range(2):  # opening the link does not use it up, nor does a link preview
        page = browser.get(address(made.key))
        assert page.status_code == 200
        for words in ("مریم کریمی", "mayor5", "شهردار منطقهٔ ۵", "دستور می‌نویسد"):
            assert words in page.text
        assert MINE not in page.text, "a citizen's requests are no way of an official"
    assert browser.post("/auth/invitation", fields(made.key)).headers["location"] == (
        "/sign-in/?chosen=1"
    )
    assert browser.cookie("session") == ""
    assert browser.cookie("mistyped"), "the door shows the user name, which she has read once"
    signed = browser.post("/auth/staff", {"username": "mayor5", "password": CHOSEN})
    assert signed.status_code == 303
    assert "e=" not in signed.headers["location"]


def test_a_passphrase_can_be_seen_while_it_is_typed(browser: Browser, made: Changed) -> None:
    page = browser.get(address(made.key)).text
    assert 'hidden aria-pressed="false" aria-controls="password again"' in page, "without scripts"
    assert page.count(chrome_text.SHOW_PASSWORD) == 1
    assert "show.hidden = false" in page


def test_whoever_taps_twice_reads_that_she_comes_in_with_what_she_has_chosen(
    browser: Browser, made: Changed
) -> None:
    """The browser shows only the second answer, and the first one used the link up."""
    browser.post("/auth/invitation", fields(made.key))
    second = browser.post("/auth/invitation", fields(made.key))
    assert second.status_code == 410
    assert "اگر همین حالا خودتان انتخاب کرده‌اید، با همان وارد شوید" in second.text
    assert 'href="/sign-in/"' in second.text


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("کوتاه", "کوتاه", "e=password_short&least=12"),
        (CHOSEN, CHOSEN + "ه", "e=passwords_differ"),
    ],
)
def test_a_refused_password_leads_back_and_the_link_still_opens(
    browser: Browser, made: Changed, password: str, again: str, why: str
) -> None:
    answer = browser.post("/auth/invitation", fields(made.key, password=password, again=again))
    assert answer.status_code == 303
    back = answer.headers["location"]
    assert back == f"{address(made.key)}&{why}"
    page = browser.get(back)
    key = why.split("&", maxsplit=1)[0].removeprefix("e=")
    assert refusal(key, least=12) in page.text
    assert page.status_code == 422
    assert "location" in browser.post("/auth/invitation", fields(made.key)).headers


def test_a_link_that_does_not_open_says_why(
    browser: Browser, application: Application, admin: Actor, made: Changed, clock: FixedClock
) -> None:
    newer = application.execute_as(COMMAND_LINE, new_link, OneOfficial(account=made.account_id))
    for key, why in (
        (made.key, "invitation_replaced"),
        ("x" * 22, "invitation_unknown"),
        ("", "invitation_unknown"),
        ("a\nb", "invitation_unknown"),
        ("\ud83d" * 2, "invitation_unknown"),
    ):
        sent = key.encode("utf-8", "replace").decode()
        for answer in (
            browser.get(f"/invitation/?code={sent.replace(chr(10), '%0A')}"),
            browser.post("/auth/invitation", fields(sent)),
        ):
            assert answer.status_code == 410
            assert refusal(why) in answer.text
    application.execute_as(admin, suspend, OneOfficial(account=made.account_id))
    assert refusal("invitation_suspended") in browser.get(address(newer.key)).text
    clock.forward(days=3)
    assert refusal("invitation_late") in browser.get(address(newer.key)).text


def test_a_used_link_opens_nothing(browsers: Browsers, made: Changed) -> None:
    hers, thief = browsers(), browsers()
    hers.post("/auth/invitation", fields(made.key))
    for answer in (
        thief.get(address(made.key)),
        thief.post("/auth/invitation", fields(made.key, password="x" * 20, again="x" * 20)),
    ):
        assert answer.status_code == 410
        assert refusal("invitation_used") in answer.text
    assert (
        thief.post("/auth/staff", {"username": "mayor5", "password": "x" * 20})
        .headers["location"]
        .endswith("e=password_wrong")
    )


def test_the_link_is_told_to_nobody(
    browser: Browser, made: Changed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = browser.get(address(made.key))
    headers = page.headers
    assert headers["referrer-policy"] == "strict-origin"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert ("connect-src" in policy, "unsafe" in policy) == (False, False), "its script asks nobody"
    assert "location" not in page.text.partition("<script")[2]
    assert "http" not in page.text.replace("http-equiv", "")
    browser.post("/auth/invitation", fields(made.key))
    assert made.key not in caplog.text
    assert made.key not in cleaned(f"GET {address(made.key)} HTTP/1.1")


def test_another_site_chooses_nothing(browser: Browser, made: Changed) -> None:
    foreign = {"Origin": "https://evil.example"}
    assert browser.post("/auth/invitation", fields(made.key), headers=foreign).status_code == 403
    assert browser.get(address(made.key)).status_code == 200
