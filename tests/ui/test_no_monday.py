"""A district without a coming Monday: its officials read that and what to do; nothing is lost."""

import asyncio
from typing import Any

import pytest
from support.city import City
from support.clock import FixedClock
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab

from publicmeeting.application import Application
from publicmeeting.domain.errors import Denied
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.orders import MayorOrdersState
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.meetings.agenda import ADay, agenda, monday_list, open_monday


def opened(application: Application, who: str, address: str, kind: Any) -> Any:
    return Tab(application, who).opens(kind, address)


@pytest.mark.parametrize("who", ["mayor", "deputy"])
def test_the_mayors_day_is_empty_and_says_what_to_do(
    application: Application, city: City, who: str
) -> None:
    del city
    state = opened(application, who, "/mayor/", AgendaState)
    assert (state.missing, state.signed_out, state.refused) == (False, False, "")
    assert (state.day.empty, state.day.empty_lead) == (
        reception_text.NO_MONDAY,
        reception_text.NO_MONDAY_LEAD,
    )
    assert (state.head.place, state.head.district, state.head.seats) == ("منطقهٔ ۶", 6, ())
    assert state.head.date


def test_so_is_the_list_of_the_reception_until_one_opens(
    application: Application, city: City
) -> None:
    del city
    state = opened(application, "reception", "/monday/", MondayState)
    assert (state.no_day, state.missing, state.refused) == (True, False, "")
    application.worker.tick()
    asyncio.run(state._reread())
    assert (state.no_day, state.refused) == (False, "")
    assert state.day.day


def test_a_day_that_is_none_is_no_empty_day(application: Application, city: City) -> None:
    del city
    assert not opened(application, "reception", "/monday/?day=tomorrow", MondayState).no_day


def test_the_first_monday_is_shown_though_it_is_not_the_coming_one(
    application: Application, city: City, clock: FixedClock
) -> None:
    application.worker.tick()  # it is Saturday: the coming Monday would be frozen by now
    board = application.query_as(city.as_("mayor"), agenda, ADay()).board
    assert board is not None
    assert board.monday.on == MONDAY
    assert (board.monday.on - clock().date()).days > 7


@in_one_city("who, command", [("overseer", ADay()), ("desk", ADay()), ("mayor4", ADay(district=6))])
def test_nobody_elses_empty_day_is_told(
    application: Application, city: City, who: str, command: ADay
) -> None:
    for query in (agenda, monday_list, open_monday):
        with pytest.raises(Denied, match=r"not_found|not_your_role"):
            application.execute_as(city.as_(who), query, command)


def test_what_was_promised_is_there_when_no_monday_is(hall: Hall) -> None:
    order = hall.met(hall.guests[0], due_on="2026-12-02")[0]
    hall.clock.set(at_tehran(MONDAY, "09:00"))
    hall.clock.forward(days=200)  # nobody has opened a Monday for half a year
    day = opened(hall.application, "mayor", "/mayor/", AgendaState)
    assert day.day.empty == reception_text.NO_MONDAY
    assert [row.href for row in day.day.late] == [f"/mayor/orders/{order.number}/"]
    orders = opened(hall.application, "mayor", "/mayor/orders/", MayorOrdersState)
    assert (orders.missing, len(orders.lines.rows)) == (False, 1)


@in_one_city("who", ["overseer", "reception", "technical", "desk", ""])
def test_the_mayors_promises_are_nobody_elses_screen(hall: Hall, who: str) -> None:
    state = opened(hall.application, who, "/mayor/orders/", MayorOrdersState)
    assert state.missing or state.signed_out
    assert not state.lines.rows
