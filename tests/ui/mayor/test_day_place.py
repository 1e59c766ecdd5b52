"""Place and guest of the day at the mayor's table: what is shown, sent and refused."""

import asyncio
from typing import Any

from support.each import in_one_city
from support.hall import Hall
from support.staff_tab import Tab, do

from publicmeeting.text.meetings import day_place_text
from publicmeeting.ui.mayor.agenda.day_place import DayPlaceState
from publicmeeting.ui.staff.monday.state import MondayState

MOSQUE, GUEST = "مسجد امام حسین، خیابان شریعتی", "نرگس معدنی"


def opened(hall: Hall, who: str = "mayor") -> DayPlaceState:
    return Tab(hall.application, who).opens(DayPlaceState, "/mayor/")


def save(state: DayPlaceState, **typed: Any) -> None:
    asyncio.run(do(state, DayPlaceState.save, typed))


def test_the_mayor_names_both_and_reads_how_many_were_sent_a_message(hall: Hall) -> None:
    state = opened(hall)
    assert "۳ نفر" in state.asked.lead
    save(state, place=MOSQUE, guest=GUEST)
    assert (state.asked.place, state.asked.guest) == (MOSQUE, GUEST)
    when = day_place_text.when(None)
    assert state.done == day_place_text.DONE_MOVED.format(count="۳ نفر", when=when)
    board = Tab(hall.application, "reception").opens(MondayState, "/monday/")
    assert MOSQUE in board.day.apart
    assert GUEST in board.day.apart


def test_what_is_refused_stays_as_it_was_typed(hall: Hall) -> None:
    state = opened(hall)
    save(state, place="م" * 90, guest=GUEST)
    assert set(state.errors) == {"place"}
    assert (state.asked.place, state.asked.guest) == ("م" * 90, GUEST)


@in_one_city("who", ["deputy", "reception", "desk"])
def test_it_is_not_there_for_who_may_not(hall: Hall, who: str) -> None:
    assert opened(hall, who).asked.title == ""


@in_one_city("typed", [{}, {"place": 7}, {"place": None, "guest": ["x"]}])
def test_raw_events_of_wrong_types_change_nothing(hall: Hall, typed: dict[str, Any]) -> None:
    state = opened(hall)
    save(state, **typed)
    assert state.asked.place == ""
