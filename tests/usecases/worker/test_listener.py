"""Commits of another process wake the pages of this one, whatever the order of commits."""

import asyncio
from contextlib import AbstractContextManager, ExitStack

import pytest
from support.line import Citizen, Line

from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.worker import listener
from publicmeeting.worker.listener import NewEvents

pytestmark = pytest.mark.on_postgresql


class Here:
    """This process, and the topics that its pages await."""

    def __init__(self, line: Line) -> None:
        self._listener = NewEvents(line.city.application)
        self._pubsub = line.city.application.pubsub
        self._listener.listen()

    def published(self, *topics: str) -> set[str]:
        """Return which of these topics it publishes when it next listens."""

        async def listening() -> set[str]:
            with ExitStack() as stack:
                watched = {
                    one: stack.enter_context(self._pubsub.subscription(one)) for one in topics
                }
                await asyncio.to_thread(self._listener.listen)
                await asyncio.sleep(0.05)
                return {topic for topic, watch in watched.items() if watch.is_set()}

        return asyncio.run(listening())


def elsewhere(line: Line) -> AbstractContextManager[UnitOfWork]:
    """Return a transaction of another process, which publishes nothing here."""
    return line.city.application.store.unit_of_work(line.clock())


def withdraws(line: Line, *citizens: Citizen) -> None:
    with elsewhere(line) as uow:
        for citizen in citizens:
            take_step(
                uow, citizen.actor, TakeStep(code=citizen.code, action="withdraw"), line.clock()
            )


def topic(citizen: Citizen) -> str:
    return f"request:{citizen.code}"


def test_each_event_rings_once_and_only_its_own(line: Line) -> None:
    citizen, other = line.file(2)
    here = Here(line)
    both = (topic(citizen), topic(other))
    assert here.published(*both) == set()
    withdraws(line, citizen)
    assert here.published(*both, "district:6", "district:4") == {topic(citizen), "district:6"}
    assert here.published(*both, "district:6", "district:4") == set()


def test_what_was_published_already_wakes_nobody_a_second_time(line: Line) -> None:
    citizen, other = line.file(2)
    here = Here(line)
    application = line.city.application
    application.execute_as(citizen.actor, take_step, TakeStep(code=citizen.code, action="withdraw"))
    assert here.published(topic(citizen), "district:6") == set()
    with elsewhere(line) as uow:
        take_step(uow, other.actor, TakeStep(code=other.code, action="withdraw"), line.clock())
    application.pubsub.publish_here(uow.topics_to_publish)
    assert here.published(topic(other), "district:6") == set()


def test_a_strange_message_of_an_event_stops_nobody(line: Line) -> None:
    """Anybody with access to the channel can send it, and an error would end the clock."""
    (citizen,) = line.file(1)
    here = Here(line)
    for number in ("x", "", "-1", "۷", "9" * 5000):
        line.city.application.pubsub.publish_here({f"event:{number}"})
    withdraws(line, citizen)
    assert here.published(topic(citizen)) == {topic(citizen)}


@pytest.mark.parametrize(("most", "all_wake"), [(3, False), (2, True)])
def test_where_too_much_is_new_all_pages_read_again(
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    all_wake: bool,  # noqa: FBT001
) -> None:
    citizens = line.file(3)
    monkeypatch.setattr(listener, "MOST", most)
    here = Here(line)
    withdraws(line, *citizens)
    theirs = {topic(citizen) for citizen in citizens}
    assert here.published(*theirs, "district:4") == theirs | ({"district:4"} if all_wake else set())
    assert here.published(*theirs, "district:4") == set()


@pytest.mark.parametrize("templates", ["postgresql"], indirect=True)
def test_a_lower_id_that_is_committed_later_rings_too(line: Line) -> None:
    early, late = line.file(2)
    here = Here(line)
    both = (topic(early), topic(late))
    desk = line.city.as_("desk")

    def offers(uow: UnitOfWork, citizen: Citizen) -> None:
        command = TakeStep(code=citizen.code, action="offer_answer", note="از شنبه ترمیم می‌شود.")
        take_step(uow, desk, command, line.clock())

    with elsewhere(line) as slow:
        offers(slow, late)
        with elsewhere(line) as quick:
            offers(quick, early)
        assert early.request.history[-1].id > max(event.id for event in late.request.history)
        assert here.published(*both) == {topic(early)}
    assert late.request.history[-1].id < early.request.history[-1].id
    assert here.published(*both) == {topic(late)}
    assert here.published(*both) == set()
