"""A press that arrives when its page shows another case, or after a reconnect.

Nothing is executed for another case, and nothing that is shown only once is lost.
"""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, FormData
from support.citizens import file, someone
from support.hall import SERVICES, Hall
from support.line import Line
from support.staff_tab import Tab, do

from publicmeeting.application import Application
from publicmeeting.domain.choices import ClosureReason
from publicmeeting.domain.stages import Action, OrderAction, OrderStage, Stage
from publicmeeting.kit.digits import persian
from publicmeeting.text.common import chrome_text
from publicmeeting.text.meetings import agenda_text, reception_text
from publicmeeting.ui.citizen.timeline.page import TimelineState
from publicmeeting.ui.city.calendar import CalendarState
from publicmeeting.ui.city.people.state import PeopleState
from publicmeeting.ui.mayor.agenda.state import AgendaState
from publicmeeting.ui.mayor.meeting.state import MeetingState
from publicmeeting.ui.mayor.order.state import MayorOrderState
from publicmeeting.ui.reflex.bundle import AGAIN
from publicmeeting.ui.reflex.first_state import FirstState
from publicmeeting.ui.reflex.page_load import PageLoad
from publicmeeting.ui.shell.connection import redelivery
from publicmeeting.ui.shell.connection.event_guard import EventGuard, _answer_again
from publicmeeting.ui.shell.connection.redelivery import Done, comes_too_late
from publicmeeting.ui.shell.navigation import Rail
from publicmeeting.ui.shell.steps.views import ABOUT, STEP
from publicmeeting.ui.staff.desk.state import DeskState
from publicmeeting.ui.staff.monday.state import MondayState
from publicmeeting.ui.staff.person import PersonState
from publicmeeting.usecases.accounts.person.card_in_hand import Reach, Whose

NOTE = "شمارهٔ پلاک خانه را بنویسید."


def does(state: Any, handler: Any, *arguments: Any) -> Any:
    return asyncio.run(do(state, handler, *arguments))


async def whole(steps: Any) -> None:
    async for _ in steps:
        pass


def connects(tab: Tab, address: str, *, again: bool) -> None:
    """Send the event with which a page opens, or reconnects."""
    hashes = [*([AGAIN] if again else []), "0" * 32]
    name = f"{State.get_full_name()}.hydrate_and_load"
    event = Event(name=name, payload={"hashes": hashes})
    tab.go(address)
    app: Any = SimpleNamespace(get_load_events=lambda _: [])  # Reflex does the rest
    assert asyncio.run(FirstState(PageLoad()).preprocess(app, tab.state(State), event)) is None


def desk_of(code: str) -> str:
    return f"/desk/?case={code}"


def left(tab: Tab, state: Any, first: str, other: str, *press: Any) -> None:
    """Open the other page; then deliver what was pressed at the first one."""
    tab.opens(type(state), other)
    tab.go(first)
    does(state, *press)
    tab.go(other)


def test_a_note_is_the_draft_of_the_case_at_which_it_was_written(application, a_request) -> None:
    first, other = (desk_of(a_request().code) for _ in range(2))
    tab = Tab(application, "desk")
    state = tab.opens(DeskState, first)
    does(state, DeskState.choose, Action.DECLINE)
    left(tab, state, first, other, DeskState.keep_note, NOTE)
    assert state.refused == "", "nothing of hers is lost"
    does(state, DeskState.choose, Action.DECLINE)
    assert state.form.draft == ""
    tab.opens(DeskState, first)
    does(state, DeskState.choose, Action.DECLINE)
    assert state.form.draft == NOTE


def test_a_choice_at_one_case_opens_no_form_of_another(application, a_request) -> None:
    first, other = (desk_of(a_request().code) for _ in range(2))
    tab = Tab(application, "desk")
    state = tab.opens(DeskState, first)
    left(tab, state, first, other, DeskState.choose, Action.ACCEPT)
    assert (state.form.action, state.refused) == ("", chrome_text.NOT_SENT)


def test_a_step_of_another_case_is_not_taken_and_its_note_is_kept(application, a_request) -> None:
    first, other = a_request(), a_request()
    tab = Tab(application, "desk")
    state = tab.opens(DeskState, desk_of(first.code))
    does(state, DeskState.choose, Action.ASK_INFO)
    typed = {"note": NOTE, ABOUT: state.form.about, STEP: state.form.action}
    assert typed[ABOUT] == first.code
    left(tab, state, desk_of(first.code), desk_of(other.code), DeskState.send, typed)
    assert state.refused == f"{chrome_text.NOT_SENT} {chrome_text.WRITING_STORED}"
    assert {one.request.stage for one in (first, other)} == {Stage.SUBMITTED}
    tab.opens(DeskState, desk_of(first.code))
    assert state.refused == ""
    does(state, DeskState.choose, Action.ASK_INFO)
    assert state.form.draft == NOTE


