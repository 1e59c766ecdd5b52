"""The page to enter a morning held on paper: rows, refusals beside them, raw events."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from support.each import in_one_city
from support.hall import Hall
from support.line import MONDAY
from support.staff_tab import Tab, do

from publicmeeting.domain.lifecycle.timeline import Mark, MarkState
from publicmeeting.domain.officials.audit import SecurityKind
from publicmeeting.domain.records import PAPER
from publicmeeting.domain.roles import COMMAND_LINE, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.store.accounts.security import SecurityEvent
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.meetings import paper_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.timeline.asked import ask_view
from publicmeeting.ui.citizen.timeline.moves import request_moves
from publicmeeting.ui.mayor.agenda.state import AgendaState, HoldingState
from publicmeeting.ui.mayor.meeting.views import table
from publicmeeting.ui.shell.parts.road import road_steps
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.paper_entry import PaperEntryState
from publicmeeting.usecases.base import OneCase
from publicmeeting.usecases.meetings.on_paper import paper_entry
from publicmeeting.usecases.meetings.room import meeting_screen, open_meeting
from publicmeeting.usecases.oversight.security_events import AskEvents, security_events
from publicmeeting.usecases.tracking.timeline import timeline_page
from publicmeeting.usecases.tracking.turn import my_turn


def opened(hall: Hall, who: str = "reception") -> PaperEntryState:
    return Tab(hall.application, who).opens(PaperEntryState, "/monday/paper/")


def arrivals(state: PaperEntryState, **typed: Any) -> None:
    form = {name.replace("_", "-"): value for name, value in typed.items()}
    asyncio.run(do(state, PaperEntryState.save_arrivals, form))


def meeting(state: PaperEntryState, **typed: Any) -> None:
    asyncio.run(do(state, PaperEntryState.save_meeting, typed))


def note(state: PaperEntryState, **typed: Any) -> None:
    form = {f"unmet-{name}": value for name, value in typed.items()}
    asyncio.run(do(state, PaperEntryState.save_note, form))


@pytest.fixture
def after(hall: Hall) -> Hall:
    hall.clock.set(at_tehran(MONDAY, "10:50"))
    return hall


def test_reception_enters_who_came_and_the_mayor_who_was_met(after: Hall) -> None:
    state = opened(after)
    assert len(state.seen.rows) == len(after.guests)
    first = after.guests[0].code
    arrivals(state, **{f"time_{first}": "۸:۵۰", f"card_{first}": after.card(after.guests[0])})
    assert state.done == paper_text.SAVED.format(count="۱ نفر")
    assert f"time-{first}" not in {row.time_field for row in state.seen.rows}
    mayor = opened(after, "mayor")
    assert mayor.seen.is_table
    assert first in {choice.value for choice in mayor.seen.here}
    meeting(mayor, code=first, begun="9:00", ended="9:20", skip="")
    assert after.guests[0].request.stage is Stage.IN_ROOM


def test_the_way_to_the_page_is_shown_while_it_takes_something(hall: Hall) -> None:
    """Before the day and after its end the page would only refuse."""

    def is_shown() -> list[bool]:
        reception = Tab(hall.application, "reception").opens(MondayState, "/monday/")
        mayor = Tab(hall.application, "mayor").opens(AgendaState, "/mayor/")
        shown = [reception.day.is_entry_open, mayor.day.is_entry_open]
        return [*shown, opened(hall).seen.is_day]

    hall.clock.set(at_tehran(MONDAY - timedelta(days=2), "10:00"))
    assert is_shown() == [False, False, False]
    hall.clock.set(at_tehran(MONDAY, "10:50"))
    assert is_shown() == [True, True, True]
    hall.ends()
    assert is_shown() == [False, False, False]


def test_a_sheet_that_is_saved_twice_is_saved(after: Hall) -> None:
    """Every row of the second press equals what the first has written."""
    state = opened(after)
    typed = {}
    for guest, at in zip(after.guests, ("8:50", "9:05", "9:20"), strict=True):
        typed |= {f"time-{guest.code}": at, f"card-{guest.code}": after.card(guest)}
    for _ in range(2):
        arrivals(state, **typed)
        assert (state.errors, state.done) == ({}, paper_text.SAVED.format(count="۳ نفر"))
    assert [guest.request.count(Action.ARRIVE) for guest in after.guests] == [1, 1, 1]
    first = after.guests[0]
    arrivals(state, **{f"time-{first.code}": "8:55", f"card-{first.code}": after.card(first)})
    assert list(state.errors) == [f"time-{first.code}"]


def test_a_wrong_row_says_so_beside_its_field_and_nothing_is_written(after: Hall) -> None:
    state, code = opened(after), after.guests[0].code
    arrivals(state, **{f"time_{code}": "9", f"card_{code}": after.card(after.guests[1])})
    assert state.errors == {
        f"time-{code}": refusal("paper_time"),
        f"card-{code}": refusal("identity_mismatch"),
    }
    assert after.guests[0].request.count(Action.ARRIVE) == 0


def test_she_reads_that_it_was_entered_from_a_paper(after: Hall) -> None:
    state, code = opened(after), after.guests[0].code
    arrivals(state, **{f"time_{code}": "8:50", f"card_{code}": after.card(after.guests[0])})
    page = after.query(after.guests[0].actor, timeline_page, OneCase(code=code))
    mark = next(one for one in page.marks if one.action is Action.ARRIVE)
    assert mark.payload[PAPER] == "08:50"
    assert any(
        paper_text.on_paper(["۸:۵۰"]) in step.meaning
        for step in road_steps(page.marks, page.dates, own=True)
    )


@in_one_city("who", ["desk", "technical", "overseer", "administrator"])
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
    mark = Mark(
        MarkState.PAST, OrderStage.ISSUED, Role.MAYOR, 6, OrderAction.ISSUE, at, payload=payload
    )
    (step,) = road_steps([mark], DateWords(at), own=True)
    assert step.title
    assert PAPER not in payload


@pytest.fixture
def next_day(hall: Hall) -> Hall:
    hall.ends(is_checked=True)
    hall.clock.set(at_tehran(MONDAY + timedelta(days=1), "09:00"))
    return hall


def test_on_the_next_day_the_mayor_notes_and_writes_the_order_at_once(next_day: Hall) -> None:
    guest = next_day.guests[0]
    state = opened(next_day, "mayor")
    assert (state.seen.is_day, state.seen.is_open) == (False, True)
    assert [choice.label for choice in state.seen.left[:2]] == [
        paper_text.CHOOSE,
        "شمارهٔ ۱، ساعت ۹:۰۰",
    ]
    note(state, code="", begun="9:00", ended="9:20", note="ترمیم می‌شود.")
    assert state.errors == {"unmet-code": paper_text.CHOOSE_ONE}
    note(state, code=guest.code, begun="9:00", ended="9:20", note="")
    assert state.errors == {"unmet-note": refusal("need_note")}
    note(state, code=guest.code, begun="9:00", ended="9:20", note="ترمیم می‌شود.")
    assert state.done == paper_text.NOTED
    assert guest.code not in {choice.value for choice in state.seen.left}
    (row,) = state.seen.noted
    assert row.order == f"/mayor/meeting/{guest.code}/"
    assert "منتظر پاسخ شهروند" in row.answer
    next_day.execute("mayor", open_meeting, OneCase(code=guest.code))
    sheet = table(next_day.query("mayor", meeting_screen, OneCase(code=guest.code)))
    assert (sheet.may_order, sheet.from_paper, sheet.may_finish) == (True, True, False)


def test_whoever_is_far_down_the_standby_is_noted_by_the_code_on_the_paper(
    next_day: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a line of thousands, the page lists as many as the paper does."""
    far = [
        choice for choice in opened(next_day, "mayor").seen.left if choice.label.startswith("ذخیره")
    ]
    monkeypatch.setattr(paper_entry, "STANDBYS_PRINTED", 1)
    state = opened(next_day, "mayor")
    assert [choice.value for choice in state.seen.left[-1:]] == [far[0].value]
    assert state.seen.more == paper_text.CODE_HINT.format(count=persian(len(far) - 1))
    form = {"unmet-begun": "9:00", "unmet-ended": "9:20", "unmet-note": "ترمیم می‌شود."}
    code = persian(far[-1].value)
    asyncio.run(do(state, PaperEntryState.save_note, {**form, "unmet-by-code": f" {code} "}))
    assert (state.errors, state.done) == ({}, paper_text.NOTED)
    assert [row.order for row in state.seen.noted] == [f"/mayor/meeting/{far[-1].value}/"]
    for strange in ("0506000000", "x", next_day.guests[0].code[:4]):
        asyncio.run(do(state, PaperEntryState.save_note, {**form, "unmet-by-code": strange}))
        assert state.refused
        assert state.done == ""


