"""A full queue says nothing of what was asked: no route takes it for «not there» or for «done»."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest
from browsers import Browser
from signed_in import sign_in_staff
from test_hostile_routes import names

from publicmeeting.application import Application
from publicmeeting.config import InboundSms, Settings
from publicmeeting.domain.errors import TooBusy
from publicmeeting.text.refusals.refusals_text import refusal

PARTS = {
    "code": "0506123457",
    "number": "12",
    "path": "0/000",
    "district": "6",
    "digits": "123456",
    "seq": "12",
    "draw": "6-2026-11-30",
    "ticket": "a" * 16,
}
"""What stands in an address, where a word would be refused before anybody is asked."""


SECRET = "s" * 32


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, sms_inbound=InboundSms(SECRET, "sender"))


@pytest.fixture
def asked(application: Application, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each use case that was asked for; nobody has time for any."""
    found: list[str] = []

    async def busy(usecase: Any, *_: object) -> None:
        found.append(usecase.__name__)
        raise TooBusy

    for name in ("query", "execute", "execute_sending"):
        monkeypatch.setattr(application, name, busy)
    return found


def filled(path: str) -> str:
    for part in path.split("{")[1:]:
        whole = part.split("}")[0]
        path = path.replace(f"{{{whole}}}", PARTS.get(whole.split(":")[0], "x"))
    return path


def test_no_route_takes_a_busy_city_for_a_no(
    browser: Browser, asked: list[str], settings: Settings
) -> None:
    wrong, busy = [], 0
    for method, path in names(settings):
        if method != "GET":
            continue
        asked.clear()
        answer = browser.get(filled(path))
        if asked and answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            wrong.append((path, answer.status_code, *asked))
        elif asked:
            busy += 1
            assert refusal("too_busy") in answer.text, path
    assert not wrong
    assert busy > 30


def test_whoever_leaves_everywhere_is_not_told_that_it_is_done(
    browser: Browser, application: Application, city: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    del city
    sign_in_staff(browser, "overseer")

    async def busy(*_: object) -> None:
        raise TooBusy

    with monkeypatch.context() as now:
        now.setattr(application, "execute", busy)
        answer = browser.post("/auth/leave-everywhere")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert browser.get("/city/late-promises.csv").status_code == HTTPStatus.OK, "he is still in"


def test_a_message_that_nobody_had_time_for_is_sent_again_by_the_provider(
    browser: Browser, asked: list[str]
) -> None:
    answer = browser.get(f"/sms/inbound?key={SECRET}&sender=09121112233&text=x")
    assert asked
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
