"""Her page on the Monday: what it shows, when it reloads, and her answer to a call."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from support.background import Held
from support.citizens import own_visit
from support.clock import FixedClock
from support.each import in_one_city
from support.hall import Guest, Hall
from support.staff_tab import Tab, do
from support.walk import WalkedCase

from publicmeeting.domain.meetings.estimate import DayState, MyDay
from publicmeeting.domain.people import Door
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.kit.clock import at_tehran, tehran_day
from publicmeeting.store.accounts.sessions import Keys
from publicmeeting.text.common.dates_text import people
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, day_text
from publicmeeting.text.tracking.day_words import entry_words, head_words, means_words, words_of
from publicmeeting.ui.citizen.timeline.moves import NO_MOVE
from publicmeeting.ui.citizen.timeline.page import (
    ANSWER_SECONDS,
    DAY_SECONDS,
    TimelineState,
)
from publicmeeting.ui.citizen.timeline.status import day_view

Walk = Callable[..., WalkedCase]


@pytest.fixture
def opened(a_request: Walk, her_page: Callable[..., TimelineState]) -> Callable[[Stage], tuple]:
    def open_at(stage: Stage) -> tuple[TimelineState, WalkedCase]:
        walked = a_request(at=stage)
        return her_page(walked), walked

    return open_at


def test_a_call_is_an_alert_with_an_identity_and_is_answered_by_one_tap(opened) -> None:
    state, walked = opened(Stage.ARRIVED)
    assert (state.case.day.number, state.case.day.call) == ("۱", "")
    assert state.case.day.before == day_text.IS_NEXT
    walked.official("reception", Action.CALL)
    asyncio.run(state._reread())
    day = state.case.day
    assert state.case.status.is_called
    assert day.call == str(walked.request.history[-1].id)
    assert (day.before, day.entry) == ("", ""), "who is called does not wait"
    asyncio.run(do(state, TimelineState.tap, day.coming.key))
    assert state.done.startswith(case_text.THANKS[Action.COMING])
    assert state.case.status.head == day_text.HEAD["coming"]
    assert (state.case.day.call, state.case.day.coming) == ("", NO_MOVE)
    asyncio.run(do(state, TimelineState.tap, day.coming.key))
    assert not state.refused, "a second press of the same button is no error"
    assert walked.request.count(Action.COMING) == 1


def test_who_does_not_see_her_page_hears_that_her_place_moves(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once each: somebody goes in before her, or passes her. She has read what stands at first."""
    first, second, third = hall.guests
    for guest in hall.guests:
        hall.arrive(guest)
    heard = []
    for guest, goes_in, skip in ((third, first, {}), (second, third, {"skip": "away"})):
        state = page_of(hall, guest, monkeypatch)
        assert state.announcement == ""
        hall.clock.forward(minutes=1)
        hall.act("reception", goes_in, Action.CALL_IN, **skip)
        for _ in range(2):
            asyncio.run(state._reread())
            heard.append(state.announcement)
            state.announcement = ""
        hall.order(goes_in)
        hall.finish(goes_in)
    assert heard == [day_text.BEFORE.format(people=people(1)), "", day_text.PASSED, ""]


def page_of(hall: Hall, guest: Guest, monkeypatch: pytest.MonkeyPatch) -> TimelineState:
    monkeypatch.setattr("publicmeeting.ui.citizen.timeline.forms.code_of", lambda _: guest.code)
    with hall.application.store.unit_of_work(hall.clock()) as uow:
        person = uow.people.get(guest.request.person_id)
        session = uow.sessions.open_proved(None, person.id, person.mobile, Door.DEMO)
    tab = Tab(hall.application, keys=Keys(session, own_visit(hall.application, guest.code)))
    return tab.opens(TimelineState, f"/mine/{guest.code}/")


