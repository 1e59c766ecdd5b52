"""What those who run the service may ask it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from browsers import Browser, Browsers
from sqlalchemy import text
from support.city import City
from support.clock import FixedClock
from support.walk import Story

from publicmeeting.domain.stages import Stage
from publicmeeting.office import Office
from publicmeeting.usecases.clock import NUDGE


class AwaitedBell:
    """As if the worker of this process slept until its next second."""

    def __init__(self, office: Office) -> None:
        self._loop = asyncio.new_event_loop()
        self._office = office

    def __enter__(self) -> None:
        async def begin() -> None:
            self._waiting = self._office.bell.awaiting(NUDGE)
            self._waiting.__enter__()

        self._loop.run_until_complete(begin())

    def __exit__(self, *fault: object) -> None:
        self._waiting.__exit__(None, None, None)
        self._loop.close()


def test_a_service_at_work_is_well(browser: Browser, office: Office, city: City) -> None:
    with AwaitedBell(office):
        answer = browser.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "tables": "ok", "worker": "ok"}


def test_a_service_without_its_worker_is_not(browser: Browser, city: City) -> None:
    answer = browser.get("/health")
    assert (answer.status_code, answer.json()["worker"]) == (503, "fault")


def test_a_deadline_left_lying_says_so(
    browser: Browser, office: Office, a_request: Callable[..., Story], clock: FixedClock
) -> None:
    due_at = a_request(at=Stage.ANSWERED).request.due_at
    assert due_at is not None
    with AwaitedBell(office):
        clock.set(due_at + timedelta(minutes=5))
        assert browser.get("/health").status_code == 200
        clock.forward(seconds=1)
        assert browser.get("/health").json()["worker"] == "fault"


def test_old_tables_are_told_until_they_are_new(browser: Browser, office: Office) -> None:
    with office.store.engine.begin() as connection:
        newest = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert browser.get("/health").json()["tables"] == "fault"
    with office.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": newest})
    assert browser.get("/health").json()["tables"] == "ok"


def test_a_database_that_does_not_answer_is_told(browser: Browser, office: Office) -> None:
    with office.store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO gone"))
    answer = browser.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"database": "fault", "tables": "fault", "worker": "fault"}


def test_figures_are_for_the_own_network(browsers: Browsers, city: City) -> None:
    near = browsers("127.0.0.1")
    near.get("/nowhere/at/all")
    near.post("/auth/confirm", {"code": "1"})
    told = near.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'answers_total{kind="auth",method="POST",status="303"} 1' in told.text
    assert 'answers_total{kind="page",method="GET",status="404"} 1' in told.text
    assert "publicmeeting_database_up 1" in told.text
    assert "publicmeeting_notices_waiting 0" in told.text
    assert browsers("5.200.200.9").get("/metrics").status_code == 404


@pytest.mark.parametrize("path", ["/metrics", "/health", "/robots.txt"])
def test_they_name_no_secret(browsers: Browsers, city: City, path: str) -> None:
    answer = browsers("10.0.0.3").get(path).text
    assert "sqlite" not in answer
    assert "secret" not in answer


def test_search_engines_are_kept_from_personal_pages(browser: Browser) -> None:
    told = browser.get("/robots.txt").text
    assert {"Disallow: /mine/", "Disallow: /receipt/", "Disallow: /images/"} <= set(
        told.splitlines()
    )
