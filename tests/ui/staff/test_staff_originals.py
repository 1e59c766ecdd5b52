"""Reception checks the original of a lane's document together with the citizen's card."""

import asyncio

import pytest
from support.documents import by_a_lane
from support.line import Citizen, Line
from support.staff_tab import Tab, do

from publicmeeting import application as applications
from publicmeeting.domain.choices import Original
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.text.meetings import agenda_text, reception_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.mayor.agenda import views as agenda_views
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.monday.views import VisitorRow
from publicmeeting.usecases.meetings.agenda import ADay, agenda


@pytest.fixture
def both(line: Line) -> list[Citizen]:
    """Citizens before reception: one with a lane's seat, and another one."""
    applications.use(line.city.application)
    return line.begun(by_a_lane)


def comes(line: Line, citizen: Citizen) -> MondayState:
    state = Tab(line.city.application, "reception").opens(MondayState, "/monday/")
    asyncio.run(do(state, MondayState.press, citizen.code, Action.ARRIVE))
    asyncio.run(do(state, MondayState.send, {"identity": citizen.identity}))
    assert citizen.stage == Stage.ARRIVED
    return state


def row(state: MondayState, citizen: Citizen) -> VisitorRow:
    return next(found for found in state.day.visitors if found.code == citizen.code)


def test_once_her_card_is_matched_her_paper_is_asked_for(line, both):
    hers, _ = both
    state = comes(line, hers)
    assert state.form.action == Action.CHECK_ORIGINAL
    assert [original.value for original in state.form.originals] == list(Original)
    assert reception_text.PAPER["certified"] in row(state, hers).status
    assert not state.form.reads, "what she reads hangs on the answer"
    assert state.done, "what was done before it stays in sight, and can be taken back"
    assert state.undo.code == hers.code
    asyncio.run(do(state, MondayState.send, {}))
    assert state.errors == {"original": refusal("need_original")}
    asyncio.run(do(state, MondayState.send, {"original": "not_shown"}))
    assert not state.form.action
    assert reception_text.ORIGINAL[Original.NOT_SHOWN] in row(state, hers).status
    steps = {button.action for button in row(state, hers).buttons}
    assert {Action.CALL_IN, Action.CHECK_ORIGINAL} <= steps, "her son may bring it still"


def test_nobody_else_is_asked(line, both):
    _, other = both
    state = comes(line, other)
    assert not state.form.action
    assert row(state, other).status.count("·") == 0


def test_an_arrival_taken_back_asks_for_nothing(line, both):
    hers, _ = both
    state = comes(line, hers)
    asyncio.run(do(state, MondayState.take_back))
    assert hers.stage == Stage.CONFIRMED
    assert not state.form.action


@pytest.mark.parametrize("original", list(Original))
def test_the_mayor_reads_of_a_paper_that_is_not_hers_and_of_no_other(line, both, original):
    hers, _ = both
    asyncio.run(do(comes(line, hers), MondayState.send, {"original": original.value}))
    seen = line.city.application.query_as(line.city.as_("mayor"), agenda, ADay())
    guest = next(one for one in agenda_views.day(seen).guests if one.code == hers.code)
    assert (agenda_text.NOT_HERS in guest.state) == (original is Original.NOT_HERS)
