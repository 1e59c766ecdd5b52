"""The daily budget of codes: counted, reported when it ends, reserved for known citizens."""

import logging

import pytest
from support.citizens import code_on, someone
from support.clock import FixedClock
from support.together import refusal

from publicmeeting.application import Application
from publicmeeting.domain.people import parse_mobile
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
    remember_device,
)
from publicmeeting.usecases.base import Nothing
from publicmeeting.worker.health import health

BUDGET = 10


def ask(application: Application, number: int, device: str = "", budget: int = BUDGET) -> str:
    command = AskCode(mobile=someone(number).mobile, host="x.example", budget=budget)
    return application.execute_now(ask_code, Keys(visit=f"{number}", device=device), command)


def sent(application: Application) -> int:
    return application.query_now(health, Keys(), Nothing()).codes_today


def test_above_a_days_budget_only_known_browsers_get_a_code(
    application: Application, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    ask(application, 1)
    mobile = someone(1).mobile
    code = ConfirmCode(mobile=mobile, code=code_on(application, parse_mobile(mobile)))
    session, _ = application.execute_now(confirm_code, Keys(visit="1"), code)
    device = application.query_now(remember_device, Keys(session=session), Nothing())
    for number in range(2, BUDGET + 1):
        ask(application, number)
    assert [(record.levelno, record.getMessage().split()[0]) for record in caplog.records] == [
        (logging.WARNING, "8"),
        (logging.ERROR, "today's"),
    ]
    assert refusal(lambda: ask(application, 99)).key == "sms_budget_spent"
    clock.forward(minutes=1)
    assert ask(application, 1, device)
    assert sent(application) == BUDGET + 1
    clock.forward(days=1)
    assert sent(application) == 0
    caplog.clear()
    for number in range(100, 100 + BUDGET):
        ask(application, number)
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.ERROR]


def test_each_day_is_reported_once_also_if_its_codes_come_early(
    application: Application, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The second day's warning must not end with the window that the first day's warning began."""
    ask(application, 1)
    clock.forward(hours=9)
    for number in range(2, BUDGET):
        ask(application, number)
    clock.forward(hours=16)
    for number in range(100, 100 + BUDGET - 2):
        ask(application, number)
    clock.forward(hours=9)
    ask(application, 200)
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2


def test_without_a_budget_codes_are_counted_all_the_same(application: Application) -> None:
    for number in range(1, 31):
        ask(application, number, budget=0)
    assert sent(application) == 30