def test_whoever_is_written_down_as_absent_hears_what_the_top_of_her_page_says(
    opened, clock: FixedClock
) -> None:
    """Not «waiting», which her road says, but that she may still come."""
    state, walked = opened(Stage.CONFIRMED)
    clock.set(at_tehran(walked.request.seat.monday, walked.request.seat.time))
    asyncio.run(state._reread())
    for minutes in (11, 1):
        clock.forward(minutes=minutes)
        walked.official("reception", Action.CALL)
    walked.official("reception", Action.NO_SHOW)
    asyncio.run(state._reread())
    head = day_text.HEAD["missed"]
    assert state.case.status.head == head
    assert state.announcement == case_text.CHANGED.format(what=head)


def test_a_button_of_another_page_of_hers_says_what_has_happened(opened) -> None:
    state, walked = opened(Stage.ARRIVED)
    walked.official("reception", Action.CALL)
    asyncio.run(state._reread())
    key = state.case.day.coming.key
    walked.citizen(Action.COMING)
    asyncio.run(do(state, TimelineState.tap, key))
    assert state.refused == refusal("is_expected")


@pytest.mark.parametrize("at", [Stage.ARRIVED, Stage.IN_ROOM])
def test_on_her_day_the_page_is_read_again_by_itself(opened, clock: FixedClock, at: Stage) -> None:
    """Also where her number is not followed any more: «هنوز می‌توانید بیایید» ends with the
    hours."""
    state, walked = opened(at)
    each = [state._quiet_seconds() for _ in range(40)]
    assert all(DAY_SECONDS / 2 <= one <= DAY_SECONDS for one in each if one is not None)
    assert len(set(each)) > 1, "all telephones of a hall would look at the same moment"
    monday = walked.request.seat.monday
    clock.set(at_tehran(monday + timedelta(days=1), "09:00"))
    asyncio.run(state._reread())
    assert state._quiet_seconds() is None


def test_before_her_day_it_waits_until_that_day_begins(opened) -> None:
    state, walked = opened(Stage.INVITED)
    seat = walked.request.seat
    left = at_tehran(seat.monday) - state._read_at
    assert state._quiet_seconds() == left.total_seconds() > 0
    assert state.case.day.number == ""


def test_an_answer_to_a_press_does_not_stand_on_an_open_page_for_days(
    opened, clock: FixedClock
) -> None:
    state, _ = opened(Stage.INVITED)
    confirm = state.case.turn.confirm.key
    asyncio.run(do(state, TimelineState.tap, confirm))
    asyncio.run(state._reread())
    answer = state.done
    assert answer.startswith(case_text.TAKEN)
    assert state._quiet_seconds() == ANSWER_SECONDS
    clock.forward(minutes=9)
    asyncio.run(state._reread())
    assert state.done == answer
    clock.forward(minutes=1)
    asyncio.run(state._reread())
    assert state.done == ""


@in_one_city("state", DayState)
def test_every_state_has_a_sentence_and_what_she_does(state: DayState, clock: FixedClock) -> None:
    own = at_tehran(tehran_day(clock.now), "10:30")
    day = MyDay(state, 7, own, own + timedelta(hours=1), came_at=own, waited_until=own, calls=2)
    for words in (head_words(day), means_words(day)):
        assert words
        assert "{" not in words
    assert entry_words(day) == ""
    assert bool(day_view(words_of(day), NO_MOVE, "۱۰:۱۰").number) == day.is_followed


def test_a_page_left_open_since_before_follows_the_hall_once_her_day_has_come(
    opened, clock: FixedClock
) -> None:
    state, walked = opened(Stage.CONFIRMED)
    pubsub, hall = walked.city.application.pubsub, f"district:{walked.request.district}"

    async def followed() -> list[bool]:
        following = asyncio.create_task(TimelineState.watch.fn(Held(state)))
        heard = []
        for _ in range(200):
            if pubsub.subscriptions():
                break
            await asyncio.sleep(0.01)
        heard.append(pubsub.has_subscribers(hall))
        clock.set(at_tehran(walked.request.seat.monday, "08:00"))
        pubsub.publish([f"request:{walked.code}"])
        for _ in range(200):
            if pubsub.has_subscribers(hall):
                break
            await asyncio.sleep(0.01)
        heard.append(pubsub.has_subscribers(hall))
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        return heard

    assert asyncio.run(followed()) == [False, True]
    assert state.case.status.head == day_text.HEAD["early"].format(time="۹:۰۰")
