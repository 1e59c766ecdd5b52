"""A full queue, a wrong clock and a full disk are never reported as «not found» or «done»."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from browsers import Browser
from signed_in import sign_in_staff
from test_hostile_routes import names

from publicmeeting.application import Application
from publicmeeting.config import InboundSms, Settings
from publicmeeting.domain.errors import Refusal, TooBusy, Unavailable
from publicmeeting.store.worker.clock_guard import WrongClockError
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
"""Parts of addresses that pass every check of their form."""


SECRET = "s" * 32
CANNOT_NOW = {
    "too_busy": TooBusy(),
    "clock_wrong": WrongClockError(timedelta(days=5)),
    "storage_full": Unavailable("storage_full"),
}
"""One refusal of each kind by which the machine says that it cannot act now."""
FORM = {"password": "x", "again": "x", "code": "123456", "username": "desk", "mobile": "0912"}
"""Fields enough for a form to reach its use case."""
UNAVAILABLE = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, sms_inbound=InboundSms(SECRET, "sender"))


@pytest.fixture(params=CANNOT_NOW)
def why(request: pytest.FixtureRequest) -> Refusal:
    return CANNOT_NOW[request.param]


@pytest.fixture
def asked(application: Application, why: Refusal, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of each use case that was called, while the machine can do none."""
    found: list[str] = []

    async def cannot(usecase: Any, *_: object) -> None:
        found.append(usecase.__name__)
        raise why

    for name in ("query", "execute", "execute_sending"):
        monkeypatch.setattr(application, name, cannot)
    return found


def filled(path: str) -> str:
    for part in path.split("{")[1:]:
        whole = part.split("}")[0]
        path = path.replace(f"{{{whole}}}", PARTS.get(whole.split(":")[0], "x"))
    return path


def test_no_page_takes_what_cannot_be_now_for_a_no(
    browser: Browser, asked: list[str], why: Refusal, settings: Settings
) -> None:
    wrong, refused = [], 0
    for method, path in names(settings):
        if method != "GET":
            continue
        asked.clear()
        answer = browser.get(filled(path))
        if asked and answer.status_code not in UNAVAILABLE:
            wrong.append((path, answer.status_code, *asked))
        elif asked:
            refused += 1
            assert refusal(why.key) in answer.text, path
    assert not wrong
    assert refused > 30


def test_no_form_takes_what_cannot_be_now_for_a_no(
    browser: Browser, asked: list[str], why: Refusal, settings: Settings
) -> None:
    """Answers are 503 with the sentence, or lead to the page that shows it above the form."""
    wrong, refused = [], 0
    for method, path in names(settings):
        if method != "POST":
            continue
        asked.clear()
        answer = browser.post(filled(path), FORM)
        if not asked:
            continue
        refused += 1
        if f"e={why.key}" in answer.headers.get("location", ""):
            continue
        if answer.status_code not in UNAVAILABLE or refusal(why.key) not in answer.text:
            wrong.append((path, answer.status_code, *asked))
    assert not wrong
    assert refused > 45


def test_a_form_shown_again_while_nothing_can_be_written_is_no_refused_form(
    browser: Browser,
    application: Application,
    city: object,
    why: Refusal,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a rush a page can still be read when its form meets a full queue."""
    del city
    asked = list[str]()

    async def cannot(usecase: Any, *_: object) -> None:
        asked.append(usecase.__name__)
        raise why

    for name in ("execute", "execute_sending"):
        monkeypatch.setattr(application, name, cannot)
    wrong, refused = [], 0
    for method, path in names(settings):
        if method != "POST":
            continue
        asked.clear()
        answer = browser.post(filled(path), FORM)
        refused += bool(asked)
        if asked and answer.status_code not in UNAVAILABLE | {HTTPStatus.SEE_OTHER}:
            wrong.append((path, answer.status_code, *asked))
    assert not wrong
    assert refused > 30


def test_whoever_leaves_everywhere_is_not_told_that_it_is_done(
    browser: Browser,
    application: Application,
    city: object,
    why: Refusal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    del city
    sign_in_staff(browser, "overseer")

    async def cannot(*_: object) -> None:
        raise why

    with monkeypatch.context() as now:
        now.setattr(application, "execute", cannot)
        answer = browser.post("/auth/leave-everywhere")
    assert answer.status_code in UNAVAILABLE
    assert browser.get("/city/late-promises.csv").status_code == HTTPStatus.OK, "he is still in"


def test_a_message_that_could_not_be_answered_is_sent_again_by_the_provider(
    browser: Browser, asked: list[str]
) -> None:
    answer = browser.get(f"/sms/inbound?key={SECRET}&sender=09121112233&text=x")
    assert asked
    assert answer.status_code in UNAVAILABLE
