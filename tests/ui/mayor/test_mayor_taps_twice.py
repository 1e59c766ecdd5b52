"""A mayor's double tap acts once, and no error replaces the answer."""

import asyncio
from datetime import timedelta

import pytest
from support.citizens import shows_card
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab, do

from publicmeeting.domain.errors import Denied
from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.meetings import agenda_text
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step


def test_one_ring_is_one_ring(hall: Hall) -> None:
    """A citizen at her telephone is absent after two rings; a double tap is only one.

    Another ring, from a page that shows the first one, counts.
    """
    guest = hall.guests[0]
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "18:00"))
    shows_card(hall.application, guest.request)
    hall.execute(guest.actor, take_step, TakeStep(code=guest.code, action=Action.ASK_CALL))
    hall.clock.set(at_tehran(MONDAY, "09:11"))
    state = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
    pressed = next(one for one in state.day.guests if one.code == guest.code).calls
    for _ in range(2):
        asyncio.run(do(state, AgendaState.ring, guest.code, pressed))
    assert guest.request.count(Action.RING) == 1
    with pytest.raises(Denied, match="ring_twice"):
        hall.act("reception", guest, Action.NO_SHOW)
    now = next(one for one in state.day.guests if one.code == guest.code).calls
    asyncio.run(do(state, AgendaState.ring, guest.code, now))
    assert (guest.request.count(Action.RING), state.refused) == (2, "")


def test_back_into_the_hall_is_done_once(hall: Hall) -> None:
    guest = hall.guests[0]
    hall.receive(guest)
    state = Tab(hall.application, "mayor").opens(MeetingState, f"/mayor/meeting/{guest.code}/")
    for _ in range(2):
        asyncio.run(do(state, MeetingState.send_back, {"back": "کارشناس هنوز نیامده است."}))
        assert (state.done, state.errors, state.refused) == (agenda_text.BACK_DONE, {}, "")
    assert guest.request.count(Action.SEND_BACK) == 1


def test_why_she_is_sent_back_stays_typed_in_both_places_until_she_is(hall: Hall) -> None:
    guest, why = hall.guests[0], "کارشناس هنوز نیامده است."
    hall.receive(guest)
    room = f"/mayor/meeting/{guest.code}/"
    state = Tab(hall.application, "mayor").opens(MeetingState, room)
    asyncio.run(do(state, MeetingState.keep_back, why, guest.code))
    assert Tab(hall.application, "mayor").opens(MeetingState, room).back == why
    day = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
    asyncio.run(do(day, AgendaState.ask_back))
    assert day.back == why
    asyncio.run(do(day, AgendaState.keep_back, f"{why} ساعت ده.", guest.code))
    assert Tab(hall.application, "mayor").opens(MeetingState, room).back == f"{why} ساعت ده."
    asyncio.run(do(state, MeetingState.send_back, {"back": why}))
    asyncio.run(do(state, MeetingState.keep_back, why, guest.code))  # a pause has ended since
    hall.act("mayor", guest, Action.CALL_IN)
    again = Tab(hall.application, "mayor").opens(MeetingState, room)
    assert (again.table.may_send_back, again.back) == (True, "")


def test_whom_he_calls_in_early_is_asked_about_once(hall: Hall) -> None:
    """On a slow line both taps arrive before the question is drawn."""
    first, second = hall.guests[:2]
    for guest in (first, second):
        hall.arrive(guest)
    state = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
    for _ in range(2):
        asyncio.run(do(state, AgendaState.call_in, second.code))
        assert (state.skipping, state.errors, state.refused) == (second.code, {}, "")
    asyncio.run(do(state, AgendaState.call_in_early, {"about": second.code}))
    assert list(state.errors) == ["skip"]
    assert second.request.count(Action.CALL_IN) == 0
