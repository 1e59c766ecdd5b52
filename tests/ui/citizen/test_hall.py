"""The citizen's field for the hall's code: refusals, and what is noted."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.line import MONDAY
from support.walk import WalkedCase

from publicmeeting.domain.stages import Stage
from publicmeeting.kit.clock import at_tehran
from publicmeeting.kit.digits import persian
from publicmeeting.text.common.dates_text import DateWords
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.turn import hall_view
from publicmeeting.usecases.meetings.in_hall.hall import MyHall, hall_code


@pytest.fixture
def on_the_morning(her_page: Callable[..., TimelineState]) -> Callable[..., TimelineState]:
    """Her page on the morning of her seat."""

    def open_page(walked: WalkedCase, query: str = "") -> TimelineState:
        walked.line.until(walked.request.seat.monday, "08:40")
        return her_page(walked, query)

    return open_page


def check_in(state: TimelineState, form: object) -> None:
    async def run() -> None:
        async for _ in TimelineState.check_in.fn(state, form):
            pass

    asyncio.run(run())


def test_she_types_the_code_of_the_screen(
    a_request: Callable[..., WalkedCase], on_the_morning: Callable[..., TimelineState]
) -> None:
    walked = a_request(at=Stage.CONFIRMED)
    state = on_the_morning(walked)
    assert state.case.turn.hall.may_say
    for typed, word in (("", "need_hall_code"), ("12", "hall_code_form")):
        check_in(state, {"hall": typed})
        assert state.errors == {"hall": refusal(word)}
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        shown = hall_code(uow, walked.request.district, application.clock())
    check_in(state, {"hall": persian(shown)})
    assert state.errors == {}
    assert not state.case.turn.hall.may_say
    assert "۸:۴۰" in state.case.turn.hall.head
    assert state.done == state.case.turn.hall.head, "her field is gone, and with it the focus"


@pytest.mark.parametrize("form", [{}, {"hall": 7}, {"hall": ["1"]}, {"code": "x" * 5000}])
def test_whatever_arrives_is_a_sentence_and_no_fault(
    a_request: Callable[..., WalkedCase],
    on_the_morning: Callable[..., TimelineState],
    form: dict[str, object],
) -> None:
    state = on_the_morning(a_request(at=Stage.CONFIRMED))
    check_in(state, form)
    assert state.errors.keys() == {"hall"}


def test_what_the_qr_brought_stands_in_the_field_and_is_sent_by_her(
    a_request: Callable[..., WalkedCase], on_the_morning: Callable[..., TimelineState]
) -> None:
    walked = a_request(at=Stage.CONFIRMED)
    for brought, typed in (("40713", "40713"), ("<b>", ""), ("", ""), ("٤", "")):
        state = on_the_morning(walked, f"?hall={brought}")
        hall = state.case.turn.hall
        assert (hall.may_say, hall.typed) == (True, typed)


@pytest.mark.parametrize(
    ("minutes", "head"),
    [(-46, case_text.HALL_EARLY.format(time="۸:۱۵")), (16, case_text.HALL_LATE)],
)
def test_out_of_her_window_the_field_gives_way_to_a_sentence(minutes: int, head: str) -> None:
    begins = at_tehran(MONDAY, "09:00")
    hall = MyHall(
        present_at=None,
        hours_end_at=begins + timedelta(hours=3),
        from_at=begins - timedelta(minutes=45),
        until_at=begins + timedelta(minutes=15),
    )
    seen = hall_view(hall, DateWords(begins + timedelta(minutes=minutes)))
    assert (seen.head, seen.may_say) == (head, False)
    inside = [hall_view(hall, DateWords(begins + timedelta(minutes=one))) for one in (-45, 15)]
    assert all(one.may_say for one in inside)
    noted = hall_view(replace(hall, present_at=begins), DateWords(begins + timedelta(minutes=16)))
    assert "۹:۰۰" in noted.head


@pytest.mark.parametrize(
    ("minutes", "head"),
    [(-46, case_text.HALL_CARD), (0, case_text.HALL_CARD), (16, case_text.HALL_LATE)],
)
def test_whom_only_reception_records_is_never_promised_the_field(minutes: int, head: str) -> None:
    begins = at_tehran(MONDAY, "09:00")
    hall = MyHall(
        present_at=None,
        hours_end_at=begins + timedelta(hours=3),
        from_at=begins - timedelta(minutes=45),
        until_at=begins + timedelta(minutes=15),
        asks_card=True,
    )
    seen = hall_view(hall, DateWords(begins + timedelta(minutes=minutes)))
    assert (seen.head, seen.may_say) == (head, False)