def test_a_note_of_a_meeting_on_paper_stays_typed_for_its_writer_until_it_is_sent(
    next_day: Hall,
) -> None:
    typed = {"code": next_day.guests[0].code, "begun": "9:00", "note": "ترمیم می‌شود."}
    state = opened(next_day, "mayor")
    for name, value in (*typed.items(), ("password", "x")):
        asyncio.run(do(state, PaperEntryState.keep, f"unmet-{name}", value, state.turn))
    again = opened(next_day, "mayor")
    assert {k: again.filled[f"unmet-{k}"] for k in typed} == typed
    turn = again.turn
    note(again, **typed, ended="9:20")
    assert again.done == paper_text.NOTED
    asyncio.run(do(again, PaperEntryState.keep, "unmet-note", typed["note"], turn))
    for empty in (again, opened(next_day, "mayor")):
        assert set(empty.filled.values()) == {""}


def test_she_is_asked_with_the_hours_and_the_mayor_s_words(next_day: Hall) -> None:
    guest = next_day.guests[0]
    note(
        opened(next_day, "mayor"), code=guest.code, begun="9:00", ended="9:20", note="ترمیم می‌شود."
    )
    page = next_day.query(guest.actor, timeline_page, OneCase(code=guest.code))
    turn = next_day.query(guest.actor, my_turn, OneCase(code=guest.code))
    ask = ask_view(page, request_moves(page.steps, turn))
    (move,) = (one for one in ask.moves if one.action == Action.SAY_MET)
    assert (ask.head, ask.quote) == (case_text.PAPER_ASKED, "ترمیم می‌شود.")
    assert not move.at_once
    road = road_steps(page.marks, page.dates, own=True)
    hours = paper_text.on_paper(["۹:۰۰", "۹:۲۰"], "دوشنبه ۹ آذر")
    assert any(hours in step.meaning for step in road)


