"""A unit's briefs before a meeting, in its officer's tab."""

import asyncio
from datetime import date

import pytest
from support.hall import Hall
from support.pages import drawn
from support.staff_tab import Tab, do, sent

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import at_tehran
from publicmeeting.text.orders import unit_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.staff.briefs import BriefsState
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step

NOTE = "محل را دیدیم؛ کار با همین واحد است."
WRITE = Action.OFFER_ANSWER.value


@pytest.fixture
def friday(hall: Hall) -> Hall:
    hall.clock.set(at_tehran(date(2026, 11, 27), "10:00"))
    return hall


def opened(hall: Hall, query: str = "", who: str = "technical") -> BriefsState:
    return Tab(hall.application, who).opens(BriefsState, f"/unit/briefs/{query}")


def written(hall: Hall) -> int:
    return hall.guests[0].request.count(Action.OFFER_ANSWER)


def test_the_list_says_when_each_comes_and_until_when_a_word_is_due(friday: Hall) -> None:
    lines = opened(friday).lines
    assert all(row.badge.word.startswith("دوشنبه ۹ آذر، ") for row in lines.rows)
    assert {row.end for row in lines.rows} == {"مهلت یادداشت: فردا"}
    assert [half.label for half in lines.halves] == [unit_text.TITLE, unit_text.BRIEFS]
    friday.clock.set(at_tehran(date(2026, 11, 29), "00:00"))
    late = opened(friday, "?part=late").lines
    assert {row.end for row in late.rows} == {"مهلت یادداشت دیروز بود"}
    assert all(row.late for row in late.rows)


def test_the_matter_stands_there_without_the_person(friday: Hall) -> None:
    guest = friday.guests[0].request
    state = opened(friday, f"?case={guest.code}")
    assert state.visit.text == guest.text
    assert [button.label for button in state.buttons] == [unit_text.BRIEF_WRITE]
    with friday.reading() as uow:
        person = uow.people.get(guest.person_id)
    shown = repr(state.dict())
    for secret in (person.name, person.identity, person.mobile, guest.person_id):
        assert str(secret) not in shown


def test_a_word_is_written_once_however_often_the_button_is_pressed(friday: Hall) -> None:
    code = friday.guests[0].code
    state = opened(friday, f"?case={code}")
    sent(state, WRITE, note=NOTE)
    asyncio.run(do(state, BriefsState.send, {"note": NOTE}))
    assert state.done == unit_text.BRIEF_SENT
    assert written(friday) == 1
    assert f"case={code}" not in str([row.href for row in state.lines.rows])
    assert code in str([row.href for row in opened(friday, "?part=written").lines.rows])


def test_an_empty_word_is_asked_for_under_its_field(friday: Hall) -> None:
    state = opened(friday, f"?case={friday.guests[0].code}")
    sent(state, WRITE, note=" ")
    assert state.errors == {"note": refusal("need_note")}
    assert written(friday) == 0


def test_what_was_typed_stays_when_she_has_given_the_seat_up_meanwhile(friday: Hall) -> None:
    guest = friday.guests[0]
    state = opened(friday, f"?case={guest.code}")
    asyncio.run(do(state, BriefsState.choose, WRITE))
    friday.clock.set(at_tehran(date(2026, 11, 30), "00:30"))
    with friday.application.store.unit_of_work(friday.clock()) as uow:
        take_step(uow, guest.actor, TakeStep(code=guest.code, action="withdraw"), friday.clock())
    asyncio.run(do(state, BriefsState.send, {"note": NOTE}))
    assert state._notes[guest.code] == NOTE
    assert state.refused or state.stale
    assert state.visit.code == guest.code
    assert not state.missing


def test_back_at_the_list_nothing_is_said_of_a_matter_that_could_not_be_opened(
    friday: Hall,
) -> None:
    tab = Tab(friday.application, "technical")
    state = tab.state(BriefsState)
    for query, refused in (("?case=0000000000", refusal("not_found")), ("", "")):
        tab.go(f"/unit/briefs/{query}")
        asyncio.run(do(state, BriefsState.load))
        assert state.visit.refused == refused


def test_an_address_of_somebody_else_says_so_beside_the_list(friday: Hall) -> None:
    state = opened(friday, "?case=0000000000")
    assert state.visit.refused == refusal("not_found")
    assert state.visit.code == ""
    assert state.lines.rows
    assert opened(friday, who="desk").missing


def test_the_part_that_was_pressed_last_is_opened_once(friday: Hall) -> None:
    """On a slow line a press comes before the part that was pressed before it has opened."""
    state = opened(friday)
    presses = ("late", "late", "due", "due", "written")
    leads = [asyncio.run(do(state, BriefsState.choose_part, part)) is not None for part in presses]
    assert leads == [True, False, True, False, True]


def test_a_list_that_could_not_be_read_says_so_once() -> None:
    assert drawn()["/unit/briefs"].count('answer_rx_state_?.[\\"unread\\"])') == 1
