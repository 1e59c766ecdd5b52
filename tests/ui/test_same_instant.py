"""Two people press the same at one instant: one act is done, the other person is told kindly."""

import asyncio
from typing import Any

import pytest
from support.hall import Guest, Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.actions_text import _DONE_BY, _DONE_BY_YOU
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.reflex.whereabouts import note_document, note_page
from publicmeeting.ui.staff.monday.state import MondayState


def opened(hall: Hall, who: str, kind: Any, path: str) -> Any:
    return Tab(hall.application, who).opens(kind, path)


async def reload(state: Any, load: Any) -> None:
    """Load the page anew, unlike a reconnect, over which its content stays."""
    await note_document(state)
    await note_page(state)
    await do(state, load)


@pytest.fixture
def guest(hall: Hall) -> Guest:
    hall.arrive(hall.guests[0])
    return hall.guests[0]


def by_you(action: Action, number: int) -> str:
    return _DONE_BY_YOU[action.value].format(number=persian(number), at="۹:۰۰")


@pytest.mark.parametrize("first", ["mayor", "reception"])
def test_mayor_and_reception_open_the_door_to_the_same_one(
    hall: Hall, guest: Guest, first: str
) -> None:
    """Both pages are from before; the second person reads no error, and it disappears again."""
    table = opened(hall, "mayor", AgendaState, "/mayor/")
    door = opened(hall, "reception", MondayState, "/monday/")
    presses = {
        "mayor": lambda: asyncio.run(do(table, AgendaState.call_in, guest.code)),
        "reception": lambda: asyncio.run(do(door, MondayState.press, guest.code, Action.CALL_IN)),
    }
    presses.pop(first)()
    presses.popitem()[1]()
    second = door if first == "mayor" else table
    by_whom = _DONE_BY[Action.CALL_IN.value].format(number=persian(1), by=first, at="۹:۰۰")
    assert (second.refused, second.errors, second.done) == ("", {}, by_whom)
    entered = [event for event in guest.request.history if event.action is Action.CALL_IN]
    assert len(entered) == 1
    asyncio.run(do(table, AgendaState.call, guest.code))
    asyncio.run(reload(door, MondayState.load))
    assert second.done != by_whom


def test_two_receptions_admit_the_same_card(hall: Hall) -> None:
    one = hall.guests[1]
    doors = [opened(hall, "reception", MondayState, "/monday/") for _ in range(2)]
    with hall.reading() as uow:
        identity = uow.people.get(one.request.person_id).identity
    for door in doors:
        asyncio.run(do(door, MondayState.press, one.code, Action.ARRIVE))
    for door in doors:
        asyncio.run(do(door, MondayState.send, {"identity": identity}))
    assert (doors[1].refused, doors[1].errors) == ("", {})
    assert doors[1].done == by_you(Action.ARRIVE, 2)
    assert doors[1].form.action == "", "nothing is left to do"


def test_a_meeting_ended_in_two_tabs_is_over_in_both(hall: Hall, guest: Guest) -> None:
    hall.act("mayor", guest, Action.CALL_IN)
    hall.order(guest)
    tabs = [opened(hall, "mayor", MeetingState, f"/mayor/meeting/{guest.code}/") for _ in range(2)]
    for tab in tabs:
        asyncio.run(do(tab, MeetingState.end))
    assert (tabs[1].refused, tabs[1].errors) == ("", {})
    assert tabs[1].done == by_you(Action.FINISH, 1)
    assert tabs[1].table.met


def test_another_wish_than_the_one_that_happened_is_refused_as_before(
    hall: Hall, guest: Guest
) -> None:
    door = opened(hall, "reception", MondayState, "/monday/")
    hall.act("mayor", guest, Action.CALL_IN)
    hall.order(guest)
    hall.finish(guest)
    asyncio.run(do(door, MondayState.press, guest.code, Action.CALL_IN))
    assert door.done == ""
    assert door.refused == refusal("stage_moved")


def test_a_button_pressed_twice_before_the_page_is_new_calls_once(hall: Hall) -> None:
    one = hall.guests[0]
    doors = [opened(hall, "reception", MondayState, "/monday/") for _ in range(2)]
    for door in (doors[0], doors[0], doors[1]):
        asyncio.run(do(door, MondayState.press, one.code, Action.CALL, 0))
    assert [e.action for e in one.request.history].count(Action.CALL) == 1
    assert (doors[1].refused, doors[1].done) == ("", by_you(Action.CALL, 1))
    table = opened(hall, "mayor", AgendaState, "/mayor/")
    asyncio.run(do(table, AgendaState.call, one.code, 0))
    assert "reception" in table.done
    asyncio.run(do(doors[1], MondayState.press, one.code, Action.CALL, 1))
    assert [e.action for e in one.request.history].count(Action.CALL) == 2


def test_a_press_on_a_visitor_who_was_met_meanwhile_asks_for_no_reason(
    hall: Hall, guest: Guest
) -> None:
    """The page has reloaded before the press of its old button arrives."""
    table = opened(hall, "mayor", AgendaState, "/mayor/")
    hall.act("mayor", guest, Action.CALL_IN)
    hall.order(guest)
    hall.finish(guest)
    asyncio.run(do(table, AgendaState.load))
    asyncio.run(do(table, AgendaState.call_in, guest.code))
    assert table.skipping == ""
    assert table.refused
