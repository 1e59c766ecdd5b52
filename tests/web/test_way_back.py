"""Signing in leads back to the page before it, and to no other site."""

import pytest
from browsers import Browser
from support.citizens import code_on, someone
from support.city import PASSWORD, City

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile

WHO = someone(1)


def from_page(browser: Browser, page: str) -> dict[str, str]:
    return {"origin": browser.origin, "referer": f"{browser.origin}{page}"}


@pytest.mark.on_postgresql
def test_the_door_leads_back_to_where_a_session_ended(
    browser: Browser, application: Application, city: City
) -> None:
    page = "/enter/?next=/mine/0512000007/"
    fields = {"mobile": WHO.mobile, "next": "/mine/"}
    asked = browser.post("/auth/code", fields, headers=from_page(browser, page))
    here = asked.headers["location"]
    assert here == "/enter/?next=%2Fmine%2F0512000007%2F&sent=1"
    code = code_on(application, parse_mobile(WHO.mobile))
    fields = {"code": code, "next": "/mine/"}
    entered = browser.post("/auth/confirm", fields, headers=from_page(browser, here))
    assert entered.headers["location"] == "/mine/0512000007/"


def test_the_officials_door_leads_back_too(browser: Browser, city: City) -> None:
    fields = {"username": "desk", "password": PASSWORD}
    headers = from_page(browser, "/sign-in/?next=/desk/%3Fat%3D3&e=password_wrong")
    assert browser.post("/auth/staff", fields, headers=headers).headers["location"] == "/desk/?at=3"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "/%09/evil.example",
    ],
)
def test_no_door_leads_to_another_site(browser: Browser, city: City, target: str) -> None:
    fields = {"username": "desk", "password": PASSWORD}
    headers = from_page(browser, f"/sign-in/?next={target}")
    assert browser.post("/auth/staff", fields, headers=headers).headers["location"] == "/desk/"
