"""Forms on a citizen's page: texts before, beside and after her answers, and refusals at fields."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from support.hall import Guest, Hall
from support.images import add_image
from support.staff_tab import do
from support.walk import WalkedCase

from publicmeeting.domain.errors import Invalid
from publicmeeting.domain.records import Order, PictureKind
from publicmeeting.domain.roles import Actor, Grant, Role
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.notify.outbox import deliver
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.text.tracking import case_text, citizen_orders_text, road_text
from publicmeeting.ui.citizen.timeline.asked import AskView, ask_view
from publicmeeting.ui.citizen.timeline.moves import TOP, moves_of_orders, request_moves
from publicmeeting.ui.citizen.timeline.orders import OrderView, sheet_views
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.citizen.timeline.record import case_steps
from publicmeeting.usecases.base import MAX_SENTENCE, OneCase
from publicmeeting.usecases.lifecycle.payloads import TakeStep
from publicmeeting.usecases.lifecycle.steps import take_step
from publicmeeting.usecases.line.objections.undoing import take_seat_back
from publicmeeting.usecases.orders.steps import TakeOrderStep, take_order_step
from publicmeeting.usecases.tracking.timeline import TimelinePage, timeline_page
from publicmeeting.usecases.tracking.turn import my_turn

O = OrderAction  # noqa: E741  (a column of the table)
HerPage = Callable[..., TimelineState]
Walk = Callable[..., WalkedCase]


def page_of(hall: Hall, guest: Guest) -> TimelinePage:
    return hall.query(guest.actor, timeline_page, OneCase(code=guest.code))


def only_order(hall: Hall, guest: Guest) -> OrderView:
    page = page_of(hall, guest)
    sheets = sheet_views(page, moves_of_orders(page.orders), {})
    ((order,),) = [sheet.orders for sheet in sheets]
    return order


def ask_card(hall: Hall, guest: Guest) -> AskView:
    page = page_of(hall, guest)
    turn = hall.query(guest.actor, my_turn, OneCase(code=guest.code))
    return ask_view(page, request_moves(page.steps, turn))


def order_of(walked: WalkedCase) -> Order:
    application = walked.city.application
    with application.store.unit_of_work(application.clock(), reading=True) as uow:
        return uow.orders.of_request(walked.request.id)[0]


def unit_does(walked: WalkedCase, action: O, **arguments: str) -> str:
    """Let the unit take a step on her order; return the order's number."""
    application, number = walked.city.application, order_of(walked).number
    command = TakeOrderStep(number=number, action=action, **arguments)
    application.execute_as(walked.city.as_("technical"), take_order_step, command)
    return number


def drain(state: TimelineState, handler: Any, *arguments: object) -> None:
    """Run a handler that yields intermediate states."""

    async def whole() -> None:
        async for _ in handler.fn(state, *arguments):
            assert (state.errors, state.busy) == ({}, True)

    asyncio.run(whole())
    assert not state.busy


def press(state: TimelineState, key: str, form: dict[str, object]) -> None:
    if state.move.key != key:
        asyncio.run(do(state, TimelineState.choose, key))
    drain(state, TimelineState.take, form)


def test_the_button_of_an_open_form_closes_it_only_while_nothing_is_typed(
    a_request: Walk, her_page: HerPage
) -> None:
    walked = a_request(at=Stage.NEEDS_INFO)
    state = her_page(walked)
    key = state.move.key
    asyncio.run(do(state, TimelineState.keep, "پلاک ۲۳.", key))
    asyncio.run(do(state, TimelineState.choose, key))
    assert (state.move.key, state.saved_note) == (key, "پلاک ۲۳.")
    asyncio.run(do(state, TimelineState.close))
    for is_open in (True, False):
        asyncio.run(do(state, TimelineState.choose, key))
        assert bool(state.move.key) is is_open


