"""Presses of a tablet that was offline arrive later, in order, and act once each."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from browsers import Browser, Browsers
from signed_in import sign_in_staff
from support.city import City
from support.clock import FixedClock
from support.together import in_threads, together
from support.walk import a_request

from publicmeeting.domain.errors import Denied, Refusal
from publicmeeting.domain.records import PRESSED_AT, Request
from publicmeeting.domain.stages import Action, Stage
from publicmeeting.store.worker.clock_guard import WrongClockError
from publicmeeting.text.meetings import offline_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.usecases.base import Nothing
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.meetings.deputies import NameHolder, name_holder
from publicmeeting.usecases.orders.paper.drafts import draft_owner

TEXT = "پیاده‌رو تا پایان ماه ترمیم شود."
STROKE = {"id": "a1b2c3d4", "colour": "black", "dots": [[10, 20, 0.5], [30, 40, 1]]}


def press(browser: Browser, code: str, act: str, **more: object) -> dict[str, object]:
    answer = browser.post("/mayor/unsent", json={"act": act, "code": code, **more})
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, object] = answer.json()
    return {**found, "status": answer.status_code}


def writes(browser: Browser, code: str, page: int = 1, **words: str) -> None:
    assert browser.post(f"/ink/{code}", json={"page": page, "words": words}).status_code == 200


def state(city: City, code: str) -> Request:
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        found = uow.requests.find(code)
        assert found is not None
        return found


def orders(city: City, code: str) -> list[str]:
    with city.application.store.unit_of_work(city.application.clock(), reading=True) as uow:
        found = uow.requests.find(code)
        assert found is not None
        return [order.text for order in uow.orders.of_request(found.id)]


At = Callable[[Stage], tuple[Browser, str]]


@pytest.fixture
def at(browser: Browser, city: City) -> At:
    """`at(stage)` is a visitor of today at a stage, and the mayor's signed-in tablet."""

    def stands(stage: Stage) -> tuple[Browser, str]:
        code = a_request(city, stage).code
        sign_in_staff(browser, "mayor")
        return browser, code

    return stands


def test_a_visitor_called_in_and_a_meeting_ended_without_a_network_are_recorded_in_order(
    at: At, city: City
) -> None:
    mayor, code = at(Stage.ARRIVED)
    clock = city.application.clock
    assert isinstance(clock, FixedClock)
    clock.now += timedelta(minutes=10)
    assert press(mayor, code, "call_in", ago=300)["state"] == "done"
    writes(mayor, code, text=TEXT)
    assert press(mayor, code, "end", page=1, ago=60)["state"] == "done"
    request = state(city, code)
    assert request.stage is Stage.FOLLOW_UP
    assert orders(city, code) == [TEXT]
    came, ended = request.last(Action.CALL_IN), request.last(Action.FINISH)
    assert came is not None
    assert ended is not None
    assert (ended.at - ended.pressed_at).total_seconds() == 60
    assert came.pressed_at <= ended.pressed_at, (
        "an hour of the tablet's never turns the order round"
    )


def test_a_press_sent_twice_is_one(at: At, city: City) -> None:
    mayor, code = at(Stage.ARRIVED)
    for state_ in ("done", "before"):
        assert press(mayor, code, "call_in")["state"] == state_
    writes(mayor, code, text=TEXT)
    for state_ in ("done", "before", "before"):
        assert press(mayor, code, "end", page=1)["state"] == state_
    assert orders(city, code) == [TEXT]


def test_a_press_of_before_she_was_sent_back_calls_nobody_in_again(at: At, city: City) -> None:
    """Its answer was lost, so the tablet sends the press again."""
    mayor, code = at(Stage.ARRIVED)
    clock = city.application.clock
    assert isinstance(clock, FixedClock)
    assert press(mayor, code, "call_in")["state"] == "done"
    clock.now += timedelta(seconds=40)
    back = TakeStep(code=code, action=Action.SEND_BACK, note="کارت همراهش نبود.")
    city.application.execute_as(city.as_("reception"), take_step, back)
    clock.now += timedelta(seconds=5)
    assert press(mayor, code, "call_in", ago=45)["state"] == "before"
    assert state(city, code).stage is Stage.ARRIVED
    clock.now += timedelta(minutes=1)
    assert press(mayor, code, "call_in", ago=20)["state"] == "done", "pressed after it"


