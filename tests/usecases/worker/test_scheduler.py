"""The worker and the demo's clock: every job in its order, at its own time, and once."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, update
from support.city import City, found, open_application
from support.clock import SATURDAY, FixedClock
from support.databases import Templates
from support.each import in_one_city
from support.line import DISTRICT, MONDAY, Line

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.roles import NOBODY
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.database.rows.cases import RequestRow
from publicmeeting.turns.kinds import Kind
from publicmeeting.turns.log import Entry, verify_chain
from publicmeeting.turns.rules.announced import DEFAULT_RULES
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.demo import Moment, named_instants
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.worker import jobs
from publicmeeting.worker.demo import printed
from publicmeeting.worker.scheduler import FARTHEST, NUDGE, Scheduler

DAY = timedelta(days=1)
SEATS = 8
AUDITED = {"size": 0, "findings": 0, "report": "0" * 64}


@pytest.fixture
def demo(line: Line) -> Scheduler:
    return Scheduler(line.city.application, demo=True)


@pytest.fixture
def twins(templates: Templates, tmp_path: Path) -> Iterator[list[Line]]:
    """The same city twice, with the same people and secrets."""

    def prepare(url: str) -> None:
        found(url, tmp_path / "template")
        line = _line(url, tmp_path)
        line.worker.tick()
        line.file(SEATS + 3)
        line.file(1, accepted=False)
        line.city.application.store.close()

    lines = [_line(templates.copy("twins", prepare), tmp_path) for _ in range(2)]
    yield lines
    for line in lines:
        line.city.application.store.close()


def _line(url: str, folder: Path) -> Line:
    clock = FixedClock(SATURDAY)
    return Line(City(open_application(url, folder / "images", clock)), clock)


def test_a_jump_is_the_same_as_living_hour_by_hour(twins: list[Line]) -> None:
    jumps, lives = twins
    target = at_tehran(MONDAY, "20:00")
    Scheduler(jumps.city.application, demo=True).move_clock_now(target)
    hourly = Scheduler(lives.city.application, demo=True)
    lives.clock.forward(minutes=30)
    while lives.clock.now < target:
        lives.clock.forward(hours=1)
        hourly.run_due()
    assert jumps.city.application.city_now() == lives.clock.now == target
    assert _notices(jumps.log()) == _notices(lives.log())
    assert verify_chain(jumps.log()) == ()
    assert jumps.draw().file == lives.draw().file


def _notices(log: list[Entry]) -> list[tuple[object, ...]]:
    """Return the log without secrets of Mondays and without reports.

    The secrets differ, and reports name the log's root, which depends on them.
    """
    return [
        (entry.at, entry.kind, {k: v for k, v in entry.body.items() if k not in _SECRET})
        for entry in log
    ]


_SECRET = {"commitment", "report"}


def test_a_pretend_exchange_prints_for_the_demo_alone(line: Line, demo: Scheduler) -> None:
    """The demo prints the same figure each time; a real city waits for its administrator."""
    line.file(1)
    demo.move_clock_now(at_tehran(MONDAY - 5 * DAY, "15:00"))
    (word,) = line.entries("value")
    assert word["value"] == printed(MONDAY - 5 * DAY, DEFAULT_RULES)
    assert word["party"] == "city"
    demo.move_clock_now(at_tehran(MONDAY - 5 * DAY, "20:01"))
    assert line.draw().file["late_value"] == word["value"]


def test_the_clock_goes_on_from_where_it_was_moved_to(line: Line, demo: Scheduler) -> None:
    target = line.clock() + DAY
    demo.move_clock_now(target)
    line.clock.forward(minutes=5)
    assert line.city.application.city_now() == target + timedelta(minutes=5)


def test_the_clock_is_moved_in_the_demo_only(line: Line) -> None:
    with pytest.raises(Denied, match="not_found"):
        line.worker.move_clock_now(line.clock() + DAY)
    assert line.city.application.city_now() == line.clock()


@in_one_city("by", [-DAY, timedelta(0), FARTHEST + DAY])
def test_the_clock_moves_forward_and_not_too_far(
    line: Line, demo: Scheduler, by: timedelta
) -> None:
    with pytest.raises(Denied, match="form_broken"):
        demo.move_clock_now(line.clock() + by)
    assert line.city.application.city_now() == line.clock()


def test_after_the_demo_was_off_for_days_they_are_lived_at_their_times(
    line: Line, demo: Scheduler
) -> None:
    (citizen,) = line.file(1)
    demo.tick()
    line.clock.set(at_tehran(MONDAY, "18:00"))
    demo.tick()
    seat = citizen.request.last(Action.SEAT)
    assert seat is not None
    assert seat.at == at_tehran(MONDAY - 5 * DAY, "20:00")


def test_a_real_city_does_late_what_it_could_not_do_in_time(line: Line) -> None:
    (citizen,) = line.file(1)
    line.until(MONDAY - 5 * DAY, "19:58")
    line.enter()
    line.clock.set(at_tehran(MONDAY - 5 * DAY, "21:00"))
    line.worker.tick()
    seat = citizen.request.last(Action.SEAT)
    assert seat is not None
    assert seat.at == at_tehran(MONDAY - 5 * DAY, "21:00")


@pytest.mark.on_postgresql
def test_one_job_that_fails_does_not_hold_up_the_others(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """No entry can name this ticket: its seat does not lapse, but all others do."""
    broken, *others = line.drawn(3)
    key, ticket = broken.request.id, broken.request.ticket
    _set_ticket(line, key, "?")
    with caplog.at_level(logging.CRITICAL):
        line.clock.set(at_tehran(MONDAY - 2 * DAY, "20:00"))
        line.worker.tick()
    assert {citizen.stage for citizen in others} == {"waiting"}
    with line.reading() as uow:
        assert list(uow.seats.held(DISTRICT, MONDAY).values()) == [key]
    _set_ticket(line, key, ticket)
    line.clock.forward(minutes=1)
    line.worker.tick()
    assert broken.stage == "waiting", "it rests, and is tried again"


def _set_ticket(line: Line, key: str, ticket: str) -> None:
    row = update(RequestRow).where(col(RequestRow.id) == key).values(ticket=ticket)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.session.connection().execute(row)


@pytest.mark.parametrize(
    "finder",
    [
        "mondays.held_by",
        "attended_districts",
        "reminders.next_reminder",
    ],
)
def test_work_that_cannot_be_found_does_not_hold_up_the_other_work(
    line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, finder: str
) -> None:
    (citizen,) = line.drawn(1)
    citizen.does(Action.CONFIRM)
    line.until(MONDAY, "08:50")
    line.official("reception", citizen, Action.ARRIVE, identity=citizen.identity)
    line.official("mayor", citizen, Action.CALL_IN)

    def broken(*_: object) -> None:
        raise StopIteration

    monkeypatch.setattr(f"{jobs.__name__}.{finder}", broken)
    line.clock.set(at_tehran(MONDAY, "20:00"))
    with caplog.at_level(logging.ERROR):
        line.worker.run_due()
    assert Kind.MONDAY_ENDED in {entry.kind for entry in line.log()}
    assert "the clock could not look for" in caplog.text


def test_what_cannot_be_looked_for_is_logged_once_a_minute(
    line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The search runs at every event, so a busy city would otherwise log nothing else."""

    def broken(*_: object) -> None:
        raise ValueError

    line.worker.tick()
    monkeypatch.setattr(jobs.reminders, "next_reminder", broken)
    for minute in (1, 2):
        for _ in range(10):
            line.file(1, accepted=False)
            line.clock.forward(seconds=1)
            line.worker.run_due()
        message = "the clock could not look for reminders"
        logged = [one for one in caplog.messages if one.startswith(message)]
        assert len(logged) == minute
        line.clock.forward(minutes=1)


