"""The mayor's sheet in two tabs: a choice in one appears in the other."""

import asyncio
from typing import Any

import pytest
from support.hall import SERVICES, TECHNICAL, Guest, Hall
from support.staff_tab import Tab, do, session_of

from publicmeeting.domain.errors import TooBusy
from publicmeeting.domain.stages import Stage
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.shell.live import Here, own_and_sheet
from publicmeeting.usecases.accounts.credentials import Keys
from publicmeeting.usecases.orders.paper.drafts import (
    KeepUnfinished,
    OneSheet,
    keep_unfinished,
    unfinished_sheet,
)


@pytest.fixture
def guest(hall: Hall) -> Guest:
    hall.receive(hall.guests[0])
    return hall.guests[0]


def opened(hall: Hall, guest: Guest, who: str = "mayor") -> MeetingState:
    return Tab(hall.application, who).opens(MeetingState, f"/mayor/meeting/{guest.code}/")


async def press(state: MeetingState, handler: Any, form: dict[str, str]) -> None:
    async for _ in handler.fn(state, form):
        pass


def wakes(state: MeetingState) -> None:
    """Reload the page as after a published change."""
    asyncio.run(state._read_all())


def test_units_days_and_urgency_are_chosen_in_both_but_not_the_way_of_writing(
    hall: Hall, guest: Guest
) -> None:
    meeting_state, other = opened(hall, guest), opened(hall, guest)
    asyncio.run(do(meeting_state, MeetingState.pick_unit, SERVICES))
    asyncio.run(do(meeting_state, MeetingState.pick_due, meeting_state.table.dues[0].value))
    asyncio.run(do(meeting_state, MeetingState.toggle_urgent))
    asyncio.run(do(meeting_state, MeetingState.write_by, "type"))
    assert other.desk.units != meeting_state.desk.units
    wakes(other)
    assert other.desk.units == meeting_state.desk.units
    assert other.desk.due == meeting_state.desk.due
    assert other.desk.recap == meeting_state.desk.recap
    assert other.desk.urgent
    assert other.desk.way == "pen"


def test_the_line_of_a_low_screen_says_whom_the_sheet_goes_to_and_until_when(
    hall: Hall, guest: Guest
) -> None:
    state = opened(hall, guest)
    names = {chip.value: chip.label for chip in state.table.units}
    for unit in state.desk.units:
        asyncio.run(do(state, MeetingState.pick_unit, unit))
    assert state.desk.recap == "هنوز واحدی انتخاب نشده است."
    for unit in (TECHNICAL, SERVICES):
        asyncio.run(do(state, MeetingState.pick_unit, unit))
    both = f"{names[TECHNICAL]}، {names[SERVICES]}"
    assert state.desk.recap.startswith(f"{both}، تا ")
    first = state.table.dues[0].value
    asyncio.run(do(state, MeetingState.pick_due_of, SERVICES, first))
    assert state.desk.recap == f"{both}، هر یک تا مهلت خود"


def test_a_sheet_that_is_an_order_by_now_gives_way_to_the_next_one(
    hall: Hall, guest: Guest
) -> None:
    meeting_state, other = opened(hall, guest), opened(hall, guest)
    hall.order(guest, TECHNICAL)
    assert other.initial.page == 1
    wakes(other)
    assert other.initial.page == 2
    assert other.initial.text == ""
    wakes(meeting_state)
    assert meeting_state.initial == other.initial


@pytest.mark.parametrize("name", ["unfinished_sheet", "meeting_screen"])
def test_a_sheet_that_could_not_be_read_is_there_at_the_next_look(
    hall: Hall, guest: Guest, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(do(opened(hall, guest), MeetingState.pick_unit, SERVICES))
    ask = hall.application.query

    async def busy(usecase: Any, keys: Keys, query: Any) -> Any:
        if usecase.__name__ == name:
            raise TooBusy
        return await ask(usecase, keys, query)

    with monkeypatch.context() as now:
        now.setattr(hall.application, "query", busy)
        state = opened(hall, guest)
    assert not state.initial.page
    wakes(state)
    assert (state.initial.page, SERVICES in state.desk.units) == (1, True)
    assert state.month.days
    assert state.initial.owner


def test_a_choice_rings_at_the_sheet_and_what_is_typed_does_not(hall: Hall, guest: Guest) -> None:
    """The browser passes text and strokes from tab to tab itself, letter by letter."""
    his = Keys(session=session_of(hall.application, "mayor"))
    topics = asyncio.run(own_and_sheet(Here(his, f"/mayor/meeting/{guest.code}/", {})))

    async def publishes_to(**fields: str) -> bool:
        with hall.application.pubsub.subscription(topics[-1]) as subscription:
            command = KeepUnfinished(code=guest.code, fields=fields)
            hall.execute("mayor", keep_unfinished, command)
            await asyncio.sleep(0)
            return subscription.is_set()

    assert not asyncio.run(publishes_to(text="ترمیم"))
    assert asyncio.run(publishes_to(units=SERVICES))


def test_the_page_of_whoever_was_signed_in_before_writes_nothing_for_the_next(
    hall: Hall, guest: Guest
) -> None:
    """In one browser the open page is the mayor's, while the cookie is the deputy's by now."""
    state, next_one = opened(hall, guest), opened(hall, guest, "deputy")
    assert state.initial.owner != next_one.initial.owner
    theirs = {"owner": state.initial.owner}
    asyncio.run(do(state, MeetingState.pick_unit, SERVICES))
    state._get_root_state().router = next_one.router
    asyncio.run(do(state, MeetingState.pick_unit, TECHNICAL))
    assert state.refused == refusal("other_official")
    for act, words in (
        (MeetingState.record, {"text": "دستور شهردار", "page": "1"}),
        (MeetingState.refer, {"referral": "ارجاع شهردار"}),
    ):
        asyncio.run(press(state, act, {**words, **theirs}))
        assert refusal("other_official") in (state.refused, *state.errors.values())
    asyncio.run(do(state, MeetingState.refuse, {"refusal": "پاسخ شهردار", **theirs}))
    assert state.errors["refusal"] == refusal("other_official")
    sheet = hall.query("deputy", unfinished_sheet, OneSheet(code=guest.code))
    assert (sheet.fields, guest.request.stage) == ({}, Stage.IN_ROOM)
    wakes(state)
    assert state.initial == next_one.initial
    assert state.desk.units == next_one.desk.units