def test_a_form_that_this_tab_stores_opens_again_with_its_text_and_its_photo(
    a_request: Walk, her_page: HerPage
) -> None:
    """The server may have deleted the page's state meanwhile, or used the photo in another tab."""
    walked = a_request(at=Stage.FOLLOW_UP)
    unit_does(walked, O.TAKE_ON)
    unit_does(walked, O.REPORT, note="ترمیم شد.")
    application, state = walked.city.application, her_page(walked)
    actor = Actor(person_id=walked.request.person_id, grants=(Grant(Role.CITIZEN),))
    with application.store.unit_of_work(application.clock()) as uow:
        photo = add_image(uow, actor, kind=PictureKind.PROOF).id
    no = key_of(state, O.CONTEST)
    asyncio.run(do(state, TimelineState.choose, no))
    asyncio.run(do(state, TimelineState.photos_sent, [photo, "0" * 32, "<b>"]))
    again = her_page(walked)
    again.open_step = state.open_step
    asyncio.run(do(again, TimelineState.load))
    assert again.move.key == no
    assert [one.full for one in again.sent] == [f"/images/{photo}"]
    asyncio.run(do(again, TimelineState.close))
    assert (again.sent, again.open_step) == ((), "")


def key_of(state: TimelineState, action: Action) -> str:
    (key,) = (key for key, move in state._moves.items() if move.action == action)
    return key


def offer_of(walked: WalkedCase, words: str) -> None:
    walked.official("desk", Action.OFFER_ANSWER, note=words)


@pytest.mark.parametrize("is_reread", [False, True])
def test_an_answer_that_she_has_not_read_is_not_accepted(
    a_request: Walk, her_page: HerPage, *, is_reread: bool
) -> None:
    """Her press was made before a newer answer came.

    Either her page is still the old one, or it has reloaded without her noticing.
    """
    walked = a_request(at=Stage.WAITING)
    offer_of(walked, "چاله این هفته پر می‌شود.")
    state = her_page(walked)
    accept = key_of(state, Action.ACCEPT_ANSWER)
    asyncio.run(do(state, TimelineState.choose, accept))
    assert state.move.key == accept
    offer_of(walked, "کاری از شهرداری برنمی‌آید.")
    if is_reread:
        asyncio.run(do(state, TimelineState.load))
        asyncio.run(do(state, TimelineState.choose, accept))
    else:
        drain(state, TimelineState.take, {})
    assert state.refused == refusal("stage_moved")
    assert (walked.request.stage, state.move.key) == (Stage.WAITING, "")
    press(state, key_of(state, Action.ACCEPT_ANSWER), {})
    assert walked.request.stage is Stage.CLOSED


def test_a_press_that_waited_for_the_network_is_refused_in_words_and_its_text_stays(
    a_request: Walk, her_page: HerPage
) -> None:
    """Her husband has answered meanwhile on another phone."""
    walked = a_request(at=Stage.FOLLOW_UP)
    unit_does(walked, O.TAKE_ON)
    unit_does(walked, O.REPORT, note="ترمیم شد.")
    state, his = her_page(walked), her_page(walked)
    no, words = key_of(state, O.CONTEST), "یک چاله مانده است."
    asyncio.run(do(state, TimelineState.choose, no))
    asyncio.run(do(state, TimelineState.keep, words, no))
    asyncio.run(do(his, TimelineState.tap, key_of(his, O.CONFIRM_DONE)))
    asyncio.run(do(state, TimelineState.load))
    assert (state.move.key, state.saved_note) == (no, words)
    for page in (state, his):
        drain(page, TimelineState.take, {"step": no, "note": words})
    for page in (state, his):  # his has lost its state, as after a restart
        assert page.refused == refusal("stage_moved")
        assert (page.place, page.move.key, page.unsent) == (TOP, "", words)
        asyncio.run(do(page, TimelineState.load))
        assert page.unsent == words, "she can still copy it"


def test_a_form_that_arrives_late_does_not_take_the_step_whose_form_is_open_by_then(
    a_request: Walk, her_page: HerPage
) -> None:
    walked = a_request(at=Stage.NEEDS_INFO)
    state = her_page(walked)
    asked = state.move.key
    asyncio.run(do(state, TimelineState.choose, key_of(state, Action.WITHDRAW)))
    drain(state, TimelineState.take, {"step": asked, "note": "پلاک ۲۳."})
    assert (state.refused, state.unsent) == (refusal("stage_moved"), "پلاک ۲۳.")
    assert walked.request.stage is Stage.NEEDS_INFO


