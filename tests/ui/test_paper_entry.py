"""The screen on which a morning on paper is entered: rows, refusals beside them, raw events."""

import asyncio
from typing import Any

import pytest
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab, do

from publicmeeting.domain.records import PAPER
from publicmeeting.domain.roles import Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.domain.timeline import Mark
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.meetings import paper_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.shell.road import road_steps
from publicmeeting.ui.staff.paper_entry import PaperEntryState
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.tracking.timeline import timeline_page


def opened(hall: Hall, who: str = "reception") -> PaperEntryState:
    tab = Tab(hall.application, who)
    tab.go("/monday/paper/")
    state: PaperEntryState = tab.state(PaperEntryState)
    asyncio.run(do(state, PaperEntryState.load))
    return state


def arrivals(state: PaperEntryState, **typed: Any) -> None:
    form = {name.replace("_", "-"): value for name, value in typed.items()}
    asyncio.run(do(state, PaperEntryState.save_arrivals, form))


def meeting(state: PaperEntryState, **typed: Any) -> None:
    asyncio.run(do(state, PaperEntryState.save_meeting, typed))


def card(hall: Hall, at: int) -> str:
    with hall.reading() as uow:
        return str(uow.people.get(hall.guests[at].request.person_id).identity)


@pytest.fixture
def after(hall: Hall) -> Hall:
    hall.clock.set(at_tehran(MONDAY, "10:50"))
    return hall


def test_reception_enters_who_came_and_the_mayor_who_was_met(after: Hall) -> None:
    state = opened(after)
    assert len(state.rows) == len(after.guests)
    first = after.guests[0].code
    arrivals(state, **{f"time_{first}": "۸:۵۰", f"card_{first}": card(after, 0)})
    assert state.done == paper_text.SAVED.format(count="۱ نفر")
    assert first not in {one.code for one in state.rows}
    mayor = opened(after, "mayor")
    assert mayor.is_table
    assert first in {one.value for one in mayor.here}
    meeting(mayor, code=first, begun="9:00", ended="9:20", skip="")
    assert after.guests[0].request.stage is Stage.IN_ROOM


def test_a_wrong_row_says_so_beside_its_field_and_nothing_is_written(after: Hall) -> None:
    state, code = opened(after), after.guests[0].code
    arrivals(state, **{f"time_{code}": "9", f"card_{code}": card(after, 1)})
    assert state.errors == {
        f"time-{code}": refusal("paper_time"),
        f"card-{code}": refusal("identity_mismatch"),
    }
    assert after.guests[0].request.count(Action.ARRIVE) == 0


def test_she_reads_that_it_was_entered_from_a_paper(after: Hall) -> None:
    state, code = opened(after), after.guests[0].code
    arrivals(state, **{f"time_{code}": "8:50", f"card_{code}": card(after, 0)})
    page = after.query(after.guests[0].actor, timeline_page, OneCase(code=code))
    mark = next(one for one in page.marks if one.action is Action.ARRIVE)
    assert mark.payload[PAPER] == "08:50"
    assert any(
        paper_text.on_paper(["۸:۵۰"]) in step.meaning
        for step in road_steps(page.marks, page.now, own=True)
    )


@pytest.mark.parametrize("who", ["desk", "technical", "overseer", "administrator"])
def test_another_role_finds_nothing_here(after: Hall, who: str) -> None:
    assert opened(after, who).missing


@pytest.mark.parametrize(
    "typed",
    [{}, {"time-": "9:00"}, {"time-1234567890": 7}, {"time-x": ["9:00"], "card-x": None}],
)
def test_raw_events_of_wrong_types_write_nothing(after: Hall, typed: dict[str, Any]) -> None:
    state = opened(after)
    asyncio.run(do(state, PaperEntryState.save_arrivals, typed))
    assert not state.done
    asyncio.run(do(state, PaperEntryState.save_meeting, typed))
    assert all(guest.request.stage is Stage.CONFIRMED for guest in after.guests)


def test_a_photographed_order_is_no_hour_of_a_paper_morning() -> None:
    at = at_tehran(MONDAY, "10:00")
    payload = {"paper": "ab" * 32, "unit": "d06-civil", "due_on": "2026-12-21"}
    mark = Mark("past", OrderStage.ISSUED, Role.MAYOR, 6, OrderAction.ISSUE, at, payload=payload)
    (step,) = road_steps([mark], at, own=True)
    assert step.title
    assert PAPER not in payload
