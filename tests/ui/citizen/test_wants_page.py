"""Her page where no seat is free: one button asks for an offer, then a line says what is hers."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from support.line import MONDAY, Citizen, Line
from support.staff_tab import do

from publicmeeting.domain.people import Door
from publicmeeting.domain.stages import Action
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.waiting import NO_WANT, WantView

DAY = "دوشنبه ۹ آذر"
UNTIL = "تا یکشنبه ۸ آذر، ساعت ۲۰:۰۰"


def signed_in(line: Line, citizen: Citizen) -> SimpleNamespace:
    application = line.city.application
    with application.store.unit_of_work(application.clock()) as uow:
        mobile = uow.people.get(citizen.request.person_id).mobile
        session = uow.sessions.open_for_mobile(mobile or "", Door.CODE)
    return SimpleNamespace(code=citizen.code, city=line.city, keys=Keys(session=session))


def want(state: TimelineState) -> WantView:
    return state.case.turn.want


def test_one_tap_asks_and_the_page_says_what_she_may_expect_until_when(
    line: Line, her_page: Callable[..., TimelineState]
) -> None:
    holder, *_ = line.drawn(8)
    (citizen,) = line.file(1)
    state = her_page(signed_in(line, citizen))
    assert want(state).head == case_text.WANT
    assert want(state).lines[0] == case_text.WANT_ON.format(day=DAY)
    assert want(state).lines[-1] == case_text.WANT_UNTIL.format(until=UNTIL)
    assert want(state).ask.at_once
    key = want(state).ask.key
    for _ in range(2):
        asyncio.run(do(state, TimelineState.tap, key))
        assert state.refused == ""
        assert state.done.startswith(case_text.THANKS[Action.WANT_FREE])
    assert citizen.request.count(Action.WANT_FREE) == 1
    again = her_page(signed_in(line, citizen))
    assert want(again) == want(state)
    assert want(again).head == case_text.WANTED
    assert want(again).lines[-1] == case_text.WANTED_UNTIL.format(until=UNTIL)
    assert want(again).ask.key == ""
    holder.does(Action.GIVE_UP_SEAT)
    line.worker.tick()
    offered = her_page(signed_in(line, citizen))
    assert (offered.case.turn.call.head, want(offered)) == (case_text.OFFER_HEAD, NO_WANT)
    assert offered.case.turn.keeps == case_text.OFFER_WHY


def test_a_button_of_a_page_whose_offers_have_ended_meanwhile_says_so(
    line: Line, her_page: Callable[..., TimelineState]
) -> None:
    line.drawn(8)
    (citizen,) = line.file(1)
    state = her_page(signed_in(line, citizen))
    key = want(state).ask.key
    line.until(MONDAY - timedelta(days=1), "20:00")
    asyncio.run(do(state, TimelineState.tap, key))
    assert state.refused == refusal("want_closed")
    assert want(state) == NO_WANT
