"""The list of a Monday as PDF: for receiving officers only; each download is recorded."""

import io

import pytest
from browsers import Browser
from pypdf import PdfReader
from signed_in import sign_in_staff
from support.walk import WalkedCase

from publicmeeting.application import Application

ADDRESS = "/monday/list.pdf"


def words(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def day_of(application: Application, seated: WalkedCase) -> str:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        request = uow.requests.find(seated.code)
    assert request is not None
    assert request.seat is not None
    return request.seat.monday.isoformat()


@pytest.mark.parametrize("who", ["reception", "mayor"])
def test_who_receives_gets_names_and_each_is_an_opening(
    browser: Browser, application: Application, seated: WalkedCase, who: str
) -> None:
    day = day_of(application, seated)
    sign_in_staff(browser, who)
    answer = browser.post(ADDRESS, {"monday": day})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert "no-store" in answer.headers["cache-control"]
    assert f"monday-{day}.pdf" in answer.headers["content-disposition"]
    for word in seated.who.name.split():
        assert word in words(answer.content)
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        request = uow.requests.find(seated.code)
        account = uow.accounts.by_username(who)
    assert request is not None
    assert account is not None
    assert account.id in request.name_seen_by


def test_nobody_else_gets_it_and_nothing_is_written(
    browser: Browser, application: Application, seated: WalkedCase
) -> None:
    day = {"monday": day_of(application, seated)}
    led = browser.post(ADDRESS, day)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in/")
    for who in ("desk", "overseer", "administrator"):
        sign_in_staff(browser, who)
        assert browser.post(ADDRESS, day).status_code == 404, who
        browser.post("/auth/leave")
    browser.put_cookie("session", seated.keys.session)
    assert browser.post(ADDRESS, day).status_code == 404
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        request = uow.requests.find(seated.code)
    assert request is not None
    assert not request.name_seen_by


def test_whose_session_has_ended_is_led_to_the_door(
    browser: Browser, application: Application, seated: WalkedCase
) -> None:
    day = {"monday": day_of(application, seated)}
    sign_in_staff(browser, "reception")
    browser.post("/auth/leave")
    led = browser.post(ADDRESS, day)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in/")


def test_printing_is_no_link_and_a_strange_day_is_none(
    browser: Browser, seated: WalkedCase
) -> None:
    del seated
    sign_in_staff(browser, "reception")
    assert browser.get(ADDRESS).status_code == 404
    for day in ("2026-11-31", "2001-01-01", "../../etc", "1405-09-09", "۲۰۲۶-۱۱-۳۰", "x" * 400):
        assert browser.post(ADDRESS, {"monday": day}).status_code == 404, day
