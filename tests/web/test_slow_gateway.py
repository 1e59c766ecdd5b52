"""A gateway that is slow, full or down: the citizen is told, and nobody else waits."""

import asyncio
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from browsers import Browser
from support.citizens import a_form, citizen, code_on, file, someone
from support.city import City

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.notify import codes
from publicmeeting.notify.codes import THREADS, WAITING_MOST, Outcome
from publicmeeting.notify.phone import UnansweredError, UnreachableError
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.filing.filing_text import CODE_AGAIN, CODE_SENT
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.accounts.signing_in.sign_in import AskCode, ask_code
from publicmeeting.usecases.accounts.viewer import viewer
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.filing.submitting import submit

PATIENCE = 30
"""Seconds; only something that never comes takes so long."""


class HangingGateway:
    """Takes every message, and answers when the test lets it."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.called = threading.Semaphore(0)

    def send(self, mobile: str, text: str, message_id: str) -> None:
        self.called.release()
        assert self.may_answer.wait(PATIENCE)


@pytest.fixture
def hanging(application: Application, city: City) -> Iterator[HangingGateway]:
    application.phone = gateway = HangingGateway()
    yield gateway
    gateway.may_answer.set()


async def ask(application: Application, number: int) -> Outcome:
    command = AskCode(mobile=someone(number).mobile)
    keys = Keys(visit=f"visit {number}")
    return (await application.execute_sending(ask_code, keys, command))[1]


def test_while_codes_hang_everybody_else_files_and_reads(
    application: Application, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "LONGEST_WAIT", PATIENCE)
    keys = citizen(application, someone(1).mobile)
    application.phone = gateway = HangingGateway()

    async def scene() -> list[Outcome]:
        asks = [asyncio.create_task(ask(application, 10 + n)) for n in range(3 * THREADS)]
        async with asyncio.timeout(PATIENCE):
            for _ in range(THREADS):
                assert await asyncio.to_thread(gateway.called.acquire, timeout=PATIENCE)
            await application.query(viewer, keys, Nothing())
            await application.execute(submit, keys, a_form(someone(1)))
        assert not any(task.done() for task in asks)
        gateway.may_answer.set()
        return await asyncio.gather(*asks)

    assert asyncio.run(scene()) == [Outcome.SENT] * 3 * THREADS


def test_whoever_finds_the_queue_full_or_waits_too_long_is_told(
    application: Application, hanging: HangingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "LONGEST_WAIT", 0)

    async def scene() -> list[Outcome]:
        asks = [
            asyncio.create_task(ask(application, n)) for n in range(1, THREADS + WAITING_MOST + 3)
        ]
        ended, _ = await asyncio.wait(asks, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result() for task in ended} == {Outcome.NOT_SENT}
        hanging.may_answer.set()
        return await asyncio.gather(*asks)

    outcomes = asyncio.run(scene())
    assert 0 <= outcomes.count(Outcome.SENT) <= THREADS
    assert set(outcomes) <= {Outcome.SENT, Outcome.NOT_SENT}


class Gateway:
    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def send(self, mobile: str, text: str, message_id: str) -> None:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "word"),
    [(UnreachableError(), "code_not_sent"), (UnansweredError(), "code_unanswered")],
)
def test_the_codes_page_says_it_without_a_script_and_asks_again_at_once(
    browser: Browser, application: Application, city: City, fault: Exception, word: str
) -> None:
    file(application, someone(1))
    whole, application.phone = application.phone, Gateway(fault)
    fields = {"mobile": someone(2).mobile, "back": "/plain/enter/", "next": "/plain/mine/"}
    asked = browser.post("/auth/code", fields)
    where = urlsplit(asked.headers["location"])
    assert where.path == "/plain/enter/"
    assert parse_qs(where.query) == {"sent": ["1"], "e": [word]}
    page = browser.get(asked.headers["location"]).text
    assert refusal(word) in page
    assert CODE_AGAIN in page
    assert CODE_SENT not in page
    application.phone = whole
    again = browser.post("/auth/code", {"back": "/plain/enter/", "next": "/plain/mine/"})
    assert parse_qs(urlsplit(again.headers["location"]).query) == {"sent": ["1"]}
    assert CODE_SENT in browser.get(again.headers["location"]).text
    code = code_on(application, parse_mobile(someone(2).mobile))
    entered = browser.post("/auth/confirm", {"code": code, "next": "/plain/mine/"})
    assert entered.headers["location"] == "/plain/mine/"
