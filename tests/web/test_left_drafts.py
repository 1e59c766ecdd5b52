"""A shared browser: a draft is shown to nobody who has not said that it is hers."""

import pytest
from browsers import Browser
from support.citizens import code_on, someone
from support.city import City
from support.clock import FixedClock

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.filing import filing_text
from publicmeeting.usecases.accounts.signing_in.sign_in import SignOut, sign_out

HER_WORDS = "چراغ کوچهٔ ما خاموش است"
MATTER = {"step": "2", "subject": "street", "title": HER_WORDS, "text": "سه شب است که تاریک است."}
FORM = "/plain/request/"
STRANGER = someone(2)


@pytest.fixture
def cafe(browser: Browser, city: City) -> Browser:
    """A browser at which somebody typed two steps and left."""
    del city
    browser.get(FORM)
    browser.post(FORM, {"step": "1", "district": "6"})
    browser.post(FORM, MATTER)
    assert HER_WORDS in browser.get(f"{FORM}?step=2").text, "her own steps"
    return browser


def signs_in(
    browser: Browser, application: Application, onward: str, mobile: str = STRANGER.mobile
) -> None:
    browser.post("/auth/code", {"mobile": mobile, "next": onward})
    code = code_on(application, parse_mobile(mobile))
    entered = browser.post("/auth/confirm", {"code": code, "next": onward})
    assert entered.headers["location"] == onward


def asked(browser: Browser, address: str = FORM) -> str:
    page = browser.get(address).text
    assert filing_text.LEFT.partition("{")[0] in page
    assert HER_WORDS not in page
    return page


def test_whoever_comes_next_is_asked_before_a_word_is_shown(cafe: Browser) -> None:
    assert filing_text.LEFT_MINE in asked(cafe)
    hers = cafe.post(f"{FORM}left", {"mine": "yes"})
    assert hers.headers["location"] == f"{FORM}?step=3"
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text


def test_an_hour_later_its_own_steps_ask_as_well(cafe: Browser, clock: FixedClock) -> None:
    """An address of the browser's history, opened in the evening by another person."""
    clock.forward(minutes=59)
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text
    clock.forward(minutes=1)
    for step in "1234":
        asked(cafe, f"{FORM}?step={step}")
    cafe.post(f"{FORM}left", {"mine": "yes"})
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text


def test_what_is_not_hers_is_forgotten_unread(cafe: Browser) -> None:
    begins = cafe.post(f"{FORM}left", {"mine": "no"})
    assert begins.headers["location"] == f"{FORM}?step=1"
    assert HER_WORDS not in cafe.get(f"{FORM}?step=2").text
    assert filing_text.LEFT_MINE not in cafe.get(FORM).text


@pytest.mark.on_postgresql
def test_who_signs_in_for_her_own_file_is_given_nobody_elses_words(
    cafe: Browser, application: Application
) -> None:
    signs_in(cafe, application, "/mine/data/")
    assert HER_WORDS not in cafe.get("/mine/data/").text
    for address in (FORM, f"{FORM}?step=2", f"{FORM}?step=4"):
        asked(cafe, address)
    cafe.post(FORM, {"step": "1", "district": "9"})
    cafe.post(f"{FORM}left", {"mine": "no"})
    assert HER_WORDS not in cafe.get(f"{FORM}?step=2").text


def test_who_signs_in_elsewhere_and_says_that_it_is_hers_goes_on(
    cafe: Browser, application: Application
) -> None:
    signs_in(cafe, application, "/mine/data/")
    assert cafe.post(f"{FORM}left", {"mine": "yes"}).headers["location"] == f"{FORM}?step=3"
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text


def test_who_signs_in_in_the_form_is_not_asked(cafe: Browser, application: Application) -> None:
    onward = f"{FORM}?step=3"
    signs_in(cafe, application, onward)
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text
    assert filing_text.LEFT_MINE not in cafe.get(FORM).text


@pytest.mark.on_postgresql(rows=(0,))
@pytest.mark.parametrize(
    ("how", "next_one"),
    [
        ("ended elsewhere", "nobody"),
        ("ended elsewhere", "in the form"),
        ("ended elsewhere", "elsewhere"),
        ("idle", "nobody"),
    ],
)
def test_what_she_confirmed_a_mobile_for_is_asked_about_once_her_session_is_over(
    cafe: Browser, application: Application, clock: FixedClock, how: str, next_one: str
) -> None:
    signs_in(cafe, application, f"{FORM}?step=3", someone(1).mobile)
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text
    if how == "idle":
        clock.forward(days=8)
    else:
        key = cafe.cookie("session")
        command = SignOut(session=key)
        application.execute_now(sign_out, Keys(session=key, visit=cafe.cookie("visit")), command)
    if next_one != "nobody":
        signs_in(cafe, application, f"{FORM}?step=3" if next_one == "in the form" else "/mine/")
    for address in (FORM, f"{FORM}?step=2"):
        asked(cafe, address)
    cafe.post(f"{FORM}left", {"mine": "no"})
    assert HER_WORDS not in cafe.get(f"{FORM}?step=2").text


def test_she_herself_says_that_it_is_hers(
    cafe: Browser, application: Application, clock: FixedClock
) -> None:
    signs_in(cafe, application, f"{FORM}?step=3", someone(1).mobile)
    clock.forward(days=8)
    asked(cafe)
    cafe.post(f"{FORM}left", {"mine": "yes"})
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text
    signs_in(cafe, application, f"{FORM}?step=3", someone(1).mobile)
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text
    assert filing_text.LEFT_MINE not in cafe.get(FORM).text


def test_what_is_typed_after_the_session_is_over_stands_with_the_rest_and_shows_nothing_of_it(
    cafe: Browser, application: Application
) -> None:
    """Her form is still open; the next person adds text to it and reads nothing."""
    signs_in(cafe, application, f"{FORM}?step=3", someone(1).mobile)
    key = cafe.cookie("session")
    command = SignOut(session=key)
    application.execute_now(sign_out, Keys(session=key, visit=cafe.cookie("visit")), command)
    answer = cafe.post("/draft", {"name": "مریم کریمی"})
    assert HER_WORDS not in answer.text
    asked(cafe)
    cafe.post(f"{FORM}left", {"mine": "yes"})
    assert HER_WORDS in cafe.get(f"{FORM}?step=2").text
    signs_in(cafe, application, f"{FORM}?step=3", someone(1).mobile)
    assert "مریم کریمی" in cafe.get(f"{FORM}?step=3").text
