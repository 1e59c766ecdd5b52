"""A machine with a wrong clock does nothing, and delays nobody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from support.citizens import a_form, citizen, someone
from support.city import KEY
from support.clock import FixedClock
from support.line import DISTRICT, MONDAY, Line

from publicmeeting.kit.clock import DRIFT_MOST, at_tehran
from publicmeeting.store.unit_of_work import Store
from publicmeeting.store.worker import clock_guard
from publicmeeting.store.worker.clock_guard import LEAPT_FOR, ClockGuard, WrongClockError
from publicmeeting.store.worker.clockwork import LONGEST_LEASE
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.filing.submitting import submit
from publicmeeting.worker.scheduler import Scheduler

pytestmark = pytest.mark.on_postgresql

DAY = timedelta(days=1)
FREEZE = at_tehran(MONDAY - 6 * DAY, "12:00")


@pytest.fixture
def drift(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """How far the machine is ahead of the database, as every store measures it."""
    ahead = [timedelta(0)]
    monkeypatch.setattr(Store, "clock_drift", lambda _: ahead[-1])
    monkeypatch.setattr(clock_guard, "_STAYS", timedelta(0))
    return ahead


@pytest.fixture
def checked(line: Line, database_url: str, drift: list[timedelta]) -> Iterator[Line]:
    """The same city in a process whose clock is the real time."""
    application = line.city.application
    before, application.store = application.store, Store(database_url, KEY, checks_clock=True)
    yield line
    application.store.close()
    application.store = before


def drawn(line: Line) -> set[Kind]:
    with line.reading() as uow:
        return {one.kind for one in uow.log.after(0)} & {Kind.FREEZE, Kind.REVEAL, Kind.DRAW}


@pytest.mark.parametrize("off", [5 * DAY, -5 * DAY, DRIFT_MOST + timedelta(seconds=1)])
def test_the_clock_of_one_machine_freezes_and_draws_nothing(
    checked: Line, drift: list[timedelta], off: timedelta
) -> None:
    checked.clock.set(FREEZE + 5 * DAY)
    checked.expected.add("opened_late")
    drift.append(off)
    if checked.city.application.store.has_clock:  # SQLite has no second clock to compare
        with pytest.raises(WrongClockError, match="clock_wrong") as wrong:
            Scheduler(checked.city.application).tick()
        assert wrong.value.drift == off
        assert drawn(checked) == set()
    drift.append(DRIFT_MOST)
    Scheduler(checked.city.application).tick()
    assert Kind.FREEZE in drawn(checked)


def test_nobody_files_on_a_machine_whose_clock_is_wrong(
    checked: Line, drift: list[timedelta]
) -> None:
    application = checked.city.application
    keys = citizen(application, someone(1).mobile)
    drift.append(5 * DAY)
    if application.store.has_clock:
        with pytest.raises(WrongClockError, match="clock_wrong"):
            application.execute_now(submit, keys, a_form(someone(1)))
        drift.append(timedelta(0))
    assert application.execute_now(submit, keys, a_form(someone(1))).district == DISTRICT


def test_a_clock_that_was_put_back_does_nothing_until_it_has_caught_up(line: Line) -> None:
    line.file(1)
    entries = len(line.entries("filed"))
    now = line.clock()
    line.clock.set(now - DAY)
    with pytest.raises(WrongClockError):
        line.worker.tick()
    line.clock.set(now)
    line.worker.tick()
    assert len(line.entries("filed")) == entries


def test_the_demos_clock_goes_on_from_the_log(line: Line) -> None:
    line.file(1)
    now = line.clock()
    line.clock.set(now - DAY)
    Scheduler(line.city.application, demo=True).run_due()
    assert line.city.application.city_now() == now.replace(microsecond=0)


@pytest.fixture
def store(engine_url: str, drift: list[timedelta]) -> Iterator[Store]:
    store = Store(engine_url, KEY, checks_clock=True)
    yield store
    store.close()


def test_a_lease_ends_by_the_databases_clock(store: Store, clock: FixedClock) -> None:
    def lease(holder: str) -> bool:
        with store.unit_of_work(clock()) as uow:
            return uow.clockwork.lease("clock", holder, LONGEST_LEASE)

    assert lease("one")
    clock.forward(seconds=LONGEST_LEASE.total_seconds())
    assert lease("other") is not store.has_clock  # PostgreSQL's own clock has not moved


def test_a_lease_written_by_a_wrong_clock_holds_nobody_up(line: Line, clock: FixedClock) -> None:
    with line.city.application.store.unit_of_work(clock() + 5 * DAY) as uow:
        assert uow.clockwork.lease("clock", "killed", timedelta(seconds=30))
    with line.city.application.store.unit_of_work(clock()) as uow:
        assert uow.clockwork.lease("clock", "right", timedelta(seconds=30))


def test_clocks_are_compared_once_a_second_and_when_this_one_was_set(clock: FixedClock) -> None:
    compared, seconds = [], [0.0]

    def drift() -> timedelta:
        compared.append(clock())
        return timedelta(0)

    guard = ClockGuard(drift, lambda: seconds[-1], clock, lambda: clock().timestamp())
    for _ in range(3):
        guard.check()
    assert len(compared) == 1
    clock.forward(days=1)
    guard.check()
    assert len(compared) == 2
    seconds.append(2.0)
    clock.forward(seconds=2)
    guard.check()
    assert len(compared) == 3


def test_a_clock_that_leaps_changes_nothing_until_it_is_put_right(clock: FixedClock) -> None:
    """The database is on the same machine, so there is no drift."""
    ran = [0.0]
    guard = ClockGuard(lambda: timedelta(0), lambda: ran[0], clock, lambda: ran[0])

    def passes(seconds: float) -> None:
        ran[0] += seconds
        clock.forward(seconds=seconds)

    guard.check()
    right = clock()
    clock.forward(days=7)
    for _ in range(3):
        with pytest.raises(WrongClockError, match="clock_wrong"):
            guard.check()
        passes(30)
    clock.set(right + timedelta(seconds=90))
    guard.check()


def test_a_clock_that_was_wrong_before_is_believed_in_a_while(clock: FixedClock) -> None:
    ran = [0.0]
    guard = ClockGuard(lambda: timedelta(0), lambda: ran[0], clock, lambda: ran[0])
    guard.check()
    clock.forward(hours=3)
    with pytest.raises(WrongClockError):
        guard.check()
    ran[0] += LEAPT_FOR.total_seconds()
    clock.forward(seconds=LEAPT_FOR.total_seconds())
    guard.check()
    ran[0] += 3600  # the machine slept
    clock.forward(hours=1)
    guard.check()