def test_a_form_sent_between_two_cases_is_not_taken_for_the_one_that_has_opened(
    application, a_request
) -> None:
    """The address is the next case's already, while the page still shows the first one's form."""
    first, other = a_request(), a_request()
    tab = Tab(application, "desk")
    state = tab.opens(DeskState, desk_of(first.code))
    does(state, DeskState.choose, Action.ASK_INFO)
    typed = {"note": NOTE, ABOUT: first.code, STEP: Action.ASK_INFO.value}
    tab.opens(DeskState, desk_of(other.code))
    does(state, DeskState.choose, Action.ASK_INFO)
    does(state, DeskState.send, typed)
    assert state.refused.startswith(chrome_text.NOT_SENT)
    assert other.request.stage is Stage.SUBMITTED


def test_a_form_that_stands_open_is_sent_after_the_page_was_read_again(
    application, a_request
) -> None:
    walked = a_request()
    tab = Tab(application, "desk")
    state = tab.opens(DeskState, desk_of(walked.code))
    does(state, DeskState.choose, Action.ASK_INFO)
    does(state, DeskState.keep_note, NOTE)
    turn = state.form.turn
    tab.opens(DeskState, desk_of(walked.code))
    assert (state.form.draft, state.form.turn) == (NOTE, turn), "what is being typed stays"
    typed = {"note": NOTE, ABOUT: walked.code, STEP: Action.ASK_INFO.value}
    does(state, DeskState.send, typed)
    assert walked.request.stage is Stage.NEEDS_INFO
    done = state.done
    does(state, DeskState.send, typed)
    assert (state.refused, state.done) == ("", done), "pressed twice, it is no error"
    tab.opens(DeskState, desk_of(walked.code))
    assert state.done == done, "only the answer was lost"


def test_the_guard_stops_what_was_pressed_at_another_case(application, a_request) -> None:
    first, other = (desk_of(a_request().code) for _ in range(2))
    tab = Tab(application, "desk")
    state = tab.opens(DeskState, first)
    does(state, DeskState.choose, Action.ASK_INFO)
    about = state.form.about
    tab.opens(DeskState, other)
    name = f"{DeskState.get_full_name()}.send"
    pairs = [["note", NOTE], [ABOUT, about], [STEP, Action.ASK_INFO.value]]
    event = Event(name=name, payload={"form": {FORM_DATA_ENTRIES_KEY: pairs}})
    announced: list[str] = []

    async def emit(token: str, *events: Event) -> None:
        del token
        announced.extend(one.payload["value"] for one in events)

    async def heard(address: str) -> StateUpdate | None:
        EventContext.set(
            EventContext(
                token="0" * 32, state_manager=None, enqueue_impl=emit, emit_event_impl=emit
            )
        )
        tab.go(address)
        return await EventGuard().preprocess(None, tab.state(State), event)

    assert asyncio.run(heard(other)) is None
    answer = asyncio.run(heard(first))
    assert answer is not None
    shown = answer.delta[DeskState.get_full_name()]["answer_rx_state_"]
    assert shown.refused == announced[0] == state.refused
    assert announced[0] == f"{chrome_text.NOT_SENT} {chrome_text.WRITING_STORED}"


def test_the_mayors_order_is_not_issued_with_the_sheet_of_the_next_visitor(hall: Hall) -> None:
    first, other = hall.guests[:2]
    hall.receive(first)
    hall.arrive(other)
    hers, his = (f"/mayor/meeting/{guest.code}/" for guest in (first, other))
    tab = Tab(hall.application, "mayor")
    state = tab.opens(MeetingState, hers)
    for unit in state.desk.units:
        does(state, MeetingState.pick_unit, unit)
    does(state, MeetingState.pick_unit, SERVICES)
    does(state, MeetingState.pick_due, state.table.dues[0].value)
    chosen, due = state.desk.units, state.desk.due.on
    form = {"text": NOTE, "page": str(state.initial.page), "owner": state.initial.owner}
    tab.opens(MeetingState, his)
    tab.go(hers)
    asyncio.run(whole(MeetingState.record.fn(state, form)))
    tab.go(his)
    assert (first.orders, other.orders) == ([], [])
    assert (state.table.code, state.done, state.refused) == (other.code, "", chrome_text.NOT_SENT)
    tab.opens(MeetingState, hers)
    assert (state.desk.units, state.desk.due.on) == (chosen, due)
    asyncio.run(whole(MeetingState.record.fn(state, form)))
    assert [(order.unit_id, order.due_on.isoformat()) for order in first.orders] == [
        (SERVICES, due)
    ]


