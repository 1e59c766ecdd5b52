"""The line on both engines: two weeks with their Mondays, races, and a process that dies."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from support.city import WHOLE, found
from support.clock import SATURDAY, FixedClock
from support.databases import Templates
from support.killed import dies_after
from support.line import DISTRICT, MONDAY, Citizen, Line, line_over, recomputed_weeks
from support.together import in_threads

from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.store.unit_of_work import UnitOfWork
from publicmeeting.turns.kinds import Kind, wrong_keys
from publicmeeting.turns.log import verify_chain
from publicmeeting.turns.machine.tables import MONDAY as MONDAY_STEPS
from publicmeeting.turns.machine.tables import SEAT
from publicmeeting.turns.verification import verify
from publicmeeting.usecases.line import drawing, offers
from publicmeeting.usecases.line.ceremony import late_value, reveals
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
TUESDAY, WEDNESDAY = MONDAY - 6 * DAY, MONDAY - 5 * DAY
SEATS = 8
WEEKS = 2
ON_TUESDAY = ("second list", "reveal", "close")
Step = Callable[[UnitOfWork, int, date, datetime], None]


def test_two_weeks_of_meetings_can_be_recomputed_from_what_is_published(line: Line) -> None:
    """Each week some come, some give up, some are silent; log and files contain it all."""
    answers = cycle([Action.CONFIRM, Action.CONFIRM, Action.GIVE_UP_SEAT, None])
    citizens = line.file(SEATS + 4)
    for number in range(WEEKS):
        monday = MONDAY + number * WEEK
        line.until(monday - 5 * DAY, "21:00")
        for citizen in citizens:
            answer = next(answers)
            if citizen.stage == "invited" and answer:
                citizen.does(answer)
        citizens += line.file(2)
        line.until(monday, "09:00")
        _hold(line, citizens)
        line.until(monday, "20:00")
        assert line.held(monday) == {}
    mondays = [MONDAY + number * WEEK for number in range(WEEKS)]
    assert [verify(line.draw(monday).file) for monday in mondays] == [()] * WEEKS
    assert verify_chain(line.log()) == ()
    weeks = recomputed_weeks(line)
    assert {one.code: one.waited for one in citizens if one.stage == "waiting"} == {
        one.code: weeks[one.request.ticket] for one in citizens if one.stage == "waiting"
    }
    assert {one.stage for one in citizens} == {"waiting", "closed"}
    assert [e for e in line.log() if e.kind in OF_SEATS and wrong_keys(e.kind, e.body)] == []
    assert line.entries("monday_not_held") == []
    ended = [entry["draw"] for entry in line.entries("monday_ended") if "d06" in entry["draw"]]
    assert ended == [line.draw(monday).id for monday in mondays]


OF_SEATS = frozenset(SEAT) | frozenset(MONDAY_STEPS) - {Kind.MONDAY_OPENED}


def _hold(line: Line, citizens: list[Citizen]) -> None:
    """Let reception and mayor see everybody who comes; every third confirmed one stays away."""
    confirmed = [one for one in citizens if one.stage == "confirmed"]
    for number, citizen in enumerate(confirmed):
        if number % 3 == 2:
            continue
        line.meet(citizen)


@pytest.fixture
def race(templates: Templates, tmp_path: Path) -> Iterator[list[Line]]:
    """Two processes over one database, a moment before a draw, each with its own clock."""

    def prepare(url: str) -> None:
        found(url, tmp_path / "template", WHOLE)
        line = line_over(url, tmp_path, FixedClock(SATURDAY))
        line.worker.tick()
        line.file(SEATS + 3)
        line.until(WEDNESDAY, "19:58")
        line.enter()
        line.city.application.store.close()

    url = templates.copy("before_a_draw", prepare)
    lines = [line_over(url, tmp_path, FixedClock(at_tehran(WEDNESDAY, "20:00"))) for _ in range(2)]
    yield lines
    for line in lines:
        line.city.application.store.close()
    templates.drop(url)


@pytest.mark.on_postgresql
def test_two_workers_at_once_draw_once(race: list[Line]) -> None:
    together = threading.Barrier(2)

    def uow(line: Line) -> None:
        together.wait()
        for _ in range(3):
            line.worker.tick()

    in_threads(*(partial(uow, line) for line in race))
    # The lease of the second process may outlast the ticks; a minute later all is done.
    for line in race:
        line.clock.forward(minutes=1, seconds=1)
        line.worker.tick()
    one = race[0]
    assert len(one.entries("reveal")) == 1
    assert sorted(entry["draw"] for entry in one.entries("draw")) == [
        one.draw(district=number).id for number in range(1, 23)
    ]
    assert len(one.held()) == SEATS
    assert verify(one.draw().file) == ()
    assert verify_chain(one.log()) == ()


@pytest.mark.on_postgresql
def test_two_that_run_one_draw_at_once_draw_once(race: list[Line]) -> None:
    """Even without a lease, the lock on the draw's row lets only one through."""
    at = at_tehran(WEDNESDAY, "20:00")
    with race[0].city.application.store.unit_of_work(at) as uow:
        late_value.write_standing(uow, MONDAY, at)
    together = threading.Barrier(2)
    refused: list[Exception] = []

    def run(line: Line) -> None:
        together.wait()
        try:
            with line.city.application.store.unit_of_work(at) as uow:
                drawing.draw(uow, DISTRICT, MONDAY, at)
        except Exception as refusal:  # noqa: BLE001  (whatever it is, nothing may be written)
            refused.append(refusal)

    in_threads(*(partial(run, line) for line in race))
    assert len(refused) <= 1
    assert [entry["draw"] for entry in race[0].entries("draw")] == [race[0].draw().id]
    assert len(race[0].held()) == SEATS
    assert verify_chain(race[0].log()) == ()


