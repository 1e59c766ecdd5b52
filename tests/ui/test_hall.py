"""The citizen's page beside the hall's screen: its code, what is wrong, what is noted."""

import asyncio
from collections.abc import Callable

import pytest
from support.staff_tab import Tab, do
from support.walk import WalkedCase

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.citizen.timeline.state import TimelineState
from publicmeeting.usecases.meetings.hall import hall_code


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


def test_she_types_the_code_of_the_screen(
    a_request: Callable[..., WalkedCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = a_request(at=Stage.CONFIRMED)
    state = her_page(walked, monkeypatch)
    assert state.case.turn.hall.may_say
    for typed, word in (("", "need_hall_code"), ("12", "hall_code_form")):
        says(state, {"hall": typed})
        assert state.errors == {"hall": refusal(word)}
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        shown = hall_code(uow, walked.request.district, application.clock())
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
