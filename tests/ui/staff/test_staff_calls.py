"""The list of telephone calls in an officer's tab."""

import asyncio
from datetime import timedelta

import pytest
from support.each import in_one_city
from support.line import Citizen, Line
from support.pages import drawn
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import Action
from publicmeeting.kit.clock import tehran_day
from publicmeeting.kit.digits import persian
from publicmeeting.notify.outbox import deliver
from publicmeeting.store.lifecycle.outbox import Outbox
from publicmeeting.text.officials import calls_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.staff.calls import CallsState

DAY = timedelta(days=1)


class Dead:
    """A provider that takes nothing."""

    def send(self, mobile: str, text: str, message_id: str) -> None:
        del text, message_id
        raise ConnectionError(mobile)


@pytest.fixture
def citizen(line: Line) -> Citizen:
    (citizen,) = line.file(1, accepted=False)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.people.set_mobile(citizen.request.person_id, None)
    deliver(line.city.application, line.clock())
    return citizen


def opened(line: Line, who: str = "desk") -> tuple[Tab, CallsState]:
    tab = Tab(line.city.application, who)
    state = tab.opens(CallsState, "/desk/calls/")
    return tab, state


def test_she_is_told_ticked_off_and_put_back(line: Line, citizen: Citizen) -> None:
    tab, state = opened(line)
    (call_line,) = state.waiting
    assert call_line.title
    assert call_line.read
    assert not call_line.has_number
    assert call_line.why == calls_text.NO_NUMBER_WHY
    assert _count(tab) == "۱"
    asyncio.run(do(state, CallsState.mark_called, call_line.key))
    assert state.waiting == []
    assert state.done == calls_text.INFORMED.format(code=call_line.code)
    assert "desk" in state.called[0].detail
    assert _count(tab) == ""
    asyncio.run(do(state, CallsState.take_back, state.called[0].key))
    assert [line_.key for line_ in state.waiting] == [call_line.key]
    assert state.done == calls_text.TAKEN_BACK.format(code=call_line.code)
    assert not citizen.request.name_seen_by


def test_whoever_asked_reads_that_a_colleague_says_so(line: Line, citizen: Citizen) -> None:
    line.official("desk", citizen, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    deliver(line.city.application, line.clock())
    _, mine = opened(line)
    assert [(call_line.is_own, call_line.rings_first) for call_line in mine.waiting] == [
        (True, False),
        (False, False),
    ]
    assert mine.waiting[0].why == calls_text.OWN
    asyncio.run(do(mine, CallsState.mark_called, mine.waiting[0].key))
    assert (mine.refused, len(mine.waiting)) == (refusal("asked_yourself"), 2)
    _, other = opened(line, "second_desk")
    first, news = other.waiting
    assert (first.is_own, first.comes_first, first.why) == (False, True, calls_text.COMES_FIRST)
    asyncio.run(do(other, CallsState.mark_called, first.key))
    assert (other.refused, len(other.waiting)) == (refusal("caller_unproved"), 2)
    assert (news.comes_first, news.why) == (False, calls_text.NO_NUMBER_WHY)
    asyncio.run(do(other, CallsState.mark_called, news.key))
    assert (other.refused, len(other.waiting)) == ("", 1)


def test_how_a_number_is_seen_is_said_once_and_where_there_is_one(line: Line) -> None:
    deaf, *others = line.file(3, accepted=False)
    with line.city.application.store.unit_of_work(line.clock()) as uow:
        uow.people.set_mobile(deaf.request.person_id, None)
    deliver(line.city.application, line.clock())
    _, state = opened(line)
    assert [call_line.has_number for call_line in state.waiting] == [False]
    assert state.ways == []
    for one in others:
        line.official("desk", one, Action.ASK_INFO, note="نشانی دقیق کجاست؟")
    phone, line.city.application.phone = line.city.application.phone, Dead()
    for hour in ("11:00", "12:00", "16:00", "21:00"):  # until the outbox gives up
        line.until(tehran_day(line.clock.now) + DAY, hour)
    line.city.application.phone = phone
    _, state = opened(line, "second_desk")
    assert sum(call_line.rings_first for call_line in state.waiting) == len(others)
    assert state.ways == [calls_text.WHOM_WHY, calls_text.RING_FIRST]
    _, mine = opened(line)
    assert mine.ways == [calls_text.WHOM_WHY], "whoever asked does not say so himself"


def test_a_call_ticked_twice_is_no_colleagues(line: Line, citizen: Citizen) -> None:
    _, state = opened(line)
    key = state.waiting[0].key
    for _ in range(2):
        asyncio.run(do(state, CallsState.mark_called, key))
        informed = calls_text.INFORMED.format(code=persian(citizen.request.code))
        assert (state.refused, state.done) == ("", informed)


def test_a_colleague_who_was_faster_is_told_of(line: Line, citizen: Citizen) -> None:
    del citizen
    _, mine = opened(line)
    _, other = opened(line, "second_desk")
    key = mine.waiting[0].key
    asyncio.run(do(other, CallsState.mark_called, key))
    asyncio.run(do(mine, CallsState.mark_called, key))
    assert mine.refused == refusal("informed_already")
    assert mine.done == ""
    assert mine.waiting == []


@in_one_city("key", [None, "1", -1, 10**9, {}])
def test_a_key_of_a_browsers_own_finds_nothing(line: Line, citizen: Citizen, key: object) -> None:
    del citizen
    _, state = opened(line)
    for handler in (CallsState.mark_called, CallsState.take_back, CallsState.see_whom):
        asyncio.run(do(state, handler, key))
        assert state.refused == refusal("not_found")
        assert state.whom.name == ""
    assert len(state.waiting) == 1


@in_one_city("who", ["reception", "mayor", "technical", "administrator"])
def test_another_role_finds_nothing_here(line: Line, citizen: Citizen, who: str) -> None:
    del citizen
    _, state = opened(line, who)
    assert state.missing
    assert state.waiting == []


def test_an_empty_list_is_said(line: Line) -> None:
    _, state = opened(line)
    assert (state.ready, state.missing, state.waiting, state.called) == (True, False, [], [])


def _count(tab: Tab) -> str:
    """Return the number beside the list in the rail."""
    places = tab.state(Rail).places
    return next(place.count for place in places if place.href == "/desk/calls/")


def test_what_waits_behind_the_list_is_counted_under_it(
    line: Line, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, state = opened(line)
    assert state.more == ""
    all_of_them = Outbox.calls
    monkeypatch.setattr(Outbox, "calls", lambda self, mine: all_of_them(self, mine, 1))
    for other in line.file(3, accepted=False):
        with line.city.application.store.unit_of_work(line.clock()) as uow:
            uow.people.set_mobile(other.request.person_id, None)
    deliver(line.city.application, line.clock())
    _, state = opened(line)
    assert [call_line.code for call_line in state.waiting] == [persian(citizen.code)]
    assert state.more == calls_text.MORE.format(count="۳")


def test_whoever_must_prove_herself_first_is_one_press_away() -> None:
    """Her line has no «خبر دادم»; instead, a link leads to the page of callers."""
    page = drawn()["/desk/calls"]
    assert page.count("code-groups") == len(("who waits", "who was informed"))
    assert page.count("/assist/follow/") == 1
    assert "comes_first" in page[: page.index("/assist/follow/")]
