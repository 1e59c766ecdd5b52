"""Reception can undo a mistaken press for some seconds, at the place where it was pressed."""

import asyncio

import pytest
from support.hall import Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.meetings import reception_text
from publicmeeting.text.officials import staff_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.staff.monday import state as monday_state
from publicmeeting.ui.staff.monday.lines import Undo
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.in_hall.standby import Standby, note_present


@pytest.fixture
def door(hall: Hall) -> MondayState:
    return opened(hall)


def opened(hall: Hall) -> MondayState:
    return Tab(hall.application, "reception").opens(MondayState, "/monday/")


def receive(hall: Hall, door: MondayState, action: Action, at: int = 0) -> None:
    """Let her show her card at reception."""
    guest = hall.guests[at]
    with hall.reading() as uow:
        identity = uow.people.get(guest.request.person_id).identity
    asyncio.run(do(door, MondayState.press, guest.code, action))
    asyncio.run(do(door, MondayState.send, {"identity": identity}))
    assert guest.request.stage is Stage.ARRIVED


def arrive(hall: Hall, door: MondayState, at: int = 0) -> None:
    receive(hall, door, Action.ARRIVE, at)


def absent(hall: Hall, door: MondayState) -> None:
    guest = hall.guests[0]
    for seen in (0, 1):
        asyncio.run(do(door, MondayState.press, guest.code, Action.CALL, seen))
    hall.clock.forward(minutes=15)
    asyncio.run(door._reread())
    asyncio.run(do(door, MondayState.press, guest.code, Action.NO_SHOW))
    asyncio.run(do(door, MondayState.send, {}))
    assert guest.request.stage is Stage.WAITING


def late(hall: Hall, door: MondayState) -> None:
    absent(hall, door)
    receive(hall, door, Action.COME_LATE)


def test_an_absence_that_her_coming_has_overtaken_says_when_she_came(
    hall: Hall, door: MondayState
) -> None:
    code, faster = hall.guests[0].code, opened(hall)
    for seen in (0, 1):
        asyncio.run(do(faster, MondayState.press, code, Action.CALL, seen))
    hall.clock.forward(minutes=15)
    asyncio.run(door._reread())
    asyncio.run(do(door, MondayState.press, code, Action.NO_SHOW))
    arrive(hall, faster)
    asyncio.run(door._reread())
    assert door.form.action == Action.NO_SHOW
    assert door.stale == door.day.visitors[0].came != ""


def test_a_form_whose_visitor_has_left_the_list_says_so(hall: Hall, door: MondayState) -> None:
    """She gives her seat up at the door, or the official works in another district by now."""
    guest = hall.guests[0]
    asyncio.run(do(door, MondayState.press, guest.code, Action.ARRIVE))
    hall.act(guest.actor, guest, Action.GIVE_UP_SEAT)
    asyncio.run(door._reread())
    assert (door.form.action, door.stale) == (Action.ARRIVE, staff_text.NO_LONGER)


def test_the_form_of_a_standby_says_who_was_faster_or_that_she_has_left(
    hall: Hall, door: MondayState
) -> None:
    for way, standby in zip(("noted", "withdrawn"), door.day.standby, strict=False):
        asyncio.run(do(door, MondayState.press_standby, standby.code))
        asyncio.run(door._reread())
        assert door.stale == ""
        with hall.reading() as uow:
            person_id = uow.requests.find(standby.code).person_id
            identity = uow.people.get(person_id).identity
        if way == "noted":
            hall.execute("reception", note_present, Standby(code=standby.code, identity=identity))
        else:
            herself = Actor(person_id=person_id, grants=(Grant(Role.CITIZEN),))
            leave = TakeStep(code=standby.code, action=Action.WITHDRAW)
            hall.execute(herself, take_step, leave)
        asyncio.run(door._reread())
        assert (door.open_code, door.form.action) == (standby.code, Action.PRESENT)
        assert (door.stale == staff_text.NO_LONGER) is (way == "withdrawn")
        assert door.stale.startswith(standby.place) is (way == "noted")