def test_two_tablets_finish_one_meeting_once_and_what_the_second_wrote_stays(
    browsers: Browsers, city: City
) -> None:
    code = a_request(city, Stage.IN_ROOM).code
    first, second = browsers(), browsers()
    for one in (first, second):
        sign_in_staff(one, "mayor")
    writes(first, code, text=TEXT)
    answers: list[dict[str, object]] = []
    both = threading.Barrier(2)

    def end(browser: Browser) -> None:
        both.wait()
        answers.append(press(browser, code, "end", page=1))

    in_threads(partial(end, first), partial(end, second))
    assert orders(city, code) == [TEXT]
    request = state(city, code)
    assert request.count(Action.FINISH) == 1
    assert "done" in {answer["state"] for answer in answers}
    late = second.post(f"/ink/{code}", json={"page": 1, "words": {"text": "سطر دوم"}})
    assert late.status_code == 409
    writes(second, code, page=late.json()["page"], text="سطر دوم")
    again = press(second, code, "end", page=1)
    assert again["state"] == "before"
    assert "ساعت" in str(again["words"])
    assert orders(city, code) == [TEXT], "what was written later stays on the next sheet"


def test_a_sheet_with_nothing_on_it_and_one_without_a_unit_are_refused_with_a_sentence(
    at: At, city: City
) -> None:
    mayor, code = at(Stage.IN_ROOM)
    empty = press(mayor, code, "end", page=1)
    assert (empty["state"], empty["words"]) == ("refused", refusal("no_outcome"))
    writes(mayor, code, text=TEXT, units="-")
    assert press(mayor, code, "end", page=1)["key"] == "need_unit"
    assert state(city, code).stage is Stage.IN_ROOM
    assert press(mayor, code, "refuse")["key"] == "need_note"
    writes(mayor, code, refusal="این کار در اختیار شهرداری نیست.")
    assert press(mayor, code, "refuse")["state"] == "done"
    assert state(city, code).stage is Stage.CLOSED


def test_handwriting_that_came_before_goes_on_the_order(at: At, city: City) -> None:
    mayor, code = at(Stage.IN_ROOM)
    assert mayor.post(f"/ink/{code}", json={"page": 1, "add": [STROKE]}).status_code == 200
    writes(mayor, code, promise="پیاده‌رو ترمیم می‌شود.")
    assert press(mayor, code, "end", page=1)["state"] == "done"
    assert len(orders(city, code)) == 1


def test_whoever_is_not_in_the_hall_is_not_called_in(at: At, city: City) -> None:
    mayor, code = at(Stage.CONFIRMED)
    assert press(mayor, code, "call_in") == {
        "state": "refused",
        "words": refusal("stage_moved"),
        "key": "stage_moved",
        "status": 200,
    }


@pytest.mark.parametrize("ago", [-5, 10**9, 3])
def test_the_tablet_decides_no_instant(at: At, city: City, ago: int) -> None:
    mayor, code = at(Stage.ARRIVED)
    press(mayor, code, "call_in", ago=ago)
    came = state(city, code).last(Action.CALL_IN, Action.ARRIVE)
    assert came is not None
    assert came.action is Action.CALL_IN
    arrived = state(city, code).last(Action.ARRIVE)
    assert arrived is not None
    assert arrived.at <= came.pressed_at <= came.at
    assert (PRESSED_AT in came.payload) is (came.pressed_at < came.at)


def test_strangers_and_broken_words_change_nothing(browsers: Browsers, city: City) -> None:
    code = a_request(city, Stage.IN_ROOM).code
    nobody, other, mayor = browsers(), browsers(), browsers()
    sign_in_staff(other, "mayor4")
    sign_in_staff(mayor, "mayor")
    assert press(nobody, code, "end")["status"] == 401
    assert press(other, code, "end")["error"] == refusal("not_found")
    desk = browsers()
    sign_in_staff(desk, "desk")
    assert press(desk, code, "end")["status"] == 403
    for body in (
        b"",
        b"[]",
        b"null",
        b'{"act": "fly", "code": "1"}',
        b'{"act": "end"}',
        b"[" * 9999,
    ):
        answer = mayor.post("/mayor/unsent", content=body)
        assert (answer.status_code, answer.json()["error"]) == (422, refusal("form_broken"))
    assert press(mayor, code, "end", page="1")["error"] == refusal("form_broken")
    assert state(city, code).stage is Stage.IN_ROOM


def test_what_one_official_pressed_is_not_done_in_the_name_of_the_next_on_the_same_tablet(
    at: At, city: City
) -> None:
    mayor, code = at(Stage.IN_ROOM)
    writes(mayor, code, text=TEXT)
    answer = press(mayor, code, "end", page=1, owner="of-somebody-else")
    assert (answer["status"], answer["key"]) == (403, "other_official")
    assert state(city, code).stage is Stage.IN_ROOM