def test_the_receptions_form_stays_open_over_a_lost_connection(hall: Hall) -> None:
    tab = Tab(hall.application, "reception")
    state = tab.opens(MondayState, "/monday/")
    does(state, MondayState.press, hall.guests[0].code, Action.ARRIVE)
    tab.opens(MondayState, "/monday/")
    typed = {
        "identity": hall.card(hall.guests[0]),
        ABOUT: hall.guests[0].code,
        STEP: Action.ARRIVE.value,
    }
    does(state, MondayState.send, typed)
    assert hall.guests[0].request.stage is Stage.ARRIVED
    done = state.done
    does(state, MondayState.send, typed)
    assert (state.done, state.refused) == (done, "")
    leads = asyncio.run(MondayState.load.fn(state))
    assert leads is MondayState.count_down, "its seconds go on"
    does(state, MondayState.take_back, state.undo.code, state.undo.action)
    assert hall.guests[0].request.stage is Stage.CONFIRMED


def test_a_form_of_the_reception_that_is_closed_says_that_it_was_not_sent(hall: Hall) -> None:
    tab = Tab(hall.application, "reception")
    state = tab.opens(MondayState, "/monday/")
    does(state, MondayState.press, hall.guests[0].code, Action.ARRIVE)
    typed = {
        "identity": hall.card(hall.guests[0]),
        ABOUT: hall.guests[0].code,
        STEP: Action.ARRIVE.value,
    }
    does(state, MondayState.press, hall.guests[1].code, Action.ARRIVE)
    does(state, MondayState.send, typed)
    assert state.refused == reception_text.NOT_SENT
    assert (state.open_code, state.form.action) == (hall.guests[1].code, Action.ARRIVE)
    tab.opens(Rail, "/desk/")
    tab.opens(MondayState, "/monday/")
    assert (state.form.action, state.refused) == ("", "")
    does(state, MondayState.send, typed)
    assert state.refused == reception_text.NOT_SENT
    does(state, MondayState.take_back, hall.guests[0].code, Action.UNDO_ARRIVAL.value)
    assert state.refused == reception_text.NOT_SENT
    assert {guest.request.stage for guest in hall.guests} == {Stage.CONFIRMED}