def test_a_late_arrival_is_taken_back_where_it_was_pressed(hall: Hall, door: MondayState) -> None:
    late(hall, door)
    assert (door.undo.code, door.undo.action) == (hall.guests[0].code, Action.UNDO_LATE)
    asyncio.run(do(door, MondayState.take_back))
    assert hall.guests[0].request.stage is Stage.WAITING
    assert door.undo == Undo()
    assert door.done


@pytest.mark.parametrize("press", [arrive, absent])
def test_a_mistake_is_taken_back_within_its_seconds(hall: Hall, door: MondayState, press) -> None:
    press(hall, door)
    assert (door.undo.code, door.undo.number) == (hall.guests[0].code, persian(1))
    hall.clock.forward(seconds=9)
    asyncio.run(do(door, MondayState.take_back))
    assert hall.guests[0].request.stage is Stage.CONFIRMED
    assert (door.refused, door.undo) == ("", Undo())
    assert door.done
    asyncio.run(do(door, MondayState.take_back))  # pressed twice
    assert hall.guests[0].request.stage is Stage.CONFIRMED
    assert door.refused == ""


@pytest.mark.parametrize("press", [arrive])
def test_too_late_it_stands_and_a_sentence_says_so(hall: Hall, door: MondayState, press) -> None:
    press(hall, door)
    stage = hall.guests[0].request.stage
    hall.clock.forward(seconds=11)
    asyncio.run(do(door, MondayState.take_back))
    assert hall.guests[0].request.stage is stage
    assert door.refused == refusal("slip_late")


def test_the_seconds_run_down_and_the_button_goes(
    hall: Hall, door: MondayState, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    async def a_second(_: float) -> None:
        shown.append(door.undo.seconds)

    arrive(hall, door)
    monkeypatch.setattr(monday_state.asyncio, "sleep", a_second)
    asyncio.run(do(door, MondayState.count_down))
    assert shown == [persian(left) for left in range(10, 0, -1)]
    assert door.undo == Undo()


def test_the_seconds_of_one_press_take_nothing_from_the_next(
    hall: Hall, door: MondayState, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = 0

    async def a_second(_: float) -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            await do(door, MondayState.press, hall.guests[1].code, Action.ARRIVE)
            await do(door, MondayState.send, {"identity": identity})

    with hall.reading() as uow:
        identity = uow.people.get(hall.guests[1].request.person_id).identity
    arrive(hall, door, 0)
    monkeypatch.setattr(monday_state.asyncio, "sleep", a_second)
    asyncio.run(do(door, MondayState.count_down))
    assert waits == 3
    assert (door.undo.code, door.undo.seconds) == (hall.guests[1].code, persian(10))


def test_a_call_has_nothing_to_be_taken_back_and_the_next_press_ends_the_first(
    hall: Hall, door: MondayState
) -> None:
    asyncio.run(do(door, MondayState.press, hall.guests[1].code, Action.CALL))
    assert door.undo == Undo()
    asyncio.run(do(door, MondayState.take_back))
    assert door.refused == ""
    arrive(hall, door, 0)
    away = reception_text.GROUP_AWAY.format(count=persian(len(hall.guests) - 1))
    assert [row.head for row in door.day.visitors][1] == away
    arrive(hall, door, 1)
    assert door.undo.code == hall.guests[1].code


def test_another_tablet_has_no_button_for_it(hall: Hall, door: MondayState) -> None:
    arrive(hall, door)
    other = opened(hall)
    assert other.undo == Undo()
    assert not any("undo" in button.action for row in other.day.visitors for button in row.buttons)


def test_the_list_is_in_groups_and_who_came_late_is_last_in_hers(
    hall: Hall, door: MondayState
) -> None:
    absent(hall, door)
    for at in (1, 2):
        arrive(hall, door, at)
    hall.act("reception", hall.guests[1], Action.CALL_IN)
    with hall.reading() as uow:
        identity = uow.people.get(hall.guests[0].request.person_id).identity
    hall.act("reception", hall.guests[0], Action.COME_LATE, identity=identity)
    asyncio.run(door._reread())
    assert [(row.number, row.head) for row in door.day.visitors[:3]] == [
        (persian(2), reception_text.GROUP_ROOM),
        (persian(3), reception_text.GROUP_HALL.format(count=persian(2))),
        (persian(1), ""),
    ]
    assert [row.is_next for row in door.day.visitors[:3]] == [False, True, False]
