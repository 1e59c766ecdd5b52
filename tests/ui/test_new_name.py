"""Somebody gets a seat while the pages of the Monday are open: whether her name is to be read."""

import asyncio
from datetime import timedelta

from support.hall import Hall
from support.line import DISTRICT, MONDAY
from support.staff_tab import Tab

from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.meetings import agenda_text
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.usecases.meetings.in_hall.standby import (
    AtTheDoor,
    Standby,
    note_present,
    standbys,
)


def named_by(hall: Hall, code: str) -> set[str]:
    """Return the roles that have opened the name of this case."""
    with hall.reading() as uow:
        request = uow.requests.find(code)
        assert request is not None
        return {role for role, _, _, with_name in uow.requests.openings(request) if with_name}


def rereads(state: AgendaState | MondayState) -> None:
    """Read again as after a change that somebody else has made."""
    read = state._read_aloud if isinstance(state, AgendaState) else state._reread_aloud
    asyncio.run(read())


def test_a_standby_who_gets_a_seat_is_named_on_pages_that_are_open(hall: Hall) -> None:
    inside = hall.guests[0]
    hall.receive(inside)
    code = hall.query("reception", standbys, AtTheDoor(district=DISTRICT))[0].code
    with hall.reading() as uow:
        standby = hall.guest_of(uow.requests.find(code))
    card = Standby(code=code, identity=hall.card(standby))
    hall.execute("reception", note_present, card)
    hall.clock.set(at_tehran(MONDAY, "09:33"))
    mayor, at = Tab(hall.application, "mayor"), f"/mayor/meeting/{inside.code}/"
    meeting = mayor.opens(MeetingState, at)
    assert all(one.name != agenda_text.NAME_HIDDEN for one in meeting.people.guests)
    agenda = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
    reception = Tab(hall.application, "reception").opens(MondayState, "/monday/")
    hall.clock.set(at_tehran(MONDAY, "09:36"))
    hall.application.worker.tick()
    assert standby.request.seat is not None
    assert named_by(hall, code) == set()

    agenda.done = reception.done = "کار پیشین"
    asyncio.run(meeting._read())
    rereads(agenda)
    rereads(reception)
    lines = (meeting.people.guests, agenda.day.guests, reception.day.visitors)
    names = {next(one.name for one in each if one.code == code) for each in lines}
    assert len(names) == 1
    assert names.isdisjoint({"", agenda_text.NAME_HIDDEN})
    assert named_by(hall, code) == {"mayor", "reception"}
    assert agenda.done == reception.done == "کار پیشین", "what the last press did stays in sight"


def test_a_page_opens_no_name_by_itself_on_another_day_or_for_whoever_does_not_hold_it(
    hall: Hall,
) -> None:
    guest = hall.guests[0].code
    deputy = Tab(hall.application, "deputy").opens(AgendaState, "/mayor/")
    rereads(deputy)
    assert deputy.day.guests[0].name == agenda_text.NAME_HIDDEN
    hall.clock.set(at_tehran(MONDAY - timedelta(days=1), "22:00"))
    tab = Tab(hall.application, "reception")
    tab.go("/monday/")
    reception = tab.state(MondayState)
    rereads(reception)
    assert reception.day.visitors
    assert named_by(hall, guest) == set()
