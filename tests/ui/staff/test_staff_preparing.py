"""Reception's checklist: items are ticked and unticked, and forged presses do nothing."""

import asyncio
import json

import pytest
from support.each import in_one_city
from support.line import MONDAY, Citizen, Line
from support.pages import drawn
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action
from publicmeeting.kit.digits import persian
from publicmeeting.text.lifecycle.needs_text import PREPARE
from publicmeeting.text.meetings import reception_text
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.staff.monday.state import MondayState


@pytest.fixture
def guest(line: Line) -> Citizen:
    """On Sunday: a citizen with a seat of the next day who is hard of hearing."""
    (citizen,) = line.file(1, needs=("hard_of_hearing",))
    line.until(MONDAY.replace(day=26))
    citizen.does(Action.CONFIRM)
    line.until(MONDAY.replace(day=29), "09:00")
    return citizen


def opened(line: Line) -> tuple[Tab, MondayState]:
    tab = Tab(line.city.application, "reception")
    state = tab.opens(MondayState, "/monday/")
    return tab, state


def test_a_tick_is_read_by_the_other_officer_and_survives_a_reload(
    line: Line, guest: Citizen
) -> None:
    tab, state = opened(line)
    (row,) = state.day.prepare
    assert (row.code, row.what, row.ready) == (guest.code, PREPARE["hard_of_hearing"], "")
    assert [place.count for place in tab.state(Rail).places if place.href == "/monday/"] == [
        persian(1)
    ]
    for _ in range(2):  # pressed twice
        asyncio.run(do(state, MondayState.tick, guest.code, "hard_of_hearing"))
    assert "۹:۰۰" in state.day.prepare[0].ready
    _, other = opened(line)
    assert other.day.prepare == state.day.prepare
    assert other.day.prepared == reception_text.PREPARE_PROGRESS.format(
        ready=persian(1), all=persian(1)
    )
    asyncio.run(do(other, MondayState.take_back_tick, guest.code, "hard_of_hearing"))
    assert other.day.prepare[0].ready == ""


@in_one_city("code, need", [("0506000000", "hard_of_hearing"), ("", ""), ("{code}", "step_free")])
def test_what_stands_in_no_line_is_not_ticked(
    line: Line, guest: Citizen, code: str, need: str
) -> None:
    _, state = opened(line)
    asyncio.run(do(state, MondayState.tick, code.format(code=guest.code), need))
    assert (state.refused, state.day.prepare[0].ready) == ("", "")


@pytest.mark.parametrize("word", [reception_text.PREPARE_TICK, reception_text.TAKE_BACK])
def test_a_voice_reads_whose_need_a_button_of_the_list_ticks(word: str) -> None:
    label = json.dumps(f"{word}{reception_text.OF_NUMBER}")
    assert json.dumps(label)[1:-1].removesuffix('\\"') in drawn()["/monday"]
