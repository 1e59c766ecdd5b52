"""Thousands of telephones share an operator's address; none waits for the count of another."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.citizens import code_on, own_visit, someone
from support.city import open_application
from support.clock import FixedClock
from support.databases import Templates
from support.triggers import change_past_the_program

from publicmeeting.application import Application
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.usecases.accounts.signing_in.sign_in import (
    AskCode,
    ConfirmCode,
    ask_code,
    confirm_code,
)
from publicmeeting.usecases.filing.submitting import SaveDraft, save_draft
from publicmeeting.usecases.rate_limits import (
    RULES,
    Limit,
    codes_sent_today,
    count,
    is_over,
    spend_code,
)

OPERATOR = "192.0.2.7"
SHARED = (Limit.DRAFT_ADDRESS, Limit.CODE_ADDRESS, Limit.CODE_ADDRESS_MOST)


@pytest.fixture
def on_postgresql(
    postgresql_templates: Templates, tmp_path: Path, clock: FixedClock
) -> Iterator[Application]:
    """On SQLite every writer waits for the one before."""
    url = postgresql_templates.copy("empty")
    application = open_application(url, tmp_path / "images", clock)
    yield application
    application.store.close()
    postgresql_templates.drop(url)


def counted(application: Application, limit: Limit) -> int:
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.counters.value(f"{limit.value}/{OPERATOR}", RULES[limit].window)


def signs_in(application: Application, number: int = 1) -> str:
    her = someone(number)
    keys = Keys(visit=own_visit(application, f"hers{number}"), address=OPERATOR)
    application.execute_now(save_draft, keys, SaveDraft(fields={"district": "6"}))
    mobile = application.execute_now(ask_code, keys, AskCode(mobile=her.mobile, host="x.example"))
    confirm = ConfirmCode(mobile=mobile, code=code_on(application, mobile))
    return application.execute_now(confirm_code, keys, confirm)[0]


def test_whoever_shares_her_address_does_not_keep_her_waiting(on_postgresql: Application) -> None:
    with on_postgresql.store.unit_of_work(on_postgresql.clock()) as slow:
        for limit in SHARED:
            count(slow, limit, OPERATOR)
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(signs_in, on_postgresql).result()
    # Of a code that was typed, and of the draft that she then signed in for, nothing is counted.
    assert [counted(on_postgresql, limit) for limit in SHARED] == [1, 1, 1]


def test_whoever_asks_for_codes_keeps_nobody_else_in_the_city_waiting(
    on_postgresql: Application,
) -> None:
    """The day's budget of codes is the city's only count that everybody who signs in uses."""
    signs_in(on_postgresql)
    with on_postgresql.store.unit_of_work(on_postgresql.clock()) as slow:
        spend_code(slow, 100, is_known=True)
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(signs_in, on_postgresql, 2).result()
    with on_postgresql.store.unit_of_work(on_postgresql.clock(), reading=True) as uow:
        assert codes_sent_today(uow) == 3


@pytest.mark.parametrize("budget", [100, 1], ids=["first of a day", "warns"])
def test_a_code_that_is_the_first_or_warns_keeps_nobody_else_waiting(
    on_postgresql: Application, budget: int
) -> None:
    def spends() -> bool:
        with on_postgresql.store.unit_of_work(on_postgresql.clock()) as uow:
            spend_code(uow, budget, is_known=True)
        return True

    with on_postgresql.store.unit_of_work(on_postgresql.clock()) as slow:
        spend_code(slow, budget, is_known=True)
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(spends).result()


def test_what_is_counted_at_the_commit_begins_again_after_its_window(
    on_postgresql: Application, clock: FixedClock
) -> None:
    limit = Limit.CODE_ADDRESS
    steps = [(3, timedelta(0), 3), (-1, timedelta(minutes=59), 2), (-9, timedelta(0), 0)]
    steps += [(4, timedelta(0), 4), (2, timedelta(hours=1), 2)]
    for amount, later, total in steps:
        clock.forward(seconds=later.total_seconds())
        with on_postgresql.store.unit_of_work(clock()) as uow:
            count(uow, limit, OPERATOR, amount=amount)
        assert counted(on_postgresql, limit) == total


UNREADABLE = {
    "sqlite": ("count = 'abc'", "since = 'zzz'", "count = -1000000000"),
    "postgresql": ("count = 2147483647", "since = 'infinity'", "count = -1000000000"),
}


@pytest.mark.on_postgresql
def test_a_count_that_cannot_be_read_ends_no_code_of_the_city(application: Application) -> None:
    """The database owner writes into one row, that of all codes of the day."""
    engine = application.store.engine

    def send() -> int:
        with application.store.unit_of_work(application.clock()) as uow:
            spend_code(uow, 0, is_known=True)
            uow.counters.add("another", timedelta(days=1))
        with application.store.unit_of_work(application.clock(), reading=True) as uow:
            return codes_sent_today(uow)

    assert send() == 1
    for cell in UNREADABLE[engine.dialect.name]:
        change_past_the_program(engine, f"UPDATE rate SET {cell}")
        send()
    change_past_the_program(engine, "UPDATE rate SET count = 0")
    assert send() == 1


def test_whoever_deletes_the_counts_of_wrong_codes_tries_no_more_of_them(
    application: Application, clock: FixedClock
) -> None:
    """The database owner asks for a code to her mobile, and has five tries again for each."""
    keys, her = Keys(visit="his"), someone(1)
    mobile = application.execute_now(ask_code, keys, AskCode(mobile=her.mobile, host="x.example"))
    tried, right = [], code_on(application, mobile)
    for number in range(100):
        wrong = f"{(int(right) + number + 1) % 10 ** len(right):0{len(right)}d}"
        confirm = ConfirmCode(mobile=mobile, code=wrong)
        tried.append(application.execute_now(confirm_code, keys, confirm)[1])
        with application.store.unit_of_work(clock()) as uow:
            uow.connection.execute(text("DELETE FROM rate"))
            uow.connection.execute(text("UPDATE one_time_code SET tries = 0"))
    assert tried.count("code_wrong") == RULES[Limit.GUESS_MOBILE].most
    clock.forward(days=1)
    with application.store.unit_of_work(clock()) as uow:
        assert not is_over(uow, Limit.GUESS_MOBILE, mobile)