def test_a_decision_of_the_mayor_belongs_to_its_order(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = []
    for guest in hall.guests[:2]:
        number = hall.met(guest)[0].number
        hall.step("technical", number, OrderAction.TAKE_ON)
        hall.step("technical", number, OrderAction.REPORT, note="انجام شد.")
        guest.does(number, OrderAction.CONTEST, note="نیمه‌کاره است.")
        numbers.append(number)
    # Only a compiled page has a var for this part of the address.
    of_address = lambda one: one.router.url.path.strip("/").rpartition("/")[2]  # noqa: E731
    monkeypatch.setattr(MayorOrderState, "_order", of_address)
    first, other = (f"/mayor/orders/{number}/" for number in numbers)
    tab = Tab(hall.application, "mayor")
    state = tab.opens(MayorOrderState, first)
    does(state, MayorOrderState.choose, OrderAction.UPHOLD)
    tab.opens(MayorOrderState, first)
    assert state.form.action == OrderAction.UPHOLD, "read again, it stands open"
    typed = {"note": NOTE, ABOUT: state.promise.order, STEP: OrderAction.UPHOLD.value}
    tab.opens(MayorOrderState, other)
    does(state, MayorOrderState.choose, OrderAction.UPHOLD)
    tab.go(first)
    does(state, MayorOrderState.send, typed)
    tab.go(other)
    assert state.refused == f"{chrome_text.NOT_SENT} {chrome_text.WRITING_STORED}"
    does(state, MayorOrderState.send, typed)  # the first order's form at the other's address
    assert state.refused == f"{chrome_text.NOT_SENT} {chrome_text.WRITING_STORED}"
    assert {one.orders[0].stage for one in hall.guests[:2]} == {OrderStage.CONTESTED}
    tab.opens(MayorOrderState, first)
    does(state, MayorOrderState.choose, OrderAction.UPHOLD)
    assert state.form.draft == NOTE
    does(state, MayorOrderState.send, typed)
    assert hall.guests[0].orders[0].stage is OrderStage.DONE
    done = state.done
    does(state, MayorOrderState.send, typed)
    assert (state.done, state.refused) == (done, "")


def test_whoever_is_in_the_room_by_then_is_not_sent_back_with_the_note_of_another(
    hall: Hall,
) -> None:
    first, other = hall.guests[:2]
    hall.receive(first)
    hall.arrive(other)
    tab = Tab(hall.application, "mayor")
    state = tab.opens(AgendaState, "/mayor/")
    does(state, AgendaState.ask_back)
    assert state.sending_back == first.code
    hall.act("reception", first, Action.SEND_BACK, note="پس از نماز")
    hall.act("reception", other, Action.CALL_IN, skip="asked")
    tab.opens(AgendaState, "/mayor/")
    assert state.sending_back == first.code, "what he writes stays before him"
    for form in ({"note": NOTE}, {"note": NOTE, ABOUT: first.code}):
        does(state, AgendaState.send_back, form)
        assert (state.refused, state.done) == (agenda_text.BACK_LATE, "")
    assert other.request.history[-1].action is Action.CALL_IN
    does(state, AgendaState.never_mind)
    does(state, AgendaState.ask_back)
    form = {"note": NOTE, ABOUT: state.sending_back}
    does(state, AgendaState.send_back, form)
    assert (state.done, state.sending_back) == (agenda_text.BACK_DONE, "")
    does(state, AgendaState.send_back, form)
    assert (state.done, state.refused) == (agenda_text.BACK_DONE, ""), "pressed twice"


def accepts(application: Application, tab: Tab) -> PersonState:
    """Return the page of a card of somebody without a mobile, which shows her PIN."""
    her = someone(1)
    file(application, her)
    state = tab.opens(PersonState, "/desk/person/")
    card = FormData([("kind", "national"), ("identity", persian(her.identity))])
    does(state, PersonState.read_card, card)
    does(state, PersonState.choose_whose, Whose.MINE.value)
    does(state, PersonState.choose_reach, Reach.NONE.value)
    does(state, PersonState.go, FormData([("name", her.name)]))
    assert state.made.pin
    return state


def test_a_pin_stays_over_a_lost_connection_and_goes_when_the_page_is_left(
    application: Application, city: object
) -> None:
    del city
    tab = Tab(application, "desk")
    state = accepts(application, tab)
    tab.opens(PersonState, "/desk/person/")
    assert state.made.pin
    tab.opens(Rail, "/desk/")
    tab.opens(PersonState, "/desk/person/")
    assert not state.made.pin


def test_nobody_else_who_signs_in_at_this_tab_sees_the_pin(
    application: Application, city: object
) -> None:
    del city
    tab = Tab(application, "desk")
    state = accepts(application, tab)
    tab.signs_in("administrator")
    tab.opens(PersonState, "/desk/person/")
    assert not state.made.pin


def test_a_link_stays_until_the_page_is_left(application: Application, city: object) -> None:
    del city
    tab = Tab(application, "administrator")
    state = tab.opens(PeopleState, "/city/people/")
    form = {"username": "newdesk", "name": "مریم رضایی", "role": "desk", "district": "6"}
    does(state, PeopleState.invite, FormData(form))
    link = state.link.address
    assert link
    connects(tab, "/city/people/", again=True)
    tab.opens(PeopleState, "/city/people/")
    assert state.link.address == link
    tab.opens(Rail, "/city/rules/")
    tab.opens(PeopleState, "/city/people/")
    assert state.link.address == ""


def test_a_link_goes_when_the_page_is_reloaded(application: Application, city: object) -> None:
    del city
    tab = Tab(application, "administrator")
    state = tab.opens(PeopleState, "/city/people/")
    form = {"username": "newdesk", "name": "مریم رضایی", "role": "desk", "district": "6"}
    does(state, PeopleState.invite, FormData(form))
    assert state.link.address
    connects(tab, "/city/people/", again=False)
    tab.opens(PeopleState, "/city/people/")
    assert state.link.address == ""


def test_what_was_looked_at_is_closed_after_the_page_was_read_again(line: Line) -> None:
    tab = Tab(line.city.application, "administrator")
    state = tab.opens(CalendarState, "/city/calendar/")
    monday = state.mondays[-1].value
    typed = {"monday": monday, "district": "6", "reason": ClosureReason.POWER.value}
    does(state, CalendarState.preview, FormData(typed))
    assert (state.errors, state.refused) == ({}, "")
    tab.opens(CalendarState, "/city/calendar/")
    does(state, CalendarState.close)
    assert state.done
    done = state.done
    does(state, CalendarState.close)
    assert (state.done, state.refused) == (done, "")
    tab.opens(Rail, "/desk/")
    tab.opens(CalendarState, "/city/calendar/")
    does(state, CalendarState.close)
    assert state.refused == chrome_text.NOT_SENT_HERE


def test_what_a_citizen_sends_for_one_case_is_no_answer_of_another(
    a_request, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = a_request(at=Stage.FOLLOW_UP), a_request(at=Stage.NEEDS_INFO)
    code_of = "publicmeeting.ui.citizen.timeline.forms.code_of"
    monkeypatch.setattr(code_of, lambda one: one.router.url.path.strip("/").split("/")[1])
    tab = Tab(other.city.application, keys=other.keys)
    state = tab.opens(TimelineState, f"/mine/{other.code}/")
    assert state.move.key == "/give_info"
    tab.go(f"/mine/{first.code}/")
    does(state, TimelineState.tap, "/give_info")
    tab.go(f"/mine/{other.code}/")
    assert (state.refused, state.done) == (chrome_text.NOT_SENT, "")
    assert other.request.stage is Stage.NEEDS_INFO


def test_a_load_tells_a_page_that_is_opened_from_one_that_is_read_again(
    application: Application, city: object
) -> None:
    del city
    tab = Tab(application, "desk")
    state = accepts(application, tab)

    def loads(address: str, handler: Any) -> None:
        app: Any = SimpleNamespace(get_load_events=lambda _: [handler])
        tab.go(address)
        event = Event(name=f"{OnLoadInternalState.get_full_name()}.on_load_internal")
        asyncio.run(PageLoad().preprocess(app, tab.state(State), event))

    loads("/desk/person/", PersonState.load)
    assert state.made.pin
    loads("/city/people/", Rail.load)
    loads("/desk/person/", PersonState.load)
    assert not state.made.pin


@pytest.mark.parametrize("what", ["a step", "a text"])
def test_what_a_citizen_typed_for_one_case_is_there_when_it_is_opened_again(
    a_request, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    closed, asked = a_request(at=Stage.FOLLOW_UP), a_request(at=Stage.NEEDS_INFO)
    code_of = "publicmeeting.ui.citizen.timeline.forms.code_of"
    monkeypatch.setattr(code_of, lambda one: one.router.url.path.strip("/").split("/")[1])
    tab = Tab(asked.city.application, keys=asked.keys)
    hers, other = (f"/mine/{one.code}/" for one in (asked, closed))
    state = tab.opens(TimelineState, hers)
    key = state.move.key
    tab.opens(TimelineState, other)
    tab.go(hers)
    if what == "a step":
        pairs = [["note", NOTE], [STEP, key]]
        form = {FORM_DATA_ENTRIES_KEY: pairs}
        said: list[str] = []
        monkeypatch.setattr(redelivery, "repeat_over_page", told_in(said))
        assert asyncio.run(comes_too_late(state, "take", {"form": form}))
        assert said == [state.refused] == [f"{chrome_text.NOT_SENT} {chrome_text.WRITING_STORED}"]
    else:
        does(state, TimelineState.keep, NOTE, key)
    tab.go(other)
    assert state.saved_note == ""
    assert asked.request.stage is Stage.NEEDS_INFO
    for _ in range(2):  # she leaves again without sending
        tab.opens(TimelineState, hers)
        assert (state.move.key, state.saved_note) == (key, NOTE)
        tab.opens(TimelineState, other)


def told_in(said: list[str]) -> Any:
    async def tell(words: str) -> None:
        said.append(words)

    return tell


def test_a_lost_answer_leads_on_only_if_the_page_of_the_press_is_still_loaded(application) -> None:
    tab, done = Tab(application), Done("/request/?step=3")
    state = tab.opens(CalendarState, "/calendar/")
    (goes,) = asyncio.run(_answer_again(state, done)).events
    assert (goes.name, goes.payload["path"]) == ("_redirect", "/request/?step=3")
    assert asyncio.run(_answer_again(state, Done(""))) == StateUpdate()
    tab.opens(CalendarState, "/calendar/?year=1404")
    tab.go("/calendar/")
    assert asyncio.run(_answer_again(state, done)) == StateUpdate()
