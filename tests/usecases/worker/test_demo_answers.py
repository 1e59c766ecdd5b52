"""Invented citizens of the demo answer invitations; a visitor's own citizen does not."""

from datetime import timedelta

import pytest
from support.line import MONDAY, Citizen, Line

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran, in_tehran
from publicmeeting.kit.hashing import sha
from publicmeeting.usecases.demo import mark_demo
from publicmeeting.worker.demo import answer, answered_at
from publicmeeting.worker.scheduler import Scheduler

DAY = timedelta(days=1)
SEATS = 8
INVITED = at_tehran(MONDAY - 5 * DAY, "20:00")
ANSWERS_BY = at_tehran(MONDAY - 2 * DAY, "20:00")


@pytest.fixture
def demo(line: Line) -> Scheduler:
    return Scheduler(line.city.application, demo=True)


def mark(line: Line) -> None:
    """End the seeded story; what follows is played by visitors."""
    line.clock.forward(minutes=1)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        mark_demo(uow, line.clock())
    line.clock.forward(minutes=1)


def expected(citizen: Citizen) -> Action | None:
    return answer(chance(citizen.request.id))


def chance(request_id: str, assigned_at=INVITED) -> str:
    return sha("publicmeeting/pretend", request_id, assigned_at.isoformat())


def newest_answer(citizen: Citizen) -> Action | None:
    """Return what she herself has done since she was invited."""
    by_herself = (Action.CONFIRM, Action.GIVE_UP_SEAT)
    did = [event.action for event in citizen.request.history if event.action in by_herself]
    return did[0] if did else None


def test_most_of_them_come_and_some_do_not(line: Line, demo: Scheduler) -> None:
    people = line.file(SEATS)
    mark(line)
    demo.move_clock_now(at_tehran(MONDAY, "08:00"))
    assert [newest_answer(person) for person in people] == [expected(person) for person in people]
    assert any(person.stage == "confirmed" for person in people)


def test_every_monday_that_follows_has_its_visitors(line: Line, demo: Scheduler) -> None:
    """Nobody of the demo is received, so all of them are owed a seat and invited again."""
    people = line.file(SEATS)
    mark(line)
    for week in range(3):
        demo.move_clock_now(at_tehran(MONDAY + 7 * week * DAY, "09:00"))
        assert any(person.stage == "confirmed" for person in people), week


@pytest.mark.on_postgresql
def test_whoever_a_visitor_of_the_demo_has_filed_is_the_visitors_to_play(
    line: Line, demo: Scheduler
) -> None:
    mark(line)
    own = line.file(SEATS)
    demo.move_clock_now(at_tehran(MONDAY, "08:00"))
    assert [newest_answer(citizen) for citizen in own] == [None] * SEATS


def test_whoever_was_invited_before_the_story_ended_stays_to_be_played(
    line: Line, demo: Scheduler
) -> None:
    people = line.drawn(SEATS)
    mark(line)
    demo.move_clock_now(at_tehran(MONDAY, "08:00"))
    assert [newest_answer(person) for person in people] == [None] * SEATS


def test_what_the_visitor_has_answered_for_her_stands(line: Line, demo: Scheduler) -> None:
    people = line.file(SEATS)
    mark(line)
    demo.move_clock_now(INVITED)
    for person in people:
        person.does(Action.GIVE_UP_SEAT)
    demo.move_clock_now(at_tehran(MONDAY, "08:00"))
    assert [newest_answer(citizen) for citizen in people] == [Action.GIVE_UP_SEAT] * SEATS


def test_a_city_that_is_not_the_demos_answers_nothing_by_itself(
    line: Line, demo: Scheduler
) -> None:
    people = line.file(SEATS)
    demo.move_clock_now(at_tehran(MONDAY, "08:00"))
    assert [newest_answer(person) for person in people] == [None] * SEATS


def test_of_a_thousand_most_confirm_in_time_and_by_day() -> None:
    many = [chance(str(number)) for number in range(1_000)]
    came = sum(answer(one) is Action.CONFIRM for one in many)
    silent = sum(answer(one) is None for one in many)
    assert 750 < came < 900
    assert 50 < silent < 140
    times = [answered_at(one, INVITED, ANSWERS_BY) for one in many]
    assert all(INVITED < at < ANSWERS_BY for at in times)
    assert {in_tehran(at).hour for at in times} == set(range(7, 24))
    tight = [answered_at(one, INVITED, INVITED + timedelta(hours=1)) for one in many]
    assert all(INVITED < at < INVITED + timedelta(hours=1) for at in tight)