def test_a_report_that_she_has_not_read_is_neither_confirmed_nor_contested(
    a_request: Walk, her_page: HerPage
) -> None:
    """The unit withdraws a report and makes another one while she reads the first."""
    walked = a_request(at=Stage.FOLLOW_UP)
    unit_does(walked, O.TAKE_ON)
    unit_does(walked, O.REPORT, note="ترمیم شد.")
    state = her_page(walked)
    yes, no = key_of(state, O.CONFIRM_DONE), key_of(state, O.CONTEST)
    asyncio.run(do(state, TimelineState.choose, no))
    asyncio.run(do(state, TimelineState.keep, "یک چاله مانده است.", no))
    unit_does(walked, O.WITHDRAW_REPORT, note="اشتباه بود.")
    unit_does(walked, O.REPORT, note="به سال آینده ماند.")
    press(state, no, {"note": "یک چاله مانده است."})
    assert state.refused == refusal("stage_moved")
    assert (state.move.key, state.saved_note) == (no, "یک چاله مانده است.")
    asyncio.run(do(state, TimelineState.tap, yes))
    assert state.refused == refusal("stage_moved")
    assert order_of(walked).stage is OrderStage.REPORTED
    press(state, no, {"note": "یک چاله مانده است."})
    assert order_of(walked).stage is OrderStage.CONTESTED


@pytest.mark.parametrize("action", [Action.CONFIRM, Action.GIVE_UP_SEAT])
def test_a_seat_taken_back_is_still_the_one_her_page_shows(
    a_request: Walk, her_page: HerPage, action: Action
) -> None:
    walked = a_request(at=Stage.INVITED)
    state = her_page(walked)
    key = key_of(state, action)
    walked.citizen(Action.GIVE_UP_SEAT)
    walked.city.application.execute_now(take_seat_back, walked.keys, OneCase(code=walked.code))
    if state._moves[key].at_once:
        asyncio.run(do(state, TimelineState.tap, key))
    else:
        press(state, key, {})
    assert walked.request.history[-1].action is action, "it is the same seat"


def test_an_empty_contest_is_refused_at_its_field(a_request: Walk, her_page: HerPage) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    unit_does(walked, O.TAKE_ON)
    number = unit_does(walked, O.REPORT, note="ترمیم شد.")
    state = her_page(walked)
    for empty in ("", "  \n"):
        press(state, f"{number}/contest", {"note": empty})
        assert (state.errors, state.refused) == ({"note": refusal("need_note")}, "")
        assert state.move.action == O.CONTEST
    press(state, f"{number}/contest", {"note": "یک چاله مانده است."})
    assert (state.errors, state.refused) == ({}, "")
    assert state.done.startswith(case_text.TAKEN)


def test_asking_and_writing_are_thanked_for_what_they_are(
    a_request: Walk, her_page: HerPage
) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    number = unit_does(walked, O.TAKE_ON)
    state = her_page(walked)
    for action, thanks in (
        (O.ASK_NEWS, "پرسش شما ثبت شد."),
        (O.COMMENT, "نوشتهٔ شما به واحد رسید."),
    ):
        press(state, f"{number}/{action}", {"note": ""})
        assert state.errors == {"note": refusal("need_note")}
        press(state, f"{number}/{action}", {"note": "خبری شد؟"})
        assert state.done.startswith(thanks)


def test_a_lane_lacks_what_was_not_chosen_and_not_sent(a_request: Walk, her_page: HerPage) -> None:
    state = her_page(a_request(at=Stage.WAITING))
    press(state, "/ask_lane", {"lane": None})
    assert state.errors == {name: refusal(f"need_{name}") for name in ("lane", "photos")}
    press(state, "/ask_lane", {"lane": "access", "photos": []})
    assert list(state.errors) == ["photos"]


def test_one_sentence_is_one_sentence(a_request: Walk, her_page: HerPage) -> None:
    walked = a_request(at=Stage.FOLLOW_UP)
    state = her_page(walked)
    assert state.case.heard.hint.startswith(citizen_orders_text.SENTENCE_READ_BY[Action.SAY_HEARD])
    key = state.case.heard.move.key
    asyncio.run(do(state, TimelineState.choose, key))
    asyncio.run(do(state, TimelineState.keep, "آ" * (MAX_SENTENCE + 1)))
    drain(state, TimelineState.answer_question, key, "yes")
    too_long = refusal("text_too_long", limit=MAX_SENTENCE, length=MAX_SENTENCE + 1)
    assert state.errors == {"note": too_long}
    asyncio.run(do(state, TimelineState.keep, "آ" * MAX_SENTENCE))
    drain(state, TimelineState.answer_question, key, "yes")
    assert (state.errors, state.refused, state.case.heard.title) == ({}, "", "")