def test_another_process_holds_the_clock_for_half_a_minute(line: Line) -> None:
    line.file(1)
    other = Scheduler(line.city.application)
    line.until(MONDAY - 6 * DAY, "11:59")
    line.clock.set(at_tehran(MONDAY - 6 * DAY, "12:00") - timedelta(seconds=40))
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        assert uow.clockwork.lease("clock", "another process", timedelta(seconds=50))
    line.clock.set(at_tehran(MONDAY - 6 * DAY, "12:00"))
    other.tick()
    assert line.draw().state == "open"
    line.clock.forward(seconds=11)
    other.tick()
    assert line.draw().state == "frozen"


def test_what_another_process_wrote_rings_here(line: Line) -> None:
    (citizen,) = line.file(1)
    here = Scheduler(line.city.application)
    here.tick()

    async def published() -> bool:
        with line.city.application.pubsub.subscription(f"request:{citizen.code}") as subscription:
            with line.city.application.store.unit_of_work(line.clock()) as uow:
                withdraw = TakeStep(code=citizen.code, action="withdraw")
                take_step(uow, citizen.actor, withdraw, line.clock())
            await asyncio.to_thread(here.tick)
            await asyncio.wait_for(subscription.wait(), 5)
            return subscription.is_set()

    assert asyncio.run(published())


def test_what_another_process_wrote_only_into_the_log_rings_the_ceremony(line: Line) -> None:
    """A commitment or a reveal is no step of any case."""
    here = Scheduler(line.city.application)
    here.tick()

    async def published() -> list[bool]:
        heard = []
        with line.city.application.pubsub.subscription("draws") as subscription:
            for writes in (False, True):
                subscription.clear()
                if writes:
                    with line.city.application.store.unit_of_work(line.clock()) as uow:
                        uow.log.append(Kind.AUDITED, AUDITED, line.clock())
                await asyncio.to_thread(here.tick)
                await asyncio.sleep(0.05)
                heard.append(subscription.is_set())
        return heard

    assert asyncio.run(published()) == [False, True]


def test_a_nudge_wakes_the_worker_before_its_second_is_over(line: Line) -> None:
    line.file(1)
    line.until(MONDAY - 6 * DAY, "11:59")
    line.clock.set(at_tehran(MONDAY - 6 * DAY, "12:00"))

    async def frozen() -> str:
        running = asyncio.create_task(line.worker.run())
        for _ in range(500):
            line.city.application.pubsub.publish([NUDGE])
            await asyncio.sleep(0.02)
            if line.draw().state == "frozen":
                break
        running.cancel()
        return line.draw().state

    assert asyncio.run(frozen()) == "frozen"


def test_the_demo_bar_names_what_comes_next(line: Line) -> None:
    coming = line.city.application.query_as(NOBODY, named_instants, Nothing())
    assert [(instant.moment, instant.at) for instant in coming] == [
        (Moment.ANSWER_BY, at_tehran(MONDAY - 9 * DAY, "20:01")),
        (Moment.STANDBY_UNTIL, at_tehran(MONDAY - 8 * DAY, "20:01")),
        (Moment.MEETINGS, at_tehran(MONDAY - 7 * DAY, "09:00")),
        (Moment.FREEZE, at_tehran(MONDAY - 6 * DAY, "12:01")),
        (Moment.REVEALS, at_tehran(MONDAY - 6 * DAY, "20:01")),
        (Moment.SEALED, at_tehran(MONDAY - 6 * DAY, "22:01")),
        (Moment.VALUE, at_tehran(MONDAY - 5 * DAY, "14:01")),
        (Moment.DRAW, at_tehran(MONDAY - 5 * DAY, "20:01")),
    ]
