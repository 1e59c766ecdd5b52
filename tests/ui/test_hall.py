"""The hall's screen, and the citizen's page beside it: the code, what is wrong, what is noted."""

import asyncio
from collections.abc import Callable

import pytest
from support.hall import Hall
from support.staff_tab import Tab, do
from support.walk import WalkedCase

from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.digits import ascii_digits, persian
from publicmeeting.text.meetings import hall_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.timeline.state import TimelineState
from publicmeeting.ui.staff.hall import HallState
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.meetings.hall import hall_screen


def screen(hall: Hall, who: str = "reception") -> HallState:
    tab = Tab(hall.application, who)
    tab.go("/hall/")
    state = tab.state(HallState)
    asyncio.run(do(state, HallState.load))
    return state


def her_page(walked: WalkedCase, monkeypatch: pytest.MonkeyPatch) -> TimelineState:
    """On the morning of her seat."""
    walked.line.until(walked.request.seat.monday, "08:40")
    monkeypatch.setattr("publicmeeting.ui.citizen.timeline.state.code_of", lambda _: walked.code)
    tab = Tab(walked.city.application)
    tab._cookie = f"session={walked.keys.session}"
    tab.go(f"/mine/{walked.code}/")
    state = tab.state(TimelineState)
    asyncio.run(do(state, TimelineState.load))
    return state


def says(state: TimelineState, form: object) -> None:
    async def run() -> None:
        async for _ in TimelineState.say_present.fn(state, form):
            pass

    asyncio.run(run())


def test_the_screen_shows_numbers_and_the_code_and_no_name(hall: Hall) -> None:
    hall.arrive(hall.guests[0])
    hall.act("reception", hall.guests[0], Action.CALL)
    board = screen(hall).board
    assert board.number == "۱"
    assert board.call == hall_text.CALL.format(number="۱")
    assert [tile.text for tile in board.next] == ["۲", "۳"]
    assert len(ascii_digits(board.code)) == 5
    with hall.reading() as uow:
        names = [uow.people.get(one.request.person_id).name for one in hall.guests]
    codes = [persian(one.code) for one in hall.guests]
    assert not any(word in str(board) for word in (*names, *codes))
    hall.act("mayor", hall.guests[0], Action.CALL_IN)
    assert screen(hall).board.call == hall_text.INSIDE.format(number="۱")


@pytest.mark.parametrize("who", ["desk", "mayor", "technical"])
def test_nobody_but_reception_opens_it(hall: Hall, who: str) -> None:
    state = screen(hall, who)
    assert state.missing
    assert state.board.code == ""


def test_she_types_the_code_of_the_screen(
    a_request: Callable[..., WalkedCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = a_request(at=Stage.CONFIRMED)
    state = her_page(walked, monkeypatch)
    assert state.case.turn.hall.may_say
    for typed, word in (("", "need_hall_code"), ("12", "hall_code_form")):
        says(state, {"hall": typed})
        assert state.errors == {"hall": refusal(word)}
    reception = walked.city.as_("reception")
    shown = walked.city.application.query_as(reception, hall_screen, Nothing()).code
    says(state, {"hall": persian(shown)})
    assert state.errors == {}
    assert not state.case.turn.hall.may_say
    assert "۸:۴۰" in state.case.turn.hall.head


@pytest.mark.parametrize("form", [{}, {"hall": 7}, {"hall": ["1"]}, {"code": "x" * 5000}])
def test_whatever_arrives_is_a_sentence_and_no_fault(
    a_request: Callable[..., WalkedCase],
    monkeypatch: pytest.MonkeyPatch,
    form: dict[str, object],
) -> None:
    state = her_page(a_request(at=Stage.CONFIRMED), monkeypatch)
    says(state, form)
    assert state.errors.keys() == {"hall"}
