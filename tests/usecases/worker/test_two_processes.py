"""Two processes over one PostgreSQL: a commit in one wakes the other at once.

The message is part of the transaction; nothing is polled here.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from support.line import Citizen, Line

from publicmeeting.live import pubsub
from publicmeeting.live.pubsub import Listener, PubSub, published
from publicmeeting.store.database.postgres import LISTENER
from publicmeeting.store.unit_of_work import Store
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.worker import scheduler as clock_module
from publicmeeting.worker.listener import NewEvents

TESTS = Path(__file__).parents[2]
PATIENCE = 60.0
pytestmark = [
    pytest.mark.on_postgresql,
    pytest.mark.parametrize("templates", ["postgresql"], indirect=True),
]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubsub, "RETRY_SECONDS", 0.01)


@contextmanager
def listening(store: Store, pubsub: PubSub) -> Iterator[Listener]:
    there = store.channel()
    assert there is not None
    listener = Listener(there, pubsub)
    task = asyncio.ensure_future(listener.run())
    yield listener
    task.cancel()


async def connected(listener: Listener) -> None:
    async with asyncio.timeout(PATIENCE):
        while not listener.is_connected:  # noqa: ASYNC110 (a plain flag)
            await asyncio.sleep(0.01)


async def neighbour(line: Line, citizen: Citizen, *how: str) -> None:
    """Withdraw her request in a real process of its own."""
    application, now = line.city.application, str(int(line.clock.now.timestamp()))
    url = application.store.engine.url.render_as_string(hide_password=False)
    command = [
        sys.executable,
        "-m",
        "support.neighbour",
        url,
        "pictures",
        now,
        citizen.code,
        citizen.actor.person_id or "",
        *how,
    ]
    environment = {"PYTHONPATH": f"{TESTS}:{TESTS.parent}", "PATH": ""}
    await asyncio.to_thread(
        subprocess.run, command, cwd=TESTS, env=environment, check=True, timeout=PATIENCE
    )


def withdraw(line: Line, citizen: Citizen) -> None:
    """Withdraw in this process, whose listener must not get its own message again."""
    command = TakeStep(code=citizen.code, action="withdraw")
    line.city.application.execute_as(citizen.actor, take_step, command)


def test_a_step_of_another_process_rings_here_and_in_no_other_line(line: Line) -> None:
    citizen, other = line.file(2)

    async def heard() -> None:
        pubsub = PubSub()
        with listening(line.city.application.store, pubsub) as listener:
            await connected(listener)
            with (
                pubsub.subscription(f"request:{citizen.code}") as hers,
                pubsub.subscription("district:6") as ours,
                pubsub.subscription(f"request:{other.code}", "district:4") as elses,
            ):
                await neighbour(line, citizen)
                assert await published(hers, PATIENCE)
                assert await published(ours, PATIENCE)
                assert not elses.is_set()

    asyncio.run(heard())


def test_what_was_taken_back_is_never_heard(line: Line) -> None:
    citizen, other = line.file(2)

    async def heard() -> None:
        pubsub = PubSub()
        with listening(line.city.application.store, pubsub) as listener:
            await connected(listener)
            with pubsub.subscription(f"request:{citizen.code}") as broken:
                await neighbour(line, citizen, "broken")
                with pubsub.subscription(f"request:{other.code}") as whole:
                    await neighbour(line, other)  # messages come in the order of the commits
                    assert await published(whole, PATIENCE)
                assert not broken.is_set()

    asyncio.run(heard())


def test_a_process_does_not_hear_itself(line: Line) -> None:
    citizen, other = line.file(2)

    async def heard() -> None:
        pubsub = PubSub()
        with listening(line.city.application.store, pubsub) as listener:
            await connected(listener)
            with pubsub.subscription(f"request:{citizen.code}") as own:
                await asyncio.to_thread(withdraw, line, citizen)
                with pubsub.subscription(f"request:{other.code}") as theirs:
                    await neighbour(line, other)
                    assert await published(theirs, PATIENCE)
                assert not own.is_set()

    asyncio.run(heard())


def test_a_listener_whose_connection_was_cut_comes_back_and_wakes_everybody(line: Line) -> None:
    (citizen,) = line.file(1)
    store = line.city.application.store

    def cut() -> None:
        with store.engine.connect() as connection:
            connection.execute(
                sqlalchemy.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = :name AND datname = current_database()"
                ),
                {"name": LISTENER},
            )

    async def heard() -> None:
        pubsub = PubSub()
        with listening(store, pubsub) as listener:
            await connected(listener)
            with pubsub.subscription("whatever a page shows") as subscription:
                await asyncio.to_thread(cut)
                assert await published(subscription, PATIENCE)
            with pubsub.subscription(f"request:{citizen.code}") as hers:
                await neighbour(line, citizen)
                assert await published(hers, PATIENCE)

    asyncio.run(heard())


def test_a_commit_that_tells_very_much_wakes_everybody_and_is_committed(line: Line) -> None:
    store = line.city.application.store

    async def heard() -> None:
        pubsub, sender = (
            PubSub(),
            Store(
                line.city.application.store.engine.url.render_as_string(hide_password=False),
                line.city.application.store.vault,
            ),
        )
        with listening(store, pubsub) as listener:
            await connected(listener)
            with pubsub.subscription("whatever a page shows") as subscription:
                with sender.unit_of_work(line.clock.now) as uow:
                    uow.publish(*(f"request:{'x' * 100}{number}" for number in range(5000)))
                assert await published(subscription, PATIENCE)
        sender.close()

    asyncio.run(heard())


def test_a_clock_that_was_moved_wakes_the_pages_of_the_other_process(line: Line) -> None:
    other = Store(
        line.city.application.store.engine.url.render_as_string(hide_password=False),
        line.city.application.store.vault,
    )

    async def heard() -> None:
        pubsub = PubSub()
        with listening(other, pubsub) as listener:
            await connected(listener)
            with pubsub.subscription("demo-clock") as subscription:
                await asyncio.to_thread(line.worker._publish_everything)
                assert await published(subscription, PATIENCE)

    asyncio.run(heard())
    other.close()


def test_whoever_hears_everything_polls_seldom_and_whoever_does_not_every_second(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    polls: list[str] = []
    monkeypatch.setattr(NewEvents, "listen", lambda _: polls.append("poll"))
    application = line.city.application
    there = application.store.channel()
    assert there is not None
    application.listener = Listener(there, application.pubsub)
    line.worker.run_due()
    line.worker.run_due()
    assert len(polls) == 2
    application.listener.is_connected = True
    line.worker.run_due()
    assert len(polls) == 2
    monkeypatch.setattr(clock_module, "NET_SECONDS", 0.0)
    line.worker.run_due()
    assert len(polls) == 3
