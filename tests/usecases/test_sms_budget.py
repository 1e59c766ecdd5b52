"""A day's codes are counted, said when they run out, and kept for those who have been here."""

import logging

import pytest
from support.citizens import code_on, someone
from support.clock import FixedClock
from support.together import refusal

from publicmeeting.domain.people import parse_mobile
from publicmeeting.office import Office
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.sign_in import (
    AskCode,
    ConfirmCode,
    Nothing,
    ask_code,
    confirm_code,
    remember_device,
)
from publicmeeting.worker.health import health

BUDGET = 10


def ask(office: Office, number: int, device: str = "", budget: int = BUDGET) -> str:
    command = AskCode(mobile=someone(number).mobile, host="x.example", budget=budget)
    return office.perform_now(ask_code, Keys(visit=f"{number}", device=device), command)


def sent(office: Office) -> int:
    return office.look_now(health, Keys(), Nothing()).codes_today


def test_above_a_days_budget_only_known_browsers_get_a_code(
    office: Office, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    ask(office, 1)
    mobile = someone(1).mobile
    code = ConfirmCode(mobile=mobile, code=code_on(office, parse_mobile(mobile)))
    session, _ = office.perform_now(confirm_code, Keys(visit="1"), code)
    device = office.look_now(remember_device, Keys(session=session), Nothing())
    for number in range(2, BUDGET + 1):
        ask(office, number)
    assert [(one.levelno, one.getMessage().split()[0]) for one in caplog.records] == [
        (logging.WARNING, "8"),
        (logging.ERROR, "today's"),
    ]
    assert refusal(lambda: ask(office, 99)).key == "sms_budget_spent"
    clock.forward(minutes=1)
    assert ask(office, 1, device)
    assert sent(office) == BUDGET + 1
    clock.forward(days=1)
    assert sent(office) == 0
    assert ask(office, 99)


def test_without_a_budget_codes_are_counted_all_the_same(office: Office) -> None:
    for number in range(1, 31):
        ask(office, number, budget=0)
    assert sent(office) == 30
