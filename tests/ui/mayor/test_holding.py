"""The mayor names who holds the coming Monday, and takes it back."""

import asyncio
from typing import Any

from support.hall import Hall
from support.line import DISTRICT
from support.staff_tab import Tab, do

from publicmeeting.domain.roles import COMMAND_LINE, Role
from publicmeeting.text.meetings import agenda_text, day_place_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.agenda.state import AgendaState, HoldingState
from publicmeeting.usecases.meetings.agenda import ADay
from publicmeeting.usecases.meetings.deputies import day_holder
from publicmeeting.usecases.officials.managing import GiveRole, OneOfficial, end, give_role


def opened(hall: Hall, who: str = "mayor") -> Any:
    state = Tab(hall.application, who).state(HoldingState)
    asyncio.run(do(state, HoldingState.load))
    return state


def name(state: Any, account: object) -> None:
    asyncio.run(do(state, HoldingState.name, {"account": account}))


def test_the_mayor_chooses_a_deputy_and_takes_the_day_back(hall: Hall) -> None:
    mayor, deputy = hall.as_("mayor").account_id, hall.as_("deputy").account_id
    state = opened(hall)
    assert state.asked.title == "دوشنبه ۹ آذر را چه کسی برگزار می‌کند؟"
    assert ([person.value for person in state.asked.people], state.asked.holder) == (
        [mayor, deputy],
        mayor,
    )
    name(state, deputy)
    assert (state.asked.holder, state.done) == (deputy, "ثبت شد: جانشین: deputy")
    assert opened(hall).asked.holder == deputy
    name(state, mayor)
    assert (state.asked.holder, state.done) == (mayor, "ثبت شد: خودم")


def test_nobody_of_another_district_can_be_named(hall: Hall) -> None:
    state = opened(hall)
    for account in (hall.as_("deputy4").account_id, hall.as_("desk").account_id, "", None):
        name(state, account)
        assert state.errors == {"account": refusal("holder_unknown")}
    assert state.asked.holder == hall.as_("mayor").account_id


def test_a_deputy_is_not_asked(hall: Hall) -> None:
    state = opened(hall, "deputy")
    assert (state.asked.title, state.asked.people, state.refused) == ("", (), "")
    name(state, hall.as_("deputy").account_id)
    assert state.done == ""


def test_a_deputy_learns_whether_the_day_is_held_by_another(hall: Hall) -> None:
    """Four visitors wait whom he may not call, so «nobody is next» would be false."""

    def table(who: str) -> AgendaState:
        return Tab(hall.application, who).opens(AgendaState, "/mayor/")

    assert (table("deputy").day.others, table("mayor").day.others) == (agenda_text.OTHERS_MORE, "")
    assert not table("deputy").day.is_entry_open
    name(opened(hall), hall.as_("deputy").account_id)
    assert (table("deputy").day.others, table("mayor").day.others) == ("", "")
    assert table("deputy").day.is_entry_open


def test_each_form_of_the_agenda_is_sent_by_a_button_of_its_own_name() -> None:
    assert agenda_text.HOLDER_SEND != day_place_text.SEND


def test_a_mayor_who_stands_in_for_another_reads_both_names_and_takes_the_day(hall: Hall) -> None:
    """Administrators have given her the role for the weeks in which the mayor is ill."""
    second, deputy = (hall.as_(who).account_id for who in ("desk", "deputy"))
    role = GiveRole(account=second, role=Role.MAYOR, district=str(DISTRICT))
    hall.application.execute_as(COMMAND_LINE, give_role, role)
    hall.application.execute_as(COMMAND_LINE, end, OneOfficial(account=deputy))
    state = opened(hall)
    words = [person.label for person in state.asked.people]
    assert words == ["شهردار: desk", "شهردار: mayor"]
    name(state, second)
    assert (state.asked.holder, state.done) == (second, "ثبت شد: شهردار: desk")
    holder = hall.query("reception", day_holder, ADay())
    assert holder.name == "desk"