def test_the_sentence_about_the_work_is_limited_too_and_other_notes_are_not(
    hall: Hall, guest: Guest
) -> None:
    number = hall.met(guest)[0].number
    hall.clock.forward(days=30)
    hint = only_order(hall, guest).done_question.hint
    assert hint.startswith(citizen_orders_text.SENTENCE_READ_BY[O.SAY_DONE])
    long = "آ" * (MAX_SENTENCE + 1)
    with pytest.raises(Invalid) as refused:
        guest.does(number, O.SAY_DONE, verdict="no", note=long)
    assert (refused.value.key, refused.value.field) == ("text_too_long", "note")
    guest.does(number, O.COMMENT, note=long)
    guest.does(number, O.SAY_DONE, verdict="no", note=long[1:])


def test_a_report_says_until_when_she_can_answer_and_what_silence_means(
    hall: Hall, guest: Guest
) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    assert only_order(hall, guest).answer_until == ""
    hall.step("technical", number, O.REPORT, note="ترمیم شد.")
    until = citizen_orders_text.ANSWER_UNTIL.format(until="تا پایان پنجشنبه ۱۹ آذر")
    assert only_order(hall, guest).answer_until == until


def test_the_date_a_unit_asked_for_is_on_her_road(hall: Hall, guest: Guest) -> None:
    def meaning() -> str:
        (step,) = [
            case_step for case_step in case_steps(page_of(hall, guest)) if "بتن" in case_step.quote
        ]
        return step.meaning

    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.ASK_EXTENSION, note="بتن نمی‌گیرد.", due_on="2027-01-02")
    sentence = road_text.ASKED_UNTIL.format(day="شنبه ۱۲ دی")
    assert meaning() == sentence
    hall.step("technical", number, O.REPORT, note="ترمیم شد.")
    assert meaning() == f"{sentence} {road_text.NOT_DECIDED}"


def test_what_was_decided_is_not_called_undecided(hall: Hall, guest: Guest) -> None:
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.ASK_EXTENSION, note="بتن نمی‌گیرد.", due_on="2027-01-02")
    hall.step("mayor", number, O.EXTEND)
    hall.step("technical", number, O.REPORT, note="ترمیم شد.")
    assert not any(
        road_text.NOT_DECIDED in step.meaning for step in case_steps(page_of(hall, guest))
    )


def test_a_text_says_where_the_rest_is(hall: Hall, guest: Guest) -> None:
    hall.met(guest)
    page = page_of(hall, guest)
    (order,) = page.orders
    for by_hand, rest in ((False, ""), (True, citizen_orders_text.REST_BY_HAND)):
        one = replace(page, orders=(replace(order, by_hand=by_hand),))
        (sheet,) = sheet_views(one, moves_of_orders(one.orders), {})
        assert sheet.rest == rest


def test_a_refusal_comes_first_with_his_words_and_her_way_on(hall: Hall, guest: Guest) -> None:
    hall.receive(guest)
    assert ask_card(hall, guest).head == ""
    why = "این مجوز را دادگاه می‌دهد."
    hall.finish(guest, outcome="refused", note=why)
    card = ask_card(hall, guest)
    assert (card.head, card.quote) == (case_text.REFUSED, why)
    assert card.until == case_text.REFUSED_MAY.format(until="تا پایان پنجشنبه ۱۹ آذر")
    assert [move.action for move in card.moves] == [Action.OBJECT_REFUSAL]
    command = TakeStep(code=guest.code, action=Action.OBJECT_REFUSAL, note="دادگاه گفت با شماست.")
    hall.execute(guest.actor, take_step, command)
    card = ask_card(hall, guest)
    until = case_text.REFUSED_OBJECTED.format(until="تا پایان دوشنبه ۲۳ آذر")
    assert (card.quote, card.until, card.moves) == (why, until, ())
    hall.act("overseer", guest, Action.ANSWER_OBJECTION, note="شهرداری نباید بپذیرد.")
    card = ask_card(hall, guest)
    assert (card.head, card.until) == (case_text.REFUSED_ANSWERED, case_text.REFUSED_FINAL)
    assert card.quote == "شهرداری نباید بپذیرد."


def test_who_let_the_days_pass_reads_that_they_are_over(hall: Hall, guest: Guest) -> None:
    hall.receive(guest)
    hall.finish(guest, outcome="refused", note="کار ما نیست.")
    deliver(hall.application, hall.clock.now)  # the SMS reaches her at once
    hall.clock.forward(days=11)
    card = ask_card(hall, guest)
    assert (card.until, card.moves) == (case_text.REFUSED_OVER, ())
