"""Two weeks of random presses and outages: neither `doctor` nor an auditor finds a fault."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.line import MONDAY, Citizen, Line
from support.restored import DAY, accused, dumped, filled, now_at

from publicmeeting.domain.errors import Refusal, Unavailable
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import TEHRAN
from publicmeeting.turns.kinds import Kind
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.line.objections.list_objections import ObjectToList, object_to_list
from publicmeeting.usecases.line.objections.undoing import (
    deny_giving_up,
    take_seat_back,
    undo_leaving,
)
from publicmeeting.usecases.line.offers import TakeFree, take_free, want_free
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present

STEPS = 170
SEEDS = {
    "test_whatever_is_pressed_the_books_agree": (0, 1),
    "test_whatever_is_pressed_on_a_monday_the_books_agree": (17, 29),
    "test_a_city_restored_from_a_dump_goes_on_as_if_nothing_had_been_lost": (2,),
}
"""Seeds of every run; `--walks 100` takes others, for a night."""
LEFT_ALONE = {Kind.MONDAY_EXCLUDED, Kind.MONDAY_INCLUDED}
"""Kinds that may be in the log alone after a recovery.

They are of requests accepted in the lost hours. No entry says that a request was accepted, so its
row waits for its desk and is in no list.
"""
OTHER = 4
"""Another district."""
UNDOING = (undo_leaving, take_seat_back, deny_giving_up)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    many = metafunc.config.getoption("--walks")
    metafunc.parametrize("seed", range(many) if many else SEEDS[metafunc.function.__name__])


class Walk:
    def __init__(self, line: Line, chance: random.Random, people: Sequence[Citizen] = ()) -> None:
        self.line, self.chance, self.people = line, chance, [*people]
        self.trace: list[str] = []
        if not people:
            self.people += line.file(chance.choice([6, 9, 10]))
            self.people += line.file(chance.choice([1, 2]), accepted=False)

    def go(self, acts: dict[Callable[["Walk", Citizen], object], int], steps: int) -> None:
        """Make this many random presses by their weights; refused ones are ignored."""
        for act in self.chance.choices([*acts], [*acts.values()], k=steps):
            at = self.now
            if at.date() >= MONDAY + 12 * DAY:
                return
            citizen = self.chance.choice(self.people)
            try:
                act(self, citizen)
            except (Refusal, Unavailable):
                continue
            self.trace.append(f"{at:%a %H:%M} {act.__name__} {citizen.code}")

    @property
    def now(self) -> datetime:
        return self.line.clock.now.astimezone(TEHRAN)

    def back_from(self, line: Line) -> None:
        self.line, self.people = line, now_at(line, self.people)


def wait(walk: Walk, _one: Citizen) -> None:
    is_monday = walk.now.weekday() == MONDAY.weekday()
    minutes = [5, 10, 15, 30, 60] if is_monday else [5, 30, 90, 240, 480, 900]
    at = walk.now + timedelta(minutes=walk.chance.choice(minutes))
    walk.line.until(at.date(), f"{at:%H:%M}")


def be_away(walk: Walk, _one: Citizen) -> None:
    at = walk.now + timedelta(minutes=walk.chance.choice([70, 200, 500]))
    walk.line.sleep_until(at.date(), f"{at:%H:%M}")
    walk.line.worker.tick()


def file(walk: Walk, _one: Citizen) -> None:
    walk.people += walk.line.file(1)


def her(action: Action) -> Callable[[Walk, Citizen], None]:
    def act(_walk: Walk, citizen: Citizen) -> None:
        citizen.does(action, note="حرف من همین است.")

    act.__name__ = action.value
    return act


def of_a_monday(action: Action) -> Callable[[Walk, Citizen], None]:
    def act(walk: Walk, citizen: Citizen) -> None:
        citizen.does(action, monday=(MONDAY + walk.chance.choice([0, 7, 14]) * DAY).isoformat())

    act.__name__ = action.value
    return act


def undo(walk: Walk, citizen: Citizen) -> None:
    execute = walk.line.city.application.execute_as
    execute(citizen.actor, walk.chance.choice(UNDOING), OneCase(code=citizen.code))


def take_a_free_seat(walk: Walk, citizen: Citizen) -> None:
    walk.line.city.application.execute_as(citizen.actor, take_free, TakeFree(code=citizen.code))


def want_a_free_seat(walk: Walk, citizen: Citizen) -> None:
    walk.line.city.application.execute_as(citizen.actor, want_free, OneCase(code=citizen.code))


def object_to_the_list(walk: Walk, citizen: Citizen) -> None:
    walk.line.city.application.execute_as(citizen.actor, object_to_list, ObjectToList())


def desks(action: Action) -> Callable[[Walk, Citizen], None]:
    def act(walk: Walk, citizen: Citizen) -> None:
        desk = walk.chance.choice(["desk", "second_desk"])
        fields = {"reason": "other_body", "note": "یادداشت کارشناس.", "district": f"{OTHER}"}
        walk.line.official(desk, citizen, action, **fields)

    act.__name__ = f"desk_{action.value}"
    return act


def receptions(action: Action) -> Callable[[Walk, Citizen], None]:
    def act(walk: Walk, citizen: Citizen) -> None:
        walk.line.official("reception", citizen, action, identity=citizen.identity)

    act.__name__ = f"reception_{action.value}"
    return act


def note_in_the_hall(walk: Walk, citizen: Citizen) -> None:
    reception = walk.line.city.as_("reception")
    here = Standby(code=citizen.code, identity=citizen.identity)
    walk.line.city.application.execute_as(reception, note_present, here)


def meet(walk: Walk, citizen: Citizen) -> None:
    walk.line.meet(citizen)


def close_a_monday(walk: Walk, _one: Citizen) -> None:
    if walk.chance.random() < 0.15:
        walk.line.close(MONDAY + walk.chance.choice([0, 7]) * DAY)


CLOCK_AND_CITIZENS: dict[Callable[[Walk, Citizen], object], int] = {
    wait: 12,
    file: 2,
    her(Action.CONFIRM): 3,
    her(Action.GIVE_UP_SEAT): 2,
    her(Action.WITHDRAW): 1,
    undo: 4,
    take_a_free_seat: 1,
    want_a_free_seat: 2,
    of_a_monday(Action.MOVE_ONCE): 1,
    of_a_monday(Action.EXCLUDE): 1,
    of_a_monday(Action.INCLUDE): 1,
}
EVERYBODY = CLOCK_AND_CITIZENS | {
    be_away: 1,
    object_to_the_list: 2,
    her(Action.GIVE_INFO): 1,
    her(Action.OBJECT): 1,
    her(Action.INSIST): 1,
    her(Action.ACCEPT_ANSWER): 1,
    her(Action.CONTEST_NO_SHOW): 1,
    desks(Action.ASK_INFO): 1,
    desks(Action.DECLINE): 1,
    desks(Action.ANSWER): 1,
    desks(Action.ACCEPT): 1,
    desks(Action.OFFER_ANSWER): 1,
    desks(Action.REDIRECT): 1,
    note_in_the_hall: 1,
    receptions(Action.ARRIVE): 2,
    receptions(Action.NO_SHOW): 2,
    receptions(Action.CALL): 2,
    meet: 1,
    close_a_monday: 1,
}


ON_THE_DAY = {
    wait: 10,
    her(Action.CONFIRM): 1,
    her(Action.GIVE_UP_SEAT): 1,
    her(Action.COMING): 1,
    her(Action.CONTEST_NO_SHOW): 1,
    undo: 2,
    take_a_free_seat: 1,
    note_in_the_hall: 3,
    receptions(Action.ARRIVE): 4,
    receptions(Action.UNDO_ARRIVAL): 1,
    receptions(Action.CALL): 4,
    receptions(Action.NO_SHOW): 2,
    receptions(Action.UNDO_NO_SHOW): 1,
    meet: 2,
}


def found(walk: Walk) -> list[str]:
    """Return all findings, except the late openings of a city whose clock was away."""
    walk.line.until(MONDAY + 16 * DAY, "13:00")
    walk.line.overlooked.add("")
    return [one for one in accused(walk.line) if "opened_late" not in one]


def test_whatever_is_pressed_the_books_agree(line: Line, seed: int) -> None:
    walk = Walk(line, random.Random(seed))
    walk.go(EVERYBODY, STEPS)
    assert found(walk) == [], walk.trace


def test_whatever_is_pressed_on_a_monday_the_books_agree(line: Line, seed: int) -> None:
    chance = random.Random(seed)
    people = line.drawn(11)
    for person in people:
        if person.stage == "invited" and chance.random() < 0.7:
            person.does(Action.CONFIRM)
    line.until(MONDAY, "08:40")
    walk = Walk(line, chance, people)
    walk.go(ON_THE_DAY, 70)
    assert found(walk) == [], walk.trace


def test_a_city_restored_from_a_dump_goes_on_as_if_nothing_had_been_lost(
    line: Line, tmp_path: Path, seed: int
) -> None:
    walk = Walk(line, random.Random(seed))
    walk.go(CLOCK_AND_CITIZENS, walk.chance.randrange(60))

    def hours() -> None:
        walk.people += line.file(1)
        walk.go(CLOCK_AND_CITIZENS, walk.chance.randrange(60))

    back, copy = dumped(line, tmp_path, hours)
    line.overlooked.add("")
    alone = filled(back, copy).in_log_alone
    walk.back_from(back)
    with back.reading() as uow:
        kinds = {uow.log.entry(seq).kind for seq in alone}
        walk.people = [person for person in walk.people if uow.requests.find(person.code)]
    assert kinds <= LEFT_ALONE, walk.trace
    walk.go(CLOCK_AND_CITIZENS, 60)
    assert found(walk) == [], walk.trace
