"""The mayor at one promise: text for a decision stays his until it is sent."""

import asyncio

import pytest
from support.hall import Hall
from support.staff_tab import Tab, do

from publicmeeting.domain.stages import OrderAction, OrderStage
from publicmeeting.text.lifecycle import needs_text
from publicmeeting.text.orders import orders_text, promises_text
from publicmeeting.text.refusals.refusals_text import refusal
from publicmeeting.ui.city.promises.state import of_order
from publicmeeting.ui.mayor.agenda.views import late_row
from publicmeeting.ui.mayor.order.state import RESULT, MayorOrderState
from publicmeeting.ui.mayor.orders import MayorOrdersState
from publicmeeting.ui.shell.steps.state import NOTES_MOST
from publicmeeting.usecases.base import MAX_TEXT
from publicmeeting.usecases.meetings.agenda import ADay, agenda
from publicmeeting.usecases.orders.pages import OneOrder, open_order

O = OrderAction  # noqa: E741  (the letter of the table)
SEEN = "بازدید شد."


@pytest.fixture
def state(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> MayorOrderState:
    """The page of an order that its citizen has contested."""
    guest = hall.guests[0]
    number = hall.met(guest)[0].number
    hall.step("technical", number, O.TAKE_ON)
    hall.step("technical", number, O.REPORT, note="انجام شد.")
    guest.does(number, O.CONTEST, note="نیمه‌کاره است.")
    tab = Tab(hall.application, "mayor")
    # Only a compiled page has a var for this part of the address.
    monkeypatch.setattr(MayorOrderState, "_order", lambda _: number)
    state = tab.state(MayorOrderState)
    asyncio.run(do(state, MayorOrderState.load))
    return state


def _chooses(state: MayorOrderState, action: OrderAction) -> None:
    asyncio.run(do(state, MayorOrderState.choose, action))


def _open(state: MayorOrderState) -> set[str]:
    return {button.action for button in state.buttons}


def test_each_decision_keeps_its_own_note_while_another_is_looked_at(
    state: MayorOrderState,
) -> None:
    _chooses(state, O.UPHOLD)
    asyncio.run(do(state, MayorOrderState.keep_note, SEEN))
    _chooses(state, O.RETRY)
    assert state.form.draft == ""
    _chooses(state, O.UPHOLD)
    assert state.form.draft == SEEN


def test_a_refused_note_is_kept_and_a_sent_one_is_not(hall: Hall, state: MayorOrderState) -> None:
    _chooses(state, O.UPHOLD)
    asyncio.run(do(state, MayorOrderState.send, {"note": ""}))
    assert state.errors == {"note": refusal("need_note")}
    taken = asyncio.run(do(state, MayorOrderState.send, {"note": SEEN}))
    assert state.done == orders_text.SENT
    assert RESULT in str(taken), "the page goes to where that is said"
    assert hall.guests[0].orders[0].stage is OrderStage.DONE
    hall.guests[0].does(hall.guests[0].orders[0].number, O.REOPEN, note="دوباره شکست.")
    asyncio.run(do(state, MayorOrderState.load))
    _chooses(state, O.COMMENT)
    assert state.form.draft == ""


def test_a_comment_that_was_sent_does_not_come_back(state: MayorOrderState) -> None:
    """Its field is saved when he pauses, and by then he has pressed the button."""
    _chooses(state, O.COMMENT)
    own = state.form.about, state.form.action
    asyncio.run(do(state, MayorOrderState.send, {"note": SEEN, "audience": "internal"}))
    assert state.done == orders_text.SENT
    asyncio.run(do(state, MayorOrderState.keep_note, SEEN, *own))
    _chooses(state, O.COMMENT)
    assert state.form.draft == ""
    asyncio.run(do(state, MayorOrderState.keep_note, SEEN, *own))
    _chooses(state, O.UPHOLD)
    _chooses(state, O.COMMENT)
    assert state.form.draft == SEEN, "written a second time, it is kept like any other"


def test_an_order_nobody_takes_on_is_his_to_give_away_and_asked_of_him_once_it_has_climbed(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.met(hall.guests[0])[0].number
    monkeypatch.setattr(MayorOrderState, "_order", lambda _: number)
    state = Tab(hall.application, "mayor").state(MayorOrderState)
    asyncio.run(do(state, MayorOrderState.load))
    assert O.REASSIGN not in _open(state)
    assert state.promise.nothing == orders_text.NOTHING_TO_DECIDE
    for days, decides in ((4, False), (14, True)):
        hall.clock.forward(days=days)
        hall.application.worker.tick()
        state = Tab(hall.application, "mayor").state(MayorOrderState)
        asyncio.run(do(state, MayorOrderState.load))
        assert O.REASSIGN in _open(state)
        assert state.promise.decides is decides
        assert (
            state.promise.asked if decides else state.promise.nothing
        ) == orders_text.NOT_TAKEN_ON


def test_who_says_that_a_sheet_is_anothers_names_nobody_and_reads_who_decides(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.met(hall.guests[0])[0].number
    hall.guests[0].does(number, O.SAY_NOT_HERS, note="نام من روی آن نیست.")
    monkeypatch.setattr(MayorOrderState, "_order", lambda _: number)
    state = Tab(hall.application, "mayor").state(MayorOrderState)
    asyncio.run(do(state, MayorOrderState.load))
    assert state.promise.decides
    assert state.promise.asked == orders_text.NOT_HERS
    assert state.promise.asked_note == "نام من روی آن نیست."
    _chooses(state, O.ASK_VOID)
    assert state.form.note_hint == needs_text.NOTE_HINT[O.ASK_VOID]
    asyncio.run(do(state, MayorOrderState.send, {"note": SEEN}))
    asyncio.run(do(state, MayorOrderState.load))
    assert state.promise.nothing.startswith(orders_text.VOID_ASKED)
    until = "تا پایان شنبه ۱۴ آذر"
    assert state.promise.nothing.endswith(orders_text.VOID_HIDDEN.format(until=until))
    hall.clock.forward(days=7)
    state = Tab(hall.application, "mayor").state(MayorOrderState)
    asyncio.run(do(state, MayorOrderState.load))
    assert state.promise.nothing == orders_text.VOID_ASKED


def test_a_void_order_names_the_day_of_the_right_one_in_its_place(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = hall.met(hall.guests[0])[0].number
    hall.step("mayor", number, O.ASK_VOID, note=SEEN)
    hall.step("overseer", number, O.VOID)
    monkeypatch.setattr(MayorOrderState, "_order", lambda _: number)
    state = Tab(hall.application, "mayor").state(MayorOrderState)
    asyncio.run(do(state, MayorOrderState.load))
    until = "تا پایان چهارشنبه ۱۱ آذر"
    assert state.promise.nothing == orders_text.VOID_OWED_BY.format(until=until)
    assert "نپذیرفته‌اید" in state.promise.nothing, "his answer may have been no"
    assert state.promise.write
    listed = Tab(hall.application, "mayor").state(MayorOrdersState)
    asyncio.run(do(listed, MayorOrdersState.load))
    (row,) = listed.lines.rows
    assert (row.end, row.badge.word) == (until, orders_text.DECIDE)
    assert orders_text.RIGHT_ORDER in row.meta
    hall.clock.forward(days=14)
    (seen,) = (late_row(one) for one in hall.query("mayor", agenda, ADay()).late)
    assert orders_text.RIGHT_ORDER in seen.meta
    opened = of_order(hall.execute("overseer", open_order, OneOrder(number=number)))
    assert opened.none == promises_text.RIGHT_ORDER_LATE
    assert opened.facts[-1] == promises_text.RIGHT_DUE.format(until=until)
    hall.clock.forward(days=365)
    opened = of_order(hall.execute("overseer", open_order, OneOrder(number=number)))
    assert opened.facts[-1].endswith("۱۴۰۵"), "a year later the day alone is another one"


def test_a_flood_of_notes_is_no_flood_of_memory(state: MayorOrderState) -> None:
    for at in range(NOTES_MOST + 5):
        long = "ن" * (MAX_TEXT + 1)
        asyncio.run(do(state, MayorOrderState.keep_note, long, state.promise.order, str(at)))
    assert len(state._notes) == NOTES_MOST
    assert {len(note) for note in state._notes.values()} == {MAX_TEXT}