def test_reception_reads_on_the_next_day_who_writes_it_now(next_day: Hall) -> None:
    state = opened(next_day)
    assert not state.seen.is_open
    note(state, code=next_day.guests[0].code, begun="9:00", ended="9:20", note="x")
    assert not state.done
    assert next_day.guests[0].request.count(Action.NOTE_PAPER) == 0


@pytest.mark.parametrize(
    "typed", [{}, {"unmet-code": 7}, {"unmet-code": ["x"], "unmet-note": None}]
)
def test_raw_notes_of_wrong_types_write_nothing(next_day: Hall, typed: dict[str, Any]) -> None:
    state = opened(next_day, "mayor")
    asyncio.run(do(state, PaperEntryState.save_note, typed))
    assert not state.done
    assert all(guest.request.count(Action.NOTE_PAPER) == 0 for guest in next_day.guests)


def test_an_official_who_opens_her_own_page_is_no_security_event(after: Hall) -> None:
    """Parts of these pages are for the mayor alone, and the page asks for them by itself."""
    assert opened(after).seen.rows
    held = Tab(after.application, "deputy").opens(HoldingState, "/mayor/")
    assert not held.asked.title
    assert _security_events(after) == []
    Tab(after.application, "reception").opens(AgendaState, "/mayor/")
    (event,) = _security_events(after)
    assert (event.kind, event.who) == (SecurityKind.ROLE_REFUSED, "account:reception")


def _security_events(hall: Hall) -> list[SecurityEvent]:
    seen = hall.application.query_as(COMMAND_LINE, security_events, AskEvents())
    return list(seen.events)
