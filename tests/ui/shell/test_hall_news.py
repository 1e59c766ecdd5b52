"""Changes by others in the hall are announced once at the mayor's table and at reception.

A page's own press has an answer of its own instead.
"""

import asyncio

from support.hall import Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.orders import MayorOrdersState
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.parts.monday import hall_news
from publicmeeting.ui.staff.monday.state import MondayState


def line(number: str, what: str) -> str:
    return reception_text.DONE_LINE.format(number=number, what=what)


def test_the_mayor_hears_who_has_come_and_nothing_when_the_page_opens(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.arrive(first)
    state = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
    asyncio.run(state._read_aloud())
    assert state.news == ""
    hall.arrive(second)
    asyncio.run(state._read_aloud())
    assert state.news == line("۲", reception_text.HERE)
    asyncio.run(state._read_aloud())
    assert state.news == line("۲", reception_text.HERE), "what is not over yet is not cut off"


def test_what_was_spoken_before_she_came_back_to_the_list_is_not_spoken_again(hall: Hall) -> None:
    """The visitor who had just arrived then has been met by now."""
    tab = Tab(hall.application, "mayor")
    state = tab.opens(AgendaState, "/mayor/")
    hall.arrive(hall.guests[0])
    asyncio.run(state._read_aloud())
    assert state.news
    tab.opens(MayorOrdersState, "/mayor/orders/")
    tab.opens(AgendaState, "/mayor/")
    assert state.news == ""


def test_the_reception_hears_who_has_gone_in_and_not_what_it_has_pressed(hall: Hall) -> None:
    first, second, _ = hall.guests
    hall.arrive(first)
    tab = Tab(hall.application, "reception")
    state = tab.opens(MondayState, "/monday/")
    rail = tab.state(Rail)
    hall.act("mayor", first, Action.CALL_IN)
    asyncio.run(state._reread_aloud())
    assert rail.arrived == line("۱", reception_text.IN_ROOM)
    rail.arrived = ""
    asyncio.run(do(state, MondayState.press, second.code, Action.CALL.value))
    asyncio.run(state._reread_aloud())
    assert rail.arrived == ""


def test_a_stage_that_sounds_the_same_is_no_news_nor_is_another_day() -> None:
    before = {"a": (1, Stage.IN_ROOM), "b": (2, Stage.FOLLOW_UP), "c": (3, Stage.ARRIVED)}
    now = {"a": (1, Stage.FOLLOW_UP), "b": (2, Stage.CLOSED), "c": (3, Stage.CONFIRMED)}
    assert hall_news(before, now) == line("۱", reception_text.MET)
    assert hall_news({}, now) == ""