def owner_of(city: City, who: str) -> str:
    return str(city.application.query_as(city.as_(who), draft_owner, Nothing()))


def holds(city: City, who: str) -> None:
    account = city.as_(who).account_id
    assert account is not None
    city.application.execute_as(city.as_("mayor"), name_holder, NameHolder(account=account))


def test_a_deputy_replaced_while_his_tablet_was_away_reads_that_it_was_not_taken(
    browsers: Browsers, city: City
) -> None:
    code = a_request(city, Stage.IN_ROOM).code
    holds(city, "deputy")
    tablet = browsers()
    sign_in_staff(tablet, "deputy")
    owner = owner_of(city, "deputy")
    writes(tablet, code, text=TEXT)
    holds(city, "mayor")
    for act in ("end", "refuse"):
        answer = press(tablet, code, act, page=1, owner=owner)
        assert (answer["status"], answer["state"]) == (200, "refused")
        assert answer["words"] == offline_text.NOT_HIS
    assert state(city, code).stage is Stage.IN_ROOM
    assert orders(city, code) == []


def test_whose_office_has_ended_reads_it_and_another_on_his_tablet_sends_nothing(
    browsers: Browsers, city: City
) -> None:
    """A desk that signs in on the tablet may not do it either, and the press is not its own."""
    code = a_request(city, Stage.IN_ROOM).code
    tablet, owner = browsers(), owner_of(city, "deputy")
    for who in ("desk", "reception", "mayor"):
        sign_in_staff(tablet, who)
        for asks in (False, True):
            answer = press(tablet, code, "end", page=1, owner=owner, asks=asks)
            assert (answer["status"], answer["key"]) == (403, "other_official")
    sign_in_staff(tablet, "desk")
    own = press(tablet, code, "end", page=1, owner=owner_of(city, "desk"))
    assert (own["state"], own["words"]) == ("refused", offline_text.NOT_HIS)
    assert press(browsers(), code, "end", owner=owner)["status"] == 401
    assert state(city, code).stage is Stage.IN_ROOM


def test_whoever_asks_why_does_nothing(at: At, city: City) -> None:
    """The text for the press has not arrived, so nothing may end without it."""
    mayor, code = at(Stage.IN_ROOM)
    writes(mayor, code, text=TEXT)
    answer = press(mayor, code, "end", page=1, owner=owner_of(city, "mayor"), asks=True)
    assert (answer["status"], answer["key"]) == (503, "version_conflict"), "all of it again"
    assert state(city, code).stage is Stage.IN_ROOM


@pytest.mark.parametrize(
    "why",
    [Denied("version_conflict"), WrongClockError(timedelta(days=5))],
    ids=lambda one: one.key,
)
@pytest.mark.parametrize("times", [1, 99])
def test_what_collides_is_tried_again_and_then_by_the_tablet(
    at: At, city: City, monkeypatch: pytest.MonkeyPatch, why: Refusal, times: int
) -> None:
    mayor, code = at(Stage.ARRIVED)
    execute, left = city.application.execute, [why] * times

    async def collides(usecase: Callable[..., object], *arguments: object) -> object:
        if usecase is take_step and left:
            raise left.pop()
        return await execute(usecase, *arguments)

    monkeypatch.setattr(city.application, "execute", collides)
    answer = press(mayor, code, "call_in")
    if times == 1:
        assert answer["state"] == "done"
        assert state(city, code).count(Action.CALL_IN) == 1
    else:
        assert (answer["status"], answer["key"]) == (503, why.key), "the tablet sends it again"


@pytest.mark.on_postgresql
def test_tablets_that_press_the_same_at_one_instant_stop_nobodys_queue(
    browsers: Browsers, city: City
) -> None:
    code = a_request(city, Stage.ARRIVED).code
    tablets = [browsers() for _ in range(4)]
    for tablet in tablets:
        sign_in_staff(tablet, "mayor")
    writes(tablets[0], code, text=TEXT)
    for act, done in (("call_in", Action.CALL_IN), ("end", Action.FINISH)):
        presses = [lambda one=one, act=act: press(one, code, act, page=1) for one in tablets]
        answers, _ = together(*presses)
        assert {answer["status"] for answer in answers} <= {200, 503}
        assert {answer.get("state") for answer in answers} <= {"done", "before", None}
        assert state(city, code).count(done) == 1
    assert orders(city, code) == [TEXT]