@pytest.mark.on_postgresql
def test_two_workers_offer_one_seat_to_one(race: list[Line]) -> None:
    line, other = race
    line.worker.tick()
    with line.reading() as uow:
        held = uow.requests.by_id(uow.seats.held(DISTRICT, MONDAY)["09:00"])
    holder = Citizen(
        line, Actor(person_id=held.person_id, grants=(Grant(Role.CITIZEN),)), held.code
    )
    holder.does(Action.GIVE_UP_SEAT)
    in_threads(line.worker.tick, other.worker.tick)
    assert len(line.entries("offered")) == 1
    assert len(line.held()) == SEATS


@pytest.mark.on_postgresql
@pytest.mark.parametrize(
    "step", ["freeze", "second list", "reveal", "close", "value", "draw", "offer"]
)
def test_a_process_that_dies_anywhere_leaves_nothing_half(line: Line, step: str) -> None:
    """Killed before every different statement of the step, it leaves everything as before."""
    run, at = _about_to(line, step)
    before = line.everything()
    deaths, last = 0, 0
    while died := dies_after(line, last, lambda uow: run(uow, DISTRICT, MONDAY, at)):
        assert line.everything() == before
        deaths, last = deaths + 1, died
    assert deaths > 5
    assert line.everything() != before
    assert verify(line.draw().file) == ()
    assert verify_chain(line.log()) == ()
    after = line.everything()
    with line.city.application.store.unit_of_work(at) as uow:
        run(uow, DISTRICT, MONDAY, at)
    assert line.everything() == after


def _about_to(line: Line, step: str) -> tuple[Step, datetime]:
    """Return the act and its time, with the line a moment before it."""
    citizens = line.file(2, accepted=False)
    if step == "freeze":
        line.until(TUESDAY, "11:59")
        line.clock.set(at_tehran(TUESDAY, "12:00"))
        return drawing.freeze, line.clock.now
    citizens += line.file(SEATS)
    if step in ON_TUESDAY:
        return _on_tuesday(line, step, citizens[-1])
    line.until(WEDNESDAY, "19:58")
    line.enter()
    line.clock.set(at_tehran(WEDNESDAY, "20:00"))
    if step == "value":
        return _of_monday(late_value.write_standing), line.clock.now
    if step == "draw":
        with line.city.application.store.unit_of_work(line.clock.now) as uow:
            late_value.write_standing(uow, MONDAY, line.clock.now)
        return drawing.draw, line.clock.now
    line.worker.tick()
    next(citizen for citizen in citizens if citizen.stage == "invited").does(Action.GIVE_UP_SEAT)
    return offers.offer_seats, line.clock.now


def _on_tuesday(line: Line, step: str, missing: Citizen) -> tuple[Step, datetime]:
    missing.does(Action.EXCLUDE, monday=MONDAY.isoformat())
    line.until(TUESDAY, "12:00")
    line.until(TUESDAY, "19:59")
    if step == "second list":
        line.city.application.execute_as(missing.actor, object_to_list, ObjectToList())
        line.clock.set(at_tehran(TUESDAY, "20:00"))
        return drawing.freeze_again, line.clock.now
    line.clock.set(at_tehran(TUESDAY, "20:00"))
    if step == "reveal":
        return _of_monday(reveals.reveal), line.clock.now
    line.until(TUESDAY, "21:59")
    line.clock.set(at_tehran(TUESDAY, "22:00"))
    return _of_monday(reveals.close_reveals), line.clock.now


def _of_monday(do: Callable[[UnitOfWork, date, datetime], None]) -> Step:
    return lambda uow, _district, monday, now: do(uow, monday, now)
